"""A split by reference that lacks sales: rows of the history that do not count for a name of another dimension."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import Command, fill_in, plan
from xlsales.core.faults import Lang

pytestmark = pytest.mark.package

SAID: dict[Lang, tuple[str, ...]] = {
    "zh": ("维度“人员”", "“城西组”", "历史有 2 行没有计入", "“门店”里没有“城西店”"),
    "en": ('dimension "人员"', '"城西组"', "2 rows do not count", '"门店" has no "城西店"'),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_name_that_keeps_history_from_counting_is_told(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Its remedy works: with the name as an alias, the plan splits."""
    header = {"zh": ("日期", "门店", "人员", "金额"), "en": ("Date", "门店", "人员", "Amount")}[lang]
    sales = [("城东店", "王一"), ("城西店", "李一"), ("城西店", "李二")]
    history = [header, *((dt.date(2025, 5, 6), store, person, 90_000) for store, person in sales)]
    rows: list[dict[str, object]] = [
        {"dimension": "门店", "member": "城东店", "weight": 1},
        *({"dimension": "人员", "member": name, "weight": 1} for name in ("城东组", "城西组")),
        {"dimension": "人员", "member": "王一", "parent": "城东组", "method": "reference"},
        *({"dimension": "人员", "member": n, "parent": "城西组", "method": "reference"} for n in ("李一", "李二")),
    ]
    path = plan(tmp_path / "plan.xlsx", lang=lang, dimensions=rows, history=history)
    ran = xlsales("split", path)
    assert ran.code == 2
    assert any(all(part in line for part in SAID[lang]) for line in ran.sentences), ran.err
    fill_in(path, "xs_dimensions", 0, aliases="城西店")
    assert xlsales("split", path).code in (0, 1)
