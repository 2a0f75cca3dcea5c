"""The actions of a plan and the members that they are held against: what sheet 行动计划 shows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from xlsales.core.actions import gap_of
from xlsales.core.arrays import Floats
from xlsales.core.keys import joined
from xlsales.layout.sheet import Frame
from xlsales.plan.actions.read import Action, ActionRows
from xlsales.plan.figures import Figures, Line, Members
from xlsales.vocabulary.contract import UNIT_YUAN

_MOST_DRAWN = 10
"""So many members are in the chart."""


class Block(Struct, frozen=True):
    """A member that is shown with its own actions: `mark` is what its actions count for in column B."""

    members: Members
    position: int
    mark: str
    actions: tuple[Action, ...]

    @property
    def name(self) -> str:
        """The member."""
        return self.members.dimension.members[self.position].name

    @property
    def key(self) -> str:
        """Its row key."""
        return joined("m", self.members.name, self.name)


class ActionsView(Struct, frozen=True, dict=True):
    """The actions of a plan, and the members that they are held against."""

    figures: Figures
    rows: ActionRows

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame

    @property
    def per(self) -> int:
        """How many yuan 1 is that a person types."""
        return UNIT_YUAN[self.frame.unit]

    @cached_property
    def dimensions(self) -> tuple[Members, ...]:
        """The dimensions whose members have actions; the first one if none has."""
        named = {action.dimension for action in self.rows.actions} - {""}
        return tuple(one for one in self.figures.dimensions if one.name in named) or self.figures.dimensions[:1]

    @cached_property
    def own(self) -> tuple[Action, ...]:
        """The actions of the company itself."""
        return tuple(action for action in self.rows.actions if action.members is None)

    @cached_property
    def coming(self) -> dict[str, Floats]:
        """What is still to come of each member's actions and those below it, by dimension."""
        return {one.name: self.rows.coming(one) for one in self.dimensions}

    @cached_property
    def planned(self) -> dict[str, Floats]:
        """How many actions each member has, and those below it, by dimension; a cancelled one is none."""
        return {one.name: self.rows.planned(one) for one in self.dimensions}

    @cached_property
    def blocks(self) -> list[Block]:
        """The members with actions, their own or below them, in the order of the tree."""
        return [block for members in self.dimensions for block in self._blocks(members)]

    def _blocks(self, members: Members) -> Iterator[Block]:
        own: dict[int, list[Action]] = {}
        for action in self.rows.actions:
            if action.dimension == members.name:
                own.setdefault(action.position, []).append(action)
        parents, shown = members.dimension.parents, set[int]()
        for position in own:
            while position >= 0:
                shown.add(position)
                position = parents[position]
        marks: dict[int, str] = {}
        for position in sorted(shown):
            marks[position] = f"{marks.get(parents[position], f'/{members.number}/')}{position}/"
            yield Block(members, position, marks[position], tuple(own.get(position, ())))

    @cached_property
    def by_gap(self) -> list[tuple[float, Members, int]]:
        """The members of the levels that have actions, each behind its gap, the largest first.

        A gap that is not known yet is NaN, and last; of equal ones, what actions still bring decides. Where no level
        has actions, it is the first one.
        """
        out = []
        for members in self.dimensions:
            depths = members.dimension.depths
            levels = {depths[a.position] for a in self.rows.actions if a.dimension == members.name} or {1}
            for i, line in enumerate(members.lines):
                if depths[i] in levels:
                    out.append((gap_of_line(line), members, i))

        def order(one: tuple[float, Members, int]) -> tuple[float, float]:
            gap, members, i = one
            return -math.inf if math.isnan(gap) else gap, float(self.coming[members.name][i])

        return sorted(out, key=order, reverse=True)

    @cached_property
    def without(self) -> list[tuple[float, Members, int]]:
        """Those of them who lack something and have no action."""
        return [one for one in self.by_gap if one[0] != 0 and not self.planned[one[1].name][one[2]]]

    @cached_property
    def drawn(self) -> list[tuple[float, Members, int]]:
        """The members that the chart shows, as many in each run; none if there are not two."""
        return self.by_gap[:_MOST_DRAWN] if len(self.by_gap) > 1 else []


def gap_of_line(line: Line) -> float:
    """Return what the forecast of a member or of the whole lacks of its target; NaN without one."""
    return gap_of(line["target"], line["forecast"])
