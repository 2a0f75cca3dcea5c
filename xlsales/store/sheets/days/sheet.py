"""Sheet 日报: every day with its target and room for its actual, under a row for each month.

A month's row has its sums and its progress. Cumulative figures of a day run from the first of its month, so a sheet of
a year recalculates at once. Column B of a day holds its month's key. Hidden beside the columns are `working` (1 or 0),
`clock` (what the day counts for), `reported` (its date, 0 if nothing is reported yet) and, in a month's row, `until`:
the day up to which its sum is known without its days, else 0.

A day's actual is what is typed in `entry`; if that is blank, the sum of the receipts of that day; if it has none, what
is in `known`. Days of a month that is known as a sum have none: the sum is their actual.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from xlsales.core.expressions import expression
from xlsales.layout import look
from xlsales.layout.look import header_width, label_width
from xlsales.layout.model import Role, Row, SheetModel, Value
from xlsales.store import formulas
from xlsales.store.contract import (
    AREA_ACTUALS,
    AREA_DAY_TARGETS,
    AREA_DETAIL_AMOUNTS,
    AREA_DETAIL_DATES,
    AREA_KNOWN,
    AREA_REMARKS,
    AREA_REPORTED,
    NAME_AS_OF,
    NAME_CLOCK,
)
from xlsales.store.figures import Result, StoreFigures, amounts
from xlsales.store.sheet import (
    Own,
    StoreColumn,
    StoreSheet,
    StoreView,
    TemplateOtherDays,
    doubtful_amount,
    hidden,
    picked,
    prompt,
)
from xlsales.store.sheets.days import returned
from xlsales.store.targets import Key, Store, StoreTerms
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.round_contract import TIMES

if TYPE_CHECKING:
    from xlsales.book.keyed import KeyedSheet
    from xlsales.layout.entry_sheet import EntrySheet
    from xlsales.ooxml.cells import SheetCells

COLUMNS = {
    "date": StoreColumn(Word("日期", "Date"), "date", 13),
    "weekday": StoreColumn(Word("星期", "Day"), "text", 6.5),
    "kind": StoreColumn(Word("日历", "Calendar"), "text", 8),
    "target": StoreColumn(Word("目标", "Target"), "money", 10.5),
    "known": StoreColumn(Word("总部已有", "Known at HQ"), "money", 10.5),
    "entry": StoreColumn(Word("实际填写", "Actual (enter)"), "money", 12),
    "actual": StoreColumn(Word("实际", "Actual"), "money", 10.5),
    "cumulative_target": StoreColumn(Word("本月累计目标", "Month to date: target"), "money", 12),
    "cumulative_actual": StoreColumn(Word("本月累计实际", "Month to date: actual"), "money", 12),
    "attainment": StoreColumn(Word("本月达成率", "Attainment"), "percent", 10),
    "time_progress": StoreColumn(Word("时间进度", "Time progress"), "percent", 9.5),
    "required_per_day": StoreColumn(Word("日均需达", "Required per day"), "money", 10.5),
    "status": StoreColumn(Word("状态", "Status"), "status", 7),
    "remark": StoreColumn(Word("备注", "Remark"), "text", 18),
}
HIDDEN: dict[str, Role] = {"working": "number", "clock": "number", "reported": "number", "until": "number"}

HINT = Word(
    "只填浅黄格:当天实际销售额({unit})。没营业填 0,还没报留空;退货填负数。"
    "空着的日子取“明细”的合计,再没有取“总部已有”。",
    "Fill the pale yellow cells: the day's sales ({unit}). 0 = closed, blank = not reported yet, returns negative. "
    "A blank day takes the sum of Detail, else what HQ knows.",
)
ENTRY_PROMPT = Word(
    "当天实际销售额,单位{unit}。没营业填 0,还没报留空。", "The day's sales in {unit}. 0 = closed, blank = not reported."
)
ENTRY_DOUBTFUL = Word(
    "这不是数字,或超过最高一天目标的 {times} 倍。请看单位(是{unit},不用“万”)和位数。确实这么多,请继续,并在备注里说明。",
    "This is no number, or more than {times} times the highest day. Check the unit ({unit}) and the digits. "
    "If it is right, go on and say why in Remark.",
)
REMARK_PROMPT = Word("备注:活动、天气、停业等。", "Remark: campaign, weather, closure.")
_PAGE_SCALE = 72
"""Percent at which 31 days and their header fill a page across."""
_ROWS_ABOVE = 7
"""So many days of the past are seen above the one to fill next."""
_ISO_DAY = expression(r"\d{4}-\d\d-\d\d")


# --- what differs from store to store -----------------------------------------------------------


def _rows(terms: StoreTerms) -> list[str]:
    return [
        key for month, at in zip(terms.month_keys, terms.slices, strict=True) for key in (month, *terms.day_keys[at])
    ]


def _own(terms: StoreTerms) -> list[Own]:
    of_days = picked(_known_days, ("known", "actual", "cumulative_actual", "attainment", "required_per_day", "status",
        "reported"))  # fmt: skip
    of_months = picked(
        lambda figures: {key: [month[key] for month in figures.by_month] for key in figures.by_month[0]},
        ("known", "until", "actual", "cumulative_target", "cumulative_actual", "attainment", "time_progress",
        "required_per_day", "status"),
    )  # fmt: skip
    return [
        Own(terms.month_keys, {"target": lambda f: f.months, "clock": lambda f: amounts(f.clock_sums)}),
        Own(
            terms.day_keys,
            {
                "target": lambda f: amounts(f.store.days),
                "clock": lambda f: amounts(f.clock),
                "cumulative_target": _so_far,
                "time_progress": _elapsed,
            },
        ),
        Own(terms.days_known, of_days, mixed=True),
        Own(terms.months_known, of_months, mixed=True),
    ]


def _so_far(figures: StoreFigures) -> Iterable[Result]:
    """Return the target of its month so far, at the end of each day."""
    return amounts(np.concatenate([np.cumsum(figures.store.days[at]) for at in figures.terms.slices]))


def _elapsed(figures: StoreFigures) -> Iterable[Result]:
    """Return the share of its month that is over at the end of each day, to a millionth."""
    return chain.from_iterable(
        np.round(np.cumsum(figures.clock[at]) / whole, 6).tolist()
        if whole
        else [""] * (at.stop - at.start - 1) + [1]  # nothing counts: the month is over when its last day is
        for at, whole in zip(figures.terms.slices, figures.clock_sums, strict=True)
    )


def _known_days(figures: StoreFigures) -> dict[str, list[Result]]:
    """Return the results of each day up to the last that may be known, by column."""
    results: dict[str, list[Result]] = {}
    known, actual, so_far, attainment, required, status, reported = (
        results.setdefault(key, [])
        for key in ("known", "actual", "cumulative_actual", "attainment", "required_per_day", "status", "reported")
    )
    terms, store = figures.terms, figures.store
    for m, at in enumerate(terms.slices[: terms.month_shown + 1]):
        targets, amounts_of_days = store.days[at], figures.known.days[at].tolist()
        whole = float(targets.sum())
        stop = figures.until[m]
        until, head = (-1, 0.0) if stop is None else (stop, float(figures.known.months[m]))
        running = (head + np.cumsum(figures.sales[at])).tolist()
        days_after: list[int] = (int((targets > 0).sum()) - np.cumsum(targets > 0)).tolist()
        clocks, all_clock = np.cumsum(figures.clock[at]).tolist(), figures.clock_sums[m]
        for i in range(min(at.stop - 1, terms.last_known) - at.start + 1):
            day, amount = at.start + i, amounts_of_days[i]
            is_known = amount == amount and day > until  # a NaN is not itself
            known.append(amount if is_known else None)
            if not figures.any or day < until:
                for column in (actual, so_far, attainment, required, status):
                    column.append("")
                reported.append(0)
                continue
            sales, is_last = running[i], day == at.stop - 1
            share = clocks[i] / all_clock if all_clock else (1.0 if is_last else 0.0)
            actual.append(amount if is_known else "")
            so_far.append(sales)
            attainment.append(sales / whole if whole else "")
            required.append("" if is_last or not days_after[i] else max(whole - sales, 0.0) / days_after[i])
            status.append(figures.lamp(sales, whole * share))
            reported.append(terms.serials[day] if is_known else 0)
    return results


# --- the sheet ------------------------------------------------------------------------------------


def _lay_out(view: StoreView) -> SheetModel:
    terms, calendar = view.terms, view.terms.calendar_cells()
    kinds = [str(value) for (_, column), value in calendar.items() if column == "kind"]
    fits = {"kind": label_width(kinds, 8, 22)}
    columns = [
        column.column(key, terms, max(header_width(column.word[terms.lang]), fits.get(key, 0.0)))
        for key, column in COLUMNS.items()
    ]
    rows: list[Row] = []
    for month, at in zip(terms.months, terms.slices, strict=True):
        days = terms.day_keys[at]
        head: dict[str, Value] = {"date": terms.month_label(month), **_month(view, month.key, days)}
        rows.append(Row(month.key, head, "total", roles={"date": "text"}))
        for day in days:
            fixed: dict[str, Value] = {key: calendar[day, key] for key in ("date", "weekday", "kind", "working")}
            rows.append(Row(day, fixed | _day(view, month.key, days, day), counts_for=month.key))
    return view.model([*columns, *hidden(HIDDEN)], rows, breaks_before_rows=terms.month_keys)


def _month(view: StoreView, month: str, days: tuple[str, ...]) -> dict[str, Value]:
    """Return the month's row: its sums, and its progress on the as-of date."""

    def every(column: str) -> str:
        return view.block(column, days[0], days[-1], "row")

    target, actual, clock = (view.at(month, column) for column in ("target", "actual", "clock"))
    dates, upto = every("date"), f'"<="&{NAME_AS_OF}'
    days_after = f'COUNTIFS({every("target")},">0",{dates},">"&{NAME_AS_OF})'
    texts = {
        "target": f"=SUM({every('target')})",
        "actual": f'=IF({NAME_AS_OF}<{view.at(days[0], "date")},"",SUM({view.at(month, "known")},{every("actual")}))',
        "cumulative_target": f'=IF({actual}="","",SUMIFS({every("target")},{dates},{upto}))',
        "cumulative_actual": f"={actual}",
        "attainment": formulas.attainment(actual, target),
        "time_progress": f'=IF({actual}="","",IF({clock}=0,IF({NAME_AS_OF}<{view.at(days[-1], "date")},"",1),'
        f"SUMIFS({every('clock')},{dates},{upto})/{clock}))",
        "required_per_day": formulas.required(actual, target, days_after),
        "status": formulas.lamp(actual, formulas.due(target, view.at(month, "time_progress")), view.lang),
        "clock": f"=SUM({every('clock')})",
    }
    blank: dict[str, Value] = dict.fromkeys(key for key in COLUMNS if key != "date")
    blank |= {"known": view.results.get((month, "known")), "until": view.results.get((month, "until"), 0)}
    return blank | {column: view.formula(month, column, text) for column, text in texts.items()}


def _day(view: StoreView, month: str, days: tuple[str, ...], day: str) -> dict[str, Value]:
    """Return a day's row: its own figures, and its month's progress at its end."""
    later = days[days.index(day) + 1 :]

    def here(column: str) -> str:
        return view.at(day, column)

    def so_far(column: str) -> str:
        return f"{view.at(days[0], column, 'row')}:{here(column)}"

    def of_month(column: str) -> str:
        return view.at(month, column, "row")

    date, entry, known_amount, sales = (here(column) for column in ("date", "entry", "known", "cumulative_actual"))
    until, whole, clock = (of_month(column) for column in ("until", "target", "clock"))
    days_after = f'COUNTIF({view.at(later[0], "target")}:{view.at(later[-1], "target", "row")},">0")' if later else ""
    # a receipt may carry its time of day
    receipts = f'{AREA_DETAIL_DATES},">="&{date},{AREA_DETAIL_DATES},"<"&{date}+1'
    nothing = '""' if later else "1"
    texts = {
        "actual": f'=IF({date}<={until},"",IF(ISNUMBER({entry}),{entry},IF(COUNTIFS({receipts})=0,'
        f'IF(ISNUMBER({known_amount}),{known_amount},""),SUMIFS({AREA_DETAIL_AMOUNTS},{receipts}))))',
        "cumulative_target": f"=SUM({so_far('target')})",
        "cumulative_actual": f'=IF({date}>{NAME_AS_OF},"",IF({date}<{until},"",'
        f"SUM({of_month('known')},{so_far('actual')})))",
        "attainment": formulas.attainment(sales, whole),
        "time_progress": f"=IF({clock}=0,{nothing},SUM({so_far('clock')})/{clock})",
        "required_per_day": formulas.required(sales, whole, days_after) if later else '=""',
        "status": formulas.lamp(sales, formulas.due(whole, here("time_progress")), view.lang),
        "clock": f"=CHOOSE({NAME_CLOCK},1,{here('working')},{here('target')})",
        "reported": f'=IF({here("actual")}="",0,{date})',
    }
    values: dict[str, Value] = {"entry": None, "remark": None, "target": view.results[day, "target"]}
    values["known"] = view.results.get((day, "known"))
    return values | {
        column: view.formula(day, column, text, 0 if column == "reported" else "") for column, text in texts.items()
    }


def _finish(sheet: EntrySheet, view: StoreView) -> None:
    terms, unit = view.terms, view.terms.unit_word
    days = terms.day_keys
    sheet.hide_last(len(HIDDEN))
    sheet.fit_heading("remark")
    sheet.hint(view.word(HINT, unit=unit))
    sheet.enter("entry", days, terms.money, "right")
    sheet.enter("remark", days, "@", "left")
    names = {
        "target": AREA_DAY_TARGETS,
        "entry": AREA_ACTUALS,
        "known": AREA_KNOWN,
        "remark": AREA_REMARKS,
    }
    for column, name in (names | ({"reported": AREA_REPORTED} if terms.tables else {})).items():
        sheet.name_rows(name, column)
    doubt = view.word(ENTRY_DOUBTFUL, unit=unit, times=TIMES)
    rule = doubtful_amount(doubt, view.lang) | {"input_message": view.word(ENTRY_PROMPT, unit=unit)}
    sheet.validate("entry", rule)
    sheet.validate("remark", prompt(view.word(REMARK_PROMPT)))
    date, kind = (view.at(terms.month_keys[0], column, "column") for column in ("date", "kind"))
    special: dict[str, Any] = {"font_color": look.ACCENT, "bold": True}
    weekend: dict[str, Any] = {"font_color": look.INK, "bg_color": look.TOTAL_FILL}
    rules = [(f'=AND(ISNUMBER({date}),{kind}<>"")', special), (f"=AND(ISNUMBER({date}),WEEKDAY({date},2)>5)", weekend)]
    sheet.colour_rows("date", "kind", rules)
    sheet.break_before(terms.month_keys[1:], _PAGE_SCALE)
    sheet.repeat_headers()
    sheet.print_to("remark")


# --- as a template ----------------------------------------------------------------------------------


def _fit(sheet: KeyedSheet[SheetCells] | None, terms: StoreTerms, file: str) -> StoreTerms:
    assert sheet is not None
    for key in sorted(set(filter(_ISO_DAY.fullmatch, sheet.rows)) - set(terms.day_keys)):
        raise TemplateOtherDays(file=file, sheet=sheet.title, key=key)
    return terms


def _opens_at(terms: StoreTerms, store: Store) -> tuple[str, Key]:
    """Return the row a few days above the day to fill next, and the cell of its entry."""
    day = store.day_to_fill(terms)
    return terms.day_keys[max(day - 1 - _ROWS_ABOVE, 0)], (terms.day_keys[day], "entry")


SHEET = StoreSheet(
    key="days",
    title=Word("日报", "Daily"),
    purpose=Word("每天填实际销售额,看本月做到哪里", "Each day's actual sales, and where the month stands"),
    heading=Word("{code} 日报", "{code}: daily sales"),
    columns=lambda terms: [*COLUMNS, *HIDDEN],
    rows=_rows,
    own=_own,
    shared=lambda terms: terms.calendar_cells(),
    lay_out=_lay_out,
    finish=_finish,
    to_fill=True,
    names=(AREA_ACTUALS, AREA_REMARKS, AREA_KNOWN),
    entries={AREA_ACTUALS: 0, AREA_REMARKS: 0},
    fit=_fit,
    opens_at=_opens_at,
    reads=("target", "known", "until", "entry"),
    read_back=returned.read_back,
)
