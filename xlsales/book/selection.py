"""The cells that a person means by `按区域!C5:F9,H5`: of one sheet, each once, without hidden ones among seen ones."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from xlsales.core.a1 import Address
from xlsales.core.expressions import expression
from xlsales.core.faults import Fault
from xlsales.core.text import clean, narrow
from xlsales.ooxml import grid
from xlsales.ooxml.book import Book, SheetPart
from xlsales.ooxml.cells import BLANK, Cell, SheetCells
from xlsales.ooxml.shown_cells import shown_cells

MOST_CELLS = 100_000
"""A selection of more cells is a slip, such as of whole columns."""
_AREA = expression(r"""\s*(?:'((?:[^']|'')+)'[!!]|([^'!!,,;;、]+)[!!])?\s*([^!!,,;;、\s]+)\s*(?:[,,;;、]|$)""")
"""One block, also with full-width marks, as people type them among Chinese."""
_CORNERS = expression(r"\$?([A-Z]*)\$?(\d*):\$?([A-Z]*)\$?(\d*)")


class CellsUnreadable(Fault):
    """A text that names no cells."""

    zh = "看不懂“{cells}”是哪些格。请写成 按区域!C5:F9,几块用逗号分开。"
    en = '"{cells}" names no cells. Write them as Sheet1!C5:F9, several blocks with commas between them.'


class NoSuchSheet(Fault):
    """The sheet of the cells is not in the workbook."""

    zh = "工作簿里没有“{sheet}”这张表。请核对表名。"
    en = 'The workbook has no sheet "{sheet}". Check its name.'


class SeveralSheets(Fault):
    """Cells of more than one sheet."""

    zh = "“{cells}”在几张表里。请每次只选一张表的格。"
    en = '"{cells}" is on several sheets. Choose cells of one sheet at a time.'


class TooManyCells(Fault):
    """More cells than anybody means."""

    zh = "选了 {count} 格,最多 {most} 格。请少选一些。"
    en = "{count:cells} selected; {most} is the limit. Select fewer."


class NothingSelected(Fault):
    """Nothing is named, or only cells that a merged one covers."""

    zh = "没有选中单元格。请先选要改的格。"
    en = "No cells are selected. Select those that are to change first."


class Selection(Struct, frozen=True):
    """Cells of a sheet in reading order; `hidden` is how many of those named are not seen and left out."""

    sheet: SheetPart
    cells: SheetCells
    at: tuple[Address, ...]
    hidden: int = 0

    def cell(self, at: Address) -> Cell:
        """Return a cell; a blank one if there is none."""
        return self.cells.get(at) or Cell(BLANK)


def read_selection(book: Book, text: str, within: SheetPart | None = None) -> Selection:
    """Return the cells that a text names; `within` is the sheet of an address without one.

    Raises CellsUnreadable, NoSuchSheet, SeveralSheets, TooManyCells or NothingSelected.
    """
    sheet, blocks = _blocks(book, text, within)
    cells, shown = book.cells(sheet), shown_cells(book, sheet)
    named: dict[Address, None] = {}
    for block in blocks:
        rows, columns = _inside(block, cells)
        if len(rows) * len(columns) > MOST_CELLS:
            raise TooManyCells(count=len(rows) * len(columns), most=MOST_CELLS)
        named |= dict.fromkeys((row, column) for row in rows for column in columns)
    own = [at for at in sorted(named) if not shown.covers(at)]
    if not own:
        raise NothingSelected()
    seen = [at for at in own if not shown.hides(at)] or own  # who names hidden cells alone means them
    return Selection(sheet, cells, tuple(seen), len(own) - len(seen))


def _blocks(book: Book, text: str, within: SheetPart | None) -> tuple[SheetPart, list[tuple[int, int, int, int]]]:
    if not clean(text):
        raise NothingSelected()
    area = book.area(clean(text))
    if area is not None and (sheet := book.sheet(area.sheet)) is not None:
        return sheet, [(area.row, area.column, area.last_row, area.last_column)]
    blocks, sheet = [], within
    for title, reference in _areas(text):
        block = grid.parse_range(_top_left_first(reference))
        if block is None:
            raise CellsUnreadable(cells=text)
        if title:
            own = book.sheet(title)
            if own is None or not own.has_cells:
                raise NoSuchSheet(sheet=title)
            if sheet is not None and own != sheet:
                raise SeveralSheets(cells=text)
            sheet = own
        blocks.append(block)
    if sheet is None:
        raise CellsUnreadable(cells=text)
    return sheet, blocks


def _areas(text: str) -> Iterator[tuple[str, str]]:
    """Yield each block of a text: the title of its sheet, blank if it has none, and its address."""
    plain, at = text.strip(), 0
    while at < len(plain):
        match = _AREA.match(plain, at)
        if match is None:
            raise CellsUnreadable(cells=text)
        yield (match[1] or match[2] or "").replace("''", "'").strip(), narrow(match[3]).upper()
        at = match.end()


def _top_left_first(reference: str) -> str:
    """A block from its top left corner to its bottom right one, whichever corners a person named first."""
    match = _CORNERS.fullmatch(reference)
    if match is None:
        return reference
    left, right = sorted((match[1], match[3]), key=lambda letters: (len(letters), letters))
    top, bottom = sorted((match[2], match[4]), key=lambda digits: int(digits or 0))
    return f"{left}{top}:{right}{bottom}"


def _inside(block: tuple[int, int, int, int], cells: SheetCells) -> tuple[range, range]:
    """The rows and columns of a block; whole columns and rows end where the sheet does."""
    top, left, bottom, right = block
    if bottom == grid.MAX_ROW:
        bottom = max(cells.last_row, top)
    if right == grid.MAX_COLUMN:
        right = max((column for row in cells.rows for column in cells.row(row)), default=left)
    return range(top, bottom + 1), range(left, right + 1)
