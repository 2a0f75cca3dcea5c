"""What can be said to a commitment that nobody has answered: the target against what the member may sell.

Headquarters sees the range of a member's sales, P10 to P90 (`plan.chances`), beside the target and the commitment.
Within it the target may stand. Above it the target is out of reach, and there is a figure to accept: the commitment, or
P50 if the commitment is lower still. Nothing is said of members whose range is not known, and of accepted ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from xlsales.core.faults import Fault, Problem
from xlsales.core.period_text import parse_period
from xlsales.core.plan import MICROS
from xlsales.core.text import identity
from xlsales.plan.chances import chances
from xlsales.plan.commitments import Offer
from xlsales.plan.figures import Figures
from xlsales.plan.inputs import Inputs


class TargetMayStand(Fault):
    """A commitment below a target that the member may well reach."""

    remark = True
    zh = (
        "{period} 可能卖到 {low} 到 {high}(十次里八次)。目标 {target} 够得着,可以不变;承诺是 {offer}。"
        "请在“接受”里答复。"
    )
    en = (
        "{period}: {low} to {high} may be sold (8 times in 10). The target of {target} is within reach and may stand; "
        "the commitment is {offer}. Answer in column Accepted."
    )


class TargetOutOfReach(Fault):
    """A commitment below a target that the member hardly reaches."""

    remark = True
    zh = (
        "{period} 可能卖到 {low} 到 {high}(十次里八次)。目标 {target} 高于它,可以接受 {figure};承诺是 {offer}。"
        "请在“接受”里答复。"
    )
    en = (
        "{period}: {low} to {high} may be sold (8 times in 10). The target of {target} is above that, so {figure} may "
        "be accepted; the commitment is {offer}. Answer in column Accepted."
    )


def judged(figures: Figures, offers: Sequence[Offer], inputs: Inputs) -> Iterator[Problem]:
    """Yield what can be said to commitments below their targets, each at the cell of its answer."""
    for offer in offers:
        if offer.commitment >= offer.target:
            continue
        range_ = _range(figures, offer)
        if range_ is None:
            continue
        low, middle, high = (round(amount * MICROS) for amount in range_)
        step = figures.breakdown.plan.step_micros
        facts = {
            "period": offer.period,
            "low": inputs.number_of(low),
            "high": inputs.amount(high),
            "target": inputs.amount(offer.target),
            "offer": inputs.amount(offer.commitment),
        }
        if offer.target <= high:
            fault: Fault = TargetMayStand(**facts)
        else:
            figure = max(offer.commitment, middle // step * step)
            fault = TargetOutOfReach(**facts, figure=inputs.amount(figure))
        yield Problem.note(offer.place, offer.member, fault, offer.target - offer.commitment)


def _range(figures: Figures, offer: Offer) -> list[float] | None:
    """P10, P50 and P90 of what a member may sell in a period, in yuan, to three digits; None if that is not known."""
    members = next((one for one in figures.dimensions if identity(one.name) == identity(offer.dimension)), None)
    position = members.matcher.position(offer.member) if members is not None else -1
    if members is None or position < 0:
        return None
    try:
        period = parse_period(offer.period, figures.breakdown.timeline)
    except Fault:
        return None  # a split tells it at its cell
    prospect = chances(figures).of_members(members, period)
    if prospect is None:
        return None
    amounts = prospect.said(position)
    return None if any(map(math.isnan, amounts)) else amounts
