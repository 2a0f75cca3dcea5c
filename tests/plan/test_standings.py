"""The ranking of members by what they lack of the target to date."""

from __future__ import annotations

import pytest

from xlsales.core.plan import Dimension, Member
from xlsales.plan.standings import standings

pytestmark = pytest.mark.unit


def test_members_of_one_gap_share_a_rank() -> None:
    """What differs by less than a cent is the same; the next rank counts all that are ahead: 1, 2, 2, 4."""
    due = {"甲": 61.25, "乙": 61.25, "丙": 184 / 3, "丁": 60.0}
    sold = {"甲": 60.0, "乙": 62.0, "丙": 184 / 3 - 0.75, "丁": 59.2500001}
    dimension = Dimension("人员", tuple(map(Member, due)), (-1,) * 4, (1,) * 4)
    lines = [{"target": 120.0, "target_to_date": due[name], "actual": sold[name]} for name in due]
    assert [(one.name, one.rank) for one in standings(dimension, lines, range(4))] == [
        ("甲", 4), ("丙", 2), ("丁", 2), ("乙", 1),
    ]  # fmt: skip
