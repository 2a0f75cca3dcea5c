"""A sheet of a store's workbook with the store's own rows of a table of the plan: some columns are typed here.

There are as many rows as any file of the plan needs; those that a store does not use are hidden. Two hidden columns say
which row of the plan's table a row is, and what it was handed out with. When the file returns, what is typed over that
is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.faults import Bilingual, Fault, Problem
from xlsales.layout.model import Role, Row, SheetModel, Value
from xlsales.ooxml.cells import Cell
from xlsales.plan.handed.rows import Entry, HandedBack, HandedRow, HandedTable
from xlsales.store.amounts import is_blank, said, shown
from xlsales.store.figures import Result, StoreFigures
from xlsales.store.reasons import ForHeadquarters
from xlsales.store.returned import Reading
from xlsales.store.returned_book import ReturnedSheet
from xlsales.store.sheet import HIDDEN_ROW, Own, StoreColumn, StoreSheet, StoreView, TemplateFault, hidden, picked
from xlsales.store.targets import StoreTerms
from xlsales.vocabulary.contract import Word

if TYPE_CHECKING:
    from xlsales.book.keyed import KeyedSheet
    from xlsales.layout.entry_sheet import EntrySheet
    from xlsales.ooxml.cells import SheetCells

KEY, GIVEN = "key", "given"
"""The hidden columns that say which row of the plan's table a row is, and what it was handed out with."""


class TemplateFewRows(TemplateFault):
    """A template with fewer rows of a table than a file needs."""

    zh = "{file} 的“{sheet}”只有 {found} 行,要 {needed} 行。请先不带 --template 下发,再以其中一个文件为样板。"
    en = (
        '{file}: sheet "{sheet}" has {found:rows}, {needed} are needed. Hand out without --template first and '
        "restyle one of those files."
    )


class RowForeign(Fault):
    """A row with entries that was not handed out to this member."""

    zh = "这一行不是下发给“{code}”的,总部没有采用。请删去;要加行,请告诉总部。"
    en = 'This row was not handed out to "{code}" and was not taken. Delete it; ask headquarters for more rows.'


class RowGone(ForHeadquarters):
    """A row that headquarters handed out and has no more, or not without a fault."""

    zh = (
        "总部的“{table}”里现在没有{row}(改了名、删了、还有错,或这个月已关账),没有采用。"
        "这份文件不用改;请总部改好,再收一次。"
    )
    en = (
        'Headquarters now has no usable row of "{table}" for {row}: renamed, deleted, at fault or closed. Not taken. '
        "Nothing to change here; headquarters is to correct its table and collect again."
    )


class RowMoved(ForHeadquarters):
    """A row that is another member's at headquarters by now."""

    zh = (
        "{row}在总部的“{table}”里现在归“{owner}”,这里填的没有采用。这份文件不用改;"
        "请填到“{owner}”的文件里,或请总部改回。"
    )
    en = (
        '{row} of "{table}" belongs to "{owner}" at headquarters now, so what is typed here was not taken. Nothing to '
        'change here: type it into the file of "{owner}", or headquarters moves the row back.'
    )


class RowTwice(Fault):
    """A row that was copied."""

    zh = "这一行和第 {other} 行是同一行,总部只采用了那一行。请删去这一行。"
    en = "This row is a copy of row {other}, and only that one was taken. Delete this row."


class EntryColumn(Struct, frozen=True):
    """How a column is typed: the format of its cells, and the rule by which they are checked."""

    number_format: str
    align: str
    rule: Callable[[StoreView], Mapping[str, Any]]


class HandedSheet(Struct, frozen=True):
    """What tells such a sheet from another one; the table says what is in its rows.

    `columns` are from left to right; those of `entries` are typed. `given` reads what a row was handed out with.
    `read` gives what a cell of a column means, of a row if it is known, or the fault why it means nothing; `doubt` what
    is doubtful in a value that is taken. `named` says which row a key is of, None if it is none of the table.
    """

    table: HandedTable
    purpose: Word
    heading: Word
    hint: Word
    columns: Mapping[str, StoreColumn]
    entries: Mapping[str, EntryColumn]
    given: Callable[[str], Mapping[str, Entry]]
    read: Callable[[ReturnedSheet, Cell, str, HandedRow | None, StoreTerms], float | str | Fault]
    named: Callable[[str], Bilingual | None]
    doubt: Callable[[HandedRow, str, float | str], Fault | None] = lambda row, column, value: None

    def sheet(self) -> StoreSheet:
        """Return the sheet."""
        return StoreSheet(
            key=self.table.key,
            title=self.table.table.label,
            purpose=self.purpose,
            heading=self.heading,
            columns=lambda terms: [*self.columns, KEY, GIVEN],
            rows=self._rows,
            own=self._own,
            lay_out=self._lay_out,
            finish=self._finish,
            present=lambda terms: self._count(terms) > 0,
            optional=True,
            to_fill=True,
            fit=self._fit,
            reads=(KEY, GIVEN, *self.entries),
            read_back=self._read_back,
        )

    # --- laid out -----------------------------------------------------------------------------

    def _count(self, terms: StoreTerms) -> int:
        return terms.handed_rows.get(self.table.key, 0)

    def _rows(self, terms: StoreTerms) -> list[str]:
        return [f"w:{n}" for n in range(1, self._count(terms) + 1)]

    def _own(self, terms: StoreTerms) -> list[Own]:
        rows, cells = self._rows(terms), partial(_cells, self.table.key, tuple(self.columns))
        columns = [*self.columns, KEY, GIVEN]
        return [Own(rows, picked(cells, [HIDDEN_ROW])), Own(rows, picked(cells, columns), mixed=True)]

    def _lay_out(self, view: StoreView) -> SheetModel:
        columns = [column.column(key, view.terms) for key, column in self.columns.items()]
        keys: dict[str, Role] = {KEY: "text", GIVEN: "text"}
        rows = []
        for row in self._rows(view.terms):
            values: dict[str, Value] = {key: view.results.get((row, key)) for key in (*self.columns, KEY, GIVEN)}
            rows.append(Row(row, values, hidden=bool(view.results.get((row, HIDDEN_ROW)))))
        return view.model([*columns, *hidden(keys)], rows)

    def _finish(self, sheet: EntrySheet, view: StoreView) -> None:
        rows, last = self._rows(view.terms), list(self.columns)[-1]
        sheet.hide_last(2)
        sheet.fit_heading(last)
        sheet.print_to(last)
        sheet.hint(view.word(self.hint))
        for key, entry in self.entries.items():
            sheet.enter(key, rows, entry.number_format, entry.align)
            sheet.validate(key, entry.rule(view))

    def _fit(self, sheet: KeyedSheet[SheetCells] | None, terms: StoreTerms, file: str) -> StoreTerms:
        """Return the terms with as many rows as the template has; without any if it has no such sheet."""
        rows, needed = 0 if sheet is None else sum(key.startswith("w:") for key in sheet.rows), self._count(terms)
        if sheet is not None and rows < needed:
            raise TemplateFewRows(file=file, sheet=sheet.title, found=rows, needed=needed)
        return replace(terms, handed_rows={**terms.handed_rows, self.table.key: rows})

    # --- read back ----------------------------------------------------------------------------

    def _read_back(self, sheet: ReturnedSheet | None, reading: Reading) -> None:
        """Take what was typed; what was handed out is nobody's entry. The problems carry no amounts: it is no sale."""
        if sheet is None:
            return
        of_all = reading.round.rows.get(self.table.key, {})
        expected, problems = of_all.get(reading.code, {}), reading.returned.problems
        met: dict[str, int] = {}
        for row, name in sheet.keyed:
            cells = ((column, sheet.cell(row, column)) for column in self.entries)
            typed = [(column, cell) for column, cell in cells if not is_blank(cell)]
            if not typed or (not name and not any(isinstance(cell.value, float) for _, cell in typed)):
                continue  # nothing typed, or headers, or a remark
            key, given = shown(sheet.cell(row, KEY)), self.given(shown(sheet.cell(row, GIVEN)))
            one = expected.get(key)
            fault: Fault | None = None
            if one is None:
                fault = self._not_theirs(key, of_all, reading.code)
                values = [(self.read(sheet, cell, column, None, reading.round.terms), column) for column, cell in typed]
                if not isinstance(fault, RowForeign) and all(value == given.get(column) for value, column in values):
                    continue
            elif key in met:
                fault = RowTwice(other=met[key])
            if one is None or fault is not None:
                assert fault is not None
                problems.append(Problem.note(sheet.place(row, typed[0][0]), shown(typed[0][1]), fault))
                continue
            met[key] = row
            for column, cell in typed:
                place, value = sheet.place(row, column), self.read(sheet, cell, column, one, reading.round.terms)
                if isinstance(value, Fault):
                    problems.append(Problem.note(place, said(cell, sheet), value))
                elif value != given.get(column):
                    back = HandedBack(self.table.key, key, column, value, given.get(column), place)
                    reading.returned.handed_back.append(back)
                    doubt = self.doubt(one, column, value)
                    problems += [Problem.note(place, shown(cell), doubt)] if doubt is not None else []

    def _not_theirs(self, key: str, of_all: Mapping[str, Mapping[str, HandedRow]], code: str) -> Fault:
        """Why a row with this key has no row of this member at headquarters."""
        row, table = self.named(key), self.table.table.label
        if row is None:
            return RowForeign(code=code)
        owner = next((member for member, rows in of_all.items() if key in rows), None)
        return RowGone(table=table, row=row) if owner is None else RowMoved(table=table, row=row, owner=owner)


def keys_in(sheet: ReturnedSheet | None) -> set[str]:
    """Return the keys of the rows that a file has in such a sheet."""
    return set() if sheet is None else {shown(sheet.cell(row, KEY)) for row, _ in sheet.keyed}


def _cells(table: str, columns: Sequence[str], figures: StoreFigures) -> dict[str, Iterable[Result]]:
    """What a store has in each column, from the first row to the last."""
    own = figures.store.rows.get(table, ())
    spare = figures.terms.handed_rows.get(table, 0) - len(own)
    blank: list[Result] = [None] * spare
    cells: dict[str, Iterable[Result]] = {
        key: [*(_shown(row.cells.get(key)) for row in own), *blank] for key in columns
    }
    cells[KEY] = [*(row.key for row in own), *blank]
    cells[GIVEN] = [*(row.given for row in own), *blank]
    cells[HIDDEN_ROW] = [*[0] * len(own), *[1] * spare]
    return cells


def _shown(value: Entry) -> Result:
    """An entry as a cell has it: whole numbers are written as such."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
