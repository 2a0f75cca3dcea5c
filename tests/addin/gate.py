"""Everything that can be checked of a macro workbook without Excel, as a list of findings."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from lxml import etree
from oletools.olevba import VBA_Parser
from pyopenvba import ExcelFile, check_file

from tests import validator
from tests.addin import ovba

MAIN = {
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ".xlam": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
}
VBA_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
VBA_TYPE = "application/vnd.ms-office.vbaProject"
RIBBON_RELATION = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
RIBBON_ROOT = "{http://schemas.microsoft.com/office/2009/07/customui}customUI"
_SUB = re.compile(r"(?m)^Public Sub (\w+)\((.*)\)\r?$")
logging.getLogger("olevba").setLevel(logging.CRITICAL)


def findings(path: Path) -> list[str]:
    """Return what is wrong with the file; nothing found means that every check here passed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    try:
        project = ovba.read(parts["xl/vbaProject.bin"])
    except (AssertionError, OSError, KeyError, IndexError, ValueError) as error:
        return [f"vbaProject.bin: {error}"]
    found = [*_readers(path, project), *_package(path, parts), *_code_names(parts, project), *_macros(parts, project)]
    return found + [f"validator: {part}: {text}" for part, _, text in validator.findings(path)]


def by_olevba(path: Path) -> dict[str, str]:
    """The modules as olevba gives them."""
    macros = VBA_Parser(str(path)).extract_macros()
    return {PurePosixPath(file).stem: code for _, _, file, code in macros}


def by_pyopenvba(path: Path) -> dict[str, str]:
    """The modules as pyOpenVBA gives them."""
    with ExcelFile(path) as file:
        assert file.validate() == []
        return dict(file.vba_modules())


def _readers(path: Path, project: ovba.Project) -> Iterator[str]:
    for name, read in (("olevba", by_olevba), ("pyOpenVBA", by_pyopenvba)):
        got = {module: text.replace("\r\n", "\n") for module, text in read(path).items()}
        if got != {module: text.replace("\r\n", "\n") for module, text in project.modules.items()}:
            yield f"{name} reads other modules"
    yield from (f"pyOpenVBA: {issue}" for issue in check_file(path).issues)


def _package(path: Path, parts: dict[str, bytes]) -> Iterator[str]:
    types = etree.fromstring(parts["[Content_Types].xml"])
    own = {e.get("PartName"): e.get("ContentType") for e in types if e.get("PartName")}
    by_ending = {e.get("Extension"): e.get("ContentType") for e in types if e.get("Extension")}
    for part in parts:
        if part != "[Content_Types].xml" and "/" + part not in own and part.rpartition(".")[2] not in by_ending:
            yield f"{part} has no content type"
    if own.get("/xl/workbook.xml") != MAIN[path.suffix]:
        yield f"the main part of an {path.suffix} is {own.get('/xl/workbook.xml')}"
    if own.get("/xl/vbaProject.bin", by_ending.get("bin")) != VBA_TYPE:
        yield "vbaProject.bin has another content type"
    if _target(parts["xl/_rels/workbook.xml.rels"], VBA_RELATION) != "vbaProject.bin":
        yield "the workbook does not name its VBA project"
    if path.suffix == ".xlam":
        if _target(parts["_rels/.rels"], RIBBON_RELATION) != "customUI/customUI14.xml":
            yield "the package does not name its ribbon"
        ribbon = etree.fromstring(parts["customUI/customUI14.xml"])
        if ribbon.tag != RIBBON_ROOT:
            yield f"ribbon of {ribbon.tag}"
        ids = [e.get("id") for e in ribbon.iter() if e.get("id")]
        if len(ids) != len(set(ids)):
            yield "a ribbon id is there twice"


def _target(relations: bytes, kind: str) -> str | None:
    return next((e.get("Target") for e in etree.fromstring(relations) if e.get("Type") == kind), None)


def _code_names(parts: dict[str, bytes], project: ovba.Project) -> Iterator[str]:
    owners = ["xl/workbook.xml", *(p for p in parts if p.startswith("xl/worksheets/sheet"))]
    named = {re.search(rb'codeName="(\w+)"', parts[part]) for part in owners}
    names = {found[1].decode() for found in named if found}
    if names != project.documents or len(names) != len(owners):
        yield f"code names {sorted(names)}, document modules {sorted(project.documents)}"


def _macros(parts: dict[str, bytes], project: ovba.Project) -> Iterator[str]:
    """Every callback and every button names a public Sub of the right signature, and only one."""
    subs = {(module, name): args for module, text in project.modules.items() for name, args in _SUB.findall(text)}
    if "customUI/customUI14.xml" in parts:
        for button in etree.fromstring(parts["customUI/customUI14.xml"]).iterfind(".//{*}button"):
            module, _, name = button.get("onAction").partition(".")
            if subs.get((module, name)) != "Control As IRibbonControl":
                yield f"callback {module}.{name} is missing"
    for part, data in parts.items():
        if part.endswith(".vml"):
            for macro in re.findall(rb"<x:FmlaMacro>(.*?)</x:FmlaMacro>", data):
                name = macro.decode().removeprefix("[0]!")
                if [args for (_, sub), args in subs.items() if sub == name] != [""]:
                    yield f"button of {part}: macro {name} is missing"


def rewritten(path: Path, change: dict[str, bytes], to: Path, drop: str = "") -> Path:
    """Copy a package with parts changed, one part left out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            if name != drop:
                new.writestr(zipfile.ZipInfo(name), change.get(name, old.read(name)))
    to.write_bytes(stream.getvalue())
    return to
