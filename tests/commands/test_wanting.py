"""Targets that would be zero only for want of history: found, with the choices, and each choice works."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.commands.books import WAN, Command, Rows, answer, fill_in, opened, paste, plan
from xlsales.core.plan import MemberMethod

pytestmark = pytest.mark.unit

YEAR = range(1, 13)


def history(sold: dict[str, dict[int, float]]) -> list[Sequence[object]]:
    """Sales of 2025 in yuan, store by month."""
    rows = [(dt.date(2025, m, 15), name, amount) for name, months in sold.items() for m, amount in months.items()]
    return [("日期", "门店", "金额"), *sorted(rows, key=lambda r: (str(r[0]), r[1]))]


def stores(*names: str, method: str = "参照") -> list[dict[str, object]]:
    return [{"dimension": "门店", "member": name, "method": method} for name in names]


def company(path: Path, sold: dict[str, dict[int, float]], names: Sequence[str], **options: Any) -> Path:
    given: dict[str, Any] = {"total": 1200, "dimensions": stores(*names), "history": history(sold)}
    return plan(path, **(given | options))


def target(book: Path, name: str) -> float:
    return round(opened(book).dimension("门店").value(f"m:{name}", "target") / WAN, 4)


EVEN = dict.fromkeys(YEAR, 100_000.0)
LITTLE = dict.fromkeys(YEAR, 50000.0)

LACKS = {
    "no history": ({}, "参照期间没有它的销售"),
    "sold nothing": ({3: 0.0}, "参照期间没有它的销售"),
    "returns only": ({3: -30_000.0}, "它的销售净额是 -3万元"),
    "net returns": ({3: 20_000.0, 4: -50_000.0}, "它的销售净额是 -3万元"),
}


@pytest.mark.parametrize("lack", list(LACKS))
def test_a_member_without_history_is_found(xlsales: Command, tmp_path: Path, lack: str) -> None:
    """One of three by reference has nothing to refer to: told at its cell, with the choices; not judged 稳健."""
    months, words = LACKS[lack]
    book = company(tmp_path / "计划.xlsx", {"甲": EVEN, "乙": LITTLE, "丙": months}, "甲乙丙")
    for command in ("check", "split"):
        ran = xlsales(command, book, "--json")
        assert ran.code == 1
        (found,) = ran.json["problems"]
        assert (found["sheet"], found["row"], found["column"], found["value"]) == ("维度", 7, 5, "丙")
        assert words in found["sentence"]
        assert all(choice in found["sentence"] for choice in ("权重", "均分", "历史", "填 0"))
    assert (target(book, "甲"), target(book, "乙"), target(book, "丙")) == (800, 400, 0)
    judged = opened(book).sheet("basis")
    assert judged.value("d1:丙", "judgement") is None
    assert opened(book).problems


@pytest.mark.parametrize(
    ("choice", "targets"),
    [
        ({"method": "权重", "weight": 60}, (600, 300, 300)),
        ({"method": "均分"}, (533.3, 266.7, 400)),
        ({"method": "权重", "weight": 0}, (800, 400, 0)),
        ({"method": None, "weight": 60}, (600, 300, 300)),
        ({"locked": 300}, (600, 300, 300)),
        ({"locked": 0}, (800, 400, 0)),
    ],
)
def test_each_choice_works(xlsales: Command, tmp_path: Path, choice: dict[str, Any], targets: Sequence[float]) -> None:
    """A weight is what it would have sold: 60万 beside 120 and 60; equal is their average; 0 on purpose is quiet."""
    book = company(tmp_path / "计划.xlsx", {"甲": EVEN, "乙": LITTLE}, "甲乙丙")
    assert xlsales("split", book).code == 1
    fill_in(book, "xs_dimensions", 2, **choice)
    ran = xlsales("split", book)
    assert (ran.code, ran.err) == (0, "")
    assert tuple(target(book, name) for name in "甲乙丙") == targets


def test_pasting_history_works(xlsales: Command, tmp_path: Path) -> None:
    book = company(tmp_path / "计划.xlsx", {"甲": EVEN, "乙": LITTLE}, "甲乙丙")
    assert xlsales("split", book).code == 1
    paste(book, history({"甲": EVEN, "乙": LITTLE, "丙": LITTLE}), "历史")
    assert xlsales("split", book).code == 0
    assert target(book, "丙") == 300


def test_the_unit_of_a_weight(xlsales: Command, tmp_path: Path) -> None:
    """In a plan in yuan the same sales are typed in yuan."""
    rows = [*stores("甲", "乙"), {"dimension": "门店", "member": "丙", "weight": 600_000}]
    options = {"unit": "yuan", "total": 12_000_000, "step": 1, "dimensions": rows}
    book = company(tmp_path / "计划.xlsx", {"甲": EVEN, "乙": LITTLE}, "甲乙丙", **options)
    assert xlsales("split", book).code == 0
    assert target(book, "丙") == 300


@pytest.mark.parametrize(("method", "code"), [("均分", 2), ("权重", 1)])
def test_no_history_at_all(xlsales: Command, tmp_path: Path, method: str, code: int) -> None:
    """No sibling has a reference: refused, also where the others are to be their average; beside a weight, found."""
    book = company(tmp_path / "计划.xlsx", {"甲": EVEN}, "甲", dimensions=[*stores("乙", "丙")])
    assert "按参照分解" in xlsales("split", book).err
    fill_in(book, "xs_dimensions", 0, method=method, weight=1)
    ran = xlsales("split", book, "--verbose")
    assert ran.code == code
    assert "按参照分解" in ran.err + ran.out


def test_many_without_history(xlsales: Command, tmp_path: Path) -> None:
    """Ten by name, the others in one line."""
    names = [f"店{i:02}" for i in range(31)]
    book = company(tmp_path / "计划.xlsx", {"店00": EVEN}, names)
    ran = xlsales("split", book, "--json")
    assert len(ran.json["problems"]) == 11
    assert "另有 20 个成员" in ran.json["problems"][-1]["sentence"]


GAPS = {
    (11, 12): "2026-11、2026-12 ",
    (1,): " 2026-01 ",
    (1, 2, 3, 7): " 2026-01 – 2026-03、2026-07 ",
    tuple(range(2, 13)): " 2026-02 – 2026-12 ",
}


@pytest.mark.parametrize("gap", list(GAPS))
def test_a_history_that_lacks_months(xlsales: Command, tmp_path: Path, gap: tuple[int, ...]) -> None:
    """Months by reference: those that the history lacks are named; a 0 in 锁定 says that it is meant."""
    sold = {"甲": {m: 100_000.0 for m in YEAR if m not in gap}}
    rows = stores("甲", method="均分")
    book = company(tmp_path / "计划.xlsx", sold, "甲", dimensions=rows, month_method="reference")
    ran = xlsales("split", book, "--json")
    (found,) = ran.json["problems"]
    months = [f"2026-{m:02}" for m in gap]
    assert GAPS[gap] in found["sentence"]
    assert opened(book).time.value(months[0], "target") == 0
    for i, month in enumerate(months):
        fill_in(book, "xs_locks", i, period=month, amount=0)
    assert xlsales("split", book).code == 0


OWN_GAPS = {(1, 2, 3, 4, 5, 6): "2026-01 – 2026-06", (12,): "2026-12", (4, 9): "2026-04、2026-09"}


@pytest.mark.parametrize("gap", list(OWN_GAPS))
def test_a_member_whose_own_history_lacks_months(xlsales: Command, tmp_path: Path, gap: tuple[int, ...]) -> None:
    """Members by their own history: the one that lacks months is named with them; each choice makes it quiet."""
    sold = {"甲": EVEN, "乙": {m: 50_000.0 for m in YEAR if m not in gap}}
    options = {"dimensions": stores("甲", "乙", method="均分"), "member_shape": "own"}
    book = company(tmp_path / "计划.xlsx", sold, "甲乙", **options)
    (found,) = xlsales("split", book, "--json").json["problems"]
    months = [f"2026-{m:02}" for m in gap]
    assert "“乙”" in found["sentence"]
    assert OWN_GAPS[gap] in found["sentence"]
    assert "甲" not in found["sentence"]
    shown = opened(book).dimension("门店")
    assert [shown.value("m:乙", f"t:{m}") for m in months] == [0] * len(months)
    for i, month in enumerate(months):
        fill_in(book, "xs_locks", i, dimension="门店", member="乙", period=month, amount=0)
    assert xlsales("split", book).code == 0
    for i in range(len(months)):
        fill_in(book, "xs_locks", i, dimension=None, member=None, period=None, amount=None)
    answer(book, "member_shape", "公司曲线")
    assert xlsales("split", book).code == 0


def test_whole_history_is_quiet(xlsales: Command, tmp_path: Path) -> None:
    """Every member and month with sales: nothing to say, by any method that follows history."""
    options: dict[str, Any] = {"month_method": "reference", "member_shape": "own"}
    book = company(tmp_path / "计划.xlsx", {"甲": EVEN, "乙": LITTLE}, "甲乙", **options)
    assert xlsales("split", book).code == 0


def test_in_english(xlsales: Command, tmp_path: Path) -> None:
    rows: Rows = [("Date", "Store", "Amount"), (dt.date(2025, 3, 1), "A", 300_000)]
    members = [{"dimension": "Store", "member": m, "method": MemberMethod.REFERENCE.value} for m in "AB"]
    book = plan(tmp_path / "plan.xlsx", lang="en", total=100, dimensions=members, history=rows)
    assert '"B" of "Store" is split by reference, but it has no sales' in xlsales("split", book).out
    fill_in(book, "xs_dimensions", 1, method="weight", weight=10)
    assert xlsales("split", book).code == 0
    assert opened(book).dimension("Store").value("m:B", "target") == 25 * WAN
