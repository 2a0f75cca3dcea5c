"""TARGET_PROGRESS and LEADS_NEEDED: how far targets are reached, and what the funnel needs to reach them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np

from xlsales.core.allocation import GREATEST_TOTAL
from xlsales.core.faults import Fault, Lang
from xlsales.core.plan import Lamps
from xlsales.core.progress import progress
from xlsales.functions.cell import number_or_blank
from xlsales.functions.cells import Block, Cells, CountsDiffer, Floats, ShapesDiffer, cells
from xlsales.functions.worksheet import (
    REGIONS,
    TARGET,
    Example,
    Form,
    given,
    head,
    label,
    result,
    results,
    same,
    worksheet,
)
from xlsales.values.cell import out_of_bounds
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, STATUS, Word

_MOST_LAMPS = 3
_MICRO = 6
_ROUNDED_BELOW = 1e9


_PROGRESS_FORMS: tuple[Form, ...] = ("percent", "number", "percent", "number", "number", "percent", "money", "text")
_PROGRESS_HEADS = tuple(
    PROGRESS_COLUMNS[key]
    for key in (
        "attainment",
        "target_to_date",
        "pace",
        "gap",
        "forecast",
        "forecast_attainment",
        "required_per_day",
        "status",
    )
)


class LampsOutOfOrder(Fault):
    """Thresholds that do not fall from green to orange."""

    zh = "lamps 的三个阈值应从绿到橙由大到小,如 100%、95%、85%。"
    en = "The three thresholds in lamps should fall from green to orange, such as 100%, 95%, 85%."


class LampsNotThree(Fault):
    """More or fewer than three thresholds."""

    zh = "lamps 有 {count} 格,应为三格:绿、黄、橙,如 100%、95%、85%。"
    en = "lamps has {count:cells}; give three: green, amber, orange, such as 100%, 95%, 85%."


class RateOutOfBounds(Fault):
    """A conversion rate that is no share."""

    zh = "{zh_place}是 {found},转化率应大于 0、不超过 1(100%)。"
    en = "{en_place} is {found}; a conversion rate is above 0 and at most 1 (100%)."


class NeedTooGreat(Fault):
    """A stage that would need more than can be counted exactly."""

    zh = "按这些转化率,需要的数量大得数不清。请检查 rates。"
    en = "By these rates a stage needs more than can be counted. Check rates."


@worksheet(
    Word(
        "达成:每行给出达成率、应达、进度差、差额、预计完成、预计达成率、日均需达、状态。",
        "Progress of each row: attainment, target to date, pace, gap, forecast, its attainment, required per day, "
        "status.",
    ),
    Example(
        5,
        Word(
            "一列目标、一列实际,八列达成一次算出;实际为空,就不下结论",
            "Eight columns from targets and actuals; no actual, no verdict",
        ),
        same("=TARGET_PROGRESS({target},{actual},{time_progress},{remaining_days})"),
        (
            (
                label(Word("时间进度", "Time progress")),
                given("time_progress", 0.5, "percent"),
                label(Word("剩余天数", "Days left")),
                given("remaining_days", 100.0),
            ),
            head(Word("区域", "Region"), TARGET, PROGRESS_COLUMNS["actual"], *_PROGRESS_HEADS),
            *(
                (
                    label(name),
                    given("target", target),
                    given("actual", actual),
                    *(result(value, form) for value, form in zip(values, _PROGRESS_FORMS, strict=True)),
                )
                for name, target, actual, values in (
                    (
                        REGIONS[0],
                        150.0,
                        80.0,
                        (80 / 150, 75.0, 80 / 150 - 0.5, 70.0, 160.0, 160 / 150, 0.7, STATUS["green"]),
                    ),
                    (REGIONS[1], 200.0, 96.0, (0.48, 100.0, 0.48 - 0.5, 104.0, 192.0, 0.96, 1.04, STATUS["amber"])),
                    (REGIONS[2], 300.0, 120.0, (0.4, 150.0, 0.4 - 0.5, 180.0, 240.0, 0.8, 1.8, STATUS["red"])),
                    (REGIONS[3], 250.0, None, (None, 125.0, None, None, None, None, None, None)),
                )
            ),
        ),
    ),
    target=Word("目标,一列", "Targets, a column"),
    actual=Word("实际,同样行数", "Actuals, as many rows"),
    time_progress=Word("时间进度,一个数或每行一个", "Time progress, one number or one per row"),
    remaining_days=Word(
        "剩余天数,一个数或每行一个;省略 = 日均需达为空",
        "Days left, one number or one per row; omitted = no required per day",
    ),
    lamps=Word(
        "绿、黄、橙三个阈值,默认 100%、95%、85%",
        "Three thresholds green, amber, orange; 100%, 95%, 85% unless given",
    ),
)
def target_progress(
    target: Any, actual: Any, time_progress: Any, remaining_days: Any = None, lamps: Any = None, *, lang: Lang = "zh"
) -> Block:
    """Return a row per target, the progress columns behind the actual, time progress left out.

    Attainment, target to date, pace, gap, forecast, forecast attainment, required per day,
    status. Blank if it is not known: without an actual, or of a target of zero.
    Raises Fault.
    """
    aims = _column(cells("target", target), low=0, share=False)
    done = _beside(cells("actual", actual), aims)
    share = _each(cells("time_progress", time_progress), aims, low=0, high=1)
    days = _each(cells("remaining_days", remaining_days), aims, low=0)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        found = progress(aims, done, time_progress=share, remaining_days=days, lamps=_lamps(cells("lamps", lamps)))
        columns = (
            found.attainment,
            _clean(found.target_to_date),
            found.pace,
            _clean(found.gap),
            _clean(found.forecast),
            found.forecast_attainment,
            _clean(found.required_per_day),
        )
    words = {key: word[lang] for key, word in STATUS.items()}
    table = np.column_stack(columns)
    block: Block = np.where(np.isfinite(table), table, np.array(None, dtype=object)).tolist()
    for row, status in zip(block, found.status.tolist(), strict=True):
        row.append(words.get(status))
    return block


@worksheet(
    Word(
        "漏斗倒推:由目标和各级转化率算出每一级需要的数量(整数)。",
        "Funnel backwards: from the target and the rates, the whole number needed at each stage.",
    ),
    Example(
        3,
        Word("由目标倒推每一级要多少,只进不舍", "Backwards through the funnel, rounded up"),
        same("=LEADS_NEEDED({target},{rates})"),
        (
            head(
                Word("阶段", "Stage"),
                Word("展厅转化率", "Showroom rate"),
                Word("网络转化率", "Web rate"),
                Word("展厅需要", "Showroom"),
                Word("网络需要", "Web"),
            ),
            (
                label(Word("交车目标", "Deliveries")),
                given("target", 10.0),
                given("target", 20.0),
                None,
                None,
            ),
            *(
                (
                    label(name),
                    *((given("rates", rate, "percent") for rate in rates) if rates else (None, None)),
                    *results(needs),
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
    ),
    target=Word("最后一级的目标", "Target of the last stage"),
    rates=Word("从第一级到最后一级的转化率", "Conversion rates from the first stage to the last"),
)
def leads_needed(target: Any, rates: Any) -> Block:
    """Return the whole number needed at each stage of the funnel, from the first to the last, which is the target.

    `rates` are one channel's, in a row or a column; or several channels': a column each
    beside a row of targets, or a row each beside a column of targets. Each stage is rounded
    up before the one above is formed. Blank from a blank target or rate upwards.
    Raises Fault.
    """
    aims, given = cells("target", target), cells("rates", rates)
    if aims.shape[0] > 1 or (aims.size == 1 and given.shape[0] == 1 < given.shape[1]):
        return _turned(_stages(_turned_cells(aims), _turned_cells(given), aims, given, turned=True))
    return _stages(aims.rows, given.rows, aims, given, turned=False)


def _stages(aims: Any, rates: Any, target: Cells, given: Cells, *, turned: bool) -> Block:
    """Stages × channels; `aims` is one row."""
    target.line()
    channels = len(aims[0])
    if len(rates[0]) not in (1, channels):
        rows, columns = given.shape
        expected = (channels, columns) if turned else (rows, channels)
        raise ShapesDiffer(
            name="rates",
            rows=rows,
            columns=columns,
            other="target",
            other_rows=expected[0],
            other_columns=expected[1],
        )
    block: Block = [[None] * channels for _ in range(len(rates) + 1)]
    for channel in range(channels):
        place = target.place(*((channel, 0) if turned else (0, channel)))
        aim = number_or_blank(aims[0][channel], place, share=False)
        if aim is not None and not 0 <= aim <= GREATEST_TOTAL:
            raise out_of_bounds(place, aim, 0, GREATEST_TOTAL)
        need = None if aim is None else ceil(aim)
        block[-1][channel] = _cell(need)
        for stage in range(len(rates) - 1, -1, -1):
            column = channel if len(rates[0]) > 1 else 0
            rate = _rate(rates[stage][column], given, (column, stage) if turned else (stage, column))
            need = None if need is None or rate is None else ceil(Fraction(need) / Fraction(rate))
            if need is not None and need > GREATEST_TOTAL:
                raise NeedTooGreat()
            block[stage][channel] = _cell(need)
    return block


def _rate(value: Any, given: Cells, at: tuple[int, int]) -> Decimal | None:
    place = given.place(*at)
    rate = number_or_blank(value, place)
    if rate is not None and not Decimal("1e-9") <= rate <= 1:
        raise RateOutOfBounds(zh_place=place.say("zh"), en_place=place.say("en"), found=f"{rate:.6g}")
    return rate


def _cell(need: int | None) -> float | None:
    return None if need is None else float(need)


def _turned_cells(given: Cells) -> Block:
    return _turned(given.rows)


def _turned(rows: Any) -> Block:
    return [list(column) for column in zip(*rows, strict=True)]


def _column(given: Cells, *, low: float | None = None, high: float | None = None, share: bool = True) -> Floats:
    given.line()
    return given.numbers(low=low, high=high, share=share).ravel()


def _beside(given: Cells, aims: Floats) -> Floats:
    """Numbers beside the targets, as many as these."""
    found = _column(given, share=False)
    if found.size != aims.size:
        raise CountsDiffer(
            name=given.name, count=found.size, expected=aims.size, zh_other=" target ", en_other="target"
        )
    return found


def _each(given: Cells, aims: Floats, *, low: float, high: float | None = None) -> Floats:
    """One number for all rows, or one for each."""
    found = _column(given, low=low, high=high)
    if found.size not in (1, aims.size):
        raise CountsDiffer(
            name=given.name, count=found.size, expected=aims.size, zh_other=" target ", en_other="target"
        )
    return found


def _lamps(given: Cells) -> Lamps:
    """The thresholds; what is blank keeps its default."""
    if given.blank:
        return Lamps()
    line = given.line()
    if len(line) != _MOST_LAMPS:
        raise LampsNotThree(count=len(line))
    standard = (Lamps().green, Lamps().amber, Lamps().orange)
    entered = given.numbers(low=0).ravel().tolist()
    green, amber, orange = (e if e == e else s for e, s in zip(entered, standard, strict=True))
    if not green >= amber >= orange:
        raise LampsOutOfOrder()
    return Lamps(green, amber, orange)


def _clean(amounts: Floats) -> Floats:
    """Amounts without the noise of floats: rounded to millionths, if floats are that fine."""
    fine = np.abs(amounts) < _ROUNDED_BELOW
    return np.where(fine, np.round(amounts, _MICRO), amounts)
