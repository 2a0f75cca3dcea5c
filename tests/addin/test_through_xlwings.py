"""The whole way of a formula without Excel: the add-in's VBA, the unmodified xlwings, the worksheet functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pyopenvba.apps.excel._model import Range as VbaRange
from pyopenvba.interpreter._objects import method
from pyopenvba.interpreter._values import EMPTY, MISSING, VBAArray, error

from tests.addin.sim import Server, Sim
from tests.fakes import pywin32
from tests.fakes.cells import Range, Workbook
from xlsales.hosts.excel.server import serve

pywin32.install()

pytestmark = [pytest.mark.vba_sim, pytest.mark.com_sim]


class Through(Server):
    """A server whose calls reach the real one; ranges cross with their cells, what comes back is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Workbook()
        self.given: Any = None

    @method
    def CallUDF(self, module: Any, name: Any, arguments: Any, book: Any, caller: Any) -> Any:  # noqa: N802
        from xlwings.com_server import XLPython

        assert isinstance(arguments, VBAArray)
        low, high = arguments.bounds[0]
        sent = tuple(self._crossed(arguments.get([k])) for k in range(low, high + 1))
        cell = self.book.Worksheets(1).Range("Z1")
        try:
            given = XLPython().CallUDF(str(module), str(name), sent, self.book._oleobj_, cell._oleobj_)
        except Exception as raised:
            raise error(1000, f"Traceback\n{type(raised).__name__}: {raised}") from raised
        self.given = pywin32.to_variant(given)
        first = self.given
        while isinstance(first, tuple):
            first = first[0]
        return first

    def _crossed(self, value: Any) -> Any:
        if value is MISSING:
            return pywin32.MISSING
        if not isinstance(value, VbaRange):
            return pywin32.to_variant(value)
        address = str(value.vba_get("Address")).replace("$", "")
        page = self.book.Worksheets(1)
        block = page.Range(address)
        for row in range(block.Rows.Count):
            for column in range(block.Columns.Count):
                one = value.vba_get("Cells", [row + 1, column + 1])
                cell = one.vba_get("Value") if isinstance(one, VbaRange) else one
                page.cells.put(block.Row + row, block.Column + column, [[None if cell is EMPTY else cell]])
        return Range(page, block.Row, block.Column, block.Rows.Count, block.Columns.Count)._oleobj_


@pytest.fixture
def through(sim: Sim, tmp_path: Path) -> tuple[Sim, Through]:
    """The add-in over a workbook with a few cells, its calls going to the real xlwings."""
    book = openpyxl.Workbook()
    for row in ([150.0, 20.0], [200.0, None], [None, None], [300.0, None]):
        book.active.append(row)
    book.save(tmp_path / "plan.xlsx")
    sim.app.activate_workbook(sim.app.open_workbook(tmp_path / "plan.xlsx"))
    server = sim.dll.server = Through()
    return sim, server


def cells(sim: Sim, address: str) -> Any:
    return sim.app.application.vba_get("Range", [address])


def test_a_range_is_split(through: tuple[Sim, Through]) -> None:
    """A column of weights comes back as a column of parts that close on the total; the blank stays blank."""
    sim, server = through
    assert sim.run("SPLIT_TARGET", 1000.0, cells(sim, "A1:A4")) == 231.0
    assert server.given == ((231.0,), (308.0,), ("",), (461.0,))


def test_omitted_arguments(through: tuple[Sim, Through]) -> None:
    """An argument left out in the middle is left out, the one after it arrives."""
    sim, server = through
    sim.run("SPLIT_TARGET", 1000.0, cells(sim, "A1:A4"), MISSING, cells(sim, "B1:B4"))
    parts = [row[0] for row in server.given]
    assert parts == [20.0, 392.0, "", 588.0]
    assert sum(part for part in parts if part) == 1000


def test_a_fault_is_one_line(through: tuple[Sim, Through]) -> None:
    """What a person has to mend comes back as one line in the first cell."""
    sim, _ = through
    said = sim.run("SPLIT_TARGET", "abc", cells(sim, "A1:A4"))
    assert isinstance(said, str)
    assert "\n" not in said
    assert sim.log == []


def test_one_number(through: tuple[Sim, Through]) -> None:
    """A function of one cell gives its number."""
    sim, _ = through
    assert sim.run("WORKDAYS_CN", 46023.0, 46387.0) == 248.0


def test_no_sheet_of_a_workbook_is_code(through: tuple[Sim, Through], monkeypatch: pytest.MonkeyPatch) -> None:
    """The start command makes the functions known, so that no sheet named like a Python file is looked at.

    Without it the first call of a formula would take a sheet of the calling workbook for embedded code.
    """
    from xlwings import udfs

    sim, server = through
    server.book.Worksheets(1).Name = "evil.py"
    monkeypatch.setattr(udfs, "udf_modules", {})
    said = sim.run("WORKDAYS_CN", 46023.0, 46387.0)
    assert isinstance(said, str), "xlwings did not look: then this test has nothing to prove"
    assert "LICENSE" in sim.log[0]
    assert "import xlsales.hosts.excel.server as s; s.serve(" in sim.run("ServerCommand")
    monkeypatch.setattr("xlwings.serve", lambda clsid: None)
    serve("$(CLSID)", "zh")
    assert sim.run("WORKDAYS_CN", 46023.0, 46387.0) == 248.0
