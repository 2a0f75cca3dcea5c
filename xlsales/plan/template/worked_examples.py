"""Small worked examples of the worksheet functions: inputs, the formula over them, and the values it gives.

The values are written down here, for a workbook without the add-in could not
compute them; a test holds them against the functions. Regions of cells are
called by the names of the arguments; a formula names them in braces.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from xlsales.vocabulary.contract import PROGRESS_COLUMNS, STATUS, WEEKDAYS, Word

Look = Literal["head", "label", "given", "result"]
Form = Literal["number", "money", "percent", "date", "index", "text"]
Value = Word | str | float | dt.date | None

RESULT = "result"
"""The region of the values; the formula belongs into its first cell."""


@dataclass(frozen=True)
class Cell:
    """A cell of an example; `region` names the argument that it belongs to, or RESULT."""

    value: Value
    look: Look
    region: str = ""
    form: Form = "number"


@dataclass(frozen=True)
class Example:
    """An example: the function, what it is for, its formula, its rows of cells (None is an empty place)."""

    function: str
    purpose: Word
    formula: Word
    rows: tuple[tuple[Cell | None, ...], ...]

    def region(self, name: str) -> tuple[int, int, int, int]:
        """Return first row, first column, last row, last column of a region, from 0 inside the example."""
        at = [(r, c) for r, row in enumerate(self.rows) for c, cell in enumerate(row) if cell and cell.region == name]
        return at[0][0], min(c for _, c in at), at[-1][0], max(c for _, c in at)

    @property
    def regions(self) -> frozenset[str]:
        """The names of the regions that the formula reads."""
        return frozenset(cell.region for row in self.rows for cell in row if cell and cell.region) - {RESULT}


def _same(formula: str) -> Word:
    """A formula without words of a language."""
    return Word(formula, formula)


def _head(*words: Word | str) -> tuple[Cell, ...]:
    return tuple(Cell(word, "head") for word in words)


def _label(value: Value) -> Cell:
    return Cell(value, "label")


def _given(region: str, value: Value, form: Form = "number") -> Cell:
    return Cell(value, "given", region, form)


def _result(value: Value, form: Form = "number") -> Cell:
    return Cell(value, "result", RESULT, form)


def _results(values: Sequence[Value], form: Form = "number") -> tuple[Cell, ...]:
    return tuple(_result(value, form) for value in values)


_TOTAL, _TARGET = Word("总目标", "Total"), Word("目标", "Target")
_REGIONS = (
    Word("东北", "Northeast"), Word("华北", "North"), Word("华东", "East"), Word("华南", "South"), Word("华西", "West"),
)  # fmt: skip
_START, _FINISH, _AS_OF = Word("开始日期", "First day"), Word("结束日期", "Last day"), Word("截止日", "As of")

_SPLIT_TARGET = Example(
    "SPLIT_TARGET",
    Word("按权重分;锁定的不动,合计正好", "By weight; locks stay, the sum is exact"),
    _same("=SPLIT_TARGET({total},{weights},1,{locked})"),
    (
        (_label(_TOTAL), _given("total", 1200.0), None, None),
        _head(Word("区域", "Region"), Word("权重", "Weight"), Word("锁定", "Locked"), _TARGET),
        *(
            (_label(name), _given("weights", weight), _given("locked", lock), _result(target))
            for name, weight, lock, target in zip(
                _REGIONS,
                (150.0, 200.0, 300.0, 250.0, 100.0),
                (None, None, None, 310.0, None),
                (178.0, 237.0, 356.0, 310.0, 119.0),
                strict=True,
            )
        ),
    ),
)
_SPLIT_MATRIX = Example(
    "SPLIT_MATRIX",
    Word("两个方向的合计都正好", "Both margins are exact"),
    _same("=SPLIT_MATRIX({row_totals},{column_totals})"),
    (
        _head(
            Word("渠道 × 产品", "Channel × product"),
            Word("合计", "Total"),
            *(Word(f"产品{x}", x) for x in ("A", "B", "C")),
        ),
        (
            _label(Word("合计", "Total")),
            Cell(1000.0, "label"),
            *(_given("column_totals", value) for value in (285.0, 450.0, 265.0)),
        ),
        *(
            (_label(name), _given("row_totals", total), *_results(parts))
            for name, total, parts in (
                (Word("线上", "Online"), 300.0, (85.0, 135.0, 80.0)),
                (Word("线下", "Offline"), 405.0, (116.0, 182.0, 107.0)),
                (Word("合作伙伴", "Partners"), 295.0, (84.0, 133.0, 78.0)),
            )
        ),
    ),
)
_SPLIT_TIME = Example(
    "SPLIT_TIME",
    Word("按日历天分到每个季度", "Over quarters, by calendar days"),
    Word('=SPLIT_TIME({total},{start},{finish},"季",,0.01)', '=SPLIT_TIME({total},{start},{finish},"quarter",,0.01)'),
    (
        (_label(_TOTAL), _given("total", 1000.0), None, None, None),
        (_label(_START), _given("start", dt.date(2026, 1, 1), "date"), None, None, None),
        (_label(_FINISH), _given("finish", dt.date(2026, 12, 31), "date"), None, None, None),
        _head(
            Word("期间", "Period"), Word("开始", "From"), Word("结束", "To"), Word("工作日", "Working days"), _TARGET
        ),
        *(
            (
                _result(Word(f"第{n}季度", f"Q{n}"), "text"),
                _result(dt.date(2026, *first), "date"),
                _result(dt.date(2026, *last), "date"),
                _result(days),
                _result(target, "money"),
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
)
_SPLIT_SERIES = Example(
    "SPLIT_SERIES",
    Word("每期比上一期增长,合计正好", "Growing from period to period, the sum exact"),
    _same("=SPLIT_SERIES({total},{periods},{growth},0.01)"),
    (
        (_label(_TOTAL), _given("total", 100.0), None),
        (_label(Word("期数", "Periods")), _given("periods", 4.0), None),
        (_label(Word("每期增长", "Growth")), _given("growth", 0.05, "percent"), None),
        _head(Word("期", "Period"), _TARGET),
        *(
            (_label(Word(f"第{n}期", f"{n}")), _result(target, "money"))
            for n, target in enumerate((23.2, 24.36, 25.58, 26.86), 1)
        ),
    ),
)
_SALES = (9654.0, 9687.0, 11654.0, 10625.0, 11687.0, 17110.0, 16583.0)
_INDEX = (1.0, 1.003418272219, 1.207168013259, 1.100580070437, 1.210586285478, 1.772322353429, 1.717733581935)
_WEEKDAY_INDEX = Example(
    "WEEKDAY_INDEX",
    Word("从每日销售看一周的形状,最弱的一天 = 1", "The shape of the week, weakest day = 1"),
    _same("=WEEKDAY_INDEX({dates},{amounts})"),
    (
        _head(Word("日期", "Date"), Word("销售额", "Sales"), Word("星期", "Weekday"), Word("指数", "Index")),
        *(
            (
                _given("dates", dt.date(2026, 3, 2 + i), "date"),
                _given("amounts", _SALES[i]),
                _label(WEEKDAYS[i]),
                _result(_INDEX[i], "index"),
            )
            for i in range(7)
        ),
    ),
)
_LEADS_NEEDED = Example(
    "LEADS_NEEDED",
    Word("由目标倒推每一级要多少,只进不舍", "Backwards through the funnel, rounded up"),
    _same("=LEADS_NEEDED({target},{rates})"),
    (
        _head(
            Word("阶段", "Stage"),
            Word("展厅转化率", "Showroom rate"),
            Word("网络转化率", "Web rate"),
            Word("展厅需要", "Showroom"),
            Word("网络需要", "Web"),
        ),
        (
            _label(Word("交车目标", "Deliveries")),
            _given("target", 10.0),
            _given("target", 20.0),
            None,
            None,
        ),
        *(
            (
                _label(name),
                *((_given("rates", rate, "percent") for rate in rates) if rates else (None, None)),
                *_results(needs),
            )
            for name, rates, needs in (
                (Word("线索", "Leads"), (0.85, 0.15), (111.0, 547.0)),
                (Word("商机", "Opportunities"), (0.3, 0.6), (94.0, 82.0)),
                (Word("草签", "Drafts"), (0.4, 0.45), (28.0, 49.0)),
                (Word("订单", "Orders"), (0.95, 0.95), (11.0, 22.0)),
                (Word("交车", "Delivered"), None, (10.0, 20.0)),
            )
        ),
    ),
)
_WORKDAYS_CN = Example(
    "WORKDAYS_CN",
    Word("国务院安排,含调休", "By the State Council's notices"),
    _same("=WORKDAYS_CN({start},{finish})"),
    (
        _head(_START, _FINISH, Word("工作日", "Working days")),
        (_given("start", dt.date(2026, 10, 1), "date"), _given("finish", dt.date(2026, 10, 31), "date"), _result(18.0)),
    ),
)
_TIME_PROGRESS = Example(
    "TIME_PROGRESS",
    Word("时间过去了多少;这里按工作日", "Time gone by, here by working days"),
    Word(
        '=TIME_PROGRESS({start},{finish},{as_of},"工作日")',
        '=TIME_PROGRESS({start},{finish},{as_of},"working days")',
    ),
    (
        _head(_START, _FINISH, _AS_OF, Word("时间进度", "Progress")),
        (
            _given("start", dt.date(2026, 10, 1), "date"),
            _given("finish", dt.date(2026, 10, 31), "date"),
            _given("as_of", dt.date(2026, 10, 15), "date"),
            _result(7 / 18, "percent"),
        ),
    ),
)
_PROGRESS_FORMS: tuple[Form, ...] = ("percent", "number", "percent", "number", "number", "percent", "money", "text")
_PROGRESS_HEADS = tuple(
    PROGRESS_COLUMNS[key]
    for key in (
        "attainment", "target_to_date", "pace", "gap", "forecast", "forecast_attainment", "required_per_day", "status",
    )
)  # fmt: skip
_TARGET_PROGRESS = Example(
    "TARGET_PROGRESS",
    Word(
        "一列目标、一列实际,八列达成一次算出;实际为空,就不下结论",
        "Eight columns from targets and actuals; no actual, no verdict",
    ),
    _same("=TARGET_PROGRESS({target},{actual},{time_progress},{remaining_days})"),
    (
        (
            _label(Word("时间进度", "Time progress")),
            _given("time_progress", 0.5, "percent"),
            _label(Word("剩余天数", "Days left")),
            _given("remaining_days", 100.0),
        ),
        _head(Word("区域", "Region"), _TARGET, PROGRESS_COLUMNS["actual"], *_PROGRESS_HEADS),
        *(
            (
                _label(name),
                _given("target", target),
                _given("actual", actual),
                *(_result(value, form) for value, form in zip(values, _PROGRESS_FORMS, strict=True)),
            )
            for name, target, actual, values in (
                (
                    _REGIONS[0],
                    150.0,
                    80.0,
                    (80 / 150, 75.0, 80 / 150 - 0.5, 70.0, 160.0, 160 / 150, 0.7, STATUS["green"]),
                ),
                (_REGIONS[1], 200.0, 96.0, (0.48, 100.0, 0.48 - 0.5, 104.0, 192.0, 0.96, 1.04, STATUS["amber"])),
                (_REGIONS[2], 300.0, 120.0, (0.4, 150.0, 0.4 - 0.5, 180.0, 240.0, 0.8, 1.8, STATUS["red"])),
                (_REGIONS[3], 250.0, None, (None, 125.0, None, None, None, None, None, None)),
            )
        ),
    ),
)

BANDS: tuple[tuple[Example, ...], ...] = (
    (_SPLIT_TARGET, _SPLIT_MATRIX),
    (_SPLIT_TIME, _SPLIT_SERIES),
    (_WEEKDAY_INDEX, _LEADS_NEEDED),
    (_WORKDAYS_CN, _TIME_PROGRESS),
    (_TARGET_PROGRESS,),
)
"""The examples as they stand on the sheet: side by side, band under band."""
