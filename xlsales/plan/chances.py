"""What the plan and its members may sell by the end of a period, and the chance to reach a target: of a run's figures.

    chances(figures).of_plan(members)              the chance that members of a dimension reach their targets of the
                                                   plan; None for the whole. What 行动 (actions) still brings counts.
    chances(figures).of_period(period)             the chance of the whole to reach the target of a month, say
    chances(figures).of_whole(period)              the whole plan, as one row
    chances(figures).of_members(members, period)   the members of a dimension, in their order

Each of the last two gives a `Prospect`, worked out once a run if it is asked for, or None if nothing can be said.
`period` is any span of the plan's days, such as `figures.whole` or `figures.this_month`.

    prospect.ranges()                P10, P50 and P90 of the period in yuan: what is sold by now, and what is ahead
    prospect.told(targets, coming)   the chance to reach targets in yuan, in steps of 5 %, if so much comes besides

NaN is blank: of a member without sales, of one that is shut
by now, of a target of 0. Nothing is said

- from fewer than 28 days that are known without a gap (`core.known_days`), up to the as-of date;
- of the lower levels of a dimension with more than 2,000 members;
- of a period that is over, or if sales are known only until more than a year before the plan.

Before there are actuals, past sales tell alone. The whole goes by the dimension that is known for the longest time: its
outcomes are the sums of those of that dimension's members.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.arrays import Floats, Mask
from xlsales.core.known_days import KnownDays
from xlsales.core.opening import open_spans
from xlsales.core.periods import Days, Period
from xlsales.core.plan import MICROS
from xlsales.core.shapes import History
from xlsales.plan.achieved import roll_up, roll_up_to
from xlsales.plan.figures import Figures, Members

if TYPE_CHECKING:
    from xlsales.core.chance import DailySales, Outlook
    from xlsales.plan.actions.read import ActionRows

_LEAST_DAYS = 28
"""As `core.chance` has it, which is not imported for less."""
_LONGEST_WAIT = 366
_MOST_MEMBERS = 2000
"""Of a dimension with more, only upper levels are told: outcomes of 20,000 members would fill gigabytes."""
_MADE = "chances"


class Prospect(Struct, frozen=True):
    """What rows have sold of a period by now, in yuan, and the outlook of those rows (`known`) that have one."""

    sold: Floats
    known: NDArray[np.intp]
    outlook: Outlook

    def ranges(self) -> Floats:
        """Return rows × P10, P50, P90 of the whole period, in yuan."""
        ranges = np.full((len(self.sold), 3), np.nan)
        ranges[self.known] = self.sold[self.known, None] + self.outlook.range()
        return ranges

    def said(self, row: int) -> list[float]:
        """Return P10, P50 and P90 of a row in yuan, to the three digits that anybody may know; NaN if not known."""
        return [float(f"{amount:.3g}") for amount in self.ranges()[row].tolist()]

    def told(self, targets: Floats, coming: Floats | float = 0.0) -> Floats:
        """Return the chance that each row reaches its target of the period, in yuan.

        `coming` is what comes on top of what is usual, as by actions.
        """
        needed = np.where(targets > 0, targets - self.sold - coming, np.nan)
        told = np.full(len(self.sold), np.nan)
        told[self.known] = self.outlook.chances(needed[self.known])
        return told


def chances(figures: Figures) -> Chances:
    """Return the chances of a run."""
    made: Chances | None = figures.made.get(_MADE)
    if made is None or made.figures is not figures:  # figures with other targets share what was made
        made = figures.made[_MADE] = Chances(figures)
    return made


class Chances(Struct, frozen=True, dict=True):
    """The prospects of a run, each worked out once."""

    figures: Figures

    def of_plan(self, members: Members | None) -> Floats:
        """Return the chance to reach the plan's target, of the whole (None) or of each member; NaN where not known."""
        figures, whole, name = self.figures, self.figures.whole, members.name if members is not None else None
        if name not in self._of_plans:
            if members is None:
                targets, prospect = np.array([figures.total["target"]]), self.of_whole(whole)
            else:
                targets, prospect = members.targets.sum(axis=1), self.of_members(members, whole)
            told = np.full(len(targets), np.nan) if prospect is None else prospect.told(targets, self.coming(members))
            self._of_plans[name] = told
        return self._of_plans[name]

    def of_period(self, period: Period) -> float:
        """Return the chance of the whole to reach the target of a period; NaN if it is over, or cannot be told."""
        prospect = self.of_whole(period)
        return float(prospect.told(np.array([self.figures.lines[period.key]["target"]]))[0]) if prospect else np.nan

    def fan(self, period: Period) -> list[float]:
        """Return P10, P50 and P90 of the whole in a period, in yuan, to the three digits that anybody may know."""
        prospect = self.of_whole(period)
        return prospect.said(0) if prospect else [np.nan] * 3

    def coming(self, members: Members | None) -> Floats:
        """Return what actions still bring to the whole (None) or to each member, in yuan."""
        if self._actions is None:
            return np.zeros(1 if members is None else len(members.dimension.members))
        if members is None:
            return np.array([self._actions.coming_of_company()])
        return self._actions.coming(members)

    @cached_property
    def _actions(self) -> ActionRows | None:
        """What is planned in 行动; what is wrong there is told with that table. None without any."""
        rows = self.figures.table_rows.get("xs_actions", ())
        if not rows:
            return None
        from xlsales.plan.actions.read import read_actions

        return read_actions(rows, self.figures, [])

    def of_whole(self, period: Period) -> Prospect | None:
        """Return the prospect of the whole plan for a period of it; None if nothing can be said."""
        outlook = self._outlook(None, period)
        if outlook is None:
            return None
        achieved = self.figures.achieved
        sold = 0 if achieved is None else int(achieved.days[self._over(period)].sum())
        return Prospect(np.array([sold / MICROS]), np.array([0]), outlook.only([0]))

    def of_members(self, members: Members, period: Period) -> Prospect | None:
        """Return the prospect of a dimension's members for a period of the plan; None if nothing can be said."""
        outlook = self._outlook(members, period)
        if outlook is None:
            return None
        achieved, dimension = self.figures.achieved, members.dimension
        sold = np.zeros(len(dimension.members))
        if achieved is not None:
            periods = np.where(self._over(period), 0, -1)
            own = achieved.sums(dimension, self.figures.breakdown.timeline.start, periods, 1)
            sold = roll_up(dimension, own)[:, 0] / MICROS
        kept = _kept(members)
        is_open = self._open_ahead(members, period)
        at = np.arange(len(kept)) if is_open is None else np.flatnonzero(is_open[kept].any(axis=1))
        return Prospect(sold, kept[at], outlook.only(at + 1))

    # --- days ---------------------------------------------------------------------

    def _over(self, period: Period) -> Mask:
        """The days of the plan that are in a period and over."""
        days, achieved = self.figures.breakdown.timeline.days, self.figures.achieved
        last = period.start - dt.timedelta(1) if achieved is None else min(period.end, achieved.as_of)
        return np.asarray((days >= np.datetime64(period.start)) & (days <= np.datetime64(last)))

    def _ahead(self, period: Period) -> Days:
        """The days of a period that are not over."""
        achieved = self.figures.achieved
        first = period.start if achieved is None else max(period.start, achieved.as_of + dt.timedelta(1))
        return np.arange(np.datetime64(first), np.datetime64(max(period.end + dt.timedelta(1), first)))

    def _open_ahead(self, members: Members, period: Period) -> Mask | None:
        """On which of the days ahead members are open, parents if one of theirs is; None if all always are."""
        dimension, line = members.dimension, self.figures.breakdown.timeline
        if all(member.opens is None and member.closes is None for member in dimension.members):
            return None
        day = (self._ahead(period) - np.datetime64(line.start)).astype(np.int64)
        is_open = np.array([(day >= first) & (day < end) for first, end in open_spans(dimension, line)])
        is_open[[not dimension.is_leaf(i) for i in range(len(is_open))]] = False
        return np.asarray(roll_up(dimension, is_open.astype(np.int64)) > 0)

    # --- what is known --------------------------------------------------------------

    @cached_property
    def _sales(self) -> KnownDays | None:
        """All sales that are known; None without any."""
        figures, achieved, past = self.figures, self.figures.achieved, self.figures.past
        breakdown = figures.breakdown
        last = np.datetime64(breakdown.timeline.start) - 1
        parts = []
        if past is not None:
            parts.append(past.only(past.days <= min(last, np.datetime64(achieved.as_of) if achieved else last)))
        if achieved is not None:
            last = np.datetime64(achieved.as_of)
            if achieved.records is not None:
                records = achieved.records
                parts.append(History(records.day, records.micros, records.codes))
        if not any(len(part.days) for part in parts):
            return None
        codes = {
            name: np.concatenate([part.codes.get(name, np.full(len(part.days), -1, np.int32)) for part in parts])
            for name in breakdown.dimensions
        }
        days, micros = (np.concatenate(column) for column in zip(*((p.days, p.micros) for p in parts), strict=True))
        return KnownDays(History(days, micros, codes), breakdown.plan.fiscal.of_past, last, achieved is not None)

    @cached_property
    def _since(self) -> Mapping[str | None, int]:
        """Since which of the known days dimensions are known, and the whole (None), as far as for long enough."""
        sales = self._sales
        if sales is None:
            return {}
        since = {name: sales.since(name) for name in (*self.figures.breakdown.dimensions, None)}
        return {name: first for name, first in since.items() if len(sales.days) - first >= _LEAST_DAYS}

    @cached_property
    def _longest(self) -> Members | None:
        """The dimension that the whole goes by; None if the whole is known for longer than any."""
        name = min(self._since, key=lambda name: self._since[name])
        return next((one for one in self.figures.dimensions if one.name == name), None)

    @cached_property
    def _of_plans(self) -> dict[str | None, Floats]:
        return {}

    @cached_property
    def _outlooks(self) -> dict[tuple[str | None, Period], Outlook]:
        return {}

    @cached_property
    def _pasts(self) -> dict[str | None, DailySales]:
        return {}

    def _outlook(self, members: Members | None, period: Period) -> Outlook | None:
        """The outlook of a dimension, or of the whole alone (None), on the days ahead of a period, if there is one."""
        ahead, sales, name = self._ahead(period), self._sales, members.name if members is not None else None
        if sales is None or name not in self._since or not len(ahead):
            return None
        if (self._ahead(self.figures.whole)[0] - sales.days[-1]).astype(np.int64) > _LONGEST_WAIT:
            return None
        if (name, period) not in self._outlooks:
            self._outlooks[name, period] = self._worked_out(sales, members, period)
        return self._outlooks[name, period]

    def _worked_out(self, sales: KnownDays, members: Members | None, period: Period) -> Outlook:
        from xlsales.core.chance import outlook, outlook_of_whole

        ahead, rules = self._ahead(period), self.figures.breakdown.plan.day_rules
        by = members or self._longest
        name = by.name if by is not None else None
        if name not in self._pasts:
            self._pasts[name] = self._past(sales, by)
        is_open = self._open_ahead(by, period) if by is not None else None
        if by is None or (members is None and is_open is None):
            return outlook_of_whole(self._pasts[name], ahead, rules)
        return outlook(self._pasts[name], ahead, rules, is_open[_kept(by)] if is_open is not None else None)

    def _past(self, sales: KnownDays, members: Members | None) -> DailySales:
        from xlsales.core.chance import DailySales

        since = self._since[members.name if members is not None else None]
        days, whole = sales.days[since:], sales.whole(since)
        if members is None:
            return DailySales(days, whole, np.zeros((0, len(days))), ())
        row_of = np.full(len(members.dimension.members) + 1, -1)  # the last is that of no member
        row_of[_kept(members)] = np.arange(len(_kept(members)))
        parents = members.dimension.parents
        above = tuple(int(row_of[parents[i]]) for i in _kept(members).tolist())
        for i, parent in enumerate(parents):  # who is not told counts for the one above
            row_of[i] = row_of[i] if row_of[i] >= 0 else row_of[parent]
        sold = roll_up_to(above, sales.members(members.name, row_of[:-1], since))
        return DailySales(days, whole, sold, above)


def _kept(members: Members) -> NDArray[np.intp]:
    """The members that are told: all, or of too many those of the upper levels, if these are not too many."""
    depths = np.array(members.dimension.depths, dtype=np.intp)
    deepest = int(np.searchsorted(np.bincount(depths).cumsum(), _MOST_MEMBERS, "right")) - 1
    return np.flatnonzero(depths <= deepest)
