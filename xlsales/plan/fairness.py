"""Table 公平性, and how the members of a dimension stand beside each other, from the plan and its past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property

import numpy as np
from msgspec import Struct

from xlsales.core.arrays import Floats, Mask, Steps
from xlsales.core.basis import past_spans
from xlsales.core.evenness import Correlation, LastUnits, last_units, rank_correlation
from xlsales.core.fairness import FEWEST, FREE, Fairness, Verdict, judge, moves, noise_of
from xlsales.core.faults import Fault
from xlsales.core.opening import partly_open
from xlsales.core.period_text import parse_period
from xlsales.core.periods import Days
from xlsales.core.plan import MICROS, Dimension, Member, MemberShape
from xlsales.core.shapes import History, Span, ancestors, inside_spans, needs_history, shapes_of
from xlsales.layout.sheet import Frame
from xlsales.plan.figures import Figures, Members
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

_MEMBER_HINT = Word(
    "末级成员;几个维度都有的写 门店:一店", "a lowest member; if several dimensions have it: Store:First"
)
FACTS = {
    "headcount": Word("人数", "Headcount"),
    "area": Word("面积(㎡)", "Area (m²)"),
    "seniority": Word("资历(年)", "Seniority (years)"),
}
"""What a person may add about a member."""
PER = {
    "headcount": Word("人均\n目标", "Target per head"),
    "area": Word("每平米\n目标", "Target per m²"),
}
"""The facts by which targets are divided, with what the result is called."""
_FACT_HINTS = {
    "headcount": Word("有了就比人均目标", "compares targets per head"),
    "area": Word("有了就比每平米目标", "compares targets per m²"),
    "seniority": Word("有了就看是否按资历加码", "shows if growth goes by it"),
}
T_FAIRNESS = InputTable(
    "xs_fairness",
    "fairness",
    Word("公平性", "Fairness"),
    (
        TableColumn("member", Word("成员", "Member"), "text", _MEMBER_HINT, width=22),
        *(TableColumn(key, word, "number", _FACT_HINTS[key], low=0, width=14) for key, word in FACTS.items()),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=30),
    ),
)
EXAMPLES: Sequence[Mapping[str, Word | float | str]] = (
    {"member": Word("华东", "East"), "headcount": 5.0, "area": 120.0, "seniority": 3.0},
    {"member": Word("华北", "North"), "headcount": 4.0, "area": 90.0},
)
_FINEST_GROWTH = 3
"""Growth is ranked to a tenth of a percentage point: less is rounding."""
_ALIKE = 0.01
"""Growth of large and small members that differs by less is alike."""


class Comparison(Struct, frozen=True, dict=True):
    """The lowest members of a dimension beside each other; `facts` are typed, by their number among these."""

    members: Members
    number: int
    facts: Mapping[str, Floats]

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.members.frame

    @property
    def name(self) -> str:
        """The dimension."""
        return self.members.name

    @property
    def figures(self) -> Figures:
        """Those of the run."""
        return self.members.figures

    @property
    def dimension(self) -> Dimension:
        """Its members."""
        return self.members.dimension

    @cached_property
    def leaves(self) -> list[int]:
        """The positions of the lowest members, which are compared."""
        return self.dimension.leaves

    @cached_property
    def names(self) -> list[str]:
        """Their names."""
        return [self.dimension.members[leaf].name for leaf in self.leaves]

    @cached_property
    def targets(self) -> Floats:
        """Their targets, in yuan."""
        return self.figures.yuan(self.steps)

    @property
    def steps(self) -> Steps:
        """Their targets, in steps."""
        return self.members.part.targets[self.leaves]

    @property
    def _step(self) -> float:
        """What a step of the targets is in yuan: those that were changed by hand may be finer than the plan's."""
        return self.figures.breakdown.plan.step_micros / MICROS

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The plan's days in earlier years that the past sales of this dimension have whole, the last year first."""
        past = self.figures.past
        if past is None or not len(past.days) or self.name not in past.codes:
            return ()
        return past_spans(self.figures.breakdown.plan, past)

    @cached_property
    def _sold(self) -> list[Floats]:
        """Members × months of each span, in yuan; NaN of a member that did not sell all through."""
        past = self.figures.past
        assert past is not None  # there are spans of it
        number = np.full(len(self.dimension.members), -1)
        number[self.leaves] = np.arange(len(self.leaves))
        codes = past.codes[self.name]
        owners = np.where(codes >= 0, number[codes], -1)
        first, last = _extent(past, owners, len(self.leaves))
        return [_months(past, owners, span, first, last) for span in self.spans]

    @cached_property
    def years(self) -> Floats:
        """Members × spans: past sales in yuan."""
        if not self.spans:
            return np.zeros((len(self.leaves), 0))
        return np.stack([months.sum(axis=1) for months in self._sold], axis=1)

    @cached_property
    def _noise(self) -> Floats:
        """The relative error of a year, and what a step is of it."""
        noise = np.zeros(len(self.leaves))
        with np.errstate(divide="ignore", invalid="ignore"):
            whole = [np.isfinite(months).all(axis=1) for months in self._sold[:2]]
            noise[whole[0]] = noise_of(self._sold[0][whole[0]])
            both = np.logical_and.reduce(whole)
            if len(whole) > 1 and both.any():
                noise[both] = noise_of(self._sold[0][both], self._sold[1][both])
            step = self._step / self.years[:, 0]
        return np.hypot(np.nan_to_num(noise), np.where(np.isfinite(step), step, 0.0))

    @cached_property
    def fair(self) -> Fairness:
        """What is asked of the members, compared."""
        part = partly_open(self.dimension, self.figures.breakdown.timeline)
        whole = np.array([leaf not in part for leaf in self.leaves])
        return judge(self.targets, self.years, self._noise if self.spans else None, whole, self._families)

    @cached_property
    def _families(self) -> Steps:
        """The lowest member above each that has enough lowest members to be compared with each other; -1: none."""
        chains = ancestors(self.dimension)
        size = np.bincount(chains[self.leaves][chains[self.leaves] >= 0], minlength=len(chains))
        families = []
        for leaf in self.leaves:
            above = [int(i) for i in chains[leaf] if i >= 0 and i != leaf and size[i] >= FEWEST]
            families.append(above[-1] if above else -1)
        return np.array(families, dtype=np.int64)

    @cached_property
    def sizes(self) -> Floats:
        """The mean of a member's past years: the last one alone would be small where growth is great."""
        known = np.isfinite(self.years) & (self.years > 0)
        count = known.sum(axis=1)
        sums = np.where(known, self.years, 0.0).sum(axis=1)
        return np.asarray(np.divide(sums, count, out=np.full(len(sums), np.nan), where=count > 0))

    @cached_property
    def by_size(self) -> Correlation | None:
        """Whether growth asked goes by size; None if there is nothing to see."""
        return rank_correlation(self.sizes, np.round(self.fair.growth, _FINEST_GROWTH))

    @cached_property
    def by_halves(self) -> tuple[float, float]:
        """The middle growth asked of the larger half of the members, and of the smaller."""
        growth = self.fair.growth
        known = np.flatnonzero(np.isfinite(growth))
        in_order = known[np.lexsort((growth[known], -self.sizes[known]))]
        half = len(in_order) // 2
        if not half:
            return np.nan, np.nan
        return float(np.median(growth[in_order[:half]])), float(np.median(growth[in_order[-half:]]))

    def per(self, key: str) -> Floats:
        """Return the target for each head or square metre, in yuan; NaN without one."""
        amounts = self.facts[key]
        blank = np.full(len(amounts), np.nan)
        return np.asarray(np.divide(self.targets, amounts, out=blank, where=np.isfinite(amounts) & (amounts > 0)))

    @cached_property
    def by_seniority(self) -> Correlation | None:
        """Whether growth asked goes by typed seniority; None if there is nothing to see."""
        return rank_correlation(self.facts["seniority"], np.round(self.fair.growth, _FINEST_GROWTH))

    @property
    def goes_by_size(self) -> bool:
        """Whether large and small members are asked for different growth, beyond chance and beyond rounding."""
        large, small = self.by_halves
        return self.by_size is not None and self.by_size.is_told and abs(large - small) >= _ALIKE

    # --- what is held, and what has to move -------------------------------------------------

    @cached_property
    def locked_months(self) -> Mask:
        """Lowest members × months that are locked or closed."""
        plan, months = self.figures.breakdown.plan, self.figures.months
        held = np.zeros((len(self.leaves), len(months)), dtype=np.bool_)
        through = plan.closed_through
        held[:, [through is not None and month.end <= through for month in months]] = True
        for name, inside in self._locked_periods():
            held[[own == name for own in self.names]] |= inside
        return held

    def _locked_periods(self) -> list[tuple[str, Mask]]:
        """The locks of members by period: whose, and which months they touch."""
        plan, timeline = self.figures.breakdown.plan, self.figures.breakdown.timeline
        locked = []
        for lock in plan.locks:
            if lock.dimension == self.name and lock.member is not None:
                period = parse_period(lock.period, timeline)
                inside = np.array([m.start <= period.end and period.start <= m.end for m in self.figures.months])
                locked.append((lock.member, inside))
        return locked

    def is_too_much(self, i: int) -> bool:
        """Whether too much is asked of a lowest member."""
        return self.fair.verdicts[i] is Verdict.TOO_MUCH

    @cached_property
    def bounds(self) -> tuple[Steps, Steps]:
        """The least and the most that each may have, in steps; both are its target if nothing of it is free."""
        months, finer = self.members.part.months[self.leaves], round(self.frame.step_yuan / self._step)
        low = np.where(self.locked_months, months, 0).sum(axis=1)
        high = np.full(len(self.leaves), FREE, dtype=np.int64)
        shut = np.array(self.locked_months.all(axis=1))
        for i, leaf in enumerate(self.leaves):
            member = self.dimension.members[leaf]
            shut[i] |= member.locked is not None
            low[i] = max(low[i], (member.lower or 0) * finer)
            high[i] = FREE if member.upper is None else member.upper * finer
        steps = self.steps
        return np.where(shut, steps, np.minimum(low, steps)), np.where(shut, steps, np.maximum(high, steps))

    @cached_property
    def groups(self) -> Steps:
        """Members with the same number may give to each other: those below the same held parent, on the same level."""
        held = {name for name, _ in self._locked_periods()}
        groups, stretched = [], any(factor != 1 for factor in self.figures.breakdown.plan.stretch)
        for leaf, chain in zip(self.leaves, ancestors(self.dimension)[self.leaves], strict=True):
            above = [int(i) for i in chain if i >= 0 and i != leaf]
            bound = [i for i in above if _is_held(self.dimension.members[i]) or self.dimension.members[i].name in held]
            depth = self.dimension.depths[leaf] if stretched else 0
            groups.append((bound[-1] + 1 if bound else 0) * (self.dimension.depth + 1) + depth)
        return np.array(groups, dtype=np.int64)

    @cached_property
    def moves(self) -> Steps:
        """What each gets so that nobody is asked too much or too little, in steps; below zero it gives."""
        if not self.spans:
            return np.zeros(len(self.leaves), dtype=np.int64)
        low, high = self.bounds
        return moves(self.fair, self.steps, self.years[:, 0] / self._step, low, high, self.groups)

    # --- who has the last units ---------------------------------------------------------------

    @cached_property
    def last_units(self) -> LastUnits | None:
        """Who has the last units of rounding; None if targets are more than rounded shares of the weights."""
        breakdown, plan = self.figures.breakdown, self.figures.breakdown.plan
        past = self.figures.past if needs_history(plan) else None
        weights = None
        with suppress(Fault):
            weights = shapes_of(plan, breakdown.timeline, self.figures.calendar, past).members[self.name]
        if weights is None or plan.member_shape is MemberShape.OWN:
            return None
        months = self.members.part.months[self.leaves]
        locked = {name for name, _ in self._locked_periods()}
        own = [self.dimension.members[leaf] for leaf in self.leaves]
        held = np.array([_is_held(member) or member.name in locked for member in own], dtype=np.bool_)
        shares = np.where(held, 0.0, _shares(self.dimension, weights)[self.leaves])
        exact = shares[:, None] * months[~held].sum(axis=0) / (shares.sum() or 1.0)
        return last_units(months, exact, held)


def _is_held(member: Member) -> bool:
    """Whether a person fixed its target, or bounds of it."""
    return member.locked is not None or member.lower is not None or member.upper is not None


def _shares(dimension: Dimension, weights: Floats) -> Floats:
    """Each member's exact share of the whole, by the weights of siblings."""
    shares = np.ones(len(weights))
    for parent, family in dimension.families():
        whole = weights[family].sum()
        above = shares[parent] if parent >= 0 else 1.0
        shares[family] = above * weights[family] / whole if whole else 0.0
    return shares


def _extent(past: History, owners: Steps, count: int) -> tuple[Floats, Floats]:
    """The first and the last day on which each member ever sold, as numbers; infinite if it never did."""
    first, last = np.full(count, np.inf), np.full(count, -np.inf)
    sold = (owners >= 0) & (past.micros > 0)
    days = past.days[sold].astype("datetime64[D]").astype(np.float64)
    np.minimum.at(first, owners[sold], days)
    np.maximum.at(last, owners[sold], days)
    return first, last


def _months(past: History, owners: Steps, span: Span, first: Floats, last: Floats) -> Floats:
    """Members × months of a span in yuan; NaN of a member that came after its first month, or left before its last.

    These months are the first and the last in which any member sold. One that sells now and then may lack as many
    months there as between its sales.
    """
    rows = inside_spans(past.days, [(span, 1.0)]) & (owners >= 0)
    begins = np.datetime64(span[0])
    month = _month(past.days[rows], begins, span)
    months = np.zeros((len(first), int(_month(np.array([span[1]], dtype="datetime64[D]"), begins, span)[0]) + 1))
    np.add.at(months, (owners[rows], month), past.micros[rows] / MICROS)
    sold = np.flatnonzero((months > 0).any(axis=0))
    if len(sold):
        known = np.isfinite(first)
        days = np.stack([first, last], axis=1)[known].astype("datetime64[D]")
        came, left = _month(days[:, 0], begins, span), _month(days[:, 1], begins, span)
        missing = np.full(len(first), np.inf)
        missing[known] = np.maximum(came - sold[0], sold[-1] - left)
        for i in np.flatnonzero(missing > 0):
            if missing[i] > _longest_gap(months[i]):
                months[i] = np.nan
    return months


def _longest_gap(months: Floats) -> float:
    """How many months pass at most between two in which a member sold; below 0 if it never did."""
    sold = np.flatnonzero(months > 0)
    return float(np.diff(sold).max(initial=1) - 1) if len(sold) else -1.0


def _month(days: Days, begins: np.datetime64, span: Span) -> Steps:
    """The number of each day's month from the span's first; months begin on the day on which the span does."""
    shift = np.timedelta64(span[0].day - 1)
    months = (days.astype("datetime64[D]") - shift).astype("datetime64[M]")
    return np.asarray((months - (begins - shift).astype("datetime64[M]")).astype(np.int64))
