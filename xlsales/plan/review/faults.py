"""What can be wrong or doubtful in table 复盘 and on the pages of reviews, a sentence each."""

from __future__ import annotations

from xlsales.core.faults import Fault


class ReviewedTwice(Fault):
    """A period that another row reviews."""

    zh = "“{name}”在第 {other} 行已经有了。请删去一行,或换一个期间。"
    en = '"{name}" is in row {other} already. Delete one of them, or enter another period.'


class NothingBefore(Fault):
    """A review date before which no month of the plan ends."""

    zh = "{day} 之前计划里没有结束的月份(计划从 {start} 开始)。请改复盘日,或写明“复盘期间”。"
    en = 'No month of the plan ends before {day}: it begins on {start}. Change the review date, or enter "Period".'


class ReviewedTooEarly(Fault):
    """A review date on which the period is not over."""

    zh = "{period} 到 {end} 才结束,{day} 还不能复盘。请改复盘日或期间。"
    en = "{period} ends on {end} and cannot be reviewed on {day}. Change the review date or the period."


class ActualsChanged(Fault):
    """A page whose actuals have changed after it was written; `note` says how, in the words of the page."""

    zh = "{note}。这一页的数已更新,您填的都在。看过后清空这一格,就不再提示。"
    en = "{note}. The figures of this page are new, what you typed is kept. Clear this cell to end this remark."


class DueUnread(Fault):
    """A due date that is no date."""

    zh = "“{found}”不是日期,逾期没法判断。请写成 2026-04-30 这样的日期。"
    en = '"{found}" is not a date, so nobody can say whether it is overdue. Write a date such as 2026-04-30.'


class AboutNobody(Fault):
    """A remedy about a name that the plan does not have."""

    remark = True
    zh = "计划里没有“{name}”{zh_near}。写错了请改;本来就不是成员的,不必改。"
    en = 'The plan has no "{name}"{en_near}. Correct it if it is misspelt; if no member is meant, leave it.'


class TypedTwice(Fault):
    """A cell of a remedy that was typed otherwise on a later page."""

    remark = True
    once = True
    zh = (
        "这里填的是“{found}”,“{page}”里填的是“{kept}”。同一条改进各页只有一种写法,以较晚的一页为准,"
        "现在各页都是“{kept}”。不对,请在任一页再改。"
    )
    en = (
        '"{found}" was typed here, and "{kept}" in "{page}". A remedy is the same on all pages and the later page '
        'counts, so all of them now have "{kept}". If that is wrong, change it on any page.'
    )


class TypedBelow(Fault):
    """A remedy that was typed into a row for promises of earlier reviews."""

    remark = True
    once = True
    zh = "这一行是留给以前答应的改进的,您填的已移到第 {row} 行,算这一次的。"
    en = "This row is for remedies of earlier reviews. What you typed was moved to row {row}, as one of this review."


class MorePromises(Fault):
    """More remedies than a page has rows."""

    zh = "以前答应的改进有 {count} 条没完成,这一页只列 {most} 条。其余 {left} 条见以前各页;做完的请把状态填“完成”。"
    en = (
        "{count:remedies} of earlier reviews are open, this page lists {most}. {left} more {left:is|are} on earlier "
        'pages; enter "done" as the state of those that are.'
    )
