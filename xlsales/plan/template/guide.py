"""Sheet 说明: five steps, what each sheet is for, what the colours mean.

Each sheet that it names is a link. It leads to the sheet by a defined name, so it follows when the sheet gets another
title; while there is no such sheet, it is plain text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from xlsales.core.faults import Lang
from xlsales.functions.catalogue import FUNCTIONS
from xlsales.layout import look
from xlsales.layout.links import link_to_guide, link_to_name
from xlsales.layout.paper import set_paper
from xlsales.layout.writer import Formats, Worksheet, write_text
from xlsales.plan.sheets import ADDED
from xlsales.plan.sheets import SHEETS as WRITTEN
from xlsales.plan.sheets.by_time import TIME
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import SHEET_NAMES, SHEETS, STATUS, Word
from xlsales.vocabulary.round_contract import T_COMMITMENTS

_TITLE = Word("销售目标分解与达成", "Sales target: breakdown and achievement")
_PURPOSE = Word(
    "把一个总目标分解到每个期间、每个成员,每一处合计都闭合;再把实际贴进来,看进度。",
    "Break one total target down to every period and member, every sum closing; then paste actuals and see the pace.",
)
_STEPS_TITLE = Word("五步", "Five steps")
_BUTTONS = Word(
    "按钮在 Excel 功能区“销售目标”或 Calc 菜单“销售目标”里。没有按钮时,在命令行运行每步末尾的命令。",
    "The buttons are in the tab Sales targets of Excel's ribbon, or in the menu Sales targets of Calc. "
    "Without buttons, run the commands named last.",
)
_STEPS: tuple[tuple[str, Word, Word], ...] = (
    (
        "settings",
        Word("填“设置”", "Fill in Settings"),
        Word(
            "总目标、开始和结束日期(带 * 的必填);折叠起来的其余各项先用默认。",
            "Total target, start and end (marked *). All that is folded keeps its defaults for now.",
        ),
    ),
    (
        "dimensions",
        Word("填“维度”", "Fill in Dimensions"),
        Word(
            "区域、产品、渠道、门店、人员……每个成员一行,有上级的填上级。灰色斜体是示例,请换成自己的。",
            "Region, product, channel, store, person: a row per member, with its parent. Grey italics are examples.",
        ),
    ),
    (
        "history",
        Word("贴“历史”(可选)", "Paste Past sales (optional)"),
        Word(
            "过去的销售从 A1 贴进来,月份和星期的形状由它算出;不贴就在“设置”里选别的方式。",
            "From A1. They give the shape of months and weekdays. Without them choose another method in Settings.",
        ),
    ),
    (
        "time",
        Word("分解", "Split"),
        Word(
            "按“分解目标”:写出“按时间”、每个维度一张表,有历史时还有“目标依据”。"
            "只想先看问题、不写入,按“检查”;要回到上次运行之前,按“撤销上次”。"
            "命令:xlsales split(或 check、undo)<本文件>。",
            "Press Split target: it writes By time, a sheet per dimension and, with past sales, Basis. "
            "To look first and write nothing, press Check. To go back to before the last run, press Undo last. "
            "Command: xlsales split (or check, undo) <this file>.",
        ),
    ),
    (
        "actuals",
        Word("贴“实际”,刷新", "Paste Actuals, refresh"),
        Word(
            "实际销售从 A1 贴进来,按“刷新进度”,看“进度总览”和“数据问题”。命令:xlsales refresh <本文件>。",
            "Paste sales from A1, press Refresh progress, read Overview and Problems. "
            "Command: xlsales refresh <this file>.",
        ),
    ),
)
_INPUT_TITLE = Word("您填的表", "Sheets you fill")
_OUTPUT_TITLE = Word("程序写的表", "Sheets the program writes")
_INPUTS: tuple[tuple[str, Word], ...] = (
    (
        "settings",
        Word(
            "总目标、期间、单位、步长、分解方式、加压、灯的阈值", "Total, period, unit, step, methods, stretch, lamps"
        ),
    ),
    (
        "dimensions",
        Word("维度和成员:上级、权重、锁定、上下限、开闭店日", "Members: parent, weight, locks, bounds, dates"),
    ),
    ("locks", Word("固定某个期间(某个成员)的目标", "Targets fixed for a period (and a member)")),
    ("calendar", Word("本公司的休息日、调休和活动日", "The company's own rest days, make-up days and campaigns")),
    ("history", Word("过去的销售,任意列序,表头自动识别", "Past sales, columns in any order")),
    ("actuals", Word("实际销售,任意列序,表头自动识别", "Actual sales, columns in any order")),
)
_ADDED_TITLE = Word(
    "想要时添加的表:按“添加工作表”,或 xlsales add <本文件> <表名>",
    "Sheets to add: press Add sheets, or xlsales add <this file> <name>",
)
_COMMITMENTS = Word("交回的承诺;“接受”填“是”,下次分解时锁定", "What members commit to; accept with yes, then split")
_HELP_TITLE = Word("参考", "Reference")
_FUNCTIONS = Word(
    f"{len(FUNCTIONS)} 个工作表函数(=SPLIT_TARGET 等)各一个小例子",
    f"The {len(FUNCTIONS)} worksheet functions (=SPLIT_TARGET …) by example",
)
_ANY_DIMENSION = Word("<维度>", "<dimension>")
_COLOURS_TITLE = Word("颜色", "Colours")
_INPUT_COLOUR = Word("填写", "Input")
_INPUT_MEANING = Word("浅黄底蓝字:由您填写", "Pale yellow, blue text: you fill this")
_EXAMPLE_COLOUR = Word("示例", "Example")
_EXAMPLE_MEANING = Word("灰色斜体:示例,改掉备注即恢复正常", "Grey italics: an example, until its note is changed")
_PROOF_MEANING = Word("验算:闭合为 0 ✓,不闭合为红色 ✗", "Proof: 0 ✓ when sums close, red ✗ when not")
_LAMP_MEANING = Word("状态灯:实际 ÷ 应达,阈值在“设置”", "Lamps: actual ÷ target to date, thresholds in Settings")
_PRINTING = Word(
    "打印整个工作簿时,“实际”和“历史”只打第一页;要打全部,请取消它们的打印区域(页面布局 → 打印区域)。",
    "Of Actuals and Past sales only the first page prints; to print all, clear their print area (Page Layout).",
)
_KEEP = Word(
    "可以改名、移动、换样式、加列加备注:程序按名称认单元格,不动您自己的内容。",
    "Rename, move, restyle, add columns and notes: cells are found by name, and what is yours is left alone.",
)
_TEXT_WIDTH = 84
_PLACES = {**SHEET_NAMES, "time": TIME.name}
"""The sheets that steps lead to, by their defined names."""


def write_guide(worksheet: Worksheet, lang: Lang, formats: Formats) -> None:
    """Write the guide into an empty sheet."""
    guide = _Guide(worksheet, lang, formats)
    guide.title()
    guide.steps()
    sheets = [(sheet.name.format(n=1), sheet.title, sheet.purpose) for sheet in WRITTEN if sheet not in ADDED]
    added = [(sheet.name.format(n=1), sheet.tables[0].label, sheet.purpose) for sheet in ADDED]
    inputs = [(SHEET_NAMES[key], SHEETS[key], purpose) for key, purpose in _INPUTS]
    guide.sheets(_INPUT_TITLE, inputs, look.TAB_INPUT)
    guide.sheets(_OUTPUT_TITLE, [*sheets, (T_COMMITMENTS.name, SHEETS["commitments"], _COMMITMENTS)], look.TAB_OUTPUT)
    guide.sheets(_ADDED_TITLE, added, look.TAB_INPUT)
    guide.sheets(_HELP_TITLE, [(SHEET_NAMES["functions"], SHEETS["functions"], _FUNCTIONS)], look.TAB_ARCHIVE)
    guide.colours()
    guide.finish()


def write_way_back(worksheet: Worksheet, formats: Formats) -> None:
    """Write a link to the guide above the title of a sheet."""
    link_to_guide(worksheet, 0, 1, formats)


class _Guide:
    """Writes the guide from top to bottom; `row` is the next one."""

    def __init__(self, worksheet: Worksheet, lang: Lang, formats: Formats) -> None:
        self.worksheet, self.lang, self.formats, self.row = worksheet, lang, formats, 4
        self.large = formats.text(bold=True, font_size=20, font_color=look.INK, valign="vcenter")
        self.section = formats.text(bold=True, font_size=12, font_color=look.INK, bottom=2, bottom_color=look.INK)
        self.strong = formats.text(bold=True, valign="vcenter", bottom=4, bottom_color=look.RULE)
        self.plain = formats.text(text_wrap=True, valign="vcenter", bottom=4, bottom_color=look.RULE)
        self.number = formats.text(bold=True, font_size=14, font_color=look.ACCENT, align="center", valign="vcenter")
        self.muted = formats.text(font_color=look.MUTED, valign="vcenter")

    def title(self) -> None:
        for column, width in enumerate((2, 6, 26, _TEXT_WIDTH)):
            self.worksheet.set_column(column, column, width)
        self.worksheet.set_row(1, 34)
        self.worksheet.write_string(1, 1, _TITLE[self.lang], self.large)
        self.worksheet.write_string(2, 1, _PURPOSE[self.lang], self.muted)

    def steps(self) -> None:
        self._head(_STEPS_TITLE)
        self.worksheet.set_row(self.row, 32)
        self.worksheet.merge_range(self.row, 1, self.row, 3, _BUTTONS[self.lang], self.plain)
        self.row += 1
        for n, (key, label, text) in enumerate(_STEPS, 1):
            self.worksheet.write_number(self.row, 1, n, self.number)
            self._line(self._height(text, 34), label[self.lang], text[self.lang], target=_PLACES[key])

    def sheets(self, heading: Word, sheets: Sequence[tuple[str, Word, Word]], tab: str) -> None:
        """Name sheets (the defined name, the title, the purpose) by the colour of their tabs; nothing if none."""
        if not sheets:
            return
        self.row += 1
        self._head(heading)
        for name, label, purpose in sheets:
            self.worksheet.write_blank(self.row, 1, None, self.formats.text(left=5, left_color=tab))
            title = label[self.lang].format(name=_ANY_DIMENSION[self.lang])
            self._line(self._height(purpose, 20), title, purpose[self.lang], target=name)

    def colours(self) -> None:
        self.row += 1
        self._head(_COLOURS_TITLE)
        for text, meaning, properties in _legend(self.lang):
            form = self.formats.text(align="center", valign="vcenter", **properties)
            self._line(20, text, meaning, form)

    def finish(self) -> None:
        """Write the last line, and set up the page."""
        worksheet, last = self.worksheet, self.row + 2
        worksheet.write_string(last - 1, 1, _KEEP[self.lang], self.muted)
        worksheet.write_string(last, 1, _PRINTING[self.lang], self.muted)
        worksheet.hide_gridlines(2)
        worksheet.set_tab_color(look.TAB_GUIDE)
        set_paper(worksheet, portrait=True)
        worksheet.print_area(1, 1, last, 3)
        worksheet.fit_to_pages(1, 1)

    def _height(self, text: Word, least: int) -> int:
        """How high a row is that shows all of a text."""
        lines = math.ceil(look.text_width(text[self.lang]) / _TEXT_WIDTH)
        return max(least, 5 + 14 * lines)

    def _head(self, word: Word) -> None:
        self.worksheet.set_row(self.row, 22)
        for column in (1, 2, 3):
            write_text(self.worksheet, self.row, column, word[self.lang] if column == 1 else "", self.section)
        self.row += 1

    def _line(self, height: int, label: str, text: str, form: Any = None, target: str = "") -> None:
        """Write a label and a text; `target` is the defined name that the label leads to."""
        self.worksheet.set_row(self.row, height)
        if target:
            link_to_name(self.worksheet, self.row, 2, target, label, self.strong, self.formats)
        else:
            self.worksheet.write_string(self.row, 2, label, form or self.strong)
        write_text(self.worksheet, self.row, 3, text, self.plain)
        self.row += 1


def _legend(lang: Lang) -> list[tuple[str, str, dict[str, object]]]:
    lamps: list[tuple[str, str, dict[str, object]]] = [
        (STATUS[status][lang], _LAMP_MEANING[lang] if status == "green" else "", _filled(fill, text))
        for status, (fill, text) in look.LAMPS.items()
    ]
    return [
        (_INPUT_COLOUR[lang], _INPUT_MEANING[lang], _filled(look.INPUT_FILL, look.INPUT_TEXT)),
        (_EXAMPLE_COLOUR[lang], _EXAMPLE_MEANING[lang], {"italic": True, "font_color": look.MUTED}),
        ("0 ✓", _PROOF_MEANING[lang], _filled(look.PROVEN, look.GOOD)),
        *lamps,
        (words.CHANCE[lang], words.CHANCES[lang], {"bold": True}),
    ]


def _filled(fill: str, text: str) -> dict[str, object]:
    return {"bg_color": fill, "font_color": text, "bold": True}
