"""The amount in a cell that a store typed, read as meant, or the fault that says why it cannot be."""

from __future__ import annotations

from decimal import Decimal

from xlsales.core.faults import Fault
from xlsales.core.text import clean
from xlsales.ooxml.cells import BLANK, Cell, ErrorValue, FormulaWithoutResult, to_date
from xlsales.store.collect import reasons
from xlsales.store.contract import MICROS
from xlsales.store.pages import Page
from xlsales.store.recalculation import Counted
from xlsales.tables.amounts import MOST_YUAN, read_amount

_LEAST, _MOST = 1e-5, 1e-3
"""An amount of this share of its target is in 万元: ten thousandth of it, a tenth to ten times."""
_THOUSANDS = 1000


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing; spaces are nothing."""
    return cell.value is BLANK or (isinstance(cell.value, str) and not clean(cell.value))


def shown(cell: Cell) -> str:
    """Return what a cell holds as messages show it; empty where it is blank."""
    if is_blank(cell):
        return ""
    return f"{cell.value:.15g}" if isinstance(cell.value, float) else str(cell.value)


def micros_of(cell: Cell, page: Page) -> int | Fault:
    """Return the amount of a cell that is not blank, in micros, or the fault."""
    value = cell.value
    if isinstance(value, ErrorValue):
        return reasons.CellError(value=value.code)
    if isinstance(value, FormulaWithoutResult):
        return reasons.CellWithoutResult()
    if isinstance(value, float) and page.is_date(cell):
        return reasons.CellIsDate(value=to_date(value, page.date1904) or f"{value:g}")
    if isinstance(value, bool):
        return reasons.CellUnreadable(value=str(value).upper())
    if isinstance(value, float):
        yuan = Decimal(repr(value))
    else:
        amount = read_amount(str(value))
        if amount is None:
            return reasons.CellUnreadable(value=str(value).strip())
        yuan = amount[0] * (amount[1] or 1)
    if abs(yuan) >= MOST_YUAN:
        return reasons.AmountTooLarge(value=str(value).strip())
    return round(yuan * MICROS)


def differing(counted: Counted | None, cell: Cell) -> Fault | None:
    """Return what is said of a formula that gives something else than its cell stores."""
    if counted is None or counted.verdict != "differs":
        return None
    result = Cell(BLANK if counted.result is None else counted.result)
    return reasons.ResultDiffers(formula=counted.formula, counted=shown(result) or "0", stored=shown(cell) or '""')


def off_by_unit(micros: int, target: float) -> type[Fault] | None:
    """Tell whether an amount is in 万元, or ten thousand times too large, beside its target in yuan."""
    if target <= 0 or not micros:
        return None
    share = abs(micros) / MICROS / target
    if _LEAST <= share <= _MOST:
        return reasons.InWan
    return reasons.TenThousandfold if share >= _THOUSANDS else None


def is_far(micros: int, most: float) -> bool:
    """Whether a day's amount, sold or returned, is above what the store's targets make likely (`most_of`)."""
    return abs(micros) > most * MICROS
