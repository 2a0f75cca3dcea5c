"""Table 货品: the categories of a month with their sales, stock and price, and what a person has to fix in it."""

from __future__ import annotations

from xlsales.core.faults import Fault
from xlsales.core.percentages import DONE
from xlsales.plan.table_rows import MONTH_COLUMN
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

_CATEGORY_HINT = Word(
    "同一大类里不重名;与维度成员同名的,空着的销售从“历史”“实际”取",
    "unique in its group; for a member of a dimension blank sales come from Past sales and Actuals",
)
_BEFORE_HINT = Word(
    "目标月的前一个月,去年的销售;单位任意,三列一致",
    "sales of the month before, last year; any unit, the same in all three",
)
_AFTER_HINT = Word("目标月,去年的销售", "sales of the month itself, last year")
_BASE_HINT = Word("目标月的前一个月,今年的销售", "sales of the month before, this year")
_SHARE_HINT = Word("可以空;填了就与按销售算出的核对", "may be blank; if typed, it is checked against the sales")
_STOCK_HINT = Word("目标月开始时的件数", "pieces at the start of the month")
_PRICE_HINT = Word("平均一件卖多少,按币种", "what a piece sells for on average, in full")
SALES = {
    "before": Word("去年上月", "Month before, last year"),
    "after": Word("去年同月", "Month, last year"),
    "base": Word("今年上月", "Month before, this year"),
}
"""The months of which the sales of a category are told."""
T_GOODS = InputTable(
    "xs_goods",
    "goods",
    Word("货品", "Goods"),
    (
        MONTH_COLUMN,
        TableColumn("group", Word("大类", "Group"), "text", Word("可以空", "may be blank"), width=11),
        TableColumn("category", Word("类别", "Category"), "text", _CATEGORY_HINT, width=18),
        TableColumn("before", SALES["before"], "number", _BEFORE_HINT, low=0, width=14),
        TableColumn("after", SALES["after"], "number", _AFTER_HINT, low=0, width=12),
        TableColumn("base", SALES["base"], "number", _BASE_HINT, low=0, width=12),
        TableColumn("share", Word("上月占比", "Share"), "percent", _SHARE_HINT, low=0, high=1, width=12, percents=DONE),
        TableColumn("stock", Word("库存(件)", "Stock (pieces)"), "number", _STOCK_HINT, low=0, width=11),
        TableColumn(
            "price",
            Word("单价", "Price"),
            "yuan",
            _PRICE_HINT,
            low=0.01,
            width=11,
            earlier=("单价(元)", "Price (yuan)"),
        ),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=22),
    ),
)


class NoCategory(Fault):
    """A row that names no category."""

    zh = "这一行没有“类别”。请补上,或清空整行。"
    en = 'This row has no "Category". Fill it in, or clear the row.'


class CountsAsNothing(Fault):
    """A blank of which nothing is known, or less than nothing."""

    zh = "“{name}”没有填“{column}”,查到的是 {sold},按 0 计。请填写。"
    en = '"{name}" has no "{column}", and {sold} is what is known of it: it counts as 0. Fill it in.'


class SameUnitToo(Fault):
    """Typed sales beside those that are looked up."""

    zh = "“{column}”有的填了,有的(如“{other}”)空着、从“实际”“历史”取,单位是{base}。填的也要是{base};不是的,请全部填写。"
    en = (
        'Some of "{column}" are typed, others (such as "{other}") are blank and come from Actuals and Past sales, '
        "in {base}. Type {base} too, or fill in all of them."
    )


class PartOfMonth(Fault):
    """Looked-up sales of a month that is not complete yet."""

    zh = "“{column}”只到 {as_of},不满一个月(到 {end})。占比会偏;等满月再分解,或自己填写。"
    en = '"{column}" ends on {as_of}, before the month does ({end}): shares may be bent. Split again then, or type it.'


class TwoOfAKind(Fault):
    """A category that is in its group twice."""

    zh = "“{name}”在这个大类里已经有一行了(第 {other} 行)。请合并成一行,或改一个名字。"
    en = '"{name}" has a row in this group already (row {other}). Make one row of them, or rename one.'


class NothingSold(Fault):
    """No sales in the month before the month."""

    zh = "{month} 的货品没有“今年上月”的销售,看不出比例。请填写至少一格。"
    en = "The goods of {month} have no sales of the month before, this year, to follow. Fill in at least one."


class UnitsMixed(Fault):
    """Sales in a unit, or in percent, beside plain ones that cannot be in the same."""

    zh = "“{name}”的“{column}”是“{found}”,别的格是 {other} 这样的数:单位不同,占比会错。请三列都用一个单位。"
    en = '"{name}" has "{found}" as "{column}", others are plain, such as {other}. Use one unit in all three columns.'


class MonthLeftOut(Fault):
    """A month with rows at fault beside other months: shares follow from all of its rows."""

    zh = "{month} 的货品有错,占比缺一行就不对,这个月没有分解;其他月份已分解。请按提示改好再运行。"
    en = (
        "The goods of {month} are at fault. Shares follow from all rows, so this month is left out; the others are "
        "there. Correct it as told and run again."
    )


class ShareDiffers(Fault):
    """A typed share that does not follow from the sales."""

    zh = "“{name}”写的占比是 {typed:.1%},按销售是 {found:.1%}({part:,.10g} ÷ {whole:,.10g})。请核对;分解用的是销售。"
    en = (
        '"{name}": the typed share is {typed:.1%}; by sales it is {found:.1%} ({part:,.10g} / {whole:,.10g}). '
        "Check them; sales are used."
    )
