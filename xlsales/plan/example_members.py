"""The members that a fresh plan comes with, for a person to replace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlsales.core.faults import Lang
from xlsales.vocabulary.contract import LANGS, Word
from xlsales.vocabulary.plan_tables import T_DIMENSIONS

_REPLACE = Word("示例,请替换", "Example, please replace")
_EXAMPLE: tuple[tuple[Word, tuple[tuple[Word, int], ...]], ...] = (
    (
        Word("区域", "Region"),
        (
            (Word("东北", "Northeast"), 150),
            (Word("华北", "North"), 200),
            (Word("华东", "East"), 300),
            (Word("华南", "South"), 250),
            (Word("华西", "West"), 100),
        ),
    ),
    (
        Word("产品", "Product"),
        ((Word("产品A", "Product A"), 300), (Word("产品B", "Product B"), 400), (Word("产品C", "Product C"), 300)),
    ),
    (
        Word("渠道", "Channel"),
        ((Word("线上", "Online"), 300), (Word("线下", "Offline"), 400), (Word("合作伙伴", "Partners"), 300)),
    ),
)


def example_members(lang: Lang) -> list[dict[str, object]]:
    """Return the rows of the five-region example, each marked as an example in its note."""
    return [
        {"dimension": dimension[lang], "member": member[lang], "weight": weight, "note": _REPLACE[lang]}
        for dimension, members in _EXAMPLE
        for member, weight in members
    ]


def untouched(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the rows of the table of members, by column key, are still the example, all of them and as they came."""
    keys = [column.key for column in T_DIMENSIONS.columns]
    filled = [{key: row[key] for key in keys if row[key] is not None} for row in rows]
    return any(filled == example_members(lang) for lang in LANGS)
