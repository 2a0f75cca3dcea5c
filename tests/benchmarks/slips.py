"""Slips that are put into simulated years: how many are told, and how much is told that is none.

Run `python -m tests.benchmarks.slips`. A slip is caught if the rule names its kind at its day, of two kinds that it
names one; a jump by a tax within 15 days. False alarms are counted in the same years without slips, in the simulated
years of the benchmark of chances, and on the real order list: each of them, run of days or not, per 1,000 figures.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from tests.benchmarks.chance_years import ORDERS as ORDER_LIST
from tests.benchmarks.chance_years import real_years, simulated_years
from tests.benchmarks.measure import Result, report
from tests.benchmarks.slips_years import EVEN, ORDERS, STEADY, UNEVEN, Company, Planted, company, plant, plant_tax
from xlsales.core.arrays import Floats
from xlsales.core.calendars import work_calendar
from xlsales.core.chance import DailySales
from xlsales.core.doubts import Doubt, Slip
from xlsales.core.gaps import gaps
from xlsales.core.slips import slips

REPORTED = range(1, 161, 2)
"""Odd seeds: even ones tuned the rule."""
CAUGHT, FALSE = 0.95, 1.0
_TAX_DAYS = 15


def doubts_of(of: Company) -> list[Doubt]:
    """Return all doubts about a year, days left out too."""
    holes = gaps(of.days, of.rows, of.kinds)
    left_out = [Doubt(Slip.MISSING, hole.series, hole.first, hole.last, 0.0, 0.0, 0.0, hole.count) for hole in holes]
    return [*slips(of.days, of.sums, of.typed, of.kinds), *left_out]


def told(one: Planted, doubts: list[Doubt]) -> Doubt | None:
    """Return the doubt that tells a slip."""
    for doubt in doubts:
        if doubt.series == one.store and one.kind in (doubt.kind, *(doubt.other or ())[:1]):
            near = abs(doubt.first - one.first) <= _TAX_DAYS
            if near if one.kind is Slip.TAX else doubt.first <= one.last and one.first <= doubt.last:
                return doubt
    return None


def rows() -> Iterator[Result]:
    """Yield what is caught by kind, and false alarms."""
    yield from _caught("steady stores", [company(seed, STEADY) for seed in REPORTED], bar=True)
    yield from _caught("even stores", [company(seed, EVEN) for seed in REPORTED], bar=True)
    yield from _caught("uneven stores", [company(seed, UNEVEN) for seed in REPORTED], bar=False)
    for kind in (STEADY, EVEN, UNEVEN, ORDERS):
        yield _false(f"{kind} stores" if kind != ORDERS else kind, [company(seed, kind) for seed in REPORTED])
    chances = [of for seed in REPORTED[:20] for of in _years(simulated_years(seed))]
    yield _false("years of the benchmark of chances", chances)
    if ORDER_LIST.exists():
        yield _false("示例-超市, its days as if typed", [of for sales in real_years() for of in _years(sales)])


def _caught(name: str, companies: list[Company], *, bar: bool) -> Iterator[Result]:
    """What is caught in all, and by kind, and of what is caught how often the figure that was meant is named."""
    seen, meant = defaultdict[str, list[bool]](list), defaultdict[str, list[bool]](list)
    started = time.perf_counter()
    for n, clean in enumerate(companies):
        wrong, planted = (plant_tax if clean.kind == EVEN else plant)(clean, n)
        doubts = doubts_of(wrong)
        for one in planted:
            doubt = told(one, doubts)
            seen[one.name].append(doubt is not None)
            if doubt is not None and one.kind not in (Slip.MISSING, Slip.TAX):
                named = [doubt.meant, *(doubt.other or ())[1:]]
                meant[one.name].append(min(abs(figure / one.meant - 1) for figure in named) < 0.1)
    spent = time.perf_counter() - started
    every = [one for ones in seen.values() for one in ones]
    for kind, ones in {"all": every, **dict(sorted(seen.items()))}.items():
        share, note = float(np.mean(ones)), f"{len(ones):,} planted"
        note += f"; figure meant within 10 %: {np.mean(meant[kind]):.0%}" if meant[kind] else ""
        asked, met = (f"≥ {CAUGHT:.0%}", share >= CAUGHT) if bar and kind == "all" else ("", None)
        yield Result(f"slips caught, {name}: {kind}", spent, figure=f"{share:.1%}", bar=asked, met=met, note=note)


def _false(name: str, companies: list[Company]) -> Result:
    started, alarms, figures = time.perf_counter(), Counter[str](), 0
    for of in companies:
        alarms.update(doubt.kind.name.lower() for doubt in doubts_of(of))
        figures += int((~np.isnan(of.sums)).sum())
    spent = time.perf_counter() - started
    rate = 1000 * alarms.total() / figures
    note = ", ".join([f"{figures:,} figures", *(f"{kind} {count}" for kind, count in alarms.most_common())])
    return Result(f"false alarms per 1,000, {name}", spent, "", f"{rate:.2f}", f"≤ {FALSE:g}", rate <= FALSE, note=note)


def _years(sales: DailySales) -> Iterator[Company]:
    """The lowest members of daily sales, a year at a time; a day on which nothing was sold has no figure."""
    lowest = [i for i in range(len(sales.parents)) if i not in sales.parents]
    years = sales.days.astype("datetime64[Y]").astype(np.int64)
    for year in np.unique(years).tolist():
        days, sums = sales.days[years == year], sales.members[lowest][:, years == year]
        figures: Floats = np.where(sums == 0, np.nan, sums)
        yield Company(STEADY, days, work_calendar(days).kinds, figures)


if __name__ == "__main__":
    report(rows())
