"""Headers of columns that change what an amount means, and their values that are no sales."""

from __future__ import annotations

from collections.abc import Sequence

from xlsales.core.expressions import expression
from xlsales.tables.words.header_words import is_total, named_columns, normal, words_of
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.tables.words.units import split_header
from xlsales.values.units import currency_of, meant, narrow, read_unit
from xlsales.vocabulary.contract import CNY

_HEADERS = {
    "sign": expression(
        r"(业务|交易|单据|销售|订单|发票|出入库|出库|记录|流水|明细|行|票据|账单|款项|收支|资金|变动)?(类型|性质|类别名称)|收/?支|收付|收支方向"
        r"|借/?贷(方向|标识|标志)?|方向|红[/]?蓝字?|蓝[/]?红字?|红蓝标志|正负|正逆向|type|(transaction|document|doc|billing|order|sales?|event|entry|record"
        r"|movement|line|row)(type|category)|d/?c|s/h|(dc|dr/?cr|cr/?dr|debit/?credit)(indicator|ind|flag)?|shkzg"
    ),
    "flag": expression(
        r"(是否|有无)?(已)?(作废|取消|退货|退款|红字|红冲|冲销|冲红|删除|关闭|退单|撤销|无效)(标志|标识|标记|否)?"
        r"|(is|was|has)?(void|voided|cancel|cancelled|canceled|return|returned|refund|refunded|deleted|reversed|reversal|storno)"
        r"(flag|ind|indicator)?"
    ),
    "valid": expression(r"(是否)?(有效|生效|计入|记账)(标志|标识|否)?|(is)?(valid|active)(flag)?"),
    "refund": expression(r"(退款|售后|退货|退换货?|维权)(单)?(状态|类型|情况|标记)|(refund|return)status"),
    "stage": expression(r"(商机|销售|项目)?阶段|(opportunity|deal|sales)?stage(name)?"),
    "status": expression(
        r"(交易|订单|单据|支付|付款|结算|审核|审批|处理|业务|流程|成交|合同|销售|主订单|子订单)?状态(名称|描述)?"
        r"|(order|financial|payment|transaction|trade|invoice|document|item|sale|sales|deal|billing)?status"
    ),
    "measure": expression(
        r"(数据)?(项目|指标|科目|口径|数据项|版本|场景)(名称)?|数据类型|值类型|(measure|metric|kpi|figure|indicator|scenario|version)s?(name)?"
    ),
    "remark": expression(r"(订单|单据|商家|买家|客户)?(备注|说明)|remarks?|notes?|memo|comments?"),
    "unit": expression(r"(金额|货币|计价)?单位|(amount|currency|money)?units?"),
    "currency": expression(
        r"(交易|结算|原|本位|订单|单据|支付)?(币种|币别|货币|货币代码|币种代码)|(transaction|document|order|local|invoice|item)?"
        r"(currency|curr)(code|iso)?|waers|waerk"
    ),
}
_NEGATIVE = expression(
    r"退|支出|^支$|红|冲|^负|逆向|扣|赔|作废|return|refund|credit(memo|note)|^credit|reversal|reverse|chargeback|storno|cancel"
    r"|void|^(re|s1|rk|g2|rt|rtn|ret|rf|rfd|rma|th|xsth|tk)$"
)
_RETURN_CODES = words_of("s r t x")
"""Of a till: sale, return (退货 is T in some), exchange; only if nothing else is in the column."""
_SIDES = {"借": "借", "借方": "借", "贷": "贷", "贷方": "贷", "s": "借", "h": "贷", "d": "借", "dr": "借",
          "debit": "借", "c": "贷", "cr": "贷", "credit": "贷"}  # fmt: skip
"""In an account of sales the debit side takes off; people are asked about its words beside those of credit."""
_DEAD = expression(
    r"关闭|取消|作废|废弃|已废|无效|退款|退货|退单|拒|[未待](付|支付)|等待买家付款|失败|冲销|红冲|撤销|撤单|草稿|未审|待审|删除|流失"
    r"|输单|cancel|void|refund|return|fail|reject|pending|unpaid|closed|chargeback|expired|draft|deleted|abandon|declined|lost"
    r"|authorized$"
)
_ALIVE = expression(
    r"^(无|没有|未申请|未发起|否|未退|不退|未取消|未关闭|未作废)|closedwon|^(no|none|not)|未退款|无退款"
    r"|(退款|售后|维权)(申请)?(已)?(关闭|取消|失败|拒绝|撤销)"
)
_NO_SALES = expression(
    r"(年度?|月度?|季度|销售|本期|全年|当月|本月)?(目标|计划|预算|任务|指标|预测)(值|额|金额|数|销售额)?|.*率|(完成|达成)[比进]度?|进度|%"
    r"|同比|环比|占比|增[幅速长](额|值)?|(去年|上年|上期|前年|往年)(同期|同月|实际|金额|销售额)?|同期(数|值|额|金额)?"
    r"|(销售|订单)?(数量|件数|台数|单数|笔数)|销量|销售量|订单数|客流量?|客数|[人台]次|[客件]单价|单价|均价|[日月]均.*|平均.*"
    r"|毛利额?|成本|利润|库存|差额|差异|缺口"
    r"|(sales)?(target|plan|budget|quota|forecast|goal)s?(amount)?|lastyear|prioryear|previousyear|ly|py|qty|quantity|units"
    r"|orders|(gross)?(margin|profit)|cost|variance|var|gap|yoy|mom|attainment|achievement|growth|aov|asp|pct|percent"
)
"""Rows of these figures are no sales: `目标` beside `实际`."""
_SALES = expression(
    r"(本[期年月]|今年|当[月期])?(实际|实绩)?(实销|实收|销售|成交|完成|达成|净销售)?(金额|销售额|成交额|营业额|零售额|收入|业绩|流水|营收|净?额|[数值])?"
    r"|actuals?|act|(net|actual)?sales(amount|value)?|amount|revenue|turnover|gmv|ty|cy|thisyear"
)
_MOST_MEASURES = 12
"""A column of more different figures means something else."""
_REMARK = expression(
    "(整单|全部|客户|已)?(退货|退款|退单|作废|红冲|冲销|取消)(单|订单)?|returned?|refund(ed)?|void(ed)?|cancell?ed"
)
"""What a remark says of the whole row."""
_YES = words_of(
    "是 "
    "y yes true t 1 x √ ✓ ✔ 已作废 作废 已取消 取消 已退货 退货 已退款 退款 已红冲 已冲销 已删除 "
    "void voided cancelled canceled returned refunded"
)
_NO = words_of("否 n no false f 0 无效 失效 已失效 × ✗ invalid inactive")
_WON = expression(r"closedwon|won|赢单|成交|已?签约|已?完成|结单|回款")


def kind_of(header: str) -> str | None:
    """The kind of meaning that a column of this header may change; None for most."""
    word = normal(header)
    return next((kind for kind, pattern in _HEADERS.items() if pattern.fullmatch(word)), None)


def is_sales(value: str) -> bool | None:
    """Whether a row of this figure is one of sales: 实际 is, 目标, 数量 and 达成率 are not; None for other words."""
    word = normal(split_header(value)[0])
    if _NO_SALES.fullmatch(word):
        return False
    return True if len(word) > 1 and _SALES.fullmatch(word) else None


def _holds_measures(values: set[str]) -> bool:
    """Whether the cells of a column name the figure of each row, sales among others, whatever its header."""
    kinds = [is_sales(value) for value in values if not is_total(value)]
    return 2 <= len(kinds) <= _MOST_MEASURES and None not in kinds and len(set(kinds)) == 2


def meaning_columns(
    headers: Sequence[str | None], in_use: set[int], rules: Sequence[MappingRule], sample: Sequence[set[str]]
) -> dict[int, str]:
    """The columns that may change the meaning of amounts, and those of rules: column → kind."""
    own = [row for row in rules if row.header and row.value and row.kind != "order"]
    mapped = {column for row in own for column in named_columns(headers, row.header or "")}
    kinds: dict[int, str] = {}
    for column, header in enumerate(headers):
        if column not in in_use and _holds_measures(sample[column]):
            kinds[column] = "measure"
        elif header is not None:
            kind = kind_of(header) if column not in in_use else None
            kind = kind or ("mapped" if column in mapped else None)
            if kind is not None:
                kinds[column] = kind
    return kinds


def odd_values(kind: str, values: Sequence[tuple[str, int]], header: str, currency: str = CNY) -> list[str]:
    """Which values of a column may mean something else than a sale; `values` with their number of amounts above zero.

    Amounts that are all below zero carry the sign already.
    """
    words = {value: "".join(narrow(value).split()) for value, above in values if above}
    if kind == "currency":
        return [value for value, _ in values if value and meant(value, currency_of(value), currency) != currency]
    if kind == "remark":
        return [value for value, word in words.items() if _REMARK.fullmatch(word)]
    if kind == "unit":
        return [value for value in words if (unit := read_unit(value)) is not None and unit.scale != 1]
    if kind == "measure":
        return [value for value in words if is_sales(value) is False]
    if kind == "sign":
        sides = {_SIDES[word] for word in words.values() if word in _SIDES}
        if len(sides) == 2:
            return [value for value, word in words.items() if _SIDES.get(word) == "借"]
        coded = set(words.values()) <= _RETURN_CODES
        return [
            value
            for value, word in words.items()
            if (_NEGATIVE.search(word) and not _ALIVE.search(word)) or (coded and word in ("r", "t"))
        ]
    if kind == "flag":
        return [value for value, word in words.items() if word in _YES]
    if kind == "valid":
        return [value for value, word in words.items() if word in _NO]
    if kind == "stage":
        return [value for value, word in words.items() if word and not _WON.search(word)]
    return [value for value, word in words.items() if _DEAD.search(word) and not _ALIVE.search(word)]
