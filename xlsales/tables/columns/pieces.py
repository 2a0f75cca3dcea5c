"""Which columns count in a plan in pieces: quantities, never the money beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsales.core.expressions import expression
from xlsales.core.text import clean
from xlsales.tables.columns.column_faults import PiecesMissing, names_of
from xlsales.tables.columns.contents import holds_amounts
from xlsales.tables.words.header_words import FIELD_NAMES, normal
from xlsales.tables.words.labels import measure_of, periods_of, read_label
from xlsales.tables.words.units import split_header
from xlsales.vocabulary.round_contract import ORIGIN

Row = Sequence[str | None]

_MONEY = expression(
    r"[额款价钱]|金额|收入|营收|流水|业绩|实付|实收|应付|amount|revenue|gmv|turnover|price|value|paid|income|^net"
    r"|sales$|^(yuan|rmb|cny)$",
)
"""Headers of money: a figure below them is no number of pieces."""
_KEY = expression(r"号$|编[号码]|码$|代码|电话|手机|id$|no$|code$|number$|phone")
_OWN = frozenset(normal(word) for word in FIELD_NAMES["amount"])


def best_of_pieces(
    best: Mapping[str, list[int]], headers: Row, sample: Sequence[set[str]], fixed: Mapping[str, int], label: str
) -> dict[str, list[int]]:
    """The columns of each field in a plan in pieces: those of quantities as the amount, no prices.

    A mapped column goes first. A column headed as the field itself holds pieces if the table has collected rows.
    Raises PiecesMissing if all figures are money.
    """
    no_money = {**best, "quantity": [], "price": []}
    if "amount" in fixed:
        return no_money
    dates = {*best["date"], *fixed.values()}
    figures = [
        i for i, header in enumerate(headers) if header is not None and i not in dates and holds_amounts(sample[i])
    ]
    quantities = best["quantity"] or [i for i in figures if measure_of(headers[i] or "") == "quantity"]
    quantities = [i for i in quantities if not _names_currency(headers[i] or "")]
    if quantities:
        return {**no_money, "amount": quantities}
    collected = any(header is not None and clean(header) in (ORIGIN.zh, ORIGIN.en) for header in headers)
    plain = [i for i in best["amount"] if not is_money(headers[i] or "", collected=collected)]
    money = [i for i in figures if is_money(headers[i] or "")]
    if not plain and money and not any(_may_count(headers[i] or "") for i in figures):
        names = [headers[i] for i in money if i in best["amount"]] or [headers[money[0]]]
        raise PiecesMissing(label=label, headers=names_of(headers), candidates=names_of(names, " / "))
    return {**no_money, "amount": plain}


def heading_of_pieces(parts: Sequence[Sequence[str]]) -> list[str]:
    """The headings of quantities among several figures of each period; a word that heads none if all are money."""
    labels = {i: read_label(own) for i, own in enumerate(parts) if own}
    own = [labels[i] for i in periods_of(labels)]
    quantities = [word for label in own for word in label.words if measure_of(word) == "quantity"]
    if quantities:
        return list(dict.fromkeys(quantities))
    return [FIELD_NAMES["quantity"][0]] if own and all(any(map(is_money, label.words)) for label in own) else []


def is_money(header: str, *, collected: bool = False) -> bool:
    """Whether a header is one of money; `collected`: the name of the field itself is none."""
    word, in_header = split_header(header)
    if collected and normal(word) in _OWN:
        return False
    return bool(_MONEY.search(normal(word))) or any(unit.unit is not None for unit in in_header)


def _names_currency(header: str) -> bool:
    return any(unit.unit is not None and unit.unit.currency for unit in split_header(header)[1])


def _may_count(header: str) -> bool:
    """Whether a column of figures may hold pieces, by its header: no money, rate, target or number of a document."""
    return not is_money(header) and not _KEY.search(normal(header)) and measure_of(header) in (None, "amount", "weak")
