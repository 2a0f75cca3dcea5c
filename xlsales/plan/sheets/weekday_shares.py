"""Sheet 星期占比: what a reference period sold on each weekday, its share and its index, and which days do not count.

A person names the periods in table 星期参照, each for the company or for a member.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Steps
from xlsales.core.faults import DateRange, Fault, Problem, Refused
from xlsales.core.own_indexes import LEAST_DAYS, are_enough, reference_spans
from xlsales.core.periods import Days
from xlsales.core.plan import MICROS
from xlsales.core.shapes import Span, ancestors, inside_spans
from xlsales.core.spreading import NothingToFollow
from xlsales.core.weights import WeekdaySales, weekday_sales
from xlsales.layout import look
from xlsales.layout.keyed import Closes, at, counting
from xlsales.layout.model import Chart, Column, Row, Series, Value, chart_rows
from xlsales.layout.sheet import CENTS, Frame, Page, Sheet, role_width
from xlsales.plan.figures import Figures
from xlsales.plan.table_rows import AtColumn, named_member
from xlsales.plan.unknown_names import NotInThePlan
from xlsales.plan.weekday_reference import T_WEEKDAY_REFERENCE, has_own_index
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import WEEKDAYS, Word

_COMPANY = Word("公司整体", "Company")
_WEEKDAY, _DAYS = Word("星期", "Weekday"), Word("天数", "Days")
_SALES, _MEAN = Word("销售", "Sales"), Word("平均一天", "Mean of a day")
_SHARE, _INDEX = Word("占比", "Share"), Word("星期指数", "Weekday index")
_LEFT_OUT = Word("未计的节假日和调休日,{year}年:{days}", "Holidays and make-up days left out, {year}: {days}")
_NONE_LEFT_OUT = Word("没有节假日和调休日要剔除", "no holidays or make-up days to leave out")
_RULE = Word(
    "指数 = 平均一天 ÷ 最弱的一天;节假日和调休日不计", "Index = mean of a day / weakest day; holidays left out"
)
_FOLLOWED = Word("每天的目标按这个指数,每月不变", "Its days follow this index, its months stay")
_TYPED = Word(
    "每天的目标按“星期参照”里填的指数,不按这个", "Its days follow the index typed in Weekday reference, not this"
)
_ROW_ABOVE = Word("每天的目标按“星期参照”里它的第一行", "Its days follow its first row in Weekday reference")
_TOO_FEW = Word(
    "有的星期不到 {least} 天,不够算它自己的指数:每天的目标按公司的",
    "A weekday has fewer than {least} days, too few for an index of its own: its days follow the company's",
)
_CHART = Word("{name}:平均一天({unit})", "{name}: mean of a day ({unit})")
_CHART_ROWS = 14
_RANGES_A_LINE = 6


class NothingSoldThen(Fault):
    """A reference without sales."""

    zh = "“{name}”在 {span} 没有销售,算不出星期占比。请粘贴这段历史,或换一个期间。"
    en = '"{name}" sold nothing in {span}, so there are no weekday shares. Paste its sales, or enter another period.'


class WeekdayReference(Struct, frozen=True):
    """What one row of the table asks for, and what it found."""

    number: int
    name: str
    spans: tuple[Span, ...]
    sales: WeekdaySales
    use: Word | None
    """What is made of it in the days of the member; None of the company and of members with others below."""

    @property
    def key(self) -> str:
        """What its rows' keys begin with."""
        return f"r{self.number}"


class WeekdayView(Struct, frozen=True):
    """The references that are typed, in their order."""

    figures: Figures
    references: tuple[WeekdayReference, ...]

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame


# --- from the table to shares ---------------------------------------------------


def _views(figures: Figures) -> Iterator[WeekdayView]:
    rows = figures.table_rows.get(T_WEEKDAY_REFERENCE.name, ())
    problems: list[Problem] = []
    references = []
    for number, row in enumerate(rows, 1):
        if row["faulty"]:  # told already
            continue
        if row["period"] is None and has_own_index(row):  # it asks for nothing: its index is typed
            continue
        try:
            references.append(_reference(number, row, figures))
        except AtColumn as found:
            problems.append(found.problem(row))
    if references:
        yield WeekdayView(figures, tuple(references))
    if problems or any(row["faulty"] for row in rows):
        raise Refused(problems)


def _reference(number: int, row: Mapping[str, Any], figures: Figures) -> WeekdayReference:
    frame, plan = figures.frame, figures.breakdown.plan
    name = row["member"] or frame.word(_COMPANY)
    try:
        spans = reference_spans(plan, row["period"])
    except Fault as fault:
        raise AtColumn("period", fault) from None
    days, micros = _sales(row["member"], figures)
    inside = inside_spans(days, [(span, 1.0) for span in spans])
    try:
        if not micros[inside].any():
            raise NothingToFollow
        sales = weekday_sales(days[inside], micros[inside], figures.calendar)
    except NothingToFollow:
        said = frame.listed(str(DateRange(*span)) for span in spans)
        raise AtColumn("period", NothingSoldThen(name=name, span=said)) from None
    except Fault as fault:
        raise AtColumn("period", fault) from None
    return WeekdayReference(number, name, tuple(spans), sales, _use(row, sales, figures))


def _use(row: Mapping[str, Any], sales: WeekdaySales, figures: Figures) -> Word | None:
    """What days of the member of a row follow, if it is one of the lowest."""
    found, plan = named_member(row["member"], figures) if row["member"] is not None else None, figures.breakdown.plan
    if found is None or not found[0].dimension.is_leaf(found[1]):
        return None
    own = found[0].name, found[0].dimension.members[found[1]].name
    if has_own_index(row) or own not in plan.member_references:
        return _TYPED
    if plan.member_references[own] != row["period"]:
        return _ROW_ABOVE
    return _FOLLOWED if are_enough(sales) else _TOO_FEW


def _sales(member: str | None, figures: Figures) -> tuple[Days, Steps]:
    """Records of sales, as days and micro-yuan: of a member past ones, of the company those of this plan too."""
    past = figures.past
    days = np.zeros(0, dtype="datetime64[D]") if past is None else past.days
    micros = np.zeros(0, dtype=np.int64) if past is None else past.micros
    if member is None:
        achieved, line = figures.achieved, figures.breakdown.timeline
        if achieved is not None:
            until = (achieved.as_of - line.start).days + 1
            before = days < np.datetime64(line.start)
            days = np.concatenate([days[before], line.days[:until]])
            micros = np.concatenate([micros[before], achieved.days[:until]])
        return days, micros
    try:
        found = named_member(member, figures)
    except Fault as fault:
        raise AtColumn("member", fault) from None
    if found is None:
        raise AtColumn("member", NotInThePlan(name=member))
    members, position = found
    codes = past.codes.get(members.name) if past is not None else None
    if codes is None:
        return days[:0], micros[:0]
    chains = ancestors(members.dimension)
    below = np.array([position in chain for chain in chains])
    own = (codes >= 0) & below[codes]
    return days[own], micros[own]


# --- from shares to the sheet -----------------------------------------------------


def _columns(view: WeekdayView) -> list[Column]:
    word = view.frame.word
    largest = [float(one.sales.sums.sum()) / MICROS for one in view.references]
    width = role_width("money", largest, CENTS)
    labels = [_label(one, view.frame) for one in view.references]
    return [
        Column("weekday", word(_WEEKDAY), "text", look.label_width(labels, 18.0, 56.0)),
        Column("days", word(_DAYS), "count", 9),
        Column("sales", word(_SALES), "money", width),
        Column("mean", word(_MEAN), "money", max(width, look.header_width(word(_MEAN)))),
        Column("share", word(_SHARE), "bar", 12),
        Column("index", word(_INDEX), "ratio", max(10.0, look.header_width(word(_INDEX)))),
    ]


def _label(one: WeekdayReference, frame: Frame) -> str:
    return f"{one.name}  {frame.listed(str(DateRange(*span)) for span in one.spans)}"


def _rows(view: WeekdayView) -> Iterator[Row]:
    """Row keys, of the n-th reference: `r<n>`, `r<n>:<weekday from 1>`, `r<n>:proof`, `:use`, `:left:<line>`."""
    frame = view.frame
    for one in view.references:
        sales, key = one.sales, one.key
        sums, means, index = sales.sums / MICROS, sales.means / MICROS, sales.index
        shares = means / means.sum()
        total: dict[str, Value] = {
            "weekday": _label(one, frame),
            "days": float(sales.counts.sum()),
            "sales": float(sums.sum()),
            "share": 1.0,
        }
        yield Row(key, total, "total")
        for n, weekday in enumerate(WEEKDAYS):
            values: dict[str, Value] = {
                "weekday": frame.word(weekday),
                "days": float(sales.counts[n]),
                "sales": float(sums[n]),
                "mean": float(means[n]),
                "share": float(shares[n]),
                "index": float(index[n]),
            }
            yield Row(f"{key}:{n + 1}", values, counts_for=f"/{key}/")
        closes = Closes(counting(f"/{key}/") - at(key))
        label = frame.word(words.PROOF_SUM, level=frame.word(_WEEKDAY))
        yield Row(
            f"{key}:proof", {"weekday": label}, "proof", formulas=dict.fromkeys(("days", "sales", "share"), closes)
        )
        if one.use is not None:
            yield Row(f"{key}:use", {"weekday": frame.word(one.use, least=LEAST_DAYS)}, "note")
        for n, line in enumerate(_left_out(one, frame)):
            yield Row(f"{key}:left:{n}", {"weekday": line}, "note")
    yield from chart_rows(_CHART_ROWS)


def _left_out(one: WeekdayReference, frame: Frame) -> list[str]:
    """Lines of the days that do not count, those that follow each other as a range, by years."""
    ranges: list[tuple[dt.date, dt.date]] = []
    for day in one.sales.left_out.tolist():
        if ranges and day - ranges[-1][1] == dt.timedelta(1) and day.year == ranges[-1][0].year:
            ranges[-1] = (ranges[-1][0], day)
        else:
            ranges.append((day, day))
    lines = []
    for year, of_year in groupby(ranges, lambda span: span[0].year):
        said = [str(DateRange(*(f"{day:%m-%d}" for day in span))) for span in of_year]
        for first in range(0, len(said), _RANGES_A_LINE):
            days = frame.listed(said[first : first + _RANGES_A_LINE])
            lines.append(frame.word(_LEFT_OUT, year=year, days=days))
    return lines or [frame.word(_NONE_LEFT_OUT)]


def _charts(view: WeekdayView, _rows: Sequence[Row]) -> list[Chart]:
    first, frame = view.references[0], view.frame
    return [
        Chart(
            frame.word(_CHART, name=first.name, unit=frame.full_word),
            (Series(frame.word(_MEAN), "mean", f"{first.key}:1", f"{first.key}:7", look.INK, labels=True),),
            categories="weekday",
            row="chart:1",
            column="weekday",
            last_row=f"chart:{_CHART_ROWS - 1}",
            last_column="index",
        )
    ]


def _page(_view: WeekdayView, rows: Sequence[Row]) -> Page:
    return Page(portrait=True, rows=tuple(row.key for row in rows if row.kind == "total" or row.key == "chart:0"))


WEEKDAY_SHARES = Sheet[Figures, WeekdayView](
    key="weekday_shares",
    title=Word("星期占比", "Weekday shares"),
    purpose=Word(
        "参照的几周里,周一到周日各卖多少、占比和星期指数,哪些天没有计入",
        "What a reference period sold from Monday to Sunday: shares, weekday index, days left out",
    ),
    views=_views,
    columns=_columns,
    rows=_rows,
    facts=lambda view: (view.frame.word(_RULE),),
    charts=_charts,
    page=_page,
    as_typed=True,
    tables=(T_WEEKDAY_REFERENCE,),
    judges_rows=True,
    examples=({"period": Word("2025", "2025")},),
)
