"""A table as people keep it: any workbook or text file in, cells as text out, each with its true place.

Every cell is loaded as text. A spreadsheet column is rarely of one kind, and a
loader that settles on one turns a date into a number, `TRUE` into 1 and
`"1,234"` into nothing; text keeps what is there, and the readers of amounts
and dates say what it means.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from xlsales.core.faults import Fault
from xlsales.workbook.book import Book
from xlsales.workbook.cells import error_cells
from xlsales.workbook.files import FileMissing
from xlsales.workbook.package import BinaryWorkbook, EncryptedWorkbook, OldWorkbook, Package

BOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls")
TEXTS = (".csv", ".txt", ".tsv")


class SourceKindUnknown(Fault):
    """The file's ending tells no kind that can be read."""

    zh = "不认识文件 {path} 的类型。请用 .xlsx .xlsm .xlsb .xls 或 .csv。"
    en = "File {path} is of an unknown kind. Use .xlsx, .xlsm, .xlsb, .xls or .csv."


class SourceUnreadable(Fault):
    """The file is damaged, or is not what its ending says."""

    zh = "读不了文件 {path}({detail})。请用 Excel 打开检查后另存一份。"
    en = "File {path} cannot be read ({detail}). Open it in Excel, check it and save a copy."


class SheetMissing(Fault):
    """The named sheet is not in the book."""

    zh = "文件 {path} 里没有工作表“{sheet}”。现有:{found}。"
    en = "File {path} has no sheet '{sheet}'. It has: {found}."


class SheetEmpty(Fault):
    """The sheet holds nothing."""

    zh = "“{label}”是空的。请把带表头的数据粘贴进去。"
    en = "'{label}' is empty. Paste data with its headers into it."


@dataclass(frozen=True)
class Source:
    """Where a table is kept: a file, a sheet (None: the first), and what people call it in messages."""

    path: Path
    sheet: str | None
    label: str


@dataclass(frozen=True)
class Grid:
    """The used cells of a sheet as text, blank cells null.

    Row 0 of `cells` is row 1 of the sheet; column 0 is column `first_column` (1-based).
    `date1904` tells how bare serial numbers count (not known of .xls and .xlsb, where they count from 1900).
    `package` and `part` are where the sheet's XML is, where it has any.
    """

    cells: pl.DataFrame
    first_column: int = 1
    date1904: bool = False
    package: Package | None = None
    part: str | None = None

    def flawed(self, columns: set[int]) -> dict[int, list[tuple[int, str]]]:
        """Errors and formulas without a result, which load as blank: column of `cells` → (row of `cells`, code).

        Only .xlsx and .xlsm tell; in other files such a cell is blank.
        """
        if self.package is None or self.part is None:
            return {}
        found: dict[int, list[tuple[int, str]]] = {}
        for row, column, flaw in error_cells(self.package, self.part, {c + self.first_column for c in columns}):
            found.setdefault(column - self.first_column, []).append((row - 1, str(flaw)))
        return found


def load(source: Source) -> Grid:
    """Load the cells of a sheet or text file. Raises a fault that says what is wrong with the file."""
    ending = source.path.suffix.lower()
    if ending not in BOOKS + TEXTS:
        raise SourceKindUnknown(path=source.path.name)
    if not source.path.is_file():
        raise FileMissing(file=source.path)
    grid = _load_text(source) if ending in TEXTS else _load_book(source)
    if not grid.cells.height or not grid.cells.width:
        raise SheetEmpty(label=source.label)
    return grid


def _load_book(source: Source) -> Grid:
    package = _open(source.path)
    try:
        reader = fastexcel.read_excel(source.path.absolute())
        titles = {title.casefold(): title for title in reader.sheet_names}
        title = reader.sheet_names[0] if source.sheet is None else titles.get(source.sheet.strip().casefold())
        if title is None:
            raise SheetMissing(path=source.path.name, sheet=source.sheet, found="、".join(reader.sheet_names))
        # An explicit skip_rows keeps leading blank rows, so that row i is row i + 1 of the sheet.
        sheet = reader.load_sheet(title, header_row=None, skip_rows=0, dtypes="string")
        columns = sheet.available_columns()
        cells = sheet.to_polars() if columns else pl.DataFrame()
    except fastexcel.FastExcelError as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise EncryptedWorkbook(file=source.path.name) from error
        raise SourceUnreadable(path=source.path.name, detail=str(error).split("\n")[0]) from error
    if cells.is_empty():
        raise SheetEmpty(label=source.label)
    cells.columns = [str(i) for i in range(cells.width)]
    first_column = columns[0].absolute_index + 1
    if package is None:
        return Grid(cells, first_column)
    book = Book(package)
    found = book.sheet(title)
    return Grid(cells, first_column, book.date1904, package, found.part if found is not None else None)


def _open(path: Path) -> Package | None:
    """Check a book's claims before it is inflated (zip bombs, passwords, damage); None for kinds without XML."""
    try:
        return Package.open(path)
    except (BinaryWorkbook, OldWorkbook):
        return None


def _load_text(source: Source) -> Grid:
    text = decode(source.path.read_bytes())
    if text is None:
        raise SourceUnreadable(path=source.path.name, detail="encoding")
    separator = _separator(text)
    try:
        sample = list(csv.reader(io.StringIO(text[:100_000]), delimiter=separator))
        width = max((len(row) for row in sample), default=0)
        # polars skips blank lines, by which rows would lose their numbers
        blank_line = re.search(r"(^|\n)\r?\n", text)
        cells = None if blank_line or not width else _read_plain(text, separator, width)
        return Grid(_read_patiently(text, separator) if cells is None else cells)
    except csv.Error as error:
        raise SourceUnreadable(path=source.path.name, detail=str(error)) from error


def _read_plain(text: str, separator: str, width: int) -> pl.DataFrame | None:
    """Read a text whose lines have at most `width` cells; None when some have more, or a quote is astray."""
    names = [str(i) for i in range(width)]
    try:
        return pl.read_csv(
            io.BytesIO(text.encode()), has_header=False, separator=separator, schema=dict.fromkeys(names, pl.String)
        )
    except pl.exceptions.PolarsError:
        return None


def _read_patiently(text: str, separator: str) -> pl.DataFrame:
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    width = max((len(row) for row in rows), default=0)
    padded = [[cell or None for cell in row] + [None] * (width - len(row)) for row in rows]
    return pl.DataFrame({str(i): pl.Series([row[i] for row in padded], dtype=pl.String) for i in range(width)})


def decode(content: bytes) -> str | None:
    """Decode a text file by its mark, else as UTF-8, else as GB 18030; None when it is neither."""
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    marked = [name for mark, name in marks if content.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _separator(text: str) -> str:
    lines = [line for line in text[:20_000].splitlines()[:50] if line.strip()]
    return max(",\t;", key=lambda mark: sum(line.count(mark) for line in lines))
