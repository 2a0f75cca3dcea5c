"""The workbook that is open in Excel, as a document that commands read and write.

It is read from a copy that Excel saves beside, so that what is typed but not
saved counts. What a run changes is worked out on that copy, as for a file, and
then carried out in the open workbook: blocks of values, sheets copied in. When
anything goes wrong on the way, every step taken is taken back.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import xlwings as xw

from xlsales.core.faults import Fault, Lang
from xlsales.hosts.excel.cells import format_new_cells, restore_block, write_block
from xlsales.hosts.excel.language import language_of
from xlsales.hosts.excel.references import Retargeting
from xlsales.workbook.blocks import blocks_of
from xlsales.workbook.contract import Word
from xlsales.workbook.edits import CellEdits, Edits, TableGrows
from xlsales.workbook.file.book import Book
from xlsales.workbook.file.formulas import quote_title
from xlsales.workbook.layout.model import sheet_title
from xlsales.workbook.publish import publish, render_input_sheet
from xlsales.workbook.restoring import Restoration
from xlsales.workbook.snapshots import Snapshots

TITLE = Word("销售目标", "Sales targets")
"""What message boxes are called."""
_QUESTION = Word(
    "这些表里有您手工改过的目标或自己加的内容,现在要按计划重新生成:{titles}。\n"
    "改过的目标会被替换,自己加的内容另存为“… 旧1”;“撤销上次”可以全部取回。\n\n继续吗?",
    "These sheets carry targets that were changed by hand, or cells of your own, and are to be rewritten: {titles}.\n"
    'Changed targets are replaced, your own cells are kept in "… old 1"; Undo gives all of it back.\n\nGo on?',
)
_OUT = "xs_out_"


class NotSavedYet(Fault):
    """The workbook has no file of its own yet."""

    zh = "“{book}”还没有保存过。请先保存(Ctrl+S),再运行。"
    en = '"{book}" has not been saved yet. Save it first (Ctrl+S), then run again.'


class LiveWorkbook:
    """A workbook open in Excel; a context that removes its copies when left."""

    def __init__(self, book: xw.Book, snapshots: Snapshots) -> None:
        if not book.api.Path:
            raise NotSavedYet(book=book.name)
        self._book, self._snapshots = book, snapshots
        self._copies = tempfile.TemporaryDirectory(prefix="xlsales-", ignore_cleanup_errors=True)
        self._folder = Path(self._copies.name)
        self._content = self._folder / book.name

    def __enter__(self) -> Self:
        self._copies.__enter__()
        try:
            self._book.api.SaveCopyAs(str(self._content))
        except BaseException:
            self._copies.cleanup()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._copies.cleanup()

    @property
    def content(self) -> Path:
        """The copy that Excel saved."""
        return self._content

    @property
    def home(self) -> Path:
        """Where the workbook is kept: a path, or an address of a cloud drive."""
        return Path(self._book.api.FullName)

    @property
    def target(self) -> Path:
        """The open workbook."""
        return Path(self._book.name)

    def check(self, sources: Sequence[Path]) -> None:
        """Nothing stands against writing into an open workbook."""

    def agrees(self, titles: Sequence[str]) -> bool:
        """Ask whether sheets may be written anew that carry what a person changed or added."""
        lang = language_of(self._book)
        prompt = _QUESTION[lang].format(titles=("、" if lang == "zh" else ", ").join(titles))
        return self._book.app.alert(prompt, TITLE[lang], buttons="yes_no", mode="critical") == "yes"

    def write(self, book: Book, edits: Edits, lang: Lang, command: str, when: dt.datetime) -> None:
        """Carry out edits in the open workbook, wholly or not at all; the versions before and after are kept."""
        from xlsales.workbook.layout.render import render

        before = self._folder / f"before{self._content.suffix}"
        shutil.copyfile(self._content, before)
        publish(book, edits, lang)
        after = self._folder / f"after{self._content.suffix}"
        book.package.save(after)
        with self._quietly(), _AllOrNothing() as steps:
            for added in edits.inputs:
                scratch = self._folder / f"xlsales-{when:%H%M%S}-{added.table.name}.xlsx"
                scratch.write_bytes(render_input_sheet(added, lang))
                with self._opened(scratch) as giver:
                    self._place(giver, added.title, False, None, steps)
            if edits.sheets:
                models = [edit.model for edit in edits.sheets]
                scratch = self._folder / f"xlsales-{when:%H%M%S}.xlsx"
                scratch.write_bytes(render(models, lang, named=False))
                with self._opened(scratch) as giver:
                    for edit in edits.sheets:
                        self._place(giver, edit.model.title, edit.replaces, edit.kept, steps)
                        self._name(edit.model.name, edit.model.title, steps)
            for cells in edits.cells:
                self._enter(cells, steps)
            for grows in edits.tables:
                self._stretch(grows, steps)
            self._snapshots.keep(self.home, before, after, command, when.isoformat(" "), edits)

    def restore(self, restoration: Restoration, before: Path) -> None:
        """Carry out a restoration; `before` is the kept version that sheets are taken from."""
        with self._quietly(), _AllOrNothing() as steps:
            if restoration.sheets:
                with self._opened(before) as giver:
                    for title, name in restoration.sheets:
                        self._place(giver, title, True, None, steps)
                        self._name(name, title, steps)
            for cells in restoration.cells:
                self._enter(cells, steps)
            for title in restoration.removed:
                steps.at_last(self._book.sheets[title].delete)

    # --- steps ---

    def _place(self, giver: xw.Book, title: str, replaces: bool, kept: str | None, steps: _AllOrNothing) -> None:
        """Copy a sheet in; where it replaces one, what referred to that one now refers to it."""
        source = giver.sheets[title]
        if not replaces:
            steps.back(source.copy(after=self._last_sheet(), name=title).delete)
            return
        old = self._book.sheets[title]
        aside = sheet_title("xs_aside", [sheet.name for sheet in self._book.sheets])
        old.name = aside
        steps.back(lambda: setattr(old, "name", title))
        new = source.copy(before=old, name=title)
        steps.back(new.delete)
        for name in new.names:  # a copied sheet may bring names that would hide those of the workbook
            if name.name.rpartition("!")[2].lower().startswith(_OUT):
                name.delete()
        moved = Retargeting(self._book, aside, title)
        steps.back(moved.back)
        moved.carry_out(skip=old)
        if kept is None:
            steps.at_last(old.delete)
        else:
            old.name = kept
            steps.back(lambda: setattr(old, "name", aside))

    def _last_sheet(self) -> xw.Sheet:
        return self._book.sheets[len(self._book.sheets) - 1]

    def _name(self, name: str, title: str, steps: _AllOrNothing) -> None:
        """Let a name of the workbook mean A1 of a sheet."""
        names = self._book.api.Names
        standing = next((n for n in self._book.names if n.name.lower() == name.lower()), None)
        if standing is not None:
            meant = standing.refers_to
            steps.back(lambda: names.Add(Name=name, RefersTo=meant))
        else:
            steps.back(lambda: names.Item(name).Delete())
        names.Add(Name=name, RefersTo=f"={quote_title(title)}!$A$1")

    def _enter(self, edits: CellEdits, steps: _AllOrNothing) -> None:
        sheet = self._book.sheets[edits.title]
        steps.back(format_new_cells(sheet, edits))
        for block in blocks_of(edits):
            steps.back(partial(restore_block, sheet, block.row, block.column, write_block(sheet, block)))

    def _stretch(self, grows: TableGrows, steps: _AllOrNothing) -> None:
        """Let a table reach down to a row."""
        tables = [table for sheet in self._book.sheets for table in sheet.tables if table.name == grows.name]
        for table in tables:
            area = table.range
            last = area.row + area.shape[0] - 1
            if last < grows.last_row:
                corner = area.column + area.shape[1] - 1
                wider = table.parent.range((area.row, area.column), (grows.last_row, corner))
                steps.back(partial(table.resize, area))
                table.resize(wider)

    # --- manners ---

    @contextlib.contextmanager
    def _opened(self, path: Path) -> Iterator[xw.Book]:
        """Open a file of ours in the same Excel, for reading."""
        book = self._book.app.books.open(str(path), update_links=False, read_only=True, add_to_mru=False)
        try:
            yield book
        finally:
            book.close()

    @contextlib.contextmanager
    def _quietly(self) -> Iterator[None]:
        """No flicker, no events, no questions; afterwards the person is where they were."""
        app = self._book.app
        sheet, address = self._book.sheets.active.name, ""
        with contextlib.suppress(Exception):  # a chart or a shape has no address
            address = app.api.Selection.Address
        try:
            with app.properties(screen_updating=False, display_alerts=False, enable_events=False):
                try:
                    yield
                finally:
                    self._book.api.Activate()
                    if sheet in [s.name for s in self._book.sheets]:
                        self._book.sheets[sheet].api.Activate()
                        if address:
                            self._book.sheets[sheet].range(address).select()
        finally:
            app.screen_updating = True  # also where it was off before, by a run that broke off


class _AllOrNothing:
    """Steps with their way back: taken back in reverse when anything fails; the last ones are done at the end."""

    def __init__(self) -> None:
        self._ways_back: list[Callable[[], object]] = []
        self._last: list[Callable[[], object]] = []

    def back(self, step: Callable[[], object]) -> None:
        """Note how the step just taken is taken back."""
        self._ways_back.append(step)

    def at_last(self, step: Callable[[], object]) -> None:
        """Note a step that cannot be taken back, to be taken when all others are done."""
        self._last.append(step)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            for step in self._last:
                step()
            return
        for step in reversed(self._ways_back):
            with contextlib.suppress(Exception):  # the first error is the one to tell; go back as far as can be
                step()
