"""What a written sheet is, before any file exists: columns and rows with keys, values, charts, page set-up.

Both the renderer (a fresh sheet) and the patcher (a sheet a person has
restyled) work from the same `SheetModel`. Every sheet we write has one frame:

    row 1 (hidden)     column keys; A1 is the sheet's identity, `xlsales:<key>`
    column A (hidden)  row keys
    column B (hidden)  what a row counts for in the proof formulas (`/1/`, `month` …)
    row 2 title, row 3 sub-line, row 4 group headers, row 5 headers, then the rows

so a cell is known by (row key, column key) wherever a person has moved it.
"""

from __future__ import annotations

import datetime as dt
import math
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal

from msgspec import Struct, field

from xlsales.core import a1
from xlsales.core.faults import Place
from xlsales.vocabulary.contract import CNY, LANGS, SHEETS, Word
from xlsales.vocabulary.contract import IDENTITY as IDENTITY

TITLE_ROW, SUBLINE_ROW, GROUP_ROW, HEADER_ROW, FIRST_ROW = 2, 3, 4, 5, 6
FIRST_COLUMN = 3
"""1-based positions of a fresh sheet's parts."""

CHART_NAME = "xlsales"
"""The name of every chart we draw: a person's has another."""

REPEATED = "short:"
"""Keys of rows that show once more what other rows hold begin with this: their targets follow those of the others."""

SUBLINE = "#subline"
"""Row key of the sub-line."""
WAY_BACK = Word(*(f"← {SHEETS['guide'][lang]}" for lang in LANGS))
"""What leads from a sheet to the guide; in a written sheet it is at the end of the title's row."""

Role = Literal[
    "text", "wrap", "date", "money", "yuan", "delta", "percent", "chance", "bar", "points", "number", "times", "ratio",
    "factor", "count", "ordinal", "status", "lamp", "proof", "link", "heat", "bars", "day", "month", "scale",
    "entry", "entry_amount", "entry_choice", "entry_share", "entry_text", "entry_day",
]  # fmt: skip
"""How a value is shown. `money` is in the plan's unit, `yuan` always in yuan, `delta` is signed money (negative
is bad), `chance` a percentage without decimals, `bar` one with a data bar, `points` a difference of percentages, `wrap`
long text over several lines, `times` a number with one decimal, `ratio` one with two, `factor` one with two to four,
`ordinal` the number of a row, `status` and `lamp` a coloured word, `proof` an amount that must be 0, `link` a text that
can be clicked, `heat` a percentage on a ground that is the warmer the less it is, `bars` one of `look.BARS`, a piece of
a bar over several cells, `day` a date as its day of the month, `month` one as its number in the year, `scale` a text
that reaches over the next cells, but no number, `entry` a number that a person types, shown as money is, `entry_amount`
an amount in the plan's unit, `entry_choice` a word that a person picks, `entry_share` a percentage that a person types,
`entry_text` a text and `entry_day` a day that a person types."""
ENTRIES: tuple[Role, ...] = ("entry", "entry_amount", "entry_choice", "entry_share", "entry_text", "entry_day")
"""How cells are shown that a person types into."""

Kind = Literal[
    "normal", "total", "strong", "proof", "stretch", "note", "section", "header", "label", "figure", "sentence",
    "space",
]  # fmt: skip
"""What a row is. `strong` heads a group of rows; `label` and `figure` are the two lines of key figures; a `sentence` is
read, in larger type."""


class Formula(Struct, frozen=True):
    """A live formula (A1 notation, English names, with its `=`) and the result stored with it."""

    text: str
    result: float | str | dt.date


class Link(Struct, frozen=True):
    """Where a click leads: the cell at (row, column), by keys, of the sheet of ours with this key.

    In a cell, which is in a hidden column, it is the text that HYPERLINK takes, `#'title'!C12`; blank if there is no
    such cell.
    """

    sheet: str
    row: str
    column: str


class LinkToPlace(Struct, frozen=True):
    """Likewise, to a place in a sheet that a person fills; blank if it is not in the workbook."""

    place: Place


Value = float | int | str | dt.date | Formula | Link | LinkToPlace | None
"""A cell's value. Money in yuan; None and NaN are blank cells; text stays text, whatever it looks like."""


class Keyed(Struct, frozen=True):
    """A formula by keys (see `layout.keyed`): text and result follow when rows and columns have their places."""

    def formula(self, row: str, column: str, sheet: Any) -> Formula:
        """Return the formula of the cell at (row, column) of a `layout.keyed.Placed`."""
        raise NotImplementedError


class Column(Struct, frozen=True):
    """A column: key, header, how its values are shown, width in characters, header of its group."""

    key: str
    header: str
    role: Role
    width: float = 12
    group: str = ""
    lamps: tuple[tuple[Word, str], ...] = ()
    """Of a column of role `lamp`: its words, each with a colour of `look.LAMPS`."""
    hidden: bool = False
    choices: tuple[Word, ...] = ()
    """Of a column of role `entry_choice`: the words of its list to pick from."""
    picks: tuple[str, str, str] | None = None
    """Likewise, the cells whose texts are on the list: first row, last row, column."""
    trend: str = ""
    """Keys of columns (with `*`) whose figures of a row its cell draws as small bars, which are no value."""


class Row(Struct, frozen=True):
    """A row of values by column key.

    `counts_for` goes into hidden column B for the proof formulas. `outline` is the grouping level
    (0 outermost) and the indent of the label. `roles` overrides the columns' roles in this row, `money` the sheet's
    format of amounts.
    """

    key: str
    values: Mapping[str, Value]
    kind: Kind = "normal"
    counts_for: str = ""
    outline: int = 0
    hidden: bool = False
    roles: Mapping[str, Role] = field(default_factory=dict)
    height: float | None = None  # points; None: by its kind
    money: str | None = None
    formulas: Mapping[str, Keyed] = field(default_factory=dict)
    """Formulas by keys, by column; they become values when the sheet is laid out."""


class Series(Struct, frozen=True):
    """A chart series: a column of values over rows `first` to `last` (row keys) of the same sheet; it may be hidden.

    Lines are drawn over columns, not lying bars; one that is `apart` is thin and dashed.
    A series without a colour is not seen: it holds up what is stacked on it. The legend has
    those that have a colour and are not `apart`: such a one is the other part of a series above.
    """

    name: str
    column: str
    first: str
    last: str
    colour: str
    shape: Literal["column", "bar", "line"] = "column"
    labels: bool = False
    apart: bool = False


class Chart(Struct, frozen=True):
    """A native chart at a cell, of a size in columns × rows of the sheet; categories are a column's texts."""

    title: str
    series: tuple[Series, ...]
    categories: str
    row: str
    column: str
    last_row: str
    last_column: str
    stacked: bool = False


def chart_rows(count: int, height: float | None = None) -> list[Row]:
    """Return the empty rows in which a chart stands: `chart:0` and so on, of a height in points or the usual one."""
    return [Row(f"chart:{n}", {}, "space", height=height) for n in range(count)]


class SheetModel(Struct, frozen=True, dict=True):
    """A sheet to be written: `key` names its kind (`time`, `dimension:区域` …), `name` its defined name.

    `breaks_before_columns` are column keys that start a new printed page, `breaks_before_rows` row keys
    of blocks that start one if they do not fit on the page under way, or always if they are `apart`;
    `frozen_rows` is how many body rows stay visible with the header, on each printed page too if `repeats` them;
    `zoom` is in percent, on the screen;
    `one_page` prints all of it on one page.
    """

    key: str
    name: str
    title: str
    heading: str
    subline: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    charts: tuple[Chart, ...] = ()
    money: str = "#,##0"
    breaks_before_rows: tuple[str, ...] = ()
    apart: bool = False
    breaks_before_columns: tuple[str, ...] = ()
    frozen_rows: int = 0
    repeats: bool = False
    portrait: bool = False
    one_page: bool = False
    zoom: int = 100
    keeps_targets: bool = False
    tree: bool = False
    archive: bool = False
    keeps_look: bool = False
    currency: str = CNY

    @property
    def identity(self) -> str:
        """The text of A1."""
        return IDENTITY + self.key

    @property
    def look(self) -> str:
        """The first part of the stamp: formats and currency of money, the heading.

        The heading shows the language; yuan are not named, as in sheets of earlier versions.
        """
        formats = dict.fromkeys(plain_format(m) for m in (self.money, *(row.money for row in self.rows)) if m)
        foreign = "" if self.currency == CNY else f" {self.currency}"
        return f"{' '.join(formats)}{foreign}|{self.heading}"

    @property
    def stamp(self) -> str:
        """The text of B1: the look, and a fingerprint of the targets."""
        targets = (
            (row.key, column.key, value)
            for column in self.columns
            for row in self.rows
            if is_target(row.key, column.key) and isinstance(value := row.values.get(column.key), int | float)
        )
        return f"{self.look}|{fingerprint(targets)}"

    @property
    def subline_columns(self) -> tuple[str, ...]:
        """Keys of the columns that have the sub-line: the first, or the head of each printed block of columns."""
        if self.breaks_before_columns:
            return (self.columns[1].key, *self.breaks_before_columns)
        return (self.columns[0].key,)

    def row_number(self, key: str) -> int:
        """The 1-based row of a row key in a fresh sheet."""
        return self._row_numbers[key]

    def column_number(self, key: str) -> int:
        """The 1-based column of a column key in a fresh sheet."""
        return self._column_numbers[key]

    @cached_property
    def _row_numbers(self) -> dict[str, int]:
        numbers: dict[str, int] = {}
        for number, row in enumerate(self.rows, FIRST_ROW):
            numbers.setdefault(row.key, number)
        return numbers

    @cached_property
    def _column_numbers(self) -> dict[str, int]:
        numbers: dict[str, int] = {}
        for number, column in enumerate(self.columns, FIRST_COLUMN):
            numbers.setdefault(column.key, number)
        return numbers

    def address(self, row: str, column: str) -> str:
        """The A1 address of a cell in a fresh sheet."""
        return a1.cell(self.row_number(row), self.column_number(column))


def is_target(row: str, column: str) -> bool:
    """Whether a cell, by its keys, holds a target: the whole plan's or a month's."""
    return (column == "target" or column.startswith("t:")) and not row.startswith(REPEATED)


def plain_format(money: str) -> str:
    """Return the format of small amounts: without the section that draws a comma in large ones."""
    return money.partition(";")[0].rpartition("]")[2]


def _kept(value: float) -> float:
    """A number without the digits in which a file, or the order of a sum, may differ."""
    number = float(value)
    return number if number.is_integer() else float(f"{round(number, 6):.15g}")


def fingerprint(cells: Iterable[tuple[str, str, float]]) -> str:
    """Return a short fingerprint of numbers by (row key, column key), in any order; blank ones do not count.

    It is of numbers as a file keeps them: up to 15 digits, and as fine as a millionth.
    """
    lines = sorted(f"{row}|{column}|{_kept(value)!r}" for row, column, value in cells if math.isfinite(value))
    return f"{zlib.crc32(chr(10).join(lines).encode()):08x}"


def rows_to_write(model: SheetModel) -> Iterator[tuple[str, Mapping[str, Value]]]:
    """Yield the rows of a model that the patcher may have to write: row key, and values by column key.

    A row gives the columns it names, blank ones as None or NaN, so that a figure that is gone is cleared.
    Headers and the title are left to the person; the sub-line is the row SUBLINE, in each of `subline_columns`.
    """
    yield SUBLINE, dict.fromkeys(model.subline_columns, model.subline)
    for row in model.rows:
        if row.kind not in ("section", "header", "label"):
            yield row.key, row.values


def blank_if_nan(value: Value) -> Value:
    """Return None for NaN, infinities and empty text; anything else as it is."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return None if isinstance(value, str) and not value else value


def sheet_title(text: str, titles: Collection[str] = ()) -> str:
    """Return a legal Excel sheet title near `text`, unlike any in `titles` (compared without case)."""
    clean = "".join("_" if c in "[]:*?/\\" or ord(c) < 32 else c for c in text).strip("' ") or "Sheet"
    others = {t.casefold() for t in titles} | {"history"}  # Excel keeps the title History for itself
    title, n = clean[:31].rstrip() or "Sheet", 1
    while title.casefold() in others:
        n += 1
        title = f"{clean[: 31 - len(str(n)) - 1]}_{n}"
    return title
