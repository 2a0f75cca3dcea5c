"""What a person typed into the row of a member in a written sheet: it is found again when the member has a new name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xlsales.book.keyed import WrittenSheet
from xlsales.core.faults import Fault
from xlsales.core.keys import joined, parted
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
