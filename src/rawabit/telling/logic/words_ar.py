"""What messages say in Arabic when nobody has changed them: subject, text, WhatsApp text."""

from __future__ import annotations

from typing import Final

_HELLO: Final = "السلام عليكم {name}،\n\n"

_TEXTS: Final = {
    "quotation_sent": (
        "عرض السعر {number} جاهز لمراجعتكم",
        "عرض السعر {number} جاهز لمراجعتكم.\nالعرض صالح حتى {until}.",
        "عرض السعر {number} بمبلغ {total} جاهز لمراجعتكم.\nصالح حتى {until}.",
    ),
    "quotation_accepted": (
        "تم قبول عرض السعر {number}",
        "تم قبول عرض السعر {number}. نشكر لكم ثقتكم، وسنبدأ بتنفيذ الطلب.\nتم القبول من قبل {by}.",
        "",
    ),
    "quotation_expired": (
        "انتهت صلاحية عرض السعر {number}",
        "انتهت صلاحية عرض السعر {number} في {until}.\n\nيمكن طلب تجديده من صفحة العرض.",
        "",
    ),
    "quotation_answered": (
        "الرد على استفساركم عن عرض السعر {number}",
        "تم الرد على استفساركم عن عرض السعر {number}.",
        "",
    ),
    "approval_asked": (
        "طلب اعتماد عرض السعر {number} من {by}",
        "يرغب {by} في قبول عرض السعر {number} بمبلغ {total}، وهو أعلى من الحد المسموح له.\nصالح حتى {until}.",
        "",
    ),
    "quotation_signed": (
        "قبل {customer} عرض السعر {number}",
        "قبل {customer} عرض السعر {number}.\nقبله: {by}.\n\nالنسخة الموقعة مرفقة.",
        "",
    ),
    "order_answered": (
        "الرد على استفساركم عن الطلب {number}",
        "تم الرد على استفساركم عن الطلب {number}.",
        "",
    ),
    "order_confirmed": (
        "تم تأكيد الطلب {number}",
        "تم تأكيد الطلب {number}.\nموعد التسليم المتوقع: {day}.",
        "تم تأكيد الطلب {number} بمبلغ {total}.\nموعد التسليم المتوقع: {day}.",
    ),
    "order_promise": (
        "تغيّر موعد تسليم الطلب {number}",
        "تغيّر موعد التسليم المتوقع للطلب {number}.\nالموعد الجديد: {day}.\nالسبب: {reason}.",
        "",
    ),
    "order_held": (
        "الطلب {number} معلّق مؤقتاً",
        "الطلب {number} معلّق مؤقتاً. سنوافيكم بالمستجدات، ويسعدنا الرد على أي استفسار.",
        "",
    ),
    "order_cancelled": ("تم إلغاء الطلب {number}", "تم إلغاء الطلب {number}.\nالسبب: {reason}.", ""),
    "delivery_shipped": (
        "شحنة الطلب {order} في الطريق إليكم",
        "غادرت شحنة الطلب {order} مستودعنا وهي في الطريق إليكم.\nموعد التسليم المتوقع: {day}.",
        "شحنة الطلب {order} في الطريق إليكم.\nشركة الشحن: {carrier}\nرقم التتبع: {tracking}",
    ),
    "delivery_out": (
        "شحنة الطلب {order} تصلكم اليوم",
        "خرجت شحنة الطلب {order} للتسليم اليوم. نرجو تهيئة من يستلمها.",
        "",
    ),
    "delivery_delivered": (
        "تم تسليم شحنة الطلب {order}",
        "تم تسليم شحنة الطلب {order}.\nاستلمها: {by}.",
        "",
    ),
    "invoice_posted": (
        "الفاتورة {number} من {company}",
        "صدرت الفاتورة {number} بمبلغ {total}.\nتاريخ الاستحقاق: {due}.",
        "صدرت الفاتورة {number} بمبلغ {total}.\nتاريخ الاستحقاق: {due}.",
    ),
    "credit_note_posted": (
        "إشعار دائن {number} من {company}",
        "صدر الإشعار الدائن {number} بمبلغ {total}.\nيخص الفاتورة {invoice}.",
        "صدر الإشعار الدائن {number} بمبلغ {total}.",
    ),
    "payment_receipt": (
        "سند قبض {number} بمبلغ {amount}",
        "استلمنا مبلغ {amount} وسُجّل بسند القبض {number}. شكراً لكم.",
        "استلمنا مبلغ {amount}. سند القبض {number}. شكراً لكم.",
    ),
    "transfer_accepted": ("تم تأكيد حوالتكم بمبلغ {amount}", "تم تأكيد استلام حوالتكم بمبلغ {amount}. شكراً لكم.", ""),
    "transfer_refused": (
        "لم نجد الحوالة بمبلغ {amount}",
        ("راجعنا إيصال الحوالة بمبلغ {amount} ولم نجدها في حسابنا.\nالسبب: {reason}.\n\n"
         "نرجو مراجعة البنك أو التواصل معنا."),
        "",
    ),
    "invoice_reminder": (
        "تذكير بالفاتورة {number}",
        ("نذكّركم بأن الفاتورة {number} ما زال المبلغ المستحق منها {open}.\nتاريخ الاستحقاق: {due}.\n\n"
         "إذا تم السداد فنرجو تجاهل هذه الرسالة."),
        "تذكير بالفاتورة {number}: المبلغ المستحق {open}.\nتاريخ الاستحقاق: {due}.",
    ),
    "statement": (
        "كشف الحساب من {first} إلى {last}",
        "نرفق كشف حساب {customer} من {first} إلى {last}.\nالرصيد: {balance}.",
        "",
    ),
    "dispute_answered": ("الرد على اعتراضكم على {number}", "تم الرد على اعتراضكم على الفاتورة {number}.", ""),
    "dispute_closed": ("تمت تسوية اعتراضكم على {number}", "تمت تسوية اعتراضكم على الفاتورة {number}.", ""),
    "change_accepted": ("تم تعديل البيانات", "تم تعديل بيانات {customer} كما طُلب.\n{what}", ""),
    "change_refused": ("لم تُعدّل البيانات", "لم نتمكن من تعديل بيانات {customer}.\n{what}\nالسبب: {reason}.", ""),
    "document_shared": ("مستند جديد: {what}", "شاركت {company} معكم مستنداً: {what}.", ""),
    "link_renewed": ("رابط جديد للمستند {number}", "هذا رابط جديد للمستند {number} كما طُلب.", ""),
    "registration_approved": (
        "أهلاً بكم في بوابة {company}",
        "تمت الموافقة على طلب التسجيل. يمكن الآن تسجيل الدخول بالبريد نفسه، ونرسل رمز تحقق فلا حاجة إلى كلمة مرور.",
        "",
    ),
    "registration_refused": (
        "طلب التسجيل لدى {company}",
        "لم تتم الموافقة على طلب التسجيل.\nالسبب: {reason}.\n\nيسعدنا الرد على أي استفسار.",
        "",
    ),
}  # fmt: skip
WORDS: Final = {kind: (subject, _HELLO + text, chat) for kind, (subject, text, chat) in _TEXTS.items()}
