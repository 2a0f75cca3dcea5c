"""What the heading of one column says: a period, a sum of others, a measure, and the rest (a member, a group)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.expressions import expression
from xlsales.core.text import narrow
from xlsales.tables.words.fiscal import Years, fiscal_and, fiscal_number, number_and, read_years, says_fiscal
from xlsales.tables.words.header_words import is_total, normal
from xlsales.tables.words.units import split_header
from xlsales.values.date_text import MONTH_NAME, Stamp, month_number, read_stamp, without_time

Measure = Literal["amount", "weak", "quantity", "price", "target", "rate", "other"]

_CHINESE = {**{word: i + 1 for i, word in enumerate("一二三四五六七八九十")}, "十一": 11, "十二": 12}
_YEAR = r"(?:20\d\d|19\d\d)"
_PERIOD = (
    rf"(?:(?:{_YEAR}|\d\d)\s*年\s*)?\d{{1,2}}\s*月(?:\s*份)?(?:\s*\d{{1,2}}\s*[日号])?"
    rf"|(?:(?:{_YEAR}|\d\d)\s*年\s*)?(?:十[一二]?|[一二三四五六七八九])月份?"
    rf"|{_YEAR}\s*[-/.]\s*\d{{1,2}}(?:\s*[-/.]\s*\d{{1,2}})?(?!\d)"
    rf"|{_YEAR}(?:0[1-9]|1[0-2])(?:[0-3]\d)?(?!\d)"
    rf"|(?:{_YEAR}\s*[-/]?\s*)?m(?:1[0-2]|0?[1-9])(?![\d\w])"
    rf"|(?:{_YEAR}[-\s/]*)?{MONTH_NAME}(?![a-z])\.?(?:[-\s'/,]*(?:{_YEAR}|\d\d)(?!\d))?"
    rf"|\d\d[-\s]{MONTH_NAME}(?![a-z])"
)
_WHOLE = expression(_PERIOD)
_FRONT = expression(rf"({_PERIOD})\s*[-_:/·|.,]?\s*(\S.*)")
_BACK = expression(rf"(.*?[^\d\s\-_:/·|.,(])\s*[-_:/·|.,(]?\s*({_PERIOD})\)?")
_ONLY_YEAR = expression(rf"(?:fy\s*)?({_YEAR}|(?<=fy)\d\d|(?<=fy )\d\d)\s*(?:年度?|财年)?")
_YEAR_AND = expression(rf"(?:fy\s*)?({_YEAR})\s*(?:年度?|财年)?\s*[-_:/]?\s*(\S.*)")
_SPAN = expression(
    rf"(?:{_YEAR}\s*年?\s*[-/]?\s*)?(?:第?[一二三四1-4]\s*季度?|[1-4]季|q[1-4]|[1-4]q|[上下]半年度?|h[12]|[12]h"
    rf"|\d{{1,2}}\s*月?\s*[-~—–至到]\s*\d{{1,2}}\s*月份?|{MONTH_NAME}\.?\s*[-~—–]\s*{MONTH_NAME}\.?|ytd|全年|年度|年累计|本年累计|累计)(?:\s*{_YEAR})?\s*(.*)"
)
_QUARTER = expression(r"季|^q|q$|半年|^h|h$|q\d|\dq")
_DAY = expression(r"(\d{1,2})\s*[日号]?")
_FRACTION = expression(r"-?(?!(?:19|20)\d\d\.)\d+\.(?!(?:19|20)\d\d\Z)\d+")
"""A number that says nothing: `2026.10` may be a month, `004.2026` a period."""
_TWO_FIGURES = expression(rf"(?:({MONTH_NAME})\.?[-\s'/,]*(\d\d)|(\d\d)[-\s]({MONTH_NAME}))")

_MEASURES: tuple[tuple[Measure, re.Pattern[str]], ...] = (
    ("rate", expression(
        "率$|率%|[成度]比$|占比|比重|同比|环比|增长|增幅|增速|进度|%|排名"
        "|rate|yoy|mom|growth|^share|attain|achiev|pct|percent|rank"
    )),
    ("target", expression(
        "目标|计划|预算|任务|指标|预测|预计|预估|target|plan|budget|quota|goal|forecast|kpi|^bud$|^tgt$"
    )),
    ("other", expression("去年|上年|同期|上期|往年|前年|lastyear|prior|previous|^ly|^py")),
    ("other", expression(
        "成本|毛利|利润|库存|折扣|优惠|退货|退款|差额|差异|缺口|应收|应付|费用|税额|运费|平均|均值|月均|日均|备注|原价|吊牌"
        "|gap|varia|^var$|cost|profit|margin|stock|inventory|discount|refund|return|tax|shipping|average|^avg|^diff|note"
    )),
    ("weak", expression("^完成[数额值]?$|^达成[数额值]?$|^done$")),
    ("price", expression("单价|均价|客单|price|^asp|^aov")),
    ("quantity", expression(
        "[数销单重]量|[件台箱吨瓶个套单笔人双盒份]数|数$|[台人车客桌单项]次$|客流|qty|quantit|units|count|orders|volume|pcs|^件$|^台$|^箱$"
    )),
    ("amount", expression("实际|实绩|实销|实收|actual|^act$|本年|今年|本期|本月|^ty$|^cy$")),
    ("amount", expression("金额|额$|销售|收入|业绩|流水|营收|gmv|sales|amount|revenue|^amt$|value|turnover|^net")),
)  # fmt: skip
"""What words measure, the first match; `weak` ones are amounts if nothing else is."""


class Label(Struct, frozen=True):
    """What a heading says.

    `period`: a month or day, or a bare number. `year` alone is that of several periods. `total`: the column sums
    others. `rest`: other words; `words`: those and the words of measures. `short`: the month and the figure of
    `Jan-26`, which may be a year or a day. `quarter`: the column sums months, unless months are below it. `fiscal`:
    the fiscal year. `numbered`: the number beside a fiscal year, and whether it counts periods.
    """

    period: Stamp | int | None = None
    year: int | None = None
    total: bool = False
    measure: Measure | None = None
    rest: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    short: tuple[int, int] | None = None
    quarter: bool = False
    fiscal: Years | None = None
    numbered: tuple[int, bool] | None = None


def read_label(parts: Sequence[str]) -> Label:
    """Read the heading of a column, its parts from the top down."""
    return _label(tuple(parts))


@lru_cache(8192)
def _label(parts: tuple[str, ...]) -> Label:
    label = Label()
    for part in parts:
        label = _with(label, part)
    if isinstance(label.period, Stamp) and label.period.year is None and label.year is not None:
        label = replace(label, period=replace(label.period, year=label.year))
    return label


@lru_cache(8192)
def measure_of(text: str) -> Measure | None:
    """What a word measures; None for other words."""
    word = normal(split_header(text)[0])
    return next((measure for measure, pattern in _MEASURES if pattern.search(word)), None)


def sums_columns(parts: Sequence[str]) -> bool:
    """Whether a heading of amounts may be that of their sum beside members across: `营业额合计`, `合计金额`."""
    return read_label(parts).total or any(re.match("合计|总计|总|grandtotal|total", normal(part)) for part in parts)


def is_heading(text: str) -> bool:
    """Whether a cell reads as part of a heading: a period, a year, a measure or a sum, and no plain number."""
    label = read_label([text])
    if isinstance(label.period, int):
        return False
    return bool(label.period or label.year or label.total or (label.measure and not label.rest))


def _with(label: Label, part: str) -> Label:
    """Add to a label what one part of its heading says: the first reader that knows the part decides."""
    part = without_time(narrow(part))
    if _FRACTION.fullmatch(part):
        return replace(label, rest=(*label.rest, part), words=(*label.words, part))
    text = part if _DAY.fullmatch(part) else split_header(part)[0].casefold()
    for read in (_day, _fiscal_period, _whole_period, _year, _sum, _period_and, _year_and):
        read_in = read(label, text)
        if read_in is not None:
            return read_in
    measure = measure_of(part)
    if measure is not None:
        return replace(label, measure=_worse(label.measure, measure), words=(*label.words, part))
    return replace(label, rest=(*label.rest, part), words=(*label.words, part))


def _day(label: Label, text: str) -> Label | None:
    """`5`, `5日`: a day of the month above, or a bare number."""
    match = _DAY.fullmatch(text)
    if match is None or not 1 <= int(match[1]) <= 31:
        return None
    if isinstance(label.period, Stamp) and label.period.month and not label.period.day:
        return replace(label, period=replace(label.period, day=int(match[1])))
    return replace(label, period=int(match[1]))


def _fiscal_period(label: Label, text: str) -> Label | None:
    """`FY26 P1`, `2025财年第4期`; a fiscal year, or a period of one, and something else: `FY26 Apr`."""
    numbered = fiscal_number(text)
    if numbered is not None:
        years, number, is_period = numbered
        stamp = Stamp(years[0], number)
        return replace(label, period=stamp, year=years[0], fiscal=years, numbered=(number, is_period))
    both = number_and(text) or fiscal_and(text)
    return _with(_with(label, both[0]), both[1]) if both is not None else None


def _whole_period(label: Label, text: str) -> Label | None:
    """`1月`, `2026-01`, `Jan-26`."""
    period = _period(text)
    if period is None:
        return None
    two = _TWO_FIGURES.fullmatch(text)
    short = (period.month or 0, int(two[2] or two[3])) if two else None
    return replace(label, period=_in_year(label.period, period), short=short, total=label.total and not label.quarter)


def _year(label: Label, text: str) -> Label | None:
    """`2026年`, `FY26`, `FY25/26`."""
    years = read_years(text) if _ONLY_YEAR.fullmatch(text) or says_fiscal(text) else None
    if years is None:
        return None
    return replace(label, year=years[0], fiscal=years if says_fiscal(text) else None)


def _sum(label: Label, text: str) -> Label | None:
    """`一季度`, `1-3月`, `全年销售额`, `合计`."""
    span = _SPAN.fullmatch(text)
    if span and (not span[1] or is_total(span[1]) or measure_of(span[1])):
        measure = _worse(label.measure, measure_of(span[1]) if span[1] else None)
        return replace(label, total=True, measure=measure, quarter=not span[1] and bool(_QUARTER.search(text)))
    return replace(label, total=True, measure=_worse(label.measure, measure_of(text))) if is_total(text) else None


def _period_and(label: Label, text: str) -> Label | None:
    """A period and something else: `1月销售额`, `销售额(1月)`."""
    for pattern, at, of in ((_FRONT, 1, 2), (_BACK, 2, 1)):
        both = pattern.fullmatch(text)
        period = _period(both[at]) if both else None
        if both and period is not None and not re.match(r"[-~至到]\s*\d", both[of]):
            return _with(replace(label, period=_in_year(label.period, period)), both[of])
    return None


def _year_and(label: Label, text: str) -> Label | None:
    """A year before a measure or a sum: `2026年销售额`."""
    both = _YEAR_AND.fullmatch(text)
    if both is None or not (measure_of(both[2]) or is_total(both[2])):
        return None
    fiscal = (int(both[1]), None) if says_fiscal(text) else None
    return _with(replace(label, year=int(both[1]), fiscal=fiscal), both[2])


def _worse(one: Measure | None, other: Measure | None) -> Measure | None:
    """Of `实际` over `数量` the quantity counts: a word that is no amount goes before one that is."""
    order: tuple[Measure | None, ...] = (None, "weak", "amount", "quantity", "price", "target", "rate", "other")
    return max(one, other, key=order.index)


def _in_year(above: Stamp | int | None, below: Stamp) -> Stamp:
    return replace(below, year=above.year) if isinstance(above, Stamp) and below.year is None else below


def _period(text: str) -> Stamp | None:
    """Read a month or a day that is a whole text; None for other texts."""
    if not _WHOLE.fullmatch(text):
        return None
    chinese = re.fullmatch(r"(?:(\d+)\s*年\s*)?([一二三四五六七八九十]+)月份?", text)
    if chinese:
        text = f"{chinese[1]}年{_CHINESE[chinese[2]]}月" if chinese[1] else f"{_CHINESE[chinese[2]]}月"
    text = re.sub(r"^(\d\d)\s*年", r"20\1年", text)
    two = _TWO_FIGURES.fullmatch(text)
    if two:
        return Stamp(2000 + int(two[2] or two[3]), month_number(two[1] or two[4]))
    mark = re.fullmatch(rf"(?:({_YEAR})\s*[-/]?\s*)?m(\d+)", text)
    if mark:
        return Stamp(int(mark[1]) if mark[1] else None, int(mark[2]))
    name = re.fullmatch(rf"({_YEAR})[-\s/]*({MONTH_NAME})\.?", text)
    if name:
        return Stamp(int(name[1]), month_number(name[2]))
    stamp = read_stamp(text.replace(".", "-"))
    return stamp if stamp is not None and stamp.month is not None else None


def period_columns(row: Sequence[str | None]) -> dict[int, Stamp | int]:
    """The columns of one row of headings that are months or days: column → what it says, or a bare number."""
    return periods_of({i: read_label([cell]) for i, cell in enumerate(row) if cell is not None})


def periods_of(labels: Mapping[int, Label]) -> dict[int, Stamp | int]:
    """The columns with months or days as headings, at least two: column → what it says, or a bare number.

    `Jan-26` is a month of 2026, but a day if all are of one month.
    """
    shorts = {column: label.short for column, label in labels.items() if label.short}
    days = len({month for month, _ in shorts.values()}) == 1 and len({n for _, n in shorts.values()}) > 1
    stamps: dict[int, Stamp | int] = {}
    numbers: dict[int, int] = {}
    for column, label in labels.items():
        if label.total:
            continue
        if isinstance(label.period, Stamp):
            short = label.short
            stamps[column] = Stamp(label.year, short[0], short[1]) if short and days else label.period
        elif isinstance(label.period, int):
            numbers[column] = label.period
    if len(stamps) >= 2:
        return stamps
    run = list(dict.fromkeys(numbers.values()))
    return dict(numbers) if len(run) >= 2 and run == list(range(run[0], run[0] + len(run))) else {}
