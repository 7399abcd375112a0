"""Who sees what was said. Customers never do."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from rawabit.crm.models import Contact, Customer
from rawabit.kit.records.actor import EVERYTHING, NOTHING, Actor, visible
from rawabit.kit.records.permissions import Permission, verbs_on
from rawabit.leads.models import Lead
from rawabit.pipeline.models import Opportunity
from rawabit.talks.models import Activity, Attendee, ChatFile

PERMISSIONS: list[Permission] = [*verbs_on(Activity, "view", "add", "change", "delete", "export")]
OPEN_TO_OTHERS = timedelta(hours=24)


@visible(Activity)
def activity_rows(actor: Actor) -> Q:
    """Staff: what they did or shall do, and what is about a customer, lead, opportunity or person they see."""
    if actor.is_customer or not actor.may("talks.view_activity"):
        return NOTHING
    scope = actor.grants["talks.view_activity"]
    if scope == "all":
        return EVERYTHING
    mine = Q(owner=actor.user_id) | Q(assignee=actor.user_id)
    if scope in ("team", "territory"):
        mine |= Q(owner__in=actor.team_user_ids) | Q(assignee__in=actor.team_user_ids)
    known = Q(customer__in=Customer.objects.visible_to(actor).values("pk"))
    known |= Q(customer=None, contact__in=Contact.objects.visible_to(actor).values("pk"))
    for model in (Lead, Opportunity):
        kind = ContentType.objects.get_for_model(model)
        known |= Q(subject_type=kind, subject_id__in=model.objects.visible_to(actor).values("pk"))
    return mine | known


@visible(Attendee)
def attendee_rows(actor: Actor) -> Q:
    if actor.is_customer:
        return NOTHING
    return Q(activity__in=Activity.objects.visible_to(actor).values("pk"))


@visible(ChatFile)
def chat_rows(actor: Actor) -> Q:
    return NOTHING if actor.is_customer or actor.user_id is None else Q(owner=actor.user_id)


def may_change(actor: Actor, activity: Activity, at: datetime) -> bool:
    """Whoever did it, or shall do it; others only while it is a day old, then it stands."""
    if actor.user_id is None:
        return not actor.is_anonymous
    if not actor.may("talks.change_activity"):
        return False
    if actor.user_id in (activity.owner_id, activity.assignee_id):
        return True
    if actor.grants["talks.change_activity"] == "own":
        return False
    return activity.is_open or at - activity.created_at <= OPEN_TO_OTHERS
