"""Sheet 分项 of a returned workbook: its targets, and what was done to its tables. Nothing sold is read from it."""

from __future__ import annotations

from collections.abc import Iterator

from xlsales.core.faults import Fault, Problem
from xlsales.core.keys import joined, parted
from xlsales.ooxml.cells import Cell
from xlsales.store.amounts import is_blank, shown
from xlsales.store.collect import reasons
from xlsales.store.contract import MEMBER_PREFIX, MICROS, UNASSIGNED_PREFIX
from xlsales.store.pages import Page
from xlsales.store.returned import Expected, yuan

_SUMS = ("month_target", "month_actual", "target", "actual")
"""The amounts that are formulas in every row of a table."""


def member_targets(page: Page) -> Iterator[tuple[str, str, float]]:
    """Yield the sealed targets as they are now: (row key with the member's name, month's key, yuan)."""
    months = _months(page)
    page.cells.load(page.columns[month] for month in months)
    for key, row in page.rows.items():
        named = _named(page, key, row)
        for month in months if named else ():
            cell = page.cell(row, month)
            if isinstance(cell.value, float) and not cell.formula:
                yield named, month, cell.value


def check_members(page: Page, expected: Expected) -> Iterator[Problem]:
    """Yield what differs from the tables as they were handed out: targets, members, rows and formulas."""
    wanted: dict[str, list[tuple[str, float]]] = {}
    for table, part in zip(expected.tables, expected.parts, strict=True):
        for key, month, amount in part.sealed(table, list(expected.months)):
            wanted.setdefault(key, []).append((month, amount))
    names = {
        table.row_key(n): name
        for table, part in zip(expected.tables, expected.parts, strict=True)
        for n, name in enumerate(part.names, 1)
    }
    typed = {column: page.cells.constants(page.columns[column]) for column in _SUMS if column in page.columns}
    for row, key in page.keyed:
        known = key in names or key.startswith(UNASSIGNED_PREFIX)
        if page.rows.get(key, row) != row or not (known or key):
            yield from _inserted(page, row)
        elif known and _named(page, key, row) not in wanted:
            changed = reasons.MemberChanged(found=shown(page.cell(row, "member")), expected=names.get(key, ""))
            yield _problem(page, row, "member", changed)
        elif known:
            yield from _changed(page, row, wanted[_named(page, key, row)])
        elif key.startswith(MEMBER_PREFIX) and not is_blank(page.cell(row, "member")):
            yield from _inserted(page, row)
        if key:
            over = [column for column, rows in typed.items() if row in rows and _amount(page.cell(row, column))]
            yield from (_problem(page, row, column, reasons.TableFormulaOverwritten()) for column in over)


def _changed(page: Page, row: int, wanted: list[tuple[str, float]]) -> Iterator[Problem]:
    for month, amount in wanted:
        cell = page.cell(row, month)
        if not isinstance(cell.value, float) or round(cell.value * MICROS) != round(amount * MICROS):
            fault = reasons.TargetChanged(found=shown(cell), expected=yuan(amount * MICROS))
            yield _problem(page, row, month, fault)


def _inserted(page: Page, row: int) -> Iterator[Problem]:
    """Amounts in a row that was inserted, copied, or meant to be blank."""
    filled = next((column for column in (*_months(page), *_SUMS) if _amount(page.cell(row, column))), None)
    if filled is not None:
        yield _problem(page, row, filled, reasons.TableRowInserted())


def _problem(page: Page, row: int, column: str, fault: Fault) -> Problem:
    return Problem(page.place(row, column), shown(page.cell(row, column)), fault, set_aside=False)


def _amount(cell: Cell) -> bool:
    return isinstance(cell.value, float) and not cell.formula and bool(cell.value)


def _named(page: Page, key: str, row: int) -> str:
    """The key of a row of a table with its member's name for its number; empty where it is none."""
    if key.startswith(MEMBER_PREFIX):
        name, parts = shown(page.cell(row, "member")), parted(key.removeprefix(MEMBER_PREFIX), 2)
        return MEMBER_PREFIX + joined(parts[0], name) if name and parts else ""
    return key if key.startswith(UNASSIGNED_PREFIX) else ""


def _months(page: Page) -> list[str]:
    return [column for column in page.columns if column[:4].isdigit() and column[4:5] == "-"]
