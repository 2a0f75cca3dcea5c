"""Merged cells: a region or a day beside several rows holds for all of them; an amount is there once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from tests.tables.tables import read
from xlsales.tables import reasons

pytestmark = pytest.mark.unit
Rows = Sequence[Sequence[object]]


def book(path: Path, sheets: dict[str, tuple[Rows, Sequence[str]]]) -> Path:
    file = xlsxwriter.Workbook(path)
    for title, (rows, ranges) in sheets.items():
        page = file.add_worksheet(title)
        for r, row in enumerate(rows):
            page.write_row(r, 0, row)
        for area in ranges:
            first = area.split(":")[0]
            column, row = ord(first[0]) - 65, int(first[1:]) - 1
            page.merge_range(area, rows[row][column])
    file.close()
    return path


HEADER = ["日期", "区域", "渠道", "销售额"]
LONG = [HEADER, ["2026-01-05", "上海", "线上", 10], [None, None, "线下", 20], ["2026-01-06", "北京", "线上", 30]]
WIDE = [["区域", "渠道", "1月", "2月"], ["上海", "线上", 10, 1], [None, "线下", 20, 2], ["北京", "线上", 30, 3]]


@pytest.mark.parametrize(
    ("rows", "ranges", "accepted"),
    [
        (LONG, ["A2:A3", "B2:B3"], 60),
        (WIDE, ["A2:A3"], 66),
        ([["二〇二六年"], [], *LONG], ["A4:A5", "B4:B5"], 60),
        ([HEADER, ["2026-01-05", "上海", "线上", "10"], [None, None, "线下", "20"]], ["A2:A3", "B2:B3"], 30),
        ([*WIDE[:3], ["小计", None, 30, 3], WIDE[3]], ["A2:A3"], 66),
        ([*WIDE[:3], [None, "小计", 30, 3], WIDE[3]], ["A2:A4"], 66),
        ([*WIDE, [None] * 4, [None] * 4], ["A2:A3", "A4:A6"], 66),
    ],
    ids=["long", "wide", "titles", "all text", "subtotal", "subtotal inside", "blank rows inside"],
)
def test_keys_hold_for_the_rows_beside_them(tmp_path: Path, rows: Rows, ranges: list[str], accepted: int) -> None:
    records = read(book(tmp_path / "t.xlsx", {"实际": (rows, ranges)}))
    assert records.accepted_micros == accepted * 1_000_000
    assert records.rows_set_aside == 0


def test_cells_that_are_only_blank_are_asked_about(tmp_path: Path) -> None:
    records = read(book(tmp_path / "t.xlsx", {"实际": (WIDE, [])}))
    assert records.accepted_micros == 44_000_000
    assert any(isinstance(p.fault, reasons.KeyBlank) for p in records.problems)


def test_a_merged_amount_is_counted_once(tmp_path: Path) -> None:
    rows = [*LONG[:2], [None, None, "线下", None], LONG[3]]
    records = read(book(tmp_path / "t.xlsx", {"实际": (rows, ["A2:A3", "B2:B3", "D2:D3"])}))
    assert records.accepted_micros == 40_000_000
    assert any(isinstance(p.fault, reasons.AmountBlank) for p in records.problems)


def test_sheets_put_together(tmp_path: Path) -> None:
    second = [HEADER, ["2026-02-05", "天津", "线上", 100], [None, None, "线下", 200]]
    sheets = {"1月": (LONG, ["A2:A3", "B2:B3"]), "2月": (second, ["A2:A3", "B2:B3"])}
    records = read(book(tmp_path / "t.xlsx", sheets))
    assert (records.accepted_micros, records.rows_set_aside) == (360_000_000, 0)
