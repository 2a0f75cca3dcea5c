"""Rows that name several members of a dimension, `张三/李四` or `张三60%李四40%`: each has its share, to the cent.

Only texts that are no member's name are looked at, so a member with a slash in its name stays one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from xlsales.core.arrays import Steps
from xlsales.core.expressions import expression
from xlsales.core.faults import Fault, Place, Problem
from xlsales.core.text import narrow
from xlsales.tables.cells.matching import UNKNOWN, Matcher
from xlsales.tables.reasons import Counted

Codes = NDArray[np.int32]
_MOST = 2_000
"""So many texts that are no names are looked at."""
_LONGEST = 100
"""A longer text is a remark."""
_CENT = 10_000
"""Millionths."""
_NUMBER = r"\d+(?:\.\d+)?"
_MARKS = expression(r"\s*(?:[/\\|、,;&+\n\r]|\band\b)\s*", re.I)
_LOOSE = expression(r"\s*(?:以及|[和与及跟]|\s)\s*")
_SHARE = expression(rf"^(?P<name>.*?[^\d\s.:(])[\s:(]*(?P<share>{_NUMBER})\s*(?P<unit>%|成)?\s*\)?$", re.S)
_EACH = expression(rf"([^\d%()]*?[^\d%()\s:])[\s:(]*({_NUMBER})\s*(%|成)?\s*\)?[\s]*")
_RATIO = expression(rf"^(?P<names>.*?[^\d\s:.(])[\s(]*(?P<ratio>{_NUMBER}%?(?:[:/]{_NUMBER}%?)+)\s*\)?$", re.S)
_FINEST = 10_000
"""Shares are told apart to four decimals."""
_SLACK = Decimal("0.1")
"""Shares such as 33.3% three times are within so much of 100%."""


class SharedUnknown(Counted):
    """Several names, of which one is no lowest-level member."""

    zh = (
        "{dimension}“{value}”写了几个名字,其中“{part}”不是维度表里最末级的成员,{rows_zh}没有计入。"
        "请改正这个名字,或在维度表里加上成员或别名。"
    )
    en = (
        "{dimension} '{value}' has several names, and '{part}' is no lowest-level member: {rows_en} not counted. "
        "Correct that name, or add the member or an alias."
    )


class SharesNotWhole(Counted):
    """Several names with shares that do not make up the whole."""

    zh = "{dimension}“{value}”的比例合计是 {total},不是 {whole},{rows_zh}没有计入。请改正比例;平分就不写比例。"
    en = (
        "The shares of {dimension} '{value}' add up to {total}, not {whole}: {rows_en} not counted. "
        "Correct them; for equal shares, write none."
    )


class ShareMissing(Counted):
    """Several names, some with a share."""

    zh = "{dimension}“{value}”有的名字写了比例,有的没有,{rows_zh}没有计入。请都写上;平分就都不写。"
    en = (
        "In {dimension} '{value}' some names have a share and some have none: {rows_en} not counted. "
        "Write all of them; for equal shares, none."
    )


class SharedCredit(Counted):
    """Rows that were split among the members that they name."""

    remark = True
    zh = "{rows_zh}的{dimension}写了几个名字(如“{value}”),已按写明的比例(没写就平分)分到各人,精确到分,合计不变。"
    en = (
        "{rows_en} with several names as {dimension} (such as '{value}'): split among them by the shares written, or "
        "equally, to the cent; sums stay."
    )


class Parts(Struct, frozen=True):
    """The members that a text names, positions, and their shares in whole numbers of any size."""

    members: tuple[int, ...]
    shares: tuple[int, ...]


class Shared(Struct, frozen=True):
    """What the texts of a dimension's column that are no names stand for: parts, or why they cannot be counted."""

    matcher: Matcher
    texts: pl.Series
    parts: Mapping[str, Parts]
    faults: Mapping[str, tuple[type[Counted], Mapping[str, object]]]

    def fault(self, value: str, count: int, cells: bool) -> Fault | None:
        """Return why rows with several names do not count; None if this is not such a text."""
        if value not in self.faults:
            return None
        kind, facts = self.faults[value]
        return kind(dimension=self.matcher.dimension.name, value=value, count=count, cells=cells, **facts)

    def remark(self, label: str, accepted: NDArray[np.bool_], cells: bool) -> Iterator[Problem]:
        """Yield a remark on the rows that were split, if any of them counts."""
        mine = self.rows(accepted)
        if len(mine):
            name, value = self.matcher.dimension.name, self.texts[int(mine[0])]
            fault = SharedCredit(dimension=name, value=value, count=len(mine), cells=cells)
            yield Problem.note(Place(label), "", fault, None, len(mine))

    def rows(self, accepted: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the accepted records that are split."""
        return np.flatnonzero(accepted & self.texts.is_in(list(self.parts)).fill_null(value=False).to_numpy())


def shared_among(texts: pl.Series, codes: Codes, matcher: Matcher) -> Shared | None:
    """Look for several names in texts that are no member's; `codes` become those of the first. None if there are none.

    A text of which no part is a member is left to those that are unknown.
    """
    unknown = codes == UNKNOWN
    if not unknown.any():
        return None
    parts: dict[str, Parts] = {}
    faults: dict[str, tuple[type[Counted], Mapping[str, object]]] = {}
    different = texts.filter(pl.Series(unknown)).unique(maintain_order=True).drop_nulls()
    for text in different.filter(different.str.len_chars() <= _LONGEST).head(_MOST).to_list():
        read = _read(text, matcher)
        if isinstance(read, Parts):
            parts[text] = read
        elif read is not None:
            faults[text] = read
    if not parts and not faults:
        return None
    shared = Shared(matcher, texts, parts, faults)
    at = shared.rows(unknown)
    codes[at] = [parts[text].members[0] for text in texts.gather(at).to_list()]
    return shared


def _read(text: str, matcher: Matcher) -> Parts | tuple[type[Counted], Mapping[str, object]] | None:
    plain = narrow(text)
    for names, shares in _divided(plain, matcher):
        known = [matcher.is_leaf(name) for name in names]
        if len(names) < 2 or not any(known):
            continue
        if not all(known):
            return SharedUnknown, {"part": names[known.index(False)]}
        members = tuple(matcher.position(name) for name in names)
        return _weighed(members, shares)
    loose = [part for part in _LOOSE.split(plain) if part]
    if len(loose) > 1 and all(map(matcher.is_leaf, loose)):
        return Parts(tuple(map(matcher.position, loose)), (1,) * len(loose))
    return None


_Share = tuple[Decimal, str]


def _divided(text: str, matcher: Matcher) -> Iterator[tuple[list[str], Sequence[_Share | None]]]:
    """Yield the ways to read names and their shares: with a ratio at the end, marks between, or shares alone."""
    with_figures = any(map(str.isdigit, text))
    ratio = _RATIO.match(text) if with_figures else None
    if ratio:
        names = _between_marks(ratio["names"], matcher)
        shares = [Decimal(share.rstrip("%")) for share in re.split("[:/]", ratio["ratio"])]
        if len(names) == len(shares):
            of_ten = "" if ":" in ratio["ratio"] else "%" if sum(shares) > 10 else "成"
            yield names, [(share, of_ten or ":") for share in shares]
    parts = _between_marks(text, matcher)
    if len(parts) > 1:
        read = [_SHARE.match(part) if with_figures and not matcher.is_leaf(part) else None for part in parts]
        named = [one["name"].strip() if one else part for part, one in zip(parts, read, strict=True)]
        yield named, [(Decimal(one["share"]), one["unit"] or "") if one else None for one in read]
    each = _EACH.findall(text) if with_figures else []
    if len(each) > 1 and "".join(_EACH.split(text)[::4]).strip() == "":
        names = [name.strip(" /、,;&+") for name, _, _ in each]
        yield names, [(Decimal(share), unit) for _, share, unit in each]


def _between_marks(text: str, matcher: Matcher) -> list[str]:
    """The parts between marks; a member with a mark in its name is one part."""
    ends = [0, *(end for mark in _MARKS.finditer(text) for end in mark.span()), len(text)]
    spans = list(zip(ends[::2], ends[1::2], strict=True))
    parts, at = [], 0
    while at < len(spans):
        joined = (
            last for last in range(len(spans) - 1, at, -1) if matcher.is_leaf(text[spans[at][0] : spans[last][1]])
        )
        last = next(joined, at)
        parts.append(text[spans[at][0] : spans[last][1]].strip())
        at = last + 1
    return [part for part in parts if part]


def _weighed(
    members: tuple[int, ...], shares: Sequence[_Share | None]
) -> Parts | tuple[type[Counted], Mapping[str, object]]:
    given = [share for share in shares if share is not None]
    if not given:
        return Parts(members, (1,) * len(members))
    if len(given) < len(shares):
        return ShareMissing, {}
    total, units = sum((share for share, _ in given), Decimal(0)), {unit for _, unit in given}
    bare = 1 if total <= Decimal("1.1") else 10 if total <= 11 else 100
    whole = Decimal(100 if "%" in units else 10 if "成" in units else bare)
    if units != {":"} and abs(total - whole) > _SLACK * whole / 100:
        sign = "%" if "%" in units else "成" if "成" in units else ""
        return SharesNotWhole, {"total": f"{total.normalize():f}{sign}", "whole": f"{whole}{sign}"}
    if not total:
        return SharesNotWhole, {"total": "0", "whole": "100%"}
    return Parts(members, tuple(round(share * _FINEST) for share, _ in given))


class Split(Struct, frozen=True):
    """Accepted records with those of several members in parts: `record` is the one that each came from.

    `first` is whether it is the first part of its record, `micros` its amount, `codes` its members by dimension.
    """

    record: NDArray[np.int64]
    first: NDArray[np.bool_]
    micros: Steps
    codes: dict[str, Codes]


def split_among(
    records: NDArray[np.int64], micros: Steps, codes: Mapping[str, Codes], shared: Sequence[Shared]
) -> Split:
    """Split the amounts of accepted records (positions) among the members that they name: the parts add up to each."""
    split = Split(records, np.ones(len(records), bool), micros, dict(codes))
    for one in shared:
        split = _split(split, one)
    return split


def _split(split: Split, shared: Shared) -> Split:
    texts = shared.texts.gather(split.record)
    named = texts.is_in(list(shared.parts)).fill_null(value=False).to_numpy()
    at = np.flatnonzero(named)
    if not len(at):
        return split
    counts = np.ones(len(named), np.int64)
    own = [shared.parts[text] for text in texts.gather(at).to_list()]
    counts[at] = [len(one.members) for one in own]
    source = np.repeat(np.arange(len(named)), counts)
    begins = np.cumsum(counts) - counts
    micros, first = split.micros[source].copy(), split.first[source].copy()
    codes = {name: code[source].copy() for name, code in split.codes.items()}
    members = codes[shared.matcher.dimension.name]
    for record, one in zip(at.tolist(), own, strict=True):
        begin, end = int(begins[record]), int(begins[record] + counts[record])
        micros[begin:end] = portions(int(split.micros[record]), one.shares)
        members[begin:end] = one.members
        first[begin + 1 : end] = False
    return Split(split.record[source], first, micros, codes)


def portions(micros: int, shares: Sequence[int]) -> list[int]:
    """Return an amount's portions, to the cent; they add up to it, and those of a return are the sale's, below 0.

    Cents that are left go to the largest remainders; what is less than a cent goes to the largest share.
    """
    cents, rest = divmod(abs(micros), _CENT)
    whole = sum(shares)
    parts = [cents * share // whole for share in shares]
    order = sorted(range(len(shares)), key=lambda i: (-(cents * shares[i] % whole), i))
    for i in order[: cents - sum(parts)]:
        parts[i] += 1
    amounts = [part * _CENT for part in parts]
    amounts[max(range(len(shares)), key=lambda i: (shares[i], -i))] += rest
    return [amount if micros >= 0 else -amount for amount in amounts]
