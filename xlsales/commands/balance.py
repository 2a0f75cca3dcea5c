"""平衡: members who are asked too much or too little come to the middle by rows of 转移, and the plan is split anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
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
from xlsales.core.faults import Lang
from xlsales.core.text import counted, identity
from xlsales.plan.balancing import balancing, enter, moved_by, open_months
from xlsales.plan.fairness import Comparison
from xlsales.plan.figures import Figures
from xlsales.plan.stuck import listed, said_of_holds
from xlsales.plan.targets import SplitAnew
from xlsales.plan.unknown_names import NoSuchDimension
from xlsales.vocabulary.contract import Word

_NOTHING = Word(
    "没有要移动的:没有成员被明显多要或少要。没有改动。",
    "Nothing to move: nobody is clearly asked too much or too little. Nothing changed.",
)
_HELD = Word("没有要移动的:{held}。没有改动。", "Nothing to move: {held}. Nothing changed.")
_HELD_TOO = Word("动不了的:{held}。", "Not moved: {held}.")
_NO_TAKER = Word(
    "{names} 的差额没有人能承担:其他成员都有锁定或上下限",
    "nobody can carry that of {names}: others are locked or have bounds",
)
_DONE = Word("{name}:{n} 个成员回到中间({moves})。", "{name}: {n:members} to the middle ({moves}).")
_LESS, _MORE = (
    Word("{member} 减 {amount}", "{member} {amount} less"),
    Word("{member} 加 {amount}", "{member} {amount} more"),
)
_REASON = Word("平衡:要求增长 {before:+.1%} → {after:+.1%}", "balance: growth asked {before:+.1%} → {after:+.1%}")
_NAMED = 6
_ROUNDS = 4
"""A press looks at most so often whether somebody stands out by what it moved before."""


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
    asked = [one.name for one in figures.dimensions if dimension is None or identity(one.name) == identity(dimension)]
    if not asked and dimension is not None:
        raise NoSuchDimension(found=dimension, names=figures.frame.listed(one.name for one in figures.dimensions))
    before = _compared(figures, asked)
    rows, after = _until_fair(job, figures, asked, as_of)
    held = [said for one in before for said in (said_of_holds(one, lang), _said_of_no_taker(one, rows, lang)) if said]
    all_held = (";" if lang == "zh" else "; ").join(held)
    if not rows:
        nothing = (_HELD if all_held else _NOTHING)[lang].format(held=all_held)
        return Outcome("balance", lang, run.document.target, False, (nothing,), tuple(job.problems))
    moves = [_Moves(job, *pair, rows) for pair in zip(before, _compared(after, asked), strict=True)]
    lines = [one.told() for one in moves if one.named]
    lines += [_HELD_TOO[lang].format(held=all_held)] if all_held else []
    reasons = {one.before.name: one.reasons() for one in moves}
    rows = [replace(one, reason=reasons[one.dimension][one.giver or one.taker]) for one in rows]
    job.inputs, job.enters = enter(job.book, job.inputs, rows, job.timeline)
    refuse_protected(job.book, job.enters)
    outcome = split_on(job, "balance", split_again(job), achieved)
    return replace(outcome, lines=(outcome.lines[0], *lines, *outcome.lines[1:]), shows="")


def _said_of_no_taker(view: Comparison, rows: Sequence[Adjustment], lang: Lang) -> str:
    """Who would move, and cannot, for nobody is free to carry it; nothing if all can."""
    named = {name for one in rows if one.dimension == view.name for name in (one.giver, one.taker)}
    names = [view.names[i] for i in moved_by(view) if view.names[i] not in named]
    return _NO_TAKER[lang].format(names=listed(names, lang)) if names else ""


def _compared(figures: Figures, names: Sequence[str]) -> list[Comparison]:
    """The members of these dimensions beside each other."""
    own = [one for one in figures.dimensions if one.name in names]
    return [Comparison(members, number, {}) for number, members in enumerate(own, 1)]


def _until_fair(
    job: Job, figures: Figures, names: Sequence[str], as_of: dt.date | None
) -> tuple[list[Adjustment], Figures]:
    """Return the transfers after which nobody is left to move, and the figures that a split with them gives.

    Who carries a part of it may stand out then, where locks keep others from carrying theirs: it moves, too.
    """
    over = np.array([as_of is not None and month.end <= as_of for month in figures.months])
    inputs, reasons, rows = job.inputs, job.reasons, list[Adjustment]()
    for _ in range(_ROUNDS):
        new = [row for one in _compared(figures, names) for row in balancing(one, open_months(one, over))]
        if not new:
            break
        rows += new
        job.inputs, _ = enter(job.book, inputs, rows, job.timeline)
        figures = replace(figures, breakdown=split_again(job))
    job.inputs, job.reasons = inputs, reasons
    return rows, figures


class _Moves(Struct, frozen=True):
    """What transfers do to the members that they name, as the split with them has it."""

    job: Job
    before: Comparison
    after: Comparison
    rows: Sequence[Adjustment]

    @property
    def named(self) -> list[int]:
        """The members, the first the furthest from the middle."""
        names = {n for one in self.rows if one.dimension == self.before.name for n in (one.giver, one.taker)}
        return [i for i in self.before.fair.order if self.before.names[i] in names]

    def told(self) -> str:
        """Say who gives or gets how much."""
        moved = (self.after.steps - self.before.steps).tolist()
        told = [_move(self.job, self.before.names[i], moved[i]) for i in self.named[:_NAMED]]
        told += ["…"] if len(self.named) > _NAMED else []
        facts = {"name": self.before.name, "n": len(self.named), "moves": self.before.frame.listed(told)}
        return counted(_DONE[self.job.inputs.lang], **facts)

    def reasons(self) -> dict[str, str]:
        """Why each moves: the growth that was asked of it, and that it is asked for then."""
        why, growth = _REASON[self.job.inputs.lang], self.before.fair.growth
        then = (1 + growth) * self.after.steps / np.maximum(self.before.steps, 1) - 1
        return {self.before.names[i]: why.format(before=growth[i], after=then[i]) for i in self.named}


def _move(job: Job, member: str, steps: int) -> str:
    """Say what a member gives or gets."""
    return (_LESS if steps < 0 else _MORE)[job.inputs.lang].format(member=member, amount=job.inputs.money(abs(steps)))
