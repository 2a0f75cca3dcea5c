"""The scorecards that a member's file carries: the rows of its own page, as the sheets 考核 show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from xlsales.book.keyed import WrittenSheet
from xlsales.core.keys import parted
from xlsales.core.periods import Level, Timeline
from xlsales.core.plan import MICROS, Dimension
from xlsales.core.text import identity
from xlsales.layout.model import IDENTITY
from xlsales.plan.scorecard.tables import T_SCORECARD
from xlsales.tables.cells.matching import Matcher
from xlsales.values.cell import plain

CARD_COLUMNS = ("source", "weight", "target", "actual", "attainment", "cap", "floor", "score", "rank", "known", "pay")
"""The columns of a sheet 考核 that a file carries, beside that of the member and its criteria."""
_OWN = ("h", "c", "p", "i", "pay")
_PERCENT = ("weight", "attainment", "cap", "floor", "known")
_AMOUNTS = ("target", "actual")


class HandedCard(Struct, frozen=True):
    """A row of a member's scorecards: what it is of, and the texts of `CARD_COLUMNS`; of a heading all are blank."""

    label: str
    texts: tuple[str, ...]


def handed_cards(
    sheets: Mapping[str, WrittenSheet], units: Dimension, line: Timeline, through: dt.date | None, step_micros: int
) -> dict[str, tuple[HandedCard, ...]]:
    """Return the rows of each lowest member of a dimension, from the written sheets of periods that are not closed.

    If all are closed, those of the period that ended last. Amounts are in full; targets of the plan are in its steps,
    though those to date are parts of a month.
    """
    ends = {period.key: period.end for level in Level for period in line.periods(level)}
    own = []
    for key, sheet in sheets.items():
        name, _, period = key.removeprefix(f"{IDENTITY}{T_SCORECARD.sheet}:").rpartition(" ")
        if key.startswith(f"{IDENTITY}{T_SCORECARD.sheet}:") and identity(name) == identity(units.name):
            own.append((ends.get(period, line.end), sheet))
    own.sort(key=lambda one: one[0])
    still_open = [sheet for end, sheet in own if through is None or end > through]
    rows: dict[str, list[HandedCard]] = {units.members[i].name: [] for i in units.leaves}
    matcher, names = Matcher(units), [member.name for member in units.members]
    for sheet in still_open or [sheet for _, sheet in own[-1:]]:
        for key in sheet.rows:
            kind, _, rest = key.partition(":")
            parts = parted(rest, 2) if kind in ("c", "i") else (rest,)
            position = matcher.position(parts[0]) if kind in _OWN and parts is not None else -1
            if position >= 0 and names[position] in rows:  # by an alias, too
                rows[names[position]].append(_handed(sheet, key, kind == "h", step_micros))
    return {name: tuple(own_rows) for name, own_rows in rows.items() if own_rows}


def _handed(sheet: WrittenSheet, key: str, heads: bool, step_micros: int) -> HandedCard:
    label = sheet.value(key, "member")
    texts = () if heads else (_text(sheet, key, column, step_micros) for column in CARD_COLUMNS)
    return HandedCard(label if isinstance(label, str) else "", tuple(texts) or ("",) * len(CARD_COLUMNS))


def _text(sheet: WrittenSheet, key: str, column: str, step_micros: int) -> str:
    """A cell as it is shown: an amount in full, a part in percent, points with a decimal."""
    value = sheet.value(key, column)
    if isinstance(value, str):
        return value
    if not isinstance(value, float):
        return ""
    kind = sheet.counts_for(key)
    if column in _AMOUNTS and ("-money/" in kind or kind.startswith("/i/")):
        if column == "target" and "/plan-money" in kind:
            value = round(value * MICROS / step_micros) * step_micros / MICROS
        return f"{Decimal(plain(round(value, 2))):,f}"
    if column in _PERCENT or (column in _AMOUNTS and ("-percent/" in kind or "0.0%" in kind)):
        return f"{value:.1%}"
    return f"{value:,.2f}" if column == "pay" else f"{value:,.1f}" if column == "score" else plain(value)
