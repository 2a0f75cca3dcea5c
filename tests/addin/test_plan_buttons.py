"""The buttons of the plan workbooks: they ask the add-in, or say what to do without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyopenvba.interpreter._objects import MemberSpec
from pyopenvba.interpreter._values import EMPTY

from tests.addin.sim import Sim, give
from xlsales.addin.build import ADDIN, PLANS, plan_modules
from xlsales.addin.texts import BUTTONS, NO_ADDIN
from xlsales.core.faults import Lang

pytestmark = pytest.mark.vba_sim
LANGS: tuple[Lang, ...] = ("zh", "en")


@pytest.fixture(params=LANGS)
def plan(request: pytest.FixtureRequest, built: dict[str, Path]) -> tuple[Lang, Sim, list[str]]:
    """The plan workbook open in an Excel that keeps which macros were asked for."""
    lang: Lang = request.param
    sim, asked = Sim(built[PLANS[lang]], plan_modules(lang)), []

    def run(_: Any, macro: Any) -> Any:
        asked.append(str(macro))
        return EMPTY

    give(sim.app.application, MemberSpec("Run", "method", getter=run, parameters=("Macro",)))
    return lang, sim, asked


@pytest.mark.parametrize("macro", BUTTONS)
def test_without_the_add_in(plan: tuple[Lang, Sim, list[str]], macro: str) -> None:
    """Where the add-in is not loaded nothing is run, no file is looked for, and one sentence names the workbook."""
    lang, sim, asked = plan
    sim.run(macro)
    assert asked == []
    assert sim.dialogs == [("MsgBox", NO_ADDIN[lang].format(PLANS[lang]), "xlsales", 48)]


@pytest.mark.parametrize("macro", BUTTONS)
def test_with_the_add_in(plan: tuple[Lang, Sim, list[str]], built: dict[str, Path], macro: str) -> None:
    """Where the add-in is loaded the button runs its macro of the same name."""
    _, sim, asked = plan
    sim.app.open_workbook(built[ADDIN])
    sim.run(macro)
    assert asked == [f"'xlsales.xlam'!{macro}"]
    assert sim.dialogs == []


def test_the_add_in_has_the_macros_that_the_buttons_ask_for(sim: Sim) -> None:
    """Each button's macro is a public Sub without arguments in the add-in."""
    for macro in BUTTONS:
        sim.app.interpreter.run(f"Macros.{macro}")
    assert len([call for call in sim.dll.server.calls if call[0] == "Call"]) == len(BUTTONS)
