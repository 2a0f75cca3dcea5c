"""Fiscal years in a plan that begins in April: said by both years, or asked about; never added up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.workbook.records.tables import dimension, read, write
from xlsales.workbook.records.fiscal import FiscalPeriodUntold, FiscalStartUntold, FiscalYearUntold
from xlsales.workbook.records.told import Told

pytestmark = pytest.mark.unit
STORE = dimension("门店", ["一店"])
SPAN = {"start": dt.date(2025, 4, 1), "end": dt.date(2026, 3, 31)}
MILLION = 10**6
Years = Sequence[object]


def _down(
    header: str, years: Years, months: Sequence[object] = ("4月", "1月"), over: str = "月份"
) -> list[list[object]]:
    """1 a month of the first year, 10 of the second, 100 of the third."""
    return [[header, over, "门店", "金额"], *([y, m, "一店", 10**i] for i, y in enumerate(years) for m in months)]


@pytest.mark.parametrize(
    ("header", "years"),
    [
        ("财年", ("2024/25", "2025/26")),
        ("Fiscal Year", ("FY24/25", "FY25/26")),
        ("财政年度", ("2024-2025", "2025-2026")),
        ("会计年度", ("24/25财年", "25/26财年")),
        ("年度", ("2024-25", "2025-26")),
        ("FY", ("FY2024-25", "FY2025-26")),
    ],
)
def test_both_years_say_it(tmp_path: Path, header: str, years: Years) -> None:
    """April is of the first year, January of the second; a year that is not the plan's is told as another year."""
    records = read(write(tmp_path / "t.xlsx", _down(header, years)), STORE, **SPAN)
    assert (records.accepted_micros, records.set_aside_micros) == (20 * MILLION, 2 * MILLION)
    assert sorted(map(str, records.day)) == ["2025-04-30", "2026-01-31"]
    across = [["门店", header, "4月", "1月"], *(["一店", y, 10**i, 10**i] for i, y in enumerate(years))]
    records = read(write(tmp_path / "w.xlsx", across), STORE, **SPAN)
    assert (records.accepted_micros, records.set_aside_micros) == (20 * MILLION, 2 * MILLION)


ONE_YEAR: tuple[tuple[str, Callable[[int], object]], ...] = (
    ("财年", int),
    ("财年", lambda y: f"FY{y % 100}"),
    ("会计年度", lambda y: f"FY{y}"),
    ("年度", lambda y: f"{y}财年"),
    ("FY", lambda y: y % 100),
    ("Fiscal Year", str),
    ("会计年度", lambda y: f"{y % 100}财年"),
)


@pytest.mark.parametrize(("header", "year"), ONE_YEAR)
@pytest.mark.parametrize(("naming", "counted"), [("起始年份", 20), ("last year", 200), ("自然年", 110)])
def test_one_year_is_asked_about(
    tmp_path: Path, header: str, year: Callable[[int], object], naming: str, counted: int
) -> None:
    """Without an answer nothing is read; with it, down and across, each month is of its year."""
    rows = _down(header, [year(y) for y in (2024, 2025, 2026)])
    across = [["门店", header, "4月", "1月"], *([row[2], row[0], row[3], row[3]] for row in rows[1::2])]
    for table in (rows, across):
        path = write(tmp_path / "t.xlsx", table)
        with pytest.raises(FiscalYearUntold):
            read(path, STORE, **SPAN)
        records = read(path, STORE, told=[Told("fiscal", None, naming)], **SPAN)
        assert records.accepted_micros == counted * MILLION
        assert records.found_micros == 222 * MILLION


@pytest.mark.parametrize(
    "headers",
    [
        ("FY25 Apr", "FY26 Apr"),
        ("Apr FY25", "Apr FY26"),
        ("4月(2025财年)", "4月(2026财年)"),
        ("2025财年4月", "2026财年4月"),
        ("FY25 4月销售额", "FY26 4月销售额"),
    ],
)
def test_headings(tmp_path: Path, headers: tuple[str, str]) -> None:
    """A fiscal year beside the month in a heading, or in the row above it."""
    last = [Told("fiscal", None, "结束年份")]
    grouped = [["门店", "FY25", None, "FY26", None], [None, "4月", "5月", "4月", "5月"], ["一店", 1, 0, 10, 0]]
    for rows in ([["门店", *headers], ["一店", 1, 10]], grouped):
        path = write(tmp_path / "t.xlsx", rows)
        with pytest.raises(FiscalYearUntold):
            read(path, STORE, **SPAN)
        assert read(path, STORE, told=last, **SPAN).accepted_micros == 10 * MILLION


@pytest.mark.parametrize("title", ["2026财年销售", "FY26 sales", "2026会计年度 销售明细"])
def test_titles(tmp_path: Path, title: str) -> None:
    """A fiscal year above the table is asked about too; in a plan of the calendar's year it is that year."""
    last = [Told("fiscal", None, "结束年份")]
    for rows in ([["月份", "门店", "金额"], ["4月", "一店", 1]], [["门店", "4月", "5月"], ["一店", 1, 0]]):
        path = write(tmp_path / "t.xlsx", [[title], *rows])
        with pytest.raises(FiscalYearUntold):
            read(path, STORE, **SPAN)
        assert read(path, STORE, told=last, **SPAN).accepted_micros == MILLION
        assert read(path, STORE).accepted_micros == MILLION
        assert read(path, STORE, start=dt.date(2025, 1, 1), end=dt.date(2025, 12, 31)).accepted_micros == 0


def test_periods_are_counted_from_the_first_month(tmp_path: Path) -> None:
    """Period 1 of a fiscal year is its first month, and that is told; months under 月份 are months."""
    path = write(tmp_path / "t.xlsx", _down("会计年度", (2025, 2026), (1, 10), "会计期间"))
    records = read(path, STORE, told=[Told("fiscal", None, "结束年份")], **SPAN)
    assert sorted(map(str, records.day)) == ["2025-04-30", "2026-01-31"]
    assert records.accepted_micros == 20 * MILLION
    assert "期间 1 是 4 月" in " ".join(problem.fault.say("zh") for problem in records.problems)
    months = write(tmp_path / "m.xlsx", _down("会计年度", ("2024/25", "2025/26"), (4, 1)))
    assert read(months, STORE, **SPAN).accepted_micros == 20 * MILLION
    bare = write(tmp_path / "b.xlsx", [["会计期间", "门店", "金额"], [1, "一店", 5], [10, "一店", 7]])
    with pytest.raises(FiscalPeriodUntold):
        read(bare, STORE, **SPAN)
    records = read(bare, STORE, told=[Told("fiscal", None, "自然年")], **SPAN)
    assert sorted(map(str, records.day)) == ["2025-10-31", "2026-01-31"]


def test_dates_need_no_answer(tmp_path: Path) -> None:
    """Whole dates beside a fiscal year, months beside a calendar year, months alone, a plan of the calendar's year."""
    dated = [
        ["财年", "日期", "门店", "金额"],
        [2025, dt.date(2025, 4, 5), "一店", 1],
        [2026, dt.date(2026, 1, 5), "一店", 2],
    ]
    calendar = [
        ["财年", "年份", "月份", "门店", "金额"],
        [2025, 2025, "4月", "一店", 1],
        [2025, 2026, "1月", "一店", 2],
    ]
    alone = [["月份", "门店", "金额"], ["4月", "一店", 1], ["1月", "一店", 2]]
    for rows in (dated, calendar, alone):
        assert read(write(tmp_path / "t.xlsx", rows), STORE, **SPAN).accepted_micros == 3 * MILLION
    assert read(write(tmp_path / "t.xlsx", _down("财年", (2025, 2026))), STORE).accepted_micros == 20 * MILLION


def test_two_years_in_a_plan_of_the_calendar(tmp_path: Path) -> None:
    """Years that go over two calendar years are asked about; the first month of Settings answers."""
    path = write(tmp_path / "t.xlsx", _down("财年", ("2025/26", "2026/27"), ("4月",)))
    with pytest.raises(FiscalStartUntold):
        read(path, STORE)
    assert read(path, STORE, fiscal_start=4).accepted_micros == 10 * MILLION
