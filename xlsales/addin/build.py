"""Builds `xlsales.xlam` and the plan workbooks with buttons from the text in this package.

The same text gives the same bytes on every platform: members are stored, not deflated, because zlib differs. So the
files that ship in `built` equal those of a build, and serve people without the library to build with. After a change,
`python -m xlsales.addin` writes them again.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from xlsales.addin import texts
from xlsales.addin.lint import findings
from xlsales.addin.ribbon import macro_modules, ribbon_xml
from xlsales.addin.vbaproject import Module, NeedsPyOpenVba, module_text, project_bytes
from xlsales.addin.wrappers import functions_module
from xlsales.core.faults import Fault, Lang
from xlsales.functions.catalogue import FUNCTIONS
from xlsales.functions.worksheet import CATEGORY
from xlsales.layout.writer import CREATED, Worksheet, new_workbook
from xlsales.ooxml.package import Package
from xlsales.ooxml.relations import CONTENT_TYPES
from xlsales.plan.template.plan import plan_bytes
from xlsales.vocabulary.contract import LANGS

XLWINGS = "0.37.8"
"""The version of xlwings: the loader names its DLL."""
ADDIN = "xlsales.xlam"
PLANS: dict[Lang, str] = {"zh": "目标计划.xlsm", "en": "target-plan.xlsm"}
"""File names of the plan workbooks with buttons."""

MAIN = "xl/workbook.xml"
MAIN_BOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
MAIN_ADDIN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
RIBBON = "customUI/customUI14.xml"
RIBBON_RELATION = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"


def addin_modules() -> list[Module]:
    """Return the modules of the add-in."""
    files = ("ThisWorkbook.cls", "Settings.bas"), ("Wizard.bas", "Links.bas")
    before, behind = (list(map(module_text, names)) for names in files)
    return [*before, *macro_modules(), *behind, module_text("Loader.bas", xlwings=XLWINGS), functions_module()]


def plan_modules(lang: Lang) -> list[Module]:
    """Return the modules of a plan workbook with buttons."""
    verbs = "".join(f'Public Sub {macro}()\n    AskAddin "{macro}"\nEnd Sub\n\n' for macro in texts.BUTTONS)
    return [module_text("PlanButtons.bas", verbs=verbs, no_addin=texts.vba_string(texts.NO_ADDIN[lang]))]


def addin_bytes() -> bytes:
    """Return `xlsales.xlam`: its code, its ribbon, its sentences and help texts in sheets."""
    sheets = _addin_sheets()
    stream = io.BytesIO()
    workbook = new_workbook(stream, "zh")
    workbook.set_properties({"created": CREATED, "title": CATEGORY["zh"], "comments": CATEGORY["en"]})
    for title, rows in sheets.items():
        _write_rows(workbook.add_worksheet(title), rows)
    workbook.add_vba_project(io.BytesIO(_project(addin_modules(), len(sheets))), is_stream=True)
    workbook.close()
    package = Package.of_bytes(stream.getvalue())
    _replace(package, CONTENT_TYPES, MAIN_BOOK, MAIN_ADDIN)
    package.add(RIBBON, ribbon_xml())
    relation = f'<Relationship Id="rIdRibbon" Type="{RIBBON_RELATION}" Target="{RIBBON}"/>'
    _replace(package, "_rels/.rels", "</Relationships>", relation + "</Relationships>")
    return _stored(package)


def plan_with_buttons(lang: Lang) -> bytes:
    """Return a fresh plan workbook: its settings sheet has a button for each of `texts.BUTTONS`."""
    buttons = {macro: caption[lang] for macro, caption in texts.BUTTONS.items()}
    sheets = len(Package.of_bytes(plan_bytes(lang)).parse(MAIN).findall(".//{*}sheet"))
    project = _project(plan_modules(lang), sheets)
    return _stored(Package.of_bytes(plan_bytes(lang, buttons=buttons, vba_project=project)))


def build_all() -> dict[str, bytes]:
    """Return the add-in and the plan workbooks with buttons by file name; raises `NeedsPyOpenVba`."""
    return {ADDIN: addin_bytes(), **{name: plan_with_buttons(lang) for lang, name in PLANS.items()}}


def shipped(name: str) -> bytes:
    """Return one of the files as it ships with the package."""
    return resources.files("xlsales.addin").joinpath("built", name).read_bytes()


class PlanThere(Fault):
    """A workbook with the name of the template is there, but it is not the template."""

    zh = "{file} 已经存在,不是空白模板,没有覆盖。请用 -o 换一个文件夹,或先把它改名。"
    en = "{file} exists and is not the blank template; it was not overwritten. Use -o for another folder, or rename it."


def write_addin(folder: Path) -> list[Path]:
    """Write the add-in and the plan workbooks with buttons into `folder`; return their paths.

    They are built if pyOpenVBA is installed; if not, they are those that ship with the package.
    Raises PlanThere, and then writes nothing, or OSError.
    """
    try:
        contents = build_all()
    except NeedsPyOpenVba:
        contents = {name: shipped(name) for name in (ADDIN, *PLANS.values())}
    for name in PLANS.values():  # a person may have filled a plan under the template's own name
        path = folder / name
        if path.exists() and path.read_bytes() != contents[name]:
            raise PlanThere(file=path)
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in contents]


def _project(modules: list[Module], sheets: int) -> bytes:
    if faults := findings(modules):
        raise ValueError("VBA that Excel would refuse: " + "; ".join(faults))
    return project_bytes(modules, sheets)


def _addin_sheets() -> Mapping[str, list[tuple[str, ...]]]:
    """Sheet title → rows, the header first; `Settings.bas` and `Wizard.bas` read them."""
    sentences = [(key, word["zh"], word["en"]) for key, word in texts.SENTENCES.items()]
    helps = {
        f"help_{lang}": [
            ("function", "category", "gives", "arguments"),
            *(
                (spec.name, CATEGORY[lang], spec.help[lang], *(a.help[lang] for a in spec.arguments))
                for spec in FUNCTIONS
            ),
        ]
        for lang in LANGS
    }
    return {"sentences": [("key", "zh", "en"), *sentences], **helps}


def _write_rows(worksheet: Worksheet, rows: list[tuple[str, ...]]) -> None:
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            worksheet.write_string(row, column, value)


def _replace(package: Package, part: str, old: str, new: str) -> None:
    text = package.read(part).decode("utf-8")
    if text.count(old) != 1:
        raise ValueError(f"{part}: {text.count(old)} times {old}")
    package.set(part, text.replace(old, new).encode("utf-8"))


def _stored(package: Package) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in package.names:
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr = 0, 0x20  # as on Windows, whatever made it
            archive.writestr(member, package.read(name))
    return stream.getvalue()
