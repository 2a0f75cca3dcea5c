"""平衡: members who are asked too much or too little come to the middle by rows of 转移, and the plan is split anew."""

from __future__ import annotations

from msgspec.structs import replace

from xlsales.book.protection import refuse_protected
from xlsales.commands.actuals import sum_actuals
from xlsales.commands.announced import announce
from xlsales.commands.balanced import Moves, compared, said_of_no_taker, until_fair
from xlsales.commands.finish import frame_of
from xlsales.commands.job import Run, open_job
from xlsales.commands.outcome import Outcome
from xlsales.commands.splitting import split_on
from xlsales.commands.targets import split_again, split_total
from xlsales.core.text import identity
from xlsales.plan.balancing import enter
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
    before = compared(figures, asked)
    rows, after = until_fair(job, figures, before, as_of)
    held = [said for one in before for said in (said_of_holds(one, lang), said_of_no_taker(one, rows, lang)) if said]
    all_held = (";" if lang == "zh" else "; ").join(held)
    if not rows:
        nothing = (_HELD if all_held else _NOTHING)[lang].format(held=all_held)
        return Outcome("balance", lang, run.document.target, False, (nothing,), tuple(job.problems))
    moves = [Moves(job, *pair, rows) for pair in zip(before, after, strict=True)]
    lines = [one.told() for one in moves if one.named]
    lines += [_HELD_TOO[lang].format(held=all_held)] if all_held else []
    reasons = {one.before.name: one.reasons() for one in moves}
    rows = [replace(one, reason=reasons[one.dimension][one.giver or one.taker]) for one in rows]
    job.inputs, job.enters = enter(job.book, job.inputs, rows, job.timeline)
    refuse_protected(job.book, job.enters)
    outcome = split_on(job, "balance", split_again(job), achieved)
    return replace(outcome, lines=(outcome.lines[0], *lines, *outcome.lines[1:]), shows="")
