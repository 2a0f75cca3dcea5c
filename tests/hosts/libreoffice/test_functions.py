"""The worksheet functions in a real LibreOffice Calc, typed as array formulas."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hosts.libreoffice.office import ODS, XLSX, Calc, closing, rows_of, save, shown
from xlsales.functions.answer import answer
from xlsales.functions.catalogue import FUNCTIONS

pytestmark = pytest.mark.libreoffice
DAY = dt.date(1899, 12, 30)

EXAMPLES: dict[str, tuple[str, tuple[Any, ...]]] = {
    "SPLIT_TARGET": ("1000;{1|1|1}", (1000.0, [[1.0], [1.0], [1.0]])),
    "SPLIT_MATRIX": ("{60|40};{50;50}", ([[60.0], [40.0]], [[50.0, 50.0]])),
    "SPLIT_TIME": ('1000;"2026-01-01";"2026-06-30";"月"', (1000.0, "2026-01-01", "2026-06-30", "月")),
    "SPLIT_SERIES": ("1000;4;0.05", (1000.0, 4.0, 0.05)),
    "WEEKDAY_INDEX": (
        "{46027|46028|46029|46030|46031|46032|46033};{1|2|3|4|5|6|7}",
        ([[46027.0 + n] for n in range(7)], [[1.0 + n] for n in range(7)]),
    ),
    "WORKDAYS_CN": ('"2026-01-01";"2026-12-31"', ("2026-01-01", "2026-12-31")),
    "TIME_PROGRESS": ('"2026-01-01";"2026-12-31";"2026-06-30"', ("2026-01-01", "2026-12-31", "2026-06-30")),
    "TARGET_PROGRESS": ("{100|0};{90|5};0.5", ([[100.0], [0.0]], [[90.0], [5.0]], 0.5)),
    "LEADS_NEEDED": ("10;{0.2|0.5}", (10.0, [[0.2], [0.5]])),
}


def as_calc_shows(found: Any) -> list[list[Any]]:
    """A function's own result as cells: blank as no text, dates as day numbers."""
    block = [[found]] if isinstance(found, str) else found
    cells = [[(v - DAY).days if isinstance(v, dt.date) else v for v in line] for line in block]
    return [
        list(line)
        for line in rows_of([[v if v is None or isinstance(v, str) else float(v) for v in line] for line in cells])
    ]


@pytest.mark.parametrize("name", [spec.name for spec in FUNCTIONS])
def test_every_function_gives_its_block_in_calc(calc: Calc, name: str) -> None:
    """Each function, typed as an array formula, fills its cells with what the function gives."""
    typed, arguments = EXAMPLES[name]
    missing = [None] * (len(next(s for s in FUNCTIONS if s.name == name).arguments) - len(arguments))
    expected = as_calc_shows(answer(name, *arguments, *missing))
    assert not (len(expected) == 1 and isinstance(expected[0][0], str)), expected
    with closing(calc.fresh()) as document:
        sheet = document.Sheets.getByIndex(0)
        area = sheet.getCellRangeByPosition(0, 0, len(expected[0]) - 1, len(expected) - 1)
        area.setArrayFormula(f"={name}({typed})")
        assert shown(area) == expected


@settings(max_examples=40)
@given(
    total=st.integers(0, 10**9),
    weights=st.lists(st.one_of(st.none(), st.integers(0, 1000)), min_size=1, max_size=12).filter(lambda w: any(w)),
)
def test_the_parts_add_up_in_calc_too(calc: Calc, total: int, weights: list[int | None]) -> None:
    """Whatever total and weights stand in the cells, Calc shows the core's parts, blank weights staying blank."""
    expected = as_calc_shows(answer("SPLIT_TARGET", float(total), [[w] for w in weights], None, None, None, None))
    document = _scratch(calc)
    sheet = document.Sheets.getByIndex(0)
    n = len(weights)
    sheet.getCellRangeByPosition(0, 0, 3, 20).clearContents(1023)
    sheet.getCellRangeByName("A1").Value = total
    sheet.getCellRangeByPosition(1, 0, 1, n - 1).setDataArray(rows_of([[w] for w in weights]))
    area = sheet.getCellRangeByPosition(2, 0, 2, n - 1)
    area.setArrayFormula(f"=SPLIT_TARGET(A1:A1;B1:B{n})")
    found = shown(area)
    assert found == expected
    assert sum(v for (v,) in found if v != "") == total


_documents: dict[int, Any] = {}


def _scratch(calc: Calc) -> Any:
    """One document for many examples."""
    if id(calc) not in _documents:
        _documents[id(calc)] = calc.fresh()
    return _documents[id(calc)]


@pytest.mark.parametrize(
    ("cells", "formula", "line"),
    [
        ([["abc"], [2]], "=SPLIT_TARGET(100;A1:A2)", "weights 第1行是文本“abc”,不是数字。请改成数字。"),
        ([[None], [2]], "=SPLIT_TARGET(A1:A1;A2:A2)", "total 是空的。请填写。"),
        ([[-1], [2]], "=SPLIT_TARGET(100;A1:A2)", "weights 第1行是 -1,应为零或正数。"),
        ([[0], [0]], '=WORKDAYS_CN("明天";"2026-01-05")', "start 是文本“明天”,不是日期。请填 2026-01-05 这样的日期。"),
    ],
)
def test_a_broken_input_is_told_in_the_cell(calc: Calc, cells: Any, formula: str, line: str) -> None:
    """Text, blank cells and impossible numbers give the same one line as in Excel."""
    with closing(calc.fresh()) as document:
        sheet = document.Sheets.getByIndex(0)
        sheet.getCellRangeByName("A1:A2").setDataArray(rows_of(cells))
        cell = sheet.getCellRangeByName("C1")
        cell.Formula = formula
        assert cell.String == line


def test_an_error_cell_stays_an_error(calc: Calc) -> None:
    """An error cell among the input never turns into a number or text."""
    with closing(calc.fresh()) as document:
        sheet = document.Sheets.getByIndex(0)
        sheet.getCellRangeByName("A1").Formula = "=1/0"
        for formula in ("=SPLIT_TARGET(100;A1:A2)", "=SPLIT_TARGET(A1;B1:B2)"):
            sheet.getCellRangeByName("C1").Formula = formula
            assert sheet.getCellRangeByName("C1").getError()


@pytest.mark.parametrize(("kind", "ending"), [(XLSX, "xlsx"), (ODS, "ods")])
def test_formulas_come_back_from_files(calc: Calc, tmp_path: Path, kind: str, ending: str) -> None:
    """An array formula saved by Calc as .xlsx or .ods computes anew when the file is opened."""
    with closing(calc.fresh()) as document:
        document.Sheets.getByIndex(0).getCellRangeByName("A1:A3").setArrayFormula("=SPLIT_TARGET(1000;{1|1|1})")
        path = save(document, tmp_path / f"f.{ending}", kind)
    with closing(calc.open(path)) as document:
        assert shown(document.Sheets.getByIndex(0).getCellRangeByName("A1:A3")) == [[333], [333], [334]]


def test_the_function_wizard_knows_every_argument(calc: Calc) -> None:
    """The function wizard names and explains every function and every argument."""
    descriptions = calc.service("com.sun.star.sheet.FunctionDescriptions")
    for spec in FUNCTIONS:
        told = {p.Name: p.Value for p in descriptions.getByName(spec.name)}
        assert told["Description"] in (spec.help.zh, spec.help.en)
        assert [a.Name for a in told["Arguments"]] == [a.name for a in spec.arguments]
        for shown_argument, argument in zip(told["Arguments"], spec.arguments, strict=True):
            assert shown_argument.Description in (argument.help.zh, argument.help.en)
