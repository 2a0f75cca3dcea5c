"""The list of a hand-out: a workbook of one sheet, a row a store. It is written anew each time."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from xlsales.core.text import counted
from xlsales.layout.look import label_width, money_width
from xlsales.layout.model import Column, Formula, Row, SheetModel, Value, sheet_title
from xlsales.layout.render import render
from xlsales.store import words
from xlsales.store.manifest import Line, Manifest
from xlsales.store.targets import StoreTerms
from xlsales.vocabulary.contract import Word

_TITLE = Word("下发清单", "Handed out")
_FILE, _VERSION, _TARGET = Word("文件", "File"), Word("版本", "Version"), Word("目标", "Target")
_PARENT, _FINGERPRINT, _NUMBER = Word("上级", "Parent"), Word("目标指纹", "Fingerprint"), Word("序号", "No.")
_SUBLINE = Word(
    "{plan}  ·  {start} – {end}  ·  单位:{unit}  ·  共 {count} 份  ·  每次下发重写本表",
    "{plan}  ·  {start} – {end}  ·  Unit: {unit}  ·  {count:files}  ·  written anew each time",
)


def index_workbook(terms: StoreTerms, manifest: Manifest, parents: Mapping[str, str]) -> bytes:
    """Return the workbook; `parents` names the parent member of each store that has one."""
    lang, lines = terms.lang, manifest.stores
    width = max(13.0, money_width(sum(line.target for line in lines), terms.money))
    columns = [
        Column("number", _NUMBER[lang], "ordinal", 7),
        Column("code", terms.dimension, "text", label_width([line.code for line in lines], 16)),
        Column("target", _TARGET[lang], "money", width),
        Column("version", _VERSION[lang], "ordinal", 8),
        Column("file", _FILE[lang], "text", label_width([line.file for line in lines], 22, 50)),
        Column("fingerprint", _FINGERPRINT[lang], "text", 19),
    ]
    if any(parents.get(line.code) for line in lines):
        columns.insert(1, Column("parent", _PARENT[lang], "text", label_width(parents.values(), 12, 24)))
    rows = tuple(_row(i, line, parents) for i, line in enumerate(lines, 1))
    facts = {"plan": terms.plan.name, "start": terms.plan.start, "end": terms.plan.end, "unit": terms.unit_word}
    model = SheetModel(
        key="store:index",
        name="xs_store_index",
        title=sheet_title(_TITLE[lang]),
        heading=_TITLE[lang],
        subline=counted(_SUBLINE[lang], count=len(lines), **facts),
        columns=tuple(columns),
        rows=rows,
        money=terms.money,
        portrait=True,
    )
    at = f"{model.address(rows[0].key, 'target')}:{model.address(rows[-1].key, 'target')}"
    total = Formula(f"=SUM({at})", sum(line.target for line in lines))
    blank: dict[str, Value] = dict.fromkeys(column.key for column in columns)
    whole = Row("total", {**blank, "code": words.TOTAL[lang], "target": total}, "total")
    return render([replace(model, rows=(*rows, whole))], lang)


def _row(number: int, line: Line, parents: Mapping[str, str]) -> Row:
    values: dict[str, Value] = {
        "number": number, "code": line.code, "target": line.target, "version": line.version, "file": line.file,
        "fingerprint": line.fingerprint, "parent": parents.get(line.code),
    }  # fmt: skip
    return Row(f"store:{line.code}", values)
