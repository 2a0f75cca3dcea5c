"""Transfers that a run enters into their table: those that bring members to the middle of 公平性."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
from msgspec.structs import replace

from xlsales.book.edits import Edits, InputSheet
from xlsales.core.adjusted import Kind
from xlsales.core.adjustment_ledger import others
from xlsales.core.adjustments import Adjustment, held_months
from xlsales.core.allocation import allocate
from xlsales.core.arrays import Mask
from xlsales.core.faults import Lang
from xlsales.core.periods import Level, Timeline
from xlsales.layout.model import sheet_title
from xlsales.ooxml.book import Book
from xlsales.plan.adjustments.tables import OTHERS, OTHERS_WITHOUT, T_TRANSFERS
from xlsales.plan.entering import Entering
from xlsales.plan.fairness import Comparison
from xlsales.plan.inputs import Inputs

FIRST_ROW = 5
"""The first row of a table on a sheet of its own."""


def balancing(view: Comparison, open_: Mask) -> Iterator[Adjustment]:
    """Yield the transfers that make the moves of a comparison in open months, around those that are locked.

    Who is asked too much gives to the others, who is asked too little takes from them; without others that carry
    anything, they give to each other. None of those that move is one of the others.
    """
    moving = moved_by(view)
    for group in sorted({int(view.groups[i]) for i in moving}):
        own = [i for i in moving if view.groups[i] == group]
        wish = {i: int(view.moves[i]) for i in own}
        if sum(wish.values()):
            for i in own:
                yield from _over_months(view, open_, i, sorted(set(moving) - {i}), wish[i])
            continue
        givers, takers = ([i for i in own if wish[i] * sign > 0] for sign in (-1, 1))
        for giver in givers:
            for taker in takers:
                amount = min(-wish[giver], wish[taker])
                if amount:
                    yield from _over_months(view, open_, giver, taker, -amount)
                    wish[giver] += amount
                    wish[taker] -= amount


def moved_by(view: Comparison) -> list[int]:
    """Return the members that a comparison brings to the middle, the first the furthest from it."""
    return [i for i in view.fair.order if view.fair.alarms[i] and view.moves[i]]


def _over_months(view: Comparison, open_: Mask, i: int, with_: int | list[int], amount: int) -> Iterator[Adjustment]:
    """Yield the transfers of an amount of a member over the runs of months in which nothing holds it or the other.

    `with_` is the other; or those apart from the others, one of which has to be free.
    """
    targets, names, apart = view.members.part.months, view.names, tuple[str, ...]()
    if isinstance(with_, int):
        held, other = view.locked_months[i] | view.locked_months[with_], names[with_]
    else:
        plan, line = view.figures.breakdown.plan, view.figures.breakdown.timeline
        leaves = [view.leaves[n] for n in with_]
        free = others(view.dimension, held_months(plan, line, view.dimension), view.leaves[i], leaves)
        held = view.locked_months[i] | ~np.where(free, targets > 0, False).any(axis=0)
        other, apart = "", tuple(names[n] for n in with_)
    months, own = view.figures.months, targets[view.leaves[i]]
    loose = np.flatnonzero(open_ & ~held).tolist()
    runs = [[m for _, m in run] for _, run in groupby(enumerate(loose), lambda pair: pair[1] - pair[0])]
    sums = [int(own[run].sum()) for run in runs]
    whole = min(abs(amount), sum(sums)) if amount < 0 else amount
    if not whole or not any(sums):
        return
    giver, taker = (names[i], other) if amount < 0 else (other, names[i])
    for run, part in zip(runs, allocate(whole, sums).tolist(), strict=True):
        if part:
            span = months[run[0]].start, months[run[-1]].end
            yield Adjustment(Kind.TRANSFER, view.dimension.name, giver, taker, *span, part, None, "", 0, apart=apart)


def enter(book: Book, inputs: Inputs, new: Sequence[Adjustment], timeline: Timeline) -> tuple[Inputs, Edits]:
    """Return the plan with further transfers of whole months, and what writes them into their table.

    If the table is not there, it comes too.
    """
    months = {day: month.key for month in timeline.periods(Level.MONTH) for day in (month.start, month.end)}
    per, lang = inputs.plan.unit_micros, inputs.lang
    rows: list[dict[str, float | str | None]] = [
        {
            "start": months[one.start],
            "end": months[one.end] if months[one.end] != months[one.start] else None,
            "dimension": one.dimension,
            "giver": one.giver or _others(one, lang),
            "taker": one.taker or _others(one, lang),
            "amount": (one.amount or 0) * inputs.plan.step_micros / per,
            "reason": one.reason,
        }
        for one in new
    ]
    if book.table(T_TRANSFERS.name) is None:
        title = sheet_title(T_TRANSFERS.label[lang], [sheet.title for sheet in book.sheets])
        edits = Edits(inputs=(InputSheet(title, T_TRANSFERS, tuple(rows)),))
        numbers = list(range(FIRST_ROW, FIRST_ROW + len(rows)))
    else:
        table = Entering(book, T_TRANSFERS)
        numbers = [table.enter(row) for row in rows]
        edits = table.edits()
    numbered = [replace(one, row=row) for one, row in zip(new, numbers, strict=True)]
    transfers = [one for one in inputs.adjustments if one.kind is Kind.TRANSFER]
    rest = [one for one in inputs.adjustments if one.kind is not Kind.TRANSFER]
    in_order = sorted([*transfers, *numbered], key=lambda one: one.row)
    return replace(inputs, adjustments=(*in_order, *rest)), edits


def _others(one: Adjustment, lang: Lang) -> str:
    """The others of a transfer as its cell names them."""
    names = ("、" if lang == "zh" else ", ").join(one.apart)
    return OTHERS_WITHOUT[lang].format(names=names) if names else OTHERS[lang]


def open_months(view: Comparison, complete: Mask) -> Mask:
    """Return the months that transfers may begin in: neither closed nor `complete`; without any, all that are open."""
    through = view.figures.breakdown.plan.closed_through
    closed = np.array([through is not None and month.end <= through for month in view.figures.months])
    ahead = ~closed & ~complete
    return ahead if ahead.any() else ~closed
