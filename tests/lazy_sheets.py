"""A workbook as openpyxl reads it, each sheet when it is first asked for: a test looks at two of twenty."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import coordinate_to_tuple
from openpyxl.worksheet._reader import _cast_number
from openpyxl.worksheet.worksheet import Worksheet

_KNOWN = {
    "__class__",
    "__dict__",
    "title",
    "_WorkbookChild__title",
    "parent",
    "_parent",
    "sheet_state",
    "defined_names",
}
"""What is known of a sheet before it is read: it stands in the part of the workbook."""

_RESULTS: dict[str, Callable[[str], Any]] = {"n": _cast_number, "b": lambda text: text == "1", "str": str, "e": str}
"""How a result is stored, by the type of its cell."""


class Unread(Worksheet):
    """A sheet that has not been read; with the first question about its contents it is, and is as any other."""

    def __getattribute__(self, name: str) -> Any:
        if name not in _KNOWN:
            read = self.__dict__.pop("read", None)
            if read:
                self.__class__ = Worksheet
                read()
        return object.__getattribute__(self, name)


class _Reader(ExcelReader):
    """openpyxl's own reader, but that it reads a sheet when it is asked for."""

    parser: Any
    wb: Any

    def read_worksheets(self) -> None:
        if self.read_only:
            super().read_worksheets()
            return
        parser, book = self.parser, self.wb
        book._duplicate_name = lambda name: False  # it would read all sheets for each table
        for sheet, rel in list(parser.find_sheets()):
            if rel.target not in self.valid_files:
                continue
            made: Any = book.create_sheet(sheet.name)
            made.__class__ = Unread
            made.sheet_state = sheet.state
            made.part, made.strings = self.archive.read(rel.target), self.shared_strings
            made.read = lambda made=made, sheet=sheet, rel=rel: self._read_one(parser, book, made, sheet, rel)

    def _read_one(self, parser: Any, book: Any, made: Any, sheet: Any, rel: Any) -> None:
        state = made.sheet_state  # somebody may have hidden the sheet since
        self.parser = SimpleNamespace(find_sheets=lambda: [(sheet, rel)], pivot_caches=parser.pivot_caches)
        self.wb = SimpleNamespace(create_sheet=lambda _: made, vba_archive=book.vba_archive)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*extension is not supported")
            super().read_worksheets()
        made.sheet_state = state


def may_show(sheet: Any, text: str) -> bool:
    """Whether a cell of the sheet may hold just this text: nothing is read for the answer."""
    kept = sheet.__dict__
    if "read" not in kept:
        return True
    strings = [f"<v>{n}</v>".encode() for n, string in enumerate(kept["strings"]) if string == text]
    inside = escape(text)
    forms = [inside.encode(), inside.encode("ascii", "xmlcharrefreplace"), *strings]
    return any(form in kept["part"] for form in forms)


def results(sheet: Any) -> dict[tuple[int, int], Any]:
    """Results of formulas as they are stored, by row and column; a sheet made since has none."""
    found: dict[tuple[int, int], Any] = {}
    for cell in etree.fromstring(sheet.__dict__.get("part", b"<none/>")).iterfind(".//{*}c[{*}f]"):
        row, column = coordinate_to_tuple(cell.attrib["r"])
        value, kind = cell.findtext("{*}v"), cell.get("t", "n")
        found[row, column] = _RESULTS[kind](value) if value else None
    return found


def read(data: bytes, **options: Any) -> Any:
    """Return the workbook; what is found wrong in a sheet is raised when the sheet is asked for."""
    reader: Any = _Reader(io.BytesIO(data), **options)
    reader.archive.close = lambda: None  # sheets are still to be read
    reader.read()
    return reader.wb
