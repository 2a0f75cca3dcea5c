"""A table as people keep it: any workbook or text file in, its cells out, each with its true place.

A column stays numbers or dates only where each of its cells below the head is
one; a column of any mixture is text, which keeps what is there, and the
readers of amounts and dates say what it means. The loader would take `TRUE`
for 1 in a column of numbers, so a sheet with such cells is loaded as text.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

import fastexcel
import polars as pl

from xlsales.core.faults import Fault
from xlsales.core.text import SPACES, UNSEEN, clean, identity
from xlsales.workbook.file.book import Book, Sheet
from xlsales.workbook.file.cells import BLANK, Flaw, error_cells, peek_rows
from xlsales.workbook.file.files import FileMissing
from xlsales.workbook.file.package import BinaryWorkbook, EncryptedWorkbook, NotAWorkbook, OldWorkbook, Package

P = ParamSpec("P")
R = TypeVar("R")
BOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls")
TEXTS = (".csv", ".txt", ".tsv")
_BOOLEAN = (b't="b"', b"t='b'")
HEAD_ROWS = 60
"""The header is looked for in so many rows."""


class SourceKindUnknown(Fault):
    """The file's ending tells no kind that can be read."""

    zh = "不认识文件 {path} 的类型。请用 .xlsx .xlsm .xlsb .xls 或 .csv。"
    en = "File {path} is of an unknown kind. Use .xlsx, .xlsm, .xlsb, .xls or .csv."


class SourceUnreadable(Fault):
    """The file is damaged, or is not what its ending says."""

    zh = "读不了文件 {path}({detail})。请用 Excel 打开检查后另存一份。"
    en = "File {path} cannot be read ({detail}). Open it in Excel, check it and save a copy."


class NotReallyABook(Fault):
    """A page or text that bears the name of a workbook, as many programs export it."""

    zh = "{path} 不是真正的 Excel 文件(可能是网页或文本改了后缀)。请用 Excel 打开它,另存为 .xlsx。"
    en = "{path} is no true Excel file (perhaps a web page or a text under that name). Save it as .xlsx in Excel."


class SheetMissing(Fault):
    """The named sheet is not in the book."""

    zh = "文件 {path} 里没有工作表“{sheet}”。现有:{found}。"
    en = "File {path} has no sheet '{sheet}'. It has: {found}."


class SheetEmpty(Fault):
    """The sheet holds nothing."""

    zh = "“{label}”是空的。请把带表头的数据粘贴进去。"
    en = "'{label}' is empty. Paste data with its headers into it."


class FirstSheetEmpty(SheetEmpty):
    """The first sheet of a file holds nothing; it was read for want of a name."""

    zh = "“{label}”的第一张工作表是空的(另有:{others})。请在设置里填写工作表名。"
    en = "The first sheet of '{label}' is empty (other sheets: {others}). Name the sheet in Settings."


@dataclass(frozen=True)
class Source:
    """Where a table is kept: a file, a sheet (None: the first), and what people call it in messages."""

    path: Path
    sheet: str | None
    label: str


@dataclass(frozen=True)
class Grid:
    """The used cells of a sheet, blank cells null: the first rows as text, the body by columns.

    Row 0 is row 1 of the sheet; column 0 is column `first_column` (1-based). `date1904` tells how bare serial
    numbers count (not known of .xls and .xlsb, where they count from 1900). `flaws` are its error cells, where the
    file tells of them. `others` are the other sheets of the file, where none was named.
    """

    body: pl.DataFrame
    head: tuple[tuple[str | None, ...], ...] = ()
    first_column: int = 1
    date1904: bool = False
    flaws: Sequence[tuple[int, int, Flaw]] = ()
    others: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.head) + self.body.height

    @property
    def width(self) -> int:
        """The number of columns."""
        return self.body.width

    def top(self, count: int) -> list[tuple[str | None, ...]]:
        """The first rows as text."""
        rest = self.body.head(max(count - len(self.head), 0))
        return [*self.head[:count], *pl.DataFrame([text_of(column) for column in rest]).rows()]

    def below(self, row: int) -> pl.DataFrame:
        """The rows after `row`; all of them text where they begin above the body."""
        start = row + 1 - len(self.head)
        if start >= 0:
            return self.body.slice(start)
        texts = pl.DataFrame([text_of(column) for column in self.body])
        above = pl.DataFrame(self.head[start:], schema=texts.schema, orient="row")
        return pl.concat([above, texts])

    def flawed(self, columns: set[int]) -> dict[int, list[tuple[int, str]]]:
        """Errors and formulas without a result, which load as blank: column → (row, code).

        Only .xlsx and .xlsm tell; in other files such a cell is blank.
        """
        found: dict[int, list[tuple[int, str]]] = {}
        for row, column, flaw in self.flaws:
            if column - self.first_column in columns:
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
    if not grid.height or not grid.width:
        raise SheetEmpty(label=source.label)
    return grid


def load_beside(source: Source) -> Future[Grid]:
    """Start loading while the caller goes on: the loader leaves the interpreter free. Faults come with the result."""
    return _beside(load, source)


def _beside(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
    worker = ThreadPoolExecutor(1, call.__name__)
    future = worker.submit(call, *args, **kwargs)
    worker.shutdown(wait=False)
    return future


def _load_book(source: Source) -> Grid:
    book = _open(source.path)
    try:
        # Of bytes, for a reader of a path holds the file open, and on Windows it could not be replaced then.
        reader = fastexcel.read_excel(source.path.read_bytes())
        title = _title(reader.sheet_names, source.sheet)
        others = tuple(reader.sheet_names[1:]) if source.sheet is None else ()
        if title is None:
            raise SheetMissing(path=source.path.name, sheet=source.sheet, found="、".join(reader.sheet_names))
        listed = book.sheet(title) if book is not None else None
        scan: Future[tuple[list[tuple[int, int, Flaw]], bool]] | None = None
        skipped: list[dict[int, str | None]] = []
        if book is not None and listed is not None:
            scan = _beside(_scan, book.package, listed.part)
            skipped = _head(book, listed)
        # An explicit skip_rows keeps leading blank rows, so that row i is row i + 1 of the sheet.
        sheet = reader.load_sheet(title, header_row=None, skip_rows=len(skipped), schema_sample_rows=None)
        flaws, booleans = scan.result() if scan is not None else ([], False)
        if not skipped or booleans:
            skipped = []
            sheet = reader.load_sheet(title, header_row=None, skip_rows=0, dtypes="string")
        columns = sheet.available_columns()
        cells = sheet.to_polars() if columns else pl.DataFrame()
        # A number that is shown as [h]:mm is the number it is stored as.
        cells = cells.with_columns(pl.selectors.duration().dt.total_milliseconds() / 86_400_000)
    except fastexcel.FastExcelError as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise EncryptedWorkbook(file=source.path.name) from error
        raise SourceUnreadable(path=source.path.name, detail=str(error).split("\n")[0]) from error
    if cells.is_empty():
        raise (FirstSheetEmpty if others else SheetEmpty)(label=source.label, others="、".join(others))
    cells.columns = [str(i) for i in range(cells.width)]
    first = columns[0].absolute_index + 1
    head = tuple(tuple(row.get(first + i) for i in range(cells.width)) for row in skipped)
    return Grid(cells, head, first, book is not None and book.date1904, flaws, others)


def _title(titles: Sequence[str], wanted: str | None) -> str | None:
    """The sheet that is wanted: the first where none is named, else that of the name, or of one that looks like it."""
    if wanted is None:
        return titles[0]
    alike = (title for title in titles if identity(title) == identity(wanted))
    return wanted if wanted in titles else next(alike, None)


def _head(book: Book, sheet: Sheet) -> list[dict[int, str | None]]:
    """The first rows of a sheet up to the first number, if they are all text: column → text."""
    rows: list[dict[int, str | None]] = []
    for number, cells in peek_rows(book.package, sheet.part, HEAD_ROWS, book.strings):
        values = {column: cell.value for column, cell in cells.items() if cell.value is not BLANK}
        if any(not isinstance(value, str) for value in values.values()):
            return rows + [{}] * (number - 1 - len(rows))
        rows += [{}] * (number - 1 - len(rows))
        rows.append({column: clean(str(value)) or None for column, value in values.items()})
    return []


def _scan(package: Package, part: str) -> tuple[list[tuple[int, int, Flaw]], bool]:
    """Look, in one pass beside the loading, for error cells and for whether there are booleans."""
    booleans = False

    def watched(pieces: Iterator[bytes]) -> Iterator[bytes]:
        nonlocal booleans
        last = b""
        for piece in pieces:
            booleans = booleans or any(mark in piece or mark in last + piece[:8] for mark in _BOOLEAN)
            last = piece[-8:]
            yield piece

    return error_cells(package, part, through=watched), booleans


def text_of(column: pl.Series) -> pl.Series:
    """A column as text: whole numbers without a decimal point, dates as `2026-01-05 00:00:00`."""
    if column.dtype == pl.String:
        return _clean(column)
    if column.dtype.is_temporal():
        return column.cast(pl.Datetime("ms"), strict=False).dt.strftime("%Y-%m-%d %H:%M:%S")
    if column.dtype.is_float():
        whole = column.cast(pl.Int64, strict=False)
        as_whole = whole.cast(pl.Float64) == column
        return pl.select(pl.when(as_whole).then(whole.cast(pl.String)).otherwise(column.cast(pl.String))).to_series()
    return column.cast(pl.String)


def _clean(column: pl.Series) -> pl.Series:
    """A column of text without what cannot be seen in it."""
    if not column.str.contains(f"{UNSEEN}|{SPACES}").any():
        return column
    return column.str.replace_all(UNSEEN, "").str.replace_all(SPACES, " ")


def _open(path: Path) -> Book | None:
    """Check a book's claims before it is inflated (zip bombs, passwords, damage); None for kinds without XML."""
    try:
        return Book.open(path)
    except (BinaryWorkbook, OldWorkbook):
        return None
    except NotAWorkbook as error:
        raise NotReallyABook(path=path.name) from error


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
