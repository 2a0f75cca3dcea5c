"""加压: factors, compounds, targets and attainment on every base, from the plan to the sheet, in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.commands.books import Command, Shown, Workbook, answer, members, opened, plan
from tests.models import cell_map
from tests.plan.sheets import samples
from xlsales.core.faults import Lang
from xlsales.layout.model import Formula
from xlsales.plan.sheets.stretch import STRETCH

STORES: Sequence[Mapping[str, object]] = (
    {"dimension": "门店", "member": "华东", "weight": 3},
    {"dimension": "门店", "member": "华南", "weight": 2},
    {"dimension": "门店", "member": "一店", "parent": "华东", "weight": 2},
    {"dimension": "门店", "member": "二店", "parent": "华东", "weight": 1},
    {"dimension": "门店", "member": "三店", "parent": "华南", "weight": 1},
)
BASES = ("target:0", "target:1", "target:2")


def sold(**amounts: float) -> list[list[object]]:
    """Actuals of stores, all of one day of March."""
    rows = [[dt.date(2026, 3, 3), store, amount] for store, amount in amounts.items()]
    return [["日期", "门店", "金额"], *rows]


def along(sheet: Shown, row: str, columns: Sequence[str]) -> list[float]:
    return [sheet.value(row, column) for column in columns]


def proofs(book: Workbook) -> list[float]:
    sheet = book.sheet("stretch")
    values = [value for column in sheet.columns for value in sheet.down(column, ".*:proof:.*")]
    return [value for value in values if isinstance(value, int | float)]


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_level_is_seen_on_every_base(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """1.03 on regions and 1.08 on stores: 1000 → 1030 → 1112.4; a store that sold its part of the task lags its own."""
    path = plan(tmp_path / "plan.xlsx", lang=lang, dimensions=STORES, stretch_1=1.03, stretch_2=1.08,
                actuals=sold(一店=4_000_000, 二店=1_112_400, 三店=4_000_000))  # fmt: skip
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet("stretch")
    assert along(sheet, "门店", BASES) == [10_000_000, 10_300_000, 11_124_000]
    assert along(sheet, "门店:level:2", ("factor", "compound")) == pytest.approx([1.08, 1.1124])
    assert along(sheet, "门店:m:三店", BASES) == [4_000_000, 4_120_000, 4_450_000]
    assert along(sheet, "门店:m:华东", BASES) == [6_000_000, 6_180_000, 6_674_000]
    on_bases = along(sheet, "门店:m:三店", ("attainment:0", "attainment:1", "attainment:2"))
    assert on_bases == pytest.approx([1, 4 / 4.12, 4 / 4.45])
    assert set(proofs(opened(path))) == {0}
    written = path.read_bytes()
    assert xlsales("split", path).code == 0
    assert path.read_bytes() == written


@pytest.mark.package
def test_a_plan_without_stretch_has_no_such_sheet_and_one_that_gave_it_up_shows_ones(
    xlsales: Command, tmp_path: Path
) -> None:
    """The sheet of then does not keep the figures of then."""
    path = plan(tmp_path / "plan.xlsx", dimensions=STORES)
    assert xlsales("split", path).code == 0
    assert "加压" not in opened(path).titles
    answer(path, "stretch_1", 1.1)
    assert xlsales("split", path).code == 0
    assert opened(path).sheet("stretch").value("门店:level:1", "target:1") == 11_000_000
    answer(path, "stretch_1", 1)
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet("stretch")
    assert along(sheet, "门店:level:1", ("factor", "target:1")) == [1, 10_000_000]
    assert xlsales("undo", path).code == 0
    assert opened(path).sheet("stretch").value("门店:level:1", "target:1") == 11_000_000


@pytest.mark.package
@pytest.mark.parametrize(
    ("more", "settings"),
    [
        ({"一店": {"stretch": 1.2}}, {"stretch_2": 1.08}),
        ({"一店": {"stretch": 0.9}}, {}),
        ({"一店": {"locked": 500}}, {"stretch_1": 1.05, "stretch_2": 1.08}),
        ({"一店": {"locked": 300}, "二店": {"locked": 200}}, {"stretch_2": 1.08}),
        ({"一店": {"weight": 0}}, {"stretch_2": 1.5}),
        ({"三店": {"parent": None}}, {"stretch_1": 1.03, "stretch_2": 1.08}),
        ({"二店": {"opens": dt.date(2026, 7, 1)}}, {"stretch_2": 1.1}),
    ],
    ids=["own factor", "below one", "locked", "all locked below", "no weight", "leaf ends early", "opens in July"],
)
def test_every_base_closes(
    xlsales: Command, tmp_path: Path, more: Mapping[str, Mapping[str, object]], settings: Mapping[str, object]
) -> None:
    """On each base the members of each level, and what nobody takes, add up to what the base is."""
    rows = [{**row, **more.get(str(row["member"]), {})} for row in STORES]
    path = plan(tmp_path / "plan.xlsx", dimensions=rows, actuals=sold(一店=5_000, 二店=7_000, 别的=900), **settings)
    assert xlsales("split", path).code in (0, 1)
    book = opened(path)
    assert set(proofs(book)) == {0}
    sheet, by_member = book.sheet("stretch"), book.dimension("门店")
    for row in by_member.rows:
        if row.startswith("m:"):
            depth = 1 if row[2:] in ("华东", "华南") or more.get(row[2:], {}).get("parent", 0) is None else 2
            assert sheet.value(f"门店:{row}", f"target:{depth}") == by_member.value(row, "target")


@pytest.mark.unit
def test_several_dimensions_have_a_block_each() -> None:
    """A dimension of one level has no second base; every proof of the rich sample is zero."""
    (model,) = STRETCH.models(samples.figures(tree=True, stretch=1.03, locked=1.02))
    cells = cell_map(model)
    assert cells["产品", "target:1"] == pytest.approx(10_300_000)
    assert cells["产品", "target:2"] is None
    assert cells["区域:unassigned:1", "target:1"] == pytest.approx(0)
    assert {value.result for value in cells.values() if isinstance(value, Formula)} == {0.0}
    assert not STRETCH.models(samples.figures())


@pytest.mark.package
def test_members_of_one_name_in_two_dimensions_have_rows_of_their_own(xlsales: Command, tmp_path: Path) -> None:
    """A region and a person may have the same name, and a name may have a wildcard in it."""
    rows = members({"区*域": {"王芳": 1, "二": 3}, "人员": {"王芳": 2, "三": 2}})
    path = plan(tmp_path / "plan.xlsx", dimensions=rows, stretch_1=1.1)
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet("stretch")
    assert [sheet.value(f"{of}:m:王芳", "target:1") for of in ("区*域", "人员")] == [2_750_000, 5_500_000]
    assert set(proofs(opened(path))) == {0}


@pytest.mark.unit
def test_a_team_is_not_torn_apart_in_print() -> None:
    """A page may begin with a dimension, or with a member that has others below it."""
    (model,) = STRETCH.models(samples.figures(tree=True, stretch=1.1))
    teams = [f"区域:m:{name}" for name in samples.REGIONS]
    assert [key for key in model.breaks_before_rows if key.startswith("区域")] == ["区域", *teams]
    assert set(model.breaks_before_rows) <= {row.key for row in model.rows}
