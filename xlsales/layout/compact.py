"""What XlsxWriter does not write: formulas shared down a column, and results that are empty text.

A day table repeats a dozen formulas 365 times. Shared, as Excel itself stores them when they are filled down,
they make less XML, which is what a thousand stores' files cost in time and in mail. Excel shares no formula that names
another sheet (it does not move such references), so neither is one shared here.
"""

from __future__ import annotations

from msgspec import Struct, field

from xlsales.core import a1
from xlsales.ooxml import formulas, grid, markup
from xlsales.ooxml.package import Package
from xlsales.ooxml.sheet_xml import Piece, SheetXml, spliced

_SHEETS = "xl/worksheets/sheet"


def compact(workbook: bytes) -> bytes:
    """Return an .xlsx with shared formulas and with empty results marked as text; nothing else changes."""
    package = Package.of_bytes(workbook)
    for part in package.names:
        if part.startswith(_SHEETS):
            package.set(part, share_formulas(package.read(part)))
    return package.to_bytes()


class _Run(Struct):
    """Cells of one column, one below the other, with copies of the first one's formula."""

    column: int
    first: int
    text: str
    cells: list[grid.RawCell] = field(default_factory=list)

    def takes(self, row: int, text: str) -> bool:
        """Whether the next row's formula is what the first would be, filled down to it."""
        if "!" in self.text:
            return False
        return row == self.first + len(self.cells) and formulas.shift(self.text, row - self.first, 0) == text


def share_formulas(xml: bytes) -> bytes:
    """Return a sheet's XML in which each run of like formulas down a column is written once."""
    sheet = SheetXml(xml)
    runs: list[_Run] = []
    open_runs: dict[int, _Run] = {}
    for row in sheet.rows():
        for cell in sheet.cells(row):
            formula = sheet.tags.formula.search(cell.inner)
            if formula is None or formula[1].strip() or not formula[2]:
                continue
            text = markup.plain(formula[2])
            run = open_runs.get(cell.column)
            if run is None or not run.takes(row.number, text):
                run = open_runs[cell.column] = _Run(cell.column, row.number, text)
                runs.append(run)
            run.cells.append(cell)
    pieces = (piece for number, run in enumerate(runs) for piece in _written(run, number, sheet.tags))
    return b"".join(spliced(sheet.source, pieces))


def _written(run: _Run, number: int, tags: grid.Tags) -> list[Piece]:
    """The cells of a run: the first with the formula and the range it is shared over, the others with its number."""
    p, last = tags.prefix, run.first + len(run.cells) - 1
    pieces = []
    for i, cell in enumerate(run.cells):
        match = tags.formula.search(cell.inner)
        assert match is not None
        formula = cell.inner[match.start() : match.end()]
        if len(run.cells) > 1 and i == 0:
            area = a1.block(run.first, run.column, last, run.column).encode()
            formula = b'<%bf t="shared" ref="%b" si="%d">%b</%bf>' % (p, area, number, match[2], p)
        elif len(run.cells) > 1:
            formula = b'<%bf t="shared" si="%d"/>' % (p, number)
        rest = cell.inner[match.end() :]
        attributes = cell.attributes
        if rest == b"<%bv></%bv>" % (p, p):
            attributes = grid.with_attribute(attributes, b"t", b"str")
        pieces.append(Piece(cell.start, cell.end, b"<%bc%b>%b%b</%bc>" % (p, attributes, formula, rest, p)))
    return pieces
