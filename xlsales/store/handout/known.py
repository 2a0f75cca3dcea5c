"""What headquarters knows of a store's sales when it hands the workbook out, and the results that follow from it.

Each formula of the workbook has its result stored beside it, so that a viewer that does not calculate shows where the
store stands. Without known actuals these results are constants of the template; here they are computed for one store,
for the days and months up to the day of the hand-out: what comes later is blank in every store.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from xlsales.core.periods import Level, Period
from xlsales.core.plan import Lamps
from xlsales.store.tables import KNOWN_PREFIX, PICKED
from xlsales.store.targets import Key, Span, Store
from xlsales.values.serials import to_serial
from xlsales.vocabulary import words as written
from xlsales.vocabulary.contract import STATUS

Result = float | int | str | None
"""What a cell shows; `""` where a formula shows nothing, None where a cell is blank."""

_DAY = ("known", "actual", "cumulative_actual", "attainment", "required_per_day", "status", "reported")
_MONTH = (
    "known", "until", "actual", "cumulative_target", "cumulative_actual", "attainment", "time_progress",
    "required_per_day", "status",
)  # fmt: skip
_FRONT = ("actual", "attainment", "status", "cumulative_actual", "time_progress", "required_per_day", "until")
_WEEK = ("actual", "attainment", "gap", "status", "due")
_MEMBER = ("actual", "attainment", "time_progress", "gap", "status")
_BOTH = ("month_", "")


class Standing:
    """The cells that depend on what is known: their keys once, their results per store in the same order."""

    def __init__(self, span: Span) -> None:
        assert span.handed is not None
        self._span = span
        line = span.timeline
        self._last = (min(span.handed, span.plan.end) - span.plan.start).days
        """Position of the last day that may be known."""
        self._shown = span.month_shown
        self._serials = [to_serial(day) for day in line.days.tolist()]
        self._weeks = [week for week in line.periods(Level.WEEK) if (week.start - line.start).days <= self._last]
        days = span.day_keys[: self._last + 1]
        months = span.month_keys[: self._shown + 1]
        self.keys: dict[str, list[Key]] = {
            "days": [*((d, c) for d in days for c in _DAY), *((m, c) for m in months for c in _MONTH)],
            "front": [
                *((m, c) for m in months for c in _FRONT),
                *(("now", c) for c in ("period", "actual", "attainment", "status", "cumulative_target")),
                ("now", "cumulative_actual"), ("labels", "period"),
                *(("plan", c) for c in ("actual", "attainment", "cumulative_target", "cumulative_actual", "status")),
                *(("total", c) for c in ("actual", "attainment", "status")),
                ("info:as_of", "target"), ("info:month", "target"),
            ],
            "weeks": [(row, c) for row in (*(week.key for week in self._weeks), "total") for c in _WEEK],
        }  # fmt: skip
        if span.tables:
            self.keys["members"] = list(self._member_keys(months))

    def values(self, store: Store) -> dict[str, list[Result]]:
        """Return the results of one store, sheet by sheet in the order of `keys`."""
        figures = _Figures(self._span, store, self._last, self._shown, self._serials)
        found: dict[str, list[Result]] = {
            "days": [*figures.days(), *(result for m in range(self._shown + 1) for result in figures.month(m))],
            "front": list(figures.front()),
            "weeks": list(figures.weeks(self._weeks)),
        }
        if self._span.tables:
            found["members"] = list(figures.members())
        return found

    def _member_keys(self, months: Sequence[str]) -> Iterator[Key]:
        yield "#month", "month_target"
        columns = ("member", "month_target", "month_actual", "month_time_progress", "month_gap", "actual")
        yield from ((PICKED, column) for column in (*columns, "time_progress"))
        for table in self._span.tables:
            rows = [table.row_key(n + 1) for n in range(table.rows)]
            yield from ((row, KNOWN_PREFIX + month) for row in rows for month in months)
            for prefix in _BOTH:
                yield from ((row, prefix + column) for row in (*rows, table.total_key) for column in _MEMBER)
                yield from ((table.unassigned_key, prefix + column) for column in ("actual", "gap"))
                yield f"proof:{table.dimension}", f"{prefix}actual"


class _Figures:
    """One store's results."""

    def __init__(self, span: Span, store: Store, last: int, shown: int, serials: Sequence[int]) -> None:
        self.span, self.store, self.last, self.shown, self.serials = span, store, last, shown, serials
        known = store.known
        assert known is not None
        self.known, self.any = known, known.any
        self.clock = span.clock_of(store)
        sold = np.nan_to_num(known.days)
        by_sum = ~np.isnan(known.months)
        self.until = [
            min(at.stop - 1, last) if by_sum[m] and at.start <= last else None for m, at in enumerate(span.slices)
        ]
        self.sums = np.where(by_sum, np.nan_to_num(known.months), 0.0) + [sold[at].sum() for at in span.slices]
        self.sold = sold
        self.lamps = span.plan.lamps

    # --- 日报 ---------------------------------------------------------------------------------

    def days(self) -> Iterator[Result]:
        """Each day's results up to the last."""
        for m, at in enumerate(self.span.slices[: self.shown + 1]):
            yield from self._days_of(m, at)

    def _days_of(self, m: int, at: slice) -> Iterator[Result]:
        targets, known = self.store.days[at], self.known.days[at].tolist()
        whole = float(targets.sum())
        head = 0.0 if self.until[m] is None else float(self.known.months[m])
        done = (head + np.cumsum(self.sold[at])).tolist()
        left: list[int] = (int((targets > 0).sum()) - np.cumsum(targets > 0)).tolist()
        clock = self.clock[at]
        clocks, all_clock = np.cumsum(clock).tolist(), float(clock.sum())
        until = -1 if (stop := self.until[m]) is None else stop
        lamp = self._lamp
        for i in range(min(at.stop - 1, self.last) - at.start + 1):
            day = at.start + i
            amount = known[i]
            there = amount == amount and day > until
            if not self.any or day < until:
                yield from (amount if there else None, "", "", "", "", "", 0)
                continue
            passed, is_last = done[i], day == at.stop - 1
            share = clocks[i] / all_clock if all_clock else (1.0 if is_last else 0.0)
            yield amount if there else None
            yield amount if there else ""
            yield passed
            yield passed / whole if whole else ""
            yield "" if is_last or not left[i] else max(whole - passed, 0.0) / left[i]
            yield lamp(passed, whole * share)
            yield self.serials[day] if there else 0

    def month(self, m: int) -> list[Result]:
        """A month's results, in the order of `_MONTH`."""
        at, until = self.span.slices[m], self.until[m]
        head: list[Result] = [float(self.known.months[m]), self.serials[until]] if until is not None else [None, 0]
        if not self.any:
            return [*head, "", "", "", "", "", "", ""]
        target, actual = float(self.store.days[at].sum()), float(self.sums[m])
        stop = min(at.stop, self.last + 1)
        share = self._share(slice(at.start, stop), at, over=stop == at.stop)
        left = int((self.store.days[stop : at.stop] > 0).sum())
        return [
            *head,
            actual,
            float(self.store.days[at.start : stop].sum()),
            actual,
            actual / target if target else "",
            share,
            max(target - actual, 0.0) / left if left else "",
            self._lamp(actual, target * (share if isinstance(share, float) else 0.0)),
        ]

    def _share(self, part: slice, whole: slice, *, over: bool) -> Result:
        """Time progress: the clock's share of `part` in `whole`; where nothing counts, 1 once it is over."""
        all_of = float(self.clock[whole].sum())
        return float(self.clock[part].sum()) / all_of if all_of else 1.0 if over else ""

    def _lamp(self, actual: float, due: float) -> str:
        return _lamp(actual, due, self.lamps, self.words)

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The words of the lamps."""
        return {key: word[self.span.lang] for key, word in STATUS.items()}

    # --- 目标 ---------------------------------------------------------------------------------

    def front(self) -> Iterator[Result]:
        """The front page's results."""
        done = 0.0
        for m in range(self.shown + 1):
            found = dict(zip(_MONTH, self.month(m), strict=True))
            done += float(self.sums[m])
            found["cumulative_actual"] = done if self.any else ""
            yield from (found[column] for column in _FRONT)
        yield self.span.month_label(self.span.months[self.shown])
        yield from (found[key] for key in ("actual", "attainment", "status", "time_progress", "required_per_day"))
        as_of = self.serials[self.last] if self.any else 0
        yield as_of or written.NO_ACTUALS[self.span.lang]
        whole = self.whole()
        yield from (whole[key] for key in ("actual", "attainment", "time_progress", "required_per_day", "status"))
        yield from (whole[key] for key in ("actual", "attainment", "status"))
        yield as_of
        yield self.shown + 1

    def whole(self) -> dict[str, Result]:
        """The whole plan's results up to the last day."""
        names = ("actual", "attainment", "time_progress", "required_per_day", "status")
        if not self.any:
            return dict.fromkeys(names, "")
        target, actual, stop = float(self.store.days.sum()), float(self.sums.sum()), self.last + 1
        share = self._share(slice(0, stop), slice(None), over=stop == len(self.store.days))
        left = int((self.store.days[stop:] > 0).sum())
        required = max(target - actual, 0.0) / left if left else ""
        lamp = self._lamp(actual, target * (share if isinstance(share, float) else 0.0))
        return dict(zip(names, (actual, actual / target if target else "", share, required, lamp), strict=True))

    # --- 周报 ---------------------------------------------------------------------------------

    def weeks(self, weeks: Sequence[Period]) -> Iterator[Result]:
        """The results of the weeks that have begun, and of all."""
        spans = [(self.span.slices[m].start, until) for m, until in enumerate(self.until) if until is not None]
        for week in weeks:
            at = self.span.timeline.slice_of(week)
            summed = any(first < at.stop and until >= at.start for first, until in spans)
            yield from self._week(at, None if summed else float(self.sold[at].sum()))
        yield from self._week(slice(0, len(self.store.days)), float(self.sums.sum()))

    def _week(self, at: slice, actual: float | None) -> Iterator[Result]:
        if not self.any:
            yield from ("", "", "", "", 0)
            return
        target = float(self.store.days[at].sum())
        stop = min(at.stop, self.last + 1)
        share = self._share(slice(at.start, stop), at, over=stop == at.stop)
        due = target * (share if isinstance(share, float) else 0.0)
        if actual is None:
            yield from ("", "", "", "", due)
            return
        yield from (actual, actual / target if target else "", target - actual, self._lamp(actual, due), due)

    # --- 分项 ---------------------------------------------------------------------------------

    def members(self) -> Iterator[Result]:
        """The results of the tables by dimension."""
        label = self.span.month_label(self.span.months[self.shown])
        month, whole = dict(zip(_MONTH, self.month(self.shown), strict=True)), self.whole()
        shown = self.span.months[self.shown]
        yield label
        yield from (label, to_serial(shown.start), month["actual"], month["time_progress"], to_serial(shown.end) + 1)
        yield from (whole["actual"], whole["time_progress"])
        for table, part, known in zip(self.span.tables, self.store.parts, self.known.parts, strict=True):
            spare = table.rows - len(part.names)
            rows = np.vstack([known, np.zeros((spare, known.shape[1]))])
            yield from rows[:, : self.shown + 1].ravel().tolist()
            targets = np.vstack([part.months, np.zeros((spare, known.shape[1]))])
            for own, at in ((month, slice(self.shown, self.shown + 1)), (whole, slice(None))):
                asked = [*targets[:, at].sum(axis=1).tolist()]
                rest = float(part.unassigned[at].sum())
                sold = [*rows[:, at].sum(axis=1).tolist()]
                yield from self._table(own, asked, sold, rest, len(part.names))

    def _table(
        self, own: Mapping[str, Result], asked: list[float], sold: list[float], rest: float, named: int
    ) -> Iterator[Result]:
        """The rows of a table, for the month shown or the whole plan: members, total, what names none, proof."""
        whole, share = own["actual"], own["time_progress"]
        progress = share if isinstance(share, float) else 0.0
        if not isinstance(whole, float):
            for _ in range(len(asked) + 1):
                yield from ("", "", share, "", "")
            yield from ("", "", "")
            return
        for n, (target, actual) in enumerate(zip(asked, sold, strict=True)):
            if n >= named:
                yield from ("", "", share, "", "")
            else:
                yield from self._member(target, actual, share, progress)
        yield from self._member(sum(asked) + rest, whole, share, progress)
        beyond = round(whole - sum(sold), 6)
        yield from (beyond, rest - beyond, 0)

    def _member(self, target: float, actual: float, share: Result, progress: float) -> Iterator[Result]:
        attainment = actual / target if target else ""
        yield from (actual, attainment, share, target - actual, self._lamp(actual, target * progress))


def _lamp(actual: float, due: float, lamps: Lamps, said: Mapping[str, str]) -> str:
    """Return the word of the lamp, as `daily.lamp_formula` has it."""
    if not due or math.isnan(actual):
        return ""
    ratio = actual / due + 1e-9
    for key, least in (("green", lamps.green), ("amber", lamps.amber), ("orange", lamps.orange)):
        if ratio >= least:
            return said[key]
    return said["red"]
