"""The store template that people get to look at and restyle: an example store in the year 2026."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from xlsales.core.allocation import allocate
from xlsales.core.arrays import Floats
from xlsales.core.calendars import work_calendar
from xlsales.core.faults import Lang
from xlsales.core.periods import timeline, weekdays
from xlsales.core.plan import MICROS, Dimension, Member, Plan
from xlsales.store.contract import TEMPLATES
from xlsales.store.tables import DimensionTable, MemberTargets
from xlsales.store.targets import Store, StoreTerms
from xlsales.store.template import write_store
from xlsales.vocabulary.contract import Word

_PLAN = Word("2026 年销售目标(示例)", "Sales target 2026 (example)")
_STORE, _NAME = Word("门店", "Store"), Word("示例门店", "Example store")
_TABLES: tuple[tuple[Word, tuple[tuple[Word, int], ...]], ...] = (
    (
        Word("产品", "Product"),
        ((Word("产品A", "Product A"), 3), (Word("产品B", "Product B"), 4), (Word("产品C", "Product C"), 3)),
    ),
    (Word("渠道", "Channel"), ((Word("线上", "Online"), 3), (Word("线下", "Offline"), 7))),
    (
        Word("人员", "Person"),
        ((Word("店员甲", "Clerk A"), 5), (Word("店员乙", "Clerk B"), 4), (Word("店员丙", "Clerk C"), 3)),
    ),
)
"""The tables of sheet 分项: dimension, members and their weights."""
_SENTENCE = Word(
    "去年同期 1,680,000 元 × 1.071,周六系数 1.6、周日系数 1.5。",
    "last year 1,680,000 yuan × 1.071, Saturday 1.6, Sunday 1.5.",
)
_INDEX = (1.0, 1.0, 1.0, 1.05, 1.2, 1.6, 1.5)
_TOTAL, _STEP = 1_800_000, 100


def example_template(lang: Lang) -> bytes:
    """Return the template; the same bytes every time."""
    start, end = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    stores = Dimension(_STORE[lang], (Member(_NAME[lang]),), (-1,), (1,))
    dimensions = (stores, *(_dimension(word[lang], [m[lang] for m, _ in members]) for word, members in _TABLES))
    plan = Plan(_PLAN[lang], _TOTAL // _STEP, _STEP * MICROS, start, end, dimensions)
    line = timeline(start, end)
    tables = tuple(DimensionTable(d.name, len(d.members), tuple(m.name for m in d.members)) for d in dimensions[1:])
    terms = StoreTerms(plan, _STORE[lang], line, work_calendar(line.days), lang, "yuan", tables=tables)
    days = allocate(plan.total, np.array(_INDEX)[weekdays(line.days)])
    months = [int(days[at].sum()) for at in terms.slices]
    parts = tuple(
        MemberTargets(table.names, _shared(months, [weight for _, weight in members]), np.zeros(len(months)))
        for table, (_, members) in zip(tables, _TABLES, strict=True)
    )
    return write_store(terms, Store(_NAME[lang], days * np.float64(_STEP), parts, _SENTENCE[lang]))


def _dimension(name: str, members: Sequence[str]) -> Dimension:
    count = len(members)
    return Dimension(name, tuple(Member(member) for member in members), (-1,) * count, (1,) * count)


def _shared(months: Sequence[int], weights: Sequence[int]) -> Floats:
    """Members × months in yuan, of months in steps."""
    return np.stack([allocate(month, weights) for month in months], axis=1) * np.float64(_STEP)


def main(arguments: Sequence[str]) -> None:
    """Write both committed templates into a folder."""
    folder = Path(arguments[0] if arguments else "templates")
    langs: tuple[Lang, ...] = ("zh", "en")
    for lang in langs:
        (folder / TEMPLATES[lang]).write_bytes(example_template(lang))


if __name__ == "__main__":
    main(sys.argv[1:])
