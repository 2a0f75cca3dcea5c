"""Table 预算 as lines: an account for somebody, its months in whole steps; closed months stay as they were."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct, field

from xlsales.book.keyed import WrittenSheet
from xlsales.core.arrays import Steps
from xlsales.core.budget import BudgetPart, NothingOpen, budget_months
from xlsales.core.faults import Fault, Place, Problem
from xlsales.core.indicators import ClosedAgainst
from xlsales.core.keys import joined, parted
from xlsales.core.plan import MICROS
from xlsales.core.text import identity
from xlsales.layout.model import IDENTITY
from xlsales.plan.budget import faults
from xlsales.plan.budget.doubts import Amount
from xlsales.plan.budget.month_places import budget_row, month_cells
from xlsales.plan.budget.tables import METHODS, T_BUDGET
from xlsales.plan.figures import Figures, Members
from xlsales.plan.kept_rows import by_labels
from xlsales.plan.staff import T_STAFF
from xlsales.plan.table_rows import AtColumn, LooksLikeTotal, months_of_row, named_member
from xlsales.plan.unknown_names import NotInThePlan, qualified
from xlsales.tables.words.total_words import is_totals_word
from xlsales.values.cell import plain
from xlsales.values.steps import typed, whole_steps
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.dimensions import PERSON_DIMENSIONS

Cells = Mapping[str, Any]
"""A row of the table, as `Answers.rows` gives it."""
_OF_TARGET = Word("占目标 {rate}", "{rate} of target")
_PER_HEAD = Word("人均 {amount} × {heads} 人", "{amount} × {heads} heads")
_AMOUNT = Word("金额", "amount")
SHEET = "budget"
LINE = "l"
THE_COMPANY = Word("公司", "Company")
"""What a line of the company is called in the sheet, beside others of its account."""
_NEAR = 1e-6


class Whose(Struct, frozen=True):
    """Whom a line is for: a member of a dimension by position, or the company (`members` None)."""

    members: Members | None = None
    position: int = -1

    @property
    def dimension(self) -> str:
        """The name of the dimension; blank for the company."""
        return self.members.name if self.members is not None else ""

    @property
    def name(self) -> str:
        """The name of the member; blank for the company."""
        return self.members.dimension.members[self.position].name if self.members is not None else ""

    @property
    def above(self) -> Whose | None:
        """The member above it; None for the company, and for a member of the first level."""
        if self.members is None or self.members.dimension.parents[self.position] < 0:
            return None
        return Whose(self.members, self.members.dimension.parents[self.position])

    @property
    def key(self) -> tuple[str, str]:
        """What it is known by: dimension and member."""
        return identity(self.dimension), identity(self.name)

    def targets(self, figures: Figures) -> Steps:
        """Return the targets of its months, in steps."""
        if self.members is None:
            return figures.breakdown.months
        return np.asarray(self.members.part.months[self.position])


COMPANY = Whose()
"""The line of the company as a whole."""


class BudgetLine(Struct, frozen=True):
    """A line of the budget: an account for somebody. `months` are in whole steps; `row` is the first row of it."""

    account: str
    whose: Whose
    months: Steps
    how: tuple[str, ...]
    row: Cells | None = None

    @property
    def key(self) -> str:
        """The key of its row."""
        return joined(LINE, self.account, self.whose.dimension, self.whose.name)


class Budget(Struct, frozen=True, dict=True):
    """The lines of the table, and what is wrong or doubtful with its rows."""

    lines: tuple[BudgetLine, ...]
    problems: tuple[Problem, ...]
    doubts: tuple[Problem, ...]
    left_out: tuple[int, ...]
    """The numbers of rows that are at fault."""
    at_fault: Mapping[str, int] = field(default_factory=dict)
    """The accounts of these rows, by identity, each with its first row."""

    @cached_property
    def accounts(self) -> dict[str, list[int]]:
        """The positions of the lines of each account, as they come."""
        accounts: dict[str, list[int]] = {}
        for i, line in enumerate(self.lines):
            accounts.setdefault(line.account, []).append(i)
        return accounts


class _Part(Struct, frozen=True):
    row: Cells
    part: BudgetPart
    how: str


class _Draft(Struct):
    account: str
    whose: Whose
    parts: list[_Part] = field(default_factory=list)


def read_budget(rows: Sequence[Cells], figures: Figures) -> Budget:
    """Return the lines of the table; a row at fault is left out alone, and told."""
    reader = _Reader(figures)
    for row in rows:
        if row["faulty"]:
            continue
        try:
            reader.add(row)
        except AtColumn as found:
            reader.problems.append(found.problem(row))
    lines = list(reader.lines())
    at_fault = bool(reader.problems) or any(row["faulty"] for row in rows)
    lines += reader.gone(said=not at_fault)
    order = {account: n for n, account in reversed(list(enumerate(line.account for line in lines)))}
    lines.sort(key=lambda line: (order[line.account], line.whose.members is not None))
    left_out = {row["cells"]["account"].row for row in rows if row["faulty"]}
    left_out |= {problem.place.row for problem in reader.problems}
    numbered = [(row["cells"]["account"].row, row) for row in reversed(rows)]
    at_row = {identity(row["account"]): number for number, row in numbered if number in left_out and row["account"]}
    return Budget(tuple(lines), tuple(reader.problems), tuple(reader.doubts), tuple(sorted(left_out)), at_row)


class _Reader:
    """Gathers the parts of each line."""

    def __init__(self, figures: Figures) -> None:
        self.figures, self.frame = figures, figures.frame
        self.step = Decimal(figures.breakdown.plan.step_micros) / MICROS
        self.problems: list[Problem] = []
        self.doubts: list[Problem] = []
        self._drafts: dict[tuple[str, str, str], _Draft] = {}
        self._met: dict[tuple[str, str, str, str], int] = {}
        self._closing: set[tuple[str, str, str]] = set()
        self._closed = _Closed(figures)

    # --- rows ------------------------------------------------------------------------------

    def add(self, row: Cells) -> None:
        """Add a row to its line; raises AtColumn."""
        account = row["account"]
        if account is None:
            raise AtColumn("account", faults.NoAccount())
        if is_totals_word(account):
            raise AtColumn("account", LooksLikeTotal(name=account))
        whose = self._whose(row)
        period, months = months_of_row(row, self.figures)
        part, amount = self._part(row, whose, months)
        key = (identity(account), *whose.key)
        once = (*key, period.key if period is not None else "")
        if once in self._met:
            raise AtColumn("account", faults.SameBudget(name=account, other=self._met[once]))
        self._met[once] = row["cells"]["account"].row
        spelt = next((draft.account for (one, *_), draft in self._drafts.items() if one == key[0]), account)
        self._drafts.setdefault(key, _Draft(spelt, whose)).parts.append(part)
        name = qualified(account, whose.name) if whose.members is not None else account
        method = next(key for key in METHODS if row[key] is not None)
        for fault in amount.doubts(name, whose.targets(self.figures)[list(months)], self.figures):
            self.doubts.append(Problem.note(row["cells"][method], str(row[method]), fault))

    def _whose(self, row: Cells) -> Whose:
        if row["member"] is None:
            return COMPANY
        try:
            found = named_member(row["member"], self.figures)
        except Fault as several:
            raise AtColumn("member", several) from None
        if found is None:
            raise AtColumn("member", NotInThePlan(name=row["member"]))
        return Whose(*found)

    def _part(self, row: Cells, whose: Whose, months: Sequence[int]) -> tuple[_Part, Amount]:
        account = row["account"]
        methods = [key for key in METHODS if row[key] is not None]
        if not methods:
            raise AtColumn("amount", faults.NoBudget(name=account))
        if len(methods) > 1:
            raise AtColumn(methods[1], faults.SeveralBudgets(name=account))
        if row["heads"] is not None and methods != ["per_head"]:
            raise AtColumn("heads", faults.HeadsUnused(name=account))
        targets = whose.targets(self.figures)[list(months)]
        if methods == ["amount"]:
            total, how = Amount.of(Decimal(self._amount(row))), self.frame.word(_AMOUNT)
        elif methods == ["rate"]:
            total, how = self._rate(row, int(targets.sum()))
        else:
            total, how = self._per_head(row, whose)
        curve = np.ones(len(months)) if row["spread"] == "equal" else targets.astype(np.float64)
        return _Part(row, BudgetPart(total.whole, months, curve), how + total.said(self.step)), total

    def _amount(self, row: Cells) -> int:
        steps = whole_steps(Decimal(str(row["amount"])), self.figures.breakdown.plan.step_micros)
        if steps is None:
            step = f"{typed(self.figures.breakdown.plan.step_micros):f}"
            raise AtColumn("amount", faults.BudgetNotInSteps(name=row["account"], step=step, base=self.frame.full_word))
        return steps

    def _rate(self, row: Cells, target: int) -> tuple[Amount, str]:
        if self.frame.unit == "piece":
            raise AtColumn("rate", faults.NoTargetToShare())
        rate = Decimal(str(row["rate"]))
        return Amount.of(rate * target), self.frame.word(_OF_TARGET, rate=f"{plain(rate * 100)}%")

    def _per_head(self, row: Cells, whose: Whose) -> tuple[Amount, str]:
        heads = Decimal(str(row["heads"])) if row["heads"] is not None else self._heads(whose)
        if heads is None:
            raise AtColumn("heads", faults.NoHeads(name=row["account"]))
        each = Decimal(str(row["per_head"]))
        how = self.frame.word(_PER_HEAD, amount=f"{each:,f}", heads=plain(heads))
        return Amount.of(each * heads / self.step), how

    # --- people ----------------------------------------------------------------------------

    def _heads(self, whose: Whose) -> Decimal | None:
        """How many people somebody has: by the staff factors, else as many as the dimension of persons has."""
        for members in self.figures.dimensions if whose.members is None else (whose.members,):
            heads = self._headcount(members, members.dimension.children(-1) if whose.position < 0 else [whose.position])
            if heads is not None:
                return heads
        people = [one for one in self.figures.dimensions if one.name in PERSON_DIMENSIONS]
        if whose.members is None:
            return Decimal(len(people[0].dimension.leaves)) if people else None
        return Decimal(len(_leaves(whose))) if any(whose.members is one for one in people) else None

    def _headcount(self, members: Members, tops: Sequence[int]) -> Decimal | None:
        """The headcounts of members, or of those below them; None if nobody has any."""
        counts = {
            identity(row["member"]): Decimal(str(row["headcount"]))
            for row in self.figures.table_rows.get(T_STAFF.name, ())
            if row["member"] and row["headcount"] is not None and not row["faulty"]
            if not row["dimension"] or identity(row["dimension"]) == identity(members.name)
        }

        def below(position: int) -> Decimal | None:
            own = counts.get(identity(members.dimension.members[position].name))
            children = [below(child) for child in members.dimension.children(position)] if own is None else []
            known = [count for count in children if count is not None]
            return sum(known, Decimal(0)) if known else own

        known = [count for count in map(below, tops) if count is not None]
        return sum(known, Decimal(0)) if known else None

    # --- lines -----------------------------------------------------------------------------

    def lines(self) -> Iterator[BudgetLine]:
        """Yield the lines that close; what is wrong with others is added to the problems."""
        for key, draft in self._drafts.items():
            rows = [part.row for part in draft.parts]
            try:
                months = budget_months([part.part for part in draft.parts], self._closed.of(key))
            except Fault as found:
                fault = found.told_as(faults.BudgetClosedAgainst) if isinstance(found, ClosedAgainst) else found
                place = rows[0]["cells"]["account"]
                facts = fault.facts | {name: self._money(fault.facts[name]) for name in fault.amounts}
                is_new = isinstance(fault, NothingOpen) and key not in self._closed.keys
                told = faults.NewForClosed(name=draft.account) if is_new else type(fault)(**facts)
                self.problems.append(Problem.note(place, draft.account, told))
                continue
            self._closing.add(key)
            how = dict.fromkeys(part.how for part in draft.parts)
            yield BudgetLine(draft.account, draft.whose, months, tuple(how), rows[0])
            self._doubt(key, draft)

    def _doubt(self, key: tuple[str, str, str], draft: _Draft) -> None:
        above = draft.whose.above
        while above is not None:
            if (key[0], *above.key) in self._drafts:
                fault = faults.AboveToo(account=draft.account, name=draft.whose.name, above=above.name)
                place: Place = draft.parts[0].row["cells"]["member"]
                self.doubts.append(Problem.note(place, draft.whose.name, fault))
                return
            above = above.above

    def gone(self, *, said: bool) -> Iterator[BudgetLine]:
        """Yield the lines of closed months that are no longer in the table, or at fault there, as they were then.

        If `said`, it is doubted that they are gone.
        """
        for key, (account, dimension, member) in self._closed.keys.items():
            months = np.maximum(self._closed.of(key), 0)
            if key in self._closing or not months.any():
                continue
            name, place = qualified(account, member) if member else account, Place(T_BUDGET.label[self.frame.lang])
            if said:
                fault = self._gone(key, account, name, self._money(int(months.sum())))
                self.doubts.append(Problem.note(place, name, fault))
            spelt = next((draft.account for (one, *_), draft in self._drafts.items() if one == key[0]), account)
            yield BudgetLine(spelt, self._called(dimension, member), months, ())

    def _gone(self, key: tuple[str, str, str], account: str, name: str, amount: str) -> Fault:
        """What is said of a line that is gone: another one of the same member, new since then, may be it renamed."""
        for one, draft in self._drafts.items():
            if one[1:] == key[1:] and not (self._closed.of(one) > 0).any():
                return faults.BudgetRenamed(name=name, amount=amount, new=draft.account, account=account)
        return faults.BudgetGone(name=name, amount=amount)

    def _called(self, dimension: str, member: str) -> Whose:
        """The member of such names, if the plan has it; else the company."""
        for members in self.figures.dimensions:
            for position, one in enumerate(members.dimension.members):
                if (identity(members.name), identity(one.name)) == (identity(dimension), identity(member)):
                    return Whose(members, position)
        return COMPANY

    def _money(self, steps: int) -> str:
        return f"{plain(steps * self.step)} {self.frame.full_word}"


def _leaves(whose: Whose) -> list[int]:
    """The lowest members of a member."""
    assert whose.members is not None
    dimension = whose.members.dimension
    below = dimension.children(whose.position)
    return [leaf for child in below for leaf in _leaves(Whose(whose.members, child))] or [whose.position]


def sheet_by_labels(figures: Figures) -> WrittenSheet | None:
    """Return the sheet that is in the workbook: its cells are those of the names beside them."""

    def named(key: str) -> tuple[Sequence[str], Collection[str]] | None:
        of_year = parted(key, 3) if key.startswith("b:") else None
        parts = parted(of_year[2] if of_year is not None else key, 4)
        if parts is None or parts[0] != LINE:
            return None
        name = parts[3]
        names = {f"{parts[1]} {name}".strip(), *((name,) if name else (THE_COMPANY.zh, THE_COMPANY.en))}
        return (of_year[1] if of_year is not None else "", parts[1]), names

    return by_labels(figures.written.get(IDENTITY + SHEET), "name", named)


class _Closed:
    """The budgets that closed months have in the workbook, in steps."""

    def __init__(self, figures: Figures) -> None:
        self._figures, self._sheet = figures, sheet_by_labels(figures)
        through = figures.breakdown.plan.closed_through
        self._months = [i for i, month in enumerate(figures.months) if through is not None and month.end <= through]
        self.keys: dict[tuple[str, str, str], tuple[str, str, str]] = {}
        for row in self._sheet.rows if self._sheet is not None and self._months else ():
            parts = parted(row, 4)
            if parts is not None and parts[0] == LINE:
                self.keys[identity(parts[1]), *self._member(parts[2], parts[3])] = parts[1], parts[2], parts[3]

    def _member(self, dimension: str, name: str) -> tuple[str, str]:
        """What the member is known by that went by a name when the sheet was written: aliases count."""
        for members in self._figures.dimensions:
            position = members.matcher.position(name) if identity(members.name) == identity(dimension) else -1
            if position >= 0:
                return Whose(members, position).key
        return identity(dimension), identity(name)

    def of(self, key: tuple[str, str, str]) -> Steps:
        """Return what each month has that is closed, below zero elsewhere; a line that is new has nothing there."""
        closed = np.full(len(self._figures.months), -1, dtype=np.int64)
        if self._sheet is None or not self._months:
            return closed
        cells, step = month_cells(self._figures), self._figures.frame.step_yuan
        for i in self._months:
            if key not in self.keys:
                closed[i] = 0
                continue
            steps = self._sheet.number(budget_row(cells[i].year, joined(LINE, *self.keys[key])), cells[i].column) / step
            if steps == steps and abs(steps - round(steps)) < _NEAR:
                closed[i] = round(steps)
        return closed
