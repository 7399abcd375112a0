"""Comments, files and assignments of a record. Every door asks for the record first, so its row rule decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.records.actions import assign, attach, comment, finish_assignment
from rawabit.kit.records.models import Attachment
from rawabit.kit.records.queries import files_on
from rawabit.kit.request import Request
from rawabit.kit.states import Refused

if TYPE_CHECKING:
    from rawabit.kit.screens.base import ScreensBase as _Base
else:
    _Base = object


class SocialPages(_Base):
    """What colleagues do with a record among themselves."""

    @access("staff")
    def comment(self, request: Request, pk: int) -> HttpResponse:
        actor = self.allow(request, "view")
        record = self.row(actor, pk)
        people = [key for value in request.POST.getlist("mention") if (key := whole(value)) is not None]
        comment(record, request.POST.get("body", ""), mentions=people, actor=actor, at=request.now)
        return redirect(f"{self.url('detail', pk)}#comments")

    @access("staff")
    def attach(self, request: Request, pk: int) -> HttpResponse:
        actor = self.allow(request, "change")
        record = self.row(actor, pk)
        uploads = request.FILES.getlist("file")
        if not uploads:
            raise Refused(_("Choose a file first."))
        shared = request.POST.get("for_customer") == "1"
        for upload in uploads:
            attach(record, upload, for_customer=shared, actor=actor, at=request.now)
        messages.success(request, _("Saved"))
        return redirect(f"{self.url('detail', pk)}#files")

    @access("staff")
    def file(self, request: Request, pk: int, uid: str) -> FileResponse:
        actor = self.allow(request, "view")
        record = self.row(actor, pk)
        return send_file(get_object_or_404(files_on(record, actor), uid=uid))

    @access("staff")
    def assign(self, request: Request, pk: int) -> HttpResponse:
        actor = self.allow(request, "view")
        record = self.row(actor, pk)
        user = whole(request.POST.get("user", "")) or 0
        assign(record, user, request.POST.get("note", ""), actor=actor, at=request.now)
        return redirect(f"{self.url('detail', pk)}#assignments")

    @access("staff")
    def assignment_done(self, request: Request, pk: int, assignment: int) -> HttpResponse:
        actor = self.allow(request, "view")
        finish_assignment(self.row(actor, pk), assignment, actor=actor, at=request.now)
        return redirect(f"{self.url('detail', pk)}#assignments")


def send_file(attachment: Attachment) -> FileResponse:
    """A user's file: always a download, never a page of our origin."""
    response = FileResponse(
        attachment.file.open("rb"), as_attachment=True, filename=attachment.name, content_type=attachment.mime
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response
