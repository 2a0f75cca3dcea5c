"""From values to sheets: one pure function per kind of sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.workbook.layout.basis import lay_out_basis
from xlsales.workbook.layout.by_dimension import lay_out_dimension
from xlsales.workbook.layout.by_time import lay_out_time
from xlsales.workbook.layout.overview import lay_out_overview
from xlsales.workbook.layout.problems import lay_out_problems
from xlsales.workbook.layout.runs import lay_out_runs

if TYPE_CHECKING:
    from xlsales.workbook.layout.inputs import BasisSheet, ProblemsSheet
    from xlsales.workbook.layout.model import SheetModel
    from xlsales.workbook.statement import Statement

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
