"""Made-up plans for the tests of how sheets look: split by the real core, with plausible sales."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace

from xlsales.core.adjusted import Kind
from xlsales.core.adjusting import adjusted
from xlsales.core.adjustments import Adjustment, Unadjusted
from xlsales.core.breakdown import Breakdown, break_down
from xlsales.core.calendars import work_calendar
from xlsales.core.faults import Fault, Lang, Place, Problem
from xlsales.core.periods import Level, timeline
from xlsales.core.plan import MICROS, DayMethod, Dimension, Member, MonthMethod, Plan
from xlsales.core.shapes import History, shapes_of
from xlsales.core.tree import grow
from xlsales.layout.sheet import Frame
from xlsales.plan.achieved import Achieved, Conservation
from xlsales.plan.figures import NAN, Figures
from xlsales.plan.sheets import ADDED
from xlsales.plan.sheets.returns import ReturnLine, Returns
from xlsales.plan.sheets.runs import RunLine, Runs
from xlsales.plan.sheets.versions import VersionLine, Versions
from xlsales.tables.reading import Records
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.plan_tables import InputTable

YEAR = 2026
AS_OF = dt.date(YEAR, 8, 31)
TOTAL, STEP = 10_000_000.0, 1_000
MONTH_WEIGHTS = (812, 655, 801, 780, 866, 905, 788, 795, 903, 861, 1012, 822)
ACTUAL_SHARES = (1.07, 0.89, 1.02, 0.96, 1.05, 1.11, 0.84, 0.98)
REGIONS = {"东北": 150, "华北": 200, "华东": 300, "华南": 250, "华西": 100}
LUCK = {"东北": 0.82, "华北": 0.97, "华东": 1.04, "华南": 0.93, "华西": 1.11}
PROVINCES = {
    "东北": ("辽宁", "吉林", "黑龙江"),
    "华北": ("北京", "天津", "河北", "山西", "内蒙古"),
    "华东": ("上海", "江苏", "浙江", "安徽", "福建", "江西", "山东"),
    "华南": ("广东", "广西", "海南", "河南", "湖北", "湖南"),
    "华西": ("重庆", "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆"),
}
PRODUCTS = {"产品A": 300, "产品B": 400, "产品C": 300}
CHANNELS = {"线上": 300, "线下": 400, "合作伙伴": 300}


def frame(lang: Lang = "zh", unit: str = "wan", step: float = STEP) -> Frame:
    name = "2026 年度销售计划" if lang == "zh" else "Sales plan 2026"
    return Frame(name, unit, step, lang, dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31), AS_OF)


def dimension(name: str, members: list[Member]) -> Dimension:
    grown, faults = grow(name, members)
    assert grown is not None, faults
    return grown


def regions(tree: bool, without: str = "", locked: float | None = None) -> Dimension:
    """The regions with their provinces, or alone; `without` has none, `locked` is what each is held to of its share."""
    members = [
        Member(name, weight=weight, locked=None if locked is None else round(weight * 10 * locked))
        for name, weight in REGIONS.items()
    ]
    below = [Member(p, region, weight=1) for region, ps in PROVINCES.items() for p in ps if region != without]
    return dimension("区域", [*members, *(below if tree else [])])


@functools.cache
def breakdown(tree: bool = False, stretch: float = 1.0, locked: float | None = None, without: str = "") -> Breakdown:
    """A year's targets."""
    dimensions = (
        regions(tree, without, locked),
        dimension("产品", [Member(name, weight=w) for name, w in PRODUCTS.items()]),
        dimension("渠道", [Member(name, weight=w) for name, w in CHANNELS.items()]),
    )
    plan = Plan(
        "计划",
        round(TOTAL / STEP),
        STEP * MICROS,
        dt.date(YEAR, 1, 1),
        dt.date(YEAR, 12, 31),
        dimensions,
        month_method=MonthMethod.WEIGHTS,
        month_weights={i: float(w) for i, w in enumerate(MONTH_WEIGHTS, 1)},
        day_method=DayMethod.EQUAL,
        stretch=(stretch,),
        day_micros=MICROS,
    )
    line = timeline(plan.start, plan.end)
    return break_down(plan, line, shapes_of(plan, line, work_calendar(line.days), None))


def sold(split: Breakdown) -> Achieved:
    """Eight months of sales: each region has its luck; each product and channel its share of what a region sold."""
    timeline = split.timeline
    n_days = (AS_OF - timeline.start).days + 1
    month = timeline.index_of_day(Level.MONTH)[:n_days]
    region, product, channel = (split.dimensions[name].dimension for name in ("区域", "产品", "渠道"))
    luck = np.array([LUCK[m.name if m.name in LUCK else m.parent or ""] for m in region.members])
    share = np.outer(
        *(
            [float(m.weight or 1) * f for m, f in zip(d.members, (0.9, 1.1, 1.0), strict=True)]
            for d in (product, channel)
        )
    ).ravel()
    leaves = np.array(region.leaves)
    amounts = split.dimensions["区域"].months[leaves, : len(ACTUAL_SHARES)] * split.plan.step_micros
    by_day = (amounts * luck[leaves, None] * ACTUAL_SHARES / np.bincount(month))[:, month]
    micros = (by_day[:, :, None] * share / share.sum()).astype(np.int64)
    leaf, day, both = (index.ravel() for index in np.indices(micros.shape))
    days = timeline.days[day]
    codes = {"区域": leaves[leaf], "产品": both // len(channel.members), "渠道": both % len(channel.members)}
    codes = {name: code.astype(np.int32) for name, code in codes.items()}
    rows = Records(days, micros.ravel(), codes, (), *(micros.size,) * 2, 0, *(int(micros.sum()),) * 2, 0, (), {})
    return replace(Achieved.of(rows, split.plan, timeline, AS_OF), conservation=balance())


def balance() -> Conservation:
    return Conservation(6_412_345.67, 6_312_345.67, 52_000.0, 4_210, 4_187, 22, 48_000.0, 1)


def history(split: Breakdown, *, whole: bool = True) -> History:
    """Past sales of two years by region, 8 million in 2025; with `whole` False they begin in the midst of it."""
    region = split.dimensions["区域"].dimension
    weight = {m.name: REGIONS[m.name] for m in region.members if m.name in REGIONS}
    even = sum(w * LUCK[name] for name, w in weight.items())
    days, micros, codes = [], [], []
    for year in (2024, 2025) if whole else (2025,):
        for i, member in enumerate(region.members):
            if not region.is_leaf(i):
                continue
            top = member.name if member.name in REGIONS else member.parent or ""
            amount = 8e6 * REGIONS[top] * LUCK[top] / even / (1 if member.name == top else len(PROVINCES[top]))
            if year == 2024:
                amount *= 1 / 0.9 if LUCK[top] < 1 else 0.9
            for month in range(1 if whole else 5, 13):
                days += [np.datetime64(f"{year}-{month:02d}-01"), np.datetime64(f"{year}-{month:02d}-28")]
                micros += [round(amount / 24 * MICROS)] * 2
                codes += [i, i]
        if whole:
            days.append(np.datetime64(f"{year}-12-31"))
            micros.append(0)
            codes.append(-1)
    return History(np.array(days), np.array(micros), {"区域": np.array(codes, dtype=np.int32)})


def figures(
    lang: Lang = "zh",
    *,
    tree: bool = False,
    stretch: float = 1.0,
    locked: float | None = None,
    without: str = "",
    actuals: bool = True,
    unit: str = "wan",
    by_row: bool = False,
) -> Figures:
    """The figures of a run: `tree` regions have provinces, `locked` is what each region is held to of its share.

    With `by_row` sales are known row by row, without it by day and by month.
    """
    split = breakdown(tree, stretch, locked, without)
    shown = frame(lang, unit) if actuals else replace(frame(lang, unit), as_of=None)
    calendar = work_calendar(split.timeline.days)
    achieved = sold(split) if actuals else None
    if achieved is not None and not by_row:
        achieved = replace(achieved, records=None)
    return Figures(shown, split, calendar, achieved, history(split), problems())


def rows_of(table: InputTable, rows: Sequence[Mapping[str, object]], lang: Lang = "zh") -> list[Mapping[str, Any]]:
    """Rows of a table as they are read, in row 5 and below."""
    out = []
    for n, row in enumerate(rows, 5):
        cells = {column.key: Place(table.label[lang], n, i) for i, column in enumerate(table.columns, 2)}
        out.append(
            dict.fromkeys(cells)
            | {"faulty": frozenset(), "texts": {}, "percents": frozenset()}
            | dict(row)
            | {"cells": cells}
        )
    return out


def with_added(figures: Figures) -> Figures:
    """The figures with the examples of every sheet that people add typed in, as if they were theirs.

    Dimensions and members have their Chinese names in both languages.
    """
    lang, dimensions = figures.frame.lang, figures.breakdown.dimensions
    names = {*dimensions, *(member.name for part in dimensions.values() for member in part.dimension.members)}
    typed = {}
    for sheet in ADDED:
        rows = [
            {
                key: value["zh" if value.zh in names else lang] if isinstance(value, Word) else value
                for key, value in example.items()
            }
            for example in (*sheet.examples, *sheet.presets)
        ]
        typed |= {table.name: rows_of(table, (), lang) for table in sheet.tables}
        typed[sheet.tables[0].name] = rows_of(sheet.tables[0], rows, lang)
    return replace(figures, table_rows=typed, breakdown=with_adjustments(figures.breakdown))


def with_adjustments(split: Breakdown) -> Breakdown:
    """A breakdown in which 华东 gives to 华北 in November, and 东北 is relieved of half of it, off the total."""
    span = dt.date(YEAR, 11, 1), dt.date(YEAR, 11, 30)
    rows = [
        Adjustment(Kind.TRANSFER, "区域", "华东", "华北", *span, 100, None, "客户划转", 5),
        Adjustment(Kind.RELIEF, "区域", "东北", "", *span, None, 0.5, "停业", 5, lowers=True),
    ]
    after, wrong = adjusted(split, rows, (), Unadjusted(None))
    assert not wrong
    return after


class Told(Fault):
    """A finding in its own words."""

    zh = en = "{text}"


class Doubted(Told):
    """Normal use, said for once."""

    remark = True


def problems() -> tuple[Problem, ...]:
    def problem(row: int, column: int, value: str, text: str, amount: float | None, **more: bool | int) -> Problem:
        micros = None if amount is None else round(amount * MICROS)
        return Problem(Place("实际", row, column), value, Told(text=text), micros, **more)  # type: ignore[arg-type]

    return (
        problem(18, 2, "华冬", "“华冬”不是维度“区域”的成员,最接近的是“华东”。请改正,或在别名列加上它。", 52_000.0),
        problem(44, 5, "n/a", "“n/a”不是金额。清空该单元格或填数字。", None),
        problem(402, 1, "合计", "这是合计行,没有计入,以免重复。无需处理。", 48_000.0, set_aside=False, totals=True),
        problem(517, 1, "2026-13-05", "“2026-13-05”不是日期。请写成 2026-12-05 这样的日期。", None, count=3),
        problem(600, 2, '=HYPERLINK("http://x","y")', "成员名以等号开头,已按文字处理。", 12.5, set_aside=False),
    )


def runs(lang: Lang = "zh") -> Runs:
    return Runs(
        frame(lang),
        (
            RunLine("r2", dt.datetime(2026, 9, 1, 9, 30), "refresh", "0.1.0", "实际!A1:E4211,截止日 2026-08-31",
                    TOTAL, TOTAL, NAN, 6_312_345.67, "23 行搁置,见数据问题"),
            RunLine("r1", dt.datetime(2026, 1, 5, 8, 15), "split", "0.1.0", "设置、维度(区域 5、产品 3、渠道 3)",
                    NAN, TOTAL, NAN, NAN, ""),
        ),
    )  # fmt: skip


def versions(lang: Lang = "zh") -> Versions:
    head = {"version": "2", "when": "2026-04-01 09:00", "what": "总目标", "from": 9e6, "to": TOTAL, "change": 1e6,
            "why": "1 个成员的目标改变:锁定 1"}  # fmt: skip
    member = {"what": "区域 华东", "from": 2.7e6, "to": 3e6, "change": 3e5, "why": "锁定"}
    return Versions(frame(lang), (VersionLine("v:2", {**head}), VersionLine("v:2:区域::华东", {**member})))


def returns(lang: Lang = "zh") -> Returns:
    taken = ReturnLine("s:徐汇店", "徐汇店", "partly", True, "徐汇店.xlsx", AS_OF, 1, 31, 30, 1, 61_000.0, 60_000.0,
                       1_000.0, 2, "C12:“abc”不是金额。", 2, 3)  # fmt: skip
    missing, unknown = ReturnLine("s:静安店", "静安店", "missing"), ReturnLine("f:x", "(?)", "refused")
    return Returns(frame(lang), "门店", (taken, missing, unknown))
