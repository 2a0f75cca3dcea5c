"""Wide tables: one amount a cell; the heading above it gives its day or its member.

Members down and months across; days down and members across; members both ways; months over 目标/实际; 线上/线下 over
months. Of the columns of one period and member one is the amount. If several fit, or none, people are asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from xlsales.core import a1
from xlsales.core.expressions import expression
from xlsales.core.faults import Fault, Listed, Place
from xlsales.core.periods import month_of
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
        "field amount and one of these headers; if several count, one row for each: field include and its header."
    )


class QuarterWithoutMonths(Fault):
    """A quarter beside months that are none of its own: it sums nothing, and leaving it out would lose it."""

    zh = "“{label}”的“{header}”列旁边没有它的月份,不能当作合计略去。请把这一列换成它的各月;不该计入的,请删去。"
    en = (
        "Column '{header}' of '{label}' has none of its months beside it, so it is no total of them. "
        "Put its months in its place; if it is not to count, delete it."
    )


_QUARTER = expression(r"(?:20\d\d\s*年?\s*[-/]?\s*)?(?:第?([一二三四1-4])\s*季度?|q([1-4])|([1-4])q)")


class Across(Struct, frozen=True):
    """The columns of amounts of a wide table, and the day or member that each is of; `totals` sum others.

    Without `cells` the table is not wide: each of its rows has one amount.
    """

    cells: tuple[int, ...] = ()
    days: dict[int, dt.date] = field(default_factory=dict)
    members: dict[str, dict[int, str]] = field(default_factory=dict)
    totals: tuple[int, ...] = ()


class Headings(Struct, frozen=True, dict=True):
    """The headings of a table that may be wide, and what Column mapping says of them.

    `picked`: the heading that is mapped to the amount. `included`: the headings that all count. `first_column`: the
    number of the grid's first column in its sheet.
    """

    header: Header
    label: str
    first_column: int
    picked: Sequence[str]
    included: Sequence[str]

    @cached_property
    def labels(self) -> dict[int, Label]:
        """Column → what its heading says."""
        return {i: read_label(parts) for i, parts in enumerate(self.header.parts) if parts}

    def place(self, column: int) -> Place:
        """The cell in which the period of a column is written."""
        parts, last = self.header.parts[column], self.header.last
        first = last + 1 - len(parts)  # of a group's heading above blanks: the lowest row that may be it
        row = next((first + i for i, part in enumerate(parts) if read_label([part]).period is not None), last)
        return Place(self.label, row + 1, column + self.first_column)

    def included_columns(self, amounts: Iterable[int]) -> tuple[int, ...]:
        """The columns of amounts that count beside each other, each by its own header; none if there is only one."""
        names, headings = self.header.names, {identity(heading) for heading in self.included}
        columns = tuple(i for i in amounts if identity(names[i] or "") in headings)
        return columns if len(columns) > 1 else ()

    def amounts(self, keys: Mapping[int, object]) -> tuple[int, ...]:
        """Of the columns of each key (a period and its members), that of the amount.

        Raises `PeriodTwice` or `MeasureInDoubt`.
        """
        groups: dict[object, list[int]] = {}
        for column, key in keys.items():
            groups.setdefault(key, []).append(column)
        columns: list[int] = []
        doubtful: dict[str, None] = {}
        for group in groups.values():
            fitting = self._fitting(group)
            included = [i for i in fitting if self._is_called(i, self.included)]
            if included or len(fitting) <= 1:
                columns += included or fitting
                continue
            self._check_words(fitting)
            doubtful |= dict.fromkeys(" ".join(self.labels[i].words) for i in fitting)
        if not columns and not doubtful:
            each = (i for group in groups.values() for i in group)
            doubtful = dict.fromkeys(" ".join(self.labels[i].words) or self.header.names[i] or "" for i in each)
        if doubtful:
            raise MeasureInDoubt(label=self.label, candidates=Listed(doubtful))
        return tuple(sorted(columns))

    def _fitting(self, columns: Sequence[int]) -> list[int]:
        """The columns that may be the amount: those that are mapped, else by what their headings measure."""
        if self.picked:
            fitting = [i for i in columns if self._is_called(i, self.picked)]
        else:
            fitting = [i for i in columns if self.labels[i].measure in (None, "amount", "weak")]
        return [i for i in fitting if self.labels[i].measure != "weak"] or fitting

    def _is_called(self, column: int, headings: Sequence[str]) -> bool:
        """Whether a column is headed so, by its whole heading or by a part of it, with or without the unit."""
        words = self.labels[column].words
        names = [*self.header.parts[column], *words, " ".join(words), self.header.names[column] or ""]
        keys = {identity(name) for name in names} | {identity(split_header(name)[0]) for name in names}
        return any(identity(heading) in keys or normal(heading) in keys for heading in headings)

    def _check_words(self, columns: Sequence[int]) -> None:
        """Raise `PeriodTwice` if no words tell columns of one period apart."""
        if len({self.labels[i].words for i in columns if self.labels[i].words}) < len(columns):
            letters = Listed(a1.letters(i + self.first_column) for i in columns)
            names = Listed(dict.fromkeys(self.header.names[i] or "" for i in columns))
            raise PeriodTwice(label=self.label, letters=letters, header=names)


def months_across(
    headings: Headings, matchers: Sequence[Matcher], span: DateBounds, titles: Sequence[str], fiscal: Fiscal, *,
    years_down: bool,
) -> Across:  # fmt: skip
    """The columns of a table with periods across.

    `years_down`: each row has a year of its own, so that headings without a year are in no doubt.
    """
    labels, names = headings.labels, headings.header.names
    periods = periods_of(labels)
    if not periods:
        return Across()
    if years_down and (span.start is None or span.end is None or span.start.year != span.end.year):
        span = replace(_ANY_YEAR, fiscal=span.fiscal)
    periods = {i: _of_calendar(period, labels[i], fiscal, names[i] or "") for i, period in periods.items()}
    days = dates_of(periods, names, span, titles, fiscal, headings.place)
    members = {m.dimension.name: _members(m, {i: labels[i] for i in periods}) for m in matchers}
    members = {name: columns for name, columns in members.items() if columns}
    keys = {i: (day, tuple(columns.get(i) for columns in members.values())) for i, day in days.items()}
    cells = headings.amounts(keys)
    totals = tuple(i for i, label in labels.items() if label.total and i not in periods)
    months = {month_of(days[i], span.fiscal)[1] for i in cells}
    for i in totals:
        quarter = _quarter_of(headings.header.parts[i])
        if quarter is not None and not months & {3 * quarter - 2, 3 * quarter - 1, 3 * quarter}:
            raise QuarterWithoutMonths(label=headings.label, header=names[i] or "")
    members = {name: {i: columns.get(i, "") for i in cells} for name, columns in members.items()}
    return Across(cells, {i: days[i] for i in cells}, members, totals)


def _of_calendar(period: Stamp | int, label: Label, fiscal: Fiscal, name: str) -> Stamp | int:
    """A month or a numbered period below the heading of a fiscal year, in the year of the calendar."""
    if label.fiscal is None or not isinstance(period, Stamp):
        return period
    if label.numbered is not None:
        number, is_period = label.numbered
        year, month = fiscal.of_period(label.fiscal, number, name, is_period=is_period)
        return replace(period, year=year, month=month)
    if period.month is None or period.year != label.year:
        return period
    return replace(period, year=fiscal.year(label.fiscal, period.month))


def _quarter_of(parts: Sequence[str]) -> int | None:
    for part in parts:
        match = _QUARTER.fullmatch(narrow(part).casefold())
        if match is not None:
            number = match[1] or match[2] or match[3]
            return int(number) if number.isdigit() else "0一二三四".find(number)
    return None


def members_across(headings: Headings, matchers: Sequence[Matcher], amounts: Iterable[int]) -> Across:
    """The columns of a table with members across: at least two columns are headed by members.

    Other columns of amounts to the right of the first member count as members that are not known.
    """
    labels = {i: headings.labels[i] for i in set(amounts) if i in headings.labels}
    sums = tuple(sorted(i for i, label in labels.items() if label.total))
    labels = {i: label for i, label in labels.items() if not label.total}
    for matcher in matchers:
        members = _members(matcher, labels)
        if len(set(members.values())) < 2:
            continue
        start = min(members)
        members |= {
            i: label.words[0] for i, label in labels.items()
            if i > start and i not in members and label.words and _may_be_member(label)
        }  # fmt: skip
        cells = headings.amounts(members)
        return Across(cells, {}, {matcher.dimension.name: {i: members[i] for i in cells}}, sums)
    return Across()


def _may_be_member(label: Label) -> bool:
    return label.measure is None and not any(normal(word) in _NO_VALUES for word in label.words)


def _members(matcher: Matcher, labels: Mapping[int, Label]) -> dict[int, str]:
    """The member that each heading names, by itself or before a measure: `线上`, `线上销售额`."""
    members = {}
    for column, label in labels.items():
        for word in label.words:
            names = [word, *(_before_measure(word) if word not in label.rest else ())]
            member = next((name for name in names if name and matcher.position(name) >= 0), None)
            if member is not None:
                members[column] = member
    return members


def _before_measure(word: str) -> list[str]:
    """`线上销售额` → 线上, 线上销, …: what may be a member before the word of a measure."""
    return [word[:n].strip(" -_:/·(") for n in range(len(word) - 1, 0, -1) if measure_of(word[n:])]
