"""What the rows of a table mean that a person typed: their month, the members that they name, the sales of these."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from xlsales.core.expressions import expression
from xlsales.core.faults import Bilingual, Fault, Place, Problem, Refused
from xlsales.core.percentages import Percents
from xlsales.core.period_text import parse_period
from xlsales.core.periods import Level, Period, days_of_month
from xlsales.core.plan import MonthPattern
from xlsales.core.shapes import Span, ancestors, years_before
from xlsales.core.text import identity, narrow
from xlsales.layout.sheet import Frame
from xlsales.plan.figures import Figures, Members
from xlsales.plan.unknown_names import meant_by_several
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.words.total_words import is_totals_word
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.plan_tables import TableColumn

_YEAR_OF_WEEKS = dt.timedelta(364)
_FIRST_DAY = expression(r"(\d{4}-\d\d)-01")


MONTH_COLUMN = TableColumn(
    "month",
    Word("目标月", "Month"),
    "period",
    Word(
        "如 2026-11;空 = 上一行的,第一行空 = 截止日后的第一个月",
        "e.g. 2026-11; blank = as above, in the first row the month after the as-of date",
    ),
    width=14,
)
"""The column of a table whose rows are of a month each (see `by_month`)."""


class NotAMonth(Fault):
    """A period that is longer or shorter than a month."""

    zh = "“{found}”不是一个月。请写成 {month} 这样的月份,或清空。"
    en = '"{found}" is not a month. Write a month such as {month}, or clear the cell.'


class NotWholeMonths(Fault):
    """A period that cuts months."""

    zh = "“{found}”不是整月。请填整月的期间,如 {month}、{quarter},或清空。"
    en = '"{found}" does not consist of whole months. Enter a period such as {month} or {quarter}, or clear the cell.'


class LooksLikeTotal(Fault):
    """A name that is that of a row of totals."""

    zh = "“{name}”像是合计行,会算两次。请删去这一行;真是名称的,请换个写法。"
    en = '"{name}" looks like a row of totals and would count twice. Delete the row, or write the name otherwise.'


class HoldsAnother(Fault):
    """A name of a member that is above another one."""

    zh = "“{name}”是“{other}”的上级,销售算了两次。请只留一级。"
    en = '"{name}" is above "{other}": sales count twice. Keep one level.'


class RowsLeftOut(Fault):
    """Rows at fault, while the others of the table go on."""

    zh = "{rows}有错,或跟着有错的月份,没有计入,合计里也没有。请按提示改好再运行。"
    en = (
        "{rows} at fault, or below a month that is: not counted, neither in totals. "
        "Make the corrections as told and run again."
    )


_LEFT_OUT = Word("{rows}有错,没有计入", "{rows} at fault and not counted")


def rows_are(numbers: Iterable[int]) -> Bilingual:
    """Return the rows of these numbers as the subject of a sentence: `Row 5 is`, `Rows 5, 6 are`."""
    texts = list(map(str, numbers))
    en = f"Row {texts[0]} is" if len(texts) == 1 else f"Rows {', '.join(texts)} are"
    return Bilingual(f"第 {'、'.join(texts)} 行", en)


def said_left_out(numbers: Iterable[int], frame: Frame) -> list[str]:
    """Return what a sheet says below its title of rows at fault; nothing without any."""
    rows = list(numbers)
    return [frame.word(_LEFT_OUT, rows=rows_are(rows)[frame.lang])] if rows else []


class AtColumn(Exception):
    """A fault in the column of a table with this key."""

    def __init__(self, key: str, fault: Fault) -> None:
        self.key, self.fault = key, fault

    def problem(self, row: Mapping[str, Any]) -> Problem:
        """Return it as a problem of a row."""
        value = row[self.key]
        return Problem.note(row["cells"][self.key], "" if value is None else str(value), self.fault)


class Request(Protocol):
    """What a row asks for, by its name."""

    @property
    def name(self) -> str:
        """What it is of; no two rows ask for the same."""


_RequestT = TypeVar("_RequestT", bound=Request)


def asked_for(
    rows: Sequence[Mapping[str, Any]],
    key: str,
    of_row: Callable[[Mapping[str, Any], int], _RequestT],
    twice: Callable[..., Fault],
) -> Iterator[_RequestT]:
    """Yield what each row asks for, then raise Refused if something is wrong with others.

    `of_row` makes it of a row and its number from 1, or raises AtColumn; `twice` makes the fault in column `key` of a
    row that asks for the same as another, of its `name` and of `other`, that row. Faulty rows are told already.
    """
    problems: list[Problem] = []
    met: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        if row["faulty"]:
            continue
        try:
            request = of_row(row, number)
            if request.name in met:
                raise AtColumn(key, twice(name=request.name, other=met[request.name]))
        except AtColumn as found:
            problems.append(found.problem(row))
            continue
        met[request.name] = row["cells"][key].row
        yield request
    if problems:
        raise Refused(problems)


def dimension_named(name: str | None, figures: Figures) -> Members | None:
    """Return the dimension of the plan that a cell names; None if there is none."""
    return next((one for one in figures.dimensions if name and identity(one.name) == identity(name)), None)


def by_month(
    rows: Sequence[Mapping[str, Any]], figures: Figures, problems: list[Problem], first: Period | None = None
) -> dict[Period, list[Mapping[str, Any]]]:
    """Return the rows of each month, as they come; a blank month is that of the row above.

    A blank one in the first row is `first`, or the month after the as-of date. The first day of a month is that month,
    as spreadsheets keep one. What is wrong is added to `problems`.
    """
    as_of = figures.frame.as_of
    later = (month for month in figures.months if as_of is None or month.start > as_of)
    month = first or next(later, figures.months[-1])
    months: dict[Period, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["month"] is not None:
            try:
                first_day = _FIRST_DAY.fullmatch(row["month"])
                period = parse_period(first_day[1] if first_day else row["month"], figures.breakdown.timeline)
                if period.level is not Level.MONTH:
                    raise NotAMonth(found=row["month"], month=figures.months[0].key)
                month = period
            except Fault as fault:
                problems.append(Problem.note(row["cells"]["month"], str(row["month"]), fault))
        months.setdefault(month, []).append(row)
    return months


def number_of(row: Mapping[str, Any]) -> int:
    """Return the number of a row of a month on its sheet."""
    number = row["cells"]["month"].row
    assert isinstance(number, int)
    return number


def part_of(row: Mapping[str, Any], key: str, percents: Percents) -> float:
    """Return a number of a row as a part of 1. Raises PartOrPercent."""
    return percents.part(row[key], row["texts"].get(key), shown=key in row["percents"])


def undated(rows: Sequence[Mapping[str, Any]], problems: Sequence[Problem]) -> set[int]:
    """Return the numbers of the rows whose month is a problem or faulty, and of those below that follow it."""
    wrong, out, lost = {problem.place.row for problem in problems}, set[int](), False
    for row in rows:
        if number_of(row) in wrong or "month" in row["faulty"]:
            lost = True
        elif row["month"] is not None:
            lost = False
        if lost:
            out.add(number_of(row))
    return out


def left_out(rows: Sequence[Mapping[str, Any]], numbers: Collection[int]) -> Problem:
    """Return what is told of the rows with these numbers, which do not count."""
    return Problem.note(Place(rows[0]["cells"]["month"].sheet), "", RowsLeftOut(rows=rows_are(sorted(numbers))))


def months_of_row(row: Mapping[str, Any], figures: Figures) -> tuple[Period | None, Sequence[int]]:
    """Return the period of a row, and the positions of its months; no period if it is blank or the whole plan.

    Raises AtColumn for one that is not of whole months.
    """
    months = figures.months
    if row["period"] is None:
        return None, range(len(months))
    try:
        period = parse_period(row["period"], figures.breakdown.timeline)
    except Fault as fault:
        raise AtColumn("period", fault) from None
    inside = [i for i, month in enumerate(months) if period.start <= month.start and month.end <= period.end]
    if not inside or (months[inside[0]].start, months[inside[-1]].end) != (period.start, period.end):
        quarter = f"{months[0].start.year}Q1"
        raise AtColumn("period", NotWholeMonths(found=row["period"], month=months[0].key, quarter=quarter))
    return (period if len(inside) < len(months) else None), inside


def wrong_names(
    rows: Sequence[Mapping[str, Any]], key: str, missing: Fault, twice: Callable[..., Fault], within: str = ""
) -> Iterator[Problem]:
    """Yield rows that have no name in column `key`, one that another row has, or one of a row of totals.

    Names are unique among the rows that have the same text in column `within`. `missing` is the fault of no name;
    `twice` makes that of a second one, of its `name` and of `other`, the row of the first one.
    """
    met: dict[tuple[str, str], int] = {}
    for row in rows:
        name, place = row[key], row["cells"][key]
        if name is None:
            yield Problem.note(place, "", missing)
            continue
        one = identity(row[within] or "" if within else ""), identity(name)
        if is_totals_word(name):
            yield Problem.note(place, name, LooksLikeTotal(name=name))
        elif one in met:
            yield Problem.note(place, name, twice(name=name, other=met[one]))
        met.setdefault(one, place.row)


class NamedMembers(Struct, frozen=True):
    """The dimension that has most of some names, and the position of each name that it has."""

    members: Members
    positions: dict[str, int]

    def sales(self, span: Span) -> dict[str, float]:
        """Return what each of them sold in these days, in yuan; empty if nothing is known of them."""
        sales = self.members.sales(*span)
        return {} if sales is None else {name: float(sales[i]) for name, i in self.positions.items()}

    def overlaps(self, places: Mapping[str, Place]) -> Iterator[Problem]:
        """Yield names that are above others: their sales hold those of the others. `places` are the cells of names."""
        chains, names = ancestors(self.members.dimension), {i: name for name, i in self.positions.items()}
        for name, i in self.positions.items():
            above = [names[position] for position in chains[i].tolist() if position != i and position in names]
            if above:
                yield Problem.note(places[above[-1]], above[-1], HoldsAnother(name=above[-1], other=name))


def named_member(name: str, figures: Figures) -> tuple[Members, int] | None:
    """Return the dimension and the position of the member of a name or alias; None if nobody has it.

    `大区:2区` is the member of one dimension. Raises MeantBySeveral if a name without a dimension is in several.
    """
    found = [(one, i) for one in figures.dimensions if (i := one.matcher.position(name)) >= 0]
    if len(found) > 1:
        raise meant_by_several(name, [one.name for one, _ in found])
    text = narrow(name)
    for at, one in ((at, one) for at, letter in enumerate(text) if letter == ":" for one in figures.dimensions):
        i = one.matcher.position(text[at + 1 :])
        if not found and identity(text[:at]) == identity(one.name) and i >= 0:
            found.append((one, i))
    return found[0] if found else None


def named_members(names: Sequence[str], figures: Figures) -> NamedMembers | None:
    """Return the dimension that has most of the names; None if none has any.

    Names and aliases count. Two names that mean the same member are nobody's.
    """
    best: NamedMembers | None = None
    for members in figures.dimensions:
        matcher = Matcher(members.dimension)
        positions = [matcher.position(name) for name in names]
        times = Counter(positions)
        alone = {name: i for name, i in zip(names, positions, strict=True) if i >= 0 and times[i] == 1}
        if alone and (best is None or len(alone) > len(best.positions)):
            best = NamedMembers(members, alone)
    return best


def month_before(month: Period, figures: Figures) -> Span | None:
    """Return the days of the month before a month; None if it is before a plan with months of whole weeks."""
    fiscal = figures.breakdown.plan.fiscal
    if fiscal.pattern is MonthPattern.NATURAL:
        year, number = int(month.key[:4]), int(month.key[-2:])
        return days_of_month(*((year, number - 1) if number > 1 else (year - 1, 12)), fiscal)
    i = figures.months.index(month)
    return (figures.months[i - 1].start, figures.months[i - 1].end) if i else None


def year_before(span: Span, figures: Figures) -> Span:
    """Return the same days a year before: by date, or 52 weeks earlier in a plan with months of whole weeks."""
    if figures.breakdown.plan.month_pattern is not MonthPattern.NATURAL:
        return span[0] - _YEAR_OF_WEEKS, span[1] - _YEAR_OF_WEEKS
    first, behind = (years_before(day, 1) for day in (span[0], span[1] + dt.timedelta(1)))
    if span[0].day > figures.breakdown.plan.month_end:  # 29 February begins March, as 1 March does in other years
        first = years_before(span[0] - dt.timedelta(1), 1) + dt.timedelta(1)
    return first, behind - dt.timedelta(1)
