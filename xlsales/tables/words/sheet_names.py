"""Names of sheets that hold no further sales, though they look like the others: totals, copies, targets."""

from __future__ import annotations

import re

from xlsales.core.expressions import expression
from xlsales.core.text import narrow
from xlsales.tables.words.labels import measure_of, read_label
from xlsales.tables.words.total_words import is_totals_word, is_whole_word

_TOTAL = expression(r"汇总|彙總|合计|总计|总表|总览|全年|透视|summary|overview|pivot|^year$", re.IGNORECASE)
_COPY = expression(
    r"\(\d+\)$|副本|备份|拷贝|旧|作废|模板|样例|示例|测试|copy|backup|bak$|^old|old$|template|sample|test|draft",
    re.IGNORECASE,
)

_QUANTITY = expression(r"[数销单重]量$|件数$|客流$|^qty|quantit|volume|pcs", re.IGNORECASE)


def is_no_part(title: str) -> bool:
    """Whether a sheet is, by its name, a sum, a copy or another measure of what sheets like it hold."""
    name = narrow(title)
    if is_totals_word(name) or is_whole_word(name) or _TOTAL.search(name) or _COPY.search(name):
        return True
    label = read_label([name])
    measure = label.measure if label.period is not None or label.year is not None else measure_of(name)
    return measure in ("price", "target", "rate", "other") or _QUANTITY.search(name) is not None
