"""Table 行动 as actions of members, with what a person typed into sheet 行动计划 since it was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from xlsales.book.keyed import WrittenSheet
from xlsales.core.actions import ActionStatus, sums_upwards, to_come
from xlsales.core.arrays import Floats
from xlsales.core.faults import Bilingual, Fault, Lang, Place, Problem
from xlsales.core.keys import joined, parted
from xlsales.core.text import identity
from xlsales.layout.model import IDENTITY
from xlsales.plan.actions import faults
from xlsales.plan.actions.table import T_ACTIONS
from xlsales.plan.answers import RowLacks
from xlsales.plan.figures import Figures, Members
from xlsales.plan.kept_rows import NameGone, by_labels, is_gone, last_part, mixed_rows, rows_of_dimensions
from xlsales.plan.table_rows import LooksLikeTotal, named_member, rows_are
from xlsales.plan.typed_cells import CellKind, typed_number
from xlsales.plan.unit_slips import REACHED, unit_slip
from xlsales.plan.unknown_names import COMPANY, NotInThePlan, is_company
from xlsales.tables.words.total_words import is_totals_word
from xlsales.values.cell import CellFault, Labelled, choice, is_blank, plain, text_of
from xlsales.vocabulary.contract import ACTION_STATUS, LANGS, UNIT_YUAN

Cells = Mapping[str, Any]
"""A row of the table, as `Answers.rows` gives it."""

SEEN = "seen"
"""The hidden column that keeps status and result as the table had them when the sheet was written."""
"""What the whole company is called."""
TYPED = ("status", "result")
"""The columns that a person may type into, in the sheet and in the table."""
_LABELS = {column.key: column.label for column in T_ACTIONS.columns}
_BETWEEN = "|"


class Typed(Struct, frozen=True):
    """What is known of an action by now: its status by its code, its result in yuan; None is blank."""

    status: str | None = None
    result: float | None = None

    def text(self, per: int) -> str:
        """Return it as a text, which a hidden column keeps, with the unit in which results are typed."""
        return _BETWEEN.join((str(per), self.status or "", "" if self.result is None else plain(self.result)))

    @classmethod
    def of_text(cls, text: str) -> tuple[Typed, int]:
        """Return what is in such a text, and the unit."""
        per, _, rest = text.partition(_BETWEEN)
        status, _, result = rest.partition(_BETWEEN)
        return cls(status or None, float(result) if result else None), int(per) if per.isdecimal() else 1


class Action(Struct, frozen=True):
    """An action of a member (of `members`, at `position`), or of the company without one; amounts in yuan.

    `listed` is what the table says of its status and result, `typed` what counts.
    """

    row: Cells
    members: Members | None
    position: int
    measure: str
    expected: float
    listed: Typed
    typed: Typed

    @property
    def dimension(self) -> str:
        """The dimension of its member; none of the company."""
        return self.members.name if self.members is not None else ""

    @property
    def member(self) -> str:
        """Its member; none of the company."""
        return self.members.dimension.members[self.position].name if self.members is not None else ""

    @property
    def key(self) -> str:
        """Its row key in the sheet."""
        return joined("a", self.dimension, self.member, self.measure)

    @property
    def status(self) -> ActionStatus:
        """How far it is; a blank status is that it has not begun."""
        return ActionStatus(self.typed.status or ActionStatus.OPEN)

    @property
    def to_come(self) -> float:
        """What is still to come of it."""
        return to_come(self.expected, self.typed.result, self.status)

    @property
    def visits(self) -> float | None:
        """How many visits it takes; None if that is not said."""
        customers, each = self.row["customers"], self.row["visits"]
        return None if customers is None or each is None else customers * each

    def days(self) -> tuple[dt.date | None, dt.date | None]:
        """Return its first and its last day."""
        return self.row["begins"], self.row["ends"]


class ActionRows(Struct, frozen=True):
    """The actions of the table, what is doubtful in them, and the numbers of the rows that are left out.

    `gone`: what is typed into the sheet for other rows, which a new sheet would lose.
    """

    actions: tuple[Action, ...]
    doubts: tuple[Problem, ...]
    gone: tuple[Problem, ...]
    left_out: tuple[int, ...]

    def coming(self, members: Members) -> Floats:
        """Return what is still to come of the actions of each member of a dimension and of those below it, in yuan."""
        own = ((action.position, action.to_come) for action in self.actions if action.dimension == members.name)
        return sums_upwards(members.dimension.parents, own)

    def planned(self, members: Members) -> Floats:
        """Return how many actions each member of a dimension has, and those below it; a cancelled one is none."""
        own = (a for a in self.actions if a.dimension == members.name and a.status is not ActionStatus.CANCELLED)
        return sums_upwards(members.dimension.parents, ((action.position, 1.0) for action in own))

    def coming_of_company(self) -> float:
        """Return what is still to come for the company: of its own actions, and of one dimension's.

        It is the dimension that brings most: actions of regions and of products may go for the same sales.
        """
        sums: dict[str, float] = {}
        for action in self.actions:
            sums[action.dimension] = sums.get(action.dimension, 0.0) + action.to_come
        return sums.pop("", 0.0) + max(sums.values(), default=0.0)


def read_actions(rows: Sequence[Cells], figures: Figures, problems: list[Problem]) -> ActionRows:
    """Return the actions without the rows at fault: `problems` get what is wrong."""
    reader = _Reader(figures)
    actions = reader.read(rows)
    problems += reader.problems
    left_out = tuple(sorted(reader.aside))
    if left_out:
        fault = faults.ActionsLeftOut(rows=rows_are(left_out))
        problems.append(Problem.note(Place(rows[0]["cells"]["member"].sheet), "", fault))
    return ActionRows(tuple(actions), tuple(reader.doubts), tuple(reader.gone), left_out)


class _AtFault(Exception):
    """A row that cannot be read; what is wrong with it is told."""


class _Reader:
    """Reads the rows, and gathers what is wrong (`problems`) and what is doubtful (`doubts`)."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.problems: list[Problem] = []
        self.doubts: list[Problem] = []
        self.gone: list[Problem] = []
        self.aside: set[int] = set()
        frame = figures.frame
        written = figures.written.get(IDENTITY + T_ACTIONS.sheet)
        sheet = by_labels(written, "name", last_part("a", 4), (SEEN,))
        self.gone += mixed_rows(sheet)
        sheet = rows_of_dimensions(sheet, "a", 4, 2, figures)
        self._typed = TypedInSheet(sheet, frame.lang, frame.currency)

    def read(self, rows: Sequence[Cells]) -> list[Action]:
        """Return the actions that can be read."""
        out, met = [], dict[str, int]()
        for row in rows:
            try:
                action = self._action(row)
                other = met.setdefault(identity(action.key), _number_of(row))
                if other != _number_of(row):
                    name = action.member or COMPANY[self.figures.frame.lang]
                    self.aside.add(other)
                    raise self._at_fault(
                        row, "measure", faults.SameAction(member=name, measure=action.measure, other=other)
                    )
            except _AtFault:
                self.aside.add(_number_of(row))
                continue
            out.append(action)
        out = [self._typed.taken(action, self.doubts) for action in out if _number_of(action.row) not in self.aside]
        self.doubts += [problem for action in out for problem in doubts_of(action, self.figures)]
        self.gone += self._typed.gone({action.key for action in out}, self.figures)
        return out

    def _at_fault(self, row: Cells, key: str, fault: Fault) -> _AtFault:
        self.problems.append(Problem.note(row["cells"][key], text_of(row[key]), fault))
        return _AtFault()

    def _action(self, row: Cells) -> Action:
        """The action of a row. Raises _AtFault, and tells why, if there is none."""
        if row["faulty"]:
            raise _AtFault
        if row["measure"] is None:
            raise self._at_fault(row, "measure", RowLacks(header=_LABELS["measure"]))
        members, position = self._member(row)
        begins, ends = row["begins"], row["ends"]
        if begins is not None and ends is not None and ends < begins:
            fault = faults.EndsBeforeItBegins(measure=row["measure"], begins=begins, ends=ends)
            raise self._at_fault(row, "ends", fault)
        status, result = row["status"], row["result"]
        listed = Typed(status, None if result is None else float(result))
        return Action(row, members, position, row["measure"], self._expected(row), listed, listed)

    def _member(self, row: Cells) -> tuple[Members | None, int]:
        name = row["member"]
        if name is None:
            return None, -1
        try:
            found = named_member(name, self.figures)
        except Fault as fault:
            raise self._at_fault(row, "member", fault) from None
        if found is not None:
            return found
        if is_company(name):
            return None, -1
        unknown = LooksLikeTotal if is_totals_word(name) else NotInThePlan
        raise self._at_fault(row, "member", unknown(name=name))

    def _expected(self, row: Cells) -> float:
        """What the action is to bring, in yuan."""
        expected, customers, each = row["expected"], row["customers"], row["each"]
        product = None if customers is None or each is None else Decimal(customers) * Decimal(each)
        if expected is None and product is None:
            raise self._at_fault(row, "expected", faults.NothingExpected(measure=row["measure"]))
        if expected is not None and product is not None and Decimal(expected) != product:
            per = UNIT_YUAN[self.figures.frame.unit]
            amounts = {"expected": plain(Decimal(expected) / per), "product": plain(product / per)}
            fault = faults.ExpectedDiffers(measure=row["measure"], **amounts)
            self.doubts.append(Problem.note(row["cells"]["expected"], amounts["expected"], fault))
        amount = product if expected is None else expected
        assert amount is not None  # one of them is there
        return float(amount)


_EXPECTED, _REACHED = Bilingual("预计金额", "expected amount"), Bilingual("已达成", "amount reached")
_TARGET, _AS_EXPECTED = Bilingual("目标", "the target"), Bilingual("预计金额", "the amount expected")


def doubts_of(action: Action, figures: Figures) -> Iterator[Problem]:
    """Yield what is doubtful in the amounts and the days of an action."""
    cells, name, frame = action.row["cells"], action.measure, figures.frame
    target = float(figures.total["target"])
    if action.members is not None:
        target = float(action.members.lines[action.position]["target"]) or target
    fault = unit_slip(name, _EXPECTED, action.expected, target, _TARGET, frame)
    if fault is not None:
        key = "each" if action.row["expected"] is None else "expected"
        yield Problem.note(cells[key], plain(action.expected), fault)
    reached = action.typed.result
    fault = None
    if reached is not None:
        fault = unit_slip(name, _REACHED, reached, action.expected, _AS_EXPECTED, frame, REACHED)
    if fault is not None:
        yield Problem.note(cells["result"], plain(reached or 0.0), fault)
    ends, end = action.row["ends"], figures.breakdown.plan.end
    if ends is not None and ends > end and not action.status.over and action.expected:
        facts = {"expected": plain(action.expected), "base": frame.full_word}
        yield Problem.note(cells["ends"], str(ends), faults.EndsAfterPlan(measure=name, ends=ends, end=end, **facts))


class TypedInSheet:
    """What a person typed into a written sheet of actions since a run wrote it."""

    def __init__(self, sheet: WrittenSheet | None, lang: Lang, currency: str) -> None:
        self._sheet, self._lang, self._currency = sheet, lang, currency
        self._table = T_ACTIONS.label[lang]

    def taken(self, action: Action, doubts: list[Problem]) -> Action:
        """Return an action with what is typed into its row; `doubts` get what the table has otherwise."""
        sheet = self._sheet
        if sheet is None or action.key not in sheet.rows:
            return action
        before, per = self._seen(sheet, action.key)
        typed = action.typed
        for column in TYPED:
            here = self._value(sheet, action.key, column, per, doubts)
            if here is None or here == getattr(before, column):
                continue
            there = getattr(action.listed, column)
            if there not in (None, here, getattr(before, column)):
                facts = {"here": self._said(here, per), "there": self._said(there, per), "table": self._table}
                fault = faults.StatusTypedBoth(measure=action.measure, **_column(column), **facts)
                doubts.append(Problem.note(sheet.place(action.key, column), self._said(here, per), fault))
            typed = replace(typed, **{column: here})
        return replace(action, typed=typed)

    def gone(self, keys: set[str], figures: Figures) -> Iterator[Problem]:
        """Yield what was typed into rows of actions that the table has no more."""
        sheet = self._sheet
        for key in () if sheet is None else sheet.rows:
            parts = parted(key, 4) if key not in keys else None
            if sheet is None or parts is None or parts[0] != "a":
                continue
            before, per = self._seen(sheet, key)
            for column in TYPED:
                here = self._value(sheet, key, column, per, [])
                if here is not None and here != getattr(before, column):
                    said = self._said(here, per)
                    fault: Fault = faults.ActionGone(measure=parts[3], **_column(column), here=said, table=self._table)
                    if is_gone(parts[1], parts[2], figures):
                        fault = NameGone(row=f"{parts[2]} {parts[3]}", name=parts[2], here=said)
                    yield Problem.note(sheet.place(key, column), said, fault)

    def _seen(self, sheet: WrittenSheet, row: str) -> tuple[Typed, int]:
        value = sheet.value(row, SEEN)
        return Typed.of_text(value if isinstance(value, str) else "")

    def _value(self, sheet: WrittenSheet, row: str, column: str, per: int, doubts: list[Problem]) -> str | float | None:
        """The code of a status, or a result in yuan; None if a cell has none, which is told if it is not blank."""
        if column == "result":
            typed = typed_number(sheet, row, column, CellKind.AMOUNT, per=per, currency=self._currency)
            doubts += [typed.problem] if typed.problem is not None else []
            return typed.value
        held = sheet.content(row, column)
        if is_blank(held):
            return None
        try:
            found = choice(held, Labelled(""), _STATUS_WORDS)
        except CellFault:
            found = None
        if found is None:
            fault = faults.NotTaken(found=text_of(held), table=self._table)
            doubts.append(Problem.note(sheet.place(row, column), text_of(held), fault))
        return found

    def _said(self, value: str | float, per: int) -> str:
        return ACTION_STATUS[value][self._lang] if isinstance(value, str) else plain(Decimal(plain(value)) / per)


_STATUS_WORDS = {code: (word.zh, word.en) for code, word in ACTION_STATUS.items()}


def _column(key: str) -> dict[str, str]:
    return {f"{lang}_column": _LABELS[key][lang] for lang in LANGS}


def _number_of(row: Cells) -> int:
    """The number of a row on its sheet."""
    number = row["cells"]["measure"].row
    assert isinstance(number, int)
    return number
