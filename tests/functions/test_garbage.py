"""Whatever a sheet holds, a function answers: a block, or one short line of a rule that is known."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from xlsales.functions.answer import answer
from xlsales.functions.catalogue import BY_NAME, FUNCTIONS
from xlsales.functions.worksheet import FunctionSpec

pytestmark = pytest.mark.unit

cell = st.one_of(
    st.none(),
    st.sampled_from(
        ["", " ", "abc", "#N/A", "#DIV/0!", "2000万", "5%", "2026年1月5日", "Err:502", "月", "工作日", "٣"]
    ),
    st.sampled_from([-2146826281, -2146826243, True, False, 0.0, 1.0, 46023.0, 1e-300, 1e308, -1e308, 5e-324]),
    st.floats(),
    st.integers(),
    st.text(max_size=8),
    st.decimals(),
    st.datetimes(),
    st.dates(),
    st.sampled_from(
        [np.float64(2.5), np.int64(3), np.bool_(True), np.nan, Decimal("1.50"), dt.time(1), b"x", object()]
    ),
)
sensible = st.one_of(st.floats(0, 1000), st.integers(0, 20).map(float), st.sampled_from(["2026-01-01", "2026-12-31"]))
block = st.one_of(
    cell,
    sensible,
    st.lists(st.one_of(cell, sensible), max_size=4),
    st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(sensible, min_size=n, max_size=n), max_size=4)),
    st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(cell, min_size=n, max_size=n), max_size=4)),
    st.lists(st.lists(cell, max_size=3), max_size=3),
)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
@settings(max_examples=400)
@given(st.data())
def test_no_garbage_breaks_a_function(function: FunctionSpec, data: st.DataObject) -> None:
    """No cells make a function fail; an answer is a rectangle of plain cells, or one line without a traceback."""
    most = len(function.arguments)
    least = sum(not a.optional for a in function.arguments)
    arguments: list[Any] = data.draw(st.lists(block, min_size=least, max_size=most))
    lang: Any = data.draw(st.sampled_from(["zh", "en"]))
    found = answer(function.name, *arguments, lang=lang)
    if isinstance(found, str):
        assert 0 < len(found) < 255
        assert "\n" not in found
        assert "我们" not in found
        assert "our mistake" not in found
        return
    assert len({len(row) for row in found}) == 1
    for value in (v for row in found for v in row):
        assert value is None or type(value) in (str, float, dt.date)
        assert type(value) is not float or math.isfinite(value)


def test_what_no_rule_foresees_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a mistake of ours ends in a line in the cell."""

    def broken(*_: Any) -> Any:
        raise RuntimeError("no\nway")

    monkeypatch.setitem(BY_NAME, "SPLIT_TARGET", replace(BY_NAME["SPLIT_TARGET"], code=broken))
    assert answer("SPLIT_TARGET").startswith("SPLIT_TARGET 没有算出来(RuntimeError: no way)")


def test_the_language_is_asked_for_only_when_there_is_something_to_say() -> None:
    """A function without words never asks for the language; a fault does, once."""
    asked: list[str] = []

    def lang() -> Any:
        asked.append("asked")
        return "en"

    assert answer("SPLIT_TARGET", 10.0, [[1.0]], lang=lang) == [[10.0]]
    assert not asked
    assert answer("SPLIT_TARGET", None, [[1.0]], lang=lang) == "total is blank. Fill it in."
    assert asked == ["asked"]


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize("argument", [[[1.0, 2.0], [3.0, 4.0]], [["?"]], None], ids=["numbers", "a text", "nothing"])
def test_a_recalculation_reads_the_workbook_once(name: str, argument: Any) -> None:
    """The language is in the workbook: with words, a fault, or both, a call asks once at most."""
    asked: list[str] = []

    def lang() -> Any:
        asked.append("asked")
        return "en"

    answer(name, *(argument for _ in BY_NAME[name].arguments), lang=lang)
    assert len(asked) <= 1
