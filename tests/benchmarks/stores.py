"""Handing out: a store's workbook of 365 days, against openpyxl; and whole runs for 100, 1,000 and 5,000 stores."""

from __future__ import annotations

import datetime as dt
import io
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from msgspec.structs import replace

from tests.benchmarks.measure import FULL, SMALL, Result, growth, hot_spot, medians, run_process, times
from tests.store.stores import store, terms, with_parts, with_tables
from xlsales.commands.filled_files import Numbered, fill_all, fillers
from xlsales.plan.template.plan import write_plan
from xlsales.store.contract import SHORT
from xlsales.store.handout.fill import Filler
from xlsales.store.handout.folder import Folder
from xlsales.store.manifest import Manifest
from xlsales.store.sealing import digest_of
from xlsales.store.seals import Key
from xlsales.store.targets import Store
from xlsales.store.template import write_store

_YEAR = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
_OURS, _PEERS = 200, 3
"""So many workbooks a turn; what is told is seconds per workbook."""


LIMIT = 1_064
"""Store sheets a second that can be deflated and written, which nobody can surpass on one processor."""


def rows() -> Iterator[Result]:
    """One workbook beside the peer's, then whole commands."""
    counts = (100,) if SMALL else (100, 1000, 5000) if FULL else (100, 1000)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XLSALES_DATA"] = folder
        yield _one(Path(folder))
        whole = []
        for count in counts:
            whole.append(_command(Path(folder), count))
            yield whole[-1]
        if len(counts) > 1:
            yield growth("growth: handout, stores", counts, [result.ours for result in whole])


def _one(folder: Path) -> Result:
    plan = with_tables(terms(*_YEAR))
    template = write_store(plan, Store.blank(plan))
    stores = [with_parts(plan, store(plan, f"门店{n:04d}", 1_000_000 + 1_237 * n), 2 + n % 3) for n in range(_OURS)]

    key = Key(b"benchmark", "2026-01-01")

    def numbered() -> Iterator[Numbered]:
        for one in stores:
            digest = digest_of(plan, one)
            yield replace(one, seal=key.seal(digest)), digest[:SHORT]

    def ours() -> None:
        target = folder / "one"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        with fillers(len(stores)) as crew:
            out = Folder(target, Manifest(plan.plan.name, plan.dimension, plan.lang))
            out.plan_names(s.code for s in stores)
            filler = Filler(template, plan, "template")
            for (one, short), data in fill_all(crew, filler, numbered()):
                out.put(one, short, data)
            out.close()

    def peer() -> None:
        for one in stores[:_PEERS]:
            _by_openpyxl(template, one, folder / "peer.xlsx")

    seconds, others = medians(ours, peer, times=3)
    each, peers = seconds / _OURS, others / _PEERS
    note = f"{1 / each:.0f} a second, {1 / each / LIMIT:.2f} of the limit of {LIMIT:,}, files written"
    return times("store workbook, 365 days, two tables", each, "openpyxl load-fill-save", peers, 80, note=note)


def _by_openpyxl(template: bytes, one: Store, path: Path) -> None:
    """What people do: load the template, fill in the store's name and days, save (charts and 2010 bars are lost)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(template))
        names = book.defined_names
        title, cell = names["xs_store_code"].attr_text.split("!")
        book[title.strip("'")][cell.replace("$", "")] = one.code
        days = book["日报"]
        targets = iter(one.days.tolist())
        for row in days.iter_rows(min_row=7, max_col=6):
            if row[1].value:
                row[5].value = next(targets)
        book.save(path)


def _command(folder: Path, count: int) -> Result:
    """`xlsales handout` of a book with `count` stores, as a process."""
    book, out = folder / f"{count}.xlsx", folder / f"out{count}"
    members = [{"dimension": "门店", "member": f"门店{n:04d}", "weight": 50 + n % 97} for n in range(count)]
    settings = {"plan_name": "2026", "total": 200 * count, "start": _YEAR[0], "end": _YEAR[1], "day_method": "equal"}
    write_plan(book, "zh", settings, {"xs_dimensions": members})
    run_process([sys.executable, "-m", "xlsales", "split", str(book)], allowed=(0, 1))
    spent = run_process([sys.executable, "-m", "xlsales", "handout", str(book), str(out)], allowed=(0, 1))
    note = f"{spent.seconds / count * 1000:.1f} ms a store"
    if not SMALL:
        note += f"; {hot_spot('handout', str(book), str(out.with_name(f'again{count}')))}"
    return Result(f"handout of {count:,} stores", spent.seconds, peak_mb=spent.peak_mb, note=note)


if __name__ == "__main__":
    from tests.benchmarks.measure import report

    report(rows())
