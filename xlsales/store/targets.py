"""The terms that all stores of a plan share, and each store's own: its targets, and what is known of its sales.

Amounts are in yuan, days and months arrays over the plan's days and months. Hand-out and collect take a store's targets
from the same place (`targets_of`).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from xlsales.core.arrays import Floats
from xlsales.core.breakdown import Breakdown
from xlsales.core.calendars import DayKind, WorkCalendar
from xlsales.core.faults import Lang
from xlsales.core.member_days import days_of_leaves
from xlsales.core.periods import Level, Period, Timeline, days_named, name_of, weekdays
from xlsales.core.plan import LONGEST_MONTH, MICROS, Clock, Dimension, Plan, WeekRule
from xlsales.plan.handed.rows import HandedRow
from xlsales.plan.scorecard.handed import HandedCard
from xlsales.store import words
from xlsales.store.tables import DimensionTable, MemberTargets, Tables
from xlsales.values.serials import to_serial
from xlsales.vocabulary import contract
from xlsales.vocabulary.contract import CNY
from xlsales.vocabulary.money import Money
from xlsales.vocabulary.round_contract import TIMES

Key = tuple[str, str]
"""Row key and column key of a cell."""
Figure = float | int | str | dt.date

MONTHS_A_PAGE = 12
_SHOWN_KINDS = {DayKind.HOLIDAY: "holiday", DayKind.MAKE_UP: "make_up"}
_BEYOND = 1e12


class Known(Struct, frozen=True, dict=True):
    """A store's sales in yuan up to the day of the hand-out, NaN if nothing is known.

    `days`: sales known by day. `months`: the sum of a month without known days. `parts`: for each table by dimension
    the store's members × months, part of the above.
    """

    days: Floats
    months: Floats
    parts: tuple[Floats, ...] = ()

    @cached_property
    def any(self) -> bool:
        """Whether anything is known."""
        return not (np.isnan(self.days).all() and np.isnan(self.months).all())

    def last_day(self, months: Sequence[slice]) -> int | None:
        """The position of the last day that is known, by itself or in a sum; `months` are the months' days."""
        days = np.flatnonzero(~np.isnan(self.days)).tolist()
        return max(
            [*days[-1:], *(months[m].stop - 1 for m in np.flatnonzero(~np.isnan(self.months)).tolist())], default=None
        )


class StoreTerms(Struct, frozen=True, dict=True):
    """The plan and what else every store's file has alike."""

    plan: Plan
    dimension: str
    timeline: Timeline
    calendar: WorkCalendar
    lang: Lang
    unit: str
    """The plan's unit, by its code in the contract."""
    largest: float = 0.0
    """The largest target of a store, in yuan, which columns must be wide enough for."""
    tables: tuple[DimensionTable, ...] = ()
    """The tables by other dimensions that a store's file has."""
    handed: dt.date | None = None
    """The last day with actuals that headquarters hands out; None if it has none."""
    due: dt.date | None = None
    """The last day to return files."""
    return_to: str = ""
    """The person to return them to."""
    company: str = ""
    """The company's name, on agreements."""
    currency: str = CNY
    """The plan's currency, by its code."""
    handed_rows: Mapping[str, int] = field(default_factory=dict)
    """The most rows that a file has of each table whose rows are handed out, by the key of its sheet."""
    card_rows: int = 0
    """The most rows of scorecards that a file has."""
    tiers: bool = False
    """Whether a file has the tiers of its targets."""

    @property
    def unit_word(self) -> str:
        """The unit of amounts in a store's workbook: the currency, or 件 if the plan counts pieces."""
        return self.in_full.word(self.lang)

    @property
    def in_full(self) -> Money:
        """The same as a unit."""
        return Money(self.unit, self.currency).in_full

    @property
    def money(self) -> str:
        """The number format of amounts: with cents only if days have them."""
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
        """The first month of each printed page."""
        return self.month_keys[::MONTHS_A_PAGE]

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """The positions of each month's days."""
        return tuple(self.timeline.slice_of(month) for month in self.months)

    @cached_property
    def last_known(self) -> int:
        """The position of the last day that may be known when the files are handed out."""
        assert self.handed is not None
        return (min(self.handed, self.plan.end) - self.plan.start).days

    @property
    def days_known(self) -> tuple[str, ...]:
        """The keys of the days that may be known; none without a day of the hand-out."""
        return self.day_keys[: self.last_known + 1] if self.handed is not None else ()

    @property
    def months_known(self) -> tuple[str, ...]:
        """The keys of the months that have begun by then."""
        return self.month_keys[: self.month_shown + 1] if self.handed is not None else ()

    @cached_property
    def serials(self) -> list[int]:
        """The days as Excel counts them."""
        return [to_serial(day) for day in self.timeline.days.tolist()]

    @cached_property
    def month_shown(self) -> int:
        """The position of the month that a fresh file shows: that of the hand-out, else the first."""
        starts = sum(month.start <= self.handed for month in self.months) if self.handed is not None else 1
        return max(starts, 1) - 1

    def clock_of(self, store: Store) -> Floats:
        """Return the weight of each day by the plan's clock."""
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

    @cached_property
    def positions(self) -> dict[str, int]:
        """The position of each day, by its row key."""
        return {key: i for i, key in enumerate(self.day_keys)}

    @cached_property
    def month_of_day(self) -> dict[str, str]:
        """The key of each day's month, by the day's."""
        return {day: month for month, at in zip(self.month_keys, self.slices, strict=True) for day in self.day_keys[at]}

    @cached_property
    def without_tables(self) -> StoreTerms:
        """The terms of a file without the tables by dimension."""
        return replace(self, tables=())

    @property
    def unannounced(self) -> str:
        """The text on years without announced holidays; empty if all are announced."""
        years = ("、" if self.lang == "zh" else ", ").join(map(str, self.calendar.unannounced))
        return words.UNANNOUNCED[self.lang].format(years=years) if years else ""

    def month_label(self, month: Period) -> str:
        """Return the name of a month: with its year if there are several, with its days if it is no calendar month."""
        name = name_of(month, self.lang)
        if self.plan.month_end < LONGEST_MONTH:
            name += f"({days_named(month)})" if self.lang == "zh" else f" ({days_named(month)})"
        if len(self.timeline.periods(Level.YEAR)) == 1:
            return name
        return f"{month.key[:4]}年{name}" if self.lang == "zh" else f"{name} {month.key[:4]}"

    def week_label(self, week: Period) -> str:
        """Return the name of a week: with its month if weeks are counted within months."""
        name = name_of(week, self.lang)
        if self.timeline.week_rule is WeekRule.ISO:
            return name
        month = self.timeline.index_of_day(Level.MONTH)[(week.start - self.timeline.start).days]
        return f"{self.month_label(self.months[month])} {name}"

    def other_dimensions(self) -> list[str]:
        """Return the dimensions that receipts may name, beside the store's own."""
        return [d.name for d in self.plan.dimensions if d.name != self.dimension]

    # --- what does not differ from store to store -----------------------------------------

    def calendar_cells(self) -> dict[Key, Figure]:
        """Return the cells of the days that the calendar fills: date, weekday, kind, whether it is a working day."""
        cells: dict[Key, Figure] = {}
        notes = {rule.day: rule.note for rule in self.plan.day_rules if rule.note and rule.factor != 1.0}
        week = weekdays(self.timeline.days).tolist()
        for i, day in enumerate(self.timeline.days.tolist()):
            kind = _SHOWN_KINDS.get(DayKind(int(self.calendar.kinds[i])))
            labels = [contract.DAY_KINDS[kind][self.lang]] if kind else []
            if day in notes:
                labels.append(notes[day])
            key = self.day_keys[i]
            cells[key, "date"] = day
            cells[key, "weekday"] = contract.WEEKDAYS[week[i]][self.lang]
            cells[key, "kind"] = " ".join(labels)
            cells[key, "working"] = int(self.calendar.working[i])
        return cells


class Targets(Struct, frozen=True, dict=True):
    """One store's targets: `days`, a value a day, and its rows of the terms' tables."""

    code: str
    days: Floats
    parts: tuple[MemberTargets, ...] = ()

    def months(self, terms: StoreTerms) -> dict[str, float]:
        """Return the target of each month, by its key."""
        return {key: float(self.days[at].sum()) for key, at in zip(terms.month_keys, terms.slices, strict=True)}

    @cached_property
    def average(self) -> float:
        """The average target of its days with a target."""
        days = self.days[self.days > 0]
        return float(days.mean()) if days.size else 0.0

    @cached_property
    def most(self) -> float:
        """A day's amount is doubtful above this; beyond any amount if there are no targets."""
        highest = float(self.days.max(initial=0.0))
        return float(math.ceil(highest * TIMES)) if highest > 0 else _BEYOND


class Store(Targets, frozen=True):
    """A store to hand a workbook out to: its targets, and how they were derived in one sentence.

    `seal` is that of its file. `known` is what it sold up to the day of the hand-out; None if the terms
    have no such day. `rows` are its rows of each table whose rows are handed out, `cards` those of its
    scorecards, `tiers` the months of each tier of its targets.
    """

    sentence: str = ""
    version: int = 1
    seal: str = ""
    known: Known | None = None
    rows: Mapping[str, Sequence[HandedRow]] = field(default_factory=dict)
    cards: tuple[HandedCard, ...] = ()
    tiers: Mapping[str, Sequence[float]] = field(default_factory=dict)

    @classmethod
    def blank(cls, terms: StoreTerms) -> Store:
        """Return a store without a name or a target, to make a template of."""
        months = np.zeros((1, len(terms.months)))
        parts = tuple(MemberTargets((), months[1:], months[0]) for _ in terms.tables)
        days = np.zeros(terms.timeline.n_days)
        known = None
        if terms.handed is not None:
            known = Known(days * np.nan, months[0] * np.nan, tuple(months[1:] for _ in terms.tables))
        return cls("", days, parts=parts, known=known)

    def known_to(self, terms: StoreTerms) -> dt.date | None:
        """Return the last day with known sales of this store; if a month is known as a sum, its last day."""
        last = self.known.last_day(terms.slices) if self.known is not None else None
        if last is None or terms.handed is None:
            return None
        return min(terms.plan.start + dt.timedelta(last), terms.handed)

    def day_to_fill(self, terms: StoreTerms) -> int:
        """Return the position of the day to fill next: after the last known day, else the first with a target."""
        last = self.known_to(terms)
        if last is None:
            return int(np.argmax(self.days > 0))
        return min((last - terms.plan.start).days + 1, len(self.days) - 1)


def targets_of(breakdown: Breakdown, dimension: Dimension, tables: Tables) -> list[Targets]:
    """Return the targets of every lowest member of a dimension, from the breakdown.

    Days are in day steps; on each day all stores add up to the company's target.
    """
    days = days_of_leaves(breakdown, dimension) * np.float64(breakdown.day_micros) / MICROS
    codes = [dimension.members[position].name for position in dimension.leaves]
    return [Targets(code, own, parts) for code, own, parts in zip(codes, days, tables.parts, strict=True)]
