"""Collected rows brought into the sheet of actuals, beside what people pasted.

A person's row is never touched. The rows of a store that were collected before give way to its new ones, so that
collecting the same files twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import chain
from itertools import count as numbers

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from xlsales.book.edits import CellEdits, Edits, RowEdits
from xlsales.book.looks import Look
from xlsales.core.a1 import Address
from xlsales.core.faults import Lang
from xlsales.core.plan import MICROS, Dimension
from xlsales.core.text import identity
from xlsales.ooxml.cells import BLANK, Blank
from xlsales.ooxml.changes import Change
from xlsales.ooxml.rows import RowBlock, Texts
from xlsales.tables.rows.collected import Actuals, Batch, CollectedRows
from xlsales.values.serials import to_serial
from xlsales.vocabulary.contract import PASTE_HEADERS, Word
from xlsales.vocabulary.round_contract import ORIGIN

_DATE, _AMOUNT = Word("日期", "Date"), Word("金额", "Amount")


def plan_actuals(
    actuals: Actuals, batches: Sequence[Batch], dimension: Dimension, others: Sequence[Dimension], lang: Lang
) -> Edits:
    """Plan the cells that bring the collected rows up to date.

    Members that a person filled in, which the store's rows do not name, stay with the rows of the same day and amount.
    """
    batches = [_as_filled(batch, actuals.collected.get(batch.code)) for batch in batches]
    columns, changes, looks = _columns(actuals, batches, dimension, others, lang)
    names = [d.name for d in others if d.name in columns]
    fresh = [b for b in batches if b.code not in actuals.collected or not actuals.collected[b.code].holds(b, names)]
    free = _joined([actuals.collected[b.code].rows for b in fresh if b.code in actuals.collected])
    free.sort()
    count = sum(len(batch.sales) for batch in fresh)
    following = max(actuals.last_row, actuals.header_row)
    more = np.arange(following + 1, following + 1 + max(count - len(free), 0), dtype=np.int32)
    for row in free[count:].tolist():  # fewer rows than before
        changes |= {(row, at): BLANK for at in columns.values()}
    rows = None
    if count:
        values = _values(fresh, actuals, dimension, names)
        block = RowBlock(np.concatenate([free[:count], more]), {columns[key]: values[key] for key in values})
        model = actuals.model_row
        rows = RowEdits(
            block,
            {at: (model, at) for at in actuals.columns.values()} if model is not None else {},
            {columns[key]: _LOOK_OF.get(key, "text") for key in values},
        )
    cells = (CellEdits(actuals.label, changes, looks=looks, rows=rows),) if changes or rows else ()
    return Edits(cells)


def _as_filled(batch: Batch, standing: CollectedRows | None) -> Batch:
    if standing is None or standing.changed:
        return batch
    return replace(batch, sales=batch.sales.filled_from(standing.sales))


_LOOK_OF: dict[str, Look] = {"date": "date", "amount": "amount"}


def _columns(
    actuals: Actuals, batches: Sequence[Batch], dimension: Dimension, others: Sequence[Dimension], lang: Lang
) -> tuple[dict[str, int], dict[Address, Change], dict[Address, Look]]:
    """Return the columns by what they serve, with the headers that are still to be written."""
    columns = dict(actuals.columns)
    filled = {name for batch in batches for members in batch.sales.members for name, _ in members}
    headers = {"date": _DATE[lang], dimension.name: dimension.name}
    headers |= {d.name: d.name for d in others if d.name in filled}
    numbered = (f"{ORIGIN[lang]} {n}" for n in numbers(2))  # a person has a column of their own under that header
    free = next(header for header in chain([ORIGIN[lang]], numbered) if identity(header) not in actuals.headers)
    headers |= {"amount": _AMOUNT[lang], "origin": free}
    following = max([actuals.last_column, *columns.values()])
    if not any(batch.sales for batch in batches):
        return columns, {}, {}
    written: dict[Address, Change] = {}
    for key, header in headers.items():
        if key not in columns:
            following += 1
            columns[key] = following
            written[actuals.header_row, following] = header
    offered = range(1, len(PASTE_HEADERS) + 2) if actuals.last_row == 0 else ()  # the row that a fresh plan offers
    changes: dict[Address, Change] = {(1, at): BLANK for at in offered}
    return columns, changes | written, dict.fromkeys(written, "header")


def _values(
    batches: Sequence[Batch], actuals: Actuals, dimension: Dimension, names: Sequence[str]
) -> dict[str, Texts | NDArray[np.float64]]:
    """The columns of the batches' rows, one batch below another."""
    sales = [batch.sales for batch in batches]
    of_batch = np.repeat(np.arange(len(batches), dtype=np.int32), [len(rows) for rows in sales])
    days, of_day = np.unique(_joined([rows.days for rows in sales]), return_inverse=True)
    serials = [to_serial(dt.date.fromordinal(day), actuals.date1904) for day in days.tolist()]
    values: dict[str, Texts | NDArray[np.float64]] = {
        "date": np.array(serials, np.float64)[of_day],
        dimension.name: Texts(of_batch, [batch.code for batch in batches]),
        "amount": np.concatenate([_in_unit(rows.micros, actuals.unit_yuan) for rows in sales]),
        "origin": Texts(of_batch, [batch.origin for batch in batches]),
    }
    for name in names:
        table: dict[str | Blank, int] = {}
        codes = [
            np.array(
                [table.setdefault(dict(members).get(name, BLANK), len(table)) for members in rows.members], np.int32
            )
            for rows in sales
        ]
        of_row = [coded[rows.codes] for coded, rows in zip(codes, sales, strict=True)]
        values[name] = Texts(_joined(of_row), list(table))
    return values


def _in_unit(micros: NDArray[np.int64], unit_yuan: int) -> NDArray[np.float64]:
    """Amounts as the sheet keeps them: each the number nearest to the exact one."""
    if np.abs(micros).max(initial=0) < _EXACT:
        return np.asarray(micros / np.float64(MICROS * unit_yuan))
    return np.array([float(Decimal(n) / MICROS / unit_yuan) for n in micros.tolist()])


_EXACT = 1 << 53


def _joined(arrays: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
    return np.concatenate([np.zeros(0, np.int32), *arrays])
