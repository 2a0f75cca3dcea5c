"""复盘: the gap of closed periods by driver and member, what is typed there, and the promises of earlier reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from msgspec.structs import replace

from tests.calc import read_back, recalculated
from tests.commands.books import (
    Command,
    Ran,
    Shown,
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
from xlsales.core.bridge import DRIVERS
from xlsales.core.faults import Lang, Refused
from xlsales.core.period_text import PeriodOutsidePlan, UnreadablePeriod
from xlsales.core.plan import MICROS
from xlsales.layout.model import Formula, SheetModel
from xlsales.plan.figures import Figures
from xlsales.plan.review.about import unknown_names
from xlsales.plan.review.faults import NothingBefore, ReviewedTooEarly, ReviewedTwice
from xlsales.plan.review.tables import T_REVIEW
from xlsales.plan.review.typed import SEEN
from xlsales.plan.sheets.review import REVIEW
from xlsales.plan.table_rows import NotWholeMonths

Cells = Mapping[tuple[str, str], object]


def row(period: str | None = None, day: dt.date | None = None, meeting: str | None = None) -> dict[str, object]:
    return {"period": period, "day": day, "meeting": meeting}


def typed(*rows: Mapping[str, object], figures: Figures | None = None) -> Figures:
    """The figures of a run in which these rows are typed into 复盘, from row 5."""
    return replace(figures or samples.figures(), table_rows={T_REVIEW.name: samples.rows_of(T_REVIEW, rows)})


def names(figures: Figures) -> list[str]:
    return [view.name for view in REVIEW.views(figures)]


def page(period: str, figures: Figures | None = None) -> Cells:
    (model,) = REVIEW.models(typed(row(period), figures=figures))
    return cell_map(model)


def results(model: SheetModel) -> set[float | str]:
    return {value.result for value in cell_map(model).values() if isinstance(value, Formula)}


def number(cells: Cells, row: str, column: str) -> float:
    value = cells[row, column]
    assert isinstance(value, float)
    return value


# --- which periods ------------------------------------------------------------------


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "reviewed"),
    [
        ([], ["2026Q1", "2026Q2", "2026-08"]),  # each closed quarter, the latest closed month
        ([row(meeting="经营会")], ["2026Q1", "2026Q2", "2026-08"]),
        ([row("2026-03"), row("2026Q1")], ["2026-03", "2026Q1"]),  # of one end, the shorter comes first
        ([row("2026H1"), row("2026年2月")], ["2026-02", "2026H1"]),
        ([row("2026-09")], []),  # it is not over
        ([row(day=dt.date(2026, 4, 10))], ["2026-03"]),  # the month that ended before the review
        ([row(day=dt.date(2026, 3, 31))], ["2026-02"]),
        ([row("2026Q2", dt.date(2026, 7, 6), "季度会"), row(day=dt.date(2026, 9, 2))], ["2026Q2", "2026-08"]),
    ],
)
def test_which_periods_have_a_page(rows: Sequence[Mapping[str, object]], reviewed: list[str]) -> None:
    """Those of the table that are over, by default the quarters and the latest month."""
    assert names(typed(*rows)) == reviewed


@pytest.mark.unit
def test_without_its_table_or_without_actuals_there_is_no_page() -> None:
    """A small plan stays small."""
    assert names(samples.figures()) == []
    assert names(typed(figures=samples.figures(actuals=False))) == []


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "fault", "place"),
    [
        ([row("2026-03-08")], NotWholeMonths, "复盘!B5"),
        ([row("2026-03W2")], NotWholeMonths, "复盘!B5"),
        ([row("2027Q1")], PeriodOutsidePlan, "复盘!B5"),
        ([row("上个月")], UnreadablePeriod, "复盘!B5"),
        ([row("2026Q1"), row("2026年一季度")], ReviewedTwice, "复盘!B6"),
        ([row("2026-03"), row(day=dt.date(2026, 4, 9))], ReviewedTwice, "复盘!B6"),
        ([row("2026Q1", dt.date(2026, 3, 20))], ReviewedTooEarly, "复盘!C5"),
        ([row(day=dt.date(2026, 1, 20))], NothingBefore, "复盘!C5"),
    ],
)
def test_what_is_typed_wrongly_is_told_at_its_cell(rows: list[Mapping[str, object]], fault: type, place: str) -> None:
    """One sentence: where, what, what to do; the other rows have their pages."""
    views = iter(REVIEW.views(typed(row("2026-02"), *rows)))
    assert next(views).name == "2026-02"
    with pytest.raises(Refused) as caught:
        list(views)
    (problem,) = caught.value.problems
    moved = place.replace("6", "7").replace("5", "6")
    assert (type(problem.fault), str(problem.place)) == (fault, moved)


@pytest.mark.unit
def test_a_row_that_could_not_be_read_leaves_the_others() -> None:
    """Its fault is told already, and it is not taken for a row of those by default."""
    assert names(typed(row("2026Q1"), row() | {"faulty": frozenset({"day"})})) == ["2026Q1"]
    assert names(typed(row() | {"faulty": frozenset({"day"})})) == []


# --- the figures ----------------------------------------------------------------------


@pytest.mark.unit
@pytest.mark.parametrize("more", [{}, {"tree": True}, {"tree": True, "stretch": 1.03, "locked": 1.02}, {"locked": 0.7}])
@pytest.mark.parametrize("period", ["2026-03", "2026Q2", "2026H1"])
def test_every_dimension_closes_on_the_gap(more: Mapping[str, object], period: str) -> None:
    """Drivers of a row are its gap, rows of a dimension are the whole, and every proof is 0."""
    figures = samples.figures(**more)  # type: ignore[arg-type]
    (model,) = REVIEW.models(typed(row(period), figures=figures))
    assert results(model) == {0.0, ""}
    cells = cell_map(model)
    gap = number(cells, "total", "gap")
    months = {"2026-03": slice(2, 3), "2026Q2": slice(3, 6), "2026H1": slice(0, 6)}[period]
    target = float(figures.yuan(figures.breakdown.months[months].sum()))
    assert gap == pytest.approx(figures.company_actuals[months].sum() / MICROS - target)
    for key in {key.rpartition(":")[0] for key, _ in cells if key.startswith("b:")}:
        lines = [at for at, column in cells if column == "gap" and at.startswith(f"{key}:")]
        lines = [at for at in lines if not at.endswith(("total", "proof"))]
        assert sum(number(cells, at, "gap") for at in lines) == pytest.approx(gap)
        for driver in DRIVERS:
            total = sum(number(cells, at, driver) for at in lines)
            assert total == pytest.approx(number(cells, "total", driver), abs=0.001)


@pytest.mark.unit
def test_days_that_were_lost_are_told_from_days_that_brought_less() -> None:
    """Half of a month is lost: days have half of its target, what the other days brought is the rate."""
    figures = samples.figures()
    assert figures.achieved is not None
    days = figures.achieved.days.copy()
    march = slice(59, 90)
    lost = days[march][:10].sum()
    days[march][:10] = 0
    achieved = replace(figures.achieved, days=days, members={})
    cells = page("2026-03", replace(figures, achieved=achieved))
    assert number(cells, "total", "actual") == pytest.approx((days[march].sum()) / MICROS)
    assert number(cells, "total", "days") < -0.3 * number(cells, "total", "target")
    assert number(cells, "total", "rate") == pytest.approx(page_rate(figures), rel=0.3)
    assert lost > 0
    assert "21" in str(cells["w:days", "attainment"])


def page_rate(figures: Figures) -> float:
    return number(page("2026-03", figures), "total", "rate")


@pytest.mark.unit
def test_monthly_sums_leave_days_and_calendar_out() -> None:
    """Sales booked once a month say nothing of days, and the page says so."""
    figures = samples.figures()
    assert figures.achieved is not None
    days = np.zeros_like(figures.achieved.days)
    for month, amount in zip(figures.months, figures.company_actuals, strict=True):
        days[figures.breakdown.timeline.slice_of(month).start] = amount
    cells = page("2026Q1", replace(figures, achieved=replace(figures.achieved, days=days)))
    assert number(cells, "total", "days") == number(cells, "total", "calendar") == 0
    assert "不是按天的" in str(cells["w:days", "attainment"])


def with_gaps(gaps: Sequence[int]) -> Figures:
    """Figures of a plan of which each 产品 has a gap of so many yuan in January."""
    figures = samples.figures()
    part = figures.breakdown.dimensions["产品"]
    products = samples.dimension("产品", [samples.Member(f"品{n}", weight=1.0) for n in range(len(gaps))])
    months = np.zeros((len(gaps), 12), dtype=np.int64)
    months[:] = part.months.sum(axis=0) // len(gaps)
    months[0] += part.months.sum(axis=0) - months.sum(axis=0)
    actuals = months * figures.breakdown.plan.step_micros
    actuals[:, 0] += np.array(gaps) * MICROS
    actuals[:, 8:] = 0
    days = np.zeros_like(samples.sold(figures.breakdown).days)
    for month, amount in zip(figures.months, actuals.sum(axis=0), strict=True):
        at = figures.breakdown.timeline.slice_of(month)
        days[at] = amount // (at.stop - at.start)
        days[at.start] += amount - days[at].sum()
    parts = {"产品": replace(part, dimension=products, months=months)}
    assert figures.achieved is not None
    achieved = replace(figures.achieved, days=days, members={"产品": actuals})
    return replace(figures, breakdown=replace(figures.breakdown, dimensions=parts), achieved=achieved)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("gaps", "shown", "rest", "ties"),
    [
        ([5, -3], ["品0", "品1"], None, None),
        ([1, 2, 3, 4, 5, 6], ["品5", "品4", "品3", "品2", "品1", "品0"], None, None),
        ([1, 2, 3, 4, 5, 6, 7], ["品6", "品5", "品4", "品2", "品1", "品0"], "其余 1 个", None),
        (
            [9, 8, 7, 7, 7, 0, -1, -2],
            ["品0", "品1", "品2", "品5", "品6", "品7"],
            "其余 2 个",
            "第 3 名相同的还有:品3、品4",
        ),
        ([0, 0, 0, 0, 0, 0, 0], ["品0", "品1", "品2", "品4", "品5", "品6"], "其余 1 个", "第 1 名相同的还有:品3"),
        ([4], ["品0"], None, None),
    ],
)
def test_the_best_and_the_worst_three(gaps: list[int], shown: list[str], rest: str | None, ties: str | None) -> None:
    """All of up to six; of more the others are one row, and those equal to one that is shown are named."""
    cells = page("2026-01", with_gaps(gaps))
    keys = [key for key, column in cells if column == "rank" and isinstance(cells[key, column], float)]
    assert [cells[key, "member"] for key in keys if not np.isnan(number(cells, key, "rank"))] == shown
    assert cells.get(("b:1:1:rest", "member")) == rest
    told = cells.get(("b:1:1:ties", "member"))
    assert (told is None) if ties is None else (ties in str(told))
    assert number(cells, "total", "gap") == pytest.approx(sum(gaps))


@pytest.mark.unit
def test_equal_gaps_share_a_rank() -> None:
    """1, 2, 2, 4."""
    cells = page("2026-01", with_gaps([5, 3, 3, 1]))
    assert [cells[f"b:1:1:{n}", "rank"] for n in range(1, 5)] == [1.0, 2.0, 2.0, 4.0]


@pytest.mark.unit
def test_bars_of_the_charts_climb_from_zero_to_the_gap() -> None:
    """Each bar begins where the one before ends, on both sides of zero; the last one is the gap."""
    for period in ("2026-01", "2026-02", "2026Q1", "2026Q2"):
        cells = page(period)
        for rows in (["w:days", "w:calendar", "w:rate"], [f"b:1:1:{n}" for n in range(1, 6)]):
            level = 0.0
            for key in rows:
                parts = {c: v for c in ("base", "fall", "rise", "fall:below", "rise:below") if (v := cells[key, c])}
                assert all(isinstance(value, float) for value in parts.values())
                base = number(cells, key, "base") if "base" in parts else 0.0
                ends = {base, *(base * (not c.endswith("below")) + v for c, v in parts.items() if c != "base")}  # type: ignore[operator]
                gap = number(cells, key, "gap")
                for end in (level, level + gap):
                    assert min(abs(end - one) for one in ends) < 0.001
                level += gap
            assert level == pytest.approx(number(cells, "total", "gap"))


# --- in a workbook ----------------------------------------------------------------------

REGION = {"zh": ("区域", "华东", "华北", "华南"), "en": ("Region", "East", "North", "South")}


def sales(lang: Lang, days: int, *, more: float = 0.0) -> list[list[object]]:
    """Daily sales of three regions from 1 January 2026 on; `more` is added to the first one."""
    name, *regions = REGION[lang]
    header = {"zh": ["日期", name, "金额"], "en": ["Date", name, "Amount"]}[lang]
    rows: list[list[object]] = [header]
    for n in range(days):
        day = dt.date(2026, 1, 1) + dt.timedelta(n)
        rows += [[day, region, 9000.0 + 700 * i + n % 11] for i, region in enumerate(regions)]
    rows[1][2] = 9000.0 + more
    return rows


def made(path: Path, xlsales: Command, lang: Lang = "zh", days: int = 120) -> Path:
    """A plan with its table of reviews, split."""
    name, *regions = REGION[lang]
    plan(path, lang=lang, dimensions=members({name: dict.fromkeys(regions, 1)}), actuals=sales(lang, days))
    assert xlsales("add", path, T_REVIEW.label[lang]).code == 0
    assert xlsales("split", path).code == 0
    return path


def review(path: Path, period: str) -> Shown:
    return opened(path).sheet(f"review:{period}")


def enter(path: Path, period: str, cells: Mapping[tuple[str, str], object], lang: Lang = "zh") -> None:
    """Type into the page of a review as a person does, in the program that openpyxl stands for."""
    shown = review(path, period)
    for (at_row, column), value in cells.items():
        text = value if isinstance(value, str | float) else float((value - dt.date(1899, 12, 30)).days)  # type: ignore[operator]
        type_in(path, shown.sheet.title, shown.cell(at_row, column).coordinate, text)


def said_of(ran: Ran, shown: Shown, at_row: str, column: str) -> list[str]:
    """What a run says of a cell of a page."""
    cell = shown.cell(at_row, column)
    place = (shown.sheet.title, cell.row, cell.column)
    return [one["sentence"] for one in ran.json["problems"] if (one["sheet"], one["row"], one["column"]) == place]


PROMISED = {
    ("act:1", "who"): "华东",
    ("act:1", "cause"): "春节停业",
    ("act:1", "remedy"): "补两场促销",
    ("act:1", "owner"): "张三",
    ("act:1", "due"): dt.date(2026, 4, 15),
    ("act:2", "remedy"): "每周回访",
    ("act:2", "state"): "完成",
    ("act:3", "cause"): "只有原因,没有改进",
}


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_are_added_split_refreshed_and_taken_back(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """As a person does it: the quarter and the latest month have a page, a second run changes nothing."""
    name, *regions = REGION[lang]
    rows = members({name: dict.fromkeys(regions, 1)})
    path = plan(tmp_path / "p.xlsx", lang=lang, dimensions=rows, actuals=sales(lang, 120))
    assert xlsales("add", path, T_REVIEW.label[lang]).code == 0
    before = path.read_bytes()
    assert xlsales("split", path).code == 0
    assert {"2026Q1", "2026-04"} == {
        title.split()[-1] for title in opened(path).titles if title.startswith(f"{T_REVIEW.label[lang]} ")
    }
    again_and_back(xlsales, path, before)


@pytest.mark.package
def test_what_is_typed_is_kept_and_promises_go_on(xlsales: Command, tmp_path: Path) -> None:
    """The remedies of a review are on the next one with their state; a finished one is not on the one after it."""
    path = made(tmp_path / "p.xlsx", xlsales)
    enter(path, "2026Q1", PROMISED)
    assert xlsales("refresh", path).code == 0
    shown, later = review(path, "2026Q1"), review(path, "2026-04")
    for (at_row, column), value in PROMISED.items():
        found = shown.value(at_row, column)
        assert (found.date() if isinstance(found, dt.datetime) else found) == value
    assert shown.value("act:1", "late") == "逾期"
    assert [later.value(f"was:{n}", "remedy") for n in range(1, 4)] == ["补两场促销", "每周回访", None]
    assert [later.value(f"was:{n}", "state") for n in range(1, 3)] == [None, "完成"]
    assert [later.value(f"was:{n}", "who") for n in (1, 2)] == ["华东(2026Q1)", "2026Q1"]
    assert later.value("was:1", "late") == "逾期"
    enter(path, "2026-04", {("was:1", "state"): "进行中", ("act:1", "remedy"): "加人"})
    paste(path, sales("zh", 151))
    assert xlsales("refresh", path).code == 0
    latest = review(path, "2026-05")
    assert [latest.value(f"was:{n}", "remedy") for n in range(1, 4)] == ["加人", "补两场促销", None]
    assert [latest.value(f"was:{n}", "state") for n in range(1, 3)] == [None, "进行中"]
    assert review(path, "2026-04").value("was:1", "state") == "进行中"
    enter(path, "2026-05", {("was:2", "state"): "完成"})
    written = path.read_bytes()
    assert xlsales("refresh", path).code == 0
    assert review(path, "2026-05").value("was:2", "late") is None
    assert xlsales("undo", path).code == 0
    assert path.read_bytes() == written


Q1, APRIL, MAY = "2026Q1", "2026-04", "2026-05"
A_WORD: Mapping[str, object] = {"who": "华东", "remedy": "补两场促销", "owner": "张三", "due": dt.date(2026, 4, 15)}


_THREE: list[bytes] = []


@pytest.fixture
def three(xlsales: Command, tmp_path: Path) -> Path:
    """A plan with the pages of a quarter and of the two months after it; a promise of the quarter is on all of them."""
    path = tmp_path / "three.xlsx"
    if _THREE:  # it is made once
        path.write_bytes(_THREE[0])
        return path
    made(path, xlsales, days=151)
    fill(path, T_REVIEW, "复盘", [{"period": text, "meeting": "", "note": ""} for text in (Q1, APRIL, MAY)])
    assert xlsales("split", path).code in (0, 1)
    enter(path, Q1, {("act:1", column): value for column, value in A_WORD.items()})
    assert xlsales("refresh", path).code == 0
    assert {one["remedy"] for one in promise(path).values()} == {"补两场促销"}
    _THREE.append(path.read_bytes())
    return path


def promise(path: Path) -> dict[str, dict[str, object]]:
    """What the pages have of the first promise, without the review that they name beside it."""
    held = {}
    for period, at_row in ((Q1, "act:1"), (APRIL, "was:1"), (MAY, "was:1")):
        shown = review(path, period)
        cells = {key: shown.value(at_row, key) for key in ("who", "remedy", "owner", "due", "state")}
        cells["who"] = str(cells["who"]).removesuffix("(2026Q1)")
        held[period] = {key: one.date() if isinstance(one, dt.datetime) else one for key, one in cells.items()}
    return held


@pytest.mark.package
@pytest.mark.parametrize(
    ("typed_at", "column", "settled", "told"),
    [
        ({Q1: "完成"}, "state", "完成", []),
        ({APRIL: "完成"}, "state", "完成", []),
        ({MAY: "进行中"}, "state", "进行中", []),
        ({Q1: "完成", APRIL: "完成"}, "state", "完成", []),
        ({Q1: "完成", APRIL: "进行中"}, "state", "进行中", [Q1]),
        ({Q1: "完成", APRIL: "进行中", MAY: "取消"}, "state", "取消", [Q1, APRIL]),
        ({Q1: "进行中", MAY: 0.5}, "state", 0.5, [Q1]),
        ({APRIL: "补三场促销"}, "remedy", "补三场促销", []),
        ({Q1: "补三场", MAY: "补四场"}, "remedy", "补四场", [Q1]),
        ({Q1: "李四", APRIL: ""}, "owner", None, [Q1]),
        ({MAY: ""}, "owner", None, []),
        ({APRIL: "2026年5月31日"}, "due", dt.date(2026, 5, 31), []),
        ({APRIL: "华南(2026Q1)"}, "who", "华南", []),
        ({MAY: "华南"}, "who", "华南", []),
    ],
)
def test_a_promise_is_the_same_on_all_pages(
    xlsales: Command,
    three: Path,
    typed_at: Mapping[str, str | float],
    column: str,
    settled: object,
    told: Sequence[str],
) -> None:
    """What is typed on any page is on all; the latest page counts, and what does not is told at its cell, once."""
    path, rows = three, {Q1: "act:1", APRIL: "was:1", MAY: "was:1"}
    before = {period: review(path, period) for period in rows}
    for period, value in typed_at.items():
        enter(path, period, {(rows[period], column): value})
    ran = xlsales("refresh", path, "--json")
    assert [period for period in rows if said_of(ran, before[period], rows[period], column)] == told
    for period in told:
        (sentence,) = said_of(ran, before[period], rows[period], column)
        assert f"“{typed_at[period]}”" in sentence
    held = promise(path)
    assert [one[column] for one in held.values()] == [settled] * 3
    assert held[Q1] == held[APRIL] == held[MAY]
    written = path.read_bytes()
    again = xlsales("refresh", path, "--json")
    assert path.read_bytes() == written
    assert not any(said_of(again, before[period], rows[period], column) for period in rows)


@pytest.mark.package
def test_a_promise_outlives_a_page_and_ends_where_it_is_cleared(xlsales: Command, three: Path) -> None:
    """A page that is deleted comes back with its remedies; a remedy that is cleared is on no page."""
    book = read_back(three)
    del book[review(three, Q1).sheet.title]
    book.save(three)
    assert xlsales("refresh", three).code == 0
    shown = review(three, Q1)
    assert promise(three)[Q1] == {**A_WORD, "state": None}
    book = read_back(three)
    book[shown.sheet.title][shown.cell("act:1", "remedy").coordinate] = None
    book.save(three)
    assert xlsales("refresh", three).code == 0
    assert [review(three, period).value("was:1", "remedy") for period in (APRIL, MAY)] == [None, None]


@pytest.mark.package
@pytest.mark.parametrize("xml", ['t="e"><v>#N/A</v>', "><f>NOW()</f>"], ids=["an error", "a formula without a result"])
def test_a_cell_that_says_nothing_takes_nothing_away(xlsales: Command, three: Path, xml: str) -> None:
    """The other pages keep what they have."""
    shown = review(three, APRIL)
    at = shown.cell("was:1", "owner").coordinate
    cell_xml(three, shown.sheet.title, at, f'<c r="{at}" {xml}</c>')
    assert xlsales("refresh", three).code == 0
    assert {promise(three)[period]["owner"] for period in (Q1, MAY)} == {"张三"}


@pytest.mark.package
def test_a_remedy_typed_among_promises_is_the_page_s_own(xlsales: Command, three: Path) -> None:
    """It moves to the first free row of the page, which is said, and is a promise of the pages after it."""
    enter(three, APRIL, {("was:3", "remedy"): "加人", ("was:3", "owner"): "李四", ("act:1", "cause"): "缺货"})
    ran = xlsales("refresh", three, "--json")
    shown = review(three, APRIL)
    assert [shown.value("act:2", key) for key in ("remedy", "owner")] == ["加人", "李四"]
    assert [shown.value("was:3", key) for key in ("remedy", "owner")] == [None, None]
    assert f"第 {shown.rows['act:2']} 行" in said_of(ran, shown, "was:3", "who")[0]
    assert [review(three, MAY).value("was:1", key) for key in ("who", "remedy")] == [APRIL, "加人"]
    written = three.read_bytes()
    assert xlsales("refresh", three).code == 0
    assert three.read_bytes() == written


@pytest.mark.package
@pytest.mark.parametrize(("first", "then", "state"), [("未开始", "完成", "完成"), ("完成", "", "完成"), ("", "", None)])
def test_pages_of_earlier_versions_agree_after_a_run(
    xlsales: Command, three: Path, first: str, then: str, state: str | None
) -> None:
    """They have no marks: of states that differ the later one counts, of the rest the first page."""
    path = three
    enter(path, Q1, {("act:1", "state"): first, ("act:1", "remedy"): "补三场", **dict.fromkeys([("act:1", SEEN)], "")})
    for period, value in ((APRIL, then), (MAY, then)):
        enter(path, period, {("was:1", "state"): value, ("was:1", SEEN): ""})
    before = review(path, Q1)
    told = said_of(xlsales("refresh", path, "--json"), before, "act:1", "state")
    assert bool(told) == (first != then != "")
    held = promise(path)
    assert held[Q1] == held[APRIL] == held[MAY] == {**A_WORD, "remedy": "补三场", "state": state}


@pytest.mark.package
def test_a_page_stays_when_targets_change_and_is_new_when_actuals_do(xlsales: Command, tmp_path: Path) -> None:
    """A reviewed page has the figures of its review; other actuals make it new, and a cell says so."""
    path = made(tmp_path / "p.xlsx", xlsales)
    enter(path, "2026Q1", PROMISED)
    target, actual = (review(path, "2026Q1").value("total", key) for key in ("target", "actual"))
    answer(path, "total", 1300)
    assert xlsales("split", path, "--rewrite").code == 0
    assert review(path, "2026Q1").value("total", "target") == target
    assert opened(path).time.value("2026Q1", "target") > target
    paste(path, sales("zh", 120, more=5_000.0))
    ran = xlsales("refresh", path, "--json")
    shown = review(path, "2026Q1")
    assert shown.value("total", "actual") == actual + 5_000
    assert shown.value("act:1", "remedy") == "补两场促销"
    (told,) = said_of(ran, shown, "changed", "member")
    assert f"{actual:,.2f} → {actual + 5_000:,.2f}" in told
    written = path.read_bytes()
    assert xlsales("refresh", path).code == 1
    assert path.read_bytes() == written  # it is told until a person clears it
    type_in(path, shown.sheet.title, shown.cell("changed", "member").coordinate, "")
    assert not said_of(xlsales("refresh", path, "--json"), shown, "changed", "member")
    assert review(path, "2026-04").value("changed", "member") is None


@pytest.mark.package
def test_sales_that_move_from_one_member_to_another_are_told(xlsales: Command, tmp_path: Path) -> None:
    """The sum is the same; the members are named."""
    path = made(tmp_path / "p.xlsx", xlsales)
    rows = sales("zh", 120)
    rows[1][1], rows[2][1] = rows[2][1], rows[1][1]
    paste(path, rows)
    assert xlsales("refresh", path).code == 1
    said = review(path, "2026Q1").value("changed", "member")
    assert "华东" in said
    assert "华北" in said
    assert "华南" not in said


@pytest.mark.package
@pytest.mark.parametrize("shape", ["column", "row", "header"])
def test_what_a_person_did_to_a_page_survives(xlsales: Command, tmp_path: Path, shape: str) -> None:
    """A column of theirs, a row in the midst, a header in another colour: a refresh leaves them, typed texts too."""
    path = made(tmp_path / "p.xlsx", xlsales)
    enter(path, "2026Q1", PROMISED)
    title = review(path, "2026Q1").sheet.title
    right = review(path, "2026Q1").sheet.max_column + 2
    paste(path, sales("zh", 120, more=5_000.0))
    if shape == "row":
        insert_row(path, title, 9, {"E": "我的话"})
    else:
        book = read_back(path)
        if shape == "column":
            book[title].cell(6, right, "我的列")
        else:
            book[title].cell(5, 3).fill = openpyxl.styles.PatternFill("solid", fgColor="FF00FF00")
        book.save(path)
    assert xlsales("refresh", path).code == 1
    shown = review(path, "2026Q1")
    assert opened(path).titles.count(f"{title} 旧1") == 0
    assert shown.value("act:1", "remedy") == "补两场促销"
    assert shown.value("changed", "member")
    if shape == "row":
        assert shown.sheet["E9"].value == "我的话"
    elif shape == "column":
        assert shown.sheet.cell(6, right).value == "我的列"
    else:
        assert shown.sheet.cell(5, 3).fill.fgColor.rgb == "FF00FF00"


@pytest.mark.package
@pytest.mark.parametrize(
    ("due", "kept", "late", "told"),
    [
        ("2026年4月15日", dt.date(2026, 4, 15), "逾期", False),
        ("２０２６－０４－１５", dt.date(2026, 4, 15), "逾期", False),
        ("2026-12-31", dt.date(2026, 12, 31), None, False),
        ("月底前", "月底前", None, True),
        (40.5, dt.date(1900, 2, 9), None, True),
        ("—", None, None, False),
    ],
)
def test_due_dates_are_read_as_meant(
    xlsales: Command, tmp_path: Path, due: object, kept: object, late: str | None, told: bool
) -> None:
    """What is no date is kept, and told at its cell."""
    path = made(tmp_path / "p.xlsx", xlsales)
    enter(path, "2026Q1", {("act:1", "remedy"): "x", ("act:1", "due"): due})
    ran = xlsales("refresh", path, "--json")
    shown = review(path, "2026Q1")
    found = shown.value("act:1", "due")
    assert (found.date() if isinstance(found, dt.datetime) else found) == kept
    assert shown.value("act:1", "late") == late
    assert bool(said_of(ran, shown, "act:1", "due")) == told


@pytest.mark.unit
@pytest.mark.parametrize(
    ("who", "told"),
    [
        *(
            (known, {})
            for known in ("线上", "产品", "产品:产品A", "公司", "公司整体", "合计", "全部", "Total", " 产品 a ")
        ),
        *(
            (known, {})
            for known in ("线上、线下", "线上,产品A", "线上/线下", "产品;公司", "线上和线下", "线下 and 线上")
        ),
        *((known, {}) for known in ("线上\n线下", "那时的店", "2026Q1")),
        ("线丄", {"线丄": "线上"}),
        ("合作伙办", {"合作伙办": "合作伙伴"}),
        ("线上、连衣裙", {"连衣裙": ""}),
        ("华东,帽子/线上和帽", {"帽子": "", "帽": ""}),
    ],
)
def test_whom_a_remedy_is_about(who: str, told: Mapping[str, str]) -> None:
    """Members, dimensions, the whole, names on the page and lists of these are known; of others each is told."""
    faults = list(unknown_names(who, ["那时的店", "2026Q1"], samples.figures()))
    assert {str(fault.facts["name"]): str(fault.facts["zh_near"]) for fault in faults} == {
        name: f",最接近的是“{near}”" if near else "" for name, near in told.items()
    }


@pytest.mark.package
def test_a_name_that_nobody_has_is_told_until_it_is_done(xlsales: Command, three: Path) -> None:
    """At its cell, as a remark with the nearest name; a finished remedy is past."""
    enter(three, Q1, {("act:1", "who"): "华东、华此", ("act:2", "who"): "华西", ("act:2", "state"): "完成"})
    ran = xlsales("refresh", three, "--json")
    (told,) = said_of(ran, review(three, Q1), "act:1", "who")
    assert "“华此”" in told
    assert "“华北”" in told
    assert ran.code == 0
    assert not said_of(ran, review(three, Q1), "act:2", "who")


@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_libreoffice_computes_the_pages_alike(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Proofs and what is overdue are those of a program that opens the file."""
    path = made(tmp_path / "p.xlsx", xlsales, lang)
    enter(path, "2026Q1", PROMISED, lang)
    assert xlsales("refresh", path).code == 0
    for period in ("2026Q1", "2026-04"):
        stored = review(path, period)
        computed = recalculated(path, tmp_path)[stored.sheet.title]
        formulas = read_back(path)[stored.sheet.title]
        count = 0
        for line in formulas.iter_rows():
            for cell in line:
                if isinstance(cell.value, str) and cell.value.startswith("=") and "HYPERLINK" not in cell.value:
                    count += 1
                    result = stored.sheet[cell.coordinate].value
                    assert (computed[cell.coordinate].value or None) == (result or None), cell.coordinate
        assert count > 20


@pytest.mark.package
def test_more_promises_than_rows_are_told(xlsales: Command, tmp_path: Path) -> None:
    """Seven are open, six are listed, the sentence says where the others are."""
    path = made(tmp_path / "p.xlsx", xlsales)
    fill(
        path,
        T_REVIEW,
        "复盘",
        [{"period": text, "meeting": "", "note": ""} for text in ("2026-01", "2026-02", "2026-03")],
    )
    assert xlsales("split", path).code in (0, 1)
    enter(path, "2026-01", {(f"act:{n}", "remedy"): f"改进{n}" for n in range(1, 7)})
    enter(path, "2026-02", {("act:1", "remedy"): "再改"})
    ran = xlsales("refresh", path, "--json")
    shown = review(path, "2026-03")
    assert [shown.value(f"was:{n}", "remedy") for n in (1, 2)] == ["再改", "改进1"]
    (told,) = said_of(ran, shown, "was:1", "who")
    assert "7 条" in told
