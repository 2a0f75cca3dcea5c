"""Sheet 目标版本: every split that changed targets, what it changed and by what.

A split reads the earlier versions back from the sheet, and adds one if it changes a target.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence

from msgspec import Struct

from xlsales.book.keyed import WrittenSheet
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Lang
from xlsales.core.keys import joined
from xlsales.core.periods import Level
from xlsales.core.plan import MICROS
from xlsales.core.text import counted
from xlsales.layout.model import IDENTITY, Column, Row, Value
from xlsales.layout.sheet import Frame, Sheet
from xlsales.plan.data_table import COMPANY
from xlsales.plan.version_changes import (
    BY_SHARE,
    MemberChange,
    Reasons,
    changed_members,
    equal,
    month_runs,
    moved_members,
)
from xlsales.vocabulary.contract import Word

VERSION_COLUMNS = ("version", "when", "what", "from", "to", "change", "why")
"""Column keys; earlier versions are read back from the sheet by them."""
_FIRST_SPLIT, _TOTAL_TARGET = Word("首次分解", "First split"), Word("总目标", "Total target")
_BY_MOVE, _COUNT_MOVE = Word("成员换上级", "members moved"), Word("成员换上级 {n}", "members moved {n}")
_BY_LOCK = Word("锁定", "locked")
_MEMBERS_CHANGED = Word("{n} 个成员的目标改变:", "targets of {n:members} changed: ")
_ADDED, _REMOVED = Word("新增", "added"), Word("撤销", "removed")
_COUNT_ADDED, _COUNT_REMOVED = Word("新增 {n}", "added {n}"), Word("撤销 {n}", "removed {n}")
_COUNT_COMMITMENT, _COUNT_LOCK = Word("接受承诺 {n}", "commitments {n}"), Word("锁定 {n}", "locks {n}")
_COUNT_REASON = Word("有原因 {n}", "with a reason {n}")
_COUNT_SHARE = Word("分摊余额 {n}", "share of the rest {n}")
_MONTHS_TOO = Word(";另有 {n} 个只是月份间调整", "; {n} more moved between months only")
_MONTHS_ONLY = Word("只是月份间调整", "moved between months")
_OTHER_MEMBERS = Word("{dimension} 其余 {n} 个成员", "{dimension}: {n} other {n:member|members}")

MOST_SHARING = 10
"""So many lines of a dimension say who shares what is left, the largest changes first, the last one for all others."""
KEPT = 50
"""So many versions are kept."""


class VersionLine(Struct, frozen=True):
    """A line of a version: its head (`v:3`), or a member with a changed target (`v:3:门店::徐汇店`). Yuan."""

    key: str
    values: dict[str, Value]

    @property
    def is_head(self) -> bool:
        """Whether it is the line of the version itself."""
        return self.key.count(":") == 1


class Versions(Struct, frozen=True):
    """The newest version first, each with the members that it changed."""

    frame: Frame
    lines: tuple[VersionLine, ...]


def versions_after(
    sheets: dict[str, WrittenSheet],
    breakdown: Breakdown,
    when: dt.datetime,
    lang: Lang,
    reasons: Reasons,
) -> tuple[VersionLine, ...] | None:
    """Return the lines of the sheet after a split, the newest version first; None if no target changed.

    `sheets` are the written sheets as they were before the split; `reasons` say why a month changes, by dimension,
    member and key of the month, the company's with blank names.
    """
    time = sheets.get(IDENTITY + "time")
    earlier = list(_read(sheets))
    number = max(map(_number, earlier), default=0) + 1
    total = breakdown.plan.total * breakdown.plan.step_micros / MICROS
    before = time.number("total", "target") if time is not None else math.nan
    changed = [] if time is None else changed_members(sheets, breakdown, reasons, lang)
    moved = 0 if time is None else moved_members(sheets, breakdown)
    if time is not None and not changed and not moved and equal(before, total):
        return None
    what = _FIRST_SPLIT[lang] if time is None else _TOTAL_TARGET[lang]
    head = VersionLine(
        f"v:{number}",
        {
            "version": str(number),
            "when": when.isoformat(" ", "minutes"),
            "what": what,
            **_change(before, total),
            "why": _summary(changed, moved, lang),
        },
    )
    lines = [] if time is None else list(_company_lines(time, breakdown, reasons, number, lang))
    lines += [line for name in breakdown.dimensions for line in _lines(name, changed, number, lang)]
    recent = [line for line in earlier if _number(line) > max(number - KEPT, 0)]
    return (head, *lines, *recent)


def _number(line: VersionLine) -> int:
    text = line.key.split(":", 2)[1]
    return int(text) if text.isdecimal() else 0


def _company_lines(
    time: WrittenSheet,
    breakdown: Breakdown,
    reasons: Reasons,
    number: int,
    lang: Lang,
) -> Iterator[VersionLine]:
    """Yield the company's months that change for a reason of their own."""
    step = breakdown.plan.step_micros / MICROS
    months = [period.key for period in breakdown.timeline.periods(Level.MONTH)]
    new = (breakdown.months * step).tolist()
    values = [(time.number(key, "target"), new[m]) for m, key in enumerate(months)]
    why = {
        m: reason for m, key in enumerate(months) if (reason := reasons.get(("", "", key))) and not equal(*values[m])
    }
    for run in month_runs(why, values, months, lang):
        what = f"{COMPANY[lang]} {run.label}"
        cells = {"what": what, **_change(run.old, run.new), "why": run.why.text}
        yield VersionLine(_key(number, "", run.label, ""), cells)


def _lines(dimension: str, changed: Sequence[MemberChange], number: int, lang: Lang) -> Iterator[VersionLine]:
    """Yield the lines of a dimension: who changed for a reason of its own, then who shares what is left."""
    here = [one for one in changed if one.dimension == dimension]
    for one in (one for one in here if one.has_reason):
        what = one.label(lang)
        came_or_went = _REMOVED if one.went else _ADDED if one.came else None
        own = came_or_went or (_BY_LOCK if one.locked else _BY_MOVE if one.moved else None)
        why = own[lang] if own else one.why(lang)
        months = []
        for run in one.months:
            if equal(run.old, one.old) and equal(run.new, one.new):  # all that the plan asks of it
                why = run.why.text
            else:
                values = {"what": f"{what} {run.label}", **_change(run.old, run.new), "why": run.why.text}
                months.append(VersionLine(_key(number, dimension, run.label, one.member), values))
        if came_or_went or not equal(one.old, one.new):
            values = {"what": what, **_change(one.old, one.new), "why": why}
            yield VersionLine(_key(number, dimension, "", one.member), values)
        yield from months
    sharing = [one for one in here if not one.has_reason]
    named_lines = sharing if len(sharing) <= MOST_SHARING else sharing[: MOST_SHARING - 1]
    for one in named_lines:
        values = {"what": one.label(lang), **_change(one.old, one.new), "why": one.why(lang)}
        yield VersionLine(_key(number, dimension, "", one.member), values)
    if rest := sharing[len(named_lines) :]:
        what = counted(_OTHER_MEMBERS[lang], dimension=dimension, n=len(rest))
        change = _change(sum(one.old for one in rest), sum(one.new for one in rest))
        texts = {one.why(lang) for one in rest}
        values = {"what": what, **change, "why": texts.pop() if len(texts) == 1 else BY_SHARE[lang]}
        yield VersionLine(_key(number, dimension, _OTHERS, ""), values)


_OTHERS = "…"


def _key(number: int, dimension: str, what: str, member: str) -> str:
    """The key of a line: `what` is blank for a member's whole target, else a run of months, or `_OTHERS`."""
    return joined("v", str(number), dimension, what, member)


def _summary(changed: Sequence[MemberChange], moved: int, lang: Lang) -> str:
    """Say how many members' targets changed and by what, and how many had them moved between months only."""
    went, came = sum(one.went for one in changed), sum(one.came for one in changed)
    locked = sum(one.locked and not one.promised and not one.came for one in changed)
    promised = sum(one.promised and not one.came for one in changed)
    regrouped = sum(one.moved and not one.locked and not one.promised and not one.came for one in changed)
    reasoned = sum(
        bool(one.months) and not (one.promised or one.locked or one.moved or one.came or one.went) for one in changed
    )
    counts = (
        (_COUNT_REMOVED, went),
        (_COUNT_ADDED, came),
        (_COUNT_COMMITMENT, promised),
        (_COUNT_LOCK, locked),
        (_COUNT_MOVE, regrouped),
        (_COUNT_REASON, reasoned),
        (_COUNT_SHARE, len(changed) - promised - locked - came - went - regrouped - reasoned),
    )
    parts = [word[lang].format(n=n) for word, n in counts if n]
    only = moved - len(changed)
    if not changed and moved:
        return _MONTHS_ONLY[lang]
    listed = ("、" if lang == "zh" else ", ").join(parts)
    text = (counted(_MEMBERS_CHANGED[lang], n=len(changed)) + listed) if changed else ""
    return text + (_MONTHS_TOO[lang].format(n=only) if only > 0 else "")


def _change(old: float, new: float) -> dict[str, Value]:
    return {"from": old, "to": new, "change": new - old}


def _read(sheets: dict[str, WrittenSheet]) -> Iterator[VersionLine]:
    """Yield the lines that are in the sheet, as they are."""
    sheet = sheets.get(IDENTITY + "versions")
    for key in sheet.rows if sheet is not None else ():
        if sheet is not None and key.startswith("v:"):
            texts = {c: v for c in VERSION_COLUMNS if isinstance(v := sheet.value(key, c), str | float)}
            yield VersionLine(key, dict.fromkeys(VERSION_COLUMNS) | texts)


def _columns(versions: Versions) -> list[Column]:
    frame = versions.frame
    amounts = [v for line in versions.lines for key in ("from", "to") if isinstance(v := line.values.get(key), float)]
    width = max(frame.amount_width(amounts), 12.0)
    return [
        Column("version", frame.word(Word("版本", "Version")), "text", 8),
        Column("when", frame.word(Word("时间", "When")), "text", 18),
        Column("what", frame.word(Word("变了什么", "What changed")), "text", 34),
        Column("from", frame.word(Word("原目标", "From")), "money", width),
        Column("to", frame.word(Word("新目标", "To")), "money", width),
        Column("change", frame.word(Word("变化", "Change")), "delta", width),
        Column("why", frame.word(Word("依据", "By")), "wrap", 40),
    ]


VERSIONS = Sheet[Versions, Versions](
    key="versions",
    title=Word("目标版本", "Target versions"),
    purpose=Word("每次改变目标的分解:谁从多少变为多少", "Each split that changed targets: whose, from what to what"),
    views=lambda versions: (versions,),
    columns=_columns,
    rows=lambda versions: [
        Row(line.key, line.values, "strong" if line.is_head else "normal") for line in versions.lines
    ],
    grid=False,
    archive=True,
)
