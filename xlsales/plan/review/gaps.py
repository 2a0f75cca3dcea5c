"""The figures of a review: a period's target, actual and drivers, for the whole and for the members that matter most.

A line of the page is a row key with its values by column. A page that stands already gives its lines back as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct

from xlsales.core.bridge import DRIVERS, DaysSold, Part, bridge, days_sold, sells_daily, unit_of
from xlsales.core.periods import Period
from xlsales.core.plan import MICROS
from xlsales.layout.model import Value
from xlsales.layout.sheet import Frame
from xlsales.plan.figures import Figures, Members
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word

TOTAL, DAYS_ROW = "total", "w:days"
SUMS = ("target", "actual", "gap", *DRIVERS)
"""The columns of amounts that members add up."""
BARS = ("base", "sum", "fall", "rise", "fall:below", "rise:below")
"""Hidden columns that the charts draw: what holds a bar, the gap, what goes down and up, and its part below zero."""
HIDDEN = (*BARS, "of", "sold")
"""Hidden columns: the bars, the dimension of a block, the number of days that sold."""
SHOWN = 3
"""So many of the best and of the worst members are shown."""
_CENT = MICROS // 100

GAP = Word("实际 − 目标", "Actual − target")
DRIVER_WORDS: Mapping[str, Word] = {
    "days": Word("天数", "Days"),
    "calendar": Word("日历", "Calendar"),
    "mix": Word("构成", "Mix"),
    "rate": Word("水平", "Rate"),
}
_DAYS_SAID = Word("计划 {planned:,} 个销售日,卖了 {sold:,} 天", "{planned:,} selling days planned, {sold:,} days sold")
_DAYS_UNTOLD = Word(
    "实际不是按天的(或不是天天有销售),天数和日历没有拆开,都在“水平”里",
    "Actuals are not by day, or not every day sells: days and calendar are within the rate",
)
_CALENDAR_SAID = Word(
    "卖了的一天,平均相当于计划曲线的 {share:.1%} 天",
    "A day that sold is worth {share:.1%} of a planned day in the curve",
)
_RATE_SAID = Word(
    "卖了的日子,带来计划曲线所期望的 {share:.1%}", "The days that sold brought {share:.1%} of what the curve expects"
)
_REST = Word("其余 {n} 个", "{n} others")
_TIES = Word("与第 {rank} 名相同的还有:{names}", "Equal to rank {rank}: {names}")
_MOST_NAMES = 5
_LOWEST = Word("{name}(末级)", "{name} (lowest)")
_STRETCH = Word("加压", "Stretch")


class Line(Struct, frozen=True):
    """A row of the page by its key, with its values by column."""

    key: str
    values: Mapping[str, Value]


class Sales(Struct, frozen=True):
    """What a period sold, as far as a page is compared with it: in all in yuan, and the days that sold anything."""

    actual: float
    days: int


def months_inside(period: Period, figures: Figures) -> list[int]:
    """Return the positions of the months of the plan that are in a period."""
    return [i for i, one in enumerate(figures.months) if period.start <= one.start and one.end <= period.end]


def sales_of(period: Period, figures: Figures) -> Sales | None:
    """Return what a closed period sold; None if it is not over on the as-of date, or without actuals."""
    achieved = figures.achieved
    if achieved is None or period.end > achieved.as_of:
        return None
    sold = achieved.days[figures.breakdown.timeline.slice_of(period)]
    return Sales(int(sold.sum()) / MICROS, int((sold > 0).sum()))


def lines_of(period: Period, label: str, figures: Figures) -> list[Line]:
    """Return the lines of a closed period: the whole, its drivers, and each dimension that the actuals name."""
    return _Gaps(period, label, figures).lines()


class _Gaps:
    """One period: its months, their days, and its lines."""

    def __init__(self, period: Period, label: str, figures: Figures) -> None:
        self._period, self._label, self._figures = period, label, figures
        self._months = months_inside(period, figures)
        step = figures.breakdown.plan.step_micros
        self._targets = [int(figures.breakdown.months[m]) * step for m in self._months]
        self._actuals = [int(figures.company_actuals[m]) for m in self._months]
        self._days = list(self._days_sold())
        levels = {one.number: sorted({1, one.dimension.depth}) for one in figures.dimensions if one.micros is not None}
        self._blocks = [
            (one, level, *self._parts(one, level)) for one in figures.dimensions for level in levels.get(one.number, ())
        ]
        self._whole = Part("", self._targets, self._actuals)
        every = [part for _, _, parts, nobody in self._blocks for part in (*parts, *nobody.values())]
        self._unit = unit_of(
            [self._whole, *every], step, _CENT
        )  # one for all, so that all blocks have the same drivers

    @property
    def _frame(self) -> Frame:
        return self._figures.frame

    def _days_sold(self) -> Iterator[DaysSold]:
        figures, achieved = self._figures, self._figures.achieved
        assert achieved is not None  # the period is over
        timeline, days = figures.breakdown.timeline, figures.breakdown.days
        until = (achieved.as_of - timeline.start).days + 1
        daily = sells_daily(days[:until], achieved.days[:until])
        for m in self._months:
            at = timeline.slice_of(figures.months[m])
            yield days_sold(days[at], achieved.days[at], daily=daily)

    def lines(self) -> list[Line]:
        """Return the lines in their order."""
        drivers = bridge(self._days, [self._whole], self._unit).whole
        total = _amounts(_micros(self._whole, drivers))
        lines = [Line(TOTAL, {"member": self._label, **total}), *self._drivers(total)]
        for block in self._blocks:
            lines += self._block(*block, total)
        return lines

    # --- the whole --------------------------------------------------------------------------------

    def _drivers(self, total: Mapping[str, float]) -> Iterator[Line]:
        """The target, what each driver adds to it, and the actual; the mix moves nothing of the whole."""
        word, target = self._frame.word, total["target"]
        label = word(PROGRESS_COLUMNS["target"])
        yield Line("w:target", {"member": label, "gap": target})
        level = 0.0
        for key, said in self._said().items():
            sold = {"sold": float(self._sold)} if key == "days" else {}
            texts = {"member": word(DRIVER_WORDS[key]), "said": said}
            yield Line(f"w:{key}", {**texts, "gap": total[key], **step_bar(level, total[key]), **sold})
            level += total[key]
        label = word(PROGRESS_COLUMNS["actual"])
        yield Line("w:gap", {"member": word(GAP), "gap": total["gap"], "sum": total["gap"]})
        yield Line("w:actual", {"member": label, "gap": total["actual"]})

    @property
    def _sold(self) -> int:
        sales = sales_of(self._period, self._figures)
        assert sales is not None  # the period is over
        return sales.days

    def _said(self) -> dict[str, str]:
        """What is behind each driver, in a sentence; nothing where there is nothing to say."""
        word, days = self._frame.word, self._days
        planned, sold = sum(one.planned for one in days), sum(one.sold for one in days)
        target, actual = sum(self._targets), sum(self._actuals)
        expected = sum((one.expected * t for one, t in zip(days, self._targets, strict=True)), Fraction(0))
        untold = sold == planned and sold != self._sold
        said = dict.fromkeys(("days", "calendar", "rate"), "")
        said["days"] = word(_DAYS_UNTOLD) if untold else word(_DAYS_SAID, planned=planned, sold=sold)
        if not untold and target and sold and planned:
            share = expected / target / Fraction(sold, planned)
            said["calendar"] = word(_CALENDAR_SAID, share=float(share))
        if expected > 0:
            said["rate"] = word(_RATE_SAID, share=float(actual / expected))
        return said

    # --- a dimension ------------------------------------------------------------------------------

    def _block(
        self,
        members: Members,
        level: int,
        parts: Sequence[Part],
        nobody: Mapping[str, Part],
        total: Mapping[str, float],
    ) -> Iterator[Line]:
        """The best and the worst members of a level, the rest of them, and what is nobody's; they add up to the whole.

        Keys: `b:<dimension>:<level>:total`, `…:1` to `…:3` and `…:-3` to `…:-1` (all of up to six in their order), …
        """
        key, word, depth = f"b:{members.number}:{level}", self._frame.word, members.dimension.depth
        name = members.name if level < depth or depth == 1 else word(_LOWEST, name=members.name)
        closed = bridge(self._days, [*parts, *nobody.values()], self._unit).parts
        micros = [_micros(part, drivers) for part, drivers in zip((*parts, *nobody.values()), closed, strict=True)]
        bottom, ranked = 0.0, self._ranked(parts)
        yield Line(f"{key}:total", {"member": name, **total, "of": members.name})
        labels = {"nobody": word(words.UNASSIGNED_TO, name=members.name), "stretch": word(_STRETCH)}
        others = ((at, [i], math.nan) for i, at in enumerate(nobody, len(parts)))
        for at, positions, rank in (*_slots(ranked), *others):
            label = labels.get(at) or (word(_REST, n=len(positions)) if at == "rest" else parts[positions[0]].name)
            amounts = _amounts(np.sum([micros[i] for i in positions], axis=0).tolist())
            bar = step_bar(bottom, amounts["gap"])
            yield Line(f"{key}:{at}", {"member": label, "rank": rank, **amounts, **bar})
            bottom += amounts["gap"]
        yield Line(f"{key}:proof", {"member": word(words.PROOF_SUM, level=name), "sum": total["gap"]})
        ties = self._ties(parts, ranked)
        if ties:
            yield Line(f"{key}:ties", {"member": ties})

    def _parts(self, members: Members, level: int) -> tuple[list[Part], dict[str, Part]]:
        """The members that a level adds up, and beside them what is nobody's, and the stretch that the whole lacks."""
        months, step, names = self._months, self._figures.breakdown.plan.step_micros, members.dimension.members
        assert members.micros is not None  # the actuals name the dimension
        counted = members.counted(level)
        targets, actuals = members.part.months[:, months] * step, members.micros[:, months]
        parts = [Part(names[i].name, targets[i].tolist(), actuals[i].tolist()) for i in counted]
        stretch, unassigned = (one[1:][months] * step for one in members.apart(level))
        rest = np.array(self._actuals) - actuals[counted].sum(axis=0)
        nobody = {
            "nobody": Part("", unassigned.tolist(), rest.tolist()),
            "stretch": Part("", (-stretch).tolist(), [0] * len(months)),
        }
        return parts, {key: part for key, part in nobody.items() if any(part.target) or any(part.actual)}

    def _ranked(self, parts: Sequence[Part]) -> list[tuple[int, int]]:
        """Position and rank of each member with a target or an actual, best first; those of one gap share a rank."""
        live = [i for i, part in enumerate(parts) if any(part.target) or any(part.actual)]
        live.sort(key=lambda i: (-parts[i].gap, parts[i].name))
        ranks: list[tuple[int, int]] = []
        for n, i in enumerate(live, 1):
            equal = bool(ranks) and parts[ranks[-1][0]].gap == parts[i].gap
            ranks.append((i, ranks[-1][1] if equal else n))
        return ranks

    def _ties(self, parts: Sequence[Part], ranked: Sequence[tuple[int, int]]) -> str:
        """The members that are left out although they are equal to one that is shown."""
        if len(ranked) <= 2 * SHOWN:
            return ""
        said = []
        for edge in (SHOWN - 1, len(ranked) - SHOWN):
            rank = ranked[edge][1]
            names = [parts[i].name for i, own in ranked[SHOWN:-SHOWN] if own == rank]
            if names:
                more = "…" if len(names) > _MOST_NAMES else ""
                said.append(self._frame.word(_TIES, rank=rank, names=self._frame.listed(names[:_MOST_NAMES]) + more))
        return self._frame.word(Word(";", "; ")).join(dict.fromkeys(said))


def _slots(ranked: Sequence[tuple[int, int]]) -> Iterator[tuple[str, list[int], float]]:
    """The rows of a block: key, positions of its members, rank."""
    if len(ranked) <= 2 * SHOWN:
        yield from ((str(n), [i], float(rank)) for n, (i, rank) in enumerate(ranked, 1))
        return
    yield from ((str(n), [i], float(rank)) for n, (i, rank) in enumerate(ranked[:SHOWN], 1))
    yield "rest", [i for i, _ in ranked[SHOWN:-SHOWN]], math.nan
    yield from ((str(n - SHOWN), [i], float(rank)) for n, (i, rank) in enumerate(ranked[-SHOWN:]))


def _micros(part: Part, drivers: Sequence[int]) -> list[int]:
    """The amounts of a line in micro-yuan, in the order of SUMS."""
    return [sum(part.target), sum(part.actual), part.gap, *drivers]


def _amounts(micros: Sequence[int]) -> dict[str, float]:
    """The amounts of a line in yuan, and its attainment."""
    amounts = {key: amount / MICROS for key, amount in zip(SUMS, micros, strict=True)}
    target = amounts["target"]
    return amounts | {"attainment": amounts["actual"] / target if target > 0 else math.nan}


# --- bars of the charts ---------------------------------------------------------------------------


def step_bar(start: float, change: float) -> dict[str, float]:
    """Return the bar of a change from `start` on, and what holds it up; it may be on both sides of zero."""
    low, high = min(start, start + change), max(start, start + change)
    key = "rise" if change >= 0 else "fall"
    if low >= 0:
        return {"base": low, key: high - low}
    if high <= 0:
        return {"base": high, key: low - high}
    return {key: high, f"{key}:below": low}
