"""How the seconds of a split grow: over members, and over days.

Run `python -m tests.benchmarks.growth [--full]`; `--full` goes to 20,000 members. Growth over rows and over stores is
told where they are measured.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import FULL, Result, growth, hot_spot, report, run_process
from xlsales.plan.template.plan import write_plan

MEMBERS = (100, 1_000, 5_000, 20_000) if FULL else (100, 1_000, 5_000)
DAYS = (31, 90, 365)
FEW = 500
"""So many members, where the days are more and more."""


def rows() -> Iterator[Result]:
    """Yield seconds, then slopes."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XLSALES_DATA"] = folder
        book = Path(folder) / "plan.xlsx"
        spent = []
        for count in MEMBERS:
            spent.append(_split(book, f"split, {count:,} members", count, 365))
            yield spent[-1]
        yield growth("growth: split, members", MEMBERS, [result.ours for result in spent])
        spent = []
        for days in DAYS:
            spent.append(_split(book, f"split, {FEW} members, {days} days", FEW, days))
            yield spent[-1]
        yield growth("growth: split, days", DAYS, [result.ours for result in spent])


def _split(book: Path, what: str, members: int, days: int) -> Result:
    """`xlsales split` of a plan, as a process, and the worst hot spot of it."""
    start = dt.date(2026, 1, 1)
    settings = {"total": 20_000, "start": start, "end": start + dt.timedelta(days=days - 1)}
    listed = [{"dimension": "门店", "member": f"门店{n:05d}", "weight": 50 + n % 97} for n in range(members)]
    write_plan(book, "zh", settings, {"xs_dimensions": listed})
    arguments = ["split", str(book), "-o", str(book.with_name("out.xlsx"))]
    spent = run_process([sys.executable, "-m", "xlsales", *arguments], allowed=(0, 1))
    return Result(what, spent.seconds, peak_mb=spent.peak_mb, note=hot_spot(*arguments))


if __name__ == "__main__":
    report(rows())
