"""Written sheets that have lost their hidden keys: laid out anew in their place, with the targets that are in them.

The labels that people see say which row and column is which. Of a sheet without targets nothing but its identity is
put back: the next run writes it. What was there before is kept beside, as whenever a sheet is written anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from msgspec import Struct
from msgspec.structs import replace

from xlsales.book.edits import Edits
from xlsales.book.keyed import WrittenSheet, written_sheets
from xlsales.book.planning import plan_edits
from xlsales.book.publish import publish
from xlsales.commands.actuals import sum_actuals
from xlsales.commands.job import Job
from xlsales.commands.targets import split_total
from xlsales.commands.writing import laid_out, run_figures
from xlsales.core import a1
from xlsales.core.text import identity
from xlsales.layout.model import SUBLINE, Row, SheetModel, Value, is_target, sheet_title
from xlsales.ooxml.book import SheetPart
from xlsales.ooxml.cells import SheetCells
from xlsales.ooxml.contents import set_defined_name
from xlsales.ooxml.patch import patch_sheet
from xlsales.plan.sheets.returns import RETURNS
from xlsales.plan.sheets.runs import RUNS
from xlsales.plan.sheets.versions import VERSIONS


class Keyless(Struct, frozen=True):
    """A written sheet without its keys, or with some of them; `model` is it with the targets that it holds."""

    sheet: SheetPart
    name: str
    identity: str
    model: SheetModel | None = None


def renew(job: Job) -> dict[str, str | None]:
    """Write anew the sheets with targets that have lost keys; of others put back the identity alone.

    Return their titles, each with that of the sheet under which the old one is kept: None if it is not kept, nothing
    if it stays.

    Raises what a split of the plan raises, and Refused if a sheet is protected.
    """
    book, keyless = job.book, list(_keyless(job))
    for one in keyless:
        xml = patch_sheet(book.package.read(one.sheet.part), {(1, 1): one.identity}, strings=book.strings)
        book.package.set(one.sheet.part, xml)
        set_defined_name(book, one.name, a1.on_sheet(one.sheet.title, "$A$1"))
    models = [one.model for one in keyless if one.model is not None]
    edits = plan_edits(book, models, job.inputs.lang, written_sheets(book)) if models else Edits()
    if keyless:
        publish(book, edits, job.inputs.lang)
    kept = {edit.model.title: edit.kept for edit in edits.sheets}
    return {one.sheet.title: kept.get(one.sheet.title, "") for one in keyless}


def _keyless(job: Job) -> Iterator[Keyless]:
    plan = replace(job.inputs.plan, closed_through=None)  # what is closed is in the sheets that are read here
    alone = replace(job, inputs=replace(job.inputs, plan=plan), sheets={}, problems=[])
    breakdown = split_total(alone)
    figures = run_figures(alone, breakdown, sum_actuals(alone, breakdown, None, required=False))
    for model in laid_out(alone, figures):
        written = job.sheets.get(model.identity)
        sheet = written.sheet if written is not None else _without_identity(job, model.name, model.title)
        if sheet is None:
            continue  # a split writes it
        if not model.keeps_targets:
            if written is None:
                yield Keyless(sheet, model.name, model.identity)
            continue
        renewed = _renewed(model, job.book.cells(sheet), written)
        if renewed is not None:
            yield Keyless(sheet, written.name if written is not None else model.name, model.identity, renewed)
    for kind in (RUNS, VERSIONS, RETURNS):
        title = kind.title[job.inputs.lang]
        sheet = _without_identity(job, kind.name, title) if kind.identity not in job.sheets else None
        if sheet is not None:
            yield Keyless(sheet, kind.name, kind.identity)


def _without_identity(job: Job, name: str, title: str) -> SheetPart | None:
    """The sheet that was of this name or title, and has lost its identity."""
    area = job.book.area(name)
    sheet = job.book.sheet(area.sheet if area is not None else sheet_title(title))
    taken = {one.title for one in job.sheets.values()}
    return sheet if sheet is not None and sheet.has_cells and sheet.title not in taken else None


def _renewed(model: SheetModel, cells: SheetCells, written: WrittenSheet | None) -> SheetModel | None:
    """The model with the targets of a sheet, found by its labels; None if it has all keys, or its labels are gone."""
    columns = _columns(model, cells)
    if columns is None:
        return None
    header, places = columns
    rows = _rows(model, cells, header, places[model.columns[0].key])
    targets = [column.key for column in model.columns if is_target("", column.key)]
    own = [row for row in model.rows if _holds_targets(row, targets)]
    if any(key not in places for key in targets) or any(row.key not in rows for row in own):
        return None
    if (
        written is not None
        and all(written.rows.get(row.key) == rows[row.key] for row in own)
        and all(written.columns.get(key) == places[key] for key in targets)
    ):
        return None
    filled = (_with_targets(row, cells, rows.get(row.key), places, targets) for row in model.rows)
    return replace(model, rows=tuple(filled))


def _holds_targets(row: Row, targets: Sequence[str]) -> bool:
    own = [key for key in targets if is_target(row.key, key)]
    return row.key != SUBLINE and any(isinstance(row.values.get(key), int | float) for key in own)


def _with_targets(
    row: Row, cells: SheetCells, at: int | None, places: Mapping[str, int], targets: Sequence[str]
) -> Row:
    values: dict[str, Value] = {}
    for key in targets if at is not None else ():
        value = cells.value(at or 0, places[key])
        if isinstance(row.values.get(key), int | float) and isinstance(value, float):
            values[key] = value
    return replace(row, values={**row.values, **values}) if values else row


def _columns(model: SheetModel, cells: SheetCells) -> tuple[int, dict[str, int]] | None:
    """The row of the headers and the column of each key, in the order of the model; None if most are gone."""
    visible = [column for column in model.columns if column.header and not column.hidden]
    wanted, best = [identity(column.header) for column in visible], (0, 0, dict[str, int]())
    for number in cells.rows[:_TOP]:
        row = [
            (column, cell.value) for column, cell in sorted(cells.row(number).items()) if isinstance(cell.value, str)
        ]
        pairs = _in_order(wanted, [identity(text) for _, text in row])
        if len(pairs) > best[0]:
            best = len(pairs), number, {visible[i].key: row[j][0] for i, j in pairs}
    found, number, places = best
    return (number, places) if found and model.columns[0].key in places else None


_TOP = 20
"""The headers are in the first so many rows with cells."""


def _rows(model: SheetModel, cells: SheetCells, header: int, column: int) -> dict[str, int]:
    """The row of each key: by the order of labels, and what was moved by labels that are there once."""
    key = model.columns[0].key
    own = [(row.key, identity(str(row.values[key]))) for row in model.rows if isinstance(row.values.get(key), str)]
    numbers = [number for number in cells.rows if number > header]
    labels = [identity(value) if isinstance(value := cells.value(n, column), str) else "" for n in numbers]
    pairs = _in_order([label for _, label in own], labels)
    rows = {own[i][0]: numbers[j] for i, j in pairs}
    left = [(k, label) for k, label in own if k not in rows]
    free = [j for j in range(len(numbers)) if j not in {j for _, j in pairs}]
    for k, label in left:
        at = [j for j in free if labels[j] == label]
        if len(at) == 1 and sum(label == other for _, other in left) == 1:
            rows[k] = numbers[at[0]]
    return rows


def _in_order(wanted: Sequence[str], there: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs of positions of equal texts, in the order of both."""
    blocks = SequenceMatcher(None, wanted, there, autojunk=False).get_matching_blocks()
    return [(block.a + i, block.b + i) for block in blocks for i in range(block.size)]
