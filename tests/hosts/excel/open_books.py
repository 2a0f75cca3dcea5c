"""A plan open in a fake Excel, and what its sheets show."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

from tests.calc import read_back
from tests.fakes.excel import Application, Workbook
from tests.fakes.pywin32 import desktop

CANCEL, NO, YES = 2, 7, 6


class OpenBook:
    """A workbook that a person has open in Excel, with buttons to press."""

    def __init__(self, path: Path) -> None:
        self.application = Application()
        self.book = Workbook(self.application, path)
        self.folder = path.parent / "copies"
        self.folder.mkdir(exist_ok=True)

    def press(self, button: str, *answers: int) -> list[str]:
        """Press a ribbon button by what it calls, answer its questions; return the messages that were shown."""
        shown = len(desktop.messages)
        desktop.answers.extend(answers)
        press(button, self.application, self.application.ActiveWorkbook)
        assert not desktop.answers, "a question was expected"
        return [message.text for message in desktop.messages[shown:]]

    def sheet(self, title: str) -> Any:
        """Return a sheet as a person works on it: openpyxl's."""
        return self.book.Worksheets(title)._sheet

    def titles(self) -> list[str]:
        return [sheet.Name for sheet in self.book.Worksheets]

    def saved(self, name: str = "saved.xlsx") -> Path:
        """Save a copy, as Excel would, and return it."""
        path = self.folder / name
        self.book.SaveCopyAs(str(path))
        return path

    def cells(self) -> dict[str, dict[str, Any]]:
        """Return every value and formula of every sheet."""
        return contents(self.saved("cells.xlsx"))


def press(verb: str, application: Application, book: Workbook | None) -> None:
    """Call a macro as the loader does: through the COM server, with Application and active workbook as pointers."""
    from xlwings.com_server import XLPython

    server = XLPython()
    handed = server.Tuple(verb, application._oleobj_, book._oleobj_ if book is not None else None)
    server.Call(server.Module("xlsales.hosts.excel.macros"), "run", handed)


def contents(path: Path) -> dict[str, dict[str, Any]]:
    """Return every value and formula of a file by sheet and address."""
    return {
        sheet.title: {c.coordinate: c.value for line in sheet.iter_rows() for c in line if c.value is not None}
        for sheet in read_back(io.BytesIO(path.read_bytes())).worksheets
    }


def differences(one: dict[str, dict[str, Any]], other: dict[str, dict[str, Any]]) -> list[tuple[object, ...]]:
    """Return where two workbooks differ; numbers agree when their first 15 digits do, as files keep 16."""
    found: list[tuple[object, ...]] = [("sheets", list(one), list(other))] if list(one) != list(other) else []
    for title in one.keys() & other.keys():
        for at in one[title].keys() | other[title].keys():
            a, b = one[title].get(at), other[title].get(at)
            numbers = isinstance(a, float) and isinstance(b, int | float)
            if not (math.isclose(a, b, rel_tol=1e-14) if numbers else a == b):
                found.append((title, at, a, b))
    return found


def without_log(cells: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Leave out the run log and the versions of targets, which tell the time of day."""
    return {title: found for title, found in cells.items() if title not in ("运行记录", "Run log", "目标版本")}


__all__ = ["CANCEL", "NO", "YES", "OpenBook", "contents", "differences", "press", "without_log"]
