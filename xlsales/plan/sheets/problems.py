"""Sheet 数据问题: what was set aside or doubted, where, why, what to do; and that no amount is lost."""

from __future__ import annotations

from xlsales.core import a1
from xlsales.core.faults import Problem
from xlsales.core.plan import MICROS
from xlsales.layout.keyed import Clickable, Closes, at, less
from xlsales.layout.model import Column, LinkToPlace, Row, Value
from xlsales.layout.sheet import CENTS, Sheet, role_width
from xlsales.plan.achieved import Conservation
from xlsales.plan.figures import NAN, Figures
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import Word

_SHEET, _ROW, _COLUMN = Word("工作表", "Sheet"), Word("行", "Row"), Word("列", "Column")
_VALUE = Word("内容", "Value")
_SENTENCE = Word("原因与处理", "Reason, and what to do")
_COUNT = Word("笔数", "Rows")
_EFFECT = Word("处理结果", "Effect")
_WARNED, _REMARKED = Word("提醒", "Warning"), Word("说明", "Remark")
_NONE = Word("没有发现问题。", "No problems were found.")
_BALANCE = ("found", "accepted", "set_aside", "totals")


def _columns(figures: Figures) -> list[Column]:
    frame, problems, balance = figures.frame, figures.problems, _balance(figures)
    lines = balance.lines(frame.lang) if balance else []
    amounts = [_amount(problem) for problem in problems] + [amount for _, amount, _ in lines]
    counts = [float(problem.count) for problem in problems] + [float(count) for _, _, count in lines]
    numbers = [float(problem.place.row or 0) for problem in problems]
    return [
        Column("effect", frame.word(_EFFECT), "text", 10),
        Column("sheet", frame.word(_SHEET), "text", 12),
        Column("row", frame.word(_ROW), "ordinal", role_width("ordinal", numbers)),
        Column("column", frame.word(_COLUMN), "text", 7),
        Column("value", frame.word(_VALUE), "wrap", 20),
        Column("sentence", frame.word(_SENTENCE), "wrap", 56),
        Column("amount", frame.word(words.AMOUNT), "money", max(13, role_width("money", amounts, CENTS))),
        Column("count", frame.word(_COUNT), "count", role_width("count", counts)),
        Column("name", "", "text", 10, hidden=True),
        Column("link", "", "text", 10, hidden=True),
    ]


def _rows(figures: Figures) -> list[Row]:
    """Row keys: `found`, `accepted`, `set_aside`, `totals`, `proof`, then `p:<n>` each."""
    frame, balance = figures.frame, _balance(figures)
    rows: list[Row] = []
    if balance:
        for key, (label, amount, count) in zip(_BALANCE, balance.lines(frame.lang), strict=True):
            rows.append(Row(key, {"sheet": label, "amount": amount, "count": count}, "strong"))
        closes = Closes(less(*map(at, _BALANCE)))
        label = frame.word(words.PROOF_ALL)
        rows.append(Row("proof", {"sheet": label}, "proof", formulas={"amount": closes, "count": closes}))
    for n, problem in enumerate(sorted(figures.problems, key=_order), 1):
        values: dict[str, Value] = {
            "name": problem.place.sheet,
            "link": LinkToPlace(problem.place),
            "row": problem.place.row,
            "column": a1.letters(problem.place.column),
            "value": problem.value,
            "sentence": problem.fault.say(frame.lang),
            "amount": _amount(problem),
            "count": problem.count,
            "effect": frame.word(_effect(problem)),
        }
        rows.append(Row(f"p:{n}", values, roles={"sheet": "link"}, formulas={"sheet": Clickable("name", "link")}))
    return rows if figures.problems else [*rows, Row("none", {"sheet": frame.word(_NONE)}, "note")]


def _balance(figures: Figures) -> Conservation | None:
    return figures.achieved.conservation if figures.achieved else None


def _amount(problem: Problem) -> float:
    return NAN if problem.amount_micros is None else problem.amount_micros / MICROS


def _order(problem: Problem) -> tuple[int, bool, float]:
    """What has to be fixed comes first, what needs nothing last; the largest amounts first among their like.

    Of what was set aside, what needs nothing, such as a repeated header, is below the amounts that cannot be read.
    """
    effects = (words.SET_ASIDE, _WARNED, _REMARKED, words.TOTALS_ROWS)
    return effects.index(_effect(problem)), problem.fault.remark, -abs(problem.amount_micros or 0)


def _effect(problem: Problem) -> Word:
    """What became of the rows: set aside, left out as totals, or accepted all the same."""
    if problem.totals:
        return words.TOTALS_ROWS
    if problem.set_aside:
        return words.SET_ASIDE
    return _REMARKED if problem.fault.remark else _WARNED


PROBLEMS = Sheet[Figures, Figures](
    key="problems",
    title=Word("数据问题", "Problems"),
    purpose=Word("哪些数据被搁置,为什么,怎么改", "What was set aside, why, what to do"),
    views=lambda figures: (figures,),
    columns=_columns,
    rows=_rows,
    as_typed=True,
)
