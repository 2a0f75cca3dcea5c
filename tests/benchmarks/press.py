"""刷新进度 pressed again in a host that stays: the second press, after one more sale, against the first.

Run `python -m tests.benchmarks.press [--small]`. The host is a process that does what the add-in's does at a press,
on a workbook file; what Excel or Calc takes to save its copy and to show the figures comes on top of both presses.
The first press imports what a run needs. Each turn is a process of its own.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import SMALL, Result, report, run_process, share
from tests.benchmarks.refresh import write_book

AT_MOST = 0.4
TURNS = 3 if SMALL else 7


def rows() -> Iterator[Result]:
    """Yield the figures for the demo and for 577 members."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ["XLSALES_DATA"] = str(home / "memory")
        xlsales = [sys.executable, "-m", "xlsales"]
        run_process([*xlsales, "demo", folder], allowed=(0, 1))
        yield _presses("the demo", next(home.glob("*.xlsx")))
        book = home / "plan.xlsx"
        write_book(book, 10_000)
        run_process([*xlsales, "split", str(book)], allowed=(0, 1))
        yield _presses("10,000 rows, 577 members", book)


def _presses(what: str, book: Path) -> Result:
    runs = []
    for _ in range(TURNS):
        copy = book.with_name("pressed.xlsx")
        copy.write_bytes(book.read_bytes())
        command = [sys.executable, "-m", "tests.benchmarks.press", "--press", str(copy)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        runs.append([float(seconds) for seconds in done.stdout.split()])
    first, of_first, second, of_second = (statistics.median(spent) for spent in zip(*runs, strict=True))
    note = f"{of_second / of_first:.2f} by the processor ({of_first:.3f} s, then {of_second:.3f} s)"
    return share(f"second press of 刷新进度, {what}", second, "the first press", first, AT_MOST, note=note)


def press_twice(path: Path) -> None:
    """Press, type another sale, press again; print the seconds of each press, then those of the processor."""
    _press(path)
    _sell(path)
    _press(path)


def _press(path: Path) -> None:
    from xlsales.core.uncollected import uncollected

    started, of_processor = time.perf_counter(), time.process_time()
    with uncollected():
        from xlsales.book.snapshots import Snapshots
        from xlsales.commands.document import FileDocument
        from xlsales.commands.job import Run
        from xlsales.commands.verbs import verb_of

        when = dt.datetime(2026, 8, 31, 18)
        verb_of("refresh").act()(Run(FileDocument(path, Snapshots.of_user()), when), as_of=dt.date(2026, 8, 20))
    print(time.perf_counter() - started, time.process_time() - of_processor)


def _sell(path: Path) -> None:
    """Type another amount into the first row of 实际."""
    from xlsales.ooxml.book import Book
    from xlsales.ooxml.patch import patch_sheet
    from xlsales.vocabulary.contract import AREA_ACTUALS

    book = Book.open(path)
    area = book.area(AREA_ACTUALS)
    assert area is not None
    sheet = book.sheet(area.sheet)
    assert sheet is not None
    cells = book.cells(sheet)
    header = [(row, column) for (row, column), cell in cells.items() if cell.value in ("销售额", "金额")]
    row, column = min(header)
    book.package.set(sheet.part, patch_sheet(book.package.read(sheet.part), {(row + 1, column): 4321.5}))
    book.package.save()


if __name__ == "__main__":
    if "--press" in sys.argv:
        press_twice(Path(sys.argv[-1]))
    else:
        report(rows())
