"""The pages of a plan that are printed: those of a director, at a glance, or the sheets that a person names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlsales.book.keyed import WrittenSheet
from xlsales.core import a1
from xlsales.core.faults import Lang
from xlsales.core.text import identity
from xlsales.layout.model import HEADER_ROW, IDENTITY, WAY_BACK
from xlsales.ooxml.book import Book
from xlsales.ooxml.cells import BLANK
from xlsales.ooxml.contents import print_area, set_print_area
from xlsales.ooxml.patch import patch_sheet
from xlsales.ooxml.views import call_in_footers, show_only
from xlsales.plan.sheets.overview import OVERVIEW
from xlsales.plan.sheets.problems import PROBLEMS
from xlsales.vocabulary import words

_AMOUNTS_BY_MONTH = ("t:", "a:")
"""How the keys of columns begin that are for the sales admin: twelve months of targets and actuals."""


def keep_pages(
    book: Book, sheets: Mapping[str, WrittenSheet], lang: Lang, file: str, named: str | None = None
) -> list[str]:
    """Leave in a copy of a plan only what a director reads; return the titles of these sheets, in their order.

    Other sheets are hidden. `file` is what footers call the plan. A sheet by dimension prints without its amounts by
    month. With `named` the sheets that begin with this name are left instead, as they are: `考核` is all scorecards.
    Nothing is left, and nothing changed, if no sheet was written yet or none is called so.
    """
    titles = set(_titles(sheets, lang) if named is None else _begin_with(named, sheets))
    if titles:
        for key, sheet in sheets.items():
            if named is None and key.startswith(f"{IDENTITY}dimension:"):
                _without_months(book, sheet)
        for sheet in sheets.values():
            if sheet.title in titles:
                _without_way_back(book, sheet)
        for title in titles:
            call_in_footers(book, title, file)
        show_only(book, titles)
    return [sheet.title for sheet in book.sheets if sheet.title in titles]


def _begin_with(name: str, sheets: Mapping[str, WrittenSheet]) -> Iterator[str]:
    return (sheet.title for sheet in sheets.values() if identity(sheet.title).startswith(identity(name)))


def _without_way_back(book: Book, sheet: WrittenSheet) -> None:
    """Leave out the link to the guide, which leads nowhere on paper."""
    texts = (WAY_BACK.zh, WAY_BACK.en)
    at = [(row, column) for (row, column), cell in sheet.cells.items() if row <= HEADER_ROW and cell.value in texts]
    if at:
        book.package.set(sheet.sheet.part, patch_sheet(book.package.read(sheet.sheet.part), dict.fromkeys(at, BLANK)))


def _titles(sheets: Mapping[str, WrittenSheet], lang: Lang) -> Iterator[str]:
    for key, sheet in sheets.items():
        if key == PROBLEMS.identity:
            effects = (sheet.value(row, "effect") for row in sheet.rows if row.startswith("p:"))
            if words.SET_ASIDE[lang] in effects:
                yield sheet.title
        elif key == OVERVIEW.identity or key.startswith(f"{IDENTITY}dimension:"):
            yield sheet.title


def _without_months(book: Book, sheet: WrittenSheet) -> None:
    """Let the columns before the amounts by month print; an area that a person set in other columns stays."""
    months = [column for key, column in sheet.columns.items() if key.startswith(_AMOUNTS_BY_MONTH)]
    area = print_area(book, sheet.sheet)
    if not months or area is None or not area.column < min(months) <= area.last_column:
        return
    last = min(months) - 1
    set_print_area(book, sheet.title, a1.block(area.row, area.column, area.last_row, last, "both"))
