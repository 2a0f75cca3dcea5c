"""The words that several sheets of a store's workbook share, and how a target was derived."""

from __future__ import annotations

from xlsales.core.faults import Lang
from xlsales.vocabulary import words as written
from xlsales.vocabulary.contract import Word

SUBLINE = Word(
    "{plan}  ·  {start} – {end}  ·  单位:{unit}  ·  第 {version} 版",
    "{plan}  ·  {start} – {end}  ·  Unit: {unit}  ·  Version {version}",
)
NOTHING_YET = written.NO_ACTUALS
UNANNOUNCED = Word("  ·  {years} 年节假日未公布", "  ·  Holidays of {years} not announced")
WHOLE = Word("全期", "Whole plan")
TOTAL = written.TOTAL
TIME_PROGRESS = Word("时间进度", "Time progress")
REQUIRED = Word("日均需达", "Required per day")
DERIVED = Word("目标怎么来的:", "How the target was derived: ")
REFUSED = Word("请改一下", "Please check")


def derived(lang: Lang, sentence: str) -> str:
    """Say how a store's target was derived; empty if that is not known."""
    return DERIVED[lang] + sentence if sentence else ""


# --- how a target was derived
SENTENCE = Word("{target},{days}。", "{target}, {days}.")
FROM_REFERENCE = Word("参照期销售 {amount} {unit} × {factor}", "past sales {amount} {unit} × {factor}")
LAST_YEAR = Word("去年同期 {amount} {unit} × {factor}", "last year {amount} {unit} × {factor}")
SHARE_OF_TOTAL = Word("总目标 {total} {unit} × 占比 {share}", "total target {total} {unit} × share {share}")
WEEKEND_FACTOR = Word("周末系数 {factor}", "weekend factor {factor}")
SATURDAY_SUNDAY = Word("周六系数 {saturday}、周日系数 {sunday}", "Saturday {saturday}, Sunday {sunday}")
HOLIDAY_FACTOR = Word("节假日系数 {factor}", "holiday factor {factor}")
DAYS_EQUAL = Word("月内按天平均,取整到 {step} {unit}", "spread evenly over each month's days, to {step} {unit}")
DAYS_AS_COMPANY = Word("按公司各天的比重", "by the company's days")
DAYS_CAMPAIGN = Word("活动日另按系数", "campaign days by their factor")
DAYS_WORKING = Word("按工作日", "by working days")
