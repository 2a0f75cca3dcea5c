"""按周: the company and the members of a dimension by week, as sums of days that close on the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from tests.calc import recalculated
from tests.commands.books import WAN, Command, Shown, fill, members, opened, paste, plan
from tests.models import cell_map
from tests.plan.sheets import samples
from xlsales.core.faults import Lang, Refused
from xlsales.core.period_text import PeriodOutsidePlan, UnreadablePeriod
from xlsales.layout.model import Formula, SheetModel
from xlsales.layout.paper import print_scale
from xlsales.plan.by_week import T_BY_WEEK, WeeksTwice
from xlsales.plan.figures import Figures
from xlsales.plan.sheets.by_week import BY_WEEK
from xlsales.plan.unknown_names import NoSuchDimension

D = dt.date


def row(of: str | None, period: str | None = None) -> dict[str, object]:
    return {"of": of, "period": period}


def typed(*rows: Mapping[str, object], figures: Figures | None = None) -> Figures:
    """The figures of a run in which these rows are typed into 按周, from row 5."""
    return replace(figures or samples.figures(), table_rows={T_BY_WEEK.name: samples.rows_of(T_BY_WEEK, rows)})


def proofs(model: SheetModel) -> set[float | str]:
    return {value.result for value in cell_map(model).values() if isinstance(value, Formula)}


@pytest.mark.unit
@pytest.mark.parametrize("period", [None, "2026Q1", "2026-02", "2026-02-08"])
@pytest.mark.parametrize("tree", [False, True])
def test_weeks_add_up_to_the_period(period: str | None, tree: bool) -> None:
    """Company and members: weeks are those of the plan, cut to the period; every sum is the plan's own."""
    figures = samples.figures(tree=tree)
    company, regions = BY_WEEK.models(typed(row("公司", period), row("区域", period), figures=figures))
    assert proofs(company) | proofs(regions) == {0.0}
    days = {None: slice(0, 365), "2026Q1": slice(0, 90), "2026-02": slice(31, 59), "2026-02-08": slice(38, 39)}[period]
    due = figures.breakdown.days[days].sum() * figures.breakdown.day_micros / 1_000_000
    cells, of_members = cell_map(company), cell_map(regions)
    assert cells["total", "target"] == of_members["total", "target"] == pytest.approx(due)
    weeks = [key for key, _ in cells if "W" in key]
    assert [f"t:{key}" for key in dict.fromkeys(weeks)] == [c.key for c in regions.columns if c.key.startswith("t:")]
    if period in (None, "2026Q1", "2026-02"):
        months = {None: slice(0, 12), "2026Q1": slice(0, 3), "2026-02": slice(1, 2)}[period]
        members = figures.dimensions[0]
        for member, target in zip(members.dimension.members, members.targets[:, months].sum(axis=1), strict=True):
            assert of_members[f"m:{member.name}", "target"] == pytest.approx(target)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("more", "label"),
    [({"stretch": 1.05}, "加压"), ({"locked": 0.7}, "未分到区域"), ({"tree": True, "without": "北京"}, None)],
)
def test_what_is_stretched_or_nobody_s_is_a_line(more: dict[str, Any], label: str | None) -> None:
    """Members of more or less than the company's weeks: the difference is shown, and every proof is still 0."""
    (model,) = BY_WEEK.models(typed(row("区域"), figures=samples.figures(**more)))
    cells = cell_map(model)
    assert proofs(model) == {0.0}
    assert cells.get(("apart", "member")) == label or label is None


@pytest.mark.unit
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_and_pages(lang: Lang) -> None:
    """A title each, the period's days in the sub-line, names on every printed page, seven weeks on it."""
    models = BY_WEEK.models(typed(row(None), row("区域", "2026Q1"), row("产品"), figures=samples.figures(lang)))
    title = {"zh": ["按周 公司", "按周 区域 2026Q1", "按周 产品"]}.get(
        lang, ["By week, Company", "By week, 区域 2026Q1", "By week, 产品"]
    )
    assert [model.title.casefold() for model in models] == [one.casefold() for one in title]
    assert "2026-01-01 – 2026-03-31" in models[1].subline
    weeks = [column.key for column in models[2].columns if column.key.startswith("t:")]
    assert list(models[2].breaks_before_columns) == weeks[4::7]
    assert not models[0].breaks_before_columns


@pytest.mark.unit
@pytest.mark.parametrize("month", ["2026-02", "2026-04", "2026-05", "2026-10"])
def test_a_month_is_on_one_page(month: str) -> None:
    """No second page has its last week alone, and headers of 9 points are printed in at least 5.5."""
    (model,) = BY_WEEK.models(typed(row("区域", month)))
    assert not model.breaks_before_columns
    assert print_scale(model) >= 61


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "fault", "place"),
    [
        ([row("大区")], NoSuchDimension, "按周!B5"),
        ([row("公司"), row("整个公司")], WeeksTwice, "按周!B6"),
        ([row(None), row("Company", "2026")], WeeksTwice, "按周!B6"),
        ([row("区域"), row("区域", "2026-01")], None, ""),
        ([row("区域", "2027-01")], PeriodOutsidePlan, "按周!C5"),
        ([row("区域", "年底")], UnreadablePeriod, "按周!C5"),
    ],
)
def test_what_is_typed_wrongly_is_told_at_its_cell(
    rows: list[Mapping[str, object]], fault: type | None, place: str
) -> None:
    """One sentence: where, what, what to do."""
    if fault is None:
        assert len(list(BY_WEEK.views(typed(*rows)))) == len(rows)
        return
    with pytest.raises(Refused) as caught:
        list(BY_WEEK.views(typed(*rows)))
    (problem,) = caught.value.problems
    assert (type(problem.fault), str(problem.place)) == (fault, place)


@pytest.mark.unit
@pytest.mark.parametrize("wrong", [row("大区"), row("产品", "年底"), row("产品") | {"faulty": True}, row("区域")])
def test_a_row_at_fault_leaves_the_others(wrong: Mapping[str, object]) -> None:
    """Their sheets are written, and keep their numbers."""
    views = iter(BY_WEEK.views(typed(row("区域"), wrong, row("公司"), row("大区"))))
    shown = [next(views), next(views)]
    with pytest.raises(Refused) as caught:
        next(views)
    assert [(view.members.name if view.members else "", view.number) for view in shown] == [("区域", 1), ("", 3)]
    assert len(caught.value.problems) == (1 if wrong.get("faulty") else 2)


PEOPLE = members({"人员": {"张三": 1, "李四": 3}})


def with_weeks(xlsales: Command, path: Path, *rows: tuple[str, str], **settings: Any) -> Path:
    book = plan(path, **{"dimensions": PEOPLE, **settings})
    assert xlsales("add", book, "按周").code == 0
    typed_rows = [{"of": of, "period": period, "note": ""} for of, period in rows]
    fill(book, T_BY_WEEK, "按周", typed_rows)
    return book


def proofs_of(sheet: Shown) -> set[Any]:
    values = [sheet.value("proof", column) for column in sheet.columns]
    return {value for value in values if isinstance(value, int | float)}


@pytest.mark.unit
def test_person_by_week_worked_out_by_hand(xlsales: Command, tmp_path: Path) -> None:
    """January 2026 of 31万, 1万 a day: whole weeks of 4, 7, 7, 7 and 6 days; 李四 has three quarters of each.

    Sales of 5 and 31 January fall into the second and the last week; the week of 1 February is not theirs.
    """
    book = with_weeks(
        xlsales, tmp_path / "计划.xlsx", ("公司", ""), ("人员", ""), total=31, start=D(2026, 1, 1), end=D(2026, 1, 31),
        month_method="calendar_days", week_rule="iso", step=1, day_step=1,
    )  # fmt: skip
    assert xlsales("split", book).code == 0
    paste(book, [("日期", "人员", "金额"), (D(2026, 1, 5), "张三", WAN), (D(2026, 1, 31), "李四", 3 * WAN)])
    assert xlsales("refresh", book).code == 0
    company, people = opened(book).sheet("by_week:公司"), opened(book).sheet("by_week:人员")
    assert company.down("target", r"2026-W\d\d") == [4 * WAN, 7 * WAN, 7 * WAN, 7 * WAN, 6 * WAN]
    assert company.down("actual", r"2026-W\d\d") == [0, WAN, 0, 0, 3 * WAN]
    assert [company.value("2026-W05", key).date() for key in ("start", "end")] == [D(2026, 1, 26), D(2026, 1, 31)]
    assert people.along("m:李四", "t:") == [3 * WAN, 5.25 * WAN, 5.25 * WAN, 5.25 * WAN, 4.5 * WAN]
    assert people.along("m:张三", "a:") == [0, WAN, 0, 0, 0]
    assert people.along("m:李四", "a:") == [0, 0, 0, 0, 3 * WAN]
    assert people.along("m:张三", "s:") == ["红"] * 5
    assert people.along("m:李四", "s:") == ["红"] * 5
    assert people.value("m:李四", "attainment") == pytest.approx(3 / 23.25)
    assert proofs_of(company) == proofs_of(people) == {0}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("as_of", "clock", "lamps"),
    [
        (D(2026, 1, 18), "target_curve", ["绿", "黄", "橙", None, None]),
        (D(2026, 1, 15), "target_curve", ["绿", "黄", "绿", None, None]),  # four of the week's seven days are due
        (D(2026, 1, 15), "calendar", ["绿", "黄", "绿", None, None]),
        (D(2026, 1, 2), "target_curve", ["绿", None, None, None, None]),
    ],
)
def test_a_week_has_a_lamp_by_what_is_due_of_it(
    xlsales: Command, tmp_path: Path, as_of: dt.date, clock: str, lamps: list[str | None]
) -> None:
    """Each week on its own, on the plan's clock; weeks to come have none, and the company's sheet has the same."""
    book = with_weeks(
        xlsales, tmp_path / "计划.xlsx", ("公司", ""), ("人员", ""), total=62, start=D(2026, 1, 1), end=D(2026, 1, 31),
        month_method="calendar_days", week_rule="iso", step=1, day_step=1, clock=clock,
    )  # fmt: skip
    assert xlsales("split", book).code == 0
    sold = [(D(2026, 1, 2), 8), (D(2026, 1, 9), 13.4), (D(2026, 1, 14), 12)]
    paste(book, [("日期", "人员", "金额"), *((day, "张三", amount * WAN / 4) for day, amount in sold),
                 *((day, "李四", amount * WAN * 3 / 4) for day, amount in sold)])  # fmt: skip
    assert xlsales("refresh", book, "--as-of", as_of.isoformat()).code in (0, 1)
    company, people = opened(book).sheet("by_week:公司"), opened(book).sheet("by_week:人员")
    for row in ("total", "m:张三", "m:李四"):
        assert people.along(row, "s:") == lamps
    assert company.down("status", r"2026-W\d\d") == lamps


@pytest.mark.unit
@pytest.mark.parametrize(
    "settings",
    [
        {"month_end": 21, "start": D(2025, 12, 22), "end": D(2026, 12, 21), "week_start": "sun", "week_rule": "iso"},
        {"month_end": 25, "week_rule": "cut"},
        {"fiscal_month": 2, "month_pattern": "4-5-4", "week_start": "sun", "start": D(2023, 1, 29),
         "end": D(2024, 2, 3), "week_rule": "iso"},
        {"start": D(2026, 3, 11), "end": D(2028, 2, 29), "week_rule": "iso"},
        {"start": D(2026, 3, 11), "end": D(2026, 3, 11)},
    ],
    ids=["to the 21st", "to the 25th, cut", "53 weeks", "two years", "a day"],
)  # fmt: skip
def test_weeks_of_every_calendar_close(xlsales: Command, tmp_path: Path, settings: dict[str, Any]) -> None:
    """Weeks are those of 按时间, in sum and one by one, and persons add up to each; unnamed sales are a line."""
    book = with_weeks(xlsales, tmp_path / "计划.xlsx", ("公司", ""), ("人员", ""), day_step=1, **settings)
    assert xlsales("split", book).code == 0
    start, end = settings.get("start", D(2026, 1, 1)), settings.get("end", D(2026, 12, 31))
    days = [start + dt.timedelta(n) for n in range(0, (end - start).days + 1, 5)]
    paste(
        book, [("日期", "人员", "金额"), *((day, "张三" if n % 2 else "李四", 1000 + n) for n, day in enumerate(days))]
    )
    assert xlsales("refresh", book).code in (0, 1)
    shown = opened(book)
    company, people = shown.sheet("by_week:公司"), shown.sheet("by_week:人员")
    week = r"\d{4}-(P?\d\d)?W\d+"
    for column in ("target", "actual"):
        assert company.down(column, week) == shown.time.down(column, week)
    assert people.along("total", "t:") == company.down("target", week)
    assert np.sum(people.along("m:李四", "t:")) == pytest.approx(shown.dimension("人员").value("m:李四", "target"))
    assert people.value("m:张三", "actual") == shown.dimension("人员").value("m:张三", "actual")
    assert proofs_of(company) == proofs_of(people) == {0}


@pytest.mark.unit
def test_monthly_sums_are_told(xlsales: Command, tmp_path: Path) -> None:
    """A table of months has no weeks: its sums are in the last week of each, and the sheet says so."""
    book = with_weeks(xlsales, tmp_path / "计划.xlsx", ("公司", ""), ("人员", ""))
    assert xlsales("split", book).code == 0
    paste(book, [("人员", "1月", "2月"), ("张三", 10 * WAN, 20 * WAN), ("李四", 30 * WAN, None)])
    assert xlsales("refresh", book).code == 0
    for sheet, column in (("by_week:公司", "period"), ("by_week:人员", "member")):
        assert "实际是按月的合计" in opened(book).sheet(sheet).value("note", column)


@pytest.mark.unit
def test_sales_of_nobody_are_a_line(xlsales: Command, tmp_path: Path) -> None:
    """Rows collected or pasted without a person count for the company; the rest is shown and closes."""
    book = with_weeks(xlsales, tmp_path / "计划.xlsx", ("人员", ""))
    assert xlsales("split", book).code == 0
    paste(book, [("日期", "区域", "金额"), (D(2026, 1, 5), "东", WAN)])
    assert xlsales("refresh", book).code in (0, 1)
    people = opened(book).sheet("by_week:人员")
    assert set(people.along("total", "a:")) == {None}  # the actuals do not name persons at all
    assert proofs_of(people) == {0}


@pytest.mark.libreoffice
def test_another_program_computes_the_same(xlsales: Command, tmp_path: Path) -> None:
    """LibreOffice recalculates every proof to what is written."""
    book = with_weeks(xlsales, tmp_path / "计划.xlsx", ("公司", "2026Q1"), ("人员", "2026Q1"))
    assert xlsales("split", book).code == 0
    calculated = recalculated(book, tmp_path / "out")
    for title in ("按周 公司 2026Q1", "按周 人员 2026Q1"):
        sheet = calculated[title]
        (proof,) = (line for line in sheet.iter_rows(values_only=True) if line[0] == "proof")
        assert {value for value in proof[3:] if isinstance(value, int | float)} == {0}


TREE: list[Mapping[str, object]] = [
    {"dimension": "人员", "member": "一队", "weight": 1},
    {"dimension": "人员", "member": "甲", "parent": "一队", "weight": 1, "opens": D(2026, 3, 10)},
    {"dimension": "人员", "member": "乙", "parent": "一队", "weight": 2, "closes": D(2026, 10, 2)},
    {"dimension": "人员", "member": "二队", "weight": 1, "locked": 300},
    {"dimension": "人员", "member": "丙", "parent": "二队", "weight": 1, "locked": 100},
    {"dimension": "人员", "member": "丁", "weight": 0},
]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("stretch", "label", "apart"),
    [
        ({}, "未分到人员", 200 * WAN),
        ({"stretch_1": 1.03}, "加压减未分配", -170 * WAN),
        ({"stretch_1": 1.03, "stretch_2": 1.08}, "加压减未分配", -111.6 * WAN),
    ],
)
def test_a_tree_with_all_that_is_apart(
    xlsales: Command, tmp_path: Path, stretch: dict[str, float], label: str, apart: float
) -> None:
    """Teams and persons have the plan's targets, stretched, locked, unassigned, open in a part of the year."""
    book = with_weeks(
        xlsales, tmp_path / "计划.xlsx", ("人员", ""), ("人员", "2026-03"), dimensions=TREE, day_step=1,
        day_method="working_days", week_rule="iso", **stretch,
    )  # fmt: skip
    assert xlsales("split", book).code == 1
    shown = opened(book)
    people, plan_ = shown.sheet("by_week:人员"), shown.dimension("人员")
    for name in ("一队", "甲", "乙", "二队", "丙", "丁"):
        assert people.value(f"m:{name}", "target") == plan_.value(f"m:{name}", "target")
    assert (people.value("apart", "member"), people.value("apart", "target")) == (label, pytest.approx(apart))
    weeks = [column for column in people.columns if column.startswith("t:")]
    assert [people.value("m:甲", week) for week in weeks[:10]] == [0] * 10  # to 8 March
    assert [people.value("m:乙", week) for week in weeks[-12:]] == [0] * 12
    assert proofs_of(people) == proofs_of(shown.sheet("by_week:人员 2026-03")) == {0}
