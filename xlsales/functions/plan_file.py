"""A plan in a workbook that a formula names: read once, and again only if its content has become another."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

from xlsales.core.faults import Fault
from xlsales.functions.plan_range import KeyedCells, read_dimension, read_range, read_time
from xlsales.functions.plans import PlanFigures
from xlsales.ooxml import files
from xlsales.ooxml.book import Area, Book, SheetPart
from xlsales.ooxml.cells import BLANK, ErrorValue, FormulaWithoutResult
from xlsales.ooxml.package import Package, fingerprint
from xlsales.vocabulary.contract import IDENTITY, OUT_PREFIX

_TABLE = "xs_data"
_KEPT = 8
"""So many workbooks are kept in mind, the last ones that were asked for."""

_plans: OrderedDict[Hashable, PlanFigures] = OrderedDict()
"""By the fingerprints of their workbooks."""


class NoPlanInFile(Fault):
    """A workbook without sheets of a plan."""

    zh = "{file} 里没有分解好的计划。请先用 xlsales 分解它并保存,或改填别的工作簿。"
    en = "{file} has no plan that has been split. Split it with xlsales and save it, or name another workbook."


def read_file(path: Path) -> PlanFigures:
    """Return what the plan in a file says, as it was saved last. Raises what opening a workbook raises.

    It is known by its content, of which each call reads the directory alone; what it says is worked out once.
    """
    files.look_for(path)
    known = fingerprint(path)
    if known not in _plans:
        plan = _read(Book(Package.at_once(path)), path.name)
        if fingerprint(path) != known:  # it was saved meanwhile
            return plan
        _plans[known] = plan
        while len(_plans) > _KEPT:
            _plans.popitem(last=False)
    _plans.move_to_end(known)
    return _plans[known]


def _read(book: Book, name: str) -> PlanFigures:
    """The sheets 按… and 按时间; the members' targets to date from 数据表, else by the time progress of the months."""
    plan = PlanFigures()
    times: list[KeyedCells] = []
    for title, area in book.names.items():
        sheet = book.sheet(area.sheet)
        if not title.lower().startswith(OUT_PREFIX) or sheet is None or not sheet.has_cells:
            continue
        rows = _rows(book, sheet, area.row, area.column)
        identity = rows[0][0] if rows and rows[0] else None
        if not isinstance(identity, str):
            continue
        if identity.startswith(f"{IDENTITY}dimension:"):
            read_dimension(plan, KeyedCells(rows, 0, 0))
        elif identity == f"{IDENTITY}time":
            times.append(KeyedCells(rows, 0, 0))
    for time in times:
        read_time(plan, time)
        _under_way(plan, time)
    if not plan.members and plan.company is None:
        raise NoPlanInFile(file=name)
    table = book.table(_TABLE)
    if table is not None:
        _take_due(plan, book, table.area)
    return plan


def _under_way(plan: PlanFigures, time: KeyedCells) -> None:
    """Fill in the members' targets to date of the month under way, by its time progress."""
    for line in (one for lines in plan.members.values() for one in lines.values()):
        m = line.under_way
        if m >= 0:
            share = time.number(plan.months[m], "time_progress")
            if not math.isnan(share):
                line.target_to_date[m], line.under_way = line.target[m] * share, -1


def _take_due(plan: PlanFigures, book: Book, area: Area) -> None:
    """Take the targets to date that 数据表 has, if its months are those of the sheets."""
    sheet = book.sheet(area.sheet)
    assert sheet is not None  # a table is found through its sheet
    try:
        table = read_range(_rows(book, sheet, area.row, area.column, area))
    except Fault:  # its headers are others
        return
    if table.months != plan.months:
        return
    for dimension, lines in table.members.items():
        for member, line in lines.items():
            mine = plan.members.get(dimension, {}).get(member)
            if mine is not None and mine.target == line.target:
                mine.target_to_date, mine.under_way = line.target_to_date, -1


def _rows(book: Book, sheet: SheetPart, row: int, column: int, area: Area | None = None) -> Sequence[Sequence[Any]]:
    """The cells of a sheet from a cell on, as rows of values; to the last one, or that of an area."""
    cells = book.cells(sheet)
    below = [n for n in cells.rows if n >= row and (area is None or n <= area.last_row)]
    last = max((c for n in below for c in cells.row(n)), default=column)
    blank: list[Any] = [None] * (last - column + 1)
    rows = []
    for n in below:
        line = list(blank)
        for c, cell in cells.row(n).items():
            if c >= column:
                line[c - column] = _value(cell.value)
        rows.append(line)
    return rows


def _value(value: object) -> Any:
    return None if value is BLANK or isinstance(value, ErrorValue | FormulaWithoutResult) else value
