"""重排 through the workbook: three prices, and choices that a split carries out once; closed months stay."""

from __future__ import annotations

import datetime as dt
import random
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl.utils import get_column_letter

from tests.commands.books import (
    WAN,
    Command,
    again_and_back,
    answer,
    fill,
    fill_in,
    members,
    opened,
    part_of,
    plan,
    type_in,
)
from xlsales.core.faults import Lang
from xlsales.plan.adjustments.tables import T_TRANSFERS

pytestmark = pytest.mark.package
D = dt.date
AUGUST = D(2026, 8, 31)
TITLE = {"zh": "重排", "en": "Re-plan"}
STORE, GOODS = {"zh": "门店", "en": "Store"}, {"zh": "产品", "en": "Product"}
WORDS = {"roll": ("滚入", "roll in"), "reserve": ("预留", "reserve"), "lower": ("降低总目标", "lower total")}
SOLD = {"甲": 40, "乙": 55, "丙": 50}
"""What each store sells a month, of a target of 50."""


_WRITTEN: dict[str, bytes] = {}
"""Plans as they are when a test begins: most begin with the same one."""


def word(way: str, lang: Lang) -> str:
    return WORDS[way][lang == "en"]


def stores_plan(
    path: Path, xlsales: Command, lang: Lang = "zh", closed: dt.date | None = AUGUST, **more: object
) -> Path:
    """1800万 of three stores and two products, split and closed through August, with sales up to then."""
    key = repr((lang, closed, more))
    if key in _WRITTEN:
        path.write_bytes(_WRITTEN[key])
        return path
    dimensions = members({STORE[lang]: dict.fromkeys(SOLD, 1), GOODS[lang]: {"A": 1, "B": 1}})
    header = {"zh": ("日期", "门店", "产品", "金额"), "en": ("Date", "Store", "Product", "Amount")}[lang]
    sold = [
        (D(2026, month, day), name, goods, amount * WAN / 4)
        for month in range(1, 9)
        for day in (5, 28)
        for name, amount in SOLD.items()
        for goods in "AB"
    ]
    settings = {"total": 1800, "as_of": AUGUST, "closed_through": closed, **more}
    plan(path, lang=lang, dimensions=dimensions, actuals=[header, *sold], **settings)
    assert xlsales("split", path, "--rewrite").code in (0, 1)
    assert xlsales("add", path, TITLE[lang]).code == 0
    assert xlsales("refresh", path).code in (0, 1)
    _WRITTEN[key] = path.read_bytes()
    return path


def choose(path: Path, cells: Mapping[str, tuple[str, str] | float | str]) -> None:
    """Type ways and reasons into rows of the sheet by their keys; an amount goes into its own column."""
    shown = opened(path).sheet("replan")
    letters = {key: get_column_letter(column) for key, column in shown.columns.items()}
    for key, value in cells.items():
        typed = (
            {"typed": value} if not isinstance(value, tuple) else dict(zip(("choice", "reason"), value, strict=True))
        )
        for column, text in typed.items():
            if text != "":
                type_in(path, shown.sheet.title, f"{letters[column]}{shown.rows[key]}", text)


def own(path: Path, lang: Lang = "zh") -> dict[str, tuple[float, ...]]:
    """The year and the months from September on of the stores and their unassigned row, in 万."""
    shown = opened(path).dimension(STORE[lang])
    columns = ("target", *(f"t:2026-{m:02}" for m in range(9, 13)))
    rows = {key: key.removeprefix("m:") for key in shown.rows if key.startswith(("m:", "unassigned:"))}
    return {name: tuple(round((shown.value(key, c) or 0) / WAN, 1) for c in columns) for key, name in rows.items()}


def closed_cells(path: Path) -> dict[str, list[bytes]]:
    """The XML of the cells of closed months, of every sheet that has targets."""
    out = {}
    book = opened(path)
    for key in ("time", "dimension:门店", "dimension:产品"):
        shown = book.sheet(key)
        part = part_of(path, shown.sheet.title)
        with zipfile.ZipFile(path) as archive:
            xml = archive.read(part)
        if key == "time":
            at = [
                (row, shown.columns["target"]) for name, row in shown.rows.items() if "2026-01" <= name[:7] < "2026-09"
            ]
        else:
            columns = [column for name, column in shown.columns.items() if re.fullmatch(r"t:2026-0[1-8]", name)]
            at = [(row, column) for name, row in shown.rows.items() if name.startswith("m:") for column in columns]
        found = (re.search(rf'<c r="{get_column_letter(c)}{r}".*?(?:/>|</c>)'.encode(), xml) for r, c in at)
        out[key] = [cell[0] for cell in found if cell]
    return out


def proofs(path: Path) -> list[float]:
    """What every proof of a dimension and of the re-plan shows."""
    book = opened(path)
    out = []
    for key in ("dimension:门店", "dimension:产品", "replan"):
        shown = book.sheet(key)
        rows = [row for name, row in shown.rows.items() if name.startswith("proof:")]
        out += [shown.sheet.cell(row, column).value for row in rows for column in shown.columns.values()]
    return [value for value in out if isinstance(value, int | float)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_way_has_its_year_and_its_rate_beside_the_best_month(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """甲 lacks 80 of 400: 280 over 122 days, or 200; its best month was February, 40 over 28 days."""
    shown = opened(stores_plan(tmp_path / "plan.xlsx", xlsales, lang)).sheet("replan")

    def of(key: str) -> dict[str, float]:
        return {c: shown.value(key, c) for c in shown.columns if isinstance(shown.value(key, c), int | float)}

    row, rolled, waived, best = of(f"m:{STORE[lang]}:甲"), 280 * WAN / 122, 200 * WAN / 122, 40 * WAN / 28
    assert (row["target"], row["missed"], row["place"], row["days"]) == (600 * WAN, 80 * WAN, 80 * WAN, 122)
    assert row["best"] == pytest.approx(best)
    for way, total, rate in (("roll", 600, rolled), ("reserve", 520, waived), ("lower", 520, waived)):
        assert row[f"{way}_total"] == total * WAN
        assert row[f"{way}_rate"] == pytest.approx(rate)
        assert row[f"{way}_best"] == pytest.approx(rate / best)
    ahead = of(f"m:{STORE[lang]}:乙")
    assert (ahead["missed"], ahead["place"], ahead["lower_total"]) == (-40 * WAN, 0, 600 * WAN)
    assert (of("total")["missed"], of("total")["place"], of("total")["lower_total"]) == (40 * WAN, 40 * WAN, 1760 * WAN)
    assert of(f"d:{STORE[lang]}")["lower_total"] == 1720 * WAN
    assert of(f"reserve:{STORE[lang]}")["reserve_total"] == 80 * WAN


WAYS = {
    "roll": ({"m:门店:甲": "roll"}, 1800, {"甲": (600, 50, 50, 50, 50), "乙": (600, 50, 50, 50, 50)}),
    "reserve": (
        {"m:门店:甲": "reserve"},
        1800,
        {"甲": (520, 30, 30, 30, 30), "乙": (600, 50, 50, 50, 50), "unassigned:1": (80, 20, 20, 20, 20)},
    ),
    "lower": ({"m:门店:甲": "lower"}, 1720, {"甲": (520, 30, 30, 30, 30), "乙": (600, 50, 50, 50, 50)}),
    "company, roll": ({"total": "roll"}, 1800, {"甲": (600, 50, 50, 50, 50)}),
    "company, reserve": (
        {"total": "reserve"},
        1800,
        {"甲": (586.7, 46.7, 46.7, 46.6, 46.7), "unassigned:1": (40, 10, 10, 10, 10)},
    ),
    "company, lower": ({"total": "lower"}, 1760, {"甲": (586.7, 46.7, 46.7, 46.6, 46.7)}),
    "company, a new total": ({"total": "roll", "new": 1920}, 1920, {"甲": (640, 60, 60, 60, 60)}),
    "company, a new total in reserve": (
        {"total": "reserve", "new": 1920},
        1920,
        {"甲": (586.7, 46.7, 46.7, 46.6, 46.7), "unassigned:1": (160, 40, 40, 40, 40)},
    ),
    "company, less than a new total": ({"total": "lower", "new": 1920}, 1760, {"甲": (586.7, 46.7, 46.7, 46.6, 46.7)}),
}


@pytest.mark.parametrize("case", WAYS)
def test_a_choice_with_a_reason_is_carried_out_once(xlsales: Command, tmp_path: Path, case: str) -> None:
    """It is told first if targets change, closes, leaves closed cells, is kept with its reason, and can be undone."""
    chosen, total, expected = WAYS[case]
    path = stores_plan(tmp_path / "plan.xlsx", xlsales)
    typed = {k: (word(v, "zh"), "门前修路") if isinstance(v, str) else float(v) for k, v in chosen.items()}
    choose(path, typed | {"reserve": 200.0})
    before, shut, now = path.read_bytes(), closed_cells(path), own(path)
    ran = xlsales("split", path)
    if own(path) == now and total == 1800 and "reserve" not in case:
        assert ran.code in (0, 1)
    else:
        assert ran.code == 2
        assert "决定和原因写进“重排决定”" in ran.err
        assert path.read_bytes() == before
        assert xlsales("split", path, "--yes", "--rewrite").code in (0, 1)
    shown = own(path)
    for name, row in expected.items():
        assert shown[name] == pytest.approx(row, abs=0.11), name
        assert shown[name][0] == pytest.approx(sum(row[1:]) + (0 if ":" in name else 400), abs=0.11)
    assert opened(path).time.value("total", "target") == total * WAN
    assert closed_cells(path) == shut
    assert proofs(path)
    assert not any(proofs(path))
    sheet = opened(path).sheet("replan")
    key = next(iter(chosen))
    assert [sheet.value(key, column) for column in ("choice", "reason")] == [None, None]
    assert word(str(chosen[key]), "zh") in sheet.value(key, "state")
    assert sheet.value(key, "place") == 0
    table = [row for row in opened(path).book["重排决定"].iter_rows(min_row=5, min_col=2, values_only=True) if any(row)]
    assert {row[7] for row in table} == {"门前修路"}
    assert all(row[8] is not None for row in table)
    again_and_back(xlsales, path, before)


def test_versions_say_whose_months_changed_and_why(xlsales: Command, tmp_path: Path) -> None:
    """Member, months, from, to and the reason; what follows from it is told as that."""
    path = stores_plan(tmp_path / "plan.xlsx", xlsales)
    choose(path, {"m:门店:甲": ("降低总目标", "门前修路")})
    assert xlsales("split", path, "--yes", "--rewrite").code in (0, 1)
    shown = opened(path).sheet("versions")
    lines = {
        shown.value(key, "what"): (shown.value(key, "from"), shown.value(key, "to"), shown.value(key, "why"))
        for key in shown.rows
        if key.startswith("v:2:")
    }
    why = "重排(降低总目标):门前修路"
    assert lines["门店 甲"] == (600 * WAN, 520 * WAN, why)
    assert lines["门店 甲 2026-09 – 2026-12"] == (200 * WAN, 120 * WAN, why)
    assert lines["公司整体 2026-09 – 2026-12"] == (600 * WAN, 520 * WAN, why)
    assert lines["产品 A"][2] == "余额重新分摊"


def test_a_deleted_row_takes_its_decision_back(xlsales: Command, tmp_path: Path) -> None:
    """The table is what later splits go by: without its rows the targets are as before."""
    path = stores_plan(tmp_path / "plan.xlsx", xlsales)
    now = own(path)
    choose(path, {"m:门店:甲": ("预留", "门前修路"), "reserve": 80.0})
    assert xlsales("split", path, "--yes", "--rewrite").code in (0, 1)
    assert own(path) != now
    for row in range(5, 9):
        for column in "BCDEFGHIJ":
            type_in(path, "重排决定", f"{column}{row}", "")
    assert xlsales("split", path).code in (0, 1)
    assert own(path) == now
    assert opened(path).sheet("replan").value("m:门店:甲", "place") == 80 * WAN


def test_what_is_placed_is_placed_when_further_months_close(xlsales: Command, tmp_path: Path) -> None:
    """A later closing adds what these months missed alone, and keeps the waived months as they are."""
    path = stores_plan(tmp_path / "plan.xlsx", xlsales)
    choose(path, {"m:门店:甲": ("降低总目标", "门前修路")})
    assert xlsales("split", path, "--yes", "--rewrite").code in (0, 1)
    now = own(path)
    answer(path, "as_of", D(2026, 9, 30))
    answer(path, "closed_through", D(2026, 9, 30))
    ran = xlsales("split", path)
    assert ran.code in (0, 1), ran.err
    assert own(path) == now
    assert opened(path).sheet("replan").value("m:门店:甲", "place") == 30 * WAN
    choose(path, {"m:门店:甲": ("降低总目标", "还没修好")})
    assert xlsales("split", path, "--yes", "--rewrite").code in (0, 1)
    assert own(path)["甲"] == (490, 30, 20, 20, 20)
    assert opened(path).time.value("total", "target") == 1690 * WAN


REFUSED = {
    "no reason": ({"m:门店:甲": ("预留", "")}, "没有写原因", "without a reason"),
    "no such way": ({"m:门店:甲": ("随便", "修路")}, "不是能选的", "cannot be chosen"),
    "nothing to place": ({"m:门店:乙": ("滚入", "修路")}, "没有要安排的", "nothing to place"),
    "no reserve": ({"m:门店:甲": ("预留", "修路")}, "“可用预留”还有 0万元", "and 0"),
    "too small a reserve": ({"m:门店:甲": ("预留", "修路"), "reserve": 79.0}, "还有 79万元", "and 79"),
    "a reserve that is no amount": ({"m:门店:甲": ("预留", "修路"), "reserve": "很多"}, "没有计入", "does not count"),
    "company and a member": (
        {"total": ("滚入", "修路"), "m:门店:甲": ("滚入", "修路")}, "都选了,是同一笔钱", "It is the same money",
    ),
    "two dimensions lower the total": (
        {"m:产品:A": ("降低总目标", "修路"), "m:门店:甲": ("降低总目标", "修路")}, "都选了", "It is the same money",
    ),
    "a new total below what is closed": (
        {"total": ("滚入", "修路"), "new": 1100.0}, "低于已关账的目标 1200万元", "below the closed targets of 1200",
    ),
    "a new total without a choice": ({"new": 1900.0}, "公司整体还没有选", "no way is chosen"),
    "a new total off the step": ({"total": ("滚入", "修路"), "new": 1900.05}, "整数倍", "no multiple"),
    "a new total that is no amount": ({"total": ("滚入", "修路"), "new": "多些"}, "没有计入", "does not count"),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_carried_out_is_told_and_stays(xlsales: Command, tmp_path: Path, case: str, lang: Lang) -> None:
    """One sentence at its cell; nothing else changes, what was typed is there, and a second run does no more."""
    cells, zh, en = REFUSED[case]
    if lang == "en":
        named = dict(WORDS.values())
        cells = {
            key.replace("门店", "Store").replace("产品", "Product"): (named.get(value[0], value[0]), value[1])
            if isinstance(value, tuple)
            else value
            for key, value in cells.items()
        }
    path = stores_plan(tmp_path / "plan.xlsx", xlsales, lang)
    now = own(path, lang)
    choose(path, cells)
    ran = xlsales("split", path, "--yes", "--rewrite")
    assert ran.code in (0, 1), ran.err
    assert own(path, lang) == now
    told = [sentence for sentence in opened(path).problems if (zh if lang == "zh" else en) in sentence]
    assert told, opened(path).problems
    shown = opened(path).sheet("replan")
    for key, value in cells.items():
        typed = (
            {"typed": value} if not isinstance(value, tuple) else dict(zip(("choice", "reason"), value, strict=True))
        )
        assert all((shown.value(key, column) or "") == text for column, text in typed.items())
    written = path.read_bytes()
    assert xlsales("split", path, "--yes", "--rewrite").code in (0, 1)
    assert path.read_bytes() == written


def test_before_months_are_closed_there_is_nothing_to_place(xlsales: Command, tmp_path: Path) -> None:
    """The sheet says so, and so does a choice."""
    path = stores_plan(tmp_path / "plan.xlsx", xlsales, closed=None)
    shown = opened(path).sheet("replan")
    assert shown.value("total", "place") is None
    assert "还没有实际已齐、已关账的月份" in shown.value("#subline", "member")
    choose(path, {"m:门店:甲": ("预留", "修路"), "reserve": 80.0})
    assert xlsales("split", path, "--yes", "--rewrite").code in (0, 1)
    assert any("请先填“已关账至”" in sentence for sentence in opened(path).problems)


def test_a_total_locked_above_is_told_at_the_choice(xlsales: Command, tmp_path: Path) -> None:
    """What cannot come down is refused where it was chosen, and nothing is written."""
    path = stores_plan(tmp_path / "plan.xlsx", xlsales)
    fill_in(path, "xs_locks", 0, period="2026-10", amount=150)
    choose(path, {"m:门店:甲": ("降低总目标", "修路")})
    before = path.read_bytes()
    ran = xlsales("split", path, "--yes", "--rewrite", "--json")
    (problem,) = ran.json["problems"]
    assert (problem["sheet"], problem["sentence"][:3]) == ("重排", "“甲”")
    assert path.read_bytes() == before


def test_a_locked_month_does_not_come_down(xlsales: Command, tmp_path: Path) -> None:
    """The other months carry it."""
    path = stores_plan(tmp_path / "plan.xlsx", xlsales)
    fill_in(path, "xs_locks", 0, dimension="门店", member="甲", period="2026-10", amount=50)
    choose(path, {"m:门店:甲": ("预留", "修路"), "reserve": 80.0})
    assert xlsales("split", path, "--yes", "--rewrite").code in (0, 1)
    assert own(path)["甲"] == pytest.approx((520, 23.3, 50, 23.3, 23.4), abs=0.11)


def test_what_was_transferred_is_not_waived(xlsales: Command, tmp_path: Path) -> None:
    """乙 hands 30 of October to 甲: of its own 50 as much is waived as of other months, and all of it."""
    path = stores_plan(tmp_path / "plan.xlsx", xlsales)
    assert xlsales("add", path, "转移").code == 0
    row = {
        "start": "2026-10",
        "dimension": "门店",
        "giver": "乙",
        "taker": "甲",
        "amount": 30.0,
        "reason": "划转",
        "note": "",
    }
    fill(path, T_TRANSFERS, "转移", [row, *[dict.fromkeys(row, "")] * 2])
    choose(path, {"m:门店:甲": ("降低总目标", "修路")})
    assert xlsales("split", path, "--yes").code in (0, 1)
    assert own(path)["甲"] == (550, 30, 60, 30, 30)
    assert own(path)["乙"] == (570, 50, 20, 50, 50)
    assert not any(proofs(path))


def test_a_renamed_member_keeps_its_decision_and_what_is_typed(xlsales: Command, tmp_path: Path) -> None:
    """An alias is enough; without it the split says what to do at the row of the decision."""
    path = stores_plan(tmp_path / "plan.xlsx", xlsales)
    choose(path, {"m:门店:甲": ("预留", "修路"), "reserve": 80.0, "m:产品:A": ("滚入", "")})
    assert xlsales("split", path, "--yes", "--rewrite").code in (0, 1)
    fill_in(path, "xs_dimensions", 0, member="甲店")
    fill_in(path, "xs_dimensions", 3, member="新A")
    assert xlsales("split", path, "--yes", "--rewrite").code == 2
    fill_in(path, "xs_dimensions", 0, aliases="甲")
    fill_in(path, "xs_dimensions", 3, aliases="A")
    ran = xlsales("split", path, "--yes", "--rewrite")
    assert ran.code in (0, 1), ran.err
    shown = opened(path).sheet("replan")
    assert own(path)["甲店"][0] == 520
    assert "预留" in shown.value("m:门店:甲店", "state")
    assert shown.value("m:产品:新A", "choice") == "滚入"


@pytest.mark.parametrize("seed", range(4))
def test_random_choices_close_and_leave_closed_months(xlsales: Command, tmp_path: Path, seed: int) -> None:
    """Any mix of ways: every proof is 0, closed cells keep their bytes, a second split changes nothing."""
    chance = random.Random(seed)
    path = stores_plan(tmp_path / "plan.xlsx", xlsales, total=1800 + chance.randint(-50, 50), step=100)
    shut = closed_cells(path)
    shown = opened(path).sheet("replan")
    rows = [key for key in shown.rows if key.startswith("m:") and shown.value(key, "place")]
    lowers = chance.choice(["门店", "产品"])
    ways = {key: chance.choice(["滚入", "预留", *["降低总目标"] * (lowers in key)]) for key in rows}
    choose(path, {**{key: (way, "修路") for key, way in ways.items()}, "reserve": 900.0})
    before = path.read_bytes()
    assert xlsales("split", path, "--yes", "--rewrite").code in (0, 1)
    after = opened(path).sheet("replan")
    assert all(after.value(key, "place") == 0 for key in rows)
    lowered = sum(shown.value(key, "place") for key, way in ways.items() if way == "降低总目标")
    assert after.value("total", "target") == shown.value("total", "target") - lowered
    assert closed_cells(path) == shut
    assert not any(proofs(path))
    again_and_back(xlsales, path, before)
