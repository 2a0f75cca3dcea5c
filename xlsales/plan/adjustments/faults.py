"""What a person has to fix in the tables of transfers and reliefs."""

from __future__ import annotations

from xlsales.core.faults import Fault


class EndsFirst(Fault):
    """A row that ends before it begins."""

    zh = "结束 {end} 早于开始 {start}。请改正其中一个。"
    en = "The end {end} is before the beginning {start}. Correct one of them."


class AmountOrShare(Fault):
    """A transfer with both an amount and a share, or with neither."""

    zh = "“金额”和“比例”要填一个,只填一个。"
    en = 'Fill in "Amount" or "Share": one of them, and one alone.'


class NothingMoved(Fault):
    """An amount or a share of zero."""

    zh = "“{label}”是 0,什么也不改。请填大于 0 的数,或删去这一行。"
    en = '"{label}" is 0, which changes nothing. Enter more than 0, or delete the row.'


class ToItself(Fault):
    """A transfer from a member to itself, or to a member above or below it."""

    zh = "“{giver}”转给“{taker}”等于没有转:它们是同一个,或一个在另一个下面。请换一个成员。"
    en = '"{giver}" to "{taker}" moves nothing: they are the same, or one is below the other. Name another member.'


class OthersNeedAmount(Fault):
    """A share of what the others have."""

    zh = "从“其余”转出只能填“金额”,不能填“比例”。"
    en = 'What the others give is an "Amount", not a "Share".'


class MemberUnknown(Fault):
    """A name that no member has."""

    zh = "计划里没有成员“{name}”{zh_near}。请写维度表里的名称。"
    en = 'No member is called "{name}"{en_near}. Write the name as it is in Dimensions.'


class ApartDimensions(Fault):
    """The giver and the taker are in different dimensions."""

    zh = "“{giver}”在{zh_giver},“{taker}”在{zh_taker}:目标只能在同一个维度里转。请换一个成员。"
    en = '"{giver}" is in {en_giver}, "{taker}" in {en_taker}: targets move within one dimension. Name another member.'


class NeedsLastDay(Fault):
    """A relief from a day on without its last day."""

    zh = "从 {start} 起减免,到哪天?请填“结束”。"
    en = 'Relief from {start} on: until when? Fill in "To".'
