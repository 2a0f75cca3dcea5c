"""The table of commitments and the column of origins, which the round with the stores adds to the plan's workbook."""

from __future__ import annotations

from xlsales.vocabulary.contract import RESTS, YES_NO, Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

ORIGIN = Word("回收来源", "Collected from")
"""Header of the actuals' column with the file of collected rows (`徐汇店 ← 徐汇店.xlsx`); blank for pasted ones."""

TIMES = 20
"""What people type is doubtful above so many times the most that is planned: a day's amount, what is done in a week."""

_UNIT = "按设置的单位", "in the unit of Settings"
T_COMMITMENTS = InputTable(
    "xs_commitments",
    "commitments",
    Word("承诺", "Commitments"),
    (
        TableColumn("dimension", Word("维度", "Dimension"), "text", Word("", ""), width=10, given=True),
        TableColumn("member", Word("成员", "Member"), "text", Word("谁的", "whose"), width=18, given=True),
        TableColumn("period", Word("期间", "Period"), "period", Word("哪个月", "which month"), width=12, given=True),
        TableColumn("target", Word("目标", "Target"), "amount", Word(*_UNIT), width=14, given=True, exact=True),
        TableColumn(
            "commitment", Word("承诺值", "Commitment"), "amount", Word(*_UNIT), width=14, given=True, exact=True
        ),
        TableColumn("reason", Word("原因", "Reason"), "text", Word("交回时写的", "as returned"), width=34, given=True),
        TableColumn(
            "accepted",
            Word("接受", "Accepted"),
            "choice",
            Word("填“是”:下次分解时锁定", "yes: the next split locks it"),
            YES_NO,
            width=12,
        ),
        TableColumn(
            "rest",
            Word("差额由", "Rest goes to"),
            "choice",
            Word(
                "比目标少的部分由谁承担;空 = 兄弟分摊,多时先问",
                "what is below the target; blank = siblings, asked if much",
            ),
            RESTS,
            width=14,
            later=True,
        ),
        TableColumn("origin", Word("来源", "Source"), "text", Word("哪个文件", "which file"), width=26, given=True),
    ),
)
"""Made by the first collection that finds a commitment; a plan without it has none."""
