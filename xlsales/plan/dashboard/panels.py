"""What 漏斗, 周跟踪 and 预算 say of the members of 看板: a panel each, if the plan has its table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats
from xlsales.core.faults import Fault, Refused
from xlsales.core.periods import days_named
from xlsales.core.progress import lamp
from xlsales.core.text import identity
from xlsales.core.weeks import of_sums, week_progress
from xlsales.layout.model import Value
from xlsales.plan.budget.tables import T_BUDGET
from xlsales.plan.budget.view import BudgetEntry, BudgetView, budget_of, sum_of
from xlsales.plan.figures import NAN, Figures, Members
from xlsales.plan.funnel.read import STAGES, MonthFunnel, funnels
from xlsales.plan.funnel.table import T_FUNNEL
from xlsales.plan.progress_columns import status_word
from xlsales.plan.table_rows import named_member
from xlsales.plan.weeks.read import MonthRows, WeekRow, numbers, read_months
from xlsales.plan.weeks.tables import T_WEEKS
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.plan_tables import InputTable

MOST_LINES = 6
"""Lines of a panel; of more indicators or accounts the first ones are shown."""
CURVES = ("planned", "did")
"""The figures that the chart of a panel draws."""
Who = tuple[Members | None, int]
"""A member of a dimension by position; the company is None."""

_ALONE = Word("只有公司整体的{what}", "{what}: of the company as a whole only")
_NOT_OF = Word("“{what}”里没有它,也没有它的下级", "{what} has neither it nor members below it")
_SHORT = Word("{month} · 线索不够:{names}", "{month} · too few leads: {names}")
_OF_WEEKS = Word("{month},到最后填报的一周", "{month}, to the last week filled in")
_LATEST = Word("截至 {day} · 图为累计", "As of {day} · chart: since the start")


class Panel(Struct, frozen=True):
    """A block of the dashboard: the names of its lines, and what is known of each member.

    `known` has, by the member's number on the list, numbers or words by figure, one a line; those of CURVES are one
    of each of `points`, or one a month if there are none. `notes` are one for each member on the list:
    what its figures are of, or why there are none.
    """

    key: str
    lines: tuple[str, ...]
    known: Mapping[int, Mapping[str, Sequence[Value]]]
    notes: Sequence[str]
    points: tuple[str, ...] = ()
    money: str | None = None
    """The format of its amounts; None if it counts, or has that of the plan."""


def panels_of(figures: Figures, listed: Sequence[Who]) -> Iterator[Panel]:
    """Yield the panels of a plan; what is wrong with rows of their tables is told by the sheets of these tables."""
    for panel in (_funnel, _weeks, _budget):
        one = panel(figures, listed)
        if one is not None:
            yield one


def _inside(owner: Who | None, who: Who) -> bool:
    """Whether an owner is a member or is below it; all are of the company."""
    if who[0] is None:
        return True
    if owner is None or owner[0] is not who[0]:
        return False
    position = owner[1]
    while position >= 0 and position != who[1]:
        position = who[0].dimension.parents[position]
    return position == who[1]


def _owner(names: Iterable[str | None], figures: Figures) -> Who | None:
    """The first member of the plan among names; a name that several members have is nobody's."""
    for name in names:
        try:
            found = named_member(name, figures) if name else None
        except Fault:
            continue
        if found is not None:
            return found
    return None


def _shares(owners: Sequence[Who | None], listed: Sequence[Who]) -> dict[int, list[int]]:
    """Return the rows of each member that has any, by its number on the list, from the owners of rows."""
    shares = {n: [i for i, owner in enumerate(owners) if _inside(owner, who)] for n, who in enumerate(listed)}
    return {n: own for n, own in shares.items() if own}


def _why_not(owners: Sequence[Who | None], table: InputTable, figures: Figures) -> str:
    """What is said to a member without rows in a table."""
    some = any(owner is not None and owner[0] is not None for owner in owners)
    return figures.frame.word(_NOT_OF if some else _ALONE, what=figures.frame.word(table.label))


# --- 漏斗 --------------------------------------------------------------------------


def _funnel(figures: Figures, listed: Sequence[Who]) -> Panel | None:
    try:
        view = next(funnels(figures), None)
    except Refused:
        return None
    if view is None:
        return None
    as_of, lamps, frame = figures.frame.as_of, figures.breakdown.plan.lamps, figures.frame
    one = next((month for month in view.months if as_of is None or month.month.end > as_of), view.months[-1])
    owners = [_owner([row["channel"]], figures) for row in one.rows]
    shares = _shares(owners, listed)
    known: dict[int, Mapping[str, Sequence[Value]]] = {}
    for n, own in shares.items():
        needed, brought = one.needed[own].sum(axis=0), one.brought[own].sum(axis=0)
        known[n] = {
            "a": needed.tolist(),
            "b": brought.tolist(),
            "c": (brought - needed).tolist(),
            "d": _ratios(brought, needed),
            "e": [status_word(str(status), frame) for status in lamp(brought, needed, lamps)],
            "planned": needed.tolist(),
            "did": brought.tolist(),
        }
    why = _why_not(owners, T_FUNNEL, figures)
    notes = [_short(one, shares[n], figures) if n in shares else why for n in range(len(listed))]
    stages = tuple(frame.word(STAGES[stage]) for stage in view.stages)
    return Panel("funnel", stages, known, notes, stages)


def _short(one: MonthFunnel, own: Sequence[int], figures: Figures) -> str:
    """The month, and the channels that have too few leads, though others may have more than enough."""
    names = [str(one.rows[i]["channel"]) for i in own if one.gap[i] < 0]
    frame = figures.frame
    return frame.word(_SHORT, month=one.month.key, names=frame.listed(names)) if names else one.month.key


def _ratios(part: Floats, whole: Floats) -> list[Value]:
    return [float(a / b) if b else NAN for a, b in zip(part, whole, strict=True)]


# --- 周跟踪 ------------------------------------------------------------------------


def _weeks(figures: Figures, listed: Sequence[Who]) -> Panel | None:
    rows = figures.table_rows.get(T_WEEKS.name, ())
    months = read_months(rows, figures, []) if rows else []
    if not months:
        return None
    as_of, frame = figures.frame.as_of, figures.frame
    month = next((one for one in reversed(months) if as_of is None or one.month.start <= as_of), months[0])
    names = list({identity(row.indicator): row.indicator for row in reversed(month.rows)}.values())[::-1][:MOST_LINES]
    owners = [_owner([row.person, row.team], figures) for row in month.rows]
    shares = _shares(owners, listed)
    known = {n: _of_weeks(month, [month.rows[i] for i in own], names, figures) for n, own in shares.items()}
    why, said = _why_not(owners, T_WEEKS, figures), frame.word(_OF_WEEKS, month=month.month.key)
    notes = [said if n in shares else why for n in range(len(listed))]
    points = tuple(days_named(week) for week in month.weeks)
    return Panel("weeks", tuple(names), known, notes, points)


def _of_weeks(
    month: MonthRows, rows: Sequence[WeekRow], names: Sequence[str], figures: Figures
) -> Mapping[str, Sequence[Value]]:
    """The sums of rows by indicator, to the last week that is filled in; the weeks of the first one."""
    lamps, lines = figures.breakdown.plan.lamps, list[tuple[Value, ...]]()
    curves: dict[str, Sequence[Value]] = {"planned": [None] * len(month.weeks), "did": [None] * len(month.weeks)}
    for n, name in enumerate(names):
        own = [row for row in rows if identity(row.indicator) == identity(name)]
        if not own:
            lines.append((None,) * 5)
            continue
        planned, done, less = numbers([row.planned for row in own]), numbers([row.done for row in own]), own[0].less
        each = week_progress(planned, done, [less] * len(own), lamps)
        plan, due, did = (np.array([sum_of(values)]) for values in (each.planned, each.due, each.done))
        one = of_sums(plan, due, did, [less], lamps)
        status = status_word(str(one.status[0]), figures.frame)
        lines.append((*(float(values[0]) for values in (plan, due, did, one.attainment)), status))
        if n == 0:
            curves = {"planned": [sum_of(week) for week in planned.T], "did": [sum_of(week) for week in done.T]}
    return {**dict(zip("abcde", zip(*lines, strict=True), strict=True)), **curves}


# --- 预算 --------------------------------------------------------------------------


def _budget(figures: Figures, listed: Sequence[Who]) -> Panel | None:
    view = budget_of(figures).view
    if view is None:
        return None
    budget = view.budget
    whole = {account: view.together([view.lines[i] for i in own]) for account, own in budget.accounts.items()}
    accounts = sorted(whole, key=lambda account: -int(whole[account].budget.sum()))[: MOST_LINES - 1]
    owners: list[Who | None] = [(line.whose.members, line.whose.position) for line in budget.lines]
    shares = _shares(owners, listed)
    known = {n: _burned(view, set(own), accounts, rest=listed[n][0] is None) for n, own in shares.items()}
    why, day = _why_not(owners, T_BUDGET, figures), view.as_of
    said = figures.frame.word(_LATEST, day=day) if day else figures.frame.word(words.NO_ACTUALS)
    notes = [said if n in shares else why for n in range(len(listed))]
    lines = (figures.frame.word(words.TOTAL), *accounts)
    return Panel("budget", lines, known, notes, money=view.frame.money)


def _burned(view: BudgetView, own: set[int], accounts: Sequence[str], *, rest: bool) -> Mapping[str, Sequence[Value]]:
    """The total and the accounts of some lines, `rest` with what was spent outside all lines; then month by month."""
    total = view.together([*(view.lines[i] for i in sorted(own)), *([view.rest] if rest else [])])
    positions = view.budget.accounts
    chosen = [[i for i in positions[account] if i in own] for account in accounts]
    lines = [_line(view, total), *(_line(view, view.together([view.lines[i] for i in some])) if some else (None,) * 5
                                   for some in chosen)]  # fmt: skip
    spent = view.spent(total)
    since = np.where(np.isnan(spent), NAN, np.cumsum(np.nan_to_num(spent)))
    planned = np.cumsum(view.figures.yuan(total.budget))
    return {**dict(zip("abcde", zip(*lines, strict=True), strict=True)),
            "planned": planned.tolist(), "did": since.tolist()}  # fmt: skip


def _line(view: BudgetView, entry: BudgetEntry) -> tuple[Value, ...]:
    """Budget, what may be spent by now, spent, spent ÷ budget, and the lamp."""
    one = view.burned(entry)
    return one.budget, one.due, one.spent, one.used, status_word(one.status, view.frame)
