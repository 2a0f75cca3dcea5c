"""预算 and 支出: from the tables to the sheet and back, in both languages; nothing that was spent is lost."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.calc import recalculated
from tests.commands.books import (
    Command,
    Ran,
    Shown,
    add_cells,
    again_and_back,
    answer,
    cell_xml,
    edit_cells,
    fill,
    fill_in,
    insert_row,
    members,
    opened,
    plan,
    type_in,
)
from xlsales.core.faults import Lang
from xlsales.ooxml.book import Book
from xlsales.plan.budget.tables import EXAMPLES, T_BUDGET, T_SPEND
from xlsales.plan.staff import T_STAFF

TITLES = {"zh": ("预算", "支出"), "en": ("Budget", "Spend")}
REGIONS = {"区域": {"华东": 3, "华北": 2, "华南": 5}}
SALES = [["日期", "区域", "金额"], *([dt.date(2026, m, 10), "华东", 800_000.0] for m in range(1, 7))]
"""480万 by 10 June, of a plan of 1000万 in equal months."""
Row = Mapping[str, float | str]


def book(path: Path, xlsales: Command, rows: Sequence[Row], lang: Lang = "zh", **given: Any) -> Path:
    """A plan with these budgets typed over the examples."""
    given = {"dimensions": members(REGIONS), **given}
    plan(path, lang=lang, **given)
    assert xlsales("add", path, "budget").code == 0
    typed(path, rows, lang)
    return path


def typed(path: Path, rows: Sequence[Row], lang: Lang = "zh") -> None:
    """Type budgets over those that are there."""
    blank = {column.key: "" for column in T_BUDGET.columns}
    fill(path, T_BUDGET, TITLES[lang][0], [blank | dict(row) for row in [*rows, *[{}] * (4 - len(rows))]])


def spent(path: Path, rows: Sequence[Row], lang: Lang = "zh") -> None:
    """Type spend from the first row on."""
    fill(path, T_SPEND, TITLES[lang][1], rows)


def sheet_of(path: Path) -> Shown:
    return opened(path).sheet("budget")


def months_of(sheet: Shown, line: str, block: str = "b") -> list[float]:
    return [sheet.value(f"{block}:2026:{line}", f"m{n:02d}") for n in range(1, 13)]


def proofs_of(sheet: Shown) -> set[float]:
    """What all proofs show, whatever has none left out."""
    rows = [row for row in sheet.rows if row.startswith("proof:") or row in ("read:proof", "read:total")]
    cells = [sheet.value(row, column) for row in rows for column in sheet.columns]
    cells += [sheet.value(row, "proof") for row in sheet.rows]
    return {value for value in cells if isinstance(value, int | float)}


# --- budgets ---------------------------------------------------------------------


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_five_percent_of_ten_million(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """50万 in months of 4.16 and 4.17万 that close; a second run changes nothing, undo takes it back."""
    given: dict[str, Any] = {"step": 100, "dimensions": members({"Region": {"East": 1}}) if lang == "en" else None}
    rows: list[Row] = [{"account": "促销", "rate": 0.05, "spread": {"zh": "均分", "en": "equal"}[lang]}]
    path = book(tmp_path / "plan.xlsx", xlsales, rows, lang, **given)
    before = path.read_bytes()
    assert xlsales("split", path).code == 0
    sheet = sheet_of(path)
    assert sorted(set(months_of(sheet, "l:促销::"))) == [41_600, 41_700]
    assert (sheet.value("total", "m01"), sheet.value("total", "m11")) == (500_000, 0.05)
    assert [round(rate, 4) for rate in sheet.along("b:2026:#rate", "m")[:2]] == [0.0499, 0.0499]
    assert proofs_of(sheet) == {0}
    again_and_back(xlsales, path, before)


@pytest.mark.package
@pytest.mark.parametrize(
    ("row", "total", "months"),
    [
        ({"amount": 60}, 600_000, [50_000] * 12),
        ({"amount": "60万"}, 600_000, [50_000] * 12),
        ({"amount": "６０"}, 600_000, [50_000] * 12),
        ({"rate": "5%"}, 500_000, None),
        ({"rate": 0.05, "member": "华东"}, 150_000, None),
        ({"rate": 0.1, "period": "2026Q4", "member": "区域:华东"}, 75_000, [0] * 9 + [25_000] * 3),
        ({"amount": 20, "period": "2026-06"}, 200_000, [0] * 5 + [200_000] + [0] * 6),
        ({"amount": 20, "period": "上半年"}, 200_000, None),
        ({"per_head": 8000, "heads": 12}, 96_000, [8_000] * 12),
        ({"per_head": "8,000", "heads": 1.5}, 12_000, [1_000] * 12),
        ({"per_head": 1004, "heads": 1}, 1_000, None),
        ({"amount": 0}, 0, [0] * 12),
    ],
    ids=str,
)
def test_the_ways_to_say_how_much(
    xlsales: Command, tmp_path: Path, row: Row, total: float, months: Sequence[float] | None
) -> None:
    """Each closes in steps of 1000; what has no months of its own follows those of the target."""
    path = book(tmp_path / "plan.xlsx", xlsales, [{"account": "活动", **row}])
    ran = xlsales("split", path)
    assert ran.code == 0, ran.err
    sheet = sheet_of(path)
    line = next(key for key in sheet.rows if key.startswith("l:"))
    found = months_of(sheet, line)
    assert (sheet.value(line, "m01"), sum(found)) == (total, total)
    assert months is None or found == list(months)
    assert all(month % 1000 == 0 for month in found)
    assert proofs_of(sheet) == {0}


@pytest.mark.package
def test_months_follow_the_target_of_whom_it_is_for(xlsales: Command, tmp_path: Path) -> None:
    """A member whose target is in one quarter has its budget there."""
    locks = [{"dimension": "区域", "member": "华东", "period": f"2026Q{n}", "amount": 0} for n in (1, 2, 3)]
    rows = [{"account": "促销", "member": "华东", "amount": 12}, {"account": "促销", "amount": 12}]
    path = book(tmp_path / "plan.xlsx", xlsales, rows, tables={"xs_locks": locks})
    assert xlsales("split", path).code == 0
    sheet = sheet_of(path)
    assert months_of(sheet, "l:促销:区域:华东") == [0] * 9 + [40_000] * 3
    assert months_of(sheet, "l:促销::") == [10_000] * 12
    assert sheet.value("a:促销", "m01") == 240_000
    assert proofs_of(sheet) == {0}


@pytest.mark.package
@pytest.mark.parametrize(
    ("staff", "whose", "heads"),
    [
        ([], "", 3),
        ([{"member": "王芳", "headcount": 2}, {"member": "李强", "headcount": 1}], "", 3),
        ([{"member": "王芳", "headcount": 4}], "王芳", 4),
        ([], "一队", 2),
        ([{"member": "王芳", "headcount": 4}], "一队", 4),
    ],
)
def test_heads_come_from_staff_factors_or_from_the_persons(
    xlsales: Command, tmp_path: Path, staff: Sequence[Row], whose: str, heads: int
) -> None:
    """1000 a head; typed heads are first, then 人员系数, then how many persons there are."""
    people = [{"dimension": "人员", "member": name, "weight": 1} for name in ("一队", "赵敏")]
    people += [{"dimension": "人员", "member": name, "parent": "一队"} for name in ("王芳", "李强")]
    row: Row = {"account": "人员", "member": whose, "per_head": 12_000}
    path = book(tmp_path / "plan.xlsx", xlsales, [row], dimensions=people)
    assert xlsales("add", path, "人员系数").code == 0
    blank = {column.key: "" for column in T_STAFF.columns}
    people[2]["weight"] = people[3]["weight"] = 1
    fill(path, T_STAFF, "人员系数", [blank | dict(one) for one in [*staff, *[{}] * (2 - len(staff))]])
    for n in range(4):
        type_in(path, "维度", f"F{5 + n}", 1)
    ran = xlsales("split", path)
    assert ran.code == 0, ran.err
    assert sheet_of(path).value("total", "m01") == heads * 12_000


FAULTY: list[tuple[Row, str, str, str]] = [
    ({"amount": 5}, "B6", "没有“科目”", 'no "Account"'),
    ({"account": "合计", "amount": 5}, "B6", "像是合计行", "looks like a row of totals"),
    ({"account": "差旅"}, "D6", "没有填预算", "has no budget"),
    ({"account": "差旅", "amount": 5, "rate": 0.1}, "E6", "不止一个", "more than one"),
    ({"account": "差旅", "member": "华东区", "amount": 5}, "C6", "没有成员“华东区”", 'no member "华东区"'),
    ({"account": "差旅", "amount": "很多"}, "D6", "很多", "很多"),
    ({"account": "差旅", "amount": -5}, "D6", "-5", "-5"),
    ({"account": "差旅", "rate": 5}, "E6", "5", "5"),
    ({"account": "差旅", "amount": 0.05}, "D6", "最小步长", "smallest step"),
    ({"account": "差旅", "per_head": 5000}, "G6", "不知道有几个人", "say how many"),
    ({"account": "差旅", "amount": 5, "heads": 3}, "G6", "“人数”不起作用", '"Heads" does nothing'),
    ({"account": "差旅", "amount": 5, "period": "2026-06-18"}, "H6", "不是整月", "whole months"),
    ({"account": "差旅", "amount": 5, "period": "2027-06"}, "H6", "2027-06", "2027-06"),
    ({"account": " 促销 ", "amount": 5}, "B6", "第 5 行已经有预算", "budget in row 5"),
    ({"account": "促销", "amount": 5, "period": "坏"}, "H6", "坏", "坏"),
    ({"account": "差旅", "amount": 5, "spread": "随便"}, "I6", "随便", "随便"),
]


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("row", "cell", "zh", "en"), FAULTY, ids=[f"{row}" for row, *_ in FAULTY])
def test_a_row_at_fault_is_left_out_alone(
    xlsales: Command, tmp_path: Path, row: Row, cell: str, zh: str, en: str, lang: Lang
) -> None:
    """It is told once at its cell; the other rows count, and the sheet says which row is missing."""
    rows: list[Row] = [{"account": "促销", "amount": 60}, row, {"account": "广告", "amount": 24}]
    path = book(tmp_path / "plan.xlsx", xlsales, rows, lang)
    ran = xlsales("split", path, "--verbose")
    assert ran.code == 1, ran.err
    told = {line.strip() for line in (ran.out + ran.err).splitlines() if f"{TITLES[lang][0]}!{cell}:" in line}
    assert [{"zh": zh, "en": en}[lang] in line for line in told] == [True]
    sheet = sheet_of(path)
    assert sheet.down("m01", "l:.*") == [600_000, 240_000]
    assert {"zh": "第 6 行有错", "en": "Row 6 is at fault"}[lang] in sheet.value("#subline", "name")
    assert proofs_of(sheet) == {0}


@pytest.mark.package
def test_a_member_and_one_above_it_are_asked_about(xlsales: Command, tmp_path: Path) -> None:
    """Rows add up: a person may have meant the one to hold the other."""
    tree = members({"区域": {"华东": 1, "上海": 1}})
    rows: list[Row] = [{"account": "促销", "member": name, "amount": 5} for name in ("华东", "上海")]
    path = book(tmp_path / "plan.xlsx", xlsales, rows, dimensions=[tree[0], {**tree[1], "parent": "华东"}])
    ran = xlsales("split", path, "--verbose")
    assert "预算!C6: “促销”给了“上海”,也给了它的上级“华东”" in ran.out + ran.err
    assert sheet_of(path).value("total", "m01") == 100_000


@pytest.mark.package
def test_budgets_of_closed_months_stay(xlsales: Command, tmp_path: Path) -> None:
    """A raise goes to the open months; so does a cut; a row that is gone keeps what it had; a new one begins later."""
    rows: list[Row] = [{"account": "促销", "amount": 12}, {"account": "广告", "amount": 24}]
    path = book(tmp_path / "plan.xlsx", xlsales, rows, actuals=SALES)
    assert xlsales("split", path).code == 0
    answer(path, "closed_through", dt.date(2026, 3, 31))
    typed(path, [{"account": "促销", "amount": 21}, {"account": "差旅", "amount": 9}])
    ran = xlsales("split", path, "--verbose")
    sheet = sheet_of(path)
    assert months_of(sheet, "l:促销::") == [10_000] * 3 + [20_000] * 9
    assert months_of(sheet, "l:差旅::") == [0] * 3 + [10_000] * 9
    assert months_of(sheet, "l:广告::") == [20_000] * 3 + [0] * 9
    assert "“广告”在“预算”表里没有了,已关账月份的预算 60000 元 保留" in ran.out + ran.err
    assert proofs_of(sheet) == {0}
    written = path.read_bytes()
    xlsales("split", path)
    assert path.read_bytes() == written


@pytest.mark.package
def test_a_member_with_another_name_keeps_its_closed_months(xlsales: Command, tmp_path: Path) -> None:
    """By its alias, as its targets are."""
    path = book(tmp_path / "plan.xlsx", xlsales, [{"account": "促销", "member": "华东", "amount": 12}])
    assert xlsales("split", path).code == 0
    answer(path, "closed_through", dt.date(2026, 3, 31))
    fill_in(path, "xs_dimensions", 0, member="东区", aliases="华东")
    typed(path, [{"account": "促销", "member": "东区", "amount": 21}])
    ran = xlsales("split", path, "--verbose")
    assert ran.code == 0, ran.err
    assert months_of(sheet_of(path), "l:促销:区域:东区") == [10_000] * 3 + [20_000] * 9


@pytest.mark.package
def test_a_row_at_fault_keeps_its_closed_months(xlsales: Command, tmp_path: Path) -> None:
    """They are there again, to the step, when the row is mended."""
    path = book(tmp_path / "plan.xlsx", xlsales, [{"account": "促销", "amount": 12}, {"account": "广告", "amount": 24}])
    assert xlsales("split", path).code == 0
    answer(path, "closed_through", dt.date(2026, 3, 31))
    for amount, months in (("坏", [20_000] * 3 + [0] * 9), (24, [20_000] * 12)):
        typed(path, [{"account": "促销", "amount": 12}, {"account": "广告", "amount": amount}])
        xlsales("split", path)
        assert months_of(sheet_of(path), "l:广告::") == months


@pytest.mark.package
@pytest.mark.parametrize(("amount", "said"), [(2, "已关账月份的预算合计 30000 元"), (30, "")])
def test_a_budget_below_its_closed_months_is_told(xlsales: Command, tmp_path: Path, amount: float, said: str) -> None:
    """What was closed cannot be taken back."""
    path = book(tmp_path / "plan.xlsx", xlsales, [{"account": "促销", "amount": 12}])
    assert xlsales("split", path).code == 0
    answer(path, "closed_through", dt.date(2026, 3, 31))
    typed(path, [{"account": "促销", "amount": amount}])
    ran = xlsales("split", path, "--verbose")
    assert said in ran.out + ran.err
    assert months_of(sheet_of(path), "l:促销::")[:3] == [10_000] * 3


@pytest.mark.package
@pytest.mark.parametrize("period", ["", "2026H1", "2026Q2"])
def test_a_new_budget_of_closed_months_is_told_with_a_way_out(xlsales: Command, tmp_path: Path, period: str) -> None:
    """Its months were closed without it; with open ones it counts, and so does what was spent before."""
    rows: list[Row] = [{"account": "促销", "amount": 12}]
    path = book(tmp_path / "plan.xlsx", xlsales, rows, actuals=SALES)
    assert xlsales("split", path).code == 0
    answer(path, "closed_through", dt.date(2026, 3, 31))
    spent(path, [day("2026-01-05", "广告", 100)])
    typed(path, [*rows, {"account": "广告", "amount": 9, "period": "2026Q1"}])
    ran = xlsales("split", path, "--verbose")
    assert "“广告”的期间都已关账,当时没有这笔预算" in ran.out + ran.err
    typed(path, [*rows, {"account": "广告", "amount": 9, "period": period}])
    assert "都已关账" not in xlsales("split", path, "--verbose").out
    months = months_of(sheet_of(path), "l:广告::")
    assert (sum(months[:3]), sum(months)) == (0, 90_000)
    assert months_of(sheet_of(path), "l:广告::", "s")[0] == 100


# --- spend -----------------------------------------------------------------------

BUDGETS: list[Row] = [
    {"account": "促销", "rate": 0.05},
    {"account": "活动", "member": "华东", "amount": 12},
    {"account": "活动", "amount": 24},
    {"account": "差旅", "amount": 6},
]


def day(text: str, account: str, amount: float | str, member: str = "") -> Row:
    return {"date": text, "account": account, "amount": amount, "member": member}


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_spend_is_read_as_sales_are(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Texts, 万, refunds, members; what cannot be counted is set aside; all that was found is accounted for."""
    path = book(tmp_path / "plan.xlsx", xlsales, BUDGETS, lang, actuals=SALES)
    rows = [
        day("2026-01-15", "促销", 30_000),
        day("2026年2月3日", "促销", "1.2万"),
        day("2026/3/1", " 活动 ", "５,０００", "华东"),
        day("2026-03-02", "活动", 7_000, "华北"),
        day("2026-04-01", "差旅", -500),
        day("2026-04-02", "差旅", "(200)"),
        day("2026-05-01", "差率", 900),
        day("2026-05-02", "招待", 800),
        day("2025-05-02", "差旅", 700),
        day("2026-06-30", "差旅", 600),
        day("五月某天", "差旅", 400),
        day("2026-05-03", "差旅", "待定"),
        day("2026-05-04", "促销", 300, "华西"),
        day("2026-05-05", "", 50),
        day("合计", "", 56_850),
    ]
    spent(path, rows, lang)
    ran = xlsales("refresh", path, "--verbose") if xlsales("split", path) else None
    assert ran is not None
    assert ran.code == 1
    sheet = sheet_of(path)
    assert sheet.value("l:促销::", "m02") == 42_000
    assert sheet.value("l:活动:区域:华东", "m02") == 5_000
    assert sheet.value("l:活动::", "m02") == 7_000
    assert sheet.value("l:差旅::", "m02") == -700
    assert sheet.value("rest", "m02") == 50
    assert [sheet.value(f"read:{key}", "m04") for key in ("found", "accepted", "set_aside", "totals")] == [15, 7, 7, 1]
    assert sheet.value("read:accepted", "m02") == sheet.value("total", "m02") == 53_350
    assert sheet.value("read:set_aside", "m02") == 900 + 800 + 700 + 600 + 400 + 300
    assert proofs_of(sheet) == {0}
    said = ran.out + ran.err
    title = TITLES[lang][1]
    for cell, word in (
        ("C11", {"zh": "是不是“差旅”", "en": "Is it '差旅'"}),
        ("C12", {"zh": "科目“招待”没有预算", "en": "Account '招待' has no budget"}),
        ("B15", {"zh": "五月某天", "en": "五月某天"}),
        ("E16", {"zh": "待定", "en": "待定"}),
        ("D17", {"zh": "华西", "en": "华西"}),
    ):
        assert any(line.strip().startswith(f"{title}!{cell}:") and word[lang] in line for line in said.splitlines()), (
            cell
        )
    for words in (
        {"zh": "不计入支出", "en": "no spend of this plan"},
        {"zh": "在截止日 2026-06-10 之后", "en": "After the as-of"},
    ):
        assert words[lang] in said


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sizes_that_cannot_be_meant_are_told(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Budgets far from the target or rounded to little, spend far from its budget: each at its cell."""
    rows: list[Row] = [
        {"account": "广告", "amount": 300_000},
        {"account": "人员", "per_head": 450, "heads": 1},
        {"account": "培训", "per_head": 0.8, "heads": 12},
        {"account": "促销", "rate": 0.00139},
        {"account": "活动", "rate": 0.05},
        {"account": "差旅", "amount": 6},
    ]
    path = book(tmp_path / "plan.xlsx", xlsales, rows, lang, actuals=SALES)
    spent(path, [day("2026-01-05", "差旅", 10), day("2026-01-06", "差旅", 900_000)], lang)
    told = told_at(xlsales("split", path, "--json"))
    budgets, spend = TITLES[lang]
    assert {"zh": "本来是 300000 元", "en": "Was another unit meant, 300000"}[lang] in told[budgets, 5, 4]
    assert {(row, column) for sheet, row, column in told if sheet == budgets} == {(5, 4), (6, 6), (7, 6)}
    assert {(row, column) for sheet, row, column in told if sheet == spend} == {(6, None)}
    sheet = sheet_of(path)
    head = {
        "zh": "单位存疑、仍照算:预算!D5、预算!F7、支出!6",
        "en": "Unit in doubt, still counted: Budget!D5, Budget!F7, Spend!6",
    }[lang]
    assert sheet.value("doubt", "name") == head
    assert sheet.value("l:人员::", "sum").endswith(" = 450 → 0")
    assert proofs_of(sheet_of(path)) == {0}


@pytest.mark.package
@pytest.mark.parametrize(("row", "times"), [
    ({"amount": 1000}, ""), ({"amount": 1000.1}, "1 倍"), ({"amount": 1250}, "1.25 倍"),
    ({"amount": 100, "period": "2026-03"}, "1.2 倍"), ({"amount": 80, "period": "2026-03"}, ""),
    ({"amount": 250, "member": "华东"}, ""), ({"amount": 10_000}, "10 倍"),
])  # fmt: skip
def test_a_budget_above_its_target_is_asked_about(xlsales: Command, tmp_path: Path, row: Row, times: str) -> None:
    """A cost of more than the sales: of the company, of a month, of a member."""
    path = book(tmp_path / "plan.xlsx", xlsales, [{"account": "广告", **row}])
    ran = xlsales("split", path, "--verbose")
    assert ("单位是不是填错了" in ran.out) is bool(times)
    assert times in ran.out


@pytest.mark.package
def test_a_month_of_a_doubted_row_is_not_told_again(xlsales: Command, tmp_path: Path) -> None:
    """A month far from the others is told at its largest row, unless that is told already for its size."""
    rows: list[Row] = [{"account": "差旅", "amount": 6}, {"account": "促销", "amount": 900}]
    path = book(tmp_path / "plan.xlsx", xlsales, rows, actuals=SALES)
    months = [day(f"2026-0{n}-05", "差旅", 1_000) for n in range(1, 7)]
    for account, telling in (("差旅", "差旅"), ("促销", "2026-03 的金额")):
        spent(path, [*months, day("2026-03-01", account, 900_000)])
        told = told_at(xlsales("split", path, "--json"))
        assert [(row, telling in text) for (sheet, row, _), text in told.items() if sheet == "支出"] == [(11, True)]


@pytest.mark.package
def test_a_person_s_column_stays_where_doubts_come_and_go(xlsales: Command, tmp_path: Path) -> None:
    """The line that tells of them is there in each run."""
    path = book(tmp_path / "plan.xlsx", xlsales, [{"account": "差旅", "amount": 6}], actuals=SALES)
    assert xlsales("split", path).code == 0
    at = f"W{sheet_of(path).rows['l:差旅::']}"
    add_cells(path, "预算执行", {at: "老王批的"})
    for amount in (100, 900_000, 100):
        spent(path, [day("2026-01-05", "差旅", amount)])
        xlsales("split", path)
        assert (sheet_of(path).value("doubt", "name") is not None) == (amount > 100)
        assert sheet_of(path).sheet[at].value == "老王批的"


def told_at(ran: Ran) -> dict[tuple[str, int | None, int | None], str]:
    """What a run tells, by sheet, row and column."""
    return {(one["sheet"], one["row"], one["column"]): one["sentence"] for one in ran.json["problems"]}


@pytest.mark.package
def test_spend_in_the_unit_of_the_plan_is_told(xlsales: Command, tmp_path: Path) -> None:
    """Spend is in full: 20 of a budget of 48万 by June is a slip of unit, 20万 is none."""
    path = book(tmp_path / "plan.xlsx", xlsales, [{"account": "促销", "amount": 48}], actuals=SALES)
    for amount, is_told in ((20, True), (200_000, False)):
        spent(path, [day("2026-01-05", "促销", amount)])
        ran = xlsales("split", path, "--verbose")
        assert ("是不是按万填了" in ran.out) == is_told


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_spend_of_an_account_at_fault_says_which_row(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Nobody is sent to add a row that is there, and each doubt has the row of spend."""
    rows: list[Row] = [{"account": "差旅", "amount": 3.33333}, {"account": "活动", "member": "华东", "amount": 12}]
    path = book(tmp_path / "plan.xlsx", xlsales, rows, lang)
    spent(path, [day("2026-01-05", "差旅", 10), day("2026-01-06", "活动", 9), day("2026-01-07", "", 9)], lang)
    told = told_at(xlsales("split", path, "--json"))
    _, spend = TITLES[lang]
    assert {"zh": "“预算”第 5 行", "en": "Row 5 of Budget"}[lang] in told[spend, 5, 3]
    assert {row for sheet, row, _ in told if sheet == spend} == {5, 6, 7}
    typed(path, [*rows, {"account": "活动", "amount": 3.33333}], lang)
    told = told_at(xlsales("split", path, "--json"))
    said = next(text for (sheet, row, _), text in told.items() if (sheet, row) == (spend, 6))
    assert {"zh": "“预算”第 7 行", "en": "Row 7 of Budget"}[lang] in said


@pytest.mark.package
def test_an_account_renamed_after_closing_is_told(xlsales: Command, tmp_path: Path) -> None:
    """The total grew by what closed months keep; the old name, or less for the new one, makes it right."""
    path = book(tmp_path / "plan.xlsx", xlsales, [{"account": "人员", "amount": 12}])
    assert xlsales("split", path).code == 0
    answer(path, "closed_through", dt.date(2026, 3, 31))
    typed(path, [{"account": "人工", "amount": 12}])
    ran = xlsales("split", path, "--verbose")
    assert ran.code == 1
    assert "合计因此多 30000 元。如果是改名,请把科目和支出里的名称改回“人员”" in ran.out
    assert sheet_of(path).value("total", "m01") == 150_000
    typed(path, [{"account": "人工", "amount": 9}])
    xlsales("split", path)
    assert sheet_of(path).value("total", "m01") == 120_000
    typed(path, [{"account": "人员", "amount": 12}])
    assert xlsales("split", path).code == 0
    assert sheet_of(path).value("total", "m01") == 120_000


@pytest.mark.package
def test_programs_are_told_what_was_spent(xlsales: Command, tmp_path: Path) -> None:
    """The JSON outcome has rows and amounts of spend by what became of them, as it has those of sales."""
    path = book(tmp_path / "plan.xlsx", xlsales, BUDGETS, actuals=SALES)
    spent(path, [day("2026-01-05", "差旅", 100.5), day("2026-02-05", "外星", 7), day("2026-02-05", "合计", 107.5)])
    ran = xlsales("split", path, "--json")
    sheet = sheet_of(path)
    assert ran.json["budget"] == sheet.value("total", "m01")
    assert ran.json["spend"] == {
        "as_of": "2026-06-10",
        "rows": {"found": 3, "accepted": 1, "set_aside": 1, "totals": 1},
        "amounts": {"found": 215.0, "accepted": 100.5, "set_aside": 7.0, "totals": 107.5},
    }
    assert "spend" not in xlsales("split", plan(tmp_path / "other.xlsx"), "--json").json


@pytest.mark.package
@pytest.mark.parametrize("seed", range(6))
def test_nothing_that_was_found_is_lost(xlsales: Command, tmp_path: Path, seed: int) -> None:
    """Random spend: found = accepted + set aside + totals rows, and the sheet shows what was accepted."""
    some = random.Random(seed)
    path = book(tmp_path / "plan.xlsx", xlsales, BUDGETS, actuals=SALES)
    amounts = [123.45, -20, "1.5万", "1,234.50", "x", "", "￥80", 0, "(30)"]
    accounts = ["促销", "活动", "差旅", "差旅费", "没听说过", "", "合计"]
    days = ["2026-01-05", "2026/2/9", "20260301", "2027-01-01", "某天", "2026-06-09"]
    rows = [
        day(some.choice(days), some.choice(accounts), some.choice(amounts), some.choice(["", "华东", "华北", "谁"]))
        for _ in range(40)
    ]
    spent(path, rows)
    xlsales("split", path)
    sheet = sheet_of(path)
    assert proofs_of(sheet) == {0}
    found, *parts = (sheet.value(f"read:{key}", "m02") for key in ("found", "accepted", "set_aside", "totals"))
    assert found == pytest.approx(sum(parts))
    shown = [value for value in sheet.along("s:2026:total", "m") if value is not None]
    assert sum(shown) == pytest.approx(parts[0])
    assert sum(sheet.down("m02", "l:.*|rest")) == pytest.approx(parts[0])


@pytest.mark.package
@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ([["发生日期", "费用类别", "部门", "费用金额"], ["2026-02-01", "差旅", "华东", 1234.5]], 4, 2),
        ([["费用报销明细表"], ["日期", "科目", "支出"], ["2026-02-01", "差旅", "1,234.50"]], 4, 2),
        ([["Posting date", "Expense type", "Cost"], ["2026-02-01", "差旅", 1234.5]], 4, 2),
        ([["科目", "1月", "2月"], ["差旅", None, 1234.5]], 4, 2),
        ([["日期", "科目", "金额(万元)"], ["2026-02-01", "差旅", 0.12345]], 4, 2),
        ([["付款日期", "摘要", "费用类型", "金额"], ["2026-02-01", "打车", "差旅", 1234.5]], 5, 2),
        ([["日期", "科目", "成员", "金额"], ["2026-02-01", "差旅", None, 1234.5]], 5, 2),
        ([["日期", "费用科目", "金额"], ["2026-02-01", "差旅", 1234.5]], 1, 1),
    ],
    ids=[
        "department", "title above", "English", "months across", "unit in the header", "below our headers",
        "our headers again", "from A1",
    ],
)  # fmt: skip
def test_an_export_is_pasted_over_the_sheet(
    xlsales: Command, tmp_path: Path, table: Sequence[Sequence[Any]], row: int, column: int
) -> None:
    """Columns are found by header, as those of sales are."""
    path = book(tmp_path / "plan.xlsx", xlsales, BUDGETS, actuals=SALES)
    paste_over(path, table, row, column)
    ran = xlsales("split", path, "--verbose")
    sheet = sheet_of(path)
    assert sheet.value("l:差旅::", "m02") == 1234.5, ran.err
    assert proofs_of(sheet) == {0}


def paste_over(path: Path, table: Sequence[Sequence[Any]], top: int = 4, left: int = 2) -> None:
    """Paste a table over 支出, with its first row and column there; our headers are in row 4 from column 2."""
    cells = {
        (y, x): row[x - left] if x - left < len(row) and row[x - left] is not None else ""
        for y, row in enumerate(table, top)
        for x in range(left, left + len(T_SPEND.columns))
    }
    edit_cells(path, "支出", cells)


@pytest.mark.package
@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([["日期", "科目", "甲", "乙"], ["2026-02-01", "差旅", 3, 5], ["2026-02-02", "差旅", 3, 5]], "认不出金额列"),
        ([["日期", "金额"], ["2026-02-01", 5], ["2026-02-02", 6]], "没有“科目”"),
    ],
)
def test_a_table_that_is_not_understood_is_asked_about(
    xlsales: Command, tmp_path: Path, table: Sequence[Sequence[Any]], said: str
) -> None:
    """In words about 支出: nobody is sent to the mapping of sales."""
    path = book(tmp_path / "plan.xlsx", xlsales, BUDGETS, actuals=SALES)
    paste_over(path, table)
    ran = xlsales("split", path, "--verbose")
    assert said in ran.out + ran.err
    assert "列对应" not in ran.out + ran.err


@pytest.mark.package
def test_a_name_of_two_dimensions_is_asked_about(xlsales: Command, tmp_path: Path) -> None:
    """`区域:华东` says which."""
    both = members({"区域": {"华东": 1, "华北": 1}, "渠道": {"华东": 1, "线上": 1}})
    rows: list[Row] = [{"account": "促销", "member": "区域:华东", "amount": 12}, {"account": "促销", "amount": 12}]
    path = book(tmp_path / "plan.xlsx", xlsales, rows, dimensions=both)
    spent(path, [day("2026-01-05", "促销", 100, "华东"), day("2026-01-06", "促销", 70, "区域:华东")])
    ran = xlsales("split", path, "--verbose")
    assert "“华东”在区域、渠道里都有" in ran.out + ran.err
    assert sheet_of(path).value("l:促销:区域:华东", "m02") == 70


@pytest.mark.package
def test_an_alias_of_two_dimensions_is_asked_about(xlsales: Command, tmp_path: Path) -> None:
    """As a name is; with its dimension before it, it counts."""
    rows = [{"dimension": one, "member": name, "aliases": "老店", "weight": 1} for one, name in TWO]
    path = book(tmp_path / "plan.xlsx", xlsales, [{"account": "促销", "amount": 12}], dimensions=rows)
    spent(path, [day("2026-01-05", "促销", 100, "老店"), day("2026-01-06", "促销", 70, "门店:老店")])
    ran = xlsales("split", path, "--verbose")
    assert "“老店”在门店、人员里都有" in ran.out + ran.err
    assert "门店:老店" in ran.out + ran.err
    assert sheet_of(path).value("l:促销::", "m02") == 70


TWO = (("门店", "新店"), ("人员", "新店组"))


@pytest.mark.package
def test_spend_that_no_budget_is_for_is_shown_apart(xlsales: Command, tmp_path: Path) -> None:
    """An account with budgets of members alone: what others spent is in no budget."""
    rows: list[Row] = [{"account": "活动", "member": name, "amount": 12} for name in ("华东", "华北")]
    path = book(tmp_path / "plan.xlsx", xlsales, rows)
    spent(
        path,
        [day("2026-01-05", "活动", 100, "华南"), day("2026-01-06", "活动", 70), day("2026-01-06", "活动", 9, "华东")],
    )
    ran = xlsales("split", path, "--verbose")
    sheet = sheet_of(path)
    assert "“活动”有 2 行支出,不属于它有预算的成员" in ran.out + ran.err
    assert (sheet.value("rest", "m02"), sheet.value("a:活动", "m02")) == (170, 9)
    assert sheet.value("g:区域:华东", "m02") == 9
    assert proofs_of(sheet) == {0}


@pytest.mark.package
@pytest.mark.parametrize("stores", [1, 2])
def test_spend_for_nobody_is_the_company_s(xlsales: Command, tmp_path: Path, stores: int) -> None:
    """A blank member is the company, whether one member has a budget of the account or several have."""
    rows: list[Row] = [{"account": "活动", "member": name, "amount": 12} for name in ("华东", "华北")[:stores]]
    path = book(tmp_path / "plan.xlsx", xlsales, rows)
    spent(path, [day("2026-01-06", "活动", 70), day("2026-01-06", "活动", 9, "华东")])
    ran = xlsales("split", path, "--verbose")
    sheet = sheet_of(path)
    assert "“活动”有 1 行支出,不属于它有预算的成员" in ran.out + ran.err
    assert (sheet.value("rest", "m02"), sheet.value("l:活动:区域:华东", "m02")) == (70, 9)
    assert proofs_of(sheet) == {0}


@pytest.mark.package
def test_cost_ratios_and_time(xlsales: Command, tmp_path: Path) -> None:
    """Spend on sales, budget on target, and money against time; by 30 June half of equal months is due."""
    rows: list[Row] = [{"account": "促销", "amount": 48}, {"account": "差旅", "amount": 12}]
    path = book(tmp_path / "plan.xlsx", xlsales, rows, actuals=[*SALES, [dt.date(2026, 6, 30), "华东", 200_000.0]])
    spent(path, [day(f"2026-0{m}-05", "促销", 50_000) for m in range(1, 7)])
    assert xlsales("split", path).code in (0, 1)
    sheet = sheet_of(path)
    shown = {key: sheet.value("l:促销::", f"m{n:02d}") for n, key in enumerate(SUMMARY, 1)}
    assert shown["left"] == 180_000
    assert shown["used"] == pytest.approx(0.625)
    assert shown["time"] == pytest.approx(0.5)
    assert shown["due"] == 240_000
    assert shown["forecast"] == 600_000
    assert shown["status"] == "红"
    assert shown["rate"] == pytest.approx(0.048)
    assert shown["actual_rate"] == pytest.approx(0.06)
    assert sheet.value("l:差旅::", "m10") == "绿"


SUMMARY = (
    "budget",
    "spent",
    "committed",
    "left",
    "used",
    "time",
    "due",
    "pace",
    "forecast",
    "status",
    "rate",
    "actual_rate",
)


@pytest.mark.package
def test_what_is_committed_is_typed_into_the_sheet_and_stays(xlsales: Command, tmp_path: Path) -> None:
    """So do a person's column, an inserted row and a header in other words; lines keep theirs when they move."""
    path = book(tmp_path / "plan.xlsx", xlsales, BUDGETS, actuals=SALES)
    spent(path, [day("2026-01-05", "差旅", 20_000)])
    assert xlsales("split", path).code in (0, 1)
    row = sheet_of(path).rows["l:差旅::"]
    title = "预算执行"
    type_in(path, title, f"F{row}", 41_000)
    type_in(path, title, f"F{sheet_of(path).rows['l:促销::']}", "问老王")
    type_in(path, title, "C5", "费用")
    add_cells(path, title, {f"V{row}": "老王批的"})
    insert_row(path, title, row, {"C": "我的一行"})
    fill(path, T_SPEND, "支出", [day("2026-01-05", "差旅", 20_000), day("2026-01-06", "", 5)])
    xlsales("refresh", path)
    sheet = sheet_of(path)
    assert (sheet.value("l:差旅::", "m03"), sheet.value("l:差旅::", "m04")) == (41_000, -1_000)
    assert (sheet.value("l:差旅::", "m10"), sheet.value("total", "m03")) == ("红", 41_000)
    assert sheet.value("l:促销::", "m03") == "问老王"
    own = {cell.value for line in opened(path).book[title].iter_rows() for cell in line}
    assert {"费用", "老王批的", "我的一行"} <= own
    assert proofs_of(sheet) == {0}


@pytest.mark.package
@pytest.mark.parametrize(
    ("here", "kept"),
    [("5万", 50_000), ("４1,000", 41_000), ("¥300", 300), ("很多", "很多"), ("5%", "5%"), ("#N/A", "#N/A"), ("", None)],
)
def test_what_is_committed_is_read_as_meant(
    xlsales: Command, tmp_path: Path, here: str, kept: str | float | None
) -> None:
    """A number in words becomes one, so that formulas count it; what is none is told and stays."""
    path = book(tmp_path / "plan.xlsx", xlsales, BUDGETS)
    assert xlsales("split", path).code == 0
    row = sheet_of(path).rows["l:差旅::"]
    type_in(path, "预算执行", f"F{row}", here)
    ran = xlsales("split", path, "--verbose")
    assert (f"预算执行!F{row}: 这里是" in ran.out + ran.err) == (kept == here)
    assert sheet_of(path).value("l:差旅::", "m03") == kept


@pytest.mark.package
def test_an_amount_committed_in_another_unit_is_doubted(xlsales: Command, tmp_path: Path) -> None:
    """It is typed in full, beside a budget of 6万: 5 for 5万, and 5万 for 5, are told at the cell; others are not."""
    path = book(tmp_path / "plan.xlsx", xlsales, [{"account": "差旅", "amount": 6}], actuals=SALES)
    assert xlsales("split", path).code == 0
    row = sheet_of(path).rows["l:差旅::"]
    for here, is_told in ((5, True), (50, False), (50_000, False), (590_000, False), (610_000, True), ("5000万", True)):
        type_in(path, "预算执行", f"F{row}", here)
        told = told_at(xlsales("refresh", path, "--json"))
        assert ("单位是不是填错了" in told.get(("预算执行", row, 6), "")) == is_told, here
        assert ("单位存疑" in (sheet_of(path).value("doubt", "name") or "")) == is_told


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_committed_to_a_line_that_is_gone_is_not_lost(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """The sheet stays as it is until the row is there again, or the cell is cleared."""
    path = book(tmp_path / "plan.xlsx", xlsales, BUDGETS, lang)
    assert xlsales("split", path).code == 0
    row = sheet_of(path).rows["l:差旅::"]
    title = {"zh": "预算执行", "en": "Budget and spend"}[lang]
    type_in(path, title, f"F{row}", 41_000)
    typed(path, BUDGETS[:3], lang)
    ran = xlsales("split", path, "--verbose")
    said = f"{title}!F{row}: " + {"zh": "这里填了“差旅”已批未付 41000", "en": '"差旅" has 41000 committed here'}[lang]
    assert said in ran.out + ran.err
    assert sheet_of(path).value("l:差旅::", "m03") == 41_000
    type_in(path, title, f"F{row}", "")
    xlsales("split", path)
    assert "l:差旅::" not in sheet_of(path).rows


@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_libreoffice_computes_what_the_program_wrote(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Every formula of the sheet; and what is typed into the yellow cells turns lamps."""
    path = book(tmp_path / "plan.xlsx", xlsales, BUDGETS, lang, actuals=SALES)
    spent(
        path,
        [day("2026-01-05", "差旅", 20_000), day("2026-03-05", "活动", 90_000, "华东"), day("2026-03-06", "", 5)],
        lang,
    )
    assert xlsales("split", path).code in (0, 1)
    sheet, (title,) = sheet_of(path), {"zh": ["预算执行"], "en": ["Budget and spend"]}[lang]
    computed = recalculated(path, tmp_path)[title]
    cells = [cell for line in sheet.sheet.iter_rows() for cell in line]
    for cell in cells:
        found = computed[cell.coordinate].value
        if isinstance(cell.value, int | float):
            assert found == pytest.approx(cell.value, abs=1e-9), cell.coordinate
        else:
            assert (found or None) == (cell.value or None), cell.coordinate
    row = sheet.rows["l:差旅::"]
    type_in(path, title, f"F{row}", 41_000)
    turned = recalculated(path, tmp_path)[title]
    red = {"zh": "红", "en": "red"}[lang]
    assert [turned[f"{letter}{row}"].value for letter in "GM"] == [-1_000, red]
    assert turned[f"F{sheet.rows['total']}"].value == 41_000


# --- the whole -------------------------------------------------------------------


@pytest.mark.package
def test_unchanged_examples_do_not_count(xlsales: Command, tmp_path: Path) -> None:
    """A sheet that was just added makes no sheet of results."""
    path = plan(tmp_path / "plan.xlsx", dimensions=members(REGIONS))
    assert xlsales("add", path, "预算").code == 0
    assert [opened(path).book["预算"][f"B{5 + n}"].value for n in range(len(EXAMPLES))] == ["促销", "活动", "人员"]
    assert xlsales("split", path).code == 0
    assert "xs_out_budget" not in opened(path).book.defined_names


@pytest.mark.package
@pytest.mark.parametrize(
    "given",
    [
        {"start": dt.date(2026, 4, 1), "end": dt.date(2027, 3, 31), "fiscal_month": 4},
        {"start": dt.date(2026, 3, 1), "end": dt.date(2026, 3, 1)},
        {"start": dt.date(2026, 3, 1), "end": dt.date(2027, 12, 31)},
        {"month_pattern": "4-4-5"},
        {"start": dt.date(2026, 1, 1), "month_end": 25},
        {"unit": "yuan", "step": 0.01, "total": 10_000_000},
        {"unit": "piece", "step": 1, "total": 10_000},
        {"currency": "USD", "unit": "thousand"},
    ],
    ids=str,
)
def test_any_plan_has_a_budget(xlsales: Command, tmp_path: Path, given: dict[str, Any]) -> None:
    """Fiscal years, one day, two years, weeks, cents, pieces: it closes, and a second run changes nothing."""
    amount = {"yuan": 120_000, "piece": 120_000}.get(given.get("unit", ""), 12)
    rows: list[Row] = [{"account": "促销", "member": "华东", "amount": amount}, {"account": "差旅", "amount": amount}]
    path = book(tmp_path / "plan.xlsx", xlsales, rows, **given)
    start = given.get("start", dt.date(2026, 1, 1))
    spent(path, [day(str(start), "促销", 100, "华东"), day(str(start), "差旅", 50)])
    before = path.read_bytes()
    ran = xlsales("split", path)
    assert ran.code in (0, 1), ran.err
    sheet = sheet_of(path)
    assert sheet.value("total", "m01") == 2 * amount * {"yuan": 1, "piece": 1, "thousand": 1_000}.get(
        given.get("unit", ""), 10_000
    )
    assert sheet.value("total", "m02") == 150
    assert proofs_of(sheet) == {0}
    written = path.read_bytes()
    xlsales("split", path)
    assert path.read_bytes() == written
    assert xlsales("undo", path).code == 0
    assert path.read_bytes() == before


@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_committed_counts_by_account_and_by_member(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Before any run and after one: a member's row has that of its lines, and each proof of the summary is 0."""
    rows: list[Row] = [
        {"account": "活动", "member": "华东", "amount": 12},
        {"account": "促销", "member": "华东", "amount": 20},
        {"account": "促销", "member": "华北", "amount": 10},
        {"account": "促销", "amount": 30},
        {"account": "差旅", "amount": 6},
    ]
    path = book(tmp_path / "plan.xlsx", xlsales, rows, lang, actuals=SALES)
    spent(path, [day("2026-03-05", "促销", 90_000, "华北"), day("2026-03-06", "", 5)], lang)
    xlsales("split", path)
    sheet, title = sheet_of(path), {"zh": "预算执行", "en": "Budget and spend"}[lang]
    typed_here = {"l:活动:区域:华东": 7_000, "l:促销:区域:华东": 30_000, "l:促销:区域:华北": 20_000, "l:差旅::": 900}
    for key, amount in typed_here.items():
        type_in(path, title, f"F{sheet.rows[key]}", amount)
    type_in(path, title, f"F{sheet.rows['l:促销::']}", "问老王")
    expected = {
        "g:区域:华东": (37_000, 283_000), "g:区域:华北": (20_000, -10_000), "g::": (900, 359_095),
        "a:促销": (50_000, 460_000), "total": (57_900, 632_095),
    }  # fmt: skip
    before = recalculated(path, tmp_path)[title]
    xlsales("refresh", path)
    after = sheet_of(path)
    for key, shown in expected.items():
        row = sheet.rows[key]
        assert [before[f"{letter}{row}"].value for letter in "FG"] == list(shown), key
        assert [after.value(key, column) for column in ("m03", "m04")] == list(shown), key
    assert {"zh": "红", "en": "red"}[lang] == after.value("g:区域:华北", "m10")
    rows_of_proofs = [row for key, row in sheet.rows.items() if key.startswith("proof:sum:")]
    assert {before[f"{letter}{row}"].value for row in rows_of_proofs for letter in "DEFG"} <= {0, None}
    assert [after.value("proof:sum:g", column) for column in ("m01", "m02", "m03", "m04")] == [0] * 4
    assert proofs_of(after) == {0}


@pytest.mark.libreoffice
@pytest.mark.parametrize(("found", "form"), [(-3.0, ""), (46_023.0, "yyyy-mm-dd"), (1e14, ""), (True, ""), (False, "")])
def test_a_refused_number_stays_a_number_and_does_not_count(
    xlsales: Command, tmp_path: Path, found: float, form: str
) -> None:
    """Neither in results nor in those of formulas; a cell that shows dates is told what to do, TRUE stays a logical."""
    path = book(tmp_path / "plan.xlsx", xlsales, BUDGETS, actuals=SALES)
    spent(path, [day("2026-01-05", "差旅", 20_000)])
    assert xlsales("split", path).code == 0
    sheet, title = sheet_of(path), "预算执行"
    at = f"F{sheet.rows['l:差旅::']}"
    _typed_as(path, title, at, found, form)
    type_in(path, title, f"F{sheet.rows['l:促销::']}", 7_000)
    for _ in range(2):  # a second run finds what the first one left
        ran = xlsales("refresh", path, "--verbose")
        told = next(line for line in ran.out.splitlines() if f"{title}!{at}:" in line)
        assert ("请把格式改成“常规”" in told) == bool(form)
    sheet, computed = sheet_of(path), recalculated(path, tmp_path)[title]
    kept = opened(path).book[title][at]
    assert kept.data_type == ("d" if form else "b" if isinstance(found, bool) else "n")
    assert form or kept.value == found
    for key, left in (("l:差旅::", 40_000), ("total", 893_000), ("g::", 773_000)):
        for column in ("m03", "m04"):
            cell = sheet.cell(key, column)
            assert (computed[cell.coordinate].value or None) == (cell.value or None)
        assert sheet.value(key, "m04") == left
    assert proofs_of(sheet) == {0}
    assert {computed[f"F{row}"].value for key, row in sheet.rows.items() if key.startswith("proof:sum:")} <= {0, None}


def _typed_as(path: Path, title: str, at: str, value: float, form: str) -> None:
    """Type a number into a cell, in the format of a day, or in that which it has."""
    if form:
        book = Book.open(path)
        part = book.sheet("支出")
        cell = book.cells(part).get((5, 2)) if part is not None else None
        assert cell is not None
        cell_xml(path, title, at, f'<c r="{at}" s="{cell.style}"><v>{value}</v></c>')
    elif isinstance(value, bool):
        cell_xml(path, title, at, f'<c r="{at}" t="b"><v>{int(value)}</v></c>')
    else:
        type_in(path, title, at, value)
