"""The workbook that is open in Excel: it is copied, and actions are carried out in it.

Values are written in blocks, sheets are copied in. If anything goes wrong on the way, all of it is undone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from xlsales.book.actions import (
    Action,
    AddSheet,
    EnterCells,
    NameSheet,
    RemoveSheet,
    ReplaceSheet,
    TotalsAside,
    TypeAsItWas,
    aside,
    names_a_sheet,
)
from xlsales.book.blocks import blocks_of
from xlsales.book.edits import CellEdits, PrintArea, TableReaches
from xlsales.book.snapshots import Snapshots
from xlsales.commands.live import NotSavedYet, OpenDocument, Record
from xlsales.core import a1
from xlsales.core.faults import Fault
from xlsales.hosts.excel.cells import contents_of, formula_of, restore_block, typed_in, write_block
from xlsales.hosts.excel.engine import xw
from xlsales.hosts.excel.looks import clear_formats, format_new_cells
from xlsales.hosts.excel.references import Retargeting

_EXCEL_LINKS = 1  # xlLinkType.xlLinkTypeExcelLinks
_PDF = 0  # XlFixedFormatType.xlTypePDF
_QUIET = {"calculation": "manual", "screen_updating": False, "display_alerts": False, "enable_events": False}
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")


class EncryptedCopy(Fault):
    """A password to open, or a label that encrypts: the copy that Excel saves is encrypted too."""

    zh = (
        "“{book}”有打开密码或会加密的敏感度标签,Excel 存出的副本也是加密的,读不了。请在 文件 → 信息 → 保护工作簿 里去掉"
        "密码(或换一个不加密的标签)并保存,再点一次;没有任何改动。"
    )
    en = (
        '"{book}" has a password to open, or a sensitivity label that encrypts, so the copy that Excel saves cannot be '
        "read. Take the password away under File, Info, Protect Workbook (or choose a label that does not encrypt), "
        "save, and press again; nothing was changed."
    )


class LiveWorkbook(OpenDocument):
    """A workbook open in Excel; a context that removes its copies when left."""

    def __init__(self, book: xw.Book, snapshots: Snapshots) -> None:
        if not book.api.Path:
            raise NotSavedYet(book=book.name)
        super().__init__(snapshots)
        self._book = book
        self._content = Path(self._folder.name) / book.name
        self._names: dict[str, xw.Name] = {}
        """Names of the workbook as a run finds them, in small letters: each costs two calls to Excel."""

    def __enter__(self) -> Self:
        try:
            self._book.api.SaveCopyAs(str(self._content))
            with self._content.open("rb") as copy:
                if copy.read(len(_COMPOUND)) == _COMPOUND and self._content.suffix.lower() in (".xlsx", ".xlsm"):
                    raise EncryptedCopy(book=self._book.name)
        except BaseException:
            self._folder.cleanup()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    @property
    def content(self) -> Path:
        """The copy that Excel saved."""
        return self._content

    @property
    def home(self) -> Path:
        """Return the place of the workbook: a path, or an address of a cloud drive."""
        return Path(self._book.api.FullName)

    def print_to(self, pages: Path, out: Path) -> None:
        """Let Excel publish a copy, which is opened for that."""
        with self._quietly(), _OpenFiles(self._book.app) as files:
            files.get(pages).api.ExportAsFixedFormat(Type=_PDF, Filename=str(out), OpenAfterPublish=False)

    def structure_is_protected(self) -> bool:
        """Return what Excel says."""
        return bool(self._book.api.ProtectStructure)

    def carry_out(self, actions: Sequence[Action], record: Record | None) -> None:
        """Carry out actions, wholly or not at all."""
        with self._quietly(), _AllOrNothing() as rollback, _OpenFiles(self._book.app) as files:
            if any(isinstance(action, NameSheet) for action in actions):
                self._names = {name.name.lower(): name for name in self._book.names}
            for action in actions:
                self._do(action, files, rollback)
            if record is not None:
                record.keep()
                rollback.back(record.forget)

    def _do(self, action: Action, files: _OpenFiles, rollback: _AllOrNothing) -> None:
        match action:
            case AddSheet(title, source, before=before):
                sheets, giver = self._book.sheets, files.get(source).sheets[title]
                new = giver.copy(before=sheets[before]) if before else giver.copy(after=sheets[len(sheets) - 1])
                rollback.back(new.delete)
                new.name = title
            case ReplaceSheet(title, source, kept):
                self._replace(files.get(source), title, kept, rollback)
            case RemoveSheet(title):
                rollback.at_last(self._book.sheets[title].delete)
            case NameSheet(name, title):
                self._name(name, title, rollback)
            case EnterCells(edits):
                self._enter(edits, rollback)
            case TypeAsItWas(title, at, source):
                source_cell = files.get(source).sheets[title].range(at)
                self._type_as_it_was(source_cell, self._book.sheets[title].range(at), rollback)
            case TotalsAside(name):
                self._show_totals(name, False, rollback)
            case TableReaches():
                self._reach(action, rollback)
            case PrintArea(title, area):
                # PageSetup.PrintArea would ask a printer, which a PC need not have
                names = self._book.sheets[title].api.Names
                names.Add(Name="Print_Area", RefersTo=f"={a1.on_sheet(title, area)}")
                rollback.back(lambda: names.Item("Print_Area").Delete())

    # --- each kind of action ---

    def _type_as_it_was(self, source: xw.Range, cell: xw.Range, rollback: _AllOrNothing) -> None:
        """Give a cell the formula, or the error, that it had in the version before."""
        form = formula_of(cell.api)
        rollback.back(partial(restore_block, cell.sheet, cell.row, cell.column, contents_of(cell)))
        setattr(cell.api, form, getattr(source.api, form))

    def _replace(self, giver: xw.Book, title: str, kept: str | None, rollback: _AllOrNothing) -> None:
        """Copy a sheet in before the one that it replaces; what referred to that one now refers to it."""
        old = self._book.sheets[title]
        away = aside([sheet.name for sheet in self._book.sheets])
        old.name = away
        rollback.back(lambda: setattr(old, "name", title))
        new = giver.sheets[title].copy(before=old)
        rollback.back(new.delete)
        new.name = title
        self._keep_links_here(giver)
        for name in new.names:  # a copied sheet may bring names that would hide those of the workbook
            if names_a_sheet(name.name):
                name.delete()
        moved = Retargeting(self._book, away, title)
        rollback.back(moved.back)
        moved.carry_out(skip=old)
        if kept is None:
            rollback.at_last(old.delete)
        else:
            old.name = kept
            rollback.back(lambda: setattr(old, "name", away))

    def _keep_links_here(self, giver: xw.Book) -> None:
        """Let formulas of a copied sheet mean this workbook's sheets, not those of the file it came from."""
        here, there = self._book.api, giver.api.FullName
        if there in (here.LinkSources(_EXCEL_LINKS) or ()):
            here.ChangeLink(Name=there, NewName=here.FullName, Type=_EXCEL_LINKS)

    def _name(self, name: str, title: str, rollback: _AllOrNothing) -> None:
        """Let a name of the workbook mean A1 of a sheet."""
        names = self._book.api.Names
        before = self._names.get(name.lower())
        if before is not None:
            reference = before.refers_to
            rollback.back(lambda: names.Add(Name=name, RefersTo=reference))
        else:
            rollback.back(lambda: names.Item(name).Delete())
        names.Add(Name=name, RefersTo=f"={a1.on_sheet(title, '$A$1')}")

    def _enter(self, edits: CellEdits, rollback: _AllOrNothing) -> None:
        sheet, edits = self._book.sheets[edits.title], edits.one_by_one()
        formatted: list[Any] = []
        rollback.back(partial(clear_formats, formatted))
        format_new_cells(sheet, edits, formatted)
        for block in typed_in(sheet, edits.formulas):
            area = sheet.range(a1.block(block.row, block.column, block.last_row, block.column))
            rollback.back(partial(restore_block, sheet, block.row, block.column, contents_of(area)))
            setattr(area.api, formula_of(area.api), block.values)
        for block in blocks_of(edits):
            rollback.back(partial(restore_block, sheet, block.row, block.column, write_block(sheet, block)))

    def _reach(self, reaches: TableReaches, rollback: _AllOrNothing) -> None:
        """Let a table reach down to a row; its row of totals, taken away before, comes back behind its rows."""
        last = reaches.last_row - reaches.totals
        for table in self._tables(reaches.name):
            area = table.range
            if area.row + area.shape[0] - 1 != last:
                corner = area.column + area.shape[1] - 1
                rollback.back(partial(table.resize, area))
                table.resize(table.parent.range((area.row, area.column), (last, corner)))
        if reaches.totals:
            self._show_totals(reaches.name, True, rollback)

    def _show_totals(self, name: str, shown: bool, rollback: _AllOrNothing) -> None:
        """Show or hide a table's row of totals; Excel keeps in mind what is in it."""
        for table in self._tables(name):
            if table.show_totals != shown:
                rollback.back(partial(setattr, table, "show_totals", not shown))
                table.show_totals = shown

    def _tables(self, name: str) -> list[xw.main.Table]:
        return [table for sheet in self._book.sheets for table in sheet.tables if table.name == name]

    # --- manners ---

    @contextlib.contextmanager
    def _quietly(self) -> Iterator[None]:
        """Let nothing flicker, ask, calculate or start events; afterwards show the person what they saw before.

        That may be another workbook: while a question is shown, a person can go to others.
        """
        app = self._book.app
        front, sheet, address = app.api.ActiveWorkbook, self._book.sheets.active.name, ""
        elsewhere = front.Name != self._book.name
        with contextlib.suppress(Exception):  # a chart or a shape has no address
            address = "" if elsewhere else app.api.Selection.Address
        try:
            with app.properties(**_QUIET):
                try:
                    yield
                finally:
                    self._book.api.Activate()
                    if sheet in [s.name for s in self._book.sheets]:
                        self._book.sheets[sheet].api.Activate()
                        with contextlib.suppress(Exception):  # a selection of many areas has no whole address
                            if address:
                                self._book.sheets[sheet].range(address).select()
                    if elsewhere:
                        front.Activate()
        finally:
            app.screen_updating = True  # even if a run that broke off left it off


class _OpenFiles:
    """Files of ours opened for reading in the same Excel, each once, until the context is left."""

    def __init__(self, app: xw.App) -> None:
        self._app = app
        self._open: dict[Path, xw.Book] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for book in self._open.values():
            book.close()

    def get(self, path: Path) -> xw.Book:
        """Return the open workbook of a file."""
        if path not in self._open:
            books = self._app.books
            self._open[path] = books.open(str(path), update_links=False, read_only=True, add_to_mru=False)
        return self._open[path]


class HalfChanged(Fault):
    """A run failed, and Excel did not let all of it be undone."""

    zh = "运行中途失败,Excel 又不让全部退回:工作簿可能只改了一半。请不要保存,关闭后重新打开它。"
    en = "The run failed half-way and Excel did not let all of it be taken back. Close without saving, then open again."


class _AllOrNothing:
    """A run of changes: if anything fails they are undone, the last one first. Some are done at the end only."""

    def __init__(self) -> None:
        self._ways_back: list[Callable[[], object]] = []
        self._last: list[Callable[[], object]] = []

    def back(self, way_back: Callable[[], object]) -> None:
        """Note what undoes the change just made."""
        self._ways_back.append(way_back)

    def at_last(self, change: Callable[[], object]) -> None:
        """Note a change that cannot be undone; it is made after all others."""
        self._last.append(change)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._go_back(error)
            return
        try:
            for change in self._last:
                change()
        except BaseException as failed:
            self._go_back(failed)
            raise

    def _go_back(self, error: BaseException | None) -> None:
        stuck = False
        for way_back in reversed(self._ways_back):
            try:
                way_back()
            except Exception:  # go back as far as can be
                stuck = True
        if stuck:
            raise HalfChanged() from error
