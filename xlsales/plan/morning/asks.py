"""Sentences on what somebody has to do: sales that are missing, what falls due, figures in doubt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from xlsales.core.faults import DateRange
from xlsales.core.text import counted
from xlsales.layout.model import IDENTITY, Link
from xlsales.layout.sheet import Frame
from xlsales.plan.actions.read import read_actions
from xlsales.plan.actions.table import T_ACTIONS
from xlsales.plan.morning.table import NAMED
from xlsales.plan.morning.view import DAY, WEEK, Behind, Monday, Sentence, in_line, is_some, listed, quoted, span
from xlsales.plan.return_states import STATES
from xlsales.plan.review.tables import T_REVIEW
from xlsales.plan.schedule.read import read_schedule
from xlsales.plan.schedule.table import T_SCHEDULE
from xlsales.tables.slip_reasons import DaysLeftOut, DaysLeftOutByAll, SlipLikely
from xlsales.vocabulary.contract import LANGS, Word

_LEFT_OUT = Word("近两周有 {n} 个成员缺销售:{names}", "Sales of {n:members} are missing in the last two weeks: {names}")
_LEFT_OUT_BY_ALL = Word("近两周有 {n} 天谁都没有销售", "Nobody has sales on {n:days} of the last two weeks")
_DAYS = Word("“{name}”{n} 天", '"{name}" {n:days}')
_NOT_RETURNED = Word("填报没交回 {n} 份:{names}", "{n:files} not returned: {names}")
_DUE = Word("{days} 到期:{parts}。", "Due {days}: {parts}.")
_ACTIONS = Word("行动 {n} 项({names})", "{n:actions} ({names})")
_TASKS = Word("任务 {n} 项({names})", "{n:tasks} ({names})")
_REVIEWS = Word("复盘 {n} 次({names})", "{n:reviews} ({names})")
_SLIPS = Word(
    "实际里有 {n} 处像是填错(最大的:{name})",
    "{n} {n:figure|figures} in the actuals {n:looks|look} like a slip (the largest: {name})",
)
_ASIDE = Word("有 {n} 行没有采用({aside} {unit})", "{n:rows} set aside ({aside} {unit})")
_SEE = Word("{parts},见“数据问题”。", "{parts}: see Problems.")


def missing(view: Monday) -> Sentence | None:
    """Members without sales on days on which they usually sell, of the last two weeks; files not returned."""
    frame, parts, behind_it = view.frame, list[str](), list[Behind]()
    since = view.as_of - 2 * WEEK if view.as_of else None
    left_out, of_all = dict[str, int](), 0
    for problem in view.figures.problems:
        fault = problem.fault
        if not isinstance(fault, DaysLeftOut | DaysLeftOutByAll) or since is None:
            continue
        days = fault.facts["days"]
        if not isinstance(days, DateRange) or not isinstance(days.ends[1], dt.date) or days.ends[1] <= since:
            continue
        if isinstance(fault, DaysLeftOutByAll):
            of_all = max(of_all, int(fault.facts["count"]))
        else:
            name = str(fault.facts["name"])
            left_out[name] = left_out.get(name, 0) + int(fault.facts["count"])
    if left_out:
        worst = sorted(left_out.items(), key=lambda one: -one[1])
        said = [counted(frame.word(_DAYS), name=in_line(name), n=n) for name, n in worst[: len(NAMED)]]
        names = listed(said, frame, len(worst) > len(said))
        parts.append(counted(frame.word(_LEFT_OUT), n=len(worst), names=names))
        behind_it.append(Behind("n", view.label("missing"), len(worst)))
        behind_it += [Behind(n, view.label("days", name=k), d) for n, (k, d) in zip(NAMED, worst, strict=False)]
    elif of_all:
        parts.append(counted(frame.word(_LEFT_OUT_BY_ALL), n=of_all))
        behind_it.append(Behind("n", view.label("all_days"), of_all))
    lacking = _not_returned(view)
    if lacking:
        parts.append(counted(frame.word(_NOT_RETURNED), n=len(lacking), names=quoted(lacking, frame)))
        behind_it.append(Behind("returns", view.label("returns"), len(lacking)))
    return Sentence("missing", _joined(parts, frame), tuple(behind_it)) if parts else None


def _joined(parts: Sequence[str], frame: Frame) -> str:
    return ";".join(parts) + "。" if frame.lang == "zh" else "; ".join(parts) + "."


def _not_returned(view: Monday) -> list[str]:
    """The stores of 回收情况 whose files are missing."""
    sheet = view.figures.written.get(f"{IDENTITY}returns")
    if sheet is None:
        return []
    missing = {STATES["missing"][lang] for lang in LANGS}
    keys = (key for key in sheet.rows if key.startswith("s:") and sheet.value(key, "state") in missing)
    return [str(sheet.value(key, "store")) for key in keys]


def due(view: Monday) -> Sentence | None:
    """Actions, tasks and reviews of the week after the as-of date."""
    figures, frame = view.figures, view.frame
    today = view.as_of or figures.breakdown.plan.start - DAY
    first, last = today + DAY, today + WEEK
    found: dict[str, list[str]] = {"actions": [], "tasks": [], "reviews": []}
    rows = figures.table_rows.get(T_ACTIONS.name, ())
    for action in read_actions(rows, figures, []).actions if rows else ():
        ends = action.days()[1]
        if ends is not None and first <= ends <= last and not action.status.over:
            found["actions"].append(action.measure)
    rows = figures.table_rows.get(T_SCHEDULE.name, ())
    schedule = read_schedule(rows, figures, []) if rows else None
    for task in schedule.tasks if schedule is not None else ():
        if first <= task.end <= last and (task.done or 0.0) < 1.0:
            found["tasks"].append(task.name)
    for row in figures.table_rows.get(T_REVIEW.name, ()):
        if row["day"] is not None and first <= row["day"] <= last:
            found["reviews"].append(str(row["meeting"] or row["period"] or frame.word(T_REVIEW.label)))
    parts, behind_it = [], []
    for (slot, names), word in zip(found.items(), (_ACTIONS, _TASKS, _REVIEWS), strict=True):
        if names:
            parts.append(counted(frame.word(word), n=len(names), names=quoted(names, frame, 2)))
            behind_it.append(Behind(slot, view.label(slot), len(names)))
    if not parts:
        return None
    return Sentence("due", frame.word(_DUE, days=span(first, last), parts=frame.listed(parts)), tuple(behind_it))


def doubts(view: Monday) -> Sentence | None:
    """Figures that are likely slips, and rows that were set aside."""
    frame, parts, behind_it = view.frame, [], []
    told = [one.fault for one in view.figures.problems if isinstance(one.fault, SlipLikely)]
    slips = [one for one in told if not isinstance(one, DaysLeftOut | DaysLeftOutByAll)]
    if slips:
        largest = quoted([str(slips[0].facts["name"])], frame)
        parts.append(counted(frame.word(_SLIPS), n=len(slips), name=largest))
        behind_it.append(Behind("n", view.label("slips"), len(slips)))
    balance = view.figures.achieved.conservation if view.figures.achieved else None
    said = view.shown("doubts", "aside", balance.set_aside) if balance is not None else ""
    if balance is not None and is_some(said):
        parts.append(counted(frame.word(_ASIDE), n=balance.rows_set_aside, aside=said, unit=frame.unit_word))
        in_problems = {key: Link("problems", "set_aside", key) for key in ("count", "amount")}
        behind_it.append(Behind("rows", view.label("rows"), balance.rows_set_aside, in_problems["count"]))
        behind_it.append(Behind("aside", view.label("aside"), balance.set_aside, in_problems["amount"]))
    return Sentence("doubts", frame.word(_SEE, parts=frame.listed(parts)), tuple(behind_it)) if parts else None
