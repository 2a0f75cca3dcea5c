"""Sheet 分项 of a returned workbook: changes in its targets and tables. No sales are read from it."""

from __future__ import annotations

from collections.abc import Iterator

from xlsales.core.faults import Fault, Problem
from xlsales.core.plan import MICROS
from xlsales.ooxml.cells import Cell
from xlsales.store import reasons
from xlsales.store.amounts import holds_target, is_blank, shown
from xlsales.store.contract import MEMBER_PREFIX, UNASSIGNED_PREFIX
from xlsales.store.returned import Expected, yuan
from xlsales.store.returned_book import ReturnedSheet
from xlsales.store.sealing import named_key, sealed


class MemberChanged(Fault):
    """Another name in the row of a member."""

    zh = "这一行原来是“{expected}”,现在是“{found}”,总部没有采用。请改回;要换人或加人,请告诉总部。"
    en = 'This row was "{expected}" and is now "{found}": not taken. Put it back; ask headquarters for changes.'


class TableRowInserted(Fault):
    """Amounts in a row that headquarters did not hand out."""

    zh = "这一行不是下发的,总部没有采用。请删去;要加人或改目标,请告诉总部。"
    en = "This row was not handed out and was not taken. Delete it; ask headquarters for changes."


class TableFormulaOverwritten(Fault):
    """A number typed over a formula of a table."""

    zh = "公式被数字盖掉了,总部不读这一格。实际请填“日报”或“明细”,并从下发的文件里复制回公式。"
    en = "A number was typed over the formula and is not read. Enter sales in Daily or Detail; restore the formula."


_SUMS = ("month_target", "month_actual", "target", "actual")
"""The amounts that are formulas in every row of a table."""


def check(sheet: ReturnedSheet, expected: Expected) -> Iterator[Problem]:
    """Yield what differs from the tables as they were handed out: targets, members, rows and formulas."""
    targets: dict[str, list[tuple[str, float]]] = {}
    for key, column, amount in sealed(expected.terms, expected.targets):
        targets.setdefault(key, []).append((column, amount))
    names = {
        table.row_key(n): name
        for table, part in zip(expected.terms.tables, expected.targets.parts, strict=True)
        for n, name in enumerate(part.names, 1)
    }
    numbers = {column: sheet.cells.constants(sheet.columns[column]) for column in _SUMS if column in sheet.columns}
    for row, key in sheet.keyed:
        is_of_table = key in names or key.startswith(UNASSIGNED_PREFIX)
        if sheet.rows.get(key, row) != row or not (is_of_table or key):
            yield from _inserted(sheet, row, expected)
        elif is_of_table and named_key(sheet, key, row) not in targets:
            fault = MemberChanged(found=shown(sheet.cell(row, "member")), expected=names.get(key, ""))
            yield _problem(sheet, row, "member", fault)
        elif is_of_table:
            for month, target in targets[named_key(sheet, key, row)]:
                if not holds_target(cell := sheet.cell(row, month), target):
                    changed = reasons.TargetChanged(found=shown(cell), expected=yuan(target * MICROS))
                    yield _problem(sheet, row, month, changed)
        elif key.startswith(MEMBER_PREFIX) and not is_blank(sheet.cell(row, "member")):
            yield from _inserted(sheet, row, expected)
        if key:
            columns = [column for column, rows in numbers.items() if row in rows and _amount(sheet.cell(row, column))]
            yield from (_problem(sheet, row, column, TableFormulaOverwritten()) for column in columns)


def _inserted(sheet: ReturnedSheet, row: int, expected: Expected) -> Iterator[Problem]:
    """Yield a problem if a row that was inserted, copied, or handed out blank has an amount."""
    column = next((column for column in (*expected.terms.month_keys, *_SUMS) if _amount(sheet.cell(row, column))), None)
    if column is not None:
        yield _problem(sheet, row, column, TableRowInserted())


def _problem(sheet: ReturnedSheet, row: int, column: str, fault: Fault) -> Problem:
    return Problem.note(sheet.place(row, column), shown(sheet.cell(row, column)), fault)


def _amount(cell: Cell) -> bool:
    return isinstance(cell.value, float) and not cell.formula and bool(cell.value)
