"""A plan as pandas DataFrames: targets, progress, accepted actuals, problems. Nothing is written."""

from __future__ import annotations

import datetime as dt
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlsales.commands.plan_columns import PlanColumns
from xlsales.hosts.python.needed import load_pandas
from xlsales.hosts.python.running import day_of, document_of, run_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from openpyxl import Workbook

    from xlsales.commands.plan_columns import Columns

_WHOLE = ("level", "row", "column", "rows")
"""The columns of whole numbers; all other numbers are Float64."""


def frames(
    book: str | os.PathLike[str] | Workbook,
    *,
    actuals: str | os.PathLike[str] | None = None,
    as_of: dt.date | str | None = None,
) -> Frames:
    """Read a plan that was split; nothing is written. Its frames have the figures that a refresh would write now.

    `book` is the path of a plan workbook, or a Workbook of openpyxl. `actuals` is another file, `FILE` or `FILE:SHEET`,
    as on the command line. `as_of` is the last day that is counted: a date, or a text such as "2026-08-31"; else that
    of Settings, else the last day with actuals.

    Raises `xlsales.Fault` or `xlsales.Refused`, whose text is what a person has to fix: no plan, not split yet, pandas
    is missing. Actuals are read when a frame needs them: then they may raise too.
    """
    load_pandas()
    document = document_of(book)
    return Frames(PlanColumns.of(run_of(document, actuals=actuals), day_of(as_of, document)))


class Frames:
    """The DataFrames of a plan; each is made when it is first asked for, and then kept. `frames` makes it.

    Every frame is tidy and its types allow blanks: texts are `string`, amounts and shares `Float64`, whole numbers
    `Int64`, days `datetime64[s]`, yes and no `boolean`. What is blank is `<NA>`: blank is not zero. Amounts are in
    `currency`, in full (never in 万 or thousands), or in pieces; each is the float nearest to the exact amount, which
    is a whole number of the plan's steps. Whole amounts add up exactly; round sums of cents to cents.

    These columns say what a row of `targets` and `progress` is of:

    - `kind`: `company`, `member`; or, of a level of a dimension, `unassigned` (what no member takes) or `stretch`
      (what members carry above the company's target).
    - `dimension`, `member`, `parent`: names; blank for the company, `parent` also on the first level.
    - `level`: 0 for the company, 1 for the first level of a dimension, and so on.
    - `leaf`: whether it is a member without members below. Leaves + unassigned - stretch of the lowest level are the
      company's target. Rows of several dimensions, or of parents with their children, are the same money.
    - `period`, `period_end`: the first and the last day. They are days and no pandas Period, because months of a plan
      may be fiscal or 4-4-5; where they are months of the calendar, `period.dt.to_period("M")` gives these.
    """

    def __init__(self, read: PlanColumns) -> None:
        self._read = read

    @cached_property
    def targets(self) -> pd.DataFrame:
        """A row for each month of the company and of each member: the columns above, and `target`.

        They are the targets in the sheets, as the last split wrote them.
        """
        return _frame(self._read.targets())

    @cached_property
    def progress(self) -> pd.DataFrame:
        """Progress: the columns above, `grain`, and the columns of the sheets.

        `grain` is `plan` for the whole plan, else year, half, quarter, month, week or day. The company has rows of
        every grain, everything else of `plan` and `month`. The figures are `target`, `actual`, `attainment`,
        `time_progress`, `target_to_date`, `pace`, `gap`, `forecast`, `forecast_attainment`, `required_per_day` and
        `status` (green, amber, orange, red). Shares are fractions: 0.83 is 83 %. A period that has not begun has no
        actual. A member's month has target, actual, attainment of the whole month, and gap.
        """
        return _frame(self._read.progress())

    @cached_property
    def actuals(self) -> pd.DataFrame:
        """A row for each row of sales that was accepted: `date`, `amount`, and a column for each dimension.

        That has the name of the lowest member, blank if the row names none. A cell of a wide table is a row.
        """
        return _frame(self._read.actuals())

    @cached_property
    def problems(self) -> pd.DataFrame:
        """A row for each problem that a refresh would report.

        `effect` is what became of the rows: `set_aside`, `totals` (left out because they sum others), `warning`
        (counted, but to be looked at) or `remark`. `sheet`, `row`, `column` (numbers from 1) and `value` say where it
        is, `sentence` says in the plan's language what to do, `fault` names the kind. `amount` is blank if no amount
        could be read; `rows` says how many rows it is of. Accepted amounts + those set aside + totals are all found.
        """
        return _frame(self._read.problem_columns())

    @property
    def as_of(self) -> dt.date | None:
        """The last day that is counted; None without actuals."""
        achieved = self._read.achieved
        return None if achieved is None else achieved.as_of

    @property
    def currency(self) -> str:
        """The code of the currency of all amounts, such as CNY; `pieces` if the plan counts pieces."""
        inputs = self._read.job.inputs
        return "pieces" if inputs.unit == "piece" else inputs.currency

    def __repr__(self) -> str:
        return f"<xlsales frames of {Path(self._read.job.run.document.home).name}>"


def _frame(columns: Columns) -> pd.DataFrame:
    """Columns as a DataFrame, each of a type that allows blanks."""
    import pandas as pd
    from pandas.api.types import pandas_dtype

    typed = {name: pd.Series(column, dtype=pandas_dtype(_type(name, column))) for name, column in columns.items()}
    return pd.DataFrame(typed)


def _type(name: str, column: NDArray[Any]) -> str:
    if name in _WHOLE and column.dtype.kind in "if":
        return "Int64"
    return {"M": "datetime64[s]", "b": "boolean", "f": "Float64", "O": "string"}[column.dtype.kind]
