"""Table 三档目标: a minimum below the target and a stretch goal above it, of the whole and of members, in steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from msgspec import Struct

from xlsales.book.keyed import WrittenSheet
from xlsales.core.arrays import Steps
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Fault, Problem, Refused
from xlsales.core.keys import joined
from xlsales.core.member_holds import FREE
from xlsales.core.percentages import ATTAINMENT
from xlsales.core.periods import Level
from xlsales.core.plan import MICROS, Dimension
from xlsales.core.tiers import Gaps, Tier, TooWide, gaps_of
from xlsales.layout.model import IDENTITY
from xlsales.plan.answers import NotInSteps
from xlsales.plan.figures import Figures, Members
from xlsales.plan.kept_rows import name_now, rows_of_members
from xlsales.plan.table_rows import AtColumn, asked_for, named_member
from xlsales.plan.unknown_names import COMPANY, NotInThePlan, is_company
from xlsales.values.steps import typed, whole_steps
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.money import Money
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

LOW, TARGET, HIGH = "low", "target", "high"
TIERS = {LOW: Word("保底", "Minimum"), TARGET: Word("目标", "Target"), HIGH: Word("冲刺", "Stretch goal")}
"""The tiers, from the lowest; keys of rows and words."""
_MEMBER_HINT = Word(
    "空 = 公司整体(先填这一行);成员(重名时 维度:成员)= 它自己的,其余的跟着合上",
    "blank = the whole (fill that in first); a member (dimension:member if names clash) = its own, others close on it",
)
_SHARE_HINT = Word("占目标的百分之几", "in percent of the target")
_AMOUNT_HINT = Word("或者:金额,按设置的单位", "or: an amount, in the unit of Settings")


def _share(tier: str, label: Word, low: float, high: float) -> TableColumn:
    return TableColumn(tier, label, "percent", _SHARE_HINT, low=low, high=high, width=15, percents=ATTAINMENT)


def _amount(tier: str, label: Word) -> TableColumn:
    return TableColumn(f"{tier}_amount", label, "amount", _AMOUNT_HINT, low=0, width=19, exact=True)


T_THREE_TIERS = InputTable(
    "xs_three_tiers",
    "three_tiers",
    Word("三档目标", "Three tiers"),
    (
        TableColumn("member", Word("成员", "Member"), "text", _MEMBER_HINT, width=24),
        _share("low", Word("保底 %", "Minimum %"), 0, 1),
        _amount("low", Word("保底金额", "Minimum amount")),
        _share("high", Word("冲刺 %", "Stretch goal %"), 1, 10),
        _amount("high", Word("冲刺金额", "Stretch goal amount")),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=30),
    ),
)
EXAMPLES: Sequence[Mapping[str, Word | float | str]] = ({"low": 0.8, "high": 1.2},)


class TiersTwice(Fault):
    """A row of what another row is of."""

    zh = "“{name}”在第 {other} 行已经有了。请合并成一行。"
    en = '"{name}" is in row {other} already. Make one row of them.'


class NoTier(Fault):
    """A row without any tier."""

    zh = "“{name}”的保底和冲刺都没有填。请至少填一个,或清空整行。"
    en = '"{name}" has neither a minimum nor a stretch goal. Fill in one of them, or clear the row.'


class ShareOrAmount(Fault):
    """A tier both as a share and as an amount."""

    zh = "“{name}”的{zh_tier}填了百分比,又填了金额。请只留一个。"
    en = '"{name}" has its {en_tier} both as a percentage and as an amount. Keep one of them.'


class OutOfOrder(Fault):
    """An amount on the wrong side of the target."""

    zh = "“{name}”的{zh_tier}要 {found},目标是 {target}:保底不能高于目标,冲刺不能低于目标。请改这一格。"
    en = '"{name}": {en_tier} {found} beside target {target}. A minimum is at most the target, a stretch goal at least.'
    amounts = ("found", "target")


class WholeFirst(Fault):
    """A tier of members that the whole does not have."""

    zh = "公司整体没有{zh_tier},成员的合不上。请在“成员”空着的一行填公司整体的{zh_tier}。"
    en = "The whole has no {en_tier}, so those of members close on nothing. Fill it in, in a row without a member."


class NoDimension(Fault):
    """Tiers in a plan without members."""

    zh = "计划里没有维度,三档按维度显示。请先在“维度”表里填成员。"
    en = "The plan has no dimension, and tiers are shown by dimension. Fill in members in Dimensions first."


class Wanted(Struct, frozen=True):
    """What a row asks for: of the whole (no members) or of a member, its gaps in steps by tier; and its row."""

    name: str
    members: Members | None
    position: int
    gaps: Mapping[str, int]
    row: Mapping[str, Any]


class ThreeTiers(Struct, frozen=True):
    """The tiers of the plan, in steps: the gap of each from the target, which is none of the target itself."""

    figures: Figures
    gaps: Mapping[str, Gaps]

    def company(self, tier: str) -> Steps:
        """The months of the whole."""
        months = self.figures.breakdown.months
        return months if tier == TARGET else months + _sign(tier) * self.gaps[tier].company

    def members(self, tier: str, members: Members) -> Steps:
        """Members × months of a dimension."""
        months = members.part.months
        return months if tier == TARGET else months + _sign(tier) * self.gaps[tier].members[members.name]

    @property
    def tiers(self) -> list[str]:
        """Those that there are, from the lowest."""
        return [tier for tier in TIERS if tier == TARGET or tier in self.gaps]


def three_tiers(figures: Figures) -> tuple[ThreeTiers | None, list[Problem]]:
    """Return the tiers, None if there are none, and what is wrong with the table, which has rows."""
    rows, wanted, problems = figures.table_rows.get(T_THREE_TIERS.name, ()), list[Wanted](), list[Problem]()
    if not figures.dimensions:
        return None, [Problem.note(rows[0]["cells"]["member"], "", NoDimension())]
    try:
        for one in asked_for(rows, "member", lambda row, _: _wanted(row, figures), TiersTwice):
            wanted.append(one)
    except Refused as refused:
        problems = refused.problems
    whole = next((one for one in wanted if one.members is None), None)
    gaps: dict[str, Gaps] = {}
    for tier in (LOW, HIGH):
        own = [one for one in wanted if one.members is not None and tier in one.gaps]
        if whole is None or tier not in whole.gaps:
            if own and not any(row["faulty"] for row in rows) and not problems:
                problems.append(_problem(own[0].row, tier, WholeFirst(**_named(tier)), figures))
            continue
        made, wrong = _closing(tier, whole, own, figures)
        problems += wrong
        if made is not None:
            gaps[tier] = made
    return (ThreeTiers(figures, gaps) if gaps else None), problems


def _closing(tier: str, whole: Wanted, own: Sequence[Wanted], figures: Figures) -> tuple[Gaps | None, list[Problem]]:
    """Return the gaps of a tier, None if it cannot close, and its problems: a member's own that cannot is left out."""
    problems: list[Problem] = []
    while True:
        try:
            return gaps_of(figures.breakdown, _tier(tier, whole, own), _closed(tier, figures)), problems
        except TooWide as fault:
            wrong = next((one for one in own if one.position == fault.facts["position"] and one.gaps[tier]), whole)
            problems.append(_problem(wrong.row, tier, fault, figures))
            if wrong is whole:
                return None, problems
            own = [one for one in own if one is not wrong]
        except Fault as fault:
            return None, [*problems, _problem(whole.row, tier, fault, figures)]


def _tier(tier: str, whole: Wanted, own: Sequence[Wanted]) -> Tier:
    by_dimension: dict[str, dict[int, int]] = {}
    for one in own:
        assert one.members is not None
        by_dimension.setdefault(one.members.name, {})[one.position] = one.gaps[tier]
    return Tier(tier == LOW, whole.gaps[tier], by_dimension)


def _sign(tier: str) -> int:
    return -1 if tier == LOW else 1


def _named(tier: str) -> dict[str, str]:
    return {"zh_tier": TIERS[tier].zh, "en_tier": TIERS[tier].en.lower()}


def _problem(row: Mapping[str, Any], tier: str, fault: Fault, figures: Figures) -> Problem:
    """A fault in a tier of a row, its amounts as people type them."""
    return AtColumn(_typed_in(row, tier), _in_unit(fault, figures)).problem(row)


def _in_unit(fault: Fault, figures: Figures) -> Fault:
    unit, step_micros = Money(figures.frame.unit, figures.frame.currency), figures.breakdown.plan.step_micros
    for key in fault.amounts:
        amount = typed(fault.facts[key] * step_micros, unit.per)
        fault.facts[key] = f"{amount:,f} {unit.word(figures.frame.lang)}"
    return fault


def _typed_in(row: Mapping[str, Any], tier: str) -> str:
    """The column in which a row has a tier."""
    return tier if row[tier] is not None else f"{tier}_amount"


def _wanted(row: Mapping[str, Any], figures: Figures) -> Wanted:
    text = row["member"]
    if text is None or is_company(text):
        name, found, target = figures.frame.word(COMPANY), None, int(figures.breakdown.months.sum())
    else:
        try:
            found = named_member(text, figures)
        except Fault as fault:
            raise AtColumn("member", fault) from None
        if found is None:
            raise AtColumn("member", NotInThePlan(name=text))
        name, target = text, int(found[0].part.targets[found[1]])
    gaps = dict(_gaps(row, name, target, figures))
    if not gaps:
        raise AtColumn("member", NoTier(name=name))
    if found is None:
        return Wanted(name, None, -1, gaps, row)
    members, position = found
    return Wanted(f"{members.name}:{members.dimension.members[position].name}", members, position, gaps, row)


def _gaps(row: Mapping[str, Any], name: str, target: int, figures: Figures) -> Iterator[tuple[str, int]]:
    """Yield each tier of a row with its gap in steps."""
    for tier in (LOW, HIGH):
        share, amount = row[tier], row[f"{tier}_amount"]
        if share is not None and amount is not None:
            raise AtColumn(f"{tier}_amount", ShareOrAmount(name=name, **_named(tier)))
        if share is not None:
            found = int(target * Fraction(str(share)) + Fraction(1, 2))
        elif amount is not None:
            found = _steps(amount, tier, figures)
        else:
            continue
        gap = (found - target) * _sign(tier)
        if gap < 0:
            fault = OutOfOrder(name=name, found=found, target=target, **_named(tier))
            raise AtColumn(_typed_in(row, tier), _in_unit(fault, figures))
        yield tier, gap


def _steps(amount: Decimal, tier: str, figures: Figures) -> int:
    step_micros, frame = figures.breakdown.plan.step_micros, figures.frame
    steps = whole_steps(Decimal(amount), step_micros)
    if steps is None:
        unit = Money(frame.unit, frame.currency)
        label = next(column.label for column in T_THREE_TIERS.columns if column.key == f"{tier}_amount")
        facts = {"label": label[frame.lang], "found": f"{typed(int(amount * MICROS), unit.per):f}"}
        base = unit.in_full.said
        raise AtColumn(f"{tier}_amount", NotInSteps(**facts, unit=unit.said, step=f"{typed(step_micros):f}", base=base))
    return steps


def _closed(tier: str, figures: Figures) -> Gaps:
    """The gaps that closed months have in the workbook, in steps, FREE elsewhere and of what is not known any more."""
    through, step = figures.breakdown.plan.closed_through, figures.frame.step_yuan
    company = np.full(len(figures.months), FREE, dtype=np.int64)
    by_dimension = {}
    closed = [at for at, month in enumerate(figures.months) if through is not None and month.end <= through]
    for members in figures.dimensions:
        names = [member.name for member in members.dimension.members]
        own = by_dimension[members.name] = np.full((len(names), len(company)), FREE, dtype=np.int64)
        sheet = _written(members)
        for at in closed if sheet is not None else ():
            assert sheet is not None
            steps = np.array(
                [sheet.number(row_key(name, tier), f"t:{figures.months[at].key}") for name in (*names, "")]
            )
            if np.isnan(steps).any():
                continue
            targets = np.append(members.part.months[:, at], figures.breakdown.months[at])
            gaps = (np.rint(steps / step).astype(np.int64) - targets) * _sign(tier)
            if (gaps >= 0).all():
                own[:, at], company[at] = gaps[:-1], gaps[-1]
    return Gaps(company, by_dimension)


def _written(members: Members) -> WrittenSheet | None:
    """The sheet of a dimension as it is in the workbook, its members by the names that they have now."""
    sheet = members.figures.written.get(f"{IDENTITY}{T_THREE_TIERS.sheet}:{members.name}")
    return rows_of_members(sheet, "m", 3, 1, lambda parts: name_now(members, parts[1]))


def row_key(member: str, tier: str) -> str:
    """Return the key of the row of a member's tier; no member is the whole."""
    return joined("m", member, tier) if member else f"total:{tier}"


def handed_tiers(
    sheets: Mapping[str, WrittenSheet], breakdown: Breakdown, units: Dimension
) -> dict[str, Mapping[str, Sequence[float]]]:
    """Return the months of each tier of each lowest member, in full, as the sheet of its dimension has them.

    There are none if the sheet has other targets than the plan: it was not written since they changed.
    """
    sheet = sheets.get(f"{IDENTITY}{T_THREE_TIERS.sheet}:{units.name}")
    if sheet is None:
        return {}
    keys = [f"t:{month.key}" for month in breakdown.timeline.periods(Level.MONTH)]
    targets = breakdown.dimensions[units.name].months * (breakdown.plan.step_micros / MICROS)
    tiers: dict[str, Mapping[str, Sequence[float]]] = {}
    for i in units.leaves:
        name = units.members[i].name
        months = {tier: [sheet.number(row_key(name, tier), key) for key in keys] for tier in TIERS}
        if not np.allclose(months[TARGET], targets[i], rtol=0, atol=0.005):
            return {}
        tiers[name] = {tier: own for tier, own in months.items() if not np.isnan(own).any()}
    return tiers
