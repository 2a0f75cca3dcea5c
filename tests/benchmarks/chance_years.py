"""Daily sales with a known future: the real order list, and years that are simulated by a process that is told here.

Even seeds are for tuning the rule, odd ones for the figures that are printed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from xlsales.core.arrays import Floats
from xlsales.core.calendars import DayKind, work_calendar
from xlsales.core.chance import DailySales
from xlsales.core.lunar import spring_festival
from xlsales.core.periods import Days, weekdays

ORDERS = Path(__file__).resolve().parents[3] / "shared" / "data" / "示例-超市.xls"
"""The real order list, which is not part of the product."""
_TREES = (("地区", "省/自治区"), ("类别", "子类别"), ("细分",))


def real_years() -> list[DailySales]:
    """Return the order list of 2014 to 2017, by region, by product and by segment."""
    import fastexcel

    table = fastexcel.read_excel(ORDERS).load_sheet("订单").to_polars()
    days = np.arange(np.datetime64("2014-01-01"), np.datetime64("2018-01-01"))
    at = (table["订单日期"].to_numpy().astype("datetime64[D]") - days[0]).astype(np.int64)
    amounts = table["销售额"].to_numpy()
    whole = np.bincount(at, amounts, len(days))
    sales = []
    for columns in _TREES:
        keys = [tuple(row) for row in table.select(columns).rows()]
        members = sorted({key[: n + 1] for key in keys for n in range(len(columns))})
        rows = np.zeros((len(members), len(days)))
        for i, member in enumerate(members):
            own = np.array([key[: len(member)] == member for key in keys])
            rows[i] = np.bincount(at[own], amounts[own], len(days))
        parents = tuple(members.index(member[:-1]) if len(member) > 1 else -1 for member in members)
        sales.append(DailySales(days, whole, rows, parents))
    return sales


def simulated_years(seed: int, regions: int = 3, stores: int = 4) -> DailySales:
    """Return four years, 2022 to 2025, of stores in regions.

    A store's expected day is weekday × holiday × 春节 × month of the year × growth × slow drifts of all and of its own.
    By turns of the seed, stores sell every day; have a few orders a week of very different sizes; or opened in
    the last years. Some goods come back.
    """
    rng = np.random.default_rng(seed)
    days = np.arange(np.datetime64("2022-01-01"), np.datetime64("2026-01-01"))
    n, m = len(days), regions * stores
    month = days.astype("datetime64[M]").astype(np.int64) - 52 * 12
    curve = _curve(days, rng)
    trend = np.cumsum(np.repeat(rng.normal(0.08, 0.08, 4), 12)[month] / 365)
    common = np.zeros(48)
    for k in range(1, 48):
        common[k] = 0.7 * common[k - 1] + rng.normal(0.0, 0.03)
    own = np.cumsum(rng.normal(0.0, rng.choice([0.0, 0.02, 0.04]), (m, 48)), axis=1)
    expected = np.exp(trend + common[month] + own[:, month]) * curve * np.exp(rng.normal(0.0, 0.6, (m, 1)))
    if seed // 2 % 3 == 1:
        counts = rng.poisson(expected * 0.4)
        sizes = rng.lognormal(0.0, 1.1, (m, n))
        sold = counts * sizes
    else:
        sold = expected * rng.gamma(4.0, 0.25, (m, n))
    if seed // 2 % 3 == 2:
        opened = np.where(rng.random(m) < 0.4, rng.integers(300, 1000, m), 0)
        sold = np.where(np.arange(n) >= opened[:, None], sold, 0.0)
    sold -= np.where(rng.random((m, n)) < 0.01, sold * 1.5, 0.0)
    above = sold.reshape(regions, stores, n).sum(axis=1)
    rows = np.concatenate([above, sold]) * 1000.0
    return DailySales(days, above.sum(axis=0) * 1000.0, rows, (-1,) * regions + tuple(i // stores for i in range(m)))


def _curve(days: Days, rng: np.random.Generator) -> Floats:
    """Weekday × holiday × 春节 × month of the year, the same for all stores."""
    calendar = work_calendar(days)
    curve = rng.uniform(0.7, 1.4, 7)[weekdays(days)] * np.where(calendar.kinds == DayKind.HOLIDAY, 1.5, 1.0)
    for year in range(2022, 2026):
        since = (days - np.datetime64(spring_festival(year))).astype(np.int64)
        curve = curve * np.where((since >= -20) & (since < 0), 1.4, np.where((since >= 0) & (since < 7), 0.5, 1.0))
    seasons = np.exp(rng.normal(0.0, 0.15, 12))
    return np.asarray(curve * seasons[days.astype("datetime64[M]").astype(np.int64) % 12])
