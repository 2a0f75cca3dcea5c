"""What each member is paid, and the tiers by which it is, as rows of a sheet 考核."""

from __future__ import annotations

import math
from collections.abc import Iterator

from xlsales.core.keys import joined
from xlsales.core.pay import CENTS
from xlsales.layout.keyed import OfRow, Placed, SumOfBlock
from xlsales.layout.model import Formula, Keyed, Role, Row, Value
from xlsales.layout.sheet import Frame
from xlsales.plan.figures import NAN
from xlsales.plan.scorecard.tables import BASES, WAYS
from xlsales.plan.scorecard.tiers import PayItem
from xlsales.plan.sheets.scorecard.view import COLUMNS, LEAST, PLAIN, SLACK, WEIGHT_DIGITS, CardView
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.money import currency_word

_PAYABLE = Word("应发合计", "Pay in all")
_ITEM = Word("{item}({basis},{way})", "{item} ({basis}, {way})")
_TIERS = Word("提成、奖金的档次", "Tiers of pay")
_FROM, _TO = Word("从(含)", "From"), Word("到(不含)", "To below")
_RATE, _BONUS = Word("提成率", "Rate"), Word("奖金({unit})", "Bonus ({unit})")
_BY_SCORE = Word(
    "依据得分:每项得分取一位小数,按加起来的总分(就是印出的)找档:89.95 分是 90.0 分,到了 90 分这一档。",
    "By score: each criterion's points are rounded to one decimal; their sum, as printed, finds the tier: 89.95 is "
    "90.0 and reaches 90.",
)
_BY_ATTAINMENT = Word(
    "依据达成率:按没有取整的达成率找档:89.95% 印出来是 90.0%,但没有到 90% 这一档。",
    "By attainment: the attainment that is not rounded finds the tier: 89.95% is printed as 90.0%, but does not reach "
    "90%.",
)
_PROOF_TIERS = Word("验算:{item}各档相接", "Proof: tiers of {item} meet")


def item_label(item: PayItem, frame: Frame) -> str:
    """Return what an item is called, with what it goes by and how."""
    basis, way = BASES["score" if item.by_score else "attainment"], WAYS["parts" if item.by_parts else "whole"]
    return frame.word(_ITEM, item=item.name, basis=frame.word(basis), way=frame.word(way))


def pay_rows(view: CardView, n: int) -> Iterator[Row]:
    """What each item pays a member, and their sum."""
    one, frame, mark = view.scored[n], view.frame, f"/i/{n}/"
    name, keys = one.card.name, [joined("i", one.card.name, own.item.name) for own in one.items]
    for key, own in zip(keys, one.items, strict=True):
        item, figure = own.item, own.figure
        values: dict[str, Value] = {"member": item_label(item, frame), "pay": own.pay if item.usable else NAN}
        formulas: dict[str, Keyed] = {}
        if not item.by_score or any(tier.rate for tier in item.tiers):
            values |= {"target": figure.target, "actual": figure.actual}
        if item.by_score:
            values["score"] = own.reach
            formulas["score"] = OfRow(joined("p", name), f'=IF({{known}}<{{weight}}-{SLACK},"",{{score}})')
        else:
            values["attainment"] = own.reach
        if item.usable:
            formulas["pay"] = Paid(item, tier_keys(view, item))
        way = f"{'score' if item.by_score else 'attainment'}-{'parts' if item.by_parts else 'whole'}"
        yield Row(key, values, counts_for=f"{mark}{way}/", outline=1, roles=PLAIN, formulas=formulas)
    sums: dict[str, Keyed] = {"pay": SumOfBlock(keys[0], keys[-1], f"{mark}*")}
    values = {"member": frame.word(_PAYABLE), "pay": one.pay}
    yield Row(joined("pay", name), values, "total", formulas=sums)


class Paid(Keyed, frozen=True):
    """What the tiers of an item pay, which are in `rows`, for the attainment or score, target and actual of its row.

    Its result is the value that its own row has there.
    """

    item: PayItem
    rows: tuple[str, ...]

    def formula(self, row: str, column: str, sheet: Placed) -> Formula:
        """Return the formula: it looks the tier up, or adds up the parts; blank as long as something is blank."""
        starts, ends, rates, bonuses = (
            sheet.down(key, self.rows[0], self.rows[-1]) for key in ("target", "actual", "attainment", "pay")
        )
        reach = "{score}" if self.item.by_score else "{attainment}"
        if self.item.by_parts:
            upto = (
                f'((({ends}="")+({ends}<>"")*({reach}<{ends}))*{reach}+({ends}<>"")*({reach}>={ends})*{ends}-{starts})'
            )
            pay = f"{{target}}*SUMPRODUCT({rates}*({reach}>{starts})*{upto})"
            pay = f"{pay}+SUMPRODUCT(({reach}+{LEAST}>={starts})*{bonuses})"
        else:
            own = f"MATCH({reach}+{LEAST},{starts},1)"
            paid = f"INDEX({rates},{own})*MAX(0,{{actual}})+INDEX({bonuses},{own})"
            pay = f"IF({reach}+{LEAST}<{sheet.cell(self.rows[0], 'target')},0,{paid})"
        lacks = f"OR(COUNT({reach})=0,AND(SUM({rates})>0,COUNT({{actual}})=0))"
        text = f'=IF({lacks},"",ROUND({pay}+{LEAST},{CENTS}))'
        return Formula(sheet.in_row(text, row), sheet.result(row, column))


class Seams(Keyed, frozen=True):
    """How far tiers in the order of their starts are apart, whatever the sign: 0 if each ends where the next begins."""

    rows: tuple[str, ...]
    result: float

    def formula(self, row: str, column: str, sheet: Placed) -> Formula:
        """Return `=ROUND(SUMPRODUCT(ABS(ends - starts)),digits)` and its result."""
        ends = sheet.down("actual", self.rows[0], self.rows[-2])
        starts = sheet.down("target", self.rows[1], self.rows[-1])
        return Formula(f"=ROUND(SUMPRODUCT(ABS({ends}-{starts})),{WEIGHT_DIGITS})", self.result)


def tier_keys(view: CardView, item: PayItem) -> tuple[str, ...]:
    """Return the row keys of the tiers of an item, in the order of their starts."""
    number = str(view.items.index(item))
    return tuple(joined("tier", number, str(n)) for n in range(len(item.tiers)))


def tier_rows(view: CardView) -> Iterator[Row]:
    """The tiers of each item, a proof that they meet, and whether rounded figures reach them."""
    word = view.frame.word
    if not view.items:
        return
    heads: dict[str, Value] = dict.fromkeys(COLUMNS)
    heads |= {"member": word(_TIERS), "target": word(_FROM), "actual": word(_TO)}
    heads |= {"attainment": word(_RATE), "pay": word(_BONUS, unit=word(currency_word(view.frame.currency)))}
    yield Row("tiers", heads, "header", roles={"actual": "money"})
    for i, item in enumerate(view.items):
        keys = tier_keys(view, item)
        bound: Role = "times" if item.by_score else "percent"
        roles: dict[str, Role] = {"target": bound, "actual": bound, "attainment": "percent"}
        for key, tier in zip(keys, item.tiers, strict=True):
            end = NAN if math.isinf(tier.end) else tier.end
            values: dict[str, Value] = {"member": item_label(item, view.frame), "target": tier.start, "actual": end}
            values |= {"attainment": tier.rate or NAN, "pay": tier.bonus or NAN}
            yield Row(key, values, roles=roles, outline=1)
        if len(keys) > 1:
            ends = [0.0 if math.isinf(tier.end) else tier.end for tier in item.tiers[:-1]]
            apart = (abs(tier.start - end) for tier, end in zip(item.tiers[1:], ends, strict=True))
            seams = Seams(keys, round(math.fsum(apart), WEIGHT_DIGITS) + 0.0)
            label = word(_PROOF_TIERS, item=item.name)
            roles = {"actual": "proof"}
            yield Row(f"tiers:{i}", {"member": label}, "proof", roles=roles, formulas={"actual": seams})
    bases = {item.by_score for item in view.items}
    for by_score, said in ((False, _BY_ATTAINMENT), (True, _BY_SCORE)):
        if by_score in bases:
            yield Row(f"tiers:{'score' if by_score else 'attainment'}", {"member": word(said)}, "note")
