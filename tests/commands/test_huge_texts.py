"""Text files beyond what is read: the plan stays as it was, and a returned one costs itself alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.books import Command, members, plan
from tests.commands.store_files import TODAY, stores_plan
from tests.tables.test_text_limits import REFUSED, sparse
from xlsales.hosts import cli

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("kind", ["500,000 columns", "a line of 5 MB", "2 GB"])
def test_a_plan_is_left_as_it_was(tmp_path: Path, xlsales: Command, kind: str) -> None:
    book, path = plan(tmp_path / "计划.xlsx", dimensions=members({"门店": {"甲店": 1}})), tmp_path / "数据.csv"
    xlsales("split", book)
    before = book.read_bytes()
    content, found = REFUSED[kind]
    if isinstance(content, int):
        sparse(path, content)
    else:
        path.write_bytes(content.encode())
    ran = xlsales("refresh", book, "--actuals", path)
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert found in ran.err
    assert book.read_bytes() == before


@pytest.mark.parametrize("name", ["甲店.csv", "甲店.xlsx"])
def test_as_a_returned_file_it_costs_itself_alone(
    tmp_path: Path, xlsales: Command, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    book, folder = stores_plan(tmp_path / "计划.xlsx", ["甲店", "乙店"]), tmp_path / "交回"
    xlsales("split", book)
    xlsales("handout", book, folder)
    (folder / "甲店.xlsx").unlink()
    sparse(folder / name, 2 << 30)
    ran = xlsales("collect", book, folder, "--json")
    assert ran.code in (0, 1)
    other = next(line for line in ran.json["stores"] if line["why"] and name in line["why"] + line["file"])
    assert len(other["why"]) < 300
