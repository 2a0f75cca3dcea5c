"""The receipts that a store pasted into 明细: read as any table of sales, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.core.faults import Fault, Place, Problem
from xlsales.core.plan import MICROS
from xlsales.ooxml.cells import BLANK
from xlsales.store import reasons
from xlsales.store.amounts import is_far, off_by_unit
from xlsales.store.returned import Reading, Receipts, Round, yuan
from xlsales.store.returned_book import ReturnedSheet
from xlsales.store.sheets.detail.formulas import Formulas
from xlsales.vocabulary.round_contract import TIMES

if TYPE_CHECKING:
    from xlsales.tables.files.cellwise import ColumnCells


class EntryPrecedes(Fault):
    """Pasted rows of a day for which the day table has an entry."""

    zh = "{key} 在日报里已填 {entry},以日报为准,明细里的这天没有计入。两处不一致时请改正。"
    en = "{key} has {entry} in the day table, which counts; the detail of that day does not. If they differ, fix it."


def scan(sheet: ReturnedSheet, reading: Reading) -> None:
    """Read the pasted rows; most workbooks have none, and what reads tables is not needed for them."""
    formulas = Formulas(sheet)
    columns, counts = _columns(sheet, formulas)
    header = next((row for row, count in counts.items() if count > 1), None)
    if header is not None and max(counts) > header:
        from xlsales.store.sheets.detail.receipts import read_receipts

        reading.receipts = read_receipts(sheet, reading.round, columns, formulas)


def read_back(sheet: ReturnedSheet | None, reading: Reading) -> None:
    """Take the rows of days that have nothing else, and report what is doubtful of them."""
    if sheet is None:
        return
    receipts = _without_doubles(reading.receipts, reading, sheet)
    receipts = _of_same_unit(receipts, reading.code, sheet, reading.round)
    receipts = _with_doubtful_days(receipts, reading.code, sheet, reading.round)
    reading.sold += receipts.sold
    reading.returned.problems += receipts.problems


def _without_doubles(receipts: Receipts, reading: Reading, sheet: ReturnedSheet) -> Receipts:
    """Set aside rows of days that have an entry in the day table, or are in a sum that headquarters has."""
    rows, problems = [], list(receipts.problems)
    doubles: dict[str, list[int]] = {}
    for row in receipts.sold:
        day = row.day.isoformat()
        if day in reading.by_sum or day in reading.entries:
            doubles.setdefault(day, []).append(row.micros)
        else:
            rows.append(row)
    for day, amounts in sorted(doubles.items()):
        value, fault = day, reading.by_sum.get(day)
        if fault is None:
            value, fault = yuan(sum(amounts)), EntryPrecedes(key=day, entry=yuan(reading.entries[day]))
        problems.append(Problem(Place(sheet.title), value, fault, sum(amounts), len(amounts)))
    return Receipts(rows, problems)


def _of_same_unit(receipts: Receipts, code: str, sheet: ReturnedSheet, round_: Round) -> Receipts:
    """Set all rows aside if their sum is of another unit than the targets of their days."""
    target = sum(round_.day_target(code, key) for key in receipts.days)
    micros = sum(row.micros for row in receipts.sold)
    kind = off_by_unit(micros, target)
    if kind is None:
        return receipts
    fault = kind(found=yuan(micros), target=yuan(target * MICROS), base=round_.terms.in_full.said)
    return Receipts([], [*receipts.problems, Problem(Place(sheet.title), "", fault, micros, len(receipts.sold))])


def _with_doubtful_days(receipts: Receipts, code: str, sheet: ReturnedSheet, round_: Round) -> Receipts:
    """Report days with receipts far above all targets of the store; they count."""
    by_day: dict[str, int] = {}
    for row in receipts.sold:
        by_day[row.day.isoformat()] = by_day.get(row.day.isoformat(), 0) + row.micros
    fault = reasons.FarAbove
    problems = [
        Problem.note(Place(sheet.title), key, fault(found=yuan(micros), times=TIMES))
        for key, micros in by_day.items()
        if is_far(micros, round_.most(code))
    ]
    return Receipts(receipts.sold, [*receipts.problems, *problems])


def _columns(sheet: ReturnedSheet, formulas: Formulas) -> tuple[dict[int, ColumnCells], dict[int, int]]:
    """Return the cells right of the keys by column, and how many each row has that has any."""
    columns: dict[int, ColumnCells] = {}
    counts: dict[int, int] = {}
    for row in sorted(sheet.cells.load_below(sheet.row)):
        for column, cell in sheet.cells.row(row).items():
            if column > sheet.column and cell.value is not BLANK:
                rows, values, styles = columns.setdefault(column, ([], [], []))
                rows.append(row)
                values.append(formulas.value(row, column, cell) if cell.formula else cell.value)
                styles.append(cell.style)
                counts[row] = counts.get(row, 0) + 1
    return columns, counts
