"""Members that get nothing, and bounds that do not reach: the reason is the true one, and the remedy works."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import Command, fill_in, plan

pytestmark = pytest.mark.unit


def shops(*rows: tuple[str, dict[str, Any]]) -> list[dict[str, object]]:
    return [{"dimension": "门店", "member": name, "weight": 1, **given} for name, given in rows]


@pytest.mark.parametrize("held", [{"locked": 400}, {"lower": 400}])
@pytest.mark.parametrize("remedy", [{"weight": 0}, {"weight": 1, "locked": 0}])
def test_locks_that_leave_nothing_are_told_as_such(
    xlsales: Command, tmp_path: Path, held: dict[str, int], remedy: dict[str, int]
) -> None:
    """600 + 400 of 1000 are held: it is not the step. A weight of 0, or a lock at 0, says that it is meant."""
    book = plan(tmp_path / "计划.xlsx", dimensions=shops(("甲", {"locked": 600}), ("乙", held), ("丙", {})))
    for command in ("check", "split"):
        ran = xlsales(command, book)
        assert ran.code == 1
        assert "维度!F7: “门店”的 丙 有权重却分到 0" in ran.out
        assert "已占满 1000万元" in ran.out
        assert "最小步长" not in ran.out
    fill_in(book, "xs_dimensions", 2, **remedy)
    assert xlsales("split", book).code == 0


@pytest.mark.parametrize(
    "given", [{"closes": dt.date(2025, 12, 31)}, {"upper": 0}, {"locked": 0}, {"opens": dt.date(2027, 1, 1)}]
)
def test_a_zero_that_is_meant_is_no_problem(xlsales: Command, tmp_path: Path, given: dict[str, Any]) -> None:
    """A shop that is shut the whole year, or held at 0, has 0 on purpose."""
    book = plan(tmp_path / "计划.xlsx", dimensions=shops(("甲", {}), ("乙", given)))
    assert xlsales("split", book).code == 0


@pytest.mark.parametrize("remedy", ["opens", "month"])
def test_a_shop_that_is_open_in_months_without_target_is_told_as_such(
    xlsales: Command, tmp_path: Path, remedy: str
) -> None:
    """It opens on 16 December, and December weighs nothing: no step can be small enough."""
    weights = [{"month": m, "weight": float(m < 12)} for m in range(1, 13)]
    book = plan(
        tmp_path / "计划.xlsx", month_method="weights", tables={"xs_month_weights": weights},
        dimensions=shops(("甲", {}), ("乙", {"opens": dt.date(2026, 12, 16)})),
    )  # fmt: skip
    for command in ("check", "split"):
        ran = xlsales(command, book)
        assert ran.code == 1
        assert "维度!L6: “门店”的 乙 分到 0:在其营业的日子里公司没有目标。" in ran.out
        assert "最小步长" not in ran.out
    if remedy == "opens":
        fill_in(book, "xs_dimensions", 1, opens=dt.date(2026, 11, 16))
    else:
        fill_in(book, "xs_month_weights", 11, weight=1)
    assert xlsales("split", book).code == 0


R = {"parent": "区"}


@pytest.mark.parametrize(
    ("rows", "sentence", "remedy"),
    [
        ((("区", {}), ("外", {"upper": 600}), ("甲", {**R, "upper": 100}), ("乙", {**R, "upper": 150})),
         "上限与锁定合计最多 850万元 < 总目标 1000万元,差 150万元", (1, {"upper": 750})),
        ((("区", {"locked": 300}), ("外", {}), ("甲", {**R, "upper": 100}), ("乙", {**R, "upper": 150})),
         "上限与锁定合计最多 250万元 < “区”的目标 300万元,差 50万元", (2, {"upper": 150})),
        ((("甲", {"locked": 400, "lower": 500}), ("乙", {})), "甲:锁定 400万元 低于下限 500万元", (0, {"lower": 400})),
        ((("甲", {"locked": 400, "upper": 300}), ("乙", {})), "甲:锁定 400万元 高于上限 300万元", (0, {"upper": 400})),
    ],
)  # fmt: skip
def test_bounds_that_do_not_reach(
    xlsales: Command, tmp_path: Path, rows: Any, sentence: str, remedy: tuple[int, dict[str, int]]
) -> None:
    """What is short is told of the target that it is short of, by the smallest amount; raising by it works."""
    book = plan(tmp_path / "计划.xlsx", dimensions=shops(*rows))
    held = book.read_bytes()
    ran = xlsales("split", book)
    assert (ran.code, book.read_bytes() == held) == (2, True)
    assert sentence in ran.err
    fill_in(book, "xs_dimensions", remedy[0], **remedy[1])
    assert xlsales("split", book).code == 0
