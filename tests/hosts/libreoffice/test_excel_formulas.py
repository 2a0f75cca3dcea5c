"""A workbook with our functions as Excel saves them, opened in a real LibreOffice."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from tests.hosts.libreoffice.office import Calc, closing, shown
from xlsales.hosts.libreoffice.excel_formulas import in_calc

pytestmark = pytest.mark.libreoffice
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_EXTERNAL = ' TargetMode="External"'
_LINK = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"


def saved_by_excel(path: Path) -> Path:
    """Write a workbook whose formulas call an add-in the ways Excel writes it: by a link, by prefix, bare."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row, weight in enumerate((1, 2, 3), 1):
        sheet.cell(row, 1, weight)
    sheet["C1"] = ArrayFormula("C1:C3", "=[1]!SPLIT_TARGET(100,A1:A3)")
    sheet["D1"] = ArrayFormula("D1:D3", "=_xll.SPLIT_TARGET(100,A1:A3)")
    sheet["E1"] = "=SUM([1]!SPLIT_TARGET(100,A1:A3))+SUM(SPLIT_TARGET(10,A1:A3))"
    sheet["F1"] = '="SPLIT_TARGET("&A1'
    sheet["G1"] = "=NO_SUCH_FUNCTION(1)"
    sheet["H1"] = "=1/0"
    book.save(path)
    parts = {}
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            parts[name] = file.read(name).decode()
    put(
        parts,
        "[Content_Types].xml",
        "</Types>",
        f'<Override PartName="/xl/externalLinks/externalLink1.xml" ContentType="{_LINK}"/>',
    )
    put(
        parts,
        "xl/_rels/workbook.xml.rels",
        "</Relationships>",
        relation("rId99", "externalLinks/externalLink1.xml", "externalLink"),
    )
    references = f'<externalReferences><externalReference xmlns:r="{_OFFICE}" r:id="rId99"/></externalReferences>'
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("</sheets>", f"</sheets>{references}")
    parts["xl/externalLinks/externalLink1.xml"] = (
        f'<externalLink xmlns="{_MAIN}"><externalBook xmlns:r="{_OFFICE}" r:id="rId1"><sheetNames><sheetName val="a"/>'
        '</sheetNames><definedNames><definedName name="SPLIT_TARGET"/></definedNames></externalBook></externalLink>'
    )
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{relation('rId1', 'xlsales.xlam', 'externalLinkPath', _EXTERNAL)}</Relationships>"
    )
    with zipfile.ZipFile(path, "w") as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return path


def relation(name: str, target: str, kind: str, more: str = "") -> str:
    return f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"{more}/>'


def put(parts: dict[str, str], name: str, before: str, text: str) -> None:
    parts[name] = parts[name].replace(before, text + before)


def test_excels_formulas_compute_in_a_window(calc: Calc, tmp_path: Path) -> None:
    """Opened in a window, every spelling computes, live; other errors and texts stay; nothing counts as changed."""
    path = saved_by_excel(tmp_path / "book.xlsx")
    with closing(calc, calc.open(path, hidden=False)) as document:
        sheet = document.Sheets.getByIndex(0)

        def block(address: str) -> Any:
            return shown(sheet.getCellRangeByName(address))

        assert block("C1:C3") == block("D1:D3") == [[17.0], [33.0], [50.0]]
        assert block("E1") == [[110.0]]
        assert block("F1") == [["SPLIT_TARGET(1"]]
        assert block("G1:H1") == [["#NAME?", "#DIV/0!"]]
        assert not document.isModified()
        assert not document.UndoManager.isUndoPossible()
        calc.on_main(lambda: setattr(sheet.getCellRangeByName("A1"), "Value", 5.0))
        assert block("C1:C3") == [[50.0], [20.0], [30.0]]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("excel", "calc_spelling"),
    [
        ("=[1]!SPLIT_TARGET(100;A1:A3)", "=SPLIT_TARGET(100;A1:A3)"),
        ("=_xll.split_target (100;A1:A3)", "=SPLIT_TARGET (100;A1:A3)"),
        ("='C:\\XLSTART\\xlsales.xlam'!TIME_PROGRESS(A1)", "=TIME_PROGRESS(A1)"),
        ("='file:///C:/xlsales.xlam'#$SPLIT_MATRIX(A1)*2", "=SPLIT_MATRIX(A1)*2"),
        ("=IF(A1;[2]!SPLIT_TARGET(1;B1);[2]!SPLIT_TARGET(2;B1))", "=IF(A1;SPLIT_TARGET(1;B1);SPLIT_TARGET(2;B1))"),
        ('="[1]!SPLIT_TARGET("&A1', '="[1]!SPLIT_TARGET("&A1'),
        ("=MY_SPLIT_TARGET(1)", "=MY_SPLIT_TARGET(1)"),
        ("=COM.XLSALES.CALC.SALESTARGETS.SPLIT_TARGET(1)", "=COM.XLSALES.CALC.SALESTARGETS.SPLIT_TARGET(1)"),
        ("=Other.SPLIT_TARGET(1)", "=Other.SPLIT_TARGET(1)"),
    ],
)
def test_spelling(excel: str, calc_spelling: str) -> None:
    assert in_calc(excel) == calc_spelling
