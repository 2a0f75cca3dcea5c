"""Currencies in the cells of amounts: never yuan, converted by a rate that was told, else set aside and asked about."""

# ruff: noqa: E501 - tables of examples
from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from tests.tables.tables import dimension, read, write
from xlsales.tables.cells.amounts import read_amounts
from xlsales.tables.cells.marked_text import has_mark, split_marks
from xlsales.tables.reading import Records
from xlsales.tables.rows.counters import CounterUnreadable
from xlsales.tables.rows.rates import CurrenciesDiffer, RateUntold, ScaleUntold
from xlsales.tables.words.mapping_rules import MappingRule

pytestmark = pytest.mark.unit
STORE = dimension("门店", ["一店", "二店"])
D = dt.date(2026, 3, 8)
MILLION = 10**6
USD = MappingRule("rate", None, "USD", 7.0)
HKD = MappingRule("rate", None, "港币", 0.5)


@pytest.mark.parametrize(
    ("text", "code", "number"),
    [
        ("$5", "USD", 5), ("US$5", "USD", 5), ("€5,50", "EUR", 5.5), ("£5", "GBP", 5), ("HK$5", "HKD", 5), ("5 USD", "USD", 5),
        ("USD 1,200.00", "USD", 1200), ("1,200.00 usd", "USD", 1200), ("5美元", "USD", 5), ("5万美元", "USD", 50_000), ("$1.2k", "USD", 1200),
        ("$3万", "USD", 30_000), ("USD5.5m", "USD", 5_500_000), ("JPY 500", "JPY", 500), ("JP¥500", "JPY", 500), ("¥500 JPY", "JPY", 500),
        ("-$5", "USD", -5), ("$-5", "USD", -5), ("($5)", "USD", -5), ("$(5.00)", "USD", -5), ("5€-", "EUR", -5), ("5€", "EUR", 5), ("₩5", "KRW", 5),
        ("$ 5", "USD", 5), ("US $5", "USD", 5), ("$5 CAD", "CAD", 5), ("A$5", "AUD", 5), ("S$5", "SGD", 5), ("NT$5", "TWD", 5),
        ("＄５", "USD", 5), ("１２ＵＳＤ", "USD", 12), ("5刀", "USD", 5), ("港币5", "HKD", 5), ("5.50 港元", "HKD", 5.5), ("€1.234,56", "EUR", 1234.56),
        ("EUR 1 234,56", "EUR", 1234.56), ("'$5", "USD", 5), ("CN¥5", "CNY", 5),
    ],
)  # fmt: skip
def test_marks_of_currencies(text: str, code: str, number: float) -> None:
    """Before or behind the number, with its sign, its scale and its own way of decimals."""
    (found,) = split_marks(pl.Series([text]), own=False).iter_rows(named=True)
    assert found["code"] == code
    assert read_amounts(pl.Series([found["text"]])).micros[0] == round(number * MILLION)


@pytest.mark.parametrize(
    "text",
    [
        "$5",
        "€5,50",
        "5万美元",
        "(HK$5)",
        "＄５",
        "'$5",
        "5€-",
        "区域001",
        "A-12",
        "5",
        "5万",
        "5 USD EUR",
        "",
        "约500",
        "SKU 7",
    ],
)
def test_a_mark_at_a_glance_is_one_that_is_read(text: str) -> None:
    """What is left out at a glance would not be read either."""
    assert has_mark(text) >= (split_marks(pl.Series([text], dtype=pl.String), own=True).height == 1)
    assert has_mark(text) == any(sign in text for sign in ("$", "＄", "€", "美元"))


@pytest.mark.parametrize(
    "text",
    ["5", "1,200", "5件", "12m", "5%", "$5%", "USD", "$", "$abc", "$1.2.3", "€1.200", "5 k", "A5", "5A", "2026-01-05", "5-Jan", "1e5", "$5€",
     "5元", "¥5", "￥5", "RMB 5", "CNY5", "人民币5元", "5万元", "1.5亿"],
)  # fmt: skip
def test_what_has_no_mark_of_another_currency(text: str) -> None:
    """Plain figures, pieces, dates; yuan, which are read as ever; two currencies at once."""
    assert split_marks(pl.Series([text]), own=False).height == 0


def _counted(path: Path, header: Sequence[str], amounts: Sequence[object], *told: MappingRule) -> Records:
    rows = [["日期", "门店", *header], *([D, "一店", *(a if isinstance(a, tuple) else (a,))] for a in amounts)]
    return read(write(path / "t.xlsx", rows), STORE, rules=told)


CASES: tuple[tuple[tuple[str, ...], tuple[object, ...], tuple[MappingRule, ...], float, tuple[type, ...]], ...] = (
    (("金额",), (10, "$5", "US$7", "5块钱"), (), 15, (RateUntold,)),
    (("金额",), (10, "$5", "US$7", "5块钱", "2万美元"), (USD,), 140_099, ()),
    (("金额",), (10, "$5", "€5,50"), (USD,), 45, (RateUntold,)),
    (("金额",), ("RMB 5", "CNY5", "￥5", "¥5", "5元"), (USD,), 25, ()),
    (("金额(万元)",), (5, "5 USD", "5万美元"), (USD,), 50_035 + 350_000, ()),
    (("金额(万元)",), (5, "$5"), (USD,), 50_000, (ScaleUntold,)),
    (("Sales (USD)",), (5, "$5", "RMB 5", "¥5"), (USD,), 80, ()),
    (("Sales (USD)",), (5, "HK$4"), (USD,), 35, (RateUntold,)),
    (("Sales (USD)",), (5, "HK$4"), (USD, HKD), 37, ()),
    (("Sales (HKD)",), (4, "$4"), (HKD,), 4, ()),
    (("币种", "金额"), (("HKD", "$4"), ("CNY", "¥5"), ("美元", "$1"), (None, "$1"), ("CNY", 2)), (USD, HKD), 23, ()),
    (("币种", "金额"), (("HKD", "US$4"), ("CNY", "$5"), ("USD", "RMB 5"), ("CNY", 2)), (USD, HKD), 2, (CurrenciesDiffer,) * 3),
    (("币种", "金额"), (("USD", "$4"), ("CNY", 2)), (), 2, (RateUntold,)),
    (("数量", "单价"), ((2, 5), (2, "$5")), (), 10, (RateUntold,)),
    (("数量", "单价"), ((2, 5), (2, "$5")), (USD,), 80, ()),
    (("金额", "退款金额"), (("$10", "$3"), (10, 3), ("$10", None)), (USD, MappingRule("subtract", "退款金额")), 126, ()),
    (("金额", "退款金额"), ((10, "$3"), (10, 3)), (USD, MappingRule("subtract", "退款金额")), 7, (CounterUnreadable,)),
)  # fmt: skip


@pytest.mark.parametrize(("header", "amounts", "told", "yuan", "faults"), CASES)
def test_currencies_in_cells(
    tmp_path: Path,
    header: Sequence[str],
    amounts: Sequence[object],
    told: tuple[MappingRule, ...],
    yuan: float,
    faults: tuple[type, ...],
) -> None:
    """The cell before the column and the table; `$` is the dollar that these name; what contradicts is set aside."""
    records = _counted(tmp_path, header, amounts, *told)
    assert records.accepted_micros == round(yuan * MILLION)
    aside = [problem for problem in records.problems if problem.set_aside]
    assert tuple(type(problem.fault) for problem in aside) == faults
    assert all(isinstance(said, str) for problem in aside for said in (problem.say("zh"), problem.say("en")))


def test_months_across(tmp_path: Path) -> None:
    """Cells of a wide table are told with their cell, and converted."""
    path = write(tmp_path / "t.xlsx", [["门店", "1月", "2月"], ["一店", "$5", 3], ["二店", 4, "$7"]])
    (problem,) = (p for p in read(path, STORE).problems if p.set_aside)
    assert (str(problem.place), problem.count) == ("实际!B2", 2)
    assert "2 行的金额写的是外币 USD(如“$5”)" in problem.say("zh")
    assert read(path, STORE, rules=[USD]).accepted_micros == 91 * MILLION


def test_a_column_of_dollars_is_one_of_amounts(tmp_path: Path) -> None:
    """Such a column may be mapped, and is offered where no header says amount."""
    path = write(tmp_path / "t.xlsx", [["日期", "门店", "花费"], [D, "一店", "$5"], [D, "一店", "$1,200.00"]])
    assert read(path, STORE, mapping={"金额": "花费"}, rules=[USD]).accepted_micros == 1205 * 7 * MILLION


@pytest.mark.parametrize("nothing", ["$0", "US$0.00", "0 USD", "€0,00", "-$0"])
def test_nothing_needs_no_rate(tmp_path: Path, nothing: str) -> None:
    """Zero is zero in any currency; what is not zero is asked about beside it."""
    found = _counted(tmp_path, ["金额"], [10, nothing])
    assert (found.rows_accepted, found.accepted_micros, found.problems) == (2, 10 * MILLION, ())
    beside = _counted(tmp_path, ["金额"], [10, nothing, "$5"])
    assert (beside.rows_accepted, beside.rows_set_aside) == (2, 1)
