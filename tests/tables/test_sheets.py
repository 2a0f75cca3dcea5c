"""Files of several sheets: those of one header are read together, the rest is named, what is hidden is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from tests.tables.tables import read
from xlsales.tables import reasons, remarks
from xlsales.tables.columns.column_faults import ColumnMissing
from xlsales.tables.files.unreadable import FirstSheetEmpty, SheetEmpty

pytestmark = pytest.mark.unit

HEADER = ["日期", "区域", "渠道", "销售额"]
Rows = Sequence[Sequence[object]]


def day(month: int, amount: object, region: str = "上海") -> list[object]:
    return [f"2026-{month:02d}-05", region, "线上", amount]


def book(path: Path, sheets: Mapping[str, Rows], hidden: Mapping[str, str] | None = None) -> Path:
    """Write sheets, those named in `hidden` hidden; the first that is not is the active one."""
    file = xlsxwriter.Workbook(path)
    for title, rows in sheets.items():
        page = file.add_worksheet(title)
        for r, row in enumerate(rows):
            page.write_row(r, 0, row)
        if state := (hidden or {}).get(title):
            page.hide() if state == "hidden" else page.very_hidden()
    next(page for page in file.worksheets() if page.name not in (hidden or {})).activate()
    file.close()
    return path


def told(records: object) -> list[str]:
    return [problem.fault.say("zh") for problem in records.problems]  # type: ignore[attr-defined]


def test_all_sheets_of_one_header_are_read(tmp_path: Path) -> None:
    months = {f"{m}月": [HEADER, day(m, 10 * m)] for m in (1, 2, 3)}
    records = read(book(tmp_path / "t.xlsx", months))
    assert records.accepted_micros == 60_000_000
    assert told(records) == ["读取了表头相同的 3 张工作表:1月、2月、3月。"]


def test_problems_have_their_own_sheet(tmp_path: Path) -> None:
    sheets = {f"{m}月": [["月报"], [], HEADER, day(m, 10), day(m, "x", "北京"), day(m, 10)] for m in (1, 2)}
    records = read(book(tmp_path / "t.xlsx", sheets))
    places = [str(p.place) for p in records.problems if isinstance(p.fault, reasons.AmountUnreadable)]
    assert places == ["[实际]1月!D5", "[实际]2月!D5"]


def test_columns_in_another_order_and_titles_above(tmp_path: Path) -> None:
    swapped = [["二月销售"], ["销售额", "渠道", "日期", "区域"], [20, "线下", "2026-02-05", "北京"]]
    records = read(book(tmp_path / "t.xlsx", {"1月": [HEADER, day(1, 10)], "2月": swapped}))
    assert records.accepted_micros == 30_000_000
    assert not [p for p in records.problems if p.set_aside]


def test_types_that_differ_between_sheets(tmp_path: Path) -> None:
    texts = [HEADER, ["2026年2月5日", "北京", "线上", "2万"], [46059, "北京", "线上", 5]]
    numbers = [HEADER, [46027, "上海", "线上", 10.5]]
    records = read(book(tmp_path / "t.xlsx", {"1月": numbers, "2月": texts}))
    assert (records.rows_accepted, records.accepted_micros) == (3, 20_015_500_000)


def test_error_cells_keep_their_place_in_later_sheets(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    file = xlsxwriter.Workbook(path)
    for title in ("1月", "2月"):
        page = file.add_worksheet(title)
        page.write_row(0, 0, HEADER)
        page.write_row(1, 0, day(1, 10))
    page.write_row(2, 0, day(1, 10))
    page.write_formula(2, 3, "=NA()", None, "#N/A")
    file.close()
    records = read(path)
    (error,) = [p for p in records.problems if p.set_aside]
    assert str(error.place) == "[实际]2月!D3"


def test_sheets_that_differ_are_named(tmp_path: Path) -> None:
    sheets = {
        "1月": [HEADER, day(1, 10)],
        "2月": [HEADER, day(2, 20)],
        "目标": [["区域", "目标"], ["上海", 5]],
        "空": [],
    }
    records = read(book(tmp_path / "t.xlsx", sheets))
    assert told(records) == ["读取了表头相同的 2 张工作表:1月、2月;没有读取:目标。"]
    sheets = {"明细": [HEADER, day(1, 10)], "说明": [["这是说明"]]}
    assert told(read(book(tmp_path / "u.xlsx", sheets))) == [
        "读取的是工作表“明细”,没有读取:说明。要读别的,请在设置里填写工作表名。"
    ]


def test_sheets_of_another_unit_are_not_added(tmp_path: Path) -> None:
    wan, yuan = [["1月销售(单位:万元)"], HEADER, day(1, 1)], [["2月销售(单位:元)"], HEADER, day(2, 10_000)]
    also_wan = [["3月销售", None, None, "单位:万元"], HEADER, day(3, 2)]
    records = read(book(tmp_path / "t.xlsx", {"1月": wan, "2月": yuan, "3月": also_wan}))
    assert records.accepted_micros == 30_000 * 1_000_000
    assert "读取了表头相同的 2 张工作表:1月、3月;没有读取:2月。" in told(records)


def test_rows_that_stand_in_two_sheets_are_doubted(tmp_path: Path) -> None:
    rows = [HEADER, day(1, 10), day(1, 20, "北京")]
    records = read(book(tmp_path / "t.xlsx", {"1月": rows, "2月": rows}))
    (doubt,) = [p for p in records.problems if isinstance(p.fault, reasons.DuplicateRows)]
    assert (doubt.count, str(doubt.place)) == (2, "[实际]2月!2")


@pytest.mark.parametrize("state", ["hidden", "very hidden"])
def test_hidden_sheets_are_not_read_but_named(tmp_path: Path, state: str) -> None:
    sheets = {"旧": [HEADER, day(1, 999)], "新": [HEADER, day(1, 10)]}
    records = read(book(tmp_path / "t.xlsx", sheets, {"旧": state}))
    assert records.accepted_micros == 10_000_000
    assert "旧(隐藏" in told(records)[0]
    assert read(tmp_path / "t.xlsx", sheet="旧").accepted_micros == 999_000_000  # by its name it is


def test_a_chart_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    file = xlsxwriter.Workbook(path)
    chart_sheet = file.add_chartsheet("图")
    page = file.add_worksheet("1月")
    chart = file.add_chart({"type": "line"})
    chart.add_series({"values": "='1月'!$D$2:$D$3"})
    chart_sheet.set_chart(chart)
    for r, row in enumerate([HEADER, day(1, 10)]):
        page.write_row(r, 0, row)
    file.close()
    assert read(path).accepted_micros == 10_000_000


def test_nothing_that_a_person_sees(tmp_path: Path) -> None:
    with pytest.raises(FirstSheetEmpty):
        read(book(tmp_path / "t.xlsx", {"空": [], "1月": [HEADER, day(1, 10)]}))
    with pytest.raises(SheetEmpty):
        read(book(tmp_path / "u.xlsx", {"空": []}))


def test_hidden_rows_are_counted_and_told(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    file = xlsxwriter.Workbook(path)
    page = file.add_worksheet("实际")
    for r, row in enumerate([HEADER, day(1, 10), day(2, 20), day(3, 30)]):
        page.write_row(r, 0, row)
    page.autofilter(0, 0, 3, 3)
    page.filter_column(3, "x > 25")
    page.set_row(1, None, None, {"hidden": True})
    page.set_row(2, None, None, {"hidden": True})
    file.close()
    records = read(path)
    assert records.accepted_micros == 60_000_000
    assert told(records) == ["有 2 行被隐藏或筛选掉,已照样计入。不该计入的,请删去。"]


def test_the_month_is_that_of_the_sheet_where_the_table_has_no_dates(tmp_path: Path) -> None:
    header = ["区域", "渠道", "销售额"]
    sheets = {f"{m}月": [header, ["上海", "线上", 10 * m]] for m in (1, 2)}
    records = read(book(tmp_path / "t.xlsx", sheets))
    assert records.day.tolist() == [dt.date(2026, 1, 31), dt.date(2026, 2, 28)]
    assert "表里没有日期,按工作表名“1月”算作这个月的。" in told(records)
    assert read(book(tmp_path / "u.xlsx", {"2026年3月": [header, ["上海", "线上", 5]]})).day.tolist() == [
        dt.date(2026, 3, 31)
    ]
    with pytest.raises(ColumnMissing):
        read(book(tmp_path / "v.xlsx", {"销售": [header, ["上海", "线上", 5]]}))


def test_what_has_no_header_and_notes_below_are_told(tmp_path: Path) -> None:
    rows = [HEADER, [*day(1, 10), "备注", 7], [], [None, None, None, None, None, "制表人"]]
    records = read(book(tmp_path / "t.xlsx", {"实际": rows}))
    kinds = [type(p.fault) for p in records.problems]
    assert kinds == [remarks.ColumnsWithoutHeader, remarks.RowsWithoutFigures]
    assert [str(p.place) for p in records.problems] == ["实际!1", "实际!4"]
