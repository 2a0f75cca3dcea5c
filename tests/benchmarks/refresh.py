"""A refresh end to end beside a pasted sheet: read, clean, match, sum, write back; and what starting costs.

Run `python -m tests.benchmarks.refresh [--full]`. The peer is what people do today: pandas reads the sheet,
openpyxl loads and saves the workbook. Above 100,000 rows it takes minutes and gigabytes, so it needs `--full`.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import Result, report, run_process, wanted
from tests.benchmarks.reading import CHANNELS, HEADERS, PRODUCTS, REGIONS, SIZES, STORES, write_sheet
from xlsales.ooxml.book import Book
from xlsales.plan.template.plan import write_plan
from xlsales.vocabulary.contract import AREA_ACTUALS

BAR_PEER = 30
"""The peer takes at least so many times as long."""
BAR_READER = 1.6
"""We take at most so many times the fastest reader's loading alone."""
PEER = """
import sys, openpyxl, pandas
pandas.read_excel(sys.argv[1], sheet_name="实际", engine="openpyxl")
openpyxl.load_workbook(sys.argv[1]).save(sys.argv[2])
"""
READER = """
import sys, fastexcel
fastexcel.read_excel(sys.argv[1]).load_sheet("实际").to_polars()
"""


def write_book(path: Path, rows: int) -> None:
    """Write a plan of 577 members whose actuals sheet is full of generated sales, as Excel would store them."""
    members = [
        {"dimension": dimension, "member": name, "weight": 1}
        for dimension, names in zip(HEADERS[1:5], (REGIONS, PRODUCTS, CHANNELS, STORES), strict=True)
        for name in names
    ]
    settings = {"total": 20_000, "start": dt.date(2026, 1, 1), "end": dt.date(2026, 12, 31)}
    write_plan(path, "zh", settings, {"xs_dimensions": members})
    pasted = path.with_name("pasted.xlsx")
    write_sheet(pasted, rows)
    book = Book.open(path)
    area, part = book.area(AREA_ACTUALS), book.related("sharedStrings")
    assert area is not None
    assert part is not None
    sheet = book.sheet(area.sheet)
    assert sheet is not None
    with zipfile.ZipFile(pasted) as archive:
        words, cells = archive.read("xl/sharedStrings.xml"), archive.read("xl/worksheets/sheet1.xml")
    strings = book.package.read(part)
    offset = strings.count(b"<si>")
    items = words[words.index(b"<si>") : words.rindex(b"</sst>")]
    strings = re.sub(rb' (uniqueC|c)ount="\d+"', b"", strings).replace(b"</sst>", items + b"</sst>")
    dated = next(i for i in range(1, 500) if book.styles.is_date(i))
    cells = cells[cells.index(b"<sheetData>") : cells.index(b"</sheetData>") + len(b"</sheetData>")]
    cells = re.sub(rb't="s"><v>(\d+)<', lambda m: b't="s"><v>%d<' % (int(m[1]) + offset), cells)
    cells = cells.replace(b' s="1"', b' s="%d"' % dated)
    old = re.sub(rb"<dimension[^>]*/>", b"", book.package.read(sheet.part))
    book.package.set(part, strings)
    book.package.set(sheet.part, re.sub(rb"<sheetData/>|<sheetData>.*</sheetData>", lambda m: cells, old, flags=re.S))
    book.package.save()
    pasted.unlink()


def rows(full: bool = False, sizes: tuple[int, ...] = SIZES) -> Iterator[Result]:
    """Yield the figures of a refresh, each run a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XLSALES_DATA"] = folder
        book, out = Path(folder) / "plan.xlsx", Path(folder) / "out.xlsx"
        xlsales = [sys.executable, "-m", "xlsales"]
        for size in sizes:
            what = f"refresh beside {size:,} rows"
            if not wanted(what):
                continue
            write_book(book, size)
            _quiet([*xlsales, "split", str(book)])
            refresh = [*xlsales, "refresh", str(book), "--as-of", "2026-08-31", "-o", str(out)]
            ours, reader = _turns([refresh, [sys.executable, "-c", READER, str(book)]], 5)
            share = ours[0] / reader[0]
            note = f"{share:.2f} of the reader, at most {BAR_READER}"
            yield Result(what, ours[0], "fastexcel loading alone", reader[0], 1 / BAR_READER, ours[1], note)
            if full or size <= 100_000:
                peer = _turns([[sys.executable, "-c", PEER, str(book), str(out)]], 1)[0]
                note = "peak: the peer's"
                yield Result(what, ours[0], "pandas + openpyxl", peer[0], BAR_PEER, peer[1], note)
        if wanted("refresh", "start"):
            yield _start()


def _start() -> Result:
    ours, bare = _turns([[sys.executable, "-m", "xlsales", "--help"], [sys.executable, "-c", "pass"]], 11)
    note = f"{ours[0] - bare[0]:.3f} s over it, at most 0.15"
    return Result("xlsales --help", ours[0], "bare Python", bare[0], note=note)


def _turns(commands: list[list[str]], times: int) -> list[tuple[float, float]]:
    """Return median seconds and greatest peak MB of commands that take turns."""
    found: list[list[tuple[float, float]]] = [[] for _ in commands]
    for _ in range(times):
        for command, runs in zip(commands, found, strict=True):
            runs.append(_quiet(command))
    return [(sorted(s for s, _ in runs)[len(runs) // 2], max(p for _, p in runs)) for runs in found]


def _quiet(command: list[str]) -> tuple[float, float]:
    """Run a command; exit code 1 only tells of data problems, which the generated sales have on purpose."""
    return run_process(command, allowed=(0, 1))


if __name__ == "__main__":
    report(rows("--full" in sys.argv))
