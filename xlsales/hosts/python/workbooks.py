"""An openpyxl `Workbook` in memory, as a document that verbs read and write.

It is saved into a temporary file, worked on there as any file is, and loaded again by openpyxl. Then the same Workbook
has the contents of the result: it, its sheets and its cells are the objects that the caller has already. So whoever
holds `book["Settings"]` does not go on writing into a sheet that is no longer there. Nothing is put back before all of
it is loaded: a run that fails leaves the Workbook as it was.

openpyxl keeps what it knows and drops the rest, whenever it loads or saves: text boxes and shapes, sparklines, form
buttons, slicers, threaded comments, printer settings, some looks of charts and data bars, pictures if Pillow is
missing, and the results of formulas, which Excel computes again when it opens the file. The command line, or a path
instead of a Workbook, keeps all of these.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import tempfile
import warnings
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlsales.book.edits import Edits
from xlsales.book.publish import publish
from xlsales.book.snapshots import Snapshot
from xlsales.core.faults import Fault, Lang
from xlsales.ooxml.book import Book

if TYPE_CHECKING:
    from openpyxl import Workbook


class NotWholeInMemory(Fault):
    """A Workbook of which openpyxl has not all contents."""

    zh = "这个 Workbook 是用 read_only 或 write_only 打开的,内容不全。请不带它们重新打开。"
    en = "This Workbook was opened with read_only or write_only, so it is not all there. Open it without them."


class NotSavable(Fault):
    """A Workbook that openpyxl cannot save."""

    zh = "openpyxl 存不了这个 Workbook({found}),没有任何改动。请先让 workbook.save() 能成功。"
    en = "openpyxl cannot save this Workbook ({found}); nothing was changed. See to it that workbook.save() works."


class NothingToGoBackTo(Fault):
    """An undo of a Workbook in memory, of which no versions are kept."""

    zh = "内存里的 Workbook 没有保留以前的版本。请重新打开它的文件,或对文件撤销。"
    en = "No versions are kept of a Workbook in memory. Load its file again, or undo the file."


class OutOfMemory(Fault):
    """A file to write, beside a Workbook that is changed in place."""

    zh = "Workbook 直接在内存里改,不能同时给 out。请去掉 out,之后用 workbook.save() 存。"
    en = "A Workbook is changed in memory, so out is not for it. Leave out away, and save it by workbook.save()."


def as_workbook(book: object) -> Workbook | None:
    """Return a Workbook of openpyxl, None if it is something else; openpyxl is not loaded for that."""
    openpyxl = sys.modules.get("openpyxl")
    return book if openpyxl is not None and isinstance(book, openpyxl.Workbook) else None


class MemoryDocument:
    """A Workbook of openpyxl. Raises NotWholeInMemory or NotSavable."""

    def __init__(self, workbook: Workbook) -> None:
        if workbook.read_only or workbook.write_only:
            raise NotWholeInMemory()
        self._workbook = workbook
        folder = tempfile.mkdtemp(prefix="xlsales-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._content = Path(folder) / f"Workbook{'.xlsm' if workbook.vba_archive else '.xlsx'}"
        modified = workbook.properties.modified
        try:
            workbook.save(self._content)
        except Exception as error:  # whatever openpyxl does not like
            raise NotSavable(found=f"{type(error).__name__}: {error}") from error
        finally:
            workbook.properties.modified = modified

    @property
    def content(self) -> Path:
        """The file into which it was saved."""
        return self._content

    @property
    def home(self) -> Path:
        """What messages call it; relative paths of sources start in the current folder."""
        return Path("Workbook")

    @property
    def target(self) -> Path:
        """The same."""
        return self.home

    @property
    def pdf(self) -> Path:
        """A file in the current folder."""
        return self.home.with_suffix(".pdf")

    @property
    def keeps_results(self) -> bool:
        """openpyxl drops them."""
        return False

    def print_to(self, pages: Path, out: Path) -> None:
        """Nothing is printed from memory."""
        raise NotImplementedError

    def check(self, sources: Sequence[Path]) -> None:
        """Nothing forbids to change it."""

    def write(self, book: Book, edits: Edits, lang: Lang, command: str, when: dt.datetime) -> None:
        """Carry out edits in the file, load it, and give the Workbook these contents."""
        from openpyxl import load_workbook

        publish(book, edits, lang)
        after = self._content.with_stem("after")
        book.package.save(after)
        old = self._workbook
        with warnings.catch_warnings():  # on what is dropped: the docstring above says it once and for all
            warnings.simplefilter("ignore")
            new = load_workbook(
                after, keep_vba=old.vba_archive is not None, data_only=old.data_only, rich_text=_has_rich_text(old)
            )
        _put(new, old)

    def last_run(self) -> Snapshot | None:
        """No versions are kept."""
        return None

    def go_back(self) -> Snapshot:
        """No versions are kept."""
        raise NothingToGoBackTo()


def _has_rich_text(workbook: Workbook) -> bool:
    """Whether it was loaded with rich_text=True, or has such texts."""
    from openpyxl.cell.rich_text import CellRichText

    return any(type(cell.value) is CellRichText for sheet in workbook.worksheets for cell in _cells(sheet).values())


def _cells(sheet: Any) -> dict[tuple[int, int], Any]:
    cells: dict[tuple[int, int], Any] = sheet._cells
    return cells


def _put(new: Any, old: Any) -> None:
    """Give a Workbook the contents of another, which is not used any more.

    Its sheets that are there by title, and their cells, stay the same objects.
    """
    there = {(type(sheet), sheet.title): sheet for sheet in old._sheets}
    sheets = []
    for sheet in new._sheets:
        own = there.get((type(sheet), sheet.title))
        if own is not None and hasattr(sheet, "_cells"):
            _put_sheet(sheet, own)
        elif own is not None:
            vars(own).update(vars(sheet))
        sheets.append(sheet if own is None else own)
    if old.vba_archive is not None:
        old.vba_archive.close()
    vars(old).update(vars(new), _sheets=sheets, iso_dates=old.iso_dates)
    for sheet in sheets:
        sheet._parent = old
    for style in old._named_styles:
        style.bind(old)


def _put_sheet(new: Any, old: Any) -> None:
    """Give a Worksheet the contents of another: what refers to the other one refers to it."""
    cells, before = _cells(new), dict(_cells(old))
    for at, cell in cells.items():
        own = before.pop(at, None)
        if _is_plain(own) and _is_plain(cell):
            for slot in ("_value", "data_type", "_hyperlink", "_comment", "_style"):
                setattr(own, slot, getattr(cell, slot))
            if own._comment is not None:
                own._comment._parent = own
            cells[at] = own
        else:
            cell.parent = old
    for at, own in before.items():  # a cell that is empty, but that the caller may hold
        if _is_plain(own):
            own._value, own.data_type, own._hyperlink, own._comment = None, "n", None, None
            own._style = type(own._style)()
            cells[at] = own
    for holder, add in ((new.row_dimensions, old._add_row), (new.column_dimensions, old._add_column)):
        holder.worksheet, holder.default_factory = old, add
        for dimension in holder.values():
            dimension.parent = old
    for area in new.merged_cells.ranges:
        area.ws, area.start_cell = old, cells.get((area.min_row, area.min_col))
    new.page_setup._parent = old
    vars(old).update(vars(new))


def _is_plain(cell: Any) -> bool:
    """Whether it is a cell with contents of its own: no part of merged cells."""
    from openpyxl.cell import Cell

    return type(cell) is Cell
