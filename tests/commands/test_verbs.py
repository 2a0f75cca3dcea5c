"""The table of verbs: each row has its function, and a verb with choices is a menu in every program."""

from __future__ import annotations

import inspect
from pathlib import Path

import grimp
import pytest
from lxml import etree

from xlsales.addin.libreoffice.build import menu
from xlsales.addin.lint import findings
from xlsales.addin.ribbon import macro_modules, ribbon_xml
from xlsales.commands import verbs, windows
from xlsales.commands.verb import BOOK, Argument, Button, Verb
from xlsales.commands.verbs import VERBS, verb_of

pytestmark = pytest.mark.unit

SHEETS = [
    ("goods", ("货品", "Goods"), ("分到类别", "By category")),
    ("weekly", ("周报 & 月报", "Weekly & monthly"), ("每周 & 每月", "Weeks & months")),
]
ADD = Verb(
    "add",
    ("添加", "Add"),
    ("添加工作表", "add a sheet"),
    arguments=(BOOK, Argument("sheet", "name", "SHEET", ("哪张表", "which sheet"), choices=lambda: SHEETS)),
    button=Button("AddSheet", "Plan", "SheetInsert", "A", ("添加一张表。", "Adds a sheet.")),
)

OTHERS = [verb for verb in VERBS if verb.key != ADD.key]


@pytest.mark.parametrize("verb", [v for v in VERBS if v.arguments and v.key != "addin"], ids=lambda verb: verb.key)
def test_the_arguments_of_a_row_are_those_of_its_function(verb: Verb) -> None:
    """A host passes them by name: none may be missing, and what has no default has to be asked for."""
    begun, *own = inspect.signature(verb.act()).parameters.values()
    assert begun.name == ("run" if BOOK in verb.arguments else "start")
    asked = {argument.key: argument for argument in verb.own}
    assert [parameter.name for parameter in own if parameter.default is parameter.empty] == [
        key for key, argument in asked.items() if argument.positional
    ]
    assert {parameter.name for parameter in own} == asked.keys()


def test_every_name_by_which_an_add_in_calls_is_one_verb() -> None:
    """Installed add-ins of earlier versions call these."""
    called = ["new_plan", "split_target", "refresh_progress", "check_plan", "undo_last", "hand_out", "collect"]
    keys = ["new", "split", "refresh", "check", "undo", "handout", "collect", "help"]
    assert [verb_of(name).key for name in [*called, "show_help"]] == keys
    with pytest.raises(KeyError):
        verb_of("split_targets")


def test_a_verb_with_choices_is_a_menu_in_the_ribbon() -> None:
    """Each choice is a button that carries its key; VBA passes it on behind the name of the verb."""
    root = etree.fromstring(ribbon_xml([*OTHERS, ADD]))
    found = next(menu for menu in root.findall(".//{*}menu") if menu.get("id") == "xlsalesAddSheet")
    choices = [
        (button.get("label"), button.get("description"), button.get("tag"), button.get("onAction")) for button in found
    ]
    assert choices == [
        ("货品 Goods", "分到类别\nBy category", "goods", "Ribbon.OnAddSheet"),
        ("周报 & 月报 Weekly & monthly", "每周 & 每月\nWeeks & months", "weekly", "Ribbon.OnAddSheet"),
    ]
    assert found.get("itemSize") == "large"  # smaller lines show no description
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    modules = macro_modules([*OTHERS, ADD])
    assert findings(modules) == []
    assert 'RunMacro "add_sheet:" & Choice, True' in modules[0].source
    assert "    AddSheet Control.Tag\n" in modules[1].source


def test_a_verb_with_choices_is_a_menu_below_that_of_calc() -> None:
    """Its lines carry verb and choice; the toolbar, which has no menus, leaves it out."""
    root = etree.fromstring(menu([*OTHERS, ADD]).encode())
    for pictures in root.xpath(".//node[@*[local-name() = 'name'] = 'Images']"):  # under the same addresses
        pictures.clear()
    urls = [value.text for value in root.findall(".//prop/value") if "add_sheet" in (value.text or "")]
    assert urls == [f"service:com.xlsales.calc.Commands?add_sheet:{key}" for key, *_ in SHEETS]


def test_a_choice_reaches_the_verb(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands behind the colon is the argument that is chosen."""
    monkeypatch.setattr(verbs, "VERBS", (*OTHERS, ADD))
    name, _, choice = "add_sheet:goods".partition(":")
    assert windows.ask_for(None, verb_of(name), choice) == {"sheet": "goods"}  # type: ignore[arg-type]
    monkeypatch.undo()
    assert windows.ask_for(None, verb_of(name), choice) == {"sheets": ["goods"]}  # type: ignore[arg-type]


def test_verbs_do_not_know_each_other() -> None:
    """What two verbs share is below them; the demonstration alone plays two of them."""
    graph = grimp.build_graph("xlsales", include_external_packages=False, exclude_type_checking_imports=True)
    modules = {f"xlsales.commands.{verb.key}" for verb in VERBS if verb.arguments and verb.key != "addin"}
    assert modules <= graph.modules
    known = {
        (one.rpartition(".")[2], other.rpartition(".")[2])
        for one in modules
        for other in modules - {one}
        if graph.chain_exists(importer=one, imported=other)
    }
    assert known == {("demo", "split"), ("demo", "refresh")}


def test_each_verb_is_a_short_file() -> None:
    """A story of at most 80 lines; helpers of hand-out and collect are beside them."""
    for verb in VERBS:
        if verb.arguments and verb.key not in ("handout", "collect", "addin"):
            path = Path(inspect.getfile(verb.act()))
            assert path.stem == verb.key
            assert len(path.read_text("utf-8").splitlines()) <= 80
