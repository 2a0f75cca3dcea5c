"""What a sheet of a dimension tells of the members that it was written with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.books import Command, plan
from xlsales.book.keyed import written_sheets
from xlsales.core.plan import Dimension, Member
from xlsales.core.tree import grow, parents_of
from xlsales.ooxml.book import Book
from xlsales.plan.written_members import written_parents

pytestmark = pytest.mark.unit

WRITTEN = {"北": None, "北一": "北", "东": None, "上海": "东", "东一": "上海", "东二": "上海", "杭州": "东", "西": None}


def dimension(**members: tuple[str | None, tuple[str, ...]]) -> Dimension:
    """A dimension of members with their parents and their aliases."""
    grown, faults = grow("门店", [Member(name, parent, aliases=more) for name, (parent, more) in members.items()])
    assert grown is not None, faults
    return grown


@pytest.fixture
def book(xlsales: Command, tmp_path: Path) -> Book:
    """A plan that was split, of three levels with leaves on each of them."""
    rows = [{"dimension": "门店", "member": name, "parent": parent, "weight": 1} for name, parent in WRITTEN.items()]
    path = plan(tmp_path / "计划.xlsx", dimensions=rows)
    assert xlsales("split", path).code == 0
    return Book.open(path)


def test_parents_are_those_that_were_written(book: Book) -> None:
    """The tree that was split comes back from its sheet."""
    now = dimension(**{name: (parent, ()) for name, parent in WRITTEN.items()})
    assert written_parents(written_sheets(book)["xlsales:dimension:门店"], now) == parents_of(now)


def test_parents_go_by_the_names_of_now(book: Book) -> None:
    """A region that was renamed is no other parent; a store that took over another has the parents of both."""
    now = dimension(北区=(None, ("北",)), 北一=("北区", ("杭州",)), 东=(None, ()), 东一=("东", ()))
    found = written_parents(written_sheets(book)["xlsales:dimension:门店"], now)
    assert found["北一"] == {"北区", "东"}
    assert found["东一"] == {"上海"}
    assert found["西"] == {None}
