"""Creating and changing a record through its form; two tabs never overwrite each other silently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect

from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.records.actions import Conflict
from rawabit.kit.request import Request
from rawabit.kit.states import Refused

if TYPE_CHECKING:
    from rawabit.kit.screens.base import ScreensBase as _Base
else:
    _Base = object


class FormPages(_Base):
    """New and edit."""

    @access("staff")
    def create(self, request: Request) -> HttpResponse:
        self.allow(request, "add")
        if self.form is None:
            raise PermissionDenied
        return self.edit(request, None)

    @access("staff")
    def update(self, request: Request, pk: int) -> HttpResponse:
        record = self.row(self.allow(request, "change"), pk)
        if not self.may_edit(request, record):
            raise Refused(_("This record can no longer be edited. Make a correcting document instead."))
        return self.edit(request, record)

    def edit(self, request: Request, record: Any) -> HttpResponse:
        form = self.build_form(request, record)
        if request.method != "POST":
            return self.render(request, "form", form=form, record=record)
        if not form.is_valid():
            return self.render(request, "form", form=form, record=record, status=422)
        try:
            saved = self.save_valid(form, request)
        except Conflict as conflict:
            return self.conflict(request, form, conflict)
        except Refused as reason:
            form.add_error(None, str(reason))
            return self.render(request, "form", form=form, record=record, status=422)
        messages.success(request, _("Saved"))
        return redirect(self.url("detail", saved.pk))

    def save_valid(self, form: ModelForm[Any], request: Request) -> Any:
        version = whole(request.POST.get("version", ""))
        return type(self).save(form, actor=request.actor, at=request.now, seen_version=version)

    def build_form(self, request: Request, record: Any) -> ModelForm[Any]:
        """The form, its choices narrowed to what the actor sees."""
        assert self.form is not None
        initial = {key: value for key, value in request.GET.items() if key in self.form.base_fields}
        posted = request.method == "POST"
        form = self.form(
            request.POST if posted else None, request.FILES if posted else None, instance=record, initial=initial
        )
        field: Any
        for field in form.fields.values():
            queryset = getattr(field, "queryset", None)
            if queryset is not None and hasattr(queryset, "visible_to"):
                field.queryset = queryset.visible_to(request.actor)
        self.prepare_form(form, request)
        return form

    def prepare_form(self, form: ModelForm[Any], request: Request) -> None:
        """A last word on the form. For overriding."""

    def conflict(self, request: Request, form: ModelForm[Any], conflict: Conflict) -> HttpResponse:
        """Show what the other has saved beside what was typed; saving again then is a decision."""
        rows = []
        for name in form.changed_data:
            if name in form.fields and (theirs := current_words(conflict.current, name)) is not None:
                rows.append({"label": form[name].label, "yours": form[name].value(), "theirs": theirs})
        context = {"form": form, "record": conflict.current, "rows": rows, "event": conflict.event}
        typed: Any = form.data
        form.data = typed.copy()
        form.data["version"] = str(conflict.current.version)  # type: ignore[index]  # a copy of a QueryDict is mutable
        return self.render(request, "form", status=409, conflict=context, **context)


def current_words(record: models.Model, name: str) -> str | None:
    """What a field says now, in words; None for what the record does not keep itself."""
    if not hasattr(record, name):
        return None
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    return "" if value is None else str(value)
