"""Made-up plans for the tests of how sheets look: coherent by construction, plausible in size."""

from __future__ import annotations

import calendar
import datetime as dt
import math

from xlsales.core.basis import Basis, Ground
from xlsales.core.faults import Lang
from xlsales.core.plan import Member
from xlsales.core.tree import grow
from xlsales.plan.shown import (
    NAN,
    BasisSheet,
    ClockReading,
    Conservation,
    DimensionLines,
    DimensionSheet,
    Figures,
    Frame,
    Level,
    LevelSum,
    MemberLine,
    MemberRow,
    MonthHead,
    MonthLine,
    OverviewSheet,
    ProblemLine,
    ProblemsSheet,
    RunLine,
    RunsSheet,
    TimeRow,
    TimeSheet,
)

TOTAL = 10_000_000.0
YEAR = 2026
AS_OF = dt.date(YEAR, 8, 31)
MONTH_TARGETS = (812e3, 655e3, 801e3, 780e3, 866e3, 905e3, 788e3, 795e3, 903e3, 861e3, 1012e3, 822e3)
ACTUAL_SHARES = (1.04, 0.86, 0.99, 0.93, 1.02, 1.08, 0.81, 0.95)
REGIONS = {"东北": 150, "华北": 200, "华东": 300, "华南": 250, "华西": 100}
REGION_LUCK = {"东北": 0.82, "华北": 0.97, "华东": 1.04, "华南": 0.93, "华西": 1.11}
PROVINCES = {
    "东北": ("辽宁", "吉林", "黑龙江"),
    "华北": ("北京", "天津", "河北", "山西", "内蒙古"),
    "华东": ("上海", "江苏", "浙江", "安徽", "福建", "江西", "山东"),
    "华南": ("广东", "广西", "海南", "河南", "湖北", "湖南"),
    "华西": ("重庆", "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆"),
}


def frame(lang: Lang = "zh", unit: str = "wan", step: float = 1_000) -> Frame:
    name = "2026 年度销售计划" if lang == "zh" else "Sales plan 2026"
    return Frame(name, unit, step, lang, dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31), AS_OF)


def figures(target: float, to_date: float, actual: float, days_left: int = 86) -> Figures:
    """The progress of something of which `to_date` of `target` is due."""
    if math.isnan(actual):
        return Figures(target=target)
    progress, attainment = to_date / target, actual / target
    ratio = actual / to_date if to_date else NAN
    status = "green" if ratio >= 1 else "amber" if ratio >= 0.95 else "orange" if ratio >= 0.85 else "red"
    return Figures(
        target,
        actual,
        attainment,
        progress,
        to_date,
        attainment - progress,
        target - actual,
        actual / progress if progress else NAN,
        attainment / progress if progress else NAN,
        (target - actual) / days_left if days_left else NAN,
        status,
    )


def total() -> Figures:
    return figures(TOTAL, sum(MONTH_TARGETS[:8]), sum(month_actuals()[:8]))


def month_actuals() -> tuple[float, ...]:
    done = [round(t * s, 2) for t, s in zip(MONTH_TARGETS, ACTUAL_SHARES, strict=False)]
    return (*done, NAN, NAN, NAN, NAN)


def heads() -> tuple[MonthHead, ...]:
    return tuple(MonthHead(f"{YEAR}-{m:02d}", f"{m}月", str(YEAR)) for m in range(1, 13))


def dimension_sheet(
    lang: Lang = "zh", *, tree: bool = False, stretch: float = 0.0, unassigned: float = 0.0
) -> DimensionSheet:
    weights = {name: w / 1000 for name, w in REGIONS.items()}
    factor = 1 + stretch - unassigned
    members: list[MemberRow] = []
    for name, weight in weights.items():
        members.append(_member(name, 1, not tree, weight * factor, weight, REGION_LUCK[name]))
        for province in PROVINCES[name] if tree else ():
            share = weight / len(PROVINCES[name])
            members.append(_member(province, 2, True, share * factor, share, REGION_LUCK[name]))
    even = sum(w * REGION_LUCK[n] for n, w in weights.items())
    actuals = tuple(a * even for a in month_actuals())
    due = sum(MONTH_TARGETS[:8])
    levels = tuple(
        LevelSum(
            depth,
            stretch * TOTAL,
            unassigned * TOTAL,
            0.0,
            tuple(stretch * t for t in MONTH_TARGETS),
            tuple(unassigned * t for t in MONTH_TARGETS),
        )
        for depth in ((1, 2) if tree else (1,))
    )
    return DimensionSheet(
        frame(lang),
        1,
        "区域" if lang == "zh" else "Region",
        heads(),
        figures(TOTAL, due, math.fsum(actuals[:8])),
        MONTH_TARGETS,
        tuple(members),
        levels,
        actuals,
    )


def _member(name: str, depth: int, leaf: bool, share: float, task: float, luck: float) -> MemberRow:
    targets = tuple(t * share for t in MONTH_TARGETS)
    actuals = tuple(a * task * luck for a in month_actuals())
    due = math.fsum(targets[:8])
    return MemberRow(
        name, name, depth, leaf, figures(math.fsum(targets), due, math.fsum(actuals[:8])), targets, actuals
    )


def time_sheet(lang: Lang = "zh") -> TimeSheet:
    """A year down to its days, weeks cut at the month's end."""
    days = {dt.date(YEAR, 1, 1) + dt.timedelta(n): 0.0 for n in range(365)}
    for month, target in enumerate(MONTH_TARGETS, 1):
        span = calendar.monthrange(YEAR, month)[1]
        steps, rest = divmod(round(target), span)
        for day in range(1, span + 1):
            days[dt.date(YEAR, month, day)] = float(steps + (1 if day <= rest else 0))
    done = {d: t * ACTUAL_SHARES[d.month - 1] for d, t in days.items() if d <= AS_OF}
    rows: list[TimeRow] = []

    def add(key: str, level: Level, label: str, start: dt.date, end: dt.date) -> None:
        inside = [d for d in days if start <= d <= end]
        due = math.fsum(days[d] for d in inside if d <= AS_OF)
        actual = math.fsum(done.get(d, 0.0) for d in inside) if start <= AS_OF else NAN
        left = sum(d > AS_OF for d in inside)
        work = sum(d.weekday() < 5 for d in inside)
        rows.append(
            TimeRow(key, level, label, start, end, work, figures(math.fsum(days[d] for d in inside), due, actual, left))
        )

    add(f"{YEAR}", "year", f"{YEAR}年", dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31))
    week = 0
    for month in range(1, 13):
        last = calendar.monthrange(YEAR, month)[1]
        if month % 6 == 1:
            half = month // 6 + 1
            end = dt.date(YEAR, month + 5, calendar.monthrange(YEAR, month + 5)[1])
            add(f"{YEAR}H{half}", "half", ("上半年", "下半年")[half - 1], dt.date(YEAR, month, 1), end)
        if month % 3 == 1:
            end = dt.date(YEAR, month + 2, calendar.monthrange(YEAR, month + 2)[1])
            add(f"{YEAR}Q{month // 3 + 1}", "quarter", f"{month // 3 + 1}季度", dt.date(YEAR, month, 1), end)
        add(f"{YEAR}-{month:02d}", "month", f"{month}月", dt.date(YEAR, month, 1), dt.date(YEAR, month, last))
        day = dt.date(YEAR, month, 1)
        while day.month == month:
            end = min(day + dt.timedelta(6 - day.weekday()), dt.date(YEAR, month, last))
            week += 1
            add(f"{YEAR}-{month:02d}-W{week}", "week", f"{day.month}.{day.day}–{end.month}.{end.day}", day, end)
            for n in range((end - day).days + 1):
                d = day + dt.timedelta(n)
                add(d.isoformat(), "day", f"{d.month}月{d.day}日 周{'一二三四五六日'[d.weekday()]}", d, d)
            day = end + dt.timedelta(1)
            if day.year != YEAR:
                break
    due = math.fsum(t for d, t in days.items() if d <= AS_OF)
    whole = figures(TOTAL, due, math.fsum(done.values()))
    return TimeSheet(frame(lang), whole, tuple(rows), 248)


def overview_sheet(lang: Lang = "zh") -> OverviewSheet:
    whole = total()
    months, running_target, running_actual = [], 0.0, 0.0
    for head, target, actual in zip(heads(), MONTH_TARGETS, month_actuals(), strict=True):
        running_target += target
        known = not math.isnan(actual)
        running_actual += actual if known else 0.0
        f = figures(target, target, actual)
        months.append(
            MonthLine(
                head.key, head.label, target, actual, f.attainment, running_target,
                running_actual if known else NAN, running_actual / running_target if known else NAN, f.status,
            )
        )  # fmt: skip
    attained = whole.attainment
    clocks = (
        ClockReading("target_curve", whole.time_progress, attained - whole.time_progress, whole.status),
        ClockReading("calendar", 243 / 365, attained - 243 / 365, "amber"),
        ClockReading("working_days", 162 / 248, attained - 162 / 248, "green"),
    )
    flat = dimension_sheet(lang)
    dimensions = (
        DimensionLines("区域", tuple(MemberLine(m.label, m.figures) for m in flat.members)),
        DimensionLines("产品", _lines({"产品A": (300, 0.91), "产品B": (400, 1.01), "产品C": (300, 0.97)})),
        DimensionLines("渠道", _lines({"线上": (300, 1.12), "线下": (400, 0.83), "合作伙伴": (300, 0.98)})),
    )
    balance = Conservation(6_412_345.67, 6_312_345.67, 52_000.0, 4_210, 4_187, 22, 48_000.0, 1)
    return OverviewSheet(frame(lang), whole, clocks, tuple(months), dimensions, balance)


def _lines(members: dict[str, tuple[int, float]]) -> tuple[MemberLine, ...]:
    due = sum(MONTH_TARGETS[:8]) / TOTAL
    return tuple(
        MemberLine(name, figures(w * 1e4, w * 1e4 * due, w * 1e4 * due * luck)) for name, (w, luck) in members.items()
    )


def problems_sheet(lang: Lang = "zh") -> ProblemsSheet:
    problems = (
        ProblemLine(
            "实际",
            "华冬",
            "“华冬”不是维度“区域”的成员,最接近的是“华东”。请改正,或在维度表的别名列加上它。",
            18,
            "B",
            52_000.0,
        ),
        ProblemLine("实际", "n/a", "“n/a”不是金额。清空该单元格或填数字。", 44, "E"),
        ProblemLine("实际", "合计", "这是合计行,没有计入,以免重复。无需处理。", 402, "A", 48_000.0, 1, "totals"),
        ProblemLine("实际", "2026-13-05", "“2026-13-05”不是日期。请写成 2026-12-05 这样的日期。", 517, "A", NAN, 3),
        ProblemLine(
            "实际", '=HYPERLINK("http://x","y")', "成员名以等号开头,已按文字处理。", 600, "B", 12.5, 1, "warning"
        ),
    )
    return ProblemsSheet(
        frame(lang), problems, Conservation(6_412_345.67, 6_312_345.67, 52_000.0, 4_210, 4_187, 22, 48_000.0, 1)
    )


def basis_sheet(lang: Lang = "zh", *, comparable: bool = True) -> BasisSheet:
    """A tree of regions with past sales of two years, and a dimension without any."""
    members = [Member(name) for name in REGIONS] + [Member(p, region) for region, ps in PROVINCES.items() for p in ps]
    regions, _ = grow("区域", members)
    channels, _ = grow("渠道", [Member("线上"), Member("线下")])
    assert regions is not None
    assert channels is not None
    spans = tuple((dt.date(year, 1, 1), dt.date(year, 12, 31)) for year in (2025, 2024))

    def ground(share: float, luck: float) -> Ground:
        sold = 8e6 * share * luck
        growth = TOTAL * share / sold - 1 if comparable else NAN
        best = sold / 0.9 if luck < 1 else sold
        return Ground(TOTAL * share, share, sold, share * luck, growth, best, spans[luck < 1], TOTAL * share / best,
                      0.1 if luck >= 1 else -0.1)  # fmt: skip

    shares = {name: weight / 1000 for name, weight in REGIONS.items()}
    shares |= {p: shares[region] / len(ps) for region, ps in PROVINCES.items() for p in ps}
    luck = REGION_LUCK | {p: REGION_LUCK[region] for region, ps in PROVINCES.items() for p in ps}
    told = tuple(ground(shares[m.name], luck[m.name]) for m in regions.members)
    untold = (Ground(TOTAL / 2, 0.5, NAN, NAN, NAN, NAN, None, NAN, NAN),) * 2
    basis = Basis(((spans[0], 1.0),), comparable, spans, ground(1.0, 1.0), {"区域": told, "渠道": untold})
    return BasisSheet(frame(lang), basis, (regions, channels))


def runs_sheet(lang: Lang = "zh") -> RunsSheet:
    return RunsSheet(
        frame(lang),
        (
            RunLine("r2", dt.datetime(2026, 9, 1, 9, 30), "refresh", "0.1.0", "实际!A1:E4211,截止日 2026-08-31",
                    TOTAL, TOTAL, NAN, 6_312_345.67, "23 行搁置,见数据问题"),
            RunLine("r1", dt.datetime(2026, 1, 5, 8, 15), "split", "0.1.0", "设置、维度(区域 5、产品 3、渠道 3)",
                    NAN, TOTAL, NAN, NAN, ""),
        ),
    )  # fmt: skip
