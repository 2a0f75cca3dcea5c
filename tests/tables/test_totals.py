"""Totals rows are found by words in whatever column, and by numbers where words are weak; nothing else is lost."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.tables.tables import CHANNEL, REGION, dimension, read, write
from xlsales.tables import reasons
from xlsales.tables.reading import Records
from xlsales.tables.words.total_words import is_totals_word, name_beside

pytestmark = pytest.mark.unit
D = dt.date(2026, 3, 8)
E = dt.date(2026, 3, 9)
ABC = dimension("门店", ["A", "B", "C"])


def counted(path: Path, rows: list[list[object]], *dimensions: object) -> tuple[Records, float]:
    records = read(write(path / "t.xlsx", rows), *dimensions)  # type: ignore[arg-type]
    return records, records.accepted_micros / 1e6


# --- words ---


@pytest.mark.parametrize(
    "text",
    [
        "合计",
        "小计",
        "合 计:",
        "（合计）",
        "本页合计(元)",
        "累计",
        "本月累计",
        "SubTotal",
        "Grand Total",
        "total",
        "TOTAL:",
        "Sum",
        "合计12笔",
        "合计 1,234元",
        "【小计】",
        "*合计*",
        "承前页",
        "总计",
        "合计金额",
        "总计数",
        "总平均值",
        "小計",
        "Ｔｏｔａｌ",
        "— 合计 —",
        "以上合计",
        "全店合计",
    ],
)
def test_a_word_for_totals(text: str) -> None:
    """However it is spaced, bracketed or counted."""
    assert is_totals_word(text)


@pytest.mark.parametrize(
    "text",
    [
        "合计堂",
        "会计部",
        "上海",
        "Total Wine",
        "汇总路店",
        "小计时器",
        "统计",
        "summer",
        "设计",
        "已合计到上月",
        "计划",
        "小计划",
    ],
)
def test_no_word_for_totals(text: str) -> None:
    """A name with such a word in it is a name."""
    assert not is_totals_word(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [("华东 汇总", "华东"), ("华东小计", "华东"), ("East Total", "East"), ("Subtotal East", "East"),
     ("Total for East", "East"), ("合计-华东", "华东"), ("张三 合计", "张三"), ("2026年1月 合计", "2026年1月"),
     ("East Count", "East"), ("华东 计数", "华东"), ("上海", None), ("Petroltotal", None)],
)  # fmt: skip
def test_the_name_beside_a_word(text: str, name: str | None) -> None:
    """Excel's Subtotal and pivot tables write the word behind the name."""
    assert name_beside(text) == name


@pytest.mark.parametrize("word", ["小计", "合计", "总计", "本页合计", "累计", "Subtotal", "Grand Total", "小 计："])
@pytest.mark.parametrize("column", range(5))
def test_totals_in_any_column(tmp_path: Path, word: str, column: int) -> None:
    """The first column, a column of the plan or one of no use: the row is a total, be the rest of it blank or full."""
    header = ["序", "日期", "区域", "商品", "经办", "金额"]
    good = [["1", D, "上海", "笔", "甲", 10], ["2", D, "江苏", "纸", "乙", 20]]
    bare: list[object] = [None] * 5 + [30]
    full: list[object] = ["3", D, "上海", "笔", "甲", 30]
    for row in (bare, full):
        row[column] = word
        records, sum_ = counted(tmp_path, [header, *good, row], REGION)
        assert (sum_, records.rows_totals, records.totals_micros) == (30, 1, 30 * 10**6)
        (problem,) = records.problems
        assert (type(problem.fault), problem.fault.remark) == (reasons.TotalsRow, True)


TOTALS_TABLES = {
    "as Excel's Subtotal writes them": (
        [["区域", "日期", "金额"], ["上海", D, 1], ["上海", E, 2], ["上海 汇总", None, 3], ["江苏", D, 4],
         ["江苏", E, 5],
         ["江苏 汇总", None, 9], ["总计", None, 12]], 12, 3),
    "as a pivot table in compact form": (
        [["区域", "1月", "2月", "总计"], ["上海", 1, 2, 3], ["江苏", 4, 5, 9], ["总计", 5, 7, 12]], 12, 2),
    "Excel's counts beside its sums": (
        [["区域", "日期", "金额"], ["上海", D, 7], ["上海", E, 2], ["上海 计数", None, 2], ["总计数", None, 2]], 9, 2),
    "of a name that is in no plan but in the table": (
        [["商品", "日期", "区域", "金额"], ["笔", D, "上海", 1], ["笔", E, "上海", 2],
         ["笔 汇总", D, "上海", 9]], 3, 1),
    "of a month": (
        [["日期", "区域", "金额"], ["2026-01-05", "上海", 1], ["2026年1月合计", None, 7],
         ["2026-02-05", "上海", 2]], 3, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", TOTALS_TABLES)
def test_totals_as_programs_write_them(tmp_path: Path, name: str) -> None:
    """Rows, or cells of a wide table, are counted apart; the sum is that of the sales."""
    rows, expected, totals = TOTALS_TABLES[name]
    records, sum_ = counted(tmp_path, rows, REGION)
    assert (sum_, records.rows_totals, records.rows_set_aside) == (expected, totals, 0)


def test_a_member_by_the_name_of_a_total(tmp_path: Path) -> None:
    """A member of the plan is one whatever it is called, also if it sums what is above; so is a product 合计堂."""
    odd = dimension("门店", ["合计堂", "甲", "总计"])
    rows = [["日期", "门店", "金额"], [D, "甲", 10], [D, "合计堂", 20], [D, "总计", 30]]
    records, sum_ = counted(tmp_path, rows, odd)
    assert (sum_, records.problems) == (60, ())
    rows = [
        ["日期", "区域", "商品", "金额"],
        [D, "上海", "笔", 10],
        [D, "上海", "合计堂", 25],
        [D, "江苏", "小计时器", 3],
    ]
    records, sum_ = counted(tmp_path, rows, REGION)
    assert (sum_, records.problems) == (38, ())


def test_a_remark_that_speaks_of_totals(tmp_path: Path) -> None:
    """What a remark says of totals is no total, unless the row is one by its numbers or lacks its keys."""
    header = ["日期", "区域", "金额", "备注"]
    rows = [
        header,
        [D, "上海", 10, "见3号单合计"],
        [D, "江苏", 25, "合计"],
        [D, "江苏", 7, None],
        [D, "上海", 9, "小计"],
    ]
    records, sum_ = counted(tmp_path, rows, REGION)
    assert (sum_, records.problems) == (51, ())
    rows = [header, [D, "上海", 10, None], [D, "江苏", 25, "小计"], [None, None, 35, "合计"]]
    records, sum_ = counted(tmp_path, rows, REGION)
    assert (sum_, records.rows_totals, records.rows_set_aside) == (35, 1, 0)


def test_a_brand_by_the_name_of_a_total(tmp_path: Path) -> None:
    """高露洁Total is counted, and asked about; where its row is the sum of those above it is a total."""
    header = ["日期", "区域", "品牌", "金额"]
    good = [[D, "上海", "黑人", 10], [D, "上海", "中华", 21], [D, "江苏", "黑人", 4]]
    records, sum_ = counted(tmp_path, [header, *good, [D, "江苏", "高露洁Total", 50]], REGION)
    assert (sum_, records.rows_totals) == (85, 0)
    (problem,) = records.problems
    assert (type(problem.fault), str(problem.place)) == (reasons.TotalsWordInDoubt, "实际!C5")
    records, sum_ = counted(tmp_path, [header, *good, [D, "江苏", "高露洁Total", 35]], REGION)
    assert (sum_, records.rows_totals) == (35, 1)


# --- numbers ---

SUMS = {
    "the first row of a wide table, blank": ([["门店", "1月", "2月"], [None, 30, 50], ["A", 10, 20],
     ["B", 20, 30]], 80),
    "the last": ([["门店", "1月", "2月"], ["A", 10, 20], ["B", 20, 30], [None, 30, 50]], 80),
    "an odd name": ([["门店", "1月", "2月"], ["全国", 30, 50], ["A", 10, 20], ["B", 20, 30]], 80),
    "two levels, totals above": (
        [["大区", "门店", "1月", "2月"], [None, None, 60, 70], ["东", None, 30, 30], ["东", "A", 10, 20],
         ["东", "B", 20, 10],
         ["西", None, 30, 40], ["西", "C", 5, 15], ["西", "D", 25, 25]], 130),
    "two levels, totals below": (
        [["大区", "门店", "1月", "2月"], ["东", "A", 10, 20], ["东", "B", 20, 10], ["东", None, 30, 30],
         ["西", "C", 5, 15],
         ["西", "D", 25, 25], ["西", None, 30, 40], [None, None, 60, 70]], 130),
    "a running sum in a list": (
        [["日期", "门店", "金额"], [D, "A", 10.5], [D, "B", 20], [None, None, 30.5], [E, "A", 7], [E, "B", 8],
         [None, None, 45.5]], 45.5),
    "subtotals of days in a list": (
        [["日期", "门店", "金额"], [D, "A", 10.5], [D, "B", 20], [D, None, 30.5], [E, "A", 7], [E, "B", 8],
         [E, None, 15]],
        45.5),
    "with the quantity": (
        [["日期", "门店", "数量", "金额"], [D, "A", 1, 10], [D, "B", 2, 20], [None, None, 3, 30]], 30),
    "of a group that is not together": (
        [["日期", "门店", "类", "金额"], [D, "A", "x", 10], [D, "B", "y", 1], [D, "C", "x", 20], [D, None, "x", 30],
         [D, "B", "y", 5]], 36),
    "rounded to cents": (
        [["日期", "门店", "金额"], [D, "A", 10.004], [D, "B", 20.004], [None, None, 30.01]], 30.008),
}  # fmt: skip


@pytest.mark.parametrize("dims", [ABC, CHANNEL], ids=["a dimension of the plan", "no dimension of the plan"])
@pytest.mark.parametrize("name", SUMS)
def test_a_row_that_is_the_sum_of_others(tmp_path: Path, name: str, dims: object) -> None:
    """A row without a name, or of no member, whose numbers are the sums of others is a total: told, not counted."""
    rows, expected = SUMS[name]
    if dims is ABC:
        dims = dimension("门店", ["A", "B", "C", "D"])
    records, sum_ = counted(tmp_path, rows, dims)
    assert sum_ == pytest.approx(expected)
    assert records.rows_set_aside == 0
    assert [type(p.fault) for p in records.problems] == [reasons.SumOfOthers]


def test_a_member_that_happens_to_be_the_sum_of_others(tmp_path: Path) -> None:
    """C sells as much as A and B: it is a member of the plan, and is counted without a word."""
    for rows in (
        [["门店", "1月", "2月"], ["A", 10, 20], ["B", 20, 30], ["C", 30, 50]],
        [["门店", "1月", "2月"], ["C", 30, 50], ["A", 10, 20], ["B", 20, 30]],
        [["日期", "门店", "金额"], [D, "A", 30], [D, "B", 50], [D, "C", 80]],
    ):
        records, sum_ = counted(tmp_path, rows, ABC)
        assert (sum_, records.problems) == (160, ())


def test_a_row_in_full_that_is_the_sum_of_all_others_is_asked_about(tmp_path: Path) -> None:
    """One number can be so by chance: the row is counted, and told; named a total, as the sentence says, it is one."""
    rows = [["日期", "单位", "金额"], [D, "甲", 10], [D, "乙", 20], [D, "丙", 5], [D, "大家", 35]]
    records, sum_ = counted(tmp_path, rows, CHANNEL)
    (problem,) = records.problems
    assert (sum_, type(problem.fault), str(problem.place)) == (70, reasons.RowMayBeTotal, "实际!A5")
    rows[-1][1] = "合计"
    records, sum_ = counted(tmp_path, rows, CHANNEL)
    assert (sum_, records.rows_totals) == (35, 1)


def test_a_row_without_a_name_that_sums_nothing_is_set_aside(tmp_path: Path) -> None:
    """A blank key alone makes no total; nor do rows below a merged cell."""
    rows = [["日期", "门店", "金额"], [D, "A", 10], [D, "B", 20], [D, None, 31], [D, "C", 4]]
    records, sum_ = counted(tmp_path, rows, ABC)
    assert (sum_, records.rows_totals, records.rows_set_aside) == (34, 0, 1)
    rows = [
        ["日期", "门店", "金额"],
        [D, "A", 10],
        [D, None, 20],
        [D, None, 30],
        [D, "B", 5],
        [D, None, 15],
        [D, None, 20],
    ]
    records, sum_ = counted(tmp_path, rows, ABC)
    assert (sum_, records.rows_totals, records.rows_set_aside) == (15, 0, 4)


def test_an_upper_member_that_sums_its_own(tmp_path: Path) -> None:
    """华东 above 上海 and 江苏 is their total; with other numbers it is set aside as ever."""
    rows = [["日期", "区域", "金额"], [D, "华东", 30], [D, "上海", 10], [D, "江苏", 20]]
    records, sum_ = counted(tmp_path, rows, REGION)
    assert (sum_, records.rows_totals, records.rows_set_aside) == (30, 1, 0)
    rows[1][2] = 31
    records, sum_ = counted(tmp_path, rows, REGION)
    assert (sum_, records.rows_totals, records.rows_set_aside) == (30, 0, 1)


def test_the_remedy_for_a_row_that_is_no_total(tmp_path: Path) -> None:
    """Filled in, as the sentence says, the row counts."""
    rows = [["日期", "门店", "金额"], [D, "A", 10], [D, "B", 20], [D, None, 30]]
    assert counted(tmp_path, rows, ABC)[1] == 30
    rows[-1][1] = "C"
    records, sum_ = counted(tmp_path, rows, ABC)
    assert (sum_, records.problems) == (60, ())
