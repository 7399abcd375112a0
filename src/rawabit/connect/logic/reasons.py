"""Why a row or a whole document is not taken: a code with its facts, and one sentence in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rawabit.kit.importing.problems import ImportProblem
from rawabit.kit.importing.sentences import SENTENCES
from rawabit.kit.marking import _

WORDS: dict[str, Any] = {
    **SENTENCES,
    "row.not_taken": _("No part of the map takes this row."),
    "row.no_key": _("The columns that identify the %(entity)s are empty."),
    "row.cut_off_document": _("The file ends in the middle of this row; %(document)s may lack lines."),
    "document.row_failed": _("Another row of %(document)s cannot be read (row %(row)s): all its rows are left out."),
    "document.rows_disagree": _("The rows of %(document)s disagree about %(field)s."),
    "document.changed": _("%(document)s was imported before with other contents; posted documents are not changed."),
    "document.number_taken": _("The number %(document)s is taken by another document."),
    "document.total_differs": _("%(document)s says a total of %(said)s, but its lines come to %(found)s."),
    "document.below_zero": _("%(document)s comes to %(found)s; what is below zero is another kind of document."),
    "document.too_large": _("%(document)s comes to more than can be kept."),
    "document.inexact": _("%(column)s: “%(value)s” has more decimals than %(currency)s has."),
    "reference.unknown": _("%(column)s: there is no %(entity)s “%(value)s”."),
    "reference.ambiguous": _("%(column)s: several records are called “%(value)s”."),
    "record.invalid": _("%(column)s: “%(value)s” is not valid: %(reason)s"),
    "lead.known": _("%(lead)s is here already, with the same e-mail address or phone number."),
    "record.refused": _("The database refused this record: %(reason)s"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was not imported."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, problem: ImportProblem) -> Reason:
        return cls(problem.code, problem.facts)

    def __str__(self) -> str:
        return str(WORDS[self.code]) % self.facts


class Rejected(Exception):
    """This unit cannot become a record."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.reason = Reason(code, facts)
