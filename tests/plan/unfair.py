"""A plan of eight stores with past sales, which asks one of them a third more than the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from tests.commands.books import Command, fill, members, plan
from xlsales.core.faults import Lang
from xlsales.plan.fairness import T_FAIRNESS

TITLES = {"zh": ("门店", "公平性"), "en": ("Store", "Fairness")}
NAMES = ("一店", "二店", "三店", "四店", "五店", "六店", "七店", "八店")


def history(
    lang: Lang = "zh", years: int = 2, names: Sequence[str] = NAMES, without: Mapping[str, int] | None = None
) -> list[list[object]]:
    """Months of past sales: stores that grow by 5 to 9 %; `without` are the first years of some."""
    header: list[object] = {"zh": ["日期", "门店", "金额"], "en": ["Date", "Store", "Amount"]}[lang]
    rows = [header]
    rng = np.random.default_rng(5)
    for year in range(2026 - years, 2026):
        for i, name in enumerate(names):
            if year < (without or {}).get(name, 0):
                continue
            base = (100 + 20 * i) * 10_000 / 12 * (1.05 + i % 5 / 100) ** (year - 2025)
            rows += [[dt.date(year, m, 9), name, round(base * float(rng.normal(1, 0.02)))] for m in range(1, 13)]
    return rows


def unfair_plan(
    path: Path, xlsales: Command, lang: Lang = "zh", rows: Sequence[Mapping[str, float | str]] = (), **of: object
) -> Path:
    """A plan of eight stores by their size, of which 三店 has a third more, with sheet 公平性 and its rows."""
    dimension, title = TITLES[lang]
    weights: dict[str, float | None] = {name: 100.0 + 20 * i for i, name in enumerate(NAMES)}
    weights["三店"] = 187.0
    settings: dict[str, object] = {"history": history(lang), "dimensions": members({dimension: weights}), **of}
    plan(path, lang=lang, total=1500, **settings)
    assert xlsales("add", path, title).code == 0
    blank = {column.key: "" for column in T_FAIRNESS.columns}
    fill(path, T_FAIRNESS, title, [blank | row for row in [*rows, *[{}] * (2 - len(rows))]])
    return path
