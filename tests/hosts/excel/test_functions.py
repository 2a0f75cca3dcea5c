"""Every worksheet function, called as Excel on Windows calls it."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calc import read_back
from tests.fakes.cells import Workbook, error
from tests.fakes.pywin32 import TimeType, com_error
from tests.functions.test_examples import TEMPLATE_FOLDER, plain, taken_apart, value_of
from tests.hosts.excel.calling import MODULE, OMITTED, call, sheet
from xlsales.functions.answer import answer
from xlsales.functions.catalogue import FUNCTIONS
from xlsales.functions.worksheet import CATEGORY, RESULT, FunctionSpec
from xlsales.hosts.cli import main
from xlsales.plan.template.function_sheet import placed
from xlsales.plan.template.plan import TEMPLATES, write_plan
from xlsales.vocabulary.contract import SHEETS

pytestmark = pytest.mark.com_sim


def column(*values: Any) -> Any:
    return sheet(*([v] for v in values))


def test_split_target_over_a_range() -> None:
    """A range of weights gives a range of targets of the same shape; what is left out has its default."""
    weights = sheet([1, 2], [None, 3])
    assert call("SPLIT_TARGET", 60, weights, OMITTED, OMITTED, OMITTED, OMITTED) == ((10.0, 20.0), ("", 30.0))


def test_split_target_with_all_arguments() -> None:
    """Locks, bounds and a step come from ranges or from the formula itself."""
    found = call("SPLIT_TARGET", 100, column(1, 1, 8), 0.5, column(None, 30, None), 10, column("", "", 55))
    assert found == ((15.0,), (30.0,), (55.0,))


def test_one_cell_is_one_value() -> None:
    """A function over one cell gives one value, not a block."""
    assert call("SPLIT_TARGET", 60, column(1), OMITTED, OMITTED, OMITTED, OMITTED) == 60.0


def test_a_row_stays_a_row() -> None:
    """Weights in a row, also typed in braces into the formula, give a row."""
    assert call("SPLIT_TARGET", 6, sheet([1, 2, 3]), OMITTED, OMITTED, OMITTED, OMITTED) == (1.0, 2.0, 3.0)
    assert call("SPLIT_TARGET", 6, (1, 2, 3), OMITTED, OMITTED, OMITTED, OMITTED) == (1.0, 2.0, 3.0)
    assert call("SPLIT_TARGET", 6, ((1,), (2,)), OMITTED, OMITTED, OMITTED, OMITTED) == ((2.0,), (4.0,))


def test_currency_cells() -> None:
    """Cells in currency format arrive as decimals and count like numbers."""
    total, weights = sheet([Decimal("100.50")]), column(Decimal("1"), Decimal("2"))
    assert call("SPLIT_TARGET", total, weights, Decimal("0.5"), OMITTED, OMITTED, OMITTED) == ((33.5,), (67.0,))


@pytest.mark.parametrize("name", ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!"])
def test_error_cells_are_told_from_blank_ones(name: str) -> None:
    """An error cell is named with its place; it is neither zero nor blank, in a range or alone."""
    found = call("SPLIT_TARGET", 60, column(1, error(name)), OMITTED, OMITTED, OMITTED, OMITTED)
    assert found == f"weights 第2行是错误值 {name}。请先改正那一格。"
    alone = call("SPLIT_TARGET", sheet([error(name)]), column(1), OMITTED, OMITTED, OMITTED, OMITTED)
    assert alone == f"total 是错误值 {name}。请先改正那一格。"


def test_split_matrix() -> None:
    """Both margins are met, with weights or without."""
    assert call("SPLIT_MATRIX", column(60, 40), sheet([50, 50]), OMITTED, OMITTED) == ((30.0, 30.0), (20.0, 20.0))
    weighed = call("SPLIT_MATRIX", column(60, 40), sheet([50, 50]), sheet([1, 0], [1, 1]), 1)
    assert weighed == "第 1 行共需 60,有权重且未锁定的格只在:第 1 列,只能容纳 50,差 10。请" + weighed.split("请", 1)[1]


def test_split_time_gives_dates() -> None:
    """Dates go in as dates and come out as dates that Excel takes."""
    start = sheet([dt.datetime(2026, 1, 1)])
    found = call("SPLIT_TIME", 100, start, dt.date(2026, 3, 31), "月", OMITTED, 0.01, "均分")
    assert [row[0] for row in found] == ["1月", "2月", "3月"]
    assert all(isinstance(row[1], TimeType) and row[1].tzinfo is not None for row in found)
    assert [row[2].date() for row in found] == [dt.date(2026, 1, 31), dt.date(2026, 2, 28), dt.date(2026, 3, 31)]
    assert [row[3:] for row in found] == [(21.0, 33.33), (16.0, 33.33), (22.0, 33.34)]


def test_split_series() -> None:
    """A series grows and closes."""
    assert call("SPLIT_SERIES", 100, 4, 0.05, 0.01) == ((23.2,), (24.36,), (25.58,), (26.86,))
    assert call("SPLIT_SERIES", 100, 3, OMITTED, OMITTED) == ((33.0,), (33.0,), (34.0,))


def test_weekday_index() -> None:
    """A pasted week gives its seven indexes."""
    sales = (9654, 9687, 11654, 10625, 11687, 17110, 16583)
    days = column(*(dt.datetime(2026, 3, 2 + i) for i in range(7)))
    found = call("WEEKDAY_INDEX", days, column(*sales))
    assert [round(row[0], 3) for row in found] == [round(s / 9654, 3) for s in sales]


def test_workdays_and_time() -> None:
    """Working days and the two clocks of October."""
    october = (dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    assert call("WORKDAYS_CN", *october) == 18.0
    assert call("WORKDAYS_CN", "2026年10月", 46326) == 18.0
    assert call("TIME_PROGRESS", *october, dt.date(2026, 10, 7), OMITTED) == pytest.approx(7 / 31)
    assert call("TIME_PROGRESS", *october, dt.date(2026, 10, 7), "工作日") == 0.0


def test_target_progress() -> None:
    """A row per target; what cannot be told is blank."""
    found = call("TARGET_PROGRESS", column(100, 0, 100), column(50, 10, None), 0.5, 10, OMITTED)
    assert found == (
        (0.5, 50.0, 0.0, 50.0, 100.0, 1.0, 5.0, "绿"),
        ("", 0.0, "", -10.0, 20.0, "", 0.0, ""),
        ("", 50.0, "", "", "", "", "", ""),
    )


def test_leads_needed() -> None:
    """The funnel backwards, in the direction in which the rates lie."""
    assert call("LEADS_NEEDED", 10, column(0.85, 0.3, 0.4, 0.95)) == ((111.0,), (94.0,), (28.0,), (11.0,), (10.0,))
    assert call("LEADS_NEEDED", 10, sheet([0.85, 0.3, 0.4, 0.95])) == (111.0, 94.0, 28.0, 11.0, 10.0)


ENGLISH = "total is blank. Fill it in."
CHINESE = "total 是空的。请填写。"


@pytest.mark.parametrize(
    ("said", "variable", "line"),
    [
        ("English", None, ENGLISH),
        ("en", "zh", ENGLISH),
        ("中文", "en", CHINESE),
        (None, "en", ENGLISH),
        (None, None, CHINESE),
        ("Klingon", None, CHINESE),
    ],
)
def test_words_are_the_workbook_s(
    said: str | None, variable: str | None, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faults speak the language of the calling workbook, else the environment's, else Chinese."""
    monkeypatch.delenv("XLSALES_LANG", raising=False)
    if variable:
        monkeypatch.setenv("XLSALES_LANG", variable)
    book = Workbook("设置")
    if said:
        cell = sheet([said], book=book)
        book.Names.put("xs_lang", cell)
    assert call("SPLIT_TARGET", None, (1,), OMITTED, OMITTED, OMITTED, OMITTED, book=book) == line


def test_status_words_are_the_workbook_s() -> None:
    """The status is a word of the calling workbook's language."""
    book = Workbook("Settings")
    book.Names.put("xs_lang", sheet(["English"], book=book))
    assert call("TARGET_PROGRESS", 100, 50, 0.5, OMITTED, OMITTED, book=book)[-1] == "green"


def test_the_workbook_is_left_alone_while_all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers alone never ask the workbook for its language."""

    def refuse(*_: Any) -> Any:
        raise AssertionError("the workbook was asked")

    monkeypatch.setattr("xlsales.hosts.excel.language.language_of", refuse)
    assert call("SPLIT_TARGET", 60, (1, 2), OMITTED, OMITTED, OMITTED, OMITTED) == (20.0, 40.0)


def test_excel_in_trouble_still_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """When Excel refuses to tell the language, the line comes in Chinese."""

    def busy(*_: Any) -> Any:
        raise com_error(-2147418111, "Call was rejected by callee.")

    monkeypatch.setattr("tests.fakes.cells.Names.__call__", busy)
    monkeypatch.delenv("XLSALES_LANG", raising=False)
    assert call("SPLIT_TARGET", None, (1,), OMITTED, OMITTED, OMITTED, OMITTED) == CHINESE


# --- what the add-in and the wizard see --------------------------------------------------


@pytest.mark.parametrize("spec", FUNCTIONS, ids=lambda s: s.name)
def test_wizard_texts_are_the_catalogue_s(spec: FunctionSpec) -> None:
    """xlwings knows each function by the catalogue's names, help, defaults and category."""
    import importlib

    known = getattr(importlib.import_module(MODULE), spec.name).__xlfunc__
    assert known["category"] == CATEGORY.zh
    assert known["ret"]["doc"] == spec.help.zh
    assert [a["name"] for a in known["args"]] == [a.name for a in spec.arguments]
    assert [a["doc"] for a in known["args"]] == [a.help.zh for a in spec.arguments]
    assert ["optional" in a for a in known["args"]] == [a.optional for a in spec.arguments]
    assert all(a["options"]["ndim"] == 2 and a["options"]["err_to_str"] for a in known["args"])


def test_no_other_function_is_offered() -> None:
    """The module offers the catalogue's functions and nothing else."""
    import importlib

    module = importlib.import_module(MODULE)
    offered = {name for name in dir(module) if hasattr(getattr(module, name), "__xlfunc__")}
    assert offered == {spec.name for spec in FUNCTIONS}


def test_nothing_heavy_is_loaded() -> None:
    """The module brings neither a table library nor a reader or writer of files of its own."""
    own = "polars,fastexcel,lxml,xlsxwriter,xlsales.commands,xlsales.hosts.cli,zipfile"
    code = f"""
import sys
import xlwings
before = set(sys.modules)
import {MODULE}
loaded = set(sys.modules) - before
print([name for name in "{own}".split(",") if name in loaded])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- any cells ---------------------------------------------------------------------------

cells = st.one_of(
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(0, 1000),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=6),
    st.booleans(),
    st.sampled_from([error("#N/A"), error("#CALC!"), Decimal("12.5"), dt.datetime(2026, 1, 5)]),
)
blocks = st.integers(1, 3).flatmap(lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=1, max_size=3))


@pytest.mark.parametrize("spec", FUNCTIONS, ids=lambda s: s.name)
@settings(max_examples=40)
@given(st.data())
def test_excel_gets_what_the_function_gives(spec: FunctionSpec, data: st.DataObject) -> None:
    """Whatever the cells hold, what Excel gets through xlwings is what the function itself gives."""
    given_ = [data.draw(st.one_of(blocks, st.just(OMITTED)) if a.optional else blocks) for a in spec.arguments]
    got = call(spec.name, *(a if a is OMITTED else sheet(*a) for a in given_))
    folder = Path("C:/数据")  # that of the fake workbook
    expected = answer(spec.name, *(None if a is OMITTED else a for a in given_), home=lambda: folder)
    if isinstance(expected, str):
        assert got == expected
        return
    rows = got if isinstance(got, tuple) and isinstance(got[0], tuple) else (got if isinstance(got, tuple) else (got,),)
    assert [list(map(_plain, row)) for row in rows] == [["" if v is None else v for v in row] for row in expected]


EXAMPLES = list(placed())


@pytest.fixture(scope="module")
def examples() -> Any:
    """Sheet 函数示例 of the committed template."""
    return read_back(TEMPLATE_FOLDER / TEMPLATES["zh"])[SHEETS["functions"].zh]


@pytest.mark.parametrize(("spec", "row", "column"), EXAMPLES, ids=[spec.name for spec, _, _ in EXAMPLES])
def test_each_worked_example_computes(examples: Any, spec: FunctionSpec, row: int, column: int) -> None:
    """The formula that sheet 函数示例 shows, over its cells as Excel passes them, gives the values that stand there."""
    _, texts = taken_apart(examples.cell(row, column + 1).value)
    values = [value_of(examples, text) for text in texts]
    sent = [OMITTED if v is None else sheet(*v) if isinstance(v, list) else v for v in values]
    found = call(spec.name, *sent, *[OMITTED] * (len(spec.arguments) - len(sent)))
    rows = found if isinstance(found, tuple) else (found,)
    top, left, bottom, right = spec.example.region(RESULT)
    expected = [
        [examples.cell(r, c).value for c in range(column + left + 1, column + right + 2)]
        for r in range(row + top + 1, row + bottom + 2)
    ]
    if not isinstance(rows[0], tuple):
        rows = (rows,) if top == bottom else tuple((value,) for value in rows)
    shown = [[None if value == "" else plain(_plain(value)) for value in line] for line in rows]
    assert shown == [[plain(value) for value in line] for line in expected]


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, dt.datetime) else value


def test_a_plan_is_looked_up_beside_the_workbook(tmp_path: Path) -> None:
    """A name alone means the folder of the workbook that calls; on a cloud drive that is said."""
    write_plan(
        tmp_path / "去年.xlsx",
        "zh",
        {"total": 1000, "start": dt.date(2025, 1, 1), "end": dt.date(2025, 12, 31), "unit": "wan", "step": 1000},
        {"xs_dimensions": [{"dimension": "区域", "member": name, "weight": 1} for name in ("东", "西")]},
    )
    assert main(["split", str(tmp_path / "去年.xlsx"), "--quiet"]) == 0
    book = Workbook()
    book.FullName = str(tmp_path / "计划.xlsx")
    members = sheet(["东"], [None], ["西"], book=book)
    found = call("TARGET_OF", "去年.xlsx", members, "2025Q1", OMITTED, OMITTED, book=book)
    assert found == ((1_250_000.0,), ("",), (1_250_000.0,))
    assert "没有.xlsx" in call("TARGET_OF", "没有.xlsx", members, OMITTED, OMITTED, OMITTED, book=book)
    book.FullName = "https://d.docs.live.net/1/计划.xlsx"
    assert "没有文件夹" in call("TARGET_OF", "去年.xlsx", members, OMITTED, OMITTED, OMITTED, book=book)


def test_a_plan_in_cells_is_looked_up() -> None:
    """A table of a row for each member and month; a date cell is its month."""
    book = Workbook()
    day = dt.datetime(2026, 1, 1)
    table = sheet(["成员", "月份", "目标", "实际"], ["东", day, 0, 5], ["西", day, 50, None], book=book)
    page = book.Worksheets(1)
    page.cells.put(1, 8, [["东"], ["西"]])
    page.cells.put(1, 9, [[day]])
    members, period = page.Range("H1:H2"), page.Range("I1")
    assert call("TARGET_OF", table, members, period, OMITTED, OMITTED, book=book) == ((0.0,), (50.0,))
    assert call("ATTAINMENT_OF", table, members, period, OMITTED, OMITTED, book=book) == (("",), ("",))
