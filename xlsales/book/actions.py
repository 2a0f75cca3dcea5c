"""What is done to a workbook that a program has open, action by action.

A run's edits are such a list, and so is what takes a run back. Every program carries out the actions in their order,
wholly or not at all, each in its own way, and knows no sheet of ours. Whole sheets come from files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from xlsales.book.edits import CellEdits, Edits, PrintArea, TableReaches
from xlsales.core.faults import Lang
from xlsales.layout.model import sheet_title
from xlsales.vocabulary.contract import OUT_PREFIX


class AddSheet(Struct, frozen=True):
    """A sheet of a file comes in, `before` another one or behind all others; `table` is the table that it holds."""

    title: str
    source: Path
    table: str | None = None
    before: str = ""


class ReplaceSheet(Struct, frozen=True):
    """A sheet of a file takes the place of the sheet of the same title, and what referred to that one refers to it.

    With `kept` the old sheet stays under that title.
    """

    title: str
    source: Path
    kept: str | None = None


class RemoveSheet(Struct, frozen=True):
    """A sheet goes away."""

    title: str


class NameSheet(Struct, frozen=True):
    """A name of the workbook means A1 of a sheet."""

    name: str
    title: str


class EnterCells(Struct, frozen=True):
    """Values are written into cells of a sheet that stays."""

    edits: CellEdits


class TypeAsItWas(Struct, frozen=True):
    """A cell (row, column) gets the formula, or the error, that it has in a file."""

    title: str
    at: tuple[int, int]
    source: Path


class TotalsAside(Struct, frozen=True):
    """Excel takes the row of totals of a table away until `TableReaches` brings it back; other programs move it."""

    name: str


Action = (
    AddSheet
    | ReplaceSheet
    | RemoveSheet
    | NameSheet
    | EnterCells
    | TypeAsItWas
    | TotalsAside
    | TableReaches
    | PrintArea
)


def actions_of(edits: Edits, lang: Lang, date1904: bool, scratch: Path, published: Path) -> Iterator[Action]:
    """Yield what carries out `edits`.

    Their sheets are written into files whose paths begin with `scratch`; one that keeps the look of the sheet before
    comes from a copy of `published`, the workbook in which the edits have been carried out.
    """
    from xlsales.layout.input_sheets import render_input_sheet  # a refresh need not load the writer
    from xlsales.layout.render import render

    for added in edits.inputs:
        source = scratch.with_name(f"{scratch.name}-{added.table.name}.xlsx")
        source.write_bytes(render_input_sheet(added.title, added.table, added.rows, lang))
        yield AddSheet(added.title, source, added.table.name, edits.before)
    if edits.sheets:
        source = scratch.with_name(f"{scratch.name}.xlsx")
        source.write_bytes(render([edit.model for edit in edits.sheets], lang, named=False, date1904=date1904))
        for edit in edits.sheets:
            title = edit.model.title
            before = "" if edit.model.archive else edits.before
            # a file of its own, since the program has it open while versions are kept
            looks = scratch.with_name(f"{scratch.name}-looks.xlsx")
            of = _copied(published, looks) if edit.like is not None else source
            yield ReplaceSheet(title, of, edit.kept) if edit.replaces else AddSheet(title, of, before=before)
            yield NameSheet(edit.model.name, title)
    yield from (TotalsAside(table.name) for table in edits.tables if table.totals)
    yield from map(EnterCells, edits.cells)
    yield from edits.tables
    for page in edits.pages:
        yield page
        yield NameSheet(page.name, page.title)


def _copied(source: Path, target: Path) -> Path:
    """Return `target`, a copy of `source`."""
    target.write_bytes(source.read_bytes())
    return target


def change_structure(actions: Sequence[Action]) -> bool:
    """Whether sheets come or go, which a protected structure forbids."""
    return any(isinstance(action, AddSheet | ReplaceSheet | RemoveSheet) for action in actions)


def aside(titles: Collection[str]) -> str:
    """Return a title under which a sheet that is replaced stays until its successor is in its place."""
    return sheet_title("xs_aside", titles)


def names_a_sheet(name: str) -> bool:
    """Whether a defined name, or one of a sheet (`Sheet!name`), marks a sheet of ours; a copied sheet may not bring it
    along: it would hide the workbook's own."""
    return name.rpartition("!")[2].lower().startswith(OUT_PREFIX)
