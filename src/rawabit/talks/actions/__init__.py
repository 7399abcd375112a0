"""What was said is kept, what is to be done is planned and done."""

from rawabit.talks.actions.changing import edit_activity, pin, unpin
from rawabit.talks.actions.chats import import_chat, keep_chat
from rawabit.talks.actions.following import follow_lead, forget_chats, looked, remind_due
from rawabit.talks.actions.logging import log_call, log_meeting, log_visit, record_document, record_whatsapp, write_note
from rawabit.talks.actions.meetings import answer_invitation, cancel_meeting, hold_meeting, plan_meeting
from rawabit.talks.actions.tasks import finish_task, plan_task, reopen_task, snooze

__all__ = [
    "answer_invitation", "cancel_meeting", "edit_activity", "finish_task", "follow_lead", "forget_chats",
    "hold_meeting", "import_chat", "keep_chat", "log_call", "log_meeting", "log_visit", "looked", "pin", "plan_meeting",
    "plan_task", "record_document", "record_whatsapp", "remind_due", "reopen_task", "snooze", "unpin", "write_note",
]  # fmt: skip
