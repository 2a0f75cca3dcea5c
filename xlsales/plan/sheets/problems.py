"""Sheet 数据问题: what was set aside or doubted, where, why, what to do; and that no amount is lost."""

from __future__ import annotations

from dataclasses import replace

from xlsales.layout.model import Column, Row, SheetModel, Value
from xlsales.plan.parts import Grid, proof, role_width, subline
from xlsales.plan.shown import Conservation, ProblemLine, ProblemsSheet
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import OUT_PROBLEMS, SHEETS

_MONEY = "#,##0.00"
"""As typed, in yuan: a finding is looked up in the data."""
_EFFECTS = {
    "set_aside": words.SET_ASIDE,
    "totals": words.TOTALS_ROWS,
    "warning": words.WARNED,
    "remark": words.REMARKED,
}


def lay_out_problems(sheet: ProblemsSheet) -> SheetModel:
    """Return the sheet's model: row keys `found`, `accepted`, `set_aside`, `totals`, `proof`, then `p:<n>` each."""
    frame, say = sheet.frame, sheet.frame.lang
    amounts = [p.amount for p in sheet.problems]
    counts = [float(p.count) for p in sheet.problems]
    rows_named = [float(p.row or 0) for p in sheet.problems]
    if balance := sheet.conservation:
        amounts += [balance.found, balance.accepted, balance.set_aside, balance.totals]
        counts += [float(balance.rows_found)]
    columns = (
        Column("sheet", words.PROBLEM_SHEET[say], "text", 16),
        Column("row", words.PROBLEM_ROW[say], "ordinal", role_width("ordinal", rows_named)),
        Column("column", words.PROBLEM_COLUMN[say], "text", 7),
        Column("value", words.PROBLEM_VALUE[say], "wrap", 24),
        Column("sentence", words.PROBLEM_SENTENCE[say], "wrap", 62),
        Column("amount", words.AMOUNT[say], "money", max(13, role_width("money", amounts, _MONEY))),
        Column("count", words.PROBLEM_COUNT[say], "count", role_width("count", counts)),
        Column("effect", words.PROBLEM_EFFECT[say], "text", 10),
    )
    rows = _balance(sheet.conservation, columns, sheet) if sheet.conservation else []
    rows += [Row(f"p:{n}", _values(line, sheet)) for n, line in enumerate(sheet.problems, 1)]
    if not sheet.problems:
        rows.append(Row("none", {"sheet": words.NO_PROBLEMS[say]}, "note"))
    return SheetModel(
        key="problems",
        name=OUT_PROBLEMS,
        title=SHEETS["problems"][say],
        heading=SHEETS["problems"][say],
        subline=subline(replace(frame, unit="piece" if frame.unit == "piece" else "yuan")),
        columns=columns,
        rows=tuple(rows),
        money=_MONEY,
    )


def _balance(balance: Conservation, columns: tuple[Column, ...], sheet: ProblemsSheet) -> list[Row]:
    say, grid = sheet.frame.lang, Grid(columns)
    blank: dict[str, Value] = dict.fromkeys(c.key for c in columns)
    lines = (
        ("found", words.FOUND, balance.found, balance.rows_found),
        ("accepted", words.ACCEPTED, balance.accepted, balance.rows_accepted),
        ("set_aside", words.SET_ASIDE, balance.set_aside, balance.rows_set_aside),
        ("totals", words.TOTALS_ROWS, balance.totals, balance.rows_totals),
    )
    rows = [
        Row(key, blank | {"sheet": word[say], "amount": amount, "count": count}, "strong")
        for key, word, amount, count in lines
    ]

    def missing(column: str, whole: float, *parts: float) -> Value:
        cells = [grid.cell(column, i) for i in range(4)]
        return proof("-".join(cells), [whole, *(-p for p in parts)], 0.0)

    proven = {
        "sheet": words.PROOF_ALL[say],
        "amount": missing("amount", balance.found, balance.accepted, balance.set_aside, balance.totals),
        "count": missing(
            "count", balance.rows_found, balance.rows_accepted, balance.rows_set_aside, balance.rows_totals
        ),
    }
    return [*rows, Row("proof", blank | proven, "proof")]


def _values(line: ProblemLine, sheet: ProblemsSheet) -> dict[str, Value]:
    return {
        "sheet": line.sheet,
        "row": line.row,
        "column": line.column,
        "value": line.value,
        "sentence": line.sentence,
        "amount": line.amount,
        "count": line.count,
        "effect": _EFFECTS[line.effect][sheet.frame.lang],
    }
