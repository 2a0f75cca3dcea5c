"""Starting: what a small run imports, against Python with the libraries that no run can do without.

Run `python -m tests.benchmarks.start [--small]`. The seconds of the processors are told beside, because others who use
the machine do not change them.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.measure import SMALL, Result, Spent, in_turns, more, report, run_process, share

TURNS = 5 if SMALL else 11
READY = "from xlsales.hosts.excel.server import without_tables as w; w('xlwings'); import xlsales.hosts.excel.functions"
"""What the add-in's server does before it is asked for functions."""
PRESS = (
    f"{READY}; from xlsales.core.uncollected import uncollected\n"
    "with uncollected(): import xlsales.hosts.excel.window, xlsales.commands.windows, xlsales.commands.refresh"
)
"""What it imports besides, before the first refresh."""
CUT_OFF = "\nimport os; os._exit(0)"
"""The add-in's Python goes on when it is ready, so that its end is none of it."""


def rows() -> Iterator[Result]:
    """Yield the figures of starting."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XLSALES_DATA"] = str(Path(folder) / "memory")
        xlsales = [sys.executable, "-m", "xlsales"]
        run_process([*xlsales, "demo", folder], allowed=(0, 1))
        book, out = next(Path(folder).glob("*.xlsx")), Path(folder) / "out.xlsx"
        demo = [*xlsales, "refresh", str(book), "--as-of", "2026-08-15", "-o", str(out)]
        yield _share("refresh of the demo", demo, "import numpy, polars", 1.5)
        assert out.exists(), "nothing was to be written"
        yield _share("add-in's Python, a button's first press", _python(PRESS + CUT_OFF), "import numpy", 4, CUT_OFF)
        yield _share("add-in's Python, functions ready", _python(READY + CUT_OFF), "import numpy", end=CUT_OFF)
        ours, bare = in_turns([*xlsales, "--help"], _python("pass"), times=TURNS)
        yield more("xlsales --help", ours.seconds, "bare Python", bare.seconds, 0.15)


def _share(what: str, command: Sequence[str], imports: str, at_most: float | None = None, end: str = "") -> Result:
    ours, bare = in_turns(command, _python(imports + end), times=TURNS)
    return share(what, ours.seconds, imports, bare.seconds, at_most, note=_processors(ours, bare))


def _processors(ours: Spent, bare: Spent) -> str:
    return f"{ours.processor / bare.processor:.2f} by the processor ({ours.processor:.3f} s)"


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


if __name__ == "__main__":
    report(rows())
