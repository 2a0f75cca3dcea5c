"""TARGET_PROGRESS and LEADS_NEEDED: how far targets are reached, and what the funnel needs for them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np

from xlsales.core.allocation import GREATEST_TOTAL
from xlsales.core.arrays import Floats
from xlsales.core.faults import Fault, Lang
from xlsales.core.plan import Lamps
from xlsales.core.progress import progress
from xlsales.functions.cell import ArgumentCell, number_or_blank
from xlsales.functions.cells import ArgumentCells, Block, CountsDiffer, cells
from xlsales.functions.worksheet import (
    REGIONS,
    TARGET,
    Example,
    Form,
    argument,
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
    """A stage needs more than can be counted exactly."""

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
                argument("time_progress", 0.5, "percent"),
                label(Word("剩余天数", "Days left")),
                argument("remaining_days", 100.0),
            ),
            head(Word("区域", "Region"), TARGET, PROGRESS_COLUMNS["actual"], *_PROGRESS_HEADS),
            *(
                (
                    label(name),
                    argument("target", target),
                    argument("actual", actual),
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
    """Return a row of eight columns per target, from attainment to status (`_PROGRESS_HEADS`).

    Blank if it is not known: without an actual, or for a target of zero. Raises Fault.
    """
    targets = _column(cells("target", target), low=0, share=False)
    actuals = _column(cells("actual", actual), (targets.size,), share=False)
    sizes = (1, targets.size)
    time = _column(cells("time_progress", time_progress), sizes, low=0, high=1)
    days = _column(cells("remaining_days", remaining_days), sizes, low=0)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        rows = progress(
            targets, actuals, time_progress=time, remaining_days=days, lamps=read_lamps(cells("lamps", lamps))
        )
        columns = (
            rows.attainment,
            without_noise(rows.target_to_date),
            rows.pace,
            without_noise(rows.gap),
            without_noise(rows.forecast),
            rows.forecast_attainment,
            without_noise(rows.required_per_day),
        )
    words = {key: word[lang] for key, word in STATUS.items()}
    table = np.column_stack(columns)
    block: Block = np.where(np.isfinite(table), table, np.array(None, dtype=object)).tolist()
    for row, status in zip(block, rows.status.tolist(), strict=True):
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
                argument("target", 10.0),
                argument("target", 20.0),
                None,
                None,
            ),
            *(
                (
                    label(name),
                    *((argument("rates", rate, "percent") for rate in rates) if rates else (None, None)),
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

    `rates` belong to one channel, in a row or a column, or to several: a column each beside a row of targets, or a row
    each beside a column of targets. Each stage is rounded up before the one above is computed. From a blank target or
    rate upwards all is blank. Raises Fault.
    """
    targets, rate_cells = cells("target", target), cells("rates", rates)
    shape = rate_cells.shape
    targets.line()
    across = targets.shape[0] > 1 or (targets.size == 1 and shape[0] == 1 < shape[1])  # a row is a channel
    channels, stages = targets.size, shape[1] if across else shape[0]
    if shape[0 if across else 1] not in (1, channels):
        rate_cells.check_shape((channels, stages) if across else (stages, channels), "target")
    block = []
    for channel in range(channels):
        at = channel if shape[0 if across else 1] > 1 else 0
        places = [(at, stage) if across else (stage, at) for stage in range(stages)]
        block.append(_channel(targets, channel, rate_cells, places))
    return block if across else [list(row) for row in zip(*block, strict=True)]


def _channel(
    targets: ArgumentCells, channel: int, rate_cells: ArgumentCells, places: list[tuple[int, int]]
) -> list[float | None]:
    """The numbers of a channel from its first stage to its last; `places` are the positions of its rates."""
    value, place = targets.line()[channel]
    target = number_or_blank(value, place, share=False)
    if target is not None and not 0 <= target <= GREATEST_TOTAL:
        raise out_of_bounds(place, target, 0, GREATEST_TOTAL)
    need = None if target is None else ceil(target)
    needs = [need]
    for row, column in reversed(places):
        rate = _rate(rate_cells.rows[row][column], rate_cells.place(row, column))
        need = None if need is None or rate is None else ceil(Fraction(need) / Fraction(rate))
        if need is not None and need > GREATEST_TOTAL:
            raise NeedTooGreat()
        needs.append(need)
    return [None if need is None else float(need) for need in reversed(needs)]


def _rate(value: Any, place: ArgumentCell) -> Decimal | None:
    rate = number_or_blank(value, place)
    if rate is not None and not Decimal("1e-9") <= rate <= 1:
        raise RateOutOfBounds(zh_place=place.say("zh"), en_place=place.say("en"), found=f"{rate:.6g}")
    return rate


def _column(
    cells: ArgumentCells,
    sizes: tuple[int, ...] = (),
    *,
    low: float | None = None,
    high: float | None = None,
    share: bool = True,
) -> Floats:
    """The numbers of a line of cells, as many as `sizes` allow; the last of these is the number of targets."""
    cells.line()
    column = cells.numbers(low=low, high=high, share=share).ravel()
    if sizes and column.size not in sizes:
        facts = {"count": column.size, "expected": sizes[-1]}
        raise CountsDiffer(name=cells.name, **facts, zh_other=" target ", en_other="target")
    return column


_MOST_LAMP = 5.0
"""A threshold above it is a percentage without its sign: 95 for 95%."""


def read_lamps(cells: ArgumentCells) -> Lamps:
    """Return the thresholds; a blank cell means the default. Raises LampsNotThree, LampsOutOfOrder or OutOfBounds."""
    if cells.blank:
        return Lamps()
    line = cells.line()
    if len(line) != _MOST_LAMPS:
        raise LampsNotThree(count=len(line))
    defaults = np.array([Lamps().green, Lamps().amber, Lamps().orange])
    numbers = cells.numbers(low=0, high=_MOST_LAMP).ravel()
    green, amber, orange = np.where(np.isnan(numbers), defaults, numbers).tolist()
    if not green >= amber >= orange:
        raise LampsOutOfOrder()
    return Lamps(green, amber, orange)


def without_noise(amounts: Floats) -> Floats:
    """Return amounts without the noise of floats: rounded to millionths, if they are small enough for that."""
    fine = np.abs(amounts) < _ROUNDED_BELOW
    with np.errstate(over="ignore", invalid="ignore"):
        return np.where(fine, np.round(amounts, _MICRO), amounts)
