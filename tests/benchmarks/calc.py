"""In a real LibreOffice Calc: worksheet functions, a call a block against a call a row; the menu's commands.

The commands' peer is the command line on the same plan, started anew as a process. Times are taken from outside,
over UNO. Run `python -m tests.benchmarks.calc`; where LibreOffice or its Python support is missing it says so.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.measure import Result, medians, report, run_process, share, times
from tests.benchmarks.refresh import write_book
from tests.benchmarks.split import table_of
from tests.commands.books import answer, place_of
from tests.hosts.libreoffice.office import XLSX, Calc, closing, private_office, rows_of, save, uno_module
from xlsales.addin.libreoffice.install import install
from xlsales.core import a1
from xlsales.plan.sheets.by_time import TIME
from xlsales.vocabulary.contract import SHEETS

AMOUNT = "H2"
"""An amount among the pasted rows."""
AS_OF = dt.date(2026, 1, 15)
"""The as-of date: no month is complete, so that a split asks nothing."""
SAMPLE = 100
"""Rows that the peer of a function is timed over; its seconds are scaled to all."""


def rows() -> Iterator[Result]:
    """Return the figures, none where there is no LibreOffice."""
    try:
        uno_module()
    except pytest.skip.Exception as why:
        print(f"Calc: not measured. {why}")
        return
    folder = Path(tempfile.mkdtemp(prefix="xlsales-calc-"))
    try:
        office = private_office(folder)
        install(office)
        calc = Calc(office.profile, folder / "memory")
        try:
            yield split_matrix(calc)
            yield target_progress(calc)
            yield from commands(calc, folder)
        finally:
            calc.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def split_matrix(calc: Calc, stores: int = 500, days: int = 365) -> Result:
    """A table of stores × days with both margins exact, against SPLIT_TARGET in every row."""
    down, across, weights = table_of(stores, days)
    with closing(calc, calc.fresh()) as document:
        sheet = document.Sheets.getByIndex(0)
        _put(sheet, 0, 1, [[float(v)] for v in down])
        _put(sheet, 1, 0, [[float(v) for v in across]])
        _put(sheet, 1, 1, weights.tolist())
        inner = _name(1, 1, days, stores)

        def block() -> None:
            at = f"{_name(0, 1, 1, stores)};{_name(1, 0, days, 1)};{inner}"
            _enter(sheet, days + 2, 1, days, stores, f"=SPLIT_MATRIX({at})")

        def row(i: int) -> None:
            at = f"{_name(0, 1 + i, 1, 1)};{_name(1, 1 + i, days, 1)}"
            _enter(sheet, 2 * days + 3, 1 + i, days, 1, f"=SPLIT_TARGET({at})")

        return _side_by_side(calc, f"Calc: SPLIT_MATRIX, {stores} × {days}", block, row, stores)


def target_progress(calc: Calc, count: int = 20_000) -> Result:
    """Eight progress columns of many rows, against the same function in every row."""
    with closing(calc, calc.fresh()) as document:
        sheet = document.Sheets.getByIndex(0)
        _put(sheet, 0, 0, [[1000.0 + i % 97, float(i * 37 % 1100)] for i in range(count)])

        def formula(first: int, height: int) -> str:
            return f"=TARGET_PROGRESS({_name(0, first, 1, height)};{_name(1, first, 1, height)};0.5;30)"

        def block() -> None:
            _enter(sheet, 3, 0, 8, count, formula(0, count))

        def row(i: int) -> None:
            _enter(sheet, 12, i, 8, 1, formula(i, 1))

        return _side_by_side(calc, f"Calc: TARGET_PROGRESS, {count:,} rows", block, row, count)


def _side_by_side(calc: Calc, what: str, block: Callable[[], None], row: Callable[[int], None], count: int) -> Result:
    def each() -> None:
        for i in range(SAMPLE):
            row(i)

    ours, sample = medians(lambda: calc.on_main(block), lambda: calc.on_main(each))
    note = f"{count:,} rows; the peer timed over {SAMPLE} and scaled"
    return times(what, ours, "a call per row", sample * count / SAMPLE, note=note)


def commands(calc: Calc, folder: Path, size: int = 10_000) -> Iterator[Result]:
    """刷新进度 after a new sale and 分解目标 after a new total, of 577 members beside pasted rows.

    The command line has the same to do: its file was stored between the change and the press.
    """
    book, out = folder / "plan.xlsx", folder / "out.xlsx"
    os.environ["XLSALES_DATA"] = str(folder / "memory of the command line")
    write_book(book, size)
    answer(book, "as_of", AS_OF)
    run_process([sys.executable, "-m", "xlsales", "split", str(book)], allowed=(0, 1))
    _, total = place_of(book, "total").split("!")
    with closing(calc, calc.open(book)) as document:
        amounts = document.Sheets.getByName(SHEETS["actuals"].zh)
        settings = document.Sheets.getByName(SHEETS["settings"].zh)
        months = document.Sheets.getByName(TIME.title.zh).getCellRangeByName("A1:M40")
        n = 0

        def new_sale() -> None:
            nonlocal n
            n += 1
            amounts.getCellRangeByName(AMOUNT).setValue(1000.0 + n)

        def new_total() -> None:
            nonlocal n
            n += 1
            settings.getCellRangeByName(total).setValue(20_000.0 + n)

        for verb, button, change in (("refresh", "refresh_progress", new_sale), ("split", "split_target", new_total)):

            def press(change: Callable[[], None] = change, button: str = button) -> None:
                change()
                calc.press(document, button)

            before = months.getDataArray()
            change()
            stored = save(document, folder / f"{verb}.xlsx", XLSX)
            press()
            assert months.getDataArray() != before, f"{verb} did nothing"
            command = [sys.executable, "-m", "xlsales", verb, str(stored), "-o", str(out)]
            ours, peer, copy = medians(
                press,
                lambda c=command: run_process(c, allowed=(0, 1)),  # type: ignore[misc]
                lambda: calc.on_main(lambda: save(document, folder / "copy.xlsx", XLSX)),
            )
            note = f"577 members; Calc stores the copy that is read in {copy:.2f} s"
            yield share(f"Calc: {verb} beside {size:,} rows", ours, "the command line", peer, 1.3, note=note)


def _put(sheet: Any, column: int, row: int, values: list[list[float]]) -> None:
    area = sheet.getCellRangeByPosition(column, row, column + len(values[0]) - 1, row + len(values) - 1)
    area.setDataArray(rows_of(values))


def _name(column: int, row: int, width: int, height: int) -> str:
    """The address of a block, as formulas have it."""
    return a1.block(row + 1, column + 1, row + height, column + width)


def _enter(sheet: Any, column: int, row: int, width: int, height: int, formula: str) -> None:
    """Enter a formula over a block and have it computed."""
    area = sheet.getCellRangeByPosition(column, row, column + width - 1, row + height - 1)
    area.clearContents(16)  # com.sun.star.sheet.CellFlags.FORMULA
    area.setArrayFormula(formula)
    last = area.getCellByPosition(width - 1, height - 1)
    assert not last.getError(), last.String


if __name__ == "__main__":
    report(rows())
