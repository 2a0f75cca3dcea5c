"""Small tables as people paste them, and the dimensions they are read against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

import xlsxwriter

from xlsales.core.plan import Dimension, Member
from xlsales.tables.files.source import Source
from xlsales.tables.reading import Records, read_records

START, END = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
ERROR = "#N/A!"
ERRORS = (ERROR, "#NAME?!")
"""Cell values that the writer turns into error cells."""
UNCALCULATED = "=?"
"""A cell value that the writer turns into a formula without a result."""

Tree = Mapping[str, "Tree"]
Cells = Sequence[Sequence[object]]


def dimension(name: str, tree: Tree | Sequence[str], aliases: Mapping[str, tuple[str, ...]] | None = None) -> Dimension:
    members: list[Member] = []
    parents: list[int] = []
    depths: list[int] = []

    def grow(branch: Tree, parent: int, depth: int) -> None:
        for member, below in branch.items():
            at = len(members)
            upper = members[parent].name if parent >= 0 else None
            members.append(Member(member, upper, aliases=(aliases or {}).get(member, ())))
            parents.append(parent)
            depths.append(depth)
            grow(below, at, depth + 1)

    grow(tree if isinstance(tree, Mapping) else {member: {} for member in tree}, -1, 1)
    return Dimension(name, tuple(members), tuple(parents), tuple(depths))


REGION = dimension(
    "区域", {"华东": {"上海": {}, "江苏": {}}, "华北": {"北京": {}, "天津": {}}}, {"上海": ("沪", "Shanghai")}
)
CHANNEL = dimension("渠道", ["线上", "线下"])


def write(path: Path, rows: Cells, at: tuple[int, int] = (0, 0), sheet: str = "数据", date1904: bool = False) -> Path:
    """Write rows of cells from `at` (row, column, 0-based) on."""
    path.write_bytes(written(rows, at, sheet, date_1904=date1904))
    return path


def written(rows: Cells, at: tuple[int, int] = (0, 0), sheet: str = "数据", **options: bool) -> bytes:
    """Return a workbook of these rows; `options` are XlsxWriter's (with `constant_memory`, strings are inline)."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    page = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for r, row in enumerate(rows, at[0]):
        for c, value in enumerate(row, at[1]):
            if value in ERRORS:
                page.write_formula(r, c, "=NA()", None, str(value)[:-1])
            elif value == UNCALCULATED:
                page.write_formula(r, c, "=A1", None, "")
            elif isinstance(value, bool):
                page.write_boolean(r, c, value)
            elif isinstance(value, dt.date):
                page.write_datetime(r, c, value, day)
            elif isinstance(value, str):
                page.write_string(r, c, value)
            elif value is not None:
                page.write(r, c, value)
    book.close()
    return out.getvalue()


def read(
    path: Path, *dimensions: Dimension, sheet: str | None = None, currency: str = "CNY", **options: object
) -> Records:
    """Read a table against a plan of 2026, in a currency, and check the law of conservation."""
    span = {"start": START, "end": END} | options
    source = Source(path, sheet, "实际", currency=currency)
    records = read_records(source, dimensions or (REGION, CHANNEL), **span)  # type: ignore[arg-type]
    check_conservation(records)
    return records


def check_conservation(records: Records) -> None:
    aside = [p for p in records.problems if p.set_aside]
    totals = [p for p in records.problems if p.totals]
    assert records.rows_accepted + records.rows_set_aside + records.rows_totals == records.rows_found
    assert records.accepted_micros + records.set_aside_micros + records.totals_micros == records.found_micros
    assert sum(p.count for p in totals) == records.rows_totals
    assert sum(p.amount_micros or 0 for p in totals) == records.totals_micros
    assert not any(p.totals and p.set_aside for p in records.problems)
    assert sum(p.count for p in aside) == records.rows_set_aside
    assert sum(p.amount_micros or 0 for p in aside) == records.set_aside_micros
    parts = 0 if records.further is None else int(records.further.sum())
    assert len(records.day) == len(records.micros) == records.rows_accepted + parts
    assert int(records.micros.sum()) == records.accepted_micros
    for codes in records.codes.values():
        assert len(codes) == len(records.day)
        assert not len(codes) or codes.min() >= 0
