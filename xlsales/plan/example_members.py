"""The members that a fresh plan comes with, for a person to replace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from xlsales.core.faults import Lang
from xlsales.vocabulary.contract import LANGS, Word
from xlsales.vocabulary.plan_tables import T_DIMENSIONS

_REPLACE = Word("示例,请替换", "Example, please replace")
_REGION, _PRODUCT, _CHANNEL = Word("区域", "Region"), Word("产品", "Product"), Word("渠道", "Channel")
_EAST = Word("华东", "East")
_MEMBERS: tuple[tuple[Word, tuple[tuple[Word, int], ...]], ...] = (
    (
        _REGION,
        (
            (Word("东北", "Northeast"), 150),
            (Word("华北", "North"), 200),
            (_EAST, 300),
            (Word("华南", "South"), 250),
            (Word("华西", "West"), 100),
        ),
    ),
    (
        _PRODUCT,
        ((Word("产品A", "Product A"), 300), (Word("产品B", "Product B"), 400), (Word("产品C", "Product C"), 300)),
    ),
    (
        _CHANNEL,
        ((Word("线上", "Online"), 300), (Word("线下", "Offline"), 400), (Word("合作伙伴", "Partners"), 300)),
    ),
)
_BELOW: tuple[tuple[Word, Word, int, Mapping[str, Word]], ...] = (
    (
        Word("上海", "Shanghai"),
        _EAST,
        180,
        {
            "aliases": Word("沪、上海市", "SH; Shanghai city"),
            "note": Word("示例:上级是华东;数据里写“沪”也算它", "Example: in East; SH in the data too"),
        },
    ),
    (Word("江浙", "Yangtze Delta"), _EAST, 120, {"note": Word("示例:上级是华东", "Example: its parent is East")}),
)
_MORE: dict[str, Mapping[str, object]] = {
    "华南": {"lower": 200, "note": Word("示例:目标不低于 200", "Example: its target is not below 200")},
    "产品C": {"locked": 250, "note": Word("示例:目标锁定为 250", "Example: its target is locked at 250")},
    "线上": {"upper": 350, "note": Word("示例:目标不高于 350", "Example: its target is not above 350")},
}
"""What some of the members show, by their Chinese names; amounts in the unit of a fresh plan."""

REGIONS, CHANNELS = ([member for member, _ in of] for name, of in _MEMBERS if name is not _PRODUCT)
"""What the members of two dimensions are called."""


def plain_members(lang: Lang) -> list[dict[str, object]]:
    """Return three dimensions of one level by weights, as earlier plans came with them."""
    return [
        {"dimension": dimension[lang], "member": member[lang], "weight": weight, "note": _REPLACE[lang]}
        for dimension, members in _MEMBERS
        for member, weight in members
    ]


def example_members(lang: Lang) -> list[dict[str, object]]:
    """Return the rows of the example, each marked as one in its note: with parents, a lock, bounds, aliases."""
    more = {
        member[lang]: {key: value[lang] if isinstance(value, Word) else value for key, value in values.items()}
        for _, members in _MEMBERS
        for member, _ in members
        if (values := _MORE.get(member.zh)) is not None
    }
    rows = []
    for row in plain_members(lang):
        rows.append({**row, **more.get(str(row["member"]), {})})
        if row["member"] == _EAST[lang]:
            rows += [
                {
                    "dimension": _REGION[lang],
                    "member": member[lang],
                    "parent": parent[lang],
                    "weight": weight,
                    **{key: word[lang] for key, word in words.items()},
                }
                for member, parent, weight, words in _BELOW
            ]
    return rows


def untouched(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the rows of the table of members, by column key, are still an example, all of them and as they came."""
    keys = [column.key for column in T_DIMENSIONS.columns]
    filled = [{key: row[key] for key in keys if row[key] is not None} for row in rows]
    return any(_same(filled, example(lang)) for lang in LANGS for example in (example_members, plain_members))


_AMOUNTS = {column.key for column in T_DIMENSIONS.columns if column.kind == "amount"}


def _same(rows: Sequence[Mapping[str, Any]], example: Sequence[Mapping[str, Any]]) -> bool:
    """Whether rows are those of an example, its amounts multiplied by one factor: they are read in steps."""
    if len(rows) != len(example):
        return False
    factors = set()
    for row, wanted in zip(rows, example, strict=True):
        if row.keys() != wanted.keys():
            return False
        for key, value in wanted.items():
            if key in _AMOUNTS:
                factors.add(Fraction(row[key]) / value)
            elif row[key] != value:
                return False
    return len(factors) <= 1
