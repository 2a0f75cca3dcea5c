"""Currency is a setting: sheets, files of stores and messages follow it, and amounts are read by it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.calc import read_back
from tests.commands.books import Command, answer, members, opened, paste, plan, rewrite
from tests.commands.store_files import StoreFile
from xlsales.core.faults import Lang
from xlsales.hosts import cli
from xlsales.vocabulary.contract import CNY, CURRENCIES, UNITS, all_settings, offered
from xlsales.vocabulary.money import Money, currency_word

pytestmark = pytest.mark.unit
NAMES: dict[Lang, tuple[str, str, str]] = {"zh": ("门店", "东店", "西店"), "en": ("Store", "East", "West")}
HEADER: dict[Lang, tuple[str, str, str]] = {"zh": ("日期", "门店", "金额"), "en": ("Date", "Store", "Amount")}
ACTUALS: dict[Lang, str] = {"zh": "实际", "en": "Actuals"}


def dollars(path: Path, lang: Lang, **settings: Any) -> Path:
    """A plan of two stores, 2.4 million US dollars."""
    dimension, east, west = NAMES[lang]
    unit = settings.pop("unit", "wan" if lang == "zh" else "thousand")
    return plan(
        path, lang=lang, dimensions=members({dimension: {east: 2, west: 1}}), unit=unit, plan_name="2026",
        total=2_400_000 / {"wan": 10_000, "thousand": 1_000}[unit], currency="USD", company="Dawn", **settings,
    )  # fmt: skip


def texts(book: Path, titles: set[str]) -> Iterator[str]:
    """What the sheets with these titles say, without their hidden keys."""
    for sheet in read_back(book).worksheets:
        if sheet.title in titles:
            cells = (cell.value for row in sheet.iter_rows(min_row=2, min_col=2) for cell in row)
            yield from (value for value in cells if isinstance(value, str))


def speaks_of_yuan(text: str) -> bool:
    plain = re.sub("美元[壹贰叁肆伍陆柒捌玖拾佰仟万亿零]+元整|美元", "", text)  # in words 元 is the counter
    return any(word in plain for word in ("元", "yuan", "CNY", "人民币", "¥", "￥"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_round_in_dollars(xlsales: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lang: Lang) -> None:
    """Split, pasted dollars, refresh, hand out, collect: no word of yuan in what is written or said."""
    monkeypatch.setattr(cli, "_now", lambda: dt.datetime(2026, 3, 10, 9, 30))
    book, folder = dollars(tmp_path / "plan.xlsx", lang), tmp_path / "out"
    own = set(read_back(book).sheetnames)
    said = [xlsales("split", book)]
    _, east, west = NAMES[lang]
    rows = [HEADER[lang], (dt.date(2026, 1, 5), east, "$1,200.50"), (dt.date(2026, 1, 6), west, "US$ 800")]
    paste(book, [*rows, (dt.date(2026, 1, 7), east, 99.5)], ACTUALS[lang])
    said.append(xlsales("refresh", book, "--json"))
    assert said[-1].json["actual"] == 2_100
    said += [xlsales("show", book), xlsales("handout", book, folder)]
    file = StoreFile(folder / f"{east}.xlsx", east)
    daily = {"zh": "日报", "en": "Daily"}[lang]
    file.type({("2026-02-01", "entry"): "$5,000", ("2026-02-02", "entry"): 7_000.0}, daily)
    said.append(xlsales("collect", book, folder))
    said.append(xlsales("refresh", book, "--json"))
    assert said[-1].json["actual"] == 2_100 + 12_000
    written = set(read_back(book).sheetnames) - own
    assert len(written) >= 6
    wrong = [text for text in texts(book, written) if speaks_of_yuan(text)]
    handed = read_back(folder / f"{west}.xlsx")
    wrong += [text for text in texts(folder / f"{west}.xlsx", set(handed.sheetnames)) if speaks_of_yuan(text)]
    wrong += [line for ran in said for line in (ran.out + ran.err).splitlines() if speaks_of_yuan(line)]
    assert not wrong
    unit = "单位:万美元" if lang == "zh" else "Unit: thousand USD"
    header = "日均需达(美元)" if lang == "zh" else "Required per day (USD)"
    overview = list(texts(book, written))
    assert any(unit in text for text in overview)
    assert header in overview
    assert ("美元捌拾万元整" in "".join(texts(folder / f"{west}.xlsx", set(handed.sheetnames)))) == (lang == "zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_yuan_in_a_dollar_plan_is_asked_about(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """With a rate of Column mapping it is counted, in dollars per yuan."""
    rows = [HEADER[lang], (dt.date(2026, 1, 5), NAMES[lang][1], "￥700"), (dt.date(2026, 1, 6), NAMES[lang][1], "$30")]
    book = dollars(tmp_path / "plan.xlsx", lang, actuals=rows)
    assert xlsales("split", book).code == 1
    (told,) = [text for text in opened(book).problems if "CNY" in text]
    assert ("每 1 CNY 合多少美元(如 0.14)" if lang == "zh" else "how many USD 1 CNY is (e.g. 0.14)") in told
    rate = [{"field": "汇率" if lang == "zh" else "rate", "value": "CNY", "factor": 0.1}]
    again = dollars(tmp_path / "again.xlsx", lang, actuals=rows, tables={"xs_mapping": rate})
    assert xlsales("split", again, "--json").json["actual"] == 100


SPELLINGS = {
    "USD": ("USD", "usd", "US$", "$", "美元", "美金", "dollars"), "EUR": ("EUR", "€", "欧元", "euros"),
    "HKD": ("HKD", "HK$", "港元", "港币"), "JPY": ("JPY", "日元", "円", "JP¥"), "GBP": ("£", "英镑"),
    CNY: ("CNY", "RMB", "人民币", "元", "¥", "￥", "yuan", ""),
}  # fmt: skip


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in SPELLINGS.items() for text in texts])
def test_a_currency_as_people_write_it(xlsales: Command, tmp_path: Path, code: str, text: str) -> None:
    """Its code, its sign, its name in both languages; blank is yuan."""
    book = plan(tmp_path / "plan.xlsx")
    answer(book, "currency", text)
    ran = xlsales("split", book)
    assert ran.code == 0, ran.err
    assert f"1000万{currency_word(code).zh}" in ran.out


def test_what_is_no_currency_is_refused(xlsales: Command, tmp_path: Path) -> None:
    """With the list to pick from; the workbook stays as it was."""
    book = plan(tmp_path / "plan.xlsx")
    answer(book, "currency", "贝壳")
    before = book.read_bytes()
    ran = xlsales("split", book)
    assert ran.code == 2
    assert "“币种”是“贝壳”。请从下拉列表里选:人民币、美元、欧元" in ran.err
    assert book.read_bytes() == before


@pytest.mark.parametrize(
    ("lang", "currency", "unit", "total"),
    [
        ("zh", "USD", "万美元", "1000万美元"), ("zh", "USD", "万元", "1000万美元"), ("zh", "USD", "万", "1000万美元"),
        ("zh", "USD", "thousand", "1000千美元"), ("zh", CNY, "百万", "1000百万元"), ("zh", CNY, "k", "1000千元"),
        ("en", "USD", "thousand", "1,000 thousand USD"), ("en", "USD", "million USD", "1,000 million USD"),
        ("en", "USD", "千美元", "1,000 thousand USD"), ("en", "USD", "thousands", "1,000 thousand USD"),
        ("en", "USD", "full amounts", "1,000 USD"), ("en", CNY, "yuan", "1,000 yuan"),
        ("en", CNY, "RMB'000", "1,000 thousand yuan"),
        ("en", CNY, "10k yuan", "1000 (10k yuan)"), ("en", CNY, "100m yuan", "1000 (100m yuan)"),
        ("en", CNY, "million yuan", "1,000 million yuan"), ("en", CNY, "pieces", "1,000 pieces"),
    ],
)  # fmt: skip
def test_a_unit_as_people_write_it(
    xlsales: Command, tmp_path: Path, lang: Lang, currency: str, unit: str, total: str
) -> None:
    """Words of both languages, with or without the currency, and those of earlier English workbooks."""
    names = members({"区域": {"东": 1, "西": 1}})
    book = plan(tmp_path / "plan.xlsx", lang=lang, dimensions=names, currency=currency, step=1)
    answer(book, "unit", unit)
    ran = xlsales("split", book)
    assert ran.code == 0, ran.err
    assert total in ran.out


def test_a_unit_of_another_currency_is_refused(xlsales: Command, tmp_path: Path) -> None:
    """The two cells have to agree; 元 alone may be of any."""
    for lang, said in (
        ("zh", "“单位”是“万欧元”,币种却是美元。请把“币种”或这一格改成一致的。"),
        ("en", '"Unit" is "万欧元", but the currency is USD. Change it, or "Currency", so that they agree.'),
    ):
        book = plan(tmp_path / f"{lang}.xlsx", lang=lang, currency="USD")
        answer(book, "unit", "万欧元")
        ran = xlsales("split", book)
        assert ran.code == 2
        assert said in ran.err


def test_another_currency_changes_the_words_alone(xlsales: Command, tmp_path: Path) -> None:
    """A plan that is split already: headers and the lines below the titles follow, and go back again."""
    sales = [("日期", "区域", "金额"), (dt.date(2026, 1, 5), "华东", 130_000)]
    book = plan(tmp_path / "plan.xlsx", actuals=sales)
    assert xlsales("split", book).code == 0
    names = {"进度总览", "按时间", "按区域"}
    before = list(texts(book, names))
    answer(book, "currency", "欧元")
    assert xlsales("refresh", book).code == 0
    assert list(texts(book, names)) == [_in_euros(text) for text in before]
    answer(book, "currency", "")
    assert xlsales("refresh", book).code == 0
    assert list(texts(book, names)) == before


def _in_euros(text: str) -> str:
    return text.replace("万元", "万欧元").replace("(元)", "(欧元)")


def test_a_workbook_without_the_setting_is_in_yuan(xlsales: Command, tmp_path: Path) -> None:
    """As earlier templates were: not asked about, and all is as with a blank cell."""
    book, blank = plan(tmp_path / "plan.xlsx"), plan(tmp_path / "blank.xlsx", currency=None)
    for path in (book, blank):
        _lose_the_setting(path) if path is book else None
        ran = xlsales("split", path)
        assert (ran.code, ran.err) == (0, "")
        assert "1000万元" in ran.out
    names = {"进度总览", "按时间", "按区域"}
    assert list(texts(book, names)) == list(texts(blank, names))


def _lose_the_setting(path: Path) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name == "xl/workbook.xml":
            return re.sub(rb'<definedName name="xs_currency">[^<]*</definedName>', b"", data)
        return data.replace("<t>币种</t>".encode(), b"<t>x</t>").replace("<t>人民币</t>".encode(), b"<t>x</t>")

    rewrite(path, change)


def test_every_currency_and_unit_has_words_of_its_own() -> None:
    """In both languages, so that a sheet can be read back by them; English lists have English units alone."""
    for lang in ("zh", "en"):
        every = [Money(unit, code).word(lang) for code in CURRENCIES for unit in UNITS if unit != "piece"]
        assert len(every) == len(set(every))
    assert offered(UNITS, "en") == ["full amounts", "thousand", "million", "pieces"]
    assert offered(UNITS, "zh") == ["元", "千元", "万元", "百万元", "亿元", "件"]
    assert [all_settings()["unit"].given(lang) for lang in ("zh", "en")] == ["wan", "thousand"]
