"""SPREAD, SPLIT_REMAINING, TRANSFER, CLOSES and SHARE_TREND: amounts that are there get another total or another place.

Amounts are multiples of `step_size`. What a function does not touch keeps its amount; sums close exactly.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from xlsales.core import spreading
from xlsales.core.allocation import allocate
from xlsales.core.faults import Fault
from xlsales.core.spreading import Method, Spread
from xlsales.core.text import clean, narrow
from xlsales.functions.amounts import StepSize, in_amounts, read_step, read_total
from xlsales.functions.cell import ArgumentCell, choice, content, number, number_or_blank, whole_number, yes
from xlsales.functions.cells import ArgumentCells, Block, cells, filled
from xlsales.functions.splitting import AllWeightsBlank, block_of
from xlsales.functions.worksheet import (
    REGIONS,
    STEP,
    TARGET,
    TOTAL,
    Example,
    argument,
    head,
    label,
    result,
    same,
    worksheet,
)
from xlsales.values.cell import in_bounds, sound
from xlsales.vocabulary.contract import YES_NO, Word
from xlsales.vocabulary.spreading import SPREAD_WORDS

_EXACT = Context(prec=60)
_GREATEST_RATE = 1000
_GREATEST_AMOUNT = 10**15
_METHODS = {method: words for method, words in SPREAD_WORDS.items() if method != Method.GROWTH}
"""Growth takes a rate beside the total; SPLIT_SERIES is the function for it."""


class TotalsDoNotFit(Fault):
    """Totals that are neither one for all, nor one for each row or column."""

    zh = "total 是 {rows} 行 {columns} 列。请选一格,或与 parts 同宽的一行({across} 格)、同高的一列({down} 格)。"
    en = "total is {rows} × {columns} in size. Select one, a row of {across} like parts, or a column of {down}."


@worksheet(
    Word(
        "把已有的数改到新的合计:均分、按比例、直线、4-4-5、平均增减、百分比等,可保留几格不动;合计正好,与区域同形。",
        "Changes amounts to a new total: equal, proportional, straight line, 4-4-5, increments, percent; some may be "
        "held. Same shape as the block, the sum exact.",
    ),
    Example(
        9,
        Word("合计改到 1200,锁住的一格不动", "A new total; one cell is held"),
        Word(
            '=SPREAD({block},{total},"按比例",{hold})',
            '=SPREAD({block},{total},"proportional",{hold})',
        ),
        (
            (label(Word("新合计", "New total")), argument("total", 1200.0), None, None),
            head(Word("区域", "Region"), Word("现在", "Now"), Word("保留", "Hold"), Word("改后", "Then")),
            *(
                (label(name), argument("block", now), argument("hold", hold), result(then))
                for name, now, hold, then in zip(
                    REGIONS,
                    (150.0, 200.0, 300.0, 250.0, 100.0),
                    (None, None, YES_NO["yes"], None, None),
                    (193.0, 257.0, 300.0, 321.0, 129.0),
                    strict=True,
                )
            ),
        ),
    ),
    block=Word("已有的数", "Amounts"),
    total=Word("新的合计;百分比填增幅,每格加填加多少", "The new total; for percent the rise, for add the amount"),
    method=Word(
        "均分、按比例、有数均分、直线、首格、末格、平均增减、按比例增减、百分比、每格加,或 4-4-5",
        "equal, proportional, populated only, straight line, first, last, equal or weighted increment, percent, add, "
        "or 4-4-5",
    ),
    hold=Word("填“是”或 1 的格不动,同形", "Cells with yes or 1 stay; same shape"),
    step_size=STEP,
)
def spread(block: Any, total: Any, method: Any, hold: Any = None, step_size: Any = None) -> Block:
    """Return the amounts of `block` changed to a new total by a method, in its shape.

    Held cells keep their amounts; the others take the rest. A straight line starts at the first cell; if that is blank,
    it ends at the last. Raises Fault.
    """
    step = read_step(cells("step_size", step_size))
    block_cells = cells("block", block)
    now = step.counts(block_cells)
    held = _held(cells("hold", hold), block_cells)
    way = _method(cells("method", method))
    part = ~(np.isnan(now) & held) if way.method.fills_blanks else ~np.isnan(now)
    positions = np.flatnonzero(part)
    with in_amounts(step, lambda p: block_cells.place_at(int(positions[p]))):
        after = spreading.respread(now[part], held[part], _with_amount(way, cells("total", total), step))
    return block_of(after, part, step)


@worksheet(
    Word(
        "把还差的部分按权重分下去:总目标减去已完成,合计正好;已超额就都是 0。与权重区域同形。",
        "Splits what is left of a total by weights; 0 if it is reached. Same shape as the weights.",
    ),
    Example(
        9,
        Word("前两个月做了 180,其余分到后面", "The rest of the target over months to come"),
        same("=SPLIT_REMAINING({total},{done},{weights})"),
        (
            (label(TOTAL), argument("total", 600.0), None),
            head(Word("月", "Month"), Word("已完成", "Done"), Word("权重", "Weight"), TARGET),
            (label(Word("1月", "Jan")), argument("done", 80.0), None, None),
            (label(Word("2月", "Feb")), argument("done", 100.0), None, None),
            (label(Word("3月", "Mar")), None, argument("weights", 1.0), result(105.0)),
            (label(Word("4月", "Apr")), None, argument("weights", 1.0), result(105.0)),
            (label(Word("5月", "May")), None, argument("weights", 2.0), result(210.0)),
        ),
    ),
    total=Word("总目标", "Total target"),
    done=Word("已完成,一格或一片;空 = 没有", "What is done, one cell or a range; blank = nothing"),
    weights=Word("其余各项的权重;0 = 不分,空 = 空", "Weights of the rest; 0 gets nothing, blank stays blank"),
    step_size=STEP,
)
def split_remaining(total: Any, done: Any, weights: Any, step_size: Any = None) -> Block:
    """Return what is left of `total` after `done`, split by `weights` in their shape.

    It is rounded up to a whole step, so that the total is reached; zero if it is. Raises Fault.
    """
    step = read_step(cells("step_size", step_size))
    value, place = cells("total", total).one()
    goal = number(value, place, low=0, share=False)
    rest = step.ceiling(max(_EXACT.subtract(goal, _sum(cells("done", done))), Decimal(0)), place)
    weight_cells = cells("weights", weights)
    pull = weight_cells.numbers(low=0)
    part = ~np.isnan(pull)
    if rest and not part.any():
        raise AllWeightsBlank()
    positions = np.flatnonzero(part)
    with in_amounts(step, lambda p: weight_cells.place_at(int(positions[p]))):
        shared = allocate(rest, pull[part])
    return block_of(shared, part, step)


@worksheet(
    Word(
        "从一格调出、调入另一格,合计不变;与区域同形。",
        "Moves an amount from one cell to another; the sum stays. Same shape as the block.",
    ),
    Example(
        10,
        Word("从第 3 格调 50 到第 1 格", "50 from the third cell to the first"),
        same("=TRANSFER({block},3,1,50)"),
        (
            head(Word("区域", "Region"), Word("现在", "Now"), Word("改后", "Then")),
            *(
                (label(name), argument("block", now), result(then))
                for name, now, then in zip(REGIONS[:3], (150.0, 200.0, 300.0), (200.0, 200.0, 250.0), strict=True)
            ),
        ),
    ),
    block=Word("已有的数", "Amounts"),
    source=Word("从第几格调出(按行数)", "Position of the cell that gives, counted along the rows"),
    receiver=Word("调入第几格", "Position of the cell that takes"),
    amount=Word("调多少", "The amount to move"),
    step_size=STEP,
)
def transfer(block: Any, source: Any, receiver: Any, amount: Any, step_size: Any = None) -> Block:
    """Return `block` with an amount moved from one position to another, from 1 in reading order. Raises Fault."""
    step = read_step(cells("step_size", step_size))
    block_cells = cells("block", block)
    giver, taker = (
        whole_number(*cells(name, value).one(), low=1, high=block_cells.size) - 1
        for name, value in (("source", source), ("receiver", receiver))
    )
    now = step.counts(block_cells)
    moved = read_total(cells("amount", amount), step)
    with in_amounts(step):
        after = spreading.transfer(np.nan_to_num(now).ravel(), giver, taker, moved)
    part = ~np.isnan(now)
    part.flat[taker] |= moved > 0
    return block_of(after.reshape(part.shape)[part], part, step)


@worksheet(
    Word(
        "差数 = 总数 - 各项之和;0 = 闭合。总数可以是一格、一行(逐列)或一列(逐行)。",
        "The residual: total less the sum of the parts; 0 if it closes. One total, one for each column, or one a row.",
    ),
    Example(
        10,
        Word("三项加起来差 30", "Three parts leave 30 open"),
        same("=CLOSES({parts},{total})"),
        (
            head(
                Word("总数", "Total"),
                Word("笔", "Pens"),
                Word("纸", "Paper"),
                Word("文具盒", "Cases"),
                Word("差数", "Open"),
            ),
            (
                argument("total", 100.0),
                *(argument("parts", part) for part in (30.0, 25.0, 15.0)),
                result(30.0),
            ),
        ),
    ),
    parts=Word("各项", "The parts"),
    total=Word("总数", "The total, or totals"),
)
def closes(parts: Any, total: Any) -> Block:
    """Return each total less its parts, exact at the digits that cells show; a blank total gives a blank.

    Raises Fault.
    """
    part_cells, totals = cells("parts", parts), cells("total", total)
    (down, across), (rows, columns) = part_cells.shape, totals.shape
    if (rows, columns) not in ((1, 1), (1, across), (down, 1)):
        raise TotalsDoNotFit(rows=rows, columns=columns, across=across, down=down)
    block: Block = []
    for i, row in enumerate(totals.rows):
        block.append([])
        for j, value in enumerate(row):
            chosen = part_cells.rows if rows == 1 else part_cells.rows[i : i + 1]
            lines = [(line if columns == 1 else line[j : j + 1]) for line in chosen]
            amount = _amount(value, totals.place(i, j))
            first = (i if rows > 1 else 0, j if columns > 1 else 0)
            block[-1].append(None if amount is None else float(_EXACT.subtract(amount, _sum(part_cells, lines, first))))
    return block


@worksheet(
    Word(
        "占比趋势:本期占比 × 去年两个月占比的变化,归一;与区域同形。",
        "Share trend: this year's shares times last year's change of shares, normalised. Same shape.",
    ),
    Example(
        8,
        Word("去年 63→72、37→28,今年 67/33", "Shares moved on as last year"),
        same("=SHARE_TREND({before},{after},{reference})"),
        (
            head(
                Word("大类", "Group"),
                Word("去年10月", "Last Oct"),
                Word("去年11月", "Last Nov"),
                Word("今年10月", "This Oct"),
                Word("11月占比", "Share"),
            ),
            *(
                (
                    label(name),
                    argument("before", before),
                    argument("after", after),
                    argument("reference", reference),
                    result(share, "percent"),
                )
                for name, before, after, reference, share in (
                    (Word("女装", "Women"), 63.0, 72.0, 67.0, 67 * 72 / 63 / (67 * 72 / 63 + 33 * 28 / 37)),
                    (Word("男装", "Men"), 37.0, 28.0, 33.0, 33 * 28 / 37 / (67 * 72 / 63 + 33 * 28 / 37)),
                )
            ),
        ),
    ),
    before=Word("去年基期月的数或占比", "Last year's base month"),
    after=Word("去年目标月的数或占比", "Last year's target month"),
    reference=Word("今年基期月的数或占比;空 = 空", "This year's base month; blank stays blank"),
)
def share_trend(before: Any, after: Any, reference: Any) -> Block:
    """Return shares that sum to 1, in the shape of `reference`; what had no share before keeps its share.

    Raises Fault.
    """
    base_cells = cells("reference", reference)
    months = [base_cells.numbers(low=0)]
    for name, value in (("before", before), ("after", after)):
        month = cells(name, value)
        month.check_shape(base_cells.shape, base_cells.name)
        months.append(month.numbers(low=0))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
        shares = spreading.share_trend(*months)
    return filled(np.where(np.isnan(months[0]), np.nan, shares))


def _held(hold: ArgumentCells, block: ArgumentCells) -> NDArray[np.bool_]:
    """Which cells keep their amounts."""
    if hold.blank:
        return np.zeros(block.shape, np.bool_)
    hold.check_shape(block.shape, block.name)
    return np.array([[yes(v, hold.place(i, j)) for j, v in enumerate(row)] for i, row in enumerate(hold.rows)])


def _method(cell: ArgumentCells) -> Spread:
    """A method, with the text of a pattern."""
    value, place = cell.one()
    sound(content(value), place)
    text = narrow(clean(str(value)))
    if spreading.is_pattern(text):
        return Spread(Method.PATTERN, pattern=text)
    return Spread(Method(choice(value, place, _METHODS)))


def _with_amount(way: Spread, total: ArgumentCells, step: StepSize) -> Spread:
    """The method with the total that it leads to, or with how much it adds."""
    value, place = total.one()
    if way.method is Method.PERCENT:
        return replace(way, by=float(number(value, place, low=-1, high=_GREATEST_RATE)))
    if way.method is Method.ADD:
        each = number(value, place, share=False)
        return replace(way, by=step.count(abs(each), place) * (1 if each > 0 else -1))
    return replace(way, total=read_total(total, step))


def _sum(amounts: ArgumentCells, lines: Any = None, first: tuple[int, int] = (0, 0)) -> Decimal:
    """The exact sum of cells, or of some lines of them, which begin at `first`; a blank cell is nothing."""
    total = Decimal(0)
    for i, line in enumerate(amounts.rows if lines is None else lines, first[0]):
        for j, value in enumerate(line, first[1]):
            total = _EXACT.add(total, _amount(value, amounts.place(i, j)) or Decimal(0))
    return total


def _amount(value: Any, place: ArgumentCell) -> Decimal | None:
    """An amount that can be added up exactly, None if blank. Raises OutOfBounds or what `number_or_blank` raises."""
    exact = number_or_blank(value, place, share=False)
    return None if exact is None else in_bounds(exact, place, -_GREATEST_AMOUNT, _GREATEST_AMOUNT)
