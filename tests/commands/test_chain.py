"""The chain year → quarter → month → "month ÷ 5 a week" → "week ÷ 6 a day" is said to be one that does not close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.commands.books import Command, members, opened, plan

pytestmark = pytest.mark.package
Locks = Sequence[Mapping[str, object]]


def said(path: Path) -> list[str]:
    return [one for one in opened(path).problems if "不闭合" in one or "does not close" in one]


def book(path: Path, locks: Locks, **more: object) -> Path:
    stores = members({"门店": {"一店": 4, "二店": 6}})
    return plan(path, dimensions=stores, tables={"xs_locks": locks}, week_rule="iso", step=100, day_step=100, **more)


@pytest.mark.parametrize(
    ("lock", "zh"),
    [
        ({"period": "2026-W10", "amount": 16.67},
         "16.67万元 像是一个月 83.33万元 ÷ 5。照此计划期 52.1 周合计 869.22万元,与 1000万元 "
         "差 130.78万元,不闭合;平均一周是 19.18万元"),
        ({"period": "2026-03-03", "amount": 2.78},
         "2.78万元 像是一个月 83.33万元 ÷ 5 ÷ 6(一周 6 天)。照此计划期 52.1 周合计 869.74万元,"
         "与 1000万元 差 130.26万元"),
        ({"period": "2026-W10", "amount": 20.83}, "÷ 4。照此计划期 52.1 周合计 1086.14万元"),
        ({"dimension": "门店", "member": "一店", "period": "2026-W10", "amount": 6.67},
         "6.67万元 像是一个月 33.33万元 ÷ 5"),
    ],
)  # fmt: skip
def test_a_week_or_a_day_of_the_chain_is_said_at_its_lock(
    xlsales: Command, tmp_path: Path, lock: Mapping[str, object], zh: str
) -> None:
    """1000 → 250 → 83.33 → 16.67 → 2.78: five-week months and six-day weeks make 869 of the year."""
    path = book(tmp_path / "p.xlsx", [lock])
    ran = xlsales("split", path)
    assert ran.code == 1, ran.err
    (sentence,) = said(path)
    assert zh in sentence
    assert xlsales("check", path).code == 1


def test_it_is_said_once_and_in_english(xlsales: Command, tmp_path: Path) -> None:
    """Ten weeks of one amount are one sentence."""
    locks = [{"period": f"2026-W{n}", "amount": 16.67} for n in range(10, 20)]
    path = book(tmp_path / "p.xlsx", locks, lang="en")
    assert xlsales("split", path).code == 1
    (sentence,) = said(path)
    assert "16.67 (10k yuan) seems to be a month of 83.33 (10k yuan) / 5. Over the 52.1 weeks" in sentence


@pytest.mark.parametrize(
    "lock",
    [
        {"period": "2026-W10", "amount": 19.18},
        {"period": "2026-W10", "amount": 25},
        {"period": "2026-W10", "amount": 0},
        {"period": "2026-03-03", "amount": 5},
        {"period": "2026-03", "amount": 16.67},
    ],
)
def test_other_locks_are_not(xlsales: Command, tmp_path: Path, lock: Mapping[str, object]) -> None:
    """A week of the year ÷ 52.1 closes; a campaign week is what it is."""
    path = book(tmp_path / "p.xlsx", [lock])
    assert xlsales("split", path).code == 0
    assert not said(path)
