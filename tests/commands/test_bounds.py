"""Numbers that no plan needs: each is told where it stands, none is written wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.books import Command, members, opened, plan

pytestmark = pytest.mark.unit
REGIONS = {"华东": 1, "华南": 1}
TOO_LARGE = {
    "a total from where 64 bits end": ({"total": 930_000_000}, "设置!C6", "500,000,000 万元"),
    "ten thousand million 万": ({"total": 1e10}, "设置!C6", "500,000,000 万元"),
    "a total of no plan": ({"total": 1e300}, "设置!C6", "1,000,000,000,000,000"),
    "a step of no plan": ({"step": 1e300}, "设置!C11", "1,000,000,000,000,000"),
    "a step beside which the total is nothing": ({"step": 1e14}, "设置!C6", "最小步长"),
    "a weight": ({"weight": 1e308}, "维度!F5", "1,000,000,000,000,000"),
    "a lock": ({"lock": 1e12}, "锁定!", "500,000,000 万元"),
    "stretch on top": ({"total": 400_000_000, "stretch_1": 3}, "设置!C6", "9 万亿"),
}


@pytest.mark.parametrize("what", TOO_LARGE)
def test_a_number_beyond_what_is_kept_exactly(xlsales: Command, tmp_path: Path, what: str) -> None:
    settings, place, bound = TOO_LARGE[what]
    weight, lock = settings.pop("weight", 1), settings.pop("lock", None)
    locks = [{"dimension": "区域", "member": "华东", "period": "2026", "amount": lock}] if lock else []
    book = plan(
        tmp_path / "计划.xlsx",
        dimensions=members({"区域": {**REGIONS, "华东": weight}}),
        tables={"xs_locks": locks},
        **settings,
    )
    before = book.read_bytes()
    ran = xlsales("split", book)
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert ran.err.startswith(place)
    assert bound in ran.err
    assert book.read_bytes() == before


def test_the_largest_total_is_exact(xlsales: Command, tmp_path: Path) -> None:
    """5 trillion yuan, split to the last fen: what is written adds up."""
    book = plan(
        tmp_path / "计划.xlsx", total=500_000_000, step=0.01, dimensions=members({"区域": {"甲": 1, "乙": 1, "丙": 1}})
    )
    assert xlsales("split", book).code == 0
    sheet = opened(book).dimension("区域")
    targets = sheet.down("target", "m:.*")
    assert sum(round(t * 100) for t in targets) == 5 * 10**12 * 100
