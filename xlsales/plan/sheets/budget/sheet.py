"""Sheet 预算执行: accounts by months, what was spent of them, and whether money goes faster than time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

import numpy as np
from msgspec.structs import replace

from xlsales.core.expressions import expression
from xlsales.core.faults import Problem, Refused
from xlsales.core.periods import Level, Period, name_of
from xlsales.layout import look
from xlsales.layout.keyed import Closes, OwnRow, SumOfBlock, at, less
from xlsales.layout.model import Chart, Column, Keyed, Role, Row, Series, Value, chart_rows
from xlsales.layout.sheet import CENTS, Page, Sheet, role_width
from xlsales.plan.achieved import Conservation
from xlsales.plan.budget.doubts import committed_slip
from xlsales.plan.budget.month_places import budget_row
from xlsales.plan.budget.read import SHEET
from xlsales.plan.budget.tables import ACCOUNT, EXAMPLES, T_BUDGET, T_SPEND
from xlsales.plan.budget.view import (
    COMMITTED,
    BudgetView,
    Burned,
    Item,
    account_items,
    all_items,
    budget_of,
    member_items,
)
from xlsales.plan.figures import Figures
from xlsales.plan.progress_columns import status_word
from xlsales.plan.sheets.budget.months import (
    ACTUAL_RATE,
    BUDGETED,
    BY_MEMBER,
    COUNTED,
    MONTHS,
    PROOF,
    RATE,
    SPENT,
    TOTAL,
    proof,
    proofs,
    year_rows,
)
from xlsales.plan.table_rows import said_left_out
from xlsales.plan.typed_cells import IS_REFUSED, REFUSED, TypedNumber, kept_of, refused_number
from xlsales.plan.unit_slips import said_of_slips
from xlsales.values.cell import plain
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import CLOCKS, PROGRESS_COLUMNS, STATUS, Word

_LEFT, _USED, _DUE = Word("剩余", "Left"), Word("已用", "Used"), Word("应花", "Due")
_COMMITTED = Word("已批未付\n({unit})", "Committed ({unit})")
_FORECAST, _HOW = Word("预计支出", "Forecast"), Word("怎么定的", "Set by")
_BY_MONTH = Word("按月", "By month")
_OF_YEAR = Word("{year}{name}", "{name} {year}")
_READ = Word("支出表读到的({unit}、行)", "Found in Spend ({unit}, rows)")
_PROOF_TOTAL = Word("验算 采用−支出", "Proof: accepted − spent")
_RULE = Word("状态 = 应花 ÷ 支出,超出预算为红", "Status = due / spent; over budget is red")
_ENTER = Word("黄格可填已批准、还没付的", "Yellow: what is approved and not yet paid")
_CHART = Word("各月预算与支出({unit})", "Budget and spend by month ({unit})")
_CHART_ROWS = 12
_NEAR = "0.000000001"
"""So little below a threshold has reached it, as in `core.progress`."""
_NAMED = expression("<([a-z]+)>")
_BALANCE = ("found", "accepted", "set_aside", "totals")
_SUMMARY = (
    "target", "actual", "committed", "left", "used", "time", "due", "pace", "forecast", "status", "rate", "actual_rate",
)  # fmt: skip
_AT = dict(zip(_SUMMARY, MONTHS, strict=True))
"""The figures of the summary, each with its column: the months further down have the same columns."""


# --- from the tables to the view ------------------------------------------------


def _views(figures: Figures) -> Iterator[BudgetView]:
    """Yield the budget, then raise Refused if rows are at fault; if spend cannot be read, the sheet stays."""
    read = budget_of(figures)
    if read.view is not None:
        yield read.view
    if read.problems:
        raise Refused(list(read.problems))


def _doubts(view: BudgetView) -> Iterator[Problem]:
    for line, entry in zip(view.budget.lines, view.lines, strict=True):
        typed = view.committed(line.key)
        budget = float(view.figures.yuan(entry.budget).sum())
        fault = committed_slip(line.account, typed.value or 0.0, budget, view.figures)
        if typed.problem is not None:
            yield typed.problem
        if fault is not None and view.written is not None:
            yield Problem.note(view.written.place(line.key, COMMITTED), plain(typed.value or 0.0), fault)
    yield from view.budget.doubts
    yield from view.spend.problems if view.spend is not None else ()


# --- from the view to the sheet -------------------------------------------------


def _columns(view: BudgetView) -> list[Column]:
    """The columns of the summary; the twelve between the name and the last are those of months further down, too."""
    frame, word = view.frame, view.frame.word
    whole = float(view.figures.yuan(view.total.budget.sum())), float(np.nansum(view.spent(view.total)))
    width = max(9.5, frame.amount_width((*whole, 2 * whole[0])))
    months = [*view.figures.yuan(view.total.budget).tolist(), *view.spent(view.total).tolist()]
    least = max(8.0, frame.amount_width(months))
    labels = [*(item.label for item in all_items(view)), word(_PROOF_TOTAL), word(_READ, unit=frame.full_word)]
    how = [" + ".join(line.how) for line in view.budget.lines]
    found = view.spend.conservation.found if view.spend is not None else 0.0
    as_read = role_width("money", (found, found - 2 * whole[1]), CENTS)

    def one(key: str, header: Word, role: Role) -> Column:
        fits = max(width if role in ("money", "delta") else least, as_read if key == "actual" else 0.0)
        return Column(_AT[key], word(header), role, max(fits, look.header_width(word(header))))

    return [
        Column("name", word(ACCOUNT), "text", look.label_width(labels, 16.0, 24.0)),
        one("target", BUDGETED, "money"),
        one("actual", SPENT, "money"),
        replace(one("committed", _COMMITTED, "entry"), header=word(_COMMITTED, unit=frame.full_word)),
        one("left", _LEFT, "delta"),
        one("used", _USED, "bar"),
        one("time", PROGRESS_COLUMNS["time_progress"], "percent"),
        one("due", _DUE, "money"),
        one("pace", PROGRESS_COLUMNS["pace"], "points"),
        one("forecast", _FORECAST, "money"),
        one("status", PROGRESS_COLUMNS["status"], "status"),
        one("rate", RATE, "percent"),
        one("actual_rate", ACTUAL_RATE, "percent"),
        Column("sum", word(_HOW), "text", max(width, *(min(look.text_width(text) + 2, 24.0) for text in how))),
        Column("proof", word(PROOF), "proof", max(width, look.header_width(word(PROOF)))),
        Column(COUNTED, "", "money", 10, hidden=True),
        Column(REFUSED, "", "money", 10, hidden=True),
        Column("sales_target", word(PROGRESS_COLUMNS["target"]), "money", 10, hidden=True),
        Column("sales", word(PROGRESS_COLUMNS["actual"]), "money", 10, hidden=True),
    ]


def _rows(view: BudgetView) -> list[Row]:
    """Row keys of the summary: `doubt`, `total`, `a:<account>`, `l:<account>:<dimension>:<member>`, `rest`,
    `month:<month>`, `g:<dimension>:<member>`, `read:<…>`; of a year's budgets `b:<year>:<key>`, of its spend `s:…`.

    Column B holds the block of a row and the levels that it counts for: `/sum/1/2/`.
    """  # fmt: skip
    accounts, members = list(account_items(view)), list(member_items(view))
    total = Item("total", view.frame.word(words.TOTAL), view.total, "total", TOTAL)
    rows = [Row("doubt", {"name": said_of_slips(_doubts(view), view.frame)}, "note")]
    rows += _summaries(view, [total, *accounts])
    rows += [*proofs(view, "sum", accounts), *chart_rows(_CHART_ROWS)]
    rows += _month_rows(view)
    if members:
        rows.append(Row("members", {"name": view.frame.word(BY_MEMBER)}, "section"))
        rows += [*_of_members(view, members, accounts), *proofs(view, "sum", members)]
    for year in view.figures.breakdown.timeline.periods(Level.YEAR):
        rows += year_rows(view, "b", year, [total, *accounts], members)
    for year in view.figures.breakdown.timeline.periods(Level.YEAR):
        rows += year_rows(view, "s", year, [total, *accounts], members)
    return [*rows, *_read_rows(view)]


# --- the summary ----------------------------------------------------------------


def _summary(view: BudgetView, item: Item, below: Sequence[Item], formulas: Mapping[str, Keyed]) -> Row:
    """A row of the summary: what is budgeted, spent and left, and whether money goes faster than time.

    What is committed is typed into a line, and added up of its lines (`below`) in others; a member's lines are those
    with its mark.
    """
    typed = (
        view.committed(item.key)
        if item.typed
        else TypedNumber(_total_of(view.committed(one.key).value for one in below))
    )
    burned = view.burned(item.entry, typed.value or 0.0)
    values = _figures(view, burned)
    years = [year.key for year in view.figures.breakdown.timeline.periods(Level.YEAR)]
    proof = Closes(less(at(column=_AT["target"]), *(at(budget_row(year, item.key), "sum") for year in years)))
    formulas = {**formulas, "proof": proof}
    if below:
        mark = f"/sum/*/{item.mark}/" if item.mark else "/sum/*2/*"
        formulas[COMMITTED] = SumOfBlock(below[0].key, below[-1].key, mark, COUNTED)
    uncounted = f"OR(COUNT(<committed>)=0,N(<committed>)<0,{IS_REFUSED.replace('{cell}', '<committed>')})"
    formulas[COUNTED] = _own_row(f'=IF({uncounted},"",<committed>)')
    return Row(
        item.key,
        {
            "name": item.label,
            **values,
            COMMITTED: kept_of(typed.refused, typed.value),
            COUNTED: typed.value,
            REFUSED: refused_number(typed.refused),
            "sum": " + ".join(item.how) or None,
        },
        item.kind,
        counts_for=f"/sum/{item.levels}/{item.mark}/" if item.typed else f"/sum/{item.levels}/",
        outline=item.outline,
        roles={} if item.typed else {COMMITTED: "count"},
        formulas=formulas,
    )


def _summaries(view: BudgetView, items: Sequence[Item]) -> Iterator[Row]:
    """Yield the rows of the summary: the total has all lines below it, an account those up to the next."""
    formulas = _formulas(view)
    for n, item in enumerate(items):
        below: list[Item] = []
        if item.kind == "total":
            below = [one for one in items if one.typed]
        elif item.kind == "strong":
            below = list(takewhile(lambda one: one.levels == "2", items[n + 1 :]))
        yield _summary(view, item, below, formulas)


def _of_members(view: BudgetView, members: Sequence[Item], accounts: Sequence[Item]) -> Iterator[Row]:
    """Yield the rows of the summary by member: each has its lines among those of the accounts."""
    formulas = _formulas(view)
    for item in members:
        yield _summary(view, item, [one for one in accounts if one.typed and one.mark == item.mark], formulas)


def _total_of(typed: Iterable[float | None]) -> float | None:
    """The sum of numbers among what was typed; None without any."""
    numbers = [value for value in typed if value is not None]
    return math.fsum(numbers) if numbers else None


def _figures(view: BudgetView, one: Burned) -> dict[str, Value]:
    """The figures of a row, by column."""
    figures: dict[str, Value] = {
        "target": one.budget, "actual": one.spent, "left": one.left, "used": one.used, "time": one.gone,
        "due": one.due, "pace": one.pace, "forecast": one.forecast, "status": status_word(one.status, view.frame),
        "rate": one.rate, "actual_rate": one.actual_rate,
    }  # fmt: skip
    return {_AT[key]: value for key, value in figures.items()} | {"sales_target": one.target, "sales": one.sales}


def _formulas(view: BudgetView) -> dict[str, Keyed]:
    """What follows from budget, spend and time, in each row."""
    word, lamps = view.frame.word, view.figures.breakdown.plan.lamps
    status = f'"{word(STATUS["red"])}"'
    for name in ("orange", "amber", "green"):
        status = f'IF(<due>/<actual>+{_NEAR}>={plain(getattr(lamps, name))},"{word(STATUS[name])}",{status})'
    status = f'IF(<actual><=0,"{word(STATUS["green"])}",{status})'
    status = f'IF(<left><-{_NEAR}*ABS(<target>),"{word(STATUS["red"])}",{status})'
    texts = {
        "left": '=IF(COUNT(<target>,<actual>)=2,<target>-<actual>-N({counted}),"")',
        "used": '=IF(OR(N(<target>)=0,COUNT(<actual>)=0),"",<actual>/<target>)',
        "due": '=IF(COUNT(<target>,<time>)=2,<target>*<time>,"")',
        "pace": '=IF(COUNT(<time>,<used>)=2,<time>-<used>,"")',
        "forecast": '=IF(OR(N(<time>)=0,COUNT(<actual>)=0),"",<actual>/<time>)',
        "status": f'=IF(COUNT(<actual>,<due>)<2,"",{status})',
        "rate": '=IF(OR(N({sales_target})=0,COUNT(<target>)=0),"",<target>/{sales_target})',
        "actual_rate": '=IF(OR(N({sales})=0,COUNT(<actual>)=0),"",<actual>/{sales})',
    }
    return {_AT[key]: _own_row(text) for key, text in texts.items()}


def _own_row(text: str) -> OwnRow:
    """A formula of its own row, in which `<figure>` is the column of a figure of the summary."""
    return OwnRow(_NAMED.sub(lambda name: f"{{{_AT[name[1]]}}}", text))


def _month_rows(view: BudgetView) -> Iterator[Row]:
    """The months below each other, for the eye and for the chart; a month has no forecast."""
    formulas = {key: formula for key, formula in _formulas(view).items() if key != _AT["forecast"]}
    plain_row: dict[str, Role] = {COMMITTED: "count"}
    yield Row("months", {"name": view.frame.word(_BY_MONTH)}, "section")
    for month, burned in zip(view.figures.months, view.burned_by_month(), strict=True):
        values = {"name": _month_name(view, month), **_figures(view, burned), _AT["forecast"]: None}
        yield Row(f"month:{month.key}", values, counts_for="/sum/m/", roles=plain_row, formulas=formulas)
    yield proof(view, "sum", "m")


def _month_name(view: BudgetView, month: Period) -> str:
    name = name_of(month, view.frame.lang)
    if len(view.figures.breakdown.timeline.periods(Level.YEAR)) > 1:
        return view.frame.word(_OF_YEAR, year=view.figures.year_of(month), name=name)
    return name


def _read_rows(view: BudgetView) -> Iterator[Row]:
    """What was found in table 支出 and where it went, to the cent."""
    frame, read = view.frame, view.spend.conservation if view.spend is not None else Conservation(0.0, 0.0, 0.0)
    amount, count = _AT["actual"], _AT["left"]
    roles: dict[str, Role] = {amount: "money", COMMITTED: "count", count: "count"}
    yield Row("read", {"name": frame.word(_READ, unit=frame.full_word)}, "section")
    for key, (label, micros, rows) in zip(_BALANCE, read.lines(frame.lang), strict=True):
        yield Row(f"read:{key}", {"name": label, amount: micros, count: rows}, roles=roles, money=CENTS)
    closes = Closes(less(*(at(f"read:{key}") for key in _BALANCE)))
    proof: dict[str, Role] = {count: "proof"}
    label = frame.word(words.PROOF_ALL)
    yield Row("read:proof", {"name": label}, "proof", roles=proof, formulas=dict.fromkeys((amount, count), closes))
    counted = Closes(at("read:accepted") - at("total"))
    yield Row("read:total", {"name": frame.word(_PROOF_TOTAL)}, "proof", formulas={amount: counted})


def _charts(view: BudgetView, rows: Sequence[Row]) -> list[Chart]:
    frame = view.frame
    first, last = (f"month:{view.figures.months[i].key}" for i in (0, -1))
    series = (
        Series(frame.word(BUDGETED), _AT["target"], first, last, look.STEEL),
        Series(frame.word(SPENT), _AT["actual"], first, last, look.INK),
    )
    title = frame.word(_CHART, unit=frame.unit_word)
    return [Chart(title, series, "name", "chart:0", "name", f"chart:{_CHART_ROWS - 1}", "sum")]


def _facts(view: BudgetView) -> list[str]:
    frame = view.frame
    as_of = frame.word(words.AS_OF, day=frame.as_of) if frame.as_of else frame.word(words.NO_ACTUALS)
    facts = [
        as_of,
        frame.word(words.CLOCK, clock=frame.word(CLOCKS[frame.clock])),
        frame.word(_RULE),
        frame.word(_ENTER),
    ]
    return [*facts, *said_left_out(view.budget.left_out, frame)]


def _page(view: BudgetView, rows: Sequence[Row]) -> Page:
    sections = tuple(row.key for row in rows if row.kind == "section")
    return Page(rows=sections, frozen_rows=2)


BUDGET = Sheet[Figures, BudgetView](
    key=SHEET,
    title=Word("预算执行", "Budget and spend"),
    purpose=Word(
        "各科目各月的预算、支出和剩余,费率,花得是不是比时间快",
        "Budget, spend and what is left, by account and month; cost ratios; whether money goes faster than time",
    ),
    views=_views,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    doubts=_doubts,
    charts=_charts,
    page=_page,
    tables=(T_BUDGET, T_SPEND),
    examples=EXAMPLES,
    judges_rows=True,
)
