"""Sheet 目标依据: what each target rests on: past sales, growth on them, the best ever reached."""

from __future__ import annotations

from collections.abc import Iterator

from xlsales.core.basis import SAFE_UP_TO, STRETCH_UP_TO, Basis, Ground, Judgement
from xlsales.core.plan import Dimension
from xlsales.layout import look
from xlsales.layout.model import Column, Row, Value
from xlsales.layout.sheet import Frame, Page, Sheet, unfolded
from xlsales.plan.figures import Figures
from xlsales.plan.spans import span_name
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, Word

_MEMBER = Word("成员", "Member")
_SHARE = Word("占比", "Share")
_REFERENCE_SALES = Word("参照期\n销售", "Reference sales")
_GROWTH = Word("目标较\n参照期", "Growth on reference")
_BEST = Word("历史最好", "Best ever")
_BEST_WHEN = Word("何时", "When")
_OF_BEST = Word("目标 ÷\n历史最好", "Target ÷ best ever")
_JUDGEMENT = Word("判断", "Judgement")
_JUDGEMENTS = {
    Judgement.SAFE: (Word("稳健", "safe"), "green"),
    Judgement.STRETCH: (Word("有挑战", "stretch"), "amber"),
    Judgement.HIGH: (Word("偏高", "bold"), "orange"),
}
_TREND = Word("近期增长", "Latest growth")
_TARGET_GROUP = Word("目标", "Target")
_REFERENCE_GROUP = Word("参照期", "Reference period")
_BEST_GROUP = Word("历史最好", "Best ever reached")
_BY_NAME = Word("按{name}", "By {name}")
_REFERENCE_PERIOD = Word("参照期:{periods}", "Reference period: {periods}")
_NOT_COMPARABLE = Word(
    "目标较参照期:历史没有覆盖整个参照期,或参照期与计划不一样长,所以不算。",
    "Growth on reference is blank: the history does not cover all of it, or it is not as long as the plan.",
)
_PARTLY_OPEN = Word(
    "{names} 在计划期间里只营业一部分(开业日、闭店日),目标不是全期的,不与历史的全期相比。",
    "{names}: open in a part of the plan alone (Opens, Closes), so the target is not compared with whole past spans.",
)
_BEST_NOTE = Word(
    "历史最好:{spans} 里最好的一次。目标不超过它为稳健,超过它 {above:.0%} 以内为有挑战,再高为偏高。",
    "Best ever: the best of {spans}. A target up to it is safe, up to {above:.0%} above a stretch, beyond that bold.",
)
_NO_PAST = Word(
    "历史里没有一个完整的同期,无法与历史最好比较。",
    "The history has no complete past period of the plan's days, so there is no best ever to compare with.",
)
_TREND_NOTE = Word("近期增长:{later} 比 {earlier}。", "Latest growth: {later} on {earlier}.")

_SPANS_NAMED = 4
_PARTLY_NAMED = 5
_ROWS_ACROSS = 24
"""So many rows print across a page; more of them down it, smaller."""


def _basis(figures: Figures) -> Basis:
    assert figures.basis is not None
    return figures.basis


def _dimensions(figures: Figures) -> list[tuple[str, Dimension]]:
    """The dimensions with the prefix of their rows' keys."""
    return [(f"d{n}", dimension) for n, dimension in enumerate(figures.breakdown.plan.dimensions, 1)]


def _columns(figures: Figures) -> list[Column]:
    frame, basis = figures.frame, _basis(figures)
    width = frame.amount_width((basis.total.target, basis.total.reference, basis.total.best)) + 1
    labels = (
        "  " * depth + m.name for _, d in _dimensions(figures) for m, depth in zip(d.members, d.depths, strict=True)
    )
    reference_width = max(width, look.header_width(frame.word(_REFERENCE_SALES)))
    when = max([look.text_width(span_name(span, frame)) for span in basis.spans], default=0) + 2
    share = frame.word(_SHARE)
    target, reference, best = (frame.word(word) for word in (_TARGET_GROUP, _REFERENCE_GROUP, _BEST_GROUP))
    return [
        Column("member", frame.word(_MEMBER), "text", look.label_width(labels)),
        Column("target", frame.word(PROGRESS_COLUMNS["target"]), "money", width, target),
        Column("target_share", share, "bar", 11, target),
        Column("reference", frame.word(_REFERENCE_SALES), "money", reference_width, reference),
        Column("reference_share", share, "bar", 11, reference),
        Column("growth", frame.word(_GROWTH), "points", 11, reference),
        Column("best", frame.word(_BEST), "money", width, best),
        Column("best_when", frame.word(_BEST_WHEN), "text", max(9, when), best),
        Column("of_best", frame.word(_OF_BEST), "percent", 11, best),
        Column("judgement", frame.word(_JUDGEMENT), "lamp", 11, best, tuple(_JUDGEMENTS.values())),
        Column("trend", frame.word(_TREND), "points", 11),
    ]


def _rows(figures: Figures) -> list[Row]:
    """Row keys: `total`, `d<n>` for dimension n from 1, `d<n>:<member>`, `note:<what>`.

    What the columns are measured by is in the sub-line and the notes: they follow the figures, headers are the
    person's.
    """
    frame, basis = figures.frame, _basis(figures)
    rows = [Row("total", _values(basis.total, frame.word(words.TOTAL), frame), "total")]
    for prefix, dimension in _dimensions(figures):
        rows.append(Row(prefix, {"member": words.with_name(_BY_NAME, dimension.name, frame.lang)}, "section"))
        rows += _members(prefix, dimension, basis.members[dimension.name], frame)
    return [*rows, *_notes(basis, frame)]


def _members(prefix: str, dimension: Dimension, grounds: tuple[Ground, ...], frame: Frame) -> Iterator[Row]:
    outlines = [depth - 1 for depth in dimension.depths]
    open_to = unfolded(outlines)
    for i, (member, ground) in enumerate(zip(dimension.members, grounds, strict=True)):
        yield Row(
            f"{prefix}:{member.name}",
            _values(ground, member.name, frame),
            kind="normal" if dimension.is_leaf(i) else "strong",
            outline=outlines[i],
            hidden=outlines[i] > open_to,
        )


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
        "best_when": span_name(ground.best_span, frame) if ground.best_span else None,
        "of_best": ground.of_best,
        "judgement": frame.word(_JUDGEMENTS[judgement][0]) if judgement else None,
        "trend": ground.trend,
    }


def _reference(figures: Figures) -> tuple[str]:
    frame, references = figures.frame, _basis(figures).references
    mixed = len(references) > 1
    names = [span_name(span, frame) + (f" × {share:.0%}" if mixed else "") for span, share in references]
    return (frame.word(_REFERENCE_PERIOD, periods=frame.listed(names)),)


def _notes(basis: Basis, frame: Frame) -> list[Row]:
    spans = [span_name(span, frame) for span in basis.spans]
    notes: dict[str, str | None] = {
        "growth": None if basis.comparable else frame.word(_NOT_COMPARABLE),
        "best": frame.word(_NO_PAST),
        "trend": None,
    }
    if spans:
        ends = spans if len(spans) <= _SPANS_NAMED else [spans[0], "…", spans[-1]]
        notes["best"] = frame.word(_BEST_NOTE, spans=frame.listed(ends), above=STRETCH_UP_TO - SAFE_UP_TO)
    if len(spans) > 1:
        notes["trend"] = frame.word(_TREND_NOTE, later=spans[0], earlier=spans[1])
    if partly := list(dict.fromkeys(name for names in basis.partly.values() for name in names)):
        some = partly if len(partly) <= _PARTLY_NAMED else [*partly[:_PARTLY_NAMED], "…"]
        notes["partly"] = frame.word(_PARTLY_OPEN, names=frame.listed(some))
    return [Row(f"note:{what}", {"member": text}, "note") for what, text in notes.items()]


BASIS = Sheet[Figures, Figures](
    key="basis",
    title=Word("目标依据", "Basis"),
    purpose=Word(
        "有历史时:目标比参照期、比历史最好高多少", "With past sales: growth on them, distance to the best ever"
    ),
    views=lambda figures: (figures,) if figures.basis else (),
    columns=_columns,
    rows=_rows,
    facts=_reference,
    page=lambda figures, rows: Page(portrait=len(rows) > _ROWS_ACROSS, frozen_rows=1),
)
