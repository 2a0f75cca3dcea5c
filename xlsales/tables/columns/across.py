"""Wide tables: one amount a cell, its day or its member told by the heading above it.

Members down and months across; days down and members across; members both ways; months over 目标/实际; 线上/线下 over
months. Of the columns of one period and member the amount is taken; several that fit, and none, are asked about.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from xlsales.core import a1
from xlsales.core.faults import Fault, Listed, Place
from xlsales.core.text import identity, narrow
from xlsales.tables.cells.dates import DateBounds, Stamp
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.columns.block import Header
from xlsales.tables.words.fiscal import Fiscal
from xlsales.tables.words.header_words import DIMENSIONS, normal
from xlsales.tables.words.labels import Label, measure_of, periods_of, read_label
from xlsales.tables.words.units import split_header
from xlsales.tables.words.wide import dates_of

_NO_VALUES = frozenset().union(*DIMENSIONS) | frozenset(["序号", "编号", "编码", "代码", "备注", "no", "id", "code"])
"""Headings of columns that are keys, whatever their cells look like."""

_ANY_YEAR = DateBounds(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
"""A leap year, from which days are put into the years of their rows."""


class PeriodTwice(Fault):
    """Two columns of amounts for the same period and member."""

    zh = "“{label}”的 {letters} 列都是“{header}”,不能都计入,也不能挑一列。请删去其中一列,或改正表头。"
    en = (
        "Columns {letters} of '{label}' are all of '{header}': they cannot all be counted, nor one be picked. "
        "Delete one, or put the header right."
    )


class MeasureInDoubt(Fault):
    """Several sorts of figures for each period, of which any may be the amount."""

    zh = (
        "“{label}”每个期间有几列:{candidates}。请在“列对应”里填写:字段 金额,表头填其中一列;"
        "几列都要计入的,每列一行:字段 计入,表头 列名。"
    )
    en = (
        "'{label}' has several columns for each period: {candidates}. In table Column mapping of Settings, enter "
        "field amount and one of these headers; where several count, one row for each: field include and its header."
    )


class QuarterWithoutMonths(Fault):
    """A quarter beside months that are none of its own: it sums nothing, and leaving it out would lose it."""

    zh = "“{label}”的“{header}”列旁边没有它的月份,不能当作合计略去。请把这一列换成它的各月;不该计入的,请删去。"
    en = (
        "Column '{header}' of '{label}' has none of its months beside it, so it is no total of them. "
        "Put its months in its place; if it is not to count, delete it."
    )


_QUARTER = re.compile(r"(?:20\d\d\s*年?\s*[-/]?\s*)?(?:第?([一二三四1-4])\s*季度?|q([1-4])|([1-4])q)")


@dataclass(frozen=True)
class Across:
    """The columns of amounts of a wide table, and the day or member that each is of; `totals` sum others."""

    cells: tuple[int, ...]
    days: dict[int, dt.date] = field(default_factory=dict)
    members: dict[str, dict[int, str]] = field(default_factory=dict)
    totals: tuple[int, ...] = ()


def months_across(
    header: Header, matchers: Sequence[Matcher], span: DateBounds, titles: Sequence[str], picked: Sequence[str],
    counted: Sequence[str], label: str, first_column: int, *, years_down: bool = False, fiscal: Fiscal,
) -> Across | None:  # fmt: skip
    """The columns of a table with periods across; None where there are none.

    `picked`: the heading that is mapped to the amount; `counted`: headings that all count. `years_down`: each row has
    a year of its own, so that headings without one are in no doubt.
    """
    labels = {i: read_label(parts) for i, parts in enumerate(header.parts) if parts}
    periods = periods_of(labels)
    if not periods:
        return None
    if years_down and (span.start is None or span.end is None or span.start.year != span.end.year):
        span = _ANY_YEAR
    periods = {i: _of_calendar(period, labels[i], fiscal, header.names[i] or "") for i, period in periods.items()}
    places = partial(_heading, header, label=label, first_column=first_column)
    days = dates_of(periods, header.names, span, titles, fiscal, places)
    members = {m.dimension.name: _members(m, {i: labels[i] for i in periods}) for m in matchers}
    members = {name: found for name, found in members.items() if found}
    keys = {i: (day, tuple(found.get(i) for found in members.values())) for i, day in days.items()}
    cells = _choose(keys, labels, header, picked, counted, label, first_column)
    totals = tuple(i for i, found in labels.items() if found.total and i not in periods)
    months = {days[i].month for i in cells}
    for i in totals:
        quarter = _quarter_of(header.parts[i])
        if quarter is not None and not months & {3 * quarter - 2, 3 * quarter - 1, 3 * quarter}:
            raise QuarterWithoutMonths(label=label, header=header.names[i] or "")
    members = {name: {i: found.get(i, "") for i in cells} for name, found in members.items()}
    return Across(cells, {i: days[i] for i in cells}, members, totals)


def _heading(header: Header, column: int, *, label: str, first_column: int) -> Place:
    """Where the period of a column is written."""
    parts = header.parts[column]
    first = header.last + 1 - len(parts)  # of a group's heading above blanks: the lowest row that may be it
    row = next((first + i for i, part in enumerate(parts) if read_label([part]).period is not None), header.last)
    return Place(label, row + 1, column + first_column)


def _of_calendar(period: Stamp | int, label: Label, fiscal: Fiscal, name: str) -> Stamp | int:
    """A month or a numbered period below the heading of a fiscal year, in the year of the calendar."""
    if label.fiscal is not None and label.numbered is not None and isinstance(period, Stamp):
        number, counted = label.numbered
        year, month = fiscal.of_period(label.fiscal, number, name, counted=counted)
        return replace(period, year=year, month=month)
    if label.fiscal is None or not isinstance(period, Stamp) or period.month is None or period.year != label.year:
        return period
    return replace(period, year=fiscal.year(label.fiscal, period.month))


def _quarter_of(parts: Sequence[str]) -> int | None:
    found = next((m for part in parts if (m := _QUARTER.fullmatch(narrow(part).casefold()))), None)
    number = (found[1] or found[2] or found[3]) if found is not None else None
    return "0一二三四".find(number) if number and not number.isdigit() else int(number) if number else None


def members_across(
    header: Header, matchers: Sequence[Matcher], amounts: Iterable[int], picked: Sequence[str], counted: Sequence[str],
    label: str, first_column: int,
) -> Across | None:  # fmt: skip
    """The columns of a table with members across; None where fewer than two columns are headed by members.

    Columns of amounts beside them that are headed by no member count as members that are not known.
    """
    free = set(amounts)
    labels = {i: read_label(header.parts[i]) for i in free if header.parts[i]}
    sums = tuple(sorted(i for i, found in labels.items() if found.total))
    for matcher in matchers:
        found = _members(matcher, {i: label for i, label in labels.items() if i not in sums})
        if len(set(found.values())) < 2:
            continue
        start = min(found)
        more = {
            i: labels[i].words[0] for i in labels
            if i > start and i not in found and i not in sums and labels[i].words and _may_be_member(labels[i])
        }  # fmt: skip
        found |= more
        keys = {i: (None, (member,)) for i, member in found.items()}
        cells = _choose(keys, labels, header, picked, counted, label, first_column)
        return Across(cells, {}, {matcher.dimension.name: {i: found[i] for i in cells}}, sums)
    return None


def columns_told(header: Header, amounts: Iterable[int], counted: Sequence[str]) -> tuple[int, ...]:
    """The columns of amounts that are told to count beside each other, each by its own header; none where one is."""
    wanted = {identity(heading) for heading in counted}
    found = tuple(i for i in amounts if header.names[i] is not None and identity(header.names[i] or "") in wanted)
    return found if len(found) > 1 else ()


def _may_be_member(label: Label) -> bool:
    return label.measure is None and not any(normal(word) in _NO_VALUES for word in label.words)


def _members(matcher: Matcher, labels: Mapping[int, Label]) -> dict[int, str]:
    """The member that each heading names, by itself or before a measure: `线上`, `线上销售额`."""
    found = {}
    for column, label in labels.items():
        for word in label.words:
            names = [word, *(_before_measure(word) if word not in label.rest else ())]
            member = next((name for name in names if name and matcher.position(name) >= 0), None)
            if member is not None:
                found[column] = member
    return found


def _before_measure(word: str) -> list[str]:
    """`线上销售额` → 线上, 线上销, …: what may be a member before the word of a measure."""
    return [word[:n].strip(" -_:/·(") for n in range(len(word) - 1, 0, -1) if measure_of(word[n:])]


def _choose(
    keys: Mapping[int, object], labels: Mapping[int, Label], header: Header, picked: Sequence[str],
    counted: Sequence[str], label: str, first_column: int,
) -> tuple[int, ...]:  # fmt: skip
    """Of the columns of each period and member, that of the amount."""

    def told(column: int, headings: Sequence[str]) -> bool:
        words = labels[column].words
        names = [*header.parts[column], *words, " ".join(words), header.names[column] or ""]
        known = {identity(name) for name in names} | {identity(split_header(name)[0]) for name in names}
        return any(identity(heading) in known or normal(heading) in known for heading in headings)

    groups: dict[object, list[int]] = {}
    for column, key in keys.items():
        groups.setdefault(key, []).append(column)
    chosen: list[int] = []
    doubtful: dict[str, None] = {}
    for columns in groups.values():
        fitting = [i for i in columns if told(i, picked)] if picked else []
        if not fitting:
            fitting = [i for i in columns if labels[i].measure in (None, "amount", "weak")] if not picked else []
        strong = [i for i in fitting if labels[i].measure != "weak"]
        fitting = strong or fitting
        if counted and any(told(i, counted) for i in fitting):
            chosen += [i for i in fitting if told(i, counted)]
        elif len(fitting) == 1:
            chosen += fitting
        elif len(fitting) > 1:
            if len({labels[i].words for i in fitting if labels[i].words}) < len(fitting):
                letters = Listed(a1.letters(i + first_column) for i in fitting)
                names = Listed(dict.fromkeys(header.names[i] or "" for i in fitting))
                raise PeriodTwice(label=label, letters=letters, header=names)
            doubtful |= dict.fromkeys(" ".join(labels[i].words) for i in fitting)
    if not chosen and not doubtful:
        words = (" ".join(labels[i].words) or header.names[i] or "" for columns in groups.values() for i in columns)
        doubtful = dict.fromkeys(words)
    if doubtful:
        raise MeasureInDoubt(label=label, candidates=Listed(doubtful))
    return tuple(sorted(chosen))
