"""What was written of adjustments: read back from their sheet, and the reasons for what a run changes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import numpy as np
from msgspec.structs import replace

from xlsales.book.keyed import WrittenSheet
from xlsales.core.adjusted import COMPANY, Adjusted, Kind, Whose
from xlsales.core.adjustments import key_of, rolled_up
from xlsales.core.arrays import Steps
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Lang
from xlsales.core.keys import joined, parted
from xlsales.core.periods import Level, Timeline
from xlsales.core.plan import MICROS, Plan
from xlsales.layout.model import IDENTITY
from xlsales.plan.adjustments.tables import OTHERS
from xlsales.plan.version_changes import Reason, equal
from xlsales.plan.written_members import MEMBER
from xlsales.tables.cells.matching import Matcher
from xlsales.vocabulary.contract import Word

IDENTITY_OF_SHEET = f"{IDENTITY}adjustments"
SIBLINGS = Word("兄弟", "siblings")
_TRANSFER = Word("转移 {giver} → {taker}", "transfer {giver} → {taker}")
_RELIEF = Word("减免 {giver}({taker}承担)", "relief of {giver} (carried by {taker})")
_LOWERS = Word("减免 {giver}(总目标降低)", "relief of {giver} (off the total)")
_WITH_REASON = Word("{what}:{reason}", "{what}: {reason}")
_NO_LONGER = Word("不再有:{what}", "no longer: {what}")
_PARTS = 6
"""The parts of a key: its number among those alike, kind, dimension, giver, taker, first day."""


def row_of(one: Adjusted) -> str:
    """Return the key of the row of an adjustment."""
    return joined("a", one.key)


def row_of_member(one: Adjusted, whose: Whose) -> str:
    """Return the key of the row of a member, or of the company, below the row of an adjustment."""
    return joined("d", *whose, one.key)


def said(one: Adjusted, lang: Lang) -> str:
    """Return what an adjustment is, without its reason."""
    others = OTHERS if one.kind is Kind.TRANSFER else SIBLINGS
    word = _TRANSFER if one.kind is Kind.TRANSFER else _LOWERS if one.lowers else _RELIEF
    return word[lang].format(giver=one.giver or others[lang], taker=one.taker or others[lang])


def written_adjustments(sheets: Mapping[str, WrittenSheet], plan: Plan, timeline: Timeline) -> list[Adjusted]:
    """Return the adjustments that are in their sheet, by the names that members have now."""
    sheet = sheets.get(IDENTITY_OF_SHEET)
    if sheet is None:
        return []
    matchers = {dimension.name: Matcher(dimension) for dimension in plan.dimensions}
    months = [f"t:{month.key}" for month in timeline.periods(Level.MONTH)]
    heads: dict[str, Adjusted] = {}
    for row in sheet.rows:
        parts = parted(row, _PARTS + 1)
        if parts is not None and parts[0] == "a":
            one = _head(sheet, row, parts[1:], matchers)
            if one is not None:
                heads[joined(*parts[1:])] = one
    deltas: dict[str, dict[Whose, Steps]] = {key: {} for key in heads}
    for row in sheet.rows:
        parts = parted(row, _PARTS + 3)
        own = deltas.get(joined(*parts[3:])) if parts is not None and parts[0] == "d" else None
        if parts is not None and own is not None:
            whose = parts[1], _now(parts[2], matchers.get(parts[1]))
            own[whose] = own.get(whose, 0) + np.array([_micros(sheet, row, month) for month in months], np.int64)
    return [replace(one, deltas=deltas[key], lowers=COMPANY in deltas[key]) for key, one in heads.items()]


def _head(sheet: WrittenSheet, row: str, parts: Sequence[str], matchers: Mapping[str, Matcher]) -> Adjusted | None:
    number, kind, dimension, giver, taker, start = parts
    giver, taker = (_now(name, matchers.get(dimension)) for name in (giver, taker))
    reason, end = sheet.value(row, "why"), sheet.value(row, "end")
    try:
        first, last = dt.date.fromisoformat(start), dt.date.fromisoformat(str(end))
        key = key_of(int(number), Kind(kind), dimension, giver, taker, first)
        return Adjusted(key, Kind(kind), dimension, giver, taker, first, last, str(reason or ""), {})
    except ValueError:  # a person wrote into it
        return None


def _now(name: str, matcher: Matcher | None) -> str:
    at = matcher.position(name) if matcher is not None and name else -1
    return matcher.dimension.members[at].name if matcher is not None and at >= 0 else name


def _micros(sheet: WrittenSheet, row: str, column: str) -> int:
    value = sheet.value(row, column)
    return round(Decimal(repr(value)) * MICROS) if isinstance(value, float) else 0


# --- reasons --------------------------------------------------------------------------


def reasons_for(
    breakdown: Breakdown, before: Sequence[Adjusted], sheets: Mapping[str, WrittenSheet], lang: Lang
) -> dict[tuple[str, str, str], Reason]:
    """Return why months change, of those that only change by what adjustments do otherwise than `before`."""
    earlier, later = ({one.key: one for one in many} for many in (before, breakdown.adjusted))
    changes: dict[Whose, Steps] = {}
    texts: dict[tuple[str, str, int], dict[str, bool]] = {}
    for key in dict.fromkeys([*earlier, *later]):
        one = later.get(key) or earlier[key]
        text = _WITH_REASON[lang].format(what=said(one, lang), reason=one.reason)
        if key not in later or later[key].kept:
            text = _NO_LONGER[lang].format(what=text)
        for whose, row in _differences(earlier.get(key), later.get(key), breakdown):
            changes[whose] = changes.get(whose, 0) + row
            named = whose == COMPANY or _is_about(one, whose, breakdown)
            for month in np.flatnonzero(row).tolist():
                own = texts.setdefault((*whose, month), {})
                own[text] = named or own.get(text, False)
    months = breakdown.timeline.periods(Level.MONTH)
    found = {}
    for (dimension, member, month), own in texts.items():
        key_of_month = months[month].key
        by = int(changes[dimension, member][month]) / MICROS
        if equal(_changed_by(breakdown, sheets, (dimension, member), month), by):
            text = (";" if lang == "zh" else "; ").join(own)
            found[dimension, member, key_of_month] = Reason(text, any(own.values()))
    return found


def _differences(
    before: Adjusted | None, after: Adjusted | None, breakdown: Breakdown
) -> Iterator[tuple[Whose, Steps]]:
    """Yield what an adjustment does otherwise than before to each member, to those above them, and to the company."""
    old, new = ({} if one is None else one.deltas for one in (before, after))
    none = np.zeros(len(breakdown.months), dtype=np.int64)
    for name in {dimension for dimension, _ in (*old, *new)}:
        part = breakdown.dimensions.get(name)
        if part is None:
            if COMPANY in old or COMPANY in new:
                yield COMPANY, new.get(COMPANY, none) - old.get(COMPANY, none)
            continue
        rows = np.zeros(part.months.shape, dtype=np.int64)
        for i, member in enumerate(part.dimension.members):
            whose = name, member.name
            rows[i] = new.get(whose, none) - old.get(whose, none)
        rows = rolled_up(part.dimension, rows)
        for i in np.flatnonzero(rows.any(axis=1)).tolist():
            yield (name, part.dimension.members[i].name), rows[i]


def _is_about(one: Adjusted, whose: Whose, breakdown: Breakdown) -> bool:
    """Whether a member is the giver or the taker, or above or below one of them."""
    dimension = breakdown.dimensions[whose[0]].dimension
    at = {member.name: i for i, member in enumerate(dimension.members)}
    if whose[0] != one.dimension:
        return False
    for name in filter(None, (one.giver, one.taker)):
        for low, top in ((at.get(name, -1), at[whose[1]]), (at[whose[1]], at.get(name, -1))):
            while low >= 0:
                if low == top:
                    return True
                low = dimension.parents[low]
    return False


def _changed_by(breakdown: Breakdown, sheets: Mapping[str, WrittenSheet], whose: Whose, month: int) -> float:
    """By how much a month's target differs from that in the sheets, in yuan; NaN if it is not there."""
    step, key = breakdown.plan.step_micros / MICROS, breakdown.timeline.periods(Level.MONTH)[month].key
    if whose == COMPANY:
        sheet, row, column, steps = sheets.get(f"{IDENTITY}time"), key, "target", breakdown.months[month]
    else:
        part = breakdown.dimensions[whose[0]]
        at = next(i for i, member in enumerate(part.dimension.members) if member.name == whose[1])
        sheet = sheets.get(f"{IDENTITY}dimension:{whose[0]}")
        row, column, steps = MEMBER + whose[1], f"t:{key}", part.months[at][month]
    return float("nan") if sheet is None else float(steps) * step - sheet.number(row, column)
