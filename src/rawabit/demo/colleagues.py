"""The first demo customer has colleagues: a buyer with a limit, one for finance; and a change that waits for a word."""

from __future__ import annotations

from datetime import datetime, timedelta

from rawabit.crm.actions import Given, Invitation, ask_change, invite_colleague, put_address
from rawabit.crm.models import Address, ChangeRequest
from rawabit.demo.setting import Setting
from rawabit.identity.queries import actor_of, user_by_email
from rawabit.kit.money import Money

OWNER = "customer@demo.example"
PEOPLE = (
    ("buyer@demo.example", "ماجد السبيعي", "buyer", 20_000_00),
    ("finance@demo.example", "أمل الزهراني", "finance", None),
)


def tell_colleagues(setting: Setting, now: datetime) -> None:
    """As the account owner did it three weeks ago, and what he asked for yesterday."""
    user = user_by_email(OWNER)
    if user is None or not user.customer_roles:
        return
    owner, at = actor_of(user, "portal"), now - timedelta(days=21)
    key = int(next(iter(user.customer_roles)))
    customer = next(one for one in setting.customers if one.pk == key)
    for email, name, role, limit in PEOPLE:
        given = Given(role, Money(limit, customer.currency) if limit is not None else None)
        invite_colleague([customer], Invitation(email, name, given), actor=owner, at=at)
    dock = Address(
        customer=customer, purpose="delivery", country="SA", label="المستودع", building="7412", street="شارع الخرج",
        district="الصناعية الثانية", city="الرياض", postal_code="14331", secondary="3105", short_code="RSIA7412",
        receiver="سعد العنزي", phone="+966501000099",
    )  # fmt: skip
    put_address(dock, actor=owner, at=at + timedelta(hours=1))
    ask_change(
        customer, ChangeRequest.LEGAL, {"trade_name": f"{customer.name} القابضة"},
        note="تغيّر الاسم التجاري بعد تحديث السجل.", actor=owner, at=now - timedelta(days=1),
    )  # fmt: skip
