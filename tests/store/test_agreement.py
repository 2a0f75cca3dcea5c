"""责任书: the amount in words as contracts have it, the company, the places for stamps."""

from __future__ import annotations

import io

import pytest
from msgspec.structs import replace

from tests.calc import read_back
from tests.store.stores import keyed, store, terms
from xlsales.core.faults import Lang
from xlsales.store.handout.fill import Filler
from xlsales.values.capitals import in_words

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (0, "CNY", "人民币零元整"), (0.5, "CNY", "人民币伍角"), (0.05, "CNY", "人民币伍分"),
        (10, "CNY", "人民币壹拾元整"), (1.05, "CNY", "人民币壹元零伍分"),
        (20_000, "CNY", "人民币贰万元整"), (1_000_000, "CNY", "人民币壹佰万元整"),
        (100_000_000, "CNY", "人民币壹亿元整"), (100_010_000.05, "CNY", "人民币壹亿零壹万元零伍分"),
        (123_456.78, "CNY", "人民币壹拾贰万叁仟肆佰伍拾陆元柒角捌分"), (1_000_000, "USD", "美元壹佰万元整"),
        (12_000.5, "USD", "美元壹万贰仟元伍角"), (30_000, "EUR", "欧元叁万元整"), (2_000_000, "HKD", "港币贰佰万元整"),
        (5_000_000, "JPY", "日元伍佰万元整"), (100, "GBP", "英镑壹佰镑整"), (100.5, "GBP", "英镑壹佰点伍镑"),
        (90_000, "THB", "泰铢玖万铢整"), (90_000, "MYR", "玖万林吉特整"),
    ],
)  # fmt: skip
def test_amounts_in_words(amount: float, currency: str, words: str) -> None:
    """元整 behind whole yuan, no 整 behind 角 and 分, one 零 for the places that are skipped; the currency in front."""
    assert in_words(amount, currency) == words


def intro_and_seals(lang: Lang, company: str, unit: str = "wan") -> tuple[str, str, str]:
    of_plan = replace(terms(lang=lang), company=company, unit=unit)
    data = Filler.of_plan(of_plan).fill(store(of_plan, total=450_000))
    sheet = keyed(read_back(io.BytesIO(data)), "letter")
    return sheet["intro", "c0"], sheet["seal", "c0"], sheet["seal", "c3"]


def test_the_agreement_names_amount_and_company() -> None:
    """In words beside the figure in Chinese; without a company's name there is still a place for its stamp."""
    intro, left, right = intro_and_seals("zh", "晨光商贸有限公司")
    assert intro.startswith("晨光商贸有限公司与上海徐汇店约定:上海徐汇店承担计划“2026 目标”")
    assert intro.endswith("合计如下(金额大写:人民币肆拾伍万元整)。")
    assert (left, right) == ("门店(盖章):", "晨光商贸有限公司(盖章):")
    intro, _, right = intro_and_seals("zh", "")
    assert intro.startswith("上海徐汇店承担")
    assert right == "公司(盖章):"


def test_no_words_for_pieces_or_in_english() -> None:
    """Pieces are no money, and English has figures alone."""
    assert "大写" not in intro_and_seals("zh", "", "piece")[0]
    intro, _, right = intro_and_seals("en", "Dawn Ltd")
    assert intro.startswith("Dawn Ltd and 上海徐汇店 agree: 上海徐汇店 takes on")
    assert intro.endswith("as follows.")
    assert right == "Dawn Ltd (stamp):"
