"""Odd numbers in every cell that takes one: each is what it says, as if it had been typed as a number, or is refused.

A cell of text that is taken must give what the number it means gives; one that means none is refused with its place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import Command, cell_xml, place_of, plan, table_place
from xlsales.core import a1
from xlsales.vocabulary.contract import WEEKDAYS, all_settings
from xlsales.vocabulary.plan_tables import TABLES

pytestmark = pytest.mark.unit
MEANT: dict[str, float | None] = {
    "１２": 12, "1e1": 10, "٣": 3, "+3": 3, " 3 ": 3, "-0": 0, "3.": 3, "1,200": 1200,
    "0x10": None, "½": None, "1½": None, "1_000": None, "3²": None, "①": None, "1,2": None, "--3": None, "1e999": None,
    "inf": None, "NaN": None, "1e308": None, "9e15+1": None, "Ⅻ": None, "三": None, "0b1": None, "1j": None,
}  # fmt: skip
"""A text, and the number that it means."""
RAW = {
    "1e308": None,
    "1e999": None,
    "NaN": None,
    "INF": None,
    "1_0": None,
    "-1e-300": 0.0,
    "1E1": 10.0,
    "9007199254740993": None,
}
"""What stands in a cell of numbers, and what it is."""
NUMERIC = ("amount", "number", "integer", "percent")
SETTINGS = [key for key, setting in all_settings().items() if setting.kind in NUMERIC]
COLUMNS = [(table.name, column.key) for table in TABLES for column in table.columns if column.kind in NUMERIC]
QUICK = ("３", "１", "3²", "1e308", "1_000")
FULL = {"total", "stretch_1", ("xs_dimensions", "weight"), ("xs_locks", "amount")}
"""Where every text is tried: an amount, a number within bounds, columns of both kinds."""
ROWS: dict[str, list[dict[str, object]]] = {
    "xs_locks": [{"dimension": "区域", "member": "甲", "period": "2026-02", "amount": 0.3}],
    "xs_calendar": [{"start": dt.date(2026, 3, 1), "factor": 1.5}],
    "xs_reference": [{"period": "2025", "share": 1}],
    "xs_month_weights": [{"month": 1, "weight": 2}],
    "xs_weekdays": [{"weekday": day.zh, "index": 1} for day in WEEKDAYS],
    "xs_mapping": [{"field": "汇率", "header": "币种", "value": "USD", "factor": 7}],
}


def book(path: Path) -> Path:
    rows = [{"dimension": "区域", "member": name, "weight": 1} for name in ("甲", "乙")]
    return plan(path, total=1200, dimensions=rows, tables=ROWS)


def place(path: Path, where: Any) -> tuple[str, str]:
    """Return the sheet and the address of a setting, or of the first row of a table's column."""
    if isinstance(where, str):
        return tuple(place_of(path, where).split("!"))  # type: ignore[return-value]
    table, key = where
    area = table_place(path, table)
    columns = next(t for t in TABLES if t.name == table).columns
    at = next(i for i, column in enumerate(columns) if column.key == key)
    return area.sheet, a1.cell(area.row, area.column + at)


def outcome(xlsales: Command, path: Path, where: Any, inner: str, kind: str) -> tuple[Any, str]:
    """Put a cell into a plan, split it; return the figures, None where it was refused, and what was said."""
    book(path)
    title, address = place(path, where)
    cell_xml(path, title, address, f'<c r="{address}"{kind}>{inner}</c>')
    before = path.read_bytes()
    done = xlsales("split", path, "--json")
    assert done.code in (0, 1, 2), done
    assert "程序内部出错" not in done.out
    if done.code == 2:
        assert path.read_bytes() == before
        return None, done.out
    found = done.json
    assert not any(found["residuals"].values())
    return {key: value for key, value in found.items() if key not in ("book", "problems", "exit_code")}, done.out


def typed(text: str) -> tuple[str, str]:
    return f'<is><t xml:space="preserve">{text}</t></is>', ' t="inlineStr"'


@pytest.fixture
def of_number(xlsales: Command, tmp_path: Path) -> Callable[[Any, float], Any]:
    return lambda where, number: outcome(xlsales, tmp_path / "n.xlsx", where, f"<v>{number!r}</v>", "")[0]


@pytest.mark.parametrize("where", [*SETTINGS, *COLUMNS], ids=str)
def test_a_text_is_the_number_it_means_or_none(
    xlsales: Command, tmp_path: Path, of_number: Callable[[Any, float], Any], where: Any
) -> None:
    known: dict[float, Any] = {}
    address, taken = place(book(tmp_path / "p.xlsx"), where)[1], 0
    for text in MEANT if where in FULL else QUICK:
        meant = {**MEANT, "３": 3.0, "１": 1.0}[text]
        figures, said = outcome(xlsales, tmp_path / "p.xlsx", where, *typed(text))
        if meant is None:
            assert figures is None, (text, said)
            assert f"!{address}:" in said, said
            continue
        if meant not in known:
            known[meant] = of_number(where, meant)
        assert figures == known[meant], text
        taken += figures is not None
    assert taken


@pytest.mark.parametrize("where", sorted(FULL, key=str), ids=str)
@pytest.mark.parametrize("raw", RAW)
def test_an_odd_number_is_what_it_is_or_refused(
    xlsales: Command, tmp_path: Path, of_number: Callable[[Any, float], Any], where: Any, raw: str
) -> None:
    figures, said = outcome(xlsales, tmp_path / "p.xlsx", where, f"<v>{raw}</v>", "")
    meant = RAW[raw]
    if meant is None:
        assert figures is None, said
    else:
        assert figures == of_number(where, meant) or figures is None
