"""Marks that nobody sees, in the plan as in its actuals, change no figure; the person's cells stay as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.books import WAN, Command, answer, opened, plan

MARKS = ["\u200b", "\ufeff", "\u200e", "\u00a0", "\u00ad", "\u2060", "\u202c"]


@pytest.mark.parametrize("mark", MARKS, ids=ascii)
def test_plan_and_actuals_with_unseen_marks(xlsales: Command, tmp_path: Path, mark: str) -> None:
    regions = [
        {"dimension": f"区域{mark}", "member": f"{mark}华东", "weight": 1},
        {"dimension": "区域", "member": f"华{mark if mark != chr(0xA0) else ''}北", "weight": 3},
    ]
    locks = [{"dimension": f"{mark}区域", "member": f"华东{mark}", "period": f"2026-03{mark}", "amount": f"{mark}10"}]
    actuals = [["日期", "区域", "金额"], ["2026-01-05", "华东", 7 * WAN], ["2026-01-06", f"华北{mark}", 8 * WAN]]
    path = plan(tmp_path / "p.xlsx", dimensions=regions, tables={"xs_locks": locks}, actuals=actuals)
    answer(path, "unit", f"万元{mark}")
    answer(path, "total", f"1000{mark}")
    ran = xlsales("split", path)
    assert ran.code == 0, ran.err
    ran = xlsales("refresh", path, "--as-of", "2026-02-01", "--json")
    assert ran.code == 0, ran.out
    assert ran.json["problems"] == []
    assert ran.json["actual_by_dimension"] == {"区域": 15 * WAN}
    cells = [cell for sheet in opened(path).book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert f"{mark}华东" in cells  # as it was typed
