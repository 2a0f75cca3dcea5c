"""What a person typed into the sheet of table 时间表 since it was written: how much of each task is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from xlsales.book.keyed import WrittenSheet
from xlsales.core.faults import Listed, Problem
from xlsales.core.keys import joined, parted
from xlsales.core.schedule import Planned
from xlsales.layout.model import IDENTITY
from xlsales.ooxml.cells import BLANK
from xlsales.plan.figures import Figures
from xlsales.plan.kept_rows import by_labels, last_part, mixed_rows
from xlsales.plan.schedule import faults
from xlsales.plan.schedule.table import ORDERS, T_SCHEDULE
from xlsales.plan.typed_cells import CellKind, typed_number
from xlsales.values.cell import Labelled, choice, is_blank, plain

Cells = Mapping[str, Any]
"""A row of the table, as `Answers.rows` gives it."""

SEEN = "seen"
"""The hidden column that keeps what the table said was done when the sheet was written."""


class ScheduledTask(Struct, frozen=True):
    """A task with its dates: `until` is the last day of its reserve, `seen` what the table says is done (0 to 1)."""

    row: Cells
    planned: Planned
    length: int
    start: dt.date
    end: dt.date
    until: dt.date
    done: float | None
    seen: float | None

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.row["task"])

    @property
    def key(self) -> str:
        """Its row key in the sheet."""
        return joined("t", self.name)

    @property
    def department(self) -> str:
        """Its department; blank without one."""
        return str(self.row["department"] or "")

    @property
    def is_milestone(self) -> bool:
        """Whether it is drawn as one."""
        return self.length == 0 or self.row["milestone"] == "yes"


class TypedSince:
    """What a person typed into the sheet since it was written."""

    def __init__(self, figures: Figures) -> None:
        written = figures.written.get(f"{IDENTITY}{T_SCHEDULE.sheet}")
        self._written = by_labels(written, "task", last_part("t", 2), (SEEN,))
        self._lang = figures.frame.lang
        self._table = T_SCHEDULE.label[self._lang]
        self.doubts: list[Problem] = []

    def read(self, task: ScheduledTask) -> ScheduledTask:
        """Return a task with what is typed of it."""
        sheet = self._written
        if sheet is None or task.key not in sheet.rows:
            return task
        here, before = self._share(sheet, task.key), _seen(sheet, task.key)
        if here is None or here == before:
            return task
        if task.seen not in (None, here, before):
            both = {"here": _percent(here), "there": _percent(task.seen), "table": self._table}
            fault = faults.TypedBoth(name=task.name, **both)
            self.doubts.append(Problem.note(sheet.place(task.key, "done"), _percent(here), fault))
        return replace(task, done=here)

    @property
    def by_department(self) -> bool:
        """Whether a person wants the tasks of each department together; what is no order is told."""
        value = self._written.value("asof", "department") if self._written is not None else BLANK
        if self._written is None or value is BLANK or is_blank(value):
            return False
        words = {key: (word.zh, word.en) for key, word in ORDERS.items()}
        order = choice(str(value), Labelled(""), words)
        if order is None:
            names = [word[self._lang] for word in ORDERS.values()]
            fault = faults.NotAnOrder(found=str(value), usual=names[0], choices=Listed(names))
            self.doubts.append(Problem.note(self._written.place("asof", "department"), str(value), fault))
        return order == "department"

    def _share(self, sheet: WrittenSheet, row: str) -> float | None:
        """The share in a cell; None if it has none, which is told if it is not blank."""
        typed = typed_number(sheet, row, "done", CellKind.PART)
        self.doubts += [typed.problem] if typed.problem is not None else []
        return typed.value

    def gone(self, keys: set[str]) -> Iterator[Problem]:
        """Yield what is typed into rows of tasks that the table has no more."""
        sheet = self._written
        yield from mixed_rows(sheet)
        for row in sheet.rows if sheet is not None else ():
            parts = parted(row, 2) if row not in keys else None
            if sheet is None or parts is None or parts[0] != "t":
                continue
            here = sheet.value(row, "done")
            if here is BLANK or is_blank(here) or here == _seen(sheet, row):
                continue
            shown = _percent(here) if type(here) is float else str(here)
            fault = faults.TaskGone(name=parts[1], here=shown, table=self._table)
            yield Problem.note(sheet.place(row, "done"), shown, fault)


def _seen(sheet: WrittenSheet, row: str) -> float | None:
    """What the table said was done when the sheet was written."""
    value = sheet.number(row, SEEN)
    return None if value != value else value


def _percent(share: float | None) -> str:
    return f"{plain(round((share or 0.0) * 100, 6))}%"
