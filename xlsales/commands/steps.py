"""The steps between reading and writing: split the total, sum up the actuals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from xlsales.commands.job import Job
from xlsales.commands.leaving import refuse_gone, refuse_vanished, regrouped
from xlsales.core.breakdown import Breakdown, break_down, vanished
from xlsales.core.faults import DateRange, Fault, Place, Problem, Refused, Several
from xlsales.core.periods import Level
from xlsales.core.plan import MICROS, DayMethod, MonthMethod, Plan, Rest
from xlsales.core.proof import check_closed, check_exact
from xlsales.core.shapes import History, needs_history, shapes_of
from xlsales.plan.figures import Achieved, Conservation, roll_up
from xlsales.plan.targets import closed_targets, read_targets
from xlsales.tables.files.source import SheetEmpty
from xlsales.tables.reading import Records, read_records
from xlsales.tables.reasons import Counted
from xlsales.tables.rows.twice import Rule
from xlsales.tables.sums import by_day, by_member_period
from xlsales.vocabulary import contract


class NoActuals(Fault):
    """Progress is asked for, but nothing was sold or pasted."""

    zh = "“{label}”里没有可用的数据行。请粘贴实际销售,或用 --as-of 指定截止日。"
    en = '"{label}" has no usable rows. Paste actuals, or give the as-of date with --as-of.'


class AfterAsOf(Fault):
    """Rows after the as-of date."""

    zh = "在截止日 {as_of} 之后({span}),没有计入。要计入,请改截止日。"
    en = "After the as-of date {as_of} ({span}), not counted. To count them, change the as-of date."


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


class TotalChanged(Fault):
    """The plan's total is no longer that of the targets in the sheets."""

    zh = "设置里的总目标是 {plan},表里的目标合计是 {written};刷新不改目标。要按新的总目标,请运行“分解目标”。"
    en = "The total in Settings is {plan}, the targets in the sheets add up to {written}; run split to bring them in."


class TotalLowered(Fault):
    """The targets add up to less than the total in the settings, for commitments were chosen to lower it."""

    remark = True
    zh = "设置的总目标是 {plan},目标合计 {written}:接受的承诺选了“降低总目标”。设置不用改;改了总目标,请再分解。"
    en = (
        "The total in Settings is {plan}, the targets add up to {written}: accepted commitments lower the total. "
        "Leave Settings as it is; after a change of the total, split again."
    )


class HistorySetAside(Counted):
    """Rows of the history that could not be used."""

    zh = (
        "历史里有 {rows_zh}没有采用,金额合计 {amount},按历史的比例可能因此偏差。"
        "请看下面的原因(最多 {most} 条,金额大的在前)。"
    )
    en = (
        "{rows_en} of the history not used, {amount} in all, which may bend the shares taken from it. "
        "See the reasons below (at most {most}, largest amount first)."
    )


class PastUnnamed(Counted):
    """Rows of the history that name no member of a dimension, such as those that were collected."""

    zh = (
        "历史里有 {rows_zh}(合计 {amount})没有“{dimension}”:按参照分解“{dimension}”时只看写明的行。"
        "知道的请在这些行补上“{dimension}”,再分解。"
    )
    en = (
        'Of the history, {rows_en} ({amount} in all) {count:has|have} no "{dimension}": its shares are those of the '
        'rows that have one. Where you know it, fill in "{dimension}" there, then split again.'
    )


HISTORY_LISTED = 20
"""So many findings of the history are listed."""


def split_total(job: Job) -> Breakdown:
    """Split the plan's total; faults of the core come back pointed at the cell they speak of."""
    job.run.watch(job.word("读取历史", "history"), 0.1)
    job.history = _history_if_usable(job)
    return split_again(job)


def split_again(job: Job, closed_through: dt.date | None = None) -> Breakdown:
    """Split as the plan is by now, by the history that was read already; closed through a day, if one is given."""
    plan = job.inputs.plan if closed_through is None else replace(job.inputs.plan, closed_through=closed_through)
    job.run.watch(job.word("分解", "split"), 0.3)
    try:
        shapes = shapes_of(plan, job.timeline, job.calendar, job.history if needs_history(plan) else None)
        job.shapes = shapes
        written = closed_targets(job.sheets, plan, job.timeline)
        refuse_vanished(job, vanished(plan, job.timeline, written))
        breakdown = break_down(plan, job.timeline, shapes, written)
        check_closed(breakdown)
        check_exact(breakdown)
    except Fault as fault:
        raise Refused([p for one in _with_others(job, fault) for p in job.located(one).problems]) from fault
    return breakdown


def lowered(job: Job, breakdown: Breakdown) -> Iterator[Problem]:
    """Yield that accepted commitments lower the total, where they do."""
    if breakdown.plan.total != job.inputs.plan.total:
        total = job.inputs.money(job.inputs.plan.total)
        fault = TotalLowered(plan=total, written=job.total_of(breakdown))
        yield Problem(job.setting_place("xs_total"), "", fault, set_aside=False)


def _with_others(job: Job, first: Fault) -> list[Fault]:
    """A fault of the plan's weights, and what else is wrong with those of other dimensions, to be said in one run."""
    plan = job.inputs.plan
    history = job.history if needs_history(plan) else None
    found = list(first.faults) if isinstance(first, Several) else [first]
    for dimension in plan.dimensions if len(plan.dimensions) > 1 or not first.facts.get("row") else ():
        alone = replace(plan, dimensions=(dimension,), month_method=MonthMethod.EQUAL, day_method=DayMethod.EQUAL)
        try:
            shapes_of(alone, job.timeline, job.calendar, history)
        except Fault as fault:
            if all((type(fault), fault.facts) != (type(other), other.facts) for other in found):
                found.append(fault)
    return found


def usable_history(job: Job) -> History | None:
    """The past sales beside targets that stand; None, without a word, where there are none or they cannot be read."""
    job.run.watch(job.word("读取历史", "history"), 0.15)
    try:
        history, _ = _read_history(job)
    except (Fault, Refused):
        return None
    return history if history is not None and len(history.days) else None


def _history_if_usable(job: Job) -> History | None:
    """The past sales; where the plan can do without them, what is wrong with them is a warning only."""
    try:
        return _history(job)
    except (Fault, Refused) as fault:
        if needs_history(job.inputs.plan):
            raise
        place = Place(job.inputs.history.label)
        found = fault.problems if isinstance(fault, Refused) else [Problem(place, "", fault)]
        job.problems += [replace(problem, set_aside=False) for problem in found]
        return None


def _history(job: Job) -> History | None:
    history, records = _read_history(job)
    if records is not None:
        job.problems += _bending(job, records) + _unnamed_past(job, records)
    return history


def _read_history(job: Job) -> tuple[History | None, Records | None]:
    inputs = job.inputs
    try:
        records = read_records(
            inputs.history,
            inputs.plan.dimensions,
            factor=inputs.amount_yuan,
            mapping=inputs.mapping,
            told=inputs.told,
            fiscal_start=_fiscal_start(inputs.plan),
            pieces=inputs.unit == "piece",
            past=True,
        )
    except SheetEmpty:
        return None, None
    return History(records.day, records.micros, records.codes), records


def _fiscal_start(plan: Plan) -> int:
    """The month in which fiscal years begin: that of Settings, else that of the plan."""
    return plan.fiscal_month if plan.fiscal_month != 1 else plan.start.month


def _bending(job: Job, records: Records) -> list[Problem]:
    """What the history lacks, in sum and by reason; warnings, for the actuals alone are accounted for."""
    told = [p for p in records.problems if p.totals or (p.fault.remark and not p.set_aside)]
    aside = [p for p in records.problems if p.set_aside]
    if not aside:
        return told
    micros, count, inputs = records.set_aside_micros, records.rows_set_aside, job.inputs
    unit = contract.UNITS["piece" if inputs.unit == "piece" else "yuan"][inputs.lang]
    fault = HistorySetAside(
        count=count, cells=records.wide, amount=f"{micros / MICROS:,.2f} {unit}", most=HISTORY_LISTED
    )
    aside.sort(key=lambda p: -abs(p.amount_micros or 0))
    return [
        Problem(Place(inputs.history.label), "", fault, micros, count, set_aside=False),
        *(replace(problem, set_aside=False) for problem in aside[:HISTORY_LISTED]),
        *told,
    ]


def _unnamed_past(job: Job, records: Records) -> list[Problem]:
    """Rows of the history that name no member of a dimension which others do; its shares are those of the others."""
    label, problems = job.inputs.history.label, []
    for name, codes in records.codes.items():
        unnamed = codes < 0
        if count := int(unnamed.sum()):
            micros = int(records.micros[unnamed].sum())
            fault = PastUnnamed(count=count, dimension=name, amount=f"{micros / MICROS:,.2f}")
            problems.append(Problem(Place(label), "", fault, micros, count, set_aside=False))
    return problems


def written_targets(job: Job) -> Breakdown:
    """Return the targets as they stand in the sheets; a total that has changed since is a problem to tell."""
    plan = job.inputs.plan
    job.run.watch(job.word("读取目标", "targets"), 0.1)
    refuse_gone(job)
    breakdown = read_targets(job.sheets, plan, job.timeline)
    written = breakdown.plan
    job.problems += regrouped(job, breakdown)
    if written.total * written.step_micros != plan.total * plan.step_micros:
        lowers = any(lock.rest is Rest.LOWER for lock in plan.locks)
        less = written.total * written.step_micros < plan.total * plan.step_micros
        fault = (TotalLowered if lowers and less else TotalChanged)(
            plan=job.inputs.money(plan.total), written=job.total_of(breakdown)
        )
        job.problems.append(Problem(job.setting_place("xs_total"), "", fault, set_aside=False))
    return breakdown


def sum_actuals(job: Job, breakdown: Breakdown, as_of: dt.date | None, *, required: bool) -> Achieved | None:
    """Read the actuals and sum them up; None where there are none and none are required."""
    inputs, plan = job.inputs, job.inputs.plan
    job.run.watch(job.word("读取实际", "actuals"), 0.4)
    as_of = as_of or plan.as_of
    try:
        records = read_records(
            inputs.actuals,
            plan.dimensions,
            start=plan.start,
            end=plan.end,
            factor=inputs.amount_yuan,
            mapping=inputs.mapping,
            told=inputs.told,
            as_of=as_of,
            expected_micros=breakdown.plan.total * breakdown.plan.step_micros,
            grid=job.actuals.result() if job.actuals is not None else None,
            twice=twice_rule(job),
            fiscal_start=_fiscal_start(plan),
            pieces=inputs.unit == "piece",
        )
    except SheetEmpty:
        if required:
            raise
        return None
    as_of = as_of or records.last_day
    if as_of is None:
        nothing = Problem(Place(inputs.actuals.label), "", NoActuals(label=inputs.actuals.label), set_aside=False)
        if required:
            raise Refused([nothing, *records.problems])
        if records.rows_found:
            job.problems += [nothing, *records.problems]
        return None
    as_of = min(as_of, plan.end)
    records, late = _until(records, as_of, inputs.actuals.label)
    job.records = records
    job.problems += [*records.problems, *late]
    missing = Place(inputs.actuals.label)
    job.problems += [
        Problem(missing, "", NoColumn(label=inputs.actuals.label, dimension=name), set_aside=False)
        for name in records.missing_dimensions
        if name not in records.codes
    ]
    job.problems += [
        Problem(missing, "", NotNamed(dimension=name, count=count), None, count, set_aside=False)
        for name, count in records.unnamed.items()
    ]
    job.run.watch(job.word("汇总", "sums"), 0.7)
    months = job.timeline.index_of_day(Level.MONTH)
    n_months = len(job.timeline.periods(Level.MONTH))
    members = {
        d.name: roll_up(d, by_member_period(records, d.name, len(d.members), plan.start, months, n_months))
        for d in plan.dimensions
        if d.name in records.codes
    }
    conservation = Conservation(
        records.found_micros / MICROS,
        records.accepted_micros / MICROS,
        records.set_aside_micros / MICROS,
        records.rows_found,
        records.rows_accepted,
        records.rows_set_aside,
        records.totals_micros / MICROS,
        records.rows_totals,
    )
    return Achieved(as_of, by_day(records, plan.start, job.timeline.n_days), members, conservation)


def twice_rule(job: Job) -> Rule:
    """Return which counts of the same sales, pasted and collected, and the cell where that is chosen."""
    chosen, place = job.inputs.same_twice, job.setting_place("xs_same_twice")
    return Rule(chosen or "pasted", chosen is not None, str(place) if place.row is not None else None)


def _until(records: Records, as_of: dt.date, label: str) -> tuple[Records, list[Problem]]:
    """Set aside the accepted rows after the as-of date."""
    late = records.day > np.datetime64(as_of)
    if not late.any():
        return records, []
    amount, count = int(records.micros[late].sum()), int(late.sum())
    first, last = records.day[late].min(), records.day[late].max()
    problem = Problem(Place(label), "", AfterAsOf(as_of=as_of, span=DateRange(first, last)), amount, count)
    kept = replace(
        records,
        day=records.day[~late],
        micros=records.micros[~late],
        codes={name: codes[~late] for name, codes in records.codes.items()},
        rows_accepted=records.rows_accepted - count,
        rows_set_aside=records.rows_set_aside + count,
        accepted_micros=records.accepted_micros - amount,
        set_aside_micros=records.set_aside_micros + amount,
    )
    return kept, [problem]
