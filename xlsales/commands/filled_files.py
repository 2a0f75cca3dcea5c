"""Every store's workbook filled: a few of them here, many with the help of other processes. The bytes are the same."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from xlsales.store.handout.fill import Filler
from xlsales.store.handout.mould import Carried, filling
from xlsales.store.targets import Store
from xlsales.tables.files.crew import Crew, cores

Numbered = tuple[Store, str]
"""A store with its seal and version, and the fingerprint of its targets."""
Fillers = Crew[Mapping[str, Carried], bytes]

FROM = 150
"""A process is worth starting for so many stores."""
MOST = 2
"""This process works out the contents and writes the files: more of the others would wait for it."""


def fillers(stores: int) -> Fillers:
    """Start the processes that help to fill the files of so many stores; for a few stores none."""
    helpers = min(cores() - 1, MOST) if stores >= FROM else 0
    return Fillers(f"{filling.__module__}:{filling.__name__}", max(helpers, 0))


def fill_all(crew: Fillers, filler: Filler, stores: Iterable[Numbered]) -> Iterator[tuple[Numbered, bytes]]:
    """Yield each store with its workbook, in their order. If a process dies, its file is filled in this one."""
    under_way: deque[Numbered] = deque()

    def contents() -> Iterator[Mapping[str, Carried]]:
        for numbered in stores:
            under_way.append(numbered)
            yield filler.contents(numbered[0])

    for data in crew.work(filler.mould, contents(), filler.mould.filled):
        numbered = under_way.popleft()
        yield numbered, filler.fill(numbered[0]) if data is None else data
