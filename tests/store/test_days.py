"""Whatever is typed into a day table, nothing of it is lost: found = accepted + set aside, cell by cell."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.stores import terms
from xlsales.core.plan import Dimension
from xlsales.ooxml.cells import Cell, ErrorValue, FormulaWithoutResult
from xlsales.store.returned import Count, Expected, Round
from xlsales.store.returned_book import LoadedCells, ReturnedSheet
from xlsales.store.sheets.days.returned import read_day_table
from xlsales.store.targets import Targets
from xlsales.tables.rows.sold import Sold, SoldRows

pytestmark = pytest.mark.unit
DAYS = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(59)]
KEYS = [day.isoformat() for day in DAYS]
HEAD = {1: "xlsales:store:days", 3: "date", 4: "target", 5: "entry", 6: "actual", 7: "remark"}
MICROS = 1_000_000


def round_(today: dt.date = DAYS[-1]) -> Round:
    plan = terms(DAYS[0], DAYS[-1])
    expected = {"店": Expected(plan, Targets("店", np.full(len(KEYS), 1000.0)))}
    return Round(plan, Dimension("门店", (), (), ()), (), today, MICROS, expected)


def day_sheet(rows: list[tuple[str, dict[int, Any]]]) -> ReturnedSheet:
    """A day table of (key, cells by column) from row 6 on; column 1 is the key's, 3 the date's."""
    cells = {(1, column): Cell(text) for column, text in HEAD.items()}
    for row, (key, typed) in enumerate(rows, 6):
        cells |= {(row, 1): Cell(key)} if key else {}
        if key in KEYS:
            serial = float((dt.date.fromisoformat(key) - dt.date(1899, 12, 30)).days)
            cells |= {(row, 3): Cell(serial), (row, 4): Cell(1000.0)}
        cells |= {(row, column): Cell(value) for column, value in typed.items()}
    return ReturnedSheet("日报", 1, 1, LoadedCells(cells), "days", lambda cell: False)


amounts = st.decimals(-1_000_000, 100_000_000, places=2).map(float)
entries = st.one_of(
    amounts,
    amounts.map(lambda a: f"{a:,.2f}"),
    st.sampled_from(
        ["没开门", "1.5万", "２０００", "-", " ", "——", "50%", True, ErrorValue("#N/A"), FormulaWithoutResult()]
    ),
)
keys = st.one_of(st.sampled_from(KEYS), st.sampled_from(["", "2026-01", "2026-02"]))
tables = st.lists(st.tuples(keys, entries, st.sampled_from(["", "合计", "已核对"])), max_size=40)


@given(table=tables, today=st.sampled_from(DAYS))
def test_every_entry_is_accepted_or_set_aside(table: list[tuple[str, Any, str]], today: dt.date) -> None:
    """Rows with days, copies, totals, insertions, any amount or nonsense: each cell is accounted for once."""
    read = read_day_table(
        day_sheet([(key, {5: entry, 7: remark}) for key, entry, remark in table]), "店", round_(today)
    )
    accepted = Count.of(SoldRows.of(Sold(dt.date.fromisoformat(k), e.micros) for k, e in read.entries.items()))
    aside = Count.aside(read.problems)
    known = {
        i: _micros(entry)
        for i, (key, entry, _) in enumerate(table)
        if entry not in ("-", " ", "——") and (key in KEYS or _micros(entry) is not None)
    }
    assert accepted.rows + aside.rows == len(known)
    assert accepted.micros + aside.micros == sum(micros or 0 for micros in known.values())
    assert all(key <= today.isoformat() for key in read.entries)


def _micros(entry: Any) -> int | None:
    """What an entry means, told independently; None where it is no amount."""
    if isinstance(entry, float):
        return round(Decimal(repr(entry)) * MICROS)
    words = {"1.5万": 15_000, "２０００": 2000}
    if entry in words:
        return words[entry] * MICROS
    try:
        return round(Decimal(str(entry).replace(",", "")) * MICROS) if isinstance(entry, str) else None
    except ArithmeticError:
        return None


@given(st.lists(st.floats(500, 1500).map(lambda a: round(a, 2)), min_size=20, max_size=31))
def test_honest_days_are_never_taken_for_running_totals(sold: list[float]) -> None:
    """Days about their targets are accepted, however they rise and fall."""
    table = day_sheet([(key, {5: amount}) for key, amount in zip(KEYS, sold, strict=False)])
    assert len(read_day_table(table, "店", round_()).entries) == len(sold)


@given(st.lists(st.floats(500, 1500), min_size=8, max_size=31))
def test_running_totals_are_never_accepted(sold: list[float]) -> None:
    """The same days as running totals are set aside, all of the month."""
    totals = np.cumsum(sold).round(2).tolist()
    table = day_sheet([(key, {5: amount}) for key, amount in zip(KEYS, totals, strict=False)])
    assert read_day_table(table, "店", round_()).entries == {}
