"""Layouts: every figure at its key, every sum proven."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plan.sheets import samples
from xlsales.layout.look import money_format, money_width
from xlsales.layout.model import SUBLINE, Formula, SheetModel, cell_map, sheet_title
from xlsales.plan.parts import unfolded
from xlsales.plan.sheets.basis import lay_out_basis
from xlsales.plan.sheets.by_dimension import lay_out_dimension
from xlsales.plan.sheets.by_time import lay_out_time
from xlsales.plan.sheets.overview import lay_out_overview
from xlsales.plan.sheets.problems import lay_out_problems
from xlsales.plan.sheets.runs import lay_out_runs
from xlsales.plan.shown import NAN, Conservation, Figures
from xlsales.vocabulary.contract import PROGRESS_COLUMNS

pytestmark = pytest.mark.unit


def proofs(model: SheetModel) -> list[Formula]:
    return [value for row in model.rows for value in row.values.values() if isinstance(value, Formula)]


def every_model() -> list[SheetModel]:
    tree = samples.dimension_sheet(tree=True, stretch=0.03, unassigned=0.01)
    return [
        lay_out_overview(samples.overview_sheet()),
        lay_out_time(samples.time_sheet()),
        lay_out_dimension(samples.dimension_sheet()),
        lay_out_dimension(dataclasses.replace(tree, number=2, name="省份")),
        lay_out_problems(samples.problems_sheet()),
        lay_out_runs(samples.runs_sheet()),
        lay_out_basis(samples.basis_sheet()),
    ]


def test_every_proof_shows_zero_when_the_figures_close() -> None:
    """What closes is proven to close, in every sheet."""
    for model in every_model()[:5]:
        assert proofs(model), model.key
        assert {p.result for p in proofs(model)} == {0.0}, model.key


def test_row_keys_are_unique() -> None:
    """A cell has one address."""
    for model in every_model():
        keys = [row.key for row in model.rows]
        assert len(set(keys)) == len(keys), model.key


def test_time_rows_come_in_order_with_the_total_on_top() -> None:
    """The year unfolds downwards."""
    model = lay_out_time(samples.time_sheet())
    assert [row.key for row in model.rows[:6]] == ["total", "proof", "2026", "2026H1", "2026Q1", "2026-01"]
    assert model.rows[5].outline == 3
    assert next(row for row in model.rows if row.key == "2026-03-08").counts_for == "day"


def test_a_year_opens_at_its_months() -> None:
    """Months are seen, weeks and days are a click away."""
    model = lay_out_time(samples.time_sheet())
    assert {row.counts_for for row in model.rows if row.hidden} == {"week", "day"}
    assert len([row for row in model.rows if row.counts_for == "month" and not row.hidden]) == 12


def test_a_missing_yuan_shows_in_the_proof() -> None:
    """A sum that does not close is not hidden."""
    sheet = samples.dimension_sheet()
    short = dataclasses.replace(sheet.members[0].figures, target=sheet.members[0].figures.target - 1)
    members = (dataclasses.replace(sheet.members[0], figures=short), *sheet.members[1:])
    cells = cell_map(lay_out_dimension(dataclasses.replace(sheet, members=members)))
    level, months = cells["proof:1", "target"], cells["m:东北", "proof"]
    assert isinstance(level, Formula)
    assert isinstance(months, Formula)
    assert (level.result, months.result) == (-1.0, 1.0)


def test_stretch_and_unassigned_are_lines_of_their_own() -> None:
    """Stretch is a visible line, and so is what nobody carries."""
    model = lay_out_dimension(samples.dimension_sheet(stretch=0.03, unassigned=0.01))
    cells = cell_map(model)
    assert cells["stretch:1", "target"] == pytest.approx(300_000)
    assert cells["unassigned:1", "target"] == pytest.approx(100_000)
    plain = {row.key for row in lay_out_dimension(samples.dimension_sheet()).rows}
    assert not plain & {"stretch:1", "unassigned:1"}


def test_a_leaf_that_ends_early_counts_for_the_levels_below() -> None:
    """A region without provinces is still part of the province level."""
    sheet = samples.dimension_sheet(tree=True)
    lone = dataclasses.replace(sheet.members[0], leaf=True)
    rest = sheet.members[1 + len(samples.PROVINCES["东北"]) :]
    model = lay_out_dimension(dataclasses.replace(sheet, members=(lone, *rest)))
    assert model.rows[1].counts_for == "/1/2/"
    assert {p.result for p in proofs(model)} == {0.0}


def test_the_first_actuals_find_their_proofs_in_place() -> None:
    """Before there are actuals their proofs stand there already, so that no sheet is written anew for them."""

    def proven(model: SheetModel) -> set[tuple[str, str]]:
        return {at for at, value in cell_map(model).items() if isinstance(value, Formula)}

    full = samples.dimension_sheet()
    bare = dataclasses.replace(
        full,
        total=Figures(full.total.target),
        total_actuals=(NAN,) * 12,
        members=tuple(
            dataclasses.replace(m, figures=Figures(m.figures.target), actuals=(NAN,) * 12) for m in full.members
        ),
    )
    assert proven(lay_out_dimension(bare)) == proven(lay_out_dimension(full))
    year = samples.time_sheet()
    rows = tuple(dataclasses.replace(row, figures=Figures(row.figures.target)) for row in year.rows)
    empty = dataclasses.replace(year, total=Figures(year.total.target), rows=rows)
    assert proven(lay_out_time(empty)) == proven(lay_out_time(year))
    assert {p.result for p in proofs(lay_out_dimension(bare)) + proofs(lay_out_time(empty))} == {0.0}


def test_months_without_actuals_stay_blank() -> None:
    """No figure is not a zero."""
    cells = cell_map(lay_out_dimension(samples.dimension_sheet()))
    assert cells["m:华东", "a:2026-09"] is None
    assert cells["m:华东", "a:2026-08"] is not None


def test_the_overview_ranks_who_is_behind_first() -> None:
    """The first line of a dimension is the one that lacks most."""
    cells = cell_map(lay_out_overview(samples.overview_sheet()))
    assert [cells[f"d1:{rank}", "c0"] for rank in range(1, 6)] == ["东北", "华南", "华北", "华东", "华西"]
    behind = [cells[f"d1:{rank}", "c7"] for rank in range(1, 6)]
    assert behind == sorted(behind)  # type: ignore[type-var]


def test_the_overview_says_when_the_clocks_differ() -> None:
    """Two lamps of different colours need a sentence."""
    sheet = samples.overview_sheet()
    assert "时钟不一致" in str(cell_map(lay_out_overview(sheet))["clock:note", "c0"])
    alike = tuple(dataclasses.replace(c, status="green") for c in sheet.clocks)
    agreed = lay_out_overview(dataclasses.replace(sheet, clocks=alike))
    assert cell_map(agreed)["clock:note", "c0"] == "三个时钟的状态一致。"


def test_an_overview_without_actuals_draws_no_empty_ranking() -> None:
    """Before the first actuals there is nobody behind."""
    sheet = samples.overview_sheet()
    bare = tuple(
        dataclasses.replace(
            d, members=tuple(dataclasses.replace(m, figures=Figures(m.figures.target)) for m in d.members)
        )
        for d in sheet.dimensions
    )
    model = lay_out_overview(dataclasses.replace(sheet, dimensions=bare, conservation=None))
    assert len(model.charts) == 1
    assert "落后" not in str(next(row for row in model.rows if row.key == "d1").values["c0"])


def test_progress_columns_keep_the_order_of_the_contract() -> None:
    """One vocabulary, one order."""
    keys = [column.key for column in lay_out_dimension(samples.dimension_sheet()).columns]
    assert keys[1 : 1 + len(PROGRESS_COLUMNS)] == list(PROGRESS_COLUMNS)


def test_the_patcher_is_given_the_subline_and_no_headers() -> None:
    """Headers and titles belong to the person."""
    for model in every_model():
        cells = cell_map(model)
        assert any(key == SUBLINE for key, _ in cells)
        headings = {row.key for row in model.rows if row.kind in ("header", "section", "label")}
        assert not headings & {key for key, _ in cells}


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
        ("wan", 1_000, r"0\.0,"),
        ("wan", 100, r"0\.0000"),
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
    assert money_width(12_345_678, r"0\.0,") >= len("1234.6") + 2
    assert money_width(12_345_678, r"0\.0000") >= len("1234.5678") + 2
    assert money_width(9e12, "#,##0.00") >= len("9,000,000,000,000.00") + 2


def test_long_sums_have_room() -> None:
    """Ten digits and cents are read in full, in the data's yuan as in the log."""
    balance = Conservation(1_234_567_890.12, 1_234_567_890.12, 0.0, 1_000_000, 1_000_000, 0)
    model = lay_out_problems(dataclasses.replace(samples.problems_sheet(), conservation=balance))
    width = {column.key: column.width for column in model.columns}
    assert width["amount"] >= len("1,234,567,890.12") + 2
    assert width["count"] >= len("1,000,000") + 2
    runs = samples.runs_sheet()
    run = dataclasses.replace(runs.runs[0], target_after=1_234_567_890.0)
    frame = samples.frame(unit="yuan", step=1)
    log = lay_out_runs(dataclasses.replace(runs, frame=frame, runs=(run,)))
    assert {c.width for c in log.columns if c.key.startswith("target_")} == {money_width(1_234_567_890, "#,##0")}


@pytest.mark.parametrize(
    ("unit", "header", "role"),
    [
        ("thousand", "日均需达(元)", "yuan"),
        ("wan", "日均需达(元)", "yuan"),
        ("yi", "日均需达(元)", "yuan"),
        ("yuan", "日均需达", "money"),
        ("piece", "日均需达", "money"),
    ],
)
def test_what_is_needed_per_day_is_never_a_mere_nought(unit: str, header: str, role: str) -> None:
    """A day's figure is shown in yuan where the plan's unit is coarser, in the sheets and in the key figures."""
    frame = samples.frame(unit=unit)
    time = lay_out_time(dataclasses.replace(samples.time_sheet(), frame=frame))
    column = next(c for c in time.columns if c.key == "required_per_day")
    assert (column.header, column.role) == (header, role)
    overview = lay_out_overview(dataclasses.replace(samples.overview_sheet(), frame=frame))
    labels, figures = overview.rows[:2]
    at = next(key for key, label in labels.values.items() if label == header)
    assert figures.roles[at] == role
    assert figures.values[at] == samples.total().required_per_day


def test_the_basis_shows_growth_and_the_best_ever_of_every_member() -> None:
    """A target is judged by what was reached before."""
    model = lay_out_basis(samples.basis_sheet())
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
    cells = cell_map(lay_out_basis(samples.basis_sheet(comparable=False)))
    assert cells["d2:线上", "target"] == 5_000_000
    blank = ("reference", "reference_share", "growth", "best", "best_when", "of_best", "judgement", "trend")
    assert [cells["d2:线上", column] for column in blank] == [None] * len(blank)
    assert cells["total", "growth"] is None
    assert "不算" in str(cells["note:growth", "member"])


@given(st.text(max_size=60), st.lists(st.text(max_size=31), max_size=5))
def test_sheet_titles_are_legal_and_unlike_those_taken(text: str, taken: list[str]) -> None:
    """A dimension may be named anything."""
    title = sheet_title(text, taken)
    assert 0 < len(title) <= 31
    assert not set(title) & set("[]:*?/\\")
    assert title.casefold() not in {t.casefold() for t in taken}
