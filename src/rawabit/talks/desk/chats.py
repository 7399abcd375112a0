"""A chat exported from a telephone: chosen, looked at, kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from rawabit.crm.models import Contact
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.states import Refused
from rawabit.kit.text import fold
from rawabit.talks import actions
from rawabit.talks.actions.chats import summary
from rawabit.talks.desk.forms import ChatForm
from rawabit.talks.desk.shared import record_of
from rawabit.talks.queries.seeing import chats_seen

SAMPLE = 5


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request, pk: int) -> HttpResponse:
    """Choose the file."""
    screens, contact = record_of(request, "contacts", pk)
    request.actor.require("talks.add_activity")
    form = ChatForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            chat = actions.keep_chat(contact, form.cleaned_data["file"], actor=request.actor, at=request.now)
        except Refused as reason:
            form.add_error("file", str(reason))
        else:
            return redirect("chat-preview", pk, chat.uid)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "record": contact, "screens": screens, "section": "contacts"}
    return render(request, "talks/chat_upload.html", context, status=status)


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: Request, pk: int, uid: str) -> HttpResponse:
    """What is in the file, before anything is kept of it."""
    screens, contact = record_of(request, "contacts", pk)
    request.actor.require("talks.add_activity")
    chat = get_object_or_404(chats_seen(request.actor), contact=contact, uid=uid)
    if request.method == "POST":
        fresh, grown = actions.import_chat(chat, request.POST.get("them", ""), actor=request.actor, at=request.now)
        if fresh or grown:
            messages.success(request, _("Chat imported"))
        else:
            messages.info(request, _("Nothing new: this chat was imported before."))
        return redirect(f"{url_of(contact)}#timeline")
    read = summary(chat)
    context = {"record": contact, "screens": screens, "chat": chat, "people": read.people[:50],
               "guess": _guess(contact, read.people), "count": len(read.said), "days": len(read.days()),
               "first": read.said[0].at.date(), "last": read.said[-1].at.date(),
               "media": sum(one.media for one in read.said), "notices": read.notices,
               "sample": read.said[-SAMPLE:], "section": "contacts"}  # fmt: skip
    return render(request, "talks/chat_preview.html", context)


def _guess(contact: Contact, people: list[str]) -> Any:
    """Who of them is the contact: by name, else the first."""
    names = {fold(name) for name in (contact.full_name, contact.name_en, contact.known_as) if name}
    for person in people:
        if any(name in fold(person) or fold(person) in name for name in names):
            return person
    return people[0]
