"""The contents of a cell of a file, in the form that `values.cell` reads."""

from __future__ import annotations

import datetime as dt

from xlsales.ooxml.cells import BLANK, Cell, ErrorValue, FormulaWithoutResult
from xlsales.ooxml.styles import Styles
from xlsales.values.cell import Flaw
from xlsales.values.serials import to_date


def content(cell: Cell, dated: bool, date1904: bool) -> object:
    """Return what a cell holds; a number that is shown as a date (`dated`) is that date, as the workbook counts days.

    A time of day, which is a part of a day, is a time.
    """
    value = cell.value
    if value is BLANK:
        return None
    if isinstance(value, ErrorValue):
        return Flaw(value.code)
    if isinstance(value, FormulaWithoutResult):
        return Flaw()
    if not dated or not isinstance(value, float):
        return value
    if 0 <= value < 1:
        return (dt.datetime.min + dt.timedelta(seconds=int(value * 86_400))).time()
    return to_date(value, date1904) or value


def period_text(cell: Cell, styles: Styles, date1904: bool) -> object:
    """Return what a cell says of a period: Excel makes a date of a typed `2026-03`, its format shows what was meant."""
    value = content(cell, styles.is_date(cell.style), date1904)
    if not isinstance(value, dt.date):
        return value
    return value.isoformat() if styles.shows_day(cell.style) else f"{value:%Y-%m}"
