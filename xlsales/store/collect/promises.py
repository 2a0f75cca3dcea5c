"""What a store commits to, month by month, and why: sheet 承诺 of a returned workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from xlsales.core.faults import Fault, Place, Problem
from xlsales.core.plan import MICROS
from xlsales.core.text import clean
from xlsales.ooxml.cells import BLANK
from xlsales.store import reasons
from xlsales.store.amounts import differing, is_blank, micros_of, off_by_unit
from xlsales.store.contract import SHEETS
from xlsales.store.pages import Page
from xlsales.store.returned import Commitment, Round, yuan


@dataclass(frozen=True)
class Commitments:
    """What was committed to, and the findings. They carry no amounts: a commitment is nothing sold."""

    made: list[Commitment]
    problems: list[Problem]


def read_commitments(page: Page | None, code: str, round_: Round) -> Commitments:
    """Read a store's commitments; a blank one accepts the target and is none."""
    found = Commitments([], [])
    if page is None or "commitment" not in page.columns:
        gone = reasons.SheetsGone(title=SHEETS["commitment"][round_.lang])
        found.problems.append(Problem(Place(page.title if page else ""), "", gone, set_aside=False))
        return found
    months = round_.expected[code].months if code in round_.expected else {}
    for row, key in page.keyed:
        cell = page.cell(row, "commitment")
        if is_blank(cell) or (key and key not in months):  # the total is theirs to compute
            continue
        if not key and (cell.formula or not isinstance(cell.value, float)):
            continue
        place = page.place(row, "commitment")
        counted = page.counted(row, page.columns["commitment"])
        micros = _checked(micros_of(cell, page), key, cell.value, months, round_.step_micros)
        if not isinstance(micros, Fault):
            micros = differing(counted, cell) or micros
        if isinstance(micros, Fault):
            found.problems.append(Problem(place, _text(cell.value), micros, set_aside=False))
            continue
        if key in round_.closed and micros not in (round(months[key] * MICROS), round_.committed.get((code, key))):
            found.problems.append(Problem(place, _text(cell.value), reasons.MonthClosed(month=key), set_aside=False))
            continue
        why = page.cell(row, "reason").value
        reason = "" if why is BLANK else clean(_text(why))
        if not reason and micros != round(months[key] * MICROS):
            where = page.place(row, "reason")
            found.problems.append(Problem(where, "", reasons.ReasonMissing(), set_aside=False))
        found.made.append(Commitment(key, micros, reason, place))
        if counted is not None and counted.verdict == "unknown":
            said = reasons.ResultsTaken(count=1, formula=counted.formula, sum=yuan(micros))
            found.problems.append(Problem(place, _text(cell.value), said, set_aside=False))
    return found


def _checked(micros: int | Fault, key: str, value: object, months: Mapping[str, float], step: int) -> int | Fault:
    """Return a commitment in micros, or why it cannot be taken."""
    if isinstance(micros, reasons.CellError | reasons.CellWithoutResult):
        return micros
    if isinstance(micros, Fault):
        return reasons.CommitmentUnreadable(value=_text(value))
    if key not in months:
        return reasons.CommitmentRowInserted()
    if micros < 0:
        return reasons.CommitmentNegative(value=yuan(micros))
    if off_by_unit(micros, months[key]) is not None:
        return reasons.CommitmentInWan(value=yuan(micros), target=yuan(months[key] * MICROS))
    if micros % step:
        near = round(Decimal(micros) / step) * step
        return reasons.CommitmentNotInSteps(value=yuan(micros), step=yuan(step), near=yuan(near))
    return micros


def _text(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)
