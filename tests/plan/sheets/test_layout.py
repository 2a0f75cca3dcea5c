"""Sheets of a plan: every figure at its key, every sum proven, whatever the sheet."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.models import cell_map
from tests.plan.sheets import samples
from xlsales.core.plan import MICROS, Lamps
from xlsales.layout.look import money_format, money_width
from xlsales.layout.model import ENTRIES, SUBLINE, Formula, Link, SheetModel, sheet_title
from xlsales.layout.sheet import unfolded
from xlsales.plan import standings
from xlsales.plan.achieved import Conservation
from xlsales.plan.figures import Figures
from xlsales.plan.growth import on_month_before, on_year_before
from xlsales.plan.progress_columns import progress_values
from xlsales.plan.sheets import FIGURES, SHEETS
from xlsales.plan.sheets.basis import BASIS
from xlsales.plan.sheets.by_dimension import DIMENSION
from xlsales.plan.sheets.by_time import TIME
from xlsales.plan.sheets.overview import OVERVIEW
from xlsales.plan.sheets.problems import PROBLEMS
from xlsales.plan.sheets.returns import RETURNS
from xlsales.plan.sheets.runs import RUNS
from xlsales.plan.sheets.stretch import STRETCH
from xlsales.plan.sheets.versions import VERSIONS
from xlsales.plan.standings import behind
from xlsales.vocabulary.contract import PROGRESS_COLUMNS
from xlsales.vocabulary.words import with_name

pytestmark = pytest.mark.unit

MONTHS = [f"2026-{month:02d}" for month in range(1, 13)]
RICH = {"tree": True, "stretch": 1.03, "locked": 1.02}
"""Regions with provinces, a stretch of 3 %, and 1 % that nobody takes."""


def proofs(model: SheetModel) -> list[Formula]:
    """The formulas of proofs: others lead somewhere, show a cell of another sheet, or follow what a person types."""
    proving = {column.key for column in model.columns if column.role == "proof"}
    live = {column.role for column in model.columns if column.role in ENTRIES}
    live |= {role for row in model.rows for role in row.roles.values() if role in ENTRIES}
    return [
        value
        for row in model.rows
        for key, value in row.values.items()
        if isinstance(value, Formula)
        and not isinstance(value.result, str)
        and "INDIRECT(" not in value.text
        and (row.kind == "proof" or key in proving or not live)
    ]


def every_model(lang: str = "zh") -> list[SheetModel]:
    """Each sheet at least once."""
    say = "en" if lang == "en" else "zh"
    plain, rich = samples.with_added(samples.figures(say)), samples.figures(say, **RICH)  # type: ignore[arg-type]
    models = [model for sheet in FIGURES for model in sheet.models(plain)] + STRETCH.models(rich)
    below = replace(regions(rich), title="省份" if say == "zh" else "Provinces", name="xs_out_dim_9")
    records = [
        RUNS.model(samples.runs(say)),
        VERSIONS.model(samples.versions(say)),
        RETURNS.model(samples.returns(say)),
    ]
    return [*models, below, *records]


def regions(figures: Figures) -> SheetModel:
    """Its sheet by region."""
    return DIMENSION.models(figures)[0]


def keys_of(models: list[SheetModel]) -> set[str]:
    return {model.key.partition(":")[0] for model in models}


def test_no_sheet_is_left_out_of_these_tests() -> None:
    """A sheet that is added to the list is looked at."""
    assert keys_of(every_model()) == {sheet.key for sheet in SHEETS if sheet.fills is None}


def test_every_proof_shows_zero_when_the_figures_close() -> None:
    """What closes is proven to close, in every sheet that adds up."""
    proven = set()
    for model in every_model():
        shown = {p.result for p in proofs(model)}
        assert shown <= {0.0}, model.key
        proven |= {model.key.partition(":")[0]} if shown else set()
    assert proven >= {"time", "dimension", "problems", "returns"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sheet_speaks_the_language_of_its_plan(lang: str) -> None:
    """No Chinese word of ours is in an English sheet: what is left is the data."""
    title = {sheet.key: sheet.title for sheet in SHEETS}
    for model in every_model(lang):
        key, _, name = model.key.partition(":")
        assert model.heading == with_name(title[key], name, "en" if lang == "en" else "zh")


def test_row_keys_are_unique() -> None:
    """A cell has one address."""
    for model in every_model():
        keys = [row.key for row in model.rows]
        assert len(set(keys)) == len(keys), model.key


def test_time_rows_come_in_order_with_the_total_on_top() -> None:
    """The year unfolds downwards."""
    (model,) = TIME.models(samples.figures())
    assert [row.key for row in model.rows[:6]] == ["total", "proof", "2026", "2026H1", "2026Q1", "2026-01"]
    assert model.rows[5].outline == 3
    assert next(row for row in model.rows if row.key == "2026-03-08").counts_for == "day"


def test_a_year_opens_at_its_months() -> None:
    """Months are seen, weeks and days are a click away."""
    (model,) = TIME.models(samples.figures())
    assert {row.counts_for for row in model.rows if row.hidden} == {"week", "day"}
    assert len([row for row in model.rows if row.counts_for == "month" and not row.hidden]) == 12


def test_a_missing_step_shows_in_the_proof() -> None:
    """A sum that does not close is not hidden."""
    figures = samples.figures()
    part = figures.breakdown.dimensions["区域"]
    months = part.months.copy()
    months[0, 0] -= 1
    short = replace(figures.breakdown, dimensions={"区域": replace(part, months=months)})
    cells = cell_map(regions(replace(figures, breakdown=short, achieved=None)))
    level, by_month = cells["proof:1", "target"], cells["proof:1", "t:2026-01"]
    assert isinstance(level, Formula)
    assert isinstance(by_month, Formula)
    assert (level.result, by_month.result) == (-samples.STEP, -samples.STEP)


def test_stretch_and_unassigned_are_lines_of_their_own() -> None:
    """Stretch is a visible line, and so is what nobody carries."""
    model = regions(samples.figures(**RICH))  # type: ignore[arg-type]
    cells = cell_map(model)
    assert cells["stretch:1", "target"] == pytest.approx(300_000)
    assert cells["unassigned:1", "target"] == pytest.approx(100_000)
    text = cells["proof:1", "target"]
    rows = [model.row_number(key) for key in ("total", "unassigned:1", "stretch:1")]
    letters = model.address("total", "target").rstrip("0123456789")
    assert isinstance(text, Formula)
    assert text.text.endswith("-{0}{1}+{0}{2}-{0}{3},2)".format(letters, *rows))
    plain = {row.key for row in regions(samples.figures()).rows}
    assert not plain & {"stretch:1", "unassigned:1"}


def test_a_leaf_that_ends_early_counts_for_the_levels_below() -> None:
    """A region without provinces is still part of the province level."""
    model = regions(samples.figures(tree=True, without="东北"))
    assert next(row for row in model.rows if row.key == "m:东北").counts_for == "/1/2/"
    assert {p.result for p in proofs(model)} == {0.0}


def test_the_first_actuals_find_their_proofs_in_place() -> None:
    """Before there are actuals their proofs stand there already, so that no sheet is written anew for them."""

    def proven(model: SheetModel) -> set[tuple[str, str]]:
        return {at for at, value in cell_map(model).items() if isinstance(value, Formula)}

    bare, full = samples.figures(actuals=False), samples.figures()
    for sheet in (TIME, DIMENSION):
        before, after = sheet.models(bare)[0], sheet.models(full)[0]
        assert proven(before) == proven(after)
        assert {p.result for p in proofs(before)} == {0.0}


def test_months_without_actuals_stay_blank() -> None:
    """No figure is not a zero."""
    cells = cell_map(regions(samples.figures()))
    assert cells["m:华东", "a:2026-09"] is None
    assert cells["m:华东", "a:2026-08"] is not None


def test_the_overview_ranks_who_is_behind_first() -> None:
    """Members of the first dimension go from the one that lacks most to the one that is furthest ahead."""
    cells = cell_map(OVERVIEW.models(samples.figures())[0])
    beside = [f"month:{month}" for month in MONTHS[: len(samples.REGIONS)]]
    names = [cells[row, "name:right"] for row in beside]
    assert sorted(map(str, names)) == sorted(samples.REGIONS)
    assert names[0] == "东北"
    assert [cells[row, "c8"] for row in beside] == [5, 4, 3, 2, 1]
    gaps = [cells[row, "c13"] for row in beside]
    assert gaps == sorted(gaps, reverse=True)  # type: ignore[type-var]
    bars = [(cells[row, "missing"], cells[row, "ahead"]) for row in beside]
    assert bars == [(gap, 0) if gap > 0 else (0, gap) for gap in gaps]  # type: ignore[operator]
    assert (cells["month:2026-12", "missing"], cells["month:2026-12", "ahead"]) == (None, None)


def test_the_overview_lists_the_lowest_members_that_lack_most_and_that_are_furthest_ahead() -> None:
    """Five of each, of the dimension of stores, else of the one with most members; nobody is in both."""
    figures = samples.figures(tree=True)
    cells = cell_map(OVERVIEW.models(figures)[0])
    (members,) = (m for m in figures.dimensions if m.name == "区域")
    gaps = {members.dimension.members[i].name: behind(members.lines[i]) for i in members.dimension.leaves}
    ordered = sorted(gaps, key=lambda name: -gaps[name])
    rows = [f"short:{n}" for n in range(1, 6)]
    assert {cells[row, "name:left"] for row in rows} == set(ordered[:5])
    assert [cells[row, "c5"] for row in rows] == [gaps[name] for name in ordered[:5]]
    assert [cells[row, "c13"] for row in rows] == [gaps[name] for name in ordered[:-6:-1]]
    rank = {name: 1 + sum(other < gap for other in gaps.values()) for name, gap in gaps.items()}
    assert [cells[row, "c0"] for row in rows] == [rank[name] for name in ordered[:5]]
    assert [cells[row, "c8"] for row in rows] == [rank[name] for name in ordered[:-6:-1]]
    few = cell_map(OVERVIEW.models(samples.figures())[0])  # five regions, three products, three channels
    named = [few[f"short:{n}", side] for n in range(1, 4) for side in ("name:left", "name:right")]
    assert sorted(name for name in map(str, named) if name != "None") == sorted(samples.REGIONS)


def test_each_ranking_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists and charts of the overview and of the dimensions' sheets share the rankings of a run."""
    ranked: Counter[tuple[int, ...]] = Counter()

    def counted(dimension: Any, lines: Any, positions: Any) -> list[standings.Standing]:
        ranked[id(dimension), *positions] += 1
        return standings.standings(dimension, lines, positions)

    monkeypatch.setattr("xlsales.plan.figures.standings", counted)
    figures = samples.figures(tree=True)
    for sheet in (OVERVIEW, DIMENSION):
        sheet.models(figures)
    assert len(ranked) >= len(figures.dimensions)
    assert set(ranked.values()) == {1}


def test_the_overview_shows_this_month_beside_the_whole_plan() -> None:
    """The month of the as-of date and the year, with what was sold a year and a month before."""
    figures = samples.figures()
    cells = cell_map(OVERVIEW.models(figures)[0])
    august, july = figures.lines["2026-08"], figures.lines["2026-07"]
    assert cells["figure:month", "c1"] == "本月(8月)"
    assert cells["figure", "c1"] == "全年"
    assert [cells["figure:month", c] for c in ("c2", "c3", "c9")] == [august[k] for k in ("target", "actual", "gap")]
    assert cells["figure:month", "c14"] == pytest.approx(august["actual"] / july["actual"] - 1)
    assert cells["figure:month", "c13"] == pytest.approx(august["actual"] / (8e6 / 12) - 1)
    assert cells["figure", "c13"] == pytest.approx(figures.total["actual"] / (8e6 / 12 * 8) - 1)
    assert cells["figure", "c14"] is None


def test_growth_is_blank_when_a_part_of_the_past_is_not_known() -> None:
    """Past sales that begin in May cannot be compared with a year from January, nor with none at all."""
    figures = samples.figures()
    partly = replace(figures, history=samples.history(figures.breakdown, whole=False))
    assert math.isnan(on_year_before(figures.whole, partly))
    assert not math.isnan(on_year_before(figures.months[7], partly))
    without = replace(figures, history=None)
    assert math.isnan(on_year_before(figures.months[7], without))
    assert not math.isnan(on_month_before(figures.months[7], without))
    assert math.isnan(on_month_before(figures.months[0], without))
    assert math.isnan(on_month_before(figures.months[9], figures))  # has not begun


def test_a_month_under_way_is_compared_with_as_many_days() -> None:
    """Ten days of August against the first ten of July, and the same ten of a year before."""
    figures = samples.figures()
    achieved = figures.achieved
    assert achieved is not None
    early = replace(figures, achieved=replace(achieved, as_of=dt.date(2026, 8, 10)))
    sales = achieved.days / MICROS
    first, before = (figures.breakdown.timeline.slice_of(figures.months[m]).start for m in (7, 6))
    now = sales[first : first + 10].sum()
    assert on_month_before(figures.months[7], early) == pytest.approx(now / sales[before : before + 10].sum() - 1)
    assert on_year_before(figures.months[7], early) == pytest.approx(now / (8e6 / 24) - 1)  # 1 August, of two days


def test_the_overview_says_when_the_clocks_differ() -> None:
    """Two lamps of different colours need a sentence."""
    figures = samples.figures()
    assert "时钟不一致" in str(cell_map(OVERVIEW.models(figures)[0])["clock:note", "c0"])
    plan = replace(figures.breakdown.plan, lamps=Lamps(green=0.5))
    agreed = replace(figures, breakdown=replace(figures.breakdown, plan=plan))
    assert str(cell_map(OVERVIEW.models(agreed)[0])["clock:note", "c0"]).endswith("三个时钟的状态一致。")


def test_an_overview_without_actuals_draws_no_empty_ranking() -> None:
    """Before the first actuals there is nobody behind: the largest targets come first."""
    (model,) = OVERVIEW.models(samples.figures(actuals=False))
    assert len(model.charts) == 1
    titles = [str(row.values["c0"]) + str(row.values["c8"]) for row in model.rows if row.kind == "section"]
    assert not [title for title in titles if "差" in title]
    cells = cell_map(model)
    assert cells["short:1", "name:left"] == "华东"
    assert cells["short:1", "c0"] is None


def test_members_have_ranks_and_monthly_attainments() -> None:
    """Of the month under way the attainment is that of what is due; a month to come has none."""
    figures = samples.figures()
    achieved = figures.achieved
    assert achieved is not None
    early = replace(figures, achieved=replace(achieved, as_of=dt.date(2026, 8, 10)))
    cells = cell_map(regions(early))
    due = early.elapsed(early.breakdown.plan.clock, early.months)[7]
    assert 0.2 < due < 0.5
    for name in samples.REGIONS:
        row = f"m:{name}"
        assert cells[row, "r:2026-08"] == pytest.approx(cells[row, "a:2026-08"] / (cells[row, "t:2026-08"] * due))  # type: ignore[operator]
        assert cells[row, "r:2026-07"] == pytest.approx(cells[row, "a:2026-07"] / cells[row, "t:2026-07"])  # type: ignore[operator]
        assert cells[row, "r:2026-09"] is None
    assert sorted(cells[f"m:{name}", "rank"] for name in samples.REGIONS) == [1, 2, 3, 4, 5]  # type: ignore[type-var]


def test_many_members_or_levels_are_charted_by_the_furthest_behind_and_ahead() -> None:
    """Ten that lack most and five that are furthest ahead, whatever the number of members."""
    figures = samples.figures(tree=True)
    model = regions(figures)
    short = [row for row in model.rows if row.key.startswith("short:") and row.kind == "normal"]
    ranks = [row.values["rank"] for row in short]
    leaves = [figures.dimensions[0].lines[i] for i in figures.dimensions[0].dimension.leaves]
    gaps = sorted(round(behind(line) * 100) for line in leaves)
    assert ranks == [1 + gaps.index(gap) for gap in [*gaps[:-11:-1], *gaps[4::-1]]]
    (chart,) = model.charts
    assert {(s.first, s.last) for s in chart.series} == {("short:1", "short:15")}
    assert "万元" in chart.title
    (before,) = regions(samples.figures(tree=True, actuals=False)).charts
    assert "目标最大" in before.title


def test_every_link_leads_to_a_cell() -> None:
    """What can be clicked is a member's row on its own sheet."""
    figures = samples.figures(tree=True)
    models = {model.key: model for sheet in (OVERVIEW, DIMENSION) for model in sheet.models(figures)}
    links = [value for row in models["overview"].rows for value in row.values.values() if isinstance(value, Link)]
    assert len(links) == 10 + len(samples.REGIONS)
    for link in links:
        assert models[link.sheet].address(link.row, link.column)


def test_a_pace_is_never_minus_nought() -> None:
    """What would be shown as -0.0% is 0; from the first digit on it is itself."""
    figures = samples.figures()
    for pace, shown in ((-0.0004, 0.0), (0.0004, 0.0), (-0.0006, -0.0006), (0.02, 0.02)):
        assert progress_values({**figures.total, "pace": pace}, figures.frame)["pace"] == shown


def test_progress_columns_keep_the_order_of_the_contract() -> None:
    """One vocabulary, one order."""
    keys = [column.key for column in regions(samples.figures()).columns]
    assert keys[1 : 1 + len(PROGRESS_COLUMNS)] == list(PROGRESS_COLUMNS)


def test_the_patcher_is_given_the_subline_and_no_headers() -> None:
    """Headers and titles belong to the person."""
    for model in every_model():
        cells = cell_map(model)
        assert any(key == SUBLINE for key, _ in cells)
        headings = {row.key for row in model.rows if row.kind in ("header", "section", "label")}
        assert not headings & {key for key, _ in cells}


def test_figures_are_worked_out_once() -> None:
    """Sheets that show the same figure share it."""
    figures = samples.figures()
    for sheet in FIGURES:
        sheet.models(figures)
    assert figures.total is figures.total
    assert figures.lines is figures.lines
    assert figures.dimensions[0].lines is figures.dimensions[0].lines


@given(st.lists(st.integers(0, 5), max_size=400))
def test_the_outermost_rows_always_show(outlines: list[int]) -> None:
    """However large, a sheet never opens empty."""
    shown = [o for o in outlines if o <= unfolded(outlines)]
    assert len(shown) <= max(70, sum(o == 0 for o in outlines) or 70)
    assert 0 not in outlines or 0 in shown


@pytest.mark.parametrize(
    ("unit", "step", "expected"),
    [
        ("yuan", 1, "#,##0"),
        ("yuan", 0.01, "#,##0.00"),
        ("thousand", 1_000, "#,##0,"),
        ("thousand", 100, "#,##0.0,"),
        ("wan", 1_000, r"[<9999500]0\.0,;#\,##0\.0,"),
        ("wan", 100, r"[<9999999.5]0\.0000;#\,##0\.0000"),
        ("million", 1_000, "#,##0.00,,"),
        ("yi", 1_000_000, r"0\.00,,"),
        ("piece", 1, "#,##0"),
    ],
)
def test_money_is_shown_in_the_unit_as_fine_as_the_step(unit: str, step: float, expected: str) -> None:
    """Yuan behind, the unit in front."""
    assert money_format(unit, step) == expected


def test_columns_are_wide_enough_for_the_total() -> None:
    """No sheet shows ####."""
    assert money_width(12_345_678, "#,##0") >= len("12,345,678") + 2
    assert money_width(12_345_678, money_format("wan", 1_000)) >= len("1,234.6") + 2
    assert money_width(12_345_678, money_format("wan", 100)) >= len("1,234.5678") + 2
    assert money_width(9e12, "#,##0.00") >= len("9,000,000,000,000.00") + 2


def test_long_sums_have_room() -> None:
    """Ten digits and cents are read in full, in the data's yuan as in the log."""
    found = Conservation(1_234_567_890.12, 1_234_567_890.12, 0.0, 1_000_000, 1_000_000, 0)
    figures = samples.figures()
    assert figures.achieved is not None
    (model,) = PROBLEMS.models(replace(figures, achieved=replace(figures.achieved, conservation=found)))
    width = {column.key: column.width for column in model.columns}
    assert width["amount"] >= len("1,234,567,890.12") + 2
    assert width["count"] >= len("1,000,000") + 2
    runs = samples.runs()
    run = replace(runs.lines[0], target_after=1_234_567_890.0)
    log = RUNS.model(replace(runs, frame=samples.frame(unit="yuan", step=1), lines=(run,)))
    assert {c.width for c in log.columns if c.key.startswith("target_")} == {money_width(1_234_567_890, "#,##0")}


@pytest.mark.parametrize(
    ("unit", "header", "role"),
    [
        ("thousand", "日均需达(元)", "yuan"),
        ("wan", "日均需达(元)", "yuan"),
        ("yi", "日均需达(元)", "yuan"),
        ("yuan", "日均需达", "money"),
        ("piece", "日均需达", "times"),
    ],
)
def test_what_is_needed_per_day_is_never_a_mere_nought(unit: str, header: str, role: str) -> None:
    """A day's figure is shown in yuan where the plan's unit is coarser, in the sheets and in the key figures."""
    figures = samples.figures(unit=unit)
    column = next(c for c in TIME.models(figures)[0].columns if c.key == "required_per_day")
    assert (column.header, column.role) == (header, role)
    labels, _, shown = OVERVIEW.models(figures)[0].rows[:3]
    at = next(key for key, label in labels.values.items() if label == header)
    assert shown.roles[at] == role
    assert shown.values[at] == figures.total["required_per_day"]


def test_the_basis_shows_growth_and_the_best_ever_of_every_member() -> None:
    """A target is judged by what was reached before."""
    (model,) = BASIS.models(samples.figures(tree=True))
    cells = cell_map(model)
    assert cells["total", "growth"] == pytest.approx(0.25)
    assert cells["total", "judgement"] == "偏高"
    assert cells["d1:华西", "judgement"] == "有挑战"
    assert cells["d1:东北", "best_when"] == "2024年"
    assert next(row for row in model.rows if row.key == "d1:辽宁").outline == 1
    assert model.subline.endswith("参照期:2025年")
    assert cells["note:trend", "member"] == "近期增长:2025年 比 2024年。"


def test_where_history_is_silent_the_basis_is_blank() -> None:
    """No history is not nought growth."""
    figures = samples.figures()
    part = samples.history(figures.breakdown, whole=False)
    cells = cell_map(BASIS.models(replace(figures, history=part))[0])
    assert cells["d3:线上", "target"] == 3_000_000
    blank = ("reference", "reference_share", "growth", "best", "best_when", "of_best", "judgement", "trend")
    assert [cells["d3:线上", column] for column in blank] == [None] * len(blank)
    assert cells["total", "growth"] is None
    assert "不算" in str(cells["note:growth", "member"])
    assert not BASIS.models(replace(figures, history=None))


@given(st.text(max_size=60), st.lists(st.text(max_size=31), max_size=5))
@example("\xa0", [])
def test_sheet_titles_are_legal_and_unlike_those_taken(text: str, taken: list[str]) -> None:
    """A dimension may be named anything."""
    title = sheet_title(text, taken)
    assert 0 < len(title) <= 31
    assert not set(title) & set("[]:*?/\\")
    assert title.casefold() not in {t.casefold() for t in taken}
