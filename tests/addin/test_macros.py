"""The ribbon's callbacks and the macros behind them."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from tests.addin.sim import LOCAL, NOTHING, Sim
from xlsales.addin.build import ribbon_xml
from xlsales.addin.texts import SENTENCES

VERBS = {
    "NewPlan": "new_plan",
    "SplitTarget": "split_target",
    "RefreshProgress": "refresh_progress",
    "CheckPlan": "check_plan",
    "UndoLast": "undo_last",
    "HandOut": "hand_out",
    "CollectStores": "collect",
    "ShowHelp": "show_help",
}
IMPORT = "import xlsales.hosts.excel.macros as m; m."
WITHOUT_BOOK = {"NewPlan", "ShowHelp"}


def buttons() -> list[etree._Element]:
    return etree.fromstring(ribbon_xml()).findall(".//{*}button")


@pytest.mark.vba_sim
@pytest.mark.parametrize("macro", VERBS)
def test_every_button_runs_its_verb_on_the_active_workbook(sim_with_plan: Sim, macro: str) -> None:
    """The active workbook is handed over, then the verb runs, without arguments."""
    sim_with_plan.run(f"Ribbon.On{macro}", NOTHING)
    module, book, statement = sim_with_plan.dll.server.calls
    assert module == ("Module", "xlwings._xlwindows")
    assert book[:3] == ("SetAttr", "module xlwings._xlwindows", "BOOK_CALLER")
    assert book[3].name == "plan.xlsx"
    assert statement == ("Exec", IMPORT + VERBS[macro] + "()")
    assert sim_with_plan.dialogs == []


@pytest.mark.unit
def test_the_ribbon_has_a_button_for_every_verb() -> None:
    """The verbs and the restart each have a button with a label, an icon, and what it does in both languages."""
    assert {b.get("onAction") for b in buttons()} == {f"Ribbon.On{macro}" for macro in [*VERBS, "RestartPython"]}
    for button in buttons():
        assert button.get("imageMso")
        for text in (button.get("label"), button.get("supertip")):
            assert re.search(r"[\u4e00-\u9fff]", text), text
            assert re.search(r"[A-Za-z]{4}", text), text


@pytest.mark.vba_sim
@pytest.mark.parametrize("macro", VERBS)
def test_without_a_workbook(sim: Sim, macro: str) -> None:
    """A fresh plan and help need no workbook; every other verb asks for one instead of failing."""
    sim.app.application.active_book = None
    sim.run(macro)
    if macro in WITHOUT_BOOK:
        assert ("Exec", IMPORT + VERBS[macro] + "()") in sim.dll.server.calls
    else:
        assert sim.dialogs == [("MsgBox", SENTENCES["no_book"]["zh"], "xlsales", 48)]
        assert sim.dll.server.calls == []


@pytest.mark.vba_sim
def test_a_failure_ends_in_one_sentence(sim_with_plan: Sim) -> None:
    """A traceback goes to the log, whose place the sentence names; the screen comes back."""
    sim_with_plan.dll.server.fails = 'Traceback (most recent call last):\n  File "x.py"\nKeyError: 1'
    sim_with_plan.app.application.vba_set("ScreenUpdating", False, [], {}, by_ref=False)
    sim_with_plan.app.application.vba_set("StatusBar", "…", [], {}, by_ref=False)
    sim_with_plan.run("RefreshProgress")
    log = LOCAL + r"\xlsales\addin.log"
    assert sim_with_plan.dialogs == [("MsgBox", SENTENCES["macro_failed"]["zh"].format(log), "xlsales", 16)]
    assert "Traceback" not in sim_with_plan.dialogs[0][1]
    (line,) = sim_with_plan.log
    assert line.endswith("KeyError: 1")
    assert " refresh_progress: Traceback" in line
    assert sim_with_plan.app.evaluate("Application.ScreenUpdating") is True
    assert sim_with_plan.app.evaluate("Application.StatusBar") is False


@pytest.mark.vba_sim
def test_a_log_that_cannot_be_written_hides_nothing(sim_with_plan: Sim) -> None:
    """Where the log cannot be opened the sentence still comes."""
    sim_with_plan.app.interpreter.host.create = lambda name: NOTHING
    sim_with_plan.dll.server.fails = "boom"
    sim_with_plan.run("RefreshProgress")
    assert len(sim_with_plan.dialogs) == 1
    assert sim_with_plan.log == []
