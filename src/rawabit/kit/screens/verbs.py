"""What can be done with a record from its page: moves of its life, and other verbs of the business."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import Form

ActionCall = Callable[..., Any]


def always(record: Any) -> bool:
    return True


@dataclass(frozen=True)
class Verb:
    """``action(record, *, actor, at, **cleaned form data)``; answers the record to go to, or None to stay.

    A verb named like a move of the lifecycle takes label, question and refusal from there. ``form`` asks for what
    the action needs; ``prepare(form, record, request)`` fills its choices.
    """

    name: str
    action: ActionCall
    label: Any = None
    form: type[Form] | None = None
    when: Callable[[Any], bool] = always
    prepare: Callable[[Any, Any, Any], None] | None = None
    tone: str = "default"
    icon: str = ""
    confirm: Any = None
    permission: str | None = None  # when it is not "<app>.<name>_<model>"
