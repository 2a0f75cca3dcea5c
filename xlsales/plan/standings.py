"""Who lacks most of what is due, and who is furthest ahead: one ranking for every sheet that shows one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xlsales.plan.figures import NAN, Line, Members, behind


@dataclass(frozen=True)
class Standing:
    """A member in a ranking by its gap to date; rank 1 is furthest ahead, NaN if nothing is known of its actuals."""

    rank: float
    position: int
    name: str
    line: Line


def standings(members: Members, positions: Sequence[int]) -> list[Standing]:
    """Return members with figures, furthest behind first; if nothing is known of their actuals, all by target."""
    lines = [(i, members.dimension.members[i].name, members.lines[i]) for i in positions]
    known = [one for one in lines if not math.isnan(behind(one[2]))]
    if not known:
        return [Standing(NAN, *one) for one in sorted(lines, key=lambda one: -one[2]["target"])]
    known.sort(key=lambda one: -behind(one[2]))
    return [Standing(len(known) - n, *one) for n, one in enumerate(known)]


def ranked(ranking: Sequence[Standing]) -> bool:
    """Whether a ranking goes by actuals."""
    return bool(ranking) and not math.isnan(ranking[0].rank)
