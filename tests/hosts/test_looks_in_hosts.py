"""A sheet that keeps its look is written anew in Excel (a fake) and in a real Calc as in a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl.styles import Font, PatternFill

from tests.commands.books import Command, fill, opened
from tests.hosts.excel.open_books import OpenBook
from tests.hosts.libreoffice.office import Calc, closing
from tests.hosts.test_hosts_agree import clean_desktop
from tests.plan.sheets.test_dashboard import book
from tests.plan.sheets.test_dashboard_panels import FUNNEL
from xlsales.plan.funnel.table import T_FUNNEL

__all__ = ["clean_desktop"]

PAGE, FIGURE = "看板", "figure"


def restyled(path: Path, xlsales: Command) -> tuple[Path, str]:
    """A workbook with a dashboard that has been split, then a funnel was filled in; and the address of a figure."""
    book(path, xlsales)
    address = opened(path).sheet("dashboard").cell(FIGURE, "c8").coordinate
    assert xlsales("add", path, "漏斗").code == 0
    fill(path, T_FUNNEL, "漏斗", FUNNEL)
    return path, address


@pytest.mark.com_sim
@pytest.mark.usefixtures("clean_desktop")
def test_in_excel(xlsales: Command, tmp_path: Path) -> None:
    path, address = restyled(tmp_path / "计划.xlsx", xlsales)
    excel = OpenBook(path)
    mine = excel.sheet(PAGE)[address]
    mine.fill, mine.font = PatternFill("solid", fgColor="FF00FF"), Font(name="Courier", size=9)
    excel.sheet(PAGE).column_dimensions["C"].width = 41
    excel.press("split_target")
    page = excel.sheet(PAGE)
    assert "funnel:title" in opened(excel.saved()).sheet("dashboard").rows
    assert page[address].fill.fgColor.rgb == "00FF00FF"
    assert (page[address].font.name, page.column_dimensions["C"].width) == ("Courier", 41)
    excel.press("undo_last")
    assert excel.sheet(PAGE)[address].font.name == "Courier"


@pytest.mark.libreoffice
def test_in_calc(calc: Calc, xlsales: Command, tmp_path: Path) -> None:
    path, address = restyled(tmp_path / "计划.xlsx", xlsales)
    with closing(calc, calc.open(path)) as document:
        document.Sheets.getByName(PAGE).getCellRangeByName(address).CellBackColor = 0xFF00FF
        calc.press(document, "split_target")
        page = document.Sheets.getByName(PAGE)
        assert any("funnel:title" in line for line in page.getCellRangeByName("A1:C99").DataArray)
        assert page.getCellRangeByName(address).CellBackColor == 0xFF00FF
