"""Lets formulas, names and charts of an open document refer to another sheet.

A sheet that is to be replaced first gets a title that nothing else has, and Calc lets every reference follow. Then that
title is replaced by the title of the new sheet, wherever it is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

_FORMULA = 16  # com.sun.star.sheet.CellFlags.FORMULA


def retarget(document: Any, old: str, new: str) -> None:
    """Let what refers to the sheet `old` refer to the sheet `new`; `old` is a title that is nowhere else.

    The two sheets themselves stay as they are.
    """
    prefix = "'" + new.replace("'", "''") + "'."
    for title in document.Sheets.ElementNames:
        if title in (old, new):
            continue
        sheet = document.Sheets.getByName(title)
        for cell in list(_referring(sheet, old)):
            _set(sheet, cell, old, prefix)
        for sequence, role in list(_sequences(sheet)):
            _follow(sequence, role, old, prefix)
    for name in document.NamedRanges.ElementNames:
        one = document.NamedRanges.getByName(name)
        if f"{old}." in one.Content:
            one.Content = one.Content.replace(f"{old}.", prefix)


def _referring(sheet: Any, old: str) -> Iterator[Any]:
    """Yield the cells with a formula that names the old sheet."""
    for area in sheet.queryContentCells(_FORMULA).RangeAddresses:
        block = sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.EndRow)
        for r, line in enumerate(block.getFormulaArray()):
            for c, text in enumerate(line):
                if f"{old}." in text:
                    yield block.getCellByPosition(c, r)


def _set(sheet: Any, cell: Any, old: str, prefix: str) -> None:
    """Change one formula; an array formula is changed as a whole, at its first cell."""
    if not cell.ArrayFormula:
        cell.Formula = cell.Formula.replace(f"{old}.", prefix)
        return
    cursor = sheet.createCursorByRange(cell)
    cursor.collapseToCurrentArray()
    if f"{old}." in cursor.ArrayFormula:
        cursor.ArrayFormula = cursor.ArrayFormula.strip("{}").replace(f"{old}.", prefix)


def _sequences(sheet: Any) -> Iterator[tuple[Any, str]]:
    """Yield the data sequences of every chart in a sheet: the chart and the labelled sequence, and which part of it."""
    for name in sheet.Charts.ElementNames:
        chart = sheet.Charts.getByName(name).EmbeddedObject
        with contextlib.suppress(AttributeError):  # a chart without a diagram
            for system in chart.FirstDiagram.CoordinateSystems:
                for kind in system.ChartTypes:
                    for series in kind.DataSeries:
                        for labelled in series.DataSequences:
                            yield (chart, labelled), "Values"
                            yield (chart, labelled), "Label"


def _follow(place: tuple[Any, Any], role: str, old: str, prefix: str) -> None:
    chart, labelled = place
    sequence = getattr(labelled, role)
    if sequence is None or f"{old}." not in sequence.SourceRangeRepresentation:
        return
    text = sequence.SourceRangeRepresentation.replace(f"{old}.", prefix)
    fresh = chart.DataProvider.createDataSequenceByRangeRepresentation(text)
    fresh.Role = sequence.Role
    setattr(labelled, role, fresh)
