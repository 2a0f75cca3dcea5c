"""How a store's target was derived, in one sentence: 去年同期 1,680,000 元 × 1.071,周末系数 1.6。"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xlsales.core.basis import Basis
from xlsales.core.plan import MICROS, DayMethod
from xlsales.store.targets import StoreTerms
from xlsales.vocabulary.contract import Word

_SENTENCE = Word("{target},{days}。", "{target}, {days}.")
_FROM_REFERENCE = Word("参照期销售 {amount} {unit} × {factor}", "past sales {amount} {unit} × {factor}")
_LAST_YEAR = Word("去年同期 {amount} {unit} × {factor}", "last year {amount} {unit} × {factor}")
_SHARE_OF_TOTAL = Word("总目标 {total} {unit} × 占比 {share}", "total target {total} {unit} × share {share}")
_WEEKEND_FACTOR = Word("周末系数 {factor}", "weekend factor {factor}")
_SATURDAY_SUNDAY = Word("周六系数 {saturday}、周日系数 {sunday}", "Saturday {saturday}, Sunday {sunday}")
_HOLIDAY_FACTOR = Word("节假日系数 {factor}", "holiday factor {factor}")
_DAYS_EQUAL = Word("月内按天平均,取整到 {step} {unit}", "spread evenly over each month's days, to {step} {unit}")
_DAYS_AS_COMPANY = Word("按公司各天的比重", "by the company's days")
_DAYS_CAMPAIGN = Word("活动日另按系数", "campaign days by their factor")
_DAYS_WORKING = Word("按工作日", "by working days")
_SATURDAY, _SUNDAY = 5, 6


def sentences(
    terms: StoreTerms,
    positions: Sequence[int],
    targets: Sequence[float],
    basis: Basis | None,
    index: Sequence[float] | None,
) -> list[str]:
    """Return one sentence for each member of the terms' dimension at `positions`, with its target in yuan.

    It names the past sales of the reference period if history has all of it, else the share of the total. `index` is
    the pull of Monday to Sunday that the days follow, weakest = 1; None if they do not follow it.
    """
    grounds = basis.members.get(terms.dimension) if basis is not None and basis.comparable else None
    ending = _days(terms, index)
    texts = []
    for position, target in zip(positions, targets, strict=True):
        ground = grounds[position] if grounds else None
        if ground is not None and ground.reference > 0:  # a NaN is not
            source = _from_past(terms, target, ground.reference)
        else:
            source = _from_total(terms, target)
        texts.append(_SENTENCE[terms.lang].format(target=source, days=ending))
    return texts


def _from_past(terms: StoreTerms, target: float, reference: float) -> str:
    word = _FROM_REFERENCE if terms.plan.references else _LAST_YEAR
    return word[terms.lang].format(amount=f"{reference:,.0f}", unit=terms.unit_word, factor=f"{target / reference:.3f}")


def _from_total(terms: StoreTerms, target: float) -> str:
    total = terms.plan.total * terms.plan.step_micros / MICROS
    share = f"{target / total:.2%}" if total else "0%"
    return _SHARE_OF_TOTAL[terms.lang].format(total=f"{total:,.0f}", unit=terms.unit_word, share=share)


def _days(terms: StoreTerms, index: Sequence[float] | None) -> str:
    lang, plan = terms.lang, terms.plan
    if plan.day_method is DayMethod.WORKING_DAYS:
        parts = [_DAYS_WORKING[lang]]
    elif plan.day_method is DayMethod.EQUAL:
        # steps may be too coarse for days that are all the same
        parts = [_DAYS_EQUAL[lang].format(step=f"{plan.day_step_micros / MICROS:g}", unit=terms.unit_word)]
    elif index is None:
        parts = [_DAYS_AS_COMPANY[lang]]
    else:
        saturday, sunday = (_factor(index[day]) for day in (_SATURDAY, _SUNDAY))
        word = _WEEKEND_FACTOR if saturday == sunday else _SATURDAY_SUNDAY
        parts = [word[lang].format(factor=saturday, saturday=saturday, sunday=sunday)]
        if plan.holiday_index is not None:
            parts.append(_HOLIDAY_FACTOR[lang].format(factor=_factor(plan.holiday_index)))
    if (terms.calendar.factors != 1.0).any():
        parts.append(_DAYS_CAMPAIGN[lang])
    return ("、" if lang == "zh" else ", ").join(parts)


def _factor(value: float) -> str:
    return np.format_float_positional(round(value, 2), trim="-")
