"""Sheet 甘特图: the tasks of table 时间表 by their start, how far each is on the as-of date, and bars over the weeks.

A person may type what is done into the sheet, too: it is kept. Lamps, days left and bars are live formulas: they follow
what is typed into the sheet, dates included, without the program.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.faults import Problem, Refused
from xlsales.core.keys import joined
from xlsales.core.periods import MONTHS_EN
from xlsales.core.schedule import Axis, axis
from xlsales.core.text import Number, identity
from xlsales.layout import look
from xlsales.layout.keyed import Fixed, OwnRow
from xlsales.layout.model import IDENTITY, Column, Keyed, Role, Row, Value
from xlsales.layout.sheet import Frame, Page, Sheet
from xlsales.plan.figures import Figures
from xlsales.plan.schedule.live import (
    NODE,
    STATES,
    YES,
    Line,
    Moment,
    bar_text,
    left,
    left_text,
    piece,
    status,
    status_text,
    worked_text,
)
from xlsales.plan.schedule.read import Schedule, read_schedule
from xlsales.plan.schedule.table import EXAMPLES, ORDERS, PRIORITIES, T_SCHEDULE
from xlsales.plan.schedule.typed import SEEN, ScheduledTask
from xlsales.plan.table_rows import said_left_out
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import Word

_DATES, _WHO = Word("日期", "Dates"), Word("谁", "Who")
_PATH, _STATE = Word("路径", "Path"), Word("进展", "Progress")
_CRITICAL, _SLACK = Word("关键", "Crit."), Word("浮动", "Float")
_SHORT = {
    "days": Word("工作日数", "Days"),
    "department": Word("部门", "Dept"),
    "priority": Word("优先级", "Prio"),
}
"""Headers that are shorter than those of the table: the bars need the room."""
_LEFT, _STATUS = Word("剩余工作日", "Days left"), Word("状态", "Status")
_NO_DEPARTMENT = Word("未填部门", "No department")
_ALL, _AS_OF = Word("全部任务", "All tasks"), Word("截止日(红线)", "As-of date (red line)")
_BY_WEEKS, _BY_MONTHS = Word("每格一周", "A week a cell"), Word("每格 {n} 个月", "A cell is {n:months}")
_DAYS, _MONTHS = (
    Word(",数字是每周第一天", ": its first day"),
    Word(",数字是月份", ": the month"),
)
_RULE = Word(
    "任务从前置任务(含缓冲)结束后的下一个工作日开始",
    "A task begins on the working day after what it depends on, buffer included",
)
_ENTER = Word("完成可直接填在黄格里", "Type what is done into the yellow cells")
_UNANNOUNCED = Word(
    "{years} 年的放假安排未公布:周一至周五上班,法定节日(元旦、春节、清明、五一、端午、中秋、国庆)休息,调休未知",
    "Holidays of {years} are not announced: Monday to Friday count, statutory holidays are off, make-up days unknown",
)
_LEGEND = (
    {
        look.BAR_DONE: Word("已完成", "done"),
        look.BAR_CRITICAL: Word("关键路径", "critical"),
        look.BAR_OPEN: Word("其他", "others"),
    },
    {
        look.BAR_RESERVE: Word("缓冲", "buffer"),
        look.MILESTONE: Word("节点", "milestone"),
        look.NOW: Word("截止日", "as-of date"),
    },
)
"""What the pieces of bars mean, in two lines below the chart."""
_COLOURS = {"done": "green", "late": "red", "behind": "orange"}
_WIDE, _NARROW = 2.6, 1.0
"""The width of a cell of the time scale: narrow ones show no numbers, so that a year in weeks is legible on a page."""
_A_WEEK, _A_MONTH = "w", "m"
"""What the key of a cell begins with."""
_MOST_WIDE = 26
"""So many cells may be wide."""


class ScheduleView(Struct, frozen=True, dict=True):
    """The schedule of a plan, as its sheet shows it."""

    figures: Figures
    schedule: Schedule

    @property
    def frame(self) -> Frame:
        """That of the run; days and shares have no unit."""
        return replace(self.figures.frame, own_unit="", own_format="#,##0")

    @property
    def tasks(self) -> tuple[ScheduledTask, ...]:
        """The tasks by their start."""
        return self.schedule.tasks

    @property
    def as_of(self) -> dt.date | None:
        """The day up to which things are known: that of the actuals, else that of 设置."""
        return self.figures.frame.as_of or self.figures.breakdown.plan.as_of

    @property
    def moment(self) -> Moment:
        """The as-of date among the working days."""
        return Moment(self.as_of, self.schedule.days, self.frame.lang)

    @cached_property
    def span(self) -> tuple[dt.date, dt.date]:
        """The first day of the first task, and the last one of the last, reserves included."""
        return min(task.start for task in self.tasks), max(task.until for task in self.tasks)

    @cached_property
    def axis(self) -> Axis:
        """The time scale; as long as in the sheet that is there, if that is long enough."""
        written = self.figures.written.get(f"{IDENTITY}{T_SCHEDULE.sheet}")
        kinds = Counter(key[0] for key in (written.columns if written is not None else ()) if key[-1].isdigit())
        cells = {months: kinds[letter] - 1 for months, letter in ((False, _A_WEEK), (True, _A_MONTH))}
        return axis(*self.span, self.figures.breakdown.plan.fiscal.week_start, cells)

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """The keys of the cells of the time scale; those of months are others, as they look otherwise."""
        return tuple(map(self._cell, range(self.axis.count)))

    @property
    def wide(self) -> bool:
        """Whether the cells of the time scale show numbers."""
        return self.axis.count <= _MOST_WIDE

    @property
    def end(self) -> str:
        """The key of the hidden column that ends the time scale."""
        return self._cell(self.axis.count)

    def _cell(self, n: int) -> str:
        return f"{_A_MONTH}{self.axis.months}_{n}" if self.axis.months else f"{_A_WEEK}{n}"

    @cached_property
    def exceptions(self) -> dict[str, list[list[dt.date]]]:
        """Days off, and days that are worked on, other than by the week, in lines as long as the time scale."""
        first, last = self.span
        as_of = self.as_of or first
        lists = self.schedule.days.exceptions(min(first, as_of), max(last, as_of))
        count = self.axis.count
        lines = {}
        for key, exceptions in zip(("off", "worked"), lists, strict=True):
            lines[key] = [exceptions[i : i + count] for i in range(0, max(len(exceptions), 1), count)]
        return lines

    @cached_property
    def fixed(self) -> dict[str, Fixed]:
        """The cells that formulas name: the as-of date, the exceptions, the columns of all tasks, the time scale."""
        cells = {"asof": Fixed("asof", "start")}
        for key, lines in self.exceptions.items():
            cells[key] = Fixed(f"{key}:0", self.cells[0], (f"{key}:{len(lines) - 1}", self.cells[-1]))
        first, last = self.tasks[0].key, self.tasks[-1].key
        for key in ("days", "start", "end", "until", "done"):
            cells[f"all_{key}"] = Fixed(first, key, (last, key))
        return cells

    @cached_property
    def formulas(self) -> dict[str, Keyed]:
        """The formulas of a task's row."""
        bars = {
            cell: self._live(bar_text(), **{"from": Fixed("all", cell), "to": Fixed("all", after)})
            for cell, after in zip(self.cells, (*self.cells[1:], self.end), strict=True)
        }
        return {**bars, "left": self._live(left_text()), "status": self._live(status_text(self.frame.lang))}

    @cached_property
    def formulas_of_all(self) -> dict[str, Keyed]:
        """The formulas of the row of all tasks."""
        texts = {
            "days": f"={worked_text('{start}', '{end}')}",
            "start": "=MIN({all_start})",
            "end": "=MAX({all_end},{all_until})",
            "done": '=IF(SUM({all_days})=0,"",SUMPRODUCT({all_days},{all_done})/SUM({all_days}))',
            "left": left_text(),
            "status": status_text(self.frame.lang),
        }
        return {key: self._live(text) for key, text in texts.items()}

    def _live(self, text: str, **more: Fixed) -> Keyed:
        cells = {**self.fixed, **more}
        return OwnRow(text, tuple((name, cell) for name, cell in cells.items() if f"{{{name}}}" in text))

    @cached_property
    def years(self) -> list[str]:
        """The years of the tasks that are not announced."""
        first, last = self.span
        return [str(year) for year in self.schedule.days.unannounced if first.year <= year <= last.year]


def _views(figures: Figures) -> Iterator[ScheduleView]:
    """Yield the schedule, then raise Refused if something is wrong; a sheet that would lose what is typed stays."""
    rows, problems = figures.table_rows.get(T_SCHEDULE.name, ()), list[Problem]()
    schedule = read_schedule(rows, figures, problems) if rows else None
    if schedule is not None:
        yield ScheduleView(figures, schedule)
    if problems:
        raise Refused(problems)


# --- what a row shows ---------------------------------------------------------------


# --- the sheet ----------------------------------------------------------------------


def _columns(view: ScheduleView) -> list[Column]:
    word, typed = view.frame.word, {column.key: column for column in T_SCHEDULE.columns}
    dates, who, path, state = map(word, (_DATES, _WHO, _PATH, _STATE))

    def one(key: str, header: str, role: Role, group: str, least: float) -> Column:
        return Column(key, header, role, max(least, look.header_width(header)), group)

    def label(key: str) -> str:
        return word(_SHORT.get(key, typed[key].label))

    names = [*(task.name for task in view.tasks), word(_AS_OF)]
    people: list[Column] = []
    for key in ("owner", "department", "priority"):
        texts = [_text(task, key, view.frame) for task in view.tasks]
        if any(texts):
            people.append(one(key, label(key), "text", who, look.label_width(filter(None, texts), 5.0, 12.0)))
        if any(texts) and key == "department":
            orders = tuple(ORDERS.values())
            people[-1] = replace(people[-1], width=max(people[-1].width, 9.0), choices=orders)
    status = one("status", word(_STATUS), "lamp", state, 8)
    lamps = tuple((STATES[name], colour) for name, colour in _COLOURS.items())
    scale, numbers = (_BY_MONTHS, _MONTHS) if view.axis.months else (_BY_WEEKS, _DAYS)
    heading = word(scale, n=Number(view.axis.months)) + word(numbers) * view.wide
    width = _WIDE if view.wide else _NARROW
    return [
        Column("task", label("task"), "text", look.label_width(names, 16.0, 26.0)),
        one("node", "", "text", "", 2.5),
        one("days", label("days"), "count", dates, 7.5),
        one("start", label("start"), "date", dates, 10.5),
        one("end", label("end"), "date", dates, 10.5),
        *people,
        one("critical", word(_CRITICAL), "lamp", path, 5),
        one("slack", word(_SLACK), "count", path, 5),
        one("done", label("done"), "entry_share", state, 6.5),
        one("left", word(_LEFT), "count", state, 6.5),
        replace(status, lamps=lamps),
        *(Column(cell, "", "bars", width, heading) for cell in view.cells),
        Column(view.end, "", "day", 8, hidden=True),
        Column("until", "", "date", 8, hidden=True),
        Column(SEEN, "", "percent", 8, hidden=True),
    ]


def _text(task: ScheduledTask, key: str, frame: Frame) -> str | None:
    """A name or a word of a task; None if there is none."""
    value = task.row[key]
    return PRIORITIES[value][frame.lang] if key == "priority" and value is not None else value


def _rows(view: ScheduleView) -> Iterator[Row]:
    """Row keys: `asof`, `all`, `g:<department>`, `t:<task>`, `legend`, `legend:<n>`; hidden `off:<n>`, `worked:<n>`."""
    yield _as_of_row(view)
    yield _row_of_all(view)
    tasks = groupby(view.tasks, key=lambda task: identity(task.department) if view.schedule.by_department else "")
    for _, together in tasks:
        own = list(together)
        if view.schedule.by_department:
            department = own[0].department
            yield Row(joined("g", department), {"task": department or view.frame.word(_NO_DEPARTMENT)}, "section")
        for task in own:
            yield _task_row(view, task)
    yield from _legend(view)
    for key, lines in view.exceptions.items():
        for n, days in enumerate(lines):
            values: dict[str, Value] = dict.fromkeys(view.cells)
            values |= dict(zip(view.cells, days, strict=False))
            yield Row(f"{key}:{n}", values, "note", hidden=True, roles=dict.fromkeys(view.cells, "date"))


def _legend(view: ScheduleView) -> Iterator[Row]:
    """Two lines below the time scale, each with a piece of a bar and a word beside it three times."""
    yield Row("legend", {}, "space", height=6)
    for n, line in enumerate(_LEGEND):
        at = [view.axis.count // len(line) * i for i in range(len(line))]
        values: dict[str, Value] = {}
        for i, (sample, word) in zip(at, line.items(), strict=True):
            values |= {view.cells[i]: sample, view.cells[i + 1]: view.frame.word(word)}
        words_at = [view.cells[i + 1] for i in at]
        yield Row(f"legend:{n}", values, "space", roles=dict.fromkeys(words_at, "scale"))


def _as_of_row(view: ScheduleView) -> Row:
    """The as-of date, and above the time scale the month or the year in which a cell is the first one."""
    order = ORDERS["department" if view.schedule.by_department else "start"]
    grouping = {"department": view.frame.word(order)} if any(task.department for task in view.tasks) else {}
    values: dict[str, Value] = {"task": view.frame.word(_AS_OF), "start": view.as_of, **grouping}
    before = None
    for cell, day in zip(view.cells, view.axis.days, strict=False):
        one = day.year if view.axis.months else day.month
        if one != before:
            months = f"{day.month}月" if view.frame.lang == "zh" else MONTHS_EN[day.month - 1]
            values[cell] = str(day.year) if view.axis.months else months
        before = one
    roles: dict[str, Role] = {"done": "text", "department": "entry_choice", **dict.fromkeys(view.cells, "scale")}
    return Row("asof", values, roles=roles)


def _row_of_all(view: ScheduleView) -> Row:
    """The whole, and the first day of each cell of the time scale."""
    first, last = view.span
    weight = sum(task.length for task in view.tasks)
    done = sum(task.length * (task.done or 0.0) for task in view.tasks) / weight if weight else None
    line = Line(view.moment.worked(first, last), first, last, done)
    scale = dict(zip((*view.cells, view.end), view.axis.days, strict=True))
    values: dict[str, Value] = {
        "task": view.frame.word(_ALL),
        "days": line.days,
        "start": first,
        "end": last,
        "done": done,
    }
    more: dict[str, Value] = {"left": left(view.moment, line), "status": status(view.moment, line)}
    numbers: Role = "scale" if not view.wide else "month" if view.axis.months else "day"
    roles: dict[str, Role] = {"done": "percent", **dict.fromkeys(scale, numbers)}
    return Row("all", {**values, **more, **scale}, "total", roles=roles, formulas=view.formulas_of_all)


def _task_row(view: ScheduleView, task: ScheduledTask) -> Row:
    line = Line(task.length, task.start, task.end, task.done)
    now = view.as_of
    bars = {}
    for cell, day, after in zip(view.cells, view.axis.days, view.axis.days[1:], strict=False):
        bars[cell] = piece(task, day, after) + (look.NOW if now is not None and day <= now < after else "")
    values: dict[str, Value] = {
        "task": task.name,
        "node": NODE if task.is_milestone else None,
        "days": task.length,
        "start": task.start,
        "end": task.end,
        **{key: _text(task, key, view.frame) for key in ("owner", "department", "priority")},
        "critical": YES if task.planned.critical else None,
        "slack": task.planned.slack,
        "done": task.done,
        "left": left(view.moment, line),
        "status": status(view.moment, line),
        **bars,
        "until": task.until,
        SEEN: task.seen,
    }
    return Row(task.key, values, formulas=view.formulas)


def _facts(view: ScheduleView) -> Sequence[str]:
    as_of = view.frame.word(words.AS_OF, day=view.as_of) if view.as_of else view.frame.word(words.NO_ACTUALS)
    facts = [as_of, view.frame.word(_RULE), view.frame.word(_ENTER)]
    if view.years:
        facts.append(view.frame.word(_UNANNOUNCED, years=view.frame.listed(view.years)))
    return [*facts, *said_left_out(view.schedule.left_out, view.frame)]


def _doubts(view: ScheduleView) -> Sequence[Problem]:
    return view.schedule.doubts


SCHEDULE = Sheet[Figures, ScheduleView](
    key=T_SCHEDULE.sheet,
    title=Word("甘特图", "Gantt chart"),
    purpose=Word(
        "任务按调休日历排期:前置、关键路径、负责人、完成和逾期,逐周的条形图",
        "Tasks on working days: what waits for what, critical path, owners, what is done or late; bars by week",
    ),
    views=_views,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    doubts=_doubts,
    page=lambda view, rows: Page(frozen_rows=2, repeats=True),
    tables=(T_SCHEDULE,),
    examples=EXAMPLES,
    judges_rows=True,
)
