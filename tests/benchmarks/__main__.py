"""Every benchmark: `python -m tests.benchmarks [--full] [--only WORD …]`, each row printed as it comes.

`--only refresh`, `--only 1,048,575`: those whose name or whose row has the word.
"""

import sys
from collections.abc import Iterator

from tests.benchmarks import calc, change, collect, fence, reading, refresh, split, stores
from tests.benchmarks.measure import Result, report, wanted

FULL = "--full" in sys.argv


def _all() -> Iterator[Result]:
    if wanted("split"):
        yield from split.rows()
    yield from reading.rows(FULL)
    if wanted("change"):
        yield from change.rows()
    yield from refresh.rows(FULL)
    if wanted("stores"):
        yield from stores.rows(FULL)
    if wanted("collect"):
        yield from collect.rows(FULL)
    if wanted("fence"):
        yield from fence.rows(FULL)
    if wanted("calc"):
        yield from calc.rows()
    if wanted("functions"):
        from tests.benchmarks import functions  # last: its fakes of Windows stay in the process

        yield from functions.rows()


report(_all())
