"""Collected rows among those that people pasted: a column of the program's own has their origins.

The origin of a collected row is `store ← file` (`core.keys`). A row without an origin is a person's, and so is a column
of texts with arrows that are no origins, whatever its header says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.expressions import expression
from xlsales.core.keys import joined, parted
from xlsales.core.text import clean
from xlsales.tables.files.grids import text_of
from xlsales.vocabulary.round_contract import ORIGIN

ARROW = " ← "
_FILE = r"(?i)\.(xlsx|xlsm|xltx|xltm|xlsb|xls|ods)( \(\d+\))?$"
_HEADER = expression(rf"({ORIGIN.zh}|{ORIGIN.en})( \d+)?", re.I)
_ROWS_LOOKED_AT = 200
"""Collected rows are below the others: so many of the last rows show which column has origins."""


class Collected(Struct, frozen=True):
    """Which rows were collected, and the dimension of the stores that they were collected from."""

    rows: NDArray[np.bool_]
    dimension: str | None = None

    @property
    def any(self) -> bool:
        """Whether there are collected rows."""
        return self.dimension is not None


def origin_of(store: str, file: str) -> str:
    """Return the origin of a collected row."""
    return joined(store, file, by=ARROW)


def collected_rows(origins: pl.Series, members: Mapping[str, pl.Series]) -> Collected:
    """Find the collected rows by the column of origins; `members` are the columns of each dimension's members.

    The stores' dimension is the one that the origins start with a member of.
    """
    rows = origins_of(origins)
    if not rows.any():
        return Collected(rows)
    texts = text_of(origins.filter(pl.Series(rows)))
    alike = {
        name: int(_starts_with(texts, text_of(own.filter(pl.Series(rows)))).sum()) for name, own in members.items()
    }
    dimension = max(alike, key=lambda name: alike[name], default=None)
    return Collected(rows, dimension if dimension is not None and alike[dimension] else None)


def origin_column(
    headers: Sequence[str | None], below: pl.DataFrame, members: Iterable[int], collected_before: bool = True
) -> int | None:
    """Return the column of origins of a table: by its header, else by its contents; None if there is none.

    `below` are the cells below the headers, `members` the columns of members. A column with the header is a person's
    own if it holds something but no origins, or if most origins do not start with a member of the same row. A
    person may have renamed or cleared the header: a column of another name counts if each of its last origins starts
    with such a member. If nothing was `collected_before`, only a blank column with the header counts.
    """
    headed = [i for i, header in enumerate(headers) if header is not None and _HEADER.fullmatch(clean(header))]
    stores = [below[:, i] for i in members]
    for i in reversed(headed):
        text = text_of(below[:, i])
        if not text.str.strip_chars().fill_null("").ne("").any():
            return i
        if collected_before and 2 * _most_alike(text, stores) >= int(origins_of(text).sum()) > 0:
            return i
    last = below.tail(_ROWS_LOOKED_AT if collected_before else 0)
    for i, column in enumerate(last):
        if i in headed or column.dtype != pl.String or not (count := int(origins_of(column).sum())):
            continue
        if _most_alike(column, [own.tail(_ROWS_LOOKED_AT) for own in stores]) == count:
            return i
    return None


def _most_alike(column: pl.Series, stores: Sequence[pl.Series]) -> int:
    """How many origins of a column start with a member of the same row: of the dimension with the most."""
    origins = pl.Series(origins_of(column))
    texts = column.filter(origins)
    besides = (text_of(own.filter(origins)).str.strip_chars() for own in stores)
    return max((int(_starts_with(texts, own).sum()) for own in besides), default=0)


def _starts_with(origins: pl.Series, stores: pl.Series) -> pl.Series:
    """Return which origins are of the store beside them, whatever characters its name has."""
    heads = _each(stores, lambda store: joined(store, "", by=ARROW))
    both = pl.DataFrame({"origin": origins, "store": stores, "written": heads})
    origin = pl.col("origin")
    earlier = origin.str.starts_with(pl.col("store") + ARROW)  # files of earlier versions have the name as it is
    return both.select((origin.str.starts_with(pl.col("written")) | earlier).fill_null(False)).to_series()


def stores_of(origins: pl.Series, stores: pl.Series) -> pl.Series:
    """Return the store of each origin: the one beside it if it starts so (its name may hold arrows), else its head."""
    heads = _each(origins, lambda origin: (parted(origin, 2, ARROW) or origin.partition(ARROW))[0])
    own = _starts_with(origins, stores)
    return (
        pl.DataFrame({"own": own, "store": stores, "head": heads})
        .select(pl.when(pl.col("own")).then(pl.col("store")).otherwise(pl.col("head")))
        .to_series()
    )


def _each(texts: pl.Series, change: Callable[[str], str]) -> pl.Series:
    """Change each different text once."""
    different = texts.drop_nulls().unique()
    return texts.replace_strict(different, [change(text) for text in different], default=None, return_dtype=pl.String)


def origins_of(texts: pl.Series) -> NDArray[np.bool_]:
    """Return which cells of a column are origins: a store and a workbook that came back."""
    plain = text_of(texts)
    origins = plain.str.contains(ARROW, literal=True) & plain.str.contains(_FILE)
    mask: NDArray[np.bool_] = origins.fill_null(False).to_numpy()
    return mask
