"""The whole way of a ribbon button without Excel: the callback in VBA, the unmodified xlwings, the macro, the cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyopenvba.interpreter._objects import MemberSpec, method
from pyopenvba.interpreter._values import EMPTY, NOTHING, error

from tests.addin.sim import Server, Sim, give
from tests.commands.books import COMPANY, Command, members, plan
from tests.fakes import pywin32
from tests.fakes.pywin32 import desktop

pywin32.install()

from tests.hosts.excel.open_books import NO, OpenBook, contents, differences, without_log  # noqa: E402

pytestmark = [pytest.mark.vba_sim, pytest.mark.com_sim]
ACTUALS = [["日期", "区域", "产品", "渠道", "销售额"], [dt.date(2026, 1, 15), "华东", "产品B", "线下", 1000250.25]]


class Through(Server):
    """A server whose calls reach the real one; what VBA hands over is the fake Excel and the workbook open in it."""

    def __init__(self, opened: OpenBook) -> None:
        super().__init__()
        from xlwings.com_server import XLPython

        self.real, self.opened = XLPython(), opened
        self.kept: dict[str, Any] = {}

    @method
    def Module(self, name: Any) -> Any:  # noqa: N802
        return self._keep(self.real.Module(str(name)))

    @method
    def Tuple(self, verb: Any, application: Any, book: Any) -> Any:  # noqa: N802
        assert application.vba_type_name == "Application"
        handed = None if book is NOTHING else self.opened.book._oleobj_
        return self._keep(self.real.Tuple(str(verb), self.opened.application._oleobj_, handed))

    @method
    def Call(self, target: Any, name: Any, arguments: Any) -> Any:  # noqa: N802
        self.during()
        try:
            self.real.Call(self.kept[str(target)], str(name), self.kept[str(arguments)])
        except Exception as raised:
            raise error(1000, f"Traceback\n{type(raised).__name__}: {raised}") from raised
        return EMPTY

    def _keep(self, made: Any) -> str:
        self.kept[f"object {len(self.kept)}"] = made
        return f"object {len(self.kept) - 1}"


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
    return joined(sim, opened), opened


def joined(sim: Sim, opened: OpenBook) -> Sim:
    """Let the add-in work on the fake Excel: its calls, and what it turns off and on."""
    sim.dll.server = Through(opened)
    excel = opened.application
    names = ("Interactive", "DisplayAlerts", "EnableEvents", "ScreenUpdating", "StatusBar")
    give(
        sim.app.application,
        *(MemberSpec(n, "property", getter=reads(excel, n), setter=writes(excel, n)) for n in names),
    )
    return sim


def reads(excel: Any, name: str) -> Any:
    return lambda _: getattr(excel, name)


def writes(excel: Any, name: str) -> Any:
    return lambda _, value: setattr(excel, name, value)


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
    """What a person has to fix is told once, by the macro and not by VBA."""
    sim, opened = pressed
    total = opened.book._file.defined_names["xs_total"].attr_text.rpartition("!")[2]
    opened.sheet("设置")[total.replace("$", "")] = None
    sim.run("Ribbon.OnSplitTarget", NOTHING)
    assert len(desktop.messages) == 1
    assert sim.dialogs == []


def test_clicks_do_not_disturb_a_run(pressed: tuple[Sim, OpenBook]) -> None:
    """A person who clicks into cells all the time gets nothing in the way: Excel takes no clicks during a run.

    An Excel that is edited refuses every write (0x800AC472); a question still takes the click on its button.
    """
    sim, opened = pressed
    opened.application._clicking = True
    sim.run("Ribbon.OnSplitTarget", NOTHING)
    assert sim.dialogs == [], sim.log
    (message,) = desktop.messages
    assert "新增 8 张表" in message.text
    assert opened.titles()[-1] != "维度"
    assert opened.application.Interactive is True
    opened.sheet("按区域")["Z3"] = "我的备注"
    opened.sheet("维度").append([None, "区域", "新区", None, None, 50])
    desktop.answers.append(NO)
    sim.run("Ribbon.OnSplitTarget", NOTHING)
    _, question, left = desktop.messages
    assert "没有任何改动" in left.text
    assert question.clickable
    assert opened.application.Interactive is True


@pytest.mark.parametrize("verb", ["NewPlan", "ShowHelp"])
def test_without_a_workbook(sim: Sim, tmp_path: Path, verb: str) -> None:
    """新建计划 and 帮助 from an Excel without a workbook, which xlwings itself finds nowhere."""
    import xlwings

    opened = OpenBook(company(tmp_path / "计划.xlsx"))
    opened.book.Close(SaveChanges=False)
    opened.application._save_as = str(tmp_path / "明年.xlsx")
    assert len(xlwings.apps) == 0
    joined(sim, opened).app.application.active_book = None
    sim.run(verb)
    assert sim.dialogs == [], sim.log
    if verb == "NewPlan":
        assert [book.Name for book in opened.application._books] == ["明年.xlsx"]
    else:
        assert "五步" in desktop.messages[0].text
