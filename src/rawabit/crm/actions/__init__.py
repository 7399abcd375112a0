"""What is done with customers, people, territories and portal access."""

from rawabit.crm.actions.access import change_portal_role, grant_portal_access, revoke_portal_access
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
from rawabit.crm.actions.reach import refresh_reach
from rawabit.crm.actions.territories import put_territory, save_territory, set_territory_members

__all__ = [
    "InvalidFields", "affiliate", "change_portal_role", "delete_contact", "delete_customer", "end_affiliation",
    "grant_portal_access", "hand_over", "put_address", "put_contact", "put_customer", "put_territory",
    "refresh_reach", "relate_contacts", "relate_customers", "remove_address", "remove_identifier",
    "revoke_portal_access", "save_contact", "save_customer", "save_territory", "set_credit", "set_identifier",
    "set_territory_members", "unrelate_contacts", "unrelate_customers",
]  # fmt: skip
