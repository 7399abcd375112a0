"""What can be wrong with a table, a map or a value: a code, its facts, and one sentence for people.

The code and the facts are for programs (the report of an import, tests); ``str(problem)`` is the
sentence in the language that is active when it is read.
"""

from __future__ import annotations

from typing import Any

from rawabit.kit.importing.sentences import SENTENCES


def sentence(code: str, facts: dict[str, Any]) -> str:
    """The sentence of a code with its facts filled in, in the active language."""
    return str(SENTENCES[code]) % facts


class ImportProblem(Exception):
    """Something that stops a table, a map or a value from being read."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return sentence(self.code, self.facts)


class TableError(ImportProblem):
    """The file as a whole cannot be read (nothing of it has been taken)."""


class MapError(ImportProblem):
    """The map is wrong; ``facts["place"]`` names where, e.g. ``target 2, columns.number``."""


class ValueProblem(ImportProblem):
    """One cell cannot be read as what the map says it is."""

    def __init__(self, code: str, column: str, shown_value: str, **facts: Any) -> None:
        super().__init__(code, column=column, value=shown_value, **facts)
        self.column = column
        self.shown_value = shown_value
