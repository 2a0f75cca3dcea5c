"""Sheet 运行记录: what ran, when, with which inputs, the sums before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from msgspec import Struct

from xlsales.book.keyed import WrittenSheet
from xlsales.layout.model import Column, Row
from xlsales.layout.sheet import Frame, Sheet
from xlsales.plan.figures import NAN
from xlsales.vocabulary.contract import Word

_TEXTS = {
    "when": (Word("时间", "Time"), 18),
    "command": (Word("命令", "Command"), 10),
    "version": (Word("版本", "Version"), 8),
    "inputs": (Word("输入", "Inputs"), 38),
}
_SUMS = {
    "target_before": Word("目标合计(前)", "Targets before"),
    "target_after": Word("目标合计(后)", "Targets after"),
    "actual_before": Word("实际合计(前)", "Actuals before"),
    "actual_after": Word("实际合计(后)", "Actuals after"),
}
_NOTE = Word("备注", "Note")


class RunLine(Struct, frozen=True):
    """A run of the program on this workbook: sums (yuan) before and after, inputs as short text."""

    key: str
    when: dt.datetime
    command: str
    version: str
    inputs: str = ""
    target_before: float = NAN
    target_after: float = NAN
    actual_before: float = NAN
    actual_after: float = NAN
    note: str = ""


class Runs(Struct, frozen=True):
    """The runs, the newest first."""

    frame: Frame
    lines: tuple[RunLine, ...]


def _columns(runs: Runs) -> list[Column]:
    frame = runs.frame
    sums = (a for r in runs.lines for a in (r.target_before, r.target_after, r.actual_before, r.actual_after))
    width = max(frame.amount_width(sums), 13.0)
    return [
        *(Column(k, frame.word(word), "wrap" if k == "inputs" else "text", w) for k, (word, w) in _TEXTS.items()),
        *(Column(key, frame.word(word), "money", width) for key, word in _SUMS.items()),
        Column("note", frame.word(_NOTE), "wrap", 34),
    ]


def _rows(runs: Runs) -> list[Row]:
    """A row per run, its key that of the run: `run:<time>`."""
    keys = (*_TEXTS, *_SUMS, "note")
    return [
        Row(line.key, {key: getattr(line, key) for key in keys} | {"when": line.when.isoformat(" ", "minutes")})
        for line in runs.lines
    ]


def read_runs(sheets: Mapping[str, WrittenSheet]) -> Iterator[RunLine]:
    """Yield the runs on record, as they are in the run log."""
    sheet = sheets.get(RUNS.identity)
    if sheet is None:
        return
    for key in sheet.rows:
        try:
            when = dt.datetime.fromisoformat(key.removeprefix("run:").partition("#")[0])
        except ValueError:  # no key of ours
            continue
        command, version, inputs, note = (
            v if isinstance(v := sheet.value(key, k), str) else "" for k in ("command", "version", "inputs", "note")
        )
        sums = {k: sheet.number(key, k) for k in _SUMS}
        yield RunLine(key, when, command, version, inputs, **sums, note=note)


RUNS = Sheet[Runs, Runs](
    key="runs",
    title=Word("运行记录", "Run log"),
    purpose=Word("什么时候运行了什么,前后合计", "What ran when, sums before and after"),
    views=lambda runs: (runs,),
    columns=_columns,
    rows=_rows,
    archive=True,
)
