"""The inbox, the mailboxes, and the letter paper of the desk."""

from rawabit.mailroom.desk.boxes import MailboxScreens
from rawabit.mailroom.desk.inbox import InboxScreens
from rawabit.mailroom.desk.writing import WRITE_MAIL, with_letters, write_mail

__all__ = ["WRITE_MAIL", "InboxScreens", "MailboxScreens", "with_letters", "write_mail"]
