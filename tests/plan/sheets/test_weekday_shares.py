"""星期占比: what a reference period sold on each weekday, from the rule to a workbook in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from tests.calc import recalculated
from tests.commands.books import Command, again_and_back, members, opened, plan, type_in
from tests.models import cell_map
from tests.plan.sheets import samples
from xlsales.core.calendars import work_calendar
from xlsales.core.faults import Lang, Refused
from xlsales.core.period_text import UnreadablePeriod
from xlsales.core.plan import MICROS, DayRule, Member
from xlsales.core.shapes import History
from xlsales.core.spreading import NothingToFollow
from xlsales.core.weights import TooFewDays, weekday_index, weekday_sales
from xlsales.layout.model import Formula
from xlsales.plan.figures import Figures
from xlsales.plan.sheets.weekday_shares import WEEKDAY_SHARES, NothingSoldThen
from xlsales.plan.unknown_names import MeantBySeveral, NotInThePlan
from xlsales.plan.weekday_reference import T_WEEKDAY_REFERENCE

SEED = (9_654, 9_687, 11_654, 10_625, 11_687, 17_110, 16_583)
"""The shop's sums of three weeks from Monday to Sunday, 2014-10-13 to 2014-11-02; 87,000 in all."""
SHARES = (0.111, 0.111, 0.134, 0.122, 0.134, 0.197, 0.191)
WEEKS = np.arange(np.datetime64("2014-10-13"), np.datetime64("2014-11-03"))


# --- the rule ------------------------------------------------------------------


@pytest.mark.unit
def test_the_seed_s_three_weeks() -> None:
    """11.1 %, 11.1 %, 13.4 %, 12.2 %, 13.4 %, 19.7 % and 19.1 % of 87,000."""
    sales = weekday_sales(WEEKS, np.tile(np.array(SEED) / 3, 3))
    assert sales.counts.tolist() == [3] * 7
    assert sales.sums.sum() == pytest.approx(87_000)
    assert (sales.means / sales.means.sum()).round(3).tolist() == list(SHARES)
    assert sales.index == pytest.approx(np.array(SEED) / 9_654)
    assert len(sales.left_out) == 0


@pytest.mark.unit
def test_holidays_and_make_up_days_count_for_no_weekday() -> None:
    """The notices' and the plan's own; the sums hold what is counted, and nothing else."""
    days = np.arange(np.datetime64("2025-09-22"), np.datetime64("2025-10-20"))
    amounts = np.arange(len(days), dtype=float)
    sales = weekday_sales(days, amounts)
    left_out = ["2025-09-28", *(f"2025-10-0{n}" for n in range(1, 9)), "2025-10-11"]
    assert [str(day) for day in sales.left_out] == left_out
    assert sales.counts.sum() + len(left_out) == len(days)
    assert sales.sums.sum() == amounts.sum() - amounts[np.isin(days, sales.left_out)].sum()
    own = work_calendar(days, [DayRule(dt.date(2025, 10, 15), "holiday")])
    assert "2025-10-15" in [str(day) for day in weekday_sales(days, amounts, own).left_out]
    assert weekday_index(days, amounts).tolist() == sales.index.tolist()


@pytest.mark.unit
def test_net_returns_and_days_without_sales() -> None:
    """They weigh nothing; a week in which nothing was sold has no weekdays to follow."""
    week = WEEKS[:7]
    assert weekday_sales(week, np.array([-5.0, 1, 2, 3, 4, 5, 6])).index.tolist() == [0, 1, 2, 3, 4, 5, 6]
    with pytest.raises(NothingToFollow):
        _ = weekday_sales(week, np.zeros(7)).index
    with pytest.raises(TooFewDays):
        weekday_sales(week[:6], np.ones(6))


# --- the sheet -------------------------------------------------------------------


def typed(*rows: Mapping[str, object], figures: Figures | None = None) -> Figures:
    """The figures of a run in which these rows are typed into 星期参照, from row 5."""
    return replace(
        figures or samples.figures(), table_rows={T_WEEKDAY_REFERENCE.name: samples.rows_of(T_WEEKDAY_REFERENCE, rows)}
    )


def shop() -> Figures:
    """A plan whose past has the seed's three weeks, twice as much in 华东 as in 东北, nowhere else."""
    days = np.concatenate([WEEKS, WEEKS])
    daily = np.tile(np.array(SEED) / 3, 3) * MICROS / 3
    micros = np.concatenate([daily * 2, daily]).round().astype(np.int64)
    codes = np.repeat(np.array([2, 0], dtype=np.int32), len(WEEKS))
    return replace(samples.figures(), history=History(days, micros, {"区域": codes}))


@pytest.mark.unit
def test_the_sheet_shows_days_sales_shares_and_index() -> None:
    """The company's and a member's, each closing; to the cent, as sales are."""
    weeks = "2014-10-13~2014-11-02"
    (model,) = WEEKDAY_SHARES.models(typed({"period": weeks}, {"member": "华东", "period": weeks}, figures=shop()))
    cells = cell_map(model)
    assert cells["r1", "sales"] == pytest.approx(87_000, abs=0.01)
    assert cells["r2", "sales"] == pytest.approx(58_000, abs=0.01)
    assert [round(float(cells[f"r1:{n}", "share"]), 3) for n in range(1, 8)] == list(SHARES)  # type: ignore[arg-type]
    assert cells["r1:6", "index"] == pytest.approx(17_110 / 9_654)
    assert {value.result for value in cells.values() if isinstance(value, Formula)} == {0.0}
    assert "2014-10-13" in str(cells["r1", "weekday"])
    assert "没有" in str(cells["r1:left:0", "weekday"])
    assert model.charts[0].series[0].column == "mean"


@pytest.mark.unit
def test_a_member_in_several_dimensions_is_asked() -> None:
    """And found by 维度:成员."""
    figures = shop()
    parts = figures.breakdown.dimensions
    names = [Member(name, weight=1) for name in ("华东", "产品B", "产品C")]
    parts = parts | {"产品": replace(parts["产品"], dimension=samples.dimension("产品", names))}
    figures = replace(figures, breakdown=replace(figures.breakdown, dimensions=parts))
    reference = {"member": "华东", "period": "2014-10-13~2014-11-02"}
    with pytest.raises(Refused) as caught:
        list(WEEKDAY_SHARES.views(typed(reference, figures=figures)))
    (problem,) = caught.value.problems
    assert (type(problem.fault), str(problem.place)) == (MeantBySeveral, "星期参照!B5")
    (model,) = WEEKDAY_SHARES.models(typed(reference | {"member": "区域:华东"}, figures=figures))
    assert cell_map(model)["r1", "sales"] == pytest.approx(58_000, abs=0.01)


@pytest.mark.unit
def test_the_company_s_own_days_count_up_to_the_as_of_date() -> None:
    """A period within the plan goes by its actuals; days that do not count are named, in lines that fit."""
    figures = samples.figures()
    (model,) = WEEKDAY_SHARES.models(typed({"period": "2026"}, figures=figures))
    cells = cell_map(model)
    counted = cells["r1", "days"]
    lines = [str(value) for (key, _), value in cells.items() if key.startswith("r1:left")]
    assert counted is not None
    assert 200 < counted < 243  # type: ignore[operator]
    assert all("2026年" in line for line in lines)
    assert "02-14 – 02-23" in " ".join(lines)  # Spring Festival
    assert len(lines) > 1


@pytest.mark.unit
def test_a_blank_period_is_the_plan_s_reference() -> None:
    """As the split takes it: the year before."""
    (view,) = WEEKDAY_SHARES.views(typed({"note": "x"}))
    assert view.references[0].spans == ((dt.date(2025, 1, 1), dt.date(2025, 12, 31)),)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "fault", "place"),
    [
        ([{"period": "去年秋天"}], UnreadablePeriod, "星期参照!C5"),
        ([{"period": "2019"}], NothingSoldThen, "星期参照!C5"),
        ([{"member": "华东", "period": "2026"}], NothingSoldThen, "星期参照!C5"),
        ([{"member": "华冬", "period": "2025"}], NotInThePlan, "星期参照!B5"),
        (
            [{"faulty": {"index_1"}, "period": "2019"}, {"member": "华冬", "period": "2025"}],
            NotInThePlan,
            "星期参照!B6",
        ),
        ([{"period": "2026-01-05~2026-01-09"}], TooFewDays, "星期参照!C5"),
    ],
)
def test_what_is_typed_wrongly_is_told_at_its_cell(
    rows: Sequence[Mapping[str, object]], fault: type, place: str
) -> None:
    """One sentence: where, what, what to do."""
    with pytest.raises(Refused) as caught:
        list(WEEKDAY_SHARES.views(typed(*rows)))
    (problem,) = caught.value.problems
    assert (type(problem.fault), str(problem.place)) == (fault, place)


@pytest.mark.unit
def test_a_row_at_fault_leaves_the_others() -> None:
    """They are shown, and what is wrong is told."""
    views = WEEKDAY_SHARES.views(
        typed({"period": "2025"}, {"period": "2019"}, {"period": "2025", "faulty": {"member"}})
    )
    assert [one.number for one in next(iter(views)).references] == [1]
    with pytest.raises(Refused):
        list(views)


# --- in a workbook -----------------------------------------------------------------


def past(lang: Lang) -> list[list[object]]:
    """A year of daily sales."""
    header = {"zh": ["日期", "金额"], "en": ["Date", "Amount"]}[lang]
    days = [dt.date(2025, 1, 1) + dt.timedelta(n) for n in range(365)]
    return [header, *([day, 100.0 + 20 * day.weekday()] for day in days)]


@pytest.mark.package
@pytest.mark.parametrize(("lang", "title"), [("zh", "星期参照"), ("en", "Weekday reference")])
def test_weekday_shares_are_added_split_and_taken_back(
    xlsales: Command, tmp_path: Path, lang: Lang, title: str
) -> None:
    """As a person does it; a second run changes nothing."""
    path = plan(tmp_path / "plan.xlsx", lang=lang, history=past(lang))
    assert xlsales("add", path, title).code == 0
    type_in(path, title, "K5", "")
    before = path.read_bytes()
    ran = xlsales("split", path)
    assert ran.code == 0, ran.out + ran.err
    sheet = opened(path).sheet("weekday_shares")
    assert sheet.down("index", r"r1:\d") == pytest.approx([1 + 0.2 * n for n in range(7)])
    again_and_back(xlsales, path, before)


@pytest.mark.libreoffice
def test_libreoffice_computes_the_proofs_alike(xlsales: Command, tmp_path: Path) -> None:
    """The stored results of formulas are those of a program that opens the file."""
    path = plan(tmp_path / "plan.xlsx", dimensions=members({"区域": {"甲": 3, "乙": 2}}), history=past("zh"))
    assert xlsales("add", path, "星期参照").code == 0
    type_in(path, "星期参照", "K5", "")
    assert xlsales("split", path).code == 0
    stored = opened(path).sheet("weekday_shares")
    computed = recalculated(path, tmp_path)["星期占比"]
    for column in ("days", "sales", "share"):
        cell = stored.cell("r1:proof", column)
        assert computed[cell.coordinate].value == cell.value == 0
