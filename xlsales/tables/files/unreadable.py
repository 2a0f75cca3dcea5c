"""Why a file cannot be read as a table."""

from __future__ import annotations

from xlsales.core.faults import Fault


class SourceKindUnknown(Fault):
    """The ending of the file is of no kind that can be read."""

    zh = "不认识文件 {path} 的类型。请用 .xlsx .xlsm .xlsb .xls .ods 或 .csv。"
    en = "File {path} is of an unknown kind. Use .xlsx, .xlsm, .xlsb, .xls, .ods or .csv."


class SourceUnreadable(Fault):
    """The file is damaged, or is of another kind than its ending."""

    zh = "读不了文件 {path}({detail})。请用 Excel 打开检查后另存一份。"
    en = "File {path} cannot be read ({detail}). Open it in Excel, check it and save a copy."


class ReaderGone(Fault):
    """The reader crashed, asked for too much memory, or did not end."""

    zh = "{path} 读不了:读它的程序崩溃、没完没了,或要的内存太多。请在 Excel 里打开它,另存为 .xlsx 再试。"
    en = (
        "{path} cannot be read: its reader crashed, did not end, or asked for too much memory. "
        "Open it in Excel, save it as .xlsx and try again."
    )


class EncodingUnknown(SourceUnreadable):
    """A text file in an encoding that is not known."""

    zh = (
        "{path} 的文字编码认不出(不是 UTF-8、GBK 或 Big5)。"
        "请在原来的程序里另存为“CSV UTF-8”,或用 Excel 的“数据→自文本/CSV”选对编码打开,另存为 .xlsx。"
    )
    en = (
        "The encoding of {path} is not known (none of UTF-8, GBK and Big5). Save it as 'CSV UTF-8' in the program that "
        "wrote it, or open it in Excel by Data > From Text/CSV with its encoding, and save it as .xlsx."
    )


class NotReallyABook(Fault):
    """A page or text with the name of a workbook, as many programs export it."""

    zh = "{path} 不是真正的 Excel 文件(可能是网页或文本改了后缀)。请用 Excel 打开它,另存为 .xlsx。"
    en = "{path} is no true Excel file (perhaps a web page or a text under that name). Save it as .xlsx in Excel."


class NoFolder(Fault):
    """A file without its folder, named by a workbook that is in no folder of this computer."""

    zh = "“{file}”没有写文件夹,而这个工作簿在云端。请在设置里写它在本机的完整路径,如 D:\\数据\\{file}。"
    en = (
        'No folder is named for "{file}", and this workbook is on a cloud drive. Write its whole path on this computer '
        "in Settings, such as D:\\data\\{file}."
    )


class SheetMissing(Fault):
    """The named sheet is not in the book."""

    zh = "文件 {path} 里没有工作表“{sheet}”。现有:{found}。"
    en = "File {path} has no sheet '{sheet}'. It has: {found}."


class TooManySheets(Fault):
    """A file of more sheets than can be looked at, and none is named."""

    zh = "“{label}”有 {count} 张工作表,不写表名时最多看 {most} 张。请在设置里填写工作表名,或写 --actuals 文件:表名。"
    en = '"{label}" has {count:sheets}; {most} at most are looked at. Name one in Settings, or by --actuals FILE:SHEET.'


class SheetEmpty(Fault):
    """The sheet holds nothing."""

    zh = "“{label}”是空的。请把带表头的数据粘贴进去。"
    en = "'{label}' is empty. Paste data with its headers into it."


class FirstSheetEmpty(SheetEmpty):
    """The first sheet of a file holds nothing; no sheet was named."""

    zh = "“{label}”的第一张工作表是空的(另有:{others})。请在设置里填写工作表名。"
    en = "The first sheet of '{label}' is empty (other sheets: {others}). Name the sheet in Settings."
