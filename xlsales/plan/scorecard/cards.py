"""Scorecards as values: the criteria of each member, with target and actual."""

from __future__ import annotations

from msgspec import Struct

from xlsales.book.keyed import WrittenSheet
from xlsales.core.faults import Problem
from xlsales.core.keys import joined
from xlsales.core.periods import Period
from xlsales.layout.model import SUBLINE, Role
from xlsales.ooxml.cells import BLANK
from xlsales.plan.figures import Members
from xlsales.plan.scorecard.cells import Cells
from xlsales.vocabulary.contract import LANGS, Word
from xlsales.vocabulary.words import with_name

_NAME = Word("{name} {period}", "{name} {period}")


class Criterion(Struct, frozen=True):
    """A criterion of a member: `weight` is a part of 1; blank (NaN) is a missing figure, no cap or no floor.

    `role` is how target and actual are shown. Of a `typed` one, `refused` is what a person typed that does not count.
    """

    row: Cells
    name: str
    source: str
    weight: float
    target: float
    actual: float
    less: bool
    cap: float
    floor: float
    role: Role
    refused: float | str | bool = ""

    @property
    def typed(self) -> bool:
        """Whether a person types its actual into the sheet."""
        return self.source == "typed"


class Card(Struct, frozen=True):
    """What a member is scored by."""

    position: int
    name: str
    criteria: tuple[Criterion, ...]

    def key(self, criterion: Criterion) -> str:
        """The row key of a criterion in the sheet."""
        return joined("c", self.name, criterion.name)


class Cards(Struct, frozen=True):
    """The scorecards of the members of a dimension for a period.

    `gone`: what is typed into its sheet for other criteria, which a new sheet would lose. `left_out`: the numbers of
    the rows at fault, which may be of it; `at_fault` if there are any, or if weights do not close. `final` is the
    written sheet of a closed period that is not written anew by itself.
    """

    members: Members
    period: Period
    under_way: bool
    cards: tuple[Card, ...]
    doubts: tuple[Problem, ...]
    gone: tuple[Problem, ...]
    left_out: tuple[int, ...]
    at_fault: bool
    final: WrittenSheet | None

    @property
    def name(self) -> str:
        """What its sheet is called by."""
        return name_of_cards(self.members, self.period)


UNDER_WAY = Word("期间没有结束:目标算到截止日", "Under way: targets up to the as-of date")
"""What the line under the title says of a sheet whose period has not ended."""


NOT_CLOSED = Word("未关账,还会变", "Not closed: may still change")
"""What it says of a sheet whose period has ended, and whose months are not closed."""


AT_FAULT = Word("已关账,但表里有错:改好之前还会变", "Closed, tables at fault: changes until they are corrected")
"""What it says of a sheet of a closed period that was written while something that it goes by was at fault."""


def is_final(sheet: WrittenSheet) -> bool:
    """Whether a sheet of a closed period is what the period came to.

    It is not if it was written before the period was closed, or while its tables were at fault, or if a person cleared
    the first cell of the line under its title.
    """
    row = sheet.rows.get(SUBLINE)
    if row is None:
        return True
    texts = [cell.value for cell in sheet.cells.row(row).values()]
    marks = [mark[lang] for mark in (UNDER_WAY, NOT_CLOSED, AT_FAULT) for lang in LANGS]
    marked = any(isinstance(text, str) and mark in text for text in texts for mark in marks)
    return not marked and not is_cleared(sheet)


def is_cleared(sheet: WrittenSheet) -> bool:
    """Whether a person cleared the first cell of the line under the title, to have the sheet computed anew."""
    return SUBLINE in sheet.rows and sheet.value(SUBLINE, "member") in (BLANK, "")


def name_of_cards(members: Members, period: Period) -> str:
    """Return what the sheet of a dimension and a period is called by."""
    return with_name(_NAME, members.name, members.frame.lang, period=period.key)
