"""The ribbon's tab and its VBA, made from the table of verbs.

A verb with choices becomes a menu of large lines, each with what it is for below its title: its macro takes the choice,
which is in the tag of the button.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from xlsales.addin.vbaproject import Module, module_text
from xlsales.commands.verb import Button, Texts, Verb
from xlsales.commands.verbs import GROUPS, VERBS, with_buttons

_TAB = """\
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui">
  <ribbon>
    <tabs>
      <tab id="xlsales" label="销售目标 Sales targets" keytip="XS" insertAfterMso="TabData">
{groups}
      </tab>
    </tabs>
  </ribbon>
</customUI>
"""
_GROUP = """\
        <group id="xlsales{key}" label="{label}">
{buttons}
        </group>"""
_BUTTON = """\
          <button id="xlsales{macro}"{size} label="{label}" imageMso="{icon}" \
onAction="Ribbon.On{macro}" keytip="{keytip}"
            screentip="{label}" supertip="{zh}&#10;{en}"/>"""
_MENU = """\
          <menu id="xlsales{macro}"{size} label="{label}" imageMso="{icon}" keytip="{keytip}" itemSize="large"
            screentip="{label}" supertip="{zh}&#10;{en}">
{choices}
          </menu>"""
_CHOICE = """\
            <button id="xlsales{macro}_{key}" label="{label}" description="{zh}&#10;{en}" tag="{key}" \
onAction="Ribbon.On{macro}"/>"""
_RESTART = """\
          <button id="xlsalesRestartPython" label="重启 Python Restart" imageMso="Repeat" \
onAction="Ribbon.OnRestartPython" keytip="P"
            screentip="重启 Python Restart Python" supertip="停掉后台的 Python,下一次使用时重新启动;升级 xlsales 之后或\
出错之后用。&#10;Stops the Python behind the add-in; it starts again at the next use. \
For after an upgrade or an error."/>"""
"""The one button that is no verb: VBA does all of its work."""


def ribbon_xml(verbs: Iterable[Verb] = VERBS) -> bytes:
    """Return the ribbon part."""
    buttons: dict[str, list[str]] = {key: [] for key in GROUPS}
    for verb, button in with_buttons(verbs):
        buttons[button.group].append(_element(verb, button))
    buttons["Help"].append(_RESTART)
    groups = [_GROUP.format(key=key, label=_both(GROUPS[key]), buttons="\n".join(own)) for key, own in buttons.items()]
    return _TAB.format(groups="\n".join(groups)).encode("utf-8")


def macro_modules(verbs: Iterable[Verb] = VERBS) -> list[Module]:
    """Return the macros of the verbs, and the ribbon's callbacks that call them."""
    pairs = list(with_buttons(verbs))
    return [
        module_text("Macros.bas", verbs="".join(_macro(verb, button) for verb, button in pairs)),
        module_text("Ribbon.bas", verbs="".join(_callback(verb, button) for verb, button in pairs)),
    ]


def _element(verb: Verb, button: Button) -> str:
    zh, en = map(escape, button.tip)
    size = ' size="large"' if button.large else ""
    facts = {"macro": button.macro, "size": size, "label": _both(verb.label), "zh": zh, "en": en}
    facts |= {"icon": button.icon, "keytip": button.keytip}
    if verb.choices is None:
        return _BUTTON.format(**facts)
    choices = [
        _CHOICE.format(macro=button.macro, key=key, label=_both(label), zh=escape(purpose[0]), en=escape(purpose[1]))
        for key, label, purpose in verb.choices()
    ]
    return _MENU.format(**facts, choices="\n".join(choices))


def _both(label: Texts) -> str:
    return escape(" ".join(dict.fromkeys(label)))


def _macro(verb: Verb, button: Button) -> str:
    parameter, call = "", f'"{button.call}"'
    if verb.choices is not None:
        parameter, call = "ByVal Choice As String", f'"{button.call}:" & Choice'
    return f"Public Sub {button.macro}({parameter})\n    RunMacro {call}, {button.book}\nEnd Sub\n\n"


def _callback(verb: Verb, button: Button) -> str:
    argument = "" if verb.choices is None else " Control.Tag"
    return f"Public Sub On{button.macro}(Control As IRibbonControl)\n    {button.macro}{argument}\nEnd Sub\n\n"
