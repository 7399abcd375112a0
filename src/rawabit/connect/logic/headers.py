"""What columns are called in Arabic, Persian and English files, by the field that they mean. Pure data.

A name without a kind before it holds for every kind that has such a field. Write words as people do: they are folded
(letters, digits, articles, half-spaces) before they are compared.
"""

from __future__ import annotations

NAMES: dict[str, str] = {
    # identity of people and companies
    "customer.external_id": "رقم العميل|رمز العميل|كود العميل|رقم الحساب|كد مشتری|کد مشتری|شماره مشتری|کد حساب|"
    "customer no|customer number|customer id|customer code|account no|account number|account code|client id|client no",
    "contact.external_id": "رقم جهة الاتصال|رمز جهة الاتصال|کد مخاطب|شماره مخاطب|کد شخص|contact no|contact id|"
    "contact number|contact code|person id",
    "item.external_id": "sku|رمز الصنف|رقم الصنف|كود الصنف|رمز المنتج|كود المنتج|کد کالا|شماره کالا|شناسه کالا|"
    "کد محصول|item no|item code|item number|item id|sku|product code|product id|part number|stock code|article no",
    "external_id": "الرقم|الرمز|الكود|المعرف|کد|شناسه|id|code|key|no|number",
    "code": "رقم العميل الجديد|شماره مشتری تازه|new customer number",
    "customer.name": "اسم العميل|العميل|اسم الشركة|اسم المنشأة|الاسم|نام مشتری|مشتری|نام شرکت|نام|customer name|"
    "customer|company|company name|account name|client name|client|name",
    "contact.full_name": "اسم جهة الاتصال|جهة الاتصال|الاسم الكامل|الاسم|نام مخاطب|مخاطب|نام کامل|"
    "نام و نام خانوادگی|نام|full name|contact name|contact|contact person|person|name",
    "item.name": "اسم الصنف|الصنف|اسم المنتج|المنتج|الاسم|البيان|نام کالا|کالا|شرح کالا|نام محصول|نام|item name|item|"
    "product name|product|item description|name",
    "name_ar": "الاسم بالعربية|الاسم العربي|اسم عربي|نام عربی|name arabic|arabic name|name ar",
    "name_fa": "الاسم بالفارسية|نام فارسی|name persian|persian name|name fa",
    "name_en": "الاسم بالإنجليزية|الاسم الإنجليزي|الاسم اللاتيني|نام انگلیسی|نام لاتین|name english|english name|"
    "name en|latin name",
    "trade_name": "الاسم التجاري|نام تجاری|trade name|trading name|brand",
    "customer.kind": "نوع العميل|النوع|نوع مشتری|نوع|customer type|type|kind",
    "item.kind": "نوع الصنف|النوع|نوع کالا|نوع|item type|type|kind",
    "honorific": "اللقب|عنوان|title of person|salutation|honorific",
    "known_as": "الكنية|شهرت|known as|nickname",
    "job_title": "المسمى الوظيفي|الوظيفة|المنصب|سمت|عنوان شغلی|شغل|job title|position|job|title",
    "role": "الدور|نقش|role",
    "is_primary": "رئيسي|جهة الاتصال الرئيسية|مخاطب اصلی|اصلی|primary|main contact|is primary",
    # leads and opportunities
    "lead.external_id": "رقم العميل المحتمل|رقم الفرصة|شماره سرنخ|کد سرنخ|lead no|lead id|lead number",
    "lead.name": "الاسم|الاسم الكامل|اسم العميل المحتمل|جهة الاتصال|نام|نام و نام خانوادگی|نام سرنخ|مخاطب|full name|"
    "name|lead|lead name|contact|contact name",
    "company_name": "الشركة|اسم الشركة|المنشأة|شرکت|نام شرکت|سازمان|company|company name|organisation|organization|"
    "account",
    "official_number": "الرقم الموحد|السجل التجاري|شناسه ملی|official number|registration number",
    "lead.phone": "الجوال|رقم الجوال|الهاتف|رقم الهاتف|موبایل|تلفن همراه|تلفن|شماره تماس|mobile|phone|telephone|"
    "phone number|cell",
    "interest": "الاهتمام|مهتم بـ|الطلب|الملاحظات|ملاحظات|علاقه مندی|درخواست|نیاز|توضیحات|interest|interested in|"
    "request|message|requirement|notes",
    "source": "المصدر|مصدر العميل|منبع|منبع آشنایی|source|lead source",
    "campaign": "الحملة|المعرض|کمپین|نمایشگاه|campaign|fair|campaign name",
    "owner": "المسؤول|بريد المسؤول|المندوب|مسئول|ایمیل مسئول|کارشناس|owner|owner email|sales agent|agent|assigned to|"
    "salesperson",
    "priority": "الأولوية|اولویت|priority|rating",
    "next_step": "الخطوة التالية|گام بعدی|اقدام بعدی|next step|next action",
    "next_on": "موعد الخطوة التالية|تاريخ المتابعة|تاریخ پیگیری|next step on|follow up|follow up date",
    "opportunity.external_id": "رقم الفرصة|رمز الفرصة|شماره فرصت|کد فرصت|opportunity id|opportunity no|"
    "opportunity number|deal id|deal no",
    "opportunity.title": "الفرصة|اسم الفرصة|العنوان|عنوان الفرصة|فرصت|عنوان فرصت|عنوان|title|opportunity|"
    "opportunity name|deal|deal name|subject",
    "opportunity.customer": "العميل|اسم العميل|رقم العميل|الحساب|مشتری|نام مشتری|کد مشتری|customer|account|"
    "customer no|account name|company",
    "pipeline": "مسار المبيعات|قیف فروش|pipeline",
    "stage": "المرحلة|مرحلة البيع|مرحله|مرحله فروش|stage|deal stage|sales stage",
    "opportunity.state": "الحالة|حالة الفرصة|وضعیت|status|state|outcome",
    "value": "القيمة|قيمة الفرصة|المبلغ|ارزش|مبلغ|ارزش فرصت|value|amount|deal value|close value",
    "probability": "الاحتمال|نسبة الاحتمال|احتمال|درصد احتمال|probability|chance",
    "opportunity.item": "الصنف|المنتج|کالا|محصول|item|product|item code|sku",
    "quantity": "الكمية|تعداد|مقدار|quantity|qty",
    "opened_on": "تاريخ الفتح|تاريخ البداية|تاریخ ایجاد|تاریخ شروع|opened on|created|engage date|start date|open date",
    "closed_on": "تاريخ الإغلاق|تاریخ بستن|تاریخ پایان|closed on|close date|closed|end date",
    "expected_close": "الإغلاق المتوقع|تاريخ الإغلاق المتوقع|تاریخ پیش بینی|تاریخ بستن مورد انتظار|expected close|"
    "expected close date|forecast date",
    "lost_reason": "سبب الخسارة|دلیل از دست رفتن|علت شکست|lost reason|reason for losing|loss reason",
    "competitor": "المنافس|المنافسون|رقیب|رقبا|competitor|competitors",
    # reaching people
    "email": "البريد الإلكتروني|البريد|الايميل|ایمیل|پست الکترونیک|رایانامه|email|e-mail|mail|email address",
    "customer.phone": "الهاتف|رقم الهاتف|الجوال|رقم الجوال|التليفون|هاتف|تلفن|شماره تلفن|موبایل|شماره تماس|phone|"
    "telephone|phone number|tel|mobile",
    "contact.phone": "الهاتف|رقم الهاتف|التليفون|تلفن|تلفن ثابت|شماره تلفن|phone|telephone|phone number|tel|landline",
    "contact.mobile": "الجوال|رقم الجوال|الموبايل|المحمول|موبایل|تلفن همراه|همراه|شماره همراه|mobile|mobile number|"
    "cell|cell phone",
    "website": "الموقع الإلكتروني|الموقع|وب سایت|وبگاه|سایت|website|web site|url|web",
    "whatsapp_ok": "واتساب|واتس اب|واتساپ|whatsapp",
    "considerations": "ملاحظات|ملاحظة|اعتبارات|یادداشت|ملاحظات مشتری|توضیحات|notes|note|remarks|considerations",
    "language": "اللغة|لغة|زبان|language|lang",
    "country": "الدولة|البلد|دولة|کشور|country|country code",
    # official numbers
    "vat_number": "الرقم الضريبي|رقم ضريبة القيمة المضافة|رقم التسجيل الضريبي|شماره مالیاتی|vat number|vat no|"
    "tax number|tax id|trn|vat",
    "unified_number": "الرقم الموحد|الرقم الموحد 700|unified number|700 number",
    "commercial_registration": "السجل التجاري|رقم السجل التجاري|شماره ثبت|commercial registration|cr number|cr no|"
    "cr|registration number",
    "national_id": "رقم الهوية|رقم الهوية الوطنية|الهوية الوطنية|رقم الإقامة|national id|iqama|id number",
    "legal_id": "شناسه ملی|شناسه ملی شرکت|legal id|company national id",
    "national_code": "کد ملی|شماره ملی|national code",
    "economic_code": "کد اقتصادی|شماره اقتصادی|economic code",
    # place
    "building": "رقم المبنى|المبنى|پلاک|building|building number|building no",
    "street": "الشارع|اسم الشارع|شارع|خیابان|street|street name",
    "secondary": "الرقم الفرعي|الرقم الإضافي|secondary number|additional number",
    "district": "الحي|اسم الحي|محله|district|neighborhood|neighbourhood",
    "city": "المدينة|مدينة|شهر|city|town",
    "province": "المنطقة|استان|province|region|state",
    "postal_code": "الرمز البريدي|صندوق البريد|کد پستی|postal code|post code|zip|zip code|postcode",
    "short_code": "العنوان المختصر|الرمز المختصر|short address",
    "customer.unit": "رقم الوحدة|واحد|unit number|flat",
    "address_lines": "العنوان|عنوان العميل|نشانی|آدرس|address|full address",
    # terms of trade
    "currency": "العملة|عملة|رمز العملة|ارز|واحد پول|currency|currency code|curr",
    "credit_limit": "حد الائتمان|الحد الائتماني|سقف اعتبار|اعتبار|credit limit|credit",
    "payment_days": "شروط الدفع|مدة السداد|أيام السداد|مهلت پرداخت|شرایط پرداخت|payment terms|"
    "payment days|terms|net days",
    "customer.group": "فئة العملاء|فئة العميل|مجموعة العملاء|گروه مشتریان|گروه مشتری|customer group|segment|group",
    "territory": "المنطقة البيعية|منطقة البيع|منطقه فروش|territory|sales area",
    "owner_email": "بريد المسؤول|المسؤول|بريد المندوب|ایمیل مسئول|مسئول|owner|owner email|account manager|salesperson",
    "parent": "فرع من|الشركة الأم|العميل الرئيسي|شعبه از|شرکت مادر|parent|parent company|branch of",
    "on_hold": "موقوف|معلق|متوقف|مسدود|on hold|blocked|hold",
    "is_active": "نشط|فعال|active|is active|enabled",
    # items and prices
    "sku": "رمز التخزين|رمز الصنف|کد انبار|sku|stock code|item code|product code|رقم الصنف|کد کالا",
    "item.group": "فئة الصنف|المجموعة|مجموعة الأصناف|التصنيف|گروه کالا|دسته|دسته بندی|item group|category|group",
    "item.unit": "الوحدة|وحدة القياس|واحد|واحد شمارش|unit|unit of measure|uom",
    "tax": "الضريبة|فئة الضريبة|رمز الضريبة|مالیات|نوع مالیات|tax|tax code",
    "barcode": "الباركود|باركود|بارکد|barcode|ean|gtin|upc",
    "description": "الوصف|وصف|شرح|توضیح|description|details",
    "price_list": "قائمة الأسعار|اسم قائمة الأسعار|لیست قیمت|نام لیست قیمت|price list|pricelist|list name",
    "price.item": "رمز الصنف|رقم الصنف|الصنف|كود الصنف|کد کالا|کالا|item|item code|sku|product|product code|item no",
    "unit_price": "سعر الوحدة|السعر|سعر|سعر البيع|قیمت واحد|فی|قیمت|قیمت واحد (فی)|مبلغ واحد|unit price|price|"
    "sale price|rate|unit cost",
    "min_quantity": "أقل كمية|الحد الأدنى للكمية|حداقل تعداد|کمینه تعداد|min quantity|minimum quantity|from quantity",
    "valid_from": "صالح من|ساري من|من تاريخ|از تاریخ|معتبر از|valid from|from date|start date",
    "valid_to": "صالح حتى|ساري حتى|إلى تاريخ|تا تاریخ|معتبر تا|valid to|valid until|to date|end date",
    # documents
    "invoice.number": "رقم الفاتورة|الفاتورة|رقم المستند|شماره فاکتور|شماره صورتحساب|فاکتور|شماره سند|invoice no|"
    "invoice number|invoice|invoice id|document no|document number|bill no|inv no|number",
    "credit_note.number": "رقم الإشعار الدائن|رقم الإشعار|رقم إشعار دائن|شماره برگشت از فروش|شماره برگشتی|"
    "credit note no|credit note number|credit note|credit memo no|return no|number|document no",
    "payment.number": "رقم السداد|رقم السند|رقم سند القبض|رقم الإيصال|شماره پرداخت|شماره رسید|شماره سند|payment no|"
    "payment number|receipt no|receipt number|voucher no|payment id|number",
    "customer": "رقم العميل|رمز العميل|كود العميل|العميل|کد مشتری|شماره مشتری|مشتری|customer no|customer number|"
    "customer id|customer code|customer|account no|client id|client",
    "issued_at": "تاريخ الفاتورة|تاريخ الإصدار|التاريخ|تاريخ المستند|تاریخ فاکتور|تاریخ صدور|تاریخ|invoice date|"
    "issue date|date|document date|issued on|posting date",
    "due_date": "تاريخ الاستحقاق|الاستحقاق|موعد السداد|سررسید|تاریخ سررسید|due date|due|payment due",
    "payment.date": "تاريخ السداد|تاريخ الدفع|تاريخ السند|التاريخ|تاریخ پرداخت|تاریخ دریافت|تاریخ|payment date|date|"
    "receipt date|paid on",
    "payment.amount": "المبلغ|مبلغ السداد|القيمة|مبلغ|مبلغ پرداخت|amount|payment amount|paid|paid amount|sum",
    "reference": "المرجع|رقم المرجع|أمر شراء العميل|مرجع|شماره مرجع|شماره پیگیری|reference|ref|reference no|po|"
    "po number|customer po",
    "note": "ملاحظات|ملاحظة|البيان|یادداشت|توضیحات|note|notes|remarks|memo|comment",
    "total": "الإجمالي|الإجمالي شامل الضريبة|المجموع|إجمالي الفاتورة|جمع کل|جمع کل با مالیات|مبلغ کل|total|grand total|"
    "invoice total|total amount|total including vat|amount including vat",
    "corrects": "الفاتورة الأصلية|رقم الفاتورة الأصلية|رقم الفاتورة|فاکتور اصلی|شماره فاکتور|original invoice|"
    "corrects|invoice no|invoice number",
    "reason": "السبب|سبب الإرجاع|علت|دلیل|علت برگشت|reason|return reason",
    "direction": "الاتجاه|جهت|direction",
    "method": "طريقة الدفع|طريقة السداد|روش پرداخت|نوع پرداخت|method|payment method|paid by",
    "invoices": "الفواتير|فواتير|رقم الفاتورة|فاکتورها|شماره فاکتور|invoices|for invoices|invoice no|invoice number",
    # lines
    "lines.item": "رمز الصنف|رقم الصنف|كود الصنف|كود المنتج|کد کالا|شماره کالا|item|item code|item no|product code|"
    "stock code|sku",
    "lines.title": "الصنف|اسم الصنف|البيان|وصف الصنف|شرح|شرح کالا|نام کالا|کالا|description|item name|item description|"
    "product|product name|text",
    "lines.details": "تفاصيل|التفاصيل|جزئیات|details|long text",
    "lines.unit": "الوحدة|وحدة القياس|واحد|unit|uom|unit of measure",
    "lines.quantity": "الكمية|كمية|العدد|تعداد|مقدار|quantity|qty|count|units",
    "lines.unit_price": "سعر الوحدة|السعر|سعر|سعر الإفرادي|قیمت واحد|فی|قیمت|مبلغ واحد|unit price|price|rate",
    "lines.discount_percent": "الخصم|نسبة الخصم|خصم|تخفیف|درصد تخفیف|discount|discount percent|discount %|disc",
    "lines.tax_rate": "نسبة الضريبة|الضريبة|ضريبة القيمة المضافة|نرخ مالیات|مالیات|درصد مالیات|"
    "مالیات بر ارزش افزوده|vat|vat %|vat rate|tax rate|tax|tax %",
    "lines.tax_category": "فئة الضريبة|نوع مالیات|tax category|vat category",
    "lines.tax_reason": "سبب الإعفاء|دلیل معافیت|exemption reason|tax reason",
}  # fmt: skip
