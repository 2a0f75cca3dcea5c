"""What a person types into 行动计划 of an open workbook, in Excel and in Calc: kept, and followed by the formulas."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.books import Command, opened
from tests.hosts.excel.open_books import OpenBook
from tests.hosts.libreoffice.office import Calc, closing
from tests.hosts.test_hosts_agree import clean_desktop
from tests.plan.sheets.test_actions import KEY, seed

__all__ = ["clean_desktop"]
SHEET, ROW = "行动计划", KEY["zh"]


@pytest.mark.com_sim
@pytest.mark.libreoffice
@pytest.mark.usefixtures("clean_desktop")
def test_what_is_typed_into_an_open_sheet_is_kept(xlsales: Command, tmp_path: Path, calc: Calc) -> None:
    """Over a refresh in either program; undo takes the refresh back and leaves what was typed."""
    path = seed(tmp_path / "plan.xlsx", xlsales)
    sheet = opened(path).sheet("actions")
    status, result, coming = (sheet.cell(ROW, column).coordinate for column in ("status", "result", "to_come"))
    book = OpenBook(path)
    for cell, value in ((status, "已取消"), (result, "２.５万")):
        book.sheet(SHEET)[cell].value = value
    book.press("refresh_progress")
    after = opened(book.saved("excel.xlsx")).sheet("actions")
    assert [after.value(ROW, column) for column in ("status", "result")] == ["取消", 2.5]  # Excel itself computes
    book.press("undo_last")
    assert book.sheet(SHEET)[status].value == "已取消"
    book.book.Close(SaveChanges=False)
    with closing(calc, calc.open(path)) as document:
        cells = document.Sheets.getByName(SHEET)
        cells.getCellRangeByName(status).setString("进行中")
        cells.getCellRangeByName(result).setValue(2.5)
        assert cells.getCellRangeByName(coming).getValue() == 35_000  # before any run
        calc.press(document, "refresh_progress")
        assert cells.getCellRangeByName(status).getString() == "进行中"
        assert cells.getCellRangeByName(coming).getValue() == 35_000
