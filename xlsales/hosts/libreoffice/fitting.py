"""Messages that fit the screen: a box that is taller than the screen would hide its buttons."""

from __future__ import annotations

import math
import unicodedata

from xlsales.core.faults import Lang
from xlsales.core.text import counted
from xlsales.vocabulary.contract import Word

FEWEST = 20
"""As many lines are shown in any window."""
_COLUMNS = 60
"""Narrow characters in a line of a box; a Chinese one takes two."""
_REST = Word("  …… 另有 {n} 条,全文见 {log}", "  … {n} more; all of it is in {log}")


def fitting(text: str, most: int, lang: Lang, log: str) -> str:
    """Return a text of at most `most` lines on the screen, as far as its details allow.

    Details are the indented lines. The last of each kind go first, and a line says how many went; `log` has them all.
    """
    lines = text.split("\n")
    room, left_out = most - 2 - sum(map(_height, lines)), 0
    if room >= -2:
        return text
    for n in range(len(lines) - 1, -1, -1):
        if room < 0 and lines[n].startswith("  "):
            room += _height(lines[n])
            left_out, last = left_out + 1, n
            del lines[n]
    if left_out:
        lines.insert(last, counted(_REST[lang], n=left_out, log=log))
    return "\n".join(lines)


def _height(line: str) -> int:
    """How many lines of a box a line of text takes."""
    width = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)
    return max(1, math.ceil(width / _COLUMNS))
