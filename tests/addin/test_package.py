"""The built files: independent readers find in them what belongs there, and broken ones are caught."""

from __future__ import annotations

import io
import shutil
import subprocess
import tomllib
import zipfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyopenvba.apps.excel import ExcelApplication

from tests.addin import gate, ovba
from xlsales.addin.build import ADDIN, PLANS, XLWINGS, addin_modules, build_all, plan_modules, shipped
from xlsales.addin.texts import BUTTONS, NO_ADDIN, vba_string
from xlsales.addin.vbaproject import Module, project_bytes
from xlsales.core.faults import Lang
from xlsales.plan.template.plan import plan_bytes
from xlsales.vocabulary.contract import SHEETS

ROOT = Path(__file__).resolve().parents[2]
FILES = [ADDIN, *PLANS.values()]
LANGS: tuple[Lang, ...] = ("zh", "en")
POI = ["poi", "poi-ooxml", "commons-codec", "commons-collections4", "commons-math3"]
every_file = pytest.mark.parametrize("name", FILES)


def written(name: str) -> dict[str, str]:
    """The modules with code as they were written, by name."""
    lang = next((lang for lang, file in PLANS.items() if file == name), None)
    modules: list[Module] = addin_modules() if lang is None else plan_modules(lang)
    return {module.name: module.source for module in modules}


def code(module: str) -> str:
    return module.replace("\r\n", "\n")


@pytest.mark.package
@pytest.mark.validator
@every_file
def test_nothing_is_wrong(built: dict[str, Path], name: str) -> None:
    """Package, project, ribbon, code names, buttons and Microsoft's validator: nothing to object to."""
    assert gate.findings(built[name]) == []


@pytest.mark.package
@pytest.mark.parametrize("reader", [gate.by_olevba, gate.by_pyopenvba])
@every_file
def test_every_module_comes_back(built: dict[str, Path], name: str, reader: Callable[[Path], dict[str, str]]) -> None:
    """Independent readers give every module back, line by line."""
    got = {module: code(text) for module, text in reader(built[name]).items()}
    for module, text in written(name).items():
        assert got[module].endswith(text), module
    assert all(text.count("\n") == 8 for module, text in got.items() if module.startswith("Sheet"))


@pytest.mark.package
@every_file
def test_apache_poi_reads_the_same(built: dict[str, Path], name: str) -> None:
    """Apache POI, a reader of another family, gives the same modules."""
    jars = [Path("/usr/share/java") / f"{jar}.jar" for jar in POI]
    if shutil.which("javac") is None or not all(jar.exists() for jar in jars):
        pytest.skip("Apache POI is not installed: libapache-poi-java and a JDK")
    dump = Path(__file__).with_name("VbaDump.java")
    classpath = ":".join(map(str, jars))
    run = subprocess.run(
        ["java", "-cp", classpath, str(dump), str(built[name])], capture_output=True, timeout=120, check=True
    )
    entries = run.stdout.decode("utf-8").split("\x01")[1:]
    got = {module: code(text) for module, _, text in (entry.partition("\x02") for entry in entries)}
    for module, text in written(name).items():
        assert got[module].endswith(text), module


@pytest.mark.package
def test_a_rebuild_gives_the_same_bytes(built: dict[str, Path]) -> None:
    """The same text gives the same bytes, and they are the committed ones: what Excel accepted once stays accepted.

    After a change of the text or of the plan template: python -m xlsales.addin
    """
    for name, data in build_all().items():
        assert data == built[name].read_bytes(), name
        assert data == shipped(name), f"{name}: run python -m xlsales.addin"
    for name in PLANS.values():
        assert (ROOT / "templates" / name).read_bytes() == shipped(name), f"{name}: run python -m xlsales.addin"


@pytest.mark.package
@every_file
def test_members_are_stored(built: dict[str, Path], name: str) -> None:
    """Nothing is deflated: the bytes do not hang on the platform's zlib; no member carries a time or a platform."""
    with zipfile.ZipFile(built[name]) as archive:
        for member in archive.infolist():
            assert member.compress_type == zipfile.ZIP_STORED
            assert member.date_time == (1980, 1, 1, 0, 0, 0)
            assert (member.create_system, member.external_attr) == (0, 0x20)


@pytest.mark.package
def test_the_dll_is_that_of_the_pinned_xlwings(built: dict[str, Path]) -> None:
    """The loader names the DLL of the xlwings that is installed with the product."""
    assert metadata.version("xlwings") == XLWINGS
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert f"xlwings=={XLWINGS}" in {dependency.split(";")[0] for dependency in dependencies}
    loader = gate.by_olevba(built[ADDIN])["Loader"]
    for bits in (64, 32):
        assert loader.count(f"xlwings{bits}-{XLWINGS}.dll") == 2


@pytest.mark.package
@pytest.mark.parametrize("lang", LANGS)
def test_a_plan_with_buttons_is_the_plan(built: dict[str, Path], lang: Lang) -> None:
    """Apart from the buttons the macro template is the plain template, cell by cell."""
    plain, macros = (openpyxl.load_workbook(source) for source in (io.BytesIO(plan_bytes(lang)), built[PLANS[lang]]))
    assert plain.sheetnames == macros.sheetnames
    for sheet in plain:
        cells = {c.coordinate: c.value for row in sheet.iter_rows() for c in row}
        assert cells == {c.coordinate: c.value for row in macros[sheet.title].iter_rows() for c in row}
    with zipfile.ZipFile(built[PLANS[lang]]) as archive:
        (drawing,) = [name for name in archive.namelist() if name.endswith(".vml")]
        for macro, caption in BUTTONS.items():
            assert f"[0]!{macro}" in archive.read(drawing).decode()
            assert f">{caption[lang]}<" in archive.read(drawing).decode()
        titles = SHEETS["settings"][lang]
        assert plain.sheetnames.index(titles) == 1
        assert "vmlDrawing" in archive.read("xl/worksheets/_rels/sheet2.xml.rels").decode()


@pytest.mark.vba_sim
@given(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"])))
@example(NO_ADDIN["zh"])
@example('a "b" c')
def test_chinese_in_vba(text: str) -> None:
    """Whatever the text, what VBA makes of it is the text, and its source is ASCII in one line."""
    written = vba_string(text)
    assert written.isascii()
    assert written.isprintable()
    assert ExcelApplication().evaluate(written) == text


@pytest.mark.unit
@pytest.mark.parametrize("lang", LANGS)
def test_the_sentence_of_the_buttons_fits_a_line(lang: Lang) -> None:
    """VBA takes lines of 1,023 characters."""
    assert len(vba_string(NO_ADDIN[lang])) < 950


# --- broken files ---------------------------------------------------------------------------------------------------

VBA = "xl/vbaProject.bin"
RIBBON = "customUI/customUI14.xml"
TYPES = "[Content_Types].xml"
Change = tuple[str, str, bytes, bytes]
REPLACED: dict[str, Change] = {
    "code name of a sheet": (PLANS["zh"], "xl/worksheets/sheet1.xml", b'codeName="Sheet1"', b'codeName="Blatt1"'),
    "main part of a plain workbook": (PLANS["zh"], TYPES, b"vnd.ms-excel.sheet.macroEnabled", b"vnd.openxmlformats"),
    "add-in typed as a workbook": (ADDIN, TYPES, b"excel.addin.macro", b"excel.sheet.macro"),
    "button of another macro": (PLANS["zh"], "xl/drawings/vmlDrawing1.vml", b"[0]!Refresh", b"[0]!Fresh"),
    "drawing without a type": (PLANS["zh"], TYPES, b'Extension="vml"', b'Extension="vmx"'),
    "callback of another name": (ADDIN, RIBBON, b"Ribbon.OnSplitTarget", b"Ribbon.OnSplit"),
    "callback without the argument": (ADDIN, RIBBON, b"Ribbon.OnSplitTarget", b"Macros.SplitTarget"),
    "ribbon id twice": (ADDIN, RIBBON, b'id="xlsalesNewPlan"', b'id="xlsalesSplitTarget"'),
    "ribbon of 2006": (ADDIN, RIBBON, b"office/2009/07/customui", b"office/2006/01/customui"),
    "ribbon attribute misspelt": (ADDIN, RIBBON, b'size="large"', b'sizes="large"'),
    "ribbon not named": (ADDIN, "_rels/.rels", b"2007/relationships/ui", b"2007/relationships/no"),
    "project not named": (ADDIN, "xl/_rels/workbook.xml.rels", b"relationships/vbaProject", b"relationships/vbaNo"),
    "cache of another Excel": (ADDIN, VBA, bytes.fromhex("cc61ffff0001"), bytes.fromhex("cc61b5000001")),
    "protected project": (ADDIN, VBA, b'GC="9D9F2184DF62E062E09D"', b'GC="9D9F2184DF62E062E09"\r'),
    "module declared twice": (ADDIN, VBA, b"Module=Macros\r\n", b"Module=Ribbon\r\n"),
    "module missing in the project": (ADDIN, VBA, b"Module=Macros\r\n", b'HelpFile=""\r\n '[:15]),
}


@pytest.mark.package
@pytest.mark.validator
@pytest.mark.parametrize("change", REPLACED.values(), ids=REPLACED)
def test_a_broken_file_is_caught(built: dict[str, Path], tmp_path: Path, change: Change) -> None:
    """Each way to break a file is found by one of the checks."""
    name, part, old, new = change
    with zipfile.ZipFile(built[name]) as archive:
        data = archive.read(part)
    assert old in data, "the mutation does not apply"
    broken = gate.rewritten(built[name], {part: data.replace(old, new)}, tmp_path / f"broken{built[name].suffix}")
    assert gate.findings(broken) != []


@pytest.mark.package
@pytest.mark.parametrize("cut", [1, 64, 512, 4096])
def test_a_truncated_project_is_caught(built: dict[str, Path], tmp_path: Path, cut: int) -> None:
    """A project whose end is missing is found."""
    with zipfile.ZipFile(built[ADDIN]) as archive:
        data = archive.read(VBA)[:-cut]
    assert gate.findings(gate.rewritten(built[ADDIN], {VBA: data}, tmp_path / "broken.xlam")) != []


@pytest.mark.package
def test_a_project_for_another_number_of_sheets_is_caught(built: dict[str, Path], tmp_path: Path) -> None:
    """A sheet without its document module is found."""
    fewer = project_bytes(addin_modules(), 2)
    assert len(ovba.read(fewer).documents) == 3
    assert gate.findings(gate.rewritten(built[ADDIN], {VBA: fewer}, tmp_path / "broken.xlam")) != []
