"""The words that several sheets of a store's workbook share."""

from __future__ import annotations

from xlsales.core.faults import Lang
from xlsales.vocabulary import words as common_words
from xlsales.vocabulary.contract import Word

SUBLINE = Word(
    "{plan}  ·  {start} – {end}  ·  单位:{unit}  ·  第 {version} 版",
    "{plan}  ·  {start} – {end}  ·  Unit: {unit}  ·  Version {version}",
)
NOTHING_YET = common_words.NO_ACTUALS
UNANNOUNCED = Word("  ·  {years} 年节假日未公布", "  ·  Holidays of {years} not announced")
WHOLE = Word("全期", "Whole plan")
TOTAL = common_words.TOTAL
TIME_PROGRESS = Word("时间进度", "Time progress")
REQUIRED = Word("日均需达", "Required per day")
DERIVED = Word("目标怎么来的:", "How the target was derived: ")
REFUSED = Word("请改一下", "Please check")


def derived(lang: Lang, sentence: str) -> str:
    """Return how a store's target was derived; empty if that is not known."""
    return DERIVED[lang] + sentence if sentence else ""
