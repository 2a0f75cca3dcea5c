"""Table 时间表: the tasks of a plan, when each begins, how long it takes, what it waits for, how much of it is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from xlsales.core.percentages import DONE
from xlsales.vocabulary.contract import YES_NO, Word
from xlsales.vocabulary.plan_tables import Example, InputTable, TableColumn

PRIORITIES = {
    "high": Word("高", "high"),
    "medium": Word("中", "medium"),
    "low": Word("低", "low"),
}
ORDERS = {"start": Word("按开始", "by start"), "department": Word("按部门", "by dept")}
"""In which order the sheet has the tasks; a cell of it says so."""
MOST_DAYS = 1_000
"""A task, or its reserve, takes so many working days at most: four years."""
_TASK_HINT = Word("一项一行,名称不能重复", "one row per task; no name twice")
_START_HINT = Word(
    "空 = 接在前置任务之后;早于前置会推迟", "blank = behind what it depends on; if that ends later, it is put off"
)
_DAYS_HINT = Word(
    "按调休日历;0 = 节点;填了开始和结束可空",
    "by the calendar with make-up days; 0 = milestone; blank with start and end",
)
_END_HINT = Word("填了工作日数可空", "blank with working days")
_MILESTONE_HINT = Word("是 = 图上画 ◆", "yes = drawn as ◆")
_PRIORITY_HINT = Word("高、中、低", "high, medium, low")
_NUMBER_HINT = Word("随意,如 1;前置任务里可用", "free, e.g. 1; for Depends on")
_AFTER_HINT = Word("任务名称或编号;几个用、分开", "names or numbers of tasks; several separated by ;")
_BUFFER_HINT = Word("预留的工作日,在后续任务之前", "working days in reserve, before what depends on it")
_DONE_HINT = Word("也可以填在甘特图的黄格里", "may also be typed into the yellow cells of the Gantt chart")

T_SCHEDULE = InputTable(
    "xs_schedule",
    "schedule",
    Word("时间表", "Schedule"),
    (
        TableColumn("number", Word("编号", "No."), "text", _NUMBER_HINT, width=7),
        TableColumn("task", Word("任务", "Task"), "text", _TASK_HINT, width=24),
        TableColumn("start", Word("开始日期", "Start"), "date", _START_HINT, width=13),
        TableColumn("days", Word("工作日数", "Working days"), "integer", _DAYS_HINT, low=0, high=MOST_DAYS, width=10),
        TableColumn("end", Word("结束日期", "End"), "date", _END_HINT, width=13),
        TableColumn("milestone", Word("节点", "Milestone"), "choice", _MILESTONE_HINT, YES_NO, width=8),
        TableColumn("owner", Word("负责人", "Owner"), "text", Word("几人用、分开", "several separated by ;"), width=11),
        TableColumn("department", Word("部门", "Department"), "text", Word("随意", "free"), width=11),
        TableColumn("priority", Word("优先级", "Priority"), "choice", _PRIORITY_HINT, PRIORITIES, width=9),
        TableColumn("after", Word("前置任务", "Depends on"), "text", _AFTER_HINT, width=20),
        TableColumn("buffer", Word("缓冲", "Buffer"), "integer", _BUFFER_HINT, low=0, high=MOST_DAYS, width=8),
        TableColumn("done", Word("完成", "Done"), "percent", _DONE_HINT, low=0, high=1, width=9, percents=DONE),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=24),
    ),
)  # fmt: skip
EXAMPLES: Sequence[Example] = (
    {
        "number": "1",
        "task": Word("分解目标", "Break the target down"),
        "start": dt.date(2026, 9, 30),
        "days": 3.0,
        "owner": Word("王芳", "Wendy"),
        "department": Word("销售部", "Sales"),
        "priority": "high",
        "done": 0.5,
    },
    {
        "number": "2",
        "task": Word("各店确认", "Stores commit"),
        "days": 5.0,
        "owner": Word("李强", "Liam"),
        "department": Word("门店", "Stores"),
        "after": Word("分解目标", "Break the target down"),
        "buffer": 2.0,
    },
    {
        "number": "3",
        "task": Word("签责任书", "Agreements signed"),
        "days": 0.0,
        "milestone": "yes",
        "owner": Word("王芳", "Wendy"),
        "after": "2",
    },
)
