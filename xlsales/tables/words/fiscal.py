"""Fiscal years beside months: which calendar year a month is of.

`FY25/26` and `2025-2026` show it. `FY26` does not if the year begins in another month than January: some people name
a year after its beginning, some after its end, and some accounts follow the calendar. Then people are asked.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from xlsales.core.expressions import expression
from xlsales.core.faults import Fault
from xlsales.core.text import narrow

Naming = Literal["first", "last", "calendar"]
Years = tuple[int, int | None]
"""The year that a text names, and the next one if it names both."""

NAMINGS: dict[str, Naming] = {
    **dict.fromkeys(("起始年份", "起始年", "开始年份", "firstyear", "startyear", "first year", "start year"), "first"),
    **dict.fromkeys(("结束年份", "结束年", "lastyear", "endyear", "last year", "end year"), "last"),
    **dict.fromkeys(("自然年", "日历年", "公历年", "calendaryear", "calendar year", "calendar"), "calendar"),
}
"""What people write in Column mapping → the year that a fiscal year is named after."""

_WORDS = expression(r"财年|财政年|会计年|会计年度|fiscal|\bfy(?![a-z])|^fy", re.IGNORECASE)
_PERIODS = expression(r"期间|(?<!日)期$|period|财|会计|fiscal|posting")
_OWN_PERIODS = expression(r"财|会计|fiscal|accounting|posting")
_PAIR = expression(
    r"(?:fy\s*'?|财年|会计年度)?((?:19|20)?\d\d)\s*(?:年度?)?\s*[-/~—–至]\s*(?:fy)?((?:19|20)?\d\d)\s*(?:财政年度?|会计年度?|财年|年度?|fy)?"
)
_ONE = expression(
    r"(?:fy\s*'?)?((?:19|20)\d\d)(?:\.0)?\s*(?:年度?|财年|财政年度?|会计年度?|fy)?"
    r"|fy\s*'?(\d\d)|(\d\d)\s*(?:年度?|财年|财政年度?|会计年度?)|((?:19|20)\d\d)-01-01(?: 00:00:00)?|([123]\d)(?:\.0)?"
)
_YEARS = r"(?:19|20)?\d\d(?:\s*[-/–]\s*(?:fy)?(?:19|20)?\d\d)?"
_BESIDE = rf"fy\s*'?{_YEARS}(?!\d)|{_YEARS}\s*(?:财政年度|会计年度|财年)"
_NUMBERED = (
    r"(?:p|period|per)\s*\.?\s*\d{1,3}|第\s*\d{1,2}\s*(?:个)?(?:会计)?期间?|(?:会计)?期间\s*\d{1,2}|\d{1,2}\s*期"
)
_WITH_WORD = expression(
    r"(?:p|period|per)\s*\.?\s*(\d{1,3})|第\s*(\d{1,2})\s*(?:个)?(?:会计)?期间?|(?:会计)?期间\s*(\d{1,2})|(\d{1,2})\s*期"
)
_ANY_YEAR = rf"(?:fy|财年|财政年度|会计年度)?\s*'?{_YEARS}\s*(?:财政年度|会计年度|财年|年度?|fy)?"
_YEAR_NUMBER = expression(rf"({_ANY_YEAR}?)\s*[-_:/·|.,]?\s*({_NUMBERED}|(?<![\d])\d\d?)")
_NUMBER_AND = expression(rf"({_ANY_YEAR}?\s*[-_:/·|.,]?\s*(?:{_NUMBERED}))\s*[-_:/·|.,]?\s*([^\d\W].*)")
_NUMBER_YEAR = expression(rf"({_NUMBERED})\s*[-_:/·|.,(]?\s*({_ANY_YEAR})\)?")
_WORD_BEFORE = expression(r"^(?:财年|财政年度|会计年度)\s*")
_WORD_BEHIND = expression(r"^(\d[\d/–-]*)\s*fy$")
_CLOSE = expression(r"(fy(?:19|20)\d\d)(\d\d)")
_SAP = expression(r"0(\d\d)[./]((?:19|20)\d\d)")
_BEFORE = expression(rf"({_BESIDE})\s*[-_:/·|.,]?\s*(\S.*)")
_BEHIND = expression(rf"(\S.*?)\s*[-_:/·|.,(]?\s*({_BESIDE})\)?")
_IN_TITLE = expression(
    r"(?:fy\s*'?|财年)?((?:19|20)?\d\d)\s*[-/–]\s*(?:fy)?((?:19|20)?\d\d)\s*(?:财政年度?|会计年度?|财年|fy)"
    r"|fy\s*'?((?:19|20)?\d\d)\s*[-/–]\s*(?:fy)?((?:19|20)?\d\d)(?!\d)"
    r"|(?<!\d)((?:19|20)?\d\d)\s*(?:财政年度?|会计年度|财年)|(?<![a-z])fy\s*'?((?:19|20)?\d\d)(?!\d)"
)


class FiscalYearUntold(Fault):
    """Fiscal years of one year beside months, in a plan with years that begin in another month than January."""

    zh = (
        "“{label}”里的“{found}”是财年,计划的财年从 {month} 月开始,看不出是哪一年的 {month} 月。"
        "请在“列对应”里填写:字段 财年,值 起始年份(从 {year} 年 {month} 月算起),"
        "或 结束年份(从 {before} 年 {month} 月算起)、自然年({year} 年 1 月到 12 月)。"
    )
    en = (
        "'{found}' in '{label}' is a fiscal year. The plan's begins in month {month}, and its year is not clear. "
        "In table Column mapping of Settings, enter field fiscal year and value first year (it begins in "
        "{year}-{month:02}), last year (it begins in {before}-{month:02}) or "
        "calendar year (January to December {year})."
    )


class FiscalPeriodUntold(Fault):
    """Numbers of periods, in a plan with fiscal years that begin in another month than January."""

    zh = (
        "“{label}”的“{header}”列只写了期间的序号,计划的财年从 {month} 月开始,看不出期间 1 是几月。"
        "请在“列对应”里填写:字段 财年,值 自然年(期间 1 是 1 月),或 起始年份、结束年份(期间 1 是 {month} 月)。"
    )
    en = (
        "Column '{header}' of '{label}' holds mere numbers of periods. The plan's fiscal year begins in month {month}. "
        "In table Column mapping of Settings, enter field fiscal year and value calendar year (period 1 is January), "
        "or first year or last year (period 1 is month {month})."
    )


class FiscalStartUntold(Fault):
    """Fiscal years of two calendar years beside months, in a plan with the years of the calendar."""

    zh = (
        "“{label}”里的“{found}”跨两个自然年,看不出各月是哪一年的。请在设置里填写“财年起始月”(这类年份从几月开始),"
        "或把月份写全(如 2025年4月)。"
    )
    en = (
        "'{found}' in '{label}' is of two calendar years, so the year of each month is not known. In Settings, enter "
        "in which month the fiscal year starts, or write the months in full, like 2025-04."
    )


class FiscalFigureUntold(Fault):
    """A bare number beside a fiscal year: it may count periods or be a month of the calendar."""

    zh = (
        "“{label}”的表头“{found}”看不出 {figure} 是财年的第 {figure} 期还是 {figure} 月(计划的财年从 {month} 月开始)。"
        "请把表头改写成 {year}财年P{figure}(第几期)或 {year}财年{figure}月(几月)。"
    )
    en = (
        "Header '{found}' of '{label}' does not tell whether {figure} is a period of the fiscal year or a month (the "
        "plan's fiscal year begins in month {month}). Write it like FY{year} P{figure} (a period) or "
        "FY{year} {name} (a month)."
    )


class FiscalPeriods(Fault):
    """Numbers of periods that were counted from the first month of the fiscal year."""

    zh = "“{header}”列的期间从财年的第一个月数起:期间 1 是 {month} 月。"
    en = "The periods of column '{header}' were counted from the start of the fiscal year: period 1 is month {month}."
    remark = True


class Fiscal(Struct, frozen=True):
    """What fiscal years mean: the month they begin in, and the year they are named after (None: not known)."""

    start: int = 1
    naming: Naming | None = None
    label: str = ""

    def year(self, years: Years, month: int) -> int:
        """The calendar year of a month. Raises `FiscalYearUntold` or `FiscalStartUntold` if it is not known."""
        first, second = years
        if self.start == 1:
            if second is not None:
                raise FiscalStartUntold(label=self.label, found=f"{first}/{second % 100:02}")
            return first
        if second is not None:
            return first if month >= self.start else second
        if self.naming is None:
            raise FiscalYearUntold(
                label=self.label, found=str(first), month=self.start, year=str(first), before=str(first - 1)
            )
        if self.naming == "calendar":
            return first
        begins = first - (self.naming == "last")
        return begins if month >= self.start else begins + 1

    def of_period(self, years: Years, number: int, header: str, *, is_period: bool) -> tuple[int, int]:
        """The calendar year and the month of a number beside a fiscal year; `is_period`: its text says so.

        Raises as `year` does, and `FiscalFigureUntold`.
        """
        if self.start == 1 or self.naming == "calendar":
            return self.year(years, number), number
        if not is_period:
            raise FiscalFigureUntold(
                label=self.label, found=header, figure=str(number), month=self.start,
                year=str(years[0]) if years[1] is None else f"{years[0]}/{years[1] % 100:02}",
                name=calendar.month_abbr[number],
            )  # fmt: skip
        month = (number + self.start - 2) % 12 + 1
        return self.year(years, month), month

    def month(self, period: int, header: str, years: Years | None) -> int:
        """The month of a bare number below a header that says period. Raises `FiscalPeriodUntold`."""
        if self.start == 1 or self.naming == "calendar":
            return period
        if self.naming is None and (years is None or years[1] is None):
            if years is not None:
                self.year(years, self.start)  # raises FiscalYearUntold
            raise FiscalPeriodUntold(label=self.label, header=header, month=self.start)
        return (period + self.start - 2) % 12 + 1


def says_fiscal(text: str) -> bool:
    """Whether a header or a value says that a year is a fiscal one: 财年, FY26, 2025/26."""
    plain = narrow(text).casefold().strip()
    return _WORDS.search(plain) is not None or _pair(_PAIR.fullmatch(plain)) is not None


def says_periods(header: str, *, alone: bool) -> bool:
    """Whether bare numbers below a header count periods, not months; `alone`: no fiscal year is beside them."""
    return (_OWN_PERIODS if alone else _PERIODS).search(narrow(header).casefold()) is not None


def read_years(text: str) -> Years | None:
    """Read a year: 2026, 2026年, FY26, FY25/26; None for other texts."""
    plain = narrow(text).casefold().strip()
    match = _ONE.fullmatch(plain)
    if match is not None:
        return _whole(next(filter(None, match.groups()))), None
    return _pair(_PAIR.fullmatch(plain))


def fiscal_and(text: str) -> tuple[str, str] | None:
    """Split a heading into the fiscal year that it names and the rest: `FY26 Apr`, `4月(2026财年)`."""
    if read_years(text) is not None:
        return None
    match = _BEFORE.fullmatch(text)
    if match is not None:
        return match[1], match[2]
    match = _BEHIND.fullmatch(text)
    return (match[2], match[1]) if match is not None else None


def fiscal_number(text: str) -> tuple[Years, int, bool] | None:
    """Read a fiscal year and a number beside it, `fy25 p1`, `fy2025-04`, `2025财年第4期`, `004.2025` of SAP.

    Returns the year, the number, and whether the text says that it counts periods; None for other texts.
    """
    text = _CLOSE.sub(r"\1-\2", text) if _CLOSE.fullmatch(text) else text
    sap = _SAP.fullmatch(text)
    if sap is not None:
        return _number_of_period((int(sap[2]), None), int(sap[1]), is_period=True)
    for pattern, of_year, of_number in ((_YEAR_NUMBER, 1, 2), (_NUMBER_YEAR, 2, 1)):
        match = pattern.fullmatch(text)
        if match is None:
            continue
        period = _WITH_WORD.fullmatch(match[of_number])
        number = int(next(filter(None, period.groups())) if period else match[of_number])
        year = _WORD_BEFORE.sub("fy", _WORD_BEHIND.sub(r"fy\1", match[of_year].strip()))
        years = read_years(year)
        if years is not None and (says_fiscal(year) or (period and year.startswith("20"))):
            return _number_of_period(years, number, is_period=period is not None)
    return None


def number_and(text: str) -> tuple[str, str] | None:
    """Split a heading into the numbered period of a fiscal year that it names and the rest: `fy25 p1销售额`."""
    match = _NUMBER_AND.fullmatch(text)
    return (match[1], match[2]) if match is not None and fiscal_number(match[1]) is not None else None


def _number_of_period(years: Years, number: int, *, is_period: bool) -> tuple[Years, int, bool] | None:
    return (years, number, is_period) if 1 <= number <= 12 else None


def fiscal_title(titles: Iterable[str]) -> Years | None:
    """The fiscal year that the titles name, if they name just one."""
    years = {_in_title(match) for title in titles for match in _IN_TITLE.finditer(narrow(title).casefold())} - {None}
    return years.pop() if len(years) == 1 else None


def _in_title(match: re.Match[str]) -> Years | None:
    figures = [figure for figure in match.groups() if figure]
    return (_whole(figures[0]), None) if len(figures) == 1 else _two(*figures)


def _pair(match: re.Match[str] | None) -> Years | None:
    return _two(match[1], match[2]) if match is not None else None


def _two(one: str, other: str) -> Years | None:
    first = _whole(one)
    return (first, first + 1) if (first + 1 - int(other)) % 100 == 0 else None


def _whole(figures: str) -> int:
    return int(figures) + (2000 if len(figures) == 2 else 0)
