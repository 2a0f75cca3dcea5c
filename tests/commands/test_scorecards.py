"""考核 in a workbook: added, filled in, scored by hand, closed; what a person typed and changed is kept."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.calc import read_back, recalculated
from tests.commands.books import (
    Command,
    Shown,
    add_cells,
    again_and_back,
    answer,
    cell_xml,
    fill,
    insert_row,
    members,
    opened,
    paste,
    plan,
    type_in,
)
from xlsales.core.faults import Lang
from xlsales.plan.scorecard.handed import CARD_COLUMNS
from xlsales.plan.scorecard.tables import T_SCORECARD, T_TIERS

DIMENSION = {"zh": ("人员", {"张三": 3, "李四": 2, "王五": 1}), "en": ("Person", {"Ann": 3, "Ben": 2, "Cai": 1})}
COLLECTION, SATISFACTION = "Collection", "Satisfaction"
LUCK = (1.2, 0.9, 0.5)


def key_of(lang: Lang) -> str:
    """The key of the sheet of a quarter."""
    return "scorecard:" + {"zh": "人员 2026Q1", "en": "person 2026Q1"}[lang]


def book(path: Path, xlsales: Command, *rows: Mapping[str, object], lang: Lang = "zh") -> Path:
    """A plan by person with the sales of a quarter, and these rows in its table."""
    name, weights = DIMENSION[lang]
    header = {"zh": ["日期", "人员", "金额"], "en": ["Date", "Person", "Amount"]}[lang]
    sold = [
        [dt.date(2026, month, 15), one, round(1e7 / 12 * weight / 6 * luck, 2)]
        for month in (1, 2, 3)
        for (one, weight), luck in zip(weights.items(), LUCK, strict=True)
    ]
    dimensions, as_of = members({name: weights}), dt.date(2026, 3, 31)
    plan(path, lang=lang, dimensions=dimensions, actuals=[header, *sold], as_of=as_of)
    assert xlsales("add", path, "scorecard").code == 0
    type_rows(path, lang, *rows)
    return path


def type_rows(path: Path, lang: Lang, *rows: Mapping[str, object]) -> None:
    """Type rows into the table, over those that are there."""
    keys = [column.key for column in T_SCORECARD.columns]
    cells = [
        {key: "" if one.get(key) is None else one[key] for key in keys} for one in (*rows, *[{}] * (3 - len(rows)))
    ]
    fill(path, T_SCORECARD, T_SCORECARD.label[lang], cells)  # type: ignore[arg-type]


def quarter(criterion: str = "Sales", source: str = "plan", **changes: object) -> dict[str, object]:
    """A row of the quarter."""
    one = {"period": "2026Q1", "criterion": criterion, "weight": "60%", "source": source, "cap": "110%"}
    return one | changes


GOLDEN = (
    quarter(),
    quarter(SATISFACTION, "typed", weight=20, target=95),
    quarter(COLLECTION, "typed", weight=0.2, target="100%"),
)
TIERS = (
    {"item": "Commission", "way": "parts", "from": "80%", "to": 1, "rate": "1%"},
    {"item": "Commission", "from": 100, "rate": "1.5%"},
    {"item": "Bonus", "basis": "score", "from": 80, "to": 100, "bonus": 2000},
    {"item": "Bonus", "from": 100, "bonus": 5000},
)


def with_tiers(path: Path, lang: Lang = "zh") -> None:
    """Type the tiers."""
    fill(path, T_TIERS, T_TIERS.label[lang], TIERS)  # type: ignore[arg-type]


def card(path: Path, lang: Lang = "zh") -> Shown:
    """The sheet of the quarter."""
    return opened(path).sheet(key_of(lang))


def score(path: Path, person: str, criterion: str, value: float | str, lang: Lang = "zh") -> str:
    """Type into a yellow cell; its address."""
    sheet = card(path, lang)
    at: str = sheet.cell(f"c:{person}:{criterion}", "actual").coordinate
    type_in(path, sheet.sheet.title, at, value)
    return at


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_scorecards_are_added_filled_split_and_taken_back(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """The golden figures, from the table and the yellow cells to score, rank and pay."""
    path = book(tmp_path / "plan.xlsx", xlsales, *GOLDEN, lang=lang)
    with_tiers(path, lang)
    assert xlsales("split", path).code == 0  # what is missing is a remark
    first, *_ = DIMENSION[lang][1]
    assert [card(path, lang).value(f"m:{first}", key) for key in ("score", "known")] == [66, 0.6]
    score(path, first, SATISFACTION, 90, lang)
    score(path, first, COLLECTION, 0.8, lang)
    before = path.read_bytes()
    assert xlsales("refresh", path).code == 0
    sheet = card(path, lang)
    assert sheet.down("score", rf"c:{first}:.*") == [66, 18.9, 16]
    assert [sheet.value(f"m:{first}", key) for key in ("score", "rank", "known")] == [100.9, 1, 1]
    assert [sheet.value(key, "rank") for key in sheet.rows if key.startswith("m:")] == [1, None, None]
    target, actual = (sheet.value(f"c:{first}:Sales", key) for key in ("target", "actual"))
    commission = target * 0.2 * 0.01 + (actual - target) * 0.015
    assert sheet.value(f"i:{first}:Commission", "pay") == pytest.approx(commission, abs=0.005)
    assert sheet.value(f"m:{first}", "pay") == pytest.approx(commission + 5000, abs=0.005)
    assert sheet.down("weight", "proof") == sheet.down("score", "proof") == sheet.down("pay", "proof") == [0]
    assert sheet.down("actual", "tiers:.") == [0, 0]
    assert xlsales("undo", path).code == 0
    assert path.read_bytes() == before
    assert xlsales("split", path).code == 0
    again_and_back(xlsales, path, before)


@pytest.mark.package
def test_what_is_typed_is_kept_by_its_key(xlsales: Command, tmp_path: Path) -> None:
    """When rows and their order change. Text is read as people write it; what is no number stays, and is told."""
    path = book(tmp_path / "plan.xlsx", xlsales, *GOLDEN)
    assert xlsales("split", path).code == 0
    score(path, "张三", SATISFACTION, "９０")
    score(path, "李四", SATISFACTION, 88)
    wrong = [score(path, "张三", COLLECTION, "80分"), score(path, "李四", COLLECTION, -0.5)]
    type_rows(path, "zh", GOLDEN[2], GOLDEN[0], quarter(SATISFACTION, "typed", weight=20, target=90))
    ran = xlsales("split", path)
    assert ran.code == 1
    for at, found in zip(wrong, ("“80分”", " -0.5"), strict=True):
        assert f"这里是{found}," in next(line for line in ran.out.splitlines() if f"2026Q1!{at}" in line)
    sheet = card(path)
    assert [sheet.value(f"c:{name}:{SATISFACTION}", "actual") for name in ("张三", "李四", "王五")] == [90, 88, None]
    assert [sheet.value(f"c:{name}:{COLLECTION}", "actual") for name in ("张三", "李四")] == ["80分", -0.5]
    assert sheet.value(f"c:李四:{COLLECTION}", "score") in (None, "")
    assert sheet.value(f"c:张三:{SATISFACTION}", "score") == 20


@pytest.mark.package
def test_a_formula_and_an_error_in_a_yellow_cell(xlsales: Command, tmp_path: Path) -> None:
    """A formula stays one, and counts with its result; an error is told."""
    path = book(tmp_path / "plan.xlsx", xlsales, *GOLDEN)
    assert xlsales("split", path).code == 0
    title = card(path).sheet.title
    formula, error = (score(path, name, SATISFACTION, 1) for name in ("张三", "李四"))
    cell_xml(path, title, formula, f'<c r="{formula}"><f>45*2</f><v>90</v></c>')
    cell_xml(path, title, error, f'<c r="{error}" t="e"><v>#N/A</v></c>')
    ran = xlsales("split", path)
    assert "这里是错误值 #N/A" in next(line for line in ran.out.splitlines() if f"{title}!{error}" in line)
    assert [card(path).value(f"c:张三:{SATISFACTION}", key) for key in ("actual", "score")] == [90, 18.9]
    assert read_back(path)[title][formula].value == "=45*2"


@pytest.mark.package
def test_what_is_typed_for_a_row_that_is_gone_stays(xlsales: Command, tmp_path: Path) -> None:
    """The sheet is not updated until the row is back, or a person clears the number."""
    path = book(tmp_path / "plan.xlsx", xlsales, *GOLDEN)
    assert xlsales("split", path).code == 0
    score(path, "张三", SATISFACTION, 90)
    type_rows(path, "zh", GOLDEN[0], quarter(COLLECTION, "typed", weight=0.4, target=1))
    ran = xlsales("split", path)
    assert ran.code == 1
    assert f"这里填了“张三”的“{SATISFACTION}” 90" in ran.out
    assert card(path).value(f"c:张三:{SATISFACTION}", "actual") == 90
    type_rows(path, "zh", *GOLDEN)
    assert "这里填了" not in xlsales("split", path).out
    assert card(path).value(f"c:张三:{SATISFACTION}", "actual") == 90


@pytest.mark.package
def test_a_source_that_becomes_typed_does_not_take_the_plan_s_figure(xlsales: Command, tmp_path: Path) -> None:
    """What the program wrote into a cell is nothing that a person typed."""
    path = book(tmp_path / "plan.xlsx", xlsales, *GOLDEN)
    assert xlsales("split", path).code == 0
    type_rows(path, "zh", quarter(source="typed", target=100), *GOLDEN[1:])
    assert xlsales("split", path).code == 0
    assert card(path).value("c:张三:Sales", "actual") is None


@pytest.mark.package
def test_a_closed_period_stays(xlsales: Command, tmp_path: Path) -> None:
    """Whatever its rows and tiers become, or if they go: nobody's pay changes behind his back."""
    path = book(tmp_path / "plan.xlsx", xlsales, *GOLDEN)
    with_tiers(path)
    assert xlsales("split", path).code == 0
    for name in ("张三", "李四", "王五"):
        score(path, name, SATISFACTION, 90)
        score(path, name, COLLECTION, 0.8)
    assert xlsales("split", path).code == 0
    answer(path, "closed_through", dt.date(2026, 3, 31))
    assert xlsales("split", path).code == 0
    sheet = card(path)
    before = {(row, column): sheet.value(row, column) for row in sheet.rows for column in sheet.columns}
    for rows in ([quarter(weight=1, cap="")], [quarter("Other", "typed", period="2026Q2", weight=1, target=5)]):
        type_rows(path, "zh", *rows)
        fill(path, T_TIERS, "提成奖金", [{"item": "Commission", "from": "", "to": "", "rate": "9%"}])
        ran = xlsales("split", path)
        assert "没有更新" not in ran.out
        after = card(path)
        assert {at: after.value(*at) for at in before} == before


def closed(path: Path, xlsales: Command, lang: Lang, tiers: Sequence[Mapping[str, float | str]]) -> None:
    """Type scores and tiers, and close the quarter."""
    assert xlsales("split", path).code == 0
    for name in DIMENSION[lang][1]:
        score(path, name, SATISFACTION, 90, lang)
        score(path, name, COLLECTION, 0.8, lang)
    fill(path, T_TIERS, T_TIERS.label[lang], tiers)
    answer(path, "closed_through", dt.date(2026, 3, 31))


AT_FAULT = {"zh": "表里有错", "en": "tables at fault"}
FALLING = ({"item": "Pay", "from": 0, "to": 1, "rate": "1%"}, {"item": "Pay", "from": 1, "to": "90%", "rate": "2%"})
RIGHT = ({"item": "Pay", "from": 0, "to": 1, "rate": "1%"}, {"item": "Pay", "from": 1, "to": "", "rate": "2%"})
HIGHER = ({"item": "Pay", "from": 0, "to": 1, "rate": "1%"}, {"item": "Pay", "from": 1, "to": "", "rate": "3%"})


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("fault", ["tiers", "weights", "row"])
def test_a_closed_scorecard_is_final_once_its_tables_are_right(
    xlsales: Command, tmp_path: Path, lang: Lang, fault: str
) -> None:
    """What was at fault when it was first written does not stay for ever; typed scores stay."""
    path = book(tmp_path / "plan.xlsx", xlsales, *GOLDEN, lang=lang)
    closed(path, xlsales, lang, FALLING if fault == "tiers" else RIGHT)
    wrong = {"weights": quarter(weight="50%"), "row": quarter(source="?")}
    type_rows(path, lang, wrong.get(fault, GOLDEN[0]), *GOLDEN[1:])
    assert xlsales("split", path).code == 1
    assert AT_FAULT[lang] in head(path, lang)
    type_rows(path, lang, *GOLDEN)
    fill(path, T_TIERS, T_TIERS.label[lang], RIGHT)
    assert xlsales("refresh", path).code == 0
    assert AT_FAULT[lang] not in head(path, lang)
    first = next(iter(DIMENSION[lang][1]))
    assert card(path, lang).value(f"m:{first}", "pay") == 1.5e6 * 0.02
    assert card(path, lang).down("score", rf"c:{first}:.*") == [66, 18.9, 16]
    before = path.read_bytes()
    assert xlsales("refresh", path).code == 0
    assert path.read_bytes() == before


def head(path: Path, lang: Lang) -> str:
    """The line under the title."""
    return str(card(path, lang).sheet["C3"].value)


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("tiers", "first_row", "said"),
    [
        (HIGHER, GOLDEN[0], "30,000.00 → 45,000.00"),
        (RIGHT, quarter(cap="100%"), "100.9 → 94.9"),
        (RIGHT, quarter(target=200), "30,000.00 → 15,000.00"),  # 万: 1,500,000 reach the lower tier alone
    ],
)
def test_a_final_scorecard_that_differs_from_its_tables_is_told_with_a_remedy(
    xlsales: Command, tmp_path: Path, lang: Lang, tiers: Sequence[Mapping[str, float | str]],
    first_row: Mapping[str, object], said: str,
) -> None:  # fmt: skip
    """It stays, whoever refreshes; who clears the cell that the remark names has it anew, with what was typed."""
    path = book(tmp_path / "plan.xlsx", xlsales, *GOLDEN, lang=lang)
    closed(path, xlsales, lang, RIGHT)
    assert xlsales("split", path).code == 0
    before = card(path, lang)
    held = {(row, column): before.value(row, column) for row in before.rows for column in before.columns}
    type_rows(path, lang, first_row, *GOLDEN[1:])
    fill(path, T_TIERS, T_TIERS.label[lang], tiers)
    for verb in ("refresh", "split"):
        ran = xlsales(verb, path, "--verbose")
        assert ran.code == 0
        assert said in ran.out
        after = card(path, lang)
        assert {at: after.value(*at) for at in held} == held
    assert "C3" in next(line for line in ran.out.splitlines() if said in line)
    type_in(path, before.sheet.title, "C3", "")
    assert said not in xlsales("refresh", path, "--verbose").out
    first = next(iter(DIMENSION[lang][1]))
    after = card(path, lang)
    assert said.split(" → ")[1] in {f"{after.value(f'm:{first}', column):,.{n}f}" for column, n in NUMBERS.items()}
    assert [after.value(f"c:{first}:{one}", "actual") for one in (SATISFACTION, COLLECTION)] == [90, 0.8]


NUMBERS = {"score": 1, "pay": 2}


@pytest.mark.package
@pytest.mark.parametrize("late", [False, True], ids=["as it was", "with later sales"])
def test_a_score_typed_as_text_is_read_in_a_closed_scorecard_too(xlsales: Command, tmp_path: Path, late: bool) -> None:
    """As in an open one; what does not count is told at each run, and nothing else of the sheet changes."""
    path = book(tmp_path / "plan.xlsx", xlsales, *GOLDEN)
    closed(path, xlsales, "zh", RIGHT)
    assert xlsales("split", path).code == 0
    score(path, "张三", SATISFACTION, "９１")
    wrong = score(path, "李四", SATISFACTION, "九成")
    if late:
        type_in(path, "实际", "C2", 450_000.0)
    for _ in range(2):
        ran = xlsales("refresh", path, "--verbose")
        assert "“九成”" in next(line for line in ran.out.splitlines() if f"2026Q1!{wrong}" in line)
        assert ("应发合计" in ran.out) is late
        sheet = card(path)
        assert [sheet.value(f"c:张三:{SATISFACTION}", key) for key in ("actual", "score")] == [91, 19.2]
        assert sheet.value("c:张三:Sales", "actual") == 1.5e6
        assert sheet.value("m:张三", "score") == 66 + 19.2 + 16
        assert sheet.value(f"c:李四:{SATISFACTION}", "score") in (None, "")
    if not late:
        fill(path, T_TIERS, "提成奖金", HIGHER)  # what was paid by other tiers stays, and the text counts
        score(path, "王五", COLLECTION, "100%")
        assert "应发合计" in xlsales("refresh", path, "--verbose").out
        assert [card(path).value(f"c:王五:{COLLECTION}", key) for key in ("actual", "score")] == [1, 20]
        assert card(path).value("m:张三", "pay") == 1.5e6 * 0.02
        fill(path, T_TIERS, "提成奖金", [{"item": "Other", "from": 0, "to": "", "rate": "9%"}, *RIGHT])
        where = score(path, "王五", SATISFACTION, "80")
        ran = xlsales("refresh", path)
        assert "“80”是文字" in next(line for line in ran.out.splitlines() if f"2026Q1!{where}" in line)


@pytest.mark.package
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_handed_out_file_carries_its_own_scorecard(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """To be read: the rows of its member, as the sheet shows them, and nobody else's; a return ignores the page."""
    path = book(tmp_path / "plan.xlsx", xlsales, *GOLDEN, lang=lang)
    with_tiers(path, lang)
    assert xlsales("split", path).code == 0
    first, second, _ = DIMENSION[lang][1]
    score(path, first, SATISFACTION, 90, lang)
    score(path, first, COLLECTION, 0.8, lang)
    assert xlsales("split", path).code == 0
    out = tmp_path / "out"
    assert xlsales("handout", path, out).code == 0
    page = opened(out / f"{first}.xlsx").sheet("store:scorecard")
    shown = [key for key in page.rows if key.startswith("k:") and not page.sheet.row_dimensions[page.rows[key]].hidden]
    lines = {page.value(key, "label"): [page.value(key, column) for column in CARD_COLUMNS] for key in shown[1:]}
    assert lines["Sales"][1:6] == ["60.0%", "1,251,000", "1,500,000", "119.9%", "110.0%"]
    assert lines[SATISFACTION][1:8] == ["20.0%", "95", "90", "94.7%", "110.0%", None, "18.9"]
    assert lines[COLLECTION][2:4] == ["100.0%", "80.0%"]
    assert [line[10] for line in lines.values()][-1] == "11,237.00"
    texts = {cell.value for row in page.sheet.iter_rows() for cell in row}
    assert not [text for text in texts if isinstance(text, str) and second in text]
    assert xlsales("collect", path, out).code in (0, 1)
    assert xlsales("handout", path, out).code == 0


@pytest.mark.package
def test_a_target_to_date_is_handed_out_in_steps_of_the_plan(xlsales: Command, tmp_path: Path) -> None:
    """Of a quarter under way it is a part of a month, with more digits than anybody reads."""
    path = book(tmp_path / "plan.xlsx", xlsales, *GOLDEN)
    answer(path, "as_of", dt.date(2026, 2, 10))
    assert xlsales("split", path).code in (0, 1)
    assert card(path).value("c:张三:Sales", "target") % 1_000
    assert xlsales("handout", path, tmp_path / "out").code in (0, 1)
    page = opened(tmp_path / "out" / "张三.xlsx").sheet("store:scorecard")
    (target,) = (page.value(key, "target") for key in page.rows if page.value(key, "label") == "Sales")
    assert re.fullmatch(r"\d{3},000", target), target


@pytest.mark.package
def test_next_month_has_a_sheet_of_its_own(xlsales: Command, tmp_path: Path) -> None:
    """With a blank period, what was scored before stays, and nobody is asked to delete it."""
    path = book(tmp_path / "plan.xlsx", xlsales, quarter(period=""))
    for day in (dt.date(2026, 2, 28), dt.date(2026, 3, 31)):
        answer(path, "as_of", day)
        assert "没有更新" not in xlsales("split", path, "--rewrite").out
    assert [title for title in opened(path).titles if title.startswith("考核 ")] == [
        "考核 人员 2026-02",
        "考核 人员 2026-03",
    ]
    type_rows(path, "zh", quarter(period="2026-03"))
    ran = xlsales("split", path, "--json")  # now the table says which period it is of
    (told,) = (one for one in ran.json["problems"] if one["sheet"] == "考核 人员 2026-02")
    assert "保持上次写的样子" in told["sentence"]
    assert told["remark"]
    answer(path, "closed_through", dt.date(2026, 2, 28))
    assert "保持上次写的样子" not in xlsales("split", path).out


@pytest.mark.package
def test_a_person_s_column_row_and_header_survive(xlsales: Command, tmp_path: Path) -> None:
    """A refresh brings new figures to their keys, wherever they are now."""
    path = book(tmp_path / "plan.xlsx", xlsales, *GOLDEN)
    with_tiers(path)
    assert xlsales("split", path).code == 0
    title = card(path).sheet.title
    add_cells(path, title, {"Q5": "Talk", "Q6": "done"})
    type_in(path, title, "C5", "Who")
    insert_row(path, title, 6, {"D": "mine"})
    score(path, "张三", SATISFACTION, 90)
    type_rows(path, "zh", quarter(cap="105%"), *GOLDEN[1:])
    assert xlsales("refresh", path).code == 0
    sheet = card(path)
    assert [sheet.sheet[at].value for at in ("Q5", "Q7", "C5", "D6")] == ["Talk", "done", "Who", "mine"]
    assert [sheet.value("m:张三", key) for key in ("score", "known")] == [63 + 18.9, 0.8]
    assert [title for title in opened(path).titles if "旧" in title] == []


@pytest.mark.package
@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        ("E5", "六十", "“六十”,不是数字"),
        ("E5", -0.6, "-60%"),
        ("I5", "高", "“高”,不是数字"),
        ("G6", -95, "-95"),
        ("F5", "系统", "请从下拉列表里选"),
        ("H5", "好", "请从下拉列表里选"),
        ("B5", "三季度末", "看不懂期间"),
    ],
)
def test_odd_cells_are_told_where_they_are(
    xlsales: Command, tmp_path: Path, cell: str, value: float | str, said: str
) -> None:
    """One sentence; the other rows go on."""
    path = book(tmp_path / "plan.xlsx", xlsales, *GOLDEN)
    type_in(path, "考核", cell, value)
    ran = xlsales("split", path)
    assert ran.code == 1
    (sentence,) = (line for line in ran.out.splitlines() if f"考核!{cell}" in line)
    assert said in sentence
    assert len(card(path).down("score", "c:张三:.*")) == 2


@pytest.mark.libreoffice
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_libreoffice_computes_the_sheet_alike(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """The stored results are those of a program that opens the file: ties, blanks, tiers whole and by parts."""
    less = quarter("Complaints", "typed", weight=20, target=4, better="less", cap="", floor="50%")
    path = book(tmp_path / "plan.xlsx", xlsales, quarter(), less, GOLDEN[2], lang=lang)
    with_tiers(path, lang)
    assert xlsales("split", path).code == 0
    names = list(DIMENSION[lang][1])
    for name, complaints in zip(names, (0, 5, 9), strict=True):
        score(path, name, "Complaints", complaints, lang)
    score(path, names[0], COLLECTION, 0.8, lang)
    score(path, names[1], COLLECTION, 1, lang)
    score(path, names[2], COLLECTION, "x", lang)
    assert xlsales("split", path).code == 1
    sheet = card(path, lang)
    assert [sheet.value(f"c:{name}:Complaints", "score") for name in names] == [20, 16, 0]
    assert [sheet.value(f"m:{name}", "rank") for name in names] == [1, 2, None]
    assert _computed_alike(path, tmp_path, lang) > 150
    score(path, names[2], COLLECTION, 0.5, lang)  # not refreshed: the program alone follows it
    computed = recalculated(path, tmp_path)[sheet.sheet.title]
    of_last = [computed[sheet.cell(f"m:{names[2]}", key).coordinate].value for key in ("score", "rank", "known")]
    assert xlsales("refresh", path).code == 0
    assert of_last == pytest.approx(
        [card(path, lang).value(f"m:{names[2]}", key) for key in ("score", "rank", "known")]
    )


def _computed_alike(path: Path, folder: Path, lang: Lang) -> int:
    """Hold every cell of the sheet against LibreOffice's; how many are not blank."""
    sheet = card(path, lang)
    cells = recalculated(path, folder)[sheet.sheet.title]
    stored = [sheet.cell(row, column) for row in sheet.rows for column in sheet.columns]
    for cell in stored:
        both = [None if value == "" else value for value in (cell.value, cells[cell.coordinate].value)]
        assert both[0] == (pytest.approx(both[1]) if isinstance(both[1], float) else both[1]), cell
    return sum(cell.value is not None for cell in stored)


@pytest.mark.unit
@pytest.mark.parametrize("closes", [False, True], ids=["open", "closed in the same go"])
def test_a_month_under_way_is_scored_to_its_end(xlsales: Command, tmp_path: Path, closes: bool) -> None:
    """Last refreshed on the 10th of its month, it gets what the month came to, until the month is closed."""
    path = book(tmp_path / "计划.xlsx", xlsales, {"criterion": "销售额", "weight": 1, "source": "plan"})
    days = [dt.date(2026, 2, 1) + dt.timedelta(n) for n in range(31)]
    sold = [[day, name, 7_000.0] for day in days for name in DIMENSION["zh"][1]]
    paste(path, [["日期", "人员", "金额"], *(line for line in sold if line[0] <= dt.date(2026, 2, 10))])
    answer(path, "as_of", dt.date(2026, 2, 10))
    assert xlsales("split", path).code == 0
    key, row = "scorecard:人员 2026-02", "c:张三:销售额"
    assert opened(path).sheet(key).value(row, "actual") == 70_000
    paste(path, [["日期", "人员", "金额"], *sold])
    answer(path, "as_of", dt.date(2026, 3, 3))
    if closes:
        answer(path, "closed_through", dt.date(2026, 2, 28))
    assert xlsales("split", path, "--rewrite").code == 0
    assert opened(path).sheet(key).value(row, "actual") == 196_000
    target = opened(path).dimension("人员").value("m:张三", "t:2026-02")
    assert opened(path).sheet(key).value(row, "target") == target
    sold[0][2] = 9_000.0  # said later than the month ended
    paste(path, [["日期", "人员", "金额"], *sold])
    said = xlsales("split", path, "--rewrite", "--verbose").out
    assert opened(path).sheet(key).value(row, "actual") == (196_000 if closes else 198_000)
    texts = {str(cell.value) for line in opened(path).sheet(key).sheet.iter_rows() for cell in line}
    assert any("未关账" in text for text in texts) is not closes
    assert ("得分 47.0 → 47.5)" in said) is closes
    answer(path, "as_of", dt.date(2026, 4, 3))  # its rows are those of March now
    answer(path, "closed_through", dt.date(2026, 3, 31) if closes else "")
    said = xlsales("split", path, "--rewrite", "--verbose").out
    assert ("196,000.00 → 198,000.00" in said) is closes


@pytest.mark.unit
def test_weights_above_100_percent_are_told_beside_a_row_at_fault(xlsales: Command, tmp_path: Path) -> None:
    """A row that is left out can only make them more; less than 100 % may be for that row, so it is not told then."""
    collection = quarter(COLLECTION, "typed", weight="60%", target=1)
    too_much = (quarter(weight="90%"), collection, quarter("x", weight="六成"))
    path = book(tmp_path / "计划.xlsx", xlsales, *too_much)
    said = xlsales("split", path, "--verbose")
    assert "权重合计 150%" in said.out + said.err
    type_rows(path, "zh", quarter(weight="30%"), quarter("x", weight="六成"))
    said = xlsales("split", path, "--verbose")
    assert "权重合计" not in said.out + said.err
