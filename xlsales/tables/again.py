"""Past sales read again in a program that stays: as long as nothing of them changed, the records of the last time.

A press of a button reads them each time, and they change once a year. What is the same is told by content: by each
cell, and by all that their reading goes by. Time and path of the file do not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsales.core.again import Again
from xlsales.core.plan import Dimension
from xlsales.tables.files.grids import Grid
from xlsales.tables.files.source import Source, load
from xlsales.tables.reading import Records, read_records

_MOST_ROWS = 200_000
"""The cells of a table with more rows are not kept, because they would take much memory."""
PAST = Again[tuple[Grid, object], Records](1)
"""The past sales of the last plan."""


def read_past(source: Source, dimensions: Sequence[Dimension], **options: Any) -> Records:
    """Read past sales as `read_records` does, which see; raises what that raises."""
    grid = load(source)
    reading = (source.sheet, source.label, source.pasted, source.currency, tuple(dimensions), options)
    again = PAST.find(lambda last: last[1] == reading and _same(last[0], grid))
    if again is not None:
        return again
    PAST.forget()
    records = read_records(source, dimensions, grid=grid, past=True, **options)
    return PAST.keep((grid, reading), records) if grid.height <= _MOST_ROWS else records


def _same(one: Grid, other: Grid) -> bool:
    """Whether two grids have the same cells, and the same is known of them."""
    if one.body.schema != other.body.schema or not one.body.equals(other.body):
        return False
    return all(getattr(one, name) == getattr(other, name) for name in Grid.__struct_fields__ if name != "body")
