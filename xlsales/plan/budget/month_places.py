"""Where the months of a budget are on sheet 预算执行."""

from __future__ import annotations

from msgspec import Struct

from xlsales.core.keys import joined
from xlsales.core.periods import Level
from xlsales.plan.figures import Figures


class MonthCell(Struct, frozen=True):
    """Where a month is on the sheet: the block of its year, by the year's key, and the column."""

    year: str
    column: str


def month_column(number: int) -> str:
    """Return the key of a column of months, from 1."""
    return f"m{number:02d}"


def month_cells(figures: Figures) -> list[MonthCell]:
    """Return where each month of the plan is; a month has its column whatever day the plan begins on."""
    years, first = figures.breakdown.timeline.periods(Level.YEAR), figures.breakdown.plan.fiscal_month
    return [
        MonthCell(year.key, month_column((int(month.key[-2:]) - first) % 12 + 1))
        for month in figures.months
        for year in years
        if year.start <= month.start <= year.end
    ]


def budget_row(year: str, row: str) -> str:
    """Return the key of a row's budget in the months of a year."""
    return joined("b", year, row)
