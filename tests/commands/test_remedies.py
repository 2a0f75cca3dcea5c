"""Every remedy that a sentence on the columns offers is followed to the letter, and the next run works."""

# ruff: noqa: E501 - tables of examples
from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands.books import WAN, Command, Ran, Rows, members, opened, plan

pytestmark = pytest.mark.unit
D = dt.date(2026, 3, 8)
E = dt.date(2026, 3, 9)
ZH = re.compile(
    r"字段 (?P<field>[^,。;]+?)(?:,表头(?: |填其中一列:)(?P<header>[^,。;]+?))?(?:,值 (?P<value>[^,。;(]+?))?(?:,倍数 (?:[^;]*?如 )?(?P<factor>[\d.]+)\)?)?(?=[,。;(]|$)"
)
EN = re.compile(
    r"field (?P<field>[\w ]+?)(?:(?:,| and) (?:its )?header:? (?P<header>[^,.;]+?))?(?:(?:,| and) value (?P<value>[^,.;(]+?))?"
    r"(?: and (?:as )?factor (?:[^;]*?e\.g\. )?(?P<factor>\d+(?:\.\d+)?)\)?)?(?=[,.;(]| and|$)"
)


@dataclass(frozen=True)
class Case:
    """Rows that raise a question, and what they count to once its remedy is followed (yuan)."""

    id: str
    rows: Rows
    actual: float
    code: int
    pick: str = ""


CASES = (
    Case("amount missing", [("日期", "产品", "销量"), (D, "A", 3)], 3, 2),
    Case("amount in doubt", [("日期", "销售额", "成交金额"), (D, 5, 7)], 5, 2, "销售额"),
    Case("unit not understood", [("日期", "销售额(万贯)"), (D, 2)], 2000, 2),
    Case("units that differ", [("单位:千元", None), ("日期", "销售额(万元)"), (D, 2)], 20_000, 2),
    Case("another currency", [("日期", "Sales (USD)"), (D, 2)], 14.2, 2),
    Case("returns", [("日期", "业务类型", "金额"), (D, "销售", 10), (D, "退货", 3)], 7, 1),
    Case("sides of an account", [("日期", "借贷", "金额"), (D, "H", 10), (D, "S", 3)], 7, 1),
    Case("closed orders", [("日期", "订单状态", "金额"), (D, "已完成", 10), (D, "已关闭", 3)], 10, 1),
    Case("void rows", [("日期", "是否作废", "金额"), (D, None, 10), (D, "是", 3)], 10, 1),
    Case("day or month", [("日期", "金额"), ("5/1/2026", 5), ("6/2/2026", 7), (D, 1)], 13, 1),
    Case("day or year", [("日期", "金额"), ("Jan-26", 5), (D, 1)], 6, 1),
    Case("a zero that may be lost", [("日期", "金额"), ("1.2", 5), ("1.5", 7), (D, 1)], 13, 1),
    Case("dates of six figures", [("日期", "金额"), ("220126", 5), ("230126", 7), (D, 1)], 13, 1),
    Case("running totals in the title", [("1-3月累计", None), ("区域", "销售额"), ("华东", 5)], 5, 2),
    Case("swapped dates", [("日期", "金额"), ("13/1/2026", 5), (dt.date(2026, 5, 1), 7)], 12, 1),
    Case("rows of targets", [("区域", "项目", "1月", "2月"), ("华东", "目标", 9, 9), ("华东", "合同", 1, 2)], 3, 1),
    Case("a unit a row", [("日期", "单位", "金额"), (D, "万元", 2), (D, "元", 5)], 20_005, 1),
    Case("no dates", [("区域", "产品", "销售额"), ("华东", "A", 5)], 5, 2),
    Case("no known date", [("区域", "发货日期", "到期日", "销售额"), ("华东", D, E, 5)], 5, 2, "发货日期"),
    Case(
        "measures",
        [("区域", "1月", None, "2月", None), (None, "含税额", "不含税额", "含税额", "不含税额"), ("华东", 1, 2, 4, 8)],
        5,
        2,
        "含税额",
    ),
    Case(
        "groups",
        [("区域", "直营", None, "加盟", None), (None, "1月", "2月", "1月", "2月"), ("华东", 1, 2, 4, 8)],
        3,
        2,
        "直营",
    ),
    Case("pieces only", [("区域", "1月数量", "2月数量"), ("华东", 1, 2)], 3, 2, "数量"),
    Case("dollars in a cell", [("日期", "金额"), (D, 10), (D, "$3")], 31.3, 1),
    Case("euros in a cell", [("日期", "金额"), (D, 10), (D, "€1,50"), (D, "1.50 EUR")], 31.3, 1),
    Case("prices in dollars", [("日期", "数量", "单价"), (D, 2, 5), (D, 1, "US$3")], 31.3, 1),
    Case("dollars across", [("区域", "1月", "2月"), ("华东", 10, "HKD 3")], 31.3, 1),
    Case("currencies", [("日期", "币种", "金额"), (D, "CNY", 10), (D, "USD", 3)], 31.3, 1),
)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_remedy_works(xlsales: Command, tmp_path: Path, case: Case, lang: str) -> None:
    """The sentence names field, header, value and factor; entered as they are, the figures are right and it is not asked again."""
    made = {"lang": lang, "dimensions": members({"区域": {"华东": 1}}), "actuals": case.rows}
    book = plan(tmp_path / "a.xlsx", **made)
    ran = xlsales("split", book, "--verbose")
    assert ran.code == case.code
    lines = [line for line in (ran.out + ran.err).splitlines() if "这个维度没有实际" not in line]
    told = "\n".join(line for line in lines if "has no column for" not in line)
    found = (ZH if lang == "zh" else EN).search(told)
    assert found, told
    row = {key: value.strip() for key, value in found.groupdict().items() if value}
    if "、" in row.get("header", "") or "/" in row.get("header", "") or case.pick:
        row["header"] = case.pick or row["header"].split("、")[0]
    entered: dict[str, object] = {**row, "factor": float(row["factor"]) if "factor" in row else None}
    book = plan(tmp_path / "b.xlsx", tables={"xs_mapping": [entered]}, **made)
    ran = xlsales("split", book, "--json")
    assert ran.code in (0, 1), ran.err
    assert ran.json["actual"] == case.actual
    sentences = [p["sentence"] for p in ran.json["problems"]]
    again = " ".join(s for s in sentences if "的列,这个维度没有实际" not in s and "has no column for" not in s)
    assert "列对应" not in again.replace("按“列对应”的“排除”", "")
    assert "enter in table Column mapping" not in again


def test_a_snapshot_by_option_and_setting(xlsales: Command, tmp_path: Path) -> None:
    """A table without dates counts on the as-of date, by option or setting; the date is told beside the columns."""
    rows = [("区域", "销售额"), ("华东", 5)]
    book = plan(tmp_path / "a.xlsx", dimensions=members({"区域": {"华东": 1}}), actuals=rows, as_of=E)
    ran = xlsales("split", book, "--json")
    assert (ran.json["actual"], ran.json["columns"]["date"], ran.json["as_of"]) == (5, "2026-03-09", "2026-03-09")
    book = plan(tmp_path / "b.xlsx", dimensions=members({"区域": {"华东": 1}}))
    assert xlsales("split", book).code == 0
    (tmp_path / "now.csv").write_text("区域,销售额\n华东,5\n", encoding="utf-8")
    assert xlsales("refresh", book, "--actuals", tmp_path / "now.csv").code == 2
    ran = xlsales("refresh", book, "--actuals", tmp_path / "now.csv", "--as-of", "2026-03-31", "--json")
    assert (ran.json["actual"], ran.json["columns"]["date"]) == (5, "2026-03-31")


@pytest.mark.parametrize(
    ("lang", "remedy"),
    [
        ("zh", r"字段 (财年),值 (\S+?)\(从 2024 "),
        ("en", r"field (fiscal year) and value (first year) \(it begins in 2024"),
    ],
)
def test_the_year_of_a_fiscal_year(xlsales: Command, tmp_path: Path, lang: str, remedy: str) -> None:
    """Which year a fiscal year is called by is asked; the answer holds for actuals and history."""
    years = [(y, m, "华东", 10.0 ** (y - 2024)) for y in (2024, 2025, 2026) for m in ("4月", "1月")]
    rows = [("财年", "月份", "区域", "金额"), *years]
    span = {"start": dt.date(2025, 4, 1), "end": dt.date(2026, 3, 31)}
    made = {"lang": lang, "dimensions": members({"区域": {"华东": 1}}), "actuals": rows, "history": rows, **span}
    ran = xlsales("split", plan(tmp_path / "a.xlsx", **made))
    assert ran.code == 2
    found = re.search(remedy, ran.err + ran.out)
    assert found, ran.err
    answer: list[dict[str, object]] = [{"field": found[1], "value": found[2]}]
    ran = xlsales("split", plan(tmp_path / "b.xlsx", tables={"xs_mapping": answer}, **made), "--json")
    assert ran.json["actual"] == 20


def test_the_member_of_a_table(xlsales: Command, tmp_path: Path) -> None:
    """A table without a column of a dimension: its member is entered as the sentence says, or its sheet is named."""
    made = {"dimensions": members({"门店": {"徐汇店": 1, "天河店": 1}}), "actuals": [("日期", "金额"), (D, 5)]}
    ran = xlsales("split", plan(tmp_path / "a.xlsx", **made), "--json")
    (said,) = [p["sentence"] for p in ran.json["problems"] if "没有“门店”的列" in p["sentence"]]
    found = re.search(r"填写:字段 (\S+?),值 成员名", said)
    assert found
    assert "把工作表名改成成员名" in said
    answer: list[dict[str, object]] = [{"field": found[1], "value": "天河店"}]
    ran = xlsales("split", plan(tmp_path / "b.xlsx", tables={"xs_mapping": answer}, **made), "--json")
    assert ran.json["columns"]["门店"] == "门店"
    assert "门店" not in " ".join(p["sentence"] for p in ran.json["problems"])


REWRITTEN: dict[str, tuple[Rows, str, Rows, float]] = {
    "quarters across": (
        [("区域", "Q1", "Q2"), ("华东", 1, 2)],
        "每季的最后一个月(3月、6月",
        [("区域", "3月", "6月"), ("华东", 1, 2)],
        3,
    ),
    "quarters of a year across": (
        [("区域", "2026年第一季度销售额", "2026年第二季度销售额"), ("华东", 1, 2)],
        "每季的最后一个月(3月、6月",
        [("区域", "2026年3月销售额", "2026年6月销售额"), ("华东", 1, 2)],
        3,
    ),
    "quarters down": (
        [("季度", "区域", "金额"), ("一季度", "华东", 1), ("二季度", "华东", 2)],
        "每季的最后一个月(3月、6月",
        [("季度", "区域", "金额"), ("3月", "华东", 1), ("6月", "华东", 2)],
        3,
    ),
    "years and quarters": (
        [("年份", "季度", "区域", "金额"), (2025, "Q1", "华东", 1), (2026, "Q1", "华东", 2)],
        "每季的最后一个月(3月、6月",
        [("年份", "季度", "区域", "金额"), (2025, "3月", "华东", 1), (2026, "3月", "华东", 2)],
        2,
    ),
    "halves": (
        [("区域", "上半年", "下半年"), ("华东", 1, 2)],
        "6月、12月",
        [("区域", "6月", "12月"), ("华东", 1, 2)],
        3,
    ),
    "weeks down": (
        [("周", "区域", "金额"), ("第2周", "华东", 1), ("第3周", "华东", 2)],
        "每周的最后一天(如 2026-01-11)",
        [("周", "区域", "金额"), ("2026-01-11", "华东", 1), ("2026-01-18", "华东", 2)],
        3,
    ),
    "weeks across": (
        [("区域", "2026-W02", "2026-W03"), ("华东", 1, 2)],
        "每周的最后一天(如 2026-01-11)",
        [("区域", "2026-01-11", "2026-01-18"), ("华东", 1, 2)],
        3,
    ),
    "running totals": (
        [("月份", "区域", "本年累计销售额"), ("1月", "华东", 5), ("2月", "华东", 9)],
        "累计数不能相加。请粘贴每天或每月的发生额;如果其实就是发生额,请把表头里的“累计”去掉",
        [("月份", "区域", "本年销售额"), ("1月", "华东", 5), ("2月", "华东", 4)],
        9,
    ),
    "running totals across": (
        [("区域", "1月累计", "2月累计"), ("华东", 5, 9)],
        "请把表头里的“累计”去掉",
        [("区域", "1月", "2月"), ("华东", 5, 4)],
        9,
    ),
    "YTD": (
        [("月份", "区域", "YTD Sales"), ("1月", "华东", 5)],
        "“YTD”去掉",
        [("月份", "区域", "Sales"), ("1月", "华东", 5)],
        5,
    ),
    "several months": (
        [("区域", "1-2月", "1-3月"), ("华东", 5, 9)],
        "请换成每月一列的发生额",
        [("区域", "1月", "2月"), ("华东", 5, 4)],
        9,
    ),
}


@pytest.mark.parametrize("key", REWRITTEN)
def test_periods_that_are_no_days(xlsales: Command, tmp_path: Path, key: str) -> None:
    """Quarters, weeks and running totals are refused, never offered as a sum; written as the sentence says they count."""
    rows, said, better, actual = REWRITTEN[key]
    made = {"dimensions": members({"区域": {"华东": 1}})}
    ran = xlsales("split", plan(tmp_path / "a.xlsx", actuals=rows, **made))
    assert ran.code == 2
    assert said in ran.err
    assert "字段 " not in ran.err
    ran = xlsales("split", plan(tmp_path / "b.xlsx", actuals=better, **made), "--json")
    assert ran.json["actual"] == actual


def test_running_totals_beside_own_amounts_are_not_offered(xlsales: Command, tmp_path: Path) -> None:
    """Of 当月 and 累计 only the first is offered."""
    rows = [("月份", "区域", "当月", "累计"), ("1月", "华东", 5, 5), ("2月", "华东", 4, 9)]
    ran = xlsales("split", plan(tmp_path / "a.xlsx", actuals=rows, dimensions=members({"区域": {"华东": 1}})))
    assert "字段 金额,表头 当月。" in ran.err
    assert "计入" not in ran.err


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("remedy", ["in full", "as days", "row above", "row above, in its first cell"])
@pytest.mark.parametrize("route", ["sheet", "file"])
def test_the_year_of_a_wide_history(xlsales: Command, tmp_path: Path, lang: str, remedy: str, route: str) -> None:
    """Months across without a year: each way of the sentence, followed as it says, gives the shares of last year."""
    months = {
        "zh": [f"{m}月" for m in range(1, 13)],
        "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    }
    body = [("甲", *[100] * 12), ("乙", *[300] * 12)]
    rows = [{"dimension": "门店", "member": name, "method": "reference"} for name in ("甲", "乙")]

    def split(number: int, table: list[tuple[object, ...]]) -> Ran:
        book = tmp_path / f"{number}.xlsx"
        plan(book, lang=lang, total=1200, dimensions=rows, history=table if route == "sheet" else None)
        if route == "sheet":
            return xlsales("split", book)
        file = tmp_path / f"{number}.csv"
        file.write_text("\n".join(",".join(map(str, row)) for row in table), encoding="utf-8")
        return xlsales("split", book, "--history", file)

    ran = split(1, [("门店", *months[lang]), *body])
    assert ran.code == 2
    said = {"zh": ("2025年1月", "表头上面一行写上年份"), "en": ("2025", "above")}[lang]
    assert all(part in ran.err for part in said), ran.err
    years = ["2025年", *[""] * 12]
    mended = {
        "in full": [("门店", *(f"2025年{m}月" for m in range(1, 13)))],
        "as days": [("门店", *(f"2025-{m:02}-05" for m in range(1, 13)))],
        "row above": [("", *years[:12]), ("门店", *months[lang])],
        "row above, in its first cell": [tuple(years), ("门店", *months[lang])],
    }[remedy]
    ran = split(2, [*mended, *body])
    assert ran.code == 0, ran.err + ran.out
    shown = opened(tmp_path / "2.xlsx").dimension("门店")
    assert [shown.value(f"m:{name}", "target") for name in ("甲", "乙")] == [300 * WAN, 900 * WAN]
