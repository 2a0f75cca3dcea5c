"""Which row of a table is its header: the first row that names the most columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xlsales.core.expressions import expression
from xlsales.tables.cells.dates import Stamp
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.columns.block import Header, block_at
from xlsales.tables.files.grids import HEAD_ROWS, Grid, Row
from xlsales.tables.words.header_words import DIMENSIONS, FIELDS, normal, synonyms, tier_of
from xlsales.tables.words.labels import period_columns

_WITHOUT_WORDS = expression(r"[0-9.,:+\- ]+")
"""Numbers, dates and times: they head no field."""
_FIGURE_OF_PIVOT = expression(r"(求和|计数|平均值|最大值)项\s*[::]|(sum|count|average|total) of ", re.IGNORECASE)


def top_rows(grid: Grid) -> list[Row]:
    """The first rows as people see them: one space between words; blank cells are None."""
    return [[" ".join((cell or "").split()) or None for cell in row] for row in grid.top(HEAD_ROWS)]


def find_header(head: Sequence[Row], matchers: Sequence[Matcher], mapped: Mapping[str, str]) -> Header:
    """The header in the first rows of a table; `mapped`: the headers that Column mapping names."""
    return block_at(head, _best_row(head, matchers, mapped), lambda word: _is_member(word, matchers))


def _best_row(head: Sequence[Row], matchers: Sequence[Matcher], mapped: Mapping[str, str]) -> int:
    """The first row that names the most columns; if no row has a known name, the first full row."""
    names = frozenset().union(*(synonyms(m.dimension.name) for m in matchers)) | frozenset().union(*DIMENSIONS)
    mapped_names = {normal(header) for header in mapped.values()}
    periods_of_rows = [period_columns(row) for row in head]

    def score(row: Row, periods: Mapping[int, Stamp | int]) -> tuple[int, int]:
        texts = [cell for cell in row if cell is not None]
        named = [text for text in texts if not _WITHOUT_WORDS.fullmatch(text)]
        fields = sum(any(tier_of(name, text) is not None for text in named) for name in FIELDS)
        words = [normal(text) for text in texts]
        numbers = any(isinstance(period, int) for period in periods.values())
        across = (1 if numbers else 2) if periods else int(_are_members(texts, matchers))
        points = 3 * sum(word in mapped_names for word in words) + 2 * fields + sum(word in names for word in words)
        return points + across, min(len(texts), 2)

    def is_data(at: int) -> bool:
        """Bare numbers below months: `销售额 1 2` below `项目 1月 2月`."""
        periods = periods_of_rows[at]
        above = {i for row in periods_of_rows[:at] for i, period in row.items() if isinstance(period, Stamp)}
        return bool(periods) and all(isinstance(p, int) for p in periods.values()) and set(periods) <= above

    def is_corner(at: int) -> bool:
        """`求和项:金额 . 月份` above the headers of a pivot table."""
        if at + 1 == len(head):
            return False
        above, below = ([cell for cell in row if cell is not None] for row in (head[at], head[at + 1]))
        return any(_FIGURE_OF_PIVOT.match(cell) for cell in above) and len(below) > len(above)

    scores = [
        (0, 0) if is_data(at) or is_corner(at) else score(row, periods_of_rows[at]) for at, row in enumerate(head)
    ]
    return scores.index(max(scores))


def _are_members(texts: Sequence[str], matchers: Sequence[Matcher]) -> bool:
    """Whether a row is mostly names of members, and has no numbers."""
    if any(text.replace(".", "", 1).lstrip("-").isdigit() for text in texts):
        return False
    members = sum(_is_member(text, matchers) for text in texts)
    return members >= 2 and members * 2 >= len(texts)


def _is_member(word: str, matchers: Sequence[Matcher]) -> bool:
    return any(matcher.position(word) >= 0 for matcher in matchers)
