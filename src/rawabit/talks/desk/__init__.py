"""Conversations on the desk: activities, timelines, the call log, tasks, the week, chats."""

from rawabit.talks.desk.screens import ActivityScreens

__all__ = ["ActivityScreens"]
