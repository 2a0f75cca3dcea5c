"""Who pays when a commitment is accepted or a member relieved: who gets much more in a month, and the ways out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from xlsales.commands.finish import left_alone
from xlsales.commands.job import Job
from xlsales.core.adjusted import Kind
from xlsales.core.adjustments import keyed
from xlsales.core.breakdown import Breakdown
from xlsales.core.concessions import months_of
from xlsales.core.faults import DateRange, Fault, Lang, Problem
from xlsales.core.periods import Level
from xlsales.core.plan import Lock, Rest
from xlsales.plan.adjustments.tables import T_RELIEF
from xlsales.plan.changes import Change, Changes
from xlsales.vocabulary.contract import LANGS, Word

MUCH = 0.1
"""A member pays much if its target in the accepted months rises by this share."""
_NAMED = 3
"""So many payers, and so many members with accepted commitments, are named."""


class WhoPays(Fault):
    """Accepted commitments leave an amount that few others carry, and nobody chose that."""

    zh = (
        "{zh_what}后少 {amount},由其他成员分担:{zh_payers}。请在“承诺”的“差额由”里选"
        "(没有这一列,就在表的右边加上):兄弟分摊 = 照此(或加 --yes);预留 = 别人不变,差额记在“未分配”;"
        "降低总目标 = 别人不变,上级和公司的目标一起降。选好再分解。"
    )
    en = (
        "{en_what} leaves {amount}, which others carry: {en_payers}. "
        'Choose in Commitments, column "Rest goes to" (add it at the right of the table if there is none): '
        "siblings = as said here (or add --yes); reserve = others stay, the rest is unassigned; "
        "lower total = others stay, the targets above and the company's come down. Then split again."
    )


class WhoCarries(WhoPays):
    """A relief that few siblings carry, and nobody chose that."""

    zh = (
        "{zh_what}后少 {amount},由其他成员分担:{zh_payers}。请在“减免”的“由谁承担”里选:"
        "兄弟 = 照此(或加 --yes);公司 = 别人不变,总目标降低。选好再分解。"
    )
    en = (
        '{en_what} leaves {amount}, which others carry: {en_payers}. Choose in Relief, column "Carried by": '
        "siblings = as said here (or add --yes); company = others stay, the total comes down. Then split again."
    )


_COMMITTED = Word("接受{members}{months}的承诺", "Accepting the commitments of {members} for {months}")
_RELIEVED = Word("减免“{member}”({span})", 'Relief of "{member}" ({span})')


class _Accepted(Struct, frozen=True):
    """What the accepted commitments of a dimension take away, by month, and who carries it; micro-yuan.

    A month that some commit to less in and others to more counts with what is left of it.
    """

    dimension: str
    members: list[str]
    by_month: dict[str, int]
    payers: list[tuple[str, int, float]]
    row: int

    @property
    def amount(self) -> int:
        return sum(self.by_month.values())


def who_pays(job: Job, breakdown: Breakdown, changes: Changes) -> Iterator[Problem]:
    """Yield a finding if newly accepted commitments raise another member's target by much."""
    for one in _accepted(breakdown, changes):
        if max((share for _, _, share in one.payers), default=0.0) < MUCH:
            continue
        keys = sorted(one.by_month)
        fault = WhoPays(
            dimension=one.dimension,
            amount=job.inputs.amount(one.amount),
            **{f"{lang}_what": _committed(one.members, keys, lang) for lang in LANGS},
            zh_payers=_payers(job, one.payers, "zh"),
            en_payers=_payers(job, one.payers, "en"),
        )
        place = job.lock_place(one.row, "rest")
        yield Problem.note(place, "", fault, one.amount, len(keys))
    yield from _who_carries(job, breakdown, changes)


def _committed(members: Sequence[str], keys: Sequence[str], lang: Lang) -> str:
    months = keys[0] if len(keys) == 1 else f"{keys[0]} – {keys[-1]}"
    return _COMMITTED[lang].format(members=_members(members, lang), months=months)


def _who_carries(job: Job, breakdown: Breakdown, changes: Changes) -> Iterator[Problem]:
    """Yield reliefs of which nobody chose who carries them, if this run raises another's months by much for one."""
    rows = dict(keyed(job.inputs.adjustments))
    months = [month.key for month in job.timeline.periods(Level.MONTH)]
    for one in breakdown.adjusted:
        row = rows.get(one.key)
        if row is None or row.kind is not Kind.RELIEF or row.carried:
            continue
        up = {(member, months[m]) for (_, member), by in one.deltas.items() for m in np.flatnonzero(by > 0).tolist()}
        cells = [c for c in changes.cells if c.dimension == one.dimension and (c.member, c.month) in up]
        payers = _payers_of(cells)
        if max((share for _, _, share in payers), default=0.0) < MUCH:
            continue
        span = DateRange(one.start, one.end)
        fault = WhoCarries(
            dimension=one.dimension,
            amount=job.inputs.amount(int(one.moved.sum())),
            **{f"{lang}_what": _RELIEVED[lang].format(member=one.giver, span=span) for lang in LANGS},
            zh_payers=_payers(job, payers, "zh"),
            en_payers=_payers(job, payers, "en"),
        )
        yield Problem.note(job.table_place(T_RELIEF, row.row, "carried"), "", fault, int(one.moved.sum()))


def ask_payers(job: Job, problems: Sequence[Problem]) -> None:
    """Let the person decide whether others pay; raises LeftAsItWas on a No, Refused if nobody can be asked."""
    if problems and not job.run.person.lets_others_pay(problems):
        raise left_alone(job)


def _accepted(breakdown: Breakdown, changes: Changes) -> Iterator[_Accepted]:
    """Yield what accepted commitments take away in this split, dimension by dimension, if nobody chose who pays."""
    promised: dict[str, list[Lock]] = {}
    for lock in breakdown.plan.locks:
        if lock.committed and lock.dimension and lock.member:
            promised.setdefault(lock.dimension, []).append(lock)
    for name, locks in promised.items():
        cells = [cell for cell in changes.cells if cell.dimension == name]
        of = {(lock.member, key): lock for lock in locks for key in months_of(lock, breakdown.timeline)}
        own = [cell for cell in cells if (cell.member, cell.month) in of]
        own = [cell for cell in own if cell.by > 0 or of[cell.member, cell.month].rest in (None, Rest.SIBLINGS)]
        net = {month: -sum(cell.by for cell in own if cell.month == month) for month in {cell.month for cell in own}}
        less = {month: amount for month, amount in net.items() if amount > 0}
        down = [cell for cell in own if cell.by < 0 and cell.month in less]
        open_ = [of[cell.member, cell.month].row for cell in down if of[cell.member, cell.month].rest is None]
        if open_:
            members = list(dict.fromkeys(cell.member for cell in down))
            free = _free(breakdown, name, changes)
            others = [c for c in cells if c.month in less and c.member in free and (c.member, c.month) not in of]
            yield _Accepted(name, members, less, _payers_of(others), min(open_))


def _free(breakdown: Breakdown, name: str, changes: Changes) -> set[str]:
    """The members that carry what others leave; a target that a person locked, or a new member, is theirs to know."""
    members = breakdown.dimensions[name].dimension.members
    added = {member for dimension, member in changes.added if dimension == name}
    return {one.name for one in members if one.locked is None} - added


def _payers_of(cells: Sequence[Change]) -> list[tuple[str, int, float]]:
    """Each member that carries more, by how much and by what share of its target, the largest share first."""
    payers = []
    for member in dict.fromkeys(cell.member for cell in cells):
        own = [cell for cell in cells if cell.member == member]
        more, old = sum(cell.by for cell in own), sum(cell.old for cell in own)
        if more > 0:
            payers.append((member, more, more / old if old > 0 else 1.0))
    return sorted(payers, key=lambda payer: -payer[2])


def _payers(job: Job, payers: Sequence[tuple[str, int, float]], lang: Lang) -> str:
    texts = [f"{name} +{job.inputs.number_of(more)}(+{share:.0%})" for name, more, share in payers[:_NAMED]]
    if len(payers) > _NAMED:
        texts.append(f"另有 {len(payers) - _NAMED} 个" if lang == "zh" else f"{len(payers) - _NAMED} more")
    return ("、" if lang == "zh" else ", ").join(texts)


def _members(members: Sequence[str], lang: Lang) -> str:
    quoted = [f"“{name}”" if lang == "zh" else f'"{name}"' for name in members[:_NAMED]]
    if len(members) > _NAMED:
        quoted.append(f"等 {len(members)} 个成员" if lang == "zh" else f"{len(members) - _NAMED} more")
        return "".join(("、".join(quoted[:-1]), quoted[-1])) if lang == "zh" else ", ".join(quoted)
    return ("、" if lang == "zh" else ", ").join(quoted)
