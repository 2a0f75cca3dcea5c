"""The first row that 实际 and 历史 of a fresh plan offer: what people paste is read as if it had not been there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from xlsales.core.faults import Lang
from xlsales.tables.files.grids import Grid
from xlsales.tables.files.source import Source, load
from xlsales.tables.files.unreadable import SheetEmpty
from xlsales.vocabulary.contract import PASTE_HEADERS, PASTE_HINTS

pytestmark = pytest.mark.unit
Table = Sequence[Sequence[object]]

LONG: Table = [("销售日期", "门店", "销售额"), (dt.date(2026, 1, 5), "甲", 7.5), (dt.date(2026, 1, 6), "乙", 8)]
TABLES: dict[str, Table] = {
    "long": LONG,
    "two columns": [("日期", "金额"), (dt.date(2026, 1, 5), 7), (dt.date(2026, 1, 6), 8)],
    "the offered header itself": [
        ("日期", "区域", "产品", "渠道", "金额"),
        (dt.date(2026, 1, 5), "东", "A", "线上", 7), ("待定", "东", "A", "线上", 8),
    ],
    "amount first": [("金额", "日期"), (7, "2026年1月5日"), (8, "2026年1月6日")],
    "text alone": [("日期", "区域", "金额"), ("2026年1月5日", "东", "1.2万"), ("1月6日", "东", "￥8,800")],
    "members by months": [("门店", "2026年1月", "2026年2月"), ("甲", 1, 2), ("乙", 3, 4)],
    "months as numbers": [("门店", 1, 2, 3), ("甲", 1, 2, 5), ("乙", 3, 4, 6)],
    "a title above": [("2026年销售明细",), (), *LONG],
    "a month as title": [("2026年8月",), *LONG],
    "headers that nobody knows": [("Datum", "Filiale", "Umsatz"), ("2026-01-05", "甲", 7), ("2026-01-06", "乙", 8)],
    "wider": [
        ("日期", "区域", "产品", "渠道", "门店", "单号", "金额"), (dt.date(2026, 1, 5), "东", "A", "B", "甲", "X1", 7),
    ],
    "not from column A": [(), (None, "日期", "金额"), (None, dt.date(2026, 1, 5), 7)],
}  # fmt: skip


def offered(lang: Lang) -> list[object]:
    return [*(word[lang] for word in PASTE_HEADERS), PASTE_HINTS["actuals"][lang]]


def read(path: Path, rows: Table, first: Sequence[object] = (), top: int = 1) -> Grid:
    """The cells of a sheet with a first row that was offered, and rows pasted from a row on."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for column, value in enumerate(first, 1):
        sheet.cell(1, column, value)
    for at, row in enumerate(rows, top):
        for column, value in enumerate(row, 1):
            sheet.cell(at, column).value = value
    book.save(path)
    return load(Source(path, sheet.title, "实际", pasted=True))


def same(one: Grid, other: Grid) -> bool:
    rows = [grid.top(100) for grid in (one, other)]
    kinds = [[column.dtype for column in grid.body] for grid in (one, other)]
    return rows[0] == rows[1] and kinds[0] == kinds[1] and one.first_column == other.first_column


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("top", [1, 2])
@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_what_is_pasted_is_read_as_before(tmp_path: Path, lang: Lang, top: int, table: Table) -> None:
    """Over the offered row or below it, narrower or wider: the cells are those of a sheet that was blank."""
    before, now = read(tmp_path / "before.xlsx", table, (), top), read(tmp_path / "now.xlsx", table, offered(lang), top)
    assert same(before, now)


@pytest.mark.parametrize(
    "rows",
    [
        [(dt.date(2026, 1, 5), "东", "A", "线上", 7), (dt.date(2026, 1, 6), "东", "A", "线上", 8)],
        [("1月5日", "东", None, None, "1.2万")],
        [("待定", "东", "A", "线上", 7), (dt.date(2026, 1, 6), "东", "A", "线上", 8)],
        [(None, "东", "A", "线上", "待定"), (dt.date(2026, 1, 6), "东", "A", "线上", 8)],
        [(46027, "东", None, None, 7)],
    ],
    ids=["dates", "text", "no date", "neither", "serial numbers"],
)
def test_rows_typed_under_the_header_have_it(tmp_path: Path, rows: Table) -> None:
    """The offered header serves those who type; columns that they leave blank are none."""
    header = [h for h, used in zip(offered("zh"), zip(*rows, strict=True), strict=False) if any(used)]
    assert [text for text in read(tmp_path / "p.xlsx", rows, offered("zh"), 2).top(1)[0] if text] == header


def test_a_header_that_a_person_changed_is_theirs(tmp_path: Path) -> None:
    """Cells of the offered row that stay beside changed ones are headers of what is under them."""
    first = ["日期", "大区", "产品", "渠道", "金额", PASTE_HINTS["actuals"].zh]
    grid = read(tmp_path / "p.xlsx", [("待定", "东", "A", "线上", "未知"), ("1月5日", "东", "A", "线上", 7)], first, 2)
    assert list(grid.top(1)[0]) == first[:5]


def test_nothing_below_is_nothing(tmp_path: Path) -> None:
    """A fresh sheet is empty."""
    with pytest.raises(SheetEmpty):
        read(tmp_path / "p.xlsx", [], offered("zh"))


@pytest.mark.parametrize(
    "header",
    [
        ["日期", "门店", "产品", "金额"],
        ["日期", "区域", "产品", "渠道", "金额", "门店"],
        ["Date", "Store", "Amount", None, None, PASTE_HINTS["actuals"].en],
        ["销售日期", "店名", "销售额"],
    ],
    ids=["shorter", "longer", "the hint left", "another"],
)
def test_a_header_of_ones_own_alone_is_kept_whole(tmp_path: Path, header: Sequence[object]) -> None:
    """Who prepares the sheet before the first sales come has a table with all of its columns, without rows."""
    grid = read(tmp_path / "p.xlsx", [], header)
    hints = {hint[lang] for hint in PASTE_HINTS.values() for lang in ("zh", "en")}
    assert list(grid.top(9)) == [tuple(text for text in header if text not in {None, *hints})]


@pytest.mark.parametrize("cell", [dt.date(2026, 1, 5), "1月5日", 46027, "1.2万", "#REF!"])
def test_a_lone_row_that_may_hold_sales_is_read(tmp_path: Path, cell: object) -> None:
    """One row pasted over the offered one, without a header, is not lost."""
    grid = read(tmp_path / "p.xlsx", [], [cell, "东", None, None, None, PASTE_HINTS["actuals"].zh])
    assert grid.width
