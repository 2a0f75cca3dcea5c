"""What stores do to their workbooks: one fault each, and what must come of it.

Each fault is a function that spoils a filled-in workbook and says what of its honest entries is not taken, what is
taken instead, what else is found, and what the store is told.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tests.commands.books import cell_xml, insert_row, part_of, rewrite, sort_rows, swap
from tests.commands.store_files import StoreFile, insert_column, sales_of, saved_at, type_over

DAY = "2026-01-12"
OTHER_DAY = "2026-02-03"


@dataclass
class Expect:
    """What must come of a file.

    `lost`: days whose entry is not taken; of these `unread` have no amount that can be read. `instead`: amounts
    taken in place of the honest ones. `extra`: amounts found and set aside beside the honest ones. `refused`: nothing
    is taken. `nothing`: nothing can be read either. `said` stands in the sheet's reason; empty: nothing is told.
    """

    said: str = ""
    lost: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    instead: dict[str, float] = field(default_factory=dict)
    extra: list[float] = field(default_factory=list)
    refused: bool = False
    nothing: bool = False
    rows_beside: int = 0
    """Rows of receipts that stand for one day's amount, beyond the first."""
    commitments: int = 0


Fault = Callable[[StoreFile], Expect]
FAULTS: dict[str, Fault] = {}


def fault(make: Fault) -> Fault:
    FAULTS[make.__name__] = make
    return make


def _unreadable(name: str, text: str, said: str = "不是金额") -> None:
    def spoil(file: StoreFile) -> Expect:
        file.type({(DAY, "entry"): text})
        return Expect(said, lost={DAY}, unread={DAY})

    FAULTS[name] = spoil


def _as_meant(name: str, text: str, amount: float) -> None:
    def spoil(file: StoreFile) -> Expect:
        file.type({(DAY, "entry"): text})
        return Expect(instead={DAY: amount})

    FAULTS[name] = spoil


# --- what is in a cell -------------------------------------------------------

_unreadable("words", "没开门")
_unreadable("about", "约500")
_unreadable("a_percentage", "50%", "百分数")
_unreadable("commas_astray", "12,34")
_unreadable("two_amounts", "3000+2000")
_as_meant("thousands_as_text", "1,234.50", 1234.5)
_as_meant("full_width_digits", "２０００", 2000.0)
_as_meant("wan_as_text", "1.5万", 15000.0)
_as_meant("yuan_sign", "¥8,000元", 8000.0)
_as_meant("refund_in_brackets", "(500)", -500.0)
_as_meant("blanks_around", "  9000 ", 9000.0)


@fault
def truth_value(file: StoreFile) -> Expect:
    file.xml(DAY, "entry", "<v>1</v>", attributes=' t="b"')
    return Expect("TRUE", lost={DAY}, unread={DAY})


@fault
def error_value(file: StoreFile) -> Expect:
    file.xml(DAY, "entry", "<f>VLOOKUP(1,A:A,1,0)</f><v>#N/A</v>", attributes=' t="e"')
    return Expect("错误值 #N/A", lost={DAY}, unread={DAY})


@fault
def broken_reference(file: StoreFile) -> Expect:
    file.xml(DAY, "entry", "<v>#REF!</v>", attributes=' t="e"')
    return Expect("错误值 #REF!", lost={DAY}, unread={DAY})


@fault
def formula_without_result(file: StoreFile) -> Expect:
    file.xml(DAY, "entry", "<f>1200+300</f>")
    return Expect("没有结果的公式", lost={DAY}, unread={DAY})


@fault
def formula_with_result(file: StoreFile) -> Expect:
    file.xml(DAY, "entry", "<f>8000+1500</f><v>9500</v>")
    return Expect(instead={DAY: 9500.0})


@fault
def formula_over_cells(file: StoreFile) -> Expect:
    """A day twice as good as another, rounded; the stored result is that of the formula."""
    other = file.at(OTHER_DAY, "entry")
    file.xml(DAY, "entry", f"<f>ROUND(SUM({other},{other}),0)</f><v>{round(2 * file.good[OTHER_DAY] + 1e-9)}</v>")
    return Expect(instead={DAY: float(round(2 * file.good[OTHER_DAY] + 1e-9))})


@fault
def formula_with_another_result(file: StoreFile) -> Expect:
    file.xml(DAY, "entry", "<f>1200+350</f><v>9999</v>")
    return Expect("公式 =1200+350 应得 1550,文件里存的结果却是 9999,没有采用", lost={DAY}, unread={DAY}, extra=[9999.0])


@fault
def formula_over_cells_with_another_result(file: StoreFile) -> Expect:
    file.xml(DAY, "entry", "<f>SUM(A1:A3)</f><v>8888</v>")
    return Expect("公式 =SUM(A1:A3) 应得 0,文件里存的结果却是 8888", lost={DAY}, unread={DAY}, extra=[8888.0])


@fault
def formula_whose_result_hides(file: StoreFile) -> Expect:
    file.xml(DAY, "entry", "<f>1200+350</f><v></v>", attributes=' t="str"')
    return Expect("公式 =1200+350 应得 1550", lost={DAY}, unread={DAY})


@fault
def links_to_another_workbook(file: StoreFile) -> Expect:
    file.xml(DAY, "entry", "<f>[1]Sheet1!$B$2</f><v>7654.5</v>")
    file.xml(OTHER_DAY, "entry", "<f>[1]Sheet1!$B$3</f><v>8000</v>")
    return Expect(
        "有 2 格是公式(如 =[1]Sheet1!$B$2),程序算不了(如引用别的文件),按存盘时显示的结果计入,合计 15,654.5",
        instead={DAY: 7654.5, OTHER_DAY: 8000.0},
    )


@fault
def a_date(file: StoreFile) -> Expect:
    style = re.search(r' s="\d+"', _xml_of(file, DAY, "date"))
    assert style
    file.xml(DAY, "entry", "<v>46027</v>", attributes=style[0])
    return Expect("填的是日期 2026-01-05", lost={DAY}, unread={DAY})


@fault
def beyond_counting(file: StoreFile) -> Expect:
    file.type({(DAY, "entry"): 1e14})
    return Expect("超过了可以计算的范围", lost={DAY}, unread={DAY})


# --- units and running totals ------------------------------------------------


@fault
def one_day_in_wan(file: StoreFile) -> Expect:
    file.type({(DAY, "entry"): 1.2})
    return Expect("像是按万元填的", lost={DAY}, unread={DAY}, extra=[1.2])


@fault
def all_in_wan(file: StoreFile) -> Expect:
    amounts = {day: round(amount / 10_000, 4) for day, amount in file.good.items()}
    file.type({(day, "entry"): amount for day, amount in amounts.items()})
    return Expect("像是按万元填的", lost=set(amounts), unread=set(amounts), extra=list(amounts.values()))


@fault
def little_but_explained(file: StoreFile) -> Expect:
    file.type({(DAY, "entry"): 6.5, (DAY, "remark"): "停电,只卖了一瓶水"})
    return Expect("像是按万元填的", instead={DAY: 6.5})


@fault
def ten_thousandfold(file: StoreFile) -> Expect:
    file.type({(DAY, "entry"): 98_765_432.0})
    return Expect("像是多填了几位", lost={DAY}, unread={DAY}, extra=[98_765_432.0])


@fault
def far_above_all_targets(file: StoreFile) -> Expect:
    file.type({(DAY, "entry"): 1_234_567.0})
    return Expect("倍,已照收。请核对位数", instead={DAY: 1_234_567.0})


@fault
def returns_far_beyond_all_targets(file: StoreFile) -> Expect:
    file.type({(DAY, "entry"): -1_234_567.0})
    return Expect("-1,234,567 超过最高一天目标的 20 倍", instead={DAY: -1_234_567.0})


@fault
def far_above_but_explained(file: StoreFile) -> Expect:
    file.type({(DAY, "entry"): 1_234_567.0, (DAY, "remark"): "企业团购"})
    return Expect("备注是“企业团购”", instead={DAY: 1_234_567.0})


def _running(file: StoreFile, months: tuple[str, ...]) -> dict[str, float]:
    amounts: dict[str, float] = {}
    for month in months:
        total = 0.0
        for day in (d for d in file.good if d.startswith(month)):
            total += file.good[day]
            amounts[day] = round(total, 2)
    file.type({(day, "entry"): amount for day, amount in amounts.items()})
    return amounts


@fault
def running_totals_of_a_month(file: StoreFile) -> Expect:
    amounts = _running(file, ("2026-01",))
    return Expect("天天在涨", lost=set(amounts), unread=set(amounts), extra=list(amounts.values()))


@fault
def running_totals_throughout(file: StoreFile) -> Expect:
    amounts = _running(file, ("2026-01", "2026-02"))
    return Expect("天天在涨", lost=set(amounts), unread=set(amounts), extra=list(amounts.values()))


@fault
def a_day_ahead(file: StoreFile) -> Expect:
    file.type({("2026-03-20", "entry"): 9000.0})
    return Expect("2026-03-20 还没有到", extra=[9000.0])


@fault
def zeros_ahead(file: StoreFile) -> Expect:
    file.type({(f"2026-04-{n:02}", "entry"): 0.0 for n in range(1, 31)})
    return Expect("还没有到", extra=[0.0] * 30)


# --- rows and columns --------------------------------------------------------


@fault
def month_row_typed(file: StoreFile) -> Expect:
    file.type({("2026-01", "entry"): 310_000.0})
    return Expect("合计行", extra=[310_000.0])


@fault
def amount_in_an_inserted_row(file: StoreFile) -> Expect:
    row = file.row(DAY)
    insert_row(file.path, "日报", row, {"D": "补录"})
    _add(file, f"{file.letter('entry')}{row}", 5555.0)
    return Expect("插入的", extra=[5555.0])


@fault
def totals_in_an_inserted_row(file: StoreFile) -> Expect:
    row = file.row("2026-02-01")
    insert_row(file.path, "日报", row, {"C": "合计"})
    _add(file, f"{file.letter('entry')}{row}", 123_456.0)
    return Expect("合计行", extra=[123_456.0])


@fault
def blank_row_inserted(file: StoreFile) -> Expect:
    insert_row(file.path, "日报", file.row(DAY))
    return Expect()


@fault
def row_inserted_on_top(file: StoreFile) -> Expect:
    insert_row(file.path, "日报", 1)
    return Expect()


@fault
def column_inserted(file: StoreFile) -> Expect:
    insert_column(file.path, "日报", file.letter("target"))
    return Expect()


@fault
def column_inserted_on_the_left(file: StoreFile) -> Expect:
    insert_column(file.path, "日报", "A")
    return Expect()


@fault
def whole_rows_sorted(file: StoreFile) -> Expect:
    days = [file.row(f"2026-01-{n:02}") for n in range(1, 32)]
    sort_rows(file.path, "日报", days[::-1])
    return Expect()


@fault
def keys_left_behind_in_sorting(file: StoreFile) -> Expect:
    first, second = f"A{file.row(DAY)}", f"A{file.row(OTHER_DAY)}"
    type_over(file.path, "日报", {first: OTHER_DAY, second: DAY})
    return Expect("行被挪动过", lost={DAY, OTHER_DAY})


@fault
def row_copied(file: StoreFile) -> Expect:
    row = file.row(DAY)
    insert_row(file.path, "日报", row + 1, {"A": DAY})
    _add(file, f"{file.letter('entry')}{row + 1}", 7777.0)
    return Expect("有两行", extra=[7777.0])


# --- sheets, names, protection -----------------------------------------------


@fault
def sheets_renamed(file: StoreFile) -> Expect:
    swap(file.path, 'name="日报"', 'name="每日销售(徐店)"', "xl/workbook.xml")
    swap(file.path, "'日报'!", "'每日销售(徐店)'!", "xl/workbook.xml")
    return Expect()


@fault
def sheets_moved(file: StoreFile) -> Expect:
    def change(name: str, data: bytes) -> bytes:
        if name != "xl/workbook.xml":
            return data
        data = re.sub(rb"<definedName [^>]*localSheetId.*?</definedName>", b"", data)
        sheets = re.findall(rb"<sheet [^>]*/>", data)
        return data.replace(b"".join(sheets), b"".join(sheets[::-1]))

    rewrite(file.path, change)
    return Expect()


@fault
def names_lost(file: StoreFile) -> Expect:
    def change(name: str, data: bytes) -> bytes:
        return re.sub(rb"<definedNames>.*</definedNames>", b"", data) if name == "xl/workbook.xml" else data

    rewrite(file.path, change)
    return Expect()


@fault
def keys_of_rows_deleted(file: StoreFile) -> Expect:
    _blank_keys(file, rb'<c r="A(?!1")\d+"[^>]*?(?:/>|>.*?</c>)')
    return Expect("找不到日报表", refused=True)


@fault
def keys_of_columns_deleted(file: StoreFile) -> Expect:
    _blank_keys(file, rb'<row r="1".*?</row>')
    return Expect("找不到日报表", refused=True, nothing=True)


@fault
def sheet_of_commitments_deleted(file: StoreFile) -> Expect:
    _drop_sheet(file.path, "承诺")
    return Expect("承诺”表被删了")


@fault
def day_sheet_deleted(file: StoreFile) -> Expect:
    _drop_sheet(file.path, "日报")
    return Expect("找不到日报表", refused=True, nothing=True)


@fault
def a_target_changed(file: StoreFile) -> Expect:
    file.type({(DAY, "target"): 1.0})
    return Expect("被改过,下发的是")


@fault
def targets_changed_and_unprotected(file: StoreFile) -> Expect:
    _unprotect(file)
    file.type({(f"2026-02-{n:02}", "target"): 5000.0 for n in range(1, 29)})
    file.type({("2026-02", "commitment"): 140_000.0, ("2026-02", "reason"): "改低了"}, "承诺")
    return Expect("被改过,下发的是")


@fault
def formula_overwritten(file: StoreFile) -> Expect:
    _unprotect(file)
    file.type({(DAY, "actual"): 8800.0})
    file.xml(DAY, "entry", "")
    return Expect("公式被数字盖掉", lost={DAY}, unread={DAY}, extra=[8800.0])


@fault
def formula_overwritten_beside_an_entry(file: StoreFile) -> Expect:
    _unprotect(file)
    file.type({(DAY, "actual"): 8800.0})
    return Expect("公式被数字盖掉")


# --- whose it is -------------------------------------------------------------


@fault
def name_of_another_store(file: StoreFile) -> Expect:
    file.named("xs_store_code", "好店01")
    return Expect("目标对不上", refused=True)


@fault
def filled_in_for_another_store(file: StoreFile) -> Expect:
    """The workbook of a good store, copied and filled in under this store's name."""
    shutil.copy(file.path.with_name("好店02.xlsx"), file.path)
    file.good = sales_of("好店02")
    return Expect("各用自己的文件", refused=True)


@fault
def seal_changed(file: StoreFile) -> Expect:
    file.named("xs_store_fingerprint", "0123456789abcdef")
    return Expect("目标对不上", refused=True)


@fault
def seal_and_targets_changed(file: StoreFile) -> Expect:
    file.named("xs_store_fingerprint", "0123456789abcdef")
    file.type({(DAY, "target"): 1.0})
    return Expect("目标对不上", refused=True)


@fault
def of_another_plan(file: StoreFile) -> Expect:
    file.named("xs_store_plan", "2025年度")
    return Expect("2025年度/门店”的文件", refused=True)


@fault
def of_another_dimension(file: StoreFile) -> Expect:
    file.named("xs_store_dimension", "人员")
    return Expect("2026年度/人员”的文件", refused=True)


@fault
def made_by_a_newer_version(file: StoreFile) -> Expect:
    file.named("xs_store_format", "9")
    return Expect("更新的版本(9)", refused=True)


# --- what kind of file -------------------------------------------------------


@fault
def a_csv_instead(file: StoreFile) -> Expect:
    text = "日期,实际\n" + "\n".join(f"{day},{amount}" for day, amount in file.good.items())
    file.path.with_suffix(".csv").write_text(text, "utf-8-sig")
    file.path.unlink()
    return Expect(".csv 文件", refused=True, nothing=True)


@fault
def a_wps_table_instead(file: StoreFile) -> Expect:
    file.path.rename(file.path.with_suffix(".et"))
    return Expect(".et 文件", refused=True, nothing=True)


@fault
def cut_short(file: StoreFile) -> Expect:
    data = file.path.read_bytes()
    file.path.write_bytes(data[: len(data) // 2])
    return Expect("已损坏", refused=True, nothing=True)


@fault
def day_sheet_cut_short(file: StoreFile) -> Expect:
    part = part_of(file.path, "日报")
    rewrite(file.path, lambda name, data: data[: len(data) // 2] if name == part else data)
    return Expect("“日报”不完整", refused=True, nothing=True)


@fault
def a_style_that_is_no_number(file: StoreFile) -> Expect:
    file.xml(DAY, "entry", "<v>9000</v>", attributes=' s="x"')
    return Expect("已损坏", refused=True, nothing=True)


@fault
def empty_file(file: StoreFile) -> Expect:
    file.path.write_bytes(b"")
    return Expect("不是", refused=True, nothing=True)


@fault
def a_web_page(file: StoreFile) -> Expect:
    file.path.write_text("<html><table><tr><td>2026-01-01</td><td>9000</td></tr></table></html>", "utf-8")
    return Expect("不是", refused=True, nothing=True)


# --- receipts ----------------------------------------------------------------


def _without_entry(file: StoreFile) -> None:
    file.xml(DAY, "entry", "")


@fault
def receipts_for_a_blank_day(file: StoreFile) -> Expect:
    _without_entry(file)
    file.paste([(date(2026, 1, 12), "男装", 4000.0), (date(2026, 1, 12), "女装", 4321.5)])
    return Expect(instead={DAY: 8321.5}, rows_beside=1)


@fault
def receipts_beside_an_entry(file: StoreFile) -> Expect:
    file.paste([(date(2026, 1, 12), "男装", 4000.0)])
    return Expect("以日报为准", extra=[4000.0])


@fault
def receipts_with_totals(file: StoreFile) -> Expect:
    _without_entry(file)
    file.paste([(date(2026, 1, 12), "男装", 4000.0), ("合计", None, 4000.0)])
    return Expect("合计行", instead={DAY: 4000.0}, extra=[4000.0])


@fault
def receipts_by_formulas(file: StoreFile) -> Expect:
    """Amounts counted in the sheet itself, one of them a link, one with a result that is not its own."""
    _without_entry(file)
    day = date(2026, 1, 12)
    file.paste([(day, "男装", 4000.0), (day, "女装", 1.0), (day, "女装", 1.0), (day, "女装", 1.0)])
    cell_xml(file.path, "明细", "E7", '<c r="E7"><f>E6/2+10*3</f><v>2030</v></c>')
    cell_xml(file.path, "明细", "E8", '<c r="E8"><f>[2]销售!C4</f><v>1500</v></c>')
    cell_xml(file.path, "明细", "E9", '<c r="E9"><f>E6+E7</f><v>99999</v></c>')
    return Expect("公式 =E6+E7 应得 6030,文件里存的结果却是 99999", instead={DAY: 7530.0}, extra=[0.0], rows_beside=2)


@fault
def receipts_of_last_year(file: StoreFile) -> Expect:
    file.paste([(date(2025, 1, 12), "男装", 4000.0)])
    return Expect("2025年有 1 行不在计划期间", extra=[4000.0])


@fault
def receipts_ahead(file: StoreFile) -> Expect:
    file.paste([(date(2026, 5, 1), "男装", 4000.0)])
    return Expect("还没有到", extra=[4000.0])


@fault
def receipts_without_a_date(file: StoreFile) -> Expect:
    file.paste([("上周三", "男装", 4000.0)])
    return Expect("日期“上周三”认不出", extra=[4000.0])


@fault
def receipts_of_an_unknown_category(file: StoreFile) -> Expect:
    _without_entry(file)
    file.paste([(date(2026, 1, 12), "男装", 4000.0), (date(2026, 1, 12), "童装", 500.0)])
    return Expect("计划里没有品类“童装”", instead={DAY: 4000.0}, extra=[500.0])


# --- commitments -------------------------------------------------------------


def _commitment(name: str, value: float | str, reason: str, said: str, taken: int = 0) -> None:
    def spoil(file: StoreFile) -> Expect:
        cells: dict[tuple[str, str], float | str] = {("2026-04", "commitment"): value}
        file.type({**cells, ("2026-04", "reason"): reason} if reason else cells, "承诺")
        return Expect(said, commitments=taken)

    FAULTS[name] = spoil


_commitment("commitment_as_words", "尽力", "客流下降", "不是金额")
_commitment("commitment_below_zero", -1000.0, "客流下降", "是负数")
_commitment("commitment_off_step", 250_050.0, "客流下降", "不是 100 元的整数倍")
_commitment("commitment_in_wan", 25.0, "客流下降", "单位像是不对")
_commitment("commitment_without_reason", 250_000.0, "", "没有写原因", 1)
_commitment("commitment_as_asked", "25万", "门前修路", "", 1)


@fault
def commitment_by_a_formula(file: StoreFile) -> Expect:
    file.type({("2026-04", "reason"): "门前修路"}, "承诺")
    file.xml("2026-04", "commitment", "<f>250000-10*500</f><v>245000</v>", "承诺")
    return Expect(commitments=1)


@fault
def commitment_with_another_result(file: StoreFile) -> Expect:
    file.type({("2026-04", "reason"): "门前修路"}, "承诺")
    file.xml("2026-04", "commitment", "<f>250000-10*500</f><v>200000</v>", "承诺")
    return Expect("公式 =250000-10*500 应得 245000,文件里存的结果却是 200000,没有采用")


@fault
def commitment_in_an_inserted_row(file: StoreFile) -> Expect:
    row = file.row("2026-04", "承诺")
    insert_row(file.path, "承诺", row)
    _add(file, f"{file.letter('commitment', '承诺')}{row}", 250_000.0, "承诺")
    return Expect("不属于计划里的任何一个月")


# --- several files of one store ----------------------------------------------


@fault
def returned_twice(file: StoreFile) -> Expect:
    shutil.copy(file.path, file.path.with_name(f"{file.code} (1).xlsx"))
    return Expect("内容相同", extra=list(file.good.values()))


@fault
def mended_and_returned_again(file: StoreFile) -> Expect:
    newer = file.path.with_name(f"{file.code}-改.xlsx")
    shutil.copy(file.path, newer)
    saved_at(file.path, "2026-03-02T01:00:00Z")
    saved_at(newer, "2026-03-05T01:00:00Z")
    StoreFile(newer, file.code).type({(DAY, "entry"): 6789.0})
    return Expect("采用了最后保存的", instead={DAY: 6789.0}, extra=list(file.good.values()))


@fault
def two_that_cannot_be_told_apart(file: StoreFile) -> Expect:
    other = file.path.with_name(f"{file.code}-另一份.xlsx")
    shutil.copy(file.path, other)
    StoreFile(other, file.code).type({(DAY, "entry"): 6789.0})
    both = [amount for day, amount in file.good.items() if day != DAY]
    return Expect("分不清哪份最新", refused=True, extra=[*both, 6789.0])


# --- by hand -----------------------------------------------------------------


def _xml_of(file: StoreFile, row: str, column: str) -> str:
    import zipfile

    with zipfile.ZipFile(file.path) as archive:
        text = archive.read(part_of(file.path, "日报")).decode()
    found = re.search(rf'<c r="{file.at(row, column)}"[^>]*>', text)
    assert found
    return found[0]


def _add(file: StoreFile, address: str, value: float, title: str = "日报") -> None:
    """Put a cell at the end of its row."""
    part, row = part_of(file.path, title), int(re.sub("[A-Z]", "", address))

    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        cell = f'<c r="{address}"><v>{value}</v></c>'.encode()
        pattern = rf'(<row r="{row}"[^>]*>)(.*?)(</row>)'.encode()
        data, n = re.subn(pattern, lambda m: m[1] + m[2] + cell + m[3], data, count=1)
        assert n, address
        return data

    rewrite(file.path, change)


def _blank_keys(file: StoreFile, pattern: bytes) -> None:
    part = part_of(file.path, "日报")
    rewrite(file.path, lambda name, data: re.sub(pattern, b"", data) if name == part else data)


def _unprotect(file: StoreFile) -> None:
    rewrite(file.path, lambda name, data: re.sub(rb"<sheetProtection[^>]*/>", b"", data))


def _drop_sheet(path: Path, title: str) -> None:
    """Delete a sheet, as Excel does: names that meant it are lost."""
    part = part_of(path, title)

    def change(name: str, data: bytes) -> bytes | None:
        if name == part or name == part.replace("worksheets/", "worksheets/_rels/") + ".rels":
            return None
        if name == "xl/workbook.xml":
            data = re.sub(rb"<definedName [^>]*localSheetId.*?</definedName>", b"", data)
            data = re.sub(f'<definedName name="[^"]*">\'{title}\'![^<]*</definedName>'.encode(), b"", data)
            return re.sub(f'<sheet name="{title}"[^>]*/>'.encode(), b"", data)
        base = part.removeprefix("xl/").encode()
        return re.sub(rb'<(?:Override|Relationship) [^>]*%b"[^>]*/>' % re.escape(base), b"", data)

    rewrite(path, change)
