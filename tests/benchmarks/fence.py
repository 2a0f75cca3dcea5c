"""What the fence around returned files costs: a folder of good ones collected with it and without it, side by side.

Run `python -m tests.benchmarks.fence [--full]`. Without the fence no file has limits or a guard of its own, and all
files, those without XML too, are read in the process that collects. For `.ods`, one store's file is re-saved by
LibreOffice and lies in the folder many times over: each copy is read, and refused for being a copy. Seconds are those
of the processor, its helpers' included, for others who use the machine would decide otherwise.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.collect import write_round
from tests.benchmarks.measure import FULL, Result, report, run_process, share

MOST = 1.1
"""The time with the fence, as a share of that without it."""
TURNS = 3
WITHOUT = """
import os, sys
sys.excepthook = lambda *error: (sys.__excepthook__(*error), sys.stderr.flush(), os._exit(3))  # 1 means done
from xlsales.commands import returned_files
from xlsales.hosts.cli import main
from xlsales.ooxml.package import Package
from xlsales.tables.files import processes
from xlsales.store import returned_book
returned_files._read = lambda round_, named: returned_files.read_returned(named[1], named[0], round_)
Package._check_claims = lambda self, entries: None
returned_book._check_size = lambda book, part, title: None
processes.python = lambda: None
returned_files.cores = lambda: 0
sys.exit(main())
"""


def rows() -> Iterator[Result]:
    """Yield the figures, for 1,000 files of each kind with `--full`, else for 200."""
    stores = 1000 if FULL else 200
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ["XLSALES_DATA"] = folder
        book, back = write_round(home, stores)
        yield _beside(f"collecting {stores:,} good .xlsx", home, book, back)
        soffice = os.environ.get("XLSALES_SOFFICE") or shutil.which("soffice")
        if soffice is None:
            print("collecting good .ods: LibreOffice is missing", flush=True)
            return
        one, copies = next(path for path in sorted(back.glob("*.xlsx")) if "清单" not in path.name), home / "ods"
        profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
        convert = [soffice, profile, "--headless", "--convert-to", "ods", "--outdir", str(home), str(one)]
        subprocess.run(convert, check=True, capture_output=True)
        copies.mkdir()
        for n in range(stores):
            shutil.copy(home / f"{one.stem}.ods", copies / f"{n:04}.ods")
        yield _beside(f"collecting {stores:,} good .ods", home, book, copies)


def _beside(what: str, home: Path, book: Path, folder: Path) -> Result:
    arguments = ["collect", str(book), str(folder), "-o", str(home / "out.xlsx")]
    ways = [sys.executable, "-m", "xlsales", *arguments], [sys.executable, "-c", WITHOUT, *arguments]
    seconds: tuple[list[float], list[float]] = [], []
    peak = 0.0
    for _ in range(TURNS):
        for way, spent in zip(ways, seconds, strict=True):
            took = run_process(way, allowed=(0, 1))
            spent.append(took.processor)
            peak = max(peak, took.peak_mb)
    ours, bare = map(statistics.median, seconds)
    return share(what, ours, "without the fence", bare, MOST, peak_mb=peak, note="seconds of the processor")


if __name__ == "__main__":
    report(rows())
