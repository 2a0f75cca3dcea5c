"""The columns of 明细."""

from __future__ import annotations

from xlsales.vocabulary.contract import Word

COLUMNS: dict[str, tuple[Word, float, str]] = {
    "date": (Word("日期", "Date"), 14, "yyyy-mm-dd"),
    "amount": (Word("金额", "Amount"), 14, "#,##0.00"),
    "note": (Word("备注", "Note"), 30, "@"),
}
"""Header, width and number format; those of the other dimensions come behind the date."""
