"""What an adjustment moves within its dimension: who gives, who takes, and how much in each month."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from xlsales.core.adjusted import Adjusted, Kind
from xlsales.core.adjustment_faults import (
    AllClosed,
    ClosedAlready,
    MoreThanThere,
    MovedAlready,
    NobodyTakes,
    NothingThere,
    TakerShut,
)
from xlsales.core.adjustment_ledger import AtField, Ledger, above, free_below, free_between, others
from xlsales.core.adjustment_shares import spread
from xlsales.core.adjustments import Adjustment
from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats, Mask, Steps
from xlsales.core.faults import DateRange
from xlsales.core.opening import open_spans
from xlsales.core.periods import months_inside


class Move:
    """What an adjustment moves within its dimension: who gives, who takes, how much in each month."""

    def __init__(self, ledger: Ledger, one: Adjustment, past: Adjusted | None) -> None:
        self.ledger, self.one, self.past = ledger, one, past
        self.dimension = ledger.dimension(one.dimension)
        self.months = ledger.months[one.dimension]
        self.position = {member.name: i for i, member in enumerate(self.dimension.members)}
        self.named = self.position[one.giver or one.taker]
        self.inside = months_inside(ledger.line, one.start, one.end)
        self.apart = [self.position[name] for name in one.apart]

    def rows(self) -> Steps:
        """Members × months in steps, the lowest members alone, of open months. Raises AtField."""
        self._check_closed()
        giving = self._own(self.one.giver) if self.one.giver else self._others()
        parts = self._parts(giving)
        amounts = self._amounts(parts)
        closed, own = self.ledger.closed, np.where(giving, self.months, 0)
        past = self._past_rows()
        for m in np.flatnonzero(np.where(closed, 0, amounts) > own.sum(axis=0)).tolist():
            facts = {"there": int(own[:, m].sum()), "wanted": int(amounts[m])}
            raise AtField("amount", MoreThanThere(member=self.name, period=self.ledger.periods[m].key, **facts))
        rows = -spread(amounts, own, closed, np.maximum(-past, 0), bounded=True)
        if not self.one.lowers:
            own = self._takers(np.where(closed, 0, amounts))
            rows += spread(amounts, own, closed, np.maximum(past, 0), bounded=False)
        return rows

    def _past_rows(self) -> Steps:
        """What closed months have of it, members × months in steps."""
        deltas = {} if self.past is None else self.past.deltas
        return self.ledger.by_dimension(deltas).get(self.one.dimension, np.zeros_like(self.months))

    @property
    def name(self) -> str:
        """Who is named first: who gives, else who takes from the others."""
        return self.one.giver or self.one.taker

    def _period(self, months: Sequence[int] | None = None) -> DateRange:
        chosen = self.inside if months is None else months
        return DateRange(self.ledger.periods[chosen[0]].key, self.ledger.periods[chosen[-1]].key)

    def _check_closed(self) -> None:
        written = months_inside(self.ledger.line, self.past.start, self.past.end) if self.past else []
        shut = [m for m in self.inside if self.ledger.closed[m] and m not in written]
        if shut:
            open_ = [period.start for m, period in enumerate(self.ledger.periods) if not self.ledger.closed[m]]
            fault = ClosedAlready(months=self._period(shut), first=open_[0]) if open_ else None
            raise AtField("start", fault or AllClosed(months=self._period(shut)))

    # --- who ----------------------------------------------------------------------------

    def _own(self, name: str) -> Mask:
        """The lowest members of a member, where nothing between holds them; of a lowest member itself."""
        at = self.position[name]
        if self.dimension.is_leaf(at):
            mask = np.zeros(self.months.shape, dtype=np.bool_)
            mask[at] = True
            return mask
        return free_below(self.dimension, self.ledger.held(self.one.dimension), at)

    def _others(self) -> Mask:
        """The lowest members that are the others of the row, and free."""
        return others(self.dimension, self.ledger.held(self.one.dimension), self.named, self.apart)

    def _siblings(self) -> Mask:
        """The lowest members of the siblings of the named one."""
        parent = self.dimension.parents[self.named]
        family = set(self.dimension.children(parent)) - {self.named}
        leaves = [i for i in self.dimension.leaves if family & {i, *above(self.dimension, i)}]
        return free_between(self.dimension, self.ledger.held(self.one.dimension), self.named, leaves)

    def _taking(self) -> Mask:
        if self.one.taker:
            return self._own(self.one.taker)
        return self._siblings() if self.one.kind is Kind.RELIEF else self._others()

    def _takers(self, amounts: Steps) -> Steps:
        """By what they take, members × months. Raises AtField if nobody takes the amount of a month."""
        free = self._taking()
        own = np.where(free, self.months, 0)
        at = self.position[self.one.taker] if self.one.taker else -1
        if at >= 0 and self.dimension.is_leaf(at):
            own = free.astype(np.int64)
        for m in np.flatnonzero(amounts).tolist():
            if own[:, m].any() and at >= 0 and self.dimension.is_leaf(at):
                self._check_open(at, m)
            elif not own[:, m].any():
                name, period = self.one.taker or self.one.giver, self.ledger.periods[m].key
                raise AtField("taker" if self.one.taker else "giver", NobodyTakes(member=name, period=period))
        return own

    def _check_open(self, at: int, m: int) -> None:
        first, end = open_spans(self.dimension, self.ledger.line)[at]
        days = np.flatnonzero(self.ledger.meant(self.one))
        month = self.ledger.line.slice_of(self.ledger.periods[m])
        if not any(max(first, month.start) <= day < min(end, month.stop) for day in days.tolist()):
            name, period = self.dimension.members[at].name, self.ledger.periods[m].key
            raise AtField("taker", TakerShut(member=name, period=period))

    # --- how much -----------------------------------------------------------------------

    def _parts(self, giving: Mask) -> list[Fraction]:
        """What the giver has by month on the days that are meant, in steps; if others give, what the taker has."""
        own = giving if self.one.giver else self._own(self.one.taker)
        parts = [Fraction(0)] * len(self.ledger.periods)
        meant = self.ledger.meant(self.one)
        for m in self.inside:
            at = self.ledger.line.slice_of(self.ledger.periods[m])
            for i in np.flatnonzero(own[:, m]).tolist():
                days, have = self.ledger.day_weights(self.one.dimension)[i, at], int(self.months[i, m])
                whole = int(days.sum())
                parts[m] += Fraction(have * int(days[meant[at]].sum()), whole) if whole else 0
        if not self.one.giver and not any(parts):
            theirs = np.where(giving, self.months, 0).sum(axis=0)
            parts = [Fraction(int(theirs[m])) if m in self.inside else Fraction(0) for m in range(len(parts))]
        return parts

    def _amounts(self, parts: Sequence[Fraction]) -> Steps:
        """Steps by month; of closed ones what they have moved."""
        one, closed, n = self.one, self.ledger.closed, len(parts)
        own = self.past.moved if self.past is not None and self.past.deltas else np.zeros(n, dtype=np.int64)
        past = own // self.ledger.plan.step_micros
        if not any(parts) and not past.any():
            raise AtField(
                "start" if one.kind is Kind.RELIEF else "giver", NothingThere(member=self.name, period=self._period())
            )
        if one.amount is None:
            share = Fraction(1) if one.share is None else Fraction(str(one.share))
            ahead = np.array([round(part * share) for part in parts], dtype=np.int64)
            return np.where(closed, past, ahead)
        weights: Floats = np.array([float(part) for part in parts])
        moved = int(past[closed].sum())
        if moved > one.amount:
            raise AtField("amount", MovedAlready(there=moved, wanted=one.amount))
        if moved < one.amount and not weights[~closed].any():
            raise AtField("giver", NothingThere(member=self.name, period=self._period()))
        whole = allocate(one.amount, weights) if weights.any() else past
        if (whole[closed] != past[closed]).any():
            whole = allocate(one.amount, weights, locked=np.where(closed, past, np.nan))
        return whole
