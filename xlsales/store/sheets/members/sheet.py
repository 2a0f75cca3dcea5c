"""Sheet 分项: a table per dimension, with target, sales and progress of each member of the store.

The month shown is that of the as-of date, as on the front page. Actuals are sums of the receipts in 明细 that name the
member, of days without a sum in 日报: these are what headquarters takes. The store's other sales, and the rest of its
target, are a line of their own, so the total of each table is the store's.

Columns: each member in the month of the as-of date (`month_…`) and in the whole plan, then its target of every month
(the months' keys). Hidden beside them are `match`, its name in 明细, and what headquarters knew of its sales, by month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING

from msgspec.structs import replace

from xlsales.core.keys import parted
from xlsales.layout.look import header_width, label_width
from xlsales.layout.model import GROUP_ROW, Column, Formula, Role, Row, SheetModel, Value
from xlsales.store import formulas, words
from xlsales.store.contract import (
    AREA_ACTUALS,
    AREA_DETAIL_AMOUNTS,
    AREA_DETAIL_DATES,
    AREA_DETAIL_MEMBERS,
    AREA_KNOWN,
    AREA_REPORTED,
    MEMBER_PREFIX,
    NAME_END,
    NAME_MONTH,
    NAME_START,
)
from xlsales.store.sheet import HIDDEN_ROW, StoreSheet, StoreView, TemplateFault, amount_width, hidden
from xlsales.store.sheets.members import returned
from xlsales.store.sheets.members.own import (
    BOTH,
    COLUMNS,
    DAY_AFTER,
    DAYS_TWICE,
    FIRST_DAY,
    KNOWN_PREFIX,
    LABEL,
    MATCH,
    PICKED,
    SOLD,
    TIME_PROGRESS,
    ends,
    members,
    own,
)
from xlsales.store.tables import DimensionTable
from xlsales.store.targets import StoreTerms
from xlsales.vocabulary import words as common_words
from xlsales.vocabulary.contract import Word

if TYPE_CHECKING:
    from xlsales.book.keyed import KeyedSheet
    from xlsales.layout.entry_sheet import EntrySheet
    from xlsales.ooxml.cells import SheetCells

MEMBER = Word("成员", "Member")
FRONT_TIME_PROGRESS = "cumulative_target"
"""The column of 目标 that holds the time progress of the key figures."""
UNASSIGNED = Word("未分到{name}", "Unassigned to {name}")
"""The target that no member has, and the sales that name no member."""
NOTE = Word(
    "实际是下发时总部已有的,加上“明细”里写明{name}的行。没写明的,以及“日报”直接填了总数的日子,都在“未分到{name}”。",
    "Actuals are what HQ knew, and the rows of Detail that name the {name}. Rows that name none, and days whose sum is "
    "typed in Daily, stand under “Unassigned to {name}”.",
)


class TemplateOtherTables(TemplateFault):
    """The template's tables by dimension are not those of the plan, or have too few rows."""

    zh = "{file} 的“{sheet}”有表:{found};计划里是:{asked}。请先不带 --template 下发,再以其中一个文件为样板。"
    en = (
        '{file}: sheet "{sheet}" has tables for {found}, the plan has {asked}. Hand out without --template first '
        "and restyle one of those files."
    )


def _columns(terms: StoreTerms) -> list[str]:
    both = (prefix + key for prefix in BOTH for key in COLUMNS)
    return ["member", *both, *terms.month_keys, MATCH, *(KNOWN_PREFIX + month for month in terms.month_keys)]


def _rows(terms: StoreTerms) -> list[str]:
    return [PICKED, *chain.from_iterable(map(_rows_of, terms.tables))]


def _rows_of(table: DimensionTable) -> list[str]:
    name = table.dimension
    last = (table.unassigned_key, table.total_key, f"proof:{name}", f"note:{name}", f"gap:{name}")
    return [f"block:{name}", *members(table), *last]


def _heads(terms: StoreTerms) -> list[str]:
    """Return the columns that a printed page begins with, beside the one that every page repeats."""
    return ["month_target", *terms.month_pages]


# --- the sheet ------------------------------------------------------------------------------------


def _lay_out(view: StoreView) -> SheetModel:
    terms, tables = view.terms, view.terms.tables
    names = [view.word(UNASSIGNED, name=table.dimension) for table in tables]
    names += [name for table in tables for name in table.names]
    columns = [Column("member", view.word(MEMBER), "text", label_width(names, 18, 26))]
    for prefix, group in (("month_", terms.month_label(terms.months[terms.month_shown])), ("", view.word(words.WHOLE))):
        for key, column in COLUMNS.items():
            wide = column.column(prefix + key, terms, header_width(column.word[terms.lang]))
            columns.append(replace(wide, group=group))
    for month in terms.months:
        group = view.word(common_words.MONTH_TARGETS, year=month.key[:4])
        columns.append(Column(month.key, terms.month_label(month), "money", amount_width(terms, 9.5, "money"), group))
    beside: dict[str, Role] = {MATCH: "text", **{KNOWN_PREFIX + month: "money" for month in terms.month_keys}}
    return view.model(
        [*columns, *hidden(beside)],
        [_picked_row(view), *chain.from_iterable(_Table(view, t, n).rows() for n, t in enumerate(tables, 1))],
        breaks_before_rows=tuple(f"block:{table.dimension}" for table in tables),
        breaks_before_columns=terms.month_pages,
    )


def _picked_row(view: StoreView) -> Row:
    """Return the store's own figures of the month shown and of the whole plan."""
    terms = view.terms
    first, last = terms.month_keys[0], terms.month_keys[-1]
    starts, untils = (view.down("front", column, first, last) for column in ("start", "until"))
    month, count = terms.months[terms.month_shown], len(terms.months)
    month_ends, plan_ends = ends(month.start, month.end), ends(terms.plan.start, terms.plan.end)
    receipts = f'COUNTIFS({AREA_DETAIL_DATES},">="&{AREA_REPORTED},{AREA_DETAIL_DATES},"<"&{AREA_REPORTED}+1)'
    after = f"INDEX({starts},MIN({NAME_MONTH}+1,{count}))"
    typed = f"(ISNUMBER({AREA_ACTUALS})+ISNUMBER({AREA_KNOWN})>0)*({receipts}>0)"
    in_sums = f'COUNTIFS({AREA_DETAIL_DATES},">="&{starts},{AREA_DETAIL_DATES},"<"&{untils}+1)'
    texts: dict[str, tuple[str, float | str]] = {
        LABEL: (f"={view.cell('front', 'now', 'period')}", terms.month_label(month)),
        f"month_{FIRST_DAY}": (f"=INDEX({starts},{NAME_MONTH})", month_ends[0]),
        f"month_{SOLD}": (f"={view.cell('front', 'now', 'actual')}", ""),
        f"month_{TIME_PROGRESS}": (f"={view.cell('front', 'now', FRONT_TIME_PROGRESS)}", ""),
        f"month_{DAY_AFTER}": (f"=IF({NAME_MONTH}={count},{NAME_END}+1,{after})", month_ends[1]),
        FIRST_DAY: (f"={NAME_START}", plan_ends[0]),
        SOLD: (f"={view.cell('front', 'plan', 'actual')}", ""),
        TIME_PROGRESS: (f"={view.cell('front', 'plan', FRONT_TIME_PROGRESS)}", ""),
        DAY_AFTER: (f"={NAME_END}+1", plan_ends[1]),
        DAYS_TWICE: (f"=SUMPRODUCT({typed})+SUMPRODUCT({in_sums})", 0),
    }
    values: dict[str, Value] = {key: view.formula(PICKED, key, *text) for key, text in texts.items()}
    return Row(PICKED, values, "note", hidden=True, roles=dict.fromkeys(COLUMNS, "number"))


class _Table:
    """The rows of a table."""

    def __init__(self, view: StoreView, table: DimensionTable, number: int) -> None:
        self._view, self._table, self._number = view, table, number
        self._months = view.terms.month_keys
        self._members = members(table)
        self._blank: dict[str, Value] = dict.fromkeys(_columns(view.terms)[: -1 - len(self._months)])

    def rows(self) -> list[Row]:
        """Return the rows from its heading to the gap below it."""
        name, view = self._table.dimension, self._view
        note = view.word(NOTE, name=name)
        return [
            Row(f"block:{name}", self._blank | {"member": name}, "section"),
            *map(self._member, self._members),
            self._unassigned(),
            self._total(),
            self._proof(),
            Row(f"note:{name}", {"month_target": note}, "note", roles={"month_target": "text"}),
            Row(f"gap:{name}", {}, "space", height=12),
        ]

    def _member(self, key: str) -> Row:
        results = self._view.results
        values: dict[str, Value] = {month: results[key, month] for month in self._months}
        values |= {column: str(results[key, column]) for column in ("member", MATCH)}
        values |= {KNOWN_PREFIX + month: results.get((key, KNOWN_PREFIX + month)) for month in self._months}
        values |= self._targets(key)
        for prefix in BOTH:
            values[f"{prefix}actual"] = self._formula(key, f"{prefix}actual", self._actual(prefix, key))
            values |= self._progress(key, prefix)
        return Row(key, values, hidden=bool(results[key, HIDDEN_ROW]))

    def _unassigned(self) -> Row:
        key, view = self._table.unassigned_key, self._view
        values = self._blank | {month: view.results[key, month] for month in self._months}
        values |= {"member": view.word(UNASSIGNED, name=self._table.dimension)} | self._targets(key)
        for prefix in BOTH:
            whole, column = self._picked(f"{prefix}{SOLD}"), f"{prefix}actual"
            members = view.block(column, self._members[0], self._members[-1])
            values[column] = self._formula(key, column, f'=IF({whole}="","",ROUND({whole}-SUM({members}),6))')
            values[f"{prefix}gap"] = self._gap(key, prefix)
        return Row(key, values, "stretch")

    def _total(self) -> Row:
        key, view = self._table.total_key, self._view
        values: dict[str, Value] = {"member": view.word(words.TOTAL)}

        def all_of(column: str) -> str:
            return f"SUM({view.block(column, self._members[0], self._table.unassigned_key)})"

        for column in (*self._months, "month_target", "target"):
            values[column] = self._formula(key, column, f"={all_of(column)}")
        for prefix in BOTH:
            column = f"{prefix}actual"
            text = f'=IF({self._picked(f"{prefix}{SOLD}")}="","",{all_of(column)})'
            values[column] = self._formula(key, column, text)
            values |= self._progress(key, prefix)
        return Row(key, values, "total")

    def _proof(self) -> Row:
        """Return what the table lacks of the store's own figures: zero everywhere."""
        view, key, total = self._view, f"proof:{self._table.dimension}", self._table.total_key
        targets = {
            "month_target": view.cell("front", "now", "target"),
            "target": view.cell("front", "plan", "target"),
            **{month: view.cell("days", month, "target") for month in self._months},
        }
        values = self._blank | {"member": view.word(common_words.PROOF_ALL)}
        for column, cell in targets.items():
            values[column] = Formula(f"=ROUND({view.at(total, column)}-{cell},2)", 0)
        for prefix in BOTH:
            column = f"{prefix}actual"
            here, own = view.at(total, column), self._picked(f"{prefix}{SOLD}")
            values[column] = self._formula(key, column, f'=IF({here}="","",ROUND({here}-{own},2))')
        return Row(key, values, "proof")

    # --- cells of a row ---------------------------------------------------------------------

    def _targets(self, key: str) -> dict[str, Value]:
        first, last = (self._view.at(key, month, "column") for month in (self._months[0], self._months[-1]))
        return {
            "month_target": self._formula(key, "month_target", f"=INDEX({first}:{last},{NAME_MONTH})"),
            "target": self._formula(key, "target", f"=SUM({first}:{last})"),
        }

    def _actual(self, prefix: str, key: str) -> str:
        """Return the formula of a member's sales: what headquarters knew, and receipts of days without another sum."""
        view = self._view
        first, until = self._picked(f"{prefix}{FIRST_DAY}"), self._picked(f"{prefix}{DAY_AFTER}")
        match, dates, reported = view.at(key, MATCH, "column"), AREA_DETAIL_DATES, AREA_REPORTED
        of_member = f"{AREA_DETAIL_MEMBERS.format(n=self._number)},{match}"
        plain = f'SUMIFS({AREA_DETAIL_AMOUNTS},{dates},">="&{first},{dates},"<"&{until},{of_member})'
        of_day = f'SUMIFS({AREA_DETAIL_AMOUNTS},{dates},">="&{reported},{dates},"<"&{reported}+1,{of_member})'
        other = f"(1-ISNUMBER({AREA_ACTUALS}))*(1-ISNUMBER({AREA_KNOWN}))"
        inside = f"{other}*({reported}>={first})*({reported}<{until})"
        months = ":".join(view.at(key, KNOWN_PREFIX + month, "column") for month in (self._months[0], self._months[-1]))
        known_sales = f"INDEX({months},{NAME_MONTH})" if prefix else f"SUM({months})"
        return (
            f'=IF({self._picked(f"{prefix}{SOLD}")}="","",IF({match}="","",'
            f"{known_sales}+IF({self._picked(DAYS_TWICE)}=0,{plain},SUMPRODUCT({inside}*{of_day}))))"
        )

    def _progress(self, key: str, prefix: str) -> dict[str, Value]:
        """Return the cells that follow from target and actual."""
        target, actual = (self._view.at(key, prefix + column) for column in ("target", "actual"))
        time_progress = self._picked(f"{prefix}{TIME_PROGRESS}")
        texts = {
            "attainment": formulas.attainment(actual, target),
            "time_progress": f"={time_progress}",
            "status": formulas.lamp(actual, formulas.due(target, time_progress), self._view.lang),
        }
        values: dict[str, Value] = {f"{prefix}gap": self._gap(key, prefix)}
        return values | {prefix + column: self._formula(key, prefix + column, text) for column, text in texts.items()}

    def _gap(self, key: str, prefix: str) -> Formula:
        target, actual = (self._view.at(key, prefix + column) for column in ("target", "actual"))
        return self._formula(key, f"{prefix}gap", f'=IF({actual}="","",{target}-{actual})')

    def _picked(self, column: str) -> str:
        """Return the address of a cell of the hidden row."""
        return self._view.at(PICKED, column, "both")

    def _formula(self, row: str, column: str, text: str) -> Formula:
        return self._view.formula(row, column, text)


def _finish(sheet: EntrySheet, view: StoreView) -> None:
    terms = view.terms
    sheet.hide_last(1 + len(terms.months))
    sheet.group_formula("month_target", f"={view.at(PICKED, LABEL)}")
    sheet.key_row(GROUP_ROW, "#month")
    sheet.spread_title(_heads(terms))
    sheet.repeat_headers()
    sheet.print_to(terms.month_keys[-1])


# --- as a template ----------------------------------------------------------------------------------


def _fit(sheet: KeyedSheet[SheetCells] | None, terms: StoreTerms, file: str) -> StoreTerms:
    """Return the terms with as many rows of each table as the template has; without tables if it has no sheet."""
    if sheet is None:
        return terms.without_tables
    keys = (key.removeprefix(MEMBER_PREFIX) for key in sheet.rows if key.startswith(MEMBER_PREFIX))
    rows = Counter(parts[0] for key in keys if (parts := parted(key, 2)))
    least = {table.dimension: table.rows for table in terms.tables}
    if rows.keys() != least.keys() or any(rows[name] < count for name, count in least.items()):
        raise TemplateOtherTables(file=file, sheet=sheet.title, found=_listed(rows), asked=_listed(least))
    return replace(terms, tables=tuple(replace(table, rows=rows[table.dimension]) for table in terms.tables))


def _listed(rows: Mapping[str, int]) -> str:
    """Name tables with their numbers of rows."""
    return "、".join(f"{name} × {count}" for name, count in rows.items()) or "–"


SHEET = StoreSheet(
    key="members",
    title=Word("分项", "Breakdown"),
    purpose=Word("按产品、人员等各成员的目标和实际", "Target and actual of each member, by product, person and so on"),
    heading=Word("{code} 分项目标", "{code}: breakdown"),
    heads=_heads,
    columns=_columns,
    rows=_rows,
    own=own,
    lay_out=_lay_out,
    finish=_finish,
    present=lambda terms: bool(terms.tables),
    optional=True,
    fit=_fit,
    reads=("target",),
    check=returned.check,
)
