"""Table 支出, read as sales are, as lines × months of the budget: nothing that was found is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.arrays import Steps
from xlsales.core.faults import Fault, Place, Problem
from xlsales.core.periods import Level
from xlsales.core.plan import Dimension, Member
from xlsales.core.text import identity
from xlsales.plan.achieved import Conservation, Pasted
from xlsales.plan.budget import faults
from xlsales.plan.budget.doubts import too_little, too_much
from xlsales.plan.budget.read import COMPANY, Budget, Whose
from xlsales.plan.budget.tables import ACCOUNT, MEMBER
from xlsales.plan.figures import Figures
from xlsales.plan.unknown_names import meant_by_several, qualified
from xlsales.tables import reasons

_NOBODY = -1
"""The code of a row without an account, or without a member."""


class Spend(Struct, frozen=True):
    """What was spent by the as-of date, in micro-yuan by months.

    `lines` are those of the budget; `rest` belongs to none of them.
    """

    as_of: dt.date | None
    lines: Steps
    rest: Steps
    conservation: Conservation
    problems: tuple[Problem, ...]


def spend_of(budget: Budget, figures: Figures) -> Spend | None:
    """Return what was spent; None if nothing was typed or pasted. Raises a Fault if it cannot be read."""
    lang, whose = figures.frame.lang, dict(_called(figures))
    accounts = _flat(ACCOUNT[lang], [Member(account) for account in budget.accounts])
    members = _flat(MEMBER[lang], [Member(name, aliases=other) for name, (_, other) in whose.items()])
    pasted = figures.load_spend((accounts, members))
    if pasted is None:
        return None
    records, timeline = pasted.records, figures.breakdown.timeline
    months = timeline.index_of_day(Level.MONTH)[(records.day - np.datetime64(timeline.start, "D")).astype(np.int64)]
    none = np.full(len(months), _NOBODY, dtype=np.int32)
    codes = np.column_stack([records.codes.get(one.name, none) for one in (accounts, members)])
    pairs, of_row = np.unique(codes, axis=0, return_inverse=True)
    to = _Rows(budget)
    everybody = [one for one, _ in whose.values()]
    rows = np.array([to.row(account, everybody[member] if member >= 0 else COMPANY) for account, member in pairs])
    n_lines, n_accounts = len(budget.lines), len(accounts.members)
    sums = np.zeros((n_lines + n_accounts + 1, len(figures.months)), np.int64)
    at = rows[of_row.ravel()] if len(months) else np.zeros(0, np.intp)
    np.add.at(sums, (at, months), records.micros)
    counts = np.bincount(at, minlength=len(sums))[n_lines:].tolist()
    problems = [_told(problem, accounts, members, budget, figures) for problem in pasted.problems]
    firsts = [int(np.flatnonzero(at == n)[0]) if counts[n - n_lines] else -1 for n in range(n_lines, len(sums))]
    problems += _doubts(pasted, budget, accounts, counts, firsts)
    sizes = list(_sizes(pasted, budget, codes[:, 0].astype(np.int64), figures))
    told = {problem.place.row for problem in sizes}
    problems = [one for one in problems if not (isinstance(one.fault, reasons.MonthFarOff) and one.place.row in told)]
    problems += sizes
    return Spend(
        pasted.as_of, sums[:n_lines], sums[n_lines:].sum(axis=0), Conservation.of(records),
        tuple(problem.as_note() for problem in problems),
    )  # fmt: skip


def _flat(name: str, members: Sequence[Member]) -> Dimension:
    """Return members as a dimension of one level."""
    return Dimension(name, tuple(members), (-1,) * len(members), (1,) * len(members))


def _called(figures: Figures) -> Iterator[tuple[str, tuple[Whose, tuple[str, ...]]]]:
    """Yield each member of the plan: what it is called among all, who it is, and its other names."""
    met: dict[str, int] = {}
    for members in figures.dimensions:
        for one in members.dimension.members:
            met[identity(one.name)] = met.get(identity(one.name), 0) + 1
    for members in figures.dimensions:
        for i, one in enumerate(members.dimension.members):
            full = qualified(members.name, one.name)
            alone = met[identity(one.name)] == 1
            others = (*one.aliases, *(qualified(members.name, alias) for alias in one.aliases))
            yield (one.name if alone else full), (Whose(members, i), (*others, *((full,) if alone else ())))


class _Rows:
    """The rows of sums that spend goes to: a line, else what is left of its account, else the last."""

    def __init__(self, budget: Budget) -> None:
        self._lines = list(budget.accounts.values())
        self._rest = len(budget.lines)
        self._of = [{budget.lines[i].whose.key: i for i in own} for own in self._lines]

    def row(self, account: int, whose: Whose) -> int:
        """Return the row of an account and of whom it is for: its line, that of the nearest above, the company's."""
        if account < 0:
            return self._rest + len(self._lines)
        one: Whose | None = whose
        while one is not None:
            position = self._of[account].get(one.key)
            if position is not None:
                return position
            one = None if one.members is None else one.above or COMPANY
        return self._rest + account


def _told(
    problem: Problem, accounts: Dimension, members: Dimension, budget: Budget, figures: Figures
) -> Problem:  # fmt: skip
    """Return a problem of the reader in the words of budgets: an account is in no dimension table."""
    return replace(problem, fault=_in_words(problem.fault, accounts, members, budget, figures))


def _in_words(fault: Fault, accounts: Dimension, members: Dimension, budget: Budget, figures: Figures) -> Fault:
    if isinstance(fault, reasons.AndMore):
        first = _in_words(fault.first, accounts, members, budget, figures)
        facts = {key: fault.facts[key] for key in ("count", "values")}
        return fault if first is fault.first else reasons.AndMore(first=first, **facts)
    if isinstance(fault, reasons.OtherYear):
        return fault.told_as(faults.OtherYearSpent)
    if not isinstance(fault, reasons.MemberUnknown | reasons.MemberMisspelt):
        return fault
    value = fault.facts["value"]
    if fault.facts["dimension"] == accounts.name:
        row = budget.at_fault.get(identity(value))
        if row is not None:
            return fault.told_as(faults.AccountAtFault, row=row)
        near = isinstance(fault, reasons.MemberMisspelt)
        return fault.told_as(faults.AccountMisspelt if near else faults.AccountUnknown)
    several = [
        one.name for one in figures.dimensions for member in one.dimension.members
        if identity(value) in map(identity, (member.name, *member.aliases))
    ]  # fmt: skip
    return meant_by_several(value, several) if len(several) > 1 else fault


def _place(pasted: Pasted, record: int) -> Place:
    """The row of a record in the table."""
    rows = pasted.records.row_numbers
    return Place(pasted.label, int(rows[record]) if rows is not None and record >= 0 else None)


def _doubts(
    pasted: Pasted, budget: Budget, accounts: Dimension, counts: Sequence[int], firsts: Sequence[int]
) -> Iterator[Problem]:  # fmt: skip
    """Yield what belongs to no line: of each account's rest, and of rows without an account.

    `counts` says how many rows there are of each, `firsts` the first one.
    """
    for account, count, first in zip(accounts.members, counts, firsts, strict=False):
        if count:
            row = budget.at_fault.get(identity(account.name))
            fault: Fault = faults.Unplanned(account=account.name, count=count)
            if row is not None:
                fault = fault.told_as(faults.UnplannedAtFault, row=row)
            yield Problem.note(_place(pasted, first), account.name, fault, None, count)
    if accounts.name not in pasted.records.codes and counts[-1]:
        yield Problem.note(Place(pasted.label), "", faults.NoAccounts(label=pasted.label))
    elif counts[-1]:
        yield Problem.note(_place(pasted, firsts[-1]), "", faults.WithoutAccount(count=counts[-1]), None, counts[-1])


def _sizes(pasted: Pasted, budget: Budget, accounts: Steps, figures: Figures) -> Iterator[Problem]:
    """Yield spend of a size that its budget makes doubtful; `accounts` has the account of each record."""
    for n, (account, own) in enumerate(budget.accounts.items()):
        records = np.flatnonzero(accounts == n)
        whole = float(figures.yuan(sum(budget.lines[i].months.sum() for i in own)))
        told = too_much(account, pasted.records.micros[records], whole, figures)
        if told is not None:
            record = int(records[told[0]])
            yield Problem.note(_place(pasted, record), account, told[1], int(pasted.records.micros[record]))
    plan = figures.breakdown.plan
    if pasted.as_of is not None:
        gone = ((pasted.as_of - plan.start).days + 1) / ((plan.end - plan.start).days + 1)
        fault = too_little(pasted.records.micros, [line.months for line in budget.lines], gone, figures)
        if fault is not None:
            yield Problem.note(Place(pasted.label), "", fault)
