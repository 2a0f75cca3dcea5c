"""What a person filled in, read through the contract: a plan, its sources, or every fault found.

Cells are found by defined name, tables by table name, columns by header in
either language. All faults are gathered before anything is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsales.core.faults import Fault, Lang, Place, Problem, Refused
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
from xlsales.core.tree import grow
from xlsales.workbook import contract
from xlsales.workbook.amounts import read_amount
from xlsales.workbook.book import Book, Table
from xlsales.workbook.cells import BLANK, ErrorValue, FormulaWithoutResult, SheetCells, Value, to_date
from xlsales.workbook.contract import InputTable, Setting, TableColumn, Word
from xlsales.workbook.dates import Span, read_stamp
from xlsales.workbook.source import Source

MAX_DAYS = 366 * 5


class NotAPlan(Fault):
    """A workbook without the names of the contract."""

    zh = "{file} 不是目标计划:找不到名称 xs_total。请用 xlsales new 新建一个计划。"
    en = "{file} is no plan workbook: the name xs_total is missing. Make one with xlsales new."


class NewerPlan(Fault):
    """A workbook made by a newer contract."""

    zh = "{file} 由更新的版本({found})建立。请升级 xlsales。"
    en = "{file} was made by a newer version ({found}). Upgrade xlsales."


class NameMissing(Fault):
    """A required input cell has lost its name."""

    zh = "找不到“{label}”(名称 {name})。请在公式→名称管理器里恢复它,或用 xlsales new 新建计划。"
    en = '"{label}" is gone (defined name {name}). Restore it under Formulas > Name Manager, or start with xlsales new.'


class TableMissing(Fault):
    """An input table is gone."""

    zh = "找不到表“{label}”(表名 {name})。请恢复这个表,或用 xlsales new 新建计划。"
    en = 'The table "{label}" is gone (table name {name}). Restore it, or start with xlsales new.'


class HeaderMissing(Fault):
    """An input table has lost a column."""

    zh = "表“{table}”里没有“{header}”这一列。请恢复这个表头。"
    en = 'The table "{table}" has no column "{header}". Restore that header.'


class Unanswered(Fault):
    """A required cell is blank."""

    zh = "“{label}”没有填写。{hint}。"
    en = '"{label}" is blank. {hint}.'


class ErrorCell(Fault):
    """An input cell holds an error value."""

    zh = "“{label}”是错误值 {found}。请改正公式或直接填写。"
    en = '"{label}" holds the error {found}. Correct its formula or type a value.'


class NoResult(Fault):
    """An input cell holds a formula that was never calculated."""

    zh = "“{label}”是公式,但文件里没有它的结果。请在 Excel 里打开、保存后再试,或直接填数值。"
    en = '"{label}" is a formula without a stored result. Open and save the file in Excel, or type a value.'


class NotANumber(Fault):
    """Text where a number belongs."""

    zh = "“{label}”是“{found}”,不是数字。请填数字。"
    en = '"{label}" is "{found}", which is no number. Enter a number.'


class NotADate(Fault):
    """Something else where a date belongs."""

    zh = "“{label}”是“{found}”,不是日期。请按 2026-01-31 填写。"
    en = '"{label}" is "{found}", which is no date. Enter it like 2026-01-31.'


class NotAChoice(Fault):
    """A word that is none of the choices."""

    zh = "“{label}”是“{found}”。请从下拉列表里选:{choices}。"
    en = '"{label}" is "{found}". Choose one of: {choices}.'


class OutOfRange(Fault):
    """A number outside what is allowed."""

    zh = "“{label}”是 {found},应在 {low} 至 {high} 之间。"
    en = '"{label}" is {found}; it must be from {low} to {high}.'


class NotInSteps(Fault):
    """An amount that is no multiple of the step."""

    zh = "“{label}”{found} {unit}不是最小步长({step} 元)的整数倍。请改金额,或改小步长。"
    en = '"{label}" {found} ({unit}) is no multiple of the smallest step ({step} yuan). Change it, or the step.'


class EndsBeforeStart(Fault):
    """The plan ends before it starts."""

    zh = "结束日期 {end} 早于开始日期 {start}。请改正其中一个。"
    en = "The end {end} is before the start {start}. Correct one of them."


class TooLong(Fault):
    """The plan covers more years than its sheets can show."""

    zh = "计划长达 {days} 天,上限是五年。请缩短期间。"
    en = "The plan covers {days} days; the limit is five years. Shorten it."


class NoDimensionName(Fault):
    """A member row without its dimension or its name."""

    zh = "这一行缺少“{header}”。请补上,或清空整行。"
    en = 'This row has no "{header}". Fill it in, or clear the row.'


class WeekdaysIncomplete(Fault):
    """Some, but not all, weekday indexes are given."""

    zh = "星期指数只填了 {found} 格。请填满七格,或全部留空(由历史算出)。"
    en = "Only {found} weekday indexes are given. Fill all seven, or leave all blank (taken from history)."


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

    @property
    def unit_micros(self) -> int:
        """The unit of the plan in micro-yuan."""
        return contract.UNIT_YUAN[self.unit] * MICROS

    def money(self, steps: int) -> str:
        """Return an amount as people write it, in the plan's unit: 1000 → `1000万元`."""
        value = Decimal(steps) * self.plan.step_micros / self.unit_micros
        text = f"{value.normalize():f}" if value % 1 else f"{int(value)}"
        word = contract.UNITS[self.unit][self.lang]
        return f"{text}{word}" if self.lang == "zh" else f"{text} ({word})"


def language_of(path: Path) -> Lang:
    """Return a workbook's language; Chinese where it cannot be told."""
    try:
        return _language(_Cells(Book.open(path)))
    except Exception:  # whatever is wrong with the file is said by the command itself, in Chinese
        return "zh"


class _Cells:
    """Single cells of a book by defined name or address; each sheet is read once."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._sheets: dict[str, SheetCells] = {}

    def cell_of(self, name: str) -> Place | None:
        """Return where a defined name points; None where it is gone."""
        area = self._book.area(name)
        return Place(area.sheet, area.row, area.column) if area else None

    def value(self, place: Place) -> Value:
        """Return the value at a place with row and column."""
        if place.sheet not in self._sheets:
            sheet = self._book.sheet(place.sheet)
            assert sheet is not None  # names and tables are found through their sheets
            self._sheets[place.sheet] = self._book.cells(sheet)
        return self._sheets[place.sheet].value(place.row or 0, place.column or 0)


def _language(cells: _Cells) -> Lang:
    at = cells.cell_of(contract.NAME_LANG)
    return "en" if at and str(cells.value(at)).strip().lower() in ("en", "english") else "zh"


def read_inputs(book: Book, path: Path) -> Inputs:
    """Read all that a person filled in; raises Refused with every fault found."""
    cells = _Cells(book)
    version = cells.cell_of(contract.NAME_VERSION)
    if version is None and cells.cell_of("xs_total") is None:
        raise NotAPlan(file=path.name)
    if version and _text(cells.value(version)) > contract.VERSION:
        raise NewerPlan(file=path.name, found=_text(cells.value(version)))
    reader = _Reader(book, cells, _language(cells))
    inputs = reader.read(path)
    if reader.problems or inputs is None:
        raise Refused(reader.problems)
    return inputs


class _Reader:
    def __init__(self, book: Book, cells: _Cells, lang: Lang) -> None:
        self.book = book
        self.cells = cells
        self.lang = lang
        self.problems: list[Problem] = []
        self.unit = "wan"
        self.step_micros = MICROS

    # --- the whole ----------------------------------------------------------

    def read(self, path: Path) -> Inputs | None:
        settings = contract.all_settings()
        values: dict[str, Any] = {}
        for key in ("unit", "step"):  # amounts are read in the unit and the step
            values[key] = self._setting(settings[key])
        self.unit = values["unit"] or "wan"
        self.step_micros = round(Decimal(repr(values["step"] or 1.0)) * MICROS)
        for key, setting in settings.items():
            if key not in values:
                values[key] = self._setting(setting)
        dimensions = self._dimensions()
        locks = self._locks()
        day_rules = self._day_rules()
        references = self._references()
        month_weights = {int(r["month"]): r["weight"] for r in self._keyed_rows(contract.T_MONTH_WEIGHTS)
                         if r["weight"] is not None}  # fmt: skip
        weekday_index = self._weekday_index()
        mapping = {r["field"]: r["header"] for r in self._keyed_rows(contract.T_MAPPING) if r["header"]}
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
        )
        return Inputs(
            plan=plan,
            lang=self.lang,
            unit=self.unit,
            amount_yuan=contract.UNIT_YUAN[values["actuals_unit"]],
            actuals=self._source(path, "actuals", values, contract.AREA_ACTUALS),
            history=self._source(path, "history", values, contract.AREA_HISTORY),
            mapping=mapping,
        )

    def _check_span(self, start: dt.date, end: dt.date) -> None:
        place = self.cells.cell_of("xs_end") or Place("xs_end")
        days = (end - start).days + 1
        if days < 1:
            self.problems.append(Problem(place, str(end), EndsBeforeStart(start=start, end=end)))
        elif days > MAX_DAYS:
            self.problems.append(Problem(place, str(end), TooLong(days=days)))

    def _source(self, path: Path, what: str, values: Mapping[str, Any], area: str) -> Source:
        label = contract.SHEETS[what][self.lang]
        file = values[f"{what}_file"]
        if file:
            given = Path(file)
            sheet = values[f"{what}_sheet"]
            label = f"[{given.name}]{sheet}" if sheet else given.name
            return Source(given if given.is_absolute() else path.parent / given, sheet, label)
        at = self.cells.cell_of(area)
        sheet = at.sheet if at else label
        return Source(path, sheet, sheet)

    # --- settings -----------------------------------------------------------

    def _setting(self, setting: Setting) -> Any:
        at = self.cells.cell_of(setting.name)
        if at is None:
            if setting.required:
                fault = NameMissing(label=setting.label[self.lang], name=setting.name)
                self.problems.append(Problem(Place(contract.SHEETS["settings"][self.lang]), "", fault))
            return setting.default
        found = self.cells.value(at)
        value = self._convert(setting, found, at)
        if _blank(found) and setting.required:
            unanswered = Unanswered(label=setting.label[self.lang], hint=setting.hint[self.lang])
            self.problems.append(Problem(at, "", unanswered))
        return setting.default if value is None and not setting.required else value

    def _convert(self, what: Setting | TableColumn, value: Value, place: Place) -> Any:
        """Return a cell's value as its kind asks, None where blank or at fault (the fault is kept)."""
        if _blank(value):
            return None
        label = what.label[self.lang]
        try:
            if isinstance(value, ErrorValue):
                raise ErrorCell(label=label, found=value.code)
            if isinstance(value, FormulaWithoutResult):
                raise NoResult(label=label)
            return self._CONVERTERS[what.kind](self, what, value, label)
        except Fault as fault:
            self.problems.append(Problem(place, _text(value), fault))
            return None

    def _as_text(self, what: Setting | TableColumn, value: Value, label: str) -> str:
        return _text(value)

    def _as_choice(self, what: Setting | TableColumn, value: Value, label: str) -> str:
        found = _text(value)
        choices: Mapping[str, Word] = what.choices or {}
        for code, word in choices.items():
            if found.casefold() in (code.casefold(), word.zh.casefold(), word.en.casefold()):
                return code
        raise NotAChoice(label=label, found=found, choices="、".join(w[self.lang] for w in choices.values()))

    def _as_number(self, what: Setting | TableColumn, value: Value, label: str) -> float:
        number = _number(value)
        if number is None:
            raise NotANumber(label=label, found=_text(value))
        return self._in_range(what, number, label)

    def _in_range(self, what: Setting | TableColumn, number: float, label: str) -> float:
        low, high = what.low, what.high
        if (low is not None and number < low) or (high is not None and number > high):
            bounds = {"low": "" if low is None else f"{low:g}", "high": "∞" if high is None else f"{high:g}"}
            raise OutOfRange(label=label, found=f"{number:g}", **bounds)
        return number

    def _as_integer(self, what: Setting | TableColumn, value: Value, label: str) -> int:
        number = self._as_number(what, value, label)
        if number != int(number):
            raise NotANumber(label=label, found=_text(value))
        return int(number)

    def _as_amount(self, what: Setting | TableColumn, value: Value, label: str) -> int:
        """An amount typed in the plan's unit, as whole steps."""
        named = read_amount(value) if isinstance(value, str) else None
        if named and named[1] is not None:  # "1000万" names its own unit
            self._in_range(what, float(named[0]), label)
            yuan = named[0] * named[1]
        else:
            yuan = Decimal(repr(self._as_number(what, value, label))) * contract.UNIT_YUAN[self.unit]
        steps = yuan * MICROS / self.step_micros
        if abs(steps - round(steps)) > Decimal("1e-6"):
            unit, step = contract.UNITS[self.unit][self.lang], Decimal(self.step_micros) / MICROS
            raise NotInSteps(label=label, found=_text(value), unit=unit, step=f"{step.normalize():f}")
        return round(steps)

    def _as_date(self, what: Setting | TableColumn, value: Value, label: str) -> dt.date:
        if isinstance(value, float):
            day = to_date(value, self.book.date1904)
        else:
            stamp = read_stamp(_text(value))
            day = stamp.date(Span()) if stamp and stamp.day else None
        if day is None or not 1990 <= day.year <= 2150:
            raise NotADate(label=label, found=_text(value))
        return day

    _CONVERTERS: Mapping[str, Callable[[_Reader, Setting | TableColumn, Value, str], Any]] = {
        "text": _as_text,
        "choice": _as_choice,
        "number": _as_number,
        "percent": _as_number,
        "integer": _as_integer,
        "amount": _as_amount,
        "date": _as_date,
    }

    # --- tables -------------------------------------------------------------

    def _rows(self, description: InputTable) -> Iterator[dict[str, Any]]:
        """Each row of a table that is not blank, by column key; `row` is its place, `faulty` if a fault was told."""
        table = self.book.table(description.name)
        if table is None:
            fault = TableMissing(label=description.label[self.lang], name=description.name)
            self.problems.append(Problem(Place(contract.SHEETS[description.sheet][self.lang]), "", fault))
            return
        columns = self._columns(description, table)
        if not columns:
            return
        sheet = table.area.sheet
        for row in table.data_rows:
            cells = {key: self.cells.value(Place(sheet, row, at)) for key, (at, _) in columns.items()}
            if all(map(_blank, cells.values())):
                continue
            told = len(self.problems)
            values: dict[str, Any] = {column.key: None for column in description.columns}
            for key, (at, column) in columns.items():
                values[key] = self._convert(column, cells[key], Place(sheet, row, at))
            values["row"] = Place(sheet, row, columns[description.columns[0].key][0])
            values["faulty"] = len(self.problems) > told
            yield values

    def _keyed_rows(self, description: InputTable) -> Iterator[dict[str, Any]]:
        """Each row of a small table; one without its first column is at fault."""
        key = description.columns[0]
        for row in self._rows(description):
            if row[key.key] is None:
                self._row_lacks(row, key)
            else:
                yield row

    def _row_lacks(self, row: dict[str, Any], column: TableColumn) -> None:
        if not row["faulty"]:
            self.problems.append(Problem(row["row"], "", NoDimensionName(header=column.label[self.lang])))

    def _columns(self, description: InputTable, table: Table) -> dict[str, tuple[int, TableColumn]]:
        found: dict[str, tuple[int, TableColumn]] = {}
        headers = {_plain(header): table.area.column + i for i, header in enumerate(table.headers)}
        for column in description.columns:
            at = headers.get(_plain(column.label.zh), headers.get(_plain(column.label.en)))
            if at is not None:
                found[column.key] = (at, column)
            else:
                fault = HeaderMissing(table=description.label[self.lang], header=column.label[self.lang])
                self.problems.append(Problem(Place(table.area.sheet, table.area.row), "", fault))
        return found if len(found) == len(description.columns) else {}

    def _dimensions(self) -> tuple[Dimension, ...]:
        families: dict[str, list[Member]] = {}
        places: dict[int, Place] = {}
        columns = {column.key: column for column in contract.T_DIMENSIONS.columns}
        for row in self._rows(contract.T_DIMENSIONS):
            place: Place = row["row"]
            missing = next((key for key in ("dimension", "member") if not row[key]), None)
            if missing:
                self._row_lacks(row, columns[missing])
                continue
            places[place.row or 0] = place
            families.setdefault(row["dimension"], []).append(
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
                )
            )
        dimensions = []
        for name, members in families.items():
            dimension, faults = grow(name, members)
            self.problems += [Problem(places[m.row], m.name, fault) for m, fault in faults]
            if dimension:
                dimensions.append(dimension)
        return tuple(dimensions)

    def _locks(self) -> tuple[Lock, ...]:
        locks = []
        columns = {column.key: column for column in contract.T_LOCKS.columns}
        for row in self._rows(contract.T_LOCKS):
            missing = next((key for key in ("period", "amount") if row[key] is None), None)
            if row["member"] and not row["dimension"]:
                missing = "dimension"
            elif row["dimension"] and not row["member"]:
                missing = "member"
            if missing:
                self._row_lacks(row, columns[missing])
                continue
            locks.append(Lock(row["period"], row["amount"], row["dimension"], row["member"], row["row"].row))
        return tuple(locks)

    def _day_rules(self) -> tuple[DayRule, ...]:
        rules = []
        for row in self._keyed_rows(contract.T_CALENDAR):
            last = row["end"] or row["start"]
            if last < row["start"] or (last - row["start"]).days > 366:
                fault = EndsBeforeStart(start=row["start"], end=last)
                self.problems.append(Problem(row["row"], str(last), fault))
                continue
            factor = 1.0 if row["factor"] is None else row["factor"]
            day = row["start"]
            while day <= last:
                rules.append(DayRule(day, row["kind"], factor, row["note"] or ""))
                day += dt.timedelta(days=1)
        return tuple(rules)

    def _references(self) -> tuple[tuple[str, float], ...]:
        rows = self._keyed_rows(contract.T_REFERENCE)
        return tuple((r["period"], 1.0 if r["share"] is None else r["share"]) for r in rows)

    def _weekday_index(self) -> tuple[float, ...] | None:
        rows = [r for r in self._keyed_rows(contract.T_WEEKDAYS) if r["index"] is not None]
        days = {name: i for i, word in enumerate(contract.WEEKDAYS) for name in (word.zh, word.en)}
        given = {}
        for row in rows:
            if row["weekday"] in days:
                given[days[row["weekday"]]] = row["index"]
                continue
            label, choices = contract.T_WEEKDAYS.columns[0].label[self.lang], [w[self.lang] for w in contract.WEEKDAYS]
            unknown = NotAChoice(label=label, found=row["weekday"], choices="、".join(choices))
            self.problems.append(Problem(row["row"], row["weekday"], unknown))
        if not given:
            return None
        if len(given) < 7:
            place = rows[0]["row"]
            self.problems.append(Problem(place, "", WeekdaysIncomplete(found=len(given))))
            return None
        return tuple(given[i] for i in range(7))


def _blank(value: Value) -> bool:
    return value is BLANK or (isinstance(value, str) and not value.strip())


def _text(value: Any) -> str:
    """Return a cell's value as people see it: whole numbers without a decimal point."""
    if value is BLANK or value is None:
        return ""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value).strip()


def _plain(header: str) -> str:
    return re.sub(r"\s", "", header).casefold()


def _number(value: Value) -> float | None:
    """Return a number, also where it is text that means one; None otherwise."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return value
    found = read_amount(str(value))
    return float(found[0]) if found and found[1] is None else None


def _aliases(text: str | None) -> tuple[str, ...]:
    return tuple(name for part in re.split(r"[、;;,,|\n]", text or "") if (name := part.strip()))
