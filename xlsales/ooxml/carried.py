"""How a person made a sheet look, carried over to the one that is written anew in its place.

These are the formats of cells, the widths of columns and heights of rows, and charts: where they are and what they
look like. Places are those of cells that both sheets have, by the numbers of their rows and columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy

from lxml import etree
from msgspec import Struct

from xlsales.core import a1
from xlsales.core.a1 import Address
from xlsales.core.expressions import expression
from xlsales.ooxml import grid, relations, xml
from xlsales.ooxml.book import Book, SheetPart

_CELL, _ADDRESS = expression(r"\$([A-Z]+)\$(\d+)"), expression(r"([A-Z]+)(\d+)")
_ENDS = ("from", "to")


class DrawnChart(Struct, frozen=True):
    """A chart of a sheet: the element that says where it is, the part and the root of its contents."""

    anchor: etree._Element
    part: str
    root: etree._Element


class SheetLook(Struct, frozen=True):
    """The style of each cell, the width of each column, the height of each row, and the charts of a sheet."""

    styles: Mapping[Address, int]
    widths: Mapping[int, str]
    heights: Mapping[int, str]
    charts: tuple[DrawnChart, ...]


class Moved(Struct, frozen=True):
    """The number that each row and column of a sheet has in the new one, if it is there."""

    rows: Mapping[int, int]
    columns: Mapping[int, int]


def look_of(book: Book, sheet: SheetPart) -> SheetLook:
    """Return how a sheet looks."""
    root = book.package.parse(sheet.part)
    widths = {
        number: column.get("width", "")
        for column in _all(root, "col")
        if column.get("width")
        for number in range(xml.integer(column, "min"), min(xml.integer(column, "max"), _MOST) + 1)
    }
    heights = {
        xml.integer(row, "r"): row.get("ht", "") for row in _all(root, "row") if xml.flag(row.get("customHeight"))
    }
    styles = {_at(cell): xml.integer(cell, "s") for cell in _all(root, "c")}
    return SheetLook(styles, widths, heights, tuple(_charts(book, sheet)))


_MOST = 1000
"""Columns behind this one are nobody's."""


def carry_look(book: Book, sheet: SheetPart, old: SheetLook, moved: Moved) -> None:
    """Give a sheet that was written anew the look of the one before, where it has the same cells and charts."""
    new = look_of(book, sheet)
    columns = {moved.columns[n]: width for n, width in old.widths.items() if n in moved.columns}
    rows = {moved.rows[n]: height for n, height in old.heights.items() if n in moved.rows}
    styles = {
        (moved.rows[row], moved.columns[column]): style
        for (row, column), style in old.styles.items()
        if row in moved.rows and column in moved.columns
    }
    if (
        any(new.styles.get(at, style) != style for at, style in styles.items())
        or any(new.widths.get(n) != width for n, width in columns.items())
        or any(new.heights.get(n) != height for n, height in rows.items())
    ):
        root = book.package.parse(sheet.part)
        _dress(root, styles, {**new.widths, **columns}, rows)
        book.package.set(sheet.part, xml.serialise(root))
    _carry_charts(book, sheet, old, new, moved)


def _dress(
    root: etree._Element, styles: Mapping[Address, int], widths: Mapping[int, str], heights: Mapping[int, str]
) -> None:
    """Put formats, widths and heights into the XML of a sheet."""
    for cell in _all(root, "c"):
        style = styles.get(_at(cell))
        if style is not None:
            cell.set("s", str(style))
    for row in _all(root, "row"):
        height = heights.get(xml.integer(row, "r"))
        if height is not None:
            row.set("ht", height)
            row.set("customHeight", "1")
    for column in list(_all(root, "col")):
        parent = column.getparent()
        assert parent is not None  # it was found below the root
        for number in range(xml.integer(column, "min"), xml.integer(column, "max") + 1):
            one = deepcopy(column)
            one.set("min", str(number))
            one.set("max", str(number))
            one.set("width", widths.get(number, column.get("width", "")))
            column.addprevious(one)
        parent.remove(column)


def _charts(book: Book, sheet: SheetPart) -> Iterator[DrawnChart]:
    for drawing in (one.target for one in relations.relations(book.package, sheet.part) if one.kind == "drawing"):
        if drawing not in book.package:
            continue
        parts = {one.id: one.target for one in relations.relations(book.package, drawing) if one.kind == "chart"}
        for anchor in book.package.tree(drawing):
            chart = anchor.find(".//{*}graphicData/{*}chart")
            part = parts.get(chart.get(f"{{{xml.REL}}}id", "")) if chart is not None else None
            if part is not None and part in book.package:
                yield DrawnChart(anchor, part, book.package.parse(part))


def _carry_charts(book: Book, sheet: SheetPart, old: SheetLook, new: SheetLook, moved: Moved) -> None:
    """Put each chart where it was, as it was: those of the same cells are the same chart."""
    by_cells = {_cells_of(one.root): one for one in new.charts}
    for before in old.charts:
        root = deepcopy(before.root)
        for reference in root.iter("{*}f"):
            reference.text = _moved_text(reference.text or "", moved)
        now = by_cells.get(_cells_of(root))
        if now is None:
            continue
        if not root.xpath("//@r:*", namespaces={"r": xml.REL}):  # it needs no part of the old one
            book.package.set(now.part, xml.serialise(root))
        for end in _ENDS:
            here, there = before.anchor.find(f"{{*}}{end}"), now.anchor.find(f"{{*}}{end}")
            if here is not None and there is not None:
                _put(here, there, moved)
    for one in relations.relations(book.package, sheet.part):
        if one.kind == "drawing" and new.charts:
            book.package.edited(one.target)


def _put(here: etree._Element, there: etree._Element, moved: Moved) -> None:
    """Put an end of a chart where it was, as far from the row and the column as they have moved."""
    for part, numbers in (("col", moved.columns), ("row", moved.rows)):
        was = int(here.findtext(f"{{*}}{part}") or 0)
        place, offset = there.find(f"{{*}}{part}"), there.find(f"{{*}}{part}Off")
        above = max((n for n in numbers if n <= was + 1), default=None)
        if place is not None and offset is not None:
            place.text = str(was if above is None else was + numbers[above] - above)
            offset.text = here.findtext(f"{{*}}{part}Off") or "0"


def _cells_of(chart: etree._Element) -> tuple[str, ...]:
    """The cells that a chart draws, as its formulas name them."""
    return tuple(element.text or "" for element in chart.iter("{*}f"))


def _moved_text(formula: str, moved: Moved) -> str:
    """A reference with the cells where they are now."""

    def now(cell: re.Match[str]) -> str:
        row, column = int(cell[2]), grid.column_number(cell[1].encode())
        return a1.cell(moved.rows.get(row, row), moved.columns.get(column, column), "both")

    return _CELL.sub(now, formula)


def _at(cell: etree._Element) -> Address:
    """Where a cell is; nowhere if it does not say so."""
    found = _ADDRESS.fullmatch(cell.get("r", ""))
    return (int(found[2]), grid.column_number(found[1].encode())) if found is not None else (0, 0)


def _all(root: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The elements of a tag of a sheet, in either namespace of it."""
    return root.iter(f"{{{xml.MAIN}}}{tag}", f"{{{xml.STRICT}}}{tag}")
