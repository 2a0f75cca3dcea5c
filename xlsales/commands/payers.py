"""Who pays when a commitment is accepted: the members that get much more in a month, and the other ways out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from xlsales.commands.finish import left_alone
from xlsales.commands.job import Job
from xlsales.core.breakdown import Breakdown
from xlsales.core.concessions import months_of
from xlsales.core.faults import Fault, Lang, Problem
from xlsales.core.plan import Lock, Rest
from xlsales.plan.changes import Change, Changes

MUCH = 0.1
"""A member pays much if its target in the accepted months rises by this share."""
_NAMED = 3
"""So many payers, and so many members with accepted commitments, are named."""


class WhoPays(Fault):
    """Accepted commitments leave an amount that few others carry, and nobody chose that."""

    zh = (
        "接受{zh_members}{months}的承诺后少 {amount},由其他成员分担:{zh_payers}。请在“承诺”的“差额由”里选"
        "(没有这一列,就在表的右边加上):兄弟分摊 = 照此(或加 --yes);预留 = 别人不变,差额记在“未分配”;"
        "降低总目标 = 别人不变,上级和公司的目标一起降。选好再分解。"
    )
    en = (
        "Accepting the commitments of {en_members} for {months} leaves {amount}, which others carry: {en_payers}. "
        'Choose in Commitments, column "Rest goes to" (add it at the right of the table if there is none): '
        "siblings = as said here (or add --yes); reserve = others stay, the rest is unassigned; "
        "lower total = others stay, the targets above and the company's come down. Then split again."
    )


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
            months=keys[0] if len(keys) == 1 else f"{keys[0]} – {keys[-1]}",
            zh_members=_members(one.members, "zh"),
            en_members=_members(one.members, "en"),
            zh_payers=_payers(job, one.payers, "zh"),
            en_payers=_payers(job, one.payers, "en"),
        )
        place = job.lock_place(one.row, "rest")
        yield Problem.note(place, "", fault, one.amount, len(keys))


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
