"""Every screen of the desk, in menu order. Addresses, menu and the laws of the tests read this list."""

from __future__ import annotations

from typing import Any

from rawabit.billing.desk import DisputeScreens, InvoiceScreens, OrderScreens, PaymentScreens, TransferScreens
from rawabit.catalog.desk import (
    ItemGroupScreens,
    ItemScreens,
    PriceListScreens,
    PriceScreens,
    TaxScreens,
    UnitScreens,
)
from rawabit.config.deals import CUSTOMER_DEALS, DEAL_SHORTCUT, together
from rawabit.config.panels import (
    CUSTOMER_FIGURES,
    CUSTOMER_PANELS,
    CUSTOMER_SHORTCUTS,
    CUSTOMER_TABS,
    CreditTag,
    with_credit,
)
from rawabit.config.permissions import GROUPS
from rawabit.crm.desk import (
    ChangeRequestScreens,
    ContactScreens,
    CustomerGroupScreens,
    CustomerScreens,
    PaymentTermsScreens,
    TerritoryRuleScreens,
    TerritoryScreens,
)
from rawabit.crm.desk.customer_parts import PEOPLE
from rawabit.identity.desk import RoleScreens, TeamScreens, UserScreens
from rawabit.insight.desk.leaving import HAND_OVER, HANDOVERS, WithHandover
from rawabit.kit.request import Request
from rawabit.leads.desk import (
    AssignmentRuleScreens,
    CriterionScreens,
    LeadKeyScreens,
    LeadScreens,
    QuestionScreens,
    WebFormScreens,
)
from rawabit.leads.desk.panels import PAST, WRITTEN
from rawabit.mailroom.desk import InboxScreens, MailboxScreens, with_letters
from rawabit.pipeline.desk import (
    LostReasonScreens,
    OpportunityScreens,
    PipelineScreens,
    SourceScreens,
    StageScreens,
)
from rawabit.portal.desk.documents import ReceivedDocumentScreens, SharedDocumentScreens
from rawabit.portal.desk.inviting import INVITE, WithInvitations
from rawabit.portal.desk.registrations import RegistrationScreens
from rawabit.portal.desk.sharing import LINKS_PANEL, with_sharing
from rawabit.portal.desk.sight import with_sight
from rawabit.sales.desk import QuotationScreens
from rawabit.sales.desk.deals import DEAL_PANELS, DEAL_VERBS, WIN
from rawabit.shipping.desk import CarrierScreens, DeliveryScreens
from rawabit.talks.desk import ActivityScreens
from rawabit.talks.panels import with_timeline
from rawabit.telling.desk import SEND, MessageScreens


class CustomerDesk(WithInvitations, CustomerScreens):
    """The customers, with what the modules above know of them."""

    panels = (
        PEOPLE, *CUSTOMER_DEALS, *CUSTOMER_PANELS,
        *(panel for panel in CustomerScreens.panels if panel is not PEOPLE), PAST, LINKS_PANEL,
    )  # fmt: skip
    figures = (*CUSTOMER_FIGURES, together)
    shortcuts = (*CUSTOMER_SHORTCUTS, DEAL_SHORTCUT)
    tabs = CUSTOMER_TABS
    tags = (CreditTag(), *CustomerScreens.tags)
    verbs = (*CustomerScreens.verbs, INVITE)
    bulk = (*CustomerScreens.bulk, INVITE.name)

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        with_credit(record, request)
        return super().detail_context(request, record)


class OpportunityDesk(OpportunityScreens):
    """The opportunities, with the quotations and orders made of them."""

    verbs = (WIN, *(verb for verb in OpportunityScreens.verbs if verb.name != "win"), *DEAL_VERBS)
    panels = (*DEAL_PANELS, *OpportunityScreens.panels, PAST)


class QuotationDesk(QuotationScreens):
    """Documents can be sent by e-mail, which the modules below know nothing of."""

    verbs = (*QuotationScreens.verbs, SEND)  # type: ignore[assignment]


class OrderDesk(OrderScreens):
    verbs = (*OrderScreens.verbs, SEND)


class DeliveryDesk(DeliveryScreens):
    verbs = (*DeliveryScreens.verbs, SEND)  # type: ignore[assignment]


class InvoiceDesk(InvoiceScreens):
    verbs = (*InvoiceScreens.verbs, SEND)  # type: ignore[assignment]


class PaymentDesk(PaymentScreens):
    verbs = (*PaymentScreens.verbs, SEND)  # type: ignore[assignment]


class ContactDesk(WithInvitations, ContactScreens):
    """The contacts, who can be invited to the portal."""

    verbs = (*ContactScreens.verbs, INVITE)
    panels = (*ContactScreens.panels, WRITTEN, PAST)
    bulk = (*ContactScreens.bulk, INVITE.name)
    guests_by = "contacts"


class UserDesk(WithHandover, UserScreens):
    """The colleagues, whose records can be handed over when they leave."""

    verbs = (HAND_OVER, *UserScreens.verbs)
    panels = (HANDOVERS, *UserScreens.panels)


class RoleDesk(RoleScreens):
    """The roles, over the permissions of all modules."""

    permission_groups = GROUPS


for screens in (
    CustomerDesk, QuotationScreens, OrderScreens, DeliveryScreens, InvoiceScreens, PaymentScreens,
):  # fmt: skip
    with_sharing(screens)

SCREENS = (
    CustomerDesk,
    ContactDesk,
    RegistrationScreens,
    SharedDocumentScreens,
    ReceivedDocumentScreens,
    ActivityScreens,
    ChangeRequestScreens,
    LeadScreens,
    OpportunityDesk,
    QuotationDesk,
    OrderDesk,
    DeliveryDesk,
    InvoiceDesk,
    PaymentDesk,
    TransferScreens,
    DisputeScreens,
    MessageScreens,
    InboxScreens,
    MailboxScreens,
    ItemScreens,
    PriceScreens,
    PriceListScreens,
    ItemGroupScreens,
    UnitScreens,
    TaxScreens,
    TerritoryScreens,
    TerritoryRuleScreens,
    CustomerGroupScreens,
    PaymentTermsScreens,
    CarrierScreens,
    WebFormScreens,
    LeadKeyScreens,
    CriterionScreens,
    QuestionScreens,
    AssignmentRuleScreens,
    PipelineScreens,
    StageScreens,
    LostReasonScreens,
    SourceScreens,
    UserDesk,
    TeamScreens,
    RoleDesk,
)

for _screens in SCREENS:
    with_sight(_screens)
    if _screens.slug in ("customers", "contacts", "leads", "opportunities"):
        with_letters(_screens)
    with_timeline(_screens)
