"""Days and periods on the calendar, as a cell gives them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.functions.answer import answer

pytestmark = pytest.mark.unit

days = st.dates(dt.date(2019, 1, 1), dt.date(2026, 6, 30))
LAST = max(chinese_calendar.holidays).year
"""The last year with a notice."""


@given(st.lists(days, min_size=1, max_size=5))
def test_days_are_the_library_s(dates: list[dt.date]) -> None:
    """Worked or not, and by which feast, as the notices say."""
    assert answer("IS_WORKDAY_CN", [dates]) == [[float(chinese_calendar.is_workday(day)) for day in dates]]
    feasts = answer("HOLIDAY_CN", [dates])[0]
    for day, feast in zip(dates, feasts, strict=True):
        name = chinese_calendar.holidays.get(day)
        made_up = "调休上班" if day in chinese_calendar.workdays else None
        assert feast == (chinese_calendar.Holiday(name).chinese if name else made_up)


@given(days, st.integers(1, 120))
def test_the_nth_working_day_is_counted_there_and_back(start: dt.date, count: int) -> None:
    """From the first day to the nth there are n working days; counted back it is the first that is worked."""
    ((last,),) = answer("WORKDAY_ADD_CN", start, float(count))
    assert answer("WORKDAYS_CN", start, last) == [[count]]
    assert answer("IS_WORKDAY_CN", last) == [[1.0]]
    ((first,),) = answer("WORKDAY_ADD_CN", last, float(-count))
    assert first >= start
    assert answer("WORKDAYS_CN", first, last) == [[count]]


def test_three_days_of_work_around_the_holiday() -> None:
    """Begun on 2026-09-30, three working days end on 2026-10-09; ranges go cell by cell, blanks stay blank."""
    assert answer("WORKDAY_ADD_CN", "2026-09-30", 3.0) == [[dt.date(2026, 10, 9)]]
    both = answer("WORKDAY_ADD_CN", [["2026-09-30", "2026-10-01", None]], 1.0)
    assert both == [[dt.date(2026, 9, 30), dt.date(2026, 10, 8), None]]


def test_a_year_without_a_notice_in_ranges() -> None:
    """未公布 is in the cells of that year only; nothing is guessed."""
    dates = [[f"{LAST}-12-31"], [f"{LAST + 1}-01-04"], [None]]
    assert answer("IS_WORKDAY_CN", dates)[1:] == [["未公布"], [None]]
    assert answer("HOLIDAY_CN", dates, lang="en")[1:] == [["not announced"], [None]]
    assert answer("WORKDAY_ADD_CN", [[f"{LAST}-12-28"]], [[30.0]]) == [["未公布"]]


def test_a_whole_year_without_a_notice_has_the_working_days_of_the_law() -> None:
    """As in the plan: Monday to Friday less the statutory holidays. A part of the year is not known."""
    first, last = dt.date(LAST + 1, 1, 1), dt.date(LAST + 1, 12, 31)
    weekdays = sum((first + dt.timedelta(n)).weekday() < 5 for n in range((last - first).days + 1))
    assert answer("WORKDAYS_CN", first, last) == [[weekdays - 13]]
    assert answer("SPLIT_TIME", 2.0, first, last, "年")[0][3] == weekdays - 13
    assert answer("WORKDAYS_CN", first, f"{LAST + 1}-11-30").startswith(f"{LAST + 1}年放假安排未公布")


def test_a_calendar_of_one_s_own() -> None:
    """Rows of sheet 日历, or a column of holidays, change the days; thirteen holidays announce a year."""
    january = ("2026-01-01", "2026-01-31")
    rules = [["2026-01-05", "节假日", 1.0], ["2026-01-10", "make-up working day", 1.0], ["2026-01-06", None, 2.0]]
    assert answer("WORKDAYS_CN", *january) == [[21.0]]
    assert answer("WORKDAYS_CN", *january, rules) == [[21.0]]
    assert answer("WORKDAYS_CN", *january, [["2026-01-05"], [None]]) == [[20.0]]
    holidays = [[dt.date(LAST + 1, 5, n)] for n in range(1, 14)]
    may = answer("WORKDAYS_CN", f"{LAST + 1}-05-01", f"{LAST + 1}-05-31", holidays)
    assert may == [[sum(dt.date(LAST + 1, 5, n).weekday() < 5 for n in range(14, 32))]]
    assert answer("HOLIDAY_CN", f"{LAST + 1}-05-01", holidays) == [["节假日"]]


def test_lunar_dates() -> None:
    """Month and day, a leap month so named."""
    dates = [["2026-02-17", "2025-08-01", None]]
    assert answer("LUNAR_DATE", dates) == [["正月初一", "闰六月初八", None]]
    assert answer("LUNAR_DATE", dates, lang="en") == [["month 1 day 1", "leap month 6 day 8", None]]


PERIODS: dict[str, tuple[tuple[Any, ...], str, str]] = {
    "month": (("2026-05-20",), "2026年5月", "May 2026"),
    "quarter": (("2026-05-20", "季"), "2026年第2季度", "Q2 2026"),
    "fiscal quarter": (("2027-02-01", "quarter", 4.0), "2026年第4季度", "Q4 2026"),
    "half": (("2026-05-20", "半年"), "2026上半年", "2026 H1"),
    "year": (("2027-02-01", "年", 4.0), "2026年", "2026"),
    "a month of weeks": (("2026-05-04", "月", None, "4-4-5"), "2026年第5财月", "P05 2026"),
    "week, not cut": (("2026-05-20", "周"), "2026年5月第4周(5/18–5/24)", "Week 4 (5/18–5/24) May 2026"),
    "day": (("2026-05-20", "日"), "2026年5/20 周三", "5/20 Wed 2026"),
    "month to the 21st": (("2025-12-22", None, None, None, 21.0), "2026年1月", "Jan 2026"),
    "quarter from 22 March": (("2026-03-22", "季", 4.0, None, 21.0), "2026年第1季度", "Q1 2026"),
    "week from Sunday": (
        ("2026-05-20", "周", None, None, None, "周日"),
        "2026年5月第4周(5/17–5/23)",
        "Week 4 (5/17–5/23) May 2026",
    ),
    "retail month": (("2024-02-03", "月", 2.0, "4-5-4", None, "Sunday"), "2023年第12财月", "P12 2023"),
    "last week of September": (("2024-09-29", "年", 10.0, "4-4-5", None, "Sun", "last"), "2024年", "2024"),
}


@pytest.mark.parametrize(("arguments", "zh", "en"), PERIODS.values(), ids=PERIODS)
def test_periods(arguments: tuple[Any, ...], zh: str, en: str) -> None:
    """The name of the period with its year; a fiscal year has the number of the year in which it starts."""
    assert answer("PERIOD_OF", *arguments) == [[zh]]
    assert answer("PERIOD_OF", *arguments, lang="en") == [[en]]


@given(days, st.sampled_from(["年", "半年", "季", "月", "周", "日"]), st.integers(1, 12))
def test_periods_are_those_of_split_time(day: dt.date, level: str, month: int) -> None:
    """Over several years SPLIT_TIME has the same names, so that they can be looked up."""
    rows = answer(
        "SPLIT_TIME", 1.0, dt.date(day.year - 1, 1, 1), dt.date(day.year + 1, 12, 31), level, None, None, None, month
    )
    inside = [row[0] for row in rows if row[1] <= day <= row[2]]
    assert answer("PERIOD_OF", day, level, float(month)) == [inside]


def test_months_to_the_21st() -> None:
    """Months that end on a day, as in a plan with that setting; weeks begin with them and on Sundays."""
    rows = answer("SPLIT_TIME", 1200.0, "2025-12-22", "2026-12-21", "月", None, None, "均分", None, None, 21.0)
    assert [row[0] for row in rows] == [f"2026年{n}月" for n in range(1, 13)]
    assert [row[1] for row in rows][:2] == [dt.date(2025, 12, 22), dt.date(2026, 1, 22)]
    assert [row[4] for row in rows] == [100.0] * 12
    weeks = answer("SPLIT_TIME", 31.0, "2025-12-22", "2026-01-21", "周", None, None, None, None, None, 21.0, "周日")
    assert [row[4] for row in weeks] == [6.0, 7.0, 7.0, 7.0, 4.0]


def test_months_of_a_fiscal_year() -> None:
    """A fiscal year from April: quarters close on the total and are named by it."""
    rows = answer("SPLIT_TIME", 1000.0, "2025-04-01", "2026-03-31", "季", None, None, None, 4.0)
    assert [row[0] for row in rows] == [f"2025年第{n}季度" for n in (1, 2, 3, 4)]
    assert rows[0][1:3] == [dt.date(2025, 4, 1), dt.date(2025, 6, 30)]
    assert sum(row[4] for row in rows) == 1000


def test_days_by_the_day_index() -> None:
    """A rest day at 1.5: seven days of holiday carry 28 % of October; the index alone names the basis."""
    index = [[1.0] * 5 + [1.5] * 2]
    rows = answer("SPLIT_TIME", 37_500.0, "2026-10-01", "2026-10-31", "日", None, None, None, None, index)
    assert [row[4] for row in rows[:10]] == [1500.0] * 7 + [1000.0] * 3
    assert answer("SPLIT_TIME", 1.0, "2026-10-01", "2026-10-31", "日", None, None, "日指数").startswith(
        "按日指数分解需要"
    )


def test_the_third_clock() -> None:
    """On 2026-10-07 October stands at 28 % of a curve whose rest days weigh 1.5; a month's target goes by days."""
    rest = {1, 2, 3, 4, 5, 6, 7, 11, 17, 18, 24, 25, 31}
    curve = [[1.5 if day in rest else 1.0 for day in range(1, 32)]]
    october = ("2026-10-01", "2026-10-31", "2026-10-07")
    assert answer("TIME_PROGRESS", *october, None, curve) == [[pytest.approx(0.28)]]
    assert answer("TIME_PROGRESS", *october, "目标曲线", curve) == [[pytest.approx(0.28)]]
    assert answer("TIME_PROGRESS", *october, "日历天", curve) == [[pytest.approx(7 / 31)]]
    year = ("2026-01-01", "2026-12-31", "2026-02-14")
    assert answer("TIME_PROGRESS", *year, None, [[1.0], [2.0]] + [[None]] * 10) == [[pytest.approx(2 / 3)]]
    assert answer("TIME_PROGRESS", *year, None, [[0.0, 0.0, 0.0, 0.0]]) == [[None]]


@pytest.mark.parametrize(
    ("name", "arguments", "line"),
    [
        ("IS_WORKDAY_CN", ([["x"]],), "dates 是“x”,不是日期。"),
        ("WORKDAY_ADD_CN", ("2026-01-01", 0.0), "days 是 0。往后数请填 1 或以上"),
        ("WORKDAY_ADD_CN", ("2026-01-01", 1.5), "days 是 1.5,应为整数。"),
        ("WORKDAY_ADD_CN", ([["2026-01-01"], [None]], [[1.0, 2.0]]), "days 是 1 行 2 列,应与 start 一样是 2 行 1 列。"),
        ("WORKDAYS_CN", ("2026-01-01", "2026-02-01", [["2026-01-01", "假"]]), "calendar 第2列是“假”。请填:节假日、"),
        ("WORKDAYS_CN", ("2026-01-01", "2026-02-01", [[None, "休息"]]), "calendar 第1列是空的。"),
        ("LUNAR_DATE", (dt.date(1850, 2, 16),), "dates 是日期 1850-02-16,应在 1950 年至 2150 年之间。"),
        ("PERIOD_OF", ("2026-01-01", "季", 13.0), "fiscal_month 是 13,应在 1 至 12 之间。"),
        ("PERIOD_OF", ("2026-01-01", "月", None, "4-4-5", 21.0), "pattern 是 4-4-5 时,财月由整周组成,没有 month_end。"),
        ("PERIOD_OF", ("2026-01-01", "月", None, None, 32.0), "month_end 是 32,应在 1 至 31 之间。"),
        ("PERIOD_OF", ("2026-01-01", "周", None, None, None, 1.0), "week_start 是数字 1。请填:周一、"),
        ("PERIOD_OF", ("2026-01-01", "季", None, "4-4-4"), "pattern 是“4-4-4”。请填:自然月、4-4-5、"),
        ("TIME_PROGRESS", ("2026-01-01", "2026-12-31", "2026-02-01", "目标曲线"), "curve 是空的。请填写。"),
        (
            "TIME_PROGRESS",
            ("2026-01-01", "2026-12-31", "2026-02-01", None, [[1.0, 2.0]]),
            "curve 有 2 格,这段时间是 365 天",
        ),
    ],
)
def test_what_is_wrong_is_said(name: str, arguments: tuple[Any, ...], line: str) -> None:
    assert answer(name, *arguments).startswith(line)


@pytest.mark.parametrize(
    ("day", "arguments", "zh", "en"),
    [
        ("2026-12-31", (), "2026年12月第5周(12/28–12/31)", "Week 5 (12/28–12/31) Dec 2026"),
        ("2026-01-01", (None, None, None, "周日"), "2026年1月第1周(1/1–1/3)", "Week 1 (1/1–1/3) Jan 2026"),
        ("2026-02-01", (2.0, "4-5-4", None, "周日"), "2026年第1财月第1周(2/1–2/7)", "Week 1 (2/1–2/7) P01 2026"),
    ],
)
def test_a_week_is_named_with_its_month(day: str, arguments: Any, zh: str, en: str) -> None:
    """Weeks are cut at months, as in SPLIT_TIME: the fifth week of a month is not the fifth of the year."""
    assert answer("PERIOD_OF", day, "周", *arguments) == [[zh]]
    assert answer("PERIOD_OF", day, "week", *arguments, lang="en") == [[en]]
