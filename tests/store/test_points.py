"""The points that a store is told: in the order of its sheets, whatever their faults are called in the code."""

from __future__ import annotations

from itertools import permutations

import pytest

from xlsales.core.faults import Place, Problem
from xlsales.store import reasons
from xlsales.store.collect.marking import points, sentence
from xlsales.store.returned import Returned

PROBLEMS = [
    Problem(Place("承诺", 6, 5), "9万x", reasons.CellWithoutResult()),
    Problem(Place("承诺", 8, 5), "95%", reasons.CellIsShare(value="95%")),
    Problem(Place("承诺", 10, 5), "#N/A", reasons.CellError(value="#N/A")),
    Problem(Place("承诺", 11, 5), "#N/A", reasons.CellError(value="#N/A")),
    Problem(Place("承诺", 12, 5), "5%", reasons.CellIsShare(value="5%")),
    Problem(Place("承诺"), "", reasons.SheetsGone(title="日报")),
    Problem(Place("日报", 7, 8), "#N/A", reasons.CellError(value="#N/A")),
]


@pytest.mark.parametrize("order", [PROBLEMS, PROBLEMS[::-1], *list(permutations(PROBLEMS))[:5000:997]])
def test_points_go_from_the_top_of_each_sheet_to_its_end(order: list[Problem]) -> None:
    """Cells below one another with the same fault are one point; a fault of the whole sheet comes first."""
    returned = Returned("a.xlsx", problems=list(order))
    assert [(point.sheet, point.cells) for point in points(returned, "zh")] == [
        ("承诺", ""), ("承诺", "E6"), ("承诺", "E8"), ("承诺", "E10:E11"), ("承诺", "E12"), ("日报", "H7"),
    ]  # fmt: skip
    assert [line.split(" ")[0] for line in sentence(returned, "zh").split("\n")[1:3]] == ["承诺!E6", "承诺!E8"]
