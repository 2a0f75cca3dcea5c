"""交叉: the targets of one dimension over the members of another, both margins exact, in a workbook too."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from tests.calc import recalculated
from tests.commands.books import Command, again_and_back, fill, members, opened, plan, type_in
from tests.models import cell_map
from tests.plan.sheets import samples
from xlsales.core.faults import Lang, Refused
from xlsales.core.period_text import PeriodOutsidePlan, UnreadablePeriod
from xlsales.core.plan import MICROS, Member
from xlsales.core.shapes import History
from xlsales.layout.look import header_width
from xlsales.layout.model import Formula, SheetModel
from xlsales.plan.figures import Figures
from xlsales.plan.sheets.crossed import (
    CROSSED,
    T_CROSSED,
    CrossedWithItself,
    LacksDimension,
    SamePair,
    TooManyColumns,
)
from xlsales.plan.table_rows import NotWholeMonths
from xlsales.plan.unknown_names import NoSuchDimension


def row(down: str | None, across: str | None, period: str | None = None) -> dict[str, object]:
    return {"down": down, "across": across, "period": period}


def typed(*rows: Mapping[str, object], figures: Figures | None = None) -> Figures:
    """The figures of a run in which these rows are typed into 交叉, from row 5."""
    return replace(figures or samples.figures(), table_rows={T_CROSSED.name: samples.rows_of(T_CROSSED, rows)})


def proofs(model: SheetModel) -> set[float | str]:
    return {value.result for value in cell_map(model).values() if isinstance(value, Formula)}


@pytest.mark.unit
@pytest.mark.parametrize("period", [None, "2026Q4", "2026-11", "上半年"])
def test_both_margins_are_the_dimensions_own_targets(period: str | None) -> None:
    """Each row is its member's target of the period, each column that of its member, every proof is 0."""
    figures = samples.figures()
    (model,) = CROSSED.models(typed(row("区域", "产品", period), figures=figures))
    cells = cell_map(model)
    regions, products = figures.dimensions[:2]
    months = {None: slice(0, 12), "2026Q4": slice(9, 12), "2026-11": slice(10, 11), "上半年": slice(0, 6)}[period]
    for side, keys in ((regions, [("m:{}", "target")]), (products, [("total", "c:{}"), ("own", "c:{}")])):
        for member, target in zip(side.dimension.members, side.targets[:, months].sum(axis=1), strict=True):
            for at_row, at_column in keys:
                assert cells[at_row.format(member.name), at_column.format(member.name)] == pytest.approx(target)
    assert proofs(model) == {0.0}
    step = figures.frame.step_yuan
    assert all(cells[f"m:{name}", f"c:{p}"] % step == 0 for name in samples.REGIONS for p in samples.PRODUCTS)  # type: ignore[operator]


@pytest.mark.unit
def test_members_above_others_are_sums_of_those_below() -> None:
    """Rows are a tree; the columns are lowest members."""
    (model,) = CROSSED.models(typed(row("区域", "产品"), figures=samples.figures(tree=True)))
    cells = cell_map(model)
    of_east = [cells[f"m:{name}", "c:产品A"] for name in samples.PROVINCES["华东"]]
    assert cells["m:华东", "c:产品A"] == sum(of_east)  # type: ignore[arg-type]
    assert proofs(model) == {0.0}
    (other,) = CROSSED.models(typed(row("产品", "区域"), figures=samples.figures(tree=True)))
    assert "c:上海" in {column.key for column in other.columns}
    assert "c:华东" not in {column.key for column in other.columns}
    assert other.breaks_before_columns  # a page has twelve of them


@pytest.mark.unit
def test_without_past_sales_of_both_it_says_that_it_goes_by_the_targets() -> None:
    """The past names regions only; with both named, a region that never sold a product has none of it."""
    figures = samples.figures()
    (model,) = CROSSED.models(typed(row("区域", "产品"), figures=figures))
    assert "没有同时写明" in model.subline
    days = np.array([np.datetime64("2025-03-01")] * 6)
    regions, products = np.array([0, 1, 2, 3, 4, 0], dtype=np.int32), np.array([1, 0, 1, 2, 2, 1], dtype=np.int32)
    past = History(days, np.full(6, 100 * MICROS), {"区域": regions, "产品": products})
    (by_past,) = CROSSED.models(typed(row("区域", "产品"), figures=replace(figures, history=past)))
    assert "按过往销售" in by_past.subline
    assert proofs(by_past) == {0.0}
    north_east = [cell_map(by_past)["m:东北", f"c:{name}"] for name in samples.PRODUCTS]
    assert north_east[1] > north_east[0] + north_east[2]  # type: ignore[operator]


@pytest.mark.unit
def test_what_cannot_close_is_explained() -> None:
    """Stretched rows add up to more than the columns' own targets: those are shown beside, with the reason."""
    plain, stretched = samples.figures(), samples.figures(stretch=1.05)
    parts = {**plain.breakdown.dimensions, "区域": stretched.breakdown.dimensions["区域"]}
    figures = replace(plain, breakdown=replace(plain.breakdown, dimensions=parts))
    cells = cell_map(CROSSED.models(typed(row("区域", "产品"), figures=figures))[0])
    assert cells["total", "target"] == 1.05 * samples.TOTAL
    assert cells["own", "target"] == samples.TOTAL
    assert ("proof:own", "target") not in cells
    assert "加压" in str(cells["note", "member"])
    alike = cell_map(CROSSED.models(typed(row("区域", "产品"), figures=stretched))[0])
    assert ("proof:own", "target") in alike  # both sides are stretched alike


@pytest.mark.unit
def test_what_nobody_has_is_a_line_and_a_column_of_its_own() -> None:
    """Regions held to 70 %: the rest is shown and every proof is still 0."""
    (model,) = CROSSED.models(typed(row("区域", "产品"), row("产品", "区域"), figures=samples.figures(locked=0.7)))[:1]
    cells = cell_map(model)
    assert cells["unassigned", "target"] == pytest.approx(0.3 * samples.TOTAL, rel=0.01)
    assert proofs(model) == {0.0}
    other = CROSSED.models(typed(row("产品", "区域"), figures=samples.figures(locked=0.7)))[0]
    assert cell_map(other)["total", "c:"] == cells["unassigned", "target"]
    assert proofs(other) == {0.0}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "fault", "place"),
    [
        ([row(None, "产品")], LacksDimension, "交叉!B5"),
        ([row("区域", None)], LacksDimension, "交叉!C5"),
        ([row("大区", "产品")], NoSuchDimension, "交叉!B5"),
        ([row("区域", " 区域 ")], CrossedWithItself, "交叉!C5"),
        ([row("区域", "产品", "2026-03-08")], NotWholeMonths, "交叉!D5"),
        ([row("区域", "产品", "2027-01")], PeriodOutsidePlan, "交叉!D5"),
        ([row("区域", "产品", "年底")], UnreadablePeriod, "交叉!D5"),
        ([row("区域", "产品"), row("区域", "产品", "2026")], SamePair, "交叉!B6"),
    ],
)
def test_what_is_typed_wrongly_is_told_at_its_cell(rows: list[Mapping[str, object]], fault: type, place: str) -> None:
    """One sentence: where, what, what to do."""
    with pytest.raises(Refused) as caught:
        list(CROSSED.views(typed(*rows)))
    (problem,) = caught.value.problems
    assert (type(problem.fault), str(problem.place)) == (fault, place)


@pytest.mark.unit
@pytest.mark.parametrize(
    "wrong",
    [row("大区", "产品"), row("产品", "渠道", "年底"), row("产品", "渠道") | {"faulty": True}, row("区域", "产品")],
)
def test_a_row_at_fault_leaves_the_others(wrong: Mapping[str, object]) -> None:
    """Their sheets are written, and keep their numbers."""
    views = iter(CROSSED.views(typed(row("区域", "产品"), wrong, row("区域", "渠道"), row("大区", "产品"))))
    shown = [next(views), next(views)]
    with pytest.raises(Refused) as caught:
        next(views)
    assert [(view.across.name, view.number) for view in shown] == [("产品", 1), ("渠道", 3)]
    assert len(caught.value.problems) == (1 if wrong.get("faulty") else 2)


@pytest.mark.unit
def test_a_dimension_that_is_too_wide_belongs_into_the_rows() -> None:
    """The remedy is followed: the same pair the other way round is written."""
    figures = samples.figures()
    many = [Member(f"店{n}", weight=1.0) for n in range(61)]
    part = figures.breakdown.dimensions["产品"]
    months = np.zeros((61, 12), dtype=np.int64)
    months[0] = part.months.sum(axis=0)
    wide = replace(part, dimension=samples.dimension("产品", many), months=months)
    figures = replace(
        figures, breakdown=replace(figures.breakdown, dimensions={**figures.breakdown.dimensions, "产品": wide})
    )
    with pytest.raises(Refused) as caught:
        list(CROSSED.views(typed(row("区域", "产品"), figures=figures)))
    assert [type(p.fault) for p in caught.value.problems] == [TooManyColumns]
    (model,) = CROSSED.models(typed(row("产品", "区域"), figures=figures))
    assert proofs(model) == {0.0}


@pytest.mark.package
@pytest.mark.parametrize(("lang", "title", "pair"), [("zh", "交叉", "区域×产品"), ("en", "Cross", "Region × Product")])
def test_a_cross_is_added_split_refreshed_and_taken_back(
    xlsales: Command, tmp_path: Path, lang: Lang, title: str, pair: str
) -> None:
    """As a person does it; a second run changes nothing, a row that is gone is told by its sheet."""
    first, second = pair.replace("×", " ").split()
    dimensions = members({first: {"甲": 3, "乙": 2}, second: {"A": 1, "B": 1, "C": 1}})
    path = plan(tmp_path / "plan.xlsx", lang=lang, dimensions=dimensions)
    assert xlsales("add", path, title).code == 0
    type_in(path, title, "E5", "")
    before = path.read_bytes()
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet(f"crossed:{pair}")
    assert sum(sheet.along("total", "c:")) == sheet.value("total", "target") == 10_000_000
    again_and_back(xlsales, path, before)


@pytest.mark.libreoffice
def test_libreoffice_computes_the_proofs_alike(xlsales: Command, tmp_path: Path) -> None:
    """The stored results of formulas are those of a program that opens the file."""
    dimensions = members({"区域": {"甲": 3, "乙": 2}, "产品": {"A": 1, "B": 1, "C": 1}})
    path = plan(tmp_path / "plan.xlsx", dimensions=dimensions)
    assert xlsales("add", path, "交叉").code == 0
    type_in(path, "交叉", "E5", "")
    assert xlsales("split", path).code == 0
    stored = opened(path).sheet("crossed:区域×产品")
    computed = recalculated(path, tmp_path)["交叉 区域×产品"]
    for at_row, column in (("proof:rows", "c:A"), ("proof:own", "target"), ("m:甲", "proof")):
        cell = stored.cell(at_row, column)
        assert computed[cell.coordinate].value == cell.value == 0


@pytest.mark.package
def test_a_long_name_above_a_column_is_not_cut_off(xlsales: Command, tmp_path: Path) -> None:
    """Its column is as wide as its two lines take, and a page has as many as it holds."""
    names = [f"北京大学第{n}附属医院国际诊疗中心 Beijing Int. Clinic No. {n} (VIP)" for n in "一二三四五六七八"]
    path = plan(tmp_path / "p.xlsx", dimensions=members({"产品": {"甲": 1, "乙": 2}, "医院": dict.fromkeys(names, 1)}))
    assert xlsales("add", path, "交叉").code == 0
    fill(path, T_CROSSED, "交叉", [{"down": "产品", "across": "医院", "note": ""}])
    assert xlsales("split", path).code in (0, 1)
    sheet = opened(path).book["交叉 产品×医院"]
    shown = [cell for cell in sheet[5] if cell.value in names]
    assert len(shown) == len(names)
    for cell in shown:
        (width,) = {one.width for one in sheet.column_dimensions.values() if one.min <= cell.column <= one.max}
        assert width >= header_width(str(cell.value))
    assert sheet.col_breaks.brk
