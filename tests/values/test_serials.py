"""Days as a workbook counts them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.values.serials import to_date, to_moment, to_serial

pytestmark = pytest.mark.unit


@given(st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31)), st.booleans())
def test_dates_and_serials_agree(day: dt.date, date1904: bool) -> None:
    """A day survives its serial number in both date systems."""
    if not date1904 or day >= dt.date(1904, 1, 1):
        assert to_date(to_serial(day, date1904), date1904) == day


def test_serials_at_the_edges() -> None:
    """Excel's 1900-02-29 and numbers outside the calendar are no days; January 1900 is Excel's."""
    assert [to_date(n) for n in (0, 60, -1, 2_958_466)] == [None] * 4
    assert to_date(1) == dt.date(1900, 1, 1)
    assert to_date(59.9) == dt.date(1900, 2, 28)
    assert to_date(2_958_465) == dt.date(9999, 12, 31)
    assert to_serial(dt.date(1900, 2, 28)) == 59
    assert [to_date(n, True) for n in (-1, 0, 2_957_004)] == [None, dt.date(1904, 1, 1), None]


def test_moments_are_to_the_second() -> None:
    """A time of day by itself is no moment; in a workbook that counts from 1904 it is of that year's first day."""
    assert to_moment(46023.5) == dt.datetime(2026, 1, 1, 12)
    assert to_moment(44561.5, True) == dt.datetime(2026, 1, 1, 12)
    assert [to_moment(n) for n in (0.5, 60.5, -3)] == [None] * 3
