# ruff: noqa: E501 - a word and its two translations are read side by side
"""Sample words of the component gallery, by language: the gallery is read by people who build pages, in all three."""

from __future__ import annotations

from typing import Final

_ROWS: Final = """
title | معرض المكونات | نمایشگاه اجزا | Component gallery
lead | كل مكون في كل حالة، فاتحاً وداكناً، باللغات الثلاث. | همهٔ اجزا در همهٔ حالت‌ها، روشن و تیره، به سه زبان. | Every component in every state, light and dark, in three languages.
buttons | الأزرار | دکمه‌ها | Buttons
save | حفظ | ذخیره | Save
cancel | إلغاء | انصراف | Cancel
delete | حذف | حذف | Delete
send | إرسال | ارسال | Send
edit | تعديل | ویرایش | Edit
more | المزيد | بیشتر | More
loading | قيد الإرسال | در حال ارسال | Sending
off | غير متاح | غیرفعال | Not available
open | فتح | باز کردن | Open
print | طباعة | چاپ | Print
status | الحالات | وضعیت‌ها | Status
paid | مدفوعة | پرداخت‌شده | Paid
overdue | متأخرة السداد | سررسیدگذشته | Overdue
waiting | بانتظار العميل | در انتظار مشتری | Waiting for customer
sent | مُرسل | ارسال‌شده | Sent
draft | مسودة | پیش‌نویس | Draft
closed | مغلقة | بسته | Closed
mine | الخاصة بي | مال من | Mine
all | الكل | همه | All
month | هذا الشهر | این ماه | This month
unsaved | غير محفوظ | ذخیره‌نشده | Not saved
remove | إزالة عامل التصفية | برداشتن فیلتر | Remove filter
notes | التنبيهات داخل الصفحة | پیام‌های صفحه | Notes
note_info | سيصلكم الرد خلال 4 ساعات عمل. | پاسخ تا ۴ ساعت کاری دیگر می‌رسد. | We will reply within 4 working hours.
note_ok | تم قبول العرض وتوقيعه. أُرسلت نسخة إلى بريدكم. | پیش‌فاکتور پذیرفته و امضا شد. نسخه‌ای به ایمیل شما فرستاده شد. | Quotation accepted and signed. A copy is in your e-mail.
note_warn | بقي من حد الائتمان القليل. | از سقف اعتبار اندکی مانده است. | Little is left of the credit limit.
note_bad | حدث خطأ لدينا ولم تُفقد بياناتكم. | خطایی از سوی ما رخ داد و داده‌های شما از دست نرفت. | Something failed on our side; nothing you typed was lost.
forms | الحقول | فیلدها | Fields
name | الاسم | نام | Name
name_hint | كما يُكتب في المستندات. | همان‌گونه که در اسناد نوشته می‌شود. | As it is written on documents.
phone | الجوال | تلفن همراه | Mobile
email | البريد الإلكتروني | ایمیل | E-mail
vat | الرقم الضريبي | کد اقتصادی | VAT number
due | تاريخ الاستحقاق | سررسید | Due date
quantity | الكمية | تعداد | Quantity
piece | قطعة | عدد | pieces
amount | المبلغ | مبلغ | Amount
customer | العميل | مشتری | Customer
terms | شروط الدفع | شرایط پرداخت | Payment terms
days30 | 30 يوماً | ۳۰ روز | 30 days
cash | نقداً | نقدی | Cash
note | ملاحظة | یادداشت | Note
note_ph | اكتب ملاحظة… | یادداشتی بنویسید… | Write a note…
channel | تفضيل التواصل | روش ارتباط دلخواه | Contact preference
whatsapp | واتساب | واتساپ | WhatsApp
call | مكالمة | تماس | Call
code | رمز التحقق | کد تأیید | One-time code
password | كلمة المرور | گذرواژه | Password
agree | الموافقة على الشروط والأحكام | پذیرش شرایط و ضوابط | I accept the terms and conditions
notify | إرسال تنبيه عند كل تغيير | با هر تغییر خبرم کنید | Notify me of every change
file | مرفق | پیوست | Attachment
disabled | غير قابل للتعديل | غیرقابل ویرایش | Cannot be changed
required_error | هذا الحقل مطلوب. | این فیلد لازم است. | This field is required.
cards | البطاقات والأرقام | کارت‌ها و عددها | Cards and figures
due_now | مستحق عليك | قابل پرداخت شما | Due from you
two_invoices | فاتورتان، أقربها كانت مستحقة في 1 مارس | ۲ فاکتور، نخستین سررسید ۱۰ اسفند | 2 invoices, the first was due on 1 March
pay | سداد الآن | پرداخت | Pay now
statement | كشف الحساب | گردش حساب | Statement
sales | المبيعات | فروش | Sales
orders | الطلبات | سفارش‌ها | Orders
balance | الرصيد | مانده | Balance
days_to_pay | متوسط أيام السداد | میانگین روزهای پرداخت | Days to pay
credit | حد الائتمان | سقف اعتبار | Credit limit
used | المستخدم | استفاده‌شده | Used
ageing | أعمار الديون | سن مطالبات | Ageing
current | غير مستحق | جاری | Current
lists | القوائم والجداول | فهرست‌ها و جدول‌ها | Lists and tables
number | الرقم | شماره | Number
date | التاريخ | تاریخ | Date
state | الحالة | وضعیت | Status
total | الإجمالي | جمع | Total
select_row | تحديد الصف | انتخاب ردیف | Select row
select_all | تحديد الكل | انتخاب همه | Select all
selected | محدد | انتخاب‌شده | selected
every | كل النتائج المطابقة وعددها 1,248 | همهٔ ۱٬۲۴۸ نتیجه | All 1,248 matches
assign | إسناد | تخصیص | Assign
export | تصدير | خروجی | Export
clear | مسح التحديد | پاک کردن انتخاب | Clear selection
search | بحث برقم أو اسم | جستجوی شماره یا نام | Search number or name
search_go | بحث | جستجو | Search
columns | الأعمدة | ستون‌ها | Columns
document | المستند | سند | Document
quotation | عرض سعر | پیش‌فاکتور | Quotation
valid | صالح حتى | معتبر تا | Valid until
seller | البائع | فروشنده | Seller
buyer | المشتري | خریدار | Buyer
seller_name | شركة روابط الخليج للتجارة | بازرگانی پیوند پارس | Rawabit Trading Company
buyer_name | مؤسسة نورة للمقاولات | تأسیسات البرز | Northwind Contracting
item | الصنف | کالا | Item
item1 | مضخة مياه XP-200 | پمپ آب XP-200 | Water pump XP-200
item2 | تركيب وتشغيل | نصب و راه‌اندازی | Installation
price | سعر الوحدة | قیمت واحد | Unit price
discount | خصم | تخفیف | Discount
net | الإجمالي قبل الضريبة | جمع پیش از مالیات | Total before VAT
tax | ضريبة القيمة المضافة 15% | مالیات بر ارزش افزوده ۱۰٪ | VAT 15%
grand | الإجمالي شامل الضريبة | جمع کل با مالیات | Total including VAT
words | المبلغ كتابةً | مبلغ به حروف | Amount in words
add_line | إضافة بند | افزودن ردیف | Add line
reference | المرجع | مرجع | Reference
owner | المسؤول | مسئول | Owner
owner_name | سلمان الحربي | سارا کریمی | Sam Harper
time | الزمن والسجل | زمان و تاریخچه | Time and history
confirmed | تم التأكيد | تأیید شد | Confirmed
packed | جُهّز للشحن | بسته‌بندی شد | Packed
shipping | مع شركة الشحن | نزد شرکت حمل | With the carrier
delivery | التسليم | تحویل | Delivery
failed | تعذر التسليم | تحویل نشد | Delivery failed
skipped | لا يلزم | لازم نیست | Not needed
changed | عدّل شروط الدفع | شرایط پرداخت را تغییر داد | changed the payment terms
created | أنشأ العرض | پیش‌فاکتور را ساخت | created the quotation
since | منذ آخر زيارة | از آخرین بازدید | Since your last visit
talk | المحادثة | گفتگو | Conversation
msg1 | السلام عليكم، متى تصل المضخة XP-200؟ | سلام، پمپ XP-200 کی می‌رسد؟ | Hello, when will the pump XP-200 arrive?
msg2 | تصل يوم الخميس بإذن الله. | پنجشنبه می‌رسد. | It arrives on Thursday.
msg3 | العميل يفضل الاتصال بعد الرابعة. | مشتری تماس پس از ساعت چهار را ترجیح می‌دهد. | The customer prefers calls after four.
system | أُسندت التذكرة إلى سلمان | تیکت به سارا سپرده شد | Assigned to Sam
internal | ملاحظة داخلية، لا يراها العميل | یادداشت داخلی، مشتری نمی‌بیند | Internal note, the customer does not see it
reply | رد للعميل | پاسخ به مشتری | Reply to customer
internal_tab | ملاحظة داخلية | یادداشت داخلی | Internal note
attach | إرفاق | پیوست | Attach
customer_name | نورة العتيبي | نیما رضایی | Nora Adams
feedback | الرسائل والحالات الفارغة | پیام‌ها و حالت‌های خالی | Feedback and empty states
empty | لا نتائج مطابقة | نتیجه‌ای پیدا نشد | No matches
empty_text | يمكن البحث بكلمة أقصر أو برقم المستند. | واژهٔ کوتاه‌تر یا شمارهٔ سند را امتحان کنید. | Try a shorter word or a document number.
empty_action | مسح التصفية | پاک کردن فیلترها | Clear filters
deleted | تم الحذف | حذف شد | Deleted
undo | تراجع | واگرد | Undo
close | إغلاق | بستن | Close
saved | تم الحفظ | ذخیره شد | Saved
offline | لا يوجد اتصال. ستُرسل تلقائياً عند عودة الشبكة. | اتصال برقرار نیست. با بازگشت شبکه خودکار ارسال می‌شود. | You are offline. It will be sent when you reconnect.
dialog | نافذة حوار | پنجرهٔ گفتگو | Dialog
dialog_text | إصدار الفاتورة نهائي ولا يمكن التراجع عنه. التصحيح يكون بإشعار دائن. | صدور فاکتور نهایی است و برگشت ندارد. اصلاح با برگشت از فروش انجام می‌شود. | Issuing the invoice is final. A correction needs a credit note.
issue | إصدار الفاتورة | صدور فاکتور | Issue invoice
tooltip | تلميح | راهنما | Tooltip
nav | التنقل | پیمایش | Navigation
board | لوحة المراحل | تابلوی کانبان | Board
stage1 | تأهيل | ارزیابی صلاحیت | Qualification
stage2 | تفاوض | مذاکره | Negotiation
stalled | بلا نشاط منذ 14 يوماً | بدون فعالیت ۱۴ روز | No activity for 14 days
sla_ok | الرد الأول تم | پاسخ نخست داده شد | First reply done
sla_warn | الحل خلال 3:18 ساعة عمل | حل تا ۳:۱۸ ساعت کاری | Resolve within 3:18 working hours
sla_bad | تجاوز المهلة | مهلت گذشت | Breached
sla_paused | متوقف، يُستأنف الأحد | متوقف، ادامه شنبه | Paused, resumes Sunday
type | الخط | قلم | Type
icons | الأيقونات | نمادها | Icons
themes | المظهر | نما | Appearance
light | فاتح | روشن | Light
dark | داكن | تیره | Dark
auto | تلقائي | خودکار | Automatic
sign | توقيع | امضا | Signature
"""

_LANGUAGES: Final = ("ar", "fa", "en")


def words_in(language: str) -> dict[str, str]:
    """Every sample word in one language (ar | fa | en)."""
    place = 1 + _LANGUAGES.index(language)
    rows = (line.split(" | ") for line in _ROWS.strip().splitlines())
    return {cells[0].strip(): cells[place].strip() for cells in rows}
