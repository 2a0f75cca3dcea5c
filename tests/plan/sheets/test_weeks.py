"""周跟踪: people's weeks, planned and done, from the rule to a workbook in both languages."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.calc import recalculated
from tests.commands.books import Command, again_and_back, cell_xml, fill, members, opened, plan, type_in
from tests.models import cell_map
from tests.plan.sheets import samples
from xlsales.core.calendars import work_calendar
from xlsales.core.faults import Lang, Refused
from xlsales.core.period_text import PeriodOutsidePlan
from xlsales.core.periods import timeline
from xlsales.core.plan import Lamps, WeekRule
from xlsales.core.spreading import NothingToFollow
from xlsales.core.weeks import planned_weeks, week_progress
from xlsales.layout.model import Formula
from xlsales.layout.paper import page_starts, print_scale
from xlsales.plan.answers import RowLacks
from xlsales.plan.figures import Figures
from xlsales.plan.indicators.tables import T_INDICATORS
from xlsales.plan.sheets.indicators import INDICATORS
from xlsales.plan.sheets.weeks import WEEKS, MonthView
from xlsales.plan.table_rows import LooksLikeTotal, NotAMonth
from xlsales.plan.weeks.faults import (
    DoneFarAbove,
    DoneUnplanned,
    IndicatorAtFault,
    InTwoTeams,
    MonthBlank,
    NoCurve,
    NoSuchWeek,
    NoSumOfRates,
    NotAMemberOf,
    NothingPlanned,
    SameRow,
    TargetInParts,
    WeeksDiffer,
    WeekSkipped,
)
from xlsales.plan.weeks.read import weeks_in
from xlsales.plan.weeks.tables import T_WEEKS

NAN = math.nan
MONTH = "2026-09"
"""Tuesday the 1st to Wednesday the 30th: five pieces of weeks, of 6, 7, 7, 7 and 3 days."""


# --- the rule ------------------------------------------------------------------


@pytest.mark.unit
@pytest.mark.parametrize(
    ("target", "typed", "curve", "weeks"),
    [
        (10, (None,) * 4, (7, 7, 7, 7), (2, 2, 3, 3)),
        (10, (3, 2, 3, 3), (7, 7, 7, 7), (3, 2, 3, 3)),
        (10, (3, None, None, None), (7, 7, 7, 7), (3, 2, 2, 3)),
        (10, (3, 2, 3, 3, None), (7, 7, 7, 7, 2), (3, 2, 3, 3, 0)),  # typed ones are above it already
        (10, (None,) * 5, (6, 7, 7, 7, 3), (2, 2, 2, 3, 1)),  # the last of equal remainders
        (0, (None, None), (0, 0), (0, 0)),
        (None, (130, 110, 130, 40), (1, 1, 1, 1), (130, 110, 130, 40)),
        (None, (130, None), (1, 1), (130, None)),
        (7, (None,), (5,), (7,)),
        (7, (4, 3), (0, 0), (4, 3)),
    ],
)
def test_blank_weeks_close_on_the_target(
    target: int | None, typed: tuple[int | None, ...], curve: tuple[int, ...], weeks: tuple[int | None, ...]
) -> None:
    """Whole numbers by the month's curve; typed weeks stay as they are."""
    assert planned_weeks(target, typed, curve) == weeks


@pytest.mark.unit
def test_weeks_without_a_curve_are_no_equal_weeks() -> None:
    """Weights that are all zero are never silently equal."""
    with pytest.raises(NothingToFollow):
        planned_weeks(10, (3, None), (7, 0))


@pytest.mark.unit
@given(
    st.integers(0, 10**6),
    st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 10**5)), st.integers(1, 10**6)), min_size=1, max_size=6),
)
def test_weeks_never_miss_a_target_that_can_be_made(target: int, weeks: list[tuple[int | None, int]]) -> None:
    """With a blank week the sum is the target, unless typed weeks are above it."""
    typed, curve = tuple(one for one, _ in weeks), tuple(weight for _, weight in weeks)
    planned = planned_weeks(target, typed, curve)
    known = sum(one for one in typed if one is not None)
    if None in typed:
        assert sum(one or 0 for one in planned) == max(target, known)
    assert all(one == own for one, own in zip(planned, typed, strict=True) if own is not None)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("planned", "done", "due", "did", "attainment", "status"),
    [
        ((3, 2, 3, 3), (3, 3, NAN, NAN), 5, 6, 1.2, "green"),
        ((130, 110, 130, 40), (120, 100, NAN, NAN), 240, 220, 220 / 240, "orange"),
        ((40, 40), (25, 20), 80, 45, 0.5625, "red"),
        ((3, 2, 3, 3), (NAN,) * 4, NAN, NAN, NAN, ""),
        ((3, 2, 3, 3), (0, NAN, NAN, NAN), 3, 0, 0, "red"),
        ((3, 2, 3, 3), (3, NAN, 3, NAN), 8, 6, 0.75, "red"),
        ((NAN, NAN), (3, NAN), 0, 3, NAN, ""),
        ((0, 4), (2, NAN), 0, 2, NAN, ""),
    ],
)
def test_what_is_done_is_held_against_the_weeks_that_are_filled_in(
    planned: Sequence[float], done: Sequence[float], due: float, did: float, attainment: float, status: str
) -> None:
    """Up to the last week that is filled in; 0 is filled in, blank is not."""
    one = week_progress(np.array([planned], dtype=float), np.array([done], dtype=float), [False], Lamps())
    assert [one.due[0], one.done[0], one.attainment[0]] == pytest.approx([due, did, attainment], nan_ok=True)
    assert one.status[0] == status


# --- the sheet -------------------------------------------------------------------


def row(person: str | None = "张三", indicator: str | None = "订单", **changes: object) -> dict[str, object]:
    """A row of the table; `plan` and `done` are the weeks from the first on."""
    weeks: dict[str, object] = {}
    for key in ("plan", "done"):
        numbers = changes.pop(key, ())
        assert isinstance(numbers, tuple)
        weeks |= {f"{key}_{n}": number for n, number in enumerate(numbers, 1)}
    return {"person": person, "indicator": indicator, "month": MONTH, "team": "一组"} | weeks | changes


def typed(*rows: Mapping[str, object], figures: Figures | None = None) -> Figures:
    """The figures of a run in which these rows are typed into 周跟踪, from row 5."""
    return replace(figures or samples.figures(), table_rows={T_WEEKS.name: samples.rows_of(T_WEEKS, rows)})


SEED = (
    row(open=5, target=10, plan=(3, 2, 3, 3), done=(3, 3)),
    row("李四", "留档", plan=(130, 110, 130, 40), done=(120, 100)),
    row("王五", "留档", team="二组", plan=(40, 40), done=(25, 20)),
)


@pytest.mark.unit
def test_the_seed_s_figures() -> None:
    """120 %, 92 % and 56 %; weeks that add up to 11 are told, because the target is 10."""
    (view,) = WEEKS.views(typed(*SEED))
    cells = cell_map(WEEKS.model(view))
    assert [cells["p:订单:张三", key] for key in ("open", "target")] == [5, 10]
    assert [cells["p:订单:张三", f"plan_{n}"] for n in range(1, 6)] == [3, 2, 3, 3, 0]

    def result(key: str, column: str) -> object:
        cell = cells[key, column]
        assert isinstance(cell, Formula)
        return cell.result

    assert [result("p:订单:张三", key) for key in ("plan", "off", "check")] == [11, 1, "多了"]
    assert [result("p:订单:张三", key) for key in ("due", "done", "attainment", "gap")] == [5, 6, 1.2, 1]
    assert result("p:订单:张三", "status") == "绿"
    assert result("p:留档:李四", "attainment") == pytest.approx(0.92, abs=0.005)
    assert result("p:留档:王五", "attainment") == pytest.approx(0.56, abs=0.005)
    assert [result("all:留档", key) for key in ("due", "done", "status")] == [320, 265, "红"]
    assert [result("p:留档:李四", key) for key in ("off", "check")] == ["", ""]
    proofs = [cells[f"proof:{name}", key] for name in ("订单", "留档") for key in ("target", "plan", "due", "done")]
    assert [proof.result for proof in proofs if isinstance(proof, Formula)] == [0.0] * 8
    (problem,) = WEEKS.doubts(view)
    assert isinstance(problem.fault, WeeksDiffer)
    assert str(problem.place) == "周跟踪!G5"
    assert "11" in problem.say("zh")
    assert "1 above the target" in problem.say("en")


@pytest.mark.unit
def test_a_team_has_a_printed_page_of_its_own() -> None:
    """The totals of all teams come first; a single team needs no page of totals."""
    (model,) = WEEKS.models(typed(*SEED))
    assert [r.key for r in model.rows if r.kind == "section"] == ["all", "g:一组", "g:二组"]
    assert page_starts(model) == ["g:一组", "g:二组"]
    small = [row(name, target=3, team=team) for name, team in (("张三", "一组"), ("李四", "二组"), ("王五", "三组"))]
    (model,) = WEEKS.models(typed(*small))  # a heading, a total and a person each
    assert page_starts(model) == ["g:一组", "g:二组", "g:三组"]
    (alone,) = WEEKS.models(typed(*SEED[:2]))
    assert page_starts(alone) == []
    assert [r.key for r in alone.rows if r.kind == "proof"] == ["proof:订单", "proof:留档"]
    (nameless,) = WEEKS.models(typed(row(team=None, target=3)))
    assert [r.kind for r in nameless.rows] == ["total", "normal", "proof"]


@pytest.mark.unit
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("month", ["2026-09", "2026-11"])
def test_a_page_is_legible(lang: Lang, month: str) -> None:
    """Text of 11 points is one of more than 6.5 on paper, whether the month has five pieces of weeks or six."""
    rows = [{**one, "month": month} for one in SEED]
    (model,) = WEEKS.models(typed(*rows, figures=samples.figures(lang)))
    assert print_scale(model) * 11 / 100 > 6.5


@pytest.mark.unit
def test_a_person_s_team_is_its_parent_in_the_plan() -> None:
    """If no row says otherwise; a team that is typed once goes for all rows of the person."""
    rows = [row("上海", team=None, target=3), row("李四", target=3), row("李四", "留档", team=None, target=3)]
    (view,) = WEEKS.views(typed(*rows, figures=samples.figures(tree=True)))
    assert [one.team for one in view.month.rows] == ["华东", "一组", "一组"]


@pytest.mark.unit
def test_each_month_has_a_sheet_with_its_own_weeks() -> None:
    """Six pieces of weeks in November, five in September; a blank month is that of the row above."""
    rows = [row(month="2026-11", target=12), row("李四", month=None, target=12), row(month="2026-09", target=12)]
    models = WEEKS.models(typed(*rows))
    assert [model.title for model in models] == ["周跟踪 2026-09", "周跟踪 2026-11"]
    assert [sum(c.key.startswith("plan_") for c in model.columns) for model in models] == [5, 6]
    assert [sum(r.key.startswith("p:") for r in model.rows) for model in models] == [1, 2]
    assert models[1].columns[3].group == "11/1"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("start", "end", "rule", "days"),
    [
        ((2027, 2, 1), (2027, 2, 28), WeekRule.CUT, [7, 7, 7, 7]),
        ((2026, 11, 1), (2026, 11, 30), WeekRule.CUT, [1, 7, 7, 7, 7, 1]),
        ((2026, 9, 1), (2026, 9, 30), WeekRule.ISO, [6, 7, 7, 7, 3]),
        ((2026, 9, 10), (2026, 9, 20), WeekRule.ISO, [4, 7]),
        ((2026, 9, 10), (2026, 9, 10), WeekRule.CUT, [1]),
    ],
)
def test_weeks_are_cut_at_the_month_s_ends(
    start: tuple[int, int, int], end: tuple[int, int, int], rule: WeekRule, days: list[int]
) -> None:
    """Four to six pieces, whatever the rule of weeks; a plan of a day has one."""
    figures = samples.figures()
    line = timeline(dt.date(*start), dt.date(*end), week_rule=rule)
    short = replace(
        figures, breakdown=replace(figures.breakdown, timeline=line), calendar=work_calendar(line.days), achieved=None
    )
    (month,) = short.months
    assert [week.days for week in weeks_in(month, short)] == days


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "fault", "place"),
    [
        ([row(None, target=3)], RowLacks, "周跟踪!D5"),
        ([row(indicator=None, target=3)], RowLacks, "周跟踪!E5"),
        ([row("合计", target=3)], LooksLikeTotal, "周跟踪!D5"),
        ([row(team="小计", target=3)], LooksLikeTotal, "周跟踪!C5"),
        ([row(target=3), row(" 张三 ", target=3)], SameRow, "周跟踪!D6"),
        ([row(target=3), row(indicator="留档", team="二组", target=3)], InTwoTeams, "周跟踪!C6"),
        ([row(target=3, plan=(1, 1, 1, 0, 0, 1))], NoSuchWeek, "周跟踪!M5"),
        ([row(target=3, done=(1, 1, 1, 0, 0, 1))], NoSuchWeek, "周跟踪!S5"),
        ([row()], NothingPlanned, "周跟踪!G5"),
        ([row(open=5, done=(3, 3))], NothingPlanned, "周跟踪!G5"),
        ([row(month="2026Q3", target=3)], NotAMonth, "周跟踪!B5"),
        ([row(month="2027-01", target=3)], PeriodOutsidePlan, "周跟踪!B5"),
    ],
)
def test_what_is_typed_wrongly_is_told_at_its_cell(rows: list[Mapping[str, object]], fault: type, place: str) -> None:
    """One sentence: where, what, what to do."""
    with pytest.raises(Refused) as caught:
        list(WEEKS.views(typed(*rows)))
    (problem,) = caught.value.problems
    assert (type(problem.fault), str(problem.place)) == (fault, place)
    assert problem.say("zh") != problem.say("en")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "fault", "place"),
    [
        ([row(target=10, plan=(3, 2, 3, 3, 0))], WeeksDiffer, "周跟踪!G5"),
        ([row(target=10, plan=(1, 1, 1, 1, 1))], WeeksDiffer, "周跟踪!G5"),
        ([row(plan=(0, 3), done=(2,))], DoneUnplanned, "周跟踪!H5"),
        ([row(target=10, done=(1, None, 2))], WeekSkipped, "周跟踪!O5"),
        ([row(target=10, done=(1, 201))], DoneFarAbove, "周跟踪!O5"),
        ([row(plan=(5, 5), done=(300,))], DoneFarAbove, "周跟踪!N5"),
        ([row(month=None, target=10, done=(1,))], MonthBlank, "周跟踪!B5"),
    ],
)
def test_what_is_doubtful_is_told_and_written_all_the_same(
    rows: list[Mapping[str, object]], fault: type, place: str
) -> None:
    """A sentence at the cell; the sheet is there."""
    (view,) = WEEKS.views(typed(*rows))
    (problem,) = WEEKS.doubts(view)
    assert (type(problem.fault), str(problem.place)) == (fault, place)
    assert WEEKS.model(view).rows


@pytest.mark.unit
def test_a_month_without_a_target_in_the_plan_has_no_curve() -> None:
    """Its weeks are to be typed; then they do."""
    figures = samples.figures()
    flat = replace(figures, breakdown=replace(figures.breakdown, days=figures.breakdown.days * 0))
    with pytest.raises(Refused) as caught:
        list(WEEKS.views(typed(row(target=3), figures=flat)))
    assert [type(problem.fault) for problem in caught.value.problems] == [NoCurve]
    assert WEEKS.models(typed(row(target=3, plan=(1, 1, 1, 0, 0)), figures=flat))


# --- with 指标 ---------------------------------------------------------------------


def indicator(name: str = "留档", **changes: object) -> dict[str, object]:
    """A row of table 指标: a count of 1,200 by region and as the plan's months."""
    return {"indicator": name, "kind": "count", "dimension": "区域", "target": 1200.0} | changes


def with_indicators(rows: Sequence[Mapping[str, object]], *indicators: Mapping[str, object]) -> Figures:
    """The figures of a run in which rows are typed into 周跟踪 and into 指标."""
    figures = typed(*rows)
    own = {T_INDICATORS.name: samples.rows_of(T_INDICATORS, indicators)}
    return replace(figures, table_rows={**figures.table_rows, **own})


@pytest.mark.unit
def test_a_blank_target_is_that_of_the_indicator() -> None:
    """By the name of the indicator and of the member; weeks close on it, or are flagged against it."""
    rows = [row("华东", " 留档 "), row("华北", "留档", plan=(20, 20, 20, 0, 0)), row("华南", "留档", target=7)]
    figures = with_indicators(rows, indicator())
    (sheet,) = INDICATORS.models(figures)
    of_sheet = cell_map(sheet)
    (view,) = WEEKS.views(figures)
    targets = [one.target for one in view.month.rows]
    assert targets == [of_sheet["m:华东", f"t:{MONTH}"], of_sheet["m:华北", f"t:{MONTH}"], 7]
    assert sum(number or 0 for number in view.month.rows[0].planned) == targets[0] == 32
    assert [type(problem.fault) for problem in WEEKS.doubts(view)] == [WeeksDiffer]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("person", "changes", "fault"),
    [
        ("华东", {"kind": "rate", "target": 0.9}, NoSumOfRates),
        ("张三", {}, NotAMemberOf),
        ("华东", {"target": None}, IndicatorAtFault),
        ("华东", {"dimension": "门店"}, IndicatorAtFault),
        ("华东", {"step": 0.5, "target": 1200.5}, TargetInParts),
    ],
)
def test_an_indicator_without_a_target_for_a_person_is_told(
    person: str, changes: Mapping[str, object], fault: type
) -> None:
    """With the reason; a target or weeks that are typed do without."""
    own = indicator() | dict(changes)
    with pytest.raises(Refused) as caught:
        list(WEEKS.views(with_indicators([row(person, "留档")], own)))
    (problem,) = caught.value.problems
    assert (type(problem.fault), str(problem.place)) == (fault, "周跟踪!G5")
    for enough in ({"target": 3}, {"plan": (1, 2)}):
        assert WEEKS.models(with_indicators([row(person, "留档", **enough)], own))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("planned", "done", "attainment", "status"),
    [
        ((4,), (5,), 0.8, "红"),
        ((4,), (4,), 1.0, "绿"),
        ((4,), (0,), "", "绿"),
        ((0,), (0,), 1.0, "绿"),
        ((0,), (2,), 0, "红"),
    ],
)
def test_of_complaints_less_is_better(
    planned: tuple[int, ...], done: tuple[int, ...], attainment: object, status: str
) -> None:
    """5 against 4 are 80 %; none is the best."""
    rows = [row(indicator="投诉数", plan=planned, done=done)]
    figures = with_indicators(rows, indicator("投诉数", better="less", target=2.0, months="each"))
    cells = cell_map(WEEKS.models(figures)[0])
    for key in ("p:投诉数:张三", "t:一组:投诉数"):
        results = [
            cell.result for cell in (cells[key, "attainment"], cells[key, "status"]) if isinstance(cell, Formula)
        ]
        assert results == [attainment, status]


# --- in a workbook -----------------------------------------------------------------

SHEET = "周跟踪 2026-09"


def with_rows(path: Path, xlsales: Command, *rows: Mapping[str, object], lang: Lang = "zh") -> Path:
    """A plan with these rows in its table."""
    title = T_WEEKS.label[lang]
    assert xlsales("add", path, title).code == 0
    keys = [column.key for column in T_WEEKS.columns]
    cells = [{key: "" if one.get(key) is None else one[key] for key in keys} for one in rows]
    fill(path, T_WEEKS, title, cells)  # type: ignore[arg-type]
    return path


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_weeks_are_added_filled_split_and_taken_back(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """As a person does it: its examples are not counted until they are a person's own."""
    path, title = plan(tmp_path / "plan.xlsx", lang=lang), T_WEEKS.label[lang]
    assert xlsales("add", path, title).code == 0
    assert xlsales("split", path).code == 0
    assert "xs_out_weeks_1" not in opened(path).book.defined_names
    for cell in ("T5", "T6"):
        type_in(path, title, cell, "")
    before = path.read_bytes()
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet("weeks:2026-01")
    assert sheet.down("target", "p:.*") == [10, 8]
    weeks = [sum(sheet.value(key, f"plan_{n}") for n in range(1, 6)) for key in sheet.rows if key.startswith("p:")]
    assert weeks == [10, 8]
    again_and_back(xlsales, path, before)


@pytest.mark.package
@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        ("G5", 2.5, "2.5"),
        ("G5", -3, "-3"),
        ("N5", "三个", "三个"),
        ("N5", -1, "-1"),
        ("N5", 0.5, "0.5"),
        ("B5", "下个月", "下个月"),
        ("F5", "很多", "很多"),
    ],
)
def test_odd_cells_are_told_where_they_are(
    xlsales: Command, tmp_path: Path, cell: str, value: float | str, said: str
) -> None:
    """Half an order, less than none, a text: one sentence, and no sheet."""
    path = with_rows(plan(tmp_path / "plan.xlsx"), xlsales, row(target=10))
    type_in(path, "周跟踪", cell, value)
    ran = xlsales("split", path)
    assert ran.code == 1
    (sentence,) = (line for line in ran.out.splitlines() if f"周跟踪!{cell}" in line)
    assert said in sentence
    assert "xs_out_weeks_1" not in opened(path).book.defined_names


@pytest.mark.package
def test_an_error_cell_is_told(xlsales: Command, tmp_path: Path) -> None:
    """It is no blank."""
    path = with_rows(plan(tmp_path / "plan.xlsx"), xlsales, row(target=10, done=(1,)))
    cell_xml(path, "周跟踪", "N5", '<c r="N5" t="e"><v>#N/A</v></c>')
    ran = xlsales("split", path)
    assert ran.code == 1
    assert "#N/A" in next(line for line in ran.out.splitlines() if "周跟踪!N5" in line)


@pytest.mark.package
def test_numbers_are_read_as_people_write_them(xlsales: Command, tmp_path: Path) -> None:
    """Full-width digits, thousands, 万; a mark for nothing is blank."""
    path = with_rows(plan(tmp_path / "plan.xlsx"), xlsales, row(target="1.2万", done=("１２０", "—")))
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet(f"weeks:{MONTH}")
    key = "p:订单:张三"
    assert [sheet.value(key, column) for column in ("target", "done_1", "done_2")] == [12_000, 120, None]


@pytest.mark.package
def test_what_is_typed_into_the_sheet_is_kept(xlsales: Command, tmp_path: Path) -> None:
    """Over runs, also when rows are added; a number in the table that differs is told, clearing the cell takes it."""
    path = with_rows(plan(tmp_path / "plan.xlsx"), xlsales, row(target=10, done=(3,)))
    assert xlsales("split", path).code == 0
    key, at = "p:订单:张三", opened(path).sheet(f"weeks:{MONTH}").cell("p:订单:张三", "done_2").coordinate
    type_in(path, SHEET, at, 4)
    assert xlsales("split", path).code == 0
    assert opened(path).sheet(f"weeks:{MONTH}").value(key, "done_2") == 4
    with_rows(path, xlsales, row(target=10, done=(3,)), row("李四", target=8))
    assert xlsales("split", path).code == 0
    assert [opened(path).sheet(f"weeks:{MONTH}").value(key, f"done_{n}") for n in (1, 2)] == [3, 4]

    type_in(path, "周跟踪", "O5", 5)
    ran = xlsales("split", path)
    assert "这里填的是 4,“周跟踪”里是 5" in ran.out
    sheet = opened(path).sheet(f"weeks:{MONTH}")
    assert sheet.value(key, "done_2") == 4
    type_in(path, SHEET, sheet.cell(key, "done_2").coordinate, "")
    assert "这里填的是" not in xlsales("split", path).out
    assert opened(path).sheet(f"weeks:{MONTH}").value(key, "done_2") == 5


@pytest.mark.package
@pytest.mark.parametrize(("found", "said"), [("三个", "“三个”"), (-2, "这里是 -2,"), (1.5, "这里是 1.5,")])
def test_what_is_no_number_in_the_sheet_is_told(
    xlsales: Command, tmp_path: Path, found: str | float, said: str
) -> None:
    """It does not count, and the sentence keeps it."""
    path = with_rows(plan(tmp_path / "plan.xlsx"), xlsales, row(target=10, done=(3,)))
    assert xlsales("split", path).code == 0
    at = opened(path).sheet(f"weeks:{MONTH}").cell("p:订单:张三", "done_1").coordinate
    type_in(path, SHEET, at, found)
    ran = xlsales("split", path)
    assert said in next(line for line in ran.out.splitlines() if f"{SHEET}!{at}" in line)
    assert opened(path).sheet(f"weeks:{MONTH}").value("p:订单:张三", "done_1") == 3


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "left", "out"),
    [
        ([row(target=3), row("李四")], ["张三"], "6"),
        ([row(target=3), row(None, target=3), row("李四", target=4)], ["张三", "李四"], "6"),
        ([row(target=3), row("李四", target=3), row("李四", target=4)], ["张三"], "6、7"),
        ([row(target=3), row("李四", target=3), row("李四", "留档", team="二组", target=4)], ["张三"], "6、7"),
        ([row(target=3), row("李四", month="2026-13", target=3), row("王五", month=None, target=4)], ["张三"], "6、7"),
        ([row(month="2026-13", target=3), row("李四", target=3)], ["李四"], "5"),
        ([row(target=3, done=(0, 0, 0, 0, 0, 1)), row("李四", target=3)], ["李四"], "5"),
    ],
)
def test_a_row_at_fault_is_left_out_and_the_others_go(
    rows: list[Mapping[str, object]], left: list[str], out: str
) -> None:
    """The sheet says which rows are not in it, and so does a sentence."""
    views: list[MonthView] = []
    with pytest.raises(Refused) as caught:
        views.extend(WEEKS.views(typed(*rows)))  # the months come before it is raised
    assert [[one.person for one in view.month.rows] for view in views] == [left]
    assert f"第 {out} 行有错,没有计入" in WEEKS.model(views[0]).subline
    assert [f"第 {out} 行有错" in problem.say("zh") for problem in caught.value.problems].count(True) == 1


@pytest.mark.package
@pytest.mark.parametrize(
    ("cell", "value", "before"),
    [
        ("D6", "周八", "李四"),
        ("D6", "", "李四"),
        ("G6", "五", 8),
        ("B6", "2026-13", MONTH),
        ("B6", "2026-10", MONTH),
    ],
)
def test_numbers_of_a_row_that_is_gone_stay(
    xlsales: Command, tmp_path: Path, cell: str, value: str, before: str | float
) -> None:
    """The sheet stays as it is, until the row is there again, or a person clears the number."""
    path = with_rows(plan(tmp_path / "plan.xlsx"), xlsales, row(target=10), row("李四", target=8))
    assert xlsales("split", path).code == 0
    key, at = "p:订单:李四", opened(path).sheet(f"weeks:{MONTH}").cell("p:订单:李四", "done_1").coordinate
    type_in(path, SHEET, at, 4)
    type_in(path, "周跟踪", cell, value)
    said = [(one["sheet"], one["sentence"]) for one in xlsales("split", path, "--json").json["problems"]]
    (sentence,) = (sentence for sheet, sentence in said if sheet == SHEET)
    assert "这里填了“李四”的“订单”第 1 周 4" in sentence
    assert opened(path).sheet(f"weeks:{MONTH}").value(key, "done_1") == 4
    other = tmp_path / "cleared.xlsx"
    other.write_bytes(path.read_bytes())
    type_in(path, "周跟踪", cell, before)
    assert "这里填了" not in xlsales("split", path).out
    assert opened(path).sheet(f"weeks:{MONTH}").value(key, "done_1") == 4
    type_in(other, SHEET, at, "")
    assert "这里填了" not in xlsales("split", other).out
    assert key not in opened(other).sheet(f"weeks:{MONTH}").rows


@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_libreoffice_computes_the_sheet_alike(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """The stored results of all formulas are those of a program that opens the file, also after a person types."""
    dimensions = members({"渠道": {"展厅": 3, "网络": 2}})
    complaints = [row(name, "投诉数", plan=(4, 4), done=done) for name, done in (("张三", (5,)), ("李四", (0, 0)))]
    path = plan(tmp_path / "plan.xlsx", lang=lang, dimensions=dimensions)
    with_rows(path, xlsales, *SEED, *complaints, lang=lang)
    assert xlsales("add", path, "indicators").code == 0
    less = indicator("投诉数", dimension="渠道", better="less", months="each", target=2.0, note="", unit="")
    fill(path, T_INDICATORS, T_INDICATORS.label[lang], [less])  # type: ignore[list-item]
    assert xlsales("split", path).code == 1  # the weeks of a person make 11
    assert opened(path).sheet(f"weeks:{MONTH}").value("p:投诉数:张三", "attainment") == 0.8
    assert _computed_alike(path, tmp_path) > 100
    sheet = opened(path).sheet(f"weeks:{MONTH}")
    type_in(path, sheet.sheet.title, sheet.cell("p:订单:张三", "done_3").coordinate, 1)
    assert xlsales("split", path).code == 1
    assert _computed_alike(path, tmp_path) > 100
    assert opened(path).sheet(f"weeks:{MONTH}").value("p:订单:张三", "done") == 7


def _computed_alike(path: Path, folder: Path) -> int:
    """Hold every cell of the sheet against LibreOffice's; how many are not blank."""
    shown, computed = opened(path).sheet(f"weeks:{MONTH}"), recalculated(path, folder)
    cells = computed[shown.sheet.title]
    stored = [shown.cell(row, column) for row in shown.rows for column in shown.columns]
    for cell in stored:
        both = [None if value == "" else value for value in (cell.value, cells[cell.coordinate].value)]
        assert both[0] == (pytest.approx(both[1]) if isinstance(both[1], float) else both[1]), cell
    return sum(cell.value is not None for cell in stored)
