"""The unit and currency that a table names for its amounts: in the amount's header, in a title, beside the table.

`销售额(千元)`, `单位:千元`, `人民币千元`, `RMB'000`, `Sales in thousands`, `金额/万` name a unit. What looks like a
unit and is not understood is asked about, as are units that differ and another currency: never a default.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xlsales.core.faults import Fault, Listed
from xlsales.values.units import YUAN, Unit, narrow, read_unit

_COUNTED = frozenset(
    word
    for words in (
        "件 个 箱 台 只 瓶 盒 套 双 条 吨 公斤 千克 克 人 次 单 份 支 包 袋 张 辆 本 升 米 平方米 天 户 家 间",
        "pcs pc units unit piece pieces kg t tons 万件 千件 万箱 千箱 万台 万吨 千吨 万瓶 % 百分比",
    )
    for word in words.split()
)
"""What is counted, not paid: no unit of money."""
_FIGURE = re.compile(r"[-+(]?[¥$€£]?[1-9]")
"""A cell that is a figure, `100` or `100万`, is an amount and names no unit."""
_WHO = re.compile(r"公司|集团|部$|店$|局$|厂$|院$|中心|有限|股份|商行|银行|学校|事业部|分部|办事处|co\b|ltd|inc\b")
"""Behind 单位: it is who fills the table in that is named, not a unit."""
_EXPLICIT = re.compile(
    r"(?<![制填主报送收付在发供用各])(?:金额|货币|币种|计价|记账|数据|表内)?单位\s*(?:[::]|均?为|是|\s|(?=[十百千万亿元人]))\s*[((]?\s*([^\s,,;;。、())(]+)"
    r"|(?:金额|货币)\s*[::]\s*((?:人民币)?[十百千万亿]+元?)(?=[\s,,;;。))]|$)"
    r"|以\s*((?:人民币)?[十百千万亿]*元?)\s*(?:为单位|计|列示|表示)"
    r"|单位\s*[((\[【]\s*([^()()\[\]【】]+?)\s*[))\]】]"
    r"|\bunits?\s*[::]\s*([^,,;;()()]+)"
    r"|\bcurrency\s*[::]\s*([^,,;;()()]+)"
    r"|币[种别]\s*[::]\s*([^\s,,;;()()]+)",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(
    r"\b(?:all\s+)?(?:amounts?|figures?|values?)?\s*(?:are\s+)?(?:expressed\s+|stated\s+|shown\s+)?in\s+"
    r"((?:(?:rmb|cny|usd|us\$|\$|hkd|eur|€|yuan|of|ten|hundred|thousands?|millions?|billions?|'000s?|k|10k)[\s]*)+)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[(\[【{〔]\s*([^()\[\]【】{}〔〕]*?)\s*[)\]】}〕]")
_TAIL = re.compile(r"[/|,;:_\-\s]+([^/|,;:_\-\s]+)$")
_CHINESE_TAIL = re.compile(
    r"(?<=[^\s])((?:人民币|美|港|欧|日)?(?:[十百千万亿]+[元圆]?|(?<=[额入绩水款价])元|(?<=人民币)元))$"
)
_FRONT = re.compile(
    r"^(人民币|美元|美金|港币|港元|欧元|日元|英镑|rmb|cny|usd|us\$|hkd|eur|jpy|gbp|[¥$€£])"
    r"(?:\s*('?000s?|k|m|mn))?(?=[\s_\-/]|[^\x00-\x7f])(?!额)",
    re.IGNORECASE,
)


class UnitUnknown(Fault):
    """A table names a unit that is not understood."""

    zh = (
        "“{label}”写明单位“{found}”,但认不出是多少元。请在“列对应”里填写:字段 单位,值 千元(或 元、万元、百万元、亿元)。"
    )
    en = (
        "'{label}' names the unit '{found}', which is not understood. In table Column mapping of Settings, enter "
        "field unit and value thousand yuan (or yuan, 10k yuan, million yuan, 100m yuan)."
    )


class UnitsDiffer(Fault):
    """A table names units that contradict each other."""

    zh = "“{label}”里写了几个不同的单位:{found}。请在“列对应”里填写:字段 单位,值 {first}(或 {others})。"
    en = (
        "'{label}' names several units that differ: {found}. In table Column mapping of Settings, enter field unit "
        "and value {first} (or {others})."
    )


class ForeignUnit(Fault):
    """A table's amounts are of another currency."""

    zh = "“{label}”的金额是外币({found})。请在“列对应”里填写:字段 汇率,值 {code},倍数 每 1 {code} 合多少元(如 7.1)。"
    en = (
        "The amounts of '{label}' are of another currency ({found}). In table Column mapping of Settings, enter "
        "field rate, value {code} and as factor how many yuan 1 {code} is (e.g. 7.1)."
    )


@dataclass(frozen=True)
class Named:
    """A unit that a text names: the words, and what they mean; None where that is not understood."""

    words: str
    unit: Unit | None


def split_header(header: str) -> tuple[str, list[Named]]:
    """A header without the unit in it, and the units named there."""
    text = narrow(header)
    whole = None if _FIGURE.match(text) else read_unit(text)
    if whole is not None and ((whole.scale > 1 and len(text) > 1) or text == "元"):
        return "金额", [Named(text, whole)]
    named: list[Named] = []

    def take(found: re.Match[str]) -> str:
        inner = found[1]
        of = _EXPLICIT.search(inner)
        words = next(filter(None, of.groups()), inner) if of else inner
        unit = read_unit(words)
        if unit is not None or (_looks(words) and words not in _COUNTED):
            named.append(Named(words.strip(), unit))
            return " "
        return found[0]

    rest = _BRACKETS.sub(take, text).strip()
    explicit = _EXPLICIT.search(rest)
    if explicit:
        words = next(filter(None, explicit.groups()))
        named += [Named(words, read_unit(words))] if not _idle(words) else []
        rest = rest[: explicit.start()].strip()
    spoken = _IN_WORDS.search(rest)
    if spoken and read_unit(spoken[1]):
        named.append(Named(spoken[1].strip(), read_unit(spoken[1])))
        rest = (rest[: spoken.start()] + rest[spoken.end() :]).strip()
    front = _FRONT.match(rest)
    if front and len(rest) > front.end():
        unit = read_unit("".join(filter(None, front.groups())))
        if unit is not None:
            named.append(Named(front[0], unit))
            rest = rest[front.end() :].strip(" _-/")
    tails: list[str] = []
    while (tail := _TAIL.search(rest)) and _tail_unit("".join([tail[1], *tails])):
        tails.insert(0, tail[1])
        rest = rest[: tail.start()].strip()
    if tails:
        named.append(Named(" ".join(tails), read_unit("".join(tails))))
    else:
        chinese = _CHINESE_TAIL.search(rest)
        if chinese and read_unit(chinese[1]):
            named.append(Named(chinese[1], read_unit(chinese[1])))
            rest = rest[: chinese.start()].strip(" /_-,")
    return rest or text, named


def _tail_unit(words: str) -> bool:
    return read_unit(words) is not None and words not in ("b", "t", "try", "won", "rs", "rm", "刀", "块")


def _looks(words: str) -> bool:
    """Whether words in brackets that are not understood are a unit all the same: `(千卢)`, `(万 币)`, `('0000)`."""
    word = narrow(words).replace(" ", "")
    return bool(
        re.fullmatch(r"(?:人民币|外币|rmb|cny|usd)?[十百千万亿拾佰仟萬億]+.{0,3}", word)
        or re.fullmatch(r".{1,4}[元圆币镑盾]", word)
        or re.fullmatch(r"'0+s?|x?10\^?\d|e\d", word)
    ) and not any(word.endswith(counted) for counted in _COUNTED)


def _idle(words: str) -> bool:
    """Whether what stands behind 单位: is no unit of money: what is counted, or who fills the table in."""
    word = narrow(words).strip("() ")
    return not word or word in _COUNTED or bool(_WHO.search(word))


def is_unit(cell: str) -> bool:
    """Whether a cell is a unit and nothing else, of money or of what is counted: `千元`, `(万元)`, `件`."""
    text = narrow(cell).strip("()[]【】 ")
    return text in _COUNTED or (not _FIGURE.match(text) and read_unit(text) is not None)


def many_counted(header: str) -> str | None:
    """The words by which a header of quantities counts in thousands or more, `数量(万件)`; None where it does not."""
    found = re.search(r"[(/]\s*([十百千万亿]+[^()/\d]{0,3})\s*\)?$", narrow(header))
    return found[1] if found else None


def in_titles(cells: Iterable[str]) -> list[Named]:
    """The units that cells outside of the table name: `单位:千元`, `(RMB'000)`, `In thousands of RMB`."""
    named: list[Named] = []
    for cell in cells:
        text = narrow(cell)
        explicit = [next(filter(None, found.groups())) for found in _EXPLICIT.finditer(text)]
        for words in explicit:
            unit = read_unit(words)
            if unit is not None or (not _idle(words) and len(words) <= 8):
                named.append(Named(words, unit))
        if explicit:
            continue
        inner = [(words, read_unit(words)) for words in _BRACKETS.findall(text)]
        inner += [(words, read_unit(words)) for words in _IN_WORDS.findall(text)]
        whole = read_unit(text) if len(text) > 1 and not _FIGURE.match(text) else None
        named += [Named(words.strip(), unit) for words, unit in inner if unit is not None]
        if whole is not None and not inner:
            named.append(Named(text, whole))
    return named


def beside(cells: Iterable[str]) -> list[Named]:
    """The units that cells in or right of the table name in so many words, `单位:千元`: of those no unit is guessed."""
    return [named for cell in cells if _EXPLICIT.search(narrow(cell)) for named in in_titles([cell]) if named.unit]


def settle(
    label: str, headers: Sequence[Named], titles: Sequence[Named], told: str | None, rates: Iterable[str]
) -> tuple[int | None, str | None]:
    """The yuan per 1 of the amounts (None: nothing is said of it) and the foreign currency they are of (None: none).

    `told`: the unit that Column mapping names, before which nothing else counts; `rates`: the currencies that
    Column mapping has a rate for. Raises `UnitUnknown`, `UnitsDiffer`, `ForeignUnit`.
    """
    unit = read_unit(told) if told is not None else None
    if told is not None and unit is None:
        raise UnitUnknown(label=label, found=told)
    named = [*headers, *titles]
    currencies = {n.unit.currency: n.words for n in named if n.unit and n.unit.currency}
    if unit is not None:
        currencies = {unit.currency: str(told)} if unit.currency else currencies
        scale: int | None = unit.scale
    else:
        unknown = next((n for n in named if n.unit is None), None)
        if unknown is not None:
            raise UnitUnknown(label=label, found=unknown.words)
        scales: dict[int, str] = {}
        for n in named:
            if n.unit is not None and (n.unit.scale != 1 or n.unit.currency == YUAN or n.unit.currency is None):
                scales.setdefault(n.unit.scale, n.words)
        if len(scales) > 1 and scales.get(1) and all(_only_currency(n) for n in named if n.unit and n.unit.scale == 1):
            del scales[1]
        if len(scales) > 1 or len(currencies) > 1:
            words = list(dict.fromkeys([*scales.values(), *currencies.values()]))
            raise UnitsDiffer(label=label, found=Listed(words), first=words[0], others=Listed(words[1:]))
        scale = next(iter(scales), None)
    foreign = next((code for code in currencies if code != YUAN), None)
    if foreign is not None and foreign not in rates:
        raise ForeignUnit(label=label, found=currencies[foreign], code=foreign)
    return scale, foreign


def _only_currency(named: Named) -> bool:
    """Whether words name a currency and no scale, `RMB`, `人民币`: they contradict no scale named elsewhere."""
    return narrow(named.words).replace(" ", "") in ("rmb", "cny", "人民币", "¥", "cn¥", "renminbi")
