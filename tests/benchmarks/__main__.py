"""The benchmarks: `python -m tests.benchmarks [--small | --full] [--only WORD …] [--write]`.

Each row is printed as it comes. `--small` takes two minutes, for before a commit; `--full` has the slow peers and the
greatest sizes too. `--only refresh`, `--only 1,048,575`: those whose name or whose row has the word. `--write` puts
the rows into README.md, for each benchmark that ran.
"""

import time
from collections.abc import Callable, Iterable

from tests.benchmarks import (
    calc,
    chance,
    change,
    collect,
    fence,
    growth,
    indicators,
    matrix,
    press,
    reading,
    refresh,
    slips,
    split,
    start,
    stores,
)
from tests.benchmarks.measure import SMALL, WRITE, Result, report, wanted
from tests.benchmarks.table import write_table


def _functions() -> Iterable[Result]:
    from tests.benchmarks import functions  # last: its fakes of Windows stay in the process

    return functions.rows()


BENCHMARKS: dict[str, tuple[Callable[[], Iterable[Result]], bool]] = {
    "start": (start.rows, True),
    "press": (press.rows, True),
    "split": (split.rows, True),
    "matrix": (matrix.rows, True),
    "reading": (reading.rows, True),
    "change": (change.rows, True),
    "refresh": (refresh.rows, True),
    "stores": (stores.rows, True),
    "collect": (collect.rows, True),
    "growth": (growth.rows, False),
    "fence": (fence.rows, False),
    "indicators": (indicators.rows, False),
    "chance": (chance.rows, False),
    "slips": (slips.rows, False),
    "calc": (calc.rows, False),
    "functions": (_functions, True),
}
"""Each by its name: its rows, and whether the small set has it."""
BY_ROW = ("reading", "refresh")
"""They look at the words of `--only` themselves, row by row."""


def main() -> None:
    """Run what is wanted, then say how long it took."""
    began = time.monotonic()
    for name, (rows, small) in BENCHMARKS.items():
        if (SMALL and not small) or not (name in BY_ROW or wanted(name)):
            continue
        started = time.monotonic()
        results = report(rows())
        if WRITE and results:
            write_table(name, results, time.monotonic() - started)
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
