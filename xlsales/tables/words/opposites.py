"""Pairs of columns of money: one takes off what the other adds, 贷方 and 借方, or both say the same in two ways.

Such columns are never added up: the amount is the difference of opposites, and one of two columns of the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xlsales.core.expressions import expression
from xlsales.core.faults import Fault
from xlsales.tables.words.header_words import normal, words_of
from xlsales.tables.words.units import split_header

_EITHER = ("贷 credit cr", "借 debit dr")
"""The account decides which of the two is a sale."""
_OPPOSITES: tuple[tuple[str, str], ...] = (
    _EITHER,
    ("收入 income revenue 进项 进帐 进账 入账 入帐 收 收款 收到", "支出 expense 出账 出帐 支 付款 支付 付出"),
    (
        "流入 转入 存入 inflow in moneyin paidin cashin deposit 增加 贷记",
        "流出 转出 支取 取出 outflow out moneyout paidout cashout withdrawal 减少 借记",
    ),
    (
        "应收 实收 已收 收款 收入 付款 实付 支付 付 payment received receipt paid charge",
        "退款 应退 实退 已退 退 退回 refund refunded chargeback 支付",
    ),
    (
        "销售 发货 出库 销 sale gross order 订单 成交 正常",
        "退货 退库 退款 退单 退 return returned refund refunded 冲销 作废",
    ),
    ("正向 正 蓝字 蓝 正数 positive", "负向 逆向 反向 负 红字 红 负数 negative 红冲"),
)  # fmt: skip
_ALTERNATIVES: tuple[tuple[str, str], ...] = (
    ("含税 税后 价税 价税合计", "不含税 未税 税前 无税"),
    ("期初 opening", "期末 closing"),
    ("应收 应付", "实收 实付 已收"),
    ("原价 折前 原 吊牌 原始", "折后 成交 实际 优惠后 现价"),
    ("gross list original", "net actual discounted"),
    ("本年 本期 今年 本月", "上年 上期 去年 同期 上月"),
)
_AROUND = (
    expression(r"^(?:本期|当期|本月|当月|当日|本日|今日|本年|累计|订单|交易|账户|银行|总|total)+(?=.)"),
    expression(
        r"(?<=.)(?:方?(?:发生额|总金额|总额|金额|合计|款项|额|数|款|元)|方|(?:amounts?|value|total|amt|side)|(?<=[a-z])s)$"
    ),
)


class Opposed(Fault):
    """Two columns of figures: one is to be taken off the other."""

    zh = (
        "“{label}”里的“{plus}”和“{minus}”方向相反,不能相加(表头:{headers})。金额是两列之差,请在“列对应”里填写两行:"
        "字段 金额,表头 {plus};字段 减去,表头 {minus}{swap_zh}。只算一列,第二行请填写:字段 忽略,表头 {minus}。"
    )
    en = (
        "'{plus}' and '{minus}' of '{label}' go against each other and cannot be added up (headers: {headers}). If the "
        "amount is their difference, enter two rows in table Column mapping of Settings: field amount and header "
        "{plus}; field subtract and header {minus}{swap_en}. If only the first counts, enter in the second row field "
        "ignore and header {minus}."
    )

    def __init__(self, *, label: str, plus: str, minus: str, headers: str) -> None:
        swap = _stems(plus) & words_of(_EITHER[0])
        super().__init__(
            label=label, plus=plus, minus=minus, headers=headers, swap_zh="(应收账款的账,两个表头对调)" if swap else "",
            swap_en=" (the other way round in an account of receivables)" if swap else "",
        )  # fmt: skip


def opposites_in(headers: Iterable[str]) -> tuple[str, str] | None:
    """Two of these headers that go against each other: the one that adds, and the one that takes off; else None."""
    return _pair(list(headers), _OPPOSITES)


def takes_off(amount: str, header: str) -> bool:
    """Whether a column of figures goes against the amounts, by its header."""
    pair = opposites_in([amount, header])
    return pair == (amount, header) or (pair is not None and bool(_stems(amount) & words_of(_EITHER[1])))


def alternatives_in(headers: Iterable[str]) -> tuple[str, str] | None:
    """Two of these headers for the same figure in two ways, or of two times; they are never added up."""
    return _pair(list(headers), _ALTERNATIVES)


def _pair(headers: Sequence[str], pairs: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    stems = {header: _stems(header) for header in headers}
    for first, second in pairs:
        one = [header for header in headers if stems[header] & words_of(first)]
        other = [header for header in headers if stems[header] & words_of(second) and header not in one]
        if one and other:
            return one[0], other[0]
    return None


def _stems(header: str) -> set[str]:
    """A header, and its parts without the words around its stem: 本期贷方发生额 has the stem 贷."""
    word = normal(split_header(header)[0])
    stems = {word}
    for _ in range(3):
        stems |= {pattern.sub("", text) for text in stems for pattern in _AROUND}
    return stems
