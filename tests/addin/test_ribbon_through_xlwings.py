"""The whole way of a ribbon button without Excel: the callback in VBA, the unmodified xlwings, the macro, the cells."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from pyopenvba.interpreter._objects import method
from pyopenvba.interpreter._values import EMPTY, NOTHING, error

from tests.addin.sim import Server, Sim
from tests.commands.books import COMPANY, Command, members, plan
from tests.commands.conftest import xlsales as xlsales
from tests.fakes import pywin32
from tests.fakes.pywin32 import desktop

pywin32.install()

from tests.hosts.excel.open_books import OpenBook, contents, differences, without_log  # noqa: E402
from xlsales.hosts.excel import macros  # noqa: E402

pytestmark = [pytest.mark.vba_sim, pytest.mark.com_sim]
ACTUALS = [["日期", "区域", "产品", "渠道", "销售额"], [dt.date(2026, 1, 15), "华东", "产品B", "线下", 1000250.25]]


class Through(Server):
    """A server whose calls reach the real one; the workbook that VBA hands over is the one open in the fake Excel."""

    def __init__(self, book: Any) -> None:
        super().__init__()
        from xlwings.com_server import XLPython

        self.real, self.book, self.modules = XLPython(), book, {}

    @method
    def Module(self, name: Any) -> Any:  # noqa: N802
        self.modules[str(name)] = self.real.Module(str(name))
        return str(name)

    @method
    def SetAttr(self, target: Any, name: Any, value: Any) -> Any:  # noqa: N802
        handed = None if value is NOTHING else self.book
        self.real.SetAttr(self.modules[str(target)], str(name), handed)
        return EMPTY

    @method
    def Exec(self, statement: Any) -> Any:  # noqa: N802
        try:
            self.real.Exec(str(statement))
        except Exception as raised:
            raise error(1000, f"Traceback\n{type(raised).__name__}: {raised}") from raised
        return EMPTY


@pytest.fixture(autouse=True)
def clean_desktop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A user of one's own, no windows left over."""
    monkeypatch.setenv("XLSALES_DATA", str(tmp_path / "memory"))
    desktop.clear()
    yield
    desktop.clear()


def company(path: Path) -> Path:
    return plan(path, dimensions=members(COMPANY), end=dt.date(2026, 3, 31), actuals=ACTUALS)


@pytest.fixture
def pressed(sim: Sim, tmp_path: Path) -> tuple[Sim, OpenBook]:
    """A plan open in Excel, the add-in's calls going to the real xlwings."""
    path = company(tmp_path / "计划.xlsx")
    opened = OpenBook(path)
    sim.app.activate_workbook(sim.app.open_workbook(path))
    sim.dll.server = Through(opened.book)
    return sim, opened


def test_split_and_undo(pressed: tuple[Sim, OpenBook], xlsales: Command, tmp_path: Path) -> None:
    """The ribbon's 分解目标 leaves the cells of the command line, 刷新进度 nothing more, 撤销上次 the cells before."""
    sim, opened = pressed
    other = company(tmp_path / "文件.xlsx")
    before = opened.cells()
    assert xlsales("split", other).code == 0
    sim.run("Ribbon.OnSplitTarget", NOTHING)
    assert sim.dialogs == [], sim.log
    assert differences(without_log(opened.cells()), without_log(contents(other))) == []
    sim.run("Ribbon.OnRefreshProgress", NOTHING)
    assert differences(without_log(opened.cells()), without_log(contents(other))) == []
    sim.run("Ribbon.OnUndoLast", NOTHING)
    assert differences(opened.cells(), before) == []
    assert sim.dialogs == []


def test_a_fault_is_told_by_the_macro(pressed: tuple[Sim, OpenBook]) -> None:
    """What a person has to mend is told once, by the macro and not by VBA."""
    sim, opened = pressed
    opened.sheet("设置")["C7"] = None
    sim.run("Ribbon.OnSplitTarget", NOTHING)
    assert len(desktop.messages) == 1
    assert sim.dialogs == []


def test_the_verbs_of_the_add_in_are_macros() -> None:
    """Each verb that the add-in names is a macro of the Excel host."""
    text = resources.files("xlsales.addin").joinpath("vba", "Macros.bas").read_text("ascii")
    verbs = set(re.findall(r'RunMacro "(\w+)"', text))
    assert verbs
    assert [verb for verb in verbs if not callable(getattr(macros, verb, None))] == []
