"""Back-tests of ranges and chances: on the real order list, and on simulated years with a known truth.

Run `python -m tests.benchmarks.chance` (`pip install '.[bench,test]'`). Each case is a member (or the whole) at the end
of a month: the sales of the next month, of one a quarter later, and of the rest of the year, are foretold from the days
before, and held against what came. What is read off:

- coverage: how often the truth is from P10 to P90. Where many outcomes are the same, as no order at all, the truth
  counts by the part of them that is between the two, so that rare orders do not flatter the range;
- the Brier score of the chance to reach last year's sales and more, as it is printed, in steps of 5 %, at each month
  end; beside that of the share of cases that reached it (which nobody knows before), and that of the run-rate rule
  (actual ÷ share of days of the year, reached or not);
- the pinball loss of P10, P25, P50, P75 and P90, in units of the member's mean sales of so many days, beside the
  automatic models of statsforecast on monthly sales: quantiles of 400 paths that each model simulates.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tests.benchmarks.chance_years import ORDERS, real_years, simulated_years
from tests.benchmarks.measure import FULL, Result, medians, report
from xlsales.core.arrays import Floats
from xlsales.core.chance import DailySales, outlook

SHARES = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
LEAST, MOST = 0.76, 0.84
SECONDS = 1.0
REPORTED = range(1, 73, 2)
"""Odd seeds: even ones tuned the rule."""
LATER = 3
"""A month alone is foretold so many months before it begins, as the fan of months has it."""
PEERS_SEEDS = range(1, 13, 2)
_ASKED_REAL, _ASKED_SIMULATED = 1.2, 1.08
"""Asked is so many times last year's sales: about half of the cases reach it."""


@dataclass(frozen=True)
class Case:
    """What was foretold at the end of a month, and what came, of the whole and of all members that had sold."""

    kind: str
    level: list[str]
    truth: Floats
    outcomes: Floats
    scale: Floats
    months: Floats
    reached: Floats
    chance: Floats
    by_rate: Floats
    ahead: int

    @property
    def coverage(self) -> Floats:
        """The part of each truth that is within the range."""
        low = (self.outcomes < self.truth[:, None]).mean(axis=1)
        high = (self.outcomes <= self.truth[:, None]).mean(axis=1)
        inside = np.minimum(high, 0.9) - np.maximum(low, 0.1)
        point = ((low >= 0.1) & (low <= 0.9)).astype(float)
        width = high - low
        return np.where(width > 0, np.clip(inside, 0, None) / np.where(width > 0, width, 1.0), point)

    def loss(self, quantiles: Floats) -> Floats:
        """The mean pinball loss of each row, in units of its mean sales of so many days."""
        over = self.truth[:, None] - quantiles
        return np.asarray(np.maximum(over * SHARES, over * (SHARES - 1)).mean(axis=1) / self.scale)


def cases_of(years: list[DailySales], months: list[np.datetime64], kind: str, asked: float) -> list[Case]:
    """Return the cases of a kind (month, later, year) whose truth is known.

    A whole that is split several ways counts once.
    """
    once = [all(sales.whole is not other.whole for other in years[:i]) for i, sales in enumerate(years)]
    return [
        case(one, month, kind, asked, first)
        for month in months
        for one, first in zip(years, once, strict=True)
        if kind != "later" or (month + LATER).astype("datetime64[D]") < one.days[-1]
    ]


def case(sales: DailySales, month: np.datetime64, kind: str, asked: float, with_whole: bool) -> Case:
    """Foretell the next month, the one LATER, or the rest of the year, at the end of the month before `month`."""
    n = int((month.astype("datetime64[D]") - sales.days[0]).astype(int))
    year = month.astype("datetime64[Y]")
    begin = int((year.astype("datetime64[D]") - sales.days[0]).astype(int))
    first = month + LATER if kind == "later" else month
    end = (year + 1).astype("datetime64[M]") if kind == "year" else first + 1
    ahead = int((first.astype("datetime64[D]") - sales.days[0]).astype(int))
    stop = int((end.astype("datetime64[D]") - sales.days[0]).astype(int))
    past = DailySales(sales.days[:n], sales.whole[:n], sales.members[:, :n], sales.parents)
    seen = outlook(past, sales.days[ahead:stop])
    rows = np.vstack([sales.whole, sales.members])
    known = ~np.isnan(seen.outcomes[:, 0]) & (rows[:, begin - 365 : begin].sum(axis=1) > 0)
    known[0] &= with_whole
    target = asked * rows[:, begin - 365 : begin].sum(axis=1)
    to_date = rows[:, begin:n].sum(axis=1)
    truth = rows[:, ahead:stop].sum(axis=1)
    rate = to_date / (n - begin) * 365 if n > begin else target / asked
    level = ["whole", *("top" if parent < 0 else "below" for parent in sales.parents)]
    of_month = (sales.days[:n].astype("datetime64[M]") - sales.days[0].astype("datetime64[M]")).astype(int)
    return Case(
        kind,
        [one for one, is_known in zip(level, known, strict=True) if is_known],
        truth[known],
        seen.outcomes[known],
        rows[known, :n].mean(axis=1) * (stop - ahead),
        np.stack([np.bincount(of_month, row[:n]) for row in rows[known]]),
        (truth >= target - to_date)[known].astype(float),
        seen.chances(target - to_date)[known],
        (rate >= target)[known].astype(float),
        int((end - first).astype(int)),
    )


def months_of_tests(first: str, count: int) -> list[np.datetime64]:
    """Return the months before which something is foretold."""
    return [np.datetime64(first) + n for n in range(count)]


def rows() -> Iterator[Result]:
    """Yield coverage, Brier scores and losses of both kinds of years, and seconds."""
    simulated = [simulated_years(seed) for seed in REPORTED]
    months = months_of_tests("2025-01", 12)
    three = [months[0], months[3], months[8]]
    yield from _figures(f"{len(simulated)} simulated years", simulated, three, _ASKED_SIMULATED)
    few = [simulated_years(seed) for seed in PEERS_SEEDS]
    yield _beside_peers(f"{len(few)} simulated years", few, [months[0], months[6]], _ASKED_SIMULATED)
    if ORDERS.exists():
        months = months_of_tests("2016-01", 24)
        yield from _figures("示例-超市", real_years(), months, _ASKED_REAL)
        yield _beside_peers("示例-超市", real_years(), months if FULL else months[::3], _ASKED_REAL)
    yield _seconds()


def _figures(name: str, years: list[DailySales], months: list[np.datetime64], asked: float) -> Iterator[Result]:
    """Coverage of months and of the rest of the year, and the Brier score."""
    for kind in ("month", "later", "year"):
        started = time.perf_counter()
        cases = cases_of(years, months, kind, asked)
        spent = time.perf_counter() - started
        inside = np.concatenate([one.coverage for one in cases])
        level = [at for one in cases for at in one.level]
        by_level = ", ".join(f"{one} {inside[np.array(level) == one].mean():.0%}" for one in ("whole", "top", "below"))
        said = {"month": "next month", "later": "a month in a quarter", "year": "rest of the year"}[kind]
        yield Result(
            f"80 % ranges of {name}, {said}",
            spent,
            figure=f"{inside.mean():.1%}",
            bar=f"{LEAST:.0%}–{MOST:.0%}",
            met=LEAST <= float(inside.mean()) <= MOST,
            note=f"{by_level}; {len(inside):,} cases",
        )
    reached, chance, rate = (
        np.concatenate([getattr(c, key) for c in cases]) for key in ("reached", "chance", "by_rate")
    )
    ours, base = float(((chance - reached) ** 2).mean()), float(reached.mean() * (1 - reached.mean()))
    run_rate = float(((rate - reached) ** 2).mean())
    beside = f"{base:.3f} base rate, {run_rate:.3f} run rate"
    yield Result(f"Brier of {name}, the year", spent, beside, f"{ours:.3f}", "< both", ours < min(base, run_rate))


def _beside_peers(name: str, years: list[DailySales], months: list[np.datetime64], asked: float) -> Result:
    """Our pinball loss beside that of the best automatic model; seconds are those of ours and of all models."""
    started = time.perf_counter()
    cases = [one for kind in ("month", "year") for one in cases_of(years, months, kind, asked)]
    spent = time.perf_counter() - started
    ours = np.concatenate([one.loss(np.quantile(one.outcomes, SHARES, axis=1).T) for one in cases])
    is_year = np.concatenate([np.full(len(one.truth), one.kind == "year") for one in cases])
    losses = {model: np.concatenate([one.loss(peer_quantiles(model, one)) for one in cases]) for model in PEERS}
    best = min(losses, key=lambda model: float(losses[model].mean()))
    least = float(losses[best].mean())
    parts = " ".join(
        f"{what} {ours[at].mean():.4f} : {min(loss[at].mean() for loss in losses.values()):.4f}"
        for what, at in (("month", ~is_year), ("rest of the year", is_year))
    )
    others = ", ".join(f"{model} {loss.mean():.4f}" for model, loss in losses.items())
    figure = f"{ours.mean() / least:.2f}"
    beside, note = f"{least:.4f} {best}", f"{ours.mean():.4f}; {others}; {parts}; {len(ours):,} cases"
    return Result(f"pinball loss of {name}", spent, beside, figure, "≤ 1", float(ours.mean()) <= least, note=note)


PEERS = ("AutoETS", "AutoTheta", "AutoCES", "AutoARIMA")


def peer_quantiles(name: str, one: Case) -> Floats:
    """The quantiles of an automatic model for each row of a case, from paths of months."""
    from statsforecast import models

    quantiles = []
    for sold in one.months:
        paths = None
        for kind, season in ((name, 12), ("AutoETS", 1)):  # a series that a model cannot take goes to the plainest one
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    fitted = getattr(models, kind)(season_length=season).fit(sold)
                    paths = np.asarray(fitted.simulate(one.ahead, n_paths=400, seed=1)).reshape(400, one.ahead)
            except Exception:
                continue
            break
        sums = np.full(1, sold.mean() * one.ahead) if paths is None else paths.sum(axis=1)
        quantiles.append(np.quantile(sums, SHARES))
    return np.array(quantiles)


def _seconds() -> Result:
    """500 members of a tree, three years of past days, a year ahead."""
    sales = simulated_years(1, 25, 19)
    n = len(sales.days) - 365
    past = DailySales(sales.days[:n], sales.whole[:n], sales.members[:, :n], sales.parents)
    (spent,) = medians(lambda: outlook(past, sales.days[n:]).range())
    what = f"outlook of {len(sales.parents)} members, a year"
    return Result(what, spent, figure=f"{spent:.2f} s", bar=f"≤ {SECONDS:g} s", met=spent <= SECONDS)


if __name__ == "__main__":
    report(rows())
