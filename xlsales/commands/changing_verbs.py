"""The rows of the verbs that change targets by locks: they are told first, and the plan is split anew."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from xlsales.commands.verb import ACTUALS, BOOK, CLOSE, HISTORY, OUT, REWRITE, YES_WRITES, Argument, Button, Texts, Verb


def _methods() -> Iterable[tuple[str, Texts, Texts]]:
    choices: Iterable[tuple[str, Texts, Texts]] = import_module("xlsales.commands.spread").choices()
    return choices


_NEW_TOTAL = ("改后的合计?空 = 合计不变。", "The new total? Blank keeps the sum as it is.")
_OTHER_TOTAL = ("改后的合计?", "The new total?")

SPREAD = Verb(
    "spread",
    ("调整", "Spread"),
    ("按方法改选中的数,合计正好", "change selected amounts by a method, the sum exact"),
    (
        "改的是目标时先预览,加 --yes 才写进锁定并重新分解",
        "targets are previewed; with --yes they become locks and the plan is split anew",
    ),
    (
        BOOK,
        Argument("cells", "cells", "CELLS", ("哪些格,如 按区域!C5:F9", "which cells, such as Sheet1!C5:F9")),
        Argument(
            "method",
            "name",
            "METHOD",
            ("方法,如 均分、按比例、1-2-1", "the method, such as equal, proportional, 1-2-1"),
            choices=_methods,
        ),
        Argument(
            "--by",
            "amount",
            "X",
            ("增减多少:10%、100;直线、增长是每格比上一格", "how much more: 10%, 100; line, growth: each cell"),
            asked=(
                ("growth", ("每格比前一格增长多少?如 5%", "How much above the cell before? Such as 5%")),
                ("percent", ("增减百分之几?如 10%、-5%", "How many per cent more or less? Such as 10%, -5%")),
                ("add", ("每格加多少?减少请填负数。", "How much more in each cell? Below zero takes away.")),
            ),
        ),
        Argument(
            "--total",
            "amount",
            "X",
            ("改后的合计(默认:合计不变)", "the new total (default: the sum as it is)"),
            asked=(
                *(
                    (key, _NEW_TOTAL)
                    for key in (
                        *("equal", "proportional", "populated", "straight_line", "growth"),
                        *("first", "last", "1-2-1", "4-4-5"),
                    )
                ),
                ("increment", _OTHER_TOTAL),
                ("weighted_increment", _OTHER_TOTAL),
            ),
        ),
        Argument("--hold", "cells", "CELLS", ("这些格不动", "these cells stay")),
        Argument(
            "--step",
            "amount",
            "X",
            ("最小单位(默认:格子显示到哪一位)", "the smallest unit (default: what the cells print)"),
        ),
        OUT,
        ACTUALS,
        HISTORY,
        CLOSE,
        REWRITE,
        YES_WRITES,
    ),
    Button(
        "SpreadCells",
        "Plan",
        "DistributeColumns",
        "T",
        (
            "把选中的数按方法改到新的合计;选的是目标时,先说会怎样,再写进锁定并重新分解。",
            "Changes the selected amounts by a method; targets are told first, become locks and are split anew.",
        ),
        speaks=False,
    ),
)

BALANCE = Verb(
    "balance",
    ("平衡", "Balance"),
    ("让被多要、少要的成员回到中间", "bring members who are asked too much or too little to the middle"),
    (
        "先预览“公平性”的移动,加 --yes 才写成“转移”的行并重新分解",
        "the moves of Fairness are previewed; with --yes they become rows of Transfers and the plan is split anew",
    ),
    (
        BOOK,
        Argument("--dimension", "name", "NAME", ("只平衡这个维度(默认:全部)", "this dimension alone (default: all)")),
        OUT,
        ACTUALS,
        HISTORY,
        CLOSE,
        REWRITE,
        YES_WRITES,
    ),
    Button(
        "BalanceTargets",
        "Plan",
        "DistributeRows",
        "L",
        (
            "被多要、少要的成员回到中间,其他成员分担;先说会怎样,再写成“转移”的行并重新分解。",
            "Members who are asked too much or too little come to the middle, others carry it; told first, then "
            "written as rows of Transfers and split anew.",
        ),
    ),
)
