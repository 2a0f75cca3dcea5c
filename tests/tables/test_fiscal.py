"""Fiscal years in a plan that begins in April: said by both years, or asked about; never added up."""

# ruff: noqa: E501 - tables of examples
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.tables.tables import dimension, read, write
from xlsales.tables.words.fiscal import (
    FiscalFigureUntold,
    FiscalPeriodUntold,
    FiscalStartUntold,
    FiscalYearUntold,
    fiscal_number,
)
from xlsales.tables.words.labels import Label, read_label
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.values.date_text import Stamp

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
        records = read(path, STORE, rules=[MappingRule("fiscal", None, naming)], **SPAN)
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
    last = [MappingRule("fiscal", None, "结束年份")]
    grouped = [["门店", "FY25", None, "FY26", None], [None, "4月", "5月", "4月", "5月"], ["一店", 1, 0, 10, 0]]
    for rows in ([["门店", *headers], ["一店", 1, 10]], grouped):
        path = write(tmp_path / "t.xlsx", rows)
        with pytest.raises(FiscalYearUntold):
            read(path, STORE, **SPAN)
        assert read(path, STORE, rules=last, **SPAN).accepted_micros == 10 * MILLION


@pytest.mark.parametrize("title", ["2026财年销售", "FY26 sales", "2026会计年度 销售明细"])
def test_titles(tmp_path: Path, title: str) -> None:
    """A fiscal year above the table is asked about too; in a plan of the calendar's year it is that year."""
    last = [MappingRule("fiscal", None, "结束年份")]
    for rows in ([["月份", "门店", "金额"], ["4月", "一店", 1]], [["门店", "4月", "5月"], ["一店", 1, 0]]):
        path = write(tmp_path / "t.xlsx", [[title], *rows])
        with pytest.raises(FiscalYearUntold):
            read(path, STORE, **SPAN)
        assert read(path, STORE, rules=last, **SPAN).accepted_micros == MILLION
        assert read(path, STORE).accepted_micros == MILLION
        assert read(path, STORE, start=dt.date(2025, 1, 1), end=dt.date(2025, 12, 31)).accepted_micros == 0


def test_periods_are_counted_from_the_first_month(tmp_path: Path) -> None:
    """Period 1 of a fiscal year is its first month, and that is told; months under 月份 are months."""
    path = write(tmp_path / "t.xlsx", _down("会计年度", (2025, 2026), (1, 10), "会计期间"))
    records = read(path, STORE, rules=[MappingRule("fiscal", None, "结束年份")], **SPAN)
    assert sorted(map(str, records.day)) == ["2025-04-30", "2026-01-31"]
    assert records.accepted_micros == 20 * MILLION
    assert "期间 1 是 4 月" in " ".join(problem.fault.say("zh") for problem in records.problems)
    months = write(tmp_path / "m.xlsx", _down("会计年度", ("2024/25", "2025/26"), (4, 1)))
    assert read(months, STORE, **SPAN).accepted_micros == 20 * MILLION
    bare = write(tmp_path / "b.xlsx", [["会计期间", "门店", "金额"], [1, "一店", 5], [10, "一店", 7]])
    with pytest.raises(FiscalPeriodUntold):
        read(bare, STORE, **SPAN)
    records = read(bare, STORE, rules=[MappingRule("fiscal", None, "自然年")], **SPAN)
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


NUMBERED = [
    ("FY2025 P01", "FY2025 P02"), ("FY25 P1", "FY25 P2"), ("FY25P1", "FY25P2"), ("P1 FY25", "P2 FY25"), ("2025财年P1", "2025财年P2"),
    ("FY2025 Period 1", "FY2025 Period 2"), ("2025年度第1期", "2025年度第2期"), ("2025.P01", "2025.P02"), ("001.2025", "002.2025"),
    ("001/2025", "002/2025"), ("财年2025 第1期", "财年2025 第2期"), ("会计年度2025 期间1", "会计年度2025 期间2"), ("FY25 P1销售额", "FY25 P2销售额"),
]  # fmt: skip


def _days(path: Path, headers: Sequence[str], *told: MappingRule, **span: object) -> list[str]:
    rows = [["门店", *headers], ["一店", *range(1, len(headers) + 1)]]
    return sorted(str(day) for day in read(write(path / "t.xlsx", rows), STORE, rules=told, **(SPAN | span)).day)


@pytest.mark.parametrize("headers", NUMBERED)
def test_numbered_periods_across(tmp_path: Path, headers: tuple[str, str]) -> None:
    """Period 1 is the first month of the fiscal year, whose year is asked for; in a plan of the calendar it is January."""
    with pytest.raises(FiscalYearUntold):
        _days(tmp_path, headers)
    assert _days(tmp_path, headers, MappingRule("fiscal", None, "起始年份")) == ["2025-04-30", "2025-05-31"]
    assert _days(tmp_path, headers, MappingRule("fiscal", None, "结束年份"), start=None, end=None, fiscal_start=4) == [
        "2024-04-30", "2024-05-31",
    ]  # fmt: skip
    calendar = {"start": dt.date(2025, 1, 1), "end": dt.date(2025, 12, 31)}
    assert _days(tmp_path, headers, **calendar) == ["2025-01-31", "2025-02-28"]
    assert _days(tmp_path, headers, MappingRule("fiscal", None, "自然年"), **(calendar | {"fiscal_start": 4})) == [
        "2025-01-31", "2025-02-28",
    ]  # fmt: skip


def test_periods_of_two_years_need_no_answer(tmp_path: Path) -> None:
    """FY25/26 says both years; its tenth period is January."""
    assert _days(tmp_path, ("FY25/26 P1", "FY25/26 P10")) == ["2025-04-30", "2026-01-31"]
    assert _days(tmp_path, ("2025-26财年 第1期", "2025-26财年 第10期")) == ["2025-04-30", "2026-01-31"]


@pytest.mark.parametrize(
    "headers",
    [("FY2025-04", "FY2025-05"), ("财年2025-04", "财年2025-05"), ("FY2025/04", "FY2025/05"), ("2025FY04", "2025FY05"),
     ("FY202504", "FY202505"), ("FY25 4", "FY25 5"), ("2025财年04", "2025财年05")],
)  # fmt: skip
def test_a_number_that_may_be_a_month(tmp_path: Path, headers: tuple[str, str]) -> None:
    """Asked about in a plan whose year begins in April; the headers written as the sentence says are read."""
    first = MappingRule("fiscal", None, "起始年份")
    for told in ((), (first,)):
        with pytest.raises(FiscalFigureUntold) as raised:
            _days(tmp_path, headers, *told)
    said = raised.value.say("zh")
    assert "请把表头改写成 2025财年P4(第几期)或 2025财年4月(几月)" in said
    assert "FY2025 P4 (a period) or FY2025 Apr (a month)" in raised.value.say("en")
    assert _days(tmp_path, ("2025财年P4", "2025财年P5"), first) == ["2025-07-31", "2025-08-31"]
    assert _days(tmp_path, ("2025财年4月", "2025财年5月"), first) == ["2025-04-30", "2025-05-31"]
    assert _days(tmp_path, ("FY2025 Apr", "FY2025 May"), first) == ["2025-04-30", "2025-05-31"]
    year = {"start": dt.date(2025, 1, 1), "end": dt.date(2025, 12, 31)}
    assert _days(tmp_path, headers, **year) == ["2025-04-30", "2025-05-31"]
    assert _days(tmp_path, headers, start=dt.date(2026, 1, 1), end=dt.date(2026, 12, 31)) == []


def test_a_number_beside_two_years(tmp_path: Path) -> None:
    """`FY25/26-04` is asked about too; both writings need no other answer."""
    with pytest.raises(FiscalFigureUntold) as raised:
        _days(tmp_path, ("FY25/26-04", "FY25/26-05"))
    assert "2025/26财年P4(第几期)或 2025/26财年4月" in raised.value.say("zh")
    assert _days(tmp_path, ("2025/26财年P4", "2025/26财年P5")) == ["2025-07-31", "2025-08-31"]
    assert _days(tmp_path, ("2025/26财年4月", "2025/26财年5月")) == ["2025-04-30", "2025-05-31"]


@pytest.mark.parametrize(
    "text",
    ["fy25", "fy2025", "2025-04", "202504", "2025.4", "25-04", "fy25-26", "2025/26", "fy2025 p13", "25 p1", "p01", "第1期", "25/26财年", "4月(2026财年)",
     "2025年4月", "2025", "4", "25 4", "2025年度", "q1", "fy2025q1", "产品12", "2025款p1", "01/2025", "12.2025"],
)  # fmt: skip
def test_what_is_no_numbered_period(text: str) -> None:
    """Years, months, codes; special periods of a ledger, which are no months."""
    assert fiscal_number(text) is None


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("12.5", Label(rest=("12.5",), words=("12.5",))),
        ("-3.25", Label(rest=("-3.25",), words=("-3.25",))),
        ("1234.10", Label(rest=("1234.10",), words=("1234.10",))),
        ("2026.10", Label(period=Stamp(2026, 10))),
        ("2026.1", Label(period=Stamp(2026, 1))),
        ("004.2026", Label(period=Stamp(2026, 4), year=2026, fiscal=(2026, None), numbered=(4, True))),
    ],
)
def test_numbers_with_a_point_as_headings(text: str, label: Label) -> None:
    """Most say nothing; a few are months and periods."""
    assert read_label([text]) == label
