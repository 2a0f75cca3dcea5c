"""The cells of a table in memory: the first rows as text, the body by columns, each row with its true place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.faults import Problem
from xlsales.core.text import SPACES, UNSEEN
from xlsales.ooxml.cells import Flaw
from xlsales.values.cell import DASHES, WORDS_FOR_NOTHING

Row = Sequence[str | None]
HEAD_ROWS = 60
"""The header is searched in so many rows."""


class Part(Struct, frozen=True):
    """Rows of a grid that are in a sheet of their own: the first row, its row there (from 0), the label of the sheet.

    `title` is the name of the sheet, `titles` the texts above its header.
    """

    first: int
    row: int
    label: str
    title: str = ""
    titles: tuple[str, ...] = ()


class Merged(Struct, frozen=True):
    """Cells of a column merged downwards: the first and the last row, and the column, all 1-based."""

    first: int
    last: int
    column: int


class Grid(Struct, frozen=True, dict=True):
    """The used cells of a sheet, blank cells null: the first rows as text, the body by columns.

    Row 0 is row 1 of the sheet; column 0 is column `first_column` (1-based). `date1904`: serials count from 1904 (not
    known of .xls and .xlsb; there they count from 1900). `flaws` are its error cells, and `merged` the cells merged
    downwards, if the file lists them. `others` are the other sheets of the file, if none was named. `parts`: rows that
    are in sheets of their own. `notes`: what people should know of the reading. `plain_text`: a text file. `moved` are
    rows (first, end) with cells that were put into other columns: column → their true one.
    """

    body: pl.DataFrame
    head: tuple[tuple[str | None, ...], ...] = ()
    first_column: int = 1
    date1904: bool = False
    flaws: Sequence[tuple[int, int, Flaw]] = ()
    others: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    notes: tuple[Problem, ...] = ()
    plain_text: bool = False
    moved: tuple[tuple[int, int, dict[int, int]], ...] = ()
    merged: tuple[Merged, ...] = ()

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.head) + self.body.height

    @property
    def width(self) -> int:
        """The number of columns."""
        return self.body.width

    def top(self, count: int) -> list[tuple[str | None, ...]]:
        """The first rows as text."""
        return self._first_rows[:count] if count <= HEAD_ROWS else self._rows(count)

    @cached_property
    def _first_rows(self) -> list[tuple[str | None, ...]]:
        return self._rows(HEAD_ROWS)

    def _rows(self, count: int) -> list[tuple[str | None, ...]]:
        rest = self.body.head(max(count - len(self.head), 0))
        return [*self.head[:count], *pl.DataFrame([text_of(column) for column in rest]).rows()]

    def below(self, row: int) -> pl.DataFrame:
        """The rows after `row`; all of them are text if they begin above the body."""
        start = row + 1 - len(self.head)
        if start >= 0:
            return self.body.slice(start)
        texts = pl.DataFrame([text_of(column) for column in self.body])
        above = pl.DataFrame(self.head[start:], schema=texts.schema, orient="row")
        return pl.concat([above, texts])

    def with_columns(self, row: int, columns: Mapping[int, pl.Series]) -> Grid:
        """The grid with these cells in some of its columns below `row`."""
        body = self.below(row)
        body = body.with_columns(column.alias(body.columns[i]) for i, column in columns.items())
        return replace(self, head=tuple(self.top(row + 1)), body=body)

    def flawed(self, columns: set[int]) -> dict[int, list[tuple[int, str]]]:
        """Errors and formulas without a result, which load as blank: column → (row, code).

        Only .xlsx and .xlsm list them; in other files such a cell is blank.
        """
        flaws: dict[int, list[tuple[int, str]]] = {}
        for row, column, flaw in self.flaws:
            if column - self.first_column in columns:
                flaws.setdefault(column - self.first_column, []).append((row - 1, str(flaw)))
        return flaws


def where(parts: Sequence[Part], label: str, row: int) -> tuple[str, int]:
    """Return the sheet and the row (1-based) of a grid's row."""
    if not parts:
        return label, row + 1
    part = parts[max(bisect_right(parts, row, key=lambda p: p.first) - 1, 0)]
    return part.label, row - part.first + part.row + 1


BLANK_MARKS = DASHES | WORDS_FOR_NOTHING
"""What people and exporters write for nothing; in a cell that a person types, only dashes are nothing."""
_NO_NAMES: frozenset[str] = frozenset()
_SAMPLE = 4096
"""The first so many cells show whether a column repeats its texts."""


def filled(column: pl.Series, names: frozenset[str] = _NO_NAMES) -> pl.Series:
    """A column as text without the spaces around it; null if it is blank, or a mark that means blank.

    `names` are marks that are names in this column (`Matcher.names_like_blanks`).
    """
    change = partial(_filled, marks=BLANK_MARKS - names)
    return _each_once(column, change) if column.dtype == pl.String else change(column)


def _filled(column: pl.Series, marks: frozenset[str]) -> pl.Series:
    text = text_of(column).str.strip_chars()
    blank = text.is_in(sorted(marks))
    return text.set(blank, None) if blank.any() else text


def text_of(column: pl.Series) -> pl.Series:
    """A column as text: whole numbers without a decimal point, dates as `2026-01-05 00:00:00`."""
    if column.dtype == pl.String:
        return _each_once(column, _without_unseen)
    if column.dtype.is_temporal():
        return column.cast(pl.Datetime("ms"), strict=False).dt.strftime("%Y-%m-%d %H:%M:%S")
    if column.dtype.is_float():
        whole = column.cast(pl.Int64, strict=False)
        as_whole = whole.cast(pl.Float64) == column
        return pl.select(pl.when(as_whole).then(whole.cast(pl.String)).otherwise(column.cast(pl.String))).to_series()
    return column.cast(pl.String)


def _without_unseen(column: pl.Series) -> pl.Series:
    """A column of text without characters that cannot be seen."""
    if not column.str.contains(f"{UNSEEN}|{SPACES}").any():
        return column
    return column.str.replace_all(UNSEEN, "").str.replace_all(SPACES, " ")


def distinct(column: pl.Series) -> pl.Series:
    """The different texts of a column; all of them if finding the different ones costs more than it saves."""
    sample = column.head(_SAMPLE)
    return column.unique() if len(column) > _SAMPLE and 2 * sample.n_unique() < _SAMPLE else column


def _each_once(column: pl.Series, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Change a column of text, looking at each different text once."""
    texts = distinct(column)
    if texts is column:
        return change(column)
    texts = texts.drop_nulls()
    changed = change(texts)
    if changed.eq_missing(texts).all():
        return column
    return column.replace_strict(texts, changed, default=None, return_dtype=pl.String)
