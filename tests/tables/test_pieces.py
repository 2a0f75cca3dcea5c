"""In a plan in pieces quantities count: no money, no product of both, no unit of money; where all is money it asks."""
# ruff: noqa: E501 - tables of examples

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.tables.tables import REGION, read, write
from xlsales.tables.columns.across import MeasureInDoubt
from xlsales.tables.columns.column_faults import ColumnInDoubt, ColumnMissing, PiecesMissing
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.tables.words.units import UnitUnknown

pytestmark = pytest.mark.unit
D = dt.date(2026, 3, 8)
E = dt.date(2026, 3, 9)
X = None


@pytest.mark.parametrize(
    ("rows", "pieces"),
    [
        ([("日期", "数量", "销售额"), (D, 2, 500), (E, 3, 700)], 5),
        ([("日期", "数量", "成交价"), (D, 2, 500), (E, 3, 700)], 5),
        ([("日期", "单价", "销量", "金额"), (D, 3.5, 2, 7), (E, 4, -1, -4)], 1),
        ([("日期", "件数"), (D, 2), (E, 3)], 5),
        ([("交车日期", "台数", "成交价"), (D, 1, 98000), (E, 1, 105000)], 2),
        ([("日期", "销售台数(台)", "销售金额(万元)"), (D, 1, 9.8), (E, 4, 10.5)], 5),
        ([("日期", "交车数", "成交价"), (D, 1, 98000), (E, 1, 105000)], 2),
        ([("日期", "车架号", "辆数"), (D, "LSV1", 1), (E, "LSV2", 1)], 2),
        ([("Order Date", "Qty", "Unit price", "Sales"), (D, 2, 5, 10), (E, 3, 5, 15)], 5),
        ([("Date", "Units", "Net revenue"), (D, 2, 50), (E, 3, 70)], 5),
        ([("单位:万元", X, X), ("日期", "数量", "金额"), (D, 2, 0.5), (E, 3, 0.7)], 5),
        ([("2026年销售统计(千元)", X, X), ("日期", "销售额", "销量"), (D, 2, 5), (E, 3, 7)], 12),
        ([("日期", "实际"), (D, 2), (E, 3)], 5),
        ([("日期", "目标", "实际"), (D, 9, 2), (E, 9, 3)], 5),
        ([("区域", "1月", "2月"), ("上海", 2, 3), ("北京", 4, 5)], 14),
        ([("区域", "1月", X, "2月", X), (X, "数量", "金额", "数量", "金额"), ("上海", 2, 200, 3, 300), ("北京", 4, 400, 5, 500)], 14),
        ([("区域", "1月销售额", "1月销量", "2月销售额", "2月销量"), ("上海", 200, 2, 300, 3), ("北京", 400, 4, 500, 5)], 14),
        ([("区域", "1月目标", "1月实际", "2月目标", "2月实际"), ("上海", 9, 2, 9, 3)], 5),
        ([("日期", "上海", "北京"), (D, 2, 3), (E, 4, 5)], 14),
        ([("日期", "数量(万件)"), (D, 2), (E, 3)], 50_000),
        ([("日期", "销量(千)"), (D, 2), (E, 3)], 5_000),
        ([("日期", "销量(千克)"), (D, 2), (E, 3)], 5),
        ([("Date", "Qty (kg)"), (D, 2), (E, 3)], 5),
        ([("Date", "Qty (thousand pieces)"), (D, 2), (E, 3)], 5_000),
        ([("单位:千件", X), ("日期", "数量"), (D, 2), (E, 3)], 5_000),
        ([("单位:件", X), ("日期", "数量"), (D, 2), (E, 3)], 5),
        ([("日期", "数量", "币种"), (D, 2, "USD"), (E, 3, "CNY")], 5),
    ],
)  # fmt: skip
def test_quantities_count_in_a_plan_in_pieces(tmp_path: Path, rows, pieces) -> None:
    records = read(write(tmp_path / "t.xlsx", rows), REGION, pieces=True)
    assert records.accepted_micros == records.found_micros == pieces * 10**6
    assert not any("元" in problem.fault.say("zh") for problem in records.problems)


@pytest.mark.parametrize(
    ("rows", "fault", "mapping", "pieces"),
    [
        ([("日期", "销售额"), (D, 5), (E, 7)], PiecesMissing, "销售额", 12),
        ([("日期", "金额"), (D, 5), (E, 7)], PiecesMissing, "金额", 12),
        ([("日期", "订单号", "成交价"), (D, 71, 5), (E, 72, 7)], PiecesMissing, "成交价", 12),
        ([("日期", "数量(USD)"), (D, 5), (E, 7)], PiecesMissing, "数量(USD)", 12),
        ([("Date", "Revenue"), (D, 5), (E, 7)], PiecesMissing, "Revenue", 12),
        ([("日期", "交付", "成交价"), (D, 1, 5), (E, 2, 7)], ColumnMissing, "交付", 3),
        ([("日期", "数量", "件数", "金额"), (D, 1, 2, 5), (E, 3, 4, 7)], ColumnInDoubt, "件数", 6),
        ([("区域", "1月金额", "2月金额"), ("上海", 2, 3)], MeasureInDoubt, "金额", 5),
        ([("区域", "1月", X, "2月", X), (X, "数量", "订单数", "数量", "订单数"), ("上海", 5, 1, 6, 1)], MeasureInDoubt, "数量", 11),
    ],
)  # fmt: skip
def test_what_is_money_or_in_doubt_is_asked_about_and_the_answer_counts(
    tmp_path: Path, rows, fault, mapping, pieces
) -> None:
    path = write(tmp_path / "t.xlsx", rows)
    with pytest.raises(fault) as asked:
        read(path, REGION, pieces=True)
    for lang in ("zh", "en"):
        assert mapping in asked.value.say(lang)
    assert read(path, REGION, pieces=True, mapping={"金额": mapping}).accepted_micros == pieces * 10**6


@pytest.mark.parametrize(
    ("entry", "pieces"),
    [("千元", 5_000), ("万件", 50_000), ("百万件", 5_000_000), ("thousand pieces", 5_000), ("件", 5)],
)
def test_column_mapping_gives_the_unit_of_pieces(tmp_path: Path, entry: str, pieces: int) -> None:
    path = write(tmp_path / "t.xlsx", [("日期", "数量"), (D, 2), (E, 3)])
    records = read(path, REGION, pieces=True, rules=[MappingRule("unit", None, entry)])
    assert records.accepted_micros == pieces * 10**6
    assert not any("元" in problem.fault.say("zh") for problem in records.problems)


def test_a_unit_of_pieces_that_is_not_understood_is_asked_for_in_pieces(tmp_path: Path) -> None:
    path = write(tmp_path / "t.xlsx", [("日期", "数量"), (D, 2), (E, 3)])
    with pytest.raises(UnitUnknown) as asked:
        read(path, REGION, pieces=True, rules=[MappingRule("unit", None, "大包")])
    assert "认不出是多少件。请在“列对应”里填写:字段 单位,值 千件" in asked.value.say("zh")
    assert "value thousand pieces (or pieces" in asked.value.say("en")


def test_collected_rows_are_in_pieces_below_the_name_of_the_field(tmp_path: Path) -> None:
    rows = [("日期", "区域", "金额", "回收来源"), (D, "上海", 5, "上海 ← a.xlsx"), (E, "北京", 7, X)]
    assert read(write(tmp_path / "t.xlsx", rows), REGION, pieces=True).accepted_micros == 12 * 10**6


def test_a_plan_in_money_goes_on_multiplying(tmp_path: Path) -> None:
    rows = [("日期", "台数", "单价"), (D, 2, 500), (E, 3, 700)]
    assert read(write(tmp_path / "t.xlsx", rows), REGION).accepted_micros == 3100 * 10**6
