"""What is chosen in 重排 is carried out by a split: decisions are kept in their table, and the plan goes by them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from xlsales.book.edits import CellEdits, Edits
from xlsales.book.protection import refuse_protected
from xlsales.commands.finish import frame_of
from xlsales.commands.job import Job
from xlsales.commands.past_sales import usable_history
from xlsales.commands.targets import split_again
from xlsales.core.arrays import Mask, Steps
from xlsales.core.breakdown import Breakdown
from xlsales.core.concessions import held_months
from xlsales.core.faults import Fault, Listed, Problem, Refused
from xlsales.core.plan import Rest, Waiver
from xlsales.core.replan import Way, over_months
from xlsales.layout.model import IDENTITY
from xlsales.plan.achieved import Achieved
from xlsales.plan.added import typed_rows
from xlsales.plan.entering import Entering
from xlsales.plan.figures import Figures
from xlsales.plan.readiness import COMPANY
from xlsales.plan.replan import faults
from xlsales.plan.replan.read import Decision, Line, Replan
from xlsales.plan.replan.table import T_REPLAN, WAYS
from xlsales.plan.version_changes import Reason
from xlsales.values.serials import to_serial
from xlsales.vocabulary.contract import Word

_TOTAL = "xs_total"
_WHY = Word("重排({way}):{reason}", "re-plan ({way}): {reason}")


class Pick(Struct, frozen=True):
    """A choice that can be carried out: its row, the way, the reason, and what comes off each month, in steps."""

    line: Line
    way: Way
    reason: str
    months: Steps

    @property
    def name(self) -> Word:
        """What the row is called."""
        return Word(self.line.member, self.line.member) if self.line.member else COMPANY


def carried_out(job: Job, breakdown: Breakdown, achieved: Achieved | None) -> Breakdown:
    """Return the split by what is chosen in 重排 with a reason: the one that there is if nothing is.

    What is not carried out is told at its cell. Raises Refused if the plan cannot be split by a choice, at its cell.
    """
    table, sheet = job.book.table(T_REPLAN.name), job.sheets.get(f"{IDENTITY}{T_REPLAN.sheet}")
    if table is None or sheet is None:
        return breakdown
    rows, _ = typed_rows(job.book, job.inputs.lang, job.inputs.money_unit, only=(T_REPLAN.name,))
    frame = frame_of(job, achieved.as_of if achieved else None)
    view = Replan(
        Figures(
            frame, breakdown, job.calendar, achieved, job.history, written=job.sheets,
            load_past=lambda: usable_history(job.inputs, job.run.watch, 0.85),
        ),
        rows.get(T_REPLAN.name, ()),
    )  # fmt: skip
    if view.written is None or next(view.gone, None) is not None:
        return breakdown  # the sheet says so
    picks = _picks(job, view)
    if not picks:
        return breakdown
    places = _enter(job, view, picks)
    try:
        return split_again(job)
    except Refused as refused:
        at = {row: view.written.place(key, "choice") for row, key in places.items()}
        title = table.area.sheet
        raise Refused(
            [
                replace(one, place=at.get(one.place.row or 0, one.place)) if one.place.sheet == title else one
                for one in refused.problems
            ]
        ) from refused


# --- which choices can be carried out ----------------------------------------------


def _picks(job: Job, view: Replan) -> list[Pick]:
    """The choices that can be carried out; what is wrong with others is told."""
    sheet = view.written
    assert sheet is not None  # choices are read from it
    picks: list[Pick] = []

    def refuse(line: Line, fault: Fault, column: str = "choice") -> None:
        job.problems.append(Problem.note(sheet.place(line.key, column), view.choice(line.key).word, fault))

    lines = [view.company, *(line for many in view.members.values() for line in many)]
    for line in lines:
        typed = view.choice(line.key)
        if not typed.word:
            if line is view.company and view.new_total is not None:
                refuse(line, faults.NewTotalAlone())
            continue
        try:
            picks.append(_pick(view, line))
        except faults.NoReason as fault:
            refuse(line, fault, "reason")
        except Fault as fault:
            refuse(line, fault)
    together = dict(_same_money(view, picks))
    wanted = [pick for pick in picks if pick.way is Way.RESERVE and pick.line.key not in together]
    short = _short_reserve(view, wanted)
    together |= {} if short is None else {pick.line.key: short for pick in wanted}
    for pick in picks:
        if pick.line.key in together:
            refuse(pick.line, together[pick.line.key])
    return [pick for pick in picks if pick.line.key not in together]


def _same_money(view: Replan, picks: Sequence[Pick]) -> Iterator[tuple[str, Fault]]:
    """Yield choices that mean the same money twice, none of which is carried out: a second run may do no more."""
    lowered = {one.dimension: None for one in view.figures.breakdown.plan.going_to(Rest.LOWER)}
    lowered |= {pick.line.dimension: None for pick in picks if pick.line.member and pick.way is Way.LOWER}
    for pick in picks:
        others: list[str | Word] = [one.name for one in picks if one.line.member and not pick.line.member]
        others += [one.name for one in picks if not one.line.member and pick.line.member]
        if pick.line.member and pick.way is Way.LOWER:
            others += [name for name in lowered if name is not None and name != pick.line.dimension]
        if others:
            yield pick.line.key, faults.SameMoney(name=pick.name, other=others[0])


def _pick(view: Replan, line: Line) -> Pick:
    """The choice of a row; raises the Fault for which it is not carried out."""
    typed, lang = view.choice(line.key), view.frame.lang
    name = line.member or COMPANY
    if typed.way is None:
        raise faults.NotAWay(found=typed.word, ways=Listed(word[lang] for word in WAYS.values()))
    way, is_new = typed.way, not line.member and view.new_total is not None
    facts = {"name": name, "way": WAYS[way]}
    part = view.figures.breakdown.dimensions[line.dimension] if line.member else None
    if part is not None and not part.dimension.is_leaf(line.position):
        raise faults.OfParent(**facts)
    if not line.member and view.new_total_at_fault:
        raise faults.NewTotalUnread(**facts)
    if not typed.reason:
        raise faults.NoReason(**facts)
    if not view.n_closed and not is_new:
        raise faults.NotYet()
    if not line.place and not is_new:
        raise faults.NothingToPlace(**facts)
    plan = view.figures.breakdown.plan
    if not line.member:
        total, closed = _new_total(view, line, way), int(view.figures.breakdown.months[~_open(view)].sum())
        if total < closed and total != plan.total:
            said, shut = (view.said(steps * view.step) for steps in (total, closed))
            raise faults.BelowClosed(way=WAYS[way], total=said, closed=shut)
    months = np.zeros(len(view.figures.months), dtype=np.int64)
    if way is Way.RESERVE or (way is Way.LOWER and part is not None):
        targets = view.figures.breakdown.months if part is None else part.months[line.position]
        free = _open(view)
        if part is not None:
            targets = np.minimum(targets, targets - _moved(view, line))
            free &= ~held_months(plan, view.figures.breakdown.timeline, part.dimension, line.position)
        shared = over_months(line.place, targets, free)
        if shared is None:
            amount, room = (view.said(steps * view.step) for steps in (line.place, int(targets[free].sum())))
            raise faults.NoRoom(**facts, amount=amount, room=room)
        months = shared
    return Pick(line, way, typed.reason, months)


def _moved(view: Replan, line: Line) -> Steps:
    """What transfers and reliefs add to a member's months, in steps: they follow the split, from which it is waived."""
    moved = np.zeros(len(view.figures.months), dtype=np.int64)
    for one in view.figures.breakdown.adjusted:
        moved += one.deltas.get((line.dimension, line.member), 0) // view.step
    return moved


def _open(view: Replan) -> Mask:
    """The months that are not over and not closed."""
    plan, as_of = view.figures.breakdown.plan, view.frame.as_of
    last = max((day for day in (plan.closed_through, as_of) if day is not None), default=None)
    return np.array([last is None or month.end > last for month in view.figures.months])


def _short_reserve(view: Replan, wanted: Sequence[Pick]) -> Fault | None:
    """The fault of reserves that are chosen beyond what may be used; those of the dimension that has most count."""
    if not wanted:
        return None
    by_dimension: dict[str, int] = {}
    for pick in wanted:
        by_dimension[pick.line.dimension] = by_dimension.get(pick.line.dimension, 0) + pick.line.place * view.step
    amount = max(by_dimension.values())
    left = (view.reserve or 0) - view.used
    if amount <= left:
        return None
    return faults.ReserveTooSmall(amount=view.said(amount), left=view.said(max(left, 0)))


# --- what is entered ----------------------------------------------------------------


class Entry(Struct, frozen=True):
    """A row of the table, in steps: of a month, or of the whole plan (None); `waives`: what comes off that month."""

    month: int | None
    before: int
    after: int
    amount: int
    waives: bool = False


def _entries(view: Replan, pick: Pick) -> Iterator[Entry]:
    """Yield the rows of a decision: its months, or the whole plan if none of them comes down or its total changes."""
    breakdown, line = view.figures.breakdown, pick.line
    if line.member:
        part = breakdown.dimensions[line.dimension]
        targets = part.months[line.position]
        before = after = int(targets.sum())
    else:
        targets, before, after = breakdown.months, breakdown.plan.total, _new_total(view, line, pick.way)
    if before != after or not pick.months.any():
        yield Entry(None, before, after, 0 if pick.months.any() else line.place)
    for m in np.flatnonzero(pick.months).tolist():
        target, less = int(targets[m]), int(pick.months[m])
        yield Entry(m, target, target - less, less, waives=True)


def _new_total(view: Replan, line: Line, way: Way) -> int:
    """What the total becomes by a choice for the company."""
    total = view.figures.breakdown.plan.total if view.new_total is None else view.new_total
    return total - (line.place if way is Way.LOWER else 0)


def _enter(job: Job, view: Replan, picks: Sequence[Pick]) -> dict[int, str]:
    """Enter the decisions into the table, and let the plan go by them; return the row in 重排 by that of the table."""
    table, plan, lang = Entering(job.book, T_REPLAN), job.inputs.plan, job.inputs.lang
    today, months = job.run.now.date(), view.figures.months
    rows: dict[int, str] = {}
    total, waivers = plan.total, list(plan.waivers)
    for pick in picks:
        line = pick.line
        words = {"dimension": line.dimension or None, "member": line.member or None, "rest": WAYS[pick.way][lang]}
        words |= {"reason": pick.reason}
        for one in _entries(view, pick):
            amounts = {key: getattr(one, key) * plan.step_micros / plan.unit_micros for key in _AMOUNTS}
            period = None if one.month is None else months[one.month].key
            done = float(to_serial(today, job.book.date1904))
            row = table.enter({**words, **amounts, "period": period, "done": done})
            rows[row] = line.key
            if one.waives and period is not None:
                dimension, member = line.dimension or None, line.member or None
                waivers.append(Waiver(period, one.amount, Rest(pick.way.value), dimension, member, row))
        if not line.member:
            total += _new_total(view, line, pick.way) - view.figures.breakdown.plan.total
        own = line.dimension, line.member, line.place * view.step, pick.way, pick.reason, today.isoformat()
        job.carried = (*job.carried, Decision(*own, is_new=True))
        job.reasons |= dict(_reasons(view, pick))
    job.inputs = replace(job.inputs, plan=replace(plan, total=total, waivers=tuple(waivers)))
    edits = table.edits()
    if total != plan.total:
        edits += _total_edit(job, total)
    refuse_protected(job.book, edits)
    if total != plan.total or len(waivers) > len(plan.waivers):
        job.enters += edits
    else:
        job.announced += edits
    return rows


_AMOUNTS = ("before", "after", "amount")


def _total_edit(job: Job, total: int) -> Edits:
    """What writes a total into the settings. Raises Refused if a person computes it by a formula."""
    area = job.book.area(_TOTAL)
    assert area is not None  # it was read from there
    sheet, at = job.book.sheet(area.sheet), (area.row, area.column)
    cell = job.book.cells(sheet).get(at) if sheet is not None else None
    if cell is not None and cell.formula:
        raise Refused([Problem(job.setting_place(_TOTAL), "", faults.TotalIsFormula(total=job.inputs.money(total)))])
    amount = float(total * job.inputs.plan.step_micros / job.inputs.plan.unit_micros)
    return Edits((CellEdits(area.sheet, {at: amount}),))


def _reasons(view: Replan, pick: Pick) -> Iterator[tuple[tuple[str, str, str], Reason]]:
    """Yield why months change, of whom the decision is about and of whom it reaches."""
    lang, line = view.frame.lang, pick.line
    text = _WHY[lang].format(way=WAYS[pick.way][lang], reason=pick.reason)
    months = [month.key for month, is_open in zip(view.figures.months, _open(view), strict=True) if is_open]
    if line.member:
        months = [view.figures.months[m].key for m in np.flatnonzero(pick.months)]
        parents, at = view.figures.breakdown.dimensions[line.dimension].dimension.parents, line.position
        members = view.figures.breakdown.dimensions[line.dimension].dimension.members
        whose = [(line.dimension, line.member)]
        while pick.way is Way.LOWER and (at := parents[at]) >= 0:
            whose.append((line.dimension, members[at].name))
        whose += [("", "")] if pick.way is Way.LOWER else []
    else:
        every = view.figures.breakdown.dimensions.items()
        whose = [("", ""), *((name, member.name) for name, part in every for member in part.dimension.members)]
    for n, (dimension, member) in enumerate(whose):
        for month in months:
            yield (dimension, member, month), Reason(text, named=not n)
