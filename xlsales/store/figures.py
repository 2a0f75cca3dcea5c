"""One store's figures, each worked out once: its targets, and its progress by what headquarters knew.

Each formula of the workbook has its result stored beside it, so that a viewer that does not calculate shows what Excel
would. Without known actuals these results are constants of the template. Else they are computed here for one store,
for the days and months up to the day of the hand-out; later ones are blank in every store. Amounts are in yuan; `""`
is what a formula shows for a blank, None is a blank cell.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from xlsales.core.arrays import Floats
from xlsales.core.plan import Lamps
from xlsales.store.targets import Known, Store, StoreTerms
from xlsales.vocabulary.contract import STATUS

Result = float | int | str | None
"""What a cell shows."""
T = TypeVar("T")


class StoreFigures:
    """What a store's cells are filled from; `known` and what follows from it if the terms has a day of the hand-out."""

    def __init__(self, terms: StoreTerms, store: Store) -> None:
        self.terms, self.store = terms, store
        self._results: dict[Callable[..., Any], Any] = {}

    def once(self, make: Callable[[StoreFigures], T]) -> T:
        """Return what a function makes of these figures, made once."""
        if make not in self._results:
            self._results[make] = make(self)
        result: T = self._results[make]
        return result

    # --- targets ------------------------------------------------------------------------------

    @cached_property
    def months(self) -> Sequence[float]:
        """The target of each month."""
        return amounts(self._months)

    @cached_property
    def running(self) -> Sequence[float]:
        """The targets of the months so far, at the end of each."""
        return amounts(np.cumsum(self._months))

    @cached_property
    def total(self) -> float:
        """The target of the whole plan."""
        return amounts([self.store.days.sum()])[0]

    @cached_property
    def clock(self) -> Floats:
        """What each day counts for by the plan's clock."""
        return self.terms.clock_of(self.store)

    @cached_property
    def clock_sums(self) -> list[float]:
        """What each month counts for."""
        return [float(self.clock[at].sum()) for at in self.terms.slices]

    @cached_property
    def _months(self) -> list[float]:
        return list(self.store.months(self.terms).values())

    # --- what was known -----------------------------------------------------------------------

    @cached_property
    def known(self) -> Known:
        """What headquarters knew."""
        assert self.store.known is not None
        return self.store.known

    @cached_property
    def any(self) -> bool:
        """Whether it knew anything."""
        return self.known.any

    @cached_property
    def sales(self) -> Floats:
        """The days' sales, zero if they are not known."""
        return np.nan_to_num(self.known.days)

    @cached_property
    def until(self) -> list[int | None]:
        """The position of the day up to which each month is known as a sum alone."""
        by_sum, last = ~np.isnan(self.known.months), self.terms.last_known
        return [
            min(at.stop - 1, last) if by_sum[m] and at.start <= last else None for m, at in enumerate(self.terms.slices)
        ]

    @cached_property
    def sums(self) -> Floats:
        """Each month's sales."""
        by_day: Floats = np.array([self.sales[at].sum() for at in self.terms.slices])
        return np.nan_to_num(self.known.months) + by_day

    @cached_property
    def by_month(self) -> list[dict[str, Result]]:
        """The results of each month up to the one shown, by the columns of 日报 and 目标."""
        return [self._month(m) for m in range(self.terms.month_shown + 1)]

    def _month(self, m: int) -> dict[str, Result]:
        at, until = self.terms.slices[m], self.until[m]
        head: dict[str, Result] = {"known": None, "until": 0}
        if until is not None:
            head = {"known": float(self.known.months[m]), "until": self.terms.serials[until]}
        stop = min(at.stop, self.terms.last_known + 1)
        results = self._progress(slice(at.start, stop), at, float(self.sums[m]))
        to_date = float(self.store.days[at.start : stop].sum()) if self.any else ""
        return head | results | {"cumulative_target": to_date, "cumulative_actual": results["actual"]}

    @cached_property
    def whole(self) -> dict[str, Result]:
        """The whole plan's results up to the last day."""
        so_far = slice(0, self.terms.last_known + 1)
        return self._progress(so_far, slice(0, len(self.store.days)), float(self.sums.sum()))

    def _progress(self, so_far: slice, whole: slice, actual: float) -> dict[str, Result]:
        """Return the results of the days of `whole` when those of `so_far` are over."""
        if not self.any:
            return dict.fromkeys(("actual", "attainment", "time_progress", "required_per_day", "status"), "")
        target = float(self.store.days[whole].sum())
        share = self.share(so_far, whole)
        days = int((self.store.days[so_far.stop : whole.stop] > 0).sum())
        return {
            "actual": actual,
            "attainment": actual / target if target else "",
            "time_progress": share,
            "required_per_day": max(target - actual, 0.0) / days if days else "",
            "status": self.lamp(actual, target * clock_share(share)),
        }

    def share(self, so_far: slice, whole: slice) -> Result:
        """Return time progress: the clock's share of `so_far` in `whole`; if nothing counts, 1 once it is over."""
        total = float(self.clock[whole].sum())
        if total:
            return float(self.clock[so_far].sum()) / total
        return 1.0 if so_far.stop == whole.stop else ""

    def lamp(self, actual: float, due: float) -> str:
        """Return the word of the lamp, as `formulas.lamp` gives it."""
        if not due or math.isnan(actual):
            return ""
        ratio = actual / due + 1e-9
        lamps: Lamps = self.terms.plan.lamps
        for key, least in (("green", lamps.green), ("amber", lamps.amber), ("orange", lamps.orange)):
            if ratio >= least:
                return self.lamps[key]
        return self.lamps["red"]

    @cached_property
    def lamps(self) -> Mapping[str, str]:
        """The words of the lamps."""
        return {key: word[self.terms.lang] for key, word in STATUS.items()}


def clock_share(share: Result) -> float:
    """Return time progress as a number; 0 if the clock has nothing to count."""
    return share if isinstance(share, float) else 0.0


def amounts(values: Iterable[float] | Floats) -> list[float]:
    """Return amounts as Python numbers, whole ones as int, to the millionth of a yuan."""
    numbers = np.asarray(values, dtype=np.float64)
    if (numbers == np.rint(numbers)).all():
        whole: list[float] = numbers.astype(np.int64).tolist()
        return whole
    return [int(n) if n == int(n) else n for n in np.round(numbers, 6).tolist()]
