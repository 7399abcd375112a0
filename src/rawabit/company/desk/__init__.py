"""The settings pages of the company: legal data, localisation, brand, selling rules, hours, holidays, numbers."""

from rawabit.company.desk.brand import brand, brand_preview
from rawabit.company.desk.general import apply_country, legal, localisation, rules
from rawabit.company.desk.holidays import holidays, remove_holiday
from rawabit.company.desk.hours import dated_hours, hours, remove_dated
from rawabit.company.desk.links import links
from rawabit.company.desk.series import series

__all__ = [
    "apply_country", "brand", "brand_preview", "dated_hours", "holidays", "hours", "legal", "links", "localisation",
    "remove_dated", "remove_holiday", "rules", "series",
]  # fmt: skip
