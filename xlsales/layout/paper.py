"""How a written sheet prints: A4, one block of columns a page wide, titles repeated, pages numbered."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xlsales.layout import look
from xlsales.layout.model import FIRST_COLUMN, FIRST_ROW, GROUP_ROW, HEADER_ROW, TITLE_ROW, Row, SheetModel

if TYPE_CHECKING:
    from xlsales.layout.writer import Worksheet  # a refresh need not load it

_PIXELS_PER_INCH = 96
_POINTS_PER_INCH = 72
_MARGIN, _TOP, _BOTTOM = 0.45, 0.55, 0.6  # inches; left and right alike
_FRAME_HEIGHT = 90.0  # points: title, sub-line and headers
_DIGIT = 8.5  # pixels of a digit: 7 in our own workbooks, 8 in 等线 11, a little more if the font is missing
_A4_SHORT, _A4_LONG = 8.27, 11.69


def set_up_page(worksheet: Worksheet, model: SheetModel) -> None:
    """Set paper, margins, scale, page breaks, repeated titles, header and footer of a sheet."""
    set_paper(worksheet, model.portrait)
    first, last = FIRST_COLUMN - 1, FIRST_COLUMN - 2 + len(model.columns)
    worksheet.print_area(TITLE_ROW - 1, first, max(FIRST_ROW - 2 + len(model.rows), HEADER_ROW - 1), last)
    if any(column.header for column in model.columns):
        worksheet.repeat_rows(GROUP_ROW - 1, HEADER_ROW - 1 + model.frozen_rows * model.repeats)
    if model.breaks_before_columns or model.breaks_before_rows:
        # Excel ignores page breaks when a sheet is fitted to pages, so the scale is worked out here.
        worksheet.set_print_scale(print_scale(model))
        if model.breaks_before_columns:
            worksheet.repeat_columns(first, first)
            worksheet.set_v_pagebreaks([model.column_number(key) - 1 for key in model.breaks_before_columns])
        if model.breaks_before_rows:
            worksheet.set_h_pagebreaks([model.row_number(key) - 1 for key in page_starts(model)])
    else:
        worksheet.fit_to_pages(1, 1 if model.one_page else 0)


def set_paper(worksheet: Worksheet, portrait: bool) -> None:
    """Set A4, margins, and a footer that names the file, the sheet and the page."""
    worksheet.set_paper(9)
    if portrait:
        worksheet.set_portrait()
    else:
        worksheet.set_landscape()
    worksheet.set_margins(left=_MARGIN, right=_MARGIN, top=_TOP, bottom=_BOTTOM)
    worksheet.center_horizontally()
    worksheet.set_footer("&L&8&F  ·  &A&R&8&P / &N", {"margin": 0.3})


def page_starts(model: SheetModel) -> list[str]:
    """Return the rows among `breaks_before_rows` that start a new page: each page has as many blocks as fit on it.

    Blocks that are `apart` have a page each.
    Below nothing but the headers no page starts, however long the block is: the headers would be alone on theirs.
    """
    page = page_height(model.portrait, print_scale(model))
    starts, height, block, begun = [], _FRAME_HEIGHT, 0.0, False
    key: str | None = None
    heads = frozenset(model.breaks_before_rows)
    for row in (*model.rows, None):
        if row is None or row.key in heads:
            full = begun if model.apart else height > _FRAME_HEIGHT and height + block > page
            if key is not None and full:
                starts.append(key)
                height = 0.0
            height, block, begun = height + block, 0.0, begun or block > 0
            key = row.key if row else None
        if row is not None:
            block += row_height(row, model)
    return starts


def row_height(row: Row, model: SheetModel) -> float:
    """Return a row's height in points, tall enough for its wrapped texts."""
    lines, larger = 1, look.SENTENCE_SIZE / look.FONT_SIZE if row.kind == "sentence" else 1.0
    for column in model.columns:
        text = row.values.get(column.key)
        if column.role in ("wrap", "entry_text") and isinstance(text, str):
            widths = (larger * look.text_width(line) for line in text.split("\n"))
            lines = max(lines, sum(math.ceil(width / column.width) or 1 for width in widths))
    usual = row.height or look.HEIGHTS.get(row.kind, look.ROW_HEIGHT)
    return min(usual + larger * 14.5 * (lines - 1), 409.0)


def print_scale(model: SheetModel) -> int:
    """Return the scale in percent at which the widest block of columns (with the repeated first one) fits."""
    starts = {model.column_number(key) - FIRST_COLUMN for key in model.breaks_before_columns}
    pixels = [0.0 if column.hidden else column_pixels(column.width) for column in model.columns]
    blocks, repeated = [pixels[0]], 0.0
    for i in range(1, len(pixels)):
        if i in starts:
            repeated = pixels[0]
            blocks.append(repeated)
        blocks[-1] += pixels[i]
    return scale_of(max(blocks), model.portrait)


def column_pixels(width: float) -> float:
    """Return the pixels of a column as wide as so many digits."""
    return (width + 0.72) * _DIGIT


def scale_of(pixels: float, portrait: bool) -> int:
    """Return the scale in percent at which so many pixels fit the width of a page."""
    paper = (_A4_SHORT if portrait else _A4_LONG) - 2 * _MARGIN
    return max(10, min(100, int(100 * paper * _PIXELS_PER_INCH / pixels)))


def page_height(portrait: bool, scale: int) -> float:
    """Return the points of height that a page holds at a scale in percent."""
    return ((_A4_LONG if portrait else _A4_SHORT) - _TOP - _BOTTOM) * _POINTS_PER_INCH * 100 / scale
