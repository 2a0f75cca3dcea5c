"""What Column mapping may say: one list of fields, and headers that a table lacks are told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.tables.tables import dimension, read, write
from xlsales.core.faults import Lang
from xlsales.layout.validation import validation
from xlsales.tables.columns.column_faults import MappedFieldUnknown, MappedHeaderMissing
from xlsales.tables.columns.field_columns import mapped_fields
from xlsales.tables.columns.mapped_headers import CannotSubtract, HeadsAmounts, NoSuchColumnPast
from xlsales.tables.words.mapping_rules import Kind, MappingRule, RuleIncomplete, mapping_rule
from xlsales.vocabulary import contract, plan_tables

pytestmark = pytest.mark.unit
STORE = dimension("门店", ["一店"])
D = dt.date(2026, 3, 8)
MILLION = 10**6
FIELD = plan_tables.T_MAPPING.columns[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_list_of_fields(lang: Lang) -> None:
    """The hint, the list to pick from and the sentence name the same fields, and each of them is understood."""
    words = [word[lang] for word in contract.MAPPING_FIELDS]
    assert {"财年", "减去", "忽略"} <= {word.zh for word in contract.MAPPING_FIELDS}
    rule = validation(FIELD, lang)
    assert (rule["source"], rule["show_error"]) == (words, False)  # the name of a dimension may be typed
    said = MappedFieldUnknown(field="X", dimensions="门店").say(lang)
    for word in words:
        assert word in rule["input_message"]
        assert word in said
        try:
            assert mapping_rule(word, None, None, None) is None
        except RuleIncomplete:
            continue
        assert mapped_fields({word: "表头"}, [])
    with pytest.raises(MappedFieldUnknown):
        mapped_fields({"金客": "表头"}, [])


@pytest.mark.parametrize(
    ("field", "header", "needs"),
    [
        ("date", "Date", "a value that is known"),
        ("fiscal year", None, "a value that is known"),
        ("unit", None, "a value"),
        ("subtract", None, "a header"),
        ("exclude", "Type", "a header and a value"),
        ("rate", None, "a value and a factor above zero"),
    ],
)
def test_a_rule_that_lacks_something_is_told_in_english(field: str, header: str | None, needs: str) -> None:
    """What it needs has its article."""
    with pytest.raises(RuleIncomplete) as raised:
        mapping_rule(field, header, "?" if "known" in needs else None, None)
    assert raised.value.say("en").startswith(f"'{field}' of Column mapping also needs {needs}. For example: ")


ROWS = [["日期", "门店", "业务类型", "金额", "退款金额(元)"], [D, "一店", "销售", 10, 3]]


@pytest.mark.parametrize("kind", ["subtract", "ignore", "sign", "exclude"])
def test_a_header_that_the_table_lacks_is_told(tmp_path: Path, kind: Kind) -> None:
    """It is refused with the headers that are there; of past sales it is told in a line."""
    value = "退货" if kind in ("sign", "exclude") else None
    path = write(tmp_path / "t.xlsx", ROWS)
    with pytest.raises(MappedHeaderMissing) as raised:
        read(path, STORE, rules=[MappingRule(kind, "支出", value)])
    assert "“支出”在“实际”里找到 0 列。请改为其中一列:日期、门店、业务类型、金额、退款金额(元)。" in raised.value.say(
        "zh"
    )
    records = read(path, STORE, rules=[MappingRule(kind, "支出", value)], past=True)
    (problem,) = (p for p in records.problems if isinstance(p.fault, NoSuchColumnPast))
    assert problem.fault.remark
    assert contract.MEANING_FIELDS[kind].zh in problem.say("zh")


@pytest.mark.parametrize("header", ["退款金额(元)", "退款金额", " 退款金额（元）"])
def test_a_header_but_for_its_unit(tmp_path: Path, header: str) -> None:
    """A header is found as those of fields are."""
    path = write(tmp_path / "t.xlsx", ROWS)
    assert read(path, STORE, rules=[MappingRule("subtract", header)]).accepted_micros == 7 * MILLION


def test_what_cannot_be_taken_off_is_told(tmp_path: Path) -> None:
    """The amount itself, one of two columns of one name, a column beside months across; a product's refunds can be."""
    path = write(tmp_path / "t.xlsx", ROWS)
    with pytest.raises(CannotSubtract):
        read(path, STORE, rules=[MappingRule("subtract", "金额")])
    wide = write(tmp_path / "w.xlsx", [["门店", "1月", "2月", "退款"], ["一店", 10, 20, 3]])
    with pytest.raises(CannotSubtract):
        read(wide, STORE, rules=[MappingRule("subtract", "退款")])
    twice = write(tmp_path / "d.xlsx", [["日期", "门店", "金额", "退款", "退款"], [D, "一店", 10, 3, 4]])
    with pytest.raises(MappedHeaderMissing):
        read(twice, STORE, rules=[MappingRule("subtract", "退款")])
    product = write(tmp_path / "p.xlsx", [["日期", "门店", "数量", "单价", "退款"], [D, "一店", 2, 5, 3]])
    assert read(product, STORE, rules=[MappingRule("subtract", "退款")]).accepted_micros == 7 * MILLION


@pytest.mark.parametrize("kind", ["sign", "exclude", "rate"])
@pytest.mark.parametrize("past", [False, True])
@pytest.mark.parametrize(
    "rows",
    [
        [["门店", "1月", "2月"], ["一店", 10, 20]],
        [["日期", "一店", "二店"], [D, 1, 10], [D, 2, 20]],
    ],
)
def test_a_value_in_a_column_of_amounts_is_told(
    tmp_path: Path, kind: Kind, past: bool, rows: list[list[object]]
) -> None:
    """Amounts side by side have no values that tell what they are: the row of Column mapping is named."""
    header = str(rows[0][-1])
    path, stores = write(tmp_path / "t.xlsx", rows), dimension("门店", ["一店", "二店"])
    with pytest.raises(HeadsAmounts) as raised:
        read(path, stores, rules=[MappingRule(kind, header, "退货", 2.0)], past=past)
    assert raised.value.say("zh") == (
        f"“列对应”里“{header}”的值“退货”不起作用:“实际”的这一列是金额。请改为写着这个值的那列的表头,或删去这一行。"
    )


def test_members_in_a_column_named_as_a_month(tmp_path: Path) -> None:
    """A column that Column mapping gives to a dimension holds its members, and no amounts of a month."""
    path = write(tmp_path / "t.xlsx", [["3月", "1月", "2月"], ["一店", 10, 20], ["7", 5, 6]])
    records = read(path, STORE, mapping={"门店": "3月"})
    assert records.columns["门店"] == "3月"
    assert (records.rows_found, records.accepted_micros, records.set_aside_micros) == (4, 30 * MILLION, 11 * MILLION)
    (problem,) = (p for p in records.problems if p.set_aside)
    assert "门店“7”不在维度表里" in problem.say("zh")


def test_figures_under_the_header_of_a_flag(tmp_path: Path) -> None:
    """`退款` may head a flag too; told to be taken off, or excluded by a number, it is read as what it holds."""
    path = write(tmp_path / "t.xlsx", [["日期", "门店", "金额", "退款"], [D, "一店", 10, 3], [D, "一店", 5, 0]])
    assert read(path, STORE, rules=[MappingRule("subtract", "退款")]).accepted_micros == 12 * MILLION
    records = read(path, STORE, rules=[MappingRule("exclude", "金额", "5")])
    assert records.accepted_micros == 10 * MILLION
