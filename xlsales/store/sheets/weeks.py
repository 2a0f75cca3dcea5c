"""Sheet 周报: the weeks as the plan cuts them, each the sum of its days; row keys are those of the plan's weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.core.member_days import by_week
from xlsales.core.periods import Level, Period
from xlsales.layout.look import header_width
from xlsales.layout.model import Formula, Role, Row, SheetModel, Value
from xlsales.store import formulas, words
from xlsales.store.contract import NAME_AS_OF
from xlsales.store.figures import Result, StoreFigures, amounts, clock_share
from xlsales.store.sheet import Own, StoreColumn, StoreSheet, StoreView, alone, hidden, picked
from xlsales.store.targets import StoreTerms
from xlsales.vocabulary.contract import Word

if TYPE_CHECKING:
    from xlsales.layout.entry_sheet import EntrySheet

COLUMNS = {
    "period": StoreColumn(Word("周", "Week"), "text", 23),
    "start": StoreColumn(Word("开始", "From"), "date", 11.5),
    "end": StoreColumn(Word("结束", "To"), "date", 11.5),
    "target": StoreColumn(Word("目标", "Target"), "money", 12),
    "actual": StoreColumn(Word("实际", "Actual"), "money", 12),
    "attainment": StoreColumn(Word("达成率", "Attainment"), "bar", 11),
    "gap": StoreColumn(Word("差额", "Gap"), "money", 12),
    "status": StoreColumn(Word("状态", "Status"), "status", 8),
}
HIDDEN: dict[str, Role] = {"due": "money"}
"""The target of the days so far."""


def _weeks(terms: StoreTerms) -> tuple[Period, ...]:
    return terms.timeline.periods(Level.WEEK)


def _rows(terms: StoreTerms) -> list[str]:
    return [*(week.key for week in _weeks(terms)), "total"]


def _own(terms: StoreTerms) -> list[Own]:
    targets = Own(_rows(terms)[:-1], {"target": lambda f: amounts(by_week(f.store.days, terms.timeline))})
    own = [alone("total", {"target": lambda f: f.total}), targets]
    if terms.handed is None:
        return own
    rows = [*(week.key for week in _begun(terms)), "total"]
    return [*own, Own(rows, picked(_progress, ("actual", "attainment", "gap", "status", "due")), mixed=True)]


def _begun(terms: StoreTerms) -> list[Period]:
    """Return the weeks that have begun when the files are handed out."""
    return [week for week in _weeks(terms) if (week.start - terms.timeline.start).days <= terms.last_known]


def _progress(figures: StoreFigures) -> dict[str, list[Result]]:
    """Return the results of the weeks that have begun, and of the whole plan, by column."""
    terms = figures.terms
    sums = [(terms.slices[m].start, until) for m, until in enumerate(figures.until) if until is not None]
    rows = []
    for week in _begun(terms):
        at = terms.timeline.slice_of(week)
        in_sum = any(first < at.stop and until >= at.start for first, until in sums)
        rows.append(_week(figures, at, None if in_sum else float(figures.sales[at].sum())))
    rows.append(_week(figures, slice(0, len(figures.store.days)), float(figures.sums.sum())))
    return {column: [row[column] for row in rows] for column in rows[0]}


def _week(figures: StoreFigures, at: slice, actual: float | None) -> dict[str, Result]:
    """Return the results of some days; without an actual if some of them are known as the sum of a month alone."""
    blank: dict[str, Result] = dict.fromkeys(("actual", "attainment", "gap", "status"), "")
    if not figures.any:
        return blank | {"due": 0}
    target = float(figures.store.days[at].sum())
    so_far = slice(at.start, min(at.stop, figures.terms.last_known + 1))
    due = target * clock_share(figures.share(so_far, at))
    if actual is None:
        return blank | {"due": due}
    return {
        "actual": actual,
        "attainment": actual / target if target else "",
        "gap": target - actual,
        "status": figures.lamp(actual, due),
        "due": due,
    }


def _lay_out(view: StoreView) -> SheetModel:
    terms, weeks = view.terms, _weeks(view.terms)
    columns = [column.column(key, terms, header_width(column.word[terms.lang])) for key, column in COLUMNS.items()]
    dates, targets, actuals = (view.down("days", column) for column in ("date", "target", "actual"))
    first, last = terms.month_keys[0], terms.month_keys[-1]
    starts, untils = (view.down("front", column, first, last) for column in ("start", "until"))
    rows = []
    for week in weeks:
        start, end = view.at(week.key, "start"), view.at(week.key, "end")
        since, until = f'{dates},">="&{start}', f'{dates},"<="&{end}'
        in_sum = f'COUNTIFS({starts},"<="&{end},{untils},">="&{start})>0'
        actual = f'=IF({NAME_AS_OF}<{start},"",IF({in_sum},"",SUMIFS({actuals},{since},{until})))'
        values: dict[str, Value] = {
            "period": terms.week_label(week),
            "start": week.start,
            "end": week.end,
            "target": view.formula(week.key, "target", f"=SUMIFS({targets},{since},{until})"),
            "actual": view.formula(week.key, "actual", actual),
        }
        rows.append(Row(week.key, values | _follows(view, week.key)))
    total: dict[str, Value] = {
        **dict.fromkeys(COLUMNS),
        "period": view.word(words.TOTAL),
        "start": terms.plan.start,
        "end": terms.plan.end,
        "target": view.formula("total", "target", f"=SUM({view.block('target', weeks[0].key, weeks[-1].key)})"),
        "actual": view.formula("total", "actual", f"={view.cell('front', 'total', 'actual')}"),
    }
    rows.append(Row("total", total | _follows(view, "total"), "total"))
    return view.model([*columns, *hidden(HIDDEN)], rows, portrait=True)


def _follows(view: StoreView, row: str) -> dict[str, Formula]:
    """Return the cells that follow from target and actual, and the target of the days so far by the plan's clock."""
    target, actual, due, start, end = (view.at(row, column) for column in ("target", "actual", "due", "start", "end"))
    dates, clock = view.down("days", "date"), view.down("days", "clock")
    since, until = f'{dates},">="&{start}', f'{dates},"<="&{end}'
    whole, so_far = f"SUMIFS({clock},{since},{until})", f'SUMIFS({clock},{since},{until},{dates},"<="&{NAME_AS_OF})'
    over = f"IF({NAME_AS_OF}<{end},0,{target})"
    return {
        "due": view.formula(row, "due", f"=IF({whole}=0,{over},{target}*{so_far}/{whole})", 0),
        "attainment": view.formula(row, "attainment", formulas.attainment(actual, target)),
        "gap": view.formula(row, "gap", f'=IF({actual}="","",{target}-{actual})'),
        "status": view.formula(row, "status", formulas.lamp(actual, due, view.lang)),
    }


def _finish(sheet: EntrySheet, view: StoreView) -> None:
    sheet.hide_last(len(HIDDEN))
    sheet.fit_heading("status")
    sheet.sheet.fit_to_pages(1, 1)
    sheet.print_to("status")


SHEET = StoreSheet(
    key="weeks",
    title=Word("周报", "Weekly"),
    purpose=Word("每周的目标、实际和差额", "Target, actual and gap of each week"),
    heading=Word("{code} 周报", "{code}: weekly sales"),
    columns=lambda terms: [*COLUMNS, *HIDDEN],
    rows=_rows,
    own=_own,
    lay_out=_lay_out,
    finish=_finish,
)
