"""平衡: members who are asked too much or too little come to the middle by rows of 转移, and the plan is split anew."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from xlsales.book.protection import refuse_protected
from xlsales.commands.actuals import sum_actuals
from xlsales.commands.announced import announce
from xlsales.commands.finish import frame_of
from xlsales.commands.job import Job, Run, open_job
from xlsales.commands.outcome import Outcome
from xlsales.commands.splitting import split_on
from xlsales.commands.targets import split_again, split_total
from xlsales.core.adjustments import Adjustment
from xlsales.core.text import counted, identity
from xlsales.plan.balancing import balancing, enter, open_months
from xlsales.plan.fairness import Comparison
from xlsales.plan.figures import Figures
from xlsales.plan.stuck import said_of_holds
from xlsales.plan.targets import SplitAnew
from xlsales.plan.unknown_names import NoSuchDimension
from xlsales.vocabulary.contract import Word

_NOTHING = Word(
    "没有要移动的:没有成员被明显多要或少要。没有改动。",
    "Nothing to move: nobody is clearly asked too much or too little. Nothing changed.",
)
_HELD = Word("没有要移动的:{held}。没有改动。", "Nothing to move: {held}. Nothing changed.")
_HELD_TOO = Word("动不了的:{held}。", "Not moved: {held}.")
_DONE = Word("{name}:{n} 个成员回到中间({moves})。", "{name}: {n:members} to the middle ({moves}).")
_LESS, _MORE = (
    Word("{member} 减 {amount}", "{member} {amount} less"),
    Word("{member} 加 {amount}", "{member} {amount} more"),
)
_REASON = Word("平衡:要求增长 {before:+.1%} → {after:+.1%}", "balance: growth asked {before:+.1%} → {after:+.1%}")
_NAMED = 6


def balance(run: Run, dimension: str | None = None) -> Outcome:
    """Move who is asked too much or too little in `dimension` (None: any) to where fairness puts it. Raises Refused.

    Months that are over stay: the months to come carry all of it.
    """
    job = open_job(run, SplitAnew)
    announce(job)
    lang, breakdown = job.inputs.lang, split_total(job)
    achieved = sum_actuals(job, breakdown, None, required=False)
    as_of = achieved.as_of if achieved else None
    figures = Figures(frame_of(job), breakdown, job.calendar, history=job.history)
    asked = [one for one in figures.dimensions if dimension is None or identity(one.name) == identity(dimension)]
    if not asked and dimension is not None:
        raise NoSuchDimension(found=dimension, names=figures.frame.listed(one.name for one in figures.dimensions))
    over = np.array([as_of is not None and month.end <= as_of for month in figures.months])
    rows, lines, held = list[Adjustment](), [], list[str]()
    for number, members in enumerate(asked, 1):
        one = Comparison(members, number, {})
        held += filter(None, [said_of_holds(one, lang)])
        moved = [i for i in one.fair.order if one.fair.alarms[i] and one.moves[i]]
        if moved:
            rows += balancing(one, open_months(one, over), {i: _reason(job, one, i) for i in moved})
            told = [_move(job, one.names[i], int(one.moves[i])) for i in moved[:_NAMED]]
            told += ["…"] if len(moved) > _NAMED else []
            lines.append(counted(_DONE[lang], name=one.name, n=len(moved), moves=figures.frame.listed(told)))
    all_held = (";" if lang == "zh" else "; ").join(held)
    if not rows:
        nothing = (_HELD if held else _NOTHING)[lang].format(held=all_held)
        return Outcome("balance", lang, run.document.target, False, (nothing,), tuple(job.problems))
    lines += [_HELD_TOO[lang].format(held=all_held)] if held else []
    job.inputs, job.enters = enter(job.book, job.inputs, rows, job.timeline)
    refuse_protected(job.book, job.enters)
    outcome = split_on(job, "balance", split_again(job), achieved)
    return replace(outcome, lines=(outcome.lines[0], *lines, *outcome.lines[1:]), shows="")


def _reason(job: Job, one: Comparison, i: int) -> str:
    """Why a member moves: the growth that was asked of it, and that it is asked for then."""
    growth, steps = float(one.fair.growth[i]), int(one.steps[i])
    after = (1 + growth) * (steps + int(one.moves[i])) / steps - 1
    return _REASON[job.inputs.lang].format(before=growth, after=after)


def _move(job: Job, member: str, steps: int) -> str:
    """Say what a member gives or gets."""
    return (_LESS if steps < 0 else _MORE)[job.inputs.lang].format(member=member, amount=job.inputs.money(abs(steps)))
