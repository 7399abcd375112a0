"""One settings page: a form over the one company row, saved with the usual care about two windows."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect, render

from rawabit.company.actions import save_company
from rawabit.company.models import Company
from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.records.actions import Conflict
from rawabit.kit.request import Request
from rawabit.kit.states import Refused


def company_page(
    request: Request, form_class: type[ModelForm[Company]], *, name: str, title: Any, lead: Any = "", **more: Any
) -> HttpResponse:
    """Show the form, or save it and come back. ``name``: of the address; the template is ``company/<name>.html`` when
    there is one."""
    request.actor.require("company.change_company")
    # A copy: a refused form writes into its row, and the page's frame reads the company.
    form = form_class(request.POST or None, request.FILES or None, instance=copy(request.company))
    if request.method == "POST" and form.is_valid() and _saved(form, request):
        messages.success(request, _("Saved"))
        return redirect(f"settings-{name}")
    context = {"form": form, "page_title": title, "page_lead": lead, "section": "settings", **more}
    status = 422 if request.method == "POST" else 200
    return render(request, [f"company/{name}.html", "company/page.html"], context, status=status)


def _saved(form: ModelForm[Company], request: Request) -> bool:
    seen = request.POST.get("version", "")
    version = whole(seen)
    try:
        save_company(form, actor=request.actor, at=request.now, seen_version=version)
    except Conflict as conflict:
        who = conflict.event.actor_name if conflict.event else ""
        text = _("%(who)s changed the settings meanwhile. Load this page again and repeat your change.")
        form.add_error(None, text % {"who": who or "—"})
        return False
    except Refused as reason:
        form.add_error(None, str(reason))
        return False
    return True
