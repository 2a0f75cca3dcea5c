"""Which periods are reviewed, and the page of each: its lines, as they stand or worked out anew, and what is typed."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from xlsales.book.keyed import WrittenSheet
from xlsales.core.bridge import DRIVERS
from xlsales.core.expressions import expression
from xlsales.core.faults import Problem, Refused
from xlsales.core.periods import Level, Period, name_of
from xlsales.core.plan import MICROS
from xlsales.layout.model import IDENTITY, Value
from xlsales.layout.sheet import Frame
from xlsales.plan.figures import Figures, Members
from xlsales.plan.review import faults
from xlsales.plan.review.about import unknown_names
from xlsales.plan.review.gaps import DAYS_ROW, HIDDEN, SUMS, TOTAL, Line, lines_of, months_inside, sales_of
from xlsales.plan.review.tables import T_REVIEW
from xlsales.plan.review.typed import Texts, text_of, texts_of
from xlsales.plan.table_rows import AtColumn, asked_for, dimension_named, months_of_row
from xlsales.tables.cells.matching import Matcher
from xlsales.vocabulary.contract import Word

KEPT = ("member", "rank", *SUMS, "attainment", "said", *HIDDEN)
"""The columns of lines that a page keeps."""
CHANGED = "changed"
"""The row that says how actuals changed after the review; it has what they were."""
_MOST_NAMES = 5
_HALF_CENT = 0.005
_LINE = expression(r"total|w:.*|b:.*")
_OF_MEMBER = expression(r"(b:\d+:(\d+)):-?[1-9]\d*")
_LEVELS = (Level.MONTH, Level.QUARTER, Level.HALF, Level.YEAR)

_CHANGED_SUM = Word(
    "复盘之后实际变了:{before:,.2f} → {now:,.2f}", "Actuals changed after the review: {before:,.2f} → {now:,.2f}"
)
_CHANGED_WITHIN = Word("复盘之后实际变了(合计没变):{what}", "Actuals changed after the review (not in all): {what}")
_CHANGED_DAYS = Word("卖了的天数", "days that sold")
_OF_YEAR = Word("{year}{name}", "{name} {year}")


class Request(Struct, frozen=True):
    """A review that is asked for, or that is there: its period, the day and the name of its meeting."""

    period: Period
    day: dt.date | None = None
    meeting: str = ""

    @property
    def name(self) -> str:
        """The period."""
        return self.period.key


class PageView(Struct, frozen=True):
    """The page of a review; `number` counts the pages from 1. `changed` says how actuals changed after the review."""

    figures: Figures
    number: int
    request: Request
    lines: tuple[Line, ...]
    texts: Texts
    changed: str = ""
    written: WrittenSheet | None = None

    @property
    def name(self) -> str:
        """The period."""
        return self.request.name

    @property
    def frame(self) -> Frame:
        """That of the run, for the days of the period."""
        period = self.request.period
        return replace(self.figures.frame, start=period.start, end=period.end)

    def line(self, key: str) -> Mapping[str, Value]:
        """Return the values of a line by its key."""
        return next(line.values for line in self.lines if line.key == key)


def pages(figures: Figures) -> Iterator[PageView]:
    """Yield the page of each review, in the order of their ends; then raise Refused if a row of the table is wrong.

    A page that has been written stays, whatever the table says now.
    """
    if T_REVIEW.name not in figures.table_rows:
        return
    rows = figures.table_rows[T_REVIEW.name]
    dated = [row for row in rows if _asks_for_one(row)]
    by_default = [row for row in rows if not _asks_for_one(row)]
    reviews: dict[str, Request] = {}
    if by_default or not rows:
        meeting = by_default[0]["meeting"] or "" if by_default else ""
        reviews = {one.key: Request(one, meeting=meeting) for one in _default_periods(figures)}
    asking = asked_for(dated, "period", lambda row, _: _request(row, figures), faults.ReviewedTwice)
    refusal: Refused | None = None
    try:
        for request in asking:
            reviews[request.name] = request
    except Refused as refused:  # raised again when the pages are there
        refusal = refused
    there = {one.key: one for one in _periods(figures) if _written(one, figures) is not None}
    reviews = {key: Request(one) for key, one in there.items()} | reviews
    ordered = sorted(reviews.values(), key=lambda one: (one.period.end, one.period.days))
    sheets = {one.name: _written(one.period, figures) for one in ordered}
    over = [one for one in ordered if sheets[one.name] is not None or sales_of(one.period, figures) is not None]
    texts = texts_of([(one.name, sheets[one.name]) for one in over])
    for number, (request, own) in enumerate(zip(over, texts, strict=True), 1):
        yield _page(figures, number, request, own, sheets[request.name])
    if refusal is not None:
        raise refusal


# --- which periods --------------------------------------------------------------------------------


def _asks_for_one(row: Mapping[str, Any]) -> bool:
    """Whether a row names a review: one that does not is for those by default."""
    return bool(row["faulty"]) or row["period"] is not None or row["day"] is not None


def _periods(figures: Figures) -> Iterator[Period]:
    for level in _LEVELS:
        yield from figures.breakdown.timeline.periods(level)


def _written(period: Period, figures: Figures) -> WrittenSheet | None:
    return figures.written.get(f"{IDENTITY}{T_REVIEW.sheet}:{period.key}")


def _default_periods(figures: Figures) -> Iterator[Period]:
    """Yield each quarter that is over, and the latest month that is."""
    timeline = figures.breakdown.timeline
    yield from (one for one in timeline.periods(Level.QUARTER) if sales_of(one, figures) is not None)
    yield from [one for one in figures.months if sales_of(one, figures) is not None][-1:]


def _request(row: Mapping[str, Any], figures: Figures) -> Request:
    """What a row asks for. Raises AtColumn."""
    day = row["day"]
    if row["period"] is not None:
        period = months_of_row(row, figures)[0] or _whole_plan(figures)
        if day is not None and day <= period.end:
            raise AtColumn("day", faults.ReviewedTooEarly(period=period.key, end=period.end, day=day))
    else:
        over = [month for month in figures.months if month.end < day]
        if not over:
            raise AtColumn("day", faults.NothingBefore(day=day, start=figures.frame.start))
        period = over[-1]
    return Request(period, day, row["meeting"] or "")


def _whole_plan(figures: Figures) -> Period:
    """The period of all days of the plan: a month, quarter, half or year of it, or the plan itself."""
    whole = figures.whole
    same = (one for one in _periods(figures) if (one.start, one.end) == (whole.start, whole.end))
    return next(same, whole)


def title_of(period: Period, figures: Figures) -> str:
    """Return what people call a period, with its year."""
    name = name_of(period, figures.frame.lang)
    if period.level in (Level.YEAR, Level.HALF):
        return name
    return figures.frame.word(_OF_YEAR, year=figures.year_of(period), name=name)


# --- a page ---------------------------------------------------------------------------------------


def _page(figures: Figures, number: int, request: Request, texts: Texts, sheet: WrittenSheet | None) -> PageView:
    """The page of a review: that which is written, if it is whole and its actuals are as they were."""
    kept = _kept(sheet) if sheet is not None else []
    if sheet is None or not _is_whole(kept):
        if sales_of(request.period, figures) is None:
            return PageView(figures, number, request, tuple(kept), texts, "", sheet)
        lines = lines_of(request.period, title_of(request.period, figures), figures)
        return PageView(figures, number, request, tuple(lines), texts, "", sheet)
    changed = _change(request.period, kept, figures)
    lines = lines_of(request.period, title_of(request.period, figures), figures) if changed else kept
    before = sheet.value(CHANGED, "member")
    return PageView(
        figures, number, request, tuple(lines), texts, changed or (before if isinstance(before, str) else ""), sheet
    )


def _kept(sheet: WrittenSheet) -> list[Line]:
    """The lines of a page as they are in the workbook, in their order."""
    lines = []
    for key, at in sheet.rows.items():
        if _LINE.fullmatch(key):
            cells = ((column, sheet.cell(at, column).value) for column in KEPT if column in sheet.columns)
            values = {column: value for column, value in cells if isinstance(value, str | float)}
            lines.append(Line(key, values))
    return lines


def _is_whole(lines: Sequence[Line]) -> bool:
    """Whether all rows are there on which others rest."""
    keys = {line.key for line in lines}
    needed = {TOTAL, "w:target", *(f"w:{key}" for key in DRIVERS if key != "mix"), "w:gap", "w:actual"}
    needed |= {f"{key.rpartition(':')[0]}:{end}" for key in keys if key.startswith("b:") for end in ("total", "proof")}
    return needed <= keys


def _change(period: Period, lines: Sequence[Line], figures: Figures) -> str:
    """How the actuals of a period differ from those of its page; empty if they do not, or if nothing is known now.

    Compared are the sum, the number of days that sold, and the lowest members that the page shows.
    """
    sales = sales_of(period, figures)
    values = {line.key: line.values for line in lines}
    if sales is None:
        return ""
    before, word = _number(values[TOTAL].get("actual")), figures.frame.word
    if abs(before - sales.actual) >= _HALF_CENT:
        return word(_CHANGED_SUM, before=before, now=sales.actual)
    what = list(_changed_members(period, values, figures))
    if _number(values[DAYS_ROW].get("sold")) != sales.days:
        what.insert(0, word(_CHANGED_DAYS))
    if not what:
        return ""
    more = "…" if len(what) > _MOST_NAMES else ""
    return word(_CHANGED_WITHIN, what=figures.frame.listed(what[:_MOST_NAMES]) + more)


def _changed_members(period: Period, values: Mapping[str, Mapping[str, Value]], figures: Figures) -> Iterator[str]:
    months = months_inside(period, figures)
    for key, line in values.items():
        of_member = _OF_MEMBER.fullmatch(key)
        block = values.get(f"{of_member[1]}:total") if of_member else None
        if of_member is None or block is None:
            continue
        members = dimension_named(str(block.get("of", "")), figures)
        name = str(line.get("member", ""))
        now = _actual(members, int(of_member[2]), name, months) if members is not None else None
        if now is not None and abs(now - _number(line.get("actual"))) >= _HALF_CENT:
            yield name


def _actual(members: Members, level: int, name: str, months: Sequence[int]) -> float | None:
    """What one of the lowest members sold in these months, in yuan; None if it is none or nothing is known of it."""
    position = Matcher(members.dimension).position(name)
    if members.micros is None or position < 0 or level != members.dimension.depth:
        return None
    if not members.dimension.is_leaf(position):
        return None
    return int(members.micros[position, months].sum()) / MICROS


def _number(value: Value) -> float:
    return value if isinstance(value, float) else math.nan


def doubts(view: PageView) -> Iterator[Problem]:
    """Yield what is doubtful on a page: texts, names that nobody has, promises left out, actuals that changed."""
    yield from view.texts.doubts
    place = view.written.place if view.written is not None else None
    shown = {str(line.values.get("member")) for line in view.lines}
    for n, one in enumerate(view.texts.own, 1):
        if place is not None and one.who is not None and not one.is_finished:
            who = text_of(one.who)
            faults_of_row = unknown_names(who, shown, view.figures)
            yield from (Problem.note(place(f"act:{n}", "who"), who, fault) for fault in faults_of_row)
    if view.changed and place is not None:
        yield Problem.note(place(CHANGED, "member"), "", faults.ActualsChanged(note=view.changed))
    if view.texts.left and place is not None:
        most, left = len(view.texts.promises), len(view.texts.left)
        fault = faults.MorePromises(count=most + left, most=most, left=left)
        yield Problem.note(place("was:1", "who"), "", fault)
