"""Where a store is: the member of each dimension of places (区域, 城市) that all its sales belong to.

A store reports what it sold, not where it is. Asked in this order:

1. the tree of stores: the nearest parent that is called like a lowest member of the place;
2. what people pasted: the one member that all rows of the store name;
3. past sales, in the same way, if nothing was pasted of the store;
4. if these name none or several, the collected rows that name one: the store's receipts do, or a person has
   filled it in.

A store without a clear place then has none: its sales are of no member.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from xlsales.core.faults import Fault
from xlsales.core.plan import Dimension
from xlsales.core.shapes import History
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.rows.pasted import Pairs, distinct_pairs
from xlsales.tables.rows.sold import Members, SoldRows


class PlaceUnclear(Fault):
    """Stores without a clear place."""

    zh = (
        "{count} 个成员的“{dimension}”定不下来(如 {store}:{found}),收回的金额计入“未分到{dimension}”。"
        "请在“{label}”里给它的行填上同一个{dimension},再收一次。"
    )
    en = (
        'The "{dimension}" of {count:members} is not clear (such as {store}: {found}); collected amounts are in '
        '"Unassigned to {dimension}". Fill in one {dimension} for all its rows in "{label}", then collect.'
    )


class Places(Struct, frozen=True):
    """Each store's place in each dimension of places, and the stores that have none: what was found of them."""

    of_store: Mapping[str, Members] = field(default_factory=dict)
    unclear: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


def places_of(units: Dimension, places: Sequence[Dimension], sources: Sequence[Pairs], filled: Pairs) -> Places:
    """Return where each lowest member of `units` is; `sources` are asked in their order, `filled` settles doubts."""
    members_of: dict[str, list[tuple[str, str]]] = {units.members[unit].name: [] for unit in units.leaves}
    unclear: dict[str, dict[str, tuple[str, ...]]] = {}
    for place in places:
        above = Matcher(place).above(units)
        by_source = [_by_unit(pairs[place.name]) for pairs in sources if place.name in pairs]
        by_hand = _by_unit(filled[place.name]) if place.name in filled else {}
        for unit in units.leaves:
            code = units.members[unit].name
            own_parent = int(above[unit])
            at = [own_parent] if own_parent >= 0 else next((at for source in by_source if (at := source.get(unit))), [])
            if len(at) != 1:
                at = own if len(own := by_hand.get(unit, [])) == 1 else at
            if len(at) == 1:
                members_of[code].append((place.name, place.members[at[0]].name))
            else:
                unclear.setdefault(place.name, {})[code] = tuple(place.members[p].name for p in at)
    return Places({code: tuple(members) for code, members in members_of.items()}, unclear)


def pairs_of(history: History | None, units: Dimension, places: Sequence[Dimension]) -> Pairs:
    """Return which stores sold in which places, by past sales."""
    if history is None or units.name not in history.codes:
        return {}
    stores = history.codes[units.name]
    return {d.name: distinct_pairs(stores, history.codes[d.name]) for d in places if d.name in history.codes}


def also_named(pairs: Pairs, sales: Mapping[str, SoldRows], units: Dimension, places: Sequence[Dimension]) -> Pairs:
    """Return pairs together with those that each store's own rows name."""
    unit_at = {member.name: i for i, member in enumerate(units.members)}
    all_pairs = dict(pairs)
    for place in places:
        at = {member.name: i for i, member in enumerate(place.members)}
        own = {
            (unit_at[code], at[member])
            for code, rows in sales.items()
            for members in rows.members
            for name, member in members
            if name == place.name
        }
        earlier = [all_pairs[place.name]] if place.name in all_pairs else []
        both = np.concatenate([*earlier, np.array(sorted(own), np.int64).reshape(-1, 2)])
        all_pairs[place.name] = np.unique(both, axis=0)
    return all_pairs


def _by_unit(pairs: NDArray[np.int64]) -> dict[int, list[int]]:
    members: dict[int, list[int]] = {}
    for unit, member in pairs.tolist():
        members.setdefault(unit, []).append(member)
    return members
