"""Sheet 目标版本: every split that changed targets, what it changed and by what."""

from __future__ import annotations

from dataclasses import dataclass

from xlsales.layout.model import Column, Row, Value
from xlsales.layout.sheet import Frame, Sheet
from xlsales.vocabulary.contract import Word

VERSION_COLUMNS = ("version", "when", "what", "from", "to", "change", "why")
"""Column keys; earlier versions are read back from the sheet by them."""


@dataclass(frozen=True)
class VersionLine:
    """A line of a version: its head (`v:3`), or a member with a changed target (`v:3:门店::徐汇店`). Yuan."""

    key: str
    values: dict[str, Value]

    @property
    def is_head(self) -> bool:
        """Whether it is the line of the version itself."""
        return self.key.count(":") == 1


@dataclass(frozen=True)
class Versions:
    """The newest version first, each with the members that it changed."""

    frame: Frame
    lines: tuple[VersionLine, ...]


def _columns(versions: Versions) -> list[Column]:
    frame = versions.frame
    amounts = [v for line in versions.lines for key in ("from", "to") if isinstance(v := line.values.get(key), float)]
    width = max(frame.amount_width(amounts), 12.0)
    return [
        Column("version", frame.word(Word("版本", "Version")), "text", 8),
        Column("when", frame.word(Word("时间", "When")), "text", 18),
        Column("what", frame.word(Word("变了什么", "What changed")), "text", 34),
        Column("from", frame.word(Word("原目标", "From")), "money", width),
        Column("to", frame.word(Word("新目标", "To")), "money", width),
        Column("change", frame.word(Word("变化", "Change")), "delta", width),
        Column("why", frame.word(Word("依据", "By")), "wrap", 40),
    ]


VERSIONS = Sheet[Versions, Versions](
    key="versions",
    title=Word("目标版本", "Target versions"),
    purpose=Word("每次改变目标的分解:谁从多少变为多少", "Each split that changed targets: whose, from what to what"),
    views=lambda versions: (versions,),
    columns=_columns,
    rows=lambda versions: [
        Row(line.key, line.values, "strong" if line.is_head else "normal") for line in versions.lines
    ],
    grid=False,
)
