"""What is done with customers, people, territories and portal access."""

from rawabit.crm.actions.access import (
    Given,
    change_portal_role,
    grant_portal_access,
    restore_portal_access,
    revoke_portal_access,
)
from rawabit.crm.actions.changes import accept_change, ask_change, refuse_change, withdraw_change
from rawabit.crm.actions.colleagues import Invitation, change_held, invite_again, invite_colleague, switch_held
from rawabit.crm.actions.contacts import (
    affiliate,
    delete_contact,
    end_affiliation,
    put_contact,
    relate_contacts,
    save_contact,
    unrelate_contacts,
)
from rawabit.crm.actions.customers import (
    InvalidFields,
    delete_customer,
    hand_over,
    put_address,
    put_customer,
    relate_customers,
    remove_address,
    remove_identifier,
    save_customer,
    set_credit,
    set_identifier,
    unrelate_customers,
)
from rawabit.crm.actions.own import change_email_everywhere, save_own_details
from rawabit.crm.actions.reach import refresh_reach
from rawabit.crm.actions.territories import (
    put_territory,
    save_rule,
    save_rule_form,
    save_territory,
    set_territory_members,
)

__all__ = [
    "Given", "InvalidFields", "Invitation", "accept_change", "affiliate", "ask_change", "change_email_everywhere",
    "change_held", "change_portal_role", "delete_contact", "delete_customer", "end_affiliation",
    "grant_portal_access", "hand_over", "invite_again", "invite_colleague", "put_address", "put_contact",
    "put_customer", "put_territory", "refresh_reach", "refuse_change", "relate_contacts", "relate_customers",
    "remove_address", "remove_identifier", "restore_portal_access", "revoke_portal_access", "save_contact",
    "save_customer", "save_own_details", "save_rule", "save_rule_form",
    "save_territory", "set_credit", "set_identifier", "set_territory_members",
    "switch_held", "unrelate_contacts", "unrelate_customers", "withdraw_change",
]  # fmt: skip
