"""Rows below an input table: those right below are its own, those apart are told, remarks and totals are not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.commands.books import COMPANY, Command, edit_cells, members, plan
from xlsales.core.faults import Lang
from xlsales.ooxml.book import Book
from xlsales.plan.staff import T_STAFF
from xlsales.vocabulary.plan_tables import T_CALENDAR, T_DIMENSIONS, T_LOCKS, T_REFERENCE, InputTable

pytestmark = pytest.mark.package


def typed_below(path: Path, table: InputTable, gap: int, row: Sequence[str | float]) -> str:
    """Type a row `gap` rows below the end of a table; return its first cell as people read it."""
    own = Book.open(path).table(table.name)
    assert own is not None
    at, first = own.data_rows.stop + gap, own.area.column
    edit_cells(path, own.area.sheet, {(at, first + i): value for i, value in enumerate(row) if value != ""})
    return f"{own.area.sheet}!{chr(64 + first)}{at}"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("gap", [1, 2, 40])
@pytest.mark.parametrize(
    ("table", "row"),
    [
        (T_DIMENSIONS, ("区域", "新区")),
        (T_DIMENSIONS, ("区域", "", "新区")),
        (T_LOCKS, ("2026-03", "", "", 100)),
        (T_CALENDAR, (46_000, 46_003, "休息")),
        (T_STAFF, ("区域", "华东", 3)),
    ],
)
def test_a_row_apart_is_told(
    xlsales: Command, tmp_path: Path, table: InputTable, row: Sequence[str | float], gap: int, lang: Lang
) -> None:
    """It counts for nothing, and that is said at its cell, in every input table."""
    path = plan(tmp_path / "p.xlsx", dimensions=members(COMPANY), lang=lang)
    if table is T_STAFF:
        assert xlsales("add", path, table.label[lang]).code == 0
    cell = typed_below(path, table, gap, row)
    ran = xlsales("split", path)
    assert ran.code == 1
    assert cell in ran.out
    assert ("没有读" if lang == "zh" else "not read") in ran.out


@pytest.mark.parametrize(
    "row",
    [("备注:口径含税",), ("合计", 100), ("小计", "", 3)],
)
def test_remarks_and_totals_below_a_table_are_left_alone(
    xlsales: Command, tmp_path: Path, row: Sequence[str | float]
) -> None:
    """Text that stands alone, and a person's own totals, are no rows."""
    path = plan(tmp_path / "p.xlsx", dimensions=members(COMPANY))
    typed_below(path, T_DIMENSIONS, 2, row)
    assert xlsales("split", path).code == 0


def test_hints_of_a_table_below_are_no_row(xlsales: Command, tmp_path: Path) -> None:
    """Tables that share a sheet stand one below the other, each with its title and its hints."""
    path = plan(tmp_path / "p.xlsx", dimensions=members(COMPANY))
    typed_below(path, T_REFERENCE, 0, ("2025", 1))
    ran = xlsales("split", path)
    assert "没有读" not in ran.out


def test_moved_as_told_it_counts(xlsales: Command, tmp_path: Path) -> None:
    """The remedy: right below the table, the row is one of its own."""
    path = plan(tmp_path / "p.xlsx", dimensions=members({"区域": {"华东": 1.0, "华北": 1.0}}))
    typed_below(path, T_DIMENSIONS, 0, ("区域", "华南", "", "", 1))
    ran = xlsales("split", path)
    assert ran.code == 0
    assert "3 个成员" in ran.out
