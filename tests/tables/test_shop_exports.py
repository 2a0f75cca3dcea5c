"""The header lines that shops, tills and ERP systems export: which column is what, or what is asked."""

# ruff: noqa: E501 - one export a line
from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.tables.tables import dimension, read, write
from xlsales.tables.columns.column_faults import ColumnInDoubt

pytestmark = pytest.mark.unit
DAY = dt.datetime(2026, 3, 8, 10, 30)
STORE = dimension("门店", ["一店", "二店"])
PRODUCT = dimension("产品", ["茶", "杯"])
SAMPLES: dict[str, object] = {
    "date": DAY, "other date": dt.datetime(2026, 3, 9), "amount": 30, "price": 15, "quantity": 2, "money": 4, "store": "一店",
    "product": "茶", "text": "x", "id": "A0001", "status": "交易成功", "currency": "CNY", "type": "Payment",
}  # fmt: skip

EXPORTS: dict[str, tuple[str, dict[str, str]]] = {
    "Taobao and Tmall orders": ("订单编号:id 买家会员名:text 买家应付货款:money 买家应付邮费:money 总金额:money 返点积分:money 买家实际支付金额:amount 订单状态:status 收货人姓名:text 订单创建时间:date 订单付款时间:date 宝贝标题:product 宝贝种类:text 物流单号:id 订单备注:text 宝贝总数量:quantity 店铺名称:store", {"日期": "订单创建时间、订单付款时间"}),
    "JD orders": ("订单号:id 商品ID:id 商品名称:product 订购数量:quantity 支付方式:text 下单时间:date 京东价:price 订单金额:amount 结算金额:money 余额支付:money 应付金额:money 订单状态:status 店铺名称:store", {}),
    "Pinduoduo orders": ("商品:product 订单号:id 订单状态:status 商品总价(元):money 店铺优惠折扣(元):money 平台优惠折扣(元):money 邮费(元):money 用户实付金额(元):amount 商品数量(件):quantity 订单成交时间:date 发货时间:other~date 确认收货时间:other~date 店铺:store", {}),
    "Pinduoduo orders with both amounts": ("商品:product 订单状态:status 用户实付金额(元):money 商家实收金额(元):amount 订单成交时间:date 店铺:store", {"金额": "用户实付金额(元)、商家实收金额(元)"}),
    "Douyin orders": ("主订单编号:id 选购商品:text 商品名称:product 商品数量:quantity 商品单价:price 订单应付金额:amount 运费:money 优惠总金额:money 平台优惠:money 订单提交时间:date 订单完成时间:other~date 订单状态:status 承诺发货时间:other~date 门店:store", {}),
    "Meituan orders": ("订单编号:id 门店名称:store 下单时间:date 完成时间:other~date 订单状态:status 商品:product 原价金额:money 优惠金额:money 用户实付金额:amount 配送费:money", {}),
    "Youzan orders": ("订单号:id 订单状态:status 订单创建时间:date 买家付款时间:date 商品名称:product 商品件数:quantity 订单实付金额:amount 运费:money 归属店铺:text 店铺名称:store", {"日期": "订单创建时间、买家付款时间"}),
    "Yonyou sales list": ("单据日期:date 单据号:id 客户名称:text 门店:store 存货编码:id 产品名称:product 主计量:text 数量:quantity 含税单价:price 无税单价:price 无税金额:money 税额:money 价税合计:amount", {"金额": "无税金额、价税合计"}),
    "Kingdee sales list": ("日期:date 单据编号:id 客户:text 商品编码:id 商品名称:product 单位:text 数量:quantity 单价:price 折扣额:money 金额:amount 门店:store", {}),
    "Kingdee with tax": ("日期:date 单据编号:id 商品名称:product 数量:quantity 单价:price 金额:money 税额:money 价税合计:amount 门店:store", {"金额": "金额、价税合计"}),
    "SAP billing": ("Billing~Date:date Billing~Document:id Sold-to~Party:id Store:store Product:product Billed~Quantity:quantity Net~Value:amount Tax~Amount:money Document~Currency:currency", {}),
    "SAP in Chinese": ("过账日期:date 凭证日期:other~date 凭证编号:id 门店:store 产品:product 数量:quantity 本币金额:amount 货币:currency", {}),
    "Shopify orders": ("Name:id Email:text Financial~Status:status Paid~at:date Fulfillment~Status:text Fulfilled~at:other~date Currency:currency Subtotal:money Shipping:money Taxes:money Total:amount Discount~Amount:money Created~at:date Lineitem~quantity:quantity Lineitem~name:product Lineitem~price:price Cancelled~at:text Refunded~Amount:money Store:store", {"日期": "Paid at、Created at"}),
    "Shopify sales by day": ("Day:date Product~title:product Store:store Orders:quantity Gross~sales:money Discounts:money Returns:money Net~sales:money Shipping:money Taxes:money Total~sales:amount", {}),
    "Salesforce opportunities": ("Opportunity~Name:text Account~Name:text Amount:amount Close~Date:date Created~Date:other~date Stage:status Opportunity~Owner:text Store:store Product:product", {}),
    "Square items": ("Date:date Time:text Time~Zone:text Category:text Item:product Qty:quantity SKU:id Gross~Sales:money Discounts:money Net~Sales:amount Tax:money Event~Type:type Location:text Store:store", {"金额": "Gross Sales、Net Sales"}),
    "Amazon orders": ("amazon-order-id:id purchase-date:date last-updated-date:other~date order-status:status sales-channel:text product-name:product sku:id quantity:quantity currency:currency item-price:amount item-tax:money shipping-price:money store:store", {}),
    "a table of a data base": ("order_id:id user_id:id place_order_time:date update_time:other~date product:product store:store counts:quantity amount(s):amount", {}),
    "another data base": ("id:id created_at:date updated_at:other~date deleted_at:other~date paid_amount:amount discount_amount:money original_amount:money store:store product:product", {}),
    "gmv": ("dt:date store_name:store item:product gmv:amount orders:quantity buyers:quantity", {}),
    "the only dates": ("编号:id 发生:date 门店:store 产品:product 本期销售额:amount", {}),
    "exact before qualified": ("日期:date 门店:store 产品:product 原价金额:money 优惠金额:money 金额:amount 退款金额:money", {}),
    "Sales before Gross Sales": ("Date:date Store:store Product:product Gross~Sales:money Sales:amount", {}),
    "paid, not payable": ("日期:date 门店:store 产品:product 应付金额:money 实付金额:amount", {}),
    "till": ("流水号:id 收银日期:date 门店:store 商品名称:product 数量:quantity 售价:price 实收金额:amount 找零:money", {}),
}  # fmt: skip


@pytest.mark.parametrize(("line", "asked"), EXPORTS.values(), ids=EXPORTS)
def test_header_lines_of_exports(tmp_path: Path, line: str, asked: dict[str, str]) -> None:
    """Date, amount, product and store are found; what could be either is asked about, and the mapping answers."""
    columns = [
        (name.replace("~", " "), kind.replace("~", " ")) for name, _, kind in (c.rpartition(":") for c in line.split())
    ]
    rows = [[name for name, _ in columns], [SAMPLES[kind] for _, kind in columns]]
    path = write(tmp_path / "t.xlsx", rows)
    mapping: dict[str, str] = {}
    if asked:
        ((field, candidates),) = asked.items()
        with pytest.raises(ColumnInDoubt) as caught:
            read(path, STORE, PRODUCT)
        assert candidates in caught.value.say("zh")
        mapping = {field: next(n for n, k in columns if k == ("date" if field == "日期" else "amount"))}
    records = read(path, STORE, PRODUCT, mapping=mapping)
    served = {
        key: next(name for name, kind in columns if kind == key) for key in ("date", "amount", "store", "product")
    }
    found = records.columns
    assert (found["amount"], found["门店"], found["产品"]) == (served["amount"], served["store"], served["product"])
    assert found["date"] in {name for name, kind in columns if kind == "date"}
    assert records.accepted_micros == 30 * 10**6
    assert records.problems == ()
