"""What may be wrong with budgets and spend, as sentences."""

from __future__ import annotations

from xlsales.core.faults import Fault
from xlsales.plan.unit_slips import UnitDoubted
from xlsales.tables.reasons import Counted


class NoAccount(Fault):
    """A row of money without what it is for."""

    zh = "这一行没有“科目”。请补上,或清空整行。"
    en = 'This row has no "Account". Fill it in, or clear the row.'


class NoBudget(Fault):
    """A row that does not say how much."""

    zh = "“{name}”没有填预算。请填“金额”“占目标”“人均”中的一个。"
    en = '"{name}" has no budget. Fill in one of "Amount", "Of target" and "Per head".'


class SeveralBudgets(Fault):
    """A row that says how much in several ways."""

    zh = "“{name}”把“金额”“占目标”“人均”填了不止一个,分不清用哪个。请只留一个;要相加,请另起一行。"
    en = (
        '"{name}" has more than one of "Amount", "Of target" and "Per head". Leave one; if they are to add up, enter '
        "a row for each."
    )


class NoHeads(Fault):
    """A budget per head of nobody knows how many."""

    zh = "“{name}”按人均,不知道有几个人:“人员系数”和“维度”的人员里都没有。请填“人数”。"
    en = '"{name}" is per head, and neither Staff factors nor the persons in Dimensions say how many. Fill in "Heads".'


class HeadsUnused(Fault):
    """Heads in a row that does not go by them."""

    zh = "“{name}”没有填“人均”,“人数”不起作用。请填“人均”,或清空“人数”。"
    en = '"{name}" has no "Per head", so "Heads" does nothing. Fill in the one, or clear the other.'


class NoTargetToShare(Fault):
    """A part of a target in a plan that counts pieces."""

    zh = "计划按件,不能算金额占目标的百分之几。请填“金额”或“人均”。"
    en = 'The plan counts pieces, of which money is no percentage. Fill in "Amount" or "Per head".'


class BudgetNotInSteps(Fault):
    """An amount that is no multiple of the plan's step."""

    zh = "“{name}”的金额不是最小步长({step} {base})的整数倍。请改金额,或在“设置”改小步长。"
    en = '"{name}" is no multiple of the smallest step ({step} {base}). Change it, or the step in Settings.'


class SameBudget(Fault):
    """A row that says the same as another: who, what for, when."""

    zh = "“{name}”在第 {other} 行已经有预算了(科目、成员、期间都相同)。请合并成一行,或写明不同的期间。"
    en = '"{name}" has a budget in row {other} already, for the same period. Make one row of them, or tell them apart.'


class AboveToo(Fault):
    """A member and one above it, both with a budget of the same account."""

    zh = "“{account}”给了“{name}”,也给了它的上级“{above}”:两行相加。上级那行已经包括它的,请减去或删去一行。"
    en = (
        '"{account}" has a budget of "{name}" and one of "{above}" above it: they add up. If the one holds the other, '
        "take it off or delete a row."
    )


class CommittedGone(Fault):
    """What a person typed into a line of the sheet that the table has no more."""

    zh = (
        "这里填了“{name}”已批未付 {here},但“预算”里没有可用的这一行(行删了、有错,或改了名),这张表就没有更新。"
        "要保留,请加回或改好;不要,请清空这一格。再运行。"
    )
    en = (
        '"{name}" has {here} committed here, but table Budget has no usable row for it (deleted, at fault, renamed): '
        "this sheet was not updated. To keep it, restore or mend that; if not, clear this cell. Then run again."
    )


class BudgetGone(Fault):
    """A budget that is no longer in the table, with months that are closed."""

    remark = True
    zh = "“{name}”在“预算”表里没有了,已关账月份的预算 {amount} 保留,仍在合计里。"
    en = '"{name}" is no longer in table Budget; what it had in closed months, {amount}, stays, in the total too.'


class BudgetRenamed(Fault):
    """A budget that is no longer in the table, with months that are closed, while another one came."""

    zh = (
        "“{name}”在“预算”表里没有了,已关账月份的预算 {amount} 保留;“{new}”是新的,全额另算,合计因此多 {amount}。"
        "如果是改名,请把科目和支出里的名称改回“{account}”;要用新名称,请把“{new}”的预算减去 {amount}。"
    )
    en = (
        '"{name}" is no longer in table Budget, and what it had in closed months, {amount}, stays; "{new}" is new and '
        'counts in full, so the total is {amount} more. If it was renamed, call it "{account}" again, in Spend too; or '
        'take {amount} off the budget of "{new}".'
    )


class BudgetClosedAgainst(Fault):
    """A budget that is less than what its closed months have."""

    zh = "已关账月份的预算合计 {closed},和现在的预算 {total} 差 {residual}。请改预算,至少 {closed},或改“已关账至”。"
    en = (
        "The closed months have {closed} of the budget, {residual} off the {total} that it is now. Make it no less "
        'than {closed}, or change "Closed through".'
    )
    amounts = ("closed", "total", "residual")


class NewForClosed(Fault):
    """A new budget of months that are all closed."""

    zh = (
        "“{name}”的期间都已关账,当时没有这笔预算,不能再加。请把“期间”清空或改成没有关账的月份:预算只进没有关账的"
        "月份,已关账月份的支出照样计入;要改已关账的,请先改“已关账至”。"
    )
    en = (
        'All months of "{name}" are closed and had no such budget, so none can be added. Clear "Period", or enter '
        "months that are open: the budget goes to these alone, and spend of closed months counts too. To change "
        'closed months, change "Closed through" first.'
    )


class BudgetRounded(Fault):
    """A budget worked out that differs much when it is rounded to the plan's step."""

    zh = "“{name}”算出来是 {exact} {base},按最小步长 {step} {base}取整成了 {rounded}。要更准,请在“设置”改小步长。"
    en = (
        '"{name}" comes to {exact} {base}, which the smallest step ({step} {base}) rounds to {rounded}. For more than '
        "that, make the step in Settings smaller."
    )


class SpendColumns(Fault):
    """A table of spend of which the columns are not known."""

    zh = "“{label}”里认不出{field_zh}列(表头:{headers})。请把那一列的表头改成“{field_zh}”。"
    en = 'No column of "{label}" is known to be the {field_en} (headers: {headers}). Give it the header "{field_en}".'


class SpendColumnInDoubt(Fault):
    """A table of spend with several columns that may be one."""

    zh = "“{label}”里有几列都像{field_zh}:{candidates}。请把要用的那一列的表头改成“{field_zh}”,其他的改掉。"
    en = (
        'Several columns of "{label}" may be the {field_en}: {candidates}. Give the one that is meant the header '
        '"{field_en}", and rename the others.'
    )


class NoAccounts(Fault):
    """A table of spend without a column of accounts."""

    zh = "“{label}”里没有“科目”列,支出都列在“不在预算里”。请加上这一列。"
    en = '"{label}" has no column "Account": all of it is in "In no budget". Add the column.'


class WithoutAccount(Counted):
    """Spend of nobody knows what."""

    zh = "支出有 {rows_zh}没有“科目”,列在“不在预算里”。知道的请补上。"
    en = 'Of the spend, {rows_en} {count:has|have} no "Account": see "In no budget". Fill it in.'


class AccountUnknown(Counted):
    """Spend of an account that has no budget."""

    zh = "科目“{value}”没有预算,{rows_zh}没有计入。请改正,或在“预算”表给它一行(金额可以是 0)。"
    en = (
        "Account '{value}' has no budget: {rows_en} not counted. Correct it, or give it a row in table Budget (its "
        "amount may be 0)."
    )


class AccountMisspelt(Counted):
    """Such an account that is much like others."""

    zh = "科目“{value}”没有预算,{rows_zh}没有计入。是不是{nearest_zh}?请改正,或在“预算”表给它一行(金额可以是 0)。"
    en = (
        "Account '{value}' has no budget: {rows_en} not counted. Is it {nearest_en}? Correct it, or give it a row in "
        "table Budget (its amount may be 0)."
    )


class AccountAtFault(Counted):
    """Spend of an account whose row of the budget is at fault."""

    zh = "“预算”第 {row} 行(科目“{value}”)有错,它的支出 {rows_zh}没有计入。请先改好那一行。"
    en = "Row {row} of Budget (account '{value}') is at fault: {rows_en} of spend not counted. Correct that row first."


class SpendFarTooMuch(UnitDoubted):
    """A row of spend many times the whole budget of its account."""

    zh = "“{account}”这一行支出 {found} {base},是它全部预算 {beside} 的 {ratio} 倍。单位是不是填错了?请核对;这次照算。"
    en = (
        '"{account}": this row of spend is {found} {base}, {ratio} times all of its budget, {beside}. Was another unit '
        "meant? Check it; it counts for now."
    )


class SpendFarTooLittle(UnitDoubted):
    """Spend that is next to nothing of what is due."""

    zh = "支出合计 {found} {base},只有到截止日应花 {beside} 的 1/{ratio}。金额要填全额:是不是按万填了?请核对。"
    en = (
        "All of the spend is {found} {base}, only 1/{ratio} of what is due by now, {beside}. Amounts are in full: are "
        "they thousands? Check them."
    )


class OtherYearSpent(Counted):
    """Spend of a year beside the plan's."""

    zh = "{year}年的 {rows_zh}在计划期间 {start} 至 {end} 之外,不计入支出。"
    en = "{rows_en} of {year}, outside the plan's period {start} to {end}: no spend of this plan."
    remark = True


class UnplannedAtFault(Counted):
    """Such spend, while a row of the budget of its account is at fault."""

    zh = "“预算”第 {row} 行(科目“{account}”)有错,这个科目有 {rows_zh}支出列在“不在预算里”。请先改好那一行。"
    en = (
        'Row {row} of Budget (account "{account}") is at fault: {rows_en} of spend of this account {count:is|are} in '
        '"In no budget". Correct that row first.'
    )


class Unplanned(Counted):
    """Spend of an account that none of its budgets is for."""

    zh = "“{account}”有 {rows_zh}支出,不属于它有预算的成员,列在“不在预算里”。请核对“成员”,或给公司也填一行预算。"
    en = (
        'Of "{account}", {rows_en} of spend {count:is|are} of none of the members with a budget: see "In no budget". '
        'Check "Member", or enter a budget of the company.'
    )
