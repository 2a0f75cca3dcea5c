"""Writes out what XlsxWriter leaves to the reader's defaults in a chart.

A missing element has the meaning of Excel 2007 only while the workbook says that Excel 2007 saved it. After LibreOffice
or a newer Excel has saved it, LibreOffice takes missing elements as true: blanks count as zero, labels
show everything.
"""

from __future__ import annotations

from lxml import etree

from xlsales.ooxml import xml
from xlsales.ooxml.package import Package

_CHARTS = "xl/charts/chart"
_SEQUENCES: dict[str, str] = {
    "chartSpace": "roundedCorners=0 style chart",
    "chart": "title autoTitleDeleted=0 plotArea legend plotVisOnly=0 dispBlanksAs=gap extLst",
    "title": "overlay=0 spPr txPr extLst",
    "legend": "overlay=0 spPr txPr extLst",
    "barChart": "varyColors=0 ser",
    "barChart/ser": "invertIfNegative=0 dPt dLbls trendline errBars cat val extLst",
    "dLbls": "showLegendKey=0 showVal=0 showCatName=0 showSerName=0 showPercent=0 showBubbleSize=0 "
    "separator showLeaderLines extLst",
    "catAx": "delete=0 axPos noMultiLvlLbl=0 extLst",
    "valAx": "delete=0 axPos",
}
"""By element: the children that it must have (`name=value`) among those that may follow, in the order of the schema."""


def write_out_defaults(workbook: bytes) -> bytes:
    """Return an .xlsx with what its charts leave to defaults written out; everything else stays as it is."""
    package = Package.of_bytes(workbook)
    for part in package.names:
        if part.startswith(_CHARTS):
            package.set(part, xml.serialise(_completed(package.parse(part))))
    return package.to_bytes() if package.changed else workbook


def _completed(root: etree._Element) -> etree._Element:
    for element in list(root.iter(etree.Element)):
        parent, tag = element.getparent(), xml.local(element)
        within = f"{xml.local(parent)}/{tag}" if parent is not None else tag
        sequence = _SEQUENCES.get(tag) or _SEQUENCES.get(within)
        if sequence:
            _complete(element, sequence)
    return root


def _complete(parent: etree._Element, sequence: str) -> None:
    names, values = zip(*(entry.partition("=")[::2] for entry in sequence.split()), strict=True)
    space = etree.QName(parent).namespace
    for i, (name, value) in enumerate(zip(names, values, strict=True)):
        tag = f"{{{space}}}{name}"
        if value and parent.find(tag) is None:
            at = next((j for j, child in enumerate(parent) if xml.local(child) in names[i + 1 :]), len(parent))
            parent.insert(at, etree.Element(tag, {"val": value}))
