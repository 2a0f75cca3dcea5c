"""Locks, bounds and closed targets that do not fit: faults that name each kind, and the fewest to release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from xlsales.core.allocation import name_parts
from xlsales.core.faults import Fault, Lang

Money = Callable[[int], str]
Amount = int | Fraction
"""Steps, or fractions of them if days have a finer step."""


class Hold(NamedTuple):
    """A lock or a lower bound: its name, its amount, and its `own` amount, without what is fixed inside it.

    `row` is its row in the table of members or, with `lock`, in the table of locks. An `inner` one is inside another
    lock.
    """

    name: str
    amount: Amount
    own: Amount
    row: int
    lock: bool = True
    inner: bool = False
    lower: bool = False


class _HoldFault(Fault):
    """A fault of holds: facts `held_locked`, `held_lower` and `held_closed`, in steps."""

    def _amounts(self, lang: Lang, money: Money) -> str:
        """Name the locked amount, the lower bounds and the closed amount, each if there is one."""
        zh = lang == "zh"
        words = {
            "held_locked": "锁定合计" if zh else "locked",
            "held_lower": "下限合计" if zh else "lower bounds",
            "held_closed": "已关账" if zh else "closed",
        }
        parts = [f"{word} {money(self.facts[fact])}" for fact, word in words.items() if self.facts[fact]]
        return " + ".join(parts) or f"{words['held_locked']} {money(0)}"


class PeriodConflict(_HoldFault):
    """A lock contradicts the locked and closed amounts inside it."""

    zh = "{period} 锁定 {locked},但其中{held},差 {residual}。请{remedy}。"
    en = "{period} is locked at {locked}, but inside it {held}: {residual} apart. {remedy}."
    amounts = ("locked", "residual")

    def say(self, lang: Lang = "en", money: Money = str) -> str:
        """Return the sentence in `lang`."""
        zh, locked, closed = lang == "zh", self.facts["held_locked"], self.facts["held_closed"]
        ways = ["改这个锁定" if zh else "Change this lock"]
        if locked or not closed:
            ways.append("放开其中一个锁定" if zh else "release a lock inside it")
        if closed:
            ways.append("改“已关账至”" if zh else 'change "Closed through"')
        remedy = (",或" if zh else ", or ").join(ways)
        words = {"held": self._amounts(lang, money), "remedy": remedy}
        return super(_HoldFault, PeriodConflict(**self.facts, **words)).say(lang, money)


class LockedWhenClosed(PeriodConflict):
    """A lock of a period that closed with another target."""

    zh = "{period} 已关账,目标是 {closed},不能再锁定为 {locked}。请删去这个锁定,或改“已关账至”。"
    en = '{period} is closed with {closed}, not to be locked at {locked}. Delete this lock or change "Closed through".'
    amounts = ("closed", "locked")

    def say(self, lang: Lang = "en", money: Money = str) -> str:
        """Return the sentence in `lang`."""
        return Fault.say(self, lang, money)


class HeldAboveTotal(_HoldFault):
    """Locked and closed amounts add up to more than the total.

    Facts: the amounts, `total`, `excess`. `of` and `month` name the member and the month with that total as target
    (with `bound` as upper bound, with `lock` as lock), if it is not the plan's total. `total` is `stretch` times that
    target. `names` and `steps` are the fewest holds to release, if that is enough. `reopen` is the day through which
    to close instead, "" for none, None if no reopening is enough.
    """

    zh = "{place}{held} > {whole} {total},差 {excess}。请{remedy}。"
    en = "{place}{held} > {whole} {total} by {excess}. {remedy}."
    amounts = ("total", "excess")

    def say(self, lang: Lang = "en", money: Money = str) -> str:
        """Return the sentence in `lang`."""
        facts, zh = self.facts, lang == "zh"
        of, month, reopen = facts["of"], facts["month"], facts["reopen"]
        if of:
            kind = ("上限", "upper bound") if facts["bound"] else ("目标", "target")
            kind = ("锁定", "lock") if facts["lock"] else kind
            whole = f"“{of}”的{kind[0]}" if zh else f'{kind[1]} of "{of}"'
        elif month:
            whole = "公司目标" if zh else "company target"
        else:
            whole = "总目标" if zh else "total target"
        ways = []
        if facts["names"]:
            each = [money(steps) for steps in facts["steps"]]
            parts = name_parts(range(len(each)), "part", lang, names=facts["names"], amounts=each)
            ways.append((f"{_RELEASE[facts['kind']][0]} {parts}") if zh else f"{_RELEASE[facts['kind']][1]} {parts}")
        ways.append(f"提高{whole}" if zh else f"raise the {whole}")
        if reopen:
            ways.append(f"把“已关账至”改为 {reopen}" if zh else f'set "Closed through" to {reopen}')
        elif reopen is not None:
            ways.append("清空“已关账至”" if zh else 'clear "Closed through"')
        remedy, amounts = (",或" if zh else ", or ").join(ways), self._amounts(lang, money)
        place = f"{month} " if month else ""
        if facts["stretch"] != 1:
            whole += f"(按加压 {facts['stretch']:.6g} 倍)" if zh else f" (times its stretch of {facts['stretch']:.6g})"
        if not zh:
            remedy = remedy[:1].upper() + remedy[1:]
            amounts = amounts if month else amounts[:1].upper() + amounts[1:]
        words = {"place": place, "held": amounts, "whole": whole, "remedy": remedy}
        return super(_HoldFault, HeldAboveTotal(**facts, **words)).say(lang, money)


class HeldBelowMonths(_HoldFault):
    """In some months all members that may have a target are held, and together they are below the total.

    Facts: the amounts, `total` and `missing` of these months; `of` the parent of the members, if it is not the company;
    `months` and `fits`, the amount held per month.
    """

    zh = (
        "{period} 成员{held} < {whole} {total},差 {missing},没有别的成员可以承担。"
        "请提高或放开其中一个,或在“锁定”表把{whose} {locks}。"
    )
    en = (
        "{period}: {held} of the members < {whole} {total} by {missing}, and no other member can take it. "
        "Raise or release one of them, or lock {whose} in Locks at {locks}."
    )
    amounts = ("total", "missing")

    def say(self, lang: Lang = "en", money: Money = str) -> str:
        """Return the sentence in `lang`."""
        facts, zh = self.facts, lang == "zh"
        of, months = facts["of"], facts["months"]
        if of:
            whole, whose = (f"“{of}”的目标", f"“{of}”的") if zh else (f'target of "{of}"', f'"{of}"')
        else:
            whole, whose = ("公司目标", "公司的") if zh else ("company target", "the company")
        pairs = zip(months, facts["fits"], strict=True)
        locks = [f"{key} 锁定为 {money(fit)}" if zh else f"{money(fit)} for {key}" for key, fit in pairs]
        words = {
            "period": ("、" if zh else ", ").join(months),
            "held": self._amounts(lang, money),
            "whole": whole,
            "whose": whose,
            "locks": ("、" if zh else ", ").join(locks),
        }
        return super(_HoldFault, HeldBelowMonths(**{**facts, **words})).say(lang, money)


class HeldBelowTotal(_HoldFault):
    """All periods are locked or closed, and together they are below the total; `reopen` as above."""

    zh = "全部期间都已锁定或关账:{held} < 总目标 {total},差 {missing}。请{remedy}。"
    en = "All periods are locked or closed: {held} < total target {total} by {missing}. {remedy}."
    amounts = ("total", "missing")

    def say(self, lang: Lang = "en", money: Money = str) -> str:
        """Return the sentence in `lang`."""
        zh, reopen = lang == "zh", self.facts["reopen"]
        ways = ["改总目标" if zh else "Change the total"]
        if self.facts["held_locked"]:
            ways.append("放开一个锁定" if zh else "release a lock")
        if self.facts["held_closed"]:
            open_ = f"把“已关账至”改为 {reopen}" if zh else f'set "Closed through" to {reopen}'
            ways.append(open_ if reopen else "清空“已关账至”" if zh else 'clear "Closed through"')
        remedy = (",或" if zh else ", or ").join(ways)
        words = {"held": self._amounts(lang, money), "remedy": remedy}
        return super(_HoldFault, HeldBelowTotal(**self.facts, **words)).say(lang, money)


def below_total(
    total: Amount, locked: Amount, closed: Amount, closed_months: Sequence[tuple[dt.date, Amount]], lock_row: int
) -> HeldBelowTotal:
    """Return the fault of a plan with all periods held, below its total; `closed_months` as in `above_total`."""
    reopen = closed_months[-2][0] if len(closed_months) > 1 else ""
    facts = {"held_locked": locked, "held_lower": 0, "held_closed": closed}
    place = {"lock_row": lock_row, "field": "amount"} if lock_row else {}
    return HeldBelowTotal(total=total, missing=total - locked - closed, reopen=reopen, **facts, **place)


_RELEASE = {
    "lock": ("放开", "release"),
    "lower": ("调低下限", "lower the bound of"),
    "both": ("放开或调低", "release or lower"),
}


def conflict(period: str, locked: Amount, parts: Amount, closed: Amount, lock_row: int, *, over: bool = False) -> Fault:
    """Return the fault of a lock that contradicts the `parts` that are fixed inside it; `closed` of them are closed.

    `over`: all of the period is closed.
    """
    amounts = {"held_locked": parts - closed, "held_lower": 0, "held_closed": closed}
    facts = {"period": period, "locked": locked, **amounts, "residual": abs(locked - parts), "lock_row": lock_row}
    return LockedWhenClosed(**facts, closed=closed) if over else PeriodConflict(**facts)


def above_total(
    total: Amount,
    closed: Amount,
    holds: Sequence[Hold],
    closed_months: Sequence[tuple[dt.date, Amount]] = (),
    *,
    of: str | None = None,
    month: str | None = None,
    bound: bool = False,
    lock: bool = False,
    stretch: float = 1.0,
) -> HeldAboveTotal:
    """Return the fault of holds and closed months above a total, with the fewest to release and the day to reopen.

    `closed_months` are the last day and the closed amount of each month up to the last closed one. `total` is
    `stretch` times the target of the member `of`, or of the company.
    """
    locked = sum(hold.own for hold in holds if not hold.lower)
    lower = sum(hold.own for hold in holds if hold.lower)
    excess = locked + lower + closed - total
    to_release = _to_release([hold for hold in holds if not hold.lower], excess) or _to_release(holds, excess)
    kinds = {hold.lower for hold in to_release}
    facts: dict[str, Any] = {"kind": "both" if len(kinds) > 1 else "lower" if True in kinds else "lock"}
    last = max(to_release or holds, key=lambda hold: hold.row, default=None)
    if last is not None:
        facts["lock_row" if last.lock else "row"] = last.row
        facts["field"] = "amount" if last.lock else "lower" if last.lower else "locked"
    return HeldAboveTotal(
        held_locked=locked, held_lower=lower, held_closed=closed, total=total, excess=excess,
        of=of, month=month, bound=bound, lock=lock, stretch=stretch,
        names=tuple(hold.name for hold in to_release), steps=tuple(hold.amount for hold in to_release),
        reopen=_reopen(closed_months, excess), **facts,
    )  # fmt: skip


def _to_release(holds: Sequence[Hold], excess: Amount) -> list[Hold]:
    """The fewest holds that cover the excess if they are released; none if all together do not."""
    outer = [hold for hold in holds if not hold.inner]
    fewest = _fewest(outer, excess)
    if fewest:
        return fewest
    # a lock inside another one frees nothing until that one is released
    inner = _fewest([hold for hold in holds if hold.inner], excess - sum(hold.own for hold in outer))
    return [*(hold for hold in outer if hold.own), *inner] if inner else []


def _fewest(holds: Sequence[Hold], excess: Amount) -> list[Hold]:
    """The largest ones, but the last as small as possible."""
    ordered = sorted((hold for hold in holds if hold.own), key=lambda hold: -hold.own)
    missing = excess
    for at, hold in enumerate(ordered):
        if hold.own >= missing:
            return [*ordered[:at], [one for one in ordered[at:] if one.own >= missing][-1]]
        missing -= hold.own
    return []


def _reopen(closed_months: Sequence[tuple[dt.date, Amount]], excess: Amount) -> dt.date | str | None:
    """The day through which to close instead, so that months with at least `excess` are open again."""
    for count in range(len(closed_months) - 1, -1, -1):
        excess -= closed_months[count][1]
        if excess <= 0:
            return closed_months[count - 1][0] if count else ""
    return None
