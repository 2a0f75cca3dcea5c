"""Typed weights of another size than those beside them, such as 30% beside 20 and 25: one side has all."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from xlsales.core.faults import Fault
from xlsales.values.cell import plain

_FAR = 1000.0
"""Weights that differ by so many times are a slip, as `2万` is."""
_SHARE, _NUMBER, _APART = 1.0, 10.0, 20.0
"""Shares are at most 1, numbers at least 10, and the least number is so many times the greatest share."""


class WeightsApart(Fault):
    """Weights of which some are of another size than all others beside them."""

    remark = True
    zh = "“{name}”的权重是 {found},同级的“{other}”是 {beside}。是不是百分数或“万”与普通数混着填了?确实如此的,不用改。"
    en = (
        '"{name}" has the weight {found}, and "{other}" beside it {beside}. Are percentages, or numbers in 万, mixed '
        "with plain ones? If it is meant so, leave it."
    )


def apart(weights: Mapping[str, float]) -> Fault | None:
    """What is said of weights above zero of two sizes; None if they are of one."""
    if len(weights) < 2 or max(weights.values()) < _NUMBER * min(weights.values()):
        return None
    in_order = sorted(weights.items(), key=lambda one: one[1])
    for (name, low), (other, high) in itertools.pairwise(in_order):
        if high >= _FAR * low or (low <= _SHARE and high >= max(_NUMBER, _APART * low)):
            few = sum(weight <= low for weight in weights.values()) * 2 <= len(weights)
            one, beside = ((name, low), (other, high)) if few else ((other, high), (name, low))
            return WeightsApart(name=one[0], found=plain(one[1]), other=beside[0], beside=plain(beside[1]))
    return None
