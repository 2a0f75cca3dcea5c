"""Nothing of one store is in another's file, whatever the template holds and whoever saved it.

A store's file is filled with secrets in every place that came to mind, saved as it is, by openpyxl and by LibreOffice,
and used as template; every part of another store's file is searched, inflated, also without its markup.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from tests.calc import read_back
from tests.store.stores import PERSONS, put, store, terms, typed, with_parts, with_tables
from xlsales.ooxml import relations
from xlsales.ooxml.book import Book
from xlsales.ooxml.package import Package
from xlsales.store.handout.fill import Filler
from xlsales.store.template import write_store

pytestmark = pytest.mark.unit
OWN_NAME = "样板密店"
SECRET = re.compile("密|hush|13912345678".encode(), re.I)
"""Every secret has one of these in it."""
PERSON = "密小姐"


def _replace(package: Package, part: str, old: bytes, new: bytes) -> None:
    data = package.read(part)
    assert old in data, (part, old)
    package.set(part, data.replace(old, new, 1))


def secret_file(stray: bool) -> bytes:
    """A store's file with secrets in many places; with `stray` also in parts that no program reads."""
    plan = with_tables(terms())
    one = with_parts(plan, store(plan, OWN_NAME), 4)
    data = typed(
        write_store(plan, one), {"2026-02-05": 13912345678.0}, [(dt.date(2026, 1, 6), 88.0, {"人员": PERSONS[3]})]
    )
    book = Book(Package.of_bytes(data))
    put(book, "日报", {(9, 30): "密:免提", (400, 3): "hush below", (2, 16): "密 title"})
    put(book, "目标", {(3, 3): "hush over a label", (12, 20): 13912345678.0})
    put(book, "明细", {(9, 8): "密 note", (40, 20): "hush far off", (2, 3): "密 heading"})
    put(book, "责任书", {(20, 2): "密 letter"})
    area = book.area("xs_store_remarks")
    assert area is not None
    put(book, area.sheet, {(area.row + 3, area.column): "密 remark"})
    package = book.package
    sheet = "xl/worksheets/sheet2.xml"
    _replace(package, sheet, b"<headerFooter>", "<headerFooter><oddHeader>密 header</oddHeader>".encode())
    scenario = '<scenarios><scenario name="hush" user="密"><inputCells r="H9" val="1"/></scenario></scenarios>'
    protected = '<protectedRanges><protectedRange sqref="H9" name="hush"/></protectedRanges>'
    before = protected + scenario * stray
    _replace(package, sheet, b"<conditionalFormatting", f"{before}<conditionalFormatting".encode())
    rule = (
        '<conditionalFormatting sqref="H7"><cfRule type="expression" priority="99"><formula>H7="密 rule"</formula>'
        "</cfRule></conditionalFormatting><conditionalFormatting"
    )
    _replace(package, sheet, b"<conditionalFormatting", rule.encode())
    listed = '<dataValidation type="list" sqref="H8" prompt="密 prompt"><formula1>"hush,密"</formula1></dataValidation>'
    data = re.sub(rb"<dataValidations[^>]*>", lambda found: found[0] + listed.encode(), package.read(sheet))
    package.set(sheet, data)
    _replace(
        package,
        "xl/workbook.xml",
        b"<definedNames>",
        (
            '<definedNames><definedName name="hush">"密"</definedName>'
            '<definedName name="hush2" comment="密">\'日报\'!$A$1</definedName>'
        ).encode(),
    )
    _replace(package, "xl/workbook.xml", b"<bookViews>", '<fileSharing userName="密"/><bookViews>'.encode())
    styles = package.read("xl/styles.xml")
    package.set(
        "xl/styles.xml",
        re.sub(
            b'<cellStyles count="\\d+">', '<cellStyles count="2"><cellStyle name="密 style" xfId="0"/>'.encode(), styles
        ),
    )
    strings = package.read("xl/sharedStrings.xml")
    package.set(
        "xl/sharedStrings.xml",
        strings.replace(b"</sst>", "<si><t>密 string of a cell that is gone</t></si></sst>".encode()),
    )
    chart = package.read("xl/charts/chart1.xml")
    title = "<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:t>密 title</a:t></a:r></a:p></c:rich></c:tx></c:title>"
    package.set(
        "xl/charts/chart1.xml",
        chart.replace(b"<c:chart>", f"<c:chart>{title}".encode(), 1) if b"<c:title>" not in chart else chart,
    )
    _replace(package, "xl/drawings/drawing1.xml", b'name="', 'descr="密 alt" name="hush '.encode())
    for part, relation, text in (
        (
            ("docProps/custom.xml", "custom-properties", "<Properties>密</Properties>"),
            ("docProps/thumbnail.xml", "thumbnail", "<t>密</t>"),
            ("customXml/item1.xml", "customXml", "<t>密</t>"),
            ("xl/persons/person.xml", "person", "<personList>密</personList>"),
            ("xl/externalLinks/externalLink1.xml", "externalLink", "<externalLink>密</externalLink>"),
            ("xl/connections.xml", "connections", "<connections>密</connections>"),
            ("xl/printerSettings/hush.bin", "printerSettings", "密"),
            ("xl/comments1.xml", "comments", "<comments>密</comments>"),
            ("xl/threadedComments/t1.xml", "threadedComment", "<t>密</t>"),
            ("xl/unknown/stray.xml", "", "<t>密</t>"),
        )
        if stray
        else ()
    ):
        package.add(part, text.encode())
        home = (
            ""
            if part.startswith("docProps")
            else "xl/workbook.xml"
            if relation in ("person", "externalLink", "connections", "customXml")
            else sheet
        )
        if relation:
            relations.add_relation(package, home, relation, part)
    _replace(
        package,
        "docProps/core.xml",
        b"</cp:coreProperties>",
        "<dc:description>密</dc:description></cp:coreProperties>".encode(),
    )
    return package.to_bytes()


def as_it_is(data: bytes, folder: Path) -> bytes:
    """Not saved by any program since."""
    return data


def by_openpyxl(data: bytes, folder: Path) -> bytes:
    """Loaded and saved by openpyxl, which keeps names, comments and properties."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that it drops
        book = openpyxl.load_workbook(io.BytesIO(data))
    book.properties.creator = book.properties.lastModifiedBy = book.properties.keywords = "密"
    book["日报"]["H9"].comment = Comment("密 comment", "hush author")
    book["目标"]["D9"].hyperlink = "https://hush.example/密"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_libreoffice(data: bytes, folder: Path) -> bytes:
    """Opened and saved by LibreOffice, after openpyxl has added what it can."""
    path = folder / "sample.xlsx"
    path.write_bytes(by_openpyxl(data, folder))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML",
         "--outdir", str(folder / "saved"), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return (folder / "saved" / "sample.xlsx").read_bytes()


def found_in(data: bytes) -> list[str]:
    """Where anything secret is: in the archive's bytes, its names, each part inflated, and its text without markup."""
    places = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            part = archive.read(info)
            for text in (part, re.sub(rb"<[^>]*>", b"", part), info.filename.encode(), info.extra, info.comment):
                if found := SECRET.search(text):
                    places.append(f"{info.filename}: {text[max(found.start() - 60, 0) : found.end() + 20]!r}")
    return places


@pytest.mark.parametrize(
    "saved",
    [
        as_it_is,
        by_openpyxl,
        pytest.param(by_libreoffice, marks=pytest.mark.libreoffice),
    ],
    ids=["as it is", "openpyxl", "LibreOffice"],
)
def test_nothing_secret_is_carried_over(tmp_path: Path, saved) -> None:  # type: ignore[no-untyped-def]
    plan = with_tables(terms())
    template = saved(secret_file(stray=saved is as_it_is), tmp_path)
    assert len(found_in(template)) >= 10
    one = with_parts(plan, store(plan, "乙"), 2)
    filler = Filler(template, plan, "样板.xlsx", foreign=True)
    filled = filler.fill(one)
    assert found_in(filled) == []
    for name in (PERSONS[3], OWN_NAME):
        assert not any(name.encode() in part for part in _parts(filled) if b"<" in part)
    shown, fresh = (read_back(io.BytesIO(data)) for data in (filled, write_store(plan, one)))
    for sheet in fresh.worksheets:
        mine = {
            cell.coordinate: cell.value
            for row in shown[sheet.title].iter_rows()
            for cell in row
            if cell.value not in (None, "") and not _is_formula(cell.value)
        }
        ours = {
            cell.coordinate: cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.value not in (None, "") and not _is_formula(cell.value)
        }
        assert mine == ours, sheet.title
    assert {fault.facts.get("sheet") for fault in filler.faults} >= {"日报", "目标"}


def _is_formula(value: object) -> bool:
    return str(value).startswith("=")


def _parts(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(name) for name in archive.namelist()]
