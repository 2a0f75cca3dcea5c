"""LAMP, FORECAST_OF, REQUIRED_PER_DAY, GROWTH_RATE, WEIGHTED_RATE and SCORE: figures of attainment, cell by cell.

Arguments have the same shape, or one cell that is for all. What is not known is blank: a blank is never taken for zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from xlsales.core import progress, scores
from xlsales.core.arrays import Floats
from xlsales.core.faults import Lang
from xlsales.functions.achievement import read_lamps, without_noise
from xlsales.functions.cell import ArgumentCell, choice, words_of
from xlsales.functions.cells import ArgumentCells, Block, cells, common_shape, each, filled
from xlsales.functions.worksheet import (
    TARGET,
    Example,
    argument,
    head,
    label,
    result,
    same,
    worksheet,
)
from xlsales.values.cell import CellFault, is_blank
from xlsales.vocabulary.contract import BETTER, PROGRESS_COLUMNS, STATUS, Word

_LEAST_CAP = 0.01
_BETTER = {"more": (*words_of(BETTER)["more"], "越多越好"), "less": (*words_of(BETTER)["less"], "越少越好", "fewer")}
_ACTUAL = Word("实际,一格或一片", "Actuals, one or a range")
_TARGETS = Word("目标,同形或一格", "Targets, same shape or one")


class CapNeeded(CellFault):
    """Nothing happened where less is better: without a cap the attainment has no limit."""

    zh = "{where}是 0,方向是少好,达成率没有上限。请填 cap,如 120%。"
    en = "{where} is 0 and less is better, so the attainment has no limit. Enter a cap, such as 120%."


@worksheet(
    Word(
        "状态灯:实际 ÷ 应达,绿、黄、橙、红;与实际区域同形。",
        "The lamp of actual / target to date: green, amber, orange, red. Same shape as the actuals.",
    ),
    Example(
        12,
        Word("实际对应达,亮什么灯", "Actual against target to date"),
        same("=LAMP({actual},{target_to_date})"),
        (
            head(PROGRESS_COLUMNS["actual"], PROGRESS_COLUMNS["target_to_date"], PROGRESS_COLUMNS["status"]),
            *(
                (argument("actual", actual), argument("target_to_date", 100.0), result(STATUS[status]))
                for actual, status in ((103.0, "green"), (96.0, "amber"), (84.0, "red"))
            ),
        ),
    ),
    actual=_ACTUAL,
    target_to_date=Word("应达,同形或一格", "Targets to date, same shape or one"),
    lamps=Word(
        "绿、黄、橙三个阈值,默认 100%、95%、85%",
        "Three thresholds green, amber, orange; 100%, 95%, 85% unless given",
    ),
)
def lamp(actual: Any, target_to_date: Any, lamps: Any = None, *, lang: Lang = "zh") -> Block:
    """Return the word of each lamp; blank if one is blank or nothing is due. Raises Fault."""
    sold, due = _together(_amounts("actual", actual), _amounts("target_to_date", target_to_date))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        found = progress.lamp(sold, due, read_lamps(cells("lamps", lamps)))
    words = {key: word[lang] for key, word in STATUS.items()}
    return [[words.get(key) for key in row] for row in found.tolist()]


@worksheet(
    Word(
        "预计完成:实际 ÷ 时间进度;与实际区域同形。",
        "The forecast: actual / time progress. Same shape as the actuals.",
    ),
    Example(
        12,
        Word("照这样做下去,全期多少", "What it comes to at this pace"),
        same("=FORECAST_OF({actual},{time_progress})"),
        (
            head(PROGRESS_COLUMNS["actual"], PROGRESS_COLUMNS["time_progress"], PROGRESS_COLUMNS["forecast"]),
            (argument("actual", 84.0), argument("time_progress", 0.28, "percent"), result(300.0)),
            (argument("actual", 60.0), argument("time_progress", 0.5, "percent"), result(120.0)),
        ),
    ),
    actual=_ACTUAL,
    time_progress=Word("时间进度,同形或一格", "Time progress, same shape or one"),
)
def forecast_of(actual: Any, time_progress: Any) -> Block:
    """Return actual ÷ time progress; blank before any time has gone by. Raises Fault."""
    sold, time = _together(_amounts("actual", actual), _shares("time_progress", time_progress, high=1))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return filled(without_noise(progress.divide(sold, time)))


@worksheet(
    Word(
        "日均需达:(目标 - 实际) ÷ 剩余天数,已达成为 0;与目标区域同形。",
        "Required per day: what is missing / days left; 0 if it is reached. Same shape as the targets.",
    ),
    Example(
        13,
        Word("剩下的每天要做多少", "What each day left has to bring"),
        same("=REQUIRED_PER_DAY({target},{actual},{remaining_days})"),
        (
            head(
                TARGET, PROGRESS_COLUMNS["actual"], Word("剩余天数", "Days left"), PROGRESS_COLUMNS["required_per_day"]
            ),
            *(
                (
                    argument("target", target),
                    argument("actual", actual),
                    argument("remaining_days", days),
                    result(required, "money"),
                )
                for target, actual, days, required in ((300.0, 120.0, 15.0, 12.0), (300.0, 310.0, 15.0, 0.0))
            ),
        ),
    ),
    target=Word("目标,一格或一片", "Targets, one or a range"),
    actual=Word("实际,同形或一格", "Actuals, same shape or one"),
    remaining_days=Word("剩余天数,同形或一格", "Days left, same shape or one"),
)
def required_per_day(target: Any, actual: Any, remaining_days: Any) -> Block:
    """Return what is missing ÷ the days left; blank if one is blank or no day is left. Raises Fault."""
    goals, sold, days = _together(
        _amounts("target", target, low=0),
        _amounts("actual", actual),
        _amounts("remaining_days", remaining_days, low=0),
    )
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        required = progress.progress(goals, sold, time_progress=np.nan, remaining_days=days).required_per_day
    return filled(without_noise(required))


@worksheet(
    Word(
        "增长率(同比、环比):本期 ÷ 上期 - 1;上期为空、零或负数时为空。与本期区域同形。",
        "Growth on a period before: now / before - 1; blank if nothing was before. Same shape as now.",
    ),
    Example(
        13,
        Word("上期为零不报错", "A zero before is no error"),
        same("=GROWTH_RATE({actual},{before})"),
        (
            head(Word("本期", "Now"), Word("上期", "Before"), Word("增长", "Growth")),
            (argument("actual", 120.0), argument("before", 100.0), result(0.2, "percent")),
            (argument("actual", 50.0), argument("before", 0.0), result(None, "percent")),
        ),
    ),
    actual=Word("本期,一格或一片", "This period, one or a range"),
    before=Word("上期或去年同期,同形或一格", "The period before, or last year's; same shape or one"),
)
def growth_rate(actual: Any, before: Any) -> Block:
    """Return how much more `actual` is than `before`, as a share of it, in the shape of `actual`. Raises Fault."""
    now, earlier = _together(_amounts("actual", actual), _amounts("before", before))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return filled(progress.growth_rate(now, earlier))


@worksheet(
    Word(
        "比率的加权平均:满意度、毛利率这样的比率不相加,按权重平均。",
        "The mean of rates by weights: rates such as satisfaction or margin are not added.",
    ),
    Example(
        14,
        Word("90 权重 3,80 权重 1", "90 with weight 3, 80 with weight 1"),
        same("=WEIGHTED_RATE({ratios},{weights})"),
        (
            head(Word("满意度", "Satisfaction"), Word("权重", "Weight"), Word("整体", "Whole")),
            (argument("ratios", 90.0), argument("weights", 3.0), result(87.5, "money")),
            (argument("ratios", 80.0), argument("weights", 1.0), None),
        ),
    ),
    ratios=Word("各部分的比率;空 = 不计", "The rate of each part; blank does not count"),
    weights=Word("权重,同形;空 = 不计", "Weights, same shape; blank does not count"),
)
def weighted_rate(ratios: Any, weights: Any) -> Block:
    """Return the weighted mean of rates; blank if nothing weighs. Raises Fault."""
    rates, pull = cells("ratios", ratios), cells("weights", weights)
    pull.check_shape(rates.shape, rates.name)
    with np.errstate(over="ignore", invalid="ignore"):
        mean = scores.weighted_mean(rates.numbers(), pull.numbers(low=0))
    return filled(without_noise(np.array([[mean]])))


@worksheet(
    Word(
        "考核得分:权重 × 达成率,可封顶;少好的指标按目标 ÷ 实际。与权重区域同形,合计用 SUM。",
        "Points of a scorecard: weight times attainment, which may be capped; target / actual where less is better. "
        "Same shape as the weights.",
    ),
    Example(
        14,
        Word("封顶 110%;合计 100.9", "Capped at 110%; 100.9 in all"),
        same("=SCORE({actual},{target},{weights},1.1)"),
        (
            head(
                Word("指标", "Indicator"),
                Word("权重", "Weight"),
                TARGET,
                PROGRESS_COLUMNS["actual"],
                Word("得分", "Points"),
            ),
            *(
                (
                    label(name),
                    argument("weights", weight),
                    argument("target", target),
                    argument("actual", actual),
                    result(score, "money"),
                )
                for name, weight, target, actual, score in (
                    (Word("销售额", "Sales"), 60.0, 100.0, 120.0, 66.0),
                    (Word("满意度", "Satisfaction"), 20.0, 95.0, 90.0, 20 * 90 / 95),
                    (Word("回款率", "Collection"), 20.0, 100.0, 80.0, 16.0),
                )
            ),
        ),
    ),
    actual=_ACTUAL,
    target=_TARGETS,
    weights=Word("权重,同形或一格", "Weights, same shape or one"),
    cap=Word("达成率封顶,如 110%,同形或一格;省略 = 不封顶", "Cap of the attainment, such as 110%; omitted = none"),
    better=Word("多好(默认)或少好,同形或一格", "more (default) or less is better, same shape or one"),
)
def score(actual: Any, target: Any, weights: Any, cap: Any = None, better: Any = None) -> Block:
    """Return the points of each indicator; blank if a figure is blank, or the target is zero and more is better.

    Raises Fault.
    """
    ways = cells("better", better)
    less = np.array(each(_less_is_better, ways), np.bool_)
    sold, goals, pull, most, less = _together(
        (found := _shares("actual", actual, low=0)),
        _shares("target", target, low=0),
        _shares("weights", weights, low=0),
        _shares("cap", cap, low=_LEAST_CAP),
        (ways, less),
    )
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        attainment = scores.reached(sold, goals, less)
        endless = np.isposinf(attainment) & less & np.isnan(most) & (sold == 0)
        if endless.any():
            raise CapNeeded(where=found[0].place_at(int(np.argmax(endless)) if found[0].size > 1 else 0))
        return filled(scores.points(attainment, pull, np.where(np.isnan(most), np.inf, most)))


def _less_is_better(cell: tuple[Any, ArgumentCell]) -> bool:
    value, place = cell
    return not is_blank(value) and choice(value, place, _BETTER) == "less"


def _amounts(name: str, value: Any, *, low: float | None = None) -> tuple[ArgumentCells, Floats]:
    """An argument with its numbers, which are no percentages."""
    found = cells(name, value)
    return found, found.numbers(low=low, share=False)


def _shares(name: str, value: Any, *, low: float | None = 0, high: float | None = None) -> tuple[ArgumentCells, Floats]:
    """An argument with its numbers, which may be percentages."""
    found = cells(name, value)
    return found, found.numbers(low=low, high=high)


def _together(*arguments: tuple[ArgumentCells, Any]) -> list[Any]:
    """The values of arguments that go cell by cell, all in one shape. Raises ShapesDiffer."""
    shape = common_shape(*(found for found, _ in arguments))
    return [np.broadcast_to(values, shape) for _, values in arguments]
