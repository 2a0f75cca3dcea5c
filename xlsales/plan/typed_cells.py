"""What a person typed into a yellow cell of a written sheet: a number of its kind, or why it does not count."""

from __future__ import annotations

import datetime as dt
from enum import Enum

from msgspec import Struct

from xlsales.book.keyed import WrittenSheet
from xlsales.core.faults import Bilingual, Fault, Lang, Problem
from xlsales.core.percentages import DONE
from xlsales.values.amount_text import read_share
from xlsales.values.cell import NotANumber, as_decimal, in_bounds, is_blank, money, number, plain, text_of, whole
from xlsales.vocabulary.contract import CNY

_MOST = 10**13
_MOST_TIMES = 20
"""So many times its target, or a part of it so small, is no result but a slip of unit or of percent sign."""
_MOST_SHARE = 3.0
"""A target above is no percentage."""


class CellKind(Enum):
    """What a yellow cell asks for: an amount, a count of things, a part that is done (0 to 1), points or a rate."""

    AMOUNT = "amount"
    COUNT = "count"
    PART = "part"
    SCORE = "score"


REFUSED = "refused"
"""The hidden column of a number that is typed and does not count, which stays a number in the workbook."""
IS_REFUSED = f"COUNTIF({{{REFUSED}}},{{cell}})>0"
"""In formulas: whether a `cell` still has the number that was refused."""


class TypedNumber(Struct, frozen=True):
    """What counts of a cell, None if nothing does; `refused` is what is typed that does not, `problem` says why."""

    value: float | None = None
    refused: float | str | bool = ""
    problem: Problem | None = None


def refused_number(refused: float | str | bool) -> float | None:
    """Return what column `REFUSED` has of what does not count: a number; a logical is one, too."""
    return None if isinstance(refused, str) else float(refused)


def kept_of(refused: float | str | bool, value: float | None) -> float | str | bool | None:
    """Return what a cell keeps: what was typed and does not count, as it was, or else what counts."""
    return value if refused == "" else refused


class TypedNotCounted(Fault):
    """Something typed into a yellow cell that is no number of its kind."""

    zh = "{why}这一格没有计入,改好再运行。"
    en = "{why} The cell does not count; correct it and run again."


class ShownAsDate(Fault):
    """A number in a cell that shows it as a date or a time."""

    zh = "这一格的格式是日期,“{found}”不能当数字,没有计入。请把格式改成“常规”,再填数字。"
    en = (
        "The cell is formatted as a date, so {found} is no number and does not count. Set its format to General, then "
        "enter the number."
    )


class OtherSize(Fault):
    """A number of another size than its target, as where the percent sign is missing or too much."""

    zh = "填的是 {found},目标是 {target}:像是百分号或单位写错了,没有计入。请按目标的写法填,如目标 100% 写 95%。"
    en = (
        "{found} is typed here, the target is {target}: percent sign or unit looks wrong, so it does not count. "
        "Enter it as the target is, such as 95% of 100%."
    )


class _Here(Struct, frozen=True):
    """A cell that the problem's place names."""

    def say(self, lang: Lang) -> str:
        """Return it as the subject of a sentence."""
        return "这里" if lang == "zh" else "This"


_HERE = _Here()


def typed_number(
    sheet: WrittenSheet, row: str, column: str, kind: CellKind, *,
    per: int = 1, currency: str = CNY, target: float = 0.0, less: bool = False,
) -> TypedNumber:  # fmt: skip
    """Return what is typed into a cell of a sheet, by its keys.

    Amounts are typed in `per` units of `currency` and come back in full. A score is compared with its `target`, if
    there is one; `less` is better.
    """
    held = sheet.content(row, column)
    if is_blank(held):
        return TypedNumber()
    if isinstance(held, dt.date | dt.time):
        return _refused(sheet, row, column, held, ShownAsDate(found=text_of(held)))
    try:
        value = _read(held, kind, per, currency, shown=sheet.in_percent(row, column))
    except Fault as fault:
        why = Bilingual(fault.say("zh"), fault.say("en"))
        return _refused(sheet, row, column, held, TypedNotCounted(why=why))
    in_percent = sheet.in_percent(row, column) or (isinstance(held, str) and read_share(held) is not None)
    if kind is CellKind.SCORE and target > 0 and _is_other_size(value, target, less, in_percent):
        facts = {"found": _shown(value, in_percent), "target": _shown(target, target <= 1)}
        return _refused(sheet, row, column, held, OtherSize(**facts))
    return TypedNumber(value)


def _read(held: object, kind: CellKind, per: int, currency: str, *, shown: bool) -> float:
    if kind is CellKind.AMOUNT:
        exact = money(held, _HERE, per, currency)
    else:
        exact = number(held, _HERE, share=kind is not CellKind.COUNT, currency=currency)
    if exact is None:  # a blank cell is none
        raise NotANumber(where=_HERE, found=held)
    if kind is CellKind.PART:
        part = as_decimal(DONE.part(float(exact), held, shown=shown))
        return float(in_bounds(part, _HERE, 0, 1, in_percent=True))
    in_bounds(exact / per, _HERE, 0, _MOST)  # told as it is typed
    return float(whole(exact, _HERE) if kind is CellKind.COUNT else exact)


def _is_other_size(value: float, target: float, less: bool, in_percent: bool) -> bool:
    if target > _MOST_SHARE and in_percent:
        return value < target / _MOST_TIMES  # 95% of 95
    if value > target * _MOST_TIMES:
        return not less or target < 1
    return target >= _MOST_TIMES and 0 < value < 1


def _refused(sheet: WrittenSheet, row: str, column: str, held: object, fault: Fault) -> TypedNumber:
    text, value = text_of(held), sheet.value(row, column)
    kept = value if isinstance(value, float | bool) else text
    return TypedNumber(None, kept, Problem.note(sheet.place(row, column), text, fault))


def _shown(value: float, in_percent: bool) -> str:
    return f"{plain(round(value * 100, 6))}%" if in_percent else plain(value)
