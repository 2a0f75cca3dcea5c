"""Collected rows among those that people pasted: a column of their own tells where they come from.

A collected row says `store ← file`. A row without an origin is a person's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.core.text import clean
from xlsales.workbook.records.source import text_of
from xlsales.workbook.round_contract import ORIGIN

ARROW = " ← "
_FILE = r"(?i)\.(xlsx|xlsm|xls|xlsb|ods)$"
_ROWS_LOOKED_AT = 200
"""Collected rows stand below the others: so many of the last rows tell where their origins are."""


@dataclass(frozen=True)
class Collected:
    """Which rows were collected, and the dimension of the stores that they were collected from."""

    rows: NDArray[np.bool_]
    dimension: str | None = None

    @property
    def any(self) -> bool:
        """Whether there are collected rows."""
        return self.dimension is not None


def collected_rows(origins: pl.Series, members: Mapping[str, pl.Series]) -> Collected:
    """Tell collected rows by the column of origins; `members` are the columns of each dimension's members.

    The stores' dimension is the one whose members the origins start with.
    """
    rows = origins_of(origins)
    if not rows.any():
        return Collected(rows)
    told = text_of(origins.filter(pl.Series(rows)))
    alike = {name: int(starts_with(told, text_of(own.filter(pl.Series(rows)))).sum()) for name, own in members.items()}
    dimension = max(alike, key=lambda name: alike[name], default=None)
    return Collected(rows, dimension if dimension is not None and alike[dimension] else None)


def origin_column(headers: Sequence[str | None], below: pl.DataFrame, members: Iterable[int]) -> int | None:
    """Return the column of origins of a table: by its header, else by its contents; None where there is none.

    `below` are the cells below the headers, `members` the columns of members. A person may have renamed or cleared
    the header. A column of another name counts if each origin in its last rows starts with a member of the same row
    and ends with a file: a note of a person's own with an arrow in it is none.
    """
    named = (i for i, header in enumerate(headers) if header is not None and clean(header) in (ORIGIN.zh, ORIGIN.en))
    found = next(named, None)
    if found is not None:
        return found
    last = below.tail(_ROWS_LOOKED_AT)
    stores = [text_of(last[:, i]).str.strip_chars() for i in members]
    for i, column in enumerate(last):
        if column.dtype == pl.String and (tells := origins_of(column)).any():
            files = column.str.contains(_FILE).fill_null(False).to_numpy()[tells].all()
            if files and any(starts_with(column, own).to_numpy()[tells].all() for own in stores):
                return i
    return None


def starts_with(origins: pl.Series, stores: pl.Series) -> pl.Series:
    """Return which origins are those of the store beside them, whatever its name holds."""
    both = pl.DataFrame({"origin": origins, "store": stores})
    return both.select(pl.col("origin").str.starts_with(pl.col("store") + ARROW).fill_null(False)).to_series()


def stores_of(origins: pl.Series, stores: pl.Series) -> pl.Series:
    """Return whose each origin is: the store beside it where it starts so (its name may hold arrows), else its head."""
    heads = origins.str.splitn(ARROW, 2).struct.field("field_0")
    own = starts_with(origins, stores)
    return (
        pl.DataFrame({"own": own, "store": stores, "head": heads})
        .select(pl.when(pl.col("own")).then(pl.col("store")).otherwise(pl.col("head")))
        .to_series()
    )


def origins_of(texts: pl.Series) -> NDArray[np.bool_]:
    """Return which cells of a column tell an origin."""
    told: NDArray[np.bool_] = text_of(texts).str.contains(ARROW, literal=True).fill_null(False).to_numpy()
    return told
