"""Days as a workbook counts them: from 1900, or from 1904."""

from __future__ import annotations

import datetime as dt

_BEFORE = dt.date(1899, 12, 30)
"""The day 0, for days after the 29 February 1900 that Excel counts and that never was: it is day 60."""
_LEAP, _LAST = 60, 2_958_465
SHIFT_1904 = 1462
"""Days between both ways of counting."""


def to_date(number: float, date1904: bool = False) -> dt.date | None:
    """Return the day of a serial number; None if Excel shows no date (negative, too large, 1900-02-29)."""
    day = int(number // 1)
    if date1904:
        return _BEFORE + dt.timedelta(days=day + SHIFT_1904) if 0 <= day <= _LAST - SHIFT_1904 else None
    if not 1 <= day <= _LAST or day == _LEAP:
        return None
    return _BEFORE + dt.timedelta(days=day + (day < _LEAP))


def to_serial(day: dt.date, date1904: bool = False) -> int:
    """Return the serial number of a day."""
    serial = (day - _BEFORE).days
    if date1904:
        return serial - SHIFT_1904
    return serial - (serial <= _LEAP)


def to_moment(number: float, date1904: bool = False) -> dt.datetime | None:
    """Return the moment of a serial number, to the second; None if Excel shows no date, or a time of day alone."""
    day = to_date(number, date1904)
    if day is None or (number < 1 and not date1904):
        return None
    return dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=round(number % 1 * 86_400))
