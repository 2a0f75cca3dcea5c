"""The worksheet functions as VBA: one wrapper for each function of the catalogue, in the form of xlwings' own."""

from __future__ import annotations

from collections.abc import Iterable

from xlsales.addin.vbaproject import Module
from xlsales.functions.catalogue import FUNCTIONS
from xlsales.functions.worksheet import FunctionSpec

PYTHON_MODULE = "xlsales.hosts.excel.functions"
"""The module in which the COM server finds the functions, by their names in Excel."""

_TOP = """\
Attribute VB_Name = "Functions"
Option Explicit

' Made from the catalogue of functions; do not edit. Each call goes to Python once, with whole ranges.
"""
_WRAPPER = """\

Public Function {name}({signature}) As Variant
Attribute {name}.VB_Description = "{help}"
    On Error GoTo Failed
    {name} = Server().CallUDF("{module}", "{name}", Array({arguments}), CallingBook(), Application.Caller)
    Exit Function
Failed:
    {name} = CellFailure("{name}", Err.Number, Err.Description)
End Function
"""


def functions_module(functions: Iterable[FunctionSpec] = FUNCTIONS) -> Module:
    """Return the module that makes the functions known to Excel."""
    return Module("Functions", _TOP + "".join(_wrapper(spec) for spec in functions))


def _wrapper(spec: FunctionSpec) -> str:
    return _WRAPPER.format(
        name=spec.name,
        signature=", ".join(("Optional " if a.optional else "") + a.name for a in spec.arguments),
        help=spec.help["en"].replace('"', '""'),
        module=PYTHON_MODULE,
        arguments=", ".join(a.name for a in spec.arguments),
    )
