"""TARGET_OF, ACTUAL_OF, ATTAINMENT_OF, TARGET_TO_DATE_OF: what a plan says of members in periods, a block at once."""

from __future__ import annotations

import datetime as dt
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from xlsales.core.faults import Fault
from xlsales.functions.cell import ArgumentCell, content
from xlsales.functions.cells import ArgumentCells, Block, cells
from xlsales.functions.dates import read_fiscal_year
from xlsales.functions.plan_range import HEADERS, read_range
from xlsales.functions.plans import NAN, Asked, Figure, Line, PlanFigures, asked_of
from xlsales.functions.worksheet import REGIONS, Example, ExampleCell, Form, Home, argument, result, same, worksheet
from xlsales.values.cell import ErrorCell, Flaw, is_blank
from xlsales.vocabulary.contract import Word

_PLAN = Word("写好的表从 A1 起,或数据表连表头,或工作簿路径", "A written sheet from A1, Data with headers, or a path")
_MEMBERS = Word("成员,一格或一片;空 = 空", "Members; blank stays blank")
_PERIODS = Word(
    "期间,如 2026-03、2026Q1、3月;日期 = 当月;省略 = 全计划",
    "2026-03, 2026Q1, a date = its month; omitted = the plan",
)

_DIMENSION = Word("维度,重名时才要", "Its dimension, if names clash")
_FISCAL = Word("财年起始月", "First month of years")


class NoFilesHere(Fault):
    """A path where no file can be read."""

    zh = "xlwings Lite 读不了文件。请把 plan 改为选这个工作簿里的表,如“数据表”。"
    en = "xlwings Lite cannot read files. Let plan be cells of this workbook, such as sheet Data."


class CloudPath(Fault):
    """The address of a workbook on a cloud drive."""

    zh = "“{path}”在云盘上,读不了。请填本机(同步文件夹里)的路径,或选打开的工作簿里的表。"
    en = '"{path}" is on a cloud drive and cannot be read. Give a path on this computer, or select cells.'


class NoFolderKnown(Fault):
    """A name without a folder, in a workbook that is not saved on this computer."""

    zh = "“{path}”没有文件夹:公式所在的工作簿还没有保存在本机。请写完整的路径。"
    en = '"{path}" has no folder, and the workbook of the formula is not saved on this computer. Give the whole path.'


class ShapesDoNotCross(Fault):
    """Members and periods that are neither of one shape nor a column beside a row."""

    zh = (
        "member 是 {rows} 行 {columns} 列,period 是 {other_rows} 行 {other_columns} 列。"
        "请一个选一列、一个选一行,或选同样大小的。"
    )
    en = (
        "member is {rows} × {columns} cells, period {other_rows} × {other_columns}. "
        "Give a column and a row, or two of one shape."
    )


def _example(band: int, name: str, purpose: Word, form: Form, values: Sequence[Sequence[float | None]]) -> Example:
    """An example over a small table of two members and two months."""
    months = dt.date(2026, 1, 1), dt.date(2026, 2, 1)
    amounts = ((150.0, 120.0, 150.0), (160.0, 168.0, 80.0), (200.0, 210.0, 200.0), (0.0, None, 0.0))
    heads = [
        argument("plan", HEADERS[key], "text") for key in ("member", "month", "target", "actual", "target_to_date")
    ]
    rows: list[tuple[ExampleCell | None, ...]] = [
        (*heads, None, None, argument("period", "2026-01", "text"), argument("period", "2026Q1", "text"))
    ]
    for n, own in enumerate(amounts):
        figures = [argument("plan", amount) for amount in own]
        row = (argument("plan", REGIONS[n // 2]), argument("plan", months[n % 2], "date"), *figures)
        shown = values[n] if n < len(values) else ()
        beside = (None, argument("member", REGIONS[n]), *(result(v, form) for v in shown)) if shown else ()
        rows.append((*row, *beside, *(None,) * (9 - len(row) - len(beside))))
    return Example(band, purpose, same(f"={name}({{plan}},{{member}},{{period}})"), tuple(rows))


_ARGUMENTS = {"plan": _PLAN, "member": _MEMBERS, "period": _PERIODS, "dimension": _DIMENSION, "fiscal_month": _FISCAL}


@worksheet(
    Word(
        "查目标:成员在期间里的目标。成员一列、期间一行,一次给出整片。",
        "Looks targets up: of members in periods. Members in a column and periods in a row give a block at once.",
    ),
    _example(
        16,
        "TARGET_OF",
        Word("从“数据表”这样的表里查目标", "Look targets up in a table such as Data"),
        "number",
        ((150.0, 310.0), (200.0, 200.0)),
    ),
    **_ARGUMENTS,
)
def target_of(
    plan: Any, member: Any, period: Any = None, dimension: Any = None, fiscal_month: Any = None, *, home: Home
) -> Block:
    """Return the targets of members in periods, in full; blank for a blank member or period. Raises Fault."""
    return _Question(plan, member, period, dimension, fiscal_month, home).answers(lambda one: one("target"))


@worksheet(
    Word(
        "查实际:成员在期间里的实际;还没有实际的是空,不是 0。",
        "Looks actuals up: of members in periods. Blank, not 0, if nothing is known yet. A block at once.",
    ),
    _example(
        17,
        "ACTUAL_OF",
        Word("查实际:华北 2 月还没有", "Look actuals up: North has none in February yet"),
        "number",
        ((120.0, 288.0), (210.0, 210.0)),
    ),
    **_ARGUMENTS,
)
def actual_of(
    plan: Any, member: Any, period: Any = None, dimension: Any = None, fiscal_month: Any = None, *, home: Home
) -> Block:
    """Return the actuals of members in periods, in full; blank if nothing is known yet. Raises Fault."""
    return _Question(plan, member, period, dimension, fiscal_month, home).answers(lambda one: one("actual"))


@worksheet(
    Word(
        "查达成率:实际 ÷ 全部目标;没有实际或目标为 0 的是空。",
        "Looks attainment up: actual / full target of members in periods; blank without an actual or a target.",
    ),
    _example(
        18,
        "ATTAINMENT_OF",
        Word("查达成率:实际 ÷ 全部目标", "Look attainment up: actual / full target"),
        "percent",
        ((0.8, 288 / 310), (1.05, 1.05)),
    ),
    **_ARGUMENTS,
)
def attainment_of(
    plan: Any, member: Any, period: Any = None, dimension: Any = None, fiscal_month: Any = None, *, home: Home
) -> Block:
    """Return actual ÷ target of members in periods; blank without an actual, or for a target of zero. Raises Fault."""

    def attained(one: Callable[[Figure], float]) -> float:
        target, actual = one("target"), one("actual")
        return actual / target if target else NAN

    return _Question(plan, member, period, dimension, fiscal_month, home).answers(attained)


@worksheet(
    Word(
        "查应达:成员在期间里到截止日应达到的目标;没有截止日的是空。",
        "Looks targets to date up: what members should have reached in periods by the as-of date; blank without one.",
    ),
    _example(
        19,
        "TARGET_TO_DATE_OF",
        Word("查应达:到截止日的目标", "Look targets to date up"),
        "number",
        ((150.0, 230.0), (200.0, 200.0)),
    ),
    **_ARGUMENTS,
)
def target_to_date_of(
    plan: Any, member: Any, period: Any = None, dimension: Any = None, fiscal_month: Any = None, *, home: Home
) -> Block:
    """Return the targets to date of members in periods, in full; blank without an as-of date. Raises Fault."""
    return _Question(plan, member, period, dimension, fiscal_month, home).answers(lambda one: one("target_to_date"))


class _Question:
    """What is asked of a plan: members by periods, each read once."""

    def __init__(self, plan: Any, member: Any, period: Any, dimension: Any, fiscal_month: Any, home: Home) -> None:
        self._plan = _read(cells("plan", plan), home)
        self._members = cells("member", member)
        self._periods = None if period is None else cells("period", period)
        self._dimension = _one_name(cells("dimension", dimension))
        given = not cells("fiscal_month", fiscal_month).blank
        self._fiscal_month = read_fiscal_year(fiscal_month).month if given else 0

    def answers(self, compute: Callable[[Callable[[Figure], float]], float]) -> Block:
        """Return what `compute` makes of the figures of each member and period; NaN is blank."""
        lines = [[self._line(*self._members.at(r, c)) for c in range(self._columns)] for r in range(self._rows)]
        asked = self._asked()
        rows, columns = self._shape(self._members.shape, (len(asked), len(asked[0])))
        return [
            [self._answer(compute, _at(lines, r, c), _at(asked, r, c)) for c in range(columns)] for r in range(rows)
        ]

    @property
    def _rows(self) -> int:
        return self._members.shape[0]

    @property
    def _columns(self) -> int:
        return self._members.shape[1]

    def _answer(
        self, compute: Callable[[Callable[[Figure], float]], float], line: Line | None, asked: Asked | None
    ) -> float | None:
        if line is None or asked is None:
            return None
        value = compute(lambda figure: self._plan.value(figure, line, asked))
        return None if math.isnan(value) else value

    def _line(self, value: Any, place: ArgumentCell) -> Line | None:
        name = _name(value, place)
        return self._plan.line(name, self._dimension, place.say("zh"), place.say("en")) if name else None

    def _asked(self) -> list[list[Asked | None]]:
        if self._periods is None:
            return [[Asked("")]]
        return [
            [self._period(value, self._periods.place(r, c)) for c, value in enumerate(row)]
            for r, row in enumerate(self._periods.rows)
        ]

    def _period(self, value: Any, place: ArgumentCell) -> Asked | None:
        if is_blank(value):
            return None
        return asked_of(self._plan, _sound(value, place), self._fiscal_month)

    def _shape(self, members: tuple[int, int], periods: tuple[int, int]) -> tuple[int, int]:
        """The shape of the answers: that of one beside an only cell or of both, or a column by a row."""
        if periods == (1, 1) or members == periods:
            return members
        if members == (1, 1):
            return periods
        if (members[1], periods[0]) == (1, 1):
            return members[0], periods[1]
        if (members[0], periods[1]) == (1, 1):
            return periods[0], members[1]
        raise ShapesDoNotCross(rows=members[0], columns=members[1], other_rows=periods[0], other_columns=periods[1])


def _at(block: Sequence[Sequence[Any]], row: int, column: int) -> Any:
    """The cell of a block; one that has a single row, or column, is for all."""
    return block[row if len(block) > 1 else 0][column if len(block[0]) > 1 else 0]


def _sound(value: Any, place: ArgumentCell) -> Any:
    """A cell that is no error. Raises ErrorCell."""
    one = content(value)
    if isinstance(one, Flaw):
        raise ErrorCell(where=place, found=one)
    return one


def _name(value: Any, place: ArgumentCell) -> str:
    """A name in a cell, blank if it has none: a number is one too. Raises ErrorCell."""
    if is_blank(value):
        return ""
    one = _sound(value, place)
    return f"{one:.15g}" if isinstance(one, float) else str(one)


def _one_name(argument: ArgumentCells) -> str:
    return _name(*argument.one())


def _read(plan: ArgumentCells, home: Home) -> PlanFigures:
    """The plan in cells, or in the workbook whose path they are."""
    if plan.size > 1:
        return read_range(plan.rows)
    value, place = plan.one()
    name = _name(value, place)
    if not name or not isinstance(value, str):
        return read_range(plan.rows)
    if sys.platform == "emscripten":
        raise NoFilesHere()
    from xlsales.functions.plan_file import read_file  # xlwings Lite has no library for it
    from xlsales.ooxml.files import is_address

    path = Path(name).expanduser()
    if is_address(path):
        raise CloudPath(path=name)
    if not path.is_absolute():
        folder = home()
        if folder is None or is_address(folder):
            raise NoFolderKnown(path=name)
        path = folder / path
    return read_file(path)
