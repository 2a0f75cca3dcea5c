"""The figures of a store's workbook: what the plan says of every store, and what is one store's own.

Results of formulas are computed here too, as they are before anything is typed, so that a viewer that does
not calculate shows what Excel would. Amounts in yuan; `""` is what a formula shows for a blank.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlsales.core.calendars import DayKind, WorkCalendar
from xlsales.core.faults import Lang
from xlsales.core.member_days import by_week
from xlsales.core.periods import Level, Period, Timeline, name_of, weekdays
from xlsales.core.plan import MICROS, Clock, Plan, WeekRule
from xlsales.store import words
from xlsales.store.contract import SHEETS, SHORT, Identity, digest, most_of
from xlsales.store.handout.known import Known, Standing
from xlsales.store.tables import Part, Table, criterion
from xlsales.vocabulary import contract

Floats = NDArray[np.float64]
Key = tuple[str, str]
"""Row key and column key of a cell."""
Figure = float | int | str | dt.date

TITLE, SUBLINE = "#title", "#subline"
"""Row keys of the heading and the line under it."""
TODO_WHAT = "todo:what"
"""Row key of what a store is to fill in."""
HIDDEN_ROW = "#hidden"
"""Stands for a column: whether the row is hidden."""
MONTHS_A_PAGE = 12
CLOCK_NUMBERS = {Clock.CALENDAR: 1, Clock.WORKING_DAYS: 2, Clock.TARGET_CURVE: 3}
_SHOWN_KINDS = {DayKind.HOLIDAY: "holiday", DayKind.MAKE_UP: "make_up"}


@dataclass(frozen=True)
class Span:
    """What every store of a plan shares."""

    plan: Plan
    dimension: str
    timeline: Timeline
    calendar: WorkCalendar
    lang: Lang
    unit: str
    """The plan's unit, by its code in the contract."""
    largest: float = 0.0
    """The largest target of a store, in yuan, which columns must be wide enough for."""
    tables: tuple[Table, ...] = ()
    """The tables by other dimensions that a store's file has."""
    handed: dt.date | None = None
    """The last day of which headquarters has actuals to hand out; None where it has none."""
    due: dt.date | None = None
    """The day by which stores are to return their files."""
    return_to: str = ""
    """Whom they are to return them to."""

    @property
    def unit_word(self) -> str:
        """The unit of amounts in a store's workbook: 元, or 件 where the plan counts pieces."""
        return contract.UNITS["piece" if self.unit == "piece" else "yuan"][self.lang]

    @property
    def money(self) -> str:
        """The number format of amounts: with cents only where days have them."""
        return "#,##0.00" if self.plan.day_step_micros % MICROS else "#,##0"

    @cached_property
    def months(self) -> tuple[Period, ...]:
        """The plan's months."""
        return self.timeline.periods(Level.MONTH)

    @cached_property
    def month_keys(self) -> tuple[str, ...]:
        """The months' keys."""
        return tuple(month.key for month in self.months)

    @cached_property
    def month_pages(self) -> tuple[str, ...]:
        """The months that a printed page of months begins with."""
        return self.month_keys[::MONTHS_A_PAGE]

    @property
    def page_columns(self) -> tuple[str, ...]:
        """The columns of 分项 that a printed page begins with, beside the one that every page repeats."""
        return "month_target", *self.month_pages

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """Each month's place among the days."""
        return tuple(self.timeline.slice_of(month) for month in self.months)

    @cached_property
    def month_shown(self) -> int:
        """The position of the month that a fresh file shows: that of the hand-out, else the first."""
        starts = sum(month.start <= self.handed for month in self.months) if self.handed is not None else 1
        return max(starts, 1) - 1

    def clock_of(self, store: Store) -> Floats:
        """What each day counts for by the plan's clock."""
        if self.plan.clock is Clock.TARGET_CURVE:
            return store.days
        return self._calendar_clock

    @cached_property
    def _calendar_clock(self) -> Floats:
        if self.plan.clock is Clock.CALENDAR:
            return np.ones(self.timeline.n_days)
        return self.calendar.working.astype(np.float64)

    @cached_property
    def day_keys(self) -> tuple[str, ...]:
        """The days' row keys."""
        return tuple(day.isoformat() for day in self.timeline.days.tolist())

    @property
    def unannounced(self) -> str:
        """What is to be said of years whose holidays are not announced; empty where all are."""
        years = ("、" if self.lang == "zh" else ", ").join(map(str, self.calendar.unannounced))
        return words.UNANNOUNCED[self.lang].format(years=years) if years else ""

    def month_label(self, month: Period) -> str:
        """What people call a month: with its year where the plan has several."""
        name = name_of(month, self.lang)
        if len(self.timeline.periods(Level.YEAR)) == 1:
            return name
        return f"{month.key[:4]}年{name}" if self.lang == "zh" else f"{name} {month.key[:4]}"

    def week_label(self, week: Period) -> str:
        """What people call a week: with its month where weeks are counted within months."""
        name = name_of(week, self.lang)
        if self.timeline.week_rule is WeekRule.ISO:
            return name
        month = self.timeline.index_of_day(Level.MONTH)[(week.start - self.timeline.start).days]
        return f"{self.month_label(self.months[month])} {name}"

    def other_dimensions(self) -> list[str]:
        """The dimensions that receipts may name, beside the store's own."""
        return [d.name for d in self.plan.dimensions if d.name != self.dimension]

    # --- what does not differ from store to store -----------------------------------------

    def calendar_cells(self) -> dict[Key, Figure]:
        """Cells of the days that the calendar fills: date, weekday, kind, whether it is worked."""
        cells: dict[Key, Figure] = {}
        notes = {rule.day: rule.note for rule in self.plan.day_rules if rule.note and rule.factor != 1.0}
        week = weekdays(self.timeline.days).tolist()
        for i, day in enumerate(self.timeline.days.tolist()):
            kind = _SHOWN_KINDS.get(DayKind(int(self.calendar.kinds[i])))
            said = [contract.DAY_KINDS[kind][self.lang]] if kind else []
            if day in notes:
                said.append(notes[day])
            key = self.day_keys[i]
            cells[key, "date"] = day
            cells[key, "weekday"] = contract.WEEKDAYS[week[i]][self.lang]
            cells[key, "kind"] = " ".join(said)
            cells[key, "working"] = int(self.calendar.working[i])
        return cells

    def settings(self) -> dict[str, Figure]:
        """What the info block of the front page says of the plan, by the keys of `words.INFO_LABELS`."""
        from xlsales.store.contract import FORMAT

        lamps = self.plan.lamps
        return {
            "dimension": self.dimension,
            "plan": self.plan.name,
            "format": FORMAT,
            "lang": contract.LANGS[self.lang][self.lang],
            "unit": self.unit_word,
            "start": self.plan.start,
            "end": self.plan.end,
            "clock": CLOCK_NUMBERS[self.plan.clock],
            "handed": self.handed or 0,
            "green": lamps.green,
            "amber": lamps.amber,
            "orange": lamps.orange,
        }


@dataclass(frozen=True)
class Store:
    """One store's targets: `days` in yuan, a value a day, and how they were derived in one sentence.

    `parts` are its rows of the span's tables, `sealed` is the seal that its file bears. `known` is what it sold
    up to the day of the hand-out; None where the span has no such day.
    """

    code: str
    days: Floats
    sentence: str = ""
    version: int = 1
    sealed: str = ""
    parts: tuple[Part, ...] = ()
    known: Known | None = None

    @classmethod
    def blank(cls, span: Span) -> Store:
        """Return a store without a name or a target, for a template to be made of."""
        months = np.zeros((1, len(span.months)))
        parts = tuple(Part((), months[1:], months[0]) for _ in span.tables)
        days = np.zeros(span.timeline.n_days)
        known = None
        if span.handed is not None:
            known = Known(days * np.nan, months[0] * np.nan, tuple(months[1:] for _ in span.tables))
        return cls("", days, parts=parts, known=known)

    def known_to(self, span: Span) -> dt.date | None:
        """The last day of which anything is known of this store; of a month known by its sum, its last day."""
        if self.known is None or span.handed is None:
            return None
        last = self.known.last_day(span.slices)
        return None if last is None else min(span.plan.start + dt.timedelta(last), span.handed)

    def day_to_fill(self, span: Span) -> int:
        """The position of the day to fill next: the one after what is known, else the store's first with a target."""
        known = self.known_to(span)
        if known is None:
            return int(np.argmax(self.days > 0))
        return min((known - span.plan.start).days + 1, len(self.days) - 1)

    def identity(self, span: Span) -> Identity:
        """Whose targets these are."""
        return Identity(span.plan.name, span.dimension, self.code, self.version)

    def seal(self, span: Span) -> str:
        """The seal that its file bears; without a key, the fingerprint of its targets."""
        return self.sealed or self.digest(span)[:SHORT]

    def digest(self, span: Span) -> str:
        """The digest of the identity and every target."""
        days = ((key, "target", value) for key, value in zip(span.day_keys, self.days.tolist(), strict=True))
        parts = (
            part.sealed(table, span.month_keys)
            for table, part in zip(span.tables, self.parts, strict=bool(span.tables))
        )
        return digest(self.identity(span), chain(days, *parts))


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
        months = [store.days[at].sum() for at in span.slices]
        targets = _amounts(months)
        total = _amounts([store.days.sum()])
        running = _amounts(np.cumsum(months))
        clock = span.clock_of(store)
        clock_sums = [float(clock[at].sum()) for at in span.slices]
        said = self._texts(store)
        sentence = words.DERIVED[span.lang] + store.sentence if store.sentence else ""
        tables = {"members": list(self._member_values(store, said))} if span.tables else {}
        return tables | {
            "front": [
                said["front"], said[SUBLINE], sentence, said[TODO_WHAT], store.code, store.version, store.seal(span),
                most_of(store.days), targets[span.month_shown], *total, *total, *targets, *running,
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
