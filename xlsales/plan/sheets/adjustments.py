"""Sheet 调整明细: what each transfer and each relief moves, by member and month, and how much of it is relief."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from xlsales.core.adjusted import COMPANY, Adjusted, Kind, Whose
from xlsales.core.arrays import Floats, Steps
from xlsales.core.plan import MICROS
from xlsales.layout import look
from xlsales.layout.keyed import Closes, at, counting
from xlsales.layout.model import Column, Row, Value
from xlsales.layout.sheet import Frame, Page, Sheet
from xlsales.plan.adjustments.tables import EXAMPLES, T_RELIEF, T_TRANSFERS
from xlsales.plan.adjustments.written import IDENTITY_OF_SHEET, row_of, row_of_member, said
from xlsales.plan.data_table import COMPANY as COMPANY_WORD
from xlsales.plan.figures import Figures
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import Word

_MOST_RELIEF = 0.05
"""More relief than this share of all adjustments is pointed out."""
_KINDS = {Kind.TRANSFER: Word("转移合计", "Transfers"), Kind.RELIEF: Word("减免合计", "Relief")}
_REPLANNED = Word("重排合计(预留、降低总目标)", "Re-planned (reserve, lower total)")
_LOWERED = Word("总目标降低", "Total lowered")
_PROOF = Word("验算 {name} = 总目标降低", "Proof {name} = total lowered")
_SHARE = Word(
    "减免占全部调整(转移、减免、重排)的 {share:.1%}。",
    "Relief is {share:.1%} of all adjustments (transfers, relief, re-plans).",
)
_MUCH = Word(
    "减免占全部调整(转移、减免、重排)的 {share:.1%},一般不超过 5%:请核对原因。",
    "Relief is {share:.1%} of all adjustments (transfers, relief, re-plans); 5 % is usual at most. Check the causes.",
)


class Ledger(Struct, frozen=True):
    """The adjustments of a run."""

    figures: Figures

    @property
    def frame(self) -> Frame:
        """That of the run."""
        return self.figures.frame

    @property
    def adjusted(self) -> Sequence[Adjusted]:
        """Transfers, then reliefs, then those whose rows are gone."""
        return self.figures.breakdown.adjusted

    def moved(self, kind: Kind) -> Floats:
        """What a kind of adjustments takes by month, in yuan."""
        rows = [one.moved for one in self.adjusted if one.kind is kind and one.deltas]
        return _yuan(np.sum(rows, axis=0) if rows else np.zeros(len(self.figures.months), dtype=np.int64))

    @property
    def replanned(self) -> Floats:
        """What decisions of 重排 take off members or the company by month, in yuan."""
        keys = [month.key for month in self.figures.months]
        amounts = np.zeros(len(keys))
        for one in self.figures.breakdown.plan.waivers:
            if one.period in keys:
                amounts[keys.index(one.period)] += one.amount * self.frame.step_yuan
        return amounts

    @property
    def share_of_relief(self) -> float | None:
        """Relief as a share of all adjustments; None without any."""
        sums = {kind: float(self.moved(kind).sum()) for kind in Kind}
        whole = sum(sums.values()) + float(self.replanned.sum())
        return sums[Kind.RELIEF] / whole if whole else None


def _yuan(micros: Steps) -> Floats:
    return np.asarray(micros / MICROS)


def _views(figures: Figures) -> Iterator[Ledger]:
    if figures.breakdown.adjusted or IDENTITY_OF_SHEET in figures.written:
        yield Ledger(figures)


def _columns(view: Ledger) -> list[Column]:
    frame, months = view.frame, view.figures.months
    labels = [said(one, frame.lang) for one in view.adjusted]
    amounts = [float(amount) for kind in Kind for amount in view.moved(kind)]
    width = max(frame.amount_width(amounts) + 1, 8.0)
    return [
        Column("what", frame.word(Word("调整", "Adjustment")), "text", min(look.label_width(labels, 18.0), 34.0)),
        Column("start", frame.word(Word("开始", "From")), "text", 11),
        Column("end", frame.word(Word("结束", "To")), "text", 11),
        Column("why", frame.word(Word("原因", "Reason")), "wrap", 26),
        Column("total", frame.word(words.TOTAL), "delta", max(frame.amount_width([sum(amounts)]) + 1, width)),
        *(Column(f"t:{month.key}", month.key, "delta", width) for month in months),
    ]


def _cells(view: Ledger, amounts: Floats) -> dict[str, Value]:
    keys = [f"t:{month.key}" for month in view.figures.months]
    months = {key: amount or None for key, amount in zip(keys, amounts.tolist(), strict=True)}
    return {"total": float(amounts.sum()), **months}


def _rows(view: Ledger) -> Iterator[Row]:
    """Row keys: `a:<adjustment>`, below it `d:<dimension>:<member>:<adjustment>`; `kind:…`, `lowered`, `proof:…`."""
    frame = view.frame
    money = dict.fromkeys(["total", *(f"t:{month.key}" for month in view.figures.months)])
    for one in view.adjusted:
        yield from _adjustment_rows(view, one)
    for kind, word in _KINDS.items():
        cells = {"what": frame.word(word), **_cells(view, view.moved(kind))}
        yield Row(f"kind:{kind}", cells, "total", roles=dict.fromkeys(money, "money"))
    if view.replanned.any():
        cells = {"what": frame.word(_REPLANNED), **_cells(view, view.replanned)}
        yield Row("kind:replan", cells, "total", roles=dict.fromkeys(money, "money"))
    lowered = [one.company for one in view.adjusted if one.company is not None]
    amounts = _yuan(np.sum(lowered, axis=0)) if lowered else np.zeros(len(view.figures.months))
    yield Row("lowered", {"what": frame.word(_LOWERED), **_cells(view, amounts)}, "strong")
    moved = dict.fromkeys(dimension for one in view.adjusted for dimension, _ in one.deltas if dimension)
    for dimension in moved:
        closes = Closes(counting(f"/{dimension}/") - at("lowered"))
        label = frame.word(_PROOF, name=dimension)
        yield Row(f"proof:{dimension}", {"what": label}, "proof", formulas=dict.fromkeys(money, closes))
    share = view.share_of_relief
    if share is not None:
        yield Row("share", {"what": frame.word(_MUCH if share > _MOST_RELIEF else _SHARE, share=share)}, "note")


def _adjustment_rows(view: Ledger, one: Adjusted) -> Iterator[Row]:
    frame = view.frame
    blank = np.zeros(len(view.figures.months), dtype=np.int64)
    moved = _cells(view, _yuan(one.moved if one.deltas else blank))
    facts: dict[str, Value] = {
        "what": said(one, frame.lang),
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
        "why": one.reason,
    }
    yield Row(row_of(one), {**facts, **moved}, "strong", roles=dict.fromkeys(moved, "money"))
    for whose, row in _in_order(one):
        dimension, member = whose
        label = frame.word(COMPANY_WORD) if whose == COMPANY else f"{dimension} {member}"
        counts = f"/{dimension}/" if dimension else ""
        cells = {"what": label, **_cells(view, _yuan(row))}
        yield Row(row_of_member(one, whose), cells, counts_for=counts, outline=1)


def _in_order(one: Adjusted) -> list[tuple[Whose, Steps]]:
    """The members that an adjustment moves: its own dimension first, who gives first, the company last."""
    rows = [(whose, row) for whose, row in one.deltas.items() if row.any()]
    return sorted(rows, key=lambda pair: (pair[0] == COMPANY, pair[0][0] != one.dimension, int(pair[1].sum()) > 0))


ADJUSTMENTS = Sheet[Figures, Ledger](
    key="adjustments",
    title=Word("调整明细", "Adjustments"),
    purpose=Word(
        "转移和减免:谁让给谁、哪个月、多少、为什么,合计对上",
        "Transfers and relief: from whom to whom, which month, how much, why; it adds up",
    ),
    views=_views,
    columns=_columns,
    rows=_rows,
    page=lambda view, rows: Page(frozen_rows=1, repeats=True),
    tables=(T_TRANSFERS, T_RELIEF),
    examples=EXAMPLES,
)
