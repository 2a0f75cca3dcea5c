"""Text files as grids: the encodings, separators, line ends and quotes that exporters write."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from xlsales.core.expressions import expression
from xlsales.tables.files.grids import Grid
from xlsales.tables.files.text_limits import check_shape, read_bytes, too_wide
from xlsales.tables.files.unreadable import EncodingUnknown, SourceUnreadable
from xlsales.tables.remarks import QuoteAstray

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATORS = ",\t;|"
_SEPARATOR_LINE = expression(r"\A\ufeff?\"?sep=(.)\"?[ \t,;]*(?:\r\n|\r|\n)", re.IGNORECASE)
"""A first line that names the separator; Excel shows it as no row."""


def load_text(path: Path) -> Grid:
    """Load a text file; blank lines keep their place. Raises `SourceUnreadable`, `QuoteAstray`, faults of its size."""
    content = read_bytes(path)
    check_shape(content, path)
    text = decode(content)
    if text is None:
        raise EncodingUnknown(path=path.name)
    del content
    return _grid_of(text, path)


def load_columns(text: str, path: Path) -> Grid | None:
    """Load a text of several columns with the name of a workbook; None for other texts."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()]
    mark = _separator(text)
    if len(lines) < 2 or not all(mark in line for line in lines[:2]):
        return None
    check_shape(text.encode(), path)
    return _grid_of(text, path)


def decode(content: bytes) -> str | None:
    """Decode a text file by its mark, else as UTF-8, UTF-16, GB 18030 or Big5; None for other bytes."""
    encodings = [name for mark, name in _MARKS if content.startswith(mark)]
    for encoding in encodings or [*_without_mark(content), "utf-8", *_chinese(content)]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


_HEADINGS = expression(
    "日期|時間|时间|月份|金額|金额|銷售|销售|營業|数量|數量|區域|区域|門店|门店|產品|产品|商品|客戶|客户|合計|合计"
)


def _chinese(content: bytes) -> tuple[str, ...]:
    """GB 18030 and Big5, the likelier first: the bytes of one are mostly characters of the other, but not its words."""
    top = content[:4000]
    simplified, traditional = (len(_HEADINGS.findall(top.decode(name, "ignore"))) for name in ("gb18030", "big5hkscs"))
    return ("big5hkscs", "gb18030") if traditional > simplified else ("gb18030", "big5hkscs")


def _without_mark(content: bytes) -> Iterator[str]:
    """UTF-16 without a mark: the null bytes of its commas, digits and line ends show it."""
    sample = content[: 1 << 16]
    odd, even = sample[1::2].count(0), sample[0::2].count(0)
    for name, nulls, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if nulls > max(4 * others, len(sample) // 20) and re.search("[\r\n]", sample.decode(name, "ignore")):
            yield name


def _grid_of(text: str, path: Path) -> Grid:
    line = _SEPARATOR_LINE.match(text)
    separator = line[1] if line else _separator(text)
    text = _plain(text[line.end() :] if line else text, separator)
    sample = list(csv.reader(io.StringIO(text[:100_000]), delimiter=separator))
    width = max((len(row) for row in sample), default=0)
    # polars skips blank lines, by which rows would lose their numbers
    blank_line = re.search(r"(^|\n)\n", text)
    cells = None if blank_line or not width else _read_plain(text, separator, width)
    if cells is None:
        cells = _read_patiently(text, separator, path, 1 if line else 0)
    return Grid(_with_points(cells), plain_text=True)


def _plain(text: str, separator: str) -> str:
    """One kind of line end; `="007"`, as exporters write a text of digits, becomes a quoted text."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if '="' in text:
        mark = re.escape(separator)
        text = re.sub(rf'(^|[\n{mark}])"?="{{1,2}}([^"\n]*)"{{1,3}}(?=[\n{mark}]|$)', r'\1"\2"', text)
    return text


def _separator(text: str) -> str:
    """The mark with the same count in most lines; of equals, the one with the highest count."""
    lines = [line for line in text[:20_000].splitlines()[:50] if line.strip()]

    def fit(mark: str) -> tuple[int, int]:
        counts = Counter(re.sub(r'"[^"]*"', "", line).count(mark) for line in lines)
        counts.pop(0, None)
        count, lines_of_it = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return lines_of_it, count

    return max(_SEPARATORS, key=fit)


def _read_plain(text: str, separator: str, width: int) -> pl.DataFrame | None:
    """Read a text with lines of at most `width` cells; None if some have more, or a quote spans lines."""
    names = [str(i) for i in range(width)]
    try:
        cells = pl.read_csv(
            io.BytesIO(text.encode()), has_header=False, separator=separator, schema=dict.fromkeys(names, pl.String)
        )
    except pl.exceptions.PolarsError:
        return None
    return cells if cells.height == text.count("\n") + (not text.endswith("\n")) else None


def _read_patiently(text: str, separator: str, path: Path, before: int) -> pl.DataFrame:
    """Read a text line by line; `before` lines are above it. Raises `QuoteAstray`, `SourceUnreadable`."""
    rows: list[list[str]] = []
    frames: list[pl.DataFrame] = []
    start = height = width = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            if reader.line_num > start + 1 and _swallowed(row, separator):
                raise QuoteAstray(path=path.name, line=start + before + 1)
            rows.append(row)
            width, height = max(width, len(row)), height + 1
            if len(rows) == _BATCH:
                frames.append(frame_of(rows, 1))
                rows.clear()
                if (fault := too_wide(path, height, width)) is not None:
                    raise fault
            start = reader.line_num
    except csv.Error as error:
        if "field larger" in str(error):
            raise SourceUnreadable(path=path.name, detail=str(error)) from error
        raise QuoteAstray(path=path.name, line=start + before + 1) from error
    if (fault := too_wide(path, height, width)) is not None:
        raise fault
    return pl.concat([*frames, frame_of(rows, 1)], how="diagonal") if width else pl.DataFrame()


_BATCH = 20_000
"""So many rows become a frame at a time."""


def _swallowed(row: Sequence[str], separator: str) -> bool:
    """Whether a cell of several lines holds whole lines of the table: its quote does not end."""
    inner = [line for cell in row if "\n" in cell for line in cell.split("\n")[1:-1]]
    return any(line.count(separator) >= max(len(row) - 1, 2) for line in inner)


_FRAME = r"^\s*(?:[+-]|\()?\s*(?:[¥$€]|EUR|USD|CNY|RMB)?\s*[+-]?{}\s*(?:€|EUR|元)?\s*[-)]?\s*$"
_DECIMAL_COMMA = _FRAME.format(r"(?:\d{1,3}(?:\.\d{3})+,\d+|\d+,\d{1,2}|\d{4,},\d+|0,\d+)")
_DECIMAL_POINT = _FRAME.format(r"(?:\d{1,3}(?:,\d{3})+\.\d+|\d+\.\d{1,2}|\d{4,}\.\d+|0\.\d+)")
_WITH_COMMA = _FRAME.format(r"[\d.]+(?:,\d+)?")
_GROUPED = _FRAME.format(r"\d{1,3}(?:\.\d{3})+")


def _with_points(cells: pl.DataFrame) -> pl.DataFrame:
    """Write decimal commas as points in columns that have such commas and no decimal points: `1.234,50` → `1234.50`.

    If no column of the file has decimal points, the points of all its columns group thousands.
    """
    if not cells.width:
        return cells
    comma = cells.select(pl.all().str.contains(_DECIMAL_COMMA).any()).row(0)
    if not any(comma):
        return cells
    point = cells.select(pl.all().str.contains(_DECIMAL_POINT).any()).row(0)
    for name, has_comma, has_point in zip(cells.columns, comma, point, strict=True):
        number = _WITH_COMMA if has_comma else _GROUPED
        if has_point if has_comma else any(point):
            continue
        here = pl.col(name)
        plain = here.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        cells = cells.with_columns(pl.when(here.str.contains(number)).then(plain).otherwise(here).alias(name))
    return cells


def frame_of(rows: Sequence[Sequence[str | None]], least: int = 0) -> pl.DataFrame:
    """Rows of cells as columns of text, all of one width, `least` or more; blank cells are null."""
    width = max(map(len, rows), default=least) or least
    padded = [[*row, *[None] * (width - len(row))] for row in rows]
    return pl.DataFrame({str(i): pl.Series([row[i] or None for row in padded], dtype=pl.String) for i in range(width)})
