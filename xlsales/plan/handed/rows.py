"""A row that a member's file carries, a value that came back, and how the table takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from xlsales.book.edits import CellEdits, Edits
from xlsales.core.a1 import Address
from xlsales.core.faults import Fault, Lang, Place, Problem
from xlsales.core.plan import Dimension
from xlsales.ooxml.changes import Change
from xlsales.plan.figures import Figures
from xlsales.tables.cells.matching import Matcher
from xlsales.values.cell import plain
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.money import Money
from xlsales.vocabulary.plan_tables import InputTable

Entry = float | str | None
"""What a cell that people fill in means: a number, amounts in full, or the code of a choice; None is blank."""

MOST_ROWS = 300
"""Nobody fills in more rows of a file."""


class TooManyRows(Fault):
    """A member with more rows than a file carries."""

    zh = "“{member}”在“{table}”里有 {count} 行,超过 {most} 行,下发的文件里不放。{way_out}"
    en = '"{member}" has {count:rows} in "{table}", more than {most}: its file has none. {way_out}'


class HandedRow(Struct, frozen=True):
    """A row of a file: what it shows by column, entries too, and what it was handed out with, as a text.

    `key` tells it from the other rows of the table, `name` is what people call it. `listed` are the entries as the
    table has them, `places` their cells, as far as the table has them. `facts` are what sentences say of it.
    """

    key: str
    name: Word
    cells: Mapping[str, Entry]
    given: str
    listed: Mapping[str, Entry]
    places: Mapping[str, Place]
    facts: Mapping[str, object] = field(default_factory=dict)


class HandedBack(Struct, frozen=True):
    """A value that came back: of which row of which table, in which column, and where it is in the file.

    `given` is what the file was handed out with.
    """

    table: str
    key: str
    column: str
    value: float | str
    given: Entry
    place: Place


RowsOf = Callable[[Figures, Dimension, list[Problem]], Mapping[str, Sequence[HandedRow]]]


class HandedTable(Struct, frozen=True):
    """A table with rows that are handed out; `key` is that of its sheet in a store's workbook.

    `rows` are those of each lowest member of a dimension; its problems say what is not handed out. `also` are tables
    that rows go by. `replaces` says whether a value replaces the one that the table has, by column, the one that is
    there, the one that was given and the one that came back; `differs` makes the fault if it does not, and `replaced`
    the one that tells if it does. `typed` is a value as it is in a cell of the table. `said` names what came back of
    it, with a place for the number. `way_out` says what to do if a member has too many rows.
    """

    key: str
    table: InputTable
    rows: RowsOf
    differs: Callable[..., Fault]
    said: Word
    way_out: Word
    also: tuple[InputTable, ...] = ()
    replaces: Callable[[str, Entry, Entry, float | str], bool] = lambda column, here, given, found: False
    replaced: Callable[..., Fault] | None = None
    typed: Callable[[str, float | str, Money, Lang], float | str] = lambda column, value, unit, lang: value


def within_limits(
    by_member: Mapping[str, Sequence[HandedRow]], one: HandedTable, lang: Lang, problems: list[Problem]
) -> dict[str, tuple[HandedRow, ...]]:
    """Return the rows of each member that has not too many; `problems` get who has."""
    out = {}
    for name, own in by_member.items():
        if len(own) <= MOST_ROWS:
            out[name] = tuple(own)
            continue
        fault = TooManyRows(member=name, count=len(own), most=MOST_ROWS, table=one.table.label, way_out=one.way_out)
        problems.append(Problem.note(Place(one.table.label[lang]), name, fault))
    return out


def lowest(names: Sequence[str], matcher: Matcher, units: Dimension) -> Iterator[str]:
    """Yield the lowest members of a dimension that have one of some names, each once."""
    positions = dict.fromkeys(matcher.position(name) for name in names if name)
    yield from (units.members[i].name for i in positions if i >= 0 and matcher.leaf[i])


HandedRows = Mapping[str, Mapping[str, tuple[HandedRow, ...]]]
"""The rows of each table (its key) of each member."""


def plan_handed_back(
    returned: Sequence[tuple[str, Sequence[HandedBack]]],
    handed: Mapping[str, Mapping[str, Mapping[str, HandedRow]]],
    tables: Sequence[HandedTable],
    unit: Money,
    lang: Lang,
) -> Edits:
    """Plan the cells of the tables that get what came back, by member.

    A value that a table has and that is not replaced stays, and is told. One that was typed into a written sheet stays
    there: the next run tells that the table has another one. `handed` are the rows by table, member and key.
    """
    changes: dict[str, dict[Address, Change]] = {}
    problems = []
    by_key = {one.key: one for one in tables}
    for member, values in returned:
        for one in values:
            table, row = by_key[one.table], handed[one.table][member][one.key]
            place, here = row.places.get(one.column), row.listed[one.column]
            if here == one.value or place is None or place.row is None or place.column is None:
                continue
            takes = here is None or table.replaces(one.column, here, one.given, one.value)
            if takes:
                typed = table.typed(one.column, one.value, unit, lang)
                changes.setdefault(place.sheet, {})[place.row, place.column] = typed
            told = table.differs if not takes else table.replaced if here is not None else None
            if told is not None and here is not None:
                typed_values = (table.typed(one.column, value, unit, lang) for value in (here, one.value))
                old, new = (plain(value) if isinstance(value, float) else value for value in typed_values)
                fault = told(row=row, column=one.column, member=member, here=old, found=new)
                problems.append(Problem.note(place, old, fault))
    return Edits(tuple(CellEdits(title, cells) for title, cells in changes.items()), notes=tuple(problems))
