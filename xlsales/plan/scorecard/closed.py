"""Final scorecards of closed periods: they stay, and what tables and sales give by now is held against them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from xlsales.book.edits import are_same
from xlsales.book.keyed import WrittenSheet
from xlsales.core import a1
from xlsales.core.faults import Problem
from xlsales.core.keys import joined, parted
from xlsales.core.pay import Tier
from xlsales.core.periods import Level, Period
from xlsales.layout.model import IDENTITY, SUBLINE, Row
from xlsales.ooxml.cells import BLANK
from xlsales.plan.figures import NAN, Figures, Members
from xlsales.plan.scorecard import faults
from xlsales.plan.scorecard.cards import Card, Cards, Criterion, is_cleared
from xlsales.plan.scorecard.results import Scored
from xlsales.plan.scorecard.sources import Figure, Sources
from xlsales.plan.scorecard.tables import SOURCES, T_SCORECARD
from xlsales.plan.scorecard.tiers import PayItem
from xlsales.plan.typed_cells import REFUSED
from xlsales.vocabulary.contract import Word

_PAY, _SCORE = Word("应发", "pay"), Word("得分", "score")
_IN_ALL = Word(",应发合计 {before} → {now}", "; pay in all {before} → {now}")
_NEAR = 0.005
"""Amounts that differ by less are one, and so are points."""
_NONE = (NAN, NAN)
_RESULTS = ("actual", REFUSED, "attainment", "score", "rank", "known", "pay")
_LESS = "-less"
"""What the mark of a criterion of which less is better has (column B of its row)."""
_FIGURES = ("weight", "target", "actual", "cap", "floor")


def ends_of(figures: Figures) -> dict[str, dt.date]:
    """Return the last day of each period of the plan, by its key."""
    return {period.key: period.end for level in Level for period in figures.breakdown.timeline.periods(level)}


def closed_sheets(figures: Figures) -> Iterator[str]:
    """Yield the identities of written sheets of closed periods, whether the table still has their rows or not.

    One that was written before its period was closed is written once more, if the table has its rows; so is one whose
    first cell below the title a person cleared.
    """
    through, ends, begins = figures.breakdown.plan.closed_through, ends_of(figures), f"{IDENTITY}{T_SCORECARD.sheet}:"
    for identity, sheet in figures.written.items():
        end = ends.get(identity.rpartition(" ")[2]) if identity.startswith(begins) else None
        if end is not None and through is not None and end <= through and not is_cleared(sheet):
            yield identity


def closed_differs(
    sheet: WrittenSheet, at: tuple[str, str], count: int, who: str, what: Word, said: tuple[str, ...],
    pay: tuple[float, float] | None = None,
) -> Problem:  # fmt: skip
    """Return that a sheet stays although people come out differently by now; `at` are row and column of the first.

    `said` is what it has of `what`, before and now; `pay` is that of all.
    """
    cell = a1.cell(sheet.rows[SUBLINE], sheet.columns["member"])
    facts = {"count": count, "who": who, "before": said[0], "now": said[1], "cell": cell}
    words = {"zh_what": what.zh, "en_what": what.en, "zh_pay": "", "en_pay": ""}
    if pay is not None:
        both = {"before": _text(pay[0]), "now": _text(pay[1])}
        words |= {"zh_pay": _IN_ALL.zh.format(**both), "en_pay": _IN_ALL.en.format(**both)}
    return Problem.note(sheet.place(*at), said[0], faults.ClosedDiffers(**facts, **words))


def as_written(cards: Cards, sheet: WrittenSheet) -> Cards | None:
    """Return scorecards with what their sheet has, but for what is typed into it; None if it has other criteria."""
    keys = {card.key(one) for card in cards.cards for one in card.criteria}
    words = {word: code for code, source in SOURCES.items() for word in (source.zh, source.en)}

    def same(card: Card) -> bool:
        return all(words.get(str(sheet.value(card.key(one), "source"))) == one.source for one in card.criteria)

    if keys != {key for key in sheet.rows if key.startswith("c:")} or not all(map(same, cards.cards)):
        return None
    own = (
        replace(card, criteria=tuple(_criterion(one, sheet, card.key(one)) for one in card.criteria))
        for card in cards.cards
    )
    return replace(cards, cards=tuple(own), left_out=(), at_fault=False)


def _criterion(one: Criterion, sheet: WrittenSheet, key: str) -> Criterion:
    held = {column: sheet.number(key, column) for column in _FIGURES if not (one.typed and column == "actual")}
    return replace(one, less=_LESS in sheet.counts_for(key), **held)


def items_as_written(items: Sequence[PayItem], paying: Sequence[PayItem], sheet: WrittenSheet) -> list[PayItem]:
    """Return items with the tiers that a sheet has of those that pay, as far as it has as many of each."""
    held: dict[str, list[Tier]] = {}
    for key in sheet.rows:
        parts = parted(key, 3) if key.startswith("tier:") else None
        if parts is not None:
            start, end, rate, bonus = (sheet.number(key, one) for one in ("target", "actual", "attainment", "pay"))
            tier = Tier(start, math.inf if math.isnan(end) else end, *(0.0 if n != n else n for n in (rate, bonus)))
            held.setdefault(parts[1], []).append(tier)
    now = {id(item): tuple(held.get(str(n), ())) for n, item in enumerate(paying)}
    return [
        replace(item, tiers=now[id(item)]) if len(now.get(id(item), ())) == len(item.tiers) else item for item in items
    ]


def of_plan_as_written(
    sheet: WrittenSheet, sources: Sources, members: Members, position: int, period: Period
) -> Figure:
    """Return the plan's amounts of a member by which its pay was worked out, as they are in a sheet."""
    begins = joined("i", members.dimension.members[position].name, "")
    keys = (key for key in sheet.rows if key.startswith(begins))
    pairs = ((sheet.number(key, "target"), sheet.number(key, "actual")) for key in keys)
    target, actual = next((pair for pair in pairs if not math.isnan(pair[0])), (NAN, NAN))
    return replace(sources.of_plan(members, position, period), target=target, actual=actual)


def difference(now: Sequence[Scored], then: Sequence[Scored] | None, sheet: WrittenSheet) -> Problem | None:
    """Return that people come out differently by now than in a sheet; None if they do not.

    `then` are the scorecards as they are in the sheet, with what is typed into it; without them its own results count.
    """
    before = _stored(sheet) if then is None else _results(then)
    after = _results(now)
    people = dict.fromkeys([*before, *after])
    pairs = {who: (before.get(who, _NONE), after.get(who, _NONE)) for who in people}
    apart = [who for who, (old, new) in pairs.items() if not all(map(_same, old, new))]
    if not apart:
        return None
    who, (old, new) = apart[0], pairs[apart[0]]
    n, what = (0, _PAY) if not _same(old[0], new[0]) else (1, _SCORE)
    said = tuple(_text(one[n], 2 - n) for one in (old, new))
    keys = (joined("pay" if what is _PAY else "p", who), joined("p", who), SUBLINE)
    at = next(key for key in keys if key in sheet.rows), "pay" if what is _PAY else "score"
    pays = [math.fsum(pay for pay, _ in results.values() if not math.isnan(pay)) for results in (before, after)]
    return closed_differs(sheet, at, len(apart), who, what, said, None if _same(*pays) else (pays[0], pays[1]))


def _results(scored: Sequence[Scored]) -> dict[str, tuple[float, float]]:
    """Pay and score of each member."""
    return {one.card.name: (one.pay, one.score) for one in scored}


def _stored(sheet: WrittenSheet) -> dict[str, tuple[float, float]]:
    people = [parts[1] for key in sheet.rows if key.startswith("p:") and (parts := parted(key, 2)) is not None]
    return {who: (sheet.number(joined("pay", who), "pay"), sheet.number(joined("p", who), "score")) for who in people}


def _same(one: float, other: float) -> bool:
    return (math.isnan(one) and math.isnan(other)) or abs(one - other) < _NEAR


def _text(value: float, digits: int = 2) -> str:
    return "–" if math.isnan(value) else f"{value:,.{digits}f}"


def is_shown(rows: Iterable[Row], sheet: WrittenSheet) -> bool:
    """Whether a sheet has the results of these rows, and what is typed as it is read."""
    return all(
        _is_held(sheet, row.key, column, row.values.get(column))
        for row in rows
        if row.key.partition(":")[0] in ("m", "c", "p", "i", "pay")
        for column in _RESULTS
        if column in sheet.columns or column == REFUSED
    )


def has_tiers(rows: Iterable[Row], sheet: WrittenSheet) -> bool:
    """Whether a sheet has the tiers of these rows, and no others."""
    own = {row.key: row for row in rows if row.key.startswith("tier:")}
    return own.keys() == {key for key in sheet.rows if key.startswith("tier:")} and all(
        _is_held(sheet, key, column, row.values.get(column))
        for key, row in own.items()
        for column in ("member", "target", "actual", "attainment", "pay")
    )


def _is_held(sheet: WrittenSheet, row: str, column: str, value: object) -> bool:
    if isinstance(value, str) and value:
        return sheet.value(row, column) == value
    number = value if isinstance(value, float | int) else NAN
    held = sheet.number(row, column)
    return (math.isnan(number) and sheet.value(row, column) in (BLANK, "")) or are_same(held, number)


def texts_typed(cards: Cards, sheet: WrittenSheet) -> Iterator[Problem]:
    """Yield scores that are typed as text into a sheet that is not brought up to date, so that they do not count."""
    for card in cards.cards:
        for one in card.criteria:
            held = sheet.value(card.key(one), "actual")
            if one.typed and isinstance(held, str) and not math.isnan(one.actual):
                yield Problem.note(sheet.place(card.key(one), "actual"), held, faults.TextAfterClosing(found=held))
