"""What a split would change in the targets that stand in the workbook: which months and members, and by how much."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from xlsales.book.keyed import WrittenSheet
from xlsales.core.breakdown import Breakdown
from xlsales.core.periods import Level
from xlsales.core.plan import MICROS
from xlsales.layout.model import IDENTITY
from xlsales.plan.written_members import MEMBER, member_rows, parents_in, rows_in_sheet


@dataclass(frozen=True)
class Change:
    """A month's target that changes, of the company (no dimension) or of a lowest member; micro-yuan.

    `complete` tells that the month is over, its actuals are there, and it is not closed; `days` by how much the
    company's day changes that changes most, where the month stays.
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
        """What is added; below zero where it is taken away."""
        return self.new - self.old


@dataclass(frozen=True)
class Changes:
    """All that a split changes; `through` is the last day of the latest complete month, None where there is none.

    `moved` are months of the company that keep their target while days in them change; `added` and `gone` are the
    members by dimension that the sheets do not have yet, or that the plan has no longer; `regrouped` the parents
    whose closed months follow members that moved. `kept` are complete months that only rounding would have changed:
    they stay as they are.
    """

    through: dt.date | None = None
    cells: tuple[Change, ...] = ()
    moved: tuple[Change, ...] = ()
    added: tuple[tuple[str, str], ...] = ()
    gone: tuple[tuple[str, str], ...] = ()
    regrouped: tuple[tuple[str, str], ...] = ()
    kept: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cells or self.moved or self.added or self.gone or self.regrouped)

    @property
    def complete(self) -> Changes:
        """Those of complete months alone."""
        cells, moved = (tuple(one for one in many if one.complete) for many in (self.cells, self.moved))
        return replace(self, cells=cells, moved=moved, added=(), gone=(), regrouped=())

    @property
    def months(self) -> list[str]:
        """The keys of the months that change, in order."""
        return sorted({one.month for one in (*self.cells, *self.moved)})

    def of(self, dimension: str) -> list[Change]:
        """The changes of a dimension's members, or of the company, the largest first."""
        return sorted((c for c in self.cells if c.dimension == dimension), key=lambda c: (-abs(c.by), c.month))

    @property
    def scopes(self) -> list[str]:
        """The company (blank) and the dimensions, as far as anything of them changes."""
        named = (*self.added, *self.gone, *self.regrouped)
        every = [*(c.dimension for c in (*self.moved, *self.cells)), *(d for d, _ in named)]
        return list(dict.fromkeys(every))


def changes_of(sheets: dict[str, WrittenSheet], breakdown: Breakdown, as_of: dt.date | None) -> Changes:
    """Return what a breakdown changes in the written sheets; nothing where nothing was split yet.

    `as_of` is up to when actuals are known to be complete, where the run has read any; else it is the last day
    with an actual in the sheets.
    """
    time = sheets.get(IDENTITY + "time")
    if time is None:
        return Changes()
    plan, timeline = breakdown.plan, breakdown.timeline
    as_of = max((day for day in (as_of, _last_actual(time, breakdown)) if day is not None), default=None)
    closed = plan.closed_through or dt.date.min
    months = timeline.periods(Level.MONTH)
    over = [as_of is not None and month.end <= as_of and month.end > closed for month in months]
    through = max((month.end for month, complete in zip(months, over, strict=True) if complete), default=None)

    def changed(dimension: str, member: str, old: Iterable[int | None], new: Sequence[int]) -> list[Change]:
        found = []
        for month, was, steps, complete in zip(months, old, new, over, strict=False):
            becomes = steps * plan.step_micros
            if was is not None and was != becomes:
                found.append(Change(dimension, member, month.key, was, becomes, complete))
        return found

    cells = changed("", "", (_micros(time, [m.key], "target") for m in months), breakdown.months.tolist())
    moved = _moved(time, breakdown, over, {c.month for c in cells})
    added: list[tuple[str, str]] = []
    gone: list[tuple[str, str]] = []
    regrouped: list[tuple[str, str]] = []
    n_closed = sum(month.end <= closed for month in months)
    columns = [f"t:{month.key}" for month in months]
    for name, part in breakdown.dimensions.items():
        sheet = sheets.get(f"{IDENTITY}dimension:{name}")
        if sheet is None:
            continue
        rows, vanished = member_rows(sheet, part.dimension)
        standing = rows_in_sheet(sheet, part.dimension)
        gone += [(name, row.removeprefix(MEMBER)) for row in vanished]
        for row in (row for row in vanished if row not in parents_in(sheet)):  # what it had goes to others
            had = changed(
                name, row.removeprefix(MEMBER), (_micros(sheet, [row], c) for c in columns), [0] * len(months)
            )
            cells += [replace(c, complete=False) for c in had]
        for i, member in enumerate(part.dimension.members):
            if not standing[i]:
                added.append((name, member.name))
            if part.dimension.is_leaf(i):
                old = (_micros(sheet, rows[i], column) if rows[i] else 0 for column in columns)
                new = changed(name, member.name, old, part.months[i].tolist())
                cells += new if rows[i] else [replace(c, complete=False) for c in new]
            if standing[i] and (not rows[i] or not part.dimension.is_leaf(i)):  # the months of its members
                closed_then = (_micros(sheet, standing[i], column) for column in columns[:n_closed])
                if changed(name, member.name, closed_then, part.months[i, :n_closed].tolist()):
                    regrouped.append((name, member.name))
    return Changes(through, tuple(cells), tuple(moved), tuple(added), tuple(gone), tuple(regrouped))


def _micros(sheet: WrittenSheet, rows: Sequence[str], column: str) -> int | None:
    """What rows hold in a column together; None where none of them holds a number."""
    yuan = sheet.together(rows, column)
    return None if yuan != yuan else round(yuan * MICROS)


def _last_actual(time: WrittenSheet, breakdown: Breakdown) -> dt.date | None:
    """The last day that has an actual in the sheet: days after the as-of date have none."""
    days = breakdown.timeline.periods(Level.DAY)
    known = (day.start for day in reversed(days) if (actual := time.number(day.key, "actual")) == actual)
    return next(known, None)


def _moved(time: WrittenSheet, breakdown: Breakdown, over: Sequence[bool], changed: set[str]) -> list[Change]:
    """Months in which the company's days change though the month does not."""
    timeline, step, own = breakdown.timeline, breakdown.plan.step_micros, breakdown.day_micros
    days = timeline.periods(Level.DAY)
    found = []
    for month, complete, steps in zip(timeline.periods(Level.MONTH), over, breakdown.months.tolist(), strict=True):
        inside = range(*timeline.slice_of(month).indices(timeline.n_days))
        old = (_micros(time, [days[i].key], "target") for i in inside)
        new = (int(breakdown.days[i]) * own for i in inside)
        most = max(abs(becomes - was) if was is not None else 0 for was, becomes in zip(old, new, strict=True))
        if month.key not in changed and most:
            found.append(Change("", "", month.key, steps * step, steps * step, complete, most))
    return found
