"""The cells of 分项 that differ from store to store, and the keys of its columns and of its hidden row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import numpy as np

from xlsales.core.arrays import Floats
from xlsales.store.figures import Result, StoreFigures, amounts, clock_share
from xlsales.store.sheet import HIDDEN_ROW, Own, StoreColumn, alone, picked
from xlsales.store.tables import DimensionTable, criterion
from xlsales.store.targets import StoreTerms
from xlsales.values.serials import to_serial
from xlsales.vocabulary.contract import PROGRESS_COLUMNS

COLUMNS = {
    "target": StoreColumn(PROGRESS_COLUMNS["target"], "money", 10.5),
    "actual": StoreColumn(PROGRESS_COLUMNS["actual"], "money", 10.5),
    "attainment": StoreColumn(PROGRESS_COLUMNS["attainment"], "bar", 10.5),
    "time_progress": StoreColumn(PROGRESS_COLUMNS["time_progress"], "percent", 9.5),
    "gap": StoreColumn(PROGRESS_COLUMNS["gap"], "money", 10.5),
    "status": StoreColumn(PROGRESS_COLUMNS["status"], "status", 7),
}
"""Of the month shown and of the whole plan."""
BOTH = ("month_", "")
MATCH, KNOWN_PREFIX = "match", "known:"

PICKED = "picked"
"""Key of the hidden row that all tables use. Its cells are in the columns of the tables, and files that were handed out
know them by the keys of these; the names below say which column holds what. All but the label and the number of days
are there twice, for the month shown and for the whole plan."""
LABEL = "member"
"""The name of the month shown."""
FIRST_DAY, DAY_AFTER, SOLD, TIME_PROGRESS = "target", "gap", "actual", "time_progress"
"""The first day, the day after the last, what the store sold, and its time progress."""
DAYS_TWICE = "attainment"
"""The number of days with receipts that have a typed sum too, or are known: their receipts count for no member."""


def members(table: DimensionTable) -> list[str]:
    """Return the row keys of a table's members."""
    return [table.row_key(n + 1) for n in range(table.rows)]


def own(terms: StoreTerms) -> list[Own]:
    """Return the cells that differ from store to store."""
    own: list[Own] = []
    for number, table in enumerate(terms.tables):
        own += [*_targets(terms, table, number), *(_progress(terms, table, number) if terms.handed is not None else ())]
    if terms.handed is None:
        return own
    month = terms.months[terms.month_shown]
    label, (first, after) = terms.month_label(month), ends(month.start, month.end)
    month_shown: dict[str, Callable[[StoreFigures], Result]] = {
        LABEL: lambda f: label,
        f"month_{FIRST_DAY}": lambda f: first,
        f"month_{DAY_AFTER}": lambda f: after,
        f"month_{SOLD}": lambda f: f.by_month[-1]["actual"],
        f"month_{TIME_PROGRESS}": lambda f: f.by_month[-1]["time_progress"],
    }
    plan: dict[str, Callable[[StoreFigures], Result]] = {
        SOLD: lambda f: f.whole["actual"],
        TIME_PROGRESS: lambda f: f.whole["time_progress"],
    }
    picked_row = alone(PICKED, month_shown | plan, mixed=True)
    return [*own, alone("#month", {"month_target": lambda f: label}, mixed=True), picked_row]


def ends(start: dt.date, end: dt.date) -> tuple[int, int]:
    """Return the first day and the day after the last, as Excel counts them."""
    return to_serial(start), to_serial(end) + 1


def _targets(terms: StoreTerms, table: DimensionTable, number: int) -> list[Own]:
    """Rows that a store does not need are hidden, without a name, and hold zero."""

    def names(figures: StoreFigures) -> dict[str, list[Result]]:
        names = figures.store.parts[number].names
        spare = table.rows - len(names)
        blank = [""] * spare
        hidden_rows = [False] * len(names) + [True] * spare
        return {"member": [*names, *blank], MATCH: [*map(criterion, names), *blank], HIDDEN_ROW: [*hidden_rows]}

    def months(figures: StoreFigures) -> dict[str, list[Result]]:
        part = figures.store.parts[number]
        rows = np.vstack([_padded(part.months, table), part.unassigned])
        rows = np.vstack([rows, rows.sum(axis=0)])
        shown = terms.month_shown
        flat = amounts(np.hstack([rows, rows[:, shown : shown + 1], rows.sum(axis=1, keepdims=True)]).ravel())
        return {column: list(flat[i :: len(columns)]) for i, column in enumerate(columns)}

    columns = (*terms.month_keys, "month_target", "target")
    rows = members(table)
    last = (table.unassigned_key, table.total_key)
    return [Own(rows, picked(names, ("member", MATCH, HIDDEN_ROW))), Own([*rows, *last], picked(months, columns))]


def _padded(rows: Floats, table: DimensionTable) -> Floats:
    """Return members × months with zeros for the rows that a store does not need."""
    return np.vstack([rows, np.zeros((table.rows - len(rows), rows.shape[1]))])


def _progress(terms: StoreTerms, table: DimensionTable, number: int) -> list[Own]:
    """The progress of each member, from what headquarters knew."""
    shown = terms.month_shown

    def sales(figures: StoreFigures) -> dict[str, list[Result]]:
        rows = _padded(figures.known.parts[number], table)
        return {KNOWN_PREFIX + month: rows[:, m].tolist() for m, month in enumerate(terms.months_known)}

    def progress(figures: StoreFigures) -> dict[str, list[Result]]:
        """By column: of the members and the total, and of what no member has."""
        part, sales = figures.store.parts[number], _padded(figures.known.parts[number], table)
        targets = _padded(part.months, table)
        by_column: dict[str, list[Result]] = {}
        month, whole = (figures.by_month[-1], slice(shown, shown + 1)), (figures.whole, slice(None))
        for prefix, (own, at) in zip(BOTH, (month, whole), strict=True):
            target, actual = targets[:, at].sum(axis=1).tolist(), sales[:, at].sum(axis=1).tolist()
            rest = float(part.unassigned[at].sum())
            by_kind = _table(figures, own, target, actual, rest, len(part.names))
            for kind, results in by_kind.items():
                by_column |= {f"{kind}{prefix}{column}": values for column, values in results.items()}
        return by_column

    rows = members(table)
    both = [prefix + column for prefix in BOTH for column in _RESULTS]
    rest, proof = (
        [f"{prefix}{column}" for prefix in BOTH for column in columns] for columns in (("actual", "gap"), ("actual",))
    )
    return [
        Own(rows, picked(sales, [KNOWN_PREFIX + month for month in terms.months_known]), mixed=True),
        Own([*rows, table.total_key], picked(progress, both), mixed=True),
        Own((table.unassigned_key,), picked(progress, rest, "unassigned:"), mixed=True),
        Own((f"proof:{table.dimension}",), picked(progress, proof, "proof:"), mixed=True),
    ]


_RESULTS = ("actual", "attainment", "time_progress", "gap", "status")


def _table(
    figures: StoreFigures, own: Mapping[str, Result], targets: list[float], sales: list[float], rest: float, count: int
) -> dict[str, dict[str, list[Result]]]:
    """Return a table's results for the month shown, or the whole plan, by kind of row and column.

    The kinds are the first `count` members and the total, what no member has (`rest` of the target), and the proof.
    """
    whole, share = own["actual"], own["time_progress"]
    nothing: tuple[Result, ...] = ("", "", share, "", "")
    rows: list[tuple[Result, ...]] = [nothing] * (len(targets) + 1)
    beyond: tuple[Result, Result, Result] = ("", "", "")
    if isinstance(whole, float):
        lines = [*zip(targets[:count], sales[:count], strict=True), (sum(targets) + rest, whole)]
        results = [
            (
                actual,
                actual / target if target else "",
                share,
                target - actual,
                figures.lamp(actual, target * clock_share(share)),
            )
            for target, actual in lines
        ]
        rows = [*results[:-1], *[nothing] * (len(targets) - count), results[-1]]
        unassigned = round(whole - sum(sales), 6)
        beyond = (unassigned, rest - unassigned, 0)
    return {
        "": {column: [row[i] for row in rows] for i, column in enumerate(_RESULTS)},
        "unassigned:": {"actual": [beyond[0]], "gap": [beyond[1]]},
        "proof:": {"actual": [beyond[2]]},
    }
