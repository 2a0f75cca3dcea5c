"""The plan's currency decides which amounts are plain and which are foreign: in texts, formats, headers and columns."""

# ruff: noqa: E501 - tables of examples

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from tests.tables.tables import dimension, read, write
from xlsales.core.faults import Fault
from xlsales.tables.reasons import UnitOfHeader
from xlsales.tables.rows.meanings import CurrencyUntold
from xlsales.tables.rows.rates import CurrenciesDiffer, RateUntold, ScaleUntold
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.tables.words.units import ForeignUnit, UnitUnknown, YuanOrOwn

pytestmark = pytest.mark.unit
STORE = dimension("门店", ["一店", "二店"])
DAY = dt.date(2026, 3, 8)
CNY, USD, HKD = (
    MappingRule("rate", None, code, factor) for code, factor in (("CNY", 0.2), ("USD", 8.0), ("HKD", 0.125))
)
MILLION = 10**6

OWN = {
    "USD": (
        "5",
        "$5",
        "US$5",
        "$ 5",
        "5 USD",
        "USD 5.00",
        "usd5",
        "5美元",
        "美元5",
        "5美金",
        "5 dollars",
        "＄５",
        "$5.00",
    ),
    "HKD": ("5", "$5", "HK$5", "5港元", "港币5", "HKD 5"),
    "JPY": ("5", "¥5", "￥5", "JP¥5", "5円", "5日元", "JPY 5"),
    "EUR": ("5", "€5", "5 €", "EUR 5", "5欧元", "5,00 €", "€5,00"),
    "GBP": ("5", "£5", "5英镑", "GBP 5.00"),
    "CNY": ("5", "¥5", "￥5", "5元", "RMB 5", "CNY5", "5块钱", "CN¥5"),
}


@pytest.mark.parametrize(("currency", "text"), [(currency, text) for currency, texts in OWN.items() for text in texts])
def test_amounts_in_the_plans_currency_are_plain(tmp_path: Path, currency: str, text: str) -> None:
    """With its mark or without; the same in brackets, with a minus, and in thousands."""
    path = write(tmp_path / "t.xlsx", [["日期", "门店", "金额"], [DAY, "一店", text], [DAY, "二店", 1]])
    found = read(path, STORE, currency=currency)
    assert (found.accepted_micros, found.problems) == (6 * MILLION, ())


FOREIGN = {
    "USD": {
        "¥5": "CNY",
        "￥5": "CNY",
        "5元": "CNY",
        "RMB 5": "CNY",
        "HK$5": "HKD",
        "€5": "EUR",
        "5 CAD": "CAD",
        "$5 CAD": "CAD",
    },
    "HKD": {"US$5": "USD", "5美元": "USD", "¥5": "CNY", "NT$5": "TWD"},
    "JPY": {"CN¥5": "CNY", "5元": "CNY", "$5": "USD"},
    "EUR": {"$5": "USD", "£5": "GBP", "￥5": "CNY"},
    "CNY": {"$5": "USD", "€5": "EUR", "JP¥5": "JPY"},
}


@pytest.mark.parametrize(
    ("currency", "text", "code"), [(own, text, code) for own, texts in FOREIGN.items() for text, code in texts.items()]
)
def test_others_are_asked_about(tmp_path: Path, currency: str, text: str, code: str) -> None:
    """The sentence names the foreign currency and the plan's own; with a rate it is counted."""
    path = write(tmp_path / "t.xlsx", [["日期", "门店", "金额"], [DAY, "一店", text], [DAY, "二店", 1]])
    found = read(path, STORE, currency=currency)
    assert found.accepted_micros == MILLION
    (problem,) = found.problems
    assert isinstance(problem.fault, RateUntold)
    own = {"USD": "美元", "HKD": "港元", "JPY": "日元", "EUR": "欧元", "CNY": "元"}[currency]
    assert f"外币 {code}(" in problem.say("zh")
    assert f"每 1 {code} 合多少{own}(" in problem.say("zh")
    assert f"how many {'yuan' if currency == 'CNY' else currency} 1 {code} is" in problem.say("en")
    rate = MappingRule("rate", None, code, 2.0)
    assert read(path, STORE, currency=currency, rules=[rate]).accepted_micros == 11 * MILLION


FORMATS = [
    ("USD", "[$$-409]#,##0.00", None), ("USD", '"$"#,##0.00', None), ("USD", "[$USD] 0.00", None), ("USD", '0.00"美元"', None),
    ("USD", "[$¥-804]#,##0.00", "CNY"), ("USD", '"¥"#,##0', "CNY"), ("USD", '0.00"元"', "CNY"), ("USD", "[$HK$-C04]0.00", "HKD"),
    ("HKD", '"$"#,##0.00', None), ("HKD", "[$HK$-C04]0.00", None), ("HKD", "[$$-C04]0", None), ("HKD", "[$$-409]0", "USD"),
    ("JPY", '"¥"#,##0', None), ("JPY", "[$¥-411]#,##0", None), ("JPY", "[$¥-804]#,##0", "CNY"), ("JPY", "[$¥]0", None),
    ("EUR", "#,##0.00 [$€-407]", None), ("EUR", "[$$-409]0", "USD"), ("CNY", "[$¥-804]0", None), ("CNY", "[$$-409]0", "USD"),
]  # fmt: skip


@pytest.mark.parametrize(("currency", "code", "foreign"), FORMATS)
def test_formats_that_show_a_currency(tmp_path: Path, currency: str, code: str, foreign: str | None) -> None:
    """That of the plan is a plain number; another is asked about."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["日期", "门店", "金额"], [DAY, "一店", 5], [DAY, "二店", 1]):
        sheet.append(row)
    sheet["C2"].number_format = code
    book.save(tmp_path / "t.xlsx")
    found = read(tmp_path / "t.xlsx", STORE, currency=currency)
    assert found.accepted_micros == (MILLION if foreign else 6 * MILLION)
    assert [problem.fault.facts["code"] for problem in found.problems] == ([foreign] if foreign else [])


TABLES: list[tuple[str, tuple[str, ...], tuple[object, ...], tuple[MappingRule, ...], float, tuple[type[Fault], ...]]] = [
    ("USD", ("Sales (USD)",), (5, "$5"), (), 10, ()),
    ("USD", ("金额(美元)",), (5, "5美元"), (), 10, ()),
    ("USD", ("金额(万美元)",), (5, "$5", "5万"), (), 150_000, (UnitOfHeader,)),
    ("USD", ("Sales ($'000)",), (5, 6), (), 11_000, (UnitOfHeader,)),
    ("HKD", ("Sales ($)",), (5, "US$1"), (USD,), 13, ()),
    ("USD", ("Sales (HKD)",), (8, "$8"), (HKD,), 2, ()),
    ("USD", ("人民币销售额",), (5, "¥5"), (CNY,), 2, ()),
    ("USD", ("金额(万元)",), (5, 6), (MappingRule("unit", value="万美元"),), 110_000, (UnitOfHeader,)),
    ("USD", ("金额(万元)",), (5, 6), (CNY,), 22_000, (UnitOfHeader,)),
    ("USD", ("币种", "金额"), (("USD", 5), ("美元", "$5"), ("$", 5)), (), 15, ()),
    ("USD", ("币种", "金额"), (("USD", 5), ("CNY", 5)), (), 10, (CurrencyUntold,)),
    ("USD", ("币种", "金额"), (("USD", 5), ("CNY", 5)), (CNY,), 6, ()),
    ("USD", ("币种", "金额"), (("USD", "￥5"), ("CNY", "$5")), (CNY,), 0, (CurrenciesDiffer, CurrenciesDiffer)),
    ("USD", ("金额(万美元)",), (5, "¥5"), (CNY,), 50_000, (ScaleUntold, UnitOfHeader)),
    ("USD", ("数量", "单价"), ((2, "$5"), (2, "¥5")), (CNY,), 12, ()),
]  # fmt: skip


@pytest.mark.parametrize(("currency", "header", "amounts", "told", "sum_", "faults"), TABLES)
def test_tables_that_name_a_currency(
    tmp_path: Path, currency: str, header: Sequence[str], amounts: Sequence[object], told: tuple[MappingRule, ...],
    sum_: float, faults: tuple[type[Fault], ...],
) -> None:  # fmt: skip
    """In headers, in Column mapping, in a column beside; a rate is the plan's currency per 1 of the foreign one."""
    rows = [["日期", "门店", *header]]
    rows += [[DAY, "一店", *(amount if isinstance(amount, tuple) else (amount,))] for amount in amounts]
    found = read(write(tmp_path / "t.xlsx", rows), STORE, currency=currency, rules=told)
    assert found.accepted_micros == round(sum_ * MILLION)
    assert tuple(type(problem.fault) for problem in found.problems) == faults


@pytest.mark.parametrize(
    ("currency", "header", "kind", "zh", "en"),
    [
        ("USD", "金额(欧元)", ForeignUnit, "值 EUR,倍数 每 1 EUR 合多少美元(如 1.1)", "how many USD 1 EUR is (e.g. 1.1)"),
        ("USD", "RMB Sales", ForeignUnit, "值 CNY,倍数 每 1 CNY 合多少美元(如 0.14)", "how many USD 1 CNY is (e.g. 0.14)"),
        ("USD", "金额(万元)", YuanOrOwn, "其实是美元,字段 单位,值 万美元", "if USD is meant, field unit, value 10k USD"),
        ("USD", "金额(千币)", UnitUnknown, "值 千美元(或 美元、万美元", "value thousand USD (or USD, million USD)"),
        ("CNY", "金额(美元)", ForeignUnit, "值 USD,倍数 每 1 USD 合多少元(如 7.1)", "how many yuan 1 USD is (e.g. 7.1)"),
    ],
)  # fmt: skip
def test_units_of_another_currency(
    tmp_path: Path, currency: str, header: str, kind: type[Fault], zh: str, en: str
) -> None:
    """The remedy is in words of the plan's currency; 元 alone may be short for it, and both are offered."""
    path = write(tmp_path / "t.xlsx", [["日期", "门店", header], [DAY, "一店", 5]])
    with pytest.raises(kind) as raised:
        read(path, STORE, currency=currency)
    assert zh in raised.value.say("zh")
    assert en in raised.value.say("en")
