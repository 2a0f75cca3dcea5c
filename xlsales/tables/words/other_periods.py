"""What people are asked if amounts are of quarters, weeks or running totals: they are of no day and no month."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xlsales.core.expressions import expression
from xlsales.core.faults import Fault, Listed
from xlsales.core.text import narrow

Row = Sequence[str | None]
MOST = 0.8
"""From this share of its distinct values on a column holds such periods."""


class _OtherPeriods(Fault):
    kind_zh = kind_en = write_zh = write_en = ""
    zh = "“{label}”的“{found}”是{kind_zh},不是日期。请把它们改写成{write_zh},金额会计到那一天。"
    en = "'{found}' of '{label}' is a {kind_en}, no date. Write {write_en} instead; the amounts count up to that day."

    def __init__(self, *, label: str, found: str) -> None:
        super().__init__(
            label=label, found=found, kind_zh=self.kind_zh, kind_en=self.kind_en,
            write_zh=self.write_zh, write_en=self.write_en,
        )  # fmt: skip


class Quarters(_OtherPeriods):
    """Quarters, but dates or months are needed."""

    kind_zh, kind_en = "季度", "quarter"
    write_zh = "每季的最后一个月(3月、6月、9月、12月)"
    write_en = "the last month of each quarter (Mar, Jun, Sep, Dec)"


class Halves(_OtherPeriods):
    """Halves of years, but dates or months are needed."""

    kind_zh, kind_en = "半年", "half year"
    write_zh, write_en = "半年的最后一个月(6月、12月)", "the last month of each half (Jun, Dec)"


class Weeks(_OtherPeriods):
    """Weeks, but dates or months are needed."""

    kind_zh, kind_en = "周", "week"
    write_zh, write_en = "每周的最后一天(如 2026-01-11)", "the last day of each week (like 2026-01-11)"


class RunningTotals(Fault):
    """Amounts that are running totals: they cannot be added up."""

    zh = (
        "“{label}”里的“{headers}”是累计数,累计数不能相加。请粘贴每天或每月的发生额;"
        "如果其实就是发生额,请把表头里的“{word}”去掉。"
    )
    en = (
        "'{headers}' of '{label}' are running totals, which cannot be added up. Paste each day's or month's own "
        "amounts; if that is what they are, take '{word}' out of the header."
    )


class SeveralMonths(RunningTotals):
    """Columns of several months each, `1-2月 1-3月`."""

    zh = "“{label}”里的“{headers}”是几个月的合计数,不能相加。请换成每月一列的发生额(1月、2月、3月)。"
    en = "'{headers}' of '{label}' are of several months each: they cannot be added up. Give each month a column."


_YEAR = r"(?:20\d\d\s*年?\s*[-/]?\s*)?"
_KINDS: tuple[tuple[type[_OtherPeriods], re.Pattern[str]], ...] = (
    (Quarters, expression(rf"{_YEAR}(?:第?\s*[一二三四1-4]\s*季度?|q[1-4]|[1-4]q)(?:\s*[-/]?\s*20\d\d)?")),
    (Halves, expression(rf"{_YEAR}(?:[上下]半年度?|h[12]|[12]h)(?:\s*[-/]?\s*20\d\d)?")),
    (Weeks, expression(rf"{_YEAR}(?:第?\s*[\d一二三四五]+\s*周|w(?:k|eek)?\s*\d\d?|\d\d?w)(?:\s*\([^()]*\))?")),
)
_RUNNING = expression(r"累计|累積|累计数|\bytd\b|ytd|cumulative|cumul|running|\d月?\s*[-~—–至到]\s*\d{1,2}\s*月")


def is_running(header: str) -> bool:
    """Whether a header is that of running totals: 本年累计, 1-3月, YTD."""
    return _RUNNING.search(narrow(header).casefold()) is not None


def running_totals(headers: Sequence[str], label: str) -> RunningTotals:
    """The fault of columns that are all running totals."""
    match = next(filter(None, (_RUNNING.search(narrow(header).casefold()) for header in headers)))
    word = headers[0][match.start() : match.end()] if match.string == headers[0].casefold() else match[0]
    kind = SeveralMonths if word[0].isdigit() else RunningTotals
    return kind(label=label, headers=Listed(headers), word=word)


def other_periods(headers: Row, sample: Sequence[set[str]], label: str) -> Fault | None:
    """The fault of a table without dates, if its columns, or the cells of a column, are quarters, halves or weeks."""
    for kind, pattern in _KINDS:
        across = [header for header in headers if header is not None and _is(pattern, header)]
        if len(across) >= 2:
            return kind(label=label, found=across[0])
    for kind, pattern in _KINDS:
        for header, values in zip(headers, sample, strict=False):
            periods = [value for value in sorted(values) if _is(pattern, value)]
            if header is not None and periods and len(periods) >= MOST * len(values):
                return kind(label=label, found=periods[0])
    return None


def _is(pattern: re.Pattern[str], text: str) -> bool:
    plain = narrow(text).casefold().strip()
    return pattern.fullmatch(plain) is not None or pattern.fullmatch(_bare(plain)) is not None


def _bare(text: str) -> str:
    """A text without the word of an amount at its end: `Q1销售额`."""
    return re.sub(r"[\s_-]*(?:销售)?(?:金?额|收入|sales|amount|revenue)$", "", text)
