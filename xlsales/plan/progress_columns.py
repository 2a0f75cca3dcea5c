"""The target and progress columns that several sheets share, in the contract's order."""

from __future__ import annotations

from xlsales.core.plan import MICROS
from xlsales.layout.look import day_money_format, header_width
from xlsales.layout.model import Column, Role, Row, Value
from xlsales.layout.sheet import Frame, role_width
from xlsales.plan.chances import chances
from xlsales.plan.figures import Figures, Line
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, STATUS, UNIT_YUAN, Word

_ROLES: dict[str, Role] = {
    "attainment": "bar",
    "time_progress": "percent",
    "pace": "points",
    "forecast_attainment": "percent",
    "status": "status",
}
FAN = {"p10": Word("P10", "P10"), "p50": Word("预计 P10–P50–P90", "Likely, P10–P50–P90"), "p90": Word("P90", "P90")}
"""The columns of what a period may bring, and their names in a chart."""
_LEAST_PACE = 0.0005
"""Half of the last digit that is shown: what is less would be shown as 0 with a sign."""
_WIDTHS = {"attainment": 11.0, "time_progress": 9.5, "pace": 9.0, "forecast_attainment": 10.5, "status": 7.0}


def progress_columns(frame: Frame, total: Line, group: str = "") -> tuple[Column, ...]:
    """Return the target and progress columns, wide enough for the total's figures."""
    width = frame.amount_width(total[key] for key in ("target", "actual", "forecast"))
    columns = []
    for key in PROGRESS_COLUMNS:
        header, role = progress_header(key, frame), progress_role(key, frame)
        # on the last day a member may need its whole target, whatever the total needs
        fits = role_width("yuan", (total["target"],)) if role == "yuan" else _WIDTHS.get(key, width)
        columns.append(Column(key, header, role, max(fits, header_width(header)), group))
    return tuple(columns)


def chance_column(frame: Frame, group: str = "") -> Column:
    """Return the thin column of the chance to reach the plan's target."""
    return Column("chance", frame.word(words.CHANCE), "chance", max(7.0, header_width(frame.word(words.CHANCE))), group)


def said_of_chances(figures: Figures, column: str) -> Row:
    """Return the row `note:chance`: what chances are, in a column, or nothing if the whole has none."""
    known = chances(figures).of_whole(figures.whole) is not None
    return Row(
        "note:chance", {column: figures.frame.word(words.CHANCES) if known else None}, "note", roles={column: "text"}
    )


def progress_header(key: str, frame: Frame) -> str:
    """Return the header of a progress column; a figure per day says its unit if it is not that of others."""
    if progress_role(key, frame) == "yuan":
        return frame.word(words.REQUIRED_PER_DAY_IN, unit=frame.full_word)
    return frame.word(PROGRESS_COLUMNS[key])


def progress_role(key: str, frame: Frame) -> Role:
    """Return how a progress column is shown.

    In a unit coarser than yuan a figure per day would be a mere 0.0; of pieces it has a decimal, for 6 a day may be
    too few where 6.3 are required.
    """
    if key == "required_per_day" and frame.unit == "piece":
        return "times"
    if key == "required_per_day" and UNIT_YUAN[frame.unit] > 1:
        return "yuan"
    return _ROLES.get(key, "money")


def progress_values(line: Line, frame: Frame) -> dict[str, Value]:
    """Return the values of the progress columns; the status as the word people see, a pace of -0.0% as 0."""
    pace = line["pace"]
    return {**line, "pace": 0.0 if abs(pace) < _LEAST_PACE else pace, "status": status_word(line["status"], frame)}


def finer_format(figures: Figures) -> str | None:
    """Return the format of amounts of days and weeks; None if they are in the plan's step."""
    frame, day_step = figures.frame, figures.breakdown.day_micros / MICROS
    return None if day_step == frame.step_yuan else day_money_format(frame.unit, day_step)


def status_word(status: str, frame: Frame) -> str | None:
    """Return the lamp's word in the frame's language; None without a lamp."""
    return frame.word(STATUS[status]) if status else None
