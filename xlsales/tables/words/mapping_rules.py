"""Rules in Column mapping: the rows that say what cells and amounts of a table mean, not which column is which.

| field | header | value | factor | means |
|---|---|---|---|---|
| 符号 sign | 业务类型 | 退货 | −1, or blank | these rows are taken off |
| 排除 exclude | 交易状态 | 关闭 | | these rows are not counted |
| 计入 include | 订单状态 | 已取消 | | these rows count as they are: nothing is asked |
| 计入 include | 直营 | | | the columns under this heading count |
| 汇率 rate | 币种, or blank | USD | 7.1 | amounts of this currency, the plan's per 1 |
| 单位 unit | | 千元 | | the unit of the amounts, whatever the table says |
| 日期 date | | 2026年9月 | | the day or month of a table without dates |
| 门店 store | | 徐汇店 | | all of a table that has no column of this dimension is of this member |
| 减去 subtract | 支出 | | | the figures of this column are taken off the amounts |
| 忽略 ignore | 退款金额 | | | the figures of this column are of no concern |
| 财年 fiscal year | | 起始年份 | | by which year a fiscal year is called: the first, the last, the calendar's |
| 日期 date | 下单日期 | 日/月/年 | | this column is the date, its texts have the day first |
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import astuple

from xlsales.core.faults import Fault
from xlsales.core.text import identity as plain
from xlsales.tables.cells.dates import Order
from xlsales.tables.words.fiscal import NAMINGS
from xlsales.vocabulary.contract import COLUMN_FIELDS, MEANING_FIELDS

Kind = Literal["sign", "exclude", "include", "rate", "unit", "date", "order", "fiscal", "member", "subtract", "ignore"]


ORDERS: dict[str, Order] = {
    **dict.fromkeys(("日/月/年", "日月年", "day/month/year", "dd/mm/yyyy", "d/m/y", "dmy"), "dmy"),
    **dict.fromkeys(("月/日/年", "月日年", "month/day/year", "mm/dd/yyyy", "m/d/y", "mdy"), "mdy"),
    **dict.fromkeys(("年/月/日", "年月日", "year/month/day", "yyyy/mm/dd", "y/m/d", "ymd"), "ymd"),
    **dict.fromkeys(("日月对调", "对调", "互换", "swapped", "swap"), "swap"),
    **dict.fromkeys(("日", "几号", "day"), "day"),
    **dict.fromkeys(("年", "年份", "year"), "year"),
}
"""What people write in Column mapping → the order of day and month, or what the figure in `Jan-26` is."""

_KINDS: tuple[Kind, ...] = ("date", "sign", "exclude", "include", "rate", "unit", "fiscal", "subtract", "ignore")
_FIELDS: dict[str, Kind] = {
    **{plain(word): kind for kind in _KINDS for word in astuple((COLUMN_FIELDS | MEANING_FIELDS)[kind])},
    "正负": "sign", "不计入": "exclude", "exchangerate": "rate", "金额单位": "unit",
}  # fmt: skip


class RuleIncomplete(Fault):
    """A row of Column mapping lacks what its field needs."""

    zh = "“列对应”里的“{field}”还要填{needs_zh}。例如:字段 {field},{example_zh}。"
    en = "'{field}' of Column mapping also needs {needs_en}. For example: field {field}, {example_en}."


class MappingRule(Struct, frozen=True):
    """A row of Column mapping: which rows of the table (a value below a header) or the whole table, and what of them.

    `field` is the dimension of a member.
    """

    kind: Kind
    header: str | None = None
    value: str | None = None
    factor: float | None = None
    field: str | None = None


_NEEDS: dict[Kind, tuple[str, str, str, str]] = {
    "order": (
        "认得的值", "a value that is known", "表头 {header},值 日/月/年(或 月/日/年、日月对调)",
        "header {header}, value day/month/year (or month/day/year, swapped)",
    ),
    "sign": ("表头和值", "a header and a value", "表头 业务类型,值 退货", "header Type, value Return"),
    "exclude": ("表头和值", "a header and a value", "表头 业务类型,值 退货", "header Type, value Return"),
    "include": ("表头", "a header", "表头 订单状态,值 已取消", "header Status, value Cancelled"),
    "subtract": ("表头", "a header", "表头 支出", "header Expense"),
    "ignore": ("表头", "a header", "表头 支出", "header Expense"),
    "rate": ("值和大于零的倍数", "a value and a factor above zero", "值 USD,倍数 7.1", "value USD, factor 7.1"),
    "unit": ("值", "a value", "值 千", "value thousand"),
    "date": ("值", "a value", "值 2026年9月", "value 2026-09"),
    "fiscal": (
        "认得的值", "a value that is known", "值 起始年份(或 结束年份、自然年)",
        "value first year (or last year, calendar year)",
    ),
}  # fmt: skip
"""What a rule of each kind needs, and an example of it, in Chinese and English."""


def mapping_rule(field: str, header: str | None, value: str | None, factor: float | None) -> MappingRule | None:
    """The rule in a row of Column mapping; None if the row only says which column is which. Raises `RuleIncomplete`."""
    kind = _FIELDS.get(plain(field))
    if kind is None:
        return MappingRule("member", None, value, None, field) if value and not header else None
    if kind == "date" and header:
        if not value:
            return None
        kind, factor = "order", None
    rule = MappingRule(kind, header, value, factor)
    if not _is_complete(rule):
        needs_zh, needs_en, *examples = _NEEDS[kind]
        example_zh, example_en = (example.format(header=header) for example in examples)
        raise RuleIncomplete(
            field=field, needs_zh=needs_zh, needs_en=needs_en, example_zh=example_zh, example_en=example_en
        )
    return rule


def _is_complete(rule: MappingRule) -> bool:
    match rule.kind:
        case "order":
            return plain(rule.value or "") in ORDERS
        case "fiscal":
            return plain(rule.value or "") in map(plain, NAMINGS)
        case "sign" | "exclude":
            return bool(rule.header and rule.value)
        case "include" | "subtract" | "ignore":
            return bool(rule.header)
        case "rate":
            return bool(rule.value and rule.factor is not None and rule.factor > 0)
    return bool(rule.value)


def value_of(rules: Sequence[MappingRule], kind: Kind) -> str | None:
    """The value of a rule for the whole table; of several rules, the last one."""
    return next((rule.value for rule in reversed(rules) if rule.kind == kind and not rule.header), None)
