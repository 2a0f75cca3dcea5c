"""The targets in the sheets of a workbook: those that a split wrote, with what a person changed since."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
from msgspec.structs import replace

from xlsales.book.keyed import WrittenSheet
from xlsales.core.arrays import Steps
from xlsales.core.breakdown import Breakdown, DimensionBreakdown, EarlierTargets, sum_by
from xlsales.core.faults import Fault, Place, Problem, Refused
from xlsales.core.periods import Level, Timeline
from xlsales.core.plan import MICROS, Dimension, Plan
from xlsales.core.tree import Parents
from xlsales.layout.model import IDENTITY, fingerprint, is_target
from xlsales.ooxml.cells import BLANK, Cell, Value
from xlsales.plan.sheets.by_dimension import DIMENSION
from xlsales.plan.sheets.by_time import TIME
from xlsales.plan.written_members import MEMBER, member_rows, parents_in, written_parents
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.words import with_name


class NotSplitYet(Fault):
    """Progress is asked for before there are targets."""

    zh = "还没有分解目标。请先运行“分解目标”(xlsales split)。"
    en = "There are no targets yet. Run split first (xlsales split)."


class SheetGone(Fault):
    """A breakdown sheet, or its hidden keys, were deleted."""

    zh = "找不到“{title_zh}”,或它隐藏的第 1 行、A 列被删了。请运行“分解目标”(xlsales split)重新生成。"
    en = '"{title_en}" is gone, or its hidden row 1 or column A was deleted. Run split to write it anew.'


class TargetGone(Fault):
    """A target cell of a breakdown sheet holds no number."""

    zh = "“{row}”的目标不是数字。请撤销改动,或重新运行“分解目标”。"
    en = 'The target of "{row}" is no number. Undo the change, or run split again.'


class NotInBreakdown(Fault):
    """A member, day or month of the plan has no row or column in the breakdown sheet."""

    zh = "“{name}”不在这张表里(计划改过,或它被删了)。请重新运行“分解目标”。"
    en = '"{name}" is not in this sheet (the plan has changed, or it was deleted). Run split again.'


class MonthMoved(Fault):
    """A month has other days in the sheets than by the settings."""

    zh = "“{month}”现在是 {start} 至 {end},表里的不是:财月改过。请重新运行“分解目标”。"
    en = '"{month}" is {start} to {end} now, and not in this sheet: months were changed. Run split again.'


class ClosedMonthMoved(Fault):
    """A closed month has other days in the sheets than by the settings, so it could not stay as it is."""

    zh = "“{month}”已关账,现在却是 {start} 至 {end},与表里的不同。请把“财月截止日”改回原来的,或清空“已关账至”。"
    en = (
        '"{month}" is closed, but is {start} to {end} now, other days than in this sheet. Take "Fiscal months end on '
        'day" back to what it was, or clear "Closed through".'
    )


class ClosedFinerThanStep(Fault):
    """A closed target is no multiple of the plan's step, so it could not stay as it is."""

    zh = "已关账的目标 {amount} 不是最小步长({step})的整数倍。请把最小步长改回原来的,或改“已关账至”。"
    en = (
        "The closed target {amount} is no multiple of the smallest step ({step}). "
        'Take the step back to what it was, or change "Closed through".'
    )


class ChangedByHand(Fault):
    """Targets in a breakdown sheet differ from what was written."""

    zh = "这张表的目标被手工改过,合计可能不再闭合。要固定某个目标,请填在“锁定”表或维度表的“锁定目标”,再运行“分解目标”。"
    en = (
        "Targets in this sheet were changed by hand and may no longer add up. "
        "To fix a target, enter it in Locks or as a locked target, and run split."
    )


class SplitAnew(Fault):
    """Targets that were changed by hand have been split anew."""

    asked = True
    urgent = True
    zh = (
        "这张表里手工改过的目标已按计划重新分解(已关账的除外)。要固定某个目标,请填在“锁定”表或维度表的“锁定目标”;"
        "要取回改过的表,请运行“撤销上次”。"
    )
    en = (
        "Targets changed by hand in this sheet were split anew (closed months aside). To fix a target, enter it in "
        "Locks or as a locked target; to get the changed sheet back, run undo."
    )


class FiguresChanged(Fault):
    """Figures that were changed by hand in a sheet that is worked out from a table of its own."""

    asked = True
    zh = "这张表是按“{zh_table}”表算出来的,手工改过的数会重新算出。要改,请改那张表;要取回改过的表,请运行“撤销上次”。"
    en = (
        'This sheet is worked out from "{en_table}": figures changed by hand are worked out anew. Change them there; '
        "to get the changed sheet back, run undo."
    )


class NoLongerWritten(Fault):
    """A sheet of a dimension that the plan no longer has."""

    zh = "维度“{dimension}”已不在计划里,这张表不再更新。不需要时请删除它。"
    en = 'The plan no longer has the dimension "{dimension}"; this sheet is not updated. Delete it if unneeded.'


def targets_changed(sheet: WrittenSheet) -> bool:
    """Whether target cells differ from those that were written."""
    stored = sheet.stamp.rpartition("|")[2]
    if not stored:
        return False
    columns = [(column, x) for column, x in sheet.columns.items() if is_target("", column)]
    targets: list[tuple[str, str, float]] = []
    repeated: list[tuple[str, str, float]] = []
    for row, y in sheet.rows.items():
        cells = sheet.cells.row(y)
        numbers = targets if is_target(row, "target") else repeated
        numbers += [
            (row, column, cell.value)
            for column, x in columns
            if (cell := cells.get(x)) is not None and type(cell.value) is float and not cell.formula
        ]
    if stored == fingerprint(targets):
        return False
    return stored != fingerprint([*targets, *repeated])  # earlier versions: of all


def read_targets(sheets: dict[str, WrittenSheet], plan: Plan, timeline: Timeline) -> Breakdown:
    """Return the targets that are in the sheets; raises Refused if one is missing or no number.

    The total is what the days add up to, and the steps divide every target, whatever the plan says by now.
    """
    time = sheets.get(IDENTITY + "time")
    if time is None:
        raise _gone(sheets, TIME.title)
    reader = _Targets(1)
    reader.months(time, timeline, MonthMoved)
    days = reader.days(time, timeline)
    dimensions = {}
    for dimension in plan.dimensions:
        sheet = sheets.get(f"{IDENTITY}dimension:{dimension.name}")
        if sheet is None:
            raise _gone(sheets, DIMENSION.title, dimension.name)
        dimensions[dimension.name] = reader.dimension(sheet, dimension, timeline)
    if reader.problems:
        raise Refused(reader.problems)
    company = sum_by(days, timeline.index_of_day(Level.MONTH), len(timeline.periods(Level.MONTH)))
    parts = [company, *(a for d in dimensions.values() for a in (d.months.ravel(), d.stretch, d.unassigned))]
    step = math.gcd(plan.step_micros, *(int(np.gcd.reduce(part)) for part in parts if len(part)))
    exact = {
        name: DimensionBreakdown(d.dimension, d.months // step, d.stretch // step, d.unassigned // step)
        for name, d in dimensions.items()
    }
    plan_as_written = replace(plan, total=int(days.sum()) // step, step_micros=step)
    unit = int(np.gcd.reduce(days, initial=plan_as_written.day_step_micros))
    return Breakdown(plan_as_written, timeline, days // unit, exact, step // unit)


def _gone(sheets: dict[str, WrittenSheet], title: Word, name: str = "") -> Fault:
    """Why a sheet is not there: nothing was split yet, or it was deleted since."""
    if not sheets:
        return NotSplitYet()
    return SheetGone(title_zh=with_name(title, name, "zh"), title_en=with_name(title, name, "en"))


def closed_targets(sheets: dict[str, WrittenSheet], plan: Plan, timeline: Timeline) -> EarlierTargets | None:
    """Return the targets in the sheets for what is closed; None if nothing was split yet.

    A day that is not there, or not closed, is -1.

    A member has those of its former names too; those that are in the sheets alone are there by their names. A parent
    that is none any more, or is gone, has none: they are those of the members that were below it.
    Raises Refused if a closed target is no number, or if that of a month is no multiple of the plan's step.
    """
    time = sheets.get(IDENTITY + "time")
    through = plan.closed_through
    if time is None or through is None:
        return None
    closed = [m for m in timeline.periods(Level.MONTH) if m.end <= through]
    reader, exact = _Targets(plan.step_micros), _Targets(1)
    days = np.full(timeline.n_days, -1, dtype=np.int64)
    for i, day in enumerate(timeline.periods(Level.DAY)):
        if closed and day.start <= closed[-1].end and day.key in time.rows:
            days[i] = exact.steps(time, day.key, "target")
    exact.months(time, timeline, ClosedMonthMoved, len(closed))
    reader.problems = exact.problems
    for month in closed:
        if (days[timeline.slice_of(month)] >= 0).all():  # a month is whole steps, whatever its days are
            reader.whole(time, month.key, int(days[timeline.slice_of(month)].sum()))
    unit = int(np.gcd.reduce(days[days > 0], initial=plan.step_micros))
    months: dict[str, dict[str, Steps]] = {}
    parents: dict[str, Parents] = {}
    for dimension in plan.dimensions:
        sheet = sheets.get(f"{IDENTITY}dimension:{dimension.name}")
        if sheet is not None:
            months[dimension.name] = reader.closed_members(sheet, dimension, timeline, len(closed))
            parents[dimension.name] = written_parents(sheet, dimension)
    if reader.problems:
        raise Refused(reader.problems)
    return EarlierTargets(np.where(days > 0, days // unit, days), months, parents, plan.step_micros // unit)


_BLANK = Cell(BLANK)


class _Targets:
    """Reads target cells as whole steps, gathering what is wrong."""

    def __init__(self, step_micros: int) -> None:
        self.step_micros = step_micros
        self.problems: list[Problem] = []

    def steps(self, sheet: WrittenSheet, row: str, column: str, required: bool = True) -> int:
        return self.read(sheet.value(row, column), sheet, row, column, required)

    def read(self, value: Value, sheet: WrittenSheet, row: str, column: str, required: bool = True) -> int:
        """The steps of what a cell holds."""
        if isinstance(value, float):
            micros = (
                int(value) * MICROS
                if value.is_integer() and abs(value) < 1e15
                else round(Decimal(repr(value)) * MICROS)
            )
            self.whole(sheet, row, micros, column)
            return micros // self.step_micros
        if required:
            text = "" if value is BLANK else str(value)
            fault = TargetGone(row=row.partition(":")[2] or row)
            self.problems.append(Problem(sheet.place(row, column), text, fault))
        return 0

    def whole(self, sheet: WrittenSheet, row: str, micros: int, column: str = "target") -> None:
        """Note a target that is no multiple of the step; one is enough: the step is at fault."""
        if micros % self.step_micros and not self.problems:
            step, amount = Decimal(self.step_micros) / MICROS, f"{micros / MICROS:.15g}"
            finer = ClosedFinerThanStep(amount=amount, step=f"{step.normalize():f}")
            self.problems.append(Problem(sheet.place(row, column), amount, finer))

    def months(self, sheet: WrittenSheet, timeline: Timeline, moved: type[Fault], count: int | None = None) -> None:
        """Note the first month (of the first `count`) that begins or ends otherwise than in the sheet.

        Where the plan itself begins and ends does not count.
        """
        for month in timeline.periods(Level.MONTH)[:count]:
            ends = {"start": month.start, "end": month.end}
            for column, day in ends.items():
                own, other = sheet.number(month.key, column), sheet.number(day.isoformat(), column)
                if day not in (timeline.start, timeline.end) and abs(own - other) >= 1:
                    self.problems.append(Problem(sheet.place(month.key, column), "", moved(month=month.key, **ends)))
                    return

    def days(self, sheet: WrittenSheet, timeline: Timeline) -> Steps:
        keys = [p.key for p in timeline.periods(Level.DAY)]
        missing = [key for key in keys if key not in sheet.rows]
        if missing:  # one sentence, even if the whole period has changed
            self.problems.append(Problem(Place(sheet.title), missing[0], NotInBreakdown(name=missing[0])))
            return np.zeros(len(keys), dtype=np.int64)
        return np.array([self.steps(sheet, key, "target") for key in keys], dtype=np.int64)

    def closed_members(
        self, sheet: WrittenSheet, dimension: Dimension, timeline: Timeline, n_closed: int
    ) -> dict[str, Steps]:
        """The months of each member of the plan or the sheet; 0 if a month is not closed or not there."""
        keys = [f"t:{m.key}" for m in timeline.periods(Level.MONTH)]
        rows, removed = member_rows(sheet, dimension)
        parents = parents_in(sheet)

        def months(row: str, required: bool) -> list[int]:
            closed = (i < n_closed and key in sheet.columns for i, key in enumerate(keys))
            return [self.steps(sheet, row, k, required) if c else 0 for k, c in zip(keys, closed, strict=True)]

        members = zip((member.name for member in dimension.members), rows, strict=True)
        by_name = {
            name: np.array([months(row, True) for row in own], np.int64).sum(axis=0) for name, own in members if own
        }
        return by_name | {
            row.removeprefix(MEMBER): np.array(months(row, False), np.int64) for row in removed if row not in parents
        }

    def dimension(self, sheet: WrittenSheet, dimension: Dimension, timeline: Timeline) -> DimensionBreakdown:
        columns = [f"t:{m.key}" for m in timeline.periods(Level.MONTH)]
        rows, _ = member_rows(sheet, dimension)
        missing = [m.name for m, own in zip(dimension.members, rows, strict=True) if not own]
        missing += [c.removeprefix("t:") for c in columns if c not in sheet.columns]
        for name in missing[:1]:  # one sentence, even if every member is new
            self.problems.append(Problem(Place(sheet.title), name, NotInBreakdown(name=name)))
        months = np.zeros((len(dimension.members), len(columns)), dtype=np.int64)
        if not missing:
            at = {column: sheet.columns[column] for column in columns}
            for i, own in enumerate(rows):
                cells = [(row, sheet.cells.row(sheet.rows[row])) for row in own]
                months[i] = [
                    sum(self.read(cells_of_row.get(x, _BLANK).value, sheet, row, column) for row, cells_of_row in cells)
                    for column, x in at.items()
                ]
        levels = range(1, dimension.depth + 1)
        stretch, unassigned = (
            np.diff([0, *(self.steps(sheet, f"{what}:{n}", "target", required=False) for n in levels)])
            for what in ("stretch", "unassigned")
        )
        return DimensionBreakdown(dimension, months, stretch, unassigned)
