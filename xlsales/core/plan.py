"""A plan: one total target over a period, split over dimensions with members in trees.

Amounts are whole steps (`int`); the step itself is a number of micro-yuan, so
that 0.01 yuan and 10,000 yuan are both exact. Days may have a finer step, a
divisor of the step, so that months are whole in both.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property

from msgspec import Struct, field

MICROS = 1_000_000
"""Actual amounts are whole millionths of a yuan: exact for up to six decimals."""


class MemberMethod(StrEnum):
    """Where a member's weight among its siblings comes from."""

    WEIGHT = "weight"
    EQUAL = "equal"
    REFERENCE = "reference"


class Member(Struct, frozen=True):
    """One member of a dimension: a region, a product, a store, a person.

    `locked`, `lower` and `upper` are whole steps for the whole plan period, None if blank.
    `weight` is None if blank, which is not zero. `stretch` None means the level's factor.
    `row` is the row in the input table, for messages. A member is open from `opens` through `closes`,
    both days included; blank means always. Its weight is that of a full period.
    """

    name: str
    parent: str | None = None
    method: MemberMethod = MemberMethod.WEIGHT
    weight: float | None = None
    locked: int | None = None
    lower: int | None = None
    upper: int | None = None
    stretch: float | None = None
    aliases: tuple[str, ...] = ()
    row: int = 0
    opens: dt.date | None = None
    closes: dt.date | None = None


class Dimension(Struct, frozen=True, dict=True):
    """A dimension with its members in pre-order (each parent before its children).

    `parents[i]` is the position of member i's parent, -1 at the top; `depths[i]` is 1 at the top.
    """

    name: str
    members: tuple[Member, ...]
    parents: tuple[int, ...]
    depths: tuple[int, ...]

    @cached_property
    def depth(self) -> int:
        """The number of levels."""
        return max(self.depths, default=0)

    def children(self, parent: int) -> list[int]:
        """Positions of the members right below `parent` (-1 for the top)."""
        return self._families.get(parent, [])

    def families(self) -> Iterator[tuple[int, list[int]]]:
        """Each parent position (-1 first) with its children, parents before children."""
        yield from self._families.items()

    def is_leaf(self, position: int) -> bool:
        """Whether a member has no children."""
        return position not in self._families

    @property
    def leaves(self) -> list[int]:
        """Positions of the members without children."""
        return [i for i in range(len(self.members)) if self.is_leaf(i)]

    @cached_property
    def _families(self) -> dict[int, list[int]]:
        families: dict[int, list[int]] = {}
        for position, parent in enumerate(self.parents):
            families.setdefault(parent, []).append(position)
        return dict(sorted(families.items()))


class Rest(StrEnum):
    """Who takes the rest of a member's share above its commitment: its siblings, nobody, or the total, which falls."""

    SIBLINGS = "siblings"
    RESERVE = "reserve"
    LOWER = "lower"


class Lock(Struct, frozen=True):
    """A target that a person fixed for a period, of a member or (None) of the company.

    `amount` is in whole steps; the amount of a company's day may be finer: `finer` of it are one step. Each lock of a
    plan has its own `row`, by which faults name it; 0 means that no person typed it.
    An accepted commitment is `committed`: `rest` is who takes its rest (None: the siblings, but nobody chose them), and
    `asked` the target that was handed out.
    """

    period: str
    amount: int
    dimension: str | None = None
    member: str | None = None
    row: int = 0
    rest: Rest | None = None
    asked: int | None = None
    finer: int = 1
    committed: bool = False


class Waiver(Struct, frozen=True):
    """Steps that a lowest member need not reach in a month any more, by a decision that stands from then on.

    Nobody else carries them: they are a `rest` that is a reserve, or the total falls by them. Without a member they are
    the company's, and a reserve in each dimension. `row` is that of the decision in its table.
    """

    period: str
    amount: int
    rest: Rest
    dimension: str | None = None
    member: str | None = None
    row: int = 0


class MonthMethod(StrEnum):
    """How the total is shared over months."""

    EQUAL = "equal"
    WEIGHTS = "weights"
    REFERENCE = "reference"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    DAY_INDEX = "day_index"
    POPULATED = "populated"
    STRAIGHT_LINE = "straight_line"
    GROWTH = "growth"
    ONE_TWO_ONE = "1-2-1"
    FIRST = "first"
    LAST = "last"


BY_REFERENCE = (MonthMethod.REFERENCE, MonthMethod.POPULATED)
"""Month methods that past sales decide."""


class DayMethod(StrEnum):
    """How a month is shared over its days."""

    EQUAL = "equal"
    WORKING_DAYS = "working_days"
    DAY_INDEX = "day_index"


class Clock(StrEnum):
    """The measure of time progress."""

    CALENDAR = "calendar"
    WORKING_DAYS = "working_days"
    TARGET_CURVE = "target_curve"


class WeekRule(StrEnum):
    """How weeks are cut: at the month's end, or whole weeks, numbered as ISO does."""

    CUT = "cut"
    ISO = "iso"


class MonthPattern(StrEnum):
    """Calendar months, or fiscal months of whole weeks."""

    NATURAL = "natural"
    P445 = "4-4-5"
    P454 = "4-5-4"
    P544 = "5-4-4"


class YearEnd(StrEnum):
    """Where a fiscal year of whole weeks ends: near the last day of its last month, or with its last whole week."""

    NEAREST = "nearest"
    LAST = "last"


LONGEST_MONTH = 31
"""Days of the longest month: fiscal months that end on this day are calendar months."""


_HALF_A_MONTH = dt.timedelta(15)
"""From the first day of a month of whole weeks it leads into the calendar month that it is called after."""


class FiscalYear(Struct, frozen=True):
    """How years, months and weeks are laid over the days.

    `month` is the first month of a year. Months are calendar months if they end on day `month_end` = 31. They end on
    an earlier day, and are called after the calendar month in which they end: to the 21st, January is 22 December to
    21 January. Or they are of whole weeks (`pattern`), in years that end by `year_end`. Weeks begin on `week_start`,
    Monday = 0.
    """

    month: int = 1
    pattern: MonthPattern = MonthPattern.NATURAL
    month_end: int = LONGEST_MONTH
    year_end: YearEnd = YearEnd.NEAREST
    week_start: int = 0

    @property
    def of_past(self) -> FiscalYear:
        """How months of past sales are told apart: those of whole weeks move from year to year, so by the calendar."""
        return self if self.pattern is MonthPattern.NATURAL else FiscalYear(week_start=self.week_start)

    @property
    def calendar_months(self) -> bool:
        """Whether months are those of the calendar."""
        return self.pattern is MonthPattern.NATURAL and self.month_end >= LONGEST_MONTH


class MemberShape(StrEnum):
    """What a member's months follow: the company's curve, or its own history."""

    COMPANY = "company"
    OWN = "own"


class Lamps(Struct, frozen=True):
    """Thresholds of actual ÷ target to date: green from `green`, amber from `amber`, orange from `orange`."""

    green: float = 1.0
    amber: float = 0.95
    orange: float = 0.85


class DayRule(Struct, frozen=True):
    """A row of the calendar sheet: a day of a kind, with a factor on its weight."""

    day: dt.date
    kind: str | None = None  # "holiday", "make_up", "rest" or None
    factor: float = 1.0
    note: str = ""


class Plan(Struct, frozen=True):
    """All that a split needs, as values.

    Months and longer periods are whole steps of `step_micros`; days are whole day steps: `day_micros`, as far as it
    divides that step, or the step itself if None.
    """

    name: str
    total: int
    step_micros: int
    start: dt.date
    end: dt.date
    dimensions: tuple[Dimension, ...] = ()
    fiscal_month: int = 1
    month_method: MonthMethod = MonthMethod.EQUAL
    day_method: DayMethod = DayMethod.DAY_INDEX
    week_rule: WeekRule = WeekRule.CUT
    month_pattern: MonthPattern = MonthPattern.NATURAL
    member_shape: MemberShape = MemberShape.COMPANY
    month_weights: Mapping[int, float] = field(default_factory=dict)  # calendar month 1..12 → weight
    period_weights: Mapping[str, float] = field(
        default_factory=dict
    )  # key of a month, quarter, half-year, year → weight
    month_rise: float = 0.0  # straight line: share of the first month that each adds; growth: on the month before
    weekday_index: tuple[float, ...] | None = None  # Monday first; None: from history
    member_weekdays: Mapping[tuple[str, str], tuple[float, ...]] = field(default_factory=dict)
    """Weekday indexes that members have of their own, by dimension and member."""
    member_references: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    """Periods of whose sales members get such an index, None for the reference periods."""
    holiday_index: float | None = None  # None: like a Sunday
    stretch: tuple[float, ...] = ()  # factor of level 1, 2, …; 1.0 beyond
    lunar: bool = False  # pair Spring Festival days when the reference gives month shares
    references: tuple[tuple[str, float], ...] = ()  # (period text, share)
    day_rules: tuple[DayRule, ...] = ()
    locks: tuple[Lock, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    clock: Clock = Clock.TARGET_CURVE
    lamps: Lamps = Lamps()
    as_of: dt.date | None = None
    closed_through: dt.date | None = None
    unit_micros: int = MICROS  # the unit that people type amounts in, in micro-yuan
    day_micros: int | None = None
    day_minimum: int = 0  # the least of the company's open days, in day steps
    month_end: int = LONGEST_MONTH
    year_end: YearEnd = YearEnd.NEAREST
    week_start: int = 0  # Monday

    @property
    def fiscal(self) -> FiscalYear:
        """How its years, months and weeks are laid over its days."""
        return FiscalYear(self.fiscal_month, self.month_pattern, self.month_end, self.year_end, self.week_start)

    @property
    def first_fiscal_month(self) -> int:
        """The month in which years of sales begin: the fiscal one of the settings, else that of the plan's start."""
        if self.fiscal_month != 1:
            return self.fiscal_month
        if self.month_pattern is MonthPattern.NATURAL:
            return (self.start.month - 1 + (self.start.day > self.month_end)) % 12 + 1
        return (self.start + _HALF_A_MONTH).month

    def going_to(self, rest: Rest) -> list[Lock | Waiver]:
        """Return the locks and the waivers whose rest goes there."""
        return [one for many in (self.locks, self.waivers) for one in many if one.rest is rest]

    @property
    def finer(self) -> int:
        """How many day steps make one step."""
        return self.step_micros // math.gcd(self.step_micros, self.day_micros or self.step_micros)

    @property
    def day_step_micros(self) -> int:
        """The day step in micro-yuan."""
        return self.step_micros // self.finer
