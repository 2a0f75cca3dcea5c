"""What LibreOffice shows of a workbook: each cell's text, and the room that it has on the sheet and on paper.

It is read from the flat OpenDocument file that LibreOffice makes of a workbook. Lengths are in points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from lxml import etree

_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_STYLE, _TABLE, _TEXT, _DRAW = (f"{{{_NAMESPACE.format(n)}}}" for n in ("style", "table", "text", "drawing"))
_FO = f"{{{_NAMESPACE.format('xsl-fo-compatible')}}}"
_POINTS = {"in": 72.0, "cm": 72 / 2.54, "mm": 7.2 / 2.54, "pt": 1.0}
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_MOST = 2_000
"""More cells or rows alike than this are the blank rest of the sheet."""


@dataclass(frozen=True)
class Cell:
    """A cell that shows a text: where it is from 0, how many columns and what height it takes, how it is written."""

    row: int
    column: int
    span: int
    text: str
    height: float
    wraps: bool
    number: bool


@dataclass
class Shown:
    """A sheet: its visible cells, the widths of its columns, what prints of it and how."""

    title: str
    page: dict[str, str]
    widths: list[float] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    breaks: set[int] = field(default_factory=set)
    repeated: list[int] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    area: tuple[int, int, int, int] = (0, 0, 0, 0)
    """First row and column, last row and column that print."""

    @cached_property
    def blocks(self) -> list[list[int]]:
        """The columns of each page across, left to right: a break begins one, with the columns that are repeated."""
        blocks: list[list[int]] = [[]]
        for column in range(self.area[1], self.area[3] + 1):
            if column in self.breaks and blocks[-1]:
                blocks.append([c for c in self.repeated if c < column])
            if column not in self.hidden:
                blocks[-1].append(column)
        return [block for block in blocks if block]

    @property
    def paper(self) -> tuple[float, float]:
        """Width and height between the margins."""
        lengths = {key: _length(text) for key, text in self.page.items() if key.startswith(("page-", "margin-"))}
        width = lengths["page-width"] - lengths["margin-left"] - lengths["margin-right"]
        return width, lengths["page-height"] - lengths["margin-top"] - lengths["margin-bottom"]

    @property
    def zooms(self) -> list[float]:
        """The scale that it prints at: a given one, else at which all columns and rows fit on a page, nearly."""
        if "scale-to" in self.page:
            return [float(self.page["scale-to"].rstrip("%")) / 100]
        zooms = [1.0]
        if self.page.get("scale-to-X") == "1":
            zooms.append(self.paper[0] / sum(self.widths[c] for c in self.blocks[0]))
        if self.page.get("scale-to-Y") == "1":
            rows = [h for row, h in self.heights.items() if self.area[0] <= row <= self.area[2]]
            zooms.append((self.paper[1] - _FOOTER) / sum(rows))
        return [(int(100 * min(zooms)) + more) / 100 for more in (0, 1, -1, 2, -2, 3, 4)]  # footers vary in height

    def left(self, block: list[int], zoom: float) -> float:
        """Where a block begins on paper."""
        left = _length(self.page["margin-left"])
        if self.page.get("table-centering") in ("horizontal", "both"):
            left += (self.paper[0] - zoom * sum(self.widths[c] for c in block)) / 2
        return left

    def room(self, cell: Cell, block: list[int]) -> list[int]:
        """Return the columns that a cell's text may run over: its own, blank ones beside it if it is one line."""
        at = block.index(cell.column)
        own = [c for c in block if cell.column <= c < cell.column + cell.span]
        if cell.wraps or cell.number:
            return own
        after = at + len(own)
        while after < len(block) and (cell.row, block[after]) not in self.cells:
            after += 1
        before = at
        while before and (cell.row, block[before - 1]) not in self.cells:
            before -= 1
        return block[before:after]


_FOOTER = 21.6
"""Points that a footer takes of the paper."""


def read_shown(path: Path) -> list[Shown]:
    """Read the sheets of a flat OpenDocument file, without those that do not print."""
    root = etree.parse(str(path), etree.XMLParser(huge_tree=True)).getroot()
    styles = _Styles(root)
    tables = root.iterfind(f".//{{{_NAMESPACE.format('office')}}}spreadsheet/{_TABLE}table")
    return [_sheet(table, styles) for table in tables if table.get(f"{_TABLE}print") != "false"]


class _Styles:
    """The styles of a file, by family and name."""

    def __init__(self, root: Any) -> None:
        self._found = {(e.get(f"{_STYLE}family"), e.get(f"{_STYLE}name")): e for e in root.iter(f"{_STYLE}style")}
        self._masters = {e.get(f"{_STYLE}name"): e for e in root.iter(f"{_STYLE}master-page")}
        self._layouts = {e.get(f"{_STYLE}name"): e for e in root.iter(f"{_STYLE}page-layout")}
        self._known: dict[tuple[str, str], dict[str, str]] = {}

    def of(self, family: str, name: str | None) -> dict[str, str]:
        """Return the properties of a style and of those that it is made from."""
        key = family, name or "Default"
        if key not in self._known:
            element = self._found.get(key)
            above = self.of(family, element.get(f"{_STYLE}parent-style-name")) if element is not None and name else {}
            own = {_local(k): v for part in element for k, v in part.attrib.items()} if element is not None else {}
            self._known[key] = above | own
        return self._known[key]

    def page(self, table: Any) -> dict[str, str]:
        """Return the properties of the page of a sheet."""
        style = self._found["table", table.get(f"{_TABLE}style-name")]
        master = self._masters[style.get(f"{_STYLE}master-page-name")]
        layout = self._layouts[master.get(f"{_STYLE}page-layout-name")]
        return {_local(k): v for k, v in layout[0].attrib.items()}


def _sheet(table: Any, styles: _Styles) -> Shown:
    shown = Shown(table.get(f"{_TABLE}name"), styles.page(table))
    for element in _inside(table, (f"{_TABLE}table-column",)):
        style = styles.of("table-column", element.get(f"{_TABLE}style-name"))
        for _ in range(_repeated(element, "columns")):
            at = len(shown.widths)
            shown.widths.append(_length(style.get("column-width", "0in")))
            if element.get(f"{_TABLE}visibility") == "collapse":
                shown.hidden.add(at)
            if style.get("break-before") == "page":
                shown.breaks.add(at)
            if element.getparent().tag == f"{_TABLE}table-header-columns":
                shown.repeated.append(at)
    row = 0
    for element in _inside(table, (f"{_TABLE}table-row",)):
        times = _repeated(element, "rows")
        if element.get(f"{_TABLE}visibility") is None and times < _MOST:
            height = _length(styles.of("table-row", element.get(f"{_TABLE}style-name")).get("row-height", "0in"))
            for n in range(row, row + times):
                shown.heights[n] = height
                shown.cells |= {(cell.row, cell.column): cell for cell in _cells(element, n, height, styles)}
        row += times
    shown.area = _area(table.get(f"{_TABLE}print-ranges"), shown)
    return shown


def _cells(element: Any, row: int, height: float, styles: _Styles) -> Iterator[Cell]:
    column = 0
    for cell in element:
        if cell.tag not in _CELLS:
            continue
        times = _repeated(cell, "columns")
        text = "".join("".join(_texts(p)) for p in cell.iterfind(f"{_TEXT}p"))
        if text and cell.tag == _CELLS[0]:
            style = styles.of("table-cell", cell.get(f"{_TABLE}style-name"))
            number = cell.get(f"{{{_NAMESPACE.format('office')}}}value-type") not in (None, "string")
            span = int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
            wraps = style.get("wrap-option") == "wrap"
            for at in range(column, column + times):
                yield Cell(row, at, span, text, height, wraps, number)
        column += times


def _texts(paragraph: Any) -> Iterator[str]:
    for element in paragraph.iter():
        if element.text:
            yield element.text
        if element is not paragraph and element.tail:
            yield element.tail


def _inside(element: Any, tags: tuple[str, ...]) -> Iterator[Any]:
    """Yield what has one of the tags, in groups too, but not in drawings, which have tables of their own."""
    for child in element:
        if child.tag in tags:
            yield child
        elif isinstance(child.tag, str) and child.tag.startswith(f"{_TABLE}table-"):
            yield from _inside(child, tags)


def _area(ranges: str | None, shown: Shown) -> tuple[int, int, int, int]:
    """Return the block of cells that prints, all that is filled if none is set."""
    if ranges is None:
        rows, columns = zip(*shown.cells, strict=True)
        return min(rows), min(columns), max(rows), max(columns)
    found = re.findall(r"\.\$?([A-Z]+)\$?(\d+)", ranges)
    assert len(found) == 2, ranges
    (left, top), (right, bottom) = found
    return int(top) - 1, _number(left), int(bottom) - 1, _number(right)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _repeated(element: Any, what: str) -> int:
    return int(element.get(f"{_TABLE}number-{what}-repeated", "1"))


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _length(text: str) -> float:
    """Return a length in points."""
    return float(text[:-2]) * _POINTS[text[-2:]]
