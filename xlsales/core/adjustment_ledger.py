"""The targets of a breakdown while adjustments are applied to them, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from msgspec.structs import replace

from xlsales.core.adjusted import COMPANY, Adjusted, Whose
from xlsales.core.adjustments import Adjustment, Unadjusted, closed_months, held_months, rolled_up
from xlsales.core.arrays import Mask, Steps
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Fault
from xlsales.core.member_days import own_weights
from xlsales.core.opening import open_spans
from xlsales.core.periods import Level
from xlsales.core.plan import Dimension

_FINE = 1_000_000
"""Weights of days that are no whole numbers are as fine as this part of one."""


class AtField(Exception):
    """A fault in a column of the row of an adjustment."""

    def __init__(self, field: str, fault: Fault) -> None:
        self.field, self.fault = field, fault


class Ledger:
    """A breakdown during its adjustments: the targets so far."""

    def __init__(self, breakdown: Breakdown, written: Mapping[str, Adjusted], before: Unadjusted) -> None:
        self.base, self.plan, self.line = breakdown, breakdown.plan, breakdown.timeline
        self.periods = self.line.periods(Level.MONTH)
        self.closed = closed_months(self.plan, self.line)
        self.months = {name: part.months.copy() for name, part in breakdown.dimensions.items()}
        self.days = breakdown.days.copy()
        if before.days is not None and before.earlier is not None:
            self.days += before.days * (breakdown.finer // before.earlier.finer)
        self.total = self.plan.total
        self.taken = {one.key: one for one in before.taken}
        self.past = {key: replace(one, deltas=self._closed_alone(one)) for key, one in written.items()}
        self._held: dict[str, Mask] = {}
        self._days: dict[str, Steps] = {}

    def _closed_alone(self, one: Adjusted) -> dict[Whose, Steps]:
        return {whose: np.where(self.closed, row, 0) for whose, row in one.deltas.items()}

    def dimension(self, name: str) -> Dimension:
        """Return the dimension of a name."""
        return self.base.dimensions[name].dimension

    def held(self, name: str) -> Mask:
        """Return which months of a dimension's members are held, as `held_months` does."""
        if name not in self._held:
            self._held[name] = held_months(self.plan, self.line, self.dimension(name))
        return self._held[name]

    def day_weights(self, name: str) -> Steps:
        """Return members × days: how a lowest member's month is shared over its days; zero where it is not open."""
        if name not in self._days:
            dimension, own = self.dimension(name), own_weights(self.plan, self.line, self.dimension(name))
            weights = np.zeros((len(dimension.members), self.line.n_days), dtype=np.int64)
            spans = open_spans(dimension, self.line)
            for n, i in enumerate(dimension.leaves):
                first, end = spans[i]
                days = np.rint(own[n] * _FINE).astype(np.int64) if n in own else self.base.days
                weights[i, first:end] = np.where(self.base.days > 0, days, 0)[first:end]
            self._days[name] = weights
        return self._days[name]

    def put(self, deltas: Mapping[Whose, Steps]) -> None:
        """Add what closed months had to the targets; the company's days have theirs already."""
        for name, rows in self.by_dimension(deltas).items():
            self.months[name] += rolled_up(self.dimension(name), rows)
        if COMPANY in deltas:
            self.total += int(deltas[COMPANY].sum()) // self.plan.step_micros

    def by_dimension(self, deltas: Mapping[Whose, Steps]) -> dict[str, Steps]:
        """Return deltas by dimension: members × months in steps, the lowest members alone."""
        out = {}
        for name in {dimension for dimension, _ in deltas} - {""}:
            members = self.dimension(name).members
            rows = np.zeros((len(members), len(self.periods)), dtype=np.int64)
            for i, member in enumerate(members):
                if (name, member.name) in deltas:
                    rows[i] = deltas[name, member.name] // self.plan.step_micros
            out[name] = rows
        return out

    def meant(self, one: Adjustment) -> Mask:
        """Return which days an adjustment is of."""
        first, last = (one.start - self.line.start).days, (one.end - self.line.start).days
        days = np.arange(self.line.n_days)
        return np.asarray((days >= first) & (days <= last))


def above(dimension: Dimension, i: int) -> list[int]:
    """Return the members above one, the nearest first."""
    line = []
    while (i := dimension.parents[i]) >= 0:
        line.append(i)
    return line


def below(dimension: Dimension, i: int) -> list[int]:
    """Return the members below one."""
    return [n for n in range(len(dimension.members)) if i in above(dimension, n)]


def free_below(dimension: Dimension, held: Mask, top: int) -> Mask:
    """Return lowest members × months below a member (-1: all), where neither they nor any between are held."""
    mask = np.zeros(held.shape, dtype=np.bool_)
    for i in dimension.leaves:
        line = [i, *above(dimension, i)]
        if top < 0 or top in line[1:]:
            between = line if top < 0 else line[: line.index(top)]
            mask[i] = ~held[between].any(axis=0)
    return mask


def free_between(dimension: Dimension, held: Mask, named: int, leaves: Iterable[int]) -> Mask:
    """Return lowest members × months: those of `leaves` between which and the named one nothing is held."""
    mask = np.zeros(held.shape, dtype=np.bool_)
    own, families = set(above(dimension, named)), dict[int, list[int]]()
    for i in leaves:
        families.setdefault(dimension.parents[i], []).append(i)
    for family in families.values():  # the same members are between each of them and the named one
        between = np.array(sorted(own ^ set(above(dimension, family[0]))), dtype=np.intp)
        mask[family] = ~(held[family] | held[between].any(axis=0))
    return mask


def others(dimension: Dimension, held: Mask, named: int, apart: Iterable[int]) -> Mask:
    """Return lowest members × months: those that give to the named one, or take from it, if a row names the others.

    They are neither it, nor those `apart`, nor below one of these.
    """
    out = {named, *apart}
    for i, parent in enumerate(dimension.parents):  # in pre-order, members come after those above them
        if parent in out:
            out.add(i)
    return free_between(dimension, held, named, (i for i in dimension.leaves if i not in out))
