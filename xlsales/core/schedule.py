"""Tasks on working days: where each begins and ends behind those that it depends on, and which ones hold up the whole.

Time is counted in working days of a calendar with make-up days. A point in time is the number of working days that are
over: a task of 3 days that begins at point 5 takes the working days 5, 6 and 7 (the first one is 0), and is over at 8.
A milestone has no length: it is at the end of a day.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Mask
from xlsales.core.calendars import work_calendar
from xlsales.core.periods import Days, weekdays
from xlsales.core.plan import DayRule

_WEEK = 7
_MONTHS = 12


class WorkDays(Struct, frozen=True):
    """The working days of a span: all its days, which of them are worked on, and the years that are not announced."""

    days: Days
    working: Mask
    worked: Days
    unannounced: tuple[int, ...]

    @classmethod
    def between(cls, first: dt.date, last: dt.date, rules: Sequence[DayRule]) -> WorkDays:
        """Return those from one day to another, both inside, by the notices and by rules of the plan's own.

        In a year that is not announced, holidays by law are off; make-up days are not known.
        """
        days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
        calendar = work_calendar(days, rules, by_law=True)
        return cls(days, calendar.working, days[calendar.working], calendar.unannounced)

    def before(self, day: dt.date) -> int:
        """Return how many working days are before a day: the point at which work that begins on it begins."""
        return int(np.searchsorted(self.worked, np.datetime64(day)))

    def through(self, day: dt.date) -> int:
        """Return how many working days there are to the end of a day: the point at which it is over."""
        return int(np.searchsorted(self.worked, np.datetime64(day), side="right"))

    def day(self, point: int) -> dt.date | None:
        """Return the working day that begins at a point; None beyond the span."""
        return self.worked[point].item() if 0 <= point < len(self.worked) else None

    def exceptions(self, first: dt.date, last: dt.date) -> tuple[list[dt.date], list[dt.date]]:
        """Return the days from Monday to Friday that are off, and the Saturdays and Sundays that are worked on."""
        inside = (self.days >= np.datetime64(first)) & (self.days <= np.datetime64(last))
        usual = weekdays(self.days) < _WEEK - 2
        off, worked = inside & usual & ~self.working, inside & ~usual & self.working
        return self.days[off].tolist(), self.days[worked].tolist()


class Task(Struct, frozen=True):
    """What a task asks for, in points and working days: its length, and its reserve behind it (`buffer`).

    It begins no earlier than `release` (None: behind the others only). `after` are the positions of the tasks that it
    depends on.
    """

    length: int
    buffer: int = 0
    release: int | None = None
    after: tuple[int, ...] = ()


class Planned(Struct, frozen=True):
    """Where a task is, in points: it is at work from `start` to `finish`, its reserve is used up at `until`.

    `slack` is by how many working days it may slip without putting off the whole (its total float). `held_by` is the
    position of the task that decides when it begins; -1: none does.
    """

    start: int
    finish: int
    until: int
    slack: int
    held_by: int

    @property
    def critical(self) -> bool:
        """Whether the whole is put off by each day that it slips."""
        return self.slack == 0


def cycles(after: Sequence[Collection[int]]) -> list[list[int]]:
    """Return the circles in which tasks wait for each other, apart from each other.

    `after` are the positions of what each task depends on. A circle names its tasks in their order, each before the
    next one, and ends with its first.
    """
    graph = {task: set(others) for task, others in enumerate(after)}
    circles: list[list[int]] = []
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as circle:
            circles.append(circle.args[1])
            gone = set(circle.args[1])
            graph = {task: others - gone for task, others in graph.items() if task not in gone}
        else:
            return circles


def schedule(tasks: Sequence[Task]) -> list[Planned]:
    """Return where each task is, as early as it can be. The tasks wait for each other in no circle.

    The whole is over at the greatest `until`: that is the length of the longest path.
    """
    order = list(TopologicalSorter({i: task.after for i, task in enumerate(tasks)}).static_order())
    start, until, held_by = ([0] * len(tasks) for _ in range(3))
    for i in order:
        task = tasks[i]
        points = {-1: task.release} if task.release is not None else {}
        points |= {other: until[other] for other in task.after}
        held_by[i] = max(points, key=points.__getitem__, default=-1)  # of equal ones its own date
        start[i] = points.get(held_by[i], 0)
        until[i] = start[i] + task.length + task.buffer
    latest = [max(until, default=0)] * len(tasks)
    for i in reversed(order):
        begins = latest[i] - tasks[i].length - tasks[i].buffer
        for other in tasks[i].after:
            latest[other] = min(latest[other], begins)
    return [
        Planned(start[i], start[i] + task.length, until[i], latest[i] - until[i], held_by[i])
        for i, task in enumerate(tasks)
    ]


class Axis(Struct, frozen=True):
    """The time scale of a chart: the first day of each cell, and at its end the first day behind the last cell.

    A cell is a week, or so many `months`.
    """

    days: tuple[dt.date, ...]
    months: int = 0

    @property
    def count(self) -> int:
        """How many cells it has."""
        return len(self.days) - 1


MOST_CELLS = 53
"""So many cells are legible on a page: a year in weeks."""
_AT_ONCE = {0: 4, 1: 6}
"""Cells come by so many, of weeks and of months, so that a task that slips a little needs no wider chart."""
_FEWEST_CELLS = 12
_NO_CELLS: Mapping[bool, int] = {}


def axis(first: dt.date, last: dt.date, week_start: int, cells: Mapping[bool, int] = _NO_CELLS) -> Axis:
    """Return a scale from the week (else the month) of a day to that of another, in at most MOST_CELLS cells.

    `cells` is how many there have been so far, of weeks and of months (True): so many are kept if they are enough, and
    not far too many.
    """
    monday = first - dt.timedelta((first.weekday() - week_start) % _WEEK)
    weeks = (last - monday).days // _WEEK + 1
    if weeks <= MOST_CELLS:
        count = _count(weeks, cells.get(False, 0), 0)
        return Axis(tuple(monday + dt.timedelta(_WEEK * n) for n in range(count + 1)))
    month = first.year * _MONTHS + first.month - 1
    needed = last.year * _MONTHS + last.month - month
    step = math.ceil(needed / MOST_CELLS)
    count = _count(math.ceil(needed / step), cells.get(True, 0), 1)
    starts = (divmod(month + step * n, _MONTHS) for n in range(count + 1))
    return Axis(tuple(dt.date(year, number + 1, 1) for year, number in starts), step)


def _count(needed: int, cells: int, kind: int) -> int:
    if needed <= cells <= min(max(2 * needed, _FEWEST_CELLS), MOST_CELLS):
        return cells
    return min(MOST_CELLS, max(_FEWEST_CELLS, math.ceil(needed / _AT_ONCE[kind]) * _AT_ONCE[kind]))


def overlaps(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of positions of spans that have time in common: each with the first one that is not over yet.

    A span is (start, finish) in points; one without length overlaps nothing.
    """
    open_one = -1
    for i in sorted(range(len(spans)), key=lambda i: spans[i]):
        start, finish = spans[i]
        if start == finish:
            continue
        if open_one >= 0 and start < spans[open_one][1]:
            yield open_one, i
        if open_one < 0 or finish > spans[open_one][1]:
            open_one = i
