"""What brings the sheets of a workbook to what they should be, as edits.

A sheet that still has the model's rows and columns gets new values
only: formats, order, notes and added columns stay. Otherwise it is written
anew in its place; and if a person has written something of their own into
the old one, that is kept as a sheet of its own.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec.structs import replace

from xlsales.book.edits import CellEdits, Edits, SheetEdit, are_same, holds
from xlsales.book.keyed import WrittenSheet, written_sheets
from xlsales.book.protection import refuse
from xlsales.core import a1
from xlsales.core.a1 import Address
from xlsales.core.faults import Fault, Lang, Place, Problem
from xlsales.layout.model import (
    CHART_NAME,
    ENTRIES,
    IDENTITY,
    SUBLINE,
    Formula,
    Link,
    LinkToPlace,
    SheetModel,
    Value,
    blank_if_nan,
    is_target,
    rows_to_write,
    sheet_title,
)
from xlsales.layout.paper import row_height
from xlsales.ooxml import relations
from xlsales.ooxml.book import Book, SheetPart
from xlsales.ooxml.cells import BLANK
from xlsales.ooxml.changes import Change, Plain, Result
from xlsales.values.serials import to_serial
from xlsales.vocabulary.contract import Word

_NEAR = 0.005
"""Yuan: sums of targets that differ by less are the same."""
_SAME_SHARE = 1e-3
"""Of a parent's target: under a stretch, sums below it that differ by less are the same but for rounding."""
KEPT = Word("{title} 旧{n}", "{title} old {n}")
DRAWN = Word("批注或图形", "a note or a drawing")
OWN_RELATIONS = {"drawing", "printerSettings"}
"""What a written sheet relates to by itself, or by being saved in Excel."""


class KeptAside(Fault):
    """A sheet with a person's own cells was replaced and kept under another title."""

    asked = True
    zh = "表的行列变了,已在原位重新生成;您在旧表里加的内容(如 {cell})保留在“{kept}”。别处引用这张表的公式请核对行列。"
    en = (
        "Rows or columns changed, so it was written anew in its place; what you added to it (such as {cell}) is kept "
        'in "{kept}". Check the rows and columns in formulas elsewhere that refer to this sheet.'
    )


def plan_edits(
    book: Book,
    models: Sequence[SheetModel],
    lang: Lang,
    sheets: dict[str, WrittenSheet] | None = None,
    *,
    targets_stay: bool = False,
    more_titles: Sequence[str] = (),
) -> Edits:
    """Return what brings the workbook's sheets to the models; nothing is changed yet.

    `sheets` are the written sheets as they are now, if the caller has read them already, `more_titles` those that
    other edits of the same run will take. With `targets_stay` targets and their fingerprint stay, so that targets
    changed by hand are reported until they are split anew. Raises Refused if a sheet or the workbook is protected.
    """
    sheets = written_sheets(book) if sheets is None else sheets
    staying: list[tuple[WrittenSheet, SheetModel]] = []
    fresh: list[SheetModel] = []
    for model in _own_names(models, sheets):
        sheet = sheets.get(model.identity)
        if sheet is not None and _fits(sheet, model):
            staying.append((sheet, model))
        else:
            fresh.append(model)
    rewritten = [sheets[model.identity] for model in fresh if model.identity in sheets]
    to_write = [*(sheet for sheet, _ in staying), *rewritten]
    refuse(book, [sheet.sheet for sheet in to_write], adds=len(rewritten) < len(fresh))
    titles = [*(s.title for s in book.sheets), *more_titles]
    edits: list[SheetEdit] = []
    notes: list[Problem] = []
    for model in fresh:
        sheet = sheets.get(model.identity)
        if sheet is None:
            title = sheet_title(model.title, titles)
            titles.append(title)
            edits.append(SheetEdit(replace(model, title=title)))
            continue
        title, kept = sheet.title, None
        own = sheet.made_by_hand()
        if own or drawn_by_hand(book, sheet.sheet):
            kept = _free_title(title, titles, lang)
            titles.append(kept)
            aside = KeptAside(cell=own[0] if own else DRAWN[lang], kept=kept)
            notes.append(Problem.note(Place(title), "", aside))
        like = sheet if model.keeps_look and _same_look(sheet, model) else None
        edits.append(SheetEdit(replace(model, title=title), replaces=True, kept=kept, like=like))
    places = _Places(sheets, [edit.model for edit in edits], {sheet.title for sheet in book.sheets})
    edits = [replace(edit, model=places.linked(edit.model)) for edit in edits]
    changes = (
        _changes(sheet, places.linked(model), book.date1904, targets_stay and model.keeps_targets)
        for sheet, model in staying
    )
    return Edits(tuple(change for change in changes if change.cells), tuple(edits), tuple(notes))


class _Places:
    """Where cells are, by keys, when the edits have been carried out."""

    def __init__(
        self, sheets: Mapping[str, WrittenSheet], fresh: Sequence[SheetModel], titles: Collection[str]
    ) -> None:
        self._fresh = {model.key: model for model in fresh}
        self._sheets, self._titles = sheets, titles

    def linked(self, model: SheetModel) -> SheetModel:
        """Return a model with its links as texts."""
        hidden = [column.key for column in model.columns if column.hidden]  # where links are: a sheet may be large
        if not hidden:
            return model
        texts = ({key: self._text(row.values[key]) for key in hidden if key in row.values} for row in model.rows)
        rows = (replace(row, values={**row.values, **own}) for row, own in zip(model.rows, texts, strict=True))
        return replace(model, rows=tuple(rows))

    def _text(self, link: Value) -> Value:
        """Return what HYPERLINK takes for a link; any other value as it is."""
        if isinstance(link, LinkToPlace):
            title, row, column = link.place.sheet, link.place.row, link.place.column
            return f"#{a1.on_sheet(title, a1.cell(row or 1, column or 1))}" if title in self._titles else None
        if not isinstance(link, Link):
            return link
        fresh, sheet = self._fresh.get(link.sheet), self._sheets.get(IDENTITY + link.sheet)
        if fresh is not None:
            return f"#{a1.on_sheet(fresh.title, fresh.address(link.row, link.column))}"
        if sheet is None or link.row not in sheet.rows or link.column not in sheet.columns:
            return None
        return f"#{a1.on_sheet(sheet.title, a1.cell(sheet.rows[link.row], sheet.columns[link.column]))}"


def _own_names(models: Sequence[SheetModel], sheets: dict[str, WrittenSheet]) -> list[SheetModel]:
    """Give each model the defined name of its sheet, a new dimension one that no sheet has."""
    in_use = {sheet.name.lower() for sheet in sheets.values()}
    own = []
    for model in models:
        if model.identity in sheets:
            name = sheets[model.identity].name
        elif model.name.lower() in in_use:
            stem = model.name.rstrip("0123456789")
            name = next(free for n in range(1, 10_000) if (free := f"{stem}{n}") not in in_use)
        else:
            name = model.name
        in_use.add(name.lower())
        own.append(replace(model, name=name))
    return own


def _fits(sheet: WrittenSheet, model: SheetModel) -> bool:
    """Whether every cell of the model has its place in the sheet, and none is left over."""
    rows, columns = {row.key for row in model.rows}, {column.key for column in model.columns}
    if set(sheet.rows) - {"#subline"} != rows or set(sheet.columns) != columns:
        return False
    if not _same_look(sheet, model):
        return False
    if any(row.counts_for and sheet.counts_for(row.key) != row.counts_for for row in model.rows):
        return False  # a member on another level: the proofs would count it on its former level
    if _moved(sheet, model):
        return False
    return all(
        (cell := sheet.cells.get((sheet.rows[row.key], sheet.columns[key]))) is not None and cell.formula
        for row in model.rows
        for key, value in row.values.items()
        if isinstance(value, Formula)
    )


def _same_look(sheet: WrittenSheet, model: SheetModel) -> bool:
    """Whether its money is shown as the model's, in the same language."""
    return sheet.stamp.rpartition("|")[0].casefold() == model.look.casefold()


def _moved(sheet: WrittenSheet, model: SheetModel) -> bool:
    """Whether a member is below another parent in the sheet than in the model, by order and by sums.

    A parent's target is that of the members below it in the model, times the stretch and less what is unassigned, but
    not that of the same ones in the sheet. Rows that a person sorted are in another order, but their sums agree.
    """
    if not model.tree:
        return False
    above: list[str] = []
    children: dict[str, list[str]] = {}
    for row in model.rows:
        if row.counts_for:
            del above[row.outline :]
            if above:
                children.setdefault(above[-1], []).append(row.key)
            above.append(row.key)
    new = {row.key: row.values.get("target") for row in model.rows if row.counts_for}
    if list(new) == sorted(new, key=lambda key: sheet.rows[key]):
        return False
    aside = any(row.key.startswith(("stretch:", "unassigned:")) for row in model.rows)

    def known(target: Callable[[str], object], parent: str) -> tuple[float, float] | None:
        values = [value for key in (parent, *children[parent]) if isinstance(value := target(key), int | float)]
        return (values[0], math.fsum(values[1:])) if len(values) == len(children[parent]) + 1 else None

    def apart(parent: str) -> bool:
        here, there = known(new.get, parent), known(lambda key: sheet.number(key, "target"), parent)
        if here is None or there is None or (not aside and abs(here[1] - here[0]) > _NEAR):
            return False
        times = here[1] / here[0] if aside and here[0] else 1.0
        return abs(there[1] - times * there[0]) > (_SAME_SHARE * abs(there[0]) if aside else _NEAR)

    return any(map(apart, children))


def _changes(sheet: WrittenSheet, model: SheetModel, date1904: bool, targets_stay: bool) -> CellEdits:
    """The cells of a sheet that differ from the model's."""
    changes: dict[Address, Change] = {}
    same: dict[Address, Plain] = {}
    drops = False
    targets = {column for column in sheet.columns if is_target("", column)} if targets_stay else set()
    typed = {column.key for column in model.columns if column.role in ENTRIES}
    columns = sheet.columns
    for key, values in rows_to_write(model):
        row = sheet.rows.get(key)
        if row is None:
            continue
        cells, staying = sheet.cells.row(row), targets if is_target(key, "target") and key != SUBLINE else ()
        for column, value in values.items():
            at = columns.get(column)
            if at is None or (column in staying and not isinstance(value, Formula)):
                continue
            cell = cells.get(at)
            if type(value) is float:  # most of the cells
                if cell is None and math.isnan(value):
                    same[row, at] = BLANK
                    continue
                if cell is not None and type(cell.value) is float and not cell.formula and math.isfinite(value):
                    (same if are_same(cell.value, value) else changes)[row, at] = value
                    continue
            if column in typed and cell is not None and cell.formula and value in (cell.value, str(cell.value)):
                continue  # a person typed a formula: it stays
            change = _change(blank_if_nan(value), date1904)
            if not holds(cell, change):
                changes[row, at] = change
                drops = drops or (cell is not None and cell.formula and not isinstance(change, Result))
            elif not isinstance(change, Result):
                same[row, at] = change
    if not targets_stay and sheet.stamp != model.stamp:
        changes[sheet.row, sheet.column + 1] = model.stamp
    return CellEdits(sheet.title, changes, drops, same, heights=_heights(sheet, model, changes))


def _heights(sheet: WrittenSheet, model: SheetModel, changes: Mapping[Address, Change]) -> dict[int, float]:
    """Return the heights of rows in which a wrapped text changes."""
    wrapped = [
        sheet.columns[c.key] for c in model.columns if c.role in ("wrap", "entry_text") and c.key in sheet.columns
    ]
    if not wrapped:
        return {}
    rows = ((sheet.rows[row.key], row) for row in model.rows if row.key in sheet.rows)
    return {n: row_height(row, model) for n, row in rows if any((n, at) in changes for at in wrapped)}


def _change(value: Value, date1904: bool) -> Change:
    """What a value of a model's cell, None if that is blank, is as the contents of a cell."""
    if isinstance(value, str | bool):
        return value
    if isinstance(value, Formula):
        result = value.result
        return Result(float(to_serial(result, date1904)) if isinstance(result, dt.date) else result)
    if value is None or isinstance(value, Link | LinkToPlace):  # there is no such cell
        return BLANK
    return float(to_serial(value, date1904) if isinstance(value, dt.date) else value)


def drawn_by_hand(book: Book, sheet: SheetPart) -> bool:
    """Return whether a sheet has notes, pictures, shapes, or charts beside ours (if names show which are ours)."""
    related = relations.relations(book.package, sheet.part)
    if any(relation.kind not in OWN_RELATIONS for relation in related):
        return True
    drawings = [book.package.parse(r.target) for r in related if r.kind == "drawing" and r.target in book.package]
    anchors = [anchor for root in drawings for anchor in root]
    charts = [anchor for anchor in anchors if anchor.find(".//{*}graphicData/{*}chart") is not None]
    ours = [anchor for anchor in charts if anchor.find(f".//{{*}}cNvPr[@name='{CHART_NAME}']") is not None]
    return len(charts) < len(anchors) or 0 < len(ours) < len(charts)


def _free_title(title: str, titles: Sequence[str], lang: Lang) -> str:
    n = 1
    while (free := sheet_title(KEPT[lang].format(title=title, n=n))).casefold() in {t.casefold() for t in titles}:
        n += 1
    return free
