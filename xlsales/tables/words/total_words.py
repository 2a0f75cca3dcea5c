"""What people and programs write into a row that sums others: 小计, 本页合计, 华东 汇总, Grand Total, East Total.

A cell with such a word alone is of a totals row. Such a word beside a name may be part of the name (a brand
`高露洁Total`, a remark `见3号单合计`): then the name or the numbers decide.
"""

from __future__ import annotations

import re
from functools import lru_cache

from xlsales.core.expressions import expression
from xlsales.core.text import narrow
from xlsales.tables.words.header_words import words_of

MAY_TELL = ("计", "計", "汇总", "彙總", "总和", "均值", "大值", "小值", "total", "sum", "count", "average", "承前页",
            "过次页", "转下页", "全部", "全国", "公司", "所有", "整体", "全店", "all")  # fmt: skip
"""A cell without any of these, in any case, is of no totals row."""

_WORD = "总?合计|小计|总计|共计|累计|总和|汇总|总?合計|小計|總計|累計|彙總"
_OTHER = "计数|平均值|最大值|最小值"
"""What Subtotal of Excel writes for counts and averages: such a row is no sale either."""
_ENGLISH = "(?:grand|sub|running|page|overall)?(?:total|sum)s?|grand(?:count|average|max|min)"
_EXACT = expression(
    rf"(?:本页|本月|本日|本年|本周|本期|本季|当月|当日|当年|今日|全部|全年|全国|全?公司|全?门?店|部门|区域|大区|以上|金额|数量|总)?"
    rf"(?:{_WORD})(?:金额|数量|额|数|行|人民币)?[\d.,]*(?:笔|单|行|条|家|项|元|件|个)?"
    rf"|总(?:{_OTHER})|平均值?|承前页|过次页|(?:结)?转下页|{_ENGLISH}"
)
_BEHIND = expression(
    rf"(.+?)[\s:_\-—/]*(?:{_WORD}|{_OTHER}|(?<=[^a-z])(?:{_ENGLISH}|count|average))[\s:]*", re.IGNORECASE
)
_BEFORE = expression(rf"(?:{_WORD}|(?:{_ENGLISH})(?:\s+(?:of|for))?(?=[\s:_\-]))[\s:_\-—/]*(.+)", re.IGNORECASE)
_WHOLE = words_of("全部 全国 全公司 公司 所有 整体 全店 全部门店 全部商品 全部产品 全渠道 全品类 总部 all overall")
_BRACKETS = expression(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】")
_MARKS = expression(r"[\s_\-—=*:.,#、。()\[\]【】<>《》“”\"']+")


@lru_cache(8192)
def is_totals_word(text: str) -> bool:
    """Whether a cell is a word for a totals row and nothing else: `合 计:`, `（小计）`, `本页合计(元)`, `Sum`."""
    plain = narrow(text).casefold()
    bare = _MARKS.sub("", _BRACKETS.sub("", plain)) or _MARKS.sub("", plain)
    return _EXACT.fullmatch(bare) is not None


def is_whole_word(text: str) -> bool:
    """Whether a cell names everything, `全国` or `ALL`: a totals row if its numbers are sums."""
    return _MARKS.sub("", narrow(text).casefold()) in _WHOLE


def ends_like_total(text: str) -> bool:
    """Whether a cell ends in a word for totals, as names hardly do."""
    return _BEHIND.fullmatch(narrow(text)) is not None


@lru_cache(8192)
def name_beside(text: str) -> str | None:
    """The name beside a word for a totals row: `华东 汇总` and `合计-华东` give 华东. None without one."""
    plain = narrow(text)
    match = _BEHIND.fullmatch(plain) or _BEFORE.fullmatch(plain)
    return match[1].strip() if match else None
