"""A program that posts mail and is killed: the other half of ``test_kill.py``, run as a process of its own.

It sets up a database once, then forks a child for each order read from standard input, a line of JSON:
``{"do": "post" | "work", "minutes": n, "die": [module, function, "before" | "after"]}``. The answer is a line of JSON:
how the child ended, and the states of all messages."""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

import rawabit.config.urls  # noqa: E402, F401 -- read once, before the children
from rawabit.kit.outbox.models import Message  # noqa: E402
from tests import makers  # noqa: E402
from tests.outbox.working import work  # noqa: E402


def set_up() -> None:
    call_command("migrate", verbosity=0)
    makers.make_customer(email="info@customer.example", language="ar")
    makers.make_item()


def post() -> None:
    rows = [makers.LineInput(item_id=makers.Item.objects.get().pk, quantity=makers.Decimal(1))]
    makers.posted_invoice(makers.Customer.objects.get(), rows=rows)


def doom(path: str, name: str, when: str) -> None:
    """From now on ``path.name`` kills this process, before or after its work."""
    module = importlib.import_module(path)
    real = getattr(module, name)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, name, deadly)


def live(order: dict[str, Any]) -> None:
    if order["do"] == "post":
        post()
    if order.get("die"):
        doom(*order["die"])
    work(makers.NOW + timedelta(minutes=order.get("minutes", 0)))


def obey(order: dict[str, Any]) -> dict[str, Any]:
    connections.close_all()  # no child shares a connection with another
    child = os.fork()
    if child == 0:
        try:
            live(order)
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    states = list(Message.objects.order_by("pk").values_list("state", flat=True))
    return {"ended": os.waitstatus_to_exitcode(status), "states": states}


set_up()
print(json.dumps("ready"), flush=True)
for line in sys.stdin:
    print(json.dumps(obey(json.loads(line))), flush=True)
