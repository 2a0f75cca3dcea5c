"""What sentences are made of: the last week, lamps of a week before, and figures as their cells show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from xlsales.core.periods import Level, Period
from xlsales.layout import look
from xlsales.layout.model import Link, Role
from xlsales.layout.sheet import Frame
from xlsales.plan.achieved import Achieved
from xlsales.plan.by_week import Weeks
from xlsales.plan.figures import Figures, Members
from xlsales.plan.lowest import lowest
from xlsales.plan.morning.table import NAMED, SLOTS
from xlsales.plan.progress_columns import finer_format, progress_role
from xlsales.vocabulary.contract import UNIT_YUAN, Word

WEEK, DAY = dt.timedelta(7), dt.timedelta(1)
_WITH_FIGURE = Word("“{name}”{figure}", '"{name}" {figure}')
_QUOTED = Word("“{name}”", '"{name}"')
_AND_MORE = Word("{names} 等", "{names} and others")
LABELS = {
    "attainment": Word("完成率", "Attainment"),
    "actual": Word("实际({unit})", "Actual ({unit})"),
    "time": Word("时间进度", "Time progress"),
    "chance": Word("达成概率", "Chance"),
    "gap": Word("上周差额({unit})", "Last week's gap ({unit})"),
    "target": Word("上周目标({unit})", "Last week's target ({unit})"),
    "done": Word("上周完成({unit})", "Last week's sales ({unit})"),
    "off": Word("上周放假天数", "Days off last week"),
    "short": Word("{name} 上周差({unit})", "{name}, short last week ({unit})"),
    "red": Word("转红的成员数", "Members that turned red"),
    "recovered": Word("恢复的成员数", "Members that recovered"),
    "pace": Word("{name} 进度差", "{name}, pace"),
    "missing": Word("缺销售的成员数", "Members without sales"),
    "all_days": Word("谁都没有销售的天数", "Days without any sales"),
    "days": Word("{name} 缺几天", "{name}, days missing"),
    "returns": Word("没交回的份数", "Files not returned"),
    "month": Word("日均需达:本月({unit})", "Needed per day, this month ({unit})"),
    "next": Word("日均需达:下个月({unit})", "Needed per day, next month ({unit})"),
    "plan": Word("日均需达:到计划结束({unit})", "Needed per day to the end ({unit})"),
    "best": Word("最好的一个月,日均({unit})", "Best month, per day ({unit})"),
    "actions": Word("到期的行动", "Actions due"),
    "tasks": Word("到期的任务", "Tasks due"),
    "reviews": Word("到期的复盘", "Reviews due"),
    "slips": Word("像是填错的处数", "Likely slips"),
    "rows": Word("没有采用的行数", "Rows set aside"),
    "aside": Word("没有采用({unit})", "Set aside ({unit})"),
}


class Behind(Struct, frozen=True):
    """The figure behind a number of a sentence: its slot, its label and where it comes from; None if from here alone.

    Amounts are in yuan, shares are fractions.
    """

    slot: str
    label: str
    value: float
    link: Link | None = None


class Sentence(Struct, frozen=True):
    """A sentence of the page, and the figures of its numbers; the first is shown beside it."""

    kind: str
    text: str
    behind: tuple[Behind, ...] = ()


class Monday(Struct, frozen=True, dict=True):
    """The figures of a run as they are on Monday: of the last full week, and of a week before."""

    figures: Figures

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame

    @cached_property
    def members(self) -> Members | None:
        """The members whose sales are known, at the lowest level; None without any."""
        first = lowest(self.figures)
        known = (one for one in (first, *self.figures.dimensions) if one is not None and one.micros is not None)
        return next(known, None)

    @cached_property
    def as_of(self) -> dt.date | None:
        """The last day with actuals; None without any."""
        return self.figures.achieved.as_of if self.figures.achieved else None

    @cached_property
    def week(self) -> Weeks | None:
        """The last full week up to the as-of date, cut to the plan; None if there is none with sales by day."""
        plan, as_of = self.figures.breakdown.plan, self.as_of
        if as_of is None:
            return None
        last = as_of - dt.timedelta((as_of.weekday() - plan.week_start + 1) % 7)
        first, last = max(last - WEEK + DAY, plan.start), min(last, plan.end)
        if last < first:
            return None
        week = Weeks(self.figures, self.members, Period("", Level.WEEK, first, last), 1)
        return None if week.of_months else week

    @cached_property
    def sold(self) -> bool:
        """Whether there is any sale of the last full week."""
        records = self.figures.achieved.records if self.figures.achieved else None
        if self.week is None or records is None:
            return False
        first, last = np.datetime64(self.week.period.start), np.datetime64(self.week.period.end)
        return bool(((records.day >= first) & (records.day <= last)).any())

    @cached_property
    def then(self) -> Members | None:
        """The members as they stood a week before the as-of date; None if nothing was known."""
        achieved, members, as_of = self.figures.achieved, self.members, self.as_of
        if (
            as_of is None
            or members is None
            or achieved is None
            or achieved.records is None
            or self.week is None
            or not self.sold
        ):
            return None
        day, records, breakdown = as_of - WEEK, achieved.records, self.figures.breakdown
        kept = records.day <= np.datetime64(day)
        if day < breakdown.plan.start or not kept.any():
            return None
        codes = {name: code[kept] for name, code in records.codes.items()}
        records = replace(records, day=records.day[kept], micros=records.micros[kept], codes=codes)
        before = Achieved.of(records, breakdown.plan, breakdown.timeline, day)
        figures = replace(self.figures, achieved=before, frame=replace(self.frame, as_of=day), made={})
        return figures.dimensions[members.number - 1]

    def role(self, kind: str, slot: str) -> Role:
        """Return how a figure is shown."""
        role = SLOTS[kind][slot]
        return progress_role("required_per_day", self.frame) if role == "rate" else role  # type: ignore[return-value]

    @property
    def money(self) -> str:
        """The format of amounts; those of a week are small beside millions."""
        finer = finer_format(self.figures) if self.frame.unit in ("million", "yi") else None
        return finer or self.frame.money

    def shown(self, kind: str, slot: str, value: float) -> str:
        """Return a figure as its cell shows it."""
        role, number = self.role(kind, slot), Decimal(repr(float(value)))
        if role == "money":
            return _rounded(number / UNIT_YUAN[self.frame.unit], look.decimals(self.money))
        if role in ("percent", "points", "chance"):
            return _rounded(number * 100, 0 if role == "chance" else 1, "+" if role == "points" else "") + "%"
        return _rounded(number, 1 if role == "times" else 0)

    def label(self, key: str, **facts: object) -> str:
        """Return the label of a figure."""
        return in_line(self.frame.word(LABELS[key], unit=self.frame.unit_word, **facts))

    def rate_unit(self) -> str:
        """The unit of amounts a day."""
        of_plan = progress_role("required_per_day", self.frame) == "money"
        return self.frame.unit_word if of_plan else self.frame.full_word


def _rounded(number: Decimal, decimals: int, sign: str = "") -> str:
    rounded = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):{sign if rounded else ''},}"


def is_some(shown: str) -> bool:
    """Whether a figure is more than 0 as it is shown."""
    return bool(Decimal(shown.replace(",", "")))


def named(view: Monday, kind: str, members: Sequence[tuple[str, float]], more: bool = False) -> str:
    """Say members with a figure each."""
    word = view.frame.word
    said = [word(_WITH_FIGURE, name=in_line(name), figure=view.shown(kind, NAMED[0], value)) for name, value in members]
    return listed(said, view.frame, more)


def listed(texts: Sequence[str], frame: Frame, more: bool) -> str:
    """Say texts one after the other, and that there are `more`."""
    names = frame.listed(texts)
    return frame.word(_AND_MORE, names=names) if more else names


def quoted(names: Sequence[str], frame: Frame, most: int = len(NAMED)) -> str:
    """Say the first of some names."""
    return listed([frame.word(_QUOTED, name=in_line(name)) for name in names[:most]], frame, len(names) > most)


def in_line(text: str) -> str:
    """Return a text in one line: a name may have several."""
    return " ".join(text.split())


def span(first: dt.date, last: dt.date) -> str:
    """Say days without their year."""
    return f"{first:%m-%d}" if first == last else f"{first:%m-%d}~{last:%m-%d}"
