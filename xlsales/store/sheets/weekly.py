"""Sheet 周报: the weeks as the plan cuts them, each the sum of its days."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.core import a1
from xlsales.core.periods import Level
from xlsales.layout.look import header_width
from xlsales.layout.model import FIRST_COLUMN, FIRST_ROW, Column, Formula, Role, Row, SheetModel, Value
from xlsales.store import words
from xlsales.store.contract import NAME_AS_OF, SHEETS, WEEK_COLUMNS
from xlsales.store.sheets.daily import Places, amount_width, lamp_formula
from xlsales.store.sheets.front import Front
from xlsales.store.targets import Figure, Key, Span
from xlsales.vocabulary.contract import STATUS

_ROLES: dict[str, tuple[Role, float]] = {
    "period": ("text", 23), "start": ("date", 11.5), "end": ("date", 11.5), "target": ("money", 12),
    "actual": ("money", 12), "attainment": ("bar", 11), "gap": ("money", 12), "status": ("status", 8),
}  # fmt: skip
HIDDEN: dict[str, Role] = {"due": "money"}
"""What the days so far ask for."""


def lay_out_weeks(span: Span, front: Front, results: Mapping[Key, Figure], heading: str, subline: str) -> SheetModel:
    """Return the sheet's model; `results` are the stored results of one store.

    A week shows no actual where some of its days are known as the sum of a month alone.
    """
    say, days = span.lang, Places(span)
    headers = {key: word[say] for key, word in WEEK_COLUMNS.items()}
    columns = [
        Column(key, headers[key], role, max(amount_width(span, width, role), header_width(headers[key])))
        for key, (role, width) in _ROLES.items()
    ]
    columns += [Column(key, key, role, 1) for key, role in HIDDEN.items()]
    letters = {column.key: a1.letters(FIRST_COLUMN + i) for i, column in enumerate(columns)}
    dates, targets, actuals, clock = (days.whole(column) for column in ("date", "target", "actual", "clock"))
    lamps = {key: word[say] for key, word in STATUS.items()}
    weeks = span.timeline.periods(Level.WEEK)
    last = FIRST_ROW + len(weeks) - 1

    def formula(row: str, column: str, text: str) -> Formula:
        result = results.get((row, column), "")
        assert isinstance(result, float | int | str)
        return Formula(text, result)

    def standing(row: str, at: Mapping[str, str]) -> dict[str, Value]:
        """What follows from target and actual."""
        target, actual = at["target"], at["actual"]
        return {
            "attainment": formula(row, "attainment", f'=IF({actual}="","",IF({target}=0,"",{actual}/{target}))'),
            "gap": formula(row, "gap", f'=IF({actual}="","",{target}-{actual})'),
            "status": formula(row, "status", lamp_formula(actual, at["due"], lamps)),
        }

    def due(row: str, at: Mapping[str, str]) -> Formula:
        """What the plan's clock asks of the days so far."""
        since, until = f'{dates},">="&{at["start"]}', f'{dates},"<="&{at["end"]}'
        whole, gone = f"SUMIFS({clock},{since},{until})", f'SUMIFS({clock},{since},{until},{dates},"<="&{NAME_AS_OF})'
        over = f"IF({NAME_AS_OF}<{at['end']},0,{at['target']})"
        result = results.get((row, "due"), 0)
        assert isinstance(result, float | int)
        return Formula(f"=IF({whole}=0,{over},{at['target']}*{gone}/{whole})", result)

    rows = []
    for n, week in enumerate(weeks, FIRST_ROW):
        at = {key: f"{letter}{n}" for key, letter in letters.items()}
        since, until = f'{dates},">="&{at["start"]}', f'{dates},"<="&{at["end"]}'
        values: dict[str, Value] = {
            "period": span.week_label(week),
            "start": week.start,
            "end": week.end,
            "target": formula(week.key, "target", f"=SUMIFS({targets},{since},{until})"),
            "actual": formula(
                week.key,
                "actual",
                f'=IF({NAME_AS_OF}<{at["start"]},"",IF(COUNTIFS({front.starts},"<="&{at["end"]},'
                f'{front.untils},">="&{at["start"]})>0,"",SUMIFS({actuals},{since},{until})))',
            ),
            "due": due(week.key, at),
        }
        rows.append(Row(week.key, values | standing(week.key, at)))
    targets_above = f"{letters['target']}{FIRST_ROW}:{letters['target']}{last}"
    at = {key: f"{letter}{last + 1}" for key, letter in letters.items()}
    total: dict[str, Value] = {
        **dict.fromkeys(WEEK_COLUMNS),
        "period": words.TOTAL[say],
        "start": span.plan.start,
        "end": span.plan.end,
        "target": formula("total", "target", f"=SUM({targets_above})"),
        "actual": formula("total", "actual", f"={front.at('total', 'actual', outside=True)}"),
        "due": due("total", at),
    }
    return SheetModel(
        key="store:weeks",
        name="xs_store_weeks",
        title=SHEETS["weeks"][say],
        heading=heading,
        subline=subline,
        columns=tuple(columns),
        rows=(*rows, Row("total", total | standing("total", at), "total")),
        money=span.money,
        portrait=True,
    )


assert set(_ROLES) == set(WEEK_COLUMNS)
