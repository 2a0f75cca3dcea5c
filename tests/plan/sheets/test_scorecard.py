"""考核: weighted scores, ranks and pay, from the rule to a workbook in both languages."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.models import cell_map
from tests.plan.sheets import samples
from xlsales.core.faults import Lang, Problem, Refused
from xlsales.core.pay import Tier, gaps, pay_of_parts, pay_of_tier
from xlsales.core.percentages import PartOrPercent
from xlsales.core.period_text import PeriodOutsidePlan
from xlsales.core.plan import Member
from xlsales.core.scores import counted, criterion_points, ranks, reached
from xlsales.layout.model import Formula
from xlsales.layout.paper import page_starts, print_scale
from xlsales.plan.answers import RowLacks
from xlsales.plan.figures import Figures
from xlsales.plan.indicators.faults import ShareOfOther
from xlsales.plan.indicators.tables import T_INDICATOR_ACTUALS, T_INDICATORS
from xlsales.plan.scorecard import faults
from xlsales.plan.scorecard.cells import share
from xlsales.plan.scorecard.tables import T_SCORECARD, T_TIERS
from xlsales.plan.scorecard.tiers import PayItem, read_tiers
from xlsales.plan.sheets.scorecard.sheet import SCORECARD
from xlsales.plan.sheets.scorecard.view import CardView
from xlsales.plan.table_rows import AtColumn, LooksLikeTotal
from xlsales.plan.unknown_names import MeantBySeveral
from xlsales.plan.weeks.tables import T_WEEKS

NAN = math.nan
MONTH = "2026-08"


# --- the rule ------------------------------------------------------------------


@pytest.mark.unit
def test_the_golden_scores() -> None:
    """120 % capped at 110, 90 of 95 and 80 of 100 with weights 60/20/20 are 66 + 18.9 + 16 = 100.9."""
    attainments = reached([120, 90, 80], [100, 95, 100])
    points = criterion_points([0.6, 0.2, 0.2], counted(attainments, 1.1))
    assert points.tolist() == [66.0, 18.9, 16.0]
    assert round(float(points.sum()), 1) == 100.9


@pytest.mark.unit
@pytest.mark.parametrize(
    ("attainment", "cap", "floor", "counts"),
    [
        (1.2, 1.1, NAN, 1.1),
        (1.2, NAN, NAN, 1.2),
        (-0.2, 1.1, NAN, 0.0),  # returns of more than was sold take nothing away
        (0.59, NAN, 0.6, 0.0),
        (0.6, NAN, 0.6, 0.6),
        (0.1 + 0.2, NAN, 0.3, 0.3),
        (NAN, 1.1, 0.6, NAN),
        (math.inf, 1.1, NAN, 1.1),
    ],
)
def test_what_counts_of_an_attainment(attainment: float, cap: float, floor: float, counts: float) -> None:
    """Up to the cap, nothing below the floor; a blank is no zero."""
    assert float(counted(attainment, cap, floor)) == pytest.approx(counts, nan_ok=True)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("scores", "known", "ranked"),
    [
        ([90, 95, 90], [1, 1, 1], [2, 1, 2]),
        ([95, 95, 90], [1, 1, 1], [1, 1, 3]),
        ([90, 60, 95], [1, 0.6, 1], [2, NAN, 1]),  # a score of fewer criteria cannot be compared
        ([50, 60], [0.6, 0.6], [2, 1]),
        ([NAN, 60], [0, 0.6], [NAN, 1]),
        ([NAN], [0], [NAN]),
    ],
)
def test_equal_scores_share_a_rank(scores: list[float], known: list[float], ranked: list[float]) -> None:
    """The next rank is left out; who stands on less than others has none."""
    assert ranks(scores, known).tolist() == pytest.approx(ranked, nan_ok=True)


RISING = (Tier(0.8, 1.0, 0.01, 0), Tier(1.0, 1.2, 0.015, 500), Tier(1.2, math.inf, 0.02, 1000))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("reach", "whole", "parts"),
    [
        (0.79, 0, 0),
        (0.8, 800, 0),
        (0.9, 900, 100),
        (0.1 * 10, 2000, 200 + 500),
        (1.1, 1650 + 500, 200 + 150 + 500),
        (1.2, 2400 + 1000, 200 + 300 + 500 + 1000),
        (1.3, 2600 + 1000, 200 + 300 + 200 + 500 + 1000),
        (-0.5, 0, 0),
        (NAN, NAN, NAN),
    ],
)
def test_pay_by_tiers(reach: float, whole: float, parts: float) -> None:
    """Of 100,000: by the tier that is reached for all of it, or each tier for its own part."""
    assert pay_of_tier(RISING, reach, reach * 100_000) == pytest.approx(whole, nan_ok=True)
    assert pay_of_parts(RISING, reach, 100_000) == pytest.approx(parts, nan_ok=True)


@pytest.mark.unit
def test_holes_and_overlaps_of_tiers() -> None:
    """Each where the later tier is, and how far."""
    one, two = Tier(0.8, 0.9, 0, 1), Tier(1.0, 1.2, 0, 2)
    assert [(i, round(by, 9)) for i, by in gaps([one, two, Tier(1.1, math.inf, 0, 3)])] == [(1, 0.1), (2, -0.1)]
    assert list(gaps(RISING)) == []


@pytest.mark.unit
@given(
    st.lists(
        st.tuples(
            st.integers(1, 100), st.integers(0, 3000), st.integers(1, 1000), st.integers(50, 200), st.integers(0, 90)
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(0, 1000),
)
def test_the_law_of_scores(criteria: list[tuple[int, int, int, int, int]], more: int) -> None:
    """A score never falls when more is reached, no criterion has more than its cap, parts add up to the score."""
    weights, actual, target, cap, floor = (np.array(column, dtype=float) for column in zip(*criteria, strict=True))
    weights, cap, floor = weights / weights.sum(), cap / 100, floor / 100

    def points(reach: Any) -> Any:
        return criterion_points(weights, counted(reached(reach, target), cap, floor))

    low, high = points(actual), points(actual + more)
    assert (low <= high).all()
    assert (high <= np.round(weights * cap * 100 + 0.05, 9) + 1e-9).all()
    assert (low >= 0).all()
    exact = weights * 100 * counted(reached(actual, target), cap, floor)
    assert (np.abs(low - exact) <= 0.05 + 1e-9).all()


@pytest.mark.unit
@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 30), st.integers(0, 500)), min_size=1, max_size=5),
    st.integers(0, 3000),
    st.integers(0, 500),
)
def test_pay_never_falls_where_tiers_rise(steps: list[tuple[int, int, int]], reach: int, more: int) -> None:
    """With rates and bonuses that do not fall, whole or by parts; by parts no step of it is a jump of the rate."""
    starts = np.cumsum([width for width, _, _ in steps]) / 100
    rates = np.cumsum([rate for _, rate, _ in steps]) / 1000
    bonuses = np.cumsum([bonus for _, _, bonus in steps])
    ends = [*starts[1:].tolist(), math.inf]
    tiers = [Tier(*map(float, one)) for one in zip(starts, ends, rates, bonuses, strict=True)]
    low, high = reach / 1000, (reach + more) / 1000
    assert pay_of_tier(tiers, low, low * 1e5) <= pay_of_tier(tiers, high, high * 1e5)
    assert pay_of_parts(tiers, low, 1e5) <= pay_of_parts(tiers, high, 1e5)
    assert (
        pay_of_parts([replace(one, bonus=0.0) for one in tiers], low, 1e5) <= pay_of_tier(tiers, low, low * 1e5) + 0.01
    )


@pytest.mark.unit
@given(st.lists(st.tuples(st.integers(0, 1200), st.sampled_from([0.6, 1.0])), min_size=1, max_size=12))
def test_ranks_follow_scores(people: list[tuple[int, float]]) -> None:
    """Among those who stand on as much: more is ranked before less, equal alike."""
    scores, known = np.array([score / 10 for score, _ in people]), np.array([weight for _, weight in people])
    ranked = ranks(scores, known)
    assert (np.isnan(ranked) == (known < known.max())).all()
    for a, b in ((a, b) for a in range(len(people)) for b in range(len(people))):
        if not np.isnan(ranked[[a, b]]).any():
            assert (scores[a] > scores[b]) == (ranked[a] < ranked[b])


# --- the sheet -------------------------------------------------------------------


def row(criterion: str | None = "销售额", source: str | None = "plan", **changes: object) -> dict[str, object]:
    """A row of the table: all of the weight, of the plan, in August."""
    typed = {"period": MONTH, "criterion": criterion, "weight": 1.0, "source": source}
    return typed | ({"target": 95.0} if source == "typed" else {}) | changes


def tier(start: float | None, end: float | None = None, **changes: object) -> dict[str, object]:
    """A row of the tiers: a commission of 1 %."""
    return {"item": "提成", "from": start, "to": end, "rate": 0.01} | changes


def typed(
    *rows: Mapping[str, object],
    tiers: Sequence[Mapping[str, object]] = (),
    figures: Figures | None = None,
    lang: Lang = "zh",
    **tables: Sequence[Mapping[str, object]],
) -> Figures:
    """The figures of a run in which these rows are typed into 考核 and 提成奖金, from row 5."""
    figures = figures or samples.figures(lang)
    others = (("indicators", T_INDICATORS), ("actuals", T_INDICATOR_ACTUALS), ("weeks", T_WEEKS))
    of_tables = [
        (T_SCORECARD, rows),
        (T_TIERS, tiers),
        *((table, tables[key]) for key, table in others if key in tables),
    ]
    read = {table.name: samples.rows_of(table, own, lang) for table, own in of_tables}
    return replace(figures, table_rows=read)


def views(figures: Figures) -> tuple[list[CardView], list[str], list[tuple[type, str]]]:
    """The views, and what is told about others: fault and place."""
    made: list[CardView] = []
    told = []
    try:
        made.extend(SCORECARD.views(figures))
    except Refused as refused:
        told = refused.problems
    problems = [*told, *(doubt for view in made for doubt in SCORECARD.doubts(view))]
    for problem in problems:
        assert problem.say("zh") != problem.say("en")
    return made, [p.say("zh") for p in problems], [(type(p.fault), str(p.place)) for p in problems]


def result(cell: object) -> object:
    """What a formula shows; any other value as it is."""
    return cell.result if isinstance(cell, Formula) else cell


def shown(figures: Figures) -> dict[tuple[str, str], object]:
    """The cells of the only sheet, with the results of formulas."""
    (view,) = views(figures)[0]
    return {at: result(cell) for at, cell in cell_map(SCORECARD.model(view)).items()}


@pytest.mark.unit
def test_all_lowest_members_are_scored_and_one_may_be_by_its_own_row() -> None:
    """A blank who is the first dimension; a member's own row is instead of the one of this name."""
    rows = [
        row(weight=0.6, cap=1.1),
        row("团队协作", "typed", weight=40.0),
        row("团队协作", "typed", who="华东", weight=0.4, target=5.0),
    ]
    (view,) = views(typed(*rows))[0]
    assert view.name == "区域 2026-08"
    assert [scored.card.name for scored in view.scored] == list(samples.REGIONS)
    targets = {scored.card.name: scored.card.criteria[1].target for scored in view.scored}
    assert targets == dict.fromkeys(samples.REGIONS, 95.0) | {"华东": 5.0}
    assert [scored.weight for scored in view.scored] == [1.0] * 5


@pytest.mark.unit
def test_the_plan_s_figures_are_the_member_s_own() -> None:
    """Target and actual of the period; 104 % of the month's luck is its attainment."""
    figures = samples.figures()
    cells, regions = shown(typed(row(period="2026Q3"), figures=figures)), figures.dimensions[0]
    east = list(samples.REGIONS).index("华东")
    due, done = regions.targets_to_date[east, 6:9].sum(), np.nansum(regions.actuals[east, 6:9])
    assert [cells["c:华东:销售额", key] for key in ("target", "actual")] == [due, done]
    assert cells["c:华东:销售额", "attainment"] == pytest.approx(done / due)
    assert cells["m:华东", "score"] == round(100 * done / due + 1e-9, 1)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("period", "months", "under_way"),
    [("2026-08", (7, 8), False), ("2026Q3", (6, 9), True), ("2026H1", (0, 6), False), ("2026", (0, 12), True)],
)
def test_periods(period: str, months: tuple[int, int], under_way: bool) -> None:
    """Month, quarter, half-year, year to date: of one under way the target up to the as-of date, which it says."""
    figures = samples.figures()
    (view,) = views(typed(row(period=period), figures=figures))[0]
    regions = figures.dimensions[0]
    targets = regions.targets_to_date if under_way else regions.targets
    assert view.cards.under_way is under_way
    assert view.scored[0].card.criteria[0].target == pytest.approx(targets[0, slice(*months)].sum())
    subline = SCORECARD.model(view).subline
    assert ("目标算到截止日" in subline) is under_way
    assert f"  ·  {view.cards.period.start} – {view.cards.period.end}  ·  " in subline


@pytest.mark.unit
def test_a_blank_period_is_that_above_and_each_has_a_sheet() -> None:
    """In the first row it is the month of the as-of date."""
    rows = [row(period=None), row("回款", "typed", period="2026Q2"), row(period=None, who="产品"), row(period="2026Q2")]
    made, _, _ = views(typed(*rows))
    assert [view.name for view in made] == ["区域 2026-08", "区域 2026Q2", "产品 2026Q2"]
    assert [len(view.scored[0].card.criteria) for view in made] == [1, 2, 1]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("weights", "parts"),
    [
        ([0.6, 0.4], [0.6, 0.4]),
        ([60.0, 40.0], [0.6, 0.4]),
        ([0.6, 40.0], [0.6, 0.4]),
        ([99.0, 1.0], [0.99, 0.01]),
        ([99.5, 0.5], [0.995, 0.005]),
        ([1.0, 0.0], [1.0, 0.0]),
    ],
)
def test_weights_as_people_type_them(weights: list[float], parts: list[float]) -> None:
    """0.6, 60 % and 60 are the same."""
    rows = [row(f"指标{n}", weight=weight) for n, weight in enumerate(weights)]
    made, _, told = views(typed(*rows))
    assert [one.weight for one in made[0].scored[0].card.criteria] == pytest.approx(parts)
    assert told == []


@pytest.mark.unit
def test_missing_actuals_are_no_zeros() -> None:
    """The score says what weight it stands on; who lacks more than others has no rank; pay by score waits."""
    bonus = [{"item": "奖金", "basis": "score", "from": 0.0, "bonus": 300.0}]
    rows = [row(weight=0.6), row("协作", "typed", weight=0.4, who="华东"), row("协作", "typed", weight=0.4)]
    figures = typed(*rows, tiers=[*bonus, tier(0.0)])
    _, (sentence,), _ = views(figures)
    assert "还缺 5 项没有实际(如“东北”的“协作”)" in sentence
    cells = shown(figures)
    assert [cells["m:华东", key] for key in ("known", "rank")] == [0.6, 2]
    assert [cells["i:华东:奖金", key] for key in ("score", "pay")] == ["", ""]
    amount = cells["i:华东:提成", "pay"]
    assert isinstance(amount, float)
    assert amount == pytest.approx(cells["i:华东:提成", "actual"] * 0.01, abs=0.005)  # type: ignore[operator]
    assert cells["m:华东", "pay"] == amount


@pytest.mark.unit
@pytest.mark.parametrize(
    ("changes", "fault", "place"),
    [
        ({"criterion": None}, RowLacks, "考核!D5"),
        ({"criterion": "合计"}, LooksLikeTotal, "考核!D5"),
        ({"weight": None}, RowLacks, "考核!E5"),
        ({"source": None}, RowLacks, "考核!F5"),
        ({"source": "typed", "target": None}, RowLacks, "考核!G5"),
        ({"period": "2026-08W1"}, faults.PeriodTooShort, "考核!B5"),
        ({"period": "2026-08-01"}, faults.PeriodTooShort, "考核!B5"),
        ({"period": "2027-01"}, PeriodOutsidePlan, "考核!B5"),
        ({"who": "华冬"}, faults.NobodyToScore, "考核!C5"),
        ({"criterion": "满意读", "source": "indicator"}, faults.SourceUnknown, "考核!D5"),
        ({"criterion": "订单", "source": "weeks"}, faults.SourceUnknown, "考核!D5"),
        ({"criterion": "坏指标", "source": "indicator"}, faults.SourceAtFault, "考核!D5"),
        ({"criterion": "满意度", "source": "indicator", "who": "产品"}, faults.NotScoredThere, "考核!D5"),
        ({"faulty": frozenset({"weight"})}, None, ""),
    ],
)
def test_a_row_at_fault_is_left_out_alone(changes: Mapping[str, object], fault: type | None, place: str) -> None:
    """It is told at its cell; the other rows go on, and the sheet says which one is not in it."""
    known: list[dict[str, object]] = [
        {"indicator": "满意度", "kind": "score", "target": 90.0},
        {"indicator": "坏指标", "kind": "count"},
    ]
    figures = typed(row() | dict(changes), row("协作", "typed", who="产品"), indicators=known)
    made, sentences, told = views(figures)
    own = [one for one in told if one[0] not in (faults.CriteriaLeftOut, faults.NotScoredYet)]
    assert own == ([(fault, place)] if fault else [])
    assert (faults.CriteriaLeftOut, "考核") in told
    if "period" not in changes or fault is None:
        (view,) = (one for one in made if one.cards.members.name == "产品")
        assert len(view.scored) == 3
        assert "第 5 行有错,没有计入" in SCORECARD.model(view).subline
    if fault in (faults.NobodyToScore, faults.SourceUnknown) and "订单" not in changes.values():
        assert "最接近的是“" in sentences[0]


@pytest.mark.unit
def test_a_criterion_twice_counts_in_neither_row() -> None:
    """It is not known which one is meant; spaces make no other name."""
    made, _, told = views(typed(row(), row(" 销售额 "), row("协作", "typed", who="产品")))
    assert (faults.SameCriterion, "考核!D6") in told
    assert [view.name for view in made] == ["产品 2026-08"]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([row(weight=0.6), row("b", weight=0.39)], [(faults.WeightsDoNotClose, "考核!E5")]),
        ([row(weight=60.0), row("b", weight=39.0)], [(faults.WeightsDoNotClose, "考核!E5")]),
        ([row(weight=0.6), row("b", weight=0.6)], [(faults.WeightsDoNotClose, "考核!E5")]),
        ([row(weight=1.5, percents={"weight"})], [(faults.WeightsDoNotClose, "考核!E5")]),
        ([row(cap=0.8)], [(faults.CapTooLow, "考核!I5")]),
        ([row(cap=80.0)], [(faults.CapTooLow, "考核!I5")]),
        ([row(cap=110.0)], []),
        ([row(floor=1.1)], [(faults.FloorTooHigh, "考核!J5")]),
        ([row(floor=60.0)], []),
        ([row(target=0.0)], [(faults.TargetIsNothing, "考核!G5")]),
        ([row(target=0.0, better="less")], []),
    ],
)
def test_what_is_doubtful_is_told_and_written_all_the_same(
    rows: list[Mapping[str, object]], told: list[tuple[type, str]]
) -> None:
    """Once for all members, at a cell."""
    made, _, found = views(typed(*rows))
    assert found == told
    model = SCORECARD.model(made[0])
    off = result(cell_map(model)["proof", "weight"])
    assert (off == 0) is (faults.WeightsDoNotClose not in [fault for fault, _ in told])


@pytest.mark.unit
@pytest.mark.parametrize(
    ("tiers", "told"),
    [
        ([tier(0.9, 1.0), tier(1.0)], []),
        ([tier(1.0), tier(0.9, 1.0)], []),  # in any order
        ([tier(90.0, 100.0), tier(1.0, None)], []),  # 90 is 90 %
        ([tier(None, 1.0), tier(1.0)], []),
        ([tier(0.9, 0.95), tier(1.0)], [(faults.TierHole, "提成奖金!G6")]),
        ([tier(0.9, 1.05), tier(1.0)], [(faults.TierOverlap, "提成奖金!G6")]),
        ([tier(0.9), tier(1.0)], [(faults.TierOverlap, "提成奖金!G6")]),
        ([tier(0.9, 1.0), tier(0.9, 1.0)], [(faults.TierOverlap, "提成奖金!G6"), (faults.TopClosed, "提成奖金!H6")]),
        ([tier(0.9, 1.0), tier(1.0, 1.2)], [(faults.TopClosed, "提成奖金!H6")]),
        ([tier(1.0, 1.0)], [(faults.BoundsFall, "提成奖金!H5"), (faults.TiersLeftOut, "提成奖金!B5")]),
        ([tier(1.0, 0.9)], [(faults.BoundsFall, "提成奖金!H5"), (faults.TiersLeftOut, "提成奖金!B5")]),
        ([tier(1.0, rate=None)], [(faults.PaysNothing, "提成奖金!I5"), (faults.TiersLeftOut, "提成奖金!B5")]),
        ([tier(0.9, 1.0, faulty=frozenset({"rate"})), tier(1.0)], [(faults.TiersLeftOut, "提成奖金!B5")]),
        ([tier(0.9, 1.0, way="whole"), tier(1.0, way="parts")], [(faults.TierSaidTwice, "提成奖金!F6")]),
        ([tier(90.0, None, basis="score", way="parts")], [(faults.PartsOfScore, "提成奖金!F5")]),
        ([tier(1.0, item=None)], [(RowLacks, "提成奖金!B5")]),
        ([tier(1.0, who="华冬")], [(faults.NobodyToScore, "提成奖金!C5")]),
        ([tier(1.0, who="产品")], [(faults.NeverPaid, "提成奖金!B5")]),
        ([tier(1.0, cycle="year")], [(faults.NeverPaid, "提成奖金!B5")]),
        ([tier(1.0, cycle="month", who="华东")], []),
    ],
)
def test_tiers_meet_or_it_is_told(tiers: list[Mapping[str, object]], told: list[tuple[type, str]]) -> None:
    """An item at fault pays nothing to anybody, not even by those of its tiers that are right."""
    made, _, found = views(typed(row(), tiers=tiers))
    assert found == told
    cells = {at: result(cell) for at, cell in cell_map(SCORECARD.model(made[0])).items()}
    paid = [value for (key, column), value in cells.items() if column == "pay" and key.startswith("i:")]
    sound = not told
    assert all((value not in ("", None)) is sound for value in paid)
    seams = [value for (key, column), value in cells.items() if key.startswith("tiers:") and column == "actual"]
    holes = {faults.TierHole, faults.TierOverlap} & {fault for fault, _ in told}
    assert all((value == 0) is (not holes) for value in seams)


@pytest.mark.unit
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("attainment", "score", "by_score", "by_attainment"),
    [(0.8995, 90.0, 800.0, 0.0), (0.89949, 89.9, 0.0, 0.0), (0.8999999, 90.0, 800.0, 0.0), (0.9, 90.0, 800.0, 500.0)],
)
def test_printed_points_reach_a_tier_and_a_rounded_attainment_does_not(
    lang: Lang, attainment: float, score: float, by_score: float, by_attainment: float
) -> None:
    """As a line below the tiers of each basis says."""
    figures = samples.figures(lang)
    regions = figures.dimensions[0]
    at = [member.name for member in regions.dimension.members].index("华东")
    target = float(regions.actuals[at, 7]) / attainment / 10_000  # typed in 万
    tiers = [
        tier(0.0, 0.9, item="A", rate=None, bonus=0.0), tier(0.9, item="A", rate=None, bonus=500.0),
        tier(0.0, 90.0, item="B", basis="score", rate=None, bonus=0.0),
        tier(90.0, item="B", basis="score", rate=None, bonus=800.0),
    ]  # fmt: skip
    cells = shown(typed(row(target=target, who="华东"), tiers=tiers, figures=figures, lang=lang))
    assert cells["m:华东", "score"] == score
    assert [cells[f"i:华东:{item}", "pay"] for item in "AB"] == [by_attainment, by_score]
    lines = [str(cells[f"tiers:{basis}", "member"]) for basis in ("attainment", "score")]
    assert ["90.0%" in lines[0], "90.0%" in lines[1], "89.95" in lines[1]] == [True, False, True]


@pytest.mark.unit
def test_each_basis_of_tiers_has_its_line_alone() -> None:
    """Nothing is said of a basis that no item goes by."""
    cells = shown(typed(row(), tiers=[tier(0.9, 1.0), tier(1.0)]))
    assert [("tiers:attainment", "member") in cells, ("tiers:score", "member") in cells] == [True, False]


@pytest.mark.unit
def test_pay_is_in_the_plan_s_currency_and_never_a_rate_of_pieces() -> None:
    """Amounts are in 万, pay is in full: its header says so."""
    for currency, header in (("CNY", "应发(元)"), ("USD", "应发(美元)")):
        figures = samples.figures()
        figures = replace(figures, frame=replace(figures.frame, currency=currency))
        (view,) = views(typed(row(), tiers=[tier(1.0)], figures=figures))[0]
        assert SCORECARD.model(view).columns[-1].header == header
    pieces = samples.figures(unit="piece")
    _, _, told = views(typed(row(), tiers=[tier(1.0)], figures=pieces))
    assert told[0] == (faults.RateOfPieces, "提成奖金!I5")
    bonus = {"item": "奖金", "from": 1.0, "bonus": 10.0}
    assert views(typed(row(), tiers=[bonus], figures=pieces))[2] == []


@pytest.mark.unit
def test_the_narrowest_item_of_a_name_pays() -> None:
    """A member's own commission is instead of that of all; scores typed as parts of 1 are points."""
    tiers = [tier(0.0), tier(0.0, who="区域", rate=0.02), tier(0.0, who="华东", rate=0.03)]
    (view,) = views(typed(row(), tiers=tiers))[0]
    assert {one.card.name: [own.item.tiers[0].rate for own in one.items] for one in view.scored} == {
        **{name: [0.02] for name in samples.REGIONS}, "华东": [0.03]
    }  # fmt: skip
    bonus = {"item": "奖金", "basis": "score", "bonus": 10.0}
    (view,) = views(typed(row(), tiers=[bonus | {"from": 0.6, "to": 0.9}, bonus | {"from": 0.9}]))[0]
    assert [(one.start, one.end) for one in view.items[0].tiers] == [(60.0, 90.0), (90.0, math.inf)]


BELOW = tier(1.0, rate=0.02)
ONCE: dict[str, object] = {"who": "区域", "cycle": "month", "way": "parts", "basis": "attainment"}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("tiers", "items"),
    [
        ([tier(0.0, 1.0, **ONCE), BELOW], [("区域", "month", True, 2)]),
        (
            [tier(0.0, 1.0, **ONCE), tier(0.0, item="B", rate=0.01), BELOW],
            [("区域", "month", True, 2), ("", "", False, 1)],
        ),
        ([tier(0.0, 1.0), tier(1.0, rate=0.02, way="parts")], [("", "", True, 2)]),
        (
            [tier(0.0, 1.0, **ONCE), BELOW, tier(0.0, 1.0, who="华东"), BELOW],
            [("区域", "month", True, 2), ("华东", "month", True, 2)],
        ),  # another one is honoured, and what is said once of the item holds for it
        (
            [tier(0.0, 1.0, who="区域"), BELOW, tier(0.0, 1.0, who="华东", cycle="quarter", way="parts"), BELOW],
            [("区域", "", False, 2), ("华东", "quarter", True, 2)],
        ),
        ([tier(0.0, 1.0), BELOW, tier(0.0, who="华东")], [("", "", False, 2), ("华东", "", False, 1)]),
    ],
)
def test_what_is_said_once_of_an_item_holds_for_its_rows_below(
    tiers: Sequence[Mapping[str, object]], items: Sequence[tuple[str, str, bool, int]]
) -> None:
    """For whom, which periods, by what and how: blank cells take what is above, of the same item."""
    problems: list[Problem] = []
    figures = typed(row(), tiers=tiers)
    read = read_tiers(figures.table_rows[T_TIERS.name], figures, problems)

    def whose(item: PayItem) -> str:
        one = item.whom
        at = None if one is None or one.position is None else one.members.dimension.members[one.position].name
        return "" if one is None else at or one.members.name

    assert problems == []
    assert [(whose(one), one.cycle, one.by_parts, len(one.tiers)) for one in read] == list(items)


@pytest.mark.unit
def test_a_name_in_several_dimensions_is_asked() -> None:
    """维度:成员 says which one."""
    figures = samples.figures()
    parts = figures.breakdown.dimensions
    two = samples.dimension("产品", [Member("线下", weight=1), Member("线上", weight=2)])
    product = replace(parts["产品"], dimension=two, months=parts["产品"].months[:2])
    shared = replace(
        figures, breakdown=replace(figures.breakdown, dimensions={**parts, "产品": product}), achieved=None
    )
    _, _, told = views(typed(row(who="线上"), figures=shared))
    assert told[0] == (MeantBySeveral, "考核!C5")
    made, _, _ = views(typed(row(who="渠道:线上"), figures=shared))
    assert [view.name for view in made] == ["渠道 2026-08"]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("target", "text", "amount"), [(2.0, None, 20_000), (20_000.0, "2万", 20_000), (20_000.0, "20,000元", 20_000)]
)
def test_a_typed_target_of_an_amount_is_in_the_plan_s_unit(target: float, text: str | None, amount: float) -> None:
    """Unless its text names another one; a percentage is refused."""
    cells = shown(typed(row(target=target, texts={"target": text} if text else {})))
    assert cells["c:华东:销售额", "target"] == amount
    _, _, told = views(typed(row(target=0.9, texts={"target": "90%"})))
    assert told[0] == (ShareOfOther, "考核!G5")


# --- other sources -----------------------------------------------------------------


def actual(name: str, member: str | None, value: float, period: str = MONTH) -> dict[str, object]:
    """A row of 指标实际."""
    return {"indicator": name, "member": member, "period": period, "value": value}


@pytest.mark.unit
def test_indicators_give_targets_and_actuals_the_right_way_round() -> None:
    """5 complaints of 4 are 80 %, none has the cap; a rate is the mean of its bases; amounts are in the plan's unit."""
    known = [
        {"indicator": "投诉数", "kind": "count", "better": "less", "target": 20.0, "months": "each", "split": "equal"},
        {"indicator": "回款率", "kind": "rate", "target": 0.95},
        {"indicator": "毛利", "kind": "amount", "target": 120.0, "split": "equal", "months": "equal"},
    ]
    actuals = [actual("投诉数", "华东", 5.0), actual("投诉数", "华北", 0.0), actual("毛利", "华东", 1.5)]
    actuals += [actual("回款率", "华东", 0.8) | {"base": 3.0}, actual("回款率", "华东", 1.0, "2026-07") | {"base": 1.0}]
    rows = [row(name, "indicator", weight=weight) for name, weight in (("投诉数", 0.4), ("回款率", 0.3), ("毛利", 0.3))]
    cells = shown(typed(*rows, indicators=known, actuals=actuals))
    assert [cells["c:华东:投诉数", key] for key in ("target", "actual", "attainment", "cap", "score")] == [
        4,
        5,
        0.8,
        1.0,
        32,
    ]
    assert [cells["c:华北:投诉数", key] for key in ("attainment", "score")] == [1.0, 40]
    assert [cells["c:东北:投诉数", key] for key in ("actual", "score")] == [None, ""]
    assert [cells["c:华东:回款率", key] for key in ("target", "actual")] == pytest.approx([0.95, 0.8])
    assert [cells["c:华东:毛利", key] for key in ("target", "actual")] == [20_000, 15_000]
    quarter = shown(typed(row("回款率", "indicator", period="2026Q3"), indicators=known, actuals=actuals))
    assert quarter["c:华东:回款率", "actual"] == pytest.approx((0.8 * 3 + 1.0) / 4)


@pytest.mark.unit
def test_weeks_give_what_is_planned_and_done() -> None:
    """Of a month that is over all planned weeks; of one under way those up to the last that is filled in."""
    weeks = {"person": "华东", "indicator": "订单", "target": 10}
    over = weeks | {
        "month": "2026-07",
        "plan_1": 3,
        "plan_2": 2,
        "plan_3": 2,
        "plan_4": 2,
        "plan_5": 1,
        "done_1": 3,
        "done_2": 3,
    }
    cells = shown(typed(row("订单", "weeks", period="2026-07"), weeks=[over]))
    assert [cells["c:华东:订单", key] for key in ("target", "actual", "score")] == [10, 6, 60]
    assert cells["c:华北:订单", "score"] == ""
    to_come = over | {"month": "2026-09", "plan_5": 1}
    cells = shown(typed(row("订单", "weeks", period="2026-09"), weeks=[to_come]))
    assert [cells["c:华东:订单", key] for key in ("target", "actual", "attainment")] == [5, 6, 1.2]


# --- print -------------------------------------------------------------------------


@pytest.mark.unit
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_member_has_a_printed_page(lang: Lang) -> None:
    """After that of all, with its chart; one page wide and legible."""
    tiers = [tier(0.9, 1.0), tier(1.0), {"item": "奖金", "basis": "score", "from": 90.0, "bonus": 500.0}]
    (view,) = views(typed(row(weight=0.6), row("客户满意度", "typed", weight=0.4), tiers=tiers, lang=lang))[0]
    model = SCORECARD.model(view)
    assert page_starts(model) == [f"h:{name}" for name in samples.REGIONS]
    assert print_scale(model) * 10 / 100 > 7
    (chart,) = model.charts
    assert [(one.shape, one.first, one.last) for one in chart.series] == [("bar", "m:东北", "m:华西")]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("found", "percents", "meant"),
    [
        (4.0, True, 4.0),  # a cell that shows 400 %, or the text 400%
        (3.5, True, 3.5),
        (9.0, True, 9.0),
        (90.0, True, 0.9),  # 90 written into a cell that shows percentages
        (0.9, True, 0.9),
        (1.1, False, 1.1),
        (3.0, False, 3.0),
        (20.0, False, 0.2),
        (90.0, False, 0.9),
        (110.0, False, 1.1),
        (350.0, False, 3.5),
    ],
)
def test_a_bound_is_read_by_its_percent_sign(found: float, percents: bool, meant: float) -> None:
    """Whether a % was written decides, not the size alone."""
    cells = {"cap": found, "percents": frozenset({"cap"} if percents else ()), "texts": {}}
    assert share(cells, "cap") == pytest.approx(meant)


@pytest.mark.unit
@pytest.mark.parametrize("found", [3.01, 4.0, 9.5, 19.9])
def test_a_bound_that_may_be_either_is_asked_about(found: float) -> None:
    """4 without % is 400 % or 4 %: neither is taken."""
    with pytest.raises(AtColumn) as raised:
        share({"cap": found, "percents": frozenset(), "texts": {}}, "cap")
    assert isinstance(raised.value.fault, PartOrPercent)
    assert "%" in raised.value.fault.say("zh")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rate", "note", "paid"),
    [
        (0.3, None, True),
        (0.31, None, False),
        (1.0, None, False),
        (1.0, "合伙人 100%", True),
        (1.0, "100％ 已确认", True),
        (1.0, "合伙人", False),
    ],
)
def test_a_commission_that_takes_the_sales_is_not_paid_unless_it_is_meant(
    rate: float, note: str | None, paid: bool
) -> None:
    """1 typed for 1 % would pay all of the sales; the remedy, its own percentage in the note, pays."""
    _, _, told = views(typed(row(), tiers=[tier(0.0, rate=rate, note=note)]))
    high = [fault for fault, _ in told if fault is faults.RateTooHigh]
    assert high == ([] if paid else [faults.RateTooHigh])
    assert (told == []) is paid
