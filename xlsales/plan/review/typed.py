"""What a person typed into the pages of reviews: of each remedy one text, on all pages where it stands."""

from __future__ import annotations

import contextlib
import datetime as dt
import zlib
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from xlsales.book.keyed import WrittenSheet
from xlsales.core.faults import Bilingual, Place, Problem
from xlsales.core.text import narrow
from xlsales.ooxml.cells import BLANK, Flaw
from xlsales.plan.review import faults
from xlsales.plan.review.tables import LINES, Remedy, Typed, origin_of
from xlsales.values.cell import CellFault, Labelled, day, is_blank, plain

TYPED = ("who", "cause", "remedy", "owner", "due", "state")
"""The columns that a person types into."""
ORIGIN, SEEN = "origin", "said"
"""Hidden columns: from which review and row a promise is, and a mark of each cell as the last run left it.

The marks are in the column that holds the sentences of the drivers, so pages of earlier versions need no new one.
"""
ACT, PROMISE = "act", "was"
"""What the row keys of a page's own remedies and of promises begin with."""
_NO_MARK = "-"
_DIGITS = 14
"""So many digits of a number are marked: programs differ in the last ones."""
_NOTHING = Bilingual("空", "blank")


class Texts(Struct, frozen=True):
    """The remedies of a page by row, the promises of earlier reviews that stand on it, and what is doubtful.

    `left` are open promises that have no row. `formulas` are the cells, by keys, in which a person has put a formula,
    with what they hold.
    """

    own: tuple[Remedy, ...]
    promises: tuple[Remedy, ...]
    left: tuple[Remedy, ...]
    formulas: Mapping[tuple[str, str], Typed]
    doubts: tuple[Problem, ...]

    def marks(self, row: str, remedy: Remedy) -> str:
        """Return the marks of the cells of a row, by its key, as this run leaves them."""
        return " ".join(_mark(self.formulas.get((row, key), value)) for key, value in remedy.cells.items())


class _Held(Struct, frozen=True):
    """A cell of a remedy on a page, and whether a person typed it there since the last run."""

    value: Typed
    typed: bool
    place: Place


def texts_of(pages: Sequence[tuple[str, WrittenSheet | None]]) -> Iterator[Texts]:
    """Yield the texts of each page; `pages` are their periods in order, with those that are written.

    Promises of a page are the remedies of the page before, then those that were open there, then others that stand on
    it. What a person typed on one page is on all of them; of a cell that was typed on several, the last page counts.
    """
    readers = [_Reader(period, sheet) for period, sheet in pages]
    held: dict[tuple[str, str], list[_Held]] = {}
    for reader in readers:
        for at, cell in reader.cells():
            held.setdefault(at, []).append(cell)
    twice = [problem for cells in held.values() for problem in _typed_twice(cells)]
    remedies = {
        origin: Remedy(origin, *(_settled(held.get((origin, key), ())) for key in TYPED))
        for origin in dict.fromkeys(origin for origin, _ in held)
    }
    given: list[Remedy] = []
    before: list[Remedy] = []
    for reader in readers:
        own = [remedies.get(origin) or Remedy(origin) for origin in reader.own]
        there = [remedies[origin] for origin in reader.standing if origin in remedies]
        open_ = [one for one in given if not one.is_finished or one in there]
        given = [one for one in (*before, *open_, *there) if one.is_promise]
        given = list({one.origin: one for one in given}.values())
        if len(given) > LINES:  # what is finished gives way
            given.sort(key=lambda one: one.is_finished)
        left = tuple(one for one in given[LINES:] if not one.is_finished)
        doubts = (*reader.unread(own), *reader.moves(), *(problem for problem in twice if reader.has(problem.place)))
        yield Texts(tuple(own), tuple(given[:LINES]), left, reader.formulas, doubts)
        before = own


def _settled(cells: Sequence[_Held]) -> Typed:
    """What counts: of cells that were typed the last, else the last; as it is in the first cell with these contents."""
    last = [None, *(cell.value for cell in ([cell for cell in cells if cell.typed] or cells))][-1]
    return next((cell.value for cell in cells if _mark(cell.value) == _mark(last)), None)


def _typed_twice(cells: Sequence[_Held]) -> Iterator[Problem]:
    """Yield what a person typed on a page that does not count, as it was typed otherwise on a later one."""
    typed = [cell for cell in cells if cell.typed]
    for cell in typed[:-1]:
        if _mark(cell.value) != _mark(typed[-1].value):
            facts = {"found": _said(cell.value), "kept": _said(typed[-1].value), "page": typed[-1].place.sheet}
            yield Problem.note(cell.place, text_of(cell.value), faults.TypedTwice(**facts))


def _said(value: Typed) -> str | Bilingual:
    return text_of(value) or _NOTHING


def text_of(value: Typed) -> str:
    """The contents of a cell as a text."""
    if isinstance(value, float):
        return plain(float(f"{value:.{_DIGITS}g}"))
    return "" if value is None else str(value)


def _mark(value: Typed) -> str:
    """What tells the contents of a cell from others."""
    text = "\n".join(text_of(value).splitlines())
    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}" if text else _NO_MARK


class _Reader:
    """Reads the page of a period; nothing if it is not written yet."""

    def __init__(self, period: str, sheet: WrittenSheet | None) -> None:
        self.own = [origin_of(period, n) for n in range(1, LINES + 1)]
        self.formulas: dict[tuple[str, str], Typed] = {}
        self.standing: dict[str, str] = {}
        self._sheet = sheet
        for n in range(1, LINES + 1) if sheet is not None else ():
            assert sheet is not None
            origin = sheet.value(f"{PROMISE}:{n}", ORIGIN)
            if isinstance(origin, str):
                self.standing.setdefault(origin, f"{PROMISE}:{n}")
        self.moved = dict(self._moves(sheet)) if sheet is not None else {}

    def cells(self) -> Iterator[tuple[tuple[str, str], _Held]]:
        """Yield the cells of the page's remedies and promises, each with the origin and its column."""
        sheet = self._sheet
        rows = [(origin, f"{ACT}:{n}") for n, origin in enumerate(self.own, 1)]
        for origin, row in (*rows, *self.standing.items()) if sheet is not None else ():
            assert sheet is not None
            if row not in sheet.rows:
                continue
            text = sheet.value(row, SEEN)
            marks = text.split() if isinstance(text, str) else []
            seen = dict(zip(TYPED, marks, strict=True)) if len(marks) == len(TYPED) else None
            for column in TYPED:
                if row in self.moved:
                    at = self.moved[row]
                    yield (origin, column), _Held(self._value(sheet, at, column), True, sheet.place(at, column))
                    continue
                value = self._value(sheet, row, column)
                if isinstance(sheet.value(row, column), Flaw):
                    continue  # an error, or a formula without a result, says nothing
                if column == "who" and row.startswith(PROMISE):
                    value = _without_period(value, origin.partition(":")[0])
                if seen is not None:
                    typed = _mark(value) != seen[column]
                else:  # a page of an earlier version, on which a promise had a state of its own
                    typed = value is not None if column == "state" else row.startswith(ACT)
                yield (origin, column), _Held(value, typed, sheet.place(row, column))

    def _moves(self, sheet: WrittenSheet) -> Iterator[tuple[str, str]]:
        """Yield the free rows of the page's own remedies, each with a row of no promise into which a person typed."""
        free = [row for n in range(1, LINES + 1) if self._is_blank(sheet, row := f"{ACT}:{n}")]
        rows = [row for n in range(1, LINES + 1) if (row := f"{PROMISE}:{n}") not in self.standing.values()]
        yield from zip(free, (row for row in rows if not self._is_blank(sheet, row)), strict=False)

    def _is_blank(self, sheet: WrittenSheet, row: str) -> bool:
        return row not in sheet.rows or all(self._value(sheet, row, column) is None for column in TYPED)

    def moves(self) -> Iterator[Problem]:
        """Yield what a person typed as a promise of an earlier review, which is one of the page's own remedies."""
        for row, at in self.moved.items():
            assert self._sheet is not None
            yield Problem.note(self._sheet.place(at, "who"), "", faults.TypedBelow(row=self._sheet.rows[row]))

    def has(self, place: Place) -> bool:
        """Whether a place is on the page."""
        return self._sheet is not None and self._sheet.title == place.sheet

    def unread(self, own: Sequence[Remedy]) -> Iterator[Problem]:
        """Yield the due dates of the page's own remedies that are no dates."""
        for n, one in enumerate(own, 1):
            if self._sheet is not None and isinstance(one.due, str | float):
                found = text_of(one.due)
                yield Problem.note(self._sheet.place(f"{ACT}:{n}", "due"), found, faults.DueUnread(found=found))

    def _value(self, sheet: WrittenSheet, row: str, column: str) -> Typed:
        """What a cell holds; what is no date among due dates is as it is."""
        cell = sheet.cell(sheet.rows[row], column)
        value = cell.value
        read: Typed = None
        if not (isinstance(value, Flaw) or value is BLANK or is_blank(value)):
            read = value if isinstance(value, float) else str(value).strip()
            if column == "due":
                with contextlib.suppress(CellFault):
                    read = day(value, Labelled(""), date1904=sheet.date1904)
        if cell.formula:
            self.formulas[row, column] = read
        return read


def _without_period(value: Typed, period: str) -> Typed:
    """Whom a promise is about: its page shows the review beside it."""
    behind = f"({period})"
    if value is None or isinstance(value, float | dt.date):
        return value
    if narrow(value[-len(behind) :]) == behind:
        value = value[: -len(behind)].strip()
    return value if value and value != period else None
