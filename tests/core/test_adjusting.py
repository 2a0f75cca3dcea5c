"""Transfers and reliefs: they close in every direction, move only whom they name, and leave closed months alone."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from xlsales.core import adjustment_faults as faults
from xlsales.core.adjusted import COMPANY, Adjusted, Kind
from xlsales.core.adjusting import adjusted
from xlsales.core.adjustments import Adjustment, keyed, without
from xlsales.core.breakdown import Breakdown, EarlierTargets, break_down
from xlsales.core.calendars import work_calendar
from xlsales.core.faults import Fault, Lang
from xlsales.core.periods import Level, timeline_of
from xlsales.core.plan import DayMethod, Dimension, Lock, Member, MonthMethod, Plan
from xlsales.core.proof import check_closed
from xlsales.core.shapes import shapes_of
from xlsales.core.tree import grow

pytestmark = pytest.mark.unit

LANGS: tuple[Lang, Lang] = ("zh", "en")

D = dt.date
STORES = ("a1", "a2", "a3", "b1", "b2", "c")
"""The lowest members of the stores' dimension: below A, below B, and one on the first level."""


def tree(name: str, *members: Member) -> Dimension:
    dimension, wrong = grow(name, members)
    assert dimension is not None, wrong
    return dimension


def stores(*, weights: Sequence[float] = (3, 2, 1, 4, 2, 3), **of: Member) -> Dimension:
    own = dict(zip(STORES, weights, strict=True))
    members = [Member("A"), Member("B"), *(Member(n, n[0].upper(), weight=w) for n, w in own.items() if n != "c")]
    members.append(Member("c", weight=own["c"]))
    parents = {"A": sum(weights[:3]), "B": sum(weights[3:5])}
    named = [replace(m, weight=parents[m.name]) if m.name in parents else m for m in members]
    return tree("store", *(of.get(m.name, m) for m in named))


def plan_of(total: int = 12_007, *, closed: D | None = None, locks: Sequence[Lock] = (), **more: object) -> Plan:
    products = tree("product", Member("x", weight=5), Member("y", weight=3), Member("z", weight=2))
    given_: dict[str, object] = {"month_method": MonthMethod.CALENDAR_DAYS, "day_method": DayMethod.EQUAL, **more}
    return Plan(
        "plan", total, 1_000_000, D(2026, 1, 1), D(2026, 12, 31), dimensions=(stores(), products), locks=tuple(locks),
        closed_through=closed, **given_,  # type: ignore[arg-type]
    )  # fmt: skip


def run(
    plan: Plan, rows: Sequence[Adjustment], before: Breakdown | None = None
) -> tuple[Breakdown, list[tuple[Adjustment, str, Fault]]]:
    """Split a plan with adjustments as a run does; `before` is what the run before wrote."""
    line = timeline_of(plan)
    shapes = shapes_of(plan, line, work_calendar(line.days, plan.day_rules), None)
    written = before.adjusted if before else ()
    own = without(EarlierTargets.of(before) if before else None, written, plan, line)
    base = break_down(replace(plan, total=plan.total + own.lowers), line, shapes, own.earlier)
    after, wrong = adjusted(base, rows, written, own)
    if not wrong:
        check_closed(after)
    return after, wrong


def transfer(
    giver: str, taker: str, start: D, end: D, amount: int | None = None, share: float | None = None
) -> Adjustment:
    return Adjustment(Kind.TRANSFER, "store", giver, taker, start, end, amount, share, "why", 5)


def relief(who: str, start: D, end: D, share: float | None = None, *, lowers: bool = False) -> Adjustment:
    return Adjustment(Kind.RELIEF, "store", who, "", start, end, None, share, "why", 6, lowers)


def rows_of(breakdown: Breakdown, dimension: str = "store") -> dict[str, list[int]]:
    part = breakdown.dimensions[dimension]
    return {m.name: row.tolist() for m, row in zip(part.dimension.members, part.months, strict=True)}


def changes(before: Breakdown, after: Breakdown, dimension: str = "store") -> dict[str, list[int]]:
    """What differs, by member that differs."""
    old, new = rows_of(before, dimension), rows_of(after, dimension)
    apart = {name: np.subtract(new[name], old[name]).tolist() for name in new}
    return {name: row for name, row in apart.items() if any(row)}


def last(month: int) -> D:
    return D(2026, month, calendar.monthrange(2026, month)[1])


JULY = D(2026, 7, 1), last(7)


def test_a_transfer_moves_the_two_and_nobody_else_below_one_parent() -> None:
    """a1 gives 50 to a2 in July: A, the total, the days and the products stay."""
    plain, _ = run(plan_of(), ())
    after, wrong = run(plan_of(), [transfer("a1", "a2", *JULY, 50)])
    assert not wrong
    assert changes(plain, after) == {"a1": [0] * 6 + [-50] + [0] * 5, "a2": [0] * 6 + [50] + [0] * 5}
    assert after.plan.total == plain.plan.total
    assert (after.days == plain.days).all()
    assert changes(plain, after, "product") == {}


def test_a_transfer_across_branches_moves_both_parents() -> None:
    """a1 gives 30 to b1: A falls and B rises by it."""
    plain, _ = run(plan_of(), ())
    after, _ = run(plan_of(), [transfer("a1", "b1", *JULY, 30)])
    moved = {name: row[6] for name, row in changes(plain, after).items()}
    assert moved == {"a1": -30, "A": -30, "b1": 30, "B": 30}


def test_a_period_is_shared_by_what_the_giver_has_in_its_months() -> None:
    """100 over the third quarter, by 92 days: 34 + 34 + 32 as far as the months of the giver say."""
    plain, _ = run(plan_of(), ())
    after, _ = run(plan_of(), [transfer("b1", "c", D(2026, 7, 1), last(9), 100)])
    own = rows_of(plain)["b1"][6:9]
    moved = [-n for n in changes(plain, after)["b1"][6:9]]
    assert sum(moved) == 100
    assert all(abs(n - 100 * weight / sum(own)) < 1 for n, weight in zip(moved, own, strict=True))


def test_a_share_from_a_day_on_is_of_these_days() -> None:
    """40 % from 16 July to its end: of 16 of 31 equal days."""
    plain, _ = run(plan_of(), ())
    after, _ = run(plan_of(), [transfer("c", "a1", D(2026, 7, 16), last(7), share=0.4)])
    expected = rows_of(plain)["c"][6] * 16 / 31 * 0.4
    assert changes(plain, after)["c"][6] == pytest.approx(-expected, abs=1)


def test_a_group_gives_and_takes_through_its_lowest_members() -> None:
    """A gives 60 to B: each of them by its part."""
    plain, _ = run(plan_of(), ())
    after, _ = run(plan_of(), [transfer("A", "B", *JULY, 60)])
    moved = {name: row[6] for name, row in changes(plain, after).items()}
    assert moved == {"A": -60, "a1": -30, "a2": -20, "a3": -10, "B": 60, "b1": 40, "b2": 20}


OTHERS: list[tuple[str, str, tuple[str, ...], dict[str, int]]] = [
    ("a1", "", (), {"a1": -40, "a2": 6, "a3": 3, "b1": 14, "b2": 7, "c": 10}),
    ("a1", "", ("b1",), {"a1": -40, "a2": 10, "a3": 5, "b2": 10, "c": 15}),
    ("a1", "", ("B", "c"), {"a1": -40, "a2": 27, "a3": 13}),
    ("", "b1", ("a1", "b1"), {"b1": 40, "a2": -10, "a3": -5, "b2": -10, "c": -15}),
    ("A", "", ("b2",), {"a1": -20, "a2": -13, "a3": -7, "b1": 23, "c": 17}),
]


@pytest.mark.parametrize(("giver", "taker", "apart", "moved"), OTHERS)
def test_the_others_are_all_but_those_that_the_row_names(
    giver: str, taker: str, apart: tuple[str, ...], moved: dict[str, int]
) -> None:
    """The others share by their targets, to a step; who is apart, and what is below it, does not move."""
    plain, _ = run(plan_of(), ())
    after, _ = run(plan_of(), [replace(transfer(giver, taker, *JULY, 40), apart=apart)])
    found = {name: row[6] for name, row in changes(plain, after).items() if name in STORES}
    assert found == {name: pytest.approx(by, abs=1) for name, by in moved.items()}


def test_nobody_is_left_to_take() -> None:
    """All others are apart."""
    _, ((_, at, fault),) = run(plan_of(), [replace(transfer("a1", "", *JULY, 40), apart=("a2", "a3", "B", "c"))])
    assert (at, type(fault)) == ("giver", faults.NobodyTakes)


def test_relief_is_carried_by_siblings_or_lowers_the_total() -> None:
    """a1 is shut from 11 to 20 July: a third of July goes to a2 and a3, or off the total and the products."""
    plain, _ = run(plan_of(), ())
    span = D(2026, 7, 11), D(2026, 7, 20)
    lost = round(rows_of(plain)["a1"][6] * 10 / 31)
    after, _ = run(plan_of(), [relief("a1", *span)])
    moved = {name: row[6] for name, row in changes(plain, after).items()}
    assert moved["a1"] == pytest.approx(-lost, abs=1)
    assert set(moved) == {"a1", "a2", "a3"}
    assert sum(moved.values()) == 0
    after, _ = run(plan_of(), [relief("a1", *span, lowers=True)])
    moved = {name: row[6] for name, row in changes(plain, after).items()}
    less = -moved["a1"]
    assert moved == {"a1": -less, "A": -less}
    assert after.plan.total == plain.plan.total - less
    assert sum(row[6] for row in changes(plain, after, "product").values()) == -less
    days = (plain.days - after.days).tolist()
    assert sum(days) == less * after.finer
    assert {i for i, by in enumerate(days) if by} <= set(range(191, 201))


def test_half_of_the_loss_is_half_of_it() -> None:
    """A store with half of its floor shut is relieved of half."""
    whole, half = (run(plan_of(), [relief("c", *JULY, share)])[0] for share in (None, 0.5))
    assert half.adjusted[0].moved.sum() == pytest.approx(whole.adjusted[0].moved.sum() / 2, abs=1_000_000)


def lock(period: str, amount: int, member: str, row: int = 1, dimension: str = "store") -> Lock:
    return Lock(period, amount, dimension, member, row)


OFF_TOTAL = relief("a1", *JULY, lowers=True)
SMALL = transfer("a1", "a2", *JULY, 5)
REFUSED: list[tuple[str, dict[str, object], Adjustment, type[Fault], str]] = [
    ("more than it has", {}, transfer("a3", "a1", *JULY, 5_000), faults.MoreThanThere, "amount"),
    ("closed", {"closed": last(7)}, SMALL, faults.ClosedAlready, "start"),
    ("partly closed", {"closed": last(7)}, replace(SMALL, end=last(9)), faults.ClosedAlready, "start"),
    ("all closed", {"closed": last(12)}, relief("c", *JULY), faults.AllClosed, "start"),
    ("giver locked", {"locks": [lock("2026-07", 90, "a1")]}, SMALL, faults.HeldTarget, "giver"),
    ("taker's quarter locked", {"locks": [lock("2026Q3", 600, "a2")]}, SMALL, faults.HeldTarget, "taker"),
    ("parent locked", {"locks": [lock("2026-07", 400, "A")]}, replace(SMALL, taker="c"), faults.HeldTarget, "giver"),
    (
        "siblings locked", {"locks": [lock("2026-07", 100, "a2"), lock("2026-07", 100, "a3", 2)]},
        relief("a1", *JULY), faults.NobodyTakes, "giver",
    ),
    ("company locked", {"locks": [Lock("2026-07", 1_000, row=1)]}, OFF_TOTAL, faults.CannotComeDown, "carried"),
    (
        "products locked",
        {"locks": [lock("2026-07", n, name, n, "product") for name, n in (("x", 300), ("y", 301), ("z", 418))]},
        OFF_TOTAL, faults.DimensionCannotComeDown, "carried",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("what", "settings_", "row", "fault", "field"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_cannot_be_made_is_told_at_its_column(
    what: str, settings_: dict[str, object], row: Adjustment, fault: type[Fault], field: str
) -> None:
    """Nothing is moved in part; both sentences can be said."""
    _, found = run(plan_of(**settings_), [row])  # type: ignore[arg-type]
    assert [(one, at, type(why)) for one, at, why in found] == [(row, field, fault)], what
    for lang in LANGS:
        assert "{" not in found[0][2].say(lang)


def test_bounds_and_openings_are_kept() -> None:
    """Who would pass a bound, or is not open, is named."""
    plan = plan_of()
    low = replace(plan, dimensions=(stores(a1=Member("a1", "A", weight=3, lower=2_300)), plan.dimensions[1]))
    (_, _, fault), *_ = run(low, [transfer("a1", "a2", D(2026, 1, 1), last(12), 300)])[1]
    assert isinstance(fault, faults.BeyondBound)
    new = replace(plan, dimensions=(stores(a2=Member("a2", "A", weight=2, opens=D(2026, 9, 1))), plan.dimensions[1]))
    (_, at, fault), *_ = run(new, [transfer("a1", "a2", *JULY, 30)])[1]
    assert (at, type(fault)) == ("taker", faults.TakerShut)
    (_, at, fault), *_ = run(new, [relief("a2", *JULY)])[1]
    assert (at, type(fault)) == ("start", faults.NothingThere)


def test_all_that_is_wrong_is_told_at_once() -> None:
    """One row at fault does not hide another."""
    _, found = run(plan_of(closed=last(6)), [transfer("a3", "a1", *JULY, 9_999), relief("c", D(2026, 6, 1), last(6))])
    assert [type(fault) for *_, fault in found] == [faults.MoreThanThere, faults.ClosedAlready]


def test_less_than_closed_months_moved_is_refused() -> None:
    """The amount is for all its months; those that are closed have moved 50."""
    span = D(2026, 7, 1), last(8)
    first, _ = run(plan_of(), [transfer("a1", "a2", *span, 100)])
    moved = int(first.adjusted[0].moved[6]) // 1_000_000
    _, ((_, at, fault),) = run(plan_of(closed=last(7)), [transfer("a1", "a2", *span, moved - 1)], first)
    assert (at, type(fault)) == ("amount", faults.MovedAlready)
    more, wrong = run(plan_of(closed=last(7)), [transfer("a1", "a2", *span, 160)], first)
    assert not wrong
    assert (more.adjusted[0].moved // 1_000_000).tolist()[6:8] == [moved, 160 - moved]


def test_a_longer_relief_keeps_what_closed_months_had() -> None:
    """July is closed; the refurbishment takes until August. A month that closed without it is refused."""
    first, _ = run(plan_of(), [relief("a1", *JULY)])
    after, wrong = run(plan_of(closed=last(7)), [relief("a1", JULY[0], last(8))], first)
    assert not wrong
    assert rows_of(after)["a1"][6:8] == [rows_of(first)["a1"][6], 0]
    _, found = run(plan_of(closed=last(8)), [relief("a1", JULY[0], last(9))], first)
    assert [type(fault) for *_, fault in found] == [faults.ClosedAlready]


def test_a_row_that_moved_nothing_is_no_fault_when_its_month_closes() -> None:
    """Half of a day of few steps is none: it was written all the same."""
    row = relief("a3", D(2026, 4, 1), D(2026, 4, 1), 0.05)
    first, _ = run(plan_of(1_500), [row])
    assert first.adjusted[0].deltas == {}
    after, wrong = run(plan_of(1_500, closed=last(4)), [row], first)
    assert not wrong
    assert same(after, first)


def test_a_deleted_row_stays_in_closed_months_alone() -> None:
    """Its open months go back to what they were."""
    plain, _ = run(plan_of(), ())
    first, _ = run(plan_of(), [transfer("a1", "b1", D(2026, 7, 1), last(9), 90)])
    after, _ = run(plan_of(closed=last(7)), [], first)
    assert rows_of(after)["a1"][:7] == rows_of(first)["a1"][:7]
    assert rows_of(after)["a1"][7:] == rows_of(plain)["a1"][7:]
    again, _ = run(plan_of(closed=last(7)), [], after)
    assert rows_of(again) == rows_of(after)


def test_a_lock_made_later_holds_with_what_closed_months_have() -> None:
    """a1's quarter is locked after July closed: its sum is what was locked, July as it was."""
    first, _ = run(plan_of(), [transfer("a1", "a2", *JULY, 50)])
    after, wrong = run(
        plan_of(closed=last(7), locks=[lock("2026Q3", 600, "a1")]), [transfer("a1", "a2", *JULY, 50)], first
    )
    assert not wrong
    assert rows_of(after)["a1"][6] == rows_of(first)["a1"][6]
    assert sum(rows_of(after)["a1"][6:9]) == 600


@pytest.mark.parametrize("gone", [("store", "a2"), ("product", "x")])
def test_a_ledger_that_a_person_changed_moves_no_closed_month(gone: tuple[str, str]) -> None:
    """A row of it was cleared: what it says does not add up, so closed targets stay as they are with it."""
    rows = [transfer("a1", "a2", *JULY, 50), relief("c", *JULY, lowers=True)]
    first, _ = run(plan_of(), rows)
    cut = [replace(one, deltas={w: r for w, r in one.deltas.items() if w != gone}) for one in first.adjusted]
    after, wrong = run(plan_of(closed=last(7)), rows, replace(first, adjusted=tuple(cut)))
    assert not wrong
    assert all((part.months[:, :7] == first.dimensions[n].months[:, :7]).all() for n, part in after.dimensions.items())
    assert after.plan.total == first.plan.total


def test_a_lowered_total_stays_lowered_when_a_member_is_gone() -> None:
    """What was relieved in a closed month comes back nowhere."""
    first, _ = run(plan_of(), [relief("c", *JULY, lowers=True)])
    plan = plan_of(closed=last(7))
    gone = tree("store", *(m for m in plan.dimensions[0].members if m.name != "a3"))
    after, _ = run(replace(plan, dimensions=(gone, plan.dimensions[1])), [relief("c", *JULY, lowers=True)], first)
    assert after.plan.total == first.plan.total


# --- any of them, in any order ------------------------------------------------------------

NAMES = (*STORES, "A", "B")
amounts = st.one_of(st.tuples(st.integers(1, 90), st.none()), st.tuples(st.none(), st.floats(0.01, 1.0)))


@st.composite
def adjustment(draw: st.DrawFn) -> Adjustment:
    begins, ends = sorted((draw(st.integers(90, 364)), draw(st.integers(90, 364))))
    start, end = D(2026, 1, 1) + dt.timedelta(begins), D(2026, 1, 1) + dt.timedelta(ends)
    giver = draw(st.sampled_from(NAMES))
    if draw(st.booleans()):
        return relief(giver, start, end, draw(st.none() | st.floats(0.05, 1.0)), lowers=draw(st.booleans()))
    amount, share = draw(amounts)
    taker = draw(st.sampled_from([name for name in (*NAMES, "") if name[:1].lower() != giver.lower()]))
    assume(taker.lower() != giver[0].lower() or len(giver) == 1)
    assume(not (giver[0].lower() == taker[:1].lower() and "A" in (giver, taker)))
    assume(not (giver[0].lower() == taker[:1].lower() and "B" in (giver, taker)))
    assume(giver != taker)
    apart = () if taker else tuple(draw(st.sets(st.sampled_from(STORES), max_size=2)) - {giver})
    return replace(transfer(giver, taker, start, end, amount, share), apart=apart)


def is_closed_in_each_direction(plain: Breakdown, after: Breakdown) -> None:
    """Months of each dimension move as the company's do, and that by what lowers the total."""
    lowered = sum(
        (one.company for one in after.adjusted if one.company is not None), start=np.zeros(12, dtype=np.int64)
    )
    company = after.months - plain.months
    assert (company * 1_000_000 == lowered).all()
    assert after.plan.total - plain.plan.total == int(company.sum())
    for name, part in after.dimensions.items():
        apart = part.months - plain.dimensions[name].months
        for _, family in part.dimension.families():
            parent = part.dimension.parents[family[0]]
            above = company if parent < 0 else apart[parent]
            assert (apart[family].sum(axis=0) == above).all()
        assert (part.months >= 0).all()
    assert (after.days >= 0).all()


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(adjustment(), min_size=1, max_size=4), total=st.integers(1_500, 60_000), closing=st.integers(3, 12)
)
def test_any_adjustments_close_and_stay_when_months_close(rows: list[Adjustment], total: int, closing: int) -> None:
    """They close in every direction; a transfer keeps the total; a second run, and a month that closes, move nobody."""
    plan = plan_of(total)
    plain, _ = run(plan, ())
    after, wrong = run(plan, rows)
    rows = [row for row in rows if row not in [one for one, *_ in wrong]]
    after, wrong = run(plan, rows)
    assume(not wrong)
    is_closed_in_each_direction(plain, after)
    if not any(row.lowers for row in rows):
        assert (after.days == plain.days).all()
        assert changes(plain, after, "product") == {}
    again, _ = run(plan, rows, after)
    assert same(again, after)
    for month in {4, closing}:
        closed, wrong = run(replace(plan, closed_through=last(month)), rows, after)
        assert not wrong
        assert same(closed, after)
        is_closed_in_each_direction(plain, closed)


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(adjustment(), min_size=1, max_size=3), more=adjustment(), months=st.sets(st.integers(4, 12)))
def test_a_row_changes_nothing_that_the_rows_before_it_moved(
    rows: list[Adjustment], more: Adjustment, months: set[int]
) -> None:
    """Whatever it names, over the same days or others, with months of a store locked or not."""
    targets = rows_of(run(plan_of(), ())[0])["c"]
    plan = plan_of(locks=[lock(f"2026-{month:02}", targets[month - 1], "c", month) for month in months])
    _, wrong = run(plan, rows)
    rows = [row for row in rows if row not in [one for one, *_ in wrong]]
    before, wrong = run(plan, rows)
    assume(rows and not wrong)
    after, _ = run(plan, [*rows, more])
    keys = [key for key, _ in keyed(rows)]
    assert _deltas([one for one in after.adjusted if one.key in keys]) == _deltas(before.adjusted)


@settings(max_examples=20, deadline=None)
@given(first=st.lists(adjustment(), max_size=3), then=st.lists(adjustment(), max_size=3), closing=st.integers(3, 11))
def test_closed_months_keep_every_target_whatever_the_rows_become(
    first: list[Adjustment], then: list[Adjustment], closing: int
) -> None:
    """Other rows, or none, after months closed: these keep months and days; all closes."""
    before, wrong = run(plan_of(), first)
    assume(not wrong)
    plan = plan_of(closed=last(closing))
    _, wrong = run(plan, then, before)
    rows = [row for row in then if row not in [one for one, *_ in wrong]]
    after, wrong = run(plan, rows, before)
    assume(not wrong)
    months = np.array([period.end <= last(closing) for period in timeline_of(plan).periods(Level.MONTH)])
    for name, part in after.dimensions.items():
        assert (part.months[:, months] == before.dimensions[name].months[:, months]).all()
    n = (last(closing) - D(2026, 1, 1)).days + 1
    assert (after.days[:n] * before.finer == before.days[:n] * after.finer).all()
    again, wrong = run(plan, rows, after)
    assert not wrong
    assert same(again, after)


def same(one: Breakdown, other: Breakdown) -> bool:
    return bool(
        one.plan.total == other.plan.total
        and (one.days * other.finer == other.days * one.finer).all()
        and all((part.months == other.dimensions[name].months).all() for name, part in one.dimensions.items())
        and _deltas(one.adjusted) == _deltas(other.adjusted)
    )


def _deltas(adjusted_: Sequence[Adjusted]) -> list[tuple[str, list[tuple[object, list[int]]]]]:
    return [
        (a.key, sorted((w, r.tolist()) for w, r in a.deltas.items() if r.any()))
        for a in adjusted_
        if any(r.any() for r in a.deltas.values())
    ]


def test_a_row_of_the_company_is_there_only_if_the_total_falls() -> None:
    """By it the next run knows what lowered the total."""
    carried, lowers = (run(plan_of(), [relief("a1", *JULY, lowers=by)])[0].adjusted[0] for by in (False, True))
    assert COMPANY not in carried.deltas
    assert lowers.company is not None
