"""The sheets of a plan: one file each, and the lists by which everything else knows them.

A list is light: the file of a sheet is imported when the sheet is asked for. A run asks for those of its workbook.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from importlib import import_module
from typing import Any, Generic, TypeVar, cast, overload

from msgspec import Struct

from xlsales.layout.model import IDENTITY
from xlsales.layout.sheet import Sheet
from xlsales.ooxml.book import Book
from xlsales.plan.figures import Figures

F = TypeVar("F")


class Line(Struct, frozen=True):
    """A sheet in a list: its file here, its key, and its tables by name. In its file the key in capitals is the sheet.

    A sheet with tables is one that a person adds.
    """

    file: str
    key: str
    tables: tuple[str, ...] = ()

    @property
    def sheet(self) -> Sheet[Any, Any]:
        """The sheet, its file imported."""
        return cast("Sheet[Any, Any]", getattr(import_module(f"{__name__}.{self.file}"), self.key.upper()))

    def is_of(self, book: Book, written: Collection[str]) -> bool:
        """Whether a workbook has it: nobody need add it, or its table is there, or it is `written` (identities)."""
        kind = IDENTITY + self.key
        return (
            not self.tables
            or any(book.table(name) is not None for name in self.tables)
            or any(identity == kind or identity.startswith(f"{kind}:") for identity in written)
        )


class Sheets(Sequence[Sheet[F, Any]], Generic[F]):
    """Sheets in order; what goes through all of them imports their files."""

    def __init__(self, *lines: Line) -> None:
        self.lines = lines

    def __len__(self) -> int:
        return len(self.lines)

    @overload
    def __getitem__(self, index: int) -> Sheet[F, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Sheet[F, Any]]: ...
    def __getitem__(self, index: int | slice) -> Sheet[F, Any] | Sequence[Sheet[F, Any]]:
        return Sheets(*self.lines[index]) if isinstance(index, slice) else self.lines[index].sheet

    def of_book(self, book: Book, written: Collection[str]) -> Iterator[Sheet[F, Any]]:
        """Yield the sheets that a workbook has, with those that nobody need add; `written`: identities in it."""
        return (line.sheet for line in self.lines if line.is_of(book, written))


FIGURES: Sheets[Figures] = Sheets(
    Line("overview", "overview"),
    Line("morning", "morning", ("xs_morning",)),
    Line("dashboard.sheet", "dashboard", ("xs_dashboard", "xs_data")),
    Line("by_time", "time"),
    Line("by_dimension", "dimension"),
    Line("stretch", "stretch"),
    Line("adjustments", "adjustments", ("xs_transfers", "xs_relief")),
    Line("three_tiers", "three_tiers", ("xs_three_tiers",)),
    Line("basis", "basis"),
    Line("fairness.sheet", "fairness", ("xs_fairness",)),
    Line("staff", "staff", ("xs_staff",)),
    Line("weekday_shares", "weekday_shares", ("xs_weekday_reference",)),
    Line("notice", "notice", ("xs_notice",)),
    Line("crossed", "crossed", ("xs_crossed",)),
    Line("by_week", "by_week", ("xs_by_week",)),
    Line("goods", "goods", ("xs_goods",)),
    Line("funnel", "funnel", ("xs_funnel",)),
    Line("indicators", "indicators", ("xs_indicators", "xs_indicator_actuals")),
    Line("weeks", "weeks", ("xs_weeks",)),
    Line("schedule", "schedule", ("xs_schedule",)),
    Line("scorecard.sheet", "scorecard", ("xs_scorecard", "xs_tiers")),
    Line("budget.sheet", "budget", ("xs_budget", "xs_spend")),
    Line("actions", "actions", ("xs_actions",)),
    Line("readiness", "readiness", ("xs_readiness", "xs_owners")),
    Line("replan", "replan", ("xs_replan",)),
    Line("review", "review", ("xs_review",)),
    Line("data", "data", ("xs_data",)),
    Line("problems", "problems"),
)
"""The sheets that show the figures of a run, in the order in which people read them; problems know of all others."""

SHEETS: Sheets[Any] = Sheets(
    *FIGURES.lines, Line("runs", "runs"), Line("versions", "versions"), Line("returns", "returns")
)
"""All sheets that the program writes."""

ADDED: Sheets[Any] = Sheets(*(line for line in SHEETS.lines if line.tables))
"""Those that a person adds, with the tables that they go by; a fresh plan does not carry them."""
