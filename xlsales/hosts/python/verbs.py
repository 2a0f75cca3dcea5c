"""The verbs of the command line as functions of Python, on files and on openpyxl's Workbooks in memory.

A plan is a path of a workbook (`str` or `Path`), or a Workbook of openpyxl. A file is written in one step, into `out`
if that is given, and `undo` takes the last run back. A Workbook is changed in memory, and saved by nobody but the
caller: `xlsales.hosts.python.workbooks` says how, and what openpyxl drops.

Each function returns the `Outcome`: `lines` and `as_text()` are what the command line prints, `problems` what a person
has to look at, `figures` and `as_json()` sums, rows and amounts; `exit_code` is 1 if there are data problems, else 0.
Each raises a `Fault`, or `Refused` with all that was found, if it cannot run: nothing is written then. Where a sentence
tells to add `--close`, `--rewrite` or `--yes`, the argument of that name means the same.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from xlsales.commands import add as adding
from xlsales.commands import balance as balancing
from xlsales.commands import check as checking
from xlsales.commands import collect as collecting
from xlsales.commands import handout as handing
from xlsales.commands import new as beginning
from xlsales.commands import refresh as refreshing
from xlsales.commands import split as splitting
from xlsales.commands import spread as spreading
from xlsales.commands import undo as undoing
from xlsales.commands.job import Start
from xlsales.core.faults import Fault, Lang
from xlsales.hosts.python.running import day_of, document_of, file_of, moment, run_of, versions

if TYPE_CHECKING:
    from openpyxl import Workbook

    from xlsales.commands.outcome import Outcome

Source = str | os.PathLike[str]
"""A path; of sales also `FILE:SHEET`."""


class LanguageUnknown(Fault):
    """A language that no workbook is in."""

    zh = "lang 是“{found}”。请写 zh 或 en。"
    en = 'lang is "{found}". Write zh or en.'


def new(book: Source, lang: Lang = "zh") -> Outcome:
    """Write a fresh plan workbook, in Chinese or English; a file that is there is never overwritten."""
    if lang not in get_args(Lang):
        raise LanguageUnknown(found=lang)
    return beginning.new(Start(lang, moment(), versions()), Path(book))


def split(
    book: Source | Workbook,
    out: Source | None = None,
    *,
    actuals: Source | None = None,
    history: Source | None = None,
    close: bool = False,
    rewrite: bool = False,
    yes: bool = False,
) -> Outcome:
    """Split the target of a plan into breakdown sheets; refresh too if there are actuals.

    `book` is a path, or a Workbook of openpyxl: the same Workbook, its sheets and cells then have the results, and
    saving it is the caller's. openpyxl drops shapes, sparklines, form buttons, some looks of charts and data bars, and
    results of formulas, which Excel computes again. A run that fails leaves file and Workbook as they were.
    `actuals` and `history` are files with sales, else they are those of the plan. `close` first closes months with
    complete actuals, so that they stay; `rewrite` changes them too. `yes` lets others carry what accepted commitments
    leave, and with `close` closes months that lack sales too.
    """
    run = run_of(document_of(book, out), actuals=actuals, history=history, close=close, yes=yes, rewrite=rewrite)
    return splitting.split(run)


def refresh(
    book: Source | Workbook,
    out: Source | None = None,
    *,
    as_of: dt.date | str | None = None,
    actuals: Source | None = None,
    history: Source | None = None,
    close: bool = False,
) -> Outcome:
    """Refresh the achievement columns from the actuals; targets stay as they are.

    `as_of` is the last day that is counted: a date, or a text such as "2026-08-31"; else that of Settings, else the
    last day with actuals. `close` closes months with complete actuals.
    """
    document = document_of(book, out)
    run = run_of(document, actuals=actuals, history=history, close=close)
    return refreshing.refresh(run, day_of(as_of, document))


def check(
    book: Source | Workbook,
    *,
    as_of: dt.date | str | None = None,
    actuals: Source | None = None,
    history: Source | None = None,
) -> Outcome:
    """Say what split and refresh would do and what is wrong; nothing is written."""
    document = document_of(book)
    return checking.check(run_of(document, actuals=actuals, history=history), day_of(as_of, document))


def add(book: Source | Workbook, sheets: str | Sequence[str], out: Source | None = None) -> Outcome:
    """Add a sheet that you want, such as "Goods" or "货品", or several, with the tables that you fill in."""
    names = [sheets] if isinstance(sheets, str) else sheets
    return adding.add(run_of(document_of(book, out)), names)


def spread(
    book: Source | Workbook,
    cells: str,
    method: str,
    out: Source | None = None,
    *,
    total: float | str | None = None,
    by: float | str | None = None,
    hold: str | None = None,
    step: float | str | None = None,
    close: bool = False,
    rewrite: bool = False,
    yes: bool = False,
) -> Outcome:
    """Change amounts in cells, `"Sheet1!C5:F9"`, by a method such as "equal", "proportional" or "1-2-1".

    The sum is `total`, else as it was; `by` is how much more or less, "10%" or 100; `hold` names cells that stay.
    `step` is the smallest unit, else what the cells print. Targets become locks and the plan is split anew, if `yes`
    says so; `close` first closes months with complete actuals, `rewrite` changes them too.
    """
    run = run_of(document_of(book, out), close=close, yes=yes, rewrite=rewrite)
    given = (None if value is None else str(value) for value in (total, by, hold, step))
    return spreading.spread(run, cells, method, *given)


def balance(
    book: Source | Workbook,
    dimension: str | None = None,
    out: Source | None = None,
    *,
    close: bool = False,
    rewrite: bool = False,
    yes: bool = False,
) -> Outcome:
    """Bring members who are asked too much or too little to the middle, in one dimension or in all.

    That is written as rows of transfers and the plan is split anew, if `yes` says so; `close` first closes months with
    complete actuals, `rewrite` changes them too.
    """
    return balancing.balance(run_of(document_of(book, out), close=close, yes=yes, rewrite=rewrite), dimension)


def handout(
    book: Source,
    folder: Source,
    *,
    store: str | Sequence[str] = (),
    dimension: str | None = None,
    template: Source | None = None,
    zip: bool = False,
    yes: bool = False,
) -> Outcome:
    """Write a workbook for every store into a folder, a list of them and a manifest.

    `store` names the only ones that are meant, `dimension` whose members get one (else 门店 Store, else 人员 Person).
    `template` is a restyled store workbook; `zip` puts all files into one more. Files that stores filled in stay. `yes`
    hands out although SMART check has red. Raises NeedsFile of a Workbook.
    """
    stores = [store] if isinstance(store, str) else store
    look = None if template is None else Path(template)
    return handing.handout(run_of(file_of(book), yes=yes), Path(folder), stores, dimension, look, zip)


def collect(
    book: Source,
    folder: Source,
    out: Source | None = None,
    *,
    dimension: str | None = None,
    due: dt.date | str | None = None,
) -> Outcome:
    """Take back the stores' workbooks in a folder and below it; each is checked, and marked where something is wrong.

    `dimension` is the one that was handed out. A file saved after `due` is late: a date, or a text such as
    "2026-04-05"; else that of Settings. Raises NeedsFile of a Workbook.
    """
    document = file_of(book, out)
    return collecting.collect(run_of(document), Path(folder), dimension, day_of(due, document, "due"))


def undo(book: Source, out: Source | None = None) -> Outcome:
    """Take a file back to before the last run; refused if it was changed since. Of a Workbook no versions are kept."""
    return undoing.undo(run_of(document_of(book, out)))
