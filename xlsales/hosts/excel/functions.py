"""The worksheet functions in Excel, through xlwings: on Windows over COM, elsewhere in xlwings Lite.

Each function passes its cells on as they come; `xlsales.functions` reads them.
Names, arguments and help texts are the catalogue's. Blocks come as rows of
cells, error cells as their names. A blank result is None here; xlwings writes
text of no length, which Excel shows as nothing and leaves out of sums (an empty
value would show as 0).

The language of words and faults is the one of the workbook (the cell named
xs_lang), else the environment variable XLSALES_LANG, else Chinese. It is looked
up only when there is something to say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from xlsales.functions.answer import answer
from xlsales.functions.catalogue import CATEGORY, FUNCTIONS
from xlsales.hosts.excel.engine import xw
from xlsales.hosts.excel.language import language

arg, func, ret = xw.arg, xw.func, xw.ret

_Function = TypeVar("_Function", bound=Callable[..., Any])
_SPECS = {spec.name: spec for spec in FUNCTIONS}


def _worksheet(function: _Function) -> _Function:
    """Register a function under its name, with the help of the catalogue."""
    spec = _SPECS[function.__name__]
    function.__doc__ = spec.help.zh
    described = ret(date_format="yyyy-mm-dd")(function)
    for argument in spec.arguments:
        described = arg(argument.name, ndim=2, err_to_str=True, doc=argument.help.zh)(described)
    return func(category=CATEGORY.zh)(described)  # last: xlwings' arg and ret put the category back


@_worksheet
def SPLIT_TARGET(  # noqa: D103, N802
    total: Any, weights: Any, step_size: Any = None, locked: Any = None, lower: Any = None, upper: Any = None
) -> Any:
    return answer("SPLIT_TARGET", total, weights, step_size, locked, lower, upper, lang=language)


@_worksheet
def SPLIT_MATRIX(row_totals: Any, column_totals: Any, weights: Any = None, step_size: Any = None) -> Any:  # noqa: D103, N802
    return answer("SPLIT_MATRIX", row_totals, column_totals, weights, step_size, lang=language)


@_worksheet
def SPLIT_TIME(  # noqa: D103, N802
    total: Any,
    start: Any,
    finish: Any,
    level: Any = None,
    weights: Any = None,
    step_size: Any = None,
    basis: Any = None,
) -> Any:
    return answer("SPLIT_TIME", total, start, finish, level, weights, step_size, basis, lang=language)


@_worksheet
def SPLIT_SERIES(total: Any, periods: Any, growth: Any = None, step_size: Any = None) -> Any:  # noqa: D103, N802
    return answer("SPLIT_SERIES", total, periods, growth, step_size, lang=language)


@_worksheet
def WEEKDAY_INDEX(dates: Any, amounts: Any) -> Any:  # noqa: D103, N802
    return answer("WEEKDAY_INDEX", dates, amounts, lang=language)


@_worksheet
def WORKDAYS_CN(start: Any, finish: Any) -> Any:  # noqa: D103, N802
    return answer("WORKDAYS_CN", start, finish, lang=language)


@_worksheet
def TIME_PROGRESS(start: Any, finish: Any, as_of: Any, clock: Any = None) -> Any:  # noqa: D103, N802
    return answer("TIME_PROGRESS", start, finish, as_of, clock, lang=language)


@_worksheet
def TARGET_PROGRESS(  # noqa: D103, N802
    target: Any, actual: Any, time_progress: Any, remaining_days: Any = None, lamps: Any = None
) -> Any:
    return answer("TARGET_PROGRESS", target, actual, time_progress, remaining_days, lamps, lang=language)


@_worksheet
def LEADS_NEEDED(target: Any, rates: Any) -> Any:  # noqa: D103, N802
    return answer("LEADS_NEEDED", target, rates, lang=language)
