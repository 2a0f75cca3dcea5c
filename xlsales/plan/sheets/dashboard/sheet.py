"""Sheet 看板: one page on which a person picks a member; figures and charts follow, without the program.

The cell of the list, the key figures, the months and the members below are live formulas. Months add up 数据表; what is
known of each member is in hidden rows at the end.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from xlsales.core.periods import Level, name_of
from xlsales.core.shapes import called_months
from xlsales.layout import look
from xlsales.layout.keyed import Fixed
from xlsales.layout.model import Chart, Column, Keyed, Role, Row, Series, Value, chart_rows
from xlsales.layout.sheet import Page, Sheet
from xlsales.plan.dashboard.read import EXAMPLES, PICK, PICKED, T_DASHBOARD, DashboardView, Shown, dashboards
from xlsales.plan.data_table import T_DATA
from xlsales.plan.figures import NAN, Figures
from xlsales.plan.progress_columns import progress_header, progress_role, progress_values
from xlsales.plan.sheets.dashboard.cells import LEFT, RIGHT, TAKEN, down, formula
from xlsales.plan.sheets.dashboard.panels import (
    curve_cells,
    curve_names,
    hidden_columns,
    known_cells,
    panel_charts,
    panel_rows,
)
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word

_PICK = Word(
    "点黄格右边的箭头选成员,数字和图跟着变;列表太长,可在“看板成员”里挑",
    "Click the arrow at the yellow cell to pick a member: all follows. Dashboard members shortens the list",
)
_GAP_TO_DATE = Word("应达缺口", "Gap to date")
_MONTHS, _MONTH = Word("各月", "Months"), Word("月份", "Month")
_BELOW, _MEMBER = (
    Word("下级(没有下级的,看同级),前 {n} 个", "Members below (or beside, at the lowest level), first {n}"),
    Word("成员", "Member"),
)
_CHART_MONTHS = Word("各月({unit})", "By month ({unit})")
_CHART_SINCE = Word("累计({unit})", "Since the start ({unit})")
_CHART_BELOW = Word("下级:应达与实际({unit})", "Members below ({unit})")
_SINCE_DUE, _SINCE_ACTUAL = Word("累计应达", "Target to date"), Word("累计实际", "Actual so far")
_OF_YEAR = Word("{year}{name}", "{name} {year}")

_KEY_FIGURES = {
    "c0": "target", "c1": "actual", "c2": "attainment", "c3": "time_progress", "c4": "pace", "c5": "status",
    "c7": "target_to_date", "c8": "gap_to_date", "c9": "gap", "c10": "required_per_day", "c11": "forecast",
    "c12": "forecast_attainment",
}  # fmt: skip
_MONTH_ROLES: tuple[Role, ...] = ("text", "money", "money", "money", "money", "bar")
_BELOW_ROLES: tuple[Role, ...] = ("text", "money", "money", "money", "bar", "status")
_ROLES: dict[str, Role] = dict(zip((*LEFT, *RIGHT), (*_MONTH_ROLES, *_BELOW_ROLES), strict=True))
_LISTED = ("target", "actual", "attainment", "time_progress", "pace", "status", "target_to_date", "gap_to_date", "gap",
           "required_per_day", "forecast", "forecast_attainment")  # fmt: skip
_TEXTS = ("name", "dimension", "member", "above", "is_dimension", "is_member", "below_dimension", "below")
_FIGURES = tuple(f"f:{figure}" for figure in _LISTED)
"""What is known of each member, in hidden columns."""
_MEMBERS_BELOW, _CHART_ROWS = 8, 12
_APART = 1_000_000
"""Members that lack as much are told apart by their row ÷ this, in yuan."""
_LEAST = -(10**15)
"""Below all amounts."""


def _columns(view: DashboardView) -> list[Column]:
    frame, total = view.frame, view.figures.total
    money = max(11.0, frame.amount_width(total[key] for key in ("target", "actual", "forecast")) + 1)
    names = [one.name for one in (*view.listed, *view.others)]
    name = look.label_width(names, 20.0, 30.0)
    share = max(11.0, look.header_width(frame.word(PROGRESS_COLUMNS["attainment"])))
    left = (name, money, money, money, money, share)
    right = (name, money, money, money, share, 9.0)
    shown: dict[str, tuple[Role, float]] = {}
    for keys, roles, widths in ((LEFT, _MONTH_ROLES, left), (RIGHT, _BELOW_ROLES, right)):
        shown |= dict(zip(keys, zip(roles, widths, strict=True), strict=True))
    columns = [Column(key, "", *shown.get(key, ("text", 2.0))) for key in (*LEFT, "c6", *RIGHT)]
    first = columns[0]
    on_list = ("k:1", f"k:{view.on_list}", "name")
    columns[0] = Column(first.key, "", first.role, first.width, picks=on_list)
    hidden: list[tuple[str, Role]] = [
        ("at", "count"),
        *((key, "text") for key in _TEXTS),
        ("order", "money"),
        ("rank", "money"),
    ]
    hidden += [(f"f:{key}", _role(key, view)) for key in _LISTED]
    hidden += [("month", "date"), ("since_due", "money"), ("since_actual", "money"), ("due", "money")]
    hidden += hidden_columns(view)
    return [*columns, *(Column(key, "", role, 10, hidden=True) for key, role in hidden)]


def _rows(view: DashboardView) -> Iterator[Row]:
    """Row keys: `pick:how`, `pick`, `figures`, `figure`, `n:<n>` for lines of months and members below.

    Hidden ones: `k:<n>` for members on the list, `o:<n>` for others.
    """
    frame, word = view.frame, view.frame.word
    texts: dict[str, Role] = dict.fromkeys((*LEFT, "c6", *RIGHT), "text")
    header: dict[str, Value] = {
        key: word(_GAP_TO_DATE) if figure == "gap_to_date" else progress_header(figure, frame)
        for key, figure in _KEY_FIGURES.items()
    }
    yield Row("pick:how", {PICKED: word(_PICK)}, "note")
    yield _pick(view)
    yield Row("figures", {"c6": None, **header}, "label", roles=texts)
    yield _key_figures(view)
    yield Row("gap:charts", {}, "space", height=6)
    yield from chart_rows(_CHART_ROWS)
    yield Row(
        "tables",
        dict.fromkeys((*LEFT, "c6", *RIGHT)) | {"c0": word(_MONTHS), "c7": word(_BELOW, n=_MEMBERS_BELOW)},
        "section",
    )
    columns = [word(PROGRESS_COLUMNS[key]) for key in ("target", "actual", "target_to_date")]
    months = [word(_MONTH), *columns, word(_GAP_TO_DATE), word(PROGRESS_COLUMNS["attainment"])]
    below = [
        word(_MEMBER),
        *columns[:2],
        word(_GAP_TO_DATE),
        *(word(PROGRESS_COLUMNS[k]) for k in ("attainment", "status")),
    ]
    names: dict[str, Value] = dict(zip((*LEFT, *RIGHT), (*months, *below), strict=True))
    names |= {"since_due": word(_SINCE_DUE), "since_actual": word(_SINCE_ACTUAL), "due": columns[2]}
    yield Row("lines", names | curve_names(view), "header", roles=_ROLES)
    yield from _lines(view)
    yield from panel_rows(view)
    yield from (_known(view, n, one) for n, one in enumerate(view.rows, 1))


# --- the member that is picked ---------------------------------------------------


def _pick(view: DashboardView) -> Row:
    """The cell with the list, and where the picked member is in the hidden rows: 0 if it is not there."""
    one, on_list = view.picked, ("k:1", f"k:{view.on_list}")
    values: dict[str, Value] = {PICKED: one.name, "at": float(view.listed.index(one) + 1)}
    cells = {"names": down(on_list, "name"), "places": down(on_list, "at"), "picked": Fixed(PICK, PICKED)}
    formulas: dict[str, Keyed] = {"at": formula("=SUMPRODUCT(({names}={picked})*{places})", cells)}
    known = _texts(one)
    for key in ("is_dimension", "is_member", "below_dimension", "below"):
        values[key] = known[key]
        formulas[key] = formula('=IF({at}=0,"",INDEX({block},{at})&"")', {"block": down(on_list, key)})
    return Row(PICK, values, roles={PICKED: "entry_choice"}, formulas=formulas)


def _key_figures(view: DashboardView) -> Row:
    known, on_list = _figures(view, view.picked), ("k:1", f"k:{view.on_list}")
    values: dict[str, Value] = {key: known[figure] for key, figure in _KEY_FIGURES.items()}
    formulas: dict[str, Keyed] = {
        key: formula(TAKEN, {"block": down(on_list, f"f:{figure}"), "at": Fixed(PICK, "at")})
        for key, figure in _KEY_FIGURES.items()
    }
    roles = {key: _role(figure, view) for key, figure in _KEY_FIGURES.items()}
    return Row("figure", {"c6": None, **values}, "figure", roles=roles, formulas=formulas)


def _role(figure: str, view: DashboardView) -> Role:
    role = "money" if figure == "gap_to_date" else progress_role(figure, view.frame)
    return "percent" if role == "bar" else role


def _figures(view: DashboardView, one: Shown) -> dict[str, Value]:
    return {**progress_values(one.line, view.frame), "gap_to_date": one.line["target_to_date"] - one.line["actual"]}


# --- months, and the members below -----------------------------------------------

_Line = tuple[dict[str, Value], Mapping[str, Keyed]]


def _lines(view: DashboardView) -> Iterator[Row]:
    months, below = list(_months(view)), list(_below(view))
    for n in range(max(len(months), len(below))):
        values: dict[str, Value] = {"c6": None}
        formulas: dict[str, Keyed] = {}
        for side, lines in ((LEFT, months), (RIGHT, below)):
            own, own_formulas = lines[n] if n < len(lines) else (dict[str, Value](), dict[str, Keyed]())
            values |= dict.fromkeys(side) | own
            formulas |= own_formulas
        curves, curve_formulas = curve_cells(view, n)
        yield Row(f"n:{n + 1}", values | curves, roles=_ROLES, formulas=formulas | curve_formulas)


def _months(view: DashboardView) -> Iterator[_Line]:
    figures, frame = view.figures, view.frame
    timeline = figures.breakdown.timeline
    many = len(timeline.periods(Level.YEAR)) > 1
    due_so_far = actual_so_far = 0.0
    formulas = _formulas_of_month(view)
    for period, called, target, actual, due in zip(
        figures.months, called_months(timeline), *view.months(), strict=True
    ):
        name = name_of(period, frame.lang)
        known = not math.isnan(actual)
        due_so_far, actual_so_far = due_so_far + due, actual_so_far + actual
        values: dict[str, Value] = {
            "c0": frame.word(_OF_YEAR, year=figures.year_of(period), name=name) if many else name,
            "c1": float(target), "c2": float(actual), "c3": float(due) if known else NAN, "c4": float(due - actual),
            "c5": float(actual / target) if target else NAN, "month": dt.date(*called, 1),
            "since_due": float(due_so_far) if known else NAN, "since_actual": float(actual_so_far),
        }  # fmt: skip
        yield values, formulas


def _formulas_of_month(view: DashboardView) -> Mapping[str, Keyed]:
    """Formulas over 数据表 of a month's line: SUMIFS of the row of the picked member in this month."""
    header = {column.key: f"{T_DATA.name}[{column.label[view.frame.lang]}]" for column in T_DATA.columns}
    where = f'{header["dimension"]},"="&{{dimension}},{header["member"]},"="&{{member}},{header["month"]},{{month}}'
    cells = {
        "dimension": Fixed(PICK, "is_dimension"),
        "member": Fixed(PICK, "is_member"),
        "due": Fixed("n:1", "c3"),
        "actual": Fixed("n:1", "c2"),
    }
    sums = {key: f"SUMIFS({header[key]},{where})" for key in ("target", "actual", "target_to_date")}
    known = f'COUNTIFS({where},{header["actual"]},">{_LEAST}")'
    texts = {
        "c1": f"={sums['target']}",
        "c2": f'=IF({known}=0,"",{sums["actual"]})',
        "c3": f'=IF({{c2}}="","",{sums["target_to_date"]})',
        "c4": '=IF({c2}="","",{c3}-{c2})',
        "c5": '=IF(OR({c2}="",{c1}=0),"",{c2}/{c1})',
        "since_due": '=IF({c2}="","",SUM({due}:{c3}))',
        "since_actual": '=IF({c2}="","",SUM({actual}:{c2}))',
    }
    return {key: formula(text, cells) for key, text in texts.items()}


def _below(view: DashboardView) -> Iterator[_Line]:
    every = ("k:1", _key(view, len(view.rows)))
    figures = ("target", "actual", "gap_to_date", "attainment", "status", "target_to_date")
    for n in range(_MEMBERS_BELOW):
        one = view.below[n] if n < len(view.below) else None
        known = _figures(view, one) if one else {}
        keys = (*RIGHT[1:], "due")
        values: dict[str, Value] = {key: known.get(figure) for key, figure in zip(keys, figures, strict=True)}
        values |= {"c7": one.member if one else None, "at": float(view.rows.index(one) + 1) if one else 0.0}
        ranks = {"ranks": down(every, "rank")}
        formulas: dict[str, Keyed] = {
            "at": formula(f"=IFERROR(MATCH(LARGE({{ranks}},{n + 1}),{{ranks}},0),0)", ranks),
            "c7": formula(TAKEN, {"block": down(every, "member")}),
        }
        for key, figure in zip(keys, figures, strict=True):
            formulas[key] = formula(TAKEN, {"block": down(every, f"f:{figure}")})
        yield values, formulas


# --- what is known of each member ------------------------------------------------


def _known(view: DashboardView, n: int, one: Shown | None) -> Row:
    """The hidden row of a member, or a spare one."""
    values: dict[str, Value] = {"at": float(n), "rank": None, **dict.fromkeys(_TEXTS), **dict.fromkeys(_FIGURES)}
    if one is not None:
        values |= {"name": one.name, "dimension": one.dimension, "member": one.member, "above": one.above}
        values |= {**_texts(one), "order": one.order}
        values |= {f"f:{key}": value for key, value in _figures(view, one).items() if f"f:{key}" in values}
        if one.members is not None and (one.dimension, one.above) == view.picked.below:
            values["rank"] = one.order - n / _APART
    if n <= view.on_list:
        values |= known_cells(view, n - 1)
    cells = {"of": Fixed(PICK, "below_dimension"), "below": Fixed(PICK, "below")}
    test = 'AND({dimension}<>"",{dimension}={of},{above}={below})'
    return Row(
        _key(view, n),
        values,
        hidden=True,
        formulas={"rank": formula(f'=IF({test},{{order}}-{{at}}/{_APART},"")', cells)},
    )


def _key(view: DashboardView, n: int) -> str:
    """The row key of a member: of those on the list from `k:1`, of the others from `o:1`."""
    return f"k:{n}" if n <= view.on_list else f"o:{n - view.on_list}"


def _texts(one: Shown) -> dict[str, Value]:
    """What finds a member in 数据表, and those below it here. The company's dimension there is called as it is."""
    return {
        "is_dimension": _criterion(one.dimension or one.name),
        "is_member": _criterion(one.member or one.name),
        "below_dimension": one.below[0],
        "below": one.below[1],
    }


def _criterion(name: str) -> str:
    """Return what SUMIFS takes, behind `=`, for exactly this name: signs for any text have another before them."""
    for sign in "~*?":
        name = name.replace(sign, f"~{sign}")
    return name


# --- charts and page ---------------------------------------------------------


_Shape = Literal["column", "bar"]


def _charts(view: DashboardView, rows: Sequence[Row]) -> list[Chart]:
    frame, last = view.frame, f"n:{len(view.figures.months)}"
    target, actual, due = (frame.word(PROGRESS_COLUMNS[key]) for key in ("target", "actual", "target_to_date"))
    of_below = f"n:{_MEMBERS_BELOW}"
    drawn: tuple[tuple[Word, tuple[tuple[str, str, str], ...], str, str, tuple[str, str], _Shape], ...] = (
        (_CHART_MONTHS, ((target, "c1", look.STEEL), (actual, "c2", look.INK)), last, "c0", ("c0", "c2"), "column"),
        (
            _CHART_SINCE,
            ((frame.word(_SINCE_DUE), "since_due", look.STEEL), (frame.word(_SINCE_ACTUAL), "since_actual", look.INK)),
            last,
            "c0",
            ("c3", "c7"),
            "column",
        ),
        (_CHART_BELOW, ((due, "due", look.STEEL), (actual, "c9", look.INK)), of_below, "c7", ("c8", "c12"), "bar"),
    )
    return [
        Chart(
            frame.word(title, unit=frame.unit_word),
            tuple(Series(name, column, "n:1", end, colour, shape) for name, column, colour in series),
            categories=categories,
            row="chart:0",
            column=left,
            last_row=f"chart:{_CHART_ROWS - 1}",
            last_column=right,
        )
        for title, series, end, categories, (left, right), shape in drawn
    ] + panel_charts(view)


DASHBOARD = Sheet[Figures, DashboardView](
    key=T_DASHBOARD.sheet,
    keeps_look=True,
    title=Word("看板", "Dashboard"),
    purpose=Word(
        "给领导的一页:从列表选一个成员,数字和图跟着变,也有它的漏斗、周跟踪、预算;不用宏,可随意改样式",
        "A director's page: pick a member from the list, and figures, charts, funnel, weeks, budget follow; no macros",
    ),
    views=dashboards,
    columns=_columns,
    rows=_rows,
    doubts=lambda view: view.doubts(),
    charts=_charts,
    page=lambda view, rows: Page(portrait=len(view.panels) > 1, single=True, zoom=80),
    grid=False,
    tables=(T_DASHBOARD, T_DATA),
    examples=EXAMPLES,
    judges_rows=True,
)
