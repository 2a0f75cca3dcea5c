"""A plan as worksheet functions look it up: targets, actuals and targets to date of members by month.

It comes from a sheet that the program wrote, from table 数据表 or one like it, or from a workbook. Amounts are as in
the sheets, in full; NaN is blank.
"""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct, field

from xlsales.core.expressions import expression
from xlsales.core.faults import Fault, Listed
from xlsales.core.period_text import (
    AmbiguousPeriod,
    PeriodOutsidePlan,
    UnreadablePeriod,
    parse_period,
    parts_of,
)
from xlsales.core.periods import Level, Period, Timeline, timeline
from xlsales.core.plan import FiscalYear
from xlsales.core.text import identity, narrow
from xlsales.vocabulary.contract import Word

NAN = float("nan")
COMPANY = Word("公司整体", "Company")
"""The whole plan, beside the members of its dimensions."""
_WHOLE = {
    identity(word)
    for word in (COMPANY.zh, COMPANY.en, "公司", "全公司", "整体", "合计", "总计", "Total", "Whole company")
}
_MONTH = expression(r"(\d{4})-(\d\d)")
_LONGER = {Level.YEAR: 12, Level.HALF: 6, Level.QUARTER: 3}
_FINE = 6

Figure = Literal["target", "actual", "target_to_date"]


class UnknownMember(Fault):
    """A name that the plan does not have."""

    zh = "{zh_place}是“{name}”,这个计划里没有这个成员。请核对名称。"
    en = '{en_place} is "{name}": this plan has no such member. Check the name.'


class NameTwice(Fault):
    """A name of members of several dimensions."""

    zh = "“{name}”在{dimensions}里都有。请填 dimension。"
    en = '"{name}" is a member of {dimensions}. Give dimension.'


class UnknownDimension(Fault):
    """A dimension that the plan does not have."""

    zh = "dimension 是“{name}”,这里没有这个维度,只有:{dimensions}。"
    en = 'dimension is "{name}"; there is no such one here, only: {dimensions}.'


class PeriodNotHere(Fault):
    """A period of a level that is not known of a member."""

    zh = "“{period}”的数在这里没有:成员只到月,周和日只有公司整体在“按时间”里有。请填月份或更长的期间。"
    en = '"{period}" is not known here: members have months; By time has weeks and days of Company. Give months.'


class OtherMonths(Fault):
    """A calendar month of a plan with months of whole weeks, or such a month of a plan that writes calendar months."""

    zh = "“{period}”这里没有:这里的月份写作 {first} 至 {last}。请照这样写。"
    en = '"{period}" is not here: months are written {first} to {last}. Write them like these.'


class FiscalMonthNotKnown(Fault):
    """Quarters, half-years or years of a plan that does not begin in January."""

    zh = "这个计划从 {start} 开始,看不出财年从几月起,“{period}”算不出来。请填 fiscal_month,或改填月份。"
    en = 'This plan begins in {start}, and "{period}" depends on the fiscal year. Give fiscal_month, or months.'


class NotToDate(Fault):
    """A month under way in a sheet that has targets to date of the whole plan only."""

    zh = "“{period}”还没过完,这张表没有每月的应达。请改选“数据表”,或把 plan 填成工作簿的路径。"
    en = '"{period}" is under way, and this sheet has no target to date by month. Select sheet Data, or give a path.'


class NotAllOfIt(Fault):
    """Cells that are a part of a sheet, or of a table: sums of months would lack some."""

    zh = "plan 只选了一部分,有些月份没有选到,合计会少。请从 A1 起选到整张表的最后一列和最后一行。"
    en = "plan is cut off: some months are not in it, and sums would lack them. Select all of the sheet from A1."


class Line(Struct):
    """The figures of one member, or of the company: by month, and of the whole plan if they are known apart."""

    target: list[float]
    actual: list[float]
    target_to_date: list[float]
    whole: dict[str, float] = field(default_factory=dict)
    under_way: int = -1
    """The month whose target to date is not known; -1 if all are."""
    fault: Fault | None = None
    """Why its figures cannot be told, if they cannot."""

    @classmethod
    def blank(cls, months: int) -> Line:
        """Return one without figures."""
        return cls([NAN] * months, [NAN] * months, [NAN] * months)


class PlanFigures(Struct):
    """What a plan says: `months` are keys (2026-03), members are by their dimension, both by `identity`."""

    months: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """Dimensions as people write them."""
    members: dict[str, dict[str, Line]] = field(default_factory=dict)
    company: Line | None = None
    periods: dict[str, dict[str, float]] = field(default_factory=dict)
    """The company's weeks and days, by key."""
    fiscal_month: int = 0
    """The first month of a fiscal year; 0 if it is not known."""
    spans: dict[str, tuple[dt.date, dt.date]] = field(default_factory=dict)
    """The first and the last day of months, if they are known."""

    @property
    def has_whole_weeks(self) -> bool:
        """Whether months are of whole weeks (2026-P03)."""
        return self.months[0][5] == "P"

    def line(self, name: str, dimension: str, zh_place: str, en_place: str) -> Line:
        """Return the figures of a name. Raises UnknownDimension, UnknownMember, NameTwice, or what is wrong with them.

        Without a dimension, a name may say its own: 大区:2区.
        """
        line = self._line(name, dimension, zh_place, en_place)
        if line.fault is not None:
            raise line.fault
        return line

    def _line(self, name: str, dimension: str, zh_place: str, en_place: str) -> Line:
        one = identity(name)
        if dimension and identity(dimension) not in self.members:
            raise UnknownDimension(name=dimension, dimensions=Listed(self.names.values()))
        within = [identity(dimension)] if dimension else list(self.members)
        of = [key for key in within if one in self.members[key]]
        if len(of) > 1:
            raise NameTwice(name=name, dimensions=Listed(self.names[key] for key in of))
        if of:
            return self.members[of[0]][one]
        if self.company is not None and one in _WHOLE and not dimension:
            return self.company
        before, colon, after = one.partition(":")
        if colon and not dimension and after in self.members.get(before, {}):
            return self.members[before][after]
        raise UnknownMember(name=name, zh_place=zh_place, en_place=en_place)

    def value(self, figure: Figure, line: Line, asked: Asked) -> float:
        """Return a figure of a member in a period; NaN is blank. Raises PeriodNotHere or NotToDate."""
        if asked.key:
            if line is not self.company or asked.key not in self.periods:
                raise PeriodNotHere(period=asked.text)
            return self.periods[asked.key].get(figure, NAN)
        whole = line.whole.get(figure, NAN)
        if asked.months is None and not math.isnan(whole):
            return whole
        months = range(len(self.months)) if asked.months is None else asked.months
        if self.company is not None and any(math.isnan(line.target[m]) for m in months):
            raise NotAllOfIt()
        if figure == "target_to_date" and line.under_way in months:
            raise NotToDate(period=asked.text or self.months[line.under_way])
        known = [one for m in months if not math.isnan(one := getattr(line, figure)[m])]
        return round(math.fsum(known), _FINE) if known else NAN


class Asked(Struct, frozen=True):
    """A period that is asked for: some months, all of the plan (None), or the `key` of a week or a day."""

    text: str
    months: tuple[int, ...] | None = None
    key: str = ""


def asked_of(plan: PlanFigures, value: object, fiscal_month: int) -> Asked:
    """Return the period that a cell means; a date is its month. Raises what `parse_period` raises, or OtherMonths."""
    if isinstance(value, float) and not value.is_integer():
        raise UnreadablePeriod(text=value)  # 2026.1 may be January or October
    text = _text(value, plan)
    key = narrow(text).upper()
    if key in plan.months:
        return Asked(text, (plan.months.index(key),))
    if key in plan.periods:
        return Asked(text, key=key)
    level, year, suffix = parts_of(text)
    if level in (Level.WEEK, Level.DAY):
        return Asked(text, key=_one_of(text, plan.periods, year, suffix) or text)
    if plan.has_whole_weeks:
        return Asked(text, _of_whole_weeks(plan.months, text, level, year, suffix))
    if level is Level.MONTH and suffix.startswith("-P"):
        raise OtherMonths(period=text, first=plan.months[0], last=plan.months[-1])
    fiscal, first = fiscal_month or plan.fiscal_month, plan.months[0]
    if level in _LONGER and not fiscal and first[5:] != "01":
        raise FiscalMonthNotKnown(start=first, period=text)
    period = parse_period(text, _line(plan, fiscal))
    if period.level is Level.MONTH:
        return Asked(text, (plan.months.index(period.key),) if period.key in plan.months else ())
    return Asked(text, tuple(_inside(plan.months, period)))


def _one_of(text: str, keys: Iterable[str], year: int | None, suffix: str) -> str | None:
    """The key that a period means, if there is one. Raises AmbiguousPeriod."""
    named = [key for key in keys if (key == f"{year}{suffix}" if year else key[4:] == suffix)]
    if len(named) > 1:
        raise AmbiguousPeriod(text=text, found=", ".join(named[:4]))
    return next(iter(named), None)


def _of_whole_weeks(
    months: Sequence[str], text: str, level: Level, year: int | None, suffix: str
) -> tuple[int, ...]:  # fmt: skip
    """The months of whole weeks (2026-P03) in a period: their keys say the fiscal year and the place in it."""
    wide = _LONGER.get(level, 1)
    if wide == 1 and suffix[1] != "P":
        raise OtherMonths(period=text, first=months[0], last=months[-1])
    last = int(suffix.lstrip("HQ-P") or 1) * wide
    within = [m for m, key in enumerate(months) if last - wide < int(key[6:]) <= last and year in (None, int(key[:4]))]
    years = dict.fromkeys(months[m][:4] for m in within)
    if not within:
        raise OtherMonths(period=text, first=months[0], last=months[-1])
    if len(years) > 1:
        raise AmbiguousPeriod(text=text, found=", ".join(f"{one}{suffix}" for one in years))
    return tuple(within)


def _inside(months: Sequence[str], period: Period) -> Iterable[int]:
    """Yield the months of a period: by their first days, which of the first one may be before it."""
    for m, key in enumerate(months):
        first, last = _days(key)
        if first <= period.end and last >= period.start:
            yield m


def _line(plan: PlanFigures, fiscal_month: int) -> Timeline:
    """The time of the months of a plan, in whole months."""
    return timeline(_days(plan.months[0])[0], _days(plan.months[-1])[1], FiscalYear(month=fiscal_month or 1))


def _days(key: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of a month by its key; months of whole weeks are taken for calendar months."""
    year, month = int(key[:4]), int(key[-2:])
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def fiscal_month_of(quarters: Mapping[str, Sequence[str]]) -> int:
    """Return the first month of a fiscal year, by the months of its quarters (`2026Q2`); 0 if they do not show it."""
    for key, months in quarters.items():
        if len(months) == _LONGER[Level.QUARTER] and _MONTH.fullmatch(months[0]):
            return (int(months[0][5:]) - 1 - 3 * (int(key[-1]) - 1)) % 12 + 1
    return 0


_FIRST_YEAR, _LAST_YEAR, _FIRST_SERIAL = 1900, 2199, 10_000
_DAY_ZERO = dt.date(1899, 12, 30)


def _text(value: object, plan: PlanFigures) -> str:
    """A period as text: a date, and a number that is a day, are the month that they are in."""
    if isinstance(value, dt.datetime):
        return _month_of(value.date(), plan)
    if isinstance(value, dt.date):
        return _month_of(value, plan)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if _FIRST_SERIAL < value < _FIRST_YEAR * 100:
            return _month_of(_DAY_ZERO + dt.timedelta(int(value)), plan)
        return month_of_serial(value) or str(int(value))
    return str(value)


def month_of_serial(value: float) -> str | None:
    """Return the calendar month that a number means: a day's number, or 202603; None if it is neither."""
    whole = int(value)
    if _FIRST_YEAR * 100 < whole <= _LAST_YEAR * 100 + 12 and 1 <= whole % 100 <= 12:
        return f"{whole // 100}-{whole % 100:02d}"
    return f"{_DAY_ZERO + dt.timedelta(whole):%Y-%m}" if _FIRST_SERIAL < whole < _FIRST_YEAR * 100 else None


def _month_of(day: dt.date, plan: PlanFigures) -> str:
    """The month of a day: the plan's own, where its first and last days are known."""
    for key, (first, last) in plan.spans.items():
        if first <= day <= last:
            return key
    if plan.spans:
        ends = [edge for span in plan.spans.values() for edge in span]
        raise PeriodOutsidePlan(text=day, start=min(ends), end=max(ends))
    return f"{day:%Y-%m}"
