"""File names of stores: legal on Windows, unlike each other, recognisable, the same on every run."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from xlsales.core.expressions import expression

LONGEST = 80
"""Characters of a name without its ending; with a folder it stays far below what Windows allows."""
MOST_BYTES = 200
"""Bytes of it in UTF-8: Linux allows 255, and programs put lock files with longer names beside it."""
_ENDING = ".xlsx"
_FORBIDDEN = expression(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_INVISIBLE = expression("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_ENDS = expression(r"^[\s.]+|[\s.]+$")
_RESERVED = expression(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?", re.I)


def safe_name(text: str) -> str:
    """Return `text` as a file name (without ending) that Windows, macOS, zip programs and mail take."""
    name = _FORBIDDEN.sub("_", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    name = _ENDS.sub("", _cut(_ENDS.sub("", name)))
    if name.startswith("~$"):
        name = "_" + name[2:]
    if not name or _RESERVED.fullmatch(name):
        name = f"_{name}"
    return name


def file_names(codes: Iterable[str], others: Iterable[str] = ()) -> dict[str, str]:
    """Return a file name for each code, unlike each other and the `others` (whatever their case): else with a number.

    Codes that are file names as they are get them first, so a new, odd code never moves the file of another store.
    """
    codes = list(codes)
    names_in_use = {_folded(name) for name in others}
    names: dict[str, str] = {}
    for code in sorted(codes, key=lambda c: safe_name(c) != c):
        base, n = safe_name(code), 1
        name = base + _ENDING
        while _folded(name) in names_in_use:
            n += 1
            name = f"{_cut(base, len(str(n)) + 1)}_{n}{_ENDING}"
        names_in_use.add(_folded(name))
        names[code] = name
    return {code: names[code] for code in codes}


def _cut(name: str, less: int = 0) -> str:
    """Return as much of a name as fits, if `less` characters of ASCII follow it."""
    return name[: LONGEST - less].encode()[: MOST_BYTES - less].decode(errors="ignore")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
