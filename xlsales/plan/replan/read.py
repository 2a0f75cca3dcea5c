"""What sheet 重排 goes by: what each member missed, what is placed of it, and what a person chose in the sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct

from xlsales.book.keyed import WrittenSheet
from xlsales.core.arrays import Floats, Steps
from xlsales.core.faults import Problem
from xlsales.core.keys import joined, parted
from xlsales.core.plan import MICROS
from xlsales.core.progress import remaining_days
from xlsales.core.replan import Way, prices, pro_rata, steps_to_place
from xlsales.core.text import clean, identity
from xlsales.layout.model import IDENTITY
from xlsales.layout.sheet import Frame
from xlsales.plan.chances import Prospect, chances
from xlsales.plan.figures import Figures, Members
from xlsales.plan.kept_rows import NameGone, is_gone, name_now, rows_of_dimensions
from xlsales.plan.replan import faults
from xlsales.plan.replan.best import best_rate
from xlsales.plan.replan.table import T_REPLAN, WAYS
from xlsales.plan.table_rows import dimension_named
from xlsales.plan.typed_cells import CellKind, typed_number
from xlsales.values.cell import Labelled, choice, is_blank, text_of
from xlsales.values.steps import typed
from xlsales.vocabulary.contract import UNIT_YUAN
from xlsales.vocabulary.money import Money

COMPANY, NEW_TOTAL, RESERVE = "total", "new", "reserve"
"""Keys of the rows of the company: itself, a new total, the reserve that may be used."""


class Decision(Struct, frozen=True):
    """A row of the table: whose (the company's: blank), how much was placed in micro-yuan, which way, why and when."""

    dimension: str
    member: str
    amount: int
    way: Way
    reason: str
    done: str
    is_new: bool = False
    """Whether this run carries it out: what was typed for it is no longer kept."""


class Choice(Struct, frozen=True):
    """What is typed into a row: the way, None if there is none, and the reason, blank if there is none."""

    way: Way | None = None
    reason: str = ""
    word: str = ""
    """What is typed as way."""


class Line(Struct, frozen=True):
    """What a row of the sheet is about: its key, dimension and name (blank: the company), and its numbers.

    `target` is the year if nothing is waived, `missed` what closed months lack; `place` is in steps.
    """

    key: str
    dimension: str
    member: str
    position: int
    target: float
    missed: float
    place: int
    days_left: int
    best: float
    prices: Mapping[Way, tuple[float, float]]


class Replan(Struct, frozen=True, dict=True):
    """The re-plan of a run."""

    figures: Figures
    rows: Sequence[Mapping[str, Any]]

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame

    @property
    def step(self) -> int:
        """The step in micro-yuan."""
        return self.figures.breakdown.plan.step_micros

    @cached_property
    def n_closed(self) -> int:
        """How many months are closed, with actuals up to their end."""
        through, achieved = self.figures.breakdown.plan.closed_through, self.figures.achieved
        if through is None or achieved is None:
            return 0
        return sum(month.end <= min(through, achieved.as_of) for month in self.figures.months)

    @cached_property
    def decisions(self) -> list[Decision]:
        """What was decided before, and what this run decides."""
        new: Sequence[Decision] = self.figures.made.get(T_REPLAN.name, ())
        return [*_decisions(self.rows), *new]

    def is_of(self, one: Decision, line: Line) -> bool:
        """Whether a decision is about a row: by its name, or one that it had."""
        if not one.member or not line.member:
            return one.member == line.member
        if identity(one.dimension) != identity(line.dimension):
            return False
        members = dimension_named(line.dimension, self.figures)
        return identity(one.member) == identity(line.member) or (
            members is not None and name_now(members, one.member) == line.member
        )

    @cached_property
    def written(self) -> WrittenSheet | None:
        """The sheet as it is in the workbook, its members by their names of now."""
        sheet = self.figures.written.get(f"{IDENTITY}{T_REPLAN.sheet}")
        return rows_of_dimensions(sheet, "m", 3, 2, self.figures)

    # --- what is typed ----------------------------------------------------------

    @cached_property
    def problems(self) -> list[Problem]:
        """What is wrong with what is typed."""
        return []

    @cached_property
    def new_total(self) -> int | None:
        """The new total of the year in steps, if one is typed."""
        amount = self._typed(NEW_TOTAL)
        if amount is None or any(one.is_new and not one.member for one in self.decisions):
            return None
        if amount % self.step:
            assert self.written is not None  # it was typed there
            fault = faults.NewTotalNotInSteps(step=f"{self.step / MICROS:,.15g}")
            self.problems.append(Problem.note(self.written.place(NEW_TOTAL, "typed"), "", fault))
            return None
        return amount // self.step

    @property
    def new_total_at_fault(self) -> bool:
        """Whether something is typed as new total that does not count."""
        return self.new_total is None and self.written is not None and bool(_text(self.written, NEW_TOTAL, "typed"))

    @cached_property
    def reserve(self) -> int | None:
        """The reserve that may be used, in micro-yuan, if one is typed."""
        return self._typed(RESERVE)

    @cached_property
    def used(self) -> int:
        """How much of the reserve is used by now, in micro-yuan; of the dimension that has used most."""
        kept = [one for one in self.decisions if one.way is Way.RESERVE]
        of_company = sum(one.amount for one in kept if not one.member)
        by_dimension: dict[str, int] = {}
        for one in kept:
            if one.member:
                by_dimension[identity(one.dimension)] = by_dimension.get(identity(one.dimension), 0) + one.amount
        return of_company + max(by_dimension.values(), default=0)

    def said(self, micros: int) -> str:
        """Say an amount in the plan's unit."""
        money = Money(self.frame.unit, self.frame.currency)
        return money.amount(typed(micros, money.per), self.frame.lang)

    def typed_text(self, row: str) -> str | float | None:
        """Return what is typed as amount of a row and does not count, so that it stays; None if nothing is."""
        if self.written is None or (row == NEW_TOTAL and any(one.is_new and not one.member for one in self.decisions)):
            return None
        value = self.written.value(row, "typed")
        return value if isinstance(value, str | float) else None

    def _typed(self, row: str) -> int | None:
        if self.written is None:
            return None
        per = UNIT_YUAN[self.frame.unit]
        one = typed_number(self.written, row, "typed", CellKind.AMOUNT, per=per, currency=self.frame.currency)
        if one.problem is not None and one.problem not in self.problems:
            self.problems.append(one.problem)
        return None if one.value is None else round(one.value * MICROS)

    def choice(self, key: str) -> Choice:
        """Return what is typed into a row."""
        sheet = self.written
        if sheet is None or key not in sheet.rows:
            return Choice()
        word, reason = (_text(sheet, key, column) for column in ("choice", "reason"))
        way = choice(word, Labelled(""), {code: (one.zh, one.en) for code, one in WAYS.items()}) if word else None
        return Choice(None if way is None else Way(way), reason, word)

    @property
    def gone(self) -> Iterator[Problem]:
        """Yield what is typed into rows of members that the plan knows by no name."""
        sheet = self.written
        for key in sheet.rows if sheet is not None else ():
            parts = parted(key, 3)
            if sheet is None or parts is None or parts[0] != "m" or not is_gone(parts[1], parts[2], self.figures):
                continue
            for column in ("choice", "reason"):
                if here := _text(sheet, key, column):
                    yield Problem.note(sheet.place(key, column), here, NameGone(row=parts[2], here=here, name=parts[2]))

    # --- lines -------------------------------------------------------------------

    @cached_property
    def company(self) -> Line:
        """The whole plan; what its members have placed in the dimension that has most is placed."""
        figures, plan = self.figures, self.figures.breakdown.plan
        missed = self._missed(figures.breakdown.months[None, :], figures.company_actuals[None, :])
        by_dimension = [self._placed_by(one.name) for one in figures.dimensions]
        placed = self._placed_by("") + max(by_dimension, default=0)
        more = 0 if self.new_total is None else (self.new_total - plan.total) * self.step
        place = steps_to_place(missed + more, np.array([placed]), self.step)
        line, as_of = figures.breakdown.timeline, figures.frame.as_of or figures.whole.start - dt.timedelta(1)
        days = remaining_days(line, figures.breakdown.days, as_of, [figures.whole])
        target = float(plan.total if self.new_total is None else self.new_total) * self.step / MICROS
        whole = np.array([target]), np.array([figures.total["actual"]]), days
        return self._lines([(COMPANY, "", "", -1)], *whole, missed, place, best_rate(figures, None))[0]

    @cached_property
    def members(self) -> dict[str, list[Line]]:
        """The members of each dimension of which actuals are known."""
        return {one.name: self._of(one) for one in self.figures.dimensions if one.micros is not None}

    def _of(self, members: Members) -> list[Line]:
        dimension = members.dimension
        assert members.micros is not None  # only such dimensions are asked for
        missed = self._missed(members.part.months, members.micros)
        leaf = np.array([dimension.is_leaf(i) for i in range(len(dimension.members))])
        own = np.where(leaf, missed, 0)
        placed = pro_rata(self._placed_by(""), own)
        for one in self.decisions:
            if one.member and identity(one.dimension) == identity(members.name):
                i = members.matcher.position(one.member)
                if i >= 0:
                    placed[i] += one.amount
        place = np.where(leaf, steps_to_place(own, placed, self.step), 0)
        for i in range(len(place) - 1, -1, -1):  # in pre-order, members come after those above them
            if (parent := dimension.parents[i]) >= 0:
                place[parent] += place[i]
        targets = self.figures.yuan(members.part.targets)
        actual = members.micros.sum(axis=1) / MICROS
        names = [(joined("m", members.name, m.name), members.name, m.name, i) for i, m in enumerate(dimension.members)]
        return self._lines(names, targets, actual, members.days_left, missed, place, best_rate(self.figures, members))

    def _lines(
        self,
        names: Sequence[tuple[str, str, str, int]],
        target: Floats,
        actual: Floats,
        days_left: Steps,
        missed: Steps,
        place: Steps,
        best: Floats,
    ) -> list[Line]:
        by_way = prices(target, actual, self.figures.yuan(place), days_left)
        known = [np.nan] * len(names) if not self.n_closed else (missed / MICROS).tolist()
        return [
            Line(
                *name,
                float(target[i]),
                known[i],
                int(place[i]),
                int(days_left[i]),
                float(best[i]),
                {way: (float(price.total[i]), float(price.per_day[i])) for way, price in by_way.items()},
            )
            for i, name in enumerate(names)
        ]

    @cached_property
    def chances(self) -> dict[str, dict[Way, float]]:
        """The chance to reach the year of each way, by the keys of rows; NaN is unknown."""
        seen, whole = chances(self.figures), self.figures.whole
        out = self._told(seen.of_whole(whole), [self.company])
        for members in self.figures.dimensions:
            if members.name in self.members:
                out |= self._told(seen.of_members(members, whole), self.members[members.name])
        return out

    def _told(self, prospect: Prospect | None, lines: Sequence[Line]) -> dict[str, dict[Way, float]]:
        blank = np.full(len(lines), np.nan)
        told = {
            way: blank if prospect is None else prospect.told(np.array([line.prices[way][0] for line in lines]))
            for way in Way
        }
        return {line.key: {way: float(told[way][n]) for way in Way} for n, line in enumerate(lines)}

    def _missed(self, months: Steps, micros: Steps) -> Steps:
        """Return what closed months lack in micro-yuan, below zero if more was sold."""
        closed = slice(0, self.n_closed)
        return np.asarray((months[:, closed] * self.step - micros[:, closed]).sum(axis=1))

    def _placed_by(self, dimension: str) -> int:
        """What decisions of a dimension's members (blank: of the company) have placed."""
        return sum(
            one.amount
            for one in self.decisions
            if (identity(one.dimension) == identity(dimension) if one.member else not dimension)
        )


def _text(sheet: WrittenSheet, row: str, column: str) -> str:
    value = sheet.content(row, column)
    return "" if is_blank(value) else clean(text_of(value))


def _decisions(rows: Sequence[Mapping[str, Any]]) -> list[Decision]:
    """The decisions of the table; the months of one of them are together."""
    amounts: dict[tuple[str, str, str, str, str], int] = {}
    for row in rows:
        if row["rest"] is None:
            continue
        done = "" if row["done"] is None else row["done"].isoformat()
        key = row["dimension"] or "", row["member"] or "", row["rest"], row["reason"] or "", done
        amounts[key] = amounts.get(key, 0) + round((row["amount"] or 0) * MICROS)
    return [
        Decision(dimension, member, amount, Way(way), reason, done)
        for (dimension, member, way, reason, done), amount in amounts.items()
    ]
