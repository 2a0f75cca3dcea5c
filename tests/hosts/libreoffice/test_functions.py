"""The worksheet functions in a real LibreOffice Calc."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.libreoffice.office import ODS, XLSX, Calc, closing, rows_of, save, shown
from xlsales.core.faults import Lang
from xlsales.functions.answer import answer
from xlsales.functions.catalogue import FUNCTIONS
from xlsales.functions.worksheet import RESULT, FunctionSpec
from xlsales.hosts.cli import main
from xlsales.plan.template.function_sheet import formula_of, placed
from xlsales.plan.template.plan import write_plan, write_template

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


def test_a_plan_beside_the_document_is_looked_up(calc: Calc, tmp_path: Path) -> None:
    """By its name alone, by cells of its sheet, a block of members and months in one formula; a fault is a sentence."""
    write_plan(
        tmp_path / "计划.xlsx",
        "zh",
        {"total": 1000, "start": dt.date(2026, 1, 1), "end": dt.date(2026, 12, 31), "unit": "wan", "step": 1000},
        {"xs_dimensions": [{"dimension": "区域", "member": name, "weight": 1} for name in ("东", "西")]},
    )
    assert main(["split", str(tmp_path / "计划.xlsx"), "--quiet"]) == 0
    with closing(calc, calc.fresh()) as document:
        save(document, tmp_path / "查.xlsx", XLSX)
    with closing(calc, calc.open(tmp_path / "查.xlsx")) as document:
        sheet = document.Sheets.getByIndex(0)
        block(sheet, "A2:A3").setDataArray(rows_of([["东"], ["西"]]))
        block(sheet, "B1:D1").setDataArray(rows_of([["2026-01", "2026Q1", "下半年"]]))
        block(sheet, "B2:D3").setArrayFormula('=TARGET_OF("计划.xlsx";A2:A3;B1:D1)')
        path, names = str(tmp_path / "计划.xlsx"), [["东"], ["西"]]
        assert shown(block(sheet, "B2:D3")) == answer("TARGET_OF", path, names, [["2026-01", "2026Q1", "下半年"]])
        assert [line[1:] for line in shown(block(sheet, "B2:D3"))] == [[1_250_000.0, 2_500_000.0]] * 2
        block(sheet, "F1").setFormula('=TARGET_OF("没有.xlsx";A2:A3;B1:D1)')
        assert "没有.xlsx" in block(sheet, "F1").String
        block(sheet, "F2").setFormula('=TARGET_OF("计划.xlsx";"南")')
        assert "南" in block(sheet, "F2").String
    with closing(calc, calc.open(tmp_path / "计划.xlsx")) as document:
        sheet = document.Sheets.getByIndex(0)
        block(sheet, "X1").setFormula('=TARGET_OF($按区域.$A$1:$AZ$30;"东";"2026Q1")')
        assert block(sheet, "X1").Value == 1_250_000
        block(sheet, "X2").setFormula('=ATTAINMENT_OF($按区域.$A$1:$AZ$30;"东")')
        assert block(sheet, "X2").String == ""
