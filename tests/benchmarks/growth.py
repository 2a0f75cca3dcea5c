"""How the seconds of a split and of a refresh grow: over members, and over days.

Run `python -m tests.benchmarks.growth`. Seconds are those of the processor: for others who use the machine would bend a
slope. Growth over rows and over stores is told where they are measured.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.benchmarks.measure import Result, growth, hot_spot, report, run_process, slope
from xlsales.plan.template.plan import write_plan

MEMBERS = (100, 1_000, 5_000, 20_000)
DAYS = (31, 90, 365)
FEW = 500
"""So many members, where the days are more and more."""
START = dt.date(2026, 1, 1)


def rows() -> Iterator[Result]:
    """Yield seconds, then slopes."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XLSALES_DATA"] = folder
        home = Path(folder)
        for verb in ("split", "refresh"):
            yield from _grown(f"{verb}, members", MEMBERS, lambda n, verb=verb: _run(home, verb, n, 365))  # type: ignore[misc]
        yield from _grown(f"split of {FEW} members, days", DAYS, lambda n: _run(home, "split", FEW, n))


def _grown(what: str, sizes: Sequence[int], run: Callable[[int], Result]) -> Iterator[Result]:
    spent = []
    for size in sizes:
        spent.append(run(size))
        yield spent[-1]
    seconds = [result.ours for result in spent]
    last = slope(sizes[-2:], seconds[-2:])
    yield growth(f"growth: {what}", sizes, seconds, note=f"{sizes[-2]:,} → {sizes[-1]:,}: slope {last:.2f}")


def _run(home: Path, verb: str, members: int, days: int) -> Result:
    """A verb on a plan, as a process, and the worst hot spot of it; a refresh is one of the plan split before."""
    book, split = home / f"plan {members} {days}.xlsx", home / f"split {members} {days}.xlsx"
    if not book.exists():
        settings = {"total": 20_000, "start": START, "end": START + dt.timedelta(days=days - 1)}
        listed = [{"dimension": "门店", "member": f"门店{n:05d}", "weight": 50 + n % 97} for n in range(members)]
        sales = [["日期", "门店", "销售额"], *([START, f"门店{n:05d}", 100 + n % 50] for n in range(members))]
        write_plan(book, "zh", settings, {"xs_dimensions": listed}, None, sales)
    arguments = {
        "split": ["split", str(book), "-o", str(split)],
        "refresh": ["refresh", str(split), "--as-of", "2026-01-02", "-o", str(home / "out.xlsx")],
    }[verb]
    spent = run_process([sys.executable, "-m", "xlsales", *arguments], allowed=(0, 1))
    what = f"{verb}, {members:,} members, {days} days"
    note = f"processor; {hot_spot(*arguments)}"
    return Result(what, spent.processor, peak_mb=spent.peak_mb, note=note)


if __name__ == "__main__":
    report(rows())
