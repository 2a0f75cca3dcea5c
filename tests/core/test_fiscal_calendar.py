"""Fiscal months that end on a day, weeks from any weekday, years of 52 and 53 weeks: worked out by hand."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.core.calendars import work_calendar
from xlsales.core.period_text import AmbiguousPeriod, parse_period, parse_span
from xlsales.core.periods import (
    Level,
    cut_months,
    days_of_month,
    month_of,
    month_starts,
    months_of,
    timeline,
    timeline_of,
    whole_years,
)
from xlsales.core.plan import (
    DayMethod,
    FiscalYear,
    Member,
    MemberMethod,
    MemberShape,
    MonthMethod,
    MonthPattern,
    Plan,
    WeekRule,
    YearEnd,
)
from xlsales.core.shapes import History, shapes_of
from xlsales.core.tree import grow

pytestmark = pytest.mark.unit

D = dt.date
SUNDAY, SATURDAY = 6, 5
NRF = FiscalYear(2, MonthPattern.P454, week_start=SUNDAY)
"""The calendar of the National Retail Federation: to the Saturday nearest to 31 January."""
LAST_SATURDAY_OF_SEPTEMBER = FiscalYear(10, MonthPattern.P445, year_end=YearEnd.LAST, week_start=SUNDAY)
FRIDAY_NEAREST_JANUARY = FiscalYear(2, MonthPattern.P445, week_start=SATURDAY)


@pytest.mark.parametrize(
    ("day", "year", "month", "first", "last"),
    [
        (21, 2026, 1, D(2025, 12, 22), D(2026, 1, 21)),
        (21, 2026, 3, D(2026, 2, 22), D(2026, 3, 21)),
        (21, 2026, 12, D(2026, 11, 22), D(2026, 12, 21)),
        (25, 2026, 3, D(2026, 2, 26), D(2026, 3, 25)),
        (25, 2028, 3, D(2028, 2, 26), D(2028, 3, 25)),
        (28, 2026, 2, D(2026, 1, 29), D(2026, 2, 28)),
        (28, 2026, 3, D(2026, 3, 1), D(2026, 3, 28)),
        (28, 2028, 2, D(2028, 1, 29), D(2028, 2, 28)),
        (28, 2028, 3, D(2028, 2, 29), D(2028, 3, 28)),
        (29, 2026, 2, D(2026, 1, 30), D(2026, 2, 28)),
        (29, 2028, 2, D(2028, 1, 30), D(2028, 2, 29)),
        (30, 2026, 2, D(2026, 1, 31), D(2026, 2, 28)),
        (30, 2026, 3, D(2026, 3, 1), D(2026, 3, 30)),
        (30, 2028, 2, D(2028, 1, 31), D(2028, 2, 29)),
        (30, 2026, 5, D(2026, 5, 1), D(2026, 5, 30)),
        (31, 2026, 2, D(2026, 2, 1), D(2026, 2, 28)),
        (31, 2028, 2, D(2028, 2, 1), D(2028, 2, 29)),
        (1, 2026, 1, D(2025, 12, 2), D(2026, 1, 1)),
    ],
)
def test_the_days_of_a_fiscal_month(day: int, year: int, month: int, first: dt.date, last: dt.date) -> None:
    """A month is called after the calendar month in which it ends; a short February ends on its last day."""
    fiscal = FiscalYear(month_end=day)
    assert days_of_month(year, month, fiscal) == (first, last)
    assert month_of(first, fiscal) == month_of(last, fiscal) == (year, month)
    line = timeline(first, last, fiscal)
    assert [p.key for p in line.periods(Level.MONTH)] == [f"{year}-{month:02}"]
    assert parse_period(f"{month}月", line).days == line.n_days
    assert parse_span(f"{year}-{month:02}", fiscal) == (first, last)


@pytest.mark.parametrize(
    ("fiscal", "year", "first", "weeks", "last_month"),
    [
        (NRF, 2012, D(2012, 1, 29), 53, 5), (NRF, 2017, D(2017, 1, 29), 53, 5), (NRF, 2022, D(2022, 1, 30), 52, 4),
        (NRF, 2023, D(2023, 1, 29), 53, 5), (NRF, 2024, D(2024, 2, 4), 52, 4), (NRF, 2025, D(2025, 2, 2), 52, 4),
        (NRF, 2026, D(2026, 2, 1), 52, 4),
        (LAST_SATURDAY_OF_SEPTEMBER, 2022, D(2022, 9, 25), 53, 6),
        (LAST_SATURDAY_OF_SEPTEMBER, 2023, D(2023, 10, 1), 52, 5),
        (LAST_SATURDAY_OF_SEPTEMBER, 2024, D(2024, 9, 29), 52, 5),
        (FRIDAY_NEAREST_JANUARY, 2024, D(2024, 2, 3), 52, 5), (FRIDAY_NEAREST_JANUARY, 2023, D(2023, 2, 4), 52, 5),
        (FiscalYear(pattern=MonthPattern.P445), 2026, D(2025, 12, 29), 53, 6),
        (FiscalYear(pattern=MonthPattern.P445, year_end=YearEnd.LAST), 2026, D(2025, 12, 29), 52, 5),
        (FiscalYear(pattern=MonthPattern.P445, year_end=YearEnd.LAST), 2027, D(2026, 12, 28), 52, 5),
        (FiscalYear(pattern=MonthPattern.P445, year_end=YearEnd.LAST), 2028, D(2027, 12, 27), 53, 6),
    ],
)  # fmt: skip
def test_years_of_52_and_53_weeks(fiscal: FiscalYear, year: int, first: dt.date, weeks: int, last_month: int) -> None:
    """Years as the NRF publishes them and as companies report them; the 53rd week is in the last month."""
    edges = month_starts(year, fiscal)
    assert edges[0].item() == first
    assert int((edges[12] - edges[0]).astype(np.int64)) == weeks * 7
    assert int((edges[12] - edges[11]).astype(np.int64)) == last_month * 7
    assert edges[12] == month_starts(year + 1, fiscal)[0]


def test_weeks_from_sunday() -> None:
    """Whole weeks from Sunday have the year of their Wednesday; cut weeks begin anew with the month."""
    whole = timeline(D(2026, 1, 1), D(2026, 1, 31), FiscalYear(week_start=SUNDAY), WeekRule.ISO)
    assert [(p.key, p.start) for p in whole.periods(Level.WEEK)][:3] == [
        ("2025-W53", D(2026, 1, 1)), ("2026-W01", D(2026, 1, 4)), ("2026-W02", D(2026, 1, 11)),
    ]  # fmt: skip
    cut = timeline(D(2025, 12, 22), D(2026, 1, 21), FiscalYear(month_end=21, week_start=SUNDAY))
    assert [(p.key, p.start.day, p.end.day) for p in cut.periods(Level.WEEK)] == [
        ("2026-01W1", 22, 27), ("2026-01W2", 28, 3), ("2026-01W3", 4, 10), ("2026-01W4", 11, 17),
        ("2026-01W5", 18, 21),
    ]  # fmt: skip


@given(
    st.dates(D(2003, 1, 1), D(2040, 12, 31)),
    st.builds(
        FiscalYear,
        st.integers(1, 12),
        st.sampled_from(MonthPattern),
        st.integers(1, 31),
        st.sampled_from(YearEnd),
        st.integers(0, 6),
    ),
)
def test_each_day_is_in_the_month_that_has_it(day: dt.date, fiscal: FiscalYear) -> None:
    """From the day to its month and back, one by one and as an array; the years' edges join without a gap."""
    if fiscal.pattern is not MonthPattern.NATURAL:
        fiscal = FiscalYear(fiscal.month, fiscal.pattern, 31, fiscal.year_end, fiscal.week_start)
    first, last = days_of_month(*month_of(day, fiscal), fiscal)
    assert first <= day <= last
    days = np.arange(np.datetime64(first) - 40, np.datetime64(last) + 40)
    months = months_of(days, fiscal)
    assert np.count_nonzero(months == months_of(np.array([day], "datetime64[D]"), fiscal)[0]) == (last - first).days + 1
    assert set(np.diff(months.astype(np.int64)).tolist()) <= {0, 1}
    assert all((month_starts(y, fiscal)[12] == month_starts(y + 1, fiscal)[0]) for y in (day.year - 1, day.year))


@pytest.mark.parametrize(
    ("start", "end", "fiscal", "years", "cut"),
    [
        (D(2025, 12, 22), D(2026, 12, 21), FiscalYear(month_end=21), (D(2025, 12, 22), D(2026, 12, 21)), []),
        (D(2026, 1, 1), D(2026, 12, 31), FiscalYear(month_end=21), (D(2025, 12, 22), D(2026, 12, 21)),
         ["2026-01", "2027-01"]),
        (D(2026, 3, 22), D(2026, 9, 21), FiscalYear(4, month_end=21), (D(2026, 3, 22), D(2027, 3, 21)), []),
        (D(2026, 1, 1), D(2026, 12, 31), FiscalYear(4), (D(2026, 4, 1), D(2027, 3, 31)), []),
        (D(2026, 2, 1), D(2027, 1, 30), NRF, (D(2026, 2, 1), D(2027, 1, 30)), []),
        (D(2026, 2, 1), D(2027, 1, 31), NRF, (D(2026, 2, 1), D(2027, 1, 30)), ["2027-P01"]),
        (D(2026, 5, 5), D(2026, 5, 5), FiscalYear(month_end=21), (D(2025, 12, 22), D(2026, 12, 21)), ["2026-05"]),
        (D(2022, 1, 30), D(2025, 2, 1), NRF, (D(2022, 1, 30), D(2025, 2, 1)), []),
    ],
)  # fmt: skip
def test_whole_years_and_cut_months(
    start: dt.date, end: dt.date, fiscal: FiscalYear, years: tuple[dt.date, dt.date], cut: list[str]
) -> None:
    """The fiscal years nearest to a plan, and the months that it has only a part of; several years are whole too."""
    line = timeline(start, end, fiscal)
    assert whole_years(line) == years
    assert [month.key for month in cut_months(line)] == cut


def test_a_month_that_is_there_twice_is_asked_for() -> None:
    """A calendar year with months to the 21st has days of two Januaries."""
    line = timeline(D(2026, 1, 1), D(2026, 12, 31), FiscalYear(month_end=21))
    assert [p.key for p in line.periods(Level.MONTH)][::12] == ["2026-01", "2027-01"]
    with pytest.raises(AmbiguousPeriod, match="2026-01, 2027-01"):
        parse_period("1月", line)


def monthly_history(amounts: list[int], day: int, codes: bool = False) -> History:
    """A sum a month of 2025, on the day on which fiscal months end."""
    days = np.array([f"2025-{m:02}-{day:02}" for m in range(1, 13)], "datetime64[D]")
    members = {"区域": np.array([i % 2 for i in range(12)], np.int32)} if codes else {}
    return History(days, np.array(amounts, np.int64), members)


AMOUNTS = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 140]


@pytest.mark.parametrize("lunar", [False, True])
def test_past_months_are_fiscal_months(lunar: bool) -> None:
    """Shares of last year's fiscal months are those of this year's, though each has days of two calendar months."""
    plan = Plan(
        "", 800, 1_000_000, D(2025, 12, 22), D(2026, 12, 21), month_method=MonthMethod.REFERENCE,
        day_method=DayMethod.EQUAL, month_end=21, lunar=lunar,
    )  # fmt: skip
    line = timeline_of(plan)
    shapes = shapes_of(plan, line, work_calendar(line.days), monthly_history(AMOUNTS, 21))
    shares = shapes.months / shapes.months.sum()
    assert shares[2:] == pytest.approx([a / 800 for a in AMOUNTS[2:]])
    assert lunar or shares[:2] == pytest.approx([10 / 800, 20 / 800])


def test_a_member_s_own_months_are_fiscal_months() -> None:
    """Members that follow their own history have it by fiscal months; a month that the plan cuts has a part."""
    region, faults = grow(
        "区域", [Member("甲", method=MemberMethod.REFERENCE), Member("乙", method=MemberMethod.REFERENCE)]
    )
    assert region is not None
    assert not faults
    plan = Plan(
        "", 800, 1_000_000, D(2025, 12, 22), D(2026, 12, 11), (region,), day_method=DayMethod.EQUAL, month_end=21,
        member_shape=MemberShape.OWN, references=(("2025", 1.0),),
    )  # fmt: skip
    line = timeline_of(plan)
    own = shapes_of(plan, line, work_calendar(line.days), monthly_history(AMOUNTS, 21, codes=True)).own["区域"]
    first, second = sum(AMOUNTS[::2]), sum(AMOUNTS[1::2])
    assert own[0] == pytest.approx([a / first if i % 2 == 0 else 0 for i, a in enumerate(AMOUNTS)])
    assert own[1, 11] == pytest.approx(140 / second * 20 / 30)  # 22 November to 11 December of 30 days


def test_part_of_a_fiscal_month_counts_in_proportion() -> None:
    """Equal months: a plan that begins on 1 January has 21 of the 31 days of its first month."""
    plan = Plan("", 800, 1_000_000, D(2026, 1, 1), D(2026, 12, 21), day_method=DayMethod.EQUAL, month_end=21)
    line = timeline_of(plan)
    months = shapes_of(plan, line, work_calendar(line.days), None).months
    assert months == pytest.approx([21 / 31, *[1.0] * 11])
    assert list(itertools.accumulate(p.days for p in line.periods(Level.MONTH)))[-1] == line.n_days


@pytest.mark.parametrize(
    ("start", "settings", "month"),
    [
        (D(2026, 1, 1), {}, 1), (D(2026, 4, 1), {}, 4), (D(2026, 4, 30), {}, 4),
        (D(2026, 4, 1), {"fiscal_month": 7}, 7),
        (D(2025, 12, 22), {"month_end": 21}, 1), (D(2026, 3, 22), {"month_end": 21}, 4),
        (D(2026, 3, 21), {"month_end": 21}, 3), (D(2026, 1, 31), {"month_end": 30}, 2),
        (D(2025, 12, 29), {"month_pattern": MonthPattern.P445}, 1),
        (D(2026, 3, 30), {"month_pattern": MonthPattern.P445}, 4),
    ],
)  # fmt: skip
def test_in_which_month_years_of_sales_begin(start: dt.date, settings: dict[str, object], month: int) -> None:
    """Without a fiscal month in the settings, years of pasted sales begin with the month that the plan begins with."""
    plan = Plan("", 1, 1_000_000, start, start + dt.timedelta(364), **settings)  # type: ignore[arg-type]
    assert plan.first_fiscal_month == month
