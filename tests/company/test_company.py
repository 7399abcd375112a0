"""The company's row, numbers, hours and holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from rawabit.company.actions import (
    apply_preset,
    close_days,
    confirm_holidays,
    ensure_company,
    next_document_number,
    open_day,
    propose_holidays,
    set_series,
    set_working_hours,
)
from rawabit.company.logic.hours import Opening, is_working_day, open_spans, working_day_after
from rawabit.company.logic.numbering import SeriesForm, count_in
from rawabit.company.models import Company, Holiday, WorkingHours
from rawabit.company.queries import closed_days, company_now, local_day, openings, proposals
from rawabit.kit.records.models import Counter
from rawabit.kit.states import Refused
from tests.makers import NOW, SYSTEM, make_company


def test_a_new_company_takes_the_ways_of_its_country(db):
    company = ensure_company("بازرگانی پارس", "IR", actor=SYSTEM, at=NOW)

    shown = (company.currency, company.calendar, company.digits, company.first_weekday, company.language)
    assert shown == ("IRR", "jalali", "arabext", 5, "fa")
    assert [row.weekday for row in WorkingHours.objects.filter(closes=time(12))] == [3]
    assert ensure_company("Other", "SA", actor=SYSTEM, at=NOW).name == "بازرگانی پارس"


def test_there_is_one_company_only(company):
    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.create(pk=2, name="Second")


def test_numbers_follow_the_fiscal_year_of_the_company(company):
    assert next_document_number("invoice", date(2026, 3, 5)) == "INV-2026-00001"
    assert next_document_number("invoice", date(2026, 12, 31)) == "INV-2026-00002"
    assert next_document_number("invoice", date(2027, 1, 1)) == "INV-2027-00001"
    assert next_document_number("order", date(2026, 3, 5)) == "SO-2026-00001"
    assert next_document_number("customer", date(2026, 3, 5)) == "C-00001"


def test_jalali_years_begin_in_farvardin(company):
    apply_preset(company, "IR", actor=SYSTEM, at=NOW)

    assert next_document_number("invoice", date(2026, 3, 20)) == "INV-1404-00001"
    assert next_document_number("invoice", date(2026, 3, 21)) == "INV-1405-00001"


def test_a_number_that_was_rolled_back_is_given_again(company):
    with pytest.raises(RuntimeError), transaction.atomic():
        assert next_document_number("invoice", date(2026, 3, 5)) == "INV-2026-00001"
        raise RuntimeError

    assert next_document_number("invoice", date(2026, 3, 5)) == "INV-2026-00001"
    assert Counter.objects.get(name="invoice:2026").last == 1


def test_a_changed_prefix_goes_on_counting(company):
    next_document_number("invoice", date(2026, 3, 5))
    set_series("invoice", SeriesForm("FT", 3), actor=SYSTEM, at=NOW)

    assert next_document_number("invoice", date(2026, 3, 6)) == "FT-2026-002"


@pytest.mark.parametrize("prefix", ["فا", "A B", "", "Q"])
def test_prefixes_are_latin_and_of_one_series_only(company, prefix):
    with pytest.raises(Refused):
        set_series("invoice", SeriesForm(prefix), actor=SYSTEM, at=NOW)


def test_counts_are_read_back_from_numbers():
    assert count_in("INV-2026-00012") == ("2026", 12)
    assert count_in("C-00007") == ("", 7)
    assert count_in("C536379") is None


def test_today_is_the_company_s_day(company):
    assert local_day(datetime(2026, 3, 5, 22, 0, tzinfo=UTC)) == date(2026, 3, 6)


def test_ramadan_hours_replace_the_usual_week():
    usual = Opening(6, time(8), time(17))
    ramadan = Opening(6, time(10), time(16), date(2026, 2, 18), date(2026, 3, 19))

    assert open_spans(date(2026, 2, 15), [usual, ramadan], ()) == [(time(8), time(17))]
    assert open_spans(date(2026, 3, 8), [usual, ramadan], ()) == [(time(10), time(16))]
    assert open_spans(date(2026, 3, 8), [usual, ramadan], [date(2026, 3, 8)]) == []


def test_working_days_skip_weekends_and_holidays(company):
    friday, sunday, monday = date(2026, 3, 6), date(2026, 3, 8), date(2026, 3, 9)

    assert not is_working_day(friday, openings(), ())
    assert working_day_after(date(2026, 3, 5), 1, openings(), ()) == sunday
    assert working_day_after(date(2026, 3, 5), 1, openings(), {sunday}) == monday


def test_holidays_count_only_when_confirmed(company):
    assert propose_holidays(2026, actor=SYSTEM, at=NOW) > 5
    assert propose_holidays(2026, actor=SYSTEM, at=NOW) == 0
    founding = date(2026, 2, 22)
    assert founding in {day.date for day in proposals(2026)}
    assert closed_days(date(2026, 1, 1), date(2026, 12, 31)) == frozenset()

    confirm_holidays([founding], actor=SYSTEM, at=NOW)

    assert closed_days(date(2026, 1, 1), date(2026, 12, 31)) == {founding}
    assert Holiday.objects.get(date=founding).name_ar == "يوم التأسيس"


def test_sudden_closures_and_reopenings(company):
    assert close_days(date(2026, 3, 1), date(2026, 3, 3), "إغلاق", actor=SYSTEM, at=NOW) == 3
    open_day(Holiday.objects.get(date=date(2026, 3, 2)), actor=SYSTEM, at=NOW)

    assert closed_days(date(2026, 3, 1), date(2026, 3, 31)) == {date(2026, 3, 1), date(2026, 3, 3)}
    with pytest.raises(Refused):
        close_days(date(2026, 3, 5), date(2026, 3, 4), "x", actor=SYSTEM, at=NOW)


def test_hours_need_to_open_before_they_close(company):
    with pytest.raises(Refused):
        set_working_hours([Opening(0, time(9), time(9))], actor=SYSTEM, at=NOW)
    set_working_hours([Opening(0, time(9), time(13))], actor=SYSTEM, at=NOW)
    assert openings() == [Opening(0, time(9), time(13))]


def test_only_administrators_change_settings(company, clerk, administrator):
    with pytest.raises(PermissionDenied):
        apply_preset(company, "AE", actor=clerk.actor, at=NOW)
    apply_preset(company, "AE", actor=administrator.actor, at=NOW)
    assert company_now().currency == "AED"


def test_before_the_first_set_up_there_are_defaults(db):
    assert company_now().pk == 1
    assert company_now()._state.adding
    make_company()
    assert not company_now()._state.adding
