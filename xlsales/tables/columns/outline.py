"""Names written once above their rows, as in pivot tables: blank cells below mean the same name.

They are filled only if the table shows that this is meant: the group ends with a row `华东 汇总`; the blank rows are
other figures (目标, 实际) of the same name; or all groups are of one size, or begin alike, each row of them of another
month or member. Otherwise people are asked about a blank name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from xlsales.core.faults import Place, Problem
from xlsales.tables.columns.column_faults import LevelsInOneColumn
from xlsales.tables.columns.roles import Columns
from xlsales.tables.files.grids import Grid, text_of
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
    figures = [_cells(body[:, i]) for i, kind in columns.meanings.items() if kind == "measure" and i < grid.width]
    texts = {i: _cells(body[:, i]) for i in names}
    rows_with_cells = body.select(pl.any_horizontal(pl.all().is_not_null())).to_series().to_numpy()
    filled, notes = {}, list(grid.notes)
    for at in names:
        cells = texts[at]
        others = list(zip(*(texts[i] for i in texts if i != at), strict=True)) or [()] * body.height
        blank = np.array([cell is None for cell in cells]) & rows_with_cells
        if not blank.any() or blank.all():
            continue
        source = np.arange(body.height)
        for first, last in _groups(cells, rows_with_cells, figures, others):
            source[first:last] = first
        source = np.where(blank, source, np.arange(body.height))
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


def _groups(
    cells: Sequence[str | None],
    rows_with_cells: NDArray[np.bool_],
    figures: Sequence[Sequence[str | None]],
    others: Sequence[tuple[str | None, ...]],
) -> Iterator[tuple[int, int]]:
    """The rows (first, behind the last) of each name that the blank cells below it mean."""
    starts = [i for i, cell in enumerate(cells) if cell is not None]
    ends = [*starts[1:], int(np.flatnonzero(rows_with_cells)[-1]) + 1]
    groups = list(zip(starts, ends, strict=True))
    for (first, last), after in zip(groups, starts[1:], strict=False):
        total = cells[after] or ""
        if name_beside(total) == cells[first]:
            yield first, last
    of_figures = [
        group for group in groups
        if any(_distinct(column[group[0] : group[1]]) and group[1] - group[0] > 1 for column in figures)
    ]  # fmt: skip
    yield from of_figures
    names = [cells[first] for first, _ in groups if not is_totals_word(cells[first] or "")]
    sizes = {last - first for first, last in groups if not is_totals_word(cells[first] or "")}
    whole = all(
        rows_with_cells[first:last].all() and len(set(others[first:last])) == last - first for first, last in groups
    )
    alike = bool(sizes) and min(sizes) > 1 and (len(sizes) == 1 or _alike(groups, others))
    if alike and len(names) > 1 and len(set(names)) == len(names) and whole:
        yield from (group for group in groups if not is_totals_word(cells[group[0]] or ""))


def _alike(groups: Sequence[tuple[int, int]], others: Sequence[tuple[str | None, ...]]) -> bool:
    """Whether groups of several sizes begin alike and hold only what the largest holds, as months down do."""
    largest = max(groups, key=lambda group: group[1] - group[0], default=(0, 0))
    in_largest = set(others[slice(*largest)])
    return all(others[first] == others[largest[0]] and set(others[first:last]) <= in_largest for first, last in groups)


def _distinct(cells: Sequence[str | None]) -> bool:
    return None not in cells and len(set(cells)) == len(cells)
