"""The unit and currency that a table names for its amounts: in the amount's header, in a title, beside the table.

`销售额(千元)`, `单位:千元`, `人民币千元`, `RMB'000`, `Sales in thousands`, `金额/万` name a unit. People are asked
about words that look like a unit and are not understood, about units that differ, and about another currency.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from xlsales.core.expressions import expression
from xlsales.core.faults import Fault, Listed
from xlsales.values.units import Unit, meant, narrow, read_unit
from xlsales.vocabulary.contract import CNY, UNIT_YUAN, Word
from xlsales.vocabulary.money import Money, currency_word

_MANY = frozenset(["万件", "千件", "万箱", "千箱", "万台", "万吨", "千吨", "万瓶"])
_COUNTED = _MANY | frozenset(
    word
    for words in (
        "件 个 箱 台 只 瓶 盒 套 双 条 吨 公斤 千克 克 人 次 单 份 支 包 袋 张 辆 本 升 米 平方米 天 户 家 间",
        "pcs pc units unit piece pieces kg t tons % 百分比",
    )
    for word in words.split()
)
"""What is counted, not paid: no unit of money."""
_FIGURE = expression(r"[-+(]?[¥$€£]?[1-9]")
"""A cell with a figure, `100` or `100万`, is an amount and names no unit."""
_WHO = expression(r"公司|集团|部$|店$|局$|厂$|院$|中心|有限|股份|商行|银行|学校|事业部|分部|办事处|co\b|ltd|inc\b")
"""Behind 单位 these name the company or office that fills the table in, not a unit."""
_EXPLICIT = expression(
    r"(?<![制填主报送收付在发供用各])(?:金额|货币|币种|计价|记账|数据|表内)?单位\s*(?:[::]|均?为|是|\s|(?=[十百千万亿元人]))\s*[((]?\s*([^\s,,;;。、())(]+)"
    r"|(?:金额|货币)\s*[::]\s*((?:人民币)?[十百千万亿]+元?)(?=[\s,,;;。))]|$)"
    r"|以\s*((?:人民币)?[十百千万亿]*元?)\s*(?:为单位|计|列示|表示)"
    r"|单位\s*[((\[【]\s*([^()()\[\]【】]+?)\s*[))\]】]"
    r"|\bunits?\s*[::]\s*([^,,;;()()]+)"
    r"|\bcurrency\s*[::]\s*([^,,;;()()]+)"
    r"|币[种别]\s*[::]\s*([^\s,,;;()()]+)",
    re.IGNORECASE,
)
_IN_WORDS = expression(
    r"\b(?:all\s+)?(?:amounts?|figures?|values?)?\s*(?:are\s+)?(?:expressed\s+|stated\s+|shown\s+)?in\s+"
    r"((?:(?:rmb|cny|usd|us\$|\$|hkd|eur|€|yuan|of|ten|hundred|thousands?|millions?|billions?|'000s?|k|10k)[\s]*)+)",
    re.IGNORECASE,
)
_BRACKETS = expression(r"[(\[【{〔]\s*([^()\[\]【】{}〔〕]*?)\s*[)\]】}〕]")
_TAIL = expression(r"[/|,;:_\-\s]+([^/|,;:_\-\s]+)$")
_CHINESE_TAIL = expression(
    r"(?<=[^\s])((?:人民币|美|港|欧|日)?(?:[十百千万亿]+[元圆]?|(?<=[额入绩水款价])元|(?<=人民币)元))$"
)
_FRONT = expression(
    r"^(人民币|美元|美金|港币|港元|欧元|日元|英镑|rmb|cny|usd|us\$|hkd|eur|jpy|gbp|[¥$€£])"
    r"(?:\s*('?000s?|k|m|mn))?(?=[\s_\-/]|[^\x00-\x7f])(?!额)",
    re.IGNORECASE,
)


class UnitUnknown(Fault):
    """A table names a unit that is not understood."""

    zh = (
        "“{label}”写明单位“{found}”,但认不出是多少{base}。"
        "请在“列对应”里填写:字段 单位,值 千{base}(或 {base}、万{base}、百万{base}、亿{base})。"
    )
    en = (
        "'{label}' names the unit '{found}', which is not understood. In table Column mapping of Settings, enter "
        "field unit and value thousand {base} (or {base}, million {base})."
    )


class UnitsDiffer(Fault):
    """A table names units that contradict each other."""

    zh = "“{label}”里写了几个不同的单位:{found}。请在“列对应”里填写:字段 单位,值 {first}(或 {others})。"
    en = (
        "'{label}' names several units that differ: {found}. In table Column mapping of Settings, enter field unit "
        "and value {first} (or {others})."
    )


class ForeignUnit(Fault):
    """The amounts of a table are of another currency."""

    zh = (
        "“{label}”的金额是外币({found})。请在“列对应”里填写:字段 汇率,值 {code},倍数 每 1 {code} "
        "合多少{currency}(如 {example})。"
    )
    en = (
        "The amounts of '{label}' are of another currency ({found}). In table Column mapping of Settings, enter "
        "field rate, value {code} and as factor how many {currency} 1 {code} is (e.g. {example})."
    )


class YuanOrOwn(ForeignUnit):
    """The amounts of a table are in 元, which may be short for the plan's own currency."""

    zh = (
        "“{label}”的单位写的是“{found}”,计划的币种是{currency}。请在“列对应”里填写:确实是人民币,字段 汇率,值 CNY,"
        "倍数 每 1 CNY 合多少{currency}(如 {example});其实是{currency},字段 单位,值 {own}。"
    )
    en = (
        "The unit of '{label}' is '{found}', but the plan is in {currency}. In table Column mapping of Settings, enter "
        "field rate, value CNY and as factor how many {currency} 1 CNY is (e.g. {example}); if {currency} is meant, "
        "field unit, value {own}."
    )


def rate_facts(code: str, currency: str) -> dict[str, str | Word]:
    """Return the facts of a question for the rate of a foreign currency, with an example of about its size."""
    example = "7.1" if currency == CNY else "0.14" if code == CNY else "1.1"
    return {"code": code, "currency": currency_word(currency), "example": example}


class NamedUnit(Struct, frozen=True):
    """A unit that a text names: the words, and what they mean; None if they are not understood."""

    words: str
    unit: Unit | None


@lru_cache(8192)
def split_header(header: str) -> tuple[str, tuple[NamedUnit, ...]]:
    """A header without the unit in it, and the units that it names."""
    text = narrow(header)
    whole = None if _FIGURE.match(text) else read_unit(text)
    if whole is not None and ((whole.scale > 1 and len(text) > 1) or text == "元"):
        return "金额", (NamedUnit(text, whole),)
    rest, units = text, []
    for take in (_in_brackets, _explicit, _in_words, _in_front, _at_end):
        rest, more = take(rest)
        units += more
    return rest or text, tuple(units)


def _in_brackets(text: str) -> tuple[str, list[NamedUnit]]:
    """`销售额(千元)`, `Sales [RMB'000]`."""
    units: list[NamedUnit] = []

    def replacement(match: re.Match[str]) -> str:
        explicit = _EXPLICIT.search(match[1])
        words = next(filter(None, explicit.groups()), match[1]) if explicit else match[1]
        unit = read_unit(words)
        if unit is None and (not _looks(words) or words in _COUNTED):
            return match[0]
        units.append(NamedUnit(words.strip(), unit))
        return " "

    return _BRACKETS.sub(replacement, text).strip(), units


def _explicit(text: str) -> tuple[str, list[NamedUnit]]:
    """`销售额 单位:千元`, `Sales, unit: thousand yuan`."""
    match = _EXPLICIT.search(text)
    if match is None:
        return text, []
    words = next(filter(None, match.groups()))
    return text[: match.start()].strip(), [] if _idle(words) else [NamedUnit(words, read_unit(words))]


def _in_words(text: str) -> tuple[str, list[NamedUnit]]:
    """`Sales in thousands of RMB`."""
    match = _IN_WORDS.search(text)
    unit = read_unit(match[1]) if match else None
    if match is None or unit is None:
        return text, []
    return (text[: match.start()] + text[match.end() :]).strip(), [NamedUnit(match[1].strip(), unit)]


def _in_front(text: str) -> tuple[str, list[NamedUnit]]:
    """`人民币销售额`, `US$ sales`."""
    match = _FRONT.match(text)
    unit = read_unit("".join(filter(None, match.groups()))) if match and len(text) > match.end() else None
    if match is None or unit is None:
        return text, []
    return text[match.end() :].strip(" _-/"), [NamedUnit(match[0], unit)]


def _at_end(text: str) -> tuple[str, list[NamedUnit]]:
    """`金额/万`, `sales_rmb_k`, `销售额万元`."""
    tails: list[str] = []
    while (tail := _TAIL.search(text)) and _tail_unit("".join([tail[1], *tails])):
        tails.insert(0, tail[1])
        text = text[: tail.start()].strip()
    if tails:
        return text, [NamedUnit(" ".join(tails), read_unit("".join(tails)))]
    match = _CHINESE_TAIL.search(text)
    unit = read_unit(match[1]) if match else None
    if match is None or unit is None:
        return text, []
    return text[: match.start()].strip(" /_-,"), [NamedUnit(match[1], unit)]


def _tail_unit(words: str) -> bool:
    return read_unit(words) is not None and words not in ("b", "t", "try", "won", "rs", "rm", "刀", "块")


def _looks(words: str) -> bool:
    """Whether words in brackets look like a unit, though they are not understood: `(千卢)`, `(万 币)`, `('0000)`."""
    word = narrow(words).replace(" ", "")
    return bool(
        re.fullmatch(r"(?:人民币|外币|rmb|cny|usd)?[十百千万亿拾佰仟萬億]+.{0,3}", word)
        or re.fullmatch(r".{1,4}[元圆币镑盾]", word)
        or re.fullmatch(r"'0+s?|x?10\^?\d|e\d", word)
    ) and not any(word.endswith(counted) for counted in _COUNTED)


def _idle(words: str) -> bool:
    """Whether the words behind 单位 are no unit of money: things that are counted, or a company or office."""
    word = narrow(words).strip("() ")
    return not word or word in _COUNTED or bool(_WHO.search(word))


def is_unit(cell: str) -> bool:
    """Whether a cell is a unit and nothing else, of money or of things: `千元`, `(万元)`, `件`."""
    text = narrow(cell).strip("()[]【】 ")
    return text in _COUNTED or (not _FIGURE.match(text) and read_unit(text) is not None)


def many_counted(header: str) -> str | None:
    """The unit of a header of quantities in tens or more, `数量(万件)`; None for others."""
    match = re.search(r"[(/]\s*([十百千万亿]+[^()/\d]{0,3})\s*\)?$", narrow(header))
    return match[1] if match else None


def counted_in(cells: Iterable[str]) -> list[NamedUnit]:
    """The units of quantities in tens or more: `数量(万件)`, `单位:千件`; `数量(件)` needs none."""
    texts = [narrow(cell) for cell in cells]
    words = [word for text in texts for word in (many_counted(text), *_BRACKETS.findall(text), *_explicit_words(text))]
    units = [(word, _read_counted(word)) for word in words if word]
    return [NamedUnit(word, unit) for word, unit in units if unit is not None and unit.scale > 1]


def _explicit_words(text: str) -> list[str]:
    return [next(filter(None, match.groups())) for match in _EXPLICIT.finditer(text)]


def _read_counted(words: str) -> Unit | None:
    """A number of what is counted: `万件`, `thousand pieces`, `箱`; None for units of money."""
    text = narrow(words).strip("() ")
    counted = max((word for word in _COUNTED - _MANY if text.endswith(word)), key=len, default=None)
    if counted is None:
        return None
    scale = text.removesuffix(counted).strip()
    unit = read_unit(scale) if scale else Unit(1)
    return unit if unit is not None and unit.currency is None else None


def units_in(cells: Iterable[str]) -> list[NamedUnit]:
    """The units that cells outside of the table name: `单位:千元`, `(RMB'000)`, `In thousands of RMB`."""
    units: list[NamedUnit] = []
    for cell in cells:
        text = narrow(cell)
        explicit = _explicit_words(text)
        for words in explicit:
            unit = read_unit(words)
            if unit is not None or (not _idle(words) and len(words) <= 8):
                units.append(NamedUnit(words, unit))
        if explicit:
            continue
        inner = [(words, read_unit(words)) for words in (*_BRACKETS.findall(text), *_IN_WORDS.findall(text))]
        whole = read_unit(text) if len(text) > 1 and not _FIGURE.match(text) else None
        units += [NamedUnit(words.strip(), unit) for words, unit in inner if unit is not None]
        if whole is not None and not inner:
            units.append(NamedUnit(text, whole))
    return units


def units_beside(cells: Iterable[str]) -> list[NamedUnit]:
    """The units in cells in or right of the table, only if the cell says that it names one: `单位:千元`."""
    return [named for cell in cells if _EXPLICIT.search(narrow(cell)) for named in units_in([cell]) if named.unit]


def unit_of_table(
    label: str,
    headers: Sequence[NamedUnit],
    titles: Sequence[NamedUnit],
    entry: str | None,
    rates: Iterable[str],
    currency: str = CNY,
) -> tuple[int | None, str | None]:
    """How much 1 of the amounts is (None: no unit is named) and their foreign currency (None: none).

    `entry`: the unit in Column mapping, which goes before all others; `rates`: the currencies that Column mapping has
    a rate for; `currency`: that of the plan. Raises `UnitUnknown`, `UnitsDiffer`, `ForeignUnit`.
    """
    named = [_meant(one, currency) for one in (*headers, *titles)]
    currencies = {n.unit.currency: n.words for n in named if n.unit and n.unit.currency}
    if entry is not None:
        unit = read_unit(entry)
        if unit is None:
            raise UnitUnknown(label=label, found=entry, base=Money(currency=currency).said)
        unit = Unit(unit.scale, meant(entry, unit.currency, currency))
        currencies = {unit.currency: entry} if unit.currency else currencies
        scale: int | None = unit.scale
    else:
        scale = _scale(label, named, currencies, Money(currency=currency))
    foreign = next((code for code in currencies if code != currency), None)
    if foreign is not None and foreign not in rates:
        found = currencies[foreign]
        if foreign == CNY and _YUAN_ALONE.search(narrow(found)):
            unit_key = next((key for key, per in UNIT_YUAN.items() if per == scale), "yuan")
            own = Money(unit_key, currency).said
            raise YuanOrOwn(label=label, found=found, own=own, **rate_facts(foreign, currency))
        raise ForeignUnit(label=label, found=found, **rate_facts(foreign, currency))
    return scale, foreign


_YUAN_ALONE = expression(r"^[^a-z¥人]*元$")
"""元 without anything that says of which country."""


def _meant(named: NamedUnit, currency: str) -> NamedUnit:
    """A unit as it is meant in a plan in `currency`: `$` alone may be its own."""
    if named.unit is None or named.unit.currency is None:
        return named
    return NamedUnit(named.words, Unit(named.unit.scale, meant(named.words, named.unit.currency, currency)))


def unit_of_pieces(
    label: str, headers: Sequence[NamedUnit], titles: Sequence[NamedUnit], entry: str | None
) -> int | None:
    """The pieces per 1 of the figures of a table of quantities; None: no unit is named. No currency counts.

    `entry`: the unit in Column mapping, which goes before all others. Raises `UnitUnknown`, `UnitsDiffer`.
    """
    if entry is None:
        return _scale(label, [*headers, *titles], {}, _PIECES)
    unit = _read_counted(entry) or read_unit(entry)
    if unit is None:
        raise UnitUnknown(label=label, found=entry, base=_PIECES.said)
    return unit.scale


_PIECES = Money("piece")


def _scale(label: str, named: Sequence[NamedUnit], currencies: Mapping[str, str], base: Money) -> int | None:
    """The one scale of the units that a table names; None without one. Raises `UnitUnknown`, `UnitsDiffer`.

    `base` is the unit that amounts are stored in.
    """
    scales: dict[int, str] = {}
    for one in named:
        if one.unit is None:
            raise UnitUnknown(label=label, found=one.words, base=base.said)
        if one.unit.scale != 1 or one.unit.currency in (base.currency, None):
            scales.setdefault(one.unit.scale, one.words)
    of_one = [one for one in named if one.unit and one.unit.scale == 1]
    if len(scales) > 1 and scales.get(1) and all(_only_currency(one, base.currency) for one in of_one):
        del scales[1]
    if len(scales) > 1 or len(currencies) > 1:
        words = list(dict.fromkeys([*scales.values(), *currencies.values()]))
        raise UnitsDiffer(label=label, found=Listed(words), first=words[0], others=Listed(words[1:]))
    return next(iter(scales), None)


def _only_currency(named: NamedUnit, currency: str) -> bool:
    """Whether words name a currency and no scale, `RMB`, `人民币`, `USD`: they contradict no scale elsewhere."""
    word = narrow(named.words).replace(" ", "")
    if currency != CNY:
        return named.unit == Unit(1, currency)
    return word in ("rmb", "cny", "人民币", "¥", "cn¥", "renminbi")
