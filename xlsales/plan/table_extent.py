"""How far an input table reaches: rows directly below it are its own, and rows apart from it are found."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xlsales.core.faults import Fault, Place
from xlsales.core.text import identity
from xlsales.ooxml.book import Book, TablePart
from xlsales.plan.input_cells import Cells, is_label
from xlsales.tables.words.total_words import is_totals_word
from xlsales.values.cell import text_of
from xlsales.vocabulary import plan_tables
from xlsales.vocabulary.plan_tables import InputTable

_TITLES = {title for table in plan_tables.TABLES for title in (table.label.zh, table.label.en)}
_TITLES |= set(plan_tables.EARLIER_TITLES)
"""The titles above tables that share a sheet."""
_FILLED_APART = 2
_ABOVE_TABLE = 2
"""So many rows above a table are its title and its hints."""


class RowApart(Fault):
    """A row below an input table, apart from it by blank rows, so that it is not read."""

    zh = "“{table}”下面隔着空行还有一行(“{found}”),不在表里,没有读。要它算数,请移到紧接着表的一行;不是,就移到表的右边。"
    en = (
        'Below "{table}", apart from it, is another row ("{found}"): it is not read. If it counts, move it right below '
        "the table; if not, to the right of it."
    )


def end_of(book: Book, table: TablePart, content: Callable[[Place], object], last: int = 0) -> int:
    """Return the row after the last one of an input table; `content` is what a cell holds.

    Rows directly below the table are its own: only Excel lets a table grow by typing. So are all down to row `last`.
    """
    area, end = table.area, table.data_rows.stop
    if table.totals_rows:
        return end
    across = range(area.column, area.last_column + 1)
    below = [other.area.row for other in tables_below(book, table, end)]
    end = max(end, min([last, *(row - 1 for row in below)]))
    while end not in below:
        texts = [text_of(content(Place(area.sheet, end, column))) for column in across]
        if not any(texts) or (end + 1 in below and any(text in _TITLES for text in texts)):
            break
        end += 1
    return end


def row_apart(
    book: Book, table: TablePart, end: int, columns: Sequence[int], cells: Cells
) -> tuple[Place, list[str]] | None:
    """Return the first row below an input table that ends before row `end`, filled as its rows are, and its texts.

    It has at least two of the table's `columns`: what stands there alone is a remark. A row of totals, or of a setting,
    is none.
    """
    title = table.area.sheet
    if table.totals_rows:
        return None
    below = [one.area.row - _ABOVE_TABLE for one in tables_below(book, table, end)]
    for row in range(end + 1, min([cells.of(title).last_row + 1, *below])):
        texts = [text for at in columns if (text := text_of(cells.content(Place(title, row, at))))]
        if len(texts) >= _FILLED_APART and not any(is_totals_word(text) or is_label(text) for text in texts):
            return Place(title, row, columns[0]), texts
    return None


def tables_below(book: Book, table: TablePart, row: int) -> list[TablePart]:
    """Return the tables that stand below another one, from a row on."""
    area = table.area
    return [
        other
        for other in book.tables.values()
        if other.area.sheet == area.sheet
        and other.area.row >= row
        and other.area.column <= area.last_column
        and other.area.last_column >= area.column
    ]


def column_of(table: TablePart, description: InputTable, key: str | None) -> int | None:
    """Return the column in which an input table has a column of the contract; None if it has lost it."""
    headers = {identity(header): table.area.column + i for i, header in enumerate(table.headers)}
    names = (name for column in description.columns if column.key == key for name in column.names)
    return next((headers[name] for name in map(identity, names) if name in headers), None)
