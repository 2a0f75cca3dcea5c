"""Names that hold the marks of our own keys: nothing of one member is taken for another's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import Command, answer, opened, plan
from tests.commands.store_files import TODAY, StoreFile, stores_plan
from xlsales.hosts import cli

pytestmark = pytest.mark.unit

QUARTER = {"start": dt.date(2026, 1, 1), "end": dt.date(2026, 3, 31)}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_now", lambda: TODAY)


def filed(folder: Path) -> list[Path]:
    """The stores' files, those for the first stores first."""
    return sorted((p for p in folder.glob("*.xlsx") if not p.name.startswith("下发清单")), key=lambda p: p.name)


def test_members_whose_joined_names_are_the_same(tmp_path: Path, xlsales: Command) -> None:
    """品类 with 男装:大, 品类:男装 with 大; a plan with both hands out, takes back, and changes each for itself."""
    rows = [{"dimension": "门店", "member": name, "weight": 1} for name in ("甲:乙", "甲")]
    rows += [{"dimension": "品类", "member": name, "weight": w} for name, w in (("男装:大", 1), ("女装", 3))]
    rows += [{"dimension": "品类:男装", "member": name, "weight": w} for name, w in (("大", 2), ("小", 1))]
    book, folder = (
        plan(tmp_path / "计划.xlsx", dimensions=rows, plan_name="P|Q", total=90, step=100, **QUARTER),
        tmp_path / "回",
    )
    assert xlsales("split", book).code == 0
    assert xlsales("handout", book, folder).code == 0
    for path in filed(folder):
        StoreFile(path, "").type({("2026-01-05", "entry"): 9000})
    ran = xlsales("collect", book, folder, "--json").json
    assert ran["problems"] == []
    assert xlsales("collect", book, folder, "--json").json["changed"] is False
    answer(book, "total", 120)
    assert xlsales("split", book).code == 0
    told = [cell for row in opened(book).book["目标版本"].iter_rows(values_only=True) for cell in row]
    assert {
        what: told.count(what) for what in ("品类 男装:大", "品类:男装 大", "门店 甲:乙", "门店 甲")
    } == dict.fromkeys(("品类 男装:大", "品类:男装 大", "门店 甲:乙", "门店 甲"), 1)
    before = book.read_bytes()
    assert xlsales("split", book, "--json").json["changed"] is False
    assert book.read_bytes() == before


ODD = ["A:B", "A ← B", "a\\b", "：", "%3A", "A:2026-01", "…", "A|B", '"A"', "total", "m:A", "A", r"A\:B"]


def test_stores_of_odd_names_go_round(tmp_path: Path, xlsales: Command) -> None:
    book, folder = stores_plan(tmp_path / "计划.xlsx", ODD), tmp_path / "交回"
    assert xlsales("split", book).code == 0
    xlsales("handout", book, folder)
    files = filed(folder)
    assert len(files) == len(ODD)
    for n, path in enumerate(files):
        StoreFile(path, "").type({("2026-01-05", "entry"): 9000.5 + n})
    ran = xlsales("collect", book, folder, "--json").json
    assert {line["store"]: line["state"] for line in ran["stores"]} == dict.fromkeys(ODD, "returned")
    rows = [row for row in opened(book).book["实际"].iter_rows(values_only=True, min_row=2) if row[0] is not None]
    assert {row[1] for row in rows} == set(ODD)
    assert sum(row[2] for row in rows if isinstance(row[2], float | int)) == sum(9000.5 + n for n in range(len(ODD)))
    before = book.read_bytes()
    assert xlsales("collect", book, folder, "--json").json["changed"] is False
    assert book.read_bytes() == before
    StoreFile(files[3], "").type({("2026-01-05", "entry"): 5000})
    xlsales("collect", book, folder)
    after = [row for row in opened(book).book["实际"].iter_rows(values_only=True, min_row=2) if row[0] is not None]
    assert len(after) == len(rows)
    assert sum(a != b for a, b in zip(rows, after, strict=True)) == 1
