"""SPLIT_TARGET, SPLIT_MATRIX and SPLIT_SERIES: a total over parts, over rows and columns, over periods.

A blank weight is a part that is not answered yet: it takes no part, and its
result is blank, unless it is locked. A weight of zero gets zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlsales.core.allocation import GREATEST_TOTAL, allocate
from xlsales.core.faults import Fault
from xlsales.core.matrix import allocate_matrix
from xlsales.core.spreading import growth as growing
from xlsales.functions.amounts import Step, Steps, TooManySteps, read_step, read_total, told_in
from xlsales.functions.cell import BlankCell, Place, number_or_blank, whole_number
from xlsales.functions.cells import Block, Cells, Floats, ShapesDiffer, cells
from xlsales.values.cell import plain

MOST_PERIODS = 1_048_576
"""As many as a sheet has rows."""


class AllWeightsBlank(Fault):
    """There is a total, and no weight is filled in."""

    zh = "weights 全是空的。请填写权重:0 = 不分,要均分就都填 1。"
    en = "weights is blank. Fill in the weights: 0 gets nothing, 1 for all shares equally."


class GrowthTooSteep(Fault):
    """A growth that leaves the range of numbers."""

    zh = "growth 是 {rate},按它增长 {periods} 期后数字太大。请改小增长率或期数。"
    en = "growth is {rate}: over {periods:periods} it grows out of range. Enter a smaller growth or fewer periods."


def split_target(
    total: Any, weights: Any, step_size: Any = None, locked: Any = None, lower: Any = None, upper: Any = None
) -> Block:
    """Return the parts of `total` in the shape of `weights`; they add up to it exactly.

    Raises Fault.
    """
    step = read_step(cells("step_size", step_size))
    amount = read_total(cells("total", total), step)
    given = cells("weights", weights)
    weighed = given.numbers(low=0)
    held = _beside(cells("locked", locked), given, step)
    low = _beside(cells("lower", lower), given, step, spread=True)
    high = _beside(cells("upper", upper), given, step, spread=True)
    part = ~np.isnan(weighed) if held is None else ~(np.isnan(weighed) & np.isnan(held))
    if not part.any() and amount:
        raise AllWeightsBlank()
    positions = np.flatnonzero(part)
    with told_in(step, lambda p: Cells("", given.rows).place_at(int(positions[p]))):
        shared = allocate(
            amount,
            np.nan_to_num(weighed[part]),
            locked=None if held is None else held[part],
            lower=None if low is None else low[part],
            upper=None if high is None else high[part],
        )
    return _laid_out(shared, part, step)


def split_matrix(row_totals: Any, column_totals: Any, weights: Any = None, step_size: Any = None) -> Block:
    """Return rows × columns whose row totals and column totals are all met exactly.

    A blank total leaves its row or column blank. Raises Fault.
    """
    step = read_step(cells("step_size", step_size))
    down, across = _totals("row_totals", row_totals, step), _totals("column_totals", column_totals, step)
    shape = (down.size, across.size)
    given = cells("weights", weights)
    part = ~np.isnan(down)[:, None] & ~np.isnan(across)
    weighed = None
    if not given.blank:
        if given.shape != shape:
            rows, columns = given.shape
            other = "row_totals × column_totals"
            raise ShapesDiffer(
                name="weights", rows=rows, columns=columns, other=other, other_rows=shape[0], other_columns=shape[1]
            )
        read = given.numbers(low=0)
        part &= ~np.isnan(read)
        weighed = np.where(part, np.nan_to_num(read), 0.0)
    elif not part.all():
        weighed = np.where(part, np.outer(np.nan_to_num(down), np.nan_to_num(across)), 0.0)
    with told_in(step):
        shared = allocate_matrix(np.nan_to_num(down), np.nan_to_num(across), weighed)
    return _laid_out(shared[part], part, step)


def split_series(total: Any, periods: Any, growth: Any = None, step_size: Any = None) -> Block:
    """Return `total` over a column of periods, each `growth` above the one before. Raises Fault."""
    step = read_step(cells("step_size", step_size))
    amount = read_total(cells("total", total), step)
    count = whole_number(*cells("periods", periods).one(), low=1, high=MOST_PERIODS)
    rate = number_or_blank(*cells("growth", growth).one())
    with told_in(step, lambda p: Place("", p + 1)):
        with np.errstate(over="ignore", invalid="ignore"):
            weighed = growing(1.0, count, float(rate or 0))
        if not np.isfinite(weighed).all():
            raise GrowthTooSteep(rate=plain(rate or 0), periods=count)
        shared = allocate(amount, weighed)
    return [[v] for v in step.amounts(shared).tolist()]


def _beside(given: Cells, weights: Cells, step: Step, *, spread: bool = False) -> Floats | None:
    """Locks or bounds in whole steps, in the shape of the weights; with `spread` one cell stands for all."""
    if given.blank:
        return None
    if given.shape != weights.shape and not (spread and given.size == 1):
        rows, columns = given.shape
        other_rows, other_columns = weights.shape
        raise ShapesDiffer(
            name=given.name,
            rows=rows,
            columns=columns,
            other=weights.name,
            other_rows=other_rows,
            other_columns=other_columns,
        )
    return step.counts(given, weights.shape)


def _totals(name: str, value: Any, step: Step) -> Floats:
    """The totals of one margin in whole steps, NaN where blank."""
    given = cells(name, value)
    given.line()
    if given.blank:
        raise BlankCell(where=Place(name))
    counts = step.counts(given).ravel()
    if np.nansum(counts) > GREATEST_TOTAL:
        raise TooManySteps(
            where=Place(name), number=plain(float(np.nansum(counts))), most=GREATEST_TOTAL, step=plain(step.size)
        )
    return counts


def _laid_out(shared: Steps, part: NDArray[np.bool_], step: Step) -> Block:
    """Return amounts where something takes part, blank elsewhere, as rows."""
    amounts = step.amounts(shared)
    table = np.full(part.shape, None, dtype=object)
    table[part] = amounts.tolist()
    block: Block = table.tolist()
    return block
