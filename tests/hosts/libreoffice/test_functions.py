"""The worksheet functions in a real LibreOffice Calc."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.hosts.libreoffice.office import ODS, XLSX, Calc, closing, rows_of, save, shown
from xlsales.core.faults import Lang
from xlsales.functions.answer import answer
from xlsales.functions.catalogue import FUNCTIONS
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


def test_what_is_wrong_is_said_in_the_cell(calc: Calc, tmp_path: Path) -> None:
    """A broken input gives the line of every other host, in Chinese with the wizard's names of the arguments."""
    write_template(tmp_path / "plan.xlsx", "zh")
    with closing(calc, calc.open(tmp_path / "plan.xlsx")) as document:
        sheet = document.Sheets.getByName("函数示例")
        block(sheet, "X1:X3").setDataArray(rows_of([[1], ["weights"], [1]]))
        block(sheet, "Y1").setFormula("=SPLIT_TARGET(1000;X1:X3)")
        assert block(sheet, "Y1").String == "权重第2行是“weights”,不是数字。请填数字。"


def test_a_document_without_a_language_is_answered_in_the_programs(calc: Calc) -> None:
    """This LibreOffice is English, and no plan is open."""
    with closing(calc, calc.fresh()) as document:
        sheet = document.Sheets.getByIndex(0)
        block(sheet, "A1:A3").setDataArray(rows_of([[1], ["abc"], [1]]))
        block(sheet, "B1").setFormula("=SPLIT_TARGET(1000;A1:A3)")
        expected = answer("SPLIT_TARGET", 1000.0, [[1.0], ["abc"], [1.0]], lang="en")
        assert block(sheet, "B1").String == expected


def check_wizard(calc: Calc, spec: FunctionSpec, lang: Lang) -> None:
    """Compare what Calc's function wizard knows of a function with what it is."""
    descriptions = calc.service("com.sun.star.sheet.FunctionDescriptions")
    found = {one.Name: one.Value for one in descriptions.getByName(spec.name)}
    assert spec.help[lang] in found["Description"]
    shown = [(one.Name, bool(one.IsOptional)) for one in found["Arguments"]]
    assert shown == [(argument.title[lang], argument.optional) for argument in spec.arguments]
    for one, argument in zip(found["Arguments"], spec.arguments, strict=True):
        assert one.Description[:6] == argument.help[lang][:6]
        assert lang == "en" or not {a.name for a in spec.arguments} & set(one.Description.split())


@pytest.mark.parametrize("spec", FUNCTIONS, ids=[spec.name for spec in FUNCTIONS])
def test_the_wizard_tells_required_from_optional(calc: Calc, spec: FunctionSpec) -> None:
    """Arguments come in their order, in the program's language; only those are optional that may be left out."""
    check_wizard(calc, spec, "en")


def test_arguments_come_as_cells_values_or_arrays(calc: Calc) -> None:
    """A required argument may be a cell, a number, text, a list in the formula or a result; without it Calc refuses."""
    formulas = {
        "=SPLIT_TARGET(A1;{1;1;2})": "250",
        '=SPLIT_TARGET("1,000";A2:A4)': "500",
        "=SPLIT_TARGET(SUM(A1;A1);7)": "2000",
        "=SPLIT_TARGET(1000;TRANSPOSE(A2:A4);;;;)": "500",
        "=SPLIT_TARGET(1000)": "Err:504",
        "=SPLIT_TARGET(;A2:A4)": "Err:502",
    }
    with closing(calc, calc.fresh()) as document:
        sheet = document.Sheets.getByIndex(0)
        block(sheet, "A1:A4").setDataArray(rows_of([[1000], [2], [1], [1]]))
        for formula, expected in formulas.items():
            block(sheet, "C1:C1").setArrayFormula(formula)
            assert block(sheet, "C1").String == expected, formula


def test_blank_is_not_zero(calc: Calc) -> None:
    """A blank weight stays blank, a zero gets zero."""
    with closing(calc, calc.fresh()) as document:
        sheet = document.Sheets.getByIndex(0)
        block(sheet, "A1:A4").setDataArray(rows_of([[1], [None], [0], [1]]))
        block(sheet, "B1:B4").setArrayFormula("=SPLIT_TARGET(10;A1:A4)")
        assert shown(block(sheet, "B1:B4")) == [[5.0], [""], [0.0], [5.0]]
