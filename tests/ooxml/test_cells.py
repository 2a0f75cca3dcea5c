from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from xlsales.core import a1
from xlsales.ooxml import grid, markup
from xlsales.ooxml.book import Book
from xlsales.ooxml.cells import BLANK, ErrorValue, FormulaWithoutResult, SheetCells, cell_of
from xlsales.ooxml.flaws import error_cells
from xlsales.ooxml.package import Package
from xlsales.ooxml.sheet_xml import SheetXml
from xlsales.ooxml.streamed import peek_rows
from xlsales.ooxml.strings import SharedStrings
from xlsales.ooxml.styles import is_date_code
from xlsales.values.serials import to_date

pytestmark = pytest.mark.unit

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def book_with(sheet: str, strings: str = f'<sst xmlns="{MAIN}"/>') -> Book:
    """Return a workbook whose only sheet and whose shared strings are these bytes."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    made.add_worksheet().write(0, 0, "x")
    made.close()
    package = Package.of_bytes(out.getvalue())
    package.set(SHEET, sheet.encode())
    package.set(STRINGS, strings.encode())
    return Book(Package.of_bytes(package.to_bytes()))


def rows(inner: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{inner}</sheetData></worksheet>'


def read(book: Book) -> SheetCells:
    return book.cells(book.sheets[0])


def test_every_kind_of_value_is_told_apart() -> None:
    """Numbers, text, truth, errors, formulas with and without a result, and blanks are different things."""
    cells = read(
        book_with(
            rows(
                '<row r="1"><c r="A1"><v>1.5</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="b"><v>1</v></c>'
                '<c r="D1" t="e"><v>#N/A</v></c><c r="E1"><f>A1</f></c><c r="F1" t="str"><f>""</f><v></v></c>'
                '<c r="G1" s="0"/><c r="H1" t="inlineStr"><is><t>001</t></is></c><c r="I1"><f>A1*2</f><v>3</v></c>'
                '<c r="J1"><f>A1</f><v/></c><c r="K1" t="str"><f>B1</f><v>a&amp;b_x000D_&#10;</v></c></row>'
            ),
            f'<sst xmlns="{MAIN}"><si><t>零</t></si><si><t xml:space="preserve"> 一 </t></si></sst>',
        )
    )
    assert [cells.value(1, c) for c in range(1, 12)] == [
        1.5, " 一 ", True, ErrorValue("#N/A"), FormulaWithoutResult(), "", BLANK, "001", 3.0, FormulaWithoutResult(),
        "a&b\r\n",
    ]  # fmt: skip
    assert [c for (_, c), cell in cells.items() if cell.formula] == [5, 6, 9, 10, 11]
    assert cells.value(9, 9) is BLANK


def test_other_writers_xml_is_read() -> None:
    """Sheets without addresses, with prefixes, comments, CDATA or line breaks read the same."""
    plain = read(book_with(rows('<row r="2"><c r="B2"><v>1</v></c><c r="C2"><v>2</v></c></row><row r="3"/>')))
    other = read(
        book_with(
            f'<?xml version="1.0"?><!-- <sheetData> --><x:worksheet xmlns:x="{MAIN}"><x:sheetData>\n'
            "<x:row/><!-- <x:row> --><x:row>\n<x:c/><x:c><x:v><![CDATA[1]]></x:v></x:c >"
            "<x:c ><x:v>2<!-- </x:v> --></x:v></x:c></x:row></x:sheetData></x:worksheet>"
        )
    )
    assert {k: v.value for k, v in other.items() if v.value is not BLANK} == {k: v.value for k, v in plain.items()}


CELL_FORMS = (
    '<c r="{at}"/>', '<c r="{at}" s="3"></c>', '<c r="{at}" s="3"><v>12.5</v></c>',
    '<c r="{at}"><v>-7.25E-3</v></c>', '<c r="{at}"><v>1E999</v></c>', '<c r="{at}"><v>1_000</v></c>',
    '<c r="{at}"><v>１２</v></c>', '<c r="{at}"><v> 5 </v></c>', '<c r="{at}"><v>1-2</v></c>',
    '<c r="{at}"><v>nan</v></c>', '<c r="{at}" t="n"><v>4</v></c>', '<c r="{at}"><v></v></c>',
    '<c r="{at}" s="1" t="s"><v>1</v></c>', '<c r="{at}" t="s"><v>9</v></c>', '<c t="s" r="{at}"><v>0</v></c>',
    '<c r="{at}" t="s"/>', '<c r="{at}" t="b"><v>1</v></c>', '<c r="{at}" t="b"><v>0</v></c>',
    '<c r="{at}" t="e"><v>#N/A</v></c>', '<c r="{at}" t="d"><v>2026-02-17</v></c>',
    '<c r="{at}" t="str"><v>5</v></c>', '<c r="{at}" t="str"><v>a_x0041_&amp;</v></c>',
    '<c r="{at}" t="inlineStr"><is><t>x_x000D_</t></is></c>',
    '<c r="{at}" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>',
    '<c r="{at}" s="2"><f>A1+1</f><v>3</v></c>', '<c r="{at}"><f t="shared" si="0"/><v>3</v></c>',
    '<c r="{at}"><f/><v>3</v></c>', '<c r="{at}"><f>A1</f></c>', '<c r="{at}"><f>A1</f><v/></c>',
    '<c r="{at}"><f>A1</f><v> </v></c>', '<c r="{at}" cm="1"><f>A1</f><v>3</v></c>',
    '<c r="{at}" t="str"><f>"a"</f><v>b\r\nc</v></c>', '<c r="{at}" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    '<c r="{at}" t="s"><f>A1</f><v>1</v></c>', '<c><v>8</v></c>', '<c s="1"><v>8</v></c>',
    '<c r="{at}"><!-- <v>1</v> --><v>2</v></c>', '<c r="{at}"><v><![CDATA[6]]></v></c>',
)  # fmt: skip
"""Cells as programs write them, or might."""


@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 30), st.sampled_from(CELL_FORMS)), max_size=6).map(
            lambda cells: "".join(form.format(at=f"{a1.letters(column)}1") for column, form in cells)
        ),
        min_size=1,
        max_size=3,
    )
)
@example(["".join(form.format(at=f"{a1.letters(n)}1") for n, form in enumerate(CELL_FORMS, 1))])
def test_a_cell_reads_the_same_whatever_is_beside_it(rows_of_cells: list[str]) -> None:
    """Cells of the common form are read a row at a time: each reads as it does when it is looked at by itself."""
    numbered = enumerate(rows_of_cells, 1)  # the third row is the second in the file that has this number
    xml = rows("".join(f'<row r="{2 - n % 2}">{cells}</row>' for n, cells in numbered)).encode()
    strings = book_with(rows(""), f'<sst xmlns="{MAIN}"><si><t>零</t></si><si><t>一</t></si></sst>').strings
    sheet = SheetXml(xml)
    alone = {
        (row.number, cell.column): cell_of(cell, sheet.tags, strings)
        for row in sheet.rows()
        for cell in sheet.cells(row)
    }
    cells = SheetCells.read(xml, strings)
    assert dict(cells) == alone
    assert [type(cells.value(*at)) for at in cells] == [type(alone[at].value) for at in cells]
    assert list(cells) == sorted(alone)
    assert cells.rows == sorted({row for row, _ in alone})


def test_utf16_is_read() -> None:
    """A sheet in UTF-16 reads as well."""
    book = book_with(rows(""))
    cell = '<c r="A1" t="inlineStr"><is><t>值</t></is></c>'
    text = '<?xml version="1.0" encoding="UTF-16"?>' + rows(f'<row r="1">{cell}</row>')
    book.package.set(SHEET, text.encode("utf-16"))
    assert read(book).value(1, 1) == "值"


def test_rich_and_phonetic_text() -> None:
    """Runs are joined; the phonetic guide of a word is not part of it."""
    strings = (
        f'<sst xmlns="{MAIN}"><si><r><t>粗</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 体</t></r></si><si/>'
        '<si><t>東京</t><rPh sb="0" eb="2"><t>とうきょう</t></rPh><phoneticPr fontId="1"/></si></sst>'
    )
    four = "".join(f'<c t="s"><v>{n}</v></c>' for n in (2, 0, 1, 7))
    cells = read(book_with(rows(f'<row r="1">{four}</row>'), strings))
    assert [cells.value(1, c) for c in (1, 2, 3, 4)] == ["東京", "粗 体", "", ""]


def test_strings_with_comments_and_prefixes() -> None:
    """Comments and CDATA among the shared strings do not shift them."""
    strings = (
        f'<x:sst xmlns:x="{MAIN}"><x:si><x:t>a</x:t></x:si><!-- <x:si> --><x:si><x:t><![CDATA[<x:si>&]]></x:t></x:si>'
        "<x:si><x:t>c</x:t></x:si></x:sst>"
    )
    found = SharedStrings(book_with(rows(""), strings).package, STRINGS)
    assert [found[0], found[1], found[2], found[3]] == ["a", "<x:si>&", "c", ""]


@given(st.integers(1, 60_000), st.sets(st.integers(0, 59_999), max_size=5))
def test_strings_are_found_by_counting(total: int, wanted: set[int]) -> None:
    """In a long table only the wanted strings are decoded, and they are the right ones."""
    data = f'<sst xmlns="{MAIN}">' + "".join(f"<si><t>字符串 {n}</t></si>" for n in range(total)) + "</sst>"
    strings = SharedStrings(_Part(data.encode()), "p")  # type: ignore[arg-type]
    strings.find(wanted)
    assert {n: strings[n] for n in wanted} == {n: f"字符串 {n}" if n < total else "" for n in wanted}


class _Part:
    """A package of one part that is streamed in small pieces."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __contains__(self, name: str) -> bool:
        return True

    def read(self, name: str) -> bytes:
        return self._data

    def stream(self, name: str):  # type: ignore[no-untyped-def]
        size = max(len(self._data) // 7, 50)
        yield from (self._data[at : at + size] for at in range(0, len(self._data), size))


def test_reads_what_openpyxl_wrote() -> None:
    """An independent writer's workbook reads back value by value, dates told by their style."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    written = [["甲", 1, 2.25, True, dt.date(2026, 2, 17), None, "=A1", " x\n_x000D_"], ["#N/A", -1e-7, 1e300]]
    for row in written:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    book = Book(Package.of_bytes(out.getvalue()))
    cells = read(book)
    assert [cells.value(1, c) for c in (1, 2, 3, 4, 6, 7)] == ["甲", 1.0, 2.25, True, BLANK, FormulaWithoutResult()]
    assert [cells.value(2, c) for c in (1, 2, 3)] == [ErrorValue("#N/A"), -1e-7, 1e300]
    day = cells[1, 5]
    assert isinstance(day.value, float)
    assert book.styles.is_date(day.style)
    assert not book.styles.is_date(cells[1, 2].style)
    assert to_date(day.value) == dt.date(2026, 2, 17)


@pytest.mark.parametrize(
    ("code", "date"),
    [
        ("yyyy-mm-dd", True), ('m"月"d"日"', True), ("[h]:mm", True), ("[$-804]yyyy/m/d;@", True), ("General", False),
        ('#,##0.0"万元"', False), ("0.00_);[Red]\\(0.00\\)", False), ('0"days"', False), ("0.00E+00", False),
        ("@", False), ("[Red]0", False), ("[DBNum1]yyyy", True), ("\\d0", False),
    ],
)  # fmt: skip
def test_date_formats(code: str, date: bool) -> None:
    """A format is a date when it shows a year, month, day or time, not when such letters are quoted or colours."""
    assert is_date_code(code) is date


def test_peek_reads_the_first_rows_only() -> None:
    """Headers are found without inflating a large sheet."""
    body = "".join(
        f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c><c r="B{r}"><v>{r * 7919 % 104729}</v></c></row>'
        for r in range(2, 120_000)
    )
    strings = f'<sst xmlns="{MAIN}"><si><t>甲</t></si><si><t>头</t></si></sst>'
    book = book_with(rows('<row r="1"><c r="A1" t="s"><v>1</v></c></row>' + body), strings)
    found = peek_rows(book.package, SHEET, 2, book.strings)
    assert [(row, {c: cell.value for c, cell in cells.items()}) for row, cells in found] == [
        (1, {1: "头"}),
        (2, {1: "甲", 2: float(2 * 7919 % 104729)}),
    ]
    assert peek_rows(book_with(rows("")).package, SHEET, 5, book.strings) == []
    short = book_with(rows('<row r="1"><c r="A1"><v>1</v></c></row>'))
    assert len(peek_rows(short.package, SHEET, 5, book.strings)) == 1


@pytest.mark.parametrize("numbered", [True, False])
def test_flaws_are_found_in_a_large_sheet(numbered: bool) -> None:
    """Errors and formulas without a result are found by row and column, wherever they stand."""
    marked = {
        3: '<c{} t="e"><v>#REF!</v></c>',
        20_000: "<c{}><f>A1</f><v></v></c>",
        29_999: '<c{}><f t="shared" si="0"/></c>',
    }

    def row(r: int) -> str:
        number = f' r="{r}"' if numbered else ""
        cell = marked.get(r, f"<c{{}}><v>{r * 7919 % 104_729}</v></c>").format(f' r="B{r}"' if numbered else "")
        first = f'<c r="A{r}" t="str"><f>""</f><v></v></c>' if numbered else '<c t="str"><f>""</f><v></v></c>'
        return f"<row{number}>{first}{cell}</row>"

    book = book_with(rows("".join(row(r) for r in range(1, 30_001))))
    expected = [(3, 2, ErrorValue("#REF!")), (20_000, 2, FormulaWithoutResult()), (29_999, 2, FormulaWithoutResult())]
    assert error_cells(book.package, SHEET) == expected
    book.package.set(SHEET, book.package.read(SHEET).replace(b"<sheetData>", b"<sheetData><!-- note -->"))
    assert error_cells(book.package, SHEET) == expected


def test_text_escapes_round_trip() -> None:
    """What XML cannot hold is written as Excel writes it and read back the same."""
    text = "a\x01b\r\n\t_x000D_ _x41_ <&>\"' \ufffe 𠮷"
    inner = f"<t>{markup.escape(text)}</t>".encode()
    assert grid.rich_text(inner, grid.tags_of(b"")) == text
