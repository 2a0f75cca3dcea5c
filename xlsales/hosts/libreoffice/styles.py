"""The styles of a sheet that comes in from another document: of its lamps, and of its printed pages.

Calc copies styles by name and keeps those that are there already. The names that it gives by itself,
`ConditionalStyle_2`, mean something else in every document. So these styles are first named after their looks.
"""

from __future__ import annotations

import contextlib
from typing import Any

_OWN = "ConditionalStyle_"
_BY_LOOKS = "xlsales "
_MIDDLE = 2  # com.sun.star.table.CellVertJustify2.CENTER
_CONDITION = 0  # com.sun.star.sheet.ConditionEntryType.CONDITION
_FORMULA = 24  # com.sun.star.sheet.ConditionFormatOperator.EXPRESSION
_PAPER = (
    "IsLandscape",
    "Width",
    "Height",
    "LeftMargin",
    "RightMargin",
    "TopMargin",
    "BottomMargin",
    "CenterHorizontally",
    "CenterVertically",
    "PrintDownFirst",
    "ScaleToPagesX",
    "ScaleToPagesY",
    "PageScale",
)
_BANDS = ("HeaderIsOn", "FooterIsOn")


def call_by_looks(document: Any) -> None:
    """Rename the styles of conditional formats that Calc named; equal looks get the same name in every document."""
    styles = document.StyleFamilies.getByName("CellStyles")
    names = {name: _looks(styles.getByName(name)) for name in styles.ElementNames if name.startswith(_OWN)}
    for name, looks in names.items():
        if not styles.hasByName(looks):
            styles.getByName(name).setName(looks)
    for title in document.Sheets.ElementNames:
        for formats in document.Sheets.getByName(title).ConditionalFormats.ConditionalFormats:
            for n in range(formats.Count):
                entry = formats.getByIndex(n)
                with contextlib.suppress(AttributeError):  # data bars have no style
                    if entry.StyleName in names:
                        entry.StyleName = names[entry.StyleName]


def center_lamps(document: Any) -> None:
    """Put what conditional formats colour in the middle of its row, as all cells of our sheets do.

    Calc lets a style that came in put it at the bottom, whatever the cell says.
    """
    styles = document.StyleFamilies.getByName("CellStyles")
    for name in styles.ElementNames:
        if name.startswith(_BY_LOOKS):
            styles.getByName(name).VertJustify = _MIDDLE


def part_formulas(document: Any, giver: Any, title: str) -> None:
    """Give a sheet that came in its conditional formats by formula area by area, as in its own document.

    Calc joins areas with the same formulas. It saves them as .xlsx with a formula that is right for the corner around
    all of them, but is read as that of the first area: proofs that show 0 would be red.
    """
    sheet = document.Sheets.getByName(title)
    formats = sheet.ConditionalFormats
    for one in formats.ConditionalFormats:
        if _by_formula(one):
            formats.removeByID(one.ID)
    for one in giver.Sheets.getByName(title).ConditionalFormats.ConditionalFormats:
        if _by_formula(one):
            areas = document.createInstance("com.sun.star.sheet.SheetCellRanges")
            for area in one.Range.RangeAddresses:
                area.Sheet = sheet.RangeAddress.Sheet
                areas.addRangeAddress(area, False)
            number = formats.createByRange(areas)
            fresh = next(format for format in formats.ConditionalFormats if number == format.ID)
            for n in range(one.Count):
                entry = one.getByIndex(n)
                fresh.createEntry(_CONDITION, n)
                copy = fresh.getByIndex(n)
                copy.Operator, copy.Formula1, copy.StyleName = entry.Operator, entry.Formula1, entry.StyleName


def _by_formula(one: Any) -> bool:
    """Whether every entry of a conditional format is a formula."""
    return all(getattr(one.getByIndex(n), "Operator", None) == _FORMULA for n in range(one.Count))


def bring_page_style(document: Any, giver: Any, title: str) -> None:
    """Give a sheet that came in the page style it had; a style of that name is brought up to date."""
    name = giver.Sheets.getByName(title).PageStyle
    source = giver.StyleFamilies.getByName("PageStyles").getByName(name)
    styles = document.StyleFamilies.getByName("PageStyles")
    if not styles.hasByName(name):
        styles.insertByName(name, document.createInstance("com.sun.star.style.PageStyle"))
    _set_what_differs(styles.getByName(name), _page(source))
    sheet = document.Sheets.getByName(title)
    if name != sheet.PageStyle:
        sheet.PageStyle = name


def _page(source: Any) -> dict[str, Any]:
    """Return the properties of a page style that are brought along: no texts of header and footer."""
    page = dict(zip(_PAPER, source.getPropertyValues(_PAPER), strict=True)) | dict.fromkeys(_BANDS, False)
    by_pages = page["ScaleToPagesX"] or page["ScaleToPagesY"]
    for name in ("PageScale",) if by_pages or not page["PageScale"] else ("ScaleToPagesX", "ScaleToPagesY"):
        del page[name]
    return page


def _set_what_differs(style: Any, page: dict[str, Any]) -> None:
    """Set properties of a page style. Each makes Calc lay out the pages of every sheet of that style anew."""
    now = dict(zip(page, style.getPropertyValues(tuple(page)), strict=True))
    for name, value in page.items():
        if now[name] != value:
            style.setPropertyValue(name, value)


def _looks(style: Any) -> str:
    """Return a name made of the looks of a style."""
    fill, ink, weight = style.CellBackColor, style.CharColor, style.CharWeight
    return f"{_BY_LOOKS}{fill & 0xFFFFFFFF:08x} {ink & 0xFFFFFFFF:08x} {weight:g} {style.CharPosture.value}"
