"""Headers again below the first: repeated ones, and tables pasted one under the other."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.tables.tables import dimension, read, write
from xlsales.tables.rows.sections import OtherTable, RepeatedHeader

pytestmark = pytest.mark.unit
D, E = dt.date(2026, 3, 8), dt.date(2026, 3, 9)
STORE = dimension("门店", ["一店", "二店"])
HEADER = ["日期", "门店", "数量", "金额"]
FIRST = [HEADER, [D, "一店", 2, 10], [E, "二店", 3, 20]]


def test_a_repeated_header_is_told_as_such(tmp_path: Path) -> None:
    """A header at each printed page is one finding, without amounts; the rows around it count."""
    rows = [*FIRST, HEADER, [D, "二店", 4, 40], HEADER, [E, "一店", 5, 80]]
    for path in (write(tmp_path / "t.xlsx", rows), _csv(tmp_path, rows)):
        records = read(path, STORE)
        assert records.accepted_micros == 150 * 10**6
        (problem,) = records.problems
        assert (type(problem.fault), problem.count, str(problem.place)) == (RepeatedHeader, 2, "实际!A4")
        assert "重复的表头(共 2 行),没有计入" in problem.say("zh")


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["门店", "日期", "金额", "数量"], ["一店", D, 40, 2]),
        (["金额", "数量", "门店", "日期"], [40, 2, "一店", D]),
        (["数量", "业务日期", "店铺", "销售额"], [2, D, "一店", 40]),
        (["门店", "金额", "日期"], ["一店", 40, D]),
        (["日期", "门店", "备注", "金额"], [D, "一店", "x", 40]),
    ],
)
def test_rows_below_another_order_are_read_by_it(tmp_path: Path, header: list[object], row: list[object]) -> None:
    """Two exports one under the other with columns in another order: the second is read by its own header."""
    rows = [*FIRST, [], header, row, HEADER, [E, "二店", 6, 80]]
    for path in (write(tmp_path / "t.xlsx", rows), _csv(tmp_path, rows)):
        records = read(path, STORE)
        assert records.accepted_micros == 150 * 10**6
        assert [int(records.micros[records.codes["门店"] == i].sum()) // 10**6 for i in (0, 1)] == [50, 100]
        assert [(type(p.fault), p.count) for p in records.problems] == [(RepeatedHeader, 2)]


def test_a_finding_below_another_order_has_its_true_place(tmp_path: Path) -> None:
    """The cell that is named is the one in the sheet."""
    rows = [*FIRST, ["金额", "门店", "日期"], ["约40", "一店", D], [40, "九店", D]]
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    places = {type(p.fault).__name__: str(p.place) for p in records.problems}
    assert places == {"RepeatedHeader": "实际!A4", "AmountUnreadable": "实际!A5", "MemberUnknown": "实际!B6"}


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["日期", "门店", "库存", "金额(万元)"], [D, "一店", 5, 40]),
        (["日期", "客户", "数量", "单价"], [D, "甲", 5, 40]),
    ],
)
def test_a_table_that_does_not_fit_is_set_aside(tmp_path: Path, header: list[object], row: list[object]) -> None:
    """Another unit, or no column of what is needed: told with its headers, never taken by the first one's columns."""
    records = read(write(tmp_path / "t.xlsx", [*FIRST, header, row, row]), STORE)
    assert records.accepted_micros == 30 * 10**6
    found = {type(p.fault): (p.count, p.amount_micros, str(p.place)) for p in records.problems}
    assert found == {OtherTable: (3, None, "实际!A4")}
    assert "、".join(map(str, header)) in next(p for p in records.problems if type(p.fault) is OtherTable).say("zh")


def test_words_of_headers_in_data_are_no_headers(tmp_path: Path) -> None:
    """A product called 日期 or a remark 金额 is data."""
    rows = [["日期", "门店", "备注", "金额"], [D, "一店", "金额", 10], ["日期", "一店", "x", 20]]
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert records.accepted_micros == 10 * 10**6
    assert [type(p.fault).__name__ for p in records.problems] == ["DateUnreadable"]


def test_headers_of_months_below(tmp_path: Path) -> None:
    """A repeated header of months is told; months of another half are another table, never taken for the first's."""
    rows = [["门店", "1月", "2月"], ["一店", 1, 2], ["门店", "1月", "2月"], ["二店", 4, 8]]
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert (records.accepted_micros, [type(p.fault) for p in records.problems]) == (15 * 10**6, [RepeatedHeader])
    rows = [["门店", "1月", "2月"], ["一店", 1, 2], [], ["门店", "3月", "4月"], ["二店", 4, 8]]
    records = read(write(tmp_path / "t.xlsx", rows), STORE)
    assert records.accepted_micros == 3 * 10**6
    assert [type(p.fault) for p in records.problems] == [OtherTable]


def _csv(folder: Path, rows: list[list[object]]) -> Path:
    path = folder / "t.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", encoding="utf-8")
    return path
