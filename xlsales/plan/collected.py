"""Collected rows in the sheet of actuals: beside what people pasted, told apart by a column of their own.

A row says where it came from (`徐汇店 ← 徐汇店.xlsx`); a row without an origin is a person's and is never touched.
The rows of a store that were collected before give way to its new ones, so that collecting the same files twice
changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain
from itertools import count as numbers
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.book.edits import CellEdits, Edits, RowEdits
from xlsales.book.looks import Address, Look
from xlsales.core.faults import Fault, Lang
from xlsales.core.plan import MICROS, Dimension
from xlsales.core.text import identity
from xlsales.ooxml.book import Book
from xlsales.ooxml.cells import BLANK, Blank, to_serial
from xlsales.ooxml.patch import Change
from xlsales.ooxml.rows import RowBlock, Texts
from xlsales.plan.pasted import Pasted, read_pasted
from xlsales.plan.sold import Members, SoldRows
from xlsales.tables.amounts import read_amounts
from xlsales.tables.dates import Span, read_days
from xlsales.tables.headers import Columns, recognise
from xlsales.tables.matching import Matcher
from xlsales.tables.origins import origin_column, origin_of, origins_of, stores_of
from xlsales.tables.source import SheetEmpty, Source, load, text_of
from xlsales.tables.told import Told
from xlsales.vocabulary.contract import AREA_ACTUALS, Word
from xlsales.vocabulary.round_contract import ORIGIN

_DATE, _AMOUNT = Word("日期", "Date"), Word("金额", "Amount")


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


@dataclass(frozen=True)
class Batch:
    """What is taken of a store: its rows and the file they came from."""

    code: str
    file: str
    sold: SoldRows

    @property
    def origin(self) -> str:
        """What the rows say of where they come from."""
        return origin_of(self.code, self.file)


@dataclass(frozen=True)
class Standing:
    """Collected rows of a store as they stand: where, from which files, and what they say.

    `sold` is None where any of them was changed into something that was not collected; `last_day` is that of the rest.
    """

    rows: NDArray[np.int32]
    origins: frozenset[str]
    sold: SoldRows | None
    last_day: dt.date | None
    whole: SoldRows
    """The rows that are as they were collected; all of `sold`, where there is one."""

    def holds(self, batch: Batch, names: Sequence[str]) -> bool:
        """Whether just these rows stand there; `names` are the other dimensions that the sheet has columns for."""
        return self.origins == {batch.origin} and self.sold == batch.sold.naming(names)


@dataclass
class Actuals:
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
    standing: dict[str, Standing] = field(default_factory=dict)
    pasted: Pasted = field(default_factory=Pasted)
    headers: frozenset[str] = frozenset()
    """Those that are taken, as `identity` has them."""

    @property
    def last_days(self) -> dict[str, dt.date]:
        """The last day that was collected of each store."""
        return {code: rows.last_day for code, rows in self.standing.items() if rows.last_day is not None}


def read_actuals(
    book: Book, dimension: Dimension, others: Sequence[Dimension], unit_yuan: int, path: Path,
    mapping: Mapping[str, str] | None = None, told: Sequence[Told] = (), places: Sequence[Dimension] = (),
    collected_before: bool = True, pieces: bool = False,
) -> Actuals:  # fmt: skip
    """Read the sheet of actuals of a plan's workbook; raises the faults of its columns.

    `places` are the dimensions that tell where a store is; `collected_before` whether collected rows can be there;
    `pieces` that the plan counts pieces.
    """
    area = book.area(AREA_ACTUALS)
    sheet = book.sheet(area.sheet) if area else None
    if sheet is None:
        raise ActualsSheetGone()
    try:
        grid = load(Source(path, sheet.title, sheet.title))
    except SheetEmpty:
        return Actuals(sheet.title, 1, {}, unit_yuan, book.date1904, 0, 0)
    matchers = [Matcher(d) for d in (dimension, *others)]
    found = recognise(grid, matchers, Span(), mapping, sheet.title, told, pieces=pieces)
    if found.cells or found.day is not None:
        raise ActualsWide(label=sheet.title)
    if "amount" not in found.fields:
        raise NoAmountColumn(label=sheet.title)
    below = grid.below(found.header_row)
    at = _positions(found, below, collected_before)
    header_row, first = found.header_row + 1, grid.first_column
    if dimension.name not in at and grid.height > header_row:
        raise NoStoreColumn(label=sheet.title, dimension=dimension.name)
    unit = found.unit or unit_yuan
    filled = np.flatnonzero(below[:, at["amount"]].is_not_null().to_numpy())
    collected = origins_of(below[:, at["origin"]]) if "origin" in at else np.zeros(below.height, np.bool_)
    named = dimension.name in at
    return Actuals(
        sheet.title,
        header_row,
        {key: column + first for key, column in at.items()},
        unit,
        book.date1904,
        grid.height,
        first + grid.width - 1,
        header_row + 1 + int(filled[-1]) if filled.size else None,
        dict(_standing(below, at, dimension, others, unit, grid.date1904, header_row + 1)) if "origin" in at else {},
        read_pasted(below, at, dimension, places, collected, unit, grid.date1904) if named else Pasted(),
        frozenset(identity(header) for header in found.headers if header),
    )


def _positions(found: Columns, below: pl.DataFrame, collected_before: bool) -> dict[str, int]:
    """Columns of the grid by what they serve."""
    columns = {"date": found.fields["date"], "amount": found.fields["amount"]}
    columns |= {name: at[0] for name, at in found.dimensions.items()}
    members = (at[0] for at in found.dimensions.values())
    origin = origin_column(found.headers, below, members, collected_before)
    return columns if origin is None else columns | {"origin": origin}


def _standing(
    below: pl.DataFrame, at: Mapping[str, int], dimension: Dimension, others: Sequence[Dimension],
    unit_yuan: int, date1904: bool, first_row: int,
) -> Iterator[tuple[str, Standing]]:  # fmt: skip
    """Yield each store with its collected rows; `first_row` is the number of the first row of `below`."""
    origin = text_of(below[:, at["origin"]])
    rows = np.flatnonzero(origins_of(origin))
    if not rows.size:
        return
    taken = below[rows]
    origin = origin.gather(rows)
    days = read_days(taken[:, at["date"]], Span(), date1904)
    amounts = read_amounts(taken[:, at["amount"]], unit_yuan)
    store = text_of(taken[:, at[dimension.name]])
    code = stores_of(origin, store)
    whole = ~np.isnat(days) & amounts.readable & (store == code).fill_null(False).to_numpy()
    names = [d.name for d in others if d.name in at]
    named, members = _members({name: text_of(taken[:, at[name]]) for name in names}, rows.size)
    ordinals = np.where(np.isnat(days), 0, days.astype(np.int64) + _EPOCH).astype(np.int32)
    group = code.rank("dense").to_numpy()
    order = np.argsort(group, kind="stable")
    for here in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        sold = SoldRows(ordinals[here], amounts.micros[here], named[here], members)
        good = ordinals[here[whole[here]]]
        yield (
            code[int(here[0])],
            Standing(
                (rows[here] + first_row).astype(np.int32),
                frozenset(origin.gather(here).unique().to_list()),
                sold if good.size == here.size else None,
                dt.date.fromordinal(int(good.max())) if good.size else None,
                sold
                if good.size == here.size
                else SoldRows.of(row for row, ok in zip(sold, whole[here], strict=True) if ok),
            ),
        )


_EPOCH = dt.date(1970, 1, 1).toordinal()


def _members(texts: Mapping[str, pl.Series], count: int) -> tuple[NDArray[np.int32], tuple[Members, ...]]:
    """Return which members each row names: a code per row, and what each code means."""
    if not texts:
        return np.zeros(count, np.int32), ((),)
    named: dict[Members, int] = {}
    codes = [
        named.setdefault(tuple((name, value) for name, value in zip(texts, row, strict=True) if value), len(named))
        for row in pl.DataFrame(texts).iter_rows()
    ]
    return np.array(codes, np.int32), tuple(named)


# --- what is to be written ---------------------------------------------------


def plan_actuals(
    actuals: Actuals, batches: Sequence[Batch], dimension: Dimension, others: Sequence[Dimension], lang: Lang
) -> Edits:
    """Plan the cells that bring the collected rows up to date.

    Members that a person filled in, which the store's rows do not name, stay with the rows of the same day and amount.
    """
    batches = [_as_filled(batch, actuals.standing.get(batch.code)) for batch in batches]
    columns, changes, looks = _columns(actuals, batches, dimension, others, lang)
    names = [d.name for d in others if d.name in columns]
    fresh = [b for b in batches if b.code not in actuals.standing or not actuals.standing[b.code].holds(b, names)]
    free = _joined([actuals.standing[b.code].rows for b in fresh if b.code in actuals.standing])
    free.sort()
    count = sum(len(batch.sold) for batch in fresh)
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


def _as_filled(batch: Batch, standing: Standing | None) -> Batch:
    if standing is None or standing.sold is None:
        return batch
    return replace(batch, sold=batch.sold.filled_from(standing.sold))


_LOOK_OF: dict[str, Look] = {"date": "date", "amount": "amount"}


def _columns(
    actuals: Actuals, batches: Sequence[Batch], dimension: Dimension, others: Sequence[Dimension], lang: Lang
) -> tuple[dict[str, int], dict[Address, Change], dict[Address, Look]]:
    """Return the columns by what they serve, with the headers that are still to be written."""
    columns = dict(actuals.columns)
    named = {name for batch in batches for members in batch.sold.named for name, _ in members}
    wanted = {"date": _DATE[lang], dimension.name: dimension.name}
    wanted |= {d.name: d.name for d in others if d.name in named}
    numbered = (f"{ORIGIN[lang]} {n}" for n in numbers(2))  # a person has a column of their own under that header
    free = next(header for header in chain([ORIGIN[lang]], numbered) if identity(header) not in actuals.headers)
    wanted |= {"amount": _AMOUNT[lang], "origin": free}
    following = max([actuals.last_column, *columns.values()])
    changes: dict[Address, Change] = {}
    if not any(batch.sold for batch in batches):
        return columns, changes, {}
    for key, header in wanted.items():
        if key not in columns:
            following += 1
            columns[key] = following
            changes[actuals.header_row, following] = header
    return columns, changes, dict.fromkeys(changes, "header")


def _values(
    batches: Sequence[Batch], actuals: Actuals, dimension: Dimension, names: Sequence[str]
) -> dict[str, Texts | NDArray[np.float64]]:
    """The columns of the batches' rows, one batch below another."""
    sold = [batch.sold for batch in batches]
    of_batch = np.repeat(np.arange(len(batches), dtype=np.int32), [len(rows) for rows in sold])
    days, of_day = np.unique(_joined([rows.days for rows in sold]), return_inverse=True)
    serials = [to_serial(dt.date.fromordinal(day), actuals.date1904) for day in days.tolist()]
    values: dict[str, Texts | NDArray[np.float64]] = {
        "date": np.array(serials, np.float64)[of_day],
        dimension.name: Texts(of_batch, [batch.code for batch in batches]),
        "amount": np.concatenate([_in_unit(rows.micros, actuals.unit_yuan) for rows in sold]),
        "origin": Texts(of_batch, [batch.origin for batch in batches]),
    }
    for name in names:
        table: dict[str | Blank, int] = {}
        codes = [
            np.array([table.setdefault(dict(members).get(name, BLANK), len(table)) for members in rows.named], np.int32)
            for rows in sold
        ]
        of_row = [coded[rows.codes] for coded, rows in zip(codes, sold, strict=True)]
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
