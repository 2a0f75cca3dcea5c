"""Who pays when a commitment is accepted: the members whose months rise by much, told with the other ways out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlsales.commands.job import Job
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Fault, Lang, Place, Problem
from xlsales.core.periods import Level
from xlsales.workbook.changes import Change, Changes
from xlsales.workbook.commitments import FROM_COMMITMENT
from xlsales.workbook.contract import SHEETS
from xlsales.workbook.round_contract import T_COMMITMENTS

MUCH = 0.1
"""A member pays much if its target in the accepted months rises by this share."""
_NAMED = 3
"""So many payers, and so many members whose commitments are accepted, are named."""


class WhoPays(Fault):
    """Accepted commitments leave an amount that few others carry."""

    zh = (
        "接受{members_zh}{months}的承诺后少 {amount},由其他成员分担:{payers_zh}。认可就不用改。"
        "要预留:在“维度”里给“{dimension}”加同级成员“预留”,{reserve_zh};要降低总目标:{lower_zh}。改后再分解。"
    )
    en = (
        "Accepting the commitments of {members_en} for {months} leaves {amount}, which others carry: {payers_en}. "
        'If that is right, leave it. To keep a reserve, add a sibling "Reserve" to "{dimension}" in Dimensions, '
        "{reserve_en}; to lower the total, {lower_en}. Then split again."
    )


@dataclass(frozen=True)
class _Accepted:
    """What the accepted commitments of a dimension take away, by month, and who carries it; micro-yuan.

    A month that some commit to less in and others to more counts with what is left of it.
    """

    dimension: str
    members: list[str]
    by_month: dict[str, int]
    payers: list[tuple[str, int, float]]

    @property
    def amount(self) -> int:
        return sum(self.by_month.values())


def who_pays(job: Job, breakdown: Breakdown, changes: Changes) -> Iterator[Problem]:
    """Yield a finding where newly accepted commitments make another member's target rise by much."""
    inputs, plan = job.inputs, breakdown.plan
    table = job.book.table(T_COMMITMENTS.name)
    place = Place(table.area.sheet if table else SHEETS["commitments"][inputs.lang])
    months = [month.key for month in breakdown.timeline.periods(Level.MONTH)]
    company = dict(zip(months, breakdown.months.tolist(), strict=True))
    for one in _accepted(breakdown, changes):
        if max((share for _, _, share in one.payers), default=0.0) < MUCH:
            continue
        facts: dict[str, object] = {"dimension": one.dimension}
        facts["amount"] = inputs.amount(one.amount)
        keys = sorted(one.by_month)
        facts["months"] = keys[0] if len(keys) == 1 else f"{keys[0]} – {keys[-1]}"
        total = inputs.number(plan.total - one.amount // plan.step_micros)
        own = {key: inputs.number(one.by_month[key] // plan.step_micros) for key in keys}
        steps = {key: one.by_month[key] // plan.step_micros for key in keys}
        left = {key: inputs.number(company[key] - steps[key]) for key in keys}
        if keys == months:
            reserve = inputs.number(one.amount // plan.step_micros)
            facts |= {
                "reserve_zh": f"“锁定目标”填 {reserve}", "reserve_en": f"with {reserve} as its locked target",
                "lower_zh": f"设置的总目标改为 {total}", "lower_en": f"enter {total} as the total in Settings",
            }  # fmt: skip
        else:
            facts |= {
                "reserve_zh": f"权重填 0,并在“锁定”里给它锁 {_listed(own, 'zh')}",
                "reserve_en": f"with weight 0, and lock it in Locks at {_listed(own, 'en')}",
                "lower_zh": f"设置的总目标改为 {total},并在“锁定”里给公司整体锁 {_listed(left, 'zh')}",
                "lower_en": f"enter {total} in Settings, and lock the company in Locks at {_listed(left, 'en')}",
            }
        for lang in ("zh", "en"):
            facts[f"payers_{lang}"] = _payers(job, one.payers, lang)
            facts[f"members_{lang}"] = _members(one.members, lang)
        yield Problem(place, "", WhoPays(**facts), one.amount, len(keys), set_aside=False)


def _accepted(breakdown: Breakdown, changes: Changes) -> Iterator[_Accepted]:
    """Yield what accepted commitments take away in this split, dimension by dimension."""
    promised: dict[str, set[tuple[str, str]]] = {}
    for lock in breakdown.plan.locks:
        if lock.row > FROM_COMMITMENT and lock.dimension and lock.member:
            promised.setdefault(lock.dimension, set()).add((lock.member, lock.period))
    for name, kept in promised.items():
        cells = [cell for cell in changes.cells if cell.dimension == name]
        own = [cell for cell in cells if (cell.member, cell.month) in kept]
        net = {month: -sum(cell.by for cell in own if cell.month == month) for month in {cell.month for cell in own}}
        less = {month: amount for month, amount in net.items() if amount > 0}
        if less:
            members = list(dict.fromkeys(cell.member for cell in own if cell.by < 0 and cell.month in less))
            free = _free(breakdown, name, changes)
            others = [c for c in cells if c.month in less and c.member in free and (c.member, c.month) not in kept]
            yield _Accepted(name, members, less, _payers_of(others))


def _free(breakdown: Breakdown, name: str, changes: Changes) -> set[str]:
    """The members that carry what others leave; a target that a person locked, or a new member, is theirs to know."""
    members = breakdown.dimensions[name].dimension.members
    added = {member for dimension, member in changes.added if dimension == name}
    return {one.name for one in members if one.locked is None} - added


def _payers_of(cells: Sequence[Change]) -> list[tuple[str, int, float]]:
    """Each member that carries more, by how much and by what share of its target, the largest share first."""
    found = []
    for member in dict.fromkeys(cell.member for cell in cells):
        own = [cell for cell in cells if cell.member == member]
        more, old = sum(cell.by for cell in own), sum(cell.old for cell in own)
        if more > 0:
            found.append((member, more, more / old if old > 0 else 1.0))
    return sorted(found, key=lambda payer: -payer[2])


def _payers(job: Job, payers: Sequence[tuple[str, int, float]], lang: Lang) -> str:
    said = [f"{name} +{job.inputs.number_of(more)}(+{share:.0%})" for name, more, share in payers[:_NAMED]]
    if len(payers) > _NAMED:
        said.append(f"另有 {len(payers) - _NAMED} 个" if lang == "zh" else f"{len(payers) - _NAMED} more")
    return ("、" if lang == "zh" else ", ").join(said)


def _members(members: Sequence[str], lang: Lang) -> str:
    quoted = [f"“{name}”" if lang == "zh" else f'"{name}"' for name in members[:_NAMED]]
    if len(members) > _NAMED:
        quoted.append(f"等 {len(members)} 个成员" if lang == "zh" else f"{len(members) - _NAMED} more")
        return "".join(("、".join(quoted[:-1]), quoted[-1])) if lang == "zh" else ", ".join(quoted)
    return ("、" if lang == "zh" else ", ").join(quoted)


def _listed(amounts: dict[str, str], lang: Lang) -> str:
    said = [f"{month} = {amount}" for month, amount in amounts.items()]
    return ("、" if lang == "zh" else ", ").join(said)
