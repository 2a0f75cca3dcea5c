"""Sheet 目标版本: every split that changed targets, what it changed and by what."""

from __future__ import annotations

from dataclasses import dataclass

from xlsales.layout.look import money_format
from xlsales.layout.model import Column, Row, SheetModel, Value
from xlsales.plan.parts import amount_width, subline
from xlsales.plan.shown import Frame
from xlsales.vocabulary import round_words as words
from xlsales.vocabulary.contract import OUT_VERSIONS, SHEETS

VERSION_COLUMNS = ("version", "when", "what", "from", "to", "change", "why")
"""Column keys; earlier versions are read back from the sheet by them."""


@dataclass(frozen=True)
class VersionLine:
    """A line of a version: its head (`v:3`), or a member whose target changed (`v:3:门店::徐汇店`). Yuan."""

    key: str
    values: dict[str, Value]

    @property
    def is_head(self) -> bool:
        """Whether it is the line of the version itself."""
        return self.key.count(":") == 1


def lay_out_versions(frame: Frame, lines: tuple[VersionLine, ...]) -> SheetModel:
    """Return the sheet's model: the newest version first, each with the members that it changed."""
    say = frame.lang
    amounts = [v for line in lines for key in ("from", "to") if isinstance(v := line.values.get(key), float)]
    width = max(amount_width(frame, amounts), 12.0)
    columns = (
        Column("version", words.VERSION_NUMBER[say], "text", 8),
        Column("when", words.VERSION_WHEN[say], "text", 18),
        Column("what", words.VERSION_WHAT[say], "text", 34),
        Column("from", words.VERSION_FROM[say], "money", width),
        Column("to", words.VERSION_TO[say], "money", width),
        Column("change", words.VERSION_CHANGE[say], "delta", width),
        Column("why", words.VERSION_WHY[say], "wrap", 40),
    )
    return SheetModel(
        key="versions",
        name=OUT_VERSIONS,
        title=SHEETS["versions"][say],
        heading=SHEETS["versions"][say],
        subline=subline(frame),
        columns=columns,
        rows=tuple(Row(line.key, line.values, "strong" if line.is_head else "normal") for line in lines),
        money=money_format(frame.unit, frame.step_yuan),
        portrait=False,
    )
