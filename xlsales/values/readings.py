"""How Chinese characters are read, without tones: a table that pypinyin knows and `readings.txt` keeps.

To load pypinyin takes ten times as long as to find a character in this text. A line of it has the characters of the
same readings, a tab, and these readings, the usual one first. `python -m xlsales.values.readings` writes it.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

_TABLE = Path(__file__).with_name("readings.txt")
_FIRST = "\u3007"
"""No character before 〇 is in the table; letters are in it as readings."""


@lru_cache(10_000)
def readings(character: str) -> tuple[str, ...]:
    """Return the readings of a character, the usual one first; any other character is its own reading."""
    at = _table().find(character) if character >= _FIRST else -1
    if at < 0:
        return (character,)
    found = _table().index("\t", at) + 1
    return tuple(_table()[found : _table().index("\n", found)].split(","))


@cache
def _table() -> str:
    return _TABLE.read_text("utf-8")


def table() -> str:
    """Return the table anew, by what pypinyin knows."""
    from pypinyin import Style, pinyin
    from pypinyin.pinyin_dict import pinyin_dict

    read = [
        (",".join(pinyin(chr(one), style=Style.NORMAL, heteronym=True)[0]), chr(one)) for one in sorted(pinyin_dict)
    ]
    groups = groupby(sorted(read), key=lambda one: one[0])
    return "".join(f"{''.join(character for _, character in group)}\t{sounds}\n" for sounds, group in groups)


if __name__ == "__main__":
    _TABLE.write_text(table(), "utf-8", newline="\n")
