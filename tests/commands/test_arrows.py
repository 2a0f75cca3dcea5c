"""An arrow in a store's name, or in a column of one's own, is no mark of ours."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import Command, opened, paste
from tests.commands.store_files import TODAY, StoreFile, stores_plan
from xlsales.hosts import cli

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_now", lambda: TODAY)


@pytest.mark.parametrize("name", ["A ← B", "A ← ", "甲店 ← 甲店.xlsx"])
def test_a_store_with_an_arrow_is_collected_once(tmp_path: Path, xlsales: Command, name: str) -> None:
    book, folder = stores_plan(tmp_path / "计划.xlsx", [name, "A"]), tmp_path / "交回"
    xlsales("split", book)
    xlsales("handout", book, folder)
    for path in folder.glob("*.xlsx"):
        if not path.name.startswith("下发清单"):
            StoreFile(path, "").type({("2026-01-05", "entry"): 9000.5})
    xlsales("collect", book, folder)
    before = book.read_bytes()
    rows = list(opened(book).book["实际"].iter_rows(values_only=True))
    assert len([row for row in rows if row[0] is not None]) == 3
    assert xlsales("collect", book, folder, "--json").json["changed"] is False
    assert book.read_bytes() == before


def test_a_column_of_ones_own_stays(tmp_path: Path, xlsales: Command) -> None:
    book, folder = stores_plan(tmp_path / "计划.xlsx", ["甲店", "乙店"]), tmp_path / "交回"
    xlsales("split", book)
    own = [[dt.date(2026, 1, n), "甲店", 100 + n, "甲店 ← 团购"] for n in range(8, 18)]
    paste(book, [["日期", "门店", "金额", "流向"], *own])
    xlsales("handout", book, folder)
    StoreFile(folder / "甲店.xlsx", "甲店").type({("2026-01-05", "entry"): 9000.5})
    xlsales("collect", book, folder)
    rows = [list(row) for row in opened(book).book["实际"].iter_rows(values_only=True, min_row=2, max_row=11)]
    assert [row[2:4] for row in rows] == [row[2:] for row in own]


OWN = {
    "an arrow between words": "甲店 ← 团购",
    "no arrow": "微信",
    "another store's": "总部 ← 乙店",
    "just as the program's": "甲店 ← 甲店.xlsx",
    "a file, but no store": "导出 ← 1月.xlsx",
    "only in some rows": None,
}


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        *((kind, "回收来源") for kind in OWN),
        *(("just as the program's", h) for h in ("Collected from", "回收来源 2", "流向")),
    ],
)
def test_a_column_of_ones_own_under_our_header_stays(tmp_path: Path, xlsales: Command, kind: str, header: str) -> None:
    book, folder = stores_plan(tmp_path / "计划.xlsx", ["甲店", "乙店"]), tmp_path / "交回"
    xlsales("split", book)
    text = OWN[kind]
    own: list[list[object]] = [
        [dt.date(2026, 1, n), "甲店", 100 + n, text or ("甲店 ← 甲店.xlsx" if n == 9 else "")] for n in range(8, 18)
    ]
    paste(book, [["日期", "门店", "金额", header], *own])
    xlsales("handout", book, folder)
    StoreFile(folder / "甲店.xlsx", "甲店").type({("2026-01-05", "entry"): 9000.5})
    StoreFile(folder / "乙店.xlsx", "乙店").type({("2026-01-05", "entry"): 700})
    for amount in (9000.5, 9001.5):  # collected, then collected again with another amount
        StoreFile(folder / "甲店.xlsx", "甲店").type({("2026-01-05", "entry"): amount})
        xlsales("collect", book, folder)
        rows = [
            [cell or "" for cell in row] for row in opened(book).book["实际"].iter_rows(values_only=True, min_row=2)
        ]
        assert [row[2:4] for row in rows[:10]] == [row[2:] for row in own]
        added = [row for row in rows[10:] if row[0]]
        assert [(row[2], row[3]) for row in added] == [(amount, ""), (700, "")]
        assert [row[4] for row in added] == ["甲店 ← 甲店.xlsx", "乙店 ← 乙店.xlsx"]
        assert xlsales("collect", book, folder, "--json").json["changed"] is False


@pytest.mark.parametrize("header", ["回收来源", "", "来自"])
def test_collected_rows_are_known_again(tmp_path: Path, xlsales: Command, header: str) -> None:
    """Also where the header of their column was changed or cleared, and a person pasted notes below."""
    book, folder = stores_plan(tmp_path / "计划.xlsx", ["甲店", "乙店"]), tmp_path / "交回"
    xlsales("split", book)
    xlsales("handout", book, folder)
    for n, name in enumerate(("甲店", "乙店")):
        StoreFile(folder / f"{name}.xlsx", name).type({(f"2026-01-0{d}", "entry"): 900.5 + n + d for d in range(5, 8)})
    xlsales("collect", book, folder)
    rows = list(opened(book).book["实际"].iter_rows(values_only=True))
    assert rows[0][3] == "回收来源"
    note = [[dt.date(2026, 1, 20), "甲店", 55, "甲店 ← 团购"], [dt.date(2026, 1, 21), "甲店", 56, None]]
    paste(book, [[*rows[0][:3], header], *([r[0].date(), *r[1:]] for r in rows[1:]), *note])
    StoreFile(folder / "甲店.xlsx", "甲店").type({("2026-01-05", "entry"): 1234.5})
    xlsales("collect", book, folder)
    after = [row for row in opened(book).book["实际"].iter_rows(values_only=True, min_row=2) if row[0]]
    assert len(after) == len(rows) - 1 + len(note)
    assert sorted(row[2] for row in after if row[1] == "甲店") == [55, 56, 906.5, 907.5, 1234.5]
    assert [row[2:] for row in after[-2:]] == [(55, "甲店 ← 团购"), (56, None)]
