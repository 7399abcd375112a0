"""Who sees what a customer owes: staff in their scope, and the customer's account owner and finance people."""

from __future__ import annotations

from django.db.models import Q

from rawabit.crm.policies import PAYING, rows_of_customer
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor, visible
from rawabit.kit.records.permissions import Permission
from rawabit.ledger.models import Balance, Entry

PERMISSIONS: list[Permission] = [
    ("ledger.view_entry", _("Statements and balances: View")),
    ("ledger.export_entry", _("Statements and balances: Export")),
    ("ledger.post_opening", _("Statements and balances: post opening balances")),
]


@visible(Entry, Balance)
def entry_rows(actor: Actor) -> Q:
    return rows_of_customer(actor, "ledger.view_entry", roles=PAYING)
