"""数据表 in the three hosts: it grows and shrinks in an open workbook as in a file, with what a person added to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.calc import read_back
from tests.commands.books import Command
from tests.hosts.excel.open_books import OpenBook
from tests.hosts.libreoffice.office import Calc, closing, shown
from tests.hosts.test_hosts_agree import clean_desktop
from tests.plan.sheets.test_data import ADDED, CHANGES, FIRST, beside, book, check, keys, table_of, with_totals
from xlsales.core.faults import Lang

__all__ = ["clean_desktop"]
MORE, FEWER, OTHERS = (CHANGES[change] for change in ("one more", "one less", "one of each"))


def retype(dimensions: Any, regions: list[str]) -> None:
    """Type other members over those of the plan, into a sheet as openpyxl has it."""
    for n in range(6):
        for column, value in ((2, "区域"), (3, regions[n] if n < len(regions) else None), (6, 1)):
            dimensions.cell(5 + n, column).value = value if n < len(regions) else None


@pytest.mark.com_sim
@pytest.mark.usefixtures("clean_desktop")
@pytest.mark.parametrize("regions", [MORE, FEWER, OTHERS], ids=["more", "fewer", "others"])
@pytest.mark.parametrize("added", ADDED, ids=lambda added: added.__name__)
def test_in_excel(xlsales: Command, tmp_path: Path, added: Any, regions: list[str]) -> None:
    """Split from the ribbon, and taken back."""
    path = book(tmp_path / "p.xlsx", xlsales)
    file = read_back(path)
    added(file["数据表"])
    retype(file["维度"], regions)
    file.save(path)
    before, order = table_of(path, formulas=True), keys(table_of(path))
    host = OpenBook(path)
    host.press("split_target", 6)
    _check_saved(host.saved(), regions)
    host.press("undo_last")
    back = host.saved("back.xlsx")
    assert keys(table_of(back)) == order
    assert table_of(back, formulas=True) == before
    host.book.Close(SaveChanges=False)


def _check_saved(path: Path, regions: list[str]) -> None:
    """Check formulas; Excel itself would calculate them."""
    check(path, regions)
    assert all(row[6] is not None for row in table_of(path))


@pytest.mark.libreoffice
@pytest.mark.usefixtures("clean_desktop")
@pytest.mark.parametrize("regions", [MORE, FEWER, OTHERS], ids=["more", "fewer", "others"])
@pytest.mark.parametrize("added", [beside, with_totals], ids=lambda added: added.__name__)
def test_in_calc(calc: Calc, xlsales: Command, tmp_path: Path, added: Any, regions: list[str]) -> None:
    """Split from the menu, computed by Calc, and taken back."""
    path = book(tmp_path / "p.xlsx", xlsales)
    file = read_back(path)
    added(file["数据表"])
    retype(file["维度"], regions)
    file.save(path)
    rows = 12 * (1 + len(regions))
    with closing(calc, calc.open(path)) as document:
        sheet = document.Sheets.getByName("数据表")
        first = shown(sheet.getCellRangeByPosition(1, FIRST - 1, 12, FIRST + 60))
        calc.press(document, "split_target")
        table = document.DatabaseRanges.getByName("xs_data").DataArea
        totals = int(added is with_totals)
        assert (table.StartRow, table.EndRow) == (FIRST - 2, FIRST - 2 + rows + totals)
        lines = shown(sheet.getCellRangeByPosition(1, FIRST - 1, 12, FIRST + 60))
        assert [line[10] for line in lines[:rows]] == pytest.approx([2 * line[6] for line in lines[:rows]])
        kept = [line[11] for line in lines[:rows] if line[1] in ("公司整体", "东", "西")]
        wanted = [name for name in regions if name in ("东", "西")]
        assert sorted(filter(None, kept)) == sorted(
            f"{name}{m}" for name in ("公司整体", *wanted) for m in range(1, 13)
        )
        if totals:
            assert (lines[rows][0], lines[rows][6]) == ("合计", pytest.approx(20_000_000))
        assert not any(value for line in lines[rows + totals :] for value in line)
        calc.press(document, "undo_last")
        assert shown(sheet.getCellRangeByPosition(1, FIRST - 1, 12, FIRST + 60)) == first
        table = document.DatabaseRanges.getByName("xs_data").DataArea
        assert table.EndRow == FIRST - 2 + 36 + totals


@pytest.mark.com_sim
@pytest.mark.libreoffice
@pytest.mark.usefixtures("clean_desktop")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_added_from_the_menu(calc: Calc, xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Added and filled by a split as on the command line, in both languages."""
    title = {"zh": "数据表", "en": "Data"}[lang]
    path = book(tmp_path / "file.xlsx", xlsales, lang)
    wanted = table_of(path, title)
    assert xlsales("undo", path).code == xlsales("undo", path).code == 0
    excel = tmp_path / "excel.xlsx"
    excel.write_bytes(path.read_bytes())
    host = OpenBook(excel)
    host.press("add_sheet:data")
    host.press("split_target")
    assert table_of(host.saved(), title) == wanted
    host.press("undo_last")
    assert keys_or_none(host.saved("back.xlsx"), title) == []
    host.press("undo_last")
    assert title not in host.titles()
    host.book.Close(SaveChanges=False)
    with closing(calc, calc.open(path)) as document:
        calc.press(document, "add_sheet:data")
        calc.press(document, "split_target")
        cells = document.Sheets.getByName(title).getCellRangeByPosition(1, FIRST - 1, 10, FIRST - 2 + len(wanted))
        assert [line[1] for line in shown(cells)] == [row[1] for row in wanted]
        assert [line[6] for line in shown(cells)] == [row[6] for row in wanted]
        calc.press(document, "undo_last")
        area = document.DatabaseRanges.getByName("xs_data").DataArea
        assert (area.StartRow, area.EndRow) == (FIRST - 2, FIRST - 1)
        calc.press(document, "undo_last")
        assert title not in document.Sheets.ElementNames


def keys_or_none(path: Path, title: str) -> list[Any]:
    """The rows of the table that have a member."""
    return [row for row in table_of(path, title) if row[1]]
