"""Which columns give the members of each dimension: by their headers, and by what they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from xlsales.tables.cells.matching import Matcher
from xlsales.tables.columns.column_faults import doubt
from xlsales.tables.files.grids import Grid, Row
from xlsales.tables.words.header_words import ROW_LABELS, normal, synonyms

FITS = 0.5
"""From this share of members among its distinct values a column with a fitting header belongs to a dimension …"""
FITS_UNNAMED = 0.8
"""… and from this share a column of any name."""


def dimension_columns(
    headers: Row,
    grid: Grid,
    sample: Sequence[set[str]],
    matchers: Sequence[Matcher],
    fixed: Mapping[str, int],
    in_use: set[int],
    label: str,
) -> dict[str, tuple[int, ...]]:
    """The columns of each dimension. A column serves one dimension; dimensions with a clear name choose first."""
    candidates = {i: header for i, header in enumerate(headers) if header is not None and i not in in_use}
    by_name: dict[str, tuple[int, ...]] = {}
    own = {normal(m.dimension.name) for m in matchers}
    for matcher in sorted(matchers, key=lambda m: normal(m.dimension.name) not in map(normal, candidates.values())):
        name = matcher.dimension.name
        if name in fixed:
            by_name[name] = (fixed[name],)
            continue
        others = own - {normal(name)}
        free = {i: header for i, header in candidates.items() if normal(header) not in others}
        columns = _columns_of(matcher, free, sample, grid, label)
        if columns:
            by_name[name] = columns
            candidates = {i: header for i, header in candidates.items() if i not in columns}
    return {m.dimension.name: by_name[m.dimension.name] for m in matchers if m.dimension.name in by_name}


class _Candidate(Struct, frozen=True):
    """A column that may give a dimension's members, by its header and its distinct values.

    `rank`: 2 for the dimension's own name as header, 1 for another word for it, 0 for neither. `members` and `leaves`
    are the shares of its values that are members, and members of the lowest level.
    """

    at: int
    rank: int
    members: float
    leaves: float

    @property
    def fits(self) -> bool:
        """Whether enough of its values are the lowest members; a fitting header needs fewer."""
        return self.leaves >= (FITS if self.rank else FITS_UNNAMED)

    @property
    def named(self) -> bool:
        """Whether it has a fitting header, and members."""
        return bool(self.rank and self.members)


def _columns_of(
    matcher: Matcher, headers: Mapping[int, str], sample: Sequence[set[str]], grid: Grid, label: str
) -> tuple[int, ...]:
    """The columns that give a dimension's members: the one with its lowest level first, then those of upper levels.

    The first is the best column that fits. If none fits, it is the best with a fitting header, so that people are asked
    about its values. Raises what `doubt` returns if several are equally good.
    """
    candidates = [_candidate(at, header, sample[at], matcher) for at, header in headers.items()]
    best = _best([c for c in candidates if c.fits], lambda c: (c.rank > 0, round(c.leaves, 1), c.rank))
    if not best:
        called = [c for c in candidates if c.named] or [c for c in candidates if c.rank == 2]
        best = _best(called, lambda c: (round(c.leaves, 1), round(c.members, 1), c.rank))
    if not best:
        return ()
    if len(best) > 1:
        raise doubt(matcher.dimension.name, {c.at: headers[c.at] for c in best}, grid, label)
    upper = [c.at for c in candidates if c is not best[0] and c.rank and c.members >= FITS]
    return (best[0].at, *upper)


def _candidate(at: int, header: str, values: set[str], matcher: Matcher) -> _Candidate:
    name = normal(header)
    own = name == normal(matcher.dimension.name)
    rank = 2 if own else 1 if name in synonyms(matcher.dimension.name) | ROW_LABELS else 0
    return _Candidate(at, rank, _share(values, lambda v: matcher.position(v) >= 0), _share(values, matcher.is_leaf))


def _share(values: set[str], belongs: Callable[[str], bool]) -> float:
    return sum(map(belongs, values)) / len(values) if values else 0.0


def _best(candidates: Sequence[_Candidate], key: Callable[[_Candidate], tuple[float, ...]]) -> list[_Candidate]:
    """The candidates with the greatest key, which may be several."""
    most = max(map(key, candidates), default=())
    return [candidate for candidate in candidates if key(candidate) == most]
