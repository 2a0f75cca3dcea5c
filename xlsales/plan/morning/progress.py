"""Sentences on progress: where we stand, last week, who turned red, who recovered, what is needed a day."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from xlsales.core.arrays import Floats
from xlsales.core.calendars import DayKind
from xlsales.core.progress import remaining_days
from xlsales.core.text import counted
from xlsales.layout import look
from xlsales.layout.model import Link
from xlsales.plan.by_week import Weeks
from xlsales.plan.chances import chances
from xlsales.plan.figures import NAN
from xlsales.plan.morning.table import NAMED
from xlsales.plan.morning.view import DAY, LABELS, Behind, Monday, Sentence, is_some, named, span
from xlsales.plan.progress_columns import progress_values
from xlsales.plan.replan.best import best_rate
from xlsales.plan.standings import behind
from xlsales.vocabulary.contract import UNIT_YUAN, Word

_NO_ACTUALS = Word("还没有实际数据。", "There are no actuals yet.")
_WHERE = Word(
    "到 {day} 实际 {actual} {unit},完成全部目标的 {attainment}{time}{chance}。",
    "By {day}: {actual} {unit} sold, {attainment} of the whole target{time}{chance}.",
)
_TIME = Word(",按时间应完成 {time}", "; {time} was due by now")
_CHANCE = Word(";达成概率 {chance}", "; chance to reach it: {chance}")
_LAST_WEEK = Word(
    "上周({days}{off})目标 {target},完成 {done},{gap}{worst}。",
    "Last week ({days}{off}): target {target}, sold {done}, {gap}{worst}.",
)
_NOTHING = Word("上周({days})还没有销售数据。", "There are no sales of last week ({days}) yet.")
_OFF = Word(",放假 {n} 天", ", {n:days} off")
_SHORT, _OVER = Word("差 {gap} {unit}", "{gap} {unit} short"), Word("超 {gap} {unit}", "{gap} {unit} over")
_EXACTLY = Word("刚好完成({gap} {unit})", "just reached ({gap} {unit} short)")
_WORST = Word(";其中差得最多:{names}", "; furthest short: {names}")
_RED = Word(
    "一周里转红 {n} 个{dimension}:{names}(进度差)。",
    "{n:members} ({dimension}) turned red within a week; pace: {names}.",
)
_RECOVERED = Word(
    "一周里恢复 {n} 个{dimension}:{names}(进度差)。",
    "{n:members} ({dimension}) recovered within a week; pace: {names}.",
)
_NEED = Word("今后每天要卖:{parts}{best}。", "Needed per day from now: {parts}{best}.")
_TO_MONTH = Word("到本月底 {rate} {unit}", "{rate} {unit} to the month's end")
_NEXT_MONTH = Word("下个月 {rate} {unit}", "{rate} {unit} in the next month")
_TO_END = Word("到计划结束 {rate} {unit}", "{rate} {unit} to the plan's end")
_BEST = Word(";最好的一个月每天 {rate} {unit}", "; the best month ever had {rate} {unit}")


def _of_overview(row: str, column: str) -> Link:
    return Link("overview", row, column)


def where(view: Monday) -> Sentence | None:
    """What is sold of the whole target, what is due by now, and the chance to reach it."""
    frame, total = view.frame, view.figures.total
    if view.as_of is None:
        return Sentence("where", frame.word(_NO_ACTUALS))
    if math.isnan(total["attainment"]):
        return None
    chance = float(chances(view.figures).of_plan(None)[0])
    values = {
        "attainment": (total["attainment"], "c4"),
        "actual": (total["actual"], "c3"),
        "time": (total["time_progress"], "p1"),
        "chance": (chance, "p0"),
    }
    known = {slot: one for slot, one in values.items() if not math.isnan(one[0])}
    said = {slot: view.shown("where", slot, value) for slot, (value, _) in known.items()}
    text = frame.word(
        _WHERE,
        day=f"{view.as_of:%m-%d}",
        unit=frame.unit_word,
        actual=said["actual"],
        attainment=said["attainment"],
        time=frame.word(_TIME, time=said["time"]) if "time" in said else "",
        chance=frame.word(_CHANCE, chance=said["chance"]) if "chance" in said else "",
    )
    behind_it = (Behind(k, view.label(k), v, _of_overview("figure", column)) for k, (v, column) in known.items())
    return Sentence("where", text, tuple(behind_it))


def last_week(view: Monday) -> Sentence | None:
    """What was missed last week, and by whom."""
    week, frame, figures = view.week, view.frame, view.figures
    if week is None:
        return None
    if not view.sold:
        return Sentence("week", frame.word(_NOTHING, days=span(week.period.start, week.period.end)))
    target, done = float(week.yuan(week.company).sum()), float(week.company_actuals.sum())
    if not target and not done:
        return None
    first, last = week.period.start, week.period.end
    same = next((one for one in week.weeks if (one.start, one.end) == (first, last)), None)
    in_time = {key: Link("time", same.key, key) if same else None for key in ("target", "actual")}
    gap, gap_shown = abs(target - done), view.shown("week", "gap", abs(target - done))
    kind = _EXACTLY if not is_some(gap_shown) else _SHORT if target > done else _OVER
    inside = slice(*((day - figures.breakdown.timeline.start).days for day in (first, last + DAY)))
    off = int((figures.calendar.kinds[inside] == DayKind.HOLIDAY).sum())
    parts = [
        Behind("gap", view.label("gap"), gap),
        Behind("target", view.label("target"), target, in_time["target"]),
        Behind("done", view.label("done"), done, in_time["actual"]),
        *([Behind("off", view.label("off"), off)] if off else []),
    ]
    short = _missed_most(view, week)
    parts += [Behind(n, view.label("short", name=name), value) for n, (name, value) in zip(NAMED, short, strict=False)]
    names = named(view, "week", short)
    text = frame.word(
        _LAST_WEEK,
        days=span(first, last),
        off=counted(frame.word(_OFF), n=off) if off else "",
        target=view.shown("week", "target", target),
        done=view.shown("week", "done", done),
        gap=frame.word(kind, gap=gap_shown, unit=frame.unit_word),
        worst=frame.word(_WORST, names=names) if short else "",
    )
    return Sentence("week", text, tuple(parts))


def _missed_most(view: Monday, week: Weeks) -> list[tuple[str, float]]:
    """The members that missed most of the week, and by how much."""
    members, actuals = week.members, week.actuals if week.members is not None else None
    if members is None or actuals is None or len(members.dimension.leaves) < 2:
        return []
    gaps: Floats = week.yuan(week.targets).sum(axis=1) - np.nan_to_num(week.by_now(actuals)).sum(axis=1)
    order = sorted(members.dimension.leaves, key=lambda i: -gaps[i])[: len(NAMED)]
    least = UNIT_YUAN[view.frame.unit] * 0.5 * 10.0 ** -look.decimals(view.money)
    return [(members.dimension.members[i].name, float(gaps[i])) for i in order if gaps[i] >= least]


def _turned(kind: str, word: Word, how: Callable[[str, str], bool]) -> Callable[[Monday], Sentence | None]:
    """The sentence on members whose lamp was another one a week before."""

    def tell(view: Monday) -> Sentence | None:
        members, then = view.members, view.then
        if members is None or then is None:
            return None
        before, now = then.lines, members.lines
        both = [(i, str(before[i]["status"]), str(now[i]["status"])) for i in members.dimension.leaves]
        found = [i for i, was, is_ in both if was and is_ and how(was, is_)]
        if not found:
            return None
        found.sort(key=lambda i: -behind(now[i]))
        shown = found[: len(NAMED)]
        paces = [
            (members.dimension.members[i].name, _number(progress_values(now[i], view.frame)["pace"])) for i in shown
        ]
        names = named(view, kind, paces, more=len(found) > len(shown))
        text = counted(view.frame.word(word), n=len(found), dimension=members.name, names=names)
        sheet = f"dimension:{members.name}"
        parts = [Behind("n", view.label(kind), len(found))]
        for n, (name, pace) in zip(NAMED, paces, strict=False):
            parts.append(Behind(n, view.label("pace", name=name), pace, Link(sheet, f"m:{name}", "pace")))
        return Sentence(kind, text, tuple(parts))

    return tell


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else NAN


def _has_recovered(was: str, is_: str) -> bool:
    """Whether a lamp is no longer red, or green again."""
    return ((was == "red") != (is_ == "red") and was == "red") or (is_ == "green" and was != "green")


def need(view: Monday) -> Sentence | None:
    """What is needed a day from now on, beside the best month ever."""
    figures, frame, as_of, unit = view.figures, view.frame, view.as_of, view.rate_unit()
    if as_of is None:
        return None
    parts, behind_it = [], []

    def add(slot: str, label: str, word: Word, rate: float, link: Link | None) -> None:
        said = "" if math.isnan(rate) else view.shown("need", slot, rate)
        if said and is_some(said) and rate > 0:
            parts.append(frame.word(word, rate=said, unit=unit))
            behind_it.append(Behind(slot, frame.word(LABELS[label], unit=unit), rate, link))

    month = figures.this_month
    if as_of < month.end < figures.whole.end:
        rate = figures.lines[month.key]["required_per_day"]
        add("month", "month", _TO_MONTH, rate, _of_overview("figure:month", "c10"))
    elif month.end <= as_of and (coming := next((one for one in figures.months if one.start > as_of), None)):
        days = remaining_days(figures.breakdown.timeline, figures.breakdown.days, as_of, [coming])[0]
        add("month", "next", _NEXT_MONTH, figures.lines[coming.key]["target"] / days if days else NAN, None)
    add("plan", "plan", _TO_END, figures.total["required_per_day"], _of_overview("figure", "c10"))
    if not parts:
        return None
    text = frame.listed(parts)
    parts.clear()
    add("best", "best", _BEST, float(best_rate(figures, None)[0]), None)
    return Sentence("need", frame.word(_NEED, parts=text, best="".join(parts)), tuple(behind_it))


turned_red = _turned("red", _RED, lambda was, is_: is_ == "red" != was)
recovered = _turned("recovered", _RECOVERED, _has_recovered)
