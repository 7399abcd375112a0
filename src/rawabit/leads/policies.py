"""Who sees and moves leads. Customers never see them."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from rawabit.crm.models import Contact, Customer
from rawabit.crm.policies import may_on
from rawabit.kit.marking import _
from rawabit.kit.records.actor import NOTHING, Actor, by_scope, visible
from rawabit.kit.records.permissions import Permission, shared_rows, verbs_on
from rawabit.leads.models import (
    Answer,
    Arrival,
    AssignmentRule,
    Choice,
    Criterion,
    FormField,
    Lead,
    LeadKey,
    LeadSettings,
    Question,
    WebForm,
)

PERMISSIONS: list[Permission] = [
    *verbs_on(Lead, "view", "add", "change", "delete", "export", "import"),
    ("leads.convert_lead", _("Leads: make customers of them")),
    ("leads.assign_lead", _("Leads: give to a colleague")),
    ("leads.take_unassigned", _("Leads: see and take those without an owner")),
    *verbs_on(WebForm, "view", "add", "change", "delete"),
    *verbs_on(LeadKey, "view", "add", "change", "delete"),
    *verbs_on(Criterion, "view", "add", "change", "delete"),
    *verbs_on(Question, "view", "add", "change", "delete"),
    *verbs_on(AssignmentRule, "view", "add", "change", "delete"),
]


@visible(Lead)
def lead_rows(actor: Actor) -> Q:
    """Staff: by owner, team and territory, what nobody has yet for whoever may take it, and what became a customer
    whom they see. Customers: none."""
    if actor.is_customer:
        return NOTHING
    rows = by_scope(actor, "leads.view_lead", territory="territory")
    if not actor.may("leads.view_lead") or rows == Q():
        return rows
    if actor.may("leads.take_unassigned"):
        rows |= Q(owner=None, territory=None) | Q(owner=None, territory__in=actor.territory_ids)
    return rows | Q(customer__in=Customer.objects.visible_to(actor).values("pk"))


def may_lead(actor: Actor, permission: str, lead: Lead) -> bool:
    """Whether the actor may do this to this very lead, by the scope of the permission."""
    if actor.is_customer:
        return False
    if may_on(actor, permission, lead):
        return True
    near = lead.territory_id is not None and lead.territory_id in actor.territory_ids
    return actor.may(permission) and actor.grants[permission] == "territory" and near


def require_lead(actor: Actor, permission: str, lead: Lead) -> None:
    """403 unless :func:`may_lead`."""
    if not may_lead(actor, permission, lead):
        raise PermissionDenied(permission)


@visible(Answer)
def answer_rows(actor: Actor) -> Q:
    if actor.is_customer:
        return NOTHING
    return Q(lead__in=Lead.objects.visible_to(actor).values("pk"))


@visible(Arrival)
def arrival_rows(actor: Actor) -> Q:
    if actor.is_customer:
        return NOTHING
    mine = Q(lead__in=Lead.objects.visible_to(actor).values("pk"))
    return mine | Q(contact__in=Contact.objects.visible_to(actor).values("pk"))


@visible(WebForm, FormField)
def form_rows(actor: Actor) -> Q:
    return shared_rows(actor, "leads.view_webform")


@visible(LeadKey)
def key_rows(actor: Actor) -> Q:
    return shared_rows(actor, "leads.view_leadkey")


@visible(Criterion)
def criterion_rows(actor: Actor) -> Q:
    return shared_rows(actor, "leads.view_criterion")


@visible(Question, Choice)
def question_rows(actor: Actor) -> Q:
    return shared_rows(actor, "leads.view_question")


@visible(AssignmentRule, LeadSettings)
def rule_rows(actor: Actor) -> Q:
    return shared_rows(actor, "leads.view_assignmentrule")
