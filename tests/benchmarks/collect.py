"""Taking back the stores' workbooks: read, checked, written into the plan; growth with the number of stores.

Run `python -m tests.benchmarks.collect [--small | --full]`. The peer only reads: pandas with openpyxl, the
day table and the commitments of each file; it checks and writes nothing. It reads a sample, its seconds are scaled.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import FULL, SMALL, Result, growth, hot_spot, report, run_process, times
from tests.commands.store_files import StoreFile, keys_of
from xlsales.plan.template.plan import write_plan

SAMPLE = 50
"""So many files the peer reads."""
FILLED = 31
"""So many days of each store are filled in."""
PEER = """
import sys, pathlib, warnings
warnings.simplefilter("ignore")
import pandas
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.xlsx"))[:int(sys.argv[2])]:
    if path.name != "下发清单.xlsx":
        pandas.read_excel(path, sheet_name=["日报", "承诺"], engine="openpyxl", header=None)
"""


def write_round(home: Path, stores: int) -> tuple[Path, Path]:
    """Write a split plan of so many stores, and the folder of their workbooks with a month filled in."""
    book, folder = home / f"plan-{stores}.xlsx", home / f"back-{stores}"
    names = [f"门店{n:04}" for n in range(1, stores + 1)]
    rows = [{"dimension": "门店", "member": name, "weight": 1} for name in names]
    settings = {"plan_name": "2026", "total": 360 * stores, "step": 100}
    write_plan(
        book, "zh", {**settings, "start": dt.date(2026, 1, 1), "end": dt.date(2026, 12, 31)}, {"xs_dimensions": rows}
    )
    xlsales = [sys.executable, "-m", "xlsales"]
    run_process([*xlsales, "split", str(book)], allowed=(0, 1))
    run_process([*xlsales, "handout", str(book), str(folder)], allowed=(0, 1))
    keys = keys_of(folder / f"{names[0]}.xlsx")
    for i, name in enumerate(names):
        sold = {(f"2026-01-{n:02}", "entry"): 9000.0 + (i * 37 + n * 131) % 2000 for n in range(1, FILLED + 1)}
        StoreFile(folder / f"{name}.xlsx", name, keys=keys).type(sold)
    return book, folder


def rows() -> Iterator[Result]:
    """Yield the figures of a collection, each a process of its own."""
    counts = (100,) if SMALL else (100, 1000, 5000) if FULL else (100, 1000)
    whole = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ["XLSALES_DATA"] = folder
        for stores in counts:
            book, back = write_round(home, stores)
            out = home / "out.xlsx"
            command = [sys.executable, "-m", "xlsales", "collect", str(book), str(back), "-o", str(out)]
            seconds, peak, _ = run_process(command, allowed=(0, 1))
            whole.append(seconds)
            note = f"{1000 * seconds / stores:.1f} ms a file"
            if not SMALL:
                note += f"; {hot_spot(*command[3:])}"
            peer = run_process([sys.executable, "-c", PEER, str(back), str(SAMPLE)]).seconds * stores / SAMPLE
            what, asked = f"collecting {stores:,} stores", 10 if stores >= 1000 else None
            yield times(what, seconds, "pandas + openpyxl, reading only", peer, asked, peak_mb=peak, note=note)
            shutil.rmtree(back)
        if len(counts) > 1:
            yield growth("growth: collecting, stores", counts, whole)


if __name__ == "__main__":
    report(rows())
