"""What sheet 公平性 says in sentences: the middle, who stands out, size, spread, rounding, what was typed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xlsales.core.evenness import gini, high_to_low
from xlsales.core.fairness import FEWEST, Verdict, bound_of, compare
from xlsales.core.text import counted
from xlsales.plan.fairness import PER, Comparison
from xlsales.plan.stuck import listed
from xlsales.vocabulary.contract import Word

_MIDDLE = Word(
    "中间:要求的增长减去自己的趋势,中间的成员是 {middle:+.1%};一半成员离它不超过 {mad:.1%}(这叫 1 个 MAD)。",
    "Middle: growth asked less own trend is {middle:+.1%} for the middle member; half of all are within {mad:.1%} of "
    "it (1 MAD).",
)
_MIDDLE_GROWTH = Word(
    "历史只有一期,看不出趋势,只比要求的增长:中间的成员是 {middle:+.1%};一半成员离它不超过 {mad:.1%}(1 个 MAD)。",
    "One past year shows no trend, so only growth asked is compared: the middle member has {middle:+.1%}; half of all "
    "are within {mad:.1%} of it (1 MAD).",
)
_FEW = Word(
    "能比的成员不到 {fewest} 个,不下判断。",
    "Too few members can be compared (at least {fewest}), so there is no verdict.",
)
_ALARMS = Word("明显不公平的有 {n} 个:{names}。", "{n:members} clearly unfair: {names}.")
_NO_ALARM = Word("没有成员被明显多要或少要。", "Nobody is clearly asked too much or too little.")
_RULE = Word(
    "离中间 2 个 MAD 以内是合适。偏高、偏低还要超过偶然:{n} 个成员里最远的一个碰巧也会到 {bound:.1f} 个 MAD;"
    "也要超过它自己各月的起伏。",
    "Up to 2 MADs from the middle is fair. Too much or too little is beyond chance: the furthest of {n:members} may be "
    "{bound:.1f} MADs away by luck. Ups and downs of its own months do not explain it either.",
)
_SIBLINGS = Word(
    "同级:各上级的增长可以不同,所以成员也和同一上级下的中间比:一半离它不超过 {mad:.1%}(1 个 MAD),"
    "偏高、偏低要超过 {bound:.1f} 个。",
    "Siblings: growth may differ between the members above, so each is also compared with the middle of its siblings: "
    "half of all are within {mad:.1%} (1 MAD), too much or too little is beyond {bound:.1f}.",
)
_BY_SIZE = Word(
    "大小:{way}的成员被要求长得更多(大的一半 {large:+.1%},小的一半 {small:+.1%};"
    "相关 {value:+.2f},碰巧如此的机会 {chance:.1%})。",
    "Size: {way} are asked for more growth (larger half {large:+.1%}, smaller half {small:+.1%}; correlation "
    "{value:+.2f}, by luck {chance:.1%} of the time).",
)
_LARGE, _SMALL = Word("大", "large members"), Word("小", "small members")
_NOT_BY_SIZE = Word(
    "大小:看不出要求的增长随成员大小走(大的一半 {large:+.1%},小的一半 {small:+.1%};"
    "相关 {value:+.2f},碰巧如此的机会 {chance:.1%})。",
    "Size: growth asked is not seen to go by size (larger half {large:+.1%}, smaller half {small:+.1%}; correlation "
    "{value:+.2f}, by luck {chance:.1%} of the time).",
)
_SAME = Word("大小:要求的增长大小成员都一样。", "Size: large and small members are asked for the same growth.")
_SPREAD = Word(
    "差距:目标 ÷ 上一期,去掉最高和最低的各一成,最高是最低的 {times:.2f} 倍(P90÷P10);"
    "基尼系数 {gini:.3f}(0 = 人人一样,1 = 全压在一个人身上)。",
    "Spread: of target / last year, without the top and bottom tenth, the most is {times:.2f} times the least "
    "(P90 / P10); Gini {gini:.3f} (0 = the same for all, 1 = all on one).",
)
_UNITS = Word(
    "尾差:取整多得的 {up} 个,少得的 {down} 个,没有人超过一个步长。",
    "Rounding: {up} rounded up, {down} rounded down, nobody by more than a step.",
)
_UNITS_ALWAYS = Word(
    "尾差:{names} 几乎每个月都{way}最后的单位。", "Rounding: {names} {way} the last units in nearly every month."
)
_ALWAYS, _NEVER = Word("多得", "gets"), Word("少得", "gives up")
_NO_UNITS = Word(
    "尾差:目标不只是按权重取整(有锁定、关账或改动),看不出谁得了尾差。",
    "Rounding: targets are more than rounded weights (locks, closed months, changes), so last units cannot be seen.",
)
_PER_FACT = Word(
    "{what}({unit}):中间 {middle},最高 {high}({high_name}),最低 {low}({low_name});{found}。",
    "{what} ({unit}): middle {middle}, highest {high} ({high_name}), lowest {low} ({low_name}); {found}.",
)
_CLEARLY, _NOT_CLEARLY = (
    Word("明显不同:{names}", "clearly apart: {names}"),
    Word("没有明显不同的", "none clearly apart"),
)
_TOO_FEW_FACTS = Word("{what}:填了的不到 {fewest} 个,不比。", "{what}: typed for fewer than {fewest}, not compared.")
_SENIORITY = Word(
    "资历:资历{way}的被要求长得更多(相关 {value:+.2f},碰巧如此的机会 {chance:.1%})。",
    "Seniority: {way} are asked for more growth (correlation {value:+.2f}, by luck {chance:.1%} of the time).",
)
_SENIOR, _JUNIOR = Word("深", "senior members"), Word("浅", "junior members")
_NOT_SENIORITY = Word("资历:要求的增长不看资历。", "Seniority: growth asked does not go by it.")
_MOVING = Word(
    "移动:偏高、偏低的回到中间,没有锁定的其他成员按目标分担,合计 0。“平衡”(xlsales balance)把它写成“转移”的行。",
    "Move: too much and too little come to the middle; others that are not locked carry it by target; the sum is 0. "
    "Balance (xlsales balance) makes rows of Transfers of it.",
)

_EXACT = 1e-9


def sentences(view: Comparison) -> Iterator[tuple[str, str]]:
    """Yield the sentences below the members, each with what it is about."""
    word = view.frame.word
    if view.spans:
        yield from _of_growth(view)
    for key in (key for key in view.facts if key in PER):
        yield key, _of_fact(view, key)
    if "seniority" in view.facts and view.spans:
        found = view.by_seniority
        if found is not None and found.is_told:
            way = word(_SENIOR if found.value > 0 else _JUNIOR)
            yield "seniority", word(_SENIORITY, way=way, value=found.value, chance=found.chance)
        else:
            yield "seniority", word(_NOT_SENIORITY)
    yield "units", _of_units(view)
    if view.spans:
        yield "move", word(_MOVING)


def _of_growth(view: Comparison) -> Iterator[tuple[str, str]]:
    fair, word = view.fair, view.frame.word
    n = int(fair.compared.sum())
    if n < FEWEST:
        yield "middle", word(_FEW, fewest=FEWEST)
        return
    yield "middle", word(_MIDDLE if fair.by_trend else _MIDDLE_GROWTH, middle=fair.middle, mad=fair.mad)
    names = [view.names[i] for i in fair.order if fair.alarms[i]]
    yield (
        "alarms",
        counted(word(_ALARMS), n=len(names), names=listed(names, view.frame.lang)) if names else word(_NO_ALARM),
    )
    yield "rule", counted(word(_RULE), n=n, bound=bound_of(n))
    if fair.siblings is not None:
        yield "siblings", word(_SIBLINGS, mad=fair.siblings.mad, bound=fair.siblings.bound)
    large, small = view.by_halves
    if view.by_size is None:
        yield "size", word(_SAME)
    else:
        way = word(_LARGE if view.by_size.value > 0 else _SMALL)
        facts = {"large": large, "small": small, "value": view.by_size.value, "chance": view.by_size.chance}
        yield "size", word(_BY_SIZE if view.goes_by_size else _NOT_BY_SIZE, way=way, **facts)
    times = 1 + fair.growth
    yield "spread", word(_SPREAD, times=high_to_low(times), gini=gini(times))


def _of_fact(view: Comparison, key: str) -> str:
    frame, per = view.frame, view.per(key)
    what = PER[key][frame.lang].replace("\n", "")
    known = np.flatnonzero(np.isfinite(per))
    middle = float(np.median(per[known])) if len(known) else 0.0
    if len(known) < FEWEST or not middle:
        return frame.word(_TOO_FEW_FACTS, what=what, fewest=FEWEST)
    verdicts = compare(per / middle - 1).verdicts
    apart = [view.names[i] for i in known if verdicts[i] in (Verdict.TOO_MUCH, Verdict.TOO_LITTLE)]
    found = frame.word(_CLEARLY, names=listed(apart, frame.lang)) if apart else frame.word(_NOT_CLEARLY)
    high, low = int(known[per[known].argmax()]), int(known[per[known].argmin()])
    amounts = {"middle": f"{middle:,.0f}", "high": f"{per[high]:,.0f}", "low": f"{per[low]:,.0f}"}
    names = {"high_name": view.names[high], "low_name": view.names[low]}
    return frame.word(_PER_FACT, what=what, unit=frame.full_word, found=found, **amounts, **names)


def _of_units(view: Comparison) -> str:
    word, units = view.frame.word, view.last_units
    if units is None:
        return word(_NO_UNITS)
    for who, way in ((units.always, _ALWAYS), (units.never, _NEVER)):
        if who.any():
            names = listed([view.names[i] for i in np.flatnonzero(who)], view.frame.lang)
            return word(_UNITS_ALWAYS, names=names, way=word(way))
    up, down = (int((units.rounded & (sign * units.net > _EXACT)).sum()) for sign in (1, -1))
    return word(_UNITS, up=up, down=down)
