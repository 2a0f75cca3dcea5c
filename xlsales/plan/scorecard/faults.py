"""What can be wrong or doubtful in tables 考核 and 提成奖金 and in what is typed into their sheets, a sentence each."""

from __future__ import annotations

from xlsales.core.faults import Fault

# --- criteria --------------------------------------------------------------------


class PeriodTooShort(Fault):
    """A period that is no month, quarter, half-year or year."""

    zh = "“{found}”太短。考核的期间是月、季、半年或年,如 {month}、{quarter}。"
    en = '"{found}" is too short. Scorecards are of a month, quarter, half-year or year, such as {month}, {quarter}.'


class NobodyToScore(Fault):
    """A name that is neither a dimension nor a member."""

    zh = "“{found}”不是计划里的维度,也不是成员{zh_near}。请改正。"
    en = 'The plan has no dimension and no member "{found}"{en_near}. Correct it.'


class SameCriterion(Fault):
    """A criterion that the same people have twice."""

    zh = "“{who}”的“{criterion}”在第 {other} 行已经有了,这两行都没有计入。请合并成一行,或改一个名字。"
    en = '"{who}" has "{criterion}" in row {other} already; neither row counts. Make one row of them, or rename one.'


class SourceUnknown(Fault):
    """A criterion that its source does not know."""

    zh = "“{table}”表里没有“{found}”{zh_near}。请改成那里的名称,或换一个来源。"
    en = 'The table {table} has no "{found}"{en_near}. Write the name as it is there, or choose another source.'


class SourceAtFault(Fault):
    """A criterion of an indicator that is at fault."""

    zh = "“指标”里的“{found}”还有错,取不到目标和实际。请先改好那里,或把来源改为手填。"
    en = '"{found}" is at fault in Indicators and gives no figures. Fix it there, or choose typed as the source.'


class NotScoredThere(Fault):
    """A member for whom the indicator of a criterion has no figures."""

    zh = "“指标”里的“{found}”按“{dimension}”分,那里没有“{who}”。请改考核谁,或把来源改为手填。"
    en = '"{found}" of Indicators is by {dimension}, which has no "{who}". Change who is scored, or choose typed.'


class WeightsDoNotClose(Fault):
    """Weights of a person that do not make 100 %."""

    zh = "“{who}”的权重合计 {sum},不是 100%,{zh_by}。请改权重。"
    en = 'The weights of "{who}" add up to {sum}, not 100%: {en_by}. Change them.'


class CapTooLow(Fault):
    """A cap below 100 %."""

    remark = True
    zh = "“{criterion}”封顶 {found},低于 100%:完成了目标也拿不到全分。如果不对,请改“封顶”。"
    en = '"{criterion}" is capped at {found}, below 100%: who reaches the target has less than its weight. Is it right?'


class FloorTooHigh(Fault):
    """A floor above 100 %, or above the cap."""

    remark = True
    zh = "“{criterion}”的起评线 {found} 高于 {most}:完成了目标也是 0 分。如果不对,请改“起评线”。"
    en = '"{criterion}" scores 0 below {found}, above {most}: who reaches the target has nothing. Is it right?'


class TargetIsNothing(Fault):
    """A target of 0 where more is better."""

    remark = True
    zh = "“{who}”的“{criterion}”目标是 0,没有达成率,这一项没有得分。不考核这一项,请删去,把权重给别的。"
    en = (
        '"{who}" has a target of 0 for "{criterion}": no attainment, so it is not scored. If it is no criterion, '
        "delete it, and give its weight to others."
    )


class NotScoredYet(Fault):
    """Criteria without an actual."""

    remark = True
    zh = (
        "还缺 {count} 项没有实际(如“{who}”的“{criterion}”),没有当作 0:得分只含“已评权重”那部分,"
        "缺得多的没有名次,按得分发的要等齐。"
    )
    en = (
        '{count} {count:criterion has|criteria have} no actual, such as "{criterion}" of "{who}": not taken for 0. A '
        'score stands on its "Scored weight"; who lacks more than others has no rank, and pay by score waits.'
    )


class CriteriaLeftOut(Fault):
    """Rows at fault, while the others go on."""

    zh = "{rows}有错,没有计入,这些人的得分里少这几项。请按提示改好再运行。"
    en = "{rows} at fault and not counted: scores lack what is asked there. Make the corrections as told and run again."


class PeriodLeft(Fault):
    """A sheet of a period that the table does not have any more; it stays."""

    remark = True
    zh = "“{table}”里没有这一期了:这张表保持上次写的样子,不再更新。这些月份关账后不再提示;不要这张表,请删除。"
    en = (
        '"{table}" has no rows of this period any more: the sheet stays as it was last written. Closing its months '
        "ends this remark; if you do not want the sheet, delete it."
    )


class CriterionGone(Fault):
    """A number typed into the sheet for a criterion that the table has no more."""

    zh = (
        "这里填了“{who}”的“{criterion}” {here},但“{table}”里没有可用的这一项(行删了、有错,或成员改了名),"
        "这张表就没有更新。要保留,请加回或改好;不要,请清空这一格。再运行。"
    )
    en = (
        '"{who}", "{criterion}": {here} is typed here, but "{table}" has no usable row for it (deleted, at fault, or '
        "the member was renamed), so this sheet was not updated. To keep it, restore or mend that; if not, clear this "
        "cell. Then run again."
    )


class ClosedDiffers(Fault):
    """A final scorecard of a closed period of which tables or sales by now give another result; it stays."""

    remark = True
    zh = (
        "这张表已关账,没有改;按现在的表和实际,{count} 人算出来不同(如“{who}”的{zh_what} {before} → {now}){zh_pay}。"
        "要重算,请清空 {cell}(标题下面那一格)再运行,填过的分数会保留。"
    )
    en = (
        "This sheet is of a closed period and was not changed; by tables and sales as they are now {count} "
        '{count:person comes|people come} out differently, such as "{who}" ({en_what} {before} → {now}){en_pay}. To '
        "compute it anew, clear {cell} (the cell under the title) and run again; typed scores stay."
    )


class TextAfterClosing(Fault):
    """A score typed as text into a final sheet that cannot be brought up to date."""

    zh = "这里的“{found}”是文字;这张表已关账,和现在的表也不一致,没有更新,这一格没有计入。请按数字重填。"
    en = (
        '"{found}" is text here; this sheet is of a closed period, differs from its tables, and was not updated, so '
        "the cell does not count. Enter it as a number."
    )


# --- tiers -----------------------------------------------------------------------


class NeverPaid(Fault):
    """Tiers for somebody without a scorecard."""

    remark = True
    zh = "“{item}”谁也没有用上:“{table}”里没有这样的人和期间。请核对“给谁”“周期”。"
    en = '"{item}" is for nobody: "{table}" has no such people and periods. Check "For whom" and "Period of".'


class PaysNothing(Fault):
    """A tier with neither a rate nor a bonus."""

    zh = "这一档没有填“提成率”,也没有填“奖金”。请填一个;不发,请填 0。"
    en = 'This tier has neither "Rate" nor "Bonus". Fill in one of them; 0 if it pays nothing.'


class BoundsFall(Fault):
    """A tier that ends where it begins, or before."""

    zh = "这一档从 {start} 到 {end},没有范围。“到”要大于“从”。"
    en = 'This tier goes from {start} to {end}, which is nothing. "To" must be above "From".'


class TierSaidTwice(Fault):
    """A property of an item that two of its tiers say differently."""

    zh = "“{item}”的“{column}”前面填过另一个。一个项目填一次,请清空这一格或改成一致的。"
    en = '"{item}" has another "{column}" above. It is said once for an item: clear this cell, or make them agree.'


class TierHole(Fault):
    """Tiers that leave a hole between them."""

    zh = "“{item}”在 {end} 到 {start} 之间没有规定,没有计算。请让下一档的“从”等于上一档的“到”。"
    en = '"{item}" says nothing of {end} to {start}, so it is not paid. Let "From" be the "To" of the tier below.'


class TierOverlap(Fault):
    """Tiers that overlap."""

    zh = "“{item}”从 {start} 到 {end} 有两档,没有计算。请让下一档的“从”等于上一档的“到”。"
    en = '"{item}" has two tiers from {start} to {end}, so it is not paid. Let "From" be the "To" of the tier below.'


class TopClosed(Fault):
    """Tiers that end, although more can be reached."""

    zh = "“{item}”最高一档到 {end} 为止,再高没有规定,没有计算。请清空最高一档的“到”。"
    en = '"{item}" says nothing of {end} and above, so it is not paid. Clear "To" of the highest tier.'


class PartsOfScore(Fault):
    """Rates by parts of a score."""

    zh = "“{item}”按得分,提成率不能分段:分数不是金额。请把“依据”改为达成率,或把“算法”改为全额。"
    en = '"{item}" is by score, of which a rate has no parts. Choose attainment in "By", or whole in "Way".'


class RateOfPieces(Fault):
    """A commission in a plan of pieces."""

    zh = "计划按件数,“{item}”的提成率没有金额可算。请改填“奖金”。"
    en = 'The plan counts pieces, so "{item}" has no amount for its rate. Fill in "Bonus" instead.'


class TiersLeftOut(Fault):
    """An item with a row at fault."""

    zh = "“{item}”的{rows}有错,整个项目没有计算。请按提示改好再运行。"
    en = '{rows} at fault, so "{item}" is not paid at all. Make the corrections as told and run again.'


class RateTooHigh(Fault):
    """A commission that takes more of the sales than anybody pays."""

    zh = "提成率 {found} 太高,这一项不付:{found} 的销售都成了提成。请核对(如 {likely});真是这样,请在“备注”写“{found}”。"
    en = (
        "A rate of {found} is too high, so this item is not paid: {found} of the sales would be commission. "
        'Check it ({likely}?); if it is meant, write "{found}" into "Note".'
    )
