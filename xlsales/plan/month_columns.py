"""The columns of months that sheets of members share: a map of attainments, then target and actual of each month."""

from __future__ import annotations

from collections.abc import Sequence

from xlsales.core.periods import Level, Period, name_of
from xlsales.layout.model import Column, Value
from xlsales.layout.sheet import Frame
from xlsales.plan.figures import Figures
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word

_TREND = Word("走势", "Trend")
_YEAR_MONTH = Word("{year} {month}", "{month} {year}")
_MONTHS_A_PAGE = 6


def month_columns(figures: Figures, frame: Frame, width: float, map_of: Word) -> tuple[Column, ...]:
    """Return the map (`r:<month>`, headed by the words `map_of`), its trend, target (`t:`) and actual (`a:`) by month.

    `width` is that of an amount.
    """
    heat, pairs = [], []
    years = figures.breakdown.timeline.periods(Level.YEAR)
    for month in figures.months:
        year = figures.year_of(month)
        name = name_of(month, frame.lang)
        heat.append(Column(f"r:{month.key}", name, "heat", 7.0, frame.word(map_of, year=year)))
        group = frame.word(_YEAR_MONTH, year=year, month=name) if len(years) > 1 else name
        for block, figure in (("t", "target"), ("a", "actual")):
            pairs.append(Column(f"{block}:{month.key}", frame.word(PROGRESS_COLUMNS[figure]), "money", width, group))
    return (*heat, Column("trend", frame.word(_TREND), "text", 16.0, heat[-1].group, trend="r:*"), *pairs)


def by_month(block: str, months: Sequence[str], amounts: Sequence[float]) -> dict[str, Value]:
    """Return the values of a block of columns (`t`, `a` or `r`) by column key."""
    return {f"{block}:{key}": amount for key, amount in zip(months, amounts, strict=True)}


def page_starts(months: Sequence[Period]) -> tuple[str, ...]:
    """Return the columns before which a new page starts: the map, then six months a page."""
    return (f"r:{months[0].key}", *(f"t:{month.key}" for month in months[::_MONTHS_A_PAGE]))
