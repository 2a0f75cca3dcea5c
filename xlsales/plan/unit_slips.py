"""Amounts so far from what they stand beside that a unit was likely mistaken: 300000 for 30 in a plan in 万."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from xlsales.core.faults import Bilingual, Fault, Problem
from xlsales.layout.sheet import Frame
from xlsales.values.cell import plain
from xlsales.vocabulary.contract import CNY, UNIT_YUAN, Word


class Limits(Struct, frozen=True):
    """How many times what it stands beside an amount may be at most, and at least, before its unit is in doubt.

    A slip is of 1,000 or 10,000 times, and the amount that was meant is often a small part: 2% of what was expected,
    typed 1,000 or 10,000 times too large, is 20 or 200 times that.
    """

    most: float
    least: float


OF_TARGET = Limits(2.0, 1e-5)
"""An amount that an action is to bring, beside the target."""
COST_OF_TARGET = Limits(1.0, 1e-5)
"""A budget, beside the target: a cost above the sales is a slip of unit, or a doubt."""
REACHED = Limits(20.0, 1e-3)
"""What an action reached, beside what was expected."""
COMMITTED = Limits(10.0, 1e-4)
"""What is committed or spent at once, beside its budget."""
_IN_FULL = 10.0
"""From here on times are told without decimals."""


class UnitDoubted(Fault):
    """An amount of which another unit was likely meant; it counts for now."""


class FarTooMuch(UnitDoubted):
    """An amount many times what it stands beside."""

    zh = (
        "“{name}”的{zh_what}是 {found} {base},是{zh_beside} {beside} {base}的 {ratio} 倍。单位是不是填错了,"
        "本来是 {likely} {base}?请核对;这次仍按 {found} 算。"
    )
    en = (
        'The {en_what} of "{name}" is {found} {base}, {ratio} times {en_beside}, {beside}. Was another unit meant, '
        "{likely} {base}? Check it; {found} counts for now."
    )


class FarTooLittle(UnitDoubted):
    """An amount that is next to nothing of what it stands beside."""

    zh = (
        "“{name}”的{zh_what}是 {found} {base},只有{zh_beside} {beside} {base}的 1/{ratio}。单位是不是填错了,"
        "本来是 {likely} {base}?请核对;这次仍按 {found} 算。"
    )
    en = (
        'The {en_what} of "{name}" is {found} {base}, only 1/{ratio} of {en_beside}, {beside}. Was another unit meant, '
        "{likely} {base}? Check it; {found} counts for now."
    )


_NAMED = 3
"""So many places are named on a sheet."""
_COUNTED = Word("单位存疑、仍照算:{places}", "Unit in doubt, still counted: {places}")
_COUNTED_OF = Word("单位存疑、仍照算:{places} 等 {n} 处", "Unit in doubt, still counted: {places}, {n} in all")


def said_of_slips(problems: Iterable[Problem], frame: Frame) -> str | None:
    """Return what a sheet says at its head of doubted amounts that it counts; None without any."""
    places = [str(one) for one in dict.fromkeys(p.place for p in problems if isinstance(p.fault, UnitDoubted))]
    named = frame.listed(places[:_NAMED])
    word = _COUNTED if len(places) <= _NAMED else _COUNTED_OF
    return frame.word(word, places=named, n=len(places)) if places else None


def unit_slip(
    name: str,
    what: Bilingual,
    amount: float,
    beside: float,
    of: Bilingual,
    frame: Frame,
    limits: Limits = OF_TARGET,
) -> Fault | None:
    """Return what is said of an amount beyond the limits of the one beside it, both in full.

    None if it is between these, or if one of them is 0 or not known. `what` and `of` are what they are called.
    """
    if not amount or not beside > 0:
        return None
    ratio, per = abs(amount) / beside, UNIT_YUAN[frame.unit]
    if limits.least <= ratio <= limits.most:
        return None
    per = per if per > 1 else 10_000 if frame.currency == CNY else 1_000
    kind, likely, times = (
        (FarTooMuch, amount / per, ratio) if ratio > limits.most else (FarTooLittle, amount * per, 1 / ratio)
    )
    return kind(
        name=name, zh_what=what.zh, en_what=what.en, zh_beside=of.zh, en_beside=of.en, ratio=_times(times),
        found=plain(round(amount, 2)), beside=plain(round(beside, 2)), likely=plain(round(likely, 2)),
        base=frame.full_word,
    )  # fmt: skip


def _times(times: float) -> str:
    return f"{times:,.0f}" if times >= _IN_FULL else f"{times:.3g}"
