"""A plan in cells that a formula selects: a written sheet from A1, or table 数据表 with its headers, or one like it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Struct

from xlsales.core.expressions import expression
from xlsales.core.faults import Fault, Lang
from xlsales.core.period_text import parts_of
from xlsales.core.periods import Level
from xlsales.core.text import identity
from xlsales.functions.cell import ArgumentCell, content, date_or_blank
from xlsales.functions.plans import COMPANY, NAN, Line, NotAllOfIt, PlanFigures, fiscal_month_of, month_of_serial
from xlsales.values import cell
from xlsales.values.serials import to_date
from xlsales.vocabulary.contract import IDENTITY, PROGRESS_COLUMNS, Word

Cells = Sequence[Sequence[Any]]

HEADERS: Mapping[str, Word] = {
    "dimension": Word("维度", "Dimension"),
    "member": Word("成员", "Member"),
    "level": Word("层级", "Level"),
    "month": Word("月份", "Month"),
    **{key: PROGRESS_COLUMNS[key] for key in ("target", "actual", "target_to_date")},
}
"""The headers of a table by which its columns are known; all but member, month and target may be missing."""
_NEEDED = ("member", "month", "target")
_TOP = 20
"""Rows and columns in which a sheet's identity, or a table's headers, are looked for."""
_FIGURES = ("target", "actual", "target_to_date")
_MONTH_KEY = expression(r"\d{4}-(?:\d\d|P\d\d)")
_QUARTER_KEY = expression(r"\d{4}Q[1-4]")
_NEAR = 0.5
_COMPANY = identity(COMPANY.zh), identity(COMPANY.en)


class NoPlanHere(Fault):
    """Cells that are neither a written sheet nor a table of a plan."""

    zh = "plan 选的不是计划:请从 A1 起选整张“按…”或“按时间”,或选“数据表”连同表头(xs_data[#All]),或填工作簿路径。"
    en = "plan is no plan: select a sheet By … or By time from A1, or Data with its headers (xs_data[#All]), or a path."


def read_range(rows: Cells) -> PlanFigures:
    """Return what cells say. Raises NoPlanHere."""
    place = _identity(rows)
    if place is not None:
        sheet = KeyedCells(rows, *place)
        plan = PlanFigures()
        if sheet.identity.startswith(f"{IDENTITY}dimension:"):
            read_dimension(plan, sheet)
            return plan
        if sheet.identity == f"{IDENTITY}time":
            read_time(plan, sheet)
            return plan
    headers = next((n for n, row in enumerate(rows[:_TOP]) if _columns(row).keys() >= {*_NEEDED}), None)
    if headers is None:
        raise NoPlanHere()
    return read_table(rows[headers + 1 :], _columns(rows[headers]))


def _identity(rows: Cells) -> tuple[int, int] | None:
    for r, row in enumerate(rows[:_TOP]):
        for c, value in enumerate(row[:_TOP]):
            if isinstance(value, str) and value.startswith(IDENTITY):
                return r, c
    return None


class RowTwice(Fault):
    """Two rows of a table for one member and month."""

    zh = "plan 里“{member}”的 {month} 不止一行。请每个成员每月只留一行;名称在几个维度里都有的,请连“维度”列一起选。"
    en = (
        'plan has several rows for "{member}" in {month}. Keep one for each member and month; if the name is in '
        'several dimensions, select column "Dimension" too.'
    )


class MonthUnreadable(Fault):
    """A row of a table whose month cannot be read."""

    zh = "plan 里“{member}”的月份“{found}”看不懂。请写成日期,或 2026-03 这样。"
    en = 'plan has "{found}" as a month of "{member}". Write a date, or 2026-03.'


class OfMember(Struct, frozen=True):
    """The place of a figure in a table: its member and its month."""

    member: str
    month: str

    def say(self, lang: Lang) -> str:
        """Return `plan 里“甲店” 2026-03 的数`, or `"North" in 2026-03 of plan`."""
        if lang == "zh":
            return f"plan 里“{self.member}” {self.month} 的数"
        return f'"{self.member}" in {self.month} of plan'


class KeyedCells:
    """A written sheet: its cells by the keys in the row of its identity, and below it."""

    def __init__(self, rows: Cells, row: int, column: int) -> None:
        self.identity = str(rows[row][column])
        self._columns = {key: c for c, key in enumerate(rows[row]) if c > column + 1 and isinstance(key, str) and key}
        self._rows = {key: line for line in rows[row + 1 :] if isinstance(key := line[column], str) and key}
        self.months = [key[2:] for key in self._columns if key.startswith("t:")]

    @property
    def rows(self) -> Sequence[str]:
        """The keys of its rows, from top to bottom."""
        return list(self._rows)

    def number(self, row: str, column: str) -> float:
        """Return a number; NaN if there is none."""
        at, line = self._columns.get(column), self._rows.get(row)
        return number(line[at]) if at is not None and line is not None else NAN

    def day(self, row: str, column: str) -> dt.date | None:
        """Return a day; None if there is none."""
        at = self._columns.get(column)
        return day(self._rows[row][at]) if at is not None else None


def number(value: Any) -> float:
    """Return a cell as a number; NaN if it is none."""
    if value is None or isinstance(value, bool | str | dt.date):
        return NAN
    try:
        one = float(value)
    except (TypeError, ValueError):
        return NAN
    return one if math.isfinite(one) else NAN


def day(value: Any) -> dt.date | None:
    """Return a cell as a day: a date, or its number; None if it is none."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    serial = number(value)
    return None if math.isnan(serial) else to_date(serial)


def read_dimension(plan: PlanFigures, sheet: KeyedCells) -> None:
    """Take the members of a sheet 按…; the target to date of the month under way is not in it."""
    if not plan.months:
        plan.months = sheet.months
    name = sheet.identity.removeprefix(f"{IDENTITY}dimension:")
    plan.names[identity(name)] = name
    lines = plan.members.setdefault(identity(name), {})
    total = _line_of(sheet, "total")
    if not plan.months or not abs(math.fsum(total.target) - total.whole["target"]) < _NEAR:
        raise NotAllOfIt()
    state = _state(total)
    for key in sheet.rows:
        if key.startswith("m:"):
            lines.setdefault(identity(key[2:]), _due(_line_of(sheet, key), state))
    if plan.company is None:
        plan.company = _due(total, state)


def _line_of(sheet: KeyedCells, row: str) -> Line:
    months = sheet.months
    whole = {figure: sheet.number(row, figure) for figure in _FIGURES}
    targets, actuals = ([sheet.number(row, f"{block}:{month}") for month in months] for block in "ta")
    return Line(targets, actuals, [NAN] * len(months), whole)


def _state(total: Line) -> tuple[int, bool]:
    """Return how many months are complete, and whether the next one is under way; -1 before there are actuals."""
    begun = max((m for m, actual in enumerate(total.actual) if not math.isnan(actual)), default=-1)
    if begun < 0:
        return -1, False
    due, asked = total.whole.get("target_to_date", NAN), math.fsum(total.target[: begun + 1])
    return (begun + 1, False) if abs(due - asked) < _NEAR else (begun, True)


def _due(line: Line, state: tuple[int, bool]) -> Line:
    """Fill in the targets to date of months that are complete, or have not begun."""
    complete, under_way = state
    if complete >= 0:
        line.target_to_date = [t if m < complete else 0.0 for m, t in enumerate(line.target)]
        line.under_way = complete if under_way else -1
        if line.whole.get("target") == 0:  # nothing is due, which the sheet shows as a blank
            line.whole["target_to_date"], line.under_way = 0.0, -1
    return line


def read_time(plan: PlanFigures, sheet: KeyedCells) -> None:
    """Take the company by month, week and day from sheet 按时间, and the first month of its fiscal years."""
    months = [key for key in sheet.rows if _MONTH_KEY.fullmatch(key)]
    plan.months = plan.months or months
    if not plan.months:
        raise NotAllOfIt()
    company = Line.blank(len(plan.months))
    for m, key in enumerate(plan.months):
        for figure in _FIGURES:
            getattr(company, figure)[m] = sheet.number(key, figure)
        if not math.isnan(company.target[m]) and math.isnan(company.target_to_date[m]):
            company.target_to_date[m] = NAN if math.isnan(sheet.number("total", "target_to_date")) else 0.0
    company.whole = {figure: sheet.number("total", figure) for figure in _FIGURES}
    plan.company = company
    longer = {key: _span(sheet, key) for key in sheet.rows if _QUARTER_KEY.fullmatch(key)}
    plan.spans = {key: span for key in months if (span := _span(sheet, key))}
    inside = {
        quarter: [month for month, one in plan.spans.items() if span and span[0] <= one[0] <= span[1]]
        for quarter, span in longer.items()
    }
    plan.fiscal_month = fiscal_month_of(inside)
    others = (key for key in sheet.rows if key[:4].isdigit() and key not in plan.months and key not in longer)
    plan.periods = {
        key: {figure: sheet.number(key, figure) for figure in _FIGURES}
        for key in others
        if "-" in key  # years, half-years and quarters are sums of months
    }


def _span(sheet: KeyedCells, key: str) -> tuple[dt.date, dt.date] | None:
    first, last = sheet.day(key, "start"), sheet.day(key, "end")
    return (first, last) if first and last else None


def _columns(row: Sequence[Any]) -> dict[str, int]:
    """The columns of a table by what their headers say."""
    texts = {identity(value): c for c, value in reversed(list(enumerate(row))) if isinstance(value, str)}
    return {
        key: texts[name]
        for key, word in HEADERS.items()
        for name in (identity(word.en), identity(word.zh))
        if name in texts
    }


def read_table(rows: Cells, columns: Mapping[str, int]) -> PlanFigures:
    """Return what a table of a row for each member and month says; what is wrong in a row is a fault of its member."""
    plan = PlanFigures()
    named = [row for row in rows if row[columns["member"]] not in (None, "")]
    months = {value: _month(value) for value in {row[columns["month"]] for row in named if row[columns["month"]]}}
    plan.months = sorted({key for key in months.values() if key})
    position = {key: m for m, key in enumerate(plan.months)}
    figures = [figure for figure in _FIGURES if figure in columns]
    seen: set[tuple[int, str]] = set()
    for row in named:
        value = row[columns["month"]]
        if value in (None, ""):
            continue
        line, month = _line_of_row(plan, row, columns), months[value]
        if month is None:
            line.fault = line.fault or MonthUnreadable(member=row[columns["member"]], found=value)
            continue
        if (id(line), month) in seen:
            line.fault = line.fault or RowTwice(member=row[columns["member"]], month=month)
        seen.add((id(line), month))
        for figure in figures:
            try:
                getattr(line, figure)[position[month]] = _figure(row[columns[figure]], row[columns["member"]], month)
            except Fault as fault:
                line.fault = line.fault or fault
    return plan if plan.months else _none()


def _line_of_row(plan: PlanFigures, row: Sequence[Any], columns: Mapping[str, int]) -> Line:
    """The figures that a row of a table belongs to."""
    dimension = str(row[columns["dimension"]] or "") if "dimension" in columns else ""
    if identity(dimension) in _COMPANY and number(row[columns["level"]] if "level" in columns else 0) == 0:
        plan.company = plan.company or Line.blank(len(plan.months))
        return plan.company
    plan.names.setdefault(identity(dimension), dimension)
    lines = plan.members.setdefault(identity(dimension), {})
    return lines.setdefault(identity(str(row[columns["member"]])), Line.blank(len(plan.months)))


def _figure(value: Any, member: Any, month: str) -> float:
    """A figure of a table; NaN is blank. Raises what a cell that is no number raises."""
    if type(value) is float and math.isfinite(value):
        return value
    exact = cell.number(content(value), OfMember(str(member), month), share=False)
    return NAN if exact is None else float(exact)


def _none() -> PlanFigures:
    raise NoPlanHere()


def _month(value: Any) -> str | None:
    """The key of a month: a date or a month as text, or a number that is one; None if it is neither."""
    if isinstance(value, dt.date):
        return f"{value:%Y-%m}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return month_of_serial(value)
    if not isinstance(value, str):
        return None
    with suppress(Fault):
        level, year, suffix = parts_of(value)
        if level is Level.MONTH and year and suffix[1] != "P":
            return f"{year}{suffix}"
    with suppress(Fault):
        first = date_or_blank(value, ArgumentCell("plan"))
        return None if first is None else f"{first:%Y-%m}"
    return None
