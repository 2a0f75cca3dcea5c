"""时间表 and 甘特图: tasks from the table to a chart that lives by itself, in both languages."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import chinese_calendar
import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.calc import printed, read_back, recalculated
from tests.commands.books import Command, again_and_back, cell_xml, fill, opened, plan, type_in
from tests.models import cell_map
from tests.plan.sheets import samples
from xlsales.core.faults import Lang, Problem, Refused
from xlsales.core.plan import DayRule
from xlsales.layout import look
from xlsales.layout.model import Formula, SheetModel
from xlsales.layout.paper import print_scale
from xlsales.plan.answers import RowLacks
from xlsales.plan.figures import Figures
from xlsales.plan.schedule.faults import (
    AfterLeftOut,
    DaysDiffer,
    EndsBeforeStart,
    EndsOnDayOff,
    FarFromPlan,
    NoLength,
    NoStart,
    NoWorkingDay,
    Overload,
    PutOff,
    SameNumber,
    SameTask,
    StartsOnDayOff,
    TooLong,
    UnknownTask,
    WaitsForItself,
    WithoutOther,
)
from xlsales.plan.schedule.live import STATES
from xlsales.plan.schedule.table import T_SCHEDULE
from xlsales.plan.sheets.schedule import SCHEDULE, ScheduleView
from xlsales.plan.table_rows import LooksLikeTotal
from xlsales.values.serials import to_serial

D = dt.date
TITLE = {"zh": "甘特图", "en": "Gantt chart"}
Cells = Mapping[str, Any]


def task(name: str | None = "A", /, **cells: object) -> dict[str, object]:
    """A row of the table: a task of three days from 30 September 2026, unless told otherwise."""
    usual: dict[str, object] = {"start": D(2026, 9, 30), "days": 3} if not {"start", "end", "after"} & {*cells} else {}
    return {"task": name, **usual, **cells}


def typed(*rows: Cells, lang: Lang = "zh", as_of: dt.date | None = None) -> Figures:
    """The figures of a run with these rows in the table."""
    figures = samples.figures(lang, actuals=as_of is not None)
    frame = replace(figures.frame, as_of=as_of)
    return replace(figures, frame=frame, table_rows={T_SCHEDULE.name: samples.rows_of(T_SCHEDULE, rows, lang)})


def read(*rows: Cells, lang: Lang = "zh", as_of: dt.date | None = None) -> tuple[ScheduleView | None, list[Problem]]:
    """The view of these rows, and what is wrong or doubtful in them."""
    views: list[ScheduleView] = []
    problems: list[Problem] = []
    try:
        views.extend(SCHEDULE.views(typed(*rows, lang=lang, as_of=as_of)))
    except Refused as refused:
        problems = refused.problems
    view = views[0] if views else None
    return view, [*problems, *(SCHEDULE.doubts(view) if view else ())]


def dates(*rows: Cells) -> dict[str, tuple[dt.date, dt.date]]:
    """The start and the end of each task."""
    view, problems = read(*rows)
    assert view is not None, problems
    return {one.name: (one.start, one.end) for one in view.tasks}


# --- dates ---------------------------------------------------------------------------


@pytest.mark.unit
@pytest.mark.parametrize(
    ("cells", "start", "end"),
    [
        ({"start": D(2026, 9, 30), "days": 3}, D(2026, 9, 30), D(2026, 10, 9)),
        ({"start": D(2026, 9, 30), "end": D(2026, 10, 9)}, D(2026, 9, 30), D(2026, 10, 9)),
        ({"start": D(2026, 9, 30), "end": D(2026, 10, 9), "days": 3}, D(2026, 9, 30), D(2026, 10, 9)),
        ({"end": D(2026, 10, 9), "days": 3}, D(2026, 9, 30), D(2026, 10, 9)),
        ({"start": D(2026, 10, 1), "days": 1}, D(2026, 10, 8), D(2026, 10, 8)),
        ({"start": D(2026, 10, 9), "end": D(2026, 10, 11)}, D(2026, 10, 9), D(2026, 10, 10)),
        ({"start": D(2026, 10, 1), "days": 0}, D(2026, 10, 1), D(2026, 10, 1)),  # an event may be on a day off
        ({"start": D(2026, 10, 1), "milestone": "yes"}, D(2026, 10, 1), D(2026, 10, 1)),
        ({"end": D(2026, 10, 1), "milestone": "yes"}, D(2026, 10, 1), D(2026, 10, 1)),
        ({"start": D(2026, 10, 1), "end": D(2026, 10, 1), "milestone": "yes"}, D(2026, 10, 1), D(2026, 10, 1)),
        ({"start": D(2026, 9, 28), "days": 2, "milestone": "yes"}, D(2026, 9, 28), D(2026, 9, 29)),
    ],
)
def test_a_task_is_dated_by_what_is_filled_in(cells: Cells, start: dt.date, end: dt.date) -> None:
    """Start and days, start and end, end and days; a milestone by its day."""
    assert dates(task("A", **cells)) == {"A": (start, end)}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("first", "second", "start", "end"),
    [
        ({}, {"days": 1}, D(2026, 10, 10), D(2026, 10, 10)),
        ({"buffer": 1}, {"days": 1}, D(2026, 10, 12), D(2026, 10, 12)),
        ({}, {"days": 0}, D(2026, 10, 9), D(2026, 10, 9)),
        ({}, {"days": 2, "start": D(2026, 10, 20)}, D(2026, 10, 20), D(2026, 10, 21)),
        ({}, {"days": 2, "start": D(2026, 10, 8)}, D(2026, 10, 10), D(2026, 10, 12)),
        ({}, {"start": D(2026, 10, 8), "end": D(2026, 10, 9)}, D(2026, 10, 10), D(2026, 10, 12)),
        ({}, {"days": 0, "start": D(2026, 10, 1)}, D(2026, 10, 9), D(2026, 10, 9)),
        ({"days": 0}, {"days": 1}, D(2026, 10, 8), D(2026, 10, 8)),  # a milestone is at the end of its day
    ],
)
def test_a_task_comes_behind_what_it_depends_on(first: Cells, second: Cells, start: dt.date, end: dt.date) -> None:
    """On the next working day, reserves included; a date of its own may be later."""
    assert dates(task("A", **{"start": D(2026, 9, 30), "days": 3, **first}), task("B", after="A", **second))["B"] == (
        start,
        end,
    )


@pytest.mark.unit
@pytest.mark.parametrize(
    "after",
    [
        "备货",
        "1",
        "无、备货",
        "１",
        "备货、宣传",
        "备货; 2",
        "1,2",
        "宣传\n备货",
        " 备 货 ",
        "备货、",
        "设计、打样、备货",
    ],
)
def test_tasks_are_named_as_people_write(after: str) -> None:
    """By name or number, several by any separator; a name may have separators in it."""
    rows = [
        task("备货", number="1"),
        task("宣传", number="2", start=D(2026, 9, 28), days=1),
        task("设计、打样", start=D(2026, 9, 28), days=1),
    ]
    assert dates(*rows, task("开卖", after=after, days=1))["开卖"][0] == D(2026, 10, 10)


@pytest.mark.unit
def test_tasks_are_shown_by_their_start_with_the_critical_ones_marked() -> None:
    """Float in working days; the whole ends with the last reserve."""
    rows = [
        task("C", after="A", days=5, buffer=2, owner="李强"),
        task("B", after="A", days=2),
        task("A"),
        task("D", start=D(2026, 9, 28), days=1),
    ]
    view, problems = read(*rows)
    assert view is not None
    assert not problems
    assert [one.name for one in view.tasks] == ["D", "A", "B", "C"]
    assert [one.planned.slack for one in view.tasks] == [11, 0, 5, 0]
    cells = cell_map(SCHEDULE.model(view))
    assert [cells[f"t:{name}", "critical"] for name in "DABC"] == [None, "●", None, "●"]
    assert cells["t:C", "end"] == D(2026, 10, 15)
    whole = cells["all", "end"]
    assert isinstance(whole, Formula)
    assert whole.result == D(2026, 10, 19)


TASKS = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(0, 364)), st.integers(1, 30), st.integers(0, 5), st.integers(1, 3)),
    min_size=1,
    max_size=8,
)
"""Of each task: its start in days of the year, its length, its reserve, how far above it what it depends on is."""


OFF_BY_LAW = {
    *(D(2027, 1, 1), *(D(2027, 2, day) for day in (5, 6, 7, 8)), D(2027, 4, 5), D(2027, 5, 1), D(2027, 5, 2)),
    *(D(2027, 6, 9), D(2027, 9, 15), *(D(2027, 10, day) for day in (1, 2, 3))),
    *(D(2028, 1, 1), *(D(2028, 1, day) for day in (25, 26, 27, 28)), D(2028, 4, 4)),
}
"""元旦, 除夕 to 初三, 清明, 劳动节, 端午, 中秋, 国庆; no task of these is after April 2028."""


@pytest.mark.unit
@settings(max_examples=40)
@given(TASKS)
def test_no_task_begins_before_another_ends_or_ends_on_a_day_off(
    tasks: list[tuple[int | None, int, int, int]],
) -> None:
    """The law in dates: by a calendar of its own, counted day by day."""
    rows = [
        task(
            f"T{i}",
            start=None if start is None and i else D(2026, 1, 1) + dt.timedelta(start or 0),
            days=days,
            buffer=buffer,
            after=f"T{max(i - above, 0)}" if i else None,
        )
        for i, (start, days, buffer, above) in enumerate(tasks)
    ]
    view, _ = read(*rows)
    assert view is not None
    placed = {one.name: one for one in view.tasks}
    assert len(placed) == len(tasks)
    for i, (_, days, buffer, above) in enumerate(tasks):
        one = placed[f"T{i}"]
        assert is_worked(one.start)
        assert is_worked(one.end)
        assert sum(map(is_worked, days_between(one.start, one.end))) == days
        assert sum(map(is_worked, days_between(one.end, one.until))) == 1 + buffer
        if i:
            assert one.start > placed[f"T{max(i - above, 0)}"].until
    assert view.span[1] == max(one.until for one in placed.values())
    assert any(one.planned.critical and one.until == view.span[1] for one in placed.values())


def is_worked(day: dt.date) -> bool:
    """Whether a day is worked on: by the notices of 2026; then Monday to Friday but for the holidays by law."""
    if day.year == 2026:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and day not in OFF_BY_LAW


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(n) for n in range((last - first).days + 1)]


# --- faults --------------------------------------------------------------------------

FOR_EVER = [task("A", start=D(2031, 1, 1), days=1000)]
FOR_EVER += [task(f"B{n}", after=f"B{n - 1}" if n else "A", days=1000) for n in range(3)]
FAULTS = [
    ([task("A", start=D(2026, 9, 30), end=D(2026, 9, 29))], EndsBeforeStart, "F5", []),
    ([task("A", start=D(2026, 9, 30))], NoLength, "E5", []),
    ([task("A", end=D(2026, 9, 30))], NoLength, "E5", []),
    ([task("A", after=None, days=3)], NoStart, "D5", []),
    ([task("A", after=None, milestone="yes")], NoStart, "D5", []),
    ([task("A", start=D(2026, 10, 1), end=D(2026, 10, 7))], NoWorkingDay, "F5", []),
    ([task("A", start=D(2026, 9, 30), end=D(2026, 10, 9), days=8)], DaysDiffer, "E5", []),
    ([task("A", start=D(2062, 9, 30), days=8)], FarFromPlan, "D5", []),
    ([task("A", end=D(1926, 9, 30), days=8)], FarFromPlan, "F5", []),
    ([task("A", after="C", days=1)], UnknownTask, "K5", []),
    ([task("A"), task("B", after="A、C", days=1)], UnknownTask, "K6", ["A"]),
    ([task("A"), task(" a ")], SameTask, "C6", ["A"]),
    ([task("A", number="1"), task("B", number="１")], SameNumber, "B6", ["A"]),
    ([task("A"), task(None)], RowLacks, "C6", ["A"]),
    ([task("A"), task("合计", days=5)], LooksLikeTotal, "C6", ["A"]),
    ([task("A", after="无", days=1)], NoStart, "D5", []),
    ([task("A", after="A", days=1)], WaitsForItself, "K5", []),
    ([task("A", after="B", days=1), task("B", after="A", days=1), task("C")], WaitsForItself, "K5", ["C"]),
    ([task("B", after="A", days=1), task("A", after=None, days=1)], AfterLeftOut, "K5", []),
    ([task("B", after="A", start=D(2026, 9, 30), days=1), task("A", after=None, days=1)], WithoutOther, "K5", ["B"]),
    (FOR_EVER, TooLong, "E6", ["A"]),
]  # fmt: skip
"""Rows, the fault that they have, the column and the row of its cell, and the tasks that are dated all the same."""


@pytest.mark.unit
@pytest.mark.parametrize(("rows", "fault", "place", "left"), FAULTS)
def test_a_row_at_fault_is_told_at_its_cell_and_left_out_alone(
    rows: list[Cells], fault: type, place: str, left: list[str]
) -> None:
    """The others go on; the sheet says which rows are not in it."""
    view, problems = read(*rows)
    found = [problem for problem in problems if type(problem.fault) is fault]
    assert found, problems
    assert str(found[0].place) == f"时间表!{place}", found[0]
    assert all(len(problem.fault.say(lang)) > 10 for problem in problems for lang in ("zh", "en"))  # type: ignore[arg-type]
    assert [one.name for one in view.tasks] if view else left == []
    if view and len(left) < len(rows):
        assert "有错,没有计入" in SCHEDULE.model(view).subline


S30, O9 = D(2026, 9, 30), D(2026, 10, 9)
NEW_YEAR = {"start": D(2027, 1, 1), "end": D(2027, 1, 3)}
REMEDIES = [
    (EndsBeforeStart, [task(start=S30, end=D(2026, 9, 29))], [{"end": S30}, {"start": D(2026, 9, 29)}]),
    (NoLength, [task(start=S30)], [{"days": 2}, {"end": O9}, {"days": 0}]),
    (NoStart, [task(after=None, days=3)], [{"start": S30}, {"after": "Z"}]),
    (NoWorkingDay, [task(**NEW_YEAR)], [{"end": D(2027, 1, 4), "start": D(2027, 1, 4)}, {"end": None, "days": 0}]),
    (DaysDiffer, [task(start=S30, end=O9, days=8)], [{"start": None}, {"end": None}, {"days": None}]),
    (FarFromPlan, [task(start=D(2062, 9, 30), days=8)], [{"start": S30}]),
    (UnknownTask, [task(after="C", days=1)], [{"after": "Z"}, {"after": "9"}]),
    (SameTask, [task("Z")], [{"task": "Y"}]),
    (SameNumber, [task(number="9")], [{"number": "8"}, {"number": None}]),
    (WaitsForItself, [task("A", after="B", days=1), task("B", after="A", days=1)], [{"after": "Z"}]),
    (PutOff, [task(after="Z", start=D(2026, 9, 28), days=1)], [{"start": D(2026, 9, 30)}, {"start": None}]),
    (StartsOnDayOff, [task(start=D(2027, 1, 1), days=1)], [{"start": D(2027, 1, 4)}]),
    (EndsOnDayOff, [task(start=D(2026, 12, 31), end=D(2027, 1, 1))], [{"end": D(2026, 12, 31)}]),
]


@pytest.mark.unit
@pytest.mark.parametrize(("fault", "rows", "remedies"), REMEDIES, ids=[fault.__name__ for fault, _, _ in REMEDIES])
def test_who_does_what_the_sentence_says_is_told_nothing_more(
    fault: type, rows: list[Cells], remedies: list[Cells]
) -> None:
    """Each remedy of a sentence, in the row that is told."""
    other = task("Z", start=D(2026, 9, 28), days=2, number="9")
    view, problems = read(other, *rows)
    assert problems[0].fault.__class__ is fault, problems
    for remedy in remedies:
        view, problems = read(other, {**rows[0], **remedy}, *rows[1:])
        assert problems == []
        assert view is not None
        assert len(view.tasks) == 1 + len(rows)


@pytest.mark.unit
def test_days_off_by_law_may_be_worked_on() -> None:
    """The calendar of the company comes before the law."""
    figures = typed(task(**NEW_YEAR))
    plan = replace(figures.breakdown.plan, day_rules=(DayRule(D(2027, 1, 2), "make_up"),))
    (view,) = SCHEDULE.views(replace(figures, breakdown=replace(figures.breakdown, plan=plan)))
    assert [(one.start, one.end) for one in view.tasks] == [(D(2027, 1, 2), D(2027, 1, 2))]
    assert "2027 年的放假安排未公布" in SCHEDULE.model(view).subline
    english, _ = read(task(start=D(2027, 3, 1), days=1), lang="en")
    assert english is not None
    assert "Holidays of 2027 are not announced" in SCHEDULE.model(english).subline


@pytest.mark.unit
def test_a_circle_is_explained_with_all_names() -> None:
    """A before B before A."""
    _, problems = read(
        task("分解", after="确认", days=1), task("确认", after="分解", days=1), task("C", after="确认", days=1)
    )
    circle, behind = problems
    assert "分解 → 确认 → 分解" in circle.say("zh")
    assert "分解 → 确认 → 分解" in circle.say("en")
    assert isinstance(behind.fault, AfterLeftOut)


@pytest.mark.unit
def test_an_unknown_task_is_asked_with_near_names() -> None:
    """The slip of a key."""
    _, problems = read(task("双11备货"), task("B", after="双11备伙", days=1))
    assert "最接近的是“双11备货”" in problems[0].say("zh")
    assert 'nearest: "双11备货"' in problems[0].say("en")


URGENT = {"owner": "李强", "priority": "high"}
SOON = {"start": D(2026, 10, 8), "days": 9}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "fault", "said"),
    [
        ([task("A"), task("B", after="A", start=D(2026, 10, 8), days=1)], PutOff, "2026-10-10"),
        ([task("A", buffer=1), task("B", after="A", start=D(2026, 10, 8), days=1)], PutOff, "2026-10-10(含缓冲)"),
        ([task("A"), task("B", after="A", end=D(2026, 10, 8), days=0)], PutOff, "2026-10-09"),
        ([task("A", start=D(2026, 10, 1), days=1)], StartsOnDayOff, "2026-10-08"),
        ([task("A", start=D(2026, 10, 9), end=D(2026, 10, 11))], EndsOnDayOff, "2026-10-10"),
        (
            [task("A", **URGENT | {"owner": "王芳、李强"}), task("B", **URGENT, **SOON)],
            Overload,
            "“李强”",
        ),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_told_and_dated_all_the_same(rows: list[Cells], fault: type, said: str) -> None:
    """A date that could not stay; a person with two urgent tasks at once."""
    view, (problem,) = read(*rows)
    assert view is not None
    assert len(view.tasks) == len(rows)
    assert type(problem.fault) is fault
    assert said in problem.say("zh")


@pytest.mark.unit
@pytest.mark.parametrize(
    "rows",
    [
        [task("A", **URGENT), task("B", owner="李强", **SOON)],
        [task("A", **URGENT, done=1.0), task("B", **URGENT, **SOON)],
        [task("A", **URGENT), task("B", **URGENT, after="A", days=9)],
        [task("A"), task("B", after="A", start=D(2026, 10, 10), days=1)],
    ],
)  # fmt: skip
def test_what_is_normal_is_not_told(rows: list[Cells]) -> None:
    """One urgent task at a time, or done; a start right behind what it depends on."""
    assert read(*rows)[1] == []


# --- what the sheet says -------------------------------------------------------------


@pytest.mark.unit
@pytest.mark.parametrize(
    ("as_of", "done", "state", "left"),
    [
        (None, None, None, None),
        (None, 1.0, "done", None),
        (D(2026, 9, 29), None, "ahead", 3),
        (D(2026, 9, 29), 0.1, "running", 3),
        (D(2026, 9, 30), None, "ahead", 2),
        (D(2026, 10, 7), None, "behind", 2),  # a working day has gone by, and holidays
        (D(2026, 10, 7), 0.3334, "running", 2),
        (D(2026, 10, 8), 1 / 3, "running", 1),
        (D(2026, 10, 9), 0.66, "behind", 0),
        (D(2026, 10, 9), 2 / 3, "running", 0),
        (D(2026, 10, 10), 0.99, "late", 0),
        (D(2026, 10, 10), 1.0, "done", None),
    ],
)
def test_the_lamp_is_by_working_days(
    as_of: dt.date | None, done: float | None, state: str | None, left: int | None
) -> None:
    """Late behind its end, behind if less is done than working days before the as-of date have gone by."""
    view, _ = read(task("A", done=done, start=D(2026, 9, 30), days=3), as_of=as_of)
    assert view is not None
    cells = {
        key: value.result if isinstance(value, Formula) else value
        for key, value in cell_map(SCHEDULE.model(view)).items()
    }
    assert cells["t:A", "status"] == (STATES[state].zh if state else "")
    assert cells["t:A", "left"] == ("" if left is None else left)


def bars(model: SheetModel, key: str) -> str:
    """The cells of a task's bar as one text: a dot for nothing, `|` where the as-of date is."""
    row = next(row for row in model.rows if row.key == key)
    pieces = [value.result for cell, value in row.values.items() if cell.startswith("w") and isinstance(value, Formula)]
    return "".join(str(piece).replace(look.NOW, "|") or "." for piece in pieces)


@pytest.mark.unit
def test_bars_are_over_weeks() -> None:
    """Done, to do, reserve, milestones; the as-of date."""
    rows = [
        task("A", start=D(2026, 9, 7), end=D(2026, 9, 25), done=0.5),
        task("B", after="A", days=5, buffer=5),
        task("C", after="B", days=0),
        task("D", start=D(2026, 9, 14), days=5),
        task("E", start=D(2026, 9, 9), days=2, milestone="yes"),
    ]
    view, _ = read(*rows, as_of=D(2026, 9, 16))
    assert view is not None
    model = SCHEDULE.model(view)
    assert [bars(model, f"t:{name}") for name in "ABCDE"] == [
        "■▣|▣.........",  # the 25th is a holiday; half of the days reach into the second week, not to its middle
        ".|.▣▣▫......",
        ".|...◆......",
        ".□|..........",
        "◆|..........",
    ]


@pytest.mark.unit
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("weeks", "cells"), [(1, 12), (20, 20), (52, 52), (60, 18), (200, 48)])
def test_a_page_is_legible(lang: Lang, weeks: int, cells: int) -> None:
    """One page wide whatever the schedule's length; words of 5.5 points at least."""
    who = {"owner": "李强", "department": "销售部", "priority": "high", "days": 1}
    first, last = D(2026, 1, 5), D(2026, 1, 5) + dt.timedelta(7 * weeks - 7)
    view, _ = read(task("A task with a rather long name", start=first, **who), task("B", start=last, **who), lang=lang)
    assert view is not None
    model = SCHEDULE.model(view)
    assert view.axis.count == max(cells, 12)
    assert print_scale(model) * look.FONT_SIZE >= 550


# --- the workbook --------------------------------------------------------------------

EXAMPLE_ROWS = 3


def with_tasks(path: Path, xlsales: Command, *rows: Cells, lang: Lang = "zh") -> Path:
    """Add the table, unless it is there, and type these rows over its examples."""
    assert xlsales("add", path, "schedule").code == 0
    blank: dict[str, object] = {column.key: "" for column in T_SCHEDULE.columns}

    def cell(key: str, value: object) -> object:
        column = next(column for column in T_SCHEDULE.columns if column.key == key)
        if isinstance(value, dt.date):
            return float(to_serial(value))
        return column.choices[value][lang] if column.choices and isinstance(value, str) and value else value

    filled = [
        {key: cell(key, value) for key, value in (blank | dict(row)).items() if value is not None} for row in rows
    ]
    fill(path, T_SCHEDULE, T_SCHEDULE.label[lang], [*filled, *[blank] * (EXAMPLE_ROWS - len(rows))])  # type: ignore[list-item]
    return path


QUARTER: list[Cells] = [
    task("分解", number=1, days=3, start=D(2026, 9, 30), owner="王芳", department="销售部", priority="high", done=1),
    task("确认", number=2, after="1", days=5, buffer=2, owner="李强", department="门店", done=0.6),
    task("签约", number=3, after="确认", milestone="yes", owner="王芳"),
    task("备货", number=4, start=D(2026, 10, 12), days=12, owner="赵敏", priority="medium", done=0.2),
    task("双11", number=5, after="3;4", start=D(2026, 11, 1), end=D(2026, 11, 11), priority="high"),
    task("复盘", number=6, after="双11", start=D(2026, 12, 5), days=0, milestone="yes"),
    task("总结", number=7, after="6", days=10),
]


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_schedule_is_added_filled_split_and_taken_back(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """As a person does it: its examples are not counted until they are a person's own."""
    path, title = plan(tmp_path / "plan.xlsx", lang=lang), T_SCHEDULE.label[lang]
    assert xlsales("add", path, title).code == 0
    assert xlsales("split", path).code == 0
    assert "xs_out_schedule" not in opened(path).book.defined_names
    for cell in ("N5", "N6", "N7"):
        type_in(path, title, cell, "")
    before = path.read_bytes()
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet("schedule")
    assert [str(day.date()) for day in sheet.down("end", "t:.*")] == ["2026-10-09", "2026-10-15", "2026-10-19"]
    assert sheet.down("node", "t:.*") == [None, None, "◆"]
    again_and_back(xlsales, path, before)


@pytest.mark.package
@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        ("D5", "下周一", "下周一"),
        ("E5", 2.5, "2.5"),
        ("E5", -1, "-1"),
        ("E5", 1001, "1001"),
        ("F5", "月底", "月底"),
        ("G5", "也许", "也许"),
        ("J5", "很高", "很高"),
        ("L5", "两天", "两天"),
        ("M5", 1.5, "150%"),
        ("M5", "一半", "一半"),
    ],
)
def test_odd_cells_are_told_where_they_are(
    xlsales: Command, tmp_path: Path, cell: str, value: float | str, said: str
) -> None:
    """One sentence, and the other task is dated."""
    path = with_tasks(plan(tmp_path / "plan.xlsx"), xlsales, task("A"), task("B"))
    type_in(path, "时间表", cell, value)
    ran = xlsales("split", path)
    assert ran.code == 1
    (sentence,) = (line for line in ran.out.splitlines() if f"时间表!{cell}" in line)
    assert said in sentence
    assert opened(path).sheet("schedule").down("task", "t:.*") == ["B"]


@pytest.mark.package
def test_an_error_cell_is_told(xlsales: Command, tmp_path: Path) -> None:
    """It is no blank."""
    path = with_tasks(plan(tmp_path / "plan.xlsx"), xlsales, task("A"), task("B"))
    cell_xml(path, "时间表", "D5", '<c r="D5" t="e"><v>#REF!</v></c>')
    ran = xlsales("split", path)
    assert "#REF!" in next(line for line in ran.out.splitlines() if "时间表!D5" in line)
    assert opened(path).sheet("schedule").down("task", "t:.*") == ["B"]


@pytest.mark.package
def test_cells_are_read_as_people_write_them(xlsales: Command, tmp_path: Path) -> None:
    """Dates as text, full-width digits, percentages as text, ticks."""
    cells = task("A", start="9月30日", days="３", done="50%", after=None)
    path = with_tasks(plan(tmp_path / "plan.xlsx"), xlsales, cells, task("B", start="2026/9/30", days="—", after="—"))
    type_in(path, "时间表", "G6", "√")
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet("schedule")
    assert [sheet.value("t:A", key) for key in ("days", "done")] == [3, 0.5]
    assert sheet.value("t:A", "start") == dt.datetime(2026, 9, 30)  # a date without a year is of the plan's
    assert sheet.value("t:B", "node") == "◆"


@pytest.mark.package
def test_the_table_and_the_sheet_read_what_is_done_alike(xlsales: Command, tmp_path: Path) -> None:
    """50 is 50 % in both, a typed % decides in both, and what can be no part of a task is told by both.

    Only the first rows of the table have cells that show a %.
    """
    parts: dict[float | str, float | None] = {
        4: None, 50: 0.5, 0.5: 0.5, "50%": 0.5, "50 %": 0.5, "50％": 0.5, "５０": 0.5, 1: 1.0, 100: 1.0, "4": 0.04,
        "0.5%": 0.005, "400%": None, 150: None, 1.5: None, "1.5": None, -1: None, "半": None, 0: 0.0,
    }  # fmt: skip
    names = {value: f"T{n}" for n, value in enumerate(parts)}
    told = {names[value] for value, part in parts.items() if part is None}

    def shown(path: Path) -> dict[str, object]:
        sheet = opened(path).sheet("schedule")
        return {name: sheet.value(f"t:{name}", "done") for name in names.values() if f"t:{name}" in sheet.rows}

    def typed(path: Path, title: str, address: Callable[[str], str]) -> Path:
        for value, name in names.items():
            type_in(path, title, address(name), value)
        return path

    empty = with_tasks(plan(tmp_path / "plan.xlsx"), xlsales, *(task(name) for name in names.values()))
    table = Path(shutil.copy(empty, tmp_path / "table.xlsx"))
    book = openpyxl.load_workbook(empty)
    rows = {str(cells[2].value): cells[0].row for cells in book["时间表"].iter_rows(min_row=5)}
    xlsales("split", typed(table, "时间表", lambda name: f"M{rows[name]}"))
    assert shown(table) == {names[value]: part for value, part in parts.items() if part is not None}
    xlsales("split", empty)
    cells = opened(empty).sheet("schedule")
    ran = xlsales("split", typed(empty, "甘特图", lambda name: str(cells.cell(f"t:{name}", "done").coordinate)))
    assert shown(empty) == {name: None if name in told else parts[value] for value, name in names.items()}
    assert f"数据问题 {len(told)} 条" in ran.out


@pytest.mark.package
def test_what_is_typed_into_the_sheet_is_kept(xlsales: Command, tmp_path: Path) -> None:
    """Over runs, also when tasks are added; a table that says something new is told."""
    path = with_tasks(plan(tmp_path / "plan.xlsx"), xlsales, task("A", done=0.2), task("B"))
    assert xlsales("split", path).code == 0

    def at(column: str = "done") -> str:
        return str(opened(path).sheet("schedule").cell("t:A", column).coordinate)

    type_in(path, "甘特图", at(), 0.7)
    type_in(path, "甘特图", at("start"), 46000.0)  # not kept: dates are the table's
    assert xlsales("split", path).code == 0
    assert opened(path).sheet("schedule").value("t:A", "done") == 0.7
    assert opened(path).sheet("schedule").value("t:A", "start") == dt.datetime(2026, 9, 30)
    with_tasks(path, xlsales, task("A", done=0.2), task("B"), task("C", start=D(2026, 9, 1), days=1))
    assert xlsales("split", path).code == 0
    assert opened(path).sheet("schedule").down("done", "t:.*") == [None, 0.7, None]

    type_in(path, "时间表", "M5", 0.5)
    assert "“A”完成多少:这里填的是 70%,“时间表”里是 50%" in xlsales("split", path).out
    assert opened(path).sheet("schedule").value("t:A", "done") == 0.7
    type_in(path, "甘特图", at(), "")
    assert "完成多少" not in xlsales("split", path).out
    assert opened(path).sheet("schedule").value("t:A", "done") == 0.5


@pytest.mark.package
@pytest.mark.parametrize(("found", "said"), [("一半", "“一半”"), (-0.2, " -20%"), (120, " 120%")])
def test_what_is_no_share_in_the_sheet_is_told(xlsales: Command, tmp_path: Path, found: str | float, said: str) -> None:
    """It does not count, and the sentence keeps it."""
    path = with_tasks(plan(tmp_path / "plan.xlsx"), xlsales, task("A", done=0.2))
    assert xlsales("split", path).code == 0
    at = opened(path).sheet("schedule").cell("t:A", "done").coordinate
    type_in(path, "甘特图", at, found)
    assert said in next(line for line in xlsales("split", path).out.splitlines() if f"甘特图!{at}" in line)
    assert opened(path).sheet("schedule").value("t:A", "done") == 0.2


@pytest.mark.package
@pytest.mark.parametrize(("cell", "value", "before"), [("C6", "别的", "B"), ("E6", "五", 3), ("C6", "A", "B")])
def test_what_is_typed_of_a_task_that_is_gone_stays(
    xlsales: Command, tmp_path: Path, cell: str, value: str, before: str | float
) -> None:
    """The sheet stays as it is, until the task is there again, or a person clears the cell."""
    path = with_tasks(plan(tmp_path / "plan.xlsx"), xlsales, task("A"), task("B"))
    assert xlsales("split", path).code == 0
    at = opened(path).sheet("schedule").cell("t:B", "done").coordinate
    type_in(path, "甘特图", at, 0.4)
    type_in(path, "时间表", cell, value)
    said = [one["sentence"] for one in xlsales("split", path, "--json").json["problems"] if one["sheet"] == "甘特图"]
    assert [sentence.startswith("这里填了“B”完成 40%") for sentence in said] == [True]
    assert opened(path).sheet("schedule").value("t:B", "done") == 0.4
    type_in(path, "时间表", cell, before)
    assert "这里填了" not in xlsales("split", path).out
    assert opened(path).sheet("schedule").value("t:B", "done") == 0.4


@pytest.mark.package
def test_what_a_person_adds_to_the_sheet_stays(xlsales: Command, tmp_path: Path) -> None:
    """A column, a row between, a restyled header; dates that move a little go into the same cells."""
    path = with_tasks(plan(tmp_path / "plan.xlsx"), xlsales, task("A"), task("B", after="A", days=2))
    assert xlsales("split", path).code == 0
    book = read_back(path)
    sheet, shown = book["甘特图"], opened(path).sheet("schedule")
    beside = shown.columns["seen"] + 1
    sheet.insert_rows(shown.rows["t:B"])
    sheet.cell(shown.rows["t:A"], beside, "我的备注")
    sheet.cell(5, 3).font = openpyxl.styles.Font(color="FFCC0000")
    book["时间表"]["E5"] = 4
    book.save(path)
    assert xlsales("split", path).code == 0
    book, shown = opened(path).book, opened(path).sheet("schedule")
    assert shown.rows["t:B"] == shown.rows["t:A"] + 2
    assert shown.sheet.cell(shown.rows["t:A"], beside).value == "我的备注"
    assert shown.sheet.cell(5, 3).font.color.rgb == "FFCC0000"
    assert [day.date() for day in shown.down("end", "t:.*")] == [D(2026, 10, 10), D(2026, 10, 13)]
    assert not any("旧" in title for title in book.sheetnames)


@pytest.mark.package
def test_a_schedule_that_grows_beyond_a_year_is_drawn_by_months(xlsales: Command, tmp_path: Path) -> None:
    """Also if it has as many months as it had weeks; and it comes back to weeks."""
    path = with_tasks(plan(tmp_path / "plan.xlsx"), xlsales, task("A", days=110))
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet("schedule")
    assert (sheet.sheet.cell(4, sheet.columns["w0"]).value or "").startswith("每格一周")
    type_in(path, "时间表", "E5", 450)
    assert xlsales("split", path).code == 0
    assert "w23" in sheet.columns
    sheet = opened(path).sheet("schedule")
    assert "m1_23" in sheet.columns
    assert (sheet.sheet.cell(4, sheet.columns["m1_0"]).value or "").startswith("每格 1 个月")
    assert sheet.along("t:A", "m1_")[:2] == ["▣", "▣"]
    type_in(path, "时间表", "E5", 110)
    assert xlsales("split", path).code == 0
    assert "w0" in opened(path).sheet("schedule").columns


@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_libreoffice_computes_the_sheet_alike(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """All formulas, also after a person types what is done, another date, another as-of date."""
    path = plan(tmp_path / "plan.xlsx", lang=lang, as_of=D(2026, 10, 20))
    with_tasks(path, xlsales, *QUARTER, lang=lang)
    assert xlsales("split", path).code == 0
    assert _computed_alike(path, tmp_path) > 120
    sheet = opened(path).sheet("schedule")
    for row, column, value in (
        ("t:备货", "done", 0.75),
        ("t:双11", "end", float(to_serial(D(2026, 11, 27)))),
        ("asof", "start", float(to_serial(D(2026, 10, 30)))),
    ):
        type_in(path, sheet.sheet.title, sheet.cell(row, column).coordinate, value)
    computed = recalculated(path, tmp_path)[sheet.sheet.title]

    def cells(key: str) -> str:
        values = (computed[sheet.cell(key, column).coordinate].value for column in sheet.columns if column[0] == "w")
        return "".join((str(value or "").replace(look.NOW, "|") or ".") for value in values)

    assert cells("t:备货").startswith("..■■□|")
    assert cells("t:双11").count("□") == 4
    status = computed[sheet.cell("t:备货", "status").coordinate].value
    assert status == STATES["late"][lang]


def _computed_alike(path: Path, folder: Path) -> int:
    """Hold every cell of the sheet against LibreOffice's; how many are not blank."""
    shown, computed = opened(path).sheet("schedule"), recalculated(path, folder)
    cells = computed[shown.sheet.title]
    stored = [shown.cell(row, column) for row in shown.rows for column in shown.columns]
    for cell in stored:
        both = [None if value == "" else value for value in (cell.value, cells[cell.coordinate].value)]
        assert both[0] == (pytest.approx(both[1]) if isinstance(both[1], float) else both[1]), cell
    return sum(cell.value is not None for cell in stored)


@pytest.mark.libreoffice
def test_bars_are_seen_on_paper(xlsales: Command, tmp_path: Path) -> None:
    """LibreOffice prints the bars in their colours, and the as-of date's line, though they are conditional formats."""
    path = plan(tmp_path / "plan.xlsx", as_of=D(2026, 10, 20))
    with_tasks(path, xlsales, *QUARTER)
    assert xlsales("split", path).code == 0
    counts = _colours(path, tmp_path)
    drawn = [look.INK, look.ACCENT, look.BAR, look.RULE, look.BAD]
    assert all(counts[colour] > 20 for colour in drawn), counts
    sheet = opened(path).sheet("schedule")
    for key in sheet.rows:
        if key.startswith("t:"):
            type_in(path, sheet.sheet.title, sheet.cell(key, "done").coordinate, 1)
    done = _colours(path, tmp_path)
    assert done[look.INK] > counts[look.INK] + 1_000  # titles are in ink, too
    assert done[look.ACCENT] < counts[look.ACCENT] / 2
    assert done[look.BAR] < counts[look.BAR] / 2


def _colours(path: Path, folder: Path) -> Counter[str]:
    """How many dots of each colour the printed sheet has."""
    recalculated(path, folder)  # from now on this profile computes what it opens
    number = next(n for n, text in enumerate(printed(path, folder), 1) if text.lstrip().startswith("甘特图"))
    page = ["pdftoppm", "-r", "100", "-aa", "no", "-f", str(number), "-l", str(number)]
    ppm = subprocess.run([*page, str(next(folder.rglob("plan.pdf")))], check=True, capture_output=True).stdout
    dots = np.frombuffer(ppm.split(b"\n255\n", 1)[1], np.uint8).reshape(-1, 3)
    return Counter(f"#{red:02X}{green:02X}{blue:02X}" for red, green, blue in dots.tolist())


@pytest.mark.package
@pytest.mark.parametrize(("lang", "order"), [("zh", "按部门"), ("en", "by dept")])
def test_tasks_may_be_grouped_by_department(xlsales: Command, tmp_path: Path, lang: Lang, order: str) -> None:
    """A cell of the sheet says so: departments by their first task, none comes last; what is typed stays."""
    rows = [
        task("A", department="销售部"),
        task("B", start=D(2026, 9, 29)),
        task("C", department="门店", after="A", days=1),
        task("D", department="销售部", after="C", days=1),
    ]
    path = with_tasks(
        plan(tmp_path / "plan.xlsx", lang=lang), xlsales, *rows[:1], rows[1] | {"days": 1}, *rows[2:], lang=lang
    )
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet("schedule")
    assert sheet.down("task", "[gt]:.*") == ["B", "A", "C", "D"]
    type_in(path, TITLE[lang], sheet.cell("t:A", "done").coordinate, 0.5)
    type_in(path, TITLE[lang], sheet.cell("asof", "department").coordinate, order)
    assert xlsales("split", path).code == 0
    sheet = opened(path).sheet("schedule")
    without = {"zh": "未填部门", "en": "No department"}[lang]
    assert sheet.down("task", "[gt]:.*") == ["销售部", "A", "D", "门店", "C", without, "B"]
    assert sheet.down("done", "t:.*") == [0.5, None, None, None]
    written = path.read_bytes()
    assert xlsales("split", path).code == 0
    assert path.read_bytes() == written
    type_in(path, TITLE[lang], sheet.cell("asof", "department").coordinate, "?")
    ran = xlsales("split", path)
    assert order in next(line for line in ran.out.splitlines() if f"{TITLE[lang]}!" in line)
    assert opened(path).sheet("schedule").down("task", "[gt]:.*") == ["B", "A", "C", "D"]
