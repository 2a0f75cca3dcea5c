"""What a press of 平衡 moves, round by round, and what it says of those who move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from xlsales.commands.job import Job
from xlsales.commands.targets import split_again
from xlsales.core.adjustments import Adjustment
from xlsales.core.faults import Lang
from xlsales.core.text import counted
from xlsales.plan.balancing import balancing, enter, moved_by, open_months
from xlsales.plan.fairness import Comparison
from xlsales.plan.figures import Figures
from xlsales.plan.stuck import listed
from xlsales.vocabulary.contract import Word

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


def said_of_no_taker(view: Comparison, rows: Sequence[Adjustment], lang: Lang) -> str:
    """Who would move, and cannot, for nobody is free to carry it; nothing if all can."""
    named = {name for one in rows if one.dimension == view.name for name in (one.giver, one.taker)}
    names = [view.names[i] for i in moved_by(view) if view.names[i] not in named]
    return _NO_TAKER[lang].format(names=listed(names, lang)) if names else ""


def compared(figures: Figures, names: Sequence[str]) -> list[Comparison]:
    """The members of these dimensions beside each other."""
    own = [one for one in figures.dimensions if one.name in names]
    return [Comparison(members, number, {}) for number, members in enumerate(own, 1)]


def until_fair(
    job: Job, figures: Figures, before: Sequence[Comparison], as_of: dt.date | None
) -> tuple[list[Adjustment], Sequence[Comparison]]:
    """Return the transfers after which nobody is left to move, and how members compare in a split with them.

    Who carries a part of it may stand out then, where locks keep others from carrying theirs: it moves, too.
    """
    over = np.array([as_of is not None and month.end <= as_of for month in figures.months])
    inputs, reasons, rows = job.inputs, job.reasons, list[Adjustment]()
    after, names = before, [one.name for one in before]
    for _ in range(_ROUNDS):
        new = [row for one in after for row in balancing(one, open_months(one, over))]
        if not new:
            break
        rows += new
        job.inputs, _ = enter(job.book, inputs, rows, job.timeline)
        after = compared(replace(figures, breakdown=split_again(job)), names)
    job.inputs, job.reasons = inputs, reasons
    return rows, after


class Moves(Struct, frozen=True):
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
