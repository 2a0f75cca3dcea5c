"""Exports of ledgers, shops and tills, with sums that were added up beforehand."""

# ruff: noqa: E501 - tables as they come
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.tables.tables import dimension, read, write
from xlsales.tables.columns.column_faults import ColumnMissing
from xlsales.tables.words.mapping_rules import MappingRule

pytestmark = pytest.mark.unit
STORE = dimension("门店", ["徐汇店", "天河店"])
MILLION = 10**6
Rows = Sequence[Sequence[object]]

TABLES: dict[str, tuple[Rows, float]] = {
    "SAP billing documents, German decimals, minus behind": ([
        ["凭证清单"], ["出具发票凭证", "开票日期", "售达方", "净价值", "货币", "门店"], ["90000001", "05.01.2026", "C001", "12.345,60", "CNY", "徐汇店"],
        ["90000002", "25.01.2026", "C002", "1.000,00", "CNY", "天河店"], ["90000003", "26.01.2026", "C002", "500,00-", "CNY", "天河店"],
    ], 12_845.6),
    "SAP, posting periods across": ([
        ["门店", "001.2026", "002.2026", "003.2026", "总计结果"], ["徐汇店", "1.000,00", "2.000,00", "500,00-", "2.500,00"],
        ["天河店", "100,00", "200,00", "300,00", "600,00"], ["总计结果", "1.100,00", "2.200,00", "200,00-", "3.100,00"],
    ], 3100),
    "Kingdee, deliveries with a range of months above": ([
        ["销售出库单序时簿"], ["期间:2026年1月 至 2026年3月"], ["日期", "单据编号", "门店", "实发数量", "销售单价", "销售金额", "红蓝字"],
        ["2026-01-05", "XOUT001", "徐汇店", 2, 50, 100, "蓝字"], ["2026-02-06", "XOUT003", "天河店", -1, 80, -80, "红字"],
        ["2026-03-01", "XOUT004", "徐汇店", 1, 90, 90, "蓝字"], ["合计", None, None, 2, None, 110, None],
    ], 110),
    "a till's day sheet, marks for nothing, stores across": ([
        ["2026年1月销售日报(单位:元)"], ["日期", "徐汇店", "天河店", "合计"], ["1.5", "1,200", "800", "2,000"], ["1.10", "0.5万", "—", "0.5万"],
        ["1.25", "300", "200", "500"], ["1.30", "/", "——", "-"],
    ], 7500),
    "dollars of a shop abroad, beside yuan": ([
        ["订单日期", "门店", "实付金额"], ["2026-01-05", "徐汇店", "US$1,029.99"], ["2026-01-06", "天河店", "-$29.99"], ["2026-01-07", "天河店", "¥50.00"],
    ], 7050),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_sums(tmp_path: Path, name: str) -> None:
    """Each comes to the sum that was added up beforehand."""
    rows, yuan = TABLES[name]
    records = read(write(tmp_path / "t.xlsx", rows), STORE, rules=[MappingRule("rate", None, "USD", 7.0)])
    assert records.accepted_micros == round(yuan * MILLION)


def test_a_closed_claim_is_a_sale(tmp_path: Path) -> None:
    """售后关闭 says that nothing was given back; 退款成功 is asked about."""
    rows = [
        ["支付时间", "门店", "订单实付金额", "售后状态"],
        ["2026-01-05", "徐汇店", 5, "-"],
        ["2026-01-05", "徐汇店", 6, "售后关闭"],
    ]
    path = write(tmp_path / "t.xlsx", rows)
    assert read(path, STORE).problems == ()
    (problem,) = read(write(tmp_path / "u.xlsx", [*rows, ["2026-01-06", "天河店", 7, "退款成功"]]), STORE).problems
    assert problem.count == 1


def test_a_total_is_not_offered_beside_its_parts(tmp_path: Path) -> None:
    """Of columns that may be the amount, that of their sum is none to add up with them."""
    path = write(
        tmp_path / "t.xlsx", [["日期", "早班", "晚班", "合计"], ["2026-01-05", 5, 6, 11], ["2026-01-06", 7, 8, 15]]
    )
    with pytest.raises(ColumnMissing) as raised:
        read(path, STORE, mapping={})
    assert "表头 早班 / 晚班;" in raised.value.say("zh")
