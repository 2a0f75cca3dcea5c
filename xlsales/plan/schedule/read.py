"""Table 时间表 as tasks with dates, with what a person typed into its sheet since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.expressions import expression
from xlsales.core.faults import Bilingual, Fault, Place, Problem
from xlsales.core.schedule import Planned, Task, WorkDays, cycles, overlaps, schedule
from xlsales.core.text import identity, names_in, narrow
from xlsales.plan.answers import RowLacks
from xlsales.plan.figures import Figures
from xlsales.plan.schedule import faults
from xlsales.plan.schedule.table import T_SCHEDULE
from xlsales.plan.schedule.typed import Cells, ScheduledTask, TypedSince
from xlsales.plan.table_rows import AtColumn, LooksLikeTotal, rows_are
from xlsales.plan.unknown_names import said_near
from xlsales.tables.words.total_words import is_totals_word
from xlsales.values.near_names import near_names

_LABELS = {column.key: column.label for column in T_SCHEDULE.columns}
_SEPARATORS = expression(r"[、,;|\n]+")
_FAR = 5
"""Years before and after the plan in which a task may be."""
_UNKNOWN = -1
_NOTHING = frozenset({"无", "没有", "none", "n/a", "na", "nil"})
"""What people write for no task that this one depends on."""


class Schedule(Struct, frozen=True):
    """The tasks that can be dated, by their start; what is doubtful in them, and the rows that are left out.

    With `by_department` those of a department are together.
    """

    tasks: tuple[ScheduledTask, ...]
    by_department: bool
    days: WorkDays
    doubts: tuple[Problem, ...]
    left_out: tuple[int, ...]


def read_schedule(rows: Sequence[Cells], figures: Figures, problems: list[Problem]) -> Schedule | None:
    """Return the schedule of the table; None if no row can be dated, or a new sheet would lose what is typed there.

    `problems` get what is wrong.
    """
    reader = _Reader(rows, figures)
    tasks = reader.read()
    problems += reader.problems
    left_out = tuple(sorted(reader.aside))
    if tasks and left_out:
        fault = faults.RowsLeftOut(rows=rows_are(left_out))
        problems.append(Problem.note(Place(rows[0]["cells"]["task"].sheet), "", fault))
    typed = TypedSince(figures)
    tasks = [typed.read(task) for task in tasks]
    gone = list(typed.gone({task.key for task in tasks}))
    problems += gone
    if gone or not tasks:
        return None
    tasks.sort(key=lambda task: (task.start, task.end))
    grouped = typed.by_department and any(task.department for task in tasks)
    if grouped:
        first = {identity(task.department): i for i, task in reversed(list(enumerate(tasks))) if task.department}
        last = len(tasks)
        tasks.sort(key=lambda task: first.get(identity(task.department), last))
    doubts = (*reader.doubts, *_overloads(tasks), *typed.doubts)
    return Schedule(tuple(tasks), grouped, reader.days, doubts, left_out)


def _number_of(row: Cells) -> int:
    """The number of a row on its sheet."""
    number_on_sheet = row["cells"]["task"].row
    assert isinstance(number_on_sheet, int)
    return number_on_sheet


class _Dated(Struct, frozen=True):
    """A row with what it asks for; `day` is the date of a milestone that has one, which may be a day off."""

    row: Cells
    task: Task
    day: dt.date | None
    typed: str
    """The column of the date that it asks for; blank without one."""


class _Reader:
    """Reads the rows, and gathers what is wrong (`problems`) and what is doubtful (`doubts`).

    `aside` are the numbers of the rows at fault.
    """

    def __init__(self, rows: Sequence[Cells], figures: Figures) -> None:
        self.rows, self._plan = rows, figures.breakdown.plan
        self.problems: list[Problem] = []
        self.doubts: list[Problem] = []
        self.aside: set[int] = set()

    @cached_property
    def _bounds(self) -> tuple[dt.date, dt.date]:
        """The first and the last day that a person may type."""
        first, last = self._plan.start.year - _FAR, self._plan.end.year + _FAR
        return dt.date(first, 1, 1), dt.date(last, 12, 31)

    @cached_property
    def days(self) -> WorkDays:
        """The working days in which all tasks are to be."""
        first, last = self._bounds
        more = dt.timedelta(366 * _FAR)
        return WorkDays.between(first - more, last + more, self._plan.day_rules)

    def read(self) -> list[ScheduledTask]:
        """Return the tasks that can be dated."""
        named = [row for row in self.rows if self._is_named(row)]
        self._by_name = self._names(named)
        self._by_number = self._numbers(named)
        dated: dict[int, _Dated] = {}
        for row in named:
            if row["faulty"] or _number_of(row) in self.aside:
                self.aside.add(_number_of(row))
                continue
            try:
                dated[_number_of(row)] = self._dated(row)
            except AtColumn as found:
                self._set_aside(row, found.key, found.fault)
        self._without_circles(dated)
        self._without_lost(dated)
        return self._placed(dated)

    def _set_aside(self, row: Cells, key: str, fault: Fault) -> None:
        self.problems.append(AtColumn(key, fault).problem(row))
        self.aside.add(_number_of(row))

    # --- names and numbers ---

    def _is_named(self, row: Cells) -> bool:
        if row["task"] is not None and not is_totals_word(row["task"]):
            return True
        if row["task"] is not None:
            self._set_aside(row, "task", LooksLikeTotal(name=row["task"]))
            return False
        if "task" not in row["faulty"]:
            label = _LABELS["task"]
            self.problems.append(Problem.note(row["cells"]["task"], "", RowLacks(header=Bilingual(label.zh, label.en))))
        self.aside.add(_number_of(row))
        return False

    def _names(self, rows: Sequence[Cells]) -> dict[str, int]:
        """The row of each name; a second one of a name is at fault."""
        names: dict[str, int] = {}
        for row in rows:
            other = names.setdefault(identity(row["task"]), _number_of(row))
            if other != _number_of(row):
                self._set_aside(row, "task", faults.SameTask(name=row["task"], other=other))
        return names

    def _numbers(self, rows: Sequence[Cells]) -> dict[str, int]:
        numbers: dict[str, int] = {}
        for row in rows:
            if row["number"] is not None:
                other = numbers.setdefault(identity(row["number"]), _number_of(row))
                if other != _number_of(row):
                    self._set_aside(row, "number", faults.SameNumber(name=row["number"], other=other))
        return numbers

    def _position(self, name: str) -> int:
        """The row of the task of a name or a number; -1 if there is none."""
        one = identity(name)
        return self._by_name.get(one, self._by_number.get(one, _UNKNOWN))

    def _others(self, row: Cells) -> tuple[int, ...]:
        """The rows that a row depends on. Names may have separators in them: the longest that is known counts."""
        text = narrow(row["after"] or "")
        starts = [0, *(mark.end() for mark in _SEPARATORS.finditer(text))]
        stops = [*(mark.start() for mark in _SEPARATORS.finditer(text)), len(text)]
        others: dict[int, None] = {}
        i = 0
        while i < len(starts):
            reach = range(len(stops) - 1, i - 1, -1)
            j = next((j for j in reach if self._position(text[starts[i] : stops[j]]) != _UNKNOWN), i)
            part = text[starts[i] : stops[j]].strip()
            known = self._position(part) != _UNKNOWN
            if part and not known and identity(part) not in _NOTHING:
                raise AtColumn("after", self._unknown(row["task"], part))
            if known:
                others[self._position(part)] = None
            i = j + 1
        return tuple(others)

    def _unknown(self, name: str, part: str) -> Fault:
        called = {identity(row["task"]): row["task"] for row in self.rows if row["task"] is not None}
        near = [called[one] for one in near_names(identity(part), called)][:3]
        return faults.UnknownTask(name=name, found=part, **said_near(near))

    # --- dates and lengths ---

    def _dated(self, row: Cells) -> _Dated:
        """What a row asks for. Raises AtColumn."""
        name, start, end = row["task"], row["start"], row["end"]
        days = None if row["days"] is None else int(row["days"])
        for key in ("start", "end"):
            if row[key] is not None and not self._bounds[0] <= row[key] <= self._bounds[1]:
                facts = {"start": self._plan.start, "end": self._plan.end}
                raise AtColumn(key, faults.FarFromPlan(name=name, found=row[key], **facts))
        others = self._others(row)
        if start is not None and end is not None:
            days = self._between(name, start, end, days, row["milestone"] == "yes")
        elif days is None and row["milestone"] == "yes":
            days = 0
        if days is None:
            raise AtColumn("days", faults.NoLength(name=name))
        day, typed = (start, "start") if start is not None else (end, "end" if end is not None else "")
        release = None
        if start is not None and days:
            release = self.days.before(start)
        elif day is not None:
            release = self.days.through(day) - days
        if release is None and not others:
            raise AtColumn("start", faults.NoStart(name=name))
        task = Task(days, int(row["buffer"] or 0), release, others)
        return _Dated(row, task, None if days else day, typed)

    def _between(self, name: str, start: dt.date, end: dt.date, days: int | None, milestone: bool) -> int:
        """The working days from a start to an end. Raises AtColumn if they are none, or others than are filled in."""
        if end < start:
            raise AtColumn("end", faults.EndsBeforeStart(name=name, start=start, end=end))
        if start == end and (days == 0 or (days is None and milestone)):
            return 0
        between = self.days.through(end) - self.days.before(start)
        if days not in (None, between):
            raise AtColumn("days", faults.DaysDiffer(name=name, start=start, end=end, between=between, found=days))
        if not between:
            raise AtColumn("end", faults.NoWorkingDay(name=name, start=start, end=end))
        return between

    # --- what depends on what ---

    def _without_circles(self, dated: dict[int, _Dated]) -> None:
        """Set aside the tasks that wait for each other in circles."""
        numbers = list(dated)
        at = {row: i for i, row in enumerate(numbers)}
        after = [{at[other] for other in dated[row].task.after if other in at} for row in numbers]
        for circle in cycles(after):
            around = [numbers[i] for i in circle[:-1]]
            first = around.index(min(around))
            around = [*around[first:], *around[:first], around[first]]
            shown = " → ".join(dated[row].row["task"] for row in around)
            self._set_aside(dated[around[0]].row, "after", faults.WaitsForItself(circle=shown))
            self.aside |= set(around)
        for row in [row for row in dated if row in self.aside]:
            del dated[row]

    def _without_lost(self, dated: dict[int, _Dated]) -> None:
        """Set aside the tasks that only those at fault would date; others go on without these."""
        names = {_number_of(row): row["task"] for row in self.rows}
        pending = True
        while pending:
            pending = False
            for number_on_sheet, one in list(dated.items()):
                lost = [other for other in one.task.after if other not in dated]
                if not lost:
                    continue
                facts = {"name": one.row["task"], "other": names[lost[0]]}
                left = tuple(other for other in one.task.after if other in dated)
                if one.task.release is None:
                    self._set_aside(one.row, "after", faults.AfterLeftOut(**facts))
                    del dated[number_on_sheet]
                    pending = True
                else:
                    self.doubts.append(AtColumn("after", faults.WithoutOther(**facts)).problem(one.row))
                    dated[number_on_sheet] = replace(one, task=replace(one.task, after=left))

    def _placed(self, dated: dict[int, _Dated]) -> list[ScheduledTask]:
        """The tasks at their dates; those that come to be beyond all years are set aside."""
        while True:
            numbers = list(dated)
            at = {row: i for i, row in enumerate(numbers)}
            tasks = [replace(one.task, after=tuple(at[o] for o in one.task.after)) for one in dated.values()]
            planned = schedule(tasks)
            most = len(self.days.worked)
            beyond = [row for row, one in zip(numbers, planned, strict=True) if one.until > most]
            if not beyond:
                break
            for row in beyond:
                fault = faults.TooLong(name=dated[row].row["task"], last=self.days.days[-1].item())
                self._set_aside(dated.pop(row).row, "days", fault)
            self._without_lost(dated)
        placed = [self._task(one, plan) for one, plan in zip(dated.values(), planned, strict=True)]
        for one, task in zip(dated.values(), placed, strict=True):
            held_by = placed[task.planned.held_by] if task.planned.held_by >= 0 else None
            self.doubts += self._moved(one, task, held_by)
        return placed

    def _task(self, one: _Dated, planned: Planned) -> ScheduledTask:
        """A task at its dates."""

        def last(point: int) -> dt.date:
            day = self.days.day(point - 1)
            assert day is not None  # the points are inside
            return day

        end = last(planned.finish)
        if one.day is not None and planned.start == one.task.release:
            end = one.day  # a milestone may be on a day off
        start = self.days.day(planned.start) if one.task.length else end
        assert start is not None
        until = last(planned.until) if one.task.buffer else end
        done = one.row["done"]
        return ScheduledTask(one.row, planned, one.task.length, start, end, until, done, done)

    def _moved(self, one: _Dated, task: ScheduledTask, held_by: ScheduledTask | None) -> Iterator[Problem]:
        """Yield what a person should know of a date that could not stay as it is filled in."""
        if not one.typed:
            return
        found = one.row[one.typed]
        if held_by is not None:
            until = Bilingual(str(held_by.until), str(held_by.until))
            if held_by.planned.until > held_by.planned.finish:
                until = Bilingual(f"{held_by.until}(含缓冲)", f"{held_by.until} (with its buffer)")
            put_off = faults.PutOff(name=task.name, found=found, other=held_by.name, until=until, start=task.start)
            yield AtColumn(one.typed, put_off).problem(one.row)
        elif task.length and one.row["start"] not in (None, task.start):
            fault: Fault = faults.StartsOnDayOff(name=task.name, found=one.row["start"], start=task.start)
            yield AtColumn("start", fault).problem(one.row)
        elif task.length and one.row["end"] not in (None, task.end):
            fault = faults.EndsOnDayOff(name=task.name, found=one.row["end"], end=task.end)
            yield AtColumn("end", fault).problem(one.row)


def _overloads(tasks: Sequence[ScheduledTask]) -> Iterator[Problem]:
    """Yield the first pair of tasks of high priority that a person has at once."""
    loads: dict[str, list[tuple[str, ScheduledTask]]] = {}
    for task in tasks:
        if task.row["priority"] == "high" and task.done != 1:
            for name in names_in(task.row["owner"] or ""):
                loads.setdefault(identity(name), []).append((name, task))
    for load in loads.values():
        spans = [(task.planned.start, task.planned.finish) for _, task in load]
        for i, j in overlaps(spans):
            owner, other = load[i]
            task = load[j][1]
            fault = faults.Overload(owner=owner, name=task.name, other=other.name, start=task.start)
            yield AtColumn("owner", fault).problem(task.row)
            break
