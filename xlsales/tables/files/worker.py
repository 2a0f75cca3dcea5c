"""Questions to the native reader about a workbook; in a process of its own it may die without harm.

The code that reads `.xls`, `.xlsb` and `.ods` may fail at any byte: it panics, asks for 16 GiB, or never ends.
A worker answers one line of JSON by another; tables go through files. It imports little of ours.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from xlsales.tables.files.limits import GIB, limit_memory, limit_time

LEAST_MEMORY, MOST_MEMORY = 900_000_000, 4 * GIB
"""Bytes that the process may have for a small file, and for any file."""

MOST_COLUMNS = 16_384


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


def load(
    reader: fastexcel.ExcelReader, title: str, skipped: int = 0, rows: int | None = None, *, texts: bool = False
) -> tuple[pl.DataFrame, int]:
    """Load a sheet below its first rows: its columns, named by position, and the first one's number."""
    # An explicit skip_rows keeps leading blank rows, so that row i is row i + 1 of the sheet.
    how: dict[str, Any] = {"dtypes": "string"} if texts else {"schema_sample_rows": None}
    sheet = reader.load_sheet(title, header_row=None, skip_rows=skipped, n_rows=rows, **how)
    if sheet.width > MOST_COLUMNS:
        raise ValueError("more columns than a sheet can have")
    columns = sheet.available_columns()
    if not columns:
        return pl.DataFrame(), 1
    # A number that is shown as [h]:mm is the number it is stored as.
    cells = sheet.to_polars().with_columns(pl.selectors.duration().dt.total_milliseconds() / 86_400_000)
    cells.columns = [str(i) for i in range(cells.width)]
    return cells, columns[0].absolute_index + 1


def everything(reader: fastexcel.ExcelReader, most: int) -> tuple[dict[str, Texts], int]:
    """Return the cells of all sheets as texts, and how many there are; sheets beyond `most` cells are left out."""
    sheets: dict[str, Texts] = {}
    count = 0
    for title in reader.sheet_names:
        cells, first = load(reader, title, texts=True)
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
            _reader_of(Path(first), readers)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = _answer(request, readers)
        except fastexcel.CalamineCellError:
            answer = {"fault": "cell"}
        except BaseException as error:
            refused = isinstance(error, fastexcel.FastExcelError)
            detail = str(error).split("\n")[0] if refused else ""
            answer = {"fault": "refused" if refused else "died", "detail": detail}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _answer(request: dict[str, Any], readers: dict[tuple[str, int], fastexcel.ExcelReader]) -> dict[str, Any]:
    limit_time(request["seconds"])
    reader = _reader_of(Path(request["path"]), readers)
    if request["ask"] == "titles":
        return {"titles": titles(reader)}
    if request["ask"] == "everything":
        sheets, count = everything(reader, request["most"])
        return {"sheets": sheets, "count": count, "names": defined_names(reader)}
    cells, first = load(reader, request["title"], request["skipped"], request["rows"], texts=request["texts"])
    cells.write_ipc(request["into"], compression="uncompressed", compat_level=pl.CompatLevel.newest())
    return {"first": first}


def _reader_of(path: Path, readers: dict[tuple[str, int], fastexcel.ExcelReader]) -> fastexcel.ExcelReader:
    """Return the reader of a file as it is now; the last one stays open."""
    status = path.stat()
    key = (str(path), status.st_mtime_ns)
    if key not in readers:
        limit_memory(min(LEAST_MEMORY + 40 * status.st_size, MOST_MEMORY))
        readers.clear()
        # From bytes: a reader of a path holds the file open, and on Windows nobody could replace it.
        readers[key] = fastexcel.read_excel(path.read_bytes())
    return readers[key]


_LONG = 60
"""Seconds of the processor for the first file."""


if __name__ == "__main__":
    serve()
