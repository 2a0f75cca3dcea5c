"""What a member need not reach any more: nobody else moves, every sum closes, closed months stay, in any plan."""

from __future__ import annotations

import calendar
import datetime as dt
import random

import numpy as np
import pytest
from msgspec.structs import replace

from tests.core.test_breakdown import equal, line_of, refused, split, tree, year_plan
from tests.core.test_concessions import GOODS, rows, stores_plan
from xlsales.core.breakdown import Breakdown, EarlierTargets
from xlsales.core.concessions import CannotLower, LoweredTwice
from xlsales.core.locks import WaiverNotMonth
from xlsales.core.plan import Lock, Member, Rest, Waiver
from xlsales.core.proof import check_closed

pytestmark = pytest.mark.unit

MARCH, MAY = "2026-03", "2026-05"


def waived(rest: Rest, amount: int = 40, member: str = "甲", month: str = MARCH) -> Waiver:
    return Waiver(month, amount, rest, "门店", member, row=7)


def company(amount: int, month: str = MARCH) -> Waiver:
    return Waiver(month, amount, Rest.RESERVE)


def test_a_reserve_changes_the_member_alone() -> None:
    """Its month comes down, what it waives is unassigned at its level; the company is as it was."""
    before, after = split(stores_plan()), split(stores_plan(waivers=(waived(Rest.RESERVE),)))
    check_closed(after)
    was, now = rows(before), rows(after)
    assert {name for name in was if was[name] != now[name]} == {"甲"}
    assert now["甲"][2] == 60
    assert after.dimensions["门店"].unassigned.tolist() == [0, 40]
    assert np.array_equal(before.days, after.days)


def test_a_lower_total_comes_down_by_just_that() -> None:
    """So do those above the member, in this month alone; other dimensions share the lower month."""
    after = split(stores_plan(waivers=(waived(Rest.LOWER),)))
    check_closed(after)
    assert after.plan.total == 4760
    assert after.months.tolist() == [400, 400, 360, *[400] * 9]
    assert [rows(after)[name][2] for name in ("东", "甲", "乙")] == [160, 60, 100]
    assert [row[2] for row in rows(after, "产品").values()] == [120, 120, 120]


def test_a_reserve_of_the_company_is_taken_off_every_dimension() -> None:
    """The company keeps its months; members share what is left, and each dimension shows the reserve."""
    before, after = split(stores_plan()), split(stores_plan(waivers=(company(40), company(80, MAY))))
    check_closed(after)
    assert np.array_equal(before.days, after.days)
    for name in ("门店", "产品"):
        part = after.dimensions[name]
        assert part.unassigned[0] == 120
        tops = part.dimension.children(-1)
        assert part.months[tops].sum(axis=0).tolist() == [400, 400, 360, 400, 320, *[400] * 7]


def test_decisions_add_up() -> None:
    """Two of one month, one of each kind, and one of the company."""
    waivers = waived(Rest.RESERVE, 10), waived(Rest.RESERVE, 15), waived(Rest.LOWER, 20), company(40)
    after = split(stores_plan(waivers=waivers))
    check_closed(after)
    assert rows(after)["甲"][2] == 90 - 45  # 100 less a tenth of the company's reserve
    assert after.dimensions["门店"].unassigned.tolist() == [40, 25]
    assert after.plan.total == 4780


@pytest.mark.parametrize(
    ("lock", "months"),
    [(Lock(MARCH, 70, "门店", "甲"), 70), (Lock("2026Q1", 210, "门店", "甲"), 70)],
    ids=["the month", "its quarter"],
)
@pytest.mark.parametrize("rest", [Rest.RESERVE, Rest.LOWER])
def test_a_lock_counts(lock: Lock, months: int, rest: Rest) -> None:
    """A person who locks the month later decides what it is."""
    after = split(stores_plan(lock, waivers=(waived(rest),)))
    check_closed(after)
    assert rows(after)["甲"][2] == months
    assert after.plan.total == 4800


def test_a_locked_target_and_a_lower_bound_count_too() -> None:
    """The member keeps what a person fixed for the whole plan."""
    for held, total in (({"locked": 1200}, 1200), ({"lower": 1180}, 1180)):
        stores = tree("门店", *(equal(n, **(held if n == "甲" else {})) for n in "甲乙丙丁"))
        after = split(year_plan(4800, stores, waivers=(waived(Rest.RESERVE),)))
        check_closed(after)
        assert sum(rows(after)["甲"]) == total


def test_what_cannot_be_is_said_at_its_row() -> None:
    """The total is locked in that month; two dimensions lower it."""
    fault = refused(CannotLower, stores_plan(Lock(MARCH, 400), waivers=(waived(Rest.LOWER),)))
    assert (fault.facts["waiver_row"], fault.facts["field"]) == (7, "rest")
    fault = refused(WaiverNotMonth, stores_plan(waivers=(waived(Rest.LOWER, month="2026Q1"),)))
    assert (fault.facts["waiver_row"], fault.facts["field"]) == (7, "period")
    goods = Waiver(MARCH, 10, Rest.LOWER, "产品", "A", row=9)
    fault = refused(LoweredTwice, stores_plan(waivers=(waived(Rest.LOWER), goods)))
    assert fault.facts["waiver_row"] == 9


@pytest.mark.parametrize("total", [4800, 6000])
def test_a_later_total_does_not_change_what_was_waived(total: int) -> None:
    """It is an amount, not a target: a higher total is shared as without it, and 40 come off."""
    for rest, less in ((Rest.RESERVE, 0), (Rest.LOWER, 40)):
        plain, after = split(stores_plan(total=total)), split(stores_plan(total=total, waivers=(waived(rest),)))
        assert rows(plain)["甲"][2] - rows(after)["甲"][2] == 40
        assert after.plan.total == total - less


@pytest.mark.parametrize("seed", range(16))
def test_random_plans_close_and_stay_as_months_close(seed: int) -> None:
    """Any weights, stretch and decisions: siblings keep their months; month after month closes, and nothing moves."""
    chance = random.Random(seed)
    members = [Member(f"区{n}", weight=chance.randint(1, 9)) for n in range(3)]
    members += [Member(f"店{n}", f"区{n % 3}", weight=chance.randint(1, 9)) for n in range(9)]
    stretch = chance.choice([(), (), (1.0, 1.05)])
    plan = year_plan(chance.randint(5_000, 90_000), tree("门店", *members), GOODS, stretch=stretch)
    keys = [month.key for month in line_of(plan).periods("month")]
    was = rows(split(plan))
    kind = chance.choice(["member", "company"] if not stretch else ["member"])
    waivers: list[Waiver] = []
    for at in chance.sample(range(3, 12), 4):
        if kind == "company":
            waivers.append(company(chance.randint(1, plan.total // 30), keys[at]))
        else:
            name, rest = f"店{chance.randrange(9)}", chance.choice([Rest.RESERVE, Rest.LOWER])
            waivers.append(waived(rest, int(was[name][at] * chance.random()), name, keys[at]))
    plan = replace(plan, waivers=tuple(waivers))
    after = split(plan)
    check_closed(after)
    lowered = sum(one.amount for one in waivers if one.rest is Rest.LOWER)
    assert abs(plan.total - after.plan.total - lowered / (1.05 if stretch else 1)) <= 4 * bool(stretch)
    if kind == "member":
        others = [name for name in was if name.startswith("店") and name not in {one.member for one in waivers}]
        assert all(rows(after)[name] == was[name] for name in others)
    for month in sorted(chance.sample(range(1, 12), 3)):
        shut = replace(plan, closed_through=dt.date(2026, month, calendar.monthrange(2026, month)[1]))
        closed = split(shut, EarlierTargets.of(after))
        check_closed(closed)
        assert same(closed, after)
        after = closed


def same(one: Breakdown, other: Breakdown) -> bool:
    parts = (one.dimensions[name].months for name in other.dimensions)
    return np.array_equal(one.days, other.days) and all(
        np.array_equal(months, part.months) for months, part in zip(parts, other.dimensions.values(), strict=True)
    )


@pytest.mark.parametrize("rest", [Rest.RESERVE, Rest.LOWER])
@pytest.mark.parametrize("seed", range(12))
def test_what_is_waived_after_months_closed_moves_no_sibling(seed: int, rest: Rest) -> None:
    """Not by a step, whatever was rounded how; closed months stay, other dimensions carry a lower month."""
    chance = random.Random(seed)
    members = [Member(f"区{n}", weight=chance.randint(1, 9)) for n in range(2)]
    members += [Member(f"店{n}", f"区{n % 2}", weight=chance.randint(1, 9)) for n in range(6)]
    plan = year_plan(chance.randint(5_000, 90_000), tree("门店", *members), GOODS)
    shut = replace(plan, closed_through=dt.date(2026, 8, 31))
    before = split(shut, EarlierTargets.of(split(plan)))
    was, name = rows(before), f"店{chance.randrange(6)}"
    keys = [month.key for month in line_of(plan).periods("month")]
    waivers = tuple(waived(rest, chance.randint(0, was[name][at]), name, keys[at]) for at in range(8, 12))
    after = split(replace(shut, waivers=waivers), EarlierTargets.of(before))
    check_closed(after)
    above = f"区{int(name[1:]) % 2}"
    assert {one for one in was if was[one] != rows(after)[one]} <= {name, *([above] if rest is Rest.LOWER else [])}
    assert [was[name][at] - rows(after)[name][at] for at in range(8, 12)] == [one.amount for one in waivers]
    goods = [part.dimensions["产品"].months[:, :8] for part in (before, after)]
    assert np.array_equal(*goods)
    assert same(split(replace(shut, waivers=waivers), EarlierTargets.of(after)), after)
