"""The worksheet functions in xlwings Lite, which runs Python inside Excel without an installation.

It has the functions, and one script that splits a selection into plain values. It does not have the plan commands: they
read and write whole files through libraries that Lite's Python (Pyodide) lacks. A function there does not know the
language of the workbook; XLSALES_LANG in Lite's environment variables sets it.
"""

from __future__ import annotations

from xlsales.functions.answer import answer
from xlsales.functions.language import own_language
from xlsales.hosts.excel.engine import xw
from xlsales.hosts.excel.functions import WORKSHEET
from xlsales.vocabulary.contract import Word

globals().update(WORKSHEET)
__all__ = [*WORKSHEET, "split_selection"]

_TITLE = Word("分解选区", "Split selection")
_SELECT = Word(
    "请选中一列:第一格是总目标,下面是各项的权重。目标会写到右边一列。",
    "Select one column: the total target first, the weights below. Targets are written into the column to the right.",
)
_TAKEN = Word(
    "右边一列 {cells} 已有内容,没有写入。请先清空,或换个位置。",
    "The column to the right, {cells}, is not empty; nothing was written. Clear it, or move the selection.",
)


@xw.script
def split_selection(book: xw.Book) -> None:
    """分解选区: split the first cell of the selected column over the weights below, into the column to the right."""
    lang = own_language()
    selection = book.selection
    if selection is None or selection.shape[1] != 1 or selection.shape[0] < 2:
        book.app.alert(_SELECT[lang], _TITLE[lang])
        return
    rows = selection.options(ndim=2, err_to_str=True).value
    first, last = selection.row + 1, selection.row + selection.shape[0] - 1
    column = selection.column + 1
    beside = selection.sheet.range((first, column), (last, column))
    if any(cell is not None for (cell,) in beside.options(ndim=2, err_to_str=True).value):
        book.app.alert(_TAKEN[lang].format(cells=beside.get_address(False, False)), _TITLE[lang])
        return
    result = answer("SPLIT_TARGET", rows[:1], rows[1:], lang=own_language)
    if isinstance(result, str):
        book.app.alert(result, _TITLE[lang])
    else:
        beside.value = result
