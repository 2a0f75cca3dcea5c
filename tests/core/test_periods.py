"""The plan's time: levels, keys, names, and what people write for a period."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.core.faults import Fault
from xlsales.core.period_text import (
    AmbiguousPeriod,
    EndsBeforeItBegins,
    FiscalMonthNeeded,
    PeriodOutsidePlan,
    UnreadablePeriod,
    parse_period,
    parse_span,
)
from xlsales.core.periods import (
    BadFiscalMonth,
    EndBeforeStart,
    Level,
    Timeline,
    YearOutOfReach,
    name_of,
    timeline,
    weekdays,
)
from xlsales.core.plan import FiscalYear, MonthPattern, WeekRule, YearEnd

pytestmark = pytest.mark.unit

D = dt.date


def year_2026(**rules: object) -> Timeline:
    return timeline(D(2026, 1, 1), D(2026, 12, 31), **rules)  # type: ignore[arg-type]


def keys(line: Timeline, level: Level) -> list[str]:
    return [p.key for p in line.periods(level)]


plans = st.builds(
    lambda start, length, fiscal_month, pattern, week_rule, month_end, year_end, week_start: timeline(
        start,
        start + dt.timedelta(days=length),
        FiscalYear(
            fiscal_month, pattern, 31 if pattern is not MonthPattern.NATURAL else month_end, year_end, week_start
        ),
        week_rule,
    ),
    st.dates(D(2003, 1, 1), D(2040, 12, 31)),
    st.integers(0, 900),
    st.integers(1, 12),
    st.sampled_from(MonthPattern),
    st.sampled_from(WeekRule),
    st.integers(1, 31),
    st.sampled_from(YearEnd),
    st.integers(0, 6),
)


@given(plans, st.sampled_from(Level))
def test_every_level_partitions_the_plan(line: Timeline, level: Level) -> None:
    """At every level the periods follow each other without gap or overlap, and their keys are unique."""
    periods = line.periods(level)
    assert periods[0].start == line.start
    assert periods[-1].end == line.end
    assert all(b.start - a.end == dt.timedelta(days=1) for a, b in itertools.pairwise(periods))
    assert sum(p.days for p in periods) == line.n_days
    assert len({p.key for p in periods}) == len(periods)
    index = line.index_of_day(level)
    assert all((index[line.slice_of(p)] == i).all() for i, p in enumerate(periods))
    assert np.bincount(index).tolist() == [p.days for p in periods]


@given(plans)
def test_weeks_run_from_their_first_weekday(line: Timeline) -> None:
    """A week never holds two Mondays (or what weeks begin on), and begins on one unless the plan or a month cuts it."""
    first_of_month = {p.start for p in line.periods(Level.MONTH)}
    for week in line.periods(Level.WEEK):
        first = (week.start.weekday() - line.fiscal.week_start) % 7
        of_week = (weekdays(line.days[line.slice_of(week)]) - line.fiscal.week_start) % 7
        assert (of_week == first + np.arange(week.days)).all()
        cut_by_month = line.week_rule is WeekRule.CUT and week.start in first_of_month
        assert first == 0 or week.start == line.start or cut_by_month


@given(plans)
def test_the_tree_holds_each_level_inside_the_one_above(line: Timeline) -> None:
    """In pre-order, the children of a period add up to its days."""
    rows = line.tree()
    assert len(rows) == sum(len(line.periods(level)) for level in line.nested_levels())
    assert len({p.key for _, p in rows}) == len(rows)
    for level_above, level in zip(line.nested_levels(), line.nested_levels()[1:], strict=False):
        parents = line.index_of_day(level_above)
        assert all(len(set(parents[line.slice_of(p)].tolist())) == 1 for p in line.periods(level))
    spine: list[object] = []
    for depth, period in rows:
        assert depth <= len(spine)
        spine[depth:] = [period]


@given(plans, st.sampled_from(Level), st.data())
def test_a_key_leads_back_to_its_period(line: Timeline, level: Level, data: st.DataObject) -> None:
    """Whatever key the program writes, it reads again."""
    period = data.draw(st.sampled_from(line.periods(level)))
    assert parse_period(period.key, line) is period


def test_a_calendar_year() -> None:
    """2026 has two halves, four quarters, twelve months, weeks cut at the month, 365 days."""
    line = year_2026()
    assert keys(line, Level.YEAR) == ["2026"]
    assert keys(line, Level.HALF) == ["2026H1", "2026H2"]
    assert keys(line, Level.QUARTER) == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    assert keys(line, Level.MONTH)[2] == "2026-03"
    assert keys(line, Level.WEEK)[:6] == ["2026-01W1", "2026-01W2", "2026-01W3", "2026-01W4", "2026-01W5", "2026-02W1"]
    assert keys(line, Level.DAY)[63] == "2026-03-05"
    assert [p.key for _, p in line.tree()[:7]] == [
        "2026", "2026H1", "2026Q1", "2026-01", "2026-01W1", "2026-01-01", "2026-01-02",
    ]  # fmt: skip


def test_a_fiscal_year_from_april() -> None:
    """The fiscal year 2026 runs from April 2026 to March 2027; months keep their calendar names."""
    line = timeline(D(2026, 4, 1), D(2027, 3, 31), FiscalYear(4))
    assert keys(line, Level.YEAR) == ["2026"]
    assert keys(line, Level.QUARTER) == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    assert line.periods(Level.QUARTER)[3].start == D(2027, 1, 1)
    assert keys(line, Level.MONTH)[0] == "2026-04"
    assert keys(line, Level.MONTH)[-1] == "2027-03"
    assert parse_period("3月", line).key == "2027-03"


def test_a_plan_that_starts_and_ends_inside_months_over_two_years() -> None:
    """Periods are cut to the plan; weeks keep their number in the whole month."""
    line = timeline(D(2026, 11, 17), D(2027, 2, 10))
    assert keys(line, Level.YEAR) == ["2026", "2027"]
    assert line.periods(Level.MONTH)[0].days == 14
    assert keys(line, Level.WEEK)[0] == "2026-11W4"
    assert line.periods(Level.YEAR)[1].end == D(2027, 2, 10)


def test_leap_day() -> None:
    """29 February 2028 is a day like any other."""
    line = timeline(D(2028, 1, 1), D(2028, 12, 31))
    assert line.n_days == 366
    assert parse_period("2028年2月29日", line).key == "2028-02-29"
    assert parse_period("2028-02", line).days == 29
    assert timeline(D(2028, 2, 29), D(2028, 2, 29)).n_days == 1


def test_iso_weeks_cross_months() -> None:
    """ISO weeks carry the year of their Thursday and stand beside the months."""
    line = year_2026(week_rule=WeekRule.ISO)
    weeks = line.periods(Level.WEEK)
    assert weeks[0].key == "2026-W01"
    assert weeks[4].start == D(2026, 1, 26)
    assert weeks[4].end == D(2026, 2, 1)
    assert len(weeks) == 53
    assert Level.WEEK not in line.nested_levels()
    assert timeline(D(2027, 1, 1), D(2027, 1, 4), week_rule=WeekRule.ISO).periods(Level.WEEK)[0].key == "2026-W53"


@pytest.mark.parametrize(("pattern", "weeks"), [("4-4-5", [4, 4, 5]), ("4-5-4", [4, 5, 4]), ("5-4-4", [5, 4, 4])])
def test_months_of_whole_weeks(pattern: str, weeks: list[int]) -> None:
    """A 4-4-5 year starts on the Monday nearest to 1 January, and its 53rd week goes to the last month."""
    line = timeline(D(2025, 12, 29), D(2027, 1, 3), FiscalYear(pattern=MonthPattern(pattern)))
    assert keys(line, Level.YEAR) == ["2026"]
    months = line.periods(Level.MONTH)
    assert [p.days // 7 for p in months] == weeks * 3 + [weeks[0], weeks[1], weeks[2] + 1]
    assert months[0].key == "2026-P01"
    assert parse_period("第3财月", line).key == "2026-P03"
    with pytest.raises(FiscalMonthNeeded):
        parse_period("2026-03", line)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2026", "2026"), (2026, "2026"), (2026.0, "2026"), ("2026年", "2026"), ("2026年度", "2026"),
        ("FY2026", "2026"),
        ("2026H1", "2026H1"), ("2026上半年", "2026H1"), ("2026年下半年", "2026H2"), ("下半年", "2026H2"),
        ("2026Q1", "2026Q1"), ("2026年第1季度", "2026Q1"), ("第二季度", "2026Q2"), ("四季度", "2026Q4"),
        ("Q3 2026", "2026Q3"),
        ("2026-03", "2026-03"), ("2026年3月", "2026-03"), ("3月", "2026-03"), ("12月份", "2026-12"),
        ("2026/3", "2026-03"),
        ("202603", "2026-03"), ("Mar 2026", "2026-03"), ("september", "2026-09"), ("２０２６年３月", "2026-03"),
        ("2026-03-08", "2026-03-08"), ("2026年3月8日", "2026-03-08"), ("3月8日", "2026-03-08"),
        ("20260308", "2026-03-08"),
        (D(2026, 3, 8), "2026-03-08"), (dt.datetime(2026, 3, 8, 9), "2026-03-08"), ("2026-01w2", "2026-01W2"),
    ],
)  # fmt: skip
def test_what_people_write_is_understood(text: object, key: str) -> None:
    """Keys, Chinese and English names, numbers and dates all lead to the period."""
    assert parse_period(text, year_2026()).key == key


@pytest.mark.parametrize(
    "text", ["", "abc", None, 2026.1, "2026-13", "2026-02-30", "2026Q5", "13月", "3", "0月", "P13"]
)
def test_what_cannot_be_read_is_said(text: object) -> None:
    """A text that is no period is a fault, not a guess."""
    with pytest.raises(UnreadablePeriod) as caught:
        parse_period(text, year_2026())
    assert "2026-03-08" in caught.value.say("zh")


def test_outside_and_ambiguous_periods_are_said() -> None:
    """A period outside the plan, or one without year in a two-year plan, asks the person."""
    with pytest.raises(PeriodOutsidePlan, match="2026-01-01"):
        parse_period("2025-12", year_2026())
    with pytest.raises(AmbiguousPeriod, match="2026-03, 2027-03"):
        parse_period("3月", timeline(D(2026, 1, 1), D(2027, 12, 31)))


@pytest.mark.parametrize(
    ("text", "fiscal_month", "span"),
    [
        ("2025", 1, (D(2025, 1, 1), D(2025, 12, 31))),
        ("2025", 4, (D(2025, 4, 1), D(2026, 3, 31))),
        ("2025H2", 1, (D(2025, 7, 1), D(2025, 12, 31))),
        ("2025H2", 4, (D(2025, 10, 1), D(2026, 3, 31))),
        ("2025年第3季度", 1, (D(2025, 7, 1), D(2025, 9, 30))),
        ("2024-02", 4, (D(2024, 2, 1), D(2024, 2, 29))),
        ("2025-03-08", 1, (D(2025, 3, 8), D(2025, 3, 8))),
        ("2024~2025", 1, (D(2024, 1, 1), D(2025, 12, 31))),
        ("2025年1月至6月", 1, (D(2025, 1, 1), D(2025, 6, 30))),
    ],
)
def test_reference_spans(text: str, fiscal_month: int, span: tuple[dt.date, dt.date]) -> None:
    """A reference period outside the plan is read by the same words, with the fiscal year."""
    assert parse_span(text, FiscalYear(fiscal_month)) == span


def test_spans_need_a_year() -> None:
    """A span without a year cannot be read; of one that runs backwards it is said."""
    for text in ("3月", "2024~2025~2026", ""):
        with pytest.raises(UnreadablePeriod):
            parse_span(text)
    for text in ("2025~2024", "2025-06-01~2025-05-01"):
        with pytest.raises(EndsBeforeItBegins, match="earlier end first"):
            parse_span(text)
    assert parse_span("2026-P02", FiscalYear(pattern=MonthPattern.P445)) == (D(2026, 1, 26), D(2026, 2, 22))


def test_names_for_people() -> None:
    """Sheets show names, not keys."""
    line = year_2026()
    zh = [name_of(p, "zh") for _, p in line.tree()[:6]]
    en = [name_of(p, "en") for _, p in line.tree()[:6]]
    assert zh == ["2026年", "2026上半年", "第1季度", "1月", "第1周(1/1–1/4)", "1/1 周四"]
    assert en == ["2026", "2026 H1", "Q1", "Jan", "Week 1 (1/1–1/4)", "1/1 Thu"]
    fiscal = year_2026(fiscal=FiscalYear(pattern=MonthPattern.P445)).periods(Level.MONTH)[0]
    assert (name_of(fiscal, "zh"), name_of(fiscal, "en")) == ("第1财月", "P01")


@pytest.mark.parametrize(
    ("start", "end", "fiscal_month", "fault"),
    [
        (D(2026, 2, 1), D(2026, 1, 31), 1, EndBeforeStart),
        (D(2026, 1, 1), D(2226, 12, 31), 1, YearOutOfReach),
        (D(2026, 1, 1), D(2026, 12, 31), 13, BadFiscalMonth),
    ],
)
def test_impossible_plans_are_said(start: dt.date, end: dt.date, fiscal_month: int, fault: type[Fault]) -> None:
    """An end before the start, a slip in the year, and a 13th month are faults in both languages."""
    with pytest.raises(fault) as caught:
        timeline(start, end, FiscalYear(fiscal_month))
    assert "{" not in caught.value.say("zh") + caught.value.say("en")
