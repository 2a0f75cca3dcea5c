"""What a person types into 预算执行 of an open workbook, in Excel and in Calc: kept, and followed by the formulas."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.books import Command, opened
from tests.hosts.excel.open_books import OpenBook
from tests.hosts.libreoffice.office import Calc, closing
from tests.hosts.test_hosts_agree import clean_desktop
from tests.plan.sheets.test_budget import BUDGETS, SALES, book, day, spent

__all__ = ["clean_desktop"]
SHEET, ROW = "预算执行", "l:差旅::"


@pytest.mark.com_sim
@pytest.mark.libreoffice
@pytest.mark.usefixtures("clean_desktop")
def test_what_is_committed_in_an_open_sheet_is_kept(xlsales: Command, tmp_path: Path, calc: Calc) -> None:
    """Spend that is typed while the workbook is open counts after a refresh; undo leaves what was typed."""
    path = book(tmp_path / "plan.xlsx", xlsales, BUDGETS, actuals=SALES)
    spent(path, [day("2026-01-05", "差旅", 20_000)])
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet("budget")
    committed, left, status = (sheet.cell(ROW, column).coordinate for column in ("m03", "m04", "m10"))
    excel = OpenBook(path)
    excel.sheet(SHEET)[committed].value = "４.１万"
    for cell, value in (("B6", "2026-02-01"), ("C6", "差旅"), ("E6", "500元")):
        excel.sheet("支出")[cell].value = value
    excel.press("refresh_progress")
    after = opened(excel.saved("excel.xlsx")).sheet("budget")
    assert [after.value(ROW, column) for column in ("m02", "m03")] == [20_500, 41_000]
    excel.press("undo_last")
    assert excel.sheet(SHEET)[committed].value == "４.１万"
    excel.book.Close(SaveChanges=False)
    with closing(calc, calc.open(path)) as document:
        cells, spend = (document.Sheets.getByName(title) for title in (SHEET, "支出"))
        cells.getCellRangeByName(committed).setValue(41_000)
        assert cells.getCellRangeByName(left).getValue() == -1_000  # before any run
        assert cells.getCellRangeByName(status).getString() == "红"
        for cell, text in (("B6", "2026-02-01"), ("C6", "差旅"), ("E6", "500元")):
            spend.getCellRangeByName(cell).setString(text)
        calc.press(document, "refresh_progress")
        assert cells.getCellRangeByName(left).getValue() == -1_500
        calc.press(document, "undo_last")
        assert cells.getCellRangeByName(committed).getValue() == 41_000
        assert cells.getCellRangeByName(left).getValue() == -1_000
