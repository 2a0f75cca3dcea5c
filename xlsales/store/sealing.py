"""What a seal of a store's file covers: one definition for files handed out and for files that come back.

Sealed are the cells that carry targets as constants, each as (row key, column key, yuan):

- 日报: column `target` of every day;
- 分项: every month of a table's members, under `member:<dimension>:<name>` (the sheet has a number in place of the
  name), and every month of what no member has.

All other targets are formulas over these. A file without 分项, made from a template that lacks it or by an earlier
version, is sealed by the days alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from msgspec import Struct

from xlsales.core.keys import joined, parted
from xlsales.core.plan import MICROS
from xlsales.store.amounts import shown
from xlsales.store.contract import FORMAT, IDENTITY, MEMBER_PREFIX, SHORT, UNASSIGNED_PREFIX
from xlsales.store.returned_book import ReturnedSheet
from xlsales.store.targets import StoreTerms, Targets

Sealed = tuple[str, str, float]
"""A sealed cell: row key, column key, yuan."""
DAYS, TABLES = "days", "members"
"""The sheets that carry the sealed cells."""
_TARGET = "target"


class Identity(Struct, frozen=True):
    """The owner of targets: plan, dimension, member; and the number of their version."""

    plan: str
    dimension: str
    code: str
    version: int = 1


# --- which cells are sealed ------------------------------------------------------------------


def sealed(terms: StoreTerms, targets: Targets) -> Iterator[Sealed]:
    """Yield the sealed cells of a store's file, from its targets."""
    days = targets.days.tolist()
    yield from zip(terms.day_keys, [_TARGET] * len(days), days, strict=True)
    for table, part in zip(terms.tables, targets.parts, strict=bool(terms.tables)):
        keys = [*map(table.row_key, part.names), table.unassigned_key]
        for key, months in zip(keys, [*part.months.tolist(), part.unassigned.tolist()], strict=True):
            yield from zip([key] * len(months), terms.month_keys, months, strict=True)


def sealed_in(sheets: Mapping[str, ReturnedSheet]) -> Iterator[Sealed]:
    """Yield the sealed cells of a file that came back, as they are now."""
    yield from sealed_days_in(sheets)
    if (members := sheets.get(TABLES)) is not None:
        months = [column for column in members.columns if column[:4].isdigit() and column[4:5] == "-"]
        members.cells.load(members.columns[month] for month in months)
        for key, row in members.rows.items():
            if sealed_key := named_key(members, key, row):
                yield from _constants(members, sealed_key, row, months)


def sealed_days_in(sheets: Mapping[str, ReturnedSheet]) -> Iterator[Sealed]:
    """Yield the sealed cells of its days alone."""
    if (days := sheets.get(DAYS)) is not None:
        targets = days.cells_of(_TARGET)
        for key, row in days.rows.items():
            if len(key) == 10 and key[4] == "-" == key[7]:
                cell = targets.get(row)
                if cell is not None and isinstance(cell.value, float) and not cell.formula:
                    yield key, _TARGET, cell.value


def named_key(sheet: ReturnedSheet, key: str, row: int) -> str:
    """Return the key that a row of 分项 is sealed under, with its member's name; empty if it is no row of a table."""
    if key.startswith(MEMBER_PREFIX):
        name, parts = shown(sheet.cell(row, "member")), parted(key.removeprefix(MEMBER_PREFIX), 2)
        return MEMBER_PREFIX + joined(parts[0], name) if name and parts else ""
    return key if key.startswith(UNASSIGNED_PREFIX) else ""


def _constants(sheet: ReturnedSheet, key: str, row: int, columns: Iterable[str]) -> Iterator[Sealed]:
    for column in columns:
        cell = sheet.cell(row, column)
        if isinstance(cell.value, float) and not cell.formula:
            yield key, column, cell.value


# --- how they are written -------------------------------------------------------------------------


def identity_of(terms: StoreTerms, targets: Targets) -> Identity:
    """Return the owner of a store's targets."""
    return Identity(terms.plan.name, terms.dimension, targets.code)


def digest_of(terms: StoreTerms, targets: Targets) -> str:
    """Return the digest of a store's targets under its own name."""
    return digest(identity_of(terms, targets), sealed(terms, targets))


def fingerprint(identity: Identity, targets: Iterable[Sealed]) -> str:
    """Return the first `SHORT` digits of `digest`, by which the manifest and the list know targets again."""
    return digest(identity, targets)[:SHORT]


def digest(identity: Identity, targets: Iterable[Sealed]) -> str:
    """Return the SHA-256 of an identity and its targets, in hex: (row key, column key, yuan), in any order.

    The canonical text is UTF-8, a line each: the format, the plan, the dimension, the code, then
    `row|column|micros` sorted, amounts as whole millionths of a yuan. A name of several lines is
    written as JSON has it. The version is left out: it is raised when the fingerprint changes. Anybody who knows the
    targets can make a digest: only the seal over it proves that headquarters handed a file out (`store.seals`).
    """
    head = (f"{IDENTITY}{FORMAT}", *map(_in_line, (identity.plan, identity.dimension, identity.code)))
    cells = list(targets)
    rows: Iterable[str] = [row for row, _, _ in cells]
    text = "".join(rows)
    if "\n" in text or r"\n" in text:
        rows = map(_in_line, rows)
    micros = np.rint(np.array([amount for _, _, amount in cells], np.float64) * MICROS).tolist()
    columns = [column for _, column, _ in cells]
    lines = sorted(map("|".join, zip(rows, columns, map(str, map(int, micros)), strict=True)))
    return hashlib.sha256("\n".join((*head, *lines)).encode()).hexdigest()


def _in_line(name: str) -> str:
    """Return a name as one line, no two names the same: a name that looks like such JSON becomes JSON too."""
    if "\n" in name or (name[:1] == '"' and r"\n" in name):
        return json.dumps(name, ensure_ascii=False)
    return name
