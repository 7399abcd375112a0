"""Sentences about days, in the reader's language and digits."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext, ngettext

from rawabit.kit.display import active

SOON = 7  # days; from here on a date is worth a warning


def due_words(due: date | None, today: date) -> str:
    """How an open invoice stands to its due date; "" without one."""
    if due is None:
        return ""
    days = (due - today).days
    shown = {"n": active().number(abs(days))}
    if days == 0:
        return gettext("Due today")
    if days > 0:
        return ngettext("Due in %(n)s day", "Due in %(n)s days", days) % shown
    return ngettext("Overdue for %(n)s day", "Overdue for %(n)s days", -days) % shown


def left_words(last: date | None, today: date) -> tuple[str, str]:
    """(words, tone) of the time left to decide on a quotation; empty words when it has no term or is over."""
    if last is None or last < today:
        return "", ""
    days = (last - today).days
    tone = "warn" if days <= SOON else "info"
    if days == 0:
        return gettext("Last day"), tone
    return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": active().number(days)}, tone
