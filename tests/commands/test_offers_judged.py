"""What a run says to commitments that nobody has answered: the target against what the store may sell."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import WAN, Command, opened, type_in
from tests.commands.store_files import TODAY, stores_plan
from tests.commands.test_counter_offer import offer
from xlsales.hosts import cli

pytestmark = pytest.mark.unit
STORES = ["徐汇店", "静安店"]


def collected(folder: Path, xlsales: Command, by_day: float, committed: float, *, knows: bool = True) -> Path:
    """A plan of two stores that sold `by_day` in the year before, the first of which commits to less in January."""
    path, returned = folder / "计划.xlsx", folder / "交回"
    first = dt.date(2025, 1, 1)
    rows = [[first + dt.timedelta(n), s, by_day * (0.8 + n % 7 / 15)] for n in range(365) for s in STORES]
    stores_plan(path, STORES, **({"history": [["日期", "门店", "金额"], *rows]} if knows else {}), month_method="equal")
    assert xlsales("split", path).code in (0, 1)
    assert xlsales("handout", path, returned).code == 0
    offer(returned / "徐汇店.xlsx", committed, range(1, 2))
    xlsales("collect", path, returned)
    return path


def said(path: Path) -> list[str]:
    return [sentence for sentence in opened(path).problems if "十次里八次" in sentence]


@pytest.mark.parametrize(
    ("by_day", "committed", "wanted"),
    [
        (9_700.0, 28 * WAN, "可以不变"),
        (12_000.0, 28 * WAN, "可以不变"),  # it sells more than is asked
        (7_000.0, 25 * WAN, "可以接受 25万元"),
        (7_000.0, 10 * WAN, "可以接受 2"),  # lower than it sells: what is as likely as not
    ],
)
def test_the_target_against_the_range(
    xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_day: float, committed: float, wanted: str
) -> None:
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    path = collected(tmp_path, xlsales, by_day, committed)
    assert xlsales("split", path).code in (0, 1)
    (sentence,) = said(path)
    assert wanted in sentence
    assert "可以接受 10万元" not in sentence
    written = path.read_bytes()
    assert xlsales("split", path).code in (0, 1)
    assert path.read_bytes() == written


def test_nothing_is_said_without_a_range_or_after_an_answer(
    xlsales: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_now", lambda: TODAY)
    (tmp_path / "a").mkdir()
    path = collected(tmp_path / "a", xlsales, 9_700.0, 28 * WAN, knows=False)
    xlsales("split", path)
    assert said(path) == []
    (tmp_path / "b").mkdir()
    path = collected(tmp_path / "b", xlsales, 9_700.0, 28 * WAN)
    type_in(path, "承诺", "H5", "否")
    xlsales("split", path)
    assert said(path) == []
