"""Sheet 放假影响: what a pasted notice says of each feast, and whose months move by it, and by how much."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from xlsales.core.arrays import Steps
from xlsales.core.calendars import work_calendar, working_days
from xlsales.core.faults import Problem, Refused
from xlsales.core.keys import joined
from xlsales.core.notices import Feast
from xlsales.core.periods import name_of
from xlsales.layout import look
from xlsales.layout.keyed import Closes, at, counting
from xlsales.layout.model import Column, Row, Value
from xlsales.layout.sheet import Frame, Sheet
from xlsales.plan.figures import Figures
from xlsales.plan.notices import (
    EXAMPLES,
    T_NOTICE,
    Pasted,
    company_months,
    doubts,
    is_entered,
    pasted,
    with_notice,
    without_notice,
)
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import Word

_LABEL = Word("期间 / 节日", "Period / feast")
_DAYS_GROUP, _TARGET_GROUP, _NOTICE_GROUP = (
    Word("工作日", "Working days"),
    Word("目标", "Target"),
    Word("通知", "Notice"),
)
_BEFORE, _AFTER, _MOVE = Word("没有通知时", "Without"), Word("按通知", "By the notice"), Word("增减", "Change")
_OFF, _COUNT, _MAKE_UP = Word("放假", "Days off"), Word("天数", "Number"), Word("调休上班", "Worked instead")
_FEASTS = Word("通知里的节日", "Feasts of the notice")
_NOT_YET = Word("还没有按通知分解:运行“分解目标”", "not split by the notice yet: run Split target")
_ENTERED = Word("已按通知分解,“日历”里有这些天", "split by the notice; its days are in Calendar")
_MONTHS = Word("各月", "months")
_NO_MOVE_YET = Word(
    "还没有按通知分解:“分解目标”会把这些天填进“日历”,没有月份的目标会因它改变",
    "not split by the notice yet: Split target enters its days in Calendar, and moves no month's target",
)
_NO_MOVE = Word("没有月份的目标因它改变", "no month's target moves by it")
_UNKNOWN = Word("目标会怎么变现在算不出来", "how targets would move cannot be worked out now")


_SUMMED = ("days_before", "days_after", "before", "after", "move")


class NoticeView(Struct, frozen=True):
    """A notice beside the plan: the company's months without it and by it, in steps; None if unknown.

    `entered` is whether the plan goes by it already.
    """

    figures: Figures
    notice: Pasted
    entered: bool
    without: Steps | None
    by_notice: Steps | None

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame

    @property
    def moves_nothing(self) -> bool:
        """Whether no month's target is another one by the notice."""
        return self.without is not None and self.by_notice is not None and bool((self.without == self.by_notice).all())


def _views(figures: Figures) -> Iterator[NoticeView]:
    plan = figures.breakdown.plan
    notice = pasted(figures.table_rows.get(T_NOTICE.name, ()), plan)
    if isinstance(notice, Problem):
        raise Refused([notice.as_note()])
    if notice is None:
        return
    own = figures.breakdown.months
    entered = is_entered(plan, notice)
    other = company_months(figures, without_notice(plan, notice) if entered else with_notice(plan, notice))
    yield NoticeView(figures, notice, entered, *((other, own) if entered else (own, other)))


def _columns(view: NoticeView) -> list[Column]:
    frame = view.frame
    days, target, notice = (frame.word(word) for word in (_DAYS_GROUP, _TARGET_GROUP, _NOTICE_GROUP))
    labels = [feast.name for feast in view.notice.notice.feasts]
    money = frame.amount_width([float(view.figures.total["target"])]) + 1
    spans = [_shown(days) for feast in view.notice.notice.feasts for days in (feast.off, feast.make_up)]
    return [
        Column("label", frame.word(_LABEL), "text", look.label_width(labels, 16.0)),
        Column("days_before", frame.word(_BEFORE), "count", 11, days),
        Column("days_after", frame.word(_AFTER), "count", 11, days),
        Column("before", frame.word(_BEFORE), "money", money, target),
        Column("after", frame.word(_AFTER), "money", money, target),
        Column("move", frame.word(_MOVE), "delta", money, target),
        Column("off", frame.word(_OFF), "text", look.label_width(spans, 14.0), notice),
        Column("count", frame.word(_COUNT), "count", 8, notice),
        Column("make_up", frame.word(_MAKE_UP), "text", look.label_width(spans, 14.0), notice),
    ]


def _rows(view: NoticeView) -> Iterator[Row]:
    """Row keys: `total`, `<month>`, `proof`, `feasts`, `f:<year>:<feast>:<n>`."""
    frame, figures = view.frame, view.figures
    plan, months = figures.breakdown.plan, figures.months
    figures_of: dict[str, list[float]] = {}
    for key, rules in zip(
        ("days_before", "days_after"),
        (without_notice(plan, view.notice), with_notice(plan, view.notice)),
        strict=True,
    ):
        calendar = work_calendar(figures.breakdown.timeline.days, rules)
        figures_of[key] = [float(working_days(calendar, one.start, one.end, rules)) for one in months]
    if view.without is not None and view.by_notice is not None:
        steps = {"before": view.without, "after": view.by_notice, "move": view.by_notice - view.without}
        if view.moves_nothing and not view.entered:
            del steps["after"], steps["move"]  # the same figures again would look as if they were split by it
        figures_of |= {key: figures.yuan(of_months).tolist() for key, of_months in steps.items()}
    whole = {key: sum(of_months) for key, of_months in figures_of.items()}
    yield Row("total", {"label": frame.word(words.TOTAL), **whole}, "total")
    for i, month in enumerate(months):
        values = {key: of_months[i] for key, of_months in figures_of.items()}
        yield Row(month.key, {"label": name_of(month, frame.lang), **values}, counts_for="/1/")
    closes = Closes(counting("/1/") - at("total"))
    label = frame.word(words.PROOF_SUM, level=frame.word(_MONTHS))
    yield Row("proof", {"label": label}, "proof", formulas=dict.fromkeys(_SUMMED, closes))
    yield Row("feasts", {"label": frame.word(_FEASTS)}, "section")
    for number, feast in enumerate(view.notice.notice.feasts, 1):
        yield Row(joined("f", str(feast.year), feast.name, str(number)), _feast(feast))


def _feast(feast: Feast) -> dict[str, Value]:
    shown = {"off": _shown(feast.off), "make_up": _shown(feast.make_up)}
    return {"label": feast.name, "count": len(feast.off), **{key: text or None for key, text in shown.items()}}


def _shown(days: Sequence[dt.date]) -> str:
    """Say days as spans: `02-05~02-11`."""
    if not days:
        return ""
    breaks = [i for i, (one, other) in enumerate(pairwise(days), 1) if (other - one).days != 1]
    spans = [days[i:j] for i, j in zip([0, *breaks], [*breaks, len(days)], strict=True)]
    return ", ".join(f"{span[0]:%m-%d}" if len(span) == 1 else f"{span[0]:%m-%d}~{span[-1]:%m-%d}" for span in spans)


def _facts(view: NoticeView) -> Sequence[str]:
    frame = view.frame
    state = _ENTERED if view.entered else _NOT_YET
    if view.without is None or view.by_notice is None:
        return frame.word(state), frame.word(_UNKNOWN)
    if not view.moves_nothing:
        return (frame.word(state),)
    return (frame.word(state), frame.word(_NO_MOVE)) if view.entered else (frame.word(_NO_MOVE_YET),)


NOTICE = Sheet[Figures, NoticeView](
    key="notice",
    title=Word("放假影响", "Holiday effects"),
    purpose=Word(
        "把国务院的放假通知贴进来:填好“日历”,哪些月份的目标因此增减多少",
        "Paste the State Council's notice: Calendar is filled in, and you see which months' targets move by how much",
    ),
    views=_views,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    doubts=lambda view: doubts(view.notice, view.figures.breakdown.plan, view.frame.lang),
    tables=(T_NOTICE,),
    examples=EXAMPLES,
)
