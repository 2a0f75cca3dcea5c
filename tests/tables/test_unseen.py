"""Marks that nobody sees in members, headers, dates and amounts change nothing, in workbooks and in text files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.tables.tables import read, write
from xlsales.tables import reasons

pytestmark = pytest.mark.unit

MARKS = {  # no program writes a null into a text file
    "zero width space": "\u200b", "zero width joiner": "\u200d", "left to right": "\u200e", "right to left": "\u200f",
    "embedding": "\u202a", "override": "\u202e", "word joiner": "\u2060", "isolate": "\u2068", "bom": "\ufeff",
    "soft hyphen": "\u00ad", "selector": "\ufe0e", "no-break space": "\u00a0", "narrow space": "\u202f",
    "wide space": "\u3000", "thin space": "\u2009", "null": "\x00", "line separator": "\u2028",
}  # fmt: skip


def around(mark: str, text: str) -> str:
    return f"{mark}{text}{mark}"


@pytest.mark.parametrize(
    ("kind", "mark"),
    [(kind, mark) for kind in ("xlsx", "csv") for mark in MARKS.values() if (kind, mark) != ("csv", "\x00")],
)
@pytest.mark.parametrize("where", ["date", "member", "header", "amount", "all"])
def test_unseen_marks_change_nothing(tmp_path: Path, mark: str, kind: str, where: str) -> None:
    def put(here: str, text: str) -> str:
        return around(mark, text) if where in (here, "all") else text

    rows = [
        [put("header", h) for h in ("日期", "区域", "渠道", "销售额")],
        [put("date", "2026-01-05"), put("member", "上海"), put("member", "线上"), put("amount", "1,234.50")],
        ["2026-01-06", "上海", "线上", "100"],
        [mark, mark, "", mark],  # looks blank, and is
        [put("date", "2026年2月"), put("member", "沪"), put("member", "线下"), put("amount", "２万")],
    ]
    path = tmp_path / f"t.{kind}"
    if kind == "xlsx":
        write(path, rows)
    else:
        path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows), encoding="utf-8")
    records = read(path)
    assert [p.fault for p in records.problems] == []
    assert (records.rows_found, records.accepted_micros) == (3, 21_334_500_000)
    assert records.day.tolist() == [dt.date(2026, 1, 5), dt.date(2026, 1, 6), dt.date(2026, 2, 28)]


def test_inner_marks_change_nothing(tmp_path: Path) -> None:
    rows = [
        ["日\u200b期", "区\u00a0域", "渠\u2060道", "销售\u00ad额"],
        ["2026-\u200e01-05", "上\ufeff海", "线\u200d上", "1\u00a0234.5"],
    ]
    records = read(write(tmp_path / "t.xlsx", rows))
    assert not records.problems
    assert records.accepted_micros == 1_234_500_000


def test_totals_are_told_through_unseen_marks(tmp_path: Path) -> None:
    rows = [["日期", "区域", "渠道", "销售额"], ["2026-01-05", "上海", "线上", 5], ["\u200b合\u00a0计", None, None, 5]]
    (problem,) = read(write(tmp_path / "t.xlsx", rows)).problems
    assert isinstance(problem.fault, reasons.TotalsRow)


def test_unknown_members_that_look_alike_are_one(tmp_path: Path) -> None:
    rows = [
        ["日期", "区域", "渠道", "销售额"],
        *(["2026-01-05", f"西藏{mark}", "线上", 5] for mark in ("", "\u200b", "\ufeff")),
    ]
    (problem,) = read(write(tmp_path / "t.xlsx", rows)).problems
    assert problem.count == 3
    assert "西藏”" in problem.fault.say("zh")
