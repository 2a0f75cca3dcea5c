"""What people call their columns, in Chinese and English.

The words of a field are in tiers: a column of an earlier tier goes before one of a later tier (订单日期 before 日期).
Two columns of one tier are in doubt. A shipping date, a target, a cost or a profit is no synonym of anything here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from xlsales.core.expressions import expression
from xlsales.core.text import identity, narrow
from xlsales.tables.words.units import split_header
from xlsales.vocabulary.contract import COLUMN_FIELDS


def words_of(text: str) -> frozenset[str]:
    """The words of a list with spaces between them."""
    return frozenset(text.split())


FIELDS: dict[str, tuple[frozenset[str], ...]] = {
    "date": (
        words_of(
            "订单日期 销售日期 业务日期 成交日期 下单日期 下单时间 订单时间 成交时间 销售时间 交易日期 交易时间 "
            "开单日期 开单时间 订单提交时间 订单成交时间 订单下单时间 交易日 消费时间 消费日期 收银日期 小票日期 "
            "单据日期 订单创建时间 订单创建日期 交易创建时间 营业日期 营业日 签约日期 签单日期 记账日期 过账日期 "
            "orderdate salesdate saledate orderedat ordertime transactiondate businessdate bookingdate postingdate "
            "purchasedate orderdatetime placeordertime orderplacedtime orderplacedat placedat closedate billingdate "
            "transactiontime saletime salestime"
        ),
        words_of(
            "日期 付款时间 支付时间 付款日期 支付日期 订单付款时间 开票日期 凭证日期 制单日期 创建时间 创建日期 "
            "结账时间 结算时间 "
            "date day datetime invoicedate paymentdate paymenttime createdat createtime createdtime createddate "
            "created documentdate ordercreatedat ordercreatetime"
        ),
        words_of("时间"),
        words_of(
            "月份 年月 月 期间 统计月份 销售月份 会计期间 会计月份 月度 "
            "month period yearmonth fiscalperiod fiscalmonth accountingperiod postingperiod mon"
        ),
    ),
    "amount": (
        words_of(
            "销售额 销售金额 成交金额 成交额 实付金额 实际支付金额 买家实际支付金额 实收金额 实收 营业额 销售收入 "
            "净销售额 用户实付金额 买家实付金额 订单实付金额 商家实收金额 实付款 实付 销售净额 零售额 营业收入 "
            "实际销售额 实际金额 实际销售 业绩 "
            "sales salesamount revenue salesrevenue turnover actualsales actualamount totalsales salesvalue "
            "saleamount salestotal paidamount amountpaid totalpaid"
        ),
        words_of(
            "金额 总金额 订单金额 价税合计 合计金额 销售总额 总额 收入 实际 流水 支付金额 付款金额 交易金额 订单总额 "
            "订单总价 成交总额 营收 本币金额 净价值 净值 净额 "
            "income amount totalamount orderamount actual gmv value total ordertotal linetotal grandtotal totalprice "
            "payment"
        ),
        words_of("应付金额 订单应付金额 应收金额 itemprice itemtotal subtotal billedvalue"),
    ),
    "quantity": (
        words_of(
            "数量 销量 销售数量 件数 台数 销售台数 销售件数 销售量 购买数量 商品数量 订购数量 宝贝总数量 宝贝数量 "
            "商品件数 出库数量 实发数量 "
            "quantity qty units unitssold salesquantity count counts lineitemquantity quantitypurchased "
            "billedquantity"
        ),
    ),
    "price": (
        words_of(
            "单价 售价 销售单价 成交单价 成交价 实际单价 商品单价 unitprice price sellingprice salesprice lineitemprice"
        ),
    ),
}
"""Field → tiers of header names, in the form `normal` gives; those of amounts and prices without `_TAX_WORDS`."""

QUALIFIED = 100
"""The tier of words with a qualifier that no list knows."""
MONTH_TIER = 6
"""The tier of dates with a header of months."""

_AMOUNT_ENDINGS = expression(
    r"(金额|销售额|营业额|成交额|零售额|收入|业绩|实付款?|实收款?|流水|amount|sales|revenue|gmv|turnover)$"
)
_NO_AMOUNT = expression(
    "优惠|折扣|退|税|成本|原价|吊牌|标价|目标|计划|预算|任务|累计|应付|应收|未|欠|运费|邮费|手续|佣金|补贴|红包|券|奖|去年|上年|同期|平均|日均"
    "|月均|毛利|利润|预|保证金|定金|押金|抵扣|立减|服务费|费用|余额|库存|discount|refund|return|tax|shipping|freight|fee|cost|target"
    "|budget|plan|gross|net|tip|original|list|unit|profit|margin|cumul|ytd|last|prior|average|avg|deposit|balance|coupon"
)
"""A qualified word is an amount if nothing else is: `本期销售额`, `order_sales`; but no discount, cost or target."""

PAY_DATES = words_of(
    "付款时间 支付时间 付款日期 支付日期 订单付款时间 买家付款时间 支付完成时间 订单支付时间 "
    "paymentdate paymenttime paidat paytime paidtime paiddate paymentsdate"
)
"""Dates of the same rank as those of orders: if a table has both, people are asked."""

OTHER_DATES = expression(
    "发货|出库|送达|送货|交货|交期|收货|签收|生日|出生|更新|修改|变更|到期|失效|有效期|预计|注册|首次|上架|退款|退货|取消|关闭|打印|导出"
    "|ship|deliver|birth|update|modif|expir|due|estimat|regist|first|last|refund|return|cancel|fulfill|print|export|closed"
)
"""Dates of something else than the sale."""

_YEAR_HEADER = expression(r"[^\d]{0,4}年[份度]?|[^\d]{0,3}财年|[a-z]*year|yr|fy|yyyy")
_OTHER_YEARS = expression(
    "半年|全年|去年|上年|前年|往年|同期|车|型|款|生产|出厂|上市|出生|入职|成立|[建开]店|注册|首|model|birth|buil[dt]|vintage|open|start|hire"
)
"""Years of something else than the sale: `年款`, `上市年份`, `Model Year`."""

FIELD_NAMES = {key: (word.zh, word.en) for key, word in COLUMN_FIELDS.items()}
"""What the fields are called in the mapping table and in messages."""

DIMENSIONS: tuple[frozenset[str], ...] = (
    words_of(
        "区域 地区 大区 省份 省 省/自治区 省市 省区 城市 市 片区 战区 区县 分公司 办事处 销售区域 所属区域 所在地区 "
        "国家 "
        "region area district province state city territory country salesregion"
    ),
    words_of(
        "产品 商品 品类 类别 子类别 产品线 产品类别 商品类别 产品名称 商品名称 品名 货号 品牌 系列 型号 "
        "sku 商品编码 产品编码 一级类目 二级类目 三级类目 类目 大类 中类 小类 "
        "product category subcategory item productname productline brand model"
    ),
    words_of(
        "渠道 渠道名称 渠道类型 销售渠道 细分 平台 来源 销售平台 业务类型 "
        "channel segment platform saleschannel channelname source"
    ),
    words_of(
        "门店 店铺 店名 门店名称 门店编码 店铺名称 门店编号 店号 网点 专柜 柜台 经销商 "
        "store shop storename storecode storeid shopname outlet branch dealer"
    ),
    words_of(
        "人员 销售员 业务员 导购 销售顾问 姓名 销售人员 销售 员工 员工姓名 经办人 负责人 店员 营业员 客户经理 "
        "销售代表 "
        "person salesperson salesrep rep employee name seller salesman owner accountmanager"
    ),
    words_of("团队 部门 事业部 小组 组别 团队名称 部门名称 team department dept group division businessunit"),
    words_of("客户 客户名称 客户编码 客户简称 买家 会员 customer customername client clientname account buyer"),
    words_of("行业 行业类型 行业名称 客户行业 industry sector vertical"),
)
"""Groups of words for the same sort of dimension, on any of its levels."""

ROW_LABELS = words_of("行标签 行標籤 rowlabels")
"""The header of the only column of names in a pivot table in compact form."""

TOTALS = words_of(
    "合计 小计 总计 累计 总和 汇总 全年 全年合计 年合计 年度合计 年度 本年累计 上半年 下半年 一季度 二季度 三季度 "
    "四季度 第一季度 第二季度 第三季度 第四季度 "
    "q1 q2 q3 q4 h1 h2 1季度 2季度 3季度 4季度 "
    "total subtotal grandtotal sum ytd fullyear"
)
"""Words that mark a row or column as a sum of others."""

_TOTAL_ENDINGS = ("合计", "小计", "总计", "total", "汇总")
_TAX_WORDS = expression("不含税|含税|未税|无税|税前|税后|^gross|^net")
"""Words about tax: 含税金额 and 不含税金额 are of one tier."""
_SUMMED = expression("(?<=.)(合计|总计|小计)$")
"""`营业额合计` beside the shifts of a day is their sum."""
_BRACKETS = expression(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】")
_MARKS = expression(r"[\s_\-:*.,#、。]+")


@lru_cache(8192)
def normal(header: str) -> str:
    """A header in the form for comparing: narrow, lower case, without brackets, spaces, line breaks and marks."""
    return _MARKS.sub("", _BRACKETS.sub("", narrow(header).casefold()))


def is_total(text: str) -> bool:
    """Whether a cell marks a totals row or column."""
    word = normal(text)
    return word in TOTALS or word.endswith(_TOTAL_ENDINGS)


@lru_cache(8192)
def tier_of(field: str, header: str) -> int | None:
    """The tier in which a header names a field; None if it does not. The exact word goes before a qualified one.

    `Sales` goes before `Gross Sales`, `金额` before `优惠后金额`; amounts that differ by tax are of one tier.
    """
    for text in (header, split_header(header)[0]) if field in ("amount", "price") else (header,):
        word = normal(text)
        bare = _TAX_WORDS.sub("", word) if field in ("amount", "price") else word
        summed = _SUMMED.sub("", bare) if field == "amount" else bare
        tier = next((i for i, words in enumerate(FIELDS[field]) if bare in words or summed in words), None)
        if tier is not None:
            return 2 * tier + bool(re.match("gross|net", word) and word not in FIELDS[field][tier])
        if field == "date" and word in PAY_DATES:
            return 2
        if field == "amount" and _AMOUNT_ENDINGS.search(word) and not _NO_AMOUNT.search(word):
            return QUALIFIED
    return None


def is_year_header(header: str) -> bool:
    """Whether a header is that of the years of sales."""
    word = normal(header)
    return _YEAR_HEADER.fullmatch(word) is not None and not _OTHER_YEARS.search(word)


def named_columns(headers: Iterable[str | None], header: str) -> list[int]:
    """The columns with this header: the exact text, else the same but for brackets and marks."""
    texts = {i: text for i, text in enumerate(headers) if text is not None}
    exact = [i for i, text in texts.items() if identity(text) == identity(header)]
    return exact or [i for i, text in texts.items() if normal(text) == normal(header)]


def synonyms(dimension: str) -> frozenset[str]:
    """The words that may head a column of a dimension of this name."""
    word = normal(dimension)
    groups = [group for group in DIMENSIONS if word in group]
    return frozenset({word}).union(*groups)
