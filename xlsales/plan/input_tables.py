"""The tables of a plan's inputs: members, locks, the calendar, references, the weekday index, column mapping."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.faults import Fault, Listed, Place, Problem
from xlsales.core.names import Names
from xlsales.core.period_text import is_short, parse_span
from xlsales.core.plan import (
    LONGEST_MONTH,
    DayRule,
    Dimension,
    FiscalYear,
    Lock,
    Member,
    MemberMethod,
    MonthPattern,
    Waiver,
    YearEnd,
)
from xlsales.core.text import clean, identity
from xlsales.core.tree import grow
from xlsales.core.weights import BadReferenceShare
from xlsales.plan.answers import Answers, NotAChoice, NotInDaySteps, NotInSteps
from xlsales.plan.example_members import untouched
from xlsales.plan.staff import staff_weights
from xlsales.tables.words.mapping_rules import MappingRule, mapping_rule
from xlsales.values.cell import Labelled, choice
from xlsales.values.date_text import WEEKDAY_WORDS
from xlsales.values.steps import micros_of, typed
from xlsales.vocabulary import contract, plan_tables


class EndsBeforeStart(Fault):
    """The plan ends before it starts."""

    zh = "结束日期 {end} 早于开始日期 {start}。请改正其中一个。"
    en = "The end {end} is before the start {start}. Correct one of them."


class ClosesFirst(Fault):
    """A member closes before it opens."""

    zh = "“{member}”的闭店日 {closes} 早于开业日 {opens}。请改正其中一个。"
    en = '"{member}" closes on {closes}, before it opens on {opens}. Correct one of them.'


class WeekdaysIncomplete(Fault):
    """Some, but not all, weekday indexes are given."""

    zh = "星期指数只填了 {found} 格。请填满七格,或全部留空(由历史算出)。"
    en = "Only {found} weekday indexes are given. Fill all seven, or leave all blank (taken from history)."


class StillExample(Fault):
    """The members of a fresh plan were not replaced."""

    zh = "这里还是新建计划时的示例成员(区域、产品、渠道),没有改过。请换成自己的维度和成员;一个维度都不要,就清空这张表。"
    en = (
        "These are still the example members of a fresh plan (Region, Product, Channel). "
        "Replace them with your own, or clear the table to split over time only."
    )


class TableAnswers(Answers):
    """Reads the tables, and gathers in `problems` what is wrong with their rows.

    `finer` day steps are one step.
    """

    finer = 1

    def mapping(self) -> tuple[dict[str, str], tuple[MappingRule, ...]]:
        """Return which column is which (field → header), and the other rules of column mapping."""
        mapping: dict[str, str] = {}
        rules = []
        for row in self.keyed_rows(plan_tables.T_MAPPING):
            try:
                rule = mapping_rule(row["field"], row["header"], row["value"], row["factor"])
            except Fault as fault:
                self.problems.append(Problem(row["row"], row["field"], fault))
                continue
            if rule is not None:
                rules.append(rule)
            if row["header"] and (rule is None or rule.kind == "order"):
                mapping[row["field"]] = row["header"]
        return mapping, tuple(rules)

    def dimensions(self) -> tuple[Dimension, ...]:
        """Return the dimensions with their trees of members; each fault is at its member's cell."""
        families: dict[str, list[Member]] = {}
        called: dict[str, str] = {}
        places: dict[int, dict[str, Place]] = {}
        columns = {column.key: column for column in plan_tables.T_DIMENSIONS.columns}
        rows = list(self.rows(plan_tables.T_DIMENSIONS))
        if untouched(rows):
            self.problems.append(Problem(rows[0]["row"], "", StillExample()))
        weights = self._staff(rows)
        for row in rows:
            place: Place = row["row"]
            missing = next((key for key in ("dimension", "member") if not row[key]), None)
            if missing:
                self.row_lacks(row, columns[missing])
                continue
            places[place.row or 0] = row["cells"]
            family = called.setdefault(identity(row["dimension"]), row["dimension"])
            families.setdefault(family, []).append(
                Member(
                    name=row["member"],
                    parent=row["parent"],
                    method=MemberMethod(row["method"] or "weight"),
                    weight=weights.get((identity(row["dimension"]), identity(row["member"])), row["weight"]),
                    locked=row["locked"],
                    lower=row["lower"],
                    upper=row["upper"],
                    stretch=row["stretch"],
                    aliases=_aliases(row["aliases"]),
                    row=place.row or 0,
                    opens=row["opens"],
                    closes=row["closes"],
                )
            )
            if row["opens"] and row["closes"] and row["opens"] > row["closes"]:
                shut = ClosesFirst(member=row["member"], opens=row["opens"], closes=row["closes"])
                self.problems.append(Problem(row["cells"]["closes"], str(row["closes"]), shut))
        dimensions = []
        for name, members in families.items():
            dimension, faults = grow(name, members)
            self.problems += [Problem(places[m.row][f.facts.get("field", "member")], m.name, f) for m, f in faults]
            if dimension:
                dimensions.append(dimension)
        return tuple(dimensions)

    def _staff(self, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], float]:
        """The weights of members that follow from the factors of table 人员系数."""
        members: dict[str, list[tuple[str, float | None, str]]] = {}
        for row in rows:
            if row["dimension"] and row["member"]:
                one = row["member"], row["weight"], row["method"] or "weight"
                members.setdefault(row["dimension"], []).append(one)
        return {key: one.weight for key, one in staff_weights(self, members).items()}

    def locks(self) -> tuple[Lock, ...]:
        """Return the locks that a person typed, each with the row it is in."""
        locks = []
        columns = {column.key: column for column in plan_tables.T_LOCKS.columns}
        for row in self.rows(plan_tables.T_LOCKS):
            missing = next((key for key in ("period", "amount") if row[key] is None), None)
            if row["member"] and not row["dimension"]:
                missing = "dimension"
            elif row["dimension"] and not row["member"]:
                missing = "member"
            if missing:
                self.row_lacks(row, columns[missing])
                continue
            finer = self.finer if is_short(row["period"]) else 1
            try:
                amount = self._locked(row["amount"], finer, columns["amount"].label[self.lang])
            except Fault as fault:
                self.problems.append(Problem(row["cells"]["amount"], fault.facts["found"], fault))
                continue
            locks.append(Lock(row["period"], amount, row["dimension"], row["member"], row["row"].row, finer=finer))
        return tuple(locks)

    def _locked(self, amount: Decimal, finer: int, label: str) -> int:
        """The amount of a lock, in steps or, for a day or a week, in day steps."""
        found = f"{typed(micros_of(amount), self.money_unit.per):f}"
        fault = NotInSteps if finer == 1 else NotInDaySteps
        return self.whole(amount, self.step_micros // finer, label, found, fault)

    def day_rules(self) -> tuple[DayRule, ...]:
        """Return a rule for each day of the calendar's rows."""
        rules = []
        for row in self.keyed_rows(plan_tables.T_CALENDAR):
            last = row["end"] or row["start"]
            if last < row["start"] or (last - row["start"]).days > 366:
                fault = EndsBeforeStart(start=row["start"], end=last)
                self.problems.append(Problem(row["cells"]["end"], str(last), fault))
                continue
            factor = 1.0 if row["factor"] is None else row["factor"]
            day = row["start"]
            while day <= last:
                rules.append(DayRule(day, row["kind"], factor, row["note"] or ""))
                day += dt.timedelta(days=1)
        return tuple(rules)

    def references(self, fiscal: FiscalYear) -> tuple[tuple[str, float], ...]:
        """The reference periods with their shares; one that cannot be read is at fault in its own cell."""
        references = []
        rows = list(self.keyed_rows(plan_tables.T_REFERENCE))
        for row in rows:
            try:
                parse_span(row["period"], fiscal)
            except Fault as fault:
                self.problems.append(Problem(row["cells"]["period"], row["period"], fault))
            references.append((row["period"], 1.0 if row["share"] is None else row["share"]))
        if rows and not any(share for _, share in references):
            shares = ", ".join(f"{share:g}" for _, share in references)
            self.problems.append(Problem(rows[0]["cells"]["share"], shares, BadReferenceShare(shares=shares)))
        return tuple(references)

    def weekday_index(self) -> tuple[float, ...] | None:
        """Return the index of each weekday from Monday on; None if none is given."""
        rows = [r for r in self.keyed_rows(plan_tables.T_WEEKDAYS) if r["index"] is not None]
        where, indexes = Labelled(plan_tables.T_WEEKDAYS.columns[0].label[self.lang]), {}
        for row in rows:
            weekday = choice(row["weekday"], where, WEEKDAY_WORDS)
            if weekday is not None:
                indexes[int(weekday)] = row["index"]
                continue
            choices = Listed(word[self.lang] for word in contract.WEEKDAYS)
            unknown = NotAChoice(where=where, found=row["weekday"], choices=choices)
            self.problems.append(Problem(row["row"], row["weekday"], unknown))
        if not indexes:
            return None
        if len(indexes) < 7:
            place = rows[0]["cells"]["index"]
            self.problems.append(Problem(place, "", WeekdaysIncomplete(found=len(indexes))))
            return None
        return tuple(indexes[i] for i in range(7))


def fiscal_year(values: Mapping[str, Any]) -> FiscalYear:
    """Return how the settings lay years, months and weeks over the days."""
    return FiscalYear(
        int(values["fiscal_month"]),
        MonthPattern(values["month_pattern"]),
        int(values["month_end"] or LONGEST_MONTH),
        YearEnd(values["year_end"]),
        list(contract.WEEK_STARTS).index(values["week_start"]),
    )


Of = TypeVar("Of", Lock, Waiver)


class Spelling:
    """The names of dimensions and members as their table spells them, found by any name that they go by."""

    def __init__(self, dimensions: Sequence[Dimension]) -> None:
        self._called = {identity(dimension.name): _Called.of(dimension) for dimension in dimensions}

    def of(self, lock: Of) -> Of:
        """Return a lock, or a waiver, with its dimension and member as their table spells them, if it has them."""
        called = self._called.get(identity(lock.dimension or ""))
        if called is None or lock.member is None:
            return lock
        at = called.names.position(lock.member)
        at = called.aliases.position(lock.member) if at < 0 else at
        member = called.dimension.members[at].name if at >= 0 else lock.member
        return replace(lock, dimension=called.dimension.name, member=member)


class _Called(Struct, frozen=True):
    """A dimension, and what its members go by."""

    dimension: Dimension
    names: Names
    aliases: Names

    @classmethod
    def of(cls, dimension: Dimension) -> _Called:
        members = dimension.members
        aliases = Names.of((alias, i) for i, m in enumerate(members) for alias in m.aliases)
        return cls(dimension, Names.of((m.name, i) for i, m in enumerate(members)), aliases)


def _aliases(text: str | None) -> tuple[str, ...]:
    return tuple(name for part in re.split(r"[、;;,,|\n]", text or "") if (name := clean(part)))
