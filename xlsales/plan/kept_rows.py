"""What a person typed into the row of a member in a written sheet: it is found again when the member has a new name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import takewhile

from msgspec.structs import replace

from xlsales.book.keyed import WrittenSheet
from xlsales.core.faults import Fault, Place, Problem
from xlsales.core.keys import joined, parted
from xlsales.core.text import identity
from xlsales.plan.figures import Figures, Members
from xlsales.plan.table_rows import dimension_named


class NameGone(Fault):
    """Something typed into the row of a member that the plan knows by no name."""

    zh = (
        "这里填了“{row}”的 {here},但计划里没有“{name}”了,这张表就没有更新。改了名,请在“维度”表新名称那一行的“别名”里"
        "加上“{name}”;不要了,请清空这一格。再运行。"
    )
    en = (
        '{here} is typed here of "{row}", but the plan has no "{name}" any more, so this sheet was not updated. If it '
        'was renamed, add "{name}" to "Aliases" in the row of its new name in Dimensions; if it is not wanted, clear '
        "this cell. Then run again."
    )


class RowsMixed(Fault):
    """A row whose visible name is not that of its hidden key, and it is not known which row it is."""

    zh = (
        "这一行的名称和隐藏的 A 列对不上,看不出填的数属于哪一行(像是只给看得见的列排了序),这张表就没有更新。请撤销"
        "那次排序,或改回名称,再运行。要排序,请选整行。"
    )
    en = (
        "The name in this row is not that of hidden column A, and it is not known whose the typed cells are (as after "
        "a sort of visible columns alone), so this sheet was not updated. Undo the sort, or put the name back, and "
        "run again. To sort, select whole rows."
    )


Named = Callable[[str], tuple[Sequence[str], Collection[str]] | None]
"""Of a row key: its block, as parts from the largest one, and what its row may be called; None of another kind."""


def last_part(kind: str, count: int) -> Named:
    """Return how rows are called whose keys begin with `kind` and have `count` parts: by the last one."""

    def named(key: str) -> tuple[Sequence[str], Collection[str]] | None:
        parts = parted(key, count) if key.startswith(f"{kind}:") else None
        return None if parts is None else (parts[:-1], parts[-1:])

    return named


def by_labels(
    sheet: WrittenSheet | None, column: str, named: Named, apart: tuple[str, ...] = ()
) -> WrittenSheet | None:
    """Return a written sheet whose cells are those of the names in `column`, whatever hidden key is beside these.

    A person who sorts what can be seen moves names and typed cells, and neither keys nor hidden columns right of all
    others (`apart`). A name that a person wrote over moves nothing.
    """
    known = {key: one for key in sheet.rows if (one := named(key)) is not None} if sheet is not None else {}
    if sheet is None or column not in sheet.columns:
        return sheet
    names = {key: {identity(name) for name in one[1]} for key, one in known.items()}
    shown = {row: identity(str(sheet.cell(row, column).value)) for row in sheet.rows.values()}
    off = [key for key in known if shown[sheet.rows[key]] not in names[key]]
    if not off:
        return sheet
    right = {sheet.rows[key] for key in known} - {sheet.rows[key] for key in off}
    blocks = {sheet.rows[key]: one[0] for key, one in known.items()}
    found = {}
    for key in off:
        rows = [row for row, name in shown.items() if row not in right and name in names[key]]
        near = [_in_common(blocks.get(row, ()), known[key][0]) for row in rows]
        nearest = [row for row, parts in zip(rows, near, strict=True) if parts == max(near)]
        found[key] = nearest if len(nearest) == 1 else rows
    claims = Counter(row for rows in found.values() for row in rows)
    mixed = [key for key in off if len(found[key]) > 1 or claims[(*found[key], sheet.rows[key])[0]] > len(found[key])]
    if mixed:
        return replace(sheet, mixed=tuple(sheet.rows[key] for key in mixed))
    return replace(sheet, moved={key: rows[0] for key, rows in found.items() if rows}, apart=apart)


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many parts two blocks have in common, from the left."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))


def mixed_rows(sheet: WrittenSheet | None) -> Iterator[Problem]:
    """Yield the rows of a sheet of which it is not known whose they are."""
    if sheet is not None:
        yield from (Problem.note(Place(sheet.title, row), "", RowsMixed()) for row in sheet.mixed)


def name_now(members: Members, name: str) -> str:
    """Return what a member is called now that went by a name when a sheet was written: aliases count."""
    matcher = members.matcher
    position = -1 if matcher.names.position(name) >= 0 else matcher.position(name)
    return members.dimension.members[position].name if position >= 0 else name


def rows_of_members(
    sheet: WrittenSheet | None, kind: str, count: int, at: int, now: Callable[[Sequence[str]], str]
) -> WrittenSheet | None:
    """Return a written sheet whose rows of members have the keys that they have now.

    These keys begin with `kind` and have `count` parts, the name is part number `at`; `now` is the name that it has
    now, of all parts.
    """
    return _with_parts(sheet, kind, count, lambda parts: (*parts[:at], now(parts), *parts[at + 1 :]))


def rows_of_dimensions(
    sheet: WrittenSheet | None, kind: str, count: int, at: int, figures: Figures
) -> WrittenSheet | None:
    """Return a written sheet likewise, if the part before the name is that of its dimension, which may be renamed."""

    def now(parts: Sequence[str]) -> Sequence[str]:
        members = dimension_now(parts[at - 1], [parts[at]], figures)
        if members is None:
            return parts
        return (*parts[: at - 1], members.name, name_now(members, parts[at]), *parts[at + 1 :])

    return _with_parts(sheet, kind, count, now)


def dimension_now(name: str, members: Sequence[str], figures: Figures) -> Members | None:
    """Return the dimension that went by a name when a sheet was written; None if it is not known.

    If the plan has none of that name, it is the only one that has some of its `members`.
    """
    same = dimension_named(name, figures)
    if same is not None:
        return same
    having = [one for one in figures.dimensions if any(one.matcher.position(member) >= 0 for member in members)]
    return having[0] if len(having) == 1 else None


def _with_parts(
    sheet: WrittenSheet | None, kind: str, count: int, now: Callable[[Sequence[str]], Sequence[str]]
) -> WrittenSheet | None:
    """Return a written sheet with other keys of a kind; `now` makes their parts of those that they had."""

    def key_now(key: str) -> str:
        parts = parted(key, count) if key.startswith(f"{kind}:") else None
        return key if parts is None else joined(*now(parts))

    return None if sheet is None else sheet.with_keys(key_now)


def is_gone(dimension: str, name: str, figures: Figures) -> bool:
    """Whether the plan has the dimension, and no member of it goes by this name."""
    members = dimension_named(dimension, figures)
    return members is not None and members.matcher.position(name) < 0
