"""Telling people, and setting what is told."""

from rawabit.telling.actions.preferring import set_preferences
from rawabit.telling.actions.reminding import remind_of_invoices, send_statements, tick
from rawabit.telling.actions.sending import send_document
from rawabit.telling.actions.telling import tell_access, tell_colleagues, tell_customers, tell_link_renewed, tell_signed
from rawabit.telling.actions.wording import reset_template, save_template, send_sample

__all__ = [
    "remind_of_invoices", "reset_template", "save_template", "send_document", "send_sample",
    "send_statements",
    "set_preferences", "tell_access", "tell_colleagues", "tell_customers", "tell_link_renewed", "tell_signed", "tick",
]  # fmt: skip
