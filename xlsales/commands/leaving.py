"""Members that left the plan with targets in the sheets, and amounts that no member has: named, with what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from xlsales.commands.job import Job
from xlsales.core.breakdown import Breakdown, DimensionBreakdown, RemovedMember
from xlsales.core.faults import Fault, Listed, Place, Problem, Refused
from xlsales.core.periods import Level
from xlsales.core.plan import MICROS, Plan, Rest
from xlsales.layout.model import IDENTITY
from xlsales.plan.keyless import sheets_without_keys
from xlsales.plan.sheets.by_dimension import DIMENSION
from xlsales.plan.sheets.by_time import TIME
from xlsales.plan.written_members import MEMBER, member_rows
from xlsales.vocabulary import plan_tables
from xlsales.vocabulary.words import with_name

_NAMED = 5
"""So many members of a dimension are named one by one, the largest first; of the others, the sum."""


class Unassigned(Fault):
    """Part of the total that no member may take, for all of them are locked."""

    zh = "“{dimension}”的成员都已锁定,还有 {amount} 没有分配(见表中“未分配”行)。请提高锁定,或放开一个成员。"
    en = 'All members of "{dimension}" are locked and {amount} is unassigned. Raise a lock, or release a member.'


class Reserved(Fault):
    """What accepted commitments leave, or what was missed, if a reserve was chosen for it."""

    remark = True
    zh = "“{dimension}”预留 {amount}(见表中“未分配”行):“承诺”的“差额由”或“重排”里选了“预留”。"
    en = '"{dimension}" has a reserve of {amount} (see the unassigned row): it was chosen in Commitments or Re-plan.'


class ClosedUnassigned(Fault):
    """Part of what is closed that no member has: a member was deleted before it was carried over."""

    zh = (
        "“{dimension}”已关账的月份里,成员的目标合计比公司少 {amount}(见表中“未分配”行):以前删掉的成员带走了它们。"
        "请用“撤销上次”或备份取回那个成员的行,再分解。"
    )
    en = (
        'In closed months the members of "{dimension}" have {amount} less than the company (see the unassigned row): '
        "a member that was deleted had it. Get its row back by undo or from a copy, then split."
    )


class ClosedUnreadable(Fault):
    """Months are closed, and the sheets that hold their targets are gone or have lost their keys."""

    zh = (
        "“{titles}”不在了,或隐藏的第 1 行、A 列丢了:已关账月份的目标读不到,没有分解。请从以前的副本里取回;或运行 "
        "xlsales doctor {book} --repair -o 修复.xlsx;要连这些月份一起重新分解,请清空“已关账至”。"
    )
    en = (
        '"{titles}" is gone, or its hidden row 1 or column A: the targets of closed months cannot be read, and nothing '
        "was split. Take it from an earlier copy; or run xlsales doctor {book} --repair -o repaired.xlsx; to split "
        'these months anew too, clear "Closed through".'
    )


class LeftWithClosed(Fault):
    """A member that is no longer in the plan has targets in closed months, which must stay."""

    zh = (
        "“{dimension}”的“{member}”不在维度表里了,但已关账的月份里有它的目标 {amount},这些目标不能丢。"
        "改名或并入别的成员:请把“{member}”写进那个成员的“别名”;不再经营:请把它加回维度表,上级、分解方式和“权重”照旧,"
        "“闭店日”填 {closes},或只把“锁定目标”填 {number}。"
    )
    en = (
        '"{member}" of "{dimension}" is no longer in the table of members, but closed months hold {amount} for it, '
        'which must stay. If it was renamed or merged, enter "{member}" as an alias of that member; if it has closed, '
        "put it back with its parent, method and weight, and {closes} under Closes, or with {number} as its locked "
        "target alone."
    )


class ManyLeftWithClosed(Fault):
    """Further members that left with targets in closed months."""

    zh = (
        "“{dimension}”另有 {count} 个成员也这样({names}),已关账的目标合计 {amount}。"
        "请逐个写进接手成员的“别名”,或加回维度表并填“权重”和“闭店日”(或“锁定目标”)。"
    )
    en = (
        '{count} more {count:member|members} of "{dimension}" ({names}), with {amount} in closed months. '
        "Enter each as an alias of who took it over, or put it back with its weight and the date under Closes "
        "(or its locked target)."
    )


class LeftWithTargets(Fault):
    """A refresh would drop the row of a member that the plan no longer has, with its target."""

    zh = (
        "“{dimension}”的“{member}”不在维度表里了,但表里还有它的目标 {amount};刷新不改目标。"
        "改名或并入别的成员:请把“{member}”写进那个成员的“别名”再刷新;确实不要了:请运行“分解目标”重新分配。"
    )
    en = (
        '"{member}" of "{dimension}" is no longer in the table of members, but the sheets have {amount} for it; '
        'a refresh changes no target. If it was renamed or merged, enter "{member}" as an alias of that member and '
        "refresh; if it is gone, run split to share its target."
    )


class Regrouped(Fault):
    """Parents with targets in the sheets that are not those of the members below them in the plan."""

    zh = (
        "“{dimension}”的 {names} 的目标和现在下级的合计不一致(成员换过上级?),而实际按现在的上级汇总,"
        "达成率和灯不可比;刷新不改目标。请运行“分解目标”。"
    )
    en = (
        'In "{dimension}" the targets of {names} are not the sum of their members as the plan has them now (has one '
        "moved?), while actuals are summed by it: attainment and lamps mislead. A refresh changes no target; run split."
    )


def regrouped(job: Job, breakdown: Breakdown) -> Iterator[Problem]:
    """Yield the parents with written targets that do not fit the members below them by now; stretched ones aside."""
    plan = breakdown.plan
    for name, part in breakdown.dimensions.items():
        dimension = part.dimension
        sheet = job.sheets.get(f"{IDENTITY}dimension:{name}")
        if sheet is None or part.unassigned.any() or part.stretch.any() or any(s != 1 for s in plan.stretch):
            continue
        families = [(p, family) for p, family in dimension.families() if p >= 0]
        off = [dimension.members[p].name for p, family in families if part.targets[family].sum() != part.targets[p]]
        if off and all(m.stretch in (None, 1) for m in dimension.members):
            names = Listed([f"“{n}”" if job.inputs.lang == "zh" else f'"{n}"' for n in off[:_NAMED]])
            place = sheet.place(f"{MEMBER}{off[0]}", "target")
            yield Problem.note(place, off[0], Regrouped(dimension=name, names=names))


def refuse_vanished(job: Job, members: Sequence[RemovedMember]) -> None:
    """Raise Refused if members are gone that have targets in closed months: a split would lose them."""
    problems = []
    through = job.inputs.plan.closed_through or job.timeline.start
    closed = [month.end for month in job.timeline.periods(Level.MONTH) if month.end <= through]
    for name in dict.fromkeys(one.dimension for one in members):
        here = [one for one in members if one.dimension == name]
        for one in here[:_NAMED]:
            facts = {"dimension": name, "member": one.name}
            facts |= {"amount": job.inputs.money(one.amount), "number": job.inputs.number(one.amount)}
            fault = LeftWithClosed(**facts, closes=str(closed[-1]))
            problems.append(_problem(job, one.name, fault, one.amount))
        if rest := here[_NAMED:]:
            amount = sum(one.amount for one in rest)
            names = job.word("、", ", ").join([one.name for one in rest[:_NAMED]] + ["…"] * (len(rest) > _NAMED))
            many = ManyLeftWithClosed(dimension=name, count=len(rest), names=names, amount=job.inputs.money(amount))
            problems.append(_problem(job, rest[0].name, many, amount))
    if problems:
        raise Refused(problems)


def refuse_gone(job: Job) -> None:
    """Raise Refused if a written sheet has targets of members that the plan no longer has."""
    problems = []
    for dimension in job.inputs.plan.dimensions:
        sheet = job.sheets.get(f"{IDENTITY}dimension:{dimension.name}")
        if sheet is None:
            continue
        _, rows = member_rows(sheet, dimension)
        amounts = {row: sheet.number(row, "target") for row in rows}
        for row in [row for row, amount in amounts.items() if amount == amount and amount][:_NAMED]:
            micros = round(amounts[row] * MICROS)
            facts = {"dimension": dimension.name, "member": row.removeprefix(MEMBER)}
            fault = LeftWithTargets(**facts, amount=job.inputs.amount(micros))
            problems.append(Problem.note(sheet.place(row, "target"), facts["member"], fault, micros))
    if problems:
        raise Refused(problems)


def unassigned(job: Job, breakdown: Breakdown) -> Iterator[Problem]:
    """Yield what no member of a dimension has, with the reason."""
    for name, part in breakdown.dimensions.items():
        if part.unassigned.any():
            amount = job.inputs.money(int(part.unassigned.sum()))
            place = Place(with_name(DIMENSION.title, name, job.inputs.lang))
            if any(one.dimension in (name, None) for one in breakdown.plan.going_to(Rest.RESERVE)):
                yield Problem.note(place, "", Reserved(dimension=name, amount=amount))
                continue
            fault = Unassigned if _all_locked(part, breakdown.plan) else ClosedUnassigned
            yield Problem.note(place, "", fault(dimension=name, amount=amount))


def _all_locked(part: DimensionBreakdown, plan: Plan) -> bool:
    """Whether all members of some family have a lock of their own."""
    dimension = part.dimension
    by_period = {lock.member for lock in plan.locks if lock.dimension == dimension.name}
    locked = np.array([m.locked is not None or m.name in by_period for m in dimension.members])
    return any(locked[family].all() for _, family in dimension.families())


def _problem(job: Job, value: str, fault: Fault, steps: int) -> Problem:
    micros = steps * job.inputs.plan.step_micros
    return Problem.note(job.setting_place(plan_tables.T_DIMENSIONS.name), value, fault, micros)


def refuse_unreadable(job: Job) -> None:
    """Raise Refused if a month is closed, and a sheet that had its targets is there no more or has no keys."""
    plan = job.inputs.plan
    if plan.closed_through is None or not job.sheets:
        return
    lost = [name for name, _ in sheets_without_keys(job.book)]
    titles = [TIME.title[job.inputs.lang]] if TIME.identity not in job.sheets or TIME.name in lost else []
    if any(name.startswith(DIMENSION.name.partition("{")[0]) for name in lost):
        titles += [
            DIMENSION.title[job.inputs.lang].format(name=dimension.name)
            for dimension in plan.dimensions
            if (sheet := job.sheets.get(f"{DIMENSION.identity}:{dimension.name}")) is None or sheet.name in lost
        ]
    if titles:
        fault = ClosedUnreadable(titles=Listed(titles), book=job.run.document.home.name)
        raise Refused([Problem(job.setting_place("xs_closed_through"), str(plan.closed_through), fault)])
