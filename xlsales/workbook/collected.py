"""Collected rows in the sheet of actuals: beside what people pasted, told apart by a column of their own.

A row says where it came from (`门店 ← file`); a row without an origin is a person's and is never touched. The rows
of a store that were collected before give way to its new ones, so that collecting the same files twice changes
nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from xlsales.core.faults import Fault, Lang, Place, Problem
from xlsales.core.plan import Dimension
from xlsales.workbook.contract import AREA_ACTUALS, SHEETS, Word
from xlsales.workbook.edits import CellEdits, Edits
from xlsales.workbook.file.book import Book
from xlsales.workbook.file.cells import BLANK, to_date, to_serial
from xlsales.workbook.file.lazy import LazyCells
from xlsales.workbook.file.patch import Change
from xlsales.workbook.looks import Address, Look
from xlsales.workbook.records.amounts import read_amount
from xlsales.workbook.records.dates import Span, read_stamp
from xlsales.workbook.records.headers import Columns, recognise
from xlsales.workbook.records.matching import Matcher
from xlsales.workbook.records.source import SheetEmpty, Source, load
from xlsales.workbook.round_contract import ORIGIN
from xlsales.workbook.store.contract import MICROS
from xlsales.workbook.store.returned import Sold

ARROW = " ← "
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


class DimensionsBlank(Fault):
    """Collected rows that a refresh will set aside, for other columns of the sheet stay blank in them."""

    zh = "“{label}”有“{dimensions}”列,而 {count} 行回收的数据没有它,刷新时会被搁置。请把这些数据分开放,或不用这一列。"
    en = (
        '"{label}" has the columns "{dimensions}", which {count} collected rows leave blank: '
        "a refresh will set them aside. Keep such data elsewhere, or drop the column."
    )


@dataclass(frozen=True)
class Batch:
    """What is taken of a store: its rows and the file they came from."""

    code: str
    file: str
    sold: Sequence[Sold]

    @property
    def origin(self) -> str:
        """What the rows say of where they come from."""
        return f"{self.code}{ARROW}{self.file}"


@dataclass(frozen=True, slots=True)
class Slot:
    """A collected row as it stands: where, and what it says."""

    row: int
    origin: str
    sold: Sold | None


@dataclass
class Actuals:
    """The sheet of actuals as it is: its cells, its columns by what they serve, the collected rows by store.

    `last_row` and `last_column` are the last with anything in them.
    """

    label: str
    cells: LazyCells
    header_row: int
    columns: dict[str, int]
    unit_yuan: int
    date1904: bool
    last_row: int
    last_column: int
    slots: dict[str, list[Slot]] = field(default_factory=dict)

    @property
    def last_days(self) -> dict[str, dt.date]:
        """The last day that was collected of each store."""
        days = {code: [slot.sold.day for slot in slots if slot.sold] for code, slots in self.slots.items()}
        return {code: max(found) for code, found in days.items() if found}


def read_actuals(
    book: Book, dimension: Dimension, others: Sequence[Dimension], unit_yuan: int, lang: Lang, path: Path,
    mapping: Mapping[str, str] | None = None,
) -> Actuals:  # fmt: skip
    """Read the sheet of actuals of a plan's workbook; raises the faults of its columns."""
    area = book.area(AREA_ACTUALS)
    sheet = book.sheet(area.sheet) if area else None
    if sheet is None:
        raise ActualsSheetGone()
    cells = book.some_cells(sheet)
    try:
        grid = load(Source(path, sheet.title, sheet.title))
    except SheetEmpty:
        return Actuals(sheet.title, cells, 1, {}, unit_yuan, book.date1904, 0, 0)
    found = recognise(grid, [Matcher(d) for d in (dimension, *others)], Span(), mapping, sheet.title)
    if found.periods:
        raise ActualsWide(label=sheet.title)
    if "amount" not in found.fields:
        raise NoAmountColumn(label=sheet.title)
    columns = _positions(found, grid.first_column, lang)
    header_row = found.header_row + 1
    last_column = grid.first_column + grid.width - 1
    actuals = Actuals(
        sheet.title, cells, header_row, columns, found.unit or unit_yuan, book.date1904, grid.height, last_column
    )
    if dimension.name not in columns and actuals.last_row > header_row:
        raise NoStoreColumn(label=sheet.title, dimension=dimension.name)
    for slot in _slots(actuals, dimension, others):
        actuals.slots.setdefault(slot.origin.partition(ARROW)[0], []).append(slot)
    return actuals


def _positions(found: Columns, first: int, lang: Lang) -> dict[str, int]:
    columns = {"date": found.fields["date"], "amount": found.fields["amount"]}
    columns |= {name: at[0] for name, at in found.dimensions.items()}
    for i, header in enumerate(found.headers):
        if header is not None and header.strip() in (ORIGIN.zh, ORIGIN.en):
            columns.setdefault("origin", i)
    return {key: at + first for key, at in columns.items()}


def _slots(actuals: Actuals, dimension: Dimension, others: Sequence[Dimension]) -> Iterator[Slot]:
    at = actuals.columns.get("origin")
    if at is None:
        return
    names = [d.name for d in others if d.name in actuals.columns]
    actuals.cells.load([*actuals.columns.values()])
    for row in actuals.cells.rows:
        origin = actuals.cells.value(row, at)
        if row <= actuals.header_row or not isinstance(origin, str) or ARROW not in origin:
            continue
        members = ((name, actuals.cells.value(row, actuals.columns[name])) for name in names)
        named = tuple((name, value) for name, value in members if isinstance(value, str) and value)
        code = origin.partition(ARROW)[0]
        store = actuals.cells.value(row, actuals.columns[dimension.name])
        day, micros = _day(actuals, row), _micros(actuals, row)
        whole = day is not None and micros is not None and store == code
        yield Slot(row, origin, Sold(day, micros, named) if whole else None)  # type: ignore[arg-type]


def _day(actuals: Actuals, row: int) -> dt.date | None:
    value = actuals.cells.value(row, actuals.columns["date"])
    if isinstance(value, float):
        return to_date(value, actuals.date1904)
    stamp = read_stamp(value) if isinstance(value, str) else None
    return stamp.date(Span()) if stamp else None


def _micros(actuals: Actuals, row: int) -> int | None:
    value = actuals.cells.value(row, actuals.columns["amount"])
    if isinstance(value, float):
        return round(Decimal(repr(value)) * actuals.unit_yuan * MICROS)
    amount = read_amount(value) if isinstance(value, str) else None
    return round(amount[0] * (amount[1] or actuals.unit_yuan) * MICROS) if amount else None


# --- what is to be written ---------------------------------------------------


def plan_actuals(
    actuals: Actuals, batches: Sequence[Batch], dimension: Dimension, others: Sequence[Dimension], lang: Lang
) -> Edits:
    """Plan the cells that bring the collected rows up to date, and tell what a refresh will not count."""
    columns, changes, looks = _columns(actuals, batches, dimension, others, lang)
    names = [d.name for d in others if d.name in columns]
    fresh = [batch for batch in batches if not _same(actuals.slots.get(batch.code, []), batch, names)]
    free = iter(sorted(slot.row for batch in fresh for slot in actuals.slots.get(batch.code, [])))
    following = max(actuals.last_row, actuals.header_row)
    like: dict[Address, Address] = {}
    model = _model_row(actuals)
    models = {key: (model, at) for key, at in actuals.columns.items()} if model is not None else {}
    written = set()
    for batch in fresh:
        for sold in batch.sold:
            row = next(free, None)
            if row is None:
                row = following = following + 1
            written.add(row)
            for key, value in _values(batch, sold, actuals, dimension, names).items():
                at = row, columns[key]
                changes[at] = value
                looks[at] = _LOOK_OF.get(key, "text")
                if key in models:
                    like[at] = models[key]
    for row in free:  # fewer rows than before
        changes |= {(row, at): BLANK for at in columns.values()}
    cells = (CellEdits(actuals.label, changes, like=like, looks=looks),) if changes else ()
    return Edits(cells, notes=tuple(_blanks(actuals, batches, others, columns)))


_LOOK_OF: dict[str, Look] = {"date": "date", "amount": "amount"}


def _columns(
    actuals: Actuals, batches: Sequence[Batch], dimension: Dimension, others: Sequence[Dimension], lang: Lang
) -> tuple[dict[str, int], dict[Address, Change], dict[Address, Look]]:
    """Return the columns by what they serve, with the headers that are still to be written."""
    columns = dict(actuals.columns)
    named = [{name for name, _ in row.members} for batch in batches for row in batch.sold]
    every = [d.name for d in others if named and all(d.name in names for names in named)]
    wanted = {"date": _DATE[lang], dimension.name: dimension.name}
    if not columns:
        wanted |= {name: name for name in every}
    wanted |= {"amount": _AMOUNT[lang], "origin": ORIGIN[lang]}
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


def _same(slots: Sequence[Slot], batch: Batch, names: Sequence[str]) -> bool:
    """Whether a store's rows stand in the sheet already."""
    wanted = [(batch.origin, _reduced(sold, names)) for sold in batch.sold]
    return [(slot.origin, slot.sold) for slot in slots] == wanted


def _reduced(sold: Sold, names: Sequence[str]) -> Sold:
    """A row with what the sheet has columns for."""
    told = dict(sold.members)
    return Sold(sold.day, sold.micros, tuple((name, told[name]) for name in names if name in told))


def _model_row(actuals: Actuals) -> int | None:
    """The last row with an amount: new rows look like it."""
    at = actuals.columns.get("amount")
    below = range(actuals.last_row, actuals.header_row, -1) if at is not None else range(0)
    return next((row for row in below if actuals.cells.value(row, at or 0) is not BLANK), None)


def _values(
    batch: Batch, sold: Sold, actuals: Actuals, dimension: Dimension, names: Sequence[str]
) -> dict[str, Change]:
    told = dict(sold.members)
    values: dict[str, Change] = {
        "date": float(to_serial(sold.day, actuals.date1904)),
        dimension.name: batch.code,
        "amount": float(Decimal(sold.micros) / MICROS / actuals.unit_yuan),
        "origin": batch.origin,
    }
    return values | {name: told.get(name, BLANK) for name in names}


def _blanks(
    actuals: Actuals, batches: Sequence[Batch], others: Sequence[Dimension], columns: Mapping[str, int]
) -> list[Problem]:
    names = {d.name for d in others if d.name in columns}
    rows = [row for batch in batches for row in batch.sold if not names <= {name for name, _ in row.members}]
    if not rows:
        return []
    fault = DimensionsBlank(label=actuals.label, dimensions="、".join(sorted(names)), count=len(rows))
    place = Place(actuals.label or SHEETS["actuals"].zh)
    return [Problem(place, "", fault, sum(row.micros for row in rows), len(rows), set_aside=False)]
