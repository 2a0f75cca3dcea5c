"""Rows of 实际 that two persons share, from the pasted row to 按人员: persons, teams and the whole close."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import Command, opened, plan

pytestmark = pytest.mark.unit
PEOPLE = [
    {"dimension": "人员", "member": "一队"},
    {"dimension": "人员", "member": "张三", "parent": "一队", "weight": 1},
    {"dimension": "人员", "member": "李四", "parent": "一队", "weight": 1},
    {"dimension": "人员", "member": "二队"},
    {"dimension": "人员", "member": "赵六", "parent": "二队", "weight": 1},
]
SALES = [
    ["日期", "人员", "销售额"],
    [dt.date(2026, 3, 5), "张三/李四", 100.01],
    [dt.date(2026, 3, 6), "张三60%赵六40%", 1000],
    [dt.date(2026, 3, 7), "赵六", 50],
    [dt.date(2026, 3, 8), "张三/小明", 7],
    [dt.date(2026, 4, 1), "李四、赵六", 30],  # after the as-of date
]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_persons_teams_and_the_whole_close(xlsales: Command, tmp_path: Path, lang: str) -> None:
    path = tmp_path / "a.xlsx"
    plan(path, lang=lang, dimensions=PEOPLE, actuals=SALES, history=SALES, unit="yuan", step=1, total=100_000)
    assert xlsales("split", path).code == 1
    ran = xlsales("refresh", path, "--as-of", "2026-03-31", "--json")
    assert ran.code == 1
    book = opened(path)
    people = book.dimension("人员")
    actual = {name: people.value(f"m:{name}", "actual") for name in ("张三", "李四", "一队", "赵六", "二队")}
    assert actual == pytest.approx({"张三": 650.01, "李四": 50.0, "一队": 700.01, "赵六": 450.0, "二队": 450.0})
    problems = book.sheet("problems")
    balance = {key: problems.value(key, "amount") for key in ("found", "accepted", "set_aside", "totals")}
    assert balance == pytest.approx({"found": 1187.01, "accepted": 1150.01, "set_aside": 37.0, "totals": 0.0})
    rows = {key: problems.value(key, "count") for key in ("found", "accepted", "set_aside")}
    assert rows == {"found": 5, "accepted": 3, "set_aside": 2}
    shared = "3 行的人员写了几个名字" if lang == "zh" else "3 rows with several names as 人员"
    assert [shared in sentence for sentence in book.problems].count(True) == 1
    before = path.read_bytes()
    assert xlsales("refresh", path, "--as-of", "2026-03-31").code == 1
    assert path.read_bytes() == before
