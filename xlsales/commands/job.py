"""A run under way: what it works on, and the workbook it has opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path

from xlsales.book.keyed import WrittenSheet, written_sheets
from xlsales.book.snapshots import Snapshots
from xlsales.commands.asking import Person, SaidBeforehand
from xlsales.commands.document import Document
from xlsales.core.breakdown import Breakdown
from xlsales.core.calendars import WorkCalendar, work_calendar
from xlsales.core.faults import DateRange, Fault, Lang, Listed, Place, Problem, Refused
from xlsales.core.holds import LockedWhenClosed
from xlsales.core.period_text import parse_span
from xlsales.core.periods import Timeline, timeline
from xlsales.core.plan import MonthMethod
from xlsales.core.shapes import History, NoOwnHistory, Shapes
from xlsales.core.spreading import NothingToFollow
from xlsales.core.text import clean
from xlsales.core.weights import (
    BadReferenceShare,
    BadWeekdayIndex,
    MonthMethodNeeds,
    NoDayWeight,
    NoMonthWeight,
    ReferenceEmpty,
    TooFewDays,
)
from xlsales.layout.model import IDENTITY
from xlsales.ooxml.book import Book
from xlsales.ooxml.files import shown
from xlsales.plan.answers import Answers, column_of
from xlsales.plan.input_cells import Cells
from xlsales.plan.inputs import Inputs, read_inputs
from xlsales.plan.sheets import SHEETS
from xlsales.plan.targets import ChangedByHand, NoLongerWritten, targets_changed
from xlsales.tables.files.processes import warm
from xlsales.tables.files.source import Grid, Source, load_beside
from xlsales.tables.reading import Records
from xlsales.vocabulary import contract, plan_tables
from xlsales.vocabulary.round_contract import T_COMMITMENTS

Watch = Callable[[str, float], None]
"""Told of each stage: its name, and the share of the whole that is done."""


CELL_OF_FAULT: dict[type[Fault], str] = {
    MonthMethodNeeds: "xs_month_method",
    NoMonthWeight: "xs_month_method",
    NoOwnHistory: "xs_member_shape",
    BadWeekdayIndex: "xs_day_method",
    NoDayWeight: "xs_day_method",
    TooFewDays: "xs_day_method",
    ReferenceEmpty: "xs_reference",
    BadReferenceShare: "xs_reference",
    NothingToFollow: "xs_reference",
}
"""The input, by its name, that is at the root of a fault of the core; others are those of the total."""


class Provisional(Fault):
    """A year without announced holidays: nobody here can change that, so it is a remark."""

    remark = True
    zh = "{years} 年放假安排未公布:各月工作日是暂定的。公布后请填“日历”表,再运行“分解目标”。"
    en = "The holidays of {years} are not announced: working days are provisional. Enter them in Calendar later."


class AcceptedWhenClosed(Fault):
    """A commitment is accepted for a period that is closed with another target."""

    zh = "{period} 已关账,目标是 {closed},承诺 {locked} 来不及生效。请清空这一行的“接受”。"
    en = '{period} is closed with {closed}: the commitment of {locked} comes too late. Clear "Accepted" in this row.'
    amounts = ("closed", "locked")


@dataclass(frozen=True)
class Start:
    """What a verb begins with that takes no plan: the language, the time, where versions are kept."""

    lang: Lang
    now: dt.datetime
    snapshots: Snapshots
    watch: Watch = lambda stage, share: None


@dataclass(frozen=True)
class Run:
    """What a verb works on, and who is asked; `actuals` and `history` may be `FILE` or `FILE:SHEET`."""

    document: Document
    now: dt.datetime
    person: Person = field(default_factory=SaidBeforehand)
    actuals: str | None = None
    history: str | None = None
    watch: Watch = lambda stage, share: None


@dataclass
class Job:
    """A run under way: the book, what a person filled in, and the problems found so far."""

    run: Run
    book: Book
    inputs: Inputs
    timeline: Timeline
    calendar: WorkCalendar
    actuals: Future[Grid] | None
    sheets: dict[str, WrittenSheet]
    problems: list[Problem]
    records: Records | None = None
    history: History | None = None
    shapes: Shapes | None = None
    closes: bool = False
    """Whether this run closes months: the plan's `closed_through` is to be written into the settings."""

    def word(self, zh: str, en: str) -> str:
        """Choose by the workbook's language."""
        return zh if self.inputs.lang == "zh" else en

    def let_targets_go(self) -> None:
        """Drop the sheets of targets, once they are read: of thousands of members they are most of what a run keeps."""
        breakdowns = tuple(sheet.identity for sheet in SHEETS if sheet.keeps_targets)
        self.sheets = {key: sheet for key, sheet in self.sheets.items() if not key.startswith(breakdowns)}

    def total_of(self, breakdown: Breakdown) -> str:
        """Say the total of a breakdown, which is that of the plan unless the plan changed since the split."""
        return replace(self.inputs, plan=breakdown.plan).money(breakdown.plan.total)

    def located(self, fault: Fault) -> Refused:
        """A fault of the core, pointed at the table row it speaks of, with amounts in the plan's unit."""
        facts = fault.facts
        committed = {lock.row for lock in self.inputs.plan.locks if lock.committed}
        if isinstance(fault, LockedWhenClosed) and facts["lock_row"] in committed:
            fault = AcceptedWhenClosed(**facts, field="accepted")
            facts = fault.facts
        if facts.get("row"):
            place: Place | None = self.table_place(plan_tables.T_DIMENSIONS, facts["row"], facts.get("field", "member"))
        elif facts.get("lock_row"):
            place = self.lock_place(facts["lock_row"], facts.get("field", "amount"))
        else:
            place = self._row_at_fault(fault)
        if place is None:
            cell = next((name for kind, name in CELL_OF_FAULT.items() if isinstance(fault, kind)), "xs_total")
            place = self.setting_place(cell)
        return Refused([Problem(place, "", Said(fault, self.inputs.money))])

    def _row_at_fault(self, fault: Fault) -> Place | None:
        """Where months weigh nothing, or a reference period has no sales: the cell of the table that says so."""
        answers = Answers(self.book, Cells(self.book), self.inputs.lang)
        if isinstance(fault, NoMonthWeight) and self.inputs.plan.month_method is MonthMethod.WEIGHTS:
            rows = answers.keyed_rows(plan_tables.T_MONTH_WEIGHTS)
            return next((row["cells"]["weight"] for row in rows if row["weight"] is not None), None)
        if isinstance(fault, ReferenceEmpty):
            plan = self.inputs.plan
            for row in answers.keyed_rows(plan_tables.T_REFERENCE):
                span = parse_span(row["period"], fiscal_month=plan.fiscal_month, pattern=plan.month_pattern)
                if DateRange(*span) == fault.facts["span"]:
                    return row["cells"]["period"]  # type: ignore[no-any-return]
        return None

    def table_place(self, table: plan_tables.InputTable, row: int, key: str | None = None) -> Place:
        """Return where a row of an input table stands, and in it the cell of a column, by its key."""
        found = self.book.table(table.name)
        if found is None:
            return Place(table.label[self.inputs.lang], row)
        return Place(found.area.sheet, row, column_of(found, table, key))

    def lock_place(self, number: int, key: str) -> Place:
        """Return the cell of a lock, or of the accepted commitment that it is, by the lock's `row`."""
        table, row = self.inputs.lock_rows[number - 1]
        return self.table_place(table, row, "commitment" if table is T_COMMITMENTS and key == "amount" else key)

    def setting_place(self, name: str) -> Place:
        """Return where an input stands, by its defined name or table name."""
        table = self.book.table(name)
        area = table.area if table else self.book.area(name)
        return Place(area.sheet, area.row, area.column) if area else Place(name)


class Said(Fault):
    """A fault that says its amounts in the plan's unit."""

    def __init__(self, fault: Fault, money: Callable[[int], str]) -> None:
        super().__init__(**fault.facts)
        self.fault, self.money = fault, money

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentence in `lang`."""
        return self.fault.say(lang, self.money)


def open_job(run: Run, by_hand: type[Fault] = ChangedByHand, *, writes: bool = True, actuals: bool = True) -> Job:
    """Open the workbook and read what a person filled in; raises Refused or a Fault of the file.

    `by_hand` is what is told of a sheet whose targets were changed by hand, `writes` whether the run is to write,
    `actuals` whether to start loading them.
    """
    run.watch("", 0.0)
    document = run.document
    if actuals:
        warm(Path(run.actuals) if run.actuals else document.content)
    book = Book.open(document.content)
    inputs = read_inputs(book, document.content, document.home)
    inputs = replace(
        inputs,
        actuals=_source(run.actuals, inputs.actuals),
        history=_source(run.history, inputs.history),
    )
    if writes:
        document.check([inputs.actuals.path, inputs.history.path])
    plan = inputs.plan
    line = timeline(
        plan.start, plan.end, fiscal_month=plan.fiscal_month, pattern=plan.month_pattern, week_rule=plan.week_rule
    )
    loading = load_beside(inputs.actuals) if actuals else None
    job = Job(run, book, inputs, line, work_calendar(line.days, plan.day_rules), loading, written_sheets(book), [])
    dimensions = {f"{IDENTITY}dimension:{dimension.name}" for dimension in plan.dimensions}
    for identity, sheet in job.sheets.items():
        place = Place(sheet.title)
        if identity.startswith(f"{IDENTITY}dimension:") and identity not in dimensions:
            gone = NoLongerWritten(dimension=identity.removeprefix(f"{IDENTITY}dimension:"))
            job.problems.append(Problem.note(place, "", gone))
        elif targets_changed(sheet):
            job.problems.append(Problem.note(place, "", by_hand()))
    if job.calendar.unannounced:
        years = Listed(map(str, job.calendar.unannounced))
        place = Place(contract.SHEETS["calendar"][inputs.lang])
        job.problems.append(Problem.note(place, "", Provisional(years=years)))
    return job


def _source(given: str | None, own: Source) -> Source:
    if given is None:
        return own
    if not Path(given).exists():  # a path copied from a window may begin with marks of direction
        given = clean(given)
    path, sheet = Path(given), None
    if not path.exists() and ":" in given[2:]:
        file, _, sheet = given.rpartition(":")
        path = Path(file)
    name = shown(path.name)
    return Source(path, sheet, f"[{name}]{sheet}" if sheet else name)
