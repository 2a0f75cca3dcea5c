"""Members named with their parents become a tree, or every reason why they cannot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.core.plan import Dimension, Member
from xlsales.core.tree import (
    MAX_DEPTH,
    MAX_MEMBERS,
    MemberTwice,
    ParentCycle,
    ParentUnknown,
    TooDeep,
    TooManyMembers,
    grow,
)

pytestmark = pytest.mark.unit


def grown(*members: Member) -> Dimension:
    dimension, faults = grow("区域", members)
    assert dimension is not None, faults
    return dimension


def faults_of(*members: Member) -> list[tuple[int, str]]:
    """The row and the sentence of each fault."""
    dimension, faults = grow("区域", members)
    assert dimension is None
    assert all(fault.say("zh") and "{" not in fault.say("zh") for _, fault in faults)
    return [(member.row, fault.say("en")) for member, fault in faults]


def test_members_stand_below_their_parents_in_the_order_they_were_written():
    """Whatever order the rows have, each member follows its parent and siblings keep the order of the rows."""
    members = Member("一店", "上海"), Member("西"), Member("上海", "东"), Member("东"), Member("二店", "上海")
    region = grown(*members, Member("江苏", "东"))
    assert [m.name for m in region.members] == ["西", "东", "上海", "一店", "二店", "江苏"]
    assert region.parents == (-1, -1, 1, 2, 2, 1)
    assert region.depths == (1, 1, 2, 3, 3, 2)
    assert region.leaves == [0, 3, 4, 5]
    assert list(region.families()) == [(-1, [0, 1]), (1, [2, 5]), (2, [3, 4])]


def test_no_members_are_an_empty_tree():
    """A dimension without members is no fault."""
    assert grown().depth == 0


def test_a_name_or_alias_may_stand_for_one_member_only():
    """Names and aliases that could mean two members are all reported, each with the other row."""
    found = faults_of(
        Member("东", aliases=("华东", "东"), row=2), Member("西", aliases=("华东",), row=3), Member("东", row=4)
    )
    assert [row for row, _ in found] == [3, 4]
    assert '"华东" twice (the other is in row 2)' in found[0][1]
    once = Member("东", row=2)
    assert grow("区域", [once, once])[1][0][1].facts["name"] == "东"


def test_an_unknown_parent_is_reported_for_each_member_that_names_it():
    """Every member whose parent is missing is reported at its own row."""
    found = faults_of(Member("东", row=2), Member("一店", "南", row=3), Member("二店", "北", row=4))
    assert [row for row, _ in found] == [3, 4]
    assert 'the parent "南"' in found[0][1]


def test_every_circle_of_parents_is_reported_once():
    """Members that are their own ancestors are named along their circle; members below it are not blamed."""
    found = faults_of(
        Member("a", "b", row=2),
        Member("b", "c", row=3),
        Member("c", "a", row=4),
        Member("below", "a", row=5),
        Member("self", "self", row=6),
        Member("top", row=7),
    )
    assert [row for row, _ in found] == [2, 6]
    assert "a → b → c → a" in found[0][1]
    assert "self → self" in found[1][1]


def test_a_long_circle_is_told_in_short():
    """A circle of thousands of members is found at once and told in a few names."""
    members = [Member(f"{i}", f"{(i + 1) % 20_000}", row=i + 2) for i in range(20_000)]
    ((_, said),) = faults_of(*members)
    assert len(said) < 120


def test_more_members_or_levels_than_a_sheet_can_show_are_refused():
    """Limits are said with the number found."""
    assert grow("区域", [Member(f"{i}") for i in range(MAX_MEMBERS + 1)])[1][0][1].facts["count"] == MAX_MEMBERS + 1
    chain = [Member(f"{i}", f"{i - 1}" if i else None, row=i + 2) for i in range(MAX_DEPTH + 2)]
    grown(*chain[:MAX_DEPTH])
    assert [row for row, _ in faults_of(*chain)] == [MAX_DEPTH + 2]


def test_each_reason_has_its_own_fault():
    """Callers can tell the reasons apart."""
    kinds = {
        MemberTwice: [Member("a"), Member("a")],
        ParentUnknown: [Member("a", "b")],
        ParentCycle: [Member("a", "a")],
        TooManyMembers: [Member(f"{i}") for i in range(MAX_MEMBERS + 1)],
        TooDeep: [Member(f"{i}", f"{i - 1}" if i else None) for i in range(MAX_DEPTH + 1)],
    }
    for kind, members in kinds.items():
        assert [type(fault) for _, fault in grow("区域", members)[1]] == [kind]


@given(st.lists(st.integers(-1, 9), min_size=1, max_size=10), st.randoms(use_true_random=False))
def test_a_tree_keeps_every_member_and_its_parent(parents, random):
    """Whatever parents are named: all members are in the tree below their parents, or circles are named."""
    members = [Member(f"{i}", f"{p}" if 0 <= p < len(parents) else None) for i, p in enumerate(parents)]
    random.shuffle(members)
    dimension, faults = grow("区域", members)
    if dimension is None:
        assert all(isinstance(fault, ParentCycle | TooDeep) for _, fault in faults)
        assert faults
        return
    assert sorted(m.name for m in dimension.members) == sorted(m.name for m in members)
    for i, (member, above, depth) in enumerate(
        zip(dimension.members, dimension.parents, dimension.depths, strict=True)
    ):
        assert above < i
        assert (dimension.members[above].name if above >= 0 else None) == member.parent
        assert depth == (dimension.depths[above] + 1 if above >= 0 else 1)
