"""The delivery log, the words of messages, and their settings."""

from rawabit.telling.desk.messages import MessageScreens
from rawabit.telling.desk.sending import SEND
from rawabit.telling.desk.settings import message_settings
from rawabit.telling.desk.words import preview, reset, templates, try_out, words

__all__ = ["SEND", "MessageScreens", "message_settings", "preview", "reset", "templates", "try_out", "words"]
