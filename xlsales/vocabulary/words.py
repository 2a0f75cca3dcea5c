"""The words that several written sheets share and that are not in the contract."""

from __future__ import annotations

from xlsales.core.expressions import expression
from xlsales.core.faults import Lang
from xlsales.vocabulary.contract import Word

TOTAL = Word("合计", "Total")
REQUIRED_PER_DAY_IN = Word("日均需达({unit})", "Required per day ({unit})")
MONTH_TARGETS = Word("月度目标 {year}", "Monthly targets {year}")
PROOF_SUM = Word("验算 Σ{level}", "Proof Σ {level}")
PROOF_ALL = Word("验算(应为 0)", "Proof (must be 0)")
UNASSIGNED_TO = Word("未分到{name}", "Unassigned to {name}")

UNIT = Word("单位:{unit}", "Unit: {unit}")
MONTHS_END = Word("财月止于 {day} 日(1月 = 12/{after}–1/{day})", "Months end on day {day} (Jan = 12/{after}–1/{day})")
AS_OF = Word("截止日 {day}", "As of {day}")
NO_ACTUALS = Word("尚无实际", "No actuals yet")
CLOCK = Word("时钟:{clock}", "Clock: {clock}")

AMOUNT = Word("金额", "Amount")
FOUND = Word("找到", "Found")
ACCEPTED = Word("采用", "Accepted")
SET_ASIDE = Word("搁置", "Set aside")
TOTALS_ROWS = Word("合计行", "Totals rows")

_COMMON = expression(r"[A-Z][a-z]+( [a-z]+)*")
"""A name that is a common noun with a capital, as names of dimensions are: `Region`, `Sales region`."""


def with_name(title: Word, name: str, lang: Lang, **facts: object) -> str:
    """Return a title with a name in it. English titles are in sentence case: `By region`, but `By SKU`."""
    within = name[0].lower() + name[1:] if lang == "en" and _COMMON.fullmatch(name) else name
    return title[lang].format(name=within, **facts)


CHANCE = Word("概率", "Chance")
CHANCES = Word(
    "概率:照过去每天的销售看,到期末达到目标的机会,5% 一档;空 = 说不准。",
    "Chance to reach the target by the end, by past days, 5% steps; blank: unknown.",
)
