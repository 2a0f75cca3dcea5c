"""Amounts are read as people mean them, exactly."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.tables.cells.amounts import multiply, read_amounts

pytestmark = pytest.mark.unit


def micros(*texts: str | None, factor: int = 1) -> list[int | None]:
    found = read_amounts(pl.Series(texts, dtype=pl.String), factor)
    return [m if r else None for m, r in zip(found.micros.tolist(), found.readable.tolist(), strict=True)]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("1,234.50", "1234.5"), ("1234.5", "1234.5"), ("２０００", "2000"), ("2000万", "20000000"),
        ("1.2亿", "120000000"), ("¥1,200", "1200"), ("￥1,200.05", "1200.05"), ("(500)", "-500"), ("（500）", "-500"),
        ("-500", "-500"), ("500-", "-500"), ("1 234", "1234"), ("1\u00a0234.5", "1234.5"), (" 12 ", "12"),
        ("500元", "500"),
        ("3千", "3000"), ("-¥20", "-20"), ("¥-20", "-20"), ("+7", "7"), ("−7", "-7"), ("1e3", "1000"), (".5", "0.5"),
        ("5万元", "50000"), ("0.1", "0.1"), ("１，２３４．５", "1234.5"), ("'88", "88"), ("RMB 300", "300"), ("0", "0"),
        ("-1,234", "-1234"), ("129.696", "129.696"), ("8,999,999,999,999.123456", "8999999999999.123456"),
        ("4503599627370.123457", "4503599627370.123457"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_meant(text: str, yuan: str) -> None:
    """Separators, signs, currency marks, full-width figures and Chinese units all mean what they say."""
    assert micros(text) == [int(Decimal(yuan) * 10**6)]


@pytest.mark.parametrize(
    "text",
    ["50%", "true", "false", "约500", "nan", "inf", "-inf", "NaN", "1,23", "1,2345", "12:30", "2026-01-05 00:00:00",
     "--5", "(500", "500)", "-(5)", "1.2.3", "$5", "abc", "-", "5天", "9000000000000", "1 2 3", "０ｘ１", "1_000",
     "9" * 1_001, "9" * 1_100_000],
)  # fmt: skip
def test_what_is_no_amount_is_not_read(text: str) -> None:
    """A percentage, a truth value, a date, a foreign currency or a vague figure is no amount."""
    assert micros(text) == [None]


def test_a_number_that_is_none_is_not_read() -> None:
    """A column of numbers with NaN among them loads as any other."""
    found = read_amounts(pl.Series([1.5, float("nan"), None]))
    assert found.readable.tolist() == [True, False, False]
    assert found.micros.tolist() == [1_500_000, 0, 0]


def test_a_unit_in_the_cell_precedes_the_unit_of_the_column() -> None:
    """2000万 is twenty million yuan also where the column is in 万元; a bare figure follows the column."""
    assert micros("2000万", "500元", "0.1", None, factor=10_000) == [
        20_000_000_000_000,
        500_000_000,
        1_000_000_000,
        None,
    ]


def test_quantity_times_price() -> None:
    """Where both can be read, the amount is their product."""
    found = multiply(
        pl.Series(["3", "2", None, "x", "-1", "9000000"]), pl.Series(["1,000.5", "(4)", "5", "5", "0.001", "900000.01"])
    )
    assert found.readable.tolist() == [True, True, False, False, True, True]
    assert found.micros.tolist() == [3_001_500_000, -8_000_000, 0, 0, -1000, 8_100_000_090_000 * 10**6]


@given(st.lists(st.decimals(-(10**12), 10**12, places=6, allow_nan=False), min_size=1, max_size=30))
def test_six_decimals_are_exact(amounts: list[Decimal]) -> None:
    """Whatever has at most six decimals is read to the last one."""
    assert micros(*[format(a, "f") for a in amounts]) == [int(a * 10**6) for a in amounts]


@given(st.lists(st.one_of(st.none(), st.text(max_size=12)), max_size=30))
def test_no_text_breaks_the_reader(texts: list[str | None]) -> None:
    """Any text is either an amount or is not; nothing is raised."""
    assert len(micros(*texts)) == len(texts)


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (("1.234.567", "-2.345.678"), (1_234_567, -2_345_678)),
        (("1.234,56", "7,50"), (1234.56, 7.5)),
        (("1234,56", "0,5"), (1234.56, 0.5)),
        (("1 234,56", "¥ 2 345,5"), (1234.56, 2345.5)),
        (("1'234.50", "1'234'567"), (1234.5, 1_234_567)),
        (("12.5k", "3K", "1.5k元"), (12_500, 3000, 1500)),
        (("7,50", "8,25"), (None, None)),
        (("1.234,56", "7,50", "8.25"), (1234.56, None, 8.25)),
        (("1,234", "7,50"), (1234, None)),
        (("12m", "5%", "1.23.456"), (None, None, None)),
    ],
)
def test_amounts_as_others_write_them(texts: tuple[str, ...], read: tuple[float | None, ...]) -> None:
    """What can mean one thing is read; `7,50` only among others whose comma is a decimal, and no others."""
    found = read_amounts(pl.Series(texts, dtype=pl.String))
    assert [int(m) if r else None for m, r in zip(found.micros, found.readable, strict=True)] == [
        None if value is None else round(value * 1_000_000) for value in read
    ]
