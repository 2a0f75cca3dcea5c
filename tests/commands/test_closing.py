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


def days_of(first: dt.date, last: dt.date, every: int = 1, weekdays: range = range(7)) -> list[dt.date]:
    """The days from one to another, every so many, on these days of the week."""
    days = [first + dt.timedelta(n) for n in range(0, (last - first).days + 1, every)]
    return [day for day in days if day.weekday() in weekdays]


D = dt.date
HALF = D(2026, 6, 30)
DAILY, WEEKLY = days_of(D(2026, 1, 1), D(2026, 4, 30)), days_of(D(2026, 1, 5), D(2026, 4, 30), every=7)
ON_WORKDAYS = days_of(D(2026, 1, 5), D(2026, 5, 29), weekdays=range(5))
MONTHLY = [D(2026, month, 1) for month in (1, 2, 3, 4)]
LACKING = {
    "no February, half of March": (
        [day for day in DAILY if day.month != 2 and not (day.month == 3 and day.day > 10)],
        "2026-01 的销售已齐",
        "2026-02 没有一行销售;2026-03 的销售只到 2026-03-10:从这里起还不提议关账",
    ),
    "nothing before April": (DAILY[90:], "", "2026-01、2026-02、2026-03 没有一行销售:从这里起"),
    "January ends early": (
        [day for day in DAILY if day.month > 1 or day.day < 25],
        "",
        "2026-01 的销售只到 2026-01-24",
    ),
    "two weeks of a weekly report": (
        [day for day in WEEKLY if day.month != 2 or day.day < 10],
        "2026-01 的销售已齐",
        "2026-02 的销售只到 2026-02-09",
    ),
    "a sum a month, none in March": (MONTHLY[:2] + MONTHLY[3:], "2026-01 – 2026-02 的销售已齐", "2026-03 没有一行销售"),
}
COMPLETE = {
    "every day": (DAILY, "2026-01 – 2026-04"),
    "every week": ([*WEEKLY, D(2026, 4, 30)], "2026-01 – 2026-04"),
    "Monday to Friday, no sales in the festival": (
        [d for d in ON_WORKDAYS if not D(2026, 2, 13) < d < D(2026, 2, 24)],
        "2026-01 – 2026-04",
    ),
    "a sum on the first of each month": (MONTHLY, "2026-01 – 2026-04"),
    "a sum in the middle of each month": ([*(D(2026, m, 15) for m in (1, 2, 3)), D(2026, 4, 30)], "2026-01 – 2026-04"),
    "a day here and there": (DAILY[::3], "2026-01 – 2026-03"),
}


@pytest.mark.parametrize(("days", "offered", "said"), LACKING.values(), ids=LACKING)
def test_months_that_lack_sales_are_named_and_not_offered(
    xlsales: Command, tmp_path: Path, days: list[dt.date], offered: str, said: str
) -> None:
    """Nor are those behind them. Whoever adds the sales, or had none and fills in the day, is offered the next ones."""
    book = plan(tmp_path / "a.xlsx", dimensions=REGIONS, end=HALF, actuals=sales(*days))
    ran = xlsales("split", book)
    assert [text for text in (offered, said) if text not in ran.out] == [], ran.out
    assert ("的销售已齐" in ran.out) == bool(offered)
    assert xlsales("refresh", book, "--json").json["to_close"] in (None, "2026-01-31", "2026-02-28")
    answer(book, "closed_through", D(2026, 3, 31))
    ran = xlsales("split", book, "--rewrite")
    assert "从这里起还不提议关账" not in ran.out
    assert ("2026-04 的销售已齐" in ran.out) == (days[-1] in (D(2026, 4, 30), MONTHLY[-1]))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["no February, half of March", "January ends early"])
def test_months_that_lack_sales_are_not_closed_unasked(xlsales: Command, tmp_path: Path, name: str, lang: str) -> None:
    """A split told to close what it would change stops with the months that lack sales; --yes closes them too."""
    days, _, said = LACKING[name]
    book = plan(tmp_path / "a.xlsx", lang=lang, dimensions=REGIONS, end=HALF, actuals=sales(*days))
    asked = int(name == "January ends early")  # days left out between others are asked about
    assert xlsales("split", book).code == asked
    answer(book, "total", 1300)
    before = book.read_bytes()
    ran = xlsales("split", book, "--close")
    assert (ran.code, len(ran.sentences), book.read_bytes() == before) == (2, 1, True)
    said = (
        said.split(":")[0] if lang == "zh" else said[:7] if said.startswith("2026-01") else "No row of sales in 2026-02"
    )
    assert [text for text in (said, "2026-04-30", "--yes") if text not in ran.err] == [], ran.err
    assert xlsales("split", book, "--close", "--yes").code == asked
    assert closed(book) == dt.date(2026, 4, 30)


@pytest.mark.parametrize(("days", "offered"), COMPLETE.values(), ids=COMPLETE)
def test_a_rhythm_of_sales_is_no_gap(xlsales: Command, tmp_path: Path, days: list[dt.date], offered: str) -> None:
    """Days between sales are usual where they are so all over the plan."""
    book = plan(tmp_path / "a.xlsx", dimensions=REGIONS, end=HALF, actuals=sales(*days))
    ran = xlsales("split", book)
    assert (f"{offered} 的销售已齐" in ran.out, "没有一行销售" in ran.out, "的销售只到" in ran.out) == (
        True,
        False,
        False,
    )


def test_a_question_on_targets_comes_first(xlsales: Command, tmp_path: Path) -> None:
    """Whoever changes months on purpose is not offered to close them in the same run."""
    book = plan(tmp_path / "a.xlsx", dimensions=REGIONS, end=QUARTER, actuals=JANUARY)
    assert xlsales("split", book).code == 0
    answer(book, "total", 1300)
    assert xlsales("split", book).code == 2
    ran = xlsales("split", book, "--rewrite")
    assert (ran.code, "--close" in ran.out, closed(book)) == (0, False, None)
