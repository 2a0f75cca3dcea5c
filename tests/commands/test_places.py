"""What is wrong in a table of the plan is told at its own cell, in the table as in the settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import get_column_letter

from tests.commands.books import Command, members, plan, table_place
from xlsales.vocabulary.plan_tables import TABLES

pytestmark = pytest.mark.unit

DAY = dt.date(2026, 5, 1)
MARCH: dict[str, Any] = {"period": "2026-03", "amount": 5}
CASES: dict[str, tuple[str, int, str, list[dict[str, Any]]]] = {
    "a bad period": ("xs_reference", 0, "period", [{"period": "去年", "share": 1}]),
    "a bad period in the second row": ("xs_reference", 1, "period", [{"period": "2025"}, {"period": "25年上"}]),
    "a month that does not exist": ("xs_reference", 0, "period", [{"period": "2025-13"}]),
    "a share that is no number": ("xs_reference", 0, "share", [{"period": "2025", "share": "一半"}]),
    "a share above one": ("xs_reference", 1, "share", [{"period": "2024"}, {"period": "2025", "share": 5}]),
    "shares of zero": ("xs_reference", 0, "share", [{"period": "2024", "share": 0}, {"period": "2025", "share": 0}]),
    "a share without a period": ("xs_reference", 0, "period", [{"share": 0.5}]),
    "a month of thirteen": ("xs_month_weights", 1, "month", [{"month": 1, "weight": 1}, {"month": 13, "weight": 1}]),
    "a negative month weight": ("xs_month_weights", 0, "weight", [{"month": 1, "weight": -1}]),
    "a weekday that is none": ("xs_weekdays", 0, "weekday", [{"weekday": "礼拜八", "index": 1}]),
    "few weekday indexes": ("xs_weekdays", 0, "index", [{"weekday": "周一", "index": 1}]),
    "a negative index": ("xs_weekdays", 1, "index", [{"weekday": "周一"}, {"weekday": "周二", "index": -1}]),
    "a lock without an amount": ("xs_locks", 0, "amount", [{"period": "2026-03"}]),
    "a lock without a period": ("xs_locks", 0, "period", [{"amount": 5}]),
    "a lock without a member": ("xs_locks", 0, "member", [{"dimension": "D", "period": "2026-03", "amount": 5}]),
    "a lock without a dimension": ("xs_locks", 0, "dimension", [{"member": "a", "period": "2026-03", "amount": 5}]),
    "an amount that is none": ("xs_locks", 0, "amount", [{"period": "2026-03", "amount": "五"}]),
    "a lock of no member": ("xs_locks", 0, "member", [{"dimension": "D", "member": "c", **MARCH}]),
    "a lock of no dimension": (
        "xs_locks", 1, "dimension",
        [{"period": "2026-02", "amount": 5}, {"dimension": "E", "member": "a", "period": "2026-03", "amount": 5}],
    ),
    "a lock of no period": ("xs_locks", 0, "period", [{"period": "三月里", "amount": 5}]),
    "a lock of a week behind the plan": ("xs_locks", 0, "period", [{"period": "2029-W10", "amount": 5}]),
    "the same lock twice": ("xs_locks", 1, "period", [MARCH, MARCH]),
    "locks above the total": ("xs_locks", 0, "amount", [{"period": "2026-03", "amount": 5000}]),
    "a lock that contradicts what is inside it": (
        "xs_locks", 1, "amount", [{"period": "2026-03", "amount": 50}, {"period": "2026Q1", "amount": 40}],
    ),
    "locked targets above the total": (
        "xs_dimensions", 0, "locked", [{"dimension": "D", "member": "a", "locked": 5000},
                                       {"dimension": "D", "member": "b", "weight": 1}],
    ),
    "lower bounds above the total": (
        "xs_dimensions", 0, "lower", [{"dimension": "D", "member": "a", "weight": 1, "lower": 5000},
                                      {"dimension": "D", "member": "b", "weight": 1}],
    ),
    "a weight that is missing": (
        "xs_dimensions", 1, "weight", [{"dimension": "D", "member": "a", "weight": 1},
                                       {"dimension": "D", "member": "b"}],
    ),
    "a reference without history": (
        "xs_dimensions", 0, "method", [{"dimension": "D", "member": "a", "method": "参照"},
                                       {"dimension": "D", "member": "b", "method": "参照"}],
    ),
    "a mapping without a field": ("xs_mapping", 0, "field", [{"header": "金额"}]),
    "a factor of a mapping": ("xs_mapping", 1, "factor", [{"field": "金额", "header": "金额"},
                                                          {"field": "汇率", "header": "币种", "factor": "七"}]),
    "a holiday that ends before it starts": (
        "xs_calendar", 0, "end", [{"start": DAY, "end": dt.date(2026, 4, 1), "kind": "holiday"}],
    ),
    "a holiday without a day": ("xs_calendar", 0, "start", [{"kind": "holiday"}]),
    "a factor that is none": ("xs_calendar", 0, "factor", [{"start": DAY, "factor": "双倍"}]),
    "a kind that is none": ("xs_calendar", 0, "kind", [{"start": DAY, "kind": "放假"}]),
    "a member without a dimension": ("xs_dimensions", 0, "dimension", [{"member": "a", "weight": 1}]),
    "a row without a member": ("xs_dimensions", 1, "member", [{"dimension": "D", "member": "a", "weight": 1},
                                                              {"dimension": "D", "weight": 1}]),
}  # fmt: skip


@pytest.mark.parametrize("case", list(CASES))
def test_a_fault_points_at_its_cell(xlsales: Command, tmp_path: Path, case: str) -> None:
    """Row and column of what is wrong, in --json as in the sentence."""
    table, row, key, rows = CASES[case]
    tables: dict[str, list[Mapping[str, Any]]] = {table: rows}  # type: ignore[dict-item]
    options: dict[str, Any] = {"dimensions": members({"D": {"a": 1, "b": 1}})}
    if table == "xs_dimensions":
        options, tables = {"dimensions": rows}, {}
    book = plan(tmp_path / "计划.xlsx", tables=tables, **options)
    ran = xlsales("split", book, "--json")
    assert ran.code == 2
    first = ran.json["problems"][0]
    area = table_place(book, table)
    columns = [column.key for column in next(t for t in TABLES if t.name == table).columns]
    place = area.row + row, area.column + columns.index(key)
    assert (first["sheet"], first["row"], first["column"]) == (area.sheet, *place)


def at(ran: Any, n: int = 0) -> str:
    found = ran.json["problems"][n]
    return f"{found['sheet']}!{get_column_letter(found['column'])}{found['row']}"


def test_months_that_weigh_nothing_are_told_at_their_weights(xlsales: Command, tmp_path: Path) -> None:
    """The first weight, not the method, is what is zero."""
    rows = [{"month": month, "weight": 0} for month in range(1, 13)]
    book = plan(tmp_path / "计划.xlsx", tables={"xs_month_weights": rows}, month_method="weights")
    area = table_place(book, "xs_month_weights")
    ran = xlsales("split", book, "--json")
    assert (ran.code, at(ran)) == (2, f"{area.sheet}!{get_column_letter(area.column + 1)}{area.row}")


def test_a_reference_period_without_sales_is_told_at_its_cell(xlsales: Command, tmp_path: Path) -> None:
    """Of two periods the one that history does not reach."""
    history = [["日期", "金额"], *([dt.date(2025, month, 5), 100] for month in range(1, 13))]
    rows = [{"period": "2025"}, {"period": "2023"}]
    book = plan(tmp_path / "计划.xlsx", tables={"xs_reference": rows}, month_method="reference", history=history)
    area = table_place(book, "xs_reference")
    ran = xlsales("split", book, "--json")
    assert (ran.code, at(ran)) == (2, f"{area.sheet}!{get_column_letter(area.column)}{area.row + 1}")


def test_all_that_is_wrong_with_locks_is_told_in_one_run(xlsales: Command, tmp_path: Path) -> None:
    """Three unknown members, a bad period and a double: five sentences, each at its own cell."""
    lock = {"dimension": "D", "period": "2026-03", "amount": 5}
    rows = [
        *({**lock, "member": name} for name in ("x", "y", "z")),
        {**lock, "member": "a", "period": "2026-14"},
        {**lock, "member": "a"},
        {**lock, "member": "a"},
    ]
    book = plan(tmp_path / "计划.xlsx", tables={"xs_locks": rows}, dimensions=members({"D": {"a": 1, "b": 1}}))
    ran = xlsales("split", book, "--json")
    assert ran.code == 2
    assert [at(ran, n) for n in range(5)] == ["锁定!C5", "锁定!C6", "锁定!C7", "锁定!D8", "锁定!D10"]
    assert len(ran.json["problems"]) == 5
