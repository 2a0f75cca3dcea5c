"""What a cell shows: the block of a worksheet function, or one line that says what to fix.

Hosts call `answer` with the cells of the formula. Nothing is raised: a function that raised would leave a cell without
a word about the problem.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from xlsales.core.faults import Fault, Lang
from xlsales.functions.catalogue import BY_NAME
from xlsales.functions.cells import Block
from xlsales.functions.worksheet import Home

Tongue = Lang | Callable[[], Lang]
"""A language, or how to find it, which is called only when there is something to say."""
Naming = Callable[[str, Lang], str]
"""How a sentence names arguments: the sentence with their English names, its language → the sentence to show."""


class NotOurFault(Fault):
    """An error that no rule foresees."""

    zh = "{name} 没有算出来({error})。这是程序的错,请把公式和数据发给我们。"
    en = "{name} failed ({error}). This is our mistake; please send us the formula and its data."


def answer(
    name: str,
    *arguments: Any,
    lang: Tongue = "zh",
    naming: Naming = lambda text, lang: text,
    home: Home = lambda: None,
) -> Block | str:
    """Return the result of the function of that name: rows of cells (None is blank), or a line that says what to fix.

    An argument is one cell or rows of cells; None if it was left out. A language that cannot be found is Chinese. The
    line has the English names of arguments, unless `naming` gives them others. `home` is the folder of the workbook
    of the formula.
    """
    lang = cache(lang) if callable(lang) else lang  # it is in the workbook, which is read once
    try:
        spec = BY_NAME[name]
        of_the_host: dict[str, Any] = {"lang": _language(lang)} if spec.speaks else {}
        if spec.reads:
            of_the_host["home"] = home
        return spec.code(*arguments, **of_the_host)
    except Fault as fault:
        return _line(fault, lang, naming)
    except Exception as error:  # the last resort: a cell has to say something
        return _line(NotOurFault(name=name, error=f"{type(error).__name__}: {error}"[:80]), lang, naming)


def _line(fault: Fault, lang: Tongue, naming: Naming) -> str:
    """A fault's sentence in one line."""
    spoken = _language(lang)
    return naming(" ".join(fault.say(spoken).split()), spoken)


def _language(lang: Tongue) -> Lang:
    return lang() if callable(lang) else lang
