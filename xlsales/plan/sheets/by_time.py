"""Sheet 按时间: year → half-year → quarter → month → week → day, grouped, the total on top."""

from __future__ import annotations

import math
from dataclasses import replace

from xlsales.layout import look
from xlsales.layout.model import Column, Formula, Row, SheetModel, Value
from xlsales.plan.parts import Grid, fill, progress_columns, progress_values, proof, role_width, subline, unfolded
from xlsales.plan.shown import TimeRow, TimeSheet
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import OUT_TIME, SHEETS

_LEVELS = ("year", "half", "quarter", "month", "week", "day")
_SHORT = ("week", "day")
_PROVEN = ("target", "actual")


def lay_out_time(sheet: TimeSheet) -> SheetModel:
    """Return the sheet's model.

    Row keys are the periods' keys, `total`, `proof` and `proof:<level>`; column keys `period`, `start`,
    `end`, `working_days` and the progress columns. Column B holds the level that a row counts for.
    Days and weeks show the decimals of the day step, all else those of the plan's step, with the points in line.
    """
    frame, say = sheet.frame, sheet.frame.lang
    columns = (
        Column("period", words.PERIOD[say], "text", 24),
        Column("start", words.START[say], "date", 11.5),
        Column("end", words.END[say], "date", 11.5),
        Column("working_days", words.WORKING_DAYS[say], "number", max(8, look.header_width(words.WORKING_DAYS[say]))),
        *_wide_enough(progress_columns(frame, sheet.total), sheet),
    )
    top = [
        Row("total", {**_blank(columns), "period": words.TOTAL[say], "start": frame.start, "end": frame.end,
                      "working_days": sheet.working_days, **progress_values(sheet.total, frame)}, "total",
            money=_coarser(sheet)),
    ]  # fmt: skip
    body = _period_rows(sheet, sheet.rows)
    if sheet.weeks:
        body.append(Row("weeks", {**_blank(columns), "period": words.WEEKS[say]}, "section"))
        body += _period_rows(sheet, sheet.weeks)
    first = len(top) + 1  # after the summary proof
    proofs = _proofs(sheet, columns, first, first + len(body) - 1)
    note = [Row("note", {"period": words.PROVISIONAL_NOTE[say]}, "note")] if _is_provisional(sheet) else []
    return SheetModel(
        key="time",
        name=OUT_TIME,
        title=SHEETS["time"][say],
        heading=SHEETS["time"][say],
        subline=subline(frame),
        columns=columns,
        rows=(*top, _summary(columns, proofs, first + len(body), words.PROOF_ALL[say]), *body, *proofs, *note),
        money=look.money_format(frame.unit, frame.step_yuan),
        frozen_rows=2,
    )


def _finer(sheet: TimeSheet) -> str | None:
    """The format of amounts of days and weeks; None where they are in the plan's step."""
    if not sheet.day_step_yuan or sheet.day_step_yuan == sheet.frame.step_yuan:
        return None
    return look.day_money_format(sheet.frame.unit, sheet.day_step_yuan)


def _coarser(sheet: TimeSheet) -> str | None:
    """The format of amounts of months and longer periods, above days in a finer one; None where all are alike."""
    frame, finer = sheet.frame, _finer(sheet)
    return look.beside_finer(look.money_format(frame.unit, frame.step_yuan), finer) if finer else None


def _wide_enough(columns: tuple[Column, ...], sheet: TimeSheet) -> tuple[Column, ...]:
    """Columns that show every amount in the format of days, too: months are padded to it."""
    finer = _finer(sheet)
    if finer is None:
        return columns
    every = [sheet.total, *(row.figures for row in (*sheet.rows, *sheet.weeks))]
    amounts = [(f.target, f.actual, f.target_to_date, f.gap, f.forecast) for f in every]
    width = role_width("money", (amount for row in amounts for amount in row), finer)
    return tuple(replace(c, width=max(c.width, width)) if c.role == "money" else c for c in columns)


def _period_rows(sheet: TimeSheet, periods: tuple[TimeRow, ...]) -> list[Row]:
    levels = [level for level in _LEVELS if any(p.level == level for p in periods)]
    outlines = [levels.index(p.level) for p in periods]
    open_to = unfolded(outlines)
    strong = levels[-1] if len(levels) == 1 else ""
    return [
        Row(
            p.key,
            {
                "period": p.label + (words.PROVISIONAL[sheet.frame.lang] if p.provisional else ""),
                "start": p.start,
                "end": p.end,
                "working_days": p.working_days,
                **progress_values(p.figures, sheet.frame),
            },
            kind="strong" if p.level in ("year", "half", "quarter") and p.level != strong else "normal",
            counts_for=p.level,
            money=_finer(sheet) if p.level in _SHORT else _coarser(sheet),
            outline=outline,
            hidden=outline > open_to,
        )
        for p, outline in zip(periods, outlines, strict=True)
    ]


def _proofs(sheet: TimeSheet, columns: tuple[Column, ...], first: int, last: int) -> list[Row]:
    frame, grid = sheet.frame, Grid(columns)
    every = (*sheet.rows, *sheet.weeks)
    rows = []
    for level in _LEVELS:
        members = [p.figures for p in every if p.level == level]
        if not members:
            continue
        values = _blank(columns) | {
            "period": fill(words.PROOF_SUM, frame, level=words.LEVELS[level][frame.lang]),
        }
        for key in _PROVEN:
            text = f"{grid.sum_counting(key, first, last, level)}-{grid.cell(key, 0)}"
            values[key] = proof(text, (getattr(f, key) for f in members), getattr(sheet.total, key))
        rows.append(Row(f"proof:{level}", values, "proof"))
    return rows


def _summary(columns: tuple[Column, ...], proofs: list[Row], first: int, label: str) -> Row:
    grid, values = Grid(columns), _blank(columns) | {"period": label}
    for key in _PROVEN:
        shown = [v.result for row in proofs if isinstance(v := row.values.get(key), Formula)]
        text = f"=SUMPRODUCT(ABS({grid.block(key, first, first + len(proofs) - 1)}))"
        values[key] = Formula(text, math.fsum(abs(float(v)) for v in shown))
    return Row("proof", values, "proof")


def _is_provisional(sheet: TimeSheet) -> bool:
    return any(p.provisional for p in (*sheet.rows, *sheet.weeks))


def _blank(columns: tuple[Column, ...]) -> dict[str, Value]:
    return dict.fromkeys(column.key for column in columns)
