"""Working days by the State Council's notices, and Spring Festival."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.core.calendars import (
    BadDayFactor,
    DayKind,
    UnknownDayKind,
    holidays_by_law,
    statutory_days,
    work_calendar,
    yearly_working_days,
)
from xlsales.core.lunar import lunar_pair, spring_festival
from xlsales.core.periods import Days, weekdays
from xlsales.core.plan import DayRule

pytestmark = pytest.mark.unit

D = dt.date


def days_of(year: int) -> Days:
    return np.arange(np.datetime64(f"{year}-01-01"), np.datetime64(f"{year + 1}-01-01"))


@pytest.mark.parametrize("year", range(2004, 2027))
def test_working_days_are_those_of_the_notices(year: int) -> None:
    """For every announced year each day agrees with chinesecalendar."""
    days = days_of(year)
    calendar = work_calendar(days)
    assert calendar.working.tolist() == [chinese_calendar.is_workday(d) for d in days.tolist()]
    assert calendar.unannounced == ()
    assert yearly_working_days(year) == (int(calendar.working.sum()), False)


def test_kinds_of_days() -> None:
    """Early October 2026: holidays, a make-up Saturday, an ordinary Sunday, a working Monday."""
    days = np.arange(np.datetime64("2026-10-07"), np.datetime64("2026-10-13"))
    kinds = [DayKind(k) for k in work_calendar(days).kinds.tolist()]
    assert kinds == [
        DayKind.HOLIDAY, DayKind.WORKING, DayKind.WORKING, DayKind.MAKE_UP, DayKind.REST, DayKind.WORKING,
    ]  # fmt: skip


def test_an_unannounced_year_is_marked_and_not_guessed() -> None:
    """2027 is not announced: Monday to Friday are provisional, the year's number is known."""
    calendar = work_calendar(np.concatenate([days_of(2026), days_of(2027)]))
    assert calendar.unannounced == (2027,)
    in_2027 = work_calendar(days_of(2027))
    assert not (in_2027.kinds == DayKind.HOLIDAY).any()
    assert int(in_2027.working.sum()) == 261
    assert yearly_working_days(2027) == (261 - 13, True)


MOVED_BY_NOTICE = {D(2012, 6, 23)}
"""端午 was on a Saturday, and the day before it was off."""


@pytest.mark.parametrize("year", range(2004, 2027))
def test_holidays_by_law_are_off_in_all_notices(year: int) -> None:
    """As many as the law grants, unless two feasts are on one day: the law was changed in 2008, 2014 and 2025."""
    by_law = holidays_by_law(year)
    assert set(by_law) - MOVED_BY_NOTICE <= set(chinese_calendar.holidays)
    assert len(by_law) == statutory_days(year) - (year in (2009, 2020))


def test_holidays_by_law_of_the_years_to_come() -> None:
    """除夕 to 初三, 清明, 1 and 2 May, 端午, 中秋, 1 to 3 October; 2031 has 中秋 on 1 October."""
    feasts = {
        2027: "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03",
        2028: "01-01 01-25 01-26 01-27 01-28 04-04 05-01 05-02 05-28 10-01 10-02 10-03",
        2029: "01-01 02-12 02-13 02-14 02-15 04-04 05-01 05-02 06-16 09-22 10-01 10-02 10-03",
    }
    for year, days in feasts.items():
        assert holidays_by_law(year) == [D.fromisoformat(f"{year}-{day}") for day in days.split()]


@pytest.mark.parametrize(("year", "working"), [(2025, 248), (2026, 248), (2024, 251)])
def test_the_yearly_number_follows_from_the_law(year: int, working: int) -> None:
    """Monday to Friday minus the statutory days is what the notices came to."""
    assert yearly_working_days(year) == (working, False)
    assert int((weekdays(days_of(year)) < 5).sum()) - statutory_days(year) == working


def test_one_exception_of_the_company_does_not_announce_a_year() -> None:
    """A single holiday in the calendar sheet leaves the year provisional."""
    rules = [DayRule(D(2027, 10, 1), "holiday")]
    assert work_calendar(days_of(2027), rules).unannounced == (2027,)


def test_rules_of_the_company() -> None:
    """A day may be closed, worked, or pull by a factor; factors multiply, the last kind counts."""
    days = np.arange(np.datetime64("2026-06-15"), np.datetime64("2026-06-22"))
    rules = [
        DayRule(D(2026, 6, 18), factor=3.0),
        DayRule(D(2026, 6, 18), factor=0.5),
        DayRule(D(2026, 6, 19), "make_up"),
        DayRule(D(2026, 6, 16), "rest"),
        DayRule(D(2025, 6, 16), "rest"),
    ]
    calendar = work_calendar(days, rules)
    assert calendar.factors.tolist() == [1, 1, 1, 1.5, 1, 1, 1]
    assert calendar.working.tolist() == [True, False, True, True, True, False, False]
    with pytest.raises(UnknownDayKind):
        work_calendar(days, [DayRule(D(2026, 6, 18), "feast")])
    for factor in (-1.0, float("nan"), float("inf")):
        with pytest.raises(BadDayFactor):
            work_calendar(days, [DayRule(D(2026, 6, 18), factor=factor)])


@pytest.mark.parametrize(("year", "january", "february"), [(2024, 0, 8), (2025, 4, 4), (2026, 0, 9)])
def test_spring_festival_moves_between_january_and_february(year: int, january: int, february: int) -> None:
    """The days off for Spring Festival by the notice: 0/8 in 2024, 4/4 in 2025, 0/9 in 2026."""
    days = days_of(year)
    off = days[work_calendar(days).kinds == DayKind.HOLIDAY]
    near = off[np.abs((off - np.datetime64(spring_festival(year))).astype(int)) < 10]
    months = (near.astype("datetime64[M]").astype(int) % 12 + 1).tolist()
    assert (months.count(1), months.count(2)) == (january, february)


def test_dates_of_spring_festival() -> None:
    """正月初一 by the lunar calendar."""
    found = [spring_festival(y) for y in (2023, 2024, 2025, 2026, 2027, 2028)]
    assert found == [D(2023, 1, 22), D(2024, 2, 10), D(2025, 1, 29), D(2026, 2, 17), D(2027, 2, 6), D(2028, 1, 26)]


def test_days_pair_by_their_distance_to_spring_festival() -> None:
    """初一 pairs with 初一, 元宵 with 元宵, and fixed-date days with themselves."""
    days = np.array(
        ["2026-02-17", "2026-02-16", "2026-03-03", "2026-10-01", "2026-12-31", "2026-01-01"], "datetime64[D]"
    )
    assert lunar_pair(days, 2025).astype(str).tolist() == [
        "2025-01-29", "2025-01-28", "2025-02-12", "2025-10-01", "2025-12-31", "2025-01-01",
    ]  # fmt: skip


years = st.integers(1950, 2100)


@given(years, years)
def test_lunar_pairs_lose_no_day(year: int, other: int) -> None:
    """Each day has a partner in the other year; but for a leap day, no two share one and the way back leads home."""
    days = days_of(year)
    pairs = lunar_pair(days, other)
    assert (pairs.astype("datetime64[Y]") == np.datetime64(str(other))).all()
    assert len(np.unique(pairs)) >= min(len(days), len(days_of(other))) - (len(days) < len(days_of(other)))
    assert (lunar_pair(pairs, year) != days).sum() <= 1
    late = days >= np.datetime64(f"{year}-03-15")
    assert ((pairs[late] - np.datetime64(f"{other}-03-15")) == (days[late] - np.datetime64(f"{year}-03-15"))).all()
    feasts = np.datetime64(spring_festival(year)) + np.arange(-20, 23)
    assert (lunar_pair(feasts, other) == np.datetime64(spring_festival(other)) + np.arange(-20, 23)).all()


def test_a_year_pairs_with_itself() -> None:
    """Pairing a year with itself changes nothing."""
    assert (lunar_pair(days_of(2028), 2028) == days_of(2028)).all()
