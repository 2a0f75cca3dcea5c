"""A spread of targets: they become locks, and the plan is split anew; and what any spread says at its end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from xlsales.book.keyed import WrittenSheet
from xlsales.book.protection import refuse_protected
from xlsales.book.selection import Selection
from xlsales.book.spread_amounts import Scale, Spreading, Wish, spread_amounts
from xlsales.commands.job import Job, Run, open_job
from xlsales.commands.outcome import Outcome
from xlsales.commands.splitting import split_job
from xlsales.core.a1 import Address
from xlsales.core.faults import Lang, Place, Problem, Refused
from xlsales.core.text import counted
from xlsales.plan.target_locks import Target, closed, locked, parts_of, step_of, targets_in
from xlsales.plan.targets import SplitAnew
from xlsales.values.cell import plain
from xlsales.values.steps import micros_of, typed
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.money import Money
from xlsales.vocabulary.spreading import SPREAD_WORDS

_DONE = Word(
    "已调整 {n} 格({method}):合计 {before} → {after}。", "Spread {n:cells} ({method}): sum {before} → {after}."
)
_SAME = Word(
    "合计 {after},各格已经是这样,没有改动。", "The sum is {after}, and the cells are so already; nothing changed."
)
_HIDDEN = Word("隐藏或筛掉的 {n} 格没有动。", "{n} hidden {n:cell|cells} left alone.")
_CLOSED = Word("已关账的 {n} 格没有动。", "{n} closed {n:cell|cells} left alone.")
_OTHERS = Word("选中的 {n} 格不是目标,没有动。", "{n} selected {n:cell|cells} are no targets and were left alone.")
_NOTE = Word("调整:{method}", "spread: {method}")


def spread_targets(
    run: Run, sheet: WrittenSheet, selection: Selection, held: Collection[Address], wish: Wish, others: int
) -> Outcome:
    """Lock targets at what they become, and split the plan by that; `others` are selected cells that are none."""
    job = open_job(run, SplitAnew)
    plan, inputs, lang = job.inputs.plan, job.inputs, job.inputs.lang
    targets = targets_in(job.sheets[sheet.identity], selection, plan, job.timeline)
    parts = parts_of(targets, selection, held, plan, job.timeline)
    per = inputs.money_unit.per
    result = spread_amounts(parts, wish, Scale(step_of(targets, plan), per, inputs.currency))
    stay = {part.at: part.amount for part in parts if part.held and part.amount is not None}
    shut = {target.at for target in targets if closed(target, plan, job.timeline)}
    to_lock = [
        (target, amount)
        for target in targets
        if target.at not in shut and (amount := result.amounts.get(target.at, stay.get(target.at))) is not None
    ]
    lines = left_alone(selection, len(shut), lang, others)
    if all(part.held or result.amounts.get(part.at) == part.amount for part in parts):
        same = said(result, 0, wish, lang, inputs.money_unit)
        return Outcome("spread", lang, run.document.target, False, (same, *lines), has_news=bool(lines))
    note = _NOTE[lang].format(method=_method(wish, lang))
    outcome = split_locked(job, to_lock, lambda _: note)
    first, *rest = outcome.lines
    done = said(result, len(result.amounts), wish, lang, inputs.money_unit)
    return replace(outcome, lines=(first, done, *lines, *rest), shows="")


def split_locked(job: Job, amounts: Sequence[tuple[Target, Decimal]], note: Callable[[Target], str]) -> Outcome:
    """Lock targets at amounts in the plan's unit, each with a note, and split the plan by that. Raises Refused."""
    lock = locked(job.book, job.inputs, amounts, note)
    refuse_protected(job.book, lock.edits)
    job.inputs, job.enters = lock.inputs, lock.edits
    try:
        return split_job(job, "spread")
    except Refused as refused:
        places = {at: target.place for at, target in lock.targets.items()}
        raise Refused([_at_target(problem, places) for problem in refused.problems]) from refused


def _at_target(problem: Problem, places: Mapping[tuple[str, int], Place]) -> Problem:
    """A problem of a lock that is not written yet, at the target that was to be locked."""
    place = places.get((problem.place.sheet, problem.place.row or 0))
    return problem if place is None else replace(problem, place=place)


def said(result: Spreading, n: int, wish: Wish, lang: Lang, unit: Money | None = None) -> str:
    """Say how many cells a spread has changed, and the sums, in the plan's `unit` if they are in it."""
    before, after = (
        plain(amount) if unit is None else unit.amount(typed(micros_of(amount)), lang)
        for amount in (result.before, result.after)
    )
    word = _DONE if n else _SAME
    return counted(word[lang], n=n, method=_method(wish, lang), before=before, after=after)


def _method(wish: Wish, lang: Lang) -> str:
    """The word of a method; a pattern is its own."""
    way = wish.way
    return way.pattern or SPREAD_WORDS[way.method.value][0 if lang == "zh" else 1]


def left_alone(selection: Selection, shut: int, lang: Lang, others: int = 0) -> list[str]:
    """Return what stays although it was selected: hidden cells, `shut` ones, and `others` that are no target."""
    counts = ((_HIDDEN, selection.hidden), (_CLOSED, shut), (_OTHERS, others))
    return [counted(word[lang], n=n) for word, n in counts if n]
