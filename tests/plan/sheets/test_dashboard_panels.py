"""看板: what 漏斗, 周跟踪 and 预算 say of whoever is picked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles import Font, PatternFill

from tests.calc import read_back, recalculated
from tests.commands import books
from tests.commands.books import Command, Shown, again_and_back, opened
from tests.plan.sheets.test_dashboard import TITLE, apart, book, cells, pick, sentences
from xlsales.core.faults import Lang
from xlsales.plan.budget.tables import T_BUDGET, T_SPEND
from xlsales.plan.funnel.table import T_FUNNEL
from xlsales.plan.weeks.tables import T_WEEKS
from xlsales.vocabulary.plan_tables import InputTable

TITLES = {
    "zh": {"funnel": "漏斗", "weeks": "周跟踪", "budget": "预算", "spend": "支出"},
    "en": {"funnel": "Funnel", "weeks": "Weekly tracking", "budget": "Budget", "spend": "Spend"},
}
RATES = {"lead_rate": 0.5, "order_rate": 0.5}
FUNNEL: Sequence[Mapping[str, Any]] = [
    {"month": "2026-08", "channel": "甲店", "deliveries": 10, "leads": 30, **RATES},
    {"month": "2026-08", "channel": "丁", "deliveries": 5, "leads": 40, **RATES},
    {"month": "2026-08", "channel": "网络", "deliveries": 5, "leads": 20, **RATES},
]
WEEKS: Sequence[Mapping[str, Any]] = [
    {"month": "2026-07", "person": "甲店", "indicator": "订单", "plan_1": 3, "plan_2": 2, "done_1": 3, "done_2": 1},
    {"month": "2026-07", "person": "小李", "team": "丁", "indicator": "订单", "plan_1": 4, "plan_2": 4, "done_1": 2},
    {"month": "2026-07", "person": "小李", "team": "丁", "indicator": "投诉", "plan_1": 1, "done_1": 0},
]
BUDGET: Sequence[Mapping[str, Any]] = [
    {"account": "广告", "amount": 12},
    {"account": "活动", "member": "东", "amount": 2.4},
    {"account": "活动", "member": "丁", "amount": 1.2},
]
SPEND: Sequence[Mapping[str, Any]] = [
    {"date": "2026-02-03", "account": "广告", "amount": 30_000},
    {"date": "2026-03-03", "account": "活动", "member": "东", "amount": 20_000},
    {"date": "2026-03-09", "account": "房租", "amount": 1_000},
]


def fill(path: Path, table: InputTable, title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Type rows into a table, and clear those below them."""
    blank = {column.key: "" for column in table.columns}
    books.fill(path, table, title, [{**blank, **row} for row in (*rows, *[{}] * 8)])


def full(path: Path, xlsales: Command, lang: Lang = "zh", **more: Any) -> Path:
    """A plan of stores with all three tables; amounts of budgets are in 万, as the plan's."""
    book(path, xlsales, lang, **more)
    titles = TITLES[lang]
    assert xlsales("add", path, titles["funnel"], titles["weeks"], titles["budget"]).code == 0
    for table, name, rows in (
        (T_FUNNEL, "funnel", FUNNEL),
        (T_WEEKS, "weeks", WEEKS),
        (T_BUDGET, "budget", BUDGET),
        (T_SPEND, "spend", SPEND),
    ):
        fill(path, table, titles[name], rows)
    assert xlsales("split", path, "--rewrite").code in (0, 1)
    return path


def of(path: Path, name: str, xlsales: Command) -> Shown:
    """The dashboard when a member is picked and the plan refreshed."""
    pick(path, name)
    assert xlsales("refresh", path).code in (0, 1)
    return opened(path).sheet("dashboard")


def line(shown: Shown, key: str) -> list[object]:
    """The name and the figures of a line."""
    return [shown.value(key, column) for column in ("c7", "c8", "c9", "c10", "c11", "c12")]


@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_whoever_is_picked(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """LibreOffice computes in every panel what the program writes when it finds this member picked."""
    path, title = full(tmp_path / "计划.xlsx", xlsales, lang), TITLE[lang]
    company = str(opened(path).sheet("dashboard").value("pick", "c0"))
    for n, name in enumerate(("区域:东", "区域:丁", "产品:茶", company) if lang == "zh" else ("区域:丁", company)):
        pick(path, name, title)
        live = cells(recalculated(path, tmp_path / str(n))[title])
        assert xlsales("refresh", path).code in (0, 1)
        assert apart(live, cells(read_back(path, data_only=True)[title])) == [], name


@pytest.mark.unit
def test_the_figures_of_each_member(xlsales: Command, tmp_path: Path) -> None:
    """Rows count for the member that they name and for those above it, and all of them for the company."""
    path = full(tmp_path / "计划.xlsx", xlsales)
    shown = of(path, "公司整体", xlsales)
    assert line(shown, "funnel:1") == ["线索", 80, 90, 10, pytest.approx(90 / 80), "绿"]
    assert line(shown, "funnel:3") == ["交付", 20, 22, 2, pytest.approx(1.1), "绿"]
    assert shown.value("funnel:note", "c7") == "2026-08 · 线索不够:甲店"
    assert line(shown, "weeks:1") == ["订单", 13, 9, 6, pytest.approx(6 / 9), "红"]
    assert line(shown, "weeks:2")[:4] == ["投诉", 1, 1, 0]
    total = line(shown, "budget:1")
    assert (total[0], total[1], total[3]) == ("合计", 156_000, 50_000)
    assert [line(shown, f"budget:{n}")[0] for n in range(2, 7)] == ["广告", "活动", None, None, None]
    east = of(path, "区域:东", xlsales)
    assert line(east, "funnel:1")[:4] == ["线索", 40, 30, -10]
    assert line(east, "weeks:1")[:4] == ["订单", 5, 5, 4]
    assert [line(east, f"budget:{n}")[1] for n in (1, 2, 3)] == [24_000, None, 24_000]
    assert line(east, "budget:1")[3] == 20_000
    assert east.value("n:12", "budget:planned") == pytest.approx(24_000)
    assert [east.value(f"n:{n}", "budget:did") for n in (2, 3, 7)] == [0, 20_000, 20_000]
    west = of(path, "区域:西", xlsales)
    assert line(west, "weeks:1")[:4] == ["订单", 8, 4, 2]  # by the team, which is a store
    assert line(west, "funnel:1")[:4] == ["线索", 20, 40, 20]


@pytest.mark.unit
def test_whoever_has_nothing(xlsales: Command, tmp_path: Path) -> None:
    """One line says why a panel is blank."""
    path = full(tmp_path / "计划.xlsx", xlsales)
    tea = of(path, "产品:茶", xlsales)
    assert tea.value("funnel:note", "c7") == "“漏斗”里没有它,也没有它的下级"
    assert line(tea, "funnel:1") == ["线索", None, None, None, None, None]
    fill(path, T_BUDGET, "预算", BUDGET[:1])
    assert xlsales("refresh", path).code in (0, 1)
    assert of(path, "产品:茶", xlsales).value("budget:note", "c7") == "只有公司整体的预算"


@pytest.mark.unit
def test_a_dimension_before_a_name(xlsales: Command, tmp_path: Path) -> None:
    """Persons are found as members are everywhere; the person counts before the team."""
    path = full(tmp_path / "计划.xlsx", xlsales)
    fill(path, T_WEEKS, "周跟踪", [{**WEEKS[0], "person": "茶"}, {**WEEKS[1], "person": "产品:酒", "team": "甲店"}])
    assert xlsales("refresh", path).code in (0, 1)
    assert line(of(path, "产品:茶", xlsales), "weeks:1")[1] == 5
    assert line(of(path, "产品:酒", xlsales), "weeks:1")[1] == 8


@pytest.mark.unit
@pytest.mark.parametrize(
    "more",
    [
        {"until": 0},
        {"start": dt.date(2025, 10, 1), "end": dt.date(2027, 3, 31)},
    ],
    ids=["no actuals yet", "two years"],
)
def test_plans_of_other_kinds(xlsales: Command, tmp_path: Path, more: dict[str, Any]) -> None:
    """The page is written with all panels, and a run more changes nothing."""
    path = full(tmp_path / "计划.xlsx", xlsales, **more)
    shown = opened(path).sheet("dashboard")
    assert line(shown, "funnel:1")[1] == 80
    assert line(shown, "budget:1")[1] == 156_000
    assert not any("看板" in sentence for sentence in sentences(path)), sentences(path)
    pick(path, "区域:东")
    before = path.read_bytes()
    assert xlsales("split", path, "--rewrite").code in (0, 1)
    written = path.read_bytes()
    assert line(opened(path).sheet("dashboard"), "funnel:1")[1] == 40
    assert xlsales("split", path, "--rewrite").code in (0, 1)
    assert path.read_bytes() == written != before
    assert xlsales("undo", path).code == 0
    assert path.read_bytes() == before


@pytest.mark.unit
def test_a_page_without_the_tables_has_no_panels(xlsales: Command, tmp_path: Path) -> None:
    """A small plan keeps its small page; a table that is at fault as a whole leaves its panel out."""
    path = book(tmp_path / "计划.xlsx", xlsales)
    assert not any(":note" in row for row in opened(path).sheet("dashboard").rows)
    assert xlsales("add", path, "漏斗").code == 0
    fill(path, T_FUNNEL, "漏斗", [{"month": "2026-08", "channel": "甲店", "deliveries": 10}])
    assert xlsales("split", path).code in (0, 1)
    assert not any(":note" in row for row in opened(path).sheet("dashboard").rows)
    fill(path, T_FUNNEL, "漏斗", FUNNEL)
    assert xlsales("split", path).code in (0, 1)
    assert "funnel:note" in opened(path).sheet("dashboard").rows


@pytest.mark.unit
def test_what_a_person_made_of_it_stays_when_a_panel_comes(xlsales: Command, tmp_path: Path) -> None:
    """Formats, widths, heights, a chart that was moved and renamed; below a panel that comes before its own too."""
    path = book(tmp_path / "计划.xlsx", xlsales)
    titles = TITLES["zh"]
    assert xlsales("add", path, titles["weeks"]).code == 0
    fill(path, T_WEEKS, titles["weeks"], WEEKS)
    assert xlsales("split", path, "--rewrite").code in (0, 1)
    file = read_back(path)
    sheet, at = file["看板"], opened(path).sheet("dashboard")
    mine = {key: at.cell(key, "c8").coordinate for key in ("figure", "n:1", "weeks:1")}
    for address in mine.values():
        sheet[address].fill, sheet[address].font = PatternFill("solid", fgColor="FF00FF"), Font(name="Courier", size=9)
    sheet.column_dimensions["C"].width, sheet.row_dimensions[9].height = 41, 60
    months, weeks = sheet._charts[0], sheet._charts[-1]
    months.title.tx.rich.p[0].r[0].t = "我的图"
    for end in (months.anchor._from, months.anchor.to):
        end.row += 70
    below = weeks.anchor._from.row - at.rows["weeks:title"]
    file.save(path)
    title_row = at.rows["weeks:title"]
    assert xlsales("add", path, titles["funnel"]).code == 0
    fill(path, T_FUNNEL, titles["funnel"], FUNNEL)
    before = path.read_bytes()
    assert xlsales("split", path, "--rewrite").code in (0, 1)
    sheet, at = read_back(path)["看板"], opened(path).sheet("dashboard")
    for key in mine:
        cell = sheet[at.cell(key, "c8").coordinate]
        assert (cell.fill.fgColor.rgb, cell.font.name, cell.font.sz) == ("00FF00FF", "Courier", 9)
    assert (sheet.column_dimensions["C"].width, sheet.row_dimensions[9].height) == (41, 60)
    charts = {one.title.tx.rich.p[0].r[0].t: one.anchor._from.row for one in sheet._charts}
    assert charts["我的图"] == 80 + at.rows["weeks:title"] - title_row  # it was below the new panel
    assert charts["各周:订单"] - at.rows["weeks:title"] == below
    assert at.rows["weeks:title"] > at.rows["funnel:title"]
    assert len(charts) == 5
    again_and_back(xlsales, path, before)
