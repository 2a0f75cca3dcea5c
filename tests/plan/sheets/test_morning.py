"""周一早读: at most seven sentences; each number in them is that of the cell it comes from, in both languages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.calc import read_back, recalculated
from tests.commands.books import REGIONS, Command, Shown, edit_cells, fill, members, opened, plan, type_in
from xlsales.core.faults import Lang
from xlsales.plan.actions.table import T_ACTIONS
from xlsales.plan.morning.table import KINDS, T_MORNING
from xlsales.vocabulary.contract import UNIT_YUAN

pytestmark = pytest.mark.package

START, LAST = dt.date(2026, 1, 1), dt.date(2026, 3, 1)
DATE = r"\d\d-\d\d(?:~\d\d-\d\d)?"
NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?%?")
TITLES = {"zh": "早读", "en": "Reading"}
HEADERS = {"zh": ("日期", "区域", "金额"), "en": ("Date", "Region", "Amount")}
PIECES = {"zh": "数量", "en": "Quantity"}
Sold = Callable[[dt.date, str], float | None]
WEIGHTS = {name: float(weight) for name, weight in REGIONS.items()}


def due(day: dt.date, region: str) -> float:
    """What a region sells a day of an even plan of 10 million."""
    days = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[day.month - 1]
    return 10_000_000 * WEIGHTS[region] / 1000 / 12 / days


def sales(sold: Sold, last: dt.date, lang: Lang = "zh", first: dt.date = START) -> list[list[object]]:
    days = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
    rows: list[list[object]] = [[day, region, sold(day, region)] for day in days for region in WEIGHTS]
    return [list(HEADERS[lang]), *(row for row in rows if row[2] is not None)]


def reading(
    path: Path, xlsales: Command, sold: Sold, last: dt.date, lang: Lang = "zh", **options: Any
) -> dict[str, str]:
    """Split a plan with sales and the page added; return its sentences by kind."""
    rows = members({HEADERS[lang][1]: WEIGHTS})
    header, *sold_by_day = sales(sold, last, lang)
    if options.get("unit") == "piece":
        header[2], sold_by_day = PIECES[lang], [[*one[:2], round(one[2])] for one in sold_by_day]  # type: ignore[call-overload]
    given = {"dimensions": rows, "actuals": [header, *sold_by_day], "day_step": 1, **options}
    plan(path, lang=lang, **given)
    assert xlsales("add", path, TITLES[lang]).code == 0
    assert xlsales("split", path).code in (0, 1)
    return sentences(opened(path).sheet("morning"))


def sentences(shown: Shown) -> dict[str, str]:
    texts = {key[2:]: shown.value(key, "say") for key in shown.rows if key.startswith("s:")}
    assert list(texts) == list(KINDS)
    return {kind: text for kind, text in texts.items() if text}


def numbers(text: str) -> list[str]:
    """The numbers in a sentence: not those of dates, nor those in names."""
    return NUMBER.findall(re.sub(rf"“[^”]*”|\"[^\"]*\"|{DATE}|10k", " ", text))


def agrees(number: str, value: float, unit: str) -> bool:
    """Whether a number as it is printed is a cell's value: in full, in the plan's unit, or in percent."""
    digits = number.replace(",", "").rstrip("%")
    half = 0.5 * 10.0 ** -len(digits.partition(".")[2]) * 1.001
    scales = (100.0,) if number.endswith("%") else (1.0, 1 / UNIT_YUAN[unit])
    return any(abs(float(digits) - value * scale) <= half for scale in scales)


def proved(path: Path, unit: str) -> int:
    """Check each number against the cell it comes from; return how many there are."""
    book = opened(path)
    shown, count = book.sheet("morning"), 0
    for kind, text in sentences(shown).items():
        feet = [key for key in shown.rows if key.startswith(f"f:{kind}:") and shown.value(key, "say")]
        values = [shown.value(key, "figure") for key in feet]
        for key, value in zip(feet, values, strict=True):
            assert shown.value(key, "n") == shown.value(f"s:{kind}", "n")
            assert there(book.book, shown.value(key, "from"), value) == pytest.approx(value)
            assert shown.value(key, "to") == led(shown.value(key, "from"))
        assert len(numbers(text)) == len(values), (text, values)
        for number in numbers(text):
            mine = next((value for value in values if agrees(number, value, unit)), None)
            assert mine is not None, (number, values, text)
            values.remove(mine)
        if feet:
            main = shown.value(f"s:{kind}", "figure")
            assert main == shown.value(feet[0], "figure")
            assert there(book.book, shown.value(f"s:{kind}", "from"), None) == pytest.approx(main)
        count += len(feet)
    said = [shown.value(f"s:{kind}", "n") for kind in sentences(shown)]
    assert said == list(range(1, len(said) + 1))
    assert len(said) <= 7
    return count


def led(link: str | None) -> str | None:
    """What is said of where a figure comes from: the title of the sheet."""
    return None if link is None else "→ " + link.removeprefix("#'").rpartition("'!")[0]


def there(book: Any, link: str | None, otherwise: float | None) -> Any:
    """What is in the cell that a link leads to."""
    if link is None:
        return otherwise
    title, address = re.fullmatch(r"#'(.+)'!([A-Z]+\d+)", link).groups()  # type: ignore[union-attr]
    return book[title.replace("''", "'")][address].value


def uneven(day: dt.date, region: str) -> float | None:
    """东北 sells next to nothing in its last week, 华北 catches up in it, 华南 has no figure on two days."""
    late = day > dt.date(2026, 2, 22)
    if region == "东北":
        return due(day, region) * (0.01 if late else 0.94)
    if region == "华北":
        return due(day, region) * (4.0 if late else 0.75)
    if region == "华南" and day in (dt.date(2026, 2, 26), dt.date(2026, 2, 27)):
        return None
    return due(day, region) * (1.0 + day.day % 3 / 100)


@pytest.mark.parametrize(("lang", "unit"), [("zh", "wan"), ("en", "thousand"), ("en", "piece"), ("zh", "yuan")])
def test_each_number_is_that_of_its_cell(xlsales: Command, tmp_path: Path, lang: Lang, unit: str) -> None:
    """All kinds of sentences, in a plan of each unit; LibreOffice computes the same, and undo gives the bytes."""
    path = tmp_path / "p.xlsx"
    total = 10_000_000 / UNIT_YUAN[unit]
    said = reading(path, xlsales, uneven, LAST, lang, unit=unit, total=total)
    assert proved(path, unit) > 12
    assert {"where", "week", "red", "missing", "need", "recovered"} <= set(said)
    assert "东北" in said["red"]
    assert "华北" in said["recovered"]
    assert "华南" in said["missing"]
    assert "02-23~03-01" in said["week"]
    before, shown = path.read_bytes(), opened(path).sheet("morning")
    again = recalculated(path, tmp_path)[shown.sheet.title]
    for key in shown.rows:
        for column in ("figure", "to"):
            value, at = shown.value(key, column), shown.cell(key, column).coordinate
            assert again[at].value == (pytest.approx(value) if isinstance(value, float) else value), (key, column)
    assert xlsales("refresh", path).code in (0, 1)
    assert path.read_bytes() == before
    assert xlsales("undo", path).code == 0


def test_last_week_adds_up(xlsales: Command, tmp_path: Path) -> None:
    """Of an as-of date on a Wednesday the week before it counts; target, sales and who missed most are their days."""
    path = tmp_path / "p.xlsx"
    said = reading(path, xlsales, uneven, dt.date(2026, 3, 4))
    shown = opened(path).sheet("morning")
    assert "02-23~03-01" in said["week"]
    days = [dt.date(2026, 2, 23) + dt.timedelta(n) for n in range(7)]
    sold = sum(uneven(day, region) or 0.0 for day in days for region in WEIGHTS)
    assert shown.value("f:week:done", "figure") == pytest.approx(sold, abs=0.1)
    target = sum(due(day, region) for day in days for region in WEIGHTS)
    assert shown.value("f:week:target", "figure") == pytest.approx(target, rel=0.01)
    gap = shown.value("f:week:target", "figure") - shown.value("f:week:done", "figure")
    assert shown.value("f:week:gap", "figure") == pytest.approx(abs(gap))
    missed = sum(due(day, "东北") * 0.99 for day in days)
    assert shown.value("f:week:1", "figure") == pytest.approx(missed, rel=0.01)
    assert proved(path, "wan")


CASES: Sequence[tuple[str, dict[str, Any], dt.date, set[str], set[str]]] = (
    ("no full week yet", {}, dt.date(2026, 1, 3), {"where", "need"}, {"week", "red", "recovered"}),
    ("a week that the plan cuts", {}, dt.date(2026, 1, 4), {"where", "week"}, {"red", "recovered"}),
    ("nothing of last week", {"as_of": dt.date(2026, 3, 10)}, LAST, {"week", "need"}, {"red", "recovered"}),
    ("a plan of a month", {"end": dt.date(2026, 1, 31)}, dt.date(2026, 1, 25), {"where", "week", "need"}, set()),
    ("a holiday in it", {}, dt.date(2026, 2, 22), {"week"}, set()),
    ("the last day", {"end": LAST}, LAST, {"where", "week"}, {"need"}),
    ("one member", {"dimensions": members({"区域": {"东北": 1}})}, LAST, {"where", "week"}, set()),
    ("no dimension", {"dimensions": []}, LAST, {"where", "week", "need"}, {"red", "missing"}),
    ("fiscal months", {"month_end": 21}, LAST, {"where", "week", "need"}, set()),
    ("whole weeks", {"week_rule": "iso"}, LAST, {"where", "week", "need"}, set()),
    ("weeks from Sunday", {"week_start": "sun"}, LAST, {"where", "week", "need"}, set()),
    ("a plan of a day", {"start": LAST, "end": LAST}, LAST, {"where"}, {"need"}),
    ("a total of zero", {"total": 0}, LAST, set(), {"red", "need"}),
    ("million", {"unit": "million", "total": 10}, LAST, {"where", "week", "need"}, set()),
    ("not begun", {"start": dt.date(2027, 1, 1), "end": dt.date(2027, 12, 31)}, LAST, set(), {"week", "red"}),
)  # fmt: skip


@pytest.mark.parametrize(("of", "options", "last", "there", "not_there"), CASES, ids=[case[0] for case in CASES])
def test_plans_of_all_kinds(
    xlsales: Command, tmp_path: Path, of: str, options: dict[str, Any], last: dt.date, there: set[str],
    not_there: set[str],
) -> None:  # fmt: skip
    """What cannot be said is not said, and what is said is proved."""
    path = tmp_path / "p.xlsx"
    said = reading(path, xlsales, uneven, last, **options)
    assert there <= set(said)
    assert not not_there & set(said)
    assert not re.search(r"nan|None|inf", " ".join(said.values()))
    proved(path, options.get("unit", "wan"))
    if of == "a holiday in it":
        assert "放假 7 天" in said["week"]
    if of == "nothing of last week":
        assert said["week"] == "上周(03-02~03-08)还没有销售数据。"
    if of == "a plan of a month":
        assert "到本月底" not in said["need"]
    if of == "weeks from Sunday":
        assert "02-22~02-28" in said["week"]


def test_months_alone_say_nothing_of_weeks(xlsales: Command, tmp_path: Path) -> None:
    """Actuals that are sums of months have no last week, and no lamp of a week before."""
    ends = dt.date(2026, 1, 31), dt.date(2026, 2, 28)
    months = [[day, region, due(day, region) * 20] for day in ends for region in WEIGHTS]
    said = reading(tmp_path / "p.xlsx", xlsales, uneven, START, actuals=[list(HEADERS["zh"]), *months])
    assert {"where", "need"} <= set(said)
    assert not {"week", "red", "recovered", "missing"} & set(said)


def test_without_actuals_it_says_so(xlsales: Command, tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    assert reading(path, xlsales, uneven, START, actuals=None) == {"where": "还没有实际数据。"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_falls_due_is_said(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """An action that ends within the week after the as-of date; not one that is done, or ends later."""
    path = tmp_path / "p.xlsx"
    reading(path, xlsales, uneven, LAST, lang)
    title = {"zh": "行动", "en": "Actions"}[lang]
    assert xlsales("add", path, title).code == 0
    blank: dict[str, float | str] = {column.key: "" for column in T_ACTIONS.columns}
    done = {"zh": "完成", "en": "done"}[lang]
    rows = [
        blank | {"measure": "店庆 2026", "ends": 46089.0, "expected": 1.0},  # 2026-03-08
        blank | {"measure": "促销", "ends": 46087.0, "expected": 1.0, "status": done},
        blank | {"measure": "回访", "ends": 46090.0, "expected": 1.0},
    ]
    fill(path, T_ACTIONS, title, rows)
    assert xlsales("refresh", path).code in (0, 1)
    said = sentences(opened(path).sheet("morning"))
    assert {"zh": "行动 1 项(“店庆 2026”)", "en": '1 action ("店庆 2026")'}[lang] in said["due"]
    proved(path, "wan")


def test_a_sentence_that_is_not_wanted_stays_away(xlsales: Command, tmp_path: Path) -> None:
    """Rows of the table are cleared, one is no sentence: the others count, it is told; the page stays a person's."""
    path = tmp_path / "p.xlsx"
    reading(path, xlsales, uneven, LAST)
    keys = list(KINDS)
    blank = {"sentence": ""}
    fill(path, T_MORNING, "早读", [{} if key in ("where", "red") else blank for key in keys])
    edit_cells(path, "周一早读", {(3, 12): "我的"})
    type_in(path, "早读", f"B{5 + keys.index('red')}", "转绿")
    ran = xlsales("refresh", path)
    assert "转绿" in ran.out + ran.err or any("句子" in one for one in opened(path).problems)
    assert set(sentences(opened(path).sheet("morning"))) == {"where"}
    assert read_back(path)["周一早读"].cell(3, 12).value == "我的"
    fill(path, T_MORNING, "早读", [blank for _ in keys])
    assert xlsales("refresh", path).code in (0, 1)


def test_a_cell_that_moved_is_not_shown(xlsales: Command, tmp_path: Path) -> None:
    """A person changes a cell that a number comes from: the page says so in LibreOffice, and a refresh mends it."""
    path = tmp_path / "p.xlsx"
    reading(path, xlsales, uneven, LAST)
    shown = opened(path).sheet("morning")
    title, address = re.fullmatch(r"#'(.+)'!([A-Z]+\d+)", shown.value("f:where:actual", "from")).groups()  # type: ignore[union-attr]
    type_in(path, title, address, 1.0)
    again = recalculated(path, tmp_path)[shown.sheet.title]
    assert again[shown.cell("f:where:actual", "figure").coordinate].value == "?"
    assert again[shown.cell("f:where:time", "figure").coordinate].value == shown.value("f:where:time", "figure")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_of_eight_sentences_the_least_weighty_is_left_out(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """A likely slip of a hundred times is said; who recovered has no room. Labelled numbers stay those of cells."""

    def slipped(day: dt.date, region: str) -> float | None:
        amount = uneven(day, region)
        return amount and amount * (100 if (day, region) == (dt.date(2026, 2, 10), "华西") else 1)

    path = tmp_path / "p.xlsx"
    reading(path, xlsales, slipped, LAST, lang)
    title = {"zh": "行动", "en": "Actions"}[lang]
    assert xlsales("add", path, title).code == 0
    blank: dict[str, float | str] = {column.key: "" for column in T_ACTIONS.columns}
    fill(path, T_ACTIONS, title, [blank | {"measure": "店庆", "ends": 46089.0, "expected": 1.0}, blank])
    assert xlsales("refresh", path).code in (0, 1)
    said = sentences(opened(path).sheet("morning"))
    assert list(said) == [kind for kind in KINDS if kind != "recovered"]
    assert "华西" in said["doubts"]
    proved(path, "wan")
