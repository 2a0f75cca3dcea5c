"""The copy that goes back to a store: its own file, the cells to fix in red, and sheet 退回说明 that says why.

The returned file itself is never changed. For a file that cannot be marked (an .xls, a damaged file) a workbook with
the explanation alone goes back, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from xlsales.core import a1
from xlsales.core.faults import Fault, Lang, Place, Problem
from xlsales.core.text import counted
from xlsales.layout import look
from xlsales.layout.model import Column, Row, SheetModel
from xlsales.ooxml.book import Book
from xlsales.ooxml.graft import Placement, graft
from xlsales.ooxml.lazy import LazyCells
from xlsales.ooxml.sheet_xml import restyle
from xlsales.store.returned import Returned
from xlsales.vocabulary.contract import Word

NAME_BACK = "xs_store_back"
"""Defined name on the sheet that says what to fix."""
_MOST_LINES, _MOST_IN_CELL = 1000, 3
BACK_TITLE = Word("退回说明", "What to fix")
_SUBLINE = Word(
    "{code}:下面 {n} 处请改正后再交;其他内容已经收到。涂红的单元格就是要改的。",
    "{code}: please fix {n:this|these} {n:points} and return the file; the rest was received. "
    "The cells are marked red.",
)
_LISTED = Word(
    "{code}:下面 {n} 处请在您自己的 {ending} 文件里改正后再交;其他内容已经收到。"
    "{ending} 文件里不能涂红,请按工作表和单元格找。",
    "{code}: please fix {n:this|these} {n:points} in your own {ending} file and return it; the rest was received. "
    "A {ending} file cannot be marked red: find them by sheet and cell.",
)
_REFUSED = Word("{code}:这份文件没有采用,请按下面的说明处理后再交。", "{code}: this file was not taken; see below.")
_EACH = Word("(这 {n} 格都是这样)", " (all {n} cells alike)")
_SHEET, _CELL = Word("工作表", "Sheet"), Word("单元格", "Cell")
_VALUE, _WHY = Word("现在的内容", "It holds"), Word("说明", "What is wrong, and what to do")
_MORE = Word("……共 {n} 处,见“退回”文件夹里的文件。", "… {n} in all; see the file in folder sent back.")


class Point(Struct, frozen=True):
    """One thing to fix: the sheet, its cells as people write them, their contents, and the sentence."""

    sheet: str
    cells: str
    value: str
    sentence: str


def marked(path: Path, returned: Returned, lang: Lang) -> bytes:
    """Return the workbook to send back for a returned file that has something to fix."""
    from xlsales.layout.render import render

    model = _explanation(returned, lang)
    if not returned.can_be_marked:
        return render([model], lang)
    book = Book.open(path)
    _redden(book, returned.problems)
    old = book.area(NAME_BACK)
    title = model.title
    titles = {sheet.title.casefold() for sheet in book.sheets}
    while old is None and title.casefold() in titles:
        title += "+"
    placement = Placement(model.title, title, old.sheet if old else None, NAME_BACK)
    graft(book, render([model], lang), [placement])
    return book.package.to_bytes()


def points(returned: Returned, lang: Lang) -> list[Point]:
    """Return what to fix; cells below one another with the same fault are one point."""
    if returned.refused is not None:
        return [Point("", "", "", returned.refused.say(lang)), *_points(returned.problems, lang)]
    return list(_points(returned.problems, lang))


def _points(problems: Sequence[Problem], lang: Lang) -> Iterator[Point]:
    """Yield the points from the top of each sheet to its end."""
    groups: dict[tuple[str, type[Fault], int | None], list[Problem]] = {}
    for problem in sorted(problems, key=lambda problem: problem.place.row or 0):
        place = problem.place
        groups.setdefault((place.sheet, type(problem.fault), place.column), []).append(problem)
    runs = [run for group in groups.values() for run in _runs(group)]
    for run in sorted(runs, key=_order):
        yield _point(run[0].place.sheet, run, lang)


def _runs(problems: Sequence[Problem]) -> Iterator[list[Problem]]:
    """Yield the problems of cells below one another, those of a column being given in order."""
    run: list[Problem] = []
    for problem in problems:
        if run and not (problem.place.column and problem.place.row == (run[-1].place.row or 0) + 1):
            yield run
            run = []
        run.append(problem)
    yield run


def _order(run: Sequence[Problem]) -> tuple[str, int, int]:
    place = run[0].place
    return place.sheet, place.row or 0, place.column or 0


def _point(sheet: str, run: Sequence[Problem], lang: Lang) -> Point:
    first, last = run[0].place, run[-1].place
    cells = _address(first) if len(run) == 1 else f"{_address(first)}:{_address(last)}"
    values = [problem.value for problem in run if problem.value]
    examples = "、".join(values[:3]) + ("…" if len(values) > 3 else "")
    sentences = [problem.fault.say(lang) for problem in run]
    each = _EACH[lang].format(n=len(run)) if len(set(sentences)) > 1 else ""
    return Point(sheet, cells, examples, sentences[0] + each)


def _address(place: Place) -> str:
    return "" if place.row is None else a1.cell(place.row, place.column)


def _redden(book: Book, problems: Sequence[Problem]) -> None:
    """Colour the cells to fix red."""
    colour = look.LAMPS["red"][0].removeprefix("#")
    by_sheet: dict[str, set[tuple[int, int]]] = {}
    for problem in problems:
        place = problem.place
        if place.row is not None and place.column is not None:
            by_sheet.setdefault(place.sheet, set()).add((place.row, place.column))
    part = book.related("styles")
    for title, cells in by_sheet.items():
        sheet = book.sheet(title)
        if sheet is None or part is None:
            continue
        data = book.package.read(sheet.part)
        contents = LazyCells(data, book.strings)
        styles = {
            at: book.styles.filled(cell.style, colour) for at in sorted(cells) if (cell := contents.get(at)) is not None
        }
        book.package.set(sheet.part, restyle(data, styles))


def _explanation(returned: Returned, lang: Lang) -> SheetModel:
    listed = points(returned, lang)
    columns = (
        Column("sheet", _SHEET[lang], "text", 12),
        Column("cells", _CELL[lang], "text", 12),
        Column("value", _VALUE[lang], "wrap", 22),
        Column("sentence", _WHY[lang], "wrap", 64),
    )
    line = _SUBLINE if returned.can_be_marked else _LISTED
    if returned.refused is not None:
        line = _REFUSED
    return SheetModel(
        key="store:back",
        name=NAME_BACK,
        title=BACK_TITLE[lang],
        heading=BACK_TITLE[lang],
        subline=counted(
            line[lang], code=returned.code or returned.file, n=len(listed), ending=Path(returned.file).suffix.lower()
        ),
        columns=columns,
        rows=tuple(
            Row(f"b:{n}", {"sheet": p.sheet, "cells": p.cells, "value": p.value, "sentence": p.sentence})
            for n, p in enumerate(listed[:_MOST_LINES], 1)
        ),
        portrait=True,
    )


def sentence(returned: Returned, lang: Lang) -> str:
    """Return why a file, or parts of it, were not taken, in a text for one cell."""
    if returned.refused is not None:
        return returned.refused.say(lang)
    lines = [f"{p.sheet}!{p.cells} {p.sentence}" if p.cells else p.sentence for p in _points(returned.problems, lang)]
    more = [_MORE[lang].format(n=len(lines))] if len(lines) > _MOST_IN_CELL else []
    return "\n".join([*lines[:_MOST_IN_CELL], *more])
