"""One rule tells when two names are one, in the dimensions table, locks, parents, history, actuals and returns."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import WAN, Command, fill_in, members, opened, paste, plan

pytestmark = pytest.mark.unit
DAY = dt.date(2026, 1, 5)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("产品A", "产品 A"),
        ("产品A", "产品Ａ"),
        ("甲\u200b店", "甲店"),
        ("（东）店", "(东)店"),
    ],
)
def test_members_that_cannot_be_told_apart(xlsales: Command, tmp_path: Path, one: str, other: str) -> None:
    """Two spellings of one name are refused with both cells' rows; renamed, as the sentence says, the plan is split."""
    book = plan(tmp_path / "计划.xlsx", dimensions=members({"产品": {one: 1, other: 2}}))
    ran = xlsales("split", book)
    assert ran.code == 2
    assert ran.sentences[0].startswith("维度!")
    assert "出现了两次" in ran.err or "只差全半角或空格" in ran.err
    book = plan(tmp_path / "改名.xlsx", dimensions=members({"产品": {one: 1, f"{other}二": 2}}))
    assert xlsales("split", book).code == 0


@pytest.mark.parametrize("column", ["member", "aliases"])
def test_aliases_that_cannot_be_told_apart(xlsales: Command, tmp_path: Path, column: str) -> None:
    """An alias of one member that is the name or the alias of another, but for a space."""
    rows: list[dict[str, object]] = [
        {"dimension": "产品", "member": "甲", "weight": 1, "aliases": "X 1"},
        {"dimension": "产品", "member": "乙", "weight": 1, column: "X1"},
    ]
    ran = xlsales("split", plan(tmp_path / "计划.xlsx", dimensions=rows))
    assert (ran.code, "“X1”和第 5 行的“X 1”只差全半角" in ran.err) == (2, True)


def test_members_that_differ_by_case(xlsales: Command, tmp_path: Path) -> None:
    """85123A and 85123a are told apart, in actuals, locks and history; a spelling that fits both is set aside."""
    rows: list[dict[str, object]] = [
        {"dimension": "产品", "member": name, "method": "reference"} for name in ("85123A", "85123a")
    ]
    history = [("日期", "产品", "金额"), (dt.date(2025, 3, 1), "85123A", 100), (dt.date(2025, 3, 1), "85123a", 300)]
    locks = [{"dimension": "产品", "member": "85123a", "period": "2026-03", "amount": 10}]
    book = plan(tmp_path / "计划.xlsx", dimensions=rows, history=history, tables={"xs_locks": locks})
    assert xlsales("split", book).code == 0
    sheet = opened(book).dimension("产品")
    assert sheet.value("m:85123a", "t:2026-03") == 10 * WAN
    assert sheet.value("m:85123a", "target") > 690 * WAN
    sales = [("日期", "产品", "金额"), (DAY, "85123A", 10 * WAN), (DAY, "８5123a", 20 * WAN), (DAY, "85123 a", WAN)]
    paste(book, sales)
    assert xlsales("refresh", book).code == 0
    assert opened(book).dimension("产品").down("actual", "m:.*") == [10 * WAN, 21 * WAN]


def test_parents_locks_history_and_actuals(xlsales: Command, tmp_path: Path) -> None:
    """However a name is spelled, it is the member of the dimensions table; two spellings of a dimension are one."""
    rows: list[dict[str, object]] = [
        {"dimension": "产品", "member": "Line A", "weight": 1},
        {"dimension": "产 品", "member": "A-1", "parent": "ＬＩＮＥ a", "method": "reference"},
        {"dimension": "产品", "member": "a-2", "parent": "line A", "method": "reference"},
    ]
    history = [("日期", "产品", "金额"), (dt.date(2025, 3, 1), "a-1", 100), (dt.date(2025, 6, 1), "Ａ－2", 300)]
    locks = [{"dimension": "产 品", "member": "a-1", "period": "2026-03", "amount": 10}]
    actuals = [("日期", "产品", "金额"), (DAY, "a - 1", 10 * WAN), (DAY, "A-2", 20 * WAN)]
    book = plan(
        tmp_path / "计划.xlsx",
        dimensions=rows,
        history=history,
        tables={"xs_locks": locks},
        actuals=actuals,
        month_method="equal",
    )
    ran = xlsales("split", book, "--json")
    assert (ran.code, ran.json["problems"]) == (0, []), ran
    sheet = opened(book).dimension("产品")
    assert sheet.value("m:A-1", "t:2026-03") == 10 * WAN
    assert sheet.value("m:A-1", "target") == pytest.approx(250 * WAN, rel=0.05)
    assert [sheet.value(f"m:{name}", "actual") for name in ("A-1", "a-2")] == [10 * WAN, 20 * WAN]


@pytest.mark.parametrize(
    ("names", "typed", "expected"),
    [
        (["7", "8"], ["007", "8.0", 7], [2, 1]),
        (["007", "101"], [7, "101.0", "7"], [2, 1]),
        (["7", "007"], ["7", "007", 7], [2, 1]),
    ],
)
def test_codes_of_figures(
    xlsales: Command, tmp_path: Path, names: list[str], typed: list[object], expected: list[int]
) -> None:
    """A code that lost its zeros, or got a decimal, is still the member; 7 and 007 are told apart where both are."""
    rows = [{"dimension": "门店", "member": name, "weight": 1} for name in names]
    book = plan(tmp_path / "计划.xlsx", dimensions=rows)
    assert xlsales("split", book).code == 0
    paste(book, [("日期", "门店", "金额"), *((DAY, code, (1 + i / 10) * WAN) for i, code in enumerate(typed))])
    ran = xlsales("refresh", book, "--json")
    assert ran.json["problems"] == []
    sheet = opened(book).dimension("门店")
    found = [sheet.value(f"m:{name}", "actual") for name in names]
    assert [int(amount / WAN) for amount in found] == expected
    assert sum(found) == pytest.approx(3.3 * WAN)


def test_a_city_named_like_its_province(xlsales: Command, tmp_path: Path) -> None:
    """北京 below 北京: the sentence's two ways out both work, and its sales are counted."""
    rows: list[dict[str, object]] = [
        {"dimension": "区域", "member": "北京", "weight": 1},
        {"dimension": "区域", "member": "北京", "parent": "北京", "weight": 1},
        {"dimension": "区域", "member": "吉林", "weight": 1},
        {"dimension": "区域", "member": "吉林", "parent": "吉林", "weight": 1},
        {"dimension": "区域", "member": "长春", "parent": "吉林", "weight": 1},
    ]
    ran = xlsales("split", plan(tmp_path / "计划.xlsx", dimensions=rows))
    assert ran.code == 2
    assert len(ran.sentences) == 2
    for name, sentence in zip(("北京", "吉林"), ran.sentences, strict=True):
        assert f"“{name}”和上级同名" in sentence
    rows[3] |= {"member": "吉林市", "aliases": "吉林"}
    del rows[1]
    sales = [("日期", "区域", "金额"), (DAY, "北京", WAN), (DAY, "吉林", 2 * WAN), (DAY, "长春", 4 * WAN)]
    book = plan(tmp_path / "改好.xlsx", dimensions=rows, actuals=sales)
    ran = xlsales("split", book, "--json")
    assert (ran.code, ran.json["actual"]) == (0, 7 * WAN)
    sheet = opened(book).dimension("区域")
    assert [sheet.value(f"m:{name}", "actual") for name in ("北京", "吉林", "吉林市", "长春")] == [
        WAN, 6 * WAN, 2 * WAN, 4 * WAN,
    ]  # fmt: skip


def test_a_letter_of_a_plan_without_a_name(xlsales: Command, tmp_path: Path) -> None:
    """No empty quotation marks, no separator in front of nothing."""
    book = plan(tmp_path / "计划.xlsx", dimensions=members({"门店": {"甲店": 1, "乙店": 2}}))
    assert xlsales("split", book).code == 0
    assert xlsales("handout", book, tmp_path / "下发").code == 0
    (file,) = (tmp_path / "下发").rglob("甲店.xlsx")
    texts = [
        cell.value
        for sheet in opened(file).book.worksheets
        for row in sheet.iter_rows(max_row=8)
        for cell in row
        if isinstance(cell.value, str)
    ]
    assert any(text.startswith("甲店承担 2026-01-01 至 2026-12-31") for text in texts)
    assert not [text for text in texts if "“”" in text or text.startswith("  ·")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_excel_cannot_tell_apart_is_told(xlsales: Command, tmp_path: Path, lang: str) -> None:
    """Members apart by case are two, and that Excel's lookups take them for one is a remark; without one it is gone."""
    rows = [{"dimension": "产品", "member": name, "weight": 1} for name in ("85123A", "85123a", "85124")]
    book = plan(tmp_path / "计划.xlsx", lang=lang, total=900, dimensions=rows)
    said = {"zh": "VLOOKUP、SUMIFS 不分大小写", "en": "VLOOKUP or SUMIFS ignore case"}[lang]
    for command in ("check", "split"):
        ran = xlsales(command, book)
        assert (ran.code, ran.err) == (0, "")
        (line,) = [line for line in ran.out.splitlines() if said in line]
        assert line.startswith(("维度!C6: ", "Dimensions!C6: "))
    assert opened(book).dimension("产品").value("m:85123a", "target") == 300 * WAN
    fill_in(book, "xs_dimensions", 1, dimension=None, member=None, weight=None)
    ran = xlsales("split", book)
    assert (ran.code, said in ran.out) == (0, False)
    assert opened(book).dimension("产品").value("m:85123A", "target") == 450 * WAN
