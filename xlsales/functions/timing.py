"""SPLIT_TIME, SPLIT_SERIES and WEEKDAY_INDEX: targets, days and sales in time.

Working days follow the State Council's notices. For a year without a notice nothing is guessed: a function that needs
working days says so, and SPLIT_TIME, which splits by them only if asked, shows 未公布 in their place.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats
from xlsales.core.calendars import DayKind, WorkCalendar, whole_year, work_calendar, working_days
from xlsales.core.faults import Lang
from xlsales.core.periods import Level, Period, Timeline
from xlsales.core.plan import DayMethod
from xlsales.core.spreading import growth as growth_curve
from xlsales.core.weights import day_weights, sum_days
from xlsales.core.weights import weekday_index as index_of
from xlsales.functions.amounts import in_amounts, read_step, read_total
from xlsales.functions.cell import ArgumentCell, BlankCell, date, number_or_blank, whole_number, words_of
from xlsales.functions.cells import ArgumentCells, Block, CountsDiffer, cells
from xlsales.functions.dates import (
    FINISH,
    FISCAL_MONTH,
    LEVELS,
    MONTH_END,
    NOT_ANNOUNCED,
    START,
    WEEK_START,
    check_announced,
    read_choice,
    read_fiscal_year,
    read_timeline,
)
from xlsales.functions.periods import label_of
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
from xlsales.values.cell import is_blank
from xlsales.vocabulary.contract import MONTH_METHODS, WEEKDAYS, Word

MOST_PERIODS = 1_048_576
"""As many as a sheet has rows."""
_BASES = words_of(MONTH_METHODS, "equal", "calendar_days", "working_days", "day_index")
_BASES["calendar_days"] += ("天数", "自然日", "days")
_SALES = (9654.0, 9687.0, 11654.0, 10625.0, 11687.0, 17110.0, 16583.0)
_INDEX = (1.0, 1.003418272219, 1.207168013259, 1.100580070437, 1.210586285478, 1.772322353429, 1.717733581935)


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
            (label(START), argument("start", dt.date(2026, 1, 1), "date"), None, None, None),
            (label(FINISH), argument("finish", dt.date(2026, 12, 31), "date"), None, None, None),
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
    start=START,
    finish=FINISH,
    level=Word("年、半年、季、月、周、日,默认月", "year, half, quarter, month (default), week, day"),
    weights=Word("每个期间一个权重;省略 = 按 basis", "One each, or by basis"),
    step_size=STEP,
    basis=Word("均分、日历天(默认)、工作日、日指数", "equal, days (default), working days, day index"),
    fiscal_month=FISCAL_MONTH,
    day_index=Word("周一至周日七个指数,按日指数分时用", "Seven, Monday first"),
    month_end=MONTH_END,
    week_start=WEEK_START,
)
def split_time(
    total: Any,
    start: Any,
    finish: Any,
    level: Any = None,
    weights: Any = None,
    step_size: Any = None,
    basis: Any = None,
    fiscal_month: Any = None,
    day_index: Any = None,
    month_end: Any = None,
    week_start: Any = None,
    *,
    lang: Lang = "zh",
) -> Block:
    """Return a row per period: label, first day, last day, working days, target; the targets add up to `total`.

    Weights go before the basis. A day index that is given is the basis, if no other is named. Raises Fault.
    """
    step = read_step(cells("step_size", step_size))
    amount = read_total(cells("total", total), step)
    line = read_timeline(start, finish, read_fiscal_year(fiscal_month, None, month_end, week_start))
    fine = Level(read_choice("level", level, LEVELS, "month"))
    periods = line.periods(fine)
    calendar = work_calendar(line.days)
    weight_cells = cells("weights", weights)
    if weight_cells.blank:
        index = cells("day_index", day_index)
        by = read_choice("basis", basis, _BASES, "calendar_days" if index.blank else "day_index")
        numbers = (
            sum_days(line, fine, _day_weights(by, line, calendar, index)) if by != "equal" else np.ones(len(periods))
        )
    else:
        numbers = _period_weights(weight_cells, len(periods))
    part = ~np.isnan(numbers)
    positions = np.flatnonzero(part)
    targets = np.full(len(periods), None, dtype=object)
    with in_amounts(step, lambda p: weight_cells.place_at(int(positions[p]))):
        targets[part] = step.amounts(allocate(amount, numbers[part])).tolist()
    worked = sum_days(line, fine, calendar.working).tolist()
    several = line.start.year != line.end.year
    return [
        [label_of(period, lang, several), period.start, period.end, _working(period, days, calendar, lang), target]
        for period, days, target in zip(periods, worked, targets.tolist(), strict=True)
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
        steps = allocate(amount, growth_curve(1.0, count, float(rate or 0)))
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
    check_announced(work_calendar(span))
    aside = np.unique(unknown)
    kinds = np.full(aside.size, DayKind.HOLIDAY, dtype=np.int8)
    calendar = WorkCalendar(aside, kinds, np.ones(aside.size), ())
    with np.errstate(over="ignore", invalid="ignore"):
        indexes = np.round(index_of(days, sales, calendar), 12)
    return [[index] for index in indexes.tolist()]


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


def _period_weights(weight_cells: ArgumentCells, count: int) -> Floats:
    """The weights that a person gives to `count` periods, NaN if blank."""
    size = len(weight_cells.line())
    if size != count:
        raise CountsDiffer(name="weights", count=size, expected=count, zh_other="期间", en_other="the periods")
    return weight_cells.numbers(low=0).ravel()


def _day_weights(basis: str, line: Timeline, calendar: WorkCalendar, index: ArgumentCells) -> Floats:
    """The weight of each day by calendar days, working days or the day index."""
    if basis == "calendar_days":
        return np.ones(line.n_days)
    check_announced(calendar)
    if basis == "working_days":
        return calendar.working.astype(np.float64)
    return day_weights(line, calendar, DayMethod.DAY_INDEX, index.numbers(low=0).ravel())


def _working(period: Period, days: float, calendar: WorkCalendar, lang: Lang) -> float | str:
    """A period's working days; of a whole year that is not announced the number by law, of other days in it 未公布."""
    first, last = period.start, period.end
    unannounced = [year for year in calendar.unannounced if first.year <= year <= last.year]
    if not all(whole_year(year, first, last) for year in unannounced):
        return NOT_ANNOUNCED[lang]
    return float(working_days(calendar, first, last)) if unannounced else days
