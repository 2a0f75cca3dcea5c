"""The receipts that a store pasted into 明细, read as any table of sales."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from msgspec.structs import replace

from xlsales.core.faults import Fault, Listed, Place, Problem
from xlsales.core.text import identity
from xlsales.ooxml.cells import Cell, ErrorValue, FormulaWithoutResult
from xlsales.store import reasons
from xlsales.store.returned import Receipts, Round
from xlsales.store.returned_book import ReturnedSheet
from xlsales.store.sheets.detail.columns import COLUMNS
from xlsales.store.sheets.detail.formulas import Formulas
from xlsales.store.sheets.detail.retold import retold
from xlsales.tables.files.cellwise import NO_CELLS, ColumnCells, take_far
from xlsales.tables.files.grids import Grid
from xlsales.tables.files.source import Source
from xlsales.tables.reading import Records, read_records
from xlsales.tables.reasons import ErrorInColumn
from xlsales.tables.remarks import FarAway
from xlsales.tables.rows.sold import Sold
from xlsales.values.cell import text_of


def read_receipts(sheet: ReturnedSheet, round_: Round, columns: dict[int, ColumnCells], formulas: Formulas) -> Receipts:
    """Read the pasted rows, from the cells of each column."""
    grid = _grid(sheet, columns)
    source = Source(Path(sheet.title), sheet.title, sheet.title, currency=round_.terms.currency)
    try:
        records = read_records(
            source,
            round_.others,
            start=round_.terms.plan.start,
            end=round_.terms.plan.end,
            mapping=_own_columns(sheet),
            grid=grid,
            blank_members=True,
        )
    except Fault as fault:  # its columns are not known
        fault = retold(fault, round_.terms)
        return Receipts([], [Problem(Place(sheet.title), "", fault, None, _rows_below(grid))])
    return _until_today(records, sheet.title, round_, formulas)


def _grid(sheet: ReturnedSheet, columns: dict[int, ColumnCells]) -> Grid:
    """Return the cells as columns of text; those far from the others are left out and reported."""
    far = take_far(columns)
    height, first = max(rows[-1] for rows, _, _ in columns.values()), min(columns)
    body = {
        str(column - first): _spread(columns.get(column, NO_CELLS), height, sheet)
        for column in range(first, max(columns) + 1)
    }
    flaws = [
        (row, column, value)
        for column, (rows, values, _) in columns.items()
        for row, value in zip(rows, values, strict=True)
        if isinstance(value, ErrorValue | FormulaWithoutResult)
    ]
    notes: tuple[Problem, ...] = ()
    if far:
        fault = FarAway(cells=Listed(far[:3]), count=len(far))
        notes = (Problem.note(Place(sheet.title), "", fault, None, len(far)),)
    return Grid(pl.DataFrame(body), first_column=first, date1904=sheet.date1904, flaws=flaws, notes=notes)


def _rows_below(grid: Grid) -> int:
    """Count the rows below the first with several cells, which is the header."""
    filled = grid.body.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
    header = int((filled > 1).arg_max() or 0)
    return int((filled[header + 1 :] > 0).sum())


def _own_columns(sheet: ReturnedSheet) -> dict[str, str]:
    """Return the headers of date and amount, if they are as handed out: 日报 sums up these columns and no others."""
    headers = {}
    for key in ("date", "amount"):
        names = {identity(word) for word in (COLUMNS[key][0].zh, COLUMNS[key][0].en)}
        for row in sheet.cells.rows:
            cell = sheet.cells.get((row, sheet.columns[key])) if row > sheet.row and key in sheet.columns else None
            if cell is not None and isinstance(cell.value, str) and identity(cell.value) in names:
                texts = [one.value for one in sheet.cells.row(row).values() if isinstance(one.value, str)]
                if sum(identity(text) == identity(cell.value) for text in texts) == 1:
                    headers[key] = cell.value
                break
    return headers


def _spread(column: ColumnCells, height: int, sheet: ReturnedSheet) -> pl.Series:
    """Return the texts of a column at their rows."""
    texts: list[str | None] = [None] * height
    for row, value, style in zip(*column, strict=True):
        texts[row - 1] = _text(Cell(value, False, style), sheet)
    return pl.Series(texts, dtype=pl.String)


def _text(cell: Cell, sheet: ReturnedSheet) -> str | None:
    return text_of(sheet.content(cell)) or None if isinstance(cell.value, float | str | bool) else None


def _until_today(records: Records, title: str, round_: Round, formulas: Formulas) -> Receipts:
    ahead = records.day > np.datetime64(round_.today)

    def in_words_of_store(problem: Problem) -> Problem:
        wrong_result = formulas.faults.get((problem.place.row or 0, problem.place.column or 0))
        if wrong_result is not None and isinstance(problem.fault, ErrorInColumn):
            return replace(problem, fault=wrong_result)
        return replace(problem, fault=retold(problem.fault, round_.terms))

    # In a store's account, rows are taken or not: its totals rows count with those set aside.
    problems = [
        replace(problem, set_aside=True, totals=False) if problem.totals else problem
        for problem in map(in_words_of_store, records.problems)
    ]
    problems += formulas.problems()
    if ahead.any():
        fault = reasons.DayAhead(key=str(records.day[ahead].min()))
        problems.append(Problem(Place(title), "", fault, int(records.micros[ahead].sum()), int(ahead.sum())))
    names = {d.name: d.members for d in round_.others}
    sold = []
    for i in np.flatnonzero(~ahead).tolist():
        members = tuple(
            (name, names[name][code].name) for name, codes in records.codes.items() if (code := codes[i]) >= 0
        )
        sold.append(Sold(records.day[i].astype(object), int(records.micros[i]), members))
    return Receipts(sold, problems)
