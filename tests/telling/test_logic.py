"""Quiet hours, filling of placeholders, the words of all kinds."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from rawabit.kit.text import FSI, PDI
from rawabit.telling.logic.defaults import LANGUAGES, default_words
from rawabit.telling.logic.filling import fill, unknown_in
from rawabit.telling.logic.kinds import KINDS, PLACEHOLDERS
from rawabit.telling.logic.quiet import wait_until

FRIDAY = [4]


def riyadh(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC).replace(hour=hour) - (
        datetime(2026, 1, 1, 3, tzinfo=UTC) - datetime(2026, 1, 1, 0, tzinfo=UTC)
    )


@pytest.mark.parametrize(("at", "until"), [
    (riyadh(3, 12), None),
    (riyadh(3, 8), None),
    (riyadh(3, 20, 59), None),
    (riyadh(3, 21), riyadh(4, 8)),          # Tuesday evening: Wednesday morning
    (riyadh(4, 0), riyadh(4, 8)),           # midnight is past the wrap
    (riyadh(4, 7, 59), riyadh(4, 8)),
    (riyadh(5, 22), riyadh(7, 8)),          # Thursday night: over Friday to Saturday morning
    (riyadh(6, 12), riyadh(7, 8)),          # Friday noon
    (riyadh(6, 23, 59), riyadh(7, 8)),
])  # fmt: skip
def test_quiet_time_ends_when_it_should(at, until):
    ends = wait_until(at, quiet_from=time(21), quiet_until=time(8), quiet_days=FRIDAY, zone="Asia/Riyadh")
    assert ends == until


def test_quiet_hours_within_a_day_and_none_at_all():
    noon = {"quiet_from": time(12), "quiet_until": time(13), "zone": "Asia/Riyadh"}
    assert wait_until(riyadh(3, 12, 30), quiet_days=[], **noon) == riyadh(3, 13)
    assert wait_until(riyadh(3, 13), quiet_days=[], **noon) is None
    never = {"quiet_from": None, "quiet_until": None, "zone": "Asia/Riyadh"}
    assert wait_until(riyadh(3, 3), quiet_days=[], **never) is None
    assert wait_until(riyadh(6, 12), quiet_days=FRIDAY, **never) == riyadh(7, 0)
    assert wait_until(riyadh(6, 12), quiet_days=range(7), **never) is None


def test_values_are_isolated_and_never_read_as_placeholders():
    filled = fill("Order {number} of {customer}", {"number": "{customer} {x.__class__}", "customer": "C++"})
    assert filled == f"Order {FSI}{{customer}} {{x.__class__}}{PDI} of {FSI}C++{PDI}"


def test_a_line_without_its_values_is_left_out():
    assert fill("a\nday: {day}\nb {day} {number}", {"day": "", "number": "7"}) == f"a\nb  {FSI}7{PDI}"


@pytest.mark.parametrize(("text", "wrong"), [
    ("{number}", []), ("{nubmer}", ["{nubmer}"]), ("{number.__class__}", ["{number.__class__}"]), ("{0}", ["{0}"]),
    ("{}", ["{}"]), ("{number!r}", ["{number!r}"]), ("{number", ["{"]), ("number}", ["}"]), ("{{number}}", ["{", "}"]),
    ("%(number)s", []), ("{ number }", ["{ number }"]),
])  # fmt: skip
def test_unknown_placeholders_are_found(text, wrong):
    assert unknown_in(text, ["number"]) == wrong


@pytest.mark.parametrize("kind", list(KINDS.values()), ids=list(KINDS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_words_in_every_language_with_known_placeholders(kind, language):
    words = default_words(kind.code, language)
    assert words.subject and words.body
    assert unknown_in("\n".join(words), kind.placeholders) == []
    assert set(kind.shows) <= set(kind.says) <= set(PLACEHOLDERS)
    assert bool(words.chat) == kind.whatsapp
    assert len(words.subject) <= 80 and "!" not in words.body
