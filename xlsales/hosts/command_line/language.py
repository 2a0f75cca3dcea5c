"""The language in which the command line speaks before it knows a workbook's."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsales.core.faults import Lang

_CHINESE = 0x04
"""The primary language of Chinese among those of Windows (LANG_CHINESE)."""


def language_asked(words: Sequence[str]) -> Lang:
    """Return the language of `--lang` among the words of a call, else the system's."""
    for word, following in zip_longest(words, words[1:]):
        name, _, value = word.partition("=")
        if name == "--lang" and (value or following) in ("zh", "en"):
            return "en" if (value or following) == "en" else "zh"
    return language_of_system()


def language_of_system() -> Lang:
    """Return the language of the locale, on Windows that of the desktop: Chinese, or English for any other one.

    A locale that names no language (`C`, `POSIX`, none) means Chinese.
    """
    if sys.platform == "win32":
        import ctypes

        return "zh" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == _CHINESE else "en"
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if name), "C").partition(".")[0].lower()
    return "zh" if locale in ("c", "posix") or locale.startswith("zh") else "en"
