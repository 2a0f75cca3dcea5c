"""Budgets by months, and how fast they are spent: spending more than is due is what turns a lamp red.

Budgets are in whole steps and close on their total; spend is in yuan. NaN is blank, which is not zero.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats, Steps
from xlsales.core.faults import Fault
from xlsales.core.indicators import over_months
from xlsales.core.plan import Lamps
from xlsales.core.progress import NOISE, Texts, divide, lamp
from xlsales.core.scores import reached


class BudgetPart(Struct, frozen=True):
    """A part of a budget: its total in steps, the positions of its months, and the pull of each on the total."""

    total: int
    months: Sequence[int]
    curve: Floats


class NothingOpen(Fault):
    """What closed months leave of a budget has no open month of its own."""

    zh = "它的月份都已关账,预算却比关账时{zh_by} {residual}。请改回原来的预算,或给没关账的期间另填一行。"
    en = (
        "All of its months are closed, and the budget is {residual} {en_by} than it was then. Change it back, or enter "
        "a row for months that are open."
    )
    amounts = ("residual",)


def budget_months(parts: Sequence[BudgetPart], closed: Steps) -> Steps:
    """Return the months of a budget, the sum of its parts: each closes on its total, in whole steps.

    `closed` months keep what they have; it is below zero where a month is open. What they leave goes to the open
    months by the pull of the parts. Raises NothingOpen, or ClosedAgainst of `core.indicators`, if it cannot.
    """
    months, exact = np.zeros_like(closed), np.zeros(len(closed))
    for part in parts:
        months[list(part.months)] += over_months(part.total, part.curve)
        pull = part.curve if part.curve.any() else np.ones(len(part.curve))
        exact[list(part.months)] += part.total * pull / pull.sum()
    stays = closed >= 0
    rest = int(months.sum() - closed[stays].sum())
    more = rest - int(months[~stays].sum())
    if more and not months[~stays].any():
        by = ("多", "more") if more > 0 else ("少", "less")
        raise NothingOpen(residual=abs(more), zh_by=by[0], en_by=by[1])
    if not stays.any():
        return months
    return over_months(int(months.sum()), exact, closed)


class Burn(Struct, frozen=True):
    """How fast budgets are spent, row by row."""

    due: Floats
    """What may be spent by now."""
    left: Floats
    """budget - spent - committed"""
    used: Floats
    """spent ÷ budget"""
    pace: Floats
    """time progress - used: below zero if money goes faster than time"""
    forecast: Floats
    """spent ÷ time progress"""
    status: Texts
    """green, amber, orange, red by due ÷ spent, or empty; red if nothing is left and more was spent or committed"""


def burn(budget: Floats, spent: Floats, time_progress: Floats, lamps: Lamps, committed: Floats | float = 0.0) -> Burn:
    """Return how fast each budget is spent; of a budget of nothing any spend is red, of a refund none is.

    `committed` is promised and not yet paid: it is no longer there to be spent.
    """
    due, used = budget * time_progress, divide(spent, budget)
    left = budget - spent - committed
    far = reached(np.maximum(spent, 0.0), due, True)
    status = lamp(np.where(left < -NOISE * np.abs(budget), 0.0, far), np.ones(len(far)), lamps)
    return Burn(due, left, used, time_progress - used, divide(spent, time_progress), status)
