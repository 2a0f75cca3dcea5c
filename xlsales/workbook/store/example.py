"""The store template that people get to look at and restyle: an example store in the year 2026."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from xlsales.core.allocation import allocate
from xlsales.core.calendars import work_calendar
from xlsales.core.faults import Lang
from xlsales.core.periods import timeline, weekdays
from xlsales.core.plan import MICROS, Dimension, Member, Plan
from xlsales.workbook.contract import Word
from xlsales.workbook.store.contract import TEMPLATES
from xlsales.workbook.store.figures import Span, Store
from xlsales.workbook.store.template import write_store

_PLAN = Word("2026 年销售目标(示例)", "Sales target 2026 (example)")
_STORE, _NAME = Word("门店", "Store"), Word("示例门店", "Example store")
_OTHERS = (Word("产品", "Product"), Word("渠道", "Channel"))
_SENTENCE = Word(
    "去年同期 1,680,000 元 × 1.071,周六系数 1.6、周日系数 1.5。",
    "last year 1,680,000 yuan × 1.071, Saturday 1.6, Sunday 1.5.",
)
_INDEX = (1.0, 1.0, 1.0, 1.05, 1.2, 1.6, 1.5)
_TOTAL, _STEP = 1_800_000, 100


def example_template(lang: Lang) -> bytes:
    """Return the template; the same bytes every time."""
    start, end = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    names = [_STORE[lang], *(word[lang] for word in _OTHERS)]
    dimensions = tuple(Dimension(name, (Member(_NAME[lang]),), (-1,), (1,)) for name in names)
    plan = Plan(_PLAN[lang], _TOTAL // _STEP, _STEP * MICROS, start, end, dimensions)
    line = timeline(start, end)
    span = Span(plan, _STORE[lang], line, work_calendar(line.days), lang, "yuan")
    days = allocate(plan.total, np.array(_INDEX)[weekdays(line.days)]) * np.float64(_STEP)
    return write_store(span, Store(_NAME[lang], days, _SENTENCE[lang]))


def main(arguments: Sequence[str]) -> None:
    """Write both committed templates into a folder."""
    folder = Path(arguments[0] if arguments else "templates")
    langs: tuple[Lang, ...] = ("zh", "en")
    for lang in langs:
        (folder / TEMPLATES[lang]).write_bytes(example_template(lang))


if __name__ == "__main__":
    main(sys.argv[1:])
