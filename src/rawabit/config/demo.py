"""The demo company, made once per data folder; its sign-ins are kept in a file that only the owner reads."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from rawabit.company.models import Company
from rawabit.config.commands.createadmin import declared_permissions
from rawabit.demo.colleagues import tell_colleagues
from rawabit.demo.customers_side import tell_portal
from rawabit.demo.deals import tell_deals
from rawabit.demo.leads import tell_leads
from rawabit.demo.mail import tell_mail
from rawabit.demo.money import tell_money
from rawabit.demo.people import CLIENTS, STAFF
from rawabit.demo.relations import tell_relations
from rawabit.demo.rooms import tell_rooms
from rawabit.demo.setting import make_setting
from rawabit.demo.story import MONTHS, Story
from rawabit.demo.talks import tell_talks
from rawabit.kit.records.actor import system

SHOWN = (
    "manager@demo.example",
    "sales@demo.example",
    "accountant@demo.example",
    "agent@demo.example",
    "admin@demo.example",
)
ROLES = {
    "manager": "manager",
    "sales": "salesperson",
    "accountant": "accountant",
    "support": "agent",
    "administrator": "administrator",
}
CUSTOMERS = ("customer@demo.example", "moshtari@demo.example")


class SignIn(NamedTuple):
    """One line of the table that ``demo`` prints."""

    role_label: str
    name: str
    login: str
    password_or_code_hint: str
    url: str


class NotADemo(Exception):
    """The data folder holds a real company."""


def ensure_demo(data: Path) -> list[SignIn]:
    """The sign-ins of the demo company in ``data``; the company is made when there is none yet.

    One transaction: a start that was killed leaves nothing half made. Raises :class:`NotADemo` for a folder in use."""
    kept = data / "demo-sign-ins.json"
    if not Company.objects.exists():
        passwords = tell_all()
        handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(passwords, out)
    if not kept.exists():
        raise NotADemo(f"{data} holds a company that is not the demo's.")
    return table(json.loads(kept.read_text(encoding="utf-8")))


@transaction.atomic
def tell_all() -> dict[str, str]:
    now = timezone.now()
    setting = make_setting(declared_permissions(), system("setup"), now - timedelta(days=30 * MONTHS + 5))
    Story(setting, now).tell()
    tell_money(setting, now)
    tell_colleagues(setting, now)
    tell_rooms(setting, now)
    tell_relations(setting, now)
    tell_deals(setting, now)
    tell_leads(setting, now)
    tell_portal(setting, now)
    tell_talks(setting, now)
    tell_mail(setting, now)
    return dict(setting.passwords)


def table(passwords: dict[str, str]) -> list[SignIn]:
    staff = {one.email: one for one in STAFF}
    url = settings.BASE_URL
    rows = [
        SignIn(ROLES[staff[login].role], staff[login].name, login, passwords[login], f"{url}/desk/") for login in SHOWN
    ]
    for login, client in zip(CUSTOMERS, CLIENTS, strict=False):
        label = {"ar": "customer (Arabic)", "fa": "customer (Persian)"}[client.language]
        rows.append(SignIn(label, client.contacts[0][0], login, passwords[login], f"{url}/portal/"))
    return rows
