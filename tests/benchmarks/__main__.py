"""Every benchmark: `python -m tests.benchmarks [--full]`."""

import sys

from tests.benchmarks import change, reading, refresh, split, stores
from tests.benchmarks.measure import table

FULL = "--full" in sys.argv

print(table([*split.rows(), *reading.rows(FULL), *change.rows(), *refresh.rows(FULL), *stores.rows(FULL)]))
