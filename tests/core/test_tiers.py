"""Tiers 保底 and 冲刺: each closes in every direction as the target does, and no cell breaks the order."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlsales.core.breakdown import Breakdown, break_down
from xlsales.core.calendars import work_calendar
from xlsales.core.faults import Fault
from xlsales.core.member_holds import FREE
from xlsales.core.periods import timeline
from xlsales.core.plan import MICROS, DayMethod, Dimension, Lock, Member, MonthMethod, Plan
from xlsales.core.shapes import shapes_of
from xlsales.core.tiers import ClosedGaps, GapByMonthTooWide, Gaps, GapTooWide, Tier, TooWide, gaps_of, locked_cells
from xlsales.core.tree import grow

pytestmark = pytest.mark.unit


def dimension(name: str, members: list[Member]) -> Dimension:
    grown, faults = grow(name, members)
    assert grown is not None, faults
    return grown


def split(
    total: int, dimensions: tuple[Dimension, ...], locks: tuple[Lock, ...] = (), stretch: tuple[float, ...] = ()
) -> Breakdown:
    plan = Plan(
        "p", total, MICROS, dt.date(2026, 1, 1), dt.date(2026, 12, 31), dimensions, locks=locks, stretch=stretch,
        month_method=MonthMethod.WEIGHTS, day_method=DayMethod.EQUAL,
        month_weights={i: float(i % 5 + 1) for i in range(1, 13)},
    )  # fmt: skip
    line = timeline(plan.start, plan.end)
    return break_down(plan, line, shapes_of(plan, line, work_calendar(line.days), None))


def nothing_kept(breakdown: Breakdown) -> Gaps:
    free = {name: np.full_like(part.months, FREE) for name, part in breakdown.dimensions.items()}
    return Gaps(np.full_like(breakdown.months, FREE), free)


def made(breakdown: Breakdown, tier: Tier, kept: Gaps | None = None) -> Gaps | None:
    """The gaps; None if they are more than all that is free, whatever is shared how."""
    try:
        return gaps_of(breakdown, tier, nothing_kept(breakdown) if kept is None else kept)
    except TooWide as fault:
        too_wide = fault.facts["room"] < tier.gap if tier.lowers else not fault.facts["room"]
        if too_wide and any(cells.any() for cells in locked_cells(breakdown).values()):
            return None
        raise


@st.composite
def plans(draw: st.DrawFn) -> Breakdown:
    """Two dimensions, one of them of several levels, with locks of months, years and the company, and a stretch."""
    number = draw(st.integers(0, 10**6))
    chance = np.random.default_rng(number)
    regions = [Member(f"r{i}", weight=float(chance.integers(0, 9)) + (i == 0)) for i in range(chance.integers(1, 5))]
    below = [
        Member(f"{r.name}s{i}", r.name, weight=float(chance.integers(0, 5)) + (i == 0))
        for r in regions for i in range(chance.integers(0, 4))
    ]  # fmt: skip
    deep = [Member(f"{s.name}p{i}", s.name, weight=1.0) for s in below[:2] for i in range(chance.integers(0, 3))]
    products = [Member(f"a{i}", weight=float(chance.integers(1, 9))) for i in range(chance.integers(1, 6))]
    total = int(draw(st.sampled_from([0, 7, 100, 4_321, 10**7])))
    locks = []
    for n, member in enumerate([*regions, *below, *deep]):
        if chance.random() < 0.15:
            period = str(chance.choice(["2026-03", "2026Q4", "2026"]))
            locks.append(Lock(period, int(chance.integers(0, total // 50 + 1)), "区域", member.name, n + 5))
    if chance.random() < 0.3:
        locks.append(Lock("2026-05", total // 10, row=99))
    stretch = draw(st.sampled_from([(), (1.05,), (1.0, 1.1)]))
    both = (dimension("区域", [*regions, *below, *deep]), dimension("产品", products))
    try:
        return split(total, both, tuple(locks), stretch)
    except Fault:  # locks above their parents
        return split(total, both, (), stretch)


def check_closes(breakdown: Breakdown, tier: Tier, gaps: Gaps) -> None:
    """What the law says of a tier."""
    sign = -1 if tier.lowers else 1
    assert gaps.company.sum() == tier.gap
    assert (gaps.company >= 0).all()
    assert (breakdown.months + sign * gaps.company >= 0).all()
    for name, part in breakdown.dimensions.items():
        own = gaps.members[name]
        assert (own >= 0).all()
        assert (part.months + sign * own >= 0).all()
        for parent, family in part.dimension.families():
            above, gap = (part.months[parent], own[parent]) if parent >= 0 else (breakdown.months, gaps.company)
            below, took = part.months[family].sum(axis=0), own[family].sum(axis=0)
            same = below == above
            assert (took[same] == gap[same]).all() or (below > above).any()
            if not (below > above).any():  # nobody takes more of the gap than it has of the target
                assert (took <= gap).all()
                assert (gap - took <= (above - below)).all() or not tier.lowers
            else:
                whole = int(gap.sum()) * int(np.maximum(below, above).sum()) / max(int(above.sum()), 1)
                assert abs(int(took.sum()) - whole) <= 1 or (above > below).any() or tier.lowers


@given(plans(), st.sampled_from([0.0, 0.5, 0.8, 0.97, 0.9999, 1.0, 1.0001, 1.2, 3.0]))
@settings(max_examples=60, deadline=None)
def test_a_tier_closes_in_every_direction_in_order(breakdown: Breakdown, part: float) -> None:
    """Members add up to what is above them, months to the year, whatever is locked; locked cells have no gap."""
    total = int(breakdown.months.sum())
    tier = Tier(part <= 1, abs(round(total * part) - total))
    gaps = made(breakdown, tier)
    if gaps is None:
        return
    check_closes(breakdown, tier, gaps)
    locked = locked_cells(breakdown)
    assert not gaps.company[locked[""][0]].any()
    for name, own in gaps.members.items():
        assert not own[locked[name]].any()


@given(plans(), st.integers(0, 11), st.sampled_from([0.6, 0.9, 0.99, 1.01, 1.3]))
@settings(max_examples=25, deadline=None)
def test_closed_months_keep_their_gaps(breakdown: Breakdown, through: int, part: float) -> None:
    """After months are closed another percentage moves only the others, and the whole closes on it."""
    total = int(breakdown.months.sum())
    lowers = part <= 1
    before = made(breakdown, Tier(lowers, abs(round(total * 0.95) - total)))
    if before is None:
        return
    closed = np.arange(12) < through
    kept = Gaps(
        np.where(closed, before.company, FREE), {n: np.where(closed, g, FREE) for n, g in before.members.items()}
    )
    tier = Tier(lowers, abs(round(total * part) - total))
    try:
        after = made(breakdown, tier, kept)
    except ClosedGaps as fault:
        left, locked = tier.gap - fault.facts["closed"], any(c.any() for c in locked_cells(breakdown).values())
        fits = breakdown.months[~closed].sum() >= left if lowers else breakdown.months[~closed].any()
        if left >= 0 and fits and not locked:
            raise
        return
    if after is None:
        return
    assert (after.company[closed] == before.company[closed]).all()
    check_closes(breakdown, tier, after)
    again = gaps_of(breakdown, tier, Gaps(
        np.where(closed, after.company, FREE), {n: np.where(closed, g, FREE) for n, g in after.members.items()}
    ))  # fmt: skip
    assert all((again.members[name] == own).all() for name, own in after.members.items())


def test_own_tiers_that_months_cannot_hold_are_told() -> None:
    """甲 is locked from February on, and January cannot take all that it wants to be below its target."""
    months = [f"2026-{month:02d}" for month in range(2, 13)]
    before = split(12_000, (dimension("区域", [Member("甲", weight=3), Member("乙", weight=2)]),))
    amounts = before.dimensions["区域"].months[0]
    locks = tuple(Lock(key, int(amounts[m]), "区域", "甲", m + 5) for m, key in enumerate(months, 1))
    breakdown = split(12_000, before.plan.dimensions, locks)
    own = int(amounts[0]) * 9 // 10
    with pytest.raises(GapByMonthTooWide):
        gaps_of(breakdown, Tier(True, 600, {"区域": {0: own}}), nothing_kept(breakdown))
    with pytest.raises(TooWide):
        gaps_of(breakdown, Tier(True, 600, {"区域": {0: int(amounts[0]) + 1}}), nothing_kept(breakdown))
    with pytest.raises(GapTooWide):
        gaps_of(breakdown, Tier(True, 100, {"区域": {0: own}}), nothing_kept(breakdown))
