"""The budget and what was spent of it, line by line and added up: what sheets show of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from xlsales.book.keyed import WrittenSheet
from xlsales.core.arrays import Floats, Steps
from xlsales.core.budget import burn
from xlsales.core.faults import Fault, Place, Problem, Refused
from xlsales.core.keys import joined, parted
from xlsales.core.plan import MICROS, Clock
from xlsales.core.progress import divide, elapsed
from xlsales.layout.model import Kind
from xlsales.layout.sheet import Frame
from xlsales.plan.budget.faults import CommittedGone
from xlsales.plan.budget.month_places import month_column
from xlsales.plan.budget.read import COMPANY, LINE, THE_COMPANY, Budget, Whose, read_budget, sheet_by_labels
from xlsales.plan.budget.spend import Spend, spend_of
from xlsales.plan.budget.tables import T_BUDGET, T_SPEND
from xlsales.plan.figures import NAN, Figures
from xlsales.plan.kept_rows import NameGone, is_gone, mixed_rows, rows_of_dimensions
from xlsales.plan.typed_cells import CellKind, TypedNumber, typed_number
from xlsales.plan.unknown_names import qualified
from xlsales.values.cell import plain
from xlsales.vocabulary.contract import Word

_REST = Word("不在预算里", "In no budget")


COMMITTED = month_column(3)
"""The column that a person types into what is promised and not yet paid, in full."""


def budget_sheet(figures: Figures) -> WrittenSheet | None:
    """Return the sheet that is in the workbook, with members by the names that they have now."""
    return rows_of_dimensions(sheet_by_labels(figures), LINE, 4, 3, figures)


def committed_in(sheet: WrittenSheet | None, row: str, currency: str) -> TypedNumber:
    """Return what is typed into a row of a sheet as committed: `5万` is 50000."""
    return TypedNumber() if sheet is None else typed_number(sheet, row, COMMITTED, CellKind.AMOUNT, currency=currency)


class BudgetEntry(Struct, frozen=True):
    """Budgets of months in steps, what was spent of them in micro-yuan, and whose sales they are compared with."""

    budget: Steps
    spent: Steps
    whose: Whose = COMPANY


class Burned(Struct, frozen=True):
    """A budget, what was spent of it, and what follows, in yuan and as ratios; NaN is blank."""

    budget: float
    spent: float
    gone: float
    """The part of its time that has gone by."""
    target: float
    """The sales that are planned of those whom the budget is for."""
    sales: float
    left: float
    used: float
    due: float
    """What may be spent by now."""
    pace: float
    forecast: float
    rate: float
    """budget ÷ target"""
    actual_rate: float
    """spent ÷ sales"""
    status: str
    """A lamp's code, or blank: see `core.budget.Burn`."""


class BudgetView(Struct, frozen=True, dict=True):
    """The budget, and what was spent of it; None if nothing was typed or pasted."""

    figures: Figures
    budget: Budget
    spend: Spend | None

    @property
    def as_of(self) -> dt.date | None:
        """The day by which spend is complete: that of the actuals, of the plan, else of the last spend."""
        return self.spend.as_of if self.spend is not None else self.figures.frame.as_of

    @property
    def frame(self) -> Frame:
        """That of the run; a plan that counts pieces has its budget in money."""
        frame = replace(self.figures.frame, as_of=self.as_of)
        return replace(frame, unit="yuan") if frame.unit == "piece" else frame

    @cached_property
    def elapsed(self) -> Floats:
        """How much of each month has gone by, by the plan's clock, the whole plan last; NaN without an as-of date."""
        figures, breakdown = self.figures, self.figures.breakdown
        periods = (*figures.months, figures.whole)
        if self.as_of is None:
            return np.full(len(periods), NAN)
        days = breakdown.days.astype(np.float64)
        return elapsed(breakdown.plan.clock, breakdown.timeline, figures.calendar, days, self.as_of, periods)

    def burned(self, entry: BudgetEntry, committed: float = 0.0) -> Burned:
        """Return how fast a budget is spent, by the plan's clock; `committed` is promised and not yet paid."""
        budget, spent = self.figures.yuan(entry.budget), self.spent(entry)
        gone = float(self.elapsed[-1])
        if self.figures.breakdown.plan.clock is Clock.TARGET_CURVE and self.as_of is not None and budget.any():
            gone = float(budget @ np.nan_to_num(self.elapsed[:-1]) / budget.sum())
        targets, sales = self.sales(entry.whose)
        return self._burned(
            float(budget.sum()), sum_of(spent), gone, float(targets.sum()), sum_of(sales), committed=committed
        )

    def burned_by_month(self) -> list[Burned]:
        """Return how fast all of it is spent in each month of the plan."""
        budget, spent = self.figures.yuan(self.total.budget), self.spent(self.total)
        of_months = (budget, spent, self.elapsed[:-1], *self.sales(COMPANY))
        return [self._burned(*map(float, month)) for month in zip(*of_months, strict=True)]

    def _burned(
        self, budget: float, spent: float, gone: float, target: float, sales: float, *, committed: float = 0.0
    ) -> Burned:
        lamps = self.figures.breakdown.plan.lamps
        one = burn(np.array([budget]), np.array([spent]), np.array([gone]), lamps, committed)
        ratios = divide(np.array([budget, spent]), np.array([target, sales]))
        left, used, due, pace, forecast = (
            float(values[0]) for values in (one.left, one.used, one.due, one.pace, one.forecast)
        )
        rate, actual_rate = map(float, ratios)
        return Burned(
            budget=budget, spent=spent, gone=gone, target=target, sales=sales, left=left, used=used, due=due, pace=pace,
            forecast=forecast, rate=rate, actual_rate=actual_rate, status=str(one.status[0]),
        )  # fmt: skip

    @cached_property
    def lines(self) -> list[BudgetEntry]:
        """What each line of the budget has."""
        spent = self.spend.lines if self.spend is not None else np.zeros((len(self.budget.lines), self._n), np.int64)
        return [BudgetEntry(line.months, own, line.whose) for line, own in zip(self.budget.lines, spent, strict=True)]

    @property
    def _n(self) -> int:
        return len(self.figures.months)

    @property
    def nothing(self) -> BudgetEntry:
        """No budget, no spend."""
        return BudgetEntry(np.zeros(self._n, np.int64), np.zeros(self._n, np.int64))

    def together(self, entries: Sequence[BudgetEntry], whose: Whose = COMPANY) -> BudgetEntry:
        """Return the sum of entries."""
        all_entries = [self.nothing, *entries]
        budget, spent = (sum(getattr(one, key) for one in all_entries) for key in ("budget", "spent"))
        return BudgetEntry(np.asarray(budget), np.asarray(spent), whose)

    @cached_property
    def rest(self) -> BudgetEntry:
        """What was spent outside all lines."""
        return replace(self.nothing, spent=self.spend.rest) if self.spend is not None else self.nothing

    @cached_property
    def total(self) -> BudgetEntry:
        """All of it."""
        return self.together([*self.lines, self.rest])

    @cached_property
    def written(self) -> WrittenSheet | None:
        """The sheet that is in the workbook."""
        return budget_sheet(self.figures)

    def committed(self, row: str) -> TypedNumber:
        """What a person typed into a row of the sheet as committed."""
        return committed_in(self.written, row, self.figures.frame.currency)

    def spent(self, entry: BudgetEntry) -> Floats:
        """Return what was spent in months, in yuan; blank in months that have not begun, and if nothing was read."""
        yuan = np.asarray(entry.spent / MICROS)
        if self.spend is None or self.as_of is None:
            return np.full(self._n, NAN)
        yuan[[month.start > self.as_of for month in self.figures.months]] = NAN
        return yuan

    def sales(self, whose: Whose) -> tuple[Floats, Floats]:
        """Return targets and sales of months in yuan; blank in a plan that counts pieces."""
        figures, members = self.figures, whose.members
        if figures.frame.unit == "piece":
            return np.full(self._n, NAN), np.full(self._n, NAN)
        if members is not None:
            return members.targets[whose.position], members.actuals[whose.position]
        known = figures.achieved is not None
        sold = figures.by_now(figures.company_actuals) if known else np.full(self._n, NAN)
        return figures.yuan(figures.breakdown.months), sold


class BudgetRead(Struct, frozen=True):
    """What a run makes of the tables: the view, None if there is none, and what is wrong with rows or with spend."""

    view: BudgetView | None
    problems: tuple[Problem, ...]


def budget_of(figures: Figures) -> BudgetRead:
    """Return the budget and what was spent of it: worked out for the first that asks, the same for others.

    Without a view something is wrong, or no row of the budget is filled in.
    """
    if T_BUDGET.name not in figures.made:
        figures.made[T_BUDGET.name] = _made_of(figures)
    read = figures.made[T_BUDGET.name]
    assert isinstance(read, BudgetRead)
    return read


def _made_of(figures: Figures) -> BudgetRead:
    rows = figures.table_rows.get(T_BUDGET.name, ())
    if not rows:
        return BudgetRead(None, ())
    budget = read_budget(rows, figures)
    gone = list(_gone(figures, {line.key for line in budget.lines}))
    problems = [*budget.problems, *gone]
    if not budget.lines or gone:
        return BudgetRead(None, tuple(problems))
    try:
        return BudgetRead(BudgetView(figures, budget, spend_of(budget, figures)), tuple(problems))
    except Refused as fault:
        problems += fault.problems
    except Fault as unreadable:
        problems.append(Problem.note(Place(T_SPEND.label[figures.frame.lang]), "", unreadable))
    return BudgetRead(None, tuple(problems))


def _gone(figures: Figures, keys: Collection[str]) -> Iterator[Problem]:
    """Yield what was typed as committed into lines that are no longer there."""
    sheet = budget_sheet(figures)
    yield from mixed_rows(sheet)
    for row in sheet.rows if sheet is not None else ():
        parts = parted(row, 4)
        if sheet is None or parts is None or parts[0] != LINE or row in keys:
            continue
        here = committed_in(sheet, row, figures.frame.currency)
        if here.problem is not None or here.value is not None:
            shown = here.problem.value if here.problem is not None else plain(here.value or 0.0)
            name = " ".join(part for part in (parts[1], parts[3]) if part)
            fault: Fault = CommittedGone(name=name, here=shown)
            if parts[3] and is_gone(parts[2], parts[3], figures):
                fault = NameGone(row=name, name=parts[3], here=shown)
            yield Problem.note(sheet.place(row, COMMITTED), shown, fault)


class Item(Struct, frozen=True):
    """A row that is in the summary and in the months of each year; `levels` are those that it counts for."""

    key: str
    label: str
    entry: BudgetEntry
    kind: Kind = "normal"
    levels: str = ""
    outline: int = 0
    how: Sequence[str] = ()
    typed: bool = False
    """Whether a person types into it what is committed."""
    mark: str = ""
    """What the lines of a member have in common, and the member's own row; blank for an account."""


def all_items(view: BudgetView) -> list[Item]:
    """Return the rows of accounts and of members."""
    return [*account_items(view), *member_items(view)]


def account_items(view: BudgetView) -> Iterator[Item]:
    """Yield the accounts, each with its lines below it; one line alone is the account."""
    marks = {group: _mark(n) for n, group in enumerate(_groups(view))}
    for account, own in view.budget.accounts.items():
        lines, entries = [view.budget.lines[i] for i in own], [view.lines[i] for i in own]
        if len(own) == 1:
            label = f"{account} {lines[0].whose.name}".strip()
            mark = marks[_group(lines[0].whose)]
            yield Item(lines[0].key, label, entries[0], levels="1/2", how=lines[0].how, typed=True, mark=mark)
            continue
        yield Item(joined("a", account), account, view.together(entries), "strong", "1")
        for line, entry in zip(lines, entries, strict=True):
            name = line.whose.name or view.frame.word(THE_COMPANY)
            mark = marks[_group(line.whose)]
            yield Item(line.key, name, entry, levels="2", outline=1, how=line.how, typed=True, mark=mark)
    yield Item("rest", view.frame.word(_REST), view.rest, "stretch", "1/2")


def member_items(view: BudgetView) -> Iterator[Item]:
    """The budget by whom it is for, if any of it is for a member."""
    groups = _groups(view)
    if not any(member for _, member in groups):
        return
    names = [member for _, member in groups]
    for n, ((dimension, member), entries) in enumerate(groups.items()):
        label = qualified(dimension, member) if names.count(member) > 1 else member or view.frame.word(THE_COMPANY)
        whose = entries[0].whose if member else COMPANY
        yield Item(joined("g", dimension, member), label, view.together(entries, whose), levels="g", mark=_mark(n))


def _groups(view: BudgetView) -> dict[tuple[str, str], list[BudgetEntry]]:
    """What each member has, the company first, with what is in no budget."""
    groups: dict[tuple[str, str], list[BudgetEntry]] = {_group(COMPANY): []}
    for line, entry in zip(view.budget.lines, view.lines, strict=True):
        groups.setdefault(_group(line.whose), []).append(entry)
    groups[_group(COMPANY)].append(view.rest)
    return groups


def _group(whose: Whose) -> tuple[str, str]:
    return whose.dimension, whose.name


def _mark(number: int) -> str:
    """A mark of column B that is part of no other one, nor of a level."""
    return f"w{number}."


def sum_of(values: Floats) -> float:
    """Return the sum of what is known; NaN if nothing is."""
    return NAN if np.isnan(values).all() else float(np.nansum(values))
