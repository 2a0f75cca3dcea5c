"""Sharing a total over parts: whole steps that close exactly.

The rules, in their order:

1.  Amounts are whole steps. The parts add up to the total, always.
2.  Locked parts are taken off first; what remains is shared by weight.
3.  A part that would pass its lower or upper bound is fixed there and the
    rest is shared again, until no part passes a bound.
4.  Rounding is by largest remainder; of equal remainders the later position
    is served first (`remainders`).
5.  A part of zero weight gets zero, or its lower bound if it has one. Only
    the ratio of the weights counts.
6.  If the parts cannot close, a fault says by how much and what to do. Weights
    that are all zero never count as equal ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from xlsales.core.arrays import Floats, Mask, Steps
from xlsales.core.faults import Fault, Lang
from xlsales.core.remainders import exact_shares, largest_remainder, last_steps

GREATEST_TOTAL = 2**53
"""The greatest amount in steps: every whole number up to here is also an exact float."""


def allocate(
    total: int,
    weights: ArrayLike,
    *,
    locked: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
) -> Steps:
    """Share `total` over parts in proportion to `weights`; the parts add up to `total` exactly.

    `total` is in whole steps, 0 to 2**53. `weights` are finite and not negative, of any
    shape; the result has the same shape. `locked`, `lower` and `upper` are whole steps of
    that shape; None, NaN or a mask means none, and the lower bound is zero then. Each unlocked
    part is within one step of its exact share of the rest that the locks and bounds leave.

    Raises `Fault` (one of the subclasses below) if the input is no amount or no weight, or if
    no parts can close; `ValueError` if shapes differ.
    """
    amount = whole_steps(total)
    pull = checked_weights(weights)
    if not pull.size and amount:
        raise NoParts(amount=amount)
    if locked is None and lower is None and upper is None:
        return _by_weight(amount, pull.ravel()).reshape(pull.shape)
    locks = np.full(pull.shape, np.nan) if locked is None else steps_or_blank(locked, pull.shape)
    free = np.isnan(locks)
    parts = np.nan_to_num(locks).astype(np.int64)
    rest = _rest(amount, parts, free)
    if lower is None and upper is None:
        parts[free] = _by_weight(rest, pull[free])
        return parts
    low, high = _bounds(lower, upper, pull.shape)
    _check_locks_inside(parts, ~free, low, high)
    high = np.where(pull > 0, high, low)  # a part of zero weight takes nothing beyond its lower bound
    _check_reach(amount, rest, pull[free], low[free], high[free])
    parts[free] = _inside_bounds(rest, pull[free], low[free], high[free])
    return parts


# --- sharing -----------------------------------------------------------------------------


def _rest(amount: int, parts: Steps, free: Mask) -> int:
    """What the locks leave of `amount`. Raises LockedAboveTotal or LockedBelowTotal."""
    rest = amount - exact_total(parts)
    if rest < 0:
        raise LockedAboveTotal(locked=amount - rest, total=amount, excess=-rest, **release(parts.ravel(), -rest))
    if rest and not free.any():
        raise LockedBelowTotal(locked=amount - rest, total=amount, residual=rest)
    return rest


def _by_weight(total: int, weights: Floats) -> Steps:
    """Share `total` over `weights` (1-D); all-zero weights can share nothing but zero."""
    if not total:
        return np.zeros(weights.shape, np.int64)
    if not weights.any():
        raise AllWeightsZero(amount=total)
    return largest_remainder(total, weights)


def _inside_bounds(total: int, weights: Floats, low: Steps, high: Steps) -> Steps:
    """Share `total` with low <= part <= high: fix the parts that pass a bound, share the rest again.

    The lower bounds add up to `total` at most, the upper ones to `total` at least. Each round
    fixes only the side that outweighs the other. That moves every share further the same way,
    so a fixed part stays beyond its bound.
    """
    parts = low.copy()
    open_ = np.flatnonzero(weights > 0)
    rest = total - exact_total(low[weights == 0])
    while open_.size:
        w, lo, up = weights[open_], low[open_], high[open_]
        whole, remainder = exact_shares(rest, w)
        above, below = whole >= up, whole < lo
        if not (above.any() or below.any()):
            parts[open_] = whole + last_steps(rest - int(whole.sum()), whole, remainder, w)
            break
        excess = ((whole - up) + remainder)[above].sum()
        deficit = ((lo - whole) - remainder)[below].sum()
        fixed, bound = (below, lo) if deficit > excess else (above, up)
        parts[open_[fixed]] = bound[fixed]
        rest -= int(bound[fixed].sum())
        open_ = open_[~fixed]
    return parts


def release(locked: Steps, excess: int) -> dict[str, Any]:
    """Return, as a fault's facts, the fewest locks that cover `excess` if released, the last as small as possible."""
    order = np.argsort(-locked, kind="stable")
    covered = np.cumsum(np.minimum(locked[order], excess), dtype=np.float64)
    count = int(np.searchsorted(covered, excess)) + 1
    largest = [int(p) for p in order[: count - 1]]
    missing = excess - exact_total(locked[largest])
    last = [int(p) for p in order[count - 1 :] if locked[p] >= missing][-1]
    positions = tuple(sorted([*largest, last]))
    return {"positions": positions, "steps": tuple(int(locked[p]) for p in positions)}


def exact_total(amounts: Steps) -> int:
    """Return the sum of amounts up to 2**53 each, even if it passes 64 bits."""
    return int((amounts >> 26).sum()) * 2**26 + int((amounts & (2**26 - 1)).sum())


# --- reading the arguments ---------------------------------------------------------------


def whole_steps(value: Any) -> int:
    """Return an amount as whole steps, 0 to 2**53. Raises NotAnAmount."""
    number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not (number and 0 <= value <= GREATEST_TOTAL and value == int(value)):
        raise NotAnAmount(value=value)
    return int(value)


def checked_weights(weights: ArrayLike) -> Floats:
    """Return weights as floats of their own shape. Raises BadWeight if one is negative or not finite."""
    values = _floats(weights)
    if values.size and not (values.min() >= 0 and values.max() < np.inf):
        raise BadWeight(**_at(values, ~((values >= 0) & (values < np.inf))))
    return values


def steps_or_blank(values: ArrayLike, shape: tuple[int, ...]) -> Floats:
    """Return amounts as floats of whole steps, NaN if blank. Raises NotWholeSteps if one is neither."""
    amounts = _floats(values)
    if amounts.shape != shape:
        raise ValueError(f"weights have shape {shape}, locks or bounds have {amounts.shape}")
    whole = (amounts >= 0) & (amounts <= GREATEST_TOTAL) & (amounts == np.rint(amounts))
    if not (whole | np.isnan(amounts)).all():
        raise NotWholeSteps(**_at(amounts, ~(whole | np.isnan(amounts))))
    return amounts


def _bounds(lower: ArrayLike | None, upper: ArrayLike | None, shape: tuple[int, ...]) -> tuple[Steps, Steps]:
    """Return both bounds as whole steps; blank ones are 0 and the greatest total."""
    low = np.zeros(shape) if lower is None else np.fmax(steps_or_blank(lower, shape), 0)
    high = np.full(shape, np.nan) if upper is None else _floats(upper)
    high = steps_or_blank(np.where(high == np.inf, np.nan, high), shape)
    high = np.fmin(high, GREATEST_TOTAL)
    crossed = np.flatnonzero(low > high)
    if crossed.size:
        first = int(crossed[0])
        raise CrossedBounds(positions=(first,), lower=int(low.flat[first]), upper=int(high.flat[first]))
    return low.astype(np.int64), high.astype(np.int64)


def _check_reach(amount: int, rest: int, weights: Floats, low: Steps, high: Steps) -> None:
    """Raise if the unlocked parts cannot take `rest`, which the locks leave of `amount`."""
    least, most = exact_total(low), exact_total(high)
    if least > rest:
        raise LowerAboveTotal(lower=least, locked=amount - rest, total=amount, excess=least - rest)
    if most < rest and not weights.any():
        raise AllWeightsZero(amount=rest - most)
    if most < rest:
        raise UpperBelowTotal(upper=amount - rest + most, total=amount, residual=rest - most)


def _check_locks_inside(parts: Steps, locked: Mask, low: Steps, high: Steps) -> None:
    outside = np.flatnonzero(locked & ((parts < low) | (parts > high)))
    if outside.size:
        p = int(outside[0])
        facts = {"lower": int(low.flat[p]), "upper": int(high.flat[p]), "locked": int(parts.flat[p])}
        raise LockOutsideBounds(positions=(p,), **facts)


def _floats(values: ArrayLike) -> Floats:
    if isinstance(values, np.ma.MaskedArray):
        return np.where(np.ma.getmaskarray(values), np.nan, np.ma.getdata(values).astype(np.float64))
    return np.asarray(values, dtype=np.float64)


def _at(values: Floats, wrong: Mask) -> dict[str, Any]:
    positions = np.flatnonzero(wrong)
    return {"positions": tuple(positions.tolist()), "values": tuple(values.flat[positions].tolist())}


# --- faults ------------------------------------------------------------------------------

_WORDS = {
    "part": {"zh": "第 {} 项", "en": "part {}"},
    "row": {"zh": "第 {} 行", "en": "row {}"},
    "col": {"zh": "第 {} 列", "en": "column {}"},
}
_MOST_NAMES = 5


def name_parts(
    positions: Sequence[int], word: str, lang: Lang, *, names: Sequence[str] | None = None, amounts: Sequence[str] = ()
) -> str:
    """Return "row 1, row 4" for positions 0 and 3, or their names, each followed by its amount."""
    labels = list(names or [_WORDS[word][lang].format(p + 1) for p in positions])
    if amounts:
        labels = [f"{label} {amount}" for label, amount in zip(labels, amounts, strict=True)]
    if not labels:
        return "(无)" if lang == "zh" else "(none)"
    text = ("、" if lang == "zh" else ", ").join(labels[:_MOST_NAMES])
    if len(labels) > _MOST_NAMES:
        text += f" 等 {len(labels)} 处" if lang == "zh" else f" … ({len(labels)} in all)"
    return text


class PartFault(Fault):
    """A fault of certain parts.

    `facts["positions"]` are their positions, from 0, in the flattened input; `facts["steps"]` (amounts) or
    `facts["values"]` (as they are in the input) are parallel to them, if known. The sentence counts from 1, or has the
    names if the fault is `named`. `field` is the column of a member's row that is at fault.
    """

    @property
    def field(self) -> str:
        """The key of that column."""
        return "weight"

    def named(self, names: Sequence[str]) -> Self:
        """Return this fault with the parts' names: `names[i]` is the part at position i."""
        return type(self)(**{**self.facts, "names": tuple(names[p] for p in self.facts["positions"])})

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentence in `lang`; `{parts}` is the list of parts, with their amounts or values."""
        facts = dict(self.facts)
        amounts = [money(s) for s in facts.pop("steps", ())] or [f"{v:.15g}" for v in facts.pop("values", ())]
        facts["parts"] = name_parts(facts["positions"], "part", lang, names=facts.pop("names", None), amounts=amounts)
        return super(PartFault, type(self)(**facts)).say(lang, money)


class NotAnAmount(Fault):
    """The total is not a whole number of steps from 0 to 2**53."""

    zh = "总目标 {value} 不是零或正的整数步长。请按步长填写,不超过 2 的 53 次方。"
    en = "The total target {value} is not a whole number of steps. Enter zero or more, at most 2**53 steps."


class NotWholeSteps(PartFault):
    """Locks or bounds that are not whole steps."""

    zh = "{parts}:锁定、下限或上限不是零或正的整数步长。请按步长填写,或留空。"
    en = "{parts}: a lock or bound is not a whole number of steps. Enter zero or more in steps, or leave it blank."


class BadWeight(PartFault):
    """Weights that are negative, infinite or not a number."""

    zh = "{parts}:权重不是零或正数。请填零或正数。"
    en = "{parts}: the weight is not a number of zero or more. Enter one."


class NoParts(Fault):
    """There is a total, but no part to share it over."""

    zh = "总目标 {amount} 没有可分的部分。请至少列出一项。"
    en = "The total target {amount} has no parts to go to. List at least one."
    amounts = ("amount",)


class AllWeightsZero(Fault):
    """Every weight that may take the rest is zero."""

    zh = "未锁定部分的权重全为零,{amount} 无处可分。请改权重,或把“分解方式”改为均分或参照,或锁定各项。"
    en = (
        "All weights of the unlocked parts are zero, so {amount} has nowhere to go. "
        "Change a weight, split by equal or reference, or lock the parts."
    )
    amounts = ("amount",)


class LockedAboveTotal(PartFault):
    """The locks add up to more than the total; the parts are the fewest to release."""

    zh = "锁定合计 {locked} > 总目标 {total},差 {excess}。请放开 {parts},或提高总目标。"
    en = "Locked {locked} > total target {total} by {excess}. Release {parts}, or raise the total."
    amounts = ("locked", "total", "excess")


class LockedBelowTotal(Fault):
    """Everything is locked and the locks do not reach the total."""

    zh = "全部锁定,合计 {locked} < 总目标 {total},差 {residual}。请放开一项,或改总目标。"
    en = "Everything is locked: {locked} < total target {total}, {residual} left over. Release a part, or change it."
    amounts = ("locked", "total", "residual")


class LowerAboveTotal(Fault):
    """Lower bounds and locks add up to more than the total."""

    zh = "下限合计 {lower} + 锁定合计 {locked} > 总目标 {total},差 {excess}。请调低下限、放开锁定,或提高总目标。"
    en = (
        "Lower bounds {lower} + locked {locked} > total target {total} by {excess}. "
        "Lower a bound, release a lock, or raise the total."
    )
    amounts = ("lower", "locked", "total", "excess")


class UpperBelowTotal(Fault):
    """Upper bounds and locks together are less than the total.

    The fact `of` is the member with that total as its target, if it is not the plan's total.
    """

    zh = "上限与锁定合计最多 {upper} < {whole} {total},差 {residual}。请调高上限、放开锁定,或降低{whole}。"
    en = (
        "Upper bounds and locks reach {upper} at most < {whole} {total} by {residual}. "
        "Raise a bound, release a lock, or lower the {whole}."
    )
    amounts = ("upper", "total", "residual")

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentence in `lang`."""
        of = self.facts.get("of")
        whole = {"zh": f"“{of}”的目标", "en": f'target of "{of}"'} if of else {"zh": "总目标", "en": "total target"}
        return super(UpperBelowTotal, UpperBelowTotal(**{**self.facts, "whole": whole[lang]})).say(lang, money)


class CrossedBounds(PartFault):
    """A lower bound above the upper bound."""

    zh = "{parts}:下限 {lower} > 上限 {upper}。请改其中一个。"
    en = "{parts}: the lower bound {lower} > the upper bound {upper}. Change one of them."
    amounts = ("lower", "upper")

    @property
    def field(self) -> str:
        """The lower bound."""
        return "lower"


class LockOutsideBounds(PartFault):
    """A lock that contradicts the part's own bounds."""

    zh = "{parts}:锁定 {locked} {zh_bound}。请改锁定或改界限。"
    en = "{parts}: locked {locked} is {en_bound}. Change the lock or the bound."
    amounts = ("locked",)

    @property
    def field(self) -> str:
        """The bound that the lock passes."""
        return "lower" if self.facts["locked"] < self.facts["lower"] else "upper"

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentence in `lang`, with the bound that the lock passes."""
        below = self.field == "lower"
        bound = money(self.facts["lower" if below else "upper"])
        zh, en = ("低于下限", "below the lower bound") if below else ("高于上限", "above the upper bound")
        facts = {**self.facts, "zh_bound": f"{zh} {bound}", "en_bound": f"{en} {bound}"}
        return super(LockOutsideBounds, LockOutsideBounds(**facts)).say(lang, money)
