"""The weights of a dimension's members: their pull with their stretch, and what leaves × months weigh.

A member's weight is that of a full period. In each month it counts by the open share of the month, and by the
member's own history if the plan says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from xlsales.core.arrays import Floats, Mask, Steps
from xlsales.core.faults import Fault
from xlsales.core.matrix import fit
from xlsales.core.member_shares import Levels
from xlsales.core.opening import open_shares
from xlsales.core.periods import Timeline
from xlsales.core.plan import Dimension, Plan
from xlsales.core.shapes import Shapes


class BadStretch(Fault):
    """A stretch that is not a number above zero."""

    zh = "“{name}”的加压系数是 {stretch}。请填大于零的数,1 = 不加压。"
    en = 'The stretch of "{name}" is {stretch}. Enter a number above zero; 1 = none.'


class MemberWeights:
    """A dimension with its weights; `closed` are targets of members × months, below zero in open months."""

    def __init__(
        self, plan: Plan, timeline: Timeline, dimension: Dimension, shapes: Shapes, company: Steps, closed: Steps
    ) -> None:
        self.plan, self.dimension, self.company, self.closed_targets = plan, dimension, company, closed
        self.members = dimension.members
        self.weights = shapes.members[dimension.name]
        self.own = shapes.own.get(dimension.name)
        self.open = open_shares(dimension, timeline, shapes.days)
        self.locked = or_nan([m.locked for m in self.members])
        self.lower = np.array([m.lower or 0 for m in self.members], dtype=np.int64)
        self.pinned = np.zeros(len(self.members), dtype=np.bool_)  # without weight, at their lower bounds
        self.levels = Levels(dimension.parents, dimension.depths)
        self.times = np.ones(len(self.members) + 1)
        for parent, family in dimension.families():
            self.times[family] = self.times[parent] * float(self.stretched(family)[0])

    def closed_months(self, family: list[int]) -> Mask:
        """The months in which a family keeps its earlier targets."""
        return np.asarray(self.closed_targets[family[0]] >= 0)

    def stretched(self, family: list[int]) -> tuple[Fraction, Floats]:
        """Return a family's stretch (its sum ÷ its parent's target), and the members' weights times their stretch."""
        depth = self.dimension.depths[family[0]]
        level = self.plan.stretch[depth - 1] if depth <= len(self.plan.stretch) else 1.0
        factors = [level if (own := self.members[i].stretch) is None else own for i in family]
        for i, factor in zip(family, factors, strict=True):
            if not 0 < factor < math.inf:
                member = self.members[i]
                raise BadStretch(name=member.name, stretch=factor, row=member.row, field="stretch")
        weights = self.weights[family]
        if len(set(factors)) == 1:
            return Fraction(str(factors[0])), weights
        if not (weights.any() and np.isfinite(weights).all()):
            return Fraction(str(level)), weights
        exact = [Fraction(w) for w in weights.tolist()]
        carried = sum(w * Fraction(str(f)) for w, f in zip(exact, factors, strict=True))
        return Fraction(carried) / sum(exact), weights * np.array(factors)

    def seeds(self) -> tuple[Floats, Floats]:
        """Return each member's stretch on its part of the company's target, and the weights of leaves × months."""
        times, natural = np.ones(self.levels.n + 1), np.zeros((self.levels.n + 1, len(self.company)))
        natural[-1] = self.company
        for parent, family in self.dimension.families():
            factor, pull = self.stretched(family)
            times[family] = times[parent] * self._factor(parent, family, float(factor))
            total = float(pull.sum())
            part = pull / total if total > 0 else np.full(len(family), 1 / len(family))
            weightless = (part == 0) | (not natural[parent].any())
            has_hold = ~np.isnan(self.locked[family]) | (self.lower[family] > 0)
            self.pinned[family] = weightless & has_hold & np.isnan(self.locked[family])
            part = np.where(weightless, np.where(has_hold, 1 / len(family), 0.0), part)  # any will do: the hold decides
            base = natural[parent] if natural[parent].any() else np.asarray(self.company, dtype=float)
            natural[family] = part[:, None] * base
            if self.own is not None and natural[family].any():
                natural[family], _ = fit(natural[family].sum(axis=1), base * part.sum(), self.own_months(family, base))
        weights = np.where(self.levels.leaf[:-1, None], natural[:-1], 0.0)
        return times[:-1], weights if self.open is None else weights * self.open

    def _factor(self, parent: int, family: list[int], factor: float) -> float:
        """The stretch of a family; if all members are locked, their sum ÷ their parent's target."""
        _, pull = self.stretched(family)
        locked = self.locked[family]
        if (np.isnan(locked) & (pull > 0)).any() or np.isnan(locked).all():
            return factor
        closed = self.closed_months(family)
        above = float(self.plan.total if parent < 0 else self.locked[parent])
        above -= float((self.company if parent < 0 else np.maximum(self.closed_targets[parent], 0))[closed].sum())
        open_ = float(np.nansum(locked)) - float(self.closed_targets[family][:, closed].sum())
        return open_ / above if open_ > 0 and above > 0 else factor

    def own_months(self, family: list[int], company: Floats) -> Floats:
        """The months of members by their own history; by the company's if a member has none."""
        assert self.own is not None
        own = self.own[family]
        sums = own.sum(axis=1, keepdims=True)
        return np.where(sums > 0, own / np.where(sums > 0, sums, 1.0), company)


def or_nan(values: Sequence[int | None]) -> Floats:
    """Amounts as floats, NaN if blank."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
