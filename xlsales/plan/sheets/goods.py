"""Sheet 货品分解: a month's target over categories, in money and pieces, and whether the stock can carry it.

A person fills table 货品; what is not typed there is taken from past sales.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from xlsales.core.faults import Fault, Place, Problem, Refused
from xlsales.core.goods import Category, Goods, grouped, split_goods
from xlsales.core.keys import joined
from xlsales.core.periods import Period, name_of
from xlsales.core.spreading import NothingToFollow
from xlsales.layout import look
from xlsales.layout.keyed import Closes, at, counting
from xlsales.layout.model import Column, Row, Value
from xlsales.layout.sheet import Frame, Sheet, role_width
from xlsales.plan.figures import Figures
from xlsales.plan.goods import (
    SALES,
    T_GOODS,
    CountsAsNothing,
    MonthLeftOut,
    NoCategory,
    NothingSold,
    PartOfMonth,
    SameUnitToo,
    ShareDiffers,
    TwoOfAKind,
    UnitsMixed,
)
from xlsales.plan.table_rows import (
    NamedMembers,
    by_month,
    month_before,
    named_members,
    undated,
    wrong_names,
    year_before,
)
from xlsales.values.amount_text import read_amount, read_share
from xlsales.values.cell import plain
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word

_TYPED = ("group", "category", "before", "after", "base", "stock", "price")
_EXAMPLES = (
    (Word("女", "Women"), Word("上衣", "Tops"), 63.0, 72.0, 67.0, 1799.0, 400.0),
    (Word("男", "Men"), Word("裤装", "Trousers"), 37.0, 28.0, 33.0, 180.0, 500.0),
)

_SHARE = Word("占比", "Share")
_PIECES, _STOCK = Word("件数", "Pieces"), Word("库存", "Stock")
_COVER = Word("存销比", "Stock ÷ pieces")
_SELL_THROUGH = Word("售罄率", "Sell-through")
_SHORT = Word("缺货(件)", "Short (pieces)")
_ENOUGH = Word("够不够", "Enough?")
_YES, _NO = Word("够", "enough"), Word("不够", "short")
_TARGET_GROUP, _SHARE_GROUP, _GOODS_GROUP = (
    Word("目标", "Target"),
    Word("占比", "Shares"),
    Word("货能不能撑住", "Can the stock carry it"),
)
_MONTH = Word("{month} 目标", "{month} target")
_RULE = Word(
    "占比 = 今年上月占比 × 去年从上月到同月的变化",
    "Share = this year's share × how it moved last year between the two months",
)
_LEFT_OUT = Word("{months} 有错,没有分解", "{months} at fault, left out")
_SHARED = {"month", "group", "category", *SALES}
"""The columns from which shares follow: a fault in one of them costs the month, in others a cell of its row."""
_NOTHING = Word("空", "nothing")
_ROUNDED = 0.005 + 1e-9
_NO_TREND = Word(
    "去年没有可比的销售:占比 = 今年上月占比。", "No sales of last year to compare with: shares are this year's."
)
_LEVELS = (Word("大类", "groups"), Word("类别", "categories"))


class MonthGoods(Struct, frozen=True):
    """The goods of one month: the rows of the table, and what follows from them."""

    month: Period
    steps: int
    rows: Sequence[Mapping[str, Any]]
    members: NamedMembers | None
    known_sales: Mapping[tuple[str, str], float]
    categories: tuple[Category, ...]
    groups: Goods
    parts: Goods
    base_ends: dt.date | None = None


class GoodsView(Struct, frozen=True):
    """The months for which goods are typed, and those of them that are at fault."""

    figures: Figures
    months: tuple[MonthGoods, ...]
    left_out: tuple[Period, ...] = ()

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame


# --- from the table to goods ---------------------------------------------------


def _views(figures: Figures) -> Iterator[GoodsView]:
    rows = figures.table_rows.get(T_GOODS.name, ())
    if not rows:
        return
    problems: list[Problem] = []
    of_months = by_month(rows, figures, problems)
    undated_rows = undated(rows, problems)
    months = []
    for month in sorted(of_months, key=lambda month: month.start):
        own = of_months[month]
        named = [row for row in own if row["category"] is not None or "category" not in row["faulty"]]
        wrong = list(wrong_names(named, "category", NoCategory(), TwoOfAKind, within="group"))
        wrong += _mixed_units(own, figures.frame)
        if not wrong and not undated_rows and not any(_SHARED & row["faulty"] for row in own):
            try:
                months.append(_of_month(month, own, figures))
            except Refused as fault:
                wrong = list(fault.problems)
        problems += wrong
    if months:
        yield GoodsView(figures, tuple(months), _without(of_months, months))
    if problems or any(row["faulty"] for row in rows):
        raise Refused([*problems, *_months_left_out(figures, of_months, months)])


def _mixed_units(rows: Sequence[Mapping[str, Any]], frame: Frame) -> Iterator[Problem]:
    """Yield the first of the sales that names a unit, or is in percent, if a plain one cannot be in the same."""
    typed = [(row, key) for row in rows for key in SALES if row[key] is not None]
    plain_ones = [float(row[key]) for row, key in typed if key not in row["texts"] and row[key] > 0]
    for row, key in typed:
        text = row["texts"].get(key, "")
        amount, share = read_amount(text), read_share(text)
        least = float(amount.unit or 0) if amount is not None else 0.0
        others = [n for n in plain_ones if (n > 1 if share is not None else n < least)]
        if others:
            facts = {"name": row["category"] or "", "column": frame.word(SALES[key])}
            fault = UnitsMixed(**facts, found=text, other=plain(others[0]))
            yield Problem.note(row["cells"][key], text, fault)
            return


def _without(of_months: Collection[Period], months: Sequence[MonthGoods]) -> tuple[Period, ...]:
    """The months of the table that are not among those that are written."""
    written = {one.month for one in months}
    return tuple(month for month in of_months if month not in written)


def _months_left_out(
    figures: Figures, of_months: Mapping[Period, Sequence[Mapping[str, Any]]], months: Sequence[MonthGoods]
) -> Iterator[Problem]:
    """Yield what is told of months that are at fault beside others that are written."""
    for month in _without(of_months, months) if months else ():
        place = of_months[month][0]["cells"]["category"]
        yield Problem.note(Place(place.sheet), "", MonthLeftOut(month=name_of(month, figures.frame.lang)))


def _of_month(month: Period, rows: Sequence[Mapping[str, Any]], figures: Figures) -> MonthGoods:
    members = named_members([row["category"] for row in rows], figures)
    known_sales = _known_sales(month, members, figures)
    in_pieces = figures.frame.unit == "piece"
    categories = tuple(_category(row, known_sales, in_pieces) for row in rows)
    steps = int(figures.breakdown.months[figures.months.index(month)])
    try:
        groups, parts = split_goods(steps, figures.frame.step_yuan, categories)
    except NothingToFollow:
        fault = NothingSold(month=name_of(month, figures.frame.lang))
        raise Refused([Problem.note(rows[0]["cells"]["category"], "", fault)]) from None
    base = month_before(month, figures)
    ends = base[1] if base else None
    return MonthGoods(month, steps, rows, members, known_sales, categories, groups, parts, ends)


def _known_sales(month: Period, members: NamedMembers | None, figures: Figures) -> dict[tuple[str, str], float]:
    """Sales for blank cells in yuan, by column and category: those of the member by that name."""
    base, after = month_before(month, figures), year_before((month.start, month.end), figures)
    spans = {"after": after, **({"before": year_before(base, figures), "base": base} if base else {})}
    if members is None:
        return {}
    return {(key, name): amount for key, span in spans.items() for name, amount in members.sales(span).items()}


def _category(row: Mapping[str, Any], known_sales: Mapping[tuple[str, str], float], in_pieces: bool) -> Category:
    """A row as the rule takes it: a blank month is what is known of it, else nothing."""
    name = row["category"]
    before, after, base = (
        max(known_sales.get((key, name), 0.0), 0.0) if row[key] is None else float(row[key]) for key in SALES
    )
    stock, price = (math.nan if row[key] is None else float(row[key]) for key in ("stock", "price"))
    return Category(row["group"] or "", name, before, after, base, stock, 1.0 if in_pieces else price)


# --- what is doubtful ------------------------------------------------------------


def _doubts(view: GoodsView) -> Iterator[Problem]:
    """What a person should look at: each is a sentence at its cell, and the sheet is written all the same."""
    for one in view.months:
        yield from _doubtful_shares(one)
        yield from _doubtful_sales(one, view.frame)
        places = {row["category"]: row["cells"]["category"] for row in one.rows}
        yield from one.members.overlaps(places) if one.members is not None else ()


def _doubtful_shares(one: MonthGoods) -> Iterator[Problem]:
    """Typed shares that do not follow from the sales, by more than rounding to a whole percent."""
    whole = math.fsum(c.base for c in one.categories)
    for row, category, share in zip(one.rows, one.categories, one.parts.shares[2].tolist(), strict=True):
        if row["share"] is not None and abs(row["share"] - share) > _ROUNDED:
            facts = {"name": category.name, "typed": row["share"], "found": share, "part": category.base}
            fault = ShareDiffers(**facts, whole=whole)
            yield Problem.note(row["cells"]["share"], f"{row['share']:.10g}", fault)


def _doubtful_sales(one: MonthGoods, frame: Frame) -> Iterator[Problem]:
    """Blank sales of which nothing is known, or less than nothing; typed ones beside known ones; part of a month."""

    def problem(row: Mapping[str, Any], key: str, kind: type[Fault], **facts: object) -> Problem:
        label = next(column.label for column in T_GOODS.columns if column.key == key)
        return Problem.note(row["cells"][key], "", kind(column=label[frame.lang], **facts))

    names = [{row["category"] for row in one.rows if (key, row["category"]) in one.known_sales} for key in SALES]
    typed_rows = [[row for row in one.rows if row[key] is not None] for key in SALES]
    of_last_year = any(names[:2]) or any(typed_rows[:2])
    for n, key in enumerate(SALES):
        looked_up = [row for row in one.rows if row[key] is None and row["category"] in names[n]]
        for row in one.rows if of_last_year or key == "base" else ():
            amount = one.known_sales.get((key, row["category"]), 0.0)
            if row[key] is None and (amount < 0 or row not in looked_up):
                text = f"{amount:,.10g}" if amount < 0 else frame.word(_NOTHING)
                yield problem(row, key, CountsAsNothing, name=row["category"], sold=text)
        if looked_up and typed_rows[n]:
            facts = {"other": looked_up[0]["category"], "base": frame.full_word}
            yield problem(typed_rows[n][0], key, SameUnitToo, **facts)
        if key == "base" and looked_up and one.base_ends and frame.as_of and frame.as_of < one.base_ends:
            yield problem(looked_up[0], key, PartOfMonth, as_of=frame.as_of, end=one.base_ends)


# --- from goods to the sheet ---------------------------------------------------


def _columns(view: GoodsView) -> list[Column]:
    word = view.frame.word
    pieces = [float(n) for one in view.months for n in (*one.groups.pieces, *one.groups.stock)]
    width = max(10.0, role_width("count", pieces))
    labels = ("  " + c.name for one in view.months for c in one.categories)
    amounts = [one.steps * view.frame.step_yuan for one in view.months]
    months = list(enumerate(map(word, SALES.values())))
    target, shares, goods = word(_TARGET_GROUP), word(_SHARE_GROUP), word(_GOODS_GROUP)
    return [
        Column("goods", word(T_GOODS.label), "text", look.label_width(labels, 18.0)),
        Column("target", word(PROGRESS_COLUMNS["target"]), "money", view.frame.amount_width(amounts) + 1, target),
        Column("target_share", word(_SHARE), "bar", 11, target),
        *(Column(f"share_{n}", name, "percent", max(11, look.header_width(name)), shares) for n, name in months),
        Column("pieces", word(_PIECES), "count", width, goods),
        Column("stock", word(_STOCK), "count", width, goods),
        Column("cover", word(_COVER), "times", 9, goods),
        Column("sell_through", word(_SELL_THROUGH), "percent", 10, goods),
        Column("short", word(_SHORT), "count", width, goods),
        Column("enough", word(_ENOUGH), "lamp", 9, goods, ((_YES, "green"), (_NO, "red"))),
    ]


def _rows(view: GoodsView) -> Iterator[Row]:
    """Row keys, of each month: `<month>`, `<month>:g:<group>`, `<month>:c:<group>:<category>`, `<month>:proof:<level>`.

    Column B holds the level and the month that a row counts for.
    """
    for one in view.months:
        yield from _month_rows(one, view.frame)


def _month_rows(one: MonthGoods, frame: Frame) -> Iterator[Row]:
    key, target = one.month.key, one.steps * frame.step_yuan
    yield Row(key, {"goods": frame.word(_MONTH, month=key), "target": target, "target_share": 1.0}, "total")
    for g, (group, members) in enumerate(grouped(one.categories)):
        alone = not one.categories[members[0]].group
        marks = f"/1/2/{key}/" if alone else f"/1/{key}/"
        values = _values(group, one.groups, g, one.steps, frame)
        name = joined(key, "c", "", group) if alone else joined(key, "g", group)
        yield Row(name, values, "normal" if alone else "strong", counts_for=marks)
        for i in members if not alone else ():
            values = _values(one.categories[i].name, one.parts, i, one.steps, frame)
            yield Row(joined(key, "c", group, one.categories[i].name), values, counts_for=f"/2/{key}/", outline=1)
    for level, called in enumerate(_LEVELS, 1):
        closes = Closes(counting(f"*/{level}/*{key}/") - at(key))
        label = frame.word(words.PROOF_SUM, level=frame.word(called))
        yield Row(f"{key}:proof:{level}", {"goods": label}, "proof", formulas={"target": closes})
    if any(math.isnan(share) for share in one.groups.shares[:2].sum(axis=1)):
        yield Row(f"{key}:note", {"goods": frame.word(_NO_TREND)}, "note")


def _values(label: str, goods: Goods, i: int, whole: int, frame: Frame) -> dict[str, Value]:
    short = float(goods.short[i])
    return {
        "goods": label,
        "target": int(goods.target[i]) * frame.step_yuan,
        "target_share": int(goods.target[i]) / whole if whole else None,
        **{f"share_{n}": float(share[i]) for n, share in enumerate(goods.shares)},
        "pieces": float(goods.pieces[i]),
        "stock": float(goods.stock[i]),
        "cover": float(goods.cover[i]),
        "sell_through": float(goods.sell_through[i]) if not short > 0 else None,
        "short": short,
        "enough": frame.word(_NO if short else _YES) if goods.pieces[i] > 0 and not math.isnan(short) else None,
    }


def _facts(view: GoodsView) -> tuple[str, ...]:
    frame, months = view.frame, view.frame.listed(name_of(month, view.frame.lang) for month in view.left_out)
    return (frame.word(_RULE), *((frame.word(_LEFT_OUT, months=months),) if months else ()))


GOODS = Sheet[Figures, GoodsView](
    key="goods",
    title=Word("货品分解", "Goods breakdown"),
    purpose=Word(
        "月目标分到大类、类别和件数,库存够不够",
        "A month's target by category and piece, and whether the stock is enough",
    ),
    views=_views,
    columns=_columns,
    rows=_rows,
    facts=_facts,
    doubts=_doubts,
    tables=(T_GOODS,),
    judges_rows=True,
    examples=tuple(dict(zip(_TYPED, row, strict=True)) for row in _EXAMPLES),
)
