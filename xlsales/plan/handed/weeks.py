"""The rows of 周跟踪 that a member's file carries, and what comes back of them into the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    """The rows of each lowest member: those of its name, and of the team of its name.

    Months that are closed are left out, and rows without a month.
    """
    rows = list(figures.table_rows.get(T_WEEKS.name, ()))
    without = next((i for i, row in enumerate(rows) if row["month"] is not None), len(rows))
    if without:
        problems.append(Problem.note(rows[0]["cells"]["month"], "", MonthNotTyped()))
    matcher, through = Matcher(units), figures.breakdown.plan.closed_through
    by_member: dict[str, list[HandedRow]] = {}
    for month in read_months(rows[without:], figures, problems):
        if through is not None and month.month.end <= through:
            continue
        for row in month.rows:
            for name in lowest((row.person, row.team), matcher, units):
                by_member.setdefault(name, []).append(_handed(row, month.month.key))
    return by_member


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
