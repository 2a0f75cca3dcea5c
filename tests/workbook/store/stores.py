"""Stores to write workbooks for, and what a store types into them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from xlsales.core.allocation import allocate
from xlsales.core.calendars import work_calendar
from xlsales.core.faults import Lang
from xlsales.core.periods import timeline, weekdays
from xlsales.core.plan import MICROS, Clock, DayRule, Dimension, Member, MonthPattern, Plan
from xlsales.workbook.file.book import Book
from xlsales.workbook.file.cells import to_serial
from xlsales.workbook.file.package import Package
from xlsales.workbook.file.patch import Change, patch_sheet
from xlsales.workbook.store.figures import Span, Store

WEEK = (1, 1, 1, 1.05, 1.2, 1.6, 1.5)


def span(
    start: dt.date = dt.date(2026, 1, 1),
    end: dt.date = dt.date(2026, 3, 31),
    clock: Clock = Clock.TARGET_CURVE,
    lang: Lang = "zh",
    step: float = 1,
    pattern: MonthPattern = MonthPattern.NATURAL,
) -> Span:
    """A plan of a quarter that has 春节 and make-up days, with products beside the stores."""
    rules = (DayRule(dt.date(2026, 3, 8), None, 2.0, "三八节"),)
    dimensions = tuple(
        Dimension(name, (Member(member),), (-1,), (1,)) for name, member in (("门店", "上海徐汇店"), ("产品", "产品A"))
    )
    micros = round(step * MICROS)
    plan = Plan("2026 目标", 10**9, micros, start, end, dimensions, clock=clock, day_rules=rules)
    line = timeline(start, end, pattern=pattern)
    return Span(plan, "门店", line, work_calendar(line.days, rules), lang, "wan")


def store(span: Span, code: str = "上海徐汇店", total: float = 450_000, zero: slice | None = None) -> Store:
    """A store whose days follow the week; `zero` days have no target."""
    weights = np.array(WEEK)[weekdays(span.timeline.days)]
    if zero is not None:
        weights[zero] = 0.0
    step = span.plan.step_micros / MICROS
    days = allocate(round(total / step), weights) * step
    return Store(code, days, "去年同期 420,000 元 × 1.071,周六系数 1.6、周日系数 1.5。")


def typed(data: bytes, day: Mapping[str, Change], detail: list[tuple[dt.date, float]] | None = None) -> bytes:
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
        for i, (date, amount) in enumerate(detail, area.row + 1):
            cells[i, area.column] = float(to_serial(date))
            cells[i, amounts.column] = amount
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
