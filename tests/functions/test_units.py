"""One unit a call: text that names a unit is told, for the numbers beside it and in the next call name none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.test_splitting import answer

pytestmark = pytest.mark.unit

WITH_UNITS: dict[str, tuple[str, tuple[Any, ...], str]] = {
    "total": ("SPLIT_TARGET", ("1000万", [[1.0, 1.0]]), "total 是“1000万”"),
    "total in 万元": ("SPLIT_TARGET", (" 1,000 万元", [[1.0, 1.0]]), "total 是“1,000 万元”"),
    "total in yuan": ("SPLIT_TARGET", ("500元", [[1.0, 1.0]]), "total 是“500元”"),
    "lock": ("SPLIT_TARGET", (1000.0, [[1.0, 1.0]], None, [["200万", None]]), "locked 第1列是“200万”"),
    "bound": ("SPLIT_TARGET", (1000.0, [[1.0, 1.0]], None, None, "1万"), "lower 是“1万”"),
    "weight": ("SPLIT_TARGET", (1000.0, [[1.0, "3万"]]), "weights 第2列是“3万”"),
    "step": ("SPLIT_TARGET", (1000.0, [[1.0, 1.0]], "0.1万"), "step_size 是“0.1万”"),
    "margin": ("SPLIT_MATRIX", ([[60.0], ["40万"]], [[50.0, 50.0]]), "row_totals 第2行是“40万”"),
    "series": ("SPLIT_SERIES", ("1.2亿", 3.0), "total 是“1.2亿”"),
    "thousand": ("SPLIT_SERIES", ("12千", 3.0), "total 是“12千”"),
    "letter": ("SPLIT_SERIES", ("12w", 3.0), "total 是“12w”"),
}


@pytest.mark.parametrize(("name", "arguments", "start"), WITH_UNITS.values(), ids=WITH_UNITS)
def test_units_are_told(name: str, arguments: tuple[Any, ...], start: str) -> None:
    said = answer(name, *arguments)
    assert isinstance(said, str)
    assert said.startswith(start)


def test_both_spellings_are_offered_and_work() -> None:
    assert answer("SPLIT_TARGET", "1000万", [[1.0, 1.0]]) == (
        "total 是“1000万”,写了单位,而这里的数都不写单位。请只填数字:1000(都以万计),或 10000000(都以元计)。"
    )
    assert answer("SPLIT_TARGET", 1000.0, [[1.0, 1.0]]) == [[500.0, 500.0]]
    assert answer("SPLIT_TARGET", 10_000_000.0, [[1.0, 1.0]]) == [[5_000_000.0, 5_000_000.0]]


@pytest.mark.parametrize("text", ["1000", "1,000", " 1000 ", "¥1,000", "１０００", "RMB 1,000", "1e3"])
def test_text_without_a_unit_is_read_as_meant(text: str) -> None:
    assert answer("SPLIT_TARGET", text, [[1.0, 1.0]]) == [[500.0, 500.0]]
