"""Sheet 运行记录: what ran, when, with which inputs, the sums before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xlsales.book.keyed import WrittenSheet
from xlsales.layout.look import money_format
from xlsales.layout.model import IDENTITY, Column, Row, SheetModel
from xlsales.plan.parts import amount_width, subline
from xlsales.plan.shown import RunLine, RunsSheet
from xlsales.vocabulary import words
from xlsales.vocabulary.contract import OUT_RUNS, SHEETS

RUN_COLUMNS = (
    "when", "command", "version", "inputs",
    "target_before", "target_after", "actual_before", "actual_after", "note",
)  # fmt: skip
"""Column keys; an earlier run is read back from the sheet by them."""


def lay_out_runs(sheet: RunsSheet) -> SheetModel:
    """Return the sheet's model: a row per run, newest first, its key that of the run."""
    frame, say = sheet.frame, sheet.frame.lang
    sums = (a for r in sheet.runs for a in (r.target_before, r.target_after, r.actual_before, r.actual_after))
    width = max(amount_width(frame, sums), 13.0)
    columns = (
        Column("when", words.RUN_WHEN[say], "text", 18),
        Column("command", words.RUN_COMMAND[say], "text", 10),
        Column("version", words.RUN_VERSION[say], "text", 8),
        Column("inputs", words.RUN_INPUTS[say], "wrap", 38),
        Column("target_before", words.RUN_TARGET_BEFORE[say], "money", width),
        Column("target_after", words.RUN_TARGET_AFTER[say], "money", width),
        Column("actual_before", words.RUN_ACTUAL_BEFORE[say], "money", width),
        Column("actual_after", words.RUN_ACTUAL_AFTER[say], "money", width),
        Column("note", words.RUN_NOTE[say], "wrap", 34),
    )
    rows = tuple(
        Row(
            run.key,
            {key: getattr(run, key) for key in RUN_COLUMNS} | {"when": run.when.isoformat(" ", "minutes")},
        )
        for run in sheet.runs
    )
    return SheetModel(
        key="runs",
        name=OUT_RUNS,
        title=SHEETS["runs"][say],
        heading=SHEETS["runs"][say],
        subline=subline(frame),
        columns=columns,
        rows=rows,
        money=money_format(frame.unit, frame.step_yuan),
    )


def read_runs(sheets: dict[str, WrittenSheet]) -> Iterator[RunLine]:
    """Yield the runs on record, as they stand in the run log."""
    sheet = sheets.get(IDENTITY + "runs")
    if sheet is None:
        return
    for key in sheet.rows:
        try:
            when = dt.datetime.fromisoformat(key.removeprefix("run:").partition("#")[0])
        except ValueError:  # no key of ours
            continue
        texts = {c: str(v) if isinstance(v := sheet.value(key, c), str) else "" for c in RUN_COLUMNS}
        numbers = {c: sheet.number(key, c) for c in RUN_COLUMNS if c.startswith(("target_", "actual_"))}
        yield RunLine(
            key=key,
            when=when,
            command=texts["command"],
            version=texts["version"],
            inputs=texts["inputs"],
            note=texts["note"],
            **numbers,
        )
