"""Why a returned workbook, a row or a cell of it is not taken: one sentence each, and what to do.

These are read by a store manager in 退回说明 and by headquarters in 回收情况.
"""

from __future__ import annotations

from typing import ClassVar

from xlsales.core.faults import Fault


class Remark(Fault):
    """Said of a workbook of which everything was taken that is in it: its store has nothing to fix."""


class Refusal(Fault):
    """Why nothing of a workbook is taken.

    If its store has another file that counts, `choice` says there why that one does.
    """

    choice: ClassVar[type[Remark] | None] = None
    store_can_fix: ClassVar[bool] = True


class SealHolds(Remark):
    """Of several files that say they are a store's this one counts, for headquarters made it."""

    zh = "写着“{code}”的有几份,采用的是“{file}”:它的封印对。封印不对,没有采用:{others}。"
    en = 'Of the files that say "{code}", "{file}" was taken: its seal holds. Not taken, for their seals: {others}.'


class NotSealed(Refusal):
    """Nothing proves that headquarters made the workbook."""

    choice = SealHolds


# --- the whole workbook ------------------------------------------------------


class NotAStoreBook(Refusal):
    """A workbook without the identity that every handed-out workbook carries."""

    zh = "{file} 不是下发的工作簿,或它的身份信息被删了。请在下发的文件里填写后再交。"
    en = "{file} is no workbook that was handed out, or its identity was deleted. Fill in the one handed out."


class NotXlsx(Refusal):
    """A text, an archive or a kind of file that does not carry the identity."""

    zh = "{file} 是 {ending} 文件,不带身份,没有采用。请交回下发的 .xlsx 文件本身。"
    en = "{file} is a {ending} file, which carries no identity: not taken. Return the .xlsx that was handed out."


class SheetTooLarge(Refusal):
    """A sheet, or the texts of all sheets, far larger than anything that a store fills in."""

    zh = "{file} 的“{title}”展开有 {found} MB(最多 {most} MB),没有采用。请在 Excel 里删去数据以外的行和列,保存后再交。"
    en = (
        'In {file}, "{title}" unpacks to {found} MB ({most} MB at most): not taken. Delete the rows and columns beside '
        "the data in Excel, save it, and return it again."
    )


class TooManyCells(Refusal):
    """A workbook of another kind with far more cells than anything that a store fills in."""

    zh = "{file} 有 {found} 个单元格(最多 {most} 个),没有采用。请在 Excel 里删去数据以外的行和列,另存为 .xlsx 再交。"
    en = (
        "{file} has {found} cells ({most} at most): not taken. Delete the rows and columns beside the data in Excel, "
        "save it as .xlsx, and return that."
    )


class NewerFormat(Refusal):
    """A workbook made by a newer version."""

    zh = "{file} 由更新的版本({found})下发。请升级 xlsales。"
    en = "{file} was handed out by a newer version ({found}). Upgrade xlsales."


class OtherPlan(Refusal):
    """A workbook of another plan, or of another dimension."""

    zh = "这是“{found}”的文件,不是“{plan}”的。请交回本计划的文件。"
    en = 'This workbook belongs to "{found}", not to "{plan}". Return the one of this plan.'


class UnknownStore(Refusal):
    """A workbook of a member that the plan does not have."""

    zh = "计划里没有“{code}”。请总部在“维度”表里加上它;改过名的,把旧名填在“别名”里,再收一次。"
    en = (
        'The plan has no "{code}". Headquarters adds it to Dimensions (a former name goes into Aliases) and collects '
        "again."
    )


class IdentityChanged(NotSealed):
    """Name, version or fingerprint were changed by hand: they do not belong together."""

    zh = "“{code}”的身份信息和目标对不上,像是被手工改过。请重新取一份下发的文件,把数据填进去。"
    en = 'The identity of "{code}" does not fit its targets; it was changed by hand. Fill in a fresh copy.'


class SealUnknown(NotSealed):
    """A workbook sealed by a key that is not on this computer, and no record says that it was handed out."""

    zh = (
        "“{code}”的这份是用另一台电脑的密钥封印的,本机没有,没有采用。请把那台电脑的 seals 文件夹拷到 {folder};"
        "密钥丢了,就把下发文件夹里的 manifest.json 拷到那里,再收一次。"
    )
    en = (
        'This one of "{code}" is sealed by the key of another computer, which is not here: not taken. Copy its folder '
        "seals to {folder}; if the key is lost, copy manifest.json of the hand-out there. Then collect again."
    )
    store_can_fix = False


class SealMissing(NotSealed):
    """A workbook without a keyed seal, in a round that has them, and no record says that it was handed out so."""

    zh = (
        "这份写着“{code}”,但没有密钥封印,没有采用。如果是旧版本下发的,请把当时下发文件夹里的 manifest.json 拷到 "
        "{folder},再收一次;不是,就请“{code}”在新下发的文件里填。"
    )
    en = (
        'This one says "{code}" but has no keyed seal: not taken. If an earlier version handed it out, copy '
        'manifest.json of that hand-out to {folder} and collect again; else let "{code}" fill in a fresh file.'
    )
    store_can_fix = False


class NamedForOther(Refusal):
    """A workbook of one store under the file name of another: one was filled in for the other."""

    zh = "文件名是“{named}”,里面却是“{code}”的工作簿。请各用自己的文件填写。"
    en = 'The file is named for "{named}" but is the workbook of "{code}". Fill in your own.'


class DaySheetGone(Refusal):
    """The day table, or the keys in its hidden row and column, were deleted."""

    zh = "找不到日报表,或它隐藏的第 1 行、A 列被删了。请重新取一份下发的文件,把数据填进去。"
    en = "The day table, or its hidden row 1 or column A, was deleted. Fill in a fresh copy of the workbook."


class SheetsGone(Fault):
    """Sheets of commitments are gone; the rest was taken."""

    zh = "“{title}”表被删了,里面的内容没有收到;其他照收。"
    en = 'Sheet "{title}" was deleted; nothing was read from it. The rest was taken.'


class OlderVersion(Remark):
    """The targets have changed since this workbook was handed out."""

    zh = "第 {version} 版的文件,之后目标有调整:实际照收,不用重填。以后请用新版。"
    en = "Handed out as version {version}; targets have changed since. Its actuals count. Use the new file from now on."


class TargetsUnsealed(Fault):
    """Targets were changed by hand, and which is not known."""

    zh = "目标被改过:实际照收,承诺没有采用。目标以总部下发的为准,请改回。"
    en = "Targets were changed by hand: actuals were taken, commitments not. Headquarters' targets stand."


class NothingFilledIn(Remark):
    """A workbook without a single entry."""

    zh = "没有填任何实际。请填写后再交。"
    en = "Nothing was filled in. Fill it in and return it again."


class BlankSince(Remark):
    """A workbook without a single entry, of a store that has reported before."""

    zh = "这份还没有填任何内容;之前收到的(填到 {known})照旧有效。"
    en = "Nothing is filled in yet; what was taken before (filled to {known}) stands."


class TablesOlder(Remark):
    """Only the tables by dimension have changed since this workbook was handed out."""

    zh = "“分项”的目标已不是最新(第 {version} 版):实际和承诺照收。请改用新下发的文件。"
    en = "Its targets by dimension (version {version}) are not the latest: all was taken. Use the new workbook."


# --- tables by dimension ------------------------------------------------------


class MemberChanged(Fault):
    """Another name in the row of a member."""

    zh = "这一行原来是“{expected}”,现在是“{found}”,总部没有采用。请改回;要换人或加人,请告诉总部。"
    en = 'This row was "{expected}" and is now "{found}": not taken. Put it back; ask headquarters for changes.'


class TableRowInserted(Fault):
    """Amounts in a row that headquarters did not hand out."""

    zh = "这一行不是下发的,总部没有采用。请删去;要加人或改目标,请告诉总部。"
    en = "This row was not handed out and was not taken. Delete it; ask headquarters for changes."


class TableFormulaOverwritten(Fault):
    """A number typed over a formula of a table."""

    zh = "公式被数字盖掉了,总部不读这一格。实际请填“日报”或“明细”,并从下发的文件里复制回公式。"
    en = "A number was typed over the formula and is not read. Enter sales in Daily or Detail; restore the formula."


# --- cells of the day table --------------------------------------------------


class TargetChanged(Fault):
    """A target that was changed by hand."""

    zh = "目标 {found} 被改过,下发的是 {expected}。请改回;有异议请填“承诺”表。"
    en = "The target {found} was changed; {expected} was handed out. Put it back; to object, use sheet Commitment."


class CellUnreadable(Fault):
    """Text that is no amount."""

    zh = "“{value}”不是金额。请填数字;没有销售请填 0。"
    en = "'{value}' is no amount. Enter a number; enter 0 where nothing was sold."


class CellError(Fault):
    """An error value."""

    zh = "是错误值 {value}。请改正公式,或直接填数字。"
    en = "Shows the error {value}. Mend the formula, or enter a number."


class CellWithoutResult(Fault):
    """A formula that no program has calculated."""

    zh = "是没有结果的公式。请在 Excel 或 WPS 里打开保存,或直接填数字。"
    en = "A formula without a result. Open and save it in Excel or WPS, or enter a number."


class ResultDiffers(Fault):
    """A formula whose stored result is not what it gives."""

    zh = "公式 {formula} 应得 {counted},文件里存的结果却是 {stored},没有采用。请直接填数字。"
    en = "The formula {formula} gives {counted}, but the file holds {stored}: not taken. Enter a number."


class ResultsTaken(Remark):
    """Formulas that are not counted here, taken by the results that the file stores."""

    zh = "有 {count} 格是公式(如 {formula}),程序算不了(如引用别的文件),按存盘时显示的结果计入,合计 {sum}。"
    en = (
        "{count:cells} {count:holds a formula|hold formulas} that cannot be counted here (e.g. {formula}, a link to "
        "another file perhaps): taken as shown when the file was saved, {sum} in all."
    )
    remark = True


class ResultsRead(Remark):
    """Formulas among receipts that are not counted here, read by the results that the file stores."""

    zh = "有 {count} 格是公式(如 {formula}),程序算不了(如引用别的文件),按存盘时显示的结果读取。"
    en = (
        "{count:cells} {count:holds a formula|hold formulas} that cannot be counted here (e.g. {formula}, a link to "
        "another file perhaps): read as shown when the file was saved."
    )
    remark = True


class CellIsDate(Fault):
    """A date where an amount belongs."""

    zh = "填的是日期 {value},不是金额。请填数字。"
    en = "Holds the date {value}, which is no amount. Enter a number."


class RowMoved(Fault):
    """A row whose date is not the one that its key says."""

    zh = "这一行原来是 {key},现在日期是 {found},行被挪动过。请按日期填回原来的行。"
    en = "This row was {key} and is now dated {found}: rows were moved. Enter the amount in the row of its day."


class RowTwice(Fault):
    """A day's row that was copied."""

    zh = "{key} 有两行,第 {first} 行已采用,这一行没有采用。请删去复制的行。"
    en = "{key} has two rows; row {first} was taken, this one was not. Delete the copy."


class RowInserted(Fault):
    """An amount in a row that was inserted."""

    zh = "这一行是插入的,不属于任何一天。请把金额填到当天那一行。"
    en = "This row was inserted and belongs to no day. Enter the amount in the row of its day."


class TotalTyped(Fault):
    """An amount in a row of totals."""

    zh = "这是合计行,不要填数。请只填每天的金额,合计会自动算出。"
    en = "This is a row of totals; leave it. Enter the days only, the totals follow."


class FormulaOverwritten(Fault):
    """A number typed over the formula of the actual column."""

    zh = "公式被数字盖掉了。请把金额填在“实际填写”列,并从下发的文件里复制回公式。"
    en = "A number was typed over the formula. Enter the amount in the entry column and restore the formula."


class MonthKnown(Fault):
    """An entry for a day of a month whose sum headquarters has, without its days."""

    zh = (
        "{month}总部已有合计 {known},这天再填会重复,没有采用。请清空;"
        "合计不对,请总部删去这笔合计(或在“重复来源”选交回优先),再收一次。"
    )
    en = (
        "Headquarters has the sum of {month}, {known}; this day would count twice. Clear it. If the sum is wrong, "
        'headquarters deletes it (or sets "Same sales twice" to collected first) and collects again.'
    )


class DayAhead(Fault):
    """An entry for a day that has not come yet."""

    zh = "{key} 还没有到,不能填实际。请清空;没有销售的 0 也不要预先填。"
    en = "{key} has not come yet. Clear the cell; do not fill in zeros beforehand."


class InWan(Fault):
    """An amount that seems to be in 万元."""

    zh = "{found} 只有当天目标 {target} 的万分之几,像是按万元填的。请按元填写;确实这么少请在备注里说明。"
    en = "{found} beside a target of {target} seems to be in 10,000 yuan. Enter yuan; if it is right, say so in Remark."


class TenThousandfold(Fault):
    """An amount ten thousand times too large."""

    zh = "{found} 是当天目标 {target} 的上千倍,像是多填了几位。请按元填写;确实这么多请在备注里说明。"
    en = "{found} is thousands of times the target {target}. Enter yuan; if it is right, say so in Remark."


class FarAbove(Fault):
    """An amount far above any target of the store; it counts."""

    zh = "{found} 超过最高一天目标的 {times} 倍,已照收。请核对位数和单位;确实这么多请在备注里说明。"
    en = "{found} is more than {times} times the highest day's target; it counts. Check it, or say why in Remark."


class WhileClosed(Fault):
    """Sales on days on which the plan has the store closed; they count."""

    zh = "{days} 有销售 {sum},而计划里的{zh_date}是 {date},已照收。请核对日期;日期没错,请总部改“{zh_date}”。"
    en = (
        'Sales of {sum} on {days}, but "{en_date}" of this store is {date} in the plan: counted. Check the dates; if '
        'they are right, headquarters changes "{en_date}".'
    )


class FarAboveExplained(Remark):
    """An amount far above any target of the store, with a remark beside it; it counts."""

    zh = "{found} 超过最高一天目标的 {times} 倍,备注是“{remark}”,已照收。"
    en = '{found} is more than {times} times the highest day\'s target; the remark says "{remark}"; it counts.'


class RunningTotal(Fault):
    """Amounts of a month that only rise, as running totals do."""

    zh = "{month} 的金额天天在涨({first} 到 {last}),像是填了累计数。请填每天当天的金额。"
    en = "The amounts of {month} only rise ({first} to {last}), as running totals do. Enter each day's own amount."


class AmountTooLarge(Fault):
    """More than can be added up exactly."""

    zh = "“{value}”超过了可以计算的范围。请核对金额。"
    en = "'{value}' is beyond what can be added up. Check the amount."


# --- detail and commitments --------------------------------------------------


class EntryPrecedes(Fault):
    """Pasted rows of a day for which the day table has an entry."""

    zh = "{key} 在日报里已填 {entry},以日报为准,明细里的这天没有计入。两处不一致时请改正。"
    en = "{key} has {entry} in the day table, which counts; the detail of that day does not. Mend where they differ."


class CommitmentUnreadable(Fault):
    """A commitment that is no amount."""

    zh = "承诺值“{value}”不是金额。请按元填数字。"
    en = "The commitment '{value}' is no amount. Enter yuan."


class CommitmentNegative(Fault):
    """A commitment below zero."""

    zh = "承诺值 {value} 是负数。请填零或正数。"
    en = "The commitment {value} is below zero. Enter zero or more."


class CommitmentNotInSteps(Fault):
    """A commitment that is no multiple of the plan's step."""

    zh = "承诺值 {value} 不是 {step} 元的整数倍。请填 {near}。"
    en = "The commitment {value} is no multiple of {step} yuan. Enter {near}."


class CommitmentInWan(Fault):
    """A commitment that seems to be in another unit."""

    zh = "承诺值 {value} 与目标 {target} 差了上千倍,单位像是不对。请按元填写。"
    en = "The commitment {value} is thousands of times off the target {target}. Enter yuan."


class MonthClosed(Fault):
    """A commitment on a month that headquarters has closed."""

    zh = "{month} 已经关账,目标不再改,这个承诺没有采用。请清空。"
    en = "{month} is closed: its target changes no more, and this commitment was not taken. Clear it."


class CommitmentRowInserted(Fault):
    """A commitment in a row that belongs to no month of the plan."""

    zh = "这一行不属于计划里的任何一个月。请填在对应月份的行里。"
    en = "This row belongs to no month of the plan. Enter the commitment in the row of its month."


class ReasonMissing(Fault):
    """A commitment that differs from the target, without a reason."""

    zh = "承诺值与目标不同,但没有写原因。请补上原因。"
    en = "The commitment differs from the target, but no reason is given. Add one."


class OnOldTargets(Fault):
    """A commitment on targets that are not headquarters' latest."""

    zh = "承诺针对的目标不是总部最新的,没有采用。请在新下发的文件里填写。"
    en = "The commitment answers targets that are not headquarters' latest: not taken. Fill in the new workbook."
