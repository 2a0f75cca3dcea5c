"""Periods as a person writes them: 2026Q1, 2026年第1季度, 上半年, 3月, 第10周, 2026-03-08, 2024~2025."""

from __future__ import annotations

import datetime as dt
import re

from msgspec import Struct

from xlsales.core.expressions import expression
from xlsales.core.faults import Fault
from xlsales.core.periods import CALENDAR_YEAR, MONTHS_EN, Level, Period, Timeline, check_fiscal_month, month_starts
from xlsales.core.plan import FiscalYear, MonthPattern, WeekRule
from xlsales.core.text import narrow


class UnreadablePeriod(Fault):
    """A period that cannot be understood."""

    zh = "看不懂期间“{text}”。请写成 2026、2026H1、2026Q1、2026-03 或 2026-03-08 这样。"
    en = 'The period "{text}" cannot be read. Write it like 2026, 2026H1, 2026Q1, 2026-03 or 2026-03-08.'


class EndsBeforeItBegins(Fault):
    """A period from a later day to an earlier one."""

    zh = "期间“{text}”的结束早于开始。请把早的写在前面。"
    en = 'The period "{text}" ends before it begins. Write the earlier end first.'


class PeriodOutsidePlan(Fault):
    """A period without any day in the plan."""

    zh = "期间“{text}”不在计划 {start} 至 {end} 之内。请改期间,或改计划的起止日期。"
    en = 'The period "{text}" is not within the plan, {start} to {end}. Change the period or the plan\'s dates.'


class AmbiguousPeriod(Fault):
    """A period without a year, in a plan that has several such periods."""

    zh = "期间“{text}”在计划里不止一个:{found}。请写上年份。"
    en = 'The period "{text}" occurs more than once in the plan: {found}. Write the year with it.'


class WeekOfOtherRule(Fault):
    """A week as the plan does not cut them."""

    zh = "计划的“周规则”里没有“{text}”这样的周。请写成 {example} 这样,或改“周规则”。"
    en = 'By "Weeks" of the plan there is no week such as "{text}". Write it like {example}, or change "Weeks".'


class FiscalMonthNeeded(Fault):
    """A calendar month in a plan with months of whole weeks."""

    zh = "计划按 {pattern} 财月划分,没有自然月“{text}”。请写成 2026-P03(第3财月)这样。"
    en = 'The plan has {pattern} months of whole weeks, no calendar month "{text}". Write it like 2026-P03.'


def parse_period(text: object, timeline: Timeline) -> Period:
    """Return the period of the plan that a person means.

    `text` is a key, a name in Chinese or English (2026年第1季度, 上半年, 3月, Q1 2026), a date,
    or a whole number (2026). The year may be missing if only one such period is in the plan.
    Raises UnreadablePeriod, PeriodOutsidePlan, AmbiguousPeriod or FiscalMonthNeeded.
    """
    words = _text(text)
    key = words.upper()
    for level in Level:
        for period in timeline.periods(level):
            if period.key == key:
                return period
    matches = periods_of(text, timeline)
    if len(matches) > 1:
        raise AmbiguousPeriod(text=words, found=", ".join(p.key for p in matches[:4]))
    return matches[0]


def periods_of(text: object, timeline: Timeline) -> tuple[Period, ...]:
    """Return the periods of the plan that a person means: several if the year is missing.

    Raises UnreadablePeriod, PeriodOutsidePlan or FiscalMonthNeeded.
    """
    words = _text(text)
    reading = _read(words)
    pattern = timeline.fiscal.pattern
    if reading.level is Level.MONTH and reading.suffix[1] != "P" and pattern is not MonthPattern.NATURAL:
        raise FiscalMonthNeeded(text=words, pattern=pattern)
    matches = tuple(p for p in timeline.periods(reading.level) if reading.names(p))
    if not matches and reading.level is Level.WEEK and reading.is_iso != (timeline.week_rule is WeekRule.ISO):
        raise WeekOfOtherRule(text=words, example=timeline.periods(Level.WEEK)[0].key)
    if not matches:
        raise PeriodOutsidePlan(text=words, start=timeline.start, end=timeline.end)
    return matches


def parts_of(text: object) -> tuple[Level, int | None, str]:
    """Return a period's level, its year (None if the text says none) and the rest of its key, such as Q1 or -W10.

    No plan is needed. Raises UnreadablePeriod.
    """
    reading = _read(_text(text))
    return reading.level, reading.year, reading.suffix


def is_short(text: object) -> bool:
    """Whether a text means a day or a week; a text may also mean no period at all."""
    try:
        return _read(_text(text)).level in (Level.WEEK, Level.DAY)
    except UnreadablePeriod:
        return False


def parse_span(text: object, fiscal: FiscalYear = CALENDAR_YEAR) -> tuple[dt.date, dt.date]:
    """Return the first and last day of any period with a year: 2025, 2025H2, 2025Q3, 2025-03, 2024~2025.

    Years, half-years and quarters are fiscal ones, and so are months that end on a day of the month; beside months of
    whole weeks, 2025-03 is a calendar month. Raises UnreadablePeriod, EndsBeforeItBegins or BadFiscalMonth.
    """
    check_fiscal_month(fiscal.month)
    words = _text(text)
    sides = [_read(side, whole=words) for side in re.split(r"[~至到—–]+", words)]
    if len(sides) > 2 or sides[0].year is None or any(side.level is Level.WEEK for side in sides):
        raise UnreadablePeriod(text=words)
    first = sides[0].span(sides[0].year, fiscal)
    last = sides[-1].span(sides[-1].year or sides[0].year, fiscal)
    if last[1] < first[0]:
        raise EndsBeforeItBegins(text=words)
    return first[0], last[1]


class _Reading(Struct, frozen=True):
    """A period in a text: a level, a year if there is one, and the rest of the key."""

    level: Level
    year: int | None
    suffix: str

    @property
    def is_iso(self) -> bool:
        """Of a week: whether it is counted in the year, not in a month."""
        return self.suffix.startswith("-W")

    def names(self, period: Period) -> bool:
        if self.year is None:
            return period.key[4:] == self.suffix
        return period.key == f"{self.year}{self.suffix}"

    def span(self, year: int, fiscal: FiscalYear) -> tuple[dt.date, dt.date]:
        if self.level is Level.DAY:
            day = dt.date.fromisoformat(f"{year}{self.suffix}")
            return day, day
        if self.level is Level.MONTH and self.suffix[1] != "P":
            edges, n, width = month_starts(year, FiscalYear(month_end=fiscal.month_end)), int(self.suffix[1:]), 1
        else:
            edges = month_starts(year, fiscal)
            width = {Level.YEAR: 12, Level.HALF: 6, Level.QUARTER: 3}.get(self.level, 1)
            n = int(self.suffix.lstrip("HQ-P") or 1)
        first: dt.date = edges[(n - 1) * width].item()
        end: dt.date = (edges[n * width] - 1).item()
        return first, end


_CANONICAL: tuple[tuple[str, str], ...] = (
    (r"FY|\s", ""),
    (r"[/.]", "-"),
    (r"^(\D.*?)-?((?:19|20|21)\d\d)$", r"\2\1"),  # Q1 2026
    (r"^(\d{4})(\d\d)(\d\d)?$", r"\1-\2-\3"),  # 20260308, 202603
    (r"上半年?", "H1"),
    (r"下半年?", "H2"),
    (r"第?([1-4])季度?", r"Q\1"),
    (r"第?(\d{1,2})财月", r"P\1"),
    (r"第?(\d{1,2})周", r"W\1"),
    (r"(\d{1,2})月份?(?:(\d{1,2})[日号])?", r"M\1D\2"),
    *((rf"{name.upper()}[A-Z]*", f"M{i}D") for i, name in enumerate(MONTHS_EN, 1)),
    (r"[财全]?年度?|日", "-"),
)
_READABLE = expression(
    r"(?P<year>(?:19|20|21)\d\d)?-*(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|P(?P<fiscal>\d{1,2})(?!-*W)"
    r"|W(?P<week>\d{1,2})|(?:M(?P<wm>\d{1,2})D|P(?P<wp>\d{1,2})|(?P<w>\d{1,2}))-*W(?P<wn>\d)"
    r"|M(?P<month>\d{1,2})D(?P<day>\d*)|(?P<m>\d{1,2})(?:-(?P<d>\d{1,2}))?)?-*"
)


def _text(text: object) -> str:
    """A person's input as text."""
    if isinstance(text, dt.datetime):
        return text.date().isoformat()
    if isinstance(text, float) and text.is_integer():
        return str(int(text))
    if isinstance(text, float):
        raise UnreadablePeriod(text=text)  # 2026.1 may be January or October
    return narrow(str(text))


def _read(text: str, whole: str | None = None) -> _Reading:
    """Read a period's text; the fault shows `whole`."""
    canonical = text.upper().translate(str.maketrans("一二三四", "1234"))
    for pattern, replacement in _CANONICAL:
        canonical = re.sub(pattern, replacement, canonical)
    match = _READABLE.fullmatch(canonical)
    part = {k: int(v) for k, v in match.groupdict().items() if v} if match else {}
    year = part.get("year")
    month, day = part.get("month", part.get("m")), part.get("day", part.get("d"))
    if not part or (year is None and ("m" in part or "w" in part)):
        raise UnreadablePeriod(text=whole or text)
    if "week" in part:
        return _Reading(Level.WEEK, year, f"-W{part['week']:02d}")
    if "wn" in part:
        fiscal = "P" if "wp" in part else ""
        return _Reading(Level.WEEK, year, f"-{fiscal}{part.get('wm', part.get('wp', part.get('w'))):02d}W{part['wn']}")
    if half := part.get("half"):
        return _Reading(Level.HALF, year, f"H{half}")
    if quarter := part.get("quarter"):
        return _Reading(Level.QUARTER, year, f"Q{quarter}")
    if "fiscal" in part and 1 <= part["fiscal"] <= 12:
        return _Reading(Level.MONTH, year, f"-P{part['fiscal']:02d}")
    if month is not None and day is not None:
        try:
            dt.date(year or 2000, month, day)
        except ValueError:
            raise UnreadablePeriod(text=whole or text) from None
        return _Reading(Level.DAY, year, f"-{month:02d}-{day:02d}")
    if month is not None and 1 <= month <= 12:
        return _Reading(Level.MONTH, year, f"-{month:02d}")
    if set(part) == {"year"}:
        return _Reading(Level.YEAR, year, "")
    raise UnreadablePeriod(text=whole or text)
