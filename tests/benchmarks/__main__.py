"""Every benchmark: `python -m tests.benchmarks [--full]`."""

import sys

from tests.benchmarks import calc, change, collect, reading, refresh, split, stores
from tests.benchmarks.measure import table

FULL = "--full" in sys.argv

found = [
    *split.rows(),
    *reading.rows(FULL),
    *change.rows(),
    *refresh.rows(FULL),
    *stores.rows(FULL),
    *collect.rows(FULL),
    *calc.rows(),
]
from tests.benchmarks import functions  # noqa: E402 - last: its fakes of Windows stay in the process

print(table([*found, *functions.rows()]))
