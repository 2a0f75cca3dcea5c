"""The worksheet functions in Calc: brings the cells of Calc to `xlsales.functions`, and the results back.

A range comes as rows of cells, with blank cells as text of no length. One cell comes as rows too if its argument is
required, else bare; a blank one as 0. An optional argument that was left out is None. If a required one is left out or
an argument holds an error cell, Calc does not call the function at all, and shows an error of its own. A blank result
is text of no length, as in Excel. A date is a day number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import uno

from xlsales.functions.answer import answer
from xlsales.functions.names import with_titles
from xlsales.hosts.libreoffice.language import language_of
from xlsales.values.serials import to_serial

Cell = float | str


def call(name: str, document: Any, arguments: Sequence[Any]) -> tuple[tuple[Cell, ...], ...]:
    """Return the result of the function of that name, or one cell with a line that says what to fix."""
    where = partial(home_of, document)
    result = answer(name, *arguments, lang=partial(language_of, document), naming=with_titles, home=where)
    if isinstance(result, str):
        return ((result,),)
    return tuple(tuple(_cell(value) for value in line) for line in result)


def home_of(document: Any) -> Path | None:
    """Return the folder of an open document, which may be an address; None if it is not saved."""
    address = str(document.URL)
    if not address:
        return None
    return (Path(uno.fileUrlToSystemPath(address)) if address.startswith("file:") else Path(address)).parent


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return float(to_serial(value)) if isinstance(value, dt.date) else float(value)
