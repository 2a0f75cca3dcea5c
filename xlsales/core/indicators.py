"""Indicators beside the amount: counts and further amounts that add up, rates and scores that have a weighted mean.

What adds up goes down the tree by the rules of the amount (`families`): months, members and parents close in whole
steps. A rate is never added: each member has one, and their mean by weight is that of the member above, up to the
whole. Progress is turned round if less is better.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats, Steps
from xlsales.core.families import split_dimension
from xlsales.core.faults import Fault
from xlsales.core.member_holds import FREE, ClosedMonths
from xlsales.core.periods import Timeline
from xlsales.core.plan import Dimension, Plan
from xlsales.core.progress import Progress, divide, lamp
from xlsales.core.scores import reached, weighted_mean
from xlsales.core.shapes import Shapes

_NEAR = 1e-9
"""A rate this little beyond what is possible is possible; two means that differ by less are one."""


class IndicatorKind(StrEnum):
    """What an indicator measures: money, a number of things, a part of a whole, points out of a greatest score."""

    AMOUNT = "amount"
    COUNT = "count"
    RATE = "rate"
    SCORE = "score"

    @property
    def adds_up(self) -> bool:
        """Whether the parts add up to the whole; else the whole is their weighted mean."""
        return self in (IndicatorKind.AMOUNT, IndicatorKind.COUNT)


class AdditiveTargets(Struct, frozen=True):
    """Targets in whole steps: members × months, and what no member may take, per level from the top."""

    company: Steps
    months: Steps
    unassigned: Steps


def split_additive(
    plan: Plan,
    timeline: Timeline,
    dimension: Dimension,
    weights: Floats,
    typed: Mapping[int, int],
    company: Steps,
    closed: Steps | None = None,
) -> AdditiveTargets:
    """Share the months of the whole (`company`, in steps) over members; `typed` members have a target of their own.

    `closed` are targets of members × months that stay, FREE elsewhere; those of parents follow the members below.

    `weights` count among siblings. Members open and close as in the plan; its locks, bounds and stretches are those of
    its amount, and do not count here. Raises a Fault if the sums cannot close.
    """
    members = tuple(
        replace(member, locked=typed.get(i), lower=None, upper=None, stretch=None)
        for i, member in enumerate(dimension.members)
    )
    own = replace(dimension, members=members)
    total = int(company.sum())
    of_its_own = Plan(plan.name, total, plan.step_micros, plan.start, plan.end, (own,))
    shapes = Shapes(np.ones(timeline.n_days), np.ones(len(company)), {dimension.name: weights}, {})
    stays = np.full((len(members), len(company)), FREE, dtype=np.int64) if closed is None else closed
    closed_months = ClosedMonths(stays, np.full(len(members), closed is not None))
    months, _, unassigned = split_dimension(of_its_own, timeline, own, shapes, company, closed_months)
    return AdditiveTargets(company, months, unassigned)


class ClosedAgainst(Fault):
    """The closed months leave less than nothing of a total, or there is no open month for what they leave."""

    zh = "已关账的月份合计 {closed},和目标 {total} 差 {residual}。请改目标,或改“已关账至”。"
    en = 'The closed months add up to {closed}, {residual} off the target {total}. Change it, or "Closed through".'
    amounts = ("closed", "total", "residual")


def over_months(total: int, curve: Floats, closed: Steps | None = None) -> Steps:
    """Share a total over months by a curve, in whole steps; equally if the curve has nothing in it.

    `closed` months keep their targets, FREE elsewhere. Raises ClosedAgainst if the rest cannot go to open months.
    """
    stays = np.full(len(curve), FREE, dtype=np.int64) if closed is None else closed
    free, months = stays < 0, np.maximum(stays, 0)
    rest = total - int(months.sum())
    if rest < 0 or (rest and not free.any()):
        raise ClosedAgainst(closed=total - rest, total=total, residual=abs(rest))
    if free.any():
        months[free] = allocate(rest, curve[free] if curve[free].any() else np.ones(int(free.sum())))
    return months


def leaves_up(dimension: Dimension, weights: Floats) -> Floats:
    """Return weights in which a blank parent (NaN) has the sum of its members; blank leaves stay blank."""
    out = weights.copy()
    for i in range(len(out) - 1, -1, -1):
        below = dimension.children(i)
        if below and np.isnan(out[i]):
            out[i] = out[below].sum()
    return out


def shares(dimension: Dimension, weights: Floats) -> Floats:
    """Return each member's part of the whole by weights among siblings: each level, with what ends above it, has 1."""
    out = np.zeros(len(weights))
    for parent, family in dimension.families():
        whole, pull = (1.0 if parent < 0 else out[parent]), weights[family]
        out[family] = whole * (pull / pull.sum() if pull.sum() > 0 else np.full(len(family), 1 / len(family)))
    return out


# --- rates -----------------------------------------------------------------------------


class RateOutOfReach(Fault):
    """The members without a target of their own would have to reach more than is possible, or less than nothing."""

    zh = "其余成员({names})要平均达到 {needed},{of}才是 {whole},但只能在 0 至 {most} 之间。请改其中一个目标。"
    en = (
        "The other members ({names}) would have to reach {needed} for {of} to be {whole}, but they can only be "
        "from 0 to {most}. Change one of the targets."
    )


class MeanDiffers(Fault):
    """All members have a target of their own, and their mean is not the one above them."""

    zh = "成员的加权平均是 {mean},{of}却是 {whole}。请改其中一个,或把{of}的留空。"
    en = "The weighted mean of the members is {mean}, but {of} is {whole}. Change one of them, or leave {of} blank."


class NothingToShow(Fault):
    """There is no target from which the others follow."""

    zh = "没有目标。请在“成员”空着的那一行填目标,或给每个成员各填一个。"
    en = "There is no target. Enter one in the row without a member, or one for each member."


class RateTargets(Struct, frozen=True):
    """Targets that have a weighted mean: of the whole, and of each member. `shares` are the members' weights."""

    whole: float
    members: Floats
    shares: Floats


def split_rates(
    dimension: Dimension, weights: Floats, typed: Mapping[int, float], whole: float | None, most: float
) -> RateTargets:
    """Give each member a rate so that their mean by weight is that of the member above, up to the whole.

    `typed` members have one of their own, and all other siblings have one in common. Without a `whole` it is the mean
    of members that all have one. Rates are from 0 to `most`. Raises RateOutOfReach, MeanDiffers or NothingToShow;
    their fact `position` is the member above (-1: the whole), their amounts are rates.
    """
    part = shares(dimension, weights)
    rates = np.full(len(part), np.nan)
    rates[list(typed)] = list(typed.values())
    rates = _means_up(dimension, part, rates)
    top = dimension.children(-1)
    if whole is None:
        if np.isnan(rates[top]).any():
            raise NothingToShow
        whole = _mean(rates[top], part[top])
    for parent, family in dimension.families():
        rates[family] = _of_family(dimension, part, rates, family, whole if parent < 0 else rates[parent], most)
    return RateTargets(whole, rates, part)


def _mean(rates: Floats, part: Floats) -> float:
    """The mean by weight; if nobody weighs anything, the plain one."""
    return weighted_mean(rates, part if part.any() else np.ones(len(part)))


def _means_up(dimension: Dimension, part: Floats, rates: Floats) -> Floats:
    """Give a member without a rate the mean of the members below it, if they all have one."""
    out = rates.copy()
    for i in range(len(out) - 1, -1, -1):
        below = dimension.children(i)
        if below and np.isnan(out[i]) and not np.isnan(out[below]).any():
            out[i] = _mean(out[below], part[below])
    return out


def _of_family(
    dimension: Dimension, part: Floats, rates: Floats, family: list[int], whole: float, most: float
) -> Floats:
    """The rates of a family: those it has, and one for all others, so that their mean is `whole`."""
    own, pull = rates[family], part[family]
    free = np.isnan(own)
    facts = {"position": dimension.parents[family[0]], "whole": whole}
    if not free.any():
        mean = _mean(own, pull)
        if abs(mean - whole) > _NEAR:
            raise MeanDiffers(mean=mean, **facts)
        return own
    room = float(pull[free].sum())
    taken = float(own[~free] @ pull[~free])
    needed = (whole * float(pull.sum()) - taken) / room if room > 0 else whole
    if not -_NEAR <= needed <= most + _NEAR:
        names = [dimension.members[i].name for i, one in zip(family, free, strict=True) if one]
        raise RateOutOfReach(names=names, needed=needed, most=most, **facts)
    return np.where(free, needed, own)


# --- actuals -----------------------------------------------------------------------------


class Measured(Struct, frozen=True):
    """Actuals of members × months, parents included, and of the whole; NaN if nothing is known.

    `whole_months` and `whole` are those of the whole in each month and up to now, `members` those of members up to now,
    `nobodys` those of each month that name no member.
    """

    months: Floats
    members: Floats
    whole_months: Floats
    whole: float
    nobodys: Floats


def measured(dimension: Dimension, amounts: Floats, bases: Floats | None, nobodys: tuple[Floats, Floats]) -> Measured:
    """Sum up what was measured of the lowest members (members × months); NaN is blank, and parents are not looked at.

    With `bases` these are rates, or scores, times their bases: a mean is their sum ÷ that of the bases. `nobodys` are
    the amounts and bases of each month that name no member; they count for the whole alone.
    """
    tops = dimension.children(-1)
    above, own = _rolled(dimension, amounts), nobodys[0]
    whole = _sum(np.vstack([above[tops], own]), 0)
    if bases is None:
        return Measured(above, _sum(above, 1), whole, float(_sum(whole[None, :], 1)[0]), own)
    below = _rolled(dimension, bases)
    under = _sum(np.vstack([below[tops], nobodys[1]]), 0)
    months, members = divide(above, below), divide(_sum(above, 1), _sum(below, 1))
    of_whole = float(divide(_sum(whole[None, :], 1), _sum(under[None, :], 1))[0])
    return Measured(months, members, divide(whole, under), of_whole, divide(*nobodys))


def due_of_reported(dimension: Dimension, due: Floats, actuals: Measured) -> Floats:
    """Return what is due of members × months, the whole last, less what is due where nothing was reported.

    A lowest member without an actual in a month reported nothing of it; an actual that names no member is of the whole.
    """
    missing = np.zeros_like(due)
    leaves = dimension.leaves
    missing[leaves] = np.where(np.isnan(actuals.months[leaves]), due[leaves], 0.0)
    missing[:-1] = _rolled(dimension, missing[:-1])
    missing[-1] = np.where(np.isnan(actuals.nobodys), missing[dimension.children(-1)].sum(axis=0), 0.0)
    return due - missing


def _rolled(dimension: Dimension, leaves: Floats) -> Floats:
    """Sum leaves up to their parents; blank if all below are blank."""
    out = leaves.copy()
    for i in range(len(out) - 1, -1, -1):
        below = dimension.children(i)
        if below:
            out[i] = _sum(out[below], 0)
    return out


def _sum(values: Floats, axis: int) -> Floats:
    """The sum of what is known along an axis; blank if nothing is."""
    return np.where(np.isnan(values).all(axis=axis), np.nan, np.nansum(values, axis=axis))


# --- progress ------------------------------------------------------------------------------


def progress_of(
    plain: Progress, plan: Plan, *, less_is_better: bool, cumulative: bool, reported: Floats | float = 1.0
) -> Progress:
    """Return progress columns the right way round.

    If less is better, attainment is what may be by now ÷ what is, the gap what is too much, and nothing is required
    per day. Of what may be by now, only the part that was `reported` is compared: a blank is no zero. What does not add
    up over time is not `cumulative`: it is due in full at any time, and has no forecast.
    """
    one, blank = plain, np.full(len(plain.target), np.nan)
    if cumulative and not less_is_better:
        return one
    due = np.where(one.target == 0, 0.0, one.target_to_date) * reported if cumulative else one.target
    attainment = reached(one.actual, due, less_is_better)
    gap = one.actual - one.target if less_is_better else one.gap
    status = lamp(attainment, np.ones(len(attainment)), plan.lamps)
    turned = replace(
        one, attainment=attainment, target_to_date=due, gap=gap, required_per_day=blank, status=status
    )  # fmt: skip
    if not cumulative:
        return replace(turned, time_progress=blank, pace=blank, forecast=blank, forecast_attainment=blank)
    pace = one.time_progress * reported - divide(one.actual, one.target)
    forecast = divide(one.forecast, np.broadcast_to(reported, pace.shape))
    return replace(turned, pace=pace, forecast=forecast, forecast_attainment=reached(forecast, one.target, True))
