"""Members named with their parents become a tree in pre-order, or every reason why they cannot.

Rules: names are unique within a dimension (also against aliases); a parent is
a member of the same dimension; no member is its own ancestor. Siblings keep
the order in which a person wrote them.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlsales.core.faults import Fault
from xlsales.core.plan import Dimension, Member

MAX_MEMBERS = 50_000
"""More members than this in one dimension are refused: a sheet of them could no longer be opened in comfort."""


class MemberTwice(Fault):
    """Two members of one dimension carry the same name or alias."""

    zh = "维度“{dimension}”里“{name}”出现了两次(另一处在第 {other} 行)。请改名或删除一处。"
    en = 'dimension "{dimension}" has "{name}" twice (the other is in row {other}). Rename or delete one.'


class ParentUnknown(Fault):
    """A member names a parent that is no member of its dimension."""

    zh = "“{name}”的上级“{parent}”不在维度“{dimension}”里。请添加这个上级,或改正名称。"
    en = '"{name}" has the parent "{parent}", which dimension "{dimension}" does not have. Add it or correct the name.'


class ParentCycle(Fault):
    """A member is its own ancestor."""

    zh = "“{name}”是自己的上级:{chain}。请改正其中一个上级。"
    en = '"{name}" is its own ancestor: {chain}. Correct one of the parents.'


class TooManyMembers(Fault):
    """A dimension has more members than a sheet can carry in comfort."""

    zh = "维度“{dimension}”有 {count} 个成员,上限是 {limit}。请按上级拆成几个计划。"
    en = 'dimension "{dimension}" has {count} members; the limit is {limit}. Split it into several plans.'


def grow(name: str, members: Sequence[Member]) -> tuple[Dimension | None, list[tuple[Member, Fault]]]:
    """Return the dimension, or None with every fault and the member it was found at."""
    faults = _naming_faults(name, members)
    if faults:
        return None, faults
    by_name = {member.name: i for i, member in enumerate(members)}
    children: dict[int, list[int]] = {}
    for i, member in enumerate(members):
        children.setdefault(by_name[member.parent] if member.parent else -1, []).append(i)
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
        reached = set(order)
        return None, [_cycle(members, by_name, i) for i in range(len(members)) if i not in reached][:1]
    return Dimension(name, tuple(members[i] for i in order), tuple(parents), tuple(depths)), []


def _naming_faults(name: str, members: Sequence[Member]) -> list[tuple[Member, Fault]]:
    if len(members) > MAX_MEMBERS:
        return [(members[0], TooManyMembers(dimension=name, count=len(members), limit=MAX_MEMBERS))]
    faults: list[tuple[Member, Fault]] = []
    owner: dict[str, Member] = {}
    for member in members:
        for called in (member.name, *member.aliases):
            first = owner.setdefault(called, member)
            if first is not member:
                faults.append((member, MemberTwice(dimension=name, name=called, other=first.row)))
    names = {member.name for member in members}
    faults.extend(
        (member, ParentUnknown(dimension=name, name=member.name, parent=member.parent))
        for member in members
        if member.parent and member.parent not in names
    )
    return faults


def _cycle(members: Sequence[Member], by_name: dict[str, int], start: int) -> tuple[Member, Fault]:
    seen: list[str] = []
    here = members[start].name
    while here not in seen:
        seen.append(here)
        here = members[by_name[here]].parent or ""
    chain = [*seen[seen.index(here) :], here]
    return members[by_name[here]], ParentCycle(name=here, chain=" → ".join(chain))
