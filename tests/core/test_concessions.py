"""Commitments whose rest goes to a reserve, or lowers the total: no sibling changes, every sum closes, in any plan."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import pytest
from msgspec.structs import replace

from tests.core.test_breakdown import equal, line_of, refused, split, tree, year_plan
from xlsales.core.breakdown import Breakdown, EarlierTargets
from xlsales.core.concessions import CannotLower, LoweredTwice
from xlsales.core.faults import Several
from xlsales.core.locks import RestOfParent
from xlsales.core.plan import Lock, Member, Plan, Rest
from xlsales.core.proof import check_closed

pytestmark = pytest.mark.unit

REGIONS = {"甲": "东", "乙": "东", "丙": "西", "丁": "西"}
STORES = tree("门店", equal("东"), equal("西"), *(equal(name, region) for name, region in REGIONS.items()))
GOODS = tree("产品", equal("A"), equal("B"), equal("C"))
MARCH, Q2 = "2026-03", "2026Q2"


def stores_plan(*locks: Lock, total: int = 4800, **more: object) -> Plan:
    return year_plan(total, STORES, GOODS, locks=locks, **more)


def promised(rest: Rest | None, amount: int = 60, member: str = "甲", period: str = MARCH, asked: int = 100) -> Lock:
    return Lock(period, amount, "门店", member, row=7, rest=rest, asked=asked)


def rows(part: Breakdown, dimension: str = "门店") -> dict[str, list[int]]:
    members = part.dimensions[dimension].dimension.members
    return {m.name: row for m, row in zip(members, part.dimensions[dimension].months.tolist(), strict=True)}


@pytest.mark.parametrize(("period", "amount", "less"), [(MARCH, 60, 40), (Q2, 200, 100), ("2026", 1000, 200)])
def test_a_reserve_changes_the_member_alone(period: str, amount: int, less: int) -> None:
    """The rest is unassigned at the member's level; company, siblings, parents and products are as without it."""
    before = split(stores_plan())
    after = split(stores_plan(promised(Rest.RESERVE, amount, period=period)))
    check_closed(after)
    was, now = rows(before), rows(after)
    assert {name for name in was if was[name] != now[name]} == {"甲"}
    assert sum(was["甲"]) - sum(now["甲"]) == less
    assert after.dimensions["门店"].unassigned.tolist() == [0, less]
    assert after.plan.total == 4800
    assert np.array_equal(before.days, after.days)
    assert rows(before, "产品") == rows(after, "产品")


def test_a_lower_total_comes_down_by_the_rest_in_its_month_alone() -> None:
    """Parents and company come down, siblings and other months stay; the products share the lower month."""
    before = split(stores_plan())
    after = split(stores_plan(promised(Rest.LOWER)))
    check_closed(after)
    was, now = rows(before), rows(after)
    assert {name for name in was if was[name] != now[name]} == {"甲", "东"}
    assert (now["甲"][2], now["东"][2]) == (60, 160)
    assert after.plan.total == 4760
    assert after.months.tolist() == [400, 400, 360, *[400] * 9]
    assert not after.dimensions["门店"].unassigned.any()
    assert [row[2] for row in rows(after, "产品").values()] == [120, 120, 120]
    goods = [np.array(rows(each, "产品")["A"]) for each in (before, after)]
    assert np.abs(goods[1] - goods[0])[3:].max() <= 1


def test_siblings_carry_it_where_that_is_chosen_or_nothing_is() -> None:
    """Chosen or blank, the targets are those of a lock."""
    chosen, blank = (split(stores_plan(promised(rest))) for rest in (Rest.SIBLINGS, None))
    assert rows(chosen) == rows(blank)
    assert chosen.plan.total == 4800
    assert sum(rows(chosen)[name][2] for name in "乙丙丁") == 340


@pytest.mark.parametrize("rest", [Rest.RESERVE, Rest.LOWER])
def test_a_commitment_above_the_share_relieves_the_siblings(rest: Rest) -> None:
    """There is no rest: it is a lock as any other."""
    after = split(stores_plan(promised(rest, 130)))
    check_closed(after)
    assert rows(after) == rows(split(stores_plan(promised(None, 130))))
    assert after.plan.total == 4800


@pytest.mark.parametrize("rest", [Rest.RESERVE, Rest.LOWER])
@pytest.mark.parametrize("closed", [dt.date(2026, 2, 28), dt.date(2026, 3, 31), dt.date(2026, 6, 30)])
@pytest.mark.parametrize("total", [4800, 6000])
def test_closing_months_keeps_them_and_moves_no_other(rest: Rest, closed: dt.date, total: int) -> None:
    """Closed as planned, nothing changes; with a higher total, the open months alone share what is added."""
    plan = stores_plan(promised(rest))
    before = split(plan)
    shut = replace(plan, closed_through=closed, total=total)
    after = split(shut, EarlierTargets.of(before))
    check_closed(after)
    done = closed.month
    assert after.months[:done].tolist() == before.months[:done].tolist()
    less = 70 if total == 6000 and done < 3 else 40  # a higher total asks more of the store while March is open
    assert after.plan.total == total - (less if rest is Rest.LOWER else 0)
    if total == 4800:
        assert rows(after) == rows(before)
        assert np.array_equal(after.days, before.days)
    else:
        open_ = [m for n, m in enumerate(after.months.tolist()) if n >= done and n != 2]
        assert max(open_) - min(open_) <= 1
    again = split(shut, EarlierTargets.of(after))
    assert rows(again) == rows(after)


def test_of_two_stores_each_goes_its_own_way() -> None:
    """One to a reserve, one to the total, one to the siblings."""
    locks = promised(Rest.RESERVE), promised(Rest.LOWER, member="乙"), promised(None, 90, "丙")
    after = split(stores_plan(*locks))
    check_closed(after)
    alone = rows(split(stores_plan(locks[2])))
    now = rows(after)
    assert now["丁"] == alone["丁"]
    assert after.dimensions["门店"].unassigned.tolist() == [0, alone["甲"][2] - 60]
    assert after.plan.total == 4800 - (alone["乙"][2] - 60)


@pytest.mark.parametrize(
    "held",
    [
        Lock(MARCH, 200, "门店", "东"),
        Lock("2026Q1", 600, "门店", "东"),
        Lock(MARCH, 400),
        Lock("2026Q1", 1200),
    ],
    ids=["its region", "the region's quarter", "the company", "the company's quarter"],
)
def test_what_is_locked_above_does_not_come_down(held: Lock) -> None:
    """A lower total is refused under a lock; the reserve that the sentence offers works."""
    fault = refused(CannotLower, stores_plan(held, promised(Rest.LOWER)))
    assert (fault.facts["lock_row"], fault.facts["field"]) == (7, "rest")
    after = split(stores_plan(held, promised(Rest.RESERVE)))
    check_closed(after)
    assert rows(after)["东"][2] == 200


def test_the_own_locked_target_of_a_member_is_carried_by_its_other_months() -> None:
    """Where a person locked the year, a smaller month leaves nothing to others over the year."""
    stores = tree("门店", *(equal(n, locked=1200 if n == "甲" else None) for n in "甲乙丙丁"))
    after = split(year_plan(4800, stores, locks=[promised(Rest.RESERVE)]))
    check_closed(after)
    assert (rows(after)["甲"][2], sum(rows(after)["甲"])) == (60, 1200)
    assert not after.dimensions["门店"].unassigned.any()


def test_what_cannot_be_is_said_at_its_cell() -> None:
    """A parent's commitment, and two dimensions that both lower the total; several faults come at once."""
    parent = Lock(MARCH, 100, "门店", "东", row=9, rest=Rest.RESERVE)
    assert refused(RestOfParent, stores_plan(parent)).facts["lock_row"] == 9
    goods = Lock(MARCH, 100, "产品", "A", row=8, rest=Rest.LOWER)
    assert refused(LoweredTwice, stores_plan(promised(Rest.LOWER), goods)).facts["lock_row"] == 8
    unknown = Lock(MARCH, 1, "门店", "无此店", row=3)
    assert len(refused(Several, stores_plan(parent, unknown)).faults) == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize("seed", range(200))
def test_random_plans_close_and_leave_the_siblings_alone(seed: int) -> None:
    """Weights, stretch, nested periods: sums close, and a reserve moves no one but who committed."""
    chance = random.Random(seed)
    members = [Member(f"区{n}", weight=chance.randint(1, 9)) for n in range(3)]
    members += [Member(f"店{n}", f"区{n % 3}", weight=chance.randint(1, 9)) for n in range(9)]
    stores = tree("门店", *members)
    stretch = chance.choice([(), (1.0, 1.05), (1.03,)])
    plan = year_plan(chance.randint(5_000, 90_000), stores, GOODS, stretch=stretch)
    before = split(plan)
    was = rows(before)
    keys = [month.key for month in line_of(plan).periods("month")]
    rest = chance.choice([Rest.RESERVE, Rest.LOWER])
    locks = []
    for name in chance.sample([f"店{n}" for n in range(9)], 2):
        at = chance.randrange(12)
        locks.append(promised(rest, int(was[name][at] * chance.random()), name, keys[at]))
        if chance.random() < 0.5:
            inside = was[name][9:]
            locks.append(promised(rest, int(sum(inside) * 0.9), name, "2026Q4")) if at < 9 else None
    after = split(replace(plan, locks=tuple(locks)))
    check_closed(after)
    now = rows(after)
    others = [name for name in was if name.startswith("店") and name not in {lock.member for lock in locks}]
    assert all(now[name] == was[name] for name in others)
    less = sum(sum(was[lock]) - sum(now[lock]) for lock in {lock.member for lock in locks})
    if rest is Rest.RESERVE:
        assert after.dimensions["门店"].unassigned[1] - before.dimensions["门店"].unassigned[1] == less
        assert np.array_equal(before.days, after.days)
    else:
        assert abs((plan.total - after.plan.total) - less / (1 if not stretch else np.prod(stretch))) <= 4
