"""What the split follows: the pull of days, months and members."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from xlsales.core.calendars import work_calendar
from xlsales.core.faults import Fault
from xlsales.core.periods import Timeline, timeline
from xlsales.core.plan import DayMethod, Dimension, Member, MemberMethod, MemberShape, MonthMethod, Plan
from xlsales.core.shapes import (
    History,
    NoHistory,
    NoOwnHistory,
    Shapes,
    WeightMissing,
    ancestors,
    member_weights,
    needs_history,
    references_of,
    shapes_of,
)
from xlsales.core.tree import grow
from xlsales.core.weights import BadWeekdayIndex, MonthMethodNeeds, ReferenceEmpty

pytestmark = pytest.mark.unit

D = dt.date
REFERENCE, WEIGHT, EQUAL = MemberMethod.REFERENCE, MemberMethod.WEIGHT, MemberMethod.EQUAL


def tree(*members: Member) -> Dimension:
    dimension, faults = grow("区域", members)
    assert dimension is not None, faults
    return dimension


def plan_of(*dimensions: Dimension, **more: object) -> Plan:
    given: dict[str, object] = {"start": D(2026, 1, 1), "end": D(2026, 12, 31), "day_method": DayMethod.EQUAL, **more}
    return Plan("", 1000, 1_000_000, dimensions=dimensions, **given)  # type: ignore[arg-type]


def shapes(plan: Plan, history: History | None = None) -> Shapes:
    line: Timeline = timeline(plan.start, plan.end)
    return shapes_of(plan, line, work_calendar(line.days), history)


def sold(*records: tuple[str, float, int]) -> History:
    """Records of (day, amount, the member's position)."""
    return History(
        np.array([r[0] for r in records], dtype="datetime64[D]"),
        np.array([r[1] * 1_000_000 for r in records], dtype=np.int64),
        {"区域": np.array([r[2] for r in records], dtype=np.int32)},
    )


def refused(kind: type[Fault], plan: Plan, history: History | None = None) -> Fault:
    with pytest.raises(kind) as caught:
        shapes(plan, history)
    assert "{" not in caught.value.say("zh") + caught.value.say("en")
    return caught.value


# --- members


def _stores(parent: str, *weights: float) -> list[Member]:
    return [Member(f"{parent}{i}", parent, weight=w) for i, w in enumerate(weights)]


def test_siblings_weigh_what_was_entered_or_the_same():
    """Entered weights count as they are; equal members weigh the same; a locked member needs no weight."""
    members = Member("东", weight=2), Member("西", locked=5), Member("南", weight=0)
    stores = Member("一", "东", MemberMethod.EQUAL), Member("二", "东", MemberMethod.EQUAL)
    assert member_weights(tree(*members, *stores), None).tolist() == [2, 1, 1, 0, 0]


def test_a_blank_weight_is_not_zero():
    """A member without a weight is asked for, at its row."""
    assert refused(WeightMissing, plan_of(tree(Member("东", weight=1), Member("西", row=7)))).facts["row"] == 7


@pytest.mark.parametrize(
    ("members", "weights"),
    [
        ([Member("东"), Member("西"), *_stores("东", 3, 4), *_stores("西", 5)], [7, 3, 4, 5, 5]),
        ([Member("东"), Member("独店", weight=5), *_stores("东", 3, 4)], [7, 3, 4, 5]),  # beside a leaf
        ([Member("国"), Member("东", "国"), Member("西", "国"), *_stores("东", 1, 2), *_stores("西", 4)],
         [7, 3, 1, 2, 4, 4]),
        ([Member("东", weight=9), Member("西"), *_stores("东", 3), *_stores("西", 5)], [9, 3, 5, 5]),
        ([Member("东"), Member("西", weight=1), *_stores("东", 0.0, 0.0)], [0, 0, 0, 1]),  # zero is an answer
        ([Member("东"), Member("西", weight=1), Member("一", "东", locked=5), *_stores("东", 3)], [3, 0, 3, 1]),
        ([Member("东"), Member("西", weight=1), Member("一", "东", locked=5)], [0, 0, 1]),  # nothing of it is free
        ([Member("东", locked=9), Member("西", weight=1), *_stores("东", 2, 6)], [8, 2, 6, 1]),
    ],
)  # fmt: skip
def test_a_blank_parent_weighs_what_its_children_weigh_together(members, weights):
    """A region without a weight has the sum of its stores', at every level, also beside members that have one."""
    assert member_weights(tree(*members), None).tolist() == weights


@pytest.mark.parametrize(
    ("members", "names"),
    [
        ([Member("东"), Member("西"), Member("一", "东"), Member("二", "西", weight=5)], ("一",)),
        ([Member("东"), Member("西", weight=1), Member("一", "东", weight=3), Member("二", "东")], ("二",)),
        ([Member("东"), Member("西", weight=1), Member("一", "东", MemberMethod.EQUAL)], ("东",)),
        ([Member("国"), Member("东", "国"), Member("西"), Member("一", "东")], ("一", "西")),
    ],
)
def test_a_question_stays_where_nothing_below_has_a_weight(members, names):
    """The members to fill are named: the lowest blank ones, or a parent whose children have no weights to add."""
    assert refused(WeightMissing, plan_of(tree(*members))).facts["names"] == names


@pytest.mark.parametrize(
    ("members", "past", "weights"),
    [
        ([("东", REFERENCE, None), ("西", WEIGHT, 100)], [300, 0], [300, 100]),  # as if it had sold 100
        ([("东", REFERENCE, None), ("西", WEIGHT, 0)], [300, 0], [300, 0]),
        ([("东", REFERENCE, None), ("南", REFERENCE, None), ("西", EQUAL, None)], [300, 100, 7], [300, 100, 200]),
        ([("东", REFERENCE, None), ("南", REFERENCE, None), ("西", EQUAL, None)], [300, 0, 0], [300, 0, 300]),
        ([("东", REFERENCE, None), ("南", WEIGHT, 100), ("西", EQUAL, None)], [300, 9, 9], [300, 100, 200]),
        ([("东", WEIGHT, 3), ("南", WEIGHT, 1), ("西", EQUAL, None)], [8, 8, 8], [3, 1, 2]),
        ([("东", REFERENCE, None), ("西", WEIGHT, 100)], [-5, 0], [0, 100]),
        ([("东", EQUAL, None), ("西", WEIGHT, 0)], [0, 0], [1, 0]),
    ],
)
def test_siblings_may_mix_methods(members, past, weights):
    """Beside a reference a weight is an amount in the unit; equal is the average of those that have any weight."""
    dimension = tree(*(Member(name, None, method, weight=weight) for name, method, weight in members))
    unit = 10_000 * 1_000_000
    found = member_weights(dimension, np.array(past, dtype=np.float64) * unit, unit)
    assert found / found.sum() == pytest.approx(np.array(weights) / sum(weights))


def test_a_weight_beside_several_references():
    """Shares of the references are mixed; the weight is measured by what they sold on average."""
    members = tree(Member("东", None, REFERENCE), Member("西", None, REFERENCE), Member("新", weight=100))
    history = sold(("2024-03-01", 100, 0), ("2024-03-02", 100, 1), ("2025-03-01", 300, 0), ("2025-03-02", 100, 1))
    plan = plan_of(members, references=(("2024", 0.5), ("2025", 0.5)))
    found = shapes(plan, history).members["区域"]
    assert found / 1_000_000 == pytest.approx([300 * 0.625, 300 * 0.375, 100])


def test_members_by_reference_weigh_their_past_sales():
    """Past sales of the year before count, returns taken off; a parent has what its children sold."""
    regions = tree(Member("东", None, REFERENCE), Member("西", None, REFERENCE), Member("一", "西", REFERENCE))
    history = sold(
        ("2025-03-01", 30, 0), ("2025-05-01", 80, 2), ("2025-06-01", -20, 2), ("2024-01-01", 999, 0)
    )  # fmt: skip
    assert shapes(plan_of(regions), history).members["区域"] == pytest.approx([30e6, 60e6, 60e6])


def test_references_are_mixed_by_share_not_by_size():
    """Half 2024 and half 2025: each year counts half, however much was sold in it."""
    regions = tree(Member("东", None, REFERENCE), Member("西", None, REFERENCE))
    history = sold(("2024-03-01", 1000, 0), ("2025-03-01", 1, 1))
    plan = plan_of(regions, references=(("2024", 0.5), ("2025", 0.5)))
    found = shapes(plan, history).members["区域"]
    assert (found / found.sum()).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("history", [None, sold(("2025-03-01", -5, 0)), sold(("2020-03-01", 5, 0))])
def test_a_reference_without_sales_is_refused(history):
    """No history, only returns, or sales of other years: there is nothing to follow."""
    plan = plan_of(tree(Member("东", None, REFERENCE, row=3), Member("西", None, REFERENCE, row=4)))
    assert refused(NoHistory, plan, history).facts["row"] == 3


def test_each_member_knows_the_members_above_it():
    """The chain of a store: region, city, store."""
    region = tree(Member("东"), Member("上海", "东"), Member("一店", "上海"), Member("西"))
    assert ancestors(region).tolist() == [[0, -1, -1], [0, 1, -1], [0, 1, 2], [3, -1, -1]]


# --- which history


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        (D(2026, 1, 1), D(2026, 12, 31), D(2025, 1, 1), D(2025, 12, 31)),
        (D(2026, 1, 1), D(2027, 12, 31), D(2024, 1, 1), D(2025, 12, 31)),
        (D(2024, 3, 1), D(2025, 2, 28), D(2023, 3, 1), D(2024, 2, 29)),
        (D(2024, 2, 29), D(2024, 2, 29), D(2023, 2, 28), D(2023, 2, 28)),
        (D(2026, 7, 1), D(2026, 9, 30), D(2025, 7, 1), D(2025, 9, 30)),
    ],
)
def test_without_a_reference_the_same_days_before_the_plan_are_taken(start, end, first, last):
    """The year before; for two years the two before; the end of February stays its end."""
    assert references_of(plan_of(start=start, end=end)) == [((first, last), 1.0)]


def test_history_is_needed_only_where_something_follows_it():
    """A plan of entered figures needs no history; an unknown weekday index, a reference or an own shape do."""
    assert not needs_history(plan_of(tree(Member("东", weight=1))))
    assert needs_history(plan_of(tree(Member("东", None, REFERENCE))))
    assert needs_history(plan_of(month_method=MonthMethod.REFERENCE))
    assert needs_history(plan_of(member_shape=MemberShape.OWN))
    assert needs_history(plan_of(day_method=DayMethod.DAY_INDEX))
    assert not needs_history(plan_of(day_method=DayMethod.DAY_INDEX, weekday_index=(1.0,) * 7))


def test_what_needs_history_is_refused_without_it():
    """Nothing falls back in silence: each method that lacks its history says so."""
    refused(BadWeekdayIndex, plan_of(day_method=DayMethod.DAY_INDEX))
    refused(MonthMethodNeeds, plan_of(month_method=MonthMethod.REFERENCE))
    refused(NoOwnHistory, plan_of(tree(Member("东", weight=1)), member_shape=MemberShape.OWN))
    refused(ReferenceEmpty, plan_of(month_method=MonthMethod.REFERENCE), sold(("2020-01-01", 1, 0)))


# --- days and months from history


def test_months_by_reference_follow_last_year():
    """Months take their share of last year's sales."""
    history = sold(("2025-02-01", 30, 0), ("2025-11-11", 90, 0))
    months = shapes(plan_of(month_method=MonthMethod.REFERENCE), history).months
    assert months.tolist() == pytest.approx([0, 0.25, *[0] * 8, 0.75, 0])


def test_with_spring_festival_pairing_sales_move_with_the_feast():
    """Sales just before the feast of 2025 (29 January) come before that of 2026 (17 February)."""
    history = sold(*((f"2025-01-{day}", 10, 0) for day in range(20, 29)))
    plain = shapes(plan_of(month_method=MonthMethod.REFERENCE), history).months
    paired = shapes(plan_of(month_method=MonthMethod.REFERENCE, lunar=True), history).months
    assert plain[:2].tolist() == pytest.approx([1, 0])
    assert paired[:2].tolist() == pytest.approx([0, 1])


def test_the_weekday_index_comes_from_the_reference():
    """Without an entered index, days weigh what their weekday sold in the reference."""
    days = np.arange(np.datetime64("2025-01-01"), np.datetime64("2026-01-01"))
    weekend = (days.astype(np.int64) + 3) % 7 >= 5
    amounts = np.where(weekend, 3_000_000, 1_000_000)
    history = History(days, amounts, {})
    weights = shapes(plan_of(day_method=DayMethod.DAY_INDEX), history).days
    assert weights[[4, 9]].tolist() == pytest.approx([1, 3])  # Monday 5 January, Saturday 10 January 2026


# --- members' own months


def test_members_follow_their_own_months_where_they_have_any():
    """A region's own shape is that of its stores together; one that never sold has none."""
    region = tree(Member("东", weight=1), Member("一", "东", weight=1), Member("二", "东", weight=1))
    history = sold(("2025-01-05", 1, 1), ("2025-12-05", 3, 1))
    own = shapes(plan_of(region, member_shape=MemberShape.OWN), history).own["区域"]
    assert own[0].tolist() == own[1].tolist() == pytest.approx([0.25, *[0] * 10, 0.75])
    assert own[2].tolist() == [0] * 12


def test_a_month_the_plan_cuts_counts_in_part_for_members_too():
    """A plan from the middle of a month takes half that month's own share."""
    region = tree(Member("东", weight=1))
    history = sold(("2025-06-20", 1, 0), ("2025-07-05", 1, 0))
    plan = plan_of(region, member_shape=MemberShape.OWN, start=D(2026, 6, 16), end=D(2026, 7, 31))
    assert shapes(plan, history).own["区域"][0].tolist() == pytest.approx([0.25, 0.5])


def test_a_dimension_the_history_does_not_tell_follows_the_company():
    """Own shapes are for dimensions with a column in the history."""
    products = Dimension("产品", (Member("A", weight=1),), (-1,), (1,))
    plan = plan_of(tree(Member("东", weight=1)), products, member_shape=MemberShape.OWN)
    assert list(shapes(plan, sold(("2025-01-05", 1, 0))).own) == ["区域"]
