"""The catalogue of functions fits what function wizards and VBA can take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xlsales.functions import catalogue
from xlsales.functions.catalogue import FUNCTIONS
from xlsales.functions.worksheet import REGISTERED, STEP, FunctionSpec, worksheet

pytestmark = pytest.mark.unit

_VBA = """
    and as base binary boolean byref byte byval call case close compare const currency date decimal declare dim do
    double each else elseif empty end enum eqv erase error event exit explicit false for friend function get
    global gosub goto if imp implements in input integer is len let lib like line lock long loop lset me mid mod
    module name new next not nothing null object on open option optional or output paramarray preserve print
    private property public put raiseevent random read redim rem resume return rset seek select set shared single
    static step stop string sub tab text then time to true type unlock until variant wend while width with
    withevents write xor
"""
VBA_WORDS = set(_VBA.split())


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_texts_fit_the_wizard(function: FunctionSpec) -> None:
    """Every help text, and the help of all arguments together, fits the 255 characters of the wizard."""
    for lang in ("zh", "en"):
        texts = [function.help[lang], *(a.help[lang] for a in function.arguments)]  # type: ignore[index]
        assert all(0 < len(text) <= 255 for text in texts)
        assert sum(len(text) for text in texts[1:]) <= 255


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_arguments_are_no_words_of_vba(function: FunctionSpec) -> None:
    """No argument is a reserved word, or another name in other case; what may be left out comes last."""
    names = [a.name for a in function.arguments]
    assert len({n.lower() for n in names}) == len(names)
    assert not {n.lower() for n in names} & VBA_WORDS
    assert all(re.fullmatch(r"[a-z_]+", n) for n in names)
    optional = [a.optional for a in function.arguments]
    assert optional == sorted(optional)


def test_help_of_another_argument_is_refused() -> None:
    """The decorator takes a help text for each argument and for no other."""
    example = FUNCTIONS[0].example
    before = len(REGISTERED)
    for helps in ({}, {"total": STEP, "tota1": STEP}):
        with pytest.raises((TypeError, KeyError)):
            worksheet(STEP, example, **helps)(lambda total: [[total]])
    assert len(REGISTERED) == before


def test_every_module_with_a_function_is_in_the_catalogue() -> None:
    """A function in a module that nobody imports would be in no program."""
    folder = Path(catalogue.__file__).parent
    with_functions = {p.stem for p in folder.glob("*.py") if "\n@worksheet(" in p.read_text("utf-8")}
    assert with_functions == {module.__name__.rpartition(".")[2] for module in catalogue.MODULES}
