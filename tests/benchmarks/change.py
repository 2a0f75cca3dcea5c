"""Changing 396 cells of a workbook whose other sheet is full of actuals: ours against the ways there are.

Run `python -m tests.benchmarks.change`. Every way writes a new file beside the old one; each time other values.
wolfxl is left out where it is not installed. openpyxl is tried on 10,000 rows only, and loses parts besides.
"""

from __future__ import annotations

import io
import itertools
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import xlsxwriter

from tests.benchmarks.measure import SMALL, Result, medians, report, times
from tests.benchmarks.reading import write_sheet
from xlsales.ooxml.book import Book
from xlsales.ooxml.graft import Placement, graft
from xlsales.ooxml.package import Package
from xlsales.ooxml.patch import patch_sheet

SHEET, NAME = "进度", "xs_out_time"
ROWS, COLUMNS = 36, 11


def rows(sizes: tuple[int, ...] = (10_000,) if SMALL else (10_000, 1_048_575)) -> Iterator[Result]:
    """Yield the figures of changing cells."""
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = make_book(Path(folder) / f"book{size}.xlsx", size)
            what = f"396 cells beside {size:,} rows ({path.stat().st_size / 1e6:.1f} MB)"
            peers = ways(path, small=size <= 100_000)
            ours, *others = medians(*peers.values(), times=5)
            for name, spent in zip(list(peers)[1:], others, strict=True):
                yield times(what, ours, name, spent)


def make_book(path: Path, size: int) -> Path:
    """Make a workbook with `size` rows of actuals and a sheet with 396 figures."""
    write_sheet(path, size)
    out = io.BytesIO()
    scratch = xlsxwriter.Workbook(out, {"in_memory": True})
    style, page = scratch.add_format({"num_format": "0.0"}), scratch.add_worksheet(SHEET)
    for row, column in itertools.product(range(ROWS), range(COLUMNS)):
        page.write_number(row, column, row + column, style)
    scratch.close()
    book = Book.open(path)
    graft(book, out.getvalue(), [Placement(SHEET, SHEET, name=NAME)])
    book.package.save()
    return path


def ways(path: Path, small: bool) -> dict[str, Callable[[], object]]:
    """Return the ways to change the book by name, ours first."""
    turn = itertools.count(1)
    out = path.with_name("out.xlsx")

    def values() -> dict[tuple[int, int], float]:
        start = next(turn) / 7
        return {(r, c): start + r * c for r in range(1, ROWS + 1) for c in range(1, COLUMNS + 1)}

    def ours() -> None:
        book = Book.open(path)
        area = book.area(NAME)
        assert area is not None
        sheet = book.sheet(area.sheet)
        assert sheet is not None
        book.package.set(sheet.part, patch_sheet(book.package.read(sheet.part), values()))
        book.package.save(out)

    def recompress() -> None:
        package = Package.open(path)
        part = Book(package).sheets[-1].part
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for info in old.infolist():
                data = old.read(info)
                new.writestr(info, patch_sheet(data, values()) if info.filename == part else data)

    def openpyxl_way() -> None:
        import openpyxl

        book = openpyxl.load_workbook(path)
        for (row, column), value in values().items():
            book[SHEET].cell(row, column).value = value
        book.save(out)

    def wolfxl_way() -> None:
        import wolfxl  # type: ignore[import-not-found]

        book = wolfxl.load_workbook(str(path), modify=True)
        for (row, column), value in values().items():
            book[SHEET].cell(row=row, column=column).value = value
        book.save(str(out))

    def found() -> Iterator[tuple[str, Callable[[], object]]]:
        yield "ours", ours
        yield "copy of the file (limit)", lambda: shutil.copyfile(path, out)
        yield "zipfile, recompressing", recompress
        if _installed("wolfxl"):
            yield "wolfxl modify", wolfxl_way
        if small:
            yield "openpyxl load + save", openpyxl_way

    return dict(found())


def _installed(module: str) -> bool:
    try:
        __import__(module)
    except ImportError:
        return False
    return True


if __name__ == "__main__":
    report(rows())
