"""转移 and 减免: from their tables to targets, to 调整明细 and to 目标版本, in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.calc import recalculated
from tests.commands.books import (
    Command,
    Shown,
    Workbook,
    again_and_back,
    answer,
    edit_cells,
    fill,
    fill_in,
    members,
    opened,
    plan,
)
from tests.commands.test_replan import choose, stores_plan
from xlsales.core.faults import Lang
from xlsales.plan.adjustments.tables import T_RELIEF, T_TRANSFERS
from xlsales.vocabulary.plan_tables import InputTable

pytestmark = pytest.mark.package

Row = Mapping[str, float | str]
TITLES: dict[Lang, tuple[str, str]] = {"zh": ("转移", "减免"), "en": ("Transfers", "Relief")}
STORE: dict[Lang, str] = {"zh": "门店", "en": "Store"}
STORES = {"一店": 300, "二店": 200, "三店": 500}
PRODUCTS = {"衬衫": 600, "裤子": 400, "2区": 200}
TRANSFER: Row = {"start": "2026-07", "giver": "一店", "taker": "二店", "amount": 10, "reason": "客户划转"}
RELIEF: Row = {"start": "2026-09-01", "end": "2026-09-10", "giver": "三店", "reason": "装修"}


def dimensions(lang: Lang = "zh") -> list[dict[str, object]]:
    """Stores, products, and one name that both have."""
    product = {"zh": "产品", "en": "Product"}[lang]
    return members({STORE[lang]: {**STORES, "2区": 200}, product: PRODUCTS})


def book(
    path: Path, xlsales: Command, transfers: Sequence[Row] = (), relief: Sequence[Row] = (), lang: Lang = "zh"
) -> Path:
    """A split plan of 1200万 in twelve equal months, with these rows typed over the example."""
    plan(path, lang=lang, dimensions=dimensions(lang), total=1200)
    assert xlsales("split", path).code == 0
    assert xlsales("add", path, TITLES[lang][0]).code == 0
    retype(path, transfers, relief, lang)
    return path


def retype(path: Path, transfers: Sequence[Row] = (), relief: Sequence[Row] = (), lang: Lang = "zh") -> None:
    """Type rows over all that is there."""
    for table, title, rows in zip((T_TRANSFERS, T_RELIEF), TITLES[lang], (transfers, relief), strict=True):
        blank = {column.key: "" for column in table.columns}
        fill(path, table, title, [blank | row for row in [*rows, *[{}] * (4 - len(rows))]])


def months(path: Path, lang: Lang = "zh", of: str = "") -> dict[str, list[float]]:
    """What each store has by month."""
    sheet = opened(path).dimension(of or STORE[lang])
    return {row.removeprefix("m:"): sheet.along(row, "t:") for row in sheet.rows if row.startswith("m:")}


def moved(before: Mapping[str, list[float]], after: Mapping[str, list[float]]) -> dict[str, dict[int, float]]:
    """By what each differs, by month from 1."""
    apart = {
        name: {m: b - a for m, (a, b) in enumerate(zip(row, after[name], strict=True), 1) if a != b}
        for name, row in before.items()
    }
    return {name: row for name, row in apart.items() if row}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_transfer_stands_in_the_targets_the_ledger_and_the_versions(
    xlsales: Command, tmp_path: Path, lang: Lang
) -> None:
    """10万 of July from one store to the other; nobody else moves; a second run changes nothing; undo goes back."""
    path = book(tmp_path / "plan.xlsx", xlsales, [TRANSFER], lang=lang)
    typed, before = path.read_bytes(), months(path, lang)
    ran = xlsales("split", path)
    assert ran.code == 0, ran.out + ran.err
    assert moved(before, months(path, lang)) == {"一店": {7: -100_000}, "二店": {7: 100_000}}
    sheet = opened(path).sheet("adjustments")
    assert sheet.down("t:2026-07", "d:.*") == [-100_000, 100_000]
    assert sheet.down("why", "a:.*") == ["客户划转"]
    versions = opened(path).sheet("versions")
    said = {"zh": "转移 一店 → 二店:客户划转", "en": "transfer 一店 → 二店: 客户划转"}[lang]
    lines = {row: versions.value(row, "why") for row in versions.rows if row.startswith("v:2:")}
    assert set(lines.values()) == {said}
    july = [versions.value(row, "change") for row in lines if ":2026-07:" in row]
    assert sorted(july) == [-100_000, 100_000]
    again_and_back(xlsales, path, typed)


def test_the_year_of_a_member_with_a_locked_month_has_the_reason_of_its_change(
    xlsales: Command, tmp_path: Path
) -> None:
    """It changes by its transfer; the month that is locked stays. With a new lock as well, the lock is named."""
    path = book(tmp_path / "plan.xlsx", xlsales)
    lock = {"dimension": "门店", "member": "一店", "period": "2026-12"}
    fill_in(path, "xs_locks", 0, **lock, amount=months(path)["一店"][11] / 10_000)
    assert xlsales("split", path).code == 0
    retype(path, [TRANSFER])
    assert xlsales("split", path).code == 0
    why = [opened(path).sheet("versions").value(f"v:2:门店::{name}", "why") for name in ("一店", "二店")]
    assert why == ["转移 一店 → 二店:客户划转"] * 2
    fill_in(path, "xs_locks", 0, **lock, amount=1)
    retype(path, [{**TRANSFER, "amount": 5}])
    assert xlsales("split", path).code == 0
    assert opened(path).sheet("versions").value("v:3:门店::一店", "why") == "锁定"


def test_every_proof_is_zero_when_calc_computes_it(xlsales: Command, tmp_path: Path) -> None:
    """Both kinds, carried by siblings and off the total."""
    off_total = {**RELIEF, "start": "2026-11", "end": "", "share": 0.5, "carried": "公司"}
    path = book(tmp_path / "plan.xlsx", xlsales, [TRANSFER], [{**RELIEF, "carried": "兄弟"}, off_total])
    assert xlsales("split", path).code == 0
    shown = Workbook(recalculated(path, tmp_path)).sheet("adjustments")
    assert {
        shown.value(row, column) for row in shown.rows if row.startswith("proof:") for column in _amounts(shown)
    } == {0}
    lowered = shown.value("lowered", "total")
    assert lowered < 0
    assert opened(path).time.value("total", "target") == 12_000_000 + lowered
    for of in ("门店", "产品"):
        assert sum(sum(row) for row in months(path, of=of).values()) == 12_000_000 + lowered
    assert "5%" in shown.value("share", "what")


def _amounts(sheet: Shown) -> list[str]:
    return [column for column in sheet.columns if column.startswith("t:") or column == "total"]


def test_relief_goes_to_the_siblings_by_their_targets(xlsales: Command, tmp_path: Path) -> None:
    """Ten of thirty days of September, as the plan weighs them, go to the three others by their targets."""
    path = book(tmp_path / "plan.xlsx", xlsales, [], [{**RELIEF, "carried": "兄弟"}])
    before = months(path)
    assert xlsales("split", path).code == 0
    by = {name: row[9] for name, row in moved(before, months(path)).items()}
    assert sum(by.values()) == 0
    assert by["三店"] == pytest.approx(-before["三店"][8] / 3, rel=0.1)
    rest = -by["三店"] / 700
    assert by == pytest.approx(
        {"三店": by["三店"], "一店": 300 * rest, "二店": 200 * rest, "2区": 200 * rest}, abs=1_000
    )


def test_closed_months_stay_and_nobody_moves_when_they_close(xlsales: Command, tmp_path: Path) -> None:
    """July closes with its transfer; the row may stay. Without it the open months go back, July does not."""
    longer = {**TRANSFER, "end": "2026-10"}
    off_total = {**RELIEF, "start": "2026-07", "end": "2026-08", "carried": "公司"}
    path = book(tmp_path / "plan.xlsx", xlsales, [longer], [off_total])
    plain = months(path)
    assert xlsales("split", path, "--yes", "--rewrite").code == 0
    before, days = months(path), opened(path).time.down("target", r"2026-\d\d-\d\d")
    answer(path, "closed_through", dt.date(2026, 7, 31))
    assert xlsales("split", path).code == 0
    assert (months(path), opened(path).time.down("target", r"2026-\d\d-\d\d")) == (before, days)
    retype(path)
    assert xlsales("split", path).code == 0
    after = months(path)
    assert all(after[name][:7] == row[:7] for name, row in before.items())
    assert all(after[name][7:] == row[7:] for name, row in plain.items())
    why = opened(path).sheet("versions").down("why", "v:.*")
    assert any(text and text.startswith("不再有:转移 一店 → 二店") for text in why)
    assert opened(path).sheet("adjustments").down("t:2026-07", "a:.*") != []


def test_a_refresh_shows_what_the_split_wrote(xlsales: Command, tmp_path: Path) -> None:
    """A row typed since changes no target before the next split."""
    path = book(tmp_path / "plan.xlsx", xlsales, [TRANSFER])
    assert xlsales("split", path).code == 0
    before = opened(path).sheet("adjustments").down("total", ".*")
    retype(path, [TRANSFER, {**TRANSFER, "amount": 3}])
    sales = tmp_path / "sales.csv"
    sales.write_text("日期,门店,产品,金额\n2026-01-05,一店,衬衫,160000\n", "utf-8")
    assert xlsales("refresh", path, "--actuals", sales).code == 0
    assert opened(path).sheet("adjustments").down("total", ".*") == before
    assert xlsales("split", path, "--actuals", sales).code == 0
    assert opened(path).sheet("adjustments").value("kind:transfer", "total") == 130_000


def test_the_sheet_empties_with_its_last_row(xlsales: Command, tmp_path: Path) -> None:
    """Else the next run would take what is in it for written."""
    path = book(tmp_path / "plan.xlsx", xlsales, [TRANSFER])
    plain = months(path)
    assert xlsales("split", path).code == 0
    retype(path)
    assert xlsales("split", path).code == 0
    assert months(path) == plain
    assert opened(path).sheet("adjustments").down("total", "[ad]:.*") == []


def test_an_example_is_not_counted(xlsales: Command, tmp_path: Path) -> None:
    """A fresh table moves nothing."""
    path = plan(tmp_path / "plan.xlsx")
    assert xlsales("add", path, "transfers").code == 0
    assert xlsales("split", path).code == 0
    assert "调整明细" not in opened(path).titles


T, R = T_TRANSFERS, T_RELIEF
FAULTS: list[tuple[InputTable, Row, str, str, str]] = [
    (T, {"amount": 0}, "G5", "“金额”是 0", '"Amount" is 0'),
    (T, {"amount": -5}, "G5", "不小于 0", "0 or more"),
    (T, {"amount": "很多"}, "G5", "不是数字", "not a number"),
    (T, {"amount": 0.05}, "G5", "最小步长", "smallest step"),
    (T, {"amount": ""}, "G5", "只填一个", "one alone"),
    (T, {"share": 0.5}, "G5", "只填一个", "one alone"),
    (T, {"amount": "", "share": 0}, "H5", "“比例”是 0", '"Share" is 0'),
    (T, {"amount": "", "share": "120%"}, "H5", "0% 至 100%", "0% to 100%"),
    (T, {"amount": "", "share": 0.1, "giver": "其余"}, "H5", "只能填“金额”", 'is an "Amount"'),
    (T, {"amount": 99}, "G5", "只有 25万元 可转,要转 99万元", "has 25"),
    (T, {"taker": "一店"}, "F5", "等于没有转", "moves nothing"),
    (T, {"giver": "others", "taker": "其余"}, "F5", "等于没有转", "moves nothing"),
    (T, {"taker": "三点"}, "F5", "没有成员“三点”", 'called "三点"'),
    (T, {"giver": "合计"}, "E5", "合计行", "row of totals"),
    (T, {"giver": "2区", "taker": "2区"}, "E5", "2区", "2区"),
    (T, {"taker": "衬衫"}, "F5", "同一个维度", "within one dimension"),
    (T, {"dimension": "大区"}, "D5", "没有维度“大区”", 'no dimension "大区"'),
    (T, {"reason": ""}, "I5", "原因", "Reason"),
    (T, {"start": ""}, "B5", "开始", "From"),
    (T, {"start": "2027-01"}, "B5", "2027-01", "2027-01"),
    (T, {"start": "2026-09", "end": "2026-07"}, "C5", "早于开始", "before the beginning"),
    (T, {"start": "2026-02"}, "B5", "2026-02 已关账", "2026-02: closed"),
    (T, {"start": "2026Q1"}, "B5", "开始写成 2026-04-01 或更晚", "Begin on 2026-04-01 or later"),
    (R, {"end": ""}, "C5", "到哪天", "until when"),
    (R, {"giver": "2区"}, "E5", "“2区”在门店、产品里都有", '"2区" is a member of Store, Product'),
    (R, {"share": 0}, "F5", "“损失比例”是 0", '"Loss" is 0'),
    (R, {"carried": "老板"}, "G5", "兄弟、公司", "siblings, company"),
    (R, {"reason": ""}, "H5", "原因", "Cause"),
    (R, {"start": "2026-03-15"}, "B5", "2026-03 已关账", "2026-03: closed"),
]  # fmt: skip


WITHOUT: list[tuple[str, set[str]]] = [
    ("其余", {"二店", "三店", "2区", "一/二;店"}),
    ("其余(不含 二店)", {"三店", "2区", "一/二;店"}),
    ("其余(不含二店、三店)", {"2区", "一/二;店"}),
    ("其他(除 二店,门店:2区)", {"三店", "一/二;店"}),
    ("Others (Without 二 店; 三店/2区)", {"一/二;店"}),
    ("其余[不包括:一/二;店、2区]", {"二店", "三店"}),
    ("the others (except 一/二;店|\n三店, )", {"二店", "2区"}),
    ("其余(不含)", {"二店", "三店", "2区", "一/二;店"}),
    ("其余成员(不含 一店)", {"二店", "三店", "2区", "一/二;店"}),
]


@pytest.mark.parametrize(("text", "takers"), WITHOUT, ids=[text for text, _ in WITHOUT])
def test_the_others_without_some_are_read(xlsales: Command, tmp_path: Path, text: str, takers: set[str]) -> None:
    """In any writing; a member may have a separator in its name."""
    dimensions_ = members({"门店": {**STORES, "2区": 200, "一/二;店": 100}})
    path = plan(tmp_path / "plan.xlsx", dimensions=dimensions_, total=1300)
    assert xlsales("add", path, "转移").code == 0
    retype(path, [{**TRANSFER, "taker": text, "dimension": "门店"}])
    assert xlsales("split", path).code == 0
    moved = opened(path).sheet("adjustments").rows
    assert {key.split(":")[2] for key in moved if key.startswith("d:")} == takers | {"一店"}


def test_who_cannot_be_left_out_of_the_others_is_told(xlsales: Command, tmp_path: Path) -> None:
    """At the cell, by the name that is wrong; a list that does not say what it is for is a name."""
    texts = ("其余(不含 二店、三点)", "others (without 衬衫)", "其余(二店)")
    path = book(tmp_path / "plan.xlsx", xlsales, [{**TRANSFER, "taker": text} for text in texts])
    ran = xlsales("split", path)
    said = ("没有成员“三点”", "没有成员“衬衫”", "没有成员“其余(二店)”")
    assert [line[:5] for line in ran.sentences] == ["转移!F5", "转移!F6", "转移!F7"]
    assert all(part in line for part, line in zip(said, ran.sentences, strict=True)), ran.err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_fault_is_one_sentence_with_its_place(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Nothing is written; all that is wrong is told in one run. The first quarter is closed."""
    path = book(tmp_path / "plan.xlsx", xlsales, lang=lang)
    answer(path, "closed_through", dt.date(2026, 3, 31))
    assert xlsales("split", path).code == 0
    right: dict[str, Row] = {T.name: TRANSFER, R.name: RELIEF}
    for table in (T, R):
        cases = [(own, *rest) for of, own, *rest in FAULTS if of is table]
        rows = [{**right[table.name], **own} for own, *_ in cases]
        title = TITLES[lang][table is R]
        blank = {column.key: "" for column in table.columns}
        fill(path, table, title, [blank | row for row in rows])
        before = path.read_bytes()
        ran = xlsales("split", path)
        assert ran.code == 2
        assert path.read_bytes() == before
        for n, (own, place, zh, en) in enumerate(cases, 5):
            at = f"{title}!{place[0]}{n}:"
            said = [line for line in ran.sentences if line.startswith(at)]
            if _told_later(own):
                continue
            assert len(said) == 1, (own, ran.err)
            assert {"zh": zh, "en": en}[lang] in said[0], own
        later = [(row, case) for row, case in zip(rows, cases, strict=True) if _told_later(case[0])]
        fill(path, table, title, [blank | row for row, _ in later] + [blank] * (len(rows) - len(later)))
        ran = xlsales("split", path)
        assert len(ran.sentences) == len(later), ran.err
        for n, (_, (own, place, zh, en)) in enumerate(later, 5):
            (said_,) = [line for line in ran.sentences if line.startswith(f"{title}!{place[0]}{n}:")]
            assert {"zh": zh, "en": en}[lang] in said_, own
        fill(path, table, title, [blank] * len(rows))


def _told_later(own: Row) -> bool:
    """Whether a fault is of the split itself, which is told when every row can be read."""
    return own.get("amount") == 99 or own.get("start") in ("2026-02", "2026Q1", "2026-03-15")


@pytest.mark.parametrize(
    "own",
    [
        {"amount": "１０万"},
        {"amount": "10万元"},
        {"giver": " 一店 "},
        {"start": "7月"},
        {"start": "2026年7月"},
        {"start": "2026-07-01", "end": "2026-07-31"},
        {"dimension": "门店"},
        {"giver": "门店:一店"},
        {"amount": "", "share": "40%"},
    ],
    ids=str,
)
def test_a_row_may_be_written_as_people_write(xlsales: Command, tmp_path: Path, own: Row) -> None:
    """Each means 10万 of July."""
    path = book(tmp_path / "plan.xlsx", xlsales, [{**TRANSFER, **own}])
    before = months(path)
    ran = xlsales("split", path)
    assert ran.code == 0, ran.err
    assert moved(before, months(path)) == {"一店": {7: -100_000}, "二店": {7: 100_000}}


def test_what_a_person_does_to_the_ledger_stays(xlsales: Command, tmp_path: Path) -> None:
    """A remark beside it; and a month that closes is still known by its keys."""
    path = book(tmp_path / "plan.xlsx", xlsales, [TRANSFER])
    assert xlsales("split", path).code == 0
    edit_cells(path, "调整明细", {(6, 25): "已谈"})
    before = months(path)
    answer(path, "closed_through", dt.date(2026, 7, 31))
    assert xlsales("split", path).code == 0
    assert months(path) == before
    assert opened(path).book["调整明细"].cell(6, 25).value == "已谈"


def test_a_re_plan_stands_beside_transfers_and_relief(xlsales: Command, tmp_path: Path) -> None:
    """What was missed comes off the total too; a second run changes nothing; October may close with all of it."""
    path = stores_plan(tmp_path / "plan.xlsx", xlsales)
    assert xlsales("add", path, "转移").code == 0
    moves = {"start": "2026-09", "end": "2026-12", "giver": "甲", "taker": "乙", "amount": 10, "reason": "客户划转"}
    off_total = {**RELIEF, "start": "2026-10-01", "end": "2026-10-10", "giver": "丙", "carried": "公司"}
    retype(path, [moves], [off_total])
    assert xlsales("split", path, "--yes").code in (0, 1)
    choose(path, {"m:门店:甲": ("降低总目标", "门前修路")})
    assert xlsales("split", path, "--yes").code in (0, 1)
    written, ledger = path.read_bytes(), opened(path).sheet("adjustments")
    sums = {row: ledger.value(row, "total") for row in ledger.rows if row.startswith("kind:")}
    assert sums["kind:transfer"] == 100_000
    assert sums["kind:replan"] == 800_000
    share = sums["kind:relief"] / sum(sums.values())
    assert f"{share:.1%}" in ledger.value("share", "what")
    assert xlsales("split", path, "--yes").code in (0, 1)
    assert path.read_bytes() == written
    before = months(path)
    answer(path, "closed_through", dt.date(2026, 10, 31))
    assert xlsales("split", path, "--yes").code in (0, 1)
    assert months(path) == before


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_who_carries_a_relief_is_told_before_it_is_written(xlsales: Command, tmp_path: Path, lang: Lang) -> None:
    """Half of the company shuts in September: others would have twice as much. Chosen, it is not asked about."""
    month = {**RELIEF, "start": "2026-09", "end": ""}
    path = book(tmp_path / "plan.xlsx", xlsales, [], [month], lang)
    typed = path.read_bytes()
    ran = xlsales("split", path)
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert ran.err.startswith(f"{TITLES[lang][1]}!G5: ")
    assert {"zh": "减免“三店”(2026-09-01 – 2026-09-30)后少", "en": 'Relief of "三店" (2026-09-01'}[lang] in ran.err
    assert path.read_bytes() == typed
    for carried in {"zh": ("兄弟", "公司"), "en": ("siblings", "company")}[lang]:
        retype(path, [], [{**month, "carried": carried}], lang)
        assert xlsales("split", path).code in (0, 1)
        assert xlsales("undo", path).code == 0
    path.write_bytes(typed)
    assert xlsales("split", path, "--yes").code in (0, 1)
    written = path.read_bytes()
    assert xlsales("split", path).code == 0
    assert path.read_bytes() == written
