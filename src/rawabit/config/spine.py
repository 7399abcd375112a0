"""Who hears of what, which work can be put aside, and what the clock does. Read from here by the worker alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from rawabit.billing import jobs as papers
from rawabit.connect import jobs as imports
from rawabit.identity.codes import forget_old_codes
from rawabit.identity.queries import actor_of, colleagues
from rawabit.insight.actions.leaving import JOB as HANDOVER
from rawabit.insight.actions.leaving import hand_over_later
from rawabit.kit.jobs.queue import Work
from rawabit.kit.jobs.schedule import Task
from rawabit.kit.jobs.telling import Subscriptions
from rawabit.kit.jobs.upkeep import keep_statistics
from rawabit.kit.links.actions import forget_expired
from rawabit.kit.outbox.actions import SEND
from rawabit.kit.outbox.sending import send_message
from rawabit.kit.records.actions import forget_submissions, notify
from rawabit.kit.records.actor import system
from rawabit.kit.records.models import Event
from rawabit.kit.screens.addresses import url_of
from rawabit.leads import jobs as leads
from rawabit.leads.subscriptions import SUBSCRIPTIONS as LEADS
from rawabit.mailroom import actions as mail
from rawabit.portal.actions.announcing import announce_document
from rawabit.portal.actions.guarding import guard_nightly
from rawabit.portal.actions.inviting import invite_later
from rawabit.portal.actions.tracking import send_track_link
from rawabit.sales.actions import expire_quotations, forget_pending, stir_deal, win_by_quotation
from rawabit.shipping.actions import cancel_open_deliveries
from rawabit.talks.actions import follow_lead, forget_chats, remind_due
from rawabit.telling.actions import tick
from rawabit.telling.subscriptions import SUBSCRIPTIONS as TELLING


def tell_mentioned(event: Event, at: datetime) -> None:
    """A line in the bell of each colleague mentioned in a comment."""
    facts = {"who": event.actor_name, "what": str(event.subject)}
    for user_id in event.facts.get("mentions", []):
        if user_id != event.actor_id:
            notify(user_id, kind="mention", facts=facts, url=f"{_url(event)}#comments", event=event, at=at)


def tell_assigned(event: Event, at: datetime) -> None:
    """A line in the bell of the colleague who is asked to look after a record."""
    if event.facts["user"] != event.actor_id:
        facts = {"who": event.actor_name, "what": str(event.subject)}
        notify(event.facts["user"], kind="assigned", facts=facts, url=_url(event), event=event, at=at)


def _url(event: Event) -> str:
    import rawabit.config.urls  # noqa: F401 -- a worker has not built the addresses yet

    return url_of(event.subject) if event.subject else ""


def tell_import(event: Event, at: datetime) -> None:
    """A line in the bell of whoever brought the file when its import is over."""
    file, kind = event.subject, f"import_{event.facts['state']}"
    if file is not None and event.facts["work"] != "checking" and event.actor_id is not None:
        url = reverse("import", args=[file.uid])
        notify(event.actor_id, kind=kind, facts={"file": event.facts["file"]}, url=url, event=event, at=at)


def withdraw_notes(event: Event, at: datetime) -> None:
    """Open delivery notes of a cancelled order are cancelled with it."""
    if event.subject is not None:
        cancel_open_deliveries(event.subject, actor=system(), at=at)


def tell_order_owner(event: Event, at: datetime) -> None:
    """A line in the bell of whoever looks after an order, when the customer asks or changes something."""
    order: Any = event.subject
    if order is not None and order.owner_id and order.owner_id != event.actor_id:
        kind = "order_delivery" if event.name == "order.delivery_changed" else "order_question"
        facts = {"who": event.actor_name, "what": event.facts["number"]}
        notify(order.owner_id, kind=kind, facts=facts, url=_url(event), event=event, at=at)


def tell_asker(event: Event, at: datetime) -> None:
    """A line in the bell of the customer's user whose question about an order was answered."""
    order: Any = event.subject
    asked = order.questions.filter(pk=event.facts["question"]).first() if order is not None else None
    if asked is not None and asked.user_id:
        url = reverse("portal-order", args=[order.uid])
        notify(asked.user_id, kind="order_answer", facts={"what": order.number}, url=url, event=event, at=at)


def tell_approvers(event: Event, at: datetime) -> None:
    """A line in the bell of the customer's account owners, who may accept what is above a colleague's limit."""
    offer: Any = event.subject
    owners = offer.customer.portal_access.filter(role="owner", is_active=True) if offer is not None else ()
    for access in owners:
        if access.user_id != event.actor_id:
            facts = {"who": event.facts["by"], "what": event.facts["number"]}
            url = reverse("portal-quotation", args=[offer.uid])
            notify(access.user_id, kind="approval", facts=facts, url=url, event=event, at=at)


def forget_acceptances(at: datetime) -> None:
    forget_pending(at - timedelta(days=2))


def expire(at: datetime) -> None:
    expire_quotations(actor=system(), at=at)


def forget_sheets(at: datetime) -> None:
    forget_submissions(at - timedelta(days=2))


def tell_deciders(event: Event, at: datetime) -> None:
    """A line in the bell of everybody who may decide on registrations."""
    facts = {"who": event.facts["name"], "what": event.facts["company"]}
    for person in colleagues():
        if actor_of(person).may("portal.change_registration"):
            notify(person.pk, kind="registration", facts=facts, url=_url(event), event=event, at=at)


def tell_account_manager(event: Event, at: datetime) -> None:
    """A line in the bell of whoever looks after the customer that sent a document."""
    owner = event.subject.customer.owner if event.subject else None
    if owner is not None and owner.is_active:
        facts = {"who": event.actor_name, "what": event.facts["name"]}
        notify(owner.pk, kind="received", facts=facts, url=_url(event), event=event, at=at)


def win_opportunity(event: Event, at: datetime) -> None:
    """The deal of an accepted offer is won."""
    if event.subject is not None:
        win_by_quotation(event.subject, actor=system(), at=at)


def stir_opportunity(event: Event, at: datetime) -> None:
    """A deal whose offer goes out, or is asked about, is not stalled."""
    if event.subject is not None:
        stir_deal(event.subject, at)


def keep_talks_of_lead(event: Event, at: datetime) -> None:
    """What was said with a lead belongs to the customer it became."""
    lead: Any = event.subject
    if lead is not None:
        follow_lead(lead, at=at)


def tell_task(event: Event, at: datetime) -> None:
    """A line in the bell of the colleague who was given a task."""
    who = event.facts.get("assignee")
    if who and who != event.actor_id:
        facts = {"who": event.actor_name, "what": event.facts["title"]}
        notify(who, kind="task_given", facts=facts, url=_url(event), event=event, at=at)


def tell_guests(event: Event, at: datetime) -> None:
    """A line in the bell of each colleague who is asked to a meeting."""
    facts = {"who": event.actor_name, "what": event.facts["title"]}
    for who in event.facts["guests"]:
        if who != event.actor_id:
            notify(who, kind="meeting_asked", facts=facts, url=_url(event), event=event, at=at)


OWN: Subscriptions = {
    "activity.planned": (tell_task,),
    "activity.invited": (tell_guests,),
    "lead.converted": (keep_talks_of_lead,),
    **LEADS,
    "comment.added": (tell_mentioned,),
    "record.assigned": (tell_assigned,),
    "import.ended": (tell_import,),
    "order.cancelled": (withdraw_notes,),
    "order.question_asked": (tell_order_owner,),
    "order.question_answered": (tell_asker,),
    "order.delivery_changed": (tell_order_owner,),
    "registration.requested": (tell_deciders,),
    "document.received": (tell_account_manager,),
    "document.shared": (announce_document,),
    "quotation.approval_asked": (tell_approvers,),
    "quotation.accepted": (win_opportunity,),
    "quotation.sent": (stir_opportunity,),
    "quotation.opened": (stir_opportunity,),
    "quotation.question_asked": (stir_opportunity,),
}
SUBSCRIPTIONS: Subscriptions = {
    name: (*OWN.get(name, ()), *TELLING.get(name, ())) for name in dict.fromkeys((*OWN, *TELLING))
}
WORKS: Mapping[str, Work] = {
    SEND: send_message,
    imports.WORK: imports.look_after,
    papers.WORK: papers.build_bundle,
    HANDOVER: hand_over_later,
    "portal.invite": invite_later,
    "portal.track": send_track_link,
    "portal.guard": lambda args, at: guard_nightly(at),
    mail.FETCH: mail.fetch_mailbox,
    mail.READ: mail.read_mail,
    leads.RESCORE: leads.rescore_open,
}
SCHEDULE: Sequence[Task] = (
    Task("talks.remind", timedelta(minutes=1), remind_due),
    Task("talks.forget_chats", timedelta(hours=6), forget_chats),
    Task("mailroom.fetch", timedelta(minutes=2), mail.fetch_due),
    Task("telling.tick", timedelta(minutes=30), tick),
    Task("sales.expire_quotations", timedelta(minutes=10), expire),
    Task("sales.forget_pending", timedelta(days=1), forget_acceptances),
    Task("connect.forget_old_files", timedelta(days=1), imports.forget_old_files),
    Task("kit.clean_papers", timedelta(hours=6), papers.clean_papers),
    Task("portal.guard", timedelta(days=1), guard_nightly),
    Task("kit.keep_statistics", timedelta(days=1), keep_statistics),
    Task("kit.forget_submissions", timedelta(days=1), forget_sheets),
    Task("kit.forget_links", timedelta(days=1), forget_expired),
    Task("leads.remind", timedelta(hours=6), leads.remind),
    Task("identity.forget_codes", timedelta(days=1), forget_old_codes),
)
