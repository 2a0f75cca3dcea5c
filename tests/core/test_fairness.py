"""Fairness of a plan: simulated plans with and without unfairness, what has to move, who cannot be judged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from msgspec import Struct

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats, Steps
from xlsales.core.fairness import (
    FREE,
    NEAR,
    Fairness,
    Verdict,
    bound_of,
    bound_of_families,
    compare,
    judge,
    moves,
    noise_of,
)

pytestmark = pytest.mark.unit
STEP = 1000
NAN = float("nan")


class World(Struct, frozen=True):
    """Members of a made-up plan: targets in steps, past years in yuan (the last first), the noise of a year."""

    targets: Steps
    years: Floats
    noise: Floats
    regions: Steps | None = None

    def judged(self, more: Steps | None = None) -> Fairness:
        targets = (self.targets + (0 if more is None else more)) * float(STEP)
        return judge(np.asarray(targets, dtype=np.float64), self.years, self.noise, families=self.regions)

    def moved(self) -> Steps:
        n = len(self.targets)
        none, free = np.zeros(n, dtype=np.int64), np.full(n, FREE)
        return moves(self.judged(), self.targets, self.years[:, 0] / STEP, none, free, none)


def world(
    n: int,
    seed: int,
    years: int = 2,
    by: str = "last",
    planted: float = 0.0,
    monthly: float = 0.06,
    small_are_noisy: bool = False,
) -> World:
    """A plan in proportion to past sales; `planted` is what the first member is asked more."""
    rng = np.random.default_rng(seed)
    size = rng.lognormal(0, 0.8, n) * 1e6
    noise = monthly * (np.clip(np.sqrt(size.mean() / size), 0, 5) if small_are_noisy else np.ones(n))
    season = (1 + 0.3 * np.sin(np.arange(12))) / 12
    months = [
        size[:, None] * 1.08 ** (years - y) * season * rng.normal(1, noise[:, None], (n, 12)) for y in range(years)
    ]
    past = np.stack([m.sum(axis=1) for m in months], axis=1)
    weights = {"last": past[:, 0], "mean": past.mean(axis=1), "truth": size}[by].copy()
    weights[0] *= 1 + planted
    targets = allocate(int(past[:, 0].sum() * 1.12 / STEP), weights)
    return World(targets, past, noise_of(months[0], months[1] if years > 1 else None))


ASKED, SOLD = "asked", "sold"


def clusters(
    seed: int, stores: int = 10, regions: Sequence[float] = (-0.1, 0.0, 0.2), planted: float = 0.0, by: str = ASKED
) -> World:
    """Regions of which other growth is asked, or which grew otherwise last year; within each in proportion."""
    rng = np.random.default_rng(seed)
    region = np.repeat(np.arange(len(regions)), stores)
    size = rng.lognormal(0, 0.8, len(region)) * 1e6
    grown = 1 + np.array(regions)[region]
    season = (1 + 0.3 * np.sin(np.arange(12))) / 12
    noise = rng.normal(1, 0.06, (2, len(region), 12))
    last = size[:, None] * season * noise[0]
    before = (size / (grown if by == SOLD else 1.05))[:, None] * season * noise[1]
    past = np.stack([last.sum(axis=1), before.sum(axis=1)], axis=1)
    weights = past[:, 0] * (grown if by == ASKED else 1.1)
    weights[0] *= 1 + planted
    targets = allocate(int(weights.sum() / STEP), weights)
    return World(targets, past, noise_of(last, before), region)


@pytest.mark.parametrize("by", [ASKED, SOLD])
@pytest.mark.parametrize(
    ("stores", "regions"), [(10, (-0.1, 0.0, 0.2)), (5, (0.0, 0.3)), (7, (0.0,) * 5), (20, (0.1, 0.1))]
)
def test_regions_with_growth_of_their_own_raise_no_alarm(stores: int, regions: Sequence[float], by: str) -> None:
    """Of 400 plans at least 95 % raise none, whether regions differ or not."""
    calm = sum(not clusters(seed, stores, regions, by=by).judged().alarms.any() for seed in range(400))
    assert calm >= 380


@pytest.mark.parametrize("by", [ASKED, SOLD])
@pytest.mark.parametrize("planted", [0.5, -0.4])
@pytest.mark.parametrize(
    ("stores", "regions"), [(10, (-0.1, 0.0, 0.2)), (10, (0.2, 0.0, -0.1)), (6, (0.0, 0.4, 0.1, -0.2))]
)
def test_who_stands_out_in_its_region_is_told(stores: int, regions: Sequence[float], planted: float, by: str) -> None:
    """A shop asked half more than its siblings is hidden among all, for regions scatter. It is ranked first."""
    hidden = 0
    for seed in range(40):
        one = clusters(seed, stores, regions, planted, by)
        fair = one.judged()
        assert fair.order[0] == 0
        assert fair.verdicts[0] is (Verdict.TOO_MUCH if planted > 0 else Verdict.TOO_LITTLE)
        assert fair.alarms.sum() == 1
        hidden += not World(one.targets, one.years, one.noise).judged().alarms[0]
        given = one.moved()
        assert given.sum() == 0
        after = one.judged(given)
        assert not after.alarms.any()
        assert after.siblings is not None
        assert abs(after.siblings.deviation[0]) < NEAR / 4
    assert hidden >= 4


def test_a_region_that_stands_out_as_a_whole_is_judged_among_all() -> None:
    """Its members are asked too much each; the fair one among its siblings is not asked too little."""
    past = np.full((40, 1), 100.0)
    growth = np.array([*[0.0] * 30, *[0.5] * 9, 0.4]) + np.tile([0.0, 0.01, -0.01, 0.02, -0.02], 8)
    fair = judge(np.asarray(100 * (1 + growth), dtype=np.float64), past, families=np.repeat(np.arange(4), 10))
    assert fair.alarms.tolist() == [False] * 30 + [True] * 10
    assert set(fair.verdicts[30:]) == {Verdict.TOO_MUCH}


def test_small_families_are_compared_with_all_alone() -> None:
    """Four siblings say little; so does one family that is all."""
    past = np.full((12, 1), 100.0)
    for families in (np.repeat(np.arange(3), 4), np.zeros(12, dtype=np.int64), np.full(12, -1)):
        assert judge(np.full(12, 110.0), past, families=families).siblings is None


@pytest.mark.parametrize(
    ("size", "count"), [(5, 2), (6, 4), (7, 8), (8, 3), (10, 1), (10, 3), (12, 6), (30, 5), (60, 2)]
)
def test_the_bounds_of_families_are_those_of_chance(size: int, count: int) -> None:
    """The furthest member from the middle of its family is beyond the bound in one or two samples of a hundred."""
    sample = np.random.default_rng(size * count).standard_normal((8000, count, size))
    away = np.abs(sample - np.median(sample, axis=2, keepdims=True)).reshape(8000, -1)
    beyond = (away.max(axis=1) > bound_of_families([size] * count) * np.median(away, axis=1)).mean()
    assert 0.008 <= beyond <= 0.022


@pytest.mark.parametrize("small_are_noisy", [False, True], ids=["alike", "small are noisy"])
@pytest.mark.parametrize("by", ["last", "mean", "truth"])
@pytest.mark.parametrize(("n", "years"), [(6, 2), (12, 1), (12, 3), (30, 2), (60, 2)])
def test_a_proportional_plan_raises_no_alarm(n: int, years: int, by: str, small_are_noisy: bool) -> None:
    """Of 400 plans without unfairness at least 95 % raise none: what scatters is noise."""
    calm = sum(
        not world(n, seed, years, by, monthly=0.1, small_are_noisy=small_are_noisy).judged().alarms.any()
        for seed in range(400)
    )
    assert calm >= 380


@pytest.mark.parametrize("planted", [0.3, 0.6, -0.3])
@pytest.mark.parametrize("n", [6, 8, 13, 30, 60])
@pytest.mark.parametrize("years", [1, 2, 3])
def test_a_planted_unfairness_is_ranked_first(n: int, years: int, planted: float) -> None:
    """Whoever is asked a third more or less than the others is the first of the list, in every seed."""
    for seed in range(40):
        fair = world(n, seed, years, planted=planted, monthly=0.04).judged()
        assert fair.order[0] == 0
        assert (fair.deviation[0] > 0) == (planted > 0)


@pytest.mark.parametrize("planted", [0.4, -0.35])
@pytest.mark.parametrize("n", [6, 8, 13, 30, 60])
def test_moves_add_up_to_0_and_end_the_alarm(n: int, planted: float) -> None:
    """The member comes to the middle, also where it is a large part of all; nobody else is pushed out."""
    seen = 0
    for seed in range(40):
        one = world(n, seed, planted=planted, monthly=0.03)
        if not one.judged().alarms[0]:
            continue
        seen += 1
        given = one.moved()
        assert given.sum() == 0
        assert (given[0] < 0) == (planted > 0)
        after = one.judged(given)
        assert not after.alarms.any()
        assert abs(after.deviation[0]) < NEAR / 4
    assert seen >= 30


def test_two_who_are_asked_wrongly_give_to_each_other() -> None:
    """What one has too much the other gets; the rest carry what is left."""
    one = world(20, 7, planted=0.5, monthly=0.02)
    targets = one.targets.copy()
    targets[1] = round(targets[1] * 0.6)
    one = World(targets, one.years, one.noise)
    given = one.moved()
    assert given[0] < 0 < given[1]
    assert given.sum() == 0
    assert not one.judged(given).alarms.any()


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_members_changes_nothing(seed: int) -> None:
    """Each member keeps its verdict, its deviation and, up to a step, its move."""
    one = world(17, seed, planted=0.5)
    order = np.random.default_rng(seed).permutation(17)
    other = World(one.targets[order], one.years[order], one.noise[order])
    fair, mixed = one.judged(), other.judged()
    assert mixed.verdicts == tuple(fair.verdicts[i] for i in order)
    np.testing.assert_allclose(mixed.deviation, fair.deviation[order])
    assert [order[i] for i in mixed.order] == fair.order
    assert np.abs(other.moved() - one.moved()[order]).max() <= 1


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ("itself", "nothing moves"),
        ("all others", "nothing moves"),
        ("one other", "it gets nothing"),
        ("its open part", "it gives what is open"),
        ("another group", "only its group"),
    ],
)
def test_what_is_held_stays(held: str, expected: str) -> None:
    """Locked members neither give nor get; a part that is closed is not given; a group keeps its sum."""
    one = world(12, 3, planted=0.5, monthly=0.02)
    n, targets = len(one.targets), one.targets
    low, high, groups = np.zeros(n, dtype=np.int64), np.full(n, FREE), np.zeros(n, dtype=np.int64)
    if held == "itself":
        low[0] = high[0] = targets[0]
    elif held == "all others":
        low[1:] = high[1:] = targets[1:]
    elif held == "one other":
        low[5] = high[5] = targets[5]
    elif held == "its open part":
        low[0] = targets[0] - 3
    else:
        groups[6:] = 1
    given = moves(one.judged(), targets, one.years[:, 0] / STEP, low, high, groups)
    assert given.sum() == 0
    assert ((low <= targets + given) & (targets + given <= high)).all()
    assert {
        "nothing moves": not given.any(),
        "it gets nothing": given[5] == 0 and given[0] < 0,
        "it gives what is open": given[0] == -3,
        "only its group": not given[6:].any() and given[0] < 0,
    }[expected]


@pytest.mark.parametrize(
    ("years", "target", "whole", "verdict"),
    [
        ([NAN, NAN], 100, True, Verdict.NO_PAST),
        ([0, 90], 100, True, Verdict.NOT_POSITIVE),
        ([-5, 90], 100, True, Verdict.NOT_POSITIVE),
        ([100, NAN], 110, True, Verdict.NO_TREND),
        ([100, -4], 110, True, Verdict.NO_TREND),
        ([100, 0], 110, True, Verdict.NO_TREND),
        ([100, 90], 0, True, Verdict.NO_TARGET),
        ([100, 90], 110, False, Verdict.PARTLY),
        ([100, 92], 112, True, Verdict.FAIR),
        ([100, 92], 230, True, Verdict.TOO_MUCH),
        ([100, 92], 20, True, Verdict.TOO_LITTLE),
    ],
    ids=[
        "new", "sold nothing", "more returns than sales", "new last year", "returns before", "nothing before",
        "no target", "opens in the plan", "like the others", "far above", "far below",
    ],
)  # fmt: skip
def test_each_member_is_judged_or_it_is_said_why_not(
    years: list[float], target: float, whole: bool, verdict: Verdict
) -> None:
    """Beside nine members that grow by 8 to 10 % and are asked for 12 %."""
    past = np.array([years, *([100, 100 / (1.08 + n % 3 / 100)] for n in range(9))], dtype=float)
    is_whole = np.array([whole, *[True] * 9])
    fair = judge(np.array([target, *[112.0] * 9]), past, None, is_whole)
    assert fair.verdicts[0] is verdict
    assert all(one in (Verdict.FAIR, Verdict.MUCH, Verdict.LITTLE) for one in fair.verdicts[1:])
    assert fair.compared[0] == (verdict in (Verdict.FAIR, Verdict.TOO_MUCH, Verdict.TOO_LITTLE))


def test_one_past_year_compares_growth_alone() -> None:
    """Nobody has a trend then, so the plan is compared by what it asks."""
    fair = judge(np.array([150.0, *[112.0] * 7]), np.full((8, 1), 100.0))
    assert not fair.by_trend
    assert fair.middle == pytest.approx(0.12)
    assert fair.verdicts == (Verdict.TOO_MUCH, *[Verdict.FAIR] * 7)


def test_the_trend_is_a_years_growth_over_all_years() -> None:
    """121 after 100 two years before is 10 % a year; a year without sales ends the row."""
    fair = judge(np.array([1.0, 1.0]), np.array([[121.0, 105.0, 100.0], [121.0, 110.0, 0.0]]))
    assert fair.trend == pytest.approx([0.1, 0.1])


def test_four_members_are_too_few() -> None:
    """There is no verdict, and nothing moves."""
    fair = judge(np.array([100.0, 100, 100, 900]), np.full((4, 1), 100.0))
    assert set(fair.verdicts) == {Verdict.FEW}
    assert not fair.alarms.any()


def test_rounding_is_no_unfairness() -> None:
    """Targets of one to three steps that are rounded shares raise no alarm, if the noise has the step in it."""
    past = np.array([[10.0 + n] for n in range(12)])
    targets = allocate(24, past[:, 0]) * 10.0
    assert not judge(targets, past * 10, 10 / (past[:, 0] * 10)).alarms.any()


@pytest.mark.parametrize("n", [5, 6, 7, 9, 11, 14, 20, 35, 60, 120])
def test_the_bounds_are_those_of_chance(n: int) -> None:
    """The furthest of n normal values is beyond the bound in about three samples of a hundred."""
    sample = np.random.default_rng(n).standard_normal((6000, n))
    away = np.abs(sample - np.median(sample, axis=1, keepdims=True))
    beyond = (away.max(axis=1) > bound_of(n) * np.median(away, axis=1)).mean()
    assert 0.018 <= beyond <= 0.042


def test_values_are_compared_with_their_middle() -> None:
    """A tenth of the values far away is told; NaN is left out."""
    values = np.array([NAN, 1.0, 1.01, 1.02, 0.99, 0.98, 1.03, 3.0])
    apart = compare(values)
    assert apart.verdicts[0] is None
    assert apart.verdicts[7] is Verdict.TOO_MUCH
    assert Verdict.TOO_MUCH not in apart.verdicts[:7]


def test_noise_is_what_others_did_not_do_too() -> None:
    """A feast that moves all months alike is no noise; months of one's own are. Five months say nothing."""
    before = np.outer([1.0, 2, 3, 4], np.ones(12))
    feast = before * np.array([0.5, 1.5, *[1.0] * 10])
    assert noise_of(feast, before) == pytest.approx([0, 0, 0, 0], abs=1e-12)
    own = feast.copy()
    own[0] *= np.tile([0.8, 1.2], 6)
    noise = noise_of(own, before)
    assert noise[0] > 5 * noise[3] > 0
    assert np.isnan(noise_of(before[:, :5], before[:, :5])).all()
