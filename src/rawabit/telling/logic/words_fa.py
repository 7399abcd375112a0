"""What messages say in Persian when nobody has changed them: subject, text, WhatsApp text."""

from __future__ import annotations

from typing import Final

_HELLO: Final = "با سلام {name}،\n\n"

_TEXTS: Final = {
    "quotation_sent": (
        "پیش‌فاکتور {number} آمادهٔ بررسی شماست",
        "پیش‌فاکتور {number} آمادهٔ بررسی شماست.\nاین پیش‌فاکتور تا {until} معتبر است.",
        "پیش‌فاکتور {number} به مبلغ {total} آمادهٔ بررسی شماست.\nمعتبر تا {until}.",
    ),
    "quotation_accepted": (
        "پیش‌فاکتور {number} پذیرفته شد",
        "پیش‌فاکتور {number} پذیرفته شد. از اعتماد شما سپاسگزاریم و سفارش را پی می‌گیریم.\nپذیرنده: {by}.",
        "",
    ),
    "quotation_expired": (
        "اعتبار پیش‌فاکتور {number} تمام شد",
        "اعتبار پیش‌فاکتور {number} در {until} تمام شد.\n\nمی‌توانید تمدید آن را از صفحهٔ پیش‌فاکتور بخواهید.",
        "",
    ),
    "quotation_answered": (
        "پاسخ پرسش شما دربارهٔ پیش‌فاکتور {number}",
        "به پرسش شما دربارهٔ پیش‌فاکتور {number} پاسخ داده شد.",
        "",
    ),
    "approval_asked": (
        "درخواست تأیید پیش‌فاکتور {number} از {by}",
        "{by} می‌خواهد پیش‌فاکتور {number} به مبلغ {total} پذیرفته شود که بیش از سقف مجاز اوست.\nمعتبر تا {until}.",
        "",
    ),
    "quotation_signed": (
        "{customer} پیش‌فاکتور {number} را پذیرفت",
        "{customer} پیش‌فاکتور {number} را پذیرفت.\nپذیرنده: {by}.\n\nنسخهٔ امضاشده پیوست است.",
        "",
    ),
    "order_answered": (
        "پاسخ پرسش شما دربارهٔ سفارش {number}",
        "به پرسش شما دربارهٔ سفارش {number} پاسخ داده شد.",
        "",
    ),
    "order_confirmed": (
        "سفارش {number} تأیید شد",
        "سفارش {number} تأیید شد.\nزمان تقریبی تحویل: {day}.",
        "سفارش {number} به مبلغ {total} تأیید شد.\nزمان تقریبی تحویل: {day}.",
    ),
    "order_promise": (
        "زمان تحویل سفارش {number} تغییر کرد",
        "زمان تقریبی تحویل سفارش {number} تغییر کرد.\nزمان تازه: {day}.\nدلیل: {reason}.",
        "",
    ),
    "order_held": (
        "سفارش {number} موقتاً معلق است",
        "سفارش {number} موقتاً معلق است. شما را در جریان می‌گذاریم و آمادهٔ پاسخ به پرسش‌هایتان هستیم.",
        "",
    ),
    "order_cancelled": ("سفارش {number} لغو شد", "سفارش {number} لغو شد.\nدلیل: {reason}.", ""),
    "delivery_shipped": (
        "مرسولهٔ سفارش {order} در راه است",
        "مرسولهٔ سفارش {order} از انبار ما بیرون رفت و در راه است.\nزمان تقریبی تحویل: {day}.",
        "مرسولهٔ سفارش {order} در راه است.\nشرکت حمل: {carrier}\nکد رهگیری: {tracking}",
    ),
    "delivery_out": (
        "مرسولهٔ سفارش {order} امروز می‌رسد",
        "مرسولهٔ سفارش {order} امروز برای تحویل فرستاده شد. لطفاً کسی آمادهٔ دریافت باشد.",
        "",
    ),
    "delivery_delivered": (
        "مرسولهٔ سفارش {order} تحویل شد",
        "مرسولهٔ سفارش {order} تحویل شد.\nتحویل‌گیرنده: {by}.",
        "",
    ),
    "invoice_posted": (
        "فاکتور {number} از {company}",
        "فاکتور {number} به مبلغ {total} صادر شد.\nسررسید: {due}.",
        "فاکتور {number} به مبلغ {total} صادر شد.\nسررسید: {due}.",
    ),
    "credit_note_posted": (
        "برگشت از فروش {number} از {company}",
        "برگشت از فروش {number} به مبلغ {total} صادر شد.\nمربوط به فاکتور {invoice}.",
        "برگشت از فروش {number} به مبلغ {total} صادر شد.",
    ),
    "payment_receipt": (
        "رسید دریافت {number} به مبلغ {amount}",
        "مبلغ {amount} دریافت و با رسید {number} ثبت شد. سپاسگزاریم.",
        "مبلغ {amount} دریافت شد. رسید {number}. سپاسگزاریم.",
    ),
    "transfer_accepted": ("واریز {amount} تأیید شد", "دریافت واریز شما به مبلغ {amount} تأیید شد. سپاسگزاریم.", ""),
    "transfer_refused": (
        "واریز {amount} پیدا نشد",
        ("رسید واریز {amount} را بررسی کردیم و آن را در حساب خود نیافتیم.\nدلیل: {reason}.\n\n"
         "لطفاً با بانک خود یا با ما تماس بگیرید."),
        "",
    ),
    "invoice_reminder": (
        "یادآوری فاکتور {number}",
        ("یادآوری می‌کنیم که از فاکتور {number} هنوز {open} قابل پرداخت است.\nسررسید: {due}.\n\n"
         "اگر پرداخت کرده‌اید، این پیام را نادیده بگیرید."),
        "یادآوری فاکتور {number}: مبلغ قابل پرداخت {open}.\nسررسید: {due}.",
    ),
    "statement": (
        "گردش حساب از {first} تا {last}",
        "گردش حساب {customer} از {first} تا {last} پیوست است.\nمانده: {balance}.",
        "",
    ),
    "dispute_answered": ("پاسخ اعتراض شما به {number}", "به اعتراض شما به فاکتور {number} پاسخ داده شد.", ""),
    "dispute_closed": ("اعتراض شما به {number} رسیدگی شد", "به اعتراض شما به فاکتور {number} رسیدگی شد.", ""),
    "change_accepted": ("مشخصات تغییر کرد", "مشخصات {customer} همان‌گونه که خواسته بودید تغییر کرد.\n{what}", ""),
    "change_refused": ("مشخصات تغییر نکرد", "تغییر مشخصات {customer} ممکن نشد.\n{what}\nدلیل: {reason}.", ""),
    "document_shared": ("سند تازه: {what}", "{company} سندی را با شما در میان گذاشت: {what}.", ""),
    "link_renewed": ("پیوند تازهٔ سند {number}", "پیوند تازهٔ سند {number} که خواسته بودید.", ""),
    "registration_approved": (
        "به پورتال {company} خوش آمدید",
        "درخواست ثبت‌نام پذیرفته شد. می‌توانید با همین ایمیل وارد شوید؛ کد تأیید می‌فرستیم و گذرواژه لازم نیست.",
        "",
    ),
    "registration_refused": (
        "درخواست ثبت‌نام نزد {company}",
        "درخواست ثبت‌نام پذیرفته نشد.\nدلیل: {reason}.\n\nآمادهٔ پاسخ به پرسش‌هایتان هستیم.",
        "",
    ),
}  # fmt: skip
WORDS: Final = {kind: (subject, _HELLO + text, chat) for kind, (subject, text, chat) in _TEXTS.items()}
