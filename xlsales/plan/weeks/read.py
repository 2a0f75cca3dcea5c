"""Table 周跟踪 as the weeks of each month, with what a person typed into the month's sheet since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from xlsales.book.keyed import WrittenSheet
from xlsales.core.arrays import Floats
from xlsales.core.faults import Bilingual, Fault, Problem
from xlsales.core.keys import joined, parted
from xlsales.core.periods import Level, Period
from xlsales.core.spreading import NothingToFollow
from xlsales.core.text import identity
from xlsales.core.weeks import planned_weeks
from xlsales.layout.model import IDENTITY
from xlsales.plan.answers import RowLacks
from xlsales.plan.figures import Figures
from xlsales.plan.kept_rows import by_labels, last_part, mixed_rows, rows_of_members
from xlsales.plan.table_rows import LooksLikeTotal, by_month, left_out, named_members, number_of, undated
from xlsales.plan.typed_cells import CellKind, typed_number
from xlsales.plan.weeks import faults
from xlsales.plan.weeks.known import Known
from xlsales.plan.weeks.tables import DONE, PLANNED, T_WEEKS, most_planned, weeks_of
from xlsales.tables.words.total_words import is_totals_word
from xlsales.values.cell import plain
from xlsales.vocabulary.round_contract import TIMES

Cells = Mapping[str, Any]
"""A row of the table, as `Answers.rows` gives it."""

SEEN = "seen"
"""The hidden column that keeps the done weeks of the table as they were when the sheet was written."""
_LABELS = {column.key: column.label for column in T_WEEKS.columns}
_LABEL = T_WEEKS.label


class WeekRow(Struct, frozen=True):
    """A person's weeks of an indicator; blank is None. `seen` are the done weeks as the table has them.

    `less`: less is better.
    """

    row: Cells
    team: str
    person: str
    indicator: str
    opening: int | None
    target: int | None
    planned: tuple[int | None, ...]
    done: tuple[int | None, ...]
    seen: tuple[int | None, ...]
    less: bool

    @property
    def key(self) -> str:
        """Its row key in the sheet."""
        return joined("p", self.indicator, self.person)


class MonthRows(Struct, frozen=True):
    """The rows of one month, the weeks that it has, and what is doubtful in them.

    `gone`: what is typed into the month's sheet for other rows, which a new sheet would lose. `left_out`: the numbers
    of the rows at fault that may be of the month.
    """

    month: Period
    weeks: tuple[Period, ...]
    rows: tuple[WeekRow, ...]
    doubts: tuple[Problem, ...]
    gone: tuple[Problem, ...]
    left_out: tuple[int, ...]

    @property
    def planned(self) -> Floats:
        """Rows × weeks; NaN is blank."""
        return numbers([row.planned for row in self.rows])

    @property
    def done(self) -> Floats:
        """Rows × weeks; NaN is blank."""
        return numbers([row.done for row in self.rows])


def numbers(lines: Sequence[Sequence[int | None]]) -> Floats:
    """Return lines of numbers as an array in which blank is NaN."""
    return np.array([[np.nan if n is None else n for n in line] for line in lines], dtype=np.float64)


def read_months(rows: Sequence[Cells], figures: Figures, problems: list[Problem]) -> list[MonthRows]:
    """Return the months of the table in their order, without the rows at fault: `problems` get what is wrong."""
    wrong: list[Problem] = []
    months = by_month(rows, figures, wrong, figures.this_month)
    problems += wrong
    lost = undated(rows, wrong)
    out, known = [], Known(figures)
    for month in sorted(months, key=lambda one: one.start):
        reader = _Month(month, figures, known)
        own = [row for row in months[month] if number_of(row) not in lost]
        read = reader.read(own)
        problems += reader.problems
        if read:
            doubts = [*reader.doubts, *_unnamed(rows, own, month)]
            gone, aside = tuple(reader.gone), lost | reader.aside
            out.append(MonthRows(month, reader.weeks, tuple(read), tuple(doubts), gone, tuple(sorted(aside))))
    aside = {number for month in out for number in month.left_out}
    if aside:
        problems.append(left_out(rows, aside))
    return out


def weeks_in(month: Period, figures: Figures) -> tuple[Period, ...]:
    """Return the pieces of weeks of a month: weeks that cross its ends are cut there."""
    weeks = figures.breakdown.timeline.periods(Level.WEEK)
    return tuple(
        replace(week, start=max(week.start, month.start), end=min(week.end, month.end))
        for week in weeks
        if week.start <= month.end and month.start <= week.end
    )


def _unnamed(rows: Sequence[Cells], own: Sequence[Cells], month: Period) -> Iterator[Problem]:
    """Yield a doubt if the month of the first row is blank, and something of its month is done."""
    first = rows[0]
    if own[0] is first and first["month"] is None and any(row[key] is not None for row in own for key in DONE):
        yield Problem.note(first["cells"]["month"], "", faults.MonthBlank(month=month.key))


class _Spelled:
    """The persons of rows as they are spelled there, for names that a sheet has of them."""

    def __init__(self, rows: Sequence[Cells], figures: Figures) -> None:
        self._persons: dict[str, str] = {identity(row["person"]): row["person"] for row in rows}
        self._dimensions = figures.dimensions

    def now(self, parts: Sequence[str]) -> str:
        """Return how the rows spell the person of a key: as the sheet does, or another name of the same member."""
        name = parts[2]
        if identity(name) in self._persons:
            return self._persons[identity(name)]
        for members in self._dimensions:
            position = members.matcher.position(name)
            persons = self._persons.values() if position >= 0 else ()
            alike = [one for one in persons if members.matcher.position(one) == position]
            if len(alike) == 1:
                return alike[0]
        return name


class _Month:
    """Reads the rows of a month, and gathers what is wrong (`problems`) and what is doubtful (`doubts`).

    `aside` are the numbers of the rows at fault.
    """

    def __init__(self, month: Period, figures: Figures, known: Known) -> None:
        self.month, self.figures, self.known = month, figures, known
        self.weeks = weeks_in(month, figures)
        self.problems: list[Problem] = []
        self.doubts: list[Problem] = []
        self.gone: list[Problem] = []
        self.aside: set[int] = set()
        days, line = figures.breakdown.days, figures.breakdown.timeline
        self._curve = tuple(int(days[line.slice_of(week)].sum()) for week in self.weeks)
        written = figures.written.get(f"{IDENTITY}{T_WEEKS.sheet}:{month.key}")
        self._written = by_labels(written, "person", last_part("p", 3), (SEEN,))
        self.gone += mixed_rows(self._written)

    def read(self, rows: Sequence[Cells]) -> list[WeekRow]:
        """Return the rows that can be read."""
        self.aside |= {number_of(row) for row in rows if row["faulty"]}
        named = [row for row in rows if self._is_named(row)]
        teams = self._teams(named)
        self._same(named)
        self._written = rows_of_members(self._written, "p", 3, 2, _Spelled(named, self.figures).now)
        out = []
        for row in named:
            one = self._row(row, teams[identity(row["person"])]) if number_of(row) not in self.aside else None
            if one is not None and number_of(row) not in self.aside:
                out.append(self._typed(one))
                self.doubts += self._far_above(out[-1])
        if self._written is not None:
            self.gone += self._gone(self._written, {row.key for row in out})
        return out

    def _same(self, rows: Sequence[Cells]) -> None:
        """Note the rows that have the person and the indicator of another one: it is not known which counts."""
        met: dict[tuple[str, str], int] = {}
        for row in rows:
            other = met.setdefault((identity(row["indicator"]), identity(row["person"])), number_of(row))
            if other != number_of(row):
                self.aside.add(other)
                facts = {"person": row["person"], "indicator": row["indicator"]}
                self._note(row, "person", faults.SameRow(**facts, month=self.month.key, other=other))

    def _note(self, row: Cells, key: str, fault: Fault) -> None:
        value = row[key]
        text = "" if value is None else str(value) if isinstance(value, str) else plain(value)
        self.problems.append(Problem.note(row["cells"][key], text, fault))
        self.aside.add(number_of(row))

    def _is_named(self, row: Cells) -> bool:
        """Whether a row has all names that it needs; if it does not, the problem says why."""
        before = len(self.problems)
        for key in ("person", "indicator"):
            if row[key] is None and key in row["faulty"]:
                return False
            if row[key] is None:
                self._note(row, key, RowLacks(header=Bilingual(_LABELS[key].zh, _LABELS[key].en)))
        for key in ("team", "person"):
            if row[key] is not None and is_totals_word(row[key]):
                self._note(row, key, LooksLikeTotal(name=row[key]))
        return len(self.problems) == before

    def _teams(self, rows: Sequence[Cells]) -> dict[str, str]:
        """The team of each person: as typed in any of its rows, else its parent in the plan, else none."""
        typed: dict[str, Cells] = {}
        spelled: dict[str, str] = {}
        for row in rows:
            if row["team"] is None:
                continue
            first = typed.setdefault(identity(row["person"]), row)
            spelled.setdefault(identity(row["team"]), row["team"])
            if identity(first["team"]) != identity(row["team"]):
                other = {"team": first["team"], "other": first["cells"]["team"].row}
                self._note(row, "team", faults.InTwoTeams(person=row["person"], **other))
                self.aside |= {number_of(one) for one in rows if identity(one["person"]) == identity(row["person"])}
        teams = {name: spelled[identity(row["team"])] for name, row in typed.items()}
        without = {row["person"] for row in rows if identity(row["person"]) not in teams}
        found = named_members(sorted(without), self.figures) if without else None
        for name in without:
            at = found.positions.get(name, -1) if found is not None else -1
            above = found.members.dimension.parents[at] if found is not None and at >= 0 else -1
            parent = found.members.dimension.members[above].name if found is not None and above >= 0 else ""
            teams[identity(name)] = spelled.get(identity(parent), parent)
        return teams

    def _row(self, row: Cells, team: str) -> WeekRow | None:
        """A row with its planned weeks; None if they cannot be worked out."""
        count = len(self.weeks)
        beyond = [key for key in (*PLANNED[count:], *DONE[count:]) if row[key] is not None]
        for key in beyond:
            self._note(row, key, faults.NoSuchWeek(month=self.month.key, weeks=count))
        facts = {"person": row["person"], "indicator": row["indicator"]}
        target, opening = (None if row[key] is None else int(row[key]) for key in ("target", "open"))
        typed, done = (
            tuple(None if row[key] is None else int(row[key]) for key in keys[:count]) for keys in (PLANNED, DONE)
        )
        if target is None:
            of_indicator = self.known.target(row["indicator"], row["person"], self.month)
            if isinstance(of_indicator, int):
                target = of_indicator
            elif all(number is None for number in typed):
                self._note(row, "target", of_indicator or faults.NothingPlanned(**facts))
                return None
        try:
            planned = planned_weeks(target, typed, self._curve)
        except NothingToFollow:
            self._note(row, "target", faults.NoCurve(month=self.month.key))
            return None
        less = self.known.less_is_better(row["indicator"])
        return WeekRow(row, team, row["person"], row["indicator"], opening, target, planned, done, done, less)

    # --- what is typed into the sheet ---------------------------------------------------------

    def _typed(self, one: WeekRow) -> WeekRow:
        """A row with the done weeks that a person typed into the sheet since it was written."""
        sheet = self._written
        if sheet is None or one.key not in sheet.rows:
            return one
        facts = {"person": one.person, "indicator": one.indicator, "table": _LABEL[self.figures.frame.lang]}
        before, done = _seen(sheet, one.key), list(one.done)
        for i, key in enumerate(DONE[: len(done)]):
            here = self._number(sheet, one.key, key)
            if here is None or (i < len(before) and here == before[i]):
                continue
            if one.done[i] not in (None, here):
                place = sheet.place(one.key, key)
                both = faults.TypedBoth(**facts, week=i + 1, here=here, there=one.done[i])
                self.doubts.append(Problem.note(place, str(here), both))
            done[i] = here
        return replace(one, done=tuple(done))

    def _far_above(self, one: WeekRow) -> Iterator[Problem]:
        """Yield the done weeks that are likely slips, at their cells in the table or in the month's sheet."""
        planned = most_planned(one.target, one.planned)
        for i, done in enumerate(one.done):
            if done is None or done <= TIMES * max(planned, 1):
                continue
            place = one.row["cells"][DONE[i]]
            if done != one.seen[i] and self._written is not None:
                place = self._written.place(one.key, DONE[i])
            facts = {"person": one.person, "indicator": one.indicator, "week": i + 1, "done": f"{done:,}"}
            fault = faults.DoneFarAbove(**facts, planned=f"{planned:,}", times=TIMES)
            yield Problem.note(place, str(done), fault)

    def _number(self, sheet: WrittenSheet, row: str, column: str) -> int | None:
        """The whole number in a cell of the sheet; None if it has none, which is told if it is not blank."""
        typed = typed_number(sheet, row, column, CellKind.COUNT)
        self.doubts += [typed.problem] if typed.problem is not None else []
        return None if typed.value is None else int(typed.value)

    def _gone(self, sheet: WrittenSheet, keys: set[str]) -> Iterator[Problem]:
        """Yield what was typed into rows that the table has no more."""
        table = _LABEL[self.figures.frame.lang]
        for key in sheet.rows:
            parts = parted(key, 3) if key not in keys else None
            if parts is None or parts[0] != "p":
                continue
            before = _seen(sheet, key)
            for i, column in enumerate(DONE[: len(before)]):
                here = sheet.number(key, column)
                if not np.isnan(here) and here != before[i]:
                    facts = {"person": parts[2], "indicator": parts[1], "week": i + 1, "here": plain(here)}
                    yield Problem.note(sheet.place(key, column), plain(here), faults.PersonGone(**facts, table=table))


def _seen(sheet: WrittenSheet, row: str) -> list[int | None]:
    """The done weeks of the table when the sheet was written."""
    value = sheet.value(row, SEEN)
    text = plain(value) if isinstance(value, float) else value if isinstance(value, str) else ""
    return weeks_of(text)
