"""Which column of an input table is which: by the headers that people see, and asked about where one may be another.

A column of another header is a person's own and stays aside. But where the table lacks a column that came after the
first templates, such a column may be just that one under another name: it is asked about, not taken for blank.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from xlsales.core import a1
from xlsales.core.faults import Fault, Lang, Place, Problem
from xlsales.core.text import identity
from xlsales.ooxml.book import Table
from xlsales.ooxml.cells import BLANK, Cell, SheetCells, Value
from xlsales.ooxml.styles import Styles
from xlsales.tables.cells.dates import read_stamp
from xlsales.values.stored import content
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

Columns = dict[str, tuple[int, TableColumn]]
"""Column key → where it stands, and what it is."""


class HeaderMissing(Fault):
    """An input table has lost a column."""

    zh = "表“{table}”里没有“{header}”这一列。请恢复这个表头(这一列可以空着)。"
    en = 'The table "{table}" has no column "{header}". Restore that header (the column may be blank).'


class HeaderMayBeOther(Fault):
    """An input table lacks a column, and has one of no known header that it may be."""

    zh = (
        "表“{table}”里没有“{header}”这一列,这一列“{found}”像是它改了名。是它,请把表头改回“{header}”;不是,"
        "请在表里另加一列“{header}”(可以空着)。"
    )
    en = (
        'The table "{table}" has no column "{header}", and this column "{found}" may be it under another name. If so, '
        'change its header to "{header}"; if not, add a column "{header}" to the table (it may be blank).'
    )


class HeaderTwice(Fault):
    """Two columns of an input table have the same header."""

    zh = "表“{table}”里有两列“{header}”({cells})。请只留一列,另一列换个表头或删掉。"
    en = 'The table "{table}" has two columns "{header}" ({cells}). Keep one; rename or delete the other.'


def as_shown(table: Table, cells: SheetCells) -> Table:
    """Return a table with the headers that stand in its cells; one that its list has otherwise is neither.

    Programs other than Excel let a person change the cells of a table's headers, and leave its list of them behind.
    """
    if not table.header_rows:
        return table
    shown = []
    for at, listed in enumerate(table.headers, table.area.column):
        text = _text(cells.value(table.area.row, at))
        shown.append(text if identity(text) == identity(listed) else f"{text} ({listed})")
    return replace(table, headers=tuple(shown))


def _beside(table: Table, cells: SheetCells) -> Iterator[tuple[str, int]]:
    """Yield the headers that stand right of a table, which only Excel lets grow by typing."""
    at = table.area.last_column + 1
    while table.header_rows and (text := _text(cells.value(table.area.row, at))):
        yield text, at
        at += 1


def _text(value: Value) -> str:
    return value if isinstance(value, str) else "" if value is BLANK or not isinstance(value, float) else f"{value:g}"


def find_columns(
    description: InputTable, table: Table, rows: range, cells: SheetCells, styles: Styles, date1904: bool, lang: Lang
) -> tuple[Columns, list[Problem]]:
    """Return the columns of a table by key, and what is to be asked about them; `rows` are its rows."""
    table = as_shown(table, cells)
    problems: list[Problem] = []
    found: Columns = {}
    at_header: dict[str, list[int]] = {}
    for i, header in enumerate(table.headers):
        at_header.setdefault(identity(header), []).append(table.area.column + i)
    title, sheet, row = description.label[lang], table.area.sheet, table.area.row
    for column in description.columns:
        spellings = dict.fromkeys((identity(column.label.zh), identity(column.label.en)))
        own = [position for spelling in spellings for position in at_header.get(spelling, ())]
        if own:
            found[column.key] = (own[0], column)
        if len(own) > 1:
            twice = HeaderTwice(table=title, header=column.label[lang], cells=_addresses(row, own))
            problems.append(Problem(Place(sheet, row, own[1]), "", twice))
    missing = [column for column in description.columns if column.key not in found]
    for header, at in _beside(table, cells):
        for column in missing:
            if identity(header) in (identity(column.label.zh), identity(column.label.en)):
                found.setdefault(column.key, (at, column))
    missing = [column for column in missing if column.key not in found]
    unknown = [at for header, own in at_header.items() for at in own if not _is_known(description, header)]
    gap = _gap(description, table, found)

    def may_be(column: TableColumn) -> Iterator[int]:
        for at in unknown:
            filled = [cell for n in rows if (cell := cells.get((n, at))) is not None and cell.value not in (BLANK, "")]
            if (not filled and at in gap) or any(_is_of(column.kind, cell, styles, date1904) for cell in filled):
                yield at

    maybe = {column.key: list(may_be(column)) for column in missing if column.later}
    newer = any(column.later for _, column in found.values()) or any(maybe.values())
    for column in missing:
        if column.later and not newer:
            continue
        other = next(iter(maybe.get(column.key, ())), None)
        header = column.label[lang]
        if other is None:
            problems.append(Problem(Place(sheet, row), "", HeaderMissing(table=title, header=header)))
            continue
        for left in maybe.values():  # one column is no more than one of those that are missing
            if other in left:
                left.remove(other)
        shown = table.headers[other - table.area.column] or a1.letters(other)
        asked = HeaderMayBeOther(table=title, header=header, found=shown)
        problems.append(Problem(Place(sheet, row, other), "", asked))
    return found, problems


def _is_known(description: InputTable, header: str) -> bool:
    return any(header in (identity(c.label.zh), identity(c.label.en)) for c in description.columns)


def _gap(description: InputTable, table: Table, found: Mapping[str, tuple[int, TableColumn]]) -> range:
    """Where a newer template has its later columns: between those that stand on either side of them."""
    later = [i for i, column in enumerate(description.columns) if column.later]
    if not later:
        return range(0)
    keys = [column.key for column in description.columns]
    before = max((found[key][0] for key in keys[: later[0]][-1:] if key in found), default=table.area.last_column)
    after = min((found[key][0] for key in keys[later[-1] + 1 :] if key in found), default=table.area.last_column + 1)
    return range(before + 1, after)


def _is_of(kind: str, cell: Cell, styles: Styles, date1904: bool) -> bool:
    """Whether a cell holds what a column of a kind does; texts hold anything."""
    if kind != "date":
        return isinstance(cell.value, float) or kind == "text"
    held = content(cell, styles.is_date(cell.style), date1904)
    stamp = read_stamp(held) if isinstance(held, str) else None
    return isinstance(held, dt.date) or (stamp is not None and stamp.day is not None)


def _addresses(row: int, columns: Sequence[int]) -> str:
    return ", ".join(a1.cell(row, column) for column in columns)
