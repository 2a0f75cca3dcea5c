"""The words of a printed workbook with their boxes, and what of a sheet is cut off or missing on its pages."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from tests.paper.shown import Cell, Shown
from xlsales.core import a1

_FOOTER = 40
"""Points at the end of a page that hold its footer."""
_SIDEWAYS, _TALLER = 2.5, 4.0
"""Points by which a word may reach out of its cell: boxes are those of letters with the air around them."""


@dataclass(frozen=True)
class Word:
    """A word on a page and its box, in points from the upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Page:
    """A page: the sheet that it is of, by its footer, and its words."""

    sheet: str
    words: tuple[Word, ...]
    _known: dict[tuple[float, float], Lines] = field(default_factory=dict, compare=False, repr=False)

    def between(self, left: float, right: float) -> Lines:
        """Return the words that are between two edges, or reach out a little."""
        if (left, right) not in self._known:
            inside = [w for w in self.words if w.left >= left - _SIDEWAYS and w.right <= right + _SIDEWAYS]
            self._known[left, right] = Lines(inside)
        return self._known[left, right]


def pages_of(pdf: Path) -> list[Page]:
    """Return the pages of a PDF with their words."""
    words = ["pdftotext", "-enc", "UTF-8", "-bbox", str(pdf), "-"]
    text = subprocess.run(words, check=True, capture_output=True).stdout
    return [_page(element) for element in etree.fromstring(text, etree.HTMLParser(encoding="utf-8")).iter("page")]


def _page(element: etree._Element) -> Page:
    height = float(element.attrib["height"])
    words = [
        Word(word.text or "", *(float(word.attrib[side]) for side in ("xmin", "ymin", "xmax", "ymax")))
        for word in element.iter("word")
    ]
    footer = [word.text for word in words if word.top > height - _FOOTER]
    said = re.fullmatch(r".*·(.+?) \d+ ?/ ?\d+", " ".join(footer))
    title = "".join(said[1].split()) if said else ""
    return Page(title, tuple(word for word in words if word.top <= height - _FOOTER))


class Lines:
    """Words in the order of reading, as one text without spaces."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = list(_ordered(words))
        self._starts: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        at = 0
        for n, word in enumerate(self._words):
            self._starts[at] = n
            at += len(word.text)
            self._ends[at] = n
        self.text = "".join(word.text for word in self._words)

    def find(self, text: str) -> Iterator[list[Word]]:
        """Yield the words of each place where whole words make up the text."""
        at = self.text.find(text)
        while at >= 0:
            first, last = self._starts.get(at), self._ends.get(at + len(text))
            if first is not None and last is not None:
                yield self._words[first : last + 1]
            at = self.text.find(text, at + 1)


def _ordered(words: Sequence[Word]) -> Iterator[Word]:
    """Yield words line by line: those whose middles are nearly at one height, from left to right."""
    line: list[Word] = []
    for word in sorted(words, key=_middle):
        if line and _middle(word) - _middle(line[0]) > (word.bottom - word.top) / 3:
            yield from sorted(line, key=lambda one: one.left)
            line = []
        line.append(word)
    yield from sorted(line, key=lambda one: one.left)


def _middle(word: Word) -> float:
    return (word.top + word.bottom) / 2


def cut_off(sheet: Shown, pages: Sequence[Page]) -> list[str]:
    """Return the texts of a sheet that its pages do not show whole, in the room that their cells have."""
    own = [page for page in pages if page.sheet == "".join(sheet.title.split())]
    if not own:
        return [f"{sheet.title}: no page"]
    return min((_cut_off(sheet, own, zoom) for zoom in sheet.zooms), key=len)


class _Room(NamedTuple):
    """A text without spaces, where on paper it may begin and end, and how tall it may be."""

    text: str
    left: float
    right: float
    height: float


def _cut_off(sheet: Shown, own: Sequence[Page], zoom: float) -> list[str]:
    wrong = []
    for block in sheet.blocks:
        edge, needed, places = sheet.left(block, zoom), Counter[_Room](), dict[_Room, Cell]()
        for cell in sheet.cells.values():
            if sheet.area[0] <= cell.row <= sheet.area[2] and cell.column in block:
                columns = sheet.room(cell, block)
                left = edge + zoom * sum(sheet.widths[c] for c in block[: block.index(columns[0])])
                right = left + zoom * sum(sheet.widths[c] for c in columns)
                room = _Room("".join(cell.text.split()), round(left, 1), round(right, 1), cell.height * zoom)
                if room.text:  # a space in a cell shows nothing
                    needed[room] += 1
                    places[room] = cell
        wrong += [_place(sheet, places[room]) for room, count in needed.items() if _seen(room, own) < count]
    return wrong


def _seen(room: _Room, pages: Sequence[Page]) -> int:
    """How often a text is seen within its room."""
    return sum(
        max(word.bottom for word in words) - min(word.top for word in words) <= room.height + _TALLER
        for page in pages
        for words in page.between(room.left, room.right).find(room.text)
    )


def _place(sheet: Shown, cell: Cell) -> str:
    return f"{sheet.title}!{a1.cell(cell.row + 1, cell.column + 1)}: {cell.text[:60]}"
