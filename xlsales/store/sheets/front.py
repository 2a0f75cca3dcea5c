"""Sheet 目标: this month and the whole plan at a glance, how the target was derived, a chart, the months.

Beside it, out of the printed page, are hidden columns; below the months, the block that says of which store it is.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from msgspec.structs import replace

from xlsales.core.plan import Clock
from xlsales.layout import look
from xlsales.layout.look import Style
from xlsales.layout.model import Chart, Role, Row, Series, SheetModel, Value
from xlsales.store import contract, formulas, words
from xlsales.store.contract import AREA_KNOWN, NAME_AS_OF, NAME_END, NAME_HANDED, NAME_MONTH
from xlsales.store.figures import Result, StoreFigures
from xlsales.store.sealing import digest_of
from xlsales.store.sheet import (
    Own,
    StoreColumn,
    StoreSheet,
    StoreView,
    TemplateFault,
    alone,
    hidden,
    per_day_role,
    picked,
)
from xlsales.store.targets import Figure, Key, StoreTerms
from xlsales.vocabulary.contract import LANGS, PROGRESS_COLUMNS, Word

if TYPE_CHECKING:
    from xlsales.book.keyed import KeyedSheet
    from xlsales.layout.entry_sheet import EntrySheet
    from xlsales.ooxml.cells import SheetCells

COLUMNS = {
    "period": StoreColumn(Word("月份", "Month"), "text", 15),
    "target": StoreColumn(Word("目标", "Target"), "money", 14),
    "actual": StoreColumn(Word("实际", "Actual"), "money", 14),
    "attainment": StoreColumn(Word("达成率", "Attainment"), "bar", 12),
    "cumulative_target": StoreColumn(Word("累计目标", "Cumulative target"), "money", 14),
    "cumulative_actual": StoreColumn(Word("累计实际", "Cumulative actual"), "money", 14),
    "status": StoreColumn(Word("状态", "Status"), "status", 9),
}
"""Of the table of months; cumulative figures run from the plan's first day."""
HIDDEN: dict[str, Role] = {"start": "date", "time_progress": "percent", "required_per_day": "money", "until": "number"}
TIME_PROGRESS, REQUIRED = "cumulative_target", "cumulative_actual"
"""The key figures are in the columns of the table below; time progress and amount required per day are in those
of the cumulative figures. Files that were handed out know them by these keys."""

INFO: dict[str, tuple[str, Word, Role]] = {
    "code": (contract.NAME_CODE, Word("门店", "Store"), "text"),
    "dimension": (contract.NAME_DIMENSION, Word("维度", "Dimension"), "text"),
    "plan": (contract.NAME_PLAN, Word("计划", "Plan"), "text"),
    "version": (contract.NAME_VERSION, Word("版本", "Version"), "ordinal"),
    "fingerprint": (contract.NAME_FINGERPRINT, Word("目标指纹", "Fingerprint"), "text"),
    "format": (contract.NAME_FORMAT, Word("格式", "Format"), "text"),
    "lang": (contract.NAME_LANG, Word("语言", "Language"), "text"),
    "unit": (contract.NAME_UNIT, Word("单位", "Unit"), "text"),
    "start": (contract.NAME_START, Word("开始", "From"), "date"),
    "end": (contract.NAME_END, Word("结束", "To"), "date"),
    "clock": (
        contract.NAME_CLOCK,
        Word("时钟(1 日历 2 工作日 3 曲线)", "Clock (1 calendar 2 working 3 curve)"),
        "ordinal",
    ),
    "most": (contract.NAME_MOST, Word("一天超过此数要核对", "Check days above"), "money"),
    "handed": (contract.NAME_HANDED, Word("下发时已有实际至", "Known at hand-out to"), "date"),
    "as_of": (contract.NAME_AS_OF, Word("截止日", "As of"), "date"),
    "month": (contract.NAME_MONTH, Word("当前月份", "Current month"), "ordinal"),
    "green": (contract.NAME_LAMPS["green"], Word("绿灯 ≥", "Green from"), "percent"),
    "amber": (contract.NAME_LAMPS["amber"], Word("黄灯 ≥", "Amber from"), "percent"),
    "orange": (contract.NAME_LAMPS["orange"], Word("橙灯 ≥", "Orange from"), "percent"),
}
"""Rows of the block that says of which store it is: the defined name of each cell, its label and how it is shown."""
CLOCK_NUMBERS = {Clock.CALENDAR: 1, Clock.WORKING_DAYS: 2, Clock.TARGET_CURVE: 3}
INFO_HEAD = Word("文件信息(请勿改动)", "About this file (do not change)")

CHART = Word("累计目标与累计实际", "Cumulative target and actual")
_CHART_ROWS = tuple(f"chart:{i}" for i in range(20))
AS_OF_FORMAT = Word('"截至 "yyyy-mm-dd', '"As of "yyyy-mm-dd')

TODO = ("todo:what", "todo:when", "todo:where")
"""The first rows: what the store is to do."""
TODO_WHAT = Word(
    "① 填什么:在“日报”的浅黄格里填每天的销售额{known}。",
    "1. What: each day's sales in the yellow cells of Daily{known}.",
)
TODO_KNOWN = Word(";“总部已有”的(截至 {day})不对才填", "; days known at HQ (to {day}) only if wrong")
TODO_WHEN = Word("② 何时交:{due} 前(含当天)。", "2. When: return it by {due}.")
TODO_WHEN_TOLD = Word("② 何时交:按总部通知的时间。", "2. When: as headquarters has told you.")
TODO_WHERE = Word("③ 交到哪里:存盘,把这个文件原样发给 {to}。", "3. Where: save, and send this very file to {to}.")
TODO_WHERE_BACK = Word(
    "③ 交到哪里:存盘,把这个文件原样发回给发给您的人。", "3. Where: save, and send this very file back to who sent it."
)
_FIGURE_ROLES: dict[str, Role] = {"attainment": "percent", TIME_PROGRESS: "percent", "period": "text"}
_GAPS = {"gap:0": 6.0, "gap:1": 6.0, "gap:2": 6.0, "gap:3": 14.0}


class TemplateOtherLanguage(TemplateFault):
    """The template speaks another language than the plan."""

    zh = "{file} 的语言是{found},计划的语言是{asked}。请换用同一语言的模板,或改计划“设置”里的语言。"
    en = "{file} speaks {found}, the plan {asked}. Use a template in the plan's language, or change it in Settings."


# --- what differs from store to store -----------------------------------------------------------


def _rows(terms: StoreTerms) -> list[str]:
    return [
        *TODO, "gap:0", "labels", "now", "plan", "gap:1", "sentence", *_CHART_ROWS, "gap:2", "months",
        *terms.month_keys, "total", "gap:3", "info", *(f"info:{key}" for key in INFO),
    ]  # fmt: skip


def _own(terms: StoreTerms) -> list[Own]:
    month = terms.month_shown
    own = [
        alone("sentence", {"period": lambda f: words.derived(terms.lang, f.store.sentence)}),
        alone("todo:what", {"period": _what}),
        alone("info:code", {"target": lambda f: f.store.code}),
        alone("info:version", {"target": lambda f: f.store.version}),
        alone("info:fingerprint", {"target": lambda f: f.store.seal or digest_of(terms, f.store)[: contract.SHORT]}),
        alone("info:most", {"target": lambda f: f.store.most}),
        alone("now", {"target": lambda f: f.months[month]}),
        *(alone(row, {"target": lambda f: f.total}) for row in ("plan", "total")),
        Own(terms.month_keys, {"target": lambda f: f.months, "cumulative_target": lambda f: f.running}),
    ]
    if terms.handed is None:
        return own
    columns = ("actual", "attainment", "status", "cumulative_actual", "time_progress", "required_per_day", "until")
    key_figures = ("actual", "attainment", "status", TIME_PROGRESS, REQUIRED)
    return [
        *own,
        Own(terms.months_known, picked(_months, columns), mixed=True),
        alone("now", {"period": lambda f: terms.month_label(terms.months[month])}, mixed=True),
        Own(("now",), picked(_now, key_figures), mixed=True),
        Own(("plan",), picked(_whole, key_figures), mixed=True),
        Own(("total",), picked(_whole, ("actual", "attainment", "status")), mixed=True),
        alone("labels", {"period": lambda f: _as_of(f) or words.NOTHING_YET[terms.lang]}, mixed=True),
        alone("info:as_of", {"target": _as_of}, mixed=True),
        alone("info:month", {"target": lambda f: month + 1}, mixed=True),
    ]


def _what(figures: StoreFigures) -> str:
    say, day = figures.terms.lang, figures.store.known_to(figures.terms)
    return TODO_WHAT[say].format(known=TODO_KNOWN[say].format(day=day) if day else "")


def _months(figures: StoreFigures) -> dict[str, list[Result]]:
    by_column = {column: [month[column] for month in figures.by_month] for column in figures.by_month[0]}
    if figures.any:
        by_column["cumulative_actual"] = [float(so_far) for so_far in accumulate(figures.sums[: len(figures.by_month)])]
    return by_column


def _now(figures: StoreFigures) -> dict[str, list[Result]]:
    return _key_figures(figures.by_month[-1])


def _whole(figures: StoreFigures) -> dict[str, list[Result]]:
    return _key_figures(figures.whole)


def _key_figures(results: dict[str, Result]) -> dict[str, list[Result]]:
    results = results | {TIME_PROGRESS: results["time_progress"], REQUIRED: results["required_per_day"]}
    return {column: [result] for column, result in results.items()}


def _as_of(figures: StoreFigures) -> int:
    return figures.terms.serials[figures.terms.last_known] if figures.any else 0


# --- what differs from plan to plan ---------------------------------------------------------------


def _todo(terms: StoreTerms) -> dict[str, str]:
    """Return the rows that say when a store is to return its file, and whom to send it to."""
    say = terms.lang
    when = TODO_WHEN[say].format(due=terms.due) if terms.due else TODO_WHEN_TOLD[say]
    where = TODO_WHERE[say].format(to=terms.return_to) if terms.return_to else TODO_WHERE_BACK[say]
    return {"todo:when": when, "todo:where": where}


def _settings(terms: StoreTerms) -> dict[str, Figure]:
    """Return what the block says of the plan."""
    lamps = terms.plan.lamps
    return {
        "dimension": terms.dimension,
        "plan": terms.plan.name,
        "format": contract.FORMAT,
        "lang": LANGS[terms.lang][terms.lang],
        "unit": terms.unit_word,
        "start": terms.plan.start,
        "end": terms.plan.end,
        "clock": CLOCK_NUMBERS[terms.plan.clock],
        "handed": terms.handed or 0,
        "green": lamps.green,
        "amber": lamps.amber,
        "orange": lamps.orange,
    }


def _shared(terms: StoreTerms) -> dict[Key, Figure]:
    todo: dict[Key, Figure] = {(row, "period"): text for row, text in _todo(terms).items()}
    return todo | {(f"info:{key}", "target"): value for key, value in _settings(terms).items()}


def _fit(sheet: KeyedSheet[SheetCells] | None, terms: StoreTerms, file: str) -> StoreTerms:
    assert sheet is not None
    language, plans = sheet.cell(sheet.rows.get("info:lang", 0), "target").value, LANGS[terms.lang][terms.lang]
    if language != plans:
        raise TemplateOtherLanguage(file=file, found=language, asked=plans)
    return terms


# --- the sheet ------------------------------------------------------------------------------------


def _lay_out(view: StoreView) -> SheetModel:
    terms = view.terms
    texts = {"todo:what": str(view.results["todo:what", "period"]), **_todo(terms)}
    rows = {key: Row(key, {"period": text}, "space", height=19) for key, text in texts.items()}
    rows |= {row.key: row for row in (_labels(view), _month_row(view), _plan_row(view), *_table(view), *_info(view))}
    sentence = str(view.results.get(("sentence", "period"), "")) or None
    rows["sentence"] = Row("sentence", {"period": sentence}, "note", height=30)
    columns = [column.column(key, terms) for key, column in COLUMNS.items()]
    first, last = terms.month_keys[0], terms.month_keys[-1]
    lines = (("cumulative_target", look.STEEL), ("cumulative_actual", look.INK))
    chart = Chart(
        view.word(CHART),
        tuple(Series(view.word(COLUMNS[key].word), key, first, last, colour) for key, colour in lines),
        categories="period",
        row=_CHART_ROWS[0],
        column="period",
        last_row=_CHART_ROWS[-1],
        last_column="status",
    )
    return view.model(
        [*(replace(column, header="") for column in columns), *hidden(HIDDEN, header=False)],
        [rows.get(key) or Row(key, {}, "space", height=_GAPS.get(key)) for key in _rows(terms)],
        charts=(chart,),
        portrait=True,
    )


def _labels(view: StoreView) -> Row:
    """Return the labels of the key figures; the first is the as-of date."""
    nothing = view.word(words.NOTHING_YET)
    labels: dict[str, Value] = {
        "period": view.formula("labels", "period", f'=IF({NAME_AS_OF}=0,"{nothing}",{NAME_AS_OF})', nothing),
        **{key: view.word(PROGRESS_COLUMNS[key]) for key in ("target", "actual", "attainment", "status")},
        TIME_PROGRESS: view.word(words.TIME_PROGRESS),
        REQUIRED: view.word(words.REQUIRED),
    }
    return Row("labels", labels, "label", roles=dict.fromkeys(COLUMNS, "text"))


def _month_row(view: StoreView) -> Row:
    """Return the key figures of the month of the as-of date."""
    terms = view.terms
    first, last = terms.month_keys[0], terms.month_keys[-1]
    columns = {key: key for key in ("target", "actual", "attainment", "status", "period")}
    columns |= {TIME_PROGRESS: "time_progress", REQUIRED: "required_per_day"}
    fresh = {"period": terms.month_label(terms.months[terms.month_shown])}
    cells: dict[str, Value] = {
        key: view.formula("now", key, f"=INDEX({view.block(column, first, last)},{NAME_MONTH})", fresh.get(key, ""))
        for key, column in columns.items()
    }
    return Row("now", cells, "figure", roles=_figure_roles(view))


def _figure_roles(view: StoreView) -> dict[str, Role]:
    return {**_FIGURE_ROLES, REQUIRED: per_day_role(view.terms)}


def _plan_row(view: StoreView) -> Row:
    """Return the key figures of the whole plan up to the as-of date."""
    target, actual = view.at("plan", "target"), view.at("plan", "actual")
    clock, dates, targets = (view.down("days", column) for column in ("clock", "date", "target"))
    whole, so_far = f'SUMIFS({clock},{dates},">0")', f'SUMIFS({clock},{dates},"<="&{NAME_AS_OF})'
    over = f'IF({NAME_AS_OF}<{NAME_END},"",1)'
    days_after = f'COUNTIFS({targets},">0",{dates},">"&{NAME_AS_OF})'
    texts = {
        "target": f"={view.at('total', 'target')}",
        "actual": f'=IF({NAME_AS_OF}=0,"",{view.at("total", "actual")})',
        "attainment": formulas.attainment(actual, target),
        TIME_PROGRESS: f'=IF({NAME_AS_OF}=0,"",IF({whole}=0,{over},{so_far}/{whole}))',
        REQUIRED: formulas.required(actual, target, days_after),
        "status": formulas.lamp(actual, formulas.due(target, view.at("plan", TIME_PROGRESS)), view.lang),
    }
    cells: dict[str, Value] = {key: view.formula("plan", key, text) for key, text in texts.items()}
    return Row("plan", {"period": view.word(words.WHOLE)} | cells, "figure", roles=_figure_roles(view))


def _table(view: StoreView) -> list[Row]:
    """Return the rows of the months, and of their total."""
    terms = view.terms
    first, last = terms.month_keys[0], terms.month_keys[-1]
    rows = [Row("months", {key: view.word(column.word) for key, column in COLUMNS.items()}, "header", height=24)]
    for key, month in zip(terms.month_keys, terms.months, strict=True):
        actual = view.at(key, "actual")

        def so_far(column: str, key: str = key) -> str:
            return f"SUM({view.at(first, column, 'row')}:{view.at(key, column)})"

        texts = {
            "cumulative_target": f"={so_far('target')}",
            "cumulative_actual": f'=IF({actual}="","",{so_far("actual")})',
        }
        of_days = ("target", "actual", "attainment", "status", "time_progress", "required_per_day", "until")
        texts |= {column: f"={view.cell('days', key, column)}" for column in of_days}
        cells = {
            column: view.formula(key, column, text, 0 if column == "until" else "") for column, text in texts.items()
        }
        rows.append(Row(key, {"period": terms.month_label(month), "start": month.start, **cells}))
    sums = {column: f"SUM({view.block(column, first, last)})" for column in ("target", "actual")}
    texts = {
        "target": f"={sums['target']}",
        "actual": f'=IF({NAME_AS_OF}=0,"",{sums["actual"]})',
        "attainment": f"={view.at('plan', 'attainment')}",
        "status": f"={view.at('plan', 'status')}",
    }
    total: dict[str, Value] = dict.fromkeys(COLUMNS)
    total["period"] = view.word(words.TOTAL)
    total |= {key: view.formula("total", key, text) for key, text in texts.items()}
    return [*rows, Row("total", total, "total")]


def _info(view: StoreView) -> list[Row]:
    """Return the block that says of which store the file is."""
    terms = view.terms
    values: dict[str, Value] = dict(_settings(terms))
    values |= {key: view.results[f"info:{key}", "target"] for key in INFO if (f"info:{key}", "target") in view.results}
    starts = view.block("start", terms.month_keys[0], terms.month_keys[-1])
    as_of = f"=MAX({view.down('days', 'reported')},IF(COUNT({AREA_KNOWN})>0,{NAME_HANDED},0))"
    values["as_of"] = view.formula("info:as_of", "target", as_of, 0)
    month = f'=MAX(1,COUNTIF({starts},"<="&MAX({NAME_AS_OF},{NAME_HANDED})))'
    values["month"] = view.formula("info:month", "target", month, terms.month_shown + 1)
    rows = [Row("info", dict.fromkeys(COLUMNS) | {"period": view.word(INFO_HEAD)}, "section")]
    for key, (_, label, role) in INFO.items():
        text = terms.dimension if key == "code" else view.word(label)
        rows.append(Row(f"info:{key}", {"period": text, "target": values[key]}, "note", roles={"target": role}))
    return rows


def _finish(sheet: EntrySheet, view: StoreView) -> None:
    sheet.hide_last(len(HIDDEN))
    sheet.fit_heading("status")
    sheet.merge("sentence", "period", "status")
    todo = {"font_size": 10.5, "bold": True, "font_color": look.INK, "text_wrap": False, "shrink": True}
    for row in TODO:
        sheet.merge(row, "period", "status", **todo)
    for key, (name, _, _) in INFO.items():
        sheet.name_cell(name, f"info:{key}", "target")
    sheet.format_formula("labels", "period", Style("label", "date"), view.lang, view.word(AS_OF_FORMAT))
    sheet.print_to("status", "total")
    sheet.break_before(())
    sheet.sheet.activate()


SHEET = StoreSheet(
    key="front",
    title=Word("目标", "Target"),
    purpose=Word("目标多少、怎么来的、做到哪里", "The target, how it was derived, where it stands"),
    heading=Word("{code} 销售目标", "{code}: sales target"),
    columns=lambda terms: [*COLUMNS, *HIDDEN],
    rows=_rows,
    own=_own,
    shared=_shared,
    lay_out=_lay_out,
    finish=_finish,
    names=tuple(name for name, _, _ in INFO.values()),
    fit=_fit,
)
