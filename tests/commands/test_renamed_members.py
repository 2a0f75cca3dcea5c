"""What a person typed for a member, in every sheet that keeps it: found again when the member is renamed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import Command, answer, fill, fill_in, members, opened, plan, type_in
from xlsales.plan.actions.table import T_ACTIONS
from xlsales.plan.budget.tables import T_BUDGET
from xlsales.plan.indicators.tables import T_INDICATORS
from xlsales.plan.scorecard.tables import T_SCORECARD
from xlsales.plan.weeks.tables import DONE, T_WEEKS
from xlsales.vocabulary.plan_tables import InputTable

PEOPLE = {"张三": 3.0, "李四": 2.0, "张三丰": 1.0}
OLD, NEW = "张三", "张总"
TABLES: dict[str, tuple[InputTable, list[dict[str, object]]]] = {
    "scorecard": (
        T_SCORECARD,
        [{"period": "2026Q1", "criterion": "满意度", "weight": 1, "source": "手填", "target": 95}],
    ),
    "actions": (T_ACTIONS, [{"member": OLD, "measure": "拜访", "expected": 5}]),
    "weeks": (T_WEEKS, [{"month": "2026-04", "person": OLD, "indicator": "拜访数", "target": 40}]),
    "budget": (T_BUDGET, [{"account": "差旅", "member": OLD, "amount": 12}]),
}
CELLS = {
    "scorecard": ("scorecard:人员 2026Q1", "c:{}:满意度", "actual", 90.0),
    "actions": ("actions", "a:人员:{}:拜访", "result", 3.0),
    "weeks": ("weeks:2026-04", "p:拜访数:{}", DONE[0], 7.0),
    "budget": ("budget", "l:差旅:人员:{}", "m03", 2.0),
}


def in_teams(name: str = "人员") -> list[dict[str, object]]:
    """A dimension of two teams with the people below them."""
    lines = (("一组", "", 5), ("二组", "", 1), ("张三", "一组", 3), ("李四", "一组", 2), ("张三丰", "二组", 1))
    keys = ("dimension", "member", "parent", "weight")
    return [dict(zip(keys, (name, *line), strict=True)) for line in lines]


def book(path: Path, xlsales: Command, key: str, dimensions: list[dict[str, object]] | None = None) -> Path:
    """A plan by person with a sheet, into whose row of the member to be renamed a number is typed."""
    sold = [[dt.date(2026, month, 28), one, 300_000] for month in (1, 2, 3) for one in PEOPLE]
    plan(
        path,
        dimensions=dimensions or members({"人员": PEOPLE}),
        actuals=[["日期", "人员", "金额"], *sold],
        as_of=dt.date(2026, 3, 31),
    )
    assert xlsales("add", path, key).code == 0
    type_rows(path, key, OLD)
    assert xlsales("split", path).code == 0
    sheet, row, column, value = CELLS[key]
    shown = opened(path).sheet(sheet)
    type_in(path, shown.sheet.title, shown.cell(row.format(OLD), column).coordinate, value)
    return path


def type_rows(path: Path, key: str, name: str) -> None:
    """Type the rows of a table, with the member by a name."""
    table, rows = TABLES[key]
    blank = dict.fromkeys((column.key for column in table.columns), "")
    named = [{column: name if value == OLD else value for column, value in row.items()} for row in rows]
    fill(path, table, table.label["zh"], [blank | row for row in (*named, *[{}] * 3)])  # type: ignore[arg-type,list-item]


@pytest.mark.package
@pytest.mark.parametrize("in_table", [OLD, NEW])
@pytest.mark.parametrize("key", CELLS)
def test_a_renamed_member_with_an_alias_keeps_what_is_typed(
    xlsales: Command, tmp_path: Path, key: str, in_table: str
) -> None:
    """Whether the table of the sheet names it as before, or as now."""
    path = book(tmp_path / "plan.xlsx", xlsales, key)
    fill_in(path, "xs_dimensions", 0, member=NEW, aliases=OLD)
    type_rows(path, key, in_table)
    run = xlsales("split", path)
    sheet, row, column, value = CELLS[key]
    shown = opened(path).sheet(sheet)
    name = in_table if key == "weeks" else NEW  # its rows have the names of its table
    assert shown.value(row.format(name), column) == value
    assert row.format(NEW if name == OLD else OLD) not in shown.rows
    assert not [one for one in run.sentences if OLD in one]


@pytest.mark.package
@pytest.mark.parametrize("key", CELLS)
def test_a_renamed_member_without_an_alias_is_told_with_a_way_out_that_works(
    xlsales: Command, tmp_path: Path, key: str
) -> None:
    """The sheet stays; once the old name is an alias, what is typed is under the new one."""
    path = book(tmp_path / "plan.xlsx", xlsales, key)
    fill_in(path, "xs_dimensions", 0, member=NEW)
    type_rows(path, key, NEW)
    xlsales("split", path, "--rewrite")
    sheet, row, column, value = CELLS[key]
    assert opened(path).sheet(sheet).value(row.format(OLD), column) == value
    (told,) = (one for one in opened(path).problems if "别名" in one and "没有更新" in one)
    assert OLD in told
    fill_in(path, "xs_dimensions", 0, aliases=OLD)
    xlsales("split", path, "--rewrite")
    assert opened(path).sheet(sheet).value(row.format(NEW), column) == value


@pytest.mark.package
def test_a_member_that_takes_over_another_loses_nothing_of_either(xlsales: Command, tmp_path: Path) -> None:
    """Both rows have a number: that of its own name is its, the other one is told and stays."""
    path = book(tmp_path / "plan.xlsx", xlsales, "scorecard")
    shown = opened(path).sheet(CELLS["scorecard"][0])
    type_in(path, shown.sheet.title, shown.cell("c:李四:满意度", "actual").coordinate, 80.0)
    fill_in(path, "xs_dimensions", 0, dimension=None, member=None, weight=None)
    fill_in(path, "xs_dimensions", 1, aliases=OLD)
    xlsales("split", path, "--rewrite")
    shown = opened(path).sheet(CELLS["scorecard"][0])
    assert [shown.value(f"c:{name}:满意度", "actual") for name in (OLD, "李四")] == [90.0, 80.0]
    assert [one for one in opened(path).problems if OLD in one and "90" in one]


@pytest.mark.package
def test_closed_months_of_an_indicator_keep_the_targets_of_a_renamed_member(xlsales: Command, tmp_path: Path) -> None:
    """The alias says whose they were."""
    path = book(tmp_path / "plan.xlsx", xlsales, "actions")
    assert xlsales("add", path, "indicators").code == 0
    blank = dict.fromkeys((column.key for column in T_INDICATORS.columns), "")
    one = {"indicator": "客户数", "kind": "数量", "target": 120}
    fill(path, T_INDICATORS, T_INDICATORS.label["zh"], [blank | one, *[blank] * 6])  # type: ignore[list-item]
    assert xlsales("split", path).code == 0
    before = opened(path).sheet("indicators:客户数").along(f"m:{OLD}", "t:")
    answer(path, "closed_through", dt.date(2026, 3, 31))
    fill_in(path, "xs_dimensions", 0, member=NEW, aliases=OLD, weight=9)
    xlsales("split", path, "--rewrite")
    after = opened(path).sheet("indicators:客户数").along(f"m:{NEW}", "t:")
    assert after[:3] == before[:3]
    assert after[3:] != before[3:]


@pytest.mark.package
@pytest.mark.parametrize("key", CELLS)
def test_a_member_that_moves_keeps_what_is_typed(xlsales: Command, tmp_path: Path, key: str) -> None:
    """Below another parent, and with the rows of its table in another order."""
    path = book(tmp_path / "plan.xlsx", xlsales, key, in_teams())
    fill_in(path, "xs_dimensions", 2, parent="二组")
    table, rows = TABLES[key]
    blank = dict.fromkeys((column.key for column in table.columns), "")
    fill(path, table, table.label["zh"], [*[blank] * 2, *[blank | row for row in rows]])  # type: ignore[arg-type,list-item]
    xlsales("split", path, "--rewrite")
    sheet, row, column, value = CELLS[key]
    assert opened(path).sheet(sheet).value(row.format(OLD), column) == value


@pytest.mark.package
@pytest.mark.parametrize("key", CELLS)
def test_a_dimension_that_is_renamed_keeps_what_is_typed(xlsales: Command, tmp_path: Path, key: str) -> None:
    """The plan has none of its name any more, and only one with the member."""
    path = book(tmp_path / "plan.xlsx", xlsales, key, in_teams())
    for n in range(len(in_teams())):
        fill_in(path, "xs_dimensions", n, dimension="员工")
    xlsales("split", path, "--rewrite")
    sheet, row, column, value = (part.replace("人员", "员工") if isinstance(part, str) else part for part in CELLS[key])
    assert opened(path).sheet(str(sheet)).value(str(row).format(OLD), str(column)) == value
    xlsales("split", path, "--rewrite")
    assert opened(path).sheet(str(sheet)).value(str(row).format(OLD), str(column)) == value
