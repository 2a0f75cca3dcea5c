"""What is handed out is what is sealed: a store's file read back gives the cells that its targets gave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.store.stores import store, terms, with_parts, with_tables
from xlsales.core.plan import MICROS
from xlsales.ooxml.book import Book
from xlsales.ooxml.package import Package
from xlsales.ooxml.patch import patch_sheet
from xlsales.store.contract import NAME_FINGERPRINT, SHORT
from xlsales.store.handout.fill import Filler
from xlsales.store.returned_book import ReturnedBook, read_book
from xlsales.store.sealing import Identity, Sealed, digest_of, fingerprint, sealed, sealed_days_in, sealed_in
from xlsales.store.sheets import READ
from xlsales.store.targets import Store

pytestmark = pytest.mark.unit
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=9)
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=9).filter(lambda n: n.strip() == n)


def read(data: bytes, path: Path) -> ReturnedBook:
    path.write_bytes(data)
    return read_book(path, (NAME_FINGERPRINT,), READ)


def micros(cells: Any) -> set[tuple[str, str, int]]:
    """Sealed cells as they are hashed; no cell twice."""
    found = [(row, column, round(amount * MICROS)) for row, column, amount in cells]
    assert len(set(found)) == len(found)
    return set(found)


def named(one: Store, names: list[str]) -> Store:
    """The store with these names for its persons."""
    products, persons = one.parts
    return replace(one, parts=(products, replace(persons, names=tuple(names))))


@settings(max_examples=25)
@example(names=["null", "-"], code="0", step=1, total=1_000, tables=True)
@given(
    names=st.lists(NAMES, unique=True, max_size=4),
    code=NAMES,
    step=st.sampled_from([0.01, 1, 100]),
    total=st.integers(0, 10**9),
    tables=st.booleans(),
)
def test_a_file_handed_out_holds_what_its_seal_covers(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], code: str, step: float, total: int, tables: bool
) -> None:
    """Whatever the names, amounts and tables: cells, fingerprint and digest of file and targets are the same."""
    plan = with_tables(terms(step=step))
    one = named(with_parts(plan, store(plan, code, total * step), len(names)), names)
    plan = plan if tables else plan.without_tables
    book = read(Filler.of_plan(plan).fill(one), tmp_path_factory.mktemp("store") / "a.xlsx")
    assert micros(sealed_in(book.sheets)) == micros(sealed(plan, one))
    assert micros(sealed_days_in(book.sheets)) == micros(sealed(plan.without_tables, one))
    own = Identity(plan.plan.name, plan.dimension, code)
    assert fingerprint(own, sealed_in(book.sheets)) == digest_of(plan, one)[:SHORT] == book.text(NAME_FINGERPRINT)


def test_every_sealed_cell_is_one_that_counts(tmp_path: Path) -> None:
    """Each of them, changed by hand in the file, is another fingerprint."""
    plan = with_tables(terms())
    one = with_parts(plan, store(plan), 2)
    book = Book(Package.of_bytes(Filler.of_plan(plan).fill(one)))
    own = Identity(plan.plan.name, plan.dimension, one.code)
    seals = {digest_of(plan, one)[:SHORT]}
    for title, column, rows in (("日报", "target", 3), ("分项", "2026-02", 3)):
        sheet = book.sheet(title)
        assert sheet is not None
        xml, cells = book.package.read(sheet.part), book.cells(sheet)
        at = next(c for (r, c), cell in cells.items() if r == 1 and cell.value == column)
        there = {r: cell.value for (r, c), cell in cells.items() if c == at and not cell.formula}
        for row, value in [(r, value) for r, value in there.items() if isinstance(value, float)][:rows]:
            book.package.set(sheet.part, patch_sheet(xml, {(row, at): value + 0.01}))
            returned = read(book.package.to_bytes(), tmp_path / "a.xlsx")
            seals.add(fingerprint(own, sealed_in(returned.sheets)))
        book.package.set(sheet.part, xml)
    assert len(seals) == 7


def test_a_changed_target_of_a_member_breaks_the_seal() -> None:
    """The fingerprint covers the tables: whoever gives a person another target, or another name, is found out."""
    plan = with_tables(terms())
    one = with_parts(plan, store(plan), 3)
    own = one.parts[1]
    more = own.months.copy()
    more[0, 0] += 1
    others = (replace(own, months=more), replace(own, names=(own.names[1], own.names[0], own.names[2])))
    seals = {digest_of(plan, replace(one, parts=(one.parts[0], part))) for part in (own, *others)}
    assert len(seals) == 3
    assert digest_of(plan, one) in seals
    assert digest_of(plan.without_tables, one) == digest_of(terms(), store(plan))


@given(st.lists(st.tuples(TEXT, TEXT, st.integers(0, 10**9)), unique_by=lambda t: t[:2], min_size=1, max_size=9))
def test_a_fingerprint_seals_targets(cells: list[Sealed]) -> None:
    """The order of cells does not matter; any changed amount or owner does."""
    owner = Identity("计划", "门店", "甲")
    seal = fingerprint(owner, cells)
    assert fingerprint(owner, reversed(cells)) == seal
    assert fingerprint(Identity("计划", "门店", "甲", 7), cells) == seal
    assert fingerprint(Identity("计划", "门店", "乙"), cells) != seal
    row, column, amount = cells[0]
    assert fingerprint(owner, [(row, column, amount + 0.01), *cells[1:]]) != seal
