"""Columns are found by what people call them and by what they hold; where it is doubtful, people are asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from tests.tables.tables import CHANNEL, REGION, dimension, read, write
from xlsales.core.faults import Fault
from xlsales.tables import reasons
from xlsales.tables.columns import header_row
from xlsales.tables.columns.column_faults import (
    ColumnInDoubt,
    ColumnMissing,
    HeadersAlike,
    MappedFieldUnknown,
    MappedHeaderMissing,
    NotOnFirstSheet,
)
from xlsales.tables.files.grids import HEAD_ROWS
from xlsales.tables.files.unreadable import FirstSheetEmpty
from xlsales.tables.words.labels import period_columns
from xlsales.tables.words.wide import PeriodInDoubt
from xlsales.values.date_text import Stamp

pytestmark = pytest.mark.unit
DAY = dt.date(2026, 3, 8)


def table(path: Path, headers: list[str], *rows: list[object], **options: object) -> Path:
    return write(path / "t.xlsx", [headers, *rows], **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("date", "amount", "region", "channel"),
    [
        ("日期", "销售额", "区域", "渠道"),
        ("业务日期", "成交金额", "省份", "渠道名称"),
        ("销售日期", "金额(元)", "省/自治区", "细分"),
        ("下单时间", "实际支付金额", "地区", "平台"),
        ("下单\n日期", " 实付 金额 ", "城市", "销售渠道"),
        ("Order Date", "Sales", "State", "Segment"),
        ("date", "Net Amount (RMB)", "Region", "Channel"),
        ("订单日期", "含税金额", "所属", "来自"),
    ],
)
def test_columns_are_found_by_what_people_call_them(
    tmp_path: Path, date: str, amount: str, region: str, channel: str
) -> None:
    """Chinese and English headers, in any order, with units and line breaks; members tell a column of any name."""
    path = table(tmp_path, [amount, channel, "备注", date, region], [12.5, "线上", "x", DAY, "上海"])
    records = read(path)
    assert records.accepted_micros == 12_500_000
    assert records.missing_dimensions == ()
    assert records.columns["date"].split() == date.split()


def test_the_order_date_precedes_others_and_shipping_is_none(tmp_path: Path) -> None:
    """订单日期 precedes 日期; 发货日期 is never taken."""
    path = table(tmp_path, ["发货日期", "日期", "订单日期", "销售额", "利润"], [1, 2, DAY, 5, 9])
    assert read(path).columns == {"date": "订单日期", "amount": "销售额"}


def test_two_amounts_are_asked_about(tmp_path: Path) -> None:
    """成交金额 beside 实付金额 is not guessed; the mapping table answers."""
    path = table(tmp_path, ["日期", "成交金额", "实付金额"], [DAY, 10, 8])
    with pytest.raises(ColumnInDoubt) as caught:
        read(path)
    assert "成交金额、实付金额" in caught.value.say("zh")
    assert "列对应" in caught.value.say("zh")
    assert read(path, mapping={"金额": "实付金额"}).accepted_micros == 8_000_000
    assert read(path, mapping={"Amount": "成交金额 "}).accepted_micros == 10_000_000


@pytest.mark.parametrize(
    ("field", "headers"),
    [
        ("金额", ["日期", "含税金额", "不含税金额"]),
        ("金额", ["日期", "销售额(元)", "税前销售额"]),
        ("金额", ["日期", "Gross Amount", "Net Amount"]),
        ("单价", ["日期", "数量", "含税单价", "不含税单价"]),
        ("日期", ["金额", "下单日期", "付款日期"]),
        ("日期", ["金额", "日期", "付款时间"]),
    ],
)
def test_columns_of_equal_rank_are_asked_about(tmp_path: Path, field: str, headers: list[str]) -> None:
    """Amounts that differ by tax, and the day of the order beside that of the payment: the field to map is named."""
    path = table(tmp_path, headers, [DAY if header.endswith(("日期", "时间")) else 5 for header in headers])
    with pytest.raises(ColumnInDoubt) as caught:
        read(path)
    assert "、".join(headers[-2:]) in caught.value.say("zh")
    assert f"字段 {field}" in caught.value.say("zh")
    assert read(path, mapping={field: headers[-1]}).rows_accepted == 1


def test_one_amount_without_tax_is_the_amount(tmp_path: Path) -> None:
    """What differs in tax alone has no rival where it stands alone; invoicing and shipping days are none either."""
    path = table(tmp_path, ["下单日期", "开票日期", "发货日期", "不含税金额", "税额"], [DAY, DAY, DAY, 5, 1])
    assert read(path).columns == {"date": "下单日期", "amount": "不含税金额"}


def test_headers_that_are_the_same_are_to_be_renamed(tmp_path: Path) -> None:
    """No mapping can choose between two columns headed 金额: their letters are told, and to rename one."""
    path = write(tmp_path / "t.xlsx", [["日期", "金额", "备注", "金额"], [DAY, 1, "x", 2]], (0, 1))
    for mapping in ({}, {"金额": "金额"}):
        with pytest.raises(HeadersAlike) as caught:
            read(path, mapping=mapping)
        assert "C、E 列" in caught.value.say("zh")
        assert "改个表头" in caught.value.say("zh")
        assert "Columns C, E" in caught.value.say("en")


@pytest.mark.parametrize(("first", "fault"), [(["说明", "目录"], NotOnFirstSheet), ([], FirstSheetEmpty)])
def test_other_sheets_are_named_where_the_first_has_no_table(
    tmp_path: Path, first: list[str], fault: type[Fault]
) -> None:
    """The first sheet is read for want of a name; where it is not the table, the others are named."""
    path = tmp_path / "t.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("封面").write_row(0, 0, first)
    book.add_worksheet("一月").write_row(0, 0, ["日期", "金额"])
    book.close()
    with pytest.raises(fault) as caught:
        read(path)
    assert "一月" in caught.value.say("zh")
    assert "一月" in caught.value.say("en")
    with pytest.raises(Fault) as named:
        read(path, sheet="封面")
    assert "一月" not in str(named.value)


@pytest.mark.parametrize(
    ("headers", "fault"),
    [(["交货期", "销售额"], ColumnMissing), (["日期", "数量"], ColumnMissing)],
)
def test_a_missing_column_is_asked_for(tmp_path: Path, headers: list[str], fault: type[Fault]) -> None:
    """Without a date or an amount the headers found are named."""
    with pytest.raises(fault) as caught:
        read(table(tmp_path, headers, [DAY, 1]))
    assert headers[0] in str(caught.value)


def test_the_mapping_overrides_everything(tmp_path: Path) -> None:
    """Any field or dimension may be mapped, in Chinese or English; wrong entries are told."""
    path = table(tmp_path, ["日期", "回款日", "销售额", "区域", "归属"], [DAY, dt.date(2026, 4, 1), 3, "北京", "上海"])
    records = read(path, mapping={"date": "回款日", "区域": "归属"})
    assert str(records.day[0]) == "2026-04-01"
    assert REGION.members[records.codes["区域"][0]].name == "上海"
    with pytest.raises(MappedHeaderMissing):
        read(path, mapping={"date": "没有这列"})
    with pytest.raises(MappedFieldUnknown):
        read(path, mapping={"天气": "回款日"})


def test_the_lowest_level_that_fits_is_taken(tmp_path: Path) -> None:
    """大区 and 省份 side by side: rows belong to the province, whatever the column order."""
    path = table(tmp_path, ["日期", "大区", "省份", "销售额"], [DAY, "华东", "上海", 1], [DAY, "华北", "天津", 2])
    records = read(path)
    assert records.columns["区域"] == "省份"
    assert records.rows_accepted == 2


def test_where_the_lowest_level_is_blank_the_upper_column_speaks(tmp_path: Path) -> None:
    """A region without provinces is a lowest-level member itself."""
    ragged = dimension("区域", {"华东": {"上海": {}, "江苏": {}}, "海外": {}})
    rows = [[DAY, "华东", "上海", 1], [DAY, "海外", None, 2], [DAY, "华东", None, 4], [DAY, "华东", "江苏", 8]]
    records = read(table(tmp_path, ["日期", "大区", "省份", "销售额"], *rows), ragged)
    assert records.accepted_micros == 11_000_000
    assert records.rows_set_aside == 1


def test_two_columns_of_members_are_asked_about(tmp_path: Path) -> None:
    """Two columns that hold the same members under equal names are in doubt."""
    path = table(tmp_path, ["日期", "发出地", "收到地", "销售额"], [DAY, "上海", "北京", 1], [DAY, "天津", "江苏", 2])
    with pytest.raises(ColumnInDoubt) as caught:
        read(path, REGION)
    assert "发出地, 收到地" in str(caught.value)


def test_a_dimension_without_a_column_is_told(tmp_path: Path) -> None:
    """What the table does not say is not made up."""
    path = table(tmp_path, ["日期", "区域", "城市", "销售额"], [DAY, "上海", "浦东", 1])
    records = read(path, CHANNEL, REGION)
    assert records.missing_dimensions == ("渠道",)
    assert set(records.codes) == {"区域"}


@pytest.mark.parametrize("at", [(0, 0), (4, 0), (0, 3), (6, 2)])
def test_titles_blank_rows_and_blank_columns_do_not_matter(tmp_path: Path, at: tuple[int, int]) -> None:
    """The header is found below titles, wherever the table starts, and a problem names the true cell."""
    rows = [["2026年销售额统计表"], [None, "制表:张三", None, "单位:元"], [], ["日期", "区域", "渠道", "销售额"], [],
            [DAY, "上海", "线上", 5], [DAY, "上海", "线上", "约7"]]  # fmt: skip
    records = read(write(tmp_path / "t.xlsx", rows, at))
    assert records.accepted_micros == 5_000_000
    (problem,) = records.problems
    assert (problem.place.row, problem.place.column) == (at[0] + 7, at[1] + 4)


def test_a_header_may_name_the_unit(tmp_path: Path) -> None:
    """销售额(万元) is in 万元 even where Settings say 元; a warning says so."""
    records = read(table(tmp_path, ["日期", "销售额(万元)"], [DAY, 1.5]))
    assert records.accepted_micros == 15_000 * 10**6
    assert [p.set_aside for p in records.problems] == [False]
    assert read(table(tmp_path, ["日期", "销售额(万元)"], [DAY, 1.5]), factor=10_000).problems == ()


def test_quantity_and_price_make_the_amount(tmp_path: Path) -> None:
    """Without an amount column, or where its cell is blank, quantity times price counts."""
    records = read(table(tmp_path, ["日期", "数量", "单价"], [DAY, 3, 2.5]))
    assert (records.accepted_micros, records.columns["amount"]) == (7_500_000, "数量×单价")
    rows = [[DAY, 3, 2.5, 7.5], [DAY, 2, 10, None], [DAY, 2, None, None]]
    path = table(tmp_path, ["日期", "数量", "单价", "金额"], *rows)
    records = read(path)
    assert records.accepted_micros == 27_500_000
    assert records.rows_set_aside == 1


# --- wide tables ---


@pytest.mark.parametrize(
    "headers",
    [["1月", "2月", "12月"], ["2026-01", "2026-02", "2026-12"], ["2026年1月", "2026年2月", "2026年12月"],
     [dt.date(2026, 1, 1), dt.date(2026, 2, 1), dt.date(2026, 12, 1)], ["Jan", "Feb", "Dec"],
     ["202601", "202602", "202612"]],
)  # fmt: skip
def test_months_across_are_dated_at_their_end(tmp_path: Path, headers: list[object]) -> None:
    """Members down, months across: each filled cell is a record of the month's last day; sums are left out."""
    rows = [
        ["区域", *headers, "合计"],
        ["上海", 1, 2, 3, 6],
        ["北京", None, -5, "1,000", 996],
        ["合计", 1, -3, 1003, 1001],
    ]
    records = read(write(tmp_path / "t.xlsx", rows), REGION)
    assert records.accepted_micros == 1_001 * 10**6
    assert (records.rows_totals, records.rows_set_aside) == (3, 0)
    assert sorted(set(map(str, records.day))) == ["2026-01-31", "2026-02-28", "2026-12-31"]
    assert [p.value for p in records.problems] == ["合计", "合计"]
    assert all(p.fault.remark for p in records.problems)


def test_a_row_of_a_wide_table_is_one_finding(tmp_path: Path) -> None:
    """Totals rows are one finding and all blank keys are one, with their cells counted and their amounts summed."""
    rows = [["区域", "1月", "2月"], ["上海", 1, 2], ["合计", 3, 4], [None, 5, 6], [None, None, 7], ["小计", "x", 8]]
    records = read(write(tmp_path / "t.xlsx", rows), REGION)
    found = {(type(p.fault), str(p.place), p.count, p.amount_micros) for p in records.problems}
    assert found == {
        (reasons.TotalsRow, "实际!A3", 4, 15 * 10**6),
        (reasons.KeyBlank, "实际!A4", 3, 18 * 10**6),
    }
    assert records.wide
    blank = next(p.fault for p in records.problems if isinstance(p.fault, reasons.KeyBlank))
    assert "共 3 个单元格没有计入" in blank.say("zh")
    assert "3 cells not counted" in blank.say("en")


def test_days_across(tmp_path: Path) -> None:
    """Days of one month across, as dates or as bare numbers of a plan of one month."""
    month = {"start": dt.date(2026, 2, 1), "end": dt.date(2026, 2, 28)}
    dates = [dt.date(2026, 2, d) for d in range(1, 29)]
    for headers in (dates, list(range(1, 29)), [f"{d}日" for d in range(1, 29)], [f"2月{d}日" for d in range(1, 29)]):
        path = write(tmp_path / "t.xlsx", [["区域", *headers], ["上海", *range(1, 29)]])
        records = read(path, REGION, **month)
        assert records.rows_accepted == 28
        assert records.day.tolist() == dates


def test_a_month_without_a_year_is_asked_about(tmp_path: Path) -> None:
    """In history nothing tells the year of 1月, unless the title does."""
    rows = [["区域", "1月", "2月"], ["上海", 1, 2]]
    with pytest.raises(PeriodInDoubt):
        read(write(tmp_path / "t.xlsx", rows), REGION, start=None, end=None)
    records = read(write(tmp_path / "t.xlsx", [["2025年销售"], *rows]), REGION, start=None, end=None)
    assert str(records.last_day) == "2025-02-28"


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        ([["区域", "1月", "2月"], ["上海", 1, 2]], "B1"),
        ([[None], [None, "区域", "1月", "2月"], [None, "上海", 1, 2]], "C2"),
        ([["区域", "门店", "1月", "2月"], ["上海", "徐汇", 1, 2]], "C1"),
        ([["区域", "1月", None, "2月", None], [None, "目标", "实际", "目标", "实际"], ["上海", 1, 2, 3, 4]], "B1"),
        ([["区域", "线上", None], [None, "1月", "2月"], ["上海", 1, 2]], "B2"),
    ],
    ids=str,
)
def test_a_month_without_a_year_is_told_with_its_cell(tmp_path: Path, rows: list[list[object]], cell: str) -> None:
    """The sentence names the sheet and the cell of the first heading in doubt."""
    path = write(tmp_path / "t.xlsx", rows)
    with pytest.raises(PeriodInDoubt) as caught:
        read(path, REGION, start=None, end=None)
    assert f"{caught.value.facts['place']}".endswith(f"!{cell}")
    assert caught.value.say("zh").startswith(f"{caught.value.facts['place']} 的表头“{caught.value.facts['header']}”")
    assert f"Header '{caught.value.facts['header']}' in {caught.value.facts['place']}" in caught.value.say("en")


def test_an_error_in_a_wide_table_is_placed(tmp_path: Path) -> None:
    """An error cell among the months is set aside at its own address; blank months are no rows."""
    from tests.tables.tables import ERROR

    records = read(
        write(tmp_path / "t.xlsx", [["区域", "1月", "2月"], ["上海", 1, ERROR], ["北京", None, 2]], (1, 1)), REGION
    )
    assert [str(p.place) for p in records.problems] == ["实际!D3"]
    assert (records.rows_found, records.rows_accepted) == (3, 2)


def test_each_row_of_the_head_is_read_once_to_find_the_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read of a table's first rows goes with their number, not with its square."""
    read_rows: list[Sequence[str | None]] = []

    def counted(row: Sequence[str | None]) -> dict[int, Stamp | int]:
        read_rows.append(row)
        return period_columns(row)

    monkeypatch.setattr(header_row, "period_columns", counted)
    rows = [["2026-01-05", "上海", "线上", i] for i in range(200)]
    read(table(tmp_path, ["日期", "区域", "渠道", "金额"], *rows))
    assert 0 < len(read_rows) <= HEAD_ROWS + 5


@pytest.mark.parametrize(
    "times",
    [
        ("102033", "113000"),
        ("10:20:33", "9:05:00"),
        ("10:20", "23:59"),
        ("010203", "020304"),
        (dt.datetime(1899, 12, 31, 10, 20), dt.datetime(1899, 12, 31, 23, 5)),
        (0.43, 0.96),
        ("20:26:01", None),
    ],
)
@pytest.mark.parametrize(("date", "time"), [("交易日期", "交易时间"), ("日期", "交易时间"), ("Date", "Order time")])
@pytest.mark.parametrize(
    "days", [("20260105", "20260206"), (dt.date(2026, 1, 5), dt.date(2026, 2, 6)), ("2026/1/5", "2026/2/6")]
)
def test_times_of_day_are_no_second_date(tmp_path: Path, date: str, time: str, days, times) -> None:  # type: ignore[no-untyped-def]
    """Banks and tills give the day in one column and the time of day in another."""
    rows = [[day, at, "上海", "线上", 10] for day, at in zip(days, times, strict=True)]
    for order in ([0, 1, 2, 3, 4], [1, 0, 2, 3, 4]):
        shown = [[row[i] for i in order] for row in rows]
        records = read(table(tmp_path, [[date, time, "区域", "渠道", "金额"][i] for i in order], *shown))
        assert [str(day) for day in records.day] == ["2026-01-05", "2026-02-06"]
        assert records.columns["date"] == date


def test_moments_and_months_of_a_column_of_times_are_dates(tmp_path: Path) -> None:
    """`202601` is a month; a moment has its day; two columns of moments are still asked about."""
    for values in (("202601", "202602"), ("2026-01-31 10:20", "2026-02-28 11:30")):
        records = read(
            table(tmp_path, ["下单时间", "区域", "渠道", "金额"], *([v, "上海", "线上", 10] for v in values))
        )
        assert [str(day) for day in records.day] == ["2026-01-31", "2026-02-28"]
    with pytest.raises(ColumnInDoubt):
        read(
            table(
                tmp_path,
                ["交易日期", "交易时间", "区域", "渠道", "金额"],
                ["2026-01-05", "2026-01-06 10:20", "上海", "线上", 10],
            )
        )
