"""Whether a plan asks alike of its members, and the least that has to move so that it does.

A member is asked for growth on its last year. Beside it is the trend that its own past shows. The gap between them is
what the plan asks beyond the trend. Members are compared by their gaps: with the middle one (the median), in units of
the usual distance from it (the MAD, the median of the distances). More than two of these is much, but among many
members somebody is always that far away by chance. So an alarm needs more: a distance that chance alone gives to
the furthest of so many members in three plans of a hundred, and one that the noise of the member's own months does not
explain.
"""

from __future__ import annotations

from enum import StrEnum
from statistics import NormalDist

import numpy as np
from msgspec import Struct

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats, Mask, Steps

FEWEST = 5
"""Fewer members are not compared: the middle of four says little."""
NEAR = 2.0
"""So many MADs from the middle are usual."""
_LEAST = 0.005
"""The least MAD: gaps that differ by less than a percentage point are alike."""
_ALARMS = 0.03
"""The share of plans without any unfairness in which somebody is beyond the bounds by chance."""
_BOUNDS = {
    5: 15.5, 6: 10.8, 7: 10.6, 8: 9.0, 9: 8.9, 10: 8.0, 12: 7.4, 15: 7.1, 20: 6.5, 30: 6.2, 50: 6.0, 100: 5.9, 500: 6.1,
}  # fmt: skip
"""By the number of members: how many MADs the furthest of them has from the middle in `_ALARMS` of the cases, if gaps
scatter as a normal distribution does. A test works them out anew."""
_DEGREES = 11
"""The noise of a year is known from twelve months: its bound is that of Student's t with so many degrees."""
_FEWEST_MONTHS = 6
_ROUNDS = 30
FREE = 2**53
"""No upper bound, in steps."""


class Verdict(StrEnum):
    """What is said of a member: compared with the others, or why it is not."""

    TOO_MUCH = "too_much"
    TOO_LITTLE = "too_little"
    MUCH = "much"
    LITTLE = "little"
    FAIR = "fair"
    FEW = "few"
    NO_PAST = "no_past"
    NOT_POSITIVE = "not_positive"
    NO_TREND = "no_trend"
    NO_TARGET = "no_target"
    PARTLY = "partly"


class Fairness(Struct, frozen=True):
    """How members stand beside each other, in their order; ratios as fractions, NaN if there is none.

    `growth` is asked of the last year, `trend` is a year's growth of the member's own past, `gap` is growth less trend,
    or growth alone if there is hardly any trend (`by_trend`). `deviation` is the distance from the `middle` gap, in
    units of `mad`.
    """

    growth: Floats
    trend: Floats
    gap: Floats
    deviation: Floats
    verdicts: tuple[Verdict, ...]
    by_trend: bool
    middle: float
    mad: float

    @property
    def compared(self) -> Mask:
        """The members that are compared with each other."""
        return np.isfinite(self.deviation)

    @property
    def alarms(self) -> Mask:
        """The members of which too much or too little is asked."""
        return np.array([one in (Verdict.TOO_MUCH, Verdict.TOO_LITTLE) for one in self.verdicts], dtype=np.bool_)

    @property
    def order(self) -> list[int]:
        """The members' positions, the most unfair first; those that are not compared are last."""
        far, alarms = np.nan_to_num(np.abs(self.deviation), nan=-1.0), self.alarms
        return sorted(range(len(far)), key=lambda i: (not alarms[i], -far[i]))


def judge(targets: Floats, years: Floats, noise: Floats | None = None, whole: Mask | None = None) -> Fairness:
    """Compare what is asked of members.

    `targets` are amounts, `years` members × years of past sales in the same unit, the last year first; NaN is a year
    that a member did not sell all through. `noise` is the relative error of a year of each (see `noise_of`), and also
    what rounding may have done. Members that are not `whole` are open in only a part of the plan.
    """
    past = years[:, 0] if years.shape[1] else np.full(len(targets), np.nan)
    whole = np.ones(len(targets), dtype=np.bool_) if whole is None else whole
    with np.errstate(invalid="ignore"):
        usable = whole & (targets > 0) & (past > 0)
    growth = np.divide(targets, past, out=np.full(len(past), np.nan), where=usable) - 1
    trend, spans = _trends(years)
    has_both = usable & np.isfinite(trend)
    by_trend = bool(usable.any()) and int(has_both.sum()) >= min(max(FEWEST, usable.sum() / 2), usable.sum())
    gap = growth - trend if by_trend else growth
    error = None if noise is None else noise * _leverage(growth, trend, spans, by_trend=by_trend)
    apart = compare(gap, error)
    verdicts = tuple(
        apart.verdicts[i] or _not_compared(targets[i], past[i], is_whole=bool(whole[i])) for i in range(len(targets))
    )
    return Fairness(growth, trend, gap, apart.deviation, verdicts, by_trend, apart.middle, apart.mad)


class Apart(Struct, frozen=True):
    """Values beside their middle one: distances in units of the MAD, and what is said of each, None of a NaN."""

    deviation: Floats
    verdicts: tuple[Verdict | None, ...]
    middle: float
    mad: float


def compare(values: Floats, error: Floats | None = None) -> Apart:
    """Compare values with their middle one; NaN is left out, `error` is what noise explains of each.

    Differences of less than a hundredth count for nothing.
    """
    known = np.isfinite(values)
    n = int(known.sum())
    if n < FEWEST:
        few = tuple(Verdict.FEW if one else None for one in known)
        return Apart(np.full(len(values), np.nan), few, np.nan, np.nan)
    middle = float(np.median(values[known]))
    mad = max(float(np.median(np.abs(values[known] - middle))), _LEAST)
    off, chance = values - middle, np.full(len(values), bound_of(n) * mad)
    if error is not None:
        normal = NormalDist().inv_cdf(1 - _ALARMS / (2 * n))
        chance = np.fmax(chance, (normal + (normal**3 + normal) / (4 * _DEGREES)) * error)
    verdicts = tuple(_of_gap(off[i], mad, chance[i]) if known[i] else None for i in range(len(off)))
    return Apart(off / mad, verdicts, middle, mad)


def bound_of(n: int) -> float:
    """Return how many MADs from the middle the furthest of `n` members may be by chance."""
    return float(np.interp(np.log(n), np.log(list(_BOUNDS)), list(_BOUNDS.values())))


def _of_gap(off: float, mad: float, chance: float) -> Verdict:
    if abs(off) <= NEAR * mad:
        return Verdict.FAIR
    if abs(off) <= chance:
        return Verdict.MUCH if off > 0 else Verdict.LITTLE
    return Verdict.TOO_MUCH if off > 0 else Verdict.TOO_LITTLE


def _not_compared(target: float, past: float, *, is_whole: bool) -> Verdict:
    """Why a member is not compared."""
    if not is_whole:
        return Verdict.PARTLY
    if np.isnan(past):
        return Verdict.NO_PAST
    if past <= 0:
        return Verdict.NOT_POSITIVE
    return Verdict.NO_TREND if target > 0 else Verdict.NO_TARGET


def _trends(years: Floats) -> tuple[Floats, Floats]:
    """Each member's growth a year over the years that it sold without a gap, and how many steps these are."""
    trend, spans = np.full(len(years), np.nan), np.ones(len(years))
    for i, row in enumerate(years):
        with np.errstate(invalid="ignore"):
            sold = [*(row > 0), False]
        known = sold.index(False)
        if known > 1:
            trend[i] = (row[0] / row[known - 1]) ** (1 / (known - 1)) - 1
            spans[i] = known - 1
    return trend, spans


def _leverage(growth: Floats, trend: Floats, spans: Floats, *, by_trend: bool) -> Floats:
    """How much of a year's relative error is in a gap: the last year is in growth and trend, the first in the trend."""
    if not by_trend:
        return np.asarray(1 + growth)
    first = (1 + trend) / spans
    return np.hypot(1 + growth + first, first)


def noise_of(latest: Floats, before: Floats | None = None) -> Floats:
    """Return the relative error of each member's year, from its months in one or two years; NaN if it is not known.

    Months (the last axis) are expected to have changed as those of all members together did, so that a feast that moves
    is no noise; of one year, to be as those of all members together.
    """
    months = latest.shape[1]
    if months < _FEWEST_MONTHS:
        return np.full(len(latest), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        company = latest.sum(axis=0)
        if before is None:
            expected, years = np.tile(company, (len(latest), 1)), 1
        else:
            ratio = company / before.sum(axis=0)
            expected, years = before * np.where(np.isfinite(ratio) & (ratio > 0), ratio, 1.0), 2
        whole = latest.sum(axis=1, keepdims=True)
        expected = expected * whole / expected.sum(axis=1, keepdims=True)
        missed = ((latest - expected) ** 2).sum(axis=1) * months / (months - 1)
        return np.asarray(np.where(whole[:, 0] > 0, np.sqrt(missed / years) / whole[:, 0], np.nan))


# --- what has to move -------------------------------------------------------------------


def moves(fair: Fairness, targets: Steps, past: Floats, low: Steps, high: Steps, groups: Steps) -> Steps:
    """Return what each member gets, in steps; below zero it gives. The moves of each group add up to 0.

    `past` is the last year's sales in steps. A member of which too much or too little is asked comes to the middle;
    the others of its group that are free carry it in proportion to their targets. Nobody leaves its bounds, `low` to
    `high`: a target at both of them is locked. What the others cannot carry stays where it is.
    """
    free = high > low
    alarms = fair.alarms & free & np.isfinite(past)
    given = np.zeros(len(targets), dtype=np.int64)
    if not alarms.any():
        return given
    base = np.where(np.isfinite(fair.trend), fair.trend, 0.0) if fair.by_trend else np.zeros(len(targets))
    others = {int(g): np.flatnonzero(free & ~fair.alarms & (targets > 0) & (groups == g)) for g in set(groups[alarms])}
    owners = {g: np.flatnonzero(alarms & (groups == g)) for g in others}
    middle = _middle_after(fair, targets, past, base, owners, others)
    for g, own in owners.items():
        wished = past[own] * (1 + base[own] + middle) - targets[own]
        wish = np.clip(np.round(wished).astype(np.int64), (low - targets)[own], (high - targets)[own])
        payers = others[g]
        net = -int(wish.sum())
        room = (high - targets)[payers] if net > 0 else (targets - low)[payers]
        carried = min(abs(net), int(room.sum()))
        if carried < abs(net):  # the others cannot carry it: as much less moves
            side = wish < 0 if net > 0 else wish > 0
            sign, sums = np.sign(wish[side]), np.abs(wish[side])
            wish[side] = sign * allocate(int(sums.sum()) - abs(net) + carried, sums)
        given[own] = wish
        if carried:
            given[payers] = np.sign(net) * allocate(carried, targets[payers], upper=room)
    return given


def _middle_after(
    fair: Fairness, targets: Steps, past: Floats, base: Floats, owners: dict[int, Steps], others: dict[int, Steps]
) -> float:
    """The middle gap when all who are moved to it are there: it moves itself, for the others carry what is moved."""
    middle, moved = fair.middle, np.concatenate(list(owners.values()))
    staying = fair.compared & ~np.isin(np.arange(len(targets)), moved)
    if not staying.any():
        return middle
    for _ in range(_ROUNDS):
        gap, slope = fair.gap.copy(), 0.0
        for g, own in owners.items():
            whole = float(targets[others[g]].sum())
            if not whole:
                continue
            net = float((past[own] * (1 + base[own] + middle) - targets[own]).sum())
            gap[others[g]] -= net / whole * (1 + fair.growth[others[g]])
            slope = max(slope, float(past[own].sum()) / whole)
        gap[moved] = middle
        there = gap[fair.compared & np.isfinite(gap)]
        step = float(np.median(there)) - middle
        middle += step / (1 + slope)
        if abs(step) < 1e-9:
            break
    return middle
