"""What can be wrong or doubtful in table 周跟踪 and in what is typed into its sheets, a sentence each."""

from __future__ import annotations

from xlsales.core.faults import Fault


class SameRow(Fault):
    """A person with an indicator that it has in another row of the month."""

    zh = "“{person}”的“{indicator}”在 {month} 已经有一行了(第 {other} 行)。请合并成一行;是两个人,请把名字写得不同。"
    en = (
        '"{person}" has a row for "{indicator}" in {month} already (row {other}). Make one row of them; '
        "if they are two people, write their names differently."
    )


class InTwoTeams(Fault):
    """A person who is in another team in another row of the month."""

    zh = "“{person}”在第 {other} 行属于“{team}”。一个人一个月在一个团队里;是两个人,请把名字写得不同。"
    en = (
        '"{person}" is in "{team}" in row {other}. A person has one team in a month; '
        "if they are two people, write their names differently."
    )


class NoSuchWeek(Fault):
    """A number in a week that the month does not have."""

    zh = "{month} 只有 {weeks} 周(月头月尾不满的也算一周)。请把这个数移到前面的周,或清空。"
    en = (
        "{month} has only {weeks:weeks}, pieces at both ends counted. "
        "Move this number to an earlier week, or clear the cell."
    )


class NothingPlanned(Fault):
    """A row without a target and without planned weeks."""

    zh = "“{person}”的“{indicator}”没有月目标,各周计划也都空着。请填月目标,或填各周计划。"
    en = '"{person}" has no target for "{indicator}", and all its planned weeks are blank. Fill in either.'


class NoSumOfRates(Fault):
    """A rate or a score, whose target does not add up over weeks."""

    zh = "“{indicator}”在“指标”里是比率或定性,一个月的目标不能加在各周上。请换成数量指标,或填各周计划。"
    en = (
        '"{indicator}" is a rate or a score in Indicators: its target does not add up over weeks. '
        "Take a count, or fill in the planned weeks."
    )


class NotAMemberOf(Fault):
    """A person who is no member of the dimension of an indicator."""

    zh = "“指标”里的“{indicator}”按“{dimension}”分,那里没有“{person}”。请填月目标,或改成那里的名称。"
    en = (
        '"{indicator}" of Indicators is by {dimension}, which has no "{person}". '
        "Fill in the target, or write the name as it is there."
    )


class IndicatorAtFault(Fault):
    """An indicator of 指标 whose own rows are at fault."""

    zh = "“指标”里的“{indicator}”还有错,取不到月目标。请先改好那里,或在这里填月目标。"
    en = '"{indicator}" is at fault in Indicators and gives no target. Fix it there, or fill in the target here.'


class TargetInParts(Fault):
    """A target of 指标 that is no whole number."""

    zh = "“{person}”{month} 的“{indicator}”在“指标”里是 {found},不是整数,不能分到各周。请在这里填整数的月目标。"
    en = (
        '"{indicator}" of "{person}" in {month} is {found} in Indicators, no whole number. Fill in a whole target here.'
    )


class NoCurve(Fault):
    """A target whose blank weeks have no curve to go by."""

    zh = "{month} 空着的这几周在计划里没有目标,没有曲线可按。请填写各周计划。"
    en = "In the plan the blank weeks of {month} have no target, so there is no curve. Fill in the planned weeks."


class MonthBlank(Fault):
    """Rows with done weeks whose month is nowhere typed."""

    zh = "没有填月份,按截止日所在的 {month} 算。已填了完成数:请写上月份,否则到了下个月会算成下个月的。"
    en = (
        "The month is blank and counts as {month}, that of the as-of date. Some weeks are done: type the month, or "
        "next month they will count for that one."
    )


class WeeksDiffer(Fault):
    """Planned weeks that do not make the target."""

    zh = "“{person}”的“{indicator}”各周计划合计 {sum},月目标是 {target},{zh_by}。请改各周计划,或改月目标。"
    en = (
        'The planned weeks of "{person}" for "{indicator}" add up to {sum}, the target is {target}: {en_by}. '
        "Change the weeks, or the target."
    )


class DoneUnplanned(Fault):
    """Done weeks up to which nothing is planned."""

    zh = "“{person}”的“{indicator}”完成了 {done},到这一周为止的计划是空的或 0,算不出达成率。请填各周计划。"
    en = (
        '"{person}" has done {done} of "{indicator}", but nothing is planned up to then: no attainment. Plan the weeks.'
    )


class DoneFarAbove(Fault):
    """A week with far more done than is planned for the whole month; it counts."""

    zh = (
        "“{person}”的“{indicator}”第 {week} 周完成 {done},超过整月计划 {planned} 的 {times} 倍。请核对位数和单位;"
        "没有错的,请改月目标。"
    )
    en = (
        '"{person}" did {done} of "{indicator}" in week {week}, more than {times} times the plan of the month, '
        "{planned}. Check digits and unit; if it is right, change the target."
    )


class WeekSkipped(Fault):
    """A week that is blank, while a later one is filled in."""

    zh = "“{person}”的“{indicator}”后面的周填了,这一周空着,按没有完成算。没有完成请填 0。"
    en = '"{person}" left this week of "{indicator}" blank, later ones are filled in: it counts as none. If so, type 0.'


class TypedBoth(Fault):
    """A number typed into the sheet, while the table has another one."""

    zh = (
        "“{person}”的“{indicator}”第 {week} 周:这里填的是 {here},“{table}”里是 {there}。"
        "按这里的算;要按表里的,请清空这一格。"
    )
    en = (
        '"{person}", "{indicator}", week {week}: {here} is typed here, {there} in "{table}". What is here counts; '
        "to take the other, clear this cell."
    )


class PersonGone(Fault):
    """A number typed into the sheet for a row that the table has no more."""

    zh = (
        "这里填了“{person}”的“{indicator}”第 {week} 周 {here},但“{table}”里没有可用的这一行,这张表就没有更新。"
        "要保留,请在“{table}”里加回或改好这一行(改了名的,在“维度”表新名称的“别名”里加上“{person}”);"
        "不要,请清空这一格。再运行。"
    )
    en = (
        '"{person}", "{indicator}", week {week}: {here} is typed here, but "{table}" has no usable row for it, so this '
        'sheet was not updated. To keep it, restore or mend the row in "{table}" (if renamed, add "{person}" '
        'to "Aliases" of the new name in Dimensions); if not, clear this cell. Then run again.'
    )
