"""Members that open and close within the plan."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from tests.core.test_breakdown import JUNE, D, closing, equal, line_of, months_of, refused, split, tree, year_plan
from xlsales.core.breakdown import EarlierTargets
from xlsales.core.member_days import member_days
from xlsales.core.opening import LockedWhileShut, NobodyOpen, leaf_spans, partly_open
from xlsales.core.periods import Level
from xlsales.core.plan import Lock, Member
from xlsales.core.proof import check_closed

pytestmark = pytest.mark.unit

SEPTEMBER, AUGUST = D(2026, 9, 1), D(2026, 8, 31)


@pytest.mark.parametrize(
    ("members", "partly"),
    [
        ([equal("东"), equal("东一", "东"), equal("东二", "东", opens=SEPTEMBER)], {"东二"}),
        ([equal("东"), equal("东一", "东", closes=AUGUST), equal("东二", "东", opens=SEPTEMBER)], {"东一", "东二"}),
        ([equal("东", closes=AUGUST), equal("东一", "东")], {"东", "东一"}),
        # one that never opens in the plan, or closed before it, is no part of what its region is open
        ([equal("东"), equal("东一", "东", opens=SEPTEMBER), equal("旧", "东", closes=D(2025, 3, 1))],
         {"东", "东一", "旧"}),
        ([equal("东"), equal("东一", "东"), equal("新", "东", opens=D(2027, 3, 1))], {"新"}),
        ([equal("东"), equal("旧", "东", closes=D(2025, 3, 1))], {"东", "旧"}),
        ([equal("东", opens=D(2020, 1, 1), closes=D(2030, 1, 1))], set()),
    ],
)  # fmt: skip
def test_who_is_open_in_a_part_of_the_plan_alone(members, partly):
    """A parent is open while any of its members is, between the first and the last of their days."""
    dimension = tree("店", *members)
    found = partly_open(dimension, line_of(year_plan(0, dimension)))
    assert {dimension.members[i].name for i in found} == partly


@pytest.mark.parametrize(
    ("members", "months"),
    [
        # three equal stores, one from September on: a third of each open month, not its whole year in four
        ([equal("甲"), equal("乙"), equal("新", opens=SEPTEMBER)],
         {"甲": [60] * 8 + [40] * 4, "新": [0] * 8 + [40] * 4}),
        ([equal("甲"), equal("乙"), equal("关", closes=AUGUST)],
         {"甲": [40] * 8 + [60] * 4, "关": [40] * 8 + [0] * 4}),
        # one closes as another opens in its place
        ([equal("甲"), equal("旧", closes=AUGUST), equal("新", opens=SEPTEMBER)],
         {"甲": [60] * 12, "旧": [60] * 8 + [0] * 4, "新": [0] * 8 + [60] * 4}),
        # open half of September
        ([equal("甲"), equal("新", opens=D(2026, 9, 16))], {"新": [0] * 8 + [40] + [60] * 3}),
        # before and after the plan
        ([equal("甲"), equal("新", opens=D(2027, 3, 1)), equal("旧", closes=D(2025, 3, 1))],
         {"甲": [120] * 12, "新": [0] * 12, "旧": [0] * 12}),
        ([equal("甲", opens=D(2020, 1, 1), closes=D(2030, 1, 1)), equal("乙")], {"甲": [60] * 12}),
        # a region of stores that open later has less until then; its dates hold for all in it
        ([equal("东"), equal("西"), equal("东一", "东"), equal("东二", "东", opens=D(2026, 7, 1))],
         {"东": [40] * 6 + [60] * 6, "东二": [0] * 6 + [30] * 6, "西": [80] * 6 + [60] * 6}),
        ([equal("东", opens=D(2026, 7, 1)), equal("西"), equal("东一", "东"), equal("东二", "东")],
         {"东": [0] * 6 + [60] * 6, "东一": [0] * 6 + [30] * 6}),
        # a lock of the whole is shared over its open months; the others pay
        # a region whose only store opens late
        ([equal("东"), equal("西"), equal("东一", "东", opens=D(2026, 9, 1)), equal("西一", "西")],
         {"东": [0] * 8 + [60] * 4, "东一": [0] * 8 + [60] * 4, "西一": [120] * 8 + [60] * 4}),
        ([equal("甲"), equal("新", opens=SEPTEMBER, locked=400)],
         {"新": [0] * 8 + [100] * 4, "甲": [120] * 8 + [20] * 4}),
    ],
)  # fmt: skip
def test_a_weight_is_a_full_year_s(members, months):
    """In each month those who are open share it by their weights; outside its dates a member has nothing."""
    result = split(year_plan(1440, tree("门店", *members)))
    part = result.dimensions["门店"]
    for name, expected in months.items():
        assert months_of(part, name) == expected, name
    check_closed(result)


def test_a_region_s_locked_quarter_goes_to_months_in_which_a_store_of_it_is_open():
    """The third quarter of a region whose only store opens in September is all in September."""
    stores = [equal("东"), equal("西"), equal("东一", "东", opens=SEPTEMBER)]
    part = split(year_plan(1440, tree("店", *stores), locks=[Lock("2026Q3", 90, "店", "东")])).dimensions["店"]
    assert months_of(part, "东一") == months_of(part, "东") == [0] * 8 + [90] + [60] * 3


def test_a_store_that_closes_after_its_months_were_closed_keeps_them():
    """A store given up in July keeps its first half-year; what it had from then on goes to all others."""
    before = split(year_plan(1200, tree("店", equal("甲"), equal("乙"))))
    after = split(closing(1200, tree("店", equal("甲"), equal("乙", closes=JUNE))), EarlierTargets.of(before))
    part = after.dimensions["店"]
    assert months_of(part, "乙") == [50] * 6 + [0] * 6
    assert months_of(part, "甲") == [50] * 6 + [100] * 6
    assert part.unassigned.tolist() == [0]


@pytest.mark.parametrize(
    ("members", "locks", "kind", "facts"),
    [
        ([equal("甲", opens=D(2026, 3, 1), row=3)], (), NobodyOpen, {"period": "2026-01、2026-02", "amount": 200,
                                                                       "row": 3, "field": "opens"}),
        ([equal("甲"), equal("新", opens=SEPTEMBER)], [Lock("2026-03", 5, "店", "新", row=7)], LockedWhileShut,
         {"period": "2026-03", "lock_row": 7}),
        ([equal("甲"), equal("新", opens=D(2027, 1, 1), locked=5, row=4)], (), LockedWhileShut, {"row": 4}),
    ],
)  # fmt: skip
def test_what_no_open_member_can_take_is_a_question(members, locks, kind, facts):
    """A month without an open member, or a lock of one that is not open, is told at its row."""
    found = refused(kind, year_plan(1200, tree("店", *members), locks=locks)).facts
    assert {name: found[name] for name in facts} == facts


def test_a_month_without_an_open_member_may_be_locked_at_nothing():
    """The remedy of that question: lock those months at 0."""
    locks = [Lock("2026-01", 0), Lock("2026-02", 0)]
    result = split(year_plan(1200, tree("店", equal("甲", opens=D(2026, 3, 1))), locks=locks))
    assert months_of(result.dimensions["店"], "甲") == [0, 0, *[120] * 10]


def test_days_of_a_cut_month_are_the_open_ones():
    """A store that opens on 16 September has nothing before; the days of all stores add up to the company's."""
    plan = year_plan(365_00, tree("店", Member("甲", weight=3), Member("新", weight=1, opens=D(2026, 9, 16))))
    result, line = split(plan), line_of(plan)
    part = result.dimensions["店"]
    days = member_days(part.months, result.days, line, spans=leaf_spans(part.dimension, line))
    opening = (D(2026, 9, 16) - D(2026, 1, 1)) // dt.timedelta(1)
    assert not days[1, :opening].any()
    assert (days[1, opening:] > 0).all()
    assert np.array_equal(days.sum(axis=0), result.days)
    assert [int(days[1, line.slice_of(m)].sum()) for m in line.periods(Level.MONTH)] == months_of(part, "新")
