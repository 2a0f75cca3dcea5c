"""平衡: members who are asked too much or too little get locked targets in the middle, and the plan is split anew."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from xlsales.commands.finish import frame_of
from xlsales.commands.job import Job, Run, open_job
from xlsales.commands.outcome import Outcome
from xlsales.commands.spreading import split_locked
from xlsales.commands.targets import split_total
from xlsales.core.text import counted, identity
from xlsales.plan.fairness import Comparison
from xlsales.plan.figures import Figures
from xlsales.plan.stuck import said_of_holds
from xlsales.plan.target_locks import Target
from xlsales.plan.targets import SplitAnew
from xlsales.plan.unknown_names import NoSuchDimension
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.plan_tables import T_DIMENSIONS

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
_NOTE = Word("平衡:要求增长 {before:+.1%} → {after:+.1%}", "balance: growth asked {before:+.1%} → {after:+.1%}")
_NAMED = 6


def balance(run: Run, dimension: str | None = None) -> Outcome:
    """Lock whom `dimension` (None: any) asks too much or too little, where fairness puts them. Raises Refused."""
    job = open_job(run, SplitAnew)
    lang, breakdown = job.inputs.lang, split_total(job)
    figures = Figures(frame_of(job), breakdown, job.calendar, history=job.history)
    asked = [one for one in figures.dimensions if dimension is None or identity(one.name) == identity(dimension)]
    if not asked and dimension is not None:
        raise NoSuchDimension(found=dimension, names=figures.frame.listed(one.name for one in figures.dimensions))
    notes: dict[tuple[str | None, str | None, str], str] = {}
    amounts, lines, held = [], [], list[str]()
    for number, members in enumerate(asked, 1):
        one = Comparison(members, number, {})
        held += filter(None, [said_of_holds(one, lang)])
        moved = [i for i in one.fair.order if one.fair.alarms[i] and one.moves[i]]
        for i in moved:
            target, steps = _target(job, one, i), int(one.steps[i] + one.moves[i])
            after = steps * breakdown.plan.step_micros
            amounts.append((target, Decimal(after) / breakdown.plan.unit_micros))
            growth = float(one.fair.growth[i])
            notes[target.key] = _NOTE[lang].format(before=growth, after=(1 + growth) * steps / int(one.steps[i]) - 1)
        if moved:
            told = [_move(job, one.names[i], int(one.moves[i])) for i in moved[:_NAMED]]
            told += ["…"] if len(moved) > _NAMED else []
            lines.append(counted(_DONE[lang], name=one.name, n=len(moved), moves=figures.frame.listed(told)))
    all_held = (";" if lang == "zh" else "; ").join(held)
    if not amounts:
        nothing = (_HELD if held else _NOTHING)[lang].format(held=all_held)
        return Outcome("balance", lang, run.document.target, False, (nothing,), tuple(job.problems))
    lines += [_HELD_TOO[lang].format(held=all_held)] if held else []
    outcome = split_locked(job, amounts, lambda target: notes[target.key], "balance")
    return replace(outcome, lines=(outcome.lines[0], *lines, *outcome.lines[1:]), shows="")


def _target(job: Job, one: Comparison, i: int) -> Target:
    """The locked target of a member in the table of dimensions."""
    place = job.table_place(T_DIMENSIONS, one.dimension.members[one.leaves[i]].row, "locked")
    return Target((place.row or 0, place.column or 0), place, None, one.dimension, one.leaves[i])


def _move(job: Job, member: str, steps: int) -> str:
    """Say what a member gives or gets."""
    return (_LESS if steps < 0 else _MORE)[job.inputs.lang].format(member=member, amount=job.inputs.money(abs(steps)))
