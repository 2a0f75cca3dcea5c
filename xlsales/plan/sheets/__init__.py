"""From values to sheets: one pure function per kind of sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.plan.sheets.basis import lay_out_basis
from xlsales.plan.sheets.by_dimension import lay_out_dimension
from xlsales.plan.sheets.by_time import lay_out_time
from xlsales.plan.sheets.overview import lay_out_overview
from xlsales.plan.sheets.problems import lay_out_problems
from xlsales.plan.sheets.runs import lay_out_runs

if TYPE_CHECKING:
    from xlsales.layout.model import SheetModel
    from xlsales.plan.shown import BasisSheet, ProblemsSheet
    from xlsales.plan.statement import Statement

__all__ = ["lay_out", "lay_out_runs"]


def lay_out(statement: Statement, problems: ProblemsSheet, basis: BasisSheet | None = None) -> list[SheetModel]:
    """Return every sheet of a statement, in the order in which people read them; the run log stands apart."""
    dimensions = enumerate(statement.breakdown.dimensions, 1)
    return [
        lay_out_overview(statement.overview_sheet()),
        lay_out_time(statement.time_sheet()),
        *(lay_out_dimension(statement.dimension_sheet(n, name)) for n, name in dimensions),
        *([lay_out_basis(basis)] if basis else []),
        lay_out_problems(problems),
    ]
