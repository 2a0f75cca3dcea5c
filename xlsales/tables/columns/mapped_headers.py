"""Headers that Column mapping names and the table lacks: each is reported."""

from __future__ import annotations

from collections.abc import Sequence

from xlsales.core.faults import Fault, Place, Problem, raise_all
from xlsales.tables.columns.column_faults import MappedHeaderMissing, names_of
from xlsales.tables.columns.roles import Columns
from xlsales.tables.words.header_words import named_columns
from xlsales.tables.words.mapping_rules import MappingRule
from xlsales.vocabulary.contract import MEANING_FIELDS


class NoSuchColumnPast(Fault):
    """Past sales lack a column that Column mapping names; the actuals may have it."""

    zh = "“{label}”里没有“{header}”列,“列对应”的“{field_zh}”对它不起作用。"
    en = "'{label}' has no column '{header}': field {field_en} of Column mapping does nothing there."
    remark = True


class CannotSubtract(Fault):
    """A column to subtract, but there is no column of amounts to subtract it from."""

    zh = "“列对应”里要减去的“{header}”没法减:“{label}”{why_zh}。请删去“列对应”里的这一行,或粘贴每行一个金额的数据。"
    en = (
        "'{header}' of Column mapping cannot be subtracted: {why_en} of '{label}'. "
        "Delete this row of Column mapping, or paste data with one amount a row."
    )


class HeadsAmounts(Fault):
    """A value in a column of amounts side by side: there it is an amount, and tells nothing of its row."""

    zh = (
        "“列对应”里“{header}”的值“{value}”不起作用:“{label}”的这一列是金额。请改为写着这个值的那列的表头,或删去这一行。"
    )
    en = (
        "Value '{value}' of '{header}' in Column mapping does nothing: in '{label}' that column holds amounts. "
        "Enter the header of the column with this value, or delete this row."
    )


def check_mapped_headers(columns: Columns, rules: Sequence[MappingRule], label: str, *, past: bool) -> list[Problem]:
    """Raise what is wrong with the headers of rules; of past sales, return notes of headers that are missing."""
    headers = columns.headers
    faults: list[Fault] = [
        HeadsAmounts(label=label, header=rule.header, value=rule.value)
        for rule in rules
        if rule.kind in ("sign", "exclude", "rate") and rule.header and rule.value
        if not set(columns.cells).isdisjoint(named_columns(headers, rule.header))
    ]
    notes = []
    for rule in rules:
        if rule.kind not in ("subtract", "ignore", "sign", "exclude") or rule.header is None:
            continue
        matches = named_columns(headers, rule.header)
        if not matches and past:
            word = MEANING_FIELDS[rule.kind]
            note = NoSuchColumnPast(label=label, header=rule.header, field_zh=word.zh, field_en=word.en)
            notes.append(Problem.note(Place(label), "", note))
        elif not matches or (rule.kind == "subtract" and len(matches) > 1):
            names = names_of(headers)
            faults.append(MappedHeaderMissing(label=label, header=rule.header, count=len(matches), candidates=names))
        elif rule.kind == "subtract" and matches[0] not in columns.counters:
            amounts = matches[0] in columns.fields.values() or matches[0] in columns.cells
            why_zh = "把它当作金额或日期" if amounts else "的金额横排在几列里"
            why_en = "it is the amount or the date" if amounts else "the amounts are in several columns"
            faults.append(CannotSubtract(label=label, header=rule.header, why_zh=why_zh, why_en=why_en))
    raise_all(faults)
    return notes
