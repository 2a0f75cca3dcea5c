"""Members that no column names: by the names of the sheets, by a title such as 门店:徐汇店, or by Column mapping.

Sheets of one header, each named after a store, are that store's. So are the rows below a title that names it. If
only some sheets are named after members, the others' rows are set aside as those of an unknown member.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import polars as pl
from msgspec.structs import replace

from xlsales.core.expressions import expression
from xlsales.core.faults import Fault, Listed, Place, Problem
from xlsales.core.text import identity, narrow
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.columns.column_faults import MappedFieldUnknown
from xlsales.tables.columns.roles import Columns
from xlsales.tables.files.grids import Grid, Part
from xlsales.tables.words.header_words import normal, synonyms
from xlsales.tables.words.labels import read_label
from xlsales.tables.words.mapping_rules import MappingRule

MOST = 0.5
"""From this share of sheets on that name a member, sheets are of members."""
_NAMED = expression(r"\s*([^::]{1,12}?)\s*[::]\s*(.+?)\s*")


class MembersOfSheets(Fault):
    """A dimension without a column, of which each sheet names a member."""

    zh = "表里没有“{dimension}”列,按工作表名或标题行算作:{members}。"
    en = "There is no column '{dimension}'. By the names or titles of the sheets, it was taken to be: {members}."
    remark = True


def with_members_of_sheets(
    grid: Grid, columns: Columns, matchers: Sequence[Matcher], rules: Sequence[MappingRule], label: str
) -> Grid | None:
    """Add a column for each dimension that has none and that sheets, titles or people name; None: there is none."""
    _check(rules, matchers)
    open_ = [m for m in matchers if m.dimension.name not in columns.dimensions]
    added = {m.dimension.name: member for m in open_ if (member := _member_for_all(m, rules)) is not None}
    by_sheets = {
        m.dimension.name: members_of
        for m in open_
        if m.dimension.name not in added
        if (members_of := _members_of_parts(grid, m))
    }
    by_title = [name for name, (_, exact) in by_sheets.items() if not exact]
    parts = list(grid.parts) or [Part(0, 0, label)]
    values = {name: [member] * len(parts) for name, member in added.items()}
    for name, (members, exact) in by_sheets.items():
        if exact or len(by_title) == 1:  # a word that may be of two dimensions is of neither
            values[name] = members
    if not values:
        return None
    notes = list(grid.notes)
    for name in values.keys() - added:
        remark = MembersOfSheets(dimension=name, members=Listed(dict.fromkeys(values[name])))
        notes.append(Problem.note(Place(label), "", remark))
    return with_columns(replace(grid, notes=tuple(notes)), columns.header_row, values, parts)


def _check(rules: Sequence[MappingRule], matchers: Sequence[Matcher]) -> None:
    dimensions = {identity(m.dimension.name) for m in matchers}
    for row in rules:
        if row.kind == "member" and identity(row.field or "") not in dimensions:
            raise MappedFieldUnknown(field=row.field or "", dimensions=Listed(m.dimension.name for m in matchers))


def _member_for_all(matcher: Matcher, rules: Sequence[MappingRule]) -> str | None:
    own = identity(matcher.dimension.name)
    rows = [row.value for row in rules if row.kind == "member" and identity(row.field or "") == own]
    return rows[-1] if rows else None


def _members_of_parts(grid: Grid, matcher: Matcher) -> tuple[list[str], bool] | None:
    """The member that each part of the grid names, and whether they name the dimension too; None if few do."""
    each = [list(_members(part, matcher)) for part in grid.parts]
    named_parts = [members for members in each if len({name for name, _ in members}) == 1]
    if not named_parts or len(named_parts) < MOST * len(each):
        return None
    members = [names[0][0] if names else part.title for names, part in zip(each, grid.parts, strict=True)]
    return members, all(exact for names in named_parts for _, exact in names[:1])


def _members(part: Part, matcher: Matcher) -> Iterator[tuple[str, bool]]:
    """The lowest members that a part's titles and its sheet's name give, and whether the dimension is named with it."""
    words = synonyms(matcher.dimension.name)
    for title in part.titles:
        pair = _NAMED.fullmatch(narrow(title))
        if pair is not None and normal(pair[1]) in words and matcher.is_leaf(pair[2]):
            yield pair[2], True
            return
    label = read_label([part.title])
    for word in dict.fromkeys([part.title, *label.rest, *label.words, *re.split(r"[\s_\-—()·]+", narrow(part.title))]):
        if word and matcher.is_leaf(word):
            yield word, False
            return


def with_columns(grid: Grid, header: int, values: Mapping[str, Sequence[str | None]], parts: Sequence[Part]) -> Grid:
    """Add columns behind a blank one, over which no heading reaches, that hold a value for each part of the grid."""
    top = grid.top(header + 1)
    blanks: list[str | None] = [None] * (len(values) + 1)
    head = [*((*row, *blanks) for row in top[:header]), (*top[header], None, *values)]
    body = grid.below(header)
    first = header + 1
    ends = [*(part.first for part in parts[1:]), first + body.height]
    starts = [first, *ends[:-1]]
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, body.height)
    filled = body.select(pl.any_horizontal(pl.all().is_not_null())).to_series() if body.width else nothing.is_not_null()
    more = [nothing.alias(str(grid.width))]
    for i, (_, members) in enumerate(values.items(), grid.width + 1):
        pieces = [
            pl.Series([member], dtype=pl.String).new_from_index(0, max(end - start, 0))
            for member, start, end in zip(members, starts, ends, strict=True)
        ]
        column = pl.select(pl.when(filled).then(pl.concat(pieces))).to_series()
        more.append(column.alias(str(i)))
    names = {name: str(i) for i, name in enumerate(body.columns)}
    return replace(grid, head=tuple(head), body=body.rename(names).with_columns(more))
