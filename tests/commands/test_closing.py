"""Months with complete sales are offered to be closed: never in silence, and not again after a no."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.commands.books import Command, Rows, answer, members, opened, place_of, plan

pytestmark = pytest.mark.unit

REGIONS = members({"区域": {"华东": 3, "华北": 1}})
QUARTER = dt.date(2026, 3, 31)


def sales(*days: dt.date) -> Rows:
    return [("日期", "区域", "金额"), *((day, "华东", 100_000 + n) for n, day in enumerate(days))]


JANUARY = sales(dt.date(2026, 1, 5), dt.date(2026, 1, 31))
FEBRUARY = sales(dt.date(2026, 1, 31), dt.date(2026, 2, 28))


def closed(path: Path) -> dt.date | None:
    """The day in 已关账至."""
    title, _, cell = place_of(path, "closed_through").partition("!")
    value = opened(path).book[title][cell].value
    return value.date() if isinstance(value, dt.datetime) else None


@pytest.mark.parametrize("command", ["split", "refresh", "check"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_offered_in_a_sentence(xlsales: Command, tmp_path: Path, command: str, lang: str) -> None:
    """With the day to enter and the option; nothing is closed by it."""
    book = plan(tmp_path / "a.xlsx", lang=lang, dimensions=REGIONS, end=QUARTER, actuals=FEBRUARY)
    assert xlsales("split", book).code == 0
    ran = xlsales(command, book)
    (line,) = [line for line in ran.out.splitlines() if "--close" in line]
    assert (
        line
        == {
            "zh": "2026-01 – 2026-02 的销售已齐:要关账(目标不再改动),请把“已关账至”填为 2026-02-28,或加 --close。",
            "en": "Sales of 2026-01 to 2026-02 are complete: to close these months (targets stay for good), "
            'set "Closed through" to 2026-02-28, or add --close.',
        }[lang]
    )
    assert closed(book) is None
    assert xlsales(command, book, "--json").json["to_close"] == "2026-02-28"


@pytest.mark.parametrize("command", ["split", "refresh"])
@pytest.mark.parametrize("way", ["option", "cell"])
def test_either_remedy_closes(xlsales: Command, tmp_path: Path, command: str, way: str) -> None:
    """With --close, or the day typed into the cell: then nothing is offered, and a split keeps what is closed."""
    book = plan(tmp_path / "a.xlsx", dimensions=REGIONS, end=QUARTER, actuals=FEBRUARY)
    assert xlsales("split", book).code == 0
    if way == "cell":
        answer(book, "closed_through", dt.date(2026, 2, 28))
    ran = xlsales(command, book, *(["--close"] if way == "option" else []))
    assert ("已关账至 2026-02-28。" in ran.out, "--close" in ran.out) == (way == "option", False)
    assert closed(book) == dt.date(2026, 2, 28)
    before = opened(book).time
    again = xlsales("split", book)
    assert (again.code, "没有变化" in again.out) == (0, True)
    answer(book, "total", 1300)
    assert xlsales("split", book).code == 0
    after = opened(book).time
    for month in ("2026-01", "2026-02"):
        assert after.value(month, "target") == before.value(month, "target")
    assert after.value("2026-03", "target") == before.value("2026-03", "target") + 3_000_000
    assert xlsales("undo", book).code == 0


@pytest.mark.parametrize(
    ("days", "settings"),
    [
        ((dt.date(2026, 1, 30),), {}),
        ((dt.date(2026, 2, 27),), {"closed_through": dt.date(2026, 1, 31)}),
        ((dt.date(2026, 2, 27),), {"as_of": dt.date(2026, 1, 15)}),
        ((), {}),
    ],
    ids=["a month is not over", "it is closed", "it was not over then", "nothing was sold"],
)
def test_there_is_nothing_to_offer(
    xlsales: Command, tmp_path: Path, days: tuple[dt.date, ...], settings: dict[str, dt.date]
) -> None:
    book = plan(
        tmp_path / "a.xlsx", dimensions=REGIONS, end=QUARTER, actuals=sales(*days) if days else None, **settings
    )
    assert "--close" not in xlsales("split", book).out


def test_past_sales_of_the_plan_count_too(xlsales: Command, tmp_path: Path) -> None:
    """A plan that is made within its year: its first months are in 历史; those of the year before do not matter."""
    history = sales(dt.date(2025, 12, 31), dt.date(2026, 1, 31), dt.date(2026, 2, 3))
    book = plan(tmp_path / "a.xlsx", dimensions=REGIONS, end=QUARTER, history=history)
    assert "“已关账至”填为 2026-01-31" in xlsales("split", book).out
    assert "已关账至 2026-01-31。" in xlsales("split", book, "--close").out
    assert closed(book) == dt.date(2026, 1, 31)


def test_a_question_on_targets_comes_first(xlsales: Command, tmp_path: Path) -> None:
    """Whoever changes months on purpose is not offered to close them in the same run."""
    book = plan(tmp_path / "a.xlsx", dimensions=REGIONS, end=QUARTER, actuals=JANUARY)
    assert xlsales("split", book).code == 0
    answer(book, "total", 1300)
    assert xlsales("split", book).code == 2
    ran = xlsales("split", book, "--yes")
    assert (ran.code, "--close" in ran.out, closed(book)) == (0, False, None)
