"""Sheet 分项: a table per dimension, each member of the store with its target, what was sold and where it stands.

The month shown is that of the as-of date, as on the front page. Actuals are sums of the receipts in 明细 that name
the member, of days on which 日报 has no sum typed in: just what headquarters takes. What the store sold beyond
them, and what of its target no member has, is a line of its own, so that each table closes with the store.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.core import a1
from xlsales.layout.look import header_width, label_width
from xlsales.layout.model import FIRST_COLUMN, FIRST_ROW, Column, Formula, Role, Row, SheetModel, Value
from xlsales.store import words
from xlsales.store.contract import (
    AREA_ACTUALS,
    AREA_DETAIL_AMOUNTS,
    AREA_DETAIL_DATES,
    AREA_DETAIL_MEMBERS,
    AREA_KNOWN,
    AREA_REPORTED,
    MEMBER_COLUMNS,
    NAME_END,
    NAME_START,
    SHEETS,
)
from xlsales.store.handout.figures import HIDDEN_ROW
from xlsales.store.sheets.daily import Places, amount_width, due_formula, lamp_formula
from xlsales.store.sheets.front import NAME_MONTH, Front
from xlsales.store.tables import KNOWN_PREFIX, PICKED, Table
from xlsales.store.targets import Figure, Key, Span
from xlsales.values.serials import to_serial
from xlsales.vocabulary import words as written
from xlsales.vocabulary.contract import STATUS

_ROLES: dict[str, tuple[Role, float]] = {
    "target": ("money", 10.5), "actual": ("money", 10.5), "attainment": ("bar", 10.5),
    "time_progress": ("percent", 9.5), "gap": ("money", 10.5), "status": ("status", 7),
}  # fmt: skip
HIDDEN: dict[str, Role] = {"match": "text"}
_ROWS_BESIDE = 6
"""Rows of a table beside its members'."""


class Members:
    """Lays out the sheet; formulas lean on the front page and on 日报."""

    def __init__(self, span: Span, front: Front, results: Mapping[Key, Figure]) -> None:
        self._span, self._front, self._results = span, front, results
        self._days = Places(span)
        self._months = list(span.month_keys)
        keys = [*MEMBER_COLUMNS, *self._months, *HIDDEN, *(KNOWN_PREFIX + month for month in self._months)]
        self._letters = {key: a1.letters(FIRST_COLUMN + i) for i, key in enumerate(keys)}
        self._lamps = {key: word[span.lang] for key, word in STATUS.items()}
        self._tops: dict[str, int] = {}
        top = FIRST_ROW + 1
        for table in span.tables:
            self._tops[table.dimension] = top
            top += table.rows + _ROWS_BESIDE

    def names(self, table: Table) -> str:
        """Return the members of a table, as other sheets write them."""
        letters, first = self._letters["member"], self._tops[table.dimension] + 1
        title = SHEETS["members"][self._span.lang]
        return f"'{title}'!${letters}${first}:${letters}${first + table.rows - 1}"

    def model(self, heading: str, subline: str) -> SheetModel:
        """Return the sheet's model."""
        rows = [self._picked()]
        for number, table in enumerate(self._span.tables, 1):
            rows += self._table(table, number)
        return SheetModel(
            key="store:members",
            name="xs_store_members",
            title=SHEETS["members"][self._span.lang],
            heading=heading,
            subline=subline,
            columns=tuple(self._columns()),
            rows=tuple(rows),
            money=self._span.money,
            breaks_before_rows=tuple(f"block:{table.dimension}" for table in self._span.tables),
            breaks_before_columns=self._span.month_pages,
        )

    def _columns(self) -> list[Column]:
        say, span = self._span.lang, self._span
        names = [words.UNASSIGNED[say].format(name=table.dimension) for table in span.tables]
        names += [name for table in span.tables for name in table.names]
        columns = [Column("member", MEMBER_COLUMNS["member"][say], "text", label_width(names, 18, 26))]
        for prefix, group in (("month_", span.month_label(span.months[span.month_shown])), ("", words.WHOLE[say])):
            for key, (role, width) in _ROLES.items():
                header = MEMBER_COLUMNS[key][say]
                wide = max(amount_width(span, width, role), header_width(header))
                columns.append(Column(prefix + key, header, role, wide, group))
        for month in span.months:
            group = written.MONTH_TARGETS[say].format(year=month.key[:4])
            columns.append(Column(month.key, span.month_label(month), "money", amount_width(span, 9.5, "money"), group))
        columns += [Column(key, key, role, 1) for key, role in HIDDEN.items()]
        return [*columns, *(Column(KNOWN_PREFIX + key, KNOWN_PREFIX + key, "money", 1) for key in self._months)]

    # --- what is shown ----------------------------------------------------------------------

    def _picked(self) -> Row:
        """The store's own figures of the month shown and of the whole plan."""
        front, span = self._front, self._span
        starts, last = front.starts, len(self._months)
        shown = span.months[span.month_shown]
        start, stop = (to_serial(day) for day in (shown.start, shown.end))
        ends = (to_serial(day) for day in (span.plan.start, span.plan.end))
        receipts = f'COUNTIFS({AREA_DETAIL_DATES},">="&{AREA_REPORTED},{AREA_DETAIL_DATES},"<"&{AREA_REPORTED}+1)'
        after = f"INDEX({starts},MIN({NAME_MONTH}+1,{last}))"
        typed = f"(ISNUMBER({AREA_ACTUALS})+ISNUMBER({AREA_KNOWN})>0)*({receipts}>0)"
        in_sums = f'COUNTIFS({AREA_DETAIL_DATES},">="&{starts},{AREA_DETAIL_DATES},"<"&{front.untils}+1)'
        texts: dict[str, tuple[str, float | str]] = {
            "member": (f"={front.at('now', 'period', outside=True)}", span.month_label(shown)),
            "month_target": (f"=INDEX({starts},{NAME_MONTH})", start),
            "month_actual": (f"={front.at('now', 'actual', outside=True)}", ""),
            "month_time_progress": (f"={front.at('now', 'cumulative_target', outside=True)}", ""),
            "month_gap": (f"=IF({NAME_MONTH}={last},{NAME_END}+1,{after})", stop + 1),
            "target": (f"={NAME_START}", next(ends)),
            "actual": (f"={front.at('plan', 'actual', outside=True)}", ""),
            "time_progress": (f"={front.at('plan', 'cumulative_target', outside=True)}", ""),
            "gap": (f"={NAME_END}+1", next(ends) + 1),
            "attainment": (f"=SUMPRODUCT({typed})+SUMPRODUCT({in_sums})", 0),
        }
        values: dict[str, Value] = {key: self._formula(PICKED, key, *told) for key, told in texts.items()}
        return Row(PICKED, values, "note", hidden=True, roles=dict.fromkeys(_ROLES, "number"))

    def _at(self, column: str) -> str:
        """A cell of the hidden row."""
        return f"${self._letters[column]}${FIRST_ROW}"

    # --- a table ----------------------------------------------------------------------------

    def _table(self, table: Table, number: int) -> list[Row]:
        say, name = self._span.lang, table.dimension
        first = self._tops[name] + 1
        last = first + table.rows - 1
        note = words.TABLE_NOTE[say].format(name=name)
        return [
            Row(f"block:{name}", dict.fromkeys(self._shown) | {"member": name}, "section"),
            *(self._member(table.row_key(n + 1), number, first + n) for n in range(table.rows)),
            self._unassigned(table, first, last),
            self._total(table, first, last + 1),
            self._proof(table, last + 2),
            Row(f"note:{name}", {"month_target": note}, "note", roles={"month_target": "text"}),
            Row(f"gap:{name}", {}, "space", height=12),
        ]

    @property
    def _shown(self) -> list[str]:
        return [*MEMBER_COLUMNS, *self._months]

    def _member(self, key: str, number: int, n: int) -> Row:
        values: dict[str, Value] = {month: self._results[key, month] for month in self._months}
        values |= {column: str(self._results[key, column]) for column in ("member", "match")}
        values |= {k: self._results.get((key, k)) for k in (KNOWN_PREFIX + month for month in self._months)}
        values |= self._targets(key, n)
        for prefix in ("month_", ""):
            values[f"{prefix}actual"] = self._formula(key, f"{prefix}actual", self._sold(prefix, number, n))
            values |= self._standing(key, prefix, n)
        return Row(key, values, hidden=bool(self._results[key, HIDDEN_ROW]))

    def _unassigned(self, table: Table, first: int, last: int) -> Row:
        key, n = table.unassigned_key, last + 1
        values: dict[str, Value] = dict.fromkeys(self._shown)
        values |= {month: self._results[key, month] for month in self._months}
        values |= {"member": words.UNASSIGNED[self._span.lang].format(name=table.dimension)} | self._targets(key, n)
        for prefix in ("month_", ""):
            whole, letters = self._at(f"{prefix}actual"), self._letters[f"{prefix}actual"]
            rest = f'=IF({whole}="","",ROUND({whole}-SUM({letters}{first}:{letters}{last}),6))'
            values[f"{prefix}actual"] = self._formula(key, f"{prefix}actual", rest)
            values[f"{prefix}gap"] = self._gap(key, prefix, n)
        return Row(key, values, "stretch")

    def _total(self, table: Table, first: int, last: int) -> Row:
        key, n = table.total_key, last + 1
        values: dict[str, Value] = {"member": words.TOTAL[self._span.lang]}
        for column in (*self._months, "month_target", "target"):
            letters = self._letters[column]
            values[column] = self._formula(key, column, f"=SUM({letters}{first}:{letters}{last})")
        for prefix in ("month_", ""):
            letters = self._letters[f"{prefix}actual"]
            text = f'=IF({self._at(f"{prefix}actual")}="","",SUM({letters}{first}:{letters}{last}))'
            values[f"{prefix}actual"] = self._formula(key, f"{prefix}actual", text)
            values |= self._standing(key, prefix, n)
        return Row(key, values, "total")

    def _proof(self, table: Table, total: int) -> Row:
        """What the table lacks of the store's own figures: zero everywhere."""
        front, key = self._front, f"proof:{table.dimension}"
        own = {"month_target": ("now", "target"), "target": ("plan", "target")}
        asked = {column: front.at(*cell, outside=True) for column, cell in own.items()}
        asked |= {month: self._days.outside(month, "target") for month in self._months}
        values: dict[str, Value] = dict.fromkeys(self._shown)
        values["member"] = written.PROOF_ALL[self._span.lang]
        for column, cell in asked.items():
            values[column] = Formula(f"=ROUND({self._letters[column]}{total}-{cell},2)", 0)
        for column in ("month_actual", "actual"):
            here = f"{self._letters[column]}{total}"
            values[column] = self._formula(key, column, f'=IF({here}="","",ROUND({here}-{self._at(column)},2))')
        return Row(key, values, "proof")

    # --- cells of a row ---------------------------------------------------------------------

    def _targets(self, key: str, n: int) -> dict[str, Value]:
        first, last = (f"${self._letters[month]}{n}" for month in (self._months[0], self._months[-1]))
        return {
            "month_target": self._formula(key, "month_target", f"=INDEX({first}:{last},{NAME_MONTH})"),
            "target": self._formula(key, "target", f"=SUM({first}:{last})"),
        }

    def _sold(self, prefix: str, number: int, n: int) -> str:
        """What headquarters knew of a member, and the receipts that name it, of days that have nothing else."""
        first, until = self._at(f"{prefix}target"), self._at(f"{prefix}gap")
        match, dates, reported = f"${self._letters['match']}{n}", AREA_DETAIL_DATES, AREA_REPORTED
        named = f"{AREA_DETAIL_MEMBERS.format(n=number)},{match}"
        plain = f'SUMIFS({AREA_DETAIL_AMOUNTS},{dates},">="&{first},{dates},"<"&{until},{named})'
        of_day = f'SUMIFS({AREA_DETAIL_AMOUNTS},{dates},">="&{reported},{dates},"<"&{reported}+1,{named})'
        other = f"(1-ISNUMBER({AREA_ACTUALS}))*(1-ISNUMBER({AREA_KNOWN}))"
        inside = f"{other}*({reported}>={first})*({reported}<{until})"
        months = [f"${self._letters[KNOWN_PREFIX + month]}{n}" for month in (self._months[0], self._months[-1])]
        known = f"INDEX({months[0]}:{months[1]},{NAME_MONTH})" if prefix else f"SUM({months[0]}:{months[1]})"
        both = self._at("attainment")
        return (
            f'=IF({self._at(f"{prefix}actual")}="","",IF({match}="","",'
            f"{known}+IF({both}=0,{plain},SUMPRODUCT({inside}*{of_day}))))"
        )

    def _standing(self, key: str, prefix: str, n: int) -> dict[str, Value]:
        """What follows from target and actual."""
        target, actual = (f"{self._letters[prefix + column]}{n}" for column in ("target", "actual"))
        texts = {
            "attainment": f'=IF({actual}="","",IF({target}=0,"",{actual}/{target}))',
            "time_progress": f"={self._at(f'{prefix}time_progress')}",
            "status": lamp_formula(actual, due_formula(target, self._at(f"{prefix}time_progress")), self._lamps),
        }
        values: dict[str, Value] = {f"{prefix}gap": self._gap(key, prefix, n)}
        return values | {prefix + column: self._formula(key, prefix + column, text) for column, text in texts.items()}

    def _gap(self, key: str, prefix: str, n: int) -> Formula:
        target, actual = (f"{self._letters[prefix + column]}{n}" for column in ("target", "actual"))
        return self._formula(key, f"{prefix}gap", f'=IF({actual}="","",{target}-{actual})')

    def _formula(self, row: str, column: str, text: str, fresh: float | str = "") -> Formula:
        result = self._results.get((row, column), fresh)
        assert isinstance(result, float | int | str)
        return Formula(text, result)


assert {key.removeprefix("month_") for key in MEMBER_COLUMNS} - {"member"} == set(_ROLES)
