"""Events in sentences. Modules say their words in ``config/event_words.py``; an unknown name is shown as it is."""

from __future__ import annotations

from typing import Any

from rawabit.kit.marking import _

WORDS: dict[str, Any] = {
    "comment.added": _("Comment added"),
    "file.attached": _("File attached"),
    "record.assigned": _("Assigned to a colleague"),
    "assignment.done": _("Assignment done"),
}
GENERIC = {"created": _("Created"), "changed": _("Changed"), "deleted": _("Deleted")}


def add_words(words: dict[str, Any]) -> None:
    """Called once by the composition root."""
    WORDS.update(words)


def words_of(event: Any) -> str:
    known = WORDS.get(event.name) or GENERIC.get(event.name.rpartition(".")[2])
    return str(known) if known else event.name


NOTICES: dict[str, Any] = {
    "import_done": _("%(file)s was imported"),
    "import_stopped": _("The import of %(file)s was stopped"),
    "import_failed": _("The import of %(file)s failed"),
    "import_undone": _("The import of %(file)s was taken back"),
    "mention": _("%(who)s mentioned you: %(what)s"),
    "handover": _("The records of %(what)s were handed over"),
    "assigned": _("%(who)s asks you to look after %(what)s"),
    "invited": _("Invitations to the portal sent: %(done)s of %(total)s"),
    "guard": _("The leak guard found that customers can see what belongs to others. Look at once."),
    "registration": _("%(who)s asks for access to the portal"),
    "received": _("%(who)s sent a document: %(what)s"),
}


def words_of_notice(notice: Any) -> str:
    """The words of a notice; every value is isolated, for names come in both directions."""
    facts = {key: f"\u2068{value}\u2069" for key, value in notice.facts.items()}
    known = NOTICES.get(notice.kind)
    return str(known) % facts if known else notice.kind
