"""What a person has to fix in the tables 指标 and 指标实际: one sentence each."""

from __future__ import annotations

from xlsales.core.faults import Fault


class SaidTwice(Fault):
    """A property of an indicator that two of its rows say differently."""

    zh = "“{name}”的“{column}”前面填过另一个。每个指标填一次,请清空这一格或改成一致的。"
    en = '"{name}" has another "{column}" above. It is said once for an indicator: clear this cell, or make them agree.'


class SameRow(Fault):
    """Two rows of an indicator for the same member, or for the whole."""

    zh = "“{name}”的“{member}”在第 {other} 行已经有了。请合并成一行。"
    en = '"{name}" has a row for "{member}" already, row {other}. Make one row of them.'


class NoDimension(Fault):
    """A plan that is split over time only."""

    zh = "计划里没有维度,“{name}”没有成员可分。请先在“维度”表填成员。"
    en = 'The plan has no dimension, so "{name}" has no members. Enter members in Dimensions first.'


class NoSuchMember(Fault):
    """A member that the dimension does not have."""

    zh = "“{found}”不是维度“{dimension}”的成员。请改正名称{zh_near}。"
    en = '"{found}" is no member of dimension "{dimension}". Correct the name{en_near}.'


class NotLowest(Fault):
    """Actuals of a member that has others below it."""

    zh = "“{found}”有下级成员,实际请填到最下级。"
    en = '"{found}" has members below it: enter actuals of the lowest members.'


class NoSuchIndicator(Fault):
    """Actuals of an indicator that the table of indicators does not have."""

    zh = "“指标”表里没有“{found}”。请改正名称,或在“指标”表加一行。"
    en = 'The table Indicators has no "{found}". Correct the name, or add a row there.'


class AboveWhole(Fault):
    """A rate in percent without its sign."""

    zh = "“{name}”是比率,{found} 大于 100%。请写成 {found}% 或 {share} 这样。"
    en = '"{name}" is a rate, and {found} is above 100%. Write it like {found}% or {share}.'


class AboveMost(Fault):
    """A rate above what a rate can be."""

    zh = (
        "“{name}”是比率,{found} 大于 {most}。请改小;真会这么大的,请把“类型”改成“定性”,“满分”填 {full},"
        "目标和实际都写成 {points} 这样。"
    )
    en = (
        '"{name}" is a rate, and {found} is above {most}. Lower it; if it can be as much, make its kind "score", enter '
        '{full} as "Full score", and write targets and actuals like {points}.'
    )


class ShareOfOther(Fault):
    """A percentage of something that is no rate."""

    zh = "“{name}”不是比率,不能填百分数 {found}。请填数字;是比率的,请改“类型”。"
    en = '"{name}" is no rate, so it cannot be the percentage {found}. Enter a number, or change "Kind" to rate.'


class NoUnitOfMoney(Fault):
    """An amount in a unit that is none of the plan's currency."""

    zh = "“{name}”是金额,“{found}”不是这个计划的金额单位。请写成“{unit}”这样的单位,或清空(= {unit})。"
    en = '"{name}" is an amount, and "{found}" is no unit of this plan\'s money. Write one such as {unit}, or clear it.'


class AboveFullScore(Fault):
    """A score above the full one."""

    zh = "“{name}”的 {found} 大于满分 {most}。请改正,或改“满分”。"
    en = '"{name}": {found} is above the full score {most}. Correct it, or change "Full score".'


class BelowNothing(Fault):
    """A count or a score below 0."""

    zh = "“{name}”的实际是 {found},应不小于 0,这一行没有计入。请改正。"
    en = '"{name}": the actual {found} is below 0, so this row does not count. Correct it.'


class NotWhole(Fault):
    """A part of something that is counted."""

    zh = "“{name}”的实际是 {found},应为整数,这一行没有计入。请改正;真有零头的,请在“指标”的“步长”填小数。"
    en = (
        '"{name}": the actual {found} is no whole number, so this row does not count. Correct it; if there are '
        'fractions, give the indicator a "Step" below 1.'
    )


class NotReported(Fault):
    """Months of members without actuals, of an indicator of which less is better."""

    remark = True
    zh = (
        "“{name}”有的成员、月份没有填实际(如 {month} 的“{member}”),没有当作 0:合计的应达、达成率、预计只算填了的。"
        "没有发生的,请填 0。"
    )
    en = (
        '"{name}" has no actuals of some members and months, such as "{member}" in {month}. They are not taken for 0: '
        "target to date, attainment and forecast are of those that are filled in. If nothing happened, enter 0."
    )


class NotInOwnSteps(Fault):
    """A target that is no multiple of the step."""

    zh = "“{name}”的目标 {found} 不是步长 {step} 的整数倍。请改目标或步长。"
    en = '"{name}": the target {found} is no multiple of the step {step}. Change one of them.'


class WeightsMissing(Fault):
    """Own weights, but some members have none."""

    zh = "“{name}”按自定权重分,但 {names} 没有权重(空不等于 0)。请各加一行填权重。"
    en = '"{name}" is split by own weights, but {names} have none (blank is not 0). Add a row for each.'


class WeightUnused(Fault):
    """A weight of an indicator that is not split by own weights."""

    zh = "“{name}”不按自定权重分,这个权重没有用。请在“分解方式”选自定权重,或清空它。"
    en = '"{name}" is not split by own weights, so this weight is of no use. Choose own weights, or clear it.'


class NoTarget(Fault):
    """No target from which others follow."""

    zh = "“{name}”没有目标(空不等于 0)。请在不写成员的那一行填目标,或给每个成员各填一个。"
    en = '"{name}" has no target (blank is not 0). Enter it in a row without a member, or one for each member.'


class TargetOfNothing(Fault):
    """A target of 0 where more is better."""

    zh = "“{name}”的目标是 0,没有达成率。确实没有目标,请删去这个指标。"
    en = '"{name}" has a target of 0, so it has no attainment. If there is no target, delete the indicator.'


class MembersAbove(Fault):
    """Members with targets of their own that add up to more than the target above them."""

    zh = "“{name}”成员的目标合计 {sum} > {of}的 {total},差 {excess}。请调低其中一个,或提高{of}的。"
    en = '"{name}": the members\' targets add up to {sum}, above the {total} of {of} by {excess}. Change one of them.'


class NotAllTaken(Fault):
    """All members have a target of their own, and together less than the whole."""

    zh = "“{name}”每个成员都填了目标,合计比 {total} 少 {missing}:没人认领。请补上,或把总的改小。"
    en = '"{name}": every member has a target, and together they are {missing} short of {total}. Give it to somebody.'


class CannotClose(Fault):
    """A split that does not close, and why."""

    zh = "“{name}”分不下去:{why}请改“指标”里它的行。"
    en = '"{name}" cannot be split: {why} Change its rows in Indicators.'


class NothingTyped(Fault):
    """An indicator without actuals."""

    remark = True
    zh = "“{name}”还没有实际。请在“指标实际”表里填。"
    en = '"{name}" has no actuals yet. Enter them in Actuals of indicators.'


class NameTooLong(Fault):
    """Actuals of more than a month."""

    zh = "“{found}”长于一个月。请按月、周或日填。"
    en = '"{found}" is longer than a month. Enter actuals by month, week or day.'


class Overlaps(Fault):
    """Actuals of the same days twice."""

    zh = "“{name}”的“{member}”在 {period} 与第 {other} 行有重叠的天,这一行没有计入。请只留一个。"
    en = '"{name}" of "{member}" has days of {period} in row {other} too; this row does not count. Keep one of them.'


class CutWeek(Fault):
    """A week that is in two months."""

    remark = True
    zh = "{period} 跨两个月,按天数分到各月。要准确,请按日填。"
    en = "{period} is in two months and was shared by days. To be exact, enter days."


class AfterToday(Fault):
    """Actuals after the as-of date."""

    remark = True
    zh = "{period} 在截止日 {as_of} 之后,没有计入。"
    en = "{period} is after the as-of date {as_of} and does not count."


class BaseMissing(Fault):
    """Actuals without a base beside others that have one."""

    zh = "“{name}”有的行填了基数,这一行没有,没有计入。请补上基数,或全部清空。"
    en = '"{name}" has bases in other rows but not in this one, which does not count. Enter it, or clear them all.'


class BaseOfNothing(Fault):
    """A rate of nothing."""

    zh = "基数是 0,没有比率,这一行没有计入。请改基数,或清空整行。"
    en = "The base is 0, of which there is no rate; the row does not count. Correct it, or clear the row."
