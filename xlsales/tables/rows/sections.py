"""Headers that are there again below: a header repeated on each page, and another table pasted under the first.

Rows below a header of another order are read by that header: their cells are put into the first one's columns, and
each keeps its true place. A table that does not fit is set aside as a whole, never read by the first one's columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.text import identity
from xlsales.tables.columns.roles import Columns
from xlsales.tables.files.grids import Grid, text_of
from xlsales.tables.reasons import Counted
from xlsales.tables.rows.sieve import Sieve
from xlsales.tables.words.header_words import DIMENSIONS, FIELDS, normal, synonyms, tier_of
from xlsales.tables.words.labels import is_heading
from xlsales.tables.words.units import split_header

MOST_HEADERS = 2000
"""So many rows that look like headers are looked at."""
_NUMBER = r"^[-+(¥$]*\d[\d,.\s]*[)%]?$"
_DIMENSION_WORDS = frozenset().union(*DIMENSIONS)

Row = Sequence[str | None]


class RepeatedHeader(Counted):
    """Rows that repeat the header."""

    zh = "重复的表头(共 {rows_zh}),没有计入。不用处理,或从数据里删去。"
    en = "The header again ({rows_en} in all), not counted. Leave it, or delete it from the data."
    remark = True


class OtherTable(Counted):
    """Rows below a header that does not fit the first one's."""

    zh = "从这里起是另一张表(表头:{headers}),与上面的列对不上,{rows_zh}没有计入。请把它单独粘贴,或改成相同的表头。"
    en = (
        "Another table begins here (headers: {headers}); its columns do not match those above: {rows_en} not counted. "
        "Paste it by itself, or give it the same headers."
    )


class Sections(Struct, frozen=True):
    """The rows of a grid (from 0) that repeat the header, and tables that do not fit: (header's row, end, headers)."""

    repeated: tuple[int, ...] = ()
    foreign: tuple[tuple[int, int, str], ...] = ()

    def sift(self, sieve: Sieve) -> None:
        """Set these rows aside."""
        rows, amounts = sieve.rows, sieve.amounts
        for first, end, headers in self.foreign:
            mask = (rows.grid_row >= first) & (rows.grid_row < end)
            amounts.micros[mask], amounts.readable[mask] = 0, False
            sieve.as_one(mask, 0, headers, OtherTable, headers=headers, cells=rows.wide)
        if self.repeated:
            mask = np.isin(rows.grid_row, np.array(self.repeated))
            amounts.micros[mask], amounts.readable[mask] = 0, False
            sieve.as_one(mask, 0, rows.header(0), RepeatedHeader, cells=rows.wide)


def sections_of(grid: Grid, columns: Columns) -> tuple[Grid, Sections]:
    """Find the headers below the first, and put the rows of another order into its columns."""
    probes = [columns.fields[name] for name in ("date", "amount", "price") if name in columns.fields]
    probes += columns.cells[:1]
    below = grid.below(columns.header_row)
    texts = [probe for probe in probes if below[:, probe].dtype == pl.String]
    if not texts:  # a header would have made texts of them
        return grid, Sections()
    own = [None if text is None else identity(text) for text in columns.headers[: grid.width]]
    names, wide = {name for name in own if name}, bool(columns.cells)
    headers = [
        (at, _cells(below, at)) for at in _candidates(below[:, texts[0]], names, wide and "date" not in columns.fields)
    ]
    headers = [(at, row) for at, row in headers if _is_header(row, own, wide)]
    if not headers:
        return grid, Sections()
    first = columns.header_row + 1
    repeated: list[int] = []
    foreign: list[tuple[int, int, str]] = []
    moved: list[tuple[int, int, dict[int, int]]] = []
    ends = [*(at for at, _ in headers[1:]), below.height]
    for (at, row), end in zip(headers, ends, strict=True):
        same = [None if cell is None else identity(cell) for cell in row]
        order = _order(columns, row, own, same) if same != own else {}
        if order is None:
            foreign.append((at + first, end + first, "、".join(cell for cell in row if cell is not None)))
            continue
        repeated.append(at + first)
        if order:
            moved.append((at + first + 1, end + first, order))
    return _rearrange(grid, columns, below, moved), Sections(tuple(repeated), tuple(foreign))


def _candidates(probe: pl.Series, own: set[str], periods: bool) -> list[int]:
    """The rows with a word of headers in a column of dates or amounts; `periods`: months are such words."""
    plain = _NUMBER if periods else r"\d"
    words = probe.filter(~probe.str.contains(plain).fill_null(True)).unique().drop_nulls().to_list()
    words = [word for word in words if identity(word) in own or _is_word(word) or (periods and is_heading(word))]
    at = np.flatnonzero(probe.is_in(words).fill_null(False).to_numpy()) if words else np.zeros(0, np.int64)
    return [int(i) for i in at[:MOST_HEADERS]]


def _cells(below: pl.DataFrame, at: int) -> Row:
    texts = [text_of(column.slice(at, 1))[0] for column in below]
    return [None if text is None or not text.strip() else " ".join(text.split()) for text in texts]


def _is_word(text: str) -> bool:
    return any(tier_of(name, text) is not None for name in FIELDS) or normal(text) in _DIMENSION_WORDS


def _is_header(row: Row, own: Sequence[str | None], wide: bool) -> bool:
    cells = [cell for cell in row if cell is not None]
    words = [cell for cell in cells if identity(cell) in own or _is_word(cell) or (wide and is_heading(cell))]
    return len(cells) >= 2 and len(words) * 3 >= len(cells) * 2


def _order(columns: Columns, row: Row, own: Row, same: Row) -> dict[int, int] | None:
    """For each column of the first header the column of another that serves it; None if one that is needed is missing.

    The same header counts; else one of the same field or dimension, in the same unit.
    """
    spare = ("quantity", "price") if "amount" in columns.fields else ()
    needed = [*(column for name, column in columns.fields.items() if name not in spare), *columns.cells]
    needed += [column for group in columns.dimensions.values() for column in group[:1]]
    order = {i: same.index(name) for i, name in enumerate(own) if name is not None and name in same}
    roles = {column: name for name, column in columns.fields.items()}
    of_dimension = {column: name for name, group in columns.dimensions.items() for column in group}
    for column in needed:
        if column in order or column >= len(own):
            continue
        free = [(i, cell) for i, cell in enumerate(row) if cell is not None and i not in order.values()]
        if column in roles:
            fitting = [i for i, cell in free if tier_of(roles[column], cell) is not None]
        else:
            fitting = [i for i, cell in free if normal(cell) in synonyms(of_dimension.get(column, ""))]
        fitting = [i for i in fitting if _units(row[i]) == _units(columns.headers[column])]
        if len(fitting) != 1:
            return None
        order[column] = fitting[0]
    return order


def _units(header: str | None) -> list[object]:
    return [part.unit for part in split_header(header or "")[1]]


def _rearrange(
    grid: Grid, columns: Columns, below: pl.DataFrame, moved: Sequence[tuple[int, int, Mapping[int, int]]]
) -> Grid:
    """The grid with the rows of each other order put into the first header's columns."""
    if not moved:
        return grid
    first = columns.header_row + 1
    texts = pl.DataFrame([text_of(column) for column in below])
    pieces, at = [], 0
    for start, end, order in moved:
        pieces.append(texts[at : start - first])
        piece = texts[start - first : end - first]
        blank = pl.Series([None], dtype=pl.String).new_from_index(0, piece.height)
        pieces.append(
            pl.DataFrame([
                (piece[:, order[i]] if i in order else blank).alias(name) for i, name in enumerate(texts.columns)
            ])
        )  # fmt: skip
        at = end - first
    pieces.append(texts[at:])
    flaws = []
    for row, column, flaw in grid.flaws:
        within = [order for start, end, order in moved if start <= row - 1 < end]
        back = {theirs + grid.first_column: mine + grid.first_column for o in within for mine, theirs in o.items()}
        if not within or column in back:
            flaws.append((row, back.get(column, column), flaw))
    head = tuple(grid.top(first))
    return replace(
        grid, head=head, body=pl.concat(pieces), flaws=flaws, moved=tuple((s, e, dict(o)) for s, e, o in moved)
    )
