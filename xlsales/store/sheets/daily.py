"""Sheet 日报: every day with its target and room for its actual, under a row for each month.

Formulas use only what Excel 2016, WPS and LibreOffice 7.4 share. A cumulative figure reads the days of its own
month alone, so a sheet of a year recalculates at once.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.core import a1
from xlsales.layout.look import header_width, label_width, money_width
from xlsales.layout.model import FIRST_COLUMN, FIRST_ROW, Column, Formula, Role, Row, SheetModel, Value
from xlsales.store.contract import (
    AREA_DETAIL_AMOUNTS,
    AREA_DETAIL_DATES,
    DAY_COLUMNS,
    NAME_AS_OF,
    NAME_CLOCK,
    NAME_LAMPS,
    SHEETS,
)
from xlsales.store.targets import Figure, Key, Span
from xlsales.vocabulary.contract import STATUS

_ROLES: dict[str, tuple[Role, float]] = {
    "date": ("date", 13), "weekday": ("text", 6.5), "kind": ("text", 8), "target": ("money", 10.5),
    "known": ("money", 10.5), "entry": ("money", 12), "actual": ("money", 10.5), "cumulative_target": ("money", 12),
    "cumulative_actual": ("money", 12), "attainment": ("percent", 10), "time_progress": ("percent", 9.5),
    "required_per_day": ("money", 10.5), "status": ("status", 7), "remark": ("text", 18),
}  # fmt: skip
HIDDEN: dict[str, Role] = {"working": "number", "clock": "number", "reported": "number", "until": "number"}
"""Columns beside those people see."""


class Places:
    """Where rows and columns of 日报 stand in a fresh sheet."""

    def __init__(self, span: Span) -> None:
        self.title = SHEETS["days"][span.lang]
        keys: list[str] = []
        for month, at in zip(span.months, span.slices, strict=True):
            keys += [month.key, *span.day_keys[at]]
        self._rows = {key: FIRST_ROW + i for i, key in enumerate(keys)}
        self._letters = {key: a1.letters(FIRST_COLUMN + i) for i, key in enumerate((*DAY_COLUMNS, *HIDDEN))}

    def row(self, key: str) -> int:
        """Return the 1-based row of a day or month."""
        return self._rows[key]

    def letter(self, column: str) -> str:
        """Return a column's letters."""
        return self._letters[column]

    def outside(self, key: str, column: str) -> str:
        """Return a cell's address as other sheets write it."""
        return f"'{self.title}'!{self.letter(column)}{self.row(key)}"

    def whole(self, column: str) -> str:
        """Return all rows of a column, as other sheets write them."""
        rows = list(self._rows.values())
        return f"'{self.title}'!${self.letter(column)}${rows[0]}:${self.letter(column)}${rows[-1]}"


def lay_out_days(span: Span, results: Mapping[Key, Figure], heading: str, subline: str) -> SheetModel:
    """Return the model of the sheet; `results` are the stored results of one store."""
    say, calendar = span.lang, span.calendar_cells()
    headers = {key: word[say] for key, word in DAY_COLUMNS.items()}
    kinds = [str(value) for (_, column), value in calendar.items() if column == "kind"]
    fits = {"kind": label_width(kinds, 8, 22)}
    columns = [
        Column(
            key, headers[key], role, max(amount_width(span, width, role), header_width(headers[key]), fits.get(key, 0))
        )
        for key, (role, width) in _ROLES.items()
    ]
    columns += [Column(key, key, role, 1) for key, role in HIDDEN.items()]
    places = Places(span)
    rows: list[Row] = []
    for month, at in zip(span.months, span.slices, strict=True):
        days = span.day_keys[at]
        build = _Month(places, month.key, days, results, {k: w[say] for k, w in STATUS.items()})
        rows.append(Row(month.key, build.head(span.month_label(month)), "total", roles={"date": "text"}))
        for day in days:
            given: dict[str, Value] = {
                column: calendar[day, column] for column in ("date", "weekday", "kind", "working")
            }
            rows.append(Row(day, given | build.day(day), counts_for=month.key))
    return SheetModel(
        key="store:days",
        name="xs_store_days",
        title=places.title,
        heading=heading,
        subline=subline,
        columns=tuple(columns),
        rows=tuple(rows),
        money=span.money,
        breaks_before_rows=tuple(month.key for month in span.months),
    )


def amount_width(span: Span, least: float, role: Role) -> float:
    """Return the width of a column that any store's amounts fit in, where it shows amounts."""
    return max(least, money_width(span.largest, span.money)) if role == "money" else least


class _Month:
    """The formulas of one month's row and of its days."""

    def __init__(
        self, places: Places, key: str, days: tuple[str, ...], results: Mapping[Key, Figure], lamps: Mapping[str, str]
    ) -> None:
        self._key, self._results, self._lamps = key, results, lamps
        self._head, self._first, self._last = places.row(key), places.row(days[0]), places.row(days[-1])
        self._rows = {day: places.row(day) for day in days}
        self._at = places.letter

    def head(self, label: str) -> dict[str, Value]:
        """The month's row: its sums, and where it stands on the as-of date."""
        n, at = self._head, self._at
        target, actual, clock = (f"{at(column)}{n}" for column in ("target", "actual", "clock"))
        first_day, dates, upto = f"{at('date')}{self._first}", self._all("date"), f'"<="&{NAME_AS_OF}'
        left = f'COUNTIFS({self._all("target")},">0",{dates},">"&{NAME_AS_OF})'
        due = due_formula(target, f"{at('time_progress')}{n}")
        texts = {
            "target": f"=SUM({self._all('target')})",
            "actual": f'=IF({NAME_AS_OF}<{first_day},"",SUM({at("known")}{n},{self._all("actual")}))',
            "cumulative_target": f'=IF({actual}="","",SUMIFS({self._all("target")},{dates},{upto}))',
            "cumulative_actual": f"={actual}",
            "attainment": f'=IF({actual}="","",IF({target}=0,"",{actual}/{target}))',
            "time_progress": f'=IF({actual}="","",IF({clock}=0,IF({NAME_AS_OF}<{at("date")}{self._last},"",1),'
            f"SUMIFS({self._all('clock')},{dates},{upto})/{clock}))",
            "required_per_day": f'=IF({actual}="","",IF({left}=0,"",MAX({target}-{actual},0)/{left}))',
            "status": self._lamp(actual, due),
            "clock": f"=SUM({self._all('clock')})",
        }
        blank: dict[str, Value] = dict.fromkeys(DAY_COLUMNS)
        given: dict[str, Value] = {"date": label, "known": self._results.get((self._key, "known")), "until": 0}
        if (self._key, "until") in self._results:
            given["until"] = self._results[self._key, "until"]
        return blank | given | {column: self._formula(self._key, column, t) for column, t in texts.items()}

    def day(self, day: str) -> dict[str, Value]:
        """A day: its own figures, and how the month stands at its end."""
        n, at, first, head = self._rows[day], self._at, self._first, self._head

        def here(column: str) -> str:
            return f"{at(column)}{n}"

        def so_far(column: str) -> str:
            return f"{at(column)}${first}:{at(column)}{n}"

        date, entry, known, done = (here(column) for column in ("date", "entry", "known", "cumulative_actual"))
        until, sum_known = f"{at('until')}${head}", f"{at('known')}${head}"
        whole, clock = f"{at('target')}${head}", f"{at('clock')}${head}"
        due = due_formula(whole, here("time_progress"))
        left = f'COUNTIF({at("target")}{n + 1}:{at("target")}${self._last},">0")'
        gap = f"MAX({whole}-{done},0)"
        required = f'=IF({done}="","",IF({left}=0,"",{gap}/{left}))' if n < self._last else '=""'
        # a receipt may carry its time of day
        receipts = f'{AREA_DETAIL_DATES},">="&{date},{AREA_DETAIL_DATES},"<"&{date}+1'
        nothing = '""' if n < self._last else "1"
        texts = {
            "actual": f'=IF({date}<={until},"",IF(ISNUMBER({entry}),{entry},IF(COUNTIFS({receipts})=0,'
            f'IF(ISNUMBER({known}),{known},""),SUMIFS({AREA_DETAIL_AMOUNTS},{receipts}))))',
            "cumulative_target": f"=SUM({so_far('target')})",
            "cumulative_actual": f'=IF({date}>{NAME_AS_OF},"",IF({date}<{until},"",'
            f"SUM({sum_known},{so_far('actual')})))",
            "attainment": f'=IF({done}="","",IF({whole}=0,"",{done}/{whole}))',
            "time_progress": f"=IF({clock}=0,{nothing},SUM({so_far('clock')})/{clock})",
            "required_per_day": required,
            "status": self._lamp(done, due),
            "clock": f"=CHOOSE({NAME_CLOCK},1,{here('working')},{here('target')})",
            "reported": f'=IF({here("actual")}="",0,{date})',
        }
        values: dict[str, Value] = {"entry": None, "remark": None, "target": _number(self._results[day, "target"])}
        values["known"] = self._results.get((day, "known"))
        formulas = {column: self._formula(day, column, text) for column, text in texts.items()}
        return values | formulas

    def _all(self, column: str) -> str:
        letters = self._at(column)
        return f"{letters}${self._first}:{letters}${self._last}"

    def _lamp(self, actual: str, due: str) -> str:
        return lamp_formula(actual, due, self._lamps)

    def _formula(self, row: str, column: str, text: str) -> Formula:
        result = self._results.get((row, column), 0 if column == "reported" else "")
        assert isinstance(result, float | int | str)
        return Formula(text, result)


def due_formula(target: str, time_progress: str) -> str:
    """Return the target to date: by the plan's clock, as everywhere; 0 where the clock has nothing to count."""
    return f"({target}*N({time_progress}))"


def lamp_formula(actual: str, due: str, lamps: Mapping[str, str]) -> str:
    """Return the formula of a lamp: the word by actual ÷ target to date; blank where nothing is due or sold."""
    ratio = f"{actual}/{due}+0.000000001"
    shown = f'"{lamps["red"]}"'
    for key in ("orange", "amber", "green"):
        shown = f'IF({ratio}>={NAME_LAMPS[key]},"{lamps[key]}",{shown})'
    return f'=IF({actual}="","",IF({due}=0,"",{shown}))'


def _number(value: Figure) -> float:
    assert isinstance(value, int | float)
    return value


assert set(_ROLES) == set(DAY_COLUMNS)
