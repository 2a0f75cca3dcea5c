"""Why a row is set aside, or merely doubtful: one sentence each, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from xlsales.core.faults import Fault, Lang

TOTALS_NAMED = 3
"""So many words of totals rows are named."""


class Counted(Fault):
    """A finding on a number of rows, or of cells of a wide table: its sentences say `{rows_zh}` or `{rows_en}`."""

    def __init__(self, *, count: int, cells: bool = False, **facts: Any) -> None:
        noun = ("cell" if cells else "row") if count == 1 else ("cells" if cells else "rows")
        rows_zh = f"{count} 个单元格" if cells else f"{count} 行"
        super().__init__(count=count, rows_zh=rows_zh, rows_en=f"{count} {noun}", **facts)


class Repeated(Fault):
    """What is wrong with one cell, and with as many others alike."""

    count = 1
    cells = False

    def say(self, lang: Lang = "en", money: Callable[[int], str] = str) -> str:
        """Return the sentence in `lang`, and how many there are."""
        sentence = super().say(lang, money)
        if self.count == 1:
            return sentence
        if lang == "zh":
            return f"{sentence}这样的共 {self.count} {'个单元格' if self.cells else '行'},这是第一处。"
        return f"{sentence} There are {self.count} such {'cells' if self.cells else 'rows'}; this is the first."


class TotalsRow(Counted):
    """Rows that say that they sum others."""

    zh = "{words_zh}{rows_zh}是合计行,不重复计入。如果其实是成员或商品,请把它加进维度表,或改个名称。"
    en = (
        "{words_en}: {rows_en} of totals, not counted again. "
        "If it is a member or a product, add it to the dimension table or give it another name."
    )
    remark = True

    def __init__(self, *, values: Sequence[str], count: int) -> None:
        some = values[:TOTALS_NAMED]
        words_zh = "".join(f"“{value}”" for value in some) + ("等 " if len(values) > 1 else "的 ")
        words_en = ", ".join(f"'{value}'" for value in some) + (" and others" if len(values) > len(some) else "")
        super().__init__(count=count, words_zh=words_zh, words_en=words_en)


class SumOfOthers(Counted):
    """Rows without a name, or of an upper member, with numbers that are the sums of other rows."""

    zh = "从这里起 {rows_zh}的每个数都等于其他行之和,是合计行,不重复计入。如果不是合计,请把这一行的名称、日期填全。"
    en = (
        "From here on, each number of {rows_en} is the sum of other rows: totals, not counted again. "
        "If this is wrong, fill in what the row lacks: its name or its date."
    )
    remark = True


class ErrorInColumn(Repeated):
    """A cell that shows an error, or a formula that was never calculated."""

    zh = "{header}是错误值或没有结果的公式({value})。请改正公式或填入数值。"
    en = "The {header} is an error, or a formula without a result ({value}). Fix the formula, or enter the value."


class DateUnreadable(Repeated):
    """A date that cannot be read."""

    zh = "日期“{value}”认不出。请写成 2026-01-05 这样。"
    en = "Date '{value}' cannot be read. Write it like 2026-01-05."


class YearUnreadable(Repeated):
    """A row of months with a year of its own that cannot be read."""

    zh = "年份“{value}”认不出。请写成 2026 这样。"
    en = "Year '{value}' cannot be read. Write it like 2026."


class DateBlank(Repeated):
    """A row without a date."""

    zh = "没有日期。请补上。"
    en = "The date is blank. Enter it."


class ClosedUndated(Counted):
    """Rows without a date of an order that was closed, cancelled or not paid."""

    zh = "“{value}”的 {rows_zh}没有日期,没有成交,没有计入。不用处理。"
    en = "{rows_en} of '{value}' without a date: not sold, not counted. Nothing to do."
    remark = True


class ZeroUndated(Counted):
    """Rows without a date and with an amount of zero."""

    zh = "有 {rows_zh}没有日期,金额是 0,不影响合计,没有计入。不用处理。"
    en = "{rows_en} without a date and with an amount of 0: not counted, which changes no sum. Nothing to do."
    remark = True


class OutsidePeriod(Counted):
    """Rows of a calendar year that lie outside the plan's period."""

    zh = "{year}年有 {rows_zh}不在计划期间 {start} 至 {end} 内,没有计入。如应计入,请改日期或计划期间。"
    en = (
        "{rows_en} of {year}, outside the plan's period {start} to {end}: not counted. "
        "To count them, change the dates or the period."
    )


class OtherYear(Counted):
    """Rows of a year beside the plan's, many or few, as a ledger of several years has them."""

    zh = "{year}年的 {rows_zh}在计划期间 {start} 至 {end} 之外,不计入实际。"
    en = "{rows_en} of {year}, outside the plan's period {start} to {end}: no actuals of this plan."
    remark = True


class AmountUnreadable(Repeated):
    """An amount that cannot be read."""

    zh = "金额“{value}”认不出。请填数字。"
    en = "Amount '{value}' cannot be read. Enter a number."


class AmountIsNoNumber(Repeated):
    """A date, TRUE or FALSE in the place of an amount."""

    zh = "金额是{value},不是数字。请填金额。"
    en = "Amount is {value}, not a number. Enter an amount."


class AmountIsShare(Repeated):
    """A percentage in the place of an amount."""

    zh = "金额“{value}”是百分数,不是金额。请填金额。"
    en = "Amount '{value}' is a percentage, not an amount. Enter an amount."


class AmountBlank(Repeated):
    """A row without an amount, or without quantity and price to make one."""

    zh = "没有金额。请补上;没有销售就填 0。"
    en = "The amount is blank. Enter it; enter 0 if nothing was sold."


class AmountAbove(Counted):
    """Rows of an order that has its amount once, in its first row."""

    zh = (
        "有 {rows_zh}金额空白,数量×单价已包含在上面一行的金额里(如合并单元格),没有重复计入。"
        "如果要按每行的商品、成员统计,请把金额分到每一行。"
    )
    en = (
        "{rows_en} with a blank amount: quantity × price is in the amount of a row above (merged cells, perhaps), "
        "and is not counted twice. To have it by product and member, enter the amount of each row."
    )


class AmountUntrue(Counted):
    """Rows without an amount, in a table of amounts that are not quantity times price."""

    zh = (
        "有 {rows_zh}金额空白。有金额的行里,{checked} 行可以核对,{differing} 行不等于数量×单价,所以没有用乘积补上。"
        "请补上金额。"
    )
    en = (
        "{rows_en} with a blank amount. Of the rows with an amount, {checked} can be checked, and {differing} of them "
        "are not quantity × price: so the product was not taken. Enter the amounts."
    )


class QuantityBlank(Repeated):
    """A row without a quantity, in a table without amounts."""

    zh = "没有数量,算不出金额。请补上;没有销售就填 0。"
    en = "The quantity is blank, so there is no amount. Enter it; enter 0 if nothing was sold."


class PriceBlank(Repeated):
    """A row without a unit price, in a table without amounts."""

    zh = "没有单价,算不出金额。请补上。"
    en = "The unit price is blank, so there is no amount. Enter it."


class FactorsBlank(Repeated):
    """A row without quantity and unit price, in a table without amounts."""

    zh = "没有数量,也没有单价,算不出金额。请都补上;没有销售就在数量里填 0。"
    en = "Quantity and unit price are blank, so there is no amount. Enter both; enter quantity 0 if nothing was sold."


class QuantityUnreadable(Repeated):
    """A quantity that cannot be read."""

    zh = "数量“{value}”认不出。请填数字。"
    en = "Quantity '{value}' cannot be read. Enter a number."


class PriceUnreadable(Repeated):
    """A unit price that cannot be read."""

    zh = "单价“{value}”认不出。请填数字。"
    en = "Unit price '{value}' cannot be read. Enter a number."


class KeyBlank(Counted):
    """Rows without a member of a dimension, as under vertically merged cells."""

    zh = "没有填{dimension},从这里起共 {rows_zh}没有计入。请补上;如果是合并单元格,请取消合并并向下填充。"
    en = (
        "The {dimension} is blank here and on: {rows_en} not counted. "
        "Enter it; if cells are merged, unmerge them and fill down."
    )


class MemberUnknown(Counted):
    """A value that is no member of its dimension."""

    zh = "{dimension}“{value}”不在维度表里,{rows_zh}没有计入。请改正,或在维度表里加上成员或别名。"
    en = (
        "{dimension} '{value}' is not in the dimension table: {rows_en} not counted. "
        "Correct it, or add the member or an alias."
    )


class MemberMisspelt(Counted):
    """A value that is no member of its dimension, but is much like the `nearest`, one or several."""

    zh = "{dimension}“{value}”不在维度表里,{rows_zh}没有计入。是不是{nearest_zh}?请改正,或在维度表里给它加别名。"
    en = (
        "{dimension} '{value}' is not in the dimension table: {rows_en} not counted. Is it {nearest_en}? "
        "Correct it, or add the alias."
    )

    def __init__(self, *, nearest: Sequence[str], **facts: Any) -> None:
        nearest_zh = "或".join(filter(None, ("、".join(f"“{name}”" for name in nearest[:-1]), f"“{nearest[-1]}”")))
        nearest_en = " or ".join(filter(None, (", ".join(f"'{name}'" for name in nearest[:-1]), f"'{nearest[-1]}'")))
        super().__init__(nearest_zh=nearest_zh, nearest_en=nearest_en, **facts)


class MemberNotLowest(Counted):
    """A value that names a member with members below it."""

    zh = "{dimension}“{value}”不是最末级成员,{rows_zh}没有计入。请填它下面的成员。"
    en = "{dimension} '{value}' is not a lowest-level member: {rows_en} not counted. Enter a member below it."


class AndMore(Counted):
    """What is beyond the number of findings that are listed one by one."""

    zh = "另有 {values} 种、{rows_zh}也有这类问题,金额较小,不再逐条列出。金额最大的一条:{first_zh}"
    en = (
        "{values} more of this kind ({rows_en}, of smaller amounts) {values:is|are} not listed one by one. "
        "The largest: {first_en}"
    )

    def __init__(self, *, first: Fault, **facts: Any) -> None:
        self.first = first
        super().__init__(first_zh=first.say("zh"), first_en=first.say("en"), **facts)


# --- warnings and remarks: counted all the same ---


class AmountMultiplied(Counted):
    """Blank amounts that were made up."""

    zh = "从这里起有 {rows_zh}金额空白,已按数量×单价补上(有金额的 {checked} 行都这样算)。"
    en = "From here on, {rows_en} with a blank amount: quantity × price was taken, as it is in the other {checked}."
    remark = True


class MonthlyFigures(Fault):
    """Dates that are all the first of a month."""

    zh = "日期都是每月 1 日,按整月的数计到月末。如果是当天的数,请填实际日期。"
    en = "All dates are the first of a month: taken as whole months, up to their ends. For single days, enter the days."
    remark = True


class QuarterlyFigures(Fault):
    """Dates that are all the first of a quarter."""

    zh = "日期都是每季第一天,按整季的数计到季末。如果是当天或当月的数,请填实际日期或“2026年1月”。"
    en = (
        "All dates are the first of a quarter: taken as whole quarters, up to their ends. "
        "For days or months, enter the days, or months like 2026-01."
    )
    remark = True


class RowMayBeTotal(Counted):
    """A row that is named in full, and the sum of all others."""

    zh = (
        "这一行的金额等于其他 {rows_zh}之和,像是合计行,但名称没有写明,已照样计入。"
        "如果是合计,请删去这一行,或把名称改为“合计”。"
    )
    en = (
        "This row is the sum of the other {rows_en}. It may be a total, but does not say so, and was counted. "
        "If it is one, delete the row or name it Total."
    )


class TotalsWordInDoubt(Counted):
    """Names that end like totals, in rows that sum nothing."""

    zh = "“{value}”像是合计,但有 {rows_zh}的金额不等于其他行之和,已照样计入。如果是合计,请删去,或把名称改为“合计”。"
    en = (
        "'{value}' reads like a total, but {rows_en} with such a name are no sum of others, and were counted. "
        "If it is a total, delete the row or name it Total."
    )


class TotalColumn(Fault):
    """A column of a wide table that sums others."""

    zh = "“{value}”列是其他列的合计,没有计入。不用处理。"
    en = "Column '{value}' sums other columns and was not counted. Nothing to do."
    remark = True


class UnitOfHeader(Fault):
    """The table names another unit than Settings."""

    zh = "表里写明金额单位是每 1 = {unit} {base},与设置的 {setting} {base}不同,已按表里的算。请核对设置里的金额单位。"
    en = (
        "The table says that 1 is {unit} {base}, but Settings say {setting}; the table was followed. "
        "Check the unit of amounts in Settings."
    )
    remark = True


class AmountsTooLarge(Fault):
    """Amounts that are thousands of times the target's size."""

    zh = "实际合计约为目标同期的 {ratio} 倍。单位是不是填错了(如全额当成了万)?请核对设置里的金额单位。"
    en = (
        "The amounts are about {ratio} times the target of the same time. Is the unit right (full amounts, or "
        "thousands)? "
        "Check the unit of amounts in Settings."
    )


class AmountsTooSmall(Fault):
    """Amounts that are a thousandth of the target's size or less."""

    zh = "实际合计只有目标同期的 1/{ratio}。单位是不是填错了(如万当成了全额)?请核对设置里的金额单位。"
    en = (
        "The amounts are only 1/{ratio} of the target of the same time. "
        "Is the unit right (thousands taken for full amounts)? Check the unit of amounts in Settings."
    )


class PointInDoubt(Counted):
    """Amounts with a point and three figures behind it, which may be thousands."""

    zh = "有 {rows_zh}的金额像“{value}”,点后正好三位,已当作小数。如果点是千分位,请在数据里去掉这些点,再刷新。"
    en = (
        "{rows_en} with an amount like '{value}', three figures behind the point, taken for decimals. "
        "If the points group thousands, delete them from the data and refresh."
    )


class DuplicateRows(Counted):
    """Rows that equal an earlier row in every column."""

    zh = "有 {rows_zh}与前面的某行完全相同,已照样计入。如果是重复粘贴,请删去。"
    en = "{rows_en} equal to an earlier row in every column, counted all the same. What was pasted twice, delete."


class CumulativeFigures(Fault):
    """Daily figures that only ever rise, as running totals do."""

    zh = "每日金额一直在涨({share}% 的序列),像是累计数。请粘贴每天的发生额。"
    en = "Daily amounts only ever rise ({share}% of the series), as running totals do. Paste each day's own amount."


class MonthFarOff(Fault):
    """A month with an amount far above all others."""

    zh = "{month} 的金额是其他月份中位数的 {ratio} 倍。请核对这个月的数据。"
    en = "The amount of {month} is {ratio} times the median of the other months. Check that month's data."
