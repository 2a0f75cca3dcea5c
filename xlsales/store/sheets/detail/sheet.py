"""Sheet 明细: a store pastes its receipts here, for the days on which it does not type a sum.

Headers are in row 5; the whole columns below them are open: date, a column for each other dimension, amount, note. Row
1 has their keys; that of a dimension is `dimension:<name>`, and its name is the header.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.core.faults import Listed
from xlsales.store import contract, words
from xlsales.store.contract import AREA_DETAIL, DIMENSION_PREFIX
from xlsales.store.sheet import StoreSheet, StoreView, TemplateFault, doubtful_amount
from xlsales.store.sheets.detail import returned
from xlsales.store.sheets.detail.columns import COLUMNS
from xlsales.store.targets import StoreTerms
from xlsales.vocabulary.contract import Word
from xlsales.vocabulary.round_contract import TIMES

if TYPE_CHECKING:
    from xlsales.book.keyed import KeyedSheet
    from xlsales.layout.entry_sheet import EntryBook
    from xlsales.ooxml.cells import SheetCells

ROWS = 3_000
"""So many receipts fit on the sheet."""
RULED_ROWS = 36
"""So many rows have cells of their own, which fill a printed page: empty, it is a form to write on, no blank page."""
_LONGEST_LIST = 255  # characters of a drop-down list that a cell carries itself; Excel's limit

HINT = Word(
    "可选:把每笔或每天的销售粘贴在表头下面(日期、金额必填)。“日报”里没填的日子自动取这里的合计。",
    "Optional: paste receipts or days below the headers (date and amount required). "
    "Days left blank in Daily take their sum.",
)
DATE_REFUSED = Word("请填日期,例如 2026-01-31,要在计划期间内。", "Enter a date within the plan, e.g. 2026-01-31.")
MEMBER_DOUBTFUL = Word(
    "计划的“{dimension}”里没有这一项,总部会搁置这一行。请从下拉列表里选。",
    'The plan\'s "{dimension}" has no such member and headquarters will set the row aside. Pick one from the list.',
)
AMOUNT_DOUBTFUL = Word(
    "这不是数字,或超过最高一天目标的 {times} 倍。请看单位(是{unit})和位数。确实这么多,请继续。",
    "This is no number, or more than {times} times the highest day. Check the unit ({unit}) and the digits. "
    "If it is right, go on.",
)


class TemplateOtherDimensions(TemplateFault):
    """The template's sheet of receipts has columns for other dimensions than the plan."""

    zh = "{file} 的“{sheet}”有维度列:{found};计划里是:{asked}。请先不带 --template 下发,再以其中一个文件为样板。"
    en = (
        '{file}: sheet "{sheet}" has columns for {found}, the plan has {asked}. Hand out without --template first '
        "and restyle one of those files."
    )


def _columns(terms: StoreTerms) -> list[str]:
    date, *others = COLUMNS
    return [date, *(DIMENSION_PREFIX + name for name in terms.other_dimensions()), *others]


def _write(book: EntryBook, view: StoreView) -> None:
    terms, unit = view.terms, view.terms.unit_word
    heads = {key: (view.word(word), width, form) for key, (word, width, form) in COLUMNS.items()}
    heads |= {DIMENSION_PREFIX + name: (name, 14.0, "@") for name in terms.other_dimensions()}
    columns = {key: heads[key] for key in _columns(terms)}
    title, heading = view.word(view.sheet.title), view.word(view.sheet.heading)
    form = book.form(title, view.sheet.identity, heading, view.word(HINT), columns, rows=ROWS, ruled=RULED_ROWS)
    form.name_sheet("xs_store_detail_sheet")
    form.name_block(AREA_DETAIL, "date", "note", headers=True)
    form.name_block(contract.AREA_DETAIL_DATES, "date")
    form.name_block(contract.AREA_DETAIL_AMOUNTS, "amount")
    for n, table in enumerate(terms.tables, 1):
        form.name_block(contract.AREA_DETAIL_MEMBERS.format(n=n), DIMENSION_PREFIX + table.dimension)
    date = {
        "validate": "date", "criteria": "between", "minimum": terms.plan.start, "maximum": terms.plan.end,
        "error_title": view.word(words.REFUSED), "error_message": view.word(DATE_REFUSED),
    }  # fmt: skip
    form.validate("date", date)
    form.validate("amount", doubtful_amount(view.word(AMOUNT_DOUBTFUL, unit=unit, times=TIMES), terms.lang))
    for column, rule in _member_lists(view):
        form.validate(column, rule)
    form.finish()


def _member_lists(view: StoreView) -> list[tuple[str, dict[str, Any]]]:
    """Return drop-down lists of the other dimensions' members, by column.

    They are those in the store's own table; without a table all lowest members, if Excel lets a cell carry them.
    """
    terms, rules = view.terms, []
    tables = {table.dimension: table for table in terms.tables}
    for dimension in terms.plan.dimensions:
        lowest = [dimension.members[p].name for p in dimension.leaves]
        fits = len(",".join(lowest)) <= _LONGEST_LIST and not any("," in name for name in lowest)
        table = tables.get(dimension.name)
        source: str | list[str] = lowest
        if table is not None:
            source = f"={view.down('members', 'member', table.row_key(1), table.row_key(table.rows))}"
        if dimension.name != terms.dimension and lowest and (fits or table is not None):
            doubt = view.word(MEMBER_DOUBTFUL, dimension=dimension.name[:20])
            rule = {"validate": "list", "source": source, "error_type": "warning", "error_message": doubt}
            rules.append((DIMENSION_PREFIX + dimension.name, rule | {"error_title": view.word(words.REFUSED)}))
    return rules


def _fit(sheet: KeyedSheet[SheetCells] | None, terms: StoreTerms, file: str) -> StoreTerms:
    assert sheet is not None
    headers = [key.removeprefix(DIMENSION_PREFIX) for key in sheet.columns if key.startswith(DIMENSION_PREFIX)]
    dimensions = terms.other_dimensions()
    if sorted(headers) != sorted(dimensions):
        names = {"found": Listed(headers) or "–", "asked": Listed(dimensions) or "–"}
        raise TemplateOtherDimensions(file=file, sheet=sheet.title, **names)
    return terms


SHEET = StoreSheet(
    key="detail",
    title=Word("明细", "Detail"),
    purpose=Word("可选:粘贴每笔销售,日报自动取合计", "Optional: receipts, whose sums Daily takes"),
    heading=Word("销售明细", "Receipts"),
    columns=_columns,
    write=_write,
    to_fill=True,
    names=(AREA_DETAIL,),
    entries={AREA_DETAIL: 1},
    fit=_fit,
    scan=returned.scan,
    read_back=returned.read_back,
)
