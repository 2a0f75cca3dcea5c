"""Columns that go against the amounts, and rows of orders that came to nothing."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from tests.tables.tables import dimension, read, write
from xlsales.tables.reading import Records
from xlsales.tables.words.mapping_rules import RuleIncomplete, mapping_rule

pytestmark = pytest.mark.unit
STORE = dimension("门店", ["一店"])
A, B, C = dt.date(2026, 1, 5), dt.date(2026, 1, 6), dt.date(2026, 1, 7)
MILLION = 10**6


def _said(records: Records, lang: str = "zh") -> str:
    return " ".join(problem.fault.say(lang) for problem in records.problems)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "against"),
    [
        ("收入", "支出"),
        ("收入金额", "支出金额"),
        ("销售额", "退货额"),
        ("实付金额", "退款金额"),
        ("贷方金额", "借方金额"),
        ("Income", "Expense"),
        ("Sales", "Refund Amount"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_remedies_work(tmp_path: Path, amount: str, against: str, lang: str) -> None:
    """Untold, nothing is taken off and it is said; taken off or left out as the sentence says, it is said no more."""
    rows = [["日期", "门店", amount, against], [A, "一店", 100, None], [B, "一店", None, 30], [C, "一店", 50, 5]]
    path = write(tmp_path / "t.xlsx", rows)
    mapping = {"amount": amount}
    records = read(path, STORE, mapping=mapping)
    assert (records.accepted_micros, records.rows_set_aside) == (150 * MILLION, 1)
    assert len(records.problems) == 2
    remedy = r"字段 (减去),表头 (.+?);" if lang == "zh" else r"field (subtract) and header (.+?);"
    found = re.search(remedy, _said(records, lang))
    assert found
    assert found[2] == against
    told = mapping_rule(found[1], found[2], None, None)
    assert told is not None
    records = read(path, STORE, mapping=mapping, rules=[told])
    assert (records.accepted_micros, records.rows_set_aside, records.problems) == (115 * MILLION, 0, ())
    told = mapping_rule("忽略" if lang == "zh" else "ignore", against, None, None)
    assert told is not None
    records = read(path, STORE, mapping=mapping, rules=[told])
    assert records.accepted_micros == 150 * MILLION
    assert all(problem.fault.remark for problem in records.problems)


def test_zeros_below_zero_and_units(tmp_path: Path) -> None:
    """Zeros tell nothing; figures below zero are taken off all the same, in the unit of the amounts."""
    told = [mapping_rule("减去", "支出", None, None)]
    rows = [["日期", "门店", "收入(万元)", "支出"], [A, "一店", 3, 0], [B, "一店", 0, 0]]
    assert "支出" not in _said(read(write(tmp_path / "t.xlsx", rows), STORE))
    rows[2][3] = -1
    assert read(write(tmp_path / "t.xlsx", rows), STORE, rules=told).accepted_micros == 20_000 * MILLION


@pytest.mark.parametrize("header", ["退货率", "退货数量", "退款状态", "支出备注", "Return Date"])
def test_other_columns_tell_nothing(tmp_path: Path, header: str) -> None:
    """Rates, pieces and dates are no money."""
    rows = [["日期", "门店", "销售额", header], [A, "一店", 100, 3], [B, "一店", 50, 2]]
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert (records.accepted_micros, records.problems) == (150 * MILLION, ())


def test_subtract_needs_a_header() -> None:
    """A row of Column mapping without it is told."""
    with pytest.raises(RuleIncomplete):
        mapping_rule("减去", None, None, None)


@pytest.mark.parametrize("status", ["交易关闭", "已取消", "等待买家付款", "待付款", "Cancelled", "Unpaid"])
@pytest.mark.parametrize("amount", [0, 30])
def test_orders_that_came_to_nothing(tmp_path: Path, status: str, amount: int) -> None:
    """A closed or unpaid order without a date of payment is nothing to look at."""
    rows = [["付款时间", "门店", "订单状态", "实付金额"], [A, "一店", "交易成功", 100], [None, "一店", status, amount]]
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert (records.accepted_micros, records.set_aside_micros) == (100 * MILLION, amount * MILLION)
    (problem,) = records.problems
    assert problem.fault.remark
    assert f"“{status}”的 1 行" in problem.fault.say("zh")


def test_rows_without_a_date(tmp_path: Path) -> None:
    """Zero is normal; an amount of a sale is asked for its date."""
    rows: list[list[object]] = [["日期", "门店", "订单状态", "金额"], [A, "一店", None, 1]]
    rows += [[None, "一店", None, 0], [None, "一店", "交易成功", 7]]
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert sorted(problem.fault.remark for problem in records.problems) == [False, True]
    assert "没有日期。请补上" in _said(records)
    assert records.set_aside_micros == 7 * MILLION


def test_refunds_beside_amounts_are_normal(tmp_path: Path) -> None:
    """Of figures beside filled amounts nobody knows whether they are off already: exports have them every day."""
    rows: list[list[object]] = [["日期", "门店", "实付金额", "退款金额"], [A, "一店", 100, 30], [B, "一店", 50, 0]]
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert (records.accepted_micros, records.problems) == (150 * MILLION, ())
    rows[2][2:] = [0, 5]
    (problem,) = read(write(tmp_path / "t.xlsx", rows), STORE).problems
    assert "“退款金额”列有 2 行有数,合计 35.00" in problem.fault.say("zh")
