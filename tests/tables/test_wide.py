"""Wide and cross tables: what each cell is of is told by the heading above it, in one row or a block of rows."""

# ruff: noqa: E501 - tables of examples
from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.tables.tables import CHANNEL, REGION, dimension, read, write
from xlsales.tables import reasons
from xlsales.tables.columns.across import MeasureInDoubt, PeriodTwice, QuarterWithoutMonths
from xlsales.tables.columns.column_faults import AmountMissing, ColumnMissing, NoDates
from xlsales.tables.words.mapping_rules import MappingRule

pytestmark = pytest.mark.unit
STORE = dimension("门店", ["一店", "二店", "三店"])
PRODUCT = dimension("产品", ["A", "B"])
X = None
D = dt.date(2026, 3, 8)
JAN, FEB, MAR = "2026-01-31", "2026-02-28", "2026-03-31"

BLOCKS: dict[str, list[list[object]]] = {
    "merged months over quantity and amount": [["区域", "门店", "1月", X, "2月", X], [X, X, "数量", "金额", "数量", "金额"], ["华东", "一店", 5, 10, 6, 20], ["华东", "二店", 7, 30, 8, 40]],
    "amount first": [["门店", "1月", X, "2月", X], [X, "销售额", "销量", "销售额", "销量"], ["一店", 10, 5, 20, 6], ["二店", 30, 7, 40, 8]],
    "keys in the lower row": [[X, "1月", X, "2月", X], ["门店", "数量", "金额", "数量", "金额"], ["一店", 5, 10, 6, 20], ["二店", 7, 30, 8, 40]],
    "keys in both rows": [["门店", "1月", "1月", "2月", "2月"], ["门店", "数量", "金额", "数量", "金额"], ["一店", 5, 10, 6, 20], ["二店", 7, 30, 8, 40]],
    "target and actual": [["门店", "1月", X, "2月", X], [X, "目标", "实际", "目标", "实际"], ["一店", 99, 10, 99, 20], ["二店", 99, 30, 99, 40]],
    "target, actual and rate": [["门店", "1月", X, X, "2月", X, X], [X, "计划", "完成", "完成率", "计划", "完成", "完成率"], ["一店", 9, 10, 0.5, 9, 20, 0.5], ["二店", 9, 30, 0.5, 9, 40, 0.5]],
    "year over months": [["门店", "2026年", X], [X, "1月", "2月"], ["一店", 10, 20], ["二店", 30, 40]],
    "year over months over measures": [["门店", "2026年", X, X, X], [X, "1月", X, "2月", X], [X, "数量", "金额", "数量", "金额"], ["一店", 5, 10, 6, 20], ["二店", 7, 30, 8, 40]],
    "months over years": [["门店", "1月", X, "2月", X], [X, "2025", "2026", "2025", "2026"], ["一店", X, 10, X, 20], ["二店", X, 30, X, 40]],
    "measures over months": [["门店", "目标", X, "实际", X], [X, "1月", "2月", "1月", "2月"], ["一店", 9, 9, 10, 20], ["二店", 9, 9, 30, 40]],
    "this year and last": [["门店", "去年同期", X, "本期", X], [X, "1月", "2月", "1月", "2月"], ["一店", 9, 9, 10, 20], ["二店", 9, 9, 30, 40]],
    "titles above": [["2026年门店销售月报"], ["单位:元", X, X, "制表:张三"], ["门店", "1月", X, "2月", X], [X, "数量", "金额", "数量", "金额"], ["一店", 5, 10, 6, 20], ["二店", 7, 30, 8, 40]],
    "title right above": [["门店销售月报", X, X, X, X], ["门店", "1月", X, "2月", X], [X, "数量", "金额", "数量", "金额"], ["一店", 5, 10, 6, 20], ["二店", 7, 30, 8, 40]],
    "quarters over months": [["门店", "一季度", X, X], [X, "1月", "2月", "小计"], ["一店", 10, 20, 30], ["二店", 30, 40, 70]],
    "a sum with measures": [["门店", "1月", X, "2月", X, "合计", X], [X, "数量", "金额", "数量", "金额", "数量", "金额"], ["一店", 5, 10, 6, 20, 11, 30], ["二店", 7, 30, 8, 40, 15, 70]],
    "one row, both words": [["门店", "1月数量", "1月金额", "2月数量", "2月金额"], ["一店", 5, 10, 6, 20], ["二店", 7, 30, 8, 40]],
    "one row, actual": [["门店", "1月目标", "1月实际", "1月达成率", "2月目标", "2月实际", "2月达成率"], ["一店", 9, 10, 1.1, 9, 20, 2], ["二店", 9, 30, 3, 9, 40, 4]],
    "one row, sums beside": [["门店", "1月", "2月", "一季度", "上半年", "全年合计"], ["一店", 10, 20, 30, 30, 30], ["二店", 30, 40, 70, 70, 70]],
    "one row, 2026Q1 and year": [["门店", "2026年1月", "2026年2月", "2026Q1", "2026年"], ["一店", 10, 20, 30, 30], ["二店", 30, 40, 70, 70]],
    "last year beside": [["门店", "1月", "2月", "去年1月", "去年2月"], ["一店", 10, 20, 1, 2], ["二店", 30, 40, 3, 4]],
    "ratios beside": [["门店", "1月", "1月占比", "2月", "2月占比", "备注"], ["一店", 10, 0.3, 20, 0.3, 7], ["二店", 30, 0.7, 40, 0.7, X]],
    "English": [["Store", "Jan", X, "Feb", X], [X, "Qty", "Sales", "Qty", "Sales"], ["一店", 5, 10, 6, 20], ["二店", 7, 30, 8, 40]],
    "plan and actual in English": [["Store", "Jan Plan", "Jan Actual", "Feb Plan", "Feb Actual", "YTD"], ["一店", 9, 10, 9, 20, 30], ["二店", 9, 30, 9, 40, 70]],
}  # fmt: skip


@pytest.mark.parametrize("rows", BLOCKS.values(), ids=BLOCKS)
def test_the_amounts_of_a_block_of_headers(tmp_path: Path, rows: list[list[object]]) -> None:
    """Of each month the amount or actual is taken, never the pieces or the target, nor a sum beside the months."""
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    sums = {
        day: int(records.micros[records.day == __import__("numpy").datetime64(day)].sum()) // 10**6
        for day in (JAN, FEB)
    }
    assert sums == {JAN: 40, FEB: 60}
    assert records.rows_accepted == 4
    codes = records.codes["门店"]
    assert [int(records.micros[codes == i].sum()) // 10**6 for i in (0, 1, 2)] == [30, 70, 0]
    assert all(isinstance(p.fault, reasons.TotalColumn) for p in records.problems)


@pytest.mark.parametrize(
    "headers",
    [["一月", "二月", "三月"], ["一月份", "二月份", "三月份"], ["1月份", "2月份", "3月份"], ["M01", "M02", "M03"], ["M1", "M2", "M3"],
     ["Jan-26", "Feb-26", "Mar-26"], ["Jan 2026", "Feb 2026", "Mar 2026"], ["26-Jan", "26-Feb", "26-Mar"], ["January", "February", "March"],
     ["2026/1", "2026/2", "2026/3"], ["2026.01", "2026.02", "2026.03"], ["26年1月", "26年2月", "26年3月"], ["1月实际", "2月实际", "3月实际"],
     ["202601", "202602", "202603"], [202601, 202602, 202603], ["2026M01", "2026M02", "2026M03"], ["2026年01月", "2026年02月", "2026年03月"],
     ["1月(元)", "2月(元)", "3月(元)"], ["实际1月", "实际2月", "实际3月"], ["1 月", "2 月", "3 月"], ["１月", "２月", "３月"],
     [dt.datetime(2026, 1, 31), dt.datetime(2026, 2, 28), dt.datetime(2026, 3, 31)], ["Sales Jan", "Sales Feb", "Sales Mar"]],
)  # fmt: skip
def test_headers_of_months(tmp_path: Path, headers: list[object]) -> None:
    """Months as people write them."""
    records = read(write(tmp_path / "t.xlsx", [["门店", *headers], ["一店", 1, 2, 3]]), STORE)
    assert [str(day) for day in records.day] == [JAN, FEB, MAR]
    assert records.accepted_micros == 6 * 10**6


def test_days_that_look_like_months(tmp_path: Path) -> None:
    """Jan-24, Jan-25, Jan-26 are days of one month; 1月 over 1 2 3 are days too."""
    records = read(write(tmp_path / "t.xlsx", [["门店", "Jan-24", "Jan-25", "Jan-26"], ["一店", 1, 2, 3]]), STORE)
    assert [str(day) for day in records.day] == ["2026-01-24", "2026-01-25", "2026-01-26"]
    rows = [["门店", "1月", X, X], [X, "1日", "2日", "3日"], ["一店", 1, 2, 3]]
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert [str(day) for day in records.day] == ["2026-01-01", "2026-01-02", "2026-01-03"]


def test_members_above_months(tmp_path: Path) -> None:
    """线上 and 线下 over months are members of the plan's channel."""
    rows = [
        ["区域", "线上", X, "线下", X, "合计", X],
        [X, "1月", "2月", "1月", "2月", "1月", "2月"],
        ["上海", 1, 2, 4, 8, 5, 10],
    ]
    for table in (rows, [["区域", "1月线上", "1月线下销售额", "2月线上", "2月线下"], ["上海", 1, 4, 2, 8]]):
        records = read(write(tmp_path / "t.xlsx", table))
        assert records.accepted_micros == 15 * 10**6
        assert [int(records.micros[records.codes["渠道"] == i].sum()) // 10**6 for i in (0, 1)] == [3, 12]
        assert records.missing_dimensions == ()


@pytest.mark.parametrize(
    ("rows", "candidates", "pick", "yuan"),
    [
        ([["门店", "1月", X, "2月", X], [X, "含税金额", "不含税金额", "含税金额", "不含税金额"], ["一店", 11, 10, 22, 20]], "含税金额、不含税金额", "不含税金额", 30),
        ([["门店", "1月", X, "2月", X], [X, "数量", "毛利", "数量", "毛利"], ["一店", 11, 10, 22, 20]], "数量、毛利", "数量", 33),
        ([["门店", "1月数量", "2月数量"], ["一店", 11, 22]], "数量", "数量", 33),
        ([["门店", "直营", X, "加盟", X], [X, "1月", "2月", "1月", "2月"], ["一店", 1, 2, 4, 8]], "直营、加盟", "加盟", 12),
        ([["门店", "1月销售额", "1月实收", "2月销售额", "2月实收"], ["一店", 1, 2, 4, 8]], "销售额、实收", "实收", 10),
    ],
)  # fmt: skip
def test_several_sorts_of_figures_are_asked_about(
    tmp_path: Path, rows: list[list[object]], candidates: str, pick: str, yuan: int
) -> None:
    """What may be the amount is named; the mapping picks one, or counts several."""
    path = write(tmp_path / "t.xlsx", rows)
    with pytest.raises(MeasureInDoubt) as caught:
        read(path, STORE)
    assert candidates in caught.value.say("zh")
    assert read(path, STORE, mapping={"金额": pick}).accepted_micros == yuan * 10**6
    if "直营" in candidates:
        told = [MappingRule("include", "直营"), MappingRule("include", "加盟")]
        assert read(path, STORE, rules=told).accepted_micros == 15 * 10**6


@pytest.mark.parametrize(
    "headers", [["1月", "2月", "1月"], ["1月", "2月", "2026-01"], ["1月金额", "2月金额", "一月金额"]]
)
def test_the_same_period_twice_is_asked_about(tmp_path: Path, headers: list[str]) -> None:
    """Neither summed nor one of them taken in silence: the columns are named."""
    with pytest.raises(PeriodTwice) as caught:
        read(write(tmp_path / "t.xlsx", [["门店", *headers], ["一店", 1, 2, 4]]), STORE)
    assert "B、D 列" in caught.value.say("zh")


def test_columns_of_another_year_are_outside_the_period(tmp_path: Path) -> None:
    """Last year's months beside this year's are set aside by their year."""
    rows = [["门店", "2025年", X, "2026年", X], [X, "1月", "2月", "1月", "2月"], ["一店", 7, 8, 10, 20]]
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert (records.accepted_micros, records.set_aside_micros) == (30 * 10**6, 15 * 10**6)


# --- members across ---


def test_days_down_and_members_across(tmp_path: Path) -> None:
    """Dates down, stores across: each filled cell is a sale; an unknown store is set aside at its header."""
    rows = [
        ["日期", "一店", "二店", "四店", "合计"],
        [dt.date(2026, 3, 1), 1, 2, 8, 11],
        [dt.date(2026, 3, 2), 4, X, X, 4],
    ]
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert [(str(d), int(m) // 10**6) for d, m in zip(records.day, records.micros, strict=True)] == [
        ("2026-03-01", 1),
        ("2026-03-02", 4),
        ("2026-03-01", 2),
    ]
    aside = [p for p in records.problems if p.set_aside]
    assert [(str(p.place), p.value, p.amount_micros) for p in aside] == [("实际!D1", "四店", 8 * 10**6)]


def test_members_both_ways_with_the_date_in_the_title(tmp_path: Path) -> None:
    """产品 down, 门店 across: the title tells the month."""
    rows = [
        ["2026年9月销售汇总"],
        ["产品", "一店", "二店", "合计"],
        ["A", 1, 2, 3],
        ["B", 4, 8, 12],
        ["合计", 5, 10, 15],
    ]
    records = read(write(tmp_path / "t.xlsx", rows), PRODUCT, STORE)
    assert records.accepted_micros == 15 * 10**6
    assert {str(day) for day in records.day} == {"2026-09-30"}
    assert [int(records.micros[records.codes["产品"] == i].sum()) // 10**6 for i in (0, 1)] == [3, 12]
    assert records.columns["date"] == "2026-09-30"


@pytest.mark.parametrize(
    "title", ["2026年9月", "截至2026年9月30日", "2026-09-30 销售", "统计日期:2026/9/30", "2026.09 门店销售"]
)
def test_a_table_without_dates_is_of_its_titles_day(tmp_path: Path, title: str) -> None:
    """The day or month of the whole table stands above it."""
    records = read(write(tmp_path / "t.xlsx", [[title], ["门店", "销售额"], ["一店", 5]]), STORE)
    assert [str(day) for day in records.day] == ["2026-09-30"]


@pytest.mark.parametrize("title", ["门店销售", "2026年", "9月MTD"])
def test_a_table_without_any_date_is_asked_about(tmp_path: Path, title: str) -> None:
    """Without a day, a day is asked for; no column of products is offered for it."""
    path = write(tmp_path / "t.xlsx", [[title], ["门店", "销售额"], ["一店", 5]])
    with pytest.raises(NoDates) as caught:
        read(path, STORE)
    sentence = caught.value.say("zh")
    assert "字段 日期,值 2026年9月" in sentence
    assert "表头 门店" not in sentence
    for value in ("2026年9月", "2026-09-30"):
        records = read(path, STORE, rules=[MappingRule("date", value=value)])
        assert [str(day) for day in records.day] == ["2026-09-30"]
    assert [str(d) for d in read(path, STORE, as_of=dt.date(2026, 9, 15)).day] == ["2026-09-15"]


def test_a_snapshot_is_dated_in_its_titles_month(tmp_path: Path) -> None:
    """An as-of date within the title's month cuts it; one of another month does not date the table anew."""
    path = write(tmp_path / "t.xlsx", [["2026年9月"], ["门店", "销售额"], ["一店", 5]])
    assert str(read(path, STORE, as_of=dt.date(2026, 9, 15)).day[0]) == "2026-09-15"
    assert str(read(path, STORE, as_of=dt.date(2026, 10, 15)).day[0]) == "2026-09-30"


def test_a_table_of_one_day_warns_as_any_other(tmp_path: Path) -> None:
    """Rows stay rows: duplicates and unknown members are told with their cells."""
    rows = [["2026年9月"], ["门店", "销售额"], ["一店", 5], ["一店", 5], ["九店", 7]]
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert not records.wide
    assert {type(p.fault) for p in records.problems} == {reasons.DuplicateRows, reasons.MemberUnknown}
    assert records.rows_found == 3


def test_dates_that_are_not_the_sales_own_are_no_snapshot(tmp_path: Path) -> None:
    """Where a column holds dates, if only of delivery, the table is not taken for one day's."""
    path = write(tmp_path / "t.xlsx", [["发货日期", "销售额"], [dt.date(2026, 3, 1), 5]])
    with pytest.raises(ColumnMissing) as caught:
        read(path, CHANNEL, as_of=dt.date(2026, 9, 15))
    assert "发货日期" in str(caught.value)


def test_a_header_of_one_row_stays_one(tmp_path: Path) -> None:
    """Text in the first row of data, or a row of titles, is no part of the header."""
    rows = [["销售明细", X, "单位:元"], ["门店", "渠道", "销售额", "日期"], ["一店", "线上", 5, dt.date(2026, 3, 1)]]
    records = read(write(tmp_path / "t.xlsx", rows), STORE, CHANNEL)
    assert (records.accepted_micros, records.rows_found) == (5 * 10**6, 1)
    csv = tmp_path / "t.csv"
    csv.write_text("门店,指标,1月,2月\n一店,实际,5,6\n", encoding="utf-8")
    assert read(csv, STORE, REGION).accepted_micros == 11 * 10**6


def test_measures_below_members(tmp_path: Path) -> None:
    """数量 and 金额 below each store: the amounts count; a corner that says 月份 heads no dates."""
    rows = [["2026年9月"], ["产品", "一店", X, "二店", X], [X, "数量", "金额", "数量", "金额"], ["A", 1, 2, 3, 4]]
    assert read(write(tmp_path / "t.xlsx", rows), PRODUCT, STORE).accepted_micros == 6 * 10**6
    rows = [["月份", "1月", "2月"], ["一店", 1, 2], ["二店", 4, 8]]
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert (records.accepted_micros, records.missing_dimensions) == (15 * 10**6, ())


def test_a_day_of_entry_beside_months(tmp_path: Path) -> None:
    """录入日期 does not date the months that stand across."""
    rows = [["录入日期", "门店", "1月", "2月"], [dt.date(2026, 3, 8), "一店", 1, 2]]
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert [str(day) for day in records.day] == [JAN, FEB]


def test_amounts_named_by_member(tmp_path: Path) -> None:
    """线上销售额 beside 线下销售额: both count, each for its channel."""
    rows = [["日期", "区域", "线上销售额", "线下销售额"], [dt.date(2026, 3, 8), "上海", 1, 2]]
    records = read(write(tmp_path / "t.xlsx", rows))
    assert records.accepted_micros == 3 * 10**6
    assert [int(records.micros[records.codes["渠道"] == i].sum()) // 10**6 for i in (0, 1)] == [1, 2]


GROUPS: dict[str, list[list[object]]] = {
    "counts that no list knows": [["日期", "门店", "新车", X, "售后", X], [X, X, "交车", "金额", "进厂", "金额"], [D, "一店", 5, 10, 6, 20], [D, "二店", 7, 30, 8, 40]],
    "and the sum of the groups": [["日期", "门店", "新车", X, "售后", X, "合计", X], [X, X, "台数", "金额", "台次", "金额", "台数", "金额"], [D, "一店", 5, 10, 6, 20, 11, 30], [D, "二店", 7, 30, 8, 40, 15, 70]],
    "below a title": [["月报", X, X, X, X, X], ["日期", "门店", "新车", X, "售后", X], [X, X, "台次", "金额", "台次", "金额"], [D, "一店", 5, 10, 6, 20], [D, "二店", 7, 30, 8, 40]],
    "members and their sum": [["日期", "门店", "新车", "售后", "营业额合计"], [D, "一店", 10, 20, 30], [D, "二店", 30, 40, 70]],
    "members and a sum by another name": [["日期", "门店", "新车", "售后", "合计金额"], [D, "一店", 10, 20, 30], [D, "二店", 30, 40, 70]],
}  # fmt: skip


@pytest.mark.parametrize("rows", GROUPS.values(), ids=GROUPS)
def test_words_above_numbers_are_a_header(tmp_path: Path, rows: list[list[object]]) -> None:
    """The second row of a header is known by the numbers below it, whatever its words; groups are members."""
    product = dimension("产品", ["新车", "售后"])
    mapping = {"金额": "金额"} if rows[1][2] == "交车" else None
    records = read(write(tmp_path / "t.xlsx", rows), STORE, product, mapping=mapping)
    assert records.accepted_micros == 100 * 10**6
    assert [int(records.micros[records.codes["产品"] == i].sum()) // 10**6 for i in (0, 1)] == [40, 60]


def test_a_row_of_data_is_no_header(tmp_path: Path) -> None:
    """A first row with words in columns of words, or with a note among the numbers, stays data."""
    rows = [["日期", "门店", "备注", X, "金额"], [D, "一店", "试营业", "雨", 5], [D, "二店", "促销", "晴", 6]]
    assert read(write(tmp_path / "t.xlsx", rows), STORE).accepted_micros == 11 * 10**6
    rows = [["门店", "1月", "2月"], ["一店", "未开业", "装修"], ["二店", 5, 6]]
    assert read(write(tmp_path / "t.xlsx", rows), STORE).accepted_micros == 11 * 10**6


def test_columns_that_add_up_to_the_amount(tmp_path: Path) -> None:
    """Shifts across, without a sum: the question offers one of them or all, and no count of guests; told, all count."""
    rows = [["日期", "门店", "午市", "晚市", "外卖", "客流"], [D, "一店", 10, 20, 30, 9], [D, "二店", 1, 2, 3, 9]]
    path = write(tmp_path / "t.xlsx", rows)
    with pytest.raises(AmountMissing) as raised:
        read(path, STORE)
    said = raised.value.say("zh")
    assert "表头 午市 / 晚市 / 外卖;几列相加才是金额的,每列一行:字段 计入,表头 列名" in said
    assert (
        read(path, STORE, rules=[MappingRule("include", h) for h in ("午市", "晚市", "外卖")]).accepted_micros
        == 66 * 10**6
    )
    assert read(path, STORE, mapping={"金额": "晚市"}).accepted_micros == 22 * 10**6


@pytest.mark.parametrize("quarter", ["一季度", "第1季度", "Q1", "2026Q1", "1季"])
def test_a_quarter_without_its_months(tmp_path: Path, quarter: str) -> None:
    """Months of the second quarter beside the first as a whole: asked about; beside its months it is their sum."""
    rows = [["门店", quarter, "4月", "5月", "二季度"], ["一店", 30, 1, 2, 3], ["二店", 60, 4, 5, 9]]
    with pytest.raises(QuarterWithoutMonths) as raised:
        read(write(tmp_path / "t.xlsx", rows), STORE)
    assert f"“{quarter}”列" in raised.value.say("zh")
    mended = [["门店", "1月", *rows[0][1:]], *([row[0], row[1], *row[1:]] for row in rows[1:])]
    assert read(write(tmp_path / "m.xlsx", mended), STORE).accepted_micros == 102 * 10**6
