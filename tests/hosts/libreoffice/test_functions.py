"""The worksheet functions in a real LibreOffice Calc."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.hosts.libreoffice.office import ODS, XLSX, Calc, closing, rows_of, save, shown
from xlsales.functions.answer import answer
from xlsales.functions.worksheet import RESULT, FunctionSpec
from xlsales.plan.template.function_sheet import formula_of, placed
from xlsales.plan.template.plan import write_template

pytestmark = pytest.mark.libreoffice
EXAMPLES = list(placed())


def block(sheet: Any, address: str) -> Any:
    return sheet.getCellRangeByName(address)


@pytest.mark.parametrize(("spec", "row", "column"), EXAMPLES, ids=[spec.name for spec, _, _ in EXAMPLES])
def test_each_worked_example_computes(calc: Calc, tmp_path: Path, spec: FunctionSpec, row: int, column: int) -> None:
    """The formula that sheet 函数示例 shows, entered over its cells, gives the values that stand there."""
    path = tmp_path / "plan.xlsx"
    write_template(path, "zh")
    with closing(calc, calc.open(path)) as document:
        sheet = document.Sheets.getByName("函数示例")
        top, left, bottom, right = spec.example.region(RESULT)
        area = sheet.getCellRangeByPosition(column + left, row + top, column + right, row + bottom)
        expected = shown(area)
        area.setArrayFormula(formula_of(spec.example, row, column, "zh").replace(",", ";"))
        for found, wanted in zip(shown(area), expected, strict=True):
            assert found == pytest.approx(wanted, abs=0.006)


@pytest.mark.parametrize("kind", [ODS, XLSX], ids=["ods", "xlsx"])
def test_array_formulas_live_in_files(calc: Calc, tmp_path: Path, kind: str) -> None:
    """An array formula that is stored, opened and changed in its inputs computes anew."""
    path = tmp_path / ("book.ods" if kind == ODS else "book.xlsx")
    with closing(calc, calc.fresh()) as document:
        sheet = document.Sheets.getByIndex(0)
        block(sheet, "A1:A3").setDataArray(rows_of([[1], [1], [1]]))
        block(sheet, "B1:B3").setArrayFormula("=SPLIT_TARGET(1000;A1:A3)")
        assert shown(block(sheet, "B1:B3")) == [[333.0], [333.0], [334.0]]
        save(document, path, kind)
    with closing(calc, calc.open(path)) as document:
        sheet = document.Sheets.getByIndex(0)
        block(sheet, "A1:A1").setDataArray(rows_of([[2]]))
        assert shown(block(sheet, "B1:B3")) == [[500.0], [250.0], [250.0]]


def test_what_is_wrong_is_said_in_the_cell(calc: Calc) -> None:
    """A broken input gives the same line as in every other host."""
    with closing(calc, calc.fresh()) as document:
        sheet = document.Sheets.getByIndex(0)
        block(sheet, "A1:A3").setDataArray(rows_of([[1], ["abc"], [1]]))
        block(sheet, "B1").setFormula("=SPLIT_TARGET(1000;A1:A3)")
        expected = answer("SPLIT_TARGET", 1000.0, [[1.0], ["abc"], [1.0]], lang="zh")
        assert block(sheet, "B1").String == expected


def test_blank_is_not_zero(calc: Calc) -> None:
    """A blank weight stays blank, a zero gets zero."""
    with closing(calc, calc.fresh()) as document:
        sheet = document.Sheets.getByIndex(0)
        block(sheet, "A1:A4").setDataArray(rows_of([[1], [None], [0], [1]]))
        block(sheet, "B1:B4").setArrayFormula("=SPLIT_TARGET(10;A1:A4)")
        assert shown(block(sheet, "B1:B4")) == [[5.0], [""], [0.0], [5.0]]
