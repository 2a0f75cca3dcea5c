"""What shops, banks and ERP systems write under the name of a table, each read as meant or told with its line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.tables.tables import REGION, read, write
from xlsales.core.faults import Fault
from xlsales.tables import reasons
from xlsales.tables.files.unreadable import EncodingUnknown, NotReallyABook
from xlsales.tables.remarks import LineTooWide, QuoteAstray

pytestmark = pytest.mark.unit

HEAD = "日期,区域,渠道,销售额\n"
DAY = dt.date(2026, 1, 5)
GOOD = {
    "plain": HEAD + "2026-01-05,上海,线上,1234.5\n",
    "text by formula": HEAD + '="2026-01-05",="上海",线上,="1234.5"\n',
    "text by formula, quoted": HEAD + '"=""2026-01-05""","=""上海""",线上,"=""1234.5"""\n',
    "text by formula with a comma": HEAD + '="2026-01-05",上海,线上,="1,234.5"\n',
    "CR only": (HEAD + "2026-01-05,上海,线上,1234.5\n").replace("\n", "\r"),
    "CR LF": (HEAD + "2026-01-05,上海,线上,1234.5\n").replace("\n", "\r\n"),
    "LF CR LF": HEAD + "2026-01-05,上海,线上,1234.5\r\n\r\n",
    "no end of the last line": HEAD + "2026-01-05,上海,线上,1234.5",
    "sep and decimal comma": "sep=;\n日期;区域;渠道;销售额\n2026-01-05;上海;线上;1234,50\n",
    "quoted sep": '"sep=;"\r\n日期;区域;渠道;销售额\r\n2026-01-05;上海;线上;1.234,5\r\n',
    "sep of a tab": "sep=\t\n日期\t区域\t渠道\t销售额\n2026-01-05\t上海\t线上\t1,234.5\n",
    "semicolons": "日期;区域;渠道;销售额\n2026-01-05;上海;线上;1.234,50\n",
    "bars": "日期|区域|渠道|销售额\n2026-01-05|上海|线上|1,234.50\n",
    "tabs": "日期\t区域\t渠道\t销售额\n2026-01-05\t上海\t线上\t1,234.50\n",
    "thousands in quotes": HEAD + '2026-01-05,上海,线上,"1,234.50"\n',
    "all in quotes": '"日期","区域","渠道","销售额"\n"2026-01-05","上海","线上","1234.5"\n',
    "spaces and tabs about": "日期 ,区域\t, 渠道,销售额 \n2026-01-05 ,上海\t, 线上,1234.5 \t\n",
    "separators at the end": "日期,区域,渠道,销售额,,\n2026-01-05,上海,线上,1234.5,,\n",
    "currency": HEAD + "2026-01-05,上海,线上,¥1234.5\n",
    "currency in words": HEAD + '2026-01-05,上海,线上,"RMB 1,234.50"\n',
    "offset": HEAD + "2026-01-05T08:00:00+08:00,上海,线上,1234.5\n",
    "Zulu": HEAD + "2026-01-05T02:00:00Z,上海,线上,1234.5\n",
    "Zulu of midnight here": HEAD + "2026-01-04T16:00:00.000Z,上海,线上,1234.5\n",
    "fractions of a second": HEAD + "2026-01-05 08:00:00.123,上海,线上,1234.5\n",
    "fourteen figures": HEAD + "20260105083000,上海,线上,1234.5\n",
    "twelve figures": HEAD + "202601050830,上海,线上,1234.5\n",
    "milliseconds": HEAD + "1767542400000,上海,线上,1234.5\n",
    "eight figures": HEAD + "20260105,上海,线上,1234.5\n",
    "apostrophe": HEAD + "'2026-01-05,上海,线上,'1234.5\n",
    "line break in a quoted cell": "日期,区域,渠道,销售额,备注\n2026-01-05,上海,线上,1234.5,\"一\n二\"\n",
    "quotes within text": "日期,区域,渠道,销售额,备注\n2026-01-05,上海,线上,1234.5,5\" 管\n",
    "doubled quotes": "日期,区域,渠道,销售额,备注\n2026-01-05,上海,线上,1234.5,\"5\"\" 管, 长\"\n",
}  # fmt: skip


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_tables_as_exporters_write_them(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(encoding))
    records = read(path)
    assert [str(p.fault) for p in records.problems] == []
    assert (records.day.tolist(), records.accepted_micros) == ([DAY], 1_234_500_000)


@pytest.mark.parametrize("stamp", [20260105083000, 202601050830, 20260105, 1767542400000, 46027, 46027.4])
def test_stamps_that_are_numbers(tmp_path: Path, stamp: float) -> None:
    rows = [["日期", "区域", "渠道", "销售额"], [stamp, "上海", "线上", 5], [stamp, "北京", "线上", 5]]
    assert set(read(write(tmp_path / "t.xlsx", rows)).day.tolist()) == {DAY}


AMOUNTS = [
    ("(1,234.50)", -1234.5), ("1234.5-", -1234.5), ("-1,234.50", -1234.5), ("−5", -5), ("¥-5", -5), ("(¥5)", -5),
    ("+5", 5), ("5元", 5), ("0.5万", 5000), ("５", 5), ("1 234.5", 1234.5), ("1.5e3", 1500),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "yuan"), AMOUNTS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_amounts_as_exporters_write_them(tmp_path: Path, amount: str, yuan: float, kind: str) -> None:
    rows = [["日期", "区域", "渠道", "销售额"], ["2026-01-05", "上海", "线上", amount]]
    path = tmp_path / f"t.{kind}"
    if kind == "csv":
        path.write_text("\n".join(",".join(f'"{c}"' for c in row) for row in rows), "utf-8")
    else:
        write(path, rows)
    records = read(path)
    assert records.accepted_micros == round(yuan * 1e6)


@pytest.mark.parametrize("mark", ["-", "--", "—", "/", "\\N", "null", "NULL", " - ", "－", "None"])
def test_marks_for_nothing_are_nothing(tmp_path: Path, mark: str) -> None:
    rows = [["区域", "渠道", "1月", "2月"], ["上海", "线上", 5, mark], ["北京", "线下", mark, 7]]
    records = read(write(tmp_path / "t.xlsx", rows))
    assert (records.rows_found, records.accepted_micros) == (2, 12_000_000)
    assert not records.problems
    rows = [["日期", "区域", "渠道", "销售额"], ["2026-01-05", "上海", "线上", mark]]
    (problem,) = read(write(tmp_path / "t.xlsx", rows)).problems
    assert isinstance(problem.fault, reasons.AmountBlank)


PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="{charset}"></head><body>
<table><tr><td>菜单</td></tr></table>
<table border=1><tr><th colspan="4">销售明细&nbsp;</th></tr>
<tr><th>日期</th><th>区域</th><th>渠道</th><th>销售额</th></tr>
<tr><td>2026-01-05</td><td rowspan=2>上海</td><td>线上</td><td style='mso-number-format:"\\@"'>&yen;1,234.50</td></tr>
<tr><td>2026-01-06</td><td>线下</td><td>5<br></td></tr></table></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
@pytest.mark.parametrize("name", ["t.xls", "t.xlsx"])
def test_a_page_under_the_name_of_a_workbook(tmp_path: Path, charset: str, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(PAGE.format(charset=charset).encode(charset))
    records = read(path)
    assert records.accepted_micros == 1_234_500_000
    (blank,) = records.problems  # the cell that the region spans
    assert isinstance(blank.fault, reasons.KeyBlank)
    assert str(blank.place) == "实际!B4"


SHEET_XML = """<?xml version="1.0" encoding="{charset}"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="空"><Table/></Worksheet>
<Worksheet ss:Name="明细"><Table><Row><Cell ss:MergeAcross="3"><Data ss:Type="String">销售明细</Data></Cell></Row>
<Row ss:Index="3">{header}</Row>
<Row><Cell><Data ss:Type="DateTime">2026-01-05T00:00:00.000</Data></Cell><Cell><Data ss:Type="String">上海</Data></Cell>
<Cell><Data ss:Type="String">线上</Data></Cell><Cell ss:Index="6"><Data ss:Type="Number">1234.5</Data></Cell></Row>
<Row><Cell ss:Index="6"><Data ss:Type="String">约5</Data></Cell></Row>
</Table></Worksheet>
<Worksheet ss:Name="备注"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table></Worksheet>
</Workbook>"""


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_the_xml_of_excel_2003(tmp_path: Path, charset: str) -> None:
    names = ["日期", "区域", "渠道", "销售额"]
    tags = ["<Cell>"] * 3 + ['<Cell ss:Index="6">']
    cells = [f'{tag}<Data ss:Type="String">{name}</Data></Cell>' for tag, name in zip(tags, names, strict=True)]
    path = tmp_path / "t.xls"
    path.write_bytes(SHEET_XML.format(charset=charset, header="".join(cells)).encode(charset))
    records = read(path)
    assert (records.day.tolist(), records.accepted_micros) == ([DAY], 1_234_500_000)
    places = {str(p.place) for p in records.problems if p.set_aside}
    assert places == {"[实际]明细!A5"}  # a row without its date
    assert any("没有读取:备注" in p.fault.say("zh") for p in records.problems)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(NotReallyABook):
        read(path)


HEADS = ("日期", "区域", "渠道", "销售额")


def _line(day: str, amount: object) -> tuple[object, ...]:
    return day, "上海", "线上", amount


def _table(*rows: tuple[object, ...]) -> str:
    return f"<table>{''.join('<tr>' + ''.join(f'<td>{c}</td>' for c in row) + '</tr>' for row in rows)}</table>"


def _sheet(title: str, *rows: tuple[object, ...], state: str = "") -> str:
    lines = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{c}</Data></Cell>' for c in row) + "</Row>" for row in rows
    )
    options = f'<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">{state}</WorksheetOptions>'
    return f'<Worksheet ss:Name="{title}"><Table>{lines}</Table>{options}</Worksheet>'


ONE, TWO, NOTE = _line("2026-01-05", 1), _line("2026-02-05", 10), ("打印人", "张三")
HIDDEN = "<Visible>SheetHidden</Visible>"
SEVERAL = {
    "pages of one report": (_table(HEADS, ONE) + _table(HEADS, TWO), 11, "读取了表头相同的 2 张工作表:表1、表2"),
    "columns in another order": (_table(HEADS, ONE) + _table(HEADS[::-1], TWO[::-1]), 11, "2 张"),
    "another table": (_table(HEADS, ONE, TWO) + _table(NOTE, ("部门", "一部")), 11, "没有读取:表2"),
    "the largest is the table": (_table(NOTE, ("部门", 9)) + _table(HEADS, ONE, TWO), 11, "没有读取:表1"),
    "header in a table of its own": (_table(HEADS) + _table(ONE, TWO), 11, ""),
    "title in a table of its own": (_table(("单位:千元",)) + _table(HEADS, ONE, TWO), 11_000, "1000 元"),
    "table in a cell": (_table((_table(HEADS, ONE, TWO),)), 11, ""),
    "sheets of months": (_sheet("1月", HEADS, ONE) + _sheet("2月", HEADS, TWO), 11, "1月、2月"),
    "hidden sheet": (_sheet("旧", HEADS, ONE, state=HIDDEN) + _sheet("新", HEADS, TWO), 10, "没有读取:旧(隐藏"),
    "sheet of a copy": (_sheet("数据", HEADS, ONE) + _sheet("数据 副本", HEADS, ONE), 1, "像是汇总、副本"),
    "undated sheets": (_sheet("1月", HEADS[1:], ONE[1:]) + _sheet("2月", HEADS[1:], TWO[1:]), 11, "1月、2月"),
}


@pytest.mark.parametrize("key", SEVERAL)
def test_several_tables_under_the_name_of_a_workbook(tmp_path: Path, key: str) -> None:
    """Tables of one header are read as one; of each other table it is said that it was not read."""
    inner, sold, said = SEVERAL[key]
    uri = "urn:schemas-microsoft-com:office:spreadsheet"
    path = tmp_path / "t.xls"
    page = (
        f"<html><body>{inner}</body></html>"
        if "<table>" in inner
        else f"<Workbook xmlns='{uri}' xmlns:ss='{uri}'>{inner}</Workbook>"
    )
    path.write_text(page, encoding="utf-8")
    records = read(path)
    assert records.accepted_micros == sold * 1_000_000
    assert said in " ".join(problem.fault.say("zh") for problem in records.problems)
    assert records.problems or not said


def test_a_named_table_of_a_page(tmp_path: Path) -> None:
    """A table that was not read is read by the name that was told."""
    path = tmp_path / "t.xls"
    path.write_text(
        f"<html>{_table(HEADS, ONE, ONE)}{_table(('日期', '区域', '销售额'), ('2026-02-05', '上海', 7))}</html>"
    )
    assert read(path).accepted_micros == 2_000_000
    assert read(path, sheet="表2").accepted_micros == 7_000_000


@pytest.mark.parametrize("key", ["tabs", "plain", "semicolons"])
def test_text_under_the_name_of_a_workbook(tmp_path: Path, key: str) -> None:
    path = tmp_path / "t.xls"
    path.write_bytes(GOOD[key].encode("gb18030"))
    assert read(path).accepted_micros == 1_234_500_000


def test_a_workbook_under_the_name_of_a_text(tmp_path: Path) -> None:
    write(tmp_path / "t.xlsx", [["日期", "区域", "渠道", "销售额"], ["2026-01-05", "上海", "线上", 5]])
    path = (tmp_path / "t.xlsx").rename(tmp_path / "t.csv")
    assert read(path).accepted_micros == 5_000_000


@pytest.mark.parametrize("content", [b"hello", b"\x89PNG\r\n\x1a\n" + bytes(40), "只是一句话。\n没有表格。\n".encode()])
def test_what_is_no_table_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.xls").write_bytes(content)
    with pytest.raises(Fault):
        read(tmp_path / "t.xls")
    (tmp_path / "t.xlsx").write_bytes(content)
    with pytest.raises(NotReallyABook):
        read(tmp_path / "t.xlsx")


# --- lines that are not what they should be -----------------------------------


@pytest.mark.parametrize(
    ("lines", "aside", "accepted"),
    [
        (["2026-01-05,上海,线上,1,234.50"], ["实际!D2"], 0),
        (["2026-01-05,上海,线上,5", "2026-01-06,上海,线上,1,234.50", "2026-01-07,上海,线上,7"], ["实际!D3"], 12),
        (["2026-01-05,上海,线上,5", "", "2026-01-06,上海,线上,1,234,567.00"], ["实际!D4"], 5),
        (["2026-01-05,上海,线上,5", "2026-01-06,上海,北店,线上,7"], ["实际!D3"], 5),
    ],
)
def test_a_line_with_more_cells_than_headers_is_in_doubt(
    tmp_path: Path, lines: list[str], aside: list[str], accepted: int
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(HEAD + "\n".join(lines), "utf-8")
    records = read(path)
    assert [str(p.place) for p in records.problems] == aside
    assert all(isinstance(p.fault, LineTooWide) for p in records.problems)
    assert records.accepted_micros == accepted * 1_000_000


def test_short_lines_lack_what_they_lack(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(HEAD + "2026-01-05,上海,线上\n2026-01-05,上海,线上,5\n合计,,,5\n", "utf-8")
    records = read(tmp_path / "t.csv")
    assert {type(p.fault) for p in records.problems} == {reasons.AmountBlank, reasons.TotalsRow}
    assert records.accepted_micros == 5_000_000


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEAD + '2026-01-05,上海,线上,5\n2026-01-06,"上海,线上,5\n2026-01-07,上海,线上,5\n', 3),
        (HEAD + '2026-01-05,"上海,线上,5\n2026-01-06,上海,线上,5\n2026-01-07,上海",线上,5\n', 2),
        (HEAD + '2026-01-05,"上"海,线上,5\n2026-01-06,上海,线上,5\n', 2),
        ("sep=,\n" + HEAD + '2026-01-05,"上海,线上,5\n', 3),
    ],
)
def test_a_quote_without_its_twin_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "t.csv").write_text(text, "utf-8")
    with pytest.raises(QuoteAstray) as told:
        read(tmp_path / "t.csv")
    assert told.value.facts["line"] == line
    mended = text.replace('"', "")  # the remedy
    (tmp_path / "t.csv").write_text(mended, "utf-8")
    records = read(tmp_path / "t.csv")
    assert records.accepted_micros == (mended.count("\n") - mended.count("sep=") - 1) * 5_000_000


SEMICOLONS = "日期;区域;渠道;单价;销售额\n"


@pytest.mark.parametrize(
    ("lines", "sum_"),
    [
        (["2026-01-05;上海;线上;1,5;500,00-", "2026-01-06;上海;线上;2,5;1.234,50"], 734.5),
        (["2026-01-05;上海;线上;1,5;(500,00)", "2026-01-06;上海;线上;2,5;¥ 1.234,50"], 734.5),
        (["2026-01-05;上海;线上;1,55;1.234", "2026-01-06;上海;线上;2,50;2.000"], 3234),  # the prices tell the comma
        (["2026-01-05;上海;线上;1.55;1.234", "2026-01-06;上海;线上;2.50;2.5"], 3.734),
        (["2026-01-05;上海;线上;1;1.234.567,00", "2026-01-06;上海;线上;2;-5,00"], 1234562),
    ],
)
def test_decimal_commas(tmp_path: Path, lines: list[str], sum_: float) -> None:
    path = tmp_path / "t.csv"
    path.write_text(SEMICOLONS + "\n".join(lines) + "\n", "utf-8")
    records = read(path)
    assert (records.accepted_micros, records.rows_set_aside) == (round(sum_ * 1_000_000), 0)


def test_points_that_may_group_thousands_are_doubted(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"

    def doubts(*amounts: str) -> list[str]:
        path.write_text(HEAD + "".join(f"2026-01-05,上海,线上,{a}\n" for a in amounts), "utf-8")
        return [p.fault.say("zh") for p in read(path).problems if isinstance(p.fault, reasons.PointInDoubt)]

    assert doubts("1.234", "2.000", "500") == [
        "有 2 行的金额像“1.234”,点后正好三位,已当作小数。如果点是千分位,请在数据里去掉这些点,再刷新。"
    ]
    assert doubts("1234", "2000", "500") == []  # the remedy
    assert doubts("1.234", "2.5") == doubts("1234.567", "2.500") == doubts("1.234") == []


def test_notes_in_the_column_of_dates_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(HEAD + "2026-01-05,上海,线上,5\n制单人:张三,,,\n下周,上海,线上,\n", "utf-8")
    records = read(path)
    assert (records.rows_found, records.rows_passed_over, records.rows_set_aside) == (2, 1, 1)


def test_text_of_taiwan(tmp_path: Path) -> None:
    """Big5 is told from GBK by the words of its header."""
    path = tmp_path / "t.csv"
    path.write_bytes("日期,區域,金額\n2026-01-05,上海,5\n".encode("big5"))
    records = read(path, REGION, mapping={"amount": "金額"})
    assert (records.found_micros, records.day.tolist()) == (5_000_000, [DAY])


def test_text_of_no_known_encoding(tmp_path: Path) -> None:
    """The sentence says how to save it."""
    path = tmp_path / "t.csv"
    path.write_bytes("Date,Store,Amount\n2026-01-05,Café,1\n".encode("cp1252"))
    with pytest.raises(EncodingUnknown) as caught:
        read(path)
    assert "CSV UTF-8" in caught.value.say("zh")
