"""Actuals as a run reads them: accepted, set aside, summed up by day, member and month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from xlsales.commands.job import Job
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import DateRange, Fault, Place, Problem, Refused
from xlsales.plan.achieved import Achieved
from xlsales.tables.files.unreadable import SheetEmpty
from xlsales.tables.reading import Records, read_records
from xlsales.tables.reasons import Counted
from xlsales.tables.rows.twice import Rule


class NoActuals(Fault):
    """Progress is asked for, but nothing was sold or pasted."""

    zh = "“{label}”里没有可用的数据行。请粘贴实际销售,或用 --as-of 指定截止日。"
    en = '"{label}" has no usable rows. Paste actuals, or give the as-of date with --as-of.'


class AfterAsOf(Fault):
    """Rows after the as-of date."""

    zh = "在截止日 {as_of} 之后({span}),没有计入。要计入,请改截止日。"
    en = "After the as-of date {as_of} ({span}), not counted. To count them, change the as-of date."


class DaysFarAhead(Fault):
    """A few days with actuals, from which the as-of date is taken, come long after all others."""

    zh = (
        "截止日取自最后一天有实际的 {last},但 {span} 一笔实际都没有,这之后只有 {days} 天有。"
        "如果是日期写错了,请改正;没有写错,就把截止日填在“设置”里。"
    )
    en = (
        "The as-of date is the last day with actuals, {last}, but {span} has none at all, and after that only {days} "
        "day(s) have any. If the dates are slips, correct them; if they are right, enter the as-of date in Settings."
    )


class NoColumn(Fault):
    """The actuals have no column for a dimension."""

    zh = (
        "“{label}”里没有“{dimension}”的列,这个维度没有实际。有这一列的,请在“列对应”里填写:字段 {dimension},表头 列名;"
        "整张表属于同一个成员的,填写:字段 {dimension},值 成员名;每张工作表是一个成员的,把工作表名改成成员名。"
    )
    en = (
        '"{label}" has no column for "{dimension}"; it has no actuals. If there is one, enter in Column mapping field '
        "{dimension} and its header. If all of the table is of one member, enter field {dimension} and its name as "
        "value. If each sheet is of one member, name the sheets after them."
    )


class NotNamed(Counted):
    """Pasted rows beside collected ones, of no member of a dimension."""

    remark = True
    zh = "粘贴的 {rows_zh}都没有“{dimension}”,计入“未分到{dimension}”。需要分到成员时,请补上这一列。"
    en = 'No pasted row names a "{dimension}": {rows_en} in "Unassigned to {dimension}". Fill in the column if needed.'


def sum_actuals(job: Job, breakdown: Breakdown, as_of: dt.date | None, *, required: bool) -> Achieved | None:
    """Read the actuals and sum them up; None if there are none and none are required."""
    plan, label = job.inputs.plan, job.inputs.actuals.label
    job.run.watch(job.word("读取实际", "actuals"), 0.4)
    as_of = as_of or plan.as_of
    try:
        records = _read(job, breakdown, as_of)
    except SheetEmpty:
        if required:
            raise
        return None
    if as_of is None:
        job.problems += _far_ahead(records, job.setting_place("xs_as_of"))
    as_of = as_of or records.last_day
    if as_of is None:
        nothing = Problem.note(Place(label), "", NoActuals(label=label))
        if required:
            raise Refused([nothing, *records.problems])
        if records.rows_found:
            job.problems += [nothing, *records.problems]
        return None
    as_of = min(as_of, plan.end)
    job.records, late = until(records, as_of, label)
    job.problems += [*records.problems, *late, *_untold(records, label)]
    job.run.watch(job.word("汇总", "sums"), 0.7)
    return Achieved.of(job.records, plan, job.timeline, as_of)


def _read(job: Job, breakdown: Breakdown, as_of: dt.date | None) -> Records:
    inputs, plan = job.inputs, job.inputs.plan
    return read_records(
        inputs.actuals,
        plan.dimensions,
        start=plan.start,
        end=plan.end,
        factor=inputs.amount_yuan,
        mapping=inputs.mapping,
        rules=inputs.rules,
        as_of=as_of,
        expected_micros=breakdown.plan.total * breakdown.plan.step_micros,
        grid=job.actuals.result() if job.actuals is not None else None,
        twice=twice_rule(job),
        fiscal_start=plan.first_fiscal_month,
        fiscal=plan.fiscal,
        pieces=inputs.unit == "piece",
        calendar=job.calendar,
    )


def _untold(records: Records, label: str) -> Iterator[Problem]:
    """Yield the dimensions that no actuals name, and those that some rows do not name."""
    for name in records.missing_dimensions:
        if name not in records.codes:
            yield Problem.note(Place(label), "", NoColumn(label=label, dimension=name))
    for name, count in records.unnamed.items():
        yield Problem.note(Place(label), "", NotNamed(dimension=name, count=count), None, count)


def twice_rule(job: Job) -> Rule:
    """Return which of the same sales counts, pasted or collected, and the cell in which a person chooses."""
    choice, place = job.inputs.same_twice, job.setting_place("xs_same_twice")
    return Rule(choice or "pasted", choice is not None, str(place) if place.row is not None else None)


_FAR_DAYS, _FEW_DAYS, _MANY_DAYS = 20, 3, 10
"""A slip of the month: more than so many days without actuals, then at most so many with, after at least so many."""


def _far_ahead(records: Records, place: Place) -> list[Problem]:
    """Return a warning if a few last days come after a pause that is more than twice as long as any other."""
    if not len(records.day):
        return []
    first = records.day.min()
    days = np.flatnonzero(np.bincount((records.day - first).astype(np.int64)))
    pauses = np.diff(days)
    if len(days) <= _MANY_DAYS:
        return []
    at = len(pauses) - _FEW_DAYS + int(pauses[-_FEW_DAYS:].argmax())
    before, after = days[at], days[at + 1]
    if at + 1 < _MANY_DAYS or pauses[at] <= max(_FAR_DAYS, 2 * int(np.delete(pauses, at).max())):
        return []
    span = DateRange(first + before + 1, first + after - 1)
    fault = DaysFarAhead(last=records.last_day, span=span, days=len(days) - at - 1)
    return [Problem.note(place, "", fault)]


def until(records: Records, as_of: dt.date, label: str) -> tuple[Records, list[Problem]]:
    """Set aside the accepted rows after the as-of date."""
    late = records.day > np.datetime64(as_of)
    if not late.any():
        return records, []
    further = records.further
    amount, count = int(records.micros[late].sum()), int((late if further is None else late & ~further).sum())
    first, last = records.day[late].min(), records.day[late].max()
    numbers = records.row_numbers
    place = Place(label, None if numbers is None else int(numbers[late][0]))
    problem = Problem(place, "", AfterAsOf(as_of=as_of, span=DateRange(first, last)), amount, count)
    records_until = replace(
        records,
        day=records.day[~late],
        micros=records.micros[~late],
        row_numbers=None if numbers is None else numbers[~late],
        further=None if further is None else further[~late],
        codes={name: codes[~late] for name, codes in records.codes.items()},
        rows_accepted=records.rows_accepted - count,
        rows_set_aside=records.rows_set_aside + count,
        accepted_micros=records.accepted_micros - amount,
        set_aside_micros=records.set_aside_micros + amount,
    )
    return records_until, [problem]
