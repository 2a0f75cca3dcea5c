"""Sheet 货品分解: a month's target over categories, in money and pieces, and whether the stock can carry it.

A person fills table 货品; what is not typed there is taken from past sales.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from xlsales.core.faults import Fault, Problem, Refused
from xlsales.core.goods import Category, Goods, grouped, split_goods
from xlsales.core.keys import joined
from xlsales.core.periods import Period, name_of
from xlsales.core.spreading import NothingToFollow
from xlsales.layout import look
from xlsales.layout.keyed import Closes, at, counting
from xlsales.layout.model import Column, Row, Value
from xlsales.layout.sheet import Frame, Sheet, role_width
from xlsales.plan.figures import Figures
from xlsales.plan.table_rows import (
    MONTH_COLUMN,
    NamedMembers,
    by_month,
    month_before,
    named_members,
    wrong_names,
    year_before,
)
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word
from xlsales.vocabulary.plan_tables import InputTable, TableColumn

_CATEGORY_HINT = Word(
    "同一大类里不重名;与维度成员同名的,空着的销售从“历史”“实际”取",
    "unique in its group; for a member of a dimension blank sales come from Past sales and Actuals",
)
_BEFORE_HINT = Word(
    "目标月的前一个月,去年的销售;单位任意,三列一致",
    "sales of the month before, last year; any unit, the same in all three",
)
_AFTER_HINT = Word("目标月,去年的销售", "sales of the month itself, last year")
_BASE_HINT = Word("目标月的前一个月,今年的销售", "sales of the month before, this year")
_SHARE_HINT = Word("可以空;填了就与按销售算出的核对", "may be blank; if typed, it is checked against the sales")
_STOCK_HINT = Word("目标月开始时的件数", "pieces at the start of the month")
_PRICE_HINT = Word("平均一件卖多少,按币种", "what a piece sells for on average, in full")
_BEFORE = Word("去年上月", "Month before, last year")
_AFTER = Word("去年同月", "Month, last year")
_BASE = Word("今年上月", "Month before, this year")
T_GOODS = InputTable(
    "xs_goods",
    "goods",
    Word("货品", "Goods"),
    (
        MONTH_COLUMN,
        TableColumn("group", Word("大类", "Group"), "text", Word("可以空", "may be blank"), width=11),
        TableColumn("category", Word("类别", "Category"), "text", _CATEGORY_HINT, width=18),
        TableColumn("before", _BEFORE, "number", _BEFORE_HINT, low=0, width=14),
        TableColumn("after", _AFTER, "number", _AFTER_HINT, low=0, width=12),
        TableColumn("base", _BASE, "number", _BASE_HINT, low=0, width=12),
        TableColumn("share", Word("上月占比", "Share"), "percent", _SHARE_HINT, low=0, high=1, width=12),
        TableColumn("stock", Word("库存(件)", "Stock (pieces)"), "number", _STOCK_HINT, low=0, width=11),
        TableColumn(
            "price",
            Word("单价", "Price"),
            "yuan",
            _PRICE_HINT,
            low=0.01,
            width=11,
            earlier=("单价(元)", "Price (yuan)"),
        ),
        TableColumn("note", Word("备注", "Note"), "text", Word("随意", "free"), width=22),
    ),
)
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
_SALES = ("before", "after", "base")
_NOTHING = Word("空", "nothing")
_ROUNDED = 0.005 + 1e-9
_NO_TREND = Word(
    "去年没有可比的销售:占比 = 今年上月占比。", "No sales of last year to compare with: shares are this year's."
)
_LEVELS = (Word("大类", "groups"), Word("类别", "categories"))


class NoCategory(Fault):
    """A row that names no category."""

    zh = "这一行没有“类别”。请补上,或清空整行。"
    en = 'This row has no "Category". Fill it in, or clear the row.'


class CountsAsNothing(Fault):
    """A blank of which nothing is known, or less than nothing."""

    zh = "“{name}”没有填“{column}”,查到的是 {sold},按 0 计。请填写。"
    en = '"{name}" has no "{column}", and {sold} is what is known of it: it counts as 0. Fill it in.'


class SameUnitToo(Fault):
    """Typed sales beside those that are looked up."""

    zh = "“{column}”有的填了,有的(如“{other}”)空着、从“实际”“历史”取,单位是{base}。填的也要是{base};不是的,请全部填写。"
    en = (
        'Some of "{column}" are typed, others (such as "{other}") are blank and come from Actuals and Past sales, '
        "in {base}. Type {base} too, or fill in all of them."
    )


class PartOfMonth(Fault):
    """Looked-up sales of a month that is not complete yet."""

    zh = "“{column}”只到 {as_of},不满一个月(到 {end})。占比会偏;等满月再分解,或自己填写。"
    en = '"{column}" ends on {as_of}, before the month does ({end}): shares may be bent. Split again then, or type it.'


class TwoOfAKind(Fault):
    """A category that is in its group twice."""

    zh = "“{name}”在这个大类里已经有一行了(第 {other} 行)。请合并成一行,或改一个名字。"
    en = '"{name}" has a row in this group already (row {other}). Make one row of them, or rename one.'


class NothingSold(Fault):
    """No sales in the month before the month."""

    zh = "{month} 的货品没有“今年上月”的销售,看不出比例。请填写至少一格。"
    en = "The goods of {month} have no sales of the month before, this year, to follow. Fill in at least one."


class ShareDiffers(Fault):
    """A typed share that does not follow from the sales."""

    zh = "“{name}”写的占比是 {typed:.1%},按销售是 {found:.1%}({part:,.10g} ÷ {whole:,.10g})。请核对;分解用的是销售。"
    en = (
        '"{name}": the typed share is {typed:.1%}; by sales it is {found:.1%} ({part:,.10g} / {whole:,.10g}). '
        "Check them; sales are used."
    )


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
    """The months for which goods are typed."""

    figures: Figures
    months: tuple[MonthGoods, ...]

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame


# --- from the table to goods ---------------------------------------------------


def _views(figures: Figures) -> Iterator[GoodsView]:
    rows = figures.table_rows.get(T_GOODS.name, ())
    if rows:
        problems: list[Problem] = []
        of_months = by_month(rows, figures, problems)
        for own in of_months.values():
            problems += wrong_names(own, "category", NoCategory(), TwoOfAKind, within="group")
        if problems:
            raise Refused(problems)
        months = sorted(of_months, key=lambda month: month.start)
        yield GoodsView(figures, tuple(_of_month(month, of_months[month], figures) for month in months))


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
        max(known_sales.get((key, name), 0.0), 0.0) if row[key] is None else float(row[key]) for key in _SALES
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

    names = [{row["category"] for row in one.rows if (key, row["category"]) in one.known_sales} for key in _SALES]
    typed_rows = [[row for row in one.rows if row[key] is not None] for key in _SALES]
    of_last_year = any(names[:2]) or any(typed_rows[:2])
    for n, key in enumerate(_SALES):
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
    months = list(enumerate(map(word, (_BEFORE, _AFTER, _BASE))))
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
    facts=lambda view: (view.frame.word(_RULE),),
    doubts=_doubts,
    tables=(T_GOODS,),
    examples=tuple(dict(zip(_TYPED, row, strict=True)) for row in _EXAMPLES),
)
