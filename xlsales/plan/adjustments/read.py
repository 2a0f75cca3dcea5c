"""What a person filled into 转移 and 减免, as adjustments of the plan."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from xlsales.core.adjusted import Kind
from xlsales.core.adjustments import Adjustment
from xlsales.core.expressions import expression
from xlsales.core.faults import Fault, Listed, Problem
from xlsales.core.period_text import parse_period
from xlsales.core.periods import Level, timeline_of
from xlsales.core.plan import Dimension, Plan
from xlsales.core.text import identity, narrow
from xlsales.plan.adjustments import faults
from xlsales.plan.adjustments.tables import EXAMPLES, OTHERS, T_RELIEF, T_TRANSFERS, TABLE_OF
from xlsales.plan.answers import Answers, NotInSteps, is_example
from xlsales.plan.table_rows import AtColumn, LooksLikeTotal
from xlsales.plan.unknown_names import InAnotherDimension, NoSuchDimension, meant_by_several, said_near
from xlsales.tables.cells.matching import Matcher
from xlsales.tables.words.total_words import is_totals_word
from xlsales.values.steps import micros_of, typed

_OTHERS = frozenset(
    map(identity, (*(OTHERS[lang] for lang in ("zh", "en")), "其他", "其余成员", "the others", "other"))
)
_WITHOUT = expression(
    r"(?P<others>[^()\[\]]*?)\s*[(\[]\s*(?:不含|不包括|除了|除|without|except|excluding|excl\.)[\s:]*(?P<names>.*)[)\]]",
    re.IGNORECASE | re.DOTALL,
)
"""The others without some; the text is narrow."""
_BETWEEN = expression(r"([、,;/|\n])")
_MOST_PARTS = 9
"""A name in a list has four separators at most: five parts, and what is between them."""
Row = Mapping[str, Any]


def read_adjustments(answers: Answers, plan: Plan) -> tuple[Adjustment, ...]:
    """Return transfers, then reliefs, in the order of their rows; what is wrong is added to the problems."""
    if all(answers.book.table(table.name) is None for table in (T_TRANSFERS, T_RELIEF)):
        return ()
    reader = _Reader(answers, plan)
    return tuple(one for kind in Kind for one in reader.rows(kind))


class _Reader:
    """Reads the rows by the names and the periods of a plan."""

    def __init__(self, answers: Answers, plan: Plan) -> None:
        self._answers, self._timeline = answers, timeline_of(plan)
        self._matchers = [Matcher(dimension) for dimension in plan.dimensions]

    def rows(self, kind: Kind) -> Iterator[Adjustment]:
        """Yield the adjustments of a table."""
        table, answers = TABLE_OF[kind], self._answers
        if answers.book.table(table.name) is None:
            return
        columns = {column.key: column for column in table.columns}
        for row in answers.rows(table):
            if row["faulty"] or any(is_example(row, T_TRANSFERS, one, answers.money_unit) for one in _examples(kind)):
                continue
            needed = ("start", "giver", "reason") if kind is Kind.RELIEF else ("start", "giver", "taker", "reason")
            missing = [columns[key] for key in needed if row[key] is None]
            for column in missing:
                answers.row_lacks(row, column)
            if missing:
                continue
            try:
                yield self._adjustment(kind, row)
            except AtColumn as found:
                value = row[found.key]
                answers.problems.append(
                    Problem(row["cells"][found.key], "" if value is None else str(value), found.fault)
                )

    def _adjustment(self, kind: Kind, row: Row) -> Adjustment:
        start, end = self._span(kind, row)
        dimension, giver, taker, apart = self._members(kind, row)
        amount = None
        if kind is Kind.TRANSFER:
            if (row["amount"] is None) == (row["share"] is None):
                raise AtColumn("amount", faults.AmountOrShare())
            if row["share"] is not None and not giver:
                raise AtColumn("share", faults.OthersNeedAmount())
            amount = None if row["amount"] is None else self._steps(row)
        if row["share"] == 0:
            label = next(column.label for column in TABLE_OF[kind].columns if column.key == "share")
            raise AtColumn("share", faults.NothingMoved(label=label[self._answers.lang]))
        carried = row["carried"] if kind is Kind.RELIEF else None
        of = dimension, giver, taker, start, end, amount, row["share"], row["reason"], row["row"].row
        return Adjustment(kind, *of, lowers=carried == "company", carried=carried is not None, apart=apart)

    def _steps(self, row: Row) -> int:
        """The amount of a row in steps."""
        answers, label = self._answers, T_TRANSFERS.columns[5].label[self._answers.lang]
        found = f"{typed(micros_of(row['amount']), answers.money_unit.per):f}"
        try:
            steps = answers.whole(row["amount"], answers.step_micros, label, found, NotInSteps)
        except NotInSteps as fault:
            raise AtColumn("amount", fault) from None
        if not steps:
            raise AtColumn("amount", faults.NothingMoved(label=label))
        return steps

    def _span(self, kind: Kind, row: Row) -> tuple[dt.date, dt.date]:
        """The first and the last day of a row."""
        first = self._period("start", row)
        if row["end"] is not None:
            last = self._period("end", row).end
            if last < first.start:
                raise AtColumn("end", faults.EndsFirst(start=row["start"], end=row["end"]))
            return first.start, last
        if first.level is not Level.DAY:
            return first.start, first.end
        if kind is Kind.RELIEF:
            raise AtColumn("end", faults.NeedsLastDay(start=first.start))
        months = self._timeline.periods(Level.MONTH)
        return first.start, next(month.end for month in months if month.start <= first.start <= month.end)

    def _period(self, key: str, row: Row) -> Any:
        try:
            return parse_period(row[key], self._timeline)
        except Fault as fault:
            raise AtColumn(key, fault) from None

    # --- members ------------------------------------------------------------------------

    def _members(self, kind: Kind, row: Row) -> tuple[str, str, str, tuple[str, ...]]:
        """The dimension of a row, who gives and who takes (blank for the others), and who is no other."""
        chosen = self._chosen(row)
        keys = ("giver",) if kind is Kind.RELIEF else ("giver", "taker")
        found = {key: self._found(row[key], chosen) for key in keys}
        named = {key: one for key, one in found.items() if one}
        for key, one in found.items():
            if not one and not (kind is Kind.TRANSFER and _others_of(row[key]) is not None):
                raise AtColumn(key, self._unknown(row[key], chosen))
        if not named:
            raise AtColumn("taker", faults.ToItself(giver=row["giver"], taker=row["taker"]))
        common = [n for n in range(len(self._matchers)) if all(n in of for of in named.values())]
        for key, one in named.items():
            if len(common) > 1 and len(one) > 1:
                raise AtColumn(key, meant_by_several(row[key], self._names(common).names))
        if not common:
            sides = [self._names(one) for one in named.values()]
            facts = {"zh_giver": sides[0], "en_giver": sides[0], "zh_taker": sides[1], "en_taker": sides[1]}
            raise AtColumn("taker", faults.ApartDimensions(giver=row["giver"], taker=row["taker"], **facts))
        dimension = self._matchers[common[0]].dimension
        positions = {key: one[common[0]] for key, one in named.items()}
        names = {key: dimension.members[i].name for key, i in positions.items()}
        if len(positions) == 2 and _of_one_line(dimension, *positions.values()):
            raise AtColumn("taker", faults.ToItself(giver=row["giver"], taker=row["taker"]))
        apart = [i for key in keys if key not in named for i in self._apart(key, row[key], common[0])]
        members = tuple(dimension.members[i].name for i in dict.fromkeys(apart))
        return dimension.name, names.get("giver", ""), names.get("taker", ""), members

    def _apart(self, key: str, text: str, number: int) -> Iterator[int]:
        """Yield the members of a dimension that a cell leaves out of the others; their names may have separators."""
        parts = _BETWEEN.split(_others_of(text) or "")
        while parts:
            for end in range(min(len(parts), _MOST_PARTS), 0, -2):
                found = self._found("".join(parts[:end]), [number])
                if found:
                    yield found[number]
                    break
            else:
                end = 1
                if parts[0].strip():
                    raise AtColumn(key, self._unknown(parts[0].strip(), [number]))
            parts = parts[end + 1 :]

    def _chosen(self, row: Row) -> list[int]:
        """The dimensions that a row may be of."""
        name, every = row["dimension"], range(len(self._matchers))
        chosen = [n for n in every if name is None or identity(self._matchers[n].dimension.name) == identity(name)]
        if name is not None and not chosen:
            raise AtColumn("dimension", NoSuchDimension(found=name, names=self._names(every)))
        return chosen

    def _names(self, numbers: Iterable[int]) -> Listed:
        return Listed(self._matchers[n].dimension.name for n in numbers)

    def _found(self, name: str, chosen: Sequence[int]) -> dict[int, int]:
        """The member of a name in each dimension that has one; `大区:2区` is that of one dimension."""
        found = {n: i for n in chosen if (i := self._matchers[n].position(name)) >= 0}
        text = narrow(name)
        if not found and ":" in text:
            before, _, after = text.partition(":")
            those = [n for n in chosen if identity(self._matchers[n].dimension.name) == identity(before)]
            found = {n: i for n in those if (i := self._matchers[n].position(after)) >= 0}
        return found

    def _unknown(self, name: str, chosen: Sequence[int]) -> Fault:
        if is_totals_word(name):
            return LooksLikeTotal(name=name)
        others = [n for n, one in enumerate(self._matchers) if n not in chosen and one.position(name) >= 0]
        if others:
            (dimension,) = self._names(chosen).names
            return InAnotherDimension(name=name, dimension=dimension, others=self._names(others))
        near = [close for n in chosen for close in self._matchers[n].nearest(name)][:3]
        return faults.MemberUnknown(name=name, **said_near(near))


def _others_of(text: str) -> str | None:
    """The names that a cell leaves out of the others, as one text; None if it does not say the others."""
    found = _WITHOUT.fullmatch(narrow(text))
    said, names = (text, "") if found is None else found.group("others", "names")
    return names if identity(said) in _OTHERS else None


def _examples(kind: Kind) -> Sequence[Any]:
    return EXAMPLES if kind is Kind.TRANSFER else ()


def _of_one_line(dimension: Dimension, one: int, other: int) -> bool:
    """Whether two members are the same, or one is above the other."""
    for below, top in ((one, other), (other, one)):
        at = below
        while at >= 0:
            if at == top:
                return True
            at = dimension.parents[at]
    return False
