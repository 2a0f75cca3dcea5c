"""The kinds of faults of a returned workbook, and the faults of cells that several sheets share.

A store manager reads these sentences in 退回说明, headquarters in 回收情况. A fault of one sheet or one step alone is
beside its code.
"""

from __future__ import annotations

from typing import ClassVar

from xlsales.core.faults import Fault


class Remark(Fault):
    """A remark on a workbook from which everything was taken: its store has nothing to fix."""


class ForHeadquarters(Remark):
    """Something that headquarters has to look at, in a workbook in which its store has nothing to fix."""


class Refusal(Fault):
    """The reason why nothing of a workbook is taken.

    If its store has another file that counts, `choice` says there why that one does.
    """

    choice: ClassVar[type[Remark] | None] = None
    store_can_fix: ClassVar[bool] = True


class SealHolds(Remark):
    """This of several files that name a store counts: headquarters made it."""

    zh = "写着“{code}”的有几份,采用的是“{file}”:它的封印对。封印不对,没有采用:{others}。"
    en = 'Of the files that say "{code}", "{file}" was taken: its seal holds. Not taken, for their seals: {others}.'


class NotSealed(Refusal):
    """Nothing proves that headquarters made the workbook."""

    choice = SealHolds


class SheetsGone(Fault):
    """Sheets of commitments are gone; the rest was taken."""

    zh = "“{title}”表被删了,里面的内容没有收到;其他照收。"
    en = 'Sheet "{title}" was deleted; nothing was read from it. The rest was taken.'


class TargetChanged(Fault):
    """A target that was changed by hand."""

    zh = "目标 {found} 被改过,下发的是 {expected}。请改回;有异议请填“承诺”表。"
    en = "The target {found} was changed; {expected} was handed out. Put it back; to object, use sheet Commitment."


class CellUnreadable(Fault):
    """Text that is no amount."""

    zh = "“{value}”不是金额。请填数字;没有销售请填 0。"
    en = "'{value}' is no amount. Enter a number; enter 0 where nothing was sold."


class CellIsShare(Fault):
    """A percentage in the place of an amount."""

    zh = "“{value}”是百分数,不是金额。请填金额。"
    en = "'{value}' is a percentage, not an amount. Enter an amount."


class CellError(Fault):
    """An error value."""

    zh = "是错误值 {value}。请改正公式,或直接填数字。"
    en = "Shows the error {value}. Fix the formula, or enter a number."


class CellWithoutResult(Fault):
    """A formula that no program has calculated."""

    zh = "是没有结果的公式。请在 Excel 或 WPS 里打开保存,或直接填数字。"
    en = "A formula without a result. Open and save it in Excel or WPS, or enter a number."


class ResultDiffers(Fault):
    """A formula that gives another result than is stored."""

    zh = "公式 {formula} 应得 {counted},文件里存的结果却是 {stored},没有采用。请直接填数字。"
    en = "The formula {formula} gives {counted}, but the file holds {stored}: not taken. Enter a number."


class ResultsTaken(Remark):
    """Formulas that are not counted here: the results in the file are taken."""

    zh = "有 {count} 格是公式(如 {formula}),程序算不了(如引用别的文件),按存盘时显示的结果计入,合计 {sum}。"
    en = (
        "{count:cells} {count:holds a formula|hold formulas} that cannot be counted here (e.g. {formula}, a link to "
        "another file perhaps): taken as shown when the file was saved, {sum} in all."
    )
    remark = True


class CellIsDate(Fault):
    """A date where a number belongs."""

    zh = "填的是日期 {value},不是数字。请填数字。"
    en = "Holds the date {value}, which is no number. Enter a number."


class DayAhead(Fault):
    """An entry for a day that has not come yet."""

    zh = "{key} 还没有到,不能填实际。请清空;没有销售的 0 也不要预先填。"
    en = "{key} has not come yet. Clear the cell; do not fill in zeros beforehand."


class InWan(Fault):
    """An amount that seems to be in 万元."""

    zh = "{found} 只有当天目标 {target} 的万分之几,像是按万{base}填的。请按{base}填写;确实这么少请在备注里说明。"
    en = "{found} beside a target of {target} seems to be in 10,000 {base}. Enter {base}; if right, say so in Remark."


class TenThousandfold(Fault):
    """An amount ten thousand times too large."""

    zh = "{found} 是当天目标 {target} 的上千倍,像是多填了几位。请按{base}填写;确实这么多请在备注里说明。"
    en = "{found} is thousands of times the target {target}. Enter {base}; if it is right, say so in Remark."


class FarAbove(Fault):
    """An amount far above any target of the store; it counts."""

    zh = "{found} 超过最高一天目标的 {times} 倍,已照收。请核对位数和单位;确实这么多请在备注里说明。"
    en = "{found} is more than {times} times the highest day's target; it counts. Check it, or say why in Remark."


class PartOfPiece(Fault):
    """A fraction where pieces are counted; it counts."""

    zh = "{found} {base}不是整数,已照收。请核对;确实如此请在备注里说明。"
    en = "{found} {base} is no whole number; it counts. Check it, or say why in Remark."


class AmountTooLarge(Fault):
    """More than can be added up exactly."""

    zh = "“{value}”超过了可以计算的范围。请核对金额。"
    en = "'{value}' is beyond what can be added up. Check the amount."
