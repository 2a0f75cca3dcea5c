"""What a split changes in the targets: the lines on it, and the question if months with complete actuals change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from xlsales.commands.asking import Past
from xlsales.commands.closing import SETTING, ask_about_lacking, close
from xlsales.commands.finish import left_alone
from xlsales.commands.job import Job
from xlsales.core.faults import Fault, Lang, Place, Problem
from xlsales.core.periods import Level
from xlsales.core.plan import MICROS
from xlsales.core.text import counted
from xlsales.plan.achieved import Achieved
from xlsales.plan.adjustments.tables import T_TRANSFERS
from xlsales.plan.changes import Change, Changes
from xlsales.plan.inputs import Inputs
from xlsales.vocabulary.contract import LANGS, Word

_LARGEST = 3
"""So many of the largest changes of a dimension are listed."""
_NAMED = 5
"""So many members that are new, or gone, are named."""
_ROUNDED = 0.01
"""A step is rounding if it is less than this share of a target."""

COMPANY = Word("公司整体", "Company")
_HEAD = Word("目标改动:", "Targets that change:")
_SCOPE = Word("{scope}:{facts}", "{scope}: {facts}")
_CELLS = Word("{members}{months},{by}", "{members}{months}, {by}")
_MORE, _LESS = Word("加 {amount}", "{amount} up"), Word("减 {amount}", "{amount} down")
_MEMBERS = Word("{n} 个成员、", "{n:members}, ")
_MONTHS = Word("{n} 个月({span})", "{n:months} ({span})")
_LARGEST_FIRST = Word(";最大 {cells}", "; largest {cells}")
_CELL = Word("{member}{month} {old} → {new}", "{member}{month} {old} → {new}")
_MOVED = Word("{months}的月目标不变,日目标改动", "{months}: days change, the months do not")
_KEPT = Word(
    "实际已完整的 {months} 只差取整,月目标和每天的目标保持原样",
    "{months} with complete actuals: rounding alone would change them, so months and days stay",
)
_ADDED = Word("新增 {n} 个({names})", "{n} new ({names})")
_GONE = Word("不再有 {n} 个({names})", "{n} gone ({names})")
_LOCKS = Word("改的格写进锁定,以后的分解也保留", "The cells become locks, which later splits keep")
_DECISIONS = Word("决定和原因写进“重排决定”", "The decisions and their reasons are kept in Re-plan decisions")
_ROWS = Word("改动写成“转移”的行,以后的分解也保留", "The changes become rows of Transfers, which later splits keep")
_NONE = Word("月目标都不变,只是固定下来", "no month changes; they are only fixed")
_REGROUPED = Word(
    "{n} 个上级的已关账目标随换了上级的成员改动({names})",
    "closed months of {n:parents} follow members that moved ({names})",
)


class PastWouldChange(Fault):
    """A split would rewrite targets of months that have complete actuals and are not closed."""

    zh = (
        "{zh_months}的实际已经完整,这次分解会改动它们的目标:{zh_what}。"
        "要保留这些目标,请把“已关账至”填为 {through}(或加 --close);确实要改,请加 --rewrite。"
    )
    en = (
        "{en_months}: actuals are complete, and this split would change their targets: {en_what}. "
        'To keep them, set "Closed through" to {through} (or add --close); to change them, add --rewrite.'
    )


class TargetsWouldChange(Fault):
    """A spread of targets is told before it is written."""

    zh = "目标会这样改动:{zh_what}。{zh_then}。这是预览,还没有写入;要写入,请加 --yes。"
    en = (
        "Targets would change like this: {en_what}. {en_then}. "
        "This is a preview, nothing is written yet; to write it, add --yes."
    )


class ClosedWithin(Fault):
    """The day through which the plan is closed lies within a month, which therefore stays open."""

    remark = True
    zh = "“已关账至”是 {through},不是月末:{month} 没有关账,{zh_closed}。要把 {month} 也关账,请填 {end}。"
    en = (
        '"Closed through" is {through}, which is no end of a month: {month} is not closed, {en_closed}. '
        "To close {month} too, enter {end}."
    )


class ClosedOutside(Fault):
    """The day through which the plan is closed lies outside it: no month is closed, or all are."""

    remark = True
    zh = "“已关账至”是 {through},不在计划期间({start} 至 {end})里:{zh_closed}。请核对年份。"
    en = '"Closed through" is {through}, outside the plan ({start} to {end}): {en_closed}. Check the year.'


def closed_otherwise(job: Job) -> Iterator[Problem]:
    """Yield what "Closed through" closes, if the day alone does not show it."""
    plan, months = job.inputs.plan, job.timeline.periods(Level.MONTH)
    through = plan.closed_through
    if through is None or through == plan.end:
        return
    closed = [month for month in months if month.end <= through]
    facts = {
        "through": through,
        "zh_closed": f"已关账的是 {closed[0].key} 至 {closed[-1].key}" if len(closed) > 1 else "没有月份关账",
        "en_closed": f"{closed[0].key} to {closed[-1].key} are" if len(closed) > 1 else "no month is",
    }
    if len(closed) == 1:
        facts |= {"zh_closed": f"已关账的只有 {closed[0].key}", "en_closed": f"only {closed[0].key} is"}
    place = job.setting_place(SETTING)
    if not plan.start <= through <= plan.end:
        facts |= (
            {"zh_closed": "全部月份都已关账", "en_closed": "all months are closed"}
            if closed
            else {"en_closed": "no month is closed"}
        )
        yield Problem.note(place, "", ClosedOutside(start=plan.start, end=plan.end, **facts))
    elif not closed or closed[-1].end != through:
        half = months[len(closed)]
        yield Problem.note(place, "", ClosedWithin(month=half.key, end=half.end, **facts))


def change_lines(changes: Changes, inputs: Inputs) -> list[str]:
    """Return the lines on what changes: one for the company and one for each dimension."""
    if not changes:
        return []
    lines = list(_scopes(changes, inputs, inputs.lang))
    if changes.rounding:
        lines.append(_KEPT[inputs.lang].format(months=_span(list(changes.rounding), inputs.lang)))
    return [_HEAD[inputs.lang], *(f"  {line}" for line in lines)]


def figures(changes: Changes) -> list[dict[str, Any]]:
    """Return every change for programs: amounts in yuan, the company without dimension and member."""
    return [
        {
            "dimension": one.dimension or None,
            "member": one.member or None,
            "month": one.month,
            "from": one.old / MICROS,
            "to": one.new / MICROS,
            "complete": one.complete,
        }
        for one in changes.cells
    ]


def past_problem(job: Job, changes: Changes) -> Problem | None:
    """Return what is to be decided on months with complete actuals; None if none of them changes."""
    past = changes.complete
    if not past:
        return None
    scopes = {lang: list(_scopes(past, job.inputs, lang)) for lang in ("zh", "en")}
    months = {lang: _span(past.months, lang) for lang in ("zh", "en")}
    fault = PastWouldChange(
        zh_months=months["zh"],
        en_months=months["en"],
        zh_what=";".join(scopes["zh"]).replace("; ", ";"),
        en_what="; ".join(scopes["en"]),
        zh_lines="\n".join(scopes["zh"]),
        en_lines="\n".join(scopes["en"]),
        through=past.through,
    )
    return Problem.note(job.setting_place(SETTING), "", fault)


def tell_before(job: Job, changes: Changes) -> None:
    """Tell what a run does to targets, before it writes them. Raises Refused or LeftAsItWas if they are to stay."""
    scopes = {lang: list(_scopes(changes, job.inputs, lang)) or [_NONE[lang]] for lang in LANGS}
    title = next(iter([*(edit.title for edit in job.enters.cells), *(edit.title for edit in job.enters.inputs)]))
    then = _DECISIONS if job.carried else _ROWS if title == _title_of_transfers(job) else _LOCKS
    fault = TargetsWouldChange(
        zh_what=";".join(scopes["zh"]).replace("; ", ";"),
        en_what="; ".join(scopes["en"]),
        zh_lines="\n".join(scopes["zh"]),
        en_lines="\n".join(scopes["en"]),
        **{f"{lang}_then": then[lang] for lang in LANGS},
    )
    if not job.run.person.lets_targets_change(Problem.note(Place(title), "", fault)):
        raise left_alone(job)


def _title_of_transfers(job: Job) -> str:
    """What the table of transfers is called, or will be by this run."""
    table = job.book.table(T_TRANSFERS.name)
    coming = (edit.title for edit in job.enters.inputs if edit.table is T_TRANSFERS)
    return table.area.sheet if table is not None else next(coming, "")


def decide(job: Job, changes: Changes, achieved: Achieved | None) -> bool:
    """Let the person decide on months with complete actuals; whether they are closed first, by this run.

    Raises Refused if nobody can be asked and no option says what to do, LeftAsItWas if the person wants no change.
    """
    problem = past_problem(job, changes)
    if problem is None:
        return False
    answer = job.run.person.about_past(problem)
    if answer is Past.LEAVE:
        raise left_alone(job)
    if answer is Past.REWRITE:
        return False
    through = changes.complete.through
    assert through is not None  # months are complete by a day
    ask_about_lacking(job, achieved, through)
    close(job, through)
    return True


def of_rounding(job: Job, changes: Changes) -> bool:
    """Whether complete months would change by rounding alone: then this run keeps them.

    What is held in a month to come moves the last step of members' months; days go into another step of their own
    by less than a step of the plan. The company's months are as they were.
    """
    past, step = changes.complete, job.inputs.plan.step_micros
    months = (abs(one.by) <= step and abs(one.by) <= _ROUNDED * max(one.old, one.new) for one in past.cells)
    days = (one.days < step for one in past.days)
    return bool(past.cells or past.days) and all(one.member for one in past.cells) and all(months) and all(days)


# --- words ------------------------------------------------------------------


def came_and_went(changes: Changes, scope: str, lang: Lang) -> Iterator[str]:
    """Yield which members of a dimension are new, which are gone, and which parents follow members that moved."""
    for word, many in ((_ADDED, changes.added), (_GONE, changes.removed), (_REGROUPED, changes.regrouped)):
        names = [member for dimension, member in many if dimension == scope]
        if names:
            more = ["…"] if len(names) > _NAMED else []
            yield counted(word[lang], n=len(names), names=_listed([*names[:_NAMED], *more], lang))


def _scopes(changes: Changes, inputs: Inputs, lang: Lang) -> Iterator[str]:
    own = replace(inputs, lang=lang)
    for scope in changes.scopes:
        cells, facts = changes.of(scope), []
        if cells:
            facts.append(_cells(cells, own))
        if not scope and changes.days:
            facts.append(_MOVED[lang].format(months=_span([one.month for one in changes.days], lang)))
        facts += came_and_went(changes, scope, lang)
        name = scope or COMPANY[lang]
        yield _SCOPE[lang].format(scope=name, facts=(";" if lang == "zh" else "; ").join(facts))


def _cells(cells: list[Change], inputs: Inputs) -> str:
    lang, money = inputs.lang, inputs.amount
    members = {one.member for one in cells} - {""}
    largest = [
        _CELL[lang].format(
            member=f"{one.member} " if one.member else "", month=one.month, old=money(one.old), new=money(one.new)
        )
        for one in cells[:_LARGEST]
    ]
    sums = (_MORE, sum(max(one.by, 0) for one in cells)), (_LESS, sum(max(-one.by, 0) for one in cells))
    text = _CELLS[lang].format(
        members=counted(_MEMBERS[lang], n=len(members)) if members else "",
        months=_span(sorted({one.month for one in cells}), lang),
        by=_listed([word[lang].format(amount=money(amount)) for word, amount in sums if amount], lang),
    )
    return text + _LARGEST_FIRST[lang].format(cells=_listed(largest, lang))


def _span(months: list[str], lang: Lang) -> str:
    """Months as people say them: one by its name, several by their number, first and last."""
    if len(months) == 1:
        return months[0]
    return counted(_MONTHS[lang], n=len(months), span=f"{months[0]} – {months[-1]}")


def _listed(names: list[str], lang: Lang) -> str:
    return ("、" if lang == "zh" else ", ").join(names)
