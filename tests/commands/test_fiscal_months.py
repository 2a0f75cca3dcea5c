"""Fiscal months that end on a day, weeks from Sunday, retail years in a plan: from its settings to its progress."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import WAN, Command, answer, members, opened, paste, plan

pytestmark = pytest.mark.unit

D = dt.date
MONTH = r"\d{4}-\d\d"
WEEK = r"\d{4}-W\d\d"
TO_21 = {"month_end": 21, "start": D(2025, 12, 22), "end": D(2026, 12, 21)}
TWO = members({"区域": {"东": 1, "西": 3}})
MONTHS = [f"{m}月" for m in range(1, 13)]


def fiscal_plan(path: Path, **settings: Any) -> Path:
    return plan(path, dimensions=TWO, **{"total": 1200, **TO_21, **settings})


def proofs(shown: Any) -> set[Any]:
    """What the proofs of both sheets show."""
    return {
        value for sheet in (shown.time, shown.dimension("区域")) for key in ("target", "actual")
        for value in sheet.down(key, "proof.*")
    } - {None}  # fmt: skip


def test_a_year_to_the_21st(xlsales: Command, tmp_path: Path) -> None:
    """Twelve equal months from 22 December, each with its days; sums, members and proofs close."""
    book = fiscal_plan(tmp_path / "计划.xlsx", week_start="sun", week_rule="iso", day_step=1)
    ran = xlsales("split", book)
    assert (ran.code, ran.err) == (0, "")
    assert "整财年" not in ran.out
    shown = opened(book)
    time, region = shown.time, shown.dimension("区域")
    assert time.down("target", MONTH) == [100 * WAN] * 12
    assert time.down("target", r"\d{4}Q\d") == [300 * WAN] * 4
    assert [time.value("2026-03", key).date() for key in ("start", "end")] == [D(2026, 2, 22), D(2026, 3, 21)]
    assert sum(time.down("target", r"\d{4}-\d\d-\d\d")[:31]) == 100 * WAN
    weeks = time.down("start", WEEK)
    assert [day.date() for day in weeks[:3]] == [D(2025, 12, 22), D(2025, 12, 28), D(2026, 1, 4)]
    assert sum(time.down("target", WEEK)) == 1200 * WAN
    assert time.value("weeks", "period") == "按周(周日至周六,跨月)"
    assert [c for c in region.columns if c.startswith("t:")] == [f"t:2026-{m:02}" for m in range(1, 13)]
    assert region.along("m:西", "t:") == [75 * WAN] * 12
    assert proofs(shown) == {0}
    assert "财月止于 21 日(1月 = 12/22–1/21)" in " ".join(str(cell.value) for cell in region.sheet[3])


@pytest.mark.parametrize(
    ("heads", "note"),
    [
        (MONTHS, ""),
        ([f"2026年{m}" for m in MONTHS], ""),
        ([f"2026-{m:02}-01" for m in range(1, 13)], ""),
    ],
    ids=["months", "with the year", "dates of the first"],
)
def test_a_wide_table_has_fiscal_months(xlsales: Command, tmp_path: Path, heads: list[Any], note: str) -> None:
    """A column 1月 is the fiscal month of that name, and counts in it, when it is over."""
    book = fiscal_plan(tmp_path / "计划.xlsx")
    assert xlsales("split", book).code == 0
    paste(book, [("区域", *heads), ("东", *(m * WAN for m in range(1, 13))), ("西", *[2 * WAN] * 12)])
    assert xlsales("refresh", book).code == 0
    shown = opened(book)
    assert shown.time.down("actual", MONTH) == [(m + 2) * WAN for m in range(1, 13)]
    assert shown.dimension("区域").along("m:东", "a:") == [m * WAN for m in range(1, 13)]
    assert shown.time.value("2026-01-21", "actual") == 3 * WAN
    assert proofs(shown) == {0}


def test_a_long_table_of_months(xlsales: Command, tmp_path: Path) -> None:
    """Rows of months as text, and of days: each is in the fiscal month that has it."""
    book = fiscal_plan(tmp_path / "计划.xlsx")
    assert xlsales("split", book).code == 0
    paste(
        book,
        [("月份", "区域", "金额"), ("2026-01", "东", 5 * WAN), ("2026年2月", "西", 7 * WAN), ("3月", "东", 9 * WAN)],
    )
    assert xlsales("refresh", book).code == 0
    assert opened(book).time.down("actual", MONTH)[:4] == [5 * WAN, 7 * WAN, 9 * WAN, None]
    days = [
        (D(2025, 12, 22), "东", WAN), (D(2026, 1, 21), "东", 2 * WAN), (D(2026, 1, 22), "西", 4 * WAN),
        (D(2026, 2, 22), "西", 8 * WAN),
    ]  # fmt: skip
    paste(book, [("日期", "区域", "金额"), *days])
    assert xlsales("refresh", book).code == 0
    assert opened(book).time.down("actual", MONTH)[:4] == [3 * WAN, 4 * WAN, 8 * WAN, None]


def test_months_of_weeks_in_a_wide_table(xlsales: Command, tmp_path: Path) -> None:
    """With months of whole weeks, 1月 is the first fiscal month and 12月 the last, be its days in another month."""
    book = plan(
        tmp_path / "计划.xlsx", dimensions=TWO, total=1200, start=D(2025, 12, 29), end=D(2027, 1, 3),
        month_pattern="4-4-5",
    )  # fmt: skip
    assert xlsales("split", book).code == 0
    paste(book, [("区域", *(f"2026年{m}" for m in MONTHS)), ("东", *(m * WAN for m in range(1, 13)))])
    assert xlsales("refresh", book).code == 0
    assert opened(book).time.down("actual", r"2026-P\d\d") == [m * WAN for m in range(1, 13)]
    assert "计入同一序号的财月:2026-01 计入 2025-12-29 至 2026-01-25" in xlsales("check", book).out
    paste(book, [("日期", "区域", "金额"), (D(2026, 1, 25), "东", 10 * WAN), (D(2026, 1, 24), "西", 10 * WAN)])
    assert "计入同一序号的财月" not in xlsales("check", book).out


def test_last_year_s_shares(xlsales: Command, tmp_path: Path) -> None:
    """Months by reference: last year's wide table gives the fiscal months their shares."""
    heads = [f"2025年{m}" for m in MONTHS]
    history = [("区域", *heads), ("东", *(m * 1000 for m in range(1, 13))), ("西", *(m * 3000 for m in range(1, 13)))]
    book = fiscal_plan(tmp_path / "计划.xlsx", total=780, month_method="reference", history=history)
    assert xlsales("split", book).code == 0
    shown = opened(book)
    assert shown.time.down("target", MONTH) == [10 * m * WAN for m in range(1, 13)]
    assert proofs(shown) == {0}


def test_closing_and_locks(xlsales: Command, tmp_path: Path) -> None:
    """A fiscal month is locked by its name and closed on its last day; the others share the rest."""
    locks = [{"period": "2026-02", "amount": 210}]
    book = plan(tmp_path / "计划.xlsx", dimensions=TWO, tables={"xs_locks": locks}, total=1200, **TO_21)
    assert xlsales("split", book).code == 0
    assert opened(book).time.down("target", MONTH)[:3] == [90 * WAN, 210 * WAN, 90 * WAN]
    answer(book, "closed_through", D(2026, 1, 31))
    assert "请填 2026-02-21" in xlsales("check", book).out
    answer(book, "closed_through", D(2026, 1, 21))
    answer(book, "total", 1310)
    assert "已关账至" not in xlsales("split", book).out
    assert opened(book).time.down("target", MONTH)[:3] == [90 * WAN, 210 * WAN, 101 * WAN]


ENDS: dict[str, tuple[dict[str, Any], str, str]] = {
    "a calendar year, months to the 21st": (
        {"month_end": 21, "start": D(2026, 1, 1), "end": D(2026, 12, 31)},
        "2026-01、2027-01 只有一部分日子(财年是 2025-12-22 至 2026-12-21)", "设置!C9",
    ),
    "half a year": (
        {"month_end": 25, "start": D(2025, 12, 26), "end": D(2026, 6, 25)},
        "不是整财年(财年是 2025-12-26 至 2026-12-25)", "设置!C10",
    ),
    "a fiscal year from April": (
        {"fiscal_month": 4, "start": D(2026, 4, 1), "end": D(2027, 2, 28)},
        "不是整财年(财年是 2026-04-01 至 2027-03-31)", "设置!C10",
    ),
    "a retail year a day too long": (
        {"fiscal_month": 2, "month_pattern": "4-5-4", "week_start": "sun", "start": D(2026, 2, 1),
         "end": D(2027, 1, 31)},
        "2027-P01 只有一部分日子(财年是 2026-02-01 至 2027-01-30)", "设置!C10",
    ),
    "a day": (
        {"month_end": 21, "start": D(2026, 5, 5), "end": D(2026, 5, 5)}, "2026-05 只有一部分日子", "设置!C9",
    ),
    "two retail years, of 53 weeks and 52": (
        {"fiscal_month": 2, "month_pattern": "4-5-4", "week_start": "sun", "start": D(2023, 1, 29),
         "end": D(2025, 2, 1)},
        "", "",
    ),
    "the last Saturday": (
        {"fiscal_month": 10, "month_pattern": "4-4-5", "week_start": "sun", "year_end": "last",
         "start": D(2024, 9, 29), "end": D(2025, 9, 27)},
        "", "",
    ),
    "a part of a calendar year": ({"start": D(2026, 2, 10), "end": D(2026, 6, 30)}, "", ""),
}  # fmt: skip


@pytest.mark.parametrize(("settings", "said", "place"), ENDS.values(), ids=ENDS)
def test_ends_that_are_not_of_fiscal_years_are_told(
    xlsales: Command, tmp_path: Path, settings: dict[str, Any], said: str, place: str
) -> None:
    """One remark with its cell, no refusal; whole years and plans of the calendar are not told anything."""
    book = plan(tmp_path / "计划.xlsx", dimensions=TWO, day_step=1, **settings)
    ran = xlsales("split", book)
    assert ran.code == 0
    lines = [line for line in ran.out.splitlines() if "整财年" in line]
    assert len(lines) == bool(said)
    assert all(said in line and line.startswith(place) for line in lines)
    shown = opened(book)
    assert sum(shown.time.down("target", r"\d{4}-P?\d\d")) == 1000 * WAN
    assert proofs(shown) == {0}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"month_end": 0}, "财月截止日"),
        ({"month_end": 32}, "财月截止日"),
        ({"month_end": 21.5}, "财月截止日"),
        ({"month_end": 21, "month_pattern": "4-4-5"}, "财月由整周组成,没有固定的截止日"),
    ],
)
def test_days_that_no_month_ends_on(xlsales: Command, tmp_path: Path, settings: dict[str, Any], said: str) -> None:
    """A day out of reach, a part of a day, or one beside months of whole weeks is refused with its cell."""
    book = plan(tmp_path / "计划.xlsx", dimensions=TWO)
    for key, value in settings.items():
        answer(book, key, value)
    ran = xlsales("split", book)
    assert ran.code == 2
    assert said in ran.err
    assert "设置!C" in ran.err


@pytest.mark.parametrize("word", ["21日", "每月21号", "２１", "21st", 21, " 21 日"])
def test_days_as_people_write_them(xlsales: Command, tmp_path: Path, word: str | int) -> None:
    """A day of the month in its usual forms; the end of the month is what calendar months have."""
    book = plan(tmp_path / "计划.xlsx", dimensions=TWO)
    answer(book, "month_end", word)
    assert xlsales("split", book).code == 0
    assert opened(book).time.value("2026-02", "start").date() == D(2026, 1, 22)
    answer(book, "month_end", "月末")
    assert xlsales("split", book).code == 0
    assert opened(book).time.value("2026-02", "start").date() == D(2026, 2, 1)


@pytest.mark.parametrize("word", ["周日", "Sun", "星期日", "Sunday", "礼拜天", " sun "])
def test_weekdays_as_people_write_them(xlsales: Command, tmp_path: Path, word: str) -> None:
    """The first day of weeks in any of its names; a bare figure is refused, for it may count from 0, 1 or Sunday."""
    book = plan(tmp_path / "计划.xlsx", dimensions=TWO, week_rule="iso")
    answer(book, "week_start", word)
    assert xlsales("split", book).code == 0
    assert opened(book).time.down("start", WEEK)[1].date() == D(2026, 1, 4)
    answer(book, "week_start", 1)
    ran = xlsales("split", book)
    assert (ran.code, "周一、周二" in ran.err) == (2, True)


def test_months_that_change_under_way(xlsales: Command, tmp_path: Path) -> None:
    """Another last day is told until the plan is split anew; a closed month keeps it from changing."""
    book = fiscal_plan(tmp_path / "计划.xlsx")
    assert xlsales("split", book).code == 0
    paste(book, [("月份", "区域", "金额"), ("2026-01", "东", 50 * WAN)])
    assert xlsales("refresh", book).code == 0
    answer(book, "month_end", 25)
    for arguments in ((), ("--as-of", "2026-01-21")):
        ran = xlsales("refresh", book, *arguments)
        assert (ran.code, "“2026-01”现在是 2025-12-26 至 2026-01-25" in ran.err) == (2, True)
    answer(book, "closed_through", D(2026, 1, 25))
    ran = xlsales("split", book)
    assert (ran.code, "“2026-01”已关账,现在却是 2025-12-26 至 2026-01-25" in ran.err) == (2, True)
    answer(book, "closed_through", "")
    assert xlsales("split", book, "--rewrite").code == 0
    assert [opened(book).time.value("2026-02", key).date() for key in ("start", "end")] == [
        D(2026, 1, 26),
        D(2026, 2, 25),
    ]
    assert xlsales("refresh", book).code == 0


def test_periods_of_a_fiscal_year_in_headings(xlsales: Command, tmp_path: Path) -> None:
    """FY2026 P1 is the first month of the plan's year, to 21 January, though the plan begins in December."""
    book = fiscal_plan(tmp_path / "计划.xlsx")
    assert xlsales("split", book).code == 0
    paste(book, [("区域", "FY2026 P1", "FY2026 P2"), ("东", WAN, 2 * WAN), ("西", 10 * WAN, 20 * WAN)])
    assert xlsales("refresh", book).code == 0
    assert opened(book).time.down("actual", MONTH)[:3] == [11 * WAN, 22 * WAN, None]
