"""The proof of a breakdown: the residual of every sum, in steps. If one is not zero, nothing is written."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Fault
from xlsales.core.periods import Level


class NotClosed(Fault):
    """A sum of the breakdown does not close: a defect of the program, so nothing is written."""

    zh = "分解没有闭合({where} 差 {residual}),已停止,文件没有改动。请把这份计划发给我们。"
    en = "The breakdown does not close ({where}: {residual} apart); stopped, nothing written. Please send us this plan."
    amounts = ("residual",)


class TooMuchInAll(Fault):
    """With its stretch, a dimension adds up to more than can be written exactly."""

    zh = "“{dimension}”加压后合计 {total},超过 9 万亿,写不准。请降低总目标或加压系数。"
    en = (
        '"{dimension}" adds up to {total} with its stretch, more than the 9 trillion that can be written exactly. '
        "Lower the total or the stretch."
    )
    amounts = ("total",)


MOST_IN_ALL = 9 * 10**18
"""In millionths of a yuan: whole numbers of 64 bits hold a little more."""


def residuals(breakdown: Breakdown) -> dict[str, int]:
    """Return the residual per direction: `time`, and per dimension its levels and its members' months.

    `time` is in the unit of days: days − total, at every level, plus the parts of months that are no whole steps.
    """
    plan, months, days = breakdown.plan, breakdown.months, breakdown.days
    total = plan.total * breakdown.finer
    missing = {"time": int(days.sum()) - total}
    for period_level in (Level.YEAR, Level.HALF, Level.QUARTER, Level.MONTH):
        parts = [days[breakdown.timeline.slice_of(p)].sum() for p in breakdown.timeline.periods(period_level)]
        missing[f"time:{period_level}"] = int(sum(parts)) - total + sum(int(part) % breakdown.finer for part in parts)
    for name, part in breakdown.dimensions.items():
        dimension = part.dimension
        unstretched = all(s == 1 for s in plan.stretch) and all(m.stretch in (None, 1) for m in dimension.members)
        for depth in range(1, dimension.depth + 1):
            level = [i for i, d in enumerate(dimension.depths) if d == depth or (d < depth and dimension.is_leaf(i))]
            expected = plan.total + int(part.stretch[:depth].sum()) - int(part.unassigned[:depth].sum())
            missing[f"{name}:{depth}"] = int(part.targets[level].sum()) - expected
            if unstretched and not part.unassigned[:depth].any():
                missing[f"{name}:{depth}:months"] = int(np.abs(part.months[level].sum(axis=0) - months).sum())
    return missing


def check_closed(breakdown: Breakdown) -> None:
    """Raise NotClosed if a sum does not close."""
    for where, residual in residuals(breakdown).items():
        if residual:
            steps = Fraction(residual, breakdown.finer) if where.startswith("time") else residual
            raise NotClosed(where=where, residual=steps)


def check_exact(breakdown: Breakdown) -> None:
    """Raise TooMuchInAll if a dimension adds up to more than can be written exactly."""
    for name, part in breakdown.dimensions.items():
        leaves = int(part.targets[part.dimension.leaves].sum())
        if leaves * breakdown.plan.step_micros > MOST_IN_ALL:
            raise TooMuchInAll(dimension=name, total=leaves)
