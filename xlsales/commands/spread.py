"""调整: selected amounts are changed by a spreading method; a change of targets becomes locks, and is split anew."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xlsales.book.edits import CellEdits, Edits, holds
from xlsales.book.keyed import written_sheets
from xlsales.book.protection import refuse_protected
from xlsales.book.selection import Selection, read_selection
from xlsales.book.spread_amounts import Scale, Spreading, Wish, spread_amounts
from xlsales.commands.job import Run
from xlsales.commands.outcome import Outcome
from xlsales.commands.spreading import left_alone, said, spread_targets
from xlsales.core.plan import MICROS
from xlsales.ooxml.book import Book
from xlsales.plan.adjustable import adjustable, targets_among
from xlsales.plan.inputs import language_of, read_inputs, refuse_other_workbooks
from xlsales.vocabulary.spreading import SPREAD_PURPOSES, SPREAD_WORDS


def spread(
    run: Run, cells: str, method: str, total: str | None = None, by: str | None = None,
    hold: str | None = None, step: str | None = None,
) -> Outcome:  # fmt: skip
    """Change the cells by a method; those of `hold`, hidden and closed ones stay. Raises Refused or a Fault."""
    document = run.document
    document.check([])
    book = Book.open(document.content)
    refuse_other_workbooks(book, document.home)
    lang = language_of(document.content)
    selection = read_selection(book, cells)
    held = read_selection(book, hold, selection.sheet).at if hold else ()
    wish = Wish(method, total or "", by or "", step or "")
    targets = targets_among(selection, written_sheets(book), lang)
    if targets is not None:
        return spread_targets(run, *targets, held, wish, len(selection.at) - len(targets[1].at))
    own = adjustable(book, selection, held, lang)
    scale = unit = None
    if own.are_amounts:
        inputs = read_inputs(book, document.content, document.home)
        unit = inputs.money_unit
        per = unit.per
        scale = Scale(Decimal(inputs.plan.step_micros) / MICROS / per, per, inputs.currency)
    result = spread_amounts(own.parts, wish, scale)
    own.check(result.amounts, lang)
    edits = _edits(selection, result)
    if edits:
        refuse_protected(book, edits)
        document.write(book, edits, lang, "spread", run.now)
    changed = sum(len(one.cells) for one in edits.cells)
    lines = (said(result, changed, wish, lang, unit), *left_alone(selection, 0, lang))
    sums = {"before": float(result.before), "after": float(result.after)}
    figures = {"cells": changed, "hidden": selection.hidden, **sums}
    return Outcome(
        "spread", lang, document.target, bool(edits), lines, figures=figures, has_news=bool(selection.hidden)
    )


def _edits(selection: Selection, result: Spreading) -> Edits:
    """What is written: only cells that change."""
    cells = {at: float(amount) for at, amount in result.amounts.items()}
    changes = {at: value for at, value in cells.items() if not holds(selection.cells.get(at), value)}
    return Edits((CellEdits(selection.sheet.title, changes),)) if changes else Edits()


def choices() -> Iterator[tuple[str, tuple[str, str], tuple[str, str]]]:
    """Yield the methods that a menu offers: key, what they are called, what they do, in both languages."""
    for key, (zh, en, *_) in SPREAD_WORDS.items():
        yield key, (zh, en), SPREAD_PURPOSES[key]
    for pattern in ("1-2-1", "4-4-5"):
        yield pattern, (pattern, pattern), SPREAD_PURPOSES["pattern"]
