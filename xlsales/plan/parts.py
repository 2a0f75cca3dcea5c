"""What the layouts share: the progress columns, the sub-line, proof formulas, how far a tree is unfolded."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from xlsales.core.faults import DateRange, column_letters
from xlsales.layout.look import header_width, money_format, money_width, number_format
from xlsales.layout.model import FIRST_COLUMN, FIRST_ROW, Column, Formula, Role, Value
from xlsales.plan.shown import Figures, Frame
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import CLOCKS, PROGRESS_COLUMNS, STATUS, UNIT_YUAN, UNITS, Word

_ROLES: dict[str, Role] = {
    "attainment": "bar",
    "time_progress": "percent",
    "pace": "points",
    "forecast_attainment": "percent",
    "status": "status",
}
_WIDTHS = {"attainment": 11.0, "time_progress": 9.5, "pace": 9.0, "forecast_attainment": 10.5, "status": 7.0}


def progress_columns(frame: Frame, total: Figures, group: str = "") -> tuple[Column, ...]:
    """Return the target and progress columns in the contract's order, wide enough for the total's figures."""
    width = amount_width(frame, (total.target, total.actual, total.forecast))
    columns = []
    for key in PROGRESS_COLUMNS:
        header, role = progress_header(key, frame), progress_role(key, frame)
        # on the last day a member may need its whole target, whatever the total needs
        fits = role_width("yuan", (total.target,)) if role == "yuan" else _WIDTHS.get(key, width)
        columns.append(Column(key, header, role, max(fits, header_width(header)), group))
    return tuple(columns)


def progress_header(key: str, frame: Frame) -> str:
    """Return the header of a progress column; a figure per day says that it is in yuan where others are not."""
    word = words.REQUIRED_PER_DAY_YUAN if progress_role(key, frame) == "yuan" else PROGRESS_COLUMNS[key]
    return word[frame.lang]


def progress_role(key: str, frame: Frame) -> Role:
    """Return how a progress column is shown: in a unit coarser than yuan a figure per day would be a mere 0.0."""
    if key == "required_per_day" and UNIT_YUAN[frame.unit] > 1:
        return "yuan"
    return _ROLES.get(key, "money")


def role_width(role: Role, values: Iterable[float], money: str = "") -> float:
    """Return the width of a column that shows these numbers (NaN left out) in a role's format."""
    largest = max((abs(v) for v in values if not math.isnan(v)), default=0.0)
    return money_width(largest, number_format(role, money))


def amount_width(frame: Frame, amounts: Iterable[float]) -> float:
    """Return the width of a column that shows these amounts (yuan, NaN left out)."""
    return role_width("money", amounts, money_format(frame.unit, frame.step_yuan))


def progress_values(figures: Figures, frame: Frame) -> dict[str, Value]:
    """Return the values of the progress columns; the status as the word people see."""
    values: dict[str, Value] = {key: getattr(figures, key) for key in PROGRESS_COLUMNS}
    values["status"] = status_word(figures.status, frame)
    return values


def status_word(status: str | None, frame: Frame) -> str | None:
    """Return the lamp's word in the frame's language."""
    return STATUS[status][frame.lang] if status else None


def subline(frame: Frame, *facts: str) -> str:
    """Return the line under a title: plan, period, unit, and the sheet's own facts (else as-of date and clock)."""
    say = frame.lang
    if not facts:
        as_of = words.AS_OF[say].format(day=frame.as_of) if frame.as_of else words.NO_ACTUALS[say]
        facts = (as_of, words.CLOCK[say].format(clock=CLOCKS[frame.clock][say]))
    unit = words.UNIT[say].format(unit=UNITS[frame.unit][say])
    return "  ·  ".join(part for part in (frame.plan_name, DateRange(frame.start, frame.end), unit, *facts) if part)


def fill(word: Word, frame: Frame, **facts: object) -> str:
    """Return a word's template with its facts, in the frame's language."""
    return word[frame.lang].format(**facts)


class Grid:
    """Cell addresses of a sheet under construction, by position of row and column (from 0)."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._letters = {column.key: column_letters(FIRST_COLUMN + i) for i, column in enumerate(columns)}

    def cell(self, column: str, row: int) -> str:
        """Return the address of a column key in body row `row`."""
        return f"{self._letters[column]}{FIRST_ROW + row}"

    def block(self, column: str, first: int, last: int) -> str:
        """Return a range down a column with fixed rows, `D$7:D$40`."""
        return f"{self._letters[column]}${FIRST_ROW + first}:{self._letters[column]}${FIRST_ROW + last}"

    def across(self, first: str, last: str, row: int) -> str:
        """Return a range along a row."""
        return f"{self.cell(first, row)}:{self.cell(last, row)}"

    def sum_counting(self, column: str, first: int, last: int, mark: str) -> str:
        """Return the SUMIFS over the rows whose hidden column B matches `mark`."""
        return f'SUMIFS({self.block(column, first, last)},$B${FIRST_ROW + first}:$B${FIRST_ROW + last},"{mark}")'


def proof(expression: str, parts: Iterable[float], whole: float) -> Formula:
    """Return the formula that shows what is missing, to the cent, with its result: Σ parts − whole."""
    residual = math.fsum(p for p in parts if not math.isnan(p)) - (0.0 if math.isnan(whole) else whole)
    return Formula(f"=ROUND({expression},2)", round(residual, 2) + 0.0)


def unfolded(outlines: Sequence[int], limit: int = 70) -> int:
    """Return the deepest outline level to leave open so that at most `limit` rows show (0 always does)."""
    open_to = 0
    for level in sorted(set(outlines)):
        if sum(o <= level for o in outlines) > limit and level:
            break
        open_to = level
    return open_to
