"""Simple formulas are counted as a spreadsheet counts them; whatever else they hold is said not to be understood."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from tests.calc import recalculated
from xlsales.ooxml.arithmetic import FormulaValue, NotUnderstood, Reference, evaluate

CELLS: dict[tuple[str | None, int, int], FormulaValue] = {
    (None, 1, 1): 10.0, (None, 2, 1): 20.5, (None, 3, 1): "合计", (None, 4, 1): -3.0, ("门店 流水", 1, 2): 7.0,
}  # fmt: skip


def read(block: Reference) -> Sequence[FormulaValue | None]:
    found = []
    for row in range(block.first_row, min(block.last_row, 9) + 1):
        for column in range(block.first_column, block.last_column + 1):
            found.append(CELLS.get((block.title, row, column)))
    return found


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("1200+350", 1550.0), ("1200.1+3000.2", 4200.3), (" 3000 + 2000 ", 5000.0), ("-500", -500.0), ("+500", 500.0),
        ("1-2-3", -4.0), ("8/4/2", 1.0), ("2+3*4", 14.0), ("(2+3)*4", 20.0), ("-2^2", 4.0), ("2^3^2", 64.0),
        ("10%", 0.1), ("50%*200", 100.0), ("1--1", 2.0), ("1.5E3", 1500.0), (".5*2", 1.0), ("2*-3", -6.0),
        ("SUM(1,2,3)", 6.0), ("sum(1200,350)", 1550.0), ("ROUND(2.345,2)", 2.35), ("ROUND(-2.5,0)", -3.0),
        ("ROUND(1234,-2)", 1200.0), ("ROUNDUP(2.01,1)", 2.1), ("ROUNDDOWN(2.99,1)", 2.9), ("INT(-2.5)", -3.0),
        ("ABS(-2)", 2.0), ("AVERAGE(1,2,6)", 3.0), ("MIN(4,2)", 2.0), ("MAX(4,2)", 4.0), ("PRODUCT(2,3,4)", 24.0),
        ("A1+A2", 30.5), ("$A$1*2", 20.0), ("SUM(A1:A4)", 27.5), ("SUM(A:A)", 27.5), ("SUM($A1:A$2,4.5)", 35.0),
        ("'门店 流水'!B1*2", 14.0), ("Z9+1", 1.0), ("AVERAGE(A1:A3)", 15.25), ("SUM(Z1:Z9)", 0.0), ('"1.2万"', "1.2万"),
        ("SUM((A1+1)*2,ROUND(A2,0))", 43.0), ("A3", "合计"), ("MAX(Z1:Z9)", 0.0), ("(A1)*2", 20.0), ("--A1", 10.0),
    ],
)  # fmt: skip
def test_what_is_counted(formula: str, result: FormulaValue) -> None:
    """Numbers, cells and a few functions."""
    found = evaluate(formula, read)
    assert found == pytest.approx(result) if isinstance(result, float) else found == result


@pytest.mark.parametrize(
    "formula",
    [
        "", "1+", "(1", "1)", "1,2", "2 3", "1/0", "AVERAGE(Z1:Z9)", "A3+1", '"1"+1', "A1:A3", "SUM((A1:A3))", "SUM()",
        "[1]Sheet1!A1", "'C:\\[销售.xlsx]Sheet1'!A1", "今日合计", "TODAY()", "VLOOKUP(1,A:A,1)", "IF(A1>3,1,2)",
        "A1&A2", "A1=A2", "表1[金额]", "#REF!+1", "Sheet1:Sheet3!A1", "{1,2}", "ROUND(1)", "ROUND(1,2,3)",
        "ROUND(1e300,2)", "1e400", "9^999", "(-8)^0.5", "SUM(A1:A3 A2:A4)", "XFE1", "A1048577", "_xlfn.SUM(1)",
        "(" * 200 + "1" + ")" * 200, "1" + "+1" * 9000, "AB", "1.2.3", "--A3",
        "AVERAGE(1,(Z1))",
    ],
)  # fmt: skip
def test_what_is_not_understood(formula: str) -> None:
    """Errors, links, names, other functions, and what is no formula: none is guessed at."""
    with pytest.raises(NotUnderstood):
        evaluate(formula, read)


@pytest.mark.libreoffice
def test_libreoffice_agrees(tmp_path: Path) -> None:
    """2,000 random formulas: whatever is counted here is what LibreOffice counts."""
    chance = random.Random(20261128)
    book = openpyxl.Workbook()
    sheet = book.active
    for (title, row, column), value in CELLS.items():
        if title is None:
            sheet.cell(row, column, value)
    texts = [_random(chance) for _ in range(2_000)]
    for row, text in enumerate(texts, 1):
        sheet.cell(row, 5, f"={text}")
    book.save(tmp_path / "formulas.xlsx")
    shown = recalculated(tmp_path / "formulas.xlsx", tmp_path).active
    counted = 0
    for row, text in enumerate(texts, 1):
        try:
            found = evaluate(text, read)
        except NotUnderstood:
            continue
        counted += 1
        theirs = shown.cell(row, 5).value
        assert found == (theirs if isinstance(theirs, str) else pytest.approx(theirs, rel=1e-9, abs=1e-6)), text
    assert counted > 1_000


def _random(chance: random.Random, depth: int = 0) -> str:
    """A formula over numbers, cells and the functions that are counted."""

    def cell() -> str:
        return f"{chance.choice('AB')}{chance.randint(1, 6)}"

    def part() -> str:
        return _random(chance, depth + 1)

    kind = chance.random()
    if depth > 3 or kind < 0.25:
        return chance.choice([str(chance.randint(0, 9999)), f"{chance.uniform(0, 999):.2f}", "5%"])
    if kind < 0.4:
        return cell()
    if kind < 0.65:
        return f"{part()}{chance.choice('+-*/')}{part()}"
    if kind < 0.76:
        return f"({part()})" if kind < 0.72 else f"-{part()}"
    if kind < 0.86:
        return f"{chance.choice(['SUM', 'MAX', 'MIN', 'AVERAGE', 'PRODUCT'])}({cell()}:{cell()},{part()})"
    if kind < 0.94:
        return f"{chance.choice(['ROUND', 'ROUNDUP', 'ROUNDDOWN'])}({part()},{chance.randint(-2, 3)})"
    return f"{chance.choice(['INT', 'ABS'])}({part()})"
