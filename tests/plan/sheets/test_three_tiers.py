"""三档目标: 保底, 目标 and 冲刺 of each dimension, which close and keep their order, in a workbook too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.calc import recalculated
from tests.commands.books import Command, again_and_back, answer, fill, members, opened, plan
from tests.models import cell_map
from tests.plan.sheets import samples
from xlsales.core.faults import Lang, Refused
from xlsales.core.tiers import GapTooWide, TooWide
from xlsales.layout.model import Formula, SheetModel
from xlsales.ooxml.book import Book
from xlsales.plan.answers import NotInSteps
from xlsales.plan.figures import Figures
from xlsales.plan.sheets.three_tiers import THREE_TIERS
from xlsales.plan.three_tiers import (
    T_THREE_TIERS,
    NoTier,
    OutOfOrder,
    ShareOrAmount,
    TiersTwice,
    WholeFirst,
)
from xlsales.plan.unknown_names import NotInThePlan
from xlsales.store.sheets.tiers import SHEET as TIERS_SHEET

Cells = Mapping[str, object]
WHOLE: Cells = {"low": 0.8, "high": 1.2}


def typed(*rows: Cells, figures: Figures | None = None) -> Figures:
    """The figures of a run in which these rows are typed into 三档目标, from row 5."""
    rows_read = samples.rows_of(T_THREE_TIERS, rows)
    return replace(figures or samples.figures(), table_rows={T_THREE_TIERS.name: rows_read})


def proofs(model: SheetModel) -> set[object]:
    return {value.result for value in cell_map(model).values() if isinstance(value, Formula)}


@pytest.mark.unit
@pytest.mark.parametrize("shape", [{}, {"tree": True}, {"tree": True, "stretch": 1.05}, {"actuals": False}])
def test_each_tier_closes_and_no_cell_breaks_the_order(shape: dict[str, bool]) -> None:
    """80 % and 120 % of 1000万 are 800万 and 1200万 in each dimension, every member within two steps of its part."""
    figures = samples.figures(**shape)  # type: ignore[arg-type]
    models = THREE_TIERS.models(typed(WHOLE, figures=figures))
    assert [model.key for model in models] == [f"three_tiers:{name}" for name in ("区域", "产品", "渠道")]
    for model, dimension in zip(models, figures.dimensions, strict=True):
        cells = cell_map(model)
        assert proofs(model) == {0.0}
        whole = [cells[f"total:{tier}", "target"] for tier in ("low", "target", "high")]
        assert whole == [0.8 * samples.TOTAL, samples.TOTAL, 1.2 * samples.TOTAL]
        for i, member in enumerate(dimension.dimension.members):
            low, target, high = (cells[f"m:{member.name}:{tier}", "target"] for tier in ("low", "target", "high"))
            assert target == dimension.targets[i].sum()
            assert low == pytest.approx(0.8 * target, abs=2 * samples.STEP)  # type: ignore[operator]
            assert high == pytest.approx(1.2 * target, abs=2 * samples.STEP)  # type: ignore[operator]


@pytest.mark.unit
def test_a_member_has_its_own_tier_and_the_others_close_on_it() -> None:
    """华东 keeps 90 % and is asked for 400万; the other regions take the rest in proportion."""
    figures = samples.figures()
    model = THREE_TIERS.models(typed(WHOLE, {"member": "华东", "low": 0.9, "high_amount": 4e6}, figures=figures))[0]
    cells = cell_map(model)
    target = cells["m:华东:target", "target"]
    assert (cells["m:华东:low", "target"], cells["m:华东:high", "target"]) == (0.9 * target, 4e6)  # type: ignore[operator]
    assert proofs(model) == {0.0}
    others = [cells[f"m:{name}:low", "target"] / cells[f"m:{name}:target", "target"] for name in ("东北", "华北")]  # type: ignore[operator]
    assert others == pytest.approx([(8e6 - 2.7e6) / 7e6] * 2, abs=0.002)


@pytest.mark.unit
def test_locked_members_are_the_same_in_all_tiers() -> None:
    """All regions are locked at 70 %: what nobody has takes the whole gap, and every proof is 0."""
    model = THREE_TIERS.models(typed({"low": 0.8}, figures=samples.figures(locked=0.7)))[0]
    cells = cell_map(model)
    assert proofs(model) == {0.0}
    for name in samples.REGIONS:
        assert cells[f"m:{name}:low", "target"] == cells[f"m:{name}:target", "target"]
    assert cells["apart:1:low", "target"] == pytest.approx(-0.1 * samples.TOTAL, abs=samples.STEP)
    assert ("total:high", "target") not in cells


@pytest.mark.unit
def test_the_tier_that_is_reached_and_expected() -> None:
    """By the lamp's own figures: a green member has its target, 产品B is between target and 冲刺."""
    figures = samples.figures()
    for model, members_ in zip(THREE_TIERS.models(typed(WHOLE, figures=figures)), figures.dimensions, strict=True):
        cells = cell_map(model)
        for member, line in zip(members_.dimension.members, members_.lines, strict=True):
            ratio = float(line["actual"]) / float(line["target_to_date"])
            expected = "冲刺" if ratio >= 1.21 else "目标" if 1 <= ratio < 1.19 else "保底" if 0.81 <= ratio < 1 else ""
            assert not expected or cells[f"m:{member.name}:target", "reached"] == expected
        assert cells["total:target", "reached"] == cells["total:target", "expected"] == "保底"
        assert cells["total:target", "status"] == "黄"
    low = THREE_TIERS.models(typed({"low": 0.99}, figures=figures))[0]
    assert cell_map(low)["m:东北:target", "reached"] == "未到保底"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "fault", "place"),
    [
        ([{"note": "空"}], NoTier, "三档目标!B5"),
        ([WHOLE, {"member": "华东"}], NoTier, "三档目标!B6"),
        ([WHOLE, {"member": "华冬", "low": 0.9}], NotInThePlan, "三档目标!B6"),
        ([WHOLE, {"member": "合计", "low": 0.9}], NotInThePlan, "三档目标!B6"),
        ([WHOLE, {"member": "公司整体", "low": 0.9}], TiersTwice, "三档目标!B6"),
        ([WHOLE, {"member": "华东", "low": 0.9}, {"member": "区域:华东", "low": 0.8}], TiersTwice, "三档目标!B7"),
        ([{"low": 0.8, "low_amount": 8e6}], ShareOrAmount, "三档目标!D5"),
        ([{"low_amount": 11e6}], OutOfOrder, "三档目标!D5"),
        ([{"high_amount": 9e6}], OutOfOrder, "三档目标!F5"),
        ([{"low_amount": 8_000_500}], NotInSteps, "三档目标!D5"),
        ([{"low": 0.8}, {"member": "华东", "high": 1.1}], WholeFirst, "三档目标!E6"),
        ([{"high": 1.2}, {"member": "华东", "high_amount": 9e6}], GapTooWide, "三档目标!E5"),
    ],
)
def test_what_is_typed_wrongly_is_told_at_its_cell(rows: list[Cells], fault: type, place: str) -> None:
    """One sentence: where, what, what to do."""
    with pytest.raises(Refused) as caught:
        list(THREE_TIERS.views(typed(*rows)))
    (problem,) = caught.value.problems
    assert (type(problem.fault), str(problem.place)) == (fault, place)
    assert problem.say("zh").count("万元") >= len(fault.amounts)  # type: ignore[attr-defined]


@pytest.mark.unit
def test_a_row_at_fault_leaves_the_others() -> None:
    """The tiers are those of the rows that are right, and the fault is told after them."""
    views = iter(THREE_TIERS.views(typed(WHOLE, {"member": "华冬", "low": 0.9})))
    assert [next(views).name for _ in range(3)] == ["区域", "产品", "渠道"]
    with pytest.raises(Refused):
        next(views)


@pytest.mark.unit
def test_a_locked_member_cannot_have_a_tier_of_its_own() -> None:
    """It is told at its row, and the others go on without it."""
    figures = samples.figures(locked=0.7)
    views = iter(THREE_TIERS.views(typed({"low": 0.9}, {"member": "华南", "low": 0.5}, figures=figures)))
    assert [next(views).name for _ in range(3)] == ["区域", "产品", "渠道"]
    with pytest.raises(Refused) as caught:
        next(views)
    (problem,) = caught.value.problems
    assert (type(problem.fault), str(problem.place)) == (TooWide, "三档目标!C6")


@pytest.mark.package
def test_a_plan_without_members_is_told(xlsales: Command, tmp_path: Path) -> None:
    """Tiers are shown by dimension, and there is none."""
    path = plan(tmp_path / "plan.xlsx", dimensions=())
    assert xlsales("add", path, "三档目标").code == 0
    fill(path, T_THREE_TIERS, "三档目标", [{"low": 0.8, "note": ""}])
    assert "三档目标!B5: 计划里没有维度" in xlsales("split", path).out


@pytest.mark.unit
def test_a_dimension_that_is_locked_holds_the_whole_and_is_named() -> None:
    """Nothing of it may move, so the whole cannot; the sentence says which dimension it is."""
    figures = samples.figures(locked=1.0)
    with pytest.raises(Refused) as caught:
        list(THREE_TIERS.views(typed({"low": 0.8}, figures=figures)))
    (problem,) = caught.value.problems
    assert (type(problem.fault), str(problem.place)) == (TooWide, "三档目标!C5")
    assert "“区域”" in problem.say("zh")
    assert '"区域"' in problem.say("en")


@pytest.mark.package
@pytest.mark.parametrize(("lang", "table", "whole"), [("zh", "三档目标", "合计"), ("en", "Three tiers", "Total")])
def test_tiers_are_added_split_and_taken_back(
    xlsales: Command, tmp_path: Path, lang: Lang, table: str, whole: str
) -> None:
    """As a person does it, a bare 80 being 80 %; a second run changes nothing, an undo gives back the bytes."""
    path = plan(tmp_path / "plan.xlsx", lang=lang, dimensions=members({"区域": {"甲": 3, "乙": 2}, "产品": {"A": 1}}))
    assert xlsales("add", path, table).code == 0
    fill(
        path,
        T_THREE_TIERS,
        table,
        [{"low": 80, "high": "１２０％", "note": ""}, {"member": "甲", "low_amount": "500万"}],
    )
    before = path.read_bytes()
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet("three_tiers:区域")
    assert [sheet.value(f"total:{tier}", "target") for tier in ("low", "target", "high")] == [8e6, 1e7, 1.2e7]
    assert [sheet.value(f"m:{name}:low", "target") for name in "甲乙"] == [5e6, 3e6]
    assert sheet.value("total:low", "member") == whole
    again_and_back(xlsales, path, before)


@pytest.mark.package
def test_closed_months_keep_their_tiers(xlsales: Command, tmp_path: Path) -> None:
    """After January is closed, another percentage moves the other months alone, and the whole closes on it."""
    path = plan(tmp_path / "plan.xlsx", dimensions=members({"区域": {"甲": 3, "乙": 2}}))
    assert xlsales("add", path, "三档目标").code == 0
    fill(path, T_THREE_TIERS, "三档目标", [{"low": 0.8, "high": "", "note": ""}])
    assert xlsales("split", path).code == 0
    before = opened(path).sheet("three_tiers:区域")
    answer(path, "closed_through", dt.date(2026, 1, 31))
    fill(path, T_THREE_TIERS, "三档目标", [{"low": 0.5}])
    assert xlsales("split", path).code == 0
    after = opened(path).sheet("three_tiers:区域")
    for key in ("total:low", "m:甲:low", "m:乙:low"):
        assert after.value(key, "t:2026-01") == before.value(key, "t:2026-01")
        assert after.value(key, "t:2026-02") < before.value(key, "t:2026-02")
    assert after.value("total:low", "target") == 5e6
    fill(path, T_THREE_TIERS, "三档目标", [{"low": 0.999}])
    said = xlsales("split", path).out
    assert "三档目标!C5: 这一档与目标差 1 万元,已关账的月份不再改,它们已差 16.6 万元" in said
    assert opened(path).sheet("three_tiers:区域").value("total:low", "target") == 5e6


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_handed_out_file_has_the_tiers_of_its_store(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """By month as in the plan, in full; without a stretch goal its column is blank, without the table no sheet."""
    store = {"zh": "门店", "en": "Store"}[lang]
    path = plan(tmp_path / "plan.xlsx", lang=lang, dimensions=members({store: {"甲": 3, "乙": 2}}))
    assert xlsales("split", path).code == 0
    assert xlsales("handout", path, tmp_path / "before").code == 0
    assert TIERS_SHEET.title[lang] not in [one.title for one in Book.open(tmp_path / "before" / "甲.xlsx").sheets]
    assert xlsales("add", path, T_THREE_TIERS.label[lang]).code == 0
    fill(path, T_THREE_TIERS, T_THREE_TIERS.label[lang], [{"low": 0.8, "high": "", "note": ""}])
    assert xlsales("split", path).code == 0
    assert xlsales("handout", path, tmp_path / "out").code == 0
    page, written = (
        opened(tmp_path / "out" / "甲.xlsx").sheet("store:tiers"),
        opened(path).sheet(f"three_tiers:{store}"),
    )
    assert page.value("total", "low") == written.value("m:甲:low", "target") == 4.8e6
    assert page.value("2026-03", "low") == written.value("m:甲:low", "t:2026-03")
    assert page.value("2026-03", "target") == written.value("m:甲:target", "t:2026-03")
    assert page.value("2026-03", "high") is None


@pytest.mark.libreoffice
def test_libreoffice_computes_the_proofs_alike(xlsales: Command, tmp_path: Path) -> None:
    """The stored results of formulas are those of a program that opens the file."""
    path = plan(tmp_path / "plan.xlsx", dimensions=members({"区域": {"甲": 3, "乙": 2}}))
    assert xlsales("add", path, "三档目标").code == 0
    fill(path, T_THREE_TIERS, "三档目标", [{"low": 0.8, "high": 1.2, "note": ""}])
    assert xlsales("split", path).code == 0
    stored = opened(path).sheet("three_tiers:区域")
    computed = recalculated(path, tmp_path)["三档 区域"]
    for at_row, column in (("proof:1:low", "t:2026-03"), ("m:甲:high", "order"), ("m:乙:low", "proof")):
        cell = stored.cell(at_row, column)
        assert computed[cell.coordinate].value == cell.value == 0
