"""The readings of characters are what pypinyin knows."""

from __future__ import annotations

import pytest
from pypinyin import Style, pinyin

from xlsales.values import readings as module
from xlsales.values.readings import readings

pytestmark = pytest.mark.unit


def test_the_table_is_what_pypinyin_knows() -> None:
    """The file is as `python -m xlsales.values.readings` writes it."""
    assert module._TABLE.read_bytes().decode() == module.table()


@pytest.mark.parametrize(
    ("character", "found"),
    [
        ("中", ("zhong",)),
        ("重", ("zhong", "chong", "tong")),
        ("〇", ("ling", "yuan", "xing")),
        ("𠮷", ("𠮷",)),
        ("a", ("a",)),
        ("ê", ("ê",)),
        ("。", ("。",)),
        ("が", ("が",)),
        ("\t", ("\t",)),
        ("\U0001f600", ("\U0001f600",)),
    ],
)
def test_a_character_has_its_readings(character: str, found: tuple[str, ...]) -> None:
    """The usual reading comes first; what is no Chinese character is its own reading."""
    assert readings(character) == found == tuple(pinyin(character, style=Style.NORMAL, heteronym=True)[0])
