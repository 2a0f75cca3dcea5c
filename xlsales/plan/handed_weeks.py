"""The rows of 周跟踪 that a member's file carries, and what comes back of them into the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsales.book.edits import CellEdits, Edits
from xlsales.core.a1 import Address
from xlsales.core.faults import Fault, Place, Problem
from xlsales.core.plan import Dimension
from xlsales.ooxml.changes import Change
from xlsales.plan.figures import Figures
from xlsales.plan.weeks.read import WeekRow, read_months
from xlsales.plan.weeks.tables import DONE, T_WEEKS, HandedWeeks, WeekDone
from xlsales.tables.cells.matching import Matcher

MOST_ROWS = 300
"""Nobody fills in more rows of a file."""


class MonthNotTyped(Fault):
    """Rows whose month is blank, so that their files could not say which month they are of."""

    zh = "这里起的行没有填月份,没有放进下发的文件。请写上月份,再下发一次。"
    en = "Rows from here on have no month: files do not carry them. Type the month, then hand out again."


class TooManyRows(Fault):
    """A member with more rows than a file carries."""

    zh = "“{member}”在“周跟踪”里有 {count} 行,超过 {most} 行,下发的文件里不放。请按人员下发,或删去过去的月份。"
    en = (
        '"{member}" has {count:rows} of weekly tracking, more than {most}: its file has none. Hand out to persons, or '
        "delete months that are over."
    )


class DoneDiffers(Fault):
    """A number that came back of a week for which headquarters has another one."""

    zh = (
        "“{person}”的“{indicator}”第 {week} 周:这里是 {here},“{member}”交回 {found}。"
        "没有改;要采用,请清空这一格再收一次。"
    )
    en = (
        '"{person}", "{indicator}", week {week}: {here} is here, "{member}" returned {found}. Nothing was changed; to '
        "take it, clear this cell and collect again."
    )


def handed_weeks(figures: Figures, units: Dimension, problems: list[Problem]) -> dict[str, tuple[HandedWeeks, ...]]:
    """Return the rows of each lowest member of a dimension: those of its name, and of the team of its name.

    Months that are closed are left out, and rows without a month. `problems` get what is not handed out.
    """
    rows = list(figures.table_rows.get(T_WEEKS.name, ()))
    without = next((i for i, row in enumerate(rows) if row["month"] is not None), len(rows))
    if without:
        problems.append(Problem.note(rows[0]["cells"]["month"], "", MonthNotTyped()))
    matcher, through = Matcher(units), figures.breakdown.plan.closed_through
    by_member: dict[str, list[HandedWeeks]] = {}
    for month in read_months(rows[without:], figures, problems):
        if through is not None and month.month.end <= through:
            continue
        for row in month.rows:
            for name in dict.fromkeys(_owners(row, matcher, units)):
                by_member.setdefault(name, []).append(_handed(row, month.month.key))
    for name in [name for name, own in by_member.items() if len(own) > MOST_ROWS]:
        fault = TooManyRows(member=name, count=len(by_member.pop(name)), most=MOST_ROWS)
        problems.append(Problem.note(Place(T_WEEKS.label[figures.frame.lang]), name, fault))
    return {name: tuple(own) for name, own in by_member.items()}


def _owners(row: WeekRow, matcher: Matcher, units: Dimension) -> list[str]:
    """The lowest members that a row is of."""
    positions = [matcher.position(name) for name in (row.person, row.team) if name]
    return [units.members[i].name for i in positions if i >= 0 and matcher.leaf[i]]


def _handed(row: WeekRow, month: str) -> HandedWeeks:
    places = tuple(row.row["cells"].get(key) for key in DONE[: len(row.done)])
    return HandedWeeks(month, row.person, row.indicator, row.target, row.planned, row.done, row.seen, places)


def plan_done(
    returned: Sequence[tuple[str, Sequence[WeekDone]]], handed: Mapping[str, Mapping[str, HandedWeeks]]
) -> Edits:
    """Plan the cells of the table that get what came back, by member.

    A number that the table has stays, and is told. One that was typed into the month's sheet stays there: the next run
    tells that the table has another one. `handed` are the rows of each member by key.
    """
    changes: dict[str, dict[Address, Change]] = {}
    problems = []
    for member, weeks in returned:
        for one in weeks:
            row = handed[member][one.key]
            place, here = row.places[one.week], row.listed[one.week]
            if here == one.done or place is None or place.row is None or place.column is None:
                continue
            if here is None:
                changes.setdefault(place.sheet, {})[place.row, place.column] = float(one.done)
            else:
                facts = {"person": row.person, "indicator": row.indicator, "week": one.week + 1, "here": here}
                fault = DoneDiffers(**facts, member=member, found=one.done)
                problems.append(Problem.note(place, str(here), fault))
    return Edits(tuple(CellEdits(title, cells) for title, cells in changes.items()), notes=tuple(problems))
