"""Targets that are zero for want of history: named, with the choices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from xlsales.commands.job import Job
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Fault, Problem
from xlsales.core.periods import Level
from xlsales.core.wanting import Wanting, partly_known, wanting
from xlsales.vocabulary import plan_tables

_NAMED = 10
"""So many members of a dimension are named one by one."""
_LISTED = 2
"""So many months in a row are listed; more are a span."""


class NothingToRefer(Fault):
    """A member split by reference that has no sales in the reference periods."""

    zh = (
        "“{dimension}”的“{member}”按参照分解,但参照期间{zh_sold},目标是 0。"
        "请把它的“分解方式”改为权重并填“权重”(同级按参照时,权重 = 视同参照期间卖了多少{zh_unit}),"
        "或改为均分(取同级的平均),或粘贴它的历史;确实是 0,请改为权重并填 0。"
    )
    en = (
        '"{member}" of "{dimension}" is split by reference, but {en_sold} in the reference periods: its target is 0. '
        "Split it by weight and enter one (beside a reference a weight is what it would have sold then, in {en_unit}), "
        "or by equal (the average of its siblings), or paste its history; if 0 is meant, split by weight and enter 0."
    )


class PartlyToRefer(Fault):
    """A member split by reference that sold in a part of the reference periods only."""

    zh = (
        "“{dimension}”的“{member}”按参照分解,但参照期间的 {of} 个月里它没有 {first} 至 {last} 的销售"
        "(别的成员有),占比只按其余月份算,目标偏低。新开或关了的,请填“{zh_date}”,并把“分解方式”改为权重、"
        "填全年的“权重”(同级按参照时,权重 = 视同参照期间卖了多少{zh_unit});历史不全的,请补上;"
        "本来如此,请改为权重并填它的销售。"
    )
    en = (
        '"{member}" of "{dimension}" is split by reference, but of {of:months} it has no sales from {first} to {last}, '
        "in which others sold: its share is that of the other months, and its target is low. If it opened or closed "
        'then, fill in "{en_date}", split it by weight and enter one of a full year (beside a reference a weight is '
        "what it would have sold then, in {en_unit}); if history lacks it, paste it; if it is right so, split by "
        "weight and enter its sales."
    )


class MorePartly(Fault):
    """Further members that sold in a part of the reference periods only."""

    zh = "“{dimension}”另有 {count} 个成员的历史也只有一部分月份。请照上面的办法处理。"
    en = (
        '{count} more {count:member|members} of "{dimension}" {count:has|have} history of a part of the months only. '
        "Choose as above."
    )


class MonthsToRefer(Fault):
    """A member that follows its own history has none in some months."""

    zh = (
        "“{dimension}”的“{member}”按自身历史分月,但历史里没有 {months} 的销售,这些月份的目标是 0。"
        "请粘贴这些月份的历史,或把“成员月度形状”改为公司曲线;确实是 0,请在“锁定”表按月填 0。"
    )
    en = (
        '"{member}" of "{dimension}" follows its own history over the months, which has no sales for {months}: '
        "targets there are 0. Paste that history, or let members' months follow the company's curve; "
        "if 0 is meant, enter 0 for the month in Locks."
    )


class CompanyMonths(Fault):
    """Months follow a reference that has no sales in some of them."""

    zh = (
        "月度方式是参照,但参照期间没有 {months} 对应月份的销售,这些月份的目标是 0。"
        "请粘贴这些月份的历史,或换一个参照期间,或把“月度方式”改为自定义权重;确实是 0,请在“锁定”表按月填 0。"
    )
    en = (
        "Months follow a reference, but it has no sales for {months}: targets there are 0. Paste that history, "
        "choose another reference period, or enter month weights; if 0 is meant, enter 0 for the month in Locks."
    )


class MoreToRefer(Fault):
    """Further members that get zero for want of history."""

    zh = "“{dimension}”另有 {count} 个成员也因为没有历史而有目标是 0({names})。请照上面的办法处理。"
    en = (
        '{count} more {count:member|members} of "{dimension}" {count:has|have} targets of 0 for want of history '
        "({names}). Choose as above."
    )


def without_history(job: Job, breakdown: Breakdown) -> Iterator[Problem]:
    """Yield a finding for each member, and for months, that get zero because history has nothing for them."""
    if job.shapes is None:
        return
    gaps = wanting(job.inputs.plan, job.timeline, job.shapes, breakdown, job.history)
    for name in dict.fromkeys(one.dimension for one in gaps):
        here = [one for one in gaps if one.dimension == name]
        for one in here[:_NAMED]:
            yield _problem(job, one, _said(job, one))
        if rest := here[_NAMED:]:
            yield _problem(job, rest[0], MoreToRefer(dimension=name, count=len(rest), names=_names(job, rest)))
    yield from _partly(job)


def _partly(job: Job) -> Iterator[Problem]:
    """Yield a problem for each member that has its share of the reference from some of its months only."""
    unit = job.inputs.money_unit.said
    partly = list(partly_known(job.inputs.plan, job.history))
    for name in dict.fromkeys(one.dimension for one in partly):
        here = [one for one in partly if one.dimension == name]
        for one in here[:_NAMED]:
            fault = PartlyToRefer(
                dimension=one.dimension,
                member=one.member,
                of=one.of,
                first=one.months[0],
                last=one.months[-1],
                zh_date="闭店日" if one.late else "开业日",
                en_date="Closes" if one.late else "Opens",
                zh_unit=unit.zh,
                en_unit=unit.en,
            )
            place = job.table_place(plan_tables.T_DIMENSIONS, one.row, "method")
            yield Problem.note(place, one.member, fault)
        if rest := here[_NAMED:]:
            place = job.table_place(plan_tables.T_DIMENSIONS, rest[0].row, "method")
            yield Problem.note(place, rest[0].member, MorePartly(dimension=name, count=len(rest)))


def _said(job: Job, one: Wanting) -> Fault:
    months = job.word("、", ", ").join(_runs(job, one.months))
    if not one.dimension:
        return CompanyMonths(months=months)
    if one.months:
        return MonthsToRefer(dimension=one.dimension, member=one.member, months=months)
    amount = job.inputs.amount(one.sold)
    unit = job.inputs.money_unit.said
    return NothingToRefer(
        dimension=one.dimension,
        member=one.member,
        zh_sold=f"它的销售净额是 {amount}" if one.sold < 0 else "没有它的销售",
        en_sold=f"its sales less returns are {amount}" if one.sold < 0 else "it has no sales",
        zh_unit=unit.zh,
        en_unit=unit.en,
    )


def _runs(job: Job, months: Sequence[str]) -> Iterator[str]:
    """Months in a row as first – last, if they are three or more."""
    order = {month.key: i for i, month in enumerate(job.timeline.periods(Level.MONTH))}
    for _, pairs in groupby(enumerate(months), key=lambda pair: order[pair[1]] - pair[0]):
        run = [month for _, month in pairs]
        yield from [f"{run[0]} – {run[-1]}"] if len(run) > _LISTED else run


def _names(job: Job, rest: Sequence[Wanting]) -> str:
    names = [one.member for one in rest[:_NAMED]] + ["…"] * (len(rest) > _NAMED)
    return job.word("、", ", ").join(names)


def _problem(job: Job, one: Wanting, fault: Fault) -> Problem:
    if not one.dimension:
        return Problem.note(job.setting_place("xs_month_method"), "", fault)
    place = job.table_place(plan_tables.T_DIMENSIONS, one.row, "member" if one.months else "method")
    return Problem.note(place, one.member, fault)
