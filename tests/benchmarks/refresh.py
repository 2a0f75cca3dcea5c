"""A refresh end to end beside a pasted sheet: read, clean, match, sum, write back.

Run `python -m tests.benchmarks.refresh [--small | --full]`. The peer is what people do today: pandas reads the sheet,
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

from tests.benchmarks.measure import (
    FULL,
    SMALL,
    Result,
    growth,
    hot_spot,
    in_turns,
    report,
    run_process,
    share,
    times,
    wanted,
)
from tests.benchmarks.reading import CHANNELS, HEADERS, PRODUCTS, REGIONS, STORES, write_sheet
from xlsales.ooxml.book import Book
from xlsales.plan.template.plan import write_plan
from xlsales.vocabulary.contract import AREA_ACTUALS

SIZES = (10_000,) if SMALL else (10_000, 100_000, 1_048_575)
"""Rows of the pasted sheet, its header included."""
BARS = {10_000: (3, None), 1_048_575: (1.4, 500)}
"""By rows: at most so many times the fastest reader's loading alone, and so many MB."""
BAR_PEER = 50
"""People's way takes at least so many times as long, for a full sheet."""
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


def rows() -> Iterator[Result]:
    """Yield the figures of a refresh, each run a process of its own."""
    spent = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XLSALES_DATA"] = folder
        book, out = Path(folder) / "plan.xlsx", Path(folder) / "out.xlsx"
        xlsales = [sys.executable, "-m", "xlsales"]
        for size in SIZES:
            what = f"refresh beside {size:,} rows"
            if not wanted(what):
                continue
            write_book(book, size)
            run_process([*xlsales, "split", str(book)], allowed=(0, 1))
            refresh = [*xlsales, "refresh", str(book), "--as-of", "2026-08-31", "-o", str(out)]
            ours, reader = in_turns(refresh, [sys.executable, "-c", READER, str(book)], times=3 if SMALL else 5)
            asked, most = BARS.get(size, (None, None))
            note = "577 members" if SMALL else f"577 members; {hot_spot(*refresh[3:])}"
            name = "fastexcel loading alone"
            yield share(what, ours.seconds, name, reader.seconds, asked, peak_mb=ours.peak_mb, most_mb=most, note=note)
            spent.append(ours.seconds)
            if FULL or size <= 100_000:
                (peer,) = in_turns([sys.executable, "-c", PEER, str(book), str(out)], times=1)
                bar = BAR_PEER if size in BARS and size > 1_000_000 else None
                note = "peak: the peer's"
                yield times(what, ours.seconds, "pandas + openpyxl", peer.seconds, bar, peak_mb=peer.peak_mb, note=note)
        if len(spent) == len(SIZES) > 1:
            yield growth("growth: refresh, rows", SIZES, spent)


if __name__ == "__main__":
    report(rows())
