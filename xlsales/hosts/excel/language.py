"""The language of messages in Excel: the workbook's, else the user's, else Chinese; the folder of the workbook."""

from __future__ import annotations

from pathlib import Path

from xlsales.core.faults import Lang
from xlsales.functions.language import known_language, own_language
from xlsales.hosts.excel.engine import xw
from xlsales.vocabulary.contract import NAME_LANG


def language() -> Lang:
    """Return the language of the workbook that calls: the one with the formula, or for a macro the active one."""
    try:
        book = xw.Book.caller()
    except Exception:  # whatever COM says: without a workbook, the user's own language counts
        return own_language()
    return language_of(book)


def home() -> Path | None:
    """Return the folder of the workbook that calls, which may be an address; None if it is not saved."""
    try:
        name = str(xw.Book.caller().api.FullName)
    except Exception:  # whatever COM says: without a workbook there is no folder
        return None
    folder, _, own = name.replace("\\", "/").rpartition("/")
    return Path(folder) if folder and own else None


def language_of(book: xw.Book) -> Lang:
    """Return the language of an open workbook, by its cell named `xs_lang`; else the user's own."""
    try:
        text = book.names[NAME_LANG].refers_to_range.value
    except Exception:  # whatever COM says: a workbook without the name has no language
        text = None
    return known_language(text) or own_language()
