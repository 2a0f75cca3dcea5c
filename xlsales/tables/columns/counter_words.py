"""Headers of columns of money that go against the amounts: 支出, 退款金额."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from xlsales.core.expressions import expression
from xlsales.tables.columns.contents import holds_amounts
from xlsales.tables.words.header_words import named_columns, normal
from xlsales.tables.words.labels import measure_of
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.tables.words.opposites import takes_off

CounterKind = Literal["asked", "subtract", "ignore"]

_HEADERS = expression(
    r"(本期|当日|当天|本日|今日|本月|实际)?(支出|退货|退款|退回|退单|借方|支付支出)(总)?(金额|额|款|元)?|金额支出|支出方?"
    r"|(total)?(expenses?|refund(s|ed)?|returns?|returned|debit|outflow|paidout)(amount|value|total)?|(amount|money|paid)(refunded|out)"
)


def counter_columns(
    headers: Sequence[str | None],
    sample: Sequence[set[str]],
    in_use: Collection[int],
    rules: Sequence[MappingRule],
    amount: int,
) -> dict[int, CounterKind]:
    """The columns of money that go against the amounts, and those of rules: column → what becomes of it.

    `amount`: the column of amounts.
    """
    own = [row for row in rules if row.kind in ("subtract", "ignore") and row.header]
    kinds = {column: row.kind for row in own for column in named_columns(headers, row.header or "")}
    counters: dict[int, CounterKind] = {}
    for i, header in enumerate(headers):
        if header is None or i in in_use:
            continue
        kind = kinds.get(i)
        if kind == "subtract" or kind == "ignore":
            counters[i] = kind
        elif not holds_amounts(sample[i]) or measure_of(header) in ("quantity", "rate", "price"):
            continue
        elif _HEADERS.fullmatch(normal(header)) or takes_off(headers[amount] or "", header):
            counters[i] = "asked"
    return counters
