"""What a person filled in, read through the contract: a plan and its sources, or every fault.

Cells are found by defined name, tables by table name, columns by header in
either language. All faults are gathered before anything is refused.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from xlsales.core.adjustments import Adjustment
from xlsales.core.again import Again
from xlsales.core.faults import Fault, Lang, Place, Problem, Refused
from xlsales.core.plan import (
    MICROS,
    Clock,
    DayMethod,
    Dimension,
    Lamps,
    Lock,
    MemberShape,
    MonthMethod,
    MonthPattern,
    Plan,
    WeekRule,
)
from xlsales.ooxml.book import Area, Book, SheetPart, TablePart
from xlsales.ooxml.cells import SheetCells
from xlsales.plan.adjustments.read import read_adjustments
from xlsales.plan.answers import NotInDaySteps
from xlsales.plan.commitments import accepted
from xlsales.plan.input_cells import Cells
from xlsales.plan.input_tables import EndsBeforeStart, Spelling, TableAnswers, fiscal_year
from xlsales.plan.replan.table import waivers
from xlsales.plan.time_weights import read_time_weights
from xlsales.plan.weekday_reference import member_weekdays
from xlsales.tables.files.source import Source
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.values.cell import text_of
from xlsales.values.date_text import DateBounds
from xlsales.values.steps import micros_of, typed
from xlsales.vocabulary import contract, plan_tables
from xlsales.vocabulary.money import Money
from xlsales.vocabulary.round_contract import T_COMMITMENTS

MAX_DAYS = 366 * 5
LockRows = tuple[tuple[plan_tables.InputTable, int], ...]
"""The table and the row of each lock."""


class NotAPlan(Fault):
    """A workbook without the names of the contract."""

    zh = (
        "{file} 不是目标计划:找不到名称 xs_total。请用 xlsales new 新建一个计划;"
        "原来是计划的,请运行 xlsales doctor {file} --repair -o 修复.xlsx。"
    )
    en = (
        "{file} is no plan workbook: the name xs_total is missing. Make one with xlsales new; if it was a plan, run "
        "xlsales doctor {file} --repair -o repaired.xlsx."
    )


def refuse_other_workbooks(book: Book, path: Path) -> None:
    """Raise NotAPlan for a workbook that has no names of a plan."""
    if book.area(contract.NAME_VERSION) is None and book.area("xs_total") is None:
        raise NotAPlan(file=path.name)


class NewerPlan(Fault):
    """A workbook made by a newer contract."""

    zh = "{file} 由更新的版本({found})建立。请升级 xlsales。"
    en = "{file} was made by a newer version ({found}). Upgrade xlsales."


class TooLong(Fault):
    """The plan covers more years than its sheets can show."""

    zh = "计划长达 {days} 天,上限是五年。请缩短期间。"
    en = "The plan covers {days} days; the limit is five years. Shorten it."


class MonthEndOfWeeks(Fault):
    """A last day of fiscal months, in a plan with months of whole weeks."""

    zh = "月历是 {pattern},财月由整周组成,没有固定的截止日。请清空“财月截止日”,或把“月历”改成自然月。"
    en = (
        'Months are {pattern}, of whole weeks, and end on no fixed day. Clear "Fiscal months end on day", or set '
        '"Months are" to calendar months.'
    )


class Inputs(Struct, frozen=True):
    """A plan with what the sheets add to it: language, unit, currency, sources, mapping of columns."""

    plan: Plan
    lang: Lang
    unit: str
    currency: str
    amount_yuan: int
    actuals: Source
    history: Source
    mapping: Mapping[str, str] = field(default_factory=dict)
    same_twice: str | None = None
    return_due: dt.date | None = None
    return_to: str = ""
    company: str = ""
    rules: tuple[MappingRule, ...] = ()
    lock_rows: LockRows = ()
    """The table and row of each of the plan's locks; a lock's `row` is its number here, from 1."""
    adjustments: tuple[Adjustment, ...] = ()
    """Transfers, then reliefs, that follow the split."""
    notes: tuple[Problem, ...] = ()
    """What a person should look at in what was filled in."""

    def money(self, steps: int | Fraction) -> str:
        """Return an amount in steps as people write it, in the plan's unit: 1000 → `1000万元`."""
        return self.amount(int(steps * self.plan.step_micros))

    @property
    def money_unit(self) -> Money:
        """The plan's unit and its currency."""
        return Money(self.unit, self.currency)

    def amount(self, micros: int) -> str:
        """Return an amount in micro-yuan as people write it, in the plan's unit."""
        return self.money_unit.amount(typed(micros, self.money_unit.per), self.lang)

    def number(self, steps: int) -> str:
        """Return an amount in steps as a person types it into a cell, in the plan's unit."""
        return self.number_of(steps * self.plan.step_micros)

    def number_of(self, micros: int) -> str:
        """Return an amount in micro-yuan as a person types it into a cell, in the plan's unit."""
        return f"{typed(micros, self.money_unit.per):f}"


def language_of(path: Path, otherwise: Lang = "zh") -> Lang:
    """Return a workbook's language; `otherwise` if it cannot be read."""
    try:
        return _language(Cells(Book.open(path)))
    except Exception:  # the command itself says what is wrong with the file
        return otherwise


def _language(cells: Cells) -> Lang:
    at = cells.cell_of(contract.NAME_LANG)
    return "en" if at and text_of(cells.content(at)).lower() in ("en", "english") else "zh"


def read_inputs(book: Book, path: Path, home: Path | None = None) -> Inputs:
    """Read all that a person filled in; raises Refused with every fault found.

    `path` is the file that `book` was read from; if that is a copy, `home` is the path of the workbook itself.
    """
    cells = Cells(book)
    refuse_other_workbooks(book, path)
    version = cells.cell_of(contract.NAME_VERSION)
    if version and text_of(cells.content(version)) > contract.VERSION:
        raise NewerPlan(file=path.name, found=text_of(cells.content(version)))
    facts = _Facts.of(book)
    answers = ANSWERS.find(lambda read: read.facts == facts and read.again_in(book, cells))
    if answers is None:
        reader = _Reader(book, cells, _language(cells))
        answers = reader.read()
        if reader.problems or answers is None:
            raise Refused(reader.problems)
        ANSWERS.keep(_ReadFrom.of(facts, book, cells), answers)
    return answers.inputs(cells, path, home or path)


class _Facts(Struct, frozen=True):
    """What beside cells and their formats the inputs of a workbook are read by."""

    sheets: tuple[SheetPart, ...]
    names: Mapping[str, Area]
    tables: Mapping[str, TablePart]
    date1904: bool

    @classmethod
    def of(cls, book: Book) -> _Facts:
        return cls(book.sheets, book.names, book.tables, book.date1904)


class _ReadFrom(Struct, frozen=True):
    """All of a workbook that answers were read from; `formats` are those of the styles of the cells that were read."""

    facts: _Facts
    sheets: Mapping[str, SheetCells]
    formats: Mapping[int, tuple[int, str | None]]

    @classmethod
    def of(cls, facts: _Facts, book: Book, cells: Cells) -> _ReadFrom:
        styles = {cell.style for sheet in cells.sheets.values() for cell in sheet.values()}
        return cls(facts, dict(cells.sheets), {style: book.styles.number_format(style) for style in styles})

    def again_in(self, book: Book, cells: Cells) -> bool:
        """Whether each sheet that was read holds the same now; what a run adds to the styles is of no account."""
        return all(cells.of(title).is_again(read) for title, read in self.sheets.items()) and all(
            book.styles.number_format(style) == format_of_cells for style, format_of_cells in self.formats.items()
        )


class _Answers(Struct, frozen=True):
    """What a person filled in, wherever the workbook is."""

    settings: Mapping[str, Any]
    lang: Lang
    unit: str
    plan: Plan
    mapping: Mapping[str, str]
    rules: tuple[MappingRule, ...]
    lock_rows: LockRows
    adjustments: tuple[Adjustment, ...]
    notes: tuple[Problem, ...]

    def inputs(self, cells: Cells, path: Path, home: Path) -> Inputs:
        """Return them for a workbook at `home`, read from `path`; they are the caller's own."""
        settings = self.settings
        return Inputs(
            plan=replace(
                self.plan,
                month_weights=dict(self.plan.month_weights),
                period_weights=dict(self.plan.period_weights),
            ),
            lang=self.lang,
            unit=self.unit,
            currency=settings["currency"],
            amount_yuan=contract.UNIT_YUAN[settings["actuals_unit"]],
            actuals=self._source(cells, path, home, "actuals", contract.AREA_ACTUALS),
            history=self._source(cells, path, home, "history", contract.AREA_HISTORY),
            mapping=dict(self.mapping),
            same_twice=settings["same_twice"],
            return_due=settings["return_due"],
            return_to=settings["return_to"] or "",
            company=settings["company"] or "",
            rules=self.rules,
            lock_rows=self.lock_rows,
            adjustments=self.adjustments,
            notes=self.notes,
        )

    def _source(self, cells: Cells, path: Path, home: Path, what: str, area: str) -> Source:
        label, currency = contract.SHEETS[what][self.lang], self.settings["currency"]
        file = self.settings[f"{what}_file"]
        if file:
            other, sheet = Path(file), self.settings[f"{what}_sheet"]
            label = f"[{other.name}]{sheet}" if sheet else other.name
            return Source(other if other.is_absolute() else home.parent / other, sheet, label, currency=currency)
        at = cells.cell_of(area)
        sheet = at.sheet if at else label
        return Source(path, sheet, sheet, pasted=True, currency=currency)


ANSWERS = Again[_ReadFrom, _Answers](2)
"""Those of the last plans: a press of a button reads them each time, and hardly ever are they others."""


class _Reader(TableAnswers):
    """Puts the answers together into a plan."""

    day_micros: int | None = None

    def read(self) -> _Answers | None:
        """Read settings, then tables; None if anything is at fault."""
        values = self._settings()
        dimensions = self.dimensions()
        locks, lock_rows = self._locks(dimensions)
        tables = {
            "dimensions": dimensions,
            "locks": locks,
            "waivers": waivers(self, Spelling(dimensions)),
            "day_rules": self.day_rules(),
            "references": self.references(fiscal_year(values)),
            **read_time_weights(self, values),
            "weekday_index": self.weekday_index(),
            **member_weekdays(self, dimensions),
        }
        mapping, rules = self.mapping()
        if values["start"] and values["end"]:
            self._check_span(values["start"], values["end"])
        if values["month_end"] and values["month_pattern"] != MonthPattern.NATURAL:
            fault = MonthEndOfWeeks(pattern=values["month_pattern"])
            place = self.cells.cell_of("xs_month_end") or Place("xs_month_end")
            self.problems.append(Problem(place, str(values["month_end"]), fault))
        self._check_day_minimum(values["day_minimum"])
        if self.problems:
            return None
        plan = self._plan(values, tables)
        adjustments = read_adjustments(self, plan)
        if self.problems:
            return None
        return _Answers(values, self.lang, self.unit, plan, mapping, rules, lock_rows, adjustments, tuple(self.notes))

    def _settings(self) -> dict[str, Any]:
        """The settings by key. Currency, unit and steps come first, for amounts are read by them."""
        settings, values = contract.all_settings(), dict[str, Any]()
        for key in ("currency", "unit", "step", "day_step"):
            values[key] = self.setting(settings.pop(key))
            if key == "currency":
                self.currency = values[key]
        self.unit = values["unit"] or "wan"
        self.step_micros = micros_of(values["step"] or Decimal(1))
        self.day_micros = micros_of(values["day_step"]) if values["day_step"] else None
        self.finer = self.step_micros // math.gcd(self.step_micros, self.day_micros or self.step_micros)
        for key, setting in settings.items():
            values[key] = self.setting(setting)
            if key == "end":
                self.span = DateBounds(values["start"], values["end"])
        return values

    def _locks(self, dimensions: Sequence[Dimension]) -> tuple[tuple[Lock, ...], LockRows]:
        """The locks that a person typed and those of accepted commitments, numbered; the row of each."""
        spelling = Spelling(dimensions)
        locks = tuple(map(spelling.of, self.locks()))
        locks += tuple(map(spelling.of, accepted(self, locks)))
        rows = tuple((T_COMMITMENTS if lock.committed else plan_tables.T_LOCKS, lock.row) for lock in locks)
        return tuple(replace(lock, row=number) for number, lock in enumerate(locks, 1)), rows

    def _plan(self, values: Mapping[str, Any], tables: Mapping[str, Any]) -> Plan:
        """The plan of settings and tables without a fault."""
        fiscal = fiscal_year(values)
        return Plan(
            name=values["plan_name"] or "",
            step_micros=self.step_micros,
            day_micros=self.day_micros,
            day_minimum=self._day_minimum(values["day_minimum"]),
            unit_micros=self.money_unit.per * MICROS,
            fiscal_month=fiscal.month,
            month_end=fiscal.month_end,
            year_end=fiscal.year_end,
            week_start=fiscal.week_start,
            month_method=MonthMethod(values["month_method"]),
            month_rise=values["month_rise"],
            day_method=DayMethod(values["day_method"]),
            week_rule=WeekRule(values["week_rule"]),
            month_pattern=fiscal.pattern,
            member_shape=MemberShape(values["member_shape"]),
            stretch=tuple(values[f"stretch_{n}"] for n in (1, 2, 3, 4)),
            lunar=values["lunar"] == "yes",
            clock=Clock(values["clock"]),
            lamps=Lamps(values["lamp_green"], values["lamp_amber"], values["lamp_orange"]),
            **{key: values[key] for key in ("total", "start", "end", "holiday_index", "as_of", "closed_through")},
            **tables,
        )

    def _day_minimum(self, amount: Decimal | None) -> int:
        """The least of a day in day steps."""
        return 0 if not amount else micros_of(amount) * self.finer // self.step_micros

    def _check_day_minimum(self, amount: Decimal | None) -> None:
        if amount and micros_of(amount) * self.finer % self.step_micros:
            setting = contract.all_settings()["day_minimum"]
            step, unit = f"{typed(self.step_micros // self.finer):f}", self.money_unit.in_full.said
            fault = NotInDaySteps(label=setting.label[self.lang], found=f"{amount:f}", unit=unit, step=step, base=unit)
            self.problems.append(Problem(self.cells.cell_of(setting.name) or Place(setting.name), f"{amount:f}", fault))

    def _check_span(self, start: dt.date, end: dt.date) -> None:
        place = self.cells.cell_of("xs_end") or Place("xs_end")
        days = (end - start).days + 1
        if days < 1:
            self.problems.append(Problem(place, str(end), EndsBeforeStart(start=start, end=end)))
        elif days > MAX_DAYS:
            self.problems.append(Problem(place, str(end), TooLong(days=days)))
