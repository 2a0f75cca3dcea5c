"""The sentences of the add-in, which are in its hidden sheets, and Chinese in a form that VBA can write."""

from __future__ import annotations

from xlsales.commands.telling import BUSY
from xlsales.commands.verbs import VERBS
from xlsales.vocabulary.contract import Word

SENTENCES: dict[str, Word] = {
    "no_book": Word(
        "没有打开的工作簿。请先打开目标计划(受保护的视图里先点“启用编辑”),再点这个按钮。",
        "No workbook is open. Open the plan first (in Protected View choose Enable Editing), then press this button.",
    ),
    "busy": BUSY,
    "not_installed": Word(
        "加载项还没有装好:不知道用哪个 Python。请关闭 Excel,在命令行运行 xlsales addin install,再打开 Excel。",
        "The add-in is not set up: no Python is named. Close Excel, run xlsales addin install, then open Excel again.",
    ),
    "dll_missing": Word(
        "找不到 {0}。Python 可能已经移动或升级,杀毒软件也可能把它隔离了。"
        "请关闭 Excel,在命令行运行 xlsales addin install,再打开 Excel。",
        "{0} is missing. Python may have been moved or upgraded, or an antivirus program took the file away. "
        "Close Excel, run xlsales addin install, then open Excel again.",
    ),
    "not_started": Word(
        "Python 没有启动。请在命令行运行 xlsales addin doctor 看原因;详情见 {0}",
        "Python did not start. Run xlsales addin doctor to see why; details are in {0}",
    ),
    "never_connected": Word(
        "Python 启动了,但一直没有连上,所以不再自动重试。请点“重启 Python”再试;还不行,请运行 xlsales addin doctor。"
        "详情见 {0}",
        "Python started but never answered, so it is not tried again by itself. Press Restart Python; if that does not "
        "help, run xlsales addin doctor. Details are in {0}",
    ),
    "macro_failed": Word(
        "没有完成,工作簿可能只改了一部分,请先不要保存。点“重启 Python”后再试;详情见 {0}",
        "Not finished; the workbook may be changed in part, do not save it yet. "
        "Press Restart Python and try again; details are in {0}",
    ),
    "function_failed": Word(
        "没有算出来。点“重启 Python”后按 Ctrl+Alt+F9 重算;详情见 {0}",
        "Not computed. Press Restart Python, then Ctrl+Alt+F9; details are in {0}",
    ),
    "restart_failed": Word(
        "Python 没有停下来。请关闭所有 Excel 窗口再打开;详情见 {0}",
        "Python did not stop. Close every Excel window and open Excel again; details are in {0}",
    ),
    "restarted": Word(
        "Python 已停止,下一次使用时重新启动。按 Ctrl+Alt+F9 重算全部函数。",
        "Python was stopped and starts again at the next use. Ctrl+Alt+F9 computes every function anew.",
    ),
}
"""Sentences of the loader by key; {0} is a file."""

NO_ADDIN = Word(
    "这个按钮要用“销售目标”加载项。已安装 xlsales 的,运行 xlsales addin install,再重新打开 Excel;"
    "或先保存并关闭本文件,在命令行运行 xlsales refresh {0}",
    "This button needs the Sales targets add-in. Where xlsales is installed, run "
    "xlsales addin install and open Excel again; or save and close this file and run xlsales refresh {0}",
)
"""The message of the buttons of a plan workbook without the add-in; {0} is the workbook."""

BUTTONS: dict[str, Word] = {
    verb.button.macro: Word(*verb.label) for verb in VERBS if verb.button is not None and verb.button.in_sheet
}
"""Buttons on the settings sheet: macro → caption."""


def vba_string(text: str) -> str:
    """Return a VBA expression for `text` in pure ASCII: literals, and ChrW for every other character."""
    parts: list[str] = []
    literal = ""
    for character in [*text, ""]:
        if character and character.isascii() and character.isprintable():
            literal += character.replace('"', '""')
            continue
        if literal:
            parts.append(f'"{literal}"')
            literal = ""
        if character:
            parts += [f"ChrW({_signed(unit)})" for unit in _utf16(character)]
    return " & ".join(parts) or '""'


def _utf16(character: str) -> list[int]:
    data = character.encode("utf-16-le")
    return [int.from_bytes(data[k : k + 2], "little") for k in range(0, len(data), 2)]


def _signed(unit: int) -> int:
    """Return a code unit as a signed number: so ChrW gets an Integer."""
    return unit - 0x10000 if unit > 0x7FFF else unit
