"""Conversations, read."""

from rawabit.talks.queries.counting import calls_made, mails_sent, meetings_held, per_person
from rawabit.talks.queries.days import day_of, open_tasks, week_between
from rawabit.talks.queries.timeline import Row, Timeline, last_look, timeline

__all__ = [
    "Row", "Timeline", "calls_made", "day_of", "last_look", "mails_sent", "meetings_held", "open_tasks", "per_person",
    "timeline", "week_between",
]  # fmt: skip
