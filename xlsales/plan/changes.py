"""What a split would change in the targets in the workbook: which months and members, and by how much."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from xlsales.book.keyed import WrittenSheet
from xlsales.core.breakdown import Breakdown, DimensionBreakdown
from xlsales.core.periods import Level
from xlsales.core.plan import MICROS
from xlsales.layout.model import IDENTITY
from xlsales.plan.written_members import MEMBER, member_rows, parents_in, rows_in_sheet


class Change(Struct, frozen=True):
    """A month's target that changes, of the company (no dimension) or of a lowest member; micro-yuan.

    A month is `complete` if it is over, its actuals are there, and it is not closed. If the month itself stays,
    `days` is the largest change of a day of the company.
    """

    dimension: str
    member: str
    month: str
    old: int
    new: int
    complete: bool
    days: int = 0

    @property
    def by(self) -> int:
        """What is added; below zero if it is taken away."""
        return self.new - self.old


class Changes(Struct, frozen=True):
    """All that a split changes; `through` is the last day of the latest complete month, None if there is none.

    `days` are months of the company that keep their target while days in them change. `added` and `removed` are
    members, by dimension, that the sheets do not have yet, or that the plan no longer has. The closed months of
    parents in `regrouped` follow members that moved. Only rounding would change the complete months in `rounding`:
    they stay as they are.
    """

    through: dt.date | None = None
    cells: tuple[Change, ...] = ()
    days: tuple[Change, ...] = ()
    added: tuple[tuple[str, str], ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    regrouped: tuple[tuple[str, str], ...] = ()
    rounding: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cells or self.days or self.added or self.removed or self.regrouped)

    @property
    def complete(self) -> Changes:
        """Those of complete months alone."""
        cells, days = (tuple(one for one in many if one.complete) for many in (self.cells, self.days))
        return replace(self, cells=cells, days=days, added=(), removed=(), regrouped=())

    @property
    def months(self) -> list[str]:
        """The keys of the months that change, in order."""
        return sorted({one.month for one in (*self.cells, *self.days)})

    def of(self, dimension: str) -> list[Change]:
        """The changes of a dimension's members, or of the company, the largest first."""
        return sorted((c for c in self.cells if c.dimension == dimension), key=lambda c: (-abs(c.by), c.month))

    @property
    def scopes(self) -> list[str]:
        """The company (blank) and the dimensions, as far as anything of them changes."""
        members = (*self.added, *self.removed, *self.regrouped)
        every = [*(c.dimension for c in (*self.days, *self.cells)), *(dimension for dimension, _ in members)]
        return list(dict.fromkeys(every))


def changes_of(sheets: dict[str, WrittenSheet], breakdown: Breakdown, as_of: dt.date | None) -> Changes:
    """Return what a breakdown changes in the written sheets; nothing if nothing was split yet.

    `as_of` is the day up to which actuals are complete, if the run has read any; else it is the last day with an
    actual in the sheets.
    """
    time = sheets.get(IDENTITY + "time")
    if time is None:
        return Changes()
    months = breakdown.timeline.periods(Level.MONTH)
    as_of = max((day for day in (as_of, _last_actual(time, breakdown)) if day is not None), default=None)
    closed = breakdown.plan.closed_through or dt.date.min
    complete = [as_of is not None and closed < month.end <= as_of for month in months]
    through = max((month.end for month, over in zip(months, complete, strict=True) if over), default=None)
    comparison = _Comparison(breakdown, [month.key for month in months], complete, sum(m.end <= closed for m in months))
    company = comparison.changes("", "", (_micros(time, [m.key], "target") for m in months), breakdown.months.tolist())
    parts = [
        comparison.of_dimension(sheet, part)
        for name, part in breakdown.dimensions.items()
        if (sheet := sheets.get(f"{IDENTITY}dimension:{name}")) is not None
    ]
    return Changes(
        through,
        (*company, *(change for part in parts for change in part.cells)),
        tuple(comparison.of_days(time, {change.month for change in company})),
        tuple(member for part in parts for member in part.added),
        tuple(member for part in parts for member in part.removed),
        tuple(member for part in parts for member in part.regrouped),
    )


class _Comparison(Struct, frozen=True):
    """A breakdown beside the written sheets: the keys of its months, whether each is complete, how many are closed."""

    breakdown: Breakdown
    months: Sequence[str]
    complete: Sequence[bool]
    n_closed: int

    def changes(self, dimension: str, member: str, old: Iterable[int | None], new: Sequence[int]) -> list[Change]:
        """The months that change: `old` in micro-yuan, None if there is no number, `new` in steps."""
        step = self.breakdown.plan.step_micros
        return [
            Change(dimension, member, month, before, steps * step, complete)
            for month, before, steps, complete in zip(self.months, old, new, self.complete, strict=False)
            if before is not None and before != steps * step
        ]

    def of_dimension(self, sheet: WrittenSheet, part: DimensionBreakdown) -> Changes:
        """What changes for the members of a dimension, in `cells`, `added`, `removed` and `regrouped`."""
        name, columns = part.dimension.name, [f"t:{month}" for month in self.months]
        rows, removed = member_rows(sheet, part.dimension)
        all_rows = rows_in_sheet(sheet, part.dimension)
        cells: list[Change] = []
        regrouped: list[tuple[str, str]] = []
        for row in (row for row in removed if row not in parents_in(sheet)):  # what it had goes to others
            old = (_micros(sheet, [row], column) for column in columns)
            former = self.changes(name, row.removeprefix(MEMBER), old, [0] * len(columns))
            cells += [replace(change, complete=False) for change in former]
        for i, member in enumerate(part.dimension.members):
            leaf = part.dimension.is_leaf(i)
            if leaf:
                old = (_micros(sheet, rows[i], column) if rows[i] else 0 for column in columns)
                own = self.changes(name, member.name, old, part.months[i].tolist())
                cells += own if rows[i] else [replace(change, complete=False) for change in own]
            if all_rows[i] and (not rows[i] or not leaf):  # its months are those of its members
                old = (_micros(sheet, all_rows[i], column) for column in columns[: self.n_closed])
                if self.changes(name, member.name, old, part.months[i, : self.n_closed].tolist()):
                    regrouped.append((name, member.name))
        return Changes(
            cells=tuple(cells),
            added=tuple((name, m.name) for m, own in zip(part.dimension.members, all_rows, strict=True) if not own),
            removed=tuple((name, row.removeprefix(MEMBER)) for row in removed),
            regrouped=tuple(regrouped),
        )

    def of_days(self, time: WrittenSheet, changed: set[str]) -> Iterator[Change]:
        """Yield the months in which the company's days change, but not the month; `changed` are the others."""
        timeline, step, day = self.breakdown.timeline, self.breakdown.plan.step_micros, self.breakdown.day_micros
        days = timeline.periods(Level.DAY)
        targets = zip(timeline.periods(Level.MONTH), self.complete, self.breakdown.months.tolist(), strict=True)
        for month, complete, steps in targets:
            inside = range(*timeline.slice_of(month).indices(timeline.n_days))
            old = [_micros(time, [days[i].key], "target") for i in inside]
            new = [int(self.breakdown.days[i]) * day for i in inside]
            most = max(0 if b is None else abs(n - b) for b, n in zip(old, new, strict=True))
            if month.key not in changed and most:
                yield Change("", "", month.key, steps * step, steps * step, complete, most)


def _micros(sheet: WrittenSheet, rows: Sequence[str], column: str) -> int | None:
    """What rows hold in a column together; None if none of them holds a number."""
    yuan = sheet.together(rows, column)
    return None if yuan != yuan else round(yuan * MICROS)


def _last_actual(time: WrittenSheet, breakdown: Breakdown) -> dt.date | None:
    """The last day that has an actual in the sheet: days after the as-of date have none."""
    days = breakdown.timeline.periods(Level.DAY)
    with_actuals = (day.start for day in reversed(days) if not math.isnan(time.number(day.key, "actual")))
    return next(with_actuals, None)
