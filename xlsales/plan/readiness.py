"""Tables 检查标准 and 负责人: by what targets are judged before they are handed out, and who answers for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

from xlsales.core.basis import Ground
from xlsales.core.faults import Fault, Problem
from xlsales.core.percentages import DONE, Percents
from xlsales.core.plan import Member
from xlsales.core.text import identity, names_in
from xlsales.layout.sheet import Frame
from xlsales.plan.answers import RowLacks
from xlsales.plan.figures import Figures, Members
from xlsales.plan.table_rows import named_member, part_of
from xlsales.plan.unknown_names import NotInThePlan
from xlsales.values.cell import plain
from xlsales.vocabulary.contract import READINESS_CHECKS, Word
from xlsales.vocabulary.dimensions import PERSON_DIMENSIONS
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

COMPANY = Word("公司整体", "Company")
_NOTE = TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=30)
_CHECK_HINT = Word("不要的删去整行", "delete the row of a check that you do not want")
_AMBER_HINT = Word("超出就是黄;空 = 不用", "beyond it amber; blank = not used")
_RED_HINT = Word("超出就是红;空 = 不用", "beyond it red; blank = not used")
_MEMBER_HINT = Word(
    "维度表里的名称(重名时 维度:成员);下级没填的沿用;空 = 公司整体",
    "as in Dimensions (dimension:member if names clash); those below follow; blank = the company",
)
_OWNER_HINT = Word("对这个目标负责的一个人", "the one who answers for it")
T_READINESS = InputTable(
    "xs_readiness",
    "readiness",
    Word("检查标准", "Readiness"),
    (
        TableColumn("check", Word("检查", "Check"), "choice", _CHECK_HINT, READINESS_CHECKS, width=24),
        TableColumn("amber", Word("黄灯", "Amber"), "percent", _AMBER_HINT, low=0),
        TableColumn("red", Word("红灯", "Red"), "percent", _RED_HINT, low=0),
        _NOTE,
    ),
)
T_OWNERS = InputTable(
    "xs_owners",
    "owners",
    Word("负责人", "Owners"),
    (
        TableColumn("member", Word("成员", "Member"), "text", _MEMBER_HINT, width=20),
        TableColumn("owner", Word("负责人", "Owner"), "text", _OWNER_HINT, width=14),
        _NOTE,
    ),
)
TOO_HIGH = Word(
    "目标是历史最好的 {found:.0%},高于 {limit:.0%},请{lower}",
    "the target is {found:.0%} of the best ever, above {limit:.0%}: {lower}",
)
UNLIKELY = Word(
    "达成概率 {found:.0%},低于 {limit:.0%},请{lower},或在“行动”里补措施和预计金额",
    "the chance is {found:.0%}, below {limit:.0%}: {lower}, or plan actions with what they are to bring",
)
_SEVERAL = Word("有 {n} 个负责人({names}),请在“负责人”表里只留一个", "{n} owners ({names}), keep one in Owners")
_FROM_ABOVE = Word("{owner}({member})", "{owner} ({member})")
WHOLE = ("", -1)
"""The company among the owners."""
_LOWER = Word("在“维度”或“锁定”里降目标", "lower it in Dimensions or Locks")
_LOWER_TOTAL = Word("在“设置”里降总目标", "lower the total in Settings")
_DEFAULTS = {"best": {"amber": 1.15, "red": 1.3}, "chance": {"amber": 0.5, "red": 0.2}}
PRESETS: Sequence[Mapping[str, Word | float | str]] = tuple({"check": key, **both} for key, both in _DEFAULTS.items())
"""The thresholds that a plan begins with: a challenge is good, the impossible is not."""
_MOST = {"best": 10.0, "chance": 1.0}
"""No threshold is above this."""
_PERCENTS = {"best": Percents(10.0, 50.0, 10.0), "chance": DONE}
"""How a number without % is meant: 115 is 115 %."""


class Reach(Struct, frozen=True):
    """What says whether a target can be reached, what of actions the chance counts, and how the target is lowered."""

    ground: Ground | None
    chance: float
    coming: float
    lower: Word


def said_of_owners(owner: str, frame: Frame) -> dict[str, str]:
    """Return what check S says of a cell of owners: something if it names several people."""
    names = names_in(owner)
    return {"S": frame.word(_SEVERAL, n=len(names), names=frame.listed(names))} if len(names) > 1 else {}


def how_to_lower(member: Member | None) -> Word:
    """Return what a person changes to lower the target of a member, or of the company without one."""
    if member is None:
        return _LOWER_TOTAL
    if member.locked is None:
        return _LOWER
    return Word(
        f"把“维度”第 {member.row} 行的锁定目标改小", f"lower the locked target in row {member.row} of Dimensions"
    )


class SameCheck(Fault):
    """A check that another row has."""

    zh = "“{name}”在第 {other} 行已经有了。请删去一行。"
    en = '"{name}" is in row {other} already. Delete one of them.'


class ThresholdsCross(Fault):
    """A red threshold that is reached before the amber one."""

    zh = "“{name}”的红灯 {red:.0%} 比黄灯 {amber:.0%} 还先到,先对调着算。请对调,或改正其中一个。"
    en = '"{name}": red at {red:.0%} comes before amber at {amber:.0%}; they count swapped. Swap them, or correct one.'


class ThresholdOutOfReach(Fault):
    """A threshold that no member is beyond, or that no number of its kind can be."""

    zh = "“{name}”的界限 {found:.0%} 不在 0% 至 {most:.0%} 之间,先按默认 {default:.0%} 算。请改正;不要这个界限,请清空。"
    en = (
        '"{name}": the threshold {found:.0%} is not from 0% to {most:.0%}, so the default {default:.0%} counts. '
        "Correct it, or clear it to do without."
    )


class SameOwned(Fault):
    """A member that has an owner in another row."""

    zh = "“{name}”在第 {other} 行已经有负责人了。请只留一行。"
    en = '"{name}" has an owner in row {other} already. Keep one row.'


class Slip(StrEnum):
    """What was wrong with a threshold that counts all the same."""

    NONE = ""
    FAULT = "fault"
    SWAPPED = "swapped"


class Threshold(Struct, frozen=True):
    """Where a check turns amber and red; None is never. After a `slip` it is not as a person typed it."""

    amber: float | None = None
    red: float | None = None
    slip: Slip = Slip.NONE


def thresholds(rows: Sequence[Mapping[str, Any]], problems: list[Problem]) -> dict[str, Threshold]:
    """Return the thresholds by the code of their check; what is wrong is added to the problems.

    A slip opens no gate: a limit at fault is that of `PRESETS`, and limits that cross are swapped. A row that names no
    check may have meant any of those without a row, so these are checked.
    """
    out: dict[str, Threshold] = {}
    met: dict[str, int] = {}
    is_any_unknown = False
    for row in rows:
        code, place = row["check"], row["cells"]["check"]
        if code is None:
            is_any_unknown = True
            if "check" not in row["faulty"]:
                problems.append(Problem.note(place, "", RowLacks(header=T_READINESS.columns[0].label)))
        elif code in met:
            problems.append(Problem.note(place, "", SameCheck(name=READINESS_CHECKS[code], other=met[code])))
        else:
            met[code] = place.row
            out[code] = _threshold(code, row, problems)
    if is_any_unknown:
        out |= {key: Threshold(**both, slip=Slip.FAULT) for key, both in _DEFAULTS.items() if key not in out}
    return {key: out[key] for key in _DEFAULTS if key in out}


def _threshold(code: str, row: Mapping[str, Any], problems: list[Problem]) -> Threshold:
    """The threshold of a row."""
    limits, slip = dict[str, float | None](), Slip.NONE
    for key, default in _DEFAULTS[code].items():
        try:
            limits[key] = None if row[key] is None else _limit(code, row, key, default)
        except Fault as fault:
            problems.append(Problem.note(row["cells"][key], plain(row[key]), fault))
            limits[key], slip = default, Slip.FAULT
        if key in row["faulty"]:
            limits[key], slip = default, Slip.FAULT
    amber, red = limits["amber"], limits["red"]
    if amber is not None and red is not None and (red < amber if code == "best" else red > amber):
        if slip is Slip.NONE:
            cross = ThresholdsCross(name=READINESS_CHECKS[code], amber=amber, red=red)
            problems.append(Problem.note(row["cells"]["red"], "", cross))
        return Threshold(red, amber, slip or Slip.SWAPPED)
    return Threshold(amber, red, slip)


def _limit(code: str, row: Mapping[str, Any], key: str, default: float) -> float:
    """A limit as a part of 1: 115, 115 % and 1.15 are the same. Raises ThresholdOutOfReach or PartOrPercent."""
    limit = part_of(row, key, _PERCENTS[code])
    if limit > _MOST[code]:
        raise ThresholdOutOfReach(name=READINESS_CHECKS[code], found=limit, most=_MOST[code], default=default)
    return limit


def owners(rows: Sequence[Mapping[str, Any]], figures: Figures, problems: list[Problem]) -> dict[tuple[str, int], str]:
    """Return who answers for which member, by dimension and position; the company is `WHOLE`.

    What is wrong is added to the problems.
    """
    out: dict[tuple[str, int], str] = {}
    met: dict[tuple[str, int], int] = {}
    for row in rows:
        if row["faulty"]:
            continue
        name, key = row["member"], WHOLE
        fault: Fault | None = None
        if row["owner"] is None:
            problems.append(Problem.note(row["cells"]["owner"], "", RowLacks(header=T_OWNERS.columns[1].label)))
            continue
        if name is not None:
            try:
                found = named_member(name, figures)
                fault = None if found is not None else NotInThePlan(name=name)
                key = (found[0].name, found[1]) if found is not None else key
            except Fault as ambiguous:
                fault = ambiguous
        if fault is None and key in met:
            fault = SameOwned(name=name or COMPANY, other=met[key])
        if fault is not None:
            problems.append(Problem.note(row["cells"]["member"], name or "", fault))
            continue
        met[key] = row["cells"]["member"].row
        out[key] = row["owner"]
    return out


def owner_of(owners: Mapping[tuple[str, int], str], members: Members, position: int, frame: Frame) -> tuple[str, str]:
    """Return who answers for a member, as it is shown and as it is typed.

    It is its own owner, a person itself, or the owner of the nearest above it, the company last.
    """
    dimension = members.dimension
    own = owners.get((members.name, position))
    if own is not None:
        return own, own
    if dimension.is_leaf(position) and identity(members.name) in map(identity, PERSON_DIMENSIONS):
        return dimension.members[position].name, ""
    while (position := dimension.parents[position]) >= 0 and (members.name, position) not in owners:
        pass
    above = owners.get((members.name, position) if position >= 0 else WHOLE, "")
    name = dimension.members[position].name if position >= 0 else frame.word(COMPANY)
    return above and frame.word(_FROM_ABOVE, owner=above, member=name), above
