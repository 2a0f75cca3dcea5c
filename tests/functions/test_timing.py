"""Targets and days on the calendar, as a cell gives them."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.functions.answer import answer

pytestmark = pytest.mark.unit

days = st.dates(dt.date(2019, 1, 1), dt.date(2026, 12, 31))


@given(
    days, st.integers(0, 400), st.sampled_from(["年", "半年", "季", "月", "周", "日", "quarter"]), st.integers(0, 10**6)
)
def test_periods_cover_the_time_and_close(start: dt.date, length: int, level: str, total: int) -> None:
    """The periods follow each other without a gap, and their targets add up to the total."""
    finish = start + dt.timedelta(days=length)
    rows = answer("SPLIT_TIME", float(total), start, finish, level)
    assert not isinstance(rows, str), rows
    assert rows[0][1] == start
    assert rows[-1][2] == finish
    assert all(b[1] - a[2] == dt.timedelta(days=1) for a, b in itertools.pairwise(rows))
    assert sum(row[4] for row in rows) == total


@given(days, st.integers(0, 300))
def test_working_days_are_the_library_s(start: dt.date, length: int) -> None:
    """Working days are counted one by one by the notices, make-up days included."""
    finish = min(start + dt.timedelta(days=length), dt.date(2026, 12, 31))
    counted = sum(chinese_calendar.is_workday(start + dt.timedelta(days=i)) for i in range((finish - start).days + 1))
    assert answer("WORKDAYS_CN", start, finish) == [[counted]]


def test_months_of_a_year() -> None:
    """A year by months shows their names, days and working days; equal shares close on the total."""
    rows = answer("SPLIT_TIME", 1000.0, dt.datetime(2026, 1, 1), "2026-12-31", "月", None, 0.01, "均分")
    assert [row[0] for row in rows[:2]] == ["1月", "2月"]
    assert [row[3] for row in rows[:2]] == [21, 16]
    assert [row[4] for row in rows] == [83.33] * 8 + [83.34] * 4


def test_several_years_are_told_apart() -> None:
    """A plan over a new year names the year of each month, in either language."""
    zh = answer("SPLIT_TIME", 2.0, "2025年12月", "2026年1月")
    en = answer("SPLIT_TIME", 2.0, "2025年12月", "2026年1月", lang="en")
    assert [row[0] for row in zh] == ["2025年12月", "2026年1月"]
    assert [row[0] for row in en] == ["Dec 2025", "Jan 2026"]
    assert zh[1][1:3] == [dt.date(2026, 1, 1), dt.date(2026, 1, 31)]


def test_weights_of_periods() -> None:
    """One weight per period is followed; a blank one leaves its period's target blank."""
    rows = answer("SPLIT_TIME", 100.0, 46023.0, "2026-03-31", None, [[1.0, None, 3.0]])
    assert [row[4] for row in rows] == [25, None, 75]
    line = answer("SPLIT_TIME", 100.0, "2026-01-01", "2026-03-31", None, [[1.0], [2.0]])
    assert line == "weights 有 2 格,应与期间一样有 3 格。"


def test_a_year_without_a_notice() -> None:
    """For a year that is not announced nothing is guessed: a word stands for its working days."""
    last = max(chinese_calendar.holidays).year
    rows = answer("SPLIT_TIME", 2.0, f"{last}-12-01", f"{last + 1}-01-31")
    assert isinstance(rows[0][3], float)
    assert rows[1][3] == "未公布"
    assert answer("WORKDAYS_CN", f"{last}-12-01", f"{last + 1}-01-31").startswith(f"{last + 1}年放假安排未公布")
    by_working_days = answer("SPLIT_TIME", 2.0, f"{last}-12-01", f"{last + 1}-01-31", None, None, None, "工作日")
    assert by_working_days.startswith(f"{last + 1}年放假安排未公布")


def test_two_clocks_of_october() -> None:
    """On 2026-10-07 October stands at 22.6 % by days and 0 % by working days."""
    day = answer("TIME_PROGRESS", "2026-10-01", "2026-10-31", "2026-10-07")
    work = answer("TIME_PROGRESS", "2026-10-01", "2026-10-31", "2026-10-07", "工作日")
    assert day == [[pytest.approx(7 / 31)]]
    assert work == [[0.0]]


def test_time_before_and_after() -> None:
    """Before the first day nothing has gone by, after the last day everything."""
    assert answer("TIME_PROGRESS", "2026-01-01", "2026-12-31", "2025-06-01") == [[0.0]]
    assert answer("TIME_PROGRESS", "2026-01-01", "2026-12-31", "2027-06-01") == [[1.0]]


def test_the_seed_week() -> None:
    """The weekday sales of the seed give its shares: 11.1, 11.1, 13.4, 12.2, 13.4, 19.7 and 19.1 %."""
    sales = [9654.0, 9687.0, 11654.0, 10625.0, 11687.0, 17110.0, 16583.0]
    dates = [[dt.datetime(2026, 3, 2 + i)] for i in range(7)]
    index = [row[0] for row in answer("WEEKDAY_INDEX", dates, [[s] for s in sales])]
    assert index[0] == 1.0
    assert [round(100 * i / sum(index), 1) for i in index] == [11.1, 11.1, 13.4, 12.2, 13.4, 19.7, 19.1]


def test_a_blank_day_is_not_a_day_without_sales() -> None:
    """A day whose amount is blank is left out of the index; one with zero pulls its weekday down."""
    dates = [[dt.date(2026, 3, 2) + dt.timedelta(days=i)] for i in range(14)]
    sold: list[list[Any]] = [[10.0]] * 14
    unknown = [*sold[:13], [None]]
    nothing = [*sold[:13], [0.0]]
    assert answer("WEEKDAY_INDEX", dates, unknown) == [[1.0]] * 7
    assert answer("WEEKDAY_INDEX", dates, nothing) == [[2.0]] * 6 + [[1.0]]


@pytest.mark.parametrize(
    ("name", "arguments", "line"),
    [
        ("SPLIT_TIME", (1.0, "2026-13-01", "2026-12-31"), "start 是“2026-13-01”,不是日期。"),
        ("SPLIT_TIME", (1.0, 42.0, "2026-12-31"), "start 是数字 42,不是日期。"),
        ("SPLIT_TIME", (1.0, "2026-12-31", "2026-01-01"), "结束日期 2026-01-01 早于开始日期 2026-12-31。"),
        ("SPLIT_TIME", (1.0, "2026-01-01", "2026-12-31", "旬"), "level 是“旬”。请填:月、年、半年、季、周、日。"),
        ("WORKDAYS_CN", ("2026-01-01", None), "finish 是空的。请填写。"),
        ("TIME_PROGRESS", ("2026-01-01", "2026-12-31", "#N/A"), "as_of 是错误值 #N/A。"),
        ("WEEKDAY_INDEX", ([["2026-01-05"]], [[1.0], [2.0]]), "amounts 有 2 格,应与 dates 一样有 1 格。"),
        ("WEEKDAY_INDEX", ([[None]], [[1.0]]), "dates 是空的。请填写。"),
        ("WEEKDAY_INDEX", ([["2026-03-02"]], [[1.0]]), "历史里没有普通的周二"),
    ],
)
def test_what_is_wrong_is_said(name: str, arguments: tuple[Any, ...], line: str) -> None:
    """What has to be mended is said in one line."""
    assert answer(name, *arguments).startswith(line)


def test_weeks_cut_at_months_of_several_years_say_their_month() -> None:
    """A label tells one period: 第1周 is in every month."""
    found = answer("SPLIT_TIME", 100.0, "2026-12-28", "2027-01-10", "周")
    assert [row[0] for row in found] == [
        "2026年12月第5周(12/28–12/31)", "2027年1月第1周(1/1–1/3)", "2027年1月第2周(1/4–1/10)"
    ]  # fmt: skip
    english = answer("SPLIT_TIME", 100.0, "2026-12-28", "2027-01-10", "week", lang="en")
    assert english[0][0] == "Week 5 (12/28–12/31) Dec 2026"
