"""The demo company's customers, people and goods. Invented names; numbers pass their check digits."""

from __future__ import annotations

from typing import NamedTuple


class Staff(NamedTuple):
    role: str
    name: str
    email: str
    phone: str
    language: str


STAFF = (
    Staff("administrator", "هند العتيبي", "admin@demo.example", "+966501000001", "ar"),
    Staff("manager", "سلمان الحربي", "manager@demo.example", "+966501000002", "ar"),
    Staff("sales", "ريم القحطاني", "sales@demo.example", "+966501000003", "ar"),
    Staff("sales", "Omar Haddad", "omar@demo.example", "+966501000004", "en"),
    Staff("sales", "مریم احمدی", "maryam@demo.example", "+989121000005", "fa"),
    Staff("accountant", "فيصل الدوسري", "accountant@demo.example", "+966501000006", "ar"),
    Staff("support", "أروى الزهراني", "agent@demo.example", "+966501000007", "ar"),
)


class Good(NamedTuple):
    sku: str
    ar: str
    fa: str
    en: str
    unit: str
    price: str
    group: int
    tax: str = "standard"
    kind: str = "goods"


GROUPS = (
    ("مضخات", "پمپ‌ها", "Pumps"),
    ("أنابيب ووصلات", "لوله و اتصالات", "Pipes and fittings"),
    ("صمامات", "شیرآلات", "Valves"),
    ("أجهزة قياس", "ابزار اندازه‌گیری", "Instruments"),
    ("خدمات", "خدمات", "Services"),
)

GOODS = (
    Good("XP-100", "مضخة مياه XP-100 بقوة 1 حصان", "پمپ آب XP-100 یک اسب", "Water pump XP-100, 1 HP", "PCE", "780", 0),
    Good("XP-200", "مضخة مياه XP-200 بقوة 2 حصان", "پمپ آب XP-200 دو اسب", "Water pump XP-200, 2 HP", "PCE", "1250", 0),
    Good("XP-550", "مضخة مياه XP-550 بقوة 5.5 حصان", "پمپ آب XP-550", "Water pump XP-550, 5.5 HP", "PCE", "3890", 0),
    Good("SB-3", "مضخة غاطسة 3 بوصات", "پمپ شناور ۳ اینچ", "Submersible pump 3 in", "PCE", "2140", 0),
    Good("SB-4", "مضخة غاطسة 4 بوصات", "پمپ شناور ۴ اینچ", "Submersible pump 4 in", "PCE", "2975.50", 0),
    Good("CT-30", "طقم تعزيز ضغط CT-30", "بوستر پمپ CT-30", "Booster set CT-30", "PCE", "6400", 0),
    Good("PP-25", "أنبوب PPR قطر 25 مم", "لولهٔ PPR قطر ۲۵", "PPR pipe 25 mm", "MTR", "6.35", 1),
    Good("PP-32", "أنبوب PPR قطر 32 مم", "لولهٔ PPR قطر ۳۲", "PPR pipe 32 mm", "MTR", "9.80", 1),
    Good("PP-63", "أنبوب PPR قطر 63 مم", "لولهٔ PPR قطر ۶۳", "PPR pipe 63 mm", "MTR", "31.25", 1),
    Good("EL-25", "كوع 90 درجة 25 مم", "زانویی ۹۰ درجه ۲۵", "Elbow 90° 25 mm", "PCE", "1.75", 1),
    Good("EL-32", "كوع 90 درجة 32 مم", "زانویی ۹۰ درجه ۳۲", "Elbow 90° 32 mm", "PCE", "2.60", 1),
    Good("TE-25", "وصلة T قطر 25 مم", "سه‌راهی ۲۵", "Tee 25 mm", "PCE", "2.15", 1),
    Good("UN-32", "وصلة فك سريع 32 مم", "مهره ماسوره ۳۲", "Union 32 mm", "PCE", "14.90", 1),
    Good("BV-1", "صمام كروي 1 بوصة", "شیر توپی ۱ اینچ", "Ball valve 1 in", "PCE", "38.50", 2),
    Good("BV-2", "صمام كروي 2 بوصة", "شیر توپی ۲ اینچ", "Ball valve 2 in", "PCE", "96", 2),
    Good("GV-4", "صمام بوابي 4 بوصات", "شیر کشویی ۴ اینچ", "Gate valve 4 in", "PCE", "615", 2),
    Good("CV-2", "صمام عدم رجوع 2 بوصة", "شیر یک‌طرفه ۲ اینچ", "Check valve 2 in", "PCE", "142.75", 2),
    Good("SV-1", "صمام أمان 1 بوصة", "شیر اطمینان ۱ اینچ", "Safety valve 1 in", "PCE", "187", 2),
    Good("PG-10", "عداد ضغط 10 بار", "فشارسنج ۱۰ بار", "Pressure gauge 10 bar", "PCE", "54.25", 3),
    Good("FM-2", "عداد تدفق 2 بوصة", "دبی‌سنج ۲ اینچ", "Flow meter 2 in", "PCE", "1180", 3),
    Good("LS-1", "حساس مستوى", "سنسور سطح", "Level sensor", "PCE", "265", 3),
    Good("CB-7", "لوحة تحكم لمضختين", "تابلوی کنترل دو پمپ", "Control panel for two pumps", "PCE", "2890", 3),
    Good(
        "IN-D",
        "تركيب وتشغيل (يوم عمل)",
        "نصب و راه‌اندازی (روز کاری)",
        "Installation (working day)",
        "DAY",
        "1400",
        4,
        kind="service",
    ),
    Good(
        "MN-Y",
        "عقد صيانة سنوي",
        "قرارداد نگهداری سالانه",
        "Annual maintenance contract",
        "PCE",
        "9600",
        4,
        kind="service",
    ),
    Good(
        "TR-H",
        "تدريب فريق التشغيل (ساعة)",
        "آموزش تیم بهره‌برداری (ساعت)",
        "Operator training (hour)",
        "HUR",
        "220",
        4,
        kind="service",
    ),
    Good(
        "EXP-F",
        "شحن دولي",
        "حمل بین‌المللی",
        "International freight",
        "PCE",
        "850",
        4,
        tax="zero-transport",
        kind="service",
    ),
)


class Client(NamedTuple):
    name: str
    en: str
    kind: str
    language: str
    country: str
    city: str
    identifiers: tuple[tuple[str, str], ...]
    phone: str
    contacts: tuple[tuple[str, str, str], ...]  # name, role, mobile
    owner: int  # place in STAFF
    territory: int
    group: int
    limit: int  # in major units; 0: none


TERRITORIES = (
    ("المملكة العربية السعودية", "عربستان سعودی", "Saudi Arabia", None),
    ("المنطقة الوسطى", "منطقهٔ مرکزی", "Central region", 0),
    ("المنطقة الغربية", "منطقهٔ غربی", "Western region", 0),
    ("المنطقة الشرقية", "منطقهٔ شرقی", "Eastern region", 0),
    ("دول الخليج", "کشورهای خلیج فارس", "Gulf countries", None),
    ("إيران", "ایران", "Iran", None),
)
CUSTOMER_GROUPS = (
    ("جملة", "عمده", "Wholesale"),
    ("مقاولون", "پیمانکاران", "Contractors"),
    ("جهات حكومية", "دولتی", "Government"),
    ("تجزئة", "خرده‌فروشی", "Retail"),
    ("شركاء", "شرکا", "Partners"),
)

CLIENTS = (
    Client("مؤسسة نخيل الواحة للتجارة", "Nakheel Al Waha Trading Est.", "company", "ar", "SA", "الرياض",
           (("sa_vat", "310122393500003"), ("sa_cr", "7001234567")), "+966112345678",
           (("نورة السبيعي", "decision_maker", "+966551000101"), ("خالد المطيري", "finance", "+966551000102")), 2, 1,
           0, 50000),
    Client("شرکت پالایش آب پارس", "Pars Water Treatment Co.", "company", "fa", "IR", "تهران",
           (("ir_legal_id", "10380284790"),), "+982188001122",
           (("سارا رضایی", "purchasing", "+989121000201"), ("علی کریمی", "finance", "+989121000202")), 4, 5, 1, 80000),
    Client("شركة بناء المستقبل للمقاولات", "Future Building Contracting Co.", "company", "ar", "SA", "جدة",
           (("sa_vat", "300000000000003"),), "+966126001122",
           (("عبد الله الغامدي", "decision_maker", "+966551000103"),), 2, 2, 1, 120000),
    Client("أمانة المدينة الساحلية", "Coastal City Municipality", "government", "ar", "SA", "الدمام",
           (), "+966138001122", (("م. سعود الشهري", "technical", "+966551000104"),), 3, 3, 2, 0),
    Client("Gulf Irrigation LLC", "Gulf Irrigation LLC", "company", "en", "AE", "Dubai",
           (), "+97143001122",
           (("Priya Nair", "purchasing", "+971501000105"), ("James Cole", "finance", "+971501000106")), 3, 4,
           0, 150000),
    Client("شركة ديار الكويت", "Diyar Kuwait Co.", "company", "ar", "KW", "الكويت",
           (), "+96522001122", (("فهد العنزي", "decision_maker", "+96551000107"),), 3, 4, 1, 60000),
    Client("مزارع الربيع", "Al Rabie Farms", "company", "ar", "SA", "القصيم",
           (("sa_vat", "310000000000003"),), "+966163001122",
           (("أبو فهد الرشيد", "owner", "+966551000108"),), 2, 1, 0, 30000),
    Client("عبد الرحمن آل سعيد", "Abdulrahman Al Saeed", "individual", "ar", "SA", "الرياض",
           (), "+966551000109", (), 2, 1, 3, 0),
    Client("شركة تقنيات الري الحديثة", "Modern Irrigation Technologies", "partner", "ar", "SA", "الخبر",
           (("sa_vat", "311111111100003"),), "+966138003344",
           (("لمى الخالدي", "decision_maker", "+966551000110"),), 3, 3, 4, 90000),
    Client("کشت و صنعت سپیدرود", "Sepidrood Agro-Industry", "company", "fa", "IR", "رشت",
           (), "+981333001122", (("حسین مرادی", "decision_maker", "+989111000203"),), 4, 5, 0, 40000),
    Client("مصنع الأصيل للبلاستيك", "Al Aseel Plastics Factory", "company", "ar", "SA", "الرياض",
           (("sa_vat", "312222222200003"),), "+966112007788",
           (("ماجد العمري", "purchasing", "+966551000111"),), 2, 1, 0, 70000),
    Client("فندق شاطئ النور", "Shati Al Noor Hotel", "company", "ar", "SA", "جدة",
           (), "+966126007788", (("هدى باوزير", "purchasing", "+966551000112"),), 2, 2, 3, 25000),
    Client("Acme Pumps & Services", "Acme Pumps & Services", "company", "en", "BH", "Manama",
           (), "+97317001122", (("Sara Lee (Head of Projects)", "technical", "+97333000113"),), 3, 4, 1, 45000),
    Client("جمعية سقيا الخيرية", "Suqya Charity", "company", "ar", "SA", "مكة المكرمة",
           (), "+966125001122", (("بدر اليامي", "decision_maker", "+966551000114"),), 2, 2, 3, 15000),
    Client("مجتمع آب و فاضلاب نوین", "Novin Water & Wastewater", "government", "fa", "IR", "اصفهان",
           (), "+983131001122", (("رضا احمدی", "technical", "+989131000204"),), 4, 5, 2, 0),
    Client("شركة الصيانة المتقدمة", "Advanced Maintenance Co.", "company", "ar", "SA", "الجبيل",
           (("sa_vat", "313333333300003"),), "+966133001122",
           (("تركي الدوسري", "finance", "+966551000115"),), 3, 3, 1, 35000),
)  # fmt: skip
