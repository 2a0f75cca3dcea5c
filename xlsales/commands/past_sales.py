"""Past sales as a run reads them: what they lack, and when a plan can do without them."""

from __future__ import annotations

from xlsales.commands.job import Job, Watch
from xlsales.core.faults import Fault, Place, Problem, Refused
from xlsales.core.plan import MICROS
from xlsales.core.shapes import History, needs_history
from xlsales.plan.inputs import Inputs
from xlsales.tables.again import read_past
from xlsales.tables.reading import Records
from xlsales.tables.reasons import Counted


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


def usable_history(inputs: Inputs, watch: Watch, share: float = 0.15) -> History | None:
    """Return the past sales beside written targets; None if there are none or they cannot be read.

    `watch` is told of it, `share` is how much of the run is done by now.
    """
    watch("读取历史" if inputs.lang == "zh" else "history", share)
    try:
        history, _ = _read_history(inputs)
    except (Fault, Refused):
        return None
    return history if history is not None and len(history.days) else None


def history_for_split(job: Job) -> History | None:
    """The past sales, with what they lack; if the plan can do without them, a fault in them is a warning only."""
    try:
        history, records = _read_history(job.inputs)
    except (Fault, Refused) as fault:
        if needs_history(job.inputs.plan):
            raise
        place = Place(job.inputs.history.label)
        problems = fault.problems if isinstance(fault, Refused) else [Problem(place, "", fault)]
        job.problems += [problem.as_note() for problem in problems]
        return None
    if records is not None:
        job.problems += _bending(job, records) + _unnamed_past(job, records)
    return history


def _read_history(inputs: Inputs) -> tuple[History | None, Records | None]:
    records = read_past(
        inputs.history,
        inputs.plan.dimensions,
        factor=inputs.amount_yuan,
        mapping=inputs.mapping,
        rules=inputs.rules,
        fiscal_start=inputs.plan.first_fiscal_month,
        fiscal=inputs.plan.fiscal.of_past,
        pieces=inputs.unit == "piece",
    )
    return (History(records.day, records.micros, records.codes) if records is not None else None), records


def _bending(job: Job, records: Records) -> list[Problem]:
    """What the history lacks, in sum and by reason; warnings, for the actuals alone are accounted for."""
    others = [p for p in records.problems if p.totals or (p.fault.remark and not p.set_aside)]
    aside = [p for p in records.problems if p.set_aside]
    if not aside:
        return others
    micros, count, inputs = records.set_aside_micros, records.rows_set_aside, job.inputs
    unit = inputs.money_unit.in_full.word(inputs.lang)
    fault = HistorySetAside(
        count=count, cells=records.wide, amount=f"{micros / MICROS:,.2f} {unit}", most=HISTORY_LISTED
    )
    aside.sort(key=lambda p: -abs(p.amount_micros or 0))
    return [
        Problem.note(Place(inputs.history.label), "", fault, micros, count),
        *(problem.as_note() for problem in aside[:HISTORY_LISTED]),
        *others,
    ]


def _unnamed_past(job: Job, records: Records) -> list[Problem]:
    """Rows of the history that name no member of a dimension which others do; its shares are those of the others."""
    label, problems = job.inputs.history.label, []
    for name, codes in records.codes.items():
        unnamed = codes < 0
        if count := int(unnamed.sum()):
            micros = int(records.micros[unnamed].sum())
            fault = PastUnnamed(count=count, dimension=name, amount=f"{micros / MICROS:,.2f}")
            problems.append(Problem.note(Place(label), "", fault, micros, count))
    return problems
