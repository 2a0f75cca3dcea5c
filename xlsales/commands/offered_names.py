"""Names that a terminal offers while a call is typed: the dimensions and members of a plan, the sheets of a workbook.

Each function returns nothing for a file that cannot be read: the call itself says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from xlsales.book.keyed import WrittenSheet, written_sheets
from xlsales.layout.model import IDENTITY
from xlsales.ooxml.book import Book
from xlsales.plan.written_members import MEMBER
from xlsales.vocabulary.dimensions import PERSON_DIMENSIONS, STORE_DIMENSIONS

_OF_DIMENSION = f"{IDENTITY}dimension:"


def dimensions_of(path: Path) -> list[str]:
    """Return the dimensions of a plan that was split."""
    return list(_by_dimension(path))


def members_of(path: Path, dimension: str | None) -> list[str]:
    """Return the members of a dimension; without one, of the stores or the persons."""
    sheets = _by_dimension(path)
    called = [dimension] if dimension else [*STORE_DIMENSIONS, *PERSON_DIMENSIONS]
    sheet = next((sheets[name] for name in called if name in sheets), None)
    return [key.removeprefix(MEMBER) for key in sheet.rows if key.startswith(MEMBER)] if sheet is not None else []


def sheets_of(path: Path) -> list[str]:
    """Return the titles of the visible sheets of a workbook."""
    with suppress(Exception):
        return [sheet.title for sheet in Book.open(path).sheets if sheet.state == "visible"]
    return []


def _by_dimension(path: Path) -> Mapping[str, WrittenSheet]:
    with suppress(Exception):
        sheets = written_sheets(Book.open(path))
        return {key.removeprefix(_OF_DIMENSION): one for key, one in sheets.items() if key.startswith(_OF_DIMENSION)}
    return {}
