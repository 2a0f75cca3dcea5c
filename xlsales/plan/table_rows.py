"""What is known of the sales of names that a person typed into a table: those of the members that go by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlsales.core.names import Names
from xlsales.core.periods import Period
from xlsales.core.plan import MonthPattern
from xlsales.core.shapes import Span, years_before
from xlsales.plan.figures import Figures, Members

_YEAR_OF_WEEKS = dt.timedelta(364)


@dataclass(frozen=True)
class KnownMembers:
    """The dimension that has most of some names, and the position of each name that it has."""

    members: Members
    positions: dict[str, int]

    def sold_in(self, span: Span) -> dict[str, float]:
        """Return what each of them sold in these days, in yuan; empty when nothing is known of them."""
        sold = self.members.sold_in(*span)
        return {} if sold is None else {name: float(sold[i]) for name, i in self.positions.items()}

    def above(self) -> Iterator[tuple[str, str]]:
        """Yield a name and another one that is above it."""
        parents, names = self.members.dimension.parents, {i: name for name, i in self.positions.items()}
        for name, i in self.positions.items():
            above = parents[i]
            while above >= 0 and above not in names:
                above = parents[above]
            if above >= 0:
                yield name, names[above]


def known_members(names: Sequence[str], figures: Figures) -> KnownMembers | None:
    """Return the dimension that has most of the names; None when none has any. A name that comes twice is nobody's."""
    alone = [name for name in names if names.count(name) == 1]
    best: KnownMembers | None = None
    for members in figures.dimensions:
        called = Names.of((member.name, i) for i, member in enumerate(members.dimension.members))
        positions = {name: i for name in alone if (i := called.position(name)) >= 0}
        if positions and (best is None or len(positions) > len(best.positions)):
            best = KnownMembers(members, positions)
    return best


def month_before(month: Period, figures: Figures) -> Span | None:
    """Return the days of the month before a month; None when it is before a plan with months of whole weeks."""
    if figures.breakdown.plan.month_pattern is MonthPattern.NATURAL:
        last = month.start.replace(day=1) - dt.timedelta(1)
        return last.replace(day=1), last
    i = figures.months.index(month)
    return (figures.months[i - 1].start, figures.months[i - 1].end) if i else None


def year_before(span: Span, figures: Figures) -> Span:
    """Return the same days a year before: by date, or 52 weeks earlier in a plan with months of whole weeks."""
    if figures.breakdown.plan.month_pattern is not MonthPattern.NATURAL:
        return span[0] - _YEAR_OF_WEEKS, span[1] - _YEAR_OF_WEEKS
    first, behind = (years_before(day, 1) for day in (span[0], span[1] + dt.timedelta(1)))
    return first, behind - dt.timedelta(1)
