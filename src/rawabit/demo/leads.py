"""The demo's leads: a form on the web site, criteria, questions and rules, and twenty people who may buy."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from rawabit.company.queries import local_day
from rawabit.demo.setting import Setting
from rawabit.identity.models import Team
from rawabit.kit.records.actor import Actor, system
from rawabit.leads import actions
from rawabit.leads.actions import Become, Inbound
from rawabit.leads.models import AssignmentRule, Choice, Criterion, FormField, Lead, LeadKey, Question, WebForm
from rawabit.pipeline.actions import install_pipeline
from rawabit.pipeline.models import Source

FIELDS = (
    ("name", "الاسم الكامل", "نام و نام خانوادگی", "Full name", True),
    ("company_name", "المنشأة", "شرکت", "Company", False),
    ("phone", "الجوال", "موبایل", "Mobile", True),
    ("email", "البريد الإلكتروني", "ایمیل", "E-mail", False),
    ("city", "المدينة", "شهر", "City", False),
    ("own_choice", "متى تحتاجها؟", "چه زمانی لازم دارید؟", "When do you need it?", False),
    ("interest", "ما الذي تبحث عنه؟", "به چه چیزی نیاز دارید؟", "What are you looking for?", False),
)
WHEN = ("هذا الشهر\nخلال ثلاثة أشهر\nلاحقاً", "این ماه\nتا سه ماه\nبعداً", "This month\nWithin three months\nLater")
CRITERIA = (
    ("منشأة معروفة", "شرکت مشخص است", "Company is known", "company_name", "filled", "", 20),
    ("في الرياض", "در ریاض", "In Riyadh", "city", "is", "الرياض", 15),
    ("توصية", "معرفی", "Recommended", "source", "contains", "Recommendation", 25),
    ("تحدث عن مضخات", "درباره پمپ پرسیده", "Asks for pumps", "interest", "contains", "مضخ", 15),
    ("بريد مجاني", "ایمیل رایگان", "Free mail", "email", "contains", "@gmail.", -10),
)
QUESTIONS = (
    (("هل الميزانية معتمدة؟", "آیا بودجه تصویب شده است؟", "Is the budget approved?"), (
        ("نعم", "بله", "Yes", 30), ("قيد الاعتماد", "در دست تصویب", "Being decided", 10), ("لا", "خیر", "No", -10),
    )),
    (("من يقرر الشراء؟", "چه کسی تصمیم می‌گیرد؟", "Who decides?"), (
        ("هو نفسه", "خودش", "The person himself", 20), ("غيره", "دیگری", "Somebody else", 0),
    )),
)  # fmt: skip


class Who(NamedTuple):
    """``fate``: "" still new, then how far the lead has come."""

    name: str
    company: str
    phone: str
    city: str
    source: str
    interest: str
    days: int
    fate: str = ""
    country: str = "SA"
    language: str = "ar"


PEOPLE = (
    Who("سلطان المطيري", "مزارع الوسم", "0551200101", "الرياض", "Web site", "عشر مضخات غاطسة لمزرعة في الخرج", 1),
    Who("هيفاء الشهري", "", "0551200102", "جدة", "WhatsApp", "خزان مياه للفيلا", 1),
    Who("نواف الحربي", "مقاولات النواف", "0551200103", "الرياض", "Trade fair", "شبكة ري لحديقة عامة", 2, "taken"),
    Who("مريم الدوسري", "فنادق الساحل", "0551200104", "الدمام", "Recommendation", "صيانة مضخات الفندق", 3, "won"),
    Who("فهد السبيعي", "مصنع التمور", "0551200105", "بريدة", "Campaign", "نظام تحلية للمصنع", 4, "qualified"),
    Who("رضا موسوی", "کشت و صنعت پارس", "+989121230006", "شیراز", "E-mail", "پمپ کف‌کش برای گلخانه", 4, "taken", "IR",
        "fa"),
    Who("زهرا امینی", "آب‌سازان", "+989121230007", "اصفهان", "Web site", "فهرست قیمت شیرآلات", 5, "", "IR", "fa"),
    Who("عبدالعزيز الغامدي", "", "0551200108", "الطائف", "Phone", "سعر مضخة نصف حصان", 6, "dropped"),
    Who("لمى العتيبي", "مدارس الرواد", "0551200109", "الرياض", "Web site", "برادات مياه لثلاثة مبان", 8, "won"),
    Who("تركي القحطاني", "استراحات النخيل", "0551200110", "الخرج", "Campaign", "مضخات مسابح", 9, "taken"),
    Who("Omar Haddad", "Gulf Cooling LLC", "+971501230011", "Dubai", "Trade fair", "Booster pumps for two towers", 10,
        "qualified", "AE", "en"),
    Who("بدر الزهراني", "زهران للتشغيل", "0551200112", "الباحة", "Phone", "عقد صيانة", 12, "taken"),
    Who("علی کریمی", "شهرک صنعتی سپهر", "+989121230013", "تهران", "Campaign", "تصفیه‌خانه کوچک", 14, "dropped", "IR",
        "fa"),
    Who("ريم الخالدي", "مستشفى الأمل", "0551200114", "الدمام", "Recommendation", "غرفة مضخات احتياطية", 16, "won"),
    Who("ماجد البقمي", "", "0551200115", "الرياض", "WhatsApp", "فلتر مركزي", 18, "taken"),
    Who("شركة بنيان", "بنيان للمقاولات", "0551200116", "جدة", "E-mail", "كميات مواسير ومحابس", 20, "qualified"),
    Who("نايف العنزي", "محطات الشمال", "0551200117", "حائل", "Trade fair", "مضخات وقود", 22, "dropped"),
    Who("حسن الأحمدي", "", "0551200118", "المدينة", "Web site", "استفسار عن الضمان", 25, "dropped"),
    Who("جواهر السالم", "كافيهات جود", "0551200119", "الرياض", "Campaign", "أنظمة تنقية لخمسة فروع", 27, "won"),
    Who("مشعل الرشيد", "الرشيد الزراعية", "0551200120", "القصيم", "Recommendation", "مضخات شمسية", 29, "qualified"),
)  # fmt: skip


def tell_leads(setting: Setting, now: datetime) -> None:
    """What a company with a web form and a few fairs a year has in its list."""
    install_pipeline(actor=system("setup"), at=now)
    sources = {row.name: row for row in Source.objects.all()}
    make_rules(setting, sources)
    for who in reversed(PEOPLE):
        tell_one(who, sources, now)
    form = make_form(sources["Web site"])
    LeadKey.objects.create(name="منصة الإعلانات", name_en="Advertising", source=sources["Campaign"])
    words = {"name": "وليد الفيفي", "phone": "0551200121", "city": "الرياض", "interest": "مضخات لعمارة من خمسة أدوار"}
    arrived = Inbound(form, "demo", words, [("الاسم الكامل", words["name"]), ("متى تحتاجها؟", "هذا الشهر")], "ar")
    actions.arrive(arrived, at=now - timedelta(hours=2))


def names(*words: str) -> dict[str, str]:
    arabic, persian, english = words
    return {"name": arabic, "name_ar": arabic, "name_fa": persian, "name_en": english}


def make_form(source: Source) -> WebForm:
    form = WebForm.objects.create(
        **names("اطلب عرضاً", "درخواست پیشنهاد", "Ask for an offer"), source=source, language="ar",
        hosts="https://www.demo.example", thanks="شكراً لك. نتصل بك خلال يوم عمل.",
        thanks_fa="سپاس. تا یک روز کاری با شما تماس می‌گیریم.", thanks_en="Thank you. We call you within a working day.",
    )  # fmt: skip
    for place, (key, arabic, persian, english, required) in enumerate(FIELDS, 1):
        answers = dict(zip(("options", "options_fa", "options_en"), WHEN, strict=True)) if key == "own_choice" else {}
        labels = names(arabic, persian, english)
        FormField.objects.create(form=form, key=key, required=required, position=place, **labels, **answers)
    return form


def make_rules(setting: Setting, sources: dict[str, Source]) -> None:
    for arabic, persian, english, field, test, value, points in CRITERIA:
        Criterion.objects.create(**names(arabic, persian, english), field=field, test=test, value=value, points=points)
    for place, (words, answers) in enumerate(QUESTIONS, 1):
        question = Question.objects.create(**names(*words), position=place)
        for number, (arabic, persian, english, points) in enumerate(answers, 1):
            labels = names(arabic, persian, english)
            Choice.objects.create(question=question, position=number, points=points, **labels)
    team = Team.objects.order_by("pk").first()
    AssignmentRule.objects.create(
        **names("إيران", "ایران", "Iran"), country="IR", way="person", person=setting.staff[2], position=1
    )
    AssignmentRule.objects.create(
        **names("المعارض للأقل انشغالاً", "نمایشگاه‌ها به کم‌کارترین", "Fairs to the least busy"), way="load", team=team,
        source=sources["Trade fair"], position=2,
    )  # fmt: skip
    AssignmentRule.objects.create(
        **names("البقية بالدور", "بقیه به نوبت", "The rest in turn"), way="turn", team=team, position=3, min_score=1
    )


def tell_one(who: Who, sources: dict[str, Source], now: datetime) -> None:
    at, actor = now - timedelta(days=who.days), system("setup")
    lead = actions.create_lead(
        Lead(
            name=who.name, company_name=who.company, phone=who.phone, city=who.city, source=sources[who.source],
            interest=who.interest, country=who.country, language=who.language,
        ),
        actor=actor, at=at,
    )  # fmt: skip
    if who.fate:
        go_on(lead, who.fate, actor, at, now)


def go_on(lead: Lead, fate: str, actor: Actor, at: datetime, now: datetime) -> None:
    """As far as the lead has come."""
    if fate == "dropped":
        actions.drop(lead, "الميزانية غير متوفرة", actor=actor, at=at + timedelta(hours=20))
        return
    lead = actions.take(lead, actor=actor, at=at + timedelta(hours=3))
    step = at + timedelta(hours=5)
    if fate in ("qualified", "won"):
        for question in Question.objects.prefetch_related("choices"):
            actions.answer(lead, question, question.choices.all()[0], actor=actor, at=step)
        lead = actions.qualify(lead, actor=actor, at=step)
    if fate == "won":
        become = Become(deal=lead.interest[:80], value=45_000_00)
        actions.convert_lead(lead, become, actor=actor, at=min(at + timedelta(days=2), now))
        return
    due = local_day(now) + timedelta(days=(lead.pk % 5) - 1)
    actions.plan(lead, "اتصال للمتابعة" if lead.language == "ar" else "Call again", due, actor=actor, at=step)
