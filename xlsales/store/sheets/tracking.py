"""Sheet 周跟踪: a member's own rows of the plan's weeks; what is done each week is typed here and read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsales.core.faults import Bilingual, Fault
from xlsales.core.keys import parted
from xlsales.ooxml.cells import Cell
from xlsales.plan.handed.rows import Entry, HandedRow
from xlsales.plan.handed.weeks import HANDED_WEEKS
from xlsales.plan.weeks.tables import DONE, PLANNED, T_WEEKS, weeks_of
from xlsales.store import words
from xlsales.store.amounts import fault_in, shown
from xlsales.store.handed import EntryColumn, HandedSheet
from xlsales.store.returned_book import ReturnedSheet
from xlsales.store.sheet import StoreColumn, StoreView
from xlsales.store.targets import StoreTerms
from xlsales.values.cell import CellFault, Labelled, number
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.round_contract import TIMES

_LABELS = {column.key: column.label for column in T_WEEKS.columns}
_PLAIN = {"month": 10, "person": 13, "indicator": 13, "target": 9}
_WEEKS = [key for pair in zip(PLANNED, DONE, strict=True) for key in pair]
COLUMNS = {key: StoreColumn(_LABELS[key], "count" if key == "target" else "text", w) for key, w in _PLAIN.items()}
COLUMNS |= {key: StoreColumn(_LABELS[key], "count", 9.5) for key in _WEEKS}
HINT = Word(
    "每周在黄格里填完成数:整数,没做成填 0,还没到就空着。随文件交回总部。",
    "Type what is done each week into the yellow cells: whole numbers, 0 for none, blank if it is not over. Return it.",
)
REFUSED = Word("请填 0 或正整数。", "Enter a whole number of 0 or more.")
PROMPT = Word("这一周完成了多少;没做成填 0。", "How many were done this week; 0 for none.")
_ROW = Word("{month}“{person}”的“{indicator}”", '{month}, "{person}", "{indicator}"')
_MOST = 10**9


class WeekUnreadable(Fault):
    """A week with something that is no number."""

    zh = "“{value}”不是完成数。请填 0 或正整数。"
    en = "'{value}' is no number of things done. Enter a whole number of 0 or more."


class WeekNegative(Fault):
    """A week with less than nothing done."""

    zh = "完成数 {value} 是负数。请填 0 或正整数。"
    en = "{value} done is below zero. Enter a whole number of 0 or more."


class WeekInParts(Fault):
    """A week with a fraction of a thing done."""

    zh = "完成数 {value} 不是整数,一单不能算半单。请填整数。"
    en = "{value} done is no whole number: there are no halves. Enter a whole number."


class WeekFarAbove(Fault):
    """A week with far more done than the row plans for the whole month; it counts."""

    zh = "完成数 {found} 超过整月计划 {planned} 的 {times} 倍,已照收。请核对位数和单位。"
    en = "{found} done is more than {times} times the plan of the month, {planned}; it counts. Check digits and unit."


class WeekNotThere(Fault):
    """A number in a week that the month does not have."""

    zh = "{month} 只有 {weeks} 周,没有第 {week} 周。请清空,或填到对应的周。"
    en = "{month} has only {weeks:weeks}, no week {week}. Clear the cell, or type it into its own week."


def _rule(view: StoreView) -> Mapping[str, Any]:
    return {
        "validate": "integer", "criteria": "between", "minimum": 0, "maximum": _MOST,
        "error_title": view.word(words.REFUSED), "error_message": view.word(REFUSED),
        "input_message": view.word(PROMPT),
    }  # fmt: skip


def _given(text: str) -> Mapping[str, Entry]:
    numbers = (None if number is None else float(number) for number in weeks_of(text))
    return dict(zip(DONE, numbers, strict=False))


def _named(key: str) -> Bilingual | None:
    parts = parted(key, 3)
    if parts is None:
        return None
    month, indicator, person = parts
    facts = {"month": month, "person": person, "indicator": indicator}
    return Word(_ROW.zh.format(**facts), _ROW.en.format(**facts))


def _read(
    sheet: ReturnedSheet, cell: Cell, column: str, row: HandedRow | None, _terms: StoreTerms
) -> float | str | Fault:
    """The number of things done, or the fault why a cell has none."""
    try:
        amount = number(sheet.content(cell), Labelled(""), share=False)
    except CellFault as fault:
        return fault_in(cell, sheet, fault, WeekUnreadable)
    assert amount is not None  # the cell is not blank
    if amount < 0:
        return WeekNegative(value=shown(cell))
    if amount > _MOST:
        return WeekUnreadable(value=shown(cell))
    if amount != int(amount):
        return WeekInParts(value=shown(cell))
    week = 1 + DONE.index(column)
    weeks = row.facts["weeks"] if row is not None else len(DONE)
    assert isinstance(weeks, int)
    if row is not None and week > weeks:
        return WeekNotThere(month=row.cells["month"], weeks=weeks, week=week)
    return float(amount)


def _doubt(row: HandedRow, _column: str, done: float | str) -> Fault | None:
    planned = row.facts["for_month"]
    assert isinstance(planned, int)
    assert isinstance(done, float)
    if done <= TIMES * max(planned, 1):
        return None
    return WeekFarAbove(found=f"{done:,.0f}", planned=f"{planned:,}", times=TIMES)


SHEET = HandedSheet(
    table=HANDED_WEEKS,
    purpose=Word("计划里有周跟踪时:每周的计划,完成数填在这里", "If the plan has it: planned weeks; type what is done"),
    heading=Word("{code} 周跟踪", "{code}: weekly tracking"),
    hint=HINT,
    columns=COLUMNS,
    entries=dict.fromkeys(DONE, EntryColumn("#,##0", "right", _rule)),
    given=_given,
    read=_read,
    named=_named,
    doubt=_doubt,
).sheet()
