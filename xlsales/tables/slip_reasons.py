"""What is said of figures that are likely slips: they count as they are typed, and nobody but a person changes them."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.core.doubts import Slip
from xlsales.core.faults import Bilingual, Fault, Lang
from xlsales.tables.reasons import Counted

HOW: Mapping[Slip, Bilingual] = {
    Slip.ADDED: Bilingual("多打了一位", "a digit too many"),
    Slip.DROPPED: Bilingual("少打了一位", "a digit too few"),
    Slip.SWAPPED: Bilingual("两位数字颠倒了", "two digits swapped"),
    Slip.UNIT: Bilingual("单位错了或小数点丢了", "another unit, or a lost point"),
    Slip.CUMULATIVE: Bilingual("填成了累计", "a running total"),
}
"""What a hand did."""


class SlipLikely(Fault):
    """A figure, or several in a row, that a slip explains better than luck; `brief` says it in a line of a page."""

    brief: type[Fault]

    def in_brief(self, lang: Lang) -> str:
        """Return what a page that people look at says of it."""
        return self.told_as(self.brief).say(lang)


class _Figure(Fault):
    zh = "“{name}”{day} 的 {found} {base}:本来是 {meant}?"
    en = '"{name}", {day}: {found} {base}, {meant} meant?'


class _Figures(Fault):
    zh = "“{name}”{days} 的 {count} 个数,第一个 {found} {base}:本来是 {meant}?"
    en = '"{name}", {days}: {count:figures}, the first {found} {base}, {meant} meant?'


class _Days(Fault):
    zh = "“{name}”{days} 没有数({count} 天):漏填了?"
    en = '"{name}": no figure for {days} ({count:days}), left out?'


class _DaysOfAll(Fault):
    zh = "{days} 所有{dimension}都没有数({count} 天):漏填了?"
    en = "No {dimension} has a figure for {days} ({count:days}), left out?"


class FigureSlip(SlipLikely):
    """A figure far from the usual, which one slip makes usual."""

    brief = _Figure
    zh = (
        "“{name}”{day} 的 {found} {base}与平时(这样的日子约 {usual} {base})差得太远,像是{how}:"
        "本来是 {meant} {base}{other_zh}?请核对;没有错就不用改。这次仍按 {found} 算。"
    )
    en = (
        '"{name}", {day}: {found} {base} is far from the usual, about {usual} on such a day. A slip ({how}), '
        "{meant} {base} meant{other_en}? Check it; if it is right, leave it. {found} counts for now."
    )


class FigureSlips(SlipLikely):
    """Several figures in a row that are off by the same."""

    brief = _Figures
    zh = (
        "“{name}”{days} 的 {count} 个数都与平时差得太远,像是{how}:第一个 {found} {base},本来是 {meant} {base}?"
        "请核对;没有错就不用改。这次仍按填写的算。"
    )
    en = (
        '"{name}", {days}: {count:figures} far from the usual. A slip ({how}), the first {found} {base}, '
        "{meant} {base} meant? Check them; if they are right, leave them. They count as typed for now."
    )


class SumToDate(SlipLikely):
    """A figure that is the sum of its month up to its day."""

    brief = _Figure
    zh = (
        "“{name}”{day} 的 {found} {base}正好像是当月累计数:当天应约 {meant} {base}。"
        "请核对,只填当天的发生额。这次仍按 {found} 算。"
    )
    en = (
        '"{name}", {day}: {found} {base} looks like the sum of the month to date; that day alone is about '
        "{meant} {base}. Check it, and enter the day's own amount. {found} counts for now."
    )


class SumsToDate(SlipLikely):
    """Figures in a row that are each the sum of their month up to their day."""

    brief = _Figures
    zh = (
        "“{name}”{days} 的 {count} 个数像是当月累计数:第一个 {found} {base},当天应约 {meant} {base}。"
        "请核对,只填每天的发生额。这次仍按填写的算。"
    )
    en = (
        '"{name}", {days}: {count:figures} that look like sums of the month to date; the first, {found} {base}, is '
        "about {meant} {base} for its day. Check them, and enter each day's own amount. They count as typed for now."
    )


class DaysLeftOut(SlipLikely):
    """Days without a figure on which a member usually sells."""

    brief = _Days
    zh = "“{name}”{days} 没有数({count} 天),这样的日子平时都有。是不是漏了?请补上;当天没有营业就填 0,以后不再问。"
    en = (
        '"{name}" has no figure for {days} ({count:days}), and usually has one on such days. Was it left out? '
        "Enter it; if nothing was sold, enter 0, and it is not asked again."
    )


class DaysLeftOutByAll(SlipLikely):
    """Days without a figure of anyone."""

    brief = _DaysOfAll
    zh = "{days} 所有{dimension}都没有数({count} 天),这样的日子平时都有。是不是漏贴了?请补上。"
    en = "No {dimension} has a figure for {days} ({count:days}), and such days usually have. Was it left out? Paste it."


class LevelJump(Fault):
    """A level that jumps by a tax."""

    remark = True
    zh = (
        "“{name}”从 {day} 起的数约为之前的 {ratio} 倍(同时期其他{dimension}没有这样),接近税率 {tax}。"
        "是不是从这天起{side_zh}?口径没变就不用处理。"
    )
    en = (
        '"{name}": figures from {day} on are about {ratio} times those before (not so those of others), which is near '
        "a tax of {tax}. Are they {side_en} since then? If nothing changed, there is nothing to do."
    )


class MoreSlips(Counted):
    """What is beyond the number of slips that are listed."""

    zh = "另有 {slips} 处可疑的数({rows_zh}),金额较小,不再逐条列出;改好上面的再刷新,会接着列出。"
    en = (
        "{slips} more {slips:place|places} with figures in doubt ({rows_en}), of smaller amounts, are not listed. "
        "Fix those above and refresh: they come next."
    )
