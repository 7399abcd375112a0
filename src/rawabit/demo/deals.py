"""Twenty deals in several stages: fresh ones, some untouched for weeks, some won, some lost, and their offers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from rawabit.company.queries import local_day
from rawabit.crm.models import Customer
from rawabit.crm.queries import contacts_of
from rawabit.demo.setting import RATES, Setting
from rawabit.identity.queries import actor_of
from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor, system
from rawabit.pipeline.actions import (
    add_partner,
    add_person,
    lose,
    move_stage,
    open_opportunity,
    set_lines,
    set_next_step,
    win,
)
from rawabit.pipeline.models import LostReason, Opportunity, Source, Stage
from rawabit.sales.actions import quotation_from, send_quotation
from rawabit.trade.logic.lines import LineInput


class Told(NamedTuple):
    """A deal: titles (Arabic, Persian), its stage (0: decided), value in thousands or 0 for lines, days since it was
    opened and since it was last touched, days until it is expected to close and until its next step."""

    ar: str
    fa: str
    stage: int
    thousands: int
    opened: int
    touched: int
    close: int | None
    step: int
    end: str = ""


DEALS = (
    Told("توريد مضخات لمحطة التحلية", "تأمین پمپ برای آب‌شیرین‌کن", 4, 0, 60, 1, 12, 1),
    Told("تجديد غرفة المضخات", "نوسازی موتورخانه", 3, 0, 45, 2, 25, 0),
    Told("عقد صيانة سنوي", "قرارداد پشتیبانی سالانه", 3, 96, 40, 18, 20, -6),
    Told("توسعة مستودع جدة", "تجهیز انبار", 2, 240, 30, 20, 55, -9),
    Told("شبكة ري حدائق البلدية", "شبکهٔ آبیاری بوستان‌ها", 2, 0, 28, 3, 70, 4),
    Told("فلاتر لمصنع الألبان", "فیلتر برای کارخانهٔ لبنیات", 1, 58, 9, 2, 40, 2),
    Told("خزانات مياه للمجمع السكني", "مخازن آب مجتمع مسکونی", 1, 130, 22, 21, None, -14),
    Told("تركيب عدادات ذكية", "نصب کنتور هوشمند", 1, 75, 5, 1, 90, 3),
    Told("مضخات إطفاء للبرج", "پمپ آتش‌نشانی برج", 3, 0, 50, 4, 8, 0),
    Told("قطع غيار للربع القادم", "قطعات یدکی فصل آینده", 2, 34, 16, 5, 35, 6),
    Told("استبدال محركات قديمة", "تعویض موتورهای فرسوده", 4, 0, 75, 9, -3, -2),
    Told("توريد أنابيب لمشروع الطريق", "تأمین لوله برای پروژهٔ راه", 2, 410, 33, 6, 110, 5),
    Told("وحدة معالجة صغيرة", "واحد تصفیهٔ کوچک", 1, 88, 12, 4, 60, 1),
    Told("تجهيز ورشة الصيانة", "تجهیز کارگاه تعمیرات", 3, 0, 36, 3, 30, 2),
    Told("اتفاقية توريد سنوية", "قرارداد تأمین سالانه", 4, 0, 82, 2, 18, 3),
    Told("مضخة غاطسة للبئر", "پمپ شناور چاه", 2, 21, 14, 15, 45, -1),
    Told("تحديث لوحات التحكم", "نوسازی تابلوهای کنترل", 0, 150, 70, 4, None, 0, "won"),
    Told("توريد فلاتر المدرسة", "فیلتر مدرسه", 0, 0, 55, 6, None, 0, "won"),
    Told("مضخات لملعب كرة القدم", "پمپ استادیوم", 0, 190, 64, 3, None, 0, "lost"),
    Told("خط إنتاج المياه المعبأة", "خط تولید آب بسته‌بندی", 0, 520, 90, 8, None, 0, "lost"),
)
STEPS = {
    "ar": ("الاتصال بمدير المشتريات", "زيارة الموقع", "إرسال عرض السعر", "متابعة الموافقة المالية"),
    "fa": ("تماس با مدیر خرید", "بازدید از محل", "ارسال پیش‌فاکتور", "پیگیری تأیید مالی"),
}
COMPETITORS = ("", "", "منافس الشرقية", "", "شركة المياه الحديثة")
ROLES = ("decision_maker", "user", "finance", "technical")


def tell_deals(setting: Setting, now: datetime) -> None:
    """The deals in the order in which they were begun, so that their numbers stand in it too."""
    staff = {user.pk: actor_of(user) for user in setting.staff}
    buyers = [customer for customer in setting.customers if customer.kind != Customer.PARTNER]
    stages = list(Stage.objects.order_by("position"))
    sources = list(Source.objects.order_by("pk"))
    numbered = sorted(enumerate(DEALS), key=lambda pair: -pair[1].opened)
    for number, told in numbered:
        customer = buyers[number % len(buyers)]
        seller = staff.get(customer.owner_id or 0) or system("setup")
        deal = _begun(setting, told, number, customer, sources, seller, now)
        _went_on(deal, told, number, stages, seller, now)
    _with_partner(setting, now)


def _begun(
    setting: Setting, told: Told, number: int, customer: Customer, sources: Sequence[Source], seller: Actor,
    now: datetime,
) -> Opportunity:  # fmt: skip
    at, today = now - timedelta(days=told.opened), local_day(now)
    first = contacts_of(customer).first()
    deal = Opportunity(
        title=told.fa if customer.language == "fa" else told.ar, customer=customer,
        contact=first.contact if first else None, source=sources[number % len(sources)], currency=customer.currency,
        value=_value(told.thousands, customer.currency),
        competitor=COMPETITORS[number % len(COMPETITORS)],
        expected_close=None if told.close is None else today + timedelta(days=told.close),
    )  # fmt: skip
    deal = open_opportunity(deal, actor=seller, at=at)
    for place, row in enumerate(contacts_of(customer)[:3]):
        add_person(deal, row.contact, ROLES[place], actor=seller, at=at)
    if not told.thousands:
        items = list(setting.items)[number % 5 : number % 5 + 3]
        rows = [LineInput(item_id=item.pk, quantity=Decimal(4 + 3 * place)) for place, item in enumerate(items)]
        deal = set_lines(deal, rows, actor=seller, at=at)
    return deal


def _value(thousands: int, currency: str) -> int:
    """So many thousands of riyals in minor units of a currency."""
    return Money.of((thousands * 1000 * RATES[currency]).quantize(Decimal(1)), currency).minor


def _went_on(deal: Opportunity, told: Told, number: int, stages: Sequence[Stage], seller: Actor, now: datetime) -> None:
    last, today = now - timedelta(days=told.touched), local_day(now)
    words = STEPS["fa" if deal.customer and deal.customer.language == "fa" else "ar"]
    reached = told.stage or 3
    for place, stage in enumerate(stages[1:reached], 1):
        at = now - timedelta(days=told.opened - (told.opened - told.touched) * place // reached)
        if stage.required and not deal.expected_close and "expected_close" in stage.required:
            break
        deal = move_stage(deal, stage, actor=system("setup"), at=at)
    if told.end == "won":
        win(deal, actor=system("setup"), at=last)
    elif told.end == "lost":
        reasons = list(LostReason.objects.order_by("pk"))
        lose(deal, reasons[number % len(reasons)], actor=system("setup"), at=last)
    else:
        set_next_step(deal, words[number % 4], today + timedelta(days=told.step), actor=seller, at=last)
    if told.stage == 4 and seller.user_id:
        offer = quotation_from(deal, actor=seller, at=last)
        if number % 2 == 0:
            send_quotation(offer, actor=seller, at=last)


def _with_partner(setting: Setting, now: datetime) -> None:
    """One deal is pursued together with a partner."""
    partner = next((one for one in setting.customers if one.kind == Customer.PARTNER), None)
    deal = Opportunity.objects.filter(state="open", currency="SAR").order_by("-value").first()
    if partner is not None and deal is not None:
        add_partner(deal, partner, "التركيب والتشغيل", Decimal(30), actor=system("setup"), at=now - timedelta(days=1))
