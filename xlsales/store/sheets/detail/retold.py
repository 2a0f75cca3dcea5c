"""What is found in a store's receipts, in sentences with a remedy that a store's workbook has.

明细 is read as any table of sales. At headquarters the remedy of many findings is a row of 列对应, a member or a
setting; a store has none of these: there it writes a date in full, changes a header or asks headquarters.
"""

from __future__ import annotations

from xlsales.core.faults import Fault, Several
from xlsales.tables import reasons
from xlsales.tables.columns import across, column_faults
from xlsales.tables.rows import counters, day_order, meanings
from xlsales.tables.rows.rates import RateUntold
from xlsales.tables.words import fiscal, units
from xlsales.tables.words.opposites import Opposed
from xlsales.tables.words.sheet_months import MonthOfSheetUntold
from xlsales.tables.words.titles import TitleOfPeriod

# --- columns -----------------------------------------------------------------


class ColumnRenamed(column_faults.ColumnMissing):
    """No column can be told to hold a field."""

    zh = "“{label}”里认不出{field_zh}列(表头:{headers})。请把这一列的表头改为“{field_zh}”。"
    en = "No column of '{label}' is known to be the {field_en} (headers: {headers}). Head that column '{field_en}'."


class AmountSplit(column_faults.AmountMissing):
    """Several columns of figures, none of which is known to be the amount."""

    zh = (
        "“{label}”里认不出金额列(表头:{headers})。请把金额那一列的表头改为“金额”;"
        "几列相加才是金额的,请把它们的和填在“金额”列。"
    )
    en = (
        "No column of '{label}' is known to be the amount (headers: {headers}). Head that column 'Amount'; "
        "if several add up to it, enter their sum in column 'Amount'."
    )


class DatesLacking(column_faults.NoDates):
    """A table in which no column holds dates."""

    zh = "“{label}”里没有日期列(表头:{headers})。请在“日期”列填上每一行的日期,如 {year}-04-02。"
    en = (
        "No column of '{label}' holds dates (headers: {headers}). Enter the date of each row in column 'Date', like "
        "{year}-04-02."
    )


class ColumnsAlike(column_faults.ColumnInDoubt):
    """Several columns fit a field equally."""

    zh = "“{label}”里有几列都像{field_zh}:{candidates}。请把要的那一列的表头改为“{field_zh}”,其他的删去。"
    en = "Several columns of '{label}' may be the {field_en}: {candidates}. Head one '{field_en}', delete the others."


class MeasuresAlike(across.MeasureInDoubt):
    """Several columns for each period of a wide table."""

    zh = "“{label}”每个期间有几列:{candidates}。请只留金额的列,其他的删去。"
    en = "'{label}' has several columns for each period: {candidates}. Keep those of the amounts, delete the others."


# --- dates -------------------------------------------------------------------


class DateNotWhole(day_order.DayOrMonth):
    """Dates of which nothing tells which figure is the day."""

    zh = "日期“{value}”等 {rows_zh}分不清年、月、日,没有计入。请写全年月日,如 {year}-04-02。"
    en = (
        "Dates like '{value}' ({rows_en}) do not tell year, month and day: not counted. "
        "Write them in full, like {year}-04-02."
    )


class DayOrYear(day_order.FigureInDoubt):
    """Dates with a figure that may be the day or the year."""

    zh = "日期“{value}”等 {rows_zh}看不出 {figure} 是几号还是年份,没有计入。请写全年月日,如 {year}-04-02。"
    en = (
        "Dates like '{value}' ({rows_en}) do not tell whether {figure} is the day or the year: not counted. "
        "Write them in full, like {year}-04-02."
    )


class ZeroLost(day_order.ZeroInDoubt):
    """Dates that may have lost a zero."""

    zh = "日期“{value}”等 {rows_zh}看不出最后少没少一个 0,没有计入。请写全年月日,如 {year}-04-02。"
    en = "Dates like '{value}' ({rows_en}) may have lost a zero: not counted. Write them in full, like {year}-04-02."


class WithoutDates(TitleOfPeriod):
    """A title that speaks of a stretch of time, above a table without dates."""

    zh = "“{label}”的标题“{title}”说的是一段时间的合计,表里没有日期。请在“日期”列填上每一行的日期,如 {year}-04-02。"
    en = (
        "Title '{title}' of '{label}' speaks of a stretch of time, and the table has no dates. Enter the date of each "
        "row in column 'Date', like {year}-04-02."
    )


class DatesSwapped(day_order.DatesMixed):
    """Text dates beside true dates of which day and month may have been swapped."""

    zh = (
        "“{header}”列里 {texts} 行是文本日期(如 {text}),{count} 行是日期,且日都不大于 12:打开文件时日和月可能被对调了。"
        "现按单元格里的日期计入。请核对;文本日期请写全年月日,如 {year}-04-02。"
    )
    en = (
        "Column '{header}' has {texts} text {texts:date|dates} (e.g. {text}) and {rows_en} of true dates, none after "
        "the 12th: day and month may have been swapped when the file was opened. The dates were counted as they are. "
        "Check them, and write the text dates in full, like {year}-04-02."
    )


class MonthUntold(MonthOfSheetUntold):
    """Bare days of a month that is not known."""

    zh = "“{label}”的日期列没有写明是哪个月。请写全年月日,如 {year}-04-02。"
    en = "The days of '{label}' do not say of which month they are. Write the dates in full, like {year}-04-02."


class FiscalYears(fiscal.FiscalYearUntold):
    """A fiscal year, of which nothing says when it begins."""

    zh = "“{label}”里的“{found}”是财年,看不出是哪一年。请写全年月日,如 {year}-04-02。"
    en = "'{found}' in '{label}' is a fiscal year, and its year is not clear. Write dates in full, like {year}-04-02."


class FiscalNumbers(fiscal.FiscalPeriodUntold):
    """Mere numbers of periods."""

    zh = "“{label}”的“{header}”列只写了期间的序号,看不出是几月。请写全年月日,如 {year}-04-02。"
    en = "Column '{header}' of '{label}' holds mere numbers of periods. Write dates in full, like {year}-04-02."


class YearsTwo(fiscal.FiscalStartUntold):
    """A year of two calendar years."""

    zh = "“{label}”里的“{found}”跨两个自然年,看不出各月是哪一年的。请写全年月日,如 {year}-04-02。"
    en = (
        "'{found}' in '{label}' is of two calendar years, so the year of each month is not known. "
        "Write dates in full, like {year}-04-02."
    )


class OutsideThePlan(reasons.OutsidePeriod):
    """Rows outside the plan's period."""

    zh = "{year}年有 {rows_zh}不在计划期间 {start} 至 {end} 内,没有计入。日期写错的请改正;不是这个期间的请删去。"
    en = (
        "{rows_en} of {year}, outside the plan's period {start} to {end}: not counted. "
        "Correct dates that are wrong; delete what is of another period."
    )


# --- members, totals, amounts --------------------------------------------------


class NoMember(reasons.MemberUnknown):
    """A value that is no member of its dimension."""

    zh = "计划里没有{dimension}“{value}”,{rows_zh}没有计入。请从下拉列表里选;要增加,请告诉总部。"
    en = (
        "The plan has no {dimension} '{value}': {rows_en} not counted. Pick one from the list; "
        "ask headquarters to add it."
    )


class MemberAlmost(reasons.MemberMisspelt):
    """A value that is no member, but is much like some."""

    zh = "计划里没有{dimension}“{value}”,{rows_zh}没有计入。是不是{nearest_zh}?请改正;要增加,请告诉总部。"
    en = (
        "The plan has no {dimension} '{value}': {rows_en} not counted. Is it {nearest_en}? Correct it, or ask "
        "headquarters to add it."
    )


class TotalsPasted(reasons.TotalsRow):
    """Rows that say that they sum others."""

    zh = "{words_zh}{rows_zh}是合计行,不重复计入。请删去;如果其实是商品,请改个名称。"
    en = "{words_en}: {rows_en} of totals, not counted again. Delete them; if it is a product, give it another name."


class PointDoubtful(reasons.PointInDoubt):
    """Amounts with a point and three figures behind it."""

    zh = "有 {rows_zh}的金额像“{value}”,点后正好三位,已当作小数。如果点是千分位,请去掉这些点再交。"
    en = (
        "{rows_en} with an amount like '{value}', three figures behind the point, taken for decimals. "
        "If the points group thousands, delete them and return the file again."
    )


class UnitInHeader(reasons.UnitOfHeader):
    """The header names another unit than yuan."""

    zh = "表里写明金额单位是每 1 = {unit} 元,已按它算。请核对表头里的单位。"
    en = "The table says that 1 is {unit} yuan; it was followed. Check the unit in the header."


class UnitStrange(units.UnitUnknown):
    """A unit that is not understood."""

    zh = "“{label}”写明单位“{found}”,但认不出是多少元。请按元填写,并把表头里的单位改为“元”。"
    en = "'{label}' names the unit '{found}', which is not understood. Enter yuan, and let the header say yuan."


class UnitsSeveral(units.UnitsDiffer):
    """Several units in one table."""

    zh = "“{label}”里写了几个不同的单位:{found}。请都按元填写,并把表头里的单位改为“元”。"
    en = "'{label}' names several units that differ: {found}. Enter yuan throughout, and let the headers say yuan."


class UnitForeign(units.ForeignUnit):
    """Amounts of another currency."""

    zh = "“{label}”的金额是外币({found})。请换算成元填写,并把表头里的单位改为“元”。"
    en = "The amounts of '{label}' are of another currency ({found}). Enter yuan, and let the header say yuan."


# --- columns that change what an amount means ----------------------------------


class AgainstEachOther(Opposed):
    """Two columns that go against each other."""

    zh = "“{label}”里的“{plus}”和“{minus}”方向相反,不能相加(表头:{headers})。请只留一列,表头写“金额”,要减去的填负数。"
    en = (
        "'{plus}' and '{minus}' of '{label}' go against each other and cannot be added up (headers: {headers}). "
        "Keep one column, headed 'Amount', with negative figures for what is taken off."
    )


class CurrencyInCells(RateUntold):
    """Amounts that are written in another currency."""

    zh = "有 {rows_zh}的金额写的是外币 {code}(如“{value}”),没有计入。请换算成元填写。"
    en = "{rows_en} with an amount in another currency, {code} (e.g. '{value}'): not counted. Enter yuan."


class SignDoubtful(meanings.SignUntold):
    """Rows that seem to take something off, with amounts above zero."""

    zh = (
        "“{header}”列里有 {values_zh},按正数加上了(其余合计 {rest})。"
        "要减去的,请把金额改成负数;本来就该加的,请清空“{header}”里的“{value}”。"
    )
    en = (
        "Column '{header}' has {values_en}, which were added (the rest is {rest}). To take them off, enter negative "
        "amounts; if they do add, clear '{value}' in column '{header}'."
    )


class StatusDoubtful(meanings.StatusUntold):
    """Rows that seem to be no sale, with amounts."""

    zh = (
        "“{header}”列里有 {values_zh},照样计入了(其余合计 {rest})。"
        "不该计入的,请删去这些行;该计入的,请清空“{header}”里的“{value}”。"
    )
    en = (
        "Column '{header}' has {values_en}, counted all the same (the rest is {rest}). If they are no sales, delete "
        "these rows; if they are, clear '{value}' in column '{header}'."
    )


class CurrencyDoubtful(meanings.CurrencyUntold):
    """Amounts of another currency, without a rate."""

    zh = (
        "“{header}”列里有 {values_zh},没有汇率,按元计入了(其余合计 {rest})。"
        "请换算成元填写,并清空“{header}”里的“{value}”。"
    )
    en = (
        "Column '{header}' has {values_en}, counted as yuan for want of a rate (the rest is {rest}). Enter yuan, and "
        "clear '{value}' in column '{header}'."
    )


class UnitDoubtful(meanings.UnitUntold):
    """Rows with amounts in a unit of their own."""

    zh = (
        "“{header}”列里有 {values_zh},没有换算,按同一单位计入了(其余合计 {rest})。"
        "请都按元填写,并清空“{header}”里的“{value}”。"
    )
    en = (
        "Column '{header}' has {values_en}, counted in one unit with the others (the rest is {rest}). Enter yuan "
        "throughout, and clear '{value}' in column '{header}'."
    )


class NotSold(meanings.NoSales):
    """Rows of another figure than sales, beside rows of sales."""

    zh = "“{header}”列的“{value}”不是销售额,{rows_zh}没有计入。如要计入,请清空“{header}”里的“{value}”。"
    en = (
        "'{value}' in column '{header}' is no figure of sales: {rows_en} not counted. "
        "To count them, clear '{value}' in column '{header}'."
    )


class NotSoldUnnamed(meanings.NoSalesUnnamed):
    """The same in a column without a header."""

    zh = "{letters} 列的“{value}”不是销售额,{rows_zh}没有计入。如要计入,请清空 {letters} 列里的“{value}”。"
    en = (
        "'{value}' in column {letters} is no figure of sales: {rows_en} not counted. "
        "To count them, clear '{value}' in column {letters}."
    )


class CounterBeside(counters.CounterUntold):
    """Figures that may have to be taken off the amounts beside them."""

    zh = (
        "“{header}”列有 {rows_zh}有数,合计 {sum},没有从“{amount}”里减去。"
        "要减去的,请另起一行,在“{amount}”里填负数;然后清空“{header}”列。"
    )
    en = (
        "Column '{header}' has figures in {rows_en}, {sum} in all, which were not taken off '{amount}'. To take them "
        "off, add rows with negative figures in '{amount}'; then clear column '{header}'."
    )


class CounterOnly(counters.CounterAlone):
    """Rows without an amount, in which a column that goes against it has one."""

    zh = (
        "“{amount}”空白、只有“{header}”的 {rows_zh}没有计入。"
        "要减去的,请在“{amount}”里填负数并清空“{header}”;不用减的,请删去这些行。"
    )
    en = (
        "'{amount}' is blank and only '{header}' is filled in {rows_en}: not counted. To take them off, enter negative "
        "figures in '{amount}' and clear '{header}'; if they are not to be, delete these rows."
    )


_SAID = (
    ColumnRenamed, AmountSplit, DatesLacking, ColumnsAlike, MeasuresAlike, DateNotWhole, DayOrYear, ZeroLost,
    WithoutDates, DatesSwapped, MonthUntold, FiscalYears, FiscalNumbers, YearsTwo, OutsideThePlan, NoMember,
    MemberAlmost, TotalsPasted, PointDoubtful, UnitInHeader, UnitStrange, UnitsSeveral, UnitForeign,
    AgainstEachOther, CurrencyInCells, SignDoubtful, StatusDoubtful, CurrencyDoubtful, UnitDoubtful, NotSold,
    NotSoldUnnamed, CounterBeside, CounterOnly,
)  # fmt: skip
RETOLD: dict[type[Fault], type[Fault]] = {one.__bases__[0]: one for one in _SAID}
"""What is said at headquarters → what is said to a store: each class above says anew what its base says."""


def retold(fault: Fault, year: int) -> Fault:
    """Return a finding in receipts in a store's words; `year` is that of the dates in examples."""
    if isinstance(fault, reasons.AndMore):
        first = retold(fault.first, year)
        return fault.told_as(reasons.AndMore, first_zh=first.say("zh"), first_en=first.say("en"))
    if isinstance(fault, Several):
        return Several([retold(one, year) for one in fault.faults])
    words = RETOLD.get(type(fault))
    return fault if words is None else fault.told_as(words, **({} if "year" in fault.facts else {"year": year}))
