"""What every page of a kind of record shares: declarations, addresses, permission, rows, rendering."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from rawabit.kit.records.actions import save_form
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Record
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Column
from rawabit.kit.screens.filters import Filter
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.verbs import Verb
from rawabit.kit.states import Lifecycle

NO_STATES = Lifecycle((), ())


class ScreensBase:
    """Declarations of one kind of record. Stateless: one instance serves every request."""

    model: ClassVar[type[Record]]
    slug: ClassVar[str]
    icon: ClassVar[str] = "file"
    columns: ClassVar[Sequence[Column]]
    hidden_columns: ClassVar[Sequence[str]] = ()
    facts: ClassVar[Sequence[tuple[Any, Sequence[Column]]]] = ()
    filters: ClassVar[Sequence[Filter]] = ()
    related: ClassVar[Sequence[str]] = ()
    default_order: ClassVar[Sequence[str]] = ("-pk",)
    form: ClassVar[type[ModelForm[Any]] | None] = None
    save: ClassVar[Callable[..., Any]] = staticmethod(save_form)
    lifecycle: ClassVar[Lifecycle] = NO_STATES
    verbs: ClassVar[Sequence[Verb]] = ()
    bulk: ClassVar[Sequence[str]] = ()
    panels: ClassVar[Sequence[Panel]] = ()
    tags: ClassVar[Sequence[Column]] = ()
    page_size: ClassVar[int] = 25
    editable_while: ClassVar[Sequence[str] | None] = None  # states in which the form is open; None: always

    # Addresses

    def url(self, page: str, *args: Any) -> str:
        return reverse(f"{self.slug}-{page}", args=args)

    @property
    def app(self) -> str:
        return self.model._meta.app_label

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    @property
    def one(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def searchable(self) -> bool:
        return any(field.name == "search_text" for field in self.model._meta.fields)

    # Who may see and do what

    def permission(self, verb: str) -> str:
        return f"{self.app}.{verb}_{self.model._meta.model_name}"

    def may(self, request: Request, verb: str) -> bool:
        return request.actor.may(self.permission(verb))

    def allow(self, request: Request, verb: str) -> Actor:
        """The actor, or 403 when he may not."""
        actor: Actor = request.actor
        if actor.is_customer or not actor.may(self.permission(verb)):
            raise PermissionDenied(self.permission(verb))
        return actor

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """Every row the actor sees. Each page of these screens starts here."""
        return self.model.objects.visible_to(actor).select_related(*self.related)

    def row(self, actor: Actor, pk: int) -> Any:
        """One row, or 404 when there is none or the actor does not see it: the two are told alike."""
        return get_object_or_404(self.rows(actor), pk=pk)

    def may_edit(self, request: Request, record: Any) -> bool:
        open_now = self.editable_while is None or record.state in self.editable_while
        return self.form is not None and open_now and self.may(request, "change")

    # Rendering

    def render(self, request: Request, part: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """Render ``<app>/<model>_<part>.html`` when there is one, else the kit's."""
        own = f"{self.app}/{self.model._meta.model_name}_{part}.html"
        whole: Mapping[str, Any] = {"screens": self, "section": self.slug, **context}
        response = render(request, [own, f"kit/{part}.html"], whole, status=status)
        response.headers["Vary"] = "HX-Request, Cookie"
        return response

    def name_of(self, record: Model) -> str:
        return str(record)
