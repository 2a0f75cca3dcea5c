"""Sheet 目标: this month and the whole plan at a glance, how the target was derived, a chart, the months.

Beside it, out of the printed page, stand hidden columns; below the months, the block that says whose file this is.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.core import a1
from xlsales.layout import look
from xlsales.layout.model import FIRST_COLUMN, FIRST_ROW, Chart, Column, Formula, Role, Row, Series, SheetModel, Value
from xlsales.store import words
from xlsales.store.contract import (
    AREA_KNOWN,
    MONTH_COLUMNS,
    NAME_AS_OF,
    NAME_CLOCK,
    NAME_CODE,
    NAME_DIMENSION,
    NAME_END,
    NAME_FINGERPRINT,
    NAME_FORMAT,
    NAME_HANDED,
    NAME_LAMPS,
    NAME_LANG,
    NAME_MOST,
    NAME_PLAN,
    NAME_START,
    NAME_UNIT,
    NAME_VERSION,
    SHEETS,
)
from xlsales.store.handout.figures import TODO_WHAT
from xlsales.store.sheets.daily import Places, amount_width, due_formula, lamp_formula
from xlsales.store.targets import Figure, Key, Span
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, STATUS

_ROLES: dict[str, tuple[Role, float]] = {
    "period": ("text", 15), "target": ("money", 14), "actual": ("money", 14), "attainment": ("bar", 12),
    "cumulative_target": ("money", 14), "cumulative_actual": ("money", 14), "status": ("status", 9),
}  # fmt: skip
HIDDEN: dict[str, Role] = {"start": "date", "time_progress": "percent", "required_per_day": "money", "until": "number"}
NAME_MONTH = "xs_store_month"
"""The number of the month the front page shows: that of the as-of date, else that of the hand-out."""
INFO_NAMES: dict[str, str] = {
    "code": NAME_CODE, "dimension": NAME_DIMENSION, "plan": NAME_PLAN, "version": NAME_VERSION,
    "fingerprint": NAME_FINGERPRINT, "format": NAME_FORMAT, "lang": NAME_LANG, "unit": NAME_UNIT, "start": NAME_START,
    "end": NAME_END, "clock": NAME_CLOCK, "most": NAME_MOST, "handed": NAME_HANDED,
    "as_of": NAME_AS_OF, "month": NAME_MONTH, **NAME_LAMPS,
}  # fmt: skip
"""Rows of the info block and the defined names of their cells (column `target`)."""
OWN_INFO = ("code", "version", "fingerprint", "most")
"""Rows of the info block that differ from store to store."""
CHART_ROWS = 20


TODO = (TODO_WHAT, "todo:when", "todo:where")
"""Rows that tell the store what to do, above all others."""


def todo(span: Span) -> dict[str, str]:
    """Return by when a store is to return its file and where to send it, by row key."""
    say = span.lang
    when = words.TODO_WHEN[say].format(due=span.due) if span.due else words.TODO_WHEN_TOLD[say]
    where = words.TODO_WHERE[say].format(to=span.return_to) if span.return_to else words.TODO_WHERE_BACK[say]
    return dict(zip(TODO[1:], (when, where), strict=True))


class Front:
    """Lays out the sheet; formulas lean on where 日报 has its months."""

    def __init__(self, span: Span, results: Mapping[Key, Figure]) -> None:
        self._span, self._results = span, results
        self._days = Places(span)
        self._months = [month.key for month in span.months]
        keys = [
            *TODO,
            "gap:0",
            "labels",
            "now",
            "plan",
            "gap:1",
            "sentence",
            *self.chart_rows,
            "gap:2",
            "months",
            *self._months,
        ]
        keys += ["total", "gap:3", "info", *(f"info:{key}" for key in INFO_NAMES)]
        self._keys = keys
        self._rows = {key: FIRST_ROW + i for i, key in enumerate(keys)}
        self._letters = {key: a1.letters(FIRST_COLUMN + i) for i, key in enumerate((*_ROLES, *HIDDEN))}

    chart_rows = tuple(f"chart:{i}" for i in range(CHART_ROWS))

    def at(self, row: str, column: str, outside: bool = False) -> str:
        """Return a cell's address, with the sheet's title for other sheets."""
        address = f"{self._letters[column]}{self._rows[row]}"
        return f"'{SHEETS['front'][self._span.lang]}'!{address}" if outside else address

    @property
    def starts(self) -> str:
        """The months' first days, as other sheets write them."""
        return self._down("start")

    @property
    def untils(self) -> str:
        """Up to which day each month is known as a sum alone, as other sheets write them."""
        return self._down("until")

    def _down(self, column: str) -> str:
        letters, first, last = self._letters[column], self._rows[self._months[0]], self._rows[self._months[-1]]
        return f"'{SHEETS['front'][self._span.lang]}'!${letters}${first}:${letters}${last}"

    def model(self, heading: str, subline: str) -> SheetModel:
        """Return the sheet's model."""
        say = self._span.lang
        columns = [
            Column(key, "", role, amount_width(self._span, width, role)) for key, (role, width) in _ROLES.items()
        ]
        columns += [Column(key, "", role, 1) for key, role in HIDDEN.items()]
        made = {"labels": self._labels(), "now": self._now(), "plan": self._plan(), "total": self._total()}
        made |= {"sentence": self._sentence(), "months": self._header()}
        made |= {key: self._month(i) for i, key in enumerate(self._months)}
        made |= {row.key: row for row in self._info()}
        texts = {TODO_WHAT: self._results[TODO_WHAT, "period"], **todo(self._span)}
        made |= {key: Row(key, {"period": text}, "space", height=19) for key, text in texts.items()}
        gaps = {"gap:0": 6.0, "gap:1": 6.0, "gap:2": 6.0, "gap:3": 14.0}
        rows = [made.get(key) or Row(key, {}, "space", height=gaps.get(key)) for key in self._keys]
        first, last = self._months[0], self._months[-1]
        return SheetModel(
            key="store:front",
            name="xs_store_front",
            title=SHEETS["front"][say],
            heading=heading,
            subline=subline,
            columns=tuple(columns),
            rows=tuple(rows),
            charts=(
                Chart(
                    words.CHART[say],
                    (
                        Series(MONTH_COLUMNS["cumulative_target"][say], "cumulative_target", first, last, look.STEEL),
                        Series(MONTH_COLUMNS["cumulative_actual"][say], "cumulative_actual", first, last, look.INK),
                    ),
                    categories="period",
                    row=self.chart_rows[0],
                    column="period",
                    last_row=self.chart_rows[-1],
                    last_column="status",
                ),
            ),
            money=self._span.money,
            portrait=True,
        )

    # --- key figures ------------------------------------------------------------------------

    def _labels(self) -> Row:
        say = self._span.lang
        shown = {key: PROGRESS_COLUMNS[key][say] for key in ("target", "actual", "attainment", "status")}
        nothing = words.NOTHING_YET[say]
        values: dict[str, Value] = {
            "period": self._formula("labels", "period", f'=IF({NAME_AS_OF}=0,"{nothing}",{NAME_AS_OF})', nothing),
            **shown,
            "cumulative_target": words.TIME_PROGRESS[say],
            "cumulative_actual": words.REQUIRED[say],
        }
        return Row("labels", values, "label", roles=dict.fromkeys(_ROLES, "text"))

    def _now(self) -> Row:
        """The month of the as-of date."""
        first, last = self._months[0], self._months[-1]

        def pick(column: str, result: Figure = "") -> Value:
            letters = self._letters[column]
            block = f"{letters}{self._rows[first]}:{letters}{self._rows[last]}"
            return self._formula("now", column, f"=INDEX({block},{NAME_MONTH})", result)

        label = self._span.month_label(self._span.months[self._span.month_shown])
        values = {key: pick(key) for key in ("target", "actual", "attainment", "status")}
        values |= {"period": pick("period", label), "cumulative_target": pick("time_progress")}
        return self._figures("now", values | {"cumulative_actual": pick("required_per_day")})

    def _plan(self) -> Row:
        """The whole plan up to the as-of date."""
        days, n = self._days, NAME_AS_OF
        target, actual = self.at("plan", "target"), self.at("plan", "actual")
        clock, dates, targets = days.whole("clock"), days.whole("date"), days.whole("target")
        upto = f'{dates},"<="&{n}'
        whole = f'SUMIFS({clock},{dates},">0")'
        left = f'COUNTIFS({targets},">0",{dates},">"&{n})'
        due = due_formula(target, self.at("plan", "cumulative_target"))
        over = f'IF({n}<{NAME_END},"",1)'
        texts = {
            "target": f"={self.at('total', 'target')}",
            "actual": f'=IF({n}=0,"",{self.at("total", "actual")})',
            "attainment": f'=IF({actual}="","",IF({target}=0,"",{actual}/{target}))',
            "cumulative_target": f'=IF({n}=0,"",IF({whole}=0,{over},SUMIFS({clock},{upto})/{whole}))',
            "cumulative_actual": f'=IF({actual}="","",IF({left}=0,"",MAX({target}-{actual},0)/{left}))',
            "status": lamp_formula(actual, due, {k: w[self._span.lang] for k, w in STATUS.items()}),
        }
        values: dict[str, Value] = {key: self._formula("plan", key, text) for key, text in texts.items()}
        return self._figures("plan", {"period": words.WHOLE[self._span.lang], **values})

    def _figures(self, key: str, values: Mapping[str, Value]) -> Row:
        roles: dict[str, Role] = {"attainment": "percent", "cumulative_target": "percent", "period": "text"}
        return Row(key, values, "figure", roles=roles)

    def _sentence(self) -> Row:
        text = self._results.get(("sentence", "period"), "")
        return Row("sentence", {"period": str(text) or None}, "note", height=30)

    # --- months -----------------------------------------------------------------------------

    def _header(self) -> Row:
        return Row("months", {key: word[self._span.lang] for key, word in MONTH_COLUMNS.items()}, "header", height=24)

    def _month(self, position: int) -> Row:
        key, days = self._months[position], self._days
        month = self._span.months[position]
        first = self._months[0]

        def so_far(column: str) -> str:
            letters = self._letters[column]
            return f"SUM({letters}${self._rows[first]}:{letters}{self._rows[key]})"

        actual = self.at(key, "actual")
        texts = {
            "cumulative_target": f"={so_far('target')}",
            "cumulative_actual": f'=IF({actual}="","",{so_far("actual")})',
        }
        taken = ("target", "actual", "attainment", "status", "time_progress", "required_per_day", "until")
        texts |= {column: f"={days.outside(key, column)}" for column in taken}
        values: dict[str, Value] = {"period": self._span.month_label(month), "start": month.start}
        formulas = {
            column: self._formula(key, column, text, 0 if column == "until" else "") for column, text in texts.items()
        }
        return Row(key, values | formulas)

    def _total(self) -> Row:
        first, last = self._months[0], self._months[-1]

        def block(column: str) -> str:
            letters = self._letters[column]
            return f"SUM({letters}{self._rows[first]}:{letters}{self._rows[last]})"

        values: dict[str, Value] = dict.fromkeys(MONTH_COLUMNS)
        values |= {
            "period": words.TOTAL[self._span.lang],
            "target": self._formula("total", "target", f"={block('target')}"),
            "actual": self._formula("total", "actual", f'=IF({NAME_AS_OF}=0,"",{block("actual")})'),
            "attainment": self._formula("total", "attainment", f"={self.at('plan', 'attainment')}"),
            "status": self._formula("total", "status", f"={self.at('plan', 'status')}"),
        }
        return Row("total", values, "total")

    # --- whose file this is -----------------------------------------------------------------

    def _info(self) -> list[Row]:
        say = self._span.lang
        values: dict[str, Value] = dict(self._span.settings())
        values |= {key: self._results[f"info:{key}", "target"] for key in OWN_INFO}
        letters = self._letters["start"]
        starts = f"{letters}{self._rows[self._months[0]]}:{letters}{self._rows[self._months[-1]]}"
        as_of = f"=MAX({self._days.whole('reported')},IF(COUNT({AREA_KNOWN})>0,{NAME_HANDED},0))"
        values["as_of"] = self._formula("info:as_of", "target", as_of, 0)
        month = f'=MAX(1,COUNTIF({starts},"<="&MAX({NAME_AS_OF},{NAME_HANDED})))'
        values["month"] = self._formula("info:month", "target", month, self._span.month_shown + 1)
        head = Row("info", dict.fromkeys(_ROLES) | {"period": words.INFO[say]}, "section")
        return [head, *(self._info_row(key, values[key]) for key in INFO_NAMES)]

    def _info_row(self, key: str, value: Value) -> Row:
        label = self._span.dimension if key == "code" else words.INFO_LABELS[key][self._span.lang]
        role: Role = "text"
        if key in ("start", "end", "handed", "as_of"):
            role = "date"
        elif key in NAME_LAMPS:
            role = "percent"
        elif key == "most":
            role = "money"
        elif key in ("version", "clock", "month"):
            role = "ordinal"
        return Row(f"info:{key}", {"period": label, "target": value}, "note", roles={"target": role})

    def _formula(self, row: str, column: str, text: str, result: Figure = "") -> Formula:
        found = self._results.get((row, column), result)
        assert isinstance(found, float | int | str)
        return Formula(text, found)
