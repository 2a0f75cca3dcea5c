"""Weeks and days that are a month ÷ 5 ÷ 6: a chain that does not close on the year. Said at the lock that has it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from xlsales.commands.job import Job
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Bilingual, Fault, Problem
from xlsales.core.periods import Level
from xlsales.core.plan import Lock
from xlsales.core.time_split import period_of

_NEAR = 0.002
"""Amounts that differ by less, of the larger one, are the same but for the rounding of what was typed."""
_CLOSES = 0.01
"""What adds up to the plan's total but for so much, of it, closes."""
_WEEKS, _DAYS = (5, 4), (6, 5, 7)
"""The weeks that people count in a month, and the days in a week, the most usual first."""


class ChainDoesNotClose(Fault):
    """A locked week or day that is a mean month divided by whole numbers."""

    zh = (
        "{amount} 像是一个月 {month} {chain}。照此计划期 {weeks:.1f} 周合计 {sum},与 {total} 差 {apart},不闭合;"
        "平均{zh_one}是 {mean}。确实只定这{zh_one}的,不用改。"
    )
    en = (
        "{amount} seems to be a month of {month} {chain}. Over the {weeks:.1f} weeks of the plan that is {sum}, "
        "{apart} off {total}: it does not close. {en_one} has {mean} on average. If you mean just this one, leave it."
    )


def chains(job: Job, breakdown: Breakdown) -> Iterator[Problem]:
    """Yield locks of weeks and days that are a part of a month, as people count weeks and days; each amount once."""
    seen: set[tuple[str | None, str | None, Level, int]] = set()
    for lock in breakdown.plan.locks:
        level = period_of(lock, job.timeline).level
        which = lock.dimension, lock.member, level, lock.amount
        if level not in (Level.WEEK, Level.DAY) or lock.committed or not lock.amount or which in seen:
            continue
        seen.add(which)
        fault = _chain(job, breakdown, lock, level)
        if fault is not None:
            yield Problem.note(job.lock_place(lock.row, "amount"), lock.period, fault)


def _chain(job: Job, breakdown: Breakdown, lock: Lock, level: Level) -> Fault | None:
    plan, line = breakdown.plan, breakdown.timeline
    total = plan.total
    if lock.member is not None:
        part = breakdown.dimensions[lock.dimension or ""]
        at = next(i for i, member in enumerate(part.dimension.members) if member.name == lock.member)
        total = int(part.targets[at])
    amount, weeks = lock.amount / lock.finer, line.n_days / 7
    month = total / len(breakdown.months)
    for by_week, by_day in product(_WEEKS, _DAYS if level is Level.DAY else (1,)):
        if not month or abs(amount * by_week * by_day - month) > _NEAR * month:
            continue
        whole = amount * weeks * by_day
        if abs(whole - total) <= _CLOSES * total:
            return None
        mean = total / (weeks if level is Level.WEEK else line.n_days)
        chain = Bilingual(f"÷ {by_week}", f"/ {by_week}")
        if level is Level.DAY:
            chain = Bilingual(
                f"÷ {by_week} ÷ {by_day}(一周 {by_day} 天)", f"/ {by_week} / {by_day} ({by_day} days a week)"
            )
        one = ("一周", "A week") if level is Level.WEEK else ("一天", "A day")
        shown = {
            "amount": amount,
            "month": month,
            "sum": whole,
            "total": total,
            "apart": abs(whole - total),
            "mean": mean,
        }
        step = plan.day_step_micros
        money = {key: job.inputs.amount(round(value * plan.step_micros / step) * step) for key, value in shown.items()}
        return ChainDoesNotClose(chain=chain, weeks=weeks, zh_one=one[0], en_one=one[1], **money)
    return None
