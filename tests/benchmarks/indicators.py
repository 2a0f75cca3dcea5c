"""Indicators: ten of them over 2,000 persons beside one dimension of 20,000 members, from weights to laid-out sheets.

Run `python -m tests.benchmarks.indicators`.
"""

from __future__ import annotations

from msgspec.structs import replace

from tests.benchmarks.measure import Result, medians, report, share
from tests.plan.sheets import samples
from xlsales.core.breakdown import break_down
from xlsales.core.calendars import work_calendar
from xlsales.core.periods import timeline
from xlsales.core.plan import DayMethod, Dimension, Member, Plan
from xlsales.core.shapes import shapes_of
from xlsales.plan.figures import Figures
from xlsales.plan.indicators.tables import T_INDICATORS
from xlsales.plan.sheets.by_dimension import DIMENSION
from xlsales.plan.sheets.indicators import INDICATORS

PERSONS, TEAM = 2_000, 20
TYPED = (*[("count", 240_000.0)] * 6, ("amount", 5_000.0), ("rate", 0.9), ("rate", 0.95), ("score", 90.0))
_AT_MOST = 1.5


def rows() -> list[Result]:
    """Return what targets and sheets of indicators take beside those of a dimension of as many members in all."""
    typed = [{"indicator": f"I{n}", "kind": kind, "target": target} for n, (kind, target) in enumerate(TYPED)]
    persons = replace(_split(PERSONS), table_rows={T_INDICATORS.name: samples.rows_of(T_INDICATORS, typed)})
    ours, peer = medians(lambda: INDICATORS.models(persons), lambda: _sheet(PERSONS * len(TYPED)), times=3)
    what, name = f"{PERSONS:,} persons × {len(TYPED)} indicators", f"a dimension of {PERSONS * len(TYPED):,}"
    return [share(what, ours, name, peer, at_most=_AT_MOST)]


def _sheet(count: int) -> object:
    """Split a dimension, and lay out its sheet."""
    return DIMENSION.models(_split(count))


def _split(count: int) -> Figures:
    plan = replace(samples.breakdown().plan, dimensions=(_people(count),), day_method=DayMethod.EQUAL)
    return _figures(replace(plan, total=10 * plan.total))


def _figures(plan: Plan) -> Figures:
    line = timeline(plan.start, plan.end)
    calendar = work_calendar(line.days)
    split = break_down(plan, line, shapes_of(plan, line, calendar, None))
    return Figures(replace(samples.frame(), as_of=None), split, calendar)


def _people(count: int) -> Dimension:
    """A dimension of so many members, in teams."""
    teams = [Member(f"T{n:05}", weight=1) for n in range(count // (TEAM + 1))]
    persons = range(count - len(teams))
    members = [Member(f"P{n:05}", teams[n % len(teams)].name, weight=1 + n % 7) for n in persons]
    return samples.dimension("人员", [*teams, *members])


if __name__ == "__main__":
    report(rows())
