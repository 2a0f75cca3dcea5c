"""Table 月权重: weights of months and, in the same place, of quarters, half-years and years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Struct, field

from xlsales.core.expressions import expression
from xlsales.core.faults import Fault, Listed, Place, Problem
from xlsales.core.period_text import UnreadablePeriod, parts_of, periods_of
from xlsales.core.period_weights import missing_months, missing_weights
from xlsales.core.periods import Level, Period, Timeline, timeline
from xlsales.core.plan import MonthMethod, WeekRule
from xlsales.core.text import narrow
from xlsales.plan.answers import Answers
from xlsales.plan.input_tables import fiscal_year
from xlsales.vocabulary import plan_tables

_MONTH = expression(r"0?([1-9]|1[0-2])(?:\.0)?(?:月份?)?")
_FIRST_OF_MONTH = expression(r"(\d{4}-\d\d)-01(?:[ T]00:00(?::00)?)?")
_WEIGHED = (Level.YEAR, Level.HALF, Level.QUARTER, Level.MONTH)


class NotWeighed(Fault):
    """Something in the table of weights that is no month, quarter, half-year or year."""

    zh = "“{found}”不是月、季、半年或年。请写成 1–12、2026-03、Q1、2026Q1、2026H1 或 2026。"
    en = '"{found}" is no month, quarter, half-year or year. Write it like 1-12, 2026-03, Q1, 2026Q1, 2026H1 or 2026.'


class WeightTwice(Fault):
    """A period with two weights."""

    zh = "“{found}”在第 {other} 行已经有权重了。请删去一行。"
    en = '"{found}" has a weight in row {other} already. Delete one of the rows.'


class WeightsIncomplete(Fault):
    """Some periods of a level have a weight, others have none."""

    zh = "{missing} 没有权重,而同级的其他期间有。空不等于 0:请补上,或填 0。"
    en = "{missing} have no weight, but other periods of that level have. Blank is not 0: add them, or enter 0."


class TimeWeights(Struct):
    """What the rows of the table say: weights of calendar months, and of periods by their keys.

    `rows` are the rows of what has a weight, `places` the first of each level. `blank` are the places of rows that
    name a period and have no weight.
    """

    months: dict[int, float] = field(default_factory=dict)
    periods: dict[str, float] = field(default_factory=dict)
    of_every_year: dict[str, float] = field(default_factory=dict)
    rows: dict[tuple[str, ...], int] = field(default_factory=dict)
    places: dict[Level, Place] = field(default_factory=dict)
    blank: dict[str | int, Place] = field(default_factory=dict)

    def add(self, row: Mapping[str, Any], line: Timeline | None) -> None:
        """Take a row in. Raises a Fault of its period."""
        text, weight, place = narrow(row["month"]), row["weight"], row["cells"]["weight"]
        if number := _MONTH.fullmatch(text):
            month = int(number[1])
            if weight is None:
                self.blank[month] = place
                return
            self._once(("month", str(month)), row)
            self.months[month] = weight
            self.places.setdefault(Level.MONTH, place)
            return
        if day := _FIRST_OF_MONTH.fullmatch(text):  # a program made a date of 2026-03
            text = day[1]
        try:
            found = periods_of(text, line) if line is not None else ()
        except UnreadablePeriod:
            found = None
        if found is None or any(period.level not in _WEIGHED for period in found):
            raise NotWeighed(found=row["month"])
        if not found:
            return
        keys, level = tuple(period.key for period in found), found[0].level
        if weight is None:
            self.blank |= dict.fromkeys(keys, place)
            return
        every_year = parts_of(text)[1] is None
        which = (*keys, "every year") if every_year else keys
        self._once(which, row)
        self.places.setdefault(level, row["row"])
        weights = self.of_every_year if every_year else self.periods
        weights |= dict.fromkeys(keys, weight)

    def _once(self, which: tuple[str, ...], row: Mapping[str, Any]) -> None:
        """Note the row of a period. Raises WeightTwice if another one has its weight."""
        if which in self.rows:
            raise WeightTwice(found=row["month"], other=self.rows[which])
        self.rows[which] = row["row"].row

    def incomplete(self, level: Level, missing: Sequence[Period]) -> Problem:
        """Return what is wrong with periods of a level that have no weight: at their own row, if they have one."""
        keys = [period.key for period in missing]
        named = (key for key in (*keys, *(int(key[-2:]) for key in keys if level is Level.MONTH)) if key in self.blank)
        first = next(named, None)
        place = self.places[level] if first is None else self.blank[first]
        return Problem(place, "", WeightsIncomplete(missing=Listed(keys)))


def read_time_weights(answers: Answers, values: Mapping[str, Any]) -> dict[str, dict[Any, float]]:
    """Return the plan's `month_weights` and `period_weights`; what is wrong is added to the problems.

    A weight of a year's period goes before that of every year's (`2026Q1` before `Q1`). Months have to be complete only
    if months are split by them. What is missing is not told beside rows at fault, which may be what is missing.
    """
    line: Timeline | None = None
    with suppress(Fault, TypeError, AttributeError):  # dates that are missing or at fault are said elsewhere
        line = timeline(values["start"], values["end"], fiscal_year(values), WeekRule(values["week_rule"]))
    weights, told = TimeWeights(), len(answers.problems)
    for row in answers.keyed_rows(plan_tables.T_MONTH_WEIGHTS):
        try:
            weights.add(row, line)
        except Fault as fault:
            answers.problems.append(Problem(row["cells"]["month"], str(row["month"]), fault))
    periods = weights.of_every_year | weights.periods
    if line is not None and len(answers.problems) == told:
        answers.problems += [weights.incomplete(*one) for one in missing_weights(line, periods)]
        months = missing_months(line, weights.months, periods)
        if months and values["month_method"] == MonthMethod.WEIGHTS:
            answers.problems.append(weights.incomplete(Level.MONTH, months))
    return {"month_weights": weights.months, "period_weights": periods}
