"""A run under way: what it works on, and the workbook it has opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from xlsales.book.edits import Edits
from xlsales.book.keyed import WrittenSheet, written_sheets
from xlsales.book.snapshots import Snapshots
from xlsales.commands.asking import Person, SaidBeforehand
from xlsales.commands.document import Document
from xlsales.core.breakdown import Breakdown
from xlsales.core.calendars import WorkCalendar, work_calendar
from xlsales.core.faults import Fault, Lang, Listed, Place, Problem
from xlsales.core.periods import Timeline, cut_months, timeline_of, whole_years
from xlsales.core.shapes import History, Shapes
from xlsales.core.text import clean
from xlsales.layout.model import IDENTITY
from xlsales.ooxml.book import Book
from xlsales.ooxml.files import look_for, shown
from xlsales.plan.inputs import Inputs, read_inputs
from xlsales.plan.replan.read import Decision
from xlsales.plan.sheets import ADDED, SHEETS
from xlsales.plan.table_extent import column_of
from xlsales.plan.targets import ChangedByHand, FiguresChanged, NoLongerWritten, targets_changed
from xlsales.plan.unit_change import unit_changed
from xlsales.plan.version_changes import Reason
from xlsales.tables.files.grids import Grid
from xlsales.tables.files.processes import warm
from xlsales.tables.files.source import Source, load_beside
from xlsales.tables.reading import Records
from xlsales.vocabulary import contract, plan_tables
from xlsales.vocabulary.round_contract import T_COMMITMENTS

Watch = Callable[[str, float], None]
"""Told of each stage: its name, and the share of the whole that is done."""


class Provisional(Fault):
    """A year without announced holidays: nobody here can change that, so it is a remark."""

    remark = True
    zh = "{years} 年放假安排未公布:各月工作日是暂定的。公布后请填“日历”表,再运行“分解目标”。"
    en = "The holidays of {years} are not announced: working days are provisional. Enter them in Calendar later."


class NotWholeYears(Fault):
    """A plan that does not begin or end with one of its fiscal years."""

    remark = True
    zh = "计划从 {start} 到 {end},不是整财年(财年是 {first} 至 {last})。要整财年,请改开始或结束日期;本来如此的不必改。"
    en = (
        "The plan, {start} to {end}, is not of whole fiscal years, which would be {first} to {last}. "
        "If it should be, change its start or end; if not, leave it."
    )


class CutsMonths(NotWholeYears):
    """Such a plan that has only some days of a month."""

    zh = (
        "计划从 {start} 到 {end},不是整财年,{months} 只有一部分日子(财年是 {first} 至 {last})。"
        "要整财年,请改开始或结束日期;本来如此的不必改。"
    )
    en = (
        "The plan, {start} to {end}, is not of whole fiscal years, which would be {first} to {last}, and has only some "
        "days of {months}. If it should be, change its start or end; if not, leave it."
    )


class Start(Struct, frozen=True):
    """What a verb without a plan begins with: the language, the time, the versions."""

    lang: Lang
    now: dt.datetime
    snapshots: Snapshots
    watch: Watch = lambda stage, share: None


class Run(Struct, frozen=True):
    """What a verb works on, and who is asked; `actuals` and `history` may be `FILE` or `FILE:SHEET`."""

    document: Document
    now: dt.datetime
    person: Person = field(default_factory=SaidBeforehand)
    actuals: str | None = None
    history: str | None = None
    watch: Watch = lambda stage, share: None


class Job(Struct):
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
    enters: Edits = Edits()
    """What this run writes into the sheets that a person fills in."""
    announced: Edits = Edits()
    """What this run enters without a question: the days of a pasted notice, decisions that change no target."""
    carried: tuple[Decision, ...] = ()
    """The decisions of 重排 that this run carries out."""
    news: list[Problem] = field(default_factory=list)
    """Problems of this run alone, which no sheet keeps: a second run changes nothing."""
    declined: dt.date | None = None
    """Through which day the person does not want months closed, if this run offered it."""
    reasons: dict[tuple[str, str, str], Reason] = field(default_factory=dict)
    """Why months change that have a reason of their own: by dimension, member, month (the company: blank names)."""

    def word(self, zh: str, en: str) -> str:
        """Choose by the workbook's language."""
        return zh if self.inputs.lang == "zh" else en

    def let_targets_go(self) -> None:
        """Drop the sheets of targets, once they are read: of thousands of members they are most of what a run keeps."""
        breakdowns = tuple(sheet.identity for sheet in SHEETS.of_book(self.book, self.sheets) if sheet.keeps_targets)
        self.sheets = {key: sheet for key, sheet in self.sheets.items() if not key.startswith(breakdowns)}

    def total_of(self, breakdown: Breakdown) -> str:
        """Say the total of a breakdown, which is that of the plan unless the plan changed since the split."""
        return replace(self.inputs, plan=breakdown.plan).money(breakdown.plan.total)

    def table_place(self, table: plan_tables.InputTable, row: int, key: str | None = None) -> Place:
        """Return the place of a row of an input table, and in it the cell of a column, by its key."""
        own = self.book.table(table.name)
        if own is None:
            return Place(table.label[self.inputs.lang], row)
        return Place(own.area.sheet, row, column_of(own, table, key))

    def lock_place(self, number: int, key: str) -> Place:
        """Return the cell of a lock, or of the accepted commitment that it is, by the lock's `row`."""
        table, row = self.inputs.lock_rows[number - 1]
        return self.table_place(table, row, "commitment" if table is T_COMMITMENTS and key == "amount" else key)

    def setting_place(self, name: str) -> Place:
        """Return the place of an input, by its defined name or table name."""
        table = self.book.table(name)
        area = table.area if table else self.book.area(name)
        return Place(area.sheet, area.row, area.column) if area else Place(name)


def open_job(run: Run, by_hand: type[Fault] = ChangedByHand, *, writes: bool = True, actuals: bool = True) -> Job:
    """Open the workbook and read what a person filled in; raises Refused or a Fault of the file.

    `by_hand` is the fault of a sheet with targets that were changed by hand, `writes` whether the run is to write,
    `actuals` whether to start loading them.
    """
    run.watch("", 0.0)
    document = run.document
    if actuals:
        warm(Path(run.actuals) if run.actuals else document.content)
    book = Book.open(document.content)
    own = Source(document.content, None, "")
    for source in (_source(run.actuals, own), _source(run.history, own)):
        look_for(source.path)
    if writes:
        document.check([])
    inputs = read_inputs(book, document.content, document.home)
    inputs = replace(
        inputs,
        actuals=_source(run.actuals, inputs.actuals),
        history=_source(run.history, inputs.history),
    )
    if writes:
        document.check([inputs.actuals.path, inputs.history.path])
    plan = inputs.plan
    line = timeline_of(plan)
    loading = load_beside(inputs.actuals) if actuals else None
    job = Job(run, book, inputs, line, work_calendar(line.days, plan.day_rules), loading, written_sheets(book), [])
    job.problems += inputs.notes
    dimensions = {f"{IDENTITY}dimension:{dimension.name}" for dimension in plan.dimensions}
    for identity, sheet in job.sheets.items():
        place = Place(sheet.title)
        if identity.startswith(f"{IDENTITY}dimension:") and identity not in dimensions:
            fault = NoLongerWritten(dimension=identity.removeprefix(f"{IDENTITY}dimension:"))
            job.problems.append(Problem.note(place, "", fault))
        elif targets_changed(sheet):
            those = ADDED.of_book(book, job.sheets)
            added = next((one for one in those if f"{identity}:".startswith(f"{one.identity}:")), None)
            table = added.tables[0].label if added is not None else None
            changed = by_hand() if table is None else FiguresChanged(zh_table=table.zh, en_table=table.en)
            job.problems.append(Problem.note(place, "", changed))
    if job.calendar.unannounced:
        years = Listed(map(str, job.calendar.unannounced))
        place = Place(contract.SHEETS["calendar"][inputs.lang])
        job.problems.append(Problem.note(place, "", Provisional(years=years)))
    job.problems += _not_whole_years(job)
    other_unit = unit_changed(book, job.sheets, inputs.money_unit, inputs.lang)
    if other_unit is not None:
        job.problems.append(Problem.note(job.setting_place("xs_unit"), "", other_unit))
    return job


def _not_whole_years(job: Job) -> Iterator[Problem]:
    """Yield a remark on a plan with fiscal years of its own that does not begin or end with one of them."""
    line, fiscal = job.timeline, job.inputs.plan.fiscal
    first, last = whole_years(line)
    if (fiscal.month == 1 and fiscal.calendar_months) or (first, last) == (line.start, line.end):
        return
    months = Listed(month.key for month in cut_months(line))
    kind = CutsMonths if months else NotWholeYears
    fault = kind(start=line.start, end=line.end, first=first, last=last, months=months)
    yield Problem.note(job.setting_place("xs_end" if first == line.start else "xs_start"), "", fault)


def _source(choice: str | None, own: Source) -> Source:
    if choice is None:
        return own
    if not Path(choice).exists():  # a path copied from a window may begin with marks of direction
        choice = clean(choice)
    path, sheet = Path(choice), None
    if not path.exists() and ":" in choice[2:]:
        file, _, sheet = choice.rpartition(":")
        path = Path(file)
    name = shown(path.name)
    return Source(path, sheet, f"[{name}]{sheet}" if sheet else name, currency=own.currency)
