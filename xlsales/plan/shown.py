"""The values that the sheets show, as the commands hand them over.

All money is in yuan as float; NaN means blank (not answered), which is not
zero. Codes (`status`, `clock`, `unit`) are those of the contract.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from xlsales.core.basis import Basis
from xlsales.core.faults import Lang
from xlsales.core.plan import Dimension

NAN = float("nan")
Level = Literal["year", "half", "quarter", "month", "week", "day"]
Effect = Literal["set_aside", "totals", "warning", "remark"]
"""What became of the rows of a finding; those of a warning or a remark are counted."""


@dataclass(frozen=True)
class Frame:
    """What every sheet of a plan shares: `unit` and `clock` are codes, `step_yuan` the step in yuan."""

    plan_name: str
    unit: str
    step_yuan: float
    lang: Lang
    start: dt.date
    end: dt.date
    as_of: dt.date | None = None
    clock: str = "target_curve"


@dataclass(frozen=True)
class Figures:
    """The progress figures of one thing, named as in `contract.PROGRESS_COLUMNS`.

    Ratios are fractions (0.25 is 25 %); `pace` is a difference of fractions; `status` a code or None.
    """

    target: float = NAN
    actual: float = NAN
    attainment: float = NAN
    time_progress: float = NAN
    target_to_date: float = NAN
    pace: float = NAN
    gap: float = NAN
    forecast: float = NAN
    forecast_attainment: float = NAN
    required_per_day: float = NAN
    status: str | None = None


# --- by time ----------------------------------------------------------------


@dataclass(frozen=True)
class TimeRow:
    """A period: `key` as in locks (`2026`, `2026H1`, `2026Q1`, `2026-03`, `2026-W10`, `2026-03-08`).

    `provisional` marks periods of a year whose holidays are not announced yet.
    """

    key: str
    level: Level
    label: str
    start: dt.date
    end: dt.date
    working_days: float
    figures: Figures
    provisional: bool = False


@dataclass(frozen=True)
class TimeSheet:
    """Sheet 按时间: `rows` in pre-order; `weeks` only where weeks cross months and cannot nest.

    `day_step_yuan` is what days are whole in; 0 stands for the plan's step.
    """

    frame: Frame
    total: Figures
    rows: tuple[TimeRow, ...]
    working_days: float = NAN
    weeks: tuple[TimeRow, ...] = ()
    day_step_yuan: float = 0.0


# --- by dimension -----------------------------------------------------------


@dataclass(frozen=True)
class MonthHead:
    """A month as a column: key `2026-01`, label `1月`, the year its group is headed with."""

    key: str
    label: str
    year: str


@dataclass(frozen=True)
class MemberRow:
    """A member in tree pre-order: depth 1 at the top; months' targets and actuals as long as the months.

    `key` is the member's name (unique in its dimension); `leaf` whether it has no children.
    """

    key: str
    label: str
    depth: int
    leaf: bool
    figures: Figures
    targets: tuple[float, ...]
    actuals: tuple[float, ...] = ()


@dataclass(frozen=True)
class LevelSum:
    """How a level differs from the task, so that sum + unassigned = task + stretch, in all and per month.

    `unassigned` is what no member carries (positive); a level counts leaves that end above it.
    `unassigned_actual` is actuals of the plan that no member of this level carries.
    """

    depth: int
    stretch: float = 0.0
    unassigned: float = 0.0
    unassigned_actual: float = 0.0
    month_stretch: tuple[float, ...] = ()
    month_unassigned: tuple[float, ...] = ()
    month_unassigned_actual: tuple[float, ...] = ()


@dataclass(frozen=True)
class DimensionSheet:
    """Sheet 按<维度>: `number` counts from 1 in the order of the dimensions table."""

    frame: Frame
    number: int
    name: str
    months: tuple[MonthHead, ...]
    total: Figures
    total_targets: tuple[float, ...]
    members: tuple[MemberRow, ...]
    levels: tuple[LevelSum, ...] = ()
    total_actuals: tuple[float, ...] = ()


# --- overview ---------------------------------------------------------------


@dataclass(frozen=True)
class ClockReading:
    """What one clock says of the whole plan: elapsed share, pace and lamp by it."""

    clock: str
    time_progress: float
    pace: float
    status: str | None


@dataclass(frozen=True)
class MonthLine:
    """A month of the overview with running sums; actuals after the as-of date are NaN."""

    key: str
    label: str
    target: float
    actual: float = NAN
    attainment: float = NAN
    cumulative_target: float = NAN
    cumulative_actual: float = NAN
    cumulative_attainment: float = NAN
    status: str | None = None


@dataclass(frozen=True)
class MemberLine:
    """A top-level member of a dimension in the overview."""

    label: str
    figures: Figures


@dataclass(frozen=True)
class DimensionLines:
    """A dimension in the overview: its top-level members, in any order (the layout ranks them).

    `unassigned_actual` is actuals that name no member, NaN where every row names one.
    """

    name: str
    members: tuple[MemberLine, ...]
    unassigned_actual: float = NAN


@dataclass(frozen=True)
class Conservation:
    """All amounts found in the actuals, and where they went: found = accepted + set aside + totals rows."""

    found: float
    accepted: float
    set_aside: float
    rows_found: int = 0
    rows_accepted: int = 0
    rows_set_aside: int = 0
    totals: float = 0.0
    rows_totals: int = 0


@dataclass(frozen=True)
class OverviewSheet:
    """Sheet 进度总览."""

    frame: Frame
    total: Figures
    clocks: tuple[ClockReading, ...]
    months: tuple[MonthLine, ...]
    dimensions: tuple[DimensionLines, ...] = ()
    conservation: Conservation | None = None


# --- basis ------------------------------------------------------------------


@dataclass(frozen=True)
class BasisSheet:
    """Sheet 目标依据: the grounds of the plan's targets; `dimensions` have the members that `basis` tells of."""

    frame: Frame
    basis: Basis
    dimensions: tuple[Dimension, ...]


# --- problems and runs ------------------------------------------------------


@dataclass(frozen=True)
class ProblemLine:
    """A finding: where, what was found, the sentence that says why and what to do, the amount it concerns.

    `effect` says what became of the rows: accepted all the same (a warning, or a mere remark), set aside, or left
    out as totals rows. `amount` is NaN where none could be read.
    """

    sheet: str
    value: str
    sentence: str
    row: int | None = None
    column: str = ""
    amount: float = NAN
    count: int = 1
    effect: Effect = "set_aside"


@dataclass(frozen=True)
class ProblemsSheet:
    """Sheet 数据问题."""

    frame: Frame
    problems: tuple[ProblemLine, ...]
    conservation: Conservation | None = None


@dataclass(frozen=True)
class RunLine:
    """A run of the program on this workbook: sums (yuan) before and after, inputs as short text."""

    key: str
    when: dt.datetime
    command: str
    version: str
    inputs: str = ""
    target_before: float = NAN
    target_after: float = NAN
    actual_before: float = NAN
    actual_after: float = NAN
    note: str = ""


@dataclass(frozen=True)
class RunsSheet:
    """Sheet 运行记录: the newest run first."""

    frame: Frame
    runs: tuple[RunLine, ...]
