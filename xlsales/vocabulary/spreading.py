"""The words of spreading methods, as people write them in a worksheet function, on the command line and in a menu."""

from __future__ import annotations

SPREAD_WORDS: dict[str, tuple[str, ...]] = {
    "equal": ("均分", "equal", "平均"),
    "proportional": ("按比例", "proportional", "比例"),
    "populated": ("有数均分", "populated only", "有数的均分", "populated"),
    "straight_line": ("直线", "straight line", "straight-line"),
    "growth": ("增长", "growth", "按增幅"),
    "first": ("首格", "first", "首期"),
    "last": ("末格", "last", "末期"),
    "increment": ("平均增减", "equal increment", "increment"),
    "weighted_increment": ("按比例增减", "weighted increment", "加权增减"),
    "percent": ("百分比", "percent"),
    "add": ("每格加", "add"),
}
"""By the key of a method (`core.spreading.Method`): Chinese, English, then what else is read as it."""

SPREAD_PURPOSES: dict[str, tuple[str, str]] = {
    "equal": ("每格一样多", "The same in every cell"),
    "proportional": ("按现在的比例分到新的合计", "In the present proportions, to a new total"),
    "populated": ("有数的格平分,空格和零不动", "The same in every filled cell; blank and zero stay"),
    "straight_line": ("首格不变,以后每格多一样多,合计正好", "From the first cell in even steps, the sum exact"),
    "growth": ("每格比前一格增长一样的百分比,合计正好", "Each cell above the one before by a rate, the sum exact"),
    "first": ("全部放在第一格", "All in the first cell"),
    "last": ("全部放在最后一格", "All in the last cell"),
    "increment": ("增减的部分每格一样多", "What is more or less, the same in every cell"),
    "weighted_increment": ("增减的部分按现在的比例", "What is more or less, in the present proportions"),
    "percent": ("全部增减同一个百分比", "All more or less by a percentage"),
    "add": ("每格加减同一个数", "The same amount more or less in each cell"),
    "pattern": ("按这个比例重复", "In these proportions, over and over"),
}
"""What each method does, Chinese and English."""
