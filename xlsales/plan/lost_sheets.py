"""Sheets to fill in that a plan has lost: by what they are known, and a blank one in their place."""

from __future__ import annotations

from xlsales.core.faults import Lang
from xlsales.ooxml.book import Book
from xlsales.ooxml.graft import Placement, graft
from xlsales.vocabulary.contract import SHEET_NAMES, SHEETS


def title_of(book: Book, key: str) -> str:
    """Return the title of a sheet to fill in, or of the guide, by its name, else as it is called at first.

    It is empty if the sheet is gone.
    """
    area = book.area(SHEET_NAMES.get(key, ""))
    if area is not None:
        return area.sheet
    sheets = (book.sheet(title) for title in (SHEETS[key].zh, SHEETS[key].en))
    return next((sheet.title for sheet in sheets if sheet is not None), "")


def language_in(book: Book) -> Lang:
    """Return the language that most titles of a plan are in."""
    english = sum(book.sheet(word.en) is not None for word in SHEETS.values())
    return "en" if english > sum(book.sheet(word.zh) is not None for word in SHEETS.values()) else "zh"


def add_blank(book: Book, key: str, lang: Lang) -> None:
    """Add a sheet to fill in as a new plan has it, with its names and tables, before the one that follows there."""
    from xlsales.plan.template.plan import plan_bytes  # a repair alone needs the writer

    order = list(SHEETS)
    following = (title_of(book, other) for other in order[order.index(key) + 1 :])
    title = SHEETS[key][lang]
    graft(book, plan_bytes(lang), [Placement(title, title, before=next(filter(None, following), ""))])
    book.reload()
