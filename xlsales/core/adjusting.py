"""Adjustments applied to a breakdown, one after the other; see `adjustments` for the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec.structs import replace

from xlsales.core.adjusted import COMPANY, Adjusted, Kind, Whose
from xlsales.core.adjustment_faults import BeyondBound, CannotComeDown, DimensionCannotComeDown, HeldTarget
from xlsales.core.adjustment_ledger import AtField, Ledger, above, below, free_below
from xlsales.core.adjustment_moves import Move
from xlsales.core.adjustment_shares import spread
from xlsales.core.adjustments import Adjustment, Unadjusted, keyed, member_locks, rolled_up
from xlsales.core.allocation import allocate
from xlsales.core.arrays import Steps
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import DateRange, Fault
from xlsales.core.periods import Level, months_inside
from xlsales.core.plan import Dimension
from xlsales.core.time_split import period_of

Found = tuple[Adjustment, str, Fault]
"""An adjustment that cannot be made, the column of its table that is at fault, and why."""


def adjusted(
    breakdown: Breakdown, adjustments: Sequence[Adjustment], written: Iterable[Adjusted], before: Unadjusted
) -> tuple[Breakdown, list[Found]]:
    """Apply adjustments to a split; return it with what each does (`Breakdown.adjusted`), and which cannot be made.

    `written` are those of the sheets, `before` what was taken off the closed targets for the split.
    """
    run = _Run(breakdown, {one.key: one for one in written}, before)
    done: list[Adjusted] = []
    found: list[Found] = []
    pairs = keyed(adjustments)
    keys = {key for key, _ in pairs}
    for past in before.taken:
        if past.key not in keys:
            run.put(past.deltas)
    for key, one in pairs:
        try:
            done.append(run.make(key, one))
        except AtField as fault:
            found.append((one, fault.field, fault.fault))
    gone = [past for past in run.past.values() if past.key not in keys]
    done += [replace(past, kept=True) for past in gone if any(row.any() for row in past.deltas.values())]
    return run.result(done), found


class _Run(Ledger):
    """A breakdown during its adjustments, and what changes it."""

    def make(self, key: str, one: Adjustment) -> Adjusted:
        """Apply an adjustment. Raises AtField."""
        move = Move(self, one, self.past.get(key))
        rows = {one.dimension: move.rows()}
        company = np.zeros(len(self.periods), dtype=np.int64)
        if one.lowers:
            company = rows[one.dimension].sum(axis=0)
            for name in self.months:
                if name != one.dimension:
                    rows[name] = self._lower(name, -company, self.past.get(key))
        if key in self.taken:
            self.put(self.taken[key].deltas)
        for name, row in rows.items():
            self._check(one, name, rolled_up(self.dimension(name), row))
        if company.any():
            self._lower_days(one, -company)
        for name, row in rows.items():
            self.months[name] += rolled_up(self.dimension(name), row)
        self.total += int(company.sum())
        past = self.past.get(key)
        deltas: dict[Whose, Steps] = dict(past.deltas) if past else {}
        for name, row in rows.items():
            for i in np.flatnonzero(row.any(axis=1)).tolist():
                whose = name, self.dimension(name).members[i].name
                deltas[whose] = deltas.get(whose, 0) + row[i] * self.plan.step_micros
        if company.any():
            deltas[COMPANY] = deltas.get(COMPANY, 0) + company * self.plan.step_micros
        return Adjusted(
            key, one.kind, one.dimension, one.giver, one.taker, one.start, one.end, one.reason, deltas, one.lowers
        )

    def _lower(self, name: str, amounts: Steps, past: Adjusted | None) -> Steps:
        """What the lowest members of another dimension give up by month, in proportion to their targets."""
        dimension = self.dimension(name)
        own = np.where(free_below(dimension, self.held(name), -1), self.months[name], 0)
        for m in np.flatnonzero(own.sum(axis=0) < amounts).tolist():
            raise AtField("carried", DimensionCannotComeDown(dimension=name, period=self.periods[m].key))
        deltas = {} if past is None else past.deltas
        before = -self.by_dimension(deltas).get(name, np.zeros_like(own))
        all_months = amounts + before.sum(axis=0)
        return -spread(all_months, own, self.closed, before, bounded=True)

    def _lower_days(self, one: Adjustment, amounts: Steps) -> None:
        """Take the amounts of months off the company's days: those of the relief, else all that are not locked."""
        unit = self.base.finer // self.plan.finer
        locked = np.zeros(self.line.n_days, dtype=np.bool_)
        for lock in self.plan.locks:
            if lock.member is None:
                period = period_of(lock, self.line)
                if period.level in (Level.WEEK, Level.DAY):
                    locked[self.line.slice_of(period)] = True
                    continue
                inside = months_inside(self.line, period.start, period.end)
                if amounts[inside].any():
                    raise AtField("carried", CannotComeDown(period=period.key))
        meant = self.meant(one) & ~locked
        for m in np.flatnonzero(amounts).tolist():
            at = self.line.slice_of(self.periods[m])
            whole = int(amounts[m]) * self.base.finer
            for days in (meant[at], ~locked[at]):
                own = np.where(days, self.days[at], 0) // unit
                if int(own.sum()) * unit >= whole:
                    self.days[at] -= allocate(whole // unit, own) * unit
                    break
            else:
                raise AtField("carried", CannotComeDown(period=self.periods[m].key))

    def _check(self, one: Adjustment, name: str, rows: Steps) -> None:
        """Raise AtField if a member would move against its lock or beyond its bound."""
        dimension = self.dimension(name)
        moving = np.flatnonzero(rows.any(axis=1)).tolist()
        locks: dict[str, list[list[int]]] = {}
        for whose, inside in member_locks(self.plan, self.line, name) if moving else ():
            locks.setdefault(whose, []).append(inside)
        for i in moving:
            member, by = dimension.members[i], int(rows[i].sum())
            field = self._side(one, dimension, i)
            if member.locked is not None and by:
                raise AtField(field, HeldTarget(member=member.name, period="", en_period=""))
            for inside in locks.get(member.name, []):
                if rows[i, inside].sum():
                    period = str(DateRange(self.periods[inside[0]].key, self.periods[inside[-1]].key))
                    raise AtField(
                        field, HeldTarget(member=member.name, period=f" {period} ", en_period=f" in {period}")
                    )
            after = int(self.months[name][i].sum()) + by
            for bound, zh, en in ((member.lower, "下限", "lower"), (member.upper, "上限", "upper")):
                if bound is not None and (after < bound if en == "lower" else after > bound) and by:
                    facts = {"zh_bound": zh, "en_bound": en, "amount": after, "bound": bound}
                    raise AtField(field, BeyondBound(member=member.name, **facts))

    def _side(self, one: Adjustment, dimension: Dimension, i: int) -> str:
        """The column of the row that a member moves for."""
        if dimension.name != one.dimension:
            return "carried"
        if one.kind is Kind.RELIEF:
            return "giver"
        giver = next((n for n, m in enumerate(dimension.members) if m.name == one.giver), -1)
        line = {giver, *above(dimension, giver)} | set(below(dimension, giver)) if giver >= 0 else set()
        return "giver" if i in line or not one.taker else "taker"

    def result(self, done: Sequence[Adjusted]) -> Breakdown:
        """Return the breakdown with its adjustments."""
        parts = {name: replace(part, months=self.months[name]) for name, part in self.base.dimensions.items()}
        plan = replace(self.plan, total=self.total)
        return replace(self.base, plan=plan, days=self.days, dimensions=parts, adjusted=tuple(done))
