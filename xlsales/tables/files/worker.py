"""Questions to the native reader about a workbook; in a process of its own it may die without harm.

The code that reads `.xls`, `.xlsb` and `.ods` may fail at any byte: it panics, asks for 16 GiB, or never ends.
A worker answers one line of JSON by another; tables go through files. It imports little of ours.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from xlsales.tables.files.limits import GIB, limit_memory, limit_time
from xlsales.tables.files.loading import Asked, TooSpread, load
from xlsales.tables.files.processes import BY_BLOCKS

LEAST_MEMORY, MOST_MEMORY = 900_000_000, 4 * GIB
"""Bytes that the process may have for a small file, and for any file."""

Texts = tuple[int, list[list[str | None]]]
"""A sheet's cells as texts: the number of the first column, and each column from row 1 on."""


def titles(reader: fastexcel.ExcelReader) -> list[tuple[str, bool]]:
    """Return the sheets: title, and whether it is visible (a chart or a module is not)."""
    names = reader.sheet_names
    return [(title, len(names) == 1 or _visible(reader, title)) for title in names]


def _visible(reader: fastexcel.ExcelReader, title: str) -> bool:
    try:
        return reader.load_sheet(title, header_row=None, n_rows=1, dtypes="string").visible == "visible"
    except fastexcel.FastExcelError:
        return False


def defined_names(reader: fastexcel.ExcelReader) -> dict[str, str]:
    """Return the defined names and their formulas."""
    return {name.name: name.formula for name in reader.defined_names()}


def everything(reader: fastexcel.ExcelReader, most: int) -> tuple[dict[str, Texts], int]:
    """Return the cells of all sheets as texts, and how many there are; sheets beyond `most` cells are left out."""
    sheets: dict[str, Texts] = {}
    count = 0
    for title in reader.sheet_names:
        cells, first = load(reader, Asked(title, texts=True))
        count += sum(series.count() for series in cells)
        if count > most:
            break
        sheets[title] = first, [series.to_list() for series in cells]
    return sheets, count


def serve(first: str = "") -> None:
    """Answer requests until there are no more; open a first file before. A crash ends this process alone."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    readers: dict[tuple[str, int], fastexcel.ExcelReader] = {}
    if first:
        with contextlib.suppress(BaseException):  # it is reported when the file is asked about
            limit_time(_LONG)
            _ready(Path(first), readers)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = _answer(request, readers)
        except fastexcel.CalamineCellError:
            answer = {"fault": "cell"}
        except TooSpread:
            answer = {"fault": "spread"}
        except BaseException as error:
            refused = isinstance(error, fastexcel.FastExcelError)
            detail = str(error).split("\n")[0] if refused else ""
            answer = {"fault": "refused" if refused else "died", "detail": detail}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _ready(path: Path, readers: dict[tuple[str, int], fastexcel.ExcelReader]) -> None:
    """Open a file, or import what reads its rows block by block."""
    if path.suffix.lower() in BY_BLOCKS:
        import xlsales.tables.files.row_blocks  # noqa: F401
    else:
        _reader_of(path, readers)


def _answer(request: dict[str, Any], readers: dict[tuple[str, int], fastexcel.ExcelReader]) -> dict[str, Any]:
    limit_time(request["seconds"])
    path = Path(request["path"])
    if request["ask"] == "load":
        cells, first, scan = _loaded(path, Asked(**request["asked"]), request["part"], request["needed"], readers)
        cells.write_ipc(request["into"], compression="uncompressed", compat_level=pl.CompatLevel.newest())
        return {"first": first, "scan": scan}
    reader = _reader_of(path, readers)
    if request["ask"] == "titles":
        return {"titles": titles(reader)}
    sheets, count = everything(reader, request["most"])
    return {"sheets": sheets, "count": count, "names": defined_names(reader)}


def _loaded(
    path: Path, asked: Asked, part: str, needed: Sequence[str], readers: dict[tuple[str, int], fastexcel.ExcelReader]
) -> tuple[pl.DataFrame, int, dict[str, Any] | None]:
    """Load a sheet, by blocks of rows if its part is named and its rows can be told apart, and scan its bytes then."""
    if part:
        from xlsales.ooxml.excerpts import Undivided  # only now: the reader itself needs no part of ours
        from xlsales.ooxml.package import Package
        from xlsales.tables.files.row_blocks import BlockReader

        limit_memory(_memory(path))
        with contextlib.suppress(Undivided):
            cells, first, scan = BlockReader(Package.open(path), part, needed).load(asked)
            return cells, first, scan.to_json()
    return *load(_reader_of(path, readers), asked), None


def _memory(path: Path) -> int:
    return min(LEAST_MEMORY + 40 * path.stat().st_size, MOST_MEMORY)


def _reader_of(path: Path, readers: dict[tuple[str, int], fastexcel.ExcelReader]) -> fastexcel.ExcelReader:
    """Return the reader of a file as it is now; the last one stays open."""
    status = path.stat()
    key = (str(path), status.st_mtime_ns)
    if key not in readers:
        limit_memory(_memory(path))
        readers.clear()
        # From bytes: a reader of a path holds the file open, and on Windows nobody could replace it.
        readers[key] = fastexcel.read_excel(path.read_bytes())
    return readers[key]


_LONG = 60
"""Seconds of the processor for the first file."""


if __name__ == "__main__":
    serve()
