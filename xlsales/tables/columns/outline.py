"""Names written once above their rows, as in pivot tables: blank cells below mean the same name.

They are filled only if the table shows that this is meant: the group ends with a row `华东 汇总`; the blank rows are
other figures (目标, 实际) of the same name; or all groups are of one size, or begin alike, each row of them of another
month or member. Otherwise people are asked about a blank name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import polars as pl
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from xlsales.core.faults import Place, Problem
from xlsales.tables.columns.column_faults import LevelsInOneColumn
from xlsales.tables.columns.roles import Columns
from xlsales.tables.files.grids import Grid, distinct, text_of
from xlsales.tables.reasons import Counted
from xlsales.tables.words.header_words import ROW_LABELS, normal
from xlsales.tables.words.total_words import is_totals_word, name_beside

MOST_ROWS = 100_000
"""Of more rows than this none is the outline of a person or a pivot table."""
Ints = NDArray[np.int64]


class OutlineFilled(Counted):
    """Blank cells that mean the name above them."""

    zh = "“{header}”列从这里起有 {rows_zh}空白,按上面的名称算(名称只写在每组的第一行)。请核对。"
    en = "Column '{header}': {rows_en} without a name from here on, counted under the name above. Check them."
    remark = True


def check_sums(columns: Columns, micros: Ints, sales: NDArray[np.bool_], totals: NDArray[np.bool_], label: str) -> None:
    """Raise `LevelsInOneColumn` if a column of several levels serves no dimension, and its rows hold the total twice.

    `sales` and `totals`: which rows are sales, and which sum others.
    """
    for i, header in enumerate(columns.headers):
        if header is None or normal(header) not in ROW_LABELS or i in columns.member_columns or not totals.any():
            continue
        whole, rows = int(np.abs(micros[totals]).max()), int(micros[sales].sum())
        if whole and rows >= 2 * whole and rows % whole == 0:
            raise LevelsInOneColumn(label=label, header=header)


def fill_outline(grid: Grid, columns: Columns, label: str) -> Grid:
    """Fill the names of dates and members downwards if the table shows that this is meant; a note says how many."""
    body = grid.below(columns.header_row)
    if not 3 <= body.height <= MOST_ROWS or grid.moved or grid.plain_text:
        return grid
    names = sorted(column for column in columns.key_columns if column < grid.width)
    rows_with_cells = body.select(pl.any_horizontal(pl.all().is_not_null())).to_series().to_numpy()
    outlines = {at: _Outline(body, at, names, columns, rows_with_cells) for at in names}
    filled, notes = {}, list(grid.notes)
    for at, outline in outlines.items():
        if not outline.blank.any() or outline.blank.all():
            continue
        source = np.arange(body.height)
        for first, last in outline.groups():
            source[first:last] = first
        source = np.where(outline.blank, source, np.arange(body.height))
        moved = np.flatnonzero(source != np.arange(body.height))
        if moved.size:
            filled[at] = body[:, at].gather(source)
            fault = OutlineFilled(header=columns.headers[at] or "", count=len(moved))
            place = Place(label, int(moved[0]) + columns.header_row + 2, at + grid.first_column)
            notes.append(Problem.note(place, "", fault, None, len(moved)))
    if not filled:
        return grid
    return replace(grid.with_columns(columns.header_row, filled), notes=tuple(notes))


def _cells(column: pl.Series) -> list[str | None]:
    return [text.strip() or None if text is not None else None for text in text_of(column).to_list()]


def _nothing(column: pl.Series) -> NDArray[np.bool_]:
    """Which cells hold nothing, or no more than spaces."""
    if column.dtype != pl.String:
        return column.is_null().to_numpy()
    different = distinct(column)
    spaces = text_of(different).str.strip_chars() == ""
    nothing = column.is_null()
    if spaces.any():
        nothing |= column.is_in(different.filter(spaces).to_list()).fill_null(False)
    return nothing.to_numpy()


class _Outline(Struct, frozen=True, dict=True):
    """A column of names in the rows below the header; `names` are the columns of all names.

    Texts are looked at only if a name is blank, and numbers only if it may mean the name above.
    """

    body: pl.DataFrame
    at: int
    names: Sequence[int]
    columns: Columns
    rows_with_cells: NDArray[np.bool_]

    @cached_property
    def _nameless(self) -> NDArray[np.bool_]:
        return _nothing(self.body[:, self.at])

    @cached_property
    def blank(self) -> NDArray[np.bool_]:
        """The rows with cells that lack a name."""
        return self._nameless & self.rows_with_cells

    def groups(self) -> Iterator[tuple[int, int]]:
        """Yield the rows (first, behind the last) of each name that the blank cells below it mean."""
        starts = np.flatnonzero(~self._nameless).tolist()
        ends = [*starts[1:], int(np.flatnonzero(self.rows_with_cells)[-1]) + 1]
        groups = list(zip(starts, ends, strict=False))
        several = [group for group in groups if group[1] - group[0] > 1]
        if several:
            cells = _cells(self.body[:, self.at])
            yield from (group for group in several if _ends_with_its_total(cells, *group))
            yield from (group for group in several if self._of_figures(*group))
            yield from self._of_one_kind(groups, cells)

    @cached_property
    def _figures(self) -> list[list[str | None]]:
        measures = [i for i, kind in self.columns.meanings.items() if kind == "measure" and i < self.body.width]
        return [_cells(self.body[:, i]) for i in measures]

    def _of_figures(self, first: int, last: int) -> bool:
        """Whether the rows are other figures of one name."""
        return any(_distinct(column[first:last]) for column in self._figures)

    def _of_one_kind(self, groups: Sequence[tuple[int, int]], cells: Sequence[str | None]) -> Iterator[tuple[int, int]]:
        """Yield the groups if all are of one size, or begin alike, each of another name and of different rows."""
        if any(last - first == 1 and not is_totals_word(cells[first] or "") for first, last in groups):
            return
        named = [group for group in groups if not is_totals_word(cells[group[0]] or "")]
        names = [cells[first] for first, _ in named]
        if len(names) < 2 or len(set(names)) < len(names):
            return
        texts = [_cells(self.body[:, i]) for i in self.names if i != self.at]
        others: list[tuple[str | None, ...]] = list(zip(*texts, strict=True)) or [()] * self.body.height
        whole = all(
            self.rows_with_cells[first:last].all() and len(set(others[first:last])) == last - first
            for first, last in groups
        )
        if whole and (len({last - first for first, last in named}) == 1 or _alike(groups, others)):
            yield from named


def _ends_with_its_total(cells: Sequence[str | None], first: int, after: int) -> bool:
    return after < len(cells) and name_beside(cells[after] or "") == cells[first]


def _alike(groups: Sequence[tuple[int, int]], others: Sequence[tuple[str | None, ...]]) -> bool:
    """Whether groups of several sizes begin alike and hold only what the largest holds, as months down do."""
    largest = max(groups, key=lambda group: group[1] - group[0], default=(0, 0))
    in_largest = set(others[slice(*largest)])
    return all(others[first] == others[largest[0]] and set(others[first:last]) <= in_largest for first, last in groups)


def _distinct(cells: Sequence[str | None]) -> bool:
    return None not in cells and len(set(cells)) == len(cells)
