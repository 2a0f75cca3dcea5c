"""What is said of a returned file names no sheet, table or setting that a store's file lacks."""

from __future__ import annotations

import importlib
import io
import pkgutil
import re
from collections.abc import Iterator

import pytest

from tests.calc import read_back
from tests.store.stores import terms
from xlsales.core.faults import Fault, Lang, Several
from xlsales.layout.model import HEADER_ROW
from xlsales.store.example import example_template
from xlsales.store.sheet import TemplateFault
from xlsales.store.sheets.detail.retold import RETOLD, retold
from xlsales.tables import reasons, remarks
from xlsales.tables.columns import column_faults, mapped_headers
from xlsales.tables.files import unreadable
from xlsales.tables.rows import counters, meanings, parents
from xlsales.tables.words import mapping_rules
from xlsales.tables.words.sheet_months import MonthOfSheetUntold
from xlsales.vocabulary import contract, plan_tables, round_contract

NEVER = {
    column_faults.MappedFieldUnknown: "reads 列对应",
    column_faults.MappedHeaderMissing: "reads 列对应",
    column_faults.PiecesMissing: "receipts have amounts, in pieces too",
    column_faults.NotOnFirstSheet: "reads a file of several sheets",
    column_faults.NothingOnFirstSheet: "reads a file of several sheets",
    counters.CounterIgnored: "reads 列对应",
    meanings.ConvertedTooLarge: "reads 列对应",
    meanings.Excluded: "reads 列对应",
    parents.FromParents: "receipts need not name a member",
    reasons.AmountsTooLarge: "the store's days are compared by `off_by_unit`",
    reasons.AmountsTooSmall: "the store's days are compared by `off_by_unit`",
    remarks.OneSheetRead: "reads a file of several sheets",
    mapping_rules.RuleIncomplete: "reads 列对应",
    mapped_headers.CannotSubtract: "reads 列对应",
    mapped_headers.HeadsAmounts: "reads 列对应",
    mapped_headers.NoSuchColumnPast: "reads 列对应",
    unreadable.FirstSheetEmpty: "reads a file of several sheets",
    unreadable.NoFolder: "reads a file of actuals",
    unreadable.TooManySheets: "reads a file of several sheets",
}
"""Faults of tables that receipts cannot have, for `read_detail` passes neither a mapping nor a file."""


def _all(kind: type[Fault] = Fault) -> Iterator[type[Fault]]:
    for one in kind.__subclasses__():
        yield one
        yield from _all(one)


def _of(*packages: str) -> list[type[Fault]]:
    for package in packages:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    found = {one for one in _all() if one.__module__.startswith(packages)}
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


def _words_of_store() -> set[str]:
    """The titles and headers of a store's workbook."""
    found: set[str] = set()
    for lang in LANGS:
        workbook = read_back(io.BytesIO(example_template(lang)))
        headers = (cell.value for sheet in workbook for cell in sheet[HEADER_ROW])
        found |= {*workbook.sheetnames, *(text for text in headers if isinstance(text, str))}
    return found


def _words_of_headquarters() -> set[str]:
    """The titles, headers and labels of the plan's workbook."""
    tables = (*plan_tables.TABLES, round_contract.T_COMMITMENTS)
    words = [*contract.SHEETS.values(), *(table.label for table in tables)]
    words += [column.label for table in tables for column in table.columns if column.key in ("aliases", "accepted")]
    words += [setting.label for group in contract.SETTINGS for setting in group.settings]
    words += [contract.Word("维度表", "dimension table"), contract.Word("列对应", "Column mapping")]
    return {text for word in words for text in (word.zh, word.en)}


LANGS: tuple[Lang, ...] = ("zh", "en")
OF_OTHER_ACTS = (reasons.OutsidePeriod, reasons.PointInDoubt, MonthOfSheetUntold)
"""Retold, for a store does not change the plan's period, refresh, or name its sheets."""
ONLY_AT_HEADQUARTERS = _words_of_headquarters() - _words_of_store()
ALSO_PLAIN_WORDS = {
    "语言", "金额单位", "单位", "Unit", "Unit of amounts", "Language", "开始日期", "结束日期", "Start date", "End date",
    "计划名称", "Plan name", "说明", "Guide", "日历", "Calendar",
}  # fmt: skip
"""Labels that a sentence may use for what they mean."""


def named(sentence: str) -> set[str]:
    """The places of headquarters that a sentence names and does not leave to headquarters."""
    if re.search(r"总部|headquarters|Headquarters", sentence):
        return set()
    found = set()
    for word in ONLY_AT_HEADQUARTERS - ALSO_PLAIN_WORDS:
        marks = (
            rf"“{re.escape(word)}|{re.escape(word)}[里表”]" if re.search("[一-鿿]", word) else rf"\b{re.escape(word)}\b"
        )
        if re.search(marks, sentence):
            found.add(word)
    return found


def test_the_words_are_told_apart() -> None:
    """The check finds what it is to find, and lets a store's own sheets pass."""
    assert {"列对应", "设置", "维度", "别名", "Settings"} <= ONLY_AT_HEADQUARTERS
    assert named("请在设置的“列对应”里填写") >= {"列对应"}
    assert named("In table Column mapping of Settings, enter") == {"Column mapping", "Settings"}
    assert not named("请把金额填在“实际填写”列,“明细”里不要重复")


@pytest.mark.parametrize("fault", _of("xlsales.tables"), ids=lambda one: one.__name__)
def test_no_remedy_in_receipts_is_a_place_of_headquarters(fault: type[Fault]) -> None:
    """Each finding in a table of sales is told in a store's words, or names no place that a store's file lacks."""
    said = RETOLD.get(fault, fault)
    if fault in NEVER:
        assert fault not in RETOLD
        return
    assert not named(said.zh), said
    assert not named(said.en), said
    if fault in RETOLD:
        assert issubclass(said, fault)  # same facts, same nature
        assert said.remark == fault.remark
        assert named(fault.zh) or fault in OF_OTHER_ACTS


@pytest.mark.parametrize("fault", _of("xlsales.store", "xlsales.ooxml"), ids=lambda one: one.__name__)
def test_no_remedy_in_a_returned_file_is_a_place_of_headquarters(fault: type[Fault]) -> None:
    """The same of all else that is said of a file that came back, or of what it is made from."""
    if issubclass(fault, TemplateFault) or fault.__module__.endswith((".seals", ".folder", ".manifest", ".places")):
        return  # told when files are handed out, or of rows in 实际
    assert not named(fault.zh), fault
    assert not named(fault.en), fault


def test_findings_that_hold_others_are_retold_too() -> None:
    """What is folded together, and what is found at once."""
    first = reasons.MemberUnknown(dimension="品类", value="童装", count=2)
    folded = retold(reasons.AndMore(first=first, count=5, values=3, cells=True), terms())
    assert "另有 3 种、5 个单元格" in folded.say("zh")
    assert "要增加,请告诉总部" in folded.say("zh")
    assert "ask headquarters to add it" in folded.say("en")
    both = retold(Several([first, reasons.DateBlank()]), terms())
    assert "维度表" not in both.say("zh")
