"""What a window of Calc shows: where the person is, and how a sheet that came in is to be seen."""

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
    """Bring the person back to where they were, if that sheet is still there."""
    if not document.Sheets.hasByName(title):
        return
    sheet = document.Sheets.getByName(title)
    controller.setActiveSheet(sheet)
    if area is not None:
        controller.select(sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.EndRow))
    controller.FirstVisibleRow, controller.FirstVisibleColumn = row, column


def show_alike(document: Any, giver: Any, title: str) -> None:
    """Let a sheet of ours that came in be seen as in its own document: frozen rows and columns, no grid.

    Its charts are fastened anew to their cells: Calc paints them in the wrong place otherwise.
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
