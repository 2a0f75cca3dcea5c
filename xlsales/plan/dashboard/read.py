"""The members that 看板 can show: those that a person may pick, those that are shown below them, the one picked now."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats
from xlsales.core.faults import Fault, Place, Problem, Refused
from xlsales.core.text import identity
from xlsales.layout.model import IDENTITY
from xlsales.layout.sheet import Frame
from xlsales.plan.dashboard.panels import Panel, panels_of
from xlsales.plan.data_table import COMPANY, T_DATA
from xlsales.plan.figures import Figures, Line, Members
from xlsales.plan.standings import behind
from xlsales.plan.table_rows import AtColumn, asked_for, named_member
from xlsales.plan.unknown_names import NotInThePlan, qualified
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

_MEMBER_HINT = Word(
    "看板的下拉列表里要有谁;都不填 = 全部成员;重名时写 维度:成员",
    "who is on the dashboard's list; none at all = every member; dimension:member if names clash",
)
T_DASHBOARD = InputTable(
    "xs_dashboard",
    "dashboard",
    Word("看板成员", "Dashboard members"),
    (
        TableColumn("member", Word("成员", "Member"), "text", _MEMBER_HINT, width=24),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=40),
    ),
)
EXAMPLES: Sequence[Mapping[str, Word | float | str]] = ({"member": Word("华东", "East")},)
PICK, PICKED = "pick", "c0"
"""Row and column of the cell in which a person picks a member."""
_MOST_ON_LIST, _SPARE = 300, 20
"""Members on the list if a person names none; rows that wait for members to come."""


class PickedTwice(Fault):
    """A member that is on the list already."""

    zh = "“{name}”在第 {other} 行已经有了。请删去这一行。"
    en = '"{name}" is in row {other} already. Delete this row.'


class NobodyPicked(Fault):
    """The member that was picked is not on the list any more."""

    remark = True
    zh = "看板上选的“{found}”已不在列表里,这次显示公司整体。请重新选一个。"
    en = 'The dashboard was set to "{found}", which is not on its list any more; it shows the company. Pick another.'


class NoData(Fault):
    """The sheet whose rows the dashboard adds up is not there."""

    zh = "看板要用“数据表”,工作簿里没有。请用“添加工作表”添加“数据表”,再运行一次。"
    en = 'The dashboard goes by sheet "Data", which is not in the workbook. Add it, then run again.'


class Shown(Struct, frozen=True):
    """A member that the dashboard knows: where it is in the plan, its figures, and whose members it shows below.

    The company has no `members`. `below` are a dimension and the name of the member above, blank for the first level.
    """

    name: str
    members: Members | None
    position: int
    line: Line
    below: tuple[str, str]

    @property
    def dimension(self) -> str:
        """Its dimension; blank for the company."""
        return self.members.name if self.members else ""

    @property
    def member(self) -> str:
        """What it is called in its dimension."""
        return self.members.dimension.members[self.position].name if self.members else ""

    @property
    def above(self) -> str:
        """The member above it; blank on the first level."""
        return _above(self.members, self.position) if self.members else ""

    @property
    def order(self) -> float:
        """What puts members in order, the first one the largest: what is missing to date, or else the target."""
        gap = behind(self.line)
        return float(self.line["target"]) if math.isnan(gap) else gap


class DashboardView(Struct, frozen=True, dict=True):
    """What the dashboard shows; `named` are the members that a person wants on its list, none = all."""

    figures: Figures
    named: tuple[tuple[Members, int], ...]

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame

    @cached_property
    def listed(self) -> list[Shown]:
        """The company, and the members on the list."""
        figures = self.figures
        first = max(figures.dimensions, key=_missing_below, default=None)
        company = Shown(self.frame.word(COMPANY), None, -1, figures.total, (first.name if first else "", ""))
        every = [
            (depth, members, i) for members in figures.dimensions for i, depth in enumerate(members.dimension.depths)
        ]
        every.sort(key=lambda one: one[0])  # the first levels first; the rest as they come
        kept = {(members.name, i) for _, members, i in every[:_MOST_ON_LIST]}
        chosen = self.named or tuple(
            (m, i) for m in figures.dimensions for i in range(len(m.targets)) if (m.name, i) in kept
        )
        return [company, *(shown(members, i) for members, i in chosen)]

    @cached_property
    def panels(self) -> list[Panel]:
        """What other tables of the plan say of the members on the list."""
        return list(panels_of(self.figures, [(one.members, one.position) for one in self.listed]))

    @cached_property
    def others(self) -> list[Shown]:
        """The members that are shown below those on the list, and are not on it."""
        there = {(one.dimension, one.position) for one in self.listed}
        wanted = {one.below for one in self.listed}
        return [
            shown(members, i)
            for members in self.figures.dimensions
            for i in range(len(members.targets))
            if (members.name, _above(members, i)) in wanted and (members.name, i) not in there
        ]

    @cached_property
    def rows(self) -> list[Shown | None]:
        """All of them in the rows that they have: those on the list, then the others; None in a spare row."""
        return [*_with_spares(self.listed), *_with_spares(self.others)]

    @property
    def on_list(self) -> int:
        """How many rows the list has, spare ones too."""
        return len(_with_spares(self.listed))

    @cached_property
    def found(self) -> str:
        """What stands in the cell in which a person picks; blank if the sheet is not there yet."""
        written = self.figures.written.get(f"{IDENTITY}{T_DASHBOARD.sheet}")
        value = written.value(PICK, PICKED) if written else ""
        return value if isinstance(value, str) else ""

    @cached_property
    def picked(self) -> Shown:
        """The member that is picked; the company if it is not on the list."""
        return self._listed(self.found) or self.listed[0]

    def _listed(self, name: str) -> Shown | None:
        """The one on the list that goes by a name: aliases count."""
        own = next((one for one in self.listed if identity(one.name) == identity(name)), None)
        if own is not None or not name:
            return own
        try:
            meant = named_member(name, self.figures)
        except Fault:  # members of several dimensions
            return None
        at = (meant[0].name, meant[1]) if meant is not None else None
        return next((one for one in self.listed if (one.dimension, one.position) == at), None)

    @cached_property
    def below(self) -> list[Shown]:
        """The members below the picked one, or beside it if it has none: furthest behind first."""
        of = [(n, one) for n, one in enumerate(self.rows, 1) if one is not None and one.members is not None]
        inside = [(n, one) for n, one in of if (one.dimension, one.above) == self.picked.below]
        return [one for n, one in sorted(inside, key=lambda each: (-each[1].order, each[0]))]

    def months(self) -> tuple[Floats, Floats, Floats]:
        """Return the picked member's targets, actuals and targets to date of each month, in yuan."""
        one = self.picked
        if one.members is None:
            lines = [self.figures.lines[month.key] for month in self.figures.months]
            target, actual, due = (
                np.array([line[key] for line in lines]) for key in ("target", "actual", "target_to_date")
            )
            return target, actual, due
        of = one.members
        return of.targets[one.position], of.actuals[one.position], of.targets_to_date[one.position]

    def doubts(self) -> Iterator[Problem]:
        """Yield what is doubtful: a member that was picked and is gone."""
        if self.found and self._listed(self.found) is None:
            place = self.figures.written[f"{IDENTITY}{T_DASHBOARD.sheet}"].place(PICK, PICKED)
            yield Problem.note(place, self.found, NobodyPicked(found=self.found))


def shown(members: Members, position: int) -> Shown:
    """Return a member as the dashboard knows it."""
    dimension = members.dimension
    name = dimension.members[position].name
    below = name if dimension.children(position) else _above(members, position)
    return Shown(qualified(members.name, name), members, position, members.lines[position], (members.name, below))


def _above(members: Members, position: int) -> str:
    parent = members.dimension.parents[position]
    return members.dimension.members[parent].name if parent >= 0 else ""


def _missing_below(members: Members) -> float:
    """What the members of the first level lack that are behind."""
    gaps = (behind(members.lines[i]) for i in members.dimension.children(-1))
    return sum(gap for gap in gaps if gap > 0)


def _with_spares(some: Sequence[Shown]) -> list[Shown | None]:
    """Members, and spare rows for members to come, so that the sheet keeps its rows, and with them what people made."""
    rows = -(-(len(some) + _SPARE // 2) // _SPARE) * _SPARE
    return [*some, *[None] * (rows - len(some))]


class _Named(Struct, frozen=True):
    members: Members
    position: int

    @property
    def name(self) -> str:
        """What no two rows have in common."""
        return qualified(self.members.name, self.members.dimension.members[self.position].name)


def dashboards(figures: Figures) -> Iterator[DashboardView]:
    """Yield what 看板 shows if its table is in the workbook.

    Raises Refused for what is wrong with rows of its table, which are left out, or without the table that it adds up.
    """
    rows = figures.table_rows.get(T_DASHBOARD.name)
    if rows is None:
        return
    if T_DATA.name not in figures.table_rows:
        raise Refused([Problem.note(Place(figures.frame.word(T_DASHBOARD.label)), "", NoData())])
    problems: list[Problem] = []
    named: list[_Named] = []
    try:
        typed = [row for row in rows if row["member"] is not None]
        named.extend(asked_for(typed, "member", lambda row, _: _named(row, figures), PickedTwice))
    except Refused as refused:
        problems = refused.problems
    yield DashboardView(figures, tuple((one.members, one.position) for one in named))
    if problems:
        raise Refused(problems)


def _named(row: Mapping[str, Any], figures: Figures) -> _Named:
    try:
        found = named_member(row["member"], figures)
    except Fault as fault:
        raise AtColumn("member", fault) from None
    if found is None:
        raise AtColumn("member", NotInThePlan(name=row["member"]))
    return _Named(*found)
