"""What a role may do, as a table: kinds of record downwards, verbs across, a scope in each cell."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Model

from rawabit.identity.models import SCOPE_LABELS
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.records.permissions import VERBS, Permission

# A group: the module's name in words, and what it declares.
PermissionGroup = tuple[Any, Sequence[Permission]]
OWNERS = ("owner", "customer")
NO = ("", "—")
YES_NO = (NO, ("all", pgettext_lazy("permission", "Yes")))
SCOPES = (NO, *SCOPE_LABELS)


@dataclass(frozen=True, slots=True)
class Cell:
    """One permission: its code, the scope held now, and the scopes that make sense for it."""

    code: str
    label: Any
    held: str
    choices: Sequence[tuple[str, Any]]

    @property
    def held_label(self) -> Any:
        return dict(self.choices).get(self.held, self.held)


@dataclass(slots=True)
class Row:
    """A kind of record with its verbs; None where the kind does not know the verb."""

    label: Any
    cells: list[Cell | None]


@dataclass(slots=True)
class Section:
    """A module: the table of its kinds, and what stands alone."""

    label: Any
    rows: list[Row] = field(default_factory=list)
    others: list[Cell] = field(default_factory=list)


def matrix(groups: Iterable[PermissionGroup], held: Mapping[str, str]) -> list[Section]:
    """The sections to show for a role that holds ``{permission: scope}``."""
    return [_section(label, permissions, held) for label, permissions in groups if permissions]


def _section(label: Any, permissions: Sequence[Permission], held: Mapping[str, str]) -> Section:
    section = Section(label)
    rows: dict[type[Model], Row] = {}
    for code, words in permissions:
        model, verb = model_and_verb(code)
        cell = Cell(code, words, held.get(code, ""), SCOPES if has_owner(code, model) else YES_NO)
        if model is None:
            section.others.append(cell)
            continue
        row = rows.setdefault(model, Row(model._meta.verbose_name_plural, [None] * len(VERBS)))
        row.cells[list(VERBS).index(verb)] = cell
    section.rows = list(rows.values())
    return section


def model_and_verb(code: str) -> tuple[type[Model] | None, str]:
    """``(Customer, "view")`` of ``crm.view_customer``; no model for a permission that stands alone."""
    app, _dot, name = code.partition(".")
    verb, _line, kind = name.partition("_")
    if verb not in VERBS:
        return None, verb
    try:
        return apps.get_model(app, kind), verb
    except LookupError:
        return None, verb


def has_owner(code: str, model: type[Model] | None) -> bool:
    """Whether rows belong to somebody, so that "own" and "team" mean something."""
    app = code.partition(".")[0]
    if model is None:
        return app not in ("company", "identity", "catalog")
    if model._meta.label == "identity.User":
        return code == "identity.view_user"
    names = {one.name for one in model._meta.get_fields()}
    return any(owner in names and model._meta.get_field(owner).many_to_one for owner in OWNERS)


def digest(held: Mapping[str, str]) -> str:
    """A short sign of what is held, to notice that somebody changed it meanwhile."""
    return hashlib.sha256(repr(sorted(held.items())).encode()).hexdigest()[:16]


def asked(groups: Iterable[PermissionGroup], posted: Mapping[str, str]) -> dict[str, str]:
    """``{permission: scope}`` from a sent form; whatever is not offered is not heard."""
    granted = {}
    for _label, permissions in groups:
        for code, _words in permissions:
            model, _verb = model_and_verb(code)
            allowed = {scope for scope, _name in (SCOPES if has_owner(code, model) else YES_NO)} - {""}
            if posted.get(f"grant:{code}", "") in allowed:
                granted[code] = posted[f"grant:{code}"]
    return granted


EXPLANATION = _(
    "Own: records that the person looks after. Team: those of the person's teams too. "
    "Territory: those of the person's territories too."
)
