"""The cells of a store's workbook that differ from store to store: their keys once, their values per store.

Results of formulas are computed here too, as they are before anything is typed, so that a viewer that does
not calculate shows what Excel would. Amounts in yuan; `""` is what a formula shows for a blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from xlsales.core.member_days import by_week
from xlsales.core.periods import Level
from xlsales.store import words
from xlsales.store.contract import SHEETS, SHORT
from xlsales.store.handout.known import Standing
from xlsales.store.sealing import digest_of
from xlsales.store.tables import criterion
from xlsales.store.targets import Figure, Floats, Key, Span, Store

TITLE, SUBLINE = "#title", "#subline"
"""Row keys of the heading and the line under it."""
TODO_WHAT = "todo:what"
"""Row key of what a store is to fill in."""
HIDDEN_ROW = "#hidden"
"""Stands for a column: whether the row is hidden."""


class StoreCells:
    """The cells that differ from store to store: their keys once, their values per store in the same order."""

    def __init__(self, span: Span) -> None:
        self.span = span
        months, days = span.month_keys, list(span.day_keys)
        weeks = [week.key for week in span.timeline.periods(Level.WEEK)]
        both = ("target", "clock")
        self.keys: dict[str, list[Key]] = {
            "front": [
                (TITLE, "period"), (SUBLINE, "period"), ("sentence", "period"), (TODO_WHAT, "period"),
                ("info:code", "target"), ("info:version", "target"), ("info:fingerprint", "target"),
                ("info:most", "target"),
                ("now", "target"), ("plan", "target"), ("total", "target"),
                *((m, "target") for m in months), *((m, "cumulative_target") for m in months),
            ],
            "days": [
                (TITLE, "date"), (SUBLINE, "date"),
                *((m, column) for column in both for m in months),
                *((d, column) for column in (*both, "cumulative_target", "time_progress") for d in days),
            ],
            "weeks": [
                (TITLE, "period"), (SUBLINE, "period"), ("total", "target"), *((w, "target") for w in weeks),
            ],
            "commitment": [
                (TITLE, "period"), (SUBLINE, "period"), ("total", "target"), *((m, "target") for m in months),
            ],
            "letter": [
                (SUBLINE, "c0"), ("intro", "c0"), ("sentence", "c0"), ("totals", "c1"), ("totals", "c4"),
                *letter_cells(months, 1), *letter_cells(months, 2),
            ],
        }  # fmt: skip
        if span.tables:
            self.keys["members"] = list(self._member_keys())
        self.fixed = {sheet: len(keys) for sheet, keys in self.keys.items()}
        """So many cells of a sheet hold the same kind of value in every store; those after them may be blank."""
        self._standing = Standing(span) if span.handed is not None else None
        for sheet, more in self._standing.keys.items() if self._standing is not None else ():
            self.keys[sheet] = self.keys[sheet] + more

    def values(self, store: Store) -> dict[str, list[Figure | None]]:
        """Return the values of one store, sheet by sheet in the order of `keys`; None stands for a blank cell."""
        values: dict[str, list[Figure | None]] = {s: [*found] for s, found in self._fixed_values(store).items()}
        if self._standing is None:
            return values
        more = self._standing.values(store)
        return {sheet: [*found, *more.get(sheet, ())] for sheet, found in values.items()}

    def _fixed_values(self, store: Store) -> dict[str, list[Figure]]:
        span = self.span
        months = list(store.months(span).values())
        targets = _amounts(months)
        total = _amounts([store.days.sum()])
        running = _amounts(np.cumsum(months))
        clock = span.clock_of(store)
        clock_sums = [float(clock[at].sum()) for at in span.slices]
        said = self._texts(store)
        seal = store.sealed or digest_of(span, store)[:SHORT]
        sentence = words.DERIVED[span.lang] + store.sentence if store.sentence else ""
        tables = {"members": list(self._member_values(store, said))} if span.tables else {}
        return tables | {
            "front": [
                said["front"], said[SUBLINE], sentence, said[TODO_WHAT], store.code, store.version, seal,
                store.most, targets[span.month_shown], *total, *total, *targets, *running,
            ],
            "days": [
                said["days"], said[SUBLINE], *targets, *_amounts(clock_sums), *_amounts(store.days), *_amounts(clock),
                *_amounts(np.concatenate([np.cumsum(store.days[at]) for at in span.slices])),
                *chain.from_iterable(
                    _elapsed(clock[at], whole) for at, whole in zip(span.slices, clock_sums, strict=True)
                ),
            ],
            "weeks": [said["weeks"], said[SUBLINE], *total, *_amounts(by_week(store.days, span.timeline))],
            "commitment": [said["commitment"], said[SUBLINE], *total, *targets],
            "letter": [said[SUBLINE], said["intro"], sentence, *total, *total, *targets, *targets],
        }  # fmt: skip

    def _member_keys(self) -> Iterator[Key]:
        yield from ((row, column) for row in (TITLE, SUBLINE) for column in self.span.page_columns)
        columns = (*self.span.month_keys, "month_target", "target")
        for table in self.span.tables:
            rows = [table.row_key(n + 1) for n in range(table.rows)]
            yield from ((row, column) for column in ("member", "match", HIDDEN_ROW) for row in rows)
            rows += [table.unassigned_key, table.total_key]
            yield from ((row, column) for row in rows for column in columns)

    def _member_values(self, store: Store, said: Mapping[str, str]) -> Iterator[Figure]:
        """The rows of each table; those that this store does not need are hidden, without a name, and hold zero."""
        yield from (said[row] for row in ("members", SUBLINE) for _ in self.span.page_columns)
        for table, part in zip(self.span.tables, store.parts, strict=True):
            spare = table.rows - len(part.names)
            yield from (*part.names, *[""] * spare)
            yield from (*map(criterion, part.names), *[""] * spare)
            yield from [False] * len(part.names) + [True] * spare
            blank, shown = np.zeros((spare, len(self.span.months))), self.span.month_shown
            rows = np.vstack([part.months, blank, part.unassigned])
            rows = np.vstack([rows, rows.sum(axis=0)])
            yield from _amounts(np.hstack([rows, rows[:, shown : shown + 1], rows.sum(axis=1, keepdims=True)]).ravel())

    def by_key(self, store: Store) -> dict[str, dict[Key, Any]]:
        """Return the values of one store by sheet and cell."""
        values = self.values(store)
        return {sheet: dict(zip(keys, values[sheet], strict=True)) for sheet, keys in self.keys.items()}

    def _texts(self, store: Store) -> dict[str, str]:
        span = self.span
        facts = {
            "code": store.code, "plan": span.plan.name, "start": span.plan.start, "end": span.plan.end,
            "unit": span.unit_word, "version": store.version,
        }  # fmt: skip
        said = {sheet: word[span.lang].format(**facts) for sheet, word in words.HEADINGS.items()}
        day = store.known_to(span)
        known = words.TODO_KNOWN[span.lang].format(day=day) if day else ""
        return said | {
            TODO_WHAT: words.TODO_WHAT[span.lang].format(known=known),
            SUBLINE: words.SUBLINE[span.lang].format(**facts).removeprefix("  ·  ") + span.unannounced,
            "intro": (words.LETTER_INTRO if span.plan.name else words.LETTER_INTRO_UNNAMED)[span.lang].format(**facts),
        }


def letter_cells(months: Sequence[str], what: int) -> list[Key]:
    """Return where the agreement shows each month's target (`what` 1) or commitment (2): two months a row."""
    half = (len(months) + 1) // 2
    return [(f"line:{i % half}", f"c{what + 3 * (i // half)}") for i in range(len(months))]


def _amounts(values: Iterable[float] | Floats) -> Sequence[Figure]:
    """Amounts as Python numbers, whole ones as int, to the millionth of a yuan."""
    numbers = np.asarray(values, dtype=np.float64)
    if (numbers == np.rint(numbers)).all():
        whole: list[int] = numbers.astype(np.int64).tolist()
        return whole
    return [int(n) if n == int(n) else n for n in np.round(numbers, 6).tolist()]


def _elapsed(clock: Floats, whole: float) -> Sequence[Figure]:
    """The share of a month gone by at the end of each day, to a millionth; one in which nothing counts ends at 1."""
    if not whole:
        return [""] * (len(clock) - 1) + [1]
    shares: list[float] = np.round(np.cumsum(clock) / whole, 6).tolist()
    return shares


assert set(words.HEADINGS) == set(SHEETS)
