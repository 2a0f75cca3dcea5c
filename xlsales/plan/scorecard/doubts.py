"""What a person should look at in scorecards: they are written all the same."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from xlsales.core.faults import Bilingual, Fault, Problem
from xlsales.plan.scorecard import faults
from xlsales.plan.scorecard.cards import Card
from xlsales.plan.scorecard.cells import SAME, Cells, number_of, percent, share
from xlsales.vocabulary.contract import Word

_MORE, _LESS = Word("多 {n}", "{n} too much"), Word("少 {n}", "{n} short")
_FULL = Word("满分线 100%", "100%")


def doubts_on_rows(rows: Sequence[Cells]) -> Iterator[Problem]:
    """Yield caps and floors that take from those who reach their targets."""
    for row in rows:
        cap, floor = share(row, "cap"), share(row, "floor")
        if cap < 1:
            fault: Fault = faults.CapTooLow(criterion=row["criterion"], found=percent(cap))
            yield Problem.note(row["cells"]["cap"], percent(cap), fault)
        most = min(1.0, 1.0 if math.isnan(cap) else cap)
        if floor > most:
            said = _FULL if most == 1.0 else Word(f"封顶 {percent(most)}", f"the cap of {percent(most)}")
            fault = faults.FloorTooHigh(
                criterion=row["criterion"], found=percent(floor), most=Bilingual(said.zh, said.en)
            )
            yield Problem.note(row["cells"]["floor"], percent(floor), fault)


def doubts_on_weights(cards: Sequence[Card], *, complete: bool) -> Iterator[Problem]:
    """Yield weights that do not make 100 %: of people with the same rows once.

    Unless the table is `complete`, less than 100 % may be for a row at fault; more than that is not.
    """
    told: set[tuple[int, ...]] = set()
    for card in cards:
        numbers = tuple(number_of(one.row) for one in card.criteria)
        off = round(math.fsum(one.weight for one in card.criteria) - 1, 9)
        if (abs(off) if complete else off) > SAME and numbers not in told:
            word, apart = _MORE if off > 0 else _LESS, percent(abs(off))
            by = {"zh_by": word.zh.format(n=apart), "en_by": word.en.format(n=apart)}
            fault = faults.WeightsDoNotClose(who=card.name, sum=percent(1 + off), **by)
            yield Problem.note(card.criteria[0].row["cells"]["weight"], "", fault)
        told.add(numbers)


def doubts_on_figures(cards: Sequence[Card]) -> Iterator[Problem]:
    """Yield targets of nothing, of each row once, and the first missing actual with the number of all."""
    nothing: set[int] = set()
    of_all = [(card, one) for card in cards for one in card.criteria]
    for card, one in of_all:
        if one.target == 0 and not one.less and number_of(one.row) not in nothing:
            nothing.add(number_of(one.row))
            fault = faults.TargetIsNothing(who=card.name, criterion=one.name)
            yield Problem.note(one.row["cells"]["target"], "0", fault)
    missing = [(card, one) for card, one in of_all if math.isnan(one.actual)]
    if missing:
        card, one = missing[0]
        lacking = faults.NotScoredYet(count=len(missing), who=card.name, criterion=one.name)
        yield Problem.note(one.row["cells"]["criterion"], one.name, lacking)
