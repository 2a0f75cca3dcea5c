"""Sheets of ours are read by keys, wherever rows and columns are now."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xlsales.book.keyed import KeyedSheet, WrittenSheet
from xlsales.core.a1 import Address
from xlsales.layout.model import SUBLINE
from xlsales.ooxml.book import SheetPart
from xlsales.ooxml.cells import BLANK, Cell, SheetCells

ROWS, COLUMNS = ("total", "m:一店", "m:二店"), ("target", "t:2026-01", "note")


def frame(top: int, left: int, rows: list[str], columns: list[str]) -> dict[Address, Cell]:
    """The cells of a sheet with its identity at (top, left): keys around it, `row/column` as values."""
    cells: dict[Address, Cell] = {(top, left): Cell("xlsales:time"), (top, left + 1): Cell("#,##0|标题|0")}
    cells |= {(top, left + 2 + i): Cell(key) for i, key in enumerate(columns) if key}
    for n, row in enumerate(rows, top + 5):
        cells |= {(n, left): Cell(row)} if row else {}
        cells |= {(n, left + 2 + i): Cell(f"{row}/{column}") for i, column in enumerate(columns)}
    return cells


with_others = st.lists(st.sampled_from(["", *ROWS]), max_size=6)


@given(top=st.integers(1, 9), left=st.integers(1, 5), more=with_others)
def test_a_cell_is_known_by_its_keys(top: int, left: int, more: list[str]) -> None:
    """Wherever the identity is; rows without a key are passed over, and of a key that was copied the first counts."""
    rows = ["", *ROWS, *more]
    sheet = KeyedSheet("按时间", top, left, SheetCells(frame(top, left, rows, list(COLUMNS))))
    assert list(sheet.rows) == list(ROWS)
    assert [sheet.rows[key] - top - 5 for key in ROWS] == [1, 2, 3]
    assert [key for _, key in sheet.keyed] == rows
    for row in ROWS:
        assert [sheet.cell(sheet.rows[row], column).value for column in COLUMNS] == [f"{row}/{c}" for c in COLUMNS]
    assert sheet.cell(sheet.rows["total"], "gone") == Cell(BLANK)


def test_the_stamp_is_no_column() -> None:
    """A sheet that a run wrote has its stamp beside the identity; keys begin right of it, the first of two counts."""
    cells = SheetCells(frame(1, 1, list(ROWS), ["target", "", "target"]))
    sheet = WrittenSheet(
        "按时间", 1, 1, cells, "xs_out_time", "xlsales:time", SheetPart("按时间", "", 1, "", "visible", "worksheet")
    )
    assert (sheet.stamp, sheet.columns) == ("#,##0|标题|0", {"target": 3})
    assert sheet.value("m:一店", "target") == "m:一店/target"
    assert sheet.value("m:三店", "target") is BLANK
    by_hand = ["按时间!E1", *(f"按时间!{column}{n}" for n in (6, 7, 8) for column in "DE")]
    assert [str(place) for place in sheet.made_by_hand()] == by_hand


def test_notes_beside_the_title_and_the_line_below_it_are_by_hand() -> None:
    """The program writes a title once and the line below it at the head of each printed block, the same everywhere."""
    cells = frame(1, 1, list(ROWS), list(COLUMNS))
    above = {(2, 3): "标题", (3, 1): SUBLINE, (3, 3): "计划 · 万元", (3, 4): "计划 · 万元", (5, 4): "目标"}
    notes = {(2, 4): "我的备注", (3, 5): "大客户三月签"}
    cells |= {at: Cell(text) for at, text in {**above, **notes}.items()}
    sheet = WrittenSheet(
        "按时间",
        1,
        1,
        SheetCells(cells),
        "xs_out_time",
        "xlsales:time",
        SheetPart("按时间", "", 1, "", "visible", "worksheet"),
    )
    assert {"按时间!D2", "按时间!E3"} <= {str(place) for place in sheet.made_by_hand()}
    assert not {"按时间!C2", "按时间!C3", "按时间!D3", "按时间!D5"} & {str(place) for place in sheet.made_by_hand()}
