"""A sheet of a store's workbook, in one place: words, columns, rows, formulas, entry cells, and what is read back.

A sheet names no other: its formulas reach cells of other sheets through `StoreView.cell` and `StoreView.down`, by the
keys of sheet, row and column. They use only what Excel 2016, WPS and LibreOffice 7.4 share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct, field

from xlsales.core import a1
from xlsales.core.faults import Fault, Lang
from xlsales.layout.look import money_width
from xlsales.layout.model import FIRST_COLUMN, FIRST_ROW, Column, Formula, Role, Row, SheetModel
from xlsales.store import words
from xlsales.store.contract import NAME_MOST, sheet_identity
from xlsales.store.figures import Result, StoreFigures
from xlsales.store.targets import Figure, Key, Store, StoreTerms
from xlsales.vocabulary.contract import Word

if TYPE_CHECKING:
    from xlsales.book.keyed import KeyedSheet
    from xlsales.core.faults import Problem
    from xlsales.layout.entry_sheet import EntryBook, EntrySheet
    from xlsales.ooxml.cells import SheetCells
    from xlsales.store.returned import Expected, Reading
    from xlsales.store.returned_book import ReturnedSheet

TITLE, SUBLINE = "#title", "#subline"
"""Row keys of the heading and the line under it."""
HIDDEN_ROW = "#hidden"
"""In place of a column key: whether the row is hidden."""


class TemplateFault(Fault):
    """A fault of a template, found when files are handed out."""


class NotATemplate(TemplateFault):
    """A workbook that lacks a sheet or a name of the store's workbook."""

    zh = "{file} 不能当模板:缺少{what}。请用不带 --template 下发的任一文件做样板:只改样式,不删隐藏的第 1 行和 A 列。"
    en = (
        "{file} cannot serve as a template: {what} is missing. Restyle a file handed out without --template; "
        "keep the hidden row 1 and column A."
    )


class TemplateOtherDays(TemplateFault):
    """The template's days or months are not those of the plan."""

    zh = "{file} 是为别的期间做的:表“{sheet}”里没有 {key}。请先不带 --template 下发,再以其中一个文件为样板。"
    en = (
        '{file} was made for other days: sheet "{sheet}" has no {key}. Hand out without --template first and '
        "restyle one of those files."
    )


# --- what differs from store to store -----------------------------------------------------------

Values = Callable[[StoreFigures], Iterable[Result]]


class Own(Struct, frozen=True):
    """Cells that differ from store to store: some rows, and by column a store's values in the order of the rows.

    A column's values are of one kind, number or text, in every store or nearly so; `mixed` ones may be any, or blank.
    """

    rows: Sequence[str]
    columns: Mapping[str, Values]
    mixed: bool = False

    @property
    def keys(self) -> list[Key]:
        """The cells, column by column."""
        return [(row, column) for column in self.columns for row in self.rows]

    def values(self, figures: StoreFigures) -> Iterable[Result]:
        """Return a store's values in the order of `keys`."""
        return chain.from_iterable(values(figures) for values in self.columns.values())


def alone(row: str, columns: Mapping[str, Callable[[StoreFigures], Result]], *, mixed: bool = False) -> Own:
    """Return the cells of a single row."""
    return Own((row,), {column: _single(value) for column, value in columns.items()}, mixed)


def _single(value: Callable[[StoreFigures], Result]) -> Values:
    return lambda figures: (value(figures),)


def picked(
    make: Callable[[StoreFigures], Mapping[str, Iterable[Result]]], columns: Iterable[str], kind: str = ""
) -> dict[str, Values]:
    """Return the values of columns that `make` computes together, once a store; their keys there begin with `kind`."""

    def values_of(column: str) -> Values:
        return lambda figures: figures.once(make)[kind + column]

    return {column: values_of(column) for column in columns}


# --- a sheet ---------------------------------------------------------------------------------------


class StoreColumn(Struct, frozen=True):
    """A column: its header, how its values are shown, its least width. A hidden one has no words."""

    word: Word
    role: Role
    width: float

    def column(self, key: str, terms: StoreTerms, fits: float = 0.0) -> Column:
        """Return the column, at least `fits` wide and wide enough for any store's amounts."""
        header, role = self.word[terms.lang], per_day_role(terms) if key == "required_per_day" else self.role
        return Column(key, header, role, max(amount_width(terms, self.width, self.role), fits))


def hidden(roles: Mapping[str, Role], header: bool = True) -> list[Column]:
    """Return hidden columns, which other cells use."""
    return [Column(key, key if header else "", role, 1) for key, role in roles.items()]


class StoreSheet(Struct, frozen=True):
    """A sheet: its title and purpose, its cells, and how they are read when the file returns.

    - `heading` may name the store's {code}; it and the line under it are above the first column, or above `heads`;
    - `columns`, `rows`: its column and row keys, from left to right and from top to bottom;
    - `own`: the cells that differ from store to store; `shared`: the cells that differ from plan to plan;
    - `lay_out` makes the sheet, `finish` adds what a model cannot say; `write` does both for a sheet of another kind;
    - `names`: the defined names that a template must have; `entries`: those of cells to fill in, each with the number
      of its rows of headers;
    - `fit` checks the sheet of a template (None if it has none) from the named file, and returns the terms of that
      template;
    - `opens_at`: the row at the top of the window and the selected cell, when a store opens its file;
    - `reads`: the columns read of every row; `scan` finds what was filled in, `read_back` takes it, `check` compares
      the sheet with the targets as they were handed out.
    """

    key: str
    title: Word
    purpose: Word
    heading: Word
    heads: Callable[[StoreTerms], Sequence[str]] | None = None
    columns: Callable[[StoreTerms], Sequence[str]] = lambda terms: ()
    rows: Callable[[StoreTerms], Sequence[str]] = lambda terms: ()
    own: Callable[[StoreTerms], Sequence[Own]] = lambda terms: ()
    shared: Callable[[StoreTerms], Mapping[Key, Figure]] = lambda terms: {}
    lay_out: Callable[[StoreView], SheetModel] | None = None
    finish: Callable[[EntrySheet, StoreView], None] = lambda sheet, view: None
    write: Callable[[EntryBook, StoreView], None] | None = None
    present: Callable[[StoreTerms], bool] = lambda terms: True
    optional: bool = False
    to_fill: bool = False
    names: tuple[str, ...] = ()
    entries: Mapping[str, int] = field(default_factory=dict)
    fit: Callable[[KeyedSheet[SheetCells] | None, StoreTerms, str], StoreTerms] = lambda sheet, terms, file: terms
    opens_at: Callable[[StoreTerms, Store], tuple[str, Key]] | None = None
    reads: tuple[str, ...] = ()
    scan: Callable[[ReturnedSheet, Reading], None] | None = None
    read_back: Callable[[ReturnedSheet | None, Reading], None] | None = None
    check: Callable[[ReturnedSheet, Expected], Iterable[Problem]] | None = None

    @property
    def identity(self) -> str:
        """The text of its A1."""
        return sheet_identity(self.key)

    def headed(self, terms: StoreTerms) -> Sequence[str]:
        """Return the columns with heading and line above them."""
        return self.columns(terms)[:1] if self.heads is None else self.heads(terms)

    @property
    def varies(self) -> bool:
        """Whether its heading differs from store to store."""
        return "{code}" in self.heading.zh

    def head(self, figures: StoreFigures) -> str:
        """Return a store's heading."""
        return self.heading[figures.terms.lang].format(code=figures.store.code)

    def cells(self, terms: StoreTerms) -> list[Own]:
        """Return the cells that differ from store to store, those of mixed values last."""
        heads = dict.fromkeys(self.headed(terms)) if self.lay_out is not None else {}
        cells = [alone(SUBLINE, dict.fromkeys(heads, lambda figures: figures.once(subline)))] if heads else []
        if heads and self.varies:
            cells.append(alone(TITLE, dict.fromkeys(heads, self.head)))
        cells += [own for own in self.own(terms) if own.rows]
        return sorted(cells, key=lambda own: own.mixed)

    @property
    def is_read(self) -> bool:
        """Whether anything is read from it when it returns."""
        return self.scan is not None or self.read_back is not None or self.check is not None


class Addresses(NamedTuple):
    """The addresses of a sheet's cells in a fresh workbook: its title, and the numbers of rows and columns by key."""

    title: str
    rows: Mapping[str, int]
    columns: Mapping[str, int]

    @classmethod
    def of(cls, sheet: StoreSheet, terms: StoreTerms) -> Addresses:
        """Return the addresses of a sheet."""
        rows = {key: FIRST_ROW + i for i, key in enumerate(sheet.rows(terms))}
        return cls(sheet.title[terms.lang], rows, {key: FIRST_COLUMN + i for i, key in enumerate(sheet.columns(terms))})


class StoreView(Struct, frozen=True):
    """A sheet under way: its figures, and the addresses of its cells and of those of other sheets."""

    sheet: StoreSheet
    terms: StoreTerms
    figures: StoreFigures
    addresses: Mapping[str, Addresses]
    """Of all sheets, by key."""
    results: Mapping[Key, Result]
    """The values of the cells of `own`, which are also the results of formulas."""

    @property
    def lang(self) -> Lang:
        """The language."""
        return self.terms.lang

    def word(self, word: Word, **facts: object) -> str:
        """Return a word in the language, its template filled with facts."""
        return word[self.lang].format(**facts) if facts else word[self.lang]

    def model(self, columns: Sequence[Column], rows: Sequence[Row], **more: Any) -> SheetModel:
        """Return the sheet's model; `more` are fields of it."""
        key = self.sheet.key
        return SheetModel(
            key=sheet_identity(key).partition(":")[2],
            name=f"xs_store_{key}",
            title=self.sheet.title[self.lang],
            heading=self.sheet.head(self.figures),
            subline=subline(self.figures),
            columns=tuple(columns),
            rows=tuple(rows),
            money=self.terms.money,
            **more,
        )

    def formula(self, row: str, column: str, text: str, fresh: float | str = "") -> Formula:
        """Return a formula with its result, `fresh` if it is the same in every store."""
        result = self.results.get((row, column), fresh)
        assert isinstance(result, float | int | str)
        return Formula(text, result)

    # --- addresses ------------------------------------------------------------------------------

    def n(self, row: str) -> int:
        """Return the number of a row of this sheet."""
        return self.addresses[self.sheet.key].rows[row]

    def at(self, row: str, column: str, pin: a1.Pin = "") -> str:
        """Return the address of a cell of this sheet."""
        return a1.cell(self.n(row), self.addresses[self.sheet.key].columns[column], pin)

    def block(self, column: str, first: str, last: str, pin: a1.Pin = "") -> str:
        """Return some rows of a column of this sheet."""
        return f"{self.at(first, column, pin)}:{self.at(last, column, pin)}"

    def cell(self, sheet: str, row: str, column: str) -> str:
        """Return the address of a cell of another sheet."""
        addresses = self.addresses[sheet]
        return a1.on_sheet(addresses.title, a1.cell(addresses.rows[row], addresses.columns[column]))

    def down(self, sheet: str, column: str, first: str = "", last: str = "", pin: a1.Pin = "both") -> str:
        """Return rows of a column of another sheet, by default all."""
        addresses = self.addresses[sheet]
        at, rows = addresses.columns[column], list(addresses.rows.values())
        top, bottom = addresses.rows.get(first, rows[0]), addresses.rows.get(last, rows[-1])
        return a1.on_sheet(addresses.title, a1.block(top, at, bottom, at, pin))


# --- what several sheets use ----------------------------------------------------------------------


def subline(figures: StoreFigures) -> str:
    """Return the line under every heading: plan, period, unit, version."""
    terms = figures.terms
    facts = {"plan": terms.plan.name, "start": terms.plan.start, "end": terms.plan.end, "unit": terms.unit_word}
    text = words.SUBLINE[terms.lang].format(version=figures.store.version, **facts)
    return text.removeprefix("  ·  ") + terms.unannounced


def per_day_role(terms: StoreTerms) -> Role:
    """Return how a figure per day is shown: of pieces with a decimal, for 1 a day is too few where 1.4 are required."""
    return "times" if terms.unit == "piece" else "money"


def amount_width(terms: StoreTerms, least: float, role: Role) -> float:
    """Return the width of a column that any store's amounts fit in, if it shows amounts."""
    return max(least, money_width(terms.largest, terms.money)) if role == "money" else least


def doubtful_amount(message: str, lang: Lang) -> dict[str, Any]:
    """Return a rule that warns of amounts far above the store's targets, or of no amount; a person may go on."""
    return {
        "validate": "decimal", "criteria": "between", "minimum": f"=-{NAME_MOST}", "maximum": f"={NAME_MOST}",
        "error_type": "warning", "error_title": words.REFUSED[lang], "error_message": message,
    }  # fmt: skip


def prompt(text: str) -> dict[str, Any]:
    """Return a rule that allows anything and says what belongs there."""
    return {"validate": "any", "input_message": text}
