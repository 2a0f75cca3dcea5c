"""Table 放假通知: the pasted notice of the State Council, the rows of 日历 that follow, and whose months move by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from xlsales.book.edits import Edits
from xlsales.core.arrays import Steps
from xlsales.core.breakdown import EarlierTargets, break_down
from xlsales.core.calendars import work_calendar
from xlsales.core.expressions import expression
from xlsales.core.faults import Fault, Lang, Listed, Place, Problem
from xlsales.core.notices import Notice, read_notices
from xlsales.core.periods import Level
from xlsales.core.plan import DayRule, Plan
from xlsales.core.shapes import needs_history, shapes_of
from xlsales.core.text import narrow
from xlsales.ooxml.book import Book
from xlsales.plan.answers import Answers
from xlsales.plan.entering import Entering
from xlsales.plan.figures import Figures
from xlsales.plan.input_cells import Cells
from xlsales.plan.inputs import Inputs
from xlsales.values.serials import to_serial
from xlsales.vocabulary.contract import DAY_KINDS, Word
from xlsales.vocabulary.plan_tables import T_CALENDAR, Example, InputTable, TableColumn

_TEXT_HINT = Word("粘贴国务院办公厅的通知全文,一段一行", "the State Council's notice, a row for each paragraph")
T_NOTICE = InputTable(
    "xs_notice",
    "notice",
    Word("放假通知", "Holiday notice"),
    (
        TableColumn("text", Word("通知", "Notice"), "text", _TEXT_HINT, width=100),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=30),
    ),
    text=True,
)
EXAMPLES: Sequence[Example] = (
    {"text": Word(*["国务院办公厅关于2026年部分节假日安排的通知"] * 2)},
    {"text": Word(*["一、元旦:1月1日(周四)至3日(周六)放假调休,共3天。1月4日(周日)上班。"] * 2)},
)
_NOTE = Word("国务院通知 {year} {feast}", "State Council notice {year} {feast}")
_OF_KIND = {"make_up": Word(" 上班", " worked"), "rest": Word(" 休息", " rest")}
"""What the note of a row says behind its feast: a row of another kind is a person's."""
_NOTED = expression(r"(?:国务院通知|State Council notice) (\d{4}) (\S+)(?: (上班|worked)| (休息|rest))?(?:\s|$)")


class SentenceUnread(Fault):
    """A sentence of a notice with a date, of which nothing was taken."""

    remark = True
    zh = "通知里这一句没有采用:“{sentence}”。要照它休息或上班,请在“日历”填这些天。"
    en = 'Nothing was taken of this sentence: "{sentence}". If it counts for you, enter its days in "Calendar".'


class OwnDays(Fault):
    """Days of a notice for which the company has a rule of its own."""

    remark = True
    zh = "“日历”里 {days} 有您自己填的类型,按您的,不按通知。"
    en = '"Calendar" has a kind of your own for {days}; it counts, not the notice.'


class NoticeDiffers(Fault):
    """Days of a notice that the known calendar has otherwise."""

    remark = True
    zh = "通知和程序已知的日历不同:{days}。按通知算;请核对粘贴的文字。"
    en = "The notice differs from the known calendar: {days}. The notice counts. Check the text that was pasted."


class RowsGoByNotice(Fault):
    """Rows of the calendar that an earlier notice or a person left with other days than the notice has."""

    remark = True
    zh = "“日历”里按通知填的这些天和现在的通知不同,已改成通知的:{days}。要按您的,请另填一行,备注里不写“国务院通知”。"
    en = (
        'Rows of "Calendar" that come from the notice had other days than it has now, and were put right: {days}. '
        'If your days are meant, enter them in a row of your own, without "State Council notice" in its note.'
    )


_DIFFERING = {"holiday": Word("{day} 放假", "{day} off"), "make_up": Word("{day} 上班", "{day} worked")}
_NOT_WORKED = Word("{day} 不上班", "{day} not worked")


class NoticeOutsidePlan(Fault):
    """A notice of years that the plan does not have."""

    zh = "这是 {years} 年的通知,计划期间 {start} 至 {end} 里没有这一年。请核对年份。"
    en = "This notice is of {years}, and the plan, {start} to {end}, has no day of it. Check the year."


class Pasted(Struct, frozen=True):
    """A notice as it stands in the table, its lines, and the place of each sentence of which nothing was taken."""

    notice: Notice
    lines: tuple[tuple[Place, str], ...]
    unread: tuple[tuple[Place, str], ...]

    @property
    def years(self) -> frozenset[int]:
        """The years that it is of."""
        return frozenset(feast.year for feast in self.notice.feasts)


def pasted(rows: Sequence[Mapping[str, Any]], plan: Plan) -> Pasted | Problem | None:
    """Return what the rows of the table say; None without rows, a problem at its row if it cannot be trusted."""
    lines = [(row["cells"]["text"], row["text"]) for row in rows if row["text"]]
    if not lines:
        return None
    try:
        notice = read_notices("\n".join(text for _, text in lines), range(plan.start.year, plan.end.year + 1))
        years = sorted({feast.year for feast in notice.feasts})
        if not any(plan.start <= rule.day <= plan.end for rule in notice.rules):
            raise NoticeOutsidePlan(years=Listed(map(str, years)), start=plan.start, end=plan.end)
    except Fault as fault:
        words = [str(fault.facts[key]) for key in ("day", "feast") if key in fault.facts]
        return Problem(_place(lines, words), "", fault)
    return Pasted(notice, tuple(lines), tuple((_place(lines, [sentence]), sentence) for sentence in notice.unread))


def _place(lines: Sequence[tuple[Place, str]], words: Sequence[str]) -> Place:
    """The first line that has one of some words; without any, the first line."""
    return next((at for at, text in lines if any(word in narrow(text) for word in words)), lines[0][0])


def _is_of(note: str, kind: str | None, years: frozenset[int]) -> bool:
    """Whether a rule of the calendar with this note and kind was entered from the notice of one of these years.

    One of which a person changed the kind is theirs; one that has none is to be filled in again.
    """
    noted = _NOTED.match(note)
    if noted is None or int(noted[1]) not in years:
        return False
    return kind is None or kind == ("make_up" if noted[3] else "rest" if noted[4] else "holiday")


def _note(year: int | str, feast: str, kind: str | None, lang: Lang) -> str:
    more = _OF_KIND.get(kind or "")
    return _NOTE[lang].format(year=year, feast=feast) + (more[lang] if more else "")


def _own_kinds(plan: Plan, notice: Pasted) -> dict[dt.date, str]:
    """The days for which a person gives a kind, other than by the notices of the same years."""
    return _kinds(without_notice(plan, notice))


def with_notice(plan: Plan, notice: Pasted) -> tuple[DayRule, ...]:
    """Return the plan's rules of days with those of a notice; days of which a person gives the kind stay theirs."""
    own, feasts = _own_kinds(plan, notice), notice.notice.feasts
    years = {rule.day: feast.year for feast in feasts for rule in feast.dropped}
    years |= {day: feast.year for feast in feasts for day in (*feast.off, *feast.make_up)}
    rules = tuple(
        replace(rule, note=_note(years[rule.day], rule.note, rule.kind, "zh"))
        for rule in notice.notice.rules
        if rule.day not in own
    )
    return without_notice(plan, notice) + rules


def without_notice(plan: Plan, notice: Pasted) -> tuple[DayRule, ...]:
    """Return the plan's rules of days without what was entered from the notices of these years."""
    return tuple(rule for rule in plan.day_rules if not _is_of(rule.note, rule.kind, notice.years))


def is_entered(plan: Plan, notice: Pasted) -> bool:
    """Whether the plan goes by a notice already."""
    return _kinds(plan.day_rules) == _kinds(with_notice(plan, notice))


def _kinds(rules: Sequence[DayRule]) -> dict[dt.date, str]:
    return {rule.day: rule.kind for rule in rules if rule.kind}


def entered(book: Book, inputs: Inputs, notice: Pasted) -> tuple[Inputs, Edits, list[Problem]]:
    """Return the plan that goes by a notice, what enters that into table 日历, and a remark on rows that change.

    Rows of an earlier press that still hold stay as they are, others of the notice's years make room.
    """
    changed = replace(inputs, plan=replace(inputs.plan, day_rules=with_notice(inputs.plan, notice)))
    to_come = list(_spans(changed.plan, notice, inputs.lang))
    entering = Entering(book, T_CALENDAR)
    answers = Answers(book, Cells(book), inputs.lang, inputs.money_unit)
    stale: list[int] = []
    replaced: list[tuple[Place, str]] = []
    for row in answers.rows(T_CALENDAR):
        if not _is_of(row["note"] or "", row["kind"], notice.years):
            continue
        span = row["start"], row["end"] or row["start"], row["kind"]
        same = next((one for one in to_come if one[:3] == span), None)
        if same is None:
            stale.append(row["row"].row)
            if row["start"] is not None:
                replaced.append((row["row"], _shown(row["start"], row["end"])))
        else:
            to_come.remove(same)
    for first, last, kind, note in to_come:
        days = {key: float(to_serial(day, book.date1904)) for key, day in (("start", first), ("end", last))}
        entering.enter({**days, "kind": DAY_KINDS[kind][inputs.lang], "note": note}, stale.pop(0) if stale else None)
    for at in stale:
        entering.clear(at)
    told = RowsGoByNotice(days=Listed(days for _, days in replaced))
    return changed, entering.edits(), [Problem.note(replaced[0][0], replaced[0][1], told)] if replaced else []


def _shown(first: dt.date, last: dt.date | None) -> str:
    return f"{first:%m-%d}" if last in (None, first) else f"{first:%m-%d}~{last:%m-%d}"


def _spans(plan: Plan, notice: Pasted, lang: Lang) -> Iterator[tuple[dt.date, dt.date, str, str]]:
    """Yield the rows of a notice: first and last day, kind, note. Days in a row of one feast and kind are one row."""
    rules = sorted((r for r in plan.day_rules if _is_of(r.note, r.kind, notice.years)), key=lambda rule: rule.day)
    days = [rule.day.toordinal() - i for i, rule in enumerate(rules)]
    for (_, kind, noted), group in groupby(
        zip(days, rules, strict=True), key=lambda one: (one[0], one[1].kind or "", one[1].note)
    ):
        span = [rule for _, rule in group]
        _, year, feast, *_ = noted.split(" ")
        yield span[0].day, span[-1].day, kind, _note(year, feast, kind, lang)


def company_months(figures: Figures, rules: tuple[DayRule, ...]) -> Steps | None:
    """Return the company's months, in steps, that the plan would have by other rules of days; None if it cannot.

    Closed months stay as they are.
    """
    breakdown = figures.breakdown
    line, own = breakdown.timeline, breakdown.plan
    locks = tuple(lock for lock in own.locks if lock.member is None)
    plan = replace(own, day_rules=rules, dimensions=(), locks=locks)
    closed = np.full(line.n_days, -1, dtype=np.int64)
    for month in line.periods(Level.MONTH):
        if plan.closed_through is not None and month.end <= plan.closed_through:
            closed[line.slice_of(month)] = breakdown.days[line.slice_of(month)]
    past = figures.past if needs_history(plan) else None
    try:
        shapes = shapes_of(plan, line, work_calendar(line.days, rules), past)
        return break_down(plan, line, shapes, EarlierTargets(closed, {}, {}, breakdown.finer)).months
    except Fault:
        return None


def doubts(notice: Pasted, plan: Plan, lang: Lang) -> Iterator[Problem]:
    """Yield the sentences of which nothing was taken, and the days that the calendar or a person has otherwise."""
    for place, sentence in notice.unread:
        yield Problem.note(place, sentence, SentenceUnread(sentence=sentence))
    kinds, theirs = _kinds(notice.notice.rules), _own_kinds(plan, notice)
    differing = [rule for rule in notice.notice.differing if rule.day not in theirs]
    if differing:
        days = Listed(
            _DIFFERING.get(rule.kind or "", _NOT_WORKED)[lang].format(day=f"{rule.day:%m-%d}") for rule in differing
        )
        at = _place(notice.lines, [f"{differing[0].note}:"])
        yield Problem.note(at, "", NoticeDiffers(days=days))
    own = Listed(f"{day:%m-%d}" for day in sorted(theirs) if kinds.get(day, theirs[day]) != theirs[day])
    if own:
        yield Problem.note(Place(T_CALENDAR.label[lang]), "", OwnDays(days=own))
