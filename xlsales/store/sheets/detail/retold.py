"""Faults in a store's receipts, in sentences with a remedy that a store's workbook has.

明细 is read as any table of sales. At headquarters the remedy of many faults is a row of 列对应, a member or a setting.
A store has none of these: it writes a date in full, changes a header or asks headquarters.
"""

from __future__ import annotations

from typing import Any

from xlsales.core.faults import Fault, Several
from xlsales.store.targets import StoreTerms
from xlsales.tables import reasons
from xlsales.tables.columns import across, column_faults
from xlsales.tables.rows import counters, day_order, meanings, shared
from xlsales.tables.rows.rates import RateUntold
from xlsales.tables.words import fiscal, units
from xlsales.tables.words.opposites import Opposed
from xlsales.tables.words.sheet_months import MonthOfSheetUntold
from xlsales.tables.words.titles import TitleOfPeriod
from xlsales.vocabulary.contract import Word

_SENTENCES: dict[type[Fault], Word] = {
    # columns
    column_faults.ColumnMissing: Word(
        "“{label}”里认不出{field_zh}列(表头:{headers})。请把这一列的表头改为“{field_zh}”。",
        "No column of '{label}' is known to be the {field_en} (headers: {headers}). Head that column '{field_en}'.",
    ),
    column_faults.AmountMissing: Word(
        "“{label}”里认不出金额列(表头:{headers})。请把金额那一列的表头改为“金额”;"
        "几列相加才是金额的,请把它们的和填在“金额”列。",
        "No column of '{label}' is known to be the amount (headers: {headers}). Head that column 'Amount'; "
        "if several add up to it, enter their sum in column 'Amount'.",
    ),
    column_faults.NoDates: Word(
        "“{label}”里没有日期列(表头:{headers})。请在“日期”列填上每一行的日期,如 {year}-04-02。",
        "No column of '{label}' holds dates (headers: {headers}). Enter the date of each row in column 'Date', like "
        "{year}-04-02.",
    ),
    column_faults.ColumnInDoubt: Word(
        "“{label}”里有几列都像{field_zh}:{candidates}。请把要的那一列的表头改为“{field_zh}”,其他的删去。",
        "Several columns of '{label}' may be the {field_en}: {candidates}. Head one '{field_en}', delete the others.",
    ),
    across.MeasureInDoubt: Word(
        "“{label}”每个期间有几列:{candidates}。请只留金额的列,其他的删去。",
        "'{label}' has several columns for each period: {candidates}. Keep those of the amounts, delete the others.",
    ),
    # dates
    day_order.DayOrMonth: Word(
        "日期“{value}”等 {rows_zh}分不清年、月、日,没有计入。请写全年月日,如 {year}-04-02。",
        "Dates like '{value}' ({rows_en}) do not tell year, month and day: not counted. "
        "Write them in full, like {year}-04-02.",
    ),
    day_order.FigureInDoubt: Word(
        "日期“{value}”等 {rows_zh}看不出 {figure} 是几号还是年份,没有计入。请写全年月日,如 {year}-04-02。",
        "Dates like '{value}' ({rows_en}) do not tell whether {figure} is the day or the year: not counted. "
        "Write them in full, like {year}-04-02.",
    ),
    day_order.ZeroInDoubt: Word(
        "日期“{value}”等 {rows_zh}看不出最后少没少一个 0,没有计入。请写全年月日,如 {year}-04-02。",
        "Dates like '{value}' ({rows_en}) may have lost a zero: not counted. Write them in full, like {year}-04-02.",
    ),
    TitleOfPeriod: Word(
        "“{label}”的标题“{title}”说的是一段时间的合计,表里没有日期。请在“日期”列填上每一行的日期,如 {year}-04-02。",
        "Title '{title}' of '{label}' speaks of a stretch of time, and the table has no dates. Enter the date of each "
        "row in column 'Date', like {year}-04-02.",
    ),
    day_order.DatesMixed: Word(
        "“{header}”列里 {texts} 行是文本日期(如 {text}),{count} 行是日期,且日都不大于 12:打开文件时日和月可能被对调了。"
        "现按单元格里的日期计入。请核对;文本日期请写全年月日,如 {year}-04-02。",
        "Column '{header}' has {texts} text {texts:date|dates} (e.g. {text}) and {rows_en} of true dates, none after "
        "the 12th: day and month may have been swapped when the file was opened. The dates were counted as they are. "
        "Check them, and write the text dates in full, like {year}-04-02.",
    ),
    MonthOfSheetUntold: Word(
        "“{label}”的日期列没有写明是哪个月。请写全年月日,如 {year}-04-02。",
        "The days of '{label}' do not say of which month they are. Write the dates in full, like {year}-04-02.",
    ),
    fiscal.FiscalYearUntold: Word(
        "“{label}”里的“{found}”是财年,看不出是哪一年。请写全年月日,如 {year}-04-02。",
        "'{found}' in '{label}' is a fiscal year, and its year is not clear. Write dates in full, like {year}-04-02.",
    ),
    fiscal.FiscalPeriodUntold: Word(
        "“{label}”的“{header}”列只写了期间的序号,看不出是几月。请写全年月日,如 {year}-04-02。",
        "Column '{header}' of '{label}' holds mere numbers of periods. Write dates in full, like {year}-04-02.",
    ),
    fiscal.FiscalStartUntold: Word(
        "“{label}”里的“{found}”跨两个自然年,看不出各月是哪一年的。请写全年月日,如 {year}-04-02。",
        "'{found}' in '{label}' is of two calendar years, so the year of each month is not known. "
        "Write dates in full, like {year}-04-02.",
    ),
    reasons.OutsidePeriod: Word(
        "{year}年有 {rows_zh}不在计划期间 {start} 至 {end} 内,没有计入。日期写错的请改正;不是这个期间的请删去。",
        "{rows_en} of {year}, outside the plan's period {start} to {end}: not counted. "
        "Correct dates that are wrong; delete what is of another period.",
    ),
    # members, totals, amounts
    reasons.MemberUnknown: Word(
        "计划里没有{dimension}“{value}”,{rows_zh}没有计入。请从下拉列表里选;要增加,请告诉总部。",
        "The plan has no {dimension} '{value}': {rows_en} not counted. Pick one from the list; "
        "ask headquarters to add it.",
    ),
    shared.SharedUnknown: Word(
        "{dimension}“{value}”写了几个名字,其中“{part}”认不出,{rows_zh}没有计入。请改正这个名字;它是对的,请告诉总部。",
        "{dimension} '{value}' has several names, and '{part}' is not known: {rows_en} not counted. "
        "Correct that name; if it is right, tell headquarters.",
    ),
    reasons.MemberMisspelt: Word(
        "计划里没有{dimension}“{value}”,{rows_zh}没有计入。是不是{nearest_zh}?请改正;要增加,请告诉总部。",
        "The plan has no {dimension} '{value}': {rows_en} not counted. Is it {nearest_en}? Correct it, or ask "
        "headquarters to add it.",
    ),
    reasons.TotalsRow: Word(
        "{words_zh}{rows_zh}是合计行,不重复计入。请删去;如果其实是商品,请改个名称。",
        "{words_en}: {rows_en} of totals, not counted again. Delete them; if it is a product, give it another name.",
    ),
    reasons.PointInDoubt: Word(
        "有 {rows_zh}的金额像“{value}”,点后正好三位,已当作小数。如果点是千分位,请去掉这些点再交。",
        "{rows_en} with an amount like '{value}', three figures behind the point, taken for decimals. "
        "If the points group thousands, delete them and return the file again.",
    ),
    reasons.UnitOfHeader: Word(
        "表里写明金额单位是每 1 = {unit} {base},已按它算。请核对表头里的单位。",
        "The table says that 1 is {unit} {base}; it was followed. Check the unit in the header.",
    ),
    units.UnitUnknown: Word(
        "“{label}”写明单位“{found}”,但认不出是多少{base}。请按{base}填写,并把表头里的单位改为“{base}”。",
        "'{label}' names the unit '{found}', which is not understood. Enter {base}, and let the header say {base}.",
    ),
    units.UnitsDiffer: Word(
        "“{label}”里写了几个不同的单位:{found}。请都按{base}填写,并把表头里的单位改为“{base}”。",
        "'{label}' names several units that differ: {found}. Enter {base} throughout, and let the headers say {base}.",
    ),
    units.YuanOrOwn: Word(
        "“{label}”的单位写的是“{found}”,计划的币种是{base}。请按{base}填写,并把表头里的单位改为“{base}”。",
        "The unit of '{label}' is '{found}', but the plan is in {base}. Enter {base}, and let the header say so.",
    ),
    units.ForeignUnit: Word(
        "“{label}”的金额是外币({found})。请换算成{base}填写,并把表头里的单位改为“{base}”。",
        "The amounts of '{label}' are of another currency ({found}). Enter {base}, and let the header say {base}.",
    ),
    # columns that change what an amount means
    Opposed: Word(
        "“{label}”里的“{plus}”和“{minus}”方向相反,不能相加(表头:{headers})。请只留一列,表头写“金额”,要减去的填负数。",
        "'{plus}' and '{minus}' of '{label}' go against each other and cannot be added up (headers: {headers}). "
        "Keep one column, headed 'Amount', with negative figures for what is taken off.",
    ),
    RateUntold: Word(
        "有 {rows_zh}的金额写的是外币 {code}(如“{value}”),没有计入。请换算成{base}填写。",
        "{rows_en} with an amount in another currency, {code} (e.g. '{value}'): not counted. Enter {base}.",
    ),
    meanings.SignUntold: Word(
        "“{header}”列里有 {values_zh},按正数加上了(其余合计 {rest})。"
        "要减去的,请把金额改成负数;本来就该加的,请清空“{header}”里的“{value}”。",
        "Column '{header}' has {values_en}, which were added (the rest is {rest}). To take them off, enter negative "
        "amounts; if they do add, clear '{value}' in column '{header}'.",
    ),
    meanings.StatusUntold: Word(
        "“{header}”列里有 {values_zh},照样计入了(其余合计 {rest})。"
        "不该计入的,请删去这些行;该计入的,请清空“{header}”里的“{value}”。",
        "Column '{header}' has {values_en}, counted all the same (the rest is {rest}). If they are no sales, delete "
        "these rows; if they are, clear '{value}' in column '{header}'.",
    ),
    meanings.CurrencyUntold: Word(
        "“{header}”列里有 {values_zh},没有汇率,按{base}计入了(其余合计 {rest})。"
        "请换算成{base}填写,并清空“{header}”里的“{value}”。",
        "Column '{header}' has {values_en}, counted as {base} for want of a rate (the rest is {rest}). Enter {base}, "
        "and clear '{value}' in column '{header}'.",
    ),
    meanings.UnitUntold: Word(
        "“{header}”列里有 {values_zh},没有换算,按同一单位计入了(其余合计 {rest})。"
        "请都按{base}填写,并清空“{header}”里的“{value}”。",
        "Column '{header}' has {values_en}, counted in one unit with the others (the rest is {rest}). Enter {base} "
        "throughout, and clear '{value}' in column '{header}'.",
    ),
    meanings.NoSales: Word(
        "“{header}”列的“{value}”不是销售额,{rows_zh}没有计入。如要计入,请清空“{header}”里的“{value}”。",
        "'{value}' in column '{header}' is no figure of sales: {rows_en} not counted. "
        "To count them, clear '{value}' in column '{header}'.",
    ),
    meanings.NoSalesUnnamed: Word(
        "{letters} 列的“{value}”不是销售额,{rows_zh}没有计入。如要计入,请清空 {letters} 列里的“{value}”。",
        "'{value}' in column {letters} is no figure of sales: {rows_en} not counted. "
        "To count them, clear '{value}' in column {letters}.",
    ),
    counters.CounterUntold: Word(
        "“{header}”列有 {rows_zh}有数,合计 {sum},没有从“{amount}”里减去。"
        "要减去的,请另起一行,在“{amount}”里填负数;然后清空“{header}”列。",
        "Column '{header}' has figures in {rows_en}, {sum} in all, which were not taken off '{amount}'. To take them "
        "off, add rows with negative figures in '{amount}'; then clear column '{header}'.",
    ),
    counters.CounterAlone: Word(
        "“{amount}”空白、只有“{header}”的 {rows_zh}没有计入。"
        "要减去的,请在“{amount}”里填负数并清空“{header}”;不用减的,请删去这些行。",
        "'{amount}' is blank and only '{header}' is filled in {rows_en}: not counted. To take them off, enter negative "
        "figures in '{amount}' and clear '{header}'; if they are not to be, delete these rows.",
    ),
}


class _Retold:
    """A fault in a sentence for a store; pickled, it is known by the fault at headquarters."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (type(self).__bases__[1], self.__dict__)


def _unpickled(kind: type[Fault], state: dict[str, Any]) -> Fault:
    fault = RETOLD[kind].__new__(RETOLD[kind])
    fault.__dict__.update(state)
    return fault


RETOLD: dict[type[Fault], type[Fault]] = {
    kind: type(kind.__name__, (_Retold, kind), {"zh": sentence.zh, "en": sentence.en})
    for kind, sentence in _SENTENCES.items()
}
"""A fault at headquarters → the same fault in the sentences for a store."""


def retold(fault: Fault, terms: StoreTerms) -> Fault:
    """Return a fault of receipts in the sentences for a store, with examples of the plan's year and in its unit."""
    if isinstance(fault, reasons.AndMore):
        first = retold(fault.first, terms)
        return fault.told_as(reasons.AndMore, first_zh=first.say("zh"), first_en=first.say("en"))
    if isinstance(fault, Several):
        return Several([retold(one, terms) for one in fault.faults])
    kind = RETOLD.get(type(fault))
    facts = {"year": terms.plan.start.year, **fault.facts, "base": terms.in_full.said}
    return fault if kind is None else fault.told_as(kind, **facts)
