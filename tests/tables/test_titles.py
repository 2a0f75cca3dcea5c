"""Titles of a stretch of time: no figure is counted in a single day or month without a word."""

# ruff: noqa: E501 - tables of examples
from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.tables.tables import dimension, read, write
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.tables.words.titles import CountedAtEnd, TitleOfPeriod, period_of_titles
from xlsales.values.date_text import DateBounds

pytestmark = pytest.mark.unit
YEAR = DateBounds(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
STORE = dimension("门店", ["一店", "二店"])
MILLION = 10**6

ENDS = [
    ("1-3月累计", "2026-03-31"), ("1～9月", "2026-09-30"), ("1至3月", "2026-03-31"), ("1—6月份汇总", "2026-06-30"), ("2026年1-9月销售", "2026-09-30"),
    ("2026年1月—3月", "2026-03-31"), ("2026.1-2026.3", "2026-03-31"), ("2026-01~2026-06", "2026-06-30"), ("2025年10月-2026年3月", "2026-03-31"),
    ("2026/01/01-2026/03/31", "2026-03-31"), ("统计期间:2026-01-01~2026-09-30", "2026-09-30"), ("2026年1月1日至3月31日", "2026-03-31"),
    ("2026年9月1日-15日", "2026-09-15"), ("January - March 2026", "2026-03-31"), ("Jan-Mar", "2026-03-31"), ("Jan to Jun 2026", "2026-06-30"),
    ("一季度销售", "2026-03-31"), ("2026年第三季度", "2026-09-30"), ("2026 Q2", "2026-06-30"), ("3Q sales", "2026-09-30"), ("前三季度", "2026-09-30"),
    ("上半年", "2026-06-30"), ("2026年下半年", "2026-12-31"), ("H1 2026", "2026-06-30"),
    ("截至9月累计", "2026-09-30"), ("YTD Sep", "2026-09-30"), ("Sales YTD September 2026", "2026-09-30"), ("2026年9月累计", "2026-09-30"),
    ("累计(截至8月)", "2026-08-31"), ("累计至2026.9", "2026-09-30"), ("年初至9月", "2026-09-30"), ("截止9月底", "2026-09-30"), ("截至9月15日", "2026-09-15"),
    ("截至2026年9月30日", "2026-09-30"), ("as of 2026-09-30", "2026-09-30"), ("本年累计", None), ("YTD", None), ("cumulative sales", None),
]  # fmt: skip


@pytest.mark.parametrize(("title", "end"), ENDS)
def test_stretches_of_time(title: str, end: str | None) -> None:
    """Ranges, quarters, halves, running totals and their last day, in the year of the title or of the plan."""
    found = period_of_titles(["销售报表", title], YEAR)
    assert found is not None
    assert (str(found.end) if found.end else None) == end


@pytest.mark.parametrize(
    "title",
    ["2026年9月销售", "2026年9月", "9月销售", "2026-09", "2026.09 门店销售", "2026-09-15 日报", "2026-01-05 周报", "统计日期:2026/9/30", "September 2026",
     "2026年度", "9月MTD", "本月累计", "华东一店-三店", "3-5岁童装", "店铺1-3号", "中秋1-3月饼专区", "2025-2026年", "销售明细", "单位:万元", "第3期", "A1-A9"],
)  # fmt: skip
def test_other_titles(title: str) -> None:
    """A day, a month, a year; what only looks like a range."""
    assert period_of_titles([title], YEAR) is None


@pytest.mark.parametrize(("title", "end"), [e for e in ENDS if e[0] not in ("截至2026年9月30日", "as of 2026-09-30")])
def test_a_table_without_dates_is_asked_about(tmp_path: Path, title: str, end: str | None) -> None:
    """The sentence names the title and the last day; entered as it says, all is counted on that day, in no doubt."""
    path = write(tmp_path / "t.xlsx", [[title, None], ["门店", "销售额"], ["一店", 10], ["二店", 20]])
    with pytest.raises(TitleOfPeriod) as raised:
        read(path, STORE)
    value = end or "2026-09-30"
    assert f"字段 日期,值 {value};" in raised.value.say("zh")
    assert f"field date and value {value};" in raised.value.say("en")
    records = read(path, STORE, rules=[MappingRule("date", None, value)])
    assert ({str(day) for day in records.day}, records.problems) == ({value}, ())


@pytest.mark.parametrize("title", ["截至2026年9月30日", "as of 2026-09-30"])
def test_a_table_up_to_a_day(tmp_path: Path, title: str) -> None:
    """It counts on that day, and a line says so."""
    path = write(tmp_path / "t.xlsx", [[title, None], ["门店", "销售额"], ["一店", 10], ["二店", 20]])
    records = read(path, STORE)
    (problem,) = records.problems
    assert (type(problem.fault), problem.fault.remark, records.accepted_micros) == (CountedAtEnd, True, 30 * MILLION)


def test_the_day_that_is_asked_for(tmp_path: Path) -> None:
    """A running total with `--as-of` is counted there, and a line says so."""
    path = write(tmp_path / "t.xlsx", [["1-9月累计", None], ["门店", "销售额"], ["一店", 10]])
    records = read(path, STORE, as_of=dt.date(2026, 9, 30))
    assert [type(p.fault) for p in records.problems] == [CountedAtEnd]
    assert [str(day) for day in records.day] == ["2026-09-30"]


@pytest.mark.parametrize(
    ("title", "dates", "line"),
    [
        ("1-9月累计", ("9月", "9月"), True), ("YTD Sep", ("2026年9月", "2026年9月"), True), ("1-9月销售", ("9月", "9月"), True),
        ("2026年9月累计", (dt.date(2026, 9, 30),) * 2, True), ("1-9月累计", ("8月", "9月"), False), ("1-9月销售", ("8月", "9月"), False),
        ("2026年9月销售", ("9月", "9月"), False), ("9月MTD", ("9月", "9月"), False), ("截至2026年9月30日", (dt.date(2026, 9, 30),) * 2, False),
        ("2026年1-3月销售明细", (dt.date(2026, 1, 5),) * 2, False), ("2026年第三季度", ("7月", "7月"), False),
    ],
)  # fmt: skip
def test_a_table_of_one_period(tmp_path: Path, title: str, dates: tuple[object, object], line: bool) -> None:
    """Figures dated in one period below such a title are told; a list that has only begun is none of these."""
    rows = [[title], ["日期", "门店", "销售额"], [dates[0], "一店", 10], [dates[1], "二店", 20]]
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert [type(p.fault) for p in records.problems] == ([CountedAtEnd] if line else [])
    assert records.accepted_micros == 30 * MILLION
