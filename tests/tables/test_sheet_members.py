"""Members and years that only the sheets' names or titles tell, and members that people told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from tests.tables.tables import Cells, dimension, read, write
from xlsales.tables.columns.column_faults import MappedFieldUnknown
from xlsales.tables.reading import Records
from xlsales.tables.words.mapping_rules import MappingRule, mapping_rule

pytestmark = pytest.mark.unit
STORE = dimension("门店", ["徐汇店", "南京路店", "天河店"], {"天河店": ("TH01",)})
PRODUCT = dimension("产品", ["A", "B"])
H = ("日期", "金额")
MILLION = 10**6


def _day(month: int) -> dt.date:
    return dt.date(2026, month, 5)


def _book(path: Path, *sheets: tuple[str, Cells]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def _of(records: Records, name: str, count: int = 3) -> list[int]:
    codes = records.codes[name]
    return [int(records.micros[codes == i].sum()) // MILLION for i in range(count)]


def _one(amount: int) -> Cells:
    return [H, (_day(1), amount)]


SHEETS: dict[str, tuple[Sequence[tuple[str, Cells]], list[int]]] = {
    "stores": ((("徐汇店", _one(1)), ("南京路店", _one(10))), [1, 10, 0]),
    "one store": ((("徐汇店", _one(1)),), [1, 0, 0]),
    "an alias": ((("TH01", _one(1)), ("徐汇店", _one(10))), [10, 0, 1]),
    "spaces and a number": ((("徐汇店 ", _one(1)), ("2-南京路店", _one(10))), [1, 10, 0]),
    "store and month": (
        (("徐汇店1月", [("商品", "金额"), ("A", 1)]), ("徐汇店2月", [("商品", "金额"), ("A", 10)])),
        [11, 0, 0],
    ),
    "titles": (
        (("Sheet1", [("门店：徐汇店",), *_one(1)]), ("Sheet2", [("店铺: 天河店",), *_one(10)])),
        [1, 0, 10],
    ),
    "months across": (
        (("徐汇店", [("产品", "1月", "2月"), ("A", 1, 2)]), ("天河店", [("产品", "1月", "2月"), ("A", 10, 20)])),
        [3, 0, 30],
    ),
    "a row of one name": (
        (
            ("徐汇店", [("项目", "1月", "2月"), ("销售额", 1, 2)]),
            ("天河店", [("项目", "1月", "2月"), ("销售额", 10, 20)]),
        ),
        [3, 0, 30],
    ),
    "two rows of headers": (
        tuple(
            (t, [("产品", "1月", None, "2月"), (None, "数量", "金额", "数量", "金额"), ("A", 7, n, 7, n)])
            for t, n in (("徐汇店", 1), ("天河店", 10))
        ),
        [2, 0, 20],
    ),
    "a column says it": (
        (("徐汇店", [("日期", "门店", "金额"), (_day(1), "天河店", 1)]), ("南京路店", [("日期", "门店", "金额")])),
        [0, 0, 1],
    ),
}


@pytest.mark.parametrize("key", SHEETS)
def test_members_of_sheets(tmp_path: Path, key: str) -> None:
    """Each sheet's rows are of the member that its name or its title gives, where no column does; it is told."""
    sheets, sold = SHEETS[key]
    records = read(_book(tmp_path / "t.xlsx", *sheets), STORE, PRODUCT)
    assert _of(records, "门店") == sold
    told = "按工作表名或标题行算作" in " ".join(p.fault.say("zh") for p in records.problems)
    assert told is (key != "a column says it")
    assert records.missing_dimensions in ((), ("产品",))


def test_a_sheet_of_no_member_is_set_aside(tmp_path: Path) -> None:
    """Beside sheets of members it is an unknown one; where most are none, none is read as one."""
    records = read(_book(tmp_path / "t.xlsx", ("徐汇店", _one(1)), ("浦东店", _one(10))), STORE)
    assert (_of(records, "门店"), records.set_aside_micros) == ([1, 0, 0], 10 * MILLION)
    (unknown,) = [p for p in records.problems if p.set_aside]
    assert (str(unknown.place.sheet), unknown.value) == ("[实际]浦东店", "浦东店")
    records = read(_book(tmp_path / "u.xlsx", ("徐汇店", _one(1)), ("甲", _one(2)), ("乙", _one(3))), STORE)
    assert (records.accepted_micros, records.missing_dimensions) == (6 * MILLION, ("门店",))


def test_a_name_of_two_dimensions_is_of_neither(tmp_path: Path) -> None:
    """A sheet's name that is a member of two dimensions tells nothing."""
    path = _book(tmp_path / "t.xlsx", ("A", _one(1)), ("B", _one(2)))
    records = read(path, PRODUCT, dimension("系列", ["A", "B"]))
    assert (records.accepted_micros, records.missing_dimensions) == (3 * MILLION, ("产品", "系列"))


def test_a_member_that_is_told(tmp_path: Path) -> None:
    """Column mapping gives a whole table its member; a field that is no dimension is refused."""
    path = write(tmp_path / "t.xlsx", _one(5))
    told = mapping_rule("门店", None, "天河店", None)
    assert told == MappingRule("member", None, "天河店", None, "门店")
    assert _of(read(path, STORE, rules=[told]), "门店") == [0, 0, 5]
    with pytest.raises(MappedFieldUnknown):
        read(path, STORE, rules=[MappingRule("member", None, "天河店", None, "门点")])


@pytest.mark.parametrize(
    ("titles", "month"),
    [
        (("2025年", "2026年"), "1月"),
        (("2025", "2026"), 1),
        (("FY25", "FY26"), "1月"),
        (("2025年销售", "2026年销售"), "Jan"),
    ],
)
def test_years_of_sheets(tmp_path: Path, titles: tuple[str, str], month: object) -> None:
    """Months without a year are of the year that their sheet is named after; other years are no actuals."""
    rows = [[("月份", "门店", "金额"), (month, "徐汇店", n)] for n in (1, 10)]
    records = read(_book(tmp_path / "t.xlsx", *zip(titles, rows, strict=True)), STORE)
    assert (records.accepted_micros, records.set_aside_micros) == (10 * MILLION, MILLION)
    assert "算作这一年的" in " ".join(p.fault.say("zh") for p in records.problems)


def test_dates_with_years_in_sheets_of_years(tmp_path: Path) -> None:
    """Dates that say their year are not touched by the sheet's name, nor is a year told of them."""
    path = _book(tmp_path / "t.xlsx", ("2025", [("日期", "门店", "金额"), (_day(1), "徐汇店", 1)]))
    records = read(path, STORE)
    assert (records.accepted_micros, records.problems) == (MILLION, ())
