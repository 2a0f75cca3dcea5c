"""What a person typed into the page of a review, and the promises of earlier reviews that stand on it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from xlsales.book.keyed import WrittenSheet
from xlsales.core.faults import Problem
from xlsales.ooxml.cells import BLANK, Flaw
from xlsales.plan.review import faults
from xlsales.plan.review.tables import LINES, Remedy, Typed, origin_of
from xlsales.values.cell import CellFault, Labelled, day, is_blank, plain

TYPED = ("who", "cause", "remedy", "owner", "due", "state")
"""The columns that a person types into."""
ORIGIN = "origin"
"""The hidden column that says from which review and row a promise is."""
ACT, PROMISE = "act", "was"
"""What the row keys of a page's own remedies and of promises begin with."""


class Texts(Struct, frozen=True):
    """The remedies of a page by row, the promises of earlier reviews that stand on it, and what is doubtful.

    `left` are promises that have no row. `formulas` are the cells, by keys, in which a person has put a formula.
    """

    own: tuple[Remedy, ...]
    promises: tuple[Remedy, ...]
    left: tuple[Remedy, ...]
    formulas: frozenset[tuple[str, str]]
    doubts: tuple[Problem, ...]


def texts_of(period: str, sheet: WrittenSheet | None, before: Texts | None) -> Texts:
    """Return the texts of the page of a period; `sheet` is that page as it was written, `before` the page before it.

    Its promises are the remedies of the page before, then those that were open there.
    """
    reader = _Reader(period, sheet)
    own = tuple(reader.own())
    given: list[Remedy] = []
    if before is not None:
        given = [one for one in before.own if one.is_promise]
        given += [one for one in (*before.promises, *before.left) if not one.is_finished]
    promises = [reader.with_state(one) for one in given]
    return Texts(
        own, tuple(promises[:LINES]), tuple(promises[LINES:]), frozenset(reader.formulas), tuple(reader.doubts)
    )


class _Reader:
    """Reads the page of a period; nothing if it is not written yet."""

    def __init__(self, period: str, sheet: WrittenSheet | None) -> None:
        self._period, self._sheet = period, sheet
        self.doubts: list[Problem] = []
        self.formulas: set[tuple[str, str]] = set()
        self._states = dict(self._typed_states())

    def own(self) -> Iterator[Remedy]:
        """Yield the page's own remedies, a blank one for a blank row."""
        for n in range(1, LINES + 1):
            row = f"{ACT}:{n}"
            yield Remedy(origin_of(self._period, n), *(self._text(row, column) for column in TYPED))

    def with_state(self, promise: Remedy) -> Remedy:
        """Return a promise with the state that was typed on this page, if there is one."""
        state = self._states.get(promise.origin)
        return replace(promise, state=state) if state is not None else promise

    def _typed_states(self) -> Iterator[tuple[str, Typed]]:
        for n in range(1, LINES + 1) if self._sheet is not None else ():
            assert self._sheet is not None
            origin = self._sheet.value(f"{PROMISE}:{n}", ORIGIN)
            if isinstance(origin, str):
                yield origin, self._text(f"{PROMISE}:{n}", "state")

    def _text(self, row: str, column: str) -> Typed:
        sheet = self._sheet
        if sheet is None or row not in sheet.rows:
            return None
        cell = sheet.cell(sheet.rows[row], column)
        if cell.formula:
            self.formulas.add((row, column))
        value = cell.value
        if isinstance(value, Flaw) or value is BLANK or is_blank(value):
            return None
        if column == "due":
            return self._due(sheet, row, value)
        return value if isinstance(value, float) else str(value).strip()

    def _due(self, sheet: WrittenSheet, row: str, value: object) -> Typed:
        """A due date; what is no date is kept as it is, and told."""
        try:
            return day(value, Labelled(""), date1904=sheet.date1904)
        except CellFault:
            fault = faults.DueUnread(found=plain(value) if isinstance(value, float) else str(value))
            self.doubts.append(Problem.note(sheet.place(row, "due"), str(value), fault))
            return value if isinstance(value, float) else str(value).strip()
