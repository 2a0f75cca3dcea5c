"""What is in a person's input cells: found by name, converted by kind, every fault gathered.

Cells are found by defined name, tables by table name, columns by header in
either language. Rows directly below a table count as its own. Blank is None,
which is not zero.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from xlsales.core.expressions import expression
from xlsales.core.faults import Fault, Lang, Listed, Place, Problem
from xlsales.core.percentages import Percents
from xlsales.core.plan import LONGEST_MONTH, MICROS
from xlsales.core.text import clean, narrow
from xlsales.ooxml.book import Book
from xlsales.plan.input_cells import Cells
from xlsales.plan.input_columns import find_columns
from xlsales.plan.table_extent import RowApart, end_of, row_apart
from xlsales.values.cell import (
    CellFault,
    Labelled,
    OutOfBounds,
    as_decimal,
    choice,
    day,
    in_bounds,
    is_blank,
    money,
    number,
    out_of_bounds,
    sound,
    text_of,
    whole,
)
from xlsales.values.date_text import WEEK_START_WORDS, DateBounds
from xlsales.values.steps import typed, whole_steps
from xlsales.values.units import meant, read_unit
from xlsales.vocabulary import contract
from xlsales.vocabulary.contract import Setting, Word
from xlsales.vocabulary.money import Money, currency_word
from xlsales.vocabulary.plan_tables import EXAMPLE, Example, InputTable, TableColumn


class NameMissing(Fault):
    """An input cell has lost its name."""

    zh = "找不到“{label}”(名称 {name})。请在公式→名称管理器里恢复它,或用 xlsales new 新建计划。"
    en = '"{label}" is gone (defined name {name}). Restore it under Formulas > Name Manager, or start with xlsales new.'


class NameElsewhere(Fault):
    """The name of an input cell points to the cell of another."""

    zh = (
        "名称 {name} 指着“{found}”的格子(设置的行被排序或移动过)。请在公式→名称管理器里把它指回“{label}”旁边的格子,"
        "或撤销那次移动。"
    )
    en = (
        'The defined name "{name}" is now at the cell of "{found}" (rows were sorted or moved). Under Formulas > Name '
        'Manager let it refer to the cell beside "{label}", or undo that move.'
    )


class TableMissing(Fault):
    """An input table is gone."""

    zh = "找不到表“{label}”(表名 {name})。请运行 xlsales doctor 工作簿 --repair -o 修复.xlsx 恢复它。"
    en = 'The table "{label}" is gone (table name {name}). xlsales doctor BOOK --repair -o repaired.xlsx gets it back.'


class Unanswered(Fault):
    """A required cell is blank."""

    zh = "“{label}”没有填写。{hint}。"
    en = '"{label}" is blank. {hint}.'


class NotAChoice(CellFault):
    """A word that is none of the choices."""

    zh = "{where}是{found}。请从下拉列表里选:{choices}。"
    en = "{where} is {found}. Choose one of: {choices}."


class UnitOfOther(CellFault):
    """A unit of another currency than the plan's."""

    zh = "{where}是{found},币种却是{currency}。请把“币种”或这一格改成一致的。"
    en = '{where} is {found}, but the currency is {currency}. Change it, or "Currency", so that they agree.'


MOST_YUAN = 5 * 10**12
"""Amounts up to here are kept exactly to a millionth, with room for stretch."""
MOST = 10**15
"""Other numbers up to here add up without loss."""


class NotInSteps(Fault):
    """An amount that is no multiple of the step."""

    zh = "“{label}”{found} {unit}不是最小步长({step} {base})的整数倍。请改金额,或改小步长。"
    en = '"{label}" {found} ({unit}) is no multiple of the smallest step ({step} {base}). Change it, or the step.'


class NotInDaySteps(Fault):
    """An amount of a day that is no multiple of the day step."""

    zh = "“{label}”{found} {unit}不是日步长({step} {base})的整数倍。请改金额,或改小日步长。"
    en = '"{label}" {found} ({unit}) is no multiple of the day step ({step} {base}). Change it, or the day step.'


class RowLacks(Fault):
    """A row with nothing in a column that it needs."""

    zh = "这一行缺少“{header}”。请补上,或清空整行。"
    en = 'This row has no "{header}". Fill it in, or clear the row.'


class MarkForNothing(Fault):
    """A row with a mark for nothing in a column that it needs, as a name perhaps."""

    zh = "“{header}”填的是“{mark}”,它在所有表格里都表示空白。请换一个名字,如“其他”;没有,请清空整行。"
    en = '"{header}" is "{mark}", which means blank in all tables. Use another name, such as Other; or clear the row.'


_DAY_OF_MONTH = expression(r"(?:每?月)?(\d{1,2})\s*(?:[日号]|st|nd|rd|th)|(?:每?月(?:末|底)|month end|end of month)")
"""A day on which months end, as people write it: `21日`, `每月21号`, `21st`, `月末`."""
WAN = Money("wan")
"""The unit of a plan that names none."""


class Answers:
    """Reads settings and table rows, and gathers in `problems` what is wrong with them.

    Amounts are typed in `unit` of `currency` and come back as whole steps of `step_micros`.
    """

    def __init__(self, book: Book, cells: Cells, lang: Lang, unit: Money = WAN) -> None:
        self.book = book
        self.cells = cells
        self.lang = lang
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        """What a person should look at: rows that are not read because they are apart from their table."""
        self.unit, self.currency = unit.unit, unit.currency
        self.step_micros = MICROS
        self.span = DateBounds()
        """The plan's days, once they are read: a date without a year is of theirs."""

    @property
    def money_unit(self) -> Money:
        """The unit that amounts are typed in."""
        return Money(self.unit, self.currency)

    # --- settings -----------------------------------------------------------

    def setting(self, setting: Setting) -> Any:
        """Return a setting's value by its kind; its default if it is blank and may be."""
        at, label = self.cells.cell_of(setting.name), setting.label[self.lang]
        if at is None:
            # a name is lost, but its value is still beside its label
            beside_label = self.cells.beside_labels.get(setting.key)
            if setting.required or (
                beside_label is not None and not is_blank(self.cells.content(beside_label, setting.kind))
            ):
                place = beside_label or Place(contract.SHEETS["settings"][self.lang])
                self.problems.append(Problem(place, "", NameMissing(label=label, name=setting.name)))
            return setting.default
        beside = self.cells.labelled(at)
        if beside is not None and beside != setting.key:
            found_label = contract.all_settings()[beside].label[self.lang]
            elsewhere = NameElsewhere(name=setting.name, label=label, found=found_label)
            self.problems.append(Problem(at, text_of(self.cells.content(at)), elsewhere))
            return setting.default
        content = self.cells.content(at, setting.kind)
        value = self._convert(setting, content, at)
        if setting.required and is_blank(content):
            unanswered = Unanswered(label=setting.label[self.lang], hint=setting.hint[self.lang])
            self.problems.append(Problem(at, "", unanswered))
        return setting.default if value is None and not setting.required else value

    def _convert(self, what: Setting | TableColumn, value: object, place: Place) -> Any:
        """Return a cell's value by its kind; None if blank or at fault (the fault is a problem)."""
        if is_blank(value):
            return None
        try:
            if isinstance(what, TableColumn) and what.percents is not None:
                return self._as_part(what, what.percents, value, place)
            return self._CONVERTERS[what.kind](self, what, value, Labelled(what.label[self.lang]))
        except Fault as fault:
            self.problems.append(Problem(place, text_of(value), fault))
            return None

    def _as_text(self, what: Setting | TableColumn, value: object, where: Labelled) -> str:
        sound(value, where)
        return text_of(value)

    def _as_choice(self, what: Setting | TableColumn, value: object, where: Labelled) -> str:
        choices: Mapping[str, Word] = what.choices or {}
        earlier = [(said, code) for said, code in contract.EARLIER_CHOICES.items() if code in choices]
        words = {
            code: (word.zh, word.en, *(said for said, meant_code in earlier if meant_code == code))
            for code, word in choices.items()
        }
        code = choice(value, where, words) or self._meant(what, value, where)
        if code is None:
            listed = Listed(contract.offered(choices, self.lang))
            raise NotAChoice(where=where, found=value, choices=listed)
        return code

    def _meant(self, what: Setting | TableColumn, value: object, where: Labelled) -> str | None:
        """The choice that a currency, a unit or a weekday means in other words, `US$`, `万`, `星期日`; else None."""
        if what.choices is contract.WEEK_STARTS:
            return choice(value, where, WEEK_START_WORDS)
        unit = read_unit(text_of(value)) if what.choices in (contract.CURRENCIES, contract.UNITS) else None
        if unit is None:
            return None
        code = meant(text_of(value), unit.currency, self.currency)
        if what.choices is contract.CURRENCIES:
            return code if unit.scale == 1 and code in contract.CURRENCIES else None
        if code not in (None, self.currency):
            raise UnitOfOther(where=where, found=value, currency=currency_word(self.currency))
        return next((key for key, per in contract.UNIT_YUAN.items() if per == unit.scale), None)

    def _as_number(self, what: Setting | TableColumn, value: object, where: Labelled) -> float:
        return float(self._in_range(what, number(value, where, currency=self.currency), where)) + 0.0  # -0 is 0

    def _as_part(self, what: TableColumn, percents: Percents, value: object, place: Place) -> float:
        where = Labelled(what.label[self.lang])
        exact = number(value, where, currency=self.currency)
        assert exact is not None  # blank cells are not read
        part = percents.part(float(exact), value, shown=self.cells.in_percent(place))
        return float(self._in_range(what, as_decimal(part), where)) + 0.0

    def _in_range(self, what: Setting | TableColumn, value: Decimal | None, where: Labelled) -> Decimal:
        assert value is not None  # blank cells are not read
        if what.high is None and abs(value) > MOST:
            raise out_of_bounds(where, value, None, MOST)
        return in_bounds(value, where, what.low, what.high, in_percent=what.kind == "percent")

    def _as_integer(self, what: Setting | TableColumn, value: object, where: Labelled) -> int:
        named = _DAY_OF_MONTH.fullmatch(narrow(str(value)).casefold()) if what.key == "month_end" else None
        if named is not None:
            value = named[1] or str(LONGEST_MONTH)
        return whole(self._in_range(what, number(value, where), where), where)

    def _as_yuan(self, what: Setting | TableColumn, value: object, where: Labelled) -> Decimal:
        return self._in_range(what, money(value, where, currency=self.currency), where)

    def _as_amount(self, what: Setting | TableColumn, value: object, where: Labelled) -> int | Decimal:
        """An amount typed in the plan's unit, as whole steps; in full if the row decides on the step."""
        unit = self.money_unit
        amount = money(value, where, unit.per, self.currency)
        assert amount is not None  # blank cells are not read
        self._in_range(what, amount / unit.per, where)
        if abs(amount) > MOST_YUAN:
            most = f"{Decimal(MOST_YUAN) / unit.per:,f} {unit.word(self.lang)}"
            raise OutOfBounds(where=where, number=text_of(value), zh_range=f"不大于 {most}", en_range=f"{most} or less")
        if isinstance(what, TableColumn) and what.exact:
            return amount
        return self.whole(amount, self.step_micros, where.label, text_of(value), NotInSteps)

    def whole(self, amount: Decimal, step_micros: int, label: str, text: str, fault: type[Fault]) -> int:
        """Return an amount as whole steps of `step_micros`; raise `fault` if it is none."""
        steps = whole_steps(amount, step_micros)
        if steps is None:
            unit, step = self.money_unit, f"{typed(step_micros):f}"
            raise fault(label=label, found=text, unit=unit.said, step=step, base=unit.in_full.said)
        return steps

    def _as_date(self, what: Setting | TableColumn, value: object, where: Labelled) -> dt.date | None:
        return day(value, where, date1904=self.book.date1904, span=self.span)

    _CONVERTERS: Mapping[str, Callable[[Answers, Setting | TableColumn, Any, Labelled], Any]] = {
        "text": _as_text,
        "period": _as_text,
        "choice": _as_choice,
        "number": _as_number,
        "percent": _as_number,
        "integer": _as_integer,
        "yuan": _as_yuan,
        "amount": _as_amount,
        "date": _as_date,
    }

    # --- tables -------------------------------------------------------------

    def rows(self, description: InputTable) -> Iterator[dict[str, Any]]:
        """Each row of a table that is not blank, by column key.

        `row` is its place, `cells` the places of its columns, `faulty` the columns that have a fault, `texts` what was
        typed as text into columns of numbers: `95%`, `50万元`. `percents` are the columns of numbers in which a % is
        written or shown.
        """
        table = self.book.table(description.name)
        if table is None:
            fault = TableMissing(label=description.label[self.lang], name=description.name)
            self.problems.append(Problem(Place(contract.SHEETS[description.sheet][self.lang]), "", fault))
            return
        sheet, end = (
            table.area.sheet,
            end_of(
                self.book,
                table,
                self.cells.content,
                self.cells.of(table.area.sheet).last_row if description.text else 0,
            ),
        )
        data_rows = range(table.data_rows.start, end)
        columns, questions = find_columns(description, table, data_rows, self.cells.of(sheet), self.book, self.lang)
        self.problems += questions
        if questions:
            return
        numbers = [key for key, (_, column) in columns.items() if column.kind in ("number", "percent")]
        for row in data_rows:
            cells = {
                key: self.cells.content(Place(sheet, row, at), column.kind) for key, (at, column) in columns.items()
            }
            if all(map(is_blank, cells.values())):
                continue
            values: dict[str, Any] = {column.key: None for column in description.columns}
            faulty = set()
            for key, (at, column) in columns.items():
                n_problems = len(self.problems)
                values[key] = self._convert(column, cells[key], Place(sheet, row, at))
                if len(self.problems) > n_problems:
                    faulty.add(key)
            values["cells"] = {key: Place(sheet, row, at) for key, (at, _) in columns.items()}
            values["row"] = values["cells"][description.columns[0].key]
            values["faulty"] = frozenset(faulty)
            values["texts"] = {key: cells[key] for key in numbers if isinstance(cells[key], str)}
            values["percents"] = frozenset(key for key in numbers if self.cells.in_percent(values["cells"][key]))
            yield values
        if not description.written:
            apart = row_apart(self.book, table, end, [at for at, _ in columns.values()], self.cells)
            if apart is not None:
                place, texts = apart
                row_fault = RowApart(table=description.label[self.lang], found=" ".join(texts[:2]))
                note = Problem.note(place, texts[0], row_fault)
                self.notes += [note] if note not in self.notes else []

    def keyed_rows(self, description: InputTable) -> Iterator[dict[str, Any]]:
        """Each row of a small table; one without its first column is at fault."""
        key = description.columns[0]
        for row in self.rows(description):
            if row[key.key] is None:
                self.row_lacks(row, key)
            else:
                yield row

    def row_lacks(self, row: dict[str, Any], column: TableColumn) -> None:
        """Note that a row has nothing, or a mark for nothing, in a column it needs."""
        if not row["faulty"]:
            place, header = row["cells"][column.key], column.label[self.lang]
            mark = clean(text_of(self.cells.content(place)))
            fault = MarkForNothing(header=header, mark=mark) if mark else RowLacks(header=header)
            self.problems.append(Problem(place, mark, fault))


def is_example(row: Mapping[str, Any], table: InputTable, example: Example, unit: Money = WAN) -> bool:
    """Whether a row is an example as it came: it says so, and nobody has changed it. Amounts of examples are in `unit`.

    Such amounts are `exact`: others depend on the step.
    """
    if not (row.get("note") or "").startswith((EXAMPLE.zh, EXAMPLE.en)):
        return False

    def as_it_came(column: TableColumn) -> bool:
        found, value = row[column.key], example.get(column.key)
        if isinstance(value, Word):
            return found in (value.zh, value.en)
        if column.kind == "amount" and found is not None:
            found = float(found / unit.per)
        return bool(found == value)

    return all(as_it_came(column) for column in table.columns if column.key != "note")
