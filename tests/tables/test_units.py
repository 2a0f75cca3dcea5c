"""The unit that a table names is read as meant, asked about where it is not understood, never a default."""
# ruff: noqa: E501 - tables of examples

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.tables.tables import REGION, dimension, read, write
from xlsales.tables.columns.column_faults import ColumnMissing
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.tables.words.units import ForeignUnit, UnitsDiffer, UnitUnknown, split_header

pytestmark = pytest.mark.unit
DAY = dt.date(2026, 3, 8)
X = None


@pytest.mark.parametrize(
    ("header", "yuan"),
    [
        ("销售额", 1), ("销售额(元)", 1), ("销售额（元）", 1), ("销售额(含税)", 1), ("销售额(不含税,元)", 1), ("amount(s)", 1),
        ("销售额（千元）", 1000), ("销售额(千元)", 1000), ("销售额(人民币千元)", 1000), ("销售额（单位：千元）", 1000), ("销售额：千元", 1000),
        ("Sales RMB'000", 1000), ("Sales (RMB’000)", 1000), ("Sales ¥'000", 1000), ("Sales in thousands", 1000),
        ("Sales (in thousands)", 1000), ("Amount (k)", 1000), ("Amount K", 1000), ("销售额【千元】", 1000), ("营业额（仟元）", 1000),
        ("人民币千元", 1000), ("RMB'000", 1000), ("Sales (CNY, thousands)", 1000), ("Sales (thousand yuan)", 1000),
        ("销售额(万)", 10_000), ("销售额（万元）", 10_000), ("销售额/万元", 10_000), ("金额/万", 10_000), ("销售额万元", 10_000),
        ("销售额_万元", 10_000), ("销售额（万元，含税）", 10_000), ("Amount (10k)", 10_000), ("Sales (10k yuan)", 10_000),
        ("销售额(w)", 10_000), ("销售额（萬元）", 10_000), ("销售额(百元)", 100), ("金额(十万元)", 100_000), ("金额（拾万元）", 100_000),
        ("Revenue (M)", 10**6), ("Revenue RMB million", 10**6), ("销售额(百万元)", 10**6), ("Sales (mn)", 10**6),
        ("GMV(亿)", 10**8), ("销售额（亿元）", 10**8), ("Sales (100m yuan)", 10**8),
    ],
)  # fmt: skip
def test_units_of_headers(tmp_path: Path, header: str, yuan: int) -> None:
    """The amount's header names its unit in any width, bracket, language and place."""
    records = read(write(tmp_path / "t.xlsx", [["日期", header], [DAY, 2]]))
    assert records.accepted_micros == 2 * yuan * 10**6
    assert records.columns["amount"] == header


@pytest.mark.parametrize(
    ("title", "yuan"),
    [
        ("单位：千元", 1000), ("单位:万元", 10_000), ("金额单位：人民币万元", 10_000), ("（单位：百万元）", 10**6), ("单位 千元", 1000),
        ("销售额单位为万元", 10_000), ("2026年销售统计(万元)", 10_000), ("In thousands of RMB", 1000), ("(RMB'000)", 1000),
        ("Unit: 10k yuan", 10_000), ("All figures in RMB millions", 10**6), ("人民币千元", 1000), ("币种：人民币 单位：万元", 10_000),
        ("编制单位：万科集团 百货部", 1), ("单位：万科集团", 1), ("填报单位:千山店", 1), ("单位：件", 1), ("制表:张三", 1), ("单位：元", 1), ("金额:千元", 1000), ("(以千元计)", 1000), ("以人民币万元为单位", 10_000), ("(Expressed in thousands of Renminbi)", 1000),
    ],
)  # fmt: skip
def test_units_of_titles(tmp_path: Path, title: str, yuan: int) -> None:
    """A title row names the unit; who filled the table in, and what is counted, is no unit of money."""
    rows = [["2026年销售"], [None, title], ["日期", "区域", "销售额"], [DAY, "上海", 2]]
    assert read(write(tmp_path / "t.xlsx", rows)).accepted_micros == 2 * yuan * 10**6


def test_a_unit_beside_the_table(tmp_path: Path) -> None:
    """`单位：千元` right of the table, in the header's row or beside the data, holds as in a title."""
    for at in (0, 1):
        rows: list[list[object]] = [["日期", "销售额", None, None], [DAY, 2, None, None]]
        rows[at][3] = "单位：千元"
        assert read(write(tmp_path / "t.xlsx", rows)).accepted_micros == 2000 * 10**6


def test_units_of_wide_tables(tmp_path: Path) -> None:
    """Months across may name the unit in each header, or above."""
    for rows in (
        [["区域", "1月（千元）", "2月（千元）"], ["上海", 1, 2]],
        [["单位：千元"], ["区域", "1月", "2月"], ["上海", 1, 2]],
    ):
        assert read(write(tmp_path / "t.xlsx", rows), REGION).accepted_micros == 3000 * 10**6


@pytest.mark.parametrize(
    "header", ["销售额(万大洋元)", "金额(千克拉元)", "销售额 单位:打", "销售额(万贯)", "Sales ('0000)"]
)
def test_a_unit_that_is_not_understood_is_asked_about(tmp_path: Path, header: str) -> None:
    """What looks like a unit is never passed over; the remedy works."""
    path = write(tmp_path / "t.xlsx", [["日期", header], [DAY, 2]])
    with pytest.raises(UnitUnknown) as caught:
        read(path, mapping={"金额": header})
    assert "字段 单位,值 千元" in caught.value.say("zh")
    assert (
        read(path, mapping={"金额": header}, rules=[MappingRule("unit", value="千元")]).accepted_micros == 2000 * 10**6
    )
    with pytest.raises(UnitUnknown):
        read(path, mapping={"金额": header}, rules=[MappingRule("unit", value="斤")])


@pytest.mark.parametrize(
    ("title", "header"),
    [("单位：千元", "销售额(万元)"), ("单位:元", "销售额（万元）"), ("(RMB'000)", "Sales (RMB million)")],
)
def test_units_that_differ_are_asked_about(tmp_path: Path, title: str, header: str) -> None:
    """A title and a header that contradict each other are not settled by chance."""
    path = write(tmp_path / "t.xlsx", [[title], ["日期", header], [DAY, 2]])
    with pytest.raises(UnitsDiffer):
        read(path)
    assert read(path, rules=[MappingRule("unit", value="万元")]).accepted_micros == 20_000 * 10**6


def test_a_currency_alone_contradicts_no_scale(tmp_path: Path) -> None:
    """币种:人民币 above 销售额(万元) is no contradiction, nor is the same unit said twice."""
    for title in ("币种：人民币", "单位：万元", "RMB"):
        path = write(tmp_path / "t.xlsx", [[title], ["日期", "销售额(万元)"], [DAY, 2]])
        assert read(path).accepted_micros == 20_000 * 10**6


@pytest.mark.parametrize(
    ("header", "code", "yuan"),
    [("Sales (USD)", "USD", 7), ("销售额（万美元）", "USD", 70_000), ("金额/欧元", "EUR", 7), ("amount_usd", "USD", 7),
     ("Revenue ($M)", "USD", 7_000_000), ("销售额(千港元)", "HKD", 7000), ("美元金额", "USD", 7), ("Net Sales ($)", "USD", 7)],
)  # fmt: skip
def test_another_currency_is_asked_about(tmp_path: Path, header: str, code: str, yuan: int) -> None:
    """Amounts of another currency need a rate; the remedy of the sentence works."""
    path = write(tmp_path / "t.xlsx", [["日期", header], [DAY, 2]])
    with pytest.raises(ForeignUnit) as caught:
        read(path)
    assert f"字段 汇率,值 {code}" in caught.value.say("zh")
    assert read(path, rules=[MappingRule("rate", value=code, factor=7.0)]).accepted_micros == 2 * yuan * 10**6


@pytest.mark.parametrize(
    "header", ["千元机销售额", "万达店", "百货", "Unit Price", "平均客单", "M", "订单金额", "日期", "1月", "2026"]
)
def test_words_that_name_no_unit(header: str) -> None:
    """千 in a product's or a mall's name is no unit."""
    assert split_header(header)[1] == ()


@pytest.mark.parametrize(("cell", "yuan"), [("千元", 1000), ("(万元)", 10_000), ("元", 1)])
def test_a_row_of_units_below_the_header(tmp_path: Path, cell: str, yuan: int) -> None:
    """A second row of the header that holds units is no data."""
    rows = [["日期", "区域", "数量", "销售额"], [None, None, "件", cell], [DAY, "上海", 3, 2]]
    records = read(write(tmp_path / "t.xlsx", rows))
    assert (records.accepted_micros, records.rows_found) == (2 * yuan * 10**6, 1)


def test_quantities_counted_in_thousands(tmp_path: Path) -> None:
    """数量(万件) times 单价 is not passed over."""
    path = write(tmp_path / "t.xlsx", [["日期", "数量(万件)", "单价(元)"], [DAY, 3, 2]])
    with pytest.raises(UnitUnknown):
        read(path)
    assert read(path, rules=[MappingRule("unit", value="万元")]).accepted_micros == 60_000 * 10**6


FIGURES = [
    (100, 100),
    (1000, 1000),
    (10_000, 10_000),
    ("100", 100),
    ("1000元", 1000),
    ("10万", 100_000),
    ("1,000", 1000),
]


@pytest.mark.parametrize(("figure", "yuan"), FIGURES)
def test_a_round_figure_is_no_unit(tmp_path: Path, figure: object, yuan: int) -> None:
    """A cell of 100 or `10万` in the first rows is an amount: it neither heads a column nor names a unit."""
    store = dimension("门店", ["一店", "二店"])
    rows = [["门店", "9月", "10月"], ["一店", figure, 300], ["二店", 5, figure]]
    assert read(write(tmp_path / "t.xlsx", rows), store).accepted_micros == (2 * yuan + 305) * 10**6
    rows = [["门店", "成交", "备注"], ["一店", figure, X], ["二店", 5, X]]
    with pytest.raises(ColumnMissing) as raised:
        read(write(tmp_path / "t.xlsx", rows), store, as_of=DAY)
    assert "(表头:门店、成交、备注)" in raised.value.say("zh")
    found = read(write(tmp_path / "t.xlsx", rows), store, as_of=DAY, mapping={"金额": "成交"})
    assert found.accepted_micros == (yuan + 5) * 10**6


@pytest.mark.parametrize("title", ["目标100万", "100万", "2026年目标 1000万元", "第100期"])
def test_a_figure_above_the_table_is_no_unit(tmp_path: Path, title: str) -> None:
    """A target in a title is not the unit of the table."""
    rows = [[title, None, None], ["日期", "区域", "金额"], [DAY, "上海", 5]]
    records = read(write(tmp_path / "t.xlsx", rows), REGION)
    assert records.accepted_micros == 5 * 10**6
