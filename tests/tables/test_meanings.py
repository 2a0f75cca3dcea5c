"""Columns that change what an amount means: told, or warned about where it matters."""
# ruff: noqa: E501 - tables of examples

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.tables.tables import read, write
from xlsales.tables import reasons
from xlsales.tables.rows.meanings import (
    CurrencyUntold,
    Excluded,
    NoSales,
    SignsMixed,
    SignUntold,
    StatusUntold,
    UnitUntold,
)
from xlsales.tables.words.mapping_rules import MappingRule, RuleIncomplete, mapping_rule

pytestmark = pytest.mark.unit
DAY = dt.date(2026, 3, 8)
SIGN, STATUS, CURRENCY = SignUntold, StatusUntold, CurrencyUntold


def table(path: Path, header: str, rows: list[tuple[object, float]]) -> Path:
    return write(path / "t.xlsx", [["日期", header, "销售额"], *([DAY, value, amount] for value, amount in rows)])


CASES = [
    ("业务类型", "销售", "退货", SIGN), ("业务类型", "普通销售", "销售退回", SIGN), ("收/支", "收入", "支出", SIGN),
    ("收支类型", "收", "支", SIGN), ("借贷", "H", "S", SIGN), ("借贷方向", "贷", "借", SIGN), ("D/C", "C", "D", SIGN),
    ("单据类型", "蓝字", "红字", SIGN), ("单据类型", "销售出库单", "红字销售出库单", SIGN), ("Type", "Sale", "Refund", SIGN),
    ("Event Type", "Payment", "Refund", SIGN), ("Document Type", "Invoice", "Credit Memo", SIGN), ("类型", "销售", "换货退回", SIGN),
    ("类型", "S", "R", SIGN), ("类型", "S", "T", SIGN), ("单据类型", "XS", "XSTH", SIGN), ("Type", "SA", "RTN", SIGN), ("Document type", "INV", "RMA", SIGN),
    ("红字", None, "是", SIGN), ("备注", None, "退货", SIGN), ("备注", "好评", "作废", STATUS), ("是否退货", "否", "是", SIGN), ("Returned", "No", "Yes", SIGN), ("退货标志", None, "X", SIGN),
    ("交易状态", "交易成功", "交易关闭", STATUS), ("订单状态", "已完成", "已取消", STATUS), ("订单状态", "已发货", "等待买家付款", STATUS),
    ("状态", "正常", "作废", STATUS), ("是否作废", "否", "是", STATUS), ("是否作废", None, "是", STATUS), ("Status", "Completed", "Cancelled", STATUS),
    ("Financial Status", "paid", "refunded", STATUS), ("order_status", "Shipped", "Canceled", STATUS), ("支付状态", "已支付", "未支付", STATUS),
    ("退款状态", "没有申请退款", "退款成功", STATUS), ("售后状态", "-", "已全额退款", STATUS), ("审核状态", "已审核", "未审核", STATUS),
    ("Stage", "Closed Won", "Closed Lost", STATUS), ("Stage", "Closed Won", "Prospecting", STATUS), ("是否有效", "是", "否", STATUS),
    ("币种", "CNY", "USD", CURRENCY), ("币别", "人民币", "美元", CURRENCY), ("Currency", "RMB", "EUR", CURRENCY), ("货币", None, "HKD", CURRENCY),
]  # fmt: skip


@pytest.mark.parametrize(("header", "good", "odd", "fault"), CASES)
def test_a_value_that_may_be_no_sale_is_asked_about(
    tmp_path: Path, header: str, good: object, odd: str, fault: type[SignUntold | StatusUntold | CurrencyUntold]
) -> None:
    """Value, rows and amount are told, with the remedy; the remedy, followed to the letter, works and ends the question."""
    path = table(tmp_path, header, [(good, 300), (odd, 50), (good, 100), (odd, 20)])
    records = read(path)
    (problem,) = records.problems
    assert type(problem.fault) is fault
    assert (problem.value, problem.count, problem.amount_micros, problem.set_aside) == (odd, 2, 70 * 10**6, False)
    assert (str(problem.place), records.accepted_micros) == ("实际!B3", 470 * 10**6)
    sentence = problem.say("zh")
    assert f"“{odd}”2 行 70.00" in sentence
    assert "400.00" in sentence
    if fault is CURRENCY:
        assert f"字段 汇率,表头 {header},值 {odd}" in sentence
        told, left = MappingRule("rate", header, odd, 7.0), 400 + 70 * 7
    else:
        field = "符号" if fault is SIGN else "排除"
        assert f"字段 {field},表头 {header},值 {odd}" in sentence
        meant = mapping_rule(field, header, odd, None)
        assert meant is not None
        told, left = meant, 330 if fault is SIGN else 400
    records = read(path, rules=[told])
    assert records.accepted_micros == left * 10**6
    assert [type(p.fault) for p in records.problems] == ([Excluded] if fault is STATUS else [])
    assert records.rows_set_aside == (2 if fault is STATUS else 0)
    kept = mapping_rule("计入", header, odd, None)
    assert kept is not None
    if fault is not CURRENCY:
        assert "字段填 计入" in sentence
        assert (read(path, rules=[kept]).problems, read(path, rules=[kept]).accepted_micros) == ((), 470 * 10**6)


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("业务类型", [("销售", 300), ("退货", -50)]),
        ("业务类型", [("零售", 300), ("批发", 50)]),
        ("业务类型", [("退货", 50), ("退货", 60)]),
        ("收/支", [("收入", 300), ("支出", -50)]),
        ("借贷", [("H", 300), ("S", -50)]),
        ("交易状态", [("交易成功", 300), ("已发货", 50), ("已签收", 5)]),
        ("订单状态", [("已完成", 300), ("已取消", 0)]),
        ("Financial Status", [("paid", 300), ("partially_paid", 50)]),
        ("退款状态", [("无退款", 300), ("未退款", 50), ("退款关闭", 5)]),
        ("是否作废", [("否", 300), ("否", 50)]),
        ("Currency", [("CNY", 300), ("RMB", 50), ("人民币", 5), ("￥", 5)]),
        ("Stage", [("Closed Won", 300), ("成交", 50)]),
        ("备注", [("退货已处理,换新", 300), ("好", 50)]),
        ("Cancelled", [("No", 300), ("FALSE", 50)]),
    ],
)
def test_no_alarm_on_good_data(tmp_path: Path, header: str, rows: list[tuple[object, float]]) -> None:
    """One value, amounts that carry the sign, zero amounts and words of a sale are no question."""
    assert read(table(tmp_path, header, rows)).problems == ()


def test_a_single_foreign_currency_is_asked_about(tmp_path: Path) -> None:
    """All rows in USD are not yuan either."""
    path = table(tmp_path, "币种", [("USD", 300), ("USD", 50)])
    assert [type(p.fault) for p in read(path).problems] == [CurrencyUntold]
    assert read(path, rules=[MappingRule("rate", None, "美元", 7.1)]).accepted_micros == 2485 * 10**6


def test_returns_below_zero_stay_below(tmp_path: Path) -> None:
    """A return that is negative already is not made positive; a mixture is told."""
    told = [MappingRule("sign", "业务类型", "退货")]
    path = table(tmp_path, "业务类型", [("销售", 300), ("退货", -50)])
    assert (read(path, rules=told).accepted_micros, read(path, rules=told).problems) == (250 * 10**6, ())
    path = table(tmp_path, "业务类型", [("销售", 300), ("退货", -50), ("退货", 20)])
    records = read(path, rules=told)
    assert records.accepted_micros == 230 * 10**6
    assert [(type(p.fault), p.count) for p in records.problems] == [(SignsMixed, 1)]


def test_several_rules_at_once(tmp_path: Path) -> None:
    """A closed order in dollars is excluded with its amount in yuan; the account closes (checked by `read`)."""
    rows = [["日期", "类型", "状态", "币种", "销售额"], [DAY, "销售", "成功", "CNY", 100], [DAY, "退货", "成功", "USD", 10],
            [DAY, "销售", "关闭", "USD", 20], [DAY, "销售", "成功", "EUR", 1]]  # fmt: skip
    told = [MappingRule("sign", "类型", "退货"), MappingRule("exclude", "状态", "关闭"), MappingRule("rate", "币种", "USD", 7.1),
            MappingRule("rate", "币种", "EUR", 8.0)]  # fmt: skip
    records = read(write(tmp_path / "t.xlsx", rows), rules=told)
    assert records.accepted_micros == ((100 - 71 + 8) * 10**6)
    (problem,) = records.problems
    assert (type(problem.fault), problem.amount_micros) == (Excluded, 142 * 10**6)


@pytest.mark.parametrize(
    "row", [("符号", "业务类型", None, None), ("exclude", None, "x", None), ("汇率", "币种", "USD", None), ("单位", None, None, None),
            ("rate", None, "USD", -1.0), ("日期", None, None, None), ("include", None, None, None)],
)  # fmt: skip
def test_a_rule_that_lacks_something_is_told(row: tuple[str, str | None, str | None, float | None]) -> None:
    """What is missing is named, with an example."""
    with pytest.raises(RuleIncomplete) as caught:
        mapping_rule(*row)
    assert "例如" in caught.value.say("zh")


def test_a_column_of_a_dimension_is_no_question(tmp_path: Path) -> None:
    """业务类型 whose values are members of the plan serves the plan."""
    from tests.tables.tables import dimension

    path = table(tmp_path, "业务类型", [("销售", 300), ("退货", 50)])
    assert read(path, dimension("渠道", ["销售", "退货"])).problems == ()


FIGURES = [
    ("实际", "目标"), ("销售额", "销售目标"), ("Actual", "Budget"), ("金额", "数量"), ("本期", "去年同期"), ("今年", "去年"),
    ("销售额(元)", "销量(件)"), ("成交金额", "订单数"), ("完成数", "计划数"), ("TY", "LY"), ("销售额", "毛利"), ("Sales", "Var"),
    ("实际完成", "任务"), ("营业额", "客流"),
]  # fmt: skip


@pytest.mark.parametrize("values", FIGURES, ids="/".join)
@pytest.mark.parametrize("header", ["指标", "项目", "类型", "数据", "分类", None])
def test_rows_of_targets_beside_actuals(tmp_path: Path, values: tuple[str, str], header: str | None) -> None:
    """A column that says which figure a row holds, whatever its header: only rows of sales count, as with columns."""
    rows = [["区域", header, "1月", "2月"], ["上海", values[0], 1, 2], ["上海", values[1], 9, 9]]
    path = write(tmp_path / "t.xlsx", rows)
    records = read(path)
    (problem,) = [p for p in records.problems if isinstance(p.fault, NoSales)]
    assert (records.accepted_micros, problem.value, problem.amount_micros) == (3 * 10**6, values[1], 18 * 10**6)
    if header:
        assert f"字段 计入,表头 {header},值 {values[1]}" in problem.say("zh")
        assert read(path, rules=[MappingRule("include", header, values[1])]).accepted_micros == 21 * 10**6
        assert read(path, rules=[MappingRule("exclude", header, values[1])]).accepted_micros == 3 * 10**6


def test_rates_in_rows_are_no_unreadable_amounts(tmp_path: Path) -> None:
    """实际, 目标 and 达成率 in per cent below each other: nothing to look at."""
    rows = [
        ["区域", "项目", "1月", "2月"],
        ["上海", "目标", 8, 9],
        ["上海", "实际", 4, 3],
        ["上海", "达成率", "50%", "33%"],
    ]
    records = read(write(tmp_path / "t.xlsx", rows))
    assert records.accepted_micros == 7 * 10**6
    assert all(p.fault.remark for p in records.problems if not isinstance(p.fault, reasons.RowMayBeTotal))


@pytest.mark.parametrize(
    "values", [("销售", "退货"), ("销售一部", "计划部"), ("数量卡", "预算型"), ("指标一", "指标二"), ("销售", "折扣")]
)
def test_words_that_only_sound_like_figures(tmp_path: Path, values: tuple[str, str]) -> None:
    """Departments and products with such words in their names, and returns, are rows of sales."""
    rows = [["区域", "部门", "1月", "2月"], ["上海", values[0], 1, 2], ["上海", values[1], 4, 5]]
    assert read(write(tmp_path / "t.xlsx", rows)).accepted_micros == 12 * 10**6


def test_the_unit_of_a_figure(tmp_path: Path) -> None:
    """`金额(万元)` in a row names the unit, as a header would."""
    rows = [["区域", "指标", "1月", "2月"], ["上海", "台数", 1, 2], ["上海", "金额(万元)", 4, 5]]
    assert read(write(tmp_path / "t.xlsx", rows)).accepted_micros == 9 * 10**10


def test_a_unit_in_each_row(tmp_path: Path) -> None:
    """万元 beside 元 is asked about; a rate for the word converts its rows alone."""
    path = table(tmp_path, "单位", [("万元", 2), ("元", 5)])
    assert [type(p.fault) for p in read(path).problems] == [UnitUntold]
    assert read(path, rules=[MappingRule("rate", "单位", "万元", 10_000)]).accepted_micros == 20_005 * 10**6
    assert read(table(tmp_path, "单位", [("件", 2), ("箱", 5)])).problems == ()
