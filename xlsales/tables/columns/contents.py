"""What a column holds, by a sample of its cells: dates, amounts, or neither."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable

import polars as pl

from xlsales.core.expressions import expression
from xlsales.tables.cells.marked_text import MAY_BE_MARKED, has_mark, split_marks
from xlsales.tables.files.grids import BLANK_MARKS, Grid, text_of
from xlsales.values.amount_text import is_amount
from xlsales.values.date_text import named_figure, read_stamp, without_time

MOST = 0.8
"""From this share of its distinct values on a column holds a kind of value."""
LOOKED_AT = 300
"""So many distinct values are looked at."""

_SWAPPED = expression(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")
_BARE = expression(r"\d{1,6}(\.\d+)?|\d{9,13}")
_LONG = expression(r"(19|20)\d{12}")


SAMPLE_ROWS = 4000
"""So many rows, spread over the table, are looked at."""


def samples(grid: Grid, at: int) -> list[set[str]]:
    """Distinct values of each column in rows spread over the table below row `at`."""
    rows = grid.below(at)
    spread = rows.gather_every(max(1, rows.height // SAMPLE_ROWS))
    texts = [text_of(column).unique().to_list() for column in spread]
    return [{v for v in values if v is not None and v.strip() not in BLANK_MARKS} for values in texts]


def holds_dates(values: Iterable[str]) -> bool:
    """Whether a column holds dates. Bare numbers, which may be serial numbers of Excel, do not count as dates."""
    looked_at = _looked_at(values)
    return bool(looked_at) and sum(map(_is_date, looked_at)) >= MOST * len(looked_at)


def holds_times(values: Collection[str]) -> bool:
    """Whether a column holds times of day, `10:20`, `102033` or parts of a day; `202601` is a month."""
    texts = [value.strip() for value in values]
    return bool(texts) and all(_CLOCK.fullmatch(text) and not (text.isdigit() and read_stamp(text)) for text in texts)


_CLOCK = expression(
    r"(?:(?:1899-12-3[01]|1900-01-0[01]) )?(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?"
    r"|(?:[01]\d|2[0-3])(?:[0-5]\d){2}|0\.\d+"
)


def holds_amounts(values: Iterable[str]) -> bool:
    """Whether a column holds numbers, and not mere codes (of one length, with leading zeros)."""
    looked = _looked_at(values)
    others = [t for t in looked if not is_amount(t) or re.fullmatch(r"0\d+", t.strip())]
    plain, most = len(looked) - len(others), MOST * len(looked)
    marked = [t for t in others if MAY_BE_MARKED.fullmatch(t.strip())]
    if not looked or plain >= most or plain + len(marked) < most:
        return bool(looked) and plain >= most
    if plain + sum(map(has_mark, marked)) < most:
        return False
    return plain + split_marks(pl.Series(marked, dtype=pl.String), own=False).height >= most


def _is_date(text: str) -> bool:
    plain = text.strip()
    if _BARE.fullmatch(plain):
        return False
    if _LONG.fullmatch(plain):
        return read_stamp(plain[:8]) is not None
    return (
        read_stamp(plain) is not None
        or named_figure(plain) is not None
        or bool(_SWAPPED.fullmatch(without_time(plain)))
    )


def _looked_at(values: Iterable[str]) -> list[str]:
    return list(itertools.islice(sorted(values), LOOKED_AT))
