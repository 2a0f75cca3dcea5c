"""行动计划: actions against members' gaps, from the table to a workbook in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.calc import printed, recalculated
from tests.commands.books import (
    Command,
    Rows,
    add_cells,
    again_and_back,
    answer,
    cell_xml,
    fill,
    insert_row,
    members,
    opened,
    paste,
    plan,
    type_in,
)
from tests.models import cell_map
from tests.plan.sheets import samples
from xlsales.core.faults import Lang, Refused
from xlsales.layout.model import Formula, SheetModel
from xlsales.plan.actions import faults
from xlsales.plan.actions.table import T_ACTIONS
from xlsales.plan.actions.view import ActionsView
from xlsales.plan.answers import RowLacks
from xlsales.plan.figures import Figures
from xlsales.plan.sheets.actions import ACTIONS
from xlsales.plan.table_rows import LooksLikeTotal
from xlsales.plan.unknown_names import NotInThePlan
from xlsales.values.serials import to_serial

AS_OF = samples.AS_OF
WAN = 10_000
"""Amounts are typed in 万元, and read as yuan."""


def row(member: str | None = "东北", measure: str | None = "店庆", **changes: object) -> dict[str, object]:
    """A row of the table as it is read: an action of 6万 that ends after the as-of date."""
    days = {"begins": AS_OF - dt.timedelta(10), "ends": AS_OF + dt.timedelta(10)}
    return {"member": member, "measure": measure, "owner": "张三", "expected": 6.0 * WAN, **days} | changes


def typed(*rows: Mapping[str, object], figures: Figures | None = None) -> Figures:
    """The figures of a run in which these rows are typed into 行动, from row 5."""
    return replace(figures or samples.figures(), table_rows={T_ACTIONS.name: samples.rows_of(T_ACTIONS, rows)})


def shown(figures: Figures) -> dict[tuple[str, str], object]:
    """The cells of the sheet; of formulas their results."""
    (model,) = ACTIONS.models(figures)
    return results(model)


def results(model: SheetModel) -> dict[tuple[str, str], object]:
    return {at: value.result if isinstance(value, Formula) else value for at, value in cell_map(model).items()}


def notes(cells: Mapping[tuple[str, str], object]) -> list[str]:
    """What the sheet says above its figures."""
    return [str(cells.get((key, "name")) or "") for key in ("doubt", "note")]


# --- doubts ----------------------------------------------------------------------


@pytest.mark.unit
@pytest.mark.parametrize(
    ("changes", "cell"),
    [
        ({"expected": 300_000.0 * WAN}, "expected"),
        ({"expected": None, "customers": 20, "each": 15_000.0 * WAN}, "each"),
        ({"expected": 0.0001 * WAN}, "expected"),
        ({"result": 20_000.0 * WAN}, "result"),
        ({"result": 3.0}, "result"),
        ({"ends": dt.date(2031, 6, 1)}, "ends"),
        ({}, ""),
        ({"result": 7.0 * WAN}, ""),
        ({"expected": 0.0, "ends": dt.date(2031, 6, 1)}, ""),
        ({"status": "cancelled", "ends": dt.date(2031, 6, 1)}, ""),
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_doubted_at_its_cell(changes: Mapping[str, object], cell: str) -> None:
    """An amount of another size than the target or than what was expected; days after the plan."""
    figures = typed(row(**changes))
    (view,) = ACTIONS.views(figures)
    places = [problem.place for problem in ACTIONS.doubts(view)]
    cells = figures.table_rows[T_ACTIONS.name][0]["cells"]
    assert places == ([cells[cell]] if cell else [])
    is_unit = bool(cell) and cell != "ends"
    assert (f"单位存疑、仍照算:{cells.get(cell)}" in notes(results(ACTIONS.model(view)))) == is_unit


@pytest.mark.unit
@pytest.mark.parametrize(
    ("reached", "is_doubted"),
    [
        (1, False),
        (6, False),
        (60, False),
        (119, False),
        (121, True),
        (600, True),
        (3_000, True),
        (6_000, True),
        (60_000, True),
        (90_000, True),
        (0.006, False),
        (0.0006, True),
        (0, False),
    ],
)
def test_what_was_reached_in_another_unit_is_doubted(reached: float, is_doubted: bool) -> None:
    """Of 6万 expected, by what is typed in 万: a slip of 1,000 or 10,000 times is seen from 2 % of it on."""
    (view,) = ACTIONS.views(typed(row(status="running", result=reached * WAN)))
    assert [problem.place for problem in ACTIONS.doubts(view)] == [
        view.rows.actions[0].row["cells"]["result"]
    ] * is_doubted


# --- the sheet -------------------------------------------------------------------


@pytest.mark.unit
def test_members_with_a_gap_and_no_action_come_first() -> None:
    """The largest gap first; only of the levels that have actions; a cancelled action is none, no gap needs none."""
    rows = [row("华东"), row("华北", status="cancelled"), row("东北", status="done", result=6.0 * WAN)]
    cells = shown(typed(*rows))
    first = [cells[f"none:{n}", "name"] for n in range(1, 3)]
    gaps = [cells[f"none:{n}", "gap"] for n in range(1, 3)]
    assert first == ["华南", "华北"]
    assert cells["none:3", "name"] is None  # 华西 will reach its target
    assert gaps == sorted(gaps, reverse=True)  # type: ignore[type-var]
    assert cells["none:1", "state"] == "没有行动"
    assert cells["m:区域:华北", "state"] == "没有行动"
    of_provinces = shown(typed(row("上海"), figures=samples.figures(tree=True)))
    assert of_provinces["none:1", "name"] in samples.PROVINCES["东北"]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("changes", "state", "is_first"),
    [
        ({"status": "done", "result": 6.0 * WAN}, "没有后续行动", False),
        ({"status": "running", "result": 7.0 * WAN}, "没有后续行动", False),
        ({"expected": 0.0}, "没有后续行动", False),
        ({"status": "cancelled"}, "没有行动", True),
        ({}, "不够", False),
    ],
    ids=str,
)
@pytest.mark.parametrize("member", ["东北", "辽宁"])
def test_a_member_whose_actions_bring_nothing_more_is_listed_once(
    member: str, changes: Mapping[str, object], state: str, is_first: bool
) -> None:
    """It had actions, which its own rows show: it is not among those without; so is a parent of members with some."""
    cells = shown(typed(row(member, **changes), row("华东"), figures=samples.figures(tree=True)))
    assert cells["m:区域:东北", "state"] == state
    listed = {value for (key, column), value in cells.items() if key.startswith("none:") and column == "name"}
    assert ("东北" in listed) == is_first


@pytest.mark.unit
def test_a_parent_has_the_actions_of_its_members_and_each_counts_once() -> None:
    """Its own and theirs; the whole has those of the company and of the dimension that brings most."""
    rows = [row("华东"), row("上海"), row("江苏", expected=1.0 * WAN), row("产品A"), row(None), row("公司", "另一个")]
    cells = shown(typed(*rows, figures=samples.figures(tree=True)))
    keys = ("m:区域:华东", "m:区域:上海", "m:区域:江苏", "m:产品:产品A", "own", "total")
    assert [cells[key, "open"] for key in keys] == [13 * WAN, 6 * WAN, WAN, 6 * WAN, 12 * WAN, 25 * WAN]
    assert [cells[f"proof:{name}", "open"] for name in ("区域", "产品")] == [0, 0]


@pytest.mark.unit
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_actions_of_two_dimensions_are_not_added_up(lang: Lang) -> None:
    """Neither regions nor products cover the gap, so the company does not either; the sheet says what counts."""
    rows = [row("东北", expected=20.0 * WAN), row("产品A", expected=30.0 * WAN)]
    figures = samples.figures(lang)
    (model,) = ACTIONS.models(typed(*rows, figures=figures))
    cells = results(model)
    gap = cells["total", "gap"]
    assert isinstance(gap, float)
    assert 30 * WAN < gap < 50 * WAN
    assert (cells["total", "open"], cells["total", "state"]) == (30 * WAN, {"zh": "不够", "en": "short"}[lang])
    said = {"zh": "区域、产品的行动可能为同一笔销售", "en": "Actions of 区域, 产品 may be for the same sales"}[lang]
    assert said in " ".join(notes(cells))
    assert said not in " ".join(notes(shown(typed(row(), figures=figures))))


@pytest.mark.unit
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_gaps_below_a_company_without_one_are_told(lang: Lang) -> None:
    """With how many members lack something, and how much that is together."""
    figures = samples.figures(lang)
    achieved = figures.achieved
    assert achieved is not None
    surplus = replace(achieved, days=achieved.days * 2)
    (model,) = ACTIONS.models(typed(row(), figures=replace(figures, achieved=surplus)))
    assert results(model)["total", "state"] == {"zh": "没有缺口", "en": "no gap"}[lang]
    lacking = [max(line["target"] - line["forecast"], 0) for line in figures.dimensions[0].lines]
    n, amount = sum(one > 0 for one in lacking), f"{sum(lacking) / WAN:.2f}".rstrip("0").rstrip(".")
    said = {"zh": f"但区域有 {n} 个成员有,共 {amount} 万元", "en": f"of {n} members of 区域, {amount} "}[lang]
    assert said in " ".join(notes(results(model)))


@pytest.mark.unit
@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["华东", "上海", "江苏", "东北", "辽宁", "产品A", "产品B", None]),
            st.integers(0, 10**9),
            st.sampled_from([None, "open", "running", "done", "cancelled"]),
            st.one_of(st.none(), st.integers(0, 10**9)),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_the_proof_is_zero_whatever_actions_there_are(
    actions: list[tuple[str | None, int, str | None, int | None]],
) -> None:
    """Members of the first level make their dimension; the company has its own actions and the larger dimension's."""
    rows = [
        row(member, f"措施{n}", expected=float(expected), status=status, result=result)
        for n, (member, expected, status, result) in enumerate(actions)
    ]
    cells = shown(typed(*rows, figures=samples.figures(tree=True)))
    assert {value for (key, column), value in cells.items() if key.startswith("proof") and column == "open"} == {0}
    sums = dict.fromkeys(("", "区域", "产品"), 0)
    for member, expected, status, result in actions:
        of = "" if member is None else "产品" if member.startswith("产品") else "区域"
        sums[of] += 0 if status in ("done", "cancelled") else max(expected - (result or 0), 0)
    coming = sums[""] + max(sums["区域"], sums["产品"])
    assert cells["total", "open"] == coming


@pytest.mark.unit
@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"ends": AS_OF - dt.timedelta(1)}, "逾期"),
        ({"ends": AS_OF}, "该开始了"),
        ({"ends": AS_OF, "status": "running"}, ""),
        ({"ends": AS_OF - dt.timedelta(1), "status": "done"}, "完成"),
        ({"ends": AS_OF - dt.timedelta(1), "status": "cancelled"}, "取消"),
        ({"ends": AS_OF - dt.timedelta(1), "owner": None}, "逾期"),
        ({"owner": None}, "缺负责人"),
        ({"ends": None}, "缺结束日"),
        ({"begins": AS_OF + dt.timedelta(1)}, ""),
        ({"begins": None}, ""),
    ],
)
def test_an_action_s_lamp(changes: Mapping[str, object], state: str) -> None:
    """Overdue by the as-of date; what is over is not late."""
    assert shown(typed(row(**changes)))["a:区域:东北:店庆", "state"] == state  # type: ignore[arg-type]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ends": AS_OF - dt.timedelta(1)}, True),
        ({"ends": AS_OF}, False),
        ({"ends": AS_OF - dt.timedelta(1), "status": "done"}, False),
        ({"ends": AS_OF - dt.timedelta(1), "result": 10**9}, False),
    ],
)
def test_what_overdue_actions_still_count_with_is_said(changes: Mapping[str, object], *, said: bool) -> None:
    """An action that should be over may bring nothing more; the head says how much of the cover is of such."""
    assert ("逾期的 1 个行动仍算还能带来" in notes(shown(typed(row(**changes))))[1]) is said  # type: ignore[arg-type]


@pytest.mark.unit
def test_without_actuals_no_gap_is_known() -> None:
    """And nothing is late: the machine's clock does not count."""
    cells = shown(typed(row(ends=dt.date(2020, 1, 1), begins=None), figures=samples.figures(actuals=False)))
    assert [cells["total", key] for key in ("gap", "cover", "left", "state")] == [None, "", "", ""]
    assert cells["total", "open"] == 6 * WAN
    assert cells["a:区域:东北:店庆", "state"] == ""


@pytest.mark.unit
def test_customers_make_the_expected_amount_and_the_visits() -> None:
    """20 customers, visited twice, 0.15万 each; an amount that is typed counts, and a difference is told."""
    visits: dict[str, object] = {"customers": 20, "visits": 2.0, "each": 1500.0}
    figures = typed(row() | {"expected": None} | visits, row("华东", expected=5.0 * WAN) | visits)
    (view,) = ACTIONS.views(figures)
    cells = results(ACTIONS.model(view))
    assert [cells["a:区域:东北:店庆", key] for key in ("visits", "expected")] == [40, 3 * WAN]
    assert cells["a:区域:华东:店庆", "expected"] == 5 * WAN
    (problem,) = ACTIONS.doubts(view)
    assert problem.say("zh").endswith("“店庆”的预计金额是 5,客户数 × 每户金额是 3。按预计金额算;按客户算,请清空它。")
    assert "visits" not in [column.key for column in ACTIONS.models(typed(row()))[0].columns]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "fault", "place"),
    [
        ([row("华冬")], NotInThePlan, "行动!B5"),
        ([row("合计")], LooksLikeTotal, "行动!B5"),
        ([row(measure=None)], RowLacks, "行动!D5"),
        ([row(), row(" 东北 ", "店庆 ")], faults.SameAction, "行动!D6"),
        ([row(None), row("公司整体")], faults.SameAction, "行动!D6"),
        ([row(expected=None)], faults.NothingExpected, "行动!H5"),
        ([row(expected=None, customers=3)], faults.NothingExpected, "行动!H5"),
        ([row(begins=AS_OF, ends=AS_OF - dt.timedelta(1))], faults.EndsBeforeItBegins, "行动!G5"),
    ],
)
def test_a_row_at_fault_is_told_at_its_cell_and_left_out_alone(
    rows: list[Mapping[str, object]], fault: type, place: str
) -> None:
    """One sentence: where, what, what to do; the other rows go on, and the sheet says which are not there."""
    views: list[ActionsView] = []
    with pytest.raises(Refused) as caught:
        views.extend(ACTIONS.views(typed(*rows, row("华南", "另一个"))))
    first, last = caught.value.problems
    assert (type(first.fault), str(first.place)) == (fault, place)
    assert first.say("zh") != first.say("en")
    assert isinstance(last.fault, faults.ActionsLeftOut)
    assert [action.member for action in views[0].rows.actions] == ["华南"]
    assert "有错,没有计入" in ACTIONS.model(views[0]).subline


@pytest.mark.unit
def test_a_name_of_two_dimensions_is_asked_about() -> None:
    """With the dimension in front it is found."""
    figures = samples.figures()
    both = replace(
        figures,
        breakdown=replace(
            figures.breakdown, dimensions={**figures.breakdown.dimensions, "大区": figures.breakdown.dimensions["区域"]}
        ),
    )
    with pytest.raises(Refused) as caught:
        list(ACTIONS.views(typed(row(), figures=both)))
    assert "“区域:东北”" in caught.value.problems[0].say("zh")
    assert ("m:大区:东北", "open") in shown(typed(row("大区:东北"), figures=both))


@pytest.mark.unit
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_chart_shows_the_largest_gaps(lang: Lang) -> None:
    """At most ten members, of the levels that have actions; what actions bring is that of their rows."""
    figures = samples.figures(lang, tree=True)
    (model,) = ACTIONS.models(typed(row("辽宁"), row("上海", expected=20.0 * WAN), figures=figures))
    (chart,) = model.charts
    cells = results(model)
    keys = [key for key, column in cells if key.startswith("drawn:") and column == "gap"]
    gaps = [cells[key, "gap"] for key in keys]
    assert keys == [f"drawn:{n}" for n in range(10)]
    assert gaps == sorted(gaps, reverse=True)  # type: ignore[type-var]
    assert [(one.first, one.last) for one in chart.series] == [("drawn:0", "drawn:9")] * 2
    named = {cells[key, "name"]: cells[key, "open"] for key in keys}
    assert named["辽宁"] == 6 * WAN
    assert {value for name, value in named.items() if name != "辽宁"} == {0}
    assert all(one.hidden for one in model.rows if one.key.startswith("drawn:"))


@pytest.mark.unit
def test_without_a_known_gap_the_chart_shows_what_actions_bring() -> None:
    """It is there before the first actuals too: rows that come and go would cost a person's own columns."""
    (model,) = ACTIONS.models(
        typed(row("华南"), row("华东", expected=7.0 * WAN), figures=samples.figures(actuals=False))
    )
    cells, (chart,) = results(model), model.charts
    drawn = [(cells[f"drawn:{n}", "name"], cells[f"drawn:{n}", "open"]) for n in range(3)]
    assert drawn[:2] == [("华东", 7 * WAN), ("华南", 6 * WAN)]
    assert drawn[2][1] == 0
    assert chart.series[0].first == "drawn:0"


@pytest.mark.unit
def test_members_beyond_the_listed_ones_are_in_one_line() -> None:
    """Their number, and what they lack together."""
    (view,) = ACTIONS.views(typed(row("辽宁"), figures=samples.figures(tree=True)))
    cells = results(ACTIONS.model(view))
    rest = view.without[10:]
    assert len(rest) > 1
    assert cells["none:rest", "name"] == f"另有 {len(rest)} 个成员"
    assert cells["none:rest", "gap"] == pytest.approx(sum(gap for gap, _, _ in rest))
    assert cells["none:10", "name"]


# --- in a workbook -----------------------------------------------------------------

SOLD = {"zh": "华东", "en": "East"}
TITLE = {"zh": "行动计划", "en": "Action plan"}
ACTUALS: dict[str, Rows] = {
    "zh": [["日期", "区域", "金额"], [dt.date(2026, 6, 30), "华东", 546_000]],
    "en": [["Date", "Region", "Amount"], [dt.date(2026, 6, 30), "East", 546_000]],
}
"""Half a year has gone by with 54.6 of 60: the forecast lacks 10.8 of 120万."""
KEY = {"zh": "a:区域:华东:店庆", "en": "a:Region:East:Sale"}


def seed(path: Path, xlsales: Command, lang: Lang = "zh", more: Sequence[Mapping[str, float | str]] = ()) -> Path:
    """A plan whose only region has a gap of 10.8万 and two actions of 6 and 3."""
    region = {"zh": "区域", "en": "Region"}[lang]
    dimensions = members({region: {SOLD[lang]: 1, "X": 0, "Y": 0}})
    plan(path, lang=lang, dimensions=dimensions, total=120, actuals=ACTUALS[lang])
    with_rows(
        path, xlsales, [of_table("店庆" if lang == "zh" else "Sale", 6, lang), of_table("B", 3, lang), *more], lang
    )
    assert xlsales("split", path).code == 0
    return path


def of_table(measure: str, expected: float | str, lang: Lang = "zh", **changes: float | str) -> dict[str, float | str]:
    """A row as it is typed."""
    days = {"begins": float(to_serial(dt.date(2026, 6, 1))), "ends": float(to_serial(dt.date(2026, 9, 30)))}
    own = {"member": SOLD[lang], "measure": measure, "owner": "A", "expected": expected, **days}
    return {column.key: "" for column in T_ACTIONS.columns} | own | changes


def with_rows(path: Path, xlsales: Command, rows: Sequence[Mapping[str, float | str]], lang: Lang = "zh") -> None:
    assert xlsales("add", path, T_ACTIONS.label[lang]).code == 0
    fill(path, T_ACTIONS, T_ACTIONS.label[lang], rows)


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_seed_s_figures(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """A gap of 10.8, actions of 6 and 3: 83 %, 1.8 are not covered."""
    sheet = opened(seed(tmp_path / "plan.xlsx", xlsales, lang)).sheet("actions")
    for key in ("total", f"m:{'区域:华东' if lang == 'zh' else 'Region:East'}"):
        assert sheet.value(key, "gap") == 108_000
        assert [sheet.value(key, column) for column in ("open", "left")] == pytest.approx([90_000, 18_000])
        assert sheet.value(key, "cover") == pytest.approx(0.8333, abs=1e-4)
        assert sheet.value(key, "state") == {"zh": "不够", "en": "short"}[lang]
    header = {"zh": "缺口 = 目标 − 预计完成", "en": "Gap = target − forecast"}[lang]
    assert sheet.sheet.cell(5, sheet.columns["gap"]).value == header


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_actions_are_added_filled_split_and_taken_back(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """As a person does it: its examples are not counted until they are a person's own."""
    region = {"zh": "区域", "en": "Region"}[lang]
    path = plan(tmp_path / "plan.xlsx", lang=lang, dimensions=members({region: {SOLD[lang]: 1, "X": 2}}))
    assert xlsales("add", path, TITLE[lang]).code == 0
    assert xlsales("split", path).code == 0
    assert TITLE[lang] not in opened(path).titles
    for cell in ("N5", "N6"):
        type_in(path, T_ACTIONS.label[lang], cell, "")
    before = path.read_bytes()
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet("actions")
    assert [sheet.value(key, "expected") for key in sheet.rows if key.startswith("a:")] == [60_000, 30_000]
    again_and_back(xlsales, path, before)


@pytest.mark.package
@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        ("H5", -3, "-3"),
        ("H5", "很多", "很多"),
        ("H5", "20%", "20%"),
        ("G5", "下个月", "下个月"),
        ("I5", 2.5, "2.5"),
        ("L5", "差不多了", "差不多了"),
        ("M5", -1, "-1"),
        ("B5", "华冬", "华冬"),
    ],
)
def test_odd_cells_are_told_where_they_are(
    xlsales: Command, tmp_path: Path, cell: str, value: float | str, said: str
) -> None:
    """One sentence at the cell; the other action is there."""
    path = seed(tmp_path / "plan.xlsx", xlsales)
    type_in(path, "行动", cell, value)
    ran = xlsales("split", path)
    assert ran.code == 1
    (sentence,) = (line for line in ran.out.splitlines() if f"行动!{cell}" in line)
    assert said in sentence
    assert [key for key in opened(path).sheet("actions").rows if key.startswith("a:")] == ["a:区域:华东:B"]


@pytest.mark.package
def test_an_error_cell_is_told(xlsales: Command, tmp_path: Path) -> None:
    """It is no blank."""
    path = seed(tmp_path / "plan.xlsx", xlsales)
    cell_xml(path, "行动", "H5", '<c r="H5" t="e"><v>#N/A</v></c>')
    ran = xlsales("split", path)
    assert "#N/A" in next(line for line in ran.out.splitlines() if "行动!H5" in line)


@pytest.mark.package
@pytest.mark.parametrize(("written", "expected"), [("６", 60_000), ("6万", 60_000), ("60,000元", 60_000), (0, 0)])
def test_amounts_are_read_as_people_write_them(
    xlsales: Command, tmp_path: Path, written: float | str, expected: float
) -> None:
    """In the plan's unit, if they name none."""
    path = seed(tmp_path / "plan.xlsx", xlsales, more=[of_table("C", written, status="已取消")])
    sheet = opened(path).sheet("actions")
    assert sheet.value("a:区域:华东:C", "expected") == expected
    assert [sheet.value("a:区域:华东:C", key) for key in ("status", "to_come")] == ["取消", 0]


@pytest.mark.package
def test_what_is_typed_into_the_sheet_is_kept(xlsales: Command, tmp_path: Path) -> None:
    """Over runs, also when rows are added; what the table has otherwise is told, clearing the cell takes it."""
    path = seed(tmp_path / "plan.xlsx", xlsales)
    key = KEY["zh"]
    cells = {column: opened(path).sheet("actions").cell(key, column).coordinate for column in ("status", "result")}
    type_in(path, "行动计划", cells["status"], "进行中")
    type_in(path, "行动计划", cells["result"], 2.5)
    assert xlsales("refresh", path).code == 0
    sheet = opened(path).sheet("actions")
    assert [sheet.value(key, column) for column in ("status", "result", "to_come")] == ["进行中", 2.5, 35_000]
    with_rows(path, xlsales, [of_table("店庆", 6), of_table("B", 3), of_table("C", 1)])
    assert xlsales("refresh", path).code == 0
    assert opened(path).sheet("actions").value(key, "result") == 2.5
    type_in(path, "行动", "M5", 4)
    ran = xlsales("refresh", path)
    assert "“已达成”:这里填的是 2.5,“行动”里是 4" in ran.out
    assert opened(path).sheet("actions").value(key, "result") == 2.5
    type_in(path, "行动计划", opened(path).sheet("actions").cell(key, "result").coordinate, "")
    assert "这里填的是" not in xlsales("refresh", path).out
    assert opened(path).sheet("actions").value(key, "result") == 4


@pytest.mark.package
def test_a_result_stays_itself_in_another_unit(xlsales: Command, tmp_path: Path) -> None:
    """2.5万 is 25 thousand."""
    path = seed(tmp_path / "plan.xlsx", xlsales)
    type_in(path, "行动计划", opened(path).sheet("actions").cell(KEY["zh"], "result").coordinate, 2.5)
    answer(path, "unit", "千元")
    answer(path, "total", 1200)
    xlsales("refresh", path)
    assert opened(path).sheet("actions").value(KEY["zh"], "result") == 25


@pytest.mark.package
@pytest.mark.parametrize(
    ("column", "found", "said"),
    [("status", "快了", "“快了”不是状态"), ("result", "很多", "“很多”,不是数字"), ("result", -2, "这里是 -2,")],
)
def test_what_is_no_status_and_no_amount_in_the_sheet_is_told(
    xlsales: Command, tmp_path: Path, column: str, found: str | float, said: str
) -> None:
    """It does not count, and the sentence keeps it."""
    path = seed(tmp_path / "plan.xlsx", xlsales)
    at = opened(path).sheet("actions").cell(KEY["zh"], column).coordinate
    type_in(path, "行动计划", at, found)
    ran = xlsales("refresh", path)
    assert said in next(line for line in ran.out.splitlines() if f"行动计划!{at}" in line)
    assert opened(path).sheet("actions").value(KEY["zh"], column) is None


@pytest.mark.package
@pytest.mark.parametrize(("cell", "value"), [("D5", "店庆大促"), ("H5", "五"), ("B5", "华冬")])
def test_what_is_typed_for_an_action_that_is_gone_stays(
    xlsales: Command, tmp_path: Path, cell: str, value: str
) -> None:
    """The sheet stays as it is, until the row is there again, or a person clears the cell."""
    path = seed(tmp_path / "plan.xlsx", xlsales)
    at = opened(path).sheet("actions").cell(KEY["zh"], "result").coordinate
    type_in(path, "行动计划", at, 4)
    type_in(path, "行动", cell, value)
    said = [(one["sheet"], one["sentence"]) for one in xlsales("refresh", path, "--json").json["problems"]]
    (sentence,) = (sentence for sheet, sentence in said if sheet == "行动计划")
    assert "这里填了“店庆”的“已达成”4" in sentence
    assert opened(path).sheet("actions").value(KEY["zh"], "result") == 4
    type_in(path, "行动计划", at, "")
    assert "这里填了" not in xlsales("refresh", path).out
    assert KEY["zh"] not in opened(path).sheet("actions").rows


@pytest.mark.package
def test_what_a_person_made_of_the_sheet_survives(xlsales: Command, tmp_path: Path) -> None:
    """A column to the right, a row inserted, another header, and what is typed, over a refresh."""
    path = seed(tmp_path / "plan.xlsx", xlsales)
    sheet = opened(path).sheet("actions")
    right, at = sheet.sheet.max_column + 1, sheet.rows[KEY["zh"]]
    letter = sheet.sheet.cell(1, right).column_letter
    add_cells(path, "行动计划", {f"{letter}5": "我的备注", f"{letter}{at}": "周三跟进"})
    type_in(path, "行动计划", sheet.sheet.cell(5, sheet.columns["owner"]).coordinate, "谁负责")
    type_in(path, "行动计划", sheet.cell(KEY["zh"], "result").coordinate, 1)
    insert_row(path, "行动计划", at)
    assert xlsales("refresh", path).code == 0
    after = opened(path).sheet("actions")
    assert [title for title in opened(path).titles if "旧" in title] == []
    assert after.rows[KEY["zh"]] == at + 1
    assert after.sheet.cell(at + 1, right).value == "周三跟进"
    assert after.sheet.cell(5, after.columns["owner"]).value == "谁负责"
    assert [after.value(KEY["zh"], key) for key in ("result", "to_come")] == [1, 50_000]


@pytest.mark.package
def test_a_person_s_column_stays_in_each_refresh(xlsales: Command, tmp_path: Path) -> None:
    """Lines of doubts, members without an action and rows of the chart are there in each run."""
    regions = [f"R{n}" for n in range(13)]
    path = plan(tmp_path / "plan.xlsx", total=300, dimensions=members({"区域": dict.fromkeys(regions, 1)}))
    with_rows(path, xlsales, [of_table("店庆", 6, member="R1"), of_table("C", 6, member="R2")])
    assert xlsales("split", path).code == 0
    key = "a:区域:R1:店庆"
    sheet, title = opened(path).sheet("actions"), "行动计划"
    letter, at = sheet.sheet.cell(1, sheet.sheet.max_column + 1).column_letter, sheet.rows[key]
    add_cells(path, title, {f"{letter}{at}": "周三跟进"})
    listed: list[int] = []
    for expected, sold in (
        (6, {"R0": 1}),
        (300_000, {"R1": 300_000}),
        (6, dict.fromkeys(regions, 50_000)),
        (6, dict.fromkeys(regions[2:], 9_000_000)),
        (6, dict.fromkeys(regions, 9_000_000)),
    ):
        type_in(path, "行动", "H5", expected)
        sales = [[dt.date(2026, 6, 30), name, amount] for name, amount in sold.items()]
        paste(path, [["日期", "区域", "金额"], *sales])
        xlsales("refresh", path)
        sheet = opened(path).sheet("actions")
        assert ("单位存疑" in (sheet.value("doubt", "name") or "")) == (expected == 300_000)
        assert sheet.sheet[f"{letter}{at}"].value == "周三跟进"
        assert [name for name in opened(path).titles if "旧" in name] == []
        blocks = {sheet.value(row, "name"): sheet.value(row, "open") for row in sheet.rows if row.startswith("m:")}
        for n in range(10):
            name = sheet.value(f"drawn:{n}", "name")
            assert sheet.value(f"drawn:{n}", "open") == blocks.get(name, 0)
        listed.append(sum(sheet.value(f"none:{n}", "gap") not in (None, "") for n in range(1, 11)))
    assert (listed[0], listed[-1]) == (10, 0)


@pytest.mark.libreoffice
def test_a_cover_of_next_to_nothing_fits_its_column(xlsales: Command, tmp_path: Path) -> None:
    """A gap of some yuan is covered many thousand times: printed as more than 9,999 %, not as ###."""
    path = seed(tmp_path / "plan.xlsx", xlsales)
    paste(path, [["日期", "区域", "金额"], [dt.date(2026, 6, 30), "华东", 599_990]])
    xlsales("refresh", path)
    assert opened(path).sheet("actions").value("total", "cover") > 100
    pages = "".join(printed(path, tmp_path))
    assert ">9,999%" in pages
    assert "###" not in pages


@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_libreoffice_computes_the_sheet_alike(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """The stored results of all formulas are those of a program that opens the file, also after a person types."""
    cancelled, done = {"zh": ("取消", "完成"), "en": ("cancelled", "done")}[lang]
    past = float(to_serial(dt.date(2026, 6, 2)))
    more = [
        of_table("C*", 5, lang, status=cancelled),
        of_table("D", 2, lang, ends=past),
        of_table("E", 2, lang, member="", owner=""),
        of_table("F", 2, lang, ends=""),
        of_table("G", 2, lang, member="X", status=done),
        of_table("H", 2, lang, member="Y", status=cancelled),
    ]
    path = seed(tmp_path / "plan.xlsx", xlsales, lang, more)
    _computed_alike(path, tmp_path)
    sheet = opened(path).sheet("actions")
    type_in(path, TITLE[lang], sheet.cell(KEY[lang], "status").coordinate, done)
    type_in(path, TITLE[lang], sheet.cell(KEY[lang], "result").coordinate, 5)
    computed = recalculated(path, tmp_path)[TITLE[lang]]  # before any run
    assert computed[sheet.cell("total", "open").coordinate].value == 90_000
    assert xlsales("refresh", path).code == 0
    _computed_alike(path, tmp_path)
    assert opened(path).sheet("actions").value("total", "open") == 90_000


@pytest.mark.libreoffice
def test_libreoffice_computes_two_dimensions_alike(xlsales: Command, tmp_path: Path) -> None:
    """The company has the larger dimension's actions, and the chart's rows follow what a person types."""
    sold = [*ACTUALS["zh"], [dt.date(2026, 6, 30), "华北", 300_000]]
    path = plan(
        tmp_path / "plan.xlsx", total=300, actuals=sold,
        dimensions=members({"区域": {"华东": 1, "华北": 1}, "产品": {"A": 1, "B": 1}}),
    )  # fmt: skip
    rows = [of_table("店庆", 6), of_table("B", 3, member="A"), of_table("C", 2, member=""), of_table("D", 0)]
    with_rows(path, xlsales, rows)
    assert xlsales("split", path).code in (0, 1)
    sheet = opened(path).sheet("actions")
    shown = [sheet.value(key, "open") for key in ("total", "m:区域:华东", "drawn:0", "drawn:1")]
    assert shown == [80_000, 60_000, 0, 60_000]
    _computed_alike(path, tmp_path)
    type_in(path, "行动计划", sheet.cell("a:区域:华东:店庆", "status").coordinate, "完成")
    computed = recalculated(path, tmp_path)["行动计划"]  # before any run
    after = [computed[sheet.cell(key, "open").coordinate].value for key in ("total", "m:区域:华东", "drawn:1")]
    assert after == [50_000, 0, 0]
    assert computed[sheet.cell("m:区域:华东", "state").coordinate].value == "没有后续行动"
    xlsales("refresh", path)
    _computed_alike(path, tmp_path)


def _computed_alike(path: Path, folder: Path) -> None:
    """Hold every cell of the sheet against LibreOffice's."""
    sheet, computed = opened(path).sheet("actions"), recalculated(path, folder)
    cells = computed[sheet.sheet.title]
    stored = [sheet.cell(row, column) for row in sheet.rows for column in sheet.columns]
    assert sum(cell.value is not None for cell in stored) > 60
    for cell in stored:
        both = [None if value == "" else value for value in (cell.value, cells[cell.coordinate].value)]
        assert both[0] == (pytest.approx(both[1]) if isinstance(both[1], float) else both[1]), cell
