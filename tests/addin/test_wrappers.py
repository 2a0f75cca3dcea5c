"""The worksheet functions as Excel finds them."""

from __future__ import annotations

import pytest
from pyopenvba.interpreter._values import MISSING

from tests.addin.sim import Sim
from xlsales.addin.build import addin_modules, plan_modules
from xlsales.addin.lint import findings
from xlsales.addin.vbaproject import Module
from xlsales.addin.wrappers import PYTHON_MODULE, functions_module
from xlsales.core.faults import Lang
from xlsales.functions.catalogue import FUNCTIONS
from xlsales.functions.worksheet import CATEGORY, FunctionSpec

every_function = pytest.mark.parametrize("spec", FUNCTIONS, ids=lambda spec: spec.name)
LANGS: tuple[Lang, ...] = ("zh", "en")


@pytest.mark.vba_sim
@every_function
def test_every_function_reaches_python(sim_with_plan: Sim, spec: FunctionSpec) -> None:
    """All arguments arrive in order under the function's name, ranges as ranges, with the calling cell."""
    ranged = sim_with_plan.app.application.vba_get("Range", ["B2:B4"])
    given = [ranged, *(float(k) for k in range(1, len(spec.arguments)))]
    assert sim_with_plan.run(spec.name, *given) == 42.0
    ((_, module, name, arguments, book, caller),) = sim_with_plan.dll.server.calls
    assert (module, name, arguments) == (PYTHON_MODULE, spec.name, given)
    assert arguments[0] is ranged
    assert book.name == "plan.xlsx"
    assert str(caller.vba_get("Address")) == "$H$1"


@pytest.mark.vba_sim
@every_function
def test_omitted_arguments_stay_omitted(sim_with_plan: Sim, spec: FunctionSpec) -> None:
    """An argument that is left out arrives as missing, not as blank or zero."""
    needed = [a for a in spec.arguments if not a.optional]
    sim_with_plan.run(spec.name, *(1.0 for _ in needed))
    ((*_, arguments, _book, _caller),) = sim_with_plan.dll.server.calls
    assert arguments == [1.0] * len(needed) + [MISSING] * (len(spec.arguments) - len(needed))


@pytest.mark.vba_sim
@every_function
def test_a_failure_shows_one_line(sim_with_plan: Sim, spec: FunctionSpec) -> None:
    """A failure of the server shows one line in the cell, without a message box; the log has the details."""
    sim_with_plan.dll.server.fails = "Traceback\n  …\nValueError: x"
    shown = sim_with_plan.run(spec.name, *(1.0 for a in spec.arguments if not a.optional))
    assert isinstance(shown, str)
    assert "\n" not in shown
    assert "Traceback" not in shown
    assert sim_with_plan.dialogs == []
    assert spec.name in sim_with_plan.log[0]


@pytest.mark.vba_sim
@pytest.mark.parametrize("lang", LANGS)
def test_the_wizard_has_its_texts(sim: Sim, lang: Lang) -> None:
    """Every function has its category, what it gives and each argument's help, in the user's language.

    Excel refuses a hidden workbook, which an add-in is: it shows itself, with the screen held still, and hides again.
    """
    sim.settings["lang"] = lang
    sim.run("ThisWorkbook.Workbook_Open")
    assert [texts["Macro"] for texts in sim.described] == [f"'xlsales.xlam'!{spec.name}" for spec in FUNCTIONS]
    for texts, spec in zip(sim.described, FUNCTIONS, strict=True):
        assert texts["Category"] == CATEGORY[lang]
        assert texts["Description"] == spec.help[lang]
        assert texts["ArgumentDescriptions"] == [argument.help[lang] for argument in spec.arguments]
    assert sim.addin_states == [True, False, True]
    assert sim.held_still == [True, True]


@pytest.mark.vba_sim
def test_a_wizard_without_texts_stops_nobody(sim: Sim) -> None:
    """Where Excel takes no texts at all the add-in opens without a message, hidden again, and the log says so."""
    sim.refuses_all = True
    sim.run("DescribeFunctions")
    assert sim.described == []
    assert sim.dialogs == []
    assert sim.addin_states == [True, False, True]
    assert len(sim.log) == 1


@pytest.mark.unit
@pytest.mark.parametrize("modules", [addin_modules(), *(plan_modules(lang) for lang in LANGS)])
def test_nothing_that_vba_forbids(modules: list[Module]) -> None:
    """No reserved word, no clash of case, no line or help too long, nothing but ASCII."""
    assert findings(modules) == []


GOOD = 'Attribute VB_Name = "A"\nOption Explicit\n\nPublic Sub One(ByVal Total As Long)\nEnd Sub\n'
BAD = {
    "reserved argument": (GOOD.replace("Total", "Step"), "Step is reserved"),
    "reserved name": (GOOD.replace("One", "Next"), "Next is reserved"),
    "argument named as its procedure": (GOOD.replace("Total", "ONE"), "differ only in case"),
    "Chinese": (GOOD + "' 目标\n", "not ASCII"),
    "long line": (GOOD + "'" + "x" * 1023 + "\n", "longer than 1023"),
    "continuations": (GOOD + "A = 1 + _\n" * 25 + "1\n", "more than 24"),
    "long help": (GOOD + f'Attribute One.VB_Description = "{"x" * 256}"\n', "help longer than 255"),
    "no Option Explicit": (GOOD.replace("Option Explicit\n", ""), "Option Explicit"),
    "another module's name": (GOOD.replace('"A"', '"B"'), "VB_Name"),
    "the same procedure twice": (GOOD + "Public Sub one()\nEnd Sub\n", "one is also in A"),
}


@pytest.mark.unit
@pytest.mark.parametrize(("source", "said"), BAD.values(), ids=BAD)
def test_what_vba_forbids_is_found(source: str, said: str) -> None:
    """Each rule finds its own violation."""
    assert findings([Module("A", GOOD)]) == []
    assert any(said in found for found in findings([Module("A", source)])), findings([Module("A", source)])


@pytest.mark.unit
def test_clashes_between_modules_are_found() -> None:
    """Two modules with one procedure are ambiguous, in whatever case."""
    other = Module("B", GOOD.replace('"A"', '"B"').replace("One", "ONE"))
    assert findings([Module("A", GOOD), other]) == ["B: ONE is also in A"]


@pytest.mark.unit
def test_the_wrappers_follow_the_catalogue() -> None:
    """A wrapper for each function, with its English help where the wizard has no other."""
    source = functions_module().source
    for spec in FUNCTIONS:
        assert f"Public Function {spec.name}(" in source
        assert f'Attribute {spec.name}.VB_Description = "{spec.help["en"]}"' in source
