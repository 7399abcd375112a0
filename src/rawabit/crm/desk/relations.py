"""The map of relations: a drawing made by the server, every name a link, and the same facts as a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from rawabit.crm.logic.circle import HEIGHT, LONGEST, Drawing, narrow, rings, shortened, wide
from rawabit.crm.models import Contact, Customer
from rawabit.crm.relation_queries import Circle, Fact, circle_around
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.screens.panels import Panel

if TYPE_CHECKING:
    from rawabit.kit.screens.screens import Screens as _Base
else:
    _Base = object

ON_THE_PAGE = 9


@dataclass(frozen=True, slots=True)
class Node:
    """A box of the drawing. ``words`` say how it hangs together with the one it is reached through."""

    x: int
    y: int
    name: str
    short: str
    words: str
    css: str
    url: str
    text_x: int
    name_y: int
    words_y: int
    label: str


def map_url(record: Any) -> str:
    """The map around a record; "" for colleagues, who have none."""
    if isinstance(record, Customer):
        return reverse("customers-map", args=[record.pk])
    return reverse("contacts-map", args=[record.pk]) if isinstance(record, Contact) else ""


def drawn(circle: Circle, most: int) -> dict[str, Any]:
    """What the template draws: for wide screens and for narrow ones."""
    ties = [fact.tie for fact in circle.facts]
    placed, left_out = rings(circle.middle, ties, most)
    spread, column = wide(placed, ties, left_out), narrow(placed, left_out, mirrored=get_language_bidi())
    facts = {frozenset((fact.one, fact.other)): fact for fact in reversed(circle.facts)}
    return {
        "spread": spread, "spread_nodes": _nodes(spread, circle, facts, LONGEST),
        "column": column, "column_nodes": _nodes(column, circle, facts, 32),
        "box_height": HEIGHT, "left_out": left_out, "alone": len(placed) == 1,
    }  # fmt: skip


def _nodes(drawing: Drawing, circle: Circle, facts: Mapping[frozenset[str], Fact], longest: int) -> list[Node]:
    deciders = {fact.one for fact in circle.facts if fact.decides}
    nodes = []
    for place in drawing.nodes:
        record, name = circle.records[place.key], str(circle.records[place.key])
        fact = facts.get(frozenset((place.key, place.through)))
        words = str(fact.words) if fact else ""
        kinds = {"p": "person", "c": "company", "u": "us"}
        css = " ".join(["node", kinds[place.key[0]], *(["center"] if place.ring == 0 else []),
                        *(["decides"] if place.key in deciders else [])])  # fmt: skip
        middle = place.y + HEIGHT // 2
        nodes.append(
            Node(place.x, place.y, name, shortened(name, longest), shortened(words, longest + 3), css,
                 url_of(record) if place.ring == 0 else map_url(record), place.x + drawing.box // 2,
                 middle - 8 if words else middle, middle + 12, _label(name, words, place.key in deciders))
        )  # fmt: skip
    return nodes


def _label(name: str, words: str, decides: bool) -> str:
    parts = [f"\u2068{name}\u2069", words, str(_("decides")) if decides else ""]
    return "، ".join(part for part in parts if part)


def told(circle: Circle) -> list[dict[str, Any]]:
    """The same facts in words, those of the middle first."""
    rows = sorted(circle.facts, key=lambda fact: (circle.middle not in (fact.one, fact.other), fact.rank))
    return [
        {"one": circle.records[fact.one], "other": circle.records[fact.other], "words": fact.words, "note": fact.note,
         "decides": fact.decides}
        for fact in rows
    ]  # fmt: skip


def panel_rows(record: Any, request: Request) -> list[dict[str, Any]]:
    circle = circle_around(record, request.actor, steps=1)
    picture = drawn(circle, ON_THE_PAGE)
    return [] if picture["alone"] else [{**picture, "map_url": map_url(record)}]


MAP = Panel(_("Relation map"), panel_rows, template="crm/panels/map.html")


class WithMap(_Base):
    """Adds ``<slug>/<pk>/map/``."""

    @access("staff")
    def map(self, request: Request, pk: int) -> HttpResponse:
        record = self.row(self.allow(request, "view"), pk)
        circle = circle_around(record, request.actor)
        context = {
            "screens": self, "section": self.slug, "record": record, "name": self.name_of(record),
            "facts": told(circle), **drawn(circle, 40),
        }  # fmt: skip
        return render(request, "crm/map.html", context)

    def more_urls(self) -> list[URLPattern]:
        return [
            path(f"{self.slug}/<int:pk>/map/", require_safe(self.map), name=f"{self.slug}-map"),
            *super().more_urls(),
        ]
