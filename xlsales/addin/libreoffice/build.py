"""Builds `xlsales.oxt`, the extension for LibreOffice, from the catalogue of functions and the table of verbs.

The type library is the text of its interface: LibreOffice reads UNOIDL source and needs no SDK. The same text gives the
same bytes everywhere: members are stored, and all have the same date.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from xlsales import __version__
from xlsales.addin.libreoffice.icons import DRAWINGS, SIZES, png
from xlsales.commands.verb import Button, Texts, Verb
from xlsales.commands.verbs import GROUPS, VERBS, with_buttons
from xlsales.core.faults import Lang
from xlsales.functions.catalogue import FUNCTIONS
from xlsales.functions.names import with_titles
from xlsales.functions.worksheet import CATEGORY, FunctionSpec
from xlsales.layout.writer import CREATED
from xlsales.vocabulary.contract import Word

EXTENSION = "xlsales.oxt"
IDENTIFIER = "com.xlsales.calc"
COMMANDS = f"{IDENTIFIER}.Commands"
COMPONENT = "xlsales_calc.py"
MENU = CATEGORY
"""The title of the menu."""
FOLDERS = "xlsales-python.txt"
"""The file beside the component that names the folders of the package, one a line."""
_SERVICE = f"{IDENTIFIER}.SalesTargets"
_CALC = "com.sun.star.sheet.SpreadsheetDocument"
_OOR = 'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MEDIA = "application/vnd.sun.star."


def extension_bytes(folders: Sequence[Path] = ()) -> bytes:
    """Return the extension; `folders` hold the package and what the package needs."""
    members: dict[str, str | bytes] = {
        "META-INF/manifest.xml": _manifest(),
        "description.xml": _description(),
        "XSalesTargets.idl": interface(),
        COMPONENT: resources.files("xlsales.addin.libreoffice").joinpath(COMPONENT).read_text("utf-8"),
        "CalcAddIns.xcu": function_texts(),
        "Addons.xcu": menu(),
        "CalcWindowState.xcu": _toolbar_state(),
        "Jobs.xcu": _jobs(),
    }
    for key, drawing in DRAWINGS.items():
        members |= {_icon(key, size): png(drawing, size) for size in SIZES.values()}
    if folders:
        members[FOLDERS] = "".join(f"{folder}\n" for folder in folders)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as file:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, CREATED.timetuple()[:6])
            info.create_system = 0
            file.writestr(info, content.replace("\r\n", "\n").encode() if isinstance(content, str) else content)
    return stream.getvalue()


def write_extension(folder: Path, folders: Sequence[Path] = ()) -> Path:
    """Write `xlsales.oxt` into a folder, which is made if it is missing; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / EXTENSION
    path.write_bytes(extension_bytes(folders))
    return path


def interface() -> str:
    """Return the UNOIDL text: a method per function, the calling document first, then its arguments.

    Calc goes by the type alone: an `any` may be left out, rows of cells are required.
    """
    methods = "".join(
        f"    sequence< sequence< any > > {spec.name}({', '.join(_parameters(spec))});\n" for spec in FUNCTIONS
    )
    return f"module com {{ module xlsales {{ module calc {{\ninterface XSalesTargets\n{{\n{methods}}};\n}}; }}; }};\n"


def _parameters(spec: FunctionSpec) -> Iterable[str]:
    yield "[in] com::sun::star::beans::XPropertySet caller"
    for argument in spec.arguments:
        kind = "any" if argument.optional else "sequence< sequence< any > >"
        yield f"[in] {kind} {_identifier(argument.name)}"


def _identifier(name: str) -> str:
    """An argument's name in UNOIDL, which allows no step_size."""
    return name.replace("_", "")


def function_texts() -> str:
    """Return the texts of the function wizard, and the names of the functions in files.

    Calc has no category but its own eleven; it puts functions of an unknown one under Add-In and takes no title of it.
    So they are there, and their descriptions begin with the name of the product.
    """
    nodes = []
    for spec in FUNCTIONS:
        arguments = "".join(
            f'<node oor:name="{_identifier(a.name)}" oor:op="replace">{_prop("DisplayName", a.title)}'
            f"{_prop('Description', _with_titles(a.help))}</node>"
            for a in spec.arguments
        )
        nodes.append(
            f'<node oor:name="{spec.name}" oor:op="replace">'
            f"{_prop('DisplayName', Word(spec.name, spec.name))}{_prop('Description', _of_ours(spec.help))}"
            f"{_prop('Category', Word('Add-In', 'Add-In'))}"
            f'<prop oor:name="CompatibilityName"><value xml:lang="en-US">{spec.name}</value></prop>'
            f'<node oor:name="Parameters">{arguments}</node></node>\n'
        )
    return _data(
        "CalcAddIns",
        "org.openoffice.Office",
        f'<node oor:name="AddInInfo"><node oor:name="{_SERVICE}" oor:op="replace">'
        f'<node oor:name="AddInFunctions">\n{"".join(nodes)}</node></node></node>',
    )


def _of_ours(help: Word) -> Word:
    return Word(f"{CATEGORY.zh}:{help.zh}", f"{CATEGORY.en}: {help.en}")


def _with_titles(help: Word) -> Word:
    """A help text that names other arguments as the wizard does."""
    return Word(with_titles(help.zh, "zh"), with_titles(help.en, "en"))


def menu(verbs: Iterable[Verb] = VERBS) -> str:
    """Return the menu 销售目标, the toolbar and their pictures.

    Both have the ribbon's groups. The toolbar has the menu's commands, except those with choices.
    """
    pairs = list(with_buttons(verbs))
    toolbar = [(verb, button) for verb, button in pairs if verb.choices is None]
    return _data(
        "Addons",
        "org.openoffice.Office",
        f'<node oor:name="AddonUI"><node oor:name="OfficeMenuBar"><node oor:name="{IDENTIFIER}.menu" '
        f'oor:op="replace">{_prop("Title", MENU, typed=True)}{_typed("Context", _CALC)}'
        f'<node oor:name="Submenu">\n{_items("m", pairs)}</node></node></node>\n'
        f'<node oor:name="OfficeToolBar"><node oor:name="{IDENTIFIER}.toolbar" oor:op="replace">\n'
        f"{_items('t', toolbar)}</node></node>\n"
        f'<node oor:name="Images">\n{_images(pairs)}</node></node>',
    )


def _items(letter: str, pairs: Sequence[tuple[Verb, Button]]) -> str:
    """Return the lines of a menu or the buttons of a toolbar in their groups, a separator between two groups.

    LibreOffice sorts them by name, the shortest names first. So all names have the same length.
    """
    parts: list[str] = []
    for g, group in enumerate(GROUPS):
        own = [(verb, button) for verb, button in pairs if button.group == group]
        if own and parts:
            separator = _typed("URL", "private:separator")
            parts.append(f'<node oor:name="{letter}{g}00" oor:op="replace">{separator}</node>\n')
        parts += [_item(f"{letter}{g}{n:02}", verb, button) for n, (verb, button) in enumerate(own, 1)]
    return "".join(parts)


def _item(name: str, verb: Verb, button: Button) -> str:
    """Return a line of the menu or a button of the toolbar; choices become a menu below it."""
    if verb.choices is None:
        return _entry(name, _address(button), verb.label)
    below = "".join(
        _entry(f"{name}c{n:02}", _address(button, key), _explained(label, purpose))
        for n, (key, label, purpose) in enumerate(verb.choices())
    )
    return _entry(name, "", verb.label, f'<node oor:name="Submenu">\n{below}</node>')


def _explained(label: Texts, purpose: Texts) -> Texts:
    """A title with what it is for: Calc's menus have no second line."""
    return f"{label[0]}:{purpose[0]}", f"{label[1]}: {purpose[1]}"


def _address(button: Button, choice: str = "") -> str:
    return f"service:{COMMANDS}?{button.call}{':' if choice else ''}{choice}"


def _image(name: str, address: str, key: str) -> str:
    """Return the pictures of a command, by its address."""
    files = "".join(_typed(f"Image{size}URL", f"%origin%/{_icon(key, pixels)}") for size, pixels in SIZES.items())
    return (
        f'<node oor:name="{IDENTIFIER}.{name}" oor:op="replace">{_typed("URL", address)}'
        f'<node oor:name="UserDefinedImages">{files}</node></node>\n'
    )


def _images(pairs: Iterable[tuple[Verb, Button]]) -> str:
    """Return the pictures of all commands. LibreOffice shows none for a menu below, so its choices have them."""
    return "".join(
        _image(f"{verb.key}{f'.{choice}' if choice else ''}", _address(button, choice), verb.key)
        for verb, button in pairs
        for choice in ([key for key, *_ in verb.choices()] if verb.choices is not None else [""])
    )


def _icon(key: str, size: int) -> str:
    return f"icons/{key}_{size}.png"


def _entry(name: str, address: str, label: Texts, below: str = "") -> str:
    return (
        f'<node oor:name="{name}" oor:op="replace">'
        f"{_typed('URL', address)}{_prop('Title', Word(*label), typed=True)}"
        f"{_typed('Target', '_self')}{_typed('Context', _CALC)}{below}</node>\n"
    )


def _toolbar_state() -> str:
    state = "".join(
        f'<prop oor:name="{name}" oor:type="xs:{kind}"><value>{value}</value></prop>'
        for name, kind, value in (
            ("Docked", "boolean", "true"),
            ("DockingArea", "int", "0"),
            ("DockPos", "string", "0,3"),
            ("Visible", "boolean", "true"),
            ("Style", "int", "2"),
        )
    )
    return _data(
        "CalcWindowState",
        "org.openoffice.Office.UI",
        '<node oor:name="UIElements"><node oor:name="States">'
        f'<node oor:name="private:resource/toolbar/addon_{IDENTIFIER}.toolbar" oor:op="replace">'
        f"{_prop('UIName', CATEGORY)}{state}</node></node></node>",
    )


def _jobs() -> str:
    """Return the job that runs when a spreadsheet is opened."""
    job = f"{IDENTIFIER}.Opened"
    return _data(
        "Jobs",
        "org.openoffice.Office",
        f'<node oor:name="Jobs"><node oor:name="{job}" oor:op="replace">'
        f"{_typed('Service', job)}{_typed('Context', _CALC)}</node></node>\n"
        f'<node oor:name="Events"><node oor:name="onDocumentOpened" oor:op="fuse"><node oor:name="JobList">'
        f'<node oor:name="{job}" oor:op="replace"/></node></node></node>',
    )


def _description() -> str:
    names = "".join(f'<name lang="{tag}">{escape(CATEGORY[lang])}</name>' for tag, lang in _TAGS)
    return (
        f'{_HEAD}<description xmlns="http://openoffice.org/extensions/description/2006">'
        f"<identifier value={quoteattr(IDENTIFIER)}/><version value={quoteattr(__version__)}/>"
        f"<display-name>{names}</display-name></description>\n"
    )


def _manifest() -> str:
    kinds = {
        "XSalesTargets.idl": "uno-typelibrary;type=RDB",
        COMPONENT: "uno-component;type=Python",
        "CalcAddIns.xcu": "configuration-data",
        "Addons.xcu": "configuration-data",
        "CalcWindowState.xcu": "configuration-data",
        "Jobs.xcu": "configuration-data",
    }
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{_MEDIA}{kind}"/>\n'
        for name, kind in kinds.items()
    )
    return f'{_HEAD}<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n{entries}</manifest:manifest>\n'


_TAGS: tuple[tuple[str, Lang], ...] = (("en", "en"), ("zh-CN", "zh"), ("zh-TW", "zh"))
"""LibreOffice's languages and ours; any other language gets the first."""


def _prop(name: str, word: Word, typed: bool = False) -> str:
    values = "".join(f'<value xml:lang="{tag}">{escape(word[lang])}</value>' for tag, lang in _TAGS)
    return f'<prop oor:name="{name}"{_STRING if typed else ""}>{values}</prop>'


_STRING = ' oor:type="xs:string"'


def _typed(name: str, value: str) -> str:
    return f'<prop oor:name="{name}"{_STRING}><value>{escape(value)}</value></prop>'


def _data(name: str, package: str, nodes: str) -> str:
    opened = f'<oor:component-data {_OOR} oor:name="{name}" oor:package="{package}">'
    return f"{_HEAD}{opened}\n{nodes}\n</oor:component-data>\n"
