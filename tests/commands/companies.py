"""Ten tables as ten companies' people paste them, with what must come of each, added up beforehand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

Members = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Company:
    """A table: `write` makes the file, `members` are the plan's, `sold` the sum in yuan.

    `asks` are the answers to the questions that come first (rows of the column mapping), `told` words of them.
    """

    write: Callable[[Path], Path]
    members: Members
    sold: float
    asks: Sequence[Mapping[str, str]] = ()
    told: Sequence[str] = ()


def _sheet(title: str, rows: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> Any:
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append(list(row))
    for area in merged:
        page.merge_cells(area)
    return book


def _saved(book: Any, path: Path) -> Path:
    book.save(path)
    return path


def garment(folder: Path) -> Path:
    """A chain of shops: months over 数量 and 金额, regions merged over their shops, subtotals, 万元 in a title."""
    rows = [
        ["XX服饰 2026年门店销售月报"],
        [None] * 7 + ["单位：万元"],
        ["区域", "门店", "1月", None, "2月", None, "3月", None],
        [None, None, *["数量", "金额"] * 3],
        ["华东", "南京路店", 10, 12.5, 11, 13.0, 9, 11.25],
        [None, "徐家汇店", 8, 10, 7, 9.5, 8, 10.5],
        [None, "小计", 18, 22.5, 18, 22.5, 17, 21.75],
        ["华南", "天河店", 5, 6, 6, 7.25, 4, 5],
        [None, "小计", 5, 6, 6, 7.25, 4, 5],
        ["总计", None, 23, 28.5, 24, 29.75, 21, 26.75],
    ]
    merged = ["A1:H1", "A3:A4", "B3:B4", "C3:D3", "E3:F3", "G3:H3", "A5:A7", "A8:A9"]
    return _saved(_sheet("销售月报", rows, merged), folder / "销售月报.xlsx")


def distributor(folder: Path) -> Path:
    """An ERP's ledger: titles, returns below zero, totals in the column of numbers, makers' names below."""
    rows = [
        ["销售明细账"],
        ["期间：2026-01 至 2026-03", None, None, None, None, None, "币种：人民币"],
        ["单据日期", "单据编号", "单据类型", "客户", "存货名称", "数量", "含税单价", "价税合计", "税额", "备注"],
        ["2026-01-05", "XS0001", "销售出库单", "华联超市", "牛奶", 100, 5, 500, 57.52, None],
        ["2026-01-09", "XS0002", "销售出库单", "永辉", "酸奶", 50, 8, 400, 46.02, "合计两箱"],
        ["2026-02-03", "TH0001", "销售退货单", "永辉", "酸奶", -10, 8, -80, -9.2, "临期"],
        ["2026-03-15", "XS0003", "销售出库单", "华联超市", "牛奶", 200, 5, 1000, 115.04, None],
        [None, "本月合计", None, None, None, 340, None, 1820, None, None],
        [None, "合计", None, None, None, 340, None, 1820, 209.38, None],
        ["制单人：张三", None, None, None, None, None, "审核：李四"],
    ]
    return _saved(_sheet("销售明细账", rows), folder / "明细账.xlsx")


def web_shop(folder: Path) -> Path:
    """A marketplace's export: GBK, ="…" numbers, several dates and amounts, a closed order."""
    lines = [
        "订单编号,买家会员名,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,收货人姓名,订单创建时间,订单付款时间 ,宝贝标题 ,店铺名称",
        '="2026010112345678901",tb_1,100.00,10.00,110.00,110.00,交易成功,张三,2026-01-01 10:00:00,2026-01-01 10:01:00,"牛仔裤, 男",旗舰店',
        '="2026010212345678902",tb_2,200.00,0.00,200.00,0.00,交易关闭,李四,2026-01-02 11:00:00,,连衣裙,旗舰店',
        '="2026020312345678903",tb_3,300.00,0.00,300.00,288.50,交易成功,王五,2026-02-03 12:00:00,2026-02-03 12:05:00,T恤,专卖店',
        '="2026030412345678904",tb_4,1000.00,0.00,1000.00,1000.00,卖家已发货，等待买家确认,赵六,2026-03-04 13:00:00,2026-03-04 13:00:30,羽绒服,专卖店',
    ]
    path = folder / "ExportOrderList.csv"
    path.write_bytes("\r\n".join([*lines, ""]).encode("gbk"))
    return path


def restaurants(folder: Path) -> Path:
    """A sheet a month, restaurants down, days across, sums as formulas without results to the right."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for month, days in ((1, 31), (2, 28), (3, 31)):
        page = book.create_sheet(f"{month}月")
        page.append([f"2026年{month}月营业额日报（元）"])
        page.append(["店名", *range(1, days + 1), "合计"])
        for name, base in (("人民路店", 1000), ("解放路店", 800)):
            row = page.max_row + 1
            total = f"=SUM(B{row}:{get_column_letter(days + 1)}{row})"
            page.append([name, *(base + 10 * month + d for d in range(1, days + 1)), total])
        page.append(["合计", *(1800 + 20 * month + 2 * d for d in range(1, days + 1))])
    return _saved(book, folder / "日报.xlsx")


def devices(folder: Path) -> Path:
    """A ledger of contracts: 万元 in the header, dates with points, full-width figures, a blank row between regions."""
    rows = [
        ["序号", "签约日期", "区域", "业务员", "产品名称", "合同金额（万元）", "已回款（万元）"],
        [1, "2026.1.15", "华北", "陈明", "监护仪", "128.5", 60],
        [2, "2026.2.3", "华北", "陈明", "呼吸机", "256", 100],
        [None] * 7,
        [3, "2026.3.5", "西南", "何静", "监护仪", "１００", 0],
        [4, "2026年3月20日", "西南", "何静", "监护仪", "15.25", 0],
        ["合计", None, None, None, None, 499.75, 160],
    ]
    return _saved(_sheet("合同台账", rows), folder / "合同台账.xlsx")


def english_shop(folder: Path) -> Path:
    """A shop's report in English: gross, net and total sales, stamps with offsets."""
    path = folder / "sales.csv"
    path.write_text(
        "Order name,Created at,Sales channel,Gross sales,Discounts,Returns,Net sales,Taxes,Total sales\n"
        "#1001,2026-01-05T08:30:00+08:00,Online Store,100.00,-10.00,0.00,90.00,9.00,99.00\n"
        "#1002,2026-01-31T23:30:00-05:00,POS,250.00,0.00,-50.00,200.00,20.00,220.00\n"
        "#1003,2026-03-02T00:00:00Z,POS,80.00,0.00,0.00,80.00,8.00,88.00\n",
        "utf-8",
    )
    return path


def dealer(folder: Path) -> Path:
    """Salespeople by months, the months true dates, target beside actual, a sum under another name."""
    first = [dt.datetime(2026, m, 1) for m in (1, 2, 3)]
    rows = [
        ["销售顾问", first[0], None, first[1], None, first[2], None],
        [None, *["目标", "实际"] * 3],
        ["王磊", 300000, 280000, 300000, 310000, 300000, 150000],
        ["李娜", 200000, 210000, 200000, 190000, 200000, 220000],
        ["团队", 500000, 490000, 500000, 500000, 500000, 370000],
    ]
    return _saved(_sheet("顾问", rows), folder / "顾问.xlsx")


def subsidiary(folder: Path) -> Path:
    """An export in German: semicolons, decimal commas, a minus behind, days first."""
    path = folder / "export.csv"
    path.write_text(
        "sep=;\nBuchungsdatum;Kunde;Region;S/H;Betrag in Hauswährung\n"
        "05.01.2026;A;Nord;H;1.234,50\n13.01.2026;A;Nord;H;2.000,00\n20.02.2026;B;Sued;S;500,00-\n",
        "utf-8-sig",
    )
    return path


def furniture(folder: Path) -> Path:
    """Products by warehouses, the month in the title, sums both ways."""
    rows = [
        ["2026年3月 产品×仓库 出货额（元）"],
        ["产品", "上海仓", "广州仓", "合计"],
        ["沙发", 12000, 8000, 20000],
        ["床", 7000, 3000, 10000],
        ["合计", 19000, 11000, 30000],
    ]
    return _saved(_sheet("产品仓库", rows), folder / "出货.xlsx")


def pharmacy(folder: Path) -> Path:
    """Two exports of tills, one below the other: codes 7 and 007, marks that cannot be seen, a subtotal a day."""
    january, february = dt.datetime(2026, 1, 5), dt.datetime(2026, 2, 6)
    header = ["营业日期", "门店编码", "品类", "实收金额"]
    rows = [
        header,
        [january, "007", "处方药", 120.5],
        [january, "012", "处方药", 80],
        [None, None, "小计", 200.5],
        header,
        [february, 7, "\u200b非处方药", "99.50"],
        [february, 12, "非处方药\u00a0", "1,000"],
        [None, None, "小计", "1,099.50"],
        [None, None, "总计", 1300],
    ]
    return _saved(_sheet("POS", rows), folder / "收银.xlsx")


COMPANIES: dict[str, Company] = {
    "garment": Company(garment, {"区域": ["华东", "华南"], "门店": ["南京路店", "徐家汇店", "天河店"]}, 850_000),
    "distributor": Company(distributor, {"客户": ["华联超市", "永辉"], "产品": ["牛奶", "酸奶"]}, 1_820),
    "web shop": Company(
        web_shop,
        {"店铺": ["旗舰店", "专卖店"]},
        1_398.5,
        asks=[{"field": "日期", "header": "订单创建时间"}],
        told=["订单创建时间", "订单付款时间"],
    ),
    "restaurants": Company(restaurants, {"门店": ["人民路店", "解放路店"]}, 168_396),
    "devices": Company(devices, {"区域": ["华北", "西南"], "人员": ["陈明", "何静"]}, 4_997_500),
    "English shop": Company(english_shop, {"渠道": ["Online Store", "POS"]}, 407),
    "dealer": Company(dealer, {"人员": ["王磊", "李娜"]}, 1_360_000),
    "subsidiary": Company(
        subsidiary,
        {"Region": ["Nord", "Sued"]},
        2_734.5,
        asks=[{"field": "金额", "header": "Betrag in Hauswährung"}],
        told=["Betrag in Hauswährung"],
    ),
    "furniture": Company(furniture, {"产品": ["沙发", "床"], "仓库": ["上海仓", "广州仓"]}, 30_000),
    "pharmacy": Company(pharmacy, {"门店": ["007", "012"], "品类": ["处方药", "非处方药"]}, 1_300),
}
