"""What menu and toolbar offer in LibreOffice: the ribbon's commands under the ribbon's words."""

from __future__ import annotations

from xlsales.functions.catalogue import CATEGORY
from xlsales.vocabulary.contract import Word

MENU = CATEGORY
"""The title of the menu."""

VERBS: dict[str, Word] = {
    "new_plan": Word("新建计划", "New plan"),
    "split_target": Word("分解目标", "Split target"),
    "refresh_progress": Word("刷新进度", "Refresh progress"),
    "check_plan": Word("检查", "Check"),
    "undo_last": Word("撤销上次", "Undo last"),
    "hand_out": Word("下发目标", "Hand out"),
    "collect": Word("收回填报", "Collect"),
    "show_help": Word("帮助", "Help"),
}
"""Commands in their order: the name of the macro → its label."""
