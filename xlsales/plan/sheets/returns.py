"""Sheet 回收情况: each store returned, missing, late, twice or refused, and why; and that no amount is lost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from xlsales.core.text import counted
from xlsales.layout.model import Column, Row, SheetModel, Value
from xlsales.plan.parts import Grid, proof, role_width, subline
from xlsales.plan.shown import Frame
from xlsales.vocabulary import round_words as words
from xlsales.vocabulary.contract import OUT_RETURNS, SHEETS

_MONEY = "#,##0.00"


@dataclass(frozen=True)
class ReturnLine:
    """A store, or a file of no known store: its state (a key of `round_words.STATES`), rows, amounts in yuan, why.

    `copies` is how many files of it came, `blank_days` how many days with a target nothing is known of.
    """

    key: str
    store: str
    state: str
    late: bool = False
    file: str = ""
    last_day: dt.date | None = None
    version: int | None = None
    rows_found: int = 0
    rows_accepted: int = 0
    rows_aside: int = 0
    found: float = 0.0
    accepted: float = 0.0
    aside: float = 0.0
    commitments: int = 0
    why: str = ""
    copies: int = 0
    blank_days: int | None = None


@dataclass(frozen=True)
class ReturnsSheet:
    """The stores in the plan's order, then other files."""

    frame: Frame
    dimension: str
    lines: tuple[ReturnLine, ...]


def lay_out_returns(sheet: ReturnsSheet) -> SheetModel:
    """Return the sheet's model: row keys `total`, `proof`, then `s:<store>` and `f:<file>`."""
    frame, say, lines = sheet.frame, sheet.frame.lang, sheet.lines
    width = max(13.0, role_width("money", [sum(abs(line.found) for line in lines)], _MONEY))
    rows_group, amounts_group = words.ROWS_GROUP[say], words.AMOUNTS_GROUP[say]
    columns = (
        Column("store", sheet.dimension, "text", 17),
        Column("state", words.STATE[say], "state", 10),
        Column("late", words.LATE[say], "text", 7),
        Column("copies", words.COPIES[say], "text", 7),
        Column("last_day", words.LAST_DAY[say], "date", 12),
        Column("blank_days", words.BLANK_DAYS[say], "count", 9),
        Column("version", words.VERSION[say], "ordinal", 8),
        Column("rows_found", words.ROWS_FOUND[say], "count", 8, rows_group),
        Column("rows_accepted", words.ROWS_ACCEPTED[say], "count", 8, rows_group),
        Column("rows_aside", words.ROWS_ASIDE[say], "count", 8, rows_group),
        Column("found", words.ROWS_FOUND[say], "money", width, amounts_group),
        Column("accepted", words.ROWS_ACCEPTED[say], "money", width, amounts_group),
        Column("aside", words.ROWS_ASIDE[say], "money", width, amounts_group),
        Column("commitments", words.COMMITMENTS[say], "count", 7),
        Column("file", words.FILE[say], "wrap", 20),
        Column("why", words.WHY[say], "wrap", 50),
    )
    stores = [line for line in lines if line.key.startswith("s:")]
    returned = sum(line.state in words.HANDED_IN for line in stores)
    unsent = sum(line.state == "unsent" for line in stores)
    sent = len(stores) - unsent
    facts = words.RETURNED_SUBLINE[say].format(
        all=sent, returned=returned, missing=sent - returned, late=sum(line.late for line in stores)
    )
    facts += counted(words.UNSENT_SUBLINE[say], n=unsent) if unsent else ""
    return SheetModel(
        key="returns",
        name=OUT_RETURNS,
        title=SHEETS["returns"][say],
        heading=SHEETS["returns"][say],
        subline=subline(replace(frame, unit="piece" if frame.unit == "piece" else "yuan"), facts),
        columns=columns,
        rows=(*_totals(sheet, columns), *(_row(line, sheet) for line in lines)),
        money=_MONEY,
        frozen_rows=2,
    )


_SUMMED = ("rows_found", "rows_accepted", "rows_aside", "found", "accepted", "aside")


def _totals(sheet: ReturnsSheet, columns: tuple[Column, ...]) -> list[Row]:
    say, grid = sheet.frame.lang, Grid(columns)
    sums: dict[str, float] = {key: sum(getattr(line, key) for line in sheet.lines) for key in _SUMMED}
    blank: dict[str, Value] = dict.fromkeys(c.key for c in columns)
    total = blank | dict(sums) | {"store": words.TOTAL[say]}

    def missing(found: str, *parts: str) -> Value:
        cells = [grid.cell(key, 0) for key in (found, *parts)]
        return proof(f"{cells[0]}-{cells[1]}-{cells[2]}", [sums[found], *(-sums[part] for part in parts)], 0.0)

    proven = {
        "store": words.PROOF[say],
        "rows_found": missing("rows_found", "rows_accepted", "rows_aside"),
        "found": missing("found", "accepted", "aside"),
    }
    return [Row("total", total, "total"), Row("proof", blank | proven, "proof")]


def _row(line: ReturnLine, sheet: ReturnsSheet) -> Row:
    values: dict[str, Value] = {key: getattr(line, key) for key in _SUMMED}
    values |= {"store": line.store, "last_day": line.last_day, "version": line.version, "why": line.why}
    values |= {"file": line.file, "commitments": line.commitments or None}
    values["state"] = words.STATES[line.state][sheet.frame.lang]
    values["late"] = words.IS_LATE[sheet.frame.lang] if line.late else None
    values["copies"] = counted(words.IS_TWICE[sheet.frame.lang], n=line.copies) if line.copies > 1 else None
    values["blank_days"] = line.blank_days
    if line.state in ("missing", "before", "unsent"):
        values |= dict.fromkeys(_SUMMED)
    return Row(line.key, values)
