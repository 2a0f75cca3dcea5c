"""Members with the names of their parents become a tree in pre-order, or a list of faults.

Rules: names and aliases are unique in a dimension, and names that differ by
width or spaces only are one; a parent is a member of the same dimension; no
member is its own ancestor; no level is deeper than Excel can fold. Siblings
keep the order in which a person wrote them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from xlsales.core.arrays import Mask
from xlsales.core.faults import Fault
from xlsales.core.names import Names
from xlsales.core.plan import Dimension, Member
from xlsales.core.text import spelling

MAX_MEMBERS = 50_000
"""More members in one dimension are refused, because a sheet of them would be too slow."""

MAX_DEPTH = 8
"""Excel folds rows seven deep below the top level."""

_MOST_NAMES = 6
"""So many members of a circle are named."""


class MemberTwice(Fault):
    """Two members of one dimension carry the same name or alias."""

    zh = "维度“{dimension}”里“{name}”出现了两次(另一处在第 {other} 行)。请改名或删除一处。"
    en = 'dimension "{dimension}" has "{name}" twice (the other is in row {other}). Rename or delete one.'


class MemberAlike(Fault):
    """Two members of one dimension with names that sales could not tell apart."""

    zh = "维度“{dimension}”里“{name}”和第 {other} 行的“{alike}”只差全半角或空格,会当成同一个。请改名或删去其中一个。"
    en = (
        'In dimension "{dimension}", "{name}" differs from "{alike}" in row {other} by width or spaces only: '
        "they count as one name. Rename or delete one of them."
    )


class NamedLikeParent(Fault):
    """A member has the name of its parent, as 北京 is a province and its city."""

    zh = (
        "维度“{dimension}”里“{name}”和上级同名(另一处在第 {other} 行)。"
        "如果上级下面只有它,留一行就够了,请删去下级这一行;"
        "否则请把下级改名,例如“{name}市”,并在它的别名里填“{name}”:数据里的“{name}”就计入它。"
    )
    en = (
        'In dimension "{dimension}", "{name}" has a parent of the same name (the other is in row {other}). '
        'If it is the only one below, delete the row of the child. Otherwise rename the child, e.g. "{name} City", '
        'and enter the alias "{name}": "{name}" in the data then counts for it.'
    )


Parents = Mapping[str, frozenset[str | None]]
"""The parents of each member by their names, None at the top. One that took over others has those of all of them."""


class ParentUnknown(Fault):
    """A member's parent is no member of its dimension."""

    zh = "“{name}”的上级“{parent}”不在维度“{dimension}”里。请添加这个上级,或改正名称。"
    en = '"{name}" has the parent "{parent}", which dimension "{dimension}" does not have. Add it or correct the name.'


class ParentCycle(Fault):
    """A member is its own ancestor."""

    zh = "“{name}”是自己的上级:{chain}。请改正其中一个上级。"
    en = '"{name}" is its own ancestor: {chain}. Correct one of the parents.'


class TooManyMembers(Fault):
    """A dimension has more members than a sheet can show well."""

    zh = "维度“{dimension}”有 {count} 个成员,上限是 {limit}。请按上级拆成几个计划。"
    en = 'dimension "{dimension}" has {count:members}; the limit is {limit}. Split it into several plans.'


class TooDeep(Fault):
    """A tree has more levels than a sheet can fold."""

    zh = "维度“{dimension}”超过 {limit} 级(“{name}”更深)。请减少级数,或拆成两个维度。"
    en = 'dimension "{dimension}" has more than {limit} levels ("{name}" is deeper). Use fewer, or two dimensions.'


def grow(name: str, members: Sequence[Member]) -> tuple[Dimension | None, list[tuple[Member, Fault]]]:
    """Return the dimension, or None with all faults and their members; the fact `field` is the column at fault."""
    faults = _naming_faults(name, members)
    if faults:
        return None, faults
    names = Names.of((member.name, i) for i, member in enumerate(members))
    above = [names.position(member.parent) if member.parent else -1 for member in members]
    members = [
        member if parent < 0 or member.parent == members[parent].name else replace(member, parent=members[parent].name)
        for member, parent in zip(members, above, strict=True)
    ]
    children: dict[int, list[int]] = {}
    for i, parent in enumerate(above):
        children.setdefault(parent, []).append(i)
    order: list[int] = []
    parents: list[int] = []
    depths: list[int] = []
    stack = [(i, -1, 1) for i in reversed(children.get(-1, []))]
    while stack:
        i, parent, depth = stack.pop()
        position = len(order)
        order.append(i)
        parents.append(parent)
        depths.append(depth)
        stack.extend((child, position, depth + 1) for child in reversed(children.get(i, [])))
    if len(order) < len(members):
        return None, _cycles(members, above, set(order))
    if max(depths, default=0) > MAX_DEPTH:
        deepest = members[order[depths.index(MAX_DEPTH + 1)]]
        return None, [(deepest, TooDeep(dimension=name, name=deepest.name, limit=MAX_DEPTH, field="parent"))]
    return Dimension(name, tuple(members[i] for i in order), tuple(parents), tuple(depths)), []


def parents_of(dimension: Dimension) -> Parents:
    """Return the parent of each member of a dimension."""
    names = [member.name for member in dimension.members]
    above = [names[parent] if parent >= 0 else None for parent in dimension.parents]
    return {name: frozenset([parent]) for name, parent in zip(names, above, strict=True)}


def with_other_families(dimension: Dimension, earlier: Parents) -> Mask:
    """Return the members below which, at any depth, members came or went: they had other parents `earlier`."""
    now, position = parents_of(dimension), {member.name: i for i, member in enumerate(dimension.members)}
    moved = np.zeros(len(position), dtype=np.bool_)
    for name, parents in now.items():
        if name not in earlier or earlier[name] == parents:
            continue
        for tree, nearest in ((now, parents), (earlier, earlier[name])):
            above, seen = set(nearest), {name}
            while above:
                parent = above.pop()
                if parent is None or parent in seen:
                    continue
                seen.add(parent)
                if parent in position:
                    moved[position[parent]] = True
                above |= tree.get(parent, frozenset())
    return moved


def _naming_faults(name: str, members: Sequence[Member]) -> list[tuple[Member, Fault]]:
    if len(members) > MAX_MEMBERS:
        return [(members[0], TooManyMembers(dimension=name, count=len(members), limit=MAX_MEMBERS, field="dimension"))]
    faults: list[tuple[Member, Fault]] = []
    owner: dict[str, tuple[int, str]] = {}
    for i, member in enumerate(members):
        for title in (member.name, *member.aliases):
            first, alike = owner.setdefault(spelling(title), (i, title))
            if first != i and not _is_alias_of_parent(members[first], member, title):
                below = any(m.parent and spelling(m.parent) == spelling(title) for m in (member, members[first]))
                if below and spelling(members[first].name) == spelling(member.name):
                    other = members[first].row
                    faults.append((member, NamedLikeParent(dimension=name, name=title, other=other, field="member")))
                    continue
                kind = MemberTwice if alike == title else MemberAlike
                field = "member" if title == member.name else "aliases"
                facts = {"dimension": name, "name": title, "alike": alike, "other": members[first].row}
                faults.append((member, kind(**facts, field=field)))
    names = Names.of((member.name, i) for i, member in enumerate(members))
    spelled = {spelling(member.name) for member in members}
    faults.extend(
        (member, ParentUnknown(dimension=name, name=member.name, parent=member.parent, field="parent"))
        for member in members
        if member.parent and names.position(member.parent) < 0 and spelling(member.parent) not in spelled
    )
    return faults


def _is_alias_of_parent(one: Member, other: Member, name: str) -> bool:
    """Whether a name is that of a parent, and an alias of its child: in data it means the child."""
    for parent, child in ((one, other), (other, one)):
        if spelling(parent.name) == spelling(name) != spelling(child.name):
            return bool(child.parent) and spelling(child.parent or "") == spelling(name)
    return False


def _cycles(members: Sequence[Member], above: Sequence[int], reached: set[int]) -> list[tuple[Member, Fault]]:
    """A fault for each circle of parents; `reached` are the members that hang from the top."""
    faults: list[tuple[Member, Fault]] = []
    visited = set(reached)
    for start in range(len(members)):
        steps: dict[int, int] = {}  # member → its place on this walk upwards
        here = start
        while here not in visited:
            visited.add(here)
            steps[here] = len(steps)
            here = above[here]
        if here in steps:
            circle = [members[i].name for i in list(steps)[steps[here] :]]
            names = circle if len(circle) <= _MOST_NAMES else [*circle[: _MOST_NAMES - 1], "…"]
            faults.append(
                (members[here], ParentCycle(name=circle[0], chain=" → ".join([*names, circle[0]]), field="parent"))
            )
    return faults
