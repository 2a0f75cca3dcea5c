"""Which columns give the members of each dimension: by what they are called, and by what they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from xlsales.tables.column_faults import doubt
from xlsales.tables.header_words import ROW_LABELS, normal, synonyms
from xlsales.tables.matching import Matcher
from xlsales.tables.source import Grid

FITS = 0.5
"""From this share of members among its distinct values a column with a fitting name belongs to a dimension …"""
FITS_UNNAMED = 0.8
"""… and from this share a column of any name."""

Row = Sequence[str | None]


def dimension_columns(
    headers: Row,
    grid: Grid,
    sample: Sequence[set[str]],
    matchers: Sequence[Matcher],
    fixed: Mapping[str, int],
    taken: set[int],
    label: str,
) -> dict[str, tuple[int, ...]]:
    """The columns of each dimension. A column serves one dimension; dimensions with a clear name choose first."""
    candidates = {i: header for i, header in enumerate(headers) if header is not None and i not in taken}
    found: dict[str, tuple[int, ...]] = {}
    own = {normal(m.dimension.name) for m in matchers}
    for matcher in sorted(matchers, key=lambda m: normal(m.dimension.name) not in map(normal, candidates.values())):
        name = matcher.dimension.name
        if name in fixed:
            found[name] = (fixed[name],)
            continue
        others = own - {normal(name)}
        free = {i: header for i, header in candidates.items() if normal(header) not in others}
        columns = _columns_of(matcher, free, sample, grid, label)
        if columns:
            found[name] = columns
            candidates = {i: header for i, header in candidates.items() if i not in columns}
    return {m.dimension.name: found[m.dimension.name] for m in matchers if m.dimension.name in found}


def _columns_of(
    matcher: Matcher, candidates: Mapping[int, str], sample: Sequence[set[str]], grid: Grid, label: str
) -> tuple[int, ...]:
    """The columns that give a dimension's members: the one with its lowest level first, then those of upper levels."""
    words, own = synonyms(matcher.dimension.name) | ROW_LABELS, normal(matcher.dimension.name)
    rank = {i: 2 if normal(h) == own else 1 if normal(h) in words else 0 for i, h in candidates.items()}
    members = {i: _share(sample[i], lambda v: matcher.position(v) >= 0) for i in candidates}
    leaves = {i: _share(sample[i], matcher.is_leaf) for i in candidates}
    fitting = [i for i in candidates if leaves[i] >= (FITS if rank[i] else FITS_UNNAMED)]
    named = [i for i in candidates if rank[i] and members[i]] or [i for i in candidates if rank[i] == 2]
    best = _top(fitting, lambda i: (rank[i] > 0, round(leaves[i], 1), rank[i]))
    best = best or _top(named, lambda i: (round(leaves[i], 1), round(members[i], 1), rank[i]))
    if len(best) > 1:
        raise doubt(matcher.dimension.name, {i: candidates[i] for i in best}, grid, label)
    upper = [i for i in candidates if i not in best and rank[i] and members[i] >= FITS]
    return (*best, *upper) if best else ()


def _share(values: set[str], belongs: Callable[[str], bool]) -> float:
    return sum(map(belongs, values)) / len(values) if values else 0.0


def _top(columns: Sequence[int], key: Callable[[int], tuple[float, ...]]) -> list[int]:
    keys = {i: key(i) for i in columns}
    return [i for i in columns if keys[i] == max(keys.values())]
