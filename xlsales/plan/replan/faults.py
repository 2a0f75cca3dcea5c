"""What is wrong with what a person chose in sheet 重排: a sentence at its cell; the choice is not carried out."""

from __future__ import annotations

from xlsales.core.faults import Fault


class NewTotalNotInSteps(Fault):
    """A new total that is no multiple of the step."""

    zh = "新的总目标不是最小步长 {step} 的整数倍,没有计入。请改成整数倍。"
    en = "The new total is no multiple of the smallest step, {step}, so it does not count. Make it one."


class NewTotalUnread(Fault):
    """A choice for the company beside a new total that does not count."""

    zh = "新的总目标没有计入,所以公司整体的“{way}”没有执行。请改正它或清空,再分解。"
    en = (
        'The new total does not count, so "{way}" was not carried out for the company. Correct or clear it, then split.'
    )


class NewTotalAlone(Fault):
    """A new total without a choice for the whole."""

    zh = "填了新的总目标,公司整体还没有选:滚入、预留,还是降低总目标?选好、写原因,再分解。"
    en = (
        "A new total is typed, but no way is chosen for the company: roll in, reserve or lower total? Then split again."
    )


class NoReason(Fault):
    """A choice without a reason."""

    zh = "“{name}”选了“{way}”,没有写原因,所以没有执行。请在同一行的“原因”里写为什么,再分解。"
    en = '"{name}": "{way}" is chosen without a reason, so it was not carried out. Write one beside it, split again.'


class NotAWay(Fault):
    """A word that is none of the ways."""

    zh = "“{found}”不是能选的,没有执行。请从下拉列表里选:{ways}。"
    en = '"{found}" cannot be chosen, so nothing was carried out. Choose one of: {ways}.'


class NothingToPlace(Fault):
    """A choice for a row that has nothing to place."""

    zh = "“{name}”没有要安排的,“{way}”没有执行。请清空这个选择。"
    en = '"{name}" has nothing to place, so "{way}" was not carried out. Clear the choice.'


class OfParent(Fault):
    """A choice for a member that has members below it."""

    zh = "“{name}”有下级成员,没有执行。请在下级成员那一行选。"
    en = '"{name}" has members below it, so nothing was carried out. Choose in their rows.'


class SameMoney(Fault):
    """Choices for the company and for members, or for members of several dimensions: the same money is meant twice."""

    zh = "“{name}”和“{other}”都选了,是同一笔钱,所以这里没有执行。请只留一处。"
    en = '"{name}" and "{other}" are both chosen. It is the same money, so nothing was carried out here. Keep one.'


class ReserveTooSmall(Fault):
    """Choices of a reserve beyond the reserve that may be used."""

    zh = "“预留”共要 {amount},“可用预留”还有 {left},不够,所以预留都没有执行。请在“可用预留”填够,或改选别的。"
    en = (
        "Reserve was chosen for {amount}, and {left} may be used, so none of it was carried out. Enter enough as "
        '"Usable reserve", or choose otherwise.'
    )


class NoRoom(Fault):
    """More to place than the open months of a member have."""

    zh = "“{name}”要减 {amount},还开着、没锁定的月份目标一共只有 {room},没有执行。请先放开锁定,或选“滚入”。"
    en = (
        '"{name}" would come down by {amount}, but its open months without a lock have {room} in all, so it was not '
        "carried out. Release locks, or choose roll in."
    )


class BelowClosed(Fault):
    """A choice for the company that makes its year less than what is closed."""

    zh = "“{way}”以后全年是 {total},低于已关账的目标 {closed},没有执行。请改选“滚入”,或改“新的总目标”。"
    en = (
        'After "{way}" the year would be {total}, below the closed targets of {closed}, so it was not carried out. '
        "Choose roll in, or another new total."
    )


class TotalIsFormula(Fault):
    """The total in the settings is computed by a formula of a person."""

    zh = "“总目标”是公式,没有改动。请自己把它改成 {total},再分解;或改选别的。"
    en = "The total target is a formula, and was left alone. Make it {total} yourself and split, or choose otherwise."


class NotYet(Fault):
    """A choice although no month is closed."""

    zh = "还没有实际已齐、已关账的月份,没有欠的可以安排,所以没有执行。请先填“已关账至”。"
    en = 'No month with complete actuals is closed, so nothing can be placed yet. Fill in "Closed through".'
