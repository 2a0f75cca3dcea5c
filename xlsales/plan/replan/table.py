"""Table 重排决定: the decisions that a split carried out, by which later splits go; and the words of their ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.core.plan import MICROS, Rest, Waiver
from xlsales.vocabulary.contract import RESTS, Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

if TYPE_CHECKING:
    from xlsales.plan.input_tables import Spelling, TableAnswers

WAYS = {"roll": Word("滚入", "roll in"), "reserve": RESTS["reserve"], "lower": RESTS["lower"]}
"""The ways, by the codes of `core.replan.Way`."""
_UNIT = Word("按设置的单位", "in the unit of Settings")
T_REPLAN = InputTable(
    "xs_replan",
    "replan",
    Word("重排决定", "Re-plan decisions"),
    (
        TableColumn(
            "dimension", Word("维度", "Dimension"), "text", Word("空 = 公司整体", "blank = the company"), width=12
        ),
        TableColumn("member", Word("成员", "Member"), "text", Word("空 = 公司整体", "blank = the company"), width=18),
        TableColumn(
            "period",
            Word("期间", "Period"),
            "period",
            Word("哪个月;空 = 全年", "which month; blank = all of it"),
            width=11,
        ),
        TableColumn("before", Word("原目标", "From"), "amount", _UNIT, width=13, exact=True),
        TableColumn("after", Word("新目标", "To"), "amount", _UNIT, width=13, exact=True),
        TableColumn(
            "amount",
            Word("安排了", "Placed"),
            "amount",
            Word("预留、降低总目标:从这个月减去的", "reserve, lower total: what came off this month"),
            width=13,
            low=0,
            exact=True,
        ),
        TableColumn(
            "rest", Word("方式", "Way"), "choice", Word("“重排”里选的", "as chosen in Re-plan"), WAYS, width=13
        ),
        TableColumn("reason", Word("原因", "Reason"), "text", Word("“重排”里写的", "as written in Re-plan"), width=34),
        TableColumn(
            "done", Word("执行日", "Done on"), "date", Word("哪天的分解", "by the split of that day"), width=12
        ),
        TableColumn(
            "note",
            Word("备注", "Note"),
            "text",
            Word("随意;删去一行 = 撤销那个决定", "free; deleting a row takes its decision back"),
            width=30,
        ),
    ),
)


def waivers(answers: TableAnswers, spelling: Spelling) -> tuple[Waiver, ...]:
    """Return what members need not reach any more, by the rows of the table; problems are in `answers.problems`.

    Rows that were rolled in, or changed the total in the settings, are a record alone.
    """
    if answers.book.table(T_REPLAN.name) is None:
        return ()
    out = []
    for row in answers.rows(T_REPLAN):
        if row["rest"] not in tuple(Rest) or row["period"] is None or row["faulty"]:
            continue
        if row["amount"] is None:
            answers.row_lacks(row, next(column for column in T_REPLAN.columns if column.key == "amount"))
            continue
        steps = round(row["amount"] * MICROS / answers.step_micros)
        one = Waiver(row["period"], steps, Rest(row["rest"]), row["dimension"], row["member"], row["row"].row)
        out.append(spelling.of(one))
    return tuple(out)
