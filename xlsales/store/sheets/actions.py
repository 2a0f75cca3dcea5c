"""Sheet 行动: a member's own actions; how far they are and what they have brought is typed here and read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsales.core.faults import Fault
from xlsales.ooxml.cells import Cell
from xlsales.plan.actions.read import Typed
from xlsales.plan.actions.table import T_ACTIONS
from xlsales.plan.handed.actions import HANDED_ACTIONS, name_of
from xlsales.plan.handed.rows import Entry, HandedRow
from xlsales.store import words
from xlsales.store.amounts import fault_in, said, shown
from xlsales.store.handed import EntryColumn, HandedSheet
from xlsales.store.returned_book import ReturnedSheet
from xlsales.store.sheet import StoreColumn, StoreView
from xlsales.store.targets import StoreTerms
from xlsales.values.cell import CellFault, Labelled, choice, money
from xlsales.vocabulary.contract import ACTION_STATUS, Word
from xlsales.vocabulary.round_contract import TIMES

_LABELS = {column.key: column.label for column in T_ACTIONS.columns}
_SHOWN: tuple[tuple[str, Any, float], ...] = (
    ("member", "text", 13), ("strategy", "text", 9), ("measure", "text", 26), ("owner", "text", 10),
    ("begins", "date", 12), ("ends", "date", 12), ("expected", "money", 12), ("status", "text", 11),
    ("result", "money", 13),
)  # fmt: skip
_HINT = Word(
    "在黄格里填状态和已经带来的金额,金额写全。随文件交回总部。",
    "Type the status, and what it has brought, in full, into the yellow cells. Return the file.",
)
_PICK = Word("未开始、进行中、完成或取消。", "Not started, under way, done or cancelled.")
_AMOUNT = Word("已经带来多少,写全;没有填 0。", "What it has brought so far, in full; 0 for nothing.")
_MOST = 10**13


class StatusUnreadable(Fault):
    """A status that is none of the list."""

    zh = "“{value}”不是状态。请从下拉列表里选:{choices}。"
    en = "'{value}' is no status. Choose one of: {choices}."


class ResultUnreadable(Fault):
    """A result that is no amount of 0 or more."""

    zh = "“{value}”不是金额。请填 0 或正数。"
    en = "'{value}' is no amount. Enter 0 or more."


class ResultFarAbove(Fault):
    """An action that has brought far more than was expected of it; it counts."""

    zh = "已达成 {found} 超过预计 {expected} 的 {times} 倍,已照收。请核对位数和单位。"
    en = "{found} is more than {times} times what was expected, {expected}; it counts. Check digits and unit."


def _status_rule(view: StoreView) -> Mapping[str, Any]:
    return {
        "validate": "list", "source": [word[view.lang] for word in ACTION_STATUS.values()],
        "error_title": view.word(words.REFUSED), "error_message": view.word(_PICK), "input_message": view.word(_PICK),
    }  # fmt: skip


def _result_rule(view: StoreView) -> Mapping[str, Any]:
    return {
        "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": _MOST,
        "error_title": view.word(words.REFUSED), "error_message": view.word(_AMOUNT),
        "input_message": view.word(_AMOUNT),
    }  # fmt: skip


def _given(text: str) -> Mapping[str, Entry]:
    typed, _ = Typed.of_text(text)
    return {"status": typed.status, "result": typed.result}


def _read(
    sheet: ReturnedSheet, cell: Cell, column: str, _row: HandedRow | None, terms: StoreTerms
) -> float | str | Fault:
    """The code of a status, an amount in full, or the fault why a cell has none."""
    try:
        if column == "status":
            listed = {code: (word.zh, word.en) for code, word in ACTION_STATUS.items()}
            offered = ("、" if terms.lang == "zh" else ", ").join(word[terms.lang] for word in ACTION_STATUS.values())
            code = choice(sheet.content(cell), Labelled(""), listed)
            return code or StatusUnreadable(value=said(cell, sheet), choices=offered)
        amount = money(sheet.content(cell), Labelled(""), 1, terms.currency)
    except CellFault as fault:
        return fault_in(cell, sheet, fault, ResultUnreadable)
    if amount is None or not 0 <= amount <= _MOST:
        return ResultUnreadable(value=shown(cell).strip())
    return float(amount)


def _doubt(row: HandedRow, column: str, value: float | str) -> Fault | None:
    expected = row.facts["expected"]
    assert isinstance(expected, float)
    if column != "result" or not expected or not isinstance(value, float) or value <= TIMES * expected:
        return None
    return ResultFarAbove(found=f"{value:,.10g}", expected=f"{expected:,.10g}", times=TIMES)


SHEET = HandedSheet(
    table=HANDED_ACTIONS,
    purpose=Word(
        "计划里有行动时:自己的行动,状态和已达成填在这里", "If the plan has it: its actions; type status and results"
    ),
    heading=Word("{code} 行动", "{code}: actions"),
    hint=_HINT,
    columns={key: StoreColumn(_LABELS[key], role, width) for key, role, width in _SHOWN},
    entries={
        "status": EntryColumn("@", "center", _status_rule),
        "result": EntryColumn("#,##0", "right", _result_rule),
    },
    given=_given,
    read=_read,
    named=name_of,
    doubt=_doubt,
).sheet()
