"""A workbook such as people make over the years: macros, a ribbon, a slicer, a pivot table, sparklines, comments.

XlsxWriter writes most of it; what it cannot write is put into the archive
afterwards. Everything is made in code, so that each part can be looked up here.
"""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
import zlib

import xlsxwriter

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
X15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
MS = "http://schemas.microsoft.com/office"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CELL_UNDER_TEST = ("数据", 2, 3)
"""A number cell, 1-based, that tests change: 销售额 of the first row, 120."""


def rich_workbook() -> bytes:
    """Return the bytes of an .xlsm with everything in it."""
    with zipfile.ZipFile(io.BytesIO(_written())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    _add_ribbon(parts)
    _add_custom_xml(parts)
    _add_pivot(parts)
    _add_slicer(parts)
    _add_external_link(parts)
    _add_printer_settings(parts)
    _add_threaded_comment(parts)
    _add_calc_chain(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 5, 1, 12, 0, 0)), data, zipfile.ZIP_DEFLATED, 4)
    return out.getvalue()


def _written() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": dt.datetime(2024, 5, 1)})  # else two calls differ by the second
    data = book.add_worksheet("数据")
    pivot = book.add_worksheet("透视")
    notes = book.add_worksheet("老板's 备注")
    money = book.add_format({"num_format": '#,##0.00"元"', "font_color": "#1F4E79", "bold": True, "border": 1})
    rows = [["华东", "一月", 120], ["华北", "一月", 80.5], ["华南", "二月", 95], ["华东", "二月", 60]]
    columns = [{"header": "区域"}, {"header": "月份"}, {"header": "销售额", "format": money}]
    data.add_table(0, 0, len(rows), 2, {"name": "销售表", "data": rows, "columns": columns})
    data.conditional_format("C2:C5", {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
    data.conditional_format("A2:A5", {"type": "text", "criteria": "containing", "value": "华", "format": money})
    data.add_sparkline("D2", {"range": "数据!C2:C5", "type": "column"})
    data.data_validation("F2", {"validate": "list", "source": ["是", "否"]})
    data.write_dynamic_array_formula("H2:H5", "=_xlfn._xlws.SORT(C2:C5)", None, 60)
    data.write_formula("G2", "=SUM(C2:C5)*2", money, 711)
    data.write_formula("G3", "='老板''s 备注'!A1", None, "请看")
    data.write_rich_string("G4", "粗", book.add_format({"bold": True}), "体", "字")
    data.insert_button("J2", {"macro": "刷新", "caption": "刷新", "width": 80, "height": 30})
    data.insert_textbox("J5", "老板:请先看这里", {"fill": {"color": "#FFF2CC"}})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"categories": "=数据!$A$2:$A$5", "values": "=数据!$C$2:$C$5", "name": "销售额"})
    data.insert_chart("J12", chart)
    data.insert_image("P2", "logo.png", {"image_data": io.BytesIO(_picture())})
    data.write_comment("C2", "核对过", {"author": "王姐"})
    data.freeze_panes(1, 0)
    data.repeat_rows(0)
    pivot.write("A1", "各区域销售额")
    notes.write("A1", "请看")
    notes.write_comment("A1", "旧批注")
    notes.protect("secret")
    notes.hide()
    book.define_name("总计", "=数据!$G$2")
    book.define_name("丢失", "=#REF!")
    book.add_vba_project(io.BytesIO(_vba()), is_stream=True)
    book.set_calc_mode("auto")
    book.close()
    return out.getvalue()


def _vba() -> bytes:
    """Not a project that runs; enough to see whether its bytes survive."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 12


def _picture() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    header = struct.pack(">2L5B", 8, 8, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + b"\xc0\x39\x2b" * 8 for _ in range(8)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


# --- parts that XlsxWriter does not write ---


def _put(parts: dict[str, bytes], name: str, text: str, content_type: str) -> None:
    parts[name] = (HEAD + text).encode()
    _before(parts, "[Content_Types].xml", "</Types>", f'<Override PartName="/{name}" ContentType="{content_type}"/>')


def _before(parts: dict[str, bytes], name: str, mark: str, text: str) -> None:
    old = parts[name].decode()
    assert mark in old, (name, mark)
    parts[name] = old.replace(mark, text + mark, 1).encode()


def _relate(parts: dict[str, bytes], owner: str, id: str, kind: str, target: str, mode: str = "") -> None:
    folder, _, base = owner.rpartition("/")
    name = f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
    if name not in parts:
        empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        parts[name] = (HEAD + empty).encode()
    line = f'<Relationship Id="{id}" Type="{kind}" Target="{target}"{mode}/>'
    _before(parts, name, "</Relationships>", line)


def _add_ribbon(parts: dict[str, bytes]) -> None:
    ribbon = (
        f'<customUI xmlns="{MS}/2009/07/customui"><ribbon><tabs><tab id="t" label="我的工具">'
        '<group id="g" label="常用"><button id="b" label="刷新" onAction="Refresh"/></group></tab></tabs></ribbon>'
        "</customUI>"
    )
    parts["customUI/customUI14.xml"] = (HEAD + ribbon).encode()
    _relate(parts, "", "rIdUI", f"{MS}/2007/relationships/ui/extensibility", "customUI/customUI14.xml")


def _add_custom_xml(parts: dict[str, bytes]) -> None:
    parts["customXml/item1.xml"] = b'<note xmlns="urn:company:notes">keep me</note>'
    props = (
        '<ds:datastoreItem ds:itemID="{5F0E0A1B-0B5D-4C0E-9C55-0D6E2B9A7C11}" '
        'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs/></ds:datastoreItem>'
    )
    content = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    _put(parts, "customXml/itemProps1.xml", props, content)
    _relate(parts, "xl/workbook.xml", "rIdCx", f"{REL}/customXml", "../customXml/item1.xml")
    _relate(parts, "customXml/item1.xml", "rId1", f"{REL}/customXmlProps", "itemProps1.xml")


def _add_pivot(parts: dict[str, bytes]) -> None:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    cache = (
        f'<pivotCacheDefinition xmlns="{NS}" xmlns:r="{REL}" r:id="rId1" refreshOnLoad="1" recordCount="0">'
        '<cacheSource type="worksheet"><worksheetSource ref="A1:C5" sheet="数据"/></cacheSource>'
        '<cacheFields count="3"><cacheField name="区域" numFmtId="0"><sharedItems/></cacheField>'
        '<cacheField name="月份" numFmtId="0"><sharedItems/></cacheField>'
        '<cacheField name="销售额" numFmtId="0"><sharedItems/></cacheField></cacheFields></pivotCacheDefinition>'
    )
    table = (
        f'<pivotTableDefinition xmlns="{NS}" name="透视表1" cacheId="7" dataCaption="值">'
        '<location ref="A3:B5" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="3">'
        '<pivotField axis="axisRow" showAll="0"><items count="1"><item t="default"/></items></pivotField>'
        '<pivotField showAll="0"/><pivotField dataField="1" showAll="0"/></pivotFields>'
        '<rowFields count="1"><field x="0"/></rowFields>'
        '<dataFields count="1"><dataField name="合计" fld="2"/></dataFields></pivotTableDefinition>'
    )
    records = f'<pivotCacheRecords xmlns="{NS}" count="0"/>'
    folder = "xl/pivotCache"
    _put(parts, f"{folder}/pivotCacheDefinition1.xml", cache, f"{kind}.pivotCacheDefinition+xml")
    _put(parts, f"{folder}/pivotCacheRecords1.xml", records, f"{kind}.pivotCacheRecords+xml")
    _put(parts, "xl/pivotTables/pivotTable1.xml", table, f"{kind}.pivotTable+xml")
    owner = f"{folder}/pivotCacheDefinition1.xml"
    _relate(parts, owner, "rId1", f"{REL}/pivotCacheRecords", "pivotCacheRecords1.xml")
    _relate(parts, "xl/pivotTables/pivotTable1.xml", "rId1", f"{REL}/pivotCacheDefinition", f"../../{owner}")
    _relate(parts, "xl/worksheets/sheet2.xml", "rIdPt", f"{REL}/pivotTable", "../pivotTables/pivotTable1.xml")
    _relate(parts, "xl/workbook.xml", "rIdPc", f"{REL}/pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")
    caches = '<pivotCaches><pivotCache cacheId="7" r:id="rIdPc"/></pivotCaches>'
    _before(parts, "xl/workbook.xml", "</workbook>", caches)


def _add_slicer(parts: dict[str, bytes]) -> None:
    cache = (
        f'<slicerCacheDefinition xmlns="{X14}" name="Slicer_1" sourceName="区域"><extLst>'
        f'<x:ext xmlns:x="{NS}" uri="{{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}}">'
        f'<x15:tableSlicerCache xmlns:x15="{X15}" tableId="1" column="1"/></x:ext></extLst></slicerCacheDefinition>'
    )
    slicer = (
        f'<slicers xmlns="{X14}"><slicer name="区域" cache="Slicer_1" caption="区域" rowHeight="241300"/></slicers>'
    )
    _put(parts, "xl/slicerCaches/slicerCache1.xml", cache, "application/vnd.ms-excel.slicerCache+xml")
    _put(parts, "xl/slicers/slicer1.xml", slicer, "application/vnd.ms-excel.slicer+xml")
    _relate(parts, "xl/workbook.xml", "rIdSc", f"{MS}/2007/relationships/slicerCache", "slicerCaches/slicerCache1.xml")
    _relate(parts, "xl/worksheets/sheet1.xml", "rIdSl", f"{MS}/2007/relationships/slicer", "../slicers/slicer1.xml")
    book = (
        f'<extLst><ext uri="{{46BE6895-7355-4a93-B00E-2C351335B9C9}}" xmlns:x15="{X15}"><x15:slicerCaches '
        f'xmlns:x14="{X14}"><x14:slicerCache r:id="rIdSc"/></x15:slicerCaches></ext></extLst>'
    )
    _before(parts, "xl/workbook.xml", "</workbook>", book)
    sheet = (
        f'<ext uri="{{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}}" xmlns:x14="{X14}">'
        '<x14:slicerList><x14:slicer r:id="rIdSl"/></x14:slicerList></ext>'
    )
    _before(parts, "xl/worksheets/sheet1.xml", "</extLst></worksheet>", sheet)
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    sle = "http://schemas.microsoft.com/office/drawing/2010/slicer"
    anchor = (
        '<xdr:absoluteAnchor><xdr:pos x="6000000" y="400000"/><xdr:ext cx="1800000" cy="2400000"/>'
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice xmlns:sle15="{MS}/drawing/2012/slicer" Requires="sle15"><xdr:graphicFrame macro="">'
        '<xdr:nvGraphicFramePr><xdr:cNvPr id="90" name="区域"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>'
        f'<xdr:xfrm><a:off xmlns:a="{a}" x="0" y="0"/><a:ext xmlns:a="{a}" cx="0" cy="0"/></xdr:xfrm>'
        f'<a:graphic xmlns:a="{a}"><a:graphicData uri="{sle}"><sle:slicer xmlns:sle="{sle}" name="区域"/>'
        "</a:graphicData></a:graphic></xdr:graphicFrame></mc:Choice><mc:Fallback>"
        '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="0" name=""/><xdr:cNvSpPr/></xdr:nvSpPr>'
        f'<xdr:spPr><a:xfrm xmlns:a="{a}"><a:off x="6000000" y="400000"/><a:ext cx="1800000" cy="2400000"/></a:xfrm>'
        f'<a:prstGeom xmlns:a="{a}" prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp></mc:Fallback>'
        "</mc:AlternateContent>"
        "<xdr:clientData/></xdr:absoluteAnchor>"
    )
    _before(parts, "xl/drawings/drawing1.xml", "</xdr:wsDr>", anchor)


def _add_external_link(parts: dict[str, bytes]) -> None:
    link = (
        f'<externalLink xmlns="{NS}"><externalBook xmlns:r="{REL}" r:id="rId1"><sheetNames><sheetName val="去年"/>'
        "</sheetNames></externalBook></externalLink>"
    )
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    _put(parts, "xl/externalLinks/externalLink1.xml", link, content)
    mode = ' TargetMode="External"'
    _relate(parts, "xl/externalLinks/externalLink1.xml", "rId1", f"{REL}/externalLinkPath", "last-year.xlsx", mode)
    _relate(parts, "xl/workbook.xml", "rIdEx", f"{REL}/externalLink", "externalLinks/externalLink1.xml")
    references = '<externalReferences><externalReference r:id="rIdEx"/></externalReferences>'
    _before(parts, "xl/workbook.xml", "<definedNames>", references)


def _add_printer_settings(parts: dict[str, bytes]) -> None:
    parts["xl/printerSettings/printerSettings1.bin"] = b"P\0r\0i\0n\0t\0" * 30
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"
    override = f'<Override PartName="/xl/printerSettings/printerSettings1.bin" ContentType="{kind}"/>'
    _before(parts, "[Content_Types].xml", "</Types>", override)
    target = "../printerSettings/printerSettings1.bin"
    _relate(parts, "xl/worksheets/sheet2.xml", "rIdPr", f"{REL}/printerSettings", target)
    sheet = parts["xl/worksheets/sheet2.xml"].decode()
    margins = '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
    assert margins in sheet
    setup = '<pageSetup paperSize="9" orientation="landscape" r:id="rIdPr"/>'
    parts["xl/worksheets/sheet2.xml"] = sheet.replace(margins, margins + setup).encode()


def _add_threaded_comment(parts: dict[str, bytes]) -> None:
    ns = f"{MS}/spreadsheetml/2018/threadedcomments"
    person, comment = "{11111111-2222-4333-8444-555555555555}", "{AAAAAAAA-BBBB-4CCC-8DDD-EEEEEEEEEEEE}"
    people = (
        f'<personList xmlns="{ns}"><person displayName="王姐" id="{person}" userId="wang" providerId="None"/>'
        "</personList>"
    )
    thread = (
        f'<ThreadedComments xmlns="{ns}"><threadedComment ref="A1" dT="2024-05-01T12:00:00.00" personId="{person}" '
        f'id="{comment}"><text>为什么少了?</text></threadedComment></ThreadedComments>'
    )
    _put(parts, "xl/persons/person.xml", people, "application/vnd.ms-excel.person+xml")
    _put(parts, "xl/threadedComments/threadedComment1.xml", thread, "application/vnd.ms-excel.threadedcomments+xml")
    _relate(parts, "xl/workbook.xml", "rIdPe", f"{MS}/2017/10/relationships/person", "persons/person.xml")
    target = "../threadedComments/threadedComment1.xml"
    _relate(parts, "xl/worksheets/sheet3.xml", "rIdTc", f"{MS}/2017/10/relationships/threadedComment", target)


def _add_calc_chain(parts: dict[str, bytes]) -> None:
    chain = f'<calcChain xmlns="{NS}"><c r="G2" i="1"/><c r="G3"/><c r="H2"/></calcChain>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    _put(parts, "xl/calcChain.xml", chain, kind)
    _relate(parts, "xl/workbook.xml", "rIdCc", f"{REL}/calcChain", "calcChain.xml")
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")
