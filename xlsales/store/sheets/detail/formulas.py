"""Formulas among the receipts of a returned workbook."""

from __future__ import annotations

from msgspec import Struct, field

from xlsales.core.faults import Fault, Place, Problem
from xlsales.ooxml.cells import Cell, ErrorValue, Value
from xlsales.store.amounts import differing, shown
from xlsales.store.reasons import Remark
from xlsales.store.returned_book import ReturnedSheet


class ResultsRead(Remark):
    """Formulas among receipts that are not counted here, read by the results that the file stores."""

    zh = "有 {count} 格是公式(如 {formula}),程序算不了(如引用别的文件),按存盘时显示的结果读取。"
    en = (
        "{count:cells} {count:holds a formula|hold formulas} that cannot be counted here (e.g. {formula}, a link to "
        "another file perhaps): read as shown when the file was saved."
    )
    remark = True


class Formulas(Struct, frozen=True):
    """The formulas among the receipts, by cell: the faults of wrong results, and formulas that are not counted here."""

    sheet: ReturnedSheet
    faults: dict[tuple[int, int], Fault] = field(default_factory=dict)
    unknown: dict[tuple[int, int], str] = field(default_factory=dict)

    def value(self, row: int, column: int, cell: Cell) -> Value:
        """Return the result of a formula; an error if the formula gives another one."""
        if column == self.sheet.columns.get("note"):
            return cell.value
        recount = self.sheet.recount(row, column)
        if recount is not None and recount.verdict == "unknown":
            self.unknown[row, column] = recount.formula
        fault = differing(recount, cell)
        if fault is None:
            return cell.value
        self.faults[row, column] = fault
        return ErrorValue(shown(cell))

    def problems(self) -> list[Problem]:
        """Return the problem of formulas that cannot be counted here."""
        if not self.unknown:
            return []
        first = min(self.unknown)
        fault = ResultsRead(count=len(self.unknown), formula=self.unknown[first])
        return [Problem.note(Place(self.sheet.title, *first), "", fault)]
