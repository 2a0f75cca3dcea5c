"""What a person calls a span of days."""

from __future__ import annotations

import datetime as dt

from xlsales.core.faults import DateRange
from xlsales.core.shapes import Span
from xlsales.layout.sheet import Frame
from xlsales.vocabulary.contract import Word

_YEAR = Word("{year}年", "{year}")


def span_name(span: Span, frame: Frame) -> str:
    """Return a span's name: the year if it is one, its months if they are whole, else its days."""
    first, last = span
    if first.day > 1 or (last + dt.timedelta(1)).day > 1:
        return str(DateRange(first, last))
    if (first.month, last.month, last.year) == (1, 12, first.year):
        return frame.word(_YEAR, year=first.year)
    return f"{first:%Y-%m}" + ("" if (first.year, first.month) == (last.year, last.month) else f" – {last:%Y-%m}")
