"""SPLIT_TARGET and SPLIT_MATRIX: a total over parts, over rows and columns.

A part with a blank weight gets nothing and its result is blank, unless it is locked. A weight of zero gets zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlsales.core.allocation import (
    GREATEST_TOTAL,
    AllWeightsZero,
    LockedBelowTotal,
    NoParts,
    UpperBelowTotal,
    allocate,
)
from xlsales.core.arrays import Floats, Steps
from xlsales.core.faults import Fault
from xlsales.core.matrix import allocate_matrix
from xlsales.functions.amounts import StepSize, TooManySteps, in_amounts, read_step, read_total
from xlsales.functions.cell import ArgumentCell, BlankCell, yes
from xlsales.functions.cells import ArgumentCells, Block, cells
from xlsales.functions.worksheet import (
    REGIONS,
    STEP,
    TARGET,
    TOTAL,
    Example,
    ExampleCell,
    argument,
    head,
    label,
    result,
    results,
    same,
    worksheet,
)
from xlsales.values.cell import plain
from xlsales.vocabulary.contract import Word


class AllWeightsBlank(Fault):
    """There is a total, and no weight is filled in."""

    zh = "weights 全是空的。请填写权重:0 = 不分,要均分就都填 1。"
    en = "weights is blank. Fill in the weights: 0 gets nothing, 1 for all shares equally."


@worksheet(
    Word(
        "按权重把总目标分给各项,合计正好等于总目标;结果与权重区域同形。",
        "Splits a total target by weights; the parts add up to it exactly. Same shape as the weights.",
    ),
    Example(
        1,
        Word("按权重分;锁定的不动,合计正好", "By weight; locks stay, the sum is exact"),
        same("=SPLIT_TARGET({total},{weights},1,{locked})"),
        (
            (label(TOTAL), argument("total", 1200.0), None, None),
            head(Word("区域", "Region"), Word("权重", "Weight"), Word("锁定", "Locked"), TARGET),
            *(
                (label(name), argument("weights", weight), argument("locked", lock), result(target))
                for name, weight, lock, target in zip(
                    REGIONS,
                    (150.0, 200.0, 300.0, 250.0, 100.0),
                    (None, None, None, 310.0, None),
                    (178.0, 237.0, 356.0, 310.0, 119.0),
                    strict=True,
                )
            ),
        ),
    ),
    total=Word("总目标", "Total target"),
    weights=Word("权重区域;0 = 不分,空 = 还没填,结果也空", "Weights; 0 gets nothing, blank stays blank"),
    step_size=STEP,
    locked=Word("锁定的目标,同形;空 = 不锁定", "Locked targets, same shape; blank = free"),
    lower=Word("下限,同形或一个数;空 = 没有", "Lower bounds, same shape or one; blank = none"),
    upper=Word("上限,同形或一个数;空 = 没有", "Upper bounds, same shape or one; blank = none"),
    unassigned=Word("填“是”:多一格写分不出去的数", "yes: one more cell for the rest"),
)
def split_target(
    total: Any,
    weights: Any,
    step_size: Any = None,
    locked: Any = None,
    lower: Any = None,
    upper: Any = None,
    unassigned: Any = None,
) -> Block:
    """Return the parts of `total` in the shape of `weights`; they add up to it exactly.

    With `unassigned` there is a row more, beside a single row a column more: it shows what locks, upper bounds and zero
    weights leave over. Without it such a rest is a fault. Raises Fault.
    """
    step = read_step(cells("step_size", step_size))
    amount = read_total(cells("total", total), step)
    weight_cells = cells("weights", weights)
    numbers = weight_cells.numbers(low=0)
    locks = _beside(cells("locked", locked), weight_cells, step)
    low = _beside(cells("lower", lower), weight_cells, step, spread=True)
    high = _beside(cells("upper", upper), weight_cells, step, spread=True)
    part = ~np.isnan(numbers) if locks is None else ~(np.isnan(numbers) & np.isnan(locks))
    show_rest = yes(*cells("unassigned", unassigned).one())
    if not part.any() and amount and not show_rest:
        raise AllWeightsBlank()
    positions = np.flatnonzero(part)
    pull = np.nan_to_num(numbers[part])
    holds = {
        name: None if steps is None else steps[part]
        for name, steps in (("locked", locks), ("lower", low), ("upper", high))
    }
    with in_amounts(step, lambda p: ArgumentCells("", weight_cells.rows).place_at(int(positions[p]))):
        rest = _unassigned(amount, pull, holds) if show_rest else 0
        shared = allocate(amount - rest, pull, **holds)
    parts = block_of(shared, part, step)
    return _with_rest(parts, float(step.amounts(np.array([rest]))[0])) if show_rest else parts


@worksheet(
    Word(
        "交叉分解:行合计、列合计都正好闭合。",
        "Splits over rows and columns; every row and column total is met exactly.",
    ),
    Example(
        1,
        Word("两个方向的合计都正好", "Both margins are exact"),
        same("=SPLIT_MATRIX({row_totals},{column_totals})"),
        (
            head(
                Word("渠道 × 产品", "Channel × product"),
                Word("合计", "Total"),
                *(Word(f"产品{x}", x) for x in ("A", "B", "C")),
            ),
            (
                label(Word("合计", "Total")),
                ExampleCell(1000.0, "label"),
                *(argument("column_totals", value) for value in (285.0, 450.0, 265.0)),
            ),
            *(
                (label(name), argument("row_totals", total), *results(parts))
                for name, total, parts in (
                    (Word("线上", "Online"), 300.0, (85.0, 135.0, 80.0)),
                    (Word("线下", "Offline"), 405.0, (116.0, 182.0, 107.0)),
                    (Word("合作伙伴", "Partners"), 295.0, (84.0, 133.0, 78.0)),
                )
            ),
        ),
    ),
    row_totals=Word("各行的合计", "Total of each row"),
    column_totals=Word("各列的合计,总数与行合计相等", "Total of each column; same grand total"),
    weights=Word(
        "权重区域,行 × 列;省略 = 按合计的比例", "Weights, rows × columns; omitted = in proportion to the totals"
    ),
    step_size=STEP,
)
def split_matrix(row_totals: Any, column_totals: Any, weights: Any = None, step_size: Any = None) -> Block:
    """Return rows × columns that meet every row total and every column total exactly.

    A blank total leaves its row or column blank. Raises Fault.
    """
    step = read_step(cells("step_size", step_size))
    down, across = _totals("row_totals", row_totals, step), _totals("column_totals", column_totals, step)
    shape = (down.size, across.size)
    weight_cells = cells("weights", weights)
    part = ~np.isnan(down)[:, None] & ~np.isnan(across)
    filled = None
    if not weight_cells.blank:
        weight_cells.check_shape(shape, "row_totals × column_totals")
        numbers = weight_cells.numbers(low=0)
        part &= ~np.isnan(numbers)
        filled = np.where(part, np.nan_to_num(numbers), 0.0)
    elif not part.all():
        filled = np.where(part, np.outer(np.nan_to_num(down), np.nan_to_num(across)), 0.0)
    with in_amounts(step):
        shared = allocate_matrix(np.nan_to_num(down), np.nan_to_num(across), filled)
    return block_of(shared[part], part, step)


def _unassigned(amount: int, weights: Floats, holds: dict[str, Floats | None]) -> int:
    """What of an amount, in steps, no part can take: all others are locked, at their bounds, or weigh zero."""
    try:
        allocate(amount, weights, **holds)
    except (LockedBelowTotal, UpperBelowTotal) as fault:
        return int(fault.facts["residual"])
    except (AllWeightsZero, NoParts) as fault:
        return int(fault.facts["amount"])
    return 0


def _with_rest(parts: Block, rest: float) -> Block:
    """The parts with a cell for the rest: in a row more, or in a column more if there is one row."""
    if len(parts) == 1 and len(parts[0]) > 1:
        return [[*parts[0], rest]]
    return [*parts, [rest, *([None] * (len(parts[0]) - 1))]]


def _beside(holds: ArgumentCells, weights: ArgumentCells, step: StepSize, *, spread: bool = False) -> Floats | None:
    """Locks or bounds in whole steps, in the shape of the weights; with `spread` one cell is for all."""
    if holds.blank:
        return None
    if not (spread and holds.size == 1):
        holds.check_shape(weights.shape, weights.name)
    return step.counts(holds, weights.shape)


def _totals(name: str, value: Any, step: StepSize) -> Floats:
    """The totals of one margin in whole steps, NaN if blank."""
    margin = cells(name, value)
    margin.line()
    if margin.blank:
        raise BlankCell(where=ArgumentCell(name))
    counts = step.counts(margin).ravel()
    if np.nansum(counts) > GREATEST_TOTAL:
        facts = {"most": GREATEST_TOTAL, "step": plain(step.size), "argument": step.argument}
        raise TooManySteps(where=ArgumentCell(name), number=plain(float(np.nansum(counts))), **facts)
    return counts


def block_of(shared: Steps, part: NDArray[np.bool_], step: StepSize) -> Block:
    """Return the amounts of the parts as rows of cells, blank elsewhere."""
    table = np.full(part.shape, None, dtype=object)
    table[part] = step.amounts(shared).tolist()
    block: Block = table.tolist()
    return block
