"""The ribbon's callbacks and the macros behind them."""

from __future__ import annotations

import re
from importlib import resources

import pytest
from lxml import etree
from pyopenvba.interpreter._objects import VBAObject, member

from tests.addin.sim import EXCELS_FILTER, LINKS, LOCAL, NOTHING, PROTECTED, Sim
from xlsales.addin.ribbon import ribbon_xml
from xlsales.addin.texts import SENTENCES
from xlsales.commands.verbs import VERBS as ALL_VERBS
from xlsales.commands.verbs import with_buttons

VERBS = {button.macro: button.call for verb, button in with_buttons(ALL_VERBS) if verb.choices is None}
CHOSEN = {button.macro for verb, button in with_buttons(ALL_VERBS) if verb.choices is not None}
WITHOUT_BOOK = {"NewPlan", "ShowHelp"}


def buttons() -> list[etree._Element]:
    return etree.fromstring(ribbon_xml()).findall(".//{*}button")


@pytest.mark.vba_sim
@pytest.mark.parametrize("macro", VERBS)
def test_every_button_runs_its_verb_on_the_active_workbook(sim_with_plan: Sim, macro: str) -> None:
    """The verb runs with Excel itself and the active workbook in hand: nothing is left to be looked for."""
    sim_with_plan.run(f"Ribbon.On{macro}", NOTHING)
    module, (*called, application, book) = sim_with_plan.dll.server.calls
    assert module == ("Module", "xlsales.hosts.excel.macros")
    assert called == ["Call", "module xlsales.hosts.excel.macros", "run", VERBS[macro]]
    assert application is sim_with_plan.app.application
    assert book.name == "plan.xlsx"
    assert sim_with_plan.dialogs == []


@pytest.mark.vba_sim
def test_a_choice_of_a_menu_runs_its_verb_with_what_was_chosen(sim_with_plan: Sim) -> None:
    """The tag of the button goes along behind the verb's name."""

    class Control(VBAObject):
        vba_type_name = "IRibbonControl"

        @member
        def Tag(self) -> str:  # noqa: N802
            return "goods"

    sim_with_plan.run("Ribbon.OnAddSheet", Control())
    _, (*called, _, book) = sim_with_plan.dll.server.calls
    assert called == ["Call", "module xlsales.hosts.excel.macros", "run", "add_sheet:goods"]
    assert book.name == "plan.xlsx"


@pytest.mark.unit
def test_the_ribbon_has_a_button_for_every_verb() -> None:
    """The verbs and the restart each have a button with a label, an icon, and what it does in both languages."""
    shown = {f"Ribbon.On{macro}" for macro in [*VERBS, *CHOSEN, "RestartPython"]}
    assert {button.get("onAction") for button in buttons()} == shown
    for button in buttons():
        if button.get("tag"):
            continue
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
        assert sim.dll.server.calls[-1][3:] == (VERBS[macro], sim.app.application, NOTHING)
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


# --- a run of a minute ------------------------------------------------------------------------------------------------


def manners(sim: Sim) -> tuple[object, ...]:
    """What a person would notice of Excel: does it take clicks, ask, update, raise events, and complain of waiting."""
    names = ("DisplayAlerts", "EnableEvents", "ScreenUpdating")
    return (sim.interactive, sim.dll.filter, *(sim.app.evaluate(f"Application.{name}") for name in names))


@pytest.mark.vba_sim
@pytest.mark.parametrize("fails", [None, "boom"])
def test_a_long_run_is_not_disturbed_and_excel_is_itself_again(sim_with_plan: Sim, fails: str | None) -> None:
    """While Python works Excel takes no clicks nor Esc, shows no alert, has no message filter; then all is as it was.

    Microsoft's reference: Excel does not set Interactive back by itself. A call that fails may have left more off.
    """
    server, seen = sim_with_plan.dll.server, []
    server.fails = fails

    def during() -> None:
        seen.append((*manners(sim_with_plan)[:3], sim_with_plan.cancel_key))
        sim_with_plan.app.application.vba_set("EnableEvents", False, [], {}, by_ref=False)
        sim_with_plan.app.application.vba_set("ScreenUpdating", False, [], {}, by_ref=False)

    server.during = during
    sim_with_plan.run("SplitTarget")
    assert seen == [(False, 0, False, 0)]  # xlDisabled
    assert manners(sim_with_plan) == (True, EXCELS_FILTER, True, True, True)
    assert len(sim_with_plan.dialogs) == (fails is not None)


@pytest.mark.vba_sim
def test_a_python_that_does_not_start_leaves_excel_as_it_was(sim_with_plan: Sim) -> None:
    """Nothing is turned off before there is somebody to work."""
    sim_with_plan.dll.refusal = "Access is denied."
    sim_with_plan.run("SplitTarget")
    assert manners(sim_with_plan) == (True, EXCELS_FILTER, True, True, True)


@pytest.mark.vba_sim
def test_one_run_at_a_time(sim_with_plan: Sim) -> None:
    """A click in another window while a run shows its question is told to wait, and the run goes on."""
    server = sim_with_plan.dll.server
    server.during = lambda: sim_with_plan.run("RefreshProgress")
    sim_with_plan.run("SplitTarget")
    assert sim_with_plan.dialogs == [("MsgBox", SENTENCES["busy"]["zh"], "xlsales", 48)]
    assert [call[3] for call in server.calls if call[0] == "Call"] == ["split_target"]
    server.during = lambda: None
    sim_with_plan.run("RefreshProgress")
    assert [call[3] for call in server.calls if call[0] == "Call"] == ["split_target", "refresh_progress"]


@pytest.mark.vba_sim
@pytest.mark.parametrize("later", [None, "another add-in"])
def test_the_last_line_leaves_the_status_bar(sim_with_plan: Sim, later: str | None) -> None:
    """Excel keeps a line for ever: it goes after a while, unless somebody else has written one meanwhile."""
    bar = sim_with_plan.app.application

    def write(text: str) -> None:
        bar.vba_set("StatusBar", text, [], {}, by_ref=False)

    sim_with_plan.dll.server.during = lambda: write("done")
    sim_with_plan.run("SplitTarget")
    assert sim_with_plan.app.evaluate("Application.StatusBar") == "done"
    if later:
        write(later)
    sim_with_plan.pass_time()
    assert sim_with_plan.app.evaluate("Application.StatusBar") == (later or False)
    sim_with_plan.dll.server.during = lambda: None
    sim_with_plan.run("CheckPlan")
    assert (sim_with_plan.due == []) is (later is None)


# --- workbooks of colleagues ------------------------------------------------------------------------------------------

OTHERS = [
    r"C:\Users\wang\AppData\Roaming\Microsoft\Excel\XLSTART\xlsales.xlam",
    r"C:\Users\wang\AppData\Roaming\Microsoft\Excel\XLSTART\XLSALES.XLAM",
    r"\\server\share\xlsales.xlam",
    "https://company.sharepoint.com/sites/sales/xlsales.xlam",
    "xlsales.xlam",
]
STRANGERS = [r"C:\data\prices.xlsx", r"C:\tools\my-xlsales.xlam", r"C:\tools\xlsales.xlam.xlsx"]


@pytest.mark.vba_sim
@pytest.mark.parametrize("link", [*OTHERS, *STRANGERS])
def test_formulas_of_a_colleague_find_the_add_in_of_this_computer(sim_with_plan: Sim, link: str) -> None:
    """On opening, a link to the add-in in another place is led here; any other link stays, and nothing looks changed.

    That Excel raises WorkbookOpen, and what it shows before, is not proven here.
    """
    own = str(sim_with_plan.addin.vba_get("FullName"))
    LINKS["plan.xlsx"] = [r"C:\data\a.xlsx", link, own]
    book = sim_with_plan.app.application.active_book
    sim_with_plan.run("ThisWorkbook.Host_WorkbookOpen", book)
    assert LINKS["plan.xlsx"] == [r"C:\data\a.xlsx", own if link in OTHERS else link, own]
    assert book.saved
    assert sim_with_plan.log == []


@pytest.mark.vba_sim
def test_workbooks_that_were_open_first_are_looked_at_too(sim_with_plan: Sim) -> None:
    """A workbook that is open when the add-in opens, and was changed by hand, keeps the mark of that change."""
    LINKS["plan.xlsx"] = [OTHERS[0]]
    sim_with_plan.app.application.active_book.saved = False
    sim_with_plan.run("ThisWorkbook.Workbook_Open")
    assert LINKS["plan.xlsx"] == [str(sim_with_plan.addin.vba_get("FullName"))]
    assert not sim_with_plan.app.application.active_book.saved


@pytest.mark.vba_sim
def test_a_protected_workbook_of_a_colleague_stops_nobody(sim_with_plan: Sim) -> None:
    """Where Excel refuses, the workbook stays as it is without a message; the log says which."""
    LINKS["plan.xlsx"] = [OTHERS[0]]
    PROTECTED.add("plan.xlsx")
    sim_with_plan.run("ThisWorkbook.Host_WorkbookOpen", sim_with_plan.app.application.active_book)
    assert LINKS["plan.xlsx"] == [OTHERS[0]]
    assert sim_with_plan.dialogs == []
    (line,) = sim_with_plan.log
    assert "plan.xlsx" in line


@pytest.mark.vba_sim
def test_excel_is_told_to_raise_the_event() -> None:
    """The handler belongs to a variable WithEvents, which is set when the add-in opens."""
    text = resources.files("xlsales.addin").joinpath("vba", "ThisWorkbook.cls").read_text("ascii")
    assert "Private WithEvents Host As Application" in text
    assert "Set Host = Application" in text
    assert "Private Sub Host_WorkbookOpen(ByVal Wb As Workbook)" in text
