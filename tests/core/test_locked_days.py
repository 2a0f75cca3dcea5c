"""Locked days and weeks of members and of their parents, in random trees: what is locked stays, all sums are exact."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import pytest

from tests.core.test_breakdown import split, spoken, tree
from xlsales.core.faults import Fault
from xlsales.core.member_days import days_of_leaves
from xlsales.core.periods import Level, Timeline, timeline_of
from xlsales.core.plan import DayMethod, Dimension, Lock, Member, MemberMethod, Plan, WeekRule
from xlsales.core.time_split import period_of

pytestmark = pytest.mark.unit


def _dimension(chance: random.Random) -> Dimension:
    """Up to three levels; a parent's weight is the sum of those below it."""
    members = []
    for region in "abc"[: chance.randint(1, 3)]:
        stores = chance.randint(0, 3)
        members.append(Member(region, None, MemberMethod.WEIGHT, None if stores else float(chance.randint(1, 5))))
        for n in range(stores):
            desks = chance.choice([0, 0, 2])
            weight = None if desks else float(chance.randint(1, 5))
            members.append(Member(f"{region}{n}", region, MemberMethod.WEIGHT, weight))
            members += [
                Member(f"{region}{n}{k}", f"{region}{n}", MemberMethod.WEIGHT, float(chance.randint(1, 5)))
                for k in range(desks)
            ]
    return tree("D", *members)


def _locks(chance: random.Random, dimension: Dimension, line: Timeline, mean: float) -> tuple[Lock, ...]:
    """A few days and weeks, from nothing to more than there is."""
    locks: dict[tuple[str, str], Lock] = {}
    for row in range(1, chance.randint(1, 5) + 1):
        member = chance.choice(dimension.members).name
        below = sum(dimension.members[i].name.startswith(member) for i in dimension.leaves)
        level, days = chance.choice([(Level.DAY, 1), (Level.WEEK, 7)])
        period = chance.choice(line.periods(level)).key
        amount = int(mean * below * days * chance.uniform(0, 1.6))
        locks.setdefault((member, period), Lock(period, amount, "D", member, row=row))
    return tuple(locks.values())


def fits(seed: int) -> bool:
    """Check a random plan; return whether its locks fit, which may be refused by a sentence alone."""
    chance = random.Random(seed)
    dimension, total = _dimension(chance), chance.choice([300, 2000, 100_000])
    start = dt.date(2026, 1, chance.randint(1, 28))
    more = {"day_method": DayMethod.EQUAL, "week_rule": WeekRule.ISO}
    plan = Plan("p", total, 1_000_000, dimensions=(dimension,), start=start,
                end=start + dt.timedelta(chance.randint(5, 50)), **more)  # type: ignore[arg-type]  # fmt: skip
    line = timeline_of(plan)
    locks = _locks(chance, dimension, line, total / line.n_days / len(dimension.leaves))
    plan = Plan("p", total, 1_000_000, dimensions=(dimension,), start=start, end=plan.end, locks=locks, **more)  # type: ignore[arg-type]
    try:
        breakdown = split(plan)
        days = days_of_leaves(breakdown, dimension)
    except Fault as fault:
        spoken(fault)
        return False
    months, month_of = breakdown.dimensions["D"].months[dimension.leaves], line.index_of_day(Level.MONTH)
    assert (days >= 0).all()
    assert (days.sum(axis=0) == breakdown.days).all()
    for month in range(months.shape[1]):
        assert (days[:, month_of == month].sum(axis=1) == months[:, month] * breakdown.finer).all()
    names = np.array([dimension.members[i].name for i in dimension.leaves])
    for lock in locks:
        own = days[np.char.startswith(names, lock.member or "")][:, line.slice_of(period_of(lock, line))]
        assert own.sum() == lock.amount * breakdown.finer
    return True


@pytest.mark.parametrize("seed", range(120))
def test_sums_and_locks_are_exact_or_it_is_said(seed: int) -> None:
    """Members' months, the company's days, and each lock of a member or of all below a parent."""
    fits(seed)


def test_many_random_locks_fit() -> None:
    """Else the test above would prove nothing."""
    assert sum(fits(seed) for seed in range(40)) > 15
