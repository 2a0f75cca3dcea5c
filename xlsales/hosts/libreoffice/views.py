"""The view of a window of Calc: the place of the person in it, and the look of a sheet that came in."""

from __future__ import annotations

from typing import Any


def view(controller: Any) -> tuple[str, Any, int, int] | None:
    """Return the active sheet, what is selected, and the first row and column that are shown."""
    if controller is None:
        return None
    selected = controller.Selection
    area = selected.RangeAddress if hasattr(selected, "RangeAddress") else None
    return controller.ActiveSheet.Name, area, controller.FirstVisibleRow, controller.FirstVisibleColumn


def look(document: Any, controller: Any, title: str, area: Any, row: int, column: int) -> None:
    """Show the person what they saw before, if that sheet is still there."""
    if not document.Sheets.hasByName(title):
        return
    sheet = document.Sheets.getByName(title)
    controller.setActiveSheet(sheet)
    if area is not None:
        controller.select(sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.EndRow))
    controller.FirstVisibleRow, controller.FirstVisibleColumn = row, column


def show_alike(document: Any, giver: Any, title: str) -> None:
    """Show a sheet of ours that came in as in its own document: frozen rows and columns, no grid.

    Its charts are fastened to their cells again: otherwise Calc paints them in the wrong place.
    """
    page = document.Sheets.getByName(title).DrawPage
    for n in range(page.Count):
        shape = page.getByIndex(n)
        shape.Anchor = shape.Anchor
    mine, theirs = document.CurrentController, giver.CurrentController
    if mine is None or theirs is None:
        return
    theirs.setActiveSheet(giver.Sheets.getByName(title))
    mine.setActiveSheet(document.Sheets.getByName(title))
    mine.ShowGrid = False
    if theirs.hasFrozenPanes():
        scrolling = theirs.getByIndex(theirs.Count - 1)  # the pane below and to the right
        mine.freezeAtPosition(scrolling.FirstVisibleColumn, scrolling.FirstVisibleRow)
