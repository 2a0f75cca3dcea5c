"""Amounts out of text, and into the words of contracts."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from xlsales.functions.answer import answer

pytestmark = pytest.mark.unit

AMOUNTS: dict[str, tuple[tuple[Any, ...], list[list[Any]]]] = {
    "ways to write": (
        ([["2000万", "1.2亿", "¥1,200", "(500)", "２０００", "500-"]],),
        [[2e7, 1.2e8, 1200.0, -500.0, 2000.0, -500.0]],
    ),
    "numbers and blanks": (([[3.0], [None], [""], ["—"]],), [[3.0], [None], [None], [None]]),
    "a unit for those that name none": (([["2000万"], ["3"], [4.0]], "万元"), [[2e7], [30_000.0], [40_000.0]]),
    "another currency": (("$5", "美元"), [[5.0]]),
}


@pytest.mark.parametrize(("arguments", "expected"), AMOUNTS.values(), ids=AMOUNTS)
def test_amounts_are_read_as_meant(arguments: tuple[Any, ...], expected: list[list[Any]]) -> None:
    assert answer("PARSE_AMOUNT", *arguments) == expected


def test_amounts_in_words() -> None:
    """Rounded to cents as a cell shows them; a blank stays blank, zero has words."""
    found = answer("RMB_CAPITAL", [[1e6, 1.05, 1.005, -3.5, 0.0, None, "2000万"]])
    words = ["壹佰万元整", "壹元零伍分", "壹元零壹分", "负叁元伍角", "零元整", None, "贰仟万元整"]
    assert found == [[word and f"人民币{word}" for word in words]]


def test_without_the_library_of_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """xlwings Lite does not have it: the cell says so."""
    monkeypatch.setitem(sys.modules, "cn2an", None)
    assert answer("RMB_CAPITAL", 1.0).startswith("这里没有金额大写要用的库")


@pytest.mark.parametrize(
    ("name", "arguments", "line"),
    [
        ("PARSE_AMOUNT", ([["1"], ["约500"]],), "texts 第2行是“约500”,不是数字。"),
        ("PARSE_AMOUNT", ("5%",), "texts 是“5%”,百分数不是金额。"),
        ("PARSE_AMOUNT", (True,), "texts 是逻辑值 TRUE,不是数字。"),
        ("PARSE_AMOUNT", ("#N/A",), "texts 是错误值 #N/A。"),
        ("PARSE_AMOUNT", ("5", "米"), "unit 是“米”,不是金额单位。"),
        ("PARSE_AMOUNT", ("$5",), "texts 是“$5”,不是数字。"),
        ("RMB_CAPITAL", (1e14,), "amount 是 100000000000000,应在 -9,999,999,999,999 至"),
    ],
)
def test_what_is_wrong_is_said(name: str, arguments: tuple[Any, ...], line: str) -> None:
    assert answer(name, *arguments).startswith(line)
