"""The store workbook's contract: the names and keys of its cells.

A store's workbook is a plain .xlsx. The admin may have restyled it, another program may have saved it, the store may
have unprotected it. So nothing is found by its place:

- cells and blocks by defined names of the workbook (`NAMES`), all in ASCII;
- sheets by their A1, `xlsales:store:<key>` (`sheet_identity`), whatever their titles are now;
- cells of a keyed sheet by the row key in hidden column A and the column key in hidden row 1.

Row keys: days are ISO dates (`2026-02-17`); months, years and the like are the keys of
`core.periods.Period` (`2026-02`, fiscal months `2026-P02`); the rows of a table by dimension in 分项 are
`member:<dimension>:<n>`, then `unassigned:<dimension>` and `total:<dimension>`.

Amounts in a store's workbook are always in yuan (pieces where the plan counts pieces), whatever the plan's unit.
`store.sealing` says which cells hold the targets that a seal covers.
"""

from __future__ import annotations

from typing import Final

from xlsales.vocabulary.contract import Word

FORMAT: Final = "1"
"""Version of this contract, kept in the cell named `xs_store_format`."""

IDENTITY: Final = "xlsales:store:"
"""A1 of a keyed sheet starts with this; the sheet's key follows."""


def sheet_identity(sheet: str) -> str:
    """Return the text of A1 of the sheet with this key."""
    return IDENTITY + sheet


# --- defined names ----------------------------------------------------------

NAME_FORMAT = "xs_store_format"
NAME_LANG = "xs_lang"
NAME_PLAN = "xs_store_plan"
"""The plan's name."""
NAME_DIMENSION = "xs_store_dimension"
NAME_CODE = "xs_store_code"
"""The member's name in the plan: the owner of this workbook."""
NAME_VERSION = "xs_store_version"
"""A whole number: 1 for the first targets handed out to this store, one more each time they change."""
NAME_FINGERPRINT = "xs_store_fingerprint"
"""The seal: a keyed hash (`store.seals`) of `sealing.digest`; in files of earlier versions the fingerprint itself."""
NAME_START = "xs_store_start"
NAME_END = "xs_store_end"
NAME_UNIT = "xs_store_unit"
"""The word of the unit: 元 or 件 (yuan, pieces)."""
NAME_CLOCK = "xs_store_clock"
"""What time progress counts: 1 calendar days, 2 working days, 3 the target's own curve."""
NAME_MOST = "xs_store_most"
"""A day's amount above this is doubtful, sold or returned: `Targets.most`."""
NAME_HANDED = "xs_store_handed"
"""The day up to which headquarters had actuals when it handed the workbook out; 0 if it had none."""
NAME_AS_OF = "xs_store_as_of"
"""The last day with an actual, of headquarters or of the store; 0 if there is none (a formula)."""
NAME_MONTH = "xs_store_month"
"""The number of the month the front page shows: that of the as-of date, else that of the hand-out."""
NAME_LAMPS: dict[str, str] = {
    "green": "xs_store_lamp_green",
    "amber": "xs_store_lamp_amber",
    "orange": "xs_store_lamp_orange",
}

IDENTITY_NAMES = (NAME_FORMAT, NAME_PLAN, NAME_DIMENSION, NAME_CODE, NAME_VERSION, NAME_FINGERPRINT)
"""The cells by which a returned workbook is recognised; each holds text, the version a number."""

IDENTITY_ROWS = {
    NAME_FORMAT: "info:format",
    NAME_PLAN: "info:plan",
    NAME_DIMENSION: "info:dimension",
    NAME_CODE: "info:code",
    NAME_VERSION: "info:version",
    NAME_FINGERPRINT: "info:fingerprint",
}
"""The rows of 目标 that hold them, under column `target`: there they are found if names are lost."""

AREA_DAY_TARGETS = "xs_store_targets"
"""日报: column `target`, a row a day (month rows, which are sums, lie between)."""
AREA_ACTUALS = "xs_store_actuals"
"""日报: column `entry`, in which the store types each day's sales. Blank is not zero: blank = not reported."""
AREA_KNOWN = "xs_store_known"
"""日报: column `known`, what headquarters had when it handed the workbook out, by day; in a month's row the sum of a
month without known days. Locked: an entry corrects what is not right."""
AREA_REMARKS = "xs_store_remarks"
"""日报: column `remark`, free text."""
AREA_DETAIL_DATES, AREA_DETAIL_AMOUNTS = "xs_store_detail_dates", "xs_store_detail_amounts"
AREA_DETAIL_MEMBERS = "xs_store_detail_by_{n}"
"""明细: the column of the n-th table of 分项, n from 1."""
AREA_REPORTED = "xs_store_reported"
"""日报: hidden column `reported`, if the workbook has 分项."""
AREA_DETAIL = "xs_store_detail"
"""明细: the block to paste receipts into, headers first: date, a column per other dimension, amount, note.

A day's actual is what is in `entry`; if that is blank, the sum of the detail's rows of that day; if it has none, what
is in `known`. Days of a month that is known as a sum have none: the sum is their actual.
"""
AREA_COMMITMENTS = "xs_store_commitments"
"""承诺: column `commitment`, a row a month; blank = the target is accepted as it is."""
AREA_REASONS = "xs_store_reasons"
"""承诺: column `reason`."""

# --- keys of rows and columns -------------------------------------------------

MEMBER_PREFIX = "member:"
UNASSIGNED_PREFIX = "unassigned:"
DIMENSION_PREFIX = "dimension:"

SHORT: Final = 16
"""Digits of a fingerprint, the start of a digest, by which targets are known again."""

# --- what is beside the files -----------------------------------------------

MANIFEST = "manifest.json"
"""In the folder of a hand-out: what was written for which store, for a rerun and for collecting.

    {"format": "1", "plan": …, "dimension": …, "lang": "zh", "stores": [
        {"code": …, "file": "上海徐汇店.xlsx", "version": 1, "fingerprint": …, "seal": …, "sha256": …,
         "target": 1800000.0}, …]}

`file` is relative to the manifest; `sha256` that of the file's bytes as handed out; `target` in yuan.
"""
INDEX: Word = Word("下发清单.xlsx", "handout-index.xlsx")
"""File name of the list of what was handed out; no store's workbook."""
ZIP = Word("下发文件.zip", "handed-out.zip")
"""All files handed out in one, beside them."""
OWN_FILES = (INDEX.zh, INDEX.en, MANIFEST, ZIP.zh, ZIP.en, "门店文件.zip")
"""The names that a hand-out has ever used for what it writes beside the files."""
BACK_FOLDER = Word("退回", "sent back")
"""The folder of the copies that go back, in the folder of the returned files."""
TEMPLATES: Word = Word("门店模板.xlsx", "store-template.xlsx")
"""File names of the committed templates."""
