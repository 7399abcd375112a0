"""The pages of the import. Each step is an address of its own; without JavaScript a link loads the state anew."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rawabit.connect.actions import files as acts
from rawabit.connect.desk.mapping import (
    Judged,
    first_plan,
    judge,
    kinds_for,
    open_stored,
    page_context,
    posted_plan,
    reading_context,
)
from rawabit.connect.desk.telling import log_rows, records_page, status_context, steps
from rawabit.connect.models import ImportFile
from rawabit.connect.places import failed_rows_of
from rawabit.connect.policies import may_import
from rawabit.connect.queries import file_of, files_seen
from rawabit.connect.targets import ENTITIES
from rawabit.kit.access import access
from rawabit.kit.importing import ImportProblem, TableError
from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.request import Request
from rawabit.kit.states import Refused
from rawabit.kit.text import latn
from rawabit.kit.uploads import was_cut_off

# A file with one of these faults is no use in any reading: it is not kept.
HOPELESS = (
    "table.empty", "table.old_excel", "table.not_a_table", "table.workbook_broken", "table.workbook_locked",
    "table.workbook_too_big", "table.workbook_bomb", "table.workbook_doctype", "table.line_too_long",
)  # fmt: skip
PER_PAGE = 30


def _allow(request: Request) -> None:
    if not may_import(request.actor):
        raise PermissionDenied("import")


def _file(request: Request, uid: UUID) -> ImportFile:
    _allow(request)
    file = file_of(uid, request.actor)
    if file is None:
        raise Http404
    return file


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: Request) -> HttpResponse:
    """The first step, a place for the file, above the log of what was imported before."""
    _allow(request)
    error = ""
    if request.method == "POST":
        try:
            return redirect("import-map", _received(request).uid)
        except (Refused, TableError) as refusal:
            error = str(refusal)
    page = max(whole(request.GET.get("page", "")) or 1, 1)
    rows = list(files_seen(request.actor)[(page - 1) * PER_PAGE : page * PER_PAGE + 1])
    context = {
        "error": error, "rows": log_rows(rows[:PER_PAGE]), "limit": acts.MAX_BYTES >> 20, "steps": steps("upload"),
        "kinds": kinds_for(request), "next": page + 1 if len(rows) > PER_PAGE else 0, "previous": page - 1,
    }  # fmt: skip
    return render(request, "connect/imports.html", context, status=422 if error else 200)


def _received(request: Request) -> ImportFile:
    """The uploaded file, kept; what can never be read is not."""
    upload = request.FILES.get("file")
    if was_cut_off(request):
        raise Refused(_("The file is too large: %(limit)s MB at most.") % {"limit": acts.MAX_BYTES >> 20})
    if upload is None:
        raise Refused(_("Choose a file first."))
    file = acts.receive(upload, actor=request.actor, at=request.now)
    try:
        open_stored(file)
    except TableError as error:
        if error.code in HOPELESS:
            words = acts.problem_words(error, file)
            acts.discard(file, actor=request.actor, at=request.now)
            raise Refused(words) from error
    return file


@access("staff")
@require_safe
def status(request: Request, uid: UUID) -> HttpResponse:
    """Where the file stands: being worked on, checked, or imported."""
    file = _file(request, uid)
    unmapped = file.state == ImportFile.MAPPING or (file.state == ImportFile.FAILED and not file.checked)
    if unmapped and file.run_id is None and file.owner_id == request.actor.user_id and not file.removed_at:
        return redirect("import-map", file.uid)
    context = status_context(file, request.actor, request.now)
    return render(request, "connect/import.html", context)


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: Request, uid: UUID) -> HttpResponseBase:
    """The second step: which column is what."""
    file = _file(request, uid)
    _must_be_stored(file)
    try:
        opened = open_stored(file)
    except TableError as error:
        context = {"file": file, "steps": steps("map"), **reading_context(file, None)}
        context["unreadable"] = acts.problem_words(error, file)
        return render(request, "connect/mapping.html", context, status=200 if request.method == "GET" else 422)
    if request.method != "POST":
        plan = first_plan(file, opened, request, request.GET.get("kind", ""))
        return _mapping_page(request, judge(plan, opened, file), opened, file)
    kind = request.POST.get("kind", "")
    if kind not in kinds_for(request):
        raise PermissionDenied(kind)
    judged = judge(posted_plan(ENTITIES[kind], opened, request), opened, file)
    go = request.POST.get("go", "")
    if go == "toml" and judged.map is not None:
        return _as_file(judged.text, f"{judged.plan.name}.toml", "application/toml")
    if go != "check" or not judged.sound:
        return _mapping_page(request, judged, opened, file, status=422 if go == "check" else 200)
    acts.map_by_choices(file, judged.plan, judged.text, opened.columns, actor=request.actor, at=request.now)
    return redirect("import", file.uid)


def _must_be_stored(file: ImportFile) -> None:
    if file.removed_at is not None:
        raise Refused(_("This file has been removed. Upload it again."))


def _mapping_page(request: Request, judged: Judged, opened: Any, file: ImportFile, status: int = 200) -> HttpResponse:
    context = {**page_context(judged, opened, file, request), "steps": steps("map"), "refused": status == 422}
    if file.state == ImportFile.FAILED:
        context["failure"] = file.error
    return render(request, "connect/mapping.html", context, status=status)


@access("staff")
@require_POST
def reading(request: Request, uid: UUID) -> HttpResponse:
    """How the file is to be read: encoding, delimiter, sheet, row of the column names."""
    file = _file(request, uid)
    _must_be_stored(file)
    row = whole(latn(request.POST.get("header_row", "").strip())) or 1
    typed: dict[str, Any] = {name: request.POST.get(name, "")[:200] for name in ("encoding", "delimiter", "sheet")}
    typed["header_row"] = row if 1 < row <= 1000 else None
    acts.read_as(file, typed, actor=request.actor)
    return redirect("import-map", file.uid)


@access("staff")
@require_POST
def own_map(request: Request, uid: UUID) -> HttpResponse:
    """A map that somebody has written: the whole language of the command line."""
    file = _file(request, uid)
    _must_be_stored(file)
    upload = request.FILES.get("map")
    try:
        text = _text_of(upload)
        acts.map_by_text(file, text, actor=request.actor, at=request.now)
    except (ImportProblem, Refused) as problem:
        messages.error(request, str(problem))
        return redirect("import-map", file.uid)
    return redirect("import", file.uid)


def _text_of(upload: Any) -> str:
    if upload is None:
        raise Refused(_("Choose a file first."))
    if (upload.size or 0) > acts.MAX_MAP_BYTES:
        raise Refused(_("The map is too large."))
    try:
        return str(upload.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused(_("A map is a text in UTF-8.")) from error


@access("staff")
@require_safe
def map_text(request: Request, uid: UUID) -> FileResponse:
    """The map that the file was checked with, for the command line or for another file."""
    file = _file(request, uid)
    if not file.map_text:
        raise Http404
    return _as_file(file.map_text, f"{file.name.rpartition('.')[0] or file.name}.toml", "application/toml")


def _as_file(text: str, name: str, kind: str) -> FileResponse:
    response = FileResponse([text.encode()], as_attachment=True, filename=name, content_type=kind)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@access("staff")
@require_POST
def run(request: Request, uid: UUID) -> HttpResponse:
    file = _file(request, uid)
    acts.begin_run(file, actor=request.actor, at=request.now)
    return redirect("import", file.uid)


@access("staff")
@require_POST
def stop(request: Request, uid: UUID) -> HttpResponse:
    file = _file(request, uid)
    acts.ask_to_stop(file, actor=request.actor)
    return redirect("import", file.uid)


@access("staff")
@require_POST
def undo(request: Request, uid: UUID) -> HttpResponse:
    file = _file(request, uid)
    acts.begin_undo(file, actor=request.actor, at=request.now)
    return redirect("import", file.uid)


@access("staff")
@require_POST
def discard(request: Request, uid: UUID) -> HttpResponse:
    file = _file(request, uid)
    acts.discard(file, actor=request.actor, at=request.now)
    messages.success(request, _("The file was removed. Its line in the log stays."))
    return redirect("imports")


@access("staff")
@require_safe
def failed_rows(request: Request, uid: UUID, number: int) -> FileResponse:
    """Rows that were not imported, each with its reason; may be corrected and uploaded as it is."""
    file = _file(request, uid)
    found = failed_rows_of(file)
    if not 0 <= number < len(found):
        raise Http404
    name = f"{file.name.rpartition('.')[0] or file.name}.{_('not imported')}.csv"
    response = FileResponse(found[number].open("rb"), as_attachment=True, filename=name, content_type="text/csv")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@access("staff")
@require_safe
def records(request: Request, uid: UUID, kind: str) -> HttpResponse:
    """What an import has made, with links."""
    file = _file(request, uid)
    page = max(whole(request.GET.get("page", "")) or 1, 1)
    return render(request, "connect/records.html", records_page(file, kind, page, request.actor))
