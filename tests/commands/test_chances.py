"""概率 in a workbook: beside progress, in the overview and in SMART检查, and the fan of the months to come."""

from __future__ import annotations

import datetime as dt
import random
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.commands.books import Command, Rows, again_and_back, edit_cells, members, opened, plan
from xlsales.core.faults import Lang

pytestmark = pytest.mark.package
FIRST = dt.date(2026, 1, 1)
STEPS = {round(n * 0.05, 2) for n in range(1, 20)}
HEAD = {"zh": ("日期", "区域", "金额"), "en": ("Date", "Region", "Amount")}
NAMES = {"zh": "区域", "en": "Region"}


def sales(first: dt.date, days: int, shares: Mapping[str, float], lang: Lang = "zh", seed: int = 1) -> Rows:
    """About 27,400 a day, 1000万 a year, of members by their shares."""
    luck = random.Random(seed)
    return [
        HEAD[lang],
        *(
            (first + dt.timedelta(n), name, round(27_400 * share * luck.uniform(0.5, 1.5), 2))
            for n in range(days)
            for name, share in shares.items()
        ),
    ]


SHARES = {"甲": 0.5, "乙": 0.3, "丙": 0.2}


def book_of(path: Path, days: int = 181, lang: Lang = "zh", past: bool = True) -> Path:
    """甲 sells as much as is asked, 乙 half more, 丙 half; 丁 nothing."""
    sold = {"甲": 0.5, "乙": 0.45, "丙": 0.1}
    history = sales(dt.date(2024, 1, 1), 731, SHARES, lang, 2) if past else None
    asked = members({NAMES[lang]: {**{name: 10 * share for name, share in SHARES.items()}, "丁": 0.0}})
    return plan(path, lang=lang, dimensions=asked, history=history, actuals=sales(FIRST, days, sold, lang))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_chance_is_the_same_wherever_it_is_shown(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """In steps, high for who is ahead and low for who is behind, blank for who has no target; undone by undo."""
    book = book_of(tmp_path / "book.xlsx", lang=lang)
    assert xlsales("add", book, "readiness").code == 0
    before = book.read_bytes()
    assert xlsales("split", book).code in (0, 1)
    overview, checks = opened(book).sheet("overview"), opened(book).sheet("readiness")
    sheet = opened(book).sheet(f"dimension:{NAMES[lang]}")
    told = {name: sheet.value(f"m:{name}", "chance") for name in (*SHARES, "丁")}
    assert told["丁"] is None
    assert told["乙"] == 0.95
    assert told["丙"] == 0.05
    assert {told["甲"]} <= STEPS
    assert [checks.value(f"m:{NAMES[lang]}:{name}", "chance") for name in SHARES] == [told[name] for name in SHARES]
    whole = sheet.value("total", "chance")
    assert whole in STEPS
    assert {overview.value(*at) for at in (("figure", "p0"), ("months:total", "p0"))} == {whole}
    assert checks.value("total", "chance") == whole
    beside = dict(zip(overview.down("c9", "month:.*"), overview.down("p1", "month:.*"), strict=True))
    assert {name: beside[name] for name in SHARES} == {name: told[name] for name in SHARES}
    again_and_back(xlsales, book, before)


def test_the_fan_is_of_the_months_to_come(xlsales: Command, tmp_path: Path) -> None:
    """P10 ≤ P50 ≤ P90 of each month that is not over, to three digits; a native chart draws them as lines."""
    book = book_of(tmp_path / "book.xlsx", 181 + 15)
    xlsales("split", book)
    sheet = opened(book).sheet("overview")
    fan = [[sheet.value(f"month:2026-{month:02}", key) for key in ("p10", "p50", "p90")] for month in range(1, 13)]
    assert fan[:6] == [[None] * 3] * 6
    for low, middle, high in fan[6:]:
        assert 400_000 < low < middle < high < 1_600_000
        assert all(float(f"{amount:.3g}") == amount for amount in (low, middle, high))
    assert fan[6][2] - fan[6][0] < fan[7][2] - fan[7][0]  # half of July is known
    assert sheet.value("month:2026-06", "p0") is None
    assert {sheet.value(f"month:2026-{month:02}", "p0") for month in range(7, 13)} <= STEPS
    with zipfile.ZipFile(book) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    (fan_chart,) = (chart for chart in charts if "lineChart" in chart)
    assert "barChart" in fan_chart
    assert fan_chart.count("<c:ser>") == 5


def test_a_refresh_brings_chances_to_new_sales(xlsales: Command, tmp_path: Path) -> None:
    """丙 catches up in a sum of one day: its chance is no longer the least."""
    book = book_of(tmp_path / "book.xlsx")
    xlsales("split", book)
    rows = len(sales(FIRST, 181, SHARES))
    edit_cells(book, "实际", {(rows + 1, 1): "2026-06-30", (rows + 1, 2): "丙", (rows + 1, 3): 1_500_000})
    assert xlsales("refresh", book).code in (0, 1)
    assert opened(book).sheet("dimension:区域").value("m:丙", "chance") > 0.5
    content = book.read_bytes()
    xlsales("refresh", book)
    assert book.read_bytes() == content


def test_the_same_sales_give_the_same_chances(xlsales: Command, tmp_path: Path) -> None:
    """In two workbooks, by two runs."""
    shown = []
    for name in ("one", "other"):
        book = book_of(tmp_path / f"{name}.xlsx")
        xlsales("split", book)
        sheet = opened(book).sheet("overview")
        shown.append([sheet.down(key, "month:.*") for key in ("p0", "p1", "p10", "p50", "p90")])
    assert shown[0] == shown[1]


@pytest.mark.parametrize(
    ("days", "past"), [(27, False), (365, True)], ids=["27 days are known", "as of the last day of the plan"]
)
def test_what_cannot_be_told_is_blank_and_not_worked_out(
    xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, past: bool
) -> None:
    """The rule of chances is not even imported, and no sheet explains what it does not show."""
    book = book_of(tmp_path / "book.xlsx", days, past=past)
    monkeypatch.setitem(sys.modules, "xlsales.core.chance", None)
    assert xlsales("split", book).code in (0, 1)
    overview, sheet = opened(book).sheet("overview"), opened(book).sheet("dimension:区域")
    assert {sheet.value(row, "chance") for row in sheet.rows} == {None}
    assert {value for key in ("p10", "p50", "p90", "p1") for value in overview.down(key, "month:.*")} == {None}
    assert sheet.value("note:chance", "member") is overview.value("note:chance", "c0") is None
