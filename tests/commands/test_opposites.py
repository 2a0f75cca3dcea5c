"""Two columns of which the one takes off the other are never offered to be added up; the remedy subtracts."""

# ruff: noqa: E501 - tables of examples
from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from tests.commands.books import Command, members, plan

pytestmark = pytest.mark.unit
D = dt.date(2026, 3, 8)
ZH = re.compile(r"字段 (\S+?),表头 ([^;。]+?)(?:\([^)]*\))?(?=[;。])")
EN = re.compile(r"field (amount|subtract) and header ([^;.]+?)(?: \([^)]*\))?(?=[;.])")

PAIRS = [
    ("贷方", "借方"), ("Credit", "Debit"), ("贷方金额", "借方金额"), ("本期贷方发生额", "本期借方发生额"), ("Cr", "Dr"), ("贷", "借"),
    ("收", "支"), ("收入金额", "支出金额"), ("流入", "流出"), ("进账", "出账"), ("入账", "出账"), ("收款", "付款"), ("应收", "退款"),
    ("应收款", "退款"), ("实收", "应退"), ("销售", "退货"), ("正向金额", "负向金额"), ("Money In", "Money Out"), ("Paid In", "Paid Out"),
    ("存入", "支取"), ("Deposits", "Withdrawals"), ("Gross", "Refunds"), ("Charges", "Refunds"), ("转入金额", "转出金额"), ("增加", "减少"),
]  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("plus", "minus"), PAIRS)
def test_the_difference(xlsales: Command, tmp_path: Path, plus: str, minus: str, lang: str) -> None:
    """Either they are asked about, with two rows to enter; or the one is the amount and the other is asked about."""
    rows = [("日期", minus, plus), (D, None, 10), (D, 3, None), (D, 1, 5)]
    made = {"lang": lang, "dimensions": members({"区域": {"华东": 1}}), "actuals": rows}
    ran = xlsales("split", plan(tmp_path / "a.xlsx", **made), "--verbose")
    said = ran.out + ran.err
    assert "计入,表头" not in said
    assert "field include" not in said
    found = (ZH if lang == "zh" else EN).findall(said)[:2]
    ways = {"金额": "amount", "amount": "amount", "减去": "subtract", "subtract": "subtract"}
    answers = {ways[field]: header for field, header in found if field in ways}
    assert answers.get("amount", plus) == plus or ran.code == 1
    assert answers["subtract"] == minus
    table: list[dict[str, object]] = [{"field": field, "header": header} for field, header in answers.items()]
    ran = xlsales("split", plan(tmp_path / "b.xlsx", tables={"xs_mapping": table}, **made), "--json")
    assert ran.json["actual"] == 11


@pytest.mark.parametrize("headers", [("含税", "不含税"), ("期初", "期末"), ("折前", "折后")])
def test_two_of_one_figure(xlsales: Command, tmp_path: Path, headers: tuple[str, str]) -> None:
    """One of them is the amount; both together are not offered."""
    made = {"dimensions": members({"区域": {"华东": 1}}), "actuals": [("日期", *headers), (D, 11, 10)]}
    ran = xlsales("split", plan(tmp_path / "a.xlsx", **made))
    assert "字段 金额,表头" in ran.err
    assert "计入" not in ran.err
    assert "减去" not in ran.err


@pytest.mark.parametrize("headers", [("线上", "线下"), ("早班", "晚班")])
def test_parts_may_be_added_up(xlsales: Command, tmp_path: Path, headers: tuple[str, str]) -> None:
    """Where the columns are parts of the amount, adding up is offered as ever."""
    made = {"dimensions": members({"区域": {"华东": 1}}), "actuals": [("日期", *headers), (D, 11, 10)]}
    assert "几列相加才是金额的" in xlsales("split", plan(tmp_path / "a.xlsx", **made)).err


@pytest.mark.parametrize(
    ("figures", "actual", "told"), [((3, 4), 13, False), ((-3, -4), 13, False), ((3, -4), 21, True)]
)
def test_reversals_in_what_is_taken_off(
    xlsales: Command, tmp_path: Path, figures: tuple[int, int], actual: int, told: bool
) -> None:
    """A column may write all it takes off below zero; beside figures above zero, those below take back, and it is told."""
    rows = [("日期", "贷方", "借方"), (D, 10, figures[0]), (D, 10, figures[1])]
    table: list[dict[str, object]] = [{"field": "金额", "header": "贷方"}, {"field": "减去", "header": "借方"}]
    made = {"dimensions": members({"区域": {"华东": 1}}), "actuals": rows, "tables": {"xs_mapping": table}}
    ran = xlsales("split", plan(tmp_path / "a.xlsx", **made), "--json")
    assert ran.json["actual"] == actual
    assert any("当作冲回" in problem["sentence"] for problem in ran.json["problems"]) is told
