"""How much a text file may hold: a larger one is refused by its bytes, before it is decoded.

A full sheet of Excel has 1,048,576 rows; as text, with twenty columns, they are about 200 MB.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from xlsales.tables.files.unreadable import SourceUnreadable

MOST_BYTES = 256 << 20
MOST_LINES = 3_000_000
MOST_CELLS = 40_000_000
MOST_COLUMNS = 16_384
"""As many as a sheet of Excel has."""
LONGEST_LINE = 4 << 20
_CHUNK = 1 << 24
_SEPARATORS = b",\t;|"


class TextTooLarge(SourceUnreadable):
    """A text file of more bytes, lines or cells than are read."""

    zh = "{path} 太大({found_zh};最多 {most_zh}),没有读。请在导出时按月份或门店分成几份,或只导出需要的列。"
    en = (
        "{path} is too large ({found_en}; at most {most_en}) and was not read. Export it in parts, by month or store, "
        "or only the columns that are needed."
    )


class LineTooLong(SourceUnreadable):
    """A line of a text file that is too long for any table."""

    zh = "{path} 第 {line} 行有 {found_zh},不像表格(最多 {most_zh}),没有读。请重新导出为带换行的 CSV,只选需要的列。"
    en = (
        "Line {line} of {path} has {found_en}; no table has more than {most_en}, so it was not read. Export it anew as "
        "CSV with a line for each row, with only the columns that are needed."
    )


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a text file. Raises `TextTooLarge`."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        amount, most = f"{size >> 20:,} MB", f"{MOST_BYTES >> 20} MB"
        raise TextTooLarge(path=path.name, found_zh=amount, found_en=amount, most_zh=most, most_en=most)
    return path.read_bytes()


def check_shape(content: bytes, path: Path) -> None:
    """Raise `TextTooLarge` or `LineTooLong` for a table of more lines, cells or columns than are read."""
    ends = _line_ends(content)
    if len(ends) - 1 > MOST_LINES:
        raise _too_many(path, len(ends) - 1, MOST_LINES, "行", "lines")
    lengths = np.diff(ends, prepend=-1) - 1
    for line in np.flatnonzero(lengths > MOST_COLUMNS).tolist():  # a shorter line cannot have as many columns
        if lengths[line] > LONGEST_LINE:
            raise _too_long(path, line + 1, int(lengths[line]), LONGEST_LINE, "个字节", "bytes")
        here = content[int(ends[line] - lengths[line]) : int(ends[line])]
        if (columns := max(here.count(mark) for mark in _SEPARATORS) + 1) > MOST_COLUMNS:
            raise _too_long(path, line + 1, columns, MOST_COLUMNS, "列", "columns")
    if (cells := max(content.count(mark) for mark in _SEPARATORS) + len(ends)) > MOST_CELLS:
        raise _too_many(path, cells, MOST_CELLS, "格", "cells")


def too_wide(path: Path, rows: int, columns: int) -> TextTooLarge | None:
    """Return the fault of a table that is too many cells once all rows are as wide as the widest; else None."""
    cells = rows * columns
    return _too_many(path, cells, MOST_CELLS, "格", "cells") if cells > MOST_CELLS else None


def _line_ends(content: bytes) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The ends of the lines, and the end of the text."""
    view, ends = np.frombuffer(content, np.uint8), []
    mark = 10 if b"\n" in content else 13
    for start in range(0, len(view), _CHUNK):
        ends.append(np.flatnonzero(view[start : start + _CHUNK] == mark) + start)
    return np.concatenate([*ends, np.array([len(view)])]).astype(np.int64)


def _too_many(path: Path, count: int, most: int, zh: str, en: str) -> TextTooLarge:
    return TextTooLarge(path=path.name, **_amounts(count, most, zh, en))


def _too_long(path: Path, line: int, count: int, most: int, zh: str, en: str) -> LineTooLong:
    return LineTooLong(path=path.name, line=line, **_amounts(count, most, zh, en))


def _amounts(count: int, most: int, zh: str, en: str) -> dict[str, str]:
    return {
        "found_zh": f"{count:,} {zh}", "found_en": f"{count:,} {en}",
        "most_zh": f"{most:,} {zh}", "most_en": f"{most:,} {en}",
    }  # fmt: skip
