"""What members may sell and the chance of it, from the figures of a run: laws, and what is blank."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace

from tests.plan.sheets import samples
from xlsales.core.arrays import Floats
from xlsales.core.breakdown import Breakdown
from xlsales.core.plan import MICROS, Dimension, Member
from xlsales.core.shapes import History
from xlsales.plan.achieved import Achieved
from xlsales.plan.chances import chances
from xlsales.plan.figures import Figures, Members

pytestmark = pytest.mark.unit


def until(as_of: dt.date, figures: Figures | None = None) -> Figures:
    """The sample's figures as of another day."""
    figures = figures or samples.figures(tree=True, by_row=True)
    achieved = figures.achieved
    assert achieved is not None
    records = achieved.records
    assert records is not None
    kept = records.day <= np.datetime64(as_of)
    records = replace(
        records,
        day=records.day[kept],
        micros=records.micros[kept],
        codes={name: codes[kept] for name, codes in records.codes.items()},
    )
    plan = figures.breakdown.plan
    return replace(figures, achieved=Achieved.of(records, plan, figures.breakdown.timeline, as_of))


def of_plan(members: Members) -> Floats:
    seen = chances(members.figures).of_members(members, members.figures.whole)
    assert seen is not None
    return seen.told(members.targets.sum(axis=1))


# --- laws -----------------------------------------------------------------------------


def test_the_chance_falls_when_the_target_rises() -> None:
    """And what comes besides raises it."""
    figures = samples.figures(tree=True, by_row=True)
    (region, *_), whole = figures.dimensions, figures.whole
    seen = chances(figures).of_members(region, whole)
    assert seen is not None
    targets = region.targets.sum(axis=1)
    told = np.array([seen.told(targets * factor) for factor in (0.5, 0.9, 1.0, 1.1, 2.0)])
    assert (np.diff(told, axis=0) <= 0).all()
    assert (told[0] > told[-1]).all()
    assert (seen.told(targets, targets / 10) >= told[2]).all()
    assert {round(one * 100) % 5 for one in told.ravel()} == {0}
    assert (told.min(), told.max()) == (0.05, 0.95)


def test_members_add_up_to_the_whole_in_each_outcome() -> None:
    """Of the dimension that the whole goes by; what is sold by now adds up too."""
    figures = samples.figures(tree=True, by_row=True)
    region, whole = figures.dimensions[0], figures.whole
    seen, all_ = chances(figures).of_members(region, whole), chances(figures).of_whole(whole)
    assert seen is not None
    assert all_ is not None
    tops = region.dimension.children(-1)
    assert seen.outlook.outcomes[tops].sum(axis=0) == pytest.approx(all_.outlook.outcomes[0])
    assert seen.sold[tops].sum() == pytest.approx(all_.sold[0])
    assert all_.sold[0] == pytest.approx(figures.total["actual"])
    for top in tops:
        below = region.dimension.children(top)
        assert seen.outlook.outcomes[below].sum(axis=0) == pytest.approx(seen.outlook.outcomes[top])


def test_the_range_goes_with_the_chance() -> None:
    """The middle is reached in half of the cases, P10 in nine of ten."""
    figures = samples.figures(by_row=True)
    seen = chances(figures).of_members(figures.dimensions[0], figures.whole)
    assert seen is not None
    low, middle, high = seen.ranges().T
    assert ((seen.sold < low) & (low < middle) & (middle < high)).all()
    assert seen.told(middle) == pytest.approx(0.5)
    assert seen.told(low) == pytest.approx(0.9)


def test_the_same_figures_give_the_same_chances() -> None:
    one, other = (of_plan(samples.figures(tree=True, by_row=True).dimensions[0]) for _ in range(2))
    assert (one == other).all()


def test_each_outlook_is_worked_out_once() -> None:
    """The whole and the regions have one; figures with another history have their own."""
    figures = samples.figures(by_row=True)
    one, again = (chances(figures).of_members(figures.dimensions[0], figures.whole) for _ in range(2))
    other = chances(_no_past(figures)).of_members(figures.dimensions[0], figures.whole)
    assert one is not None
    assert again is not None
    assert other is not None
    assert chances(figures) is chances(figures)
    assert (one.outlook.outcomes == again.outlook.outcomes).all()
    assert (one.outlook.outcomes != other.outlook.outcomes).any()


# --- what is blank ----------------------------------------------------------------------


def _no_past(figures: Figures) -> Figures:
    return replace(figures, history=None)


@pytest.mark.parametrize(
    ("figures", "known"),
    [
        pytest.param(lambda: samples.figures(by_row=True), True, id="past and actuals"),
        pytest.param(lambda: samples.figures(actuals=False), True, id="past alone, before the plan"),
        pytest.param(lambda: _no_past(samples.figures(by_row=True)), True, id="actuals of eight months alone"),
        pytest.param(lambda: _no_past(until(dt.date(2026, 1, 27))), False, id="actuals of 27 days"),
        pytest.param(lambda: _no_past(until(dt.date(2026, 1, 28))), True, id="actuals of 28 days"),
        pytest.param(lambda: _no_past(samples.figures(actuals=False)), False, id="nothing"),
        pytest.param(lambda: until(dt.date(2026, 12, 31)), False, id="as of the last day"),
        pytest.param(lambda: until(dt.date(2025, 12, 31)), True, id="as of the day before the first"),
        pytest.param(lambda: _stale(400), False, id="past that ends more than a year before"),
        pytest.param(lambda: _stale(300), True, id="past that ends in the year before"),
    ],
)
def test_what_is_not_known_is_blank(figures: Callable[[], Figures], known: bool) -> None:
    """The whole and the regions alike."""
    seen = figures()
    assert (chances(seen).of_whole(seen.whole) is not None) is known
    assert (chances(seen).of_members(seen.dimensions[0], seen.whole) is not None) is known


def _stale(days: int) -> Figures:
    """Past sales of a year that end so many days before the plan."""
    figures = samples.figures(actuals=False)
    end = np.datetime64(figures.frame.start) - days
    span = np.arange(end - 365, end)
    return replace(figures, history=History(span, np.full(365, MICROS), {"区域": np.zeros(365, np.int32)}))


def test_months_far_ahead_are_told() -> None:
    """Sales may be known until a year before the plan, whatever month of it is asked for."""
    figures = _stale(300)
    assert chances(figures).of_whole(figures.months[-1]) is not None


def test_a_dimension_that_no_sale_names_is_blank() -> None:
    """Past sales name regions only: before the plan products are blank."""
    figures = samples.figures(actuals=False)
    assert chances(figures).of_members(figures.dimensions[1], figures.whole) is None


def test_a_member_without_sales_is_blank_and_one_without_a_target_too() -> None:
    figures = _no_past(samples.figures(by_row=True))
    achieved, region = figures.achieved, figures.dimensions[0]
    assert achieved is not None
    records = achieved.records
    assert records is not None
    of_another = replace(records, codes={**records.codes, "区域": np.maximum(records.codes["区域"], 1)})
    plan, line = figures.breakdown.plan, figures.breakdown.timeline
    figures = replace(figures, achieved=Achieved.of(of_another, plan, line, achieved.as_of))
    seen = chances(figures).of_members(figures.dimensions[0], figures.whole)
    assert seen is not None
    targets = region.targets.sum(axis=1)
    targets[2] = 0
    assert np.isnan(seen.told(targets)).tolist() == [True, False, True, False, False]
    assert np.isnan(seen.ranges()[:, 0]).tolist() == [True, False, False, False, False]


# --- members that open and shut ----------------------------------------------------------


def _shuts(figures: Figures, position: int, closes: dt.date) -> Figures:
    """The figures, of a member that shuts on a day; its target stays."""
    breakdown = figures.breakdown
    part = breakdown.dimensions["区域"]
    members = list(part.dimension.members)
    members[position] = replace(members[position], closes=closes)
    shut = replace(part, dimension=Dimension("区域", tuple(members), part.dimension.parents, part.dimension.depths))
    split: Breakdown = replace(breakdown, dimensions={**breakdown.dimensions, "区域": shut})
    return replace(figures, breakdown=split)


def test_a_member_that_shuts_sells_no_more() -> None:
    """In October: it sells less than without; shut by now it is blank; the others sell as before."""
    figures = samples.figures(by_row=True)
    open_, later, by_now = (
        chances(one).of_members(one.dimensions[0], one.whole)
        for one in (figures, _shuts(figures, 0, dt.date(2026, 10, 31)), _shuts(figures, 0, dt.date(2026, 8, 1)))
    )
    assert open_ is not None
    assert later is not None
    assert by_now is not None
    ahead = [seen.ranges()[:, 1] - seen.sold for seen in (open_, later, by_now)]
    assert ahead[1][0] == pytest.approx(ahead[0][0] / 2, rel=0.1)
    assert np.isnan(ahead[2][0])
    assert ahead[2][1:] == pytest.approx(ahead[0][1:], rel=0.02)


def test_a_period_may_be_the_month_under_way() -> None:
    """What is sold by now is that of the month; months that are over have no prospect."""
    figures = until(dt.date(2026, 8, 20))
    month = figures.months[7]
    seen = chances(figures).of_members(figures.dimensions[0], month)
    assert seen is not None
    region = figures.dimensions[0]
    assert seen.sold == pytest.approx(region.actuals[:, 7])
    assert chances(figures).of_whole(figures.months[6]) is None
    later = chances(figures).of_whole(figures.months[9])
    assert later is not None
    assert later.sold.tolist() == [0.0]


@pytest.mark.parametrize(("regions", "stores", "told"), [(3, 1990, 1993), (3, 2100, 3), (2100, 0, 0)])
def test_of_too_many_members_the_upper_levels_are_told(regions: int, stores: int, told: int) -> None:
    """All of 1,993; of 2,103 the regions; of 2,100 regions none, but the whole."""
    names = [Member(f"r{n}") for n in range(regions)] + [Member(f"s{n}", "r0") for n in range(stores)]
    figures = samples.figures(actuals=False)
    part = replace(figures.breakdown.dimensions["区域"], dimension=samples.dimension("区域", names))
    count = len(names)
    part = replace(part, months=np.full((count, 12), 100))
    split = replace(figures.breakdown, dimensions={"区域": part})
    days = np.arange("2025-01-01", "2026-01-01", dtype="datetime64[D]")
    codes = np.arange(len(days), dtype=np.int32) % 3 + (regions if stores else 0)
    figures = replace(figures, breakdown=split, history=History(days, np.full(len(days), MICROS), {"区域": codes}))
    seen = chances(figures).of_members(figures.dimensions[0], figures.whole)
    assert seen is not None
    assert len(seen.known) == told
    assert len(seen.ranges()) == count
    assert chances(figures).of_whole(figures.whole) is not None
