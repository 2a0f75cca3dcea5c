"""Actuals and history in files of their own, through the command line: what is read, what is not, and in silence."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from tests.commands.books import WAN, Command, opened, plan

HEADER = ["日期", "区域", "金额", None]
Rows = Sequence[Sequence[object]]


def book(path: Path, sheets: Mapping[str, Rows], hidden: Sequence[str] = ()) -> Path:
    file = xlsxwriter.Workbook(path)
    for title, rows in sheets.items():
        page = file.add_worksheet(title)
        for r, row in enumerate(rows):
            page.write_row(r, 0, row)
        if title in hidden:
            page.hide()
        elif not any(other in sheets and other not in hidden for other in list(sheets)[: list(sheets).index(title)]):
            page.activate()
    file.close()
    return path


def month(m: int) -> Rows:
    return [HEADER, [f"2026-{m:02d}-05", "华东", WAN * m], [f"2026-{m:02d}-06", "华北", WAN]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return plan(tmp_path / "p.xlsx")


def test_a_sheet_for_each_month(xlsales: Command, path: Path, tmp_path: Path) -> None:
    other = book(
        tmp_path / "sales.xlsx", {"旧": month(9), **{f"{m}月": month(m) for m in (1, 2, 3)}, "说明": [["x"]]}, ["旧"]
    )
    assert xlsales("split", path).code == 0
    ran = xlsales("refresh", path, "--actuals", other, "--as-of", "2026-03-31")
    assert ran.code == 0, ran.out
    told = "读取了表头相同的 3 张工作表:1月、2月、3月;没有读取:旧(隐藏 hidden)、说明。"
    assert told in ran.out
    assert any(told in sentence for sentence in opened(path).problems)
    found = xlsales("refresh", path, "--actuals", other, "--as-of", "2026-03-31", "--json").json
    assert found["actual"] == 9 * WAN
    assert found["rows"] == {"found": 6, "accepted": 6, "set_aside": 0, "totals": 0, "passed_over": 0}
    named = xlsales(
        "refresh", path, "--actuals", f"{other}:旧", "--as-of", "2026-12-31", "--json"
    ).json  # as it may be told
    assert named["actual"] == 10 * WAN


def test_history_of_several_sheets_is_told_too(xlsales: Command, tmp_path: Path) -> None:
    path = plan(tmp_path / "p.xlsx", month_method="参照")
    years = {f"{y}年": [HEADER, *([f"{y}-{m:02d}-05", "华东", WAN] for m in range(1, 13))] for y in (2024, 2025)}
    ran = xlsales("split", path, "--history", book(tmp_path / "past.xlsx", years))
    assert ran.code == 0, ran.out
    assert "读取了表头相同的 2 张工作表:2024年、2025年。" in ran.out


def test_a_comma_within_an_amount(xlsales: Command, path: Path, tmp_path: Path) -> None:
    """The line is set aside; quoted, as the sentence says, it counts."""
    assert xlsales("split", path).code == 0
    file = tmp_path / "sales.csv"
    file.write_text("日期,区域,金额\n2026-01-05,华东,1,234.50\n2026-01-06,华东,5\n", "gb18030")
    ran = xlsales("refresh", path, "--actuals", file, "--as-of", "2026-01-31")
    assert ran.code == 1
    assert "sales.csv!C2: 这一行有 4 个单元格,表头只有 3 个" in ran.out
    file.write_text('日期,区域,金额\n2026-01-05,华东,"1,234.50"\n2026-01-06,华东,5\n', "gb18030")
    ran = xlsales("refresh", path, "--actuals", file, "--as-of", "2026-01-31", "--json")
    assert (ran.code, ran.json["actual"]) == (0, 1239.5)


def test_not_a_word_on_the_error_stream(xlsales: Command, path: Path, tmp_path: Path) -> None:
    assert xlsales("split", path).code == 0
    other = book(
        tmp_path / "sales.xlsx",
        {"1月": [["日期", None, "区域", "金额", "空"], ["2026-01-05", None, "华东", WAN, None]]},
    )
    command = [sys.executable, "-m", "xlsales", "refresh", str(path), "--actuals", str(other), "--as-of", "2026-01-31"]
    environment = os.environ | {"XLSALES_DATA": str(tmp_path / "memory")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
