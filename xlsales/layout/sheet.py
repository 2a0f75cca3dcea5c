"""A sheet of ours, in one place: title, purpose, columns, rows, formulas by keys, page.

A `Sheet` is a definition. It is laid out over a view, which is what it shows: the figures of a run, or of one
dimension. The result is a `SheetModel`, which is written into a fresh workbook or brought into a person's one.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.faults import DateRange, Lang, Problem
from xlsales.core.plan import LONGEST_MONTH
from xlsales.layout.filled import TableRows
from xlsales.layout.keyed import addressed
from xlsales.layout.look import money_format, money_width, number_format
from xlsales.layout.model import IDENTITY, Chart, Column, Role, Row, SheetModel, Value
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import CLOCKS, CNY, OUT_PREFIX, Word
from xlsales.vocabulary.money import Money
from xlsales.vocabulary.plan_tables import Example, InputTable


class Frame(Struct, frozen=True):
    """What every sheet of a plan shares: `unit`, `currency` and `clock` are codes, `step_yuan` is the step in full.

    Months that are not the calendar's end on day `month_end`.
    A sheet of other figures than the plan's amounts has a unit of its own (`own_unit`, which may be blank) and a number
    format of its own.
    """

    plan_name: str
    unit: str
    step_yuan: float
    lang: Lang
    start: dt.date
    end: dt.date
    as_of: dt.date | None = None
    clock: str = "target_curve"
    currency: str = CNY
    own_unit: str | None = None
    own_format: str = ""
    month_end: int = LONGEST_MONTH

    @property
    def money(self) -> str:
        """The number format of amounts in the plan's unit, as fine as its step; or that of the sheet's own figures."""
        return self.own_format or money_format(self.unit, self.step_yuan)

    @property
    def unit_word(self) -> str:
        """The plan's unit as people read it, or the sheet's own one."""
        return Money(self.unit, self.currency).word(self.lang) if self.own_unit is None else self.own_unit

    @property
    def full_word(self) -> str:
        """The unit of amounts in full as people read it: the currency, or pieces."""
        return Money(self.unit, self.currency).in_full.word(self.lang)

    @property
    def as_typed(self) -> Frame:
        """The frame of a sheet that shows amounts as they are in the data: in full, or in pieces."""
        return replace(self, unit=Money(self.unit).in_full.unit)

    def word(self, word: Word, **facts: object) -> str:
        """Return a word in the frame's language, its template filled with facts."""
        return word[self.lang].format(**facts) if facts else word[self.lang]

    def listed(self, names: Iterable[str]) -> str:
        """Return names one after the other, as the language lists them."""
        return ("、" if self.lang == "zh" else ", ").join(names)

    def subline(self, *facts: str) -> str:
        """Return the line under a title: plan, period, unit, and the sheet's own facts (else as-of date and clock)."""
        if not facts:
            as_of = self.word(words.AS_OF, day=self.as_of) if self.as_of else self.word(words.NO_ACTUALS)
            facts = (as_of, self.word(words.CLOCK, clock=self.word(CLOCKS[self.clock])))
        unit = self.word(words.UNIT, unit=self.unit_word) if self.unit_word else ""
        months = ""
        if self.month_end < LONGEST_MONTH:
            months = self.word(words.MONTHS_END, day=self.month_end, after=self.month_end + 1)
        parts = (self.plan_name, DateRange(self.start, self.end), months, unit, *facts)
        return "  ·  ".join(str(part) for part in parts if part)

    def amount_width(self, amounts: Iterable[float]) -> float:
        """Return the width of a column that shows these amounts (yuan, NaN left out)."""
        return role_width("money", amounts, self.money)


CENTS = "#,##0.00"
"""The number format of amounts as they are in the data."""


def role_width(role: Role, values: Iterable[float], money: str = "") -> float:
    """Return the width of a column that shows these numbers (NaN left out) in a role's format."""
    largest = max((abs(v) for v in values if not math.isnan(v)), default=0.0)
    return money_width(largest, number_format(role, money))


def unfolded(outlines: Sequence[int]) -> int:
    """Return the deepest outline level to leave open so that at most 70 rows show (0 always does)."""
    open_to = 0
    for level in sorted(set(outlines)):
        if sum(o <= level for o in outlines) > 70 and level:
            break
        open_to = level
    return open_to


class Page(Struct, frozen=True):
    """How a sheet prints: upright or not, rows that stay in view (if it `repeats` them, on each printed page).

    Before `columns` a new page starts, before `rows` if what follows does not fit on the page under way, or always if
    these are `apart`.

    `single` puts all of it on one page; `zoom` is that of the screen, in percent.
    """

    portrait: bool = False
    single: bool = False
    zoom: int = 100
    frozen_rows: int = 0
    repeats: bool = False
    rows: tuple[str, ...] = ()
    apart: bool = False
    columns: tuple[str, ...] = ()


class View(Protocol):
    """What a sheet is laid out over."""

    @property
    def frame(self) -> Frame:
        """What it shares with other sheets."""


class NamedView(View, Protocol):
    """The view of one of several sheets of a kind."""

    @property
    def name(self) -> str:
        """What it is of."""

    @property
    def number(self) -> int:
        """Its number among them, from 1."""


F = TypeVar("F", contravariant=True)
V = TypeVar("V", bound=View)


class Sheet(Struct, Generic[F, V], frozen=True):
    """A sheet: what it is called and for, and its columns and rows as functions of what it shows.

    `views` turns the figures of a run into what the sheet shows: nothing when there is nothing to show, and several
    views for a kind of sheet of which there are several (then each view has a `name` and a `number`). If one of those
    that go by `tables` cannot be worked out, the others come first, then Refused is raised. With
    `keeps_targets` the targets in it are the person's too: they are read back, and kept when they are closed.
    With `grid`, rows fill all columns, blank cells too. `tables` are the input tables that it goes by.
    """

    key: str
    title: Word
    purpose: Word
    views: Callable[[F], Iterable[V]]
    columns: Callable[[V], Sequence[Column]]
    rows: Callable[[V], Iterable[Row]]
    facts: Callable[[V], Sequence[str]] = lambda _: ()
    doubts: Callable[[V], Iterable[Problem]] = lambda _: ()
    """What is doubtful in what it shows, reported beside it."""
    charts: Callable[[V, Sequence[Row]], Sequence[Chart]] = lambda _, rows: ()
    page: Callable[[V, Sequence[Row]], Page] = lambda _, rows: Page()
    as_typed: bool = False
    """Whether amounts are shown to the cent, as they are in the data."""
    keeps_targets: bool = False
    tree: bool = False
    """Whether rows are members below others, so that a member may be found below another parent than before."""
    archive: bool = False
    """Whether people look something up in it now and then: its tab is behind those of the others."""
    keeps_look: bool = False
    """Whether cells and charts keep the look that a person gave them when it is written anew with others beside."""
    grid: bool = True
    tables: tuple[InputTable, ...] = ()
    fills: Callable[[F], TableRows] | None = None
    """The rows of its table, if the program writes these and no other sheet."""
    examples: Sequence[Example] = ()
    """Rows of the first table that a sheet carries when a person adds it; each is marked as an example.

    Of a column of choices they have the code.
    """
    presets: Sequence[Mapping[str, Word | float | str]] = ()
    """Rows of the first table that a sheet carries when a person adds it, and that count as they come."""
    stays: Callable[[F], Iterable[str]] = lambda _: ()
    """The identities of sheets of its kind that stay as they were written, because what they show is closed."""
    judges_rows: bool = False
    """Whether `views` takes rows of its tables that have a `faulty` cell, and leaves out what goes by them."""
    named: str = ""
    """The end of its defined name, if that is not its key; of several sheets, with `{n}` for their number."""

    @property
    def several(self) -> bool:
        """Whether there may be more than one of it."""
        return "{name}" in self.title.zh

    def __post_init__(self) -> None:
        if self.examples and self.tables[0].columns[-1].key != "note":
            raise ValueError(f"{self.key}: a table with examples ends in a column `note`, which says what they are")

    @property
    def identity(self) -> str:
        """The text of its A1; of several, what theirs begin with."""
        return IDENTITY + self.key

    @property
    def name(self) -> str:
        """Its defined name."""
        return f"{OUT_PREFIX}{self.named or self.key}"

    def models(self, figures: F) -> list[SheetModel]:
        """Return the sheets of this kind that a run writes."""
        return [self.model(view) for view in self.views(figures)]

    def model(self, view: V) -> SheetModel:
        """Return the sheet over a view, with addresses in its formulas."""
        frame = view.frame.as_typed if self.as_typed else view.frame
        columns = tuple(self.columns(view))
        blank: dict[str, Value] = dict.fromkeys(column.key for column in columns)
        rows = tuple(_filled(row, blank) if self.grid else row for row in self.rows(view))
        one = cast(NamedView, view) if self.several else None
        name, number = (one.name, one.number) if one is not None else ("", 0)
        page = self.page(view, rows)
        title = words.with_name(self.title, name, frame.lang)
        return SheetModel(
            key=f"{self.key}:{name}" if self.several else self.key,
            name=self.name.format(n=number),
            title=title,
            heading=title,
            subline=frame.subline(*self.facts(view)),
            columns=columns,
            rows=addressed(columns, rows),
            charts=tuple(self.charts(view, rows)),
            money=CENTS if self.as_typed else frame.money,
            breaks_before_rows=page.rows,
            apart=page.apart,
            breaks_before_columns=page.columns,
            frozen_rows=page.frozen_rows,
            repeats=page.repeats,
            portrait=page.portrait,
            one_page=page.single,
            zoom=page.zoom,
            keeps_targets=self.keeps_targets,
            tree=self.tree,
            archive=self.archive,
            keeps_look=self.keeps_look,
            currency=frame.currency,
        )


_ACROSS = ("normal", "total", "strong", "proof", "stretch", "section")


def _filled(row: Row, blank: Mapping[str, Value]) -> Row:
    """A row of a grid has a cell in every column, a blank one if it gives no value."""
    if row.kind not in _ACROSS:
        return row
    return replace(row, values={**blank, **row.values})
