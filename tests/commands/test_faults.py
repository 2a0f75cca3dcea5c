from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import pytest

from tests.commands.books import WAN, Command, answer, fill_in, members, opened, part_of, paste, plan, rewrite, swap
from tests.commands.faults import CASES, TWO, Case

pytestmark = pytest.mark.unit
LIKE_FORMULAS = ('=HYPERLINK("http://x.cn","看")', "+cmd|'/c calc'!A1", "@SUM(1+1)", "-2+3", "=1/0", "{=A1}")
HEADER = ("日期", "D", "金额")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
def test_each_fault_is_one_sentence(xlsales: Command, tmp_path: Path, case: Case, lang: str) -> None:
    """Each fault is told in one sentence of the workbook's language, at its place; the file stays as it was."""
    book = case.make(tmp_path / "计划.xlsx", lang)
    before = book.read_bytes() if book.exists() else None
    ran = xlsales("split", book, *(["--lang", "en"] if lang == "en" and not case.place else []))
    assert ran.code == 2
    assert ran.out == ""
    (sentence,) = ran.sentences
    assert sentence.startswith(case.where(book, lang))
    assert (case.zh if lang == "zh" else case.en) in sentence
    assert (book.read_bytes() if book.exists() else None) == before
    assert not list((tmp_path / "memory").glob("**/*"))
    assert not list(tmp_path.glob(".*"))


def test_every_fault_is_told_at_once(xlsales: Command, tmp_path: Path) -> None:
    """Several faults are told together, each once with its place."""
    rows = [*TWO, {"dimension": "D", "member": "a", "weight": 1}, {"dimension": "D", "member": "c", "weight": "高"}]
    book = plan(tmp_path / "计划.xlsx", dimensions=rows, total=None, fiscal_month=13, end=None)
    ran = xlsales("split", book)
    assert ran.code == 2
    assert [s.partition(":")[0] for s in ran.sentences] == ["设置!C6", "设置!C10", "设置!C16", "维度!F8", "维度!C7"]
    found = xlsales("split", book, "--json")
    assert (found.code, found.json["exit_code"], len(found.json["faults"])) == (2, 2, 5)


def test_hundreds_of_faults_are_cut_short(xlsales: Command, tmp_path: Path) -> None:
    """Of hundreds of faults a screenful is told, and how many there are."""
    rows = [{"dimension": "D", "member": f"m{i}", "weight": "高"} for i in range(300)]
    ran = xlsales("split", plan(tmp_path / "计划.xlsx", dimensions=rows))
    assert ran.code == 2
    assert 10 <= len(ran.sentences) <= 30
    assert "300" in ran.sentences[-1]


def test_a_hundred_thousand_members(xlsales: Command, tmp_path: Path) -> None:
    """100,000 members in one dimension are refused in one sentence, with the limit."""
    book = plan(tmp_path / "计划.xlsx", dimensions=TWO)
    part = part_of(book, "维度")
    cell = '<c r="{c}{r}" t="inlineStr"><is><t>{t}</t></is></c>'
    rows = "".join(
        f'<row r="{r}">{cell.format(c="B", r=r, t="D")}{cell.format(c="C", r=r, t=r)}<c r="F{r}"><v>1</v></c></row>'
        for r in range(5, 100_005)
    )

    def grow(name: str, data: bytes) -> bytes:
        if name == part:
            return re.sub(rb'<row r="5".*</sheetData>', lambda _: rows.encode() + b"</sheetData>", data, flags=re.S)
        return re.sub(rb"B4:L\d+", b"B4:L100004", data) if b'"xs_dimensions"' in data else data

    rewrite(book, grow)
    before = book.read_bytes()
    ran = xlsales("split", book)
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert ran.err.startswith("维度!B5: 维度“D”有 100000 个成员,上限是")
    assert book.read_bytes() == before


# --- protection ---


def test_protected_sheet(xlsales: Command, tmp_path: Path) -> None:
    """A written sheet that is protected is named, and nothing is written; protected input sheets do not matter."""
    book = plan(tmp_path / "计划.xlsx", dimensions=TWO)
    assert xlsales("split", book).code == 0
    protection = b'</sheetData><sheetProtection sheet="1" objects="1" scenarios="1"/>'
    guarded = {part_of(book, "按D"), part_of(book, "设置")}
    rewrite(book, lambda name, data: data.replace(b"</sheetData>", protection) if name in guarded else data)
    answer(book, "total", 2000)
    before = book.read_bytes()
    ran = xlsales("split", book)
    assert (ran.code, ran.sentences) == (
        2,
        ["按D: 这张表受保护,无法写入。请在“审阅→撤销工作表保护”后再试。"],
    )
    assert book.read_bytes() == before


def test_protected_structure_with_all_sheets_there(xlsales: Command, tmp_path: Path) -> None:
    """Where no sheet has to be added, a protected structure is no hindrance."""
    book = plan(tmp_path / "计划.xlsx", dimensions=TWO)
    assert xlsales("split", book).code == 0
    swap(book, "<bookViews>", '<workbookProtection lockStructure="1"/><bookViews>', "xl/workbook.xml")
    answer(book, "total", 2000)
    assert xlsales("split", book).code == 0
    assert opened(book).time.value("total", "target") == 2000 * WAN


# --- names ---


def test_names_like_formulas_stay_text(xlsales: Command, tmp_path: Path) -> None:
    """Members, dimensions, plans and data that look like formulas are text wherever they are written."""
    rows = [{"dimension": "=D+1", "member": name, "weight": 1, "note": "=1+1"} for name in LIKE_FORMULAS]
    sales = [("日期", "=D+1", "金额"), *((dt.date(2026, 1, 5), name, 100) for name in LIKE_FORMULAS)]
    sales.append((dt.date(2026, 1, 6), "=cmd|' /C calc'!A0", 7))
    book = plan(tmp_path / "计划.xlsx", dimensions=rows, plan_name="=NOW()", tables={
        "xs_locks": [{"dimension": "=D+1", "member": LIKE_FORMULAS[1], "period": "2026-03", "amount": 10}],
    })  # fmt: skip
    assert xlsales("split", book).code == 0
    paste(book, sales)
    ran = xlsales("refresh", book, "--json")
    assert (ran.code, ran.json["amounts"]) == (1, {"found": 607, "accepted": 600, "set_aside": 7, "totals": 0})
    sheet = opened(book).dimension("=D+1")
    assert sheet.sheet.title == "按=D+1"
    assert {sheet.value(f"m:{name}", "member") for name in LIKE_FORMULAS} == set(LIKE_FORMULAS)
    assert all(sheet.cell(f"m:{name}", "member").data_type != "f" for name in LIKE_FORMULAS)
    assert sheet.down("actual", "m:.*") == [100] * 6
    assert "=cmd|' /C calc'!A0" in opened(book).sheet("problems").down("value", r"p:\d+")
    with zipfile.ZipFile(book) as archive:
        parts = [archive.read(n).decode() for n in archive.namelist() if n.endswith((".xml", ".rels"))]
    formulas = [f for part in parts for f in re.findall(r"<(?:f|c:f|xm:f)[ >][^<]*", part)]
    assert formulas
    assert not [f for f in formulas if re.search(r"HYPERLINK\(\"http|cmd|SUM\(1|-2\+3|1/0|NOW", f)]
    assert not [p for p in parts if "http://x.cn" in p and "Relationship" in p]


@pytest.mark.parametrize(
    "name", ["区域/省[1]:*?\\", "'引号'", "时间", "很" * 40, " 前后空格 ", "A&B <c>", "History", "100%"]
)
def test_dimensions_of_any_name(xlsales: Command, tmp_path: Path, name: str) -> None:
    """A dimension may be called what people like: its sheet gets a legal title of its own."""
    rows = [{**row, "dimension": name} for row in TWO]
    book = plan(tmp_path / "计划.xlsx", dimensions=rows)
    assert xlsales("split", book).code == 0
    shown = opened(book)
    sheet = shown.dimension(name.strip())
    assert sheet.down("target", "m:.*") == [500 * WAN] * 2
    assert len(sheet.sheet.title) <= 31
    assert not set(sheet.sheet.title) & set("[]:*?/\\")
    assert len({t.casefold() for t in shown.titles}) == len(shown.titles)
    assert xlsales("split", book, "--json").json["changed"] is False


def test_dimensions_alike(xlsales: Command, tmp_path: Path) -> None:
    """Dimensions whose titles would be the same get different ones."""
    names = ("渠道/线", "渠道:线", "渠道?线")
    book = plan(tmp_path / "计划.xlsx", dimensions=[{**row, "dimension": name} for name in names for row in TWO])
    assert xlsales("split", book).code == 0
    assert len({opened(book).dimension(name).sheet.title for name in names}) == 3


def test_members_alike_but_for_case_and_space(xlsales: Command, tmp_path: Path) -> None:
    """Members that differ in case are two members, each with its own row."""
    rows = members({"D": {"sku-a": 1, "SKU-A": 3, "it's <&> ok": 4}})
    book = plan(tmp_path / "计划.xlsx", total=80, dimensions=rows)
    assert xlsales("split", book).code == 0
    assert opened(book).dimension("D").down("target", "m:.*") == [10 * WAN, 30 * WAN, 40 * WAN]


# --- years ---


@pytest.mark.parametrize("command", ["split", "check"])
@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        (dt.date(2028, 1, 1), dt.date(2028, 12, 31), "2028"),
        (dt.date(2028, 4, 1), dt.date(2029, 3, 31), "2028、2029"),
        (dt.date(2026, 7, 1), dt.date(2027, 6, 30), "2027"),
    ],
)
def test_a_year_without_a_published_calendar(
    xlsales: Command, tmp_path: Path, start, end, years: str, command: str
) -> None:
    """A year that is not announced is split, marked 未公布, and told in a line at each run: nothing is to be mended."""
    book = plan(tmp_path / "计划.xlsx", dimensions=TWO, start=start, end=end, month_method="working_days")
    for _ in range(2):
        ran = xlsales(command, book)
        assert (ran.code, ran.err) == (0, "")
        assert f"{years} 年放假安排未公布" in ran.out
        assert not re.search(r"数据问题 \d", ran.out)


def test_a_year_that_gets_its_calendar(xlsales: Command, tmp_path: Path) -> None:
    """As the sentence says: the announced days go into 日历, a split follows, and nothing is marked any more."""
    book = plan(tmp_path / "计划.xlsx", dimensions=TWO, start=dt.date(2028, 1, 1), end=dt.date(2028, 12, 31),
                month_method="working_days")  # fmt: skip
    assert xlsales("split", book).code == 0
    shown = opened(book)
    assert shown.time.value("2028-03", "period") == "3月 *"
    assert any("未公布" in sentence for sentence in shown.problems)
    assert sum(shown.time.down("target", r"2028-\d\d")) == 1000 * WAN
    assert shown.time.value("total", "working_days") == 260 - 13
    feasts = [(1, 1, 3), (1, 25, 31), (4, 3, 5), (5, 1, 5), (6, 10, 12), (9, 29, 30), (10, 1, 7)]
    for i, (month, first, last) in enumerate(feasts):
        days = {"start": dt.date(2028, month, first), "end": dt.date(2028, month, last)}
        fill_in(book, "xs_calendar", i, kind="节假日", **days)
    ran = xlsales("split", book)
    assert ran.code == 0
    assert "未公布" not in ran.out
    shown = opened(book)
    assert shown.time.value("2028-03", "period") == "3月"
    off = {dt.date(2028, m, d) for m, first, last in feasts for d in range(first, last + 1)}
    every = [dt.date(2028, 1, 1) + dt.timedelta(days=i) for i in range(366)]
    assert shown.time.value("total", "working_days") == sum(d.weekday() < 5 and d not in off for d in every)


def test_leap_day(xlsales: Command, tmp_path: Path) -> None:
    """A leap day has its row and its actual; its plan may follow a year that had none."""
    history = [HEADER, *((dt.date(2023, m, 28), "a" if m % 2 else "b", 100) for m in range(1, 13))]
    book = plan(
        tmp_path / "计划.xlsx",
        dimensions=TWO,
        start=dt.date(2024, 2, 29),
        end=dt.date(2025, 2, 28),
        month_method="reference",
        history=history,
    )
    ran = xlsales("split", book)
    assert (ran.code, "2024-03 – 2024-12" in ran.out) == (1, True)  # the year before the leap day ends in February
    paste(book, [HEADER, ("2024-02-29", "a", 1234)])
    assert xlsales("refresh", book).code == 0
    shown = opened(book)
    assert shown.time.value("2024-02-29", "actual") == 1234
    assert shown.time.value("2024-02-29", "target") > 0
    assert sum(shown.time.down("target", r"\d{4}-\d\d-\d\d")) == 1000 * WAN


# --- data that cannot be read at all ---


def test_actuals_in_doubt(xlsales: Command, tmp_path: Path) -> None:
    """Two columns that could be the amount are not guessed at: the sentence names both and where to choose."""
    sales = [("日期", "D", "销售额", "成交金额"), (dt.date(2026, 1, 5), "a", 113, 100)]
    book = plan(tmp_path / "计划.xlsx", dimensions=TWO, actuals=sales)
    before = book.read_bytes()
    ran = xlsales("split", book)
    assert (ran.code, len(ran.sentences)) == (2, 1)
    assert "销售额、成交金额" in ran.err
    assert "列对应" in ran.err
    assert book.read_bytes() == before
    mapped = {"xs_mapping": [{"field": "金额", "header": "成交金额"}]}
    book = plan(tmp_path / "计划2.xlsx", dimensions=TWO, actuals=sales, tables=mapped)
    assert xlsales("split", book, "--json").json["actual"] == 100


def test_no_row_can_be_counted(xlsales: Command, tmp_path: Path) -> None:
    """Where every row is set aside, the refresh stops and says which and why."""
    book = plan(tmp_path / "计划.xlsx", dimensions=TWO)
    assert xlsales("split", book).code == 0
    paste(book, [HEADER, (dt.date(2026, 1, 5), "x", 1), (dt.date(2026, 1, 6), "y", 2)])
    before = book.read_bytes()
    ran = xlsales("refresh", book)
    assert ran.code == 2
    assert ran.sentences[0].startswith("实际: “实际”里没有可用的数据行")
    assert len(ran.sentences) == 3
    assert book.read_bytes() == before


def test_history_with_a_few_bad_rows(xlsales: Command, tmp_path: Path) -> None:
    """Rows of the history that cannot be used are told, and the rest gives the shape."""
    history = [HEADER, (dt.date(2025, 3, 1), "a", 100), (dt.date(2025, 6, 1), "b", 300), ("?", "b", 5)]
    book = plan(tmp_path / "计划.xlsx", dimensions=TWO, month_method="reference", history=history)
    ran = xlsales("split", book, "--json")
    assert ran.code == 1
    summary, reason, lacks = ran.json["problems"]
    assert "参照期间没有" in lacks["sentence"]
    assert "历史里有 1 行没有采用,金额合计 5.00 元" in summary["sentence"]
    assert (summary["rows"], summary["amount"], summary["set_aside"]) == (1, 5, False)
    assert (reason["sheet"], reason["row"], reason["column"], reason["set_aside"]) == ("历史", 4, 1, False)
    assert "日期“?”认不出" in reason["sentence"]
    assert opened(book).time.value("2026-06", "target") == 750 * WAN


def test_the_largest_amounts_missing_in_the_history_come_first(xlsales: Command, tmp_path: Path) -> None:
    """Of many findings in the history twenty are listed, the largest first; the account of the actuals is its own."""
    history = [HEADER, (dt.date(2025, 3, 1), "a", 100), *((f"?{n}", "b", n) for n in range(1, 31))]
    actuals = [HEADER, (dt.date(2026, 1, 5), "a", 100_000)]
    book = plan(tmp_path / "计划.xlsx", dimensions=TWO, history=history, actuals=actuals)
    found = xlsales("split", book, "--json").json
    assert [p["amount"] for p in found["problems"]] == [465, *range(30, 10, -1)]
    assert (found["rows"]["set_aside"], found["amounts"]["set_aside"]) == (0, 0)


def test_a_plan_for_next_year_beside_the_sales_of_this_one(xlsales: Command, tmp_path: Path) -> None:
    """Actuals that are all before the plan do not keep it from being split; that none counts is told."""
    book = plan(tmp_path / "计划.xlsx", dimensions=TWO, actuals=[HEADER, (dt.date(2025, 3, 1), "a", 100)])
    ran = xlsales("split", book)
    assert ran.code == 1
    assert "没有可用的数据行" in ran.out
    assert "2025年有 1 行不在计划期间" in ran.out
    assert opened(book).time.value("total", "target") == 1000 * WAN
    assert xlsales("refresh", book).code == 2
