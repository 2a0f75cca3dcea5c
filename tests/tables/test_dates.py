"""Dates are read as people mean them."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.tables.cells.dates import DateBounds, read_days

pytestmark = pytest.mark.unit
YEAR = DateBounds(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def days(*texts: str | None, span: DateBounds = YEAR, date1904: bool = False) -> list[str | None]:
    found = read_days(pl.Series(texts, dtype=pl.String), span, date1904)
    return [None if str(day) == "NaT" else str(day) for day in found]


@pytest.mark.parametrize(
    "text",
    ["2026-01-05", "2026-01-05 00:00:00", "2026-01-05 23:59:59", "2026/1/5", "2026.1.5", "2026年1月5日", "20260105",
     "2026年01月05号", "1月5日", "46027", "46027.75", "２０２６－０１－０５", " 2026-1-5 ", "2026/1/5 9:30",
     "2026年1月5日 星期一",
     "2026年1月5日10:30", "2026/1/5 下午 3:20", "2026-01-05T08:00:00Z", "5 Jan 2026", "Jan 5, 2026", "05-Jan-2026",
     "January 5, 2026", "2026-01-05 08:00:00.123", "'2026-01-05", "20260105.0"],
)  # fmt: skip
def test_a_day_is_read_as_meant(text: str) -> None:
    """Chinese and English writing, plain figures, Excel serials and clock times all give the day."""
    assert days(text) == ["2026-01-05"]


@pytest.mark.parametrize(
    "text",
    ["", "昨天", "2026-02-30", "20261301", "5", "31", "99999999", "true", "50%", "1/5/26", "1/5/2026", "2026", "2026.1",
     "1899-12-31 12:00:00x", "13月5日", "Foo 5, 2026"],
)  # fmt: skip
def test_what_is_no_day_is_not_read(text: str) -> None:
    """Impossible days, and day and month in doubt are not guessed."""
    assert days(text) == [None]


def test_a_month_is_dated_at_its_end() -> None:
    """A monthly figure is known when the month is over; the plan's end cuts the last month."""
    assert days("2026-02", "2026年2月", "2月", "202602", "Feb 2026") == ["2026-02-28"] * 5
    assert days("2026年6月", span=DateBounds(dt.date(2026, 1, 1), dt.date(2026, 6, 15))) == ["2026-06-15"]


def test_a_day_without_a_year_takes_the_plans() -> None:
    """1月5日 is the plan's; in a fiscal year it is the one that lies inside; without a plan it is not guessed."""
    fiscal = DateBounds(dt.date(2026, 4, 1), dt.date(2027, 3, 31))
    assert days("1月5日", "5月1日", span=fiscal) == ["2027-01-05", "2026-05-01"]
    assert days("1月5日", span=DateBounds()) == [None]
    assert days("1月5日", span=DateBounds(dt.date(2025, 1, 1), dt.date(2026, 12, 31))) == [None]


def test_serials_from_1904() -> None:
    """A Macintosh workbook counts its days from 1904."""
    assert days(str(46027 - 1462), date1904=True) == ["2026-01-05"]


def test_a_column_tells_the_order_of_day_and_month() -> None:
    """1/5/2026 is in doubt alone; beside 1/25/2026 it is 5 January, beside 25/1/2026 it is 1 May."""
    assert days("1/5/2026", "1/25/2026") == ["2026-01-05", "2026-01-25"]
    assert days("1/5/2026", "25/1/2026") == ["2026-05-01", "2026-01-25"]
    assert days("1/25/2026", "25/1/2026") == [None, None]


@given(st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)))
def test_every_writing_of_a_day_gives_that_day(day: dt.date) -> None:
    """All writings of a day agree."""
    serial = (day - dt.date(1899, 12, 30)).days
    texts = [
        str(day),
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
        str(serial),
    ]
    assert days(*texts) == [str(day)] * len(texts)


@given(st.lists(st.one_of(st.none(), st.text(max_size=14)), max_size=30))
def test_no_text_breaks_the_reader(texts: list[str | None]) -> None:
    """Any text is either a date or is not; nothing is raised."""
    assert len(days(*texts)) == len(texts)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12-Jan-26", "2026-01-12"), ("13 Jan 26", "2026-01-13"), ("5th Jan 2026", "2026-01-05"),
        ("2026-Jan-14", "2026-01-14"), ("2026 Feb 3", "2026-02-03"), ("Jan-19-2026", "2026-01-19"),
        ("26年1月5日", "2026-01-05"), ("26年2月", "2026-02-28"), ("3-Sep-26 10:30", "2026-09-03"),
    ],
)  # fmt: skip
def test_short_years_and_names_of_months(text: str, day: str) -> None:
    """As Excel in English shows days by default, and as people write them; 26 stands for 2026."""
    assert days(text) == [day]


@pytest.mark.parametrize(
    "text",
    ["1/2/26", "2-3", "1.2", "Jan 26", "26-Jan", "A12-Jan-26", "12-Jan-6", "12Jan26", "1.5", "1.32", "13.13", "2026",
     "010203", "999999", "1.5万", "0.15", "Foo-5", "Jan-32", "1.5.", "12", "2012", "1201.5", "A5-Jan"],
)  # fmt: skip
def test_what_may_be_another_day_is_not_read(text: str) -> None:
    """Two figures that may be a day as well as a year are left to the person."""
    assert days(text) == [None]


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (("26-1-11", "26-2-3"), ("2026-01-11", "2026-02-03")),
        (("26/1/11", "'26/02/03"), ("2026-01-11", "2026-02-03")),
        (("26.1.11 9:30",), ("2026-01-11",)),
        (("11-1-26", "20-1-26"), ("2026-01-11", "2026-01-20")),
        (("01/20/26", "02/03/26"), ("2026-01-20", "2026-02-03")),
        (("1-20", "2-3"), ("2026-01-20", "2026-02-03")),
        (("20/1", "3/2"), ("2026-01-20", "2026-02-03")),
        (("5/5", "5/20"), ("2026-05-05", "2026-05-20")),
        (("1/2/26", "3/4/26"), (None, None)),
        (("2-3", "1-5"), (None, None)),
        (("20/1", "1/20"), (None, None)),
        (("二〇二六年一月五日", "二零二六年十二月三十一日"), ("2026-01-05", "2026-12-31")),
        (("一月二十日", "二月廿三日", "十月十日"), ("2026-01-20", "2026-02-23", "2026-10-10")),
        (("二〇二六年十月",), ("2026-10-31",)),
        (("1.20", "2.3"), ("2026-01-20", "2026-02-03")),
        (("1.5", "2.3"), (None, None)),
        (("1.20", "2.5"), ("2026-01-20", "2026-02-05")),
        (("1.10", "1.2", "1.25"), ("2026-01-10", "2026-01-02", "2026-01-25")),
        (("1.05", "1.1", "1.31"), ("2026-01-05", "2026-01-10", "2026-01-31")),
        (("1.05", "1.10", "1.2"), (None, None, None)),
        (("1.5日", "2.7号"), ("2026-01-05", "2026-02-07")),
        (("260105", "260220"), ("2026-01-05", "2026-02-20")),
        (("200126", "030226"), ("2026-01-20", "2026-02-03")),
        (("260105.0", "260220.0"), ("2026-01-05", "2026-02-20")),
        (("202601", "260220"), ("2026-01-31", "2026-02-20")),
        (("010203", "020304"), (None, None)),
        (("0105", "0320"), ("2026-01-05", "2026-03-20")),
        (("5-Jan", "7-Feb"), ("2026-01-05", "2026-02-07")),
        (("Jan 5", "Feb. 17", "MARCH 3"), ("2026-01-05", "2026-02-17", "2026-03-03")),
        (("5 January", "5th Jan", "5/Jan", "5.Jan"), ("2026-01-05",) * 4),
        (("Mon 5 Jan", "6 Jan (Tue)", "周三 1月7日"), ("2026-01-05", "2026-01-06", "2026-01-07")),
        (("Jan-26", "Feb-26"), ("2026-01-31", "2026-02-28")),
        (("26-Jan", "26-Feb"), ("2026-01-31", "2026-02-28")),
        (("Jan'26", "Feb '26"), ("2026-01-31", "2026-02-28")),
        (("Jan-26", "Jan-27"), ("2026-01-26", "2026-01-27")),
        (("Jan-05", "Jan-26"), ("2026-01-05", "2026-01-26")),
        (("Jan-24", "Jan-25"), (None, None)),
        (("15-Jan", "15-Feb"), ("2026-01-15", "2026-02-15")),
        (("2026 1 5", "2026 01 06"), ("2026-01-05", "2026-01-06")),
    ],
)
def test_short_dates_are_read_where_the_column_tells(texts: tuple[str, ...], read: tuple[str | None, ...]) -> None:
    """One order of year, month and day must make days of all; of two that do, none is guessed."""
    assert days(*texts) == list(read)
