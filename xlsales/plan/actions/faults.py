"""What can be wrong or doubtful in table 行动 and in what is typed into 行动计划, a sentence each."""

from __future__ import annotations

from xlsales.core.faults import Fault


class SameAction(Fault):
    """A measure that its member has in another row."""

    zh = "“{member}”的“{measure}”在第 {other} 行已经有了,会算两次。请合并成一行,或把措施写得不同。"
    en = '"{member}" has "{measure}" in row {other} already: it would count twice. Make one row of them, or rename one.'


class NothingExpected(Fault):
    """An action of which it is not known what it is to bring."""

    zh = "“{measure}”没有“预计金额”,“客户数”和“每户金额”也不全,不知道能带来多少。请填写;没有就填 0。"
    en = (
        '"{measure}" has no "Expected", nor both "Customers" and "Amount each", so it is not known what it brings. '
        "Fill it in: 0 if nothing."
    )


class ExpectedDiffers(Fault):
    """An expected amount that is not that of its customers."""

    zh = "“{measure}”的预计金额是 {expected},客户数 × 每户金额是 {product}。按预计金额算;按客户算,请清空它。"
    en = (
        '"{measure}" is expected to bring {expected}, its customers × amount of each make {product}. The first counts; '
        "clear it to go by customers."
    )


class EndsBeforeItBegins(Fault):
    """An action whose last day is before its first."""

    zh = "“{measure}”的结束 {ends} 早于开始 {begins}。请改正其中一个。"
    en = '"{measure}" ends on {ends}, before it begins on {begins}. Correct one of them.'


class EndsAfterPlan(Fault):
    """An action that goes on after the plan, of which all is taken for the plan's days."""

    zh = "“{measure}”的结束 {ends} 在计划结束 {end} 之后,预计的 {expected} {base}全算在计划内。请只填计划内能带来的。"
    en = (
        '"{measure}" ends on {ends}, after the plan ({end}), and all of the {expected} {base} expected counts in the '
        "plan. Enter only what comes within it."
    )


class StatusTypedBoth(Fault):
    """Something typed into the sheet, while the table has been given something else."""

    zh = "“{measure}”的“{zh_column}”:这里填的是 {here},“{table}”里是 {there}。按这里的算;要按表里的,请清空这一格。"
    en = (
        '"{measure}", "{en_column}": {here} is typed here, {there} in "{table}". What is here counts; to take the '
        "other, clear this cell."
    )


class NotTaken(Fault):
    """Something typed into the sheet that is no status."""

    zh = "“{found}”不是状态,没有采用,这一格恢复成“{table}”里的。"
    en = "“{found}” is no status: it was not taken, and the cell has again what is in “{table}”."


class ActionGone(Fault):
    """Something typed into the sheet for an action that the table has no more."""

    zh = (
        "这里填了“{measure}”的“{zh_column}”{here},但“{table}”里没有可用的这一行(删了、改了名或有错),这张表就没有更新。"
        "要保留,请在“{table}”里加回或改好这一行;不要,请清空这一格。再运行。"
    )
    en = (
        '"{measure}", "{en_column}": {here} is typed here, but "{table}" has no usable row for it (deleted, renamed or '
        'at fault), so this sheet was not updated. To keep it, restore or correct the row in "{table}"; if not, clear '
        "this cell. Then run again."
    )


class ActionsLeftOut(Fault):
    """Rows at fault, while the others of the table go on."""

    zh = "{rows}有错,没有计入。请按提示改好再运行。"
    en = "{rows} at fault and not counted. Make the corrections as told and run again."
