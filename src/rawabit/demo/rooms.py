"""Offers with a life of their own: questions and answers, a newer version with changes, and a signature."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from rawabit.crm.models import Customer
from rawabit.demo.setting import Setting
from rawabit.identity.queries import actor_of
from rawabit.kit.records.actor import Actor
from rawabit.sales.actions import (
    accept_quotation,
    ask,
    new_version,
    note_opening,
    save_lines,
    say,
    send_quotation,
    start_quotation,
)
from rawabit.sales.logic.signing import DRAWN, Signing
from rawabit.sales.models import Quotation
from rawabit.trade.logic.lines import LineInput

TALK = {
    "ar": (
        "هل يشمل السعر التركيب في موقعنا؟", "نعم، يشمل التركيب والتشغيل داخل المدينة.",
        "نحتاج كمية أكبر من الصنف الأول، وبدون الصنف الأخير.", "هل يمكن التوريد على دفعتين؟",
    ),
    "fa": (
        "آیا نصب در محل ما در قیمت آمده است؟", "بله، نصب و راه‌اندازی در شهر در قیمت است.",
        "از کالای نخست بیشتر لازم داریم و کالای آخر را نمی‌خواهیم.", "تحویل در دو نوبت ممکن است؟",
    ),
}  # fmt: skip
ROLE = {"ar": "مدير المشتريات", "fa": "مدیر خرید"}
INK = [
    [40, 150, 70, 90, 96, 60, 118, 70, 120, 110, 100, 160, 84, 176, 80, 158, 110, 128, 160, 116, 210, 126, 236, 150],
    [250, 150, 262, 118, 284, 104, 300, 122, 296, 150, 318, 160, 352, 140, 380, 118, 420, 112, 460, 128, 520, 120],
    [300, 72, 308, 66], [150, 196, 260, 186, 380, 190, 500, 180],
]  # fmt: skip


def tell_rooms(setting: Setting, now: datetime) -> None:
    """One offer under discussion and one that was signed, for the first customer of each language."""
    staff = {user.pk: actor_of(user) for user in setting.staff}
    for customer in setting.customers[:2]:
        access = customer.portal_access.filter(role="owner", is_active=True).select_related("user").first()
        if access is not None and customer.owner_id in staff:
            buyer = actor_of(access.user, "portal")
            _discussed(setting, customer, staff[customer.owner_id], buyer, now - timedelta(days=2))
            _signed(setting, customer, staff[customer.owner_id], buyer, now - timedelta(days=5))


def _sent(setting: Setting, customer: Customer, seller: Actor, first: int, at: datetime) -> Quotation:
    items = list(setting.items)[first : first + 4]
    rows = [LineInput(item_id=item.pk, quantity=Decimal(place + 2)) for place, item in enumerate(items)]
    rows[2] = LineInput(item_id=items[2].pk, quantity=Decimal(1), optional=True)
    return send_quotation(start_quotation(customer, actor=seller, at=at, rows=rows), actor=seller, at=at)


def _discussed(setting: Setting, customer: Customer, seller: Actor, buyer: Actor, at: datetime) -> None:
    words = TALK["fa" if customer.language == "fa" else "ar"]
    hour = timedelta(hours=1)
    offer = _sent(setting, customer, seller, 0, at)
    note_opening(offer, signer=f"user:{buyer.user_id}", actor=buyer, at=at + hour)
    line = offer.lines.order_by("position").first()
    asked = ask(offer, words[0], line=line.pk if line else None, actor=buyer, at=at + 2 * hour)
    say(asked, words[1], actor=seller, at=at + 3 * hour)
    ask(offer, words[2], kind="change", actor=buyer, at=at + 4 * hour)
    newer = new_version(offer, actor=seller, at=at + 5 * hour)
    kept = list(offer.lines.order_by("position"))[:3]
    rows = [
        LineInput(
            item_id=one.item_id, quantity=one.quantity * (2 if place == 0 else 1), optional=one.optional,
            discount_percent=Decimal(3 if place == 1 else 0),
        )
        for place, one in enumerate(kept)
    ]  # fmt: skip
    save_lines(newer, rows, actor=seller, at=at + 5 * hour)
    newer = send_quotation(newer, actor=seller, at=at + 6 * hour)
    note_opening(newer, signer=f"user:{buyer.user_id}", actor=buyer, at=at + 7 * hour)
    ask(newer, words[3], actor=buyer, at=at + 8 * hour)


def _signed(setting: Setting, customer: Customer, seller: Actor, buyer: Actor, at: datetime) -> None:
    offer = _sent(setting, customer, seller, 4, at)
    note_opening(offer, signer=f"user:{buyer.user_id}", actor=buyer, at=at + timedelta(hours=3))
    access = customer.portal_access.filter(user_id=buyer.user_id or 0).select_related("user").get()
    signing = Signing(
        f"user:{buyer.user_id}", buyer.name, ROLE["fa" if customer.language == "fa" else "ar"], "PO-2291", DRAWN, INK,
        agreed=True, verified=access.user.email, ip="198.51.100.24",
        user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)",
    )  # fmt: skip
    accept_quotation(
        offer, name=buyer.name, customer_reference="PO-2291", signing=signing, actor=buyer, at=at + timedelta(hours=4)
    )
