"""Table 数据表: the columns that a row of a member and month has."""

from __future__ import annotations

from xlsales.layout.sheet import CENTS
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

COMPANY = Word("公司整体", "Company")
"""What stands as dimension and member of the whole."""
_DIMENSION_HINT = Word("公司整体 = 全部,不分维度", "Company = all of it, not split")
_PARENT_HINT = Word("空 = 第一级", "blank = top level")
_LEVEL_HINT = Word("0 = 公司整体,1 = 第一级;求和请只选一级", "0 = Company, 1 = top level; add up one level only")
_LOWEST_HINT = Word("下面没有成员;求和可只选“是”", "has no members below; add up these only")
_MONTH_HINT = Word("当月第一天", "the first day of the month")
_TARGET_HINT = Word("全额,不按单位折算", "in full, not in the unit")
_ACTUAL_HINT = Word("空 = 还没有实际,不是 0", "blank = nothing known yet, not 0")
_DUE_HINT = Word("到截止日应达到的目标;空 = 没有截止日", "the target to the as-of date; blank without one")
_GAP_HINT = Word("目标 - 实际;空 = 还没有实际", "target - actual; blank = no actual yet")

T_DATA = InputTable(
    "xs_data",
    "data",
    Word("数据表", "Data"),
    (
        TableColumn("dimension", Word("维度", "Dimension"), "text", _DIMENSION_HINT, width=13, given=True),
        TableColumn("member", Word("成员", "Member"), "text", Word("", ""), width=20, given=True),
        TableColumn("parent", Word("上级", "Parent"), "text", _PARENT_HINT, width=16, given=True),
        TableColumn("level", Word("层级", "Level"), "integer", _LEVEL_HINT, width=11, given=True, form="0"),
        TableColumn("lowest", Word("末级", "Lowest"), "text", _LOWEST_HINT, width=11, given=True),
        TableColumn("month", Word("月份", "Month"), "date", _MONTH_HINT, width=12, given=True, form="yyyy-mm"),
        *(
            TableColumn(key, PROGRESS_COLUMNS[key], "amount", hint, width=16, given=True, form=CENTS)
            for key, hint in (
                ("target", _TARGET_HINT),
                ("actual", _ACTUAL_HINT),
                ("target_to_date", _DUE_HINT),
                ("gap", _GAP_HINT),
            )
        ),
    ),
)
