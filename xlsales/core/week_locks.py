"""Locks of weeks: each becomes locks of its days, in proportion to their weights.

So weeks that cut months need no place in the tree of time: months, and what is locked in them, stay as they are. If a
week is in two months, the part of a month that is locked is at most what that lock leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from xlsales.core.allocation import allocate
from xlsales.core.faults import Fault, Listed
from xlsales.core.holds import Amount, Hold, conflict
from xlsales.core.periods import Level, Period, Timeline
from xlsales.core.time_tree import Node

_ABOVE_MONTHS = (Level.MONTH, Level.QUARTER, Level.HALF, Level.YEAR)


class WeekWithoutWeight(Fault):
    """A locked week without a day that may take a target."""

    zh = "{period} 锁定 {amount},但这一周没有可分的日子(休息日权重为零,或各天已锁定)。请改锁定、日历或活动系数。"
    en = (
        "{period} is locked at {amount}, but no day of that week may take a target: its days weigh nothing or are "
        "locked. Change the lock, the calendar or its factors."
    )
    amounts = ("amount",)


class WeekBesideLocks(Fault):
    """A locked week that two locked or closed months leave no room for."""

    zh = (
        "{period} 锁定 {locked},但 {months} 的锁定只容这一周 {least} 至 {most},差 {residual}。"
        "请改这个锁定,或放开那里的锁定。"
    )
    en = (
        "{period} is locked at {locked}, but what is locked in {months} leaves {least} to {most} for that week: "
        "{residual} apart. Change this lock, or release one there."
    )
    amounts = ("locked", "least", "most", "residual")


class WeekLock:
    """A locked week of the company: its days in the tree of time, and the amount."""

    def __init__(self, period: Period, amount: Amount, row: int, nodes: dict[str, Node], timeline: Timeline) -> None:
        self.period, self.amount, self.row = period, amount, row
        at = timeline.slice_of(period)
        keys = [day.key for day in timeline.periods(Level.DAY)[at]]
        self.days = [nodes[key] for key in keys]
        month_of = timeline.index_of_day(Level.MONTH)[at].tolist()
        self.months = list(dict.fromkeys(month_of))
        self._part_of = [self.months.index(month) for month in month_of]
        levels = {level: timeline.index_of_day(level)[at].tolist() for level in _ABOVE_MONTHS}
        self._above = [
            [nodes[timeline.periods(level)[own[n]].key] for level, own in levels.items()]
            for n in (self._part_of.index(part) for part in range(len(self.months)))
        ]

    def lock_days(self, units: tuple[int, int]) -> None:
        """Lock the week's open days so that they add up to its amount.

        `units` are the day steps in a step, and the finer units in which closed days are whole. Raises a Fault if the
        week does not fit what is locked in it or around it.
        """
        held = sum((day.locked for day in self.days if day.locked is not None), Fraction(0))
        rest = self.amount - held
        free = [n for n, day in enumerate(self.days) if day.locked is None]
        weights = [self._weight(n) if n in free else 0.0 for n in range(len(self.days))]
        if rest < 0 or (rest and not free):
            closed = sum((day.closed for day in self.days), Fraction(0))
            over = all(day.locked is not None and not day.lock_row for day in self.days)
            raise conflict(self.period.key, self.amount, held, closed, self.row, over=over)
        if rest and not any(weights):
            raise WeekWithoutWeight(period=self.period.key, amount=rest, lock_row=self.row, field="amount")
        unit = units[0] if (Fraction(rest) * units[0]).denominator == 1 else units[1]
        for part, amount in enumerate(self._parts(int(rest * unit), unit, weights)):
            inside = [n for n in free if self._part_of[n] == part]
            for n, steps in zip(inside, allocate(amount, [weights[n] for n in inside]).tolist(), strict=True):
                self.days[n].locked = Fraction(steps, unit)
                self.days[n].lock_row, self.days[n].lock_name = self.row, self.period.key

    def _weight(self, n: int) -> float:
        """A day's weight in the plan: its share of its month, times the month's weight."""
        month, day = self._above[self._part_of[n]][0], self.days[n]
        whole = sum(child.weight for child in month.children)
        return float(month.weight * day.weight / whole) if whole else 0.0

    def _parts(self, rest: int, unit: int, weights: Sequence[float]) -> list[int]:
        """What of the rest goes to each of the months that the week is in."""
        pull = [sum(w for n, w in enumerate(weights) if self._part_of[n] == part) for part in range(len(self.months))]
        if len(pull) == 1:
            return [rest]
        rooms = [self._room(part, rest, unit) if pull[part] else (0, 0) for part in (0, 1)]
        least, most = max(rooms[0][0], rest - rooms[1][1]), min(rooms[0][1], rest - rooms[1][0])
        if least > most:
            low, high = (sum(room[side] for room in rooms) for side in (0, 1))
            held = self.amount - Fraction(rest, unit)
            apart = rest - high if rest > high else low - rest
            raise WeekBesideLocks(
                period=self.period.key, locked=self.amount, least=held + Fraction(low, unit),
                most=held + Fraction(high, unit), residual=Fraction(apart, unit),
                months=Listed(above[0].name for above in self._above), lock_row=self.row, field="amount",
            )  # fmt: skip
        first = in_whole_steps(min(max(int(allocate(rest, pull)[0]), least), most), rest, unit, least, most)
        return [first, rest - first]

    def _room(self, part: int, rest: int, unit: int) -> tuple[int, int]:
        """The least and the most that the week may have in a month, by the locks above its days there."""
        least, most = 0, rest
        others = {id(node) for node in self._above[1 - part]}
        for node in self._above[part]:
            if id(node) in others or node.locked is None:
                continue
            held, free = _around(node, {id(day) for day in self.days})
            left = max(int((node.locked - held) * unit), 0)
            least, most = max(least, 0 if free else left), min(most, left)
        return least, max(least, most)


def _around(node: Node, week: set[int]) -> tuple[Amount, bool]:
    """What is fixed in a locked period, without the open days of a week, and whether anything else in it is free."""
    held: Amount = Fraction(0)
    free = False
    for child in node.children:
        if not child.children:
            held += child.locked or 0
            free |= child.locked is None and bool(child.weight) and id(child) not in week
        elif child.locked is not None and not _has_any(child, week):
            held += child.locked
        else:
            inside, more = _around(child, week)
            held, free = held + inside, free or more
    return held, free


def _has_any(node: Node, week: set[int]) -> bool:
    return id(node) in week or any(_has_any(child, week) for child in node.children)


def in_whole_steps(first: int, rest: int, unit: int, least: int, most: int) -> int:
    """Return the part of a week in its first month as whole steps, if the week is, and if what is around allows it.

    Then months in which all weeks are locked are whole steps too.
    """
    whole = round(first / unit) * unit
    return whole if rest % unit == 0 and least <= whole <= most else first


def lock_weeks(weeks: Sequence[WeekLock], units: tuple[int, int]) -> None:
    """Lock the days of all locked weeks: first those within a month, for they have no choice."""
    for week in sorted(weeks, key=lambda one: (len(one.months), one.period.start)):
        week.lock_days(units)


def by_lock(holds: Sequence[Hold]) -> list[Hold]:
    """Return holds with those of the days of one locked week as one."""
    by_row: dict[int, Hold] = {}
    alone: list[Hold] = []
    for hold in holds:
        if not hold.row:
            alone.append(hold)
        elif (before := by_row.get(hold.row)) is not None:
            amount, own = before.amount + hold.amount, before.own + hold.own
            by_row[hold.row] = before._replace(amount=amount, own=own, inner=before.inner and hold.inner)
        else:
            by_row[hold.row] = hold
    return [*alone, *by_row.values()]
