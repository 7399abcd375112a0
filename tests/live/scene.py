"""Another process that does business while pages are open. ``python -m tests.live.scene <verb> …`` prints JSON.

``set-up``: a company, a customer with his user, an order, another customer's user, a manager. ``hold KEY``: the order
is put on hold.
"""

from __future__ import annotations

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rawabit.config.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from rawabit.sales.actions import hold_order  # noqa: E402
from rawabit.sales.models import Order  # noqa: E402
from tests import makers  # noqa: E402
from tests.makers import PASSWORD, SYSTEM  # noqa: E402


def set_up() -> dict[str, object]:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    makers.make_company()
    customer = makers.make_customer("شركة أمينة")
    order = makers.confirmed_order(customer)
    mine = makers.make_customer_user(customer)
    other = makers.make_customer_user(makers.make_customer())
    manager = makers.make_user("manager")
    for person in (mine.user, other.user, manager):
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    return {
        "order": order.pk, "uid": str(order.uid), "email": mine.user.email, "other": other.user.email,
        "manager": manager.email, "password": PASSWORD,
    }  # fmt: skip


def main(verb: str, *arguments: str) -> None:
    if verb == "set-up":
        print(json.dumps(set_up()))
        return
    assert verb == "hold"
    hold_order(Order.objects.get(pk=arguments[0]), reason="Stock count", actor=SYSTEM, at=timezone.now())
    print("{}")


main(*sys.argv[1:])
