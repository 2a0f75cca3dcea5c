"""Sheets 按周: the company by week with its progress, and the members of a dimension by week.

A person names what is to be shown in table 按周: the company or a dimension, for the whole plan or for a period. Weeks
are those of the plan, cut to the period. They are sums of days, so they add up to the period's target exactly; members'
days are those of the files that stores get.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace

from xlsales.core.arrays import Floats
from xlsales.core.faults import DateRange
from xlsales.core.periods import Period, name_of
from xlsales.layout import look
from xlsales.layout.keyed import Closes, across, at, counting
from xlsales.layout.model import Chart, Column, Row, Series, Value, chart_rows
from xlsales.layout.sheet import Page, Sheet, role_width, unfolded
from xlsales.plan.by_week import COMPANY, T_BY_WEEK, Weeks, weeks_asked_for
from xlsales.plan.figures import NAN, Figures, Members
from xlsales.plan.progress_columns import finer_format, progress_columns, progress_values, status_word
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word

_EXAMPLES = ({"of": COMPANY}, {"of": Word("区域", "Region")})

_TITLE = Word("按周 {name}", "By week, {name}")
_WEEK, _START, _END = Word("周", "Week"), Word("开始", "From"), Word("结束", "To")
_WORKING_DAYS = Word("工作日", "Working days")
_MEMBERS_SUM = Word("末级成员", "lowest members")
_SHOWN = ("target", "actual", "attainment", "gap")
"""What is shown of a member's whole period."""
_PROVEN = ("target", "actual")
_TO_COME: dict[str, Value] = dict.fromkeys(("time_progress", "target_to_date"))
"""What is blank of a week that has not begun."""
_STRETCH = Word("加压", "Stretch")
_BOTH = Word("加压减未分配", "Stretch less unassigned")
_PROOF_WEEKS = Word("验算\nΣ周−目标", "Proof\nΣ weeks")
_OF_MONTHS = Word(
    "实际是按月的合计,记在每月的最后一天:看各周请粘贴每天的销售。",
    "Actuals are sums of months, dated at their ends: for weeks, paste sales by day.",
)
_CHART = Word("每周目标与实际({unit})", "Target and actual by week ({unit})")
_CHART_ROWS = 16
_ONLY = Word("只看 {days}", "only {days}")
_ON_PAGES = {False: (4, 7), True: (3, 5)}
"""Weeks that a printed page has beside the figures of the period, and those of a further page; True: with lamps."""
_ON_ONE = {False: 6, True: 5}
"""The weeks of most months: so many are on one page, which is smaller, rather than a few alone on a second page."""


# --- the company ------------------------------------------------------------------


def _company_columns(view: Weeks) -> list[Column]:
    frame, total = view.frame, _company_total(view)
    days, columns = frame.word(_WORKING_DAYS), progress_columns(frame, total)
    amounts = (float(total[key]) for key in ("target", "actual", "forecast"))
    width = role_width("money", amounts, finer_format(view.figures) or frame.money)
    return [
        Column("period", frame.word(_WEEK), "text", 24),
        Column("start", frame.word(_START), "date", 11.5),
        Column("end", frame.word(_END), "date", 11.5),
        Column("working_days", days, "count", max(8, look.header_width(days))),
        *(replace(one, width=max(one.width, width)) if one.role == "money" else one for one in columns),
    ]


def _company_total(view: Weeks) -> Mapping[str, Any]:
    return view.figures.of_periods([view.period])[0]


def _company_rows(view: Weeks) -> Iterator[Row]:
    """Row keys: `total`, the weeks' keys, `proof`, `note`, `chart:<n>`."""
    figures, frame = view.figures, view.frame

    def values(period: Period, label: str, line: Mapping[str, Any]) -> dict[str, Value]:
        days: dict[str, Value] = {
            "start": period.start,
            "end": period.end,
            "working_days": figures.working_days(period),
        }
        to_come = frame.as_of is not None and period.start > frame.as_of
        return {"period": label, **days, **progress_values(line, frame), **(_TO_COME if to_come else {})}

    money = finer_format(figures)
    yield Row("total", values(view.period, frame.word(words.TOTAL), _company_total(view)), "total", money=money)
    for week, line in zip(view.weeks, figures.of_periods(view.weeks), strict=True):
        yield Row(week.key, values(week, name_of(week, frame.lang), line), counts_for="/week/", money=money)
    closes = Closes(counting("/week/") - at("total"))
    label = frame.word(words.PROOF_SUM, level=frame.word(_WEEK))
    yield Row("proof", {"period": label}, "proof", formulas=dict.fromkeys(_PROVEN, closes))
    if view.of_months:
        yield Row("note", {"period": frame.word(_OF_MONTHS)}, "note")
    if len(view.weeks) > 1:
        yield from chart_rows(_CHART_ROWS)


def _charts(view: Weeks, _rows: Sequence[Row]) -> list[Chart]:
    if view.members is not None or len(view.weeks) < 2:
        return []
    frame, first, last = view.frame, view.weeks[0].key, view.weeks[-1].key
    series = tuple(
        Series(frame.word(PROGRESS_COLUMNS[key]), key, first, last, colour)
        for key, colour in (("target", look.STEEL), ("actual", look.INK))
    )
    title, last_row = frame.word(_CHART, unit=frame.unit_word), f"chart:{_CHART_ROWS - 1}"
    return [Chart(title, series, "period", "chart:1", "period", last_row, "status")]


# --- members ----------------------------------------------------------------------


def _member_columns(view: Weeks, members: Members) -> list[Column]:
    frame, dimension = view.frame, members.dimension
    labels = ("  " * depth + m.name for m, depth in zip(dimension.members, dimension.depths, strict=True))
    repeated = len(view.weeks) > _ON_ONE[view.has_lamps]
    title = look.title_width(words.with_name(_TITLE, view.name, frame.lang)) if repeated else 0.0
    money = finer_format(view.figures) or frame.money
    whole = role_width("money", [float(view.yuan(view.company.sum())), float(np.nansum(view.company_actuals))], money)
    week = role_width("money", [*view.yuan(view.company).tolist(), *view.company_actuals.tolist()], money)
    columns = [Column("member", members.name, "text", max(look.label_width(labels), title))]
    for key in _SHOWN:
        header = frame.word(PROGRESS_COLUMNS[key])
        bar = key == "attainment"
        columns.append(
            Column(key, header, "bar" if bar else "money", max(look.header_width(header), 11.0 if bar else whole))
        )
    for one in view.weeks:
        group = name_of(one, frame.lang)
        columns += [
            Column(f"{block}:{one.key}", frame.word(PROGRESS_COLUMNS[key]), "money", max(week, 9.0), group)
            for block, key in (("t", "target"), ("a", "actual"))
        ]
        if view.has_lamps:
            status = frame.word(PROGRESS_COLUMNS["status"])
            columns.append(Column(f"s:{one.key}", status, "status", max(7.0, look.header_width(status)), group))
    return [*columns, Column("proof", frame.word(_PROOF_WEEKS), "proof", max(whole, 12))]


def _member_rows(view: Weeks, members: Members) -> Iterator[Row]:
    """Row keys: `total`, `m:<member>`, `apart`, `nobody`, `proof`, `note`.

    Column B marks the lowest members, `/1/`: with what is apart they add up to the company's weeks.
    """
    frame, dimension, actuals = view.frame, members.dimension, view.actuals
    blank, money = np.full(len(view.weeks), NAN), finer_format(view.figures)
    proof = {"proof": Closes(across("t:*") - at(column="target"))}
    outlines = [depth - 1 for depth in dimension.depths]
    open_to = unfolded(outlines)
    company = view.company_actuals if actuals is not None else blank
    whole = _line(view, frame.word(words.TOTAL), view.yuan(view.company), company)
    yield Row("total", whole, "total", formulas=proof, money=money)
    for i, member in enumerate(dimension.members):
        sold = view.by_now(actuals[i]) if actuals is not None else blank
        yield Row(
            f"m:{member.name}",
            _line(view, member.name, view.yuan(view.targets[i]), sold),
            kind="normal" if dimension.is_leaf(i) else "strong",
            counts_for="/1/" if dimension.is_leaf(i) else "",
            outline=outlines[i],
            hidden=outlines[i] > open_to,
            formulas=proof,
            money=money,
        )
    closes = counting("/1/") - at("total")
    apart = view.targets[dimension.leaves].sum(axis=0) - view.company
    if apart.any():
        part = members.part
        stretched, unassigned = any(part.stretch), any(part.unassigned)
        label = frame.word(_BOTH if stretched and unassigned else _STRETCH)
        if not stretched:
            label, apart = frame.word(words.UNASSIGNED_TO, name=members.name), -apart
        closes = closes - at("apart") if stretched else closes + at("apart")
        yield Row("apart", _line(view, label, view.yuan(apart), blank), "stretch", money=money)
    nobodys = None if actuals is None else company - view.by_now(actuals[dimension.leaves].sum(axis=0))
    if nobodys is not None and bool(np.nan_to_num(nobodys).any()):
        label = frame.word(words.UNASSIGNED_TO, name=members.name)
        closes = closes + at("nobody")
        yield Row("nobody", {**_line(view, label, blank, nobodys), "target": None, "gap": None}, "stretch", money=money)
    keys = [key for key in whole if key in _PROVEN or key[:2] in ("t:", "a:")]
    label = frame.word(words.PROOF_SUM, level=frame.word(_MEMBERS_SUM))
    yield Row("proof", {"member": label}, "proof", formulas=dict.fromkeys(keys, Closes(closes)))
    if view.of_months:
        yield Row("note", {"member": frame.word(_OF_MONTHS)}, "note")


def _line(view: Weeks, label: str, targets: Floats, actuals: Floats) -> dict[str, Value]:
    """The cells of a row, of yuan by week; NaN is blank."""
    target = float(targets.sum())
    actual = float(np.nansum(actuals)) if not np.isnan(actuals).all() else NAN
    line: dict[str, Value] = {
        "member": label,
        "target": target,
        "actual": actual,
        "attainment": actual / target if target > 0 else NAN,
        "gap": target - actual,
    }
    for week, of_week, sold in zip(view.weeks, targets.tolist(), actuals.tolist(), strict=True):
        line |= {f"t:{week.key}": of_week, f"a:{week.key}": sold}
    if view.has_lamps:
        for week, status in zip(view.weeks, view.lamps(targets, actuals), strict=True):
            line[f"s:{week.key}"] = status_word(status, view.frame)
    return line


# --- both --------------------------------------------------------------------------


def _columns(view: Weeks) -> list[Column]:
    return _company_columns(view) if view.members is None else _member_columns(view, view.members)


def _rows(view: Weeks) -> Iterator[Row]:
    return _company_rows(view) if view.members is None else _member_rows(view, view.members)


def _facts(view: Weeks) -> Sequence[str]:
    if not view.period.key:
        return ()
    frame = view.frame
    as_of = frame.word(words.AS_OF, day=frame.as_of) if frame.as_of else frame.word(words.NO_ACTUALS)
    return (frame.word(_ONLY, days=DateRange(view.period.start, view.period.end)), as_of)


def _page(view: Weeks, _rows: Sequence[Row]) -> Page:
    if view.members is None or len(view.weeks) <= _ON_ONE[view.has_lamps]:
        return Page(frozen_rows=1)
    first, others = _ON_PAGES[view.has_lamps]
    return Page(frozen_rows=1, columns=tuple(f"t:{week.key}" for week in view.weeks[first::others]))


BY_WEEK = Sheet[Figures, Weeks](
    key="by_week",
    named="week_{n}",
    title=_TITLE,
    purpose=Word(
        "公司每周的目标、实际、进度,或各成员(如人员)每周的目标和实际",
        "The company's weeks with progress, or weekly targets and actuals of members, such as persons",
    ),
    views=weeks_asked_for,
    judges_rows=True,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    charts=_charts,
    page=_page,
    tables=(T_BY_WEEK,),
    examples=_EXAMPLES,
)
