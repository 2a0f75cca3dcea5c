"""What selected amounts become by a spreading method: exact decimals, whole in the unit that their cells print.

A cell that prints no decimals gets whole numbers, one that prints `12.3%` gets tenths of a percent, and the sum is the
new total to the last of them. A unit is made finer only for what stays as it is: held cells, and amounts to which
something is added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Context, Decimal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from xlsales.core import a1, spreading
from xlsales.core.a1 import Address
from xlsales.core.allocation import GREATEST_TOTAL, PartFault
from xlsales.core.faults import Fault, Lang, Place, Problem, Refused
from xlsales.core.spreading import Method, Spread
from xlsales.core.text import clean, narrow
from xlsales.values.cell import choice, in_bounds, is_blank, money, number, plain
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.spreading import SPREAD_WORDS

_EXACT = Context(prec=60)
_FINEST = 9
"""So many decimals a unit may have."""
_GREATEST_RATE = 10
_CHANGING = (Method.INCREMENT, Method.WEIGHTED_INCREMENT, Method.PERCENT, Method.ADD)
"""Methods that leave what is there in each amount."""
_NEEDS_BY = (Method.GROWTH, Method.PERCENT, Method.ADD)


class MethodUnknown(Fault):
    """A word that is no spreading method."""

    zh = "不认识方法“{found}”。请写:{zh_methods},或 1-2-1 这样的模式。"
    en = '"{found}" is no method. Write one of {en_methods}, or a pattern such as 1-2-1.'


class TotalNotTaken(Fault):
    """A total for a method that leads to none."""

    zh = "“{zh_method}”不用合计。请只给增减多少(--by)。"
    en = '"{en_method}" takes no total. Give only how much more or less (--by).'


class ByNotTaken(Fault):
    """How much more or less, for a method that goes by the total alone."""

    zh = "“{zh_method}”不用增减(--by)。请给新的合计(--total)。"
    en = '"{en_method}" takes no --by. Give the new total (--total).'


class ByMissing(Fault):
    """A method without how much more or less."""

    zh = "“{zh_method}”要知道增减多少。请给 --by,例如 {example}。"
    en = '"{en_method}" has to know how much more or less. Give --by, such as {example}.'


class TotalMissing(Fault):
    """An increment without the total that it leads to."""

    zh = "“{zh_method}”要知道新的合计。请给 --total。"
    en = '"{en_method}" has to know the new total. Give --total.'


class ShareUnclear(Fault):
    """A number where a percentage is meant."""

    zh = "增减“{found}”看不出是不是百分数。请写上 %,例如 10%。"
    en = '"{found}" may be a percentage or not. Write it with %, such as 10%.'


class FinerThanCells(Fault):
    """A total or an addition that the cells do not print."""

    zh = "{amount} 比这些格显示的单位 {unit} 更细。请改这个数,或先让格子多显示几位小数(--step 也可以)。"
    en = "{amount} is finer than the unit {unit} that these cells print. Change it, or show more decimals (or --step)."


class TooFine(Fault):
    """Amounts that cannot be counted exactly in one unit."""

    zh = "这些数有的太大、有的太细,合计没法精确到 {unit}。请把它们取整,或用 --step 定一个单位。"
    en = "Some amounts are too large and some too fine to be exact to {unit}. Round them, or name a unit by --step."


class AllBlank(Fault):
    """Only blank cells for a method that goes by what is there."""

    zh = "选中的格都是空的,“{zh_method}”只改有数的格。请改用均分。"
    en = 'All selected cells are blank, and "{en_method}" changes filled ones alone. Choose equal.'


class AllStay(Fault):
    """Only cells that stay as they are."""

    zh = "选中的格都不能动:已关账,或在 --hold 里。请另选要改的格。"
    en = "All selected cells stay: they are closed, or held by --hold. Select cells that may change."


class Said(Struct, frozen=True):
    """What an argument is called in a sentence."""

    word: Word

    def say(self, lang: Lang) -> str:
        """Return the word in quotes."""
        return f"“{self.word.zh}”" if lang == "zh" else f'"{self.word.en}"'


_TOTAL, _BY, _STEP = (Said(word) for word in (Word("合计", "total"), Word("增减", "by"), Word("步长", "step")))


class Wish(Struct, frozen=True):
    """What a person wants: a method, and what they wrote of the total, of how much more or less, and of the unit."""

    method: str
    total: str = ""
    by: str = ""
    step: str = ""

    @property
    def way(self) -> Spread:
        """The method, still without its amounts. Raises MethodUnknown."""
        text = narrow(clean(self.method))
        if spreading.is_pattern(text):
            return Spread(Method.PATTERN, pattern=text)
        key = choice(self.method, _TOTAL, SPREAD_WORDS)
        if key is None:
            zh, en = ([words[n] for words in SPREAD_WORDS.values()] for n in (0, 1))
            raise MethodUnknown(found=self.method, zh_methods="、".join(zh), en_methods=", ".join(en))
        return Spread(Method(key))


class Part(Struct, frozen=True):
    """A cell: what is in it (None: blank), how many decimals it prints (None: as many as there are), if it stays."""

    at: Address
    place: Place
    amount: Decimal | None
    decimals: int | None = None
    held: bool = False


class Scale(Struct, frozen=True):
    """How amounts are typed: the smallest step (None: what the cells print), how many of a currency 1 of them is."""

    step: Decimal | None = None
    per: int = 1
    currency: str = ""


class Spreading(Struct, frozen=True):
    """Amounts after a spread, by cell, without those that stay; and the sums of all of them, before and after."""

    amounts: dict[Address, Decimal]
    before: Decimal
    after: Decimal


def spread_amounts(parts: Sequence[Part], wish: Wish, scale: Scale | None = None) -> Spreading:
    """Return what the parts become. Raises Refused or a Fault."""
    if all(part.held for part in parts):
        raise Refused([Problem(parts[0].place, "", AllStay())])
    asked = _Asked(parts, wish, scale or Scale())
    unit, way = asked.unit, asked.spread
    now = np.array([np.nan if p.amount is None else float(_EXACT.divide(p.amount, unit)) for p in parts])
    held = np.array([p.held for p in parts], dtype=np.bool_)
    among = ~(np.isnan(now) & held) if way.method.fills_blanks else ~np.isnan(now)
    own = [part for part, is_among in zip(parts, among, strict=True) if is_among]
    if not own:
        raise AllBlank(**_named(way.method))
    with _in_units(own, unit):
        after = spreading.respread(now[among], held[among], way)
    amounts = {p.at: _EXACT.multiply(unit, n) for p, n in zip(own, after.tolist(), strict=True) if not p.held}
    stays = sum((p.amount or Decimal(0) for p in parts if p.at not in amounts), Decimal(0))
    return Spreading(amounts, asked.sum, sum(amounts.values(), stays))


class _Asked:
    """The unit of the parts, and the spread in whole numbers of it."""

    def __init__(self, parts: Sequence[Part], wish: Wish, scale: Scale) -> None:
        self._scale, self._way = scale, wish.way
        method = self._way.method
        self._names = _named(method)
        filled = [part for part in parts if part.amount is not None]
        self.sum = sum((part.amount or Decimal(0) for part in filled), Decimal(0))
        total, by = self._total(wish), self._by(wish)
        moves = [amount for amount in (total, None if self._is_share else by) if amount is not None]
        self.unit = self._unit(parts, wish, moves)
        stays = [p.amount or Decimal(0) for p in filled if p.held or method in _CHANGING]
        if scale.step is None and not wish.step:
            self.unit = _finer(self.unit, stays)
        for amount in moves:
            self._check_whole(amount)
        least = max([self.sum, *map(abs, moves)])
        if _EXACT.divide(least, self.unit) > GREATEST_TOTAL:
            raise TooFine(unit=plain(self.unit))
        for part in (p for p in filled if p.held or method in _CHANGING):
            if not _is_whole(part.amount or Decimal(0), self.unit):
                raise Refused(
                    [Problem(part.place, "", FinerThanCells(amount=plain(part.amount or 0), unit=plain(self.unit)))]
                )
        self.spread = self._spread(total, by)

    def _spread(self, total: Decimal | None, by: Decimal | None) -> Spread:
        if self._way.method in (Method.INCREMENT, Method.WEIGHTED_INCREMENT) and by is not None:
            total = self.sum + by
        steps = _steps(self.sum if total is None else total, self.unit)
        share = None if by is None else float(by if self._is_share else _EXACT.divide(by, self.unit))
        return replace(self._way, total=steps, by=share)

    @property
    def _is_share(self) -> bool:
        return self._way.method in (Method.PERCENT, Method.GROWTH)

    def _total(self, wish: Wish) -> Decimal | None:
        """The total that is asked for; None means the one that is there."""
        method, total = self._way.method, None
        if not is_blank(wish.total):
            if not method.closes_on_total:
                raise TotalNotTaken(**self._names)
            total = in_bounds(self._amount(wish.total, _TOTAL), _TOTAL, 0)
        elif method in (Method.INCREMENT, Method.WEIGHTED_INCREMENT) and is_blank(wish.by):
            raise TotalMissing(**self._names)
        return total

    def _by(self, wish: Wish) -> Decimal | None:
        """How much more or less is asked for."""
        method = self._way.method
        if is_blank(wish.by):
            if method in _NEEDS_BY:
                raise ByMissing(**self._names, example="100" if method is Method.ADD else "10%")
            return None
        if method not in (*_NEEDS_BY, Method.STRAIGHT_LINE, Method.INCREMENT, Method.WEIGHTED_INCREMENT):
            raise ByNotTaken(**self._names)
        if not self._is_share:
            return self._amount(wish.by, _BY)
        share = number(wish.by, _BY)
        assert share is not None  # it is not blank
        if "%" not in narrow(wish.by) and abs(share) >= 1:
            raise ShareUnclear(found=wish.by)
        return in_bounds(share, _BY, -1, _GREATEST_RATE, in_percent=True)

    def _amount(self, text: str, where: Said) -> Decimal:
        scale = self._scale
        value = money(text, where, scale.per, scale.currency) if scale.currency else number(text, where)
        assert value is not None  # it is not blank
        return value / scale.per

    def _unit(self, parts: Sequence[Part], wish: Wish, moves: Sequence[Decimal]) -> Decimal:
        """The unit that is named, or that of the plan, or the one that the cells print."""
        if not is_blank(wish.step):
            step = number(wish.step, _STEP, share=False)
            assert step is not None  # it is not blank
            return in_bounds(step, _STEP, 10.0**-_FINEST)
        if self._scale.step is not None:
            return self._scale.step
        printed = [part.decimals for part in parts if part.decimals is not None]
        if printed and len(printed) == len(parts):
            return Decimal(1).scaleb(-max(printed))
        amounts = [part.amount for part in parts if part.amount is not None and part.decimals is None]
        return _finer(Decimal(1).scaleb(-max([*printed, 0])), [*amounts, *moves])

    def _check_whole(self, amount: Decimal) -> None:
        if not _is_whole(amount, self.unit):
            raise FinerThanCells(amount=plain(amount), unit=plain(self.unit))


def _named(method: Method) -> dict[str, str]:
    """The words of a method, as facts of a fault."""
    words = SPREAD_WORDS.get(method.value, (method.value, method.value))
    return {"zh_method": words[0], "en_method": words[1]}


def _finer(unit: Decimal, amounts: Sequence[Decimal]) -> Decimal:
    """The unit, made finer by powers of ten until the amounts are whole in it, as far as `_FINEST`."""
    exponents = [int(a.normalize(_EXACT).as_tuple().exponent) for a in amounts if a]
    return min([unit, Decimal(1).scaleb(max(min([0, *exponents]), -_FINEST))]) if exponents else unit


def _is_whole(amount: Decimal, unit: Decimal) -> bool:
    return _EXACT.remainder(amount, unit) == 0


def _steps(amount: Decimal, unit: Decimal) -> int:
    """An amount in whole units, to the nearest: the sum of what is there may be finer than the cells print."""
    return int(_EXACT.divide(amount, unit).to_integral_value(ROUND_HALF_UP))


@contextmanager
def _in_units(parts: Sequence[Part], unit: Decimal) -> Iterator[None]:
    """Say faults of the core in amounts instead of units, at the cell that they name, else at the first."""
    try:
        yield
    except Fault as fault:
        position = fault.facts.get("position", 1)
        place = parts[min(int(position), len(parts)) - 1].place
        if isinstance(fault, PartFault):
            fault = fault.named([a1.cell(*part.at) for part in parts])
        raise Refused([Problem(place, "", InUnits(fault, unit))]) from fault


class InUnits(Fault):
    """A fault of the core that says its amounts as the cells have them."""

    def __init__(self, fault: Fault, unit: Decimal) -> None:
        super().__init__(**fault.facts)
        self.fault, self.unit = fault, unit

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentence in `lang`."""
        return self.fault.say(lang, lambda steps: plain(_EXACT.multiply(self.unit, Decimal(int(steps)))))
