"""Scorecards with their results: how far each criterion is reached, points, score and pay."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.arrays import Floats
from xlsales.core.periods import Period
from xlsales.core.scores import NEAR, SCORE_DIGITS, counted, criterion_points, reached
from xlsales.plan.figures import NAN, Members
from xlsales.plan.scorecard.cards import Card, Cards, Criterion
from xlsales.plan.scorecard.sources import Figure
from xlsales.plan.scorecard.tiers import PayItem


class ItemOfCard(Struct, frozen=True):
    """What a member is paid by an item: of the plan's target and actual, blank as long as it is not known."""

    item: PayItem
    figure: Figure
    reach: float
    pay: float


class Scored(Struct, frozen=True):
    """A scorecard with its results; NaN is blank. `known` is the weight of what is scored."""

    card: Card
    attainments: Floats
    points: Floats
    items: tuple[ItemOfCard, ...]

    @property
    def weight(self) -> float:
        """The sum of the weights."""
        return math.fsum(one.weight for one in self.card.criteria)

    @property
    def known(self) -> float:
        """The weight that the score stands on."""
        scored = zip(self.card.criteria, self.points.tolist(), strict=True)
        return math.fsum(one.weight for one, points in scored if not math.isnan(points))

    @property
    def score(self) -> float:
        """The points of all criteria; blank if none is scored."""
        known = self.points[~np.isnan(self.points)].tolist()
        return round(math.fsum(known), SCORE_DIGITS) if known else NAN

    @property
    def pay(self) -> float:
        """What is paid in all, as far as it is known."""
        known = [one.pay for one in self.items if not math.isnan(one.pay)]
        return math.fsum(known) if known else NAN


OfPlan = Callable[[Members, int, Period], Figure]
"""The plan's amounts of a member (by position) in a period."""


def scored_of(card: Card, cards: Cards, items: Sequence[PayItem], of_plan: OfPlan) -> Scored:
    """Return a scorecard with its results, and what each item that is for its member pays.

    Of items of one name, the one that says most closely whom it is for counts.
    """
    attainments = np.array([attainment_of(one) for one in card.criteria])
    caps, floors = (np.array([getattr(one, key) for one in card.criteria]) for key in ("cap", "floor"))
    points = criterion_points([one.weight for one in card.criteria], counted(attainments, caps, floors))
    one = Scored(card, attainments, points, ())
    own = [item for item in items if item.is_for(cards.members, card.position, cards.period)]
    narrowest = {item.key: max(i.narrowness for i in own if i.key == item.key) for item in own}
    figure = of_plan(cards.members, card.position, cards.period)
    sales = next((criterion for criterion in card.criteria if criterion.source == "plan"), None)
    if sales is not None:
        figure = replace(figure, target=sales.target, actual=sales.actual)
    paid = (_paid(item, one, figure) for item in own if item.narrowness == narrowest[item.key])
    return replace(one, items=tuple(paid))


def _paid(item: PayItem, one: Scored, figure: Figure) -> ItemOfCard:
    """What an item pays for a scorecard: by the plan's attainment, or by the score if nothing is missing in it."""
    complete = one.known >= one.weight - NEAR
    reach = (one.score if complete else NAN) if item.by_score else float(reached(figure.actual, figure.target))
    pay = item.pay(reach, figure.target, figure.actual) if item.usable else NAN
    return ItemOfCard(item, figure, reach, pay)


def attainment_of(one: Criterion) -> float:
    """Return how far a criterion is reached; its cap if less is better and nothing happened."""
    actual = max(one.actual, 0.0) if one.less and not math.isnan(one.actual) else one.actual
    reach = float(reached(actual, one.target, one.less))
    return one.cap if math.isinf(reach) else reach
