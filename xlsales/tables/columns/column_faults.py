"""What people are asked if a column is missing, in doubt, or mapped wrongly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from xlsales.core import a1
from xlsales.core.faults import Fault, Listed
from xlsales.tables.files.grids import Grid
from xlsales.tables.words.header_words import FIELD_NAMES
from xlsales.vocabulary.contract import MAPPING_FIELDS


class ColumnMissing(Fault):
    """No column is known to hold a field."""

    zh = "“{label}”里认不出{field_zh}列(表头:{headers})。请在设置的“列对应”里填写:字段 {field_zh},表头 {candidates}。"
    en = (
        "No column of '{label}' is known to be the {field_en} (headers: {headers}). "
        "In table Column mapping of Settings, enter field {field_en} and its header: {candidates}."
    )


class AmountMissing(ColumnMissing):
    """Several columns of figures, and none is known to be the amount: it may be one of them, or a sum of several."""

    zh = (
        "“{label}”里认不出金额列(表头:{headers})。请在设置的“列对应”里填写:字段 金额,表头 {candidates};"
        "几列相加才是金额的,每列一行:字段 计入,表头 列名。"
    )
    en = (
        "No column of '{label}' is known to be the amount (headers: {headers}). "
        "In table Column mapping of Settings, enter field amount and its header: {candidates}; "
        "if several add up to it, one row for each: field include and its header."
    )


class NotOnFirstSheet(ColumnMissing):
    """No column of a file's first sheet is known to hold a field; no sheet was named."""

    zh = (
        "“{label}”的第一张工作表里认不出{field_zh}列(另有:{others})。"
        "请在设置里填写工作表名;就是这张表的话,在“列对应”里填写:字段 {field_zh},表头 {candidates}。"
    )
    en = (
        "No column of the first sheet of '{label}' is known to be the {field_en} (other sheets: {others}). "
        "Name the sheet in Settings; if it is this one, enter in Column mapping field {field_en} "
        "and its header: {candidates}."
    )


class NoDates(ColumnMissing):
    """A table in which no column holds dates."""

    zh = (
        "“{label}”里没有日期列(表头:{headers})。整张表是同一天或同一个月的话,"
        "请在“列对应”里填写:字段 日期,值 2026年9月(或 2026-09-30)。"
    )
    en = (
        "No column of '{label}' holds dates (headers: {headers}). If all of it is of one day or month, enter in table "
        "Column mapping field date and value 2026-09 (or 2026-09-30)."
    )


class NoAmounts(ColumnMissing):
    """A table in which no column holds amounts."""

    zh = "“{label}”里没有一列是金额(表头:{headers})。请粘贴带金额的数据。"
    en = "No column of '{label}' holds amounts (headers: {headers}). Paste data with amounts."


class PiecesMissing(ColumnMissing):
    """The plan counts pieces, and all figures of the table are money."""

    zh = (
        "计划按件,“{label}”里没有数量列(表头:{headers})。请加一列“数量”(每行一件的,都填 1);"
        "“{candidates}”里填的就是件数的,请在设置的“列对应”里填写:字段 金额,表头 {candidates}。"
    )
    en = (
        "The plan counts pieces, and no column of '{label}' holds quantities (headers: {headers}). Add a column "
        "Quantity (1 in each row if a row is one piece). If {candidates} holds pieces: in table Column mapping "
        "of Settings, enter field amount and header {candidates}."
    )


class NothingOnFirstSheet(NotOnFirstSheet):
    """No column of a file's first sheet can be a field; no sheet was named."""

    zh = (
        "“{label}”的第一张工作表里没有{field_zh}列(表头:{headers};另有:{others})。"
        "请在设置里填写工作表名;后面几张都要计入的,请把第一张移到它们后面。"
    )
    en = (
        "The first sheet of '{label}' has no column of the {field_en} (headers: {headers}; other sheets: {others}). "
        "Name the sheet in Settings. If all later sheets count, move the first one behind them."
    )


class ColumnInDoubt(Fault):
    """Several columns fit a field equally."""

    zh = "“{label}”里有几列都像{field_zh}:{candidates}。请在设置的“列对应”里填写:字段 {field_zh},表头填其中一列。"
    en = (
        "Several columns of '{label}' may be the {field_en}: {candidates}. "
        "In table Column mapping of Settings, enter field {field_en} and one of these headers."
    )


class LevelsInOneColumn(Fault):
    """A pivot table in compact form: it counts the same sales on each of its levels."""

    zh = (
        "“{label}”是压缩形式的数据透视表:“{header}”一列里混着几级,同一笔销售会算几遍。"
        "请在数据透视表的“设计”里选“报表布局→以表格形式显示”和“重复所有项目标签”,再粘贴。"
    )
    en = (
        "'{label}' is a pivot table in compact form: column '{header}' holds several levels, each with the same sales. "
        "Choose Design > Report Layout > Show in Tabular Form and Repeat All Item Labels, and paste it again."
    )


class HeadersAlike(Fault):
    """Several columns that may hold a field have the same header: no mapping can name one of them."""

    zh = "“{label}”的 {letters} 列表头都是“{header}”,分不清哪一列是{field_zh}。请给不用的那列改个表头。"
    en = (
        "Columns {letters} of '{label}' are all headed '{header}', so the {field_en} is not clear. "
        "Rename the headers of those that are not meant."
    )


class MappedHeaderMissing(Fault):
    """The mapping table names a header that is not there, or is there twice."""

    zh = "“列对应”里的表头“{header}”在“{label}”里找到 {count} 列。请改为其中一列:{candidates}。"
    en = "Header '{header}' of Column mapping was found {count:times} in '{label}'. Enter one of: {candidates}."


class MappedFieldUnknown(Fault):
    """The mapping table names a field that is neither a field nor a dimension."""

    zh = "“列对应”里的字段“{field}”不认识。请填 {fields_zh} 或维度名:{dimensions}。"
    en = "Field '{field}' of Column mapping is unknown. Enter {fields_en} or a dimension: {dimensions}."

    def __init__(self, *, field: str, dimensions: str) -> None:
        super().__init__(
            field=field, dimensions=dimensions, fields_zh="、".join(word.zh for word in MAPPING_FIELDS),
            fields_en=", ".join(word.en for word in MAPPING_FIELDS),
        )  # fmt: skip


def about(name: str, label: str) -> dict[str, str]:
    """The facts that name a table and a field in both languages."""
    zh, en = FIELD_NAMES.get(name, (name, name))
    return {"label": label, "field_zh": zh, "field_en": en}


def doubt(name: str, columns: Mapping[int, str], grid: Grid, label: str) -> Fault:
    """What to ask if several columns fit: which one; or, if their headers are the same, for a new header."""
    header, count = Counter(columns.values()).most_common(1)[0]
    if count == 1:
        return ColumnInDoubt(**about(name, label), candidates=names_of(columns.values()))
    letters = names_of(a1.letters(i + grid.first_column) for i in columns if columns[i] == header)
    return HeadersAlike(**about(name, label), header=header, letters=letters)


def names_of(names: Iterable[str | None], mark: str = "、") -> str:
    """Names in a row, blank ones left out."""
    texts = [name for name in names if name is not None]
    return Listed(texts) if mark == "、" else mark.join(texts)
