"""Sheet 进度总览, one page for a director: this month and the whole plan, the months, who lacks most, who is ahead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from msgspec.structs import replace

from xlsales.core.periods import Level, Period, name_of
from xlsales.core.shapes import years_before
from xlsales.core.text import counted
from xlsales.layout import look
from xlsales.layout.keyed import Clickable
from xlsales.layout.model import Chart, Column, Keyed, Link, Role, Row, Series, Value, chart_rows
from xlsales.layout.sheet import Page, Sheet
from xlsales.plan.chances import chances
from xlsales.plan.figures import NAN, Figures, Line, Members
from xlsales.plan.growth import on_month_before, on_year_before
from xlsales.plan.lowest import lowest
from xlsales.plan.progress_columns import (
    FAN,
    progress_header,
    progress_role,
    progress_values,
    said_of_chances,
    status_word,
)
from xlsales.plan.standings import Standing, behind, ranked
from xlsales.tables.slip_reasons import SlipLikely
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import CLOCKS, PROGRESS_COLUMNS, Word

_THIS_MONTH = Word("本月({month})", "{month}")
_FULL_YEAR, _WHOLE_PLAN = Word("全年", "Full year"), Word("全部期间", "Whole plan")
_ON_YEAR, _ON_MONTH = Word("同比", "On year before"), Word("环比", "On month before")
_MONTHS_SECTION, _MONTH = Word("各期进度", "Periods"), Word("期间", "Period")
_OF_YEAR = Word("{year}{name}", "{name} {year}")
_RANK = Word("排名", "Rank")
_GAP_TO_DATE = Word("应达缺口", "Gap to date")
_WORST = Word("{name}:差得最多", "{name}: furthest behind")
_BEST = Word("{name}:完成最好", "{name}: doing best")
_LARGEST = Word("{name}(按目标)", "{name} (by target)")
_BY_DIMENSION = Word("{name}(差得多的在前)", "{name} (furthest behind first)")
_MORE = Word("另有 {n} 个,见“按{name}”。", "{n} more on sheet By {name}.")
_CHART_MONTHS = Word("各期目标与实际({unit})", "Target and actual by period ({unit})")
_CHART_GAPS = Word("{name}:应达缺口({unit})", "{name}: gap to date ({unit})")
_MISSING, _AHEAD = Word("还差", "Missing"), Word("超前", "Ahead")
_CLOCK = Word("{clock} {gone:.1%} {lamp}", "{clock} {gone:.1%} {lamp}")
_CLOCKS = Word("时间进度:{clocks}。", "Time progress: {clocks}. ")
_CLOCKS_AGREE = Word("三个时钟的状态一致。", "All three clocks agree.")
_CLOCKS_DIFFER = Word("时钟不一致,以{chosen}为准。", "The clocks differ; the company goes by {chosen}.")
_DOUBTS = Word(
    "实际里有 {n} 处数像是填错或漏了,见“数据问题”;金额最大的:",
    "{n} {n:place|places} in the actuals {n:looks|look} like a slip (sheet Problems). The largest:",
)
_MOST_DOUBTS = 3
_GAP_SAID = Word(
    "应达缺口 = 应达 − 实际,正数是还差的。", "Gap to date = target to date − actual; above zero is missing. "
)

_LEFT = ("c0", "c1", "c2", "c3", "c4", "p0", "c5", "c6")
_RIGHT = ("c8", "c9", "c10", "c11", "c12", "p1", "c13", "c14")
_HALVES = (*_LEFT, "c7", *_RIGHT)
COLUMNS = (*_HALVES, "name:left", "link:left", "name:right", "link:right", "missing", "ahead", *FAN)
"""Two halves of eight columns with a gap between; behind them, hidden, the names to click and what charts draw."""
_SIDES: dict[tuple[str, ...], str] = {_LEFT: "left", _RIGHT: "right"}
_ROLES: tuple[Role, ...] = ("ordinal", "text", "money", "money", "bar", "chance", "money", "status")

_KEY_FIGURES = {
    "c2": "target", "c3": "actual", "c4": "attainment", "c5": "pace", "c6": "status",
    "c9": "gap", "c10": "required_per_day", "c11": "forecast", "c12": "forecast_attainment", "p1": "time_progress",
}  # fmt: skip
_SHORT, _CHART_ROWS, _MOST_MEMBERS, _MOST_MONTHS = 5, 10, 12, 18


def _rows(figures: Figures) -> list[Row]:
    """Row keys: `figure:month` and `figure`; `short:<n>` for the lowest members; `month:<key>` for months or quarters.

    Of the lowest members those behind are on the left, those ahead on the right. The members of the first dimension
    are beside the months. Ranks may change hands.
    """
    rows = [*_key_figures(figures), Row("gap:charts", {}, "space", height=6)]
    rows += chart_rows(_CHART_ROWS)
    return [*rows, *_short_lists(figures), *_months(figures), *_notes(figures)]


def _columns(figures: Figures) -> list[Column]:
    frame, total = figures.frame, figures.total
    width = max(11.0, frame.amount_width(total[key] for key in ("target", "actual", "forecast")) + 1)
    share = max(11.0, look.header_width(frame.word(PROGRESS_COLUMNS["attainment"])))
    lists = [lowest(figures), next(iter(figures.dimensions), None)]
    names = (member.name for members in lists if members for member in members.dimension.members)
    name = look.label_width(names, 20.0, 32.0)
    side = (5.5, name, width, width, share, 8.5, width, 9.0)
    widths = zip(_HALVES, (*side, 2.0, *side), strict=True)
    columns = [Column(key, "", "text" if key in ("c0", "c1", "c8", "c9") else "money", w) for key, w in widths]
    hidden = COLUMNS[len(columns) :]
    return [*columns, *(Column(key, "", "text" if ":" in key else "money", 10.0, hidden=True) for key in hidden)]


def _on(side: Sequence[str], values: Sequence[Value]) -> dict[str, Value]:
    return dict(zip(side, values, strict=False))


def _section(key: str, left: str, right: str) -> Row:
    return Row(key, dict.fromkeys(_HALVES) | {"c0": left, "c8": right or None}, "section")


# --- this month, and the whole plan ------------------------------------------


def _key_figures(figures: Figures) -> list[Row]:
    frame, month = figures.frame, figures.this_month
    header: dict[str, Value] = {key: progress_header(figure, frame) for key, figure in _KEY_FIGURES.items()}
    header |= {"p0": frame.word(words.CHANCE), "c13": frame.word(_ON_YEAR), "c14": frame.word(_ON_MONTH)}
    roles: dict[str, Role] = {key: _without_bar(progress_role(figure, frame)) for key, figure in _KEY_FIGURES.items()}
    roles |= {"c1": "text", "p0": "chance", "c13": "points", "c14": "points"}
    of_month = _figures(figures, figures.lines[month.key], on_year_before(month, figures))
    of_plan = _figures(figures, figures.total, on_year_before(figures.whole, figures))
    this = frame.word(_THIS_MONTH, month=name_of(month, frame.lang))
    whole, chance = name_of_whole(figures), float(chances(figures).of_plan(None)[0])
    of_month |= {"c1": this, "p0": chances(figures).of_period(month), "c14": on_month_before(month, figures)}
    return [
        Row("figures", dict.fromkeys(_HALVES) | header, "label", roles=dict.fromkeys(COLUMNS, "text")),
        Row("figure:month", of_month, "figure", roles=roles),
        Row("figure", {**of_plan, "c1": whole, "p0": chance}, "figure", roles=roles),
    ]


def name_of_whole(figures: Figures) -> str:
    """Return what the whole of a plan is called: a full year, or the whole plan."""
    plan = figures.breakdown.plan
    year = years_before(plan.end + dt.timedelta(1), 1) == plan.start
    return figures.frame.word(_FULL_YEAR if year else _WHOLE_PLAN)


def _without_bar(role: Role) -> Role:
    return "percent" if role == "bar" else role


def _figures(figures: Figures, line: Line, on_year: float) -> dict[str, Value]:
    values = progress_values(line, figures.frame)
    blank: dict[str, Value] = dict.fromkeys(_HALVES)
    return blank | {key: values[figure] for key, figure in _KEY_FIGURES.items()} | {"c13": on_year}


# --- the members of the lowest level -----------------------------------------


def _short_lists(figures: Figures) -> list[Row]:
    """The lowest members: those that lack most on the left, those that are furthest ahead on the right."""
    members = lowest(figures)
    if members is None:
        return []
    frame, ranking = figures.frame, members.ranking
    half = min(_SHORT, -(-len(ranking) // 2))
    worst, rest = ranking[:half], ranking[half:]
    if ranked(ranking):  # another sheet once there is progress to compare
        best = rest[::-1][:_SHORT]
        titles = frame.word(_WORST, name=members.name), frame.word(_BEST, name=members.name) if best else ""
        section = _section("short:ranked", *titles)
    else:
        best = rest[:_SHORT]
        section = _section("short", frame.word(_LARGEST, name=members.name), "")
    rows = [section, _header(figures, "short:header", members, members if best else None)]
    for n, pair in enumerate(zip_longest(worst, best), 1):
        sides = (_side(members, side, one) for side, one in zip((_LEFT, _RIGHT), pair, strict=True))
        rows.append(_merged(f"short:{n}", *sides))
    return rows


def _header(figures: Figures, key: str, left: Members | None, right: Members | None) -> Row:
    """The header of a row of two halves; without members on the left it is that of the months."""
    frame = figures.frame
    values: dict[str, Value] = dict.fromkeys(_HALVES)
    for side, members in ((_LEFT, left), (_RIGHT, right)):
        if members is None and side is _RIGHT:
            continue
        first = [frame.word(_RANK), members.name] if members else [None, frame.word(_MONTH)]
        amounts = [
            *(frame.word(PROGRESS_COLUMNS[k]) for k in ("target", "actual", "attainment")),
            frame.word(words.CHANCE),
        ]
        gap = frame.word(_GAP_TO_DATE if members else PROGRESS_COLUMNS["gap"])
        values |= _on(side, [*first, *amounts, gap, frame.word(PROGRESS_COLUMNS["status"])])
    roles: dict[str, Role] = {**dict(zip(_LEFT, _ROLES, strict=True)), **dict(zip(_RIGHT, _ROLES, strict=True))}
    return Row(key, values, "header", roles=roles)


_Half = tuple[dict[str, Value], dict[str, Role], Mapping[str, Keyed]]


def _side(members: Members, side: tuple[str, ...], one: Standing | None) -> _Half:
    """A member in one half of a row: values, roles, and its name, which leads to its row on its own sheet."""
    name, link = f"name:{_SIDES[side]}", f"link:{_SIDES[side]}"
    if one is None:
        return {**dict.fromkeys(side), name: None, link: None}, {}, {}
    frame, line = members.frame, one.line
    chance = float(chances(members.figures).of_plan(members)[one.position])
    amounts = [line["target"], line["actual"], line["attainment"], chance, behind(line)]
    figures = [*amounts, status_word(line["status"], frame)]
    values = _on(side, [one.rank, None, *figures])
    values |= {name: one.name, link: Link(f"dimension:{members.name}", f"m:{one.name}", "target")}
    return values, dict(zip(side, _ROLES, strict=True)) | {side[1]: "link"}, {side[1]: Clickable(name, link)}


def _merged(key: str, *halves: _Half) -> Row:
    values: dict[str, Value] = {"c7": None}
    roles: dict[str, Role] = {}
    formulas: dict[str, Keyed] = {}
    for half in halves:
        values |= half[0]
        roles |= half[1]
        formulas |= half[2]
    return Row(key, values, roles=roles, formulas=formulas)


# --- months, and the members of the first dimension beside them --------------


def _months(figures: Figures) -> list[Row]:
    frame, first = figures.frame, next(iter(figures.dimensions), None)
    ranking = first.top_ranking if first else []
    title = frame.word(_BY_DIMENSION if ranked(ranking) else _LARGEST, name=first.name) if first else ""
    header = _header(figures, "months:header", None, first)
    bars = {"missing": frame.word(_MISSING), "ahead": frame.word(_AHEAD)}
    bars |= {key: frame.word(word) for key, word in FAN.items()}
    rows = [_section("months", frame.word(_MONTHS_SECTION), title), replace(header, values={**header.values, **bars})]
    for n, (period, one) in enumerate(zip_longest(_periods(figures), ranking[:_MOST_MEMBERS]), 1):
        left = _period(figures, period) if period else (dict.fromkeys(_LEFT), {}, {})
        right = (_side(first, _RIGHT, one), _bar(one)) if first else ()
        rows.append(_merged(f"month:{period.key}" if period else f"beside:{n}", left, *right))
    chance = float(chances(figures).of_plan(None)[0])
    values = _named(figures, frame.word(words.TOTAL), figures.total, chance)
    rows.append(Row("months:total", values, "total", roles=dict(zip(_LEFT, _ROLES, strict=True))))
    more = len(ranking) - _MOST_MEMBERS
    if first and more > 0:
        rows.append(Row("beside:more", {"c8": words.with_name(_MORE, first.name, frame.lang, n=more)}, "note"))
    return rows


def _bar(one: Standing | None) -> _Half:
    """What the chart shows of a member: one of two bars. The other is 0, so that the axis of the chart has a zero."""
    gap = behind(one.line) if one else NAN
    return {"missing": max(gap, 0.0), "ahead": min(gap, 0.0)}, {}, {}  # of NAN both are NAN


def _periods(figures: Figures) -> Sequence[Period]:
    """The months; of a plan of more than a year and a half its quarters, so that all of them are on the page."""
    return figures.months if len(figures.months) <= _MOST_MONTHS else figures.breakdown.timeline.periods(Level.QUARTER)


def _period(figures: Figures, period: Period) -> _Half:
    frame, name = figures.frame, name_of(period, figures.frame.lang)
    if len(figures.breakdown.timeline.periods(Level.YEAR)) > 1:
        name = frame.word(_OF_YEAR, year=figures.year_of(period), name=name)
    values = _named(figures, name, figures.lines[period.key], chances(figures).of_period(period))
    return (
        values | dict(zip(FAN, chances(figures).fan(period), strict=True)),
        dict(zip(_LEFT, _ROLES, strict=True)),
        {},
    )


def _named(figures: Figures, name: str, line: Line, chance: float) -> dict[str, Value]:
    """The figures of a period, or of all of them, on the left."""
    amounts = [line["target"], line["actual"], line["attainment"], chance, line["gap"]]
    return _on(_LEFT, [None, name, *amounts, status_word(line["status"], figures.frame)])


# --- what is said at the end -------------------------------------------------


def _notes(figures: Figures) -> list[Row]:
    rows = [
        Row(
            f"d{members.number}:unassigned",
            dict.fromkeys(_LEFT)
            | {"c1": figures.frame.word(words.UNASSIGNED_TO, name=members.name), "c3": members.actual_of_nobody},
            "stretch",
        )
        for members in figures.dimensions
        if members.of_nobody is not None and members.of_nobody.any()
    ]
    return [
        *rows,
        Row("clock:note", {"c0": _clocks(figures)}, "note"),
        said_of_chances(figures, "c0"),
        *_doubts(figures),
    ]


def _doubts(figures: Figures) -> list[Row]:
    """The likely slips in the actuals that move the sums most."""
    slips = [problem.fault for problem in figures.problems if isinstance(problem.fault, SlipLikely)]
    if not slips:
        return []
    frame = figures.frame
    lines = [counted(_DOUBTS[frame.lang], n=len(slips)), *(slip.in_brief(frame.lang) for slip in slips[:_MOST_DOUBTS])]
    return [Row(f"doubt:{n}", {"c0": line}, "note") for n, line in enumerate(lines)]


def _clocks(figures: Figures) -> str | None:
    """What each clock says, and whether their lamps agree; nothing without actuals."""
    frame = figures.frame
    if not figures.clocks:
        return None
    clocks = frame.listed(
        frame.word(
            _CLOCK,
            clock=frame.word(CLOCKS[clock]),
            gone=line["time_progress"],
            lamp=status_word(line["status"], frame) or "",
        ).strip()
        for clock, line in figures.clocks.items()
    )
    lamps = {line["status"] for line in figures.clocks.values() if line["status"]}
    agree = frame.word(_CLOCKS_AGREE) if len(lamps) == 1 else ""
    if len(lamps) > 1:
        agree = frame.word(_CLOCKS_DIFFER, chosen=frame.word(CLOCKS[frame.clock]))
    return frame.word(_GAP_SAID) + frame.word(_CLOCKS, clocks=clocks) + agree


# --- charts and page ---------------------------------------------------------


def _charts(figures: Figures, rows: Sequence[Row]) -> list[Chart]:
    barred = [row.key for row in rows if row.kind == "normal" and "missing" in row.values]
    return [_month_chart(figures), *_gap_chart(figures, barred)]


def _month_chart(figures: Figures) -> Chart:
    frame, periods = figures.frame, _periods(figures)
    first, last = f"month:{periods[0].key}", f"month:{periods[-1].key}"
    return Chart(
        frame.word(_CHART_MONTHS, unit=frame.unit_word),
        (
            Series(frame.word(PROGRESS_COLUMNS["target"]), "c2", first, last, look.STEEL),
            Series(frame.word(PROGRESS_COLUMNS["actual"]), "c3", first, last, look.INK, labels=True),
            *(
                Series(frame.word(word), key, first, last, look.ACCENT, "line", apart=key != "p50")
                for key, word in FAN.items()
            ),
        ),
        categories="c1",
        row="chart:0",
        column="c0",
        last_row=f"chart:{_CHART_ROWS - 1}",
        last_column="c6",
    )


def _gap_chart(figures: Figures, keys: Sequence[str]) -> list[Chart]:
    """The gaps of the members of the first dimension, in the rows of these keys, if they go by actuals."""
    frame, first = figures.frame, next(iter(figures.dimensions), None)
    ranking = first.top_ranking[:_MOST_MEMBERS] if first else []
    if first is None or len(ranking) < 2 or not ranked(ranking):
        return []
    last = keys[len(ranking) - 1]
    return [
        Chart(
            frame.word(_CHART_GAPS, name=first.name, unit=frame.unit_word),
            (
                Series(frame.word(_MISSING), "missing", keys[0], last, look.MISSING, "bar", labels=True),
                Series(frame.word(_AHEAD), "ahead", keys[0], last, look.AHEAD, "bar", labels=True),
            ),
            categories="c9",
            row="chart:0",
            column="c8",
            last_row=f"chart:{_CHART_ROWS - 1}",
            last_column="c14",
            stacked=True,
        )
    ]


OVERVIEW = Sheet[Figures, Figures](
    key="overview",
    title=Word("进度总览", "Overview"),
    purpose=Word(
        "一页看完:本月与全年、谁差得最多、谁领先", "One page: this month and the year, who is behind, who is ahead"
    ),
    views=lambda figures: (figures,),
    columns=_columns,
    rows=_rows,
    charts=_charts,
    page=lambda figures, rows: Page(single=True, zoom=80),
    grid=False,
)
