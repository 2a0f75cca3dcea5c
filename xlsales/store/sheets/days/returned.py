"""The day table of a returned workbook: each day's entry, and what is wrong with any.

A row is known by its key. An amount in a row without a key, in a copied row, in a row of totals or in a row with
another date is set aside and marked; its day is never guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import pairwise

from msgspec import Struct, field

from xlsales.core.faults import Fault, Problem
from xlsales.core.plan import MICROS
from xlsales.ooxml.cells import BLANK, Cell
from xlsales.store import reasons
from xlsales.store.amounts import differing, holds_target, is_blank, is_far, micros_of, off_by_unit, shown
from xlsales.store.reasons import Remark
from xlsales.store.returned import Reading, Round, yuan
from xlsales.store.returned_book import ReturnedSheet
from xlsales.tables.rows.sold import Sold
from xlsales.tables.words.header_words import is_total
from xlsales.vocabulary.round_contract import TIMES


class RowMoved(Fault):
    """A row with another date than its key says."""

    zh = "这一行原来是 {key},现在日期是 {found},行被挪动过。请按日期填回原来的行。"
    en = "This row was {key} and is now dated {found}: rows were moved. Enter the amount in the row of its day."


class RowTwice(Fault):
    """A day's row that was copied."""

    zh = "{key} 有两行,第 {first} 行已采用,这一行没有采用。请删去复制的行。"
    en = "{key} has two rows; row {first} was taken, this one was not. Delete the copy."


class RowInserted(Fault):
    """An amount in a row that was inserted."""

    zh = "这一行是插入的,不属于任何一天。请把金额填到当天那一行。"
    en = "This row was inserted and belongs to no day. Enter the amount in the row of its day."


class TotalTyped(Fault):
    """An amount in a row of totals."""

    zh = "这是合计行,不要填数。请只填每天的金额,合计会自动算出。"
    en = "This is a row of totals; leave it. Enter the days only, the totals follow."


class FormulaOverwritten(Fault):
    """A number typed over the formula of the actual column."""

    zh = "公式被数字盖掉了。请把金额填在“实际填写”列,并从下发的文件里复制回公式。"
    en = "A number was typed over the formula. Enter the amount in the entry column and restore the formula."


class MonthKnown(Fault):
    """An entry for a day of a month that headquarters has as a sum, without its days."""

    zh = (
        "{month}总部已有合计 {known},这天再填会重复,没有采用。请清空;"
        "合计不对,请总部删去这笔合计(或在“重复来源”选交回优先),再收一次。"
    )
    en = (
        "Headquarters has the sum of {month}, {known}; this day would count twice. Clear it. If the sum is wrong, "
        'headquarters deletes it (or sets "Same sales twice" to collected first) and collects again.'
    )


class FarAboveExplained(Remark):
    """An amount far above any target of the store, with a remark beside it; it counts."""

    zh = "{found} 超过最高一天目标的 {times} 倍,备注是“{remark}”,已照收。"
    en = '{found} is more than {times} times the highest day\'s target; the remark says "{remark}"; it counts.'


class RunningTotal(Fault):
    """Amounts of a month that only rise, as running totals do."""

    zh = "{month} 的金额天天在涨({first} 到 {last}),像是填了累计数。请填每天当天的金额。"
    en = "The amounts of {month} only rise ({first} to {last}), as running totals do. Enter each day's own amount."


RISING_DAYS, RISING_RATIO, RISING_SUM = 5, 2.5, 2.0
"""Amounts of a month are a running total if they never fall on so many days, end at so many times the first, are in
sum so many times the target of their days, and end at about the month's target so far."""
_ABOUT = 5.0


class DayEntry(Struct, frozen=True):
    """An amount that was typed for a day."""

    key: str
    row: int
    micros: int


class DayTable(Struct, frozen=True):
    """The entries that count, by day, and the problems."""

    entries: dict[str, DayEntry]
    problems: list[Problem]
    carried: Mapping[str, int] = field(default_factory=dict)
    """Days that headquarters knew when it handed the workbook out and that the store did not change, in micros."""
    by_sum: Mapping[str, Fault] = field(default_factory=dict)
    """Days of months that headquarters knew as a sum without days, with the fault of an entry."""


def read_back(sheet: ReturnedSheet | None, reading: Reading) -> None:
    """Take the entries of the day table, and what is wrong with any."""
    if sheet is None:
        return
    table = read_day_table(sheet, reading.code, reading.round, reading.receipts.days)
    reading.entries = {key: entry.micros for key, entry in table.entries.items()}
    reading.by_sum = table.by_sum
    reading.sold += [Sold(dt.date.fromisoformat(key), micros) for key, micros in reading.entries.items()]
    reading.returned.carried = table.carried
    reading.returned.problems += table.problems


def read_day_table(sheet: ReturnedSheet, code: str, round_: Round, detailed: frozenset[str] = frozenset()) -> DayTable:
    """Read the day table of a store; `detailed` are the days that have receipts."""
    reader = _DayReader(sheet, code, round_, detailed)
    for row, key in sheet.keyed:
        if not reader.is_as_handed_out(row, key):
            reader.row(row, key)
    entries = reader.entries
    for run in _running_totals(entries, code, round_):
        for entry in run:
            first, last = yuan(run[0].micros), yuan(run[-1].micros)
            month = round_.terms.month_of_day[entry.key]
            reader.drop_far(entry.row)
            reader.uncounted.pop(entry.row, None)
            reader.problem(entry.row, "entry", RunningTotal(month=month, first=first, last=last), entry.micros)
            del entries[entry.key]
    reader.report_uncounted()
    return DayTable(
        entries,
        reader.problems,
        {key: micros for key, micros in reader.carried.items() if key not in detailed},
        reader.by_sum,
    )


class _DayReader:
    def __init__(self, sheet: ReturnedSheet, code: str, round_: Round, detailed: frozenset[str]) -> None:
        self.sheet, self.code, self.round, self.detailed = sheet, code, round_, detailed
        self.entries: dict[str, DayEntry] = {}
        self.problems: list[Problem] = []
        actual = sheet.columns.get("actual")
        self.constants = sheet.cells.constants(actual) if actual is not None else set()
        self.carried: dict[str, int] = {}
        self.uncounted: dict[int, str] = {}
        """Formulas of entries that cannot be counted, by row."""
        self.by_sum = dict(_known_by_sum(sheet, code, round_)) if "until" in sheet.columns else {}
        expected = round_.expected.get(code)
        self.targets = dict(zip(round_.terms.day_keys, expected.targets.days.tolist(), strict=True)) if expected else {}
        self.of_entry, self.of_target, self.of_known = map(sheet.cells_of, ("entry", "target", "known"))

    def is_as_handed_out(self, row: int, key: str) -> bool:
        """Whether a row of a day has its target and nothing else, so that there is nothing to read."""
        entry, target, known = self.of_entry.get(row), self.of_target.get(row), self.of_known.get(row)
        return (
            (entry is None or (entry.value is BLANK and not entry.formula))
            and (known is None or known.value is BLANK)
            and target is not None
            and target.value == self.targets.get(key)
            and row not in self.constants
        )

    def problem(
        self, row: int, column: str, fault: Fault, micros: int | None = None, *, set_aside: bool = True
    ) -> None:
        cell = self.sheet.cell(row, column)
        self.problems.append(Problem(self.sheet.place(row, column), shown(cell), fault, micros, set_aside=set_aside))

    def row(self, row: int, key: str) -> None:
        cell = self.sheet.cell(row, "entry")
        if key not in self.round.terms.month_of_day:
            self._of_no_day(row, key, cell)
            return
        self._target(row, key)
        is_copy = self.sheet.rows[key] != row
        if is_blank(cell):
            wrong_result = self._wrong_result(row, cell)
            if wrong_result is not None:  # nothing shows, but the formula gives something
                self.problem(row, "entry", wrong_result)
            elif not is_copy:
                self._overwritten(row, key, None)
                if isinstance(amount := self.sheet.cell(row, "known").value, float):
                    self.carried[key] = round(amount * MICROS)
            return
        micros = micros_of(cell, self.sheet, self.round.terms.currency)
        if isinstance(micros, Fault):
            self.problem(row, "entry", micros)
            return
        day = self.sheet.day(self.sheet.cell(row, "date"))
        if is_copy:
            self.problem(row, "entry", RowTwice(key=key, first=self.sheet.rows[key]), micros)
        elif day is not None and day.isoformat() != key:
            self.problem(row, "entry", RowMoved(key=key, found=day), micros)
        elif key in self.by_sum:
            self.problem(row, "entry", self.by_sum[key], micros)
        elif dt.date.fromisoformat(key) > self.round.today:
            self.problem(row, "entry", reasons.DayAhead(key=key), micros)
        elif (wrong_result := self._wrong_result(row, cell)) is not None:
            self.problem(row, "entry", wrong_result, micros)
        elif not self._is_of_other_unit(row, key, micros):
            self.entries[key] = DayEntry(key, row, micros)
            self._report_part(row, micros)
            self._overwritten(row, key, micros)

    def _wrong_result(self, row: int, cell: Cell) -> Fault | None:
        """Return the fault of a formula that gives another result than is stored; note one that is not counted here."""
        recount = self.sheet.recount(row, self.sheet.columns["entry"])
        if recount is not None and recount.verdict == "unknown":
            self.uncounted[row] = recount.formula
        return differing(recount, cell)

    def _of_no_day(self, row: int, key: str, cell: Cell) -> None:
        """Set aside an amount in a row that belongs to no day: an inserted row, or a row of totals."""
        if is_blank(cell) or cell.formula:
            return
        micros = micros_of(cell, self.sheet, self.round.terms.currency)
        if isinstance(micros, Fault):
            return  # a heading
        texts = [c.value for c in self.sheet.cells.row(row).values() if isinstance(c.value, str)]
        total = bool(key) or any(is_total(text) for text in texts)
        self.problem(row, "entry", TotalTyped() if total else RowInserted(), micros)

    def _is_of_other_unit(self, row: int, key: str, micros: int) -> bool:
        """Whether an amount is set aside for its unit; with a remark beside it, it counts and is reported."""
        target = self.round.day_target(self.code, key)
        kind = off_by_unit(micros, target)
        if kind is None:
            self._report_far(row, micros)
            return False
        set_aside = is_blank(self.sheet.cell(row, "remark"))
        fault = kind(found=yuan(micros), target=yuan(target * MICROS), base=self.round.terms.in_full.said)
        self.problem(row, "entry", fault, micros if set_aside else None, set_aside=set_aside)
        return set_aside

    def _report_far(self, row: int, micros: int) -> None:
        """Report an amount far above all targets of the store; it counts."""
        if not is_far(micros, self.round.most(self.code)):
            return
        fault: Fault = reasons.FarAbove(found=yuan(micros), times=TIMES)
        if not is_blank(remark := self.sheet.cell(row, "remark")):
            fault = FarAboveExplained(**fault.facts, remark=shown(remark)[:40])
        self.problem(row, "entry", fault, set_aside=False)

    def _report_part(self, row: int, micros: int) -> None:
        """Report a part of a piece without a remark; it counts."""
        terms = self.round.terms
        if terms.unit == "piece" and micros % MICROS and is_blank(self.sheet.cell(row, "remark")):
            fault = reasons.PartOfPiece(found=yuan(micros), base=terms.in_full.said)
            self.problem(row, "entry", fault, set_aside=False)

    def drop_far(self, row: int) -> None:
        """Drop the problem that says that a row's doubtful amount counts: it does not."""
        place = self.sheet.place(row, "entry")
        far = reasons.FarAbove, FarAboveExplained, reasons.PartOfPiece
        self.problems = [p for p in self.problems if p.place != place or not isinstance(p.fault, far)]

    def report_uncounted(self) -> None:
        """Report the entries that are taken as stored because their formulas cannot be counted here."""
        amounts = {entry.row: entry.micros for entry in self.entries.values() if entry.row in self.uncounted}
        if amounts:
            row, total = min(amounts), yuan(sum(amounts.values()))
            fault = reasons.ResultsTaken(count=len(amounts), formula=self.uncounted[row], sum=total)
            self.problem(row, "entry", fault, set_aside=False)

    def _overwritten(self, row: int, key: str, entry: int | None) -> None:
        """Report a number over the formula of column 实际; it is set aside if the day has no `entry`, in micros."""
        if row not in self.constants:
            return
        cell = self.sheet.cell(row, "actual")
        if not isinstance(cell.value, float) or not cell.value:
            return
        micros = micros_of(cell, self.sheet, self.round.terms.currency)
        if isinstance(micros, Fault) or micros == entry:
            return
        set_aside = entry is None and key not in self.detailed
        self.problem(row, "actual", FormulaOverwritten(), micros if set_aside else None, set_aside=set_aside)

    def _target(self, row: int, key: str) -> None:
        expected = self.round.expected.get(self.code)
        target = expected.day(key) if expected else None
        cell = self.sheet.cell(row, "target")
        if target is not None and not holds_target(cell, target):
            fault = reasons.TargetChanged(found=shown(cell), expected=yuan(target * MICROS))
            self.problem(row, "target", fault, set_aside=False)


def _known_by_sum(sheet: ReturnedSheet, code: str, round_: Round) -> Iterator[tuple[str, Fault]]:
    """Yield the days that were handed out as known within the sum of their month alone, and still are."""
    for key, micros in round_.sums.get(code, {}).items():
        row = sheet.rows.get(key)
        if row is None:
            continue
        cell, amount = sheet.cell(row, "until"), sheet.cell(row, "known").value
        until = sheet.day(cell) if isinstance(cell.value, float) and cell.value > 0 else None
        if until is None or not isinstance(amount, float):
            continue
        fault = MonthKnown(month=key, known=yuan(micros))
        yield from (
            (day, fault) for day, of in round_.terms.month_of_day.items() if of == key and day <= until.isoformat()
        )


def _running_totals(entries: dict[str, DayEntry], code: str, round_: Round) -> Iterator[list[DayEntry]]:
    """Yield the entries of each month that are running totals, or go on with those of the month before."""
    expected = round_.expected.get(code)
    if expected is None:
        return
    months: dict[str, list[DayEntry]] = {}
    for key in sorted(entries):
        months.setdefault(round_.terms.month_of_day[key], []).append(entries[key])
    reached: float | None = None
    for month, run in months.items():
        amounts = [entry.micros / MICROS for entry in run]
        before, reached = reached, None
        if amounts[0] < 0 or any(a > b for a, b in pairwise(amounts)):
            continue
        if before is not None and amounts[0] >= before > 0:
            reached = amounts[-1]
            yield run
            continue
        if len(run) < RISING_DAYS:
            continue
        until = [key for key, of in round_.terms.month_of_day.items() if of == month and key <= run[-1].key]
        by_then, of_days = (sum(expected.day(key) or 0.0 for key in keys) for keys in (until, [e.key for e in run]))
        far = amounts[-1] >= RISING_RATIO * amounts[0] and sum(amounts) >= RISING_SUM * of_days > 0
        if far and by_then / _ABOUT <= amounts[-1] <= by_then * _ABOUT:
            reached = amounts[-1]
            yield run
