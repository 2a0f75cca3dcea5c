"""Stores to write workbooks for, and what a store types into them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace

from xlsales.core.allocation import allocate
from xlsales.core.calendars import work_calendar
from xlsales.core.cross import cross_months
from xlsales.core.faults import Lang
from xlsales.core.periods import timeline, weekdays
from xlsales.core.plan import MICROS, Clock, DayRule, Dimension, FiscalYear, Member, MonthPattern, Plan
from xlsales.ooxml.book import Book
from xlsales.ooxml.changes import Change
from xlsales.ooxml.package import Package
from xlsales.ooxml.patch import patch_sheet
from xlsales.store.tables import DimensionTable, MemberTargets
from xlsales.store.targets import Known, Store, StoreTerms
from xlsales.values.serials import to_serial

WEEK = (1, 1, 1, 1.05, 1.2, 1.6, 1.5)


def terms(
    start: dt.date = dt.date(2026, 1, 1),
    end: dt.date = dt.date(2026, 3, 31),
    clock: Clock = Clock.TARGET_CURVE,
    lang: Lang = "zh",
    step: float = 1,
    pattern: MonthPattern = MonthPattern.NATURAL,
) -> StoreTerms:
    """A plan of a quarter that has 春节 and make-up days, with products beside the stores."""
    rules = (DayRule(dt.date(2026, 3, 8), None, 2.0, "三八节"),)
    dimensions = tuple(
        Dimension(name, (Member(member),), (-1,), (1,)) for name, member in (("门店", "上海徐汇店"), ("产品", "产品A"))
    )
    micros = round(step * MICROS)
    plan = Plan("2026 目标", 10**9, micros, start, end, dimensions, clock=clock, day_rules=rules)
    line = timeline(start, end, FiscalYear(pattern=pattern))
    return StoreTerms(plan, "门店", line, work_calendar(line.days, rules), lang, "wan")


def store(terms: StoreTerms, code: str = "上海徐汇店", total: float = 450_000, zero: slice | None = None) -> Store:
    """A store whose days follow the week; `zero` days have no target."""
    weights = np.array(WEEK)[weekdays(terms.timeline.days)]
    if zero is not None:
        weights[zero] = 0.0
    step = terms.plan.step_micros / MICROS
    days = allocate(round(total / step), weights) * step
    return Store(code, days, sentence="去年同期 420,000 元 × 1.071,周六系数 1.6、周日系数 1.5。")


Receipt = tuple[dt.date, float] | tuple[dt.date, float, Mapping[str, str]]
"""A pasted row: day, amount, and by dimension the members it names."""


def typed(data: bytes, day: Mapping[str, Change], detail: Sequence[Receipt] = ()) -> bytes:
    """Return a workbook in which a store has typed actuals by day key, and pasted receipts."""
    book = Book(Package.of_bytes(data))
    area = book.area("xs_store_actuals")
    assert area is not None
    sheet = book.sheet(area.sheet)
    assert sheet is not None
    rows = {cell.value: row for (row, column), cell in book.cells(sheet).items() if column == 1}
    put(book, area.sheet, {(rows[key], area.column): value for key, value in day.items()})
    if detail:
        area = book.area("xs_store_detail")
        assert area is not None
        amounts = book.area("xs_store_detail_amounts")
        assert amounts is not None
        cells: dict[tuple[int, int], Change] = {}
        home = book.sheet(area.sheet)
        assert home is not None
        columns = {cell.value: column for (row, column), cell in book.cells(home).items() if row == 1}
        for i, (date, amount, *named) in enumerate(detail, area.row + 1):
            cells[i, area.column] = float(to_serial(date))
            cells[i, amounts.column] = amount
            for members in named:
                cells |= {(i, columns[f"dimension:{name}"]): member for name, member in members.items()}
        put(book, area.sheet, cells)
    return book.package.to_bytes()


def put(book: Book, title: str, cells: Mapping[tuple[int, int], Change]) -> None:
    """Write cells of a sheet."""
    sheet = book.sheet(title)
    assert sheet is not None
    book.package.set(sheet.part, patch_sheet(book.package.read(sheet.part), cells))


def keyed(workbook: Any, key: str) -> dict[tuple[str, str], Any]:
    """The cells of a keyed sheet that openpyxl has read, by row key and column key."""
    sheet = next(s for s in workbook.worksheets if s["A1"].value == f"xlsales:store:{key}")
    columns = {cell.column: cell.value for cell in sheet[1][1:] if cell.value}
    found = {}
    for row in sheet.iter_rows(min_row=2):
        if row[0].value:
            for cell in row:
                if cell.column in columns:
                    found[str(row[0].value), columns[cell.column]] = cell.value
    return found


PRODUCTS = ("产品A", "产品*B", "C?~<1>")
"""Names that SUMIFS would take for patterns."""
PERSONS = ("张三", "李四", "O'Neil & 王五", "赵六")


def with_tables(plan: StoreTerms) -> StoreTerms:
    """The plan with a table of products and one of persons, room for four."""
    names = tuple(Dimension(name, (Member("…"),), (-1,), (1,)) for name in ("门店", "产品", "人员"))
    tables = (DimensionTable("产品", len(PRODUCTS), PRODUCTS), DimensionTable("人员", len(PERSONS), PERSONS))
    return replace(plan, plan=replace(plan.plan, dimensions=names), tables=tables)


def with_parts(plan: StoreTerms, one: Store, persons: int, chance: np.random.Generator | None = None) -> Store:
    """The store with its months broken down over products, and over so many persons, who get more than there is."""
    chance = chance or np.random.default_rng(len(one.code))
    step = plan.plan.step_micros / MICROS
    months = np.array([round(one.days[at].sum() / step) for at in plan.slices])
    asked = np.array([allocate(int(month * 0.9), chance.integers(1, 9, len(PRODUCTS))) for month in months]).T
    cells = cross_months(months[None], asked, months)[0] * step
    own = np.array([allocate(int(month * 1.2), np.arange(1, persons + 1)) for month in months]).T if persons else []
    own = np.array(own).reshape(persons, len(months)) * step
    rest = months * step - own.sum(axis=0)
    return replace(
        one, parts=(MemberTargets(PRODUCTS, cells[:-1], cells[-1]), MemberTargets(PERSONS[:persons], own, rest))
    )


def with_known(plan: StoreTerms, one: Store, chance: np.random.Generator, by_sum: Sequence[int] = ()) -> Store:
    """The store with what headquarters knows up to the terms's hand-out: most days, and some months as sums alone."""
    assert plan.handed is not None
    last = (min(plan.handed, plan.plan.end) - plan.plan.start).days
    days = np.round(chance.normal(5_000, 2_500, plan.timeline.n_days), 2)
    days[chance.random(len(days)) < 0.1] = np.nan
    days[last + 1 :] = np.nan
    months = np.full(len(plan.months), np.nan)
    for m in by_sum:
        months[m] = round(float(chance.normal(150_000, 20_000)), 2)
        days[plan.slices[m]] = np.nan
    parts = []
    for part in one.parts:
        split = np.round(chance.random((len(part.names), len(plan.months))) * 10_000, 2)
        split[:, [m for m, at in enumerate(plan.slices) if at.start > last]] = 0.0
        parts.append(split)
    return replace(one, known=Known(days, months, tuple(parts)))


def differing(wanted: Any, found: Any, within: float) -> list[tuple[str, str, Any, Any]]:
    """The cells of a workbook that another one, as openpyxl reads both, does not show alike: sheet, cell, both values.

    Numbers may be `within` of each other; a text that is empty is as good as a blank.
    """
    return [
        (sheet.title, cell.coordinate, cell.value, other)
        for sheet in wanted.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if not _alike(cell.value, other := found[sheet.title][cell.coordinate].value, within)
    ]


def _alike(one: Any, other: Any, within: float) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=0, abs_tol=within)
    return bool((one if one is not None else "") == (other if other is not None else ""))
