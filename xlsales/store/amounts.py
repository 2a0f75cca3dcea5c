"""The amount in a cell that a store typed, as the store means it, or the fault why it cannot be read."""

from __future__ import annotations

import datetime as dt

from xlsales.core.faults import Fault
from xlsales.core.plan import MICROS
from xlsales.core.text import clean
from xlsales.ooxml.cells import BLANK, Cell
from xlsales.store import reasons
from xlsales.store.recalculation import Recount
from xlsales.store.returned_book import ReturnedSheet
from xlsales.values import steps
from xlsales.values.cell import CellFault, ErrorCell, Labelled, NoResult, ShareForMoney, money
from xlsales.values.cell import is_blank as holds_nothing

_LEAST, _MOST = 1e-5, 1e-3
"""An amount is in 万元 if it is about a ten thousandth of its target: a tenth of that to ten times that."""
_THOUSANDS = 1000
_EXACT = 1e9
"""Below it, whole numbers need no arithmetic of decimals."""


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing; spaces and marks for nothing, `-` or `/`, are nothing."""
    return cell.value is BLANK or holds_nothing(cell.value)


def shown(cell: Cell) -> str:
    """Return what a cell holds as messages show it; empty if it holds nothing, or spaces."""
    if cell.value is BLANK:
        return ""
    if isinstance(cell.value, float):
        return f"{cell.value:.15g}"
    text = str(cell.value).upper() if isinstance(cell.value, bool) else str(cell.value)
    return text if clean(text) else ""


def said(cell: Cell, sheet: ReturnedSheet) -> str:
    """Return what a cell holds as `shown`, without spaces around it; a date as 2026-01-05."""
    content = sheet.content(cell)
    return str(content) if isinstance(content, dt.date | dt.time) else shown(cell).strip()


def fault_in(cell: Cell, sheet: ReturnedSheet, fault: CellFault, unreadable: type[Fault]) -> Fault:
    """Return why a cell gives no number: an error, a formula without a result, a date, or else `unreadable`."""
    if isinstance(fault, ErrorCell):
        return reasons.CellError(value=str(fault.facts["found"]))
    if isinstance(fault, NoResult):
        return reasons.CellWithoutResult()
    is_date = isinstance(sheet.content(cell), dt.date | dt.time)
    return (reasons.CellIsDate if is_date else unreadable)(value=said(cell, sheet))


def micros_of(cell: Cell, sheet: ReturnedSheet, currency: str) -> int | Fault:
    """Return the amount of a cell that is not blank, in micros, or the fault; `currency`: that of the plan."""
    content = sheet.content(cell)
    if isinstance(content, float) and content.is_integer() and abs(content) < _EXACT:
        return int(content) * MICROS
    try:
        amount = money(content, Labelled(""), currency=currency)
    except ShareForMoney:
        return reasons.CellIsShare(value=shown(cell).strip())
    except CellFault as fault:
        return fault_in(cell, sheet, fault, reasons.CellUnreadable)
    assert amount is not None  # the cell is not blank
    if abs(amount) >= steps.MOST_YUAN:
        return reasons.AmountTooLarge(value=str(cell.value).strip())
    return steps.micros_of(amount)


def differing(recount: Recount | None, cell: Cell) -> Fault | None:
    """Return the fault of a formula that gives another result than its cell stores; None if it does not."""
    if recount is None or recount.verdict != "differs":
        return None
    result = Cell(BLANK if recount.result is None else recount.result)
    return reasons.ResultDiffers(formula=recount.formula, counted=shown(result) or "0", stored=shown(cell) or '""')


def holds_target(cell: Cell, target: float) -> bool:
    """Whether a cell holds this target in yuan, to the millionth."""
    return isinstance(cell.value, float) and round(cell.value * MICROS) == round(target * MICROS)


def off_by_unit(micros: int, target: float) -> type[Fault] | None:
    """Return the fault of an amount in 万元, or ten thousand times too large, beside its target in yuan."""
    if target <= 0 or not micros:
        return None
    share = abs(micros) / MICROS / target
    if _LEAST <= share <= _MOST:
        return reasons.InWan
    return reasons.TenThousandfold if share >= _THOUSANDS else None


def is_far(micros: int, most: float) -> bool:
    """Whether a day's amount, sold or returned, is above `most`, in yuan (`Targets.most`)."""
    return abs(micros) > most * MICROS
