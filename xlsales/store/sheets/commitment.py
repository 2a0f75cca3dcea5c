"""Sheet 承诺: what the store commits to, a row a month; the target comes from the front page."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from xlsales.core.faults import Fault, Place, Problem
from xlsales.core.plan import MICROS
from xlsales.core.text import clean
from xlsales.layout.model import Formula, Row, SheetModel, Value
from xlsales.ooxml.cells import BLANK, Cell
from xlsales.store import reasons, words
from xlsales.store.amounts import differing, is_blank, micros_of, off_by_unit
from xlsales.store.contract import AREA_COMMITMENTS, AREA_REASONS
from xlsales.store.returned import Commitment, Reading, Round, yuan
from xlsales.store.returned_book import ReturnedSheet
from xlsales.store.sheet import Own, StoreColumn, StoreSheet, StoreView, alone, prompt
from xlsales.store.targets import StoreTerms
from xlsales.vocabulary.contract import Word

if TYPE_CHECKING:
    from xlsales.layout.entry_sheet import EntrySheet

COLUMNS = {
    "period": StoreColumn(Word("月份", "Month"), "text", 15),
    "target": StoreColumn(Word("目标", "Target"), "money", 15),
    "commitment": StoreColumn(Word("承诺值", "Commitment"), "money", 15),
    "difference": StoreColumn(Word("承诺−目标", "Difference"), "delta", 14),
    "reason": StoreColumn(Word("原因", "Reason"), "wrap", 42),
}
HINT = Word(
    "认可目标就不用填;不认可的月份填承诺值({unit})并写明原因,随文件交回总部。",
    "Leave blank what you accept; where you do not, enter your commitment ({unit}) and why, and return the file.",
)
REFUSED = Word("请填不小于 0 的数字,单位是{unit}。", "Enter a number of 0 or more, in {unit}.")
PROMPT = Word(
    "这个月承诺做到多少({unit})。留空 = 认可目标。", "What you commit to this month ({unit}). Blank = accepted."
)
REASON_PROMPT = Word("承诺值与目标不同时,请写明原因。", "Where the commitment differs from the target, say why.")
LIMIT = 1_000_000_000
"""A commitment is below this, in yuan or pieces."""


def _own(terms: StoreTerms) -> list[Own]:
    return [alone("total", {"target": lambda f: f.total}), Own(terms.month_keys, {"target": lambda f: f.months})]


def _lay_out(view: StoreView) -> SheetModel:
    terms = view.terms
    first, last = terms.month_keys[0], terms.month_keys[-1]
    rows = []
    for key, month in zip(terms.month_keys, terms.months, strict=True):
        commitment, target = view.at(key, "commitment"), view.at(key, "target")
        values: dict[str, Value] = {
            "period": terms.month_label(month),
            "target": view.formula(key, "target", f"={view.cell('front', key, 'target')}"),
            "commitment": None,
            "difference": Formula(f'=IF(ISNUMBER({commitment}),{commitment}-{target},"")', ""),
            "reason": None,
        }
        rows.append(Row(key, values, height=24))
    total: dict[str, Value] = {
        "period": view.word(words.TOTAL),
        "target": view.formula("total", "target", f"=SUM({view.block('target', first, last)})"),
        "reason": None,
    }
    for column in ("commitment", "difference"):
        block = view.block(column, first, last)
        total[column] = Formula(f'=IF(COUNT({block})=0,"",SUM({block}))', "")
    columns = [column.column(key, terms) for key, column in COLUMNS.items()]
    return view.model(columns, [*rows, Row("total", total, "total")], portrait=True)


def _finish(sheet: EntrySheet, view: StoreView) -> None:
    terms, unit = view.terms, view.terms.unit_word
    months, last = terms.month_keys, terms.month_keys[-1]
    sheet.fit_heading("reason")
    sheet.hint(view.word(HINT, unit=unit))
    sheet.enter("commitment", months, terms.money, "right")
    sheet.enter("reason", months, "@", "left", text_wrap=True)
    sheet.name_rows(AREA_COMMITMENTS, "commitment", last)
    sheet.name_rows(AREA_REASONS, "reason", last)
    rule = {
        "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": LIMIT,
        "error_title": view.word(words.REFUSED), "error_message": view.word(REFUSED, unit=unit),
        "input_message": view.word(PROMPT, unit=unit),
    }  # fmt: skip
    sheet.validate("commitment", rule, last)
    sheet.validate("reason", prompt(view.word(REASON_PROMPT)), last)


# --- read back -------------------------------------------------------------------------------------


class CommitmentUnreadable(Fault):
    """A commitment that is no amount."""

    zh = "承诺值“{value}”不是金额。请按{base}填数字。"
    en = "The commitment '{value}' is no amount. Enter {base}."


class CommitmentNegative(Fault):
    """A commitment below zero."""

    zh = "承诺值 {value} 是负数。请填零或正数。"
    en = "The commitment {value} is below zero. Enter zero or more."


class CommitmentNotInSteps(Fault):
    """A commitment that is no multiple of the plan's step."""

    zh = "承诺值 {value} 不是 {step} {base}的整数倍。请填 {near}。"
    en = "The commitment {value} is no multiple of {step} {base}. Enter {near}."


class CommitmentInWan(Fault):
    """A commitment that seems to be in another unit."""

    zh = "承诺值 {value} 与目标 {target} 差了上千倍,单位像是不对。请按{base}填写。"
    en = "The commitment {value} is thousands of times off the target {target}. Enter {base}."


class MonthClosed(Fault):
    """A commitment on a month that headquarters has closed."""

    zh = "{month} 已经关账,目标不再改,这个承诺没有采用。请清空。"
    en = "{month} is closed: its target changes no more, and this commitment was not taken. Clear it."


class CommitmentRowInserted(Fault):
    """A commitment in a row that belongs to no month of the plan."""

    zh = "这一行不属于计划里的任何一个月。请填在对应月份的行里。"
    en = "This row belongs to no month of the plan. Enter the commitment in the row of its month."


class ReasonMissing(Fault):
    """A commitment that differs from the target, without a reason."""

    zh = "承诺值与目标不同,但没有写原因。请补上原因。"
    en = "The commitment differs from the target, but no reason is given. Add one."


def _read_back(sheet: ReturnedSheet | None, reading: Reading) -> None:
    """Take what the store commits to, month by month, and why; a blank month accepts the target.

    The problems carry no amounts: a commitment is no sale.
    """
    returned = reading.returned
    if sheet is None or "commitment" not in sheet.columns:
        gone = reasons.SheetsGone(title=SHEET.title[reading.round.lang])
        returned.problems.append(Problem.note(Place(sheet.title if sheet else ""), "", gone))
        return
    months = reading.expected_months
    for row, key in sheet.keyed:
        cell = sheet.cell(row, "commitment")
        if is_blank(cell) or (key and key not in months):  # the total is theirs to compute
            continue
        if key or (isinstance(cell.value, float) and not cell.formula):
            _take(sheet, row, key, cell, reading)


def _take(sheet: ReturnedSheet, row: int, key: str, cell: Cell, reading: Reading) -> None:
    """Take the commitment of a row, or report why it cannot be taken."""
    round_, returned, months = reading.round, reading.returned, reading.expected_months
    place = sheet.place(row, "commitment")

    def report(fault: Fault, place: Place = place, value: str = _text(cell.value)) -> None:
        returned.problems.append(Problem.note(place, value, fault))

    recount = sheet.recount(row, sheet.columns["commitment"])
    micros = _checked(micros_of(cell, sheet, round_.terms.currency), key, cell.value, months, round_)
    if not isinstance(micros, Fault):
        micros = differing(recount, cell) or micros
    if isinstance(micros, Fault):
        report(micros)
        return
    target = round(months[key] * MICROS)
    if key in round_.closed and micros not in (target, round_.committed.get((reading.code, key))):
        report(MonthClosed(month=key))
        return
    text = sheet.cell(row, "reason").value
    reason = "" if text is BLANK else clean(_text(text))
    if not reason and micros != target:
        report(ReasonMissing(), sheet.place(row, "reason"), "")
    returned.commitments.append(Commitment(key, micros, reason, place))
    if recount is not None and recount.verdict == "unknown":
        report(reasons.ResultsTaken(count=1, formula=recount.formula, sum=yuan(micros)))


def _checked(micros: int | Fault, key: str, value: object, months: Mapping[str, float], round_: Round) -> int | Fault:
    """Return a commitment in micros, or why it cannot be taken."""
    step, base = round_.step_micros, round_.terms.in_full.said
    if isinstance(micros, reasons.CellError | reasons.CellWithoutResult | reasons.CellIsShare | reasons.CellIsDate):
        return micros
    if isinstance(micros, Fault):
        return CommitmentUnreadable(value=_text(value), base=base)
    if key not in months:
        return CommitmentRowInserted()
    if micros < 0:
        return CommitmentNegative(value=yuan(micros))
    if off_by_unit(micros, months[key]) is not None:
        return CommitmentInWan(value=yuan(micros), target=yuan(months[key] * MICROS), base=base)
    if micros % step:
        near = round(Decimal(micros) / step) * step
        return CommitmentNotInSteps(value=yuan(micros), step=yuan(step), near=yuan(near), base=base)
    return micros


def _text(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


SHEET = StoreSheet(
    key="commitment",
    title=Word("承诺", "Commitment"),
    purpose=Word("不认可目标的月份填承诺值和原因", "A commitment and why, for months not accepted"),
    heading=Word("{code} 承诺", "{code}: commitment"),
    columns=lambda terms: [*COLUMNS],
    rows=lambda terms: [*terms.month_keys, "total"],
    own=_own,
    lay_out=_lay_out,
    finish=_finish,
    to_fill=True,
    names=(AREA_COMMITMENTS, AREA_REASONS),
    entries={AREA_COMMITMENTS: 0, AREA_REASONS: 0},
    reads=("target", "commitment"),
    read_back=_read_back,
)
