"""Rows without dates are of the day or month that the title above them names: each part of its own."""
# ruff: noqa: E501 - tables of examples

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from tests.tables.tables import CHANNEL, REGION, read, write
from xlsales.tables.columns.column_faults import ColumnMissing
from xlsales.tables.words.mapping_rules import MappingRule

pytestmark = pytest.mark.unit
HEAD = ("区域", "渠道", "销售额")
NAMES = ("上海", "北京")
X = None


def blocks(titles, *, again: bool, foot: str | None = None, wide: int = 1) -> list[tuple[object, ...]]:
    """A block for each title: 上海 and 北京 sell 1 in the first, 10 in the second, 100 in the third."""
    rows: list[tuple[object, ...]] = []
    for k, title in enumerate(titles):
        rows.append((title,))
        rows += [HEAD] if again or not k else []
        rows += [(name, "线上", 10**k) for name in NAMES for _ in range(wide)]
        rows += [(foot, X, 2 * wide * 10**k)] if foot else []
    return rows


def by_day(records) -> dict[str, int]:
    found: Counter[str] = Counter()
    for day, micros in zip(records.day, records.micros, strict=True):
        found[str(day)] += int(micros) // 10**6
    return dict(found)


MONTHS = {"2026-01-31": 2, "2026-02-28": 20, "2026-03-31": 200}


@pytest.mark.parametrize("again", [True, False])
@pytest.mark.parametrize("foot", [None, "本月合计"])
@pytest.mark.parametrize(
    ("titles", "wanted"),
    [
        (("2026年1月销售情况", "2026年2月销售情况", "2026年3月销售情况"), MONTHS),
        (("2026年1月", "2026年2月", "2026年3月"), MONTHS),
        (("1月", "2月", "3月"), MONTHS),
        (("1月份销售明细", "2月份销售明细", "3月份销售明细"), MONTHS),
        (("2026-01", "2026-02", "2026-03"), MONTHS),
        (("Jan 2026", "Feb 2026", "Mar 2026"), MONTHS),
        (("2026-01-05", "2026-01-06", "2026-01-07"), {"2026-01-05": 2, "2026-01-06": 20, "2026-01-07": 200}),
        (("1月5日", "1月6日", "1月7日"), {"2026-01-05": 2, "2026-01-06": 20, "2026-01-07": 200}),
        (("日期:2026年1月5日", "日期:2026年1月6日", "日期:2026年1月7日"), {"2026-01-05": 2, "2026-01-06": 20, "2026-01-07": 200}),
    ],
)  # fmt: skip
def test_parts_are_of_the_titles_above_them(tmp_path: Path, titles, wanted, foot, again) -> None:
    records = read(write(tmp_path / "t.xlsx", blocks(titles, again=again, foot=foot)))
    assert by_day(records) == wanted
    assert not [p for p in records.problems if p.set_aside and not p.fault.remark]
    said = [p.say("zh") for p in records.problems if "小标题" in p.say("zh")]
    assert said
    assert titles[0] in said[0]
    assert "共 3 段" in said[0]


@pytest.mark.parametrize("titles", [("2026年1月", "2026年2月", "2026年3月"), ("1月销售", "2月销售", "3月销售")])
def test_sheets_of_one_header_are_of_their_own_titles(tmp_path: Path, titles) -> None:
    """Sheets that are called Sheet1, Sheet2 and Sheet3 were all of the first one's month, without a word."""
    book = openpyxl.Workbook()
    for k, title in enumerate(titles):
        page = book.active if not k else book.create_sheet(f"Sheet{k + 1}")
        for row in blocks((title,), again=True):
            page.append([10**k if value == 1 else value for value in row])
    book.save(tmp_path / "t.xlsx")
    assert by_day(read(tmp_path / "t.xlsx")) == MONTHS


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        # a title below the last row, when the table was made, titles nothing
        ([*blocks(("2026年3月销售",), again=True), ("制表日期:2026-04-02",)], {"2026-03-31": 2}),
        # one title, twice
        (blocks(("2026年3月", "2026年3月"), again=True), {"2026-03-31": 22}),
        # a table with dates of its own
        ([("日期", *HEAD), ("2026年2月",), (dt.date(2026, 1, 5), "上海", "线上", 5), ("2026年3月",), (dt.date(2026, 3, 9), "上海", "线上", 7)], {"2026-01-05": 5, "2026-03-09": 7}),
        # a title of several months is no day
        ([("2026年1-3月",), *blocks(("2026年1月", "2026年2月"), again=False)], {"2026-01-31": 2, "2026-02-28": 20}),
    ],
)  # fmt: skip
def test_what_is_no_title_of_a_part(tmp_path: Path, rows, wanted) -> None:
    assert by_day(read(write(tmp_path / "t.xlsx", rows))) == wanted


def test_a_day_that_was_told_is_that_of_all_rows(tmp_path: Path) -> None:
    path = write(tmp_path / "t.xlsx", blocks(("2026年1月", "2026年2月"), again=False))
    assert by_day(read(path, REGION, CHANNEL, rules=[MappingRule("date", value="2026-05-06")])) == {"2026-05-06": 22}


@pytest.mark.parametrize("title", [None, "2026年上半年销售对比", "2026年"])
def test_years_below_months_are_those_of_the_columns(tmp_path: Path, title) -> None:
    """`1月` over `2025年 2026年 同比`: a year in the title was written into both, and the table refused."""
    rows = [
        *([(title,)] if title else []),
        ("区域", "1月", X, X, "2月", X, X),
        (X, "2025年", "2026年", "同比", "2025年", "2026年", "同比"),
        ("上海", 1, 2, 1.0, 3, 4, 0.3),
        ("北京", 10, 20, 1.0, 30, 40, 0.3),
    ]
    assert by_day(read(write(tmp_path / "t.xlsx", rows), REGION)) == {"2026-01-31": 22, "2026-02-28": 44}


@pytest.mark.parametrize("dates", [[dt.date(2026, 1, 5), dt.date(2026, 2, 6)], ["2026-01-05", "2026-02-06"]])
def test_titles_among_dated_rows_put_no_dates_in_doubt(tmp_path: Path, dates) -> None:
    """Where the amount is asked about, the question names no column of dates that the table does not have."""
    rows = [
        ("2026年1月",),
        ("日期", "区域", "渠道", "甲", "乙"),
        (dates[0], "上海", "线上", 1, 2),
        ("2026年2月",),
        (dates[1], "北京", "线上", 3, 4),
    ]
    with pytest.raises(ColumnMissing) as raised:
        read(write(tmp_path / "t.xlsx", rows))
    said = raised.value.say("zh")
    assert "表头 甲 / 乙" in said
    assert said.count("日期") == 1
