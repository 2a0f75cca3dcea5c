"""Faults of locks: a run reports all of them at once, each with its row and its column."""

from __future__ import annotations

from collections.abc import Iterator

from xlsales.core.faults import Fault, raise_all
from xlsales.core.member_holds import LockUnknown
from xlsales.core.periods import Level, Period, Timeline
from xlsales.core.plan import Lock, Plan, Rest, Waiver
from xlsales.core.time_split import LockTooFine, LockTwice, PeriodLockedTwice, period_of


class WaiverUnknown(Fault):
    """A decision names a member that the plan does not have, or one with others below it."""

    zh = (
        "重排决定里的“{member}”({dimension})不是计划里的最低一级成员。改了名,请在“维度”它的“别名”里加上“{member}”;"
        "撤销了,或有了下级,请删去这一行。"
    )
    en = (
        'A re-plan decision names "{member}" ({dimension}), which is no member of the lowest level. If it was renamed, '
        'add "{member}" to its "Aliases" in Dimensions; if it is gone, or has members below it now, delete this row.'
    )


class WaiverNotMonth(Fault):
    """A decision waives an amount of a period that is no month."""

    zh = "重排决定是按月的,“{period}”不是一个月。请写成 2026-03 这样,一个月一行。"
    en = 'Re-plan decisions are by month, and "{period}" is none. Write it as 2026-03, a row for each month.'


class RestOfParent(Fault):
    """A reserve, or a lower total, is chosen for a member that has members below it."""

    zh = "“{member}”有下级成员,它的“差额由”只能是“兄弟分摊”。请改选,或由下级成员承诺。"
    en = '"{member}" has members below it: its rest can only go to siblings. Choose that, or let them commit.'


def check_locks(plan: Plan, timeline: Timeline) -> None:
    """Raise the faults of the locks: a single one as it is, several together."""
    keys: set[tuple[str | None, str | None, str]] = set()
    faults = [fault for lock in plan.locks for fault in _faults(plan, timeline, lock, keys)]
    raise_all([*faults, *(fault for waiver in plan.waivers for fault in _waiver_faults(plan, timeline, waiver))])


def _waiver_faults(plan: Plan, timeline: Timeline, waiver: Waiver) -> Iterator[Fault]:
    leaves = [d.members[i].name for d in plan.dimensions if d.name == waiver.dimension for i in d.leaves]
    if (waiver.dimension or waiver.member) and waiver.member not in leaves:
        facts = {"dimension": waiver.dimension or "", "member": waiver.member or ""}
        yield WaiverUnknown(**facts, waiver_row=waiver.row, field="member")
    try:
        if period_of(waiver, timeline).level is not Level.MONTH:
            yield WaiverNotMonth(period=waiver.period, waiver_row=waiver.row, field="period")
    except Fault as fault:
        yield fault


def _faults(
    plan: Plan, timeline: Timeline, lock: Lock, keys: set[tuple[str | None, str | None, str]]
) -> Iterator[Fault]:
    dimensions = {dimension.name: dimension for dimension in plan.dimensions}
    dimension = dimensions.get(lock.dimension or "")
    if lock.dimension or lock.member:
        names = [member.name for member in dimension.members] if dimension else []
        if lock.member not in names:
            field = "member" if dimension else "dimension"
            yield LockUnknown(dimension=lock.dimension or "", member=lock.member or "", lock_row=lock.row, field=field)
        elif lock.rest in (Rest.RESERVE, Rest.LOWER) and dimension and not dimension.is_leaf(names.index(lock.member)):
            yield RestOfParent(member=lock.member, lock_row=lock.row, field="rest")
    try:
        period: Period = period_of(lock, timeline)
    except Fault as fault:
        yield fault
        return
    facts = {"period": lock.period, "lock_row": lock.row, "field": "period"}
    if lock.committed and period.level in (Level.WEEK, Level.DAY):
        yield LockTooFine(member=lock.member, **facts)
    key = lock.dimension, lock.member, period.key
    if key in keys:
        yield PeriodLockedTwice(**facts) if lock.member is None else LockTwice(member=lock.member, **facts)
    keys.add(key)
