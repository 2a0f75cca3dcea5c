"""The rows that members have in a sheet of a dimension, as it was written: by their names, and by those before."""

from __future__ import annotations

from xlsales.book.keyed import WrittenSheet
from xlsales.core.plan import Dimension
from xlsales.core.tree import Parents
from xlsales.tables.cells.matching import Matcher

MEMBER = "m:"
"""What the row keys of members begin with."""


def parents_in(sheet: WrittenSheet) -> set[str]:
    """The rows of members that had others below them when the sheet was written: the lowest proof counts none."""
    levels = _levels(sheet)
    deepest = max((max(own, default=0) for own in levels.values()), default=0)
    return {row for row, own in levels.items() if deepest not in own}


def written_parents(sheet: WrittenSheet, dimension: Dimension) -> Parents:
    """Return the parents that members had when the sheet was written, by the names they have now if they are there.

    Rows follow their parents; in a sheet that a person has sorted they no longer do.
    """
    matcher, levels = Matcher(dimension), _levels(sheet)
    names = [member.name for member in dimension.members]
    parents: dict[str, frozenset[str | None]] = {}
    line: list[str] = []  # from the top to the row before
    for row in sorted(levels, key=lambda row: sheet.rows[row]):
        title = row.removeprefix(MEMBER)
        position = matcher.position(title)
        name = names[position] if position >= 0 else title
        del line[max(min(levels[row], default=1) - 1, 0) :]
        parents[name] = parents.get(name, frozenset()) | {line[-1] if line else None}
        line.append(name)
    return parents


def _levels(sheet: WrittenSheet) -> dict[str, list[int]]:
    """The levels for which each member counts."""
    levels_of = {row: counts for row in sheet.rows if row.startswith(MEMBER) and (counts := sheet.counts_for(row))}
    return {row: [int(level) for level in counts.split("/") if level.isdigit()] for row, counts in levels_of.items()}


def member_rows(sheet: WrittenSheet, dimension: Dimension) -> tuple[list[list[str]], list[str]]:
    """Return the row keys that hold each member's targets, and those of members that are gone.

    A member has its own row and, by its aliases, those of the names it went by, or of members that it took over. One
    without any below it has none that was a parent's: what such a row had is with the members that were below it.
    """
    matcher, parents = Matcher(dimension), parents_in(sheet)
    own: list[list[str]] = [[] for _ in dimension.members]
    removed: list[str] = []
    for row in sheet.rows:
        if row.startswith(MEMBER):
            position = matcher.position(row.removeprefix(MEMBER))
            if position < 0:
                removed.append(row)
            elif row not in parents or not dimension.is_leaf(position):
                own[position].append(row)
    return own, removed


def rows_in_sheet(sheet: WrittenSheet, dimension: Dimension) -> list[list[str]]:
    """Return the row keys under which each member is in a sheet; a former parent's row is its own too.

    A member without any is new.
    """
    rows, _ = member_rows(sheet, dimension)
    matcher = Matcher(dimension)
    for row in parents_in(sheet):
        position = matcher.position(row.removeprefix(MEMBER))
        if position >= 0 and not rows[position]:
            rows[position] = [row]
    return rows
