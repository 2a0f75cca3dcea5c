"""The receipts that a store pasted into 明细: read as any table of sales, day by day."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace

from xlsales.core.faults import Fault, Listed, Place, Problem
from xlsales.core.plan import MICROS
from xlsales.core.text import identity
from xlsales.ooxml.cells import BLANK, Cell, ErrorValue, FormulaWithoutResult, Value
from xlsales.store import reasons
from xlsales.store.amounts import differing, is_far, off_by_unit, shown
from xlsales.store.reasons import Remark
from xlsales.store.returned import Reading, Receipts, Round, yuan
from xlsales.store.returned_book import ReturnedSheet
from xlsales.store.sheets.detail.columns import COLUMNS
from xlsales.store.sheets.detail.retold import retold
from xlsales.store.targets import TIMES
from xlsales.tables.files.cellwise import NO_CELLS, ColumnCells, take_far
from xlsales.tables.files.grids import Grid
from xlsales.tables.files.source import Source
from xlsales.tables.reading import Records, read_records
from xlsales.tables.reasons import ErrorInColumn
from xlsales.tables.remarks import FarAway
from xlsales.tables.rows.sold import Sold
from xlsales.values.cell import text_of


class EntryPrecedes(Fault):
    """Pasted rows of a day for which the day table has an entry."""

    zh = "{key} 在日报里已填 {entry},以日报为准,明细里的这天没有计入。两处不一致时请改正。"
    en = "{key} has {entry} in the day table, which counts; the detail of that day does not. If they differ, fix it."


class ResultsRead(Remark):
    """Formulas among receipts that are not counted here, read by the results that the file stores."""

    zh = "有 {count} 格是公式(如 {formula}),程序算不了(如引用别的文件),按存盘时显示的结果读取。"
    en = (
        "{count:cells} {count:holds a formula|hold formulas} that cannot be counted here (e.g. {formula}, a link to "
        "another file perhaps): read as shown when the file was saved."
    )
    remark = True


def scan(sheet: ReturnedSheet, reading: Reading) -> None:
    """Read the pasted rows; most workbooks have none."""
    reading.receipts = read_detail(sheet, reading.round)


def read_back(sheet: ReturnedSheet | None, reading: Reading) -> None:
    """Take the rows of days that have nothing else, and report what is doubtful of them."""
    if sheet is None:
        return
    receipts = _without_doubles(reading.receipts, reading, sheet)
    receipts = _of_same_unit(receipts, reading.code, sheet, reading.round)
    receipts = _with_doubtful_days(receipts, reading.code, sheet, reading.round)
    reading.sold += receipts.sold
    reading.returned.problems += receipts.problems


def read_detail(sheet: ReturnedSheet, round_: Round) -> Receipts:
    """Read the pasted rows."""
    formulas = _Formulas(sheet)
    grid = _grid(sheet, formulas)
    if grid is None:
        return Receipts()
    source = Source(Path(sheet.title), sheet.title, sheet.title, currency=round_.terms.currency)
    try:
        records = read_records(
            source,
            round_.others,
            start=round_.terms.plan.start,
            end=round_.terms.plan.end,
            mapping=_own_columns(sheet),
            grid=grid,
            blank_members=True,
        )
    except Fault as fault:  # its columns are not known
        fault = retold(fault, round_.terms)
        return Receipts([], [Problem(Place(sheet.title), "", fault, None, _rows_below(grid))])
    return _until_today(records, sheet.title, round_, formulas)


class _Formulas(Struct, frozen=True):
    """The formulas among the receipts, by cell: the faults of wrong results, and formulas that are not counted here."""

    sheet: ReturnedSheet
    faults: dict[tuple[int, int], Fault] = field(default_factory=dict)
    unknown: dict[tuple[int, int], str] = field(default_factory=dict)

    def value(self, row: int, column: int, cell: Cell) -> Value:
        """Return the result of a formula; an error if the formula gives another one."""
        if column == self.sheet.columns.get("note"):
            return cell.value
        recount = self.sheet.recount(row, column)
        if recount is not None and recount.verdict == "unknown":
            self.unknown[row, column] = recount.formula
        fault = differing(recount, cell)
        if fault is None:
            return cell.value
        self.faults[row, column] = fault
        return ErrorValue(shown(cell))

    def problems(self) -> list[Problem]:
        """Return the problem of formulas that cannot be counted here."""
        if not self.unknown:
            return []
        first = min(self.unknown)
        fault = ResultsRead(count=len(self.unknown), formula=self.unknown[first])
        return [Problem.note(Place(self.sheet.title, *first), "", fault)]


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


def _grid(sheet: ReturnedSheet, formulas: _Formulas) -> Grid | None:
    """Return the sheet without its keys, as columns of text; None if nothing is pasted below the headers.

    Cells far from the others are left out and reported. Raises `SheetError`.
    """
    columns, counts = _columns(sheet, formulas)
    header = next((row for row, count in counts.items() if count > 1), None)
    if header is None or max(counts) == header:
        return None
    far = take_far(columns)
    height, first = max(rows[-1] for rows, _, _ in columns.values()), min(columns)
    body = {
        str(column - first): _spread(columns.get(column, NO_CELLS), height, sheet)
        for column in range(first, max(columns) + 1)
    }
    flaws = [
        (row, column, value)
        for column, (rows, values, _) in columns.items()
        for row, value in zip(rows, values, strict=True)
        if isinstance(value, ErrorValue | FormulaWithoutResult)
    ]
    notes: tuple[Problem, ...] = ()
    if far:
        fault = FarAway(cells=Listed(far[:3]), count=len(far))
        notes = (Problem.note(Place(sheet.title), "", fault, None, len(far)),)
    return Grid(pl.DataFrame(body), first_column=first, date1904=sheet.date1904, flaws=flaws, notes=notes)


def _columns(sheet: ReturnedSheet, formulas: _Formulas) -> tuple[dict[int, ColumnCells], dict[int, int]]:
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


def _rows_below(grid: Grid) -> int:
    """Count the rows below the first with several cells, which is the header."""
    filled = grid.body.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
    header = int((filled > 1).arg_max() or 0)
    return int((filled[header + 1 :] > 0).sum())


def _own_columns(sheet: ReturnedSheet) -> dict[str, str]:
    """Return the headers of date and amount, if they are as handed out: 日报 sums up these columns and no others."""
    headers = {}
    for key in ("date", "amount"):
        names = {identity(word) for word in (COLUMNS[key][0].zh, COLUMNS[key][0].en)}
        for row in sheet.cells.rows:
            cell = sheet.cells.get((row, sheet.columns[key])) if row > sheet.row and key in sheet.columns else None
            if cell is not None and isinstance(cell.value, str) and identity(cell.value) in names:
                texts = [one.value for one in sheet.cells.row(row).values() if isinstance(one.value, str)]
                if sum(identity(text) == identity(cell.value) for text in texts) == 1:
                    headers[key] = cell.value
                break
    return headers


def _spread(column: ColumnCells, height: int, sheet: ReturnedSheet) -> pl.Series:
    """Return the texts of a column at their rows."""
    texts: list[str | None] = [None] * height
    for row, value, style in zip(*column, strict=True):
        texts[row - 1] = _text(Cell(value, False, style), sheet)
    return pl.Series(texts, dtype=pl.String)


def _text(cell: Cell, sheet: ReturnedSheet) -> str | None:
    return text_of(sheet.content(cell)) or None if isinstance(cell.value, float | str | bool) else None


def _until_today(records: Records, title: str, round_: Round, formulas: _Formulas) -> Receipts:
    ahead = records.day > np.datetime64(round_.today)

    def in_words_of_store(problem: Problem) -> Problem:
        wrong_result = formulas.faults.get((problem.place.row or 0, problem.place.column or 0))
        if wrong_result is not None and isinstance(problem.fault, ErrorInColumn):
            return replace(problem, fault=wrong_result)
        return replace(problem, fault=retold(problem.fault, round_.terms))

    # In a store's account, rows are taken or not: its totals rows count with those set aside.
    problems = [
        replace(problem, set_aside=True, totals=False) if problem.totals else problem
        for problem in map(in_words_of_store, records.problems)
    ]
    problems += formulas.problems()
    if ahead.any():
        fault = reasons.DayAhead(key=str(records.day[ahead].min()))
        problems.append(Problem(Place(title), "", fault, int(records.micros[ahead].sum()), int(ahead.sum())))
    names = {d.name: d.members for d in round_.others}
    sold = []
    for i in np.flatnonzero(~ahead).tolist():
        members = tuple(
            (name, names[name][code].name) for name, codes in records.codes.items() if (code := codes[i]) >= 0
        )
        sold.append(Sold(records.day[i].astype(object), int(records.micros[i]), members))
    return Receipts(sold, problems)
