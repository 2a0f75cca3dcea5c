"""Numbers that people see with a currency or a unit, because their format says so, are never yuan in silence."""

# ruff: noqa: E501 - tables of examples

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from tests.tables.tables import dimension, read
from xlsales.tables.reading import Records
from xlsales.tables.rows.rates import CurrenciesDiffer, RateUntold, ScaleUntold
from xlsales.tables.words.mapping_rules import MappingRule

pytestmark = pytest.mark.unit
STORE = dimension("门店", ["一店", "二店"])
USD = MappingRule("rate", None, "USD", 7.0)
MILLION = 10**6


def counted(path: Path, formats: list[str | None], *told: MappingRule, header: str = "金额", rows: int = 1) -> Records:
    """Read a table of an amount of 5 for each format; `rows` of each."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["日期", "门店", header])
    for code in formats:
        for _ in range(rows):
            sheet.append([dt.date(2026, 3, 8), "一店", 5])
            if code is not None:
                sheet.cell(sheet.max_row, 3).number_format = code
    book.save(path / "t.xlsx")
    return read(path / "t.xlsx", STORE, rules=told)


@pytest.mark.parametrize(
    ("code", "currency"),
    [
        ("[$$-409]#,##0.00", "USD"), ('"$"#,##0.00', "USD"), ("$#,##0.00", "USD"), (r"\$#,##0", "USD"),
        ('[$USD] #,##0.00', "USD"), ('#,##0.00" USD"', "USD"), ('0.00"美元"', "USD"), ('_-[$$-409]* #,##0.00_ ;_-[$$-409]* -#,##0.00', "USD"),
        ("[$€-2] #,##0.00", "EUR"), ("#,##0.00 [$€-407]", "EUR"), ("[$£-809]#,##0", "GBP"), ("[$¥-411]#,##0", "JPY"),
        ("[$HK$-C04]#,##0.00", "HKD"), ("[$$-C04]#,##0.00", "HKD"), ("[$NT$-404]#,##0", "TWD"), ('"$"#,##0;[Red]-"$"#,##0', "USD"),
        ('#,##0"万美元"', "USD"), ('[$$-409]#,##0"万"', "USD"), (r'"US$"0\万', "USD"), ('"$"#,##0" CAD"', "CAD"),
    ],
)  # fmt: skip
def test_a_format_of_another_currency_is_asked_about(tmp_path: Path, code: str, currency: str) -> None:
    """The row is set aside with the currency and the remedy, which is followed; others are counted."""
    found = counted(tmp_path, [None, code])
    assert found.accepted_micros == 5 * MILLION
    (problem,) = found.problems
    assert isinstance(problem.fault, RateUntold)
    assert f" {currency}(" in problem.fault.say("zh")
    scale = 10_000 if "万" in code else 1
    done = counted(tmp_path, [None, code], MappingRule("rate", None, currency, 7.0))
    assert done.accepted_micros == (5 + 35 * scale) * MILLION
    assert not done.problems


@pytest.mark.parametrize(
    ("code", "amount"),
    [
        ("#,##0.00", 5), ("¥#,##0.00", 5), ('"¥"#,##0.00', 5), ("[$¥-804]#,##0.00", 5), ("[$￥-804]#,##0", 5), ('"￥"#,##0', 5),
        ('0.00"元"', 5), ("[$CNY] 0.00", 5), ("[$RMB]0", 5), ("[$-804]0.00", 5), ('[Red]0.00;"$"0', 5), ('0"件"', 5), ("0.00_ ", 5),
        ('0"万"', 50_000), ('#,##0.00"万元"', 50_000), ('0"千元"', 5_000), ('0.0" 亿"', 500_000_000),
        ('"¥"#,##0"万"', 50_000), (r"0\万\元", 50_000), ('[$¥-804]0.0"万元"', 50_000), ('0!.0,"万"', 5), (r'0\.0,"万元"', 5), ('0.00,"千元"', 5), ('0.0,,"百万"', 5), ("0,", 5), ('0.0%', 5),
    ],
)  # fmt: skip
def test_what_people_see_is_what_counts(tmp_path: Path, code: str, amount: float) -> None:
    """Yuan, pieces, and scales: 5 that is shown as 5万 is 50,000; a format that divides shows what is stored."""
    found = counted(tmp_path, [code, code])
    assert found.accepted_micros == 2 * amount * MILLION
    assert not [p for p in found.problems if p.set_aside]


def test_the_scale_in_a_format_is_that_of_the_header(tmp_path: Path) -> None:
    found = counted(tmp_path, ['0"万"', None], header="金额(万元)")
    assert found.accepted_micros == 100_000 * MILLION


def test_a_currency_in_a_table_of_thousands_is_asked_about(tmp_path: Path) -> None:
    found = counted(tmp_path, [None, "[$$-409]0"], USD, header="金额(万元)")
    assert found.accepted_micros == 50_000 * MILLION
    assert [type(p.fault) for p in found.problems if p.set_aside] == [ScaleUntold]


def test_a_currency_that_the_header_names_needs_no_word(tmp_path: Path) -> None:
    found = counted(tmp_path, ["[$$-409]0", '"$"0', None], USD, header="Sales (USD)")
    assert found.accepted_micros == 105 * MILLION
    assert not found.problems


def test_a_column_of_currencies_that_says_otherwise_is_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["日期", "门店", "币种", "金额"])
    for currency, code in (("CNY", "[$$-409]0"), ("USD", "[$$-409]0"), ("CNY", "0")):
        sheet.append([dt.date(2026, 3, 8), "一店", currency, 5])
        sheet.cell(sheet.max_row, 4).number_format = code
    book.save(tmp_path / "t.xlsx")
    found = read(tmp_path / "t.xlsx", STORE, rules=(USD,))
    assert found.accepted_micros == 40 * MILLION
    assert [type(p.fault) for p in found.problems if p.set_aside] == [CurrenciesDiffer]


def test_many_rows_of_such_a_format_are_one_question(tmp_path: Path) -> None:
    """Also in the first rows, and where the whole column has it."""
    found = counted(tmp_path, ["[$$-409]0.00"], rows=3000)
    assert found.rows_accepted == 0
    (problem,) = found.problems
    assert problem.count == 3000
    assert counted(tmp_path, ["[$$-409]0.00"], USD, rows=3000).accepted_micros == 105_000 * MILLION
