"""The native reader behind a fence: a file that breaks it gets a sentence, and nothing else breaks.

Kinds without XML are always read in a process apart, with limits of memory and time. Our own reader has seen the cells
of an `.xlsx`: its sheets are read here, some rows at a time, its large ones apart too. If no process can be started, as
inside of some programs, everything is read here.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple

import fastexcel
import polars as pl
from msgspec.structs import asdict

from xlsales.core.faults import Fault
from xlsales.ooxml.book import Book
from xlsales.ooxml.checks import EncryptedWorkbook
from xlsales.ooxml.excerpts import needed_parts
from xlsales.tables.files import processes, worker
from xlsales.tables.files.loading import Asked, TooSpread, load
from xlsales.tables.files.row_blocks import BlockReader
from xlsales.tables.files.scan import SheetScan
from xlsales.tables.files.unreadable import ReaderGone, SourceUnreadable

for _name in ("fastexcel", "calamine"):  # their lines on blank columns and odd formats are of no use to people
    logging.getLogger(_name).setLevel(logging.CRITICAL)


SECONDS = 10
"""A question about a small file may take the processor for so long."""
BUSY = 2
"""The answer may take so many times as long, because others may have the processor."""


class OddCell(Exception):
    """The reader knows no type for a cell; as texts the sheet can be read."""


class Loaded(NamedTuple):
    """The cells of a sheet, its first column's number, and what its bytes hold if they were looked at."""

    cells: pl.DataFrame
    first: int
    scan: SheetScan | None = None


class Native:
    """The native reader's view of a file; `here`: the bytes that are read in this process, if not the file apart."""

    def __init__(self, path: Path, *, apart: bool = True, here: Callable[[], bytes] | None = None) -> None:
        self._path, self.apart = path, apart and processes.python() is not None
        self._here = here or path.read_bytes
        self._reader: fastexcel.ExcelReader | None = None

    def titles(self) -> list[tuple[str, bool]]:
        """Return the sheets: title, and whether a person sees it."""
        if self.apart:
            return [(title, visible) for title, visible in self._ask({"ask": "titles"})["titles"]]
        with fence(self._path.name):
            return worker.titles(self._opened())

    def everything(self, most: int) -> tuple[dict[str, worker.Texts], int, dict[str, str]]:
        """Return the cells of all sheets as texts, their number, and the names; of more than `most` cells not all."""
        if not self.apart:
            with fence(self._path.name):
                return *worker.everything(self._opened(), most), worker.defined_names(self._opened())
        answer = self._ask({"ask": "everything", "most": most})
        sheets = {title: (first, columns) for title, (first, columns) in answer["sheets"].items()}
        return sheets, int(answer["count"]), dict(answer["names"])

    def load(self, asked: Asked, part: str = "", needed: Sequence[str] = ()) -> Loaded:
        """Load a sheet. Raises OddCell, TooSpread.

        `part`, `needed`: the part of a large sheet of an `.xlsx`, and the `needed_parts` of its workbook.
        """
        if not self.apart:
            with fence(self._path.name):
                return Loaded(*load(self._opened(), asked))
        with tempfile.TemporaryDirectory(prefix="xlsales-", ignore_cleanup_errors=True) as folder:
            into = Path(folder) / "cells.arrow"
            request = {"asked": asdict(asked), "part": part, "needed": needed, "into": str(into)}
            answer = self._ask({"ask": "load", **request})
            scan = SheetScan.from_json(answer["scan"]) if answer["scan"] is not None else None
            return Loaded(pl.read_ipc(into), int(answer["first"]), scan)

    def _opened(self) -> fastexcel.ExcelReader:
        if self._reader is None:
            self._reader = fastexcel.read_excel(self._here())
        return self._reader

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        seconds = SECONDS + self._path.stat().st_size / 1e6
        with processes.borrow() as process:
            whole = {**request, "path": str(self._path.absolute()), "seconds": seconds}
            answer = process.ask(whole, seconds=BUSY * seconds)
        if answer is None or answer.get("fault") == "died":
            raise ReaderGone(path=self._path.name)
        if answer.get("fault") == "cell":
            raise OddCell
        if answer.get("fault") == "spread":
            raise TooSpread
        if "fault" in answer:
            raise _refused(self._path.name, answer["detail"])
        return answer


# --- in this process ----------------------------------------------------------


def load_blocks(book: Book, part: str, asked: Asked) -> Loaded:
    """Load a sheet of an `.xlsx` by blocks of its rows. Raises OddCell, TooSpread, and Undivided (`excerpts`)."""
    with fence(book.package.file):
        return Loaded(*BlockReader(book.package, part, needed_parts(book)).load(asked))


@contextmanager
def fence(name: str) -> Iterator[None]:
    """Turn refusals and panics of the native reader into faults; keep its own output from people."""
    with _hush():
        try:
            yield
        except fastexcel.CalamineCellError as error:
            raise OddCell from error
        except fastexcel.FastExcelError as error:
            raise _refused(name, str(error).split("\n")[0]) from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            raise ReaderGone(path=name) from error


def _refused(name: str, detail: str) -> Fault:
    if "password" in detail.lower() or "encrypt" in detail.lower():
        return EncryptedWorkbook(file=name)
    return SourceUnreadable(path=name, detail=detail)


@contextmanager
def _hush() -> Iterator[None]:
    """Let the error stream of the process lead nowhere for a while; without such a stream, do nothing."""
    with TURN_OF_STREAMS, ExitStack() as stack:
        try:
            errors = os.dup(2)
        except OSError:
            errors = None
        if errors is not None:
            stack.callback(os.close, errors)
            stack.callback(os.dup2, errors, 2)
            with open(os.devnull, "wb") as nowhere:
                os.dup2(nowhere.fileno(), 2)
        yield


TURN_OF_STREAMS = RLock()
"""Held while the error stream leads nowhere: who prints a sentence meanwhile waits for it."""
