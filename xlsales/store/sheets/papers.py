"""Sheets 承诺 and 责任书: what the store commits to, and the page that both sides sign."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.core import a1
from xlsales.core.text import identity
from xlsales.layout.model import FIRST_COLUMN, FIRST_ROW, Column, Formula, Role, Row, SheetModel, Value
from xlsales.store import words
from xlsales.store.contract import COMMITMENT_COLUMNS, MONTH_COLUMNS, PERSON_DIMENSIONS, SHEETS
from xlsales.store.handout.figures import letter_cells
from xlsales.store.sheets.daily import amount_width
from xlsales.store.sheets.front import Front
from xlsales.store.targets import Figure, Key, Span
from xlsales.vocabulary.contract import PROGRESS_COLUMNS

_COMMITMENT_ROLES: dict[str, tuple[Role, float]] = {
    "period": ("text", 15), "target": ("money", 15), "commitment": ("money", 15), "difference": ("delta", 14),
    "reason": ("wrap", 42),
}  # fmt: skip
_LETTER_WIDTHS = {"c0": 15.0, "c1": 15.0, "c2": 15.0, "gap": 3.0, "c3": 15.0, "c4": 15.0, "c5": 15.0}
_LETTER_CELLS = tuple(key for key in _LETTER_WIDTHS if key != "gap")


class Commitment:
    """Sheet 承诺: a row a month; the target comes from the front page."""

    def __init__(self, span: Span, front: Front, results: Mapping[Key, Figure]) -> None:
        self._span, self._front, self._results = span, front, results
        self._months = [month.key for month in span.months]
        self._letters = {key: a1.letters(FIRST_COLUMN + i) for i, key in enumerate(COMMITMENT_COLUMNS)}

    def at(self, month: str, column: str) -> str:
        """Return a month's cell as other sheets write it."""
        row = FIRST_ROW + self._months.index(month)
        return f"'{SHEETS['commitment'][self._span.lang]}'!{self._letters[column]}{row}"

    def model(self, heading: str, subline: str) -> SheetModel:
        """Return the sheet's model."""
        say = self._span.lang
        last = FIRST_ROW + len(self._months) - 1

        def down(column: str) -> str:
            return f"{self._letters[column]}{FIRST_ROW}:{self._letters[column]}{last}"

        total: dict[str, Value] = {
            "period": words.TOTAL[say],
            "target": self._formula("total", "target", f"=SUM({down('target')})"),
            "commitment": Formula(f'=IF(COUNT({down("commitment")})=0,"",SUM({down("commitment")}))', ""),
            "difference": Formula(f'=IF(COUNT({down("difference")})=0,"",SUM({down("difference")}))', ""),
            "reason": None,
        }
        return SheetModel(
            key="store:commitment",
            name="xs_store_commitment",
            title=SHEETS["commitment"][say],
            heading=heading,
            subline=subline,
            columns=tuple(
                Column(key, COMMITMENT_COLUMNS[key][say], role, amount_width(self._span, width, role))
                for key, (role, width) in _COMMITMENT_ROLES.items()
            ),
            rows=(*(self._month(i) for i in range(len(self._months))), Row("total", total, "total")),
            money=self._span.money,
            portrait=True,
        )

    def _month(self, position: int) -> Row:
        key, row = self._months[position], FIRST_ROW + position
        commitment, target = (f"{self._letters[column]}{row}" for column in ("commitment", "target"))
        values: dict[str, Value] = {
            "period": self._span.month_label(self._span.months[position]),
            "target": self._formula(key, "target", f"={self._front.at(key, 'target', outside=True)}"),
            "commitment": None,
            "difference": Formula(f'=IF(ISNUMBER({commitment}),{commitment}-{target},"")', ""),
            "reason": None,
        }
        return Row(key, values, height=24)

    def _formula(self, row: str, column: str, text: str) -> Formula:
        result = self._results[row, column]
        assert isinstance(result, float | int)
        return Formula(text, result)


def lay_out_letter(
    span: Span, front: Front, commitment: Commitment, results: Mapping[Key, Figure], heading: str, subline: str
) -> SheetModel:
    """Return the model of 责任书, one page: the months two a row, clauses, and where to sign."""
    say, months = span.lang, [month.key for month in span.months]

    def formula(key: Key, text: str) -> Formula:
        result = results[key]
        assert isinstance(result, float | int)
        return Formula(text, result)

    def text(key: str) -> str | None:
        return str(results[key, "c0"]) or None

    columns = tuple(
        Column(key, "", "text", amount_width(span, width, "text" if key == "gap" else "money"))
        for key, width in _LETTER_WIDTHS.items()
    )
    total, committed = front.at("total", "target", outside=True), _committed(front, commitment, months)
    headers = [MONTH_COLUMNS["period"][say], PROGRESS_COLUMNS["target"][say], COMMITMENT_COLUMNS["commitment"][say]]
    money: dict[str, Role] = {"c1": "money", "c2": "money", "c4": "money", "c5": "money"}
    lines: dict[str, dict[str, Value]] = {}
    for month, targets, commits in zip(span.months, letter_cells(months, 1), letter_cells(months, 2), strict=True):
        line = lines.setdefault(targets[0], dict.fromkeys(_LETTER_CELLS))
        line[f"c{int(targets[1][1]) - 1}"] = span.month_label(month)
        asked = front.at(month.key, "target", outside=True)
        promised = commitment.at(month.key, "commitment")
        line[targets[1]] = formula(targets, f"={asked}")
        line[commits[1]] = formula(commits, f"=IF(ISNUMBER({promised}),{promised},{asked})")
    totals: dict[str, Value] = {
        "c0": words.LETTER_TOTAL[say],
        "c1": formula(("totals", "c1"), f"={total}"),
        "c2": None,
        "c3": words.LETTER_COMMITTED[say],
        "c4": formula(("totals", "c4"), committed),
        "c5": None,
    }
    both: dict[str, Value] = dict(zip(_LETTER_CELLS, headers * 2, strict=True))
    sign = words.SIGN_PERSON if identity(span.dimension) in map(identity, PERSON_DIMENSIONS) else words.SIGN_STORE
    rows = [
        Row("intro", {"c0": text("intro")}, "space", height=42),
        Row("totals", totals, "strong", roles={"c1": "money", "c4": "money"}, height=30),
        Row("gap:1", {}, "space", height=10),
        Row("head", both, "header", roles=money, height=26),
        *(Row(key, line, roles=money, height=26) for key, line in lines.items()),
        Row("gap:2", {}, "space", height=10),
        Row("sentence", {"c0": text("sentence")}, "space", height=36),
        *(
            Row(f"clause:{i}", {"c0": clause[say].format(dimension=span.dimension)}, "space", height=34)
            for i, clause in enumerate(words.LETTER_CLAUSES)
        ),
        Row("gap:3", {}, "space", height=40),
        Row("sign", {"c0": sign[say].format(dimension=span.dimension), "c3": words.SIGN_HEAD[say]}, "space", height=44),
        Row("dates", {"c0": words.SIGN_DATE[say], "c3": words.SIGN_DATE[say]}, "space", height=44),
    ]
    return SheetModel(
        key="store:letter",
        name="xs_store_letter",
        title=SHEETS["letter"][say],
        heading=heading,
        subline=subline,
        columns=columns,
        rows=tuple(rows),
        money=span.money,
        portrait=True,
    )


def _committed(front: Front, commitment: Commitment, months: list[str]) -> str:
    """The sum of what counts each month: the commitment where there is one, else the target."""
    promised = f"{commitment.at(months[0], 'commitment')}:{commitment.at(months[-1], 'commitment').rpartition('!')[2]}"
    asked = f"{front.at(months[0], 'target', True)}:{front.at(months[-1], 'target', True).rpartition('!')[2]}"
    return f"=SUM({promised})+SUMPRODUCT((1-ISNUMBER({promised}))*{asked})"
