"""Why an adjustment cannot be made: one sentence each, with the column of its row that is at fault."""

from __future__ import annotations

from xlsales.core.faults import Fault


class ClosedAlready(Fault):
    """An adjustment of months that are closed, and that it was not written for."""

    zh = "{months} 已关账,目标不再改动。请把开始写成 {first} 或更晚,或删去这一行。"
    en = "{months}: closed, so targets stay. Begin on {first} or later, or delete this row."


class AllClosed(Fault):
    """An adjustment of closed months alone, in a plan without an open one."""

    zh = "{months} 已关账,目标不再改动。请删去这一行,或改“已关账至”。"
    en = '{months}: closed, so targets stay. Delete this row, or change "Closed through".'


class HeldTarget(Fault):
    """A member that would have to move against its lock."""

    zh = "“{member}”{period}锁定了目标,不能随着改。请先去掉那个锁定,或改这一行。"
    en = '"{member}" has a locked target{en_period}, which does not move. Remove that lock first, or change this row.'


class BeyondBound(Fault):
    """A member that would pass its lower or upper bound."""

    zh = "“{member}”会变成 {amount},超出它的{zh_bound} {bound}。请改这一行,或先改“维度”表里的{zh_bound}。"
    en = '"{member}" would be at {amount}, beyond its {en_bound} bound {bound}. Change this row, or that bound first.'
    amounts = ("amount", "bound")


class MoreThanThere(Fault):
    """More is taken than a member has."""

    zh = "“{member}”在 {period} 只有 {there} 可转,要转 {wanted}。请改小金额,或放宽期间。"
    en = '"{member}" has {there} to give in {period}, not {wanted}. Take less, or a longer period.'
    amounts = ("there", "wanted")


class MovedAlready(Fault):
    """Less is to be moved than closed months have moved already."""

    zh = "已关账的月份里已经转了 {there},不能改成 {wanted}。金额请至少写 {there}。"
    en = "Closed months have moved {there} already, so it cannot be {wanted}. Enter at least {there}."
    amounts = ("there", "wanted")


class NothingThere(Fault):
    """A giver without any target on these days."""

    zh = "“{member}”在 {period} 没有目标,没有可转或可减的。请改期间或成员。"
    en = '"{member}" has no target in {period}: there is nothing to take. Change the period or the member.'


class TakerShut(Fault):
    """A taker that is not open in a month."""

    zh = "“{member}”在 {period} 不营业,接不了目标。请换一个成员,或改期间。"
    en = '"{member}" is not open in {period} and takes no target. Name another member, or change the period.'


class NobodyTakes(Fault):
    """Nobody below the taker, or among the siblings, can take anything."""

    zh = (
        "{period} 没有人接得了“{member}”的这部分:别的成员没有目标或都锁定了。"
        "请先放开锁定,或改这一行(减免可以由公司承担)。"
    )
    en = (
        'Nobody can take this of "{member}" in {period}: others have no target or are locked. '
        "Release a lock first, or change this row (the company may carry a relief)."
    )


class CannotComeDown(Fault):
    """The total cannot come down in a month."""

    zh = "{period} 公司的目标锁定了,总目标降不下来。请改由兄弟承担,或先去掉那个锁定。"
    en = "The company's target of {period} is locked: the total cannot come down. Let siblings carry it, or unlock it."


class DimensionCannotComeDown(Fault):
    """Another dimension cannot follow a lower total."""

    zh = "“{dimension}”在 {period} 都锁定了,跟不上降低的总目标。请改由兄弟承担,或先去掉锁定。"
    en = (
        '"{dimension}" is locked in {period} and cannot follow a lower total. Let siblings carry it, or release a lock.'
    )
