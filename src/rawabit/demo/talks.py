"""What the sales people said and did in the last weeks, and what waits for them today."""

from __future__ import annotations

from datetime import datetime, timedelta

from rawabit.crm.models import Contact, Customer
from rawabit.crm.queries import primary_contact
from rawabit.demo.setting import Setting
from rawabit.identity.models import User
from rawabit.identity.queries import actor_of
from rawabit.kit.records.actor import Actor
from rawabit.talks import actions
from rawabit.talks.actions.meetings import Plan

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CALLS = (
    (1, "answered", 6, "سأل عن موعد تسليم المضخات الجديدة، ووعدته بالرد غداً."),
    (4, "no_answer", None, ""),
    (9, "answered", 11, "راضٍ عن الطلبية الأخيرة. يفكر في عقد صيانة سنوي."),
    (16, "call_back", 2, "في اجتماع، طلب معاودة الاتصال بعد العصر."),
    (23, "busy", None, ""),
)
CHAT = (
    "09:12 {name}: السلام عليكم، هل وصلت الشحنة؟\n09:15 فهد: وعليكم السلام، وصلت أمس وستسلَّم اليوم قبل الظهر.\n"
    "09:16 {name}: ممتاز، شكراً لكم"
)


def tell_talks(setting: Setting, now: datetime) -> None:
    """For the first customers, by whoever looks after them."""
    people = {one.pk: one for one in setting.staff}
    for number, customer in enumerate(setting.customers[:8]):
        owner = people.get(customer.owner_id or 0) or setting.staff[0]
        contact = primary_contact(customer)
        if contact is not None:
            _said(customer, contact, actor_of(owner), now - number * 5 * HOUR)
            _to_do(customer, contact, owner, now, number)


def _said(customer: Customer, contact: Contact, actor: Actor, now: datetime) -> None:
    for days, outcome, minutes, body in CALLS:
        at = now - days * DAY
        actions.log_call(customer, outcome=outcome, minutes=minutes, body=body, contact=contact, actor=actor, at=at)
    actions.log_meeting(
        customer, title="مراجعة احتياجات الربع القادم", place="مكتب العميل", minutes=50, contact=contact,
        body="عرضوا خطة التوسعة: خط إنتاج ثانٍ قبل نهاية العام.",
        decisions="إرسال عرض سعر لست مضخات. زيارة الموقع لأخذ القياسات.", actor=actor, at=now - 12 * DAY,
    )  # fmt: skip
    actions.log_visit(customer, place="المستودع", body="استلام العينات وفحصها مع أمين المستودع.", contact=contact,
                      actor=actor, at=now - 20 * DAY)  # fmt: skip
    actions.record_whatsapp(customer, CHAT.format(name=contact.full_name), direction="in", contact=contact, actor=actor,
                            at=now - 2 * DAY)  # fmt: skip
    actions.write_note(customer, "يفضّل الواتساب بعد الرابعة عصراً، ولا يرد على المكالمات يوم الجمعة.", pinned=True,
                       actor=actor, at=now - 30 * DAY)  # fmt: skip


def _to_do(customer: Customer, contact: Contact, owner: User, now: datetime, number: int) -> None:
    actor, at = actor_of(owner), now - 2 * DAY
    titles = ("متابعة عرض السعر", "إرسال كتالوج المضخات", "تأكيد موعد التركيب", "السؤال عن الدفعة المتأخرة")
    due = now + (number - 3) * 7 * HOUR
    actions.plan_task(customer, titles[number % 4], due=due, contact=contact,
                      priority="high" if number % 4 == 0 else "normal", actor=actor, at=at)  # fmt: skip
    if number % 2 == 0:
        plan = Plan("عرض الحلول الجديدة", now + (number + 1) * 5 * HOUR, 45, "عن بُعد", contacts=[contact])
        actions.plan_meeting(customer, plan, invite=False, actor=actor, at=at)
