"""Checks VBA for what Excel's compiler refuses and the interpreter of the tests accepts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from xlsales.addin.vbaproject import Module, body
from xlsales.core.expressions import expression

LONGEST_LINE = 1023
MOST_CONTINUATIONS = 24
LONGEST_HELP = 255
LONGEST_NAME = 31
_WORDS = """
addressof alias and any as attribute base binary boolean byref byte byval call case cbool cbyte ccur cdate cdbl
cint clng clnglng close compare const csng cstr currency cvar date debug decimal declare defbool deftype dim do
double each else elseif empty end endif enum eqv erase error event exit explicit false for friend function get
global gosub goto if imp implements in input integer is let lib like line lock long longlong longptr loop lset me
mid mod module name new next not nothing null object on open option optional or output paramarray preserve print
private property public put raiseevent random read redim rem resume return rset seek select set shared single
static step stop string sub text then time to true type typeof unlock until variant wend when while with
withevents write xor
"""
RESERVED = frozenset(_WORDS.split())
_PROCEDURE = expression(r"(?im)^(?:public |private )?(?:sub|function) (\w+)\((.*)\)")
_HELP = expression(r'(?m)^Attribute (\w+)\.VB_Description = "(.*)"$')


def findings(modules: Iterable[Module]) -> list[str]:
    """Return what Excel's compiler would refuse in the modules of one project, a sentence each."""
    modules = list(modules)
    return [*_each(modules), *_clashes(modules)]


def _each(modules: list[Module]) -> Iterator[str]:
    for module in modules:
        if not re.fullmatch(rf"[A-Za-z]\w{{0,{LONGEST_NAME - 1}}}", module.name):
            yield f"{module.name}: not a module name"
        if module.kind == "standard" and not module.source.startswith(f'Attribute VB_Name = "{module.name}"\n'):
            yield f"{module.name}: does not start with its VB_Name"
        if not body(module.source).startswith("Option Explicit\n"):
            yield f"{module.name}: Option Explicit is not its first line"
        continued = 0
        for number, line in enumerate(module.source.split("\n"), 1):
            place = f"{module.name}:{number}"
            if not line.isascii():
                yield f"{place}: not ASCII"
            if len(line) > LONGEST_LINE:
                yield f"{place}: longer than {LONGEST_LINE}"
            continued = continued + 1 if line.endswith(" _") else 0
            if continued > MOST_CONTINUATIONS:
                yield f"{place}: more than {MOST_CONTINUATIONS} continuations"
        for name, text in _HELP.findall(module.source):
            if len(text.replace('""', '"')) > LONGEST_HELP:
                yield f"{module.name}.{name}: help longer than {LONGEST_HELP}"
        yield from _arguments(module)


def _arguments(module: Module) -> Iterator[str]:
    for name, signature in _PROCEDURE.findall(module.source):
        arguments = [_argument(text) for text in signature.split(",") if text.strip()]
        if name.lower() in RESERVED:
            yield f"{module.name}: {name} is reserved"
        for argument in arguments:
            if argument.lower() in RESERVED:
                yield f"{module.name}.{name}: {argument} is reserved"
        if len({a.lower() for a in [*arguments, name]}) <= len(arguments):
            yield f"{module.name}.{name}: two names differ only in case"


def _argument(text: str) -> str:
    words = re.sub(r"(?i)\b(optional|byval|byref|paramarray)\b", "", text).split()
    return words[0].removesuffix("()")


def _clashes(modules: list[Module]) -> Iterator[str]:
    modules_of: dict[str, str] = {}
    names = [(m.name, m.name) for m in modules]
    names += [(name, m.name) for m in modules for name, _ in _PROCEDURE.findall(m.source)]
    for name, module in names:
        other = modules_of.setdefault(name.lower(), module)
        if other != module or sum(n.lower() == name.lower() and m == module for n, m in names) > 1:
            yield f"{module}: {name} is also in {other}"
