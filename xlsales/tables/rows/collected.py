"""The sheet of actuals of a plan's workbook, and the rows that were collected into it.

A column of its own says where a collected row came from (`徐汇店 ← 徐汇店.xlsx`). A row without that is a person's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from msgspec import Struct, field
from numpy.typing import NDArray

from xlsales.core.faults import Fault
from xlsales.core.periods import CALENDAR_YEAR
from xlsales.core.plan import Dimension, FiscalYear
from xlsales.core.text import identity
from xlsales.ooxml.book import Book
from xlsales.tables.cells.amounts import read_amounts
from xlsales.tables.cells.dates import DateBounds, read_days
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.columns.headers import recognise
from xlsales.tables.columns.roles import Columns
from xlsales.tables.files.grids import text_of
from xlsales.tables.files.source import Source, load
from xlsales.tables.files.unreadable import SheetEmpty
from xlsales.tables.rows.origins import origin_column, origin_of, origins_of, stores_of
from xlsales.tables.rows.pasted import Pasted, read_pasted
from xlsales.tables.rows.sold import Members, SoldRows
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.vocabulary.contract import AREA_ACTUALS, CNY


class ActualsSheetGone(Fault):
    """The sheet to write collected rows into cannot be found."""

    zh = "找不到“实际”表(名称 xs_actuals)。请在公式→名称管理器里恢复它。"
    en = "The sheet of actuals (name xs_actuals) is gone. Restore it under Formulas > Name Manager."


class ActualsWide(Fault):
    """The sheet of actuals is a table of members by months, which no day's row fits into."""

    zh = "“{label}”是成员 × 月份的宽表,放不进按天的回收数据。请把宽表移到别处,再收回。"
    en = '"{label}" is a table of members by months; rows by day do not fit in. Move that table, then collect.'


class NoAmountColumn(Fault):
    """The sheet of actuals has quantities and prices instead of amounts."""

    zh = "“{label}”没有金额列(只有数量和单价)。请加一列“金额”,再收回。"
    en = '"{label}" has no column of amounts (only quantity and price). Add a column Amount, then collect.'


class NoStoreColumn(Fault):
    """Rows are there that do not say which store they are of."""

    zh = "“{label}”里已有数据,但没有“{dimension}”列。请补上这一列,或把数据移到别处,再收回。"
    en = '"{label}" has data but no column "{dimension}". Add that column, or move the data, then collect.'


class Batch(Struct, frozen=True):
    """The sales that are taken of a store, and the file they came from."""

    code: str
    file: str
    sales: SoldRows

    @property
    def origin(self) -> str:
        """The origin that the rows get."""
        return origin_of(self.code, self.file)


class CollectedRows(Struct, frozen=True):
    """The collected rows of a store that are in the sheet: their numbers, their origins and their sales.

    `changed`: a person changed some of them into something that was not collected; `sales` are the others.
    """

    rows: NDArray[np.int32]
    origins: frozenset[str]
    sales: SoldRows
    changed: bool

    def holds(self, batch: Batch, names: Sequence[str]) -> bool:
        """Whether the batch is in the sheet as it is; `names` are the other dimensions with a column in the sheet."""
        return self.origins == {batch.origin} and not self.changed and self.sales == batch.sales.naming(names)


class Actuals(Struct):
    """The sheet of actuals as it is: its columns by what they serve, the collected rows by store.

    `last_row` and `last_column` are the last with anything in them, `model_row` is the last with an amount.
    """

    label: str
    header_row: int
    columns: dict[str, int]
    unit_yuan: int
    date1904: bool
    last_row: int
    last_column: int
    model_row: int | None = None
    collected: dict[str, CollectedRows] = field(default_factory=dict)
    pasted: Pasted = field(default_factory=Pasted)
    headers: frozenset[str] = frozenset()
    """The identities of all headers."""

    @property
    def last_days(self) -> dict[str, dt.date]:
        """The last day that was collected of each store."""
        return {code: day for code, rows in self.collected.items() if (day := rows.sales.last_day) is not None}


def read_actuals(
    book: Book, dimension: Dimension, others: Sequence[Dimension], unit_yuan: int, path: Path,
    mapping: Mapping[str, str] | None = None, rules: Sequence[MappingRule] = (), places: Sequence[Dimension] = (),
    collected_before: bool = True, pieces: bool = False, currency: str = CNY, fiscal: FiscalYear = CALENDAR_YEAR,
) -> Actuals:  # fmt: skip
    """Read the sheet of actuals of a plan's workbook; raises the faults of its columns.

    `places` are the dimensions of the places of stores. `collected_before`: collected rows can be in the sheet.
    `pieces`: the plan counts pieces, else amounts in `currency`. `fiscal`: which days a month has.
    """
    area = book.area(AREA_ACTUALS)
    sheet = book.sheet(area.sheet) if area else None
    if sheet is None:
        raise ActualsSheetGone()
    try:
        grid = load(Source(path, sheet.title, sheet.title, pasted=True, currency=currency))
    except SheetEmpty:
        return Actuals(sheet.title, 1, {}, unit_yuan, book.date1904, 0, 0)
    matchers = [Matcher(d) for d in (dimension, *others)]
    bounds = DateBounds(fiscal=fiscal)
    columns = recognise(grid, matchers, bounds, mapping, sheet.title, rules, pieces=pieces, currency=currency)
    if columns.cells or columns.day is not None:
        raise ActualsWide(label=sheet.title)
    if "amount" not in columns.fields:
        raise NoAmountColumn(label=sheet.title)
    below = grid.below(columns.header_row)
    at = _positions(columns, below, collected_before)
    header_row, unit = columns.header_row + 1, columns.unit or unit_yuan
    has_stores, has_origins = dimension.name in at, "origin" in at
    if not has_stores and grid.height > header_row:
        raise NoStoreColumn(label=sheet.title, dimension=dimension.name)
    filled = np.flatnonzero(below[:, at["amount"]].is_not_null().to_numpy())
    first = header_row + 1
    by_store = _collected(below, at, dimension, others, unit, grid.date1904, first, currency) if has_origins else ()
    origins = origins_of(below[:, at["origin"]]) if has_origins else np.zeros(below.height, np.bool_)
    return Actuals(
        label=sheet.title,
        header_row=header_row,
        columns={key: column + grid.first_column for key, column in at.items()},
        unit_yuan=unit,
        date1904=book.date1904,
        last_row=grid.height,
        last_column=grid.first_column + grid.width - 1,
        model_row=header_row + 1 + int(filled[-1]) if filled.size else None,
        collected=dict(by_store),
        pasted=read_pasted(below, at, dimension, places, origins, unit, grid.date1904, currency, fiscal)
        if has_stores
        else Pasted(),
        headers=frozenset(identity(header) for header in columns.headers if header),
    )


def _positions(columns: Columns, below: pl.DataFrame, collected_before: bool) -> dict[str, int]:
    """Columns of the grid by what they serve."""
    positions = {"date": columns.fields["date"], "amount": columns.fields["amount"]}
    positions |= {name: at[0] for name, at in columns.dimensions.items()}
    members = (at[0] for at in columns.dimensions.values())
    origin = origin_column(columns.headers, below, members, collected_before)
    return positions if origin is None else positions | {"origin": origin}


def _collected(
    below: pl.DataFrame, at: Mapping[str, int], dimension: Dimension, others: Sequence[Dimension],
    unit_yuan: int, date1904: bool, first_row: int, currency: str,
) -> Iterator[tuple[str, CollectedRows]]:  # fmt: skip
    """Yield each store with its collected rows; `first_row` is the number of the first row of `below`."""
    origin = text_of(below[:, at["origin"]])
    rows = np.flatnonzero(origins_of(origin))
    if not rows.size:
        return
    cells, origin = below[rows], origin.gather(rows)
    days = read_days(cells[:, at["date"]], DateBounds(), date1904)
    amounts = read_amounts(cells[:, at["amount"]], unit_yuan, currency)
    store = text_of(cells[:, at[dimension.name]])
    code = stores_of(origin, store)
    unchanged = ~np.isnat(days) & amounts.readable & (store == code).fill_null(False).to_numpy()
    member_codes, members = _members({d.name: text_of(cells[:, at[d.name]]) for d in others if d.name in at}, rows.size)
    ordinals = np.where(np.isnat(days), 0, days.astype(np.int64) + _EPOCH).astype(np.int32)
    group = code.rank("dense").to_numpy()
    order = np.argsort(group, kind="stable")
    for here in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        sales = SoldRows(ordinals[here], amounts.micros[here], member_codes[here], members)
        changed = not unchanged[here].all()
        if changed:
            sales = SoldRows.of(row for row, same in zip(sales, unchanged[here], strict=True) if same)
        numbers, origins = (rows[here] + first_row).astype(np.int32), frozenset(origin.gather(here).unique().to_list())
        yield code[int(here[0])], CollectedRows(numbers, origins, sales, changed)


_EPOCH = dt.date(1970, 1, 1).toordinal()


def _members(texts: Mapping[str, pl.Series], count: int) -> tuple[NDArray[np.int32], tuple[Members, ...]]:
    """Return which members each row names: a code per row, and what each code means."""
    if not texts:
        return np.zeros(count, np.int32), ((),)
    members: dict[Members, int] = {}
    codes = [
        members.setdefault(tuple((name, value) for name, value in zip(texts, row, strict=True) if value), len(members))
        for row in pl.DataFrame(texts).iter_rows()
    ]
    return np.array(codes, np.int32), tuple(members)
