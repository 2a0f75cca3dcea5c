"""漏斗: the leads and orders that a month takes, from the rule to a workbook in both languages."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.calc import recalculated
from tests.commands.books import Command, again_and_back, members, opened, plan, type_in
from tests.models import cell_map
from tests.plan.sheets import samples
from xlsales.core.faults import Lang, Problem, Refused
from xlsales.core.funnel import backwards, forwards
from xlsales.core.period_text import PeriodOutsidePlan, UnreadablePeriod
from xlsales.core.plan import Member
from xlsales.layout.model import Formula
from xlsales.plan.figures import Figures
from xlsales.plan.funnel.table import (
    T_FUNNEL,
    NoChannel,
    NoDeliveries,
    NoPrice,
    NoRate,
    NoRates,
    NothingToDeliver,
    SameChannel,
)
from xlsales.plan.sheets.funnel import FUNNEL
from xlsales.plan.table_rows import HoldsAnother, LooksLikeTotal, RowsLeftOut
from xlsales.plan.unknown_names import MeantBySeveral

SEED = {  # channel: deliveries, the four rates, leads needed
    "展厅": (10, 0.85, 0.3, 0.4, 0.95, 111),
    "网络": (20, 0.15, 0.6, 0.45, 0.95, 547),
    "外拓": (5, 0.3, 0.6, 0.35, 0.95, 100),
    "直播": (5, 0.05, 0.7, 0.5, 0.95, 360),
    "转介绍": (8, 0.6, 0.6, 0.6, 0.95, 42),
    "增换购": (5, 0.7, 0.8, 0.6, 0.95, 19),
}
"""The dealer's six channels."""
RATES = ("lead_rate", "opportunity_rate", "draft_rate", "order_rate")


# --- the rule ------------------------------------------------------------------


@pytest.mark.unit
def test_the_seed_s_channels_need_these_leads() -> None:
    """111, 547, 100, 360, 42 and 19."""
    table = np.array(list(SEED.values()))
    needed = backwards(table[:, 0], table[:, 1:5])
    assert needed[:, 0].tolist() == table[:, 5].tolist()
    assert needed[0].tolist() == [111, 94, 28, 11, 10]
    assert needed[:, -1].tolist() == table[:, 0].tolist()


@pytest.mark.unit
@pytest.mark.parametrize(
    ("number", "rate", "before", "after"),
    [
        (28, 0.35, 80, 9),  # 28 / 0.35 is 80.00000000000001 by the processor
        (2, 2 / 3, 3, 1),
        (7, 1.0, 7, 7),
        (0, 0.5, 0, 0),
        (1, 0.0001, 10_000, 0),
        (29, 0.29, 100, 8),  # 100 × 0.29 is 28.999999999999996
        (math.nan, 0.5, math.nan, math.nan),
    ],
)
def test_whole_numbers_in_spite_of_the_processor_s_fractions(
    number: float, rate: float, before: float, after: float
) -> None:
    """Rounded up backwards, down forwards; blank stays blank."""
    one, share = np.array([number]), np.array([[rate]])
    assert backwards(one, share)[0, 0] == pytest.approx(before, nan_ok=True)
    assert forwards(one, share)[0, 1] == pytest.approx(after, nan_ok=True)
    assert forwards(np.array([100.0]), np.array([[0.29]]))[0, 1] == 29


@pytest.mark.unit
@given(st.integers(0, 10**5), st.lists(st.integers(500, 10_000).map(lambda n: n / 10_000), min_size=1, max_size=4))
def test_the_leads_that_are_needed_bring_the_deliveries(deliveries: int, rates: list[float]) -> None:
    """One lead less would not; never are there fewer than of the stage behind."""
    share = np.array([rates])
    needed = backwards(np.array([float(deliveries)]), share)
    assert forwards(needed[:, 0], share)[0, -1] >= deliveries
    assert (np.diff(needed[0]) <= 0).all()
    if deliveries:
        assert forwards(needed[:, 0] - 1, share)[0, -1] < deliveries


# --- the sheet -------------------------------------------------------------------


def row(channel: str | None, *, leads: float | None = None, **changes: object) -> dict[str, object]:
    """A row of the table: a channel of the seed."""
    deliveries, *rates, _ = SEED.get(channel or "", SEED["展厅"])
    typed = {"channel": channel, "deliveries": deliveries, "leads": leads} | dict(zip(RATES, rates, strict=True))
    return typed | changes


def typed(*rows: Mapping[str, object], figures: Figures | None = None) -> Figures:
    """The figures of a run in which these rows are typed into 漏斗, from row 5."""
    return replace(figures or samples.figures(), table_rows={T_FUNNEL.name: samples.rows_of(T_FUNNEL, rows)})


def written(figures: Figures) -> tuple[dict[Any, Any], list[Problem]]:
    """The cells of the sheet, none if it is not written, and the faults but that some rows are left out."""
    cells: dict[Any, Any] = {}
    try:
        for view in FUNNEL.views(figures):
            cells = cell_map(FUNNEL.model(view))
    except Refused as fault:
        return cells, [problem for problem in fault.problems if not isinstance(problem.fault, RowsLeftOut)]
    return cells, []


GOOD = row("展厅", month="2026-11", leads=120.0)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("others", "shown"),
    [
        ([row("网络", leads=None, faulty={"leads"})], ["展厅"]),
        ([row("网络", draft_rate=None)], ["展厅"]),
        ([row(None)], ["展厅"]),
        ([row("合计")], ["展厅"]),
        ([row("无人", deliveries=None)], ["展厅"]),
        ([row("网络"), row("网络"), row("车展")], ["展厅", "车展"]),  # it is not known which counts
        ([row("网络", month="2026-13"), row("车展"), row("直播", month="2026-12")], ["展厅", "直播"]),
        ([row("网络", faulty={"month"}), row("车展")], ["展厅"]),  # of which month, nobody knows
    ],
)
def test_a_row_at_fault_leaves_the_others(others: list[Mapping[str, object]], shown: list[str]) -> None:
    """They close without it, and the sheet says which rows are missing."""
    cells, _ = written(typed(GOOD, *others))
    channels = [value for (key, column), value in cells.items() if column == "channel" and ":c:" in key]
    assert channels == shown
    alone = cell_map(FUNNEL.models(typed(GOOD))[0])
    assert cells["2026-11:c:展厅", "need_leads"] == alone["2026-11:c:展厅", "need_leads"]
    kept = [cells[f"2026-11:c:{name}", "need_leads"] for name in shown if (f"2026-11:c:{name}", "need_leads") in cells]
    assert cells["2026-11", "need_leads"] == sum(kept)


@pytest.mark.unit
def test_the_sheet_shows_what_is_needed_and_what_the_leads_bring() -> None:
    """Channels, their total, a proof at 0, a lamp that no channel's surplus turns green for another's lack."""
    rows = [row(name, leads=500.0, month="2026-11") for name in SEED]
    (model,) = FUNNEL.models(typed(*rows))
    cells = cell_map(model)
    assert cells["2026-11", "need_leads"] == 111 + 547 + 100 + 360 + 42 + 19
    assert cells["2026-11:c:网络", "gap"] == 500 - 547
    assert cells["2026-11", "gap"] == 3_000 - 1_179
    lamps = [cells[f"2026-11:c:{name}", "enough"] for name in SEED]
    assert lamps == ["够", "不够", "够", "够", "够", "够"]
    assert cells["2026-11", "enough"] == "部分不够"
    assert cells["2026-11:c:增换购", "bring_deliveries"] == 159  # 500 → 350 → 280 → 168 → 159
    proofs = [value for value in cells.values() if isinstance(value, Formula)]
    assert [proof.result for proof in proofs] == [0.0] * 5
    (chart,) = model.charts
    assert [series.column for series in chart.series] == ["need_leads", "on_hand"]


@pytest.mark.unit
def test_leads_that_are_not_known_are_blank_and_no_zero() -> None:
    """Nothing is said of them, and their total is not known either; what is short is short all the same."""
    cells = cell_map(FUNNEL.models(typed(row("展厅", month="2026-11"), row("网络", leads=1.0)))[0])
    for column in ("on_hand", "gap", "enough", "bring_deliveries", "of_target"):
        assert cells["2026-11:c:展厅", column] is None
    assert cells["2026-11", "on_hand"] is None
    assert cells["2026-11", "enough"] == "部分不够"
    assert cells["2026-11:c:网络", "bring_deliveries"] == 0
    known = cell_map(FUNNEL.models(typed(row("展厅", month="2026-11"), row("网络", leads=1_000.0)))[0])
    assert known["2026-11", "enough"] is None
    assert FUNNEL.models(typed(row("展厅")))[0].charts == ()


@pytest.mark.unit
def test_deliveries_come_from_the_plan_where_they_are_blank() -> None:
    """The member's target of the month ÷ the price, rounded up; both are shown."""
    figures = samples.figures()
    channels = figures.dimensions[2]
    target = channels.targets[0, 10]
    (model,) = FUNNEL.models(typed(row("线上", month="2026-11", deliveries=None, price=7_000.0), figures=figures))
    cells = cell_map(model)
    assert cells["2026-11:c:线上", "target"] == target
    assert cells["2026-11:c:线上", "need_deliveries"] == math.ceil(target / 7_000)
    assert "target" not in {column.key for column in FUNNEL.models(typed(row("线上")))[0].columns}
    pieces = replace(figures, frame=samples.frame(unit="piece"))
    cells = cell_map(FUNNEL.models(typed(row("线上", month="2026-11", deliveries=None), figures=pieces))[0])
    assert cells["2026-11:c:线上", "need_deliveries"] == target


@pytest.mark.unit
@pytest.mark.parametrize(
    ("left_out", "stages", "numbers"),
    [
        (("opportunity_rate",), ["deliveries", "orders", "opportunities", "leads"], [10, 11, 28, 33]),
        (("order_rate",), ["deliveries", "drafts", "opportunities", "leads"], [10, 25, 84, 99]),
        (("lead_rate", "opportunity_rate", "draft_rate"), ["deliveries", "leads"], [10, 11]),
    ],
)
def test_a_stage_that_a_business_has_not_is_left_out(
    left_out: tuple[str, ...], stages: list[str], numbers: list[int]
) -> None:
    """A column of rates that is blank from top to bottom is no stage."""
    (model,) = FUNNEL.models(typed(row("展厅", month="2026-11", **dict.fromkeys(left_out))))
    needed = [column.key for column in model.columns if column.key.startswith("need_")]
    assert needed == [f"need_{stage}" for stage in stages]
    assert [cell_map(model)["2026-11", key] for key in needed] == numbers


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "fault", "place"),
    [
        ([row(None)], NoChannel, "漏斗!C5"),
        ([row("合计")], LooksLikeTotal, "漏斗!C5"),
        ([row("展厅"), row(" 展厅 ")], SameChannel, "漏斗!C6"),
        ([row("展厅", month="2027-01")], PeriodOutsidePlan, "漏斗!B5"),
        ([row("展厅"), row("网络", draft_rate=None)], NoRate, "漏斗!H6"),
        ([row("展厅", **dict.fromkeys(RATES))], NoRates, "漏斗!F5"),
        ([row("展厅", deliveries=None, price=5.0)], NoDeliveries, "漏斗!D5"),
        ([row("线上", deliveries=None)], NoPrice, "漏斗!D5"),
    ],
)
def test_what_is_typed_wrongly_is_told_at_its_cell(rows: list[Mapping[str, object]], fault: type, place: str) -> None:
    """One sentence: where, what, what to do."""
    _, (problem,) = written(typed(*rows))
    assert (type(problem.fault), str(problem.place)) == (fault, place)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [
                row("展厅", month="2026-11", draft_rate=None, faulty={"draft_rate"}),  # told where it is read
                row("展厅"),
                row(None, deliveries=None),
                row("合计", deliveries=None),
                row("网络", draft_rate=None),
                row("无人", deliveries=None),
                row("线上", deliveries=None),
                row("线上", deliveries=None, price=5.0),
            ],
            [
                (SameChannel, "C6"),
                (NoChannel, "C7"),
                (LooksLikeTotal, "C8"),
                (NoRate, "H9"),
                (NoDeliveries, "D10"),
                (NoPrice, "D11"),
                (SameChannel, "C12"),
            ],
        ),
        # rows of a month that cannot be read are not taken for rows of another one
        (
            [row("展厅", month="2026-11"), row("线上", deliveries=None, price=5.0), row("展厅", month="2026-13"),
             row("线上", deliveries=None, price=5.0), row("网络", draft_rate=None)],
            [(UnreadablePeriod, "B7"), (NoRate, "H9")],
        ),
        ([row("展厅", month="2026-11"), row("展厅", faulty={"month"}), row(None)], [(NoChannel, "C7")]),
        ([row("展厅", month="2026-11"), row("展厅", faulty={"leads"}), row(None)],
         [(SameChannel, "C6"), (NoChannel, "C7")]),
        ([row(None, faulty={"channel"})], []),
        ([row("展厅", faulty={"lead_rate"}, **dict.fromkeys(RATES)), row("网络", **dict.fromkeys(RATES))], []),
        ([row("无人", faulty={"leads"}, deliveries=None)], []),
    ],
)  # fmt: skip
def test_all_faults_are_told_at_once(rows: list[Mapping[str, object]], told: list[tuple[type, str]]) -> None:
    """Each once, at its cell, and none that is not so."""
    _, problems = written(typed(*rows))
    found = [(type(problem.fault), str(problem.place).partition("!")[2]) for problem in problems]
    assert sorted(found, key=str) == sorted(told, key=str)


def shared_names() -> Figures:
    """A plan in which 线上 and 线下 are channels and products too, and 东北 is a region alone."""
    two = samples.dimension("产品", [Member("线下", weight=1), Member("线上", weight=2)])
    figures = samples.figures()
    parts = figures.breakdown.dimensions
    product = replace(parts["产品"], dimension=two, months=parts["产品"].months[:2])
    return replace(figures, breakdown=replace(figures.breakdown, dimensions=parts | {"产品": product}))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("name", "dimension", "position"),
    [("渠道:线上", 2, 0), ("产品:线上", 1, 1), (" 产品 :线下", 1, 0), ("东北", 0, 0), ("区域:东北", 0, 0)],
)
def test_a_name_may_say_its_dimension(name: str, dimension: int, position: int) -> None:
    """As 维度:成员, with a wide or a narrow colon; a name of one member needs none."""
    figures = shared_names()
    typed_row = row(name, month="2026-11", deliveries=None, price=7_000.0)
    cells = cell_map(FUNNEL.models(typed(typed_row, figures=figures))[0])
    assert cells[f"2026-11:c:{name}", "target"] == figures.dimensions[dimension].targets[position, 10]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("names", "fault", "place"),
    [
        (["线上"], MeantBySeveral, "漏斗!C5"),
        (["东北", "线下"], MeantBySeveral, "漏斗!C6"),  # not that of the most names
        (["渠道:线上", "产品:线上", "线上"], MeantBySeveral, "漏斗!C7"),
        (["区域:线上"], NoDeliveries, "漏斗!D5"),
        (["大区:线上"], NoDeliveries, "漏斗!D5"),
        (["东北", "区域:东北"], SameChannel, "漏斗!C6"),
    ],
)
def test_a_name_in_several_dimensions_is_asked(names: list[str], fault: type, place: str) -> None:
    """No member is chosen silently; typed deliveries look nobody up."""
    rows = [row(name, month="2026-11", deliveries=None, price=7_000.0) for name in names]
    _, (problem,) = written(typed(*rows, figures=shared_names()))
    assert (type(problem.fault), str(problem.place)) == (fault, place)
    typed_rows = [row(name, month="2026-11", deliveries=3.0) for name in names]
    assert FUNNEL.models(typed(*typed_rows, figures=shared_names()))


@pytest.mark.unit
def test_what_is_doubtful_is_told_and_written_all_the_same() -> None:
    """A channel that delivers nothing; a member above another whose target counts twice."""
    tree = samples.figures(tree=True)
    plans = [row(name, deliveries=None, price=100.0) for name in ("华东", "上海")]
    for rows, doubts in (
        ([row("展厅", deliveries=0)], [(NothingToDeliver, "漏斗!D5")]),
        (plans, [(HoldsAnother, "漏斗!C5")]),
        ([row("华东"), row("上海")], []),  # typed numbers are their own
    ):
        (view,) = FUNNEL.views(typed(*rows, figures=tree))
        assert [(type(p.fault), str(p.place)) for p in FUNNEL.doubts(view)] == doubts
        assert FUNNEL.model(view).rows


@pytest.mark.unit
def test_a_channel_may_be_in_several_months() -> None:
    """Each month is a block; the chart shows the first whose leads are known."""
    months = [row("展厅", month="2026-11"), row("网络"), row("展厅", month="2026-12", leads=9.0), row("网络")]
    (model,) = FUNNEL.models(typed(*months))
    assert [r.key for r in model.rows if r.kind == "total"] == ["2026-11", "2026-12"]
    assert model.charts[0].title.startswith("2026-12")


# --- in a workbook -----------------------------------------------------------------


@pytest.mark.package
@pytest.mark.parametrize(("lang", "title"), [("zh", "漏斗"), ("en", "Funnel")])
def test_a_funnel_is_added_filled_split_and_taken_back(
    xlsales: Command, tmp_path: Path, lang: Lang, title: str
) -> None:
    """As a person does it: its examples are not counted until they are a person's own."""
    path = plan(tmp_path / "plan.xlsx", lang=lang)
    assert xlsales("add", path, title).code == 0
    assert xlsales("split", path).code == 0
    assert "xs_out_funnel" not in opened(path).book.defined_names
    for cell in ("K5", "K6"):
        type_in(path, title, cell, "")
    before = path.read_bytes()
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet("funnel")
    assert sorted(sheet.down("need_leads", ".*:c:.*")) == [111, 547]
    again_and_back(xlsales, path, before)


@pytest.mark.package
@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        ("F5", 1.2, "是 120%,应在 0.01% 至 100% 之间"),
        ("F5", 0, "0.01%"),
        ("F5", "八成", "八成"),
        ("D5", 2.5, "2.5"),
        ("J5", -3, "-3"),
        ("E5", 0, "0.01"),
    ],
)
def test_odd_cells_are_told_where_they_are(
    xlsales: Command, tmp_path: Path, cell: str, value: float | str, said: str
) -> None:
    """A rate above 100 % or of nothing, a text, half a car, less than no leads: one sentence; the others are there."""
    path = plan(tmp_path / "plan.xlsx")
    assert xlsales("add", path, "漏斗").code == 0
    for note in ("K5", "K6"):
        type_in(path, "漏斗", note, "")
    type_in(path, "漏斗", cell, value)
    ran = xlsales("split", path)
    assert ran.code == 1
    (sentence,) = (line for line in ran.out.splitlines() if f"漏斗!{cell}" in line)
    assert said in sentence
    assert opened(path).sheet("funnel").down("channel", ".*:c:.*") == ["网络"]


@pytest.mark.libreoffice
def test_libreoffice_computes_the_proofs_alike(xlsales: Command, tmp_path: Path) -> None:
    """The stored results of formulas are those of a program that opens the file."""
    path = plan(tmp_path / "plan.xlsx", dimensions=members({"渠道": {"展厅": 3, "网络": 2}}))
    assert xlsales("add", path, "漏斗").code == 0
    for note in ("K5", "K6"):
        type_in(path, "漏斗", note, "")
    assert xlsales("split", path).code == 0
    stored = opened(path).sheet("funnel")
    computed = recalculated(path, tmp_path)["漏斗倒推"]
    (proof,) = (row for row in stored.rows if row.endswith(":proof"))
    for key in ("need_leads", "need_deliveries"):
        cell = stored.cell(proof, key)
        assert computed[cell.coordinate].value == cell.value == 0
