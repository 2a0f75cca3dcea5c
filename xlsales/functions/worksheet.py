"""How a worksheet function is registered: its decorator carries all that people see of it.

Name, arguments and what may be left out are those of the Python function; the decorator adds help texts and a worked
example. The function wizards of Excel and LibreOffice, the add-in's VBA, sheet 函数示例 and README are made from these.
A name never changes, or users' formulas break; arguments avoid words that VBA reserves (`step`, `end`).
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from msgspec import Struct

from xlsales.functions.names import title_of
from xlsales.vocabulary.contract import Word

CATEGORY = Word("销售目标", "Sales targets")
"""The category in the function wizard."""
STEP = Word("最小步长,默认 1;结果是它的整数倍", "Smallest step, 1 unless given")
"""The help of `step_size`, which several functions have."""

Home = Callable[[], Path | None]
"""Where the workbook of a formula is kept; None if that is not known."""
Look = Literal["head", "label", "given", "result"]
Form = Literal["number", "money", "percent", "date", "index", "text"]
Value = Word | str | float | dt.date | None

_OF_THE_HOST = ("lang", "home")
"""What the code of a function takes beside the arguments of a formula."""
RESULT = "result"
"""The region of the values; the formula is in its first cell."""


class ArgumentSpec(Struct, frozen=True):
    """An argument of a worksheet function: its name, its help text, and whether it may be left out."""

    name: str
    help: Word
    optional: bool = False

    @property
    def title(self) -> Word:
        """Its name in both languages; the English one is `name`."""
        return title_of(self.name)


class ExampleCell(Struct, frozen=True):
    """A cell of an example; `region` names the argument that it belongs to, or RESULT."""

    value: Value
    look: Look
    region: str = ""
    form: Form = "number"


class Example(Struct, frozen=True):
    """A small worked example: what the function is for, its formula, its rows of cells (None is an empty place).

    The values are constants, because a workbook without the add-in cannot compute them; a test compares them with the
    functions. A formula names the regions of cells in braces, by the names of the arguments. `band` is the band of the
    sheet that the example is in: two fit into one.
    """

    band: int
    purpose: Word
    formula: Word
    rows: tuple[tuple[ExampleCell | None, ...], ...]

    def region(self, name: str) -> tuple[int, int, int, int]:
        """Return first row, first column, last row, last column of a region, from 0 inside the example."""
        at = [(r, c) for r, row in enumerate(self.rows) for c, cell in enumerate(row) if cell and cell.region == name]
        return at[0][0], min(c for _, c in at), at[-1][0], max(c for _, c in at)

    @property
    def regions(self) -> frozenset[str]:
        """The names of the regions that the formula reads."""
        return frozenset(cell.region for row in self.rows for cell in row if cell and cell.region) - {RESULT}


class FunctionSpec(Struct, frozen=True):
    """A worksheet function: its name, what it gives, its arguments in order, the code behind it.

    If it `speaks`, its result has words in it: the code takes the language too. If it `reads`, it may read a workbook:
    the code takes the folder that a name without one means (`home`).
    """

    name: str
    help: Word
    arguments: tuple[ArgumentSpec, ...]
    example: Example
    code: Callable[..., list[list[Any]]]
    speaks: bool
    reads: bool = False


REGISTERED: list[FunctionSpec] = []
"""The functions of the modules that were imported, in the order of their definition."""
_Code = TypeVar("_Code", bound=Callable[..., list[list[Any]]])


def worksheet(help: Word, example: Example, **arguments: Word) -> Callable[[_Code], _Code]:
    """Register a function for every host; `arguments` are the help texts of its arguments by their names."""

    def register(code: _Code) -> _Code:
        parameters = inspect.signature(code).parameters
        specs = tuple(
            ArgumentSpec(name, arguments[name], parameter.default is None)
            for name, parameter in parameters.items()
            if name not in _OF_THE_HOST
        )
        if {argument.name for argument in specs} != arguments.keys():
            raise TypeError(f"{code.__name__}: help for {sorted(arguments)}")
        speaks, reads = (name in parameters for name in _OF_THE_HOST)
        REGISTERED.append(FunctionSpec(code.__name__.upper(), help, specs, example, code, speaks, reads))
        return code

    return register


TOTAL, TARGET = Word("总目标", "Total"), Word("目标", "Target")
REGIONS = (
    Word("东北", "Northeast"),
    Word("华北", "North"),
    Word("华东", "East"),
    Word("华南", "South"),
    Word("华西", "West"),
)
"""Words of several examples."""


# --- how examples are written ---------------------------------------------------------------------


def same(formula: str) -> Word:
    """Return a formula without words of a language."""
    return Word(formula, formula)


def head(*words: Word | str) -> tuple[ExampleCell, ...]:
    """Return a row of headers."""
    return tuple(ExampleCell(word, "head") for word in words)


def label(value: Value) -> ExampleCell:
    """Return a cell that names what is beside it."""
    return ExampleCell(value, "label")


def argument(region: str, value: Value, form: Form = "number") -> ExampleCell:
    """Return a cell of an argument."""
    return ExampleCell(value, "given", region, form)


def result(value: Value, form: Form = "number") -> ExampleCell:
    """Return a cell that the function gives."""
    return ExampleCell(value, "result", RESULT, form)


def results(values: Sequence[Value], form: Form = "number") -> tuple[ExampleCell, ...]:
    """Return a row of cells that the function gives."""
    return tuple(result(value, form) for value in values)
