"""What a person filled in, read through the contract: a plan, its sources, or every fault found.

Cells are found by defined name, tables by table name, columns by header in
either language. All faults are gathered before anything is refused.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from xlsales.core.faults import Fault, Lang, Listed, Place, Problem, Refused
from xlsales.core.names import Names
from xlsales.core.periods import is_day, parse_span
from xlsales.core.plan import (
    MICROS,
    Clock,
    DayMethod,
    DayRule,
    Dimension,
    Lamps,
    Lock,
    Member,
    MemberMethod,
    MemberShape,
    MonthMethod,
    MonthPattern,
    Plan,
    WeekRule,
)
from xlsales.core.text import clean, identity
from xlsales.core.tree import grow
from xlsales.core.weights import BadReferenceShare
from xlsales.ooxml.book import Book
from xlsales.plan.answers import Answers, NotAChoice, NotInDaySteps, NotInSteps
from xlsales.plan.commitments import accepted
from xlsales.plan.example_members import untouched
from xlsales.plan.input_cells import Cells, text_of
from xlsales.tables.files.source import Source
from xlsales.tables.words.told import Told, meaning_of
from xlsales.values.cell import Labelled, choice
from xlsales.values.date_text import WEEKDAY_WORDS, Span
from xlsales.values.steps import micros_of, typed
from xlsales.vocabulary import contract
from xlsales.vocabulary.round_contract import T_COMMITMENTS

MAX_DAYS = 366 * 5


class NotAPlan(Fault):
    """A workbook without the names of the contract."""

    zh = "{file} 不是目标计划:找不到名称 xs_total。请用 xlsales new 新建一个计划。"
    en = "{file} is no plan workbook: the name xs_total is missing. Make one with xlsales new."


class NewerPlan(Fault):
    """A workbook made by a newer contract."""

    zh = "{file} 由更新的版本({found})建立。请升级 xlsales。"
    en = "{file} was made by a newer version ({found}). Upgrade xlsales."


class EndsBeforeStart(Fault):
    """The plan ends before it starts."""

    zh = "结束日期 {end} 早于开始日期 {start}。请改正其中一个。"
    en = "The end {end} is before the start {start}. Correct one of them."


class ClosesFirst(Fault):
    """A member closes before it opens."""

    zh = "“{member}”的闭店日 {closes} 早于开业日 {opens}。请改正其中一个。"
    en = '"{member}" closes on {closes}, before it opens on {opens}. Correct one of them.'


class TooLong(Fault):
    """The plan covers more years than its sheets can show."""

    zh = "计划长达 {days} 天,上限是五年。请缩短期间。"
    en = "The plan covers {days} days; the limit is five years. Shorten it."


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


@dataclass(frozen=True)
class Inputs:
    """A plan with what the sheets add to it: language, unit, sources, mapping of columns."""

    plan: Plan
    lang: Lang
    unit: str
    amount_yuan: int
    actuals: Source
    history: Source
    mapping: Mapping[str, str] = field(default_factory=dict)
    same_twice: str | None = None
    return_due: dt.date | None = None
    return_to: str = ""
    told: tuple[Told, ...] = ()
    lock_rows: tuple[tuple[contract.InputTable, int], ...] = ()
    """The table and row of each of the plan's locks, whose `row` is its number here, from 1."""

    @property
    def unit_micros(self) -> int:
        """The unit of the plan in micro-yuan."""
        return self.plan.unit_micros

    def money(self, steps: int | Fraction) -> str:
        """Return an amount in steps as people write it, in the plan's unit: 1000 → `1000万元`."""
        return self.amount(int(steps * self.plan.step_micros))

    def amount(self, micros: int) -> str:
        """Return an amount in micro-yuan as people write it, in the plan's unit."""
        word, text = contract.UNITS[self.unit][self.lang], self._in_unit(micros)
        return f"{text}{word}" if self.lang == "zh" else f"{text} ({word})"

    def number(self, steps: int) -> str:
        """Return an amount in steps as a person types it into a cell, in the plan's unit."""
        return self._in_unit(steps * self.plan.step_micros)

    def number_of(self, micros: int) -> str:
        """Return an amount in micro-yuan as a person types it into a cell, in the plan's unit."""
        return self._in_unit(micros)

    def _in_unit(self, micros: int) -> str:
        return f"{typed(micros, contract.UNIT_YUAN[self.unit]):f}"


def language_of(path: Path) -> Lang:
    """Return a workbook's language; Chinese where it cannot be told."""
    try:
        return _language(Cells(Book.open(path)))
    except Exception:  # whatever is wrong with the file is said by the command itself, in Chinese
        return "zh"


def _language(cells: Cells) -> Lang:
    at = cells.cell_of(contract.NAME_LANG)
    return "en" if at and str(cells.value(at)).strip().lower() in ("en", "english") else "zh"


def read_inputs(book: Book, path: Path, home: Path | None = None) -> Inputs:
    """Read all that a person filled in; raises Refused with every fault found.

    `path` is the file that `book` was read from; `home` where the workbook belongs, if that is a copy of it.
    """
    cells = Cells(book)
    version = cells.cell_of(contract.NAME_VERSION)
    if version is None and cells.cell_of("xs_total") is None:
        raise NotAPlan(file=path.name)
    if version and text_of(cells.value(version)) > contract.VERSION:
        raise NewerPlan(file=path.name, found=text_of(cells.value(version)))
    reader = _Reader(book, cells, _language(cells))
    inputs = reader.read(path, home or path)
    if reader.problems or inputs is None:
        raise Refused(reader.problems)
    return inputs


class _Reader(Answers):
    """Puts the answers together into a plan."""

    def read(self, path: Path, home: Path) -> Inputs | None:
        settings = contract.all_settings()
        values: dict[str, Any] = {}
        for key in ("unit", "step", "day_step"):  # amounts are read in the unit and the step
            values[key] = self.setting(settings[key])
        self.unit = values["unit"] or "wan"
        self.step_micros = micros_of(values["step"] or Decimal(1))
        day_micros = micros_of(values["day_step"]) if values["day_step"] else None
        self.finer = self.step_micros // math.gcd(self.step_micros, day_micros or self.step_micros)
        for key, setting in settings.items():
            if key not in values:
                values[key] = self.setting(setting)
            if key == "end":
                self.span = Span(values["start"], values["end"])
        dimensions = self._dimensions()
        names = {identity(dimension.name): _Called.of(dimension) for dimension in dimensions}
        locks = tuple(_by_name(lock, names) for lock in self._locks())
        locks += tuple(_by_name(lock, names) for lock in accepted(self, locks))
        lock_rows = tuple((T_COMMITMENTS if lock.committed else contract.T_LOCKS, lock.row) for lock in locks)
        locks = tuple(replace(lock, row=number) for number, lock in enumerate(locks, 1))
        day_rules = self._day_rules()
        references = self._references(values)
        month_weights = {int(r["month"]): r["weight"] for r in self.keyed_rows(contract.T_MONTH_WEIGHTS)
                         if r["weight"] is not None}  # fmt: skip
        weekday_index = self._weekday_index()
        mapping, told = self._mapping()
        start, end = values["start"], values["end"]
        if start and end:
            self._check_span(start, end)
        if self.problems:
            return None
        plan = Plan(
            name=values["plan_name"] or "",
            total=values["total"],
            step_micros=self.step_micros,
            start=start,
            end=end,
            dimensions=dimensions,
            fiscal_month=int(values["fiscal_month"]),
            month_method=MonthMethod(values["month_method"]),
            day_method=DayMethod(values["day_method"]),
            week_rule=WeekRule(values["week_rule"]),
            month_pattern=MonthPattern(values["month_pattern"]),
            member_shape=MemberShape(values["member_shape"]),
            month_weights=month_weights,
            weekday_index=weekday_index,
            holiday_index=values["holiday_index"],
            stretch=tuple(values[f"stretch_{n}"] for n in (1, 2, 3, 4)),
            lunar=values["lunar"] == "yes",
            references=references,
            day_rules=day_rules,
            locks=locks,
            clock=Clock(values["clock"]),
            lamps=Lamps(values["lamp_green"], values["lamp_amber"], values["lamp_orange"]),
            as_of=values["as_of"],
            closed_through=values["closed_through"],
            unit_micros=contract.UNIT_YUAN[self.unit] * MICROS,
            day_micros=day_micros,
        )
        return Inputs(
            plan=plan,
            lang=self.lang,
            unit=self.unit,
            amount_yuan=contract.UNIT_YUAN[values["actuals_unit"]],
            actuals=self._source(path, home, "actuals", values, contract.AREA_ACTUALS),
            history=self._source(path, home, "history", values, contract.AREA_HISTORY),
            mapping=mapping,
            same_twice=values["same_twice"],
            return_due=values["return_due"],
            return_to=values["return_to"] or "",
            told=told,
            lock_rows=lock_rows,
        )

    def _mapping(self) -> tuple[dict[str, str], tuple[Told, ...]]:
        """Which column is which (field → header), and what else was told of the tables."""
        mapping: dict[str, str] = {}
        rows = []
        for row in self.keyed_rows(contract.T_MAPPING):
            try:
                meant = meaning_of(row["field"], row["header"], row["value"], row["factor"])
            except Fault as fault:
                self.problems.append(Problem(row["row"], row["field"], fault))
                continue
            if meant is not None:
                rows.append(meant)
            if row["header"] and (meant is None or meant.kind == "order"):
                mapping[row["field"]] = row["header"]
        return mapping, tuple(rows)

    def _check_span(self, start: dt.date, end: dt.date) -> None:
        place = self.cells.cell_of("xs_end") or Place("xs_end")
        days = (end - start).days + 1
        if days < 1:
            self.problems.append(Problem(place, str(end), EndsBeforeStart(start=start, end=end)))
        elif days > MAX_DAYS:
            self.problems.append(Problem(place, str(end), TooLong(days=days)))

    def _source(self, path: Path, home: Path, what: str, values: Mapping[str, Any], area: str) -> Source:
        label = contract.SHEETS[what][self.lang]
        file = values[f"{what}_file"]
        if file:
            given = Path(file)
            sheet = values[f"{what}_sheet"]
            label = f"[{given.name}]{sheet}" if sheet else given.name
            return Source(given if given.is_absolute() else home.parent / given, sheet, label)
        at = self.cells.cell_of(area)
        sheet = at.sheet if at else label
        return Source(path, sheet, sheet)

    def _dimensions(self) -> tuple[Dimension, ...]:
        families: dict[str, list[Member]] = {}
        called: dict[str, str] = {}
        places: dict[int, dict[str, Place]] = {}
        columns = {column.key: column for column in contract.T_DIMENSIONS.columns}
        rows = list(self.rows(contract.T_DIMENSIONS))
        if untouched(rows):
            self.problems.append(Problem(rows[0]["row"], "", StillExample()))
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
                    weight=row["weight"],
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

    def _locks(self) -> tuple[Lock, ...]:
        locks = []
        columns = {column.key: column for column in contract.T_LOCKS.columns}
        for row in self.rows(contract.T_LOCKS):
            missing = next((key for key in ("period", "amount") if row[key] is None), None)
            if row["member"] and not row["dimension"]:
                missing = "dimension"
            elif row["dimension"] and not row["member"]:
                missing = "member"
            if missing:
                self.row_lacks(row, columns[missing])
                continue
            finer = self.finer if not row["member"] and is_day(row["period"]) else 1
            try:
                amount = self._locked(row["amount"], finer, columns["amount"].label[self.lang])
            except Fault as fault:
                self.problems.append(Problem(row["cells"]["amount"], fault.facts["found"], fault))
                continue
            locks.append(Lock(row["period"], amount, row["dimension"], row["member"], row["row"].row, finer=finer))
        return tuple(locks)

    def _locked(self, yuan: Decimal, finer: int, label: str) -> int:
        """The amount of a lock, in steps or, for a day of the company, in day steps."""
        found = f"{typed(micros_of(yuan), contract.UNIT_YUAN[self.unit]):f}"
        fault = NotInSteps if finer == 1 else NotInDaySteps
        return self.whole(yuan, self.step_micros // finer, label, found, fault)

    def _day_rules(self) -> tuple[DayRule, ...]:
        rules = []
        for row in self.keyed_rows(contract.T_CALENDAR):
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

    def _references(self, values: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
        """The reference periods with their shares; one that cannot be read is at fault in its own cell."""
        found = []
        rows = list(self.keyed_rows(contract.T_REFERENCE))
        for row in rows:
            try:
                parse_span(
                    row["period"],
                    fiscal_month=int(values["fiscal_month"] or 1),
                    pattern=MonthPattern(values["month_pattern"] or MonthPattern.NATURAL),
                )
            except Fault as fault:
                self.problems.append(Problem(row["cells"]["period"], row["period"], fault))
            found.append((row["period"], 1.0 if row["share"] is None else row["share"]))
        if rows and not any(share for _, share in found):
            shares = ", ".join(f"{share:g}" for _, share in found)
            self.problems.append(Problem(rows[0]["cells"]["share"], shares, BadReferenceShare(shares=shares)))
        return tuple(found)

    def _weekday_index(self) -> tuple[float, ...] | None:
        rows = [r for r in self.keyed_rows(contract.T_WEEKDAYS) if r["index"] is not None]
        where, given = Labelled(contract.T_WEEKDAYS.columns[0].label[self.lang]), {}
        for row in rows:
            weekday = choice(row["weekday"], where, WEEKDAY_WORDS)
            if weekday is not None:
                given[int(weekday)] = row["index"]
                continue
            choices = Listed(word[self.lang] for word in contract.WEEKDAYS)
            unknown = NotAChoice(where=where, found=row["weekday"], choices=choices)
            self.problems.append(Problem(row["row"], row["weekday"], unknown))
        if not given:
            return None
        if len(given) < 7:
            place = rows[0]["cells"]["index"]
            self.problems.append(Problem(place, "", WeekdaysIncomplete(found=len(given))))
            return None
        return tuple(given[i] for i in range(7))


@dataclass(frozen=True)
class _Called:
    """A dimension, and what its members go by."""

    dimension: Dimension
    names: Names
    aliases: Names

    @classmethod
    def of(cls, dimension: Dimension) -> _Called:
        members = dimension.members
        aliases = Names.of((alias, i) for i, m in enumerate(members) for alias in m.aliases)
        return cls(dimension, Names.of((m.name, i) for i, m in enumerate(members)), aliases)


def _by_name(lock: Lock, dimensions: Mapping[str, _Called]) -> Lock:
    """A lock with its dimension and member as the dimensions table spells them, where it has them."""
    called = dimensions.get(identity(lock.dimension or ""))
    if called is None or lock.member is None:
        return lock
    at = called.names.position(lock.member)
    at = called.aliases.position(lock.member) if at < 0 else at
    member = called.dimension.members[at].name if at >= 0 else lock.member
    return replace(lock, dimension=called.dimension.name, member=member)


def _aliases(text: str | None) -> tuple[str, ...]:
    return tuple(name for part in re.split(r"[、;;,,|\n]", text or "") if (name := clean(part)))
