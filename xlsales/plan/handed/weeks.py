"""The rows of 周跟踪 that a member's file carries, and what comes back of them into the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlsales.core.cross import groups_of_units
from xlsales.core.faults import Fault, Problem
from xlsales.core.keys import joined
from xlsales.core.plan import Dimension
from xlsales.plan.figures import Figures
from xlsales.plan.handed.rows import Entry, HandedRow, HandedTable, lowest
from xlsales.plan.indicators.tables import T_INDICATORS
from xlsales.plan.weeks.read import WeekRow, read_months
from xlsales.plan.weeks.tables import DONE, PLANNED, T_WEEKS, most_planned, weeks_text
from xlsales.tables.cells.matching import Matcher
from xlsales.vocabulary.contract import Word


class MonthNotTyped(Fault):
    """Rows whose month is blank, so that their files could not say which month they are of."""

    zh = "这里起的行没有填月份,没有放进下发的文件。请写上月份,再下发一次。"
    en = "Rows from here on have no month: files do not carry them. Type the month, then hand out again."


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


def _rows(figures: Figures, units: Dimension, problems: list[Problem]) -> Mapping[str, Sequence[HandedRow]]:
    """The rows of each lowest member: those of its name, of the team of its name, and of the group that is its team.

    Months that are closed are left out, and rows without a month.
    """
    rows = list(figures.table_rows.get(T_WEEKS.name, ()))
    without = next((i for i, row in enumerate(rows) if row["month"] is not None), len(rows))
    if without:
        problems.append(Problem.note(rows[0]["cells"]["month"], "", MonthNotTyped()))
    matcher, through = Matcher(units), figures.breakdown.plan.closed_through
    groups = tuple(_groups(figures, units))
    by_member: dict[str, list[HandedRow]] = {}
    for month in read_months(rows[without:], figures, problems):
        if through is not None and month.month.end <= through:
            continue
        for row in month.rows:
            names = list(lowest((row.person, row.team), matcher, units)) or _of_groups(row, groups)[:1]
            for name in names:
                by_member.setdefault(name, []).append(_handed(row, month.month.key))
    return by_member


def _groups(figures: Figures, units: Dimension) -> Iterator[tuple[Matcher, Mapping[int, str]]]:
    """Yield each other dimension that has groups with the name or an alias of a lowest member: whose its members are.

    A group above the persons of one member alone is that member's, too.
    """
    for members in figures.dimensions:
        below = groups_of_units(members.dimension, units) if members.name != units.name else {}
        owners = {i: units.members[unit].name for unit, leaves in below.items() for i in leaves}
        above: dict[int, set[str]] = {}
        for i in members.dimension.leaves:
            at = members.dimension.parents[i]
            while at >= 0:
                above.setdefault(at, set()).add(owners.get(i, ""))
                at = members.dimension.parents[at]
        owners |= {at: next(iter(names)) for at, names in above.items() if len(names) == 1 and "" not in names}
        if owners:
            yield Matcher(members.dimension), owners


def _of_groups(row: WeekRow, groups: Sequence[tuple[Matcher, Mapping[int, str]]]) -> list[str]:
    """The members whose groups have the team of a row, else its person."""
    names = [name for name in (row.team, row.person) if name]
    return [of[at] for name in names for matcher, of in groups if (at := matcher.position(name)) in of]


def _handed(row: WeekRow, month: str) -> HandedRow:
    done = dict(zip(DONE, map(_entry, row.done), strict=False))
    shown: dict[str, Entry] = {"month": month, "person": row.person, "indicator": row.indicator}
    planned = dict(zip(PLANNED, map(_entry, row.planned), strict=False))
    for_month = most_planned(row.target, row.planned)
    return HandedRow(
        key=joined(month, row.indicator, row.person),
        name=Word(f"“{row.person}”的“{row.indicator}”", f'"{row.indicator}" of "{row.person}"'),
        cells={**shown, "target": _entry(row.target), **planned, **done},
        given=weeks_text(row.done),
        listed=dict(zip(DONE, map(_entry, row.seen), strict=False)),
        places={key: row.row["cells"][key] for key in done if key in row.row["cells"]},
        facts={"person": row.person, "indicator": row.indicator, "for_month": for_month, "weeks": len(row.done)},
    )


def _entry(number: int | None) -> Entry:
    return None if number is None else float(number)


def _differs(row: HandedRow, column: str, member: str, here: str, found: str) -> Fault:
    facts = {key: row.facts[key] for key in ("person", "indicator")}
    week = 1 + DONE.index(column)
    return DoneDiffers(**facts, week=week, here=here, member=member, found=found)


HANDED_WEEKS = HandedTable(
    key="tracking",
    table=T_WEEKS,
    rows=_rows,
    differs=_differs,
    said=Word("周跟踪的完成数 {} 个", "{:numbers} of weekly tracking"),
    way_out=Word("请按人员下发,或删去过去的月份。", "Hand out to persons, or delete months that are over."),
    also=(T_INDICATORS,),
)
