"""Pasted sales become records; what cannot be counted is set aside with its place, and nothing is lost."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tables.tables import CHANNEL, ERROR, REGION, UNCALCULATED, check_conservation, dimension, read, write
from xlsales.core.faults import Fault
from xlsales.core.plan import FiscalYear
from xlsales.ooxml.checks import EncryptedWorkbook
from xlsales.ooxml.files import FileMissing
from xlsales.tables import reasons, sums
from xlsales.tables.cells import matching
from xlsales.tables.cells.matching import BLANK, UNKNOWN, Matcher
from xlsales.tables.files.source import Source
from xlsales.tables.files.texts import decode
from xlsales.tables.files.unreadable import (
    NotReallyABook,
    SheetEmpty,
    SheetMissing,
    SourceKindUnknown,
    SourceUnreadable,
)
from xlsales.tables.reading import read_records
from xlsales.tables.rows import sieve
from xlsales.tables.rows.row_amounts import SumTooLarge

pytestmark = pytest.mark.unit

HEADER = ["日期", "区域", "渠道", "销售额"]
GOOD = [dt.date(2026, 3, 8), "上海", "线上", 100]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def table(path: Path, *rows: list[object], **options: object) -> Path:
    return write(path / "t.xlsx", [HEADER, *rows], **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "fault", "place", "value", "amount"),
    [
        ([ERROR, "上海", "线上", 7], reasons.ErrorInColumn, "A3", "#N/A", 7),
        ([GOOD[0], ERROR, "线上", 7], reasons.ErrorInColumn, "B3", "#N/A", 7),
        ([GOOD[0], "上海", "线上", ERROR], reasons.ErrorInColumn, "D3", "#N/A", None),
        ([GOOD[0], "上海", "线上", UNCALCULATED], reasons.ErrorInColumn, "D3", "=", None),
        (["昨天", "上海", "线上", 7], reasons.DateUnreadable, "A3", "昨天", 7),
        ([True, "上海", "线上", 7], reasons.DateUnreadable, "A3", "true", 7),
        ([None, "上海", "线上", 7], reasons.DateBlank, "A3", "", 7),
        ([dt.date(2052, 3, 8), "上海", "线上", 7], reasons.OutsidePeriod, "A3", "2052", 7),
        ([GOOD[0], "上海", "线上", "约7"], reasons.AmountUnreadable, "D3", "约7", None),
        ([GOOD[0], "上海", "线上", "50%"], reasons.AmountIsShare, "D3", "50%", None),
        ([GOOD[0], "上海", "线上", True], reasons.AmountIsNoNumber, "D3", "true", None),
        ([GOOD[0], "上海", "线上", GOOD[0]], reasons.AmountIsNoNumber, "D3", "2026-03-08 00:00:00", None),
        ([GOOD[0], "上海", "线上", "2026/3/8"], reasons.AmountIsNoNumber, "D3", "2026/3/8", None),
        ([GOOD[0], "上海", "线上", "FALSE "], reasons.AmountIsNoNumber, "D3", "FALSE", None),
        ([GOOD[0], "上海", "线上", None], reasons.AmountBlank, "D3", "", None),
        ([GOOD[0], None, "线上", 7], reasons.KeyBlank, "B3", "", 7),
        ([GOOD[0], "上海", " ", -7], reasons.KeyBlank, "C3", "", -7),
        ([GOOD[0], "上每", "线上", 7], reasons.MemberMisspelt, "B3", "上每", 7),
        ([GOOD[0], "火星", "线上", 7], reasons.MemberUnknown, "B3", "火星", 7),
        ([GOOD[0], "华东", "线上", 7], reasons.MemberNotLowest, "B3", "华东", 7),
    ],
)  # fmt: skip
def test_a_bad_row_is_set_aside(
    tmp_path: Path, row: list[object], fault: type[Fault], place: str, value: str, amount: int | None
) -> None:
    """Each fault names the sheet, the cell, the value, the amount, the reason, and what to do; good rows stay."""
    records = read(table(tmp_path, GOOD, row, [*GOOD[:3], 1]))
    (problem,) = records.problems
    assert type(problem.fault) is fault
    assert (str(problem.place), problem.value) == (f"实际!{place}", value)
    assert problem.amount_micros == (None if amount is None else amount * 10**6)
    assert problem.set_aside
    assert problem.say("zh").endswith("。")
    assert problem.say("en").endswith(".")
    assert records.accepted_micros == 101 * 10**6
    assert records.rows_found == 3


def test_a_misspelt_member_is_told_its_nearest_name(tmp_path: Path) -> None:
    """Rows of one unknown value are one finding, with count, amount and the first cell."""
    records = read(table(tmp_path, GOOD, [GOOD[0], "Shanghei", "线上", 1], [GOOD[0], "Shanghei", "线下", 2]))
    (problem,) = records.problems
    assert (problem.count, problem.amount_micros, str(problem.place)) == (2, 3_000_000, "实际!B3")
    assert "“上海”" in problem.say("zh")


def test_members_that_are_equally_near_are_all_named(tmp_path: Path) -> None:
    """华中 is as near to each of four regions: three are named. 华冬 sounds like one of them: it is named alone."""
    regions = dimension("区域", ["华北", "华南", "华西", "华东"])
    path = write(tmp_path / "t.xlsx", [["日期", "区域", "销售额"], [GOOD[0], "华中", 1], [GOOD[0], "华冬", 1]])
    problem, alone = read(path, regions).problems
    assert "1 行没有计入。是不是“华北”、“华南”或“华西”?" in problem.say("zh")
    assert "1 row not counted. Is it '华北', '华南' or '华西'?" in problem.say("en")
    assert "1 行没有计入。是不是“华东”?" in alone.say("zh")
    problem, _ = read(path, dimension("区域", ["华北", "华东"])).problems
    assert "是不是“华北”或“华东”?" in problem.say("zh")


def test_blank_keys_are_one_finding(tmp_path: Path) -> None:
    """Below a vertically merged cell keys are blank: one finding per column, with count, amount and what to do."""
    rows = [[GOOD[0], None, "线上", n] for n in (1, 2, 4)]
    records = read(table(tmp_path, GOOD, *rows, [*GOOD[:2], None, 8]))
    found = [(str(p.place), p.count, p.amount_micros) for p in records.problems]
    assert found == [("实际!B3", 3, 7 * 10**6), ("实际!C6", 1, 8 * 10**6)]
    assert "取消合并并向下填充" in records.problems[0].say("zh")
    assert "1 row not" in records.problems[1].say("en")


def test_blank_keys_of_a_dimension_with_one_member(tmp_path: Path) -> None:
    """A dimension of a single member is read as any other: its blank keys are told, not stumbled over."""
    path = write(tmp_path / "t.xlsx", [["日期", "区域", "销售额"], [GOOD[0], "华东", 1], [GOOD[0], None, 2]])
    records = read(path, dimension("区域", ["华东"]))
    assert [(type(p.fault), p.count) for p in records.problems] == [(reasons.KeyBlank, 1)]
    assert records.accepted_micros == 10**6


def test_other_years_are_told_year_by_year(tmp_path: Path) -> None:
    """Rows outside the period are counted and summed by calendar year."""
    rows = [[dt.date(year, 5, 1), "上海", "线上", year] for year in (2024, 2025, 2025, 2026, 2027)]
    records = read(table(tmp_path, *rows))
    assert [(p.fault.facts["year"], p.count, p.amount_micros) for p in records.problems] == [
        (2024, 1, 2024 * 10**6), (2025, 2, 4050 * 10**6), (2027, 1, 2027 * 10**6)]  # fmt: skip
    assert read(table(tmp_path, *rows), start=None, end=None).rows_accepted == 5


def test_names_match_without_regard_to_width_case_and_spaces(tmp_path: Path) -> None:
    """Full-width letters, spaces and aliases name the same member; a member named 总计 is no totals row."""
    odd = dimension("门店", ["A 1店", "总计大厦小计"], {"A 1店": ("旗舰",)})
    rows = [[GOOD[0], name, 1] for name in ("Ａ１店", " a1 店", "旗 舰", "总计大厦小计")]
    records = read(write(tmp_path / "t.xlsx", [["日期", "门店", "销售额"], *rows]), odd)
    assert records.codes["门店"].tolist() == [0, 0, 0, 1]


def test_amounts_and_dates_are_read_as_meant(tmp_path: Path) -> None:
    """Text, full-width figures, units, returns, serials and Chinese dates all count."""
    rows = [
        ["2026年1月5日", "沪", "线上", "1,234.50"], ["20260105", "shanghai", "线上", "２０００"],
        [46027, "上海 ", "线上", "2000万"], ["1月5日", "上海", "线上", "(500)"], ["2026/1/5", "上海", "线上", "¥1,200"],
    ]  # fmt: skip
    records = read(table(tmp_path, *rows))
    assert records.problems == ()
    assert set(map(str, records.day)) == {"2026-01-05"}
    assert records.accepted_micros == 20_003_934_500_000


def test_workbooks_that_count_from_1904(tmp_path: Path) -> None:
    """Dates and bare serials of a Macintosh workbook are the days people see."""
    day = dt.date(2026, 1, 5)
    rows = [[day, *GOOD[1:]], [(day - dt.date(1904, 1, 1)).days, *GOOD[1:]]]
    records = read(table(tmp_path, *rows, date1904=True))
    assert set(map(str, records.day)) == {"2026-01-05"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_files(tmp_path: Path, encoding: str, mark: str) -> None:
    """Text files are read in the encodings and with the separators that programs here write."""
    path = tmp_path / "t.csv"
    lines = [
        HEADER,
        ["2026-03-08", "上海", "线上", '"1,000"'],
        ["2026/3/9", "北京", "线下", "-5"],
        ["昨天", "北京", "线下", "5"],
    ]
    path.write_bytes("\r\n".join(mark.join(line) for line in lines).encode(encoding))
    records = read(path)
    assert records.accepted_micros == 995 * 10**6
    assert [str(p.place) for p in records.problems] == ["实际!A4"]


def test_ragged_text_files_keep_their_rows(tmp_path: Path) -> None:
    """Title lines, blank lines and lines of any length leave the row numbers true."""
    path = tmp_path / "t.csv"
    body = "销售表\n\n日期,区域,渠道,销售额\n2026-03-08,上海,线上,7\n\n"
    body += '2026-03-09,上海,线上,x,more,"a\nb"\n2026-03-09,上海\n'
    path.write_text(body, "utf-8")
    records = read(path)
    assert [str(p.place) for p in records.problems] == ["实际!D6", "实际!D7"]
    assert records.rows_accepted == 1


def test_bytes_that_are_no_text_are_refused() -> None:
    """A file that is neither UTF-8 nor GB 18030 is not read as rubbish."""
    assert decode(b"\xff\xff\x00\x81") is None
    assert decode("销售".encode("gb18030")) == "销售"


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("none.xlsx", None, FileMissing),
        ("a.pdf", b"%PDF", SourceKindUnknown),
        ("a.xlsx", b"hello", NotReallyABook),
        ("a.xls", b"<html><table></table>", NotReallyABook),
        ("a.xls", OLE + bytes(600), SourceUnreadable),
        ("a.xlsx", OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le"), EncryptedWorkbook),
        ("a.csv", b"\xff\xff\x00\x81", SourceUnreadable),
        ("a.csv", b"", SheetEmpty),
        ("a.csv", b"\n\n", SheetEmpty),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told(
    tmp_path: Path, name: str, content: bytes | None, fault: type[Fault]
) -> None:
    """One sentence says what is wrong with the file."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(fault) as caught:
        read(tmp_path / name)
    assert caught.value.say("zh").endswith("。")


def test_sheets_are_found_by_title(tmp_path: Path) -> None:
    """A wrong title names the titles there are; an empty sheet says so."""
    path = table(tmp_path, GOOD, sheet="一月")
    assert read(path, sheet="一月").rows_accepted == 1
    with pytest.raises(SheetMissing) as caught:
        read(path, sheet="二月")
    assert "一月" in str(caught.value)
    with pytest.raises(SheetEmpty):
        read(write(tmp_path / "e.xlsx", []))


def test_a_table_without_rows_is_no_fault(tmp_path: Path) -> None:
    """Headers alone give no records."""
    records = read(table(tmp_path))
    assert (records.rows_found, records.found_micros, records.last_day) == (0, 0, None)


def test_many_findings_are_folded_but_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a bound the rest is one finding with its count and amount."""
    monkeypatch.setattr(sieve, "LISTED", 5)
    rows = [["昨天", "上海", "线上", i] for i in range(12)] + [[GOOD[0], f"地{i}", "线上", i] for i in range(12)]
    records = read(table(tmp_path, *rows))
    folded = [p for p in records.problems if isinstance(p.fault, reasons.AndMore)]
    assert [(p.count, p.amount_micros) for p in folded] == [(7, 21 * 10**6)]
    assert "另有 7 种、7 行" in folded[0].say("zh")
    assert "“地11”" in folded[0].say("zh")
    assert [p.amount_micros for p in records.problems[1:6]] == [n * 10**6 for n in (11, 10, 9, 8, 7)]
    assert (records.problems[0].count, records.problems[0].amount_micros) == (12, 66 * 10**6)
    assert "这样的共 12 行" in records.problems[0].say("zh")
    assert len(records.problems) == 7


def test_many_rows_without_a_date_are_one_finding(tmp_path: Path) -> None:
    """141 blank dates are one line; dates, amounts and error cells that cannot be read are one for each value."""
    rows: list[list[object]] = [[None, "上海", "线上", 1]] * 141
    rows += (
        [["昨天", "上海", "线上", 2]] * 3 + [["前天", "上海", "线上", 9]] * 2 + [[GOOD[0], "上海", "线上", None]] * 5
    )
    rows += (
        [[GOOD[0], "上海", "线上", "约7"]] * 4
        + [[GOOD[0], "上海", "线上", ERROR]] * 6
        + [[GOOD[0], ERROR, "线上", 3]] * 2
    )
    records = read(table(tmp_path, GOOD, *rows))
    found = sorted((type(p.fault).__name__, p.value, p.count, p.amount_micros) for p in records.problems if p.set_aside)
    assert [f for f in found if f[0] != "ErrorInColumn"] == [
        ("AmountBlank", "", 5, None),
        ("AmountUnreadable", "约7", 4, None),
        ("DateBlank", "", 141, 141 * 10**6),
        ("DateUnreadable", "前天", 2, 18 * 10**6),
        ("DateUnreadable", "昨天", 3, 6 * 10**6),
    ]
    assert [(f[2], f[3]) for f in found if f[0] == "ErrorInColumn"] == [(2, 6 * 10**6), (6, None)]
    blank = next(p for p in records.problems if isinstance(p.fault, reasons.DateBlank))
    assert str(blank.place) == "实际!A3"
    assert "There are 141 such rows; this is the first." in blank.say("en")


@pytest.mark.parametrize("value", ["SKU-10035", "85123B", "100000123", "产品12", "A-7"])
def test_codes_are_not_guessed_at(tmp_path: Path, value: str) -> None:
    """An unknown code is near to many and means none: no member is proposed."""
    products = dimension("产品", ["SKU-10034", "85123A", "100000124", "产品1", "产品2", "A-8"])
    path = write(tmp_path / "t.xlsx", [["日期", "产品", "金额"], [GOOD[0], value, 1], [GOOD[0], "产品1", 1]])
    (problem,) = read(path, products).problems
    assert type(problem.fault) is reasons.MemberUnknown


def test_two_thousand_unknown_products(tmp_path: Path) -> None:
    """They are listed by their amounts, the largest fifty; the rest is one finding with its sum."""
    rows = [[GOOD[0], f"货{i}", "线上", i] for i in range(2000)]
    path = write(tmp_path / "t.xlsx", [["日期", "产品", "渠道", "金额"], *rows, [GOOD[0], "甲", "线上", 1]])
    records = read(path, dimension("产品", ["甲"]), CHANNEL)
    assert len(records.problems) == 51
    assert records.problems[0].value == "货1999"
    assert records.problems[-1].count == 1950


def test_a_sum_beyond_exact_arithmetic_is_refused(tmp_path: Path) -> None:
    """Sums that int64 micros cannot hold are not computed wrongly."""
    with pytest.raises(SumTooLarge):
        read(table(tmp_path, *[[*GOOD[:3], 8e12]] * 2))


# --- warnings ---


def warned(path: Path, **options: object) -> list[type[Fault]]:
    records = read(path, **options)  # type: ignore[arg-type]
    assert records.rows_set_aside == 0
    return [type(p.fault) for p in records.problems]


def test_a_wrong_unit_is_warned_of(tmp_path: Path) -> None:
    """Amounts ×10,000 off the target of the same time, in either direction; a slow start is not."""
    expected = 36_500 * 10**6  # 100 a day
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=i) for i in range(30)]
    for factor, fault in ((1e4, [reasons.AmountsTooLarge]), (1e-4, [reasons.AmountsTooSmall]), (0.2, []), (5, [])):
        rows = [[day, "上海", "线上", (100 + 17 * i % 31) * factor] for i, day in enumerate(days)]
        assert warned(table(tmp_path, *rows), expected_micros=expected) == fault


def test_duplicate_rows_are_warned_of(tmp_path: Path) -> None:
    """Rows equal in every column, the order number included, are counted and told."""
    header = [*HEADER, "单号"]
    rows = [[*GOOD, "A1"], [*GOOD, "A2"], [*GOOD, "A1"], [*GOOD[:3], 5, "A1"], [*GOOD, "A1"]]
    records = read(write(tmp_path / "t.xlsx", [header, *rows]))
    (problem,) = records.problems
    assert isinstance(problem.fault, reasons.DuplicateRows)
    assert (str(problem.place), problem.count, problem.amount_micros) == ("实际!4", 2, 200 * 10**6)
    assert records.rows_accepted == 5


def test_running_totals_are_warned_of(tmp_path: Path) -> None:
    """Figures that only rise through the month look like running totals; ordinary ones do not."""
    chance = random.Random(4)
    daily = [chance.randint(50, 150) for _ in range(40)]
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=i) for i in range(40)]
    running = [sum(daily[: i + 1]) for i in range(40)]
    assert warned(table(tmp_path, *[[d, "上海", "线上", x] for d, x in zip(days, running, strict=True)])) == [
        reasons.CumulativeFigures
    ]
    assert warned(table(tmp_path, *[[d, "上海", "线上", x] for d, x in zip(days, daily, strict=True)])) == []


def test_a_month_far_from_the_others_is_warned_of(tmp_path: Path) -> None:
    """A month above ten times the median of the others is told, at its largest row."""
    rows = [[dt.date(2026, m, 3), "上海", "线上", 100 + m] for m in range(1, 7)]
    assert warned(table(tmp_path, *rows)) == []
    rows[3][3] = 40_000
    rows.insert(3, [dt.date(2026, 4, 1), "上海", "线上", 90])
    assert warned(table(tmp_path, *rows)) == [reasons.MonthFarOff]
    assert [problem.place.row for problem in read(table(tmp_path, *rows)).problems] == [6]


@pytest.mark.parametrize(("day", "told"), [(21, ["2026-04"]), (20, ["2026-03"])])
def test_a_month_far_from_the_others_is_one_of_the_plan(tmp_path: Path, day: int, told: list[str]) -> None:
    """Months that end on the 20th: the 21st of March is of April."""
    rows = [[dt.date(2026, m, 3), "上海", "线上", 100 + m] for m in range(1, 7)]
    rows.append([dt.date(2026, 3, day), "上海", "线上", 40_000])
    problems = read(table(tmp_path, *rows), fiscal=FiscalYear(month_end=20)).problems
    assert [problem.value for problem in problems if isinstance(problem.fault, reasons.MonthFarOff)] == told


# --- laws ---

BAD_DAYS = [None, "昨天", "合计", ERROR, dt.date(2025, 12, 31), 46027, "2026-02-03", True, " "]
BAD_AMOUNTS = [None, "x", "1,000", "(5)", ERROR, UNCALCULATED, True, "2万", 0, -3, "50%", 1e-7, 0.1 + 0.2]
NAMES = [None, "上海", "江苏", "华东", "小计", "火星", "沪", ERROR, "  ", "北京", 12, True]
DIRTY = st.lists(
    st.one_of(
        st.tuples(
            st.one_of(st.dates(dt.date(2025, 11, 1), dt.date(2027, 2, 1)), st.sampled_from(BAD_DAYS)),
            st.sampled_from(NAMES),
            st.sampled_from([None, "线上", "线下", "线 上", "电话", "总计"]),
            st.one_of(st.floats(-1e7, 1e7), st.integers(-(10**6), 10**6), st.sampled_from(BAD_AMOUNTS)),
        ),
        st.just((None, None, None, None)),
    ),
    max_size=25,
)


@settings(max_examples=40)
@given(rows=DIRTY, top=st.integers(0, 3), left=st.integers(0, 2))
def test_nothing_is_lost(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[object, ...]], top: int, left: int
) -> None:
    """Whatever is pasted: rows and micros accepted and set aside add up to those found, and every place is true.

    A row that holds nothing but a word in the column of dates is a note, and passed over.
    """
    header_then_good = [HEADER, GOOD, [GOOD[0], "江苏", "线下", 1]]
    path = write(tmp_path_factory.mktemp("dirty") / "t.xlsx", [*header_then_good, *rows], (top, left))
    records = read(path)
    filled = [row for row in rows if any(cell is not None and str(cell).strip() for cell in row)]
    assert records.rows_found + records.rows_passed_over == len(filled) + 2
    for problem in records.problems:
        if problem.place.row is not None and problem.place.column is not None and problem.value:
            cell = rows[problem.place.row - top - 4][problem.place.column - left - 1]
            assert type(problem.fault) is reasons.OutsidePeriod or cell is not None


def test_sums_are_exact(tmp_path: Path) -> None:
    """Sums by day and by member and period add up to the accepted micros to the last one."""
    rows = [
        [dt.date(2026, 1 + i % 12, 1 + i % 28), ["上海", "江苏", "北京"][i % 3], "线上", 0.1 * i] for i in range(500)
    ]
    records = read(table(tmp_path, *rows))
    first, n_days = dt.date(2026, 1, 1), 365
    months = np.array([(first + dt.timedelta(days=i)).month - 1 for i in range(n_days)])
    by_day = sums.by_day(records, first, n_days)
    table_ = sums.by_member_period(records, "区域", len(REGION.members), first, months, 12)
    assert by_day.dtype == table_.dtype == np.int64
    assert by_day.sum() == table_.sum() == records.accepted_micros
    assert [int(by_day[months == m].sum()) for m in range(12)] == table_.sum(axis=0).tolist()


# --- the real order list ---


@pytest.mark.realdata
def test_a_real_order_list(orders: Path) -> None:
    """Ten thousand real order lines: 2017 is accepted to the last decimal, other years are told by year."""
    sheet = pl.read_excel(orders)

    def tree(upper: str, lower: str) -> dict[str, dict[str, dict[str, object]]]:
        found: dict[str, dict[str, dict[str, object]]] = {}
        for parent, member in sheet.select(upper, lower).unique(maintain_order=True).iter_rows():
            found.setdefault(parent, {})[member] = {}
        return found

    dimensions = [
        dimension("区域", tree("地区", "省/自治区")),  # type: ignore[arg-type]
        dimension("产品", tree("类别", "子类别")),  # type: ignore[arg-type]
        dimension("渠道", sheet["细分"].unique().to_list()),
    ]
    records = read_records(
        Source(orders, None, "实际"), dimensions, start=dt.date(2017, 1, 1), end=dt.date(2017, 12, 31),
        expected_micros=5_000_000 * 10**6,
    )  # fmt: skip
    check_conservation(records)
    assert records.accepted_micros == 5_488_465_787_000
    assert records.found_micros == 16_117_548_237_000
    left, *aside = sorted(records.problems, key=lambda p: p.set_aside)
    assert left.fault.say("zh").startswith("读取的是工作表“订单”,没有读取:退货、销售人员。")
    years = {p.fault.facts["year"]: p.amount_micros for p in aside}
    assert set(years) == {2014, 2015, 2016}
    assert years[2016] == 4_246_042_780_000
    assert records.columns == {"date": "订单日期", "amount": "销售额", "quantity": "数量", "区域": "省/自治区",
                               "产品": "子类别", "渠道": "细分"}  # fmt: skip
    assert records.last_day == dt.date(2017, 12, 30)
    assert all(p.set_aside for p in aside)


def test_a_boolean_among_numbers_is_no_amount(tmp_path: Path) -> None:
    """TRUE in a column of amounts is set aside, not counted as 1 yuan."""
    path = table(tmp_path, GOOD, [*GOOD[:-1], True], [*GOOD[:-1], 2.5])
    records = read(path)
    assert records.rows_set_aside == 1
    assert records.accepted_micros == 102_500_000


def test_whole_number_codes_are_members(tmp_path: Path) -> None:
    """A store code kept as a number names the store."""
    path = write(tmp_path / "t.xlsx", [["日期", "门店", "金额"], [GOOD[0], 1001, 5], [GOOD[0], 1002, 7.25]])
    records = read(path, dimension("门店", ["1001", "1002"]))
    assert records.codes["门店"].tolist() == [0, 1]


def test_amounts_shown_as_dates_are_no_amounts(tmp_path: Path) -> None:
    """A column of amounts that wears the format of dates is set aside, not read as some other number."""
    path = write(tmp_path / "t.xlsx", [["日期", "金额"], *([GOOD[0], dt.date(1970, 1, n)] for n in (1, 2, 3))])
    records = read(path)
    assert (records.rows_set_aside, records.found_micros) == (3, 0)


def test_a_column_shown_as_hours(tmp_path: Path) -> None:
    """A column in the format [h]:mm is the numbers that are stored, wherever it stands."""
    path = tmp_path / "t.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet, hours = book.add_worksheet("数据"), book.add_format({"num_format": "[h]:mm"})
    sheet.write_row(0, 0, ["日期", "时间", "金额"])
    for row, amount in enumerate((5.5, 7), 1):
        sheet.write_row(row, 0, ["2026-01-05", "08:30"])
        sheet.write_number(row, 2, amount, hours)
    book.close()
    assert read(path).accepted_micros == 12_500_000


@pytest.mark.parametrize(
    "footer",
    [
        [["制表人:张三", "审核:李四", None, None]],
        [[None, "审核：李四", None, None]],
        [["打印时间", "2026-04-01", None, None]],
        [["注：以上含税", None, None, None], [None, "第1页 共2页", None, None]],
        [["Prepared by Li", "Page 1", None, None]],
        [["2026-04-01", "复核人:王五", None, None]],
    ],
)  # fmt: skip
def test_signatures_below_a_report_are_no_rows_of_sales(tmp_path: Path, footer: list[list[object]]) -> None:
    """Who made a report, and its page, are passed over; a row of sales without an amount is still told."""
    rows: list[list[object]] = [["日期", "区域", "渠道", "销售额"], [dt.date(2026, 3, 1), "上海", "线上", 5]]
    records = read(write(tmp_path / "t.xlsx", [*rows, *footer]))
    assert (records.accepted_micros, records.rows_set_aside) == (5 * 10**6, 0)
    assert all(problem.fault.remark for problem in records.problems)
    records = read(write(tmp_path / "u.xlsx", [*rows, ["2026-03-02", "上海", "线上", None], *footer]))
    assert records.rows_set_aside == 1


def test_members_are_matched_some_rows_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    values = pl.Series(["上海", None, "沪", "火星", "华东", "江苏", "Shanghai"])
    at_once = Matcher(REGION).codes(values).tolist()
    monkeypatch.setattr(matching, "_AT_ONCE", 2)
    monkeypatch.setattr(matching, "_TIMES_DIFFERENT", 0)
    assert Matcher(REGION).codes(values).tolist() == at_once == [1, BLANK, 1, UNKNOWN, 0, 2, 1]
