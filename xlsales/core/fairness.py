"""Whether a plan asks alike of its members, and the least that has to move so that it does.

A member is asked for growth on its last year. Beside it is the trend that its own past shows. The gap between them is
what the plan asks beyond the trend. Members are compared by their gaps: with the middle one (the median), in units of
the usual distance from it (the MAD, the median of the distances). More than two of these is much, but among many
members somebody is always that far away by chance. So an alarm needs more: a distance that chance alone gives to
the furthest of so many members in three plans of a hundred, and one that the noise of the member's own months does not
explain.

Where regions are asked for different growth, the middle of all says little of a shop: its own region's does. So
members are compared with their siblings too, each with the middle of its own family.
"""

from __future__ import annotations

from collections.abc import Sequence
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
_FAMILY_SIZES, _FAMILIES = (5, 6, 7, 10, 20, 50), (1, 2, 10)
_FAMILY_BOUNDS = (
    (23.4, 13.6, 10.1), (12.9, 11.4, 8.7), (13.7, 9.9, 8.3), (9.2, 8.3, 7.4), (7.3, 6.9, 6.8), (6.4, 6.3, 6.5),
)  # fmt: skip
"""The like for members beside the middle of their own family, in half as many of the cases: by the size of families
(rows), and by how many there are (columns)."""
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
    units of `mad`; `siblings` is how members stand in their families, None if none is compared.
    """

    growth: Floats
    trend: Floats
    gap: Floats
    deviation: Floats
    verdicts: tuple[Verdict, ...]
    by_trend: bool
    middle: float
    mad: float
    siblings: Siblings | None = None

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
        if self.siblings is not None:
            far = np.fmax(far, np.abs(self.siblings.deviation))
        return sorted(range(len(far)), key=lambda i: (not alarms[i], -far[i]))


class Siblings(Struct, frozen=True):
    """Members beside the middle gap of their own family: the distance, in units of `mad`; NaN of a member without one.

    `families` is the number of each member's family, -1 if it is compared with all alone. `bound` is how many MADs
    are beyond chance.
    """

    families: Steps
    deviation: Floats
    mad: float
    bound: float


def judge(
    targets: Floats,
    years: Floats,
    noise: Floats | None = None,
    whole: Mask | None = None,
    families: Steps | None = None,
) -> Fairness:
    """Compare what is asked of members.

    `targets` are amounts, `years` members × years of past sales in the same unit, the last year first; NaN is a year
    that a member did not sell all through. `noise` is the relative error of a year of each (see `noise_of`), and also
    what rounding may have done. Members that are not `whole` are open in only a part of the plan. Those with the same
    number in `families` are compared among each other, too; -1 is none.
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
    siblings, worse = _beside_siblings(gap, error, apart, families)
    verdicts = tuple(
        worse[i] or apart.verdicts[i] or _not_compared(targets[i], past[i], is_whole=bool(whole[i]))
        for i in range(len(targets))
    )
    return Fairness(growth, trend, gap, apart.deviation, verdicts, by_trend, apart.middle, apart.mad, siblings)


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
    return Apart((values - middle) / mad, _verdicts(values - middle, mad, bound_of(n), error), middle, mad)


def _verdicts(off: Floats, mad: float, bound: float, error: Floats | None) -> tuple[Verdict | None, ...]:
    """What is said of distances from a middle: beyond chance are more than `bound` MADs, and more than noise does."""
    n, chance = int(np.isfinite(off).sum()), np.full(len(off), bound * mad)
    if error is not None:
        normal = NormalDist().inv_cdf(1 - _ALARMS / (2 * n))
        chance = np.fmax(chance, (normal + (normal**3 + normal) / (4 * _DEGREES)) * error)
    return tuple(_of_gap(off[i], mad, chance[i]) if np.isfinite(off[i]) else None for i in range(len(off)))


def _beside_siblings(
    gap: Floats, error: Floats | None, apart: Apart, families: Steps | None
) -> tuple[Siblings | None, Sequence[Verdict | None]]:
    """How members stand in their families, and what is said of those that stand further off there than among all.

    A family of fewer than `FEWEST`, one of all members, and one whose middle is itself beyond chance are no measure.
    """
    nothing: list[Verdict | None] = [None] * len(gap)
    known = np.isfinite(apart.deviation)
    if families is None or not known.any():
        return None, nothing
    off, kept, sizes = np.full(len(gap), np.nan), np.full(len(gap), -1), []
    for family in np.unique(families[known & (families >= 0)]):
        own = known & (families == family)
        middle = float(np.median(gap[own]))
        is_apart = abs(middle - apart.middle) > bound_of(int(known.sum())) * apart.mad
        if FEWEST <= own.sum() < known.sum() and not is_apart:
            off[own], kept[own] = gap[own] - middle, family
            sizes.append(int(own.sum()))
    if not sizes:
        return None, nothing
    mad, bound = max(float(np.nanmedian(np.abs(off))), _LEAST), bound_of_families(sizes)
    verdicts = _verdicts(off, mad, bound, error)
    worse = [
        mine if mine is not None and all_said is not None and _FORCE[mine] > _FORCE[all_said] else None
        for mine, all_said in zip(verdicts, apart.verdicts, strict=True)
    ]
    return Siblings(kept, off / mad, mad, bound), worse


def bound_of_families(sizes: Sequence[int]) -> float:
    """Return how many MADs from its family's middle the furthest member of families of such sizes may be by chance."""
    size, count = np.log(sum(sizes) / len(sizes)), np.log(len(sizes))
    by_count = [np.interp(count, np.log(_FAMILIES), bounds) for bounds in _FAMILY_BOUNDS]
    return float(np.interp(size, np.log(_FAMILY_SIZES), by_count))


def bound_of(n: int) -> float:
    """Return how many MADs from the middle the furthest of `n` members may be by chance."""
    return float(np.interp(np.log(n), np.log(list(_BOUNDS)), list(_BOUNDS.values())))


_FORCE = dict.fromkeys(Verdict, 0)
_FORCE |= {Verdict.MUCH: 1, Verdict.LITTLE: 1, Verdict.TOO_MUCH: 2, Verdict.TOO_LITTLE: 2}
"""How much a verdict says."""


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

    `past` is the last year's sales in steps. A member of which too much or too little is asked comes to the middle, to
    that of its family if this is compared. The others of its group that are free carry it in proportion to their
    targets. Nobody leaves its bounds, `low` to `high`: a target at both of them is locked. What the others cannot carry
    stays where it is.
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
        wished = past[own] * (1 + base[own] + middle[own]) - targets[own]
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
) -> Floats:
    """The middle gap for each member when all who are moved to it are there.

    The middles move themselves, for the others carry what is moved.
    """
    families = np.full(len(targets), -1) if fair.siblings is None else fair.siblings.families
    moved = np.concatenate(list(owners.values()))
    staying = fair.compared & ~np.isin(np.arange(len(targets)), moved)
    middle = np.full(len(targets), fair.middle)
    circles = {int(family): fair.compared if family < 0 else families == family for family in set(families[moved])}
    for family, circle in circles.items():
        middle[families == family] = float(np.median(fair.gap[circle]))
    if not staying.any():
        return middle
    for _ in range(_ROUNDS):
        gap, slope = fair.gap.copy(), 0.0
        for g, own in owners.items():
            whole = float(targets[others[g]].sum())
            if not whole:
                continue
            net = float((past[own] * (1 + base[own] + middle[own]) - targets[own]).sum())
            gap[others[g]] -= net / whole * (1 + fair.growth[others[g]])
            slope = max(slope, float(past[own].sum()) / whole)
        gap[moved] = middle[moved]
        furthest = 0.0
        for family, circle in circles.items():
            there = gap[circle & np.isfinite(gap)]
            step = float(np.median(there)) - middle[families == family][0]
            middle[families == family] += step / (1 + slope)
            furthest = max(furthest, abs(step))
        if furthest < 1e-9:
            break
    return middle
