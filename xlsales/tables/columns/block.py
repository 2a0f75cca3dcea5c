"""The header of a table: one row, or a block of rows with merged groups, joined column by column.

`1月 . 2月 .` over `数量 金额 数量 金额`, `2026年` over months, `线上 线下` over months: the heading of a column is all
that is above it. A title, a unit or a maker's name above the table is no part of its header.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property

from msgspec import Struct

from xlsales.core.expressions import expression
from xlsales.core.text import identity, narrow
from xlsales.tables.words.labels import is_heading, read_label
from xlsales.tables.words.units import is_unit, split_header, units_in
from xlsales.values.date_text import Stamp

Row = Sequence[str | None]
MOST_ROWS = 4
_NUMBER = expression(r"[-+(]?[¥$]?\d[\d,]*(\.\d+)?%?\)?")
_LOOKED_AT = 8
"""So many rows below a row of words show whether it is above numbers."""
_YEAR = expression(r"(19|20)\d\d")
_DAY = expression(r"\d{1,2}\s*[日号]")


class Header(Struct, frozen=True, dict=True):
    """The rows `first` to `last` of the grid, and for each column its headings from the top down."""

    first: int
    last: int
    parts: tuple[tuple[str, ...], ...]

    @cached_property
    def names(self) -> tuple[str | None, ...]:
        """The name of each column: its headings, joined."""
        return tuple(" ".join(parts) or None for parts in self.parts)


def block_at(head: Sequence[Row], at: int, is_member: Callable[[str], bool]) -> Header:
    """The header with its best row at `at`, and the rows above and below that belong to it."""
    first = last = at
    while (
        last + 1 < len(head)
        and last - first + 1 < MOST_ROWS
        and (_goes_on(head[last], head[last + 1]) or _words_above_numbers(head[last], head[last + 1], head[last + 2 :]))
    ):
        last += 1
    rows = [list(head[last])]
    for row in reversed(head[first:last]):
        rows.insert(0, _fill(row, rows[0]))
    while first > 0 and last - first + 1 < MOST_ROWS and _groups(head[first - 1], rows[0], is_member):
        first -= 1
        rows.insert(0, _fill(head[first], rows[0]))
    parts = []
    for cells in zip(*rows, strict=True):
        words: list[str] = []
        for cell in cells:
            if cell is not None and (not words or identity(words[-1]) != identity(cell)):
                words.append(cell)
        parts.append(tuple(words))
    return Header(first, last, tuple(parts))


def _goes_on(upper: Row, lower: Row) -> bool:
    """Whether the row below a header belongs to it: periods or measures below groups, no data, no repetition."""
    cells = [(i, cell) for i, cell in enumerate(lower) if cell is not None]
    if cells and all(is_unit(cell) and upper[i] is not None for i, cell in cells):
        return any(split_header(cell)[1] for _, cell in cells)
    below = [(i, cell) for i, cell in cells if upper[i] is None or identity(upper[i] or "") != identity(cell)]
    if len(below) < 2 or any(_is_number(cell) for _, cell in below):
        return _years_below(upper, lower)
    if all(_DAY.fullmatch(narrow(cell)) for _, cell in below):
        return any(cell is not None and isinstance(read_label([cell]).period, Stamp) for cell in upper)
    if not all(is_heading(cell) for _, cell in below):
        return False
    spans = any(upper[i] is None for i, _ in below) or len({identity(cell) for _, cell in below}) < len(below)
    return spans or all(read_label([upper[i] or ""]).period is not None for i, _ in below)


def _words_above_numbers(upper: Row, lower: Row, rest: Sequence[Row]) -> bool:
    """`台次 金额 现金 扫码` below merged groups: words, each in a column that holds nothing but numbers further down.

    A row of data has its words in columns of words.
    """
    words = [(i, cell) for i, cell in enumerate(lower) if cell is not None]
    if len(words) < 2 or all(upper[i] is not None for i, _ in words) or not any(upper[i] is not None for i, _ in words):
        return False
    if any(_is_number(cell) or identity(cell) == identity(upper[i] or "") for i, cell in words):
        return False
    for i, _ in words:
        below = [cell for row in rest[:_LOOKED_AT] if (cell := row[i]) is not None]
        if not below or not all(map(_is_number, below)):
            return False
    return True


def _years_below(upper: Row, lower: Row) -> bool:
    """`2025 2026 2025 2026` below months."""
    cells = [cell for cell in lower if cell is not None]
    counts = Counter(cells)
    return (
        len(cells) >= 4
        and all(_YEAR.fullmatch(narrow(cell)) for cell in cells)
        and min(counts.values()) > 1
        and sum(1 for cell in upper if cell is not None and read_label([cell]).period is not None) >= 2
    )


def _groups(upper: Row, lower: Row, is_member: Callable[[str], bool]) -> bool:
    """Whether a row above a header groups its columns: it is no row of titles, units or names of makers."""
    cells = [(i, cell) for i, cell in enumerate(upper) if cell is not None]
    above = [(i, cell) for i, cell in cells if lower[i] is not None]
    if not above or any(_is_number(cell) and not _YEAR.fullmatch(narrow(cell)) for _, cell in cells):
        return False
    if any(units_in([cell]) for _, cell in cells if not is_heading(cell)):
        return False
    if len(cells) == 1 and above[0][0] == next(i for i, cell in enumerate(lower) if cell is not None):
        return False  # a title
    repeated = {word for word, n in Counter(identity(cell) for cell in lower if cell is not None).items() if n > 1}
    spans = [_span(upper, lower, i) for i, _ in above]
    if repeated and sum(any(identity(lower[i] or "") in repeated for i in span) for span in spans) >= 2:
        return True
    if not all(is_heading(cell) or is_member(cell) for _, cell in above):
        return False
    return all(is_heading(lower[i] or "") for span in spans for i in span) and (len(above) > 1 or len(spans[0]) > 1)


def _span(upper: Row, lower: Row, start: int) -> range:
    """The columns of the lower row that a cell of the upper row is above."""
    end = start + 1
    while end < len(upper) and upper[end] is None and lower[end] is not None:
        end += 1
    return range(start, end)


def _fill(upper: Row, lower: Row) -> list[str | None]:
    filled = list(upper)
    for i, cell in enumerate(upper):
        if cell is not None and lower[i] is not None:
            for at in _span(upper, lower, i):
                filled[at] = cell
    return filled


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(narrow(text)))
