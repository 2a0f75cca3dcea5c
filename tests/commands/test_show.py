"""`show`: the progress that is in the workbook, as a table that lines up and as figures for programs."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest

from tests.commands.books import WAN, Command, members, plan
from xlsales.commands.outcome import Table
from xlsales.hosts.command_line.help_pages import width
from xlsales.hosts.command_line.tables import drawn

pytestmark = pytest.mark.unit
TREE = [
    {"dimension": "区域", "member": "华东", "weight": 3},
    {"dimension": "区域", "member": "上海", "parent": "华东", "weight": 2},
    {"dimension": "区域", "member": "杭州", "parent": "华东", "weight": 1},
    {"dimension": "区域", "member": "华北", "weight": 1},
    *members({"产品": {"甲": 1, "乙": 1}}),
]
SALES = (
    ("日期", "区域", "产品", "金额"),
    (dt.date(2026, 1, 31), "上海", "甲", 600_000),
    (dt.date(2026, 1, 31), "华北", "乙", 150_000),
)


@pytest.fixture(name="book")
def _book(xlsales: Command, tmp_path: Path) -> Path:
    """1,200万 over twelve equal months, a January of 75万."""
    book = plan(tmp_path / "计划.xlsx", total=1200, dimensions=TREE, actuals=SALES)
    assert xlsales("split", book).code == 0
    return book


def test_the_company_by_months(xlsales: Command, book: Path) -> None:
    """Years to months, in the unit of the sheets; what is to come is a dash; nothing is written."""
    before = book.read_bytes()
    ran = xlsales("show", book)
    assert (ran.code, ran.err) == (0, "")
    caption, header, *lines = ran.out.splitlines()
    assert "单位:万元" in caption
    assert "截止日 2026-01-31" in caption
    assert header.split() == ["目标", "实际", "达成率", "进度差", "差额", "预计完成", "日均需达(元)", "状态"]
    by_name = {line.split()[0]: line.split()[1:] for line in lines}
    assert by_name["合计"][:2] == ["1,200.0", "75.0"]
    assert by_name["1月"] == ["100.0", "75.0", "75.0%", "-25.0%", "25.0", "75.0", "–", "红"]
    assert by_name["2月"] == ["100.0", *"–" * 7]
    assert len(by_name) == 1 + 1 + 2 + 4 + 12
    assert book.read_bytes() == before


def test_every_column_lines_up(xlsales: Command, book: Path) -> None:
    """Chinese characters take two columns of a terminal: every line of figures ends in the same one."""
    _, *lines = xlsales("show", book, "区域").out.splitlines()
    assert len({width(line) for line in lines}) == 1


def test_the_members_of_a_dimension(xlsales: Command, book: Path) -> None:
    """Members under their parents; the dimension may be called by the title of its sheet."""
    ran = xlsales("show", book, "区域")
    names = [line[: len(line) - len(line.lstrip())] + line.split()[0] for line in ran.out.splitlines()[2:]]
    assert names == ["合计", "华东", "  上海", "  杭州", "华北"]
    assert ran.out.splitlines()[4].split()[1:4] == ["600.0", "60.0", "10.0%"]
    assert xlsales("show", book, "按区域").out == ran.out


def test_figures_for_programs(xlsales: Command, book: Path) -> None:
    """Amounts are yuan, the status is a key, what is blank is null."""
    rows = {row["key"]: row for row in xlsales("show", book, "产品", "--json").json["rows"]}
    assert (rows["m:甲"]["target"], rows["m:甲"]["actual"], rows["m:甲"]["name"]) == (600 * WAN, 60 * WAN, "甲")
    assert rows["m:甲"]["attainment"] == pytest.approx(0.1)
    months = {row["key"]: row for row in xlsales("show", book, "--json").json["rows"]}
    assert (months["2026-01"]["status"], months["2026-02"]["status"]) == ("red", None)
    assert (months["2026-02"]["target"], months["2026-02"]["actual"]) == (100 * WAN, None)


def test_before_there_are_actuals(xlsales: Command, tmp_path: Path) -> None:
    """Targets alone are shown, in English for an English plan."""
    book = plan(tmp_path / "plan.xlsx", lang="en", dimensions=members({"Region": {"East": 1, "West": 1}}))
    assert xlsales("split", book).code == 0
    lines = xlsales("show", book, "region").out.splitlines()
    assert "No actuals yet" in lines[0]
    assert lines[1].split()[:3] == ["Target", "Actual", "Attainment"]
    assert lines[3].split() == ["East", "500.0", *"–" * 7]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_cannot_be_shown(xlsales: Command, book: Path, tmp_path: Path, lang: str) -> None:
    """A dimension without a sheet, a plan that was not split, a workbook that is no plan: one sentence each."""
    new, other = tmp_path / "new.xlsx", tmp_path / "other.xlsx"
    plan(new, dimensions=TREE)
    import openpyxl

    openpyxl.Workbook().save(other)
    for call in ((book, "大区"), (new,), (other,), (tmp_path / "none.xlsx",)):
        ran = xlsales("show", *call, "--lang", lang)
        assert (ran.code, ran.out, len(ran.sentences)) == (2, "", 1)
    expected = "可以看:区域、产品。" if lang == "zh" else "You can see: 区域, 产品."
    assert expected in xlsales("show", book, "大区", "--lang", lang).err


class Terminal(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


def test_colours_are_for_terminals_that_have_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lamp has its colour on a terminal, none with NO_COLOR and none in a pipe; long lines are not cut."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "20")
    table = Table("Caption", ("", "Target", "Status"), (("A [b]very[/b] long name", "1,000.0", "绿"),), ("green",))
    assert "\x1b[32m" in drawn(table, Terminal())
    assert drawn(table, io.StringIO()).splitlines()[2] == "A [b]very[/b] long name  1,000.0      绿"
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in drawn(table, Terminal())
