"""What a split changes in the targets of the sheets, as 目标版本 tells it: whose, from what to what, and why."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct

from xlsales.book.keyed import WrittenSheet
from xlsales.core.breakdown import Breakdown, DimensionBreakdown
from xlsales.core.faults import Lang
from xlsales.core.periods import Level
from xlsales.core.plan import MICROS
from xlsales.layout.model import IDENTITY
from xlsales.plan.written_members import MEMBER, member_rows, parents_in, rows_in_sheet
from xlsales.vocabulary.contract import Word

_BY_COMMITMENT = Word("接受承诺:{periods}", "accepted commitment: {periods}")
_RENAMED = Word("{member}(原 {names})", "{member} (was {names})")
BY_SHARE = Word("余额重新分摊", "share of the rest")


class Reason(Struct, frozen=True):
    """Why a month's target changes; `named` is a member that the reason is about, others only follow."""

    text: str
    named: bool = True


Reasons = Mapping[tuple[str, str, str], Reason]
"""Why months change: by dimension, member and key of the month; the company's with blank names."""


class MonthRun(Struct, frozen=True):
    """Months in a row that change for the same reason: their targets in yuan before and after, and what they are."""

    old: float
    new: float
    label: str
    why: Reason
    committed: bool = False


class MemberChange(Struct, frozen=True):
    """A member with a changed target, in yuan; `months` are those that change for a reason of their own."""

    dimension: str
    member: str
    old: float
    new: float
    locked: bool
    """Whether it, or a period of it, is locked, and the reasons of its months are not all of its change."""
    months: tuple[MonthRun, ...]
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
        return self.locked or any(run.why.named for run in self.months) or self.came or self.went or self.moved

    @property
    def promised(self) -> bool:
        """Whether it committed to months that change."""
        return any(run.committed for run in self.months)

    def why(self, lang: Lang) -> str:
        """The reasons that make up all of its change; without them that it shares what others left."""
        texts = list(dict.fromkeys(run.why.text for run in self.months if not run.committed))
        explained = texts and equal(_by(self.months), self.new - self.old)
        return (";" if lang == "zh" else "; ").join(texts) if explained else BY_SHARE[lang]


def _by(runs: Sequence[MonthRun]) -> float:
    """By how much months change."""
    return sum(run.new - run.old for run in runs)


def changed_members(
    sheets: dict[str, WrittenSheet], breakdown: Breakdown, reasons: Reasons, lang: Lang
) -> list[MemberChange]:
    """Return the members with a changed target, of the plan or of months with a reason of their own; largest first."""
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
            why = {
                m: reason
                for m, key in enumerate(months)
                if (reason := _COMMITTED if key in of_store else reasons.get((name, member.name, key)))
                and not equal(*values[m])
            }
            came = not rows[i]
            old, new = 0.0 if came else sheet.together(rows[i], "target"), float(part.targets[i]) * step
            if why or came or not equal(old, new):
                runs = tuple(month_runs(why, values, months, lang))
                explained = any(not run.committed for run in runs) and equal(_by(runs), new - old)
                locked = not explained and (member.locked is not None or len(locks) > len(of_store))
                changes.append(
                    MemberChange(
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
            MemberChange(name, row.removeprefix(MEMBER), sheet.number(row, "target"), 0.0, False, (), went=True)
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
        if own and children and not equal(math.fsum(had), sheet.together(own, "target")):
            moved.add(i)
    return moved


_COMMITTED = Reason("")
"""Of the months that a member committed to; their text names them."""


def month_runs(
    why: Mapping[int, Reason], values: Sequence[tuple[float, float]], months: Sequence[str], lang: Lang
) -> Iterator[MonthRun]:
    """Yield the months with a reason, those in a row with the same one together."""
    for (_, reason), pairs in groupby(enumerate(why), key=lambda pair: (pair[1] - pair[0], why[pair[1]])):
        run = [month for _, month in pairs]
        label = months[run[0]] if len(run) == 1 else f"{months[run[0]]} – {months[run[-1]]}"
        committed = reason is _COMMITTED
        text = Reason(_BY_COMMITMENT[lang].format(periods=label)) if committed else reason
        yield MonthRun(sum(values[m][0] for m in run), sum(values[m][1] for m in run), label, text, committed)


def moved_members(sheets: dict[str, WrittenSheet], breakdown: Breakdown) -> int:
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
            count += any(not equal(o, steps * step) for o, steps in zip(old, row, strict=True))
    if count:
        return count
    time = sheets[IDENTITY + "time"]
    days = zip(breakdown.timeline.periods(Level.DAY), breakdown.days.tolist(), strict=True)
    day_step = breakdown.day_micros / MICROS
    return int(any(not equal(time.number(day.key, "target"), steps * day_step) for day, steps in days))


def equal(old: float, new: float) -> bool:
    """Whether two amounts in yuan are the same target."""
    return math.isclose(old, new, rel_tol=1e-12, abs_tol=1e-6)
