"""指标: counts and amounts that close, rates with a weighted mean, progress the right way round; into a workbook."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.calc import recalculated
from tests.commands.books import Command, again_and_back, answer, cell_xml, opened, plan, type_in
from tests.models import cell_map
from tests.plan.sheets import samples
from xlsales.book.edits import CellEdits, Edits
from xlsales.book.publish import publish
from xlsales.core.faults import Problem, Refused
from xlsales.core.indicators import (
    IndicatorKind,
    MeanDiffers,
    NothingToShow,
    RateOutOfReach,
    leaves_up,
    measured,
    over_months,
    progress_of,
    shares,
    split_additive,
    split_rates,
)
from xlsales.core.period_text import PeriodOutsidePlan, UnreadablePeriod
from xlsales.core.periods import timeline
from xlsales.core.plan import Dimension, Lamps, Member, Plan, WeekRule
from xlsales.core.progress import progress
from xlsales.layout.model import Formula, SheetModel
from xlsales.ooxml.book import Book
from xlsales.plan.answers import RowLacks
from xlsales.plan.figures import Figures
from xlsales.plan.indicators import faults
from xlsales.plan.indicators.tables import T_INDICATOR_ACTUALS, T_INDICATORS
from xlsales.plan.sheets.indicators import INDICATORS, IndicatorView
from xlsales.plan.table_rows import LooksLikeTotal
from xlsales.plan.unknown_names import NoSuchDimension
from xlsales.plan.weights_apart import WeightsApart

NAN = math.nan
YEAR = Plan("计划", 100, 1, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
LINE = timeline(YEAR.start, YEAR.end)
THREE = samples.dimension("组", [Member(name) for name in "甲乙丙"])
TREE = samples.dimension(
    "人员",
    [Member("一组"), Member("甲", "一组"), Member("乙", "一组"), Member("二组"), Member("丙", "二组"), Member("丁")],
)


def split(total: int, dimension: Dimension, weights: Sequence[float], typed: Mapping[int, int] | None = None) -> Any:
    curve = np.array(samples.MONTH_WEIGHTS, dtype=float)
    return split_additive(YEAR, LINE, dimension, np.array(weights, float), typed or {}, over_months(total, curve))


# --- the rule ------------------------------------------------------------------


@pytest.mark.unit
def test_new_customers_by_three_two_two() -> None:
    """The golden figure: 100 by 3:2:2 are 43, 28 and 29, and months add up to each."""
    targets = split(100, THREE, [3, 2, 2])
    assert targets.months.sum(axis=1).tolist() == [43, 28, 29]
    assert targets.months.sum(axis=0).tolist() == targets.company.tolist()


@pytest.mark.unit
@given(st.integers(0, 5_000), st.lists(st.integers(1, 50), min_size=4, max_size=4))
def test_counts_close_in_every_direction(total: int, weights: list[int]) -> None:
    """Months, members and parents, in whole numbers, whatever the weights."""
    leaves = np.array([NAN, weights[0], weights[1], NAN, weights[2], weights[3]])
    targets = split(total, TREE, leaves_up(TREE, leaves).tolist())
    months = targets.months
    assert months.dtype == np.int64
    assert (months[0] == months[1] + months[2]).all()
    assert (months[3] == months[4]).all()
    assert (months[[0, 3, 5]].sum(axis=0) == targets.company).all()
    assert months[[0, 3, 5]].sum() == total
    assert not targets.unassigned.any()


@pytest.mark.unit
def test_a_typed_target_is_kept_and_the_others_share_the_rest() -> None:
    """甲 has 50 of 100; 乙 and 丙 share 50 by their weights."""
    assert split(100, THREE, [3, 3, 2], {0: 50}).months.sum(axis=1).tolist() == [50, 30, 20]
    all_typed = split(100, THREE, [0, 0, 0], {0: 50, 1: 30, 2: 15})
    assert all_typed.months.sum(axis=1).tolist() == [50, 30, 15]
    assert all_typed.unassigned.tolist() == [5]


@pytest.mark.unit
def test_the_whole_of_rates_is_their_weighted_mean() -> None:
    """The golden figure: 90 with weight 3 and 80 with weight 1 are 87.5, never 170."""
    two = samples.dimension("组", [Member("甲"), Member("乙")])
    assert split_rates(two, np.array([3.0, 1.0]), {0: 90, 1: 80}, None, 100).whole == 87.5


@pytest.mark.unit
@given(st.lists(st.integers(1, 9), min_size=4, max_size=4), st.floats(0.2, 0.9), st.floats(0.3, 0.6))
def test_the_mean_of_the_parts_is_the_whole(weights: list[int], whole: float, own: float) -> None:
    """At every level, whoever has a rate of their own."""
    leaves = np.array([NAN, weights[0], weights[1], NAN, weights[2], weights[3]])
    try:
        rates = split_rates(TREE, leaves_up(TREE, leaves), {1: own}, whole, 1)
    except RateOutOfReach:
        reject()
    part = shares(TREE, leaves_up(TREE, leaves))
    for counted in ([0, 3, 5], [1, 2, 4, 5]):
        assert part[counted].sum() == pytest.approx(1)
        assert rates.members[counted] @ part[counted] == pytest.approx(whole)
    assert rates.members[1] == own


@pytest.mark.unit
@pytest.mark.parametrize(
    ("typed", "whole", "kind"),
    [
        ({0: 0.1, 1: 0.1}, 0.9, RateOutOfReach),  # 丙 would have to reach 250 %
        ({0: 1.0, 1: 1.0}, 0.1, RateOutOfReach),  # … less than nothing
        ({0: 0.9, 1: 0.8, 2: 0.7}, 0.9, MeanDiffers),
        ({0: 0.9}, None, NothingToShow),
        ({}, None, NothingToShow),
    ],
)
def test_rates_that_no_member_can_reach(typed: Mapping[int, float], whole: float | None, kind: type) -> None:
    """What cannot be is said, not bent."""
    with pytest.raises(kind):
        split_rates(THREE, np.ones(3), typed, whole, 1.0)


@pytest.mark.unit
def test_actuals_of_rates_are_means_by_their_bases() -> None:
    """Two of four and nine of ten are 11 of 14, not 70 %; a month without any is blank."""
    two = samples.dimension("组", [Member("甲"), Member("乙")])
    nobody = np.full(2, NAN)
    one = measured(two, np.array([[2.0, NAN], [9.0, NAN]]), np.array([[4.0, NAN], [10.0, NAN]]), (nobody, nobody))
    assert one.whole == pytest.approx(11 / 14)
    assert one.months[:, 0].tolist() == [0.5, 0.9]
    assert np.isnan(one.whole_months[1])


@pytest.mark.unit
@pytest.mark.parametrize(
    ("target", "actual", "elapsed", "less", "cumulative", "attainment", "gap", "status"),
    [
        (4, 5, 1.0, True, True, 0.8, 1, "red"),  # the golden figure: 5 complaints of 4 allowed
        (4, 3, 0.5, True, True, 2 / 3, -1, "red"),  # 2 may be by now
        (4, 0, 0.5, True, True, math.inf, -4, "green"),  # none happened
        (0, 0, 1.0, True, True, 1.0, 0, "green"),  # as allowed
        (0, 1, 1.0, True, True, 0.0, 1, "red"),  # none is allowed
        (4, 2, 0.5, False, True, 0.5, 2, "green"),
        (0.9, 0.81, 0.5, False, False, 0.9, 0.09, "orange"),  # a rate is due in full at any time
        (0.02, 0.025, 0.5, True, False, 0.8, 0.005, "red"),  # of returns
        (4, NAN, 0.5, True, True, NAN, NAN, ""),
    ],
)
def test_progress_is_the_right_way_round(
    target: float,
    actual: float,
    elapsed: float,
    less: bool,
    cumulative: bool,
    attainment: float,
    gap: float,
    status: str,
) -> None:
    """More is better, or less; over time, or at any time."""
    plain = progress([target], [actual], time_progress=[elapsed], remaining_days=[10], lamps=Lamps())
    (line,) = progress_of(plain, YEAR, less_is_better=less, cumulative=cumulative).rows()
    assert line["attainment"] == pytest.approx(attainment, nan_ok=True)
    assert line["gap"] == pytest.approx(gap, nan_ok=True)
    assert line["status"] == status


# --- from the tables to the sheet --------------------------------------------------


def typed(
    rows: Sequence[Mapping[str, object]], actuals: Sequence[Mapping[str, object]] = (), figures: Figures | None = None
) -> Figures:
    """The figures of the sample plan with these rows in the two tables."""
    tables = {
        T_INDICATORS.name: samples.rows_of(T_INDICATORS, rows),
        T_INDICATOR_ACTUALS.name: samples.rows_of(T_INDICATOR_ACTUALS, actuals),
    }
    return replace(figures or samples.figures(), table_rows=tables)


def views(*arguments: Any, **more: Any) -> tuple[list[IndicatorView], list[Problem]]:
    """The indicators that can be shown, and what is wrong with the others."""
    shown: list[IndicatorView] = []
    try:
        for view in INDICATORS.views(typed(*arguments, **more)):
            shown.append(view)
    except Refused as refused:
        return shown, refused.problems
    return shown, []


def one_model(*arguments: Any, **more: Any) -> SheetModel:
    """The sheet of the only indicator."""
    (view,), problems = views(*arguments, **more)
    assert problems == []
    return INDICATORS.model(view)


COUNT = {"indicator": "新增客户数", "kind": "count", "target": 100.0}
RATE = {"indicator": "回款率", "kind": "rate", "target": 0.95}
SCORE = {"indicator": "满意度", "kind": "score", "split": "own"}


@pytest.mark.unit
def test_a_count_goes_down_the_plan_s_tree_and_months() -> None:
    """By the plan's weights, with the plan's months; the proofs close."""
    figures = samples.figures(tree=True)
    cells = cell_map(one_model([COUNT], figures=figures))
    assert cells["total", "target"] == 100
    assert sum(float(cells[f"m:{name}", "target"]) for name in samples.REGIONS) == 100  # type: ignore[arg-type]
    assert cells["m:华东", "target"] == 30
    shares_of_months = [float(cells["total", f"t:{month.key}"]) for month in figures.months]  # type: ignore[arg-type]
    assert shares_of_months == over_months(100, figures.breakdown.months.astype(float)).tolist()
    proofs = [value for value in cells.values() if isinstance(value, Formula)]
    assert len(proofs) > 50
    assert {proof.result for proof in proofs} == {0.0}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "targets"),
    [
        ([COUNT | {"split": "equal"}], [20, 20, 20, 20, 20]),
        ([COUNT | {"split": "own"}, *({"indicator": "新增客户数", "member": name, "weight": w}
                                      for name, w in zip(samples.REGIONS, (3.0, 2.0, 2.0, 0.0, 0.0), strict=True))],
         [43, 28, 29, 0, 0]),
        ([COUNT, {"indicator": " 新增客户数", "member": "东北", "target": 60.0}], [60, 9, 14, 12, 5]),
        ([COUNT | {"months": "each"}], [180, 240, 360, 300, 120]),
        ([COUNT | {"kind": "amount"}], [150_000, 200_000, 300_000, 250_000, 100_000]),
        ([{"indicator": "新增客户数", "kind": "count", "member": name, "target": 7.0} for name in samples.REGIONS],
         [7] * 5),
    ],
    ids=["equal", "own weights", "one typed", "each month", "amount in 万元", "all typed"],
)  # fmt: skip
def test_how_a_target_is_shared(rows: Sequence[Mapping[str, object]], targets: list[float]) -> None:
    """By the plan, equally, by own weights, with targets of one's own; of the year or of each month."""
    cells = cell_map(one_model(rows))
    assert [cells[f"m:{name}", "target"] for name in samples.REGIONS] == targets
    assert cells["total", "target"] == sum(targets)


@pytest.mark.unit
def test_scores_have_a_weighted_mean_in_the_sheet_and_its_proof() -> None:
    """Never a sum."""
    own = zip(samples.REGIONS, (90.0, 80.0, 80.0, 80.0, 80.0), (12.0, 1.0, 1.0, 1.0, 1.0), strict=True)
    rows = [SCORE, *({"indicator": "满意度", "member": name, "target": score, "weight": w} for name, score, w in own)]
    model = one_model(rows)
    cells = cell_map(model)
    assert cells["total", "target"] == 87.5
    proof = cells["proof:1", "target"]
    assert isinstance(proof, Formula)
    assert proof.text.startswith("=ROUND(SUMPRODUCT(")
    assert proof.result == 0.0
    assert "不相加" in model.subline


@pytest.mark.unit
def test_typed_actuals_of_months_weeks_and_days_make_progress() -> None:
    """A week in two months is shared by its days, in whole numbers; the rest of nobody is a line of its own."""
    actuals = [
        {"indicator": "新增客户数", "member": "东北", "period": "2026-01", "value": 5.0},
        {"indicator": "新增客户数", "member": "东北", "period": "2026-02-03", "value": 2.0},
        {"indicator": "新增客户数", "member": "华北", "period": "2026-03-31", "value": 1.0},
        {"indicator": "新增客户数", "period": "2026-01", "value": 4.0},
    ]
    cells = cell_map(one_model([COUNT], actuals))
    assert [cells["m:东北", column] for column in ("a:2026-01", "a:2026-02", "a:2026-03", "actual")] == [5, 2, None, 7]
    assert cells["total", "actual"] == 12
    assert cells["unassigned:1", "actual"] == 4
    assert cells["m:华东", "actual"] is None
    assert {value.result for value in cells.values() if isinstance(value, Formula)} == {0.0}


@pytest.mark.unit
def test_a_week_in_two_months_is_shared_by_its_days() -> None:
    """Ten customers of 26 January to 1 February: nine and one; the person is told."""
    figures = samples.figures()
    line = timeline(YEAR.start, YEAR.end, week_rule=WeekRule.ISO)
    figures = replace(figures, breakdown=replace(figures.breakdown, timeline=line))
    actuals = [{"indicator": "新增客户数", "member": "东北", "period": "2026-W05", "value": 10.0}]
    (view,), _ = views([COUNT], actuals, figures=figures)
    assert view.month_actuals[0, :2].tolist() == [9, 1]
    assert [type(problem.fault) for problem in view.problems] == [faults.CutWeek]


@pytest.mark.unit
def test_actuals_of_rates_by_weight_or_by_base() -> None:
    """Without bases the plan's weights count, with bases these."""
    actuals = [
        {"indicator": "回款率", "member": name, "period": "2026-01", "value": value}
        for name, value in (("东北", 0.9), ("华北", 0.8))
    ]
    cells = cell_map(one_model([RATE], actuals))
    assert cells["total", "actual"] == pytest.approx((0.9 * 150 + 0.8 * 200) / 350)
    with_bases = [row | {"base": base} for row, base in zip(actuals, (10.0, 30.0), strict=True)]
    cells = cell_map(one_model([RATE], with_bases))
    assert cells["total", "actual"] == pytest.approx((0.9 * 10 + 0.8 * 30) / 40)


MEMBER = {"indicator": "新增客户数", "member": "东北"}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "fault", "place"),
    [
        ([{"target": 5.0}], RowLacks, "指标!B5"),
        ([COUNT | {"kind": None}], RowLacks, "指标!E5"),
        ([COUNT | {"target": None}], faults.NoTarget, "指标!I5"),
        ([COUNT | {"dimension": "门店"}], NoSuchDimension, "指标!C5"),
        ([COUNT, MEMBER | {"member": "华冬", "target": 1.0}], faults.NoSuchMember, "指标!D6"),
        ([COUNT, COUNT], faults.SameRow, "指标!D6"),
        ([COUNT, MEMBER | {"kind": "rate", "target": 1.0}], faults.SaidTwice, "指标!E6"),
        ([COUNT | {"target": 2.5}], faults.NotInOwnSteps, "指标!I5"),
        ([COUNT | {"kind": "amount", "target": 0.00001}], faults.NotInOwnSteps, "指标!I5"),
        ([COUNT, MEMBER | {"target": 101.0}], faults.MembersAbove, "指标!I5"),
        ([COUNT | {"split": "own"}, MEMBER | {"weight": 1.0}], faults.WeightsMissing, "指标!L5"),
        ([COUNT | {"split": "own"}, *({"indicator": "新增客户数", "member": name, "weight": 0.0}
                                      for name in samples.REGIONS)], faults.CannotClose, "指标!I5"),
        ([COUNT, MEMBER | {"weight": 1.0}], faults.WeightUnused, "指标!L6"),
        ([RATE | {"target": 95.0}], faults.AboveWhole, "指标!I5"),
        ([RATE | {"target": 1.2}], faults.AboveMost, "指标!I5"),
        ([RATE | {"target": 120.0}], faults.AboveMost, "指标!I5"),
        ([COUNT, MEMBER | {"member": "合计", "target": 1.0}], LooksLikeTotal, "指标!D6"),
        ([SCORE | {"split": None, "target": 101.0}], faults.AboveFullScore, "指标!I5"),
        ([RATE, *({"indicator": "回款率", "member": name, "target": 0.1} for name in ("东北", "华东"))], RateOutOfReach,
         "指标!I5"),
    ],
)  # fmt: skip
def test_what_is_typed_wrongly_is_told_at_its_cell(
    rows: Sequence[Mapping[str, object]], fault: type, place: str
) -> None:
    """One sentence in both languages: where, what, what to do."""
    shown, (problem,) = views(rows)
    assert shown == []
    assert isinstance(problem.fault, fault)
    assert str(problem.place) == place
    for sentence in (problem.fault.say("zh"), problem.fault.say("en")):
        assert "{" not in sentence


@pytest.mark.unit
def test_a_plan_without_dimensions_has_no_members_to_split_over() -> None:
    """One sentence, not an empty list of names."""
    figures = samples.figures()
    figures = replace(figures, breakdown=replace(figures.breakdown, dimensions={}))
    shown, (problem,) = views([COUNT], figures=figures)
    assert shown == []
    assert isinstance(problem.fault, faults.NoDimension)


@pytest.mark.unit
def test_a_member_has_nothing_before_it_opens() -> None:
    """The others have its share until then, and everything closes."""
    two = samples.dimension("组", [Member("甲"), Member("乙", opens=dt.date(2026, 7, 1))])
    months = split(1200, two, [1, 1]).months
    assert months[1, :6].tolist() == [0] * 6
    assert (months[1, 6:] > 0).all()
    assert months.sum() == 1200


@pytest.mark.unit
def test_a_slip_in_one_indicator_leaves_the_others() -> None:
    """The sheet of the other one is written all the same."""
    shown, (problem,) = views([COUNT, RATE | {"target": 95.0}])
    assert [view.name for view in shown] == ["新增客户数"]
    assert isinstance(problem.fault, faults.AboveWhole)


@pytest.mark.unit
def test_more_than_all_may_be_collected() -> None:
    """Old debts are paid too: an actual rate of 102% counts, one of 92 is a slip."""
    _, problems = views([RATE], [ACTUAL | {"indicator": "回款率", "value": 1.02}])
    assert not [one for one in problems if isinstance(one.fault, faults.AboveWhole)]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("target", "full", "points"), [(1.2, "200", "120"), (120.0, "200", "120"), (2.0, "200", "200")]
)
def test_a_rate_above_all_may_be_a_score(target: float, full: str, points: str) -> None:
    """The remedy of the sentence works: a score up to so many points."""
    _, (problem,) = views([RATE | {"target": target}])
    assert f"“满分”填 {full},目标和实际都写成 {points} 这样" in problem.fault.say("zh")
    row = RATE | {"kind": "score", "most": float(full), "target": float(points)}
    assert cell_map(one_model([row]))["total", "target"] == float(points)


ACTUAL = {"indicator": "新增客户数", "member": "东北", "period": "2026-01", "value": 5.0}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "actuals", "fault", "place"),
    [
        ([COUNT], [ACTUAL | {"value": None}], RowLacks, "指标实际!E5"),
        ([COUNT], [ACTUAL | {"period": None}], RowLacks, "指标实际!D5"),
        ([COUNT], [ACTUAL | {"indicator": "新客"}], faults.NoSuchIndicator, "指标实际!B5"),
        ([COUNT], [ACTUAL | {"period": "2026Q1"}], faults.NameTooLong, "指标实际!D5"),
        ([COUNT], [ACTUAL | {"period": "2027-01"}], PeriodOutsidePlan, "指标实际!D5"),
        ([COUNT], [ACTUAL | {"period": "上旬"}], UnreadablePeriod, "指标实际!D5"),
        ([COUNT], [ACTUAL | {"member": "华冬"}], faults.NoSuchMember, "指标实际!C5"),
        ([COUNT], [ACTUAL, ACTUAL], faults.Overlaps, "指标实际!D6"),
        ([COUNT], [ACTUAL, ACTUAL | {"period": "2026-01-05"}], faults.Overlaps, "指标实际!D6"),
        ([COUNT], [ACTUAL | {"period": "2026-10"}], faults.AfterToday, "指标实际!D5"),
        ([COUNT], [ACTUAL | {"member": "合计"}], LooksLikeTotal, "指标实际!C5"),
        ([RATE], [ACTUAL | {"indicator": "回款率", "value": 92.0}], faults.AboveWhole, "指标实际!E5"),
        ([RATE], [ACTUAL | {"indicator": "回款率", "value": 9.5}], faults.AboveWhole, "指标实际!E5"),
        ([RATE], [ACTUAL | {"indicator": "回款率", "value": 950.0}], faults.AboveMost, "指标实际!E5"),
        ([RATE], [ACTUAL | {"indicator": "回款率", "value": 0.9, "base": 0.0}], faults.BaseOfNothing, "指标实际!F5"),
        ([RATE], [ACTUAL | {"indicator": "回款率", "value": 0.9, "base": 9.0},
                  ACTUAL | {"indicator": "回款率", "value": 0.9, "member": "华东"}], faults.BaseMissing, "指标实际!F6"),
        ([COUNT], [ACTUAL | {"value": -3.0}], faults.BelowNothing, "指标实际!E5"),
        ([COUNT], [ACTUAL | {"value": 7.5}], faults.NotWhole, "指标实际!E5"),
        ([COUNT | {"step": 10.0}], [ACTUAL | {"value": 7.5}], faults.NotWhole, "指标实际!E5"),
        ([SCORE | {"split": None, "target": 90.0}], [ACTUAL | {"indicator": "满意度", "value": -1.0}],
         faults.BelowNothing, "指标实际!E5"),
        ([COUNT], [], faults.NothingTyped, "指标!B5"),
        ([COUNT | {"target": 0.0}], [ACTUAL], faults.TargetOfNothing, "指标!I5"),
    ],
)  # fmt: skip
def test_actuals_that_do_not_count_are_told_at_their_cell(
    rows: Sequence[Mapping[str, object]], actuals: Sequence[Mapping[str, object]], fault: type, place: str
) -> None:
    """The sheet is written all the same, with what counts."""
    (view,), refused = views(rows, actuals)
    (problem,) = [*refused, *view.problems]
    assert isinstance(problem.fault, fault)
    assert str(problem.place) == place
    for sentence in (problem.fault.say("zh"), problem.fault.say("en")):
        assert "{" not in sentence


@pytest.mark.unit
@pytest.mark.parametrize(
    ("row", "value"),
    [
        (COUNT | {"step": 0.5}, 7.25),
        (COUNT | {"step": 10.0}, 7.0),  # the step is of targets
        (COUNT, 0.0),
        (COUNT | {"kind": "amount"}, -3.0),  # returns
        (COUNT | {"kind": "amount"}, 7.55),
        (RATE | {"indicator": "新增客户数"}, -0.05),  # a margin
    ],
)
def test_actuals_that_may_be(row: Mapping[str, object], value: float) -> None:
    """Nothing is said against them, and they count."""
    (view,), _ = views([row], [ACTUAL | {"value": value}])
    assert view.problems == ()
    assert view.month_actuals[0, 0] == pytest.approx(value * view.indicator.per)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("weights", "place"),
    [
        ([0.3, 40.0, 15.0, 20.0, 20.0], "指标!L6"),
        ([30.0, 40.0, 15.0, 20.0, 200_000.0], "指标!L10"),
        ([0.3, 0.4, 0.1, 0.1, 0.1], None),
        ([30.0, 0.0, 15.0, 20.0, 20.0], None),  # one that takes no part
    ],
)
def test_own_weights_of_two_sizes_are_told(weights: list[float], place: str | None) -> None:
    """30% beside 40 gives its member nothing; the sheet is written all the same."""
    rows = [
        {"indicator": "新增客户数", "member": name, "weight": w}
        for name, w in zip(samples.REGIONS, weights, strict=True)
    ]
    (view,), _ = views([COUNT | {"split": "own"}, *rows])
    places = [str(problem.place) for problem in view.problems if isinstance(problem.fault, WeightsApart)]
    assert places == ([place] if place else [])


@pytest.mark.unit
def test_a_base_of_nothing_costs_its_row_alone() -> None:
    """The other rows have no base and need none."""
    rates = [
        ACTUAL | {"indicator": "回款率", "value": 0.9},
        ACTUAL | {"indicator": "回款率", "member": "华东", "value": 0.8},
    ]
    (view,), _ = views([RATE], [*rates, rates[0] | {"member": "华北", "base": 0.0}])
    assert [type(problem.fault) for problem in view.problems] == [faults.BaseOfNothing]
    assert view.month_actuals[[0, 1, 2], 0].tolist() == pytest.approx([0.9, NAN, 0.8], nan_ok=True)


@pytest.mark.unit
@pytest.mark.parametrize(("actual", "attainment", "status"), [(0.0, 1.0, "绿"), (2.0, 0.0, "红"), (None, None, None)])
def test_nothing_allowed_is_reached_by_nothing(
    actual: float | None, attainment: float | None, status: str | None
) -> None:
    """Accidents: none is allowed, so one is red, and none is green."""
    actuals = [ACTUAL | {"member": name, "value": actual} for name in samples.REGIONS if actual is not None]
    cells = cell_map(one_model([COUNT | {"target": 0.0, "better": "less"}], actuals))
    for row in ("total", "m:东北"):
        assert [cells.get((row, key)) for key in ("attainment", "status")] == [attainment, status]


COMPLAINTS = {
    "indicator": "投诉",
    "kind": "count",
    "better": "less",
    "target": 10.0,
    "months": "each",
    "split": "equal",
}
"""Two a month for each of the five regions; the as-of date is the last of August."""


def complaints(*rows: tuple[str | None, int, float]) -> list[dict[str, object]]:
    """Actuals of regions by the number of the month."""
    return [
        {"indicator": "投诉", "member": name, "period": f"2026-{month:02}", "value": value}
        for name, month, value in rows
    ]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("actuals", "due", "attainment", "status", "told"),
    [
        # two regions in two months: 8 may be, 8 are; of all blanks as zeros it would be 80 ÷ 8
        (complaints(*((name, month, 2.0) for name in ("东北", "华北") for month in (4, 5))), 8, 1.0, "green", True),
        (complaints(("东北", 4, 4.0)), 2, 0.5, "red", True),
        (complaints(*((name, month, 1.0) for name in samples.REGIONS for month in range(1, 9))),
         80, 2.0, "green", False),
        # a zero is an actual
        (complaints(*((name, month, 1.0 if month == 1 else 0.0) for name in samples.REGIONS for month in range(1, 9))),
         80, 16.0, "green", False),
        # one of nobody is of the whole
        (complaints(*((None, month, 20.0) for month in range(1, 9))), 80, 0.5, "red", False),
        (complaints((None, 4, 10.0), ("东北", 5, 2.0)), 12, 1.0, "green", True),
    ],
)  # fmt: skip
def test_blanks_of_what_should_be_little_are_no_zeros(
    actuals: Sequence[Mapping[str, object]], due: float, attainment: float, status: str, told: bool
) -> None:
    """The target is compared over the members and months that have actuals, and it is said."""
    (view,), _ = views([COMPLAINTS], actuals)
    line = view.lines[-1]
    assert line["target_to_date"] == pytest.approx(due)
    assert line["attainment"] == pytest.approx(attainment)
    assert line["status"] == status
    assert line["target"] == 120
    assert [type(problem.fault) for problem in view.problems] == ([faults.NotReported] if told else [])
    assert ("合计只算填了实际的成员和月份" in INDICATORS.model(view).subline) == told
    for problem in view.problems:
        assert "{" not in problem.fault.say("zh") + problem.fault.say("en")


@pytest.mark.unit
def test_a_month_that_some_report_is_compared_with_what_they_may_have() -> None:
    """In the map by months, of a parent and the whole; members without actuals stay blank."""
    figures = samples.figures(tree=True)
    (view,), _ = views(
        [COMPLAINTS | {"target": 310.0}], complaints(("上海", 4, 20.0), ("江苏", 4, 5.0)), figures=figures
    )
    cells = cell_map(INDICATORS.model(view))
    may = sum(float(cells[f"m:{name}", "t:2026-04"]) for name in ("上海", "江苏"))  # type: ignore[arg-type]
    for row in ("total", "m:华东"):
        assert cells[row, "r:2026-04"] == pytest.approx(may / 25)
        assert cells[row, "r:2026-05"] is None
    assert cells["m:北京", "attainment"] is None
    assert cells["m:华北", "attainment"] is None


@pytest.mark.unit
def test_a_parent_takes_no_actuals() -> None:
    """They would count twice."""
    actuals = [ACTUAL | {"member": "华东"}]
    (view,), _ = views([COUNT], actuals, figures=samples.figures(tree=True))
    assert [type(problem.fault) for problem in view.problems] == [faults.NotLowest]


@pytest.mark.unit
def test_what_nobody_takes_is_a_line_and_a_sentence() -> None:
    """Every member has a target, and 5 are left."""
    rows = [COUNT, *({"indicator": "新增客户数", "member": name, "target": 19.0} for name in samples.REGIONS)]
    (view,), _ = views(rows)
    assert [type(problem.fault) for problem in view.problems] == [faults.NotAllTaken, faults.NothingTyped]
    cells = cell_map(INDICATORS.model(view))
    assert cells["unassigned:1", "target"] == 5
    assert {value.result for value in cells.values() if isinstance(value, Formula)} == {0.0}


@pytest.mark.unit
def test_a_kind_says_how_it_is_shown() -> None:
    """Counts are whole, rates are percentages, amounts in the plan's unit; each with its own unit above it."""
    shown, _ = views([COUNT | {"unit": "人"}, RATE, SCORE | {"split": None, "target": 90.0, "unit": "分"},
                      COUNT | {"indicator": "毛利", "kind": "amount"}])  # fmt: skip
    models = [INDICATORS.model(view) for view in shown]
    assert [view.indicator.kind for view in shown] == [
        IndicatorKind.COUNT, IndicatorKind.RATE, IndicatorKind.SCORE, IndicatorKind.AMOUNT,
    ]  # fmt: skip
    assert [model.money for model in models] == ["#,##0", "0.0%", "0.0", samples.frame().money]
    assert ["单位:人" in model.subline for model in models] == [True, False, False, False]
    assert "单位" not in models[1].subline
    assert [model.title for model in models] == ["指标 新增客户数", "指标 回款率", "指标 满意度", "指标 毛利"]


# --- in a workbook -----------------------------------------------------------------


def fill(path: Path, table: Any, lang: str, rows: Sequence[Mapping[str, float | str]]) -> None:
    """Type rows into a table, from its first row on."""
    book = Book.open(path)
    keys = [column.key for column in table.columns]
    cells = {(5 + n, 2 + keys.index(key)): value for n, row in enumerate(rows) for key, value in row.items()}
    publish(book, Edits((CellEdits(table.label[lang], cells),)), "zh")
    book.package.save(path)


def spoil(path: Path, title: str, address: str, value: str | float) -> None:
    """Type a value over a cell, or let it be the error that the value names."""
    if isinstance(value, str) and value.startswith("#"):
        cell_xml(path, title, address, f'<c r="{address}" t="e"><v>{value}</v></c>')
    else:
        type_in(path, title, address, value)


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_indicators_are_added_filled_split_and_taken_back(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """As a person does it: add the tables, type over the examples, split, look, run again, undo."""
    path = plan(tmp_path / "plan.xlsx", lang=lang)
    added = xlsales("add", path, "指标")
    assert added.code == 0
    assert all(table.label[lang] in added.out for table in INDICATORS.tables)  # type: ignore[index]
    assert xlsales("split", path).code == 0
    assert not [title for title in opened(path).book.defined_names if title.startswith("xs_out_ind")]
    fill(path, T_INDICATORS, lang, [{"note": ""}, {"note": ""}])
    name = T_INDICATORS.columns[0].offered[2][lang]  # type: ignore[index]
    fill(path, T_INDICATOR_ACTUALS, lang, [{"indicator": name, "member": "华东", "period": "2026-01", "value": 40.0}])
    before = path.read_bytes()
    ran = xlsales("split", path)
    assert ran.code == 0, ran.err
    book = opened(path)
    customers = book.sheet(f"indicators:{name}")
    assert customers.value("total", "target") == 1200
    assert sum(customers.down("target", "m:.*")) == 1200
    assert customers.value("m:华东", "actual") == 40
    assert customers.value("proof:1", "target") == 0
    again_and_back(xlsales, path, before)


@pytest.mark.package
def test_an_indicator_that_is_gone_is_told_of(xlsales: Command, tmp_path: Path) -> None:
    """Its sheet stays as it was, and nobody takes it for today's."""
    path = plan(tmp_path / "plan.xlsx")
    xlsales("add", path, "指标")
    fill(path, T_INDICATORS, "zh", [{"note": ""}, {"note": ""}])
    assert xlsales("split", path).code == 0
    fill(path, T_INDICATORS, "zh", [{}, {"indicator": "留档数"}])
    ran = xlsales("split", path)
    assert ran.code == 1
    assert "指标 客户满意度: 这张表这次没有更新" in ran.out
    assert "指标 留档数" in opened(path).titles


@pytest.mark.package
@pytest.mark.parametrize("months", ["按计划", "每月都是"])
def test_closed_months_keep_their_targets(xlsales: Command, tmp_path: Path, months: str) -> None:
    """A new target goes to the months that are open, and all sums still close."""
    path = plan(tmp_path / "plan.xlsx")
    xlsales("add", path, "指标")
    fill(path, T_INDICATORS, "zh", [{"note": "", "target": 120.0, "months": months}])
    xlsales("split", path)
    answer(path, "closed_through", dt.date(2026, 3, 31))
    before = opened(path).sheet("indicators:新增客户数")
    fill(path, T_INDICATORS, "zh", [{"target": 210.0}])
    ran = xlsales("split", path, "--rewrite")
    assert ran.code == 0, ran.out
    after = opened(path).sheet("indicators:新增客户数")
    for row in ("total", *(f"m:{name}" for name in samples.REGIONS)):
        assert after.along(row, "t:")[:3] == before.along(row, "t:")[:3]
        assert sum(after.along(row, "t:")) == after.value(row, "target")
    assert after.along("total", "t:")[3:] == ([20] * 9 if months == "按计划" else [210] * 9)
    assert sum(after.down("target", "m:.*")) == after.value("total", "target")
    fill(path, T_INDICATORS, "zh", [{"target": 20.0, "months": "按计划"}])
    ran = xlsales("split", path, "--rewrite")
    assert ran.code == 1
    assert "已关账的月份合计" in ran.out


@pytest.mark.package
@pytest.mark.parametrize("cell", ["很多", "#DIV/0!"])
def test_text_and_errors_are_told_at_their_cell(xlsales: Command, tmp_path: Path, cell: str) -> None:
    """A target that is no number."""
    path = plan(tmp_path / "plan.xlsx")
    xlsales("add", path, "指标")
    fill(path, T_INDICATORS, "zh", [{"note": "", "target": cell}])
    ran = xlsales("split", path)
    assert ran.code == 1
    assert "指标!I5" in ran.out


@pytest.mark.package
@pytest.mark.parametrize(
    ("settings", "unit", "cell", "full"),
    [
        ({"unit": "wan"}, "", 50.0, 500_000),
        ({"unit": "wan"}, "", "50", 500_000),
        ({"unit": "wan"}, "", "50万元", 500_000),
        ({"unit": "wan"}, "", "５０ 万", 500_000),
        ({"unit": "wan"}, "", "500,000元", 500_000),
        ({"unit": "wan"}, "万元", 50.0, 500_000),
        ({"unit": "wan"}, "元", 500_000.0, 500_000),
        ({"unit": "wan"}, "元", "50万", 500_000),
        ({"unit": "wan"}, "人民币千元", 500.0, 500_000),
        ({"unit": "yuan", "total": 10_000_000}, "万", 50.0, 500_000),
        ({"unit": "thousand", "currency": "USD"}, "", "500,000美元", 500_000),
        ({"unit": "thousand", "currency": "USD"}, "美元", 500_000.0, 500_000),
        ({"unit": "piece", "step": 1}, "元", "50万", 500_000),
        ({"unit": "piece", "step": 1}, "件", 500.0, 500),
    ],
)
def test_an_amount_is_in_the_unit_that_is_said(
    xlsales: Command, tmp_path: Path, settings: Mapping[str, object], unit: str, cell: float | str, full: float
) -> None:
    """By its own text, else by the indicator's unit, else by the plan's; actuals like targets."""
    path = plan(tmp_path / "plan.xlsx", **settings)
    xlsales("add", path, "指标")
    fill(path, T_INDICATORS, "zh", [{"note": "", "kind": "金额", "unit": unit, "target": cell}])
    fill(path, T_INDICATOR_ACTUALS, "zh", [ACTUAL | {"value": cell}])
    assert xlsales("split", path).code == 0
    profit = opened(path).sheet("indicators:新增客户数")
    assert [profit.value("total", key) for key in ("target", "actual")] == [full, full]


@pytest.mark.package
@pytest.mark.parametrize(
    ("row", "actual", "told"),
    [
        ({"kind": "金额", "unit": "人"}, 5.0, "指标!F5"),
        ({"kind": "金额", "unit": "美元"}, 5.0, "指标!F5"),
        ({"kind": "金额", "unit": "", "target": "50%"}, 5.0, "指标!I5"),
        ({"target": "50%"}, 5.0, "指标!I5"),
        ({"kind": "定性", "target": "85%"}, 85.0, "指标!I5"),
        ({}, "50％", "指标实际!E5"),
        ({"kind": "金额", "unit": ""}, "50%", "指标实际!E5"),
        ({"kind": "定性", "target": 90.0}, "85%", "指标实际!E5"),
    ],
)
def test_no_other_unit_and_no_percentage_is_taken_in_silence(
    xlsales: Command, tmp_path: Path, row: Mapping[str, float | str], actual: float | str, told: str
) -> None:
    """A score of 85% is not 0.85 of 100 points."""
    path = plan(tmp_path / "plan.xlsx")
    xlsales("add", path, "指标")
    fill(path, T_INDICATORS, "zh", [{"note": "", **row}])
    fill(path, T_INDICATOR_ACTUALS, "zh", [ACTUAL | {"value": actual}])
    ran = xlsales("split", path)
    assert ran.code == 1
    assert told in ran.out


@pytest.mark.package
@pytest.mark.parametrize(
    ("key", "cell"),
    [
        ("value", "x"),
        ("value", "#DIV/0!"),
        ("period", "#REF!"),
        ("member", "#N/A"),
        ("indicator", "#REF!"),
        ("base", -1.0),
    ],
)
def test_an_unreadable_actual_sets_aside_its_row_alone(
    xlsales: Command, tmp_path: Path, key: str, cell: str | float
) -> None:
    """It is told at its cell; the other rows count, the sums close, and nothing untrue is said."""
    path = plan(tmp_path / "plan.xlsx")
    xlsales("add", path, "指标")
    fill(path, T_INDICATORS, "zh", [{"note": ""}, {"note": ""}])
    actuals = [ACTUAL, ACTUAL | {"member": "华东", "value": 7.0}, ACTUAL | {"indicator": "客户满意度", "value": 80.0}]
    fill(path, T_INDICATOR_ACTUALS, "zh", [ACTUAL | {"member": "华北"}, *actuals])
    column = "BCDEF"[[column.key for column in T_INDICATOR_ACTUALS.columns].index(key)]
    spoil(path, "指标实际", f"{column}5", cell)
    ran = xlsales("split", path)
    assert ran.code == 1
    assert f"指标实际!{column}5" in ran.out
    assert not [said for said in ("还没有实际", "没有更新") if said in ran.out]
    customers = opened(path).sheet("indicators:新增客户数")
    assert [customers.value(row, "actual") for row in ("total", "m:东北", "m:华东", "m:华北")] == [12, 5, 7, None]
    assert customers.value("proof:1", "actual") == 0
    assert opened(path).sheet("indicators:客户满意度").value("m:东北", "actual") == 80


@pytest.mark.package
@pytest.mark.parametrize(
    ("key", "cell"),
    [("target", "很多"), ("kind", "件"), ("step", "#DIV/0!"), ("member", "#N/A"), ("indicator", "#REF!")],
)
def test_an_unreadable_indicator_leaves_the_others(xlsales: Command, tmp_path: Path, key: str, cell: str) -> None:
    """Its own sheet stays as it was, the others are written, and no actual is called unknown."""
    path = plan(tmp_path / "plan.xlsx")
    xlsales("add", path, "指标")
    fill(path, T_INDICATORS, "zh", [{"note": ""}, {"note": ""}, {"note": ""}])
    fill(path, T_INDICATOR_ACTUALS, "zh", [ACTUAL, ACTUAL | {"indicator": "投诉数"}])
    assert xlsales("split", path).code == 0
    fill(path, T_INDICATORS, "zh", [{"target": 2400.0}])
    column = "BCDEFGHI"[[column.key for column in T_INDICATORS.columns].index(key)]
    spoil(path, "指标", f"{column}7", cell)
    ran = xlsales("split", path)
    assert ran.code == 1
    told = [line for line in ran.out.splitlines() if "指标" in line and "!" in line]
    assert [f"指标!{column}7" in line for line in told] == [True]
    assert "指标 投诉数: 这张表这次没有更新" in ran.out
    assert "表里没有" not in ran.out
    assert opened(path).sheet("indicators:新增客户数").value("total", "target") == 2400
    assert opened(path).sheet("indicators:投诉数").value("total", "target") == 24


@pytest.mark.package
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda rate: float(f"{rate:.15g}"), False),  # as LibreOffice keeps it
        (lambda rate: math.nextafter(rate, 1), False),  # as other weights give it
        (lambda rate: math.nextafter(math.nextafter(rate, 0), 0), False),
        (lambda rate: rate - 0.0001, True),
        (lambda _: 0.9, True),
    ],
)
def test_the_last_digit_of_a_rate_is_no_change_by_hand(
    xlsales: Command, tmp_path: Path, change: Callable[[float], float], told: bool
) -> None:
    """Only what a person types is."""
    path = plan(tmp_path / "plan.xlsx")
    xlsales("add", path, "指标")
    rows = [
        {"note": "", **RATE},
        {"indicator": "回款率", "member": "东北", "target": 0.98, "kind": "", "unit": "", "note": ""},
    ]
    fill(path, T_INDICATORS, "zh", rows)
    assert xlsales("split", path).code == 0
    rates = opened(path).sheet("indicators:回款率")
    cell, rate = rates.cell("m:华北", "t:2026-05").coordinate, float(rates.value("m:华北", "t:2026-05"))
    assert repr(rate) != f"{rate:.6g}"
    type_in(path, "指标 回款率", cell, change(rate))
    ran = xlsales("split", path)
    assert ("手工改过" in ran.out) == told
    if told:  # the sentence goes from the sheet of problems
        assert xlsales("split", path).code == 0
    written = path.read_bytes()
    again = xlsales("split", path)
    assert again.code == 0, again.out
    assert path.read_bytes() == written


@pytest.mark.package
@pytest.mark.parametrize("days", [1, 10])
def test_a_plan_of_a_day_has_its_indicators(xlsales: Command, tmp_path: Path, days: int) -> None:
    """One month, one column; the whole is that day's."""
    start = dt.date(2026, 5, 1)
    path = plan(tmp_path / "plan.xlsx", start=start, end=start + dt.timedelta(days - 1))
    xlsales("add", path, "指标")
    fill(path, T_INDICATORS, "zh", [{"note": "", "target": 100.0}])
    assert xlsales("split", path).code == 0
    customers = opened(path).sheet("indicators:新增客户数")
    assert customers.value("total", "t:2026-05") == customers.value("total", "target") == 100


@pytest.mark.libreoffice
def test_the_proofs_are_computed_alike_by_libreoffice(tmp_path: Path, xlsales: Command) -> None:
    """Sums and weighted means give what was stored."""
    path = plan(tmp_path / "plan.xlsx")
    xlsales("add", path, "指标")
    fill(path, T_INDICATORS, "zh", [{"note": ""}, {"note": ""}])
    xlsales("split", path)
    again = recalculated(path, tmp_path)
    for name in ("新增客户数", "客户满意度"):
        stored = opened(path).sheet(f"indicators:{name}")
        for column in ("target", "t:2026-07"):
            address = stored.cell("proof:1", column).coordinate
            assert again[f"指标 {name}"][address].value == stored.value("proof:1", column) == 0
