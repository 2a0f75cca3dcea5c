"""What people should know of the reading of a file, though there is nothing wrong with it; and rows in doubt."""

from __future__ import annotations

from xlsales.core.faults import Fault
from xlsales.tables.reasons import Repeated


class OneSheetRead(Fault):
    """A file with several sheets, none of them named, of which the first was read."""

    zh = "读取的是工作表“{read}”,没有读取:{others}。要读别的,请在设置里填写工作表名。"
    en = "Sheet '{read}' was read; not read: {others}. To read another, name it in Settings."
    remark = True


class SheetsRead(Fault):
    """A file of which all sheets with the same header were read."""

    zh = "读取了表头相同的 {count} 张工作表:{read}。"
    en = "{count:sheets} with the same headers were read: {read}."
    remark = True


class SheetsLeft(Fault):
    """Sheets beside those read, which have other headers or are hidden."""

    zh = "读取了表头相同的 {count} 张工作表:{read};没有读取:{others}。"
    en = "{count:sheets} with the same headers were read: {read}. Not read: {others}."
    remark = True


class SheetNoPart(Fault):
    """Sheets with the headers of those read, which by their names are totals, copies or other measures of them."""

    zh = "工作表 {others} 表头相同,但按名称像是汇总、副本、目标或别的指标,没有计入。要计入,请把它改名,例如改为月份。"
    en = (
        "Not counted, though their headers are the same: {others}. By their names they are totals, copies, targets or "
        "another measure. To count one, give it another name, such as its month."
    )


class MonthOfSheet(Fault):
    """A table without dates, in a sheet that is named after a month."""

    zh = "表里没有日期,按工作表名“{title}”算作这个月的。"
    en = "The table has no dates; its amounts were taken as those of the month its sheet is named after, '{title}'."
    remark = True


class YearOfSheet(Fault):
    """A table of months without a year, in a sheet that is named after one."""

    zh = "日期没有写年份,按工作表名“{title}”算作这一年的。"
    en = "The dates have no year; they were taken as those of the year its sheet is named after, '{title}'."
    remark = True


class RowsHidden(Fault):
    """Rows that a person does not see."""

    zh = "有 {count} 行被隐藏或筛选掉,已照样计入。不该计入的,请删去。"
    en = "Rows hidden or filtered out: {count}, counted all the same. Delete those that are not to count."
    remark = True


class FarAway(Fault):
    """Cells that are far from the table."""

    zh = "{cells} 等 {count} 个单元格离表很远,没有读取。要计入,请移到表里;不要的,请删去。"
    en = "{count:cells} far away from the table, not read: {cells}. Move them into the table, or delete them."


class ColumnsWithoutHeader(Fault):
    """Columns that hold something below the header, but have none."""

    zh = "{letters} 列没有表头,没有读取({count} 个单元格)。"
    en = "Columns without a header, not read: {letters} ({count:cells})."
    remark = True


class LineTooWide(Repeated):
    """A line of a text file with more cells than the header has."""

    zh = "这一行有 {cells} 个单元格,表头只有 {headers} 个,多半是金额里的逗号把它拆开了。请给它加上引号,或另存为 .xlsx。"
    en = (
        "This line has {cells} cells, but the header has {headers}: "
        "most likely a comma within an amount or a text split it. Put that in quotes, or save as .xlsx."
    )


class QuoteAstray(Fault):
    """A quotation mark without its twin, by which lines run into one."""

    zh = "{path} 第 {line} 行的引号不成对,后面的行会连成一片。请用文本编辑器改正这一行,或另存为 .xlsx。"
    en = (
        "A quotation mark in line {line} of {path} has no twin, so that the lines after it would run into one. "
        "Fix that line in a text editor, or save as .xlsx."
    )


class RowsWithoutFigures(Fault):
    """Rows that hold something, but no date, no amount and no member, as notes below a table do."""

    zh = "从这里起有 {count} 行没有日期、金额和成员(如备注),没有读取。"
    en = "From here on, rows without a date, an amount or a member, as notes are: {count}, not read."
    remark = True


class Unaccounted(Fault):
    """Amounts that the reading has lost: a fault of the program, not of the file."""

    zh = "“{label}”有 {held} 个金额,只读到 {read} 个,所以没有写入。这是程序的错,请把文件发给我们。"
    en = (
        "'{label}' holds {held:amounts}, of which {read} {read:was|were} read, so that nothing was written. "
        "That is a fault of the program: send us the file, please."
    )
