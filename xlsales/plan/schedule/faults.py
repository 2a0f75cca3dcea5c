"""What can be wrong or doubtful in table 时间表 and in what is typed into its sheet, a sentence each."""

from __future__ import annotations

from xlsales.core.faults import Fault


class SameTask(Fault):
    """A task with the name of another one."""

    zh = "任务“{name}”在第 {other} 行已经有了。请改名,或删去一行。"
    en = 'There is a task "{name}" in row {other} already. Rename one, or delete a row.'


class SameNumber(Fault):
    """A task with the number of another one."""

    zh = "编号“{name}”在第 {other} 行已经用了。请换一个,或清空。"
    en = 'Number "{name}" is in use in row {other} already. Choose another one, or clear the cell.'


class NoStart(Fault):
    """A task that nothing puts anywhere."""

    zh = "“{name}”没有开始日期,也没有前置任务,不知道放在哪天。请填其中一个。"
    en = '"{name}" has no start, and depends on nothing: nobody knows when it is. Fill in either.'


class NoLength(Fault):
    """A task of which nothing says how long it takes."""

    zh = "“{name}”要做几天?请填工作日数,或同时填开始和结束日期;节点填 0 天。"
    en = 'How long does "{name}" take? Fill in its working days, or both start and end; 0 for a milestone.'


class EndsBeforeStart(Fault):
    """A task that ends before it starts."""

    zh = "“{name}”的结束 {end} 早于开始 {start}。请改正其中一个。"
    en = '"{name}" ends on {end}, before it starts on {start}. Correct one of them.'


class NoWorkingDay(Fault):
    """A task without a working day between its start and its end."""

    zh = (
        "“{name}”从 {start} 到 {end} 没有一个工作日。请改日期;周末或节日的活动,可填开始日期和 0 天,作为节点;"
        "或在“日历”里写明这几天上班。"
    )
    en = (
        '"{name}" has no working day from {start} to {end}. Change a date; of an event on days off fill in the start '
        "and 0 working days, as a milestone; or enter these days as worked in Calendar."
    )


class DaysDiffer(Fault):
    """Working days that are not those from start to end."""

    zh = "“{name}”从 {start} 到 {end} 是 {between} 个工作日,填的却是 {found}。请清空三格中的一格。"
    en = (
        '"{name}" has {between:days} of work from {start} to {end}, but {found} is filled in. '
        "Clear one of the three cells."
    )


class FarFromPlan(Fault):
    """A date years before or after the plan."""

    zh = "“{name}”的 {found} 离计划({start} – {end})太远,像是年份写错了。请核对。"
    en = '{found} of "{name}" is far from the plan ({start} to {end}): the year looks wrong. Check it.'


class TooLong(Fault):
    """A task that the others put off to years after the plan."""

    zh = "“{name}”排到了 {last} 以后。请核对工作日数、缓冲和前置任务。"
    en = '"{name}" comes to be after {last}. Check its working days, the buffers, and what it depends on.'


class UnknownTask(Fault):
    """A task that depends on one that the table does not have."""

    zh = "“{name}”的前置任务“{found}”在表里没有(也没有这个编号){zh_near}。请改成表里的任务名称或编号。"
    en = (
        '"{name}" depends on "{found}": no task of the table has this name or number{en_near}. '
        "Write a name or a number of the table."
    )


class WaitsForItself(Fault):
    """Tasks that wait for each other in a circle."""

    zh = "前置任务绕成了圈:{circle}。请在其中一项的“前置任务”里删去前一项。"
    en = "These tasks wait for each other: {circle}. Delete the one before from Depends on of one of them."


class AfterLeftOut(Fault):
    """A task without a date of its own behind one that is left out."""

    zh = "“{name}”的前置任务“{other}”有错,没有计入,所以它也排不了。请先改好“{other}”。"
    en = '"{name}" depends on "{other}", which is at fault and not counted, so it has no date. Fix "{other}" first.'


class WithoutOther(Fault):
    """A task with a date of its own behind one that is left out."""

    zh = "“{name}”的前置任务“{other}”有错,没有计入;先按填的日期排。"
    en = '"{name}" depends on "{other}", which is at fault and not counted: it is at the date that is filled in.'


class PutOff(Fault):
    """A date that is too early for what the task depends on."""

    zh = "“{name}”填的 {found} 太早:前置任务“{other}”到 {until} 才结束;已推迟到 {start}。"
    en = '{found} of "{name}" is too early: "{other}" is not over until {until}. It is put off to {start}.'


class StartsOnDayOff(Fault):
    """A start on a day that is not worked on."""

    remark = True
    zh = "“{name}”的开始 {found} 不上班,从 {start} 算起。"
    en = '"{name}" starts on {found}, a day off: counted from {start}.'


class EndsOnDayOff(Fault):
    """An end on a day that is not worked on."""

    remark = True
    zh = "“{name}”的结束 {found} 不上班,算到 {end}。"
    en = '"{name}" ends on {found}, a day off: counted to {end}.'


class Overload(Fault):
    """A person with two tasks of high priority at once."""

    remark = True
    zh = "“{owner}”同时有两项优先级高的任务:“{name}”与“{other}”,从 {start} 起。请看能否错开。"
    en = '"{owner}" has two tasks of high priority at once: "{name}" and "{other}", from {start}. See if one can wait.'


class TypedBoth(Fault):
    """A share that is done typed into the sheet, while the table has another one."""

    zh = "“{name}”完成多少:这里填的是 {here},“{table}”里是 {there}。按这里的算;要按表里的,请清空这一格。"
    en = (
        'Done of "{name}": {here} is typed here, {there} in "{table}". What is here counts; '
        "to take the other, clear this cell."
    )


class NotAnOrder(Fault):
    """Something else than an order in the cell that says in which order the tasks are."""

    zh = "“{found}”不是可选的排法,按“{usual}”排。请选:{choices}。"
    en = '"{found}" is no order of tasks: they are in the order "{usual}". Choose one of: {choices}.'


class TaskGone(Fault):
    """A share typed into the sheet for a task that the table has no more."""

    zh = (
        "这里填了“{name}”完成 {here},但“{table}”里没有可用的这一行,这张表就没有更新。"
        "要保留,请在“{table}”里加回或改好这一行;不要,请清空这一格。再运行。"
    )
    en = (
        'Done of "{name}" is {here} here, but "{table}" has no usable row for it, so this sheet was not updated. '
        'To keep it, restore or mend the row in "{table}"; if not, clear this cell. Then run again.'
    )


class RowsLeftOut(Fault):
    """Rows at fault, while the others of the table go on."""

    zh = "{rows}有错,没有计入。请按提示改好再运行。"
    en = "{rows} at fault and not counted. Make the corrections as told and run again."
