"""Who lacks most of what is due, and who is furthest ahead: one ranking for every sheet that shows one."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from xlsales.core.plan import Dimension


class Standing(Struct, frozen=True):
    """A member in a ranking by its gap to date; rank 1 is furthest ahead, NaN if nothing is known of its actuals.

    Members of one gap share a rank, and the next one is as much lower: 1, 2, 2, 4.
    """

    rank: float
    position: int
    name: str
    line: Mapping[str, Any]


def standings(dimension: Dimension, lines: Sequence[Mapping[str, Any]], positions: Sequence[int]) -> list[Standing]:
    """Return members with their figures, furthest behind first; if nothing is known of their actuals, all by target.

    `lines` are the figures of all members (`figures.Members.lines`), `positions` those that are ranked.
    """
    members = [(i, dimension.members[i].name, lines[i]) for i in positions]
    known = [one for one in members if not math.isnan(behind(one[2]))]
    if not known:
        return [Standing(math.nan, *one) for one in sorted(members, key=lambda one: -one[2]["target"])]
    known.sort(key=lambda one: (-_cents(one[2]), one[0]))
    gaps = [_cents(line) for _, _, line in reversed(known)]
    return [Standing(1 + bisect_left(gaps, _cents(one[2])), *one) for one in known]


def ranked(ranking: Sequence[Standing]) -> bool:
    """Whether a ranking goes by actuals."""
    return bool(ranking) and not math.isnan(ranking[0].rank)


def _cents(line: Mapping[str, Any]) -> int:
    """What is missing, in hundredths: what differs by less is the same to people."""
    return round(behind(line) * 100)


def behind(line: Mapping[str, Any]) -> float:
    """Return what is missing of the target to date, in yuan."""
    return float(line["target_to_date"] - line["actual"])
