"""SPLIT_TIME, SPLIT_SERIES, WEEKDAY_INDEX, WORKDAYS_CN and TIME_PROGRESS: targets, days and sales in time.

Working days follow the State Council's notices. For a year without a notice nothing is guessed: a function that needs
working days says so, and SPLIT_TIME, which splits by them only if asked, shows 未公布 in their place.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats
from xlsales.core.calendars import DayKind, WorkCalendar, work_calendar
from xlsales.core.faults import Fault, Lang
from xlsales.core.periods import Level, Period, Timeline, name_of, timeline
from xlsales.core.plan import Clock
from xlsales.core.progress import elapsed
from xlsales.core.spreading import growth as growth_curve
from xlsales.core.weights import sum_days
from xlsales.core.weights import weekday_index as index_of
from xlsales.functions.amounts import in_amounts, read_step, read_total
from xlsales.functions.cell import ArgumentCell, BlankCell, choice, date, number_or_blank, whole_number
from xlsales.functions.cells import ArgumentCells, Block, CountsDiffer, cells
from xlsales.functions.worksheet import (
    STEP,
    TARGET,
    TOTAL,
    Example,
    argument,
    head,
    label,
    result,
    same,
    worksheet,
)
from xlsales.values.cell import is_blank, plain
from xlsales.vocabulary.contract import CLOCKS, MONTH_METHODS, WEEKDAYS, Word

MOST_PERIODS = 1_048_576
"""As many as a sheet has rows."""
NOT_ANNOUNCED = Word("未公布", "not announced")

_LEVELS: dict[str, tuple[str, ...]] = {
    "month": ("月", "month", "月度", "每月", "months", "monthly"),
    "year": ("年", "year", "年度", "每年", "years", "yearly"),
    "half": ("半年", "half-year", "半年度", "halves", "halfyears"),
    "quarter": ("季", "quarter", "季度", "每季", "quarters", "quarterly"),
    "week": ("周", "week", "星期", "每周", "weeks", "weekly"),
    "day": ("日", "day", "天", "每日", "每天", "days", "daily"),
}


def _both(words: dict[str, Word], *keys: str) -> dict[str, tuple[str, ...]]:
    return {key: (words[key].zh, words[key].en) for key in keys}


_BASES = _both(MONTH_METHODS, "equal", "calendar_days", "working_days")
_BASES["calendar_days"] += ("天数", "自然日", "days")
_CLOCKS = _both(CLOCKS, "calendar", "working_days")
_CLOCKS["calendar"] += ("天数", "自然日", "days")


_START, _FINISH, _AS_OF = Word("开始日期", "First day"), Word("结束日期", "Last day"), Word("截止日", "As of")
_SALES = (9654.0, 9687.0, 11654.0, 10625.0, 11687.0, 17110.0, 16583.0)
_INDEX = (1.0, 1.003418272219, 1.207168013259, 1.100580070437, 1.210586285478, 1.772322353429, 1.717733581935)


class GrowthTooSteep(Fault):
    """A growth leads out of the range of numbers."""

    zh = "growth 是 {rate},按它增长 {periods} 期后数字太大。请改小增长率或期数。"
    en = "growth is {rate}: over {periods:periods} it grows out of range. Enter a smaller growth or fewer periods."


class YearNotAnnounced(Fault):
    """The holidays of a year are not known to this program."""

    zh = "{year}年放假安排未公布(或本程序还没有收录),算不出工作日。请改用日历天,或更新程序后再算。"
    en = "The holidays of {year} are not announced, or not known to this version. Use calendar days, or update it."


@worksheet(
    Word(
        "按时间分解:期间、开始、结束、工作日、目标,一行一个期间,合计闭合。",
        "Splits over time: label, start, end, working days, target; a row per period, closing on the total.",
    ),
    Example(
        2,
        Word("按日历天分到每个季度", "Over quarters, by calendar days"),
        Word(
            '=SPLIT_TIME({total},{start},{finish},"季",,0.01)', '=SPLIT_TIME({total},{start},{finish},"quarter",,0.01)'
        ),
        (
            (label(TOTAL), argument("total", 1000.0), None, None, None),
            (label(_START), argument("start", dt.date(2026, 1, 1), "date"), None, None, None),
            (label(_FINISH), argument("finish", dt.date(2026, 12, 31), "date"), None, None, None),
            head(
                Word("期间", "Period"), Word("开始", "From"), Word("结束", "To"), Word("工作日", "Working days"), TARGET
            ),
            *(
                (
                    result(Word(f"第{n}季度", f"Q{n}"), "text"),
                    result(dt.date(2026, *first), "date"),
                    result(dt.date(2026, *last), "date"),
                    result(days),
                    result(target, "money"),
                )
                for n, (first, last, days, target) in enumerate(
                    (
                        ((1, 1), (3, 31), 59.0, 246.58),
                        ((4, 1), (6, 30), 61.0, 249.32),
                        ((7, 1), (9, 30), 66.0, 252.05),
                        ((10, 1), (12, 31), 62.0, 252.05),
                    ),
                    1,
                )
            ),
        ),
    ),
    total=Word("总目标", "Total target"),
    start=Word("开始日期", "First day"),
    finish=Word("结束日期", "Last day"),
    level=Word("年、半年、季、月、周、日,默认月", "year, half, quarter, month, week or day; month unless given"),
    weights=Word("每个期间一个权重;省略 = 按 basis", "One weight per period; omitted = by basis"),
    step_size=STEP,
    basis=Word(
        "均分、日历天、工作日,默认日历天",
        "equal, calendar days or working days; calendar days unless given",
    ),
)
def split_time(
    total: Any,
    start: Any,
    finish: Any,
    level: Any = None,
    weights: Any = None,
    step_size: Any = None,
    basis: Any = None,
    *,
    lang: Lang = "zh",
) -> Block:
    """Return a row per period: label, first day, last day, working days, target; the targets add up to `total`.

    Raises Fault.
    """
    step = read_step(cells("step_size", step_size))
    amount = read_total(cells("total", total), step)
    line = _timeline(start, finish)
    fine = Level(_choice("level", level, _LEVELS, "month"))
    periods = line.periods(fine)
    calendar = work_calendar(line.days)
    weight_cells = cells("weights", weights)
    if weight_cells.blank:
        numbers = _by_basis(_choice("basis", basis, _BASES, "calendar_days"), line, fine, calendar)
    else:
        numbers = _period_weights(weight_cells, len(periods))
    part = ~np.isnan(numbers)
    positions = np.flatnonzero(part)
    targets = np.full(len(periods), None, dtype=object)
    with in_amounts(step, lambda p: weight_cells.place_at(int(positions[p]))):
        targets[part] = step.amounts(allocate(amount, numbers[part])).tolist()
    working_days = sum_days(line, fine, calendar.working).tolist()
    return [
        [_label(period, line, lang), period.start, period.end, _working(period, days, calendar, lang), target]
        for period, days, target in zip(periods, working_days, targets.tolist(), strict=True)
    ]


@worksheet(
    Word(
        "把总目标分到若干期,直线或按增长率,合计正好等于总目标。",
        "Splits a total over periods in a straight line or by a growth rate, closing on the total.",
    ),
    Example(
        2,
        Word("每期比上一期增长,合计正好", "Growing from period to period, the sum exact"),
        same("=SPLIT_SERIES({total},{periods},{growth},0.01)"),
        (
            (label(TOTAL), argument("total", 100.0), None),
            (label(Word("期数", "Periods")), argument("periods", 4.0), None),
            (label(Word("每期增长", "Growth")), argument("growth", 0.05, "percent"), None),
            head(Word("期", "Period"), TARGET),
            *(
                (label(Word(f"第{n}期", f"{n}")), result(target, "money"))
                for n, target in enumerate((23.2, 24.36, 25.58, 26.86), 1)
            ),
        ),
    ),
    total=Word("总目标", "Total target"),
    periods=Word("期数", "Number of periods"),
    growth=Word("每期比上一期增长,如 5%;默认 0 = 每期相同", "Growth per period, e.g. 5%; 0 = all alike unless given"),
    step_size=STEP,
)
def split_series(total: Any, periods: Any, growth: Any = None, step_size: Any = None) -> Block:
    """Return `total` over a column of periods, each `growth` above the one before. Raises Fault."""
    step = read_step(cells("step_size", step_size))
    amount = read_total(cells("total", total), step)
    count = whole_number(*cells("periods", periods).one(), low=1, high=MOST_PERIODS)
    rate = number_or_blank(*cells("growth", growth).one())
    with in_amounts(step, lambda p: ArgumentCell("", p + 1)):
        with np.errstate(over="ignore", invalid="ignore"):
            curve = growth_curve(1.0, count, float(rate or 0))
        if not np.isfinite(curve).all():
            raise GrowthTooSteep(rate=plain(rate or 0), periods=count)
        steps = allocate(amount, curve)
    return [[target] for target in step.amounts(steps).tolist()]


@worksheet(
    Word(
        "由每日销售算星期指数:周一至周日,最弱的一天 = 1;节假日和调休日不算。",
        "Weekday index from daily sales: Monday to Sunday, weakest = 1; holidays and make-up days left out.",
    ),
    Example(
        3,
        Word("从每日销售看一周的形状,最弱的一天 = 1", "The shape of the week, weakest day = 1"),
        same("=WEEKDAY_INDEX({dates},{amounts})"),
        (
            head(Word("日期", "Date"), Word("销售额", "Sales"), Word("星期", "Weekday"), Word("指数", "Index")),
            *(
                (
                    argument("dates", dt.date(2026, 3, 2 + i), "date"),
                    argument("amounts", _SALES[i]),
                    label(WEEKDAYS[i]),
                    result(_INDEX[i], "index"),
                )
                for i in range(7)
            ),
        ),
    ),
    dates=Word("日期", "Dates"),
    amounts=Word("当天的销售额", "Sales of that day"),
)
def weekday_index(dates: Any, amounts: Any) -> Block:
    """Return a column of seven indexes, Monday to Sunday, the weakest 1.

    A row with a blank amount is left out; a day without a row sold nothing. Raises Fault.
    """
    days, sales, unknown = _records(dates, amounts)
    span = np.arange(days.min(), days.max() + 1) if days.size else days
    _check_announced(work_calendar(span))
    aside = np.unique(unknown)
    kinds = np.full(aside.size, DayKind.HOLIDAY, dtype=np.int8)
    calendar = WorkCalendar(aside, kinds, np.ones(aside.size), ())
    with np.errstate(over="ignore", invalid="ignore"):
        indexes = np.round(index_of(days, sales, calendar), 12)
    return [[index] for index in indexes.tolist()]


@worksheet(
    Word(
        "两个日期之间的工作日天数,含调休,按国务院放假安排。",
        "Working days between two dates by the State Council's notices, make-up days included.",
    ),
    Example(
        4,
        Word("国务院安排,含调休", "By the State Council's notices"),
        same("=WORKDAYS_CN({start},{finish})"),
        (
            head(_START, _FINISH, Word("工作日", "Working days")),
            (
                argument("start", dt.date(2026, 10, 1), "date"),
                argument("finish", dt.date(2026, 10, 31), "date"),
                result(18.0),
            ),
        ),
    ),
    start=Word("开始日期", "First day"),
    finish=Word("结束日期", "Last day"),
)
def workdays_cn(start: Any, finish: Any) -> Block:
    """Return the number of working days from `start` to `finish`, both inside. Raises Fault."""
    calendar = work_calendar(_timeline(start, finish).days)
    _check_announced(calendar)
    return [[float(calendar.working.sum())]]


@worksheet(
    Word(
        "时间进度:到截止日(含)过去的比例。",
        "Time progress: the share that has gone by at the end of the as-of date.",
    ),
    Example(
        4,
        Word("时间过去了多少;这里按工作日", "Time gone by, here by working days"),
        Word(
            '=TIME_PROGRESS({start},{finish},{as_of},"工作日")',
            '=TIME_PROGRESS({start},{finish},{as_of},"working days")',
        ),
        (
            head(_START, _FINISH, _AS_OF, Word("时间进度", "Progress")),
            (
                argument("start", dt.date(2026, 10, 1), "date"),
                argument("finish", dt.date(2026, 10, 31), "date"),
                argument("as_of", dt.date(2026, 10, 15), "date"),
                result(7 / 18, "percent"),
            ),
        ),
    ),
    start=Word("开始日期", "First day"),
    finish=Word("结束日期", "Last day"),
    as_of=Word("截止日", "As-of date"),
    clock=Word("日历天或工作日,默认日历天", "calendar days or working days; calendar days unless given"),
)
def time_progress(start: Any, finish: Any, as_of: Any, clock: Any = None) -> Block:
    """Return the elapsed share of the time from `start` to `finish` at the end of `as_of`.

    Blank if the clock has nothing to count, such as working days in the middle of a holiday. Raises Fault.
    """
    line = _timeline(start, finish)
    today = date(*cells("as_of", as_of).one(), last=True)
    by = Clock(_choice("clock", clock, _CLOCKS, "calendar"))
    calendar = work_calendar(line.days)
    if by is Clock.WORKING_DAYS:
        _check_announced(calendar)
    whole = Period("", Level.YEAR, line.start, line.end)
    share = float(elapsed(by, line, calendar, np.ones(line.n_days), today, [whole])[0])
    return [[None if np.isnan(share) else share]]


def _records(dates: Any, amounts: Any) -> tuple[Any, Floats, Any]:
    """Days and amounts of the rows that have both, and the days with a blank amount."""
    day_cells, amount_cells = cells("dates", dates).line(), cells("amounts", amounts).line()
    if len(day_cells) != len(amount_cells):
        raise CountsDiffer(
            name="amounts", count=len(amount_cells), expected=len(day_cells), zh_other=" dates ", en_other="dates"
        )
    days: list[dt.date] = []
    sales: list[float] = []
    unknown: list[dt.date] = []
    for (day, day_place), (amount, place) in zip(day_cells, amount_cells, strict=True):
        sale = number_or_blank(amount, place)
        if is_blank(day) and sale is None:
            continue
        if sale is None:
            unknown.append(date(day, day_place))
        else:
            days.append(date(day, day_place))
            sales.append(float(sale))
    if not days:
        raise BlankCell(where=ArgumentCell("amounts"))
    return np.array(days, "datetime64[D]"), np.array(sales), np.array(unknown, "datetime64[D]")


def _timeline(start: Any, finish: Any) -> Timeline:
    first = date(*cells("start", start).one())
    return timeline(first, date(*cells("finish", finish).one(), last=True))


def _choice(name: str, value: Any, words: dict[str, tuple[str, ...]], otherwise: str) -> str:
    """The choice of an argument; `otherwise` if it is blank."""
    cell, place = cells(name, value).one()
    return otherwise if is_blank(cell) else choice(cell, place, words)


def _period_weights(weight_cells: ArgumentCells, count: int) -> Floats:
    """The weights that a person gives to `count` periods, NaN if blank."""
    size = len(weight_cells.line())
    if size != count:
        raise CountsDiffer(name="weights", count=size, expected=count, zh_other="期间", en_other="the periods")
    return weight_cells.numbers(low=0).ravel()


def _by_basis(basis: str, line: Timeline, level: Level, calendar: WorkCalendar) -> Floats:
    if basis == "equal":
        return np.ones(len(line.periods(level)))
    if basis == "calendar_days":
        return sum_days(line, level, np.ones(line.n_days))
    _check_announced(calendar)
    return sum_days(line, level, calendar.working)


def _check_announced(calendar: WorkCalendar) -> None:
    if calendar.unannounced:
        raise YearNotAnnounced(year=calendar.unannounced[0])


def _working(period: Period, days: float, calendar: WorkCalendar, lang: Lang) -> float | str:
    """A period's working days, or 未公布 if its year is not announced."""
    unannounced = any(year in calendar.unannounced for year in range(period.start.year, period.end.year + 1))
    return NOT_ANNOUNCED[lang] if unannounced else days


def _label(period: Period, line: Timeline, lang: Lang) -> str:
    """A period's name, with its year if the plan has several and the name has none."""
    name = name_of(period, lang)
    if line.start.year == line.end.year or period.level in (Level.YEAR, Level.HALF):
        return name
    year = period.start.year
    return f"{year}年{name}" if lang == "zh" else f"{name} {year}"
