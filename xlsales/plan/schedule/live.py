"""What follows of a task from its dates and from how much of it is done: as formulas, and what these come to.

Each pair says the same: `left_text` and `left`, `status_text` and `status`, `bar_text` and `piece`. A formula names
`{asof}`, the as-of date; `{off}` and `{worked}`, the days that are off or worked on other than by the week; and, of a
cell of the time scale, `{from}`, its first day, and `{to}`, that of the next one.
"""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from xlsales.core.faults import Lang
from xlsales.core.schedule import WorkDays
from xlsales.layout import look
from xlsales.plan.schedule.typed import ScheduledTask
from xlsales.vocabulary.contract import Word

STATES = {
    "done": Word("完成", "done"),
    "late": Word("逾期", "late"),
    "behind": Word("落后", "behind"),
    "running": Word("进行中", "running"),
    "ahead": Word("未开始", "not begun"),
}
NODE, YES = "◆", "●"
_NEAR = 1e-9
"""A share that is so little below what is due has reached it."""


class Moment(Struct, frozen=True):
    """When the sheet is looked at, and the working days around."""

    as_of: dt.date | None
    days: WorkDays
    lang: Lang

    def worked(self, first: dt.date, last: dt.date) -> int:
        """Return how many working days there are from one day to another, both inside."""
        return max(0, self.days.through(last) - self.days.before(first))


class Line(Struct, frozen=True):
    """What the formulas of a row go by: those of a task, or those of all."""

    days: int
    start: dt.date
    end: dt.date
    done: float | None


def left(moment: Moment, line: Line) -> int | None:
    """The working days after the as-of date in which a task is to be done."""
    if moment.as_of is None or (line.done or 0) >= 1:
        return None
    if line.end <= moment.as_of:
        return 0
    return moment.worked(max(moment.as_of + dt.timedelta(1), line.start), line.end)


def status(moment: Moment, line: Line) -> str | None:
    """How a task is on the as-of date: as much of it is due as working days have gone by up to the day before."""
    done, as_of = line.done or 0.0, moment.as_of
    if done >= 1:
        return STATES["done"][moment.lang]
    if as_of is None:
        return None
    if line.end < as_of:
        return STATES["late"][moment.lang]
    if line.start >= as_of:
        return STATES["running" if done > 0 else "ahead"][moment.lang]
    due = moment.worked(line.start, as_of - dt.timedelta(1)) / max(1, line.days)
    return STATES["behind" if done + _NEAR < due else "running"][moment.lang]


def piece(task: ScheduledTask, first: dt.date, after: dt.date) -> str:
    """The piece of a task's bar in the days from one to the day before another; milestones are at their end.

    A cell is done if more of the task's days are done than are over in the middle of what the cell has of it.
    """
    if task.is_milestone and first <= task.end < after:
        return look.MILESTONE
    if task.start >= after or task.until < first:
        return look.NO_BAR
    if task.end < first:
        return look.BAR_RESERVE
    length = (task.end - task.start).days + 1
    middle = (max((first - task.start).days, 0) + min((after - task.start).days, length)) / 2
    if (task.done or 0.0) * length > middle:
        return look.BAR_DONE
    return look.BAR_CRITICAL if task.planned.critical else look.BAR_OPEN


def worked_text(first: str, last: str) -> str:
    """The formula text of the working days from one day to another, both inside."""
    within = f'COUNTIFS({{worked}},">="&{first},{{worked}},"<="&{last})'
    return f"NETWORKDAYS({first},{last},{{off}})+{within}"


def left_text() -> str:
    """The formula of the working days that are left (see `left`)."""
    days = f"IF({{end}}<={{asof}},0,{worked_text('MAX({asof}+1,{start})', '{end}')})"
    return f'=IF(OR({{asof}}="",N({{done}})>=1),"",{days})'


def status_text(lang: Lang) -> str:
    """The formula of how a task is (see `status`)."""
    done, late, behind, running, ahead = (f'"{word[lang]}"' for word in STATES.values())
    due = f"({worked_text('{start}', '{asof}-1')})/MAX(1,{{days}})"
    begun = f"IF(N({{done}})+{_NEAR:.9f}<{due},{behind},{running})"
    waiting = f"IF(N({{done}})>0,{running},{ahead})"
    known = f"IF({{end}}<{{asof}},{late},IF({{start}}>={{asof}},{waiting},{begun}))"
    return f'=IF(N({{done}})>=1,{done},IF({{asof}}="","",{known}))'


def bar_text() -> str:
    """The formula of a cell of the time scale: the piece of the bar that is in it (see `piece`)."""
    middle = "(MAX(0,{from}-{start})+MIN({end}-{start}+1,{to}-{start}))/2"
    to_do = f'IF({{critical}}="{YES}","{look.BAR_CRITICAL}","{look.BAR_OPEN}")'
    work = f'IF(N({{done}})*({{end}}-{{start}}+1)>{middle},"{look.BAR_DONE}",{to_do})'
    drawn = (
        f'IF(AND({{node}}="{NODE}",{{end}}>={{from}},{{end}}<{{to}}),"{look.MILESTONE}",'
        f'IF(OR({{start}}>={{to}},MAX({{end}},{{until}})<{{from}}),"",'
        f'IF({{end}}<{{from}},"{look.BAR_RESERVE}",{work})))'
    )
    line = f'IF(AND({{asof}}>={{from}},{{asof}}<{{to}}),"{look.NOW}","")'
    return f"={drawn}&{line}"
