"""Who sees registrations and the documents that go both ways, and who may look at the portal as a customer."""

from __future__ import annotations

from django.db.models import Q

from rawabit.crm.models import Customer
from rawabit.crm.policies import EVERY_ROLE, customers_as, rows_of_customer
from rawabit.kit.marking import _
from rawabit.kit.records.actor import NOTHING, Actor, visible
from rawabit.kit.records.permissions import Permission, shared_rows, verbs_on
from rawabit.portal.models import Agreement, ReceivedDocument, Registration, SharedDocument

PERMISSIONS: list[Permission] = [
    ("portal.view_as", _("Customers: look at the portal as the customer")),
    *verbs_on(Registration, "view", "change"),
    *verbs_on(SharedDocument, "view", "add", "change", "delete"),
    *verbs_on(ReceivedDocument, "view", "change", "export"),
    ("links.share", _("Links: give documents to people outside")),
]


@visible(Registration)
def registration_rows(actor: Actor) -> Q:
    """Nobody's customers yet: whoever may decide sees them all. Customers never."""
    return NOTHING if actor.is_customer else shared_rows(actor, "portal.view_registration")


@visible(SharedDocument)
def shared_document_rows(actor: Actor) -> Q:
    """Colleagues with the permission see those for everybody and those of customers they see; a customer's user the
    published ones that are meant for one of his customers."""
    if actor.is_customer:
        mine = customers_as(actor, EVERY_ROLE)
        groups = SharedDocument.groups.through.objects.filter(
            customergroup__in=Customer.objects.filter(pk__in=mine).values("group")
        )
        meant = Q(audience="all") | Q(audience="customer", customer__in=mine)
        meant |= Q(audience="groups", pk__in=groups.values("shareddocument"))
        return Q(state="published") & meant if mine else NOTHING
    if not actor.may("portal.view_shareddocument"):
        return NOTHING
    if actor.grants["portal.view_shareddocument"] == "all":
        return Q()
    return ~Q(audience="customer") | Q(customer__in=Customer.objects.visible_to(actor).values("pk"))


@visible(Agreement)
def agreement_rows(actor: Actor) -> Q:
    return rows_of_customer(actor, "portal.view_shareddocument", roles=EVERY_ROLE)


@visible(ReceivedDocument)
def received_document_rows(actor: Actor) -> Q:
    return rows_of_customer(actor, "portal.view_receiveddocument", roles=EVERY_ROLE)
