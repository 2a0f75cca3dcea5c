from __future__ import annotations

import pytest

from xlsales.ooxml import formulas

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("A1+$B$2*C$3-$D4", "B3+$B$2*D$3-$D6"),
        ("SUM(A1:B2)", "SUM(B3:C4)"),
        ("SUM(A:A,$1:2)", "SUM(B:B,$1:4)"),
        ('"A1"&A1', '"A1"&B3'),
        ("'A1'!A1+Sheet1!$A1", "'A1'!B3+Sheet1!$A3"),
        ("LOG10(A1)+Q1_total+T1.x", "LOG10(B3)+Q1_total+T1.x"),
        ("表1[[#This Row],[A1]]+A1", "表1[[#This Row],[A1]]+B3"),
        ("数据!A1:A5", "数据!B3:B7"),
        ("1E5+1.5", "1E5+1.5"),
        ("XFD1", "#REF!"),
    ],
)
def test_references_move_as_when_copied(formula: str, moved: str) -> None:
    """References move two rows down and one column right; texts, names and functions do not."""
    assert formulas.shift(formula, 2, 1) == moved


@pytest.mark.parametrize(
    ("formula", "renamed"),
    [
        ("数据!A1+'数据'!B2", "'新''表'!A1+'新''表'!B2"),
        ("'数据 2'!A1+数据库!A1", "'数据 2'!A1+数据库!A1"),
        ('"数据!"&A1', '"数据!"&A1'),
        ("数据!$1:$1,数据!$A$1:$B$2", "'新''表'!$1:$1,'新''表'!$A$1:$B$2"),
        ("SUM(数据!A1)", "SUM('新''表'!A1)"),
        ("[1]数据!A1", "[1]数据!A1"),
    ],
)
def test_sheets_are_renamed_in_formulas(formula: str, renamed: str) -> None:
    """Only the sheet that is renamed is, and never inside a text, a longer name or another workbook's sheet."""
    assert formulas.rename_sheet(formula, "数据", "新'表") == renamed


def test_titles_split_from_addresses() -> None:
    """A reference tells its sheet, quoted or not; other workbooks and formulas tell none."""
    assert formulas.split_title("'a''b'!$A$1") == ("a'b", "$A$1")
    assert formulas.split_title("数据!A1") == ("数据", "A1")
    assert formulas.split_title("[1]数据!A1") is None
    assert formulas.split_title("'[b.xlsx]数据'!A1") is None
    assert formulas.split_title("#REF!") is None
