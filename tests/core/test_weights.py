"""What days and months pull, and what history tells of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.core.calendars import work_calendar
from xlsales.core.faults import Fault
from xlsales.core.periods import Level, timeline, weekdays
from xlsales.core.plan import DayMethod, DayRule, FiscalYear, MonthMethod, MonthPattern
from xlsales.core.spreading import GrowthTooSteep, NothingToFollow, TrendBelowZero
from xlsales.core.weights import (
    BadReferenceShare,
    BadWeekdayIndex,
    MonthMethodNeeds,
    NoDayWeight,
    NoMonthWeight,
    ReferenceEmpty,
    TooFewDays,
    day_weights,
    month_weights,
    reference_shares,
    sum_days,
    weekday_index,
)

pytestmark = pytest.mark.unit

D = dt.date
YEAR = timeline(D(2026, 1, 1), D(2026, 12, 31))
CALENDAR = work_calendar(YEAR.days)
RETAIL = (1, 1, 1, 1, 1, 1.5, 1.5)


def span(year: int) -> tuple[dt.date, dt.date]:
    return D(year, 1, 1), D(year, 12, 31)


def days_of(first: int, last: int) -> np.ndarray:
    return np.arange(np.datetime64(f"{first}-01-01"), np.datetime64(f"{last + 1}-01-01"))


# --- weekdays


def test_weekday_index_of_the_three_reference_weeks() -> None:
    """From daily records of three ordinary weeks, the weakest weekday is 1 and the ratios are those of the sums."""
    sums = np.array([9654, 9687, 11654, 10625, 11687, 17110, 16583])
    days = np.arange(np.datetime64("2026-03-09"), np.datetime64("2026-03-30"))
    index = weekday_index(days, np.tile(sums / 3, 3))
    assert index == pytest.approx(sums / 9654)
    twice = weekday_index(np.concatenate([days, days]), np.tile(sums / 6, 6))
    assert twice == pytest.approx(index)


def test_weekday_index_leaves_out_holidays_and_make_up_days() -> None:
    """A golden week and the worked Saturday after it do not bend the index, nor does the company's own holiday."""
    days = np.arange(np.datetime64("2026-09-07"), np.datetime64("2026-10-26"))
    calendar = work_calendar(days)
    usual = np.asarray(RETAIL)[weekdays(days)] * 100
    amounts = np.where((calendar.kinds == 2) | (calendar.kinds == 3), 9999, usual)
    assert weekday_index(days, amounts) == pytest.approx(RETAIL)
    amounts[days == np.datetime64("2026-10-15")] = 9999
    assert weekday_index(days, amounts)[3] > 2
    ours = work_calendar(YEAR.days, [DayRule(D(2026, 10, 15), "holiday")])
    assert weekday_index(days, amounts, ours) == pytest.approx(RETAIL)


def test_weekday_index_of_a_shop_that_closes_on_sundays() -> None:
    """A weekday without sales pulls nothing; the weakest one that sells is 1."""
    days = np.arange(np.datetime64("2026-03-02"), np.datetime64("2026-03-30"))
    sold = weekdays(days) != 6
    assert weekday_index(days[sold], np.full(sold.sum(), 50)).tolist() == [1, 1, 1, 1, 1, 1, 0]


def test_too_little_history_is_said() -> None:
    """Four days cannot tell seven weekdays apart, and no sales tell nothing."""
    with pytest.raises(TooFewDays) as caught:
        weekday_index(days_of(2026, 2026)[4:8], [1, 1, 1, 1])
    assert "周五" in caught.value.say("zh")
    assert "Friday" in caught.value.say("en")
    for days in (days_of(2026, 2026)[:0], days_of(2026, 2026)[60:80]):
        with pytest.raises(NothingToFollow):
            weekday_index(days, np.zeros(len(days)))


# --- days


def test_day_index_of_october() -> None:
    """Holidays take the holiday index, rest days their weekday's, the worked Saturday a weekday's."""
    weights = day_weights(YEAR, CALENDAR, DayMethod.DAY_INDEX, RETAIL, 1.5)
    october = weights[YEAR.slice_of(YEAR.periods(Level.MONTH)[9])]
    assert october[:12].tolist() == [1.5] * 7 + [1, 1, 1, 1.5, 1]
    assert october.sum() == 37.5


def test_a_holiday_without_index_counts_as_a_sunday() -> None:
    """Blank holiday index means Sunday's; a zero is a zero."""
    index = (1, 1, 1, 1, 1, 2, 3)
    assert day_weights(YEAR, CALENDAR, DayMethod.DAY_INDEX, index)[0] == 3
    assert day_weights(YEAR, CALENDAR, DayMethod.DAY_INDEX, index, 0.0)[0] == 0


def test_campaign_days_count_by_their_factor_under_every_method() -> None:
    """618 with factor 3 counts as three days, also where days are equal."""
    calendar = work_calendar(YEAR.days, [DayRule(D(2026, 6, 18), factor=3)])
    day = (D(2026, 6, 18) - YEAR.start).days
    assert day_weights(YEAR, calendar, DayMethod.EQUAL)[day] == 3
    assert day_weights(YEAR, calendar, DayMethod.WORKING_DAYS)[day] == 3
    assert day_weights(YEAR, calendar, DayMethod.DAY_INDEX, RETAIL)[day] == 3


def test_plain_day_weights() -> None:
    """Equal days weigh one each; working days weigh by the notice."""
    assert day_weights(YEAR, CALENDAR, DayMethod.EQUAL).sum() == 365
    assert day_weights(YEAR, CALENDAR, DayMethod.WORKING_DAYS).sum() == 248


def test_days_without_weight_are_said() -> None:
    """A plan of holidays has no working day to take the target; the fault names the choices."""
    feast = timeline(D(2026, 10, 1), D(2026, 10, 7))
    with pytest.raises(NoDayWeight) as caught:
        day_weights(feast, work_calendar(feast.days), DayMethod.WORKING_DAYS)
    assert "均分" in caught.value.say("zh")
    for index in (None, (1, 1), (1, 1, 1, 1, 1, 1, float("nan")), (1, 1, 1, 1, 1, 1, -1)):
        with pytest.raises(BadWeekdayIndex):
            day_weights(YEAR, CALENDAR, DayMethod.DAY_INDEX, index)


# --- months


def test_equal_months_scale_with_the_days_that_the_plan_leaves() -> None:
    """A plan from mid-November gives November 15/30 of a month."""
    line = timeline(D(2026, 11, 16), D(2027, 1, 31))
    assert month_weights(line, MonthMethod.EQUAL).tolist() == [0.5, 1, 1]
    assert month_weights(line, MonthMethod.WEIGHTS, weights={11: 2, 12: 3}).tolist() == [1, 3, 0]
    shares = month_weights(line, MonthMethod.REFERENCE, reference_month_share={11: 0.2, 12: 0.1, 1: 0.3})
    assert shares == pytest.approx([0.1, 0.1, 0.3])


def test_months_by_days() -> None:
    """Calendar days, working days and the day index are sums over the month's days."""
    assert month_weights(YEAR, MonthMethod.CALENDAR_DAYS)[:3].tolist() == [31, 28, 31]
    assert month_weights(YEAR, MonthMethod.WORKING_DAYS, calendar=CALENDAR)[9] == 18
    assert month_weights(YEAR, MonthMethod.WORKING_DAYS).sum() == 248
    weights = day_weights(YEAR, CALENDAR, DayMethod.DAY_INDEX, RETAIL, 1.5)
    assert month_weights(YEAR, MonthMethod.DAY_INDEX, day_weights=weights)[9] == 37.5
    with pytest.raises(ValueError, match="day_weights"):
        month_weights(YEAR, MonthMethod.DAY_INDEX)


def test_references_may_differ_by_year() -> None:
    """Where Spring Festival moves, each year of the plan has its own January."""
    line = timeline(D(2026, 1, 1), D(2027, 12, 31))
    shares = {(y, m): float(y == 2027 and m == 1) + 1 for y in (2026, 2027) for m in range(1, 13)}
    weights = month_weights(line, MonthMethod.REFERENCE, reference_month_share=shares)
    assert weights == pytest.approx([1.0] * 12 + [2.0] + [1.0] * 11)


def test_months_of_whole_weeks() -> None:
    """4-4-5 months are equal when asked to be, take the entered weights by number, and a reference by their days."""
    line = timeline(D(2025, 3, 31), D(2026, 3, 29), FiscalYear(4, MonthPattern.P445))
    assert month_weights(line, MonthMethod.EQUAL).tolist() == [1] * 12
    assert month_weights(line, MonthMethod.WEIGHTS, weights={4: 5, 3: 7}).tolist() == [5] + [0] * 10 + [7]
    flat = {m: float((D(2025 + m // 12, m % 12 + 1, 1) - D(2025, m, 1)).days) for m in range(1, 13)}
    reference = month_weights(line, MonthMethod.REFERENCE, reference_month_share=flat)
    assert reference == pytest.approx([p.days for p in line.periods(Level.MONTH)])


TRENDS: dict[str, tuple[tuple[D, D, int], MonthMethod, dict[str, Any], list[float]]] = {
    "a straight line adds a share of the first": (
        (D(2026, 1, 1), D(2026, 4, 30), 1), MonthMethod.STRAIGHT_LINE, {"rise": 0.5}, [1, 1.5, 2, 2.5]
    ),
    "a falling line ends at zero": (
        (D(2026, 1, 1), D(2026, 3, 31), 1), MonthMethod.STRAIGHT_LINE, {"rise": -0.5}, [1, 0.5, 0]
    ),
    "growth on the month before, a month that is cut": (
        (D(2026, 1, 1), D(2026, 4, 15), 1), MonthMethod.GROWTH, {"rise": 1.0}, [1 / 15, 2 / 15, 4 / 15, 8 / 15 / 2]
    ),
    "1-2-1 in each quarter": ((D(2026, 1, 1), D(2026, 6, 30), 1), MonthMethod.ONE_TWO_ONE, {}, [1, 2, 1, 1, 2, 1]),
    "1-2-1 by quarters of the fiscal year": (
        (D(2026, 3, 1), D(2026, 6, 30), 2), MonthMethod.ONE_TWO_ONE, {}, [2, 1, 1, 2]
    ),
    "all in the first month": ((D(2026, 1, 15), D(2026, 3, 31), 1), MonthMethod.FIRST, {}, [1, 0, 0]),
    "all in the last month": ((D(2026, 1, 15), D(2026, 3, 31), 1), MonthMethod.LAST, {}, [0, 0, 1]),
    "equal over months that sold": (
        (D(2026, 1, 1), D(2026, 4, 15), 1), MonthMethod.POPULATED,
        {"reference_month_share": {1: 0.7, 4: 0.3}}, [1, 0, 0, 0.5],
    ),
    "a plan of one day": ((D(2026, 1, 1), D(2026, 1, 1), 1), MonthMethod.LAST, {}, [1]),
}  # fmt: skip


@pytest.mark.parametrize(("days", "method", "given_", "expected"), TRENDS.values(), ids=TRENDS)
def test_months_by_a_trend_or_a_pattern(
    days: tuple[D, D, int], method: MonthMethod, given_: dict[str, Any], expected: list[float]
) -> None:
    start, end, fiscal_month = days
    line = timeline(start, end, FiscalYear(fiscal_month))
    assert month_weights(line, method, **given_) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("method", "rise", "fault"),
    [
        (MonthMethod.STRAIGHT_LINE, -0.2, TrendBelowZero),
        (MonthMethod.GROWTH, -1.5, TrendBelowZero),
        (MonthMethod.GROWTH, 1e300, GrowthTooSteep),
    ],
)
def test_a_trend_that_leads_nowhere_is_said(method: MonthMethod, rise: float, fault: type[Fault]) -> None:
    with pytest.raises(fault):
        month_weights(YEAR, method, rise=rise)


def test_months_without_weight_are_said() -> None:
    """Missing weights, a missing reference and all-zero weights are faults that name the choices."""
    faults: list[tuple[type[Fault], dict[str, object]]] = [
        (MonthMethodNeeds, {"method": MonthMethod.WEIGHTS}),
        (MonthMethodNeeds, {"method": MonthMethod.REFERENCE}),
        (MonthMethodNeeds, {"method": MonthMethod.POPULATED}),
        (NoMonthWeight, {"method": MonthMethod.POPULATED, "reference_month_share": {1: 0.0}}),
        (NoMonthWeight, {"method": MonthMethod.WEIGHTS, "weights": {1: 0.0}}),
    ]
    for fault, given_ in faults:
        with pytest.raises(fault) as caught:
            month_weights(YEAR, **given_)  # type: ignore[arg-type]
        assert "均分" in caught.value.say("zh")


@given(st.dates(D(2004, 1, 1), D(2026, 1, 1)), st.integers(0, 800), st.sampled_from(Level))
def test_sums_over_periods_keep_the_whole(start: dt.date, length: int, level: Level) -> None:
    """Summed into periods, days lose nothing."""
    line = timeline(start, start + dt.timedelta(days=length))
    values = np.arange(line.n_days)
    assert sum_days(line, level, values).sum() == values.sum()


# --- references


def test_reference_mix_of_shapes() -> None:
    """Half of a flat small year and half of a large year that sold in March only."""
    days = np.array([f"2023-{m:02d}-05" for m in range(1, 13)] + ["2024-03-09"], "datetime64[D]")
    amounts = np.array([1] * 12 + [10**12], dtype=np.int64)
    shares = reference_shares(days, amounts, [(span(2023), 0.5), (span(2024), 0.5)])
    assert shares[2] == pytest.approx(0.5 + 0.5 / 12)
    assert shares.sum() == pytest.approx(1)


@given(
    st.lists(st.tuples(st.integers(0, 730), st.integers(0, 10**15)), min_size=1, max_size=50),
    st.floats(0.01, 1),
    st.sampled_from([None, 2025, 2026, 2028]),
)
def test_reference_shares_sum_to_one(records: list[tuple[int, int]], share: float, lunar_year: int | None) -> None:
    """Whatever was sold when, the shares are shares."""
    offsets, amounts = zip(*records, strict=True)
    days = np.datetime64("2024-01-01") + np.array(offsets)
    whole = (D(2024, 1, 1), D(2025, 12, 31))
    references = [(whole, share), (whole, 1 - share)]
    if sum(amounts):
        assert reference_shares(days, amounts, references, lunar_year=lunar_year).sum() == pytest.approx(1)
    else:
        with pytest.raises(ReferenceEmpty):
            reference_shares(days, amounts, references, lunar_year=lunar_year)


def test_lunar_pairing_moves_the_festival_to_its_month() -> None:
    """Sales of the week before Spring Festival fell in January 2025; for 2026 they belong to February."""
    days = np.arange(np.datetime64("2025-01-20"), np.datetime64("2025-01-29"))
    amounts = np.full(9, 100)
    assert reference_shares(days, amounts, [(span(2025), 1)])[:2].tolist() == [1, 0]
    assert reference_shares(days, amounts, [(span(2025), 1)], lunar_year=2026)[:2].tolist() == [0, 1]


def test_lunar_pairing_leaves_spring_to_winter_alone() -> None:
    """From April on, months are as they were; January to March keep their sum."""
    days = days_of(2025, 2025)
    amounts = np.random.default_rng(1).integers(1, 1000, len(days))
    plain = reference_shares(days, amounts, [(span(2025), 1)])
    paired = reference_shares(days, amounts, [(span(2025), 1)], lunar_year=2026)
    assert paired[3:] == pytest.approx(plain[3:])
    assert paired[:3].sum() == pytest.approx(plain[:3].sum())
    assert paired[0] != pytest.approx(plain[0])


def test_references_of_groups() -> None:
    """One row a member; a member without sales in one reference follows the other, one that never sold has zeros."""
    days = np.array(["2023-01-05", "2024-02-05", "2024-03-05"], "datetime64[D]")
    shares = reference_shares(
        days, [5, 5, 15], [(span(2023), 0.5), (span(2024), 0.5)], groups=np.array([0, 0, 1]), n_groups=3
    )
    assert shares.shape == (3, 12)
    assert shares[0, :2].tolist() == [0.5, 0.5]
    assert shares[1, 2] == 1
    assert not shares[2].any()


def test_returns_do_not_turn_a_month_negative() -> None:
    """A month with more returns than sales pulls nothing."""
    days = np.array(["2025-01-05", "2025-02-05"], "datetime64[D]")
    assert reference_shares(days, [-5, 10], [(span(2025), 1)])[:2].tolist() == [0, 1]


def test_references_that_say_nothing_are_said() -> None:
    """A period without sales and a mix without shares are faults."""
    with pytest.raises(ReferenceEmpty, match="2024-01-01"):
        reference_shares(days_of(2025, 2025), np.ones(365), [(span(2024), 1)])
    for references in ([], [(span(2025), 0.0)], [(span(2025), -1.0), (span(2025), 2.0)]):
        with pytest.raises(BadReferenceShare):
            reference_shares(days_of(2025, 2025), np.ones(365), references)
