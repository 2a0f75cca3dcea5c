"""Workbooks whose sheet is written byte by byte, for what no library writes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import xlsxwriter


def write_raw(path: Path, rows: str, strings: str = "", *, prefix: str = "") -> Path:
    """Write a workbook of one sheet from the XML of its rows and of its shared strings."""
    frame = io.BytesIO()
    book = xlsxwriter.Workbook(frame)
    page = book.add_worksheet("实际")
    page.write(0, 0, "x")
    page.write_datetime(
        0, 1, __import__("datetime").datetime(2026, 1, 5), book.add_format({"num_format": "yyyy-mm-dd"})
    )
    book.close()
    with zipfile.ZipFile(frame) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                start, end = data.index("<sheetData>"), data.index("</sheetData>")
                data = data[:start] + "<sheetData>" + rows + data[end:]
                data = data.replace('<dimension ref="A1:B1"/>', "")
                if prefix:
                    data = _prefixed(data, prefix)
            if name == "xl/sharedStrings.xml" and strings:
                start, end = data.index("<si>"), data.index("</sst>")
                data = data[:start] + strings + data[end:]
            target.writestr(name, data)
    return path


def _prefixed(data: str, prefix: str) -> str:
    import re

    data = re.sub(r"<(/?)([A-Za-z])", rf"<\1{prefix}:\2", data)
    return data.replace(
        'xmlns="http://schemas.openxmlformats.org/spreadsheetml',
        f'xmlns:{prefix}="http://schemas.openxmlformats.org/spreadsheetml',
    )


def inline(address: str, text: str) -> str:
    """A cell of inline text."""
    return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def number(address: str, value: object, style: int = 0) -> str:
    """A cell of a number."""
    return f'<c r="{address}" s="{style}"><v>{value}</v></c>'


def table(*rows: str) -> str:
    """Rows below a header of date, region, channel, amount and remark."""
    head = "".join(inline(f"{letter}1", text) for letter, text in zip("ABCDE", HEADERS, strict=True))
    body = "".join(f'<row r="{r}">{row}</row>' for r, row in enumerate(rows, 2))
    return f'<row r="1">{head}</row>{body}'


HEADERS = ("日期", "区域", "渠道", "销售额", "备注")


def sale(row: int, amount: object, remark: str = "") -> str:
    """A good row of such a table, with a cell of a remark."""
    cells = number(f"A{row}", 46027, 1) + inline(f"B{row}", "上海") + inline(f"C{row}", "线上")
    return cells + number(f"D{row}", amount) + remark
