"""The demo's portal: documents both ways, registrations that wait, and web sites that may show the widget."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from rawabit.company.models import Company
from rawabit.demo.setting import Setting
from rawabit.kit.records.actions import attach
from rawabit.kit.records.actor import Actor, system
from rawabit.portal.actions.documents import publish_document, receive_document
from rawabit.portal.actions.registering import Asked, request_registration
from rawabit.portal.models import SharedDocument

# Arabic, Persian, English, kind, must be confirmed, file
DOCUMENTS = (
    ("سياسة الإرجاع والضمان", "شرایط مرجوعی و ضمانت", "Returns and warranty policy", "policy", True, "returns.txt"),
    ("شهادة ضريبة القيمة المضافة", "گواهی مالیات بر ارزش افزوده", "VAT certificate", "certificate", False, "vat.txt"),
    ("دليل تركيب المضخات", "راهنمای نصب پمپ", "Pump installation guide", "tool", False, "installation.txt"),
)
ASKING = (
    Asked("سارة الحربي", "مؤسسة ينابيع الشمال", "SA", "", "sara@yanabee.example", "+966501112233", "ar",
          "نشتري مضخات شهرياً ونرغب في متابعة طلباتنا وفواتيرنا."),
    Asked("رضا کاظمی", "شرکت آب‌گستر جنوب", "IR", "", "reza@abgostar.example", "", "fa",
          "برای دیدن پیش‌فاکتورها به دسترسی نیاز داریم."),
)  # fmt: skip
TEXT = "روافد · Rawafed\n\n{name}\n"


def tell_portal(setting: Setting, now: datetime) -> None:
    """What a company that has used the portal for some weeks has in it."""
    actor, customers = system("setup"), setting.customers
    Company.objects.filter(pk=setting.company.pk).update(
        registration="approval", embed_hosts="https://www.demo.example"
    )
    for arabic, persian, english, kind, must_agree, file in DOCUMENTS:
        document = SharedDocument.objects.create(
            name=arabic, name_ar=arabic, name_fa=persian, name_en=english, kind=kind, must_agree=must_agree
        )
        upload = SimpleUploadedFile(file, TEXT.format(name=arabic).encode())
        attach(document, upload, for_customer=True, actor=actor, at=now - timedelta(days=20))
        publish_document(document, actor=actor, at=now - timedelta(days=20))
    for days, customer in enumerate(customers[:2], 1):
        upload = SimpleUploadedFile("السجل التجاري.txt", TEXT.format(name=customer.name).encode())
        receive_document(customer, upload, kind="certificate", note="", actor=actor, at=now - timedelta(days=days))
    for hours, asked in enumerate(ASKING, 2):
        visitor = Actor(None, name=asked.full_name, door="public")
        request_registration(asked, actor=visitor, at=now - timedelta(hours=hours))
