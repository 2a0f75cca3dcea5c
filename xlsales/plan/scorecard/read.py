"""Table 考核 as scorecards: of each period and dimension the criteria of every member, with target and actual."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from xlsales.book.keyed import WrittenSheet
from xlsales.core.faults import Bilingual, Fault, Place, Problem
from xlsales.core.indicators import IndicatorKind
from xlsales.core.keys import parted
from xlsales.core.period_text import parse_period
from xlsales.core.periods import Level, Period
from xlsales.core.text import identity
from xlsales.layout.model import IDENTITY, Role
from xlsales.plan.answers import RowLacks
from xlsales.plan.figures import NAN, Figures, Members
from xlsales.plan.indicators.faults import NoDimension
from xlsales.plan.indicators.read import meant_number
from xlsales.plan.kept_rows import NameGone, by_labels, dimension_now, last_part, mixed_rows, name_now, rows_of_members
from xlsales.plan.scorecard import faults
from xlsales.plan.scorecard.cards import Card, Cards, Criterion, is_final, name_of_cards
from xlsales.plan.scorecard.cells import Cells, fractions, number_of, share, whom
from xlsales.plan.scorecard.closed import closed_differs
from xlsales.plan.scorecard.doubts import doubts_on_figures, doubts_on_rows, doubts_on_weights
from xlsales.plan.scorecard.sources import Figure, Sources
from xlsales.plan.scorecard.tables import SOURCES, T_SCORECARD
from xlsales.plan.table_rows import AtColumn, LooksLikeTotal, dimension_named, rows_are
from xlsales.plan.typed_cells import CellKind, TypedNumber, typed_number
from xlsales.tables.words.total_words import is_totals_word
from xlsales.values.cell import is_blank, text_of
from xlsales.vocabulary.contract import PROGRESS_COLUMNS

_HALF_CENT = 0.005
_LABELS = {column.key: column.label for column in T_SCORECARD.columns}


class _Entry(Struct, frozen=True):
    """A row that can be read: of each lowest member of a dimension (`position` is None), or of one member.

    `earlier`: of a month before that of the as-of date, by which the table goes.
    """

    row: Cells
    members: Members
    position: int | None
    period: Period
    earlier: bool = False


def read_cards(rows: Sequence[Cells], figures: Figures, sources: Sources, problems: list[Problem]) -> Iterator[Cards]:
    """Yield the scorecards of the table, without the rows at fault: `problems` get what is wrong.

    Those of a closed period with a final sheet are what the tables say by now, and tell of typed cells alone. Those
    of months before the last closed one are not yielded if their rows are by now those of later months.
    """
    reader = _Reader(figures, problems)
    entries = reader.entries(rows)
    if goes_by_as_of(rows):
        now = [entry for entry in entries if entry.period == figures.this_month]
        entries += [
            replace(entry, period=month, earlier=True)
            for month in figures.months
            if month.end < figures.this_month.start
            for entry in now
            if _written(figures, entry.members, month) is not None
        ]
    groups: dict[tuple[str, str], list[_Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.period.key, entry.members.name), []).append(entry)
    through, compared = figures.breakdown.plan.closed_through, list[str]()
    last = max((month.end for month in figures.months if through is not None and month.end <= through), default=None)
    for own in groups.values():
        members, period = own[0].members, own[0].period
        sheet = _written(figures, members, period)
        final = through is not None and period.end <= through and sheet is not None and is_final(sheet)
        if not final:
            yield _Writer(figures, sources, sheet, reader).cards(own)
        elif sheet is not None and (not own[0].earlier or period.end == last):
            compared.append(sheet.identity)
            apart = _Reader(figures, [])  # what is at fault by now is no fault of what was closed
            apart.aside |= reader.aside
            yield _Writer(figures, sources, sheet, apart, final=True).cards(own)
    problems += _sales_changed(figures, compared)
    if reader.aside:
        fault = faults.CriteriaLeftOut(rows=rows_are(sorted(reader.aside)))
        problems.append(Problem.note(Place(rows[0]["cells"]["criterion"].sheet), "", fault))


def _sales_changed(figures: Figures, compared: Collection[str]) -> Iterator[Problem]:
    """Yield final sheets that have no rows in the table, beside those `compared`, if their sales are others now."""
    through = figures.breakdown.plan.closed_through
    periods = [one for level in Level for one in figures.breakdown.timeline.periods(level)] if through else []
    for members, period in ((one, period) for one in figures.dimensions for period in periods):
        sheet = _written(figures, members, period) if through is not None and period.end <= through else None
        if sheet is None or sheet.identity in compared or not is_final(sheet):
            continue
        months = [i for i, month in enumerate(figures.months) if period.start <= month.start <= period.end]
        changed = []
        for key in sheet.rows:
            parts = parted(key, 3) if key.startswith("c:") else None
            at = members.matcher.position(parts[1]) if parts is not None else -1
            if parts is None or at < 0 or sheet.value(key, "source") not in (SOURCES["plan"].zh, SOURCES["plan"].en):
                continue
            before, now = sheet.number(key, "actual"), float(members.actuals[at, months].sum())
            if abs(before - now) >= _HALF_CENT:
                changed.append((key, parts[1], before, now))
        if changed:
            key, who, before, now = changed[0]
            said = f"{before:,.2f}", f"{now:,.2f}"
            yield closed_differs(sheet, (key, "actual"), len(changed), who, PROGRESS_COLUMNS["actual"], said)


def goes_by_as_of(rows: Sequence[Cells]) -> bool:
    """Whether the table goes by the month of the as-of date: the period of its first row is blank."""
    return bool(rows) and rows[0]["period"] is None and "period" not in rows[0]["faulty"]


def _written(figures: Figures, members: Members, period: Period) -> WrittenSheet | None:
    """The sheet of a dimension and a period that is in the workbook, with members by the names that they have now.

    If there is none, it is the one of a dimension that has been renamed.
    """
    begins = f"{IDENTITY}{T_SCORECARD.sheet}:"
    sheet = figures.written.get(begins + name_of_cards(members, period))
    for identity_, one in figures.written.items() if sheet is None else ():
        name, _, key = identity_.removeprefix(begins).rpartition(" ")
        if identity_.startswith(begins) and key == period.key and dimension_named(name, figures) is None:
            people = [parts[1] for row in one.rows if row.startswith("c:") and (parts := parted(row, 3)) is not None]
            sheet = one if dimension_now(name, people, figures) is members else sheet
    sheet = by_labels(sheet, "member", last_part("c", 3))
    for kind, count in (("c", 3), ("p", 2), ("i", 3), ("pay", 2)):
        sheet = rows_of_members(sheet, kind, count, 1, lambda parts: name_now(members, parts[1]))
    return sheet


class _Reader:
    """Reads the rows of the table; `aside` are the numbers of those at fault."""

    def __init__(self, figures: Figures, problems: list[Problem]) -> None:
        self.figures, self.problems = figures, problems
        self.aside: set[int] = set()

    def entries(self, rows: Sequence[Cells]) -> list[_Entry]:
        """Return the rows that can be read; a blank period is that of the row above."""
        entries: list[_Entry] = []
        period: Period | None = self.figures.this_month
        for row in rows:
            try:
                if "period" in row["faulty"]:
                    period = None
                elif row["period"] is not None:
                    period = None
                    period = self._period(row)
                if period is None or row["faulty"]:
                    self.aside.add(number_of(row))
                else:
                    entries.append(self._entry(row, period))
            except AtColumn as found:
                self.note(row, found)
        return self._once(entries)

    def note(self, row: Cells, found: AtColumn) -> None:
        """Tell what is wrong with a row, and set it aside."""
        self.problems.append(found.problem(row))
        self.aside.add(number_of(row))

    def _period(self, row: Cells) -> Period:
        months = self.figures.months
        try:
            period = parse_period(row["period"], self.figures.breakdown.timeline)
            if period.level in (Level.WEEK, Level.DAY):
                quarters = self.figures.breakdown.timeline.periods(Level.QUARTER)
                raise faults.PeriodTooShort(found=row["period"], month=months[0].key, quarter=quarters[0].key)
        except Fault as fault:
            raise AtColumn("period", fault) from None
        return period

    def _entry(self, row: Cells, period: Period) -> _Entry:
        needed = ("criterion", "weight", "source", *(("target",) if row["source"] == "typed" else ()))
        missing = next((key for key in needed if row[key] is None), None)
        if missing is not None:
            raise AtColumn(missing, RowLacks(header=Bilingual(_LABELS[missing].zh, _LABELS[missing].en)))
        if is_totals_word(row["criterion"]):
            raise AtColumn("criterion", LooksLikeTotal(name=row["criterion"]))
        if not self.figures.dimensions:
            raise AtColumn("who", NoDimension(name=row["criterion"]))
        of = whom(row["who"], self.figures, "who", self.figures.dimensions[0])
        return _Entry(row, of.members, of.position, period)

    def _once(self, entries: list[_Entry]) -> list[_Entry]:
        """The rows without those that two of the same people and criterion have: it is not known which counts."""
        met: dict[tuple[str, str, int | None, str], Cells] = {}
        for one in entries:
            key = one.period.key, one.members.name, one.position, identity(one.row["criterion"])
            first = met.setdefault(key, one.row)
            if first is not one.row:
                self.aside.add(number_of(first))
                who = one.members.name if one.position is None else one.members.dimension.members[one.position].name
                facts = {"who": who, "criterion": one.row["criterion"], "other": number_of(first)}
                self.note(one.row, AtColumn("criterion", faults.SameCriterion(**facts)))
        return [one for one in entries if number_of(one.row) not in self.aside]


class _Writer:
    """Makes the scorecards of a period and a dimension; `sheet` is the one that is written already, if any."""

    def __init__(
        self, figures: Figures, sources: Sources, sheet: WrittenSheet | None, reader: _Reader, *, final: bool = False
    ) -> None:
        self.figures, self.sources, self.sheet, self.reader, self.final = figures, sources, sheet, reader, final
        self.doubts: list[Problem] = []

    def cards(self, entries: Sequence[_Entry]) -> Cards:
        """Return the scorecards of rows of one period and dimension."""
        members, period = entries[0].members, entries[0].period
        general = {identity(one.row["criterion"]): one.row for one in entries if one.position is None}
        own: dict[int, dict[str, Cells]] = {}
        for one in entries:
            if one.position is not None:
                own.setdefault(one.position, {})[identity(one.row["criterion"])] = one.row
        scored = set(members.dimension.leaves) if general else set()
        cards = []
        for position in sorted(scored | set(own)):
            of_all = general if position in scored else {}
            card = self._card(members, position, period, {**of_all, **own.get(position, {})})
            if card.criteria:
                cards.append(card)
        sound = [one.row for one in entries if number_of(one.row) not in self.reader.aside]
        weights = list(doubts_on_weights(cards, complete=not self.reader.aside))
        if not self.final:
            self.doubts += [*doubts_on_rows(sound), *weights, *doubts_on_figures(cards)]
        keys = {card.key(one) for card in cards for one in card.criteria if one.typed}
        gone = (*mixed_rows(self.sheet), *self._gone(members, keys))
        under_way = self.sources.is_under_way(period)
        aside = tuple(sorted(self.reader.aside))
        at_fault, final = bool(aside or weights), self.sheet if self.final else None
        return Cards(members, period, under_way, tuple(cards), tuple(self.doubts), gone, aside, at_fault, final)

    def _card(self, members: Members, position: int, period: Period, rows: Mapping[str, Cells]) -> Card:
        name = members.dimension.members[position].name
        card = Card(position, name, ())
        weights = fractions(rows.values())
        criteria = []
        for row, weight in zip(rows.values(), weights, strict=True):
            if number_of(row) in self.reader.aside:
                continue
            try:
                criteria.append(self._criterion(row, weight, card, members, period))
            except AtColumn as found:
                self.reader.note(row, found)
            except Fault as fault:
                self.reader.note(row, AtColumn("criterion", fault))
        return replace(card, criteria=tuple(criteria))

    def _criterion(self, row: Cells, weight: float, card: Card, members: Members, period: Period) -> Criterion:
        name, source = row["criterion"], row["source"]
        if source == "typed":
            figure = self.sources.typed()
        else:
            figure = self.sources.figure(source, name, members, card.position, period)
        less = figure.less if row["better"] is None else row["better"] == "less"
        target = figure.target if row["target"] is None else _typed_target(row, figure)
        cap = share(row, "cap")
        cap = 1.0 if less and math.isnan(cap) else cap
        one = Criterion(row, name, source, weight, target, figure.actual, less, cap, share(row, "floor"), figure.role)
        if not one.typed:
            return one
        typed = self._typed(one, card.key(one))
        return replace(one, actual=NAN if typed.value is None else typed.value, refused=typed.refused)

    # --- what is typed into the sheet --------------------------------------------------

    def _is_typed(self, key: str) -> bool:
        """Whether the row of a key in the sheet has an actual that a person types."""
        word = SOURCES["typed"]
        return self.sheet is not None and self.sheet.value(key, "source") in (word.zh, word.en)

    def _typed(self, one: Criterion, key: str) -> TypedNumber:
        """What is typed into the yellow cell of a criterion."""
        if self.sheet is None or not self._is_typed(key):
            return TypedNumber()
        typed = typed_number(self.sheet, key, "actual", CellKind.SCORE, target=one.target, less=one.less)
        self.doubts += [typed.problem] if typed.problem is not None else []
        return typed

    def _gone(self, members: Members, keys: set[str]) -> Iterator[Problem]:
        """Yield what was typed into rows that the scorecards have no more."""
        table = T_SCORECARD.label[self.figures.frame.lang]
        for key in self.sheet.rows if self.sheet is not None else ():
            parts = parted(key, 3) if key not in keys else None
            if self.sheet is None or parts is None or parts[0] != "c" or not self._is_typed(key):
                continue
            here = self.sheet.content(key, "actual")
            if not is_blank(here):
                shown = text_of(here)
                facts = {"who": parts[1], "criterion": parts[2], "here": shown, "table": table}
                fault: Fault = faults.CriterionGone(**facts)
                if members.matcher.position(parts[1]) < 0:
                    fault = NameGone(row=f"{parts[1]} {parts[2]}", name=parts[1], here=shown)
                yield Problem.note(self.sheet.place(key, "actual"), shown, fault)


def _typed_target(row: Cells, figure: Figure) -> float:
    """The target that a person typed, as the source has its own: amounts in full, rates as parts of 1.

    Raises AtColumn: only a rate is a percentage.
    """
    kind = _KINDS.get(figure.role, IndicatorKind.COUNT)
    if figure.role == "entry":
        return float(row["target"])
    try:
        value = meant_number(row, "target", row["criterion"], kind, figure.unit)
    except Fault as fault:
        raise AtColumn("target", fault) from None
    return (
        value * figure.unit.per
        if kind is IndicatorKind.AMOUNT
        else share(row, "target")
        if figure.role == "percent"
        else value
    )


_KINDS: dict[Role, IndicatorKind] = {"money": IndicatorKind.AMOUNT, "percent": IndicatorKind.RATE}
