"""Sheet 目标依据: what each target rests on: past sales, growth on them, the best ever reached."""

from __future__ import annotations

import datetime as dt

from xlsales.core.basis import SAFE_UP_TO, STRETCH_UP_TO, Ground
from xlsales.core.plan import Dimension
from xlsales.core.shapes import Span
from xlsales.layout import look
from xlsales.layout.model import Column, Row, SheetModel, Value
from xlsales.plan.parts import amount_width, fill, subline, unfolded
from xlsales.plan.shown import BasisSheet, Frame
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import JUDGEMENTS, OUT_BASIS, PROGRESS_COLUMNS, SHEETS

_SPANS_NAMED = 4
_PARTLY_NAMED = 5


def lay_out_basis(sheet: BasisSheet) -> SheetModel:
    """Return the sheet's model.

    Row keys: `total`, `d<n>` for dimension n from 1, `d<n>:<member>`, `note:<what>`; what the columns are
    measured by stands in the sub-line and the notes, which follow the figures, not in the person's headers.
    """
    frame, say, basis = sheet.frame, sheet.frame.lang, sheet.basis
    columns = _columns(sheet)
    rows = [Row("total", _values(basis.total, words.TOTAL[say], frame), "total")]
    for n, dimension in enumerate(sheet.dimensions, 1):
        blank: dict[str, Value] = dict.fromkeys(column.key for column in columns)
        title = {"member": fill(words.BY_NAME, frame, name=dimension.name)}
        rows.append(Row(f"d{n}", blank | title, "section"))
        rows += _members(n, dimension, basis.members[dimension.name], frame)
    return SheetModel(
        key="basis",
        name=OUT_BASIS,
        title=SHEETS["basis"][say],
        heading=SHEETS["basis"][say],
        subline=subline(frame, _reference(sheet)),
        columns=columns,
        rows=(*rows, *_notes(sheet)),
        money=look.money_format(frame.unit, frame.step_yuan),
        frozen_rows=1,
    )


def _columns(sheet: BasisSheet) -> tuple[Column, ...]:
    frame, say, total = sheet.frame, sheet.frame.lang, sheet.basis.total
    width = amount_width(frame, (total.target, total.reference, total.best)) + 1
    labels = ("  " * depth + m.name for d in sheet.dimensions for m, depth in zip(d.members, d.depths, strict=True))
    reference_width = max(width, look.header_width(words.REFERENCE_SALES[say]))
    when = max([look.text_width(_span(span, frame)) for span in sheet.basis.spans], default=0) + 2
    target, reference, best = (w[say] for w in (words.TARGET_GROUP, words.REFERENCE_GROUP, words.BEST_GROUP))
    return (
        Column("member", words.MEMBER[say], "text", look.label_width(labels)),
        Column("target", PROGRESS_COLUMNS["target"][say], "money", width, target),
        Column("target_share", words.SHARE[say], "bar", 11, target),
        Column("reference", words.REFERENCE_SALES[say], "money", reference_width, reference),
        Column("reference_share", words.SHARE[say], "bar", 11, reference),
        Column("growth", words.GROWTH[say], "points", 11, reference),
        Column("best", words.BEST[say], "money", width, best),
        Column("best_when", words.BEST_WHEN[say], "text", max(9, when), best),
        Column("of_best", words.OF_BEST[say], "percent", 11, best),
        Column("judgement", words.JUDGEMENT[say], "judgement", 11, best),
        Column("trend", words.TREND[say], "points", 11),
    )


def _members(number: int, dimension: Dimension, grounds: tuple[Ground, ...], frame: Frame) -> list[Row]:
    outlines = [depth - 1 for depth in dimension.depths]
    open_to = unfolded(outlines)
    return [
        Row(
            f"d{number}:{member.name}",
            _values(ground, member.name, frame),
            kind="normal" if dimension.is_leaf(i) else "strong",
            outline=outlines[i],
            hidden=outlines[i] > open_to,
        )
        for i, (member, ground) in enumerate(zip(dimension.members, grounds, strict=True))
    ]


def _values(ground: Ground, label: str, frame: Frame) -> dict[str, Value]:
    judgement = ground.judgement
    return {
        "member": label,
        "target": ground.target,
        "target_share": ground.target_share,
        "reference": ground.reference,
        "reference_share": ground.reference_share,
        "growth": ground.growth,
        "best": ground.best,
        "best_when": _span(ground.best_span, frame) if ground.best_span else None,
        "of_best": ground.of_best,
        "judgement": JUDGEMENTS[judgement][frame.lang] if judgement else None,
        "trend": ground.trend,
    }


def _reference(sheet: BasisSheet) -> str:
    frame, references = sheet.frame, sheet.basis.references
    mixed = len(references) > 1
    named = [_span(span, frame) + (f" × {share:.0%}" if mixed else "") for span, share in references]
    return fill(words.REFERENCE_PERIOD, frame, periods=_listed(named, frame))


def _listed(names: list[str], frame: Frame) -> str:
    return ("、" if frame.lang == "zh" else ", ").join(names)


def _notes(sheet: BasisSheet) -> list[Row]:
    frame, basis, say = sheet.frame, sheet.basis, sheet.frame.lang
    spans = [_span(span, frame) for span in basis.spans]
    shown = spans if len(spans) <= _SPANS_NAMED else [spans[0], "…", spans[-1]]
    above = STRETCH_UP_TO - SAFE_UP_TO
    best = fill(words.BEST_NOTE, frame, spans=_listed(shown, frame), above=above) if spans else words.NO_PAST[say]
    trend = fill(words.TREND_NOTE, frame, later=spans[0], earlier=spans[1]) if len(spans) > 1 else None
    partly = list(dict.fromkeys(name for names in basis.partly.values() for name in names))
    some = partly if len(partly) <= _PARTLY_NAMED else [*partly[:_PARTLY_NAMED], "…"]
    part = fill(words.PARTLY_OPEN, frame, names=_listed(some, frame)) if partly else None
    notes = {"growth": None if basis.comparable else words.NOT_COMPARABLE[say], "best": best, "trend": trend}
    notes |= {"partly": part} if part else {}
    return [Row(f"note:{what}", {"member": text}, "note") for what, text in notes.items()]


def _span(span: Span, frame: Frame) -> str:
    """A span's name: the year where it is one, its months where they are whole, else its days."""
    first, last = span
    if first.day > 1 or (last + dt.timedelta(1)).day > 1:
        return f"{first} – {last}"
    if (first.month, last.month, last.year) == (1, 12, first.year):
        return fill(words.YEAR, frame, year=first.year)
    return f"{first:%Y-%m}" + ("" if (first.year, first.month) == (last.year, last.month) else f" – {last:%Y-%m}")
