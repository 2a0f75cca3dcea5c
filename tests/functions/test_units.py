"""A call has no unit of its own: text that names one is the number in full, in every argument."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.test_splitting import answer

pytestmark = pytest.mark.unit

WITH_UNITS: dict[str, tuple[str, tuple[Any, ...], tuple[Any, ...]]] = {
    "total": ("SPLIT_TARGET", ("1000万", [[1.0, 1.0]]), (1e7, [[1.0, 1.0]])),
    "total in 万元": ("SPLIT_TARGET", (" 1,000 万元", [[1.0, 1.0]]), (1e7, [[1.0, 1.0]])),
    "total in yuan": ("SPLIT_TARGET", ("500元", [[1.0, 1.0]]), (500.0, [[1.0, 1.0]])),
    "lock": ("SPLIT_TARGET", (3e6, [[1.0, 1.0]], None, [["200万", None]]), (3e6, [[1.0, 1.0]], None, [[2e6, None]])),
    "bound": ("SPLIT_TARGET", (5e4, [[1.0, 9.0]], None, None, "1万"), (5e4, [[1.0, 9.0]], None, None, 1e4)),
    "weight": ("SPLIT_TARGET", (1000.0, [[1.0, "3万"]]), (1000.0, [[1.0, 3e4]])),
    "step": ("SPLIT_TARGET", (9000.0, [[1.0, 1.0]], "0.1万"), (9000.0, [[1.0, 1.0]], 1000.0)),
    "margin": ("SPLIT_MATRIX", ([[60.0], ["40万"]], [[2e5, 200_060.0]]), ([[60.0], [4e5]], [[2e5, 200_060.0]])),
    "series": ("SPLIT_SERIES", ("1.2亿", 3.0), (1.2e8, 3.0)),
    "thousand": ("SPLIT_SERIES", ("12千", 3.0), (12_000.0, 3.0)),
    "letter": ("SPLIT_SERIES", ("12w", 3.0), (120_000.0, 3.0)),
}


@pytest.mark.parametrize(("name", "texts", "numbers"), WITH_UNITS.values(), ids=WITH_UNITS)
def test_a_unit_gives_the_number_in_full(name: str, texts: tuple[Any, ...], numbers: tuple[Any, ...]) -> None:
    block = answer(name, *texts)
    assert isinstance(block, list), block
    assert block == answer(name, *numbers)


@pytest.mark.parametrize("text", ["1000", "1,000", " 1000 ", "¥1,000", "１０００", "RMB 1,000", "1e3"])
def test_text_without_a_unit_is_read_as_meant(text: str) -> None:
    assert answer("SPLIT_TARGET", text, [[1.0, 1.0]]) == [[500.0, 500.0]]
