"""Sheet 回收情况: each store returned, missing, late, twice or refused, and why; and that no amount is lost."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from xlsales.core.text import counted
from xlsales.layout.keyed import Closes, at, less
from xlsales.layout.look import header_width
from xlsales.layout.model import Column, Row, Value
from xlsales.layout.sheet import CENTS, Frame, Page, Sheet, role_width
from xlsales.plan.return_states import HANDED_IN, STATES
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import Word

_STATE = Word("状态", "State")
_LATE, _IS_LATE = Word("迟交", "Late"), Word("迟交", "late")
_COPIES, _IS_TWICE = Word("份数", "Copies"), Word("{n} 份", "{n:files}")
_LAST_DAY = Word("填到", "Filled to")
_BLANK_DAYS = Word("空白天数", "Blank days")
_VERSION = Word("目标版本", "Version")
_ROWS, _AMOUNTS = Word("行数", "Rows"), Word("金额({unit})", "Amounts ({unit})")
_COMMITMENTS = Word("承诺", "Commitments")
_FILE = Word("文件", "File")
_WHY = Word("原因与处理", "Reason, and what to do")
_PROOF = Word("差数(应为 0)", "Residual (must be 0)")
_SUBLINE = Word(
    "应交 {all} 份,交回 {returned} 份(迟交 {late}),缺 {missing} 份;采用 + 搁置 = 找到",
    "{all} expected, {returned} returned ({late} late), {missing} missing; accepted + set aside = found",
)
_UNSENT = Word(";另有 {n} 个没有下发", "; {n} more {n:was|were} handed no file")
_LAMPS = {
    "returned": "green",
    "mend": "amber",
    "partly": "amber",
    "none": "red",
    "refused": "red",
    "before": "amber",
    "missing": "orange",
}
"""The colours of states that ask for something."""
_SUMMED = ("rows_found", "rows_accepted", "rows_aside", "found", "accepted", "aside")


class ReturnLine(Struct, frozen=True):
    """A store, or a file of no known store: its state (a key of `STATES`), rows, amounts in yuan, why.

    `copies` is how many files of it came, `blank_days` how many days with a target nothing is known of.
    """

    key: str
    store: str
    state: str
    late: bool = False
    file: str = ""
    last_day: dt.date | None = None
    version: int | None = None
    rows_found: int = 0
    rows_accepted: int = 0
    rows_aside: int = 0
    found: float = 0.0
    accepted: float = 0.0
    aside: float = 0.0
    commitments: int = 0
    why: str = ""
    copies: int = 0
    blank_days: int | None = None


class Returns(Struct, frozen=True):
    """The stores in the plan's order, then other files; `dimension` is what the stores are called."""

    frame: Frame
    dimension: str
    lines: tuple[ReturnLine, ...]


def _columns(returns: Returns) -> list[Column]:
    word = returns.frame.word
    width = max(13.0, role_width("money", [sum(abs(line.found) for line in returns.lines)], CENTS))
    counts, amounts = word(_ROWS), word(_AMOUNTS, unit=returns.frame.full_word)
    return [
        Column("store", returns.dimension, "text", 17),
        Column("state", word(_STATE), "lamp", 10, lamps=tuple((STATES[key], c) for key, c in _LAMPS.items())),
        Column("why", word(_WHY), "wrap", 50),
        Column("late", word(_LATE), "text", 7),
        Column("copies", word(_COPIES), "text", 7),
        Column("last_day", word(_LAST_DAY), "date", 12),
        Column("blank_days", word(_BLANK_DAYS), "count", 9),
        Column("version", word(_VERSION), "ordinal", 8),
        Column("rows_found", word(words.FOUND), "count", 8, counts),
        Column("rows_accepted", word(words.ACCEPTED), "count", max(8, header_width(word(words.ACCEPTED))), counts),
        Column("rows_aside", word(words.SET_ASIDE), "count", 8, counts),
        Column("found", word(words.FOUND), "money", width, amounts),
        Column("accepted", word(words.ACCEPTED), "money", width, amounts),
        Column("aside", word(words.SET_ASIDE), "money", width, amounts),
        Column("commitments", word(_COMMITMENTS), "count", max(7, header_width(word(_COMMITMENTS)))),
        Column("file", word(_FILE), "wrap", 20),
    ]


def _rows(returns: Returns) -> list[Row]:
    """Row keys: `total`, `proof`, then `s:<store>` and `f:<file>`."""
    word = returns.frame.word
    sums: dict[str, Value] = {key: sum(getattr(line, key) for line in returns.lines) for key in _SUMMED}
    proofs = {whole: Closes(less(*(at("total", key) for key in (whole, *parts)))) for whole, *parts in (
        ("rows_found", "rows_accepted", "rows_aside"), ("found", "accepted", "aside"))}  # fmt: skip
    return [
        Row("total", {"store": word(words.TOTAL), **sums}, "total"),
        Row("proof", {"store": word(_PROOF)}, "proof", formulas=proofs),
        *(_row(line, returns.frame) for line in returns.lines),
    ]


def _row(line: ReturnLine, frame: Frame) -> Row:
    values: dict[str, Value] = {
        "store": line.store,
        "state": frame.word(STATES[line.state]),
        "late": frame.word(_IS_LATE) if line.late else None,
        "copies": counted(frame.word(_IS_TWICE), n=line.copies) if line.copies > 1 else None,
        "last_day": line.last_day,
        "blank_days": line.blank_days,
        "version": line.version,
        "commitments": line.commitments or None,
        "file": line.file,
        "why": line.why,
    }
    if line.state not in ("missing", "before", "unsent"):
        values |= {key: getattr(line, key) for key in _SUMMED}
    return Row(line.key, values)


def _facts(returns: Returns) -> tuple[str]:
    stores = [line for line in returns.lines if line.key.startswith("s:")]
    returned = sum(line.state in HANDED_IN for line in stores)
    unsent = sum(line.state == "unsent" for line in stores)
    sent, late = len(stores) - unsent, sum(line.late for line in stores)
    facts = returns.frame.word(_SUBLINE, all=sent, returned=returned, missing=sent - returned, late=late)
    return (facts + (counted(returns.frame.word(_UNSENT), n=unsent) if unsent else ""),)


RETURNS = Sheet[Returns, Returns](
    key="returns",
    title=Word("回收情况", "Returns"),
    purpose=Word("收回填报后:谁交了、谁没交、为什么退回", "After collecting: who returned, who did not, why refused"),
    views=lambda returns: (returns,),
    columns=_columns,
    rows=_rows,
    facts=_facts,
    page=lambda returns, rows: Page(frozen_rows=2),
    as_typed=True,
)
