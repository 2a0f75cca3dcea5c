"""Sheet 按时间: year → half-year → quarter → month → week → day, grouped, the total on top."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from xlsales.core.periods import Level, Period, name_of
from xlsales.layout import look
from xlsales.layout.keyed import Closes, Worst, at, counting
from xlsales.layout.model import Column, Row, Value
from xlsales.layout.sheet import Frame, Page, Sheet, role_width, unfolded
from xlsales.plan.figures import Figures
from xlsales.plan.progress_columns import finer_format, progress_columns, progress_values
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import WEEKDAYS, Word

_PERIOD = Word("期间", "Period")
_START, _END = Word("开始", "From"), Word("结束", "To")
_WORKING_DAYS = Word("工作日", "Working days")
_WEEKS = Word("按周({first}至{last},跨月)", "Weeks ({first} to {last}, across months)")
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PROVISIONAL = " *"
_PROVISIONAL_NOTE = Word(
    "* 国务院尚未公布放假安排,工作日暂按周一至周五减法定节假日计,月份间可能有变。",
    "* Holidays are not announced yet: working days are provisional, Monday to Friday less statutory holidays.",
)
_LEVELS: dict[Level, Word] = {
    Level.YEAR: Word("年", "years"),
    Level.HALF: Word("半年", "half-years"),
    Level.QUARTER: Word("季", "quarters"),
    Level.MONTH: Word("月", "months"),
    Level.WEEK: Word("周", "weeks"),
    Level.DAY: Word("日", "days"),
}
_SHORT = (Level.WEEK, Level.DAY)
_PROVEN = ("target", "actual")
_TO_COME: dict[str, Value] = dict.fromkeys(("time_progress", "target_to_date"))
"""What is blank of a period that has not begun."""


def _columns(figures: Figures) -> list[Column]:
    frame = figures.frame
    days = frame.word(_WORKING_DAYS)
    return [
        Column("period", frame.word(_PERIOD), "text", 24),
        Column("start", frame.word(_START), "date", 11.5),
        Column("end", frame.word(_END), "date", 11.5),
        Column("working_days", days, "count", max(8, look.header_width(days))),
        *_wide_enough(progress_columns(frame, figures.total), figures),
    ]


def _rows(figures: Figures) -> list[Row]:
    """Row keys: `total`, `proof`, the periods' keys (`2026`, `2026H1`, `2026-03`, `2026-W10`, `2026-03-08`),
    `proof:<level>`. Column B holds the level that a row counts for."""
    frame, timeline = figures.frame, figures.breakdown.timeline
    total = {"period": frame.word(words.TOTAL), "start": frame.start, "end": frame.end,
             "working_days": figures.working_days(figures.whole), **progress_values(figures.total, frame)}  # fmt: skip
    nested = [period for _, period in timeline.tree()]
    weeks = [] if Level.WEEK in timeline.nested_levels() else timeline.periods(Level.WEEK)
    body = _periods(figures, nested)
    if weeks:
        body.append(Row("weeks", {"period": _weeks(figures)}, "section"))
        body += _periods(figures, weeks)
    levels = [level for level in _LEVELS if any(row.counts_for == level.value for row in body)]
    proofs = [_proof(level, frame) for level in levels]
    worst = Worst(tuple(row.key for row in proofs))
    summary = Row("proof", {"period": frame.word(words.PROOF_ALL)}, "proof", formulas=dict.fromkeys(_PROVEN, worst))
    return [
        Row("total", total, "total", money=_coarser(figures)),
        summary,
        *body,
        *proofs,
        *([Row("note", {"period": frame.word(_PROVISIONAL_NOTE)}, "note")] if figures.calendar.unannounced else []),
    ]


def _weeks(figures: Figures) -> str:
    """The heading of the weeks: from which weekday to which they run."""
    days = [Word(word.zh, name) for word, name in zip(WEEKDAYS, _WEEKDAYS_EN, strict=True)]
    frame, first = figures.frame, figures.breakdown.plan.week_start
    return frame.word(_WEEKS, first=frame.word(days[first]), last=frame.word(days[first - 1]))


def _periods(figures: Figures, periods: Sequence[Period]) -> list[Row]:
    frame, unannounced = figures.frame, set(figures.calendar.unannounced)
    levels = [level for level in _LEVELS if any(period.level is level for period in periods)]
    outlines = [levels.index(period.level) for period in periods]
    open_to = unfolded(outlines)
    finer, coarser = finer_format(figures), _coarser(figures)
    rows = []
    for period, outline in zip(periods, outlines, strict=True):
        provisional = unannounced & {period.start.year, period.end.year}
        longer = period.level in (Level.YEAR, Level.HALF, Level.QUARTER) and len(levels) > 1
        values: dict[str, Value] = {
            "period": name_of(period, frame.lang) + (_PROVISIONAL if provisional else ""),
            "start": period.start,
            "end": period.end,
            "working_days": figures.working_days(period),
            **progress_values(figures.lines[period.key], frame),
        }
        if frame.as_of and period.start > frame.as_of:
            values |= _TO_COME
        rows.append(
            Row(
                period.key,
                values,
                kind="strong" if longer else "normal",
                counts_for=period.level.value,
                money=finer if period.level in _SHORT else coarser,
                outline=outline,
                hidden=outline > open_to,
            )
        )
    return rows


def _proof(level: Level, frame: Frame) -> Row:
    label = frame.word(words.PROOF_SUM, level=frame.word(_LEVELS[level]))
    closes = Closes(counting(level.value) - at("total"))
    return Row(f"proof:{level.value}", {"period": label}, "proof", formulas=dict.fromkeys(_PROVEN, closes))


def _coarser(figures: Figures) -> str | None:
    """The format of amounts of months and longer periods, above days in a finer one; None if all are alike."""
    finer = finer_format(figures)
    return look.beside_finer(figures.frame.money, finer) if finer else None


def _wide_enough(columns: tuple[Column, ...], figures: Figures) -> tuple[Column, ...]:
    """Columns that show every amount in the format of days, too: months are padded to it."""
    finer = finer_format(figures)
    if finer is None:
        return columns
    keys = ("target", "actual", "target_to_date", "gap", "forecast")
    amounts = (line[key] for line in (figures.total, *figures.lines.values()) for key in keys)
    width = role_width("money", amounts, finer)
    return tuple(replace(c, width=max(c.width, width)) if c.role == "money" else c for c in columns)


TIME = Sheet[Figures, Figures](
    key="time",
    title=Word("按时间", "By time"),
    purpose=Word("年 → 半年 → 季 → 月 → 周 → 日,点左边的 + 展开", "Year to day; unfold with + on the left"),
    views=lambda figures: (figures,),
    columns=_columns,
    rows=_rows,
    page=lambda figures, rows: Page(frozen_rows=2, zoom=85),
    keeps_targets=True,
)
