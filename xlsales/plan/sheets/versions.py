"""Sheet 目标版本: every split that changed targets, what it changed and by what.

A split reads the earlier versions back from the sheet, and adds one if it changes a target.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from xlsales.book.keyed import WrittenSheet
from xlsales.core.breakdown import Breakdown, DimensionBreakdown
from xlsales.core.faults import Lang
from xlsales.core.keys import joined
from xlsales.core.periods import Level
from xlsales.core.plan import MICROS
from xlsales.core.text import counted
from xlsales.layout.model import IDENTITY, Column, Row, Value
from xlsales.layout.sheet import Frame, Sheet
from xlsales.plan.written_members import MEMBER, member_rows, parents_in, rows_in_sheet
from xlsales.vocabulary.contract import Word

VERSION_COLUMNS = ("version", "when", "what", "from", "to", "change", "why")
"""Column keys; earlier versions are read back from the sheet by them."""
_FIRST_SPLIT, _TOTAL_TARGET = Word("首次分解", "First split"), Word("总目标", "Total target")
_BY_COMMITMENT = Word("接受承诺:{periods}", "accepted commitment: {periods}")
_RENAMED = Word("{member}(原 {names})", "{member} (was {names})")
_BY_MOVE, _COUNT_MOVE = Word("成员换上级", "members moved"), Word("成员换上级 {n}", "members moved {n}")
_BY_LOCK, _BY_SHARE = Word("锁定", "locked"), Word("余额重新分摊", "share of the rest")
_MEMBERS_CHANGED = Word("{n} 个成员的目标改变:", "targets of {n:members} changed: ")
_ADDED, _REMOVED = Word("新增", "added"), Word("撤销", "removed")
_COUNT_ADDED, _COUNT_REMOVED = Word("新增 {n}", "added {n}"), Word("撤销 {n}", "removed {n}")
_COUNT_COMMITMENT, _COUNT_LOCK = Word("接受承诺 {n}", "commitments {n}"), Word("锁定 {n}", "locks {n}")
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
    sheets: dict[str, WrittenSheet], breakdown: Breakdown, when: dt.datetime, lang: Lang
) -> tuple[VersionLine, ...] | None:
    """Return the lines of the sheet after a split, the newest version first; None if no target changed.

    `sheets` are the written sheets as they were before the split.
    """
    time = sheets.get(IDENTITY + "time")
    earlier = list(_read(sheets))
    number = max(map(_number, earlier), default=0) + 1
    total = breakdown.plan.total * breakdown.plan.step_micros / MICROS
    before = time.number("total", "target") if time is not None else math.nan
    changed = [] if time is None else _changed(sheets, breakdown)
    moved = 0 if time is None else _moved(sheets, breakdown)
    if time is not None and not changed and not moved and _equal(before, total):
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
    lines = [line for name in breakdown.dimensions for line in _lines(name, changed, number, lang)]
    recent = [line for line in earlier if _number(line) > max(number - KEPT, 0)]
    return (head, *lines, *recent)


def _number(line: VersionLine) -> int:
    text = line.key.split(":", 2)[1]
    return int(text) if text.isdecimal() else 0


class _Changed(Struct, frozen=True):
    """A member with a changed target, in yuan; `promised` are runs of months that it committed to: from, to, label."""

    dimension: str
    member: str
    old: float
    new: float
    locked: bool
    promised: tuple[tuple[float, float, str], ...]
    came: bool = False
    went: bool = False
    moved: bool = False
    was: tuple[str, ...] = ()
    """The names by which the sheet had it, if they are others."""

    def label(self, lang: Lang) -> str:
        """Its dimension and name, with those that it had."""
        if not self.was:
            return f"{self.dimension} {self.member}"
        names = ("、" if lang == "zh" else ", ").join(self.was)
        return f"{self.dimension} {_RENAMED[lang].format(member=self.member, names=names)}"

    @property
    def has_reason(self) -> bool:
        """Whether its target changed for a reason of its own, not for what others left."""
        return self.locked or bool(self.promised) or self.came or self.went or self.moved


def _changed(sheets: dict[str, WrittenSheet], breakdown: Breakdown) -> list[_Changed]:
    """Return the members with a changed target, of the plan or of months that they committed to; largest first."""
    step = breakdown.plan.step_micros / MICROS
    months = [period.key for period in breakdown.timeline.periods(Level.MONTH)]
    changes = []
    for name, part in breakdown.dimensions.items():
        sheet = sheets.get(f"{IDENTITY}dimension:{name}")
        if sheet is None:
            continue
        _, removed = member_rows(sheet, part.dimension)
        rows = rows_in_sheet(sheet, part.dimension)
        moved = _regrouped(sheet, part, rows, removed)
        for i, member in enumerate(part.dimension.members):
            locks = [k for k in breakdown.plan.locks if (k.dimension, k.member) == (name, member.name)]
            of_store = {k.period for k in locks if k.committed}
            values = [
                (sheet.together(rows[i], f"t:{key}"), float(part.months[i][m]) * step) for m, key in enumerate(months)
            ]
            hit = [m for m, key in enumerate(months) if key in of_store and not _equal(*values[m])]
            came = not rows[i]
            old, new = 0.0 if came else sheet.together(rows[i], "target"), float(part.targets[i]) * step
            if hit or came or not _equal(old, new):
                runs = tuple(_run([values[m] for m in run], [months[m] for m in run]) for run in _runs(hit))
                locked = member.locked is not None or len(locks) > len(of_store)
                changes.append(
                    _Changed(
                        name,
                        member.name,
                        old,
                        new,
                        locked,
                        runs,
                        came,
                        moved=i in moved,
                        was=_was(rows[i], member.name),
                    )
                )
        changes += [
            _Changed(name, row.removeprefix(MEMBER), sheet.number(row, "target"), 0.0, False, (), went=True)
            for row in removed
        ]
    return sorted(changes, key=lambda one: (not one.went, not one.came, -abs(one.new - one.old), one.member))


def _was(rows: Sequence[str], name: str) -> tuple[str, ...]:
    names = (row.removeprefix(MEMBER) for row in rows)
    return tuple(was for was in names if was != name)


def _regrouped(
    sheet: WrittenSheet, part: DimensionBreakdown, rows: Sequence[Sequence[str]], removed: Sequence[str]
) -> set[int]:
    """Return the members that have other members below them than in the sheet: what these had is not what it shows.

    Parents are not compared if they differ anyway: by a stretch, by what nobody took, or by a member that is gone.
    """
    parents = parents_in(sheet)
    moved = {i for i, own in enumerate(rows) if part.dimension.is_leaf(i) and parents.intersection(own)}
    apart = (
        part.stretch.any()
        or part.unassigned.any()
        or any(row.startswith(("stretch:", "unassigned:")) for row in sheet.rows)
    )
    if removed or apart:
        return moved
    for i, own in enumerate(rows):
        children = part.dimension.children(i)
        had = [sheet.together(rows[child], "target") for child in children if rows[child]]
        if own and children and not _equal(math.fsum(had), sheet.together(own, "target")):
            moved.add(i)
    return moved


def _runs(months: Sequence[int]) -> Iterator[list[int]]:
    """Yield months in a row together."""
    for _, run in groupby(enumerate(months), key=lambda pair: pair[1] - pair[0]):
        yield [month for _, month in run]


def _run(values: Sequence[tuple[float, float]], months: Sequence[str]) -> tuple[float, float, str]:
    label = months[0] if len(months) == 1 else f"{months[0]} – {months[-1]}"
    return sum(old for old, _ in values), sum(new for _, new in values), label


def _lines(dimension: str, changed: Sequence[_Changed], number: int, lang: Lang) -> Iterator[VersionLine]:
    """Yield the lines of a dimension: who changed for a reason of its own, then who shares what is left."""
    here = [one for one in changed if one.dimension == dimension]
    for one in (one for one in here if one.has_reason):
        what = one.label(lang)
        came_or_went = _REMOVED if one.went else _ADDED if one.came else None
        why = (came_or_went or (_BY_LOCK if one.locked else _BY_MOVE if one.moved else _BY_SHARE))[lang]
        months = []
        for old, new, label in one.promised:
            by = _BY_COMMITMENT[lang].format(periods=label)
            if _equal(old, one.old) and _equal(new, one.new):  # all that the plan asks of it
                why = by
            else:
                values = {"what": f"{what} {label}", **_change(old, new), "why": by}
                months.append(VersionLine(_key(number, dimension, label, one.member), values))
        if came_or_went or not _equal(one.old, one.new):
            values = {"what": what, **_change(one.old, one.new), "why": why}
            yield VersionLine(_key(number, dimension, "", one.member), values)
        yield from months
    sharing = [one for one in here if not one.has_reason]
    named_lines = sharing if len(sharing) <= MOST_SHARING else sharing[: MOST_SHARING - 1]
    for one in named_lines:
        values = {"what": one.label(lang), **_change(one.old, one.new), "why": _BY_SHARE[lang]}
        yield VersionLine(_key(number, dimension, "", one.member), values)
    if rest := sharing[len(named_lines) :]:
        what = counted(_OTHER_MEMBERS[lang], dimension=dimension, n=len(rest))
        change = _change(sum(one.old for one in rest), sum(one.new for one in rest))
        values = {"what": what, **change, "why": _BY_SHARE[lang]}
        yield VersionLine(_key(number, dimension, _OTHERS, ""), values)


_OTHERS = "…"


def _key(number: int, dimension: str, what: str, member: str) -> str:
    """The key of a line: `what` is blank for a member's whole target, else a run of its months, or `_OTHERS`."""
    return joined("v", str(number), dimension, what, member)


def _summary(changed: Sequence[_Changed], moved: int, lang: Lang) -> str:
    """Say how many members' targets changed and by what, and how many had them moved between months only."""
    went, came = sum(one.went for one in changed), sum(one.came for one in changed)
    locked = sum(one.locked and not one.promised and not one.came for one in changed)
    promised = sum(bool(one.promised) and not one.came for one in changed)
    regrouped = sum(one.moved and not one.locked and not one.promised and not one.came for one in changed)
    counts = (
        (_COUNT_REMOVED, went),
        (_COUNT_ADDED, came),
        (_COUNT_COMMITMENT, promised),
        (_COUNT_LOCK, locked),
        (_COUNT_MOVE, regrouped),
        (_COUNT_SHARE, len(changed) - promised - locked - came - went - regrouped),
    )
    parts = [word[lang].format(n=n) for word, n in counts if n]
    only = moved - len(changed)
    if not changed and moved:
        return _MONTHS_ONLY[lang]
    listed = ("、" if lang == "zh" else ", ").join(parts)
    text = (counted(_MEMBERS_CHANGED[lang], n=len(changed)) + listed) if changed else ""
    return text + (_MONTHS_TOO[lang].format(n=only) if only > 0 else "")


def _moved(sheets: dict[str, WrittenSheet], breakdown: Breakdown) -> int:
    """Return how many members have another target in any month; 1 at least if any day has."""
    step = breakdown.plan.step_micros / MICROS
    columns = [f"t:{period.key}" for period in breakdown.timeline.periods(Level.MONTH)]
    count = 0
    for name, part in breakdown.dimensions.items():
        sheet = sheets.get(f"{IDENTITY}dimension:{name}")
        if sheet is None:
            count += len(part.dimension.members)
            continue
        rows, _ = member_rows(sheet, part.dimension)
        for own, row in zip(rows, part.months.tolist(), strict=True):
            old = (sheet.together(own, c) for c in columns)
            count += any(not _equal(o, steps * step) for o, steps in zip(old, row, strict=True))
    if count:
        return count
    time = sheets[IDENTITY + "time"]
    days = zip(breakdown.timeline.periods(Level.DAY), breakdown.days.tolist(), strict=True)
    day_step = breakdown.day_micros / MICROS
    return int(any(not _equal(time.number(day.key, "target"), steps * day_step) for day, steps in days))


def _equal(old: float, new: float) -> bool:
    return math.isclose(old, new, rel_tol=1e-12, abs_tol=1e-6)


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
