"""货品: a month's target by category and piece, from the rule to a workbook in both languages."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.calc import recalculated
from tests.commands.books import Command, again_and_back, fill, members, opened, plan, type_in
from tests.models import cell_map
from tests.plan.sheets import samples
from xlsales.core.faults import Refused
from xlsales.core.goods import Category, grouped, split_goods
from xlsales.core.period_text import PeriodOutsidePlan, UnreadablePeriod
from xlsales.core.periods import timeline_of
from xlsales.core.plan import MonthPattern
from xlsales.core.spreading import NothingToFollow
from xlsales.layout.model import Formula
from xlsales.plan.figures import Figures
from xlsales.plan.goods import (
    T_GOODS,
    CountsAsNothing,
    MonthLeftOut,
    NoCategory,
    NothingSold,
    PartOfMonth,
    SameUnitToo,
    ShareDiffers,
    TwoOfAKind,
    UnitsMixed,
)
from xlsales.plan.sheets import ADDED
from xlsales.plan.sheets.goods import GOODS
from xlsales.plan.table_rows import HoldsAnother, LooksLikeTotal, NotAMonth, month_before, year_before

NAN = math.nan
WOMEN = {"黑标": (31_936, 172_833), "红标": (18_304, 30_545), "小件": (6_097, 5_474)}
"""The seed's store: sales of 2013-10 and 2013-11 by category, as far as they are told for both."""


def category(
    group: str, name: str, before: float, after: float, base: float, stock: float = NAN, price: float = NAN
) -> Category:
    return Category(group, name, before, after, base, stock, price)


# --- the rule ------------------------------------------------------------------


@pytest.mark.unit
def test_shares_move_as_they_moved_last_year() -> None:
    """The seed's case: 63→72 %, 37→28 % last year, 67/33 % now give 75.4/24.6 % of 40万."""
    groups, parts = split_goods(
        400, 1_000, [category("女", "女装", 63, 72, 67, 1_799), category("男", "男装", 37, 28, 33)]
    )
    assert (groups.target * 1_000).tolist() == [302_000, 98_000]
    assert pytest.approx(0.754, abs=5e-4) == (67 * 72 / 63) / (67 * 72 / 63 + 33 * 28 / 37)
    assert parts.target.tolist() == groups.target.tolist()
    assert groups.stock[0] == 1_799


@pytest.mark.unit
def test_categories_follow_the_same_rule_within_their_group() -> None:
    """Each level closes on the one above it."""
    women = [category("女", name, before, after, before) for name, (before, after) in WOMEN.items()]
    groups, parts = split_goods(400, 1_000, [*women, category("男", "黑标", 20_862, 61_356, 28_653)])
    assert groups.target.sum() == parts.target.sum() == 400
    assert parts.target[:3].sum() == groups.target[0]
    weights = np.array([after for _, after in WOMEN.values()])  # the base month is that of last year
    assert parts.target[:3] == pytest.approx(groups.target[0] * weights / weights.sum(), abs=1)


@pytest.mark.unit
def test_pieces_are_whole_and_enough_for_the_target() -> None:
    """1,000 yuan at 300 a piece takes four pieces; three in stock leave one short."""
    _, parts = split_goods(1, 1_000, [category("", "包", 1, 1, 1, 3, 300)])
    assert (parts.pieces[0], parts.short[0], parts.cover[0], parts.sell_through[0]) == (
        4,
        1,
        0.75,
        pytest.approx(4 / 3),
    )
    _, exact = split_goods(1, 1_000, [category("", "包", 1, 1, 1, 0, 0.1)])
    assert exact.pieces[0] == 10_000
    assert np.isnan(exact.sell_through[0])  # nothing in stock: a share of nothing is blank, what lacks is told
    assert exact.short[0] == 10_000


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "shares"),
    [
        ([(0, 0, 3), (0, 0, 1)], [0.75, 0.25]),  # last year tells nothing: as this year's month
        ([(0, 5, 1), (5, 5, 1)], [0.67, 0.33]),  # new last year: it keeps its share, the other halves
        ([(5, 5, 0), (5, 5, 1)], [0.0, 1.0]),  # not sold this year: nothing
        ([(5, 0, 1), (5, 0, 1)], [0.5, 0.5]),  # a month without any sales
        ([(5, 0, 1), (0, 5, 0)], [1.0, 0.0]),  # the trend leads to nothing: as this year's month
    ],
)
def test_months_without_sales(rows: list[tuple[float, float, float]], shares: list[float]) -> None:
    """What last year does not tell follows this year."""
    _, parts = split_goods(100, 1, [category("", f"类{i}", *row) for i, row in enumerate(rows)])
    assert (parts.target / 100).tolist() == shares


@pytest.mark.unit
def test_without_this_year_s_month_there_is_nothing_to_follow() -> None:
    """No share is guessed."""
    with pytest.raises(NothingToFollow):
        split_goods(100, 1, [category("", "包", 1, 2, 0)])


sales = st.integers(0, 10**6)


@pytest.mark.unit
@given(
    st.integers(0, 10**9),
    st.lists(st.tuples(st.sampled_from(["", "女", "男"]), sales, sales, sales), min_size=1, max_size=20),
)
def test_both_levels_close(target: int, rows: list[tuple[str, int, int, int]]) -> None:
    """Groups and categories add up to the target, and a group to its categories, whatever was sold."""
    goods = [category(group, f"类{i}", *months) for i, (group, *months) in enumerate(rows)]
    if not any(c.base for c in goods):
        return
    groups, parts = split_goods(target, 1, goods)
    assert groups.target.sum() == parts.target.sum() == target
    for amount, (_, positions) in zip(groups.target, grouped(goods), strict=True):
        assert parts.target[positions].sum() == amount


# --- the sheet -------------------------------------------------------------------


def typed(*rows: Mapping[str, object]) -> Figures:
    """The figures of a run in which these rows are typed into 货品, from row 5."""
    return replace(
        samples.figures(),
        table_rows={T_GOODS.name: samples.rows_of(T_GOODS, [{"category": "包"} | dict(row) for row in rows])},
    )


DECK: Sequence[Mapping[str, object]] = (
    {"month": "2026-11", "group": "女", "category": "女装", "base": 154_809.0, "share": 0.67},
    {"group": "男", "category": "黑标", "base": 28_653.0, "share": 0.13, "stock": 498.0, "price": 1_302.0},
    {"group": "男", "category": "红标", "base": 11_760.0},
    {"group": "男", "category": "银标", "base": 7_926.0},
    {"group": "男", "category": "印标", "base": 25_622.0},
    {"group": "男", "category": "小件", "base": 3_289.0},
)


@pytest.mark.unit
def test_a_typed_share_that_does_not_follow_is_told() -> None:
    """The deck's 13 % for 黑标男 is 12.3 % of what was sold; its 67 % for 女 is right when rounded."""
    (view,) = GOODS.views(typed(*DECK))
    (problem,) = (p for p in GOODS.doubts(view) if isinstance(p.fault, ShareDiffers))
    assert str(problem.place) == "货品!H6"
    for said in ("13.0%", "12.3%", "28,653 ÷ 232,059"):
        assert said in problem.fault.say("zh")


@pytest.mark.unit
def test_the_sheet_shows_groups_with_their_categories_and_closes() -> None:
    """Every month is a block of its own, with its total and its proofs."""
    figures = typed(*DECK, {"month": "2026-12", "category": "包", "base": 1.0})
    (model,) = GOODS.models(figures)
    cells = cell_map(model)
    assert cells["2026-11", "target"] == figures.lines["2026-11"]["target"]
    assert cells["2026-12:c::包", "target"] == figures.lines["2026-12"]["target"]
    assert [row.key for row in model.rows if row.kind == "strong"] == ["2026-11:g:女", "2026-11:g:男"]
    proofs = [value for value in cells.values() if isinstance(value, Formula)]
    assert len(proofs) == 4
    assert {proof.result for proof in proofs} == {0.0}
    assert cells["2026-11:c:男:黑标", "enough"] == "够"
    assert cells["2026-11:c:男:红标", "enough"] is None


@pytest.mark.unit
def test_blank_sales_come_from_what_is_known_of_the_member() -> None:
    """A category that is a region of the plan: last year's months from the past, this year's from the actuals."""
    figures = typed(*({"month": "2026-08", "category": name} for name in samples.REGIONS))
    (view,) = GOODS.views(figures)
    of_july = figures.dimensions[0].sales(dt.date(2026, 7, 1), dt.date(2026, 7, 31))
    of_last_july = figures.dimensions[0].sales(dt.date(2025, 7, 1), dt.date(2025, 7, 31))
    assert of_july is not None
    assert of_last_july is not None
    assert of_july.sum() == pytest.approx(figures.lines["2026-07"]["actual"])
    assert [c.base for c in view.months[0].categories] == of_july.tolist()
    assert [c.before for c in view.months[0].categories] == of_last_july.tolist()
    typed_too = typed(*({"month": "2026-08", "category": name, "base": 1.0} for name in samples.REGIONS))
    (mixed,) = GOODS.views(typed_too)
    assert [c.base for c in mixed.months[0].categories] == [1.0] * 5
    assert [c.before for c in mixed.months[0].categories] == of_last_july.tolist()


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "fault", "place"),
    [
        ([{"month": "2026Q1", "base": 1.0}], NotAMonth, "货品!B5"),
        ([{"month": "2027-01", "base": 1.0}], PeriodOutsidePlan, "货品!B5"),
        ([{"month": "十一月前后", "base": 1.0}], UnreadablePeriod, "货品!B5"),
        ([{"base": 1.0}, {"base": 2.0}], TwoOfAKind, "货品!D6"),
        ([{"group": "女", "base": 1.0}, {"group": " 女 ", "base": 2.0}], TwoOfAKind, "货品!D6"),
        ([{"before": 1.0}], NothingSold, "货品!D5"),
        ([{"category": "合计", "base": 1.0}], LooksLikeTotal, "货品!D5"),
    ],
)
def test_what_is_typed_wrongly_is_told_at_its_cell(rows: list[Mapping[str, object]], fault: type, place: str) -> None:
    """One sentence: where, what, what to do."""
    with pytest.raises(Refused) as caught:
        list(GOODS.views(typed(*rows)))
    (problem,) = caught.value.problems
    assert isinstance(problem.fault, fault)
    assert str(problem.place) == place


@pytest.mark.unit
def test_a_blank_month_is_that_of_the_row_above() -> None:
    """The first one is the month after the as-of date."""
    rows = (
        {"category": "甲", "base": 1.0},
        {"category": "乙", "base": 1.0, "month": "11月"},
        {"category": "丙", "base": 1.0},
    )
    (view,) = GOODS.views(typed(*rows))
    assert [(one.month.key, [c.name for c in one.categories]) for one in view.months] == [
        ("2026-09", ["甲"]),
        ("2026-11", ["乙", "丙"]),
    ]


@pytest.mark.unit
def test_every_slip_of_a_table_is_told_at_once() -> None:
    """A month that cannot be read does not hide a category that is missing."""
    with pytest.raises(Refused) as caught:
        list(GOODS.views(typed({"month": "2027-01", "base": 1.0}, {"category": None, "base": 1.0})))
    assert [type(p.fault) for p in caught.value.problems] == [PeriodOutsidePlan, NoCategory]


def written(*rows: Mapping[str, object]) -> tuple[dict[Any, Any], list[type]]:
    """The cells of the sheet, and the faults that are told besides those of unreadable cells."""
    cells: dict[Any, Any] = {}
    try:
        for view in GOODS.views(typed(*rows)):
            cells = cell_map(GOODS.model(view))
    except Refused as fault:
        return cells, [type(problem.fault) for problem in fault.problems]
    return cells, []


FIRST = {"month": "2026-11", "category": "甲", "base": 1.0}
SECOND = {"category": "乙", "base": 3.0, "stock": 9.0, "price": 2.0}
DECEMBER = {"month": "2026-12", "category": "丙", "base": 1.0}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("key", "missing"),
    [
        ("stock", {"stock", "cover", "sell_through", "short", "enough"}),
        ("price", {"pieces", "cover", "sell_through", "short", "enough"}),
        ("share", set()),
    ],
)
def test_a_cell_of_which_no_share_follows_costs_itself_alone(key: str, missing: set[str]) -> None:
    """Its row has its target, without what would follow from the cell."""
    cells, told = written(FIRST, SECOND | {key: None, "faulty": {key}})
    whole, _ = written(FIRST, SECOND)
    shown = {column for (row, column), value in whole.items() if row == "2026-11:c::乙" and value is not None}
    known = {column for (row, column), value in cells.items() if row == "2026-11:c::乙" and is_known(value)}
    assert shown - known == missing & shown
    assert [cells[f"2026-11:c::{name}", "target"] for name in "甲乙"] == [
        whole[f"2026-11:c::{name}", "target"] for name in "甲乙"
    ]
    assert told == []


def is_known(value: object) -> bool:
    """Whether a cell shows something."""
    return value is not None and not (isinstance(value, float) and math.isnan(value))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("wrong", "faults"),
    [
        ({"category": "乙", "base": None, "faulty": {"base"}}, []),
        ({"category": "乙", "base": 3.0, "before": None, "faulty": {"before"}}, []),
        ({"category": None, "base": 3.0}, [NoCategory]),
        ({"category": None, "base": 3.0, "faulty": {"category"}}, []),
        ({"category": "合计", "base": 3.0}, [LooksLikeTotal]),
        ({"category": "甲", "base": 3.0}, [TwoOfAKind]),
    ],
)
def test_a_row_on_which_shares_hang_costs_its_month_alone(wrong: Mapping[str, object], faults: list[type]) -> None:
    """Without it the others would have too much; the other months are written, and the sheet says what is missing."""
    cells, told = written(FIRST, wrong, DECEMBER)
    alone, _ = written(DECEMBER)
    subline = "#subline", "goods"
    assert cells.pop(subline) == f"{alone.pop(subline)}  ·  11月 有错,没有分解"
    assert cells == alone
    assert told == [*faults, MonthLeftOut]
    with pytest.raises(Refused):
        list(GOODS.views(typed(FIRST, wrong)))  # no month is left


@pytest.mark.unit
@pytest.mark.parametrize(
    ("typed_text", "number", "other", "mixed"),
    [
        ("63万", 630_000.0, 37.0, True),
        ("63万", 630_000.0, 370_000.0, False),
        ("63%", 0.63, 37.0, True),
        ("63%", 0.63, 0.37, False),
        ("63元", 63.0, 37.0, False),
        ("６３", 63.0, 37.0, False),
    ],
)
def test_units_are_not_mixed_in_silence(typed_text: str, number: float, other: float, mixed: bool) -> None:
    """Shares of 63万 beside 37 would be nonsense; beside 370,000 they are right."""
    rows = [FIRST | {"base": number, "texts": {"base": typed_text}}, SECOND | {"base": other}, DECEMBER]
    cells, told = written(*rows)
    assert told == ([UnitsMixed, MonthLeftOut] if mixed else [])
    assert any(row.startswith("2026-11") for row, _ in cells) != mixed


@pytest.mark.unit
def test_a_month_that_cannot_be_read_may_be_any() -> None:
    """Its rows may be of every month, so no month has all of its rows for sure."""
    assert written(FIRST, SECOND | {"month": "2026-13"}, DECEMBER) == ({}, [UnreadablePeriod])
    assert written(FIRST, SECOND | {"faulty": {"month"}}, DECEMBER) == ({}, [])


@pytest.mark.unit
def test_the_first_day_of_a_month_is_the_month() -> None:
    """As spreadsheets keep a month that is typed as 2026-11 or Nov-26."""
    assert written(FIRST | {"month": "2026-11-01"}, SECOND) == written(FIRST, SECOND)
    assert written(FIRST | {"month": "2026-11-02"}, SECOND) == ({}, [NotAMonth])


def doubts(*rows: Mapping[str, object], **changes: object) -> list[tuple[type, str]]:
    """The doubts about rows: kind and place."""
    figures = typed(*rows)
    (view,) = GOODS.views(replace(figures, **changes) if changes else figures)  # type: ignore[arg-type]
    return [(type(p.fault), str(p.place)) for p in GOODS.doubts(view)]


@pytest.mark.unit
def test_a_blank_that_is_not_known_is_told() -> None:
    """It counts as nothing, and nobody takes that for a target of nought."""
    known = {"category": "甲", "before": 1.0, "after": 1.0, "base": 1.0}
    assert doubts(known) == []
    assert doubts(known, {"category": "新品", "stock": 5.0}) == [
        (CountsAsNothing, place) for place in ("货品!E6", "货品!F6", "货品!G6")
    ]
    (view,) = GOODS.views(typed(known, {"category": "新品", "stock": 5.0, "price": 9.0}))
    assert cell_map(GOODS.model(view))["2026-09:c::新品", "enough"] is None


@pytest.mark.unit
def test_yuan_and_other_units_are_not_mixed_in_silence() -> None:
    """What is looked up is in yuan."""
    month = {"month": "2026-08"}
    looked_up = [month | {"category": name} for name in list(samples.REGIONS)[1:]]
    assert (SameUnitToo, "货品!G5") in doubts(month | {"category": "东北", "base": 10.0}, *looked_up)


@pytest.mark.unit
def test_part_of_a_month_is_told() -> None:
    """Three days of August are not August."""
    rows = [{"category": name} for name in samples.REGIONS]
    assert doubts(*rows) == []
    early = replace(samples.frame(), as_of=dt.date(2026, 8, 3))
    assert doubts(*rows, frame=early) == [(PartOfMonth, "货品!G5")]


@pytest.mark.unit
def test_a_category_above_another_is_told() -> None:
    """Its sales hold those of the other."""
    figures = typed(*({"category": name} for name in ("华东", "上海", "华南")))
    tree = replace(samples.figures(tree=True), table_rows=figures.table_rows)
    (view,) = GOODS.views(tree)
    assert [(type(p.fault), str(p.place)) for p in GOODS.doubts(view)] == [(HoldsAnother, "货品!D5")]


@pytest.mark.unit
def test_a_category_may_be_an_alias_of_a_member() -> None:
    """It has the member's sales; two names of the same member have none, for neither is the member alone."""
    full = samples.figures()
    part = full.breakdown.dimensions["区域"]
    members = [replace(m, aliases=("华东大区",) if m.name == "华东" else ()) for m in part.dimension.members]
    dimensions = {**full.breakdown.dimensions, "区域": replace(part, dimension=samples.dimension("区域", members))}
    figures = replace(full, breakdown=replace(full.breakdown, dimensions=dimensions))

    def bases(*names: str) -> list[float]:
        rows = typed(*({"month": "2026-08", "category": name} for name in names)).table_rows
        (view,) = GOODS.views(replace(figures, table_rows=rows))
        return [category.base for category in view.months[0].categories]

    (east, south) = bases("华东大区", "华南")
    assert [east, south] == bases("华东", "华南")
    assert min(east, south) > 0
    assert bases("华东大区", "华东", "华南") == [0, 0, south]


@pytest.mark.unit
def test_in_a_plan_in_pieces_the_target_is_the_pieces() -> None:
    """A price has no say in it."""
    row = {"month": "2026-11", "base": 1.0, "price": 50.0, "stock": 10.0}
    figures = replace(typed(row), frame=samples.frame(unit="piece", step=1_000))
    cells = cell_map(GOODS.models(figures)[0])
    assert cells["2026-11:c::包", "pieces"] == cells["2026-11:c::包", "target"]
    assert cells["2026-11:c::包", "enough"] == "不够"
    assert cells["2026-11:c::包", "sell_through"] is None  # more than there is: the lamp says so


@pytest.mark.unit
def test_without_last_year_the_sheet_says_by_what_it_goes() -> None:
    """The rule in the sub-line is not the one that was used."""
    cells = cell_map(GOODS.models(typed({"month": "2026-11", "base": 1.0}))[0])
    assert "去年没有" in str(cells["2026-11:note", "goods"])
    with_it = cell_map(GOODS.models(typed({"month": "2026-11", "before": 1.0, "after": 1.0, "base": 1.0}))[0])
    assert ("2026-11:note", "goods") not in with_it


@pytest.mark.unit
@pytest.mark.parametrize(
    ("settings", "month", "before", "last_year"),
    [
        ({}, "2026-03", ("2026-02-01", "2026-02-28"), ("2025-03-01", "2025-03-31")),
        ({}, "2026-01", ("2025-12-01", "2025-12-31"), ("2025-01-01", "2025-01-31")),
        ({"start": dt.date(2026, 1, 15)}, "2026-01", ("2025-12-01", "2025-12-31"), ("2025-01-15", "2025-01-31")),
        ({"month_pattern": MonthPattern.P445}, "2026-P04", ("2026-02-23", "2026-03-29"), ("2025-03-31", "2025-04-27")),
        ({"month_pattern": MonthPattern.P445}, "2026-P01", None, ("2025-01-02", "2025-01-26")),
        ({"start": dt.date(2028, 1, 1), "end": dt.date(2028, 12, 31)}, "2028-02", ("2028-01-01", "2028-01-31"),
         ("2027-02-01", "2027-02-28")),
    ],
)  # fmt: skip
def test_the_months_to_compare_with(
    settings: Mapping[str, Any], month: str, before: tuple[str, str] | None, last_year: tuple[str, str]
) -> None:
    """By date, also where a plan begins within a month; by weeks where months are weeks."""
    figures = samples.figures()
    plan_ = replace(figures.breakdown.plan, **settings)
    line = timeline_of(plan_)
    moved = replace(figures, breakdown=replace(figures.breakdown, plan=plan_, timeline=line))
    period = next(m for m in moved.months if m.key == month)
    days = [
        span and tuple(map(str, span))
        for span in (month_before(period, moved), year_before((period.start, period.end), moved))
    ]
    assert days == [before, last_year]


# --- in a workbook -----------------------------------------------------------------


@pytest.mark.package
@pytest.mark.parametrize(("lang", "name", "title"), [("zh", "货品", "货品"), ("en", "goods", "Goods")])
def test_goods_are_added_filled_split_and_taken_back(
    xlsales: Command, tmp_path: Path, lang: str, name: str, title: str
) -> None:
    """As a person does it: add the sheet, type over the examples, split, look, run again, undo."""
    path = plan(tmp_path / "plan.xlsx", lang=lang)
    added = xlsales("add", path, name)
    assert (added.code, added.out.count(title)) == (0, 1)
    with_table = path.read_bytes()
    again = xlsales("add", path, name)
    assert (again.code, "已经在" in again.out or "already" in again.out) == (0, True)
    assert path.read_bytes() == with_table  # it is there already
    assert xlsales("split", path).code == 0
    assert "xs_out_goods" not in opened(path).book.defined_names  # examples are not counted

    month = {"month": "2026-11"}
    women, men = {"before": 63.0, "after": 72.0, "base": 67.0}, {"before": 37.0, "after": 28.0, "base": 33.0}
    fill(path, T_GOODS, title, [month | women, month | men])
    before = path.read_bytes()
    ran = xlsales("split", path)
    assert ran.code == 0, ran.err
    goods = opened(path).sheet("goods")
    share = goods.down("target", "2026-11:g:.*")[0] / goods.value("2026-11", "target")
    assert share == pytest.approx(0.754, abs=2e-3)
    assert goods.value("2026-11:proof:1", "target") == goods.value("2026-11:proof:2", "target") == 0
    again_and_back(xlsales, path, before)


@pytest.mark.package
def test_a_sheet_that_does_not_exist_is_named_with_those_that_do(xlsales: Command, tmp_path: Path) -> None:
    """Nothing is written."""
    path = plan(tmp_path / "plan.xlsx")
    before = path.read_bytes()
    ran = xlsales("add", path, "货品们")
    assert ran.code == 2
    assert "货品们" in ran.err
    assert "可以添加:" + "、".join(sheet.tables[0].label.zh for sheet in ADDED) in ran.err
    assert path.read_bytes() == before


@pytest.mark.package
def test_a_wrong_row_leaves_the_sheet_as_it_was_and_is_told(xlsales: Command, tmp_path: Path) -> None:
    """The rest of the run goes on: a slip in one table does not stop Monday's refresh."""
    path = plan(tmp_path / "plan.xlsx")
    xlsales("add", path, "货品")
    fill(path, T_GOODS, "货品", [{"month": "2026-11", "category": "女装", "base": 67.0}])
    assert xlsales("split", path).code == 0
    before = opened(path).sheet("goods").value("2026-11:g:女", "target")
    fill(path, T_GOODS, "货品", [{"month": "2027-11"}])
    ran = xlsales("split", path)
    assert ran.code == 1
    assert "货品!B5" in ran.out
    assert opened(path).sheet("goods").value("2026-11:g:女", "target") == before
    assert any("2027-11" in sentence for sentence in opened(path).problems)


SOLD = ((7, "产品A", 60_000), (7, "产品B", 40_000), (8, "产品A", 80_000), (8, "产品B", 20_000))
HALVES = [["日期", "产品", "金额"], *([dt.date(2025, month, 5), name, amount] for month, name, amount in SOLD)]
NOW = [["日期", "产品", "金额"], [dt.date(2026, 7, 5), "产品A", 50_000], [dt.date(2026, 7, 31), "产品B", 50_000]]


@pytest.mark.package
def test_a_refresh_shows_what_the_split_did(xlsales: Command, tmp_path: Path) -> None:
    """Past sales are read for it too; nobody is told of targets changed by hand."""
    rows = members({"产品": {"产品A": 1, "产品B": 1}})
    path = plan(tmp_path / "plan.xlsx", dimensions=rows, history=HALVES, actuals=NOW)
    xlsales("add", path, "货品")
    fill(
        path,
        T_GOODS,
        "货品",
        [{"month": "2026-08", "group": "", "category": name, "note": ""} for name in ("产品A", "产品B")],
    )
    for row in (5, 6):
        for column in "EFGIJ":
            type_in(path, "货品", f"{column}{row}", "")
    assert xlsales("split", path).code in (0, 1)
    first, second = opened(path).sheet("goods").down("target", "2026-08:c.*")
    assert first / (first + second) == pytest.approx((0.5 * 0.8 / 0.6) / (0.5 * 0.8 / 0.6 + 0.5 * 0.2 / 0.4), abs=2e-3)
    before = path.read_bytes()
    ran = xlsales("refresh", path)
    assert path.read_bytes() == before, ran.out
    assert "手工改过" not in ran.out


@pytest.mark.package
def test_a_sheet_that_is_not_brought_up_to_date_says_so(xlsales: Command, tmp_path: Path) -> None:
    """An emptied table leaves the figures of before, and they are not taken for today's."""
    path = plan(tmp_path / "plan.xlsx")
    xlsales("add", path, "货品")
    fill(path, T_GOODS, "货品", [{"month": "2026-11", "category": "女装"}])
    xlsales("split", path)
    for row in (5, 6):
        for column in "BCDEFGHIJK":
            type_in(path, "货品", f"{column}{row}", "")
    ran = xlsales("split", path)
    assert ran.code == 1
    assert "货品分解: 这张表这次没有更新" in ran.out


@pytest.mark.package
def test_only_a_plan_gets_a_sheet(xlsales: Command, tmp_path: Path) -> None:
    """Any other workbook stays as it is."""
    other = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(other)
    before = other.read_bytes()
    ran = xlsales("add", other, "货品")
    assert (ran.code, other.read_bytes()) == (2, before)
    assert "不是目标计划" in ran.err


@pytest.mark.libreoffice
def test_the_proofs_are_computed_alike_by_libreoffice(tmp_path: Path, xlsales: Command) -> None:
    """Live formulas give what was stored."""
    path = plan(tmp_path / "plan.xlsx")
    xlsales("add", path, "货品")
    fill(path, T_GOODS, "货品", [{"month": "2026-11", "category": "女装", "base": 67.0}])
    xlsales("split", path)
    stored = opened(path).sheet("goods")
    address = stored.cell("2026-11:proof:1", "target").coordinate
    assert recalculated(path, tmp_path)["货品分解"][address].value == stored.value("2026-11:proof:1", "target") == 0
