"""The worksheet functions in Excel, through xlwings: on Windows over COM, elsewhere in xlwings Lite.

Each function passes its cells on as they come; `xlsales.functions` reads them. Names, arguments and help texts are the
catalogue's. Blocks come as rows of cells, error cells as their names. A blank result is None here. xlwings writes
it as text of no length, which Excel shows as nothing and leaves out of sums; an empty value would show as 0.

The language of words and faults is that of the workbook (the cell named xs_lang), else that of the environment variable
XLSALES_LANG, else Chinese. It is read only when a sentence needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

from xlsales.functions.answer import answer
from xlsales.functions.catalogue import FUNCTIONS
from xlsales.functions.worksheet import CATEGORY, FunctionSpec
from xlsales.hosts.excel.engine import xw
from xlsales.hosts.excel.language import home, language


def _worksheet(spec: FunctionSpec) -> Callable[..., Any]:
    """Return a function of the catalogue as xlwings registers it, under its name, with its arguments and help."""

    def function(*cells: Any) -> Any:
        return answer(spec.name, *cells, lang=language, home=home)

    function.__name__ = spec.name
    function.__doc__ = spec.help.zh
    places = [
        Parameter(a.name, Parameter.POSITIONAL_OR_KEYWORD, default=None if a.optional else Parameter.empty)
        for a in spec.arguments
    ]
    function.__signature__ = Signature(places)  # type: ignore[attr-defined]
    described: Callable[..., Any] = xw.ret(date_format="yyyy-mm-dd")(function)
    for argument in spec.arguments:
        described = xw.arg(argument.name, ndim=2, err_to_str=True, doc=argument.help.zh)(described)
    registered: Callable[..., Any] = xw.func(category=CATEGORY.zh)(described)  # last: arg and ret put it back
    return registered


WORKSHEET = {spec.name: _worksheet(spec) for spec in FUNCTIONS}
"""The functions by their names in Excel, by which this module offers them to xlwings."""
globals().update(WORKSHEET)
