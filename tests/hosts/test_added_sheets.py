"""Sheets that people add, in the three hosts and both languages: the same cells and words, taken back by undo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.calc import read_back
from tests.commands.books import Command, members, opened, plan, type_in
from tests.hosts.excel.open_books import OpenBook
from tests.hosts.libreoffice.office import Calc, closing
from tests.hosts.test_hosts_agree import _cells, _in_document, clean_desktop, differences
from xlsales.core.faults import Lang
from xlsales.layout.sheet import Sheet
from xlsales.plan.sheets import ADDED

__all__ = ["clean_desktop"]


def notes(sheet: Sheet[Any, Any]) -> list[tuple[int, int]]:
    """The cells that call the rows of a table examples: (row, column)."""
    (note,) = (i for i, column in enumerate(sheet.tables[0].columns, 2) if column.key == "note")
    return [(5 + n, note) for n in range(len(sheet.examples))]


def added(sheet: Sheet[Any, Any], lang: Lang, titles: Iterable[str]) -> list[str]:
    """The sheets of this kind among some titles."""
    before, of_several, after = sheet.title[lang].partition("{name}")
    return [one for one in titles if one == before or (of_several and one.startswith(before) and one.endswith(after))]


@pytest.mark.com_sim
@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "sheet", [sheet for sheet in ADDED if sheet.examples or sheet.presets], ids=lambda sheet: sheet.key
)
@pytest.mark.usefixtures("clean_desktop")
def test_three_hosts_agree(sheet: Sheet[Any, Any], lang: Lang, calc: Calc, xlsales: Command, tmp_path: Path) -> None:
    """Added from the menu, its examples taken for one's own, split, split again, taken back."""
    of_regions = {"zh": {"华东": 3, "华北": 2}, "en": {"East": 3, "North": 2}}[lang]
    region, product = {"zh": ("区域", "产品"), "en": ("Region", "Product")}[lang]
    rows = members({region: of_regions, product: {"A": 1, "B": 1}})
    header = {"zh": ["日期", "金额"], "en": ["Date", "Amount"]}[lang]
    past = [header, *([dt.date(2025, 1, 1) + dt.timedelta(n), 100.0 + n % 7] for n in range(365))]
    names = [(day, one, "A", 100.0) for day in range(90) for one in of_regions]
    sold = [
        [header[0], region, product, header[1]],
        *([dt.date(2026, 1, 1) + dt.timedelta(n), *more] for n, *more in names),
    ]
    paths = {
        host: plan(tmp_path / host, lang=lang, dimensions=rows, history=past, actuals=sold)
        for host in ("file.xlsx", "excel.xlsx", "calc.xlsx")
    }
    title, button = sheet.tables[0].label[lang], f"add_sheet:{sheet.key}"

    file = paths["file.xlsx"]
    assert xlsales("add", file, sheet.key).code == 0
    table, shown = _cells(read_back(file)), _cells(read_back(file, data_only=True))
    for row, column in notes(sheet):
        type_in(file, title, f"{chr(64 + column)}{row}", "")
    assert xlsales("split", file).code == 0
    assert added(sheet, lang, opened(file).titles)
    written, values = _cells(read_back(file)), _cells(read_back(file, data_only=True))

    book = OpenBook(paths["excel.xlsx"])
    book.press(button)
    book.press("undo_last")
    assert title not in book.titles()
    assert [title in said for said in book.press(button)] == [True]
    assert differences(table, _cells(book.book._file)) == []
    for row, column in notes(sheet):
        book.sheet(title).cell(row, column).value = None
    book.press("split_target")
    assert differences(written, _cells(book.book._file)) == []
    book.press("split_target")
    assert differences(written, _cells(book.book._file)) == []
    book.press("undo_last")
    assert not added(sheet, lang, book.titles())
    assert title in book.titles()
    book.book.Close(SaveChanges=False)

    with closing(calc, calc.open(paths["calc.xlsx"])) as document:
        calc.press(document, button)
        calc.press(document, "undo_last")
        assert title not in document.Sheets.ElementNames
        assert title in calc.press(document, button)
        assert differences(shown, _in_document(document)) == []
        for row, column in notes(sheet):
            document.Sheets.getByName(title).getCellByPosition(column - 1, row - 1).setString("")
        calc.press(document, "split_target")
        assert differences(values, _in_document(document)) == []
        calc.press(document, "undo_last")
        assert not added(sheet, lang, document.Sheets.ElementNames)
        assert title in document.Sheets.ElementNames
