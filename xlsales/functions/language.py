"""The language of a user without a workbook, and the words by which a cell names a language."""

from __future__ import annotations

import os

from xlsales.core.faults import Lang
from xlsales.core.text import identity
from xlsales.vocabulary.contract import LANGS


def own_language(program: str = "") -> Lang:
    """Return the user's own language: the environment variable `XLSALES_LANG`, else that of the program, else Chinese.

    `program` is the tag of the program's language, such as `en-US`; blank if it is not known.
    """
    own = known_language(os.environ.get("XLSALES_LANG"))
    return own or ("zh" if not program or program.startswith("zh") else "en")


def known_language(name: object) -> Lang | None:
    """Return the language that a cell or a variable names: its code, or its own word; None for anything else."""
    text = identity(str(name or ""))
    for lang, word in LANGS.items():
        if text in (lang, word.zh.casefold()):
            return "en" if lang == "en" else "zh"
    return None
