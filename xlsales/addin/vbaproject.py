"""Modules of VBA, and the `vbaProject.bin` that holds them.

pyOpenVBA builds them from a project that Excel made. Then what Excel would not write is corrected: the compiled cache
is removed ([MS-OVBA] 2.3.4.1: version 0xFFFF, 7 bytes), so that every Excel compiles the text; the directory ends with
its terminator; no editor window is open. The same modules give the same bytes on every platform.
"""

from __future__ import annotations

import re
import tempfile
from importlib import resources
from pathlib import Path
from typing import Literal

import xlsxwriter
from msgspec import Struct

from xlsales.core.expressions import expression
from xlsales.core.faults import Fault

CODE_PAGE = "cp1252"
NO_CACHE = bytes.fromhex("cc61ffff000100")
_DIRECTORY_END = bytes.fromhex("2b0000000000100000000000")
_HEADER = expression(r"\A(?:Attribute VB_\w+ = [^\n]*\n)+")


class NeedsPyOpenVba(Fault):
    """The library that writes VBA projects is an extra."""

    zh = "制作加载项需要 pyOpenVBA。请运行 pip install pyOpenVBA 再试。"
    en = "Building the add-in needs pyOpenVBA. Run pip install pyOpenVBA and try again."


class Module(Struct, frozen=True):
    """A module of a VBA project: its name, its lines, and whether it belongs to the workbook.

    `source` has `\\n` line ends; a standard module starts with its `Attribute VB_Name` line.
    """

    name: str
    source: str
    kind: Literal["standard", "workbook"] = "standard"


def module_text(file: str, **fill: str) -> Module:
    """Read a module of the package's `vba` folder; `{key}` in it becomes the value of `fill`."""
    text = resources.files("xlsales.addin").joinpath("vba", file).read_text("ascii").replace("\r\n", "\n")
    for key, value in fill.items():
        if f"{{{key}}}" not in text:
            raise ValueError(f"{file} has no {{{key}}}")
        text = text.replace(f"{{{key}}}", value)
    name, _, ending = file.partition(".")
    return Module(name, text, "workbook" if ending == "cls" else "standard")


def project_bytes(modules: list[Module], sheets: int) -> bytes:
    """Return `vbaProject.bin` for a workbook of so many sheets, named Sheet1, Sheet2 … in code.

    Raises `NeedsPyOpenVba` if the library is missing.
    """
    try:
        from pyopenvba import ExcelFile
        from pyopenvba.cfb import CFB
        from pyopenvba.vba import compress, decompress
    except ImportError:
        raise NeedsPyOpenVba from None
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book.xlsm"
        _blank_book(book, sheets)
        with ExcelFile(book) as file:
            project = file.add_vba_project()
            for document in project.module_names():
                file.set_module(document, "")  # those of the first project still have their compiled code
            for module in modules:
                source = module.source.replace("\n", "\r\n")
                source.encode(CODE_PAGE)
                if module.kind == "workbook":
                    file.set_module(module.name, source)
                else:
                    project.add_module(module.name, source)
            file.save(book)
        with ExcelFile(book) as file:
            container = CFB.from_bytes(file.vba_project_bytes())
    container.write_stream_in_storage("VBA", "_VBA_PROJECT", NO_CACHE)
    directory = decompress(container.get_stream_in_storage("VBA", "dir"))
    if not directory.endswith(_DIRECTORY_END + bytes(4)):
        raise ValueError("pyOpenVBA does not end the directory of a project as it did")
    container.write_stream_in_storage("VBA", "dir", compress(directory[:-4]))
    project_text = container.get_stream("PROJECT")
    container.write_stream(
        "PROJECT", re.sub(rb"(?m)^(\w+)=\d+, \d+, \d+, \d+, ?\w?\r$", rb"\1=0, 0, 0, 0, C\r", project_text)
    )
    return bytes(container.to_bytes())


def body(source: str) -> str:
    """Return a module's lines without the attributes at its top."""
    return _HEADER.sub("", source.replace("\r\n", "\n"))


def _blank_book(path: Path, sheets: int) -> None:
    workbook = xlsxwriter.Workbook(path)
    for _ in range(sheets):
        workbook.add_worksheet()
    workbook.close()
